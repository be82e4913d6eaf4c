"""How a form field becomes a control of the design system."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Textarea
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget with the class that the style sheet knows; Django adds the aria attributes."""
    widget = field.field.widget
    attrs: dict[str, Any] = dict(widget.attrs)
    own = attrs.pop("class", "")
    if isinstance(widget, RadioSelect):
        attrs["class"] = f"options {own}".strip()
    elif not isinstance(widget, CheckboxInput):
        attrs["class"] = f"input {own}".strip()
    if isinstance(widget, Textarea):
        attrs.setdefault("rows", 3)
    return field.as_widget(attrs=attrs)
