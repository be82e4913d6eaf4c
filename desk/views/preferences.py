"""How pages look and answer for one reader: language, theme, density, keys."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from staff.access import StaffRequest, signed_in
from staff.forms import PreferencesForm
from staff.look import remember_look
from staff.models import User
from staff.operations import save_preferences
from staff.preferences import Density, Theme
from staff.views.lists import way_back


@require_http_methods(["GET", "POST"])
@signed_in
def preferences(request: StaffRequest) -> HttpResponse:
    """The reader's own; they hold on any machine from the next page on."""
    user = request.user
    form = PreferencesForm(request.POST or None, initial=_of(user))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        save_preferences(
            user_id=user.pk,
            language=chosen["language"],
            theme=Theme(chosen["theme"]),
            density=Density(chosen["density"]),
            single_keys=chosen["single_keys"],
            actor=request.actor,
        )
        response = redirect("preferences")
        remember_look(request, response, language=chosen["language"], theme=Theme(chosen["theme"]))
        with override(chosen["language"]):
            messages.success(request, _("The preferences are kept. They hold on any machine."))
        return response
    status = 422 if form.errors else 200
    return render(request, "desk/preferences.html", {"form": form}, status=status)


@require_POST
def set_look(request: HttpRequest) -> HttpResponse:
    """POST ``language`` or ``theme``, and ``next``: for who has not signed in yet."""
    response = redirect(way_back(request, otherwise="/"))
    theme = request.POST.get("theme", "")
    remember_look(
        request,
        response,
        language=request.POST.get("language", ""),
        theme=Theme(theme) if theme in set(Theme) else None,
    )
    return response


def _of(user: User) -> dict[str, object]:
    return {
        "language": user.language,
        "theme": user.theme,
        "density": user.density,
        "single_keys": user.single_keys,
    }
