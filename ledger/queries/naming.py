"""Accounts by what a payment may name them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection

from ledger.lifecycle import NameKind
from ledger.matching import Candidate
from ledger.payment_names import Said

_KNOWN = """
    SELECT 'virtual_account', a.virtual_account_no, a.id, a.currency, 0
    FROM ledger_account a WHERE a.virtual_account_no = ANY(%(accounts)s)
    UNION ALL
    SELECT n.kind, n.key, n.account_id, a.currency, n.confirmed
    FROM ledger_paymentname n JOIN ledger_account a ON a.id = n.account_id
    WHERE n.key = ANY(%(keys)s)
"""


def list_candidates(*, said: Mapping[int, Sequence[Said]]) -> dict[int, list[Candidate]]:
    """The accounts that the names said by each payment fit, by the payment's id."""
    names = {one for each in said.values() for one in each}
    with connection.cursor() as cursor:
        cursor.execute(
            _KNOWN,
            {
                "accounts": [n.key for n in names if n.kind is NameKind.VIRTUAL_ACCOUNT],
                "keys": list({n.key for n in names if n.kind is not NameKind.VIRTUAL_ACCOUNT}),
            },
        )
        known: dict[tuple[str, str], list[tuple[int, str, int]]] = defaultdict(list)
        for kind, key, account_id, currency, confirmed in cursor.fetchall():
            known[kind, key].append((int(account_id), str(currency), int(confirmed)))
    return {
        pk: [
            Candidate(account_id, one.kind, one.found_in, currency, confirmed)
            for one in each
            for account_id, currency, confirmed in known.get((one.kind, one.key), [])
        ]
        for pk, each in said.items()
    }
