"""How much a matrix stretches: what is needed to speak of curvature in many directions at once.

A symmetric matrix such as a Hessian bends the ground along each direction (`quadratic_form`). Its largest eigenvalue
can be found by multiplying again and again (`power_iteration`). Any matrix, square or not, has a largest factor by
which it makes a vector longer (`spectral_norm`), and a size as a table of numbers (`frobenius_norm`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def quadratic_form(A: ArrayLike, x: ArrayLike) -> float:
    """The number xᵀ A x: the sum of A[i, j] x[i] x[j] over all pairs.

    Parameters
    ----------
    A : (n, n) array
    x : (n,) array

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If A is not square, or x does not fit.

    Notes
    -----
    With a Hessian H and a direction d of length 1, dᵀ H d is the curvature along d. Near a point with gradient 0 the
    ground rises by ½ dᵀ H d. Only the symmetric part of A counts: (A + Aᵀ) / 2 gives the same number.

    Examples
    --------
    >>> quadratic_form([[2.0, 1.0], [1.0, 3.0]], [1.0, -1.0])
    3.0
    """
    A, x = _matrix("quadratic_form", A, square=True), as_float(x)
    _fits("quadratic_form", A, x)
    return float(x @ A @ x)


def power_iteration(A: ArrayLike, x: ArrayLike, steps: int) -> tuple[float, NDArray[np.floating]]:
    """Multiply by A and shorten to length 1, again and again: the vector turns to the largest eigenvalue's.

    Parameters
    ----------
    A : (n, n) array
        Symmetric.
    x : (n,) array
        Where to start.
    steps : int
        How often to multiply, 1 or more.

    Returns
    -------
    value : float
        vᵀ A v for the last vector v: the eigenvalue with the largest size, as well as so many steps can tell.
    vector : (n,) array
        v, of length 1.

    Raises
    ------
    ValueError
        If A is not square, x does not fit, there is no step, or A x becomes 0.

    Notes
    -----
    Each step multiplies the part along the largest eigenvalue by more than all others; after k steps the others have
    shrunk to (λ₂ / λ₁)ᵏ of their share. It needs nothing but products A v, so it works where A is far too large to
    write down. A start without any part along the right eigenvector finds another one.

    References
    ----------
    R. von Mises and H. Pollaczek-Geiringer, "Praktische Verfahren der Gleichungsauflösung", 1929.

    Examples
    --------
    >>> value, vector = power_iteration([[2.0, 0.0], [0.0, 1.0]], [3.0, 4.0], steps=30)
    >>> round(value, 6), vector.round(6)
    (2.0, array([1., 0.]))
    """
    A, vector = _matrix("power_iteration", A, square=True), as_float(x)
    _fits("power_iteration", A, vector)
    if not steps >= 1:
        raise ValueError(f"power_iteration: steps is {steps}; it must be at least 1")
    for _ in range(steps):
        vector = A @ vector
        length = np.linalg.norm(vector)
        if not length > 0:
            raise ValueError("power_iteration: A x is 0, which has no direction; start from another x")
        vector = vector / length
    return float(vector @ A @ vector), vector


def spectral_norm(A: ArrayLike) -> float:
    """The largest factor by which A makes a vector longer: its largest singular value.

    Parameters
    ----------
    A : (m, n) array

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If A is not a matrix.

    Notes
    -----
    The root of the largest eigenvalue of Aᵀ A. For a symmetric A it is the largest eigenvalue's size. As one step of a
    recurrent network multiplies gradients by Whᵀ, a spectral norm below 1 makes them vanish.

    Examples
    --------
    >>> spectral_norm([[0.0, 3.0], [0.0, 0.0]])
    3.0
    """
    return float(np.linalg.svd(_matrix("spectral_norm", A), compute_uv=False)[0])


def frobenius_norm(A: ArrayLike) -> float:
    """The root of the sum of all squares: the length of A, read as one long vector.

    Parameters
    ----------
    A : (m, n) array

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If A is not a matrix.

    Notes
    -----
    Never below the spectral norm: it is the root of the sum of ALL squared singular values.

    Examples
    --------
    >>> frobenius_norm([[3.0, 0.0], [0.0, 4.0]])
    5.0
    """
    return float(np.sqrt(np.sum(_matrix("frobenius_norm", A) ** 2)))


def _matrix(function: str, A: ArrayLike, square: bool = False) -> NDArray[np.floating]:
    A = as_float(A)
    if A.ndim != 2 or A.size == 0 or (square and A.shape[0] != A.shape[1]):
        what = "a square matrix, (n, n)" if square else "a matrix, (m, n)"
        raise ValueError(f"{function}: A must be {what}, not {A.shape}")
    return A


def _fits(function: str, A: NDArray, x: NDArray) -> None:
    if x.shape != A.shape[:1]:
        raise ValueError(
            f"{function}: x has shape {x.shape}; A of shape {A.shape} needs a vector {A.shape[:1]}"
        )
