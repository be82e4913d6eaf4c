"""What an administrator enters about rates: parsed, not judged."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ledger.rate_changes import RateChange
from ledger.rates import Series
from ledger.wording import EDITED_SERIES, series_name
from staff.forms import DayField


class NumberField(forms.CharField):
    """``3,75`` or ``3.75``, zero or more; cleaned to a Decimal or None."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
        super().__init__(max_length=12, widget=widget, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = "".join(super().clean(value).split()).replace(",", ".").removesuffix("%")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise ValidationError(_("Give a number such as 3,75.")) from error
        if not number.is_finite() or number < 0:
            raise ValidationError(_("Give a number such as 3,75."))
        return number


class RateForm(forms.Form):
    """A step of a series, or only a later confirmed day."""

    series = forms.ChoiceField(label=_("What changes"), required=False)
    since_on = DayField(label=_("Valid from"), required=False)
    value = NumberField(label=_("Percent a year, points or multiple"), required=False)
    confirmed_until = DayField(
        label=_("All rates confirmed until"),
        help_text=_("A calculation that goes on past this day says so."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("Where it was read: the decision, its journal or address."),
    )
    reason = forms.CharField(label=_("Reason of a correction"), max_length=500, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["series"].choices = [  # type: ignore[attr-defined]
            ("", _("Nothing: the rates are only confirmed")),
            *((series.value, series_name(series)) for series in EDITED_SERIES),
        ]

    def change(self) -> RateChange:
        """What a valid form asks for."""
        values = self.cleaned_data
        value: Decimal | None = values["value"]
        return RateChange(
            Series(values["series"]) if values["series"] else None,
            values["since_on"],
            value,
            values["source"],
            values["confirmed_until"],
            values["reason"],
        )
