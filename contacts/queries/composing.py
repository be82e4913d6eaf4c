"""Messages with everything they say, for thousands of cases in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from contacts.composing import (
    Composed,
    DueDebt,
    NewMessage,
    Reader,
    Sources,
    address_text,
    compose,
    point_text,
)
from contacts.lifecycle import MessageChannel
from debtors.lifecycle import ContactPointKind
from kernel.sql_text import array_text

_CHANNELS: Final = {
    ContactPointKind.MOBILE.value: MessageChannel.SMS.value,
    ContactPointKind.EMAIL.value: MessageChannel.EMAIL.value,
}

_READERS: Final = """
    SELECT c.id, c.number, d.id, d.display_name, d.kind, d.language, d.preferred_channel
    FROM cases_case c JOIN debtors_debtor d ON d.id = c.debtor_id
    WHERE c.id = ANY(%(ids)s::bigint[])
"""
#: The newest of each kind comes last.
_POINTS: Final = """
    SELECT debtor_id, kind, id, value FROM debtors_contactpoint
    WHERE is_usable AND kind IN ('mobile', 'email') AND debtor_id = ANY(%(ids)s::bigint[])
    ORDER BY id
"""
#: The one to write to comes last: a correspondence address, and of two the older one.
_ADDRESSES: Final = """
    SELECT debtor_id, id, street, postal_code, city, country FROM debtors_address
    WHERE is_usable AND debtor_id = ANY(%(ids)s::bigint[])
    ORDER BY kind = 'registered' DESC, id DESC
"""
#: A demand may name no consumer debt that is time-barred (art. 117 § 2¹ of the Civil Code).
_DEBTS: Final = """
    WITH debts AS MATERIALIZED (
        SELECT p.debtor_id, d.id, a.id AS account_id, d.product, d.contract_no,
               d.contract_on::text, d.contract_rate::text, d.is_consumer, d.terminated_on::text,
               a.currency, a.due_minor, a.outstanding_minor, a.due_since,
               coalesce(a.virtual_account_no, d.bank_account_no) AS pay_to
        FROM debtors_debtparty p
        JOIN debtors_debt d ON d.id = p.debt_id
        JOIN ledger_account a ON a.id = d.account_id
        WHERE p.debtor_id = ANY(%(ids)s::bigint[]) AND p.role = 'main_debtor' AND a.due_minor > 0
          AND NOT (d.is_consumer AND d.limitation_on IS NOT NULL AND d.limitation_on < %(on)s)
    ), amounts AS (
        SELECT account_id, component,
               coalesce(sum(amount_minor) FILTER (WHERE due_on IS NOT NULL), 0) AS due,
               sum(amount_minor) AS owed
        FROM ledger_balance WHERE account_id = ANY (ARRAY(SELECT account_id FROM debts))
        GROUP BY account_id, component
    ), texts AS (
        SELECT account_id,
               string_agg('"' || component || '":' || due, ',') FILTER (WHERE due <> 0) AS due,
               string_agg('"' || component || '":' || owed, ',') FILTER (WHERE owed <> 0) AS owed
        FROM amounts GROUP BY account_id
    )
    SELECT d.debtor_id, d.id, d.account_id, d.product, d.contract_no, d.contract_on,
           d.contract_rate, d.is_consumer, d.terminated_on, d.currency, d.due_minor,
           d.outstanding_minor, d.due_since::text, d.pay_to,
           '{' || coalesce(t.due, '') || '}', '{' || coalesce(t.owed, '') || '}'
    FROM debts d LEFT JOIN texts t USING (account_id)
    ORDER BY d.due_since, d.id
"""


def list_composed_messages(*, messages: Sequence[NewMessage], on: date) -> list[Composed]:
    """The messages as they would be queued on the legal day ``on``, in their order.

    One for a case that does not exist is left out.
    """
    sources = _get_sources(messages, on)
    return [compose(one, sources, on) for one in messages if one.case_id in sources.readers]


def _get_sources(messages: Sequence[NewMessage], on: date) -> Sources:
    readers = {
        row[0]: Reader._make(row) for row in _read(_READERS, {one.case_id for one in messages})
    }
    debtor_of = {case_id: reader.debtor_id for case_id, reader in readers.items()}
    debts: dict[int, list[DueDebt]] = defaultdict(list)
    for row in _read(_DEBTS, debtor_of.values(), on=on):
        debts[row[0]].append(DueDebt._make(row))
    return Sources(readers, _places(messages, debtor_of), debts)


def _places(
    messages: Iterable[NewMessage], debtor_of: Mapping[int, int]
) -> dict[tuple[int, str], str]:
    by_letter: set[int] = set()
    by_point: set[int] = set()
    for one in messages:
        if one.case_id in debtor_of:
            debtors = by_letter if one.channel is MessageChannel.LETTER else by_point
            debtors.add(debtor_of[one.case_id])
    places = {
        (debtor_id, MessageChannel.LETTER.value): address_text(*address)
        for debtor_id, *address in _read(_ADDRESSES, by_letter)
    }
    for debtor_id, kind, point_id, value in _read(_POINTS, by_point):
        channel = _CHANNELS[kind]
        places[debtor_id, channel] = point_text(channel, point_id, value)
    return places


def _read(statement: str, ids: Iterable[int], **more: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": array_text(ids), **more})
        return list(cursor.fetchall())
