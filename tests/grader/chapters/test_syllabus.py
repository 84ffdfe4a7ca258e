"""The counted course: every number follows from specs and notebooks, and the table fits a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from byhand import explore
from byhand.exercises import chapters
from grader.__main__ import parser
from grader.chapters.source import load
from grader.chapters.syllabus import Row, row, table, total
from grader.model import Cell, Role


def demo(source: str) -> Cell:
    return Cell(id="x", role=Role.DEMO, cell_type="code", source=source)


@pytest.mark.parametrize("chapter", chapters(), ids=lambda one: one.name)
def test_a_chapters_exercises_and_mistakes_are_those_of_its_specs(chapter):
    counted = row(load(chapter.name))
    assert counted.chapter == chapter.name
    assert counted.exercises == len(chapter.exercises)
    assert counted.mistakes == sum(len(exercise.mistakes) for exercise in chapter.exercises)
    assert counted.points >= counted.exercises


def test_points_and_written_answers_are_those_of_the_notebook():
    chapter = load("02_activations")
    counted = row(chapter)
    text = " ".join(word for cell in chapter.cells for word in cell.source.split())  # wherever a line ends
    assert f"{counted.exercises} exercises ({counted.points:g} points)" in text
    assert f"{counted.written} written answers ({counted.written_points:g} points)" in text


def test_an_explorable_counts_once_and_only_if_it_is_shown():
    name, other = sorted(explore.pictures())[:2]
    chapter = replace(load("01_neuron"), cells=())
    cells = (
        demo(f"explore.{name}()"),
        demo(f"explore.{name}(sigmoid)\nprint(explore.{other}(step).value)"),
        demo(f"'explore.{sorted(explore.pictures())[2]}()'\nexplore.no_such_picture()"),
        replace(demo(f"explore.{sorted(explore.pictures())[2]}()"), cell_type="markdown"),
    )
    assert row(replace(chapter, cells=cells)).explorables == 2


def test_the_sum_adds_up_every_column():
    rows = [Row("a", 1, 2, 3, 4, 5, 6), Row("b", 10, 0.5, 30, 40, 50, 60)]
    assert total(rows) == Row("in all", 11, 2.5, 33, 44, 55, 66)


def test_the_table_has_a_row_a_chapter_and_their_sum():
    heading, _, *body, _, last = table().splitlines()
    assert heading.split()[:3] == ["chapter", "exercises", "points"]
    assert [line.split()[0] for line in body] == [one.name for one in chapters()]
    columns = zip(*(map(float, line.split()[1:]) for line in body), strict=True)
    assert [sum(column) for column in columns] == [float(number) for number in last.split()[2:]]
    assert max(map(len, table().splitlines())) <= 80


def test_the_command_prints_it(capsys):
    options = parser().parse_args(["syllabus"])
    assert options.run(options) == 0
    assert capsys.readouterr().out.strip() == table()
