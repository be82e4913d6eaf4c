"""Holds by hand and by the machine: placed, back-dated, ended, once per kind and cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from cases.lifecycle import HoldKind
from cases.locking import CaseNotFound
from cases.models import Case, Hold
from cases.operations import (
    HoldKindReserved,
    HoldNotFound,
    HoldOpenAlready,
    InvalidHoldDays,
    NewHold,
    end_hold,
    end_holds,
    end_holds_past,
    hold_case,
    place_holds,
)
from cases.queries import list_open_holds
from journal.operations import Subject
from journal.queries import list_events
from kernel.actor import Actor
from kernel.authority import RightMissing
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user

pytestmark = pytest.mark.django_db


def hold(case: Case, actor: Actor, at: datetime, on: date, **values: object) -> Hold:
    given = {
        "case_id": case.pk,
        "kind": HoldKind.DISPUTE,
        "reason": "says it is paid",
        "from_on": on,
        "until_on": None,
        "actor": actor,
        "at": at,
    }
    return hold_case(**{**given, **values})  # type: ignore[arg-type]


def test_a_hold_may_begin_in_the_past_and_moves_the_case(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    Case.objects.update(updated_at=datetime(2026, 1, 1, tzinfo=at.tzinfo))
    placed = hold(case, as_officer, at, on, from_on=date(2026, 5, 1))
    assert list_open_holds(case_id=case.pk) == [placed]
    event, *_ = list_events(subjects=[Subject("case", case.pk)])
    assert (event.kind, event.effective_on) == ("hold.placed", date(2026, 5, 1))
    case.refresh_from_db()
    assert case.updated_at == at


def test_one_kind_is_open_once(case: Case, as_officer: Actor, at: datetime, on: date) -> None:
    first = hold(case, as_officer, at, on)
    with pytest.raises(HoldOpenAlready):
        hold(case, as_officer, at, on)
    end_hold(hold_id=first.pk, reason="settled", on=on, actor=as_officer, at=at)
    assert hold(case, as_officer, at, on).pk != first.pk


def test_the_last_day_is_not_before_the_first(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    with pytest.raises(InvalidHoldDays):
        hold(case, as_officer, at, on, until_on=date(2026, 5, 11))


def test_what_another_thing_carries_is_not_placed_or_ended_by_hand(
    case: Case, as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    with pytest.raises(HoldKindReserved):
        hold(case, as_officer, at, on, kind=HoldKind.PROMISE)
    new = NewHold(case.pk, HoldKind.PROMISE, "promise:1", "", on)
    (hold_id,) = place_holds(holds=[new], at=at, actor=machine)
    with pytest.raises(HoldKindReserved):
        end_hold(hold_id=hold_id, reason="x", on=on, actor=as_officer, at=at)


def test_anybody_may_record_a_death_but_only_legal_ends_it(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    placed = hold(case, as_officer, at, on, kind=HoldKind.DEATH)
    with pytest.raises(RightMissing):
        end_hold(hold_id=placed.pk, reason="mistake", on=on, actor=as_officer, at=at)
    with pytest.raises(RightMissing):
        hold(case, as_officer, at, on, kind=HoldKind.LEGAL)
    legal = actor_of(make_user("lex", Role.LEGAL))
    end_hold(hold_id=placed.pk, reason="mistake", on=on, actor=legal, at=at)
    assert hold(case, legal, at, on, kind=HoldKind.LEGAL).reason


def test_an_ended_hold_is_not_ended_again(
    case: Case, as_officer: Actor, at: datetime, on: date
) -> None:
    placed = hold(case, as_officer, at, on)
    end_hold(hold_id=placed.pk, reason="settled", on=on, actor=as_officer, at=at)
    with pytest.raises(HoldNotFound):
        end_hold(hold_id=placed.pk, reason="settled", on=on, actor=as_officer, at=at)


def test_another_team_holds_nothing(case: Case, at: datetime, on: date) -> None:
    stranger = actor_of(make_user("sven", Role.OFFICER, Team.objects.create(name="South")))
    with pytest.raises(CaseNotFound):
        hold(case, stranger, at, on)


def test_holds_end_by_themselves_after_their_last_day(
    make_case: Callable[[], Case], as_officer: Actor, at: datetime, on: date, machine: Actor
) -> None:
    ends = hold(make_case(), as_officer, at, on, until_on=date(2026, 5, 20))
    stays = hold(make_case(), as_officer, at, on, until_on=date(2026, 5, 21))
    hold(make_case(), as_officer, at, on)
    assert end_holds_past(on=date(2026, 5, 19), at=at, actor=machine) == 0
    assert end_holds_past(on=date(2026, 5, 20), at=at, actor=machine) == 1
    assert end_holds_past(on=date(2026, 5, 20), at=at, actor=machine) == 0
    ends.refresh_from_db()
    stays.refresh_from_db()
    assert (ends.ended_on, stays.ended_on) == (date(2026, 5, 20), None)


def test_the_machine_places_and_ends_many_once(
    make_case: Callable[[], Case], at: datetime, on: date, machine: Actor
) -> None:
    cases = [make_case() for _ in range(3)]
    new = [NewHold(c.pk, HoldKind.APPROVAL, f"termination:{c.pk}", "", on) for c in cases]
    assert len(place_holds(holds=[*new, new[0]], at=at, actor=machine)) == 3
    assert place_holds(holds=new, at=at, actor=machine) == []
    causes = [hold.cause for hold in new]
    kwargs: dict[str, Any] = {"kind": HoldKind.APPROVAL, "on": on, "at": at, "actor": machine}
    assert len(end_holds(causes=causes[:2], **kwargs)) == 2
    assert len(end_holds(causes=causes, **kwargs)) == 1
    assert end_holds(causes=[""], **kwargs) == []
