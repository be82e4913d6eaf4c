"""What the pages about the running of the product ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TurnForm(forms.Form):
    """Judged by the operation: the form only parses."""

    reason = forms.CharField(
        label=_("Why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        help_text=_("Everybody sees that it is switched off; who may see this page sees why."),
    )
