"""What every dialect of field 86 comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger.statements.accounts import normal_account
from ledger.statements.values import Party


@dataclass(frozen=True, slots=True)
class Details:
    party: Party
    title: str
    end_to_end_id: str = ""
    code: str = ""
    return_code: str = ""


def party_of(name: str = "", account: str = "", bank: str = "") -> Party:
    number, is_valid = normal_account(account)
    return Party(in_one_line(name), number, is_valid if number else None, "".join(bank.split()))


def in_one_line(*texts: str) -> str:
    return " ".join(" ".join(texts).split())


def by_word(pairs: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Word, what stood there, and value. A word that comes again belongs to the text before it."""
    values: dict[str, list[str]] = {}
    last = ""
    for word, written, value in pairs:
        if word in values:
            values[last].append(f"{written}{value}")
        else:
            values[word], last = [value], word
    return joined(values)


def joined(values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {word: "".join(pieces) for word, pieces in values.items()}


def with_others(title: str, name: str, others: Iterable[str]) -> str:
    """Who paid for whom is known only from here: the title names them, unless the party does."""
    known = [in_one_line(other) for other in others]
    return in_one_line(title, *(f"({one})" for one in known if one and one not in (name, title)))
