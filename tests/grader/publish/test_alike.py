"""Answers that are the same but for names, and the course's own, are named for a person; nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from publishing import graded, plain, results, small

from grader.chapters import source
from grader.model import Chapter
from grader.publish.alike import alike, copied, form
from grader.publish.class_report import render_class_report
from grader.publish.results import Result
from grader.record.autograded import autograded
from grader.record.recorder import record

LONG = '''def sigmoid(x):
    """Squash."""
    small = x < 0
    e = np.exp(-np.abs(x))
    whole = 1 + e
    return np.where(small, e / whole, 1 / whole)'''
RENAMED = """def sigmoid(z: float) -> float:
    # mine, all mine
    neg = z < 0
    power = np.exp(-np.abs(z))
    total = 1 + power
    return np.where(neg, power / total, 1 / total)"""
ANOTHER = """def sigmoid(x):
    out = np.empty_like(x)
    for place in np.ndindex(x.shape):
        out[place] = 1 / (1 + np.exp(-x[place]))
    return out"""
RELU = (
    "def relu({x}):\n    {y} = np.array({x})\n    {y}[{y} < 0] = 0\n    assert {y}.min() >= 0\n    return {y}"
)
SHORT = "def relu(x):\n    return np.maximum(x, 0)"


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


def handed_in(chapter: Chapter, folder: Path, **code: tuple[str, str]) -> list[Result]:
    """What is graded of learners by name, each with a sigmoid and a relu."""
    folder.mkdir(exist_ok=True)
    for student, (sigmoid, relu) in code.items():
        record(graded(chapter, student, code={"sigmoid": sigmoid, "relu": relu}), folder)
    return results(folder)


def test_names_comments_and_annotations_make_no_other_answer() -> None:
    assert form(LONG).nameless == form(RENAMED).nameless
    assert form(LONG).plain != form(RENAMED).plain
    assert form(LONG).nameless != form(ANOTHER).nameless
    assert form(LONG).nameless != form(LONG.replace("np.abs", "np.sign")).nameless


@pytest.mark.parametrize(
    "code", ["def f(:", "x" * 100_000, SHORT, "", "(" * 5000, "\0", "def f(x):\n" + " ---" * 3000]
)
def test_what_says_nothing_has_no_form(code: str) -> None:
    assert form(code) is None


def test_two_answers_that_are_the_same_but_for_names_are_named(chapter: Chapter, tmp_path: Path) -> None:
    one, other = RELU.format(x="x", y="out"), RELU.format(x="z", y="kept")
    found = handed_in(chapter, tmp_path, ada=(LONG, one), ben=(RENAMED, other), chen=(ANOTHER, SHORT))
    (pair,) = alike(found)
    assert (pair.students, pair.exercises, pair.word_for_word) == (("ada", "ben"), ["sigmoid", "relu"], 0)
    page = plain(render_class_report(found, "a class"))
    assert "Nothing here changed a mark" in page and "ada and ben: sigmoid , relu" in page
    assert "chen" not in page.partition("Answers to ask about")[2]


def test_one_answer_alone_or_what_many_share_is_no_reason_to_ask(chapter: Chapter, tmp_path: Path) -> None:
    assert alike(handed_in(chapter, tmp_path / "one", ada=(ANOTHER, SHORT), ben=(ANOTHER, SHORT))) == []
    many = {f"learner-{number}": (LONG, RELU.format(x="x", y="y")) for number in range(5)}
    assert alike(handed_in(chapter, tmp_path / "many", **many)) == []
    four = dict(list(many.items())[:4])
    pairs = alike(handed_in(chapter, tmp_path / "four", **four))
    assert len(pairs) == 6 and {pair.word_for_word for pair in pairs} == {2}


def test_the_course_s_own_answers_are_named_and_their_reader_pairs_with_nobody() -> None:
    name = "02_activations"
    solved = {cell.name: source.answer_of(cell) for cell in source.load(name).solved if cell.name}

    def result(student: str, change: str = "") -> Result:
        own = graded(
            source.load(name),
            student,
            code={n: text + change for n, text in solved.items() if "def " in text},
        )
        return Result(student, name, autograded(own))

    one, other = result("ada"), result("ben", "\nprint('mine')")
    (found,) = copied([one, other])
    assert found.student == "ada" and "softmax" in found.exercises
    assert alike([one, result("chen")]) == []
    assert "The course's own answer" in plain(render_class_report([one], "x")).replace("&#39;", "'")
