"""What a machine can see on a page: the rules of accessibility, and text that does not fit."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.journeys.browsers import RULES

#: The other theme has the same elements in other colours.
_COLOURS: Final[dict[str, Any]] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
#: 1280 pixels at 200 % are 640.
WIDTHS: Final = (1280, 768, 640)

_AXE: Final = """
    async ({rules, colours}) => {
      const faults = [];
      const run = async (theme, options) => {
        document.documentElement.dataset.theme = theme;
        const answer = await axe.run(document, {...options, resultTypes: ["violations"]});
        for (const each of answer.violations)
          for (const node of each.nodes.slice(0, 3))
            faults.push(`${each.id} (${theme}): ${node.html.slice(0, 160)}`);
      };
      await run("light", rules);
      if (colours) await run("dark", colours);
      return faults;
    }
"""
#: A word that is cut off, or that stands over the edge of what cannot be scrolled.
_FIT: Final = """
    () => {
      const faults = [];
      const root = document.documentElement;
      const shown = (each) => each.checkVisibility({visibilityProperty: true});
      const name = (each) => each.outerHTML.slice(0, 100).replace(/\\s+/g, " ");
      const isOver = (each) => shown(each) && !each.closest(".unseen")
        && each.getBoundingClientRect().right > root.clientWidth + 1;
      if (root.scrollWidth > root.clientWidth) {
        const over = [...document.querySelectorAll("body *")].filter(isOver);
        const inner = over.filter((each) => ![...each.children].some(isOver));
        const culprits = inner.slice(0, 2).map(name).join(" | ");
        faults.push(`too wide by ${root.scrollWidth - root.clientWidth}: ${culprits}`);
      }
      for (const each of document.querySelectorAll("main *, header *, nav *")) {
        if (each.closest(".unseen, svg, textarea, select, pre")) continue;
        if (!each.textContent.trim()) continue;
        const hides = ["hidden", "clip"].includes(getComputedStyle(each).overflowX);
        if (hides && each.scrollWidth > each.clientWidth + 1 && shown(each))
          faults.push(`cut off: ${name(each)}`);
      }
      for (const cell of document.querySelectorAll("main td, main th")) {
        const seen = [...cell.childNodes].filter((part) => !part.matches?.(".unseen"));
        const isLong = seen.map((part) => part.textContent.trim()).join(" ").length > 30;
        if (isLong && shown(cell) && !cell.closest(".unseen") && cell.clientWidth < 80)
          faults.push(`squeezed to ${cell.clientWidth} px: ${name(cell)}`);
      }
      const scrolls = (each) => ["auto", "scroll"].includes(getComputedStyle(each).overflowX);
      for (const table of document.querySelectorAll("main table")) {
        let box = table.parentElement;
        while (box && !scrolls(box)) box = box.parentElement;
        const room = table.parentElement.getBoundingClientRect().right;
        if (!box && shown(table) && table.getBoundingClientRect().right > room + 1)
          faults.push(`over its edge: ${name(table)}`);
      }
      return faults;
    }
"""


def list_barriers(page: Page, *, in_dark: bool = True) -> list[str]:
    """What axe-core finds in the light theme and then in the dark one, in which it is left."""
    page.evaluate(AXE_SCRIPT)
    colours = _COLOURS if in_dark else None
    found: list[str] = page.evaluate(_AXE, {"rules": RULES, "colours": colours})
    return found


def list_misfits(page: Page, *, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What does not fit at each width; the page is left at the first of them."""
    found: list[str] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 720})
        found += [f"{width} px: {fault}" for fault in page.evaluate(_FIT)]
    page.set_viewport_size({"width": widths[0], "height": 720})
    return found
