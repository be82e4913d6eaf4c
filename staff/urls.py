"""Pages where an administrator manages people, teams, limits and API clients."""

from __future__ import annotations

from django.urls import path

from staff.views import clients, limits, people, register, teams

urlpatterns = [
    path("staff/journal/", register.show_register, name="staff-journal"),
    path("staff/users/", people.manage_users, name="staff-users"),
    path("staff/users/<int:user_id>/", people.manage_user, name="staff-user"),
    path("staff/users/<int:user_id>/password/", people.set_password, name="staff-password"),
    path("staff/teams/", teams.manage_teams, name="staff-teams"),
    path("staff/teams/<int:team_id>/", teams.manage_teams, name="staff-team"),
    path("staff/limits/", limits.manage_limits, name="staff-limits"),
    path("staff/clients/", clients.manage_clients, name="staff-clients"),
    path("staff/clients/<int:client_id>/", clients.change_client, name="staff-client"),
    path("staff/tokens/<int:token_id>/revoke/", clients.revoke_token, name="staff-revoke-token"),
]
