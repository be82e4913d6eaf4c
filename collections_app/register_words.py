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
from staff.figures import format_day, format_decimal
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


TELLERS: Final[dict[str, Teller]] = {"rates": _tell_of_rates, "switch": _tell_of_switch}
