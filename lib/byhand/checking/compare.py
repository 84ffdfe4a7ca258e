"""How a given value differs from the expected one: the most telling difference first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from byhand.checking import sentences as say
from byhand.checking.codec import Other

MAX_KEYS, MAX_KEY = 10, 40  # of a dict, in one sentence


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


EQUAL = Tolerance(0.0, 0.0)
ANY_NUMBER = Tolerance(0.0, float("inf"))  # any finite number of the right shape


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
        if type(actual) is not type(expected):
            return _wrong_type(what, expected, actual, path)
        return None if actual == expected else Difference("values", say.WRONG_VALUES, path)
    return _numbers(expected, actual, tolerance, path, what)


def _what(names: tuple[str, ...], path: tuple[Any, ...]) -> str:
    if not path:
        return say.ONE_ITEM.format(name=names[0]) if len(names) == 1 else say.THE_ANSWER
    first = path[0]
    name = names[first] if isinstance(first, int) and first < len(names) else str(first)
    return say.ONE_ITEM.format(name=name + "".join(f"[{part!r}]" for part in path[1:]))


def _wrong_type(what: str, expected: Any, actual: Any, path: tuple[Any, ...]) -> Difference:
    sentence = say.WRONG_TYPE.format(what=what, actual=describe(actual), expected=describe(expected))
    hint = _hint(expected, actual)
    return Difference("type", f"{sentence} {hint}" if hint else sentence, path)


def _hint(expected: Any, actual: Any) -> str:
    """What usually makes a value of this type where another was meant."""
    kind = actual.kind if isinstance(actual, Other) else ""
    if kind in say.HOW_IT_CAME:
        return say.HOW_IT_CAME[kind]
    if isinstance(actual, tuple) and len(actual) == 1 and not isinstance(expected, tuple | list | dict):
        return say.TRAILING_COMMA
    if isinstance(actual, str) and isinstance(expected, bool | int | float | np.ndarray | np.generic):
        return say.TEXT_NOT_NUMBER
    return ""


def _all_of_them(names: tuple[str, ...], path: tuple[Any, ...], expected: Any) -> str:
    """What to return, where several named values are asked for; else nothing."""
    if path or len(names) < 2 or len(names) != len(expected):
        return ""
    return " " + say.RETURN_ALL.format(names=", ".join(name.removeprefix("_") for name in names))


def _sequence(
    expected: tuple[Any, ...] | list[Any],
    actual: Any,
    tolerance: Tolerance,
    names: tuple[str, ...],
    path: tuple[Any, ...],
    what: str,
) -> Difference | None:
    if not isinstance(actual, tuple | list):
        wrong = _wrong_type(what, expected, actual, path)
        return replace(wrong, sentence=wrong.sentence + _all_of_them(names, path, expected))
    if len(actual) != len(expected):
        sentence = say.WRONG_LENGTH.format(what=what, actual=len(actual), expected=len(expected))
        return Difference("shape", sentence + _all_of_them(names, path, expected), path)
    for position, (one, other) in enumerate(zip(expected, actual, strict=True)):
        if not path and position < len(names) and names[position].startswith("_"):
            continue
        found = difference(one, other, tolerance, names, (*path, position))
        if found:
            return found
    return None


def _mapping(
    expected: dict[Any, Any],
    actual: Any,
    tolerance: Tolerance,
    names: tuple[str, ...],
    path: tuple[Any, ...],
    what: str,
) -> Difference | None:
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
    shown = ", ".join(sorted(repr(key)[:MAX_KEY] for key in mapping)[:MAX_KEYS])
    return (shown + (", …" if len(mapping) > MAX_KEYS else "")) or "—"


def _numbers(
    expected: Any, actual: Any, tolerance: Tolerance, path: tuple[Any, ...], what: str
) -> Difference | None:
    if isinstance(actual, list) and isinstance(expected, np.ndarray):
        return Difference("type", say.LIST_NOT_ARRAY.format(what=what), path)
    if not isinstance(actual, bool | int | float | np.ndarray | np.generic):
        return _wrong_type(what, expected, actual, path)
    wanted, given = np.asarray(expected), np.asarray(actual)
    if wanted.dtype.kind != "c" and given.dtype.kind == "c":
        return _wrong_type(what, expected, actual, path)
    if wanted.ndim and wanted.dtype.kind == "b" and given.dtype.kind == "f":
        return Difference("type", say.FLOAT_MASK.format(what=what), path)  # NumPy refuses it as an index
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
    if not wrong.ndim:
        lines.append(_apart(wanted, given))
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
    return " ".join(line for line in lines if line)


def _apart(wanted: np.ndarray, given: np.ndarray) -> str:
    """How far two single numbers are from each other; nothing for True and False, and for infinity."""
    one, other = wanted[()], given[()]
    if wanted.dtype.kind not in "iuf" or given.dtype.kind not in "iuf":
        return ""
    with np.errstate(all="ignore"):
        gap, ratio = np.subtract(other, one, dtype=float), np.divide(other, one, dtype=float)
    if not np.isfinite(gap):
        return ""
    sentence = say.APART.format(gap=f"{gap:.6g}")
    return (
        f"{sentence} {say.RATIO.format(ratio=f'{ratio:.6g}')}" if np.isfinite(ratio) and ratio else sentence
    )


def _shown(number: Any) -> str:
    return f"{number.item():.6g}" if np.asarray(number).dtype.kind in "fc" else str(number)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as a learner reads it; a single number has none."""
    return str(shape) if shape else "() (a single number)"


def describe(value: Any) -> str:
    """What kind of thing `value` is, in words."""
    if isinstance(value, Other):
        return value.text or f"a value of type {value.kind}"
    if isinstance(value, np.ndarray):
        return f"an array of {'complex numbers' if value.dtype.kind == 'c' else 'numbers'}"
    if isinstance(value, bool | np.bool_):
        return "True or False"
    if isinstance(value, int | float | np.generic):
        return "a complex number" if np.iscomplexobj(value) else "a number"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return _IN_WORDS.get(type(value).__name__, type(value).__name__)


_IN_WORDS = {"str": "a text", "dict": "a dict", "NoneType": "None"}
