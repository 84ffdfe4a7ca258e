"""A real JupyterLab in a real Chromium.

    def test_something(lab):
        notebook = lab.open("from byhand import explore", "explore.saturation()")
        notebook.run_all()
        notebook.output(1).get_by_role("slider")

The server and the browser start once for all tests. Each test has its own page, and fails if the page wrote
an error to its console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from notebooks import Lab, NoBrowser, Server, launched, serving
from pages import Offline
from playwright.sync_api import Browser


def pytest_itemcollected(item: pytest.Item) -> None:
    if "browser" in item.fixturenames:
        item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine; without one these tests fail, and say how to get it."""
    try:
        with launched() as started:
            yield started
    except NoBrowser as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab for all tests."""
    with serving(tmp_path_factory.mktemp("jupyter")) as started:
        yield started


@pytest.fixture(scope="session")
def new_lab(browser: Browser, server: Server) -> Callable[[], Lab]:
    """Makes a JupyterLab in a fresh page, 1200 pixels wide, light theme. Close it."""
    return lambda: Lab(server, browser.new_context(viewport={"width": 1200, "height": 1000}))


@pytest.fixture
def lab(new_lab: Callable[[], Lab]) -> Iterator[Lab]:
    """JupyterLab in a fresh page."""
    opened = new_lab()
    yield opened
    opened.close()
    assert not opened.errors, "The page wrote errors to its console."


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Iterator[Offline]:
    """Pages without a network."""
    pages = Offline(browser, tmp_path)
    yield pages
    for context in browser.contexts:
        context.close()
    assert not pages.errors
