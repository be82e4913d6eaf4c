"""The ASGI entry point."""

from __future__ import annotations

from django.core.asgi import get_asgi_application

from collections_app.launcher import choose_settings

choose_settings()

application = get_asgi_application()
