"""What people enter about court cases: parsed here, judged by the operations."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courts.wording import list_cost_kinds, list_outcomes, list_procedures
from kernel.money import Money
from staff.forms import AmountField, DayField, money_of


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class FileForm(forms.Form):
    procedure = forms.ChoiceField(label=_("Procedure"), choices=list_procedures())
    court = forms.CharField(label=_("Court"), max_length=200)
    docket_no = forms.CharField(label=_("Docket number"), max_length=60, required=False)
    on = DayField(label=_("Filed on"))
    with_counsel = forms.BooleanField(label=_("With counsel"), required=False)


class OrderForm(forms.Form):
    on = DayField(label=_("Issued on"))
    docket_no = forms.CharField(label=_("Docket number"), max_length=60, required=False)


class ServiceForm(forms.Form):
    on = DayField(label=_("Served on"))


class ObjectionForm(forms.Form):
    on = DayField(label=_("Objected on"))


class FinalForm(forms.Form):
    on = DayField(label=_("Final since"))


class EnforcementForm(forms.Form):
    on = DayField(label=_("Asked on"))
    bailiff = forms.CharField(label=_("Bailiff"), max_length=200)
    bailiff_docket_no = forms.CharField(
        label=_("Bailiff's docket number"), max_length=60, required=False
    )


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=list_outcomes())
    on = DayField(label=_("Closed on"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class CostForm(forms.Form):
    """The amount is in ``currency``."""

    kind = forms.ChoiceField(label=_("Cost"), choices=list_cost_kinds())
    amount = AmountField(label=_("Amount"))
    on = DayField(label=_("Incurred on"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    submission = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *values: Any, currency: str, **options: Any) -> None:
        super().__init__(*values, **options)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("amount") is not None:
            try:
                cleaned["money"] = money_of(cleaned["amount"], self.currency)
            except ValidationError as error:
                self.add_error("amount", error)
        return cleaned

    @property
    def money(self) -> Money:
        money: Money = self.cleaned_data["money"]
        return money


#: The form of each act on a referral, by the act's name in the address.
FORMS: Final[dict[str, type[forms.Form]]] = {
    "file": FileForm,
    "order": OrderForm,
    "service": ServiceForm,
    "objection": ObjectionForm,
    "final": FinalForm,
    "enforcement": EnforcementForm,
    "close": CloseForm,
    "withdraw": ReasonForm,
    "again": ReasonForm,
}
