"""The learner's own function in a picture: drawn as it is, beside the reference, or replaced with a word why.

Whatever the function does, a picture appears. If its values can be drawn they are, right or wrong; if they
cannot (it is not written yet, raises an error, returns the wrong thing), the reference is drawn and a
sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from byhand.explore.engine.captions import write


class Unusable(Exception):
    """The function cannot be drawn; the message is a sentence for the learner."""


def name_of(function: Callable) -> str:
    """What to call a function; not everything that can be called has a name."""
    return getattr(function, "__name__", type(function).__name__)


def call(own: Callable, shape: tuple[int, ...], *arguments: Any) -> np.ndarray:
    """What the learner's function returns, as an array of numbers of this shape.

    Raises
    ------
    Unusable
        If it raises an error, or returns anything else.
    """
    name = f"Your {name_of(own)}"
    try:
        with np.errstate(all="ignore"):
            given = own(*arguments)
    except NotImplementedError:
        raise Unusable(f"{name} is not written yet.") from None
    except Exception as error:
        raise Unusable(f"{name} raised {type(error).__name__}: {error}.") from error
    if given is None:
        raise Unusable(f"{name} returned nothing (None).")
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise Unusable(f"{name} returned a {type(given).__name__}, which is no array of numbers.") from None
    if values.shape != shape:
        raise Unusable(f"{name} returned shape {values.shape} where {shape} was expected.")
    return values


def weights_of(optimizer: Callable, **settings: float) -> Callable:
    """An optimiser of chapter 06 as a function of w, dw and lr that returns w, and keeps its state to itself."""
    state = None

    def one(w: np.ndarray, dw: np.ndarray, lr: float) -> Any:
        nonlocal state
        w, state = optimizer(w, dw, state, lr, **settings)
        return w

    one.__name__ = name_of(optimizer)
    return one


@dataclass(frozen=True)
class Own:
    """A function's values at the points of a picture."""

    values: np.ndarray  # what is drawn: the learner's, or the reference's where the learner's cannot be
    reference: np.ndarray
    note: str | None  # what the picture says about it; None if all is well

    @property
    def dashed(self) -> np.ndarray:
        """The reference where it must be drawn too, else NaN (which is not drawn)."""
        same = close(self.values, self.reference).all()
        return np.full_like(self.reference, np.nan) if same else self.reference


def tabulate(own: Callable | None, reference: Callable, x: np.ndarray, symbol: str) -> Own:
    """Call the learner's elementwise function on all points, and the reference if it is missing or fails.

    Parameters
    ----------
    own
        The learner's function, or None if there is none.
    reference
        What it should compute.
    x : array
        The points, which the functions receive as one array.
    symbol
        What the picture calls a point, such as "z".
    """
    right = np.asarray(reference(x.copy()), dtype=float)
    if own is None or own is reference:
        return Own(right, right, None)
    try:
        values = call(own, x.shape, x.copy())
    except Unusable as problem:
        return Own(right, right, f"{problem} The reference is drawn instead.")
    far = np.where(close(values, right), -1.0, np.nan_to_num(np.abs(values - right), nan=np.inf))
    worst = int(np.argmax(far))
    if far.flat[worst] < 0:
        return Own(values, right, None)
    point, given, expected = (write(float(each.flat[worst])) for each in (x, values, right))
    where = f"At {symbol} = {point} it gives {given}, not {expected}."
    return Own(values, right, f"Your {name_of(own)} differs from the reference, which is dotted. {where}")


def close(values: ArrayLike, reference: ArrayLike, rtol: float = 1e-6, atol: float = 1e-9) -> np.ndarray:
    """Where two arrays agree, as well as a check asks for unless another tolerance is given."""
    return np.asarray(np.isclose(values, reference, rtol=rtol, atol=atol, equal_nan=True))
