"""Ranges of days past due, and where cases of an earlier close have gone, in words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portfolio.buckets import BUCKETS, Bucket
from portfolio.entries import OUTCOME_CLOSED, OUTCOME_WRITTEN_OFF
from staff.figures import EN_DASH

#: In addresses: what was past due and is so no more.
CURED: Final = "cured"
_CODES: Final = {"closed": OUTCOME_CLOSED, "written_off": OUTCOME_WRITTEN_OFF}


def bucket_name(bucket: Bucket) -> str:
    """``31–60``, ``over 360``, ``not past due``"""
    if bucket.last == 0:
        return _("not past due")
    if bucket.last is None:
        return _("over %(days)s") % {"days": bucket.first - 1}
    return f"{bucket.first}{EN_DASH}{bucket.last}"


def outcome_name(outcome: int) -> str:
    if outcome == OUTCOME_CLOSED:
        return pgettext("where cases went", "closed")
    if outcome == OUTCOME_WRITTEN_OFF:
        return pgettext("where cases went", "written off")
    return bucket_name(BUCKETS[outcome])


def outcome_code(outcome: int) -> str:
    """As it stands in an address."""
    return next((code for code, place in _CODES.items() if place == outcome), str(outcome))


def outcomes_of(code: str) -> list[int] | None:
    """The outcomes that an address asks for; None where it asks for none that there is."""
    if code == CURED:
        return [0, OUTCOME_CLOSED]
    if code in _CODES:
        return [_CODES[code]]
    places = {str(place): place for place in range(len(BUCKETS))}
    return [places[code]] if code in places else None
