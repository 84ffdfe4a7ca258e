"""The learner's own function in a picture: drawn as it is, beside the reference, or replaced with a word why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from byhand.explore.text import write


@dataclass(frozen=True)
class Own:
    """A function's values at the points of a picture."""

    values: np.ndarray  # what is drawn: the learner's, or the reference's where the learner's cannot be
    reference: np.ndarray
    note: str | None  # what the picture says about it; None if all is well

    @property
    def dashed(self) -> np.ndarray:
        """The reference where it must be drawn too, else NaN (which is not drawn)."""
        same = _close(self.values, self.reference).all()
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
    name = f"Your {own.__name__}"
    try:
        with np.errstate(all="ignore"):
            given = own(x.copy())
    except NotImplementedError:
        return Own(right, right, f"{name} is not written yet. The reference is drawn instead.")
    except Exception as error:
        what = f"{name} raised {type(error).__name__} ({error})."
        return Own(right, right, f"{what} The reference is drawn instead.")
    if given is None:
        return Own(right, right, f"{name} returned nothing (None). The reference is drawn instead.")
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        what = f"{name} returned a {type(given).__name__}, which is no array of numbers."
        return Own(right, right, f"{what} The reference is drawn instead.")
    if values.shape != x.shape:
        what = f"{name} returned shape {values.shape} for an input of shape {x.shape}."
        return Own(right, right, f"{what} The reference is drawn instead.")
    far = np.where(_close(values, right), -1.0, np.nan_to_num(np.abs(values - right), nan=np.inf))
    worst = int(np.argmax(far))
    if far[worst] < 0:
        return Own(values, right, None)
    where = f"At {symbol} = {write(x[worst])} it gives {write(values[worst])}, not {write(right[worst])}."
    return Own(values, right, f"{name} differs from the reference, which is drawn dashed. {where}")


def _close(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return np.isclose(values, reference, rtol=1e-6, atol=1e-9, equal_nan=True)
