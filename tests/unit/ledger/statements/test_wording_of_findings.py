"""What is found in a statement is said in whole sentences, and old findings are still said."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from ledger.operations import PostingInvalid
from ledger.statement_wording import reason_text, say_finding


def _said(code: str, **values: Any) -> str:
    with override("en"):
        return say_finding({"code": code, "place": "statement 7", "values": values})


@pytest.mark.parametrize("which", ["opening", "closing"])
def test_a_missing_balance_is_named_in_the_readers_language(which: str) -> None:
    assert _said("balance_missing", balance=which).startswith(
        f"statement 7: The {which} balance is missing"
    )


def test_totals_are_said_with_their_sums() -> None:
    said = _said(
        "totals_do_not_add_up",
        stated_entries=1,
        entries=1,
        stated_minor=20000,
        entries_minor=10000,
        currency="PLN",
    )
    assert "200,00" in said
    assert "100,00" in said


def test_what_cannot_be_posted_says_why() -> None:
    with override("en"):
        assert reason_text(PostingInvalid.code) != PostingInvalid.code
