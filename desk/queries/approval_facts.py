"""What a decision is about: the thing that is proposed, and the debtor and debts it touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from bookkeeping.models import Charge, Refund, WriteOff
from bookkeeping.queries.debts import CaseDebt, list_case_debts
from cases.lifecycle import HoldKind
from cases.models import Case
from cases.queries.approvals import ApprovalRow
from contacts.models import Termination
from desk.queries.context import LastContact, OpenHold, list_last_contacts, list_open_holds
from desk.queries.money import CaseMoney, list_case_money
from kernel.actor import Actor
from negotiations.models import Agreement, Instalment
from negotiations.queries import AgreementRow, get_agreement
from staff.lifecycle import ApprovalKind

ByHand = WriteOff | Refund | Charge
_BY_HAND: dict[str, type[ByHand]] = {
    ApprovalKind.WRITE_OFF: WriteOff,
    ApprovalKind.REFUND: Refund,
    ApprovalKind.CHARGE: Charge,
}


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """``touched`` are the accounts that the decision is about, where it is not the whole case.
    ``holds`` leave out the one that the open proposal itself has placed."""

    case: Case
    debts: Sequence[CaseDebt]
    touched: frozenset[int]
    holds: Sequence[OpenHold]
    last_contact: LastContact | None
    agreement: AgreementRow | None = None
    by_hand: ByHand | None = None
    termination: Termination | None = None


def get_approval_facts(*, row: ApprovalRow, actor: Actor, on: date) -> ApprovalFacts:
    """Of a proposal that the actor has been shown."""
    case = Case.objects.select_related("team", "owner").get(pk=row.case_id)
    debts = list_case_debts(case_id=case.pk)
    holds = list_open_holds(case_ids=[case.pk], on=on).get(case.pk, [])
    agreement, by_hand, termination = None, None, None
    touched: frozenset[int] = frozenset()
    if row.kind == ApprovalKind.AGREEMENT:
        agreement = get_agreement(agreement_id=row.id, actor=actor)
    elif row.kind == ApprovalKind.TERMINATION:
        termination = Termination.objects.select_related("notice").get(pk=row.id)
        named = set(termination.debt_ids)
        touched = frozenset(debt.account_id for debt in debts if debt.debt_id in named)
    elif row.kind in _BY_HAND:
        by_hand = _BY_HAND[row.kind].objects.get(pk=row.id)
        touched = frozenset({by_hand.account_id})
    return ApprovalFacts(
        case=case,
        debts=debts,
        touched=touched,
        holds=[hold for hold in holds if hold.kind is not HoldKind.APPROVAL],
        last_contact=list_last_contacts(case_ids=[case.pk]).get(case.pk),
        agreement=agreement,
        by_hand=by_hand,
        termination=termination,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """An agreement in one line: how many instalments, and from when."""

    instalments: int
    first_on: date
    write_off_minor: int


@dataclass(frozen=True, slots=True)
class BriefFacts:
    """What stands in the second lines of a list; by case, and by the id of the kind's own."""

    money: Mapping[int, CaseMoney]
    notices: Mapping[int, date]
    plans: Mapping[int, Plan]
    write_offs: Mapping[int, str]
    fees: Mapping[int, str]


def list_brief_facts(*, rows: Sequence[ApprovalRow]) -> BriefFacts:
    """In one statement for the cases and one for each kind that is there."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, []).append(row.id)
    notices = Termination.objects.filter(pk__in=ids.get(ApprovalKind.TERMINATION, []))
    write_offs = WriteOff.objects.filter(pk__in=ids.get(ApprovalKind.WRITE_OFF, []))
    fees = Charge.objects.filter(pk__in=ids.get(ApprovalKind.CHARGE, []))
    return BriefFacts(
        money=list_case_money(case_ids=[row.case_id for row in rows]),
        notices={
            pk: on for pk, on in notices.values_list("pk", "notice__delivered_on") if on is not None
        },
        plans=_plans(ids.get(ApprovalKind.AGREEMENT, [])),
        write_offs=dict(write_offs.values_list("pk", "reason")),
        fees=dict(fees.values_list("pk", "fee")),
    )


def _plans(agreement_ids: Sequence[int]) -> dict[int, Plan]:
    agreements = Agreement.objects.filter(pk__in=agreement_ids)
    waived = dict(agreements.values_list("pk", "write_off_minor"))
    grouped = (
        Instalment.objects.filter(agreement_id__in=agreement_ids)
        .values("agreement_id")
        .annotate(parts=Count("id"), first_on=Min("due_on"))
    )
    return {
        part["agreement_id"]: Plan(part["parts"], part["first_on"], waived[part["agreement_id"]])
        for part in grouped
    }
