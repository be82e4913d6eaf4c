"""Write a debtor's statement of account to a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import override

from bookkeeping.operations import note_statement
from bookkeeping.queries.statement import get_statement
from bookkeeping.statement_pdf import set_statement
from bookkeeping.statement_sheet import statement_workbook
from bookkeeping.statement_words import LANGUAGES, statement_document
from bookkeeping.wording import say_refusal
from cases.queries import get_case
from contacts.creditor import SHIPPED, load_creditor
from kernel import clock
from kernel.errors import DomainError
from staff.commands import ActingCommand


class Command(ActingCommand):
    help = "Write the statement of account of a case's debtor as PDF or XLSX, by the file's name."
    needs_person = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", metavar="CASE", help="the number of the case")
        parser.add_argument("file", type=Path, metavar="FILE", help="ends in .pdf or .xlsx")
        parser.add_argument("--from", dest="from_on", type=date.fromisoformat)
        parser.add_argument("--until", type=date.fromisoformat, help="today otherwise")
        parser.add_argument("--as-known-on", type=date.fromisoformat)
        parser.add_argument("--language", choices=LANGUAGES, default="pl")

    def act(self, **options: Any) -> Mapping[str, Any]:
        target: Path = options["file"]
        file_format = target.suffix.lower().removeprefix(".")
        if file_format not in ("pdf", "xlsx"):
            raise CommandError(f"{target.name}: name a file that ends in .pdf or .xlsx")
        actor, at, language = self.actor(**options), clock.now(), options["language"]
        statement = get_statement(
            number=options["case"],
            from_on=options["from_on"],
            until_on=options["until"] or clock.today(),
            as_known_on=options["as_known_on"],
            today=clock.today(),
            actor=actor,
        )
        creditor = load_creditor(getattr(settings, "CREDITOR_FILE", SHIPPED))
        words = statement_document(statement, creditor=creditor, language=language)
        with override(language):
            content = (
                set_statement(words, made_at=at)
                if file_format == "pdf"
                else statement_workbook(statement, words)
            )
        note_statement(
            case_id=get_case(number=statement.case_number, actor=actor).pk,
            file_format=file_format,
            language=language,
            from_on=statement.from_on,
            until_on=statement.until_on,
            as_known_on=statement.as_known_on,
            actor=actor,
            at=at,
        )
        target.write_bytes(content)
        return {
            "file": str(target),
            "from_on": statement.from_on,
            "until_on": statement.until_on,
            "movements": sum(len(account.movements) for account in statement.accounts),
            "balances": {
                currency: closing for currency, (_, closing) in statement.totals().items()
            },
        }

    def say(self, error: DomainError) -> str:
        return say_refusal(error)
