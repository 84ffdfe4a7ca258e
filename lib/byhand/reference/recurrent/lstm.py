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

from byhand.reference.recurrent.rnn import Cache, all_gradients, fitting, input_part, same_shape, time_first


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
    x, h, c, Wx, Wh, b = _fitting("lstm_step_forward", x, h, c, Wx, Wh, b)
    gates = x @ Wx + h @ Wh + b
    scale, shift = _tanh_to_gates(b)
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
    x, h0, c0, Wx, Wh, b = _fitting("lstm_forward", x, h0, c0, Wx, Wh, b, steps=True)
    scale, shift = _tanh_to_gates(b)
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


def _fitting(
    name: str, x: ArrayLike, h: ArrayLike, c: ArrayLike, *weights: ArrayLike, steps: bool = False
) -> tuple[NDArray, ...]:
    """As `recurrent.rnn.fitting`, with a cell that must have the shape of the state."""
    if np.shape(c) != np.shape(h):
        raise ValueError(
            f"{name}: the state has shape {np.shape(h)} and the cell has shape {np.shape(c)}; they must be the same"
        )
    x, h, Wx, Wh, b = fitting(name, x, h, *weights, steps=steps, gates=4)
    return x, h, np.asarray(c, x.dtype), Wx, Wh, b


def _tanh_to_gates(b: NDArray) -> tuple[NDArray, NDArray]:
    """Two rows, so that tanh(a · scale) · scale + shift is σ(a) in the columns of i, f and o, and tanh(a) in g's.

    For σ(a) = tanh(a / 2) / 2 + 1/2. One tanh for all four is fast, and it cannot overflow.
    """
    H = len(b) // 4
    return (
        np.repeat(np.array([0.5, 0.5, 1, 0.5], b.dtype), H),
        np.repeat(np.array([0.5, 0.5, 0, 0.5], b.dtype), H),
    )


def _blocks(gates: NDArray) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Views of the four blocks of columns; `np.split` says the same, and takes ten times as long."""
    H = gates.shape[1] // 4
    return gates[:, :H], gates[:, H : 2 * H], gates[:, 2 * H : 3 * H], gates[:, 3 * H :]
