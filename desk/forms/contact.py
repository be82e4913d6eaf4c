"""Logging a contact: what was chosen, and the fields that belong to the chosen result."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.call_back import find_call_back_fault
from contacts.call_script import ScriptStep
from contacts.lifecycle import FROM_OTHERS, AttemptResult, RefusalReason
from contacts.operations import NewPromise
from contacts.outcome import Outcome
from contacts.promise_rules import find_amount_fault, find_day_fault, find_turn_fault
from contacts.quick_entry import MAX_LENGTH, Owed, read_entry
from contacts.wording import refusal_name, result_name
from contacts.wording.following import way_name
from contacts.wording.quick_entry import say_limit, say_problem
from desk.forms.fields import (
    AmountField,
    SpokenDayField,
    SpokenMomentField,
    SubmissionField,
)
from desk.forms.ways import MORE_WAYS, WAYS
from desk.queries.contact_panel import ContactPanel
from kernel.calendar import POLAND
from staff.forms import money_of

#: The choice of somebody who does not answer for the debt.
OTHER_PERSON: Final = "other"


#: In the order of the panel.
RESULTS: Final = (
    AttemptResult.PROMISED,
    AttemptResult.WANTS_INSTALMENTS,
    AttemptResult.REFUSED,
    AttemptResult.DISPUTES,
    AttemptResult.NO_ANSWER,
    AttemptResult.WRONG_PERSON,
    AttemptResult.SPOKE,
    AttemptResult.MESSAGE_LEFT,
    AttemptResult.CALL_BACK,
)


class ContactForm(forms.Form):
    """``panel`` is what stood at the moment of the form; the operation judges once more.

    ``identified`` is what the caller ``identified_id`` named to be known, empty where nobody was
    confirmed.
    """

    way = forms.ChoiceField(
        label=_("Channel"),
        choices=[(way.code, way_name(way.channel, way.direction)) for way in WAYS + MORE_WAYS],
        initial=WAYS[0].code,
    )
    person = forms.ChoiceField(label=_("With"), required=False)
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(result, result_name(result)) for result in RESULTS],
        error_messages={"required": _("Choose a result.")},
    )
    contact_point = forms.ChoiceField(label=_("Number or mailbox"), required=False)
    quick = forms.CharField(
        label=_("Amount and day in one line"),
        required=False,
        max_length=MAX_LENGTH,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("500 fri · half in 3 days")}
        ),
    )
    amount = AmountField(label=_("Amount"), required=False)
    promised_on = SpokenDayField(label=_("By"), required=False)
    call_back = SpokenMomentField(
        label=_("When"), required=False, help_text=_("tomorrow 14:00, Friday 9:30")
    )
    refusal = forms.ChoiceField(
        label=_("Why"),
        required=False,
        choices=[("", _("not said")), *((why, refusal_name(why)) for why in RefusalReason)],
    )
    holds_dispute = forms.BooleanField(
        label=_("Hold the case until the dispute is answered"), required=False, initial=True
    )
    dispute = forms.CharField(label=_("What is disputed"), required=False, max_length=200)
    gives_up_point = forms.BooleanField(
        label=_("Use this number no more"), required=False, initial=True
    )
    note = forms.CharField(
        label=_("Note, written for you"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    script = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    said = forms.MultipleChoiceField(
        required=False, choices=[(step.value, step.value) for step in ScriptStep]
    )
    submission = SubmissionField()

    def __init__(
        self,
        *args: Any,
        panel: ContactPanel,
        points: list[tuple[int, str]],
        identified: tuple[str, ...] = (),
        identified_id: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.panel = panel
        self.points = points
        self.identified = identified
        self.identified_id = identified_id
        self._choose("person", [(str(p.id), p.short_name) for p in panel.people])
        self._choose("contact_point", [(str(pk), name) for pk, name in points])

    def identified_as(self, person: str | None) -> tuple[str, ...]:
        """What was named by the person with whom the contact was; of others nothing is known."""
        return self.identified if person and person == str(self.identified_id) else ()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        last = (OTHER_PERSON, _("Somebody else")) if name == "person" else ("", "–")
        field.choices = [*choices, last]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        result = cleaned.get("result")
        if cleaned.get("person") == OTHER_PERSON and result and result not in FROM_OTHERS:
            text = _("Somebody else can only take a message or be the wrong person.")
            self.add_error("person", text)
        if result == AttemptResult.PROMISED:
            self._clean_promise(cleaned)
        elif result == AttemptResult.CALL_BACK:
            self._clean_call_back(cleaned)
        holds = result == AttemptResult.DISPUTES and cleaned.get("holds_dispute")
        if holds and not cleaned.get("dispute") and "dispute" not in self.errors:
            self.add_error("dispute", _("Say what is disputed; it is the reason of the hold."))
        return cleaned

    def _clean_promise(self, cleaned: dict[str, Any]) -> None:
        """The one line, or amount and day; both only where they say the same."""
        limits = self.panel.limits
        if (fault := find_turn_fault(limits)) is not None:
            self.add_error("result", say_limit(fault, limits, self.panel.currency))
            return
        if cleaned.get("quick"):
            self._clean_quick(cleaned)
            return
        for name, text in (("amount", _("How much?")), ("promised_on", _("By when?"))):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, text)
        if self.errors.keys() & {"amount", "promised_on"}:
            return
        try:
            minor = money_of(cleaned["amount"], self.panel.currency).minor
        except ValidationError as error:
            self.add_error("amount", error)
            return
        self._take(cleaned, minor, self.panel.currency, cleaned["promised_on"], "amount")

    def _clean_quick(self, cleaned: dict[str, Any]) -> None:
        for name in ("amount", "promised_on"):
            self.errors.pop(name, None)
        due = self.panel.limits.due_minor
        first = sorted(due, key=lambda currency: -due[currency])
        entry = read_entry(
            cleaned["quick"],
            today=self.panel.limits.today,
            owed=Owed({currency: due[currency] for currency in first}),
            calendar=POLAND,
        )
        for problem in entry.problems:
            self.add_error("quick", say_problem(problem))
        if entry.is_complete and entry.amount_minor is not None and entry.due_on is not None:
            self._take(cleaned, entry.amount_minor, entry.currency, entry.due_on, "quick")

    def _take(
        self, cleaned: dict[str, Any], minor: int, currency: str, due_on: date, field: str
    ) -> None:
        limits = self.panel.limits
        day_field = "promised_on" if field == "amount" else field
        if (fault := find_amount_fault(limits, minor, currency)) is not None:
            self.add_error(field, say_limit(fault, limits, currency))
        if (fault := find_day_fault(limits, due_on)) is not None:
            self.add_error(day_field, say_limit(fault, limits, currency))
        cleaned["promise"] = NewPromise(minor, currency, due_on)

    def _clean_call_back(self, cleaned: dict[str, Any]) -> None:
        moment = cleaned.get("call_back")
        if moment is None:
            if "call_back" not in self.errors:
                self.add_error("call_back", _("When? Write it as tomorrow 14:00."))
            return
        at, policy = self.panel.at, self.panel.budget.policy
        fault = find_call_back_fault(moment, at=at, policy=policy, calendar=POLAND)
        if fault is None:
            return
        if fault.from_at is None or fault.until_at is None:
            text: Any = _("Nobody is called on Sundays and public holidays.")
        elif moment <= at:
            text = _("That moment has passed.")
        else:
            text = _("Calls are allowed from %(from)s to %(until)s, at the latest on %(day)s.") % {
                "from": f"{fault.from_at:%H:%M}",
                "until": f"{fault.until_at:%H:%M}",
                "day": f"{fault.latest:%d.%m.%Y}",
            }
        self.add_error("call_back", text)

    @property
    def outcome(self) -> Outcome:
        """What was said beyond the result, of a cleaned form."""
        cleaned = self.cleaned_data
        disputes = cleaned["result"] == AttemptResult.DISPUTES
        refuses = cleaned["result"] == AttemptResult.REFUSED and cleaned["refusal"]
        calls = cleaned["result"] == AttemptResult.CALL_BACK
        wrong = cleaned["result"] == AttemptResult.WRONG_PERSON
        return Outcome(
            call_back_at=cleaned["call_back"] if calls else None,
            refusal=RefusalReason(cleaned["refusal"]) if refuses else None,
            dispute=cleaned["dispute"] if disputes else "",
            holds_dispute=disputes and cleaned["holds_dispute"],
            disables_point=bool(wrong and cleaned["gives_up_point"] and cleaned["contact_point"]),
            script=cleaned["script"],
            said=tuple(cleaned["said"]),
            identified=self.identified_as(cleaned.get("person")),
        )
