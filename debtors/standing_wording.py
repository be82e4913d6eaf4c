"""How a debt or a debtor stands, in words: default, forbearance, stage, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from debtors.regulatory import DefaultReason, Forborne
from staff.figures import format_day, format_decimal, format_money

_DEFAULTS: Final[dict[DefaultReason, Promise]] = {
    DefaultReason.PAST_DUE: pgettext_lazy("standing", "in default: past due"),
    DefaultReason.RESTRUCTURING: pgettext_lazy("standing", "in default: restructured at a loss"),
    DefaultReason.CURING: pgettext_lazy("standing", "in default: arrears gone, on probation"),
}
_FORBORNE: Final[dict[Forborne, Promise]] = {
    Forborne.CURE: pgettext_lazy("standing", "forborne, non-performing"),
    Forborne.PROBATION_AFTER: pgettext_lazy("standing", "forborne, on probation after that"),
    Forborne.PROBATION: pgettext_lazy("standing", "forborne, on probation"),
}


def standing_text(*, default: str, forborne: str, stage: int) -> str:
    """``in default: past due; forborne, non-performing; stage 3``"""
    parts = standing_reasons(default=default, forborne=forborne)
    if not parts and stage == 1:
        parts.append(str(pgettext_lazy("standing", "performing")))
    return "; ".join([*parts, stage_text(stage)])


def stage_text(stage: int) -> str:
    """``stage 3``, of IFRS 9."""
    return _("stage %(stage)s") % {"stage": stage}


def standing_reasons(*, default: str, forborne: str) -> list[str]:
    """``in default: past due`` and ``forborne, non-performing``, as far as they are so."""
    parts = [str(_DEFAULTS[DefaultReason(default)])] if default else []
    if forborne in _FORBORNE:
        parts.append(str(_FORBORNE[Forborne(forborne)]))
    return parts


def counted_text(grounds: Mapping[str, Any]) -> str:
    """What was overdue of how much, against which limits; empty where nothing was counted."""
    if "overdue_minor" not in grounds:
        return ""
    overdue, exposure = int(grounds["overdue_minor"]), int(grounds["exposure_minor"])
    currency = str(grounds["currency"])
    share = Decimal(overdue) * 100 / exposure if exposure > 0 else Decimal(0)
    text = _(
        "%(overdue)s past due of %(exposure)s (%(share)s %%); limits %(limit)s and %(percent)s %%"
    )
    return text % {
        "overdue": format_money(overdue, currency),
        "exposure": format_money(exposure, currency),
        "share": format_decimal(share, places=2),
        "limit": format_money(int(grounds["absolute_minor"]), currency),
        "percent": str(grounds["relative_percent"]).replace(".", ","),
    }


def days_text(*, material_since: date | None, limit: int, on: date) -> str:
    """The count of days over both thresholds, and where it stands to the limit."""
    if material_since is None:
        return _("not over both thresholds")
    days = (on - material_since).days + 1
    counted = ngettext(
        "%(days)s day in a row over both thresholds, since %(since)s",
        "%(days)s days in a row over both thresholds, since %(since)s",
        days,
    ) % {"days": days, "since": format_day(material_since)}
    if days > limit:
        return _("%(counted)s; more than %(limit)s") % {"counted": counted, "limit": limit}
    left = limit + 1 - days
    in_days = ngettext("default in %(left)s day", "default in %(left)s days", left)
    return f"{counted}; {in_days % {'left': left}}"
