"""Fields that several apps' forms need: a day, and an amount as people write it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.errors import InvalidInput
from kernel.money import Money


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AmountField(forms.CharField):
    """``1 234,56`` or ``1234.56``, above zero; cleaned to a Decimal in major units, or None."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = "".join(super().clean(value).split()).replace(",", ".")
        if not text:
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation as error:
            raise ValidationError(_("Give an amount such as 850,00.")) from error
        if not amount.is_finite() or amount <= 0:
            raise ValidationError(_("Give an amount above zero."))
        return amount


def money_of(amount: Decimal, currency: str) -> Money:
    """Raises ValidationError where the amount is finer or larger than the currency allows."""
    try:
        return Money.from_decimal(amount, currency)
    except InvalidInput as error:
        raise ValidationError(_("Too many decimal places for this currency.")) from error
