"""Explorables in pages: what the browser tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from byhand import explore

WINDOW = {"width": 1000, "height": 900}


def drawn(root: Locator) -> str:
    """All that is drawn, as text: two pictures are the same if it is the same.

    A picture's description is part of it, and follows 50 ms later.
    """
    root.page.wait_for_timeout(60)
    return root.evaluate(
        """root => [...root.querySelectorAll(".byhand-plot > *")].map(part => part.getAttribute("style") + (
            part.tagName === "CANVAS" ? part.toDataURL() : part.innerHTML)).join()"""
    )


def ready(within: Locator | Page) -> Locator:
    """The explorable in there, once it is drawn."""
    root = within.locator(".byhand")
    expect(root.locator(".byhand-sentence")).not_to_be_empty()
    return root


def away_from_the_lowest(slider: Locator) -> None:
    """Give a slider the focus, and move it if it stands at its lowest value: from there Home has nowhere to go."""
    slider.focus()
    if slider.input_value() == slider.get_attribute("min"):
        slider.press("End")


@dataclass
class Offline:
    """A browser without a network, and pages from files."""

    new_context: Callable[..., BrowserContext]
    folder: Path
    asked: list[str] = field(default_factory=list)  # every address that a page asked for
    errors: list[str] = field(default_factory=list)

    def open(self, body: str, **options: object) -> Page:
        """A page with this body; `options` are the browser's, such as its colour scheme."""
        file = self.folder / "page.html"
        file.write_text(f"<!doctype html><meta charset='utf-8'><title>A page</title><body>{body}", "utf-8")
        return self.open_file(file, **options)

    def open_file(self, file: Path, **options: object) -> Page:
        page = self.new_context(viewport=WINDOW, offline=True, **options).new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(file.as_uri(), wait_until="domcontentloaded")
        return page

    def show(self, name: str, **options: object) -> Locator:
        """An explorable in a page of its own."""
        return ready(self.open(getattr(explore, name)().html(), **options))
