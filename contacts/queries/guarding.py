"""The facts that the guard looks at, gathered for many cases at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from cases.lifecycle import Handler, HoldKind
from contacts.guard import PastAttempt, PersonFacts, Purpose, Rule, Verdict, may_contact
from contacts.policy import policy_on
from debtors.lifecycle import Channel
from kernel.calendar import POLAND
from kernel.clock import legal_day
from ledger.queries import list_announced

#: The widest window that a policy may count attempts in.
_LOOK_BACK_DAYS: Final = 31

#: The place of what may be demanded by account, in a row of the facts.
_DUE_MINOR: Final = 6
_FACTS: Final = """
SELECT c.id, c.status = 'open', c.handled_by,
       (SELECT coalesce(array_agg(DISTINCT h.kind), '{}') FROM cases_hold h
        WHERE h.case_id = c.id AND h.ended_on IS NULL AND h.from_on <= %(on)s) AS holds,
       (SELECT CASE WHEN count(*) = count(h.until_on) THEN max(h.until_on) END FROM cases_hold h
        WHERE h.case_id = c.id AND h.ended_on IS NULL AND h.from_on <= %(on)s) AS held_until,
       o.due, o.due_minor,
       (SELECT m.delivered_on FROM contacts_message m
        WHERE m.case_id = c.id AND m.template = 'notice_75c' AND m.status = 'delivered'
          AND m.delivered_on <= %(on)s
        ORDER BY m.delivered_on DESC, m.id DESC LIMIT 1) AS notice_delivered_on,
       (SELECT coalesce(array_agg(g.rule), '{}') FROM contacts_guardoverride g
        WHERE g.case_id = c.id AND g.holds_on = %(on)s) AS overridden
FROM cases_case c
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(a.due_minor > 0), false) AS due,
           coalesce(jsonb_object_agg(a.id, a.due_minor) FILTER (WHERE a.due_minor > 0 AND NOT (
               d.is_consumer AND d.limitation_on IS NOT NULL AND d.limitation_on < %(on)s)), '{}'
           ) AS due_minor
    FROM debtors_debtparty p
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
) o
WHERE c.id = ANY(%(cases)s)
"""

#: A text message or e-mail that was handed over reached for the debtor just as a call did.
_ATTEMPTS: Final = """
SELECT case_id, happened_on, is_conversation FROM contacts_attempt
WHERE case_id = ANY(%(cases)s) AND direction = 'out' AND channel = ANY(%(channels)s)
  AND happened_on > %(on)s::date - %(days)s AND happened_on <= %(on)s AND struck_at IS NULL
UNION ALL
SELECT case_id, coalesce(handed_over_on, delivered_on), false FROM contacts_message
WHERE case_id = ANY(%(cases)s) AND channel = ANY(%(channels)s)
  AND coalesce(handed_over_on, delivered_on) > %(on)s::date - %(days)s
  AND coalesce(handed_over_on, delivered_on) <= %(on)s
"""


def get_person_facts(*, case_ids: Sequence[int], on: date) -> dict[int, PersonFacts]:
    """The facts of each case as they stand on a day. A contact point is taken as usable."""
    channels = [str(channel) for channel in policy_on(on).counted_channels]
    values: dict[str, Any] = {
        "cases": list(case_ids),
        "on": on,
        "channels": channels,
        "days": _LOOK_BACK_DAYS,
    }
    attempts: dict[int, list[PastAttempt]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPTS, values)
        for case_id, happened_on, conversation in cursor.fetchall():
            attempts.setdefault(case_id, []).append(PastAttempt(happened_on, conversation))
        cursor.execute(_FACTS, values)
        rows = cursor.fetchall()
    due_of = {
        row[0]: {int(pk): minor for pk, minor in json.loads(row[_DUE_MINOR]).items()}
        for row in rows
    }
    announced = list_announced(account_ids=[pk for due in due_of.values() for pk in due], on=on)
    return {
        case_id: PersonFacts(
            case_open=is_open,
            demandable=bool(due_of[case_id]),
            barred=due and not due_of[case_id],
            holds=frozenset(map(HoldKind, holds)),
            held_until=held_until,
            handled_by=Handler(handled_by),
            attempts=tuple(attempts.get(case_id, ())),
            notice_delivered_on=notice_delivered_on,
            overridden=frozenset(map(Rule, overridden)),
            announced=tuple(one for pk in due_of[case_id] for one in announced.get(pk, ())),
            due_minor=due_of[case_id],
        )
        for (
            case_id,
            is_open,
            handled_by,
            holds,
            held_until,
            due,
            _,
            notice_delivered_on,
            overridden,
        ) in rows
    }


def get_verdict(*, case_id: int, channel: Channel, purpose: Purpose, at: datetime) -> Verdict:
    """May the debtor of this case be contacted now? For the button on the case page."""
    on = legal_day(at)
    facts = get_person_facts(case_ids=[case_id], on=on)[case_id]
    return may_contact(
        facts=facts,
        channel=channel,
        at=at,
        purpose=purpose,
        policy=policy_on(on),
        calendar=POLAND,
    )
