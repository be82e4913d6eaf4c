"""Fields that read what people type: amounts, days and moments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.quick_entry import read_day_entry, read_moment_entry
from contacts.wording.quick_entry import say_problem
from kernel import clock
from kernel.calendar import POLAND
from staff import forms as staff_fields
from staff.figures import format_day, format_moment

#: More than anybody types for a day or a moment.
_MAX_LENGTH = 40


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class WrittenDayField(forms.DateField):
    """Any day, past or to come, written as everywhere else: ``27.11.2026``."""

    widget = forms.DateInput(format="%d.%m.%Y", attrs={"autocomplete": "off"})
    input_formats: tuple[str, ...] = ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d")
    default_error_messages = {"invalid": _("Write the day as 27.11.2026.")}


class SpokenDayField(forms.CharField):
    """A day from today on, as people say it: ``27.11``, ``pt``, ``in 2 weeks``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=_MAX_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "off", "data-spoken": "day"}),
            **options,
        )

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        on, problem = read_day_entry(text, today=clock.today(), calendar=POLAND)
        if problem is not None:
            raise ValidationError(say_problem(problem))
        return on

    def prepare_value(self, value: Any) -> Any:
        return format_day(value) if isinstance(value, date) else value


class SpokenMomentField(forms.CharField):
    """A moment from now on, as people say it: ``tomorrow 14:00``, ``o 16``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=_MAX_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "off", "data-spoken": "moment"}),
            **options,
        )

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        at, problem = read_moment_entry(text, today=clock.today(), calendar=POLAND)
        if problem is not None:
            raise ValidationError(say_problem(problem))
        return at

    def prepare_value(self, value: Any) -> Any:
        return format_moment(value) if isinstance(value, datetime) else value


class AmountField(staff_fields.AmountField):
    """One for which the browser offers no amounts typed before."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off"}


class SubmissionField(forms.CharField):
    """The key of a form: sent twice, it does its work once."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput, max_length=64, initial=lambda: str(uuid4()), required=False
        )


def focus_first_error(form: forms.Form) -> None:
    """The field to look at first takes the focus when the page comes back."""
    name = next((name for name in form.fields if name in form.errors), None)
    if name is not None:
        form.fields[name].widget.attrs["autofocus"] = True
