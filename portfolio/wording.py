"""Ranges of days past due in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portfolio.buckets import Bucket
from staff.figures import EN_DASH


def bucket_name(bucket: Bucket) -> str:
    """``31–60``, ``over 360``, ``nothing due``"""
    if bucket.last == 0:
        return _("nothing due")
    if bucket.last is None:
        return _("over %(days)s") % {"days": bucket.first - 1}
    return f"{bucket.first}{EN_DASH}{bucket.last}"
