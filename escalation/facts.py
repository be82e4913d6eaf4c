"""What a strategy may ask about a case: a closed vocabulary of facts.

To add one: a field in ``Facts``, a row in ``FACTS``, its column in ``queries/facts.py``, its
name in ``wording/names.py`` and its default in ``tests/unit/escalation/cases.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from cases.lifecycle import Handler, HoldKind, Stage
from debtors.lifecycle import DebtorKind, Product

#: ``(("PLN", 120050), …)`` in minor units, no zero amounts, sorted by currency.
Amounts = tuple[tuple[str, int], ...]
Value = bool | int | str | date | Amounts | frozenset[str] | None


class Facts(NamedTuple):
    """One case as plain values. Days are kept as dates, so that the same facts can be
    judged on another day; a date that is not known, and a day that never was, is None.
    """

    overdue: Amounts
    outstanding: Amounts
    currency: str
    due_since: date | None
    product: str
    debtor_kind: str
    consumer: bool
    stage: str
    handled_by: str
    holds: frozenset[str]
    held_until: date | None
    last_contact_on: date | None
    last_conversation_on: date | None
    open_promise: bool
    broken_promises: int
    phone: bool
    mobile: bool
    email: bool
    postal_address: bool
    limitation_on: date | None
    demand: str
    demand_delivered_on: date | None
    notice_75c: str
    notice_75c_delivered_on: date | None
    termination_notice: str
    termination_notice_delivered_on: date | None
    termination: str
    termination_decided_on: date | None
    terminated_on: date | None
    placement: str
    placement_decided_on: date | None
    placement_ended_on: date | None
    past_placements: int
    referral: str
    referral_decided_on: date | None
    in_default: bool
    forborne: bool


class FactType(StrEnum):
    FLAG = "flag"
    NUMBER = "number"
    AMOUNT = "amount"
    WORD = "word"
    WORDS = "words"


#: The day on which a count of days since a known date reaches ``count``.
Reaches = Callable[[Facts, int], date | None]


@dataclass(frozen=True, slots=True)
class Fact:
    """``read`` gives the value on a day; ``words`` are the only ones a word may be;
    ``since`` is the date from which a number of days is counted."""

    key: str
    type: FactType
    read: Callable[[Facts, date], Value]
    words: tuple[str, ...] = ()
    since: Callable[[Facts], date | None] | None = None


#: A letter is skipped when the guard stopped it on its way out, or money overtook it.
LETTER_STATES: Final = ("none", "queued", "handed_over", "delivered", "returned", "skipped")
#: What the post, or the guard, has answered: the letter will not move again.
ANSWERED_LETTER_STATES: Final = frozenset({"delivered", "returned", "skipped"})
_PROPOSAL_STATES: Final = ("none", "proposed", "refused", "withdrawn", "granted")
TERMINATION_STATES: Final = (*_PROPOSAL_STATES, "in_effect")
PLACEMENT_STATES: Final = (*_PROPOSAL_STATES, "active", "ended")
REFERRAL_STATES: Final = (*_PROPOSAL_STATES, "filed", "closed")
#: A person has said no, or taken the proposal back.
REFUSED_STATES: Final = frozenset({"refused", "withdrawn"})
LETTERS: Final = ("demand", "notice_75c", "termination_notice")
STAGES: Final = tuple(Stage)
HANDLERS: Final = tuple(Handler)
HOLD_KINDS: Final = tuple(HoldKind)


def _field(key: str, fact_type: FactType, words: tuple[str, ...] = ()) -> Fact:
    place = Facts._fields.index(key)

    def read(facts: Facts, _on: date) -> Value:
        value: Value = facts[place]
        return value

    return Fact(key, fact_type, read, words)


def _days_since(key: str, field: str) -> Fact:
    """Whole days from the date in ``field``; None when there is no such date."""
    place = Facts._fields.index(field)

    def since(facts: Facts) -> date | None:
        value: Any = facts[place]
        return value if isinstance(value, date) else None

    def read(facts: Facts, on: date) -> Value:
        first: Any = facts[place]
        return None if first is None else int((on - first).days)

    return Fact(key, FactType.NUMBER, read, since=since)


def _days_past_due(facts: Facts, on: date) -> Value:
    return 0 if facts.due_since is None else max((on - facts.due_since).days, 0)


def _consumer_debt_time_barred(facts: Facts, on: date) -> Value:
    """Art. 117 § 2¹ of the Civil Code: such a claim cannot be demanded from a consumer."""
    return facts.consumer and facts.limitation_on is not None and facts.limitation_on < on


FACTS: Final[dict[str, Fact]] = {
    fact.key: fact
    for fact in (
        _field("overdue", FactType.AMOUNT),
        _field("outstanding", FactType.AMOUNT),
        _field("currency", FactType.WORD),
        Fact("days_past_due", FactType.NUMBER, _days_past_due, since=lambda facts: facts.due_since),
        _field("product", FactType.WORD, tuple(Product)),
        _field("debtor_kind", FactType.WORD, tuple(DebtorKind)),
        _field("consumer", FactType.FLAG),
        _field("stage", FactType.WORD, STAGES),
        _field("handled_by", FactType.WORD, HANDLERS),
        Fact("on_hold", FactType.FLAG, lambda facts, _on: bool(facts.holds)),
        _field("holds", FactType.WORDS, HOLD_KINDS),
        _days_since("days_since_contact", "last_contact_on"),
        _days_since("days_since_conversation", "last_conversation_on"),
        _field("open_promise", FactType.FLAG),
        _field("broken_promises", FactType.NUMBER),
        _field("phone", FactType.FLAG),
        _field("mobile", FactType.FLAG),
        _field("email", FactType.FLAG),
        Fact("reachable_by_message", FactType.FLAG, lambda facts, _on: facts.mobile or facts.email),
        _field("postal_address", FactType.FLAG),
        Fact("consumer_debt_time_barred", FactType.FLAG, _consumer_debt_time_barred),
        Fact("complaint", FactType.FLAG, lambda facts, _on: HoldKind.COMPLAINT in facts.holds),
        Fact(
            "restructuring_request",
            FactType.FLAG,
            lambda facts, _on: HoldKind.RESTRUCTURING in facts.holds,
        ),
        Fact(
            "data_problem", FactType.FLAG, lambda facts, _on: HoldKind.DATA_PROBLEM in facts.holds
        ),
        Fact(
            "agreement_in_force",
            FactType.FLAG,
            lambda facts, _on: facts.handled_by == Handler.AGREEMENT,
        ),
        _field("in_default", FactType.FLAG),
        _field("forborne", FactType.FLAG),
        _field("demand", FactType.WORD, LETTER_STATES),
        _field("notice_75c", FactType.WORD, LETTER_STATES),
        _field("termination_notice", FactType.WORD, LETTER_STATES),
        _field("termination", FactType.WORD, TERMINATION_STATES),
        _days_since("days_since_termination", "terminated_on"),
        _field("placement", FactType.WORD, PLACEMENT_STATES),
        _days_since("days_since_placement_ended", "placement_ended_on"),
        _field("past_placements", FactType.NUMBER),
        _field("referral", FactType.WORD, REFERRAL_STATES),
    )
}


def delivered_on(facts: Facts, letter: str) -> date | None:
    """The recorded delivery of the latest letter of that kind (see ``LETTERS``)."""
    value: date | None = getattr(facts, f"{letter}_delivered_on")
    return value


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """Where the answer of a person to a proposed step is found.

    In a state of ``settled`` the case goes on; before, it waits, also when the proposal is
    granted but not yet carried out.
    """

    state: Callable[[Facts], str]
    decided_on: Callable[[Facts], date | None]
    settled: frozenset[str]


#: What the machine may propose and only a person may decide.
PROPOSALS: Final[dict[str, ProposalFacts]] = {
    "termination": ProposalFacts(
        lambda facts: facts.termination,
        lambda facts: facts.termination_decided_on,
        settled=frozenset({"granted", "in_effect"}),
    ),
    "placement": ProposalFacts(
        lambda facts: facts.placement,
        lambda facts: facts.placement_decided_on,
        settled=frozenset({"active", "ended"}),
    ),
    "referral": ProposalFacts(
        lambda facts: facts.referral,
        lambda facts: facts.referral_decided_on,
        settled=frozenset({"filed", "closed"}),
    ),
}
