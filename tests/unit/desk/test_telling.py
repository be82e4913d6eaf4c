from __future__ import annotations

import pytest
from django.utils.translation import override

from debtors.lifecycle import PartyRole
from desk.telling import Answering, Telling, Told, may_be_contacted, told_of
from desk.wording.people import told_text

MAIN, CO, GUARANTOR = PartyRole.MAIN_DEBTOR, PartyRole.CO_DEBTOR, PartyRole.GUARANTOR


def _on(role: PartyRole, contract_no: str = "A/1", *, is_due: bool = True) -> Answering:
    return Answering(7, role, contract_no, is_due)


@pytest.mark.parametrize(
    ("answering", "telling", "may_contact"),
    [
        pytest.param(_on(MAIN), Telling.EVERYTHING, True, id="the debtor: all"),
        pytest.param(_on(MAIN, is_due=False), Telling.EVERYTHING, True, id="also what is not due"),
        pytest.param(_on(CO), Telling.THESE_DEBTS, True, id="a co-debtor: their debts"),
        pytest.param(_on(CO, is_due=False), Telling.THESE_DEBTS, True, id="due or not"),
        pytest.param(_on(GUARANTOR), Telling.WHAT_IS_DUE, True, id="a guarantor: what is due"),
        pytest.param(
            _on(GUARANTOR, is_due=False), Telling.NOTHING_YET, False, id="nothing before it is due"
        ),
    ],
)
def test_what_a_person_may_be_told_follows_their_part_in_the_debt(
    answering: Answering, telling: Telling, may_contact: bool
) -> None:
    told = told_of([answering])

    assert told == [Told(telling, ["A/1"])]
    assert may_be_contacted(told) is may_contact


def test_somebody_in_several_parts_hears_of_each_what_belongs_to_it() -> None:
    told = told_of([_on(GUARANTOR, "C/3", is_due=False), _on(GUARANTOR, "B/2"), _on(CO, "A/1")])

    with override("en"):
        text = told_text(told)

    assert text == (
        "everything about A/1; what is due on B/2; nothing yet about C/3: not due, not terminated"
    )
    assert may_be_contacted(told)
