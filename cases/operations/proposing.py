"""Proposing what hurts: an agency, the court. The case is held until a person has decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any, Final, NamedTuple, TypeVar

from django.db import connection, transaction

from cases.lifecycle import HoldKind
from cases.locking import lock_case, lock_cases
from cases.operations.accruing import accrue_for_cases
from cases.operations.holding import NewHold, place_holds
from cases.operations.touching import touch_cases
from journal.operations import NewEvent, Subject, record_events
from journal.status import move_status
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day
from kernel.lifecycle import Lifecycle
from staff.approvals import ReasonMissing
from staff.models import Proposal

Row = TypeVar("Row", bound=Proposal)


class NewProposal(NamedTuple):
    """``cause`` names the step or the person's request that asks for it, and is unique.

    ``grounds`` is a copy of what the proposer saw: a mapping, or that mapping as JSON already.
    """

    case_id: int
    cause: str
    grounds: Mapping[str, Any] | str

    @property
    def grounds_text(self) -> str:
        grounds = self.grounds
        return grounds if isinstance(grounds, str) else json.dumps(grounds, default=str)


@dataclass(frozen=True, slots=True)
class Proposable:
    """What may be proposed. ``name`` stands in the cause of the hold (``placement:17``) and in
    the event ``event`` (``placement_id``); ``empty`` are texts of ``table`` written later.
    ``changed`` is the event of another amount."""

    name: str
    table: str
    event: str
    empty: Sequence[str]
    changed: str


#: SQL for the strategy and the step that asked, of ``grounds``; empty where a person did.
STEP_OF_GROUNDS: Final = "coalesce((grounds ->> 'strategy') || '.' || (grounds ->> 'step'), '')"

_PROPOSE: Final = """
    WITH wanted AS MATERIALIZED (
        SELECT n.case_id, n.cause, n.grounds::jsonb, n.place
        FROM unnest(%(cases)s::bigint[], %(causes)s::text[], %(grounds)s::text[])
            WITH ORDINALITY AS n (case_id, cause, grounds, place)
    ), owed AS MATERIALIZED (
        SELECT c.id AS case_id, a.currency, sum(a.due_minor)::bigint AS amount_minor,
               min(a.due_since) AS due_since,
               min(d.limitation_on) FILTER (WHERE d.limitation_on >= %(on)s) AS deadline_on
        FROM (SELECT DISTINCT case_id FROM wanted) w
        JOIN cases_case c ON c.id = w.case_id AND c.status = 'open'
        JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
        JOIN debtors_debt d ON d.id = p.debt_id
        JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
        GROUP BY c.id, a.currency
    ), chosen AS MATERIALIZED (
        SELECT DISTINCT ON (case_id) case_id, currency, amount_minor,
               min(deadline_on) OVER (PARTITION BY case_id) AS deadline_on
        FROM owed ORDER BY case_id, due_since, currency
    )
    INSERT INTO {table} (case_id, cause, grounds, step, status, amount_minor, currency,
                         deadline_on, proposed_by_id, proposed_at, {empty})
    SELECT wanted.case_id, wanted.cause, wanted.grounds, {step}, 'proposed',
           chosen.amount_minor, chosen.currency, chosen.deadline_on, %(user)s, %(at)s, {texts}
    FROM wanted JOIN chosen USING (case_id)
    ORDER BY wanted.place
    ON CONFLICT DO NOTHING
    RETURNING id, case_id, cause, amount_minor, currency
"""


@by_machine
@transaction.atomic
def propose_for_cases(
    *,
    what: Proposable,
    proposals: Sequence[NewProposal],
    on: date,
    at: datetime,
    actor: Actor,
) -> list[int]:
    """Propose it about what is due, and hold the cases until a person has decided.

    The amount is what is due on the case's debts, in the currency of the debt that is due
    longest. A case that has a live one, and a cause that was used, are passed over: the same
    call twice changes nothing. Returns the ids of the cases about which it was proposed.
    """
    if not proposals:
        return []
    case_ids = lock_cases(case_ids=[proposal.case_id for proposal in proposals])
    accrue_for_cases(case_ids=case_ids, on=on, at=at, actor=actor)
    made = _insert(what, proposals, on, at, actor)
    by_machine = "true" if actor.user_id is None else "false"
    record_events(
        events=[
            NewEvent(
                what.event,
                Subject("case", case_id),
                f'{{"{what.name}_id":{pk},"cause":{quoted(cause)},"amount_minor":{amount_minor},'
                f'"currency":"{currency}","by_machine":{by_machine}}}',
                on,
            )
            for pk, case_id, cause, amount_minor, currency in made
        ],
        at=at,
        actor=actor,
    )
    place_holds(
        holds=[
            NewHold(case_id, HoldKind.APPROVAL, f"{what.name}:{pk}", "", on, None)
            for pk, case_id, *_ in made
        ],
        at=at,
        actor=actor,
    )
    return [case_id for _, case_id, *_ in made]


@by_machine
@transaction.atomic
def propose_by_person(
    *, what: Proposable, case_id: int, reason: str, on: date, at: datetime, actor: Actor
) -> str:
    """One case, by whoever wrote the reason; the case is locked. Returns the cause."""
    cause = f"user:{actor.id}:{case_id}:{at.isoformat()}"
    new = NewProposal(case_id, cause, {"note": reason})
    propose_for_cases(what=what, proposals=[new], on=on, at=at, actor=actor)
    return cause


@by_machine
@transaction.atomic
def propose_again(
    *,
    row: Row,
    case_id: int,
    lifecycle: Lifecycle[Any],
    reason: str,
    actor: Actor,
    at: datetime,
) -> Row:
    """Put what was sent back to the deciders again, now as the actor's own.

    Raises ReasonMissing, CaseNotFound, MoveNotAllowed.
    """
    if not reason.strip():
        raise ReasonMissing
    lock_case(case_id=case_id, actor=actor)
    return move_status(
        row=row,
        lifecycle=lifecycle,
        move="propose_again",
        subject=Subject("case", case_id),
        changes={
            "proposed_by": actor.user_id,
            "proposed_at": at,
            "decided_by": None,
            "decided_for": None,
            "decided_at": None,
            "grounds": {**row.grounds, "note": reason},
        },
        payload={
            "reason": reason,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "by_machine": False,
        },
        actor=actor,
        at=at,
    )


def _insert(
    what: Proposable, proposals: Sequence[NewProposal], on: date, at: datetime, actor: Actor
) -> list[tuple[int, int, str, int, str]]:
    statement = _PROPOSE.format(
        table=what.table,
        step=STEP_OF_GROUNDS,
        empty=", ".join(what.empty),
        texts=", ".join("''" for _ in what.empty),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "cases": [proposal.case_id for proposal in proposals],
                "causes": [proposal.cause for proposal in proposals],
                "grounds": [proposal.grounds_text for proposal in proposals],
                "user": actor.user_id,
                "on": on,
                "at": at,
            },
        )
        return list(cursor.fetchall())


_FOLLOW: Final = """
    WITH owed AS MATERIALIZED (
        SELECT c.id AS case_id, a.currency, sum(GREATEST(a.due_minor, 0))::bigint AS now_minor
        FROM cases_case c
        JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
        JOIN debtors_debt d ON d.id = p.debt_id
        JOIN ledger_account a ON a.id = d.account_id
        WHERE c.id = ANY(%(cases)s::bigint[]) GROUP BY c.id, a.currency
    ), locked AS MATERIALIZED (
        SELECT id, COALESCE({column}, amount_minor) AS before_minor FROM {table}
        WHERE case_id = ANY(%(cases)s::bigint[]) AND status = ANY(%(statuses)s)
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE {table} t SET {column} = o.now_minor
    FROM locked l, owed o
    WHERE t.id = l.id AND o.case_id = t.case_id AND o.currency = t.currency
      AND o.now_minor > 0 AND o.now_minor <> l.before_minor
      AND (o.now_minor < l.before_minor OR NOT %(only_less)s)
    RETURNING t.id, t.case_id, l.before_minor, t.{column}, t.currency
"""


@by_machine
@transaction.atomic
def follow_amounts(
    *,
    what: Proposable,
    case_ids: Iterable[int],
    statuses: Sequence[str],
    column: str = "amount_minor",
    only_less: bool = False,
    at: datetime,
    actor: Actor,
) -> int:
    """What is due on the cases has changed: so does the amount in ``column``, with an event.

    With ``only_less`` it never grows, as where a person has granted it. Nothing due is for the
    owner to end. The same call twice changes nothing. Returns how many changed.
    """
    ids = sorted(set(case_ids))
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _FOLLOW.format(table=what.table, column=column),
            {"cases": ids, "statuses": list(statuses), "only_less": only_less},
        )
        changed = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(
                what.changed,
                Subject("case", case_id),
                {
                    f"{what.name}_id": pk,
                    "before_minor": before,
                    "amount_minor": amount,
                    "currency": currency,
                },
                legal_day(at),
            )
            for pk, case_id, before, amount, currency in changed
        ],
        at=at,
        actor=actor,
    )
    touch_cases(case_ids=[row[1] for row in changed], at=at)
    return len(changed)
