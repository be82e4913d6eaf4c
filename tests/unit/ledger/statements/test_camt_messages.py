"""Messages of every version and form, alone or together, and what stands before them."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest

from ledger.statements.values import EntryStatus, Form, StatementUnreadable
from tests.unit.ledger.statements.camt_pieces import booked, entry, notification, report, statement
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import CAMT052, CAMT053, CAMT054, SENDER

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'


def _refusal(content: bytes) -> StatementUnreadable:
    with pytest.raises(StatementUnreadable) as caught:
        read_whole(content)
    return caught.value


def _together(*messages: bytes) -> bytes:
    return b"<All>" + b"".join(one.removeprefix(_DECLARATION) for one in messages) + b"</All>"


def test_each_message_of_an_envelope_keeps_its_form() -> None:
    read = read_whole(_together(CAMT053, CAMT054, CAMT052))
    forms = [Form.CAMT053, Form.CAMT054, Form.CAMT052]
    assert [one.form for one in read.statements] == forms
    assert read.file.form is Form.CAMT053
    assert read.findings == []


def test_a_message_within_a_message_keeps_its_form() -> None:
    inner = CAMT054.removeprefix(_DECLARATION)
    content = CAMT053.replace(b"</GrpHdr>", b"</GrpHdr>" + inner, 1)
    assert [one.form for one in read_whole(content).statements] == [Form.CAMT054, Form.CAMT053]


def test_what_is_odd_about_many_messages_is_told_once() -> None:
    content = _together(*[CAMT053.replace(b"camt.053.001.02", b"odd")] * 3)
    assert read_whole(content).findings == ["version_unknown"]


def test_a_message_without_a_namespace_is_read_and_told() -> None:
    content = CAMT053.replace(b' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"', b"")
    read = read_whole(content)
    assert (len(read.all_entries), read.findings) == (3, ["namespace_missing"])


def _first_version(content: bytes, message: bytes) -> bytes:
    """As banks wrote it in 2007: names with a version, and less around what they name."""
    for old, new in (
        (message, message + b"V01"),
        (b".001.02", b".001.01"),
        (b"<CdOrPrtry>", b""),
        (b"</CdOrPrtry>", b""),
        (b"<NtryDtls>", b"<Btch><NbOfTxs>1</NbOfTxs></Btch>"),
        (b"</NtryDtls>", b""),
    ):
        content = content.replace(old, new)
    return content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CAMT052, b"BkToCstmrAcctRpt"),
        (CAMT053, b"BkToCstmrStmt"),
        (CAMT054, b"BkToCstmrDbtCdtNtfctn"),
    ],
)
def test_the_first_version_says_the_same_as_the_second(content: bytes, message: bytes) -> None:
    first, second = read_whole(_first_version(content, message)), read_whole(content)
    assert first.file.version == "01"
    assert (first.all_entries, first.statements) == (second.all_entries, second.statements)
    assert first.all_entries[0].party.account == SENDER


@pytest.mark.parametrize(
    "account", ["<BBAN>{}</BBAN>", "<UPIC>{}</UPIC>", "<PrtryAcct><Id>{}</Id></PrtryAcct>"]
)
def test_the_first_version_has_accounts_of_its_own(account: str) -> None:
    iban = b"<IBAN>PL61109010140000071219812874</IBAN>"
    written = account.format("12345678901234567").encode()
    (only,) = read_whole(CAMT052.replace(iban, written, 1)).statements
    assert (only.account, only.account_is_valid) == ("12345678901234567", None)


def test_why_a_payment_of_the_first_version_came_back() -> None:
    why = b"<RtrInf><RtrRsn><Cd>ac04</Cd></RtrRsn></RtrInf></TxDtls>"
    first = read_whole(CAMT053.replace(b"</TxDtls>", why, 1)).all_entries[0]
    assert (first.is_return, first.return_code) == (True, "AC04")


@pytest.mark.parametrize("blank", ["\n", "\n\n  ", "\r\n" * 100_000])
@pytest.mark.parametrize(
    ("declared", "codec", "mark"),
    [
        ("UTF-8", "utf-8", b""),
        ("UTF-8", "utf-8", codecs.BOM_UTF8),
        ("windows-1250", "cp1250", b""),
        ("windows-1250", "utf-8", codecs.BOM_UTF8),
        ("UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
        ("UTF-16", "utf-16-be", codecs.BOM_UTF16_BE),
        ("UTF-16", "utf-16-be", b""),
    ],
)
def test_blanks_before_the_declaration_are_passed_over(
    blank: str, declared: str, codec: str, mark: bytes
) -> None:
    text = CAMT053.decode().replace("UTF-8", declared).replace("JAN NOWAK", "ŁUCJA ŻÓŁĆ")
    read = read_whole(mark + (blank + text).encode(codec))
    assert read.all_entries[0].party.name == "ŁUCJA ŻÓŁĆ"


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>Log in</body></html>",
        "<!doctype HTML>\n<p>Log in",
        "<html><head></head><body><br>Log in</body></html>",
        "\ufeff\n<HTML lang=pl>",
        "<!-- saved --><!-- twice --><html><p>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "a" "b"><html/>',
        "<body>Log in",
    ],
)
def test_a_page_of_the_web_is_called_one(page: str) -> None:
    assert _refusal(page.encode()).values["reason"] == "web_page"


@pytest.mark.parametrize("other", ["<htmlish/>", "<header/>", "<!-- " * 200, "<!---->" * 150])
def test_what_only_looks_like_a_page_of_the_web_is_not_called_one(other: str) -> None:
    assert _refusal(other.encode()).values["reason"] != "web_page"


def test_an_entry_of_a_statement_that_has_no_status_is_booked_and_told() -> None:
    read = read_whole(booked(entry(status="")))
    assert read.all_entries[0].status is EntryStatus.BOOKED
    assert read.findings == ["status_missing"]


@pytest.mark.parametrize("form", [notification, report])
def test_without_a_status_another_message_could_mean_anything(
    form: Callable[[str], bytes],
) -> None:
    values = _refusal(form(entry(status=""))).values
    assert (values["reason"], values["element"]) == ("element_missing", "Sts")


def test_a_status_of_the_banks_own_is_named_in_the_refusal() -> None:
    values = _refusal(statement(entry(status="<Sts><Prtry>DONE</Prtry></Sts>"))).values
    assert (values["reason"], values["value"]) == ("bad_status", "DONE")


def test_what_the_parser_says_does_not_repeat_the_place() -> None:
    values = _refusal(b"<a><b></a>").values
    assert values["place"] == "line 1, column 11"
    assert "column" not in values["parser"]
