"""How an account stands, and whether a fact comes after all that is known of it."""

from __future__ import annotations

from ledger.lifecycle import TransactionKind
from ledger.models import Account, Balance, Transaction
from ledger.queries.facts import ABOUT_OTHERS
from ledger.replay import Fact, Holding, place_of


def is_newest(*, account_id: int, fact: Fact) -> bool:
    """Nothing that counts on its day or later comes after it."""
    later = Transaction.objects.filter(
        account_id=account_id, effective_on__gte=fact.on, reversed_by__isnull=True
    ).exclude(kind__in=[*ABOUT_OTHERS, TransactionKind.OPENING])
    place = place_of(fact)
    return all(
        place_of(Fact(0, TransactionKind(kind), on, (source, key))) < place
        for kind, on, source, key in later.values_list(
            "kind", "effective_on", "source", "idempotency_key"
        )
    )


def get_holding(*, account: Account) -> Holding:
    """What is owed per component and due day now, and what the debtor has paid ahead."""
    rows = Balance.objects.filter(account=account, amount_minor__gt=0)
    buckets = {
        (component, due_on): amount
        for component, due_on, amount in rows.values_list("component", "due_on", "amount_minor")
    }
    return Holding(buckets, account.overpaid_minor)
