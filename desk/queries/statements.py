"""Bank statements as people look at them, and the payments that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count

from ledger.lifecycle import UNDECIDED
from ledger.models import BankStatement, StatementEntry, StatementFile


class NamedAccount(NamedTuple):
    """A debt that a payment may be for."""

    account_id: int
    case_number: str
    debtor_name: str
    contract_no: str
    currency: str
    due_minor: int


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """``choices`` are the debts that the machine found, best first; ``returned`` the payments
    that it may take back."""

    entry: StatementEntry
    choices: Sequence[NamedAccount]
    returned: Sequence[StatementEntry] = ()


_NAMED = """
    SELECT a.id, c.number, d.display_name, b.contract_no, a.currency, a.due_minor
    FROM ledger_account a
    JOIN debtors_debt b ON b.account_id = a.id
    JOIN debtors_debtparty p ON p.debt_id = b.id AND p.role = 'main_debtor'
    JOIN debtors_debtor d ON d.id = p.debtor_id
    JOIN cases_case c ON c.debtor_id = p.debtor_id
    WHERE a.id = ANY(%s)
    ORDER BY a.due_since NULLS LAST, a.id
"""
_MEANT_FOR = """
    SELECT p.entry_id, t.account_id
    FROM ledger_entryposting p JOIN ledger_transaction t ON t.id = p.transaction_id
    WHERE p.entry_id = ANY(%(entries)s) AND NOT EXISTS (
        SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id
    )
    UNION
    SELECT entry_id, account_id FROM ledger_announcedpayment WHERE entry_id = ANY(%(entries)s)
    UNION
    SELECT entry_id, account_id FROM bookkeeping_refund WHERE entry_id = ANY(%(entries)s)
    ORDER BY 1, 2
"""
_ACCOUNTS_OF = """
    SELECT b.account_id FROM cases_case c
    JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt b ON b.id = p.debt_id
    WHERE c.number = %(text)s
    UNION
    SELECT account_id FROM debtors_debt WHERE contract_no = %(text)s
"""


def list_statement_files(*, before_id: int | None = None, limit: int = 50) -> list[StatementFile]:
    """The files that were understood, newest first."""
    files = StatementFile.objects.prefetch_related("statements").order_by("-id")
    return list((files.filter(pk__lt=before_id) if before_id else files)[:limit])


def count_waiting(*, file_ids: Sequence[int]) -> dict[int, int]:
    """How many payments of each file wait for a person; files without any are left out."""
    waiting = StatementEntry.objects.filter(state__in=UNDECIDED, statement__file_id__in=file_ids)
    counted = waiting.values("statement__file_id").annotate(Count("id"))
    return dict(counted.values_list("statement__file_id", "id__count"))


def list_statements_of_file(*, file_id: int) -> list[BankStatement]:
    return list(BankStatement.objects.filter(file_id=file_id).order_by("id"))


def list_entries(
    *, file_id: int, after_id: int | None = None, limit: int = 100
) -> list[StatementEntry]:
    """The entries of a file in their order."""
    entries = StatementEntry.objects.filter(statement__file_id=file_id).order_by("id")
    entries = entries.select_related("statement", "tied_to", "refund")
    return list((entries.filter(pk__gt=after_id) if after_id else entries)[:limit])


def list_meant_for(*, entry_ids: Sequence[int]) -> dict[int, list[NamedAccount]]:
    """The debts for which entries were posted, announced or paid back, by entry."""
    with connection.cursor() as cursor:
        cursor.execute(_MEANT_FOR, {"entries": list(entry_ids)})
        pairs = cursor.fetchall()
    named = get_named_accounts(account_ids=sorted({account_id for _, account_id in pairs}))
    found: dict[int, list[NamedAccount]] = {}
    for entry_id, account_id in pairs:
        if account_id in named:
            found.setdefault(entry_id, []).append(named[account_id])
    return found


def list_inbox(*, after_id: int | None = None, limit: int = 50) -> list[InboxEntry]:
    """What waits for a person, oldest first, each with the debts that it may be for."""
    waiting = StatementEntry.objects.filter(state__in=UNDECIDED).select_related("statement")
    waiting = waiting.order_by("id")
    entries = list((waiting.filter(pk__gt=after_id) if after_id else waiting)[:limit])
    wanted = {pk for entry in entries for pk in entry.proposal.get("accounts", [])}
    named = get_named_accounts(account_ids=sorted(wanted))
    payments = StatementEntry.objects.in_bulk(
        {pk for entry in entries for pk in entry.proposal.get("returned", [])}
    )
    return [
        InboxEntry(
            entry,
            [named[pk] for pk in entry.proposal.get("accounts", []) if pk in named],
            [payments[pk] for pk in entry.proposal.get("returned", []) if pk in payments],
        )
        for entry in entries
    ]


def count_inbox(*, cap: int = 1000) -> int:
    """How many payments wait for a person, counted to the cap."""
    waiting = StatementEntry.objects.filter(state__in=UNDECIDED)
    return len(waiting.values_list("id")[:cap])


def get_named_accounts(*, account_ids: Sequence[int]) -> Mapping[int, NamedAccount]:
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [list(account_ids)])
        return {row[0]: NamedAccount(*row) for row in cursor.fetchall()}


def list_accounts_called(*, text: str) -> list[NamedAccount]:
    """The debts of the case with this number, or with this contract number; longest due first."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS_OF, {"text": text.strip()})
        found: list[Any] = [row[0] for row in cursor.fetchall()]
    return list(get_named_accounts(account_ids=found).values())
