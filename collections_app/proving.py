"""The proof that the books balance, the boards meet and the journal is as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from collections_app.models import Proof
from journal.sealing import seal_batches
from journal.verification import verify_journal
from kernel.authority import by_machine
from ledger.verification import verify_ledger, verify_replay
from portfolio.queries import list_unmet_days

#: Of a broken book so many faults are kept with the proof; the command names all.
_MOST_KEPT: Final = 100
_KEPT_FOR: Final = timedelta(days=400)


@by_machine
def prove(*, at: datetime) -> list[Mapping[str, Any]]:
    """Look at everything, keep what came of it, and return each fault with its place."""
    seal_batches(at=at)
    faults: list[Mapping[str, Any]] = [
        asdict(finding)
        for finding in (
            *verify_ledger(),
            *verify_replay(),
            *list_unmet_days(),
            *verify_journal(),
        )
    ]
    named = json.loads(json.dumps(faults[:_MOST_KEPT], default=str))
    Proof.objects.create(proved_at=at, faults_count=len(faults), faults=named)
    Proof.objects.filter(proved_at__lt=at - _KEPT_FOR).delete()
    return faults


def get_last_proof() -> Proof | None:
    return Proof.objects.order_by("-proved_at", "-id").first()
