"""The words of court referrals."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.wording import case_words
from courts.lifecycle import CostKind, Outcome, Procedure, ReferralStatus
from kernel.errors import DomainError
from staff import refusals

_STATUSES: Final[dict[str, Promise]] = {
    ReferralStatus.PROPOSED: pgettext_lazy("referral", "waits for approval"),
    ReferralStatus.APPROVED: pgettext_lazy("referral", "approved, to be filed"),
    ReferralStatus.REFUSED: pgettext_lazy("referral", "refused"),
    ReferralStatus.SENT_BACK: pgettext_lazy("referral", "sent back"),
    ReferralStatus.WITHDRAWN: pgettext_lazy("referral", "withdrawn"),
    ReferralStatus.FILED: pgettext_lazy("referral", "filed"),
    ReferralStatus.ORDER: pgettext_lazy("referral", "order issued"),
    ReferralStatus.OBJECTED: pgettext_lazy("referral", "objected to"),
    ReferralStatus.ORDER_FINAL: pgettext_lazy("referral", "order final"),
    ReferralStatus.ENFORCEMENT: pgettext_lazy("referral", "in enforcement"),
    ReferralStatus.CLOSED: pgettext_lazy("referral", "closed"),
}
_SHAPES: Final[dict[str, str]] = {
    ReferralStatus.PROPOSED: "later",
    ReferralStatus.SENT_BACK: "bang",
    ReferralStatus.APPROVED: "now",
    ReferralStatus.FILED: "now",
    ReferralStatus.ORDER: "now",
    ReferralStatus.OBJECTED: "bang",
    ReferralStatus.ORDER_FINAL: "met",
    ReferralStatus.ENFORCEMENT: "now",
    ReferralStatus.REFUSED: "not",
}
_PROCEDURES: Final[dict[str, Promise]] = {
    Procedure.EPU: _("Electronic order for payment (EPU)"),
    Procedure.UPOMINAWCZE: _("Order for payment (upominawcze)"),
    Procedure.NAKAZOWE: _("Order for payment on documents (nakazowe)"),
    Procedure.ORDINARY: _("Ordinary proceedings"),
    Procedure.SIMPLIFIED: _("Simplified proceedings"),
}
_OUTCOMES: Final[dict[str, Promise]] = {
    Outcome.PAID: pgettext_lazy("court outcome", "Paid"),
    Outcome.ENFORCED: pgettext_lazy("court outcome", "Enforced"),
    Outcome.UNENFORCEABLE: pgettext_lazy("court outcome", "Enforcement without result"),
    Outcome.DISMISSED: pgettext_lazy("court outcome", "Claim dismissed"),
    Outcome.DISCONTINUED: pgettext_lazy("court outcome", "Discontinued"),
    Outcome.SETTLED: pgettext_lazy("court outcome", "Settled"),
    Outcome.CLAIM_WITHDRAWN: pgettext_lazy("court outcome", "Claim withdrawn"),
}
_COSTS: Final[dict[str, Promise]] = {
    CostKind.COURT_FEE: _("Court fee"),
    CostKind.REPRESENTATION: _("Cost of counsel"),
    CostKind.STAMP_DUTY: _("Stamp duty on the power of attorney"),
    CostKind.BAILIFF_ADVANCE: _("Bailiff's advance"),
    CostKind.BAILIFF_FEE: _("Bailiff's fee"),
    CostKind.OTHER: pgettext_lazy("cost", "Other"),
}
_REFUSALS: Final[dict[str, Promise]] = {
    "termination_not_effective": _("No contract of this case is terminated with effect yet."),
    "claim_time_barred": _("Barred by limitation, must not be claimed: %(contracts)s."),
    "nothing_to_claim": _("The case is closed: nothing is due."),
    "case_on_hold": _("The case is on hold: %(holds)s."),
    "live_referral": _("The case has a court referral already."),
    "not_admissible_in_epu": _(
        "The electronic court takes only claims in PLN due within the last three years"
        " (%(contract_no)s is due since %(due_since)s)."
    ),
    "epu_case_lapsed": _(
        "After an objection the electronic court discontinues. Close this one and file anew."
    ),
    "term_still_runs": _("The order is not served, or the term to object ends on %(ends_on)s."),
    "day_out_of_order": _("The day lies ahead, or before the step that came before."),
    "court_missing": _("Name the court."),
    "cost_not_possible": _("A cost needs a filed claim, a day since then, and an amount."),
    "no_rule_on_day": _("The fee tables do not reach back to that day."),
    "referral_not_found": _("There is no such referral."),
}


def referral_status_name(status: str) -> Promise:
    return _STATUSES[status]


def referral_status_shape(status: str) -> str:
    return _SHAPES.get(status, "na")


def procedure_name(procedure: str) -> Promise | str:
    return _PROCEDURES.get(procedure, "")


def outcome_name(outcome: str) -> Promise | str:
    return _OUTCOMES.get(outcome, "")


def cost_name(kind: str) -> Promise:
    return _COSTS[kind]


def list_outcomes() -> list[tuple[str, Promise]]:
    return [(str(outcome), name) for outcome, name in _OUTCOMES.items()]


def list_cost_kinds() -> list[tuple[str, Promise]]:
    return [(str(kind), name) for kind, name in _COSTS.items()]


def list_procedures() -> list[tuple[str, Promise]]:
    """Those that a claim may be filed in today."""
    return [(str(p), name) for p, name in _PROCEDURES.items() if p != Procedure.SIMPLIFIED]


def say_refusal(error: DomainError) -> str:
    return refusals.say_refusal(error, _REFUSALS, {**case_words(), **_STATUSES})
