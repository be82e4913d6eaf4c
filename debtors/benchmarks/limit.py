"""The yardstick: the same rows checked and sealed once in a plain loop, written set-based.

Knows one layout and one case (new debts, one person each); no profile, no findings, no checks
against the book.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import phonenumbers
from django.db import connection
from stdnum.pl import pesel

from debtors import events
from debtors.identifiers import seal
from debtors.intake.profile import load_profile
from debtors.models import IntakeRun
from debtors.operations.reading import open_source
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.text import polish_sort_key, search_words

_STAGE: Final = """
    CREATE TEMPORARY TABLE limit_row (
        debtor_id bigint DEFAULT nextval('debtors_debtor_id_seq'),
        account_id bigint DEFAULT nextval('ledger_account_id_seq'),
        debt_id bigint DEFAULT nextval('debtors_debt_id_seq'),
        transaction_id bigint DEFAULT nextval('ledger_transaction_id_seq'),
        ref text, first_name text, last_name text, sort_key text, words text,
        sealed bytea, fingerprint bytea, phone text, email text, street text, postcode text,
        city text, debt_ref text, product text, contract_no text, contract_on date,
        currency text, rate numeric, limitation_on date, since date,
        principal_due bigint, principal_rest bigint, interest bigint, fees bigint
    ) ON COMMIT DROP
"""
_WRITE: Final = (
    """
    INSERT INTO debtors_debtor AS d (id, external_id, kind, first_name, last_name, company_name,
        display_name, sort_key, search, pesel_sealed, pesel_fingerprint, updated_at)
    SELECT debtor_id, ref, 'person', first_name, last_name, '', first_name || ' ' || last_name,
           sort_key, words::tsvector, sealed, fingerprint, %(at)s FROM limit_row
    ON CONFLICT (external_id) DO UPDATE
    SET first_name = excluded.first_name, last_name = excluded.last_name,
        display_name = excluded.display_name, sort_key = excluded.sort_key,
        search = excluded.search, pesel_sealed = excluded.pesel_sealed,
        pesel_fingerprint = excluded.pesel_fingerprint
    WHERE (d.first_name, d.last_name, d.pesel_fingerprint) IS DISTINCT FROM
          (excluded.first_name, excluded.last_name, excluded.pesel_fingerprint)
    """,
    """
    INSERT INTO debtors_contactpoint (debtor_id, kind, value)
    SELECT debtor_id, 'mobile', phone FROM limit_row UNION ALL
    SELECT debtor_id, 'email', email FROM limit_row ON CONFLICT (debtor_id, value) DO NOTHING
    """,
    """
    INSERT INTO debtors_address AS a (debtor_id, kind, street, postal_code, city)
    SELECT debtor_id, 'registered', street, postcode, city FROM limit_row
    ON CONFLICT (debtor_id, kind) DO UPDATE
    SET street = excluded.street, postal_code = excluded.postal_code, city = excluded.city
    WHERE (a.street, a.postal_code, a.city) IS DISTINCT FROM
          (excluded.street, excluded.postal_code, excluded.city)
    """,
    """
    INSERT INTO ledger_account (id, currency, opened_on, outstanding_minor, due_minor, due_since)
    SELECT account_id, currency, %(on)s, principal_due + principal_rest + interest + fees,
           principal_due + interest + fees, since FROM limit_row
    """,
    """
    INSERT INTO ledger_balance (account_id, component, due_on, amount_minor)
    SELECT account_id, 'principal', since, principal_due FROM limit_row UNION ALL
    SELECT account_id, 'principal', NULL, principal_rest FROM limit_row UNION ALL
    SELECT account_id, 'contractual_interest', since, interest FROM limit_row UNION ALL
    SELECT account_id, 'fees', since, fees FROM limit_row
    """,
    """
    INSERT INTO ledger_transaction (id, account_id, kind, effective_on, recorded_at, source,
        idempotency_key, reason, actor_kind, actor_id)
    SELECT transaction_id, account_id, 'opening', %(on)s, %(at)s, 'limit', account_id::text, '',
           'system', 'benchmark' FROM limit_row
    """,
    """
    INSERT INTO ledger_posting (transaction_id, account_id, leg, due_on, amount_minor)
    SELECT transaction_id, account_id, 'principal', since, principal_due FROM limit_row UNION ALL
    SELECT transaction_id, account_id, 'principal', NULL, principal_rest FROM limit_row UNION ALL
    SELECT transaction_id, account_id, 'contractual_interest', since, interest FROM limit_row
    UNION ALL SELECT transaction_id, account_id, 'fees', since, fees FROM limit_row UNION ALL
    SELECT transaction_id, account_id, 'opening', NULL,
           -(principal_due + principal_rest + interest + fees) FROM limit_row
    """,
    """
    INSERT INTO debtors_debt AS d (id, account_id, external_id, product, contract_no, contract_on,
        currency, contract_rate, is_consumer, limitation_on, seen_in_run_id, problems,
        bank_account_no)
    SELECT debt_id, account_id, debt_ref, product, contract_no, contract_on, currency, rate, true,
           limitation_on, %(run)s, '[]', '' FROM limit_row
    ON CONFLICT (external_id) DO UPDATE
    SET product = excluded.product, contract_no = excluded.contract_no
    WHERE (d.product, d.contract_no) IS DISTINCT FROM (excluded.product, excluded.contract_no)
    """,
    """
    INSERT INTO debtors_debtparty (debt_id, debtor_id, role)
    SELECT debt_id, debtor_id, 'main_debtor' FROM limit_row ON CONFLICT DO NOTHING
    """,
)
_TELL: Final = """
    SELECT account_id, jsonb_build_object(
        'debt_id', debt_id, 'debtor_id', debtor_id, 'run_id', %(run)s::bigint,
        'product', product, 'currency', currency,
        'outstanding_minor', principal_due + principal_rest + interest + fees,
        'due_minor', principal_due + interest + fees, 'due_since', since,
        'problems', '[]'::jsonb)::text
    FROM limit_row ORDER BY account_id
"""


def write_by_hand(path: Path, on: date, actor: Actor, at: datetime) -> None:
    """Must run in a transaction that is rolled back."""
    run = IntakeRun.objects.create(
        file_name=path.name, file_sha256=b"", profile="limit", profile_sha256="", as_of_on=on,
        status="running", started_at=at, actor_kind=actor.kind, actor_id=actor.id,
    )  # fmt: skip
    values: dict[str, Any] = {"on": on, "at": at, "run": run.pk}
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        cursor.copy_expert(
            "COPY limit_row (ref, first_name, last_name, sort_key, words, sealed, fingerprint,"
            " phone, email, street, postcode, city, debt_ref, product, contract_no, contract_on,"
            " currency, rate, limitation_on, since, principal_due, principal_rest, interest, fees)"
            " FROM STDIN",
            _lines(path),
        )
        for statement in _WRITE:
            cursor.execute(statement, values)
        cursor.execute(_TELL, values)
        told = [
            NewEvent(events.DEBT_TAKEN_IN, Subject("account", pk), payload, on)
            for pk, payload in cursor.fetchall()
        ]
        record_events(events=told, actor=actor, at=at)


def _lines(path: Path) -> io.StringIO:
    open_source(path, load_profile("canonical"))
    with path.open(encoding="utf-8", newline="") as file:
        lines = [_line(row) for row in csv.DictReader(file)]
    lines.append("")
    return io.StringIO("\n".join(lines))


def _line(row: dict[str, Any]) -> str:
    number = phonenumbers.parse(row["phones"], "PL")
    if not phonenumbers.is_valid_number(number):
        raise ValueError(row["phones"])
    phone = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    sealed, fingerprint = seal("pesel", pesel.validate(row["pesel"]))
    since = date.fromisoformat(row["past_due_since"])
    contract_on = date.fromisoformat(row["contract_on"])
    limitation_on = date.fromisoformat(row["limitation_on"])
    principal, interest, fees, past_due = (
        int(Decimal(row[name]) * 100)
        for name in ("principal", "contractual_interest", "fees", "past_due_amount")
    )
    principal_due = past_due - interest - fees
    first, last = row["first_name"], row["last_name"]
    return "\t".join(
        (
            row["debtor_ref"], first, last, polish_sort_key(f"{last} {first}"),
            " ".join(search_words(f"{first} {last}")), f"\\\\x{sealed.hex()}",
            f"\\\\x{fingerprint.hex()}", phone, row["emails"].lower(),
            f"{row['street']} {row['house_no']}", row["postcode"], row["city"], row["debt_ref"],
            row["product"], row["contract_no"], str(contract_on), row["currency"],
            str(Decimal(row["contract_rate"])), str(limitation_on), str(since),
            str(principal_due), str(principal - principal_due), str(interest), str(fees),
        )
    )  # fmt: skip
