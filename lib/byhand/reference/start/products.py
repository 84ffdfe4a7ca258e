"""A matrix turns one vector into another: number by number, and in one step.

Floating-point types are kept (float32 in, float32 out); whole numbers become float64. No function changes
its inputs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def matrix_vector_loops(A: ArrayLike, x: ArrayLike) -> NDArray[np.floating]:
    """The product y = A x, one multiplication at a time: yᵢ = Σⱼ Aᵢⱼ xⱼ.

    Parameters
    ----------
    A : (m, n) array
        The matrix.
    x : (n,) array
        The vector: as many elements as A has columns.

    Returns
    -------
    (m,) array

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Here to be read. `matrix_vector` computes the same, hundreds of times faster on a large matrix.

    Examples
    --------
    >>> matrix_vector_loops([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [10.0, 1.0])
    array([12., 34., 56.])
    """
    A, x = _matrix_and_vector(A, x)
    rows, columns = A.shape
    y = np.zeros(rows, dtype=np.result_type(A, x))
    for i in range(rows):
        for j in range(columns):
            y[i] += A[i, j] * x[j]
    return y


def matrix_vector(A: ArrayLike, x: ArrayLike) -> NDArray[np.floating]:
    """The product y = A x: element i of y is row i of A times x, summed.

    Parameters
    ----------
    A : (m, n) array
        The matrix.
    x : (n,) array
        The vector: as many elements as A has columns.

    Returns
    -------
    (m,) array

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> matrix_vector([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [10.0, 1.0])
    array([12., 34., 56.])
    """
    A, x = _matrix_and_vector(A, x)
    return A @ x


def _matrix_and_vector(A: ArrayLike, x: ArrayLike) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    A, x = as_float(A), as_float(x)
    if A.ndim != 2 or x.ndim != 1 or A.shape[1] != len(x):
        raise ValueError(f"A of shape (m, n) needs x of shape (n,); these are {A.shape} and {x.shape}")
    return A, x
