"""The error file of a run: one line per finding, written as they are found."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from django.conf import settings

from debtors.intake.findings import Finding, Severity

HEADER: Final = ("sheet", "line", "column", "value", "reason", "severity")
#: A spreadsheet would take a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@")
MAX_LINES: Final = 1_000_000


class ErrorFile:
    """Made with the first finding; removed again by ``discard``. Readable by its owner only."""

    def __init__(self, run_id: int) -> None:
        self.path = Path(settings.VAR_DIR) / "intake" / "errors" / f"run-{run_id}.csv"
        self._file: TextIO | None = None
        self._writer: Any = None
        self.by_severity: dict[str, int] = dict.fromkeys(Severity, 0)
        self.by_reason: dict[str, int] = {}

    def __enter__(self) -> ErrorFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._file is not None:
            self._file.close()

    @property
    def name(self) -> str:
        """The path, or nothing when there was nothing to write."""
        return str(self.path) if self._file is not None else ""

    def write(self, finding: Finding) -> None:
        self.by_severity[finding.severity] += 1
        self.by_reason[finding.code] = self.by_reason.get(finding.code, 0) + 1
        if sum(self.by_severity.values()) > MAX_LINES:
            return
        if self._file is None:
            self._open()
        value = finding.value
        if value.startswith(_FORMULA) and not value[1:].replace(".", "").isdigit():
            value = f"'{value}"
        self._writer.writerow(
            (finding.sheet, finding.line, finding.column, value, finding.code, finding.severity)
        )

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(HEADER)
