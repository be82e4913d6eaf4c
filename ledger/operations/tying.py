"""Tying what was foretold to what was booked, whatever the order in which they arrived."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection

from kernel.authority import by_machine
from ledger.announced import BOOKED_WITHIN

#: A value day lies at most so many days after the report that tells of it.
_AHEAD: Final = timedelta(days=30)


class _Line(NamedTuple):
    id: int
    statement_id: int
    form: str
    account_no: str
    amount_minor: int
    on: date
    bank_reference: str
    end_to_end_id: str
    party_account: str
    title: str
    position: int
    part: int

    def shared(self) -> Iterator[Hashable]:
        """What two tellings of one movement share, the surest first."""
        money = (self.account_no, self.amount_minor)
        if self.bank_reference:
            yield ("reference", *money, self.bank_reference)
        if self.end_to_end_id:
            yield ("end_to_end", *money, self.end_to_end_id)
        if self.party_account:
            yield ("party", *money, self.party_account)
        title = self.plain_title()
        if title:
            yield ("title", *money, title)

    def plain_title(self) -> str:
        return "".join(self.title.split()).upper()

    def told(self) -> Hashable:
        """What a later report of the same form repeats."""
        return (
            self.form, self.account_no, self.amount_minor, self.on, self.bank_reference,
            self.end_to_end_id, self.party_account, self.plain_title(),
        )  # fmt: skip


_COLUMNS: Final = """
    e.id, e.statement_id, s.form, s.account_no, e.amount_minor,
    coalesce(e.booked_on, e.value_on, s.to_on, s.from_on,
             (f.received_at AT TIME ZONE 'Europe/Warsaw')::date),
    e.bank_reference, e.end_to_end_id, e.party_account, e.title, e.position, e.part
"""
_SOURCES: Final = """
    ledger_statemententry e
    JOIN ledger_bankstatement s ON s.id = e.statement_id
    JOIN ledger_statementfile f ON f.id = s.file_id
"""
#: What was foretold long before the newest day that was booked before the last file, and was looked
#: at then, is given up. A booked day ahead of the day of receipt is a slip.
_FORETOLD: Final = f"""
    WITH last AS (
        SELECT max(s.file_id) AS file_id
        FROM ledger_bankstatement s WHERE s.account_no = ANY(%(accounts)s)
    ), booked AS (
        SELECT s.account_no,
               max(least(s.to_on, (f.received_at AT TIME ZONE 'Europe/Warsaw')::date)) AS last_on
        FROM ledger_bankstatement s
        JOIN ledger_statementfile f ON f.id = s.file_id
        JOIN last ON s.file_id < last.file_id
        WHERE s.account_no = ANY(%(accounts)s) AND s.form IN ('mt940', 'camt053')
        GROUP BY s.account_no
    )
    SELECT {_COLUMNS}
    FROM {_SOURCES}
    CROSS JOIN last
    LEFT JOIN booked b ON b.account_no = s.account_no
    WHERE s.account_no = ANY(%(accounts)s) AND s.form IN ('mt942', 'camt052', 'camt054')
      AND e.tied_to_id IS NULL
      AND (s.file_id = last.file_id OR b.last_on IS NULL
           OR f.received_at >= b.last_on - %(apart)s - %(ahead)s
              AND coalesce(e.booked_on, e.value_on, s.to_on, s.from_on,
                           (f.received_at AT TIME ZONE 'Europe/Warsaw')::date)
                  >= b.last_on - %(apart)s)
    ORDER BY e.id
"""
_BOOKED: Final = f"""
    SELECT {_COLUMNS}
    FROM {_SOURCES}
    WHERE s.account_no = ANY(%(accounts)s) AND s.form IN ('mt940', 'camt053')
      AND s.same_as_id IS NULL AND e.status = 'booked' AND e.tied_to_id IS NULL
      AND (s.to_on IS NULL OR s.to_on >= %(first)s::date - %(apart)s)
      AND coalesce(e.booked_on, e.value_on)
          BETWEEN %(first)s::date - %(apart)s AND %(last)s::date + %(apart)s
    ORDER BY e.id
"""
_TIED: Final = f"""
    SELECT e.tied_to_id, {_COLUMNS}
    FROM {_SOURCES}
    WHERE e.tied_to_id = ANY(%s)
    ORDER BY e.id
"""


@by_machine
def tie_foretold(*, account_nos: Sequence[str]) -> int:
    """Tie the untied entries of provisional forms of these accounts; returns how many.

    One booked entry is foretold once by each form, and by each report of that form that repeats
    it. What a week of booked days has not brought is given up. Nothing is added up but the
    transfers of one batch, which one form lists and the other sums up.
    """
    within: dict[str, Any] = {"accounts": list(account_nos), "apart": BOOKED_WITHIN.days}
    with connection.cursor() as cursor:
        cursor.execute(_FORETOLD, {**within, "ahead": _AHEAD.days})
        foretold = [_Line(*row) for row in cursor.fetchall()]
        if not foretold:
            return 0
        days = [line.on for line in foretold]
        cursor.execute(_BOOKED, {**within, "first": min(days), "last": max(days)})
        booked = [_Line(*row) for row in cursor.fetchall()]
        cursor.execute(_TIED, [[line.id for line in booked]])
        tied = [(_Line(*row), int(booked_id)) for booked_id, *row in cursor.fetchall()]
        ties = _find_ties(foretold, booked, tied)
        ties |= _find_sums(foretold, booked, tied, ties)
        cursor.execute(
            "UPDATE ledger_statemententry e SET tied_to_id = t.booked"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS t (id, booked) WHERE e.id = t.id",
            [list(ties), list(ties.values())],
        )
    return len(ties)


@dataclass(slots=True)
class _Repeated:
    """Booked entries that were told of with the same words, and how many each report has told."""

    booked: list[int] = field(default_factory=list)
    told: Counter[int] = field(default_factory=Counter)


class _Queues:
    """Booked entries by what they share with a telling and by day, the first booked first."""

    def __init__(self, booked: Iterable[_Line]) -> None:
        self._by_key: dict[Hashable, dict[date, deque[int]]] = {}
        for line in booked:
            for key in line.shared():
                self._by_key.setdefault(key, {}).setdefault(line.on, deque()).append(line.id)
        self._taken: set[int] = set()

    def take(self, booked_id: int) -> None:
        self._taken.add(booked_id)

    def nearest(self, line: _Line) -> int | None:
        """What nobody has taken, by the surest way, on the nearest day."""
        for key in line.shared():
            near: list[tuple[timedelta, int]] = []
            for on, queue in self._by_key.get(key, {}).items():
                while queue and queue[0] in self._taken:
                    queue.popleft()
                if queue and abs(on - line.on) <= BOOKED_WITHIN:
                    near.append((abs(on - line.on), queue[0]))
            if near:
                return min(near)[1]
        return None


def _find_ties(
    foretold: Sequence[_Line], booked: Sequence[_Line], tied: Sequence[tuple[_Line, int]]
) -> dict[int, int]:
    """The booked entry of each line; the nth line of the same words in a report is the nth of
    those that were told of with these words."""
    repeated: dict[Hashable, _Repeated] = defaultdict(_Repeated)
    queues = {form: _Queues(booked) for form in {line.form for line in foretold}}
    for line, booked_id in tied:
        same = repeated[line.told()]
        same.told[line.statement_id] += 1
        if same.told[line.statement_id] > len(same.booked):
            same.booked.append(booked_id)
        if line.form in queues:
            queues[line.form].take(booked_id)
    ties: dict[int, int] = {}
    for line in foretold:
        same = repeated[line.told()]
        place = same.told[line.statement_id]
        if place == len(same.booked):
            nearest = queues[line.form].nearest(line)
            if nearest is None:
                continue
            queues[line.form].take(nearest)
            same.booked.append(nearest)
        ties[line.id] = same.booked[place]
        same.told[line.statement_id] += 1
    return ties


class _Batch(NamedTuple):
    """An entry with its transfers; ``part`` is the first of them."""

    part: _Line
    ids: tuple[int, ...]
    amount_minor: int
    bank_reference: str

    def shared(self) -> Iterator[Hashable]:
        return _shared_by_sums(self.part, self.amount_minor, self.bank_reference)


def _shared_by_sums(line: _Line, amount_minor: int, bank_reference: str) -> Iterator[Hashable]:
    if bank_reference:
        yield ("reference", line.account_no, amount_minor, bank_reference)
    yield ("day", line.account_no, amount_minor, line.on)


def _find_sums(
    foretold: Sequence[_Line],
    booked: Sequence[_Line],
    tied: Sequence[tuple[_Line, int]],
    ties: dict[int, int],
) -> dict[int, int]:
    """The booked sum of the transfers that were foretold, and the first booked transfer of a sum:
    by the bank's reference, or on the same day. Each report tells of a booked one once."""
    minor_of = {line.id: line.amount_minor for line in (*booked, *foretold)}
    form_of = {line.id: line.form for line in foretold}
    alone = {(line.form, pk) for line, pk in tied if minor_of.get(pk) == line.amount_minor}
    alone |= {(form_of[line_id], booked_id) for line_id, booked_id in ties.items()}
    sums: dict[Hashable, list[int]] = defaultdict(list)
    for line in booked:
        if not line.part:
            for key in _shared_by_sums(line, line.amount_minor, line.bank_reference):
                sums[key].append(line.id)
    parts: dict[Hashable, list[int]] = defaultdict(list)
    for batch in _batches(booked):
        for key in batch.shared():
            parts[key].append(batch.part.id)
    told: set[tuple[int, int]] = set()
    passed: Counter[Hashable] = Counter()
    found: dict[int, int] = {}
    open_lines = [line for line in foretold if line.id not in ties]
    singles = [
        (line, (line.id,), _shared_by_sums(line, line.amount_minor, line.bank_reference), parts)
        for line in open_lines
        if not line.part
    ]
    batches = [(batch.part, batch.ids, batch.shared(), sums) for batch in _batches(open_lines)]
    for line, ids, keys, among in (*singles, *batches):
        for key in keys:
            fitting, at = among.get(key, []), (line.statement_id, key)
            while passed[at] < len(fitting) and (
                (line.statement_id, fitting[passed[at]]) in told
                or (line.form, fitting[passed[at]]) in alone
            ):
                passed[at] += 1
            if passed[at] < len(fitting):
                told.add((line.statement_id, fitting[passed[at]]))
                found |= dict.fromkeys(ids, fitting[passed[at]])
                break
    return found


def _batches(lines: Iterable[_Line]) -> Iterator[_Batch]:
    entries: dict[tuple[int, int], list[_Line]] = defaultdict(list)
    for line in lines:
        if line.part:
            entries[line.statement_id, line.position].append(line)
    for parts in entries.values():
        if len(parts) > 1:
            references = {line.bank_reference for line in parts}
            yield _Batch(
                parts[0],
                tuple(line.id for line in parts),
                sum(line.amount_minor for line in parts),
                references.pop() if len(references) == 1 else "",
            )
