"""The numbers in an answer: its arrays and single numbers, each with the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

MOST_LEAVES = 100
MOST_NUMBERS = 200_000  # in one array: larger ones would take all the time
MAX_DEPTH = 4


def leaves(value: Any) -> dict[tuple[Any, ...], np.ndarray]:
    """The real numbers in `value` by path, the first hundred arrays of it."""
    found: dict[tuple[Any, ...], np.ndarray] = {}
    for path, array in _walk(value, ()):
        if len(found) == MOST_LEAVES:
            break
        found[path] = array
    return found


def _walk(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], np.ndarray]]:
    if isinstance(value, dict) and len(path) < MAX_DEPTH:
        for key, item in value.items():
            yield from _walk(item, (*path, key))
    elif isinstance(value, tuple | list) and len(path) < MAX_DEPTH:
        for position, item in enumerate(value):
            yield from _walk(item, (*path, position))
    elif isinstance(value, bool | int | float | np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind in "biuf" and array.size <= MOST_NUMBERS:
            yield path, array


def total(value: Any) -> int:
    """How many numbers are in `value`."""
    return sum(array.size for array in leaves(value).values())


def wrong_numbers(expected: Any, actual: Any) -> np.ndarray:
    """The numbers of an answer that are not exactly those expected; all, where the form differs."""
    wanted, given = leaves(expected), leaves(actual)
    differ = [np.zeros(0)]
    for path, array in given.items():
        right = wanted.get(path)
        same = right is not None and right.shape == array.shape
        differ.append((array[right != array] if same else array).ravel().astype(float))
    return np.concatenate(differ)
