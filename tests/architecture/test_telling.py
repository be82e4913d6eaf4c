"""Whoever may change something tells of it: every operation that asks for a right records.

Followed over the calls in the source: a function tells when it, or a function of its own app that
it calls, records an event, moves a status, or calls an operation of an app below.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from tests.architecture.sources import PACKAGES, Source, all_sources, dotted

#: Operations that rightly say nothing, each with its reason.
QUIET: Final = {
    "cases.mark_told": "having read that a colleague took over is no news of the case",
    "cases.note_presence": "looking changes nothing, and is forgotten after two minutes",
    "contacts.save_contact_draft": "what somebody typed and did not log is no fact yet",
    "contacts.discard_contact_draft": "what somebody typed and did not log is no fact yet",
    "desk.delete_view": "how a person looks at a list is nobody's news",
    "desk.remember_view": "how a person looks at a list is nobody's news",
    "desk.save_view": "how a person looks at a list is nobody's news",
    "desk.decide_approvals": "each decision is told by the operation of the app that owns it",
    "desk.rehearse_approvals": "a rehearsal is taken back, and nothing has happened",
    "debtors.queue_import": "the run is its own manifest, and tells when it ends",
    **dict.fromkeys(
        (
            "escalation.save_draft",
            "escalation.change_draft_step",
            "escalation.change_draft_header",
            "escalation.move_draft_step",
            "escalation.switch_draft_step",
            "escalation.rename_draft",
            "escalation.accept_version_in_force",
        ),
        "a draft is text in the making; what is asked for, and who asks, is told",
    ),
    **dict.fromkeys(
        (
            "escalation.queue_simulation",
            "escalation.stop_simulation",
            "escalation.run_simulation_here",
        ),
        "a simulation changes nothing, and the run is its own manifest",
    ),
}

_TELLING: Final = frozenset({"record_event", "record_events", "move_status", "move_statuses"})


def silent_operations(sources: Iterable[Source]) -> list[str]:
    """Operations with ``requires`` from which no call leads to telling."""
    by_app: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if source.is_product and source.role() == "operations":
            by_app[source.package].append(source)
    return [name for app, its in sorted(by_app.items()) for name in _silent(app, its)]


def _silent(app: str, sources: list[Source]) -> list[str]:
    calls: dict[str, set[str]] = defaultdict(set)
    telling: set[str] = set(_TELLING)
    public: list[str] = []
    for source in sources:
        telling |= _operations_below(app, source)
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef):
                calls[node.name] |= _called(node)
                if any(dotted(d) == "requires()" for d in node.decorator_list):
                    public.append(node.name)
    grown = True
    while grown:
        more = {name for name, its in calls.items() if its & telling} - telling
        grown = bool(more)
        telling |= more
    return [f"{app}.{name}" for name in public if name not in telling]


def _operations_below(app: str, source: Source) -> set[str]:
    """Names under which operations of other apps are known in the module."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, rest = node.module.partition(".")
            if package in PACKAGES and package not in (app, "kernel"):
                inside = rest.partition(".")[0] == "operations"
                names |= {
                    alias.asname or alias.name
                    for alias in node.names
                    if inside or alias.name == "operations"
                }
    return names


def _called(function: ast.FunctionDef) -> set[str]:
    """The first and the last name of every call: ``cases`` and ``hold_case`` of
    ``cases.hold_case()``."""
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            parts = dotted(node.func).split(".")
            names |= {parts[0], parts[-1]}
    return names


def test_every_operation_of_a_person_tells_of_what_it_changed() -> None:
    assert sorted(silent_operations(all_sources())) == sorted(QUIET)


def test_an_operation_that_says_nothing_is_seen() -> None:
    silent = "@requires(Right.X)\ndef change(*, actor):\n    Row.objects.create()\n"
    told = silent + "    _tell()\n\n\ndef _tell():\n    record_event(kind=X)\n"
    below = "from debtors import operations as debtors\n" + silent + "    debtors.correct()\n"
    machine = silent.replace("@requires(Right.X)", "@by_machine")
    path = "cases/operations.py"
    assert silent_operations([Source(path, silent)]) == ["cases.change"]
    for fine in (told, below, machine):
        assert silent_operations([Source(path, fine)]) == []
