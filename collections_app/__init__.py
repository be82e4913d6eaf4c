"""The Django project: what stands above all apps and ties them together."""

from collections_app.celery import app as celery_app

__all__ = ["celery_app"]
