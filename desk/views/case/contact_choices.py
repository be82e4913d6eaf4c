"""What may be chosen in the form of a contact, each with its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from contacts.wording import result_name
from contacts.wording.following import way_name
from debtors.lifecycle import ContactPointKind
from debtors.wording import contact_point_name, role_name
from desk import forms
from desk.forms.contact import OTHER_PERSON, RESULTS
from desk.forms.ways import Way
from desk.queries.contact_panel import ContactPanel, Point
from desk.views.case.identity import Call, shown_point

#: Keys of the choices. None of the letters may stand elsewhere on the page: with the focus outside
#: the panel it would do something else.
_RESULT_KEYS: Final = dict(zip(RESULTS, "567890xyz", strict=True))
_PERSON_KEYS: Final = "bonjkq"
_OTHER_KEY: Final = "t"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    key: str
    checked: bool
    note: str = ""


def _chosen(form: forms.ContactForm, name: str) -> str:
    return str(form[name].value() or "")


def ways_of(form: forms.ContactForm, ways: tuple[Way, ...], *, with_keys: bool) -> list[Choice]:
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


def people_of(form: forms.ContactForm) -> list[Choice]:
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


def results_of(form: forms.ContactForm) -> list[Choice]:
    chosen = _chosen(form, "result")
    return [
        Choice(result, str(result_name(result)), key, result == chosen)
        for result, key in _RESULT_KEYS.items()
    ]


def name_points(panel: ContactPanel, call: Call | None) -> list[tuple[int, str]]:
    """Masked until the caller is known; then their own are not."""
    several = len({point.person_id for point in panel.points}) > 1
    return [
        (
            point.id,
            _point_text(
                point,
                panel,
                call=call if call and point.person_id == call.person_id else None,
                with_name=several,
            ),
        )
        for point in panel.points
    ]


def points_of(form: forms.ContactForm) -> list[dict[str, Any]]:
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


def _point_text(point: Point, panel: ContactPanel, *, call: Call | None, with_name: bool) -> str:
    text = f"{shown_point(point, call=call)}, {str(contact_point_name(point.kind)).lower()}"
    person = panel.person(point.person_id)
    return f"{text}, {person.short_name}" if with_name and person else text
