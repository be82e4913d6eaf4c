"""Every letter says what the law and good practice ask of it, in both languages."""

from __future__ import annotations

import re

import pytest

from contacts.creditor import load_creditor
from contacts.lifecycle import MessageChannel, Template
from contacts.rendering import (
    DEBTS,
    LANGUAGES,
    DebtTable,
    load_text,
    placeholders,
    render_message,
    template_version,
)

LETTERS = [Template.DEMAND, Template.NOTICE_75C, Template.TERMINATION, Template.PRECOURT_DEMAND]
MESSAGES = [Template.REMINDER, Template.LAST_REMINDER, Template.SETTLEMENT_INVITATION]

DEBT = {
    "debt_id": 1,
    "account_id": 1,
    "product": "cash_loan",
    "contract_no": "C/1",
    "contract_on": "2024-01-15",
    "contract_rate": "9.9",
    "is_consumer": True,
    "terminated_on": None,
    "currency": "PLN",
    "due_minor": 127_500,
    "outstanding_minor": 502_500,
    "due_since": "2026-04-01",
    "pay_to": "PL61109010140000071219812874",
    "due": {"principal": 125_000, "fees": 2_500},
    "owed": {"principal": 500_000, "fees": 2_500},
}
FIGURES = {
    "as_of": "2026-05-12",
    "case_number": "UG-2026-000001",
    "debts": [DEBT],
    "notice_delivered_on": "2026-04-20",
}


def render(template: Template, channel: MessageChannel, language: str, kind: str = "person"):  # type: ignore[no-untyped-def]
    return render_message(
        template=template,
        version=template_version(template),
        channel=channel,
        language=language,
        recipient={"name": "Jan Testowy", "kind": kind},
        figures=FIGURES,
        creditor=load_creditor(),
    )


def paragraphs(template: Template, language: str, channel: MessageChannel) -> list[str]:
    return list(load_text(template, template_version(template), language).paragraphs[channel])


#: letter_elements: creditor with registry and tax number, calculation date, amounts by
#: component, account, whom to ask and complain to; the ombudsman for natural persons.
COMMON = {
    "creditor",
    "creditor_address",
    "creditor_registry",
    "creditor_tax_number",
    "as_of",
    "total_due",
    "creditor_phone",
    "creditor_email",
    "case_number",
    "complaints",
    "ombudsman",
    "signatories",
    "name",
}
REQUIRED = {
    Template.DEMAND: set(),
    Template.NOTICE_75C: {"term_days"},
    Template.TERMINATION: {"notice_days", "contracts", "notice_delivered_on", "total_owed"},
    Template.PRECOURT_DEMAND: set(),
}
SENTENCES = {
    (Template.NOTICE_75C, "pl"): [
        "art. 75c",
        "restrukturyzacj",
        "dni roboczych od dnia otrzymania",
        "wypowiedzieć umowę",
        "szczegółowe przyczyny",
        "dokumenty o dochodach",
    ],
    (Template.NOTICE_75C, "en"): [
        "art. 75c",
        "restructuring",
        "working days from the day on which you receive",
        "may terminate the contract",
        "detailed reasons",
        "income",
    ],
    (Template.TERMINATION, "pl"): ["wypowiada umowę", "Przyczyną wypowiedzenia", "doręczenia"],
    (Template.TERMINATION, "en"): ["terminates the contract", "The reason is", "delivered"],
    (Template.PRECOURT_DEMAND, "pl"): ["mediacj", "sądu", "kosztami", "481"],
    (Template.PRECOURT_DEMAND, "en"): ["mediation", "court", "costs", "481"],
    (Template.DEMAND, "pl"): ["481", "7 dni od otrzymania", "ratach"],
    (Template.DEMAND, "en"): ["481", "7 days of receiving", "instalments"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", LETTERS)
def test_a_letter_has_its_elements(template: Template, language: str) -> None:
    texts = paragraphs(template, language, MessageChannel.LETTER)
    assert DEBTS in texts
    named = {name for text in texts if text != DEBTS for name in placeholders(text)}
    assert named >= COMMON | REQUIRED[template]
    whole = " ".join(texts)
    for sentence in SENTENCES[template, language]:
        assert sentence in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_gives_fourteen_working_days_twice(language: str) -> None:
    text = render(Template.NOTICE_75C, MessageChannel.LETTER, language).as_text()
    words = "14 dni roboczych" if language == "pl" else "14 working days"
    assert text.count(words) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", list(Template))
def test_no_text_threatens_or_names_a_bailiff(template: Template, language: str) -> None:
    text = load_text(template, template_version(template), language)
    whole = " ".join([text.subject, *(p for group in text.paragraphs.values() for p in group)])
    assert not re.search(
        r"komornik|bailiff|natychmiast|immediately|!|pracodawc|employer|przestępstw|crime",
        whole,
        re.IGNORECASE,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", MESSAGES)
def test_a_short_message_names_the_bank_the_amount_and_a_number(
    template: Template, language: str
) -> None:
    for channel in (MessageChannel.SMS, MessageChannel.EMAIL):
        text = render(template, channel, language).as_text()
        assert "1\u00a0275,00\u00a0zł" in text
        assert load_creditor().phone in text
        assert load_creditor().name in text
    assert len(render(template, MessageChannel.SMS, language).as_text()) <= 3 * 67


def test_amounts_stand_by_component_and_the_account_in_groups_of_four() -> None:
    (table,) = [
        block
        for block in render(Template.DEMAND, MessageChannel.LETTER, "en").blocks
        if isinstance(block, DebtTable)
    ]
    rows = dict(table.rows)
    assert rows["Principal"] == "1\u00a0250,00\u00a0zł"
    assert rows["Fees"] == "25,00\u00a0zł"
    assert rows["To pay"] == "1\u00a0275,00\u00a0zł"
    assert rows["Account to pay to"] == "PL61 1090 1014 0000 0712 1981 2874"
    assert "Contractual interest" not in rows


def test_a_company_is_not_sent_to_the_ombudsman() -> None:
    person = render(Template.DEMAND, MessageChannel.LETTER, "pl").as_text()
    company = render(Template.DEMAND, MessageChannel.LETTER, "pl", kind="company").as_text()
    assert "Rzecznik" in person
    assert "Rzecznik" not in company


def test_a_language_without_texts_gets_english() -> None:
    assert "Dear Jan" in render(Template.DEMAND, MessageChannel.LETTER, "uk").as_text()


def test_amounts_of_two_currencies_are_not_added() -> None:
    two = {**FIGURES, "debts": [DEBT, {**DEBT, "currency": "EUR"}]}
    text = render_message(
        template=Template.DEMAND,
        version=1,
        channel=MessageChannel.LETTER,
        language="en",
        recipient={"name": "J", "kind": "person"},
        figures=two,
        creditor=load_creditor(),
    ).as_text()
    assert "1\u00a0275,00\u00a0€, 1\u00a0275,00\u00a0zł" in text
