"""Keeping how a person looks at the desk. Nothing of a case is changed."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from desk.models import LastView, SavedView
from kernel.actor import Actor
from kernel.authority import requires
from kernel.errors import InvalidInput
from staff.models import User
from staff.rights import Right

MOST_VIEWS: Final = 20
LONGEST_QUERY: Final = 500


class TooManyViews(InvalidInput):
    """``most`` views are kept for a person; delete one first."""

    code = "too_many_views"


class ViewNameMissing(InvalidInput):
    code = "view_name_missing"


@requires(Right.SEE_CASES)
def remember_view(*, query: str, actor: Actor) -> None:
    """The list as the person left it; a query that is too long is not kept."""
    if len(query) <= LONGEST_QUERY:
        LastView.objects.update_or_create(user_id=_person(actor), defaults={"query": query})


@requires(Right.SEE_CASES)
@transaction.atomic
def save_view(*, name: str, query: str, actor: Actor) -> SavedView:
    """Keep a view under a name; the same name again replaces it.

    Raises TooManyViews, ViewNameMissing.
    """
    user_id = _person(actor)
    plain = " ".join(name.split())[:40]
    if not plain or not query:
        raise ViewNameMissing
    User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    others = SavedView.objects.filter(user_id=user_id).exclude(name=plain)
    if others.count() >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    view, _ = SavedView.objects.update_or_create(
        user_id=user_id, name=plain, defaults={"query": query[:LONGEST_QUERY]}
    )
    return view


@requires(Right.SEE_CASES)
def delete_view(*, view_id: int, actor: Actor) -> None:
    """One of the person's own views; of another person's nothing happens."""
    SavedView.objects.filter(pk=view_id, user_id=_person(actor)).delete()


def _person(actor: Actor) -> int:
    assert actor.user_id is not None, "only people look at the desk"
    return actor.user_id
