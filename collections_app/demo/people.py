"""Synthetic people, firms and debts. The same seed makes the same ones.

Nobody can be called or written to: phone numbers lie in the range 21 of data services and in
local numbers that begin with 0, which no Polish exchange gives out; e-mail addresses are at
``example.org`` (RFC 2606).
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from faker import Faker
from schwifty import IBAN

from kernel.text import search_words

COLUMNS: Final = (
    "debtor_ref", "kind", "first_name", "last_name", "company_name", "pesel", "nip", "regon",
    "language", "preferred_channel", "phones", "emails", "street", "house_no", "flat_no",
    "postcode", "city", "mail_street", "mail_house_no", "mail_postcode", "mail_city", "role",
    "debt_ref", "product", "contract_no", "contract_on", "currency", "principal",
    "contractual_interest", "default_interest", "fees", "past_due_amount", "past_due_since",
    "contract_rate", "limitation_on", "consumer", "bank_account_no",
)  # fmt: skip

#: product, share of the book in per mille, smallest and largest sum lent in whole zloty.
_PRODUCTS: Final = (
    ("cash_loan", 360, 3_000, 60_000),
    ("credit_card", 240, 400, 15_000),
    ("overdraft", 120, 200, 8_000),
    ("instalment_loan", 120, 500, 12_000),
    ("car_loan", 60, 20_000, 120_000),
    ("mortgage", 60, 120_000, 600_000),
    ("business_loan", 40, 10_000, 400_000),
)
_SMALL: Final = ("overdraft", 20, 180)


@dataclass(frozen=True, slots=True)
class Person:
    """One row of who somebody is, without the debts."""

    ref: str
    cells: dict[str, str]
    is_business: bool


class Population:
    """Makes debtors with their debts, as rows of the canonical layout."""

    def __init__(self, *, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a story, not a secret
        self._faker = Faker("pl_PL")
        self._faker.seed_instance(seed)
        self._number = 0

    def household(
        self, *, on: date, oldest_days: int, debts: int | None = None
    ) -> list[dict[str, str]]:
        """A debtor with their debts and, now and then, a second person who answers for one.

        Past due since 1 to ``oldest_days`` days before ``on``.
        """
        person = self._person()
        count = debts or self._random.choices([1, 2, 3], [82, 14, 4])[0]
        rows: list[dict[str, str]] = []
        for i in range(count):
            debt = self._debt(person, on, oldest_days, i)
            rows.append({**person.cells, "role": "main_debtor", **debt})
            if debt["product"] in {"mortgage", "cash_loan"} and self._random.random() < 0.12:
                other = self._person(private=True)
                role = self._random.choice(["co_debtor", "guarantor"])
                rows.append({**other.cells, "role": role, "debt_ref": debt["debt_ref"]})
        return rows

    def _person(self, *, private: bool = False) -> Person:
        self._number += 1
        ref = f"K{self._number:07d}"
        draw = 0.0 if private else self._random.random()
        cells = {"debtor_ref": ref, "language": "pl", **self._address()}
        if draw < 0.9:
            cells |= self._natural_person()
            kind = "person"
        elif draw < 0.96:
            kind = "sole_trader"
            cells |= self._natural_person()
            cells |= {"nip": self._faker.nip(), "regon": self._faker.regon()}
            cells["company_name"] = f"{cells['first_name']} {cells['last_name']} Usługi"
        else:
            kind = "company"
            cells |= {"nip": self._faker.nip(), "regon": self._faker.regon()}
            cells["company_name"] = self._faker.company()
        cells["kind"] = kind
        cells |= self._reach(cells)
        if self._random.random() < 0.015:
            for name in ("phones", "emails", "street", "house_no", "flat_no", "postcode", "city"):
                cells[name] = ""
        return Person(ref, cells, kind != "person")

    def _natural_person(self) -> dict[str, str]:
        female = self._random.random() < 0.49
        born = date(1950, 1, 1) + timedelta(days=self._random.randrange(365 * 54))
        sex = "F" if female else "M"
        names = self._faker
        return {
            "first_name": names.first_name_female() if female else names.first_name_male(),
            "last_name": names.last_name_female() if female else names.last_name_male(),
            "pesel": names.pesel(datetime.combine(born, time()), sex),
            "language": "en" if self._random.random() < 0.02 else "pl",
        }

    def _address(self) -> dict[str, str]:
        cells = {
            "street": f"ul. {self._faker.street_name()}",
            "house_no": self._faker.building_number(),
            "flat_no": str(self._random.randint(1, 90)) if self._random.random() < 0.6 else "",
            "postcode": self._faker.postcode(),
            "city": self._faker.city(),
        }
        if self._random.random() < 0.1:
            cells |= {
                "mail_street": f"ul. {self._faker.street_name()}",
                "mail_house_no": self._faker.building_number(),
                "mail_postcode": self._faker.postcode(),
                "mail_city": self._faker.city(),
            }
        return cells

    def _reach(self, cells: dict[str, str]) -> dict[str, str]:
        phones = [f"+48 212 {self._random.randint(0, 999_999):06d}"]
        if self._random.random() < 0.25:
            phones.append(f"+48 12 0{self._random.randint(0, 999_999):06d}")
        words = search_words(
            cells.get("company_name") or f"{cells['first_name']} {cells['last_name']}"
        )
        mailbox = ".".join(words[:3]) + str(self._number)
        return {
            "phones": ",".join(phones) if self._random.random() < 0.93 else "",
            "emails": f"{mailbox}@example.org" if self._random.random() < 0.7 else "",
            "preferred_channel": self._random.choice(["", "", "phone", "sms", "email"]),
        }

    def _debt(self, person: Person, on: date, oldest_days: int, place: int) -> dict[str, str]:
        product, low, high = self._product(person)
        lent = Decimal(self._random.randint(low * 100, high * 100)) / 100
        days = 1 + int(oldest_days * self._random.random() ** 2.2)
        principal = (lent * Decimal(self._random.randint(25, 95)) / 100).quantize(Decimal("0.01"))
        past_due = min(principal, (principal * (days // 30 + 1) / 36).quantize(Decimal("0.01")))
        interest = (past_due * Decimal("0.18")).quantize(Decimal("0.01"))
        late = (past_due * Decimal(days) * Decimal("0.0004")).quantize(Decimal("0.01"))
        since = on - timedelta(days=days)
        contract_on = since - timedelta(days=self._random.randint(120, 1500))
        number = f"{self._number:07d}{place + 1:02d}"
        return {
            "debt_ref": f"D{number}",
            "product": product,
            "contract_no": f"{product[:2].upper()}/{contract_on.year}/{number}",
            "contract_on": str(contract_on),
            "currency": "EUR" if product == "mortgage" and self._random.random() < 0.04 else "PLN",
            "principal": str(principal),
            "contractual_interest": str(interest),
            "default_interest": str(late),
            "fees": self._random.choice(["0.00", "0.00", "15.00", "25.00"]),
            "past_due_amount": str(past_due + interest + late),
            "past_due_since": str(since),
            "contract_rate": self._random.choice(["9.9900", "12.5000", "14.5000"]),
            "limitation_on": str(date(since.year + 3, 12, 31)),
            "consumer": "no" if person.is_business else "yes",
            "bank_account_no": _polish_account(self._random),
        }

    def _product(self, person: Person) -> tuple[str, int, int]:
        if person.is_business:
            return "business_loan", 5_000, 300_000
        if self._random.random() < 0.08:
            return _SMALL
        product, _, low, high = self._random.choices(
            _PRODUCTS[:-1], [share for _, share, _, _ in _PRODUCTS[:-1]]
        )[0]
        return product, low, high


def _polish_account(source: random.Random) -> str:
    account = f"{source.randrange(10**16):016d}"
    return str(IBAN.generate("PL", bank_code="10901014", account_code=account))


def write_portfolio(path: Path, households: Iterable[list[dict[str, str]]]) -> int:
    """Write rows in the canonical layout; returns how many."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for row in _flat(households):
            writer.writerow(row)
            rows += 1
    return rows


def _flat(households: Iterable[list[dict[str, str]]]) -> Iterator[dict[str, str]]:
    for household in households:
        yield from household
