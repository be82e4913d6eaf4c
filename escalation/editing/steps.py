"""The common changes of a strategy, made in its text: values, the place of a step, on and off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from escalation.editing.fields import (
    AGAIN_AFTER,
    REFUSED,
    Field,
    FieldWrong,
    Value,
    list_fields,
    list_header_fields,
    raw_steps,
)
from escalation.editing.text import add_key, drop_key, reorder, replace_value
from escalation.strategy import AfterRefusal
from escalation.toml_lines import Path, find_places

_STEPS: Final = "step"
#: From here on digits are grouped, as the shipped files do.
_GROUPED: Final = 10_000


def change_step(text: str, key: str, values: Mapping[str, Value]) -> str:
    """The text with other values for the named fields of a step; unnamed ones are as they were.

    Only for a text that can be loaded. Raises FieldWrong.
    """
    step: Path = (_STEPS, _place_of(text, key))
    fields = _checked(list_fields(text, key), values)
    for name, value in values.items():
        if not name.startswith(REFUSED) and value != fields[name].value:
            text = _write(text, step, fields[name], value)
    return _write_refusal(text, step, fields, values)


def change_header(text: str, values: Mapping[str, Value]) -> str:
    """The same for what stands above the steps. Raises FieldWrong."""
    fields = _checked(list_header_fields(text), values)
    for name, value in values.items():
        if value != fields[name].value:
            text = _write(text, (), fields[name], value)
    return text


def _checked(fields: Iterable[Field], values: Mapping[str, Value]) -> dict[str, Field]:
    by_name = {field.name: field for field in fields}
    for name, value in values.items():
        if name not in by_name:
            raise FieldWrong(field=name, found=str(value))
        by_name[name].check(value)
    return by_name


def move_step(text: str, key: str, by: int) -> str:
    """The step ``by`` places further down (below zero: up), with its comments."""
    order = list(range(len(raw_steps(text))))
    place = _place_of(text, key)
    to = min(max(place + by, 0), len(order) - 1)
    order.insert(to, order.pop(place))
    return reorder(text, (_STEPS,), order)


def switch_step(text: str, key: str, *, on: bool) -> str:
    """The step switched on or off; what is written of it stays."""
    step: Path = (_STEPS, _place_of(text, key))
    is_on = not raw_steps(text)[key].get("off", False)
    if is_on is on:
        return text
    if not on and "off" not in raw_steps(text)[key]:
        return add_key(text, step, "off", "true")
    return drop_key(text, (*step, "off")) if on else replace_value(text, (*step, "off"), "true")


def _place_of(text: str, key: str) -> int:
    keys = list(raw_steps(text))
    if key not in keys:
        raise FieldWrong(field="key", found=key)
    return keys.index(key)


def _write(text: str, step: Path, field: Field, value: Value) -> str:
    path = (*step, *field.path)
    if field.value is None and path not in find_places(text):
        return add_key(text, path[:-1], str(path[-1]), toml_source(value))
    if value is None:
        return drop_key(text, path)
    return replace_value(text, path, toml_source(value))


def _write_refusal(
    text: str, step: Path, fields: Mapping[str, Field], values: Mapping[str, Value]
) -> str:
    """``"stop"``, or a table with the days: two fields, one value."""
    again = f"{REFUSED}.{AGAIN_AFTER}"
    then, days = (
        values.get(name, fields[name].value if name in fields else None)
        for name in (REFUSED, again)
    )
    before = (fields[name].value for name in (REFUSED, again) if name in fields)
    if REFUSED not in fields or (then, days) == tuple(before):
        return text
    if then != AfterRefusal.PROPOSE_AGAIN:
        source = toml_source(then)
    elif days is None:
        raise FieldWrong(field=again, found="")
    else:
        source = f"{{ {AGAIN_AFTER} = {toml_source(days)} }}"
    return replace_value(text, (*step, REFUSED), source)


def toml_source(value: Value) -> str:
    """A value as it is written in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return _number_source(Decimal(value))
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    assert isinstance(value, Sequence)
    return "[" + ", ".join(toml_source(word) for word in value) + "]"


def _number_source(number: Decimal) -> str:
    """``20_000``, ``499.99``; never with an exponent."""
    whole, point, fraction = f"{number:f}".partition(".")
    if len(whole) >= len(str(_GROUPED)):
        whole = f"{int(whole):_}"
    fraction = fraction.rstrip("0")
    return f"{whole}{point}{fraction:0<2}" if fraction else whole
