"""Pay an overpayment back, and say what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from bookkeeping import operations
from bookkeeping.management.naming import AmountType, find_debt
from bookkeeping.models import Refund
from bookkeeping.wording import say_refusal
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.money import Money
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Propose a refund, hand it over, confirm that it is paid (a bank statement mostly does),"
        " or that it came back."
    )
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        acts = parser.add_subparsers(dest="move", required=True)
        propose = acts.add_parser("propose", help="ask for an overpayment to be paid back")
        propose.add_argument("case", metavar="CASE")
        propose.add_argument("contract", metavar="CONTRACT")
        propose.add_argument("--amount", type=AmountType(), help="instead of all of it")
        propose.add_argument("--to-account", required=True, help="an IBAN, or 26 digits")
        propose.add_argument("--to-name", required=True)
        propose.add_argument("--note", required=True, help="who asked for it, and how")
        propose.add_argument("--despite-arrears", action="store_true")
        propose.add_argument("--key", help="the same key again proposes nothing twice")
        for name in ("hand-over", "confirm", "return", "withdraw"):
            act = acts.add_parser(name)
            act.add_argument("refund", type=int, metavar="ID")
            if name == "confirm":
                act.add_argument("--on", type=date.fromisoformat, help="the day; today otherwise")
                act.add_argument("--bank-reference", default="")
            elif name != "hand-over":
                act.add_argument("--reason", required=True)

    def act(self, **options: Any) -> Mapping[str, Any]:
        actor = self.actor(**options)
        row = _propose(actor, options) if options["move"] == "propose" else _move(actor, options)
        return {
            "refund": f"refund:{row.pk}",
            "status": row.status,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "needs_approval": row.needs_approval,
        }

    def say(self, error: DomainError) -> str:
        return say_refusal(error)


def _propose(actor: Actor, options: Mapping[str, Any]) -> Refund:
    at = clock.now()
    case, debt = find_debt(options["case"], options["contract"], actor)
    amount = options["amount"]
    return operations.propose_refund(
        case_id=case.pk,
        account_id=debt.account_id,
        amount_minor=Money.from_decimal(amount, debt.currency).minor if amount else None,
        to_account_no=options["to_account"],
        to_name=options["to_name"],
        note=options["note"],
        despite_arrears=options["despite_arrears"],
        submission=options["key"] or f"command:{actor.id}:{debt.account_id}:{at.isoformat()}",
        actor=actor,
        at=at,
    )


def _move(actor: Actor, options: Mapping[str, Any]) -> Refund:
    common: dict[str, Any] = {"refund_id": options["refund"], "actor": actor, "at": clock.now()}
    match options["move"]:
        case "hand-over":
            return operations.hand_over_refund(**common)
        case "confirm":
            return operations.confirm_refund(
                paid_back_on=options["on"] or clock.today(),
                bank_reference=options["bank_reference"],
                **common,
            )
        case "return":
            return operations.return_refund(reason=options["reason"], **common)
        case _:
            return operations.withdraw_refund(reason=options["reason"], **common)
