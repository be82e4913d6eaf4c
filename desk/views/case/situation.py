"""What the one sentence of the case page is made from."""

from __future__ import annotations

from datetime import date, datetime, time

from cases.lifecycle import Handler, HoldKind, WorkKind
from contacts.guard import Refused
from contacts.lifecycle import MessageStatus, PromiseStatus, Template
from contacts.policy import policy_on
from contacts.terms import notice_term_ends_on
from desk.queries.allowed import Act, CaseVerdicts
from desk.queries.case_page import CaseFile
from desk.views.case.why import waiting_text
from desk.wording.advice import NextStep, Promised, Situation, Work
from desk.wording.event_values import StepTitles
from escalation.queries.explanation import Explanation
from escalation.wording import describe_blocker, step_title
from kernel.calendar import POLAND
from kernel.clock import legal_day
from negotiations.lifecycle import AgreementStatus, InstalmentStatus
from staff.figures import format_money


def situation_of(
    file: CaseFile, verdicts: CaseVerdicts, explained: Explanation | None, titles: StepTitles
) -> Situation:
    case, today = file.case, legal_day(verdicts.at)
    phone = verdicts.of(Act.PHONE)
    assert not isinstance(phone, Exception)
    latest = file.promises[0] if file.promises else None
    promised = Promised(latest.amount_minor, latest.currency, latest.due_on) if latest else None
    total = file.totals[0] if file.debts else None
    return Situation(
        name=case.debtor.display_name,
        at=verdicts.at,
        phone=phone,
        phone_until=None if isinstance(phone, Refused) else phone_hours_end(verdicts.at),
        due=format_money(total.due_minor, total.currency) if total else "",
        days_past_due=max((money.days_past_due(today) for money in file.debts), default=0),
        closed_on=case.closed_on,
        handled_by=Handler(case.handled_by),
        work=_first_work(file, titles),
        waiting=waiting_text(file),
        broken_promise=promised if latest and latest.status == PromiseStatus.BROKEN else None,
        open_promise=promised if latest and latest.status == PromiseStatus.OPEN else None,
        next_instalment=_next_instalment(file),
        holds=[(HoldKind(hold.kind), hold.until_on) for hold in file.holds],
        notice_ends_on=notice_term_running(file, today),
        next_step=_next_step(explained),
        on_strategy=explained is not None,
        is_reachable=any(point.is_usable for point in file.contact_points)
        or any(address.is_usable for address in file.addresses),
    )


def phone_hours_end(at: datetime) -> time | None:
    """Until when people may be called on the day."""
    on = legal_day(at)
    hours = policy_on(on).hours_on(on, POLAND)
    return hours.end if hours else None


def notice_delivered_on(file: CaseFile) -> date | None:
    """When the latest notice under art. 75c arrived; None where it has not, or nothing is left
    for it to start."""
    if all(money.debt.terminated_on is not None for money in file.debts):
        return None
    return next(
        (
            message.delivered_on
            for message in file.messages
            if message.template == Template.NOTICE_75C and message.status == MessageStatus.DELIVERED
        ),
        None,
    )


def notice_term_running(file: CaseFile, today: date) -> date | None:
    """The last day on which restructuring may be asked for, while that term runs."""
    delivered_on = notice_delivered_on(file)
    if delivered_on is None:
        return None
    ends_on = notice_term_ends_on(delivered_on, POLAND)
    return ends_on if today <= ends_on else None


def _first_work(file: CaseFile, titles: StepTitles) -> Work | None:
    if not file.work:
        return None
    item = file.work[0]
    step = titles.get((str(item.reason.get("strategy")), str(item.reason.get("step"))), "")
    return Work(WorkKind(item.kind), item.due_on, item.reason, step)


def _next_instalment(file: CaseFile) -> Promised | None:
    for agreement in file.agreements:
        if agreement.status != AgreementStatus.IN_FORCE:
            continue
        for part in agreement.instalments.all():
            if part.status == InstalmentStatus.OPEN:
                left = part.amount_minor - part.paid_minor
                return Promised(left, agreement.currency, part.due_on)
    return None


def _next_step(explained: Explanation | None) -> NextStep | None:
    now = explained.now if explained else None
    if explained is None or now is None or not now.step:
        return None
    titles = {step.key: step_title(step.title) for step in explained.path}
    return NextStep(
        titles.get(now.step, now.step),
        now.look_again_on if now.outcome == "wait" and now.day_known else None,
        is_due=now.outcome == "perform",
        blocker=describe_blocker(now.blockers[0]) if now.blockers else "",
    )
