"""Fields that several apps share, and what an administrator enters: parsed, not judged."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.errors import InvalidInput
from kernel.money import Money
from staff.lifecycle import ApprovalKind
from staff.models import Team
from staff.preferences import Density, Theme
from staff.rights import Role, Scope
from staff.wording import approval_kind_name, density_name, role_name, scope_name, theme_name

_ROLES = [(role.value, role_name(role)) for role in Role]


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


class TeamChoice(forms.ModelChoiceField[Team]):
    def __init__(self, **options: Any) -> None:
        super().__init__(Team.objects.order_by("name"), required=False, **options)


class ChangeUserForm(forms.Form):
    full_name = forms.CharField(label=_("First and last name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=_ROLES)
    team = TeamChoice(label=_("Team"), empty_label=_("no team"))
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; no common word, and not the user's name."),
        strip=False,
        max_length=128,
    )


class NewUserForm(PasswordForm):
    username = forms.SlugField(label=_("User name"), max_length=150)
    full_name = forms.CharField(label=_("First and last name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=_ROLES)
    team = TeamChoice(label=_("Team"), empty_label=_("no team"))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("pl", "Polski"), ("en", "English")],
        required=False,
        help_text=_("Everybody may choose another one for themselves."),
    )

    field_order = ["username", "full_name", "role", "team", "language", "password"]


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    daily_norm = forms.IntegerField(
        label=_("Work items per officer and day"), min_value=1, max_value=500, initial=25
    )


class LimitForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=_ROLES)
    kind = forms.ChoiceField(
        label=_("What is approved"),
        choices=[(kind.value, approval_kind_name(kind)) for kind in ApprovalKind],
    )
    currency = forms.RegexField(r"^[A-Z]{3}\Z", label=_("Currency"), initial="PLN", max_length=3)
    amount = forms.DecimalField(
        label=_("Up to"), min_value=0, max_digits=16, decimal_places=4, localize=True
    )


class DelegationForm(forms.Form):
    """``people`` are ids, names and roles; ``kinds`` those that the giver may decide."""

    deputy = forms.ChoiceField(label=_("Who decides in your place"))
    kinds = forms.MultipleChoiceField(
        label=_("What they may decide"), widget=forms.CheckboxSelectMultiple
    )
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until and including"))
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("For example: leave until the end of May.")
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[ApprovalKind],
        people: Sequence[tuple[int, str, Role]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        deputy, chosen = self.fields["deputy"], self.fields["kinds"]
        assert isinstance(deputy, forms.ChoiceField)
        assert isinstance(chosen, forms.MultipleChoiceField)
        deputy.choices = [
            ("", _("choose a colleague")),
            *((str(pk), f"{name}, {role_name(role)}") for pk, name, role in people),
        ]
        chosen.choices = [(kind.value, approval_kind_name(kind)) for kind in kinds]


class TokenForm(forms.Form):
    """``submission`` is the key by which one token is made, however often the form is sent."""

    submission = forms.CharField(
        widget=forms.HiddenInput, max_length=64, initial=lambda: str(uuid4()), required=False
    )
    client = forms.CharField(
        label=_("Client"),
        max_length=100,
        help_text=_("The system that will use it. A new name makes a new client."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope.value, scope_name(scope)) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )
    team = TeamChoice(label=_("Only cases of"), empty_label=_("all teams"))
    valid_days = forms.IntegerField(
        label=_("Valid for days"), min_value=1, max_value=366, initial=365
    )


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("pl", "Polski"), ("en", "English")],
        widget=forms.RadioSelect,
    )
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[(theme.value, theme_name(theme)) for theme in Theme],
        widget=forms.RadioSelect,
    )
    density = forms.ChoiceField(
        label=_("Rows of tables"),
        choices=[(density.value, density_name(density)) for density in Density],
        widget=forms.RadioSelect,
    )
    single_keys = forms.BooleanField(
        label=_("Single keys are commands"),
        required=False,
        help_text=_(
            "N starts the next case, J and K move in a list. Switch them off if you speak to the"
            " computer, or if keys are pressed by mistake. Ctrl K and Tab work all the same."
        ),
    )


class OwnPasswordForm(forms.Form):
    """What is done to one's account is confirmed with one's password."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChangePasswordForm(forms.Form):
    current = forms.CharField(
        label=_("Your password now"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters, none of the common ones, not like your name."),
    )
    again = forms.CharField(
        label=_("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password"):
            raise ValidationError(_("The two new passwords are not the same."))
        return again


class ActivateForm(OwnPasswordForm):
    code = forms.CharField(
        label=_("Code that the app shows"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    field_order = ("code", "password")
