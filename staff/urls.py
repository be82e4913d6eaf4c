"""Signing in, one's own account, and the administration of people, teams, limits and clients."""

from __future__ import annotations

from django.urls import path

from staff.access import public
from staff.views import (
    account,
    clients,
    delegations,
    gate,
    limits,
    people,
    register,
    roles,
    teams,
)

urlpatterns = [
    path("sign-in/", public(gate.sign_in), name="sign-in"),
    # The two names by which django-allauth looks for the steps of signing in.
    path("sign-in/", public(gate.sign_in), name="account_login"),
    path("sign-in/code/", public(gate.show_code), name="mfa_authenticate"),
    path("sign-out/", public(gate.sign_out), name="sign-out"),
    path("session/", public(gate.tell_session), name="session"),
    path("session/stay/", gate.stay, name="stay"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change-password"),
    path("account/second-factor/", account.set_up_second_factor, name="second-factor"),
    path("account/second-factor/off/", account.turn_off_second_factor, name="second-factor-off"),
    path("account/recovery-codes/", account.renew_recovery_codes, name="recovery-codes"),
    path("account/sessions/end/", account.end_other_sessions, name="end-other-sessions"),
    path("staff/journal/", register.show_register, name="staff-journal"),
    path("staff/users/", people.manage_users, name="staff-users"),
    path("staff/users/<int:user_id>/", people.manage_user, name="staff-user"),
    path("staff/users/<int:user_id>/password/", people.set_password, name="staff-password"),
    path(
        "staff/users/<int:user_id>/second-factor/",
        people.reset_second_factor,
        name="staff-second-factor",
    ),
    path("staff/users/<int:user_id>/sessions/", people.end_sessions, name="staff-sessions"),
    path("staff/teams/", teams.manage_teams, name="staff-teams"),
    path("staff/teams/<int:team_id>/", teams.manage_teams, name="staff-team"),
    path("staff/limits/", limits.manage_limits, name="staff-limits"),
    path("staff/delegations/", delegations.manage_delegations, name="staff-delegations"),
    path(
        "staff/delegations/<int:delegation_id>/end/",
        delegations.end_delegation,
        name="staff-end-delegation",
    ),
    path("staff/limits/<int:limit_id>/remove/", limits.remove_limit, name="staff-limit-remove"),
    path("staff/roles/", roles.show_roles, name="staff-roles"),
    path("staff/clients/", clients.manage_clients, name="staff-clients"),
    path("staff/clients/<int:client_id>/", clients.change_client, name="staff-client"),
    path("staff/tokens/<int:token_id>/revoke/", clients.revoke_token, name="staff-revoke-token"),
]
