"""The form of a topic, made from its fields; what is entered is read by the topic itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from calculations.fields import BadInputs, Field, FieldKind
from calculations.topic import Topic
from calculations.values import WrongValue, read_flag
from desk.wording.calculation_keys import key_name, word_name
from desk.wording.calculations import fault_text

#: The mark of what the form itself sent: an empty box means no then.
_SENT: Final = "sent"
#: More of a list is not read.
_MOST_TEXT: Final = 2000


class CalculationForm(forms.Form):
    """One control for each field of the topic."""

    def __init__(self, topic: Topic, given: QueryDict | None = None) -> None:
        self.topic = topic
        self.shown = [field for field in topic.fields if not field.quiet]
        # an address may leave out what has a default; the form always sends it
        defaults = {f.name: _default(f) for f in self.shown if _default(f)}
        was_sent = given is not None and _SENT in given
        data = {} if was_sent else dict(defaults)
        if given is not None:
            data |= {name: str(value) for name, value in given.items()}
        boxes = {field.name for field in self.shown if field.kind is FieldKind.FLAG}
        data = {n: text for n, text in data.items() if n not in boxes or _is_ticked(text)}
        super().__init__(data if given is not None else None, initial=defaults)
        for field in self.shown:
            self.fields[field.name] = _control(field, topic.name)

    @property
    def first(self) -> list[BoundField]:
        """What everybody fills in; all of it where hardly anything must be."""
        return [self[field.name] for field in self.shown if field not in self._seldom]

    @property
    def further(self) -> list[BoundField]:
        """What few need, folded away."""
        return [self[field.name] for field in self._seldom]

    @property
    def further_used(self) -> bool:
        return any(self.data.get(field.name) or field.name in self.errors for field in self._seldom)

    @property
    def _seldom(self) -> list[Field]:
        seldom = [f for f in self.shown if not f.required and (f.default is None or f.columns)]
        return seldom if sum(f.required for f in self.shown) > 1 and len(seldom) > 1 else []

    def inputs(self) -> dict[str, Any]:
        """What was entered, by the names of the fields; empty controls are left out."""
        entered: dict[str, Any] = {}
        for field in self.shown:
            text = self.data.get(field.name, "").strip()
            if field.kind is FieldKind.FLAG:
                entered[field.name] = text or "no"
            elif text:
                entered[field.name] = _rows(text, field) if field.columns else text
        return entered

    def refuse(self, error: BadInputs) -> None:
        """Put each fault beside its control."""
        self.full_clean()
        for key, why in error.errors:
            name, _dot, column = key.partition(".")
            place = name if name in self.fields else None
            text = fault_text(why)
            if column:
                text = f"{key_name(column)}: {text}"
            elif place is None:
                text = f"{name}: {text}"
            self.add_error(place, text[:1].upper() + text[1:])


def example_query(topic: Topic) -> dict[str, str]:
    """The topic's example as the query of an address."""
    columns = {field.name: field.columns for field in topic.fields}
    query = {"topic": topic.name}
    for key, value in topic.example.items():
        field = _field_of(topic, key)
        query[field.name] = _written(value, columns[field.name])
    return query


def _is_ticked(text: str) -> bool:
    try:
        return read_flag(text)
    except WrongValue:
        return True


def _default(field: Field) -> str:
    if field.kind is FieldKind.FLAG:
        return "yes" if field.default else ""
    return field.default_word if field.kind is FieldKind.WORD else ""


def _field_of(topic: Topic, key: str) -> Field:
    return next(field for field in topic.fields if key in (field.name, *field.aliases))


def _written(value: Any, columns: tuple[Field, ...]) -> str:
    if isinstance(value, list) and columns:
        return "\n".join(
            " ".join(str(row[c.name]) for c in columns if c.name in row) for row in value
        )
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value)


def _rows(text: str, field: Field) -> list[list[str]]:
    """One row a line; cells stand between semicolons, or else between spaces."""
    lines = [line.strip() for line in text[:_MOST_TEXT].splitlines() if line.strip()]
    return [
        [cell.strip() for cell in (line.split(";") if ";" in line else line.split())]
        for line in lines
    ]


def _control(field: Field, topic: str) -> forms.Field:
    label = key_name(field.name, topic)
    common: Mapping[str, Any] = {"label": label, "required": False}
    if field.kind is FieldKind.FLAG:
        box = forms.CheckboxInput(attrs={"value": "yes"})
        return forms.BooleanField(widget=box, **common)
    if field.kind is FieldKind.WORD:
        words = [(word, word_name(word)) for word in field.words]
        blank = [] if field.required or field.default is not None else [("", "–")]
        return forms.CharField(widget=forms.Select(choices=[*blank, *words]), **common)
    if field.kind is FieldKind.ROWS:
        columns = ", ".join(key_name(column.name).lower() for column in field.columns)
        hint = _("One a line: %(columns)s.") % {"columns": columns}
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), help_text=hint, **common)
    if field.kind is FieldKind.DAY:
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if field.kind is FieldKind.TEXT:
        return forms.CharField(**common)
    numbers = forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
    return forms.CharField(widget=numbers, **common)
