"""Every debt has an account number of its own, by which a transfer finds it."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from schwifty import IBAN

from cases.models import Case
from contacts.composing import NewMessage
from contacts.lifecycle import MessageChannel, Template
from contacts.queries.composing import list_composed_messages
from debtors.models import Debt, IntakeRun
from journal.operations import Subject
from journal.queries import list_events
from ledger.models import Account
from ledger.operations import match_entries, number_accounts, take_in_statements
from tests.integration.debtors.conftest import ACTOR, AS_OF, AT, Import
from tests.integration.ledger.bank import next_statement

BEGINNING = "109010149012"
FED = "PL61109010140000071219812874"


def number_of(debt: str) -> str | None:
    return Debt.objects.select_related("account").get(external_id=debt).account.virtual_account_no


def own_number(account_id: int) -> str:
    return str(IBAN.generate("PL", bank_code=BEGINNING[:8], account_code=f"9012{account_id:012}"))


def next_ids(count: int) -> list[int]:
    """Of the accounts that are opened next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value + is_called::int FROM ledger_account_id_seq")
        (first,) = cursor.fetchone()
    return list(range(first, first + count))


def test_a_new_debt_gets_a_number_with_right_check_digits(take_in: Import, settings: Any) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    take_in({}, {"debt_ref": "D-2", "contract_no": "U/2"}, {"debt_ref": "D-3", "contract_no": "3"})
    numbers = {number_of(debt) for debt in ("D-1", "D-2", "D-3")}
    assert len(numbers) == 3
    for number in numbers:
        assert number is not None
        assert IBAN(number, validate_bban=True).bban.startswith(BEGINNING)
    assert number_of("D-2") == own_number(Debt.objects.get(external_id="D-2").account_id)


def test_the_number_of_the_extract_is_kept(take_in: Import, settings: Any) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    take_in({"virtual_account": FED})
    assert number_of("D-1") == FED


def test_a_number_that_a_later_extract_brings_is_taken_over_where_there_is_none(
    take_in: Import, settings: Any
) -> None:
    settings.REPAYMENT_ACCOUNTS = {}
    second = {"debt_ref": "D-2", "contract_no": "U/2"}
    take_in({}, second)
    run = take_in({"virtual_account": FED}, second, as_of=AS_OF + timedelta(days=1))
    assert (number_of("D-1"), number_of("D-2")) == (FED, None)
    assert run["values_dropped"] == 0
    account = Debt.objects.get(external_id="D-1").account_id
    (told,) = list_events(subjects=[Subject("account", account)], kinds=["account.numbered"])
    assert told.payload == {"ends_with": "2874"}


def test_another_number_for_a_debt_that_has_one_is_told_and_not_taken_over(
    take_in: Import, settings: Any
) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    take_in({})
    own = number_of("D-1")
    run = take_in({"virtual_account": FED}, as_of=AS_OF + timedelta(days=1))
    assert number_of("D-1") == own
    assert (run["rows_refused"], run["values_dropped"]) == (0, 1)
    assert run["reasons"] == {"virtual_account_stays": 1}
    again = take_in({"virtual_account": own}, as_of=AS_OF + timedelta(days=2))
    assert again["values_dropped"] == 0


@pytest.mark.parametrize("options", [{"dry_run": True}, {"as_of": AS_OF - timedelta(days=1)}])
def test_a_trial_or_an_older_extract_brings_no_number(
    take_in: Import, settings: Any, options: dict[str, Any]
) -> None:
    settings.REPAYMENT_ACCOUNTS = {}
    take_in({})
    take_in({"virtual_account": FED}, **{"as_of": AS_OF + timedelta(days=1), **options})
    assert number_of("D-1") is None


def test_a_failure_after_the_merge_lets_no_older_extract_pass_for_the_newest(
    take_in: Import, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPAYMENT_ACCOUNTS = {}
    take_in({})

    def fail(**_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("debtors.operations.importing.take_over_later_numbers", fail)
    with pytest.raises(OperationalError):
        take_in({"contract_no": "NEW"}, as_of=AS_OF + timedelta(days=5))
    assert IntakeRun.objects.latest("id").status == "done"
    monkeypatch.undo()
    take_in({"contract_no": "MIDDLE"}, as_of=AS_OF + timedelta(days=2))
    assert Debt.objects.get(external_id="D-1").contract_no == "NEW"


def test_only_the_first_of_many_other_numbers_are_listed(
    take_in: Import, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("debtors.operations.later_numbers.MOST_TOLD", 1)
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    debts = [{}, {"debt_ref": "D-2", "contract_no": "U/2"}]
    take_in(*debts)
    others = [own_number(account_id) for account_id in (900_001, 900_002)]
    run = take_in(
        *({**debt, "virtual_account": no} for debt, no in zip(debts, others, strict=True)),
        as_of=AS_OF + timedelta(days=1),
    )
    assert run["reasons"] == {"virtual_account_stays": 1}


def test_a_number_that_the_extract_gives_to_another_debt_is_not_given_twice(
    take_in: Import, settings: Any
) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    # Whichever of the three gets which id: two of them would get a number that another brings.
    first, second, third = (own_number(account_id) for account_id in next_ids(3))
    fed = {"D-1": second, "D-2": third, "D-3": first}
    take_in(
        *({"debt_ref": ref, "contract_no": ref, "virtual_account": no} for ref, no in fed.items())
    )
    assert {ref: number_of(ref) for ref in fed} == fed
    own, other = (own_number(account_id) for account_id in next_ids(2))
    take_in(
        {"debt_ref": "D-4", "contract_no": "D-4"},
        {"debt_ref": "D-5", "contract_no": "D-5"},
        {"debt_ref": "D-6", "contract_no": "D-6", "virtual_account": own},
        {"debt_ref": "D-7", "contract_no": "D-7", "virtual_account": other},
    )
    numbers = [number_of(ref) for ref in ("D-4", "D-5", "D-6", "D-7")]
    assert numbers[2:] == [own, other]
    ids = {ref: Debt.objects.get(external_id=ref).account_id for ref in ("D-4", "D-5")}
    for ref, account_id in ids.items():
        wanted = own_number(account_id)
        assert number_of(ref) == (None if wanted in {own, other} else wanted)


def test_a_debt_in_another_currency_gets_no_number_of_an_account_in_zloty(
    take_in: Import, settings: Any
) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    take_in({}, {"debt_ref": "D-2", "contract_no": "U/2", "currency": "EUR"})
    assert number_of("D-1") is not None
    assert number_of("D-2") is None
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING, "EUR": "109010149013"}
    assert number_accounts(actor=ACTOR, at=AT) == (1, 0)
    assert IBAN(number_of("D-2") or "").bban.startswith("109010149013")


def test_without_an_agreement_a_debt_has_no_number(take_in: Import, settings: Any) -> None:
    settings.REPAYMENT_ACCOUNTS = {}
    take_in({})
    assert number_of("D-1") is None


def test_a_transfer_to_the_number_pays_the_debt(take_in: Import, settings: Any) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    take_in({})
    number = number_of("D-1")
    assert number is not None
    told = f":61:2510011001C10,00NTRFNONREF//B1\n:86:020~00PRZELEW~20{number[2:]}~21WPLATA\n"
    statement = next_statement(1, told, days=("250930", "251001"))
    take_in_statements(file=io.BytesIO(statement), name="a.sta", actor=ACTOR, at=AT)
    assert match_entries(actor=ACTOR, at=AT) == {"post": 1}
    assert Account.objects.get(virtual_account_no=number).outstanding_minor == 115_00 - 10_00


def test_letters_name_the_number(take_in: Import, settings: Any) -> None:
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    take_in({})
    letter = NewMessage(Case.objects.get().pk, MessageChannel.LETTER, Template.DEMAND, "test")
    (composed,) = list_composed_messages(messages=[letter], on=AS_OF)
    assert json.dumps(composed.figures).count(number_of("D-1") or "-") == 1


def test_debts_from_before_the_agreement_get_their_numbers_once(
    take_in: Import, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.REPAYMENT_ACCOUNTS = {}
    take_in({}, {"debt_ref": "D-2", "contract_no": "U/2", "virtual_account": FED})
    with pytest.raises(CommandError, match="REPAYMENT_ACCOUNTS"):
        call_command("number_accounts", at=AT)
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    call_command("number_accounts", json=True, at=AT)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["numbered"] == 1
    account = Debt.objects.get(external_id="D-1").account
    assert IBAN(account.virtual_account_no or "", validate_bban=True).bban.startswith(BEGINNING)
    assert number_of("D-2") == FED
    told = list_events(subjects=[Subject("account", account.pk)])
    assert "account.numbered" in [event.kind for event in told]
    assert number_accounts(actor=ACTOR, at=AT) == (0, 0)


def test_many_are_numbered_some_at_a_time(
    take_in: Import, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPAYMENT_ACCOUNTS = {}
    refs = [f"D-{number}" for number in range(1, 6)]
    take_in(*({"debt_ref": ref, "contract_no": ref} for ref in refs))
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    monkeypatch.setattr("ledger.operations.numbering._AT_ONCE", 2)
    assert number_accounts(actor=ACTOR, at=AT) == (5, 0)
    assert len({number_of(ref) for ref in refs} - {None}) == 5


def test_a_number_that_another_has_is_left_out(take_in: Import, settings: Any) -> None:
    settings.REPAYMENT_ACCOUNTS = {}
    take_in({})
    first = Debt.objects.get(external_id="D-1").account
    own = own_number(first.pk)
    take_in({"debt_ref": "D-2", "contract_no": "U/2", "virtual_account": own})
    settings.REPAYMENT_ACCOUNTS = {"PLN": BEGINNING}
    assert number_accounts(actor=ACTOR, at=AT) == (0, 1)
    assert number_of("D-1") is None
