"""A case as lines of Python: what a learner pastes into a cell to redo it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from byhand.checking import sentences as say
from byhand.checking.codec import Other
from byhand.exercises import find_or_none
from byhand.exercises.inputs import Function

if TYPE_CHECKING:
    from byhand.checking.report import Report

MOST_NUMBERS = 2000
_NATURAL = ("float64", "int64", "bool")  # what np.array makes by itself


def as_python(report: Report) -> str:
    """The case that a report shows: a line for each argument, then the call."""
    lines = [_line(name, value) for name, value in report.arguments]
    names = [name for name, _ in report.arguments]
    exercise = find_or_none(report.exercise)
    order = exercise.parameters if exercise else names
    # in their places as far as they fill them: the learner's arguments may be called otherwise
    given = [
        name if order[: place + 1] == names[: place + 1] else f"{name}={name}"
        for place, name in enumerate(names)
    ]
    return "\n".join([*lines, f"{report.exercise}({', '.join(given)})"])


def _line(name: str, value: Any) -> str:
    return f"{name} = {literal(value)}" if _count(value) <= MOST_NUMBERS else f"# {name}: {say.TOO_LARGE}"


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    if isinstance(value, tuple | list):
        return sum(map(_count, value))
    return value.size if isinstance(value, np.ndarray) else 1


def literal(value: Any) -> str:
    """A value as Python writes it, with NumPy's arrays."""
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(literal, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Function | Other):
        return re.sub(r"^\(([\w, ]*)\) → ", r"lambda \1: ", repr(value))
    return _names(repr(value)) if isinstance(value, float) else repr(value)


def _array(array: np.ndarray) -> str:
    dtype = "" if array.dtype.name in _NATURAL else f", dtype={array.dtype.name!r}"
    if array.size == 0:
        return f"np.zeros({array.shape}{dtype})"
    return f"np.array({_names(repr(array.tolist()))}{dtype})"


def _names(text: str) -> str:
    return re.sub(r"\b(nan|inf)\b", r"np.\1", text)
