"""Two teams, people of three roles, and a debtor in arrears with work to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from cases.lifecycle import WorkKind, tray_of
from cases.models import Case, WorkItem
from cases.operations import keep_figures
from debtors.identifiers import seal
from debtors.models import Debtor
from kernel import clock
from kernel.text import polish_sort_key, search_words
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import make_debt, make_debtor, make_user

#: A Tuesday, at eleven in Warsaw.
AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.fixed_at(AT):
        yield


@pytest.fixture
def north(db: None) -> Team:
    return Team.objects.create(name="North")


@pytest.fixture
def south(db: None) -> Team:
    return Team.objects.create(name="South")


@pytest.fixture
def officer(north: Team) -> User:
    return make_user("anna", Role.OFFICER, north)


@pytest.fixture
def manager(db: None) -> User:
    return make_user("pawel", Role.MANAGER)


@pytest.fixture
def at_desk(officer: User) -> Client:
    """A browser in which the officer has signed in; English."""
    return signed_in(officer)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def name_debtor(debtor: Debtor, name: str, *, pesel: str = "") -> None:
    debtor.display_name = name
    debtor.sort_key = polish_sort_key(name)[:900]
    if pesel:
        debtor.pesel_sealed, debtor.pesel_fingerprint = seal("pesel", pesel)
    debtor.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE debtors_debtor SET search = to_tsvector('simple', %s) WHERE id = %s",
            [" ".join(search_words(name)), debtor.pk],
        )


@pytest.fixture
def make_case(north: Team) -> Callable[..., Case]:
    numbers = iter(range(1, 1000))

    def make(
        *,
        team: Team | None = None,
        owner: User | None = None,
        name: str = "",
        pesel: str = "",
        days: int = 40,
        due_minor: int = 125_000,
    ) -> Case:
        debtor = make_debtor()
        if name:
            name_debtor(debtor, name, pesel=pesel)
        make_debt(
            debtor,
            due_minor=due_minor,
            outstanding_minor=4 * due_minor,
            due_since=ON - timedelta(days=days),
        )
        made = Case.objects.create(
            number=f"T-{next(numbers):03d}",
            debtor=debtor,
            team=team or north,
            owner=owner,
            opened_on=ON - timedelta(days=days),
            updated_at=AT,
        )
        keep_figures(case_ids=[made.pk], on=ON)
        return made

    return make


@pytest.fixture
def case(make_case: Callable[..., Case], officer: User) -> Case:
    made = make_case(owner=officer, name="Wąsik Łucja", pesel="84010112346")
    add_work(made)
    return made


def add_work(
    case: Case, *, kind: WorkKind = WorkKind.CALL, due_on: date = ON, priority: int = 50
) -> WorkItem:
    return WorkItem.objects.create(
        case=case,
        kind=kind,
        tray=tray_of(kind),
        team=case.team,
        owner=case.owner,
        due_on=due_on,
        priority=priority,
        opened_at=AT,
    )
