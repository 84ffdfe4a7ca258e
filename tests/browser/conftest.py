"""A real JupyterLab in a real Chromium.

    def test_something(lab):
        notebook = lab.open("from byhand import explore", "explore.saturation()")
        notebook.run_all()
        notebook.output(1).get_by_role("slider")

The server and the browser (pytest-playwright's) start once for all tests. Each test has its own page, and fails if
the page wrote an error to its console.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from notebooks import Lab, Server, launch_options, serving
from pages import Offline
from playwright.sync_api import Browser, BrowserContext


def pytest_itemcollected(item: pytest.Item) -> None:
    if "browser" in item.fixturenames:
        item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """For pytest-playwright's `browser`, `new_context` and `page`: this machine's Chromium."""
    return browser_type_launch_args | launch_options()


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
def offline(new_context: Callable[..., BrowserContext], tmp_path: Path) -> Iterator[Offline]:
    """Pages without a network."""
    pages = Offline(new_context, tmp_path)
    yield pages
    assert not pages.errors
