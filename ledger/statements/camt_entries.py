"""One entry of a camt message (ISO 20022, ``Ntry``), with the transfers it sums up."""

from __future__ import annotations

from datetime import date

from ledger.statements.accounts import normal_account
from ledger.statements.elements import (
    NO_DAY,
    Element,
    amount,
    children,
    day,
    find,
    place_of,
    sign_of,
    stands_for_no_day,
    text,
)
from ledger.statements.values import (
    NOBODY,
    Detail,
    Entry,
    EntryStatus,
    Finding,
    Party,
    StatementUnreadable,
)

_STATUSES = {
    "BOOK": EntryStatus.BOOKED,
    "PDNG": EntryStatus.PENDING,
    "FUTR": EntryStatus.PENDING,
    "INFO": EntryStatus.INFORMATION,
}
_NOT_GIVEN = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})


def read_entry(element: Element, position: int) -> tuple[Entry, list[Finding]]:
    """Raises StatementUnreadable with the line of what it cannot understand."""
    written = find(element, "Amt")
    sign = sign_of(element)
    if written is None or sign is None:
        missing = "Amt" if written is None else "CdtDbtInd"
        raise StatementUnreadable("element_missing", place_of(element), element=missing)
    minor, currency = amount(written, sign)
    transfers = [d for group in children(element, "NtryDtls") for d in children(group, "TxDtls")]
    details, findings = _details(element, transfers, minor, currency)
    only = transfers[0] if len(transfers) == 1 else None
    entry = Entry(
        position=position,
        booked_on=_day(element, "BookgDt", findings),
        value_on=_day(element, "ValDt", findings),
        amount_minor=minor,
        currency=currency,
        status=_status(element),
        party=_party(only, sign) if only is not None else NOBODY,
        title=_title(only) or text(element, "AddtlNtryInf"),
        bank_reference=text(element, "AcctSvcrRef") or text(only, "Refs", "AcctSvcrRef"),
        end_to_end_id=_end_to_end(only),
        code=_code(element),
        is_reversal=text(element, "RvslInd") in ("true", "1"),
        is_return=only is not None and find(only, "RtrInf") is not None,
        return_code=_return_code(only),
        details=details,
    )
    return entry, findings


def _day(element: Element, name: str, findings: list[Finding]) -> date | None:
    if not stands_for_no_day(element, name):
        return day(element, name)
    findings.append(Finding("day_stands_for_none", place_of(element), {"value": NO_DAY}))
    return None


def _status(element: Element) -> EntryStatus:
    """``Sts`` holds the code itself up to version 7 and a ``Cd`` after it."""
    written = text(element, "Sts", "Cd") or text(element, "Sts")
    status = _STATUSES.get(written)
    if status is None:
        raise StatementUnreadable("bad_status", place_of(element), value=written[:40])
    return status


def _details(
    element: Element, transfers: list[Element], minor: int, currency: str
) -> tuple[tuple[Detail, ...], list[Finding]]:
    """Only where they sum up to the entry; otherwise a person has to look at the whole."""
    if len(transfers) < 2:
        return (), []
    sign = 1 if minor >= 0 else -1
    details = []
    for transfer in transfers:
        written = _own_amount(transfer, currency)
        if written is None:
            return (), [Finding("details_without_amounts", place_of(element))]
        part, _ = amount(written, sign_of(transfer) or sign)
        details.append(
            Detail(
                part,
                _party(transfer, 1 if part >= 0 else -1),
                _title(transfer),
                _end_to_end(transfer),
                text(transfer, "Refs", "AcctSvcrRef"),
                find(transfer, "RtrInf") is not None,
                _return_code(transfer),
            )
        )
    total = sum(detail.amount_minor for detail in details)
    if total != minor:
        values = {"entry_minor": minor, "details_minor": total, "currency": currency}
        return (), [Finding("details_do_not_add_up", place_of(element), values)]
    return tuple(details), []


def _return_code(transfer: Element | None) -> str:
    reason = find(transfer, "RtrInf", "Rsn")
    return (text(reason, "Cd") or text(reason, "Prtry")).upper()


def _own_amount(transfer: Element, currency: str) -> Element | None:
    """The amount of a transfer in the currency of the account, wherever the version keeps it."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt")):
        found = find(transfer, *path)
        if found is not None and (found.get("Ccy") or "").upper() == currency:
            return found
    return None


def _party(transfer: Element, sign: int) -> Party:
    """Who paid when money came in, who was paid when it went out."""
    role = "Dbtr" if sign > 0 else "Cdtr"
    parties = find(transfer, "RltdPties")
    person = find(parties, role)
    number = find(parties, f"{role}Acct", "Id")
    account, is_valid = normal_account(text(number, "IBAN") or text(number, "Othr", "Id"))
    agent = find(transfer, "RltdAgts", f"{role}Agt", "FinInstnId")
    return Party(
        name=text(person, "Nm")
        or text(person, "Pty", "Nm")
        or text(person, "Agt", "FinInstnId", "Nm"),
        account=account,
        account_is_valid=is_valid if account else None,
        bank=text(agent, "BICFI") or text(agent, "BIC") or text(agent, "ClrSysMmbId", "MmbId"),
    )


def _title(transfer: Element | None) -> str:
    """What the payer wrote, and the reference that the payee once gave."""
    about = find(transfer, "RmtInf") if transfer is not None else None
    lines = [text(line) for line in children(about, "Ustrd")]
    for structured in children(about, "Strd"):
        lines.append(text(structured, "CdtrRefInf", "Ref"))
        lines += [text(line) for line in children(structured, "AddtlRmtInf")]
    if not any(lines):
        lines = [text(transfer, "AddtlTxInf")]
    return " ".join(line for line in lines if line)


def _end_to_end(transfer: Element | None) -> str:
    written = text(transfer, "Refs", "EndToEndId")
    return "" if written.upper() in _NOT_GIVEN else written


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
