"""Opening cases when arrears appear, closing them when nothing is due, reopening them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from cases.assignment import TeamLoad, share_out
from cases.events import CASE_OPENED
from cases.lifecycle import CASE_LIFECYCLE
from cases.locking import lock_cases
from cases.models import Case
from cases.operations.working import cancel_work_items
from cases.valuation import FIGURES_COLUMNS, figures_of
from journal.operations import NewEvent, Subject, record_events
from journal.statistics import look_at_tables
from journal.status import move_statuses
from kernel.actor import Actor
from kernel.authority import by_machine
from staff.rights import Role

#: A debtor needs a case while anything is due on a debt that they mainly owe, or while the
#: data of such a debt are too bad to know.
_NEEDED = """
    SELECT p.debtor_id FROM debtors_debtparty p
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE p.role = 'main_debtor' AND p.debtor_id = ANY(%(debtors)s)
      AND (a.due_minor > 0 OR d.problems <> '[]'::jsonb)
"""


@by_machine
@transaction.atomic
def open_cases(*, debtor_ids: Sequence[int], on: date, at: datetime, actor: Actor) -> list[int]:
    """Open a case for those of the debtors who have arrears and no case; returns the new ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT n.debtor_id FROM ({_NEEDED}) n
            WHERE NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.debtor_id = n.debtor_id)
            ORDER BY n.debtor_id
            """,
            {"debtors": list(debtor_ids)},
        )
        wanted = [int(row[0]) for row in cursor.fetchall()]
        if not wanted:
            return []
        cursor.execute(
            f"""
            INSERT INTO cases_case (number, debtor_id, status, stage, handled_by, team_id,
                                    opened_on, updated_at, {FIGURES_COLUMNS})
            SELECT 'UG-' || %(year)s || '-'
                   || to_char(nextval('cases_number_seq'), 'FM999999999999000000'),
                   n.debtor_id, 'open', 'direct_contact', 'house', n.team_id, %(on)s, %(at)s,
                   f.overdue_minor, f.overdue_currency, f.due_since, f.products
            FROM (SELECT * FROM unnest(%(debtors)s::bigint[], %(teams)s::bigint[])
                  AS x (debtor_id, team_id) ORDER BY debtor_id) n
            CROSS JOIN LATERAL {figures_of("n.debtor_id", on)} f
            ON CONFLICT (debtor_id) DO NOTHING
            RETURNING id, number, debtor_id, team_id
            """,
            {
                "year": on.year,
                "on": on,
                "at": at,
                "debtors": wanted,
                "teams": share_out(len(wanted), _team_loads()),
            },
        )
        opened = sorted(cursor.fetchall())
    look_at_tables(tables=["cases_case"], new_rows=len(opened))
    record_events(
        events=[
            NewEvent(
                CASE_OPENED,
                Subject("case", case_id),
                {"number": number, "debtor_id": debtor_id, "team_id": team_id},
                on,
            )
            for case_id, number, debtor_id, team_id in opened
        ],
        actor=actor,
        at=at,
    )
    return [row[0] for row in opened]


@by_machine
@transaction.atomic
def close_cases(*, case_ids: Sequence[int], on: date, at: datetime, actor: Actor) -> list[int]:
    """Close those on which nothing is due any more; returns their ids. Their work is cancelled.

    A payment may count from a day before the case was opened: the case closes on the day on
    which it was opened at the earliest.
    """
    locked = lock_cases(case_ids=case_ids)
    by_day: dict[date, list[int]] = defaultdict(list)
    for case_id, opened_on in Case.objects.filter(
        pk__in=_by_need(locked, needed=False)
    ).values_list("id", "opened_on"):
        by_day[max(on, opened_on)].append(case_id)
    closed = [
        case_id
        for day, closable in sorted(by_day.items())
        for case_id in move_statuses(
            model=Case,
            ids=closable,
            lifecycle=CASE_LIFECYCLE,
            move="close",
            subject_of=lambda case_id: Subject("case", case_id),
            changes={"closed_on": day, "updated_at": at},
            effective_on=day,
            actor=actor,
            at=at,
        )
    ]
    cancel_work_items(case_ids=closed, kinds=None, code="case_closed", actor=actor, at=at)
    return closed


@by_machine
@transaction.atomic
def reopen_cases(*, case_ids: Sequence[int], on: date, at: datetime, actor: Actor) -> list[int]:
    """Reopen the closed ones whose arrears have returned; returns their ids.

    A reopened case starts again in direct contact.
    """
    locked = lock_cases(case_ids=case_ids)
    return move_statuses(
        model=Case,
        ids=_by_need(locked, needed=True),
        lifecycle=CASE_LIFECYCLE,
        move="reopen",
        subject_of=lambda case_id: Subject("case", case_id),
        changes={"closed_on": None, "stage": "direct_contact", "updated_at": at},
        effective_on=on,
        actor=actor,
        at=at,
    )


@by_machine
@transaction.atomic
def settle_cases(*, debtor_ids: Sequence[int], on: date, at: datetime, actor: Actor) -> None:
    """Open, close or reopen the cases of these debtors as their arrears now stand."""
    ids = sorted(set(debtor_ids))
    open_cases(debtor_ids=ids, on=on, at=at, actor=actor)
    by_status: dict[str, list[int]] = {"open": [], "closed": []}
    for case_id, status in Case.objects.filter(debtor_id__in=ids).values_list("id", "status"):
        by_status[status].append(case_id)
    close_cases(case_ids=by_status["open"], on=on, at=at, actor=actor)
    reopen_cases(case_ids=by_status["closed"], on=on, at=at, actor=actor)


def _by_need(case_ids: Sequence[int], *, needed: bool) -> list[int]:
    """Those of the cases that their debtors need, or do not need, now."""
    debtors = dict(Case.objects.filter(pk__in=case_ids).values_list("debtor_id", "id"))
    with connection.cursor() as cursor:
        cursor.execute(_NEEDED, {"debtors": list(debtors)})
        in_need = {int(row[0]) for row in cursor.fetchall()}
    return sorted(pk for debtor, pk in debtors.items() if (debtor in in_need) is needed)


def _team_loads() -> list[TeamLoad]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.id,
                   (SELECT count(*) FROM cases_case c WHERE c.team_id = t.id AND c.status = 'open'),
                   t.daily_norm * (SELECT count(*) FROM staff_user u WHERE u.team_id = t.id
                                   AND u.is_active AND u.role = %s)
            FROM staff_team t ORDER BY t.id
            """,
            [Role.OFFICER],
        )
        return [TeamLoad(*row) for row in cursor.fetchall()]
