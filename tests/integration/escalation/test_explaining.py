"""Why this, why now, why not more; and what a draft would do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from cases.lifecycle import HoldKind
from cases.models import Case
from cases.operations import NewHold, place_holds
from escalation.benchmarks.book import write_book
from escalation.loading import load_strategy
from escalation.models import Decision, Enrolment
from escalation.operations import decide_due
from escalation.queries.explanation import StepState, get_explanation, list_decisions
from escalation.queries.simulation import get_simulation
from escalation.wording import describe_explanation, describe_looked
from tests.integration.escalation.conftest import AT, MACHINE, ON

Opener = Callable[..., Case]
FOLDER = Path(__file__).parents[3] / "escalation" / "strategies"
SOURCE = (FOLDER / "unsecured_retail.toml").read_text()


def close(on: date = ON) -> None:
    decide_due(on=on, at=AT + (on - ON) + timedelta(hours=14), actor=MACHINE)


def test_case_without_enrolment_has_no_explanation(db: None) -> None:
    assert get_explanation(case_id=1, on=ON) is None


def test_last_decision_is_told_from_its_record_and_the_next_from_now(open_case: Opener) -> None:
    case = open_case()
    close()
    explained = get_explanation(case_id=case.pk, on=ON + timedelta(days=1))
    assert explained is not None
    assert explained.last is not None
    assert (explained.last.outcome, explained.last.step) == ("perform", "reminder")
    assert explained.now is not None
    assert (explained.now.outcome, explained.now.step) == ("wait", "call")
    (blocker,) = explained.now.blockers
    assert (blocker.what, blocker.changes_on) == ("days_after_previous_step", date(2026, 5, 16))
    states = {step.key: step.state for step in explained.path}
    assert states["reminder"] is StepState.TAKEN
    assert states["call"] is StepState.NEXT
    assert states["court"] is StepState.AHEAD


def test_every_stored_look_finds_its_condition_again(open_case: Opener) -> None:
    case = open_case()
    close()
    (decision,) = list_decisions(case_id=case.pk)
    assert [look.role for look in decision.looked] == [
        "exit",
        "hold",
        "hold",
        "hold",
        "wait",
        "when",
    ]
    assert all(look.wanted for look in decision.looked)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Next: Call the debtor, on 16.05.2026 at the earliest.")],
)
def test_explanation_is_said_in_the_language_of_the_reader(
    open_case: Opener, language: str, sentence: str
) -> None:
    case = open_case()
    close()
    explained = get_explanation(case_id=case.pk, on=ON + timedelta(days=1))
    assert explained is not None
    with translation.override(language):
        said = describe_explanation(explained)
    assert said[0] == sentence
    assert said[1] == "4 days after the previous step, from 16.05.2026."


def test_hold_is_the_blocker_and_the_step_behind_it_is_named(open_case: Opener) -> None:
    case = open_case()
    new = NewHold(case.pk, HoldKind.DISPUTE, "", "", ON, ON + timedelta(days=3))
    place_holds(holds=[new], at=AT, actor=MACHINE)
    explained = get_explanation(case_id=case.pk, on=ON)
    assert explained is not None
    assert explained.now is not None
    assert [look.place for look in explained.now.blockers] == ["hold_when.on_hold"]
    with translation.override("en"):
        assert describe_explanation(explained) == [
            "Nothing is done now: holds: Dispute, until 16.05.2026.",
            "Then: Payment reminder.",
        ]


def test_every_recorded_look_of_a_whole_book_can_be_said(db: None) -> None:
    write_book(cases=60, on=ON)
    close()
    with translation.override("en"):
        for case_id in range(1, 61):
            explained = get_explanation(case_id=case_id, on=ON + timedelta(days=3))
            assert explained is not None
            assert all(describe_explanation(explained))
            assert explained.last is not None
            assert all(describe_looked(look) for look in explained.last.looked)


def test_simulating_what_is_in_force_changes_no_next_step_and_writes_nothing(db: None) -> None:
    write_book(cases=100, on=ON)
    result = get_simulation(draft=load_strategy(SOURCE), on=ON, days=10, grants_all=False)
    assert (result.cases, result.cases_changed) == (100, 0)
    assert sum(result.steps[ON].values()) == 55
    assert not Decision.objects.exists()
    assert set(Enrolment.objects.values_list("next_due_on", flat=True)) == {ON}


def test_simulation_counts_what_the_closes_then_do(db: None) -> None:
    """Without letters, payments and answers on the way, prediction and events are the same."""
    write_book(cases=100, on=ON)
    days = 4
    result = get_simulation(draft=load_strategy(SOURCE), on=ON, days=days, grants_all=False)
    for i in range(days):
        close(ON + timedelta(days=i))
    performed = Decision.objects.filter(outcome="perform").values_list("decided_on", "step_key")
    found: dict[date, dict[str, int]] = {}
    for day, step in performed:
        found.setdefault(day, {})[step] = found.get(day, {}).get(step, 0) + 1
    assert {day: dict(steps) for day, steps in result.steps.items()} == found


def test_draft_that_waits_longer_changes_the_next_step_of_its_cases(db: None) -> None:
    write_book(cases=100, on=ON)
    draft = load_strategy(
        SOURCE.replace(
            "wait = { days_past_due = 7, days_after_previous_step = 4 }",
            "wait = { days_past_due = 7, days_after_previous_step = 90 }",
        )
    )
    result = get_simulation(draft=draft, on=ON, days=10, grants_all=False)
    assert result.cases_changed == 15
    assert {(c.today.outcome, c.draft.outcome) for c in result.changed} == {("perform", "wait")}


def test_grants_let_cases_go_on_to_the_agency(db: None) -> None:
    write_book(cases=40, on=ON)
    pending = get_simulation(draft=load_strategy(SOURCE), on=ON, days=160, grants_all=False)
    granted = get_simulation(draft=load_strategy(SOURCE), on=ON, days=160, grants_all=True)
    placed = [sum(day.get("agency", 0) for day in run.steps.values()) for run in (pending, granted)]
    assert placed[1] > placed[0]


def test_command_states_its_assumptions(db: None, tmp_path: Path) -> None:
    write_book(cases=20, on=ON)
    out = StringIO()
    call_command(
        "simulate", str(FOLDER / "unsecured_retail.toml"), on=ON, days=5, json=True, stdout=out
    )
    answer = json.loads(out.getvalue().splitlines()[-1])
    assert answer["assumptions"] == [
        "no_payments", "no_contacts", "letters_delivered", "approvals_pending", "as_if_all_moved",
    ]  # fmt: skip
    assert answer["cases"] == 20
    assert sum(answer["steps"][str(ON)].values()) == 11
