"""What was owed on any day, as it was known then and as it is known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from ledger.lifecycle import COMPONENTS, Component

Part = tuple[str, date | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """An account on a day. ``parts`` are minor units per component and due day (None: not yet
    due), none of them 0; ``credit_minor`` is what the debtor had paid ahead.

    ``is_here`` is False before the day on which the account was taken over.
    """

    on: date
    is_here: bool = True
    parts: Mapping[Part, int] = field(default_factory=dict)
    credit_minor: int = 0

    @property
    def outstanding_minor(self) -> int:
        return sum(self.parts.values())

    @property
    def due_minor(self) -> int:
        return sum(minor for (_, due_on), minor in self.parts.items() if self._is_due(due_on))

    @property
    def due_since(self) -> date | None:
        """The oldest day from which anything unpaid was due."""
        days = [due_on for (_, due_on), minor in self.parts.items() if due_on and minor > 0]
        return min((on for on in days if on <= self.on), default=None)

    @property
    def days_past_due(self) -> int:
        return (self.on - self.due_since).days if self.due_since else 0

    def due_of(self, component: Component) -> int:
        return self._sum(component, due=True)

    def not_yet_due_of(self, component: Component) -> int:
        return self._sum(component, due=False)

    def _sum(self, component: Component, *, due: bool) -> int:
        return sum(
            minor
            for (name, due_on), minor in self.parts.items()
            if name == component and self._is_due(due_on) is due
        )

    def _is_due(self, due_on: date | None) -> bool:
        return due_on is not None and due_on <= self.on


_STANDINGS = """
    SELECT p.account_id, p.leg, p.due_on, sum(p.amount_minor)::bigint
    FROM ledger_transaction t
    JOIN ledger_account a ON a.id = t.account_id
    JOIN ledger_posting p ON p.transaction_id = t.id
    WHERE t.account_id = ANY(%(accounts)s) AND a.opened_on <= %(on)s
      AND t.effective_on <= %(on)s
      AND (%(known_at)s::timestamptz IS NULL OR t.recorded_at <= %(known_at)s)
      AND (p.leg = 'overpayment' OR p.leg = ANY(%(components)s))
    GROUP BY p.account_id, p.leg, p.due_on HAVING sum(p.amount_minor) <> 0
"""


def get_balances_as_of(*, account_id: int, on: date, known_at: datetime | None = None) -> Standing:
    """The account at the end of a day: as known at an instant, or as known now."""
    return list_balances_as_of(account_ids=[account_id], on=on, known_at=known_at)[account_id]


def list_balances_as_of(
    *, account_ids: Sequence[int], on: date, known_at: datetime | None = None
) -> dict[int, Standing]:
    """Of each of the accounts, in two statements. Interest counts as far as it is posted."""
    parts: dict[int, dict[Part, int]] = defaultdict(dict)
    credit: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_account WHERE id = ANY(%s) AND opened_on <= %s",
            [list(account_ids), on],
        )
        here = {int(row[0]) for row in cursor.fetchall()}
        cursor.execute(
            _STANDINGS,
            {
                "accounts": list(account_ids),
                "on": on,
                "known_at": known_at,
                "components": sorted(COMPONENTS),
            },
        )
        for account_id, leg, due_on, minor in cursor.fetchall():
            if leg in COMPONENTS:
                parts[account_id][leg, due_on] = minor
            else:
                credit[account_id] = -minor
    return {
        pk: Standing(on, pk in here, parts.get(pk, {}), credit.get(pk, 0)) for pk in account_ids
    }
