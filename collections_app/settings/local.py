"""A desk or a demo: embedded services, secrets made up once, plain HTTP."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collections_app.settings import secret_values
from collections_app.settings.base import *
from collections_app.settings.base import STORAGES, VAR_DIR, env

_secrets = secret_values.given_or_kept(VAR_DIR / "secrets")
SECRET_KEY = _secrets["SECRET_KEY"]
DATA_SECRETS = [part.encode() for part in _secrets["DATA_SECRETS"].split(",")]

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CLOCK_MAY_BE_SET = True
ENVIRONMENT_NAME = env.str("ENVIRONMENT_NAME", default="") or _("demonstration")
REPAYMENT_ACCOUNTS = env.dict(
    "REPAYMENT_ACCOUNTS", default={"PLN": "109010149012", "EUR": "109010149013"}
)
IDLE_MINUTES = env.int("IDLE_MINUTES", default=120)

# Static files are served from where they are, without being collected first.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
