"""Kinds of events about people who work here."""

USER_CREATED = "user.created"
USER_CHANGED = "user.changed"
TOKEN_ISSUED = "api_token.issued"
TOKEN_REVOKED = "api_token.revoked"
LIMIT_SET = "approval_limit.set"
#: Subject delegation.
AUTHORITY_LENT = "authority.lent"
AUTHORITY_TAKEN_BACK = "authority.taken_back"
LIMIT_REMOVED = "approval_limit.removed"
CLIENT_CHANGED = "api_client.changed"
TEAM_CREATED = "team.created"
TEAM_CHANGED = "team.changed"
PASSWORD_SET = "user.password_set"
PASSWORD_CHANGED = "user.password_changed"
#: ``address``, ``with_second_factor``.
SIGNED_IN = "user.signed_in"
#: Subject user, 0 for a name that nobody has: ``address``, ``attempts_left``.
SIGN_IN_FAILED = "user.sign_in_failed"
#: The password was right: ``address``.
CODE_FAILED = "user.code_failed"
RECOVERY_CODE_USED = "user.recovery_code_used"
RECOVERY_CODES_RENEWED = "user.recovery_codes_renewed"
SECOND_FACTOR_ON = "user.second_factor_on"
SECOND_FACTOR_OFF = "user.second_factor_off"
SECOND_FACTOR_RESET = "user.second_factor_reset"
#: ``sessions``: how many.
SESSIONS_ENDED = "user.sessions_ended"
#: Subject user or api_client: ``path``, ``needed``. Who asked for what they may not see or do.
ACCESS_DENIED = "access.denied"
