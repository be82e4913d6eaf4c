"""Names of roles, rights and refusals for people."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError
from staff import events
from staff.lifecycle import ApprovalKind
from staff.preferences import Density, Theme
from staff.rights import Role, Scope

_ROLES: Final[dict[Role, Promise]] = {
    Role.OFFICER: _("Collection officer"),
    Role.TEAM_LEADER: _("Team leader"),
    Role.MANAGER: _("Manager"),
    Role.LEGAL: _("Legal officer"),
    Role.COMPLIANCE: _("Compliance officer"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}


def role_name(role: Role) -> Promise:
    return _ROLES[role]


_SCOPES: Final[dict[Scope, Promise]] = {
    Scope.READ_CASES: _("Read cases"),
    Scope.READ_TIMELINE: _("Read timelines"),
    Scope.CALCULATE: _("Calculate interest, fees and terms"),
    Scope.SEND_STATEMENTS: _("Send bank statements"),
}


def scope_name(scope: Scope) -> Promise:
    return _SCOPES[scope]


_THEMES: Final[dict[Theme, Promise]] = {
    Theme.AUTO: _("As the computer says"),
    Theme.LIGHT: pgettext_lazy("theme", "Light"),
    Theme.DARK: pgettext_lazy("theme", "Dark"),
}
_DENSITIES: Final[dict[Density, Promise]] = {
    Density.COMFORTABLE: pgettext_lazy("rows", "Comfortable"),
    Density.COMPACT: pgettext_lazy("rows", "Compact"),
}


def theme_name(theme: Theme) -> Promise:
    return _THEMES[theme]


def density_name(density: Density) -> Promise:
    return _DENSITIES[density]


_APPROVALS: Final[dict[ApprovalKind, Promise]] = {
    ApprovalKind.TERMINATION: _("Termination"),
    ApprovalKind.AGREEMENT: _("Agreement"),
    ApprovalKind.PLACEMENT: _("Agency placement"),
    ApprovalKind.REFERRAL: _("Court referral"),
    ApprovalKind.WRITE_OFF: _("Write-off"),
    ApprovalKind.REFUND: _("Refund of an overpayment"),
    ApprovalKind.CHARGE: _("Fee or cost"),
}


def approval_kind_name(kind: ApprovalKind) -> Promise:
    return _APPROVALS[kind]


_REFUSALS: Final[dict[str, Promise]] = {
    "username_taken": _("Somebody has this user name already."),
    "wrong_password": _("This is not your password."),
    "wrong_code": _("The code is not right. Check the clock of the phone and try the next code."),
    "second_factor_on": _("The second factor is switched on already."),
    "second_factor_off": _("No second factor is switched on."),
    "second_factor_required": _("Your role may not sign in without a second factor."),
    "own_second_factor": _("Another administrator resets yours. You may switch it off yourself."),
    "last_administrator": _("Somebody must be left who can manage users."),
    "user_not_found": _("There is no such user."),
    "team_name_taken": _("A team has this name already."),
    "team_not_found": _("There is no such team."),
    "limit_not_found": _("This limit is removed already."),
    "client_not_found": _("There is no such client."),
    "client_has_another_team": _("This client is known with another reach. Make another client."),
    "invalid_token": _("A token needs a client, a scope, and an end within a year."),
    "token_made_before": _("This form was sent before: no second token was made."),
    "key_reused": _("This form was sent before with something else in it. Load the page anew."),
    "invalid_amount": _("The amount or its currency cannot be right."),
    "nothing_to_delegate": _(
        "You lend only what your own role decides; what was lent to you is not lent further."
    ),
    "deputy_not_suitable": _(
        "The role or the team of this colleague is not enough for everything you chose. Choose"
        " fewer kinds or somebody else."
    ),
    "delegation_period_invalid": _(
        "It begins today or later, ends no earlier than it begins, and lasts three months at most."
    ),
    "delegation_reason_missing": _("Say why; it is kept with every decision's record."),
    "delegation_overlaps": _(
        "This colleague decides in your place on some of these days already. Take that back first."
    ),
    "delegation_not_found": _("There is no such delegation."),
    "delegation_not_yours": _("Only who lent it or who holds it takes it back."),
    "delegation_ended": _("It has ended already."),
}


def refusal_text(error: DomainError) -> str:
    """Why managing staff was refused."""
    if messages := error.values.get("messages"):
        return " ".join(str(message) for message in messages)
    return str(_REFUSALS.get(error.code, _("This is not possible. Nothing was changed.")))


_EVENTS: Final[dict[str, Promise]] = {
    events.USER_CREATED: _("User created"),
    events.USER_CHANGED: _("User changed"),
    events.PASSWORD_SET: _("Password set"),
    events.PASSWORD_CHANGED: _("Password changed"),
    events.SIGNED_IN: _("Signed in"),
    events.SIGN_IN_FAILED: _("Sign-in failed"),
    events.CODE_FAILED: _("Wrong code of the second factor"),
    events.RECOVERY_CODE_USED: _("Recovery code used"),
    events.RECOVERY_CODES_RENEWED: _("New recovery codes"),
    events.SECOND_FACTOR_ON: _("Second factor switched on"),
    events.SECOND_FACTOR_OFF: _("Second factor switched off"),
    events.SECOND_FACTOR_RESET: _("Second factor reset"),
    events.SESSIONS_ENDED: _("Signed out elsewhere"),
    events.TEAM_CREATED: _("Team created"),
    events.TEAM_CHANGED: _("Team changed"),
    events.LIMIT_SET: _("Approval limit set"),
    events.AUTHORITY_LENT: _("Authority lent to a colleague"),
    events.AUTHORITY_TAKEN_BACK: _("Lent authority taken back"),
    events.LIMIT_REMOVED: _("Approval limit removed"),
    events.TOKEN_ISSUED: _("Token made"),
    events.TOKEN_REVOKED: _("Token revoked"),
    events.CLIENT_CHANGED: _("Client changed"),
    events.ACCESS_DENIED: _("Access denied"),
    # of cases, the ledger and boards, which stand above: by their kinds
    "switch.turned_off": _("Red switch turned off"),
    "switch.turned_on": _("Red switch turned on"),
    "rates.changed": _("Rate of interest changed"),
    "rates.confirmed": _("Rates of interest confirmed"),
    "board.exported": _("Figures taken away as a file"),
    "strategy.changes_exported": _("Cases that a draft would change taken away as a file"),
    "board.target_set": _("Target of payments set"),
}


def list_staff_events() -> list[tuple[str, Promise]]:
    """Every kind that the register knows by name."""
    return list(_EVENTS.items())


def staff_event_name(kind: str) -> Promise | str:
    return _EVENTS.get(kind, kind)
