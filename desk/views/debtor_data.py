"""The debtor's data: what the bank says, what an officer corrected, and what is too bad to use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case
from debtors import operations as debtors
from debtors.identifiers import IDENTIFIERS
from debtors.intake_wording import FIELDS, say_correction
from debtors.lifecycle import (
    CORRECTABLE,
    WITHOUT,
    AddressKind,
    Channel,
    ContactPointKind,
    DataProblem,
    DebtorKind,
    Tone,
)
from debtors.models import Address, ContactPoint, FieldSource
from debtors.queries import (
    DebtorField,
    list_address_sources,
    list_data_problems,
    list_debtor_fields,
)
from debtors.wording import (
    address_name,
    channel_name,
    contact_point_name,
    debtor_kind_name,
    problem_name,
    tone_name,
)
from desk.views.case.identity import Call, debtors_own_call, shown_address, shown_point
from desk.views.case.show import find_case
from kernel import clock
from kernel.errors import DomainError
from staff.access import StaffRequest, page
from staff.figures import mask_address
from staff.rights import Right

_LANGUAGES: Final = {"pl": gettext_lazy("Polish"), "en": gettext_lazy("English")}


#: Fields that hold one of a few codes: they are chosen by their words, the others typed.
_CODES: Final[dict[str, Iterable[str]]] = {
    "kind": DebtorKind,
    "language": _LANGUAGES,
    "preferred_channel": ("", *Channel),
    "tone": Tone,
}


class CorrectForm(forms.Form):
    field = forms.ChoiceField(
        label=gettext_lazy("Field"),
        choices=[(name, FIELDS[name]) for name in CORRECTABLE if name not in _CODES],
    )
    value = forms.CharField(label=gettext_lazy("Right value"), max_length=300, required=False)
    reason = forms.CharField(label=gettext_lazy("How do you know"), max_length=500)


def _choices() -> list[tuple[Any, Any]]:
    """``kind:company``, under the name of the field."""
    groups = [
        (FIELDS[name], [(f"{name}:{code}", _value(name, code) or _("none")) for code in codes])
        for name, codes in _CODES.items()
    ]
    return [("", "–"), *groups]


class ChooseForm(forms.Form):
    """Cleaned to what ``CorrectForm`` is cleaned to."""

    choice = forms.ChoiceField(label=gettext_lazy("Right value"), choices=_choices)
    reason = forms.CharField(label=gettext_lazy("How do you know"), max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "choice" not in cleaned:
            return cleaned
        field, _colon, value = cleaned["choice"].partition(":")
        return {"field": field, "value": value, "reason": cleaned.get("reason", "")}


class RevealForm(forms.Form):
    field = forms.ChoiceField(
        label=gettext_lazy("Identifier"), choices=[(name, FIELDS[name]) for name in IDENTIFIERS]
    )
    reason = forms.CharField(label=gettext_lazy("What for"), max_length=500)


class PointForm(forms.Form):
    value = forms.CharField(label=gettext_lazy("Telephone or e-mail"), max_length=254)
    reason = forms.CharField(label=gettext_lazy("How do you know"), max_length=500)


class AddressForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind, address_name(kind)) for kind in AddressKind]
    )
    street = forms.CharField(label=gettext_lazy("Street, house and flat"), max_length=200)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=12)
    city = forms.CharField(label=gettext_lazy("City"), max_length=100)
    reason = forms.CharField(label=gettext_lazy("How do you know"), max_length=500)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


class ReleaseForm(ReasonForm):
    field = forms.CharField(max_length=60)


class WaiveForm(forms.Form):
    problem = forms.ChoiceField(choices=[(problem, problem) for problem in DataProblem])


@require_safe
@page(Right.SEE_CASES)
def show_data(request: StaffRequest, number: str) -> HttpResponse:
    return _page(request, find_case(request, number), {})


def _page(
    request: StaffRequest, case: Case, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    debtor_id = case.debtor_id
    call = debtors_own_call(request, case)
    sources = list_address_sources(debtor_id=debtor_id)
    points = ContactPoint.objects.filter(debtor_id=debtor_id).order_by("kind", "pk")
    addresses = Address.objects.filter(debtor_id=debtor_id).order_by("-kind")
    context = {
        "case": case,
        "fields": [
            _line(field)
            for field in list_debtor_fields(debtor_id=debtor_id)
            if _is_shown(field, DebtorKind(case.debtor.kind))
        ],
        "problems": [
            {"problem": found, "name": problem_name(DataProblem(found.problem))}
            for found in list_data_problems(debtor_id=debtor_id)
        ],
        "points": [
            {
                "point": point,
                "value": shown_point(point, call=call),
                "kind": contact_point_name(ContactPointKind(point.kind)),
            }
            for point in points
        ],
        "addresses": [
            {
                "address": address,
                "lines": shown_address(address, call=call),
                "kind": address_name(AddressKind(address.kind)),
                "source": sources.get(address.kind),
                "feed": _feed_address(sources.get(address.kind), call),
            }
            for address in addresses
        ],
        "may_correct": request.actor.has(Right.CORRECT_DATA),
        "may_reveal": request.actor.has(Right.SEE_IDENTIFIERS),
        "forms": {
            "correct": CorrectForm(),
            "choose": ChooseForm(),
            "reveal": RevealForm(),
            "point": PointForm(),
            "address": AddressForm(),
        },
    }
    context["forms"] |= more.pop("forms", {})
    return render(request, "desk/debtor_data.html", {**context, **more}, status=status)


def _feed_address(source: FieldSource | None, call: Call | None) -> str:
    """What the bank says, where it differs; masked as the address itself."""
    value = source.feed_value if source else ""
    return value if call else mask_address(value)


def _is_shown(field: DebtorField, kind: DebtorKind) -> bool:
    """A field that the kind of debtor has not is shown only where somebody filled it after all."""
    filled = field.value or field.feed_value or field.corrected_at
    return bool(filled) or field.name not in WITHOUT.get(kind, frozenset())


def _line(field: DebtorField) -> dict[str, Any]:
    return {
        "field": field,
        "label": FIELDS[field.name],
        "value": _value(field.name, field.value),
        "feed": _value(field.name, field.feed_value),
    }


def _value(name: str, value: str) -> Any:
    if not value:
        return ""
    names: dict[str, Callable[[], Any]] = {
        "kind": lambda: debtor_kind_name(DebtorKind(value)),
        "language": lambda: _LANGUAGES.get(value, value),
        "preferred_channel": lambda: channel_name(Channel(value)),
        "tone": lambda: tone_name(Tone(value)),
    }
    return names[name]() if name in names else value


def _answer(
    request: StaffRequest, number: str, name: str, form: forms.Form, act: Callable[[Case], str]
) -> HttpResponse:
    """Run ``act`` on a valid form and say what it says; a refusal keeps what was entered."""
    case = find_case(request, number)
    if form.is_valid():
        try:
            messages.success(request, act(case))
            return redirect("debtor-data", number=number)
        except DomainError as error:
            form.add_error(None, say_correction(error))
    messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return _page(request, case, {"forms": {name: form}}, status=422)


@require_POST
@page(Right.CORRECT_DATA)
def correct(request: StaffRequest, number: str) -> HttpResponse:
    """POST ``field`` and ``value``, or ``choice`` for a field that holds a code; and ``reason``."""
    chosen = "choice" in request.POST
    form = ChooseForm(request.POST) if chosen else CorrectForm(request.POST)

    def act(case: Case) -> str:
        debtors.correct_debtor_field(
            debtor_id=case.debtor_id, actor=request.actor, at=clock.now(), **form.cleaned_data
        )
        return _("Corrected. The next extract will not change it.")

    return _answer(request, number, "choose" if chosen else "correct", form, act)


@require_POST
@page(Right.CORRECT_DATA)
def release(request: StaffRequest, number: str) -> HttpResponse:
    form = ReleaseForm(request.POST)

    def act(case: Case) -> str:
        debtors.release_debtor_field(
            debtor_id=case.debtor_id, actor=request.actor, at=clock.now(), **form.cleaned_data
        )
        return _("The next extract sets this field again.")

    return _answer(request, number, "release", form, act)


@require_POST
@page(Right.SEE_IDENTIFIERS)
def reveal(request: StaffRequest, number: str) -> HttpResponse:
    """Shown once, in the answer to the question; the question is on the timeline."""
    case = find_case(request, number)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, case, {"forms": {"reveal": form}}, status=422)
    field = form.cleaned_data["field"]
    shown = debtors.reveal_identifier(
        debtor_id=case.debtor_id, actor=request.actor, at=clock.now(), **form.cleaned_data
    )
    answer = _page(request, case, {"revealed": shown, "revealed_label": FIELDS[field]})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@page(Right.CORRECT_DATA)
def add_point(request: StaffRequest, number: str) -> HttpResponse:
    form = PointForm(request.POST)

    def act(case: Case) -> str:
        debtors.add_contact_point(
            debtor_id=case.debtor_id, actor=request.actor, at=clock.now(), **form.cleaned_data
        )
        return _("The contact point is kept.")

    return _answer(request, number, "point", form, act)


@require_POST
@page(Right.CORRECT_DATA)
def disable_point(request: StaffRequest, number: str, point_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act(case: Case) -> str:
        if not ContactPoint.objects.filter(pk=point_id, debtor_id=case.debtor_id).exists():
            raise Http404
        debtors.disable_contact_point(
            contact_point_id=point_id, actor=request.actor, at=clock.now(), **form.cleaned_data
        )
        return _("It is not used any more.")

    return _answer(request, number, "disable", form, act)


@require_POST
@page(Right.CORRECT_DATA)
def put_address(request: StaffRequest, number: str) -> HttpResponse:
    form = AddressForm(request.POST)

    def act(case: Case) -> str:
        values = {**form.cleaned_data, "kind": AddressKind(form.cleaned_data["kind"])}
        debtors.set_address(debtor_id=case.debtor_id, actor=request.actor, at=clock.now(), **values)
        return _("The address is kept. The next extract will not change it.")

    return _answer(request, number, "address", form, act)


@require_POST
@page(Right.CORRECT_DATA)
def waive(request: StaffRequest, number: str, debt_id: int) -> HttpResponse:
    form = WaiveForm(request.POST)

    def act(case: Case) -> str:
        known = {problem.debt_id for problem in list_data_problems(debtor_id=case.debtor_id)}
        if debt_id not in known:
            raise Http404
        debtors.waive_data_problem(
            debt_id=debt_id, problem=DataProblem(form.cleaned_data["problem"]),
            actor=request.actor, at=clock.now(),
        )  # fmt: skip
        return _("The machine may act on this debt again.")

    return _answer(request, number, "waive", form, act)
