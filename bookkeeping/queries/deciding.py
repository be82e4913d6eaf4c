"""Who reads the approvals, and what they may decide of them."""

from __future__ import annotations

from datetime import date

from bookkeeping.authority import within_tables
from kernel.actor import Actor
from staff.authority import Authority
from staff.models import User
from staff.queries import get_deciding_actor


def get_deciding_reader(*, user: User, on: date) -> tuple[Actor, Authority]:
    """With the rights that others have lent, and within the tables of authority of the apps.

    The operation that decides looks again, at the thing itself.
    """
    actor, authority = get_deciding_actor(user=user, on=on)
    return actor, within_tables(authority, on=on)
