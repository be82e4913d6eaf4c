"""The calculator: every topic opens, says what it did step by step, and keeps nothing."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from calculations.table import TOPICS
from desk.views.calculator.form import CalculationForm, example_query
from desk.wording.calculation_keys import key_name
from desk.wording.calculations import GROUP_NAMES, TOPIC_WORDS
from journal.models import Event
from staff.models import User
from staff.rights import Role

pytestmark = pytest.mark.django_db

DELAY = {
    "topic": "interest_delay", "principal": "10 000,00", "due_date": "2020-03-15",
    "payment_date": "2021-01-10", "rate": "statutory delay",
}  # fmt: skip


@pytest.fixture
def browser() -> Client:
    user = User.objects.create(
        username="anna", full_name="Anna", role=Role.OFFICER,
        created_at=datetime(2026, 5, 12, tzinfo=UTC),
    )  # fmt: skip
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    """The words of the page without its marks, in one line."""
    main = answer.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def ask(browser: Client, **query: str) -> Any:
    return browser.get(reverse("calculator"), query)


def test_the_first_page_asks_for_interest_and_says_that_nothing_is_saved(browser: Client) -> None:
    answer = ask(browser)
    assert answer.status_code == 200
    assert "Nothing is saved" in text_of(answer)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("topic", TOPICS)
def test_the_example_of_every_topic_is_shown_in_both_languages(
    browser: Client, topic: str, language: str
) -> None:
    page = browser.get(
        reverse("calculator"), example_query(TOPICS[topic]), headers={"Accept-Language": language}
    )
    assert page.status_code == 200, text_of(page)
    assert 'id="answer-text"' in page.content.decode()
    assert "None" not in text_of(page)


def test_interest_is_shown_with_every_segment_and_its_sum(browser: Client) -> None:
    text = text_of(ask(browser, **DELAY))
    assert "471,56 zł" in text.replace("\u00a0", " ")
    assert "29.05.2020 10.01.2021 227 5,60 10 000,00 348,27" in text.replace("\u00a0", " ")
    assert "rates confirmed until 06.10.2026" in text


def test_what_cannot_be_read_is_said_at_its_field_and_kept(browser: Client) -> None:
    answer = ask(browser, **{**DELAY, "principal": "ten", "payments": "2020-05-01"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Not a number" in page
    assert "Amount: missing" in page
    assert 'value="ten"' in page


def test_a_day_without_a_rate_is_said_in_words(browser: Client) -> None:
    answer = ask(browser, topic="contract_rate_cap", date="2015-05-05", contract_rate_pct="20")
    assert answer.status_code == 422
    assert "Lombard rate of the NBP: no value is known on 05.05.2015." in text_of(answer)


def test_what_a_figure_leaves_out_or_takes_instead_is_said_in_words(browser: Client) -> None:
    late = {"payments": "2021-02-01 5", "contract_capital_rate_pct": "9"}
    text = text_of(ask(browser, **DELAY, **late))
    assert "Paid after the last day of interest and not counted: 01.02.2021." in text
    assert "The debt bears a higher rate than the one for delay" in text
    idle = text_of(ask(browser, **DELAY, contract_rate_pct="3"))
    assert "This changes nothing here: Contract rate, % a year." in idle
    debts = {"debts": "1; 5000\n2; 7000; ; ; 2025-04-01", "payment": "100"}
    text = text_of(ask(browser, topic="payment_allocation_art451", **debts))
    assert "Without a due day, taken for due last: debt 1." in text
    lawsuit = {"overdue_interest": "500", "lawsuit_filed": "yes", "payment_date": "2025-12-31"}
    text = text_of(ask(browser, topic="interest_on_interest", **lawsuit))
    assert "To count the interest these are missing: Lawsuit filed on." in text


def test_part_payments_are_lines(browser: Client) -> None:
    answer = ask(browser, **DELAY, payments="2020-06-01 2500,00\n2020-07-01; 2 500,00\n")
    text = text_of(answer).replace("\u00a0", " ")
    assert "7 500,00" in text
    assert "5 000,00" in text


def test_a_form_sends_its_defaults_and_an_empty_box_means_no(browser: Client) -> None:
    entry = {
        "topic": "big_entry_allowed", "debtor": "consumer", "total_due": "500",
        "overdue_days": "60", "days_since_notice": "60",
    }  # fmt: skip
    assert "Allowed yes" in text_of(ask(browser, **entry))
    assert "Allowed no" in text_of(ask(browser, **entry, sent="1"))
    assert "Allowed yes" in text_of(ask(browser, **entry, sent="1", objection_explained="yes"))


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_list_of_words_stands_on_the_default(topic: Any) -> None:
    form = CalculationForm(topic)
    for field in form.shown:
        if field.words and field.default is not None:
            assert form.initial[field.name] == field.default_word
            assert field.read(field.default_word) == field.default


def test_hostile_values_are_shown_as_text(browser: Client) -> None:
    answer = ask(browser, **{**DELAY, "principal": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.content.decode()
    assert ask(browser, topic="'; DROP TABLE x", sent="1").status_code == 422
    long = ask(browser, topic="payment_allocation_art451", debts="x;" * 900, sent="1")
    assert long.status_code == 422


def test_asking_leaves_nothing_behind(browser: Client) -> None:
    before = Event.objects.count()
    ask(browser, **DELAY)
    assert Event.objects.count() == before


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_every_topic_key_and_word_has_its_name(topic: Any) -> None:
    assert topic.name in TOPIC_WORDS
    assert topic.group in GROUP_NAMES
    with translation.override("en"):
        for field in topic.fields:
            for one in (field, *field.columns):
                assert key_name(one.name, topic.name) != one.name.replace("_", " "), one.name
