"""Uploading a portfolio file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms.fields import DayField


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File, CSV or XLSX"))
    profile = forms.ChoiceField(label=_("Layout of the file"))
    as_of = DayField(label=_("As of"))
    full = forms.BooleanField(
        label=_("Full extract"),
        required=False,
        help_text=_("A debt that is missing from it is flagged, never deleted."),
    )
    dry_run = forms.BooleanField(
        label=_("Try without writing"),
        required=False,
        help_text=_("Says what would change, and changes nothing."),
    )

    def __init__(self, *args: Any, profiles: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["profile"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(name, name.replace("_", " ")) for name in profiles]
