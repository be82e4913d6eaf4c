"""Queueing messages: recipient, language and figures are fixed here, for thousands at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from cases.lifecycle import WorkKind
from cases.locking import lock_cases
from cases.operations import NewWorkItem, open_work_items, touch_cases
from contacts.events import MESSAGE_NOT_QUEUED, MESSAGE_QUEUED
from contacts.lifecycle import MessageChannel, Template
from contacts.rendering import template_version
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine
from kernel.calendar import POLAND


class NewMessage(NamedTuple):
    """``channel`` None: SMS or e-mail, by what the debtor prefers and has.

    ``debt_ids`` None: every debt of the case on which something is due and may be demanded.
    ``extra`` are further figures that the template names.
    """

    case_id: int
    channel: MessageChannel | None
    template: Template
    cause: str
    debt_ids: tuple[int, ...] | None = None
    extra: Mapping[str, str] = {}


#: A demand may name no consumer debt that is time-barred (art. 117 § 2¹ of the Civil Code).
QUEUE_STATEMENT: Final = """
WITH wanted AS MATERIALIZED (
    SELECT n.*, c.debtor_id, c.number, d.language, d.display_name, d.kind AS debtor_kind,
           d.preferred_channel
    FROM json_to_recordset(%(rows)s::json) AS n (
        case_id bigint, channel text, template text, version int, cause text, debt_ids jsonb,
        extra jsonb)
    JOIN cases_case c ON c.id = n.case_id
    JOIN debtors_debtor d ON d.id = c.debtor_id
), points AS MATERIALIZED (
    SELECT debtor_id,
           (array_agg(jsonb_build_object('contact_point_id', id, 'phone', value) ORDER BY id DESC)
            FILTER (WHERE kind = 'mobile'))[1] AS sms,
           (array_agg(jsonb_build_object('contact_point_id', id, 'email', value) ORDER BY id DESC)
            FILTER (WHERE kind = 'email'))[1] AS email
    FROM debtors_contactpoint
    WHERE is_usable AND debtor_id IN (SELECT debtor_id FROM wanted)
    GROUP BY debtor_id
), addresses AS MATERIALIZED (
    SELECT debtor_id,
           (array_agg(jsonb_build_object(
                'address_id', id, 'street', street, 'postal_code', postal_code, 'city', city,
                'country', country) ORDER BY kind = 'registered', id))[1] AS letter
    FROM debtors_address
    WHERE is_usable AND debtor_id IN (SELECT debtor_id FROM wanted WHERE channel = 'letter')
    GROUP BY debtor_id
), addressed AS MATERIALIZED (
    SELECT w.*, x.channel AS chosen,
           CASE x.channel WHEN 'letter' THEN a.letter WHEN 'sms' THEN p.sms ELSE p.email END
           || jsonb_build_object('debtor_id', w.debtor_id, 'name', w.display_name,
                                 'kind', w.debtor_kind) AS recipient
    FROM wanted w
    LEFT JOIN points p ON p.debtor_id = w.debtor_id
    LEFT JOIN addresses a ON a.debtor_id = w.debtor_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN w.channel IS NOT NULL THEN w.channel
        WHEN w.preferred_channel = 'email' AND p.email IS NOT NULL THEN 'email'
        WHEN p.sms IS NOT NULL THEN 'sms'
        ELSE 'email' END AS channel) x
), owed AS MATERIALIZED (
    SELECT w.cause, d.id AS debt_id, d.product, d.contract_no, d.contract_on, d.contract_rate,
           d.is_consumer, d.terminated_on, a.id AS account_id, a.currency, a.due_minor,
           a.outstanding_minor, a.due_since,
           coalesce(a.virtual_account_no, d.bank_account_no) AS pay_to
    FROM wanted w
    JOIN debtors_debtparty p ON p.debtor_id = w.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE (w.debt_ids IS NULL OR w.debt_ids @> to_jsonb(d.id))
      AND a.due_minor > 0
      AND NOT (d.is_consumer AND d.limitation_on IS NOT NULL AND d.limitation_on < %(on)s)
      AND NOT (w.template IN ('notice_75c', 'termination') AND d.terminated_on IS NOT NULL)
), components AS MATERIALIZED (
    SELECT account_id,
           coalesce(jsonb_object_agg(component, due) FILTER (WHERE due <> 0), '{}') AS due,
           coalesce(jsonb_object_agg(component, owed) FILTER (WHERE owed <> 0), '{}') AS owed
    FROM (SELECT account_id, component,
                 coalesce(sum(amount_minor) FILTER (WHERE due_on IS NOT NULL), 0) AS due,
                 sum(amount_minor) AS owed
          FROM ledger_balance WHERE account_id IN (SELECT account_id FROM owed)
          GROUP BY account_id, component) b
    GROUP BY account_id
), debts AS MATERIALIZED (
    SELECT o.cause,
           jsonb_agg(jsonb_build_object(
               'debt_id', o.debt_id, 'account_id', o.account_id, 'product', o.product,
               'contract_no', o.contract_no, 'contract_on', o.contract_on,
               'contract_rate', o.contract_rate::text, 'is_consumer', o.is_consumer,
               'terminated_on', o.terminated_on, 'currency', o.currency,
               'due_minor', o.due_minor, 'outstanding_minor', o.outstanding_minor,
               'due_since', o.due_since, 'pay_to', o.pay_to,
               'due', coalesce(k.due, '{}'), 'owed', coalesce(k.owed, '{}'))
               ORDER BY o.due_since, o.debt_id) AS debts
    FROM owed o LEFT JOIN components k ON k.account_id = o.account_id
    GROUP BY o.cause
), made AS (
    INSERT INTO contacts_message (case_id, debtor_id, channel, template, template_version,
                                  language, recipient, figures, cause, status, skip_reason,
                                  queued_on)
    SELECT w.case_id, w.debtor_id, w.chosen, w.template, w.version, w.language, w.recipient,
           jsonb_build_object('as_of', %(on)s::date, 'case_number', w.number, 'debts', d.debts)
           || w.extra,
           w.cause, 'queued', '{}', %(on)s
    FROM addressed w JOIN debts d ON d.cause = w.cause
    WHERE w.recipient IS NOT NULL
    ORDER BY w.case_id
    ON CONFLICT (cause) DO NOTHING
    RETURNING id, cause
)
SELECT made.id, w.case_id, w.template, w.chosen, w.cause,
       w.recipient IS NOT NULL, d.cause IS NOT NULL
FROM addressed w
LEFT JOIN debts d ON d.cause = w.cause
LEFT JOIN made ON made.cause = w.cause
ORDER BY w.case_id
"""


@by_machine
@transaction.atomic
def queue_messages(
    *, messages: Sequence[NewMessage], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Queue those whose cause has made none yet; returns the new ids.

    Without a usable address, number or mailbox a person is asked to find one; where nothing may
    be demanded, nothing is written to the debtor. Both are events.
    """
    if not messages:
        return []
    lock_cases(case_ids=[message.case_id for message in messages])
    used = _used_causes([message.cause for message in messages])
    rows = [
        {
            "case_id": message.case_id,
            "channel": message.channel,
            "template": message.template,
            "version": template_version(message.template),
            "cause": message.cause,
            "debt_ids": None if message.debt_ids is None else list(message.debt_ids),
            "extra": message.extra,
        }
        for message in messages
        if message.cause not in used
    ]
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_STATEMENT, {"rows": json.dumps(rows), "on": on})
        results = cursor.fetchall()
    record_events(events=[_event(row, on) for row in results], at=at, actor=actor)
    open_work_items(items=_searches(results, on), at=at, actor=actor)
    touch_cases(case_ids=[row[1] for row in results], at=at)
    return [row[0] for row in results if row[0] is not None]


def _used_causes(causes: Sequence[str]) -> set[str]:
    """By an array and not by a join: on a table that was empty when it was last analysed, the
    planner would scan it once for each row of a join."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cause FROM contacts_message WHERE cause = ANY(%s)", [list(causes)])
        return {str(row[0]) for row in cursor.fetchall()}


def _event(row: tuple[Any, ...], on: date) -> NewEvent:
    """The payload is written as text: thousands of them are made in a night."""
    message_id, case_id, template, channel, cause, has_recipient, _ = row
    what = f'"template":"{template}","channel":"{channel}","cause":{json.dumps(cause)}'
    subject = Subject("case", case_id)
    if message_id is not None:
        return NewEvent(MESSAGE_QUEUED, subject, f'{{"message_id":{message_id},{what}}}', on)
    reason = "nothing_to_demand" if has_recipient else "no_recipient"
    return NewEvent(MESSAGE_NOT_QUEUED, subject, f'{{{what},"reason":"{reason}"}}', on)


def _searches(results: Sequence[tuple[Any, ...]], on: date) -> list[NewWorkItem]:
    due_on = POLAND.next_working_day(on)
    return [
        NewWorkItem(
            case_id,
            WorkKind.FIND_ADDRESS if channel == MessageChannel.LETTER else WorkKind.FIND_PHONE,
            due_on,
            None,
            {"code": "no_recipient", "template": template, "channel": channel},
        )
        for _, case_id, template, channel, _, has_recipient, has_debts in results
        if has_debts and not has_recipient
    ]
