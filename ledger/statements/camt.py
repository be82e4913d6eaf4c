"""camt.052 reports, camt.053 statements and camt.054 notifications, of every version."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from ledger.statements.accounts import normal_account
from ledger.statements.balancing import check_balances
from ledger.statements.camt_entries import read_entry
from ledger.statements.elements import (
    Element,
    amount,
    children,
    day,
    find,
    name_of,
    place_of,
    sign_of,
    text,
)
from ledger.statements.values import (
    Balance,
    Entry,
    Finding,
    Form,
    ReadFile,
    Statement,
    StatementUnreadable,
)

#: The element of a message and of a statement in it, by form.
_MESSAGES: Final = {
    "BkToCstmrAcctRpt": Form.CAMT052,
    "BkToCstmrStmt": Form.CAMT053,
    "BkToCstmrDbtCdtNtfctn": Form.CAMT054,
}
_STATEMENTS: Final = frozenset({"Rpt", "Stmt", "Ntfctn"})
_NAMESPACE: Final = re.compile(r"camt\.05[234]\.\d{3}\.(\d{2})")
#: Later versions are read as these are: they only added elements so far.
_NEWEST_VERSION: Final = 13
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)


def read_camt(content: bytes) -> ReadFile:
    """Raises StatementUnreadable. Entities, document types and the network are never followed."""
    reading = _Reading()
    try:
        for event, element in etree.iterparse(
            io.BytesIO(content),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ):
            if event == "start":
                reading.open(element)
            else:
                reading.close(element)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise StatementUnreadable(
            "not_well_formed", f"line {line}, column {column}", parser=str(error.msg)[:200]
        ) from error
    return reading.result()


@dataclass(slots=True)
class _Reading:
    """Entries are read and let go one by one, so that a large file needs no large tree."""

    form: Form | None = None
    version: str = ""
    statements: list[Statement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    entry_findings: list[Finding] = field(default_factory=list)

    def open(self, element: Element) -> None:
        if element.getparent() is None:
            self._refuse_document_type(element)
        name = name_of(element)
        if name in _MESSAGES and self.form is None:
            self.form = _MESSAGES[name]
            self._read_version(element)

    def close(self, element: Element) -> None:
        name = name_of(element)
        parent = element.getparent()
        if parent is None:
            return
        if name == "Ntry" and name_of(parent) in _STATEMENTS:
            entry, findings = read_entry(element, len(self.entries) + 1)
            self.entries.append(entry)
            self.entry_findings += findings
            element.clear()
        elif name in _STATEMENTS and self.form is not None and name_of(parent) in _MESSAGES:
            self._finish(element, self.form)
            element.clear()

    def result(self) -> ReadFile:
        if self.form is None:
            raise StatementUnreadable("not_a_statement", "line 1")
        if not self.statements:
            raise StatementUnreadable("no_statement_inside", "line 1", form=self.form.value)
        return ReadFile(self.form, self.version, "", tuple(self.statements), tuple(self.findings))

    def _refuse_document_type(self, root: Element) -> None:
        """A message has none; what it would declare could only do harm."""
        if root.getroottree().docinfo.doctype:
            raise StatementUnreadable("document_type_not_allowed", "line 1")

    def _read_version(self, element: Element) -> None:
        namespace = str(element.tag).rpartition("}")[0].lstrip("{")
        found = _NAMESPACE.search(namespace)
        self.version = found[1] if found else ""
        if found is None:
            self.findings.append(
                Finding("version_unknown", place_of(element), {"namespace": namespace[:100]})
            )
        elif int(self.version) > _NEWEST_VERSION:
            self.findings.append(
                Finding("version_newer", place_of(element), {"version": self.version})
            )

    def _finish(self, element: Element, form: Form) -> None:
        entries, self.entries = tuple(self.entries), []
        findings, self.entry_findings = self.entry_findings, []
        account_id = find(element, "Acct", "Id")
        account, is_valid = normal_account(
            text(account_id, "IBAN") or text(account_id, "Othr", "Id")
        )
        if not account:
            raise StatementUnreadable("element_missing", place_of(element), element="Acct")
        opening, closing = _balance(element, _OPENING), _balance(element, _CLOSING)
        statement = Statement(
            form=form,
            account=account,
            account_is_valid=is_valid,
            currency=_currency(element, opening, entries),
            number=_number(element),
            page=text(element, "StmtPgntn", "PgNb"),
            from_on=day(element, "FrToDt", "FrDtTm") or (opening.on if opening else None),
            to_on=day(element, "FrToDt", "ToDtTm") or (closing.on if closing else None),
            opening=opening,
            closing=closing,
            entries=entries,
        )
        if is_valid is False:
            findings.append(
                Finding("account_number_fails", place_of(element), {"account": account})
            )
        if form is Form.CAMT053:
            findings += check_balances(statement)
        self.statements.append(replace(statement, findings=tuple(findings)))


def _number(element: Element) -> str:
    return text(element, "LglSeqNb") or text(element, "ElctrncSeqNb") or text(element, "Id")


def _balance(element: Element, codes: tuple[str, ...]) -> Balance | None:
    for code in codes:
        for balance in children(element, "Bal"):
            written = find(balance, "Amt")
            if text(balance, "Tp", "CdOrPrtry", "Cd") != code or written is None:
                continue
            on = day(balance, "Dt")
            if on is None:
                raise StatementUnreadable("element_missing", place_of(balance), element="Dt")
            minor, currency = amount(written, sign_of(balance) or 1)
            return Balance(minor, currency, on)
    return None


def _currency(element: Element, opening: Balance | None, entries: tuple[Entry, ...]) -> str:
    """The account's own; where it is not named, the opening balance's or the first entry's."""
    named = text(element, "Acct", "Ccy").upper()
    if named:
        return named
    if opening is not None:
        return opening.currency
    return entries[0].currency if entries else ""
