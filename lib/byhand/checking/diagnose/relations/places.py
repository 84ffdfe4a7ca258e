"""Right at some places and wrong at others, and answers that do not depend on what they should."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.relations.pair import Fact, Pair

MOST_OF_THEM = 0.8  # of the places that a sentence is about are wrong


def zero(pair: Pair) -> Iterator[Fact]:
    """Zeros everywhere, where several numbers are expected: a single 0 may well have been computed."""
    if pair.wanted.size > 1 and pair.finite and not pair.given.any() and pair.wanted.any():
        yield "zero", ()


def constant(pair: Pair) -> Iterator[Fact]:
    """The same number everywhere, where several are expected."""
    if not pair.finite or pair.wanted.size < 2 or pair.given.size < 2:
        return
    if np.ptp(pair.given) == 0 and np.ptp(pair.wanted) > 0:
        yield "constant", (f"{pair.given.flat[0]:.5g}",)


def one_edge(pair: Pair) -> Iterator[Fact]:
    """All wrong numbers lie in the first or the last row, column or step."""
    if not pair.aligned or not pair.wrong.any():
        return
    for axis, size in enumerate(pair.wanted.shape):
        if size > 1:
            where = np.unique(np.nonzero(pair.wrong)[axis])
            if len(where) == 1 and where[0] in (0, size - 1):
                yield "but first", (_place(pair.wanted.ndim, axis, bool(where[0])),)


def _place(axes: int, axis: int, last: bool) -> str:
    if axes == 1:
        return (say.FIRST_NUMBER, say.LAST_NUMBER)[last]
    if axes == 2:
        return (say.FIRST_ROW, say.LAST_ROW, say.FIRST_COLUMN, say.LAST_COLUMN)[2 * axis + last]
    return (say.FIRST_ALONG, say.LAST_ALONG)[last].format(axis)


def border(pair: Pair) -> Iterator[Fact]:
    """The last two axes are right inside, and wrong only at their edges."""
    if pair.aligned and pair.wanted.ndim >= 2 and min(pair.wanted.shape[-2:]) >= 3:
        inside = pair.wrong[..., 1:-1, 1:-1]
        if not inside.any() and inside.size >= 4 and pair.wrong.any():
            yield "border", ()


def by_input(pair: Pair) -> Iterator[Fact]:
    """Wrong only where an input of the same shape is negative, positive or 0."""
    if not pair.aligned or not pair.wrong.any():
        return
    for name, array in pair.inputs.items():
        if (
            array.shape == pair.wanted.shape and "[" not in name
        ):  # what is in a cache or state was made on the way
            yield from ((id, (name,)) for id, there in _signs(array) if _only_there(pair.wrong, there))


def _only_there(wrong: np.ndarray, there: np.ndarray) -> bool:
    if not there.any() or there.all() or wrong[~there].any():
        return False
    return bool(wrong[there].mean() >= MOST_OF_THEM)


def _signs(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield "where zero", array == 0
    yield "where negative", array < 0
    yield "where positive", array > 0


def an_input(pair: Pair) -> Iterator[Fact]:
    yield from (("input", (name,)) for name, array in pair.inputs.items() if pair.near(array.astype(float)))


def another_part(pair: Pair) -> Iterator[Fact]:
    """What another returned value should be."""
    yield from (("another", (name,)) for name, array in pair.others.items() if pair.near(array.astype(float)))
