"""Choosing a day of the past, and by which knowledge it is shown."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from desk.forms.fields import DayField
from kernel import clock
from staff.figures import format_day


class Knowledge(StrEnum):
    NOW = "now"
    THEN = "then"


class AsOfForm(forms.Form):
    as_of = DayField(
        label=_("At the end of"),
        error_messages={"invalid": _("Choose a day, such as 2026-11-27.")},
    )
    known = forms.ChoiceField(
        label=_("As it is known"),
        required=False,
        choices=[(Knowledge.NOW, _("now")), (Knowledge.THEN, _("then"))],
    )

    def clean_as_of(self) -> date:
        on: date = self.cleaned_data["as_of"]
        today = clock.today()
        if on > today:
            raise ValidationError(
                _("Nobody knows yet: choose a day up to %(today)s."),
                params={"today": format_day(today)},
            )
        return on
