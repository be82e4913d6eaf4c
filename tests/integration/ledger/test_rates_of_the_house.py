"""An administrator adds a rate: checked, kept, told, and used by every calculation at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from journal.queries import list_events_about
from kernel.actor import Actor, ActorKind, system_actor
from kernel.authority import RightMissing
from ledger.models import RateEntry
from ledger.operations import change_rates
from ledger.queries import get_rates, list_rate_history
from ledger.rate_changes import RateChange, RateChangeInvalid
from ledger.rates import RateKind, Series, Tariff
from ledger.shipped_rates import shipped_rates
from staff.models import User
from staff.rights import Role

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ACTOR = system_actor("test")
DELAY = Tariff(RateKind.STATUTORY_DELAY)
CUT = RateChange(
    Series.NBP_REFERENCE, date(2026, 11, 5), Decimal("3.50"), "NBP, 4 November", date(2026, 12, 2)
)

pytestmark = pytest.mark.django_db


def add(change: RateChange = CUT, **changes: Any) -> int:
    return change_rates(change=change, **{"actor": ACTOR, "at": AT, **changes})


def test_without_entries_the_shipped_rates_hold() -> None:
    assert get_rates() is shipped_rates()


def test_a_rate_holds_from_its_day_and_moves_the_confirmed_one() -> None:
    add()
    rates = get_rates()
    assert rates.percent(DELAY, date(2026, 11, 4)) == Decimal("9.25")
    assert rates.percent(DELAY, date(2026, 11, 5)) == Decimal("9.00")
    assert rates.confirmed_until == date(2026, 12, 2)


def test_the_change_stands_in_the_journal_with_what_it_replaced() -> None:
    entry_id = add()
    (event,) = list_events_about(subject_kinds=["rates"])
    assert (event.kind, event.subject_id) == ("rates.changed", entry_id)
    assert event.payload["value"] == "3.50"
    assert Decimal(event.payload["replaced"]) == Decimal("3.75")


def test_a_confirmation_alone_changes_no_rate() -> None:
    before = get_rates().steps
    add(RateChange(None, None, None, "NBP, 8 October", date(2026, 11, 4)))
    rates = get_rates()
    assert (rates.steps, rates.confirmed_until) == (before, date(2026, 11, 4))
    (event,) = list_events_about(subject_kinds=["rates"])
    assert event.kind == "rates.confirmed"


def test_a_refused_change_leaves_nothing() -> None:
    with pytest.raises(RateChangeInvalid):
        add(RateChange(Series.NBP_REFERENCE, date(2026, 11, 5), Decimal(3), "", AT.date()))
    assert not RateEntry.objects.exists()
    assert list_events_about(subject_kinds=["rates"]) == []


def test_what_was_replaced_stays_in_the_history() -> None:
    add()
    add(RateChange(Series.NBP_REFERENCE, date(2026, 11, 5), Decimal("3.25"), "NBP",
                   date(2026, 12, 2), "misread"))  # fmt: skip
    rows = [row for row in list_rate_history() if row.since_on == date(2026, 11, 5)]
    assert [(row.value, row.holds) for row in rows] == [
        (Decimal("3.25"), True),
        (Decimal("3.50"), False),
    ]


def test_nobody_else_may() -> None:
    officer = Actor(ActorKind.USER, "1", frozenset())
    with pytest.raises(RightMissing):
        add(actor=officer)


@pytest.mark.parametrize("statement", ["UPDATE {} SET value = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_an_entry_is_never_changed(statement: str) -> None:
    add()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("ledger_rateentry"))


def test_an_incomplete_entry_is_refused_by_the_database() -> None:
    shared = {"source": "s", "confirmed_until": AT.date(), "recorded_at": AT}
    for values in (
        {"series": "nbp_reference", "since_on": AT.date()},
        {"series": "", "value": 3},
        {"series": "libor", "since_on": AT.date(), "value": 3},
        {"series": "nbp_reference", "since_on": date(2027, 1, 1), "value": 3},
        {"series": "", "source": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RateEntry.objects.create(**{**shared, **values})


def browser(role: Role, language: str = "en") -> Client:
    user = User.objects.create(username=role, full_name=f"A {role}", role=role, created_at=AT)
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_page_opens_in_both_languages(language: str) -> None:
    add()
    text = browser(Role.ADMINISTRATOR, language).get(reverse("rates")).content.decode()
    assert f'<html lang="{language}"' in text
    assert "05.11.2026" in text
    assert "9,00" in text


def test_an_administrator_records_a_rate_in_the_browser() -> None:
    boss = browser(Role.ADMINISTRATOR)
    form = {
        "series": "nbp_reference", "since_on": "2025-11-20", "value": "4,00", "source": "NBP",
        "confirmed_until": "2026-11-30", "reason": "the table had a slip",
    }  # fmt: skip
    answer = boss.post(reverse("change-rates"), form)
    assert answer.status_code == 302, answer.content.decode()
    assert get_rates().percent(DELAY, date(2025, 11, 20)) == Decimal("9.50")
    page = boss.get(reverse("rates")).content.decode()
    assert "A administrator" in page
    assert "the table had a slip" in page


def test_what_cannot_be_right_is_said_at_its_field_and_kept() -> None:
    boss = browser(Role.ADMINISTRATOR)
    form = {"series": "nbp_reference", "since_on": "2026-03-05", "value": "3.50", "source": "NBP",
            "confirmed_until": "2026-11-30"}  # fmt: skip
    answer = boss.post(reverse("change-rates"), form)
    assert answer.status_code == 422
    assert "say why" in answer.content.decode()
    assert not RateEntry.objects.exists()


def test_who_may_only_look_sees_no_form() -> None:
    assert "<form" not in _main(browser(Role.AUDITOR).get(reverse("rates")).content.decode())
    assert "<form" in _main(browser(Role.ADMINISTRATOR).get(reverse("rates")).content.decode())


def _main(page: str) -> str:
    return page.partition('<main id="main"')[2].partition("</main>")[0]
