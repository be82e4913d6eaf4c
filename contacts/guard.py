"""May this person be contacted, on this channel, at this moment, about this? Pure.

One answer for the button, the batch, the interface and the agency's feed. Refused means refused,
with the rule, its values and the next instant at which the answer may be another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from cases.lifecycle import Handler, HoldKind, holds_that_stop
from cases.switches import Switch
from contacts.policy import ContactPolicy
from contacts.terms import notice_term_ends_on
from debtors.lifecycle import Channel
from kernel.calendar import WorkingCalendar
from kernel.clock import WARSAW, instant, legal_day
from ledger.announced import Announced


class Purpose(StrEnum):
    """What the contact is about."""

    #: A reminder or demand for payment.
    DEMAND = "demand"
    #: A person talks with the debtor about the debt.
    TALK = "talk"
    #: The debtor came to us, or asked to be answered.
    ANSWER = "answer"
    #: The statement of termination of a contract.
    TERMINATE = "terminate"


class Rule(StrEnum):
    CASE_CLOSED = "case_closed"
    NOTHING_DUE = "nothing_due"
    DEATH = "death"
    BANKRUPTCY = "bankruptcy"
    LEGAL_HOLD = "legal_hold"
    ON_HOLD = "on_hold"
    HANDLED_ELSEWHERE = "handled_elsewhere"
    TIME_BARRED = "time_barred"
    NO_CONTACT_POINT = "no_contact_point"
    FIGURES_TOO_OLD = "figures_too_old"
    OUTSIDE_HOURS = "outside_hours"
    CONVERSATION_TODAY = "conversation_today"
    ATTEMPTS_TODAY = "attempts_today"
    ATTEMPTS_IN_WINDOW = "attempts_in_window"
    NO_DELIVERED_NOTICE = "no_delivered_notice"
    NOTICE_TERM_RUNNING = "notice_term_running"
    RESTRUCTURING_OPEN = "restructuring_open"
    COMPLAINT_OPEN = "complaint_open"
    SWITCHED_OFF = "switched_off"
    PAYMENT_ANNOUNCED = "payment_announced"


#: What the bank chose for itself; compliance may set it aside for a day. The rest is law, or a red
#: switch, which is set aside by turning it on.
MAY_BE_OVERRIDDEN: Final = frozenset(
    {
        Rule.ON_HOLD,
        Rule.HANDLED_ELSEWHERE,
        Rule.OUTSIDE_HOURS,
        Rule.CONVERSATION_TODAY,
        Rule.ATTEMPTS_TODAY,
        Rule.ATTEMPTS_IN_WINDOW,
        Rule.FIGURES_TOO_OLD,
        Rule.PAYMENT_ANNOUNCED,
    }
)

#: After these a queued message will never go out; after the others it waits.
FINAL: Final = frozenset(
    {
        Rule.CASE_CLOSED,
        Rule.NOTHING_DUE,
        Rule.DEATH,
        Rule.BANKRUPTCY,
        Rule.TIME_BARRED,
        Rule.NO_CONTACT_POINT,
        Rule.FIGURES_TOO_OLD,
        Rule.NO_DELIVERED_NOTICE,
    }
)

_GATE_OF_HOLD: Final = {
    HoldKind.DEATH: Rule.DEATH,
    HoldKind.BANKRUPTCY: Rule.BANKRUPTCY,
}


class PastAttempt(NamedTuple):
    """An outgoing attempt on a counted channel."""

    on: date
    conversation: bool


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the guard looks at.

    ``demandable``: something is due that may be demanded; ``barred``: something is due, and all
    of it is consumer debt past its limitation day. ``holds`` are the open kinds; ``held_until``
    the day until which the last of those with a known end lasts, None where one has no end.
    ``switched_off`` is the red switch that keeps back what goes out by itself. ``announced`` is
    money that banks have told of and not booked yet, for accounts on which something is due that
    may be demanded; ``due_minor`` is what is due on them.
    """

    case_open: bool = True
    demandable: bool = True
    barred: bool = False
    holds: frozenset[HoldKind] = frozenset()
    held_until: date | None = None
    handled_by: Handler = Handler.HOUSE
    reachable: bool = True
    attempts: tuple[PastAttempt, ...] = ()
    queued_on: date | None = None
    notice_delivered_on: date | None = None
    overridden: frozenset[Rule] = field(default_factory=frozenset)
    switched_off: Switch | None = None
    announced: tuple[Announced, ...] = ()
    due_minor: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Nothing stands against it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """``next_at`` is the first instant at which it may be allowed; None where nobody can know.

    ``values`` are typed values of the rule: days, numbers, kinds.
    """

    rule: Rule
    values: Mapping[str, Any]
    next_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.rule in FINAL


Verdict = Allowed | Refused
_SEARCH_DAYS: Final = 60


def may_contact(
    *,
    facts: PersonFacts,
    channel: Channel,
    at: datetime,
    purpose: Purpose,
    policy: ContactPolicy,
    calendar: WorkingCalendar,
) -> Verdict:
    """The first rule that stands against the contact, or Allowed.

    A switch that is off comes after the law and before the bank's own rules: what it keeps back
    grows too old for them only once it is on again.
    """
    refused = _gates(facts, legal_day(at), purpose, policy, calendar)
    if refused is None and channel in policy.counted_channels and purpose is not Purpose.ANSWER:
        refused = _timing(facts, at, policy, calendar)
    if refused is None:
        return Allowed()
    if refused.rule in _TIMING:
        return Refused(refused.rule, refused.values, _next_moment(facts, at, policy, calendar))
    return refused


def may_terminate(*, facts: PersonFacts, on: date, calendar: WorkingCalendar) -> Verdict:
    """May the debts of a notice be terminated, once the day ``on`` has passed?

    Art. 75c of the Banking Act: only after the call was delivered, its term has passed, and no
    request for restructuring is open. A complaint that is open stops it by our own choice.
    """
    refused = _lawful(facts, on, Purpose.TERMINATE) or _notice(facts, on, calendar)
    return refused or Allowed()


def _gates(
    facts: PersonFacts,
    on: date,
    purpose: Purpose,
    policy: ContactPolicy,
    calendar: WorkingCalendar,
) -> Refused | None:
    if (refused := _lawful(facts, on, purpose)) is not None:
        return refused
    if purpose is Purpose.TERMINATE:
        refused = _notice(facts, on - timedelta(days=1), calendar)
    return refused or _switched_off(facts) or _own_rules(facts, on, purpose, policy)


def _switched_off(facts: PersonFacts) -> Refused | None:
    if facts.switched_off is None:
        return None
    kind, key = facts.switched_off
    return Refused(Rule.SWITCHED_OFF, {"kind": str(kind), "key": key})


def _lawful(facts: PersonFacts, on: date, purpose: Purpose) -> Refused | None:
    """What nobody may set aside."""
    for hold, rule in _GATE_OF_HOLD.items():
        if hold in facts.holds:
            return Refused(rule, {})
    if purpose is Purpose.ANSWER:
        return None
    if not facts.case_open:
        return Refused(Rule.CASE_CLOSED, {})
    if HoldKind.LEGAL in facts.holds:
        return Refused(Rule.LEGAL_HOLD, {}, _after(facts.held_until))
    if facts.barred:
        return Refused(Rule.TIME_BARRED, {"on": on})
    if not facts.demandable:
        return Refused(Rule.NOTHING_DUE, {})
    return None


def _notice(facts: PersonFacts, on: date, calendar: WorkingCalendar) -> Refused | None:
    if facts.notice_delivered_on is None:
        return Refused(Rule.NO_DELIVERED_NOTICE, {})
    ends_on = notice_term_ends_on(facts.notice_delivered_on, calendar)
    if on < ends_on:
        values = {"delivered_on": facts.notice_delivered_on, "ends_on": ends_on}
        return Refused(Rule.NOTICE_TERM_RUNNING, values, _after(ends_on))
    if HoldKind.RESTRUCTURING in facts.holds:
        return Refused(Rule.RESTRUCTURING_OPEN, {})
    if HoldKind.COMPLAINT in facts.holds:
        return Refused(Rule.COMPLAINT_OPEN, {}, _after(facts.held_until))
    return None


def _own_rules(
    facts: PersonFacts, on: date, purpose: Purpose, policy: ContactPolicy
) -> Refused | None:
    if not facts.reachable:
        return Refused(Rule.NO_CONTACT_POINT, {})
    if purpose is Purpose.ANSWER:
        return None
    if facts.handled_by in (Handler.AGENCY, Handler.COURT) and _counts(
        facts, Rule.HANDLED_ELSEWHERE
    ):
        return Refused(Rule.HANDLED_ELSEWHERE, {"handled_by": facts.handled_by})
    stopping = facts.holds & holds_that_stop("contact" if purpose is Purpose.TALK else "escalation")
    if stopping and _counts(facts, Rule.ON_HOLD):
        values = {"holds": sorted(stopping)}
        return Refused(Rule.ON_HOLD, values, _after(facts.held_until))
    if purpose is not Purpose.TALK and _counts(facts, Rule.PAYMENT_ANNOUNCED):
        until_on = waits_for_money_until(facts, policy)
        if until_on is not None:
            return Refused(Rule.PAYMENT_ANNOUNCED, {"until_on": until_on}, _after(until_on))
    if facts.queued_on is not None and _counts(facts, Rule.FIGURES_TOO_OLD):
        days = (on - facts.queued_on).days
        if days > policy.max_days_queued:
            return Refused(Rule.FIGURES_TOO_OLD, {"days": days, "limit": policy.max_days_queued})
    return None


def waits_for_money_until(facts: PersonFacts, policy: ContactPolicy) -> date | None:
    """How long demands wait for announced money; None where it is too little to wait for."""
    announced: dict[int, int] = {}
    for one in facts.announced:
        announced[one.account_id] = announced.get(one.account_id, 0) + one.amount_minor
    enough = {
        account_id
        for account_id, minor in announced.items()
        if minor * 100 >= policy.min_announced_percent * facts.due_minor.get(account_id, 0)
    }
    return max((one.until_on for one in facts.announced if one.account_id in enough), default=None)


def _timing(
    facts: PersonFacts, at: datetime, policy: ContactPolicy, calendar: WorkingCalendar
) -> Refused | None:
    on, local = legal_day(at), at.astimezone(WARSAW).time()
    hours = policy.hours_on(on, calendar)
    if _counts(facts, Rule.OUTSIDE_HOURS) and not (
        hours is not None and hours.start <= local < hours.end
    ):
        return Refused(Rule.OUTSIDE_HOURS, {"on": on})
    today = [attempt for attempt in facts.attempts if attempt.on == on]
    conversations = sum(attempt.conversation for attempt in today)
    first = on - timedelta(days=policy.window_days - 1)
    in_window = sum(first <= attempt.on <= on for attempt in facts.attempts)
    for rule, found, limit in (
        (Rule.CONVERSATION_TODAY, conversations, policy.max_conversations_a_day),
        (Rule.ATTEMPTS_TODAY, len(today), policy.max_attempts_a_day),
        (Rule.ATTEMPTS_IN_WINDOW, in_window, policy.max_attempts_in_window),
    ):
        if found >= limit and _counts(facts, rule):
            return Refused(rule, {"found": found, "limit": limit})
    return None


_TIMING: Final = frozenset(
    {
        Rule.OUTSIDE_HOURS,
        Rule.CONVERSATION_TODAY,
        Rule.ATTEMPTS_TODAY,
        Rule.ATTEMPTS_IN_WINDOW,
    }
)


def _next_moment(
    facts: PersonFacts, at: datetime, policy: ContactPolicy, calendar: WorkingCalendar
) -> datetime | None:
    """The first instant, today or later, that hours and counts allow."""
    today = legal_day(at)
    for day in (today + timedelta(days=i) for i in range(_SEARCH_DAYS)):
        hours = policy.hours_on(day, calendar)
        if hours is None:
            continue
        moment = max(at, instant(day, hours.start))
        if _timing(facts, moment, policy, calendar) is None and legal_day(moment) == day:
            return moment
    return None


def _counts(facts: PersonFacts, rule: Rule) -> bool:
    return rule not in facts.overridden


def _after(day: date | None) -> datetime | None:
    """The first instant after a day."""
    return None if day is None else instant(day + timedelta(days=1))
