"""What an author may forget when the course grows: each part of a chapter is used somewhere, and each sum is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import byhand.exercises
from byhand import explore
from byhand.exercises import chapters
from grader.chapters.identity import SOLUTIONS
from grader.chapters.source import load
from grader.chapters.syllabus import explorables, row
from grader.model import Cell, Role

ROOT = Path(__file__).resolve().parents[2]
NAMES = [one.name for one in chapters()]
HEADING = re.compile(r"^#+ (?P<title>.*?)(?: \((?P<points>\d+) points?\))?$", re.MULTILINE)
COUNT = re.compile(r"(?P<count>\w+) (?P<what>exercises?|written answers?) \((?P<points>\d+) points?\)")

each_chapter = pytest.mark.parametrize("name", NAMES)


def headings(cells: tuple[Cell, ...]) -> list[tuple[str, str | None, Cell | None]]:
    """Each heading's title, the points that it says, and the first graded cell below it, up to the next heading."""
    found: list[tuple[str, str | None, Cell | None]] = []
    for cell in cells:
        if found and found[-1][2] is None and cell.role in (Role.CHECK, Role.WRITTEN):
            found[-1] = (*found[-1][:2], cell)
        if cell.cell_type == "markdown" and cell.role is not Role.WRITTEN:
            found += [(one["title"], one["points"], None) for one in HEADING.finditer(cell.source)]
    return found


def test_every_chapter_has_a_source_and_every_source_a_chapter():
    assert sorted(path.stem for path in SOLUTIONS.glob("[0-9]*.py")) == NAMES


def test_the_readme_has_a_row_for_every_chapter():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.findall(r"^\| `(\d\d_\w+)` \| \S.*\?", readme, re.MULTILINE) == NAMES


@pytest.mark.parametrize("chapter", chapters(), ids=NAMES)
def test_every_module_of_specs_is_a_topic_of_its_chapter(chapter):
    folder = Path(byhand.exercises.__file__).parent / chapter.room
    modules = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert modules == set(chapter.topics)


@pytest.mark.parametrize("chapter", chapters(), ids=NAMES)
def test_every_exercise_of_a_chapter_is_asked_in_its_notebook(chapter):
    assert {one.name for one in chapter.exercises} == set(load(chapter.name).exercises)


def test_every_picture_is_shown_in_a_notebook():
    shown = set().union(*(explorables(cell) for name in NAMES for cell in load(name).cells))
    assert set(explore.pictures()) - shown == set()


@each_chapter
def test_a_heading_says_the_points_that_its_cell_gives(name):
    said = [(title, int(points), cell) for title, points, cell in headings(load(name).cells) if points]
    for title, points, cell in said:
        assert cell is not None, f"nothing below {title!r} gives its {points} points"
        assert cell.points == points, f"{title!r} says {points} points, its cell gives {cell.points:g}"
    named = {cell.exercise for _, _, cell in said if cell.exercise}
    assert named == set(load(name).exercises), "a heading each"


@each_chapter
def test_a_heading_with_a_name_stands_above_the_exercise_of_that_name(name):
    for title, points, cell in headings(load(name).cells):
        if points and (written := re.search(r"^Exercise: `(\w+)`", title)):
            assert cell is not None and cell.exercise == written[1], title


@each_chapter
def test_the_sums_beside_the_time_are_those_of_the_cells(name):
    chapter = load(name)
    (about,) = (
        paragraph
        for cell in chapter.cells
        for paragraph in cell.source.split("\n\n")
        if paragraph.startswith("**Time**")
    )
    numbers = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
    said = {
        one["what"].split()[0].rstrip("s"): (
            numbers.get(one["count"]) or int(one["count"]),
            int(one["points"]),
        )
        for one in COUNT.finditer(" ".join(about.split()))
    }
    counted = row(chapter)
    true = {"exercise": (counted.exercises, counted.points)}
    if counted.written:
        true["written"] = (counted.written, counted.written_points)
    assert said == true
