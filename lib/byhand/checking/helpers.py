"""Whose fault it is: the exercises that a learner's function calls, as the notebook defines them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from inspect import unwrap
from types import CodeType
from typing import Any

from byhand.exercises import find_or_none
from byhand.exercises.spec import Exercise

Function = Callable[..., Any]


def at_fault(function: Function, name: str, passes: Callable[[Exercise, Function], bool]) -> str | None:
    """The exercise that a function calls, however far, and that does not pass; the innermost of them.

    Parameters
    ----------
    function : callable
        The learner's, which fails.
    name : str
        Its exercise, which is no helper of itself.
    passes : callable
        Whether a function answers its exercise.
    """
    seen = {name}

    def first(one: Function) -> str | None:
        for other, helper in helpers(one):
            if other in seen:
                continue
            seen.add(other)
            if (deeper := first(helper)) is not None:
                return deeper
            exercise = find_or_none(other)
            if exercise is not None and not passes(exercise, helper):
                return other
        return None

    return first(function)


def helpers(function: Function) -> Iterator[tuple[str, Function]]:
    """The exercises that a function names and that its notebook defines, with the notebook's functions."""
    plain = _plain(function)
    code, names = getattr(plain, "__code__", None), getattr(plain, "__globals__", {})
    if not isinstance(code, CodeType):
        return
    for name in dict.fromkeys(_names(code)):
        helper = names.get(name)
        if callable(helper) and not _is_the_courses(helper) and find_or_none(name):
            yield name, helper


def _plain(function: Any) -> Any:
    while isinstance(function, partial):
        function = function.func
    try:
        return unwrap(function)
    except ValueError:  # a function that wraps itself
        return function


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_the_courses(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).split(".")[0] in ("byhand", "numpy")
