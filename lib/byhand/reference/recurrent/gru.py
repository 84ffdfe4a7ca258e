"""The GRU (gated recurrent unit): an LSTM made smaller. Two gates, and no cell beside the state.

    r = σ(x Wx + h Wh + b)                        the reset gate: how much of the state the candidate may see
    z = σ(x Wx + h Wh + b)                        the update gate: how much of the state is kept
    n = tanh(x Wx + b_n + r · (h Wh + b_hn))      the candidate: what the state would become

    h_next = (1 − z) · n + z · h

Each line has columns of its own in Wx (D, 3H) and Wh (H, 3H), in PyTorch's order r, z, n. There are four
blocks of biases, b (4H,): r, z, n, and b_hn. PyTorch has two biases for each line, one added to x Wx and one to
h Wh. For r and z only their sum counts, so one is enough. In n the reset gate stands between them, so both are
needed: b_n belongs to the input, and b_hn is multiplied by r. From PyTorch's ``GRU``, b is
[b_ir + b_hr, b_iz + b_hz, b_in, b_hn].

Two other forms are found in books. Cho and others (2014) reset before the product, (r · h) Wh, not after it; and
some exchange z and 1 − z. Shapes and types as in `recurrent.rnn`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.recurrent.rnn import input_part, time_first
from byhand.reference.recurrent.rnn_step import Cache, fitting, same_shape


def gru_step_forward(
    x: ArrayLike, h: ArrayLike, Wx: ArrayLike, Wh: ArrayLike, b: ArrayLike
) -> tuple[NDArray, Cache]:
    """One step: h_next = (1 − z) n + z h, a mixture of the candidate and the old state.

    Parameters
    ----------
    x : array (N, D)
        This step's input.
    h : array (N, H)
        The state that the step before has left.
    Wx : array (D, 3H)
    Wh : array (H, 3H)
        Three blocks of H columns each, in the order r, z, n.
    b : array (4H,)
        The biases of r, z and n, then b_hn, which the reset gate multiplies.

    Returns
    -------
    h_next : array (N, H)
    cache : tuple (x, h, Wx, Wh, gates, hn)
        What the backward pass will need; `gates` (N, 3H) holds r, z and n side by side, and `hn` (N, H) is
        h Wh + b_hn in n's columns.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    K. Cho and others, "Learning phrase representations using RNN encoder-decoder for statistical machine
    translation", 2014.

    Examples
    --------
    The biases alone open the update gate: the state stays.

    >>> zeros, b = np.zeros((1, 3)), np.array([0.0, 1000.0, 0.0, 0.0])
    >>> h_next, cache = gru_step_forward([[1.0]], [[0.7]], zeros, zeros, b)
    >>> h_next
    array([[0.7]])
    """
    x, h, Wx, Wh, b = _fitting("gru_step_forward", x, h, Wx, Wh, b)
    H = h.shape[1]
    from_x, from_h = x @ Wx + b[: 3 * H], h @ Wh
    hn = from_h[:, 2 * H :] + b[3 * H :]
    rz = 0.5 * np.tanh(0.5 * (from_x[:, : 2 * H] + from_h[:, : 2 * H])) + 0.5  # the sigmoid, safe at ±1000
    r, z = rz[:, :H], rz[:, H:]
    n = np.tanh(from_x[:, 2 * H :] + r * hn)
    return n + z * (h - n), (x, h, Wx, Wh, np.hstack([rz, n]), hn)


def gru_step_backward(dh_next: ArrayLike, cache: Cache) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
    """Back through one step.

    Parameters
    ----------
    dh_next : array (N, H)
        The gradient of the loss with respect to h_next.
    cache : tuple (x, h, Wx, Wh, gates, hn)
        From `gru_step_forward`.

    Returns
    -------
    dx : array (N, D)
    dh : array (N, H)
    dWx : array (D, 3H)
    dWh : array (H, 3H)
    db : array (4H,)

    Raises
    ------
    ValueError
        If dh_next does not have the shape of the state.

    Examples
    --------
    >>> zeros, b = np.zeros((1, 3)), np.array([0.0, 1000.0, 0.0, 0.0])
    >>> _, cache = gru_step_forward([[1.0]], [[0.7]], zeros, zeros, b)
    >>> dx, dh, *_ = gru_step_backward([[1.0]], cache)
    >>> dh  # the update gate is open: nothing is lost
    array([[1.]])
    """
    x, h, Wx, Wh, gates, hn = cache
    dh_next = same_shape("gru_step_backward", "dh_next", dh_next, hn)
    r, z, n = np.split(gates, 3, axis=1)
    da_n = dh_next * (1 - z) * (1 - n * n)
    da_z = dh_next * (h - n) * z * (1 - z)
    da_r = da_n * hn * r * (1 - r)
    da_x = np.hstack([da_r, da_z, da_n])  # what flows into x Wx
    da_h = np.hstack([da_r, da_z, da_n * r])  # and into h Wh, where the reset gate stands before n
    db = np.concatenate([da_x.sum(axis=0), (da_n * r).sum(axis=0)])
    return da_x @ Wx.T, da_h @ Wh.T + dh_next * z, x.T @ da_x, h.T @ da_h, db


def gru_forward(
    x: ArrayLike, h0: ArrayLike, Wx: ArrayLike, Wh: ArrayLike, b: ArrayLike
) -> tuple[NDArray, Cache]:
    """A whole sequence: the step again and again, each from the state that the last one has left.

    Parameters
    ----------
    x : array (N, T, D)
        N sequences of T steps.
    h0 : array (N, H)
        The state before the first step. Often zeros.
    Wx : array (D, 3H)
    Wh : array (H, 3H)
    b : array (4H,)
        The weights, the same at every step.

    Returns
    -------
    h : array (N, T, H)
        The state after each step.
    cache : tuple (x, h0, Wx, Wh, gates, hn, h)
        What the backward pass will need; `gates` is (N, T, 3H), `hn` (N, T, H).

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    With the update gate at σ(2.2) = 0.9 and a candidate of 0, 0.9 of the state is left after each step.

    >>> zeros, b = np.zeros((1, 3)), np.array([0.0, np.log(9), 0.0, 0.0])
    >>> h, cache = gru_forward(np.ones((1, 3, 1)), [[1.0]], zeros, zeros, b)
    >>> h.round(3)
    array([[[0.9  ],
            [0.81 ],
            [0.729]]])
    """
    x, h0, Wx, Wh, b = _fitting("gru_forward", x, h0, Wx, Wh, b, steps=True)
    H = h0.shape[1]
    # σ(a) = tanh(a / 2) / 2 + 1/2: the halves inside go into the weights, once
    half = np.repeat(np.array([0.5, 0.5, 1], b.dtype), H)
    gates = input_part(x, Wx * half, b[: 3 * H] * half)  # becomes the pre-activations, then the gates
    Wh_half, b_hn = Wh * half, b[3 * H :]
    hn, h = (
        np.empty_like(gates, shape=(*gates.shape[:2], H)),
        np.empty_like(gates, shape=(*gates.shape[:2], H)),
    )
    product = np.empty_like(gates, shape=gates.shape[1:])
    state = h0
    for a, hn_t, h_next in zip(gates, hn, h, strict=True):
        np.matmul(state, Wh_half, out=product)
        rz, n = a[:, : 2 * H], a[:, 2 * H :]
        rz += product[:, : 2 * H]
        np.tanh(rz, out=rz)
        rz *= 0.5
        rz += 0.5
        r, z = a[:, :H], a[:, H : 2 * H]
        np.add(product[:, 2 * H :], b_hn, out=hn_t)
        np.multiply(r, hn_t, out=h_next)
        n += h_next
        np.tanh(n, out=n)
        np.subtract(state, n, out=h_next)
        h_next *= z
        h_next += n
        state = h_next
    gates, hn, h = (array.swapaxes(0, 1) for array in (gates, hn, h))
    return h, (x, h0, Wx, Wh, gates, hn, h)


def gru_backward(dh: ArrayLike, cache: Cache) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
    """Backpropagation through time.

    Parameters
    ----------
    dh : array (N, T, H)
        The gradient of the loss with respect to each output, without what flows through later steps.
    cache : tuple (x, h0, Wx, Wh, gates, hn, h)
        From `gru_forward`.

    Returns
    -------
    dx : array (N, T, D)
    dh0 : array (N, H)
    dWx : array (D, 3H)
    dWh : array (H, 3H)
    db : array (4H,)

    Raises
    ------
    ValueError
        If dh does not have the shape of the outputs.

    Examples
    --------
    The loss is the last of three outputs. With an update gate of 0.9, 0.9³ of its gradient reaches h0.

    >>> zeros, b = np.zeros((1, 3)), np.array([0.0, np.log(9), 0.0, 0.0])
    >>> _, cache = gru_forward(np.ones((1, 3, 1)), [[0.0]], zeros, zeros, b)
    >>> dx, dh0, *_ = gru_backward(np.array([[[0.0], [0.0], [1.0]]]), cache)
    >>> dh0.round(3)
    array([[0.729]])
    """
    x, h0, Wx, Wh, gates, hn, h = cache
    dh = time_first(same_shape("gru_backward", "dh", dh, h))
    gates, hn, h = time_first(gates), time_first(hn), time_first(h)
    (T, N, H), D = h.shape, x.shape[2]
    da_x, da_h = np.empty_like(gates), np.empty_like(gates)
    carried, kept = np.zeros_like(h0), np.empty_like(h0)
    Wh_T = np.ascontiguousarray(Wh.T)  # a copy: the product below is made T times, and is faster with it
    for t in reversed(range(T)):
        r, z, n = gates[t, :, :H], gates[t, :, H : 2 * H], gates[t, :, 2 * H :]
        da_r, da_z, da_n = da_x[t, :, :H], da_x[t, :, H : 2 * H], da_x[t, :, 2 * H :]
        carried += dh[t]
        np.multiply(carried, z, out=kept)
        np.subtract(h[t - 1] if t else h0, n, out=da_z)
        da_z *= kept
        da_z *= 1 - z
        np.multiply(n, n, out=da_n)
        np.subtract(1, da_n, out=da_n)
        carried -= kept  # dh_next · (1 − z)
        da_n *= carried
        da_hn = da_h[t, :, 2 * H :]
        np.multiply(da_n, r, out=da_hn)
        np.multiply(da_hn, hn[t], out=da_r)
        da_r *= 1 - r
        da_h[t, :, : 2 * H] = da_x[t, :, : 2 * H]
        np.matmul(da_h[t], Wh_T, out=carried)
        carried += kept
    flat_x, flat_h = da_x.reshape(T * N, 3 * H), da_h.reshape(T * N, 3 * H)
    dx = (flat_x @ Wx.T).reshape(T, N, D).swapaxes(0, 1)
    dWx = time_first(x).reshape(T * N, D).T @ flat_x
    dWh = np.concatenate([h0[np.newaxis], h])[:-1].reshape(T * N, H).T @ flat_h
    db = np.concatenate([flat_x.sum(axis=0), flat_h[:, 2 * H :].sum(axis=0)])
    return dx, carried, dWx, dWh, db


def _fitting(name: str, *arrays: ArrayLike, steps: bool = False) -> tuple[NDArray, ...]:
    return fitting(name, *arrays, steps=steps, gates=3, biases=4)
