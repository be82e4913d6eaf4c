"""What each entry says about its debt, and what is to become of it. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ledger.matching import Candidate, Verdict, decide_match
from ledger.operations.waiting_entries import Found, Waiting, doubted
from ledger.payment_names import holders_in_name
from ledger.queries.naming import NamedBy, list_candidates, list_holder_keys


def find_debts(entries: Sequence[Waiting]) -> Iterator[Found]:
    named = {entry.id: entry.named_by() for entry in entries}
    candidates = list_candidates(payments=named)
    holders = list_holder_keys(
        account_ids=(one.account_id for each in candidates.values() for one in each)
    )
    for entry in entries:
        match = decide_match(
            candidates[entry.id],
            amount_minor=entry.amount_minor,
            currency=entry.currency,
            strangers=_strangers(named[entry.id], candidates[entry.id], holders),
        )
        proposal = {
            "accounts": list(match.account_ids),
            "percent": match.percent,
            "reasons": [reason._asdict() for reason in match.reasons],
        }
        if match.shares and match.verdict is not Verdict.POST:
            proposal["shares"] = {str(pk): amount for pk, amount in match.shares.items()}
        shares = match.shares if match.verdict is Verdict.POST else {}
        yield doubted(Found(entry, match.verdict, proposal, shares))


def _strangers(
    named: NamedBy, candidates: Sequence[Candidate], holders: Mapping[int, Collection[str]]
) -> set[int]:
    """Accounts whose holders are known and are not the sender."""
    accounts = {one.account_id for one in candidates if one.account_id in holders}
    if not named.party_name or not accounts:
        return set()
    sender = set(holders_in_name(named.party_name))
    return {pk for pk in accounts if sender.isdisjoint(holders[pk])}
