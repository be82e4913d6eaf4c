"""What people enter about write-offs, refunds, charges and statements: parsed, not judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookkeeping.lifecycle import CHOSEN_REASONS
from bookkeeping.queries.debts import CaseDebt
from bookkeeping.statement_words import LANGUAGES
from bookkeeping.wording import write_off_reason_name
from debtors.lifecycle import Product
from debtors.wording import product_name
from ledger.lifecycle import Component
from ledger.wording import component_name
from staff.figures import format_money
from staff.forms import AmountField, DayField, money_of

_LANGUAGE_NAMES = {"pl": "Polski", "en": "English"}


def _lines(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DebtForm(forms.Form):
    """About one debt of a case; ``submission`` is the key by which it is done once."""

    account = forms.TypedChoiceField(label=_("Debt"), coerce=int)
    submission = forms.CharField(
        widget=forms.HiddenInput, max_length=64, initial=lambda: str(uuid4())
    )

    def __init__(self, *values: Any, debts: Sequence[CaseDebt], **options: Any) -> None:
        super().__init__(*values, **options)
        self._debts = {debt.account_id: debt for debt in debts}
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(debt.account_id, self.name_of(debt)) for debt in debts]

    def name_of(self, debt: CaseDebt) -> str:
        name = product_name(Product(debt.product))
        return f"{name} {debt.contract_no}, {format_money(self.minor_of(debt), debt.currency)}"

    def minor_of(self, debt: CaseDebt) -> int:
        """What the name of the debt in the list says of it."""
        return debt.outstanding_minor

    @property
    def debt(self) -> CaseDebt:
        return self._debts[self.cleaned_data["account"]]

    def clean(self) -> dict[str, Any]:
        """An amount in the currency of the debt, as ``amount_minor``; None where none is given."""
        cleaned = super().clean() or {}
        cleaned["amount_minor"] = None
        if cleaned.get("amount") is not None and "account" in cleaned:
            try:
                cleaned["amount_minor"] = money_of(cleaned["amount"], self.debt.currency).minor
            except ValidationError as error:
                self.add_error("amount", error)
        return cleaned


class WriteOffForm(DebtForm):
    amount = AmountField(
        label=_("Amount"), required=False, help_text=_("Empty: all that is owed of it.")
    )
    components = forms.TypedMultipleChoiceField(
        label=_("Only of"),
        required=False,
        coerce=Component,
        choices=[(part.value, component_name(part)) for part in Component],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: of the whole debt, in the order of payments."),
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("", _("– choose –")),
            *((reason.value, write_off_reason_name(reason)) for reason in CHOSEN_REASONS),
        ],
    )
    note = forms.CharField(label=_("What makes it right"), max_length=500, widget=_lines())


class RefundForm(DebtForm):
    amount = AmountField(
        label=_("Amount"), required=False, help_text=_("Empty: all of the overpayment.")
    )
    to_account_no = forms.CharField(
        label=_("To account"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    to_name = forms.CharField(label=_("Whose account it is"), max_length=140)
    note = forms.CharField(label=_("Who asked for it, and how"), max_length=500, widget=_lines())
    despite_arrears = forms.BooleanField(
        label=_("Pay it back although something else is due"), required=False
    )

    def minor_of(self, debt: CaseDebt) -> int:
        return debt.overpaid_minor


class ChargeForm(DebtForm):
    fee = forms.ChoiceField(label=_("Fee or cost"))
    amount = AmountField(
        label=_("Amount"), required=False, help_text=_("Empty: the amount of the tariff.")
    )
    occasion = forms.CharField(
        label=_("For"),
        max_length=80,
        help_text=_("The number of the letter, the month, the docket. Charged once for it."),
    )
    charged_on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=_lines())

    def __init__(self, *values: Any, fees: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*values, **options)
        field = self.fields["fee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(fees)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500, widget=_lines())


class HandOverForm(forms.Form):
    """Nothing to enter: the button says it."""


class ConfirmForm(forms.Form):
    paid_back_on = DayField(label=_("Paid on"))
    bank_reference = forms.CharField(
        label=_("Reference of the bank"), max_length=80, required=False
    )


class SmallBalancesForm(forms.Form):
    currency = forms.ChoiceField(label=_("Currency"))

    def __init__(self, *values: Any, currencies: Sequence[str], **options: Any) -> None:
        super().__init__(*values, **options)
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(currency, currency) for currency in currencies]


class StatementForm(forms.Form):
    """Days left out: from the first posting, through today, as known now."""

    from_on = DayField(
        label=_("From"), required=False, help_text=_("Empty: from the first posting.")
    )
    until_on = DayField(label=_("Until"), required=False, help_text=_("Empty: until today."))
    as_known_on = DayField(
        label=_("As it was known on"),
        required=False,
        help_text=_("Empty: as it is known now, later corrections included."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[(code, _LANGUAGE_NAMES[code]) for code in LANGUAGES]
    )

    def until(self, today: date) -> date:
        found: date | None = self.cleaned_data["until_on"]
        return found or today
