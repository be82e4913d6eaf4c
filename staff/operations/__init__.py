"""Everything that writes about people who work here. One file per subject."""

from staff.operations.account import save_preferences
from staff.operations.clients import (
    ClientHasAnotherTeam,
    ClientNotFound,
    InvalidToken,
    change_client,
    issue_token,
    note_denied_access,
    revoke_token,
)
from staff.operations.teams import (
    TeamNameTaken,
    TeamNotFound,
    change_team,
    create_team,
    set_approval_limit,
)
from staff.operations.users import (
    LastAdministrator,
    UsernameTaken,
    WeakPassword,
    change_user,
    create_user,
    set_password,
)

__all__ = [
    "ClientHasAnotherTeam",
    "ClientNotFound",
    "InvalidToken",
    "LastAdministrator",
    "TeamNameTaken",
    "TeamNotFound",
    "UsernameTaken",
    "WeakPassword",
    "change_client",
    "change_team",
    "change_user",
    "create_team",
    "create_user",
    "issue_token",
    "note_denied_access",
    "revoke_token",
    "save_preferences",
    "set_approval_limit",
    "set_password",
]
