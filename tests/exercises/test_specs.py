"""Every exercise is a good exercise: held for all of them at once, so an author need not write tests.

Reference and mistakes are called once a seed. What an exercise lets pass is `test_lint`'s question, and whether its
reference is right that of ``tests/reference``, which `test_references` holds to it.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from byhand.checking.codec import decode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.compare import Tolerance, difference
from byhand.checking.judge import judge
from byhand.exercises import chapters, find
from byhand.exercises.spec import Exercise

DRAWS = 200
DRAWS_OF_MISTAKES = 30
ANY_NUMBERS = Tolerance(0.0, float("inf"))

EXERCISES = [(chapter, exercise) for chapter in chapters() for exercise in chapter.exercises]

each_exercise = pytest.mark.parametrize(
    "exercise", [exercise for _, exercise in EXERCISES], ids=[f"{c.name}-{e.name}" for c, e in EXERCISES]
)


def answers(exercise: Exercise, function, seed: int):
    cases = exercise.cases(seed)
    return cases, collect(function, encode_cases(cases))


# ---- the reference ----


@each_exercise
def test_the_reference_passes_unwarned_and_alike_when_asked_again_on_200_fresh_draws(exercise):
    """`judge` asks the reference a second time, so one that hangs on its earlier calls does not pass."""
    for seed in range(DRAWS):
        cases, records = answers(exercise, exercise.reference, seed)
        report = judge(exercise, cases, records)
        assert report.passed, f"seed {seed}:\n{report}"
        assert not any(record["warnings"] for record in records)


@each_exercise
def test_an_untouched_stub_fails_and_is_told_so(exercise):
    def stub(*arguments, **keywords):
        raise NotImplementedError()

    report = judge(exercise, *answers(exercise, stub, 0))
    assert not report.passed
    assert report.kind == "not written"


# ---- the mistakes ----


@dataclass
class Made:
    """What one function returned for the cases of one draw, decoded once."""

    records: list[dict[str, Any]]

    @cached_property
    def returned(self) -> list[Any]:
        return [decode(record.get("returned")) for record in self.records]

    @property
    def raised_everywhere(self) -> bool:
        return all("raised" in record for record in self.records)

    def same_as(self, other: Made, exercise: Exercise) -> bool:
        """The same as seen by a check: within the tolerance, caches left out."""
        tolerance = Tolerance(exercise.rtol, exercise.atol)
        return all(
            ("raised" in a) == ("raised" in b)
            and a["changed"] == b["changed"]
            and difference(one, two, tolerance, exercise.returns) is None
            for a, b, one, two in zip(self.records, other.records, self.returned, other.returned, strict=True)
        )


@each_exercise
def test_every_mistake_fails_and_is_told_from_every_other(exercise):
    """On thirty draws: not the reference's answer, or not accepted; and no two mistakes alike, whatever their order."""
    for seed in range(DRAWS_OF_MISTAKES):
        cases = exercise.cases(seed)
        encoded = encode_cases(cases)
        right = Made(collect(exercise.reference, encoded))
        made = [(mistake, Made(collect(mistake.function, encoded))) for mistake in exercise.mistakes]
        for mistake, wrong in made:
            assert not wrong.raised_everywhere, f"seed {seed}: it only raises: {mistake.sentence}"
            assert not _passes(exercise, cases, right, wrong), f"seed {seed}: this passes: {mistake.sentence}"
        for (one, first), (other, second) in combinations(made, 2):
            alike = first.same_as(second, exercise)
            assert not alike, f"seed {seed}: alike: {one.sentence!r} and {other.sentence!r}"


def _passes(exercise: Exercise, cases, right: Made, wrong: Made) -> bool:
    """Whether a check would let it pass; a wrong cache alone is no mistake."""
    if exercise.acceptance is None:
        return wrong.same_as(right, exercise)
    for case, record, expected, answer in zip(
        cases, wrong.records, right.returned, wrong.returned, strict=True
    ):
        if "raised" in record or difference(expected, answer, ANY_NUMBERS, exercise.returns):
            return False
        with np.errstate(all="ignore"):
            if exercise.acceptance(answer, *case.arguments, **case.keywords):
                return False
    return judge(exercise, cases, wrong.records).passed  # what it asks of several cases together


@each_exercise
def test_a_check_names_every_mistake_and_shows_no_warning_of_it(exercise):
    """The whole way, on one draw: since no two are alike, as the test above holds, this is so on the others too."""
    kept = [(position,) for position, name in enumerate(exercise.returns) if name.startswith("_")]
    for mistake in exercise.mistakes:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            report = judge(exercise, *answers(exercise, mistake.function, 0))
        assert not report.passed, f"this mistake passes: {mistake.sentence}"
        assert report.mistake == f"{exercise.name}/{mistake.id}", f"{report}"
        assert report.kind == "mistake" and report.path[:1] not in kept, "only the cache is wrong"


@each_exercise
def test_a_sentence_teaches_in_plain_words(exercise):
    for mistake in exercise.mistakes:
        assert 20 <= len(mistake.sentence) <= 240, mistake.sentence
        assert mistake.sentence[0].isupper() or mistake.sentence[0] in "`"
        assert mistake.sentence.endswith((".", "?", ")"))


# ---- the spec as a whole ----


@each_exercise
def test_the_reference_takes_milliseconds(exercise):
    # the processor's time, and the best of three, so that a busy machine does not decide
    best = min(_seconds(exercise) for _ in range(3))
    assert best < 0.25


def _seconds(exercise: Exercise) -> float:
    start = time.process_time()
    answers(exercise, exercise.reference, 0)
    return time.process_time() - start


@each_exercise
def test_the_same_seed_draws_the_same_cases(exercise):
    first, again = (encode_cases(exercise.cases(seed)) for seed in (1, 1))
    assert first == again
    assert first


@each_exercise
def test_the_docstring_of_the_reference_says_what_it_computes_and_shows_an_example(exercise):
    doc = exercise.reference.__doc__ or ""
    for section in ("Parameters", "Returns", "Examples")[not exercise.parameters :]:
        assert section in doc, f"{exercise.name} has no section {section!r}"


@each_exercise
def test_an_exercise_is_found_by_its_name_and_judged_by_the_course(exercise):
    assert find(exercise.name) is exercise
    assert exercise.reference.__module__.startswith("byhand.")
