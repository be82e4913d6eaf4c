"""Who reacts to which event: the one table. Handlers are idempotent and work on whole batches."""

from __future__ import annotations

from typing import Final

from agencies import events as placement
from agencies import reactions as agencies
from bookkeeping import reactions as bookkeeping
from cases import events as case
from cases import reactions as cases
from contacts import events as contact
from contacts import reactions as contacts
from courts import events as referral
from courts import reactions as courts
from debtors import events as debtor
from debtors import reactions as debtors
from escalation import events as strategy
from escalation import reactions as escalation
from journal.subscribers import Subscriber
from ledger import events as ledger
from negotiations import events as agreement
from negotiations import reactions as negotiations
from staff import events as staff

INTAKE: Final = frozenset(
    {
        debtor.DEBT_TAKEN_IN,
        debtor.DEBT_CHANGED,
        debtor.DATA_PROBLEMS_CHANGED,
        debtor.DEBT_MISSING,
        debtor.DEBT_BACK,
    }
)

#: What a reader of a case would want to know of, where the operation itself does not say so.
NEWS: Final = frozenset(
    {
        case.WORK_FINISHED,
        case.WORK_REOPENED,
        case.WORK_BROUGHT_BACK,
        case.NOTE_WRITTEN,
        case.NOTE_STRUCK_OUT,
        contact.ATTEMPT_LOGGED,
        contact.ATTEMPT_STRUCK_OUT,
        debtor.DEBTOR_CHANGED,
        debtor.DEBTOR_CORRECTED,
        debtor.CONTACT_POINT_ADDED,
        debtor.CONTACT_POINT_DISABLED,
        debtor.ADDRESS_CHANGED,
        debtor.STANDING_CHANGED,
    }
)

#: What a person or a bank did to what is owed; interest by the calendar is not of it.
MONEY_CHANGED: Final = ledger.DUE_CHANGED - {ledger.INTEREST_ACCRUED, ledger.CHARGE_POSTED}

#: What may let a case exit, hold or wait for another day.
FACTS_CHANGED: Final = frozenset(
    {
        *ledger.DUE_CHANGED,
        case.HOLD_PLACED,
        case.HOLD_ENDED,
        case.CASE_CLOSED,
        case.TAKEN_BY_AGREEMENT,
        case.TAKEN_BY_AGENCY,
        case.TAKEN_BY_COURT,
        case.RETURNED_TO_HOUSE,
        contact.MESSAGE_DELIVERED,
        contact.MESSAGE_RETURNED,
        contact.MESSAGE_RECALLED,
        contact.TERMINATION_COMPLETED,
        contact.TERMINATION_APPROVED,
        contact.TERMINATION_REFUSED,
        *placement.PLACEMENT_DECIDED,
        placement.PLACEMENT_PLACED,
        *placement.PLACEMENT_OVER,
        *referral.REFERRAL_DECIDED,
        referral.REFERRAL_FILED,
        *referral.REFERRAL_OVER,
        debtor.ADDRESS_CHANGED,
        debtor.CONTACT_POINT_ADDED,
        debtor.DEBT_TERMINATED,
        debtor.STANDING_CHANGED,
    }
)

SUBSCRIBERS: Final = (
    Subscriber(
        "debtors.reckon_after_news",
        ledger.DUE_CHANGED | {debtor.DEBT_TAKEN_IN, debtor.DEBT_CHANGED},
        debtors.reckon_after_news,
    ),
    Subscriber("cases.settle_after_intake", INTAKE, cases.settle_after_intake),
    Subscriber("cases.settle_after_posting", ledger.DUE_CHANGED, cases.settle_after_posting),
    Subscriber("cases.touch_after_news", NEWS, cases.touch_after_news),
    Subscriber(
        "cases.hand_back_after_leaving",
        frozenset({staff.USER_CHANGED}),
        cases.hand_back_after_leaving,
    ),
    Subscriber(
        "contacts.judge_after_payment",
        frozenset({ledger.PAYMENT_POSTED, ledger.POSTING_REVERSED}),
        contacts.judge_after_payment,
    ),
    Subscriber("contacts.recall_after_money", MONEY_CHANGED, contacts.recall_after_money),
    Subscriber(
        "contacts.recall_with_strategy",
        frozenset({strategy.CASE_EXITED}),
        contacts.recall_with_strategy,
    ),
    Subscriber(
        "negotiations.judge_after_posting",
        frozenset({ledger.PAYMENT_POSTED, ledger.POSTING_REVERSED}),
        negotiations.judge_after_posting,
    ),
    Subscriber(
        "bookkeeping.recall_after_posting", ledger.DUE_CHANGED, bookkeeping.recall_after_posting
    ),
    Subscriber(
        "bookkeeping.confirm_refunds_told_of",
        frozenset({ledger.STATEMENT_TAKEN_IN}),
        bookkeeping.confirm_refunds_told_of,
    ),
    Subscriber(
        "bookkeeping.propose_residuals",
        frozenset({ledger.PAYMENT_POSTED}),
        bookkeeping.propose_residuals,
    ),
    Subscriber(
        "negotiations.note_in_force", agreement.AGREEMENT_IN_FORCE, negotiations.note_in_force
    ),
    Subscriber(
        "negotiations.note_withdrawn",
        frozenset({agreement.AGREEMENT_WITHDRAWN}),
        negotiations.note_withdrawn,
    ),
    Subscriber(
        "negotiations.end_with_case", frozenset({case.CASE_CLOSED}), negotiations.end_with_case
    ),
    Subscriber("contacts.end_with_case", frozenset({case.CASE_CLOSED}), contacts.end_with_case),
    Subscriber("agencies.follow_after_money", MONEY_CHANGED, agencies.follow_after_money),
    Subscriber("courts.follow_after_money", MONEY_CHANGED, courts.follow_after_money),
    Subscriber("agencies.end_with_case", frozenset({case.CASE_CLOSED}), agencies.end_with_case),
    Subscriber(
        "courts.withdraw_with_case", frozenset({case.CASE_CLOSED}), courts.withdraw_with_case
    ),
    Subscriber(
        "escalation.enrol_opened",
        frozenset({case.CASE_OPENED, case.CASE_REOPENED}),
        escalation.enrol_opened,
    ),
    Subscriber(
        "escalation.start_anew", frozenset({agreement.AGREEMENT_BROKEN}), escalation.start_anew
    ),
    Subscriber("escalation.decide_anew", FACTS_CHANGED, escalation.decide_anew),
)
