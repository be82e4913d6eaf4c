"""Holding a case, noting something down, work and payments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.lifecycle import MACHINE_HOLDS, HoldKind, WorkKind
from cases.wording import hold_name, work_name
from desk.forms.fields import AmountField, SpokenDayField, SubmissionField, WrittenDayField


def _two_lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 2})


class HoldForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Reason for the hold"),
        choices=[
            ("", _("choose the reason")),
            *((kind, hold_name(kind)) for kind in HoldKind if kind not in MACHINE_HOLDS),
        ],
    )
    reason = forms.CharField(label=_("What happened"), max_length=500, widget=_two_lines())
    until_on = SpokenDayField(
        label=_("Last day"),
        required=False,
        help_text=_("A day, Friday, in 2 weeks. Empty: until ended."),
    )
    submission = SubmissionField()


class EndHoldForm(forms.Form):
    #: Which of them, for the page that shows a refused form once more.
    hold_id: int | None = None
    reason = forms.CharField(label=_("Why it ends"), max_length=500)


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Why it is taken back"), max_length=200)


class FinishWorkForm(forms.Form):
    #: Which piece of work, for the page that shows a refused form once more.
    work_item_id: int | None = None
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
    due_on = SpokenDayField(label=_("By"), help_text=_("A day, Friday, in 3 days"))
    note = forms.CharField(label=_("Why"), max_length=200)
    submission = SubmissionField()


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_pinned = forms.BooleanField(label=_("Keep it on top of the case"), required=False)
    submission = SubmissionField()


class PaymentForm(forms.Form):
    debt = forms.ChoiceField(label=_("On the debt"))
    amount = AmountField(label=_("Amount"))
    value_on = WrittenDayField(label=_("Value day"))
    reference = forms.CharField(label=_("Reference of the transfer"), max_length=140)
    submission = SubmissionField()

    def __init__(self, *args: Any, debts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["debt"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = debts
