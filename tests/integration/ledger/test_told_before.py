"""Whatever forms, pages and days the bank cuts its telling into, money is posted once."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from itertools import permutations
from typing import NamedTuple

import pytest

from kernel.actor import system_actor
from ledger.lifecycle import EntryState, NameKind
from ledger.models import Account, BankStatement, StatementEntry, StatementFile
from ledger.operations import match_entries, register_names, take_in_statements
from tests.unit.ledger.statements.samples import OWN

pytestmark = pytest.mark.django_db

ACTOR = system_actor("test")
AT = datetime(2026, 5, 20, 9, tzinfo=UTC)


class Line(NamedTuple):
    """Zlotys of an entry, or of the transfers of a batch; a day of May."""

    amounts: tuple[int, ...]
    value: int
    booked: int

    @property
    def total(self) -> int:
        return sum(self.amounts)


def line(*amounts: int, day: int, booked: int | None = None) -> Line:
    return Line(amounts, day, booked or day)


def mt940(
    opening: int, *lines: Line, number: str = "7/1", days: tuple[int, int], entry_dates: bool = True
) -> bytes:
    entries = "".join(
        f":61:2605{each.value:02}{f'05{each.booked:02}' if entry_dates else ''}C{each.total},00NTRF"
        f"NONREF\n:86:020~00PRZELEW\n"
        for each in lines
    )
    closing = opening + sum(each.total for each in lines)
    return (
        f":20:ST\n:25:{OWN}\n:28C:{number}\n:60F:C2605{days[0]:02}PLN{opening},00\n{entries}"
        f":62F:C2605{days[1]:02}PLN{closing},00\n-\n"
    ).encode()


def camt053(opening: int, *lines: Line, days: tuple[int, int], number: str = "31") -> bytes:
    def balance(code: str, amount: int, day: int) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='PLN'>{amount}.00</Amt>"
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-05-{day:02}</Dt></Dt></Bal>"
        )

    def entry(each: Line) -> str:
        parts = "".join(
            f"<TxDtls><Amt Ccy='PLN'>{amount}.00</Amt></TxDtls>" for amount in each.amounts
        )
        return (
            f"<Ntry><Amt Ccy='PLN'>{each.total}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
            f"<BookgDt><Dt>2026-05-{each.booked:02}</Dt></BookgDt>"
            f"<ValDt><Dt>2026-05-{each.value:02}</Dt></ValDt><NtryDtls>{parts}</NtryDtls></Ntry>"
        )

    closing = opening + sum(each.total for each in lines)
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
        f"<Id>{number}</Id><Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>PLN</Ccy></Acct>"
        f"{balance('OPBD', opening, days[0])}{balance('CLBD', closing, days[1])}"
        f"{''.join(map(entry, lines))}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def take_in(*files: bytes) -> None:
    for number, content in enumerate(files):
        take_in_statements(file=io.BytesIO(content), name=f"{number}", actor=ACTOR, at=AT)


def told() -> list[int]:
    """Zlotys of every entry that is going to be posted without asking."""
    found = StatementEntry.objects.filter(state="waiting", proposal={})
    return sorted(minor // 100 for minor in found.values_list("amount_minor", flat=True))


def doubted() -> list[int]:
    found = StatementEntry.objects.filter(state="waiting").exclude(proposal={})
    return sorted(minor // 100 for minor in found.values_list("amount_minor", flat=True))


BATCH = line(30, 20, day=11)
SUMMED_UP = line(50, day=11)
LATE = line(70, day=10, booked=11)
FIRST, SECOND = line(50, day=11), line(60, day=11)
DAYS = [
    mt940(1000, line(50, day=11), number="7/1", days=(10, 11)),
    mt940(1050, line(50, day=11, booked=12), number="8/1", days=(11, 12)),
    mt940(1100, line(50, day=13), line(60, day=13), number="9/1", days=(12, 13)),
]


@pytest.mark.parametrize(
    ("files", "total"),
    [
        pytest.param(
            (camt053(0, BATCH, days=(10, 11)), mt940(0, SUMMED_UP, days=(10, 11))), 50,
            id="a batch with its transfers, and summed up",
        ),
        pytest.param(
            (
                camt053(0, FIRST, SECOND, days=(10, 11)),
                mt940(0, FIRST, number="7/1", days=(10, 11)),
                mt940(50, SECOND, number="7/2", days=(11, 11)),
            ),
            110,
            id="one statement, and its two pages",
        ),
        pytest.param(
            (
                camt053(0, LATE, days=(10, 11)),
                mt940(0, LATE, days=(10, 11), entry_dates=False),
            ),
            70,
            id="a form without booking days",
        ),
        pytest.param(
            (
                camt053(0, line(70, day=10, booked=11), FIRST, days=(10, 11)),
                mt940(0, line(70, day=11), FIRST, days=(10, 11)),
            ),
            120,
            id="other value days between the same balances",
        ),
        pytest.param(
            (
                camt053(0, LATE, days=(10, 11)).replace(b"<ValDt><Dt>2026-05-10</Dt></ValDt>", b""),
                mt940(0, LATE, days=(10, 11)),
            ),
            70,
            id="a form without value days",
        ),
        pytest.param(
            (
                *DAYS,
                camt053(
                    1000, line(50, day=11), line(50, day=11, booked=12), line(50, day=13),
                    line(60, day=13), days=(10, 13),
                ),
            ),
            210,
            id="days, and the period over them",
        ),
    ],
)  # fmt: skip
def test_money_that_is_told_twice_is_posted_once_whatever_comes_first(
    files: tuple[bytes, ...], total: int
) -> None:
    for order in permutations(files):
        forget_all()
        take_in(*order)
        assert sum(told()) == total
        assert doubted() == []


def forget_all() -> None:
    StatementEntry.objects.update(tied_to=None)
    StatementEntry.objects.all().delete()
    BankStatement.objects.update(same_as=None)
    BankStatement.objects.all().delete()
    StatementFile.objects.all().delete()


def test_days_that_follow_each_other_are_all_posted_though_their_entries_look_alike() -> None:
    for order in permutations(DAYS):
        forget_all()
        take_in(*order)
        assert told() == [50, 50, 50, 60]


def test_a_statement_sent_again_with_an_entry_more_brings_that_entry() -> None:
    take_in(
        mt940(0, FIRST, number="7/1", days=(10, 11)),
        mt940(0, FIRST, SECOND, number="7/1", days=(10, 11)),
    )
    assert (told(), doubted()) == ([50, 60], [])


def test_a_period_that_shares_only_a_part_with_another_is_for_a_person_where_it_does_not() -> None:
    take_in(
        mt940(0, FIRST, SECOND, number="7/1", days=(10, 11)),
        mt940(0, FIRST, line(80, day=11), number="7/1", days=(10, 11)),
    )
    assert (told(), doubted()) == ([50, 60], [80])


def test_what_another_form_cuts_otherwise_between_the_same_balances_is_for_a_person() -> None:
    apart, summed_up = line(40, day=11), line(100, day=11)
    once = [
        camt053(0, line(60, day=11), apart, FIRST, days=(10, 11)),
        mt940(0, summed_up, FIRST, days=(10, 11)),
    ]
    take_in(*once)
    assert (told(), doubted()) == ([40, 50, 60], [100])

    forget_all()
    take_in(*reversed(once))
    assert (told(), doubted()) == ([50, 100], [40, 60])


def test_equal_entries_of_one_day_in_statements_that_nothing_ties_are_for_a_person() -> None:
    take_in(
        mt940(0, FIRST, number="7/1", days=(10, 11)),
        mt940(300, FIRST, SECOND, number="9/1", days=(10, 11)),
    )
    assert (told(), doubted()) == ([50, 60], [50])


def test_a_statement_that_does_not_add_up_is_for_a_person() -> None:
    content = mt940(0, FIRST, SECOND, days=(10, 11)).replace(b"PLN110,00", b"PLN120,00")
    take_in(content)
    assert (told(), doubted()) == ([], [50, 60])


def test_a_transfer_that_is_a_part_of_its_entry_is_proposed_for_its_debt_and_not_posted() -> None:
    account = Account.objects.create(currency="PLN", opened_on=date(2026, 5, 1))
    register_names(kind=NameKind.CONTRACT, names=[(account.pk, "CTR/2026/17")])
    whole = camt053(0, line(40, day=11), days=(10, 11))
    (before, after) = whole.split(b"</TxDtls>")
    part = before + b"<RmtInf><Ustrd>SPLATA CTR/2026/17</Ustrd></RmtInf></TxDtls>" + after
    take_in(part.replace(b"<TxDtls><Amt Ccy='PLN'>40.00", b"<TxDtls><Amt Ccy='PLN'>15.00"))

    assert match_entries(actor=ACTOR, at=AT) == {"propose": 1}

    entry = StatementEntry.objects.get()
    assert "SPLATA CTR/2026/17" in entry.title
    assert [reason["code"] for reason in entry.proposal["reasons"]][-1] == "not_split"


def test_a_payment_of_a_statement_in_doubt_is_proposed_for_its_debt_and_not_posted() -> None:
    account = Account.objects.create(currency="PLN", opened_on=date(2026, 5, 1))
    register_names(kind=NameKind.CONTRACT, names=[(account.pk, "CTR/2026/17")])
    content = mt940(0, FIRST, days=(10, 11)).replace(b"PLN50,00\n-", b"PLN51,00\n-")
    take_in(content.replace(b"~00PRZELEW", b"~00PRZELEW~20SPLATA CTR/2026/17"))

    assert match_entries(actor=ACTOR, at=AT) == {"propose": 1}

    entry = StatementEntry.objects.get()
    assert entry.state == EntryState.PROPOSED
    assert entry.proposal["accounts"] == [account.pk]
    assert [reason["code"] for reason in entry.proposal["reasons"]][-1] == "balances"
