"""The feedback page and the class report: axe-core finds nothing that keeps people out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from publishing import graded, not_written, results, small, wrong
from reach import obstacles

from grader.publish.class_report import write_class_report
from grader.publish.feedback import render_feedback
from grader.record.recorder import record


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small class: one who is done, some with mistakes, one who has not begun."""
    chapter = small(tmp_path_factory.mktemp("solutions"))
    folder = tmp_path_factory.mktemp("class")
    idle = {name: not_written(name) for name in chapter.exercises}
    for submission in (
        graded(chapter, "ada", ["sigmoid", "relu"]),
        graded(chapter, "ben", ["relu"]),
        graded(chapter, "chen", [], reports={"relu": wrong("relu", None, "shape")}),
        graded(chapter, "dara", [], reports=idle, answer=None),
    ):
        record(submission, folder)
    return folder


@pytest.fixture(params=["light", "dark"])
def tab(request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(offline=True, color_scheme=request.param).new_page()


def test_nobody_is_kept_out_of_the_class_report(tab: Page, folder: Path) -> None:
    tab.goto(write_class_report(results(folder), folder).as_uri())
    tab.evaluate("() => document.querySelectorAll('details').forEach(node => { node.open = true; })")
    assert obstacles(tab) == []


def test_nobody_is_kept_out_of_a_feedback_page(tab: Page, folder: Path, tmp_path: Path) -> None:
    for number, result in enumerate(results(folder)):
        page = tmp_path / f"{number}.html"
        page.write_text(render_feedback(result), "utf-8")
        tab.goto(page.as_uri())
        assert obstacles(tab) == []


def test_all_results_fit_on_a_phone_whatever_an_exercise_is_called(
    new_context: Callable[..., BrowserContext], folder: Path, tmp_path: Path
) -> None:
    page = tmp_path / "phone.html"
    page.write_text(render_feedback(results(folder)[1]), "utf-8")
    tab = new_context(offline=True, viewport={"width": 360, "height": 700}).new_page()
    tab.goto(page.as_uri())
    table = tab.get_by_role("region", name="All exercises with their points")
    for name in table.locator("th code").all():
        name.evaluate("node => { node.textContent = 'gradient_norms_through_time'; }")
    assert table.evaluate("node => node.scrollWidth - node.clientWidth") == 0
