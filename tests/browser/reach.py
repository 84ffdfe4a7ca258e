"""What keeps people out of a page, as axe-core finds it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def obstacles(page: Page, within: str | None = None) -> list[str]:
    """One line for each violation that axe-core finds in the page, or in the part that a CSS selector names."""
    found = Axe().run(page, context=within)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
