"""Which debt, and which part of it, a payment pays (art. 451 of the Civil Code)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from calculations.fields import BadInputs, FieldKind, needed, optional, rows, word
from calculations.topic import Answer, Setting, Topic, Values
from calculations.values import plain_money
from ledger.allocation import (
    ARTICLES,
    Bucket,
    Choice,
    ChosenBy,
    DebtNotChoosable,
    InstalmentOpen,
    OwedDebt,
    PaymentAllocation,
    allocate_payment,
    named_order,
)
from ledger.lifecycle import Component

#: The parts of a debt as the examples write them.
_PARTS: Final[Mapping[str, Component]] = {
    "principal": Component.PRINCIPAL,
    "interest": Component.DEFAULT_INTEREST,
    "contractual_interest": Component.CONTRACTUAL_INTEREST,
    "fees": Component.FEES,
    "costs": Component.COSTS,
}
_ORDERS: Final = {
    "standard": "standard", "costs, interest, principal": "standard", "interest first": "standard",
    "principal first": "principal_first",
}  # fmt: skip
#: For debts whose due day is not given: they stay in the given order.
_NO_DAY: Final = date(2000, 1, 1)


def compute_allocation(values: Values, setting: Setting) -> Answer:
    """What is left of each debt, and which rule took which part."""
    order = named_order(values["order"], setting.on)
    debts = [
        OwedDebt(row["id"], _buckets(row), order, _instalments(row["id"], values["instalments"]))
        for row in values["debts"]
    ]
    if len({owed.debt for owed in debts}) != len(debts):
        raise BadInputs([("debts", "id_given_twice")])
    if not debts:
        raise BadInputs([("debts", "missing")])
    try:
        found = allocate_payment(values["payment"], debts, choice=_choice(values))
    except DebtNotChoosable:
        raise BadInputs([("debtor_chooses", "no_such_debt")]) from None
    return _answer(found, debts, values["debts"])


def _buckets(row: Values) -> tuple[Bucket, ...]:
    due_on = row["due_date"] or _NO_DAY
    return tuple(
        Bucket(component, due_on, row[name]) for name, component in _PARTS.items() if row[name]
    )


def _instalments(debt: str, given: tuple[Values, ...]) -> tuple[InstalmentOpen, ...]:
    return tuple(
        InstalmentOpen(number, row["due_date"], row["amount"])
        for number, row in enumerate(given, start=1)
        if row["debt"] in (None, debt)
    )


def _choice(values: Values) -> Choice | None:
    if values["debtor_chooses"] is not None:
        return Choice(values["debtor_chooses"], ChosenBy.DEBTOR)
    if values["creditor_receipt"] is not None:
        return Choice(values["creditor_receipt"], ChosenBy.CREDITOR_RECEIPT)
    return None


def _answer(
    found: PaymentAllocation, debts: list[OwedDebt], given: tuple[Mapping[str, Any], ...]
) -> Answer:
    paid: dict[tuple[str, str], int] = {}
    for part in found.parts:
        key = (part.debt, part.component)
        paid[key] = paid.get(key, 0) + part.amount_minor
    left: Answer = {}
    for row in given:
        left[f"debt{row['id']}"] = {
            name: plain_money(row[name] - paid.get((row["id"], component), 0))
            for name, component in sorted(_PARTS.items())
            if row[name] is not None
        }
    return {
        **left,
        "rest": plain_money(found.rest_minor),
        "explanation": [
            {
                "debt": debt.debt,
                "rule": debt.rule.value,
                "article": ARTICLES[debt.rule],
                "residual_interest": plain_money(debt.residual_interest_minor),
                "residual_interest_choice": debt.residual.value,
                "parts": [
                    {
                        "part": _name(part.component),
                        "amount": plain_money(part.amount_minor),
                        "rule": part.rule.value,
                        "article": ARTICLES[part.rule],
                        **({"instalment": part.instalment} if part.instalment else {}),
                    }
                    for part in debt.parts
                ],
            }
            for debt in found.debts
        ],
    }


def _name(component: str) -> str:
    return next(name for name, its in _PARTS.items() if its == component)


TOPICS: Final = (
    Topic(
        "payment_allocation_art451",
        "payments",
        (
            rows(
                "debts",
                needed("id", FieldKind.TEXT, "debt", "name"),
                optional("principal", FieldKind.AMOUNT),
                optional("interest", FieldKind.AMOUNT, "default_interest", "delay_interest"),
                optional("costs", FieldKind.AMOUNT),
                optional("due_date", FieldKind.DAY, "due_on"),
                optional("fees", FieldKind.AMOUNT),
                optional("contractual_interest", FieldKind.AMOUNT),
                required=True,
            ),
            needed("payment", FieldKind.AMOUNT, "amount"),
            optional("debtor_chooses", FieldKind.TEXT, "debtor_choice", "chosen_debt"),
            optional("creditor_receipt", FieldKind.TEXT, "creditor_chooses", "receipt_for"),
            word("order", _ORDERS, required=False, default="standard",
                 shown=("standard", "principal first")),
            rows(
                "instalments",
                needed("amount", FieldKind.AMOUNT),
                needed("due_date", FieldKind.DAY, "due_on"),
                optional("debt", FieldKind.TEXT),
            ),
        ),
        compute_allocation,
        {
            "debts": [
                {"id": 1, "principal": "5000", "interest": "1000"},
                {"id": 2, "principal": "7000", "interest": "2000"},
            ],
            "payment": "5000",
            "debtor_chooses": 1,
        },
        ("rest",),
        ("allocation", "payment_allocation"),
    ),
)  # fmt: skip
