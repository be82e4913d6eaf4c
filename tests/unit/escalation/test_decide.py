"""Facts → outcome, one row per rule; then what must hold for every case there can be."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.lifecycle import HoldKind
from escalation.decide import (
    MOST_DAYS_AHEAD,
    Decision,
    Exit,
    Finished,
    Hold,
    Perform,
    Position,
    WaitUntil,
    decide,
)
from escalation.facts import Facts
from escalation.strategy import Strategy
from kernel.calendar import POLAND
from tests.unit.escalation.cases import RETAIL, SHIPPED, TODAY, Life, at, decided, facts

DELIVERED = {"notice_75c": "delivered", "notice_75c_delivered_on": date(2026, 2, 2)}
IN_EFFECT = {"termination": "in_effect", "terminated_on": date(2026, 1, 10)}


@pytest.mark.parametrize(
    ("known", "position", "outcome", "step"),
    [
        pytest.param({}, at("reminder"), Perform, "reminder", id="late enough: reminded"),
        pytest.param({"overdue": ()}, at("reminder"), Exit, "reminder", id="paid: out"),
        pytest.param(
            {"holds": frozenset({"dispute"})}, at("call"), Hold, "call", id="dispute: held"
        ),
        pytest.param({"handled_by": "agency"}, at("court"), Hold, "court", id="at an agency: held"),
        pytest.param(
            {"limitation_on": date(2025, 12, 31)}, at("demand"), Hold, "demand",
            id="time-barred consumer debt: nothing is demanded",
        ),
        pytest.param(
            {"limitation_on": date(2025, 12, 31), "consumer": False}, at("demand"), Perform,
            "demand", id="time-barred debt of a firm: goes on",
        ),
        pytest.param({"phone": False}, at("call"), Perform, "last_reminder", id="no phone: passed"),
        pytest.param(
            {}, at("call", this_round=4), Perform, "last_reminder",
            id="more rounds behind it than the version asks for: passed",
        ),
        pytest.param(
            {"postal_address": False}, at("demand"), WaitUntil, "demand", id="no address: waits"
        ),
        pytest.param(
            {"postal_address": False}, at("find_address"), Perform, "find_address",
            id="no address: a person looks for one",
        ),
        pytest.param(
            {}, at("call", this_round=2, previous_on=TODAY - timedelta(days=3)), WaitUntil, "call",
            id="four days between calls",
        ),
        pytest.param(
            {"notice_75c": "handed_over"}, at("termination"), WaitUntil, "termination",
            id="notice on its way: waits",
        ),
        pytest.param(
            {"notice_75c": "returned"}, at("termination"), WaitUntil, "termination",
            id="notice came back: waits",
        ),
        pytest.param(DELIVERED, at("termination"), Perform, "termination", id="14 days over"),
        pytest.param(
            {**DELIVERED, "holds": frozenset({"restructuring"})}, at("termination"), Hold,
            "termination", id="restructuring asked for: held",
        ),
        pytest.param(
            {"termination": "proposed"}, at("termination", this_round=2, asked=True), Hold,
            "termination", id="approval open: stands still",
        ),
        pytest.param(
            {"termination": "granted", "termination_decided_on": TODAY - timedelta(days=20)},
            at("termination", this_round=2, asked=True), WaitUntil, "agency",
            id="granted, notice period running: waits",
        ),
        pytest.param(
            {"termination": "refused", "termination_decided_on": TODAY - timedelta(days=59)},
            at("termination", this_round=2, asked=True), Hold, "termination",
            id="refused: stands still for 60 days",
        ),
        pytest.param(
            {**DELIVERED, "termination": "refused",
             "termination_decided_on": TODAY - timedelta(days=60)},
            at("termination", this_round=2, asked=True), Perform, "termination",
            id="refused 60 days ago: proposed again",
        ),
        pytest.param(IN_EFFECT, at("notice_75c"), Perform, "agency", id="terminated before"),
        pytest.param(
            {**IN_EFFECT, "outstanding": (("PLN", 2_000_000),)}, at("agency"), Perform, "court",
            id="a large debt: to court at once",
        ),
        pytest.param(
            {**IN_EFFECT, "outstanding": (("TWD", 5_000_000),)}, at("agency"), Perform, "court",
            id="a currency that is not named: the threshold for others",
        ),
        pytest.param(
            {"placement": "granted", "placement_decided_on": TODAY, **IN_EFFECT},
            at("agency", this_round=2, asked=True),
            Hold,
            "agency",
            id="placement granted, not handed over yet: stands still",
        ),
        pytest.param(
            {"referral": "filed", "referral_decided_on": TODAY, **IN_EFFECT},
            at("court", this_round=2, asked=True), Finished, "", id="filed: finished",
        ),
    ],
)  # fmt: skip
def test_facts_lead_to_one_outcome(
    known: dict[str, Any], position: Position, outcome: type, step: str
) -> None:
    decision = decided(RETAIL, facts(**known), position)
    assert type(decision) is outcome
    taken = decision.step.key if isinstance(decision, Perform) else decision.position.step
    assert taken == step


def test_notice_delivered_on_2_february_allows_termination_on_23_february() -> None:
    """14 working days after Monday the 2nd end on Friday the 20th."""
    known = facts(notice_75c="delivered", notice_75c_delivered_on=date(2026, 2, 2))
    early = decided(RETAIL, known, at("termination"), date(2026, 2, 20))
    assert isinstance(early, WaitUntil)
    assert (early.look_again_on, early.day_known) == (date(2026, 2, 21), True)
    assert isinstance(decided(RETAIL, known, at("termination"), date(2026, 2, 21)), Perform)


def test_hold_with_an_end_is_looked_at_the_day_after() -> None:
    ends = TODAY + timedelta(days=9)
    held = facts(holds=frozenset({"promise"}), held_until=ends)
    decision = decided(RETAIL, held, at("call"))
    assert isinstance(decision, Hold)
    assert decision.look_again_on == ends + timedelta(days=1)


def test_event_never_performs_but_says_that_the_step_is_due_today() -> None:
    decision = decide(RETAIL, facts(phone=False), at("call"), TODAY, POLAND, may_perform=False)
    assert isinstance(decision, WaitUntil)
    assert decision.look_again_on == TODAY
    assert decision.position.step == "last_reminder"


def test_third_round_of_three_leads_to_the_next_step() -> None:
    decision = decided(RETAIL, facts(), at("call", this_round=3))
    assert isinstance(decision, Perform)
    assert (decision.round, decision.position.step, decision.position.round) == (
        3, "last_reminder", 1,
    )  # fmt: skip


def test_grant_brings_the_case_into_the_stage_that_was_proposed() -> None:
    known = facts(placement="active", handled_by="agency", placement_decided_on=TODAY)
    decision = decided(RETAIL, known, at("agency", this_round=2, asked=True))
    assert isinstance(decision, Hold)
    assert (decision.position.stage, decision.position.step) == ("agency", "court")


def test_record_names_every_condition_that_was_looked_at() -> None:
    decision = decided(RETAIL, facts(), at("call", previous_on=TODAY))
    assert [(what.place, held) for what, _, held in decision.looked] == [
        ("exit_when.overdue", False),
        ("hold_when.on_hold", False),
        ("hold_when.handled_by", False),
        ("hold_when.consumer_debt_time_barred", False),
        ("call.wait.days_past_due", True),
        ("call.wait.days_after_previous_step", False),
    ]


# -- what must hold for every case -------------------------------------------------------

days = st.one_of(st.none(), st.dates(date(2025, 6, 1), date(2026, 6, 1)))
amounts = st.one_of(
    st.just(()),
    st.builds(
        lambda currency, minor: ((currency, minor),),
        st.sampled_from(["PLN", "EUR", "TWD", "JPY"]),
        st.integers(1, 10_000_000),
    ),
)
letters = st.sampled_from(["none", "queued", "handed_over", "delivered", "returned", "skipped"])


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    notice_on = draw(days)
    return facts(
        overdue=draw(amounts),
        outstanding=draw(amounts),
        due_since=draw(days),
        consumer=draw(st.booleans()),
        handled_by=draw(st.sampled_from(["house", "house", "agreement", "agency", "court"])),
        holds=draw(st.frozensets(st.sampled_from([kind.value for kind in HoldKind]), max_size=2)),
        held_until=draw(days),
        phone=draw(st.booleans()),
        mobile=draw(st.booleans()),
        email=draw(st.booleans()),
        postal_address=draw(st.booleans()),
        limitation_on=draw(days),
        notice_75c="delivered" if notice_on else draw(letters),
        notice_75c_delivered_on=notice_on,
        termination=draw(st.sampled_from(["none", "proposed", "refused", "granted", "in_effect"])),
        termination_decided_on=draw(days),
        placement=draw(st.sampled_from(["none", "proposed", "refused", "active", "ended"])),
        placement_decided_on=draw(days),
        referral=draw(st.sampled_from(["none", "proposed", "refused", "filed"])),
        referral_decided_on=draw(days),
    )


@st.composite
def any_case(draw: st.DrawFn) -> tuple[Strategy, Facts, Position]:
    strategy = SHIPPED[draw(st.sampled_from(sorted(SHIPPED)))]
    step = draw(st.sampled_from(strategy.steps))
    asked = bool(step.proposes) and draw(st.booleans())
    previous_on = TODAY - timedelta(days=draw(st.integers(0, 200)))
    position = Position(step.key, draw(st.integers(1, step.repeat)), previous_on, step.stage, asked)
    return strategy, draw(any_facts()), position


@settings(max_examples=400, deadline=None)
@given(any_case())
def test_every_case_gets_exactly_one_decision_of_the_five(
    case: tuple[Strategy, Facts, Position],
) -> None:
    decision = decided(*case)
    assert type(decision) in get_args(Decision)
    assert decided(*case) == decision


@settings(max_examples=400, deadline=None)
@given(any_case(), st.sampled_from([kind.value for kind in HoldKind]))
def test_held_case_is_never_acted_on(case: tuple[Strategy, Facts, Position], kind: str) -> None:
    strategy, known, position = case
    held = known._replace(holds=frozenset({kind}), overdue=(("PLN", 1),))
    assert isinstance(decided(strategy, held, position), Hold)


@settings(max_examples=400, deadline=None)
@given(any_case())
def test_paid_case_always_exits(case: tuple[Strategy, Facts, Position]) -> None:
    strategy, known, position = case
    assert isinstance(decided(strategy, known._replace(overdue=()), position), Exit)


@settings(max_examples=400, deadline=None)
@given(any_case())
def test_next_look_is_ahead_and_at_most_30_days(case: tuple[Strategy, Facts, Position]) -> None:
    decision = decided(*case)
    if isinstance(decision, (Hold, WaitUntil, Perform)):
        assert TODAY < decision.look_again_on <= TODAY + timedelta(days=MOST_DAYS_AHEAD)


@settings(max_examples=400, deadline=None)
@given(any_case())
def test_event_never_performs(case: tuple[Strategy, Facts, Position]) -> None:
    assert not isinstance(decide(*case, TODAY, POLAND, may_perform=False), Perform)


@settings(max_examples=100, deadline=None)
@given(st.lists(any_case(), min_size=2, max_size=6), st.randoms())
def test_order_of_cases_does_not_matter(
    cases: list[tuple[Strategy, Facts, Position]], random: Any
) -> None:
    alone = [decided(*case) for case in cases]
    order = list(range(len(cases)))
    random.shuffle(order)
    assert {i: decided(*cases[i]) for i in order} == dict(enumerate(alone))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(SHIPPED)),
    any_facts(),
    st.booleans(),
    st.sampled_from([True, False, None]),
)
def test_no_step_is_performed_twice_in_a_life_nor_two_on_one_day(
    key: str, known: Facts, post: bool, answers: bool | None
) -> None:
    calm = known._replace(
        holds=frozenset(), handled_by="house", overdue=(("PLN", 90_000),), placement="none",
        referral="none", termination="none", notice_75c="none", notice_75c_delivered_on=None,
    )  # fmt: skip
    life = Life(SHIPPED[key], calm, post_delivers=post, answers=answers)
    for _ in life.live(days=400):
        pass
    taken = [(step, taken_round) for step, taken_round, _ in life.performed]
    assert len(set(taken)) == len(taken)
    assert all(later > earlier for (*_, earlier), (*_, later) in pairwise(life.performed))


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_undelivered_case_is_never_terminated_placed_or_referred(key: str) -> None:
    life = Life(SHIPPED[key], facts(), post_delivers=False)
    for _ in life.live(days=500):
        pass
    steps = {step for step, _, _ in life.performed}
    assert "notice_75c" in steps
    assert not steps & {"termination", "agency", "court"}


@pytest.mark.parametrize("key", sorted(SHIPPED))
@pytest.mark.parametrize("answers", [None, False])
def test_unanswered_and_refused_proposals_stop_the_case(key: str, answers: bool | None) -> None:
    life = Life(SHIPPED[key], facts(), answers=answers)
    for _ in life.live(days=500):
        pass
    steps = {step for step, _, _ in life.performed}
    assert "termination" in steps
    assert not steps & {"agency", "court"}


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_silent_debtor_reaches_the_court_within_half_a_year(key: str) -> None:
    """Where a strategy has an agency, a case that came back from it reaches the court too."""
    life = Life(SHIPPED[key], facts(outstanding=(("PLN", 6_000_000),)))
    for _ in life.live(days=180):
        pass
    assert life.performed[-1][0] == "court"
