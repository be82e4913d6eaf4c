"""Authority, tariff and small balances are dated data: what holds when, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bookkeeping import authority, small_balances, tariff
from bookkeeping.authority import Authority, AuthorityKind, alone_period_on, authority_of
from bookkeeping.lifecycle import (
    ChargeStatus,
    LineOutcome,
    RefundStatus,
    WriteOffKind,
    WriteOffReason,
    WriteOffStatus,
)
from bookkeeping.small_balances import rule_on
from bookkeeping.tariff import FeeOverTariff, FeeUnknown, checked_amount, fee_on, list_fees
from bookkeeping.wording import (
    authority_name,
    batch_status,
    charge_status,
    fee_name,
    order_source_name,
    outcome_status,
    refund_status,
    write_off_kind_name,
    write_off_reason_name,
    write_off_status,
)
from kernel.money import MAX_MINOR
from ledger.allocation import OrderSource
from staff.lifecycle import ProposalStatus
from staff.rights import Role

ON = date(2026, 5, 12)
ROW = """
[[authority]]
from_on = {day}
kind = "refund"
role = "team_leader"
currency = "{currency}"
alone = "{alone}"
decides = "{decides}"
source = "Board, 7/2026"
"""


def table(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "table.toml"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def row(
    day: str = "2026-01-01", currency: str = "PLN", alone: str = "1.00", decides: str = "9.00"
) -> str:
    return ROW.format(day=day, currency=currency, alone=alone, decides=decides)


def of(file: Path, currency: str = "PLN", on: date = ON, role: str = "team_leader") -> Authority:
    return authority_of(kind=AuthorityKind.REFUND, role=role, currency=currency, on=on, file=file)


def test_the_latest_row_of_a_role_holds_from_its_day(tmp_path: Path) -> None:
    file = table(tmp_path, row(), row("2026-05-12", alone="2.00", decides="unlimited"))
    assert of(file, on=date(2026, 5, 11)) == Authority(100, 900)
    assert of(file, on=ON) == Authority(200, MAX_MINOR)
    assert of(file, on=date(2025, 12, 31)) == Authority(0, 0)


def test_a_currency_without_a_row_falls_to_the_row_of_any_and_a_role_without_has_none(
    tmp_path: Path,
) -> None:
    file = table(tmp_path, row(), row(currency="*", alone="0", decides="unlimited"))
    assert of(file, "CHF") == Authority(0, MAX_MINOR)
    assert of(file, role="officer") == Authority(0, 0)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row(), row()],
        [row(alone="10.00")],
        [row(alone="-1")],
        [row(currency="*", alone="1.00", decides="unlimited")],
        [row(alone="0.001")],
        [row().replace("refund", "bribe")],
        [row().replace("team_leader", "king")],
        [row().replace('source = "Board, 7/2026"', "")],
        [row() + 'surprise = "yes"'],
    ],
)
def test_a_table_of_authority_that_says_no_sense_is_refused(
    tmp_path: Path, rows: list[str]
) -> None:
    with pytest.raises(authority.AuthorityBroken):
        of(table(tmp_path, *rows))


@pytest.mark.parametrize("kind", AuthorityKind)
@pytest.mark.parametrize("currency", ["PLN", "EUR", "CHF"])
def test_the_shipped_table_names_somebody_for_every_kind_and_nobody_acts_above_what_they_decide(
    kind: AuthorityKind, currency: str
) -> None:
    found = {role: authority_of(kind=kind, role=role, currency=currency, on=ON) for role in Role}
    assert max(one.decides_minor for one in found.values()) == MAX_MINOR
    for one in found.values():
        assert one.alone_minor <= one.decides_minor
    assert found[Role.OFFICER].alone_minor <= found[Role.TEAM_LEADER].alone_minor
    assert found[Role.TEAM_LEADER].alone_minor <= found[Role.MANAGER].alone_minor
    assert found[Role.AUDITOR] == Authority(0, 0)


PERIOD = """
[[alone_period]]
from_on = {day}
days = {days}
source = "Board, 7/2026"
"""


def period(day: str = "2026-01-01", days: int = 30) -> str:
    return PERIOD.format(day=day, days=days)


def test_the_latest_days_that_count_together_hold_from_their_day(tmp_path: Path) -> None:
    file = table(tmp_path, row(), period(), period("2026-05-12", 60))
    found = [alone_period_on(on, file).days for on in (date(2026, 5, 11), ON)]
    assert found == [30, 60]
    assert alone_period_on(ON).days == 30


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [period("2026-05-13")],
        [period(), period()],
        [period(days=0)],
        [period().replace("30", '"soon"')],
        [period().replace('source = "Board, 7/2026"', "")],
        [period() + 'surprise = "yes"'],
    ],
)
def test_without_days_that_count_together_nobody_acts_alone(
    tmp_path: Path, periods: list[str]
) -> None:
    with pytest.raises(authority.AuthorityBroken):
        alone_period_on(ON, table(tmp_path, row(), *periods))


def test_of_the_table_and_a_limit_laid_down_the_lower_one_counts() -> None:
    table_says = Authority(100, 900)
    assert table_says.within(None) == table_says
    assert table_says.within(1_000) == table_says
    assert table_says.within(500) == Authority(100, 500)
    assert table_says.within(0) == Authority(0, 0)


FEE = """
[[fee]]
key = "letter"
from_on = {day}
component = "fees"
currency = "PLN"
amount = "{amount}"
at_most = "{most}"
name = {{ pl = "List", en = "Letter" }}
source = "Table of fees"
"""


def fee(day: str = "2026-01-01", amount: str = "5.00", most: str = "8.00") -> str:
    return FEE.format(day=day, amount=amount, most=most)


def test_a_fee_holds_until_the_next_row_or_its_last_day(tmp_path: Path) -> None:
    ended = fee("2026-06-01", "7.00") + "until_on = 2026-06-30\n"
    file = table(tmp_path, fee(), ended)
    assert fee_on(key="letter", currency="PLN", on=ON, file=file).amount_minor == 500
    assert fee_on(key="letter", currency="PLN", on=date(2026, 6, 30), file=file).amount_minor == 700
    for on in (date(2026, 7, 1), date(2025, 12, 31)):
        assert list_fees(currency="PLN", on=on, file=file) == []
        with pytest.raises(FeeUnknown):
            fee_on(key="letter", currency="PLN", on=on, file=file)
    with pytest.raises(FeeUnknown):
        fee_on(key="letter", currency="EUR", on=ON, file=file)


def test_no_more_than_the_tariff_allows_is_charged(tmp_path: Path) -> None:
    found = fee_on(key="letter", currency="PLN", on=ON, file=table(tmp_path, fee()))
    assert [checked_amount(found, amount) for amount in (None, 1, 800)] == [500, 1, 800]
    for amount in (0, -1, 801):
        with pytest.raises(FeeOverTariff):
            checked_amount(found, amount)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [fee(), fee()],
        [fee(amount="9.00")],
        [fee(amount="0")],
        [fee(amount="1.001")],
        [fee().replace("fees", "principal")],
        [fee().replace('source = "Table of fees"', 'source = ""')],
        [fee().replace('pl = "List", ', "")],
    ],
)
def test_a_tariff_that_says_no_sense_is_refused(tmp_path: Path, rows: list[str]) -> None:
    with pytest.raises(tariff.TariffBroken):
        list_fees(currency="PLN", on=ON, file=table(tmp_path, *rows))


SMALL = """
[[small_balance]]
from_on = 2026-01-01
currency = "PLN"
at_most = "10.00"
after_days = 90
most_in_batch = 200
source = "Rule"
"""


def test_what_is_small_is_said_per_currency_and_day(tmp_path: Path) -> None:
    file = table(
        tmp_path, SMALL, SMALL.replace("2026-01-01", "2026-05-12").replace("10.00", "20.00")
    )
    before = rule_on(currency="PLN", on=date(2026, 5, 11), file=file)
    today = rule_on(currency="PLN", on=ON, file=file)
    assert before is not None
    assert today is not None
    assert (before.at_most_minor, today.at_most_minor) == (1_000, 2_000)
    assert rule_on(currency="EUR", on=ON, file=file) is None
    assert rule_on(currency="PLN", on=date(2025, 1, 1), file=file) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("10.00", "0"),
        lambda text: text.replace("90", "-1"),
        lambda text: text.replace("200", "5000"),
        lambda text: text.replace('"Rule"', '""'),
        lambda text: text + text,
    ],
)
def test_a_rule_of_small_balances_that_says_no_sense_is_refused(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    with pytest.raises(small_balances.SmallBalanceRuleBroken):
        rule_on(currency="PLN", on=ON, file=table(tmp_path, change(SMALL)))


def test_every_status_reason_kind_and_fee_has_a_name() -> None:
    names = [
        *(write_off_reason_name(reason) for reason in WriteOffReason),
        *(write_off_kind_name(kind) for kind in WriteOffKind),
        *(write_off_status(status)[1] for status in WriteOffStatus),
        *(refund_status(status)[1] for status in RefundStatus),
        *(charge_status(status)[1] for status in ChargeStatus),
        *(batch_status(status)[1] for status in ProposalStatus),
        *(outcome_status(outcome)[1] for outcome in LineOutcome),
        *(authority_name(kind) for kind in AuthorityKind),
        *(order_source_name(source) for source in OrderSource),
        *(fee_name(one.key) for one in tariff.load_fees(tariff.FILE)),
    ]
    assert all(str(name) for name in names)
    assert fee_name("gone") == "gone"
