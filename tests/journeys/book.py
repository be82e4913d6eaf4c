"""A small book with something on every page: made by the operations that people use.

Days that pass are few, since each costs a second; what takes weeks is put where it would stand.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from agencies.models import Agency
from agencies.operations import decide_placement, make_placement_batch, propose_placement
from bookkeeping.lifecycle import WriteOffReason
from bookkeeping.operations import propose_refund, propose_small_balances, propose_write_off
from cases.lifecycle import HoldKind
from cases.models import Case, WorkItem
from cases.operations import (
    assign_cases,
    hold_case,
    write_note,
)
from collections_app.demo.people import Population, write_portfolio
from collections_app.demo.players import outside
from collections_app.demo.seed import live_through
from collections_app.demo.staffing import ACTOR, hire, issue_demo_token
from collections_app.demo.world import World
from contacts.lifecycle import MessageChannel, MessageStatus, Template
from contacts.models import Message
from contacts.operations import (
    NewMessage,
    propose_termination,
    queue_messages,
    record_restructuring_request,
)
from courts.operations import propose_referral
from debtors.intake.profile import load_profile
from debtors.lifecycle import PartyRole
from debtors.models import Debt, DebtParty, IntakeRun
from debtors.operations import IntakeOptions, import_portfolio
from desk.operations import save_view
from escalation.models import StrategyVersion
from escalation.operations import queue_simulation, run_queued_simulations, start_draft
from journal.delivery import deliver_pending
from kernel import clock
from kernel.actor import Actor
from ledger.lifecycle import Component, NameKind
from ledger.models import Account, StatementFile
from ledger.operations import (
    match_entries,
    post_charge,
    post_payment,
    post_write_off,
    register_names,
    take_in_statements,
)
from negotiations.lifecycle import AgreementKind
from negotiations.operations import propose_agreement
from negotiations.schedule import Terms
from portfolio.operations import set_payment_target
from staff.models import Team, User
from tests.journeys.browsers import AT, ON
from tests.unit.ledger.statements.samples import MT940

FIRST: Final = ON - timedelta(days=5)
_HOUSEHOLDS: Final = 16
LONG_NAME: Final = (
    "Maksymilian Aleksander Konstanty Wolańska-Brzęczyszczykiewicz-Chrząszczyżewoszycka"
    " Łękołodzka-Szczebrzeszyńska-Trzcińska"
)
DEBTS_OF_THE_LONG_NAME: Final = 12


@dataclass(frozen=True, slots=True)
class Book:
    """``heavy`` has the long name and the many debts, ``case`` an agreement in force.

    ``parts``: what an address names, by the name of its parameter.
    """

    case: Case
    heavy: Case
    parts: dict[str, Any]


def write_book(folder: Path) -> Book:
    """Fill an empty migrated database; the clock of the site stands at ``AT`` afterwards."""
    with clock.fixed_at(clock.instant(FIRST)):
        hire(at=clock.now())
        issue_demo_token(at=clock.now())
        world = World.of(7)
        outside.sign_agencies(world, clock.now())
        _take_in(folder)
    for number in range((ON - FIRST).days):
        live_through(world, FIRST + timedelta(days=number), is_ending=True)
    with clock.fixed_at(AT):
        return _finish(world)


def _take_in(folder: Path) -> None:
    population = Population(seed=7)
    rows = [population.household(on=FIRST, oldest_days=420) for _ in range(_HOUSEHOLDS)]
    heavy = population.household(on=FIRST, oldest_days=200, debts=DEBTS_OF_THE_LONG_NAME)
    for row in heavy:
        if row["role"] == "main_debtor":
            row["first_name"], _, row["last_name"] = LONG_NAME.rpartition(" ")
            row["company_name"] = ""
    faulty = [{**rows[0][0], "debt_ref": "X1", "principal": "a lot"}]
    path = folder / "portfolio.csv"
    write_portfolio(path, [*rows, heavy, faulty])
    import_portfolio(
        path=path, profile=load_profile("canonical"), as_of=FIRST, options=IntakeOptions(),
        actor=ACTOR, at=clock.now(),
    )  # fmt: skip


def _finish(world: World) -> Book:
    manager, second = world.managers
    heavy = Case.objects.get(debtor__display_name=LONG_NAME)
    assert Debt.objects.filter(parties__debtor=heavy.debtor).count() == DEBTS_OF_THE_LONG_NAME
    owed = Case.objects.filter(status="open", overdue_currency="PLN", overdue_minor__gt=90_000)
    small = owed.exclude(pk=heavy.pk).order_by("due_since")[0]
    others = list(owed.exclude(pk__in=[heavy.pk, small.pk]).order_by("id")[:8])
    first = world.officers[0]
    assign_cases(
        case_ids=[heavy.pk, *(case.pk for case in others)], team_id=world.leaders[0].team_id,
        owner_id=first.user_id, actor=manager, at=AT,
    )  # fmt: skip
    parts = {
        **_letters([heavy, *others[:7]], manager),
        **_proposals(others, heavy, manager, second),
        **_strategies(manager),
        **_statements(others[0], manager),
        **_people(),
    }
    _on_the_case(heavy, world)
    parts["write_off_batch_id"] = _bookkeeping(heavy, small, world)
    set_payment_target(
        month_on=ON.replace(day=1), currency="PLN", team_id=None, amount_minor=5_000_000,
        actor=manager, at=AT,
    )  # fmt: skip
    deliver_pending(at=AT)
    item = WorkItem.objects.filter(status="open").order_by("id")[0]
    debt = Debt.objects.filter(parties__debtor=heavy.debtor).order_by("id")[0]
    DebtParty.objects.create(debt=debt, debtor=others[1].debtor, role=PartyRole.CO_DEBTOR)
    parts |= {
        "caller_id": others[1].debtor_id,
        "number": heavy.number, "case_id": heavy.pk, "work_item_id": item.pk, "debt_id": debt.pk,
        "switch_kind": "channel", "switch_key": "sms",
    }  # fmt: skip
    return Book(case=others[4], heavy=heavy, parts=parts)


def _letters(cases: list[Case], actor: Actor) -> dict[str, Any]:
    """A notice under art. 75c long since delivered to each, and a demand that waits to go."""
    sent_on = FIRST - timedelta(days=40)
    new = [NewMessage(c.pk, MessageChannel.LETTER, Template.NOTICE_75C, f"n:{c.pk}") for c in cases]
    ids = queue_messages(messages=new, on=sent_on, at=clock.instant(sent_on), actor=ACTOR)
    Message.objects.filter(pk__in=ids).update(
        status=MessageStatus.DELIVERED, delivered_on=sent_on + timedelta(days=6)
    )
    waits = NewMessage(cases[0].pk, MessageChannel.LETTER, Template.DEMAND, f"d:{cases[0].pk}")
    queue_messages(messages=[waits], on=ON, at=AT, actor=ACTOR)
    return {"message_id": ids[0]}


def _proposals(others: list[Case], heavy: Case, manager: Actor, second: Actor) -> dict[str, Any]:
    placed, asked, filed, referred, agreed, too_long, terminating, _ = others
    ended = Debt.objects.filter(parties__debtor__case__in=[placed, asked, filed, referred])
    ended.update(terminated_on=FIRST - timedelta(days=9), limitation_on=date(2029, 12, 31))
    why = "Nobody has answered for a month."
    placements = [
        propose_placement(case_id=case.pk, reason=why, actor=manager, at=AT)
        for case in (placed, asked)
    ]
    decide_placement(
        placement_id=placements[0].pk, move="approve", reason="As the policy says", actor=second,
        at=AT,
    )  # fmt: skip
    agency = Agency.objects.order_by("id")[0]
    make_placement_batch(agency_id=agency.pk, actor=manager, at=AT)
    referrals = [
        propose_referral(case_id=case.pk, reason=why, actor=manager, at=AT)
        for case in (filed, referred)
    ]
    propose_termination(case_id=terminating.pk, grounds={"note": why}, on=ON, actor=manager, at=AT)
    agreements = [
        propose_agreement(
            case_id=case.pk, currency="PLN", note="Agreed on the phone", actor=manager, at=AT,
            terms=Terms(AgreementKind.INSTALMENTS, count, ON + timedelta(days=14)),
        )
        for case, count in ((agreed, 6), (too_long, 15))
    ]  # fmt: skip
    return {
        "placement_id": placements[0].pk, "agency_id": agency.pk, "referral_id": referrals[0].pk,
        "agreement_id": agreements[0].pk, "kind": "placement", "proposal_id": placements[1].pk,
    }  # fmt: skip


def _strategies(manager: Actor) -> dict[str, Any]:
    version = StrategyVersion.objects.get(strategy__key="unsecured_retail")
    source = version.source.replace("days_after_previous_step = 4", "days_after_previous_step = 1")
    assert source != version.source
    draft = start_draft(source=source, name="Sooner", actor=manager, at=AT)
    queue_simulation(draft_id=draft.pk, working_days=20, grants_all=True, actor=manager, at=AT)
    assert run_queued_simulations(at=AT) == 1
    return {"key": "unsecured_retail", "draft_id": draft.pk, "step": "termination"}


def _statements(case: Case, actor: Actor) -> dict[str, Any]:
    account_id = Account.objects.filter(debt__parties__debtor=case.debtor).values_list("id")[0][0]
    register_names(kind=NameKind.CONTRACT, names=[(account_id, "CTR/2026/18")])
    for content in (MT940, MT940.replace(b"2026/17", b"2026/18").replace(b"28C:7", b"28C:8")):
        take_in_statements(file=io.BytesIO(content), name="rachunek.sta", actor=actor, at=AT)
    match_entries(actor=ACTOR, at=AT)
    return {"file_id": StatementFile.objects.values_list("pk", flat=True).order_by("id")[0]}


def _people() -> dict[str, Any]:
    run = IntakeRun.objects.get()
    return {
        "run_id": run.pk, "user_id": User.objects.get(username="anna.wrona").pk,
        "team_id": Team.objects.order_by("id")[0].pk,
    }  # fmt: skip


def _bookkeeping(heavy: Case, small: Case, world: World) -> int:
    """A write-off and a refund that wait, and a batch with the balance of a debtor who paid."""
    manager = world.managers[0]
    first, second, *_ = Account.objects.filter(debt__parties__debtor=heavy.debtor).order_by("id")
    propose_write_off(
        case_id=heavy.pk, account_id=first.pk, amount_minor=1_000, reason=WriteOffReason.GOODWILL,
        note="The letter went astray", submission="w", actor=world.officers[0], at=AT,
    )  # fmt: skip
    post_payment(
        account_id=second.pk, amount_minor=second.outstanding_minor + 12_345, currency="PLN",
        value_on=ON, idempotency_key="too much", actor=ACTOR, at=AT,
    )  # fmt: skip
    propose_refund(
        case_id=heavy.pk, account_id=second.pk, amount_minor=None, to_name=LONG_NAME,
        to_account_no="PL61109010140000071219812874", note="Paid twice", despite_arrears=True,
        submission="r", actor=manager, at=AT,
    )  # fmt: skip
    for account in Account.objects.filter(debt__parties__debtor=small.debtor):
        _forgive_but_a_fee(account)
    return propose_small_balances(currency="PLN", actor=manager, at=AT).pk


def _forgive_but_a_fee(account: Account) -> None:
    post_write_off(
        account_id=account.pk, amount_minor=None, reason="A settlement", idempotency_key="settled",
        source=f"tests {account.pk}", effective_on=ON, actor=ACTOR, at=AT,
    )  # fmt: skip
    post_charge(
        account_id=account.pk, component=Component.FEES, amount_minor=300,
        due_on=ON - timedelta(days=120), reason="A letter", idempotency_key="small",
        source=f"tests {account.pk}", actor=ACTOR, at=AT,
    )  # fmt: skip
    Account.objects.filter(pk=account.pk).update(due_minor=300, due_since=ON - timedelta(days=120))


def _on_the_case(case: Case, world: World) -> None:
    officer = world.officers[0]
    account_id = Account.objects.filter(debt__parties__debtor=case.debtor).values_list("id")[0][0]
    post_charge(
        account_id=account_id, component=Component.FEES, amount_minor=4_500, due_on=ON,
        reason="A letter that was sent, with a reason that is long enough to need a second line",
        idempotency_key="fee", source="tests", actor=ACTOR, at=AT,
    )  # fmt: skip
    write_note(case_id=case.pk, text="Calls after four", is_pinned=True, actor=officer, at=AT)
    record_restructuring_request(
        case_id=case.pk, received_on=ON, note="Asks for smaller instalments", actor=officer, at=AT
    )
    hold_case(
        case_id=case.pk, kind=HoldKind.DISPUTE, reason="Disputes the fee", from_on=ON,
        until_on=ON + timedelta(days=30), actor=officer, at=AT,
    )  # fmt: skip
    save_view(name="Late ones", query="days_past_due_min=30", actor=officer)
