"""Who may open what: one line for every URL of the product.

A URL that is not listed fails the walk. ``required`` is a right of a role, a scope of an API
token, or one of the marks for everybody.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from calculations.table import TOPICS
from staff.access import PUBLIC, SIGNED_IN
from staff.rights import Right, Scope


class Access(NamedTuple):
    """``GET`` and ``POST`` where a page takes both."""

    methods: tuple[str, ...]
    required: Right | Scope | str


_GET: Final = ("GET",)
_POST: Final = ("POST",)
_BOTH: Final = ("GET", "POST")

ACCESS: Final[dict[str, Access]] = {
    # for everybody, signed in or not
    "healthz": Access(_GET, PUBLIC),
    "readyz": Access(_GET, PUBLIC),
    "sign-in": Access(_BOTH, PUBLIC),
    "account_login": Access(_BOTH, PUBLIC),
    "mfa_authenticate": Access(_BOTH, PUBLIC),
    "session": Access(_GET, PUBLIC),
    "sign-out": Access(_POST, PUBLIC),
    "look": Access(_POST, PUBLIC),
    "api-openapi": Access(_GET, PUBLIC),
    "api-documentation": Access(_GET, PUBLIC),
    "api-unknown": Access(_GET, PUBLIC),
    # for everybody who has signed in
    "home": Access(_GET, SIGNED_IN),
    "preferences": Access(_BOTH, SIGNED_IN),
    "stay": Access(_POST, SIGNED_IN),
    "account": Access(_GET, SIGNED_IN),
    "change-password": Access(_POST, SIGNED_IN),
    "second-factor": Access(_BOTH, SIGNED_IN),
    "second-factor-off": Access(_POST, SIGNED_IN),
    "recovery-codes": Access(_POST, SIGNED_IN),
    "end-other-sessions": Access(_POST, SIGNED_IN),
    # API clients
    "api-cases": Access(_GET, Scope.READ_CASES),
    "api-case": Access(_GET, Scope.READ_CASES),
    "api-ledger": Access(_GET, Scope.READ_CASES),
    "api-timeline": Access(_GET, Scope.READ_TIMELINE),
    "api-statements": Access(_POST, Scope.SEND_STATEMENTS),
    "api-statement": Access(_GET, Scope.SEND_STATEMENTS),
    "api-calculations": Access(_GET, Scope.CALCULATE),
    **{f"api-calculate-{topic}": Access(_POST, Scope.CALCULATE) for topic in TOPICS},
    # the desk
    "work-list": Access(_GET, Right.SEE_CASES),
    "start-next": Access(_POST, Right.WORK_CASE),
    "put-aside": Access(_BOTH, Right.WORK_CASE),
    "assign": Access(_BOTH, Right.ASSIGN_CASE),
    "keep-view": Access(_POST, Right.SEE_CASES),
    "drop-view": Access(_POST, Right.SEE_CASES),
    "case-preview": Access(_GET, Right.SEE_CASES),
    "mark-told": Access(_POST, Right.WORK_CASE),
    "case-hand": Access(_GET, Right.SEE_CASES),
    "case-take": Access(_POST, Right.WORK_CASE),
    "case-take-over": Access(_POST, Right.WORK_CASE),
    "case-put-back": Access(_POST, Right.WORK_CASE),
    "case-done": Access(_POST, Right.WORK_CASE),
    "search": Access(_BOTH, Right.SEE_CASES),
    "search-suggest": Access(_POST, Right.SEE_CASES),
    "cases": Access(_GET, Right.SEE_CASES),
    "case": Access(_GET, Right.SEE_CASES),
    "case-print": Access(_GET, Right.SEE_CASES),
    "case-ledger": Access(_GET, Right.SEE_CASES),
    "debt-ledger": Access(_GET, Right.SEE_CASES),
    "case-standing": Access(_GET, Right.SEE_CASES),
    "case-confirm-identity": Access(_POST, Right.LOG_CONTACT),
    "case-forget-identity": Access(_POST, Right.LOG_CONTACT),
    "case-hold": Access(_POST, Right.HOLD_CASE),
    "case-end-hold": Access(_POST, Right.HOLD_CASE),
    "case-open-work": Access(_POST, Right.WORK_CASE),
    "case-finish-work": Access(_POST, Right.WORK_CASE),
    "case-post-payment": Access(_POST, Right.POST_PAYMENT),
    "case-preview-payment": Access(_POST, Right.POST_PAYMENT),
    "case-log-contact": Access(_POST, Right.LOG_CONTACT),
    "case-echo-contact": Access(_POST, Right.LOG_CONTACT),
    "case-keep-draft": Access(_POST, Right.LOG_CONTACT),
    "case-write-note": Access(_POST, Right.WORK_CASE),
    "case-pin-note": Access(_POST, Right.WORK_CASE),
    "case-undo": Access(_POST, Right.SEE_CASES),
    "approvals": Access(_GET, Right.SEE_APPROVALS),
    "staff-delegations": Access(_BOTH, Right.SEE_APPROVALS),
    "staff-end-delegation": Access(_POST, Right.SEE_APPROVALS),
    "approval": Access(_BOTH, Right.SEE_APPROVALS),
    "decide-approvals": Access(_POST, Right.SEE_APPROVALS),
    # messages and correspondence
    "messages": Access(_GET, Right.RECORD_DELIVERY),
    "hand-over-messages": Access(_POST, Right.RECORD_DELIVERY),
    "upload-deliveries": Access(_POST, Right.RECORD_DELIVERY),
    "message": Access(_GET, Right.SEE_CASES),
    "message-recipient": Access(_POST, Right.SEE_IDENTIFIERS),
    "record-delivery": Access(_POST, Right.RECORD_DELIVERY),
    "correspondence": Access(_GET, Right.SEE_CASES),
    "add-restructuring-request": Access(_POST, Right.WORK_CASE),
    "answer-restructuring-request": Access(_POST, Right.NEGOTIATE),
    "withdraw-promise": Access(_POST, Right.LOG_CONTACT),
    "propose-termination": Access(_POST, Right.PROPOSE_TERMINATION),
    "rework-termination": Access(_POST, Right.PROPOSE_TERMINATION),
    "override-guard": Access(_POST, Right.OVERRIDE_GUARD),
    # the data of a debtor
    "debtor-data": Access(_GET, Right.SEE_CASES),
    "debtor-reveal": Access(_POST, Right.SEE_IDENTIFIERS),
    "debtor-correct": Access(_POST, Right.CORRECT_DATA),
    "debtor-release": Access(_POST, Right.CORRECT_DATA),
    "debtor-add-point": Access(_POST, Right.CORRECT_DATA),
    "debtor-disable-point": Access(_POST, Right.CORRECT_DATA),
    "debtor-put-address": Access(_POST, Right.CORRECT_DATA),
    "debtor-waive-problem": Access(_POST, Right.CORRECT_DATA),
    # strategies
    "strategies": Access(_GET, Right.SEE_STRATEGIES),
    "strategy": Access(_GET, Right.SEE_STRATEGIES),
    "strategy-text": Access(_GET, Right.SEE_STRATEGIES),
    "start-draft": Access(_POST, Right.DRAFT_STRATEGY),
    "draft": Access(_GET, Right.DRAFT_STRATEGY),
    "draft-text": Access(_BOTH, Right.DRAFT_STRATEGY),
    "download-draft": Access(_GET, Right.DRAFT_STRATEGY),
    "draft-header": Access(_BOTH, Right.DRAFT_STRATEGY),
    "draft-step": Access(_BOTH, Right.DRAFT_STRATEGY),
    "draft-step-act": Access(_POST, Right.DRAFT_STRATEGY),
    "rename-draft": Access(_POST, Right.DRAFT_STRATEGY),
    "draft-base": Access(_POST, Right.DRAFT_STRATEGY),
    "discard-draft": Access(_POST, Right.DRAFT_STRATEGY),
    "ask-for-publication": Access(_POST, Right.DRAFT_STRATEGY),
    "simulate-draft": Access(_POST, Right.DRAFT_STRATEGY),
    "draft-simulation": Access(_GET, Right.DRAFT_STRATEGY),
    "stop-simulation": Access(_POST, Right.DRAFT_STRATEGY),
    "simulate-here": Access(_POST, Right.DRAFT_STRATEGY),
    "changed-cases": Access(_GET, Right.DRAFT_STRATEGY),
    "changed-cases-csv": Access(_GET, Right.DRAFT_STRATEGY),
    "decide-version": Access(_POST, Right.PUBLISH_STRATEGY),
    "withdraw-version": Access(_POST, Right.DRAFT_STRATEGY),
    # operations
    "operations": Access(_GET, Right.SEE_OPERATIONS),
    "switch": Access(_GET, Right.SEE_OPERATIONS),
    "turn-switch": Access(_POST, Right.THROW_SWITCHES),
    # runs
    "intake-runs": Access(_GET, Right.SEE_RUNS),
    "intake-run": Access(_GET, Right.SEE_RUNS),
    "intake-upload": Access(_POST, Right.IMPORT_PORTFOLIO),
    "intake-errors": Access(_GET, Right.IMPORT_PORTFOLIO),
    "day-closes": Access(_GET, Right.SEE_RUNS),
    "statements": Access(_GET, Right.SEE_STATEMENTS),
    "statements-upload": Access(_POST, Right.IMPORT_STATEMENTS),
    "statement-file": Access(_GET, Right.SEE_STATEMENTS),
    "statement-entry-take-back": Access(_POST, Right.CORRECT_POSTING),
    "payment-take-back": Access(_POST, Right.CORRECT_POSTING),
    "payment-inbox": Access(_GET, Right.IMPORT_STATEMENTS),
    "payment-inbox-decide": Access(_POST, Right.IMPORT_STATEMENTS),
    # boards
    "board": Access(_GET, Right.SEE_BOARD),
    "board-cases": Access(_GET, Right.SEE_BOARD),
    "board-lines": Access(_GET, Right.SEE_BOARD),
    "board-rolled": Access(_GET, Right.SEE_BOARD),
    "board-table": Access(_GET, Right.SEE_BOARD),
    "board-targets": Access(_BOTH, Right.SET_TARGETS),
    # agreements
    "agreements": Access(_GET, Right.SEE_CASES),
    "agreement": Access(_GET, Right.SEE_CASES),
    "withdraw-agreement": Access(_POST, Right.NEGOTIATE),
    "negotiate": Access(_BOTH, Right.NEGOTIATE),
    # money moved by hand, and statements of account
    "case-money": Access(_GET, Right.SEE_CASES),
    "write-off": Access(_BOTH, Right.PROPOSE_WRITE_OFF),
    "propose-refund": Access(_BOTH, Right.PROPOSE_REFUND),
    "charge-fee": Access(_BOTH, Right.CHARGE_FEE),
    "statement-of-account": Access(_GET, Right.SEE_CASES),
    "write-offs": Access(_GET, Right.SEE_CASES),
    "authority": Access(_GET, Right.SEE_CASES),
    "propose-small-balances": Access(_POST, Right.WRITE_OFF),
    "write-off-batch": Access(_GET, Right.WRITE_OFF),
    "withdraw-write-off-batch": Access(_POST, Right.WRITE_OFF),
    "decide-write-off-batch": Access(_POST, Right.WRITE_OFF),
    "write-off-act": Access(_POST, Right.PROPOSE_WRITE_OFF),
    "refunds": Access(_GET, Right.SEE_CASES),
    "refund-act": Access(_POST, Right.PROPOSE_REFUND),
    "charge-act": Access(_POST, Right.CHARGE_FEE),
    # agencies
    "agencies": Access(_GET, Right.SEE_BOARD),
    "agency": Access(_GET, Right.SEE_BOARD),
    "add-agency": Access(_POST, Right.RUN_AGENCIES),
    "change-agency": Access(_POST, Right.RUN_AGENCIES),
    "make-batch": Access(_POST, Right.RUN_AGENCIES),
    "batch-file": Access(_POST, Right.RUN_AGENCIES),
    "placements": Access(_GET, Right.SEE_CASES),
    "placement": Access(_GET, Right.SEE_CASES),
    "leave-placement": Access(_POST, Right.PROPOSE_PLACEMENT),
    "propose-placement": Access(_BOTH, Right.PROPOSE_PLACEMENT),
    "propose-placement-again": Access(_POST, Right.PROPOSE_PLACEMENT),
    # courts
    "referrals": Access(_GET, Right.SEE_CASES),
    "referral": Access(_GET, Right.SEE_CASES),
    "referral-act": Access(_POST, Right.PROPOSE_REFERRAL),
    "referral-cost": Access(_POST, Right.RUN_COURT_CASES),
    "propose-referral": Access(_BOTH, Right.PROPOSE_REFERRAL),
    # administration
    "calculator": Access(_GET, Right.SEE_CASES),
    "rates": Access(_GET, Right.SEE_RUNS),
    "change-rates": Access(_POST, Right.MANAGE_RATES),
    "staff-journal": Access(_GET, Right.SEE_JOURNAL),
    "staff-users": Access(_BOTH, Right.MANAGE_STAFF),
    "staff-user": Access(_BOTH, Right.MANAGE_STAFF),
    "staff-password": Access(_POST, Right.MANAGE_STAFF),
    "staff-second-factor": Access(_POST, Right.MANAGE_STAFF),
    "staff-sessions": Access(_POST, Right.MANAGE_STAFF),
    "staff-teams": Access(_BOTH, Right.MANAGE_STAFF),
    "staff-team": Access(_BOTH, Right.MANAGE_STAFF),
    "staff-limits": Access(_BOTH, Right.MANAGE_STAFF),
    "staff-limit-remove": Access(_POST, Right.MANAGE_STAFF),
    "staff-roles": Access(_GET, Right.MANAGE_STAFF),
    "staff-clients": Access(_BOTH, Right.MANAGE_STAFF),
    "staff-client": Access(_POST, Right.MANAGE_STAFF),
    "staff-revoke-token": Access(_POST, Right.MANAGE_STAFF),
}

#: Parameters of an address that name a part of a case, and so belong to its team.
OF_A_CASE: Final = frozenset(
    {"number", "hold_id", "work_item_id", "note_id", "agreement_id", "placement_id", "referral_id",
     "write_off_id", "refund_id", "charge_id", "proposal_id", "message_id", "promise_id",
     "request_id", "termination_id"}
)  # fmt: skip
