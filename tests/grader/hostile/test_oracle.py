"""A script that knows nothing hands in again and again, and copies what its own page showed it: it earns nothing.

It sees more than a page shows: the expected answer in full. It answers inputs that it has seen before with what was
expected there, others with what was expected last of the case of that number. What it passes is listed: exercises whose
inputs are the same for everybody, or so few that a table of all of them is soon full.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from byhand.checking.codec import encode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import report_of
from byhand.checking.verdict import verdict
from byhand.exercises import chapters, find
from byhand.exercises.inputs import Case
from byhand.exercises.spec import Exercise
from grader.chapters import source
from grader.chapters.identity import chapter_names
from grader.judge.seeds import asking_order, in_drawn_order, seed

HAND_INS = 30
KEY = b"k" * 32

# With their points: what is shown once is right for ever, as there are no inputs,
GUESSABLE = {
    "weighted_sum_by_hand": 1,
    "graph_by_hand": 2,
    "three_layers_by_hand": 3,
    "cross_correlate_by_hand": 1,
    "edge_kernel": 2,
    "horizontal_edge_kernel": 1,
    # or as there are few
    "and_gate": 1,
    "or_gate": 1,
    "nand_gate": 1,
    "xor_gate": 2,
    "conv_output_size": 2,
    "conv_parameters": 1,
    "early_stopping": 3,
}


class Script:
    """What the learner hands in: a table of answers, which grows by what each page shows."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}  # by inputs
        self.last: dict[int, Any] = {}  # by the number of the case

    def text(self) -> str:
        """Its code: another one whenever the table has grown."""
        return json.dumps([self.seen, {str(number): answer for number, answer in self.last.items()}])

    def answers(self, cases: list[Any]) -> list[dict[str, Any]]:
        """What its function returns for each of these."""
        given = [
            self.seen.get(json.dumps(case), self.last.get(number, 0.0)) for number, case in enumerate(cases)
        ]
        return [{"returned": one, "changed": [], "warnings": [], "seconds": 0.0} for one in given]

    def read(self, number: int, case: Any, expected: Any) -> None:
        """Take down what the page showed."""
        self.seen[json.dumps(case)] = self.last[number] = encode(expected)


def passes(exercise: Exercise, hand_ins: int = HAND_INS) -> bool:
    """Whether any of its hand-ins passes the exercise."""
    script = Script()
    for number in range(hand_ins):
        # the digest of a notebook changes with each hand-in, since the table is in it
        cases: list[Case] = exercise.cases(seed(KEY, "oracle", exercise.name, f"{number}{script.text()}"))
        encoded = encode_cases(cases)
        order = asking_order(KEY, encoded)
        records = script.answers([encoded[place] for place in order])
        found = verdict(exercise, cases, in_drawn_order(order, records))
        if found.passed:
            return True
        report = report_of(found, None)
        if report.number is not None:
            script.read(report.number, encoded[report.number], report.expected)
    return False


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_a_script_that_reads_its_own_page_earns_only_what_can_be_guessed(chapter: Any) -> None:
    passed = {exercise.name for exercise in chapter.exercises if passes(exercise)}
    assert passed - set(GUESSABLE) == set()


def test_the_script_reads_what_is_shown() -> None:
    """It would also earn nothing if it were no good: where nothing is drawn, one page is enough."""
    assert passes(find("edge_kernel"), 3)
    exercise = find("relu")
    script, cases = Script(), find("relu").cases(1)
    encoded = encode_cases(cases)
    right = collect(exercise.reference, encoded)
    for number, case in enumerate(encoded):
        script.seen[json.dumps(case)] = right[number]["returned"]
    assert verdict(exercise, cases, script.answers(encoded)).passed


def test_the_points_of_what_can_be_guessed_are_listed() -> None:
    points = {
        cell.exercise: cell.points
        for name in chapter_names()
        for cell in source.load(name).cells
        if cell.exercise
    }
    assert {name: points[name] for name in GUESSABLE} == GUESSABLE
