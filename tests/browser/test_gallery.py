"""The page with every picture and every kind of report: all of it is there, and nobody is kept out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pages import Offline
from playwright.sync_api import Browser, Page, expect
from reach import obstacles

from byhand import explore
from byhand.checking import Report

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
import gallery


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("gallery") / "index.html"
    file.write_text(gallery.page(), "utf-8")
    return file


@pytest.fixture(scope="module", params=["light", "dark"])
def shown(request, browser: Browser, written: Path) -> Page:
    pages = Offline(browser.new_context, written.parent)
    opened = pages.open_file(written, color_scheme=request.param)
    yield opened
    opened.context.close()
    assert not pages.errors
    assert pages.asked == [written.as_uri()], "the page fetched something"


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return gallery.reports()


def test_everything_is_there(shown, reports):
    expect(shown.locator(".byhand")).to_have_count(len(explore.pictures()))
    expect(shown.locator(".byhand-report")).to_have_count(len(reports))


def test_nobody_is_kept_out(shown):
    for details in shown.locator("details").all():
        details.evaluate("node => { node.open = true; }")
    assert obstacles(shown) == []


def test_no_text_of_a_report_is_smaller_than_12_pixels(shown):
    sizes = shown.locator(".byhand-report").evaluate_all(
        """reports => reports.flatMap(report => [...report.querySelectorAll("*")]
            .filter(node => node.textContent.trim() && !node.children.length)
            .map(node => parseFloat(getComputedStyle(node).fontSize)))"""
    )
    assert min(sizes) >= 12


@pytest.mark.parametrize("kind", sorted(Report.KINDS - {"memory", "garbled"}))
def test_every_kind_of_report_is_shown(kind, reports):
    assert kind in {report.kind for report in reports.values()}


def test_only_what_is_called_an_error_stops_with_one(reports):
    raised = {name for name, report in reports.items() if report.kind == "raised"}
    assert raised == {name for name in reports if name.startswith("an error")} | {"other arguments"}


def test_an_error_names_the_learners_line_and_none_of_ours(reports):
    for name, line in (
        ("an error in the learner's line", "np.expp(-x)"),
        ("an error inside NumPy", "np.linalg.inv"),
    ):
        assert line in reports[name].headline
        assert "byhand" not in reports[name].headline and "linalg.py" not in reports[name].headline
