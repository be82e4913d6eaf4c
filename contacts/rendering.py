"""A message as its reader sees it: a template's text with the figures fixed at queue time. Pure.

Templates are data: ``templates/<template>/<version>/<language>.toml`` with ``subject`` and the
text per channel. A new wording is a new version beside the old one, so that a message is always
shown as it was written. A paragraph is omitted when a placeholder in it is empty.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from contacts.creditor import Creditor
from contacts.lifecycle import MessageChannel, Template
from contacts.terms import NOTICE_TERM_WORKING_DAYS, TERMINATION_NOTICE_DAYS
from debtors.lifecycle import DebtorKind
from ledger.lifecycle import Component
from staff.figures import format_day, format_money

FOLDER: Final = Path(__file__).with_name("templates")
LANGUAGES: Final = ("pl", "en")
#: A paragraph that stands for the table of debts.
DEBTS: Final = "{debts}"
PLACEHOLDERS: Final = frozenset(
    {
        "name",
        "case_number",
        "as_of",
        "total_due",
        "total_owed",
        "contracts",
        "account",
        "creditor",
        "creditor_address",
        "creditor_registry",
        "creditor_tax_number",
        "creditor_phone",
        "creditor_email",
        "complaints",
        "ombudsman",
        "signatories",
        "term_days",
        "notice_days",
        "notice_delivered_on",
    }
)


class TemplateInvalid(ValueError):
    """The file lacks a part, or names a placeholder that does not exist."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """One template in one language. ``words`` are the headings of the table of debts."""

    subject: str
    paragraphs: Mapping[MessageChannel, Sequence[str]]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DebtTable:
    """``heading`` names the contract; each row is a label and a figure."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    subject: str
    blocks: tuple[str | DebtTable, ...]

    def as_text(self) -> str:
        """Plain text: for SMS, e-mail and previews."""
        parts = [
            block
            if isinstance(block, str)
            else "\n".join([block.heading, *(f"  {label}: {value}" for label, value in block.rows)])
            for block in self.blocks
        ]
        return "\n\n".join(parts)


@cache
def load_text(
    template: Template, version: int, language: str, folder: Path = FOLDER
) -> MessageText:
    """The text of a template; English where there is none in ``language``."""
    short = language if language in LANGUAGES else "en"
    path = folder / template / str(version) / f"{short}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        paragraphs = {
            MessageChannel(channel): tuple(text.strip() for text in data[channel]["paragraphs"])
            for channel in MessageChannel
            if channel in data
        }
        text = MessageText(data["subject"], paragraphs, data.get("words", {}))
    except KeyError as error:
        raise TemplateInvalid(f"{path}: {error} is missing") from error
    every = [text.subject, *(p for group in paragraphs.values() for p in group if p != DEBTS)]
    unknown = {name for part in every for name in placeholders(part)} - PLACEHOLDERS
    if unknown:
        raise TemplateInvalid(f"{path}: unknown placeholder {', '.join(sorted(unknown))}")
    return text


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@cache
def template_version(template: Template, folder: Path = FOLDER) -> int:
    """The version in force: the highest one."""
    return max(int(path.name) for path in (folder / template).iterdir())


def render_message(
    *,
    template: Template,
    version: int,
    channel: MessageChannel,
    language: str,
    recipient: Mapping[str, Any],
    figures: Mapping[str, Any],
    creditor: Creditor,
) -> RenderedMessage:
    """The message with its figures; nothing is read but what was fixed when it was queued."""
    text = load_text(template, version, language)
    values = _values(language, recipient, figures, creditor)
    blocks: list[str | DebtTable] = []
    for paragraph in text.paragraphs[channel]:
        if paragraph == DEBTS:
            blocks.extend(_table(debt, text.words) for debt in figures["debts"])
        elif all(values[name] for name in placeholders(paragraph)):
            blocks.append(paragraph.format_map(values))
    return RenderedMessage(text.subject.format_map(values), tuple(blocks))


def _values(
    language: str, recipient: Mapping[str, Any], figures: Mapping[str, Any], creditor: Creditor
) -> dict[str, str]:
    short = language if language in LANGUAGES else "en"
    debts = figures["debts"]
    is_natural = recipient["kind"] in (DebtorKind.PERSON, DebtorKind.SOLE_TRADER)
    accounts = {debt["pay_to"] for debt in debts if debt["pay_to"]}
    return {
        "name": recipient["name"],
        "case_number": figures["case_number"],
        "as_of": _day(figures["as_of"]),
        "total_due": _total(debts, "due_minor"),
        "total_owed": _total(debts, "outstanding_minor"),
        "contracts": ", ".join(debt["contract_no"] for debt in debts),
        "account": _account(accounts.pop()) if len(accounts) == 1 else "",
        "creditor": creditor.name,
        "creditor_address": creditor.address,
        "creditor_registry": creditor.registry,
        "creditor_tax_number": creditor.tax_number,
        "creditor_phone": creditor.phone,
        "creditor_email": creditor.email,
        "complaints": creditor.complaints[short],
        "ombudsman": creditor.ombudsman[short] if is_natural else "",
        "signatories": creditor.signatories[short],
        "term_days": str(NOTICE_TERM_WORKING_DAYS),
        "notice_days": str(TERMINATION_NOTICE_DAYS),
        "notice_delivered_on": _day(figures.get("notice_delivered_on")),
    }


def _table(debt: Mapping[str, Any], words: Mapping[str, str]) -> DebtTable:
    currency = debt["currency"]
    rows = [
        (words["contract_on"], _day(debt["contract_on"])),
        (words["due_since"], _day(debt["due_since"])),
        *(
            (words[component], format_money(debt["due"][component], currency))
            for component in Component
            if component in debt["due"]
        ),
        (words["due"], format_money(debt["due_minor"], currency)),
        (words["outstanding"], format_money(debt["outstanding_minor"], currency)),
        (words["pay_to"], _account(debt["pay_to"] or "")),
    ]
    heading = f"{words['contract']} {debt['contract_no']}"
    return DebtTable(heading, tuple((label, value) for label, value in rows if value))


def _total(debts: Sequence[Mapping[str, Any]], key: str) -> str:
    """Amounts of different currencies are never added."""
    sums: dict[str, int] = {}
    for debt in debts:
        sums[debt["currency"]] = sums.get(debt["currency"], 0) + debt[key]
    return ", ".join(format_money(minor, currency) for currency, minor in sorted(sums.items()))


def _day(value: str | None) -> str:
    return format_day(date.fromisoformat(value)) if value else ""


def _account(number: str) -> str:
    """An IBAN in groups of four, as it is printed."""
    bare = number.replace(" ", "")
    return " ".join(bare[i : i + 4] for i in range(0, len(bare), 4))
