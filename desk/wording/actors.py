"""Who did it: a colleague by name, a part of the machine by what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.subscribers import RecordedEvent
from kernel.actor import ActorKind

_SYSTEM: Final[dict[str, Promise]] = {
    "day_close": _("day close"),
    "intake": _("intake"),
    "journal": _("reaction"),
    "payments": _("payments"),
    "escalation": _("strategy"),
    "cases": _("case file"),
    "contacts": _("contacts"),
    "negotiations": _("agreements"),
    "bookkeeping": _("bookkeeping"),
    "agencies": _("agencies"),
    "courts": _("courts"),
    "operator": _("operator"),
    "record_deliveries": _("post"),
    "demo": _("demonstration"),
    "dispatch": _("dispatch"),
    "post": _("post"),
    "statements": _("payments"),
    "debtors": _("system"),
    "interest": _("system"),
    "numbering": _("system"),
    "list_approvals": _("system"),
}


def actor_name(event: RecordedEvent, users: Mapping[str, str], clients: Mapping[str, str]) -> str:
    if event.actor_kind == ActorKind.USER:
        return short_name(users.get(event.actor_id, ""))
    if event.actor_kind == ActorKind.CLIENT:
        return clients.get(event.actor_id, "")
    return system_name(event.actor_id)


def system_name(actor_id: str) -> str:
    """A part of the machine by what it does."""
    return str(_SYSTEM.get(actor_id, actor_id.replace("_", " ")))


def short_name(full_name: str) -> str:
    """``Anna Wrona`` is A. Wrona"""
    first, _space, rest = full_name.partition(" ")
    return f"{first[0]}. {rest}" if rest else full_name
