"""What half a year has left in the database, read again without any of the product's rules.

Each part counts what it saw and names what should not be. Days are counted one by one, by a
list of holidays of its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from cases.models import Case
from journal.delivery import deliver_pending
from journal.sealing import seal_batches
from journal.verification import verify_journal
from kernel import clock
from ledger.verification import verify_ledger
from tests.journeys.half_a_year import chains, law, once, stops

Counts = dict[str, dict[str, int]]


@dataclass(slots=True)
class Reading:
    counts: Counts = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_everything(*, first: date, days: int) -> Reading:
    """After the close of the last of ``days`` days from ``first``."""
    reading = read_parts(first=first, days=days)
    reading.counts["stages"] = dict(
        sorted(Counter(Case.objects.values_list("stage", flat=True)).items())
    )
    reading.faults += _proofs(first + timedelta(days=days - 1))
    return reading


def read_parts(*, first: date, days: int) -> Reading:
    """Without the product's own proofs."""
    last = first + timedelta(days=days - 1)
    reading = Reading()
    for part in (chains.read, law.read, stops.read, once.read):
        counts: Counter[str] = Counter()
        faults = list(part(counts, first, last))
        name = part.__module__.rpartition(".")[2]
        reading.faults += [f"{name}: {fault}" for fault in faults]
        reading.counts[name] = dict(sorted(counts.items()))
    return reading


def _proofs(last: date) -> list[str]:
    """The product's own proofs, after everything is delivered and sealed."""
    with clock.fixed_at(clock.instant(last + timedelta(days=2))):
        deliver_pending(at=clock.now())
        seal_batches(at=clock.now())
    return [
        *(f"proof: {finding.code} {finding.values}" for finding in verify_ledger()),
        *(f"proof: {finding.code} {finding.values}" for finding in verify_journal()),
    ]
