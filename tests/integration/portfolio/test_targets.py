"""What should be paid in a month: set by a manager, noted, and held against what was paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from journal.models import Event
from kernel.authority import RightMissing
from portfolio.models import PaymentTarget
from portfolio.operations import TargetInvalid, set_payment_target, take_snapshot
from portfolio.queries import Scope, get_month_targets
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user, pay
from tests.integration.portfolio.conftest import AT, ON, make_case

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 1)


@pytest.fixture
def manager(db: None) -> User:
    return make_user("pawel", Role.MANAGER)


def set_for(user: User, amount: int | None, team: Team | None = None, on: date = ON) -> None:
    set_payment_target(
        month_on=on, currency="PLN", team_id=team.pk if team else None, amount_minor=amount,
        actor=actor_of(user), at=AT,
    )  # fmt: skip


def test_a_target_is_set_changed_and_taken_away_and_each_time_noted(manager: User) -> None:
    set_for(manager, 100)
    set_for(manager, 250)
    assert PaymentTarget.objects.get().amount_minor == 250
    set_for(manager, None)
    set_for(manager, None)

    assert not PaymentTarget.objects.exists()
    noted = Event.objects.filter(kind="board.target_set").order_by("id")
    assert [(e.payload["before_minor"], e.payload["amount_minor"]) for e in noted] == [
        (None, 100),
        (100, 250),
        (250, None),
    ]


@pytest.mark.parametrize("amount", [0, -1, 10**16])
def test_an_amount_that_cannot_be_is_refused(manager: User, amount: int) -> None:
    with pytest.raises(TargetInvalid):
        set_for(manager, amount)


def test_a_team_leader_sets_no_target(north: Team) -> None:
    with pytest.raises(RightMissing):
        set_for(make_user("lena", Role.TEAM_LEADER, north), 100)


def test_of_all_teams_is_what_was_set_for_all_else_the_sum_of_the_teams(
    manager: User, north: Team, south: Team
) -> None:
    set_for(manager, 100, north)
    set_for(manager, 40, south)
    both = Scope()
    assert get_month_targets(months=[MAY], scope=both) == {"PLN": {MAY: 140}}
    set_for(manager, 500)
    assert get_month_targets(months=[MAY], scope=both) == {"PLN": {MAY: 500}}
    of_north = Scope(team_id=north.pk)
    assert get_month_targets(months=[MAY], scope=of_north) == {"PLN": {MAY: 100}}
    assert get_month_targets(months=[MAY], scope=Scope(product="mortgage")) == {}


def test_a_board_holds_what_was_paid_against_the_target_to_date(manager: User, north: Team) -> None:
    case = make_case("C-1", north, days=40, due_minor=50_000)
    take_snapshot(on=date(2026, 4, 30), at=AT - timedelta(days=12))
    debt = case.debtor.parties.get().debt
    pay(debt, 30_000, on=ON, at=AT)
    take_snapshot(on=ON, at=AT)
    set_for(manager, 100_000)
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)

    page = client.get("/board/").content.decode().replace("\xa0", " ")

    # May 2026 has 20 working days, of which 7 had passed by the 12th: 350,00 of 1 000,00.
    assert "<b>86 %</b> of the target to date, 0,4 k zł" in page


def test_a_manager_sets_a_target_on_its_page_and_a_wrong_one_is_kept_and_explained(
    manager: User,
) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(manager)
    form = {"month_on": "2026-06", "currency": "PLN", "team": "", "amount": "12 500,50"}

    assert client.post("/board/targets/", form).status_code == 302
    assert PaymentTarget.objects.get().amount_minor == 1_250_050
    assert "12 500,50" in client.get("/board/targets/").content.decode().replace("\xa0", " ")

    for wrong in ({"amount": "-3"}, {"currency": "zł"}, {"month_on": "June"}, {"amount": "1,234"}):
        answer = client.post("/board/targets/", form | wrong)
        assert answer.status_code == 422, wrong
    assert PaymentTarget.objects.get().amount_minor == 1_250_050
