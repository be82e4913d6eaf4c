"""The tables of cases are complete and every status can be reached."""

from __future__ import annotations

import pytest

from cases.assignment import TeamLoad, share_out
from cases.lifecycle import (
    CASE_LIFECYCLE,
    HANDLER_LIFECYCLE,
    HOLD_EFFECTS,
    LEGAL_HOLDS,
    MACHINE_HOLDS,
    OWED_PRIORITY,
    WORK_LIFECYCLE,
    CaseStatus,
    Handler,
    HoldKind,
    Tray,
    WorkKind,
    WorkStatus,
    holds_that_stop,
    priority_of,
    tray_of,
)


def test_every_kind_says_what_it_stops_and_how_urgent_it_is() -> None:
    assert set(HOLD_EFFECTS) == set(HoldKind)
    assert [kind for kind in WorkKind if priority_of(kind) == OWED_PRIORITY] == [
        WorkKind.ANSWER_REQUEST
    ]
    assert {tray_of(kind) for kind in WorkKind} == set(Tray)


def test_every_hold_stops_escalation() -> None:
    assert holds_that_stop("escalation") == set(HoldKind)


def test_only_death_bankruptcy_and_a_legal_hold_stop_contact() -> None:
    assert holds_that_stop("contact") == LEGAL_HOLDS


def test_interest_stops_in_bankruptcy_only() -> None:
    assert holds_that_stop("interest") == {HoldKind.BANKRUPTCY}


def test_no_kind_is_both_the_machines_and_the_lawyers() -> None:
    assert not MACHINE_HOLDS & LEGAL_HOLDS


def test_every_status_can_be_reached() -> None:
    assert CASE_LIFECYCLE.unreachable(CaseStatus.OPEN) == set()
    assert HANDLER_LIFECYCLE.unreachable(Handler.HOUSE) == set()
    assert WORK_LIFECYCLE.unreachable(WorkStatus.OPEN) == set()


def test_a_case_goes_from_hand_to_hand_only_through_the_house() -> None:
    for handler in Handler:
        moves = HANDLER_LIFECYCLE.allowed(handler)
        assert moves == (
            ["take_by_agreement", "take_by_agency", "take_by_court"]
            if handler is Handler.HOUSE
            else ["return_to_house"]
        )


@pytest.mark.parametrize(
    ("teams", "count", "shares"),
    [
        ([], 2, [None, None]),
        ([TeamLoad(1, 0, 0)], 1, [None]),
        ([TeamLoad(1, 0, 10), TeamLoad(2, 0, 10)], 4, [1, 2, 1, 2]),
        ([TeamLoad(1, 5, 10), TeamLoad(2, 0, 10)], 6, [2, 2, 2, 2, 2, 1]),
        ([TeamLoad(1, 0, 20), TeamLoad(2, 0, 10)], 3, [1, 1, 2]),
    ],
)
def test_new_cases_go_where_there_is_most_room(
    teams: list[TeamLoad], count: int, shares: list[int | None]
) -> None:
    assert share_out(count, teams) == shares
