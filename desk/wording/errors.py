"""Why something was refused, in plain words: one sentence for each code of a domain error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import DomainError
from staff.figures import format_day, format_moment, format_money

_TEXTS: Final[dict[str, Promise]] = {
    "refused": gettext_lazy("This is not possible. Nothing was changed."),
    "not_found": gettext_lazy("It is not there any more, or belongs to another team."),
    "not_allowed": gettext_lazy("Your role may not do this."),
    "right_missing": gettext_lazy("Your role may not do this."),
    "conflict": gettext_lazy("Somebody else changed it first. Look again and decide anew."),
    "move_not_allowed": gettext_lazy(
        "It has moved on in the meantime and this can no longer be done."
    ),
    "invalid_input": gettext_lazy("Something that was entered cannot be right."),
    "invalid_amount": gettext_lazy("The amount cannot be right."),
    "currency_mismatch": gettext_lazy("Amounts of two currencies cannot be added."),
    # approvals
    "own_proposal": gettext_lazy("Nobody decides what they proposed themselves."),
    "over_limit": gettext_lazy("The amount %(amount)s is over your limit of %(limit)s."),
    "decided_by_person_only": gettext_lazy("Only a person decides this."),
    "reason_missing": gettext_lazy("A reason is needed; it is kept with the decision."),
    "unknown_approval": gettext_lazy("There is no such approval."),
    # cases
    "case_not_found": gettext_lazy("There is no such case among those you may see."),
    "case_handled_by_another": gettext_lazy(
        "The case is in other hands: an agreement, an agency or the court has it."
    ),
    "hold_not_found": gettext_lazy("The hold has ended already."),
    "hold_open_already": gettext_lazy("The case has an open hold of this kind already."),
    "hold_kind_reserved": gettext_lazy(
        "Such a hold is carried by something else and ends with it."
    ),
    "invalid_hold_days": gettext_lazy("The last day lies before the first one."),
    "work_item_not_found": gettext_lazy("There is no such work any more."),
    "work_open_already": gettext_lazy("This work is on the list of the case already."),
    "work_item_leased": gettext_lazy("A colleague has it in hand until %(leased_until)s."),
    "owner_not_in_team": gettext_lazy("The officer does not belong to that team."),
    "only_people_claim": gettext_lazy("Only a person takes work in hand."),
}


def error_text(error: DomainError) -> str:
    """A code that nobody has written words for is named, so that it can be asked about."""
    text = _TEXTS.get(error.code)
    if text is None:
        return _("This was refused (%(code)s). Nothing was changed.") % {"code": error.code}
    return str(text) % _Values(error.values)


class _Values(dict[str, str]):
    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, name: str) -> str:
        minor, currency = self._values.get(f"{name}_minor"), self._values.get("currency")
        if isinstance(minor, int) and currency:
            return format_money(minor, currency)
        value = self._values.get(name)
        if isinstance(value, datetime):
            return format_moment(value)
        if isinstance(value, date):
            return format_day(value)
        return "–" if value is None else str(value)
