"""Take the pictures of the README from a running demo, and more to look at."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from playwright.sync_api import Browser, Page, sync_playwright

from collections_app.demo.staffing import PASSWORD

Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
#: The README is read over a telephone, too.
MOST_BYTES: Final = 220_000
_OFFICER: Final = "anna.wrona"
_MANAGER: Final = "pawel.golab"


class Screen(NamedTuple):
    """``link``: the selector of a link to follow from the first page, or nothing."""

    name: str
    user: str
    path: str
    link: str = ""


SCREENS: Final = (
    Screen("work-list", _OFFICER, "/?whose=team"),
    Screen("case", _OFFICER, "/", "main tbody a.name"),
    Screen("negotiation", _OFFICER, "/agreements/?status=in_force", "main table a"),
    Screen("letter", _MANAGER, "/messages/", "main table a[href^='/messages/']"),
    Screen("calculator", _OFFICER, "/calculator/", "main form a.btn"),
    Screen("board", _MANAGER, "/board/"),
    Screen("board-cases", _MANAGER, "/board/", "td.heat-6 a"),
    Screen("approvals", _MANAGER, "/approvals/"),
    Screen("payments", _MANAGER, "/payments/"),
    Screen("strategy", _MANAGER, "/strategies/unsecured_retail/"),
    Screen("agency", _MANAGER, "/agencies/", "main table a"),
)
#: Which of them stand in the README, and in which theme.
IN_README: Final[dict[str, Theme]] = {
    "work-list": "light",
    "case": "light",
    "board": "light",
    "strategy": "dark",
    "approvals": "light",
    "payments": "light",
    "calculator": "dark",
}


class Command(BaseCommand):
    help = "Take the pictures of the screens from a running demo (make demo, make screenshots)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--folder", type=Path, help="where all of them go; the default is VAR_DIR/screenshots"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        if chromium is None:
            raise CommandError("Pictures need Chromium; on Debian: apt install chromium")
        folder = options["folder"] or Path(settings.VAR_DIR) / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        address = f"http://127.0.0.1:{options['port']}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
            )
            for theme in THEMES:
                for user in dict.fromkeys(screen.user for screen in SCREENS):
                    take_all(browser, address, user, theme, folder)
            browser.close()
        for name, theme in IN_README.items():
            taken = folder / f"{name}-{theme}.png"
            if taken.stat().st_size > MOST_BYTES:
                raise CommandError(f"{taken} is larger than {MOST_BYTES} bytes: show less on it.")
            shutil.copy(taken, settings.BASE_DIR / "docs" / "screenshots" / f"{name}.png")
        self.stdout.write(f"{len(SCREENS) * len(THEMES)} pictures in {folder}")


def take_all(browser: Browser, address: str, user: str, theme: Theme, folder: Path) -> None:
    """The screens of one user, who signs in once."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, color_scheme=theme, locale="en"
    )
    page = context.new_page()
    _sign_in(page, address, user)
    for screen in SCREENS:
        if screen.user == user:
            _open(page, address, screen)
            page.screenshot(path=folder / f"{screen.name}-{theme}.png")
    context.close()


def _sign_in(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def _open(page: Page, address: str, screen: Screen) -> None:
    page.goto(address + screen.path)
    if screen.link:
        found = page.locator(screen.link)
        if found.count() == 0:
            raise CommandError(
                f"{screen.path} has no {screen.link}: let the demo live longer (make demo DAYS=)."
            )
        found.first.click()
    page.wait_for_load_state("networkidle")
