"""What is proposed, and on what grounds, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NAMES: Final[dict[str, Promise]] = {
    "termination": _("Termination of the contract"),
    "agreement": _("Agreement"),
    "placement": _("Placement with an agency"),
    "referral": _("Referral to court"),
}


def proposal_name(kind: str) -> str:
    return str(_NAMES.get(kind, kind))


def ground_lines(kind: str, grounds: Mapping[str, Any]) -> list[str]:
    """What the proposer saw. Filled by the record of the decision where the machine proposed."""
    note = grounds.get("note")
    return [str(note)] if note else []
