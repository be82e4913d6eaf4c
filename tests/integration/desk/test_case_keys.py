"""No key of the case page means two things, whoever looks and whoever has the case in hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client

from cases.models import Case
from cases.operations import take_case_in_hand
from debtors.lifecycle import PartyRole
from debtors.models import DebtParty
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debtor, make_user
from tests.integration.desk.conftest import AT, add_work, name_debtor, signed_in

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]

#: Elements without an end tag.
_VOID = frozenset({"input", "br", "img", "link", "meta", "hr", "use"})


class _Keys(HTMLParser):
    """The keys of a page: of each scope, and under "" those that hold wherever the focus is."""

    def __init__(self) -> None:
        super().__init__()
        self.of_scope: dict[str, list[str]] = {"": []}
        self._open: list[tuple[str, bool]] = []
        self._scopes = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        opens = "data-key-scope" in given
        if opens:
            self._scopes.append(given.get("id") or f"scope {len(self.of_scope)}")
            self.of_scope[self._scopes[-1]] = []
        if key := given.get("data-key"):
            self.of_scope[self._scopes[-1]].append(key)
        if tag in _VOID:
            return
        self._open.append((tag, opens))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, opened = self._open.pop()
            if opened:
                self._scopes.pop()
            if name == tag:
                return


def keys_of(page: str) -> dict[str, list[str]]:
    parser = _Keys()
    parser.feed(page)
    return parser.of_scope


def list_clashes(of_scope: dict[str, list[str]]) -> list[str]:
    """Keys that stand twice. Two scopes may share one: each is a form of its own."""
    clashes = []
    everywhere = Counter(of_scope[""])
    for name, keys in of_scope.items():
        found = Counter(keys) + (everywhere if name else Counter())
        clashes += [f"{key} ({name or 'page'})" for key, times in found.items() if times > 1]
    starts = {key.split()[0] for key in everywhere if " " in key}
    every = [key for keys in of_scope.values() for key in keys]
    return clashes + [f"{key} (starts a sequence)" for key in every if key in starts]


@pytest.fixture
def crowded(make_case: MakeCase, officer: User) -> Case:
    """Six people on the debt: each has a letter."""
    made = make_case(owner=officer, pesel="84010112346", name="Wąsik Łucja")
    for place in range(5):
        other = make_debtor()
        name_debtor(other, f"Wąsik Maria {place}")
        debt = made.debtor.parties.get(role=PartyRole.MAIN_DEBTOR).debt
        DebtParty.objects.create(debt=debt, debtor=other, role=PartyRole.CO_DEBTOR)
    add_work(made)
    return made


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
@pytest.mark.parametrize("in_hand", ["nobody", "me", "colleague"])
def test_no_key_means_two_things(crowded: Case, north: Team, role: Role, in_hand: str) -> None:
    me, colleague = make_user("me", role, north), make_user("olga", Role.OFFICER, north)
    holder = {"nobody": None, "me": me, "colleague": colleague}[in_hand]
    if holder is not None:
        take_case_in_hand(case_id=crowded.pk, actor=actor_of(holder), at=AT)

    page = signed_in(me).get(f"/cases/{crowded.number}/").content.decode()

    assert list_clashes(keys_of(page)) == []


def test_each_of_six_people_has_a_letter_of_their_own(crowded: Case, at_desk: Client) -> None:
    page = at_desk.get(f"/cases/{crowded.number}/").content.decode()

    assert set("bonjkqt") <= set(keys_of(page)["contact-log"])
