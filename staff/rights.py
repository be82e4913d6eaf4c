"""Who may do what: rights, roles, and the scopes of an API client. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from staff.lifecycle import ApprovalKind


class Right(StrEnum):
    """What a page, an endpoint or an operation can require."""

    SEE_CASES = "see_cases"
    SEE_ALL_TEAMS = "see_all_teams"
    SEE_IDENTIFIERS = "see_identifiers"
    SEE_BOARD = "see_board"
    SEE_STRATEGIES = "see_strategies"
    SEE_RUNS = "see_runs"
    SEE_OPERATIONS = "see_operations"
    SEE_STATEMENTS = "see_statements"
    SEE_JOURNAL = "see_journal"
    SEE_APPROVALS = "see_approvals"

    LOG_CONTACT = "log_contact"
    EXTEND_PROMISE = "extend_promise"
    OVERRIDE_GUARD = "override_guard"
    HOLD_CASE = "hold_case"
    HOLD_CASE_LEGALLY = "hold_case_legally"
    ASSIGN_CASE = "assign_case"
    WORK_CASE = "work_case"
    CORRECT_DATA = "correct_data"
    NEGOTIATE = "negotiate"
    APPROVE_AGREEMENT = "approve_agreement"
    PROPOSE_TERMINATION = "propose_termination"
    APPROVE_TERMINATION = "approve_termination"
    PROPOSE_PLACEMENT = "propose_placement"
    APPROVE_PLACEMENT = "approve_placement"
    RUN_AGENCIES = "run_agencies"
    PROPOSE_REFERRAL = "propose_referral"
    APPROVE_REFERRAL = "approve_referral"
    RUN_COURT_CASES = "run_court_cases"
    RECORD_DELIVERY = "record_delivery"

    POST_PAYMENT = "post_payment"
    CORRECT_POSTING = "correct_posting"
    WRITE_OFF = "write_off"
    PROPOSE_WRITE_OFF = "propose_write_off"
    PROPOSE_REFUND = "propose_refund"
    APPROVE_REFUND = "approve_refund"
    CHARGE_FEE = "charge_fee"
    APPROVE_CHARGE = "approve_charge"
    IMPORT_PORTFOLIO = "import_portfolio"
    IMPORT_STATEMENTS = "import_statements"

    THROW_SWITCHES = "throw_switches"
    SET_TARGETS = "set_targets"
    DRAFT_STRATEGY = "draft_strategy"
    PUBLISH_STRATEGY = "publish_strategy"
    MANAGE_STAFF = "manage_staff"
    MANAGE_RATES = "manage_rates"


class Role(StrEnum):
    OFFICER = "officer"
    TEAM_LEADER = "team_leader"
    MANAGER = "manager"
    LEGAL = "legal"
    COMPLIANCE = "compliance"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


_OFFICER: Final = frozenset(
    {
        Right.SEE_CASES,
        Right.SEE_IDENTIFIERS,
        Right.LOG_CONTACT,
        Right.HOLD_CASE,
        Right.WORK_CASE,
        Right.CORRECT_DATA,
        Right.NEGOTIATE,
        Right.PROPOSE_TERMINATION,
        Right.PROPOSE_PLACEMENT,
        Right.PROPOSE_REFERRAL,
        Right.PROPOSE_WRITE_OFF,
        Right.PROPOSE_REFUND,
        Right.CHARGE_FEE,
        Right.SEE_STRATEGIES,
    }
)
_TEAM_LEADER: Final = _OFFICER | {
    Right.SEE_BOARD,
    Right.SEE_APPROVALS,
    Right.ASSIGN_CASE,
    Right.EXTEND_PROMISE,
    Right.APPROVE_AGREEMENT,
    Right.APPROVE_TERMINATION,
    Right.RECORD_DELIVERY,
    Right.POST_PAYMENT,
    Right.WRITE_OFF,
    Right.APPROVE_REFUND,
    Right.APPROVE_CHARGE,
    Right.SEE_RUNS,
}
_MANAGER: Final = _TEAM_LEADER | {
    Right.SEE_ALL_TEAMS,
    Right.SEE_OPERATIONS,
    Right.THROW_SWITCHES,
    Right.APPROVE_PLACEMENT,
    Right.RUN_AGENCIES,
    Right.DRAFT_STRATEGY,
    Right.PUBLISH_STRATEGY,
    Right.SET_TARGETS,
    Right.IMPORT_PORTFOLIO,
    Right.SEE_STATEMENTS,
    Right.IMPORT_STATEMENTS,
    Right.CORRECT_POSTING,
}
_LEGAL: Final = frozenset(
    {
        Right.SEE_CASES,
        Right.SEE_ALL_TEAMS,
        Right.SEE_IDENTIFIERS,
        Right.SEE_APPROVALS,
        Right.SEE_BOARD,
        Right.SEE_STRATEGIES,
        Right.LOG_CONTACT,
        Right.WORK_CASE,
        Right.HOLD_CASE,
        Right.HOLD_CASE_LEGALLY,
        Right.APPROVE_TERMINATION,
        Right.PROPOSE_REFERRAL,
        Right.APPROVE_REFERRAL,
        Right.RUN_COURT_CASES,
        Right.RECORD_DELIVERY,
    }
)
_AUDITOR: Final = frozenset(
    {
        Right.SEE_CASES,
        Right.SEE_ALL_TEAMS,
        Right.SEE_BOARD,
        Right.SEE_STRATEGIES,
        Right.SEE_RUNS,
        Right.SEE_OPERATIONS,
        Right.SEE_STATEMENTS,
        Right.SEE_JOURNAL,
        Right.SEE_APPROVALS,
    }
)
_COMPLIANCE: Final = _AUDITOR | {
    Right.SEE_IDENTIFIERS,
    Right.HOLD_CASE,
    Right.HOLD_CASE_LEGALLY,
    Right.OVERRIDE_GUARD,
}
_ADMINISTRATOR: Final = frozenset(
    {
        Right.MANAGE_STAFF,
        Right.MANAGE_RATES,
        Right.SEE_RUNS,
        Right.SEE_STRATEGIES,
        Right.SEE_OPERATIONS,
        Right.THROW_SWITCHES,
    }
)

ROLE_RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.OFFICER: _OFFICER,
    Role.TEAM_LEADER: frozenset(_TEAM_LEADER),
    Role.MANAGER: frozenset(_MANAGER),
    Role.LEGAL: _LEGAL,
    Role.COMPLIANCE: frozenset(_COMPLIANCE),
    Role.AUDITOR: _AUDITOR,
    Role.ADMINISTRATOR: _ADMINISTRATOR,
}


#: The right that decides a proposal of each kind.
RIGHT_TO_DECIDE: Final[dict[ApprovalKind, Right]] = {
    ApprovalKind.TERMINATION: Right.APPROVE_TERMINATION,
    ApprovalKind.AGREEMENT: Right.APPROVE_AGREEMENT,
    ApprovalKind.PLACEMENT: Right.APPROVE_PLACEMENT,
    ApprovalKind.REFERRAL: Right.APPROVE_REFERRAL,
    ApprovalKind.WRITE_OFF: Right.WRITE_OFF,
    ApprovalKind.REFUND: Right.APPROVE_REFUND,
    ApprovalKind.CHARGE: Right.APPROVE_CHARGE,
}
#: Whose role is enough to decide each kind in the place of somebody who has the right. What goes
#: to court is left to those who answer for the claim or for the whole book, and what moves money by
#: hand to those who have an authority over money of their own.
DEPUTIES: Final[dict[ApprovalKind, frozenset[Role]]] = {
    ApprovalKind.TERMINATION: frozenset({Role.TEAM_LEADER, Role.MANAGER, Role.LEGAL}),
    ApprovalKind.AGREEMENT: frozenset({Role.TEAM_LEADER, Role.MANAGER}),
    ApprovalKind.PLACEMENT: frozenset({Role.TEAM_LEADER, Role.MANAGER, Role.LEGAL}),
    ApprovalKind.REFERRAL: frozenset({Role.MANAGER, Role.LEGAL}),
    ApprovalKind.WRITE_OFF: frozenset({Role.TEAM_LEADER, Role.MANAGER}),
    ApprovalKind.REFUND: frozenset({Role.TEAM_LEADER, Role.MANAGER}),
    ApprovalKind.CHARGE: frozenset({Role.TEAM_LEADER, Role.MANAGER}),
}


def needs_team(role: Role) -> bool:
    """Sees cases, but only those of one team: without one they see none."""
    rights = ROLE_RIGHTS[role]
    return Right.SEE_CASES in rights and Right.SEE_ALL_TEAMS not in rights


class Scope(StrEnum):
    """What an API token may be used for."""

    READ_CASES = "cases:read"
    READ_TIMELINE = "timeline:read"
    CALCULATE = "calculations"
    SEND_STATEMENTS = "statements:write"


SCOPE_RIGHTS: Final[dict[Scope, frozenset[Right]]] = {
    Scope.READ_CASES: frozenset({Right.SEE_CASES}),
    Scope.READ_TIMELINE: frozenset({Right.SEE_CASES}),
    Scope.CALCULATE: frozenset(),
    Scope.SEND_STATEMENTS: frozenset({Right.SEE_STATEMENTS, Right.IMPORT_STATEMENTS}),
}
