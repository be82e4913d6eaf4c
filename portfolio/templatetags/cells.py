"""A cell of a list as people read it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template

from portfolio.cells import CellKind, Column, Value
from staff.figures import NOTHING, format_count, format_day, format_decimal, format_percent

register = template.Library()


@register.filter
def cell(value: Value, column: Column) -> str:
    """Money with two places, days as days; nothing is a dash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, Decimal):
        is_share = column.kind is CellKind.SHARE
        return format_percent(value) if is_share else format_decimal(value, places=2)
    return format_count(value) if isinstance(value, int) else str(value)
