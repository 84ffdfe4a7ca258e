"""What came back as it went in, where it was to be updated: a step that was not counted, a state that was not kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from byhand.checking.compare import EQUAL, difference
from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.evidence import Diagnosis, Evidence
from byhand.checking.diagnose.leaves import leaves
from byhand.checking.render.window import follow

LEAST_CASES = 2


def still_as_it_came(evidence: Evidence) -> Diagnosis | None:
    """An entry of a returned dict that should have changed and has not, in every case."""
    returns = evidence.exercise.returns
    cases = [n for n in range(len(evidence.cases)) if not evidence.expected[n].raised]
    if len(cases) < LEAST_CASES or any(evidence.actual[n].raised for n in cases):
        return None
    for path in leaves(evidence.expected[evidence.number].returned):
        if (
            len(path) == 2
            and isinstance(path[1], str)
            and isinstance(path[0], int)
            and path[0] < len(returns)
        ):
            name, key = returns[path[0]], path[1]
            told = [_unchanged(evidence, n, name, path) for n in cases]
            if None not in told and any(told) and sum(map(bool, told)) >= LEAST_CASES:
                return Diagnosis(sentence=say.NOT_UPDATED.format(what=f"{name}[{key!r}]"))
    return None


def _unchanged(evidence: Evidence, number: int, name: str, path: tuple[Any, ...]) -> bool | None:
    """Whether the entry came back as it went in and should not have; None if that is not so."""
    expected = follow(evidence.expected[number].returned, path)
    actual = follow(evidence.actual[number].returned, path)
    before = evidence.inputs(number).get(name) or {}  # None at the first call
    if not isinstance(before, dict):
        return None
    if path[1] not in before:  # the first call: whatever starts the state
        start = 0 if np.ndim(expected) == 0 else np.zeros(np.shape(expected))
        return (
            None
            if difference(start, actual, EQUAL)
            else bool(difference(start, expected, evidence.tolerance))
        )
    if difference(before[path[1]], actual, EQUAL):
        return None
    return difference(before[path[1]], expected, evidence.tolerance) is not None
