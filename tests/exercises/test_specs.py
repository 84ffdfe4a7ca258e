"""Every exercise is a good exercise: held for all of them at once, so an author need not write tests."""

from __future__ import annotations

import time
import warnings
from itertools import combinations

import pytest

from byhand.checking.codec import decode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.compare import Tolerance, difference
from byhand.checking.judge import judge
from byhand.exercises import chapters, find
from byhand.exercises.spec import Exercise

DRAWS = 200
DRAWS_OF_MISTAKES = 30

EXERCISES = [(chapter, exercise) for chapter in chapters() for exercise in chapter.exercises]
MISTAKES = [(exercise, number) for _, exercise in EXERCISES for number in range(len(exercise.mistakes))]

each_exercise = pytest.mark.parametrize(
    "exercise", [exercise for _, exercise in EXERCISES], ids=[f"{c.name}-{e.name}" for c, e in EXERCISES]
)


def answers(exercise: Exercise, function, seed: int):
    cases = exercise.cases(seed)
    return cases, collect(function, encode_cases(cases))


@each_exercise
def test_the_reference_passes_on_200_fresh_draws(exercise):
    for seed in range(DRAWS):
        report = judge(exercise, *answers(exercise, exercise.reference, seed))
        assert report.passed, f"seed {seed}:\n{report}"


@each_exercise
def test_the_reference_gives_no_warning(exercise):
    for seed in range(20):
        _, records = answers(exercise, exercise.reference, seed)
        assert not any(record["warnings"] for record in records)


@each_exercise
def test_an_untouched_stub_fails_and_is_told_so(exercise):
    def stub(*arguments, **keywords):
        raise NotImplementedError()

    report = judge(exercise, *answers(exercise, stub, 0))
    assert not report.passed
    assert report.kind == "not written"


@each_exercise
def test_returning_nothing_or_the_first_input_fails(exercise):
    for lazy in (lambda *arguments, **keywords: None, lambda *arguments, **keywords: (*arguments, 0)[0]):
        assert not judge(exercise, *answers(exercise, lazy, 0)).passed


@pytest.mark.parametrize(
    ("exercise", "number"), MISTAKES, ids=[f"{exercise.name}-{number}" for exercise, number in MISTAKES]
)
def test_every_mistake_fails_and_is_named(exercise, number):
    mistake = exercise.mistakes[number]
    kept = [(position,) for position, name in enumerate(exercise.returns) if name.startswith("_")]
    for seed in range(DRAWS_OF_MISTAKES):
        report = judge(exercise, *answers(exercise, mistake.function, seed))
        assert not report.passed, f"seed {seed}: this mistake passes: {mistake.sentence}"
        assert report.mistake == f"{exercise.name}/{mistake.id}", f"seed {seed}: {report}"
        assert report.kind == "mistake" and report.path[:1] not in kept, (
            f"seed {seed}: only the cache is wrong"
        )


@each_exercise
def test_mistakes_are_told_apart_whatever_their_order(exercise):
    tolerance = Tolerance(exercise.rtol, exercise.atol)
    for seed in range(DRAWS_OF_MISTAKES):
        made = [answers(exercise, mistake.function, seed)[1] for mistake in exercise.mistakes]
        for (one, first), (other, second) in combinations(zip(exercise.mistakes, made, strict=True), 2):
            same = all(
                ("raised" in a) == ("raised" in b)
                and a["changed"] == b["changed"]
                and difference(
                    decode(a.get("returned")), decode(b.get("returned")), tolerance, exercise.returns
                )
                is None
                for a, b in zip(first, second, strict=True)
            )
            assert not same, f"seed {seed}: alike: {one.sentence!r} and {other.sentence!r}"


@each_exercise
def test_a_sentence_teaches_in_plain_words(exercise):
    for mistake in exercise.mistakes:
        assert 20 <= len(mistake.sentence) <= 240, mistake.sentence
        assert mistake.sentence[0].isupper() or mistake.sentence[0] in "`"
        assert mistake.sentence.endswith((".", "?", ")"))


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
def test_names_agree_between_reference_and_spec(exercise):
    assert find(exercise.name) is exercise
    assert exercise.reference.__module__.startswith("byhand.")


@each_exercise
def test_the_docstring_of_the_reference_says_what_it_computes_and_shows_an_example(exercise):
    doc = exercise.reference.__doc__ or ""
    for section in ("Parameters", "Returns", "Examples")[not exercise.parameters :]:
        assert section in doc, f"{exercise.name} has no section {section!r}"


def test_no_warning_of_a_mistake_reaches_the_learner():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _, exercise in EXERCISES:
            for mistake in exercise.mistakes:
                judge(exercise, *answers(exercise, mistake.function, 0))
