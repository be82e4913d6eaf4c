"""Pages of the desk, and the gate."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from desk.views import preferences
from staff.access import public

urlpatterns = [
    path("sign-in/", public(LoginView.as_view(redirect_authenticated_user=True)), name="sign-in"),
    path("sign-out/", public(LogoutView.as_view()), name="sign-out"),
    path("preferences/", public(preferences.save_preferences), name="preferences"),
]
