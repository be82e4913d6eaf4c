"""Lines of the timeline: what an event says, and by which name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from desk.wording.events import LINES, TimelineEntry, event_entry
from journal.subscribers import RecordedEvent
from kernel.clock import instant

ON = date(2026, 11, 14)
N = "\u00a0"
TITLES = {("retail", "demand"): "Demand for payment", ("retail", ""): "Retail loans"}


def _entry(kind: str, *, effective_on: date = ON, **payload: Any) -> TimelineEntry:
    event = RecordedEvent(
        7, ON, kind, "case", 1, "system", "day_close", effective_on, instant(ON), payload
    )
    with override("en"):
        return event_entry(event, by="day close", titles=TITLES)


@pytest.mark.parametrize(
    ("kind", "payload", "name", "sentence"),
    [
        pytest.param(
            "payment.posted",
            {"amount_minor": 30_000, "currency": "PLN", "reference": "Transfer 7",
             "allocated": {"fees": 4_500, "contractual_interest": 25_500}},
            "Payment",
            f"Received 300,00{N}zł, Transfer 7; to fees 45,00, interest 255,00",
            id="a payment and what it paid",
        ),
        pytest.param(
            "payment.posted",
            {"amount_minor": 30_000, "currency": "PLN", "effective_on": date(2026, 11, 12)},
            "Payment",
            f"Received 300,00{N}zł of 12.11.2026",
            id="a payment with another value day",
        ),
        pytest.param(
            "message.delivered",
            {"template": "notice_75c", "channel": "letter", "message_id": 5},
            "Letter",
            "Notice under art. 75c delivered",
            id="a letter by its own name",
        ),
        pytest.param(
            "message.skipped",
            {"template": "reminder", "channel": "sms", "message_id": 5, "rule": "nothing_due",
             "values": {}},
            "SMS",
            "Payment reminder not sent: Nothing is due that could be demanded",
            id="a message that the rules stopped",
        ),
        pytest.param(
            "contact.logged",
            {"channel": "phone", "direction": "in", "result": "spoke", "note": "Asked for time"},
            "Call",
            "From the debtor, Spoke: Asked for time",
            id="a call",
        ),
        pytest.param(
            "contact.refused",
            {"channel": "phone", "rule": "attempts_today", "values": {"found": 3, "limit": 3}},
            "Contact",
            "Stopped by the contact rules: Attempts today: 3 of 3",
            id="a call that was not made",
        ),
        pytest.param(
            "escalation.step_performed",
            {"strategy": "retail", "step": "demand"},
            "Strategy",
            "Step taken: Demand for payment",
            id="a step",
        ),
        pytest.param(
            "escalation.step_performed",
            {"strategy": "gone", "step": "old_step"},
            "Strategy",
            "Step taken: old step",
            id="a step that no strategy has any more",
        ),
        pytest.param(
            "debtor.identity_confirmed",
            {"named": ["born_on", "contract_no"], "identifiers": ["pesel"],
             "contact_point_ids": [1, 2], "address_ids": [3], "debt_ids": []},
            "Debtor",
            "Identity verified by date of birth, contract number; shown: PESEL, 2 contact points,"
            " 1 address",
            id="a caller who is known",
        ),
        pytest.param(
            "debtor.identity_confirmed",
            {"named": ["shoe_size"], "identifiers": [], "contact_point_ids": [],
             "address_ids": [], "debt_ids": []},
            "Debtor",
            "Identity verified by ; shown: nothing",
            id="codes that nobody knows are left out",
        ),
        pytest.param(
            "debtor.identifier_revealed",
            {"field": "pesel", "reason": "Asked by the court"},
            "Debtor",
            "Identifier looked at (PESEL): Asked by the court",
            id="an identifier by its name",
        ),
        pytest.param(
            "case.assigned",
            {"owner": "Anna Wrona", "team": "North", "from_team": "South"},
            "Case",
            "Assigned to Anna Wrona, North (before: South)",
            id="who has the case and who had it",
        ),
        pytest.param(
            "case.assigned",
            {"owner_id": None, "team_id": None, "from_owner": "Jan Lis", "from_team": "South"},
            "Case",
            "Assigned to nobody (before: Jan Lis, South)",
            id="a case that nobody has any more",
        ),
        pytest.param("case.assigned", {}, "Case", "Assigned", id="a holder without a name"),
        pytest.param("galaxy.exploded", {}, "galaxy.exploded", "", id="a kind without words"),
    ],
)  # fmt: skip
def test_an_event_is_told_in_words(
    kind: str, payload: dict[str, Any], name: str, sentence: str
) -> None:
    entry = _entry(kind, **payload)

    assert (entry.kind, entry.sentence) == (name, sentence)


@pytest.mark.parametrize("kind", sorted(LINES))
@pytest.mark.parametrize("language", ["pl", "en"])
def test_an_event_with_nothing_in_it_is_told_all_the_same(kind: str, language: str) -> None:
    """A payload of an older version may lack what a text names: a dash, never a fault."""
    event = RecordedEvent(
        7, ON, kind, "case", 1, "system", "day_close", ON, instant(ON), {"named": [],
        "identifiers": [], "contact_point_ids": [], "address_ids": [], "debt_ids": []},
    )  # fmt: skip
    with override(language):
        sentence = event_entry(event, by="", titles={}).sentence

    assert "%(" not in sentence


def test_what_has_a_page_of_its_own_is_named() -> None:
    delivered = _entry("message.delivered", template="demand", channel="letter", message_id=5)
    broken = _entry("agreement.broken", agreement_id=9)
    call = _entry("contact.logged", channel="phone", result="spoke", attempt_id=3)

    assert (delivered.about, delivered.about_id) == ("message", 5)
    assert (broken.about, broken.about_id) == ("agreement", 9)
    assert (call.about, call.about_id) == ("", 0)
