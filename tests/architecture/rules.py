"""The house rules that can be read off the source. A rule names what breaks it, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Final

from tests.architecture.sources import PACKAGES, Source, dotted, public_functions

Rule = Callable[[Source], Iterator[str]]

MOST_LINES_OF_A_FUNCTION: Final = 60
MOST_LINES_OF_A_FILE: Final = 400

#: Modules besides ``operations`` that write, each with its reason. A folder ends in a slash.
WRITERS: Final[dict[str, str]] = {
    "journal/delivery.py": "takes delivered rows off the queue",
    "journal/sealing.py": "writes seals",
    "journal/status.py": "the one door for status changes",
    "journal/business_days.py": "the manifest of a closed day",
    "debtors/intake/": "writes a portfolio set-based, and nothing else",
    "collections_app/heartbeat.py": "a process says that it lives",
    "collections_app/proving.py": "what a proof of the books found",
}
#: Modules that may read the machine's clock.
CLOCKS: Final = frozenset({"kernel/clock.py"})
VAGUE: Final = frozenset(
    {"utils", "util", "helpers", "helper", "common", "misc", "services", "stuff", "tools", "lib"}
)
#: Where an amount of money is never far away.
MONEY: Final = (
    "ledger/", "negotiations/", "courts/", "agencies/", "bookkeeping/", "kernel/money.py"
)  # fmt: skip

_MANAGERS: Final = re.compile(
    r"\.(objects|_default_manager|_base_manager)\b|\.(filter|exclude|all)\(\)"
)
_ALWAYS_WRITES: Final = frozenset(
    {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "save"}
)
_WRITING_SQL: Final = re.compile(
    r"\b(INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE\s+[a-z\"{]|UPDATE\s+[\w\"{}.]+(\s+\w+)?\s+SET"
    r"|COPY\s+[\w\"{}.]+[^;]*\bFROM\s+STDIN)"
)
_CLOCK_READS: Final = frozenset(
    {
        "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now",
        "timezone.localdate", "timezone.localtime", "time.time", "time.time_ns", "time.localtime",
        "datetime.datetime.now", "datetime.date.today",
    }
)  # fmt: skip
_CLOCK_SQL: Final = re.compile(
    r"\b(now\(\)|current_date\b|current_timestamp\b|localtimestamp\b|clock_timestamp\(\)"
    r"|statement_timestamp\(\)|transaction_timestamp\(\))",
    re.IGNORECASE,
)
_STORIES: Final = re.compile(
    r"(?:^|\s)#\d+\b|\b(?:issue|ticket|PR|bug)\s+#?\d+\b"
    r"|\b(?:formerly|renamed from|moved (?:here )?from|used to be called|old name)\b"
    r"|\b(?:TODO|FIXME|XXX)\b",
    re.IGNORECASE,
)
_MACHINE: Final = re.compile(
    r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot)/|/tmp/ug" + r"oda\b|(?<![\w.{])/home/[a-z]\w*/"
    r"|\b(?:pypi\.org|pypi\.python\.org|pythonhosted" + r"\.org|registry\.npmjs\.org)\b"
    r"|--(?:extra-)?index-u" + r"rl|PIP_(?:EXTRA_)?INDEX_U" + r"RL",
)
_IN_TEMPLATES: Final = (
    (re.compile(r"<style\b", re.IGNORECASE), "an inline style sheet"),
    (re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE), "an inline script"),
    (re.compile(r"[\s\"']style\s*=", re.IGNORECASE), "an inline style"),
    (re.compile(r"[\s\"']on[a-z]+\s*=\s*[\"']", re.IGNORECASE), "an inline handler"),
    (re.compile(r"\bhx-on\b", re.IGNORECASE), "hx-on"),
    (re.compile(r"\bhx-(vals|headers|request)\s*=\s*[\"']\s*js:", re.IGNORECASE), "js: in htmx"),
    (re.compile(r"\bhx-vars\b", re.IGNORECASE), "hx-vars"),
    # Where nothing may be evaluated, a filter does not hold the event back: it fires always.
    (re.compile(r"\bhx-trigger\s*=\s*([\"'])(?:(?!\1).)*\[", re.IGNORECASE), "a filter"),
    (re.compile(r"javascript:", re.IGNORECASE), "a script as an address"),
    (re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE), "another host"),
)


def _in(source: Source, *places: str) -> bool:
    return any(
        source.path.startswith(place) if place.endswith("/") else source.path == place
        for place in places
    )


def _is_operations(source: Source) -> bool:
    return source.is_product and source.role() == "operations"


def only_operations_write(source: Source) -> Iterator[str]:
    """No row is made, changed or removed outside operations and the named bulk writers."""
    if not source.is_product or source.is_migration or _is_operations(source):
        return
    if _in(source, *WRITERS) or source.role() == "benchmarks":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node):
            yield f"{node.lineno}: {dotted(node.func)} writes"
    for text, line in source.strings():
        if found := _WRITING_SQL.search(text):
            yield f"{line}: SQL writes: {found[0]!r}"


def _writes(call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    name, on_rows = call.func.attr, bool(_MANAGERS.search(dotted(call.func.value)))
    if name in _ALWAYS_WRITES:
        return name != "save" or not call.args
    if name == "create":
        return on_rows
    if name == "delete":
        return not call.args and not call.keywords
    if name == "update":
        return on_rows or (bool(call.keywords) and not call.args)
    return False


def nobody_saves_row_by_row_in_bulk(source: Source) -> Iterator[str]:
    """``bulk_update`` costs a hundred times what a set-based statement does."""
    if source.is_product:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr == "bulk_update":
                yield f"{node.lineno}: bulk_update"


def only_the_clock_reads_a_clock(source: Source) -> Iterator[str]:
    if not source.is_product or source.is_migration or source.path in CLOCKS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and dotted(node) in _CLOCK_READS:
            yield f"{node.lineno}: {dotted(node)}"
        elif isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield f"{node.lineno}: {node.arg}"
    for name, line in source.imports():
        if name in ("django.db.models.functions.Now", "time.time"):
            yield f"{line}: {name}"
    for text, line in source.strings():
        if found := _CLOCK_SQL.search(text):
            yield f"{line}: SQL reads the server's clock: {found[0]!r}"


def operations_and_queries_take_keywords_only(source: Source) -> Iterator[str]:
    if source.is_product and source.role() in ("operations", "queries"):
        for function in public_functions(source):
            arguments = function.args
            if arguments.args or arguments.posonlyargs or arguments.vararg:
                yield f"{function.lineno}: {function.name} takes positional arguments"


def operations_say_who_may(source: Source) -> Iterator[str]:
    """Each carries ``requires(right)``, ``by_machine`` or ``by_oneself``, and takes the actor."""
    if not _is_operations(source):
        return
    for function in public_functions(source):
        names = [dotted(d).removesuffix("()") for d in function.decorator_list]
        if not {"requires", "by_machine", "by_oneself"} & set(names):
            yield f"{function.lineno}: {function.name} names no right"
        keywords = {argument.arg for argument in function.args.kwonlyargs}
        if "requires" in names and "actor" not in keywords:
            yield f"{function.lineno}: {function.name} requires a right but takes no actor"


def queries_say_what_they_answer(source: Source) -> Iterator[str]:
    asking = ("get_", "list_", "is_", "has_", "count_")
    if not source.is_product:
        return
    for function in public_functions(source):
        if source.role() == "queries" and not function.name.startswith(asking):
            yield f"{function.lineno}: query {function.name}"
        if source.role() == "operations" and function.name.startswith(asking):
            yield f"{function.lineno}: operation {function.name} is no verb"


def functions_are_short(source: Source) -> Iterator[str]:
    if source.is_product and not source.is_migration:
        for function in source.functions():
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{function.lineno}: {function.name} has {lines} lines"


def files_are_short(source: Source) -> Iterator[str]:
    if source.is_product and not source.is_migration:
        lines = source.text.count("\n")
        if lines > MOST_LINES_OF_A_FILE:
            yield f"1: {lines} lines"


def modules_have_names_that_say_something(source: Source) -> Iterator[str]:
    if source.is_python:
        for part in source.parts:
            if part in VAGUE:
                yield f"1: {part!r} says nothing"


def no_float_touches_money(source: Source) -> Iterator[str]:
    if not source.is_product or not _in(source, *MONEY) or source.role() == "benchmarks":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == "float":
            yield f"{node.lineno}: float"
        elif isinstance(node, ast.Attribute) and node.attr == "FloatField":
            yield f"{node.lineno}: FloatField"
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{node.lineno}: {node.value}"


def there_are_no_signals(source: Source) -> Iterator[str]:
    if source.is_product:
        for name, line in source.imports():
            if name.startswith(
                ("django.dispatch", "django.db.models.signals", "django.core.signals")
            ):
                yield f"{line}: {name}"


def comments_tell_no_stories(source: Source) -> Iterator[str]:
    """What something once was, and the number under which it was asked for, stand in git."""
    if source.is_python and not source.path.startswith("tests/architecture/"):
        for text, line in source.comments():
            if found := _STORIES.search(text):
                yield f"{line}: {found[0].strip()!r}"


def nothing_names_this_machine(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if found := _MACHINE.search(line):
            yield f"{number}: {found[0]!r}"


def templates_have_nothing_inline(source: Source) -> Iterator[str]:
    if source.path.endswith(".html"):
        for number, line in enumerate(source.text.splitlines(), start=1):
            for pattern, what in _IN_TEMPLATES:
                if pattern.search(line):
                    yield f"{number}: {what}"


def kinds_of_events_are_constants(source: Source) -> Iterator[str]:
    """An event is recorded under a constant of ``events.py`` or by a lifecycle, not a literal."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func).rpartition(".")[2]
        kinds: list[ast.expr] = [k.value for k in node.keywords if k.arg == "kind"]
        if name == "NewEvent":
            kinds += node.args[:1]
        if name in ("record_event", "NewEvent"):
            for kind in kinds:
                if isinstance(kind, ast.Constant | ast.JoinedStr):
                    yield f"{node.lineno}: the kind of an event as a literal"


#: Modules that have a part in the house. Any other module of an app is pure: no Django in it.
_ROLES: Final = frozenset(
    {
        "", "__init__", "admin", "apps", "benchmarks", "events", "forms", "lifecycle", "management",
        "migrations", "models", "operations", "queries", "reactions", "tasks", "templatetags",
        "urls", "views", "wording",
    }
)  # fmt: skip
#: Modules of other names that need Django, each with its reason. A folder ends in a slash.
IMPURE: Final[dict[str, str]] = {
    "journal/": "is the mechanism of events itself",
    "gateways/": "adapters to the outside",
    "collections_app/": "the Django project",
    "api/": "one module per subject of HTTP",
    "staff/access.py": "guards pages",
    "staff/approvals.py": "reads limits for the operations of other apps",
    "staff/commands.py": "the base of commands",
    "staff/look.py": "sets cookies",
    "staff/middleware.py": "middleware",
    "staff/second_factor.py": "reads the settings and the session",
    "staff/sign_in/": "the hooks of django-allauth",
    "desk/frame.py": "a context processor",
    "cases/locking.py": "locks rows in the one order",
    "debtors/identifiers.py": "seals identifiers with the keys of the settings",
    "ledger/verification.py": "proves the books by SQL",
}


def other_modules_are_pure(source: Source) -> Iterator[str]:
    """``decide.py``, ``guard.py``, ``schedule.py``: they compute, and know no database."""
    if not source.is_product or source.role() in _ROLES or _in(source, *IMPURE):
        return
    for name, line in source.imports():
        if name.startswith(("django.", "rest_framework", "celery")) and not name.startswith(
            "django.utils."
        ):
            yield f"{line}: {name}"


def other_apps_see_only_the_face_of_a_package(source: Source) -> Iterator[str]:
    """``from cases.operations import hold_case``: its modules are its own affair."""
    if not source.is_product:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, rest = node.module.partition(".")
            role, _, module = rest.partition(".")
            foreign = package in PACKAGES and package != source.package
            if foreign and role == "operations" and module:
                yield f"{node.lineno}: {node.module}"


def python_stands_in_the_house(source: Source) -> Iterator[str]:
    """No package, and no loose module, stands outside of the plan."""
    if source.is_python and source.package not in (*PACKAGES, "tests", "manage.py", "docs"):
        yield f"1: {PurePosixPath(source.path)} is no part of the house"


RULES: Final[tuple[Rule, ...]] = (
    only_operations_write,
    nobody_saves_row_by_row_in_bulk,
    only_the_clock_reads_a_clock,
    operations_and_queries_take_keywords_only,
    operations_say_who_may,
    queries_say_what_they_answer,
    functions_are_short,
    files_are_short,
    modules_have_names_that_say_something,
    no_float_touches_money,
    there_are_no_signals,
    comments_tell_no_stories,
    nothing_names_this_machine,
    templates_have_nothing_inline,
    kinds_of_events_are_constants,
    other_modules_are_pure,
    other_apps_see_only_the_face_of_a_package,
    python_stands_in_the_house,
)
