"""Whether the answers are right: what a mark follows from, and nothing else.

No known mistake is tried here. Everything that was collected is untrusted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from byhand.checking import sentences as say
from byhand.checking.chance import troubles_of_chance
from byhand.checking.collect import encode_cases
from byhand.checking.compare import ANY_NUMBER, Difference, Tolerance, difference
from byhand.checking.outcome import Outcome, Raised, outcome_of, read
from byhand.exercises.inputs import Case, Rng
from byhand.exercises.spec import Exercise

OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError")  # Python's, and NumPy's for an array
MAX_SENTENCE = 600


class BrokenReference(RuntimeError):
    """The course's own function stopped with an error: something changed NumPy or the package under it."""


@dataclass(frozen=True)
class Trouble:
    """The first thing that is wrong with one answer, the most useful to say first."""

    kind: str
    sentence: str
    difference: Difference | None = None


@dataclass(frozen=True)
class Verdict:
    """What was asked, what came back, and what is wrong with it, case by case."""

    exercise: Exercise
    cases: list[Case]
    encoded: list[Any]
    expected: list[Outcome]
    actual: list[Outcome]
    troubles: list[Trouble | None]

    @property
    def failing(self) -> list[int]:
        """The numbers of the cases that fail, from 0."""
        return [number for number, trouble in enumerate(self.troubles) if trouble]

    @property
    def passed(self) -> bool:
        """Whether every answer is right."""
        return not any(self.troubles)


def verdict(exercise: Exercise, cases: list[Case], collected: Any) -> Verdict:
    """Compare what `collect` packed with the reference, which runs once a case.

    Raises
    ------
    Garbled
        If `collect` did not write it.
    BrokenReference
        If the reference stops with an error other than a ValueError.
    """
    actual = read(collected, len(cases))
    encoded = encode_cases(cases)
    expected = [outcome_of(exercise.reference, case) for case in encoded]
    for outcome in expected:
        if outcome.raised and not outcome.raised.value_error:
            raise BrokenReference(f"{outcome.raised.type}: {outcome.raised.message}")
    with np.errstate(all="ignore"):  # whatever the notebook asks of NumPy
        troubles = _troubles(exercise, cases, encoded, expected, actual)
    return Verdict(exercise, cases, encoded, expected, actual, troubles)


def _troubles(
    exercise: Exercise, cases: list[Case], encoded: list[Any], expected: list[Outcome], actual: list[Outcome]
) -> list[Trouble | None]:
    triples = list(zip(cases, expected, actual, strict=True))
    troubles = [_trouble(exercise, case, right, answer) for case, right, answer in triples]
    right = {number for number, trouble in enumerate(troubles) if trouble is None}
    for number, sentence in troubles_of_chance(exercise, encoded, expected, actual, right).items():
        troubles[number] = Trouble("property", sentence)
    if not any(troubles):
        troubles = [_kept_wrongly(exercise, case, right, answer) for case, right, answer in triples]
    return troubles


def _trouble(exercise: Exercise, case: Case, expected: Outcome, actual: Outcome) -> Trouble | None:
    if expected.raised:
        return _unrefused(exercise, actual)
    if actual.raised:
        return _raised(exercise, actual.raised)
    if actual.returned is None and expected.returned is not None:
        return Trouble("nothing", say.NOTHING)
    tolerance = ANY_NUMBER if exercise.acceptance else Tolerance(exercise.rtol, exercise.atol)
    found = difference(expected.returned, actual.returned, tolerance, exercise.returns)
    if found and found.kind not in ("values", "not finite"):
        return Trouble(found.kind, found.sentence, found)
    names = changed_arguments(exercise, actual, expected)
    if names:
        return Trouble("changed", say.CHANGED.format(names=" and ".join(names)), found)
    if found:
        return Trouble(found.kind, found.sentence, found)
    return _unaccepted(exercise, case, expected, actual) if exercise.acceptance else None


def _unrefused(exercise: Exercise, actual: Outcome) -> Trouble | None:
    """What is wrong where the task is to refuse the inputs with a ValueError."""
    if actual.raised is None:
        return Trouble("values", say.NOT_REFUSED)
    if actual.raised.value_error:
        return None
    if actual.raised.type == "NotImplementedError":
        return _not_written(exercise, actual.raised)
    return Trouble(
        "raised",
        f"{say.REFUSED_OTHERWISE.format(type=actual.raised.type)}\n{_where(exercise, actual.raised)}",
    )


def _raised(exercise: Exercise, raised: Raised) -> Trouble:
    if raised.type == "NotImplementedError":
        return _not_written(exercise, raised)
    sentences = [_where(exercise, raised)]
    if not raised.source and raised.type == "TypeError":
        names = ", ".join(exercise.parameters)
        sentences.append(say.WRONG_ARGUMENTS.format(signature=names) if names else say.NO_ARGUMENTS)
    kind = "memory" if raised.type in OUT_OF_MEMORY else "raised"
    return Trouble(kind, "\n".join(sentences))


def _not_written(exercise: Exercise, raised: Raised) -> Trouble:
    other = _elsewhere(exercise, raised)
    return Trouble("not written", say.OTHER_NOT_WRITTEN.format(name=other) if other else say.NOT_WRITTEN)


def _where(exercise: Exercise, raised: Raised) -> str:
    sentences = [say.RAISED.format(type=raised.type, message=raised.message).rstrip(": ")]
    if raised.line is not None and raised.source:
        other = _elsewhere(exercise, raised)
        where = say.RAISED_IN if other else say.RAISED_AT
        sentences.append(where.format(line=raised.line, source=raised.source, inside=other))
    return "\n".join(sentences)


def _elsewhere(exercise: Exercise, raised: Raised) -> str:
    """The other function in which it happened; nothing if it was the learner's answer itself, under a decorator say."""
    own = raised.inside in (exercise.name, "__call__")
    return "" if own else raised.inside


def changed_arguments(exercise: Exercise, actual: Outcome, expected: Outcome) -> list[str]:
    """The names of the arguments that the call changed and must not."""
    if expected.changed:  # changing them is the task
        return []
    parameters = exercise.parameters
    positions = {str(position): name for position, name in enumerate(parameters)}
    return [
        positions.get(where, where) for where in actual.changed if where in positions or where in parameters
    ]


def _unaccepted(exercise: Exercise, case: Case, expected: Outcome, actual: Outcome) -> Trouble | None:
    try:
        sentence = _accepted(exercise, case, actual.returned)
    except Exception as error:  # a value that nobody thought of, such as a cache that is a text
        names = tuple(name.removeprefix("_") for name in exercise.returns)
        found = difference(expected.returned, actual.returned, ANY_NUMBER, names)
        if found:
            return Trouble(found.kind, found.sentence, found)
        sentence = say.NOT_COMPARED.format(type=type(error).__name__)
    return Trouble("property", sentence[:MAX_SENTENCE]) if sentence else None


def _accepted(exercise: Exercise, case: Case, answer: Any) -> str | None:
    acceptance: Callable[..., str | None] | None = exercise.acceptance
    assert acceptance is not None
    return acceptance(answer, *case.arguments, **case.keywords)


def _kept_wrongly(exercise: Exercise, case: Case, expected: Outcome, actual: Outcome) -> Trouble | None:
    """What is wrong with a cache. The cells that follow take it apart, so it must be the one that was asked for."""
    if expected.raised:
        return None
    names = tuple(name.removeprefix("_") for name in exercise.returns)
    for position, name in enumerate(exercise.returns):
        if not name.startswith("_") or _looks_at(exercise, case, expected.returned, position):
            continue
        drawn = exercise.acceptance is not None and has_generator(case)
        tolerance = ANY_NUMBER if drawn else Tolerance(exercise.rtol, exercise.atol)
        found = difference(
            expected.returned[position], actual.returned[position], tolerance, names, (position,)
        )
        if found and not (drawn and _is_of_the_kind(found, expected.returned)):
            sentence = say.WRONG_CACHE.format(name=names[position], found=found.sentence)
            return Trouble("cache", sentence, found)
    return None


def _is_of_the_kind(found: Difference, expected: Any) -> bool:
    """Whether numbers have another shape only: what was drawn otherwise may be kept otherwise, as one number say."""
    for step in found.path:
        expected = expected[step]
    return found.kind == "shape" and not isinstance(expected, tuple | list | dict)


def _looks_at(exercise: Exercise, case: Case, right: Any, position: int) -> bool:
    """Whether the acceptance notices that this part of a right answer is gone, and so judges it."""
    if exercise.acceptance is None:
        return False
    spoiled = (*right[:position], None, *right[position + 1 :])
    try:
        return _accepted(exercise, case, spoiled) is not None
    except Exception:  # it took the part apart
        return True


def has_generator(case: Case) -> bool:
    """Whether a random generator is among the arguments."""
    return any(isinstance(value, Rng) for value in (*case.arguments, *case.keywords.values()))
