"""A learner at work: the chapter as it is released, a wrong answer, its report, the right answer."""

from __future__ import annotations

import shutil

import nbformat
import pytest
from playwright.sync_api import Locator, expect

from grader.chapters.identity import SOLUTIONS

COURSE = SOLUTIONS.parent / "course"
WRONG = "def sigmoid(x):\n    return 1 / (1 + np.exp(x))"
RIGHT = "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))"


@pytest.fixture
def chapter(lab, server):
    """Chapter 02 from course/, open in JupyterLab, and the places of its cells by their names."""
    path = server.folder / "02_activations.ipynb"
    shutil.copy(COURSE / path.name, path)
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return lab.open_file(path), {cell.id: place for place, cell in enumerate(cells)}


def write(notebook, number: int, text: str) -> None:
    """Replace the text of a code cell, as a person would."""
    notebook.cell(number).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.insert_text(text)


def report(notebook, number: int) -> Locator:
    return notebook.output(number).locator(".byhand-report")


def test_a_known_mistake_is_named_and_its_correction_passes(chapter):
    notebook, place = chapter
    notebook.run(0)  # the imports
    check = place["check-sigmoid"]

    notebook.run(place["sigmoid"])
    notebook.run(check)
    expect(report(notebook, check)).to_contain_text("Not written yet")

    write(notebook, place["sigmoid"], WRONG)
    notebook.run(place["sigmoid"])
    notebook.run(check)
    shown = report(notebook, check)
    expect(shown).to_contain_text("The exponent has the wrong sign")
    expect(shown.locator("figcaption", has_text="expected")).to_be_visible()
    expect(shown.locator("figcaption", has_text="yours")).to_be_visible()
    expect(shown.locator("td.differs").first).to_be_visible()
    # one word says that it stopped here: the report says why, and no traceback of ours follows
    error = notebook.output(check).locator(
        ".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']"
    )
    expect(error).to_have_text("CheckFailed")

    write(notebook, place["sigmoid"], RIGHT)
    notebook.run(place["sigmoid"])
    notebook.run(check)
    expect(report(notebook, check)).to_contain_text("✓ sigmoid: right")
    expect(notebook.output(check).locator(".jp-RenderedText[data-mime-type*='stderr']")).to_have_count(0)
