"""Proposing what hurts: an agency, the court. The case is held until a person has decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.lifecycle import HoldKind
from cases.locking import lock_cases
from cases.operations.holding import NewHold, place_holds
from cases.operations.touching import touch_cases
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.clock import legal_day


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


_PROPOSE: Final = """
    WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest(%(cases)s::bigint[], %(causes)s::text[], %(grounds)s::text[])
            WITH ORDINALITY AS n (case_id, cause, grounds, place)
    ), owed AS MATERIALIZED (
        SELECT c.id AS case_id, a.currency, sum(a.due_minor)::bigint AS amount_minor,
               min(a.due_since) AS due_since
        FROM (SELECT DISTINCT case_id FROM wanted) w
        JOIN cases_case c ON c.id = w.case_id AND c.status = 'open'
        JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
        JOIN debtors_debt d ON d.id = p.debt_id
        JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
        GROUP BY c.id, a.currency
    ), chosen AS MATERIALIZED (
        SELECT DISTINCT ON (case_id) case_id, currency, amount_minor
        FROM owed ORDER BY case_id, due_since, currency
    )
    INSERT INTO {table} (case_id, cause, grounds, status, amount_minor, currency, proposed_by_id,
                         proposed_at, {empty})
    SELECT wanted.case_id, wanted.cause, wanted.grounds::jsonb, 'proposed', chosen.amount_minor,
           chosen.currency, %(user)s, %(at)s, {texts}
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
    lock_cases(case_ids=[proposal.case_id for proposal in proposals])
    made = _insert(what, proposals, at, actor)
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


def _insert(
    what: Proposable, proposals: Sequence[NewProposal], at: datetime, actor: Actor
) -> list[tuple[int, int, str, int, str]]:
    statement = _PROPOSE.format(
        table=what.table, empty=", ".join(what.empty), texts=", ".join("''" for _ in what.empty)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "cases": [proposal.case_id for proposal in proposals],
                "causes": [proposal.cause for proposal in proposals],
                "grounds": [proposal.grounds_text for proposal in proposals],
                "user": actor.user_id,
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
