"""What the players of the demo share: who acts, whose turn it is, and what is to be paid when."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from cases.models import Case
from collections_app.demo.staffing import actors_of
from collections_app.demo.temperament import Temperament, temperament_of
from collections_app.demo.transfers import Transfer
from debtors.models import Debt
from kernel.actor import Actor
from kernel.errors import DomainError
from staff.rights import Role


class PlannedPayment(NamedTuple):
    """``amount_minor`` None: all that is due then. ``word`` is what the payer calls it."""

    case_id: int
    amount_minor: int | None
    word: str


class Claim(NamedTuple):
    """One account on which something is due."""

    account_id: int
    currency: str
    due_minor: int


@dataclass(slots=True)
class World:
    seed: int
    officers: list[Actor]
    leaders: list[Actor]
    managers: list[Actor]
    legal: list[Actor]
    planned: dict[date, list[PlannedPayment]] = field(
        default_factory=lambda: defaultdict(list[PlannedPayment])
    )
    instalments_planned: set[int] = field(default_factory=set)
    #: Money on its way, and that of which the bank told last.
    transfers: list[Transfer] = field(default_factory=list)
    told: list[Transfer] = field(default_factory=list)
    #: For which debt a transfer is, by its reference: while it waits nobody pays again.
    meant_for: dict[str, int] = field(default_factory=dict)
    #: Of the bank's accounts, by currency.
    balances: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, seed: int) -> World:
        return cls(
            seed,
            officers=actors_of(Role.OFFICER),
            leaders=actors_of(Role.TEAM_LEADER),
            managers=actors_of(Role.MANAGER),
            legal=actors_of(Role.LEGAL),
        )

    def dice(self, *what: object) -> random.Random:
        """Chance that is the same for the same thing in every telling of the story."""
        name = ":".join(str(part) for part in (self.seed, *what))
        return random.Random(name)  # noqa: S311 - a story, not a secret

    def temperament(self, case_id: int) -> Temperament:
        return temperament_of(case_id, self.seed)

    def plan(self, on: date, case_id: int, amount_minor: int | None, word: str) -> None:
        self.planned[on].append(PlannedPayment(case_id, amount_minor, word))


def list_claims(case_id: int) -> list[Claim]:
    """What is due on the case's own debts, the oldest first."""
    debtor_id = Case.objects.values_list("debtor_id", flat=True).get(pk=case_id)
    rows = (
        Debt.objects.filter(
            parties__debtor_id=debtor_id,
            parties__role="main_debtor",
            account__due_minor__gt=0,
        )
        .order_by("account__due_since", "id")
        .values_list("account_id", "currency", "account__due_minor")
    )
    return [Claim(*row) for row in rows]


def attempt(act: Callable[..., Any], **what: Any) -> None:
    """What the rules refuse on this day stays as it is, as it would with people."""
    try:
        act(**what)
    except DomainError:
        return
