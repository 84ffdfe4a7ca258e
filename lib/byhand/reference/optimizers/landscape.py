"""What lies around a point: valleys, hilltops and saddles, and how long a step may be.

Where the gradient is 0, the Hessian (the second derivatives, `reference.start.derivatives.hessian`) says what kind of
place it is. Its eigenvalues are the curvatures along its eigenvectors: above 0 the ground rises to both sides, below
0 it falls. The largest of them says from which learning rate on gradient descent leaves a valley instead of finding its
floor.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float


def classify_turning_point(first: float, second: float) -> str:
    """Name a point of a curve by its first and second derivative there.

    Parameters
    ----------
    first : float
        The slope. Only where it is exactly 0 is the curve level.
    second : float
        The curvature.

    Returns
    -------
    str
        "sloped" if the slope is not 0; otherwise "minimum" if the curvature is above 0, "maximum" if it is below 0, and
        "undecided" if it is 0.

    Notes
    -----
    A slope that was measured or computed is hardly ever exactly 0: round it first.

    Examples
    --------
    >>> classify_turning_point(0.0, 2.0), classify_turning_point(-0.5, 2.0)
    ('minimum', 'sloped')
    """
    if first != 0:
        return "sloped"
    if second == 0:
        return "undecided"
    return "minimum" if second > 0 else "maximum"


def is_saddle(hessian: ArrayLike) -> bool:
    """Whether a point with gradient 0 is a saddle: up along one direction, down along another.

    Parameters
    ----------
    hessian : (n, n) array
        The second derivatives there.

    Returns
    -------
    bool
        True if there is an eigenvalue above 0 and one below 0.

    Raises
    ------
    ValueError
        If the Hessian is not a square, symmetric matrix.

    Notes
    -----
    The sign of the determinant decides only in two dimensions.

    References
    ----------
    Y. Dauphin et al., "Identifying and attacking the saddle point problem in high-dimensional non-convex
    optimization", 2014.

    Examples
    --------
    >>> is_saddle([[2.0, 0.0], [0.0, -1.0]]), is_saddle([[2.0, 0.0], [0.0, 1.0]])
    (True, False)
    """
    return classify_critical_point(hessian) == "saddle"


def classify_critical_point(hessian: ArrayLike) -> str:
    """Name a point with gradient 0: "minimum", "maximum", "saddle", or "undecided".

    Parameters
    ----------
    hessian : (n, n) array
        The second derivatives there.

    Returns
    -------
    str
        "minimum" if all eigenvalues are above 0, "maximum" if all are below 0, "saddle" if there are some of both,
        whatever the others are; otherwise "undecided": along some direction the ground is flat as far as second
        derivatives can tell.

    Raises
    ------
    ValueError
        If the Hessian is not a square, symmetric matrix.

    Notes
    -----
    x⁴, −x⁴ and x³ all have the second derivative 0 at 0; the first is a minimum there, the second a maximum, the
    third neither.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 4.3.1.

    Examples
    --------
    >>> classify_critical_point([[1.0, 3.0], [3.0, 1.0]])
    'saddle'
    """
    curvatures = _eigenvalues("classify_critical_point", hessian)
    flat = _flat(curvatures)
    up, down = np.any(curvatures > flat), np.any(curvatures < -flat)
    if up and down:
        return "saddle"
    if np.any(np.abs(curvatures) <= flat):
        return "undecided"
    return "minimum" if up else "maximum"


def largest_stable_lr(hessian: ArrayLike) -> float:
    """The learning rate from which gradient descent can no longer find the bottom of a valley: 2 / λ_max.

    Parameters
    ----------
    hessian : (n, n) array
        The second derivatives, with no eigenvalue below 0: a valley.

    Returns
    -------
    float
        Infinity if the ground is flat.

    Raises
    ------
    ValueError
        If the Hessian is not a square, symmetric matrix, or has an eigenvalue below 0: then gradient descent leaves
        the point with every learning rate.

    Notes
    -----
    Along an eigenvector with eigenvalue λ, one step multiplies the distance to the bottom by 1 − lr λ. It shrinks
    as long as that lies between −1 and 1. At exactly 2 / λ_max the distance stays and changes sides at each step.
    On a quadratic valley this is exact; elsewhere it holds near the bottom.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient BackProp", 1998, section 5.

    Examples
    --------
    >>> largest_stable_lr([[1.0, 0.0], [0.0, 8.0]])
    0.25
    """
    curvatures = _eigenvalues("largest_stable_lr", hessian)
    steepest = float(curvatures[-1])  # they come in rising order
    if curvatures[0] < -_flat(curvatures):
        raise ValueError(
            f"largest_stable_lr: the Hessian has an eigenvalue below 0, {curvatures[0]:.3g}; along it gradient "
            "descent goes away from the point, with every learning rate"
        )
    return 2 / steepest if steepest > 0 else float("inf")


def basin(
    starts: ArrayLike, gradient: Callable[[NDArray], ArrayLike], minima: ArrayLike, lr: float, steps: int
) -> NDArray[np.int64]:
    """Into which minimum does gradient descent fall from each start?

    Parameters
    ----------
    starts : (n, d) array
        One start a row.
    gradient : function of one place (d,)
        Gives the gradient there, (d,).
    minima : (k, d) array
        The minima, one a row.
    lr : float
        The learning rate.
    steps : int
        How many steps of plain gradient descent to walk.

    Returns
    -------
    array (n,) of int
        For each start the row of the minimum that is nearest at the end; of two that are equally near, the lower.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    All starts that end in one minimum are its basin. The nearest minimum at the *start* need not be the one: a ridge
    may stand between.

    Examples
    --------
    >>> basin([[-0.1], [0.1]], lambda w: w**3 - w, [[-1.0], [1.0]], lr=0.1, steps=100)
    array([0, 1])
    """
    starts, minima = as_float(starts), as_float(minima)
    if starts.ndim != 2 or minima.ndim != 2 or starts.shape[1] != minima.shape[1] or not len(minima):
        raise ValueError(
            f"basin: starts has shape {starts.shape} and minima {minima.shape}; they must be (n, d) and (k, d), with "
            "at least one minimum"
        )
    ends = np.empty_like(starts)
    for i, w in enumerate(starts):
        for _ in range(steps):
            w = w - lr * np.asarray(gradient(w))
        ends[i] = w
    return np.argmin(np.linalg.norm(ends[:, np.newaxis] - minima, axis=2), axis=1)


def _eigenvalues(function: str, hessian: ArrayLike) -> NDArray[np.floating]:
    hessian = as_float(hessian)
    if hessian.ndim != 2 or hessian.shape[0] != hessian.shape[1] or hessian.size == 0:
        raise ValueError(f"{function}: the Hessian must be a square matrix, (n, n), not {hessian.shape}")
    # a Hessian that was measured is symmetric only up to rounding
    if not np.allclose(hessian, hessian.T, rtol=1e-3, atol=1e-3 * np.abs(hessian).max()):
        raise ValueError(f"{function}: a Hessian is symmetric; this one, of shape {hessian.shape}, is not")
    return np.linalg.eigvalsh((hessian + hessian.T) / 2)


def _flat(curvatures: NDArray[np.floating]) -> float:
    """Below this size a curvature may be rounding: half the digits of the largest one."""
    return float(np.sqrt(np.finfo(curvatures.dtype).eps) * np.abs(curvatures).max())
