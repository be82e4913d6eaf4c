"""The bank where the money comes in: each evening it tells of the day's transfers, and in the last
morning of those that it will book."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Final

from bookkeeping.lifecycle import RefundStatus
from bookkeeping.models import Refund
from collections_app.demo.staffing import ACTOR
from collections_app.demo.transfers import Transfer, lines_of, strange_transfer
from collections_app.demo.world import World
from kernel.clock import WARSAW
from kernel.text import plain_text
from ledger.operations import match_entries, take_in_statements

#: The account on which the money comes in, by currency.
OWN_ACCOUNTS: Final = {
    "PLN": "PL61109010140000071219812874",
    "EUR": "PL88109010140000071219812873",
}
_OPENING_MINOR: Final = 1_250_000_00
_FEE_MINOR: Final = 45_00
#: Some days there is money for somebody else, and a bank takes a payment back.
_STRANGE: Final = 0.15
_TAKEN_BACK: Final = 0.03


def tell(world: World, on: date, at: datetime) -> None:
    """One file with a statement for each account on which something moved."""
    dice = world.dice("bank", on)
    if dice.random() < _STRANGE:
        world.transfers.append(strange_transfer(on, dice))
    if world.told and dice.random() < _TAKEN_BACK:
        world.transfers.append(dice.choice(world.told)._replace(is_return=True))
    world.transfers += _refunds(on)
    pages = [_statement(world, *one, on) for one in _by_currency(world.transfers)]
    world.told = [one for one in world.transfers if one.signed_minor > 0]
    world.transfers = []
    _send("".join(pages), f"wyciag-{on}.sta", at)


def announce(world: World, on: date, at: datetime) -> None:
    """An interim report (MT942) of what is on its way; it stays there."""
    pages = [_report(*one, on, at) for one in _by_currency(world.transfers)]
    _send("".join(pages), f"raport-{on}.sta", at)


def _send(pages: str, name: str, at: datetime) -> None:
    if not pages:
        return
    file = io.BytesIO(pages.encode("iso-8859-2"))
    take_in_statements(file=file, name=name, actor=ACTOR, at=at)
    match_entries(actor=ACTOR, at=at)


def _refunds(on: date) -> list[Transfer]:
    """What was ordered to be paid back on the day."""
    return [
        Transfer(
            row.currency, row.amount_minor, f"ZWROT NADPLATY {row.case.number}",
            plain_text(row.to_name).upper(), row.to_account_no, f"Z{row.pk:06}", goes_out=True,
        )
        for row in Refund.objects.filter(
            status=RefundStatus.HANDED_OVER, handed_over_on=on
        ).select_related("case")
    ]  # fmt: skip


def _by_currency(transfers: list[Transfer]) -> list[tuple[str, list[Transfer]]]:
    found: dict[str, list[Transfer]] = {}
    for one in transfers:
        found.setdefault(one.currency, []).append(one)
    return sorted(found.items())


def _report(currency: str, transfers: list[Transfer], on: date, at: datetime) -> str:
    told_at = at.astimezone(WARSAW)
    total = sum(one.amount_minor for one in transfers)
    return (
        f":20:RD{on:%y%m%d}\n:25:{OWN_ACCOUNTS[currency]}\n:28C:1/1\n:34F:{currency}0,\n"
        f":13D:{told_at:%y%m%d%H%M%z}\n{''.join(_entry(one, on) for one in transfers)}"
        f":90C:{len(transfers)}{currency}{_written(total)}\n-\n"
    )


def _statement(world: World, currency: str, transfers: list[Transfer], on: date) -> str:
    number = (on - on.replace(month=1, day=1)).days + 1
    opening = world.balances.setdefault(currency, _OPENING_MINOR)
    entries = [_entry(one, on) for one in transfers]
    closing = opening + sum(one.signed_minor for one in transfers)
    if (on + timedelta(days=1)).day == 1:
        closing -= _FEE_MINOR
        entries.append(
            f":61:{on:%y%m%d}{on:%m%d}D{_written(_FEE_MINOR)}NCHGNONREF\n"
            ":86:808~00OPLATA ZA PROWADZENIE RACHUNKU\n"
        )
    world.balances[currency] = closing
    before = on - timedelta(days=1)
    return (
        f":20:WB{on:%y%m%d}\n:25:{OWN_ACCOUNTS[currency]}\n:28C:{number}/1\n"
        f":60F:C{before:%y%m%d}{currency}{_written(opening)}\n{''.join(entries)}"
        f":62F:C{on:%y%m%d}{currency}{_written(closing)}\n-\n"
    )


def _entry(one: Transfer, on: date) -> str:
    mark, kind, code = ("C", "NTRF", "051~00PRZELEW PRZYCHODZACY")
    if one.is_return:
        mark, kind, code = ("D", "NRTI", "059~00ZWROT")
    elif one.goes_out:
        mark, kind, code = ("D", "NTRF", "020~00PRZELEW WYCHODZACY")
    title = "".join(f"~2{place}{line}" for place, line in enumerate(lines_of(one.title)))
    return (
        f":61:{on:%y%m%d}{on:%m%d}{mark}{_written(one.amount_minor)}{kind}NONREF//{one.reference}\n"
        f":86:{code}{title}~32{one.name[:27]}~33{one.name[27:54]}~38{one.account}\n"
    )


def _written(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02}"
