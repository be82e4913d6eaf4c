"""Changing one thing in the text of a strategy, with its comments and its layout left alone."""

from escalation.editing.fields import (
    Field,
    FieldKind,
    FieldWrong,
    Value,
    list_fields,
    list_header_fields,
)
from escalation.editing.steps import change_header, change_step, move_step, switch_step

__all__ = [
    "Field",
    "FieldKind",
    "FieldWrong",
    "Value",
    "change_header",
    "change_step",
    "list_fields",
    "list_header_fields",
    "move_step",
    "switch_step",
]
