"""Everything the case page shows, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db.models import Prefetch, QuerySet

from agencies.models import Placement
from cases.locking import CaseNotFound
from cases.models import Case, Hold, WorkItem
from contacts.lifecycle import AttemptResult, Direction
from contacts.models import Attempt, Message, Promise, RestructuringRequest, Termination
from courts.models import Referral
from debtors.lifecycle import Channel, PartyRole
from debtors.models import Address, ContactPoint, Debt, DebtParty
from debtors.queries import DebtorStanding, get_debtor_standing
from kernel.actor import Actor
from ledger.lifecycle import Component
from ledger.models import Balance
from negotiations.models import Agreement, Instalment

MOST_PROMISES: Final = 5
#: How many letters and messages, and how many attempts, a page looks at.
MOST_MESSAGES: Final = 40
MOST_ATTEMPTS: Final = 300


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

    @property
    def is_settled(self) -> bool:
        """Nothing is owed on it any more."""
        return self.outstanding_minor <= 0

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
    due_since: date | None = None

    def add(self, money: DebtMoney) -> None:
        self.due_minor += money.due_minor
        self.outstanding_minor += money.outstanding_minor
        for component, minor in money.due.items():
            self.due[component] += minor
        since = [day for day in (self.due_since, money.debt.account.due_since) if day]
        self.due_since = min(since, default=None)


class PastAttempt(NamedTuple):
    """One try to reach the debtor; ``contact_point_id`` is None where nobody said which."""

    contact_point_id: int | None
    channel: Channel
    direction: Direction
    result: AttemptResult
    is_conversation: bool
    happened_at: datetime
    happened_on: date


@dataclass(frozen=True, slots=True)
class CaseFile:
    """``contact_points`` and ``addresses`` are the debtor's; ``points_of_all`` and
    ``addresses_of_all`` those of everybody on the debts, and ``reachable_ids`` names who has a
    usable contact point or address. ``attempts`` and ``messages`` are the newest, newest first."""

    case: Case
    debts: Sequence[DebtMoney]
    parties: Sequence[DebtParty]
    contact_points: Sequence[ContactPoint]
    points_of_all: Sequence[ContactPoint]
    addresses: Sequence[Address]
    addresses_of_all: Sequence[Address]
    reachable_ids: frozenset[int]
    attempts: Sequence[PastAttempt]
    messages: Sequence[Message]
    requests: Sequence[RestructuringRequest]
    holds: Sequence[Hold]
    work: Sequence[WorkItem]
    promises: Sequence[Promise]
    agreements: Sequence[Agreement]
    placements: Sequence[Placement]
    referrals: Sequence[Referral]
    terminations: Sequence[Termination]
    standing: DebtorStanding

    @property
    def account_ids(self) -> list[int]:
        return [money.debt.account_id for money in self.debts]

    @property
    def main_currency(self) -> str:
        """The one in which most is due; złoty for a case without debts."""
        return self.totals[0].currency if self.debts else "PLN"

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
    parties = _parties(case)
    people = {case.debtor_id, *(party.debtor_id for party in parties)}
    points = list(
        ContactPoint.objects.filter(debtor_id__in=people).order_by("-is_usable", "kind", "id")
    )
    addresses = list(
        Address.objects.filter(debtor_id__in=people).order_by("-is_usable", "kind", "id")
    )
    return CaseFile(
        case=case,
        debts=sorted(
            (DebtMoney(debt, due.get(debt.account_id, {})) for debt in debts), key=_most_pressing
        ),
        parties=parties,
        contact_points=[point for point in points if point.debtor_id == case.debtor_id],
        points_of_all=points,
        addresses=[address for address in addresses if address.debtor_id == case.debtor_id],
        addresses_of_all=addresses,
        reachable_ids=frozenset(
            [
                *(point.debtor_id for point in points if point.is_usable),
                *(address.debtor_id for address in addresses if address.is_usable),
            ]
        ),
        attempts=_attempts(case),
        messages=list(case.messages.order_by("-id")[:MOST_MESSAGES]),
        requests=list(case.restructuring_requests.order_by("-id")[:3]),
        holds=list(case.holds.filter(ended_on__isnull=True).order_by("from_on", "id")),
        work=list(case.work_items.filter(status="open").order_by("due_on", "priority", "id")),
        promises=list(case.promises.order_by("-due_on", "-id")[:MOST_PROMISES]),
        agreements=list(case.agreements.order_by("-id").prefetch_related(instalments)[:3]),
        placements=list(case.placements.select_related("agency").order_by("-id")[:3]),
        referrals=list(case.referrals.order_by("-id")[:3]),
        terminations=list(case.terminations.order_by("-id")[:3]),
        standing=get_debtor_standing(
            debtor_id=case.debtor_id, debt_ids=[debt.pk for debt in debts], on=on
        ),
    )


def _most_pressing(money: DebtMoney) -> tuple[bool, str, date, int]:
    """Settled ones last; one currency after the other, the longest due first."""
    since = money.debt.account.due_since or date.max
    return money.is_settled, money.debt.currency, since, money.debt.pk


def _parties(case: Case) -> list[DebtParty]:
    """Everybody on the debts that the debtor of the case mainly owes."""
    mine = DebtParty.objects.filter(debtor_id=case.debtor_id, role=PartyRole.MAIN_DEBTOR)
    parties: QuerySet[DebtParty] = DebtParty.objects.filter(debt__in=mine.values("debt_id"))
    return sorted(
        parties.select_related("debtor"),
        key=lambda party: (
            _ROLES.index(PartyRole(party.role)),
            party.debtor.sort_key,
            party.debt_id,
        ),
    )


_ROLES: Final = [PartyRole.MAIN_DEBTOR, PartyRole.CO_DEBTOR, PartyRole.GUARANTOR]


def _attempts(case: Case) -> list[PastAttempt]:
    rows = Attempt.objects.filter(case=case, struck_at__isnull=True).order_by("-happened_at", "-id")
    return [
        PastAttempt(
            point_id, Channel(channel), Direction(direction), AttemptResult(result), spoke, at, on
        )
        for point_id, channel, direction, result, spoke, at, on in rows.values_list(
            "contact_point_id",
            "channel",
            "direction",
            "result",
            "is_conversation",
            "happened_at",
            "happened_on",
        )[:MOST_ATTEMPTS]
    ]


def _due_by_component(account_ids: Sequence[int], on: date) -> dict[int, dict[Component, int]]:
    due: dict[int, dict[Component, int]] = defaultdict(lambda: defaultdict(int))
    rows = Balance.objects.filter(account_id__in=account_ids, due_on__lte=on)
    for account_id, component, minor in rows.values_list("account_id", "component", "amount_minor"):
        due[account_id][Component(component)] += minor
    return due
