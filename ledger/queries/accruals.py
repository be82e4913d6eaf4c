"""How accounts bear interest: whose book they are, pauses, and the rates that hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kernel.calendar import POLAND
from ledger.accrual import Accrual
from ledger.book_of_record import BookPeriod, Pause, interest_terms, keeper_on
from ledger.lifecycle import Keeper
from ledger.models import BookEntry, InterestPause, InterestState, RateEntry
from ledger.queries.rates import get_rates
from ledger.rates import RateKind, Rates, Tariff


@dataclass(frozen=True, slots=True)
class AccountBook:
    """``entries`` stand in the order in which they were recorded."""

    entries: Sequence[BookPeriod] = ()
    pauses: Sequence[Pause] = field(default_factory=list)

    def keeper_on(self, on: date) -> Keeper:
        return keeper_on(self.entries, on)


def get_book(*, account_id: int) -> AccountBook:
    """Whose figures hold for the account, and since when."""
    return list_books(account_ids=[account_id]).get(account_id, AccountBook())


def list_books(*, account_ids: Sequence[int]) -> dict[int, AccountBook]:
    """Of the accounts for which anything was ever recorded; for the others the core holds."""
    entries: dict[int, list[BookPeriod]] = defaultdict(list)
    rows = BookEntry.objects.filter(account_id__in=account_ids).order_by("id")
    for account_id, keeper, from_on, kind, percent, reason in rows.values_list(
        "account_id", "keeper", "from_on", "rate_kind", "contract_percent", "reason"
    ):
        tariff = Tariff(RateKind(kind), percent) if kind else None
        entries[account_id].append(BookPeriod(from_on, Keeper(keeper), tariff, reason))
    if not entries:
        return {}
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for account_id, from_on, until_on in InterestPause.objects.filter(
        account_id__in=list(entries)
    ).values_list("account_id", "from_on", "until_on"):
        pauses[account_id].append(Pause(from_on, until_on))
    return {pk: AccountBook(its, pauses.get(pk, [])) for pk, its in entries.items()}


@dataclass(frozen=True, slots=True)
class KnownAccrual:
    """``rates_entry`` is the last entry of the rates that ``accrual`` uses."""

    accrual: Accrual
    rates_entry: int


def list_accruals(
    *, account_ids: Sequence[int], as_posted: bool = False
) -> dict[int, KnownAccrual]:
    """Of those accounts that bear interest of ours on any day.

    ``as_posted``: with the rates with which they were posted, not with those that hold now.
    """
    terms = {
        pk: its
        for pk, book in list_books(account_ids=account_ids).items()
        if (its := interest_terms(book.entries, book.pauses))
    }
    if not terms:
        return {}
    found: Mapping[int, tuple[Rates, int]]
    if as_posted:
        found = _rates_as_posted(list(terms))
    else:
        now = get_rates_and_entry()
        found = dict.fromkeys(terms, now)
    return {
        pk: KnownAccrual(Accrual(its, found[pk][0], POLAND), found[pk][1])
        for pk, its in terms.items()
    }


def get_rates_and_entry() -> tuple[Rates, int]:
    """The rates that hold now, and the id of the last entry among them (0: only shipped ones)."""
    last = _last_entry()
    return get_rates(through_entry=last), last


def _last_entry() -> int:
    return RateEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _rates_as_posted(account_ids: Sequence[int]) -> dict[int, tuple[Rates, int]]:
    entry_of = dict(
        InterestState.objects.filter(pk__in=account_ids).values_list("pk", "rates_entry")
    )
    rates = {entry: get_rates(through_entry=entry) for entry in {0, *entry_of.values()}}
    return {pk: (rates[entry_of.get(pk, 0)], entry_of.get(pk, 0)) for pk in account_ids}
