"""Post what an agency collected, from its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from agencies.exchange import PaymentLine, read_payments
from agencies.operations import record_agency_payment
from agencies.queries import get_agency_by_name
from agencies.wording import say_refusal
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.money import Money
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = (
        "Post an agency's payments. CSV with the columns reference, placement_id, contract_no"
        " (may be empty), amount, currency, paid_on. Lines that were posted before change nothing;"
        " a bad line is reported and stops no other."
    )
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, help="whose file it is: name or number")

    def act(self, **options: Any) -> Mapping[str, Any]:
        actor = self.actor(**options)
        agency = get_agency_by_name(name=options["agency"])
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        counts = {"read": 0, "posted": 0, "known": 0}
        totals: dict[str, list[int]] = {}
        refused = []
        for line in read_payments(text):
            counts["read"] += 1
            if not isinstance(line, PaymentLine):
                refused.append({"line": line.line, "column": line.column, "value": line.value,
                                "why": line.why})  # fmt: skip
                continue
            try:
                is_new, commission = self._post(line, agency.pk, actor)
            except DomainError as error:
                refused.append({"line": line.line, "why": error.code, **error.values})
                continue
            counts["posted" if is_new else "known"] += 1
            if is_new:
                sums = totals.setdefault(line.amount.currency, [0, 0])
                sums[0] += line.amount.minor
                sums[1] += commission
        return {
            **counts,
            "totals": {name: _decimal(sums[0], name) for name, sums in sorted(totals.items())},
            "commission": {name: _decimal(sums[1], name) for name, sums in sorted(totals.items())},
            "refused": refused,
        }

    def _post(self, line: PaymentLine, agency_id: int, actor: Actor) -> tuple[bool, int]:
        recorded = record_agency_payment(
            agency_id=agency_id,
            placement_id=line.placement_id,
            reference=line.reference,
            amount=line.amount,
            paid_on=line.paid_on,
            contract_no=line.contract_no,
            actor=actor,
            at=clock.now(),
        )
        return recorded.is_new, recorded.payment.commission_minor

    def say(self, error: DomainError) -> str:
        return say_refusal(error)


def _decimal(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).to_decimal():f}"
