"""What the journeys in a real browser have in common."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Page

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
#: For ``pytestmark`` of a module whose tests open a browser.
IN_A_BROWSER: Final = [
    pytest.mark.commits,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]

PASSWORD: Final = "a long pass phrase"
#: A Tuesday at eleven in Warsaw; the browser's own clock does not matter to the pages.
AT: Final = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
ON: Final = date(2026, 5, 12)
RULES: Final[dict[str, Any]] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}
SignIn = Callable[..., Page]
