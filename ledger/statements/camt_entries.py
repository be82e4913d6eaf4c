"""One entry of a camt message (ISO 20022, ``Ntry``), with the transfers it sums up."""

from __future__ import annotations

from datetime import date

from ledger.statements.camt_batches import Batch, read_batch
from ledger.statements.camt_transfers import (
    end_to_end,
    is_return,
    read_party,
    return_code,
    title_of,
)
from ledger.statements.elements import (
    NO_DAY,
    Element,
    amount,
    day,
    find,
    place_of,
    sign_of,
    stands_for_no_day,
    text,
)
from ledger.statements.values import (
    NOBODY,
    Entry,
    EntryStatus,
    Finding,
    Form,
    StatementUnreadable,
)

_STATUSES = {
    "BOOK": EntryStatus.BOOKED,
    "PDNG": EntryStatus.PENDING,
    "FUTR": EntryStatus.PENDING,
    "INFO": EntryStatus.INFORMATION,
}


def read_entry(
    element: Element, position: int, form: Form, own: str
) -> tuple[Entry, list[Finding]]:
    """``own``: the account of the statement. Raises StatementUnreadable with the line of what it
    cannot understand."""
    written = find(element, "Amt")
    sign = sign_of(element)
    if written is None or sign is None:
        missing = "Amt" if written is None else "CdtDbtInd"
        raise StatementUnreadable("element_missing", place_of(element), element=missing)
    minor, currency = amount(written, sign)
    is_reversal = text(element, "RvslInd") in ("true", "1")
    batch = read_batch(element, minor, currency, own, is_reversal=is_reversal)
    findings = list(batch.findings)
    only = batch.only
    returned = _is_return(batch)
    party, behalf = NOBODY, ""
    if only is not None:
        party, behalf = read_party(only, sign, own, is_taken_back=is_reversal or returned)
    title = (title_of(only) if only is not None else "") or text(element, "AddtlNtryInf")
    entry = Entry(
        position=position,
        booked_on=_day(element, "BookgDt", findings),
        value_on=_day(element, "ValDt", findings),
        amount_minor=minor,
        currency=currency,
        status=_status(element, form, findings),
        party=party,
        title=" ".join(filter(None, (title, behalf))),
        bank_reference=text(element, "AcctSvcrRef") or text(only, "Refs", "AcctSvcrRef"),
        end_to_end_id=end_to_end(only),
        code=_code(element),
        is_reversal=is_reversal,
        is_return=returned,
        return_code=_return_code(batch),
        details=batch.details,
        is_unsplit=batch.is_unsplit,
        told=batch.told,
    )
    return entry, findings


def _is_return(batch: Batch) -> bool:
    """Parts of a batch say for themselves whether they are; a whole is where any of them is."""
    return not batch.details and any(is_return(transfer) for transfer in batch.transfers)


def _return_code(batch: Batch) -> str:
    codes = {return_code(transfer) for transfer in batch.transfers} if not batch.details else set()
    return codes.pop() if len(codes) == 1 else ""


def _day(element: Element, name: str, findings: list[Finding]) -> date | None:
    if not stands_for_no_day(element, name):
        return day(element, name)
    findings.append(Finding("day_stands_for_none", place_of(element), {"value": NO_DAY}))
    return None


def _status(element: Element, form: Form, findings: list[Finding]) -> EntryStatus:
    """``Sts`` holds the code itself up to version 7 and a ``Cd`` or the bank's own word after it.

    Every version asks for it. Of a statement the standard says that its entries are booked; a
    report or a notification without it could mean anything.
    """
    written = text(element, "Sts", "Cd") or text(element, "Sts", "Prtry") or text(element, "Sts")
    if not written:
        if form is not Form.CAMT053:
            raise StatementUnreadable("element_missing", place_of(element), element="Sts")
        findings.append(Finding("status_missing", place_of(element)))
        return EntryStatus.BOOKED
    status = _STATUSES.get(written)
    if status is None:
        raise StatementUnreadable("bad_status", place_of(element), value=written[:40])
    return status


def _code(element: Element) -> str:
    domain = find(element, "BkTxCd", "Domn")
    if domain is None:
        return text(element, "BkTxCd", "Prtry", "Cd")
    parts = (
        text(domain, "Cd"),
        text(domain, "Fmly", "Cd"),
        text(domain, "Fmly", "SubFmlyCd"),
    )
    return "/".join(part for part in parts if part)
