"""What every function of the reference does first with an array that it is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def as_float(x: ArrayLike) -> NDArray[np.floating]:
    """Keep a floating-point array as it is; make anything else float64."""
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)
