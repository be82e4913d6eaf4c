"""What people enter at the desk: parsed here, judged by the operations."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import MACHINE_HOLDS, HoldKind, WorkKind
from cases.wording import hold_name, work_name
from contacts.lifecycle import AttemptResult, Direction
from contacts.wording import direction_name, result_name
from debtors.lifecycle import Channel
from debtors.wording import channel_name
from kernel.errors import DomainError
from kernel.money import Money


class DayField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AmountField(forms.CharField):
    """``1 234,56`` or ``1234.56``, above zero; cleaned to a Decimal in major units."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}),
            **options,
        )

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


def minor_of(amount: Decimal, currency: str) -> int:
    """Raises ValidationError where the amount is finer than the currency."""
    try:
        return Money.from_decimal(amount, currency).minor
    except DomainError as error:
        raise ValidationError(_("Too many decimal places for this currency.")) from error


class HoldForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Reason for the hold"),
        choices=[(kind, hold_name(kind)) for kind in HoldKind if kind not in MACHINE_HOLDS],
    )
    until_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until ended."))
    reason = forms.CharField(
        label=_("What happened"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class EndHoldForm(forms.Form):
    reason = forms.CharField(label=_("Why it ends"), max_length=500)


class FinishWorkForm(forms.Form):
    note = forms.CharField(label=_("What was done"), max_length=500, required=False)


class TakeOverForm(forms.Form):
    reason = forms.CharField(label=_("Why you take it over"), max_length=200)


class WorkForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("To do"),
        choices=[
            (kind, work_name(kind))
            for kind in (
                WorkKind.CALL,
                WorkKind.ANSWER_REQUEST,
                WorkKind.REVIEW,
                WorkKind.FIND_PHONE,
                WorkKind.FIND_ADDRESS,
            )
        ],
    )
    due_on = DayField(label=_("By"))
    note = forms.CharField(label=_("Why"), max_length=200)


class ContactForm(forms.Form):
    """A promise belongs to the result *promised to pay* and needs its amount and day."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(channel, channel_name(channel)) for channel in Channel],
        widget=forms.RadioSelect(attrs={"data-key": "l"}),
        initial=Channel.PHONE,
    )
    direction = forms.ChoiceField(
        label=_("Who began"),
        choices=[(direction, direction_name(direction)) for direction in Direction],
        widget=forms.RadioSelect,
        initial=Direction.OUT,
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(result, result_name(result)) for result in AttemptResult],
        widget=forms.RadioSelect(attrs={"class": "two"}),
    )
    amount = AmountField(label=_("Promised amount"), required=False)
    promised_on = DayField(label=_("By"), required=False)
    contact_point = forms.ChoiceField(label=_("Number or mailbox"), required=False)
    #: Sent twice, the form logs once.
    submission = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, points: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["contact_point"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "–"), *((str(pk), name) for pk, name in points)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("result") == AttemptResult.PROMISED:
            for name in ("amount", "promised_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A promise needs an amount and a day."))
        return cleaned


class PaymentForm(forms.Form):
    debt = forms.ChoiceField(label=_("On the debt"))
    amount = AmountField(label=_("Amount"))
    value_on = DayField(label=_("Value day"))
    reference = forms.CharField(label=_("Reference of the transfer"), max_length=140)
    #: The key of the form: sent twice, the payment is posted once.
    submission = forms.CharField(
        widget=forms.HiddenInput, max_length=64, initial=lambda: str(uuid4())
    )

    def __init__(self, *args: Any, debts: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["debt"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(str(pk), name) for pk, name in debts]


class DecideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File, CSV or XLSX"))
    profile = forms.ChoiceField(label=_("Layout of the file"))
    as_of = DayField(label=_("As of"))
    full = forms.BooleanField(
        label=_("Full extract"),
        required=False,
        help_text=_("A debt that is missing from it is flagged, never deleted."),
    )
    dry_run = forms.BooleanField(
        label=_("Try without writing"),
        required=False,
        help_text=_("Says what would change, and changes nothing."),
    )

    def __init__(self, *args: Any, profiles: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["profile"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, name.replace("_", " ")) for name in profiles]


class SimulationForm(forms.Form):
    working_days = forms.IntegerField(min_value=1, max_value=120)
    grants_all = forms.BooleanField(required=False)
