"""Two lengths of a vector: along the streets, and in a straight line.

Floating-point types are kept (float32 in, float32 out); whole numbers become float64. No function changes
its inputs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def l1_norm(v: ArrayLike) -> np.floating:
    """The length of a vector when you may only walk along the axes: Σ |vᵢ|.

    Parameters
    ----------
    v : (n,) array
        The vector.

    Returns
    -------
    number

    Raises
    ------
    ValueError
        If `v` is not a vector. The L1 norm of a matrix means something else: its largest column sum.

    Examples
    --------
    >>> print(l1_norm([3.0, -4.0]))
    7.0
    """
    return np.sum(np.abs(_vector(v)))


def l2_norm(v: ArrayLike) -> np.floating:
    """The length of a vector in a straight line: √(Σ vᵢ²). Also called the Euclidean norm.

    Parameters
    ----------
    v : (n,) array
        The vector.

    Returns
    -------
    number

    Raises
    ------
    ValueError
        If `v` is not a vector. The L2 norm of a matrix means something else: its largest singular value.

    Notes
    -----
    Squares leave the range of numbers long before lengths do: above about 1e154 in float64 and 1e19 in
    float32 this overflows, as ``np.linalg.norm`` does.

    Examples
    --------
    >>> print(l2_norm([3.0, -4.0]))
    5.0
    """
    v = _vector(v)
    return np.sqrt(np.sum(v * v))


def _vector(v: ArrayLike) -> NDArray[np.floating]:
    v = as_float(v)
    if v.ndim != 1:
        raise ValueError(f"v must be a vector of shape (n,), not an array of shape {v.shape}")
    return v
