"""What tests of all addresses share."""

from tests.integration.world import world  # noqa: F401
