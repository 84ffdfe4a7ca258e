"""A linter for specs: each rule is held to every exercise, so that a hole in a check is found before a learner does.

`test_specs` asks whether a spec is right about its own mistakes. These rules ask what wrong answers it lets pass. They
run through `judge`, as a check does.
"""

from __future__ import annotations

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from byhand import explore
from byhand.checking.codec import decode, encode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.compare import Tolerance, difference
from byhand.checking.judge import judge
from byhand.checking.report import Report
from byhand.exercises import chapters
from byhand.exercises.inputs import Case, Function, Rng
from byhand.exercises.spec import Exercise

ROOT = Path(__file__).resolve().parents[2]
SEEDS = range(5)
VALUES = 3  # how many different values an argument takes, if its type has as many

EXERCISES = {exercise.name: exercise for chapter in chapters() for exercise in chapter.exercises}

# Arguments whose type has more values than the task has: a label is 0 or 1.
TWO_VALUES = {"perceptron_update y"}

# Exercises whose inputs are always the same, since they have none: the answer can be guessed or copied. Their points.
BY_HAND = {
    "weighted_sum_by_hand": 1,
    "graph_by_hand": 2,
    "three_layers_by_hand": 3,
    "cross_correlate_by_hand": 1,
    "edge_kernel": 2,
    "horizontal_edge_kernel": 1,
}

RULES: dict[str, Callable[[Exercise], None]] = {}


def rule(check: Callable[[Exercise], None]) -> Callable[[Exercise], None]:
    RULES[check.__name__.replace("_", "-")] = check
    return check


def judged(exercise: Exercise, function: Callable[..., Any], seed: int) -> Report:
    cases = exercise.cases(seed)
    return judge(exercise, cases, collect(function, encode_cases(cases)))


def refused(exercise: Exercise, function: Callable[..., Any], what: str, seeds: Any = SEEDS) -> None:
    passing = [seed for seed in seeds if judged(exercise, function, seed).passed]
    assert not passing, f"{exercise.name}: {what} passes on seeds {passing}"


# ---- the answer ----


@rule
def the_reference_passes(exercise: Exercise) -> None:
    for seed in SEEDS:
        report = judged(exercise, exercise.reference, seed)
        assert report.passed and not report.remarks, f"seed {seed}:\n{report}"


@rule
def no_answer_is_refused(exercise: Exercise) -> None:
    def stub(*arguments: Any, **keywords: Any) -> Any:
        raise NotImplementedError

    refused(exercise, stub, "the stub", [0])
    refused(exercise, lambda *arguments, **keywords: None, "None", [0])
    refused(exercise, lambda *arguments, **keywords: "1.0", "a text", [0])
    refused(exercise, lambda *arguments, **keywords: (*arguments, 0)[0], "the first argument", [0])


def but(exercise: Exercise, change: Callable[[Any], Any]) -> Callable[..., Any]:
    """The reference, with something done to what it returns."""

    def changed(*arguments: Any, **keywords: Any) -> Any:
        return change(exercise.reference(*arguments, **keywords))

    return changed


@rule
def every_returned_part_is_judged(exercise: Exercise) -> None:
    """A cache too, and where the answer is judged by a property."""
    for position, name in enumerate(exercise.returns):
        for wrong in (None, "1.0"):

            def without(answer: Any, position: int = position, wrong: Any = wrong) -> Any:
                return (*answer[:position], wrong, *answer[position + 1 :])

            refused(exercise, but(exercise, without), f"{name} = {wrong!r}", [0, 1])


@rule
def a_float_mask_is_refused(exercise: Exercise) -> None:
    """Where True and False are asked for, 1.0 and 0.0 are something else: they do not select."""
    answers = [call(exercise.reference, case) for case in exercise.cases(0)]
    if any(isinstance(answer, np.ndarray) and answer.dtype == bool for answer in answers):
        refused(exercise, but(exercise, lambda answer: answer.astype(float)), "a float mask")


@rule
def one_answer_for_all_is_refused(exercise: Exercise) -> None:
    """The right answer to one case, given to all: the cases must not have one answer."""
    if exercise.name in BY_HAND:
        return
    for seed in SEEDS:
        for case in exercise.cases(seed):
            answer = call(exercise.reference, case)
            refused(exercise, lambda *arguments, _answer=answer, **keywords: _answer, repr(answer), [seed])


def call(function: Callable[..., Any], case: Case) -> Any:
    """What the function returns on a case; the exception, if it raises one."""
    arguments = [live_value(value) for value in case.arguments]
    keywords = {name: live_value(value) for name, value in case.keywords.items()}
    try:
        return function(*arguments, **keywords)
    except ValueError as error:
        return error


def live_value(value: Any) -> Any:
    return np.random.default_rng(value.seed) if isinstance(value, Rng) else value


# ---- the inputs ----


def given(exercise: Exercise, seeds: Any = SEEDS) -> Iterator[dict[str, Any]]:
    """The arguments of each case by name, those left out as their default."""
    signature = inspect.signature(exercise.reference)
    for seed in seeds:
        for case in exercise.cases(seed):
            bound = signature.bind(*case.arguments, **case.keywords)
            bound.apply_defaults()
            yield bound.arguments


def plain_parts(value: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The numbers and texts in a cache, by where they lie in it: a stride, an eps, an activation's name."""
    if isinstance(value, tuple | list):
        for position, part in enumerate(value):
            yield from plain_parts(part, (*path, position))
    elif isinstance(value, bool | int | float | str):
        yield path, value


@rule
def arguments_take_three_values(exercise: Exercise) -> None:
    """A function that a case hands in, and a random generator, are exempt: they are not a value that code could take
    for another (`a_generator_of_ones_own_is_refused` is for the second). Of a cache, which another exercise made, the
    plain numbers and texts count.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, type] = {}
    for arguments in given(exercise):
        for name, value in arguments.items():
            if isinstance(value, Function | Rng) or callable(value):
                continue
            parts = plain_parts(value) if name == "cache" else [((), value)]
            for path, part in parts:
                place = name + "".join(f"[{position}]" for position in path)
                kinds[place] = type(part)
                seen[place].add(json.dumps(encode(part)))
    for place, values in seen.items():
        needed = 2 if kinds[place] is bool or f"{exercise.name} {place}" in TWO_VALUES else VALUES
        assert len(values) >= needed, f"{place} takes {len(values)} values over {len(SEEDS)} checks: {values}"


@rule
def defaults_are_left_out_once(exercise: Exercise) -> None:
    signature = inspect.signature(exercise.reference)
    named = {name for name, one in signature.parameters.items() if one.default is not one.empty}
    for seed in SEEDS:
        used = [
            set(signature.bind(*case.arguments, **case.keywords).arguments) for case in exercise.cases(seed)
        ]
        always = {name for name in named if all(name in arguments for arguments in used)}
        assert not always, f"seed {seed}: no case leaves out {', '.join(sorted(always))}"


@rule
def fixed_cases_never_decide_alone(exercise: Exercise) -> None:
    if exercise.name in BY_HAND:
        return
    one, other = (encode_cases(exercise.cases(seed)) for seed in (0, 1))
    assert one != other, "every check asks the same: an answer can be copied"


# ---- chance ----


def drawing_from(exercise: Exercise, make: Callable[[], np.random.Generator]) -> Callable[..., Any]:
    """The reference, but for the random generator: it takes one of its own, and leaves the given one alone."""
    signature = inspect.signature(exercise.reference)

    def other(*arguments: Any, **keywords: Any) -> Any:
        bound = signature.bind(*arguments, **keywords)
        bound.arguments["rng"] = make()
        return exercise.reference(*bound.args, **bound.kwargs)

    return other


@rule
def a_generator_of_ones_own_is_refused(exercise: Exercise) -> None:
    """``rng = np.random.default_rng(0)`` inside: each call draws the same."""
    if "rng" in exercise.parameters:
        refused(exercise, drawing_from(exercise, lambda: np.random.default_rng(0)), "default_rng(0) inside")


@rule
def global_chance_is_refused(exercise: Exercise) -> None:
    """``np.random.normal(…)`` inside: each call draws something else, whatever generator it was given."""
    if "rng" in exercise.parameters:
        numbers = count(1000)
        refused(
            exercise,
            drawing_from(exercise, lambda: np.random.default_rng(next(numbers))),
            "global np.random",
        )


# ---- the mistakes ----


@rule
def mistakes_have_words(exercise: Exercise) -> None:
    unnamed = {mistake.id for mistake in exercise.mistakes if re.fullmatch(r"unnamed-\d+", mistake.id)}
    assert not unnamed, f"{len(unnamed)} mistakes have a number for an id"


@rule
def a_shared_computation_left_alone_is_right(exercise: Exercise) -> None:
    """With no switch set it gives what the reference gives, so that a switch makes its mistake and no other."""
    if exercise.base is None:
        return
    tolerance = Tolerance(exercise.rtol, exercise.atol)
    for seed in SEEDS:
        if exercise.acceptance:  # it may draw in another order
            assert judged(exercise, exercise.base, seed).passed, f"seed {seed}"
            continue
        encoded = encode_cases(exercise.cases(seed))
        right, base = collect(exercise.reference, encoded), collect(exercise.base, encoded)
        for expected, answer in zip(right, base, strict=True):
            assert expected.get("raised", {}).get("type") == answer.get("raised", {}).get("type")
            one, other = decode(expected.get("returned")), decode(answer.get("returned"))
            found = difference(one, other, tolerance, exercise.returns)  # a cache is left out
            assert found is None, f"seed {seed}: {found}"


# ---- each rule, each exercise ----


@pytest.mark.parametrize("text", RULES)
@pytest.mark.parametrize("name", EXERCISES)
def test_a_rule_holds(name: str, text: str) -> None:
    RULES[text](EXERCISES[name])


# ---- nothing is made that is used nowhere ----


@cache
def sources() -> dict[str, str]:
    """The notebooks' sources, by chapter."""
    return {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "solutions").glob("*.py"))}


def points() -> dict[str, float]:
    """The points of each exercise's check cell."""
    found = {}
    for text in sources().values():
        for cell in re.findall(r"^# %%.*?nbgrader=(\{.*\})$", text, re.MULTILINE):
            data = json.loads(cell)
            if data["grade_id"].startswith("check-"):
                found[data["grade_id"].removeprefix("check-")] = data["points"]
    return found


def test_the_list_of_exercises_by_hand_is_the_list_of_those_without_arguments() -> None:
    assert set(BY_HAND) == {name for name, exercise in EXERCISES.items() if not exercise.parameters}
    assert {name: points()[name] for name in BY_HAND} == BY_HAND


def test_every_spec_is_checked_in_its_chapters_notebook() -> None:
    for chapter in chapters():
        for exercise in chapter.exercises:
            used = re.search(rf"^check\({exercise.name}\)", sources()[chapter.name], re.MULTILINE)
            assert used, f"{chapter.name} never checks {exercise.name}"


def test_every_topic_stands_in_its_chapter() -> None:
    for chapter in chapters():
        here = ROOT / "lib/byhand/exercises" / chapter.room
        files = {path.stem for path in here.glob("*.py")} - {"__init__"}
        assert files >= set(chapter.topics), f"{here.name}: CHAPTER.topics names a file that is not there"
        for stem in files - set(chapter.topics):  # what several topics share has no spec of its own
            module = import_module(f"byhand.exercises.{chapter.room}.{stem}")
            specs = [value for value in vars(module).values() if isinstance(value, Exercise)]
            assert not specs, f"{here.name}/{stem} stands in no CHAPTER.topics"
        assert all(f"byhand.reference.{chapter.room}." in e.reference.__module__ for e in chapter.exercises)


def test_every_picture_is_shown_in_its_chapters_notebook() -> None:
    rooms = {chapter.room: chapter.name for chapter in chapters()}
    for name, module in explore.pictures().items():
        source = sources()[rooms[module.split(".")[-2]]]
        assert re.search(rf"\bexplore\.{name}\(", source), f"{module} is shown nowhere"
