"""An entry that sums up several transfers: split where they make it up, else kept whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from ledger.statements.camt_transfers import (
    end_to_end,
    is_return,
    is_the_whole,
    own_amount,
    read_party,
    return_code,
    title_of,
)
from ledger.statements.elements import (
    Element,
    amount,
    children,
    count_of,
    find,
    place_of,
    sign_of,
    text,
)
from ledger.statements.values import Detail, Finding

#: So much of what a batch tells is kept for whoever has to find out.
_LONGEST_TOLD: Final = 4_000


class Batch(NamedTuple):
    """``details`` where they sum up to the entry. ``is_unsplit``: it is more than one transfer, or
    other ones than are told of, so that nobody in ``told`` is known to have paid it."""

    transfers: list[Element]
    details: tuple[Detail, ...] = ()
    is_unsplit: bool = False
    told: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def only(self) -> Element | None:
        return self.transfers[0] if len(self.transfers) == 1 and not self.is_unsplit else None


def read_batch(
    element: Element, minor: int, currency: str, own: str, *, is_reversal: bool
) -> Batch:
    """The transfers stand in ``NtryDtls``, in the first version in the entry itself."""
    groups = [element, *children(element, "NtryDtls")]
    transfers = [transfer for group in groups for transfer in children(group, "TxDtls")]
    stated = sum(
        count_of(one, "NbOfTxs") or 0 for group in groups for one in children(group, "Btch")
    )
    if not transfers:
        return Batch(transfers, is_unsplit=stated > 1)
    finding = None
    if len(transfers) > 1:
        split = _split(element, transfers, minor, currency, own, is_reversal=is_reversal)
        if not isinstance(split, Finding):
            return Batch(transfers, split)
        finding = split
    elif not is_the_whole(transfers[0], element, minor, currency):
        values: dict[str, int | str] = {"entry_minor": minor, "currency": currency}
        finding = Finding("details_do_not_add_up", place_of(element), values)
    if stated > len(transfers):
        counts = {"stated": stated, "told": len(transfers)}
        finding = Finding("details_missing", place_of(element), counts)
    if finding is None:
        return Batch(transfers)
    told = _told(transfers, minor, own, is_reversal=is_reversal)
    return Batch(transfers, is_unsplit=True, told=told, findings=(finding,))


def _split(
    element: Element,
    transfers: list[Element],
    minor: int,
    currency: str,
    own: str,
    *,
    is_reversal: bool,
) -> tuple[Detail, ...] | Finding:
    sign = 1 if minor >= 0 else -1
    details = []
    for transfer in transfers:
        written = own_amount(transfer, currency)
        if written is None:
            return Finding("details_without_amounts", place_of(element))
        part, _ = amount(written, sign_of(transfer) or sign)
        details.append(_detail(transfer, part, own, is_reversal=is_reversal))
    total = sum(detail.amount_minor for detail in details)
    if total != minor:
        values = {"entry_minor": minor, "details_minor": total, "currency": currency}
        return Finding("details_do_not_add_up", place_of(element), values)
    return tuple(details)


def _detail(transfer: Element, minor: int, own: str, *, is_reversal: bool) -> Detail:
    returned = is_return(transfer)
    party, behalf = read_party(
        transfer, 1 if minor >= 0 else -1, own, is_taken_back=is_reversal or returned
    )
    return Detail(
        amount_minor=minor,
        party=party,
        title=" ".join(filter(None, (title_of(transfer), behalf))),
        end_to_end_id=end_to_end(transfer),
        bank_reference=text(transfer, "Refs", "AcctSvcrRef"),
        is_return=returned,
        return_code=return_code(transfer),
    )


def _told(transfers: list[Element], minor: int, own: str, *, is_reversal: bool) -> str:
    told: list[str] = []
    length = 0
    for transfer in transfers:
        detail = _detail(transfer, minor, own, is_reversal=is_reversal)
        parts = (detail.party.name, detail.party.account, detail.title, *_as_written(transfer))
        said = ", ".join(part for part in parts if part)
        if said:
            told.append(said)
            length += len(said)
        if length > _LONGEST_TOLD:
            break
    return "; ".join(told)[:_LONGEST_TOLD]


def _as_written(transfer: Element) -> Iterator[str]:
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt")):
        written = find(transfer, *path)
        if written is not None:
            yield f"{text(written)} {written.get('Ccy') or ''}".strip()
            return
