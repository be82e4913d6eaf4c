"""Between two closes nothing is lost: each case's way against a naive account of the same days."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from django.db.models import Count, Sum

from contacts.models import Promise
from journal.models import Event
from kernel.actor import system_actor
from ledger.operations import post_write_off
from ledger.verification import verify_ledger
from portfolio.entries import FLOWS, OF_PEOPLE, STOCKS, TALK_COUNTS_DAYS, EntryKind, Grain
from portfolio.models import CaseSnapshot, DailySummary, DayEntry, FigureSum, RollSum, Snapshot
from portfolio.operations import take_snapshot
from portfolio.periods import week_of
from portfolio.queries import list_unmet_days
from staff.models import Team
from tests.integration.cases.builders import pay
from tests.integration.portfolio.conftest import AT, ON, make_case
from tests.integration.portfolio.simulated import FIRST, Line, SimulatedBook, open_books

pytestmark = pytest.mark.django_db

DAYS = 8
_ONTO = (EntryKind.OPENED, EntryKind.FELL_DUE)
_OFF = (EntryKind.PAID, EntryKind.WRITTEN_OFF, EntryKind.REDUCED)


def lived(seed: int, *, days: int, debtors: int = 14) -> SimulatedBook:
    book = SimulatedBook.begin(seed)
    for _ in range(debtors):
        book.arrive(FIRST)
    for number in range(days):
        book.live(FIRST + timedelta(days=number))
    return book


@pytest.mark.parametrize("seed", [3, 11])
def test_between_two_closes_nothing_is_lost(seed: int) -> None:
    """One life of a book, looked at from every side: to live it is what costs."""
    book = lived(seed, days=DAYS)
    every_line_is_what_a_naive_account_of_the_day_says(book)
    what_was_there_and_came_less_what_went_is_what_is_there()
    the_first_day_has_no_flows()
    every_grain_sums_the_same_lines()
    a_week_is_the_sum_of_its_days_and_knows_nothing_that_merely_waits()
    a_payment_counts_for_who_talked_last_within_the_window(book)
    promises_count_on_their_due_day_kept_or_broken()
    where_the_cases_of_an_earlier_close_went_is_all_of_them()
    a_day_that_is_taken_again_says_the_same()
    verify_finds_nothing_and_then_what_was_changed()


def lines_of(on: date) -> Counter[Line]:
    kinds = FLOWS - {EntryKind.PAID_AFTER_TALK}
    rows = DayEntry.objects.filter(taken_on=on, kind__in=kinds)
    return Counter(
        Line(*row)
        for row in rows.values_list("kind", "case_id", "currency", "money_minor", "due_minor")
    )


def days() -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(1, DAYS)]


def every_line_is_what_a_naive_account_of_the_day_says(book: SimulatedBook) -> None:
    for on in days():
        assert lines_of(on) == book.flows[on], on
    told = {line.kind for on in days() for line in book.flows[on]}
    assert told == {kind.value for kind in FLOWS - {EntryKind.PAID_AFTER_TALK}}


def what_was_there_and_came_less_what_went_is_what_is_there() -> None:
    for on in days():
        for currency in ("PLN", "EUR"):
            before, now = _stock(on - timedelta(days=1), currency), _stock(on, currency)
            entries, due = _sums(on, currency)
            assert before[0] + entries["opened"] - entries["closed"] == now[0]
            onto = sum(due[kind] for kind in _ONTO)
            off = sum(due[kind] for kind in _OFF)
            assert before[1] + onto - off == now[1]
            late = entries["new_arrears"] - entries["cured"] - entries["written_out"]
            assert before[2] + late == now[2]


def _sums(on: date, currency: str) -> tuple[Counter[str], Counter[str]]:
    """Lines and what is due in them, by kind."""
    rows = FigureSum.objects.filter(taken_on=on, grain=Grain.DESK, currency=currency)
    entries: Counter[str] = Counter()
    due: Counter[str] = Counter()
    for kind, count, minor in rows.values_list("kind", "entries", "due_minor"):
        entries[kind] += count
        due[kind] += minor
    return entries, due


def _stock(on: date, currency: str) -> tuple[int, int, int]:
    """Cases, what is due, and cases past due."""
    rows = DailySummary.objects.filter(taken_on=on, currency=currency)
    late = rows.filter(bucket__gt=0).aggregate(n=Sum("cases"))["n"] or 0
    found = rows.aggregate(n=Sum("cases"), d=Sum("due_minor"))
    return found["n"] or 0, found["d"] or 0, late


def the_first_day_has_no_flows() -> None:
    assert Snapshot.objects.get(taken_on=FIRST).previous_on is None
    assert not DayEntry.objects.filter(taken_on=FIRST, kind__in=FLOWS).exists()


def every_grain_sums_the_same_lines() -> None:
    lines = DayEntry.objects.values_list("taken_on", "kind", "currency").annotate(
        n=Count("id"), m=Sum("money_minor"), d=Sum("due_minor")
    )
    for on, kind, currency, entries, money, due in lines:
        for grain in (Grain.DESK, Grain.PLACE, Grain.OFFICER, Grain.PART):
            if grain in (Grain.OFFICER, Grain.PART) and kind not in OF_PEOPLE:
                continue
            found = FigureSum.objects.filter(
                taken_on=on, kind=kind, currency=currency, grain=grain
            ).aggregate(n=Sum("entries"), m=Sum("money_minor"), d=Sum("due_minor"))
            assert found == {"n": entries, "m": money, "d": due}, (on, kind, grain)


def a_week_is_the_sum_of_its_days_and_knows_nothing_that_merely_waits() -> None:
    weeks = FigureSum.objects.filter(grain=Grain.WEEK)
    by_week: Counter[tuple[date, str, str]] = Counter()
    for on, kind, currency, entries in FigureSum.objects.filter(grain=Grain.DESK).values_list(
        "taken_on", "kind", "currency", "entries"
    ):
        if kind not in STOCKS:
            by_week[week_of(on), kind, currency] += entries
    found: Counter[tuple[date, str, str]] = Counter()
    for on, kind, currency, entries in weeks.values_list("taken_on", "kind", "currency", "entries"):
        found[on, kind, currency] += entries
    assert found == by_week


def a_payment_counts_for_who_talked_last_within_the_window(book: SimulatedBook) -> None:
    lines = DayEntry.objects.filter(kind=EntryKind.PAID_AFTER_TALK)
    credited = Counter(lines.values_list("taken_on", "case_id", "currency", "officer_id"))
    expected: Counter[tuple[date, int, str, int]] = Counter()
    for line in DayEntry.objects.filter(kind=EntryKind.PAID):
        window = [
            (at, officer)
            for at, case_id, officer in book.talks
            if case_id == line.case_id
            and line.taken_on - timedelta(days=TALK_COUNTS_DAYS) <= at.date() <= line.taken_on
        ]
        if window:
            expected[line.taken_on, line.case_id, line.currency, max(window)[1]] += 1
    assert credited == expected
    assert credited


def promises_count_on_their_due_day_kept_or_broken() -> None:
    """As it was known at the close: what turns out otherwise later counts on the later day."""
    told = _judgements()
    for status, kind in (("kept", "promise_kept"), ("broken", "promise_broken")):
        expected: Counter[date] = Counter()
        for promise in Promise.objects.all():
            for on in days():
                known = [(day, was) for day, was in told[promise.pk] if day <= on]
                if known and known[-1][1] == status and max(promise.due_on, known[-1][0]) == on:
                    expected[on] += 1
        found = Counter(DayEntry.objects.filter(kind=kind).values_list("taken_on", flat=True))
        assert found == expected
        assert found


def _judgements() -> dict[int, list[tuple[date, str]]]:
    """Of each promise, the days on which it was judged, in turn, and what it was from then on."""
    told: dict[int, list[tuple[date, str]]] = defaultdict(list)
    words = {
        "promise.kept": "kept", "promise.kept_after_all": "kept", "promise.broken": "broken",
        "promise.broken_after_all": "broken", "promise.open_again": "open",
    }  # fmt: skip
    for event in Event.objects.filter(kind__in=words).order_by("id"):
        told[event.payload["promise_id"]].append((event.effective_on, words[event.kind]))
    return told


def where_the_cases_of_an_earlier_close_went_is_all_of_them() -> None:
    last = max(days())
    begun = CaseSnapshot.objects.filter(taken_on=FIRST)
    rolled = RollSum.objects.filter(taken_on=last, from_on=FIRST)
    for bucket in range(7):
        there = begun.filter(bucket=bucket).aggregate(n=Count("id"), d=Sum("due_minor"))
        went = rolled.filter(bucket=bucket).aggregate(n=Sum("cases"), d=Sum("due_minor"))
        assert (went["n"] or 0, went["d"] or 0) == (there["n"], there["d"] or 0)
    for case_id, currency, bucket in begun.values_list("case_id", "currency", "bucket"):
        now = CaseSnapshot.objects.filter(taken_on=last, case_id=case_id, currency=currency).first()
        outcomes = rolled.filter(currency=currency, bucket=bucket).values_list("outcome", flat=True)
        assert any(outcome == now.bucket if now else outcome >= 100 for outcome in outcomes)


def a_day_that_is_taken_again_says_the_same() -> None:
    last = max(days())
    at = Snapshot.objects.get(taken_on=last).taken_at
    before = _everything()

    take_snapshot(on=last, at=at)

    assert _everything() == before


def verify_finds_nothing_and_then_what_was_changed() -> None:
    assert list_unmet_days() == []
    paid = FigureSum.objects.filter(grain=Grain.DESK, kind=EntryKind.PAID).first()
    assert paid is not None

    paid.due_minor += 1
    paid.save()

    assert {finding.code for finding in list_unmet_days()} == {
        "board_does_not_meet",
        "board_sum_differs",
    }


def test_a_day_taken_again_in_the_middle_moves_what_the_next_one_counts_from() -> None:
    lived(5, days=4, debtors=6)
    last = FIRST + timedelta(days=3)
    middle = last - timedelta(days=1)

    take_snapshot(on=middle, at=Snapshot.objects.get(taken_on=middle).taken_at)

    # Nothing has moved; only the calendar makes a case past due.
    assert {line.kind for line in lines_of(last)} <= {"new_arrears"}
    both = [
        list(
            CaseSnapshot.objects.filter(taken_on=on)
            .order_by("case_id", "currency")
            .values_list("case_id", "currency", "due_minor")
        )
        for on in (middle, last)
    ]
    assert both[0] == both[1]


def test_what_a_late_payment_puts_right_is_told_as_what_it_puts_right(north: Team) -> None:
    """One payment reaches us after a later one: both are of the day, and the sums still meet."""
    debtor = make_case("C-1", north, days=3, due_minor=60_000).debtor
    debt = debtor.parties.get().debt
    open_books(debt)
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    pay(debt, 50_000, on=ON, at=AT)
    pay(debt, 20_000, on=ON - timedelta(days=1), at=AT)
    take_snapshot(on=ON, at=AT)

    place = (debtor.case.pk, "PLN")
    assert lines_of(ON) == Counter(
        [Line("paid", *place, 70_000, 60_000), Line("cured", *place, 60_000, 60_000)]
    )
    assert verify_ledger() == []
    assert list_unmet_days() == []


def test_a_write_off_that_a_payment_moves_to_what_is_not_due_yet_still_meets(north: Team) -> None:
    """What was written off of the arrears is paid after all, so that it goes off the rest."""
    debtor = make_case("C-1", north, days=3, due_minor=60_000).debtor
    debt = debtor.parties.get().debt
    open_books(debt)
    take_snapshot(on=ON - timedelta(days=1), at=AT)
    post_write_off(
        account_id=debt.account_id, amount_minor=60_000, reason="settlement",
        idempotency_key="w", source="test", effective_on=ON, actor=system_actor("test"), at=AT,
    )  # fmt: skip
    take_snapshot(on=ON, at=AT)
    pay(debt, 60_000, on=ON - timedelta(days=1), at=AT)
    take_snapshot(on=ON + timedelta(days=1), at=AT)

    place = (debtor.case.pk, "PLN")
    assert lines_of(ON + timedelta(days=1)) == Counter(
        [Line("paid", *place, 60_000, 60_000), Line("written_off", *place, 0, -60_000)]
    )
    assert verify_ledger() == []
    assert list_unmet_days() == []


def _everything() -> dict[str, Counter[tuple[object, ...]]]:
    found: dict[str, Counter[tuple[object, ...]]] = defaultdict(Counter)
    for model in (CaseSnapshot, DailySummary, DayEntry, FigureSum, RollSum):
        names = [field.attname for field in model._meta.concrete_fields if field.name != "id"]
        found[model.__name__] = Counter(model._default_manager.values_list(*names))
    return found
