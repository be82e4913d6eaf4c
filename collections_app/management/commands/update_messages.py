"""``manage.py update_messages``: gather, keep and compile what people read."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from collections_app.messages import (
    list_untranslated,
    mo_bytes,
    po_bytes,
    po_path,
    updated_catalog,
)


class Command(BaseCommand):
    help = "Bring locale/ up to date with the code, and compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where work is left"
        )

    def handle(self, *, check: bool, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        catalog = updated_catalog(root, "pl")
        path = po_path(root, "pl")
        missing = list_untranslated(catalog)
        if check:
            compiled = path.with_suffix(".mo")
            stale = not (path.exists() and compiled.exists()) or (
                path.read_bytes() != po_bytes(catalog) or compiled.read_bytes() != mo_bytes(catalog)
            )
            if missing or stale:
                raise CommandError(f"out of date: {stale}; without Polish: {missing}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(po_bytes(catalog))
            path.with_suffix(".mo").write_bytes(mo_bytes(catalog))
        self.stdout.write(f"{len(catalog)} messages, {len(missing)} without Polish")
        for text in missing:
            self.stdout.write(f"  {text!r}")
