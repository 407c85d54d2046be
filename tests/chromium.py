"""Chromium, and what axe-core finds on its pages."""

from __future__ import annotations

import shutil

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

CHROMIUM = shutil.which("chromium")
PATIENCE = 60_000
"""Milliseconds a page is waited for, however busy the machine."""
expect.set_options(timeout=PATIENCE)

# What passes a rule need not be told.
_WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


async def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Rules of WCAG 2.2 AA that the page breaks, with the beginning of each element that does."""
    found = (await Axe().run(page, options=_WCAG)).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
