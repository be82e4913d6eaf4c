"""What is done to several rows of the list at once: each for itself, and each refusal says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cases.lifecycle import WorkKind
from cases.operations import assign_all_cases, put_all_work_aside
from cases.wording import work_name
from desk.queries.chosen_rows import ChosenCase, ChosenWork, list_chosen_cases, list_chosen_work
from desk.views.undoing import Undoable, offer_undo_of_rows
from desk.wording.errors import error_text
from desk.wording.ranking import deadline_text
from kernel import clock
from kernel.calendar import POLAND
from kernel.errors import DomainError
from kernel.typed import whole_number
from staff.access import StaffRequest, page
from staff.forms import DayField
from staff.models import Team, User
from staff.rights import Right, Role
from staff.views.lists import way_back

#: More than a page of the list shows; more is not taken at once.
MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was left as it is, and why."""

    name: str
    number: str
    what: str
    why: str


class AsideForm(forms.Form):
    """One of the days that a key chooses, or another; the other one counts where both are given."""

    day = DayField(required=False)
    other_day = DayField(label=gettext_lazy("Or until another day"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("Stands in the row until then, and on the timeline for good."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["until_on"] = cleaned.get("other_day") or cleaned.get("day")
        if cleaned["until_on"] is None and not self.errors:
            self.add_error("other_day", _("Choose a day."))
        return cleaned


@require_http_methods(["GET", "POST"])
@page(Right.WORK_CASE)
def put_aside(request: StaffRequest) -> HttpResponse:
    """``?item=…&item=…`` asks until when and why; POST does it and goes back to ``next``."""
    data = request.POST if request.method == "POST" else request.GET
    items = list_chosen_work(work_item_ids=_numbers(data, "item"), actor=request.actor)
    form = AsideForm(request.POST or None)
    refused: list[Refusal] = []
    if request.method == "POST" and form.is_valid():
        outcome = put_all_work_aside(
            work_item_ids=[item.id for item in items],
            until_on=form.cleaned_data["until_on"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=clock.now(),
        )
        if outcome.done:
            numbers = {item.id: item.case_number for item in items}
            offer_undo_of_rows(
                request,
                numbers[outcome.done[0]],
                kind=Undoable.ASIDE,
                ids=outcome.done,
                text=_aside_text(len(outcome.done), form.cleaned_data["until_on"]),
            )
        if not outcome.refused and items:
            return redirect(way_back(request, otherwise=reverse("work-list")))
        refused = _refusals({item.id: item for item in items}, outcome.refused)
        items = [item for item in items if item.id in outcome.refused]
    days = _days_to_choose(clock.today(), str(form["day"].value() or ""))
    context = {"items": items, "days": days}
    return _answer(request, "desk/put_aside.html", form, refused, data, context)


def _aside_text(count: int, until_on: date) -> str:
    text = ngettext(
        "%(count)s put aside until %(day)s.", "%(count)s put aside until %(day)s.", count
    )
    return text % {"count": count, "day": deadline_text(until_on, clock.today())}


def _days_to_choose(today: date, chosen: str) -> list[dict[str, Any]]:
    """Days that one key chooses; the first one unless another was sent."""
    found = {
        _("next working day"): POLAND.next_working_day(today),
        _("in three working days"): POLAND.add_working_days(today, 3),
        _("in a week"): POLAND.on_or_after(today + timedelta(days=7)),
        _("in two weeks"): POLAND.on_or_after(today + timedelta(days=14)),
    }
    return [
        {
            "key": str(place),
            "name": name,
            "day": day,
            "value": day.isoformat(),
            "chosen": chosen == day.isoformat() or (not chosen and place == 1),
        }
        for place, (name, day) in enumerate(found.items(), start=1)
    ]


class AssignForm(forms.Form):
    """``to`` is a team (``team:3``) or an officer of it (``user:7``)."""

    to = forms.ChoiceField(label=gettext_lazy("Give to"))

    def __init__(self, *args: Any, people: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = people


@require_http_methods(["GET", "POST"])
@page(Right.ASSIGN_CASE)
def assign(request: StaffRequest) -> HttpResponse:
    """``?item=…&case=…`` asks to whom; POST gives the cases and goes back to ``next``."""
    data = request.POST if request.method == "POST" else request.GET
    cases = list_chosen_cases(
        case_ids=_numbers(data, "case"),
        work_item_ids=_numbers(data, "item"),
        actor=request.actor,
    )
    form = AssignForm(request.POST or None, people=_people(request))
    refused: list[Refusal] = []
    if request.method == "POST" and form.is_valid():
        team_id, owner_id = _target(form.cleaned_data["to"])
        outcome = assign_all_cases(
            case_ids=[case.id for case in cases],
            team_id=team_id,
            owner_id=owner_id,
            actor=request.actor,
            at=clock.now(),
        )
        if outcome.done:
            messages.success(request, _given_text(len(outcome.done)))
        if not outcome.refused and cases:
            return redirect(way_back(request, otherwise=reverse("work-list")))
        refused = _refusals({case.id: case for case in cases}, outcome.refused)
        cases = [case for case in cases if case.id in outcome.refused]
    return _answer(request, "desk/assign.html", form, refused, data, {"cases": cases})


def _given_text(count: int) -> str:
    text = ngettext("%(count)s case given away.", "%(count)s cases given away.", count)
    return text % {"count": count}


def _people(request: StaffRequest) -> list[Any]:
    """The teams that the reader may give to, each with its officers and with nobody."""
    teams = Team.objects.order_by("name")
    if request.actor.team_id is not None:
        teams = teams.filter(pk=request.actor.team_id)
    members: dict[int, list[tuple[str, str]]] = {team.pk: [] for team in teams}
    roles = [Role.OFFICER, Role.TEAM_LEADER]
    for user in User.objects.filter(team__in=teams, is_active=True, role__in=roles).order_by(
        "full_name", "id"
    ):
        assert user.team_id is not None
        members[user.team_id].append((f"user:{user.team_id}:{user.pk}", user.full_name))
    nobody = _("the team, nobody in particular")
    return [(team.name, [*members[team.pk], (f"team:{team.pk}", nobody)]) for team in teams]


def _target(word: str) -> tuple[int, int | None]:
    """Of a choice that the form has checked."""
    kind, _colon, rest = word.partition(":")
    if kind == "team":
        return int(rest), None
    team, _colon, user = rest.partition(":")
    return int(team), int(user)


def _answer(
    request: StaffRequest,
    template: str,
    form: forms.Form,
    refused: Sequence[Refusal],
    data: QueryDict,
    context: Mapping[str, Any],
) -> HttpResponse:
    status = 422 if refused or (form.is_bound and not form.is_valid()) else 200
    back = way_back(request, otherwise=reverse("work-list"))
    return render(
        request, template, {**context, "form": form, "refused": refused, "back": back},
        status=status,
    )  # fmt: skip


def _refusals(
    rows: Mapping[int, ChosenWork] | Mapping[int, ChosenCase], refused: Mapping[int, DomainError]
) -> list[Refusal]:
    found = []
    for pk, error in refused.items():
        row = rows[pk]
        what = str(work_name(WorkKind(row.kind))) if isinstance(row, ChosenWork) else ""
        found.append(Refusal(row.debtor_name, row.case_number, what, error_text(error)))
    return found


def _numbers(data: QueryDict, name: str) -> list[int]:
    found = {whole_number(text) for text in data.getlist(name)}
    return sorted(number for number in found if number is not None)[:MOST_ROWS]
