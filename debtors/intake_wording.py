"""The words of codes: why a file, a row or a profile was refused, in the reader's language."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

FILE_REFUSALS: Final[dict[str, Any]] = {
    "file_truncated": _(
        "The file was cut: its last line %(line)s has %(cells)s of %(expected)s cells and no line"
        " end. An unknown number of rows is missing, so nothing was taken in."
    ),
    "unbalanced_quotes": _("A quotation mark opened in line %(line)s is never closed."),
    "wrong_encoding": _(
        "The file is not written in the declared encoding (%(expected)s): line %(line)s,"
        " byte %(byte)s of the file."
    ),
    "columns_missing": _(
        "Columns missing: %(missing)s. Similar ones in the file: %(nearest)s."
        " Columns unknown: %(unknown)s."
    ),
    "column_repeated": _("The column %(column)s stands in the file twice."),
    "sheet_missing": _("The workbook has no sheet %(sheet)s; it has %(found)s."),
    "sheet_unknown": _("The profile describes no sheet %(sheet)s."),
    "not_a_spreadsheet": _("%(file)s is not a readable workbook."),
    "file_empty": _("The file has no rows."),
    "file_too_large": _("The file is larger than the limit of %(limit)s."),
    "control_totals_differ": _("The control totals differ: %(values)s."),
    "too_many_bad_rows": _(
        "%(refused)s of %(read)s rows are bad, more than the share of %(share)s that is allowed;"
        " nothing was taken in. They are listed in %(error_file)s."
    ),
    "interrupted": _("The run was interrupted; nothing was taken in."),
    "profile_invalid": _("Profile, line %(line)s, %(where)s: %(reason)s (%(word)s)%(meant)s"),
    "profile_not_found": _("There is no profile %(name)s; shipped are: %(shipped)s."),
}

ROW_REASONS: Final[dict[str, Any]] = {
    "too_few_cells": _("The row has fewer cells than the header."),
    "too_many_cells": _("The row has more cells than the header."),
    "quotes_inside_cell": _("A quotation mark stands inside a cell."),
    "value_missing": _("A value is required here."),
    "too_long": _("The value is too long."),
    "nul_byte": _("The value holds a NUL byte."),
    "unknown_code": _("The value is not one of those allowed."),
    "value_not_mapped": _("The profile does not say what this value means."),
    "not_an_amount": _("This is not an amount."),
    "not_a_number": _("This is not a number."),
    "not_a_whole_number": _("This is not a whole number."),
    "not_a_date": _("This is not a date in any of the declared formats."),
    "digits_lost": _("The spreadsheet has lost digits; the column must be kept as text."),
    "negative_amount": _("The amount is negative."),
    "amount_too_large": _("The amount is too large."),
    "amount_too_fine": _("The amount is finer than the smallest unit of the currency."),
    "rate_out_of_range": _("The rate is out of range."),
    "rate_too_fine": _("The rate has more than four decimal places."),
    "past_due_exceeds_total": _("More is past due than is owed."),
    "unknown_currency": _("There is no such currency."),
    "invalid_pesel": _("The PESEL is not valid."),
    "invalid_nip": _("The NIP is not valid."),
    "invalid_regon": _("The REGON is not valid."),
    "invalid_iban": _("The account number is not valid."),
    "invalid_phone": _("The telephone number is not valid."),
    "invalid_email": _("The e-mail address is not valid."),
    "invalid_postcode": _("The postal code is not valid."),
    "address_incomplete": _("The address lacks a city, or both street and house."),
    "too_many_values": _("There are more values than are kept."),
    "debt_repeated": _("The debt stands in the file twice."),
    "second_main_debtor": _("The debt has another main debtor in an earlier row."),
    "main_debtor_changed": _("The debt is known with another main debtor."),
    "currency_changed": _("The debt is known in another currency."),
    "currency_differs": _("The debt has another currency in an earlier row."),
    "virtual_account_taken": _("The account for repayment belongs to another debt."),
    "virtual_account_stays": _("The debt has another account for repayment, which stays."),
    "unknown_debt": _("No such debt is in the file or known."),
    "party_is_main_debtor": _("The person is the main debtor of this debt."),
    "main_debtor_in_joined_sheet": _("A main debtor belongs in the main sheet."),
    "no_way_to_reach": _("There is no way to reach the debtor."),
    "impossible_date": _("There is no such day, or it cannot be."),
    "no_amount": _("No amount is given."),
    "no_name": _("No name is given."),
    "account_name_unknown": _("No debt has this account, contract or reference."),
    "account_name_ambiguous": _("Several debts have this number; a person must choose."),
    "wrong_currency": _("The account is kept in another currency."),
    "future_value_day": _("The value day lies in the future."),
    "posting_invalid": _("The amount must be above zero and within the limit."),
    "invalid_amount": _("The amount does not fit the currency."),
}

PROFILE_REASONS: Final[dict[str, Any]] = {
    "not_toml": _("not valid TOML"),
    "not_utf8": _("not written in UTF-8"),
    "file_too_large": _("the file is too large"),
    "name_invalid": _("the name must be lower case letters, digits and underscores"),
    "table_required": _("a table is missing"),
    "list_of_tables_required": _("a list of tables is needed"),
    "field_required": _("a required field is missing"),
    "unknown_field": _("no such field"),
    "unknown_key": _("no such setting"),
    "unknown_function": _("no such function"),
    "unknown_option": _("the function has no such option"),
    "two_functions": _("an expression has one function only"),
    "option_missing": _("an option is missing"),
    "not_an_expression": _("a column name or a function is needed"),
    "nested_too_deeply": _("nested too deeply"),
    "unknown_test": _("no such test"),
    "not_a_test": _("a test has a value and one operator"),
    "unknown_encoding": _("no such encoding"),
    "unknown_date_format": _("a date format is made of YYYY, YY, MM, M, DD, D and separators"),
    "unknown_choice": _("no such choice"),
    "not_a_text": _("a text is needed"),
    "not_a_list": _("a list is needed"),
    "not_a_table": _("a table is needed"),
    "not_a_number": _("a number is needed"),
    "not_a_whole_number": _("a whole number is needed"),
    "not_a_date": _("a date is needed"),
    "must_be_positive": _("must be 1 or more"),
    "must_be_true": _("must be true"),
    "must_be_true_or_false": _("must be true or false"),
    "must_be_one_character": _("must be one character"),
    "separators_clash": _("must be one character other than the decimal sign, or empty"),
    "unbalanced_braces": _("braces do not match"),
}


FIELDS: Final[dict[str, Any]] = {
    "kind": _("Kind of debtor"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "company_name": _("Company name"),
    "pesel": _("PESEL"),
    "nip": _("NIP"),
    "regon": _("REGON"),
    "language": _("Language"),
    "preferred_channel": _("Preferred channel"),
    "tone": _("Tone"),
}

REFUSALS: Final[dict[str, Any]] = {
    "field_not_correctable": _("This field cannot be corrected by hand."),
    "person_required": _("Only a person corrects data by hand."),
    "debtor_not_found": _("There is no such debtor any more."),
    "debt_not_found": _("There is no such debt any more."),
    "contact_point_not_found": _("That number or mailbox is not there any more."),
    "no_such_identifier": _("There is no such identifier."),
    "already_terminated": _("The agreement has been terminated already."),
}


def say_correction(error: DomainError) -> str:
    """Why something entered by hand was refused."""
    if error.code == "value_refused":
        return str(ROW_REASONS.get(error.values["reason"], error.values["reason"]))
    return str(REFUSALS.get(error.code, error.code))


def say(error: DomainError) -> str:
    """A refusal in one sentence."""
    text = FILE_REFUSALS.get(error.code)
    if text is None:
        return str(error)
    values: dict[str, Any] = {
        name: ", ".join(map(str, value)) or "–" if isinstance(value, list) else value
        for name, value in error.values.items()
    }
    if error.code == "profile_invalid":
        values["reason"] = PROFILE_REASONS.get(values["reason"], values["reason"])
        nearest = values.get("nearest")
        values["meant"] = " " + _("Did you mean %(word)s?") % {"word": nearest} if nearest else ""
    details = ", ".join(f"{name} {value}" for name, value in values.items())
    return str(text % {**_Blank(), **values, "values": details})


class _Blank(dict[str, str]):
    """Placeholders that the error has no value for."""

    def __missing__(self, key: str) -> str:
        return "?"
