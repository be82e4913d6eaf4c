"""A desk with a database of its own: as ``local``, but the secrets must be given."""

from __future__ import annotations

from collections_app.settings import secret_values

secret_values.require()

from collections_app.settings.base import env  # noqa: E402
from collections_app.settings.local import *  # noqa: E402

ENVIRONMENT_NAME = env.str("ENVIRONMENT_NAME", default="")
