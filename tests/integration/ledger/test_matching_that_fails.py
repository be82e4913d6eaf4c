"""An entry that cannot be matched waits for a person, and stops no other."""

from __future__ import annotations

import io
import logging
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError
from django.utils.translation import override

from kernel.authority import RightMissing
from ledger.lifecycle import EntryState
from ledger.matching import decide_match
from ledger.models import StatementEntry
from ledger.operations import match_entries, return_payment, take_in_statements
from ledger.statement_wording import reason_text
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.ledger.test_finding_debts import (
    ACTOR,
    AT,
    bank_tells,
    codes,
    open_debt,
    owed,
)
from tests.unit.ledger.statements.samples import CAMT053

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_return_of_the_first_or_the_last_day_there_is_stops_nothing(day: date) -> None:
    debt = open_debt(9_000, contract="CTR/2026/18")
    mark = b"<CdtDbtInd>DBIT</CdtDbtInd>"
    content = CAMT053.replace(mark, mark + b"<RvslInd>true</RvslInd>")
    take_in_statements(file=io.BytesIO(content), name="x.xml", actor=ACTOR, at=AT)
    StatementEntry.objects.filter(amount_minor=-500).update(booked_on=day, value_on=day)
    (paid,) = bank_tells(2, ("C40,00", "B1", "umowa CTR/2026/18"))
    assert (paid.state, owed(debt)) == (EntryState.POSTED, 5_000)
    returned = StatementEntry.objects.get(amount_minor=-500)
    assert (returned.state, codes(returned)) == (EntryState.SUSPENSE, ["returned_payment"])


def fail_at(monkeypatch: pytest.MonkeyPatch, amount_minor: int, error: Exception) -> None:
    def fail(*args: Any, **values: Any) -> Any:
        if values["amount_minor"] == amount_minor:
            raise error
        return decide_match(*args, **values)

    monkeypatch.setattr("ledger.operations.naming_debts.decide_match", fail)


def test_an_entry_at_which_matching_fails_is_put_off_and_the_others_are_posted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    debt = open_debt(90_000, contract="CTR/2026/17")
    fail_at(monkeypatch, 2_000, ZeroDivisionError("by zero"))
    lines = [(f"C{n}0,00", f"B{n}", "umowa CTR/2026/17") for n in range(1, 8)]
    with caplog.at_level(logging.ERROR):
        entries = bank_tells(1, *lines)
    bad = entries.pop(1)
    assert {entry.state for entry in entries} == {EntryState.POSTED}
    assert owed(debt) == 90_000 - 26_000
    assert (bad.state, codes(bad)) == (EntryState.SUSPENSE, ["matching_failed"])
    with override("en"):
        assert "failed" in reason_text("matching_failed")
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"matching failed: entry={bad.pk} error=ZeroDivisionError"]


def test_a_return_whose_payment_cannot_be_reversed_is_put_off_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    debt = open_debt(90_000, contract="CTR/2026/17")
    bank_tells(1, *((f"C{n},00", f"REF000{n}", "CTR/2026/17") for n in (5, 6)))

    def fail(**values: Any) -> Any:
        if StatementEntry.objects.get(pk=values["entry_id"]).amount_minor == -500:
            raise ZeroDivisionError
        return return_payment(**values)

    monkeypatch.setattr("ledger.operations.finding_debts.return_payment", fail)
    bad, good = bank_tells(2, *((f"RC{n},00", f"REF000{n}", "zwrot") for n in (5, 6)))
    bad.refresh_from_db()
    assert (bad.state, codes(bad)) == (EntryState.SUSPENSE, ["matching_failed"])
    assert (good.state, owed(debt)) == (EntryState.POSTED, 90_000 - 500)


def test_what_is_wrong_with_no_entry_leaves_all_of_them_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_at(monkeypatch, 5_000, OperationalError("no connection"))
    with pytest.raises(OperationalError):
        bank_tells(1, ("C50,00", "B1", "x"), ("C60,00", "B2", "y"))
    states = StatementEntry.objects.values_list("state", flat=True)
    assert list(states) == [EntryState.WAITING] * 2
    with pytest.raises(RightMissing):
        match_entries(actor=actor_of(make_user("anna", Role.OFFICER, None)), at=AT)
