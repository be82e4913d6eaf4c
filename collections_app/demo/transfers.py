"""What debtors write into a transfer: some use the number on the letter, some forget it."""

from __future__ import annotations

import random
from datetime import date
from typing import Final, NamedTuple

from faker import Faker
from schwifty import IBAN

from cases.models import Case
from debtors.models import DebtParty
from kernel.text import plain_text

#: How a payer names the debt, and how many in a hundred do so.
_WAYS: Final = {
    "virtual_account": 40, "contract": 28, "contract_broken": 12, "case": 8, "name": 8,
    "somebody_else": 4,
}  # fmt: skip
_WORDS: Final = ("splata", "rata", "wplata", "splata zadluzenia", "wplata wg pisma")
#: Sort codes of banks in which the payers have their accounts.
_BANKS: Final = ("11402004", "10501025", "12406292", "16001462", "10205558")
_MOST_OF_A_LINE: Final = 27
#: Those who pay for a debtor have accounts from here on.
_OTHERS: Final = 10**12


class Transfer(NamedTuple):
    """Money on its way, as the bank tells of it. ``is_return``: a bank takes it back;
    ``goes_out``: the house pays it, to ``name`` and ``account``."""

    currency: str
    amount_minor: int
    title: str
    name: str
    account: str
    reference: str
    is_return: bool = False
    goes_out: bool = False

    @property
    def signed_minor(self) -> int:
        return -self.amount_minor if self.is_return or self.goes_out else self.amount_minor


class _Payee(NamedTuple):
    name: str
    debtor_id: int
    contract_no: str
    own_number: str
    case_number: str


def write_transfer(
    *, account_id: int, currency: str, amount_minor: int, word: str, on: date,
    dice: random.Random,
) -> Transfer:  # fmt: skip
    """A transfer for a debt, named in one of the ways in which people do."""
    payee = _payee(account_id)
    way = dice.choices(list(_WAYS), list(_WAYS.values()))[0]
    word = word or dice.choice(_WORDS)
    name, payer = payee.name, payee.debtor_id
    if way == "somebody_else":
        faker = Faker("pl_PL")
        faker.seed_instance(dice.random())
        name, payer = faker.name(), _OTHERS + payee.debtor_id
    return Transfer(
        currency, amount_minor, _title(way, payee, word, on), plain_text(name).upper(),
        account_of(payer), f"{account_id}{on:%y%m%d}{dice.randrange(1000):03}",
    )  # fmt: skip


def _title(way: str, payee: _Payee, word: str, on: date) -> str:
    if way == "virtual_account" and payee.own_number:
        return f"{payee.own_number.removeprefix('PL')} {word} {on:%m/%Y}".upper()
    if way == "contract_broken":
        return f"{word} um. nr {payee.contract_no.replace('/', ' ')}"
    if way == "case" and payee.case_number:
        return f"{word} sprawa {payee.case_number}"
    if way == "name":
        return f"{word} {on:%m/%Y}"
    return f"{word} umowy {payee.contract_no}"


def strange_transfer(on: date, dice: random.Random) -> Transfer:
    """Money for somebody else, sent to the wrong account."""
    faker = Faker("pl_PL")
    faker.seed_instance(dice.random())
    title = dice.choice(["czynsz lokal 12", "skladka roczna", "zwrot pozyczki", "faktura 18"])
    name, amount = plain_text(faker.name()).upper(), dice.randint(20, 900) * 100
    account = account_of(2 * _OTHERS + dice.randrange(10**9))
    return Transfer("PLN", amount, f"{title} {on:%m/%Y}", name, account, f"X{on:%y%m%d}")


def account_of(payer: int) -> str:
    """The account from which somebody pays, always the same."""
    bank = _BANKS[payer % len(_BANKS)]
    return str(IBAN.generate("PL", bank_code=bank, account_code=f"{payer:016d}"))


def lines_of(title: str) -> list[str]:
    """The title as a statement breaks it."""
    return [title[i : i + _MOST_OF_A_LINE] for i in range(0, len(title), _MOST_OF_A_LINE)]


def _payee(account_id: int) -> _Payee:
    party = DebtParty.objects.select_related("debtor", "debt__account").get(
        debt__account_id=account_id, role="main_debtor"
    )
    case = Case.objects.filter(debtor_id=party.debtor_id).first()
    return _Payee(
        party.debtor.display_name,
        party.debtor_id,
        party.debt.contract_no,
        party.debt.account.virtual_account_no or "",
        case.number if case is not None else "",
    )
