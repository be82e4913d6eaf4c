"""Reading agreements and what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet

from cases.lifecycle import holds_that_stop
from cases.models import Hold
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money
from negotiations.models import Agreement, Instalment

#: No list shows more than this at once.
MAX_ROWS = 200
_OWED = """
    SELECT {columns}
    FROM debtors_debtparty p
    JOIN debtors_debt d ON d.id = p.debt_id
    JOIN ledger_account a ON a.id = d.account_id
    WHERE p.role = 'main_debtor'
      AND p.debtor_id = (SELECT debtor_id FROM cases_case WHERE id = %(case)s)
"""


class AgreementNotFound(NotFound):
    """There is no such agreement, or its case belongs to another team than the actor's."""

    code = "agreement_not_found"


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """What one case owes in one currency, and the accounts with something due, longest due first.

    ``last_transaction_id`` is the latest one that the figures include; 0 when there is none.
    """

    due: Money
    account_dues: tuple[tuple[int, int], ...]
    last_transaction_id: int


@dataclass(frozen=True, slots=True)
class InstalmentRow:
    number: int
    due_on: date
    amount_minor: int
    paid_minor: int
    status: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement as pages show it."""

    id: int
    case_id: int
    case_number: str
    debtor_name: str
    kind: str
    status: str
    currency: str
    amount_minor: int
    write_off_minor: int
    to_pay_minor: int
    paid_minor: int
    proposed_by_name: str
    proposed_at: datetime
    decided_by_name: str
    decision_reason: str
    in_force_on: date | None
    judge_on: date | None
    ended_on: date | None
    end_reason: str
    instalments: tuple[InstalmentRow, ...]


def list_currencies_due(*, case_id: int) -> list[tuple[str, int]]:
    """Currencies in which something is due on the case, the longest due first, with the amount."""
    columns = "a.currency, sum(a.due_minor)::bigint"
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED.format(columns=columns)
            + " AND a.due_minor > 0 GROUP BY a.currency ORDER BY min(a.due_since), a.currency",
            {"case": case_id},
        )
        return [(currency, int(due)) for currency, due in cursor.fetchall()]


def get_case_figures(*, case_id: int, currency: str, lock: bool = False) -> CaseFigures:
    """What is due on the case's debts in ``currency``; with ``lock``, fixed until the transaction
    ends: a posting to one of the accounts waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OWED.format(columns="a.id, a.due_minor, a.due_since")
            + " AND a.currency = %(currency)s ORDER BY a.id"
            + (" FOR NO KEY UPDATE OF a" if lock else ""),
            {"case": case_id, "currency": currency},
        )
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT coalesce(max(id), 0) FROM ledger_transaction WHERE account_id = ANY(%s)",
            [[row[0] for row in rows]],
        )
        last = int(cursor.fetchone()[0])
    due = sorted((since, pk, minor) for pk, minor, since in rows if minor > 0)
    return CaseFigures(
        Money(sum(minor for _, _, minor in due), currency),
        tuple((pk, minor) for _, pk, minor in due),
        last,
    )


def list_silencing_holds(*, case_id: int) -> list[str]:
    """The kinds of open holds on the case that forbid contact, such as death and bankruptcy."""
    found = Hold.objects.filter(
        case_id=case_id, ended_on__isnull=True, kind__in=holds_that_stop("contact")
    )
    return sorted(set(found.values_list("kind", flat=True)))


def get_paid_minor(*, agreement_ids: Sequence[int]) -> dict[int, int]:
    """What came in on the case's accounts since each agreement was made, less what was reversed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT g.id, coalesce(sum(l.amount_minor), 0)::bigint
            FROM negotiations_agreement g
            JOIN cases_case c ON c.id = g.case_id
            LEFT JOIN debtors_debtparty p
                   ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            LEFT JOIN debtors_debt d ON d.id = p.debt_id AND d.currency = g.currency
            LEFT JOIN ledger_transaction t
                   ON t.account_id = d.account_id AND t.id > g.last_transaction_id
            LEFT JOIN ledger_posting l ON l.transaction_id = t.id AND l.leg = 'cash'
            WHERE g.id = ANY(%s)
            GROUP BY g.id
            """,
            [list(agreement_ids)],
        )
        return {int(pk): int(paid) for pk, paid in cursor.fetchall()}


def list_agreements(*, case_id: int) -> list[AgreementRow]:
    """All agreements of a case, the newest first."""
    return _rows(Agreement.objects.filter(case_id=case_id).order_by("-id")[:MAX_ROWS])


def get_agreement(*, agreement_id: int, actor: Actor) -> AgreementRow:
    """Raises AgreementNotFound."""
    rows = _rows(_visible(actor).filter(pk=agreement_id))
    if not rows:
        raise AgreementNotFound(agreement_id=agreement_id)
    return rows[0]


def list_recent_agreements(
    *, actor: Actor, status: str = "", before_id: int | None = None, limit: int = 50
) -> list[AgreementRow]:
    """Agreements of the actor's cases, newest first; page on with ``before_id``."""
    found = _visible(actor).order_by("-id")
    if status:
        found = found.filter(status=status)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return _rows(found[: min(limit, MAX_ROWS)])


def _visible(actor: Actor) -> QuerySet[Agreement]:
    found = Agreement.objects.all()
    return found if actor.team_id is None else found.filter(case__team_id=actor.team_id)


def _rows(found: QuerySet[Agreement]) -> list[AgreementRow]:
    agreements = list(found.select_related("case__debtor", "proposed_by", "decided_by"))
    instalments: dict[int, list[InstalmentRow]] = {row.pk: [] for row in agreements}
    for row in Instalment.objects.filter(agreement__in=agreements).order_by("number"):
        instalments[row.agreement_id].append(
            InstalmentRow(row.number, row.due_on, row.amount_minor, row.paid_minor, row.status)
        )
    return [
        AgreementRow(
            id=row.pk,
            case_id=row.case_id,
            case_number=row.case.number,
            debtor_name=row.case.debtor.display_name,
            kind=row.kind,
            status=row.status,
            currency=row.currency,
            amount_minor=row.amount_minor,
            write_off_minor=row.write_off_minor,
            to_pay_minor=row.to_pay_minor,
            paid_minor=sum(part.paid_minor for part in instalments[row.pk]),
            proposed_by_name=str(row.proposed_by or ""),
            proposed_at=row.proposed_at,
            decided_by_name=str(row.decided_by or ""),
            decision_reason=row.decision_reason,
            in_force_on=row.in_force_on,
            judge_on=row.judge_on,
            ended_on=row.ended_on,
            end_reason=row.end_reason,
            instalments=tuple(instalments[row.pk]),
        )
        for row in agreements
    ]
