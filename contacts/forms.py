"""What people enter about messages, requests and terminations: parsed here, judged elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.guard import MAY_BE_OVERRIDDEN
from contacts.lifecycle import MessageStatus
from contacts.wording import message_status_name
from contacts.wording.guard import rule_name
from staff.forms import DayField

_MAX_FILE_BYTES = 10 * 1024 * 1024
_RECORDABLE = (MessageStatus.HANDED_OVER, MessageStatus.DELIVERED, MessageStatus.RETURNED)


def _few_lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 4})


class DeliveryForm(forms.Form):
    status = forms.ChoiceField(
        label=_("What became of it"),
        choices=[(status.value, message_status_name(status)) for status in _RECORDABLE],
    )
    happened_on = DayField(label=_("On"))


class DeliveriesFileForm(forms.Form):
    file = forms.FileField(
        label=_("File of the post"),
        help_text=_("CSV with the columns message, status, day and, if wanted, reference"),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > _MAX_FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB: use the command."))
        return file


class ReasonForm(forms.Form):
    """A page holds several: each gets an ``auto_id`` of its own."""

    reason = forms.CharField(label=_("Why"), max_length=500)


class RecipientForm(forms.Form):
    reason = forms.CharField(
        label=_("What for"),
        max_length=500,
        help_text=_("That you looked is on the timeline, with this reason."),
    )


class RequestForm(forms.Form):
    received_on = DayField(label=_("Received on"))
    note = forms.CharField(
        label=_("What the debtor asks for"), max_length=2000, widget=_few_lines()
    )


class AnswerForm(forms.Form):
    move = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            ("grant", _("Granted")), ("refuse", _("Refused")),
            ("withdraw", _("The debtor withdrew it")),
        ],
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("Reasons"), max_length=4000, required=False, widget=_few_lines()
    )


class ReworkForm(ReasonForm):
    move = forms.ChoiceField(choices=[("again", ""), ("withdraw", "")])


class OverrideForm(ReasonForm):
    """One rule of the bank's own, set aside for one day."""

    rule = forms.ChoiceField(
        label=_("Rule"),
        choices=[(rule.value, rule.value) for rule in sorted(MAY_BE_OVERRIDDEN)],
    )
    on = DayField(label=_("On"))

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(rule.value, rule_name(rule)) for rule in sorted(MAY_BE_OVERRIDDEN)]
