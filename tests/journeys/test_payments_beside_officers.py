"""Four workers post statements over the same debts while officers read, hold and post.

``make chaos`` runs it at full length: 100,000 payments over 100,000 debts.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.db.models import Sum
from psycopg2.errors import LockNotAvailable

from cases.lifecycle import HoldKind
from cases.operations import NewHold, place_holds
from desk.queries.statements import list_inbox
from escalation.benchmarks.book import write_book
from escalation.benchmarks.nightly import AT, ON
from journal.delivery import deliver_pending
from journal.models import Delivery
from kernel.actor import system_actor
from kernel.errors import DomainError
from ledger.lifecycle import EntryState, NameKind
from ledger.models import Account, StatementEntry
from ledger.operations import post_payment, register_names
from tests.unit.ledger.statements.samples import OWN

pytestmark = [pytest.mark.commits, pytest.mark.chaos]

FULL = os.environ.get("CHAOS") == "full"
WORKERS = 4
DEBTS = 100_000 if FULL else 60
#: Of each statement. They pay debts by chance, so that some debts are in several.
PAYMENTS = 25_000 if FULL else 60
#: Two batches; a statement of PAYMENTS may take so much more memory than one of these.
FEW = 4_000 if FULL else 10
MOST_MEMORY = 1.25
#: The workers deliver events until there are none, so that officers stop at some time.
ACTS = 3_000 if FULL else 40
ROOT = Path(__file__).parents[2]
AMOUNT = 5_000


def write_statement(path: Path, number: int, *, payments: int = PAYMENTS) -> Path:
    """Each is of another account of the bank, and pays so many debts in an order of its own."""
    debts = random.Random(number).sample(range(1, DEBTS + 1), payments)
    lines = [f":20:S{number}\n:25:{OWN[:-1]}{number}\n:28C:1/1\n:60F:C260511PLN0,00\n"]
    lines += [
        f":61:2605120512C50,00NTRFNONREF//B{debt}\n:86:020~00PRZELEW~20CTR/2024/{debt:07}\n"
        for debt in debts
    ]
    path.write_text("".join(lines) + f":62F:C260512PLN{payments * 50},00\n-\n")
    return path


def start_worker(file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "import_statement",
            str(file),
            "--json",
            "--at",
            AT.isoformat(),
        ],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "collections_app.settings.test"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Officer(threading.Thread):
    """Reads, holds and posts, at most so often. A refusal is an answer, and so is that a row was
    not to be had; anything else fails, a deadlock too."""

    def __init__(self, seed: int, over: threading.Event) -> None:
        super().__init__()
        self.chance, self.over = random.Random(seed), over
        self.seed, self.paid, self.acts = seed, 0, 0
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while self.acts < ACTS and not self.over.wait(0.1):
                self._act()
        except Exception as error:  # noqa: BLE001 - told by the test that joins
            self.failure = error
        finally:
            connection.close()

    def _act(self) -> None:
        debt = self.chance.randint(1, DEBTS)
        self.acts += 1
        try:
            if self.acts % 3 == 0:
                cause = f"{self.seed}:{self.acts}"
                hold = NewHold(debt, HoldKind.DISPUTE, cause, "asked", ON, None)
                place_holds(holds=[hold], at=AT, actor=system_actor("officer"))
            elif self.acts % 3 == 1:
                Account.objects.aggregate(Sum("due_minor"))
                list_inbox(limit=20)
            else:
                post_payment(
                    account_id=debt, amount_minor=100, currency="PLN", value_on=ON,
                    idempotency_key=f"{self.seed}:{self.acts}", actor=system_actor("officer"),
                    at=AT,
                )  # fmt: skip
                self.paid += 100
        except DomainError:
            pass
        except OperationalError as error:
            # A page says that the database is busy, and keeps what was entered.
            if not isinstance(error.__cause__, LockNotAvailable):
                raise


def test_nothing_is_lost_doubled_or_deadlocked(tmp_path: Path) -> None:
    write_book(cases=DEBTS, on=ON)
    names = [(debt, f"CTR/2024/{debt:07}") for debt in range(1, DEBTS + 1)]
    register_names(kind=NameKind.CONTRACT, names=names)
    small = write_statement(tmp_path / "small.sta", WORKERS, payments=FEW)
    told = start_worker(small).communicate()
    assert json.loads(told[0].splitlines()[-1])["posted"] == FEW, told
    usual = _most_memory()
    before = Account.objects.aggregate(owed=Sum("outstanding_minor"))["owed"]
    files = [write_statement(tmp_path / f"{number}.sta", number) for number in range(WORKERS)]
    connections.close_all()
    over = threading.Event()
    officers = [Officer(seed, over) for seed in (1, 2)]
    workers = [start_worker(file) for file in files]
    for officer in officers:
        officer.start()
    answers = [worker.communicate() for worker in workers]
    over.set()
    for officer in officers:
        officer.join()

    assert [worker.returncode for worker in workers] == [0] * WORKERS, answers
    assert [officer.failure for officer in officers] == [None, None]
    posted = sum(json.loads(out.splitlines()[-1])["posted"] for out, _ in answers)
    assert posted == WORKERS * PAYMENTS
    assert _most_memory() < MOST_MEMORY * usual, (_most_memory(), usual)
    assert set(StatementEntry.objects.values_list("state", flat=True)) == {EntryState.POSTED}
    paid = WORKERS * PAYMENTS * AMOUNT + sum(officer.paid for officer in officers)
    assert Account.objects.aggregate(owed=Sum("outstanding_minor"))["owed"] == before - paid
    assert sum(officer.paid for officer in officers) > 0
    deliver_pending(at=AT)
    assert not Delivery.objects.exists()
    out = StringIO()
    call_command("verify", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"clean": True, "findings": []}


def _most_memory() -> int:
    """The most that a worker has had so far, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
