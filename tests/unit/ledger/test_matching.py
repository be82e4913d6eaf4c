"""A payment finds its debt by what it names, and only a certain match posts by itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.lifecycle import NameKind
from ledger.matching import CERTAIN, Candidate, Match, Verdict, decide_match, split_over
from ledger.payment_names import (
    holder_key,
    holders_in,
    holders_in_name,
    is_by_chance,
    names_in,
    normal_key,
)

VIRTUAL, CONTRACT, CASE, SENDER, HOLDER = NameKind
DUE = date(2026, 4, 1)


def said(
    title: str = "", reference: str = "", party: str = "", own: str = ""
) -> set[tuple[str, str]]:
    found = names_in(title=title, reference=reference, party_account=party, own_account=own)
    return {(kind, key) for kind, keys in found.items() for key in keys}


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
    found = names_in(title=title, reference="", party_account="", own_account="")
    assert sum(len(keys) for keys in found.values()) <= 800


def test_the_account_on_which_money_comes_in_names_the_debt() -> None:
    assert (VIRTUAL, "PL1") in said(own="PL 1")
    assert normal_key("Umowa nr Ł/1") == "UMOWANRL1"


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("10000", "KWOTA 10000 ZL"),
        ("1234567", "umowa 1234567"),
        ("20240512", "rata z dnia 2024-05-12"),
        ("12052024", "rata z dnia 12.05.2024"),
        ("12345678", "wpłata 12345678 zł"),
        ("12345678", "kwota: 12 345 678"),
        ("12345678", "PLN 12345678"),
        ("12345678", "wpłata 12345678,00"),
        ("12345678", "150,00 12345678"),
        ("12345678", "12345678 150,00"),
        ("2024051250", "z 2024-05-12 50"),
        ("202405121030", "z 2024-05-12 10:30"),
    ],
)
def test_a_number_that_may_be_an_amount_or_a_day_is_there_by_chance(key: str, title: str) -> None:
    assert (CONTRACT, key) in said(title)
    assert is_by_chance(key, texts=(title, ""))


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("12345678", "umowa 1234-5678, rata 150,00"),
        ("12345678", "umowa 12345678 z 12.05.2024"),
        ("12345678", "kwota 12345678 zł, umowa 12345678"),
        ("123456789012", "umowa 123456789012 150,00 zł"),
        ("202405120001", "2024/05/12/0001"),
    ],
)
def test_a_long_number_that_stands_by_itself_names_a_debt(key: str, title: str) -> None:
    assert (CONTRACT, key) in said(title)
    assert not is_by_chance(key, texts=(title, ""))
    assert not is_by_chance(key, texts=("", title))


@given(st.text("0123456789 .,-/zl", max_size=200))
def test_any_number_is_weighed_without_harm(title: str) -> None:
    for kind, key in said(title):
        if kind == CONTRACT and key.isdigit():
            assert is_by_chance(key, texts=(title,)) in (True, False)


def candidate(
    account_id: int,
    kind: NameKind,
    *,
    currency: str = "PLN",
    confirmed: int = 0,
    due: int = 0,
    found_in: str = "title",
    expected: tuple[int, ...] = (),
    by_chance: bool = False,
) -> Candidate:
    return Candidate(
        account_id, kind, found_in, currency, confirmed, due, due, DUE, expected, by_chance
    )


def decide(*candidates: Candidate, amount: int = 5_000, strangers: tuple[int, ...] = ()) -> Match:
    return decide_match(candidates, amount_minor=amount, currency="PLN", strangers=strangers)


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
        (
            [candidate(1, CASE), candidate(2, CASE), candidate(2, CONTRACT)],
            Verdict.POST,
            (2,),
            "contract",
        ),
        ([candidate(1, CONTRACT, currency="EUR")], Verdict.SUSPEND, (1,), "another_currency"),
        (
            [candidate(1, CONTRACT, currency="EUR"), candidate(2, SENDER, confirmed=9)],
            Verdict.SUSPEND,
            (1,),
            "another_currency",
        ),
        ([], Verdict.SUSPEND, (), "nothing_known"),
    ],
)
def test_what_is_named_decides(
    candidates: list[Candidate], verdict: Verdict, accounts: tuple[int, ...], code: str
) -> None:
    match = decide(*candidates)
    assert (match.verdict, match.account_ids, match.reasons[0].code) == (verdict, accounts, code)
    assert (match.percent >= CERTAIN) is (verdict is Verdict.POST)


def codes(match: Match) -> list[str]:
    return [reason.code for reason in match.reasons]


@pytest.mark.parametrize(
    ("found", "amount", "percent", "why"),
    [
        ([candidate(1, HOLDER, due=9_000, found_in="party_name")], 5_000, 50, ["holder"]),
        ([candidate(1, HOLDER, due=5_000, found_in="party_name")], 5_000, 75,
         ["holder", "amount_is_due"]),
        ([candidate(1, HOLDER, due=5_000)], 5_000, 65, ["holder_in_title", "amount_is_due"]),
        ([candidate(1, HOLDER, due=9_000, expected=(5_000,))], 5_000, 65,
         ["holder_in_title", "amount_is_instalment"]),
        ([candidate(1, SENDER, due=5_000), candidate(1, HOLDER, found_in="party_name", due=5_000)],
         5_000, 94, ["sender", "holder", "amount_is_due"]),
        ([candidate(1, SENDER, confirmed=9, due=5_000)], 5_000, 94, ["sender", "amount_is_due"]),
    ],
)  # fmt: skip
def test_sender_name_and_amount_make_likely_and_never_certain(
    found: list[Candidate], amount: int, percent: int, why: list[str]
) -> None:
    match = decide(*found, amount=amount)
    assert (match.verdict, match.percent, codes(match)) == (Verdict.PROPOSE, percent, why)


def test_a_number_by_chance_is_proposed_with_what_else_speaks_for_it() -> None:
    match = decide(candidate(1, CONTRACT, by_chance=True, due=9_000))
    assert (match.verdict, match.percent, codes(match)) == (
        Verdict.PROPOSE, 40, ["number_by_chance"],
    )  # fmt: skip
    both = decide(candidate(1, CONTRACT, by_chance=True), candidate(2, SENDER, confirmed=2))
    assert (both.verdict, both.account_ids) == (Verdict.PROPOSE, (2, 1))


def test_a_number_by_chance_makes_a_person_look_at_what_is_named_beside_it() -> None:
    match = decide(candidate(1, CONTRACT), candidate(2, CONTRACT, by_chance=True))
    assert (match.verdict, match.account_ids) == (Verdict.PROPOSE, (1, 2))
    assert codes(match) == ["contract", "number_by_chance"]
    same = decide(candidate(1, CASE), candidate(1, CONTRACT, by_chance=True))
    assert same.verdict is Verdict.POST


candidates = st.builds(
    candidate,
    st.integers(1, 4),
    st.sampled_from([SENDER, HOLDER]),
    by_chance=st.booleans(),
    currency=st.sampled_from(["PLN", "EUR"]),
    confirmed=st.integers(0, 20),
    due=st.integers(0, 3),
    found_in=st.sampled_from(["title", "party_name"]),
    expected=st.sampled_from([(), (2,)]),
)


@given(st.lists(candidates, max_size=6), st.integers(1, 4))
def test_without_a_reference_nothing_ever_posts_itself(found: list[Candidate], amount: int) -> None:
    match = decide(*found, amount=amount)
    assert match.verdict is not Verdict.POST
    assert match.percent < CERTAIN


@given(
    st.integers(1, 1_000),
    st.lists(st.tuples(st.integers(1, 5), st.integers(-5, 300)), min_size=1, max_size=6),
)
def test_a_split_loses_no_grosz(amount: int, dues: list[tuple[int, int]]) -> None:
    shares = split_over(amount, dues)
    assert sum(shares.values()) == amount
    assert min(shares.values()) > 0


def test_a_transfer_that_pays_all_that_it_names_is_split_by_itself() -> None:
    named = [candidate(1, CONTRACT, due=2_000), candidate(2, CONTRACT, due=3_000)]
    match = decide(*named, amount=5_000)
    assert (match.verdict, match.shares) == (Verdict.POST, {1: 2_000, 2: 3_000})
    less = decide(*named, amount=4_000)
    assert (less.verdict, less.shares) == (Verdict.PROPOSE, {1: 2_000, 2: 2_000})


def test_an_agreed_instalment_over_several_debts_is_split_by_itself() -> None:
    debts = [candidate(pk, CASE, due=3_000, expected=(4_000,)) for pk in (1, 2)]
    match = decide(*debts, amount=4_000)
    assert (match.verdict, match.shares) == (Verdict.POST, {1: 3_000, 2: 1_000})
    assert "split_by_agreement" in codes(match)


def test_a_name_that_many_share_says_nothing_but_the_amount_may() -> None:
    many = [candidate(pk, HOLDER, due=pk, found_in="party_name") for pk in range(1, 9)]
    assert codes(decide(*many)) == ["name_too_common"]
    match = decide(*many, candidate(9, HOLDER, due=5_000, found_in="party_name"))
    assert (match.verdict, match.account_ids[0]) == (Verdict.PROPOSE, 9)


def test_a_third_party_may_pay_and_is_told_of() -> None:
    match = decide(candidate(1, CONTRACT), strangers=(1,))
    assert (match.verdict, codes(match)) == (Verdict.POST, ["contract", "third_party"])


@pytest.mark.parametrize(
    "party",
    ["Łucja Wąs", "WAS LUCJA", "WĄS ŁUCJA UL. PROSTA 5 00-001 WARSZAWA", "Pani Łucja Wąs"],
)
def test_a_name_is_found_in_any_order_with_an_address_behind_it(party: str) -> None:
    key = holder_key("Łucja Wąs")
    assert key in set(holders_in_name(party))


def test_the_whole_name_of_a_firm_is_found_and_one_word_names_nobody() -> None:
    firm = "Zakład Usług Budowlanych Kowalski i Synowie sp. z o.o."
    assert holder_key(firm) in set(holders_in_name(firm))
    assert list(holders_in_name("Kowalski")) == []
    assert set(holders_in(party_name="", title="za Wąs Łucja").values()) == {"title"}


def test_a_name_is_said_once_with_the_field_where_it_stands_first() -> None:
    found = names_in(title="ABC123", reference="ABC123", party_account="", own_account="X1")
    assert found[CONTRACT] == {"ABC123": "title"}
