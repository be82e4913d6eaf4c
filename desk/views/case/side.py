"""The side pane of a case: logging a contact, and the other acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.forms import Form
from django.utils.translation import gettext as _

from cases.models import Case
from cases.queries import list_pinned_notes
from contacts.call_script import ScriptName, load_script
from contacts.creditor import SHIPPED, load_creditor
from contacts.follow_up import Chosen, follow_up
from contacts.guard import MAY_BE_OVERRIDDEN, Refused
from contacts.lifecycle import AttemptResult, Direction, RefusalReason
from contacts.promise_rules import find_turn_fault
from contacts.wording.following import follow_up_text, script_name, script_step_name
from contacts.wording.guard import rule_text, until_text
from contacts.wording.notes import NoteFacts, contact_note
from contacts.wording.quick_entry import limits_text, say_entry, say_limit, share_text
from debtors.lifecycle import ContactPointKind, Product
from debtors.wording import product_name
from desk import forms
from desk.forms.contact import OTHER_PERSON
from desk.forms.ways import MORE_WAYS, WAYS, way_of
from desk.queries.case_page import CaseFile
from desk.queries.contact_panel import ContactPanel, Ground, get_contact_panel
from desk.views.case.contact_choices import (
    name_points,
    people_of,
    points_of,
    results_of,
    ways_of,
)
from desk.views.case.identity import Call, current_call
from kernel import clock
from kernel.calendar import POLAND
from kernel.typed import whole_number
from staff.access import StaffRequest
from staff.figures import (
    format_amount,
    format_day,
    format_money,
)
from staff.rights import ROLE_RIGHTS, Right
from staff.wording import role_name as staff_role_name


@dataclass(frozen=True, slots=True)
class Said:
    """What the form means so far: said back before it is saved."""

    echo: str
    rest: str
    amount: str
    day: str
    note: str
    what: str
    when: str


def side_context(
    request: StaffRequest,
    case: Case,
    file: CaseFile,
    call: Call | None,
    ground: Ground,
    *,
    bound: Mapping[str, Form],
) -> dict[str, Any]:
    """For ``desk/parts/case_side.html``; ``bound`` holds a form that was refused."""
    context: dict[str, Any] = {
        "case": case,
        "pinned": list_pinned_notes(case_id=case.pk),
        "side_forms": {
            "hold": forms.HoldForm(auto_id="hold-%s"),
            "work": forms.WorkForm(auto_id="work-%s"),
            "note": forms.NoteForm(auto_id="note-%s"),
            "payment": forms.PaymentForm(
                auto_id="payment-%s",
                debts=payment_choices(file),
                initial={"value_on": clock.today()},
            ),
            **bound,
        },
    }
    if request.actor.has(Right.LOG_CONTACT):
        form = bound.get("contact") or blank_contact_form(request, case, call, ground)
        assert isinstance(form, forms.ContactForm)
        context |= contact_context(request, case, form)
    return context


def payment_choices(file: CaseFile) -> list[tuple[str, str]]:
    """The debts, and for each currency with several of them that the debtor chose none."""
    debts = [(str(pk), name) for pk, name in debt_choices(file)]
    currencies = [money.debt.currency for money in file.debts]
    several = sorted({one for one in currencies if currencies.count(one) > 1})
    chosen_none = [
        (f"oldest:{currency}", _("none chosen, %(currency)s: the oldest due first")
         % {"currency": currency})
        for currency in several
    ]  # fmt: skip
    return [*debts, *chosen_none]


def debt_choices(file: CaseFile) -> list[tuple[int, str]]:
    return [
        (money.debt.pk, f"{product_name(Product(money.debt.product))} {money.debt.contract_no}")
        for money in file.debts
    ]


def blank_contact_form(
    request: StaffRequest, case: Case, call: Call | None, ground: Ground
) -> forms.ContactForm:
    """The form with what was typed before and not logged, or as it begins."""
    panel = get_contact_panel(case=case, actor=request.actor, at=clock.now(), ground=ground)
    begun = panel.draft.fields if panel.draft else {}
    called = [one for one in panel.people if call and one.id == call.person_id]
    first = [*called, *panel.people][0]
    point = next((p for p in panel.points if p.person_id == first.id), None)
    begins = {
        "person": str(first.id),
        "contact_point": str(point.id) if point and point.kind != ContactPointKind.EMAIL else "",
        "result": request.GET.get("result", ""),
    }
    return forms.ContactForm(
        panel=panel,
        points=name_points(panel, call),
        **_identified(call),
        auto_id="contact-%s",
        initial={
            **begins,
            **begun,
            **({"person": begins["person"]} if called else {}),
            "submission": str(uuid4()),
        },
    )


def bound_contact_form(request: StaffRequest, case: Case) -> forms.ContactForm:
    """What was sent."""
    panel = get_contact_panel(case=case, actor=request.actor, at=clock.now())
    call = current_call(request, case)
    return forms.ContactForm(
        request.POST,
        panel=panel,
        points=name_points(panel, call),
        **_identified(call),
        auto_id="contact-%s",
    )


def _identified(call: Call | None) -> dict[str, Any]:
    return {"identified": call.named, "identified_id": call.person_id} if call else {}


def contact_context(request: StaffRequest, case: Case, form: forms.ContactForm) -> dict[str, Any]:
    """For ``desk/parts/side/contact.html``."""
    panel = form.panel
    turn_fault = find_turn_fault(panel.limits)
    return {
        "case": case,
        "contact": form,
        "log": {
            "ways": ways_of(form, WAYS, with_keys=True),
            "more_ways": ways_of(form, MORE_WAYS, with_keys=False),
            "people": people_of(form),
            "points": points_of(form),
            "results": results_of(form),
            "refused_ways": _refused_ways(request, panel),
            "turn_fault": (
                say_limit(turn_fault, panel.limits, panel.currency) if turn_fault else ""
            ),
            "limits": limits_text(panel.limits, who_may_extend=roles_with(Right.EXTEND_PROMISE)),
            "currency": panel.currency,
            "budget": panel.budget,
            "script": _script(request, case, panel),
            "may_negotiate": request.actor.has(Right.NEGOTIATE),
        },
        "draft": None if form.is_bound else panel.draft,
        **said_context(form, case),
    }


def said_context(form: forms.ContactForm, case: Case) -> dict[str, Any]:
    """``said`` for what the form means so far; errors are no hindrance."""
    values = form.cleaned_data if form.is_bound and form.is_valid() else _partly(form)
    result = _result(values)
    if result is None:
        return {"said": None, "spoken": form}
    panel, promise = form.panel, values.get("promise")
    found = follow_up(
        Chosen(
            result=result,
            today=panel.limits.today,
            due_on=promise.due_on if promise else None,
            call_back_at=values.get("call_back"),
            holds_dispute=bool(values.get("holds_dispute")),
            loses_last_phone=bool(values.get("gives_up_point"))
            and panel.loses_last_phone(whole_number(values.get("contact_point")), case.debtor_id),
            next_look_on=panel.next_look_on,
        ),
        policy=panel.budget.policy,
        calendar=POLAND,
    )
    said = Said(
        echo=say_entry(*promise) if promise else "",
        rest=share_text(panel.limits, promise.amount_minor, promise.currency) if promise else "",
        amount=format_amount(promise.amount_minor, promise.currency) if promise else "",
        day=format_day(promise.due_on) if promise else "",
        note=contact_note(note_facts(values, form)),
        what=follow_up_text(found).what,
        when=follow_up_text(found).when,
    )
    return {"said": said, "spoken": form}


def _partly(form: forms.ContactForm) -> Mapping[str, Any]:
    """What can be read of a form that has begun, or has errors."""
    if form.is_bound:
        return form.cleaned_data
    began = {name: str(value) for name, value in form.initial.items() if value}
    trial = forms.ContactForm(began, panel=form.panel, points=form.points)
    trial.is_valid()
    return trial.cleaned_data


def note_facts(values: Mapping[str, Any], form: forms.ContactForm) -> NoteFacts:
    """What the note is made of, from the form's cleaned values."""
    panel = form.panel
    way, result = way_of(values.get("way", "")), _result(values)
    assert result is not None
    is_other = values.get("person") == OTHER_PERSON
    person = None if is_other else panel.person(whole_number(values.get("person")))
    promise = values.get("promise") if result is AttemptResult.PROMISED else None
    refusal = values.get("refusal")
    return NoteFacts(
        channel=way.channel,
        direction=way.direction,
        result=result,
        name=person.name if person else "",
        is_other_person=is_other,
        amount_minor=promise.amount_minor if promise else None,
        currency=promise.currency if promise else "",
        due_on=promise.due_on if promise else None,
        call_back_at=values.get("call_back"),
        refusal=RefusalReason(refusal) if refusal else None,
        dispute=values.get("dispute") or "",
        gives_up_point=bool(values.get("gives_up_point") and values.get("contact_point")),
        is_identified=bool(form.identified_as(values.get("person"))),
    )


def _result(values: Mapping[str, Any]) -> AttemptResult | None:
    result = values.get("result")
    return AttemptResult(result) if result in set(AttemptResult) else None


def roles_with(right: Right) -> str:
    """Who may do it: ``Team leader, Manager``."""
    roles = [role for role, rights in ROLE_RIGHTS.items() if right in rights]
    return ", ".join(str(staff_role_name(role)) for role in roles)


def _refused_ways(request: StaffRequest, panel: ContactPanel) -> list[dict[str, Any]]:
    """What may not go out now: the rule, until when, and who may set it aside."""
    rows = []
    for way in WAYS + MORE_WAYS:
        verdict = panel.verdicts[way.channel]
        if way.direction is Direction.OUT and isinstance(verdict, Refused):
            may_be_set_aside = verdict.rule in MAY_BE_OVERRIDDEN
            rows.append(
                {
                    "code": way.code.replace(".", "-"),
                    "rule": rule_text(verdict.rule, verdict.values),
                    "until": until_text(verdict, at=panel.at),
                    "who": roles_with(Right.OVERRIDE_GUARD) if may_be_set_aside else "",
                    "may": may_be_set_aside and request.actor.has(Right.OVERRIDE_GUARD),
                }
            )
    return rows


def _script(request: StaffRequest, case: Case, panel: ContactPanel) -> dict[str, Any]:
    """The checklist in the debtor's language; its steps named in the reader's."""
    name = ScriptName.BROKEN_PROMISE if panel.limits.broken else ScriptName.CALL
    creditor = load_creditor(getattr(settings, "CREDITOR_FILE", SHIPPED))
    due = panel.limits.due_minor.get(panel.currency, 0)
    script = load_script(name, case.debtor.language).filled(
        {
            "person": case.debtor.display_name,
            "officer": request.user.full_name,
            "creditor": creditor.name,
            "creditor_phone": creditor.phone,
            "overdue": format_money(due, panel.currency),
        }
    )
    return {
        "key": script.key,
        "language": script.language,
        "title": script_name(name),
        "lines": [(script_step_name(line.step), line) for line in script.lines],
    }
