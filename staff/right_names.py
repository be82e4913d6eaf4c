"""What each right lets somebody do, for the page on which an administrator looks it up."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.rights import Right

#: In the order of the page: what one sees, what one does, what one decides and runs.
RIGHT_NAMES: Final[dict[Right, Promise]] = {
    Right.SEE_CASES: _("See cases"),
    Right.SEE_ALL_TEAMS: _("See cases of every team"),
    Right.SEE_IDENTIFIERS: _("See PESEL and other identifiers in full"),
    Right.SEE_BOARD: _("See the board"),
    Right.SEE_STRATEGIES: _("See strategies"),
    Right.SEE_APPROVALS: _("See what waits for approval"),
    Right.SEE_RUNS: _("See intake runs and day closes"),
    Right.SEE_OPERATIONS: _("See the state of the product and its red switches"),
    Right.SEE_STATEMENTS: _("See bank statements"),
    Right.SEE_JOURNAL: _("See the register of changes"),
    Right.LOG_CONTACT: _("Log contacts and promises"),
    Right.EXTEND_PROMISE: _("Accept promises beyond the usual limits"),
    Right.WORK_CASE: _("Take cases in hand and finish work"),
    Right.HOLD_CASE: _("Put a case on hold"),
    Right.HOLD_CASE_LEGALLY: _("Place holds for legal reasons"),
    Right.ASSIGN_CASE: _("Assign cases to people"),
    Right.CORRECT_DATA: _("Correct data of debtors"),
    Right.NEGOTIATE: _("Negotiate agreements"),
    Right.RECORD_DELIVERY: _("Hand messages over and record deliveries"),
    Right.OVERRIDE_GUARD: _("Set a contact rule aside for a day"),
    Right.PROPOSE_TERMINATION: pgettext_lazy("right", "Propose termination"),
    Right.PROPOSE_PLACEMENT: _("Propose placement with an agency"),
    Right.PROPOSE_REFERRAL: _("Propose referral to court"),
    Right.PROPOSE_WRITE_OFF: _("Propose write-offs"),
    Right.PROPOSE_REFUND: _("Propose refunds"),
    Right.CHARGE_FEE: _("Charge fees and costs of the tariff"),
    Right.APPROVE_AGREEMENT: _("Approve agreements, up to the role's limit"),
    Right.APPROVE_TERMINATION: _("Approve terminations, up to the role's limit"),
    Right.APPROVE_PLACEMENT: _("Approve placements, up to the role's limit"),
    Right.APPROVE_REFERRAL: _("Approve referrals, up to the role's limit"),
    Right.APPROVE_REFUND: _("Approve refunds, up to the role's limit"),
    Right.APPROVE_CHARGE: _("Approve fees and costs, up to the role's limit"),
    Right.RUN_AGENCIES: _("Run agencies and their files"),
    Right.RUN_COURT_CASES: _("Run court cases"),
    Right.POST_PAYMENT: _("Post payments by hand"),
    Right.CORRECT_POSTING: _("Take postings back"),
    Right.WRITE_OFF: _("Decide about write-offs, up to the role's authority"),
    Right.IMPORT_PORTFOLIO: _("Take portfolio files in"),
    Right.IMPORT_STATEMENTS: _("Take bank statements in and match payments"),
    Right.SET_TARGETS: _("Set targets of payments"),
    Right.DRAFT_STRATEGY: _("Draft strategies and simulate them"),
    Right.PUBLISH_STRATEGY: _("Put strategies of others in force"),
    Right.THROW_SWITCHES: _("Turn red switches"),
    Right.MANAGE_STAFF: _("Manage users, teams, limits and API clients"),
    Right.MANAGE_RATES: _("Change interest rates"),
}
