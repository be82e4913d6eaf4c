"""Terms that run for the bank, and the cap on what a consumer credit may cost."""

from __future__ import annotations

from typing import Final

from calculations.fields import BadInputs, FieldKind, needed, optional
from calculations.topic import Answer, Setting, Topic, Values
from calculations.values import money, plain_percent
from contacts.complaint_terms import complaint_terms, fulfilment_ends_on
from contacts.terms import (
    NOTICE_TERM_WORKING_DAYS,
    TERMINATION_NOTICE_DAYS,
    termination_effective_on,
)
from kernel.calendar import POLAND
from ledger.credit_cost import CreditTermInvalid, non_interest_cost_cap

_MOST_WORKING_DAYS: Final = 10_000


def compute_business_days(values: Values, setting: Setting) -> Answer:
    """The last day to pay after a demand; Saturdays, Sundays and holidays are not counted."""
    count = values["business_days"]
    if count > _MOST_WORKING_DAYS:
        raise BadInputs([("business_days", "too_large")])
    last_on = POLAND.add_working_days(values["delivered"], count)
    return {"last_day": last_on.isoformat(), "article": "PB 75c"}


def compute_termination(values: Values, setting: Setting) -> Answer:
    """The last day of a contract whose statement of termination was delivered."""
    last_on = termination_effective_on(values["delivered"])
    return {
        "last_day": last_on.isoformat(),
        "notice_days": TERMINATION_NOTICE_DAYS,
        "article": "PB 75 (2)",
    }


def compute_complaint(values: Values, setting: Setting) -> Answer:
    """Last days to send the answer; the longer one needs a notice of the reasons before."""
    found = complaint_terms(
        received_on=values["received"],
        calendar=POLAND,
        about_payment_service=values["payment_service"],
    )
    answered_on = values["answered"]
    return {
        "standard": found.standard_on.isoformat(),
        "complex": found.complex_on.isoformat(),
        "fulfil": fulfilment_ends_on(answered_on=answered_on).isoformat() if answered_on else None,
        "article": "Dz.U. 2015/1348 art. 6–9",
    }


def compute_cost_cap(values: Values, setting: Setting) -> Answer:
    """The most that a consumer credit may cost besides interest; fees for delay count inside."""
    try:
        found = non_interest_cost_cap(
            credit_minor=values["credit"],
            days=values["days"],
            year_days=values["year_days"],
            granted_on=values["granted_on"] or setting.on,
        )
    except CreditTermInvalid:
        key = "days" if values["days"] < 1 else "year_days"
        raise BadInputs([(key, "out_of_range")]) from None
    return {
        "cap": money(found.cap_minor),
        "percent": plain_percent(round(found.percent, 6)),
        "short_credit": found.is_short,
        "at_maximum": found.at_maximum,
        "article": found.article,
    }


TOPICS: Final = (
    Topic(
        "business_days_75c",
        "terms",
        (
            needed("delivered", FieldKind.DAY, "delivered_on", "received"),
            optional("business_days", FieldKind.WHOLE, "days", default=NOTICE_TERM_WORKING_DAYS),
        ),
        compute_business_days,
        {"delivered": "2025-12-19", "business_days": 14},
        ("last_day",),
        ("business_days",),
    ),
    Topic(
        "termination_notice",
        "terms",
        (needed("delivered", FieldKind.DAY, "delivered_on"),),
        compute_termination,
        {"delivered": "2026-03-02"},
        ("last_day",),
    ),
    Topic(
        "complaint_deadline",
        "terms",
        (
            needed("received", FieldKind.DAY, "received_on"),
            optional("payment_service", FieldKind.FLAG, "payment_services", default=False),
            optional("answered", FieldKind.DAY, "answered_on", "accepted_on"),
        ),
        compute_complaint,
        {"received": "2026-03-02"},
        ("standard", "complex"),
        ("complaint_deadlines",),
    ),
    Topic(
        "non_interest_cost_cap",
        "terms",
        (
            needed("credit", FieldKind.AMOUNT, "amount", "principal", "loan"),
            needed("days", FieldKind.WHOLE, "term_days", "days_of_term"),
            optional("year_days", FieldKind.WHOLE, default=365),
            optional("granted_on", FieldKind.DAY, "date", "contract_date", "date_of_contract",
                     "agreement_date", "concluded", "concluded_on", "signed", "signed_on"),
        ),
        compute_cost_cap,
        {"credit": "10000", "days": 365, "year_days": 365},
        ("cap",),
        ("mpkk", "cost_cap"),
    ),
)  # fmt: skip
