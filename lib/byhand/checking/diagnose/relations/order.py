"""The right numbers at other places: transposed, reshaped, reversed, moved, in another order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from byhand.checking.diagnose.relations.pair import Fact, Pair

MOST_AXES = 4


def transposed(pair: Pair) -> Iterator[Fact]:
    """Two axes exchanged, or several."""
    axes = pair.wanted.ndim
    if not pair.finite or not 2 <= axes <= MOST_AXES or pair.given.ndim != axes:
        return
    for order in permutations(range(axes)):
        if order != tuple(range(axes)) and pair.near(pair.wanted.transpose(order)):
            yield ("transposed", ()) if axes == 2 else ("axes", (str(order),))
            return


def reshaped(pair: Pair) -> Iterator[Fact]:
    """The same numbers in the same order in another shape."""
    shapes = pair.expected.shape, pair.actual.shape
    if pair.finite and shapes[0] != shapes[1] and pair.near(pair.wanted.ravel(), pair.given.ravel()):
        yield "reshaped", (str(shapes[1]), str(shapes[0]))


def reversed_(pair: Pair) -> Iterator[Fact]:
    """Along one axis from the end to the beginning, or moved by one place."""
    if not pair.aligned:
        return
    for axis in range(pair.wanted.ndim):
        if pair.near(np.flip(pair.wanted, axis)):
            yield "reversed", (str(axis),)
        elif any(pair.near(np.roll(pair.wanted, step, axis)) for step in (1, -1)):
            yield "rolled", (str(axis),)


def reordered(pair: Pair) -> Iterator[Fact]:
    """The same numbers at other places."""
    if (
        pair.aligned
        and len(np.unique(pair.wanted)) > pair.wanted.size // 2
        and pair.near(np.sort(pair.wanted, axis=None), np.sort(pair.given, axis=None))
    ):
        yield "reordered", ()
