"""What a case that is asked twice tells about chance: the same generator, the same answer; another one, another.

A spec yields a case again with the same seed, or the same arguments with another seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from byhand.checking import sentences as say
from byhand.checking.compare import EQUAL, Tolerance, difference
from byhand.checking.outcome import Outcome
from byhand.exercises.spec import Exercise

RNG = "rng"


def troubles_of_chance(
    exercise: Exercise,
    encoded: list[Any],
    expected: list[Outcome],
    actual: list[Outcome],
    right: set[int],
) -> dict[int, str]:
    """A sentence for each case whose answer shows that chance did not come from the generator that was given.

    Only cases that are `right` otherwise are looked at.
    """
    found: dict[int, str] = {}
    for before, number, same_seed in _pairs(encoded):
        if not {before, number} <= right - set(found):
            continue
        if same_seed and not _alike(exercise, actual[before], actual[number], Tolerance()):
            found[number] = say.NOT_REPEATABLE
        if (
            not same_seed
            and _alike(exercise, actual[before], actual[number], EQUAL)
            and not _alike(exercise, expected[before], expected[number], EQUAL)
        ):
            found[number] = say.NOT_RANDOM
    return found


def _pairs(encoded: list[Any]) -> Iterator[tuple[int, int, bool]]:
    """Two cases with equal arguments, among them a generator; and whether its seed is the same."""
    seen: dict[str, list[int]] = {}
    for number, case in enumerate(encoded):
        blank = json.dumps(_without_seeds(case))
        if blank == json.dumps(case):  # no generator
            continue
        for before in seen.setdefault(blank, []):
            yield before, number, encoded[before] == case
        seen[blank].append(number)


def _without_seeds(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_without_seeds(item) for item in tree]
    if isinstance(tree, dict):
        return (
            {RNG: None} if set(tree) == {RNG} else {key: _without_seeds(item) for key, item in tree.items()}
        )
    return tree


def _alike(exercise: Exercise, one: Outcome, other: Outcome, tolerance: Tolerance) -> bool:
    return difference(one.returned, other.returned, tolerance, exercise.returns) is None
