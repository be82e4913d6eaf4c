"""Tying what was foretold to what was booked, whatever the order in which they arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.db import connection

from kernel.authority import by_machine

#: A booked entry may come so many days after it was foretold.
_APART: Final = timedelta(days=7)


class _Line(NamedTuple):
    id: int
    form: str
    account_no: str
    amount_minor: int
    on: date
    bank_reference: str
    end_to_end_id: str
    party_account: str
    title: str

    def shared(self) -> Iterable[Hashable]:
        """What two tellings of one movement share, the surest first."""
        money = (self.account_no, self.amount_minor)
        if self.bank_reference:
            yield ("reference", *money, self.bank_reference)
        if self.end_to_end_id:
            yield ("end_to_end", *money, self.end_to_end_id)
        if self.party_account:
            yield ("party", *money, self.party_account)
        title = "".join(self.title.split()).upper()
        if title:
            yield ("title", *money, title)


_LINES: Final = """
    SELECT e.id, s.form, s.account_no, e.amount_minor,
           coalesce(e.booked_on, e.value_on, s.to_on, s.from_on,
                    (f.received_at AT TIME ZONE 'Europe/Warsaw')::date),
           e.bank_reference, e.end_to_end_id, e.party_account, e.title
    FROM ledger_statemententry e
    JOIN ledger_bankstatement s ON s.id = e.statement_id
    JOIN ledger_statementfile f ON f.id = s.file_id
    WHERE s.account_no = ANY(%(accounts)s) AND {which}
    ORDER BY e.id
"""
_FORETOLD: Final = "s.form IN ('mt942', 'camt052', 'camt054') AND e.tied_to_id IS NULL"
_BOOKED: Final = """
    s.form IN ('mt940', 'camt053') AND s.same_as_id IS NULL AND e.status = 'booked'
    AND coalesce(e.booked_on, e.value_on) BETWEEN %(since)s AND %(until)s
"""
_TAKEN: Final = """
    SELECT e.tied_to_id, s.form
    FROM ledger_statemententry e JOIN ledger_bankstatement s ON s.id = e.statement_id
    WHERE e.tied_to_id = ANY(%s)
"""


@by_machine
def tie_foretold(*, account_nos: Sequence[str]) -> int:
    """Tie the untied entries of provisional forms of these accounts; returns how many.

    One booked entry is foretold at most once by each form. Nothing is added up.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(which=_FORETOLD), {"accounts": list(account_nos)})
        foretold = [_Line(*row) for row in cursor.fetchall()]
        if not foretold:
            return 0
        days = [line.on for line in foretold]
        cursor.execute(
            _LINES.format(which=_BOOKED),
            {
                "accounts": list(account_nos),
                "since": min(days) - _APART,
                "until": max(days) + _APART,
            },
        )
        booked = [_Line(*row) for row in cursor.fetchall()]
        cursor.execute(_TAKEN, [[line.id for line in booked]])
        taken = {(int(row[0]), str(row[1])) for row in cursor.fetchall()}
        ties = _find_ties(foretold, booked, taken)
        cursor.execute(
            "UPDATE ledger_statemententry e SET tied_to_id = t.booked"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS t (id, booked) WHERE e.id = t.id",
            [list(ties), list(ties.values())],
        )
    return len(ties)


def _find_ties(
    foretold: Sequence[_Line], booked: Sequence[_Line], taken: set[tuple[int, str]]
) -> dict[int, int]:
    by_key: dict[Hashable, list[_Line]] = defaultdict(list)
    for line in booked:
        for key in line.shared():
            by_key[key].append(line)
    ties: dict[int, int] = {}
    for line in foretold:
        for key in line.shared():
            near = [
                other
                for other in by_key.get(key, [])
                if abs(other.on - line.on) <= _APART and (other.id, line.form) not in taken
            ]
            if near:
                chosen = min(near, key=lambda other: (abs(other.on - line.on), other.id))
                ties[line.id] = chosen.id
                taken.add((chosen.id, line.form))
                break
    return ties
