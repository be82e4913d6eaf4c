"""What workers do about sign-ins."""

from __future__ import annotations

from celery import shared_task

from kernel import clock
from staff.operations import clear_expired_sessions


@shared_task(name="staff.clear_sessions")
def clear_sessions() -> int:
    """Forget sessions whose time is over. Returns how many."""
    return clear_expired_sessions(at=clock.now())
