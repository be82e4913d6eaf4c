"""What the register says of rates of interest and red switches, whose words stand above staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from cases.lifecycle import SwitchKind
from cases.switches import Switch
from collections_app.wording import stopped_text
from escalation.queries.switching import Stopped
from escalation.wording import switch_name
from journal.subscribers import RecordedEvent
from ledger.rates import Series
from ledger.wording import series_name
from staff.figures import format_count, format_day, format_decimal, format_money
from staff.queries import RegisterNames
from staff.register_words import Teller, Told, detail


def _tell_of_rates(event: RecordedEvent, names: RegisterNames) -> Told:
    del names
    payload = event.payload
    series = payload.get("series")
    about = str(series_name(Series(series))) if series in set(Series) else ""
    details = []
    if series:
        replaced = payload.get("replaced")
        details = [
            detail(_("Valid from"), _day(payload["since_on"])),
            detail(_("Value"), _number(payload["value"]), _number(replaced) if replaced else None),
        ]
    details.append(detail(_("All rates confirmed until"), _day(payload["confirmed_until"])))
    details += [
        detail(label, payload[name])
        for name, label in (("source", _("Source")), ("reason", _("Reason")))
        if payload.get(name)
    ]
    return Told(about, details)


def _day(text: str) -> str:
    return format_day(date.fromisoformat(text))


def _number(text: str) -> str:
    """Up to the four places that a rate may have, two at least."""
    places = len(text.rstrip("0").partition(".")[2])
    return format_decimal(Decimal(text), places=max(places, 2))


def _tell_of_switch(event: RecordedEvent, names: RegisterNames) -> Told:
    payload: Mapping[str, Any] = event.payload
    teams = {str(pk): name for pk, name in names.teams.items()}
    name = switch_name(Switch(SwitchKind(payload["kind"]), payload["key"]), teams)
    stopped = Stopped(payload["messages"], payload["cases"])
    return Told(name, [detail(_("Reason"), payload["reason"]), stopped_text(stopped)])


def _tell_of_target(event: RecordedEvent, names: RegisterNames) -> Told:
    payload = event.payload
    currency, before = payload["currency"], payload["before_minor"]
    month = date.fromisoformat(payload["month_on"])
    team = names.teams.get(payload["team_id"]) if payload["team_id"] else _("all teams together")
    amount, earlier = (
        format_money(minor, currency) if minor is not None else None
        for minor in (payload["amount_minor"], before)
    )
    details = [detail(_("Team"), team), detail(_("To be paid in the month"), amount, earlier)]
    return Told(f"{month:%m.%Y}", details)


def _tell_of_export(event: RecordedEvent, names: RegisterNames) -> Told:
    del names
    payload = event.payload
    about = str(payload.get("what") or payload.get("strategy", ""))
    rows = f"{format_count(payload['rows'])} ({payload['format'].upper()})"
    return Told(about, [detail(_("Rows"), rows)])


TELLERS: Final[dict[str, Teller]] = {
    "rates": _tell_of_rates,
    "switch": _tell_of_switch,
    "board.target_set": _tell_of_target,
    "board.exported": _tell_of_export,
    "strategy.changes_exported": _tell_of_export,
}
