"""The LSTM (long short-term memory): a recurrent layer that decides what to keep.

Beside the state h there is a second one, the cell c. Nothing squeezes it from step to step: it is only
multiplied by a gate, and something is added. Three gates are numbers from 0 to 1 for every unit:

    i = σ(…)      the input gate: how much of the new is written
    f = σ(…)      the forget gate: how much of the old is kept
    g = tanh(…)   the candidate: what would be written
    o = σ(…)      the output gate: how much of the cell is shown

    c_t = f · c_{t−1} + i · g
    h_t = o · tanh(c_t)

Each … is x_t Wx + h_{t−1} Wh + b with columns of its own, so one product computes all four: columns 0 to H − 1
are i's, then come f, g and o. On the way back the cell's gradient is multiplied by f alone. While f stays
close to 1, it survives many steps.

Shapes and types as in `recurrent.rnn`. The order i, f, g, o is PyTorch's, whose ``LSTM`` stores Wx and Wh
transposed and has two biases that are always added; b is their sum. CS231n has i, f, o, g; Keras i, f, c, o
with its candidate called c.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.recurrent.lstm_step import fitting_with_cell, tanh_to_gates
from byhand.reference.recurrent.rnn import all_gradients, input_part, time_first
from byhand.reference.recurrent.rnn_step import Cache, same_shape


def lstm_forward(
    x: ArrayLike, h0: ArrayLike, c0: ArrayLike, Wx: ArrayLike, Wh: ArrayLike, b: ArrayLike
) -> tuple[NDArray, NDArray, Cache]:
    """A whole sequence: the step again and again, each from the state and the cell that the last one has left.

    Parameters
    ----------
    x : array (N, T, D)
        N sequences of T steps.
    h0 : array (N, H)
    c0 : array (N, H)
        State and cell before the first step. Often zeros.
    Wx : array (D, 4H)
    Wh : array (H, 4H)
    b : array (4H,)
        The weights, the same at every step.

    Returns
    -------
    h : array (N, T, H)
        The state after each step.
    c : array (N, T, H)
        The cell after each step.
    cache : tuple (x, h0, c0, Wx, Wh, gates, h, c)
        What the backward pass will need; `gates` is (N, T, 4H).

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    PyTorch returns h, and of c only the last, ``c[:, -1]``.

    Examples
    --------
    With the forget gate at σ(2.2) = 0.9 and the input gate closed, 0.9 of the cell is left after each step.

    >>> zeros, b = np.zeros((1, 4)), np.array([-1000.0, np.log(9), 0.0, 0.0])
    >>> h, c, cache = lstm_forward(np.ones((1, 3, 1)), [[0.0]], [[1.0]], zeros, zeros, b)
    >>> c.round(3)
    array([[[0.9  ],
            [0.81 ],
            [0.729]]])
    """
    x, h0, c0, Wx, Wh, b = fitting_with_cell("lstm_forward", x, h0, c0, Wx, Wh, b, steps=True)
    scale, shift = tanh_to_gates(b)
    gates = input_part(x, Wx * scale, b * scale)  # becomes the pre-activations, then the gates
    Wh_scaled = Wh * scale
    T, N, H = *gates.shape[:2], h0.shape[1]
    h, c = np.empty((T, N, H), b.dtype), np.empty((T, N, H), b.dtype)
    product, written = np.empty_like(gates, shape=(N, 4 * H)), np.empty_like(c0)
    scale, shift = np.tile(scale, (N, 1)), np.tile(shift, (N, 1))  # NumPy is faster without broadcasting
    state, cell = h0, c0
    for a, h_next, c_next in zip(gates, h, c, strict=True):
        np.matmul(state, Wh_scaled, out=product)
        a += product
        np.tanh(a, out=a)
        a *= scale
        a += shift
        i, f, g, o = _blocks(a)
        np.multiply(f, cell, out=c_next)
        np.multiply(i, g, out=written)
        c_next += written
        np.tanh(c_next, out=h_next)
        h_next *= o
        state, cell = h_next, c_next
    gates, h, c = (array.swapaxes(0, 1) for array in (gates, h, c))
    return h, c, (x, h0, c0, Wx, Wh, gates, h, c)


def lstm_backward(dh: ArrayLike, cache: Cache) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray, NDArray]:
    """Backpropagation through time. The loss sees the outputs h; the cells are the layer's own affair.

    Parameters
    ----------
    dh : array (N, T, H)
        The gradient of the loss with respect to each output, without what flows through later steps.
    cache : tuple (x, h0, c0, Wx, Wh, gates, h, c)
        From `lstm_forward`.

    Returns
    -------
    dx : array (N, T, D)
    dh0 : array (N, H)
    dc0 : array (N, H)
    dWx : array (D, 4H)
    dWh : array (H, 4H)
    db : array (4H,)

    Raises
    ------
    ValueError
        If dh does not have the shape of the outputs.

    Examples
    --------
    The loss is the last of three outputs. With a forget gate of 0.9, an output gate of 1 and a cell of 0,
    0.9³ of its gradient reaches the first cell.

    >>> zeros, b = np.zeros((1, 4)), np.array([-1000.0, np.log(9), 0.0, 1000.0])
    >>> *_, cache = lstm_forward(np.ones((1, 3, 1)), [[0.0]], [[0.0]], zeros, zeros, b)
    >>> dx, dh0, dc0, *_ = lstm_backward(np.array([[[0.0], [0.0], [1.0]]]), cache)
    >>> dc0.round(3)
    array([[0.729]])
    """
    x, h0, c0, Wx, Wh, gates, h, c = cache
    dh = time_first(same_shape("lstm_backward", "dh", dh, h))
    gates, h, c = time_first(gates), time_first(h), time_first(c)
    da = np.empty_like(gates)
    carried_h, carried_c = np.zeros_like(h0), np.zeros_like(c0)
    tanh_c, dc, slope = np.empty_like(h0), np.empty_like(h0), np.empty_like(gates, shape=gates.shape[1:])
    Wh_T = np.ascontiguousarray(Wh.T)  # a copy: the product below is made T times, and is faster with it
    for t in reversed(range(len(h))):
        i, f, g, o = _blocks(gates[t])
        carried_h += dh[t]
        np.tanh(c[t], out=tanh_c)
        np.multiply(h[t], tanh_c, out=dc)
        np.subtract(o, dc, out=dc)  # o · tanh′(c) = o − o tanh²(c), and o tanh(c) is h
        dc *= carried_h
        dc += carried_c
        np.multiply(gates[t], gates[t], out=slope)
        np.subtract(gates[t], slope, out=slope)  # σ′ = σ − σ², and for the candidate tanh′ = 1 − tanh²
        slope_g = _blocks(slope)[2]
        np.multiply(g, g, out=slope_g)
        np.subtract(1, slope_g, out=slope_g)
        da_i, da_f, da_g, da_o = _blocks(da[t])
        np.multiply(dc, g, out=da_i)
        np.multiply(dc, c[t - 1] if t else c0, out=da_f)
        np.multiply(dc, i, out=da_g)
        np.multiply(carried_h, tanh_c, out=da_o)
        da[t] *= slope
        np.multiply(dc, f, out=carried_c)
        np.matmul(da[t], Wh_T, out=carried_h)
    dx, dh0, dWx, dWh, db = all_gradients(da, x, h0, h, Wx, carried_h)
    return dx, dh0, carried_c, dWx, dWh, db


def _blocks(gates: NDArray) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Views of the four blocks of columns; `np.split` says the same, and takes ten times as long."""
    H = gates.shape[1] // 4
    return gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H : 3 * H], gates[:, 3 * H :]
