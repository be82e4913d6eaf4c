"""A file of bank statements as a client sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.utils import translation

from kernel.errors import NotFound
from kernel.money import Money
from ledger.models import BankStatement, StatementEntry, StatementFile
from ledger.statement_wording import say_finding

#: Beyond what a bigint holds there is no file.
_LAST_ID = 2**63 - 1


class StatementFileNotFound(NotFound):
    code = "statement_file_not_found"


def get_statement_document(*, file_id: int, known_before: bool) -> dict[str, Any]:
    """In three statements whatever the file holds. Raises StatementFileNotFound."""
    file = StatementFile.objects.filter(pk=min(file_id, _LAST_ID)).first()
    if file is None:
        raise StatementFileNotFound(file_id=file_id)
    statements = list(BankStatement.objects.filter(file=file).order_by("id"))
    states = _states(file_id)
    return {
        "id": file.pk,
        "name": file.name,
        "form": file.form,
        "received_at": file.received_at,
        "known_before": known_before,
        "entries": sum(states.values()),
        "states": states,
        "statements": [_statement(one) for one in statements],
        "findings": list(
            _findings([*file.findings, *(found for one in statements for found in one.findings)])
        ),
    }


def _states(file_id: int) -> dict[str, int]:
    found = StatementEntry.objects.filter(statement__file_id=file_id).values_list("state")
    return {state or "provisional": count for state, count in found.annotate(Count("id"))}


def _statement(one: BankStatement) -> dict[str, Any]:
    return {
        "account": one.account_no,
        "currency": one.currency,
        "number": one.number,
        "from_on": one.from_on,
        "to_on": one.to_on,
        "opening": _amount(one.opening_minor, one.currency),
        "closing": _amount(one.closing_minor, one.currency),
        "entries": one.entries_count,
        "known_before": one.same_as_id is not None,
    }


def _amount(minor: int | None, currency: str) -> str | None:
    return None if minor is None else f"{Money(minor, currency).to_decimal():f}"


def _findings(findings: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, str]]:
    with translation.override("en"):
        for finding in findings:
            yield {
                "code": finding["code"],
                "place": finding["place"],
                "detail": say_finding(finding),
            }
