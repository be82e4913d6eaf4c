"""Calculate interest, fees, terms and statuses from the shell: JSON in, JSON out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandError, CommandParser
from django.utils import translation

from calculations.fields import BadInputs
from calculations.table import TOPICS, calculate
from calculations.topic import Setting, Topic
from desk.wording.calculations import calculation_error_text
from kernel import clock
from kernel.errors import DomainError
from ledger.queries import get_rates
from staff.commands import ActingCommand

_STDIN: Final = "-"
#: The topic of many inputs that name theirs themselves.
_EACH: Final = "-"
#: What is told at the end of many, besides the answers.
_COUNT: Final = "calculated"
#: What some programs put before UTF-8.
_MARK: Final = "\ufeff"
#: There are many inputs, not one.
_SEVERAL: Final = object()


class Command(ActingCommand):
    help = (
        "Calculate one topic: INPUTS is a JSON object, '-' for standard input, or a file; many"
        " inputs are a JSON array or one object a line, each answered on a line of its own. With"
        ' \'-\' as TOPIC each input is {"topic": …, "inputs": {…}}.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("topic", nargs="?", metavar="TOPIC", help="see --list")
        parser.add_argument("inputs", nargs="?", metavar="INPUTS")
        parser.add_argument("--list", action="store_true", help="name every topic, with an example")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list(as_json=options["json"])
            return
        if options["topic"] is None:
            raise CommandError("TOPIC is missing; --list names them all.")
        super().handle(*args, **options)

    def act(self, **options: Any) -> Mapping[str, Any]:
        topic, text = options["topic"], self._read(options["inputs"])
        setting = Setting(get_rates(), clock.today())
        if not text.strip():
            raise CommandError("INPUTS is empty.")
        if topic != _EACH and (one := _one(text)) is not _SEVERAL:
            return calculate(topic, one, setting)
        done = failed = 0
        for given in _many(text):
            answer = self._answer(topic, given, setting)
            done, failed = done + 1, failed + ("error" in answer)
            self.stdout.write(_line(answer))
        if failed:
            raise CommandError(f"{failed} could not be calculated")
        if not done:
            raise CommandError("INPUTS holds nothing to calculate.")
        return {_COUNT: done}

    def show(self, answer: Mapping[str, Any]) -> None:
        if _COUNT not in answer:
            self.stdout.write(_line(answer))

    def say(self, error: DomainError) -> str:
        return _say(error)

    def _answer(self, topic: str, given: Any, setting: Setting) -> Mapping[str, Any]:
        try:
            if topic != _EACH:
                return calculate(topic, given, setting)
            if not isinstance(given, Mapping) or "topic" not in given:
                raise BadInputs([("topic", "missing")])
            return calculate(str(given["topic"]), given.get("inputs", {}), setting)
        except DomainError as error:
            return {"error": _say(error), "code": error.code}

    def _read(self, inputs: str | None) -> str:
        if inputs is None:
            raise CommandError("INPUTS is missing: a JSON object, '-' or a file.")
        if inputs == _STDIN:
            try:
                return sys.stdin.read().removeprefix(_MARK)
            except UnicodeDecodeError as error:
                raise CommandError(f"INPUTS is no UTF-8: {error}") from error
        inputs = inputs.removeprefix(_MARK)
        if not inputs.strip() or inputs.lstrip()[:1] in ("{", "["):
            return inputs
        try:
            return Path(inputs).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            if _is_json(inputs):
                return inputs
            raise CommandError(
                f"{inputs!r} is neither a JSON object nor a file: {error}"
            ) from error

    def _list(self, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(_line({name: dict(t.example) for name, t in TOPICS.items()}))
            return
        for topic in TOPICS.values():
            self.stdout.write(f"{topic.name}: {_keys(topic)}")
            self.stdout.write(f"    manage.py calculate {topic.name} '{_line(topic.example)}'")


def _say(error: DomainError) -> str:
    """In English, as all that commands say."""
    with translation.override("en"):
        return calculation_error_text(error)


def _keys(topic: Topic) -> str:
    """The keys, the optional ones in brackets."""
    return ", ".join(f.name if f.required else f"[{f.name}]" for f in topic.fields)


def _line(answer: Mapping[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _one(text: str) -> Any:
    """The inputs where there is one object; else that there are many."""
    try:
        found = _parse(text)
    except json.JSONDecodeError as error:
        if "\n" in text.strip():
            return _SEVERAL
        raise CommandError(f"INPUTS is no JSON: {error}") from error
    return _SEVERAL if isinstance(found, list) else found


def _is_json(text: str) -> bool:
    try:
        _parse(text)
    except (CommandError, json.JSONDecodeError):
        return False
    return True


def _many(text: str) -> Iterator[Any]:
    if text.lstrip().startswith("["):
        try:
            yield from _parse(text)
        except json.JSONDecodeError as error:
            raise CommandError(f"INPUTS is no JSON: {error}") from error
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield _parse(line)
            except json.JSONDecodeError as error:
                raise CommandError(f"line {number} is no JSON: {error}") from error


def _parse(text: str) -> Any:
    """Numbers are exact; what JSON does not know is refused."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise CommandError("INPUTS is nested too deeply.") from None
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise CommandError(f"INPUTS is no JSON: {error}") from error


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")
