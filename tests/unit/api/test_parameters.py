from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from api.decimals import decimal_string
from api.endpoints.cases import LIST_PARAMETERS
from api.endpoints.timeline import TIMELINE_PARAMETERS
from api.parameters import instant_of, microseconds_of, read_parameters
from api.problems import InvalidParameters
from api.queries import Place
from kernel.money import Money

CURRENCIES = st.sampled_from(["PLN", "JPY", "KWD", "CLF"])


@given(st.integers(min_value=-(10**18), max_value=10**18), CURRENCIES)
def test_an_amount_is_written_exactly(minor: int, currency: str) -> None:
    assert decimal_string(minor, currency) == f"{Money(minor, currency).to_decimal():f}"


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_an_instant_survives_a_cursor_to_the_microsecond(microseconds: int) -> None:
    assert microseconds_of(instant_of(microseconds)) == microseconds
    assert instant_of(microseconds).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("17", Place(None, 17)),
        ("1747044000000001.17", Place(datetime(2025, 5, 12, 10, 0, 0, 1, tzinfo=UTC), 17)),
    ],
)
def test_a_cursor_says_where_to_go_on_and_in_which_order(text: str, place: Place) -> None:
    assert LIST_PARAMETERS["cursor"].read(text) == place


@given(st.text(max_size=40), st.sampled_from(sorted(LIST_PARAMETERS)))
def test_a_parameter_is_taken_or_refused_and_never_breaks(text: str, name: str) -> None:
    query = QueryDict(mutable=True)
    query[name] = text
    found: list[str] = []
    try:
        found = list(read_parameters(query, LIST_PARAMETERS))
    except InvalidParameters as refused:
        found = [parameter for parameter, _ in refused.errors]
    assert found == [name]


@pytest.mark.parametrize(
    "text", ["2026-05-12T10:00:00Z", "2026-05-12T12:00:00+02:00", "2026-05-12T10:00:00.000000Z"]
)
def test_an_instant_means_the_same_everywhere(text: str) -> None:
    expected = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
    assert LIST_PARAMETERS["updated_since"].read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-12T10:00:00",
        "2026-05-12",
        "2026-05-12T10:00:00+0200",
        "now",
        "0001-01-01T00:00:00+01:00",
    ],
)
def test_an_instant_without_an_offset_means_nothing(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        LIST_PARAMETERS["updated_since"].read(text)


@pytest.mark.parametrize("parameters", [LIST_PARAMETERS, TIMELINE_PARAMETERS])
def test_a_parameter_is_documented_under_the_name_it_is_read_by(parameters: object) -> None:
    assert isinstance(parameters, dict)
    for name, parameter in parameters.items():
        assert parameter.name == parameter.shown.name == name
