"""Field 86 in the dialects of banks: the payer, their account and the title, each in its place."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ledger.statements.values import Entry
from tests.unit.ledger.statements.reading import read_whole
from tests.unit.ledger.statements.samples import OWN, SENDER

NRB = SENDER.removeprefix("PL")
IN = "2605110511C50,00NTRFNONREF//B1"
OUT = "2605110511D50,00NTRFNONREF//B1"


class Said(NamedTuple):
    name: str
    account: str
    title: str


def _entry(details: str, line: str = IN, encoding: str = "utf-8") -> Entry:
    (only,) = read_whole(
        f":20:ST1\n:25:{OWN}\n:28C:7/1\n:60F:C260510PLN0,\n:61:{line}\n:86:{details}\n"
        ":62F:C260511PLN50,\n-\n".encode(encoding)
    ).all_entries
    return only


def _said(details: str, line: str = IN, encoding: str = "utf-8") -> Said:
    entry = _entry(details, line, encoding)
    return Said(entry.party.name, entry.party.account, entry.title)


def test_a_code_that_has_a_field_of_its_own_and_comes_again_is_read_once() -> None:
    details = f"034\n:86:034~00EXGC\n~20RATA CTR/2026/17\n~21~22\n~32JAN NOWAK\n~38{SENDER}"
    assert _said(details) == Said("JAN NOWAK", SENDER, "RATA CTR/2026/17")
    assert _entry(details).code == "NTRF/034"


def test_a_number_in_a_field_of_its_own_before_plain_text_is_text() -> None:
    assert _said("1234\n:86:Rata").title == "1234 Rata"


@pytest.mark.parametrize(
    ("encoding", "fill"), [("cp1250", "˙"), ("iso8859-2", "˙"), ("cp852", "\u00a0")]
)
@pytest.mark.parametrize("letters", ["SPLATA", "SPŁATA ZALEGŁOŚCI ŻÓŁTEJ"])
def test_parts_that_a_bank_fills_with_a_byte_are_empty(
    encoding: str, fill: str, letters: str
) -> None:
    details = f"020~00152\n~20{letters}\n~21{fill}\n~22{fill}\n~32JAN NOWAK\n~33{fill}\n~60{fill}"
    assert _said(details, encoding=encoding) == Said("JAN NOWAK", "", letters)


@pytest.mark.parametrize(
    "details",
    [
        (f'<00Przelewy<10162<20RATA<21CTR/2026/17<22<27JAN NOWAK<28<29UL. NOWA 1<32<38{NRB}<60ICE'
        "<63REF26/05/11/1"),
        f"020<00PRZELEW<20RATA<21CTR/2026/17<27JAN NOWAK<28UL. NOWA 1<3011402004<38{NRB}",
        (f"0210<00PRZELEW<10ABC2\n<20RATA CTR/2026/17\n<27JAN NOWAK\n<28UL. NOWA 1\n<38{NRB}\n"
        "<63REF_ABC2"),
        (f"020<00PRZELEW<20RATA CTR/2026/17<26{NRB}<27JAN NOWAK<28UL. NOWA 1<31{NRB[-16:]}"
        f"<32JAN NOWAK UL. NOWA 1<38{NRB}<63REF 606<66DWMC"),
    ],
)  # fmt: skip
def test_a_name_among_the_parts_of_the_title_is_no_title(details: str) -> None:
    assert _said(details) == Said("JAN NOWAK UL. NOWA 1", SENDER, "RATA CTR/2026/17")


def test_a_long_title_beside_a_name_stays_whole() -> None:
    details = "020<20RATA<26CTR/2026/17<27ZA MAJ<32JAN NOWAK<61KOD 8"
    assert _said(details) == Said("JAN NOWAK", "", "RATA CTR/2026/17 ZA MAJ KOD 8")


@pytest.mark.parametrize(
    "details",
    [
        (
            f"723^00PRZELEW^34000\n^3011402004^38{SENDER}\n^20Rata CTR/2026/17\n^32JAN NOWAK\n"
            "^62NOWA 1 00-001 WA^63RSZAWA"
        ),
        (
            f"034~00EXGC\n~20Rata CTR/2026/17\n~21~22\n~29{NRB}\n~31{NRB[-16:]}\n~32JAN NOWAK\n"
            "~62NOWA 1~6300-001 WARSZAWA"
        ),
    ],
)
def test_an_address_and_the_account_are_no_title(details: str) -> None:
    assert _said(details) == Said("JAN NOWAK", SENDER, "Rata CTR/2026/17")


def test_an_account_that_only_the_title_has_stays_there() -> None:
    details = f"020~20Rata~29{NRB}~32JAN NOWAK"
    assert _said(details) == Said("JAN NOWAK", SENDER, f"Rata {NRB}")


@pytest.mark.parametrize(
    ("details", "title"),
    [
        ("020+00PRZELEW+20RATA CTR/2026/17+21TEL. +48 601 222 333+32JAN NOWAK",
         "RATA CTR/2026/17 TEL. +48 601 222 333"),
        ("+48601222333 prosze o kontakt CTR/2026/17", "+48601222333 prosze o kontakt CTR/2026/17"),
        ("166?00GUT?20Zaplacone?44 zl CTR/2026/17?32JAN NOWAK", "Zaplacone?44 zl CTR/2026/17"),
        ("166?00GUT?20Zaplacone?30 zl CTR/2026/17?32JAN NOWAK", "Zaplacone?30 zl CTR/2026/17"),
        ("020~00P~20RATA~26CTR/2026/17~40NR SPRAWY 77~32JAN", "RATA CTR/2026/17 NR SPRAWY 77"),
        ("020~20RATA~32JAN NOWAK~40NR SPRAWY 77", "RATA NR SPRAWY 77"),
        ("166?20RATA?32JAN NOWAK?35NR SPRAWY 77", "RATA NR SPRAWY 77"),
        ("166?20RATA?32JAN NOWAK?70FUER EWA UND?71 ADAM", "RATA FUER EWA UND ADAM"),
        ("944 PRZELEW\n<20Rata\n<32JAN NOWAK", "Rata"),
        ("2026 rata ~20 zl", "2026 rata ~20 zl"),
        ("<3 dni po terminie", "<3 dni po terminie"),
        ("166?20RATA?21MAJ?22SVWZ+CTR/2026/17", "RATA MAJ CTR/2026/17"),
    ],
)  # fmt: skip
def test_nothing_of_a_title_is_lost(details: str, title: str) -> None:
    assert _said(details).title == title


def test_a_code_word_that_comes_again_is_a_part_of_the_title() -> None:
    entry = _entry("166?20EREF+R1?21SVWZ+Rata EREF+ w maju")
    assert (entry.end_to_end_id, entry.title) == ("R1", "Rata EREF+ w maju")


def test_the_one_for_whom_another_paid_is_named_in_the_title() -> None:
    paid = "166?20SVWZ+Rata?21ABWA+EWA NOWAK"
    assert _said(f"{paid}?32PAYMENTS N.V.") == Said("PAYMENTS N.V.", "", "Rata (EWA NOWAK)")
    assert _said(paid) == Said("EWA NOWAK", "", "Rata")
    slashed = "/ORDP//NAME/PAYMENTS N.V./REMI//USTD/Rata/ULTD//NAME/EWA NOWAK"
    assert _said(slashed) == Said("PAYMENTS N.V.", "", "Rata (EWA NOWAK)")


@pytest.mark.parametrize(
    ("details", "account"),
    [
        ("/ORDP/JAN NOWAK/REMI/Rata CTR/2026/17", ""),
        ("/ORDP/JAN NOWAK\n/REMI//Rata CTR/2026/17", ""),
        (f"/ORDP/{SENDER}\nJAN NOWAK\nUL. NOWA 1/REMI/Rata CTR/2026/17/BENM/UGODA", SENDER),
        ("/BENM/UGODA/ORDP/27 1140 2004 0000 3002 0135 5387\nJAN NOWAK\n/REMI/Rata CTR/2026/17",
         SENDER),
        (f"/ORDP/{SENDER} JAN NOWAK/REMI/USTD//Rata CTR/2026/17/", SENDER),
        (f"/BENM//NAME/UGODA/ORDP//NAME/JAN NOWAK/IBAN/{SENDER}/REMI/Rata CTR/2026/17", SENDER),
        ("/ORDP/300000000460495\n/JAN NOWAK\n/Rata CTR/2026/17", "300000000460495"),
        (f"/CNTP/{SENDER}/BANKPLPW/JAN NOWAK///REMI/USTD//Rata CTR/2026/17/", SENDER),
    ],
)  # fmt: skip
def test_the_payer_is_read_in_every_form_of_code_words(details: str, account: str) -> None:
    assert _said(details) == Said("JAN NOWAK", account, "Rata CTR/2026/17")


def test_the_other_side_of_money_that_went_out_is_the_payee() -> None:
    details = "/ORDP/UGODA/BENM/JAN NOWAK/REMI/Zwrot"
    assert _said(details, OUT) == Said("JAN NOWAK", "", "Zwrot")
    assert _said(details, OUT.replace("D50", "RC50")).name == "UGODA"
    assert _said("/BENM/UGODA/REMI/Rata").name == ""
    assert _said("/BENM/JAN NOWAK/REMI/Zwrot", OUT.replace("D50", "RC50")).name == "JAN NOWAK"


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ("/REMI/RATA CTR/2026/17", Said("", "", "RATA CTR/2026/17")),
        ("/REMI/STRD/CUR/9001123412341234/", Said("", "", "CUR/9001123412341234")),
        ("/NAME/JAN NOWAK", Said("JAN NOWAK", "", "")),
        ("CTR/NAME/17", Said("", "", "CTR/NAME/17")),
        ("/OCMT/USD28,12/\nINVOICE 2040", Said("", "", "/OCMT/USD28,12/ INVOICE 2040")),
    ],
)
def test_one_code_word_is_enough_where_it_begins_the_text(details: str, said: Said) -> None:
    assert _said(details) == said


def test_a_word_like_a_label_in_a_title_is_a_part_of_it() -> None:
    details = f"770 Przelew; z rach.: {NRB}; od: JAN NOWAK; tyt.: Rata od: stycznia; TNR: 1.2"
    assert _said(details) == Said("JAN NOWAK", SENDER, "Rata od: stycznia")
    assert _said(details.replace("Rata", "Rata; od: EWY,")).title == "Rata od: EWY, od: stycznia"
    unparted = f"Przelew Z RACH: {NRB} OD: JAN NOWAK TYT: Rata OD: stycznia"
    assert _said(unparted) == Said("JAN NOWAK", SENDER, "Rata OD: stycznia")


@pytest.mark.parametrize("number", [SENDER, NRB, "PL27 1140 2004 0000 3002 0135 5387"])
def test_the_account_in_a_plain_text_is_the_other_sides(number: str) -> None:
    assert _said(f"NA RACHUNEK {OWN} OD {number} JAN NOWAK").account == SENDER
    assert _said(f"NA RACHUNEK {OWN}").account == ""
