"""A strategy comes into force by two people, and the cases in flight follow or finish."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from cases.models import Case
from escalation.loading import StrategyInvalid
from escalation.models import Enrolment, StrategyVersion
from escalation.operations import (
    NothingChanged,
    SamePersonDecides,
    StrategyUnsound,
    VersionWaitsAlready,
    approve_version,
    propose_version,
    refuse_version,
    send_back_version,
    withdraw_version,
)
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from tests.integration.escalation.conftest import AT, ON

FOLDER = Path(__file__).parents[3] / "escalation" / "strategies"
SOURCE = (FOLDER / "unsecured_retail.toml").read_text()
LATER = SOURCE.replace("wait = { days_past_due = 3 }", "wait = { days_past_due = 4 }")
MOVING = LATER.replace('in_flight = "finish"', 'in_flight = "move"')


def propose(source: str, actor: Actor) -> StrategyVersion:
    return propose_version(source=source, actor=actor, at=AT)


def approve(version: StrategyVersion, actor: Actor) -> StrategyVersion:
    return approve_version(version_id=version.pk, reason="checked", actor=actor, at=AT)


def test_new_database_has_the_four_shipped_strategies_in_force(db: None) -> None:
    in_force = StrategyVersion.objects.filter(status="in_force", is_shipped=True, number=1)
    assert set(in_force.values_list("strategy__key", flat=True)) == {
        "unsecured_retail", "mortgage", "business", "small_balances",
    }  # fmt: skip


def test_approved_version_replaces_the_one_in_force(
    as_manager: Actor, as_second_manager: Actor
) -> None:
    version = approve(propose(LATER, as_manager), as_second_manager)
    assert (version.number, version.status) == (2, "in_force")
    old = StrategyVersion.objects.get(strategy=version.strategy, number=1)
    assert (old.status, old.retired_at) == ("retired", AT)


def test_proposer_cannot_approve(as_manager: Actor) -> None:
    version = propose(LATER, as_manager)
    with pytest.raises(SamePersonDecides):
        approve(version, as_manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        StrategyVersion.objects.filter(pk=version.pk).update(
            decided_by_id=as_manager.user_id, decided_at=AT
        )


def test_officer_may_neither_propose_nor_approve(as_officer: Actor, as_manager: Actor) -> None:
    with pytest.raises(RightMissing):
        propose(LATER, as_officer)
    version = propose(LATER, as_manager)
    with pytest.raises(RightMissing):
        approve(version, as_officer)


def test_unsound_strategy_is_not_proposed(as_manager: Actor) -> None:
    with pytest.raises(StrategyUnsound) as caught:
        propose(SOURCE.replace("{ notice_75c = 14 }", "{ notice_75c = 7 }"), as_manager)
    assert [f.code for f in caught.value.findings] == ["no_notice_before_termination"]
    with pytest.raises(StrategyInvalid):
        propose(SOURCE.replace("repeat", "repaet"), as_manager)
    assert not StrategyVersion.objects.filter(is_shipped=False).exists()


def test_one_version_waits_at_a_time_and_an_unchanged_one_not_at_all(as_manager: Actor) -> None:
    with pytest.raises(NothingChanged):
        propose(SOURCE, as_manager)
    version = propose(LATER, as_manager)
    with pytest.raises(VersionWaitsAlready):
        propose(MOVING, as_manager)
    withdraw_version(version_id=version.pk, actor=as_manager, at=AT)
    assert propose(MOVING, as_manager).number == 3


def test_refused_version_changes_nothing(as_manager: Actor, as_second_manager: Actor) -> None:
    version = propose(LATER, as_manager)
    refuse_version(version_id=version.pk, reason="too late", actor=as_second_manager, at=AT)
    in_force = StrategyVersion.objects.get(strategy=version.strategy, status="in_force")
    assert in_force.number == 1


def test_publication_is_in_the_journal(as_manager: Actor, as_second_manager: Actor) -> None:
    version = approve(propose(LATER, as_manager), as_second_manager)
    events = list_events(subjects=[Subject("strategy", version.strategy_id)])
    assert {event.kind for event in events} == {
        "strategy.proposed", "strategy.retired", "strategy.published",
    }  # fmt: skip


@pytest.mark.parametrize(("source", "number"), [(LATER, 1), (MOVING, 2)])
def test_cases_in_flight_finish_or_move_as_the_new_version_says(
    open_case: Callable[..., Case],
    as_manager: Actor,
    as_second_manager: Actor,
    source: str,
    number: int,
) -> None:
    case = open_case()
    approve(propose(source, as_manager), as_second_manager)
    enrolment = Enrolment.objects.get(case=case)
    assert (enrolment.version.number, enrolment.step_key) == (number, "reminder")


def test_case_at_a_step_that_is_gone_finishes_on_the_old_version(
    open_case: Callable[..., Case], as_manager: Actor, as_second_manager: Actor
) -> None:
    case = open_case()
    Enrolment.objects.update(step_key="find_address")
    renamed = MOVING.replace('key = "find_address"', 'key = "search_address"')
    approve(propose(renamed, as_manager), as_second_manager)
    assert Enrolment.objects.get(case=case).version.number == 1


def test_moved_cases_are_decided_anew_with_the_next_close(
    open_case: Callable[..., Case], as_manager: Actor, as_second_manager: Actor
) -> None:
    """Seven days that become five would come too late if the case slept through them."""
    open_case()
    Enrolment.objects.update(next_due_on=ON + timedelta(days=20))
    approve(propose(MOVING, as_manager), as_second_manager)
    assert Enrolment.objects.get().next_due_on == ON


def test_cases_of_every_older_version_move(
    open_case: Callable[..., Case], as_manager: Actor, as_second_manager: Actor
) -> None:
    first = open_case()
    approve(propose(LATER, as_manager), as_second_manager)
    second = open_case()
    assert Enrolment.objects.get(case=second).version.number == 2
    third = MOVING.replace("days_past_due = 4", "days_past_due = 5", 1)
    approve(propose(third, as_second_manager), as_manager)
    numbers = Enrolment.objects.filter(case__in=[first, second]).values_list("version__number")
    assert list(numbers) == [(3,), (3,)]
    moved = [e for e in list_events(subjects=_strategy()) if e.kind == "strategy.cases_moved"]
    assert [event.payload["moved"] for event in moved] == [2]


def test_a_case_that_waits_for_an_answer_moves_only_where_the_same_is_asked(
    open_case: Callable[..., Case], as_manager: Actor, as_second_manager: Actor
) -> None:
    case = open_case()
    Enrolment.objects.update(step_key="agency", asked=True)
    approve(propose(MOVING, as_manager), as_second_manager)
    assert Enrolment.objects.get(case=case).version.number == 2
    reviewed = MOVING.replace(
        'do = { propose = "placement" }\nif_refused = { propose_again_after_days = 45 }',
        'do = { ask_person_to = "review" }',
    )
    approve(propose(reviewed, as_second_manager), as_manager)
    assert Enrolment.objects.get(case=case).version.number == 2


def test_a_version_that_is_sent_back_leaves_room_for_the_next(
    as_manager: Actor, as_second_manager: Actor
) -> None:
    version = propose(LATER, as_manager)
    with pytest.raises(SamePersonDecides):
        send_back_version(version_id=version.pk, reason="?", actor=as_manager, at=AT)
    sent_back = send_back_version(
        version_id=version.pk, reason="Say why", actor=as_second_manager, at=AT
    )
    assert (sent_back.status, sent_back.decision_reason) == ("sent_back", "Say why")
    assert propose(MOVING, as_manager).number == 3
    assert "strategy.sent_back" in {e.kind for e in list_events(subjects=_strategy())}


def _strategy() -> list[Subject]:
    return [
        Subject(
            "strategy",
            StrategyVersion.objects.get(strategy__key="unsecured_retail", number=1).strategy_id,
        )
    ]


def run(*arguments: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command(*arguments, json=True, stdout=out, **options)
    answer: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return answer


def test_command_proposes_and_a_second_person_approves(
    as_manager: Actor, as_second_manager: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "draft.toml"
    file.write_text(LATER)
    proposed = run("publish_strategy", str(file), by="maria")
    assert proposed["status"] == "proposed"
    assert len(proposed["changes"]) == 1
    with pytest.raises(CommandError, match="same_person_decides"):
        run("publish_strategy", approve=proposed["id"], by="maria")
    back = run("publish_strategy", send_back=proposed["id"], by="marek", reason="Say why")
    assert back["status"] == "sent_back"
    again = run("publish_strategy", str(file), by="maria")
    assert run("publish_strategy", approve=again["id"], by="marek")["status"] == "in_force"
    with pytest.raises(CommandError, match="Give a FILE"):
        run("publish_strategy", str(file), approve=again["id"], by="maria")


def test_command_tells_mistakes_with_their_lines(as_manager: Actor, tmp_path: Path) -> None:
    file = tmp_path / "draft.toml"
    file.write_text(SOURCE.replace("repeat = 3", "repaet = 3"))
    line = SOURCE[: SOURCE.index("repeat = 3")].count("\n") + 1
    with pytest.raises(CommandError, match=rf"{line}: .*repaet.*repeat"):
        run("publish_strategy", str(file), by="maria")


@pytest.mark.parametrize(
    "change", [{"source": LATER}, {"number": 9}, {"in_flight": "finish"}, {"proposed_by": None}]
)
def test_the_database_itself_keeps_what_was_proposed(
    as_manager: Actor, change: dict[str, Any]
) -> None:
    version = propose(MOVING.replace("repeat = 3", "repeat = 2"), as_manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        StrategyVersion.objects.filter(pk=version.pk).update(**change)
    StrategyVersion.objects.filter(pk=version.pk).update(decision_reason="looked at")
