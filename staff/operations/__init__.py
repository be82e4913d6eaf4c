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
from staff.operations.second_factor import (
    OwnSecondFactor,
    SecondFactorOff,
    SecondFactorOn,
    SecondFactorRequired,
    WrongCode,
    renew_recovery_codes,
    reset_second_factor,
    turn_off_second_factor,
    turn_on_second_factor,
)
from staff.operations.sessions import (
    clear_expired_sessions,
    end_other_sessions,
    end_sessions,
    mark_session_seen,
)
from staff.operations.signing_in import (
    note_failed_code,
    note_failed_sign_in,
    note_recovery_code_used,
    note_sign_in,
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
    WrongPassword,
    change_password,
    change_user,
    create_user,
    set_password,
)

__all__ = [
    "ClientHasAnotherTeam",
    "ClientNotFound",
    "InvalidToken",
    "LastAdministrator",
    "OwnSecondFactor",
    "SecondFactorOff",
    "SecondFactorOn",
    "SecondFactorRequired",
    "TeamNameTaken",
    "TeamNotFound",
    "UsernameTaken",
    "WeakPassword",
    "WrongCode",
    "WrongPassword",
    "change_client",
    "change_password",
    "change_team",
    "change_user",
    "clear_expired_sessions",
    "create_team",
    "create_user",
    "end_other_sessions",
    "end_sessions",
    "issue_token",
    "mark_session_seen",
    "note_denied_access",
    "note_failed_code",
    "note_failed_sign_in",
    "note_recovery_code_used",
    "note_sign_in",
    "renew_recovery_codes",
    "reset_second_factor",
    "revoke_token",
    "save_preferences",
    "set_approval_limit",
    "set_password",
    "turn_off_second_factor",
    "turn_on_second_factor",
]
