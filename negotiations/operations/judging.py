"""Judging agreements: by the day close, and at once when money is posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction

from cases.lifecycle import Answer, Handler, HoldKind, WorkKind
from cases.locking import lock_cases
from cases.operations import (
    NewWorkItem,
    end_holds,
    note_answers,
    open_work_items,
    return_cases,
)
from journal.operations import NewEvent, Subject, record_events
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND
from kernel.clock import legal_day
from ledger.operations import post_write_off
from negotiations import events
from negotiations.judge import Due, Judgement, Outcome, Tolerance, judge
from negotiations.lifecycle import AGREEMENT_LIFECYCLE, AgreementStatus, InstalmentStatus
from negotiations.models import Agreement, Instalment
from negotiations.operations.expecting import expect_instalments
from negotiations.operations.withdraw import leave
from negotiations.queries import get_case_figures, get_paid_minor

BATCH: Final = 500


@by_machine
def judge_instalments(*, on: date, at: datetime, actor: Actor) -> Mapping[str, int]:
    """Judge every agreement of which an instalment may be missed when ``on`` is over.

    Each batch is a transaction of its own. Running it again changes nothing. Returns counts.
    """
    counts = dict.fromkeys(("judged", "kept", "broken"), 0)
    last_id = 0
    while True:
        ids = list(
            Agreement.objects.filter(
                status=AgreementStatus.IN_FORCE, judge_on__lte=on, pk__gt=last_id
            )
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not ids:
            return counts
        last_id = ids[-1]
        for name, count in _judge(ids, on, on, at, actor).items():
            counts[name] += count


@by_machine
def judge_agreements_of_accounts(
    *, account_ids: Sequence[int], at: datetime, actor: Actor
) -> Mapping[str, int]:
    """Judge the agreements in force over these accounts; today is not over yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT g.id FROM negotiations_agreement g
            JOIN cases_case c ON c.id = g.case_id
            JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            JOIN debtors_debt d ON d.id = p.debt_id AND d.account_id = ANY(%s)
            WHERE g.status = 'in_force' ORDER BY g.id
            """,
            [list(account_ids)],
        )
        ids = [int(row[0]) for row in cursor.fetchall()]
    today = legal_day(at)
    return _judge(ids, today - timedelta(days=1), today, at, actor)


class _Breach(NamedTuple):
    agreement: Agreement
    missed: Instalment
    paid_minor: int


@transaction.atomic
def _judge(
    ids: Sequence[int], passed_on: date, on: date, at: datetime, actor: Actor
) -> dict[str, int]:
    case_ids = Agreement.objects.filter(pk__in=ids).values_list("case_id", flat=True)
    lock_cases(case_ids=case_ids)
    agreements = list(
        Agreement.objects.filter(pk__in=ids, status=AgreementStatus.IN_FORCE).order_by("case_id")
    )
    paid = get_paid_minor(agreement_ids=[agreement.pk for agreement in agreements])
    parts: dict[int, list[Instalment]] = {agreement.pk: [] for agreement in agreements}
    for part in Instalment.objects.filter(agreement__in=agreements).order_by("number"):
        parts[part.agreement_id].append(part)
    changed: list[Instalment] = []
    told: list[NewEvent] = []
    kept: list[Agreement] = []
    broken: list[_Breach] = []
    look_again: list[tuple[int, date]] = []
    for agreement in agreements:
        own = parts[agreement.pk]
        found = judge(
            instalments=[Due(part.due_on, part.amount_minor) for part in own],
            paid_minor=paid[agreement.pk],
            passed_on=passed_on,
            tolerance=Tolerance(agreement.tolerance_days, agreement.tolerance_minor),
        )
        news = _apply(own, found)
        changed += news
        told += [_told(agreement, part, on) for part in news if part.status == "paid"]
        if found.missed is not None:
            broken.append(_Breach(agreement, own[found.missed], paid[agreement.pk]))
        elif found.outcome is Outcome.KEPT:
            kept.append(agreement)
        elif found.judge_on != agreement.judge_on:
            look_again.append((agreement.pk, found.judge_on))
    _save(changed)
    _look_again(look_again)
    record_events(events=told, at=at, actor=actor)
    for agreement in kept:
        _keep(agreement, paid[agreement.pk], on, at, actor)
    if broken:
        _break(broken, on, at, actor)
    touched = {part.agreement_id for part in changed} | {breach.agreement.pk for breach in broken}
    expect_instalments(agreement_ids=touched)
    return {"judged": len(agreements), "kept": len(kept), "broken": len(broken)}


def _apply(parts: Sequence[Instalment], found: Judgement) -> list[Instalment]:
    """Set what fell to each instalment, and give back those for which that is new."""
    changed = []
    for place, (part, paid_minor) in enumerate(zip(parts, found.paid, strict=True)):
        status = InstalmentStatus.OPEN
        if paid_minor == part.amount_minor:
            status = InstalmentStatus.PAID
        elif place == found.missed:
            status = InstalmentStatus.MISSED
        if (part.paid_minor, part.status) != (paid_minor, status):
            part.paid_minor, part.status = paid_minor, status
            changed.append(part)
    return changed


def _told(agreement: Agreement, part: Instalment, on: date) -> NewEvent:
    payload = {
        "agreement_id": agreement.pk,
        "number": part.number,
        "amount_minor": part.amount_minor,
        "currency": agreement.currency,
    }
    return NewEvent(events.INSTALMENT_PAID, Subject("case", agreement.case_id), payload, on)


def _save(changed: Sequence[Instalment]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE negotiations_instalment i SET paid_minor = n.paid_minor, status = n.status
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS n (id, paid_minor, status)
            WHERE i.id = n.id
            """,
            [
                [part.pk for part in changed],
                [part.paid_minor for part in changed],
                [str(part.status) for part in changed],
            ],
        )


def _look_again(days: Sequence[tuple[int, date]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE negotiations_agreement g SET judge_on = n.judge_on
            FROM unnest(%s::bigint[], %s::date[]) AS n (id, judge_on) WHERE g.id = n.id
            """,
            [[pk for pk, _ in days], [on for _, on in days]],
        )


def _keep(agreement: Agreement, paid: int, on: date, at: datetime, actor: Actor) -> None:
    written_off = _write_off(agreement, on, at, actor)
    leave(
        agreement=agreement,
        move="keep",
        reason="paid",
        on=on,
        actor=actor,
        at=at,
        payload={
            "paid_minor": paid,
            "written_off_minor": written_off,
            "currency": agreement.currency,
        },
    )


def _write_off(agreement: Agreement, on: date, at: datetime, actor: Actor) -> int:
    """Stop claiming the agreed part, what is due longest first; never more than is still due."""
    left = agreement.write_off_minor
    if not left:
        return 0
    figures = get_case_figures(case_id=agreement.case_id, currency=agreement.currency, lock=True)
    for account_id, due_minor in figures.account_dues:
        part = min(left, due_minor)
        if part:
            post_write_off(
                account_id=account_id,
                amount_minor=part,
                reason=f"agreement:{agreement.pk}",
                source="agreement",
                idempotency_key=f"{agreement.pk}:{account_id}",
                effective_on=on,
                actor=actor,
                at=at,
            )
            left -= part
    return agreement.write_off_minor - left


def _break(broken: Sequence[_Breach], on: date, at: datetime, actor: Actor) -> None:
    """All that were broken, with one statement of each kind: events, holds, cases, work."""
    by_id = {breach.agreement.pk: breach for breach in broken}
    move_statuses(
        model=Agreement,
        ids=list(by_id),
        lifecycle=AGREEMENT_LIFECYCLE,
        move="break",
        subject_of=lambda pk: Subject("case", by_id[pk].agreement.case_id),
        payload_of=lambda pk: {
            "missed": by_id[pk].missed.number,
            "due_on": by_id[pk].missed.due_on,
            "paid_minor": by_id[pk].paid_minor,
            "currency": by_id[pk].agreement.currency,
        },
        changes={"ended_on": on, "end_reason": "instalment_missed"},
        effective_on=on,
        actor=actor,
        at=at,
    )
    causes = [f"agreement:{pk}" for pk in by_id]
    end_holds(kind=HoldKind.AGREEMENT, causes=causes, on=on, at=at, actor=actor)
    case_ids = [breach.agreement.case_id for breach in broken]
    return_cases(case_ids=case_ids, handler=Handler.AGREEMENT, on=on, at=at, actor=actor)
    note_answers(case_ids=case_ids, answer=Answer.BROKE_WORD, on=on)
    due_on = POLAND.next_working_day(on)
    work = [
        NewWorkItem(
            breach.agreement.case_id,
            WorkKind.BROKEN_AGREEMENT,
            due_on,
            None,
            {
                "code": "agreement_broken",
                "agreement_id": breach.agreement.pk,
                "missed": breach.missed.number,
            },
        )
        for breach in broken
    ]
    open_work_items(items=work, at=at, actor=actor)
