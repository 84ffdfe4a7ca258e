"""The mistakes that a spec knows: made everywhere, in one returned part, or on some cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from byhand.checking.compare import difference
from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.evidence import Diagnosis, Evidence
from byhand.checking.diagnose.leaves import total, wrong_numbers
from byhand.checking.outcome import Outcome

LEAST_CASES = 2
LEAST_NUMBERS = 4  # of a part, on the cases on which it is wrong: fewer may agree with a mistake by chance
LEAST_EXPLAINED = 3  # cases that a mistake explains, where it does not explain all that fail
LEAST_WRONG = 8  # numbers in them that are not those expected
LEAST_VALUES = 3  # different ones among these: of 0 and 1 alone half are right by chance
MOST_PARTS = 2  # that are said


def on_every_case(evidence: Evidence) -> Diagnosis | None:
    """The mistake that gives the learner's answer on every case, and the same one made beside a change in place."""
    if all(outcome.raised for outcome in evidence.actual):
        return None
    for in_place in (True, False):
        for key, mistake in enumerate(evidence.exercise.mistakes):
            if evidence.all_same(key, mistake.function, in_place=in_place):
                return Diagnosis((mistake.id,), in_place=in_place)
        if not (evidence.trouble.kind == "changed" and _wrong_too(evidence)):
            break
    return None


def _wrong_too(evidence: Evidence) -> bool:
    """Whether numbers are wrong, and not only an argument changed."""
    return any(
        not evidence.same(evidence.expected[number], evidence.actual[number], in_place=False)
        for number in evidence.failing
    )


def in_some_parts(evidence: Evidence) -> Diagnosis | None:
    """A mistake for each returned part that is wrong, if each has exactly one, and none spoils a part that is right."""
    returns = evidence.exercise.returns
    if evidence.exercise.acceptance or len(returns) < 2:
        return None
    if not all(_has_parts(evidence.actual[number], returns) for number in evidence.failing):
        return None
    found: dict[str, str] = {}
    for position, name in enumerate(returns):
        wrong = [] if name.startswith("_") else _wrong_cases(evidence, position)
        if wrong:
            id = _mistake_in(evidence, position, wrong)
            if id is None:
                return None
            found[name] = id
    if not 0 < len(found) <= MOST_PARTS:
        return None
    lines = [say.IN_PART.format(name=name, place=place) for place, name in enumerate(found, 1)]
    return Diagnosis(tuple(found.values()), "\n".join(lines))


def _has_parts(outcome: Outcome, returns: Sequence[str]) -> bool:
    return isinstance(outcome.returned, tuple | list) and len(outcome.returned) == len(returns)


def _wrong_cases(evidence: Evidence, position: int) -> list[int]:
    return [
        number
        for number in evidence.failing
        if not evidence.expected[number].raised
        and _differ(evidence, evidence.expected[number], evidence.actual[number], position)
    ]


def _differ(evidence: Evidence, one: Outcome, other: Outcome, position: int) -> bool:
    parts = one.returned[position], other.returned[position]
    return difference(*parts, evidence.tolerance) is not None


def _mistake_in(evidence: Evidence, position: int, wrong: list[int]) -> str | None:
    """The only mistake that gives the learner's part on every case."""
    numbers = sum(total(evidence.expected[number].returned[position]) for number in wrong)
    if len(wrong) < LEAST_CASES or numbers < LEAST_NUMBERS:
        return None
    answered = [
        n for n in evidence.order if not evidence.expected[n].raised and not evidence.actual[n].raised
    ]
    ids = {
        mistake.id
        for key, mistake in enumerate(evidence.exercise.mistakes)
        if all(_explains(evidence, evidence.made(key, mistake.function, n), position, n) for n in answered)
    }
    return ids.pop() if len(ids) == 1 else None


def _explains(evidence: Evidence, made: Outcome, position: int, number: int) -> bool:
    """Whether a mistake gives the learner's part, and leaves the others right or as the learner has them."""
    returns, actual, expected = evidence.exercise.returns, evidence.actual[number], evidence.expected[number]
    if not _has_parts(made, returns) or _differ(evidence, made, actual, position):
        return False
    return all(
        name.startswith("_")
        or not _differ(evidence, expected, made, place)
        or not _differ(evidence, made, actual, place)
        for place, name in enumerate(returns)
    )


def on_some_cases(evidence: Evidence) -> Diagnosis | None:
    """The only mistake that gives the learner's answer on every case but one."""
    if evidence.exercise.acceptance:
        return None
    explained: dict[str, int] = {}
    for key, mistake in enumerate(evidence.exercise.mistakes):
        numbers = _agreeing(evidence, key, mistake.function)
        failing = [number for number in numbers if number in evidence.failing]
        told = [wrong_numbers(evidence.expected[n].returned, evidence.actual[n].returned) for n in failing]
        if len(numbers) >= len(evidence.cases) - 1 and len(failing) >= LEAST_EXPLAINED and _tell_enough(told):
            explained[mistake.id] = max(len(failing), explained.get(mistake.id, 0))
    if len(explained) != 1:
        return None
    ((id, count),) = explained.items()
    return Diagnosis((id,), say.ON_SOME.format(count=count, total=len(evidence.cases), place=1))


def _agreeing(evidence: Evidence, key: int, function: Callable[..., Any]) -> list[int]:
    """The cases that a mistake answers as the learner did; it stops at the second that it does not."""
    agreeing, others = [], 0
    for number in evidence.order:
        actual = evidence.actual[number]
        if not actual.raised and evidence.same(evidence.made(key, function, number), actual):
            agreeing.append(number)
        else:
            others += 1
            if others > 1:
                break
    return agreeing


def _tell_enough(wrong: list[np.ndarray]) -> bool:
    numbers = np.concatenate(wrong)
    return len(numbers) >= LEAST_WRONG and len(np.unique(numbers)) >= LEAST_VALUES
