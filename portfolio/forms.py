"""What a manager enters about boards: parsed, not judged."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms import AmountField, TeamChoice


class MonthField(forms.DateField):
    """``2026-11``; cleaned to the first day of the month."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})

    def __init__(self) -> None:
        super().__init__(label=_("Month"), input_formats=["%Y-%m", "%m.%Y", "%Y-%m-%d"])


class TargetForm(forms.Form):
    month_on = MonthField()
    currency = forms.RegexField(r"^[A-Z]{3}\Z", label=_("Currency"), initial="PLN", max_length=3)
    team = TeamChoice(label=_("Team"), empty_label=_("all teams together"))
    amount = AmountField(
        label=_("To be paid in the month"), required=False,
        help_text=_("Left empty, the target is taken away."),
    )  # fmt: skip
