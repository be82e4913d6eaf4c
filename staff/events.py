"""Kinds of events about people who work here."""

USER_CREATED = "user.created"
USER_CHANGED = "user.changed"
TOKEN_ISSUED = "api_token.issued"
TOKEN_REVOKED = "api_token.revoked"
LIMIT_SET = "approval_limit.set"
CLIENT_CHANGED = "api_client.changed"
TEAM_CREATED = "team.created"
TEAM_CHANGED = "team.changed"
PASSWORD_SET = "user.password_set"
#: Subject user or api_client: ``path``, ``needed``. Who asked for what they may not see or do.
ACCESS_DENIED = "access.denied"
