"""One case with everything that a client may know of it, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from api.case_rows import CASES, OWED, case_summary
from api.decimals import decimal_string
from api.queries.next_step import get_next_step
from cases.lifecycle import HOLD_EFFECTS, HoldKind
from cases.locking import CaseNotFound
from debtors.identifiers import IDENTIFIERS, sealer
from debtors.queries import StandingNow, get_debtor_standing
from debtors.regulatory import Forborne
from kernel.actor import Actor
from kernel.secrecy import Unreadable
from ledger.lifecycle import Component
from staff.figures import mask_identifier

_DEBTS: Final = """
    SELECT a.id, b.id, b.external_id, b.contract_no, b.product, b.currency, b.contract_on,
           b.terminated_on, b.limitation_on, greatest(a.due_minor, 0), a.outstanding_minor,
           a.due_since
    FROM debtors_debtparty p
    JOIN debtors_debt b ON b.id = p.debt_id
    JOIN ledger_account a ON a.id = b.account_id
    WHERE p.debtor_id = %s AND p.role = 'main_debtor'
    ORDER BY b.id
"""
_BALANCES: Final = """
    SELECT account_id, component,
           coalesce(sum(amount_minor) FILTER (WHERE due_on <= %s), 0)::bigint,
           coalesce(sum(amount_minor) FILTER (WHERE due_on IS NULL OR due_on > %s), 0)::bigint
    FROM ledger_balance WHERE account_id = ANY(%s)
    GROUP BY account_id, component
"""
_PARTIES: Final = """
    SELECT p.debt_id, p.role, d.external_id, d.kind, d.display_name
    FROM debtors_debtparty p JOIN debtors_debtor d ON d.id = p.debtor_id
    WHERE p.debt_id = ANY(%s) ORDER BY p.debt_id, p.role, d.id
"""
_HOLDS: Final = """
    SELECT kind, from_on, until_on, placed_at FROM cases_hold
    WHERE case_id = %s AND ended_on IS NULL ORDER BY from_on, id
"""
_WORK: Final = """
    SELECT kind, due_on, priority, opened_at FROM cases_workitem
    WHERE case_id = %s AND status = 'open' ORDER BY due_on, priority, id
"""
_SEALED: Final = f"""
    SELECT {", ".join(f"{name}_sealed" for name in IDENTIFIERS)} FROM debtors_debtor WHERE id = %s
"""


def get_case(*, number: str, actor: Actor, on: date) -> dict[str, Any]:
    """The case as a client sees it on the legal day ``on``.

    Raises CaseNotFound, also for a case of another team than the client's.
    """
    with connection.cursor() as cursor:
        row = get_case_row(cursor=cursor, number=number, actor=actor)
        case_id, debtor_id = row[0], row[8]
        owed = [rest for _, *rest in _rows(cursor, OWED, [debtor_id])]
        debts = _rows(cursor, _DEBTS, debtor_id)
        balances = _balances(_rows(cursor, _BALANCES, on, on, [debt[0] for debt in debts]))
        parties = _parties(_rows(cursor, _PARTIES, [debt[1] for debt in debts]))
        holds = _rows(cursor, _HOLDS, case_id)
        work = _rows(cursor, _WORK, case_id)
        sealed = _rows(cursor, _SEALED, debtor_id)[0]
    standing = get_debtor_standing(
        debtor_id=debtor_id, debt_ids=[debt[1] for debt in debts], on=on, with_days=False
    )
    summary = case_summary(row, owed, on)
    summary["debtor"]["identifiers"] = _masked(sealed)
    return {
        **summary,
        "debts": [
            {
                **_debt(debt, balances.get(debt[0], {}), parties.get(debt[1], []), on),
                "standing": _standing(standing.debts.get(debt[1])),
            }
            for debt in debts
        ],
        "standing": _standing(standing.whole),
        "holds": [_hold(hold) for hold in holds],
        "work": [_work_item(item) for item in work],
        "next_step": get_next_step(case_id=case_id, on=on),
    }


def get_case_row(*, cursor: Any, number: str, actor: Actor) -> Sequence[Any]:
    """The row of ``CASES``; raises CaseNotFound."""
    statement = CASES.format(
        where="c.number = %(number)s AND (%(team)s IS NULL OR c.team_id = %(team)s)", order="c.id"
    )
    cursor.execute(statement, {"number": number, "team": actor.team_id, "limit": 1})
    row: Sequence[Any] | None = cursor.fetchone()
    if row is None:
        raise CaseNotFound(number=number)
    return row


def _rows(cursor: Any, statement: str, *values: Any) -> list[Any]:
    cursor.execute(statement, values)
    return list(cursor.fetchall())


def _balances(rows: Iterable[Any]) -> dict[int, dict[str, tuple[int, int]]]:
    """Per account and component: what is due, and what is not yet."""
    balances: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for account_id, component, due, later in rows:
        balances[account_id][component] = (due, later)
    return balances


def _parties(rows: Iterable[Any]) -> dict[int, list[dict[str, Any]]]:
    parties: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for debt_id, role, external_id, kind, name in rows:
        parties[debt_id].append(
            {"role": role, "external_id": external_id, "kind": kind, "name": name}
        )
    return parties


def _debt(
    row: Sequence[Any],
    balances: Mapping[str, tuple[int, int]],
    parties: Sequence[dict[str, Any]],
    on: date,
) -> dict[str, Any]:
    currency, due_since = row[5], row[11]
    return {
        "external_id": row[2],
        "contract_no": row[3],
        "product": row[4],
        "currency": currency,
        "contract_on": _day(row[6]),
        "terminated_on": _day(row[7]),
        "limitation_on": _day(row[8]),
        "due": decimal_string(row[9], currency),
        "outstanding": decimal_string(row[10], currency),
        "due_since": _day(due_since),
        "days_past_due": max((on - due_since).days, 0) if due_since else 0,
        "components": {
            component.value: {
                "due": decimal_string(balances.get(component, (0, 0))[0], currency),
                "not_yet_due": decimal_string(balances.get(component, (0, 0))[1], currency),
            }
            for component in Component
        },
        "parties": list(parties),
    }


def _standing(now: StandingNow | None) -> dict[str, Any]:
    """Without a row it performs in stage 1."""
    return {
        "default": now.default or None if now else None,
        "default_since": _day(now.default_since) if now else None,
        "forborne": now.forborne if now else Forborne.NO.value,
        "forborne_since": _day(now.forborne_since) if now else None,
        "ends_on": _day(now.ends_on) if now else None,
        "stage": now.stage if now else 1,
        "since": _day(now.from_on) if now else None,
    }


def _hold(row: Sequence[Any]) -> dict[str, Any]:
    """Without its reason, which is free text and may tell of a person's health."""
    kind, from_on, until_on, placed_at = row
    effect = HOLD_EFFECTS[HoldKind(kind)]
    return {
        "kind": kind,
        "from_on": from_on.isoformat(),
        "until_on": _day(until_on),
        "placed_at": placed_at.isoformat(),
        "stops": {
            "contact": effect.contact,
            "escalation": effect.escalation,
            "interest": effect.interest,
        },
    }


def _work_item(row: Sequence[Any]) -> dict[str, Any]:
    kind, due_on, priority, opened_at = row
    return {
        "kind": kind,
        "due_on": due_on.isoformat(),
        "priority": priority,
        "opened_at": opened_at.isoformat(),
    }


def _masked(sealed: Sequence[Any]) -> dict[str, str | None]:
    """Masked as on every page, so that two of them tell no more than one."""
    return {
        name: _open(name, bytes(value)) if value is not None else None
        for name, value in zip(IDENTIFIERS, sealed, strict=True)
    }


def _open(name: str, sealed: bytes) -> str | None:
    try:
        return mask_identifier(sealer(name).open(sealed))
    except Unreadable:
        return None


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
