"""What the standing of debts is made from, and how it is kept, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from debtors.default_rules import Segment
from debtors.regulatory import DefaultReason, Forborne, Measure, Status
from debtors.standing import DebtHistory, Movement, Spell, amounts_of

HELD_COLUMNS: Final = (
    'from_on, until_on, "default", default_since, forborne, forborne_since, ends_on, stage, grounds'
)


class Owner(NamedTuple):
    """A debt and its main debtor. ``opened_on``: the first day that is known of the account."""

    debt_id: int
    debtor_id: int
    account_id: int
    currency: str
    is_consumer: bool
    opened_on: date


class Held(NamedTuple):
    """A row of a standing as it is kept; ``id`` is 0 for one that is not."""

    id: int
    from_on: date
    until_on: date | None
    default: str
    default_since: date | None
    forborne: str
    forborne_since: date | None
    ends_on: date | None
    stage: int
    grounds: dict[str, Any]

    @classmethod
    def of(cls, spell: Spell) -> Held:
        status = spell.status
        return cls(
            0, spell.from_on, spell.until_on, str(status.default or ""), status.default_since,
            str(status.forborne), status.forborne_since, status.ends_on, status.stage,
            spell.grounds,
        )  # fmt: skip

    @property
    def status(self) -> Status:
        return Status(
            DefaultReason(self.default) if self.default else None,
            self.default_since,
            Forborne(self.forborne),
            self.forborne_since,
            self.ends_on,
            self.stage,
        )


@dataclass(frozen=True, slots=True)
class Sources:
    """``held`` are the rows that are believed now, in order, by ``("debt" | "debtor", id)``;
    ``counted`` the debts that were judged before."""

    movements: Mapping[int, Sequence[Movement]]
    measures: Mapping[int, Sequence[Measure]]
    held: Mapping[tuple[str, int], Sequence[Held]]
    counted: frozenset[int]

    def history(self, owner: Owner) -> DebtHistory:
        return DebtHistory(
            debt_id=owner.debt_id,
            account_id=owner.account_id,
            currency=owner.currency,
            segment=Segment.RETAIL if owner.is_consumer else Segment.OTHER,
            known_on=owner.opened_on,
            amounts=amounts_of(self.movements.get(owner.account_id, ())),
            measures=self.measures.get(owner.debt_id, ()),
        )
