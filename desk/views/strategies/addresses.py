"""Addresses of strategies and their drafts. The key of a strategy has no hyphen."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from desk.views.strategies import drafts, editing, overview, publishing, simulating, writing

_DRAFT: Final = "strategies/draft-<int:draft_id>/"
_VERSION: Final = "strategies/<slug:key>/versions/<int:version_id>/"

strategy_urls: Final[list[URLPattern]] = [
    path("strategies/", overview.show_strategies, name="strategies"),
    path("strategies/new-draft/", writing.start, name="start-draft"),
    path(_DRAFT, drafts.show_draft, name="draft"),
    path(f"{_DRAFT}text/", editing.edit_text, name="draft-text"),
    path(f"{_DRAFT}text/download/", writing.download_draft, name="download-draft"),
    path(f"{_DRAFT}header/", editing.edit_header, name="draft-header"),
    path(f"{_DRAFT}steps/<slug:step>/", editing.edit_step, name="draft-step"),
    path(f"{_DRAFT}steps/<slug:step>/act/", editing.act_on_step, name="draft-step-act"),
    path(f"{_DRAFT}name/", writing.rename, name="rename-draft"),
    path(f"{_DRAFT}base/", writing.accept_base, name="draft-base"),
    path(f"{_DRAFT}discard/", writing.discard, name="discard-draft"),
    path(f"{_DRAFT}ask/", writing.ask, name="ask-for-publication"),
    path(f"{_DRAFT}simulate/", simulating.simulate, name="simulate-draft"),
    path(f"{_DRAFT}simulation/", simulating.show_simulation, name="draft-simulation"),
    path(f"{_DRAFT}simulation/stop/", simulating.stop, name="stop-simulation"),
    path(f"{_DRAFT}simulation/here/", simulating.play_here, name="simulate-here"),
    path(f"{_DRAFT}simulation/cases/", simulating.show_changed, name="changed-cases"),
    path(f"{_DRAFT}simulation/cases.csv", simulating.export_changed, name="changed-cases-csv"),
    path("strategies/<slug:key>/", overview.show_strategy, name="strategy"),
    path("strategies/<slug:key>/text/", overview.download_text, name="strategy-text"),
    path(f"{_VERSION}decide/", publishing.decide_version, name="decide-version"),
    path(f"{_VERSION}withdraw/", publishing.withdraw, name="withdraw-version"),
]
