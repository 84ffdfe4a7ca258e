"""A pytest plug-in that breaks references, one returned part at a time, and sees whether a test of their room fails.

    pytest -p breaking --break backprop tests/reference/backprop

It collects the room's tests once, and runs for each break the tests that name the reference first, until one fails. A
break changes the code of the function itself, so that everybody who imported it has the broken one. It prints a JSON
list of the breaks that no test found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import getsource
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from byhand.checking.codec import decode
from byhand.checking.collect import collect, encode_cases
from byhand.exercises import chapters
from byhand.exercises.spec import Exercise

MARK = "breaks that no test found: "


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--break", dest="room", help="the room whose references are broken")


def wrong(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, str):
        return value[1:] + "a"
    if isinstance(value, bool | np.bool_):
        return not value
    if isinstance(value, int | np.integer):
        return value + 1
    if isinstance(value, float | np.floating):
        return value * 1.01 + 0.01
    if isinstance(value, np.ndarray):
        if value.dtype == bool:
            return ~value
        return (
            value + 1 if value.dtype.kind in "iu" else value * value.dtype.type(1.01) + value.dtype.type(0.01)
        )
    if isinstance(value, dict):
        return {key: wrong(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(wrong(part) for part in value)
    return value


def break_part(answer: Any, part: int | None) -> Any:
    """The answer with one part wrong: of a tuple or of a dict, counted from 0 or from the end."""
    if part is None:
        return wrong(answer)
    if isinstance(answer, dict):
        key = list(answer)[part]
        return {**answer, key: wrong(answer[key])}
    return (*answer[:part], wrong(answer[part]), *answer[part + 1 :])


@contextmanager
def broken(function: Callable[..., Any], change: Callable[[Any], Any]) -> Iterator[None]:
    """The function itself returns what `change` makes of its answer, for everybody who holds it."""
    assert isinstance(function, FunctionType) and function.__closure__ is None, function
    right = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    right.__kwdefaults__ = function.__kwdefaults__
    kept = function.__code__, function.__defaults__, function.__kwdefaults__

    def instead(*arguments: Any, **keywords: Any) -> Any:
        return _change(_right(*arguments, **keywords))  # type: ignore[name-defined]  # noqa: F821

    names = {"_change": f"_change_{function.__name__}", "_right": f"_right_{function.__name__}"}
    code = instead.__code__
    function.__globals__[names["_change"]], function.__globals__[names["_right"]] = change, right
    function.__code__ = code.replace(co_names=tuple(names.get(name, name) for name in code.co_names))
    function.__defaults__ = function.__kwdefaults__ = None
    try:
        yield
    finally:
        function.__code__, function.__defaults__, function.__kwdefaults__ = kept
        for name in names.values():
            del function.__globals__[name]


def parts(exercise: Exercise) -> list[int | None]:
    """What is broken, one at a time. A cache is not: the reference that takes it apart is."""
    if exercise.returns:
        return [position for position, name in enumerate(exercise.returns) if not name.startswith("_")]
    (first, *_) = collect(exercise.reference, encode_cases(exercise.cases(0)))
    return [0, -1] if isinstance(decode(first["returned"]), dict) else [None]


def naming(items: list[pytest.Item], exercise: Exercise) -> list[pytest.Item]:
    """The items whose own text names the exercise first, then those of its file."""

    def rank(item: pytest.Item) -> int:
        if exercise.name in item.name or exercise.name in getsource(item.function):  # type: ignore[attr-defined]
            return 0
        return 1 if exercise.name in item.path.read_text("utf-8") else 2

    return sorted(items, key=rank)


def fails(item: pytest.Item) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def finder(exercise: Exercise, part: int | None, items: list[pytest.Item]) -> pytest.Item | None:
    """The first test that fails if this part is wrong."""
    with broken(exercise.reference, lambda answer: break_part(answer, part)):
        return next((item for item in naming(items, exercise) if fails(item)), None)


def pytest_runtestloop(session: pytest.Session) -> bool:
    room = session.config.getoption("room")
    (chapter,) = [one for one in chapters() if one.room == room]
    survivors = []
    for exercise in chapter.exercises:
        for part in parts(exercise):
            found = finder(exercise, part, session.items)
            if found is None:
                survivors.append(f"{exercise.name}, part {part}")
            elif fails(found):
                raise pytest.UsageError(f"{found.nodeid} fails with the right {exercise.name}, too")
    print(f"\n{MARK}{json.dumps(survivors)}")
    return True
