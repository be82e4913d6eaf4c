"""Finding a case, and everything whose events belong to its timeline."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q

from cases.locking import CaseNotFound
from cases.models import Case
from journal.operations import Subject
from kernel.actor import Actor


def get_case(*, actor: Actor, case_id: int | None = None, number: str | None = None) -> Case:
    """A case by id or by number, with its debtor, team and owner.

    Raises CaseNotFound where there is none or another team has it.
    """
    cases = Case.objects.select_related("debtor", "team", "owner")
    wanted = Q(pk=case_id) if number is None else Q(number=number)
    cases = cases.filter(wanted)
    if actor.team_id is not None:
        cases = cases.filter(team_id=actor.team_id)
    case = cases.first()
    if case is None:
        raise CaseNotFound(case_id=case_id, number=number)
    return case


def list_timeline_subjects(*, case_id: int) -> list[Subject]:
    """The case, its debtor, and the accounts of the debts that this debtor mainly owes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.debtor_id, d.account_id FROM cases_case c
            LEFT JOIN debtors_debtparty p ON p.debtor_id = c.debtor_id AND p.role = 'main_debtor'
            LEFT JOIN debtors_debt d ON d.id = p.debt_id
            WHERE c.id = %s ORDER BY d.account_id
            """,
            [case_id],
        )
        rows = cursor.fetchall()
    debtors = {Subject("debtor", debtor_id) for debtor_id, _ in rows}
    accounts = [Subject("account", account_id) for _, account_id in rows if account_id is not None]
    return [Subject("case", case_id), *debtors, *accounts]


def list_case_ids_of_accounts(*, account_ids: Sequence[int]) -> list[int]:
    """The cases whose debtors mainly owe these accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.id FROM debtors_debt d
            JOIN debtors_debtparty p ON p.debt_id = d.id AND p.role = 'main_debtor'
            JOIN cases_case c ON c.debtor_id = p.debtor_id
            WHERE d.account_id = ANY(%s) ORDER BY c.id
            """,
            [list(account_ids)],
        )
        return [int(row[0]) for row in cursor.fetchall()]
