"""One step of the LSTM, there and back; and how its arguments must fit.

    c_next = f · c + i · g        h_next = o · tanh(c_next)

The gates, their order and PyTorch's names as in `recurrent.lstm`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.recurrent.rnn_step import Cache, fitting, same_shape


def lstm_step_forward(
    x: ArrayLike, h: ArrayLike, c: ArrayLike, Wx: ArrayLike, Wh: ArrayLike, b: ArrayLike
) -> tuple[NDArray, NDArray, Cache]:
    """One step: c_next = f c + i g, then h_next = o tanh(c_next).

    Parameters
    ----------
    x : array (N, D)
        This step's input.
    h : array (N, H)
        The state that the step before has left.
    c : array (N, H)
        The cell that the step before has left.
    Wx : array (D, 4H)
    Wh : array (H, 4H)
    b : array (4H,)
        Four blocks of H columns each, in the order i, f, g, o.

    Returns
    -------
    h_next : array (N, H)
    c_next : array (N, H)
    cache : tuple (x, h, c, Wx, Wh, gates, c_next)
        What the backward pass will need; `gates` (N, 4H) holds i, f, g and o side by side.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    S. Hochreiter and J. Schmidhuber, "Long short-term memory", 1997. The forget gate: F. Gers, J. Schmidhuber
    and F. Cummins, "Learning to forget: continual prediction with LSTM", 2000.

    Examples
    --------
    The biases alone close the input gate and open the other two: the cell keeps what it has.

    >>> zeros, b = np.zeros((1, 4)), np.array([-1000.0, 1000.0, 0.0, 1000.0])
    >>> h_next, c_next, cache = lstm_step_forward([[1.0]], [[0.0]], [[0.7]], zeros, zeros, b)
    >>> c_next, h_next.round(4)
    (array([[0.7]]), array([[0.6044]]))
    """
    x, h, c, Wx, Wh, b = fitting_with_cell("lstm_step_forward", x, h, c, Wx, Wh, b)
    gates = x @ Wx + h @ Wh + b
    scale, shift = tanh_to_gates(b)
    gates = np.tanh(gates * scale) * scale + shift
    i, f, g, o = np.split(gates, 4, axis=1)
    c_next = f * c + i * g
    return o * np.tanh(c_next), c_next, (x, h, c, Wx, Wh, gates, c_next)


def lstm_step_backward(
    dh_next: ArrayLike, dc_next: ArrayLike, cache: Cache
) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray, NDArray]:
    """Back through one step.

    The cell's gradient has two parts: `dc_next`, which comes straight from the step after, and what h_next
    sends down, because h_next = o tanh(c_next). Both together then reach i, f, g and the old cell.

    Parameters
    ----------
    dh_next : array (N, H)
        The gradient of the loss with respect to h_next.
    dc_next : array (N, H)
        The gradient with respect to c_next, without what comes through h_next.
    cache : tuple (x, h, c, Wx, Wh, gates, c_next)
        From `lstm_step_forward`.

    Returns
    -------
    dx : array (N, D)
    dh : array (N, H)
    dc : array (N, H)
        The gradient with respect to the old cell: f times that of the new one.
    dWx : array (D, 4H)
    dWh : array (H, 4H)
    db : array (4H,)

    Raises
    ------
    ValueError
        If dh_next or dc_next does not have the shape of the state.

    Examples
    --------
    >>> zeros, b = np.zeros((1, 4)), np.array([-1000.0, 1000.0, 0.0, 1000.0])
    >>> *_, cache = lstm_step_forward([[1.0]], [[0.0]], [[0.7]], zeros, zeros, b)
    >>> dx, dh, dc, *_ = lstm_step_backward([[0.0]], [[1.0]], cache)
    >>> dc  # the forget gate is open: nothing is lost
    array([[1.]])
    """
    x, h, c, Wx, Wh, gates, c_next = cache
    dh_next = same_shape("lstm_step_backward", "dh_next", dh_next, c_next)
    dc_next = same_shape("lstm_step_backward", "dc_next", dc_next, c_next)
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c_next)
    dc = dc_next + dh_next * o * (1 - tanh_c * tanh_c)
    da = np.hstack(
        [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g * g), dh_next * tanh_c * o * (1 - o)]
    )
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


def fitting_with_cell(
    name: str, x: ArrayLike, h: ArrayLike, c: ArrayLike, *weights: ArrayLike, steps: bool = False
) -> tuple[NDArray, ...]:
    """As `recurrent.rnn_step.fitting`, with a cell that must have the shape of the state."""
    if np.shape(c) != np.shape(h):
        raise ValueError(
            f"{name}: the state has shape {np.shape(h)} and the cell has shape {np.shape(c)}; they must be the same"
        )
    x, h, Wx, Wh, b = fitting(name, x, h, *weights, steps=steps, gates=4)
    return x, h, np.asarray(c, x.dtype), Wx, Wh, b


def tanh_to_gates(b: NDArray) -> tuple[NDArray, NDArray]:
    """Two rows, so that tanh(a · scale) · scale + shift is σ(a) in the columns of i, f and o, and tanh(a) in g's.

    For σ(a) = tanh(a / 2) / 2 + 1/2. One tanh for all four is fast, and it cannot overflow.
    """
    H = len(b) // 4
    return (
        np.repeat(np.array([0.5, 0.5, 1, 0.5], b.dtype), H),
        np.repeat(np.array([0.5, 0.5, 0, 0.5], b.dtype), H),
    )
