"""A small book of two teams in which everything that an address can name exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, Placement, PlacementBatch
from bookkeeping.models import Charge, Refund, WriteOff, WriteOffBatch
from cases.models import Case, Hold, Note, WorkItem
from contacts.models import Message, Promise, RestructuringRequest, Termination
from courts.models import Referral
from debtors.models import ContactPoint, IntakeRun
from escalation.models import Draft, SimulationRun, StrategyVersion
from kernel.actor import system_actor
from ledger.models import BankStatement, StatementEntry, StatementFile, Transaction
from negotiations.models import Agreement
from staff.models import ApiToken, Team, User
from staff.operations import issue_token
from staff.rights import Role, Scope
from tests.integration.addresses import parameters_of
from tests.integration.cases.builders import make_debt, make_debtor

AT: Final = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
ON: Final = date(2026, 5, 12)


@dataclass
class World:
    """Two teams with a case each; everything below an address exists."""

    users: dict[Role, User]
    own: dict[str, Any]
    foreign: dict[str, Any]

    def address(self, name: str, *, foreign: bool = False) -> str:
        values = self.foreign if foreign else self.own
        return reverse(name, kwargs={key: values[key] for key in parameters_of(name)})

    def browser(self, role: Role | None, **options: Any) -> Client:
        browser = Client(raise_request_exception=True, **options)
        if role is not None:
            browser.force_login(self.users[role])
        return browser


def _case_parts(team: Team, number: str) -> dict[str, Any]:
    debtor = make_debtor()
    debt = make_debt(debtor)
    case = Case.objects.create(number=number, debtor=debtor, team=team, opened_on=ON, updated_at=AT)
    proposed = {"case": case, "amount_minor": 125_000, "currency": "PLN", "proposed_at": AT}
    placement = Placement.objects.create(**proposed, cause=f"{number}:1")
    hold = Hold.objects.create(
        case=case, kind="dispute", from_on=ON, placed_at=AT, actor_kind="user", actor_id="1"
    )
    work = WorkItem.objects.create(case=case, team=team, kind="call", due_on=ON, opened_at=AT)
    agreement = Agreement.objects.create(
        **proposed, kind="instalments", needs_approval=True, tolerance_days=5,
        tolerance_minor=0, last_transaction_id=0, policy_from=ON,
    )  # fmt: skip
    referral = Referral.objects.create(**proposed, cause=f"{number}:2")
    notice = Message.objects.create(
        case=case, debtor=debtor, channel="letter", template="demand", language="pl",
        recipient={"name": "N", "kind": "person"}, cause=f"{number}:3", queued_on=ON,
        figures={"as_of": "2026-05-12", "case_number": number, "debts": []},
    )  # fmt: skip
    termination = Termination.objects.create(
        **proposed, notice=notice, cause=f"{number}:4", debt_ids=[]
    )
    promise = Promise.objects.create(
        case=case, amount_minor=100, currency="PLN", made_on=ON, due_on=ON
    )
    note = Note.objects.create(
        case=case, text="Looked at it", written_by=User.objects.all()[0], written_at=AT
    )
    request = RestructuringRequest.objects.create(case=case, received_on=ON)
    return {
        "number": number,
        "hold_id": hold.pk,
        "work_item_id": work.pk,
        "note_id": note.pk,
        "agreement_id": agreement.pk,
        "placement_id": placement.pk,
        **_money_parts(proposed, debt.account_id, number),
        "referral_id": referral.pk,
        "message_id": notice.pk,
        "termination_id": termination.pk,
        "promise_id": promise.pk,
        "request_id": request.pk,
        "kind": "placement",
        "proposal_id": placement.pk,
        "point_id": ContactPoint.objects.filter(debtor=debtor).values_list("pk", flat=True)[0],
        "debt_id": debt.pk,
        "transaction_id": Transaction.objects.create(
            account=debt.account, kind="payment", effective_on=ON, recorded_at=AT, source="manual",
            idempotency_key=number, actor_kind="system", actor_id="test",
        ).pk,
    }  # fmt: skip


def _money_parts(proposed: dict[str, Any], account_id: int, number: str) -> dict[str, Any]:
    common = {**proposed, "account_id": account_id, "needs_approval": True}
    write_off = WriteOff.objects.create(
        **common, kind="partial", reason="hardship", submission=f"{number}:w"
    )
    refund = Refund.objects.create(
        **common, to_account_no="PL1", to_name="J", submission=f"{number}:r"
    )
    charge = Charge.objects.create(
        **common, fee="demand_letter", component="fees", occasion="1", charged_on=ON, tariff_from=ON
    )
    return {"write_off_id": write_off.pk, "refund_id": refund.pk, "charge_id": charge.pk}


@pytest.fixture
def world(db: None) -> World:
    own_team, other_team = (Team.objects.create(name=name) for name in ("Retail", "Business"))
    users = {
        role: User.objects.create(
            username=role, full_name=role.title(), role=role, team=own_team, created_at=AT
        )
        for role in Role
    }
    issue_token(
        client_name="core", scopes=[Scope.READ_CASES], valid_days=9,
        actor=system_actor("test"), at=AT,
    )  # fmt: skip
    token = ApiToken.objects.get()
    agency = Agency.objects.create(
        name="Agency", permit_no="RKP 1", permit_until=date(2030, 1, 1), commission_bp=1_500
    )
    batch = PlacementBatch.objects.create(
        agency=agency, made_at=AT, made_by=users[Role.MANAGER], placements_count=0, rows_count=0,
        totals={}, file_name="batch.csv", content=b"x", sha256=b"x" * 32,
    )  # fmt: skip
    run = IntakeRun.objects.create(
        file_name="x.csv", file_sha256=b"x" * 32, profile="canonical", as_of_on=ON, status="done",
        started_at=AT, actor_kind="system", actor_id="test",
    )  # fmt: skip
    version = StrategyVersion.objects.select_related("strategy").order_by("pk").first()
    assert version is not None, "a new database has the shipped strategies"
    draft = Draft.objects.create(
        strategy_key=version.strategy.key, name="Draft", author=users[Role.MANAGER],
        source=version.source, from_version=version, created_at=AT, saved_at=AT,
    )  # fmt: skip
    SimulationRun.objects.create(
        draft=draft, revision=1, source=version.source, on=ON, working_days=1, status="done",
        asked_by=users[Role.MANAGER], asked_at=AT, finished_at=AT,
        result={
            "on": str(ON), "days": [str(ON)], "assumptions": [], "cases": 0, "cases_changed": 0,
            "cases_without_step": 0, "cases_outside": 0, "finished": 0, "standing": {},
            "draft": {}, "today": {}, "capacity": 0,
        },
    )  # fmt: skip
    file = StatementFile.objects.create(
        sha256=b"x" * 32, name="x.sta", form="mt940", received_at=AT, actor_kind="system",
        actor_id="test",
    )  # fmt: skip
    entry = StatementEntry.objects.create(
        statement=BankStatement.objects.create(
            file=file, form="mt940", account_no="PL1", currency="PLN", entries_count=1
        ),
        position=1, amount_minor=100, currency="PLN", status="booked", state="suspense",
    )  # fmt: skip
    small = WriteOffBatch.objects.create(
        amount_minor=1, currency="PLN", proposed_at=AT, lines_count=0, rule_from=ON,
        at_most_minor=1, after_days=1,
    )  # fmt: skip
    common = {
        "write_off_batch_id": small.pk,
        "file_id": file.pk, "entry_id": entry.pk, "act": "suspend",
        "draft_id": draft.pk, "step": "call",
        "rest": "nowhere", "user_id": users[Role.OFFICER].pk, "team_id": own_team.pk,
        "client_id": token.client_id, "token_id": token.pk, "agency_id": agency.pk,
        "batch_id": batch.pk, "run_id": run.pk, "key": version.strategy.key,
        "version_id": version.pk, "name": "withdraw", "taken_over_id": 1, "table": "heat",
        "view_id": 1, "switch_kind": "channel", "switch_key": "sms", "limit_id": 1,
         "delegation_id": 1,
    }  # fmt: skip
    return World(
        users,
        common | _case_parts(own_team, "UG-2026-900001"),
        common | _case_parts(other_team, "UG-2026-900002"),
    )
