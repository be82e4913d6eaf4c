"""Where the interest of an account comes from: every segment of one rate and one base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.interest import Segment
from ledger.lifecycle import Keeper
from ledger.queries.accruals import AccountBook, list_books
from ledger.queries.facts import AccountFacts, list_account_facts
from ledger.queries.rates import get_rates
from ledger.rates import RateKind, Rates, Tariff


@dataclass(frozen=True, slots=True)
class ExplainedSegment:
    """``rate`` is what gave the percent: the capital's own rate where that is the higher one.

    ``source`` is where a published rate was read, empty for one of the contract.
    """

    segment: Segment
    tariff: Tariff
    rate: RateKind
    source: str


@dataclass(frozen=True, slots=True)
class ExplainedInterest:
    """Interest of ours from the first day of our book through ``on``, as it is known now.

    ``posted_minor`` of ``total_minor`` is posted through ``on``. ``unconfirmed_from`` is the
    first day for which the rates are not known to be complete.
    """

    on: date
    keeper: Keeper
    book: AccountBook
    segments: tuple[ExplainedSegment, ...] = ()
    posted_minor: int = 0
    unconfirmed_from: date | None = None

    @property
    def total_minor(self) -> int:
        return sum(one.segment.amount_minor for one in self.segments)

    @property
    def not_posted_minor(self) -> int:
        return self.total_minor - self.posted_minor


def get_interest_explained(*, account_id: int, on: date) -> ExplainedInterest:
    """Of one account; without segments where none is ours."""
    return list_interest_explained(account_ids=[account_id], on=on)[account_id]


def list_interest_explained(
    *, account_ids: Sequence[int], on: date
) -> dict[int, ExplainedInterest]:
    """Of each of the accounts, in a constant number of statements."""
    books = list_books(account_ids=account_ids)
    known = list_account_facts(account_ids=list(books)) if books else {}
    rates = get_rates() if books else None
    return {
        pk: _explained(books[pk], known[pk], rates, on)
        if rates is not None and pk in books
        else ExplainedInterest(on, Keeper.CORE, AccountBook())
        for pk in account_ids
    }


def _explained(book: AccountBook, known: AccountFacts, rates: Rates, on: date) -> ExplainedInterest:
    segments = tuple(_segments(known, on, rates))
    late = [one.segment for one in segments if one.segment.last_on > rates.confirmed_until]
    unconfirmed = max(late[0].first_on, rates.confirmed_until + timedelta(days=1)) if late else None
    return ExplainedInterest(
        on, book.keeper_on(on), book, segments, known.interest_posted(on=on), unconfirmed
    )


def _segments(known: AccountFacts, on: date, rates: Rates) -> list[ExplainedSegment]:
    if known.accrual is None:
        return []
    explained = []
    for segment in known.fold_bases(known.accrual, on=on).segments(on):
        tariff = next(
            term.tariff
            for term in reversed(known.accrual.terms)
            if term.from_on <= segment.first_on
        )
        is_own = segment.percent == tariff.contract_percent
        rate = RateKind.CONTRACT_CAPITAL if is_own else tariff.kind
        source = "" if is_own else rates.source(tariff, segment.first_on)
        explained.append(ExplainedSegment(segment, tariff, rate, source))
    return explained
