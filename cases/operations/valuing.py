"""What may be expected of the cases that have open work, kept with the work for its order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, transaction

from cases.lifecycle import Answer
from cases.models import LastAnswer
from cases.valuation import WORTH_COLUMNS, worth_of_batch
from cases.work_policy import work_policy_on
from kernel.authority import by_machine

_VALUE: Final = """
    WITH locked AS MATERIALIZED (
        SELECT id, case_id FROM cases_workitem
        WHERE status = 'open' AND {which}
        ORDER BY id FOR NO KEY UPDATE
    ),
    batch AS (SELECT DISTINCT case_id FROM locked),
    {worth}
    UPDATE cases_workitem i
    SET ({columns}) = (w.overdue_minor, w.currency, w.due_since, w.answer, w.chance,
                       w.expected_minor, w.rank)
    FROM locked JOIN worth w ON w.case_id = locked.case_id
    WHERE i.id = locked.id
      AND (i.overdue_minor, i.currency, i.due_since, i.answer, i.chance)
          IS DISTINCT FROM (w.overdue_minor, w.currency, w.due_since, w.answer, w.chance)
"""


def _value(which: str, values: dict[str, Any], on: date) -> int:
    sql = _VALUE.format(which=which, worth=worth_of_batch(on), columns=WORTH_COLUMNS)
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
