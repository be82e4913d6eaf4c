"""The Celery application. Its settings are the ``CELERY_*`` ones of Django's."""

from __future__ import annotations

from celery import Celery

from collections_app.launcher import choose_settings

choose_settings()

app = Celery("collections_app")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
