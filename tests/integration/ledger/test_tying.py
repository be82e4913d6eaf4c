"""What was foretold is tied to what was booked, by every report that told of it."""

from __future__ import annotations

import io

import pytest

from ledger.models import StatementEntry
from ledger.operations import take_in_statements
from tests.integration.ledger.bank import next_statement
from tests.integration.ledger.test_finding_debts import ACTOR, AT
from tests.unit.ledger.statements.samples import OWN, SENDER

pytestmark = pytest.mark.django_db


def line(title: str, day: str = "0511") -> str:
    return f":61:26{day}{day}C50,00NTRFNONREF\n:86:020~00PRZELEW~20{title}~38{SENDER}\n"


def fee(day: str) -> str:
    return f":61:26{day}{day}D5,00NCHGNONREF\n:86:Fee for the account\n"


def told(number: int, *lines: str) -> None:
    """A report within the day; nothing of it is booked yet."""
    head = f":20:R{number}\n:25:{OWN}\n:28C:{number}\n:34F:PLN0,\n:13D:26051112{number:02}+0200\n"
    take_in(head, *lines)


def booked(number: int, *lines: str, until: str = "0511") -> None:
    content = next_statement(number, *lines, days=("260501", f"26{until}"))
    take_in_statements(file=io.BytesIO(content), name="x.sta", actor=ACTOR, at=AT)


def take_in(*parts: str) -> None:
    content = io.BytesIO("".join((*parts, "-\n")).encode())
    take_in_statements(file=content, name="x.sta", actor=ACTOR, at=AT)


def day_of_camt(form: str, *parts: int) -> bytes:
    """An entry of 100 złoty with its transfers; none: the entry alone."""
    message = {"camt.053": "BkToCstmrStmt><Stmt", "camt.054": "BkToCstmrDbtCdtNtfctn><Ntfctn"}[form]
    inner, outer = message.split("><")[::-1]
    details = "".join(f"<TxDtls><Amt Ccy='PLN'>{part}.00</Amt></TxDtls>" for part in parts)
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='PLN'>{amount}.00</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-05-11</Dt></Dt></Bal>"
        for code, amount in (("OPBD", 0), ("CLBD", 100))
    )
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{form}.001.02"><{message}>'
        f"<Id>{form}</Id><Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>PLN</Ccy></Acct>"
        f"{balances if form == 'camt.053' else ''}<Ntry><Amt Ccy='PLN'>100.00</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-05-11</Dt></BookgDt>"
        "<ValDt><Dt>2026-05-11</Dt></ValDt><AcctSvcrRef>B1</AcctSvcrRef>"
        f"<NtryDtls>{details}</NtryDtls></Ntry></{inner}></{outer}></Document>"
    ).encode()


@pytest.mark.parametrize("is_booked_first", [False, True])
@pytest.mark.parametrize(("foretold", "final"), [((60, 40), ()), ((), (60, 40))])
def test_the_transfers_of_a_batch_are_tied_to_their_sum_and_the_sum_to_them(
    foretold: tuple[int, ...], final: tuple[int, ...], is_booked_first: bool
) -> None:
    files = [day_of_camt("camt.054", *foretold), day_of_camt("camt.053", *final)]
    for content in reversed(files) if is_booked_first else files:
        take_in_statements(file=io.BytesIO(content), name="x.xml", actor=ACTOR, at=AT)
    entries = StatementEntry.objects.order_by("id")
    first = entries.filter(statement__form="camt053").values_list("pk", flat=True)[0]
    told_of = entries.filter(statement__form="camt054").values_list("tied_to", flat=True)
    assert set(told_of) == {first}
    assert entries.filter(statement__form="camt053", tied_to=None).count() == (len(final) or 1)


def test_one_sum_is_told_of_once_by_a_report() -> None:
    twice = day_of_camt("camt.054", 60, 40)
    entry = twice[twice.index(b"<Ntry>") : twice.index(b"</Ntry>") + len(b"</Ntry>")]
    for content in (twice.replace(entry, entry + entry), day_of_camt("camt.053")):
        take_in_statements(file=io.BytesIO(content), name="x.xml", actor=ACTOR, at=AT)
    told_of = StatementEntry.objects.filter(statement__form="camt054").order_by("id")
    assert [pk is not None for pk in told_of.values_list("tied_to", flat=True)] == [
        True, True, False, False,
    ]  # fmt: skip


def ties() -> list[int | None]:
    """Of each entry that was foretold, the place of the booked one among all booked ones."""
    entries = StatementEntry.objects.order_by("id")
    final = list(entries.filter(statement__form="mt940").values_list("pk", flat=True))
    foretold = entries.filter(statement__form="mt942").values_list("tied_to", flat=True)
    return [None if pk is None else final.index(pk) for pk in foretold]


@pytest.mark.parametrize("booked_after", [0, 2, 5])
def test_every_report_that_repeats_an_entry_is_tied_to_it(booked_after: int) -> None:
    for number in range(5):
        if number == booked_after:
            booked(1, line("rata"))
        told(number, line("rata"))
    if booked_after == 5:
        booked(1, line("rata"))
    assert ties() == [0] * 5


def test_equal_entries_of_one_report_are_tied_each_to_its_own() -> None:
    told(1, line("rata"))
    told(2, line("rata"), line("rata"))
    booked(1, line("rata"))
    assert ties() == [0, 0, None]
    told(3, line("rata"), line("rata"), line("one more"))
    booked(2, line("rata"))
    assert ties() == [0, 0, 1, 0, 1, None]


def test_what_a_week_of_booked_days_has_not_brought_is_given_up() -> None:
    told(1, line("rata", "0501"))
    booked(1, fee("0509"), until="0509")
    booked(2, line("rata", "0501"), until="0510")
    assert ties() == [None]


def test_a_statement_of_a_whole_month_ties_what_was_foretold_in_its_first_days() -> None:
    booked(1, fee("0430"), until="0430")
    told(1, line("rata", "0425"))
    told(2, line("rata", "0501"))
    booked(2, line("rata", "0425"), line("rata", "0501"), until="0512")
    assert ties() == [1, 2]


def test_a_report_that_comes_late_is_tied_all_the_same() -> None:
    booked(1, line("rata", "0425"), until="0430")
    booked(2, fee("0511"))
    told(1, line("rata", "0425"))
    assert ties() == [0]
