"""A simulation waits as a row, is played by a worker, and is kept with its draft."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from escalation.benchmarks.book import write_book
from escalation.lifecycle import RunStatus
from escalation.loading import load_strategy
from escalation.models import (
    Decision,
    Draft,
    Enrolment,
    SimulatedChange,
    SimulationRun,
    StrategyVersion,
)
from escalation.operations import (
    DraftIsClosed,
    SimulationRunsAlready,
    StrategyUnsound,
    TooManyDays,
    discard_draft,
    queue_simulation,
    run_queued_simulations,
    run_simulation_here,
    save_draft,
    simulating,
    start_draft,
    stop_simulation,
)
from escalation.products import Made
from escalation.queries.simulation import get_simulation
from escalation.simulated import Batch, days_over_capacity, from_plain
from kernel import clock
from kernel.actor import Actor
from kernel.authority import RightMissing
from staff.models import Team
from staff.queries import get_daily_capacity
from staff.rights import Role
from tests.conftest import StartWorker
from tests.integration.cases.builders import actor_of, make_user
from tests.integration.escalation.conftest import AT, ON

FOLDER = Path(__file__).parents[3] / "escalation" / "strategies"
SOURCE = (FOLDER / "unsecured_retail.toml").read_text()
LONGER = SOURCE.replace(
    "wait = { days_past_due = 7, days_after_previous_step = 4 }",
    "wait = { days_past_due = 7, days_after_previous_step = 90 }",
)


@pytest.fixture
def draft(as_manager: Actor) -> Draft:
    write_book(cases=100, on=ON)
    return start_draft(source=LONGER, name="Fewer calls", actor=as_manager, at=AT)


def queue(draft: Draft, actor: Actor, working_days: int = 5) -> SimulationRun:
    return queue_simulation(
        draft_id=draft.pk, working_days=working_days, grants_all=False, actor=actor, at=AT
    )


def test_a_run_is_played_and_keeps_its_picture_and_its_cases(
    draft: Draft, as_manager: Actor, as_officer: Actor
) -> None:
    run = queue(draft, as_manager)
    assert (run.status, run.revision) == (RunStatus.QUEUED, 1)

    assert run_queued_simulations(at=AT) == 1

    run.refresh_from_db()
    assert (run.status, run.cases_done, run.cases_total) == (RunStatus.DONE, 100, 100)
    kept = from_plain(run.result)
    assert kept.days[0] == date(2026, 5, 13)
    assert len(kept.days) == 5
    assert (kept.cases, kept.cases_changed) == (100, 15)
    assert kept.today[Made.CALLS][0] == 15
    assert Made.CALLS not in kept.draft or kept.draft[Made.CALLS][0] == 0
    assert kept.capacity == 25
    changes = SimulatedChange.objects.filter(run=run)
    assert changes.count() == 15
    assert set(changes.values_list("today_outcome", "draft_outcome", "draft_step")) == {
        ("perform", "wait", "call")
    }
    assert set(changes.values_list("since_on", flat=True)) == {date(2026, 4, 2)}
    assert not Decision.objects.exists()
    assert set(Enrolment.objects.values_list("next_due_on", flat=True)) == {ON}


def test_each_day_of_the_picture_is_what_the_closes_before_it_make(draft: Draft) -> None:
    """Friday's, Saturday's and Sunday's closes make the work of Monday."""
    result = get_simulation(
        draft=load_strategy(SOURCE), on=date(2026, 5, 15), days=3, grants_all=False
    )
    assert set(result.today_work[Made.CALLS]) == {date(2026, 5, 18)}
    assert result.work == result.today_work
    assert sum(result.work[Made.CALLS].values()) == sum(
        count for day in result.steps.values() for step, count in day.items()
        if step in ("call", "call_again")
    )  # fmt: skip


def test_only_cases_on_the_strategy_are_played(draft: Draft) -> None:
    """The book stands on the strategy for everything else; no draft of another moves it."""
    small_version = StrategyVersion.objects.get(strategy__key="small_balances")
    Enrolment.objects.filter(case_id__gt=90).update(version=small_version, step_key="demand")
    retail = get_simulation(draft=load_strategy(SOURCE), on=ON, days=3, grants_all=False)
    small = get_simulation(
        draft=load_strategy((FOLDER / "small_balances.toml").read_text()),
        on=ON, days=3, grants_all=False,
    )  # fmt: skip
    assert (retail.cases, small.cases) == (90, 10)
    assert (retail.cases_outside, small.cases_outside) == (0, 10)


def test_a_strategy_that_nobody_is_on_is_played_with_the_cases_that_it_would_take(
    draft: Draft,
) -> None:
    fresh = SOURCE.replace('strategy = "unsecured_retail"', 'strategy = "cash_loans"').replace(
        "for_everything_else = true", 'order = 5\n[segment.when]\nproduct = "cash_loan"'
    )
    result = get_simulation(draft=load_strategy(fresh), on=ON, days=3, grants_all=False)
    assert (result.cases, result.assumptions[-1]) == (100, "cases_start_anew")
    assert sum(result.standing.values()) == 100


def test_a_case_that_finds_no_place_in_the_draft_goes_on_as_it_does_today(draft: Draft) -> None:
    gone = SOURCE.replace('key = "demand"', 'key = "first_demand"').replace(
        'do = { propose = "placement" }\nif_refused = { propose_again_after_days = 45 }',
        'do = { ask_person_to = "review" }',
    )
    Enrolment.objects.filter(step_key="agency").update(asked=True)
    result = get_simulation(draft=load_strategy(gone), on=ON, days=3, grants_all=False)
    standing = Enrolment.objects.filter(step_key__in=["demand", "agency"]).count()
    assert standing == 25
    assert (result.cases_without_step, result.cases_changed) == (standing, 0)


def test_a_text_that_cannot_be_played_is_refused_before_it_waits(
    draft: Draft, as_manager: Actor, as_officer: Actor
) -> None:
    with pytest.raises(TooManyDays):
        queue(draft, as_manager, working_days=121)
    with pytest.raises(RightMissing):
        queue(draft, as_officer)
    save_draft(
        draft_id=draft.pk, revision=1, source=SOURCE.replace("on_hold = true", ""),
        actor=as_manager, at=AT,
    )  # fmt: skip
    with pytest.raises(StrategyUnsound):
        queue(draft, as_manager)
    discard_draft(draft_id=draft.pk, actor=as_manager, at=AT)
    with pytest.raises(DraftIsClosed):
        queue(draft, as_manager)


def test_who_may_draft_may_play_the_draft_of_another(
    draft: Draft, as_second_manager: Actor
) -> None:
    assert queue(draft, as_second_manager).asked_by_id == as_second_manager.user_id


def test_one_that_waits_is_replaced_and_one_that_runs_is_not(
    draft: Draft, as_manager: Actor
) -> None:
    first = queue(draft, as_manager)
    second = queue(draft, as_manager, working_days=3)
    first.refresh_from_db()
    assert first.status == RunStatus.STOPPED
    SimulationRun.objects.filter(pk=second.pk).update(status=RunStatus.RUNNING)
    with pytest.raises(SimulationRunsAlready):
        queue(draft, as_manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        SimulationRun.objects.filter(pk=first.pk).update(status="queued", finished_at=None)


def test_a_stopped_run_keeps_nothing(
    draft: Draft, as_manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = queue(draft, as_manager)

    def stopped_midway(**options: object) -> object:
        on_batch = options["on_batch"]
        assert callable(on_batch)
        stop_simulation(run_id=run.pk, actor=as_manager, at=AT)
        on_batch(Batch(1, 2, []))
        raise AssertionError("it went on")

    monkeypatch.setattr(simulating, "get_simulation", stopped_midway)
    run_queued_simulations(at=AT)
    run.refresh_from_db()
    assert (run.status, run.result) == (RunStatus.STOPPED, {})
    assert not SimulatedChange.objects.exists()


def test_a_run_that_fails_says_so_and_does_not_stop_the_next(
    draft: Draft, as_manager: Actor, as_second_manager: Actor
) -> None:
    run = queue(draft, as_manager)
    SimulationRun.objects.filter(pk=run.pk).update(source="broken")
    other = start_draft(source=LONGER, name="Same", actor=as_second_manager, at=AT)
    second = queue(other, as_second_manager)
    assert run_queued_simulations(at=AT) == 2
    run.refresh_from_db()
    second.refresh_from_db()
    assert (run.status, run.failure) == (RunStatus.FAILED, "unexpected")
    assert second.status == RunStatus.DONE


def test_a_run_that_a_lost_worker_had_begun_is_begun_anew(draft: Draft, as_manager: Actor) -> None:
    run = queue(draft, as_manager)
    SimulationRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, cases_done=60)
    SimulatedChange.objects.create(
        run=run, case_id=1, today_outcome="wait", draft_outcome="wait", since_on=ON
    )
    assert run_queued_simulations(at=AT) == 1
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert SimulatedChange.objects.filter(run=run).count() == 15


def test_a_draft_keeps_its_latest_result(draft: Draft, as_manager: Actor) -> None:
    for _ in range(3):
        queue(draft, as_manager)
        run_queued_simulations(at=AT)
    (run,) = SimulationRun.objects.all()
    assert run.status == RunStatus.DONE
    assert SimulatedChange.objects.count() == 15


def test_without_a_worker_it_is_played_where_it_is_asked_for(
    draft: Draft, as_manager: Actor
) -> None:
    run = run_simulation_here(run_id=queue(draft, as_manager).pk, actor=as_manager, at=AT)
    assert run.status == RunStatus.DONE
    again = run_simulation_here(run_id=run.pk, actor=as_manager, at=AT)
    assert again.result == run.result


def test_the_days_beyond_what_people_can_do_are_named(draft: Draft, as_manager: Actor) -> None:
    Team.objects.update(daily_norm=10)
    make_user("olek", Role.OFFICER, Team.objects.get())
    assert get_daily_capacity() == 10
    save_draft(draft_id=draft.pk, revision=1, source=SOURCE, actor=as_manager, at=AT)
    run = run_simulation_here(run_id=queue(draft, as_manager).pk, actor=as_manager, at=AT)
    kept = from_plain(run.result)
    passed = days_over_capacity(kept, Made.CALLS)
    assert passed is not None
    assert kept.draft[Made.CALLS][0] == 15
    assert passed.days[0] == date(2026, 5, 13)
    assert passed.most_over == max(kept.draft[Made.CALLS]) - 10
    assert days_over_capacity(kept, Made.REFERRALS) is None


@pytest.mark.commits
@pytest.mark.broker
def test_a_real_worker_plays_what_is_asked_for(
    start_worker: StartWorker, committed_db: dict[str, object]
) -> None:
    write_book(cases=200, on=clock.today())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    manager = actor_of(make_user("maria", Role.MANAGER, Team.objects.create(name="North")))
    draft = start_draft(source=LONGER, name="Fewer calls", actor=manager, at=clock.now())
    start_worker(["batch"])

    run = queue_simulation(
        draft_id=draft.pk, working_days=10, grants_all=True, actor=manager, at=clock.now()
    )

    assert _soon(lambda: SimulationRun.objects.get(pk=run.pk).status == RunStatus.DONE)
    done = SimulationRun.objects.get(pk=run.pk)
    assert (done.cases_done, from_plain(done.result).cases) == (200, 200)
    assert SimulatedChange.objects.filter(run=run).count() == 30


def _soon(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False
