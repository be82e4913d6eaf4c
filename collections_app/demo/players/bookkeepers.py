"""People who move money by hand: fees, what is written off, and what was paid twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from bookkeeping.lifecycle import RefundStatus, WriteOffReason
from bookkeeping.models import Refund
from bookkeeping.operations import (
    charge_fee,
    hand_over_refund,
    propose_refund,
    propose_small_balances,
    propose_write_off,
)
from cases.lifecycle import CaseStatus, Stage
from cases.models import Case
from collections_app.demo.transfers import account_of, write_transfer
from collections_app.demo.world import World, attempt, list_claims
from contacts.lifecycle import MessageStatus
from contacts.models import Message
from debtors.models import Debt
from kernel.actor import Actor
from ledger.lifecycle import Component
from ledger.models import Transaction

_MONDAY: Final = 0
#: Of the formal letters that arrived, so many are charged to the debtor.
_CHARGED: Final = 0.15
#: Of those who paid everything, so many pay the last instalment once more.
_PAYS_TWICE: Final = 0.1
#: Of the cases past direct contact, so many are looked at in a week to be written off.
_LOOKED_AT: Final = 0.015
#: Nobody asks back what is less.
_WORTH_ASKING_MINOR: Final = 10_00
_REASONS: Final = (
    (WriteOffReason.COSTS_EXCEED_VALUE, "Komornik umorzył egzekucję, brak majątku."),
    (WriteOffReason.HARDSHIP, "Renta, troje dzieci; dokumenty w aktach."),
    (WriteOffReason.UNCOLLECTABLE, "Nie ustalono majątku ani miejsca pobytu."),
)


def charge_letters(world: World, on: date, at: datetime) -> None:
    """The cost of a demand that arrived the day before."""
    arrived = Message.objects.filter(
        status=MessageStatus.DELIVERED, delivered_on=on - timedelta(days=1), channel="letter",
        case__status=CaseStatus.OPEN,
    )  # fmt: skip
    for message_id, case_id in arrived.order_by("id").values_list("id", "case_id"):
        if world.dice("charge", message_id).random() >= _CHARGED:
            continue
        for claim in list_claims(case_id)[:1]:
            attempt(
                charge_fee, case_id=case_id, account_id=claim.account_id, fee="demand_letter",
                occasion=f"pismo {message_id}", charged_on=on, actor=_officer(world, case_id),
                at=at,
            )  # fmt: skip


def give_up_claims(world: World, on: date, at: datetime) -> None:
    """Once a week some claims are proposed to be written off, and the small balances of all."""
    if on.weekday() == _MONDAY:
        late = Case.objects.filter(status=CaseStatus.OPEN).exclude(stage=Stage.DIRECT_CONTACT)
        for case_id in late.order_by("id").values_list("id", flat=True):
            dice = world.dice("give up", case_id, on)
            if dice.random() >= _LOOKED_AT:
                continue
            reason, note = dice.choice(_REASONS)
            only_interest = dice.random() < 0.5
            for claim in list_claims(case_id)[:1]:
                attempt(
                    propose_write_off, case_id=case_id, account_id=claim.account_id,
                    amount_minor=None,
                    components=[Component.DEFAULT_INTEREST] if only_interest else [],
                    reason=reason, note=note, submission=f"demo:{case_id}:{on}",
                    actor=_officer(world, case_id), at=at,
                )  # fmt: skip
        for currency in ("PLN", "EUR"):
            attempt(propose_small_balances, currency=currency, actor=world.managers[-1], at=at)


def pay_back(world: World, on: date, at: datetime) -> None:
    """Somebody pays what was paid already; the officer asks where it should go, a manager decides
    about it among the approvals, and the bank sends it and tells of it."""
    for debt, paid in _paid_in_full(world, on - timedelta(days=1)):
        transfer = write_transfer(
            account_id=debt.account_id, currency=debt.currency, amount_minor=paid, word="wplata",
            on=on, dice=world.dice("twice as well", debt.account_id),
        )  # fmt: skip
        world.meant_for[transfer.reference] = debt.account_id
        world.transfers.append(transfer)
    overpaid = Debt.objects.filter(account__overpaid_minor__gte=_WORTH_ASKING_MINOR)
    for debt in overpaid.filter(account__refunds=None).select_related("account").order_by("id"):
        case = Case.objects.filter(debtor__parties__debt=debt).order_by("-id").first()
        if case is not None:
            attempt(
                propose_refund, case_id=case.pk, account_id=debt.account_id, amount_minor=None,
                to_account_no=account_of(case.debtor_id), to_name=case.debtor.display_name,
                note="Wpłata wpłynęła drugi raz; dłużnik prosi o zwrot.",
                submission=f"demo:{debt.account_id}", actor=_officer(world, case.pk), at=at,
            )  # fmt: skip
    for refund in Refund.objects.filter(status=RefundStatus.APPROVED):
        attempt(hand_over_refund, refund_id=refund.pk, actor=world.managers[0], at=at)


def _paid_in_full(world: World, on: date) -> Iterator[tuple[Debt, int]]:
    """Debts of which a payment of that day left nothing due, and what comes beside it."""
    last = Transaction.objects.filter(
        kind="payment", effective_on=on, account__due_minor=0, account__overpaid_minor=0
    )
    for account_id in last.order_by("account_id").values_list("account_id", flat=True).distinct():
        dice = world.dice("twice", account_id)
        debt = Debt.objects.filter(account_id=account_id).first()
        if debt is not None and dice.random() < _PAYS_TWICE:
            yield debt, dice.randint(20, 400) * 100


def _officer(world: World, case_id: int) -> Actor:
    """Whose case it is, or one of the team."""
    case = Case.objects.only("owner_id", "team_id").get(pk=case_id)
    own = [one for one in world.officers if one.user_id == case.owner_id]
    team = [one for one in world.officers if one.team_id == case.team_id]
    return (own or team or world.officers)[0]
