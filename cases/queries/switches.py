"""Which red switches are off, and who turned them."""

from __future__ import annotations

from cases.lifecycle import SwitchKind, SwitchStatus
from cases.models import RedSwitch
from cases.switches import Off, Switch


def get_switches_off() -> Off:
    """One small statement: for a whole batch, never for each case."""
    rows = RedSwitch.objects.filter(status=SwitchStatus.OFF).values_list("kind", "key")
    return frozenset(Switch(SwitchKind(kind), key) for kind, key in rows)


def list_turned_switches() -> list[RedSwitch]:
    """Every switch that was ever turned, with the person who turned it last."""
    return list(RedSwitch.objects.select_related("turned_by").order_by("kind", "key"))
