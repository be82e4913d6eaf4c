"""Everything the case page shows, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch

from agencies.models import Placement
from cases.locking import CaseNotFound
from cases.models import Case, Hold, WorkItem
from contacts.models import Promise, Termination
from courts.models import Referral
from debtors.lifecycle import PartyRole
from debtors.models import Address, ContactPoint, Debt, DebtParty
from kernel.actor import Actor
from ledger.lifecycle import Component
from ledger.models import Balance
from negotiations.models import Agreement, Instalment


@dataclass(frozen=True, slots=True)
class DebtMoney:
    """One debt; ``due`` is what is due of it by component, in minor units."""

    debt: Debt
    due: dict[Component, int]

    @property
    def due_minor(self) -> int:
        return max(self.debt.account.due_minor, 0)

    @property
    def outstanding_minor(self) -> int:
        return self.debt.account.outstanding_minor

    def days_past_due(self, on: date) -> int:
        since = self.debt.account.due_since
        return max((on - since).days, 0) if since else 0


@dataclass(slots=True)
class Total:
    """One currency of the case."""

    currency: str
    due_minor: int = 0
    outstanding_minor: int = 0
    due: dict[Component, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, money: DebtMoney) -> None:
        self.due_minor += money.due_minor
        self.outstanding_minor += money.outstanding_minor
        for component, minor in money.due.items():
            self.due[component] += minor


@dataclass(frozen=True, slots=True)
class CaseFile:
    case: Case
    debts: Sequence[DebtMoney]
    parties: Sequence[DebtParty]
    contact_points: Sequence[ContactPoint]
    addresses: Sequence[Address]
    holds: Sequence[Hold]
    work: Sequence[WorkItem]
    promises: Sequence[Promise]
    agreements: Sequence[Agreement]
    placements: Sequence[Placement]
    referrals: Sequence[Referral]
    terminations: Sequence[Termination]

    @property
    def account_ids(self) -> list[int]:
        return [money.debt.account_id for money in self.debts]

    @property
    def totals(self) -> list[Total]:
        """By currency, the largest amount due first."""
        totals: dict[str, Total] = {}
        for money in self.debts:
            totals.setdefault(money.debt.currency, Total(money.debt.currency)).add(money)
        return sorted(totals.values(), key=lambda total: (-total.due_minor, total.currency))


def get_case(*, number: str, actor: Actor) -> Case:
    """Raises CaseNotFound, also for a case of another team than the actor's."""
    cases = Case.objects.select_related("debtor", "team", "owner").filter(number=number)
    if actor.team_id is not None:
        cases = cases.filter(team_id=actor.team_id)
    case = cases.first()
    if case is None:
        raise CaseNotFound(number=number)
    return case


def get_case_file(*, case: Case, on: date) -> CaseFile:
    """What the case holds on the day; finished things only as far as they still matter."""
    main = {"parties__debtor_id": case.debtor_id, "parties__role": PartyRole.MAIN_DEBTOR}
    debts = list(Debt.objects.filter(**main).select_related("account").order_by("id"))
    due = _due_by_component([debt.account_id for debt in debts], on)
    instalments = Prefetch("instalments", Instalment.objects.order_by("number"))
    return CaseFile(
        case=case,
        debts=[DebtMoney(debt, due.get(debt.account_id, {})) for debt in debts],
        parties=list(
            DebtParty.objects.filter(debt__in=debts)
            .select_related("debtor", "debt")
            .order_by("role", "debtor__sort_key", "debt_id")
        ),
        contact_points=list(
            ContactPoint.objects.filter(debtor_id=case.debtor_id).order_by("-is_usable", "id")
        ),
        addresses=list(Address.objects.filter(debtor_id=case.debtor_id).order_by("id")),
        holds=list(case.holds.filter(ended_on__isnull=True).order_by("from_on", "id")),
        work=list(case.work_items.filter(status="open").order_by("due_on", "priority", "id")),
        promises=list(case.promises.order_by("-due_on", "-id")[:5]),
        agreements=list(case.agreements.order_by("-id").prefetch_related(instalments)[:3]),
        placements=list(case.placements.select_related("agency").order_by("-id")[:3]),
        referrals=list(case.referrals.order_by("-id")[:3]),
        terminations=list(case.terminations.order_by("-id")[:3]),
    )


def _due_by_component(account_ids: Sequence[int], on: date) -> dict[int, dict[Component, int]]:
    due: dict[int, dict[Component, int]] = defaultdict(lambda: defaultdict(int))
    rows = Balance.objects.filter(account_id__in=account_ids, due_on__lte=on)
    for account_id, component, minor in rows.values_list("account_id", "component", "amount_minor"):
        due[account_id][Component(component)] += minor
    return due
