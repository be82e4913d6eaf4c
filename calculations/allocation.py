"""Which debt, and which part of it, a payment pays (art. 451 of the Civil Code)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from calculations.fields import BadInputs, Field, FieldKind, needed, optional, rows, word
from calculations.topic import Answer, Setting, Topic, Values, warning
from calculations.values import LAST_DAY, WrongValue, plain_money, read_text
from ledger.allocation import (
    ARTICLES,
    Bucket,
    Choice,
    ChosenBy,
    DebtAllocation,
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
#: For debts whose due day is not given: after those that are known to be due, in the given order.
_NO_DAY: Final = LAST_DAY
#: The name of a debt in the answer is this and its id.
_DEBT: Final = "debt"


def _read_chosen(value: Any) -> tuple[str, ...]:
    """The id of a debt, or a list of them in the order in which they are to be paid."""
    several = value if isinstance(value, list | tuple) else [value]
    chosen = tuple(read_text(one) for one in several)
    if not chosen or len(set(chosen)) != len(chosen):
        raise WrongValue("not_a_text")
    return chosen


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
    key, by = _chosen_by(values)
    if key is None:
        found = allocate_payment(values["payment"], debts)
    else:
        names = [_id_of(name, debts) for name in values[key]]
        try:
            found = _allocate_in_turn(values["payment"], debts, [Choice(n, by) for n in names])
        except DebtNotChoosable:
            raise BadInputs([(key, "no_such_debt")]) from None
    return {**_answer(found, debts, values["debts"]), "warnings": _warnings(values, key)}


def _allocate_in_turn(
    amount_minor: int, debts: list[OwedDebt], choices: list[Choice]
) -> PaymentAllocation:
    """One chosen debt after the other; what none of them takes stays a rest."""
    paid: list[DebtAllocation] = []
    for choice in choices:
        found = allocate_payment(amount_minor, debts, choice=choice)
        paid += found.debts
        amount_minor = found.rest_minor
    return PaymentAllocation(tuple(paid), amount_minor)


def _warnings(values: Values, chosen_by: str | None) -> list[dict[str, Any]]:
    """A debt without a due day, where the day decides; a receipt that decides nothing."""
    found = []
    if values["creditor_receipt"] is not None and chosen_by != "creditor_receipt":
        found.append(warning("changes_nothing", keys=["creditor_receipt"]))
    undated = [row["id"] for row in values["debts"] if row["due_date"] is None]
    if undated and chosen_by is None and len(values["debts"]) > 1:
        found.append(warning("due_day_unknown", debts=undated))
    return found


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


def _chosen_by(values: Values) -> tuple[str | None, ChosenBy]:
    """The key that chooses; a receipt chooses only where the debtor accepted it (KC 451 § 2)."""
    if values["debtor_chooses"] is not None:
        return "debtor_chooses", ChosenBy.DEBTOR
    if values["creditor_receipt"] is not None and values["receipt_accepted"]:
        return "creditor_receipt", ChosenBy.CREDITOR_RECEIPT
    return None, ChosenBy.DEBTOR


def _id_of(name: str, debts: list[OwedDebt]) -> str:
    """The id of a debt; it may be called as the answer calls it."""
    known = {owed.debt for owed in debts}
    bare = name.removeprefix(_DEBT)
    return bare if name not in known and bare in known else name


def _answer(
    found: PaymentAllocation, debts: list[OwedDebt], given: tuple[Mapping[str, Any], ...]
) -> Answer:
    paid: dict[tuple[str, str], int] = {}
    for part in found.parts:
        key = (part.debt, part.component)
        paid[key] = paid.get(key, 0) + part.amount_minor
    left: Answer = {}
    for row in given:
        left[f"{_DEBT}{row['id']}"] = {
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


def _chosen(name: str, *aliases: str) -> Field:
    return Field(name, FieldKind.TEXT, _read_chosen, required=False, aliases=aliases)


TOPICS: Final = (
    Topic(
        "payment_allocation_art451",
        "payments",
        (
            rows(
                "debts",
                needed("id", FieldKind.TEXT, "debt", "name", "number", "no"),
                optional("principal", FieldKind.AMOUNT, "capital"),
                optional("interest", FieldKind.AMOUNT, "default_interest", "delay_interest"),
                optional("costs", FieldKind.AMOUNT, "cost"),
                optional("due_date", FieldKind.DAY, "due_on", "due", "due_day"),
                optional("fees", FieldKind.AMOUNT, "fee"),
                optional("contractual_interest", FieldKind.AMOUNT),
                required=True,
            ),
            needed("payment", FieldKind.AMOUNT, "amount"),
            _chosen("debtor_chooses", "debtor_choice", "chosen_debt"),
            _chosen("creditor_receipt", "creditor_chooses", "receipt_for"),
            replace(
                optional("receipt_accepted", FieldKind.FLAG, "accepted", "debtor_accepted",
                         default=True),
                quiet=True,
            ),
            word("order", _ORDERS, required=False, default="standard",
                 shown=("standard", "principal first")),
            rows(
                "instalments",
                needed("amount", FieldKind.AMOUNT),
                needed("due_date", FieldKind.DAY, "due_on", "due"),
                optional("debt", FieldKind.TEXT, "id"),
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
