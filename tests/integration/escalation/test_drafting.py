"""A draft belongs to its author, is never overwritten unknowingly, and is asked for once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation.editing import FieldWrong
from escalation.lifecycle import VersionStatus
from escalation.loading import StrategyInvalid
from escalation.loading.strategy import MOST_CHARS
from escalation.models import Draft, StrategyVersion
from escalation.operations import (
    DraftChangedMeanwhile,
    DraftIsClosed,
    DraftNameMissing,
    DraftNotFound,
    DraftTextRefused,
    NotYourDraft,
    OnlyPeopleDraft,
    StrategyUnsound,
    VersionInForceChanged,
    VersionWaitsAlready,
    accept_version_in_force,
    approve_version,
    ask_for_publication,
    change_draft_header,
    change_draft_step,
    discard_draft,
    move_draft_step,
    propose_version,
    refuse_version,
    rename_draft,
    save_draft,
    send_back_version,
    start_draft,
    switch_draft_step,
    withdraw_version,
)
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from tests.integration.escalation.conftest import AT, MACHINE

FOLDER = Path(__file__).parents[3] / "escalation" / "strategies"
SOURCE = (FOLDER / "small_balances.toml").read_text()
LATER = SOURCE.replace("wait = { days_past_due = 5 }", "wait = { days_past_due = 6 }")
SOONER = SOURCE.replace("wait = { days_past_due = 5 }", "wait = { days_past_due = 4 }")


@pytest.fixture
def draft(as_manager: Actor) -> Draft:
    return start_draft(source=SOURCE, name="Slower start", actor=as_manager, at=AT)


def save(draft: Draft, source: str, actor: Actor, revision: int | None = None) -> Draft:
    return save_draft(
        draft_id=draft.pk, revision=revision or draft.revision, source=source, actor=actor, at=AT
    )


def ask(draft: Draft, actor: Actor) -> Draft:
    return ask_for_publication(draft_id=draft.pk, revision=draft.revision, actor=actor, at=AT)


def test_a_draft_is_started_from_the_version_in_force_and_told(
    draft: Draft, as_manager: Actor
) -> None:
    version = StrategyVersion.objects.get(strategy__key="small_balances")
    assert (draft.strategy_key, draft.from_version_id) == ("small_balances", version.pk)
    assert (draft.author_id, draft.revision, draft.name) == (as_manager.user_id, 1, "Slower start")
    (event,) = list_events(subjects=[Subject("strategy_draft", draft.pk)])
    assert event.kind == "strategy.draft_started"


def test_saving_keeps_a_broken_text_and_its_old_key(draft: Draft, as_manager: Actor) -> None:
    saved = save(draft, "this is [no TOML", as_manager)
    assert (saved.source, saved.revision) == ("this is [no TOML", 2)
    assert saved.strategy_key == "small_balances"


def test_the_line_ends_of_a_browser_are_no_change(draft: Draft, as_manager: Actor) -> None:
    assert save(draft, SOURCE.replace("\n", "\r\n"), as_manager).revision == 1


def test_who_saw_an_older_text_does_not_overwrite_a_newer_one(
    draft: Draft, as_manager: Actor
) -> None:
    save(draft, LATER, as_manager)
    with pytest.raises(DraftChangedMeanwhile) as caught:
        save(draft, SOONER, as_manager, revision=1)
    assert caught.value.values["revision"] == 2
    assert Draft.objects.get(pk=draft.pk).source == LATER
    common: dict[str, Any] = {"draft_id": draft.pk, "revision": 1, "actor": as_manager, "at": AT}
    with pytest.raises(DraftChangedMeanwhile):
        move_draft_step(**common, step="demand", by=1)
    with pytest.raises(DraftChangedMeanwhile):
        ask_for_publication(**common)


def test_saving_twice_what_was_saved_is_no_conflict(draft: Draft, as_manager: Actor) -> None:
    save(draft, LATER, as_manager)
    assert save(draft, LATER, as_manager, revision=1).revision == 2


def test_only_its_author_changes_a_draft(
    draft: Draft, as_second_manager: Actor, as_officer: Actor
) -> None:
    with pytest.raises(NotYourDraft):
        save(draft, LATER, as_second_manager)
    with pytest.raises(NotYourDraft):
        discard_draft(draft_id=draft.pk, actor=as_second_manager, at=AT)
    with pytest.raises(RightMissing):
        save(draft, LATER, as_officer)
    with pytest.raises(OnlyPeopleDraft):
        start_draft(source=SOURCE, name="x", actor=MACHINE, at=AT)
    with pytest.raises(DraftNotFound):
        rename_draft(draft_id=draft.pk + 1, name="x", actor=as_second_manager, at=AT)


def test_what_no_database_keeps_is_refused_with_its_line(draft: Draft, as_manager: Actor) -> None:
    for source in ("a\nb\0", "a\n\ud800"):
        with pytest.raises(DraftTextRefused) as caught:
            save(draft, source, as_manager)
        assert caught.value.values["line"] == 2
    with pytest.raises(DraftTextRefused) as caught:
        save(draft, "#" * (MOST_CHARS + 1), as_manager)
    assert caught.value.values == {"chars": MOST_CHARS + 1, "limit": MOST_CHARS}
    with pytest.raises(DraftNameMissing):
        rename_draft(draft_id=draft.pk, name=" \x00\n ", actor=as_manager, at=AT)


def test_a_form_changes_the_same_text(draft: Draft, as_manager: Actor) -> None:
    common: dict[str, Any] = {"draft_id": draft.pk, "actor": as_manager, "at": AT}
    change_draft_step(
        **common, revision=1, step="remind_again",
        values={"wait.days_after_previous_step": 5, "repeat": None},
    )  # fmt: skip
    move_draft_step(**common, revision=2, step="remind_again", by=-1)
    switch_draft_step(**common, revision=3, step="review", on=False)
    changed = change_draft_header(**common, revision=4, values={"in_flight": "move"})
    assert changed.revision == 5
    assert "wait = { days_past_due = 12, days_after_previous_step = 5 }" in changed.source
    assert "repeat" not in changed.source
    assert changed.source.index("remind_again") < changed.source.index('key = "reminder"')
    assert 'in_flight = "move"' in changed.source
    assert "off = true" in changed.source
    assert "# Letters cost money" in changed.source


def test_a_form_refuses_what_a_field_may_not_be_and_a_text_that_is_broken(
    draft: Draft, as_manager: Actor
) -> None:
    common: dict[str, Any] = {
        "draft_id": draft.pk,
        "step": "reminder",
        "actor": as_manager,
        "at": AT,
    }
    with pytest.raises(FieldWrong):
        change_draft_step(**common, revision=1, values={"stage": "heaven"})
    save(draft, "broken", as_manager)
    with pytest.raises(StrategyInvalid):
        change_draft_step(**common, revision=2, values={"stage": "court"})


def test_a_draft_that_is_asked_for_waits_and_cannot_be_changed(
    draft: Draft, as_manager: Actor
) -> None:
    asked = ask(save(draft, LATER, as_manager), as_manager)
    assert asked.version is not None
    assert (asked.version.number, asked.version.status) == (2, VersionStatus.PROPOSED)
    assert asked.version.source == LATER
    with pytest.raises(DraftIsClosed):
        save(asked, SOONER, as_manager)
    with pytest.raises(DraftIsClosed):
        discard_draft(draft_id=draft.pk, actor=as_manager, at=AT)
    other = start_draft(source=SOONER, name="Other", actor=as_manager, at=AT)
    with pytest.raises(VersionWaitsAlready):
        ask(other, as_manager)


def test_a_draft_that_is_sent_back_or_withdrawn_is_written_on_and_asked_for_anew(
    draft: Draft, as_manager: Actor, as_second_manager: Actor
) -> None:
    first = ask(save(draft, LATER, as_manager), as_manager).version
    assert first is not None
    send_back_version(version_id=first.pk, reason="Why slower?", actor=as_second_manager, at=AT)
    second = ask(save(draft, SOONER, as_manager, revision=2), as_manager).version
    assert second is not None
    withdraw_version(version_id=second.pk, actor=as_manager, at=AT)
    third = ask(Draft.objects.get(pk=draft.pk), as_manager).version
    assert third is not None
    refuse_version(version_id=third.pk, reason="No", actor=as_second_manager, at=AT)
    with pytest.raises(DraftIsClosed):
        save(draft, LATER, as_manager, revision=3)
    versions = StrategyVersion.objects.filter(strategy__key="small_balances").order_by("number")
    assert list(versions.values_list("number", "status", "decision_reason")) == [
        (1, "in_force", ""), (2, "sent_back", "Why slower?"), (3, "withdrawn", ""),
        (4, "refused", "No"),
    ]  # fmt: skip


def test_what_came_into_force_meanwhile_is_not_undone_unknowingly(
    draft: Draft, as_manager: Actor, as_second_manager: Actor
) -> None:
    save(draft, LATER, as_manager)
    between = propose_version(source=SOONER, actor=as_second_manager, at=AT)
    approve_version(version_id=between.pk, reason="ok", actor=as_manager, at=AT)
    draft.refresh_from_db()
    with pytest.raises(VersionInForceChanged):
        ask(draft, as_manager)
    with pytest.raises(VersionInForceChanged):
        accept_version_in_force(
            draft_id=draft.pk, version_id=between.pk - 1, actor=as_manager, at=AT
        )
    accept_version_in_force(draft_id=draft.pk, version_id=between.pk, actor=as_manager, at=AT)
    assert ask(draft, as_manager).version is not None


def test_an_unsound_draft_is_not_asked_for(draft: Draft, as_manager: Actor) -> None:
    unsound = save(draft, SOURCE.replace("on_hold = true", ""), as_manager)
    with pytest.raises(StrategyUnsound):
        ask(unsound, as_manager)
    assert Draft.objects.get(pk=draft.pk).version_id is None


def test_a_discarded_draft_stays_as_a_row_and_is_told(draft: Draft, as_manager: Actor) -> None:
    discard_draft(draft_id=draft.pk, actor=as_manager, at=AT + timedelta(hours=1))
    assert Draft.objects.get(pk=draft.pk).discarded_at == AT + timedelta(hours=1)
    kinds = [event.kind for event in list_events(subjects=[Subject("strategy_draft", draft.pk)])]
    assert sorted(kinds) == ["strategy.draft_discarded", "strategy.draft_started"]
