"""What people change about themselves."""

from __future__ import annotations

from django.db import transaction

from kernel.actor import Actor
from kernel.authority import by_oneself
from staff.models import User
from staff.operations.users import locked_user
from staff.preferences import Density, Theme


@by_oneself
@transaction.atomic
def save_preferences(
    *,
    user_id: int,
    language: str,
    theme: Theme,
    density: Density,
    single_keys: bool,
    actor: Actor,
) -> User:
    """How pages look to this person. Nobody else's work depends on it, so it is no event."""
    user = locked_user(user_id)
    user.language, user.theme, user.density = language, theme, density
    user.single_keys = single_keys
    user.save(update_fields=["language", "theme", "density", "single_keys"])
    return user
