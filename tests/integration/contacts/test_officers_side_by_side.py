"""Two people, two submits, and the night at once: each in a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction

from cases.lifecycle import Handler, HoldKind, WorkKind
from cases.locking import lock_cases
from cases.models import Case, Hold, WorkItem
from cases.operations import (
    CaseHandledByAnother,
    NewWorkItem,
    claim_next_work_item,
    hold_case,
    open_cases,
    open_work_items,
    take_case,
)
from contacts.lifecycle import AttemptResult, Direction
from contacts.models import Attempt, Promise
from contacts.operations import (
    ContactRefused,
    NewPromise,
    PromiseOpenAlready,
    log_contact,
    make_promise,
)
from debtors.lifecycle import Channel
from kernel.actor import Actor, system_actor
from staff.models import Team, User
from staff.rights import Role
from tests.integration.cases.builders import actor_of, make_debt, make_debtor, make_user

pytestmark = pytest.mark.commits

AT = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON = date(2026, 5, 12)
MACHINE = system_actor("tests")


@pytest.fixture
def officers(committed_db: dict[str, Any], django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        team = Team.objects.create(name="North")
        yield [make_user(f"officer{i}", Role.OFFICER, team) for i in range(4)]


@pytest.fixture
def open_case(officers: list[User]) -> Case:
    debtor = make_debtor()
    make_debt(debtor)
    (pk,) = open_cases(debtor_ids=[debtor.pk], on=ON, at=AT, actor=MACHINE)
    return Case.objects.get(pk=pk)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; results, or the errors they raised."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except Exception as error:  # noqa: BLE001
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def call(case: Case, actor: Actor, **values: Any) -> Any:
    return log_contact(
        case_id=case.pk, channel=Channel.PHONE, direction=Direction.OUT, note="", actor=actor,
        at=AT, **{"result": AttemptResult.SPOKE, **values},
    )  # fmt: skip


def test_a_form_submitted_twice_at_once_is_logged_once(
    open_case: Case, officers: list[User]
) -> None:
    actor = actor_of(officers[0])
    promise = NewPromise(1_000, "PLN", date(2026, 5, 20))
    both = at_once(
        *[lambda: call(open_case, actor, submission="f", promise=promise) for _ in range(2)]
    )
    assert sorted(logged.is_new for logged in both) == [False, True]
    assert Attempt.objects.count() == Promise.objects.count() == 1


def test_of_two_officers_who_talk_at_once_one_is_refused(
    open_case: Case, officers: list[User]
) -> None:
    first, second = (actor_of(officer) for officer in officers[:2])
    both = at_once(lambda: call(open_case, first), lambda: call(open_case, second))
    assert sum(isinstance(result, ContactRefused) for result in both) == 1
    assert Attempt.objects.count() == 1


def test_two_promises_at_once_make_one(open_case: Case, officers: list[User]) -> None:
    actors = [actor_of(officer) for officer in officers[:2]]
    both = at_once(
        *[
            lambda actor=actor: make_promise(
                case_id=open_case.pk,
                amount_minor=1_000,
                currency="PLN",
                due_on=date(2026, 5, 20),
                actor=actor,
                at=AT,
            )
            for actor in actors
        ]
    )
    assert sum(isinstance(result, PromiseOpenAlready) for result in both) == 1
    assert Hold.objects.filter(kind=HoldKind.PROMISE).count() == 1


def test_officers_who_ask_at_once_get_different_work(officers: list[User]) -> None:
    debtors = [make_debtor() for _ in range(4)]
    for debtor in debtors:
        make_debt(debtor)
    ids = open_cases(debtor_ids=[d.pk for d in debtors], on=ON, at=AT, actor=MACHINE)
    open_work_items(items=[NewWorkItem(pk, WorkKind.CALL, ON) for pk in ids], at=AT, actor=MACHINE)
    claimed = at_once(
        *[
            lambda officer=officer: claim_next_work_item(on=ON, actor=actor_of(officer), at=AT)
            for officer in officers
        ]
    )
    assert {item.pk for item in claimed} == set(WorkItem.objects.values_list("pk", flat=True))


def test_an_agency_and_the_court_cannot_both_take_a_case(open_case: Case) -> None:
    both = at_once(
        *[
            lambda handler=handler: take_case(
                case_id=open_case.pk, handler=handler, on=ON, at=AT, actor=MACHINE
            )
            for handler in (Handler.AGENCY, Handler.COURT)
        ]
    )
    assert sum(isinstance(result, CaseHandledByAnother) for result in both) == 1


def test_a_call_is_logged_while_the_night_holds_the_case_and_a_hold_comes_after(
    open_case: Case, officers: list[User]
) -> None:
    actor = actor_of(officers[0])
    order: list[str] = []

    def log() -> None:
        try:
            call(open_case, actor)
            order.append("call")
        finally:
            connections.close_all()

    def hold() -> None:
        try:
            hold_case(
                case_id=open_case.pk,
                kind=HoldKind.DISPUTE,
                reason="x",
                from_on=ON,
                until_on=None,
                actor=actor,
                at=AT,
            )
            order.append("hold")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            lock_cases(case_ids=[open_case.pk])
            waiting = pool.submit(hold)
            pool.submit(log).result(timeout=2)
            order.append("night")
        waiting.result(timeout=5)
    assert order == ["call", "night", "hold"]
