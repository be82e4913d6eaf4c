"""Every string that people read, gathered from the code and the templates with Babel.

GNU gettext is not needed: neither here nor where the product runs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import (
    block_re,
    constant_re,
    endblock_re,
    inline_re,
    plural_re,
)

DOMAIN: Final = "django"
_LEFT_OUT: Final = frozenset(
    {".venv", "var", "tests", "migrations", "staticfiles", "static", ".git"}
)
_KEYWORDS: Final = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "gettext_noop": None,
}
#: The compiled file names a day; this one says nothing.
_NO_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_HEADER: Final = "# Messages of Ugoda.\n"


@dataclass(frozen=True, slots=True)
class Message:
    text: str | tuple[str, str]
    context: str | None
    line: int


@dataclass(slots=True)
class _Block:
    """An open ``blocktranslate``."""

    context: str | None
    trimmed: bool
    line: int
    singular: list[str] = field(default_factory=list)
    plural: list[str] | None = None

    def add(self, text: str) -> None:
        (self.singular if self.plural is None else self.plural).append(text)

    def message(self) -> Message:
        texts = ["".join(part) for part in (self.singular, self.plural) if part is not None]
        if self.trimmed:
            texts = [trim_whitespace(text) for text in texts]
        text = texts[0] if len(texts) == 1 else (texts[0], texts[1])
        return Message(text, self.context, self.line)


def template_messages(source: str) -> Iterator[Message]:
    """The messages of one template: ``translate``, ``blocktranslate`` and ``_("...")``."""
    block: _Block | None = None
    for token in Lexer(source).tokenize():
        if block is not None:
            if token.token_type is TokenType.BLOCK and endblock_re.match(token.contents):
                yield block.message()
                block = None
            else:
                _add_to(block, token)
        elif token.token_type is TokenType.BLOCK and (opened := block_re.match(token.contents)):
            context = _unquoted(opened[1]) if opened[1] else None
            trimmed = " trimmed" in token.contents
            block = _Block(context, trimmed, token.lineno or 0)
        elif token.token_type is not TokenType.TEXT:
            yield from _inline_messages(token)


def _add_to(block: _Block, token: Token) -> None:
    if token.token_type is TokenType.TEXT:
        block.add(token.contents.replace("%", "%%"))
    elif token.token_type is TokenType.VAR:
        block.add(f"%({token.contents})s")
    elif plural_re.match(token.contents):
        block.plural = []


def _inline_messages(token: Token) -> Iterator[Message]:
    if token.token_type is TokenType.BLOCK and (inline := inline_re.match(token.contents)):
        context = re.search(r"""context\s+("[^"]*"|'[^']*')""", token.contents)
        yield Message(
            _unquoted(inline[1]).replace("%", "%%"),
            _unquoted(context[1]) if context else None,
            token.lineno or 0,
        )
    for constant in constant_re.findall(token.contents):
        yield Message(_unquoted(constant).replace("%", "%%"), None, token.lineno or 0)


def _unquoted(text: str) -> str:
    return re.sub(r"^_\(|\)$", "", text.strip()).strip("\"'")


def gather_messages(root: Path) -> Catalog:
    """A catalogue without translations of everything below ``root``."""
    catalog = Catalog(project="Ugoda", charset="utf-8", fuzzy=False)
    for path in sorted(root.rglob("*.py")):
        if not _LEFT_OUT & set(path.relative_to(root).parts):
            place = str(path.relative_to(root))
            found = extract("python", io.BytesIO(path.read_bytes()), keywords=_KEYWORDS)
            for _, text, comments, context in found:
                catalog.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    for path in sorted((root / "templates").rglob("*.html")):
        place = str(path.relative_to(root))
        for message in template_messages(path.read_text()):
            catalog.add(message.text, locations=[(place, 0)], context=message.context)
    return catalog


def read_catalog(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, project="Ugoda", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def updated_catalog(root: Path, language: str) -> Catalog:
    """What is kept in ``locale``, with what the code says now; nothing is guessed."""
    catalog = read_catalog(po_path(root, language), language)
    catalog.update(gather_messages(root), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def list_untranslated(catalog: Catalog) -> list[str]:
    missing = []
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.fuzzy or not all(texts):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def po_path(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def po_bytes(catalog: Catalog) -> bytes:
    """Without line numbers and dates, so that a file changes only when a message does."""
    buffer = io.BytesIO()
    catalog.header_comment = _HEADER
    write_po(buffer, catalog, width=100, include_lineno=False, sort_output=True)
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(
        line
        for line in lines
        if not line.startswith((b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By'))
    )


def mo_bytes(catalog: Catalog) -> bytes:
    """The same for the same messages, whenever it is made."""
    buffer = io.BytesIO()
    catalog.creation_date = catalog.revision_date = _NO_DAY
    write_mo(buffer, catalog)
    return buffer.getvalue()
