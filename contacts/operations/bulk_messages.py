"""Queueing messages and letters by the thousand, with recipient and figures fixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection, transaction

from contacts.lifecycle import Template
from journal.operations import NewEvent, Subject, record_events
from kernel.actor import Actor
from kernel.authority import by_machine

#: ``message_id``, ``template``, ``channel``.
MESSAGE_QUEUED: Final = "message.queued"

#: Sent on paper; everything else goes by SMS or e-mail.
ON_PAPER: Final = frozenset(
    {Template.DEMAND, Template.NOTICE_75C, Template.TERMINATION, Template.PRECOURT_DEMAND}
)


class NewMessage(NamedTuple):
    """``cause`` names what asks for it, such as a step, and is unique."""

    case_id: int
    template: Template
    cause: str


_QUEUE: Final = """
WITH wanted AS MATERIALIZED (
    SELECT n.case_id, n.template, n.cause, n.template = ANY(%(on_paper)s) AS on_paper,
           c.debtor_id, c.number, r.display_name, r.language, r.preferred_channel
    FROM unnest(%(cases)s::bigint[], %(templates)s::text[], %(causes)s::text[])
         AS n (case_id, template, cause)
    JOIN cases_case c ON c.id = n.case_id
    JOIN debtors_debtor r ON r.id = c.debtor_id
),
points AS (
    SELECT w.cause, min(t.value) FILTER (WHERE t.kind = 'mobile') AS mobile,
           min(t.value) FILTER (WHERE t.kind = 'email') AS email
    FROM wanted w JOIN debtors_contactpoint t ON t.debtor_id = w.debtor_id AND t.is_usable
    WHERE NOT w.on_paper GROUP BY w.cause
),
addresses AS (
    SELECT DISTINCT ON (w.cause) w.cause, t.street, t.postal_code, t.city, t.country
    FROM wanted w JOIN debtors_address t ON t.debtor_id = w.debtor_id AND t.is_usable
    WHERE w.on_paper ORDER BY w.cause, t.kind
),
addressed AS (
    SELECT w.*,
           CASE WHEN w.on_paper THEN CASE WHEN a.cause IS NOT NULL THEN 'letter' END
                WHEN p.email IS NOT NULL AND (w.preferred_channel = 'email' OR p.mobile IS NULL)
                    THEN 'email'
                WHEN p.mobile IS NOT NULL THEN 'sms' END AS channel,
           p.mobile, p.email, a.street, a.postal_code, a.city, a.country
    FROM wanted w LEFT JOIN points p USING (cause) LEFT JOIN addresses a USING (cause)
),
balances AS (
    SELECT w.cause, d.account_id, jsonb_object_agg(b.component, b.amount_minor) AS components
    FROM wanted w
    JOIN debtors_debtparty p ON p.debtor_id = w.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN (SELECT account_id, component, sum(amount_minor)::bigint AS amount_minor
          FROM ledger_balance WHERE account_id IN (
              SELECT d.account_id FROM wanted w
              JOIN debtors_debtparty p ON p.debtor_id = w.debtor_id AND p.role = 'main_debtor'
              JOIN debtors_debt d ON d.id = p.debt_id WHERE w.on_paper)
          GROUP BY account_id, component) b ON b.account_id = d.account_id
    WHERE w.on_paper GROUP BY w.cause, d.account_id
),
figures AS (
    SELECT w.cause, jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
               'contract_no', d.contract_no, 'currency', a.currency, 'due_minor', a.due_minor,
               'outstanding_minor', a.outstanding_minor, 'due_since', a.due_since,
               'account_no', a.virtual_account_no, 'components', b.components))
               ORDER BY a.due_since, d.id) AS debts
    FROM wanted w
    JOIN debtors_debtparty p ON p.debtor_id = w.debtor_id AND p.role = 'main_debtor'
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id AND a.due_minor > 0
    LEFT JOIN balances b ON b.cause = w.cause AND b.account_id = a.id
    GROUP BY w.cause
)
INSERT INTO contacts_message (case_id, debtor_id, channel, template, language, recipient,
                              figures, cause, status, queued_on)
SELECT a.case_id, a.debtor_id, a.channel, a.template, a.language,
       CASE a.channel
           WHEN 'letter' THEN jsonb_build_object('name', a.display_name, 'street', a.street,
               'postal_code', a.postal_code, 'city', a.city, 'country', a.country)
           WHEN 'sms' THEN jsonb_build_object('name', a.display_name, 'phone', a.mobile)
           ELSE jsonb_build_object('name', a.display_name, 'email', a.email) END,
       jsonb_build_object('case', a.number, 'as_of', %(on)s::text, 'debts', f.debts),
       a.cause, 'queued', %(on)s
FROM addressed a JOIN figures f USING (cause)
WHERE a.channel IS NOT NULL
ORDER BY a.case_id
ON CONFLICT (cause) DO NOTHING
RETURNING id, case_id, template, channel
"""


@by_machine
@transaction.atomic
def queue_messages(
    *, messages: Sequence[NewMessage], on: date, at: datetime, actor: Actor
) -> list[int]:
    """Queue them with the figures of this moment; returns the ids of those that are new.

    A letter goes to the correspondence address where there is one. A message goes by SMS or,
    where the debtor prefers that or has no mobile phone, by e-mail. One whose debtor cannot
    be reached that way, or on whose case nothing is due, is left out, and so is a used cause.
    """
    if not messages:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _QUEUE,
            {
                "cases": [message.case_id for message in messages],
                "templates": [str(message.template) for message in messages],
                "causes": [message.cause for message in messages],
                "on_paper": sorted(ON_PAPER),
                "on": on,
            },
        )
        queued = sorted(cursor.fetchall())
    record_events(
        events=[
            NewEvent(
                MESSAGE_QUEUED,
                Subject("case", case_id),
                f'{{"message_id":{message_id},"template":"{template}","channel":"{channel}"}}',
                on,
            )
            for message_id, case_id, template, channel in queued
        ],
        actor=actor,
        at=at,
    )
    return [row[0] for row in queued]
