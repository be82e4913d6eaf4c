"""The guard as a table of facts and answers. 2026-05-12 is a Tuesday, 05-16 a Saturday."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lifecycle import Handler, HoldKind
from cases.switches import channel_switch
from contacts.guard import (
    MAY_BE_OVERRIDDEN,
    Allowed,
    PastAttempt,
    PersonFacts,
    Purpose,
    Refused,
    Rule,
    Verdict,
    may_contact,
    may_terminate,
    waits_for_money_until,
)
from contacts.policy import load_policies, policy_on
from contacts.wording.guard import rule_name
from debtors.lifecycle import Channel
from kernel.calendar import POLAND
from kernel.clock import WARSAW, instant
from ledger.announced import Announced

POLICY = policy_on(date(2026, 5, 12))
TUESDAY = date(2026, 5, 12)
FREE = PersonFacts()


def ask(
    facts: PersonFacts = FREE,
    *,
    at: datetime | None = None,
    channel: Channel = Channel.PHONE,
    purpose: Purpose = Purpose.TALK,
) -> Verdict:
    return may_contact(
        facts=facts,
        channel=channel,
        at=at or instant(TUESDAY, time(10)),
        purpose=purpose,
        policy=POLICY,
        calendar=POLAND,
    )


def rule_of(verdict: Verdict) -> Rule | None:
    return verdict.rule if isinstance(verdict, Refused) else None


@pytest.mark.parametrize(
    ("on", "at", "allowed"),
    [
        (date(2026, 5, 12), time(7, 59, 59), False),
        (date(2026, 5, 12), time(8, 0), True),
        (date(2026, 5, 12), time(19, 59, 59), True),
        (date(2026, 5, 12), time(20, 0), False),
        (date(2026, 5, 16), time(8, 59), False),
        (date(2026, 5, 16), time(9, 0), True),
        (date(2026, 5, 16), time(15, 0), False),
        (date(2026, 5, 17), time(12, 0), False),
        (date(2026, 5, 1), time(12, 0), False),
        (date(2026, 6, 4), time(12, 0), False),
        (date(2024, 12, 24), time(12, 0), True),
        (date(2025, 12, 24), time(12, 0), False),
        # The clocks go back on 2026-10-25; the Monday after is an ordinary one.
        (date(2026, 10, 26), time(8, 0), True),
    ],
)
def test_calls_keep_the_hours(on: date, at: time, allowed: bool) -> None:
    assert isinstance(ask(at=instant(on, at)), Allowed) is allowed


def test_a_refusal_outside_hours_names_the_next_moment() -> None:
    verdict = ask(at=instant(date(2026, 4, 30), time(21)))
    assert isinstance(verdict, Refused)
    # 1 May is a holiday, 2 May a Saturday.
    assert verdict.next_at == instant(date(2026, 5, 2), time(9))


def test_letters_have_no_hours() -> None:
    late = instant(date(2026, 5, 17), time(23))
    assert isinstance(ask(channel=Channel.LETTER, purpose=Purpose.DEMAND, at=late), Allowed)


def test_a_debtor_who_calls_us_at_night_is_answered() -> None:
    night = instant(date(2026, 5, 17), time(3))
    assert isinstance(ask(purpose=Purpose.ANSWER, at=night), Allowed)


@pytest.mark.parametrize(
    ("attempts", "rule", "next_on"),
    [
        ([(0, True)], Rule.CONVERSATION_TODAY, date(2026, 5, 13)),
        ([(0, False)] * 2, None, None),
        ([(0, False)] * 3, Rule.ATTEMPTS_TODAY, date(2026, 5, 13)),
        ([(1, True)], None, None),
        ([(1, False), (2, False), (3, False), (4, False), (5, False), (6, False)], None, None),
        (
            [(1, False)] * 3 + [(4, False)] * 3 + [(6, False)],
            Rule.ATTEMPTS_IN_WINDOW,
            date(2026, 5, 13),
        ),
        (
            [(1, False)] * 3 + [(2, False)] * 3 + [(3, False)],
            Rule.ATTEMPTS_IN_WINDOW,
            date(2026, 5, 16),
        ),
        ([(1, False)] * 3 + [(4, False)] * 3 + [(7, False)], None, None),
    ],
)
def test_attempts_are_counted(
    attempts: list[tuple[int, bool]], rule: Rule | None, next_on: date | None
) -> None:
    past = tuple(
        PastAttempt(date.fromordinal(TUESDAY.toordinal() - days), talked)
        for days, talked in attempts
    )
    verdict = ask(replace(FREE, attempts=past))
    assert rule_of(verdict) == rule
    if isinstance(verdict, Refused):
        assert verdict.next_at is not None
        assert verdict.next_at.astimezone(WARSAW).date() == next_on


@pytest.mark.parametrize(
    ("facts", "talk", "demand", "answer"),
    [
        (FREE, None, None, None),
        (replace(FREE, holds=frozenset({HoldKind.DEATH})), Rule.DEATH, Rule.DEATH, Rule.DEATH),
        (
            replace(FREE, holds=frozenset({HoldKind.BANKRUPTCY})),
            Rule.BANKRUPTCY,
            Rule.BANKRUPTCY,
            Rule.BANKRUPTCY,
        ),
        (replace(FREE, holds=frozenset({HoldKind.LEGAL})), Rule.LEGAL_HOLD, Rule.LEGAL_HOLD, None),
        (replace(FREE, holds=frozenset({HoldKind.DISPUTE})), None, Rule.ON_HOLD, None),
        (replace(FREE, holds=frozenset({HoldKind.COMPLAINT})), None, Rule.ON_HOLD, None),
        (replace(FREE, holds=frozenset({HoldKind.PROMISE})), None, Rule.ON_HOLD, None),
        (replace(FREE, holds=frozenset({HoldKind.DATA_PROBLEM})), None, Rule.ON_HOLD, None),
        (replace(FREE, case_open=False), Rule.CASE_CLOSED, Rule.CASE_CLOSED, None),
        (replace(FREE, demandable=False), Rule.NOTHING_DUE, Rule.NOTHING_DUE, None),
        (replace(FREE, demandable=False, barred=True), Rule.TIME_BARRED, Rule.TIME_BARRED, None),
        (
            replace(FREE, handled_by=Handler.AGENCY),
            Rule.HANDLED_ELSEWHERE,
            Rule.HANDLED_ELSEWHERE,
            None,
        ),
        (
            replace(FREE, handled_by=Handler.COURT),
            Rule.HANDLED_ELSEWHERE,
            Rule.HANDLED_ELSEWHERE,
            None,
        ),
        (replace(FREE, handled_by=Handler.AGREEMENT), None, None, None),
        (
            replace(FREE, reachable=False),
            Rule.NO_CONTACT_POINT,
            Rule.NO_CONTACT_POINT,
            Rule.NO_CONTACT_POINT,
        ),
        (replace(FREE, queued_on=date(2026, 4, 21)), None, None, None),
        (
            replace(FREE, queued_on=date(2026, 4, 20)),
            Rule.FIGURES_TOO_OLD,
            Rule.FIGURES_TOO_OLD,
            None,
        ),
    ],
)
def test_each_gate_answers_for_its_purposes(
    facts: PersonFacts, talk: Rule | None, demand: Rule | None, answer: Rule | None
) -> None:
    assert rule_of(ask(facts, purpose=Purpose.TALK)) == talk
    assert rule_of(ask(facts, purpose=Purpose.DEMAND)) == demand
    assert rule_of(ask(facts, purpose=Purpose.ANSWER)) == answer


def test_a_hold_with_a_known_end_tells_when_it_may_be_tried_again() -> None:
    facts = replace(FREE, holds=frozenset({HoldKind.DISPUTE}), held_until=date(2026, 5, 20))
    verdict = ask(facts, purpose=Purpose.DEMAND)
    assert isinstance(verdict, Refused)
    assert verdict.next_at == instant(date(2026, 5, 21))


@pytest.mark.parametrize(
    "facts",
    [
        replace(FREE, holds=frozenset({HoldKind.DEATH})),
        replace(FREE, holds=frozenset({HoldKind.BANKRUPTCY})),
        replace(FREE, holds=frozenset({HoldKind.LEGAL})),
        replace(FREE, barred=True, demandable=False),
        replace(FREE, case_open=False),
        replace(FREE, reachable=False),
    ],
)
def test_the_law_cannot_be_set_aside(facts: PersonFacts) -> None:
    everything = replace(facts, overridden=frozenset(Rule))
    assert rule_of(ask(everything)) == rule_of(ask(facts)) is not None


@pytest.mark.parametrize(
    ("facts", "at"),
    [
        (replace(FREE, handled_by=Handler.AGENCY), time(10)),
        (replace(FREE, attempts=(PastAttempt(TUESDAY, True),)), time(10)),
        (replace(FREE, attempts=(PastAttempt(TUESDAY, False),) * 3), time(10)),
        (FREE, time(22)),
    ],
)
def test_compliance_may_set_the_banks_own_rules_aside(facts: PersonFacts, at: time) -> None:
    moment = instant(TUESDAY, at)
    rule = rule_of(ask(facts, at=moment))
    assert rule in MAY_BE_OVERRIDDEN
    assert isinstance(ask(replace(facts, overridden=frozenset({rule})), at=moment), Allowed)


#: Delivered on Monday 2026-04-20; 1 May is a holiday, so the 14th working day is 2026-05-11.
DELIVERED = replace(FREE, notice_delivered_on=date(2026, 4, 20))


@pytest.mark.parametrize(
    ("facts", "after_day", "rule"),
    [
        (FREE, date(2026, 5, 30), Rule.NO_DELIVERED_NOTICE),
        (DELIVERED, date(2026, 5, 10), Rule.NOTICE_TERM_RUNNING),
        (DELIVERED, date(2026, 5, 11), None),
        (
            replace(DELIVERED, holds=frozenset({HoldKind.RESTRUCTURING})),
            date(2026, 5, 11),
            Rule.RESTRUCTURING_OPEN,
        ),
        (
            replace(DELIVERED, holds=frozenset({HoldKind.COMPLAINT})),
            date(2026, 5, 11),
            Rule.COMPLAINT_OPEN,
        ),
        (replace(DELIVERED, holds=frozenset({HoldKind.DEATH})), date(2026, 5, 11), Rule.DEATH),
        (replace(DELIVERED, barred=True, demandable=False), date(2026, 5, 11), Rule.TIME_BARRED),
        (replace(DELIVERED, demandable=False), date(2026, 5, 11), Rule.NOTHING_DUE),
    ],
)
def test_termination_needs_a_delivered_notice_whose_term_has_passed(
    facts: PersonFacts, after_day: date, rule: Rule | None
) -> None:
    assert rule_of(may_terminate(facts=facts, on=after_day, calendar=POLAND)) == rule


def test_a_statement_of_termination_does_not_leave_in_the_running_term() -> None:
    last_day = instant(date(2026, 5, 11), time(10))
    day_after = instant(date(2026, 5, 12), time(10))
    kw = {"channel": Channel.LETTER, "purpose": Purpose.TERMINATE}
    assert rule_of(ask(DELIVERED, at=last_day, **kw)) is Rule.NOTICE_TERM_RUNNING  # type: ignore[arg-type]
    assert isinstance(ask(DELIVERED, at=day_after, **kw), Allowed)  # type: ignore[arg-type]


_past = st.lists(
    st.builds(
        PastAttempt,
        st.integers(0, 12).map(lambda days: date.fromordinal(TUESDAY.toordinal() - days)),
        st.booleans(),
    ),
    max_size=12,
)


@given(attempts=_past, minutes=st.integers(0, 7 * 24 * 60))
def test_the_next_moment_is_allowed_and_nothing_before_it_on_that_day_is(
    attempts: list[PastAttempt], minutes: int
) -> None:
    at = instant(TUESDAY) + (instant(date(2026, 5, 13)) - instant(TUESDAY)) * minutes / 1440
    facts = replace(FREE, attempts=tuple(attempts))
    verdict = ask(facts, at=at)
    if isinstance(verdict, Refused):
        assert verdict.next_at is not None
        assert verdict.next_at > at
        assert isinstance(ask(facts, at=verdict.next_at), Allowed)


def test_the_shipped_policy_is_in_force_since_the_first_day_of_data() -> None:
    first, *_ = load_policies()
    assert policy_on(date(2015, 1, 1)) == first
    assert first.max_attempts_a_day == 3


ON_ITS_WAY = (
    Announced(1, 5_000, "PLN", TUESDAY, date(2026, 5, 18)),
    Announced(2, 7_000, "PLN", TUESDAY, date(2026, 5, 19)),
)
EXPECTING = replace(FREE, announced=ON_ITS_WAY, due_minor={1: 50_000, 2: 70_000})


@pytest.mark.parametrize("purpose", [Purpose.DEMAND, Purpose.TERMINATE])
def test_nothing_is_demanded_while_money_is_on_its_way(purpose: Purpose) -> None:
    facts = replace(EXPECTING, notice_delivered_on=date(2026, 4, 1))
    verdict = ask(facts, channel=Channel.LETTER, purpose=purpose)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.is_final) == (Rule.PAYMENT_ANNOUNCED, False)
    assert verdict.values == {"until_on": date(2026, 5, 19)}
    assert verdict.next_at == instant(date(2026, 5, 20))


@pytest.mark.parametrize(
    ("facts", "purpose", "rule"),
    [
        ({}, Purpose.TALK, None),
        ({}, Purpose.ANSWER, None),
        ({"overridden": frozenset({Rule.PAYMENT_ANNOUNCED})}, Purpose.DEMAND, None),
        ({"holds": frozenset({HoldKind.DISPUTE})}, Purpose.DEMAND, Rule.ON_HOLD),
        ({"demandable": False}, Purpose.DEMAND, Rule.NOTHING_DUE),
        ({"switched_off": channel_switch("letter")}, Purpose.DEMAND, Rule.SWITCHED_OFF),
        ({"queued_on": date(2026, 1, 1)}, Purpose.DEMAND, Rule.PAYMENT_ANNOUNCED),
    ],
)
def test_money_on_its_way_comes_after_the_law_and_other_reasons(
    facts: dict[str, Any], purpose: Purpose, rule: Rule | None
) -> None:
    verdict = ask(replace(EXPECTING, **facts), channel=Channel.LETTER, purpose=purpose)
    assert rule_of(verdict) is rule


@pytest.mark.parametrize(
    ("due", "until_on"),
    [
        ({1: 50_000, 2: 70_000}, date(2026, 5, 19)),
        ({1: 50_000, 2: 70_010}, date(2026, 5, 18)),
        ({1: 50_010, 2: 70_010}, None),
        ({}, date(2026, 5, 19)),
    ],
)
def test_nobody_waits_for_less_than_a_tenth_of_what_is_due(
    due: dict[int, int], until_on: date | None
) -> None:
    facts = replace(EXPECTING, due_minor=due)
    assert waits_for_money_until(facts, POLICY) == until_on
    verdict = ask(facts, channel=Channel.LETTER, purpose=Purpose.DEMAND)
    assert rule_of(verdict) is (Rule.PAYMENT_ANNOUNCED if until_on else None)


def test_several_small_payments_for_one_debt_count_together() -> None:
    small = tuple(Announced(1, 2_500, "PLN", TUESDAY, date(2026, 5, 18)) for _ in range(2))
    facts = replace(FREE, announced=small, due_minor={1: 50_000})
    assert waits_for_money_until(facts, POLICY) == date(2026, 5, 18)


SWITCH = channel_switch("letter")


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, Rule.SWITCHED_OFF),
        ({"queued_on": date(2026, 1, 1)}, Rule.SWITCHED_OFF),
        ({"reachable": False}, Rule.SWITCHED_OFF),
        ({"holds": frozenset({HoldKind.DISPUTE})}, Rule.SWITCHED_OFF),
        ({"holds": frozenset({HoldKind.DEATH})}, Rule.DEATH),
        ({"demandable": False}, Rule.NOTHING_DUE),
        ({"case_open": False}, Rule.CASE_CLOSED),
    ],
)
def test_a_red_switch_comes_after_the_law_and_before_the_banks_own_rules(
    facts: dict[str, Any], rule: Rule
) -> None:
    verdict = ask(
        replace(FREE, switched_off=SWITCH, **facts), channel=Channel.LETTER, purpose=Purpose.DEMAND
    )
    assert rule_of(verdict) is rule


def test_a_red_switch_keeps_back_and_never_drops_nor_is_set_aside_for_a_day() -> None:
    facts = replace(FREE, switched_off=SWITCH, overridden=frozenset(Rule))
    verdict = ask(facts, channel=Channel.LETTER, purpose=Purpose.DEMAND)
    assert isinstance(verdict, Refused)
    assert verdict.values == {"kind": "channel", "key": "letter"}
    assert not verdict.is_final
    assert verdict.next_at is None
    assert Rule.SWITCHED_OFF not in MAY_BE_OVERRIDDEN


def test_a_rule_that_may_be_set_aside_is_named_without_the_values_of_a_refusal() -> None:
    names = [rule_name(rule) for rule in MAY_BE_OVERRIDDEN]
    assert len(set(names)) == len(names)
    assert not any("%(" in name or "–" in name for name in names)
