"""An entry that waits, as far as matching looks at it, and what is to become of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models.fields.json import KeyTextTransform

from journal.operations import Subject
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine
from ledger.lifecycle import ENTRY_LIFECYCLE
from ledger.matching import Verdict
from ledger.models import StatementEntry
from ledger.payment_names import names_in
from ledger.queries.naming import NamedBy
from ledger.returned_payments import Movement

_MOVES: Final = {
    Verdict.POST: "post",
    Verdict.PROPOSE: "propose",
    Verdict.SUSPEND: "suspend",
}
COLUMNS: Final = (
    "id", "amount_minor", "currency", "value_on", "booked_on", "title", "party_name",
    "party_account", "end_to_end_id", "bank_reference", "is_return", "is_reversal",
    "statement__account_no", "doubt",
)  # fmt: skip
#: The way of the framework to name it keeps the caller's locals alive for the search for cycles.
DOUBT: Final = KeyTextTransform("doubt", "proposal")


class Waiting(NamedTuple):
    """The columns of an entry, in their order. ``doubt`` says why a person has to decide."""

    id: int
    amount_minor: int
    currency: str
    value_on: date | None
    booked_on: date | None
    title: str
    party_name: str
    party_account: str
    end_to_end_id: str
    bank_reference: str
    is_return: bool
    is_reversal: bool
    own_account: str
    doubt: str | None = None

    def named_by(self) -> NamedBy:
        reference = f"{self.end_to_end_id} {self.bank_reference}"
        names = names_in(
            title=self.title,
            reference=reference,
            party_account=self.party_account,
            own_account=self.own_account,
        )
        return NamedBy(self.amount_minor, names, self.party_name, self.title, reference)

    def day(self, today: date) -> date:
        """The day on which the bank has the money."""
        return self.value_on or self.booked_on or today

    def movement(self) -> Movement:
        return Movement(
            self.id, self.own_account, self.amount_minor, self.currency,
            self.booked_on or self.value_on, self.end_to_end_id, self.bank_reference,
            self.party_account, self.title,
        )  # fmt: skip


@dataclass(slots=True)
class Found:
    """What is to become of an entry; ``proposal`` is kept with it.

    ``returned_id`` is the payment that it certainly takes back.
    """

    entry: Waiting
    verdict: Verdict
    proposal: dict[str, Any]
    shares: Mapping[int, int] = field(default_factory=dict)
    returned_id: int | None = None


def doubted(found: Found) -> Found:
    """What is in doubt is proposed at most."""
    if found.entry.doubt is None:
        return found
    if found.shares:
        found.proposal["shares"] = {str(pk): amount for pk, amount in found.shares.items()}
    if found.verdict is Verdict.POST:
        found.verdict = Verdict.PROPOSE
    found.shares, found.returned_id = {}, None
    found.proposal["doubt"] = found.entry.doubt
    found.proposal["reasons"] += [{"code": found.entry.doubt, "found_in": "", "percent": 0}]
    return found


@by_machine
def move_found(*, found: Sequence[Found], actor: Actor, at: datetime) -> None:
    by_id = {one.entry.id: one for one in found}
    for verdict, move in _MOVES.items():
        move_statuses(
            model=StatementEntry,
            ids=[pk for pk, one in by_id.items() if one.verdict is verdict],
            lifecycle=ENTRY_LIFECYCLE,
            move=move,
            subject_of=lambda pk: Subject("statement_entry", pk),
            payload_of=lambda pk: {
                "amount_minor": by_id[pk].entry.amount_minor,
                "currency": by_id[pk].entry.currency,
            },
            changes={"decided_at": at},
            json_of=("proposal", lambda pk: json.dumps(by_id[pk].proposal)),
            actor=actor,
            at=at,
            field="state",
        )
