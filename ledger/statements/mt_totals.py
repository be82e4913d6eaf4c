"""Fields 90D and 90C: how many entries a report has, and their sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ledger.statements.mt_amounts import minor_of
from ledger.statements.mt_fields import Field
from ledger.statements.tally import Tally
from ledger.statements.values import Finding

_TOTAL: Final = re.compile(r"(\d{1,5})\s*([A-Z]{3})([\d,.]+)\s*$", re.ASCII)


def check_totals(tally: Tally, fields: Mapping[str, Field]) -> Iterator[Finding]:
    """Where the bank's counts and sums are others than those of what was read."""
    for tag, sign, entries, minor in (
        ("90D", -1, tally.debits, tally.debits_minor),
        ("90C", 1, tally.credits, tally.credits_minor),
    ):
        one = fields.get(tag)
        found = _TOTAL.match(one.first) if one is not None else None
        if one is None or found is None:
            continue
        place = f"line {one.line}, :{tag}:"
        stated = sign * minor_of(found[3], found[2], place)
        if (int(found[1]), stated) != (entries, minor):
            values = {
                "stated_entries": int(found[1]),
                "entries": entries,
                "stated_minor": stated,
                "entries_minor": minor,
                "currency": found[2],
            }
            yield Finding("totals_do_not_add_up", place, values)
