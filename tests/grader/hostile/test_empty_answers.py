"""No exercise can be passed without work: the same answer for every input, or the input itself, earns nothing."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from byhand.checking.codec import decode, encode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.exercises import chapters
from byhand.exercises.inputs import Case
from byhand.exercises.spec import Exercise

SPECS = {spec.name: spec for chapter in chapters() for spec in chapter.exercises}
FILLED: dict[str, float] = {
    "zero": 0.0,
    "one": 1.0,
    "a half": 0.5,
    "NaN": math.nan,
    "infinity": math.inf,
    "the largest number": float(np.finfo(float).max),
}


def filled(answer: Any, number: float) -> Any:
    """An answer of the right form in which every number, or text, is the same."""
    if isinstance(answer, tuple | list):
        return type(answer)(filled(part, number) for part in answer)
    if isinstance(answer, dict):
        return {key: filled(part, number) for key, part in answer.items()}
    if isinstance(answer, np.ndarray):
        return np.full(answer.shape, number)
    if isinstance(answer, str):
        return str(number)
    return number if isinstance(answer, bool | int | float | np.generic) else answer


@cache
def asked(name: str) -> tuple[Exercise, list[Case], list[dict[str, Any]]]:
    """An exercise without its known mistakes, which cost time and decide nothing; its cases; the right answers."""
    spec = replace(SPECS[name], mistakes=[])
    cases = spec.cases(7)
    return spec, cases, collect(spec.reference, encode_cases(cases))


def answered(name: str, answers: Callable[[Any, Any], Any]) -> bool:
    """Whether the judge passes what `answers` makes of the right answer and the arguments."""
    spec, cases, right = asked(name)
    records = [
        record | {"returned": encode(answers(decode(record.get("returned")), case.arguments))}
        for record, case in zip(right, cases, strict=True)
    ]
    return judge(spec, cases, records).passed


@pytest.mark.parametrize("name", SPECS)
def test_a_constant_earns_nothing(name: str) -> None:
    passed = [
        said
        for said, number in FILLED.items()
        if answered(name, lambda answer, _, number=number: filled(answer, number))
    ]
    assert passed == []


@pytest.mark.parametrize(
    "name", [name for name, spec in SPECS.items() if inspect.signature(spec.reference).parameters]
)
def test_the_input_earns_nothing(name: str) -> None:
    assert not answered(name, lambda _, arguments: arguments[0] if arguments else None)
    assert not answered(name, lambda _, arguments: arguments)


@pytest.mark.parametrize("name", SPECS)
def test_the_right_answer_passes_here_too(name: str) -> None:
    assert answered(name, lambda answer, _: answer)
