"""A profile: a TOML file that maps a foreign layout to the canonical one."""

from __future__ import annotations

import codecs
import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from debtors.intake.compiler import Compiler, ExpressionInvalid, Test, column_name
from debtors.intake.conditions import compile_test
from debtors.intake.functions import FUNCTIONS, check_formats
from debtors.intake.layout import BY_NAME, REQUIRED
from debtors.intake.limits import MAX_PROFILE_BYTES
from kernel.errors import InvalidInput, NotFound

SHIPPED: Final = Path(__file__).resolve().parent.parent / "profiles"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")
_FILE_KEYS: Final = {
    "encoding": ["utf-8"], "delimiter": [","], "quote": '"', "decimal": ".", "thousands": " ",
    "dates": ["YYYY-MM-DD"], "empty": [], "header_line": 1, "sheet": "", "same_debt": "refuse",
    "optional_columns": [], "unknown_columns": "ignore", "columns": [],
}  # fmt: skip
_TRAILER_KEYS: Final = {"starts_with", "rows", "total", "currency"}
_TOP: Final = {"profile", "file", "fields", "keep", "joined", "trailer"}


class ProfileInvalid(InvalidInput):
    """Values: ``line`` in the TOML (0 unknown), ``where``, ``reason``, ``word``, ``nearest``."""

    code = "profile_invalid"


class ProfileNotFound(NotFound):
    code = "profile_not_found"


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the rows of one sheet become records. ``name`` is empty for the first sheet or a CSV."""

    name: str
    fields: Mapping[str, Any]
    keep: Sequence[Mapping[str, Any]]
    #: Rows bring further people on debts of the main sheet, and no amounts.
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Trailer:
    """A closing line with totals; positions count from 1, 0 means not given."""

    starts_with: str
    rows: int
    total: int
    currency: int


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    encodings: tuple[str, ...]
    delimiters: tuple[str, ...]
    quote: str
    decimal: str
    thousands: str
    dates: tuple[str, ...]
    empty: frozenset[str]
    header_line: int
    #: The columns of a file without a header line, in order; empty when it has one.
    column_names: tuple[str, ...]
    #: These may be missing from a file and are then empty.
    optional_columns: frozenset[str]
    refuses_unknown_columns: bool
    #: Several rows with one debt_ref are documents of one debt: their amounts are added.
    adds_same_debt: bool
    main: Sheet
    joined: tuple[Sheet, ...]
    trailer: Trailer | None
    #: SHA-256 of the TOML text, so that a run says by which rules it read.
    digest: str

    def compiler(self, positions: Mapping[str, int]) -> Compiler:
        return Compiler(positions, FUNCTIONS, self.decimal, self.thousands, self.dates, self.empty)

    def filters(self, sheet: Sheet, compiler: Compiler) -> list[Test]:
        return [compile_test(compiler, test) for test in sheet.keep]

    def columns(self, sheet: Sheet) -> set[str]:
        """Every column of the sheet that the profile names."""
        compiler = self.compiler({})
        for spec in sheet.fields.values():
            compiler.compile(spec)
        return compiler.used | self.filter_columns(sheet)

    def filter_columns(self, sheet: Sheet) -> set[str]:
        """The columns that the ``keep`` tests look at."""
        compiler = self.compiler({})
        self.filters(sheet, compiler)
        return compiler.used


def load_profile(name_or_path: str) -> Profile:
    """A shipped profile by name, or any TOML file by path.

    Raises ProfileNotFound, ProfileInvalid.
    """
    shipped = SHIPPED / f"{name_or_path}.toml"
    path = shipped if _NAME.fullmatch(name_or_path) and shipped.is_file() else Path(name_or_path)
    if not path.is_file():
        raise ProfileNotFound(name=name_or_path, shipped=list_shipped())
    if path.stat().st_size > MAX_PROFILE_BYTES:
        raise ProfileInvalid(line=0, where="", reason="file_too_large", word=path.name, nearest="")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileInvalid(
            line=0, where="", reason="not_utf8", word=str(error.start), nearest=""
        ) from None
    return parse_profile(text)


def list_shipped() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def parse_profile(text: str) -> Profile:
    """Raises ProfileInvalid with the line and, where one is close, the word that was meant."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise ProfileInvalid(
            line=int(found[1]) if found else 0,
            where="",
            reason="not_toml",
            word=str(error),
            nearest="",
        ) from None
    return _Reader(text, data).profile()


class _Reader:
    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.text, self.data = text, data

    def fail(
        self, where: str, reason: str, word: str, allowed: Sequence[str] = ()
    ) -> ProfileInvalid:
        near = difflib.get_close_matches(word, list(allowed), 1, 0.6)
        return ProfileInvalid(
            line=_line_of(self.text, where, word),
            where=where,
            reason=reason,
            word=word,
            nearest=near[0] if near else "",
            allowed=sorted(allowed),
        )

    def profile(self) -> Profile:
        self._only("", self.data, _TOP)
        head = self._table("profile")
        self._only("profile", head, {"name", "description"})
        name = str(head.get("name", ""))
        if not _NAME.fullmatch(name):
            raise self.fail("profile", "name_invalid", name or "name")
        file = {**_FILE_KEYS, **self._table("file")}
        self._only("file", file, set(_FILE_KEYS))
        fields = self._table("fields")
        profile = Profile(
            name=name,
            encodings=self._encodings(file["encoding"]),
            delimiters=self._texts("delimiter", file["delimiter"], length=1),
            quote=self._texts("quote", file["quote"], length=1)[0],
            decimal=self._texts("decimal", file["decimal"], length=1)[0],
            thousands=self._thousands(file),
            dates=self._texts("dates", file["dates"]),
            empty=frozenset(str(word) for word in file["empty"]),
            header_line=self._positive("header_line", file["header_line"]),
            column_names=self._texts("columns", file["columns"]) if file["columns"] else (),
            optional_columns=self._optional(file["optional_columns"]),
            refuses_unknown_columns=self._choice(file["unknown_columns"], "ignore", "refuse"),
            adds_same_debt=self._choice(file["same_debt"], "refuse", "add"),
            main=Sheet(str(file["sheet"]), fields, self._tables("keep", self.data)),
            joined=tuple(self._joined()),
            trailer=self._trailer(),
            digest=hashlib.sha256(self.text.encode()).hexdigest(),
        )
        self._check(profile)
        return profile

    def _check(self, profile: Profile) -> None:
        try:
            check_formats(profile.dates)
        except ExpressionInvalid as error:
            raise self.fail("file.dates", error.code, error.word) from None
        for index, sheet in enumerate((profile.main, *profile.joined)):
            where = f"joined[{index}].fields" if sheet.joined else "fields"
            for name in REQUIRED:
                if name not in sheet.fields:
                    raise self.fail(where, "field_required", name)
            compiler = profile.compiler({})
            for name, spec in sheet.fields.items():
                if name not in BY_NAME:
                    raise self.fail(where, "unknown_field", name, list(BY_NAME))
                self._compiles(f"{where}.{name}", compiler, spec)
            for test in sheet.keep:
                self._compiles("keep", compiler, test, is_test=True)

    def _compiles(
        self, where: str, compiler: Compiler, spec: object, *, is_test: bool = False
    ) -> None:
        try:
            if is_test:
                compile_test(compiler, spec)
            else:
                compiler.compile(spec)
        except ExpressionInvalid as error:
            raise self.fail(where, error.code, error.word, error.allowed) from None

    def _table(self, name: str) -> dict[str, Any]:
        table = self.data.get(name, {})
        if not isinstance(table, dict) or (not table and name != "file"):
            raise self.fail("", "table_required", name)
        return table

    def _tables(self, name: str, parent: dict[str, Any]) -> list[dict[str, Any]]:
        tables = parent.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise self.fail("", "list_of_tables_required", name)
        return tables

    def _joined(self) -> Iterator[Sheet]:
        for table in self._tables("joined", self.data):
            self._only("joined", table, {"sheet", "fields", "keep"})
            name, fields = table.get("sheet"), table.get("fields")
            if not isinstance(name, str) or not name or not isinstance(fields, dict):
                raise self.fail("joined", "field_required", "sheet and fields")
            yield Sheet(name, fields, self._tables("keep", table), joined=True)

    def _trailer(self) -> Trailer | None:
        table = self.data.get("trailer")
        if table is None:
            return None
        self._only("trailer", table, _TRAILER_KEYS)
        marker = table.get("starts_with")
        if not isinstance(marker, str) or not marker:
            raise self.fail("trailer", "field_required", "starts_with")
        at = {
            key: self._positive(key, table.get(key, 0), least=0)
            for key in ("rows", "total", "currency")
        }
        return Trailer(marker, at["rows"], at["total"], at["currency"])

    def _only(self, where: str, table: Mapping[str, Any], allowed: set[str]) -> None:
        for key in table:
            if key not in allowed:
                raise self.fail(where, "unknown_key", key, sorted(allowed))

    def _encodings(self, value: object) -> tuple[str, ...]:
        names = self._texts("encoding", value)
        for name in names:
            try:
                codecs.lookup(name)
            except LookupError:
                raise self.fail("file.encoding", "unknown_encoding", name) from None
        return names

    def _texts(self, key: str, value: object, length: int = 0) -> tuple[str, ...]:
        texts = value if isinstance(value, list) else [value]
        for text in texts or [""]:
            if not isinstance(text, str) or not text:
                raise self.fail("file", "not_a_text", key)
            if length and len(text) != length:
                raise self.fail("file", "must_be_one_character", key)
        return tuple(texts)

    def _thousands(self, file: dict[str, Any]) -> str:
        value = file["thousands"]
        if not isinstance(value, str) or len(value) > 1 or value == file["decimal"]:
            raise self.fail("file", "separators_clash", "thousands")
        return value

    def _optional(self, value: object) -> frozenset[str]:
        names = self._texts("optional_columns", value) if value else ()
        return frozenset(column_name(name) for name in names)

    def _choice(self, value: object, first: str, second: str) -> bool:
        """Whether it is the second of the two."""
        if value not in (first, second):
            raise self.fail("file", "unknown_choice", str(value), [first, second])
        return value == second

    def _positive(self, key: str, value: object, least: int = 1) -> int:
        if type(value) is not int or not least <= value <= 1000:
            raise self.fail("file", "not_a_whole_number", key)
        return value


def _line_of(text: str, where: str, word: str) -> int:
    """The line that most likely holds ``word`` of the table ``where``; 0 unknown."""
    table, _, key = where.rpartition(".")
    table = re.sub(r"\[\d+\]", "", table or where)
    key = re.sub(r"\[\d+\]", "", key)
    first_word = word.split(maxsplit=1)[0] if word.split() else ""
    section, best = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            section = stripped.strip("[] ").split("]")[0]
            if not best and section == (table or key):
                best = number
            continue
        here = section in (table, where) or not table
        if here and first_word and re.search(rf"(?<![\w-]){re.escape(first_word)}(?![\w-])", line):
            return number
        if here and key and re.match(rf'"?{re.escape(key)}"?\s*=', stripped):
            best = number
    return best
