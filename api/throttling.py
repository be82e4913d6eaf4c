"""How often a client may ask. Counted per client in the cache of the process that answers."""

from __future__ import annotations

from django.core.cache import caches
from rest_framework.throttling import UserRateThrottle


class ClientThrottle(UserRateThrottle):
    """All tokens of a client count together; who has no valid token never comes this far."""

    rate = "1200/min"
    cache = caches["process"]
