"""Who may be on the telephone about the debts of a case, and of which they may be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from debtors.lifecycle import PartyRole
from debtors.models import Address, ContactPoint, Debtor, DebtParty
from debtors.wording import role_name
from desk.queries.case_page import CaseFile, DebtMoney
from desk.telling import Answering, may_be_contacted, told_of


@dataclass(frozen=True, slots=True)
class Caller:
    """``debts`` are those about which they may be told anything."""

    debtor: Debtor
    role: PartyRole
    debts: Sequence[DebtMoney]
    contact_points: Sequence[ContactPoint]
    addresses: Sequence[Address]

    @property
    def role_name(self) -> str:
        return str(role_name(self.role))

    @property
    def debt_ids(self) -> list[int]:
        return [money.debt.pk for money in self.debts]


def list_callers(file: CaseFile) -> list[Caller]:
    """The debtor of the case, also of one without debts, and everybody else on the debts to whom
    there is something to say."""
    of_person: dict[int, list[DebtParty]] = {file.case.debtor_id: []}
    for party in file.parties:
        of_person.setdefault(party.debtor_id, []).append(party)
    callers = (_caller(person_id, parties, file) for person_id, parties in of_person.items())
    return [one for one in callers if one.debts or one.debtor == file.case.debtor]


def find_caller(callers: Iterable[Caller], person_id: int | str) -> Caller | None:
    """Where the id is text, as it was sent."""
    return next((one for one in callers if str(one.debtor.pk) == str(person_id)), None)


def answering(parties: Iterable[DebtParty], file: CaseFile) -> list[Answering]:
    """What these people answer for, of the debts of the case."""
    debts = {money.debt.pk: money for money in file.debts}
    return [
        Answering(
            party.debtor_id,
            PartyRole(party.role),
            debts[party.debt_id].debt.contract_no,
            debts[party.debt_id].due_minor > 0
            or debts[party.debt_id].debt.terminated_on is not None,
        )
        for party in parties
        if party.debt_id in debts
    ]


def _caller(person_id: int, parties: Sequence[DebtParty], file: CaseFile) -> Caller:
    told = {
        party.debt_id for party in parties if may_be_contacted(told_of(answering([party], file)))
    }
    is_main = person_id == file.case.debtor_id
    return Caller(
        debtor=file.case.debtor if is_main else parties[0].debtor,
        role=PartyRole.MAIN_DEBTOR if is_main else PartyRole(parties[0].role),
        debts=[money for money in file.debts if money.debt.pk in told],
        contact_points=[one for one in file.points_of_all if one.debtor_id == person_id],
        addresses=[one for one in file.addresses_of_all if one.debtor_id == person_id],
    )
