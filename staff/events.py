"""Kinds of events about people who work here."""

USER_CREATED = "user.created"
USER_CHANGED = "user.changed"
TOKEN_ISSUED = "api_token.issued"
TOKEN_REVOKED = "api_token.revoked"
LIMIT_SET = "approval_limit.set"
