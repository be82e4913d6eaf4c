"""A small book that lives through days by the real operations, and a naive account of it.

The account is kept beside the product: what was paid and written off is noted when it is done,
and the book is read with plain loops over the models at each close.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cases.lifecycle import Stage
from cases.models import Case
from cases.operations import settle_cases
from collections_app.day_close import close_day
from contacts.lifecycle import AttemptResult, Direction
from contacts.operations import NewPromise, log_contact
from debtors.lifecycle import Channel, Product
from debtors.models import Debt
from kernel import clock
from kernel.actor import Actor, system_actor
from kernel.calendar import POLAND
from kernel.errors import DomainError
from ledger.allocation import Bucket
from ledger.lifecycle import Component
from ledger.models import Account, Posting, Transaction
from ledger.operations import (
    move_to_due,
    post_adjustment,
    post_charge,
    post_payment,
    post_write_off,
    reverse_posting,
)
from staff.models import Team
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user

MACHINE = system_actor("tests")
FIRST = date(2026, 5, 11)

Place = tuple[int, str]


class Line(NamedTuple):
    kind: str
    case_id: int
    currency: str
    money: int
    due: int


class Standing(NamedTuple):
    stage: str
    late: bool
    due: int


class Paid(NamedTuple):
    """What one posting brought, and how much of it went off what was due."""

    transaction_id: int
    place: Place
    money: int
    due: int
    by: str


@dataclass
class SimulatedBook:
    officers: list[Actor]
    dice: random.Random
    #: Of the day that is being lived, per kind, case and currency.
    today: dict[str, Counter[Place]] = field(default_factory=lambda: defaultdict(Counter))
    today_due: dict[str, Counter[Place]] = field(default_factory=lambda: defaultdict(Counter))
    standings: dict[date, dict[Place, Standing]] = field(default_factory=dict)
    flows: dict[date, Counter[Line]] = field(default_factory=dict)
    talks: list[tuple[datetime, int, int]] = field(default_factory=list)
    number: int = 0
    #: Accounts on which more was paid than was due: what is paid ahead would pay what comes later.
    finished: set[int] = field(default_factory=set)
    #: The last posting of each account: only that one is reversed, so that nothing is replayed.
    last: dict[int, Paid | None] = field(default_factory=dict)

    @classmethod
    def begin(cls, seed: int) -> SimulatedBook:
        teams = [Team.objects.create(name=name) for name in ("North", "South")]
        officers = [
            actor_of(make_user(f"officer{i}", Role.OFFICER, teams[i % 2])) for i in range(4)
        ]
        return cls(officers, random.Random(seed))

    def key(self) -> str:
        self.number += 1
        return f"key:{self.number}"

    def arrive(self, on: date) -> None:
        """A debtor with one or two debts, sometimes in two currencies."""
        debtor = make_debtor()
        for _ in range(self.dice.choice((1, 1, 2))):
            due = self.dice.randint(10, 900) * 100
            debt = make_debt(
                debtor,
                due_minor=due,
                outstanding_minor=due * self.dice.choice((1, 3)),
                due_since=on - timedelta(days=self.dice.choice((0, 1, 5, 29, 60, 95, 200, 400))),
                currency=self.dice.choice(("PLN", "PLN", "EUR")),
                product=self.dice.choice((Product.CASH_LOAN, Product.MORTGAGE)),
            )
            open_books(debt)
        at = clock.instant(on, time(8))
        settle_cases(debtor_ids=[debtor.pk], on=on, at=at, actor=MACHINE)

    def live(self, on: date) -> None:
        """Arrivals, payments, write-offs and calls, then the close of the day."""
        self.today, self.today_due = defaultdict(Counter), defaultdict(Counter)
        with clock.fixed_at(clock.instant(on, time(11))):
            for _ in range(self.dice.randint(0, 3)):
                self.arrive(on)
            for debt in list(Debt.objects.select_related("account").order_by("id")):
                self._touch(debt, on)
            if POLAND.is_working_day(on):
                self._call(on)
            for case in Case.objects.filter(status="open").order_by("id"):
                if self.dice.random() < 0.06:
                    Case.objects.filter(pk=case.pk).update(stage=self.dice.choice(list(Stage)))
        with clock.fixed_at(clock.instant(on + timedelta(days=1), time(0, 30))):
            close_day(on=on, at=clock.now())
        self.standings[on] = dict(_read(on))
        if on > FIRST:
            self.flows[on] = Counter(self._expected(on))

    def _touch(self, debt: Debt, on: date) -> None:
        """At most one thing a day happens to an account."""
        chance, at, account = self.dice.random(), clock.now(), debt.account
        account.refresh_from_db()
        if account.pk in self.finished:
            return
        place = (_case_id(debt), debt.currency)
        if chance < 0.16:
            more = 5_000 if chance < 0.04 else 0
            part = 1 if chance < 0.08 else self.dice.randint(2, 5)
            self._pay(debt, place, account.due_minor // part + more, on, at)
        elif chance < 0.20 and account.outstanding_minor > 0:
            self._write_off(account, place, at)
        elif chance < 0.32:
            self._owe_more(account, on, at, by_fee=chance < 0.27)
        elif chance < 0.36:
            self._reverse(account, at)
        elif chance < 0.46 and account.due_minor > 0:
            self._correct(account, at)

    def _pay(self, debt: Debt, place: Place, amount: int, on: date, at: datetime) -> None:
        due = max(debt.account.due_minor, 0)
        if amount <= 0 or not due:
            return
        done = post_payment(
            account_id=debt.account_id, amount_minor=amount, currency=debt.currency,
            value_on=on, idempotency_key=self.key(), actor=MACHINE, at=at,
        )  # fmt: skip
        if amount > due:
            self.finished.add(debt.account_id)
        paid = Paid(done.transaction_id, place, amount, min(amount, due), "paid")
        self._note("paid", paid, debt.account_id)

    def _write_off(self, account: Account, place: Place, at: datetime) -> None:
        amount = account.outstanding_minor // self.dice.choice((1, 2)) or 1
        transaction = post_write_off(
            account_id=account.pk, amount_minor=amount, reason="gone", actor=MACHINE, at=at,
            idempotency_key=self.key(),
        )  # fmt: skip
        off = min(amount, account.due_minor)
        paid = Paid(transaction, place, amount, off, "written_off")
        self._note("written_off", paid, account.pk)

    def _owe_more(self, account: Account, on: date, at: datetime, *, by_fee: bool) -> None:
        self.last[account.pk] = None
        if by_fee and account.outstanding_minor > 0:
            post_charge(
                account_id=account.pk, component=Component.FEES, amount_minor=4_700, due_on=on,
                reason="fee", idempotency_key=self.key(), source="tests", actor=MACHINE, at=at,
            )  # fmt: skip
        elif not by_fee:
            move_to_due(
                account_id=account.pk, due_on=on, reason="fell due", idempotency_key=self.key(),
                source="tests", actor=MACHINE, at=at,
            )  # fmt: skip

    def _correct(self, account: Account, at: datetime) -> None:
        """The bank finds that half of the oldest part was never owed."""
        self.last[account.pk] = None
        due = account.balances.filter(due_on__isnull=False, amount_minor__gt=1)
        bucket = Bucket(*due.values_list("component", "due_on", "amount_minor")[0])
        less = bucket._replace(amount_minor=-(bucket.amount_minor // 2))
        post_adjustment(
            account_id=account.pk, changes=[less], reason="the bank corrected it",
            idempotency_key=self.key(), actor=MACHINE, at=at,
        )  # fmt: skip

    def _reverse(self, account: Account, at: datetime) -> None:
        before = self.last.get(account.pk)
        if before is None:
            return
        self.last[account.pk] = None
        reverse_posting(transaction_id=before.transaction_id, reason="wrong", actor=MACHINE, at=at)
        self.today[before.by][before.place] -= before.money
        self.today_due[before.by][before.place] -= before.due

    def _note(self, kind: str, paid: Paid, account_id: int) -> None:
        self.last[account_id] = paid
        self.today[kind][paid.place] += paid.money
        self.today_due[kind][paid.place] += paid.due

    def _call(self, on: date) -> None:
        for case in Case.objects.filter(status="open").order_by("id"):
            if self.dice.random() > 0.25:
                continue
            officer = self.dice.choice([o for o in self.officers if o.team_id == case.team_id])
            result = self.dice.choice((AttemptResult.NO_ANSWER, AttemptResult.PROMISED))
            with suppress(DomainError):
                logged = log_contact(
                    case_id=case.pk, channel=Channel.PHONE, direction=Direction.OUT,
                    result=result, note="", actor=officer, at=clock.now(),
                    promise=self._promise(case, on) if result == "promised" else None,
                )  # fmt: skip
                if logged.attempt.is_conversation:
                    self.talks.append((clock.now(), case.pk, int(officer.id)))

    def _promise(self, case: Case, on: date) -> NewPromise:
        debt = Debt.objects.filter(parties__debtor=case.debtor_id).order_by("id")[0]
        return NewPromise(self.dice.randint(1, 90) * 100, debt.currency,
                          on + timedelta(days=self.dice.randint(1, 3)))  # fmt: skip

    def _expected(self, on: date) -> Iterator[Line]:
        """Case by case, with nothing but the two standings and the notes of the day."""
        before, now = self.standings[on - timedelta(days=1)], self.standings[on]
        for place in {*before, *now, *self.today["paid"], *self.today["written_off"]}:
            then, here = before.get(place), now.get(place)
            if then is None and here is None and not _was_open_meanwhile(place[0], on):
                continue
            yield from self._of_case(place, then, here)

    def _of_case(
        self, place: Place, then: Standing | None, here: Standing | None
    ) -> Iterator[Line]:
        paid, off = self.today["paid"][place], self.today_due["paid"][place]
        forgiven = self.today["written_off"][place]
        forgiven_due = self.today_due["written_off"][place]
        due_then, due_here = then.due if then else 0, here.due if here else 0
        came = due_here - due_then + off + forgiven_due
        if here and not then:
            yield Line("opened", *place, came, came)
        elif came > 0:
            yield Line("fell_due", *place, came, came)
        elif came < 0:
            yield Line("reduced", *place, -came, -came)
        if then and not here:
            yield Line("closed", *place, due_then, due_then)
        late_then, late_here = bool(then and then.late), bool(here and here.late)
        if late_here and not late_then:
            yield Line("new_arrears", *place, due_here, due_here)
        if late_then and not late_here:
            yield Line("written_out" if forgiven > 0 else "cured", *place, due_then, due_then)
        if (
            then
            and here
            and list(Stage).index(Stage(here.stage)) > list(Stage).index(Stage(then.stage))
        ):
            yield Line("escalated", *place, due_here, due_here)
        if paid or off:
            yield Line("paid", *place, paid, off)
        if forgiven or forgiven_due:
            yield Line("written_off", *place, forgiven, forgiven_due)


def open_books(debt: Debt) -> None:
    """The postings that the balances of the debt come from."""
    account = debt.account
    opening = Transaction.objects.create(
        account=account, kind="opening", effective_on=account.opened_on,
        recorded_at=clock.instant(account.opened_on), source="tests",
        idempotency_key=f"open:{account.pk}", actor_kind="system", actor_id="tests",
    )  # fmt: skip
    legs = list(account.balances.values_list("component", "due_on", "amount_minor"))
    legs.append(("opening", None, -sum(leg[2] for leg in legs)))
    Posting.objects.bulk_create(
        Posting(transaction=opening, account=account, leg=leg, due_on=due_on, amount_minor=amount)
        for leg, due_on, amount in legs
    )


def _case_id(debt: Debt) -> int:
    return Case.objects.values_list("id", flat=True).get(debtor__parties__debt=debt)


def _read(on: date) -> Iterator[tuple[Place, Standing]]:
    for case in Case.objects.filter(status="open"):
        debts = Debt.objects.filter(parties__debtor=case.debtor_id).select_related("account")
        since = [debt.account.due_since for debt in debts if debt.account.due_since]
        late = bool(since) and (on - min(since)).days > 0
        for currency in {debt.currency for debt in debts}:
            due = sum(max(d.account.due_minor, 0) for d in debts if d.currency == currency)
            yield (case.pk, currency), Standing(case.stage, late, due)


def _was_open_meanwhile(case_id: int, on: date) -> bool:
    case = Case.objects.get(pk=case_id)
    return case.opened_on >= on or bool(case.closed_on and case.closed_on >= on)
