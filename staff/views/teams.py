"""Teams, and what an officer of each is expected to do a day."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from staff import operations
from staff.access import StaffRequest, page
from staff.forms import TeamForm
from staff.queries import list_team_sizes, list_teams
from staff.rights import Right
from staff.views.answers import done


@require_http_methods(["GET", "POST"])
@page(Right.MANAGE_STAFF)
def manage_teams(request: StaffRequest, team_id: int | None = None) -> HttpResponse:
    """All teams, and a form for a new one or for the one that was chosen."""
    teams = list_teams()
    chosen = next((team for team in teams if team.pk == team_id), None)
    if team_id is not None and chosen is None:
        raise Http404
    state = {"name": chosen.name, "daily_norm": chosen.daily_norm} if chosen else None
    form = TeamForm(request.POST or None, initial=state)

    def save() -> None:
        values = {**form.cleaned_data, "actor": request.actor, "at": clock.now()}
        if chosen is None:
            operations.create_team(**values)
        else:
            operations.change_team(team_id=chosen.pk, **values)

    if request.method == "POST" and done(request, form, save, _("The team is saved.")):
        return redirect("staff-teams")
    sizes = list_team_sizes()
    return render(
        request,
        "staff/teams.html",
        {
            "rows": [{"team": team, "people": sizes.get(team.pk, 0)} for team in teams],
            "chosen": chosen,
            "form": form,
        },
        status=422 if form.errors else 200,
    )
