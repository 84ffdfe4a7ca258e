"""The part of a value that fits into a report: around the first difference, with digits that show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

ROWS, COLUMNS = 6, 8
MOST_PARTS, DEEPEST = 40, 3  # of one argument


@dataclass(frozen=True)
class Window:
    """A table of texts cut from an array.

    ``rows`` and ``columns`` are the positions in the array's last two axes; ``cells[i][j]`` their texts;
    ``marked`` the (i, j) that differ. ``leading`` fixes the axes before; ``whole`` is whether nothing was left out.
    """

    cells: list[list[str]]
    rows: list[int]
    columns: list[int]
    marked: frozenset[tuple[int, int]]
    leading: tuple[int, ...]
    whole: bool


def follow(value: Any, path: tuple[Any, ...]) -> Any:
    """The part of a collection that `path` leads to; None if there is none."""
    for step in path:
        try:
            value = value[step]
        except (TypeError, KeyError, IndexError):
            return None
    return value


def is_table(value: Any) -> bool:
    """Whether `value` is an array with at least one axis and one number."""
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.size > 0


def parts(name: str, value: Any) -> list[tuple[str, Any]]:
    """A value as it can be shown: itself, or each of its items where one of them is a table."""
    return list(islice(_parts(name, value, 0), MOST_PARTS))


def _parts(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if depth < DEEPEST and _holds_table(value, depth):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _parts(f"{name}[{key!r}]", item, depth + 1)
    else:
        yield name, value


def _holds_table(value: Any, depth: int = 0) -> bool:
    if depth >= DEEPEST or not isinstance(value, tuple | list | dict):
        return False
    items = list(value.values()) if isinstance(value, dict) else value
    return any(is_table(item) or _holds_table(item, depth + 1) for item in items[:MOST_PARTS])


def place_of(cut: Window) -> str:
    """Where in an array of more than two axes a window lies, such as ``[0, 2]``; nothing for one of two."""
    return "[" + ", ".join(map(str, cut.leading)) + "]" if cut.leading else ""


def window(
    array: np.ndarray, other: np.ndarray | None, index: tuple[int, ...] | None, rtol: float, atol: float
) -> Window:
    """Cut a table out of `array` that holds `index`; mark where `other` of the same shape differs."""
    at = index if index is not None and len(index) == array.ndim else (0,) * array.ndim
    leading = at[:-2]
    plane, at = np.atleast_2d(array[leading]), ((0,) * (2 - array.ndim) + at)[-2:]
    rows, columns = _around(at[0], plane.shape[0], ROWS), _around(at[1], plane.shape[1], COLUMNS)
    cut = plane[np.ix_(rows, columns)]
    marked: frozenset[tuple[int, int]] = frozenset()
    digits = 4
    if other is not None and other.shape == array.shape:
        cut_other = np.atleast_2d(other[leading])[np.ix_(rows, columns)]
        with np.errstate(all="ignore"):
            same = np.isclose(
                cut.astype(complex), cut_other.astype(complex), rtol=rtol, atol=atol, equal_nan=True
            )
        marked = frozenset((int(i), int(j)) for i, j in np.argwhere(~same))
        digits = _telling_digits(cut[~same], cut_other[~same])
    cells = [[number_text(number, digits) for number in row] for row in cut]
    return Window(cells, rows, columns, marked, leading, cut.size == array.size)


def _around(position: int, length: int, most: int) -> list[int]:
    start = min(max(0, position - most // 2), max(0, length - most))
    return list(range(start, min(length, start + most)))


def _telling_digits(ones: np.ndarray, others: np.ndarray) -> int:
    """As few significant digits as show that the numbers differ."""
    for digits in range(4, 17):
        if all(number_text(a, digits) != number_text(b, digits) for a, b in zip(ones, others, strict=True)):
            return digits
    return 17


def number_text(number: Any, digits: int = 6) -> str:
    """A number as a learner reads it."""
    plain = np.asarray(number)
    if plain.dtype.kind == "f":
        return f"{plain.item() + 0.0:.{digits}g}"  # -0.0 is 0
    return str(plain.item())


def short_text(value: Any, width: int = 90) -> str:
    """A value on one line: a number, a text, a small collection."""
    if isinstance(value, float | np.floating):
        return number_text(value)
    if isinstance(value, np.ndarray):
        return _short_array(value)
    if isinstance(value, np.generic):
        return str(value.item())
    text = _short_collection(value) if isinstance(value, tuple | list | dict) else repr(value)
    return text if len(text) <= width else text[: width - 1] + "…"


def _short_array(array: np.ndarray) -> str:
    if array.ndim == 0:
        return number_text(array)
    if array.ndim == 1 and array.size <= COLUMNS:
        return "[" + ", ".join(number_text(number) for number in array) + "]"
    return f"array of shape {array.shape}"


def _short_collection(items: Any) -> str:
    if isinstance(items, dict):
        return "{" + ", ".join(f"{_key(k)}: {short_text(v)}" for k, v in list(items.items())[:20]) + "}"
    inner = ", ".join(short_text(item) for item in items[:20]) + (", …" if len(items) > 20 else "")
    return f"[{inner}]" if isinstance(items, list) else f"({inner}{',' if len(items) == 1 else ''})"


def _key(key: Any) -> str:
    return repr(key)[:40]
