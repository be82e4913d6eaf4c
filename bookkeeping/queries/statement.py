"""What a statement of account is made of: the postings of a debtor's accounts, as of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from bookkeeping.movements import (
    AccountStatement,
    Booked,
    Statement,
    cut_segments,
    state_account,
    with_interest,
)
from cases.models import Case
from cases.queries import get_case
from debtors.models import Address, Debt
from kernel.actor import Actor
from kernel.calendar import POLAND
from kernel.clock import end_of, legal_day
from kernel.errors import InvalidInput
from ledger.accrual import Accrual, BaseHistory, InterestTerm
from ledger.interest import Segment
from ledger.legs import Leg
from ledger.lifecycle import TransactionKind
from ledger.models import Posting, Transaction
from ledger.queries import get_rates
from ledger.queries.facts import AccountFacts, list_account_facts
from ledger.rates import NoRateOnDay, RateKind, Rates, Tariff

#: More movements than anybody reads; a shorter period has to be asked for.
MOST_MOVEMENTS: Final = 5_000
_DAY: Final = timedelta(days=1)


class StatementPeriodInvalid(InvalidInput):
    """The first day lies after the last one, or the last one ahead."""

    code = "statement_period_invalid"


class StatementTooLong(InvalidInput):
    """There are more movements than a statement holds; ask for a shorter period."""

    code = "statement_too_long"


def get_statement(
    *,
    number: str,
    from_on: date | None,
    until_on: date,
    as_known_on: date | None = None,
    today: date,
    actor: Actor,
) -> Statement:
    """Of every debt of the case's debtor from ``from_on`` (None: the first posting) through
    ``until_on``; with ``as_known_on``, from what had been recorded by the end of that day, and then
    without interest that was not posted.

    Raises CaseNotFound, StatementPeriodInvalid, StatementTooLong.
    """
    case = get_case(number=number, actor=actor)
    debts = list(
        Debt.objects.filter(parties__debtor_id=case.debtor_id, parties__role="main_debtor")
        .select_related("account")
        .order_by("id")
    )
    account_ids = [debt.account_id for debt in debts]
    booked = _booked(account_ids, as_known_on)
    days = [row.on for rows in booked.values() for row in rows]
    first_on = from_on or min(days, default=until_on)
    if first_on > until_on or until_on > today or (as_known_on and as_known_on > today):
        raise StatementPeriodInvalid(from_on=first_on, until_on=until_on, today=today)
    if sum(first_on <= on <= until_on for on in days) > MOST_MOVEMENTS:
        raise StatementTooLong(most=MOST_MOVEMENTS)
    facts = {} if as_known_on else list_account_facts(account_ids=account_ids)
    rates = get_rates()
    accounts = [
        _account(debt, booked[debt.account_id], facts.get(debt.account_id), rates,
                 first_on, until_on)
        for debt in debts
    ]  # fmt: skip
    return Statement(
        case.number,
        case.debtor.display_name,
        _address(case),
        first_on,
        until_on,
        today,
        as_known_on,
        tuple(accounts),
    )


def _account(
    debt: Debt,
    booked: Sequence[Booked],
    known: AccountFacts | None,
    rates: Rates,
    from_on: date,
    until_on: date,
) -> AccountStatement:
    opening, movements, closing = state_account(booked, from_on=from_on, until_on=until_on)
    interest = _interest(known, rates, from_on, until_on) if known else _Interest()
    charged = sum(
        movement.amount_minor for movement in movements if movement.kind is TransactionKind.INTEREST
    )
    explained = sum(segment.amount_minor for segment in interest.segments)
    return AccountStatement(
        debt.account_id,
        debt.product,
        debt.contract_no,
        debt.currency,
        debt.account.virtual_account_no or "",
        opening,
        movements,
        with_interest(closing, interest.accrued_minor),
        interest.segments,
        interest.is_ours,
        interest.is_ours and charged + interest.accrued_minor == explained,
        interest.accrued_minor,
    )


class _Interest(NamedTuple):
    """For delay, of a period; ``accrued_minor`` through its last day is not posted yet."""

    segments: tuple[Segment, ...] = ()
    is_ours: bool = False
    accrued_minor: int = 0


def _interest(known: AccountFacts, rates: Rates, from_on: date, until_on: date) -> _Interest:
    """What the account bears. Where it bears none of ours, for comparison the statutory interest on
    its overdue principal (art. 481 § 2 of the Civil Code)."""
    history = known.fold_bases(known.accrual or Accrual((), rates, POLAND), on=until_on)
    if known.accrual is None:
        return _Interest(_statutory(history, from_on, until_on))
    segments = cut_segments(
        history.segments(until_on), before=history.segments(from_on - _DAY), from_on=from_on
    )
    accrued = history.interest_through(until_on) - known.interest_posted(on=until_on)
    return _Interest(segments, is_ours=True, accrued_minor=accrued)


def _statutory(history: BaseHistory, from_on: date, until_on: date) -> tuple[Segment, ...]:
    """None for days for which the product knows no rate."""
    term = InterestTerm(Tariff(RateKind.STATUTORY_DELAY), from_on, until_on)
    compared = BaseHistory(replace(history.accrual, terms=(term,)), history.changes)
    try:
        return tuple(compared.segments(until_on))
    except NoRateOnDay:
        return ()


def _booked(account_ids: Sequence[int], as_known_on: date | None) -> dict[int, list[Booked]]:
    rows = Transaction.objects.filter(account_id__in=account_ids)
    if as_known_on is not None:
        rows = rows.filter(recorded_at__lt=end_of(as_known_on))
    legs: dict[int, list[Leg]] = defaultdict(list)
    for pk, leg, due_on, minor in Posting.objects.filter(account_id__in=account_ids).values_list(
        "transaction_id", "leg", "due_on", "amount_minor"
    ):
        legs[pk].append(Leg(leg, due_on, minor))
    booked: dict[int, list[Booked]] = defaultdict(list)
    for row in rows.order_by("id"):
        booked[row.account_id].append(
            Booked(
                row.pk,
                TransactionKind(row.kind),
                row.effective_on,
                legal_day(row.recorded_at),
                row.reason,
                row.source,
                tuple(legs[row.pk]),
                row.corrects_id,
                row.reverses_id,
            )
        )
    return booked


def _address(case: Case) -> tuple[str, ...]:
    row = (
        Address.objects.filter(debtor_id=case.debtor_id, is_usable=True)
        .order_by("kind", "id")
        .first()
    )
    if row is None:
        return ()
    lines = (row.street, f"{row.postal_code} {row.city}".strip())
    return tuple(line for line in lines if line)
