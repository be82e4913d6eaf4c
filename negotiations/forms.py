"""What people enter about an agreement: parsed here, judged by the operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from negotiations.lifecycle import AgreementKind
from negotiations.schedule import Terms
from negotiations.wording import agreement_kind_name
from staff.forms import AmountField, DayField, money_of


class TermsForm(forms.Form):
    """``currencies`` are those in which something is due."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, agreement_kind_name(kind)) for kind in AgreementKind]
    )
    currency = forms.ChoiceField(label=_("Currency"))
    count = forms.IntegerField(label=_("Number of payments"), min_value=1, max_value=600, initial=6)
    first_due_on = DayField(label=_("First payment on"))
    write_off = AmountField(
        label=_("Written off"), required=False, help_text=_("Only in a settlement")
    )

    def __init__(self, *values: Any, currencies: Sequence[str], **options: Any) -> None:
        super().__init__(*values, **options)
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(currency, currency) for currency in currencies]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount, currency = cleaned.get("write_off"), cleaned.get("currency")
        is_settlement = cleaned.get("kind") == AgreementKind.SETTLEMENT
        if is_settlement and not amount and "write_off" not in self.errors:
            self.add_error("write_off", _("Give the amount that is written off."))
        if amount is not None and currency:
            try:
                cleaned["write_off_minor"] = money_of(amount, currency).minor
            except ValidationError as error:
                self.add_error("write_off", error)
        return cleaned

    @property
    def terms(self) -> Terms:
        cleaned = self.cleaned_data
        return Terms(
            AgreementKind(cleaned["kind"]),
            cleaned["count"],
            cleaned["first_due_on"],
            cleaned.get("write_off_minor", 0),
        )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What the debtor said"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
