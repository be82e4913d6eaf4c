"""What people enter about agencies and placements: parsed here, judged by the operations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.lifecycle import EndReason, ExclusionGround
from agencies.models import Agency
from agencies.wording import list_end_reasons, list_exclusion_grounds
from staff.forms import DayField


class AgencyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    commission_percent = forms.DecimalField(
        label=_("Commission, %"), min_value=Decimal(0), max_value=Decimal(100), decimal_places=2
    )
    term_days = forms.IntegerField(
        label=_("Term, days"), min_value=1, max_value=3 * 365, initial=90
    )
    permit_no = forms.CharField(label=_("Permit number"), max_length=60, required=False)
    permit_until = DayField(label=_("Permit valid until"), required=False)
    exclusion_ground = forms.ChoiceField(
        label=_("Needs no permit because it is"),
        choices=[("", "–"), *list_exclusion_grounds()],
        required=False,
    )

    @property
    def terms(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        ground = cleaned["exclusion_ground"]
        return {
            "permit_no": cleaned["permit_no"],
            "permit_until": cleaned["permit_until"],
            "exclusion_ground": ExclusionGround(ground) if ground else None,
            "term_days": cleaned["term_days"],
            "commission_bp": int(cleaned["commission_percent"] * 100),
        }


class ChangeAgencyForm(AgencyForm):
    is_active = forms.BooleanField(label=_("Gets new placements"), required=False)
    field_order = (
        "commission_percent",
        "term_days",
        "permit_no",
        "permit_until",
        "exclusion_ground",
    )

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        del self.fields["name"]


def agency_values(agency: Agency) -> dict[str, Any]:
    """What a form of the agency starts with."""
    return {
        "commission_percent": Decimal(agency.commission_bp) / 100,
        "term_days": agency.term_days,
        "permit_no": agency.permit_no,
        "permit_until": agency.permit_until,
        "exclusion_ground": agency.exclusion_ground,
        "is_active": agency.is_active,
    }


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class LeaveForm(forms.Form):
    """``move`` is one of those that the page offers."""

    move = forms.ChoiceField(choices=[(m, m) for m in ("withdraw", "recall", "return", "end")])
    reason = forms.ChoiceField(label=_("Reason"), choices=list_end_reasons())
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    @property
    def end_reason(self) -> EndReason:
        return EndReason(self.cleaned_data["reason"])
