"""What hostile learners wrote, opened in a real browser: nothing runs, nothing is asked of the network."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus import CHAPTER
from grounds import graded
from live import ENTRIES
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from playwright.sync_api import Browser, Dialog

# What a reader might do to a page by accident. Links to other pages are not followed: to leave is the reader's wish.
TOUCH = """() => {
    for (const one of document.querySelectorAll("body *")) {
        for (const kind of ["mouseover", "mouseenter", "focus", "toggle", "load", "error", "animationend"])
            one.dispatchEvent(new Event(kind, { bubbles: true }));
        if (one.tagName === "DETAILS") one.open = true;
        if (one.tagName === "BUTTON" || (one.tagName === "A" && !/^(https?|file):/.test(one.href))) one.click();
    }
    return window.alive === undefined && document.querySelectorAll("main, body").length > 0;
}"""


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class of those who want their pages alive."""
    folder = tmp_path_factory.mktemp("alive")
    graded(ENTRIES, folder)
    return folder / "class"


def opened(browser: Browser, page: Path) -> tuple[bool, list[str], list[str]]:
    """Whether nothing came alive, the addresses that were asked for, and what was said in dialogs."""
    asked: list[str] = []
    said: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    with browser.new_context(offline=True) as context:
        tab = context.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("dialog", dismiss)
        tab.goto(page.as_uri(), wait_until="load")
        return tab.evaluate(TOUCH), asked, said


@pytest.mark.sandbox
def test_no_page_of_ours_comes_alive(browser: Browser, class_folder: Path) -> None:
    pages = [class_folder / "report" / "index.html", *class_folder.glob("feedback/*/*/*.html")]
    assert len(pages) > len(ENTRIES)
    for page in pages:
        assert opened(browser, page) == (True, [page.as_uri()], []), page


@pytest.mark.sandbox
def test_no_page_of_formgraders_comes_alive(browser: Browser, class_folder: Path, tmp_path: Path) -> None:
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    names = ("base_url", "submission_id", "notebook_id", "assignment_id", "notebook_path", "student")
    about = dict.fromkeys(names, "x") | {"index": 0, "total": 1, "first_name": "", "last_name": ""}
    asks: list[set[str]] = []
    for student in ("victim", *(entry.name for entry in ENTRIES)):
        notebook = class_folder / "autograded" / student / CHAPTER / f"{CHAPTER}.ipynb"
        page = tmp_path / f"{student}.html"
        page.write_text(exporter.from_filename(str(notebook), resources=dict(about))[0], "utf-8")
        quiet, asked, said = opened(browser, page)
        assert (quiet, said) == (True, []), student
        asks.append(
            {address for address in asked if "data:image/png" not in address and "blob:" not in address}
        )
        asks[-1].discard(page.as_uri())
    assert all(asked <= asks[0] for asked in asks)  # nothing but what any page of formgrader's asks for


def test_the_browser_would_notice(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "alive.html"
    page.write_text("<main><img src=x onerror='window.alive = 1'><script>alert('here')</script></main>")
    quiet, asked, said = opened(browser, page)
    assert not quiet and len(asked) == 2 and said == ["here"]
