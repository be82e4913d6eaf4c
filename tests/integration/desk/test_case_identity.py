"""Details of the debtor are masked until the caller is known, and whoever sees them is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from cases.models import Case
from debtors.events import IDENTITY_CONFIRMED
from debtors.identifiers import seal
from debtors.models import Address, ContactPoint
from journal.models import Event
from kernel import clock
from staff.figures import NBSP
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_user
from tests.integration.desk.conftest import AT, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]

PESEL, NIP, REGON = "84010112346", "5260001246", "012345678"
PHONE, EMAIL = "+48601234517", "lucja.wasik@poczta.example"
#: As it is set on the page.
SHOWN_PHONE = NBSP.join(("+48", "601", "234", "517"))
STREET, TOWN = "ul. Lipowa 14/3", "56-400 Oleśnica"


@pytest.fixture
def case(make_case: MakeCase, officer: User) -> Case:
    made = make_case(owner=officer, name="Wąsik Łucja", pesel=PESEL)
    debtor = made.debtor
    debtor.nip_sealed, debtor.nip_fingerprint = seal("nip", NIP)
    debtor.regon_sealed, debtor.regon_fingerprint = seal("regon", REGON)
    debtor.save()
    ContactPoint.objects.filter(debtor=debtor).delete()
    ContactPoint.objects.create(debtor=debtor, kind="mobile", value=PHONE)
    ContactPoint.objects.create(debtor=debtor, kind="email", value=EMAIL, is_usable=False)
    Address.objects.filter(debtor=debtor).update(
        street=STREET, postal_code="56-400", city="Oleśnica"
    )
    return made


def account_no(case: Case) -> str:
    """The account to pay to."""
    return str(case.debtor.parties.get(role="main_debtor").debt.account.virtual_account_no)


def _details(case: Case) -> list[str]:
    """Everything that must not stand anywhere in a page before the caller is known."""
    account = account_no(case)
    grouped = NBSP.join(account[i : i + 4] for i in range(0, len(account), 4))
    phone = PHONE.removeprefix("+48")
    return [PESEL, NIP, REGON, PHONE, phone, quote(PHONE), SHOWN_PHONE, EMAIL, STREET, "Lipowa",
            "Oleśnica", "01.01.1984", "1984-01-01", account, grouped]  # fmt: skip


def _page(client: Client, case: Case, part: str = "") -> str:
    answer = client.get(f"/cases/{case.number}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def _confirm(client: Client, case: Case, *named: str) -> int:
    form = {"named": list(named) or ["pesel", "address"]}
    return client.post(f"/cases/{case.number}/identity/", form).status_code


@pytest.mark.parametrize("part", ["", "print/", "data/"])
def test_before_the_caller_is_known_no_detail_stands_anywhere_in_the_page(
    at_desk: Client, case: Case, part: str
) -> None:
    page = _page(at_desk, case, part)

    assert [detail for detail in _details(case) if detail in page] == []
    assert "84••••••••6" in page


def test_a_refused_form_shows_no_detail_either(at_desk: Client, case: Case) -> None:
    answer = at_desk.post(f"/cases/{case.number}/contact/", {"channel": "phone"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert [detail for detail in _details(case) if detail in page] == []


def test_the_choices_show_only_enough_to_compare_with(at_desk: Client, case: Case) -> None:
    page = _page(at_desk, case)

    for shown in ("••.••.1984", "84••••••••6", "L•••", "luc•••@poczta.example"):
        assert shown in page


def test_two_things_that_the_caller_names_show_the_details(at_desk: Client, case: Case) -> None:
    assert _confirm(at_desk, case) == 302

    page = _page(at_desk, case)
    account = account_no(case)
    assert [
        detail
        for detail in (PESEL, NIP, REGON, SHOWN_PHONE, EMAIL, STREET, TOWN, "01.01.1984", account)
        if detail not in page
    ] == []
    assert "Address, PESEL, until 11:30" in page
    assert "Details are printed in full" in _page(at_desk, case, "print/")
    assert STREET in _page(at_desk, case, "data/")


def test_a_page_with_details_is_not_kept_by_the_browser(at_desk: Client, case: Case) -> None:
    _confirm(at_desk, case)

    answer = at_desk.get(f"/cases/{case.number}/")

    assert answer["Cache-Control"] == "no-store"


def test_what_was_shown_and_to_whom_is_in_the_journal(
    at_desk: Client, case: Case, officer: User
) -> None:
    _confirm(at_desk, case, "pesel", "contract_no")

    event = Event.objects.get(kind=IDENTITY_CONFIRMED)
    debtor = case.debtor
    assert (event.subject_kind, event.subject_id) == ("debtor", debtor.pk)
    assert (event.actor_kind, event.actor_id) == ("user", str(officer.pk))
    assert event.payload == {
        "named": ["contract_no", "pesel"],
        "identifiers": ["pesel", "nip", "regon"],
        "contact_point_ids": [point.pk for point in debtor.contact_points.order_by("pk")],
        "address_ids": [address.pk for address in debtor.addresses.order_by("pk")],
        "debt_ids": [debtor.parties.get().debt_id],
        "until": (AT + timedelta(minutes=30)).isoformat().replace("+00:00", "Z"),
    }


def test_an_auditor_sees_on_the_case_who_saw_what(at_desk: Client, case: Case) -> None:
    auditor = signed_in(make_user("ewa", Role.AUDITOR))
    assert "Nobody has been shown a masked detail yet." in _page(auditor, case)

    _confirm(at_desk, case)

    page = _page(auditor, case)
    assert "Who saw the details" in page
    assert (
        "Identity verified by address, PESEL; shown: PESEL, NIP, REGON, 2 contact points,"
        " 1 address, 1 account number" in page
    )
    assert [detail for detail in _details(case) if detail in page] == []


def test_the_log_of_looks_is_for_those_who_read_the_journal(at_desk: Client, case: Case) -> None:
    assert "Who saw the details" not in _page(at_desk, case)


@pytest.mark.parametrize(
    ("named", "born", "reason"),
    [
        (["pesel"], "", "At least two things"),
        (["pesel"], "01.01.1984", "At least two things"),
        ([], "", "Tick what the caller named."),
        (["address"], "02.01.1984", "That is not the day in the file."),
        (["address"], "January", "Write the day as"),
        (["pesel", "born_on"], "", "not one of the available choices"),
        (["pesel", "shoe_size"], "", "not one of the available choices"),
    ],
)
def test_too_little_shows_nothing_and_says_why(
    at_desk: Client, case: Case, named: list[str], born: str, reason: str
) -> None:
    answer = at_desk.post(f"/cases/{case.number}/identity/", {"named": named, "born": born})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(reason) == 1
    assert page.count("autofocus") == 3, "of the form, beside those of two dialogs"
    assert not Event.objects.filter(kind=IDENTITY_CONFIRMED).exists()
    page = page.replace(f'value="{born}"', "")
    assert [detail for detail in _details(case) if detail in page] == []


@pytest.mark.parametrize("said", ["01.01.1984", "01 01 1984", "01011984", "1984-01-01"])
def test_the_day_of_birth_is_typed_as_the_caller_says_it(
    at_desk: Client, case: Case, said: str
) -> None:
    form = {"named": ["address"], "born": said}

    assert at_desk.post(f"/cases/{case.number}/identity/", form).status_code == 302

    assert Event.objects.get(kind=IDENTITY_CONFIRMED).payload["named"] == ["address", "born_on"]


def test_what_the_file_does_not_hold_is_no_choice(at_desk: Client, case: Case) -> None:
    ContactPoint.objects.filter(debtor=case.debtor, kind="email").delete()

    assert _confirm(at_desk, case, "pesel", "email") == 422


def test_a_file_that_holds_too_little_confirms_nobody(at_desk: Client, make_case: MakeCase) -> None:
    bare = make_case()
    ContactPoint.objects.filter(debtor=bare.debtor).delete()
    Address.objects.filter(debtor=bare.debtor).delete()

    page = _page(at_desk, bare)

    assert "The file holds too little to know anybody by it on the telephone." in page
    assert 'name="named"' not in page


def test_the_call_is_over_after_half_an_hour(at_desk: Client, case: Case) -> None:
    _confirm(at_desk, case)
    with clock.fixed_at(AT + timedelta(minutes=29)):
        assert SHOWN_PHONE in _page(at_desk, case)

    with clock.fixed_at(AT + timedelta(minutes=30)):
        assert SHOWN_PHONE not in _page(at_desk, case)


def test_the_call_is_over_when_the_officer_says_so(at_desk: Client, case: Case) -> None:
    _confirm(at_desk, case)

    at_desk.post(f"/cases/{case.number}/identity/end/")

    assert SHOWN_PHONE not in _page(at_desk, case)


def test_the_call_is_over_with_the_next_case(
    at_desk: Client, case: Case, make_case: MakeCase
) -> None:
    other = make_case()
    _confirm(at_desk, case)

    page = _page(at_desk, other)

    assert other.debtor.contact_points.get(kind="mobile").value not in page
    assert SHOWN_PHONE not in _page(at_desk, case)


def test_the_call_of_one_officer_shows_nothing_to_another(
    at_desk: Client, case: Case, north: Team
) -> None:
    colleague = signed_in(make_user("olga", Role.OFFICER, north))

    _confirm(at_desk, case)

    assert SHOWN_PHONE not in _page(colleague, case)


def test_the_call_ends_with_the_session(at_desk: Client, case: Case, officer: User) -> None:
    _confirm(at_desk, case)
    at_desk.post("/sign-out/")
    at_desk.force_login(officer)

    assert SHOWN_PHONE not in _page(at_desk, case)


def test_a_case_of_another_team_confirms_nobody(
    at_desk: Client, make_case: MakeCase, south: Team
) -> None:
    theirs = make_case(team=south, pesel=PESEL)

    assert _confirm(at_desk, theirs) == 404
    assert at_desk.post(f"/cases/{theirs.number}/identity/end/").status_code == 404
    assert not Event.objects.filter(kind=IDENTITY_CONFIRMED).exists()


def test_who_may_not_talk_to_debtors_has_no_such_control(case: Case) -> None:
    auditor = signed_in(make_user("ewa", Role.AUDITOR))

    assert _confirm(auditor, case) == 403
    assert "Identity verified on this call" not in _page(auditor, case)
