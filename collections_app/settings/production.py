"""Production: everything from the environment, HTTPS only, the clock cannot be set."""

from __future__ import annotations

from collections_app.settings import secret_values

_secrets = secret_values.require(
    {
        **secret_values.NAMES,
        "DATABASE_URL": "the PostgreSQL database",
        "CELERY_BROKER_URL": "the Redis broker",
        "ALLOWED_HOSTS": "the host names that the site answers to, comma-separated",
    }
)

from collections_app.settings.base import *  # noqa: E402
from collections_app.settings.base import env  # noqa: E402
from staff.rights import Role  # noqa: E402

SECRET_KEY = _secrets["SECRET_KEY"]
DATA_SECRETS = [part.encode() for part in _secrets["DATA_SECRETS"].split(",")]
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS"), "localhost"]  # by which health checks ask
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CLOCK_MAY_BE_SET = False

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)
MFA_REQUIRED_ROLES = env.list("MFA_REQUIRED_ROLES", default=[role.value for role in Role])
