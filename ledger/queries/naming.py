"""Accounts by what a payment may name them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection

from ledger.lifecycle import NameKind
from ledger.matching import MOST_OF_A_NAME, Candidate
from ledger.payment_names import Names, holders_in, is_by_chance

#: What people write in words between which other numbers stand.
_WRITTEN: Final = frozenset({NameKind.CONTRACT, NameKind.CASE})
_FIGURES: Final = "a.id, a.currency, a.due_minor, a.outstanding_minor, a.due_since"
_KNOWN: Final = f"""
    SELECT 'virtual_account', a.virtual_account_no, 0, {_FIGURES}
    FROM ledger_account a WHERE a.virtual_account_no = ANY(%(accounts)s)
    UNION ALL
    SELECT n.kind, n.key, n.confirmed, {_FIGURES}
    FROM ledger_paymentname n JOIN ledger_account a ON a.id = n.account_id
    WHERE n.key = ANY(%(keys)s) AND n.kind <> 'holder'
"""
#: A few of those who share a name, and of them those on whose account the amount fits.
_HOLDERS: Final = f"""
    SELECT p.payment, p.key, {_FIGURES}
    FROM unnest(%(payments)s::bigint[], %(keys)s::text[], %(amounts)s::bigint[])
         AS p (payment, key, amount)
    CROSS JOIN LATERAL (
        (SELECT n.account_id FROM ledger_paymentname n
         WHERE n.key = p.key AND n.kind = 'holder' LIMIT %(most)s)
        UNION
        (SELECT n.account_id FROM ledger_paymentname n JOIN ledger_account f ON f.id = n.account_id
         WHERE n.key = p.key AND n.kind = 'holder'
           AND p.amount IN (f.due_minor, f.outstanding_minor) LIMIT %(most)s)
    ) found
    JOIN ledger_account a ON a.id = found.account_id
"""


class NamedBy(NamedTuple):
    """What a payment says: ``names`` are numbers and accounts, ``party_name`` and ``title`` may
    hold names of people. The numbers stand in ``title`` and ``reference``."""

    amount_minor: int
    names: Names
    party_name: str
    title: str
    reference: str


def list_candidates(*, payments: Mapping[int, NamedBy]) -> dict[int, list[Candidate]]:
    """The accounts that the names said by each payment fit, by the payment's id."""
    known = _known([each.names for each in payments.values()])
    found: dict[int, list[Candidate]] = {
        pk: [
            Candidate(
                account_id, kind, found_in, currency, confirmed, due, outstanding, since,
                by_chance=kind in _WRITTEN and key.isdigit() and _is_by_chance(key, each),
            )
            for kind, keys in each.names.items()
            for key, found_in in keys.items()
            if key in known[kind]
            for confirmed, account_id, currency, due, outstanding, since in known[kind][key]
        ]
        for pk, each in payments.items()
    }  # fmt: skip
    unnamed = {
        pk: each
        for pk, each in payments.items()
        if all(one.kind is NameKind.SENDER or one.by_chance for one in found[pk])
    }
    for pk, candidate in _holders(unnamed):
        found[pk].append(candidate)
    expected = _expected({one.account_id for each in found.values() for one in each})
    return {
        pk: [one._replace(expected=expected.get(one.account_id, ())) for one in each]
        for pk, each in found.items()
    }


def _is_by_chance(key: str, payment: NamedBy) -> bool:
    return is_by_chance(key, texts=(payment.title, payment.reference))


def list_holder_keys(*, account_ids: Iterable[int]) -> dict[int, set[str]]:
    """The names of the people and firms who owe each account."""
    keys: dict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, key FROM ledger_paymentname"
            " WHERE account_id = ANY(%s) AND kind = 'holder'",
            [sorted(set(account_ids))],
        )
        for account_id, key in cursor.fetchall():
            keys[account_id].add(key)
    return keys


def _expected(account_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, array_agg(amount_minor ORDER BY due_on) FROM ledger_expectedpayment"
            " WHERE account_id = ANY(%s) GROUP BY account_id",
            [sorted(account_ids)],
        )
        return {account_id: tuple(amounts) for account_id, amounts in cursor.fetchall()}


def _known(payments: Sequence[Names]) -> Mapping[str, Mapping[str, list[tuple[Any, ...]]]]:
    """The accounts by kind and key of their names."""
    accounts: set[str] = set()
    keys: set[str] = set()
    for names in payments:
        accounts.update(names[NameKind.VIRTUAL_ACCOUNT])
        keys.update(names[NameKind.CONTRACT], names[NameKind.SENDER])
    known: dict[str, dict[str, list[tuple[Any, ...]]]] = {kind: {} for kind in NameKind}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"accounts": list(accounts), "keys": list(keys)})
        for kind, key, *figures in cursor.fetchall():
            known[kind].setdefault(key, []).append(tuple(figures))
    return known


def _holders(payments: Mapping[int, NamedBy]) -> Iterable[tuple[int, Candidate]]:
    places: dict[tuple[int, str], str] = {}
    for pk, each in payments.items():
        for key, found_in in holders_in(party_name=each.party_name, title=each.title).items():
            places[pk, key] = found_in
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLDERS,
            {
                "payments": [pk for pk, _ in places],
                "keys": [key for _, key in places],
                "amounts": [payments[pk].amount_minor for pk, _ in places],
                "most": MOST_OF_A_NAME + 1,
            },
        )
        rows: list[tuple[int, str, int, str, int, int, date | None]] = cursor.fetchall()
    return [
        (
            pk,
            Candidate(
                account_id, NameKind.HOLDER, places[pk, key], currency, 0, due, outstanding, since
            ),
        )
        for pk, key, account_id, currency, due, outstanding, since in rows
    ]
