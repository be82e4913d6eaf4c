"""What is left to say of entries that have gone by, in so much memory as a few of them take."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ledger.statements.values import Entry, EntryStatus, Finding

#: So many findings about single entries are kept of one statement; the others are counted.
MOST_FINDINGS: Final = 100


@dataclass(slots=True)
class Tally:
    """Counts and sums of a statement's entries, in minor units.

    A batch counts as the transfers that it sums up. ``booked_minor`` is by currency. ``positions``
    are the first entries in each currency, and ``in_currency`` says how many there are.
    """

    transfers: int = 0
    booked: int = 0
    booked_minor: Counter[str] = field(default_factory=Counter)
    credits: int = 0
    credits_minor: int = 0
    debits: int = 0
    debits_minor: int = 0
    first_on: date | None = None
    last_on: date | None = None
    in_currency: Counter[str] = field(default_factory=Counter)
    positions: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, entry: Entry) -> None:
        transfers = len(entry.details) or 1
        self.transfers += transfers
        if entry.status is EntryStatus.BOOKED:
            self.booked += transfers
            self.booked_minor[entry.currency] += entry.amount_minor
        if entry.amount_minor < 0:
            self.debits += 1
            self.debits_minor += entry.amount_minor
        else:
            self.credits += 1
            self.credits_minor += entry.amount_minor
        if (day := entry.booked_on) is not None:
            self.first_on = day if self.first_on is None else min(self.first_on, day)
            self.last_on = day if self.last_on is None else max(self.last_on, day)
        self.in_currency[entry.currency] += 1
        if len(positions := self.positions[entry.currency]) < MOST_FINDINGS:
            positions.append(entry.position)

    @property
    def entries(self) -> int:
        return self.credits + self.debits

    @property
    def first_currency(self) -> str:
        """The currency of the first entry; empty if there is none."""
        return next(iter(self.in_currency), "")


@dataclass(slots=True)
class EntryFindings:
    """The first findings about single entries, and how many more there were."""

    kept: list[Finding] = field(default_factory=list)
    more: int = 0

    def add(self, finding: Finding, times: int = 1) -> None:
        """``times``: how many entries are found so; only the first is kept with its place."""
        if len(self.kept) < MOST_FINDINGS:
            self.kept.append(finding)
            times -= 1
        self.more += times

    def told(self, place: str) -> list[Finding]:
        if not self.more:
            return self.kept
        return [*self.kept, Finding("more_findings", place, {"more": self.more})]
