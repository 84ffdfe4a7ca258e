"""Slopes by trying: how much does the output change when I move the input a little?

A neural network learns by knowing, for each of its numbers, whether the error grows or shrinks when that
number grows. The functions below find out in the plainest way: take a small step h to either side, and
divide the change by the distance 2h (the central difference). It is far too slow for training, and exactly
what is needed to check the fast formulas of later chapters.

Its error is about h²·f‴/6 (the step is too long: the curve bends within it) plus ε·f/h (the step is too
short: the difference is lost in rounding; ε is about 2e-16 in float64 and 1e-7 in float32). A good step is
therefore near ∛ε: 1e-5 in float64, 5e-3 in float32. For second derivatives it is near ε^¼: 1e-4 and 2e-2.

`f` is evaluated in the type of `x` (float32 stays float32); whole numbers become float64 first, because a
whole number cannot take a small step. Nothing here changes `x`, not even while `f` runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float

TAYLOR_STEP = 1e-4  # near ε^¼ of float64: the best step for a second derivative


def numerical_derivative(f: Callable, x: ArrayLike, h: float) -> NDArray[np.floating]:
    """The slope of f at x by the central difference, (f(x + h) − f(x − h)) / (2h).

    Parameters
    ----------
    f : callable
        Takes a number and returns a number. A function that works element by element, as NumPy's do, may
        be given an array: each element's own slope is returned.
    x : number, or array of any shape
        Where the slope is wanted.
    h : float
        The step, above 0.

    Returns
    -------
    number, or array of the shape of `x`

    Raises
    ------
    ValueError
        If `h` is not above 0, or if `f` does not return the shape of `x`.

    Notes
    -----
    The error shrinks with h², that of the one-sided (f(x + h) − f(x)) / h only with h.

    References
    ----------
    Press, Teukolsky, Vetterling and Flannery (2007), *Numerical Recipes*, section 5.7.

    Examples
    --------
    >>> print(numerical_derivative(lambda x: x**2, 3.0, h=0.5))
    6.0
    """
    x, h = as_float(x), _step(h)
    above, below = np.asarray(f(x + h)), np.asarray(f(x - h))
    if above.shape != x.shape:
        raise ValueError(
            f"f must return one number for each number of x, but gave shape {above.shape} for x of shape "
            f"{x.shape}; numerical_gradient and jacobian take functions that mix the elements of x"
        )
    return (above - below) / (2 * h)


def numerical_gradient(f: Callable, x: ArrayLike, h: float) -> NDArray[np.floating]:
    """The gradient of f at x: for each element of x, how fast f grows with it.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x` and returns one number.
    x : array of any shape
        Where the gradient is wanted.
    h : float
        The step, above 0. Two calls of `f` for each element of `x`.

    Returns
    -------
    array of the shape of `x`
        Element i is (f(x + h eᵢ) − f(x − h eᵢ)) / (2h), where eᵢ is 1 at place i and 0 elsewhere.

    Raises
    ------
    ValueError
        If `h` is not above 0, or if `f` does not return one number.

    Examples
    --------
    >>> numerical_gradient(lambda x: x[0] ** 2 + 3 * x[1], [1.0, 5.0], h=0.5)
    array([2., 3.])
    """
    x, h = as_float(x), _step(h)
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        gradient[i] = (_number(f(x + step)) - _number(f(x - step))) / (2 * h)
    return gradient


def jacobian(f: Callable, x: ArrayLike, h: float) -> NDArray[np.floating]:
    """The Jacobian of f at x: row i, column j says how fast output i grows with input j.

    Parameters
    ----------
    f : callable
        Takes a vector of shape (n,) and returns a vector of shape (m,).
    x : (n,) array
        Where the Jacobian is wanted.
    h : float
        The step, above 0. Two calls of `f` for each element of `x`.

    Returns
    -------
    (m, n) array
        Column j is (f(x + h eⱼ) − f(x − h eⱼ)) / (2h), where eⱼ is 1 at place j and 0 elsewhere.

    Raises
    ------
    ValueError
        If `h` is not above 0, or if `x` is not a vector with at least one element.

    Notes
    -----
    Some books write the transpose, one row an input ("denominator layout").

    Examples
    --------
    >>> jacobian(lambda x: np.array([x[0] * x[1], x[0] + x[1], 4 * x[0]]), [2.0, 3.0], h=0.5)
    array([[3., 2.],
           [1., 1.],
           [4., 0.]])
    """
    x, h = _vector(x), _step(h)
    columns = []
    for j in range(len(x)):
        step = np.zeros_like(x)
        step[j] = h
        columns.append((np.asarray(f(x + step)) - np.asarray(f(x - step))) / (2 * h))
    return np.stack(columns, axis=-1)


def hessian(f: Callable, x: ArrayLike, h: float) -> NDArray[np.floating]:
    """The Hessian of f at x, all second derivatives: the Jacobian of the gradient.

    Parameters
    ----------
    f : callable
        Takes a vector of shape (n,) and returns one number.
    x : (n,) array
        Where the Hessian is wanted.
    h : float
        The step of both differences, above 0. The function is called 4n² times.

    Returns
    -------
    (n, n) array
        Row i, column j: how fast the slope along i grows with j. Symmetric, up to rounding.

    Raises
    ------
    ValueError
        If `h` is not above 0, if `x` is not a vector, or if `f` does not return one number.

    Notes
    -----
    Rounding is divided by h² here: with a step below 1e-6 little is left of float64. About 1e-4 is best.

    Examples
    --------
    >>> hessian(lambda x: x[0] ** 2 + 3 * x[0] * x[1], [1.0, 2.0], h=0.5)
    array([[2., 3.],
           [3., 0.]])
    """
    return jacobian(lambda point: numerical_gradient(f, point, h), x, h)


def taylor2(f: Callable, x0: ArrayLike, dx: ArrayLike) -> np.floating:
    """Predict f(x0 + dx) from x0 alone, to the second order: f + g·dx + ½ dx·H dx.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x0` and returns one number.
    x0 : (n,) array
        Where value, gradient g and Hessian H are taken. A number, or any other shape, works too.
    dx : array of the shape of `x0`
        The move away from `x0`.

    Returns
    -------
    number

    Raises
    ------
    ValueError
        If `dx` has not the shape of `x0`, or if `f` does not return one number.

    Notes
    -----
    Gradient and Hessian are central differences with step 1e-4, in float64 whatever the type of `x0`. The
    prediction is exact, up to their error, where f is a polynomial of degree 2. Elsewhere it is off by a
    third-order term: halve dx, and the error falls to an eighth.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 4.3.1.

    Examples
    --------
    >>> print(round(taylor2(lambda x: x[0] ** 2 + x[0] * x[1], [1.0, 2.0], [1.0, -1.0]), 6))
    6.0
    """
    x0, dx = as_float(x0), as_float(dx)
    if x0.shape != dx.shape:
        raise ValueError(f"dx must have the shape of x0; they are {dx.shape} and {x0.shape}")

    def of_vector(v: NDArray[np.float64]) -> np.floating:
        return _number(f(v.reshape(x0.shape)))

    start, move = x0.astype(np.float64).ravel(), dx.astype(np.float64).ravel()
    gradient = numerical_gradient(of_vector, start, TAYLOR_STEP)
    curvature = hessian(of_vector, start, TAYLOR_STEP)
    value = of_vector(start) + gradient @ move + 0.5 * move @ curvature @ move
    return cast("np.floating", value.astype(x0.dtype))


def _step(h: float) -> float:
    h = float(h)  # a NumPy float64 would widen float32
    if not h > 0:
        raise ValueError(f"the step h must be above 0, not {h}")
    return h


def _vector(x: ArrayLike) -> NDArray[np.floating]:
    x = as_float(x)
    if x.ndim != 1 or len(x) == 0:
        raise ValueError(f"x must be a vector with at least one element, not an array of shape {x.shape}")
    return x


def _number(value: ArrayLike) -> np.floating:
    number = np.asarray(value)
    if number.shape != ():
        raise ValueError(f"f must return one number, but it returned an array of shape {number.shape}")
    return cast("np.floating", number[()])
