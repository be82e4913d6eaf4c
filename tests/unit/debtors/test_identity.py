from __future__ import annotations

from datetime import date

import pytest

from debtors.identifiers import born_on
from debtors.identity import CannotBeCompared, TooLittleNamed, check_named
from debtors.lifecycle import IdentityItem

BORN_ON, PESEL, ADDRESS = IdentityItem.BORN_ON, IdentityItem.PESEL, IdentityItem.ADDRESS
EVERYTHING = list(IdentityItem)


@pytest.mark.parametrize(
    "named",
    [(PESEL, ADDRESS), (BORN_ON, ADDRESS), (BORN_ON, PESEL, IdentityItem.CONTRACT_NO)],
)
def test_two_things_of_different_origin_are_enough(named: tuple[IdentityItem, ...]) -> None:
    check_named(named, EVERYTHING)


@pytest.mark.parametrize(
    "named",
    [
        pytest.param((), id="nothing"),
        pytest.param((PESEL,), id="one"),
        pytest.param((PESEL, PESEL), id="one twice"),
        pytest.param((PESEL, BORN_ON), id="the day of birth stands in the PESEL"),
    ],
)
def test_less_is_too_little(named: tuple[IdentityItem, ...]) -> None:
    with pytest.raises(TooLittleNamed):
        check_named(named, EVERYTHING)


def test_what_the_file_does_not_hold_cannot_be_compared() -> None:
    with pytest.raises(CannotBeCompared) as refused:
        check_named([PESEL, ADDRESS], [PESEL, BORN_ON])

    assert refused.value.values == {"items": [ADDRESS]}


@pytest.mark.parametrize(
    ("pesel", "born"),
    [
        ("84010112346", date(1984, 1, 1)),
        ("02270812350", date(2002, 7, 8)),
        ("84130112346", None),
        ("8401011234", None),
        ("8401011234x", None),
        ("", None),
    ],
)
def test_a_day_of_birth_is_read_off_a_pesel(pesel: str, born: date | None) -> None:
    assert born_on(pesel) == born
