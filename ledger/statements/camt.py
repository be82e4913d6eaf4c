"""camt.052 reports, camt.053 statements and camt.054 notifications, of every version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from lxml import etree

from ledger.statements.accounts import normal_account
from ledger.statements.balancing import check_balances, find_other_currencies
from ledger.statements.camt_balances import read_balances
from ledger.statements.camt_entries import read_entry
from ledger.statements.camt_totals import check_totals
from ledger.statements.elements import (
    Element,
    account_number,
    currency_of,
    day,
    find,
    name_of,
    place_of,
    text,
)
from ledger.statements.tally import EntryFindings, Tally
from ledger.statements.values import (
    Finding,
    Form,
    Opened,
    Part,
    ReadFile,
    Statement,
    StatementUnreadable,
)

#: The element of a message and of a statement in it, by form. The first version names itself in
#: the element, too.
_MESSAGES: Final = {
    "BkToCstmrAcctRpt": Form.CAMT052,
    "BkToCstmrAcctRptV01": Form.CAMT052,
    "BkToCstmrStmt": Form.CAMT053,
    "BkToCstmrStmtV01": Form.CAMT053,
    "BkToCstmrDbtCdtNtfctn": Form.CAMT054,
    "BkToCstmrDbtCdtNtfctnV01": Form.CAMT054,
}
_STATEMENTS: Final = frozenset({"Rpt", "Stmt", "Ntfctn"})
#: What is kept of a statement until its end, beside its entries.
_HEAD: Final = frozenset(
    {"Id", "LglSeqNb", "ElctrncSeqNb", "StmtPgntn", "FrToDt", "Acct", "Bal",
     "TxsSummry"}
)  # fmt: skip
#: So many elements are kept at a time: a batch of twenty thousand transfers has as many.
_MOST_ELEMENTS: Final = 1_000_000
_NAMESPACE: Final = re.compile(r"camt\.05[234]\.\d{3}\.(\d{2})")
#: Later versions are read as these are: they only added elements so far.
_NEWEST_VERSION: Final = 13
#: The parser says the place once more at the end of its sentence.
_PLACE: Final = re.compile(r",? line \d+, column \d+$")


def read_camt(file: BinaryIO, encoding: str | None = None) -> Iterator[Part]:
    """``encoding`` is given where it is known better than the file says it.

    Raises StatementUnreadable. Entities, document types and the network are never followed.
    """
    reading = _Reading()
    try:
        for event, element in etree.iterparse(
            file,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            encoding=encoding,
        ):
            if event == "start":
                reading.open(element)
            else:
                yield from reading.close(element)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise StatementUnreadable(
            "not_well_formed",
            f"line {line}, column {column}",
            parser=_PLACE.sub("", str(error.msg))[:200],
        ) from error
    yield reading.result()


@dataclass(slots=True)
class _Reading:
    """Entries are given out one by one, and whatever is needed no more is forgotten at once, so
    that a large file needs no large tree.

    ``depth`` counts from the statement that the parser stands in: it is at 1, its entries at 2.
    An envelope may hold messages of several forms: ``form`` is that of the statement, and the
    file is called after the first message.
    """

    first_form: Form | None = None
    form: Form | None = None
    version: str = ""
    findings: list[Finding] = field(default_factory=list)
    statements: int = 0
    depth: int = 0
    kept: int = 0
    kept_in_head: int = 0
    is_open: bool = False
    own: str = ""
    tally: Tally = field(default_factory=Tally)
    entry_findings: EntryFindings = field(default_factory=EntryFindings)

    def open(self, element: Element) -> None:
        if element.getparent() is None:
            self._refuse_document_type(element)
        name = name_of(element)
        if not self.depth:
            if name in _MESSAGES:
                self.first_form = self.first_form or _MESSAGES[name]
                self._read_version(element)
            self.form = _form_of_statement(element)
        if self.form is not None:
            self.depth += 1
            self._count(element)

    def close(self, element: Element) -> Iterator[Part]:
        depth, self.depth = self.depth, max(0, self.depth - 1)
        name = name_of(element)
        if depth == 1:
            yield from self._end_statement(element)
        elif depth == 2 and name == "Ntry":
            yield from self._end_entry(element)
        elif depth == 2 and name == "Acct":
            self.own = self.own or _account(element)[0]
        if depth < 2 or (depth == 2 and name not in _HEAD):
            element.clear(keep_tail=True)
            self.kept = self.kept_in_head
        elif depth == 2:
            self.kept_in_head = self.kept
        if depth <= 2:
            _forget_before(element, kept=_HEAD if depth == 2 else frozenset())

    def _count(self, element: Element) -> None:
        self.kept += 1
        if self.kept > _MOST_ELEMENTS:
            raise StatementUnreadable("too_many_elements", place_of(element), limit=_MOST_ELEMENTS)

    def _end_entry(self, element: Element) -> Iterator[Part]:
        yield from self._opened()
        entry, findings = read_entry(element, self.tally.entries + 1, self._form(), self.own)
        self.tally.add(entry)
        for finding in findings:
            self.entry_findings.add(finding)
        yield entry

    def _end_statement(self, element: Element) -> Iterator[Part]:
        yield from self._opened()
        yield self._statement(element)
        self.statements += 1
        self.form = None
        self.is_open = False
        self.own = ""
        self.kept_in_head = 0
        self.tally, self.entry_findings = Tally(), EntryFindings()

    def result(self) -> ReadFile:
        if self.first_form is None:
            raise StatementUnreadable("not_a_statement", "line 1")
        if not self.statements:
            raise StatementUnreadable("no_statement_inside", "line 1", form=self.first_form.value)
        return ReadFile(self.first_form, self.version, "", tuple(self.findings))

    def _opened(self) -> Iterator[Part]:
        if not self.is_open:
            self.is_open = True
            yield Opened(self._form())

    def _form(self) -> Form:
        assert self.form is not None, "a statement stands in a message"
        return self.form

    def _refuse_document_type(self, root: Element) -> None:
        """A message has none; what it would declare could only do harm."""
        if root.getroottree().docinfo.doctype:
            raise StatementUnreadable("document_type_not_allowed", "line 1")

    def _read_version(self, element: Element) -> None:
        """Of the first message; what is odd about versions is told once of a file."""
        namespace = str(element.tag).rpartition("}")[0].lstrip("{")
        found = _NAMESPACE.search(namespace)
        version = found[1] if found else ""
        self.version = self.version or version
        finding = None
        if not namespace:
            finding = Finding("namespace_missing", place_of(element))
        elif found is None:
            finding = Finding("version_unknown", place_of(element), {"namespace": namespace[:100]})
        elif int(version) > _NEWEST_VERSION:
            finding = Finding("version_newer", place_of(element), {"version": version})
        if finding is not None and finding.code not in {one.code for one in self.findings}:
            self.findings.append(finding)

    def _statement(self, element: Element) -> Statement:
        form = self._form()
        account, is_valid = _account(find(element, "Acct"))
        if not account:
            raise StatementUnreadable("element_missing", place_of(element), element="Acct")
        own_currency = currency_of(element, "Acct", "Ccy")
        opening, closing = read_balances(element, form, own_currency or self.tally.first_currency)
        statement = Statement(
            form=form,
            account=account,
            account_is_valid=is_valid,
            currency=own_currency or (opening.currency if opening else self.tally.first_currency),
            number=_number(element),
            page=text(element, "StmtPgntn", "PgNb"),
            from_on=day(element, "FrToDt", "FrDtTm") or (opening.on if opening else None),
            to_on=day(element, "FrToDt", "ToDtTm") or (closing.on if closing else None),
            opening=opening,
            closing=closing,
            tally=self.tally,
        )
        if form is Form.CAMT053:
            find_other_currencies(statement, self.entry_findings)
        findings = self.entry_findings.told(place_of(element))
        if is_valid is False:
            findings.append(
                Finding("account_number_fails", place_of(element), {"account": account})
            )
        if form is Form.CAMT053:
            findings += check_balances(statement)
        findings += check_totals(element, statement.currency, self.tally)
        return replace(statement, findings=tuple(findings))


def _account(element: Element | None) -> tuple[str, bool | None]:
    return normal_account(account_number(find(element, "Id")))


def _form_of_statement(element: Element) -> Form | None:
    """By the message around it; None where the element is no statement."""
    parent = element.getparent()
    if parent is None or name_of(element) not in _STATEMENTS:
        return None
    return _MESSAGES.get(name_of(parent))


def _forget_before(element: Element, kept: frozenset[str]) -> None:
    """The element that ends must stay in the tree, for the parser may be at the text after it; the
    one before it goes."""
    before = element.getprevious()
    parent = element.getparent()
    if before is not None and parent is not None and name_of(before) not in kept:
        parent.remove(before)


def _number(element: Element) -> str:
    return text(element, "LglSeqNb") or text(element, "ElctrncSeqNb") or text(element, "Id")
