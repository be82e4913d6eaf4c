"""The next proposal that waits for the reader, in the list that they came from."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from cases.queries.approvals import ApprovalRow, list_approvals
from desk.views.approvals.asked import read_asked
from desk.wording.approvals import standing_of
from kernel.actor import Actor
from staff.authority import Authority
from staff.rights import Right

#: So many rows are looked at, each way, for one that the reader may decide.
_FAR = 50


def next_url(*, row: ApprovalRow, back: str, actor: Actor, authority: Authority) -> str:
    """Behind ``row`` in the order of the list at ``back``, then from its beginning; empty where
    nothing else waits for the reader."""
    parts = urlsplit(back)
    listed = parts.path == reverse("approvals")
    asked = read_asked(
        QueryDict(parts.query if listed else ""),
        authority=authority,
        all_teams=actor.has(Right.SEE_ALL_TEAMS),
    )
    for after in (row.key(asked.order), None):
        found = list_approvals(
            actor=actor, chosen=asked.chosen, order=asked.order, after=after, limit=_FAR
        )
        for one in found:
            is_it = (one.kind, one.id) == (row.kind, row.id)
            if not is_it and standing_of(one, authority).may_decide:
                return address_of(one, back=back)
    return ""


def address_of(row: ApprovalRow, *, back: str) -> str:
    return f"{reverse('approval', args=[row.kind, row.id])}?{urlencode({'next': back})}"
