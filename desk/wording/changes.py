"""What is different now from what a proposer saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from desk.queries.money import CaseMoney
from escalation.queries.explanation import Looked
from escalation.wording import condition_text, value_now_text

#: Of these the amount is everything that is owed; of the others what is due.
_OF_ALL: Final = frozenset({"termination"})
_BY_HAND: Final = frozenset({"write_off", "refund", "charge"})
#: Facts that grow with every day: they are told only when the answer is another one.
_PASSING: Final = frozenset({"days_past_due", "days_since_contact", "days_since_conversation"})


@dataclass(frozen=True, slots=True)
class ChangedCondition:
    """``turned``: the answer itself is another one; ``in_the_way`` now, so that the strategy
    would not propose it today."""

    text: str
    before: str
    now: str
    turned: bool
    in_the_way: bool


@dataclass(frozen=True, slots=True)
class ChangedAmount:
    currency: str
    before_minor: int
    now_minor: int

    @property
    def difference_minor(self) -> int:
        return self.now_minor - self.before_minor


def changed_conditions(
    before: Sequence[Looked], now: Sequence[Looked], *, on: date
) -> list[ChangedCondition]:
    """Those whose answer or value is another one; what turned comes first."""
    seen = {look.place: look for look in before}
    found = []
    for look in now:
        old = seen.get(look.place)
        if old is None or look.wanted != old.wanted:
            continue
        turned = old.held != look.held
        if turned or (old.value != look.value and look.what not in _PASSING):
            found.append(
                ChangedCondition(
                    _capital(condition_text(look)),
                    value_now_text(old, on=on),
                    value_now_text(look, on=on),
                    turned,
                    turned and (look.held if look.role != "when" else not look.held),
                )
            )
    return sorted(found, key=lambda change: not change.turned)


def changed_amounts(kind: str, before: Mapping[str, int], money: CaseMoney) -> list[ChangedAmount]:
    """What was proposed about beside what is owed now, by currency; nothing of money moved by hand,
    whose amount is not what is owed."""
    if kind in _BY_HAND:
        return []
    now = {
        one.currency: one.outstanding_minor if kind in _OF_ALL else one.due_minor
        for one in money.amounts
    }
    return [
        ChangedAmount(currency, minor, now.get(currency, 0))
        for currency, minor in sorted(before.items())
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
