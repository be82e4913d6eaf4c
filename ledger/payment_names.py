"""What a payment says of the debt it is for: every name that may stand in it. Pure.

People write a contract number with other spaces and dashes than the bank, and put it among other
words; a transfer breaks it over two lines. So names are compared as letters and digits only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kernel.text import plain_text, search_words
from ledger.lifecycle import NameKind
from ledger.statements.accounts import normal_account

#: Shorter keys are in too many texts by chance.
_SHORTEST: Final = 5
#: A number may be written in so many pieces.
_MOST_PIECES: Final = 6
_WORDS: Final = re.compile(r"[A-Z0-9]+")
_DIGITS: Final = re.compile(r"\d{26,}")
_ACCOUNT_DIGITS: Final = 26
_MOST_WORDS: Final = 60
#: A name has so many words; a bank writes the address behind it.
_NAME_WORDS: Final = (2, 3, 4)
_MOST_NAME_WORDS: Final = 12

#: A number with fewer digits is in too many texts by chance, one with more is no amount.
_SHORTEST_NUMBER: Final = 8
_MOST_OF_AN_AMOUNT: Final = 10
_YEARS: Final = range(1900, 2100)
_AMOUNT: Final = re.compile(r"(?<![\d.,])\d[\d ]{0,20}[.,]\d\d(?![.,]?\d)")
_DAY: Final = re.compile(
    r"(?<!\d)(?<!\d[-./])(?:\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](?:\d{4}|\d\d))"
    r"(?![-./]?\d)"
)
_CURRENCIES: Final = "ZL|ZLOTYCH|ZLOTE|ZLOTY|PLN|EUR|EURO|USD|CHF|GBP|GR|GROSZY"
_MONEY_BEFORE: Final = re.compile(
    rf"\b(?:{_CURRENCIES}|KWOTA|KWOTE|KWOTY|KWOCIE|SUMA|SUME|SUMY|SUMIE|AMOUNT)[^A-Z0-9]*$"
)
_MONEY_BEHIND: Final = re.compile(rf"[^A-Z0-9]*(?:{_CURRENCIES})\b")


#: By the way in which it names an account, each key with the field where it stands first.
Names = Mapping[NameKind, Mapping[str, str]]


def normal_key(text: str) -> str:
    """Letters and digits only, upper case, without diacritics."""
    return "".join(_WORDS.findall(plain_text(text).upper()))


def holder_key(name: str) -> str:
    """The words of a name as search sees them, in the order of the alphabet; else empty."""
    return _key_of_words(search_words(name))


def holders_in(*, party_name: str, title: str) -> dict[str, str]:
    """The keys of every person or firm that may be named, each with the field where it stands."""
    found = dict.fromkeys(holders_in_name(party_name), "party_name")
    for key in _holders(_runs(search_words(title)[:_MOST_NAME_WORDS])):
        found.setdefault(key, "title")
    return found


def holders_in_name(party_name: str) -> Iterator[str]:
    """The name of the sender in any order, with or without the address that banks write behind."""
    words = search_words(party_name)[:_MOST_NAME_WORDS]
    whole = (words[:length] for length in range(max(_NAME_WORDS) + 1, len(words) + 1))
    return _holders((*whole, *_runs(words)))


def _runs(words: list[str]) -> Iterator[list[str]]:
    for length in _NAME_WORDS:
        for first in range(len(words) - length + 1):
            yield words[first : first + length]


def _holders(runs: Iterable[list[str]]) -> Iterator[str]:
    return (key for run in runs if (key := _key_of_words(run)))


def _key_of_words(words: list[str]) -> str:
    """One word names nobody."""
    return "".join(sorted(words)).upper()[:80] if len(words) > 1 else ""


def names_in(*, title: str, reference: str, party_account: str, own_account: str) -> Names:
    """Everything by which the payment may name an account.

    ``own_account`` is the account of the bank on which it came in: where each debtor pays to an
    account of their own, that is the debt's.
    """
    accounts = {normal_key(own_account): "own_account"}
    references: dict[str, str] = {}
    for field, text in (("title", title), ("reference", reference)):
        for number in _accounts_in(text):
            accounts.setdefault(number, field)
        for key in _keys_in(text):
            references.setdefault(key, field)
    return {
        NameKind.VIRTUAL_ACCOUNT: accounts,
        NameKind.CONTRACT: references,
        NameKind.CASE: references,
        NameKind.SENDER: {normal_key(party_account): "party_account"} if party_account else {},
    }


def _accounts_in(text: str) -> Iterator[str]:
    """Polish account numbers, whatever stands between and around their digits."""
    for digits in _DIGITS.findall(normal_key(text)):
        for first in range(len(digits) - _ACCOUNT_DIGITS + 1):
            number, is_valid = normal_account(digits[first : first + _ACCOUNT_DIGITS])
            if is_valid:
                yield number


def _keys_in(text: str) -> Iterator[str]:
    """Every run of neighbouring pieces that is long enough and has a digit."""
    pieces = _WORDS.findall(plain_text(text).upper())[:_MOST_WORDS]
    for first in range(len(pieces)):
        key = ""
        for piece in pieces[first : first + _MOST_PIECES]:
            key += piece
            if len(key) >= _SHORTEST and not key.isalpha():
                yield key


def is_by_chance(key: str, *, texts: Iterable[str]) -> bool:
    """Whether a key of digits alone may stand in the texts for something else than a debt.

    It is short, or a day, or wherever it stands it may be an amount, or a part of a day.
    """
    if len(key) < _SHORTEST_NUMBER or _is_day(key):
        return True
    written = re.compile(r"(?<![A-Z0-9])" + "[^A-Z0-9]*".join(key) + r"(?![A-Z0-9])")
    for text in (plain_text(text).upper() for text in texts):
        for found in written.finditer(text):
            if not _is_of_something_else(text, *found.span()):
                return False
    return True


def _is_day(key: str) -> bool:
    if len(key) != len("YYYYMMDD"):
        return False
    orders = ((key[:4], key[4:6], key[6:]), (key[4:], key[2:4], key[:2]))
    return any(
        int(year) in _YEARS and 1 <= int(month) <= 12 and 1 <= int(day) <= 31
        for year, month, day in orders
    )


def _is_of_something_else(text: str, first: int, end: int) -> bool:
    """What stands there holds a day, or it is no longer than an amount and stands beside money."""
    if any(day.start() < end and first < day.end() for day in _DAY.finditer(text)):
        return True
    if sum(sign.isdigit() for sign in text[first:end]) > _MOST_OF_AN_AMOUNT:
        return False
    if _MONEY_BEFORE.search(text[:first]) or _MONEY_BEHIND.match(text, end):
        return True
    behind = _WORDS.search(text, end)
    following = behind.start() if behind else end
    return any(
        amount.start() <= following and not _WORDS.search(text, amount.end(), first)
        for amount in _AMOUNT.finditer(text)
    )
