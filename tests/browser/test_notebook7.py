"""Explorables in Notebook 7: the same pictures, the same keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from notebooks import Lab, Notebook
from pages import away_from_the_lowest, drawn, ready

from byhand import explore

NAMES = sorted(explore.pictures())


@pytest.fixture(scope="module")
def lab(new_lab) -> Iterator[Lab]:
    opened = new_lab()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def notebook(lab: Lab) -> Notebook:
    """A notebook with every explorable."""
    opened = lab.open("from byhand import explore", *(f"explore.{name}()" for name in NAMES), app="notebook")
    lab.errors.clear()  # Notebook 7 writes one at its own start, before any cell has run
    opened.run_all()
    return opened


@pytest.mark.parametrize("name", NAMES)
def test_every_explorable_is_drawn_and_follows_the_keys(name: str, notebook: Notebook, lab: Lab) -> None:
    root = ready(notebook.output(1 + NAMES.index(name)))
    for slider in root.get_by_role("slider").all():
        slider.scroll_into_view_if_needed()
        away_from_the_lowest(slider)
        before = drawn(root)
        for key in ("Home", "ArrowRight", "ArrowUp", "PageUp", "ArrowLeft", "ArrowDown", "End"):
            notebook.page.keyboard.press(key)
            after = drawn(root)
            assert after != before, f"{key} moved nothing"
            before = after
    assert not lab.errors, "The page wrote errors to its console."
