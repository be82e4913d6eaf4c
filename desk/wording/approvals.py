"""What is proposed, and on what grounds, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.wording.conditions import condition_groups, looked_in_grounds
from desk.wording.events import StepTitles
from staff.lifecycle import ProposalStatus

_NAMES: Final[dict[str, Promise]] = {
    "termination": _("Termination of the contract"),
    "agreement": _("Agreement"),
    "placement": _("Placement with an agency"),
    "referral": _("Referral to court"),
    "write_off": _("Write-off"),
    "write_off_batch": _("Small balances to write off"),
    "refund": _("Refund of an overpayment"),
    "charge": _("Fee or cost"),
}


def proposal_name(kind: str) -> str:
    return str(_NAMES.get(kind, kind))


def ground_parts(grounds: Mapping[str, Any], titles: StepTitles) -> dict[str, Any]:
    """What the proposer saw: what a person wrote, or every condition the machine looked at."""
    key = str(grounds.get("strategy", ""))
    steps = {step: title for (strategy, step), title in titles.items() if strategy == key}
    return {
        "note": str(grounds.get("note") or ""),
        "groups": condition_groups(looked_in_grounds(grounds), steps),
    }


_STATUSES: Final[dict[ProposalStatus, tuple[str, Promise]]] = {
    ProposalStatus.PROPOSED: ("later", _("waits for a decision")),
    ProposalStatus.SENT_BACK: ("later", _("sent back to the proposer")),
    ProposalStatus.APPROVED: ("met", _("approved")),
    ProposalStatus.REFUSED: ("not", _("refused")),
    ProposalStatus.WITHDRAWN: ("na", _("withdrawn")),
}


def termination_status_name(status: str) -> Promise:
    return _STATUSES[ProposalStatus(status)][1]


def termination_status_shape(status: str) -> str:
    return _STATUSES[ProposalStatus(status)][0]
