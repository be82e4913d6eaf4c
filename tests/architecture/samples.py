"""For every rule: small texts that break it, and texts that look alike and do not."""

from __future__ import annotations

from typing import Final, NamedTuple

from tests.architecture import rules
from tests.architecture.rules import Rule
from tests.architecture.sources import Source


class Samples(NamedTuple):
    bad: tuple[Source, ...]
    good: tuple[Source, ...]


def _python(path: str, *texts: str) -> tuple[Source, ...]:
    return tuple(Source(path, text) for text in texts)


_LONG: Final = "def f():\n" + "    x = 1\n" * 60
_WORK, _ROOT, _HOME = "/wo" + "rk/main", "/ro" + "ot/x", "/ho" + "me/someone/x"
_INDEX: Final = "--index-u" + "rl https://pypi" + ".org/simple"

SAMPLES: Final[dict[Rule, Samples]] = {
    rules.only_operations_write: Samples(
        _python(
            "cases/views.py",
            "case.save()",
            "Case.objects.create(number='1')",
            "Case.objects.filter(pk=1).update(stage='court')",
            "rows.update(stage='court')",
            "Case.objects.all().delete()",
            "Hold.objects.bulk_create(rows)",
            "Hold.objects.get_or_create(x=1)",
            "cursor.execute('DELETE FROM cases_case')",
            "cursor.execute(f'UPDATE {table} SET x = 1')",
            "cursor.execute('INSERT INTO t VALUES (1)')",
            "cursor.copy_expert(f'COPY {t} ({c}) FROM STDIN', f)",
            "cursor.execute('TRUNCATE cases_case')",
        )
        + _python("cases/queries.py", "def get_x(): row.save()"),
        _python(
            "cases/views.py",
            "seen.update(other)",
            "values = dict(); values.update({'a': 1})",
            "cache.delete('key')",
            "font.save(path)",
            "factory.create(1)",
            "'''How to UPDATE a case: see INSERT INTO.'''",
            "cursor.execute('SELECT 1 FROM t FOR UPDATE SKIP LOCKED')",
        )
        + _python("cases/operations/holding.py", "case.save()")
        + _python("cases/operations.py", "Case.objects.create()")
        + _python("tests/x.py", "case.save()"),
    ),
    rules.nobody_saves_row_by_row_in_bulk: Samples(
        _python("cases/operations.py", "Case.objects.bulk_update(rows, ['x'])"),
        _python("cases/operations.py", "Case.objects.bulk_create(rows)"),
    ),
    rules.only_the_clock_reads_a_clock: Samples(
        _python(
            "cases/operations.py",
            "at = datetime.now(UTC)",
            "on = date.today()",
            "at = timezone.now()",
            "x = models.DateTimeField(default=timezone.now)",
            "x = models.DateTimeField(auto_now_add=True)",
            "t = time.time()",
            "from time import time",
            "from django.db.models.functions import Now",
            "cursor.execute('SELECT now()')",
            "cursor.execute('SELECT CURRENT_DATE')",
        ),
        _python("kernel/clock.py", "datetime.now(UTC)")
        + _python("cases/tasks.py", "at = clock.now(); on = clock.today()")
        + _python("cases/x.py", "started = time.perf_counter()", "'''Uses now().'''"),
    ),
    rules.operations_and_queries_take_keywords_only: Samples(
        _python("cases/operations/holding.py", "def hold_case(case, *, at): ...")
        + _python("cases/operations.py", "def hold(case, *, at): ...")
        + _python("cases/queries.py", "def get_case(number): ...", "def get_x(*ids): ..."),
        _python("cases/queries.py", "def get_case(*, number): ...", "def _row(x): ...")
        + _python("cases/operations/holding.py", "def a_part_of_the_inside(case): ..."),
    ),
    rules.operations_say_who_may: Samples(
        _python(
            "cases/operations.py",
            "def hold_case(*, actor): ...",
            "@transaction.atomic\ndef hold_case(*, actor): ...",
            "@requires(Right.HOLD_CASE)\ndef hold_case(*, case_id): ...",
        ),
        _python(
            "cases/operations.py",
            "@requires(Right.HOLD_CASE)\n@transaction.atomic\ndef hold_case(*, actor): ...",
            "@by_machine\ndef end_holds(*, at): ...",
            "def _inner(x): ...",
        )
        + _python("cases/queries.py", "def get_x(*, number): ..."),
    ),
    rules.queries_say_what_they_answer: Samples(
        _python("cases/queries.py", "def open_work(*, x): ...")
        + _python("cases/operations.py", "def get_or_open_case(*, x): ..."),
        _python("cases/queries.py", *(f"def {w}_x(): ..." for w in ("get", "list", "is", "has"))),
    ),
    rules.functions_are_short: Samples(
        _python("cases/x.py", _LONG), _python("cases/x.py", _LONG.replace("    x = 1\n", "", 1))
    ),
    rules.files_are_short: Samples(
        _python("cases/x.py", "x = 1\n" * 401),
        _python("cases/x.py", "x = 1\n" * 400)
        + _python("cases/migrations/0001_initial.py", "x = 1\n" * 500),
    ),
    rules.modules_have_names_that_say_something: Samples(
        _python("cases/utils.py", "")
        + _python("cases/helpers/x.py", "")
        + _python("desk/services.py", ""),
        _python("escalation/decide.py", ""),
    ),
    rules.no_float_touches_money: Samples(
        _python("ledger/x.py", "def f(x: float): ...", "float(x)", "rate = 0.1")
        + _python("kernel/money.py", "x = 1.5")
        + _python("courts/models.py", "fee = models.FloatField()"),
        _python("ledger/x.py", "rate = Decimal('0.1')", "n = 1")
        + _python("portfolio/x.py", "share = 0.5"),
    ),
    rules.there_are_no_signals: Samples(
        _python(
            "cases/x.py",
            "from django.dispatch import receiver",
            "from django.db.models.signals import post_save",
        ),
        _python("cases/x.py", "from django.db import models", "import signal"),
    ),
    rules.comments_tell_no_stories: Samples(
        _python(
            "cases/x.py",
            "x = 1  # see #12",
            "# issue 12 asks for it",
            "'''Formerly in ledger.'''",
            "# TODO: later",
            "# renamed from hold",
        ),
        _python(
            "cases/x.py", "# art. 117 of the Civil Code", "x = '#12'", "# a row no longer open"
        ),
    ),
    rules.nothing_names_this_machine: Samples(
        (
            Source("README.md", f"cd {_WORK} && make"),
            Source("Dockerfile", f"COPY {_ROOT}/file ."),
            Source("requirements/runtime.txt", _INDEX),
            Source("x.toml", f"folder = '{_HOME}'"),
        ),
        (
            Source("README.md", "the folder `var/` and PyPI; python-work/; http://localhost:8000/"),
            Source("x.md", "tests/network/x"),
        ),
    ),
    rules.templates_have_nothing_inline: Samples(
        tuple(
            Source("templates/x.html", text)
            for text in (
                "<style>p {}</style>",
                "<script>alert(1)</script>",
                '<p style="color: red">',
                '<a onclick="go()">',
                '<a href="javascript:go()">',
                '<b hx-on:click="go()">',
                "<b hx-vals='js:{x: 1}'>",
                '<b hx-headers="js:{x: 1}">',
                '<b hx-vars="x:1">',
                """<b hx-trigger="keyup[key=='x']">""",
                """<b hx-trigger='click, keyup[ctrlKey]'>""",
                '<script src="https://example.org/x.js"></script>',
            )
        ),
        (
            Source("templates/x.html", '<script type="module" src="{% static x %}"></script>'),
            Source("templates/x.html", '<p data-on="x" class="style">On = 1</p>'),
            Source("templates/x.html", '<p hx-trigger="keyup delay:1s" data-when="a[href]">x</p>'),
        ),
    ),
    rules.kinds_of_events_are_constants: Samples(
        _python(
            "cases/operations.py",
            "record_event(kind='case.held', at=at)",
            "NewEvent('case.held', s, {}, on)",
            "NewEvent(kind=f'{x}.held')",
        ),
        _python(
            "cases/operations.py",
            "record_event(kind=events.CASE_HELD)",
            "NewEvent(events.CASE_HELD, s, {}, on)",
        ),
    ),
    rules.other_modules_are_pure: Samples(
        _python("escalation/decide.py", "from django.db import models"),
        _python("escalation/decide.py", "from datetime import date")
        + _python("escalation/views.py", "from django.http import HttpResponse"),
    ),
    rules.other_apps_see_only_the_face_of_a_package: Samples(
        _python("desk/views.py", "from cases.operations.holding import hold_case")
        + _python("desk/x.py", "def f():\n    from cases.operations.working import x"),
        _python("cases/queries.py", "from cases.operations.holding import hold_case")
        + _python("desk/views.py", "from cases.operations import hold_case")
        + _python("desk/views.py", "from cases.queries.work import get_x"),
    ),
    rules.python_stands_in_the_house: Samples(
        _python("reports/views.py", "") + _python("script.py", ""),
        _python("cases/x.py", "") + _python("manage.py", ""),
    ),
}
