"""The words of agreements."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.wording import case_words
from kernel.errors import DomainError
from kernel.money import Money
from negotiations.lifecycle import AgreementKind, AgreementStatus, InstalmentStatus
from negotiations.policy import Excess
from staff import refusals
from staff.figures import format_money, format_percent

_KINDS: Final[dict[str, Promise]] = {
    AgreementKind.INSTALMENTS: _("Instalments"),
    AgreementKind.DEFERRAL: _("Deferral to one later day"),
    AgreementKind.SETTLEMENT: _("Settlement with a partial write-off"),
}
_STATUSES: Final[dict[str, Promise]] = {
    AgreementStatus.PROPOSED: pgettext_lazy("agreement", "waits for approval"),
    AgreementStatus.SENT_BACK: pgettext_lazy("agreement", "sent back"),
    AgreementStatus.REFUSED: pgettext_lazy("agreement", "refused"),
    AgreementStatus.WITHDRAWN: pgettext_lazy("agreement", "withdrawn"),
    AgreementStatus.IN_FORCE: pgettext_lazy("agreement", "in force"),
    AgreementStatus.KEPT: pgettext_lazy("agreement", "kept"),
    AgreementStatus.BROKEN: pgettext_lazy("agreement", "broken"),
}
_SHAPES: Final[dict[str, str]] = {
    AgreementStatus.PROPOSED: "later",
    AgreementStatus.SENT_BACK: "bang",
    AgreementStatus.REFUSED: "not",
    AgreementStatus.IN_FORCE: "now",
    AgreementStatus.KEPT: "met",
    AgreementStatus.BROKEN: "not",
}
_INSTALMENTS: Final[dict[str, Promise]] = {
    InstalmentStatus.OPEN: pgettext_lazy("instalment", "open"),
    InstalmentStatus.PAID: pgettext_lazy("instalment", "paid"),
    InstalmentStatus.MISSED: pgettext_lazy("instalment", "missed"),
}
_INSTALMENT_SHAPES: Final[dict[str, str]] = {
    InstalmentStatus.OPEN: "later",
    InstalmentStatus.PAID: "met",
    InstalmentStatus.MISSED: "not",
}
_EXCESSES: Final[dict[str, Promise]] = {
    "role_may_not_agree": _("Your role makes no agreements alone."),
    "instalments": _("%(value)s instalments; your limit is %(limit)s."),
    "deferral_days": _("Put off by %(value)s days; your limit is %(limit)s."),
    "write_off_share": _("A share of %(value)s is written off; your limit is %(limit)s."),
    "amount": _("The amount is %(value)s; your limit is %(limit)s."),
}
_REFUSALS: Final[dict[str, Promise]] = {
    "live_agreement": _("The case has an agreement in force, or one that waits for approval."),
    "case_not_negotiable": _("The case is closed, or an agency or the court has it."),
    "case_silenced": _("A hold forbids contact and agreements: %(holds)s."),
    "schedule_outdated": _(
        "The first day to pay has passed, or more is due than the terms were made for."
        " Send it back."
    ),
    "over_policy": _("The terms go beyond what your role may agree to."),
    "agreement_not_found": _("There is no such agreement."),
    "negotiated_by_people_only": _("Only people make agreements."),
}
_TERMS: Final[dict[tuple[str, str], Promise]] = {
    ("total", "nothing_due"): _("Nothing is due in this currency."),
    ("count", "out_of_range"): _("The number of instalments is between 1 and 600."),
    ("count", "deferral_is_one_payment"): _("A deferral is one payment."),
    ("count", "instalments_are_several"): _("Instalments are at least two."),
    ("count", "instalment_of_nothing"): _("There are more instalments than there is to pay."),
    ("write_off", "out_of_range"): _("A settlement writes off a part, and not all."),
    ("write_off", "only_in_a_settlement"): _("Only a settlement writes something off."),
}
_OUTSIDE: Final[dict[str, Promise]] = {
    "first_due_passed": _("The first day to pay has passed already."),
    "first_due_too_late": _("The first instalment is due within %(limit)s days."),
    "instalment_too_small": _("An instalment is at least %(limit)s."),
}


def agreement_kind_name(kind: str) -> Promise:
    return _KINDS[kind]


def agreement_status_name(status: str) -> Promise:
    return _STATUSES[status]


def agreement_status_shape(status: str) -> str:
    return _SHAPES.get(status, "na")


def instalment_status_name(status: str) -> Promise:
    return _INSTALMENTS[status]


def instalment_status_shape(status: str) -> str:
    return _INSTALMENT_SHAPES[status]


def excess_text(excess: Excess) -> str:
    """Why terms need a second person, in the figures of the reader."""
    return str(_EXCESSES[excess.code]) % {
        "limit": _figure(excess.code, excess.limit),
        "value": _figure(excess.code, excess.value),
    }


def _figure(code: str, written: str) -> str:
    """``498217.21 PLN`` and ``0.2550`` are kept; ``498 217,21 zł`` and ``25,5 %`` are read."""
    if code == "amount":
        amount, _space, currency = written.partition(" ")
        return format_money(Money.from_decimal(Decimal(amount), currency).minor, currency)
    return format_percent(Decimal(written)) if code == "write_off_share" else written


def say_refusal(error: DomainError) -> str:
    if error.code == "invalid_terms":
        named = _TERMS.get((error.values["field"], error.values["why"]))
        if named is not None:
            return str(named)
    if error.code == "outside_policy":
        return refusals.fill(_OUTSIDE[error.values["excess"]], error.values)
    return refusals.say_refusal(error, _REFUSALS, {**case_words(), **_STATUSES})
