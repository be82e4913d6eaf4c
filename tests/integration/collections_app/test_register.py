"""The register of staff tells of red switches and rates of interest, whose words stand above it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from cases.lifecycle import SwitchKind
from cases.switches import Switch, action_switch
from escalation.operations import switch_off
from kernel import clock
from kernel.actor import system_actor
from ledger.operations import change_rates
from ledger.rate_changes import RateChange
from ledger.rates import Series
from portfolio.operations import note_export, set_payment_target
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_user

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_switches_and_rates_are_told_by_their_names() -> None:
    maria, eva = make_user("maria", Role.MANAGER), make_user("eva", Role.AUDITOR)
    north = Team.objects.create(name="North")
    for switch in (action_switch("send_letter", "demand"), Switch(SwitchKind.TEAM, str(north.pk))):
        switch_off(switch=switch, reason="A wrong wording", actor=actor_of(maria), at=AT)
    for change in (
        RateChange(
            Series.NBP_REFERENCE, date(2026, 11, 5), Decimal("3.5"), "NBP", date(2026, 12, 2)
        ),
        RateChange(
            Series.NBP_REFERENCE, date(2026, 11, 5), Decimal("3.125"), "NBP", date(2026, 12, 2),
            "misread",
        ),
        RateChange(None, None, None, "NBP again", date(2026, 12, 3)),
    ):  # fmt: skip
        change_rates(change=change, actor=system_actor("operator"), at=AT)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(eva)

    with clock.fixed_at(AT):
        page = client.get("/staff/journal/").content.decode()
    said = [
        " | ".join(filter(None, re.split(r"<[^>]+>", unescape(row)))).split(" | ")[1:]
        for row in re.findall(r"<tr>(<td.*?)</tr>", page, re.DOTALL)
    ]

    stopped = ["Reason: A wrong wording", "0 messages in the queue, 0 cases whose next step it is"]
    assert said == [
        ["Rates of interest confirmed", "operator", "All rates confirmed until: 03.12.2026",
         "Source: NBP again"],
        ["Rate of interest changed", "Reference rate of the NBP", "operator",
         "Valid from: 05.11.2026", "Value: 3,125 (before: 3,50)",
         "All rates confirmed until: 02.12.2026", "Source: NBP", "Reason: misread"],
        ["Rate of interest changed", "Reference rate of the NBP", "operator",
         "Valid from: 05.11.2026", "Value: 3,50 (before: 3,75)",
         "All rates confirmed until: 02.12.2026", "Source: NBP"],
        ["Red switch turned off", "team North", "Maria", *stopped],
        ["Red switch turned off", "Letter: Demand for payment", "Maria", *stopped],
    ]  # fmt: skip


@pytest.mark.django_db
def test_targets_and_files_taken_away_are_told_in_words() -> None:
    maria, eva = make_user("maria", Role.MANAGER), make_user("eva", Role.AUDITOR)
    for amount_minor in (50_000_00, 60_000_00):
        set_payment_target(
            month_on=date(2026, 11, 1), currency="PLN", team_id=None, amount_minor=amount_minor,
            actor=actor_of(maria), at=AT,
        )  # fmt: skip
    note_export(
        what="Workload", file_format="csv", rows=10, query="/", actor=actor_of(maria), at=AT
    )
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(eva)

    with clock.fixed_at(AT):
        page = unescape(client.get("/staff/journal/").content.decode())

    assert "Workload" in page
    assert "Rows: 10 (CSV)" in page
    assert "11.2026" in page
    assert "Team: all teams together" in page
    assert "(before: 50\N{NO-BREAK SPACE}000,00\N{NO-BREAK SPACE}zł)" in page
    assert "before minor" not in page
