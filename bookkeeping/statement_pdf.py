"""A statement of account set in type. Pure: texts go in, a PDF comes out.

The texts reach the template as data, never as markup: nothing that a debtor is called can run.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

TEMPLATE: Final = Path(__file__).parent / "data" / "statement.typ"
#: The font of the product, where its package is installed; typst brings one that steps in.
_FONT_PACKAGE: Final = "fontpkg_ibm_plex_sans"
#: Tagged and with its language, so that it can be read aloud.
_STANDARD: Final = "ua-1"


def set_statement(document: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF of ``statement_document``. The same texts and instant give the same bytes."""
    made = _compiler().compile(
        input=TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
        pdf_standards=_STANDARD,
        timestamp=made_at.astimezone(UTC),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    """One for the process: it has read its fonts. Files outside the template stay closed to it."""
    package = importlib.util.find_spec(_FONT_PACKAGE)
    folders = [str(Path(package.origin).parent / "files")] if package and package.origin else []
    return typst.Compiler(root=TEMPLATE.parent, font_paths=list(folders), ignore_system_fonts=True)
