"""Debtors who pay: what they promised, what was agreed, and now and then unasked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cases.lifecycle import CaseStatus, Handler
from cases.models import Case
from collections_app.demo.staffing import ACTOR
from collections_app.demo.temperament import HABITS
from collections_app.demo.transfers import write_transfer
from collections_app.demo.world import Claim, World, list_claims
from contacts.lifecycle import MessageStatus
from contacts.models import Message
from ledger.lifecycle import UNDECIDED
from ledger.models import StatementEntry
from ledger.operations import accrue_interest
from negotiations.lifecycle import AgreementStatus
from negotiations.models import Agreement

_HANDLED_ELSEWHERE = {Handler.AGREEMENT, Handler.COURT, Handler.AGENCY}


def plan_after_messages(world: World, on: date) -> None:
    """Some of those whom a message reached today will pay in the days that follow."""
    reached = Message.objects.filter(
        status=MessageStatus.DELIVERED, delivered_on=on, case__status=CaseStatus.OPEN
    ).values_list("id", "case_id", "channel")
    for message_id, case_id, channel in reached:
        habits = HABITS[world.temperament(case_id)]
        chance = habits.pays_after_letter if channel == "letter" else habits.pays_after_reminder
        dice = world.dice("after", message_id)
        if dice.random() < chance:
            world.plan(on + timedelta(days=dice.randint(1, 9)), case_id, None, "wplata")


def plan_agreements(world: World) -> None:
    """Each instalment of a new agreement will be paid, late or not at all, as the debtor is."""
    fresh = Agreement.objects.filter(status=AgreementStatus.IN_FORCE).exclude(
        pk__in=world.instalments_planned
    )
    for agreement in fresh.prefetch_related("instalments"):
        world.instalments_planned.add(agreement.pk)
        habits = HABITS[world.temperament(agreement.case_id)]
        for instalment in agreement.instalments.all():
            dice = world.dice("instalment", agreement.pk, instalment.number)
            if dice.random() > habits.keeps_instalment:
                break
            day = instalment.due_on - timedelta(days=dice.choice([0, 0, 1, 2, 5]))
            world.plan(day, agreement.case_id, instalment.amount_minor, "rata ugody")


def pay(world: World, on: date, at: datetime) -> None:
    """Send what is planned for the day, and what comes unasked.

    Nobody pays for a debt for which money is under way.
    """
    under_way = _under_way(world)
    for case_id, amount_minor, word in world.planned.pop(on, []):
        _pay_case(world, case_id, amount_minor, on, at, word, under_way)
    waiting = Case.objects.filter(status=CaseStatus.OPEN).exclude(handled_by__in=_HANDLED_ELSEWHERE)
    for case_id in waiting.order_by("id").values_list("id", flat=True):
        dice = world.dice("unasked", case_id, on)
        if dice.random() < HABITS[world.temperament(case_id)].pays_something_any_day:
            for claim in list_claims(case_id)[:1]:
                part = max(claim.due_minor * dice.randint(10, 60) // 100, 1)
                _send(world, claim, part, on, "", under_way)


def _under_way(world: World) -> set[int]:
    waiting = StatementEntry.objects.filter(state__in=UNDECIDED)
    references = waiting.values_list("bank_reference", flat=True)
    return {world.meant_for[one] for one in references if one in world.meant_for}


def _pay_case(
    world: World, case_id: int, amount_minor: int | None, on: date, at: datetime, word: str,
    under_way: set[int],
) -> None:  # fmt: skip
    """Pay the oldest debts first; ``amount_minor`` is in the currency of the oldest.

    Whoever pays all of it asks before what it is on the day.
    """
    left = amount_minor
    if left is None:
        accounts = [claim.account_id for claim in list_claims(case_id)]
        accrue_interest(on=on, at=at, actor=ACTOR, account_ids=accounts)
    for claim in list_claims(case_id):
        part = claim.due_minor if left is None else min(left, claim.due_minor)
        if part <= 0:
            return
        _send(world, claim, part, on, word, under_way)
        left = left - part if left is not None else None


def _send(
    world: World, claim: Claim, amount_minor: int, on: date, word: str, under_way: set[int]
) -> None:
    if claim.account_id in under_way:
        return
    under_way.add(claim.account_id)
    transfer = write_transfer(
        account_id=claim.account_id, currency=claim.currency, amount_minor=amount_minor,
        word=word, on=on, dice=world.dice("transfer", claim.account_id, on),
    )  # fmt: skip
    world.meant_for[transfer.reference] = claim.account_id
    world.transfers.append(transfer)
