"""Where somebody is signed in, and ending it."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import by_machine, by_oneself, requires
from staff import events
from staff.operations.users import locked_user
from staff.rights import Right


@by_machine
def mark_session_seen(*, session_key: str, at: datetime) -> None:
    """Somebody works in it; called at most once in half a minute."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)


@by_machine
def move_session(*, from_key: str, to_key: str) -> None:
    """It goes on under another key; its line goes with it, or nobody could end it any more."""
    UserSession.objects.filter(session_key=from_key).update(session_key=to_key)


@by_oneself
@transaction.atomic
def end_other_sessions(*, user_id: int, session_key: str, actor: Actor, at: datetime) -> int:
    """Sign out everywhere but in the session at hand; how many were ended."""
    locked_user(user_id)
    ended = forget_sessions(user_id=user_id, but=session_key)
    _tell(user_id, ended, actor, at)
    return ended


@requires(Right.MANAGE_STAFF)
@transaction.atomic
def end_sessions(*, user_id: int, actor: Actor, at: datetime) -> int:
    """Sign somebody out everywhere; how many sessions were ended. Raises UserNotFound."""
    locked_user(user_id)
    ended = forget_sessions(user_id=user_id)
    _tell(user_id, ended, actor, at)
    return ended


@by_machine
def forget_sessions(*, user_id: int, but: str = "") -> int:
    """They hold no more from the next request on."""
    listed = UserSession.objects.filter(user_id=user_id).exclude(session_key=but)
    keys = list(listed.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    listed.delete()
    return len(keys)


@by_machine
def clear_expired_sessions(*, at: datetime) -> int:
    """Sessions whose time is over, and their lines in the list; how many."""
    deleted, _ = Session.objects.filter(expire_date__lt=at).delete()
    live = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=live).delete()
    return deleted


def _tell(user_id: int, ended: int, actor: Actor, at: datetime) -> None:
    record_event(
        kind=events.SESSIONS_ENDED,
        subject=Subject("user", user_id),
        actor=actor,
        at=at,
        payload={"sessions": ended},
    )
