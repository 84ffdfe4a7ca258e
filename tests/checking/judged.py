"""What the tests of a check share: how a function is judged on a spec made for a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.checking.report import Report
from byhand.checking.verdict import Verdict, verdict
from byhand.exercises.spec import Exercise


def collected(spec: Exercise, function: Callable[..., Any], seed: int = 0) -> tuple[list[Any], list[Any]]:
    cases = spec.cases(seed)
    return cases, collect(function, encode_cases(cases))


def report_on(spec: Exercise, function: Callable[..., Any], seed: int = 0) -> Report:
    return judge(spec, *collected(spec, function, seed), lambda encoded: collect(function, encoded))


def verdict_on(spec: Exercise, function: Callable[..., Any], seed: int = 0) -> Verdict:
    return verdict(spec, *collected(spec, function, seed))
