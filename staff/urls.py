"""Pages where an administrator manages people, teams, limits and API clients."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
