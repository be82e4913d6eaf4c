"""The side pane of a case: logging a contact, and the other acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
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
from contacts.wording import result_name
from contacts.wording.following import follow_up_text, script_step_name, way_name
from contacts.wording.guard import rule_text, until_text
from contacts.wording.notes import NoteFacts, contact_note
from contacts.wording.quick_entry import limits_text, say_entry, say_limit, share_text
from debtors.lifecycle import ContactPointKind, Product
from debtors.wording import contact_point_name, product_name, role_name
from desk import forms
from desk.forms.contact import OTHER_PERSON, RESULTS
from desk.forms.ways import MORE_WAYS, WAYS, Way, way_of
from desk.queries.case_page import CaseFile
from desk.queries.contact_panel import ContactPanel, Ground, Point, get_contact_panel
from desk.views.case.identity import Call, current_call
from kernel import clock
from kernel.calendar import POLAND
from staff.access import StaffRequest
from staff.figures import (
    format_amount,
    format_day,
    format_money,
    format_phone,
    mask_email,
    mask_phone,
)
from staff.rights import ROLE_RIGHTS, Right
from staff.wording import role_name as staff_role_name

#: Keys of the choices; a page may use them elsewhere, within the panel they mean these.
_RESULT_KEYS: Final = dict(zip(RESULTS, "567890xyz", strict=True))
_PERSON_KEYS: Final = "bogrwe"
_OTHER_KEY: Final = "t"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    key: str
    checked: bool
    note: str = ""


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
        points=_points(panel, call),
        identified=call.named if call else (),
        auto_id="contact-%s",
        initial={**begins, **begun, "submission": str(uuid4())},
    )


def bound_contact_form(request: StaffRequest, case: Case) -> forms.ContactForm:
    """What was sent."""
    panel = get_contact_panel(case=case, actor=request.actor, at=clock.now())
    call = current_call(request, case)
    return forms.ContactForm(
        request.POST,
        panel=panel,
        points=_points(panel, call),
        identified=call.named if call else (),
        auto_id="contact-%s",
    )


def contact_context(request: StaffRequest, case: Case, form: forms.ContactForm) -> dict[str, Any]:
    """For ``desk/parts/side/contact.html``."""
    panel = form.panel
    turn_fault = find_turn_fault(panel.limits)
    return {
        "case": case,
        "contact": form,
        "log": {
            "ways": _ways(form, WAYS, with_keys=True),
            "more_ways": _ways(form, MORE_WAYS, with_keys=False),
            "people": _people_choices(form),
            "points": _point_options(form),
            "results": _results(form),
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
            and panel.loses_last_phone(_number(values.get("contact_point")), case.debtor_id),
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
    person = None if is_other else panel.person(_number(values.get("person")))
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
        is_identified=bool(form.identified),
    )


def _result(values: Mapping[str, Any]) -> AttemptResult | None:
    result = values.get("result")
    return AttemptResult(result) if result in set(AttemptResult) else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def roles_with(right: Right) -> str:
    """Who may do it: ``Team leader, Manager``."""
    roles = [role for role, rights in ROLE_RIGHTS.items() if right in rights]
    return ", ".join(str(staff_role_name(role)) for role in roles)


def _chosen(form: forms.ContactForm, name: str) -> str:
    return str(form[name].value() or "")


def _ways(form: forms.ContactForm, ways: tuple[Way, ...], *, with_keys: bool) -> list[Choice]:
    chosen = _chosen(form, "way")
    return [
        Choice(
            way.code,
            str(way_name(way.channel, way.direction)),
            str(number) if with_keys else "",
            way.code == chosen,
        )
        for number, way in enumerate(ways, start=1)
    ]


def _people_choices(form: forms.ContactForm) -> list[Choice]:
    chosen = _chosen(form, "person")
    keys = iter(_PERSON_KEYS)
    people = [
        Choice(
            str(person.id),
            person.short_name,
            next(keys, ""),
            str(person.id) == chosen,
            str(role_name(person.role)),
        )
        for person in form.panel.people
    ]
    other = str(_("Somebody else"))
    return [*people, Choice(OTHER_PERSON, other, _OTHER_KEY, chosen == OTHER_PERSON)]


def _results(form: forms.ContactForm) -> list[Choice]:
    chosen = _chosen(form, "result")
    return [
        Choice(result, str(result_name(result)), key, result == chosen)
        for result, key in _RESULT_KEYS.items()
    ]


def _points(panel: ContactPanel, call: Call | None) -> list[tuple[int, str]]:
    """Masked until the caller is known; then their own are not."""
    several = len({point.person_id for point in panel.points}) > 1
    return [
        (
            point.id,
            _point_text(
                point,
                panel,
                is_masked=call is None or point.person_id != call.person_id,
                with_name=several,
            ),
        )
        for point in panel.points
    ]


def _point_options(form: forms.ContactForm) -> list[dict[str, Any]]:
    """The numbers and mailboxes with what the script needs to fit one to the way and person."""
    chosen, panel = _chosen(form, "contact_point"), form.panel
    return [
        {
            "value": str(point.id),
            "label": text,
            "person": str(point.person_id),
            "kind": "email" if point.kind is ContactPointKind.EMAIL else "phone",
            "chosen": str(point.id) == chosen,
        }
        for point, (_pk, text) in zip(panel.points, form.points, strict=True)
    ]


def _point_text(point: Point, panel: ContactPanel, *, is_masked: bool, with_name: bool) -> str:
    is_email = point.kind is ContactPointKind.EMAIL
    if is_masked:
        value = mask_email(point.value) if is_email else mask_phone(point.value)
    else:
        value = point.value if is_email else format_phone(point.value)
    text = f"{value}, {str(contact_point_name(point.kind)).lower()}"
    person = panel.person(point.person_id)
    return f"{text}, {person.short_name}" if with_name and person else text


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
        "title": script.title,
        "lines": [(script_step_name(line.step), line) for line in script.lines],
    }
