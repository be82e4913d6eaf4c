"""Take the pictures of the README from a running demo."""

from __future__ import annotations

import shutil
from typing import Any, Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from playwright.sync_api import Browser, Page, sync_playwright

from collections_app.demo.staffing import PASSWORD

Theme = Literal["light", "dark"]
#: name, user, theme, first page, selector of a link to follow or nothing.
PICTURES: tuple[tuple[str, str, Theme, str, str], ...] = (
    ("work-list", "anna.wrona", "light", "/", ""),
    ("case", "anna.wrona", "light", "/cases/?stage=formal_letters", "main table a"),
    ("board", "pawel.golab", "light", "/board/", ""),
    ("strategy", "pawel.golab", "dark", "/strategies/unsecured_retail/", ""),
)


def sign_in(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


class Command(BaseCommand):
    help = "Take docs/screenshots/*.png from a running demo (make demo, then make screenshots)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_: Any, **options: Any) -> None:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        if chromium is None:
            raise CommandError("Pictures need Chromium; on Debian: apt install chromium")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
            )
            for picture in PICTURES:
                take(browser, f"http://127.0.0.1:{options['port']}", *picture)
            browser.close()


def take(
    browser: Browser, address: str, name: str, username: str, theme: Theme, path: str, link: str
) -> None:
    """One picture of a page, or of what its first link that matches ``link`` leads to."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme=theme, locale="en"
    )
    page = context.new_page()
    sign_in(page, address, username)
    page.goto(address + path)
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
    page.screenshot(path=settings.BASE_DIR / "docs" / "screenshots" / f"{name}.png")
    context.close()
