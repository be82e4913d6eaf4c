"""The words of agencies and placements."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.lifecycle import EndReason, ExclusionGround, PlacementStatus
from cases.wording import case_words
from kernel.errors import DomainError
from staff import refusals

_STATUSES: Final[dict[str, Promise]] = {
    PlacementStatus.PROPOSED: pgettext_lazy("placement", "waits for approval"),
    PlacementStatus.APPROVED: pgettext_lazy("placement", "approved, waits for a file"),
    PlacementStatus.REFUSED: pgettext_lazy("placement", "refused"),
    PlacementStatus.SENT_BACK: pgettext_lazy("placement", "sent back"),
    PlacementStatus.WITHDRAWN: pgettext_lazy("placement", "withdrawn"),
    PlacementStatus.PLACED: pgettext_lazy("placement", "with the agency"),
    PlacementStatus.RECALLED: pgettext_lazy("placement", "recalled"),
    PlacementStatus.RETURNED: pgettext_lazy("placement", "returned"),
    PlacementStatus.ENDED: pgettext_lazy("placement", "ended"),
}
#: The mark of the design system that carries a status's colour.
_SHAPES: Final[dict[str, str]] = {
    PlacementStatus.PROPOSED: "later",
    PlacementStatus.APPROVED: "now",
    PlacementStatus.PLACED: "met",
    PlacementStatus.REFUSED: "not",
    PlacementStatus.SENT_BACK: "bang",
}
_REASONS: Final[dict[str, Promise]] = {
    EndReason.PAID: pgettext_lazy("placement", "Paid"),
    EndReason.COMPLAINT: pgettext_lazy("placement", "Complaint"),
    EndReason.BANKRUPTCY: pgettext_lazy("placement", "Bankruptcy"),
    EndReason.DEATH: pgettext_lazy("placement", "Death"),
    EndReason.DIRECT_SETTLEMENT: pgettext_lazy("placement", "Settlement with the bank"),
    EndReason.COURT: pgettext_lazy("placement", "Goes to court"),
    EndReason.NOT_FOUND: pgettext_lazy("placement", "Debtor not found"),
    EndReason.NO_MEANS: pgettext_lazy("placement", "Debtor has no means"),
    EndReason.TERM_OVER: pgettext_lazy("placement", "Agreed term is over"),
    EndReason.AGENCY_CHANGE: pgettext_lazy("placement", "Change of agency"),
    EndReason.OTHER: pgettext_lazy("placement", "Other"),
}
_GROUNDS: Final[dict[str, Promise]] = {
    ExclusionGround.BANK: _("Bank"),
    ExclusionGround.CREDIT_UNION: _("Credit union"),
    ExclusionGround.LOAN_INSTITUTION: _("Loan institution"),
    ExclusionGround.FUND_MANAGER: _("Manager of a securitisation fund"),
    ExclusionGround.PERFORMING_CREDIT_ONLY: _("Only credit that is not non-performing"),
}
_REFUSALS: Final[dict[str, Promise]] = {
    "notice_not_delivered": _("No demand or notice has a recorded delivery yet."),
    "not_terminated": _("No contract of this case is terminated, and no strategy asks for it."),
    "nothing_to_collect": _("Nothing on this case may be collected now."),
    "case_on_hold": _("The case is on hold: %(holds)s."),
    "live_placement": _("The case has a placement already."),
    "agency_not_allowed": _("%(agency)s is not active, or its permit has run out."),
    "nothing_to_place": _("No approved placement can go out now; %(left_out)s are stopped."),
    "agency_name_taken": _("There is an agency of that name, or the name is empty."),
    "permit_missing": _("Give the permit number, or why none is needed."),
    "commission_out_of_range": _("The commission is between 0 and 100 %%."),
    "term_out_of_range": _("The term is between 1 and %(most)s days."),
    "payment_not_of_placement": _("The case was not with the agency then, or has no such debt."),
    "reference_reused": _("The reference %(reference)s belongs to another payment."),
    "payment_file_refused": _("The file lacks the columns: %(columns)s."),
    "agency_not_found": _("There is no such agency."),
    "placement_not_found": _("There is no such placement."),
}


def placement_status_name(status: str) -> Promise:
    return _STATUSES[status]


def placement_status_shape(status: str) -> str:
    return _SHAPES.get(status, "na")


def end_reason_name(reason: str) -> Promise | str:
    return _REASONS.get(reason, "")


def list_end_reasons() -> list[tuple[str, Promise]]:
    return [(str(reason), name) for reason, name in _REASONS.items()]


def exclusion_ground_name(ground: str) -> Promise | str:
    return _GROUNDS.get(ground, "")


def list_exclusion_grounds() -> list[tuple[str, Promise]]:
    return [(str(ground), name) for ground, name in _GROUNDS.items()]


def say_refusal(error: DomainError) -> str:
    return refusals.say_refusal(error, _REFUSALS, {**case_words(), **_STATUSES})
