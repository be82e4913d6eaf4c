"""The WSGI entry point, for gunicorn."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from collections_app.launcher import choose_settings

choose_settings()

application = get_wsgi_application()
