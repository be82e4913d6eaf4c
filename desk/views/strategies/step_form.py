"""The form of one step, made of the fields that its text has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.wording.strategies import field_choices, field_label, field_unit
from escalation.editing import Field, FieldKind, Value

#: In which group of the form a field stands, by the first part of its name.
_GROUPS: Final[Mapping[str, tuple[str, Promise]]] = {
    "wait": ("when", _("When")),
    "when": ("when", _("When")),
    "skip_when": ("skip", _("Passed over at once when")),
    "otherwise": ("when", _("When")),
    "do": ("do", _("What happens")),
    "repeat": ("do", _("What happens")),
    "if_refused": ("do", _("What happens")),
    "stage": ("name", _("Name and stage")),
    "title": ("name", _("Name and stage")),
    "in_flight": ("name", _("Name and stage")),
}
_ORDER: Final = ("when", "skip", "do", "name")


class SumField(forms.CharField):
    """``1 500,00`` or ``1500.00``; cleaned to a Decimal in major units."""

    def clean(self, value: Any) -> Decimal | None:
        text = "".join(str(super().clean(value)).split()).replace(",", ".").replace("\u00a0", "")
        try:
            return Decimal(text)
        except ArithmeticError as error:
            raise ValidationError(_("Give a sum such as 500 or 499,99.")) from error


class StepForm(forms.Form):
    """``revision`` is the one of the draft that the reader sees."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, fields: Sequence[Field], **options: Any) -> None:
        super().__init__(*args, **options)
        self.step_fields = {field.name: field for field in fields}
        for field in fields:
            self.fields[field.name] = _form_field(field)
        for group in self.groups()[:1]:
            group["fields"][0]["field"].field.widget.attrs["autofocus"] = True

    def values(self) -> dict[str, Value]:
        """What was entered, by the name of the field; only after ``is_valid``."""
        return {
            name: _value(field, self.cleaned_data[name]) for name, field in self.step_fields.items()
        }

    def show_saved(self) -> None:
        """Under each field that says something else than the text: what the text has."""
        if not self.is_valid():
            return
        entered = self.values()
        for name, field in self.step_fields.items():
            if entered[name] != field.value:
                said = _("Saved meanwhile: %(value)s. What stands here would take its place.")
                self.add_error(name, said % {"value": _shown(field)})

    def groups(self) -> list[dict[str, Any]]:
        """The bound fields as the form shows them, each with its unit."""
        groups: dict[str, dict[str, Any]] = {}
        for name, field in self.step_fields.items():
            key, title = _GROUPS[field.path[0]]
            group = groups.setdefault(key, {"title": title, "fields": []})
            group["fields"].append({"field": self[name], "unit": field_unit(field)})
        return [groups[key] for key in _ORDER if key in groups]


def _shown(field: Field) -> str:
    """The value that the text has, as the form would show it."""
    match field.kind:
        case FieldKind.FLAG:
            return str(_("yes") if field.value else _("no"))
        case FieldKind.SUM:
            return _sum_text(field.value)
        case FieldKind.WORD | FieldKind.WORDS:
            chosen = field.value if isinstance(field.value, tuple) else (field.value,)
            return ", ".join(str(name) for word, name in field_choices(field) if word in chosen)
        case _:
            return "–" if field.value in (None, "") else str(field.value)


def _value(field: Field, cleaned: Any) -> Value:
    if field.kind is FieldKind.WORDS:
        return tuple(word for word in field.choices if word in cleaned)
    if field.kind is FieldKind.FLAG:
        return bool(cleaned == "true")
    value: Value = None if cleaned in ("", None) else cleaned
    return value


def _form_field(field: Field) -> forms.Field:
    common: dict[str, Any] = {
        "label": field_label(field), "required": not field.optional, "initial": field.value,
    }  # fmt: skip
    match field.kind:
        case FieldKind.TEXT:
            return forms.CharField(max_length=field.most, **common)
        case FieldKind.NUMBER:
            return forms.IntegerField(
                min_value=field.least,
                max_value=field.most,
                widget=forms.NumberInput(attrs={"class": "short num"}),
                **common,
            )
        case FieldKind.SUM:
            common["initial"] = _sum_text(field.value)
            attrs = {"class": "short num", "inputmode": "decimal"}
            return SumField(max_length=20, widget=forms.TextInput(attrs=attrs), **common)
        case FieldKind.FLAG:
            common["initial"] = "true" if field.value else "false"
            return forms.ChoiceField(choices=[("true", _("yes")), ("false", _("no"))], **common)
        case FieldKind.WORD:
            return forms.ChoiceField(choices=field_choices(field), **common)
        case FieldKind.WORDS:
            widget = forms.CheckboxSelectMultiple
            choices = field_choices(field)
            return forms.MultipleChoiceField(choices=choices, widget=widget, **common)


def _sum_text(value: Value) -> str:
    assert isinstance(value, Decimal)
    return f"{value.normalize():f}".replace(".", ",")


def without_unchanged(values: Mapping[str, Value], fields: Iterable[Field]) -> dict[str, Value]:
    """Only what is another value than the text has."""
    now = {field.name: field.value for field in fields}
    return {name: value for name, value in values.items() if now.get(name) != value}
