"""Text that COPY or SQL could stumble over, and spoilt files all the way to the books."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.db import transaction

from debtors.intake.findings import FileRefused
from debtors.models import Debt, Debtor
from ledger.models import Account
from ledger.verification import verify_ledger
from tests.integration.debtors.conftest import Import


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("\\N", "\\N"),
        ("a\\tb\\nc", "a\\tb\\nc"),
        ("tab\there", "tab here"),
        ("two\nlines", "two lines"),
        ("line\u2028separator", "line separator"),
        ("'); DROP TABLE debtors_debtor; --", "'); DROP TABLE debtors_debtor; --"),
        ("{curly} %s %(x)s", "{curly} %s %(x)s"),
        ("Zażółć 😀 \u202eevil", "Zażółć 😀 evil"),
        ("Z\u0301o\u0301ł", "Źół"),
        ("no\u00a0break", "no break"),
        ("\u0007bell", "bell"),
    ],
)
def test_a_name_comes_in_as_it_stands_without_controls(
    take_in: Import, given: str, kept: str
) -> None:
    report = take_in({"last_name": given, "contract_no": given})
    assert (report["rows_refused"], Debtor.objects.get().last_name) == (0, kept)
    assert Debt.objects.get().contract_no == kept


def test_a_row_with_a_nul_byte_is_refused_alone(take_in: Import) -> None:
    report = take_in({"last_name": "a\0b"}, {"debtor_ref": "P-2", "debt_ref": "D-2"})
    assert (report["rows_refused"], report["debts_created"]) == (1, 1)
    assert report["reasons"] == {"nul_byte": 1}


def test_whatever_a_spoilt_file_brings_the_books_add_up(take_in: Import, tmp_path: Path) -> None:
    good = Path("tests/profiles/canonical_sample.csv").read_bytes()
    dice = random.Random(7)
    noise = [b"\\", b"\0", b'"', b"\n", b",", b"9", b"-", b"\xc5\xbb", b"\xff", b"2", b"\\N"]
    taken_in = 0
    for number in range(60):
        at = dice.randrange(len(good))
        path = tmp_path / f"{number}.csv"
        path.write_bytes(good[:at] + dice.choice(noise) * dice.randrange(1, 3) + good[at + 1 :])
        try:
            with transaction.atomic():
                report = take_in(path=path, deliver=False)
                taken_in += report["debts_created"] > 0
                assert verify_ledger() == []
                assert Account.objects.count() == Debt.objects.count() == report["debts_created"]
                transaction.set_rollback(True)
        except FileRefused:
            assert Debt.objects.count() == 0
    assert taken_in > 20
