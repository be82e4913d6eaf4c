"""What the terms go beyond, in the figures of the reader."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from negotiations.policy import Excess
from negotiations.wording import excess_text


@pytest.mark.parametrize(
    ("excess", "said"),
    [
        (
            Excess("amount", "0.00 PLN", "498217.21 PLN"),
            "The amount is 498\u00a0217,21\u00a0zł; your limit is 0,00\u00a0zł.",
        ),
        (
            Excess("write_off_share", "0.10", "0.2550"),
            "A share of 25,5\u00a0% is written off; your limit is 10,0\u00a0%.",
        ),
        (Excess("instalments", "12", "15"), "15 instalments; your limit is 12."),
        (Excess("role_may_not_agree", "", "officer"), "Your role makes no agreements alone."),
    ],
)
def test_a_limit_is_told_in_the_figures_of_the_reader(excess: Excess, said: str) -> None:
    with override("en"):
        assert excess_text(excess) == said
