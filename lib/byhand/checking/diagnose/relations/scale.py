"""Right but for a scale: a sign, a constant, the size of a batch, or one more function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.relations.pair import Fact, Pair

PLAIN = {2.0: "twice", 0.5: "half"}


def scale_of(pair: Pair) -> float | None:
    """The one number by which every expected number is multiplied; None if there is none."""
    if not pair.aligned or not pair.wanted.any():
        return None
    at = np.unravel_index(np.argmax(np.abs(pair.wanted)), pair.wanted.shape)
    scale = float(pair.given[at] / pair.wanted[at])
    return scale if scale and pair.near(scale * pair.wanted) else None


def sign(pair: Pair) -> Iterator[Fact]:
    if pair.aligned and pair.near(-pair.wanted):
        yield "sign", ()


def factor(pair: Pair) -> Iterator[Fact]:
    """The same factor in every case."""
    scale = scale_of(pair)
    if scale is None or np.isclose(scale, 1) or np.isclose(scale, -1):
        return
    plain = next((word for number, word in PLAIN.items() if np.isclose(scale, number)), None)
    yield (plain, ()) if plain else ("factor", (f"{scale:.5g}",))


def sizes(pair: Pair) -> Iterator[Fact]:
    """A factor that is the size of an input: of a batch, of the features."""
    scale = scale_of(pair)
    if scale is None:
        return
    for name, array in pair.inputs.items():
        for axis, n in enumerate((*array.shape, array.size)):
            if n > 1 and (axis < array.ndim or array.ndim > 1):
                yield from ((id, (_size(name, array, axis),)) for id, m in _with(n) if np.isclose(scale, m))


def _with(n: int) -> Iterator[tuple[str, float]]:
    yield "times size", n
    yield "over size", 1 / n
    yield "times less", n / (n - 1)
    yield "times more", (n - 1) / n
    yield "times root", n**0.5
    yield "over root", n**-0.5


def _size(name: str, array: np.ndarray, axis: int) -> str:
    if axis == array.ndim:
        return say.ALL.format(name)
    if array.ndim == 1:
        return say.LENGTH.format(name)
    return ((say.ROWS, say.COLUMNS)[axis] if array.ndim == 2 else say.AXIS).format(name, axis)


def shift(pair: Pair) -> Iterator[Fact]:
    """The same number added to every one."""
    if pair.aligned:
        gap = pair.given - pair.wanted
        step = float(np.median(gap))
        if abs(step) > 10 * pair.atol and np.allclose(gap, step, rtol=1e-6, atol=1e-12 + 1e-9 * abs(step)):
            yield "shift", (f"{step:.5g}",)


FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "absolute": np.abs,
    "square": np.square,
    "root": np.sqrt,
    "inverse": lambda wanted: 1 / wanted,
    "one minus": lambda wanted: 1 - wanted,
    "exponential": np.exp,
    "logarithm": np.log,
}


def functions(pair: Pair) -> Iterator[Fact]:
    """One function too many, or one too few."""
    if pair.aligned:
        yield from ((id, ()) for id, function in FUNCTIONS.items() if pair.near(function(pair.wanted)))
