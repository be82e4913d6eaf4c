"""Reading agreements, what they are about, and what the bank agrees to."""

from negotiations.queries.agreements import (
    AgreementNotFound,
    AgreementRow,
    CaseFigures,
    InstalmentRow,
    get_agreement,
    get_case_figures,
    get_paid_minor,
    list_agreements,
    list_currencies_due,
    list_recent_agreements,
    list_silencing_holds,
)
from negotiations.queries.terms import (
    CheckedTerms,
    NegotiatedByPeopleOnly,
    get_checked_terms,
    get_terms_preview,
)

__all__ = [
    "AgreementNotFound",
    "AgreementRow",
    "CaseFigures",
    "CheckedTerms",
    "InstalmentRow",
    "NegotiatedByPeopleOnly",
    "get_agreement",
    "get_case_figures",
    "get_checked_terms",
    "get_paid_minor",
    "get_terms_preview",
    "list_agreements",
    "list_currencies_due",
    "list_recent_agreements",
    "list_silencing_holds",
]
