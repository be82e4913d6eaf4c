"""The decision of one approval, or of several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_REQUIRED = {"required": _("A reason is needed; it is kept with the decision.")}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_REQUIRED,
    )


class DecideForm(ReasonForm):
    """``verdict`` is a move of a proposal's lifecycle; ``seen`` says when what the reader saw
    had been proposed; ``onward`` asks for the next one afterwards."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    onward = forms.BooleanField(
        label=_("Then open the next one"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"data-key": "n"}),
    )

    verdict = forms.ChoiceField(
        choices=[("approve", "approve"), ("refuse", "refuse"), ("send_back", "send_back")],
        widget=forms.HiddenInput,
        error_messages={"required": _("Grant it, refuse it or send it back.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = self.fields["reason"].widget.attrs
        attrs["data-key"] = "m"
        # Whoever granted or refused by a key without a reason writes it next.
        if self.is_bound and "reason" in self.errors:
            attrs["autofocus"] = True
