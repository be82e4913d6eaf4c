"""Simulating a draft of a strategy."""

from __future__ import annotations

from django import forms


class SimulationForm(forms.Form):
    working_days = forms.IntegerField(min_value=1, max_value=120)
    grants_all = forms.BooleanField(required=False)
