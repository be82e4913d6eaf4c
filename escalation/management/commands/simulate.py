"""What a draft of a strategy would do to the live book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from escalation.loading import load_strategy
from escalation.products import Made
from escalation.queries.simulation import get_simulation
from escalation.simulated import Simulation, Work
from escalation.wording import describe_assumption, describe_error
from kernel import clock
from kernel.errors import DomainError
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Play a strategy file over the live book for some days, without changing anything."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument(
            "--grant-all", action="store_true", help="proposals are granted, not left open"
        )

    def act(self, **options: Any) -> Mapping[str, Any]:
        if not 1 <= options["days"] <= 366:
            raise CommandError("--days must lie between 1 and 366.")
        try:
            source = options["file"].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        result = get_simulation(
            draft=load_strategy(source),
            on=options["on"] or clock.today(),
            days=options["days"],
            grants_all=options["grant_all"],
        )
        return as_json(result)

    def say(self, error: DomainError) -> str:
        return "\n".join(describe_error(error))

    def show(self, answer: Mapping[str, Any]) -> None:
        self.stdout.write("Assumed: " + " ".join(answer["assumptions_in_words"]))
        self.stdout.write(
            f"{answer['cases']} cases; for {answer['cases_changed']} another next step than today."
        )
        for changed in answer["changed"][:20]:
            today, draft = changed["today"], changed["draft"]
            self.stdout.write(
                f"  {changed['case']}: {today['outcome']} {today['step']}"
                f" → {draft['outcome']} {draft['step']}"
            )
        for made, counts in answer["work"].items():
            self.stdout.write(f"{made}: {counts['draft']}, today {counts['today']}")
        for day, steps in answer["steps"].items():
            counts = ", ".join(f"{key} {count}" for key, count in sorted(steps.items()))
            self.stdout.write(f"{day}: {counts}")


def as_json(result: Simulation) -> dict[str, Any]:
    return {
        "strategy": result.strategy,
        "on": str(result.on),
        "days": result.days,
        "assumptions": list(result.assumptions),
        "assumptions_in_words": [str(describe_assumption(code)) for code in result.assumptions],
        "cases": result.cases,
        "cases_changed": result.cases_changed,
        "cases_finished": result.finished,
        "cases_without_step": result.cases_without_step,
        "cases_outside": result.cases_outside,
        "work": {
            made.value: {
                "draft": _total(result.work, made),
                "today": _total(result.today_work, made),
            }
            for made in Made
            if made in result.work or made in result.today_work
        },
        "changed": [
            {
                "case": changed.number,
                "today": changed.today._asdict(),
                "draft": changed.draft._asdict(),
                "since": str(changed.since_on),
            }
            for changed in result.changed
        ],
        "steps": {str(day): dict(counts) for day, counts in result.steps.items()},
    }


def _total(work: Work, made: Made) -> int:
    return sum(work.get(made, {}).values())
