"""Proposing terms to be agreed on: at once within the officer's limit, else for approval."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.lifecycle import CaseStatus, Handler, HoldKind
from cases.locking import lock_case
from cases.models import Case
from cases.operations import NewHold, place_holds
from journal.operations import Subject, record_event
from kernel.actor import Actor
from kernel.authority import requires
from kernel.clock import legal_day
from kernel.errors import Conflict
from negotiations import events
from negotiations.lifecycle import LIVE, AgreementStatus
from negotiations.models import Agreement, Instalment
from negotiations.operations.force import check_may_settle, put_into_force
from negotiations.operations.withdraw import withdraw_row
from negotiations.queries import CaseFigures, CheckedTerms, get_case_figures, get_checked_terms
from negotiations.schedule import Terms
from staff.rights import Right


class LiveAgreement(Conflict):
    """The case has an agreement in force, or one that waits for approval."""

    code = "live_agreement"


class CaseNotNegotiable(Conflict):
    """The case is closed, or an agency or a court has it in hand."""

    code = "case_not_negotiable"


@requires(Right.NEGOTIATE)
@transaction.atomic
def propose_agreement(
    *, case_id: int, currency: str, terms: Terms, note: str, actor: Actor, at: datetime
) -> Agreement:
    """Fix the terms over what is due now. Within the actor's limits the agreement is in force at
    once; above them it holds the case and waits for a second person.

    One that was sent back is replaced. Raises CaseNotFound, CaseNotNegotiable, CaseSilenced,
    LiveAgreement, InvalidTerms, OutsidePolicy.
    """
    on = legal_day(at)
    case = lock_case(case_id=case_id, actor=actor)
    if case.status != CaseStatus.OPEN or case.handled_by in (Handler.AGENCY, Handler.COURT):
        raise CaseNotNegotiable(status=case.status, handled_by=case.handled_by)
    check_may_settle(case_id=case.pk)
    _make_room(case, on, actor, at)
    figures = get_case_figures(case_id=case_id, currency=currency, lock=True)
    checked = get_checked_terms(total=figures.due, terms=terms, on=on, actor=actor)
    agreement = _write(case, terms, checked, figures, note, actor, at)
    record_event(
        kind=events.AGREEMENT_PROPOSED,
        subject=Subject("case", case_id),
        payload=_payload(agreement, checked),
        actor=actor,
        at=at,
    )
    if not checked.needs_approval:
        return put_into_force(agreement=agreement, move="conclude", on=on, actor=actor, at=at)
    hold = NewHold(case_id, HoldKind.APPROVAL, f"agreement:{agreement.pk}", "", on, None)
    place_holds(holds=[hold], at=at, actor=actor)
    return agreement


def _make_room(case: Case, on: date, actor: Actor, at: datetime) -> None:
    live = Agreement.objects.filter(case=case, status__in=LIVE).first()
    if live is None:
        return
    if live.status != AgreementStatus.SENT_BACK:
        raise LiveAgreement(agreement_id=live.pk, status=live.status)
    withdraw_row(agreement=live, reason="replaced", on=on, actor=actor, at=at)


def _write(
    case: Case,
    terms: Terms,
    checked: CheckedTerms,
    figures: CaseFigures,
    note: str,
    actor: Actor,
    at: datetime,
) -> Agreement:
    agreement = Agreement.objects.create(
        case=case,
        kind=terms.kind,
        amount_minor=figures.due.minor,
        currency=figures.due.currency,
        write_off_minor=terms.write_off_minor,
        needs_approval=checked.needs_approval,
        tolerance_days=checked.policy.tolerance_days,
        tolerance_minor=checked.policy.tolerance_minor(figures.due.currency),
        policy_from=checked.policy.valid_from,
        last_transaction_id=figures.last_transaction_id,
        deadline_on=checked.schedule.instalments[0].due_on,
        grounds={"note": note, "excesses": [excess._asdict() for excess in checked.excesses]},
        proposed_by_id=actor.user_id,
        proposed_at=at,
    )
    Instalment.objects.bulk_create(
        Instalment(
            agreement=agreement,
            number=planned.number,
            due_on=planned.due_on,
            amount_minor=planned.amount.minor,
        )
        for planned in checked.schedule.instalments
    )
    return agreement


def _payload(agreement: Agreement, checked: CheckedTerms) -> dict[str, Any]:
    instalments = checked.schedule.instalments
    return {
        "agreement_id": agreement.pk,
        "kind": agreement.kind,
        "amount_minor": agreement.amount_minor,
        "write_off_minor": agreement.write_off_minor,
        "currency": agreement.currency,
        "instalments": len(instalments),
        "first_due_on": instalments[0].due_on,
        "last_due_on": instalments[-1].due_on,
        "needs_approval": agreement.needs_approval,
        "excesses": [excess.code for excess in checked.excesses],
    }
