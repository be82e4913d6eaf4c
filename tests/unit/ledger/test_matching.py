"""A payment finds its debt by what it names, and only a certain match posts by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.lifecycle import NameKind
from ledger.matching import CERTAIN, Candidate, Verdict, decide_match
from ledger.payment_names import Said, names_in, normal_key

VIRTUAL, CONTRACT, CASE, SENDER = NameKind


def said(
    title: str = "", reference: str = "", party: str = "", own: str = ""
) -> set[tuple[str, str]]:
    found = names_in(title=title, reference=reference, party_account=party, own_account=own)
    return {(one.kind, one.key) for one in found}


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("splata umowy CTR/2024/000123", "CTR2024000123"),
        ("rata CTR 2024 000123 lipiec", "CTR2024000123"),
        ("RATA 7 UMOWA NR CTR-2024-0001\n23", "CTR2024000123"),
        ("spłata sprawy UG-2026-000009", "UG2026000009"),
        ("dot. UG 2026 000009, dziękuję", "UG2026000009"),
    ],
)
def test_a_number_is_found_however_it_is_written(title: str, key: str) -> None:
    assert (CONTRACT, key) in said(title)
    assert (CASE, key) in said(title)


@pytest.mark.parametrize(
    "title",
    [
        "na rachunek PL61109010140000071219812874",
        "61 1090 1014 0000 0712 1981 2874 rata",
        "RACH:6110901014000007121981\n2874",
    ],
)
def test_an_account_number_in_the_title_is_found_by_its_check_digits(title: str) -> None:
    assert (VIRTUAL, "PL61109010140000071219812874") in said(title)


def test_twenty_six_digits_that_fail_their_check_name_no_account() -> None:
    found = said("61109010140000071219812875")
    assert not [key for kind, key in found if kind == VIRTUAL and key]


@given(st.text(max_size=200))
def test_any_text_is_read_without_harm_and_within_bounds(title: str) -> None:
    assert len(list(names_in(title=title, reference="", party_account="", own_account=""))) <= 800


def test_the_account_on_which_money_comes_in_names_the_debt() -> None:
    assert (VIRTUAL, "PL1") in said(own="PL 1")
    assert normal_key("Umowa nr Ł/1") == "UMOWANRL1"


def candidate(
    account_id: int, kind: NameKind, *, currency: str = "PLN", confirmed: int = 0
) -> Candidate:
    return Candidate(account_id, kind, "title", currency, confirmed)


@pytest.mark.parametrize(
    ("candidates", "verdict", "accounts", "code"),
    [
        ([candidate(1, VIRTUAL)], Verdict.POST, (1,), "virtual_account"),
        ([candidate(1, CONTRACT)], Verdict.POST, (1,), "contract"),
        ([candidate(1, CASE)], Verdict.POST, (1,), "case"),
        ([candidate(1, CASE), candidate(2, CASE)], Verdict.PROPOSE, (1, 2), "case"),
        ([candidate(1, VIRTUAL), candidate(1, CONTRACT)], Verdict.POST, (1,), "virtual_account"),
        (
            [candidate(1, VIRTUAL), candidate(2, CONTRACT)],
            Verdict.PROPOSE,
            (1, 2),
            "virtual_account",
        ),
        ([candidate(1, SENDER, confirmed=5)], Verdict.PROPOSE, (1,), "sender"),
        ([candidate(1, CONTRACT), candidate(2, SENDER)], Verdict.POST, (1,), "contract"),
        ([candidate(1, CONTRACT, currency="EUR")], Verdict.SUSPEND, (), "another_currency"),
        ([], Verdict.SUSPEND, (), "nothing_known"),
    ],
)
def test_what_is_named_decides(
    candidates: list[Candidate], verdict: Verdict, accounts: tuple[int, ...], code: str
) -> None:
    match = decide_match(candidates, currency="PLN", is_return=False)
    assert (match.verdict, match.account_ids, match.reasons[0].code) == (verdict, accounts, code)
    assert (match.percent >= CERTAIN) is (verdict is Verdict.POST)


def test_a_return_is_never_posted_by_itself() -> None:
    match = decide_match([candidate(1, VIRTUAL)], currency="PLN", is_return=True)
    assert (match.verdict, match.reasons[0].code) == (Verdict.SUSPEND, "returned_payment")


def test_a_name_is_said_once_with_the_field_where_it_stands() -> None:
    found = list(names_in(title="ABC123 ABC123", reference="", party_account="", own_account="X1"))
    assert found.count(Said(CONTRACT, "ABC123", "title")) == 1
