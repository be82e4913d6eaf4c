"""PostgreSQL and a broker of our own, for a desk, a demo and the tests.

A service runs as long as anybody uses it: whoever joins holds a shared lock on a file, which the
system lets go of even if its holder is killed; ``keeper.py`` waits for the last one.
"""

from collections_app.embedded.broker import Broker
from collections_app.embedded.postgres import Postgres
from collections_app.embedded.service import ServiceFailed

__all__ = ["Broker", "Postgres", "ServiceFailed"]
