"""One row → a typed record, or the reasons why not."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from debtors.intake import cells, debt_terms, people
from debtors.intake.cells import ImpossibleDate
from debtors.intake.compiler import Getter, Row, column_name
from debtors.intake.findings import CellRefused, ColumnRepeated, ColumnsMissing, Finding, Severity
from debtors.intake.layout import BY_NAME, COMPONENTS, Field, FieldKind, Owner
from debtors.intake.limits import MAX_EMAILS, MAX_FINDINGS_PER_ROW, MAX_PHONES
from debtors.intake.profile import Profile, Sheet
from debtors.intake.record import Contact, DebtRecord, PersonRecord, PostalAddress, RowRecord
from debtors.lifecycle import AddressKind, DataProblem, DebtorKind, PartyRole, Product

_ADDRESS_PARTS: Final = ("street", "house_no", "flat_no", "postcode", "city", "country")
_ADDRESS_FIELDS: Final = {
    prefix: tuple(prefix + part for part in _ADDRESS_PARTS) for prefix in ("", "mail_")
}
_BUSINESS: Final = frozenset({Product.BUSINESS_LOAN, Product.LEASING})
_SHOWN_CHARS: Final = 100
_SHOWN_OF_SECRET: Final = 3

Convert = Callable[[Any], Any]


@dataclass(slots=True)
class RowResult:
    """``record`` is None when the row was refused, or filtered (then without findings)."""

    record: RowRecord | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def filtered(self) -> bool:
        return self.record is None and not self.findings


@dataclass(frozen=True, slots=True)
class _Step:
    field: Field
    #: The columns of the file the value comes from, for the error file.
    column: str
    read: Getter


class RowReader:
    """Reads the rows of one sheet. Raises ColumnsMissing, ColumnRepeated on opening."""

    def __init__(
        self, profile: Profile, sheet: Sheet, header: Sequence[object], as_of: date
    ) -> None:
        self.profile, self.sheet, self.as_of = profile, sheet, as_of
        positions, repeated = _positions(header)
        self._check_columns(positions, repeated)
        #: Columns that may be missing read from one empty cell behind the row.
        self._width = len(header)
        everywhere = dict.fromkeys(profile.optional_columns, self._width) | positions
        self._filter_columns = ", ".join(sorted(profile.filter_columns(sheet)))
        self._tests = profile.filters(sheet, profile.compiler(everywhere))
        self._steps = [
            self._step(name, spec, everywhere)
            for name, spec in sheet.fields.items()
            if not self._is_absent(name, spec, positions)
        ]

    def _check_columns(self, positions: Mapping[str, int], repeated: set[str]) -> None:
        wanted = self.profile.columns(self.sheet)
        for name in sorted(repeated & wanted):
            raise ColumnRepeated(column=name)
        missing = sorted(wanted - set(positions) - self.profile.optional_columns)
        unknown = sorted(set(positions) - wanted)
        if missing or (unknown and self.profile.refuses_unknown_columns):
            raise ColumnsMissing(
                sheet=self.sheet.name,
                missing=missing,
                nearest=_nearest(missing, list(positions)),
                found=list(positions)[:100],
                unknown=unknown if self.profile.refuses_unknown_columns else [],
            )

    def _is_absent(self, name: str, spec: object, positions: Mapping[str, int]) -> bool:
        """A field that is one optional column that the file does not have."""
        if self.sheet.joined and BY_NAME[name].owner is Owner.DEBT and name != "debt_ref":
            return True
        return isinstance(spec, str) and column_name(spec) not in positions

    def _step(self, name: str, spec: object, positions: Mapping[str, int]) -> _Step:
        compiler = self.profile.compiler(positions)
        get = compiler.compile(spec)
        target = BY_NAME[name]
        column = ", ".join(sorted(compiler.used)) or name
        if isinstance(spec, str) and target.kind is FieldKind.TEXT and not target.secret:
            read = _plain_text(target, positions[column], self.profile.empty)
        else:
            convert = self._converter(target)

            def read(row: Row, as_of: date) -> Any:
                return convert(get(row, as_of))

        return _Step(target, column, read)

    def _converter(self, target: Field) -> Convert:
        profile = self.profile
        if target.kind is FieldKind.DATE:
            return lambda value: cells.to_date(value, profile.dates)
        if target.kind in (FieldKind.AMOUNT, FieldKind.RATE):
            return lambda value: cells.to_decimal(value, profile.decimal, profile.thousands)
        if target.kind is FieldKind.LIST:
            return _to_list
        if target.kind is FieldKind.CODE:
            return lambda value: _to_code(target, value)
        if target.secret:
            return lambda value: _to_identifier(target.name, value)
        return lambda value: _to_text(target, value)

    def read(self, line: int, row: Row) -> RowResult:
        """The record, the findings, or neither when the profile's filter leaves the row out."""
        padded = row if len(row) > self._width else [*row, *[None] * (self._width + 1 - len(row))]
        attempt = _Attempt(self, line, {}, [], [])
        try:
            if not all(test(padded, self.as_of) for test in self._tests):
                return RowResult()
        except CellRefused as error:
            attempt.note(self._filter_columns, error, Severity.REFUSED)
            return RowResult(None, attempt.findings)
        as_of, values = self.as_of, attempt.values
        for step in self._steps:
            try:
                value = step.read(padded, as_of)
            except ImpossibleDate as error:
                attempt.note(step.column, error, Severity.PROBLEM)
                attempt.problems.append(DataProblem.IMPOSSIBLE_DATE)
            except CellRefused as error:
                attempt.note(step.column, error, Severity.REFUSED, secret=step.field.secret)
            else:
                if value is not None:
                    values[step.field.name] = value
        return attempt.finish()

    @property
    def brought(self) -> frozenset[str]:
        """The fields that the file brings; the others stay as they are known."""
        return frozenset(step.field.name for step in self._steps)

    def column_of(self, name: str) -> str:
        return next((step.column for step in self._steps if step.field.name == name), name)


def _positions(header: Sequence[object]) -> tuple[dict[str, int], set[str]]:
    """Where each column stands, and the names that stand in the header more than once."""
    positions: dict[str, int] = {}
    repeated: set[str] = set()
    for index, cell in enumerate(header):
        name = column_name(cell)
        if name in positions:
            repeated.add(name)
        elif name:
            positions[name] = index
    return positions, repeated


def _nearest(missing: Sequence[str], found: Sequence[str]) -> list[str]:
    """For each missing column the most similar one that the file has, as ``wanted: found``."""
    pairs = ((name, difflib.get_close_matches(name, found, 1, 0.6)) for name in missing)
    return [f"{name}: {near[0]}" for name, near in pairs if near]


def _plain_text(target: Field, position: int, empty: frozenset[str]) -> Getter:
    """The most frequent case, a text that is a cell as it stands, in one call."""
    longest = target.max_length

    def read(row: Row, as_of: date) -> str | None:
        value = row[position]
        if not isinstance(value, str):
            return None if value is None else _to_text(target, value)
        value = value.strip()
        if not value or value in empty:
            return None
        if len(value) <= longest and value.isascii() and value.isprintable() and "  " not in value:
            return value
        return _to_text(target, value)

    return read


def _to_text(target: Field, value: Any) -> str:
    text = people.clean_text(cells.to_text(value))
    if target.max_length and len(text) > target.max_length:
        raise CellRefused("too_long", text)
    return text


def _to_code(target: Field, value: Any) -> str:
    text = cells.to_text(value).lower()
    if text and text not in target.codes:
        raise CellRefused("unknown_code", text)
    return text


def _to_identifier(name: str, value: Any) -> str:
    text = people.clean_text(cells.to_text(value))
    was_number = not isinstance(value, str)
    return people.identifier(name, text, was_number=was_number) if text else ""


def _to_list(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else cells.to_text(value).replace(";", ",").split(",")
    return [part for piece in parts if (part := people.clean_text(piece.strip()))]


@dataclass(slots=True)
class _Attempt:
    """The values of one row on the way to a record."""

    reader: RowReader
    line: int
    values: dict[str, Any]
    findings: list[Finding]
    problems: list[DataProblem]

    def note(
        self, column: str, error: CellRefused, severity: Severity, *, secret: bool = False
    ) -> None:
        shown = str(error.value)[:_SHOWN_CHARS]
        if secret:
            shown = "*" * max(len(shown) - _SHOWN_OF_SECRET, 0) + shown[-_SHOWN_OF_SECRET:]
        if len(self.findings) < MAX_FINDINGS_PER_ROW:
            sheet = self.reader.sheet.name
            self.findings.append(Finding(self.line, column, shown, error.code, severity, sheet))

    def refuse(self, name: str, error: CellRefused) -> None:
        self.note(self.reader.column_of(name), error, Severity.REFUSED)

    def drop(self, name: str, error: CellRefused) -> None:
        self.note(self.reader.column_of(name), error, Severity.DROPPED)

    def text(self, name: str) -> str:
        found: str = self.values.get(name, "")
        return found

    def finish(self) -> RowResult:
        debtor_ref, debt_ref = self.text("debtor_ref"), self.text("debt_ref")
        for name, value in (("debtor_ref", debtor_ref), ("debt_ref", debt_ref)):
            if not value and not any(
                f.column == self.reader.column_of(name) for f in self.findings
            ):
                self.refuse(name, CellRefused("value_missing"))
        joined = self.reader.sheet.joined
        role = self.text("role") or (PartyRole.CO_DEBTOR if joined else PartyRole.MAIN_DEBTOR)
        if joined and role == PartyRole.MAIN_DEBTOR:
            self.refuse("role", CellRefused("main_debtor_in_joined_sheet", role))
        person = self._person(debtor_ref)
        debt = self._debt(person) if role == PartyRole.MAIN_DEBTOR else None
        if any(finding.severity is Severity.REFUSED for finding in self.findings):
            return RowResult(None, self.findings)
        problems = tuple(sorted(set(self.problems)))
        record = RowRecord(
            self.line, self.reader.sheet.name, role, debt_ref, person, debt, problems
        )
        return RowResult(record, self.findings)

    def _problem(self, problem: DataProblem, name: str) -> None:
        self.problems.append(problem)
        self.note(self.reader.column_of(name), CellRefused(problem), Severity.PROBLEM)

    def _person(self, ref: str) -> PersonRecord:
        text = self.text
        company, last = text("company_name"), text("last_name")
        kind = text("kind") or (DebtorKind.COMPANY if company and not last else DebtorKind.PERSON)
        if not (last or company or text("first_name")):
            self._problem(DataProblem.NO_NAME, "last_name")
        addresses = self._addresses()
        contacts = self._contacts(addresses)
        if not contacts and not addresses:
            self._problem(DataProblem.NO_WAY_TO_REACH, "phones")
        return PersonRecord(
            ref=ref, kind=kind, first_name=text("first_name"), last_name=last,
            company_name=company, pesel=text("pesel"), nip=text("nip"), regon=text("regon"),
            language=text("language"), preferred_channel=text("preferred_channel"),
            tone=text("tone"), contacts=contacts, addresses=addresses,
        )  # fmt: skip

    def _addresses(self) -> tuple[PostalAddress, ...]:
        found = []
        for kind, prefix in ((AddressKind.REGISTERED, ""), (AddressKind.CORRESPONDENCE, "mail_")):
            names = _ADDRESS_FIELDS[prefix]
            if self.values.keys().isdisjoint(names):
                continue
            parts = [self.text(name) for name in names]
            try:
                address = people.address(kind, parts)
            except CellRefused as error:
                self.drop(f"{prefix}city", error)
                continue
            if address is not None:
                found.append(address)
                if parts[3] and not address.postal_code:
                    self.drop(f"{prefix}postcode", CellRefused("invalid_postcode", parts[3]))
        return tuple(found)

    def _contacts(self, addresses: Sequence[PostalAddress]) -> tuple[Contact, ...]:
        region = addresses[0].country if addresses else "PL"
        found: dict[str, Contact] = {}
        for name, limit in (("phones", MAX_PHONES), ("emails", MAX_EMAILS)):
            given: list[str] = self.values.get(name) or []
            for value in given[:limit]:
                try:
                    point = people.phone(value, region) if name == "phones" else people.email(value)
                except CellRefused as error:
                    self.drop(name, error)
                else:
                    found[point.value] = point
            if len(given) > limit:
                self.drop(name, CellRefused("too_many_values", given[limit]))
        return tuple(found.values())

    def _debt(self, person: PersonRecord) -> DebtRecord | None:
        currency = self.text("currency").upper()
        if not currency or not debt_terms.is_currency(currency):
            code = "unknown_currency" if currency else "value_missing"
            self.refuse("currency", CellRefused(code, currency))
            return None
        amounts: dict[str, int | None] = {}
        for name in (*COMPONENTS, "past_due_amount"):
            amount: Decimal | None = self.values.get(name)
            amounts[name] = None if amount is None else self._minor(name, amount, currency)
        for name in ("contract_on", "past_due_since", "terminated_on", "limitation_on"):
            self._check_day(name)
        product = self.text("product") or Product.OTHER
        return DebtRecord(
            product=product, contract_no=self.text("contract_no"),
            contract_on=self.values.get("contract_on"), currency=currency,
            contract_rate=self._checked("contract_rate", debt_terms.rate),
            is_consumer=self._is_consumer(person, product),
            terminated_on=self.values.get("terminated_on"),
            limitation_on=self.values.get("limitation_on"),
            bank_account_no=self.text("bank_account_no"),
            virtual_account=self._checked("virtual_account", debt_terms.virtual_account) or "",
            buckets=self._buckets(amounts),
        )  # fmt: skip

    def _minor(self, name: str, amount: Decimal, currency: str) -> int | None:
        try:
            return debt_terms.to_minor(amount, currency)
        except CellRefused as error:
            self.refuse(name, error)
            return None

    def _checked(self, name: str, check: Callable[[Any], Any]) -> Any:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return check(value)
        except CellRefused as error:
            self.refuse(name, error)
            return None

    def _check_day(self, name: str) -> None:
        on: date | None = self.values.get(name)
        if on is not None and not debt_terms.is_possible(name, on, self.reader.as_of):
            self.note(self.reader.column_of(name), ImpossibleDate(on), Severity.PROBLEM)
            self.problems.append(DataProblem.IMPOSSIBLE_DATE)
            del self.values[name]

    def _is_consumer(self, person: PersonRecord, product: str) -> bool:
        given = self.text("consumer")
        return given == "yes" if given else person.kind == "person" and product not in _BUSINESS

    def _buckets(self, amounts: dict[str, int | None]) -> tuple[Any, ...]:
        past_due = amounts.pop("past_due_amount")
        since: date | None = self.values.get("past_due_since")
        if any(finding.severity is Severity.REFUSED for finding in self.findings):
            return ()
        if past_due is None and all(amount is None for amount in amounts.values()):
            self._problem(DataProblem.NO_AMOUNT, "principal")
            return ()
        if past_due and since is None and DataProblem.IMPOSSIBLE_DATE not in self.problems:
            self._problem(DataProblem.IMPOSSIBLE_DATE, "past_due_since")
        if since is None and self._has_impossible("past_due_since"):
            since = self.reader.as_of
        ended: date | None = self.values.get("terminated_on")
        try:
            return tuple(debt_terms.buckets(amounts, past_due, since, ended, self.reader.as_of))
        except CellRefused as error:
            self.refuse("past_due_amount", error)
            return ()

    def _has_impossible(self, name: str) -> bool:
        column = self.reader.column_of(name)
        return any(f.column == column and f.code == "impossible_date" for f in self.findings)
