"""What the register says of an event: whom or what it is about, and the details, in words.

An app above says what its own kinds of subjects are; ``collections_app/register_words.py`` names
those, because what stands above is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.subscribers import RecordedEvent
from staff.figures import format_count, format_day, format_money
from staff.lifecycle import ApprovalKind
from staff.queries import RegisterNames
from staff.right_names import RIGHT_NAMES
from staff.rights import Right, Role, Scope
from staff.wording import approval_kind_name, role_name, scope_name


class Told(NamedTuple):
    about: str
    details: list[str]


Teller = Callable[[RecordedEvent, RegisterNames], Told]

_tellers: dict[str, Teller] = {}


def install(tellers: Mapping[str, Teller]) -> None:
    """Who tells of the apps above, by the kind of the event or of its subject; called once at the
    start."""
    _tellers.clear()
    _tellers.update(tellers)


def tell(event: RecordedEvent, names: RegisterNames) -> Told:
    teller = _tellers.get(event.kind) or _tellers.get(event.subject_kind, _tell_of_staff)
    return teller(event, names)


def detail(label: Promise | str, value: object, before: object = None) -> str:
    """``Role: Manager (before: Auditor)``; a dash where there is nothing."""
    now = "–" if value in (None, "") else str(value)
    if before is not None:
        now = _("%(now)s (before: %(before)s)") % {"now": now, "before": before}
    return f"{label}: {now}"


#: In the order in which a line tells them.
_LABELS: Final[dict[str, Promise]] = {
    "username": gettext_lazy("User name"),
    "full_name": gettext_lazy("First and last name"),
    "role": gettext_lazy("Role"),
    "team": gettext_lazy("Team"),
    "is_active": gettext_lazy("Has access"),
    "name": gettext_lazy("Name"),
    "daily_norm": gettext_lazy("Work items per officer and day"),
    "amount_minor": gettext_lazy("Up to"),
    "scopes": gettext_lazy("It may"),
    "valid_days": gettext_lazy("Valid for days"),
    "address": gettext_lazy("Address"),
    "with_second_factor": gettext_lazy("With the second factor"),
    "attempts_left": gettext_lazy("Attempts left"),
    "codes_left": gettext_lazy("Recovery codes left"),
    "sessions": gettext_lazy("Sessions ended"),
    "path": gettext_lazy("Page"),
    "needed": gettext_lazy("Right that is missing"),
    "kinds": gettext_lazy("What they may decide"),
    "from_on": gettext_lazy("From"),
    "until_on": gettext_lazy("Until and including"),
    "reason": gettext_lazy("Reason"),
}
#: What the line says already by whom or what it is about, or beside the amount.
_SAID_ELSEWHERE: Final[dict[str, frozenset[str]]] = {
    "approval_limit": frozenset({"role", "kind", "currency"}),
    "delegation": frozenset({"giver", "giver_id", "deputy", "deputy_id"}),
    "api_token": frozenset({"client"}),
}
_SYSTEM: Final[dict[str, Promise]] = {
    "operator": gettext_lazy("operator"),
    "sign_in": gettext_lazy("sign-in"),
    "demo": gettext_lazy("demonstration"),
}


def machine_name(actor_id: str) -> str:
    """A part of the machine by what it does."""
    return str(_SYSTEM.get(actor_id, actor_id.replace("_", " ")))


def _tell_of_staff(event: RecordedEvent, names: RegisterNames) -> Told:
    return Told(_about(event, names), _details(event, names))


def _about(event: RecordedEvent, names: RegisterNames) -> str:
    payload = event.payload
    match event.subject_kind:
        case "user":
            return names.users.get(event.subject_id) or _("a user name that nobody has")
        case "team":
            return names.teams.get(event.subject_id, "–")
        case "api_client":
            return names.clients.get(event.subject_id, "–")
        case "api_token":
            return names.tokens.get(event.subject_id, "–")
        case "approval_limit":
            return ", ".join(_word(name, payload.get(name), names) for name in ("role", "kind"))
        case "delegation":
            people = {who: names.users.get(payload[f"{who}_id"], "–") for who in _IN_DELEGATION}
            return _("%(deputy)s in place of %(giver)s") % people
        case _:
            return ""


_IN_DELEGATION: Final = ("giver", "deputy")


def _details(event: RecordedEvent, names: RegisterNames) -> list[str]:
    payload = event.payload
    if "before" in payload and "after" in payload:
        before, after = payload["before"], payload["after"]
        return [
            detail(_label(name), _word(name, value, names), _word(name, before.get(name), names))
            for name, value in _in_order(after)
            if value != before.get(name)
        ]
    hidden = _SAID_ELSEWHERE.get(event.subject_kind, frozenset())
    return [
        detail(
            _label(name),
            format_money(value, payload["currency"])
            if name == "amount_minor"
            else _word(name, value, names),
        )
        for name, value in _in_order(payload)
        if name not in hidden
    ]


def _in_order(payload: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The journal keeps no order."""
    places = {name: place for place, name in enumerate(_LABELS)}
    return sorted(payload.items(), key=lambda item: (places.get(item[0], len(places)), item[0]))


def _label(name: str) -> str:
    return str(_LABELS.get(name, name.replace("_", " ")))


def _word(name: str, value: Any, names: RegisterNames) -> str:
    """A value in words; a code that is not known any more is shown as it is."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_word(name, part, names) for part in value)
    if name == "team":
        return names.teams.get(value, "–") if value is not None else _("no team")
    if value is None:
        return "–"
    if isinstance(value, int):
        return format_count(value)
    if name in ("from_on", "until_on"):
        return format_day(date.fromisoformat(str(value)[:10]))
    found = _CODES.get(name, {}).get(str(value))
    return str(value if found is None else found)


_APPROVALS: Final = {kind.value: approval_kind_name(kind) for kind in ApprovalKind}
_SCOPES: Final = {scope.value: scope_name(scope) for scope in Scope}
#: Names of codes, by what they are in a payload.
_CODES: Final[dict[str, Mapping[str, Promise]]] = {
    "role": {role.value: role_name(role) for role in Role},
    "kind": _APPROVALS,
    "kinds": _APPROVALS,
    "scopes": _SCOPES,
    "needed": {**{right.value: RIGHT_NAMES[right] for right in Right}, **_SCOPES},
}
