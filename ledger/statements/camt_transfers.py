"""What one transfer says of itself (ISO 20022, ``TxDtls``): who, what for, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.statements.accounts import normal_account
from ledger.statements.elements import (
    Element,
    account_number,
    amount,
    children,
    currency_told,
    find,
    text,
)
from ledger.statements.values import NOBODY, Party, StatementUnreadable

_NOT_GIVEN: Final = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})
#: Where versions and banks keep the amount. What was instructed comes last: others may have taken
#: their charges from it.
_AMOUNTS: Final = (
    ("Amt",),
    ("AmtDtls", "TxAmt", "Amt"),
    ("AmtDtls", "CntrValAmt", "Amt"),
    ("AmtDtls", "InstdAmt", "Amt"),
)


def is_return(transfer: Element) -> bool:
    return find(transfer, "RtrInf") is not None


def return_code(transfer: Element) -> str:
    about = find(transfer, "RtrInf")
    reason = find(about, "Rsn") if find(about, "Rsn") is not None else find(about, "RtrRsn")
    return (text(reason, "Cd") or text(reason, "Prtry")).upper()


def end_to_end(transfer: Element | None) -> str:
    written = text(transfer, "Refs", "EndToEndId")
    return "" if written.upper() in _NOT_GIVEN else written


def title_of(transfer: Element) -> str:
    """What the payer wrote, the reference that the payee once gave, and the papers that are paid;
    the first version names the last two otherwise."""
    about = find(transfer, "RmtInf")
    lines = [text(line) for line in children(about, "Ustrd")]
    for structured in children(about, "Strd"):
        reference = find(structured, "CdtrRefInf")
        lines.append(text(reference, "Ref") or text(reference, "CdtrRef"))
        papers = children(structured, "RfrdDocInf")
        lines += [text(paper, "Nb") or text(paper, "RfrdDocNb") for paper in papers]
        lines += [text(line) for line in children(structured, "AddtlRmtInf")]
    if not any(lines):
        lines = [text(transfer, "AddtlTxInf")]
    return " ".join(line for line in lines if line)


def read_party(transfer: Element, sign: int, own: str, *, is_taken_back: bool) -> tuple[Party, str]:
    """Who paid when money came in, who was paid when it went out, and on whose behalf if that is
    somebody else.

    What takes a transfer back keeps the roles that the transfer had. Banks do not agree on that:
    whoever has the ``own`` account of the statement is not the other side.
    """
    came_in = (sign > 0) is not is_taken_back
    role, opposite = ("Dbtr", "Cdtr") if came_in else ("Cdtr", "Dbtr")
    party, behalf = _in_role(transfer, role)
    is_ours = bool(own) and party.account == own
    if is_ours or (is_taken_back and not _is_somebody(party)):
        other, others_behalf = _in_role(transfer, opposite)
        if _is_somebody(other) and (not own or other.account != own):
            return other, others_behalf
    return party, behalf


def own_amount(transfer: Element, currency: str) -> Element | None:
    """The amount of a transfer in the currency of the account."""
    return next((one for _, one in _in_currency(transfer, currency)), None)


def is_the_whole(transfer: Element, entry: Element, minor: int, currency: str) -> bool:
    """Whether the only transfer that an entry tells of is all of it, but for charges it names.

    What was instructed may differ from what came; it proves nothing but where it is the same.
    """
    stated = [
        (path, value)
        for path, written in _in_currency(transfer, currency)
        if (value := _readable(written)) is not None
    ]
    if all(path == _AMOUNTS[-1] for path, _ in stated):
        return True
    sign = 1 if minor >= 0 else -1
    charges = {0, _charges(transfer, currency), _charges(entry, currency)}
    return any(value - sign * charge == abs(minor) for _, value in stated for charge in charges)


def _in_role(transfer: Element, role: str) -> tuple[Party, str]:
    parties = find(transfer, "RltdPties")
    name, behalf = _name(find(parties, role)), _name(find(parties, f"Ultmt{role}"))
    account, is_valid = normal_account(account_number(find(parties, f"{role}Acct", "Id")))
    party = Party(
        name=name or behalf,
        account=account,
        account_is_valid=is_valid if account else None,
        bank=_bank(find(transfer, "RltdAgts", f"{role}Agt", "FinInstnId")),
    )
    return party, "" if behalf.casefold() == party.name.casefold() else behalf


def _is_somebody(party: Party) -> bool:
    return (party.name, party.account) != (NOBODY.name, NOBODY.account)


def _name(person: Element | None) -> str:
    return (
        text(person, "Nm") or text(person, "Pty", "Nm") or text(person, "Agt", "FinInstnId", "Nm")
    )


def _bank(institution: Element | None) -> str:
    return (
        text(institution, "BICFI")
        or text(institution, "BIC")
        or text(institution, "CmbndId", "BIC")
        or text(institution, "ClrSysMmbId", "MmbId")
    )


def _in_currency(transfer: Element, currency: str) -> Iterator[tuple[tuple[str, ...], Element]]:
    for path in _AMOUNTS:
        found = find(transfer, *path)
        if found is not None and currency_told(found) == currency:
            yield path, found


def _readable(written: Element) -> int | None:
    """An amount that is only compared, and so refuses no file."""
    try:
        return amount(written, 1)[0]
    except StatementUnreadable:
        return None


def _charges(element: Element, currency: str) -> int:
    """What was taken from the amount on its way, in all."""
    total = 0
    for charges in children(element, "Chrgs"):
        in_all = find(charges, "TtlChrgsAndTaxAmt")
        if in_all is not None:
            total += _charge(in_all, 1, currency)
            continue
        for one in (charges, *children(charges, "Rcrd")):
            written = find(one, "Amt")
            if written is not None:
                is_given_back = text(one, "CdtDbtInd") == "CRDT"
                total += _charge(written, -1 if is_given_back else 1, currency)
    return total


def _charge(written: Element, sign: int, currency: str) -> int:
    return sign * (_readable(written) or 0) if currency_told(written) == currency else 0
