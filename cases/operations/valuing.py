"""What cases owe and what may be expected of them, kept where the lists find it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from cases.lifecycle import Answer
from cases.models import LastAnswer
from cases.valuation import FIGURES_COLUMNS, WORTH_COLUMNS, figures_of, worth_of
from cases.work_policy import work_policy_on
from kernel.authority import by_machine

#: Earlier than any change of a case.
_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)

_VALUE: Final = """
    WITH locked AS MATERIALIZED (
        SELECT id, case_id FROM cases_workitem
        WHERE status = 'open' AND {which}
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE cases_workitem i
    SET ({columns}) = (w.overdue_minor, w.currency, w.due_since, w.answer, w.chance,
                       w.expected_minor, w.rank)
    FROM locked
    JOIN cases_case c ON c.id = locked.case_id
    CROSS JOIN LATERAL {worth} w
    WHERE i.id = locked.id
      AND (i.overdue_minor, i.currency, i.due_since, i.answer, i.chance)
          IS DISTINCT FROM (w.overdue_minor, w.currency, w.due_since, w.answer, w.chance)
"""


def _value(which: str, values: dict[str, Any], on: date) -> int:
    sql = _VALUE.format(which=which, worth=worth_of("c", on), columns=WORTH_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "on": on})
        return int(cursor.rowcount)


@by_machine
@transaction.atomic
def value_open_work(*, case_ids: Iterable[int], on: date) -> int:
    """Value the open work of these cases anew; returns how many items changed.

    No event: what it follows from (a payment, a call) has told of itself.
    """
    ids = sorted(set(case_ids))
    return _value("case_id = ANY(%(cases)s)", {"cases": ids}, on) if ids else 0


@by_machine
@transaction.atomic
def value_aging_work(*, on: date) -> int:
    """Value the open work whose days past due enter another band on ``on``, and what was never
    valued; returns how many items changed. The day close calls it: time alone tells nobody.
    """
    starts = [on - timedelta(days=band.from_day) for band in work_policy_on(on).bands]
    return _value("(due_since = ANY(%(starts)s) OR chance IS NULL)", {"starts": starts}, on)


_KEEP: Final = """
    WITH locked AS MATERIALIZED (
        SELECT id, debtor_id FROM cases_case WHERE id = ANY(%(cases)s)
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE cases_case c
    SET ({columns}) = (f.overdue_minor, f.overdue_currency, f.due_since, f.products),
        updated_at = GREATEST(c.updated_at, %(at)s)
    FROM locked CROSS JOIN LATERAL {figures} f
    WHERE c.id = locked.id
      AND (c.updated_at < %(at)s
           OR (c.overdue_minor, c.overdue_currency, c.due_since, c.products) IS DISTINCT FROM
              (f.overdue_minor, f.overdue_currency, f.due_since, f.products))
"""


@by_machine
@transaction.atomic
def keep_figures(*, case_ids: Iterable[int], on: date, at: datetime | None = None) -> None:
    """Keep with the cases what the ledger says of them now, and value their open work by it.

    ``at`` moves ``updated_at`` as well, where the posting is news to readers of the case. No
    event: the posting has told of itself.
    """
    ids = sorted(set(case_ids))
    if not ids:
        return
    figures = figures_of("locked.debtor_id", on)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP.format(columns=FIGURES_COLUMNS, figures=figures),
            {"cases": ids, "at": at or _NEVER},
        )
    value_open_work(case_ids=ids, on=on)


_NOTE: Final = """
    INSERT INTO cases_lastanswer (case_id, answer, answered_on)
    SELECT n, %(answer)s, %(on)s FROM unnest(%(cases)s::bigint[]) AS n ORDER BY n
    ON CONFLICT (case_id) DO UPDATE
    SET answer = excluded.answer, answered_on = excluded.answered_on
    WHERE excluded.answered_on >= cases_lastanswer.answered_on
      AND (excluded.answer <> 'not_reached' OR cases_lastanswer.answer = 'none')
"""


@by_machine
@transaction.atomic
def note_answers(*, case_ids: Sequence[int], answer: Answer, on: date) -> None:
    """Keep how the debtors answered on a day, and value their open work by it.

    Whoever was reached once keeps that answer when a later call reaches nobody. Waits for no
    lock on a case.
    """
    if not case_ids:
        return
    values: dict[str, Any] = {"cases": sorted(set(case_ids)), "answer": str(answer), "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
    value_open_work(case_ids=case_ids, on=on)


@by_machine
@transaction.atomic
def restore_answer(*, case_id: int, before: tuple[Answer, date] | None, on: date) -> None:
    """The call that told of the last answer is taken back: what was known before it counts."""
    answers = LastAnswer.objects.filter(case_id=case_id)
    if before is None:
        answers.delete()
    else:
        answers.update(answer=before[0], answered_on=before[1])
    value_open_work(case_ids=[case_id], on=on)
