"""How a given value differs from the expected one: the most telling difference first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from byhand.checking import sentences as say
from byhand.checking.codec import Other


@dataclass(frozen=True)
class Difference:
    """One sentence on how two values differ, and where numbers first do.

    ``kind`` is ``"type"``, ``"shape"``, ``"not finite"`` or ``"values"``; ``path`` leads to the differing
    part of a collection.
    """

    kind: str
    sentence: str
    path: tuple[Any, ...] = ()
    index: tuple[int, ...] | None = None
    detail: str = ""


@dataclass(frozen=True)
class Tolerance:
    """Numbers agree if ``|actual - expected| <= atol + rtol * |expected|``."""

    rtol: float = 1e-6
    atol: float = 1e-9


def difference(
    expected: Any, actual: Any, tolerance: Tolerance, names: tuple[str, ...] = (), path: tuple[Any, ...] = ()
) -> Difference | None:
    """Compare two decoded values.

    Parameters
    ----------
    names : tuple of str
        Names of the returned values; one that starts with ``_`` is not compared here.

    Returns
    -------
    Difference or None
        None if the values agree. NaN agrees with NaN, infinity with itself.
    """
    what = _what(names, path)
    if isinstance(expected, tuple | list):
        return _sequence(expected, actual, tolerance, names, path, what)
    if isinstance(expected, dict):
        return _mapping(expected, actual, tolerance, names, path, what)
    if isinstance(expected, str) or expected is None or isinstance(expected, Other):
        if type(actual) is type(expected) and actual == expected:
            return None
        if type(actual) is not type(expected):
            return _wrong_type(what, expected, actual, path)
        return Difference("values", say.WRONG_VALUES, path)
    return _numbers(expected, actual, tolerance, path, what)


def _what(names: tuple[str, ...], path: tuple[Any, ...]) -> str:
    if not path:
        return say.ONE_ITEM.format(name=names[0]) if len(names) == 1 else say.THE_ANSWER
    first = path[0]
    name = names[first] if isinstance(first, int) and first < len(names) else str(first)
    return say.ONE_ITEM.format(name=name + "".join(f"[{part!r}]" for part in path[1:]))


def _wrong_type(what: str, expected: Any, actual: Any, path: tuple[Any, ...]) -> Difference:
    sentence = say.WRONG_TYPE.format(what=what, actual=describe(actual), expected=describe(expected))
    return Difference("type", sentence, path)


def _sequence(expected, actual, tolerance, names, path, what) -> Difference | None:
    if not isinstance(actual, tuple | list):
        return _wrong_type(what, expected, actual, path)
    if len(actual) != len(expected):
        sentence = say.WRONG_LENGTH.format(what=what, actual=len(actual), expected=len(expected))
        return Difference("shape", sentence, path)
    for position, (one, other) in enumerate(zip(expected, actual, strict=True)):
        if not path and position < len(names) and names[position].startswith("_"):
            continue
        found = difference(one, other, tolerance, names, (*path, position))
        if found:
            return found
    return None


def _mapping(expected, actual, tolerance, names, path, what) -> Difference | None:
    if not isinstance(actual, dict):
        return _wrong_type(what, expected, actual, path)
    if set(actual) != set(expected):
        sentence = say.WRONG_KEYS.format(what=what, actual=_keys(actual), expected=_keys(expected))
        return Difference("shape", sentence, path)
    for key in expected:
        found = difference(expected[key], actual[key], tolerance, names, (*path, key))
        if found:
            return found
    return None


def _keys(mapping: dict[Any, Any]) -> str:
    return ", ".join(sorted(repr(key) for key in mapping)[:10]) or "—"


def _numbers(expected, actual, tolerance, path, what) -> Difference | None:
    if isinstance(actual, list) and isinstance(expected, np.ndarray):
        return Difference("type", say.LIST_NOT_ARRAY.format(what=what), path)
    if not isinstance(actual, bool | int | float | np.ndarray | np.generic):
        return _wrong_type(what, expected, actual, path)
    wanted, given = np.asarray(expected), np.asarray(actual)
    if wanted.dtype.kind != "c" and given.dtype.kind == "c":
        return _wrong_type(what, expected, actual, path)
    if wanted.shape != given.shape:
        sentence = say.WRONG_SHAPE.format(
            what=what, actual=shape_text(given.shape), expected=shape_text(wanted.shape)
        )
        return Difference("shape", sentence, path)
    wrong = ~_agree(wanted, given, tolerance)
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.ndim else ()
    bad = wrong & np.isfinite(wanted) & ~np.isfinite(given)
    detail = _detail(wanted, given, wrong, index)
    if bad.any():
        sentence = say.NOT_FINITE.format(what=what, bad=_shown(given[bad][0]))
        return Difference("not finite", sentence, path, index, detail)
    return Difference("values", say.WRONG_VALUES, path, index, detail)


def _agree(wanted: np.ndarray, given: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    with np.errstate(all="ignore"):
        wanted, given = (x.astype(complex if x.dtype.kind == "c" else float) for x in (wanted, given))
        close = np.isclose(given, wanted, rtol=tolerance.rtol, atol=tolerance.atol, equal_nan=True)
    # where any number will do (an infinite tolerance), infinity still is none
    return np.asarray(close & (np.isfinite(given) | ~np.isfinite(wanted)))


def _detail(wanted: np.ndarray, given: np.ndarray, wrong: np.ndarray, index: tuple[int, ...]) -> str:
    lines = []
    if index:
        place = "[" + ", ".join(map(str, index)) + "]"
        lines.append(
            say.FIRST_DIFFERENCE.format(
                index=place, expected=_shown(wanted[index]), actual=_shown(given[index])
            )
        )
    with np.errstate(all="ignore"):
        gaps = np.abs(given[wrong].astype(complex) - wanted[wrong].astype(complex))
    if wrong.size > 1 and np.isfinite(gaps).all():
        truths = given.dtype.kind == wanted.dtype.kind == "b"  # True and False are no distance apart
        sentence = say.HOW_MANY_DIFFER if truths else say.LARGEST_DIFFERENCE
        lines.append(sentence.format(largest=gaps.max(), count=int(wrong.sum()), total=wrong.size))
    return " ".join(lines)


def _shown(number: Any) -> str:
    return f"{number.item():.6g}" if np.asarray(number).dtype.kind in "fc" else str(number)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as a learner reads it; a single number has none."""
    return str(shape) if shape else "() (a single number)"


def describe(value: Any) -> str:
    """What kind of thing `value` is, in words."""
    if value is None:
        return "None"
    if isinstance(value, Other):
        return f"a value of type {value.kind}"
    if isinstance(value, np.ndarray):
        return f"an array of {'complex numbers' if value.dtype.kind == 'c' else 'numbers'}"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, int | float | np.generic):
        return "a complex number" if np.iscomplexobj(value) else "a number"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return {"str": "a text", "dict": "a dict"}.get(type(value).__name__, type(value).__name__)
