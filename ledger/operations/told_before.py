"""Money that another statement told of before: in another form, in other pages, for other days.

Banks send one day as MT940 and as camt.053, a month after its days, and a day once more with an
entry added. The entries of such a statement are not posted again. Statements that follow each other
are told apart by their balances: one begins where the other ended.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Q

from ledger.models import BankStatement
from ledger.statements.values import FINAL_FORMS, Statement

#: Two tellings of one movement that come at the same time must see each other.
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtext('ledger.told_before'))"
#: A batch counts as a whole: another form may sum it up. The value day is the same in every form
#: that tells it. Equal amounts of one day are paired in their order, each once.
_PAIRS: Final = """
    WITH one AS (
        SELECT statement_id, position, min(id) AS id, sum(amount_minor) AS amount,
               min(COALESCE(value_on, booked_on, 'infinity')) AS day, currency
        FROM ledger_statemententry
        WHERE statement_id = ANY(%(statements)s) AND status = 'booked' AND tied_to_id IS NULL
        GROUP BY statement_id, position, currency
    ), told AS (
        SELECT *, row_number() OVER (PARTITION BY statement_id = %(ours)s, amount, currency, day
                                     ORDER BY statement_id, position) AS occurrence
        FROM one
    )
    SELECT o.position, t.id, t.statement_id, COALESCE(o.amount, t.amount)::bigint
    FROM (SELECT * FROM told WHERE statement_id = %(ours)s) o
    FULL JOIN (SELECT * FROM told WHERE statement_id <> %(ours)s) t
        ON t.amount = o.amount AND t.currency = o.currency AND t.occurrence = o.occurrence
        AND t.day = o.day
    ORDER BY o.position, t.statement_id, t.position
"""
_TIE: Final = """
    UPDATE ledger_statemententry e SET state = NULL, tied_to_id = t.other
    FROM unnest(%s::integer[], %s::bigint[]) AS t (position, other)
    WHERE e.statement_id = %s AND e.position = t.position
"""
_DOUBT_ALL: Final = """
    UPDATE ledger_statemententry SET proposal = %s::jsonb
    WHERE statement_id = %s AND state IN ('waiting', 'not_ours')
"""
_DOUBT: Final = f"{_DOUBT_ALL} AND position = ANY(%s)"


class _Pair(NamedTuple):
    """``position`` of ours, and the entry that told of it; None: there is no such."""

    position: int | None
    other_id: int | None
    statement_id: int | None
    amount_minor: int


class ToldBefore(NamedTuple):
    """How many entries are not posted again; ``same_as`` where that is all of them."""

    entries: int
    same_as: BankStatement | None


NOTHING: Final = ToldBefore(0, None)


def tie_told_before(statement_id: int, statement: Statement) -> ToldBefore:
    """Tie the kept entries of a statement to those that told of the same money.

    Where that is not certain a person decides, and so for the rest of a statement that shares a
    part with one that goes on where it does not, or begins and ends with the same balances as
    another: such entries are proposed at most.
    """
    if statement.form not in FINAL_FORMS:
        return NOTHING
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
    others = _others(statement)
    if not others:
        return NOTHING
    if not statement.tally.booked:
        same = (one for one in others.values() if _is_same_stretch(statement, one))
        return ToldBefore(0, next(same, None))
    stretch = {pk for pk, other in others.items() if _may_be_the_same(statement, other)}
    pairs = _paired_by_amount(_pairs(statement_id, others), stretch)
    told = [one for one in pairs if one.position is not None and one.statement_id is not None]
    certain = {pk for pk, other in others.items() if _is_sure(statement, other)}
    surely = [one for one in told if one.statement_id in certain]
    tied = _tie(statement_id, surely)
    if len(surely) == sum(one.position is not None for one in pairs):
        most = Counter(one.statement_id for one in surely).most_common(1)[0][0]
        return ToldBefore(tied, others[most or 0])
    perhaps = [one.position for one in told if one.statement_id not in certain]
    _doubt(statement_id, "told_before", perhaps)
    goes_on = {one.statement_id for one in pairs if one.position is None}
    if stretch or goes_on & {one.statement_id for one in told}:
        rest = [one.position for one in pairs if one.statement_id is None]
        _doubt(statement_id, "told_in_part", rest)
    return ToldBefore(tied, None)


def doubt_all(statement_id: int, code: str) -> None:
    """A person decides about every entry of a statement, whatever debt or refund it finds."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBT_ALL, [json.dumps({"doubt": code}), statement_id])


def _others(statement: Statement) -> dict[int, BankStatement]:
    """Those about the same days, without what comes before and after by its balances."""
    found = BankStatement.objects.filter(
        account_no=statement.account[:40],
        currency=statement.currency,
        form__in=FINAL_FORMS,
        same_as__isnull=True,
    )
    if statement.to_on is not None:
        found = found.filter(Q(from_on__isnull=True) | Q(from_on__lte=statement.to_on))
    if statement.from_on is not None:
        found = found.filter(Q(to_on__isnull=True) | Q(to_on__gte=statement.from_on))
    others = {one.pk: one for one in found.order_by("id")}
    for pk in _in_line(statement, list(others.values())):
        del others[pk]
    return others


def _in_line(statement: Statement, others: Sequence[BankStatement]) -> set[int]:
    """Which end where this one begins, or where one of those does; and the same forwards."""
    in_line: set[int] = set()
    for ends, begins, balance in (
        ("closing_minor", "opening_minor", statement.opening),
        ("opening_minor", "closing_minor", statement.closing),
    ):
        wanted = balance.amount_minor if balance is not None else None
        while wanted is not None:
            step = next(
                (
                    one
                    for one in others
                    if getattr(one, ends) == wanted
                    and one.pk not in in_line
                    and not _may_be_the_same(statement, one)
                ),
                None,
            )
            if step is None:
                break
            in_line.add(step.pk)
            wanted = getattr(step, begins)
    return in_line


def _may_be_the_same(statement: Statement, other: BankStatement) -> bool:
    """Money may go out and come back: then only the bank's numbers tell two stretches apart."""
    is_numbered_apart = other.form == statement.form and not _is_same_number(statement, other)
    return _is_same_stretch(statement, other) and not is_numbered_apart


def _is_same_number(statement: Statement, other: BankStatement) -> bool:
    ours = (statement.number[:60], statement.page[:20])
    return bool(other.number) and ours == (other.number, other.page)


def _is_same_stretch(statement: Statement, other: BankStatement) -> bool:
    return _opens_alike(statement, other) and _closes_alike(statement, other)


def _opens_alike(statement: Statement, other: BankStatement) -> bool:
    opening = statement.opening
    return opening is not None and opening.amount_minor == other.opening_minor


def _closes_alike(statement: Statement, other: BankStatement) -> bool:
    closing = statement.closing
    return closing is not None and closing.amount_minor == other.closing_minor


def _is_sure(statement: Statement, other: BankStatement) -> bool:
    """Another form, the same number and page, or a balance in common where all are known."""
    balances = (statement.opening, statement.closing, other.opening_minor, other.closing_minor)
    meet = _opens_alike(statement, other) or _closes_alike(statement, other)
    return (
        other.form != statement.form
        or _is_same_number(statement, other)
        or (meet and None not in balances)
    )


def _pairs(statement_id: int, others: Iterable[int]) -> list[_Pair]:
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"ours": statement_id, "statements": [statement_id, *others]})
        return [_Pair(*row) for row in cursor.fetchall()]


def _paired_by_amount(pairs: Sequence[_Pair], stretch: Iterable[int]) -> list[_Pair]:
    """One form may leave out the value days, or tell others: where all that is left of both is
    the same money between the same balances, it is paired without them."""
    ours = sorted((one for one in pairs if one.statement_id is None), key=_amount)
    for pk in stretch:
        theirs = sorted(
            (one for one in pairs if one.position is None and one.statement_id == pk), key=_amount
        )
        if ours and [*map(_amount, ours)] == [*map(_amount, theirs)]:
            left = {*ours, *theirs}
            found = [
                one._replace(other_id=other.other_id, statement_id=pk)
                for one, other in zip(ours, theirs, strict=True)
            ]
            return [*(one for one in pairs if one not in left), *found]
    return list(pairs)


def _amount(pair: _Pair) -> int:
    return pair.amount_minor


def _tie(statement_id: int, pairs: Sequence[_Pair]) -> int:
    positions, others = [one.position for one in pairs], [one.other_id for one in pairs]
    with connection.cursor() as cursor:
        cursor.execute(_TIE, [positions, others, statement_id])
        return int(cursor.rowcount)


def _doubt(statement_id: int, code: str, positions: Sequence[int | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DOUBT, [json.dumps({"doubt": code}), statement_id, list(positions)])
