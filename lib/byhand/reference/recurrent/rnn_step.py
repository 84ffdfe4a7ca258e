"""One step of the recurrent layer, there and back; and how its arguments must fit.

    h_next = tanh(x Wx + h Wh + b)

Shapes, types and PyTorch's names as in `recurrent.rnn`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Cache = tuple[NDArray, ...]


def rnn_step_forward(
    x: ArrayLike, h: ArrayLike, Wx: ArrayLike, Wh: ArrayLike, b: ArrayLike
) -> tuple[NDArray, Cache]:
    """One step: the new state h_next = tanh(x Wx + h Wh + b).

    Parameters
    ----------
    x : array (N, D)
        This step's input.
    h : array (N, H)
        The state that the step before has left.
    Wx : array (D, H)
    Wh : array (H, H)
    b : array (H,)

    Returns
    -------
    h_next : array (N, H)
        The new state. It is the step's output, too.
    cache : tuple (x, h, Wx, Wh, h_next)
        What the backward pass will need.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    J. Elman, "Finding structure in time", 1990.

    Examples
    --------
    >>> h_next, cache = rnn_step_forward([[1.0]], [[0.5]], [[0.3]], [[0.8]], [0.0])
    >>> h_next.round(4)
    array([[0.6044]])
    """
    x, h, Wx, Wh, b = fitting("rnn_step_forward", x, h, Wx, Wh, b)
    h_next = np.tanh(x @ Wx + h @ Wh + b)
    return h_next, (x, h, Wx, Wh, h_next)


def rnn_step_backward(dh_next: ArrayLike, cache: Cache) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
    """Back through one step, from the gradient of its new state to the gradients of all that it used.

    With a = x Wx + h Wh + b, the slope of tanh is 1 − h_next², so da = dh_next · (1 − h_next²). The rest is a
    dense layer, twice.

    Parameters
    ----------
    dh_next : array (N, H)
        The gradient of the loss with respect to h_next.
    cache : tuple (x, h, Wx, Wh, h_next)
        From `rnn_step_forward`.

    Returns
    -------
    dx : array (N, D)
    dh : array (N, H)
        The gradient with respect to the state before this step.
    dWx : array (D, H)
    dWh : array (H, H)
    db : array (H,)

    Raises
    ------
    ValueError
        If dh_next does not have the shape of the state.

    Examples
    --------
    >>> _, cache = rnn_step_forward([[1.0]], [[0.5]], [[0.3]], [[0.8]], [0.0])
    >>> dx, dh, dWx, dWh, db = rnn_step_backward([[1.0]], cache)
    >>> dh.round(4)  # 0.8 times the slope of tanh, 1 − 0.6044²
    array([[0.5078]])
    """
    x, h, Wx, Wh, h_next = cache
    dh_next = same_shape("rnn_step_backward", "dh_next", dh_next, h_next)
    da = dh_next * (1 - h_next * h_next)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.sum(axis=0)


def fitting(
    name: str,
    x: ArrayLike,
    h: ArrayLike,
    *weights: ArrayLike,
    steps: bool = False,
    gates: int = 1,
    biases: int = 0,
) -> tuple[NDArray, ...]:
    """x, h, Wx, Wh and b as floating-point arrays of one type; a ValueError if their shapes do not fit.

    `gates` blocks of H columns stand in Wx and Wh, and as many in b unless `biases` says otherwise.
    """
    arrays = [np.asarray(array) for array in (x, h, *weights)]
    dtype = np.result_type(*arrays)
    dtype = dtype if dtype.kind == "f" else np.dtype(float)
    x, h, Wx, Wh, b = (array.astype(dtype, copy=False) for array in arrays)
    biases = biases or gates
    x_shape = "(N, T, D)" if steps else "(N, D)"
    if x.ndim != len(x_shape.split(",")) or h.ndim != 2 or len(x) != len(h):
        raise ValueError(
            f"{name}: x has shape {x.shape} and the state has shape {h.shape}; x must be {x_shape} and the state "
            "(N, H), with the same N"
        )
    D, H = x.shape[-1], h.shape[1]
    for what, array, expected in (
        ("Wx", Wx, (D, gates * H)),
        ("Wh", Wh, (H, gates * H)),
        ("b", b, (biases * H,)),
    ):
        if array.shape != expected:
            raise ValueError(
                f"{name}: {what} has shape {array.shape}; x of shape {x.shape} and a state of shape {h.shape} "
                f"need {expected}"
            )
    return x, h, Wx, Wh, b


def same_shape(name: str, what: str, gradient: ArrayLike, of: NDArray) -> NDArray:
    """A gradient as an array of the type of what it belongs to; a ValueError if the shapes differ."""
    gradient = np.asarray(gradient, of.dtype)
    if gradient.shape != of.shape:
        raise ValueError(f"{name}: {what} has shape {gradient.shape}; it must be {of.shape}")
    return gradient
