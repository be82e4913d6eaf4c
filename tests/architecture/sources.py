"""What the house rules look at: every file of the product, parsed once."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]

PACKAGES: Final = (
    "agencies", "api", "bookkeeping", "calculations", "cases", "collections_app", "contacts",
    "courts", "debtors",
    "desk", "escalation", "gateways", "journal", "kernel", "ledger", "negotiations", "portfolio",
    "staff",
)  # fmt: skip

_LEFT_OUT: Final = frozenset(
    {
        ".venv", "var", ".git", "__pycache__", "staticfiles", ".mypy_cache", ".ruff_cache",
        ".pytest_cache", ".hypothesis", ".import_linter_cache", "node_modules",
    }
)  # fmt: skip
_TEXTS: Final = frozenset(
    {
        ".py", ".html", ".txt", ".toml", ".md", ".in", ".yml", ".yaml", ".css", ".js", ".json",
        ".cfg", ".sh", ".po", ".csv", ".svg", "",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One file; ``path`` is relative to the root, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def package(self) -> str:
        return self.path.partition("/")[0]

    @property
    def parts(self) -> tuple[str, ...]:
        """``("cases", "operations", "holding")`` for ``cases/operations/holding.py``."""
        return PurePosixPath(self.path).with_suffix("").parts

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def is_product(self) -> bool:
        return self.is_python and self.package in PACKAGES

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    def role(self) -> str:
        """What the second part of the path says: ``operations``, ``queries``, ``views`` …"""
        return self.parts[1] if len(self.parts) > 1 else ""

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every module named by an import, and the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node.lineno
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    yield f"{node.module}.{alias.name}", node.lineno

    def docstrings(self) -> dict[int, ast.Constant]:
        """By the id of the node, so that a rule about strings can leave them out."""
        found = {}
        for node in ast.walk(self.tree):
            holders = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
            if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr):
                value = node.body[0].value
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found[id(value)] = value
        return found

    def strings(self) -> Iterator[tuple[str, int]]:
        """String constants that are no docstrings; an f-string as one, with ``{}`` for values."""
        left_out = set(self.docstrings())
        for node in ast.walk(self.tree):
            if isinstance(node, ast.JoinedStr):
                left_out.update(id(part) for part in node.values)
                yield (
                    "".join(
                        str(part.value) if isinstance(part, ast.Constant) else "{}"
                        for part in node.values
                    ),
                    node.lineno,
                )
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in left_out
            ):
                yield node.value, node.lineno

    def comments(self) -> Iterator[tuple[str, int]]:
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.string, token.start[0]
        for doc in self.docstrings().values():
            yield str(doc.value), doc.lineno


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for nested attributes; calls in between are shown as ``a.b().c``."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def all_sources() -> tuple[Source, ...]:
    """Every text file of the repository that is not made by running it."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        if _LEFT_OUT & set(relative.parts) or not path.is_file() or path.suffix not in _TEXTS:
            continue
        try:
            found.append(Source(relative.as_posix(), path.read_text()))
        except UnicodeDecodeError:
            continue
    return tuple(found)


@cache
def _faces() -> dict[str, frozenset[tuple[str, str]]]:
    """What the ``__init__`` of each package of operations hands out."""
    faces = {}
    for source in all_sources():
        if source.is_product and source.parts[1:] == ("operations", "__init__"):
            faces["/".join(source.parts[:2])] = frozenset(
                (node.module or "", alias.name)
                for node in source.tree.body
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            )
    return faces


def public_functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those that other apps can see.

    Of a module these are all without a leading underscore; of a package of operations, whose
    modules share their inside, those that its ``__init__`` hands out.
    """
    face = _faces().get("/".join(source.parts[:2])) if len(source.parts) > 2 else None
    module = ".".join(source.parts)
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name[0] == "_":
            continue
        if face is None or (module, node.name) in face:
            yield node
