"""The tests: fixed secrets, a cheap password hasher, no collected static files."""

from __future__ import annotations

from collections_app.settings.base import *
from collections_app.settings.base import STORAGES

SECRET_KEY = "only for tests " * 4
DATA_SECRETS = [b"only for tests, and long enough for a key"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CLOCK_MAY_BE_SET = True
IDLE_MINUTES = 60 * 24 * 366  # the clock of a test jumps; those of the time-out set their own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
