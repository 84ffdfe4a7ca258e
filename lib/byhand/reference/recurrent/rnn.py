"""The recurrent layer: a network that reads a sequence one step at a time, and remembers.

At each step the layer sees the new input and its own last answer, the state:

    h_t = tanh(x_t Wx + h_{t−1} Wh + b)

The weights are the same at every step, so a sequence may have any length. Unrolled in time the layer is a
deep network with one layer a step, and backpropagation through it is called *through time*. On the way back
each step multiplies the gradient by tanh′ and by Whᵀ. A product of many such factors vanishes or explodes,
and that is why a plain recurrent network forgets: see `gradient_norms_through_time`.

Shapes: N sequences of T steps with D numbers a step; H numbers in the state. Floating-point types are kept
(float32 in, float32 out).

PyTorch's ``RNN`` stores Wx and Wh transposed and has two biases, ``bias_ih`` and ``bias_hh``. They are
always added, so one is enough: b is their sum, and the gradient of each of them is db. Some books write
Wxh, Whh and b_h.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.reference.recurrent.rnn_step import Cache, fitting, same_shape


def rnn_forward(
    x: ArrayLike, h0: ArrayLike, Wx: ArrayLike, Wh: ArrayLike, b: ArrayLike
) -> tuple[NDArray, Cache]:
    """A whole sequence: the step again and again, each from the state that the last one has left.

    Parameters
    ----------
    x : array (N, T, D)
        N sequences of T steps.
    h0 : array (N, H)
        The state before the first step. Often zeros.
    Wx : array (D, H)
    Wh : array (H, H)
    b : array (H,)
        The weights, the same at every step.

    Returns
    -------
    h : array (N, T, H)
        The state after each step. h0 is not among them.
    cache : tuple (x, h0, Wx, Wh, h)
        What the backward pass will need.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    PyTorch returns the last state as well; here it is ``h[:, -1]``. Its ``batch_first=True`` is our order of
    the axes; its default is (T, N, D).

    Examples
    --------
    The weights 1 and 0.5, no bias: an echo of the first input fades.

    >>> x = np.array([[[1.0], [0.0], [0.0]]])
    >>> h, cache = rnn_forward(x, np.zeros((1, 1)), [[1.0]], [[0.5]], [0.0])
    >>> h.round(3)
    array([[[0.762],
            [0.363],
            [0.18 ]]])
    """
    x, h0, Wx, Wh, b = fitting("rnn_forward", x, h0, Wx, Wh, b, steps=True)
    h = input_part(x, Wx, b)  # becomes the pre-activation, then the state
    state = h0
    product = np.empty_like(h0)
    for a in h:
        np.matmul(state, Wh, out=product)
        a += product
        state = np.tanh(a, out=a)
    h = h.swapaxes(0, 1)
    return h, (x, h0, Wx, Wh, h)


def rnn_backward(dh: ArrayLike, cache: Cache) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
    """Backpropagation through time: from the last step back to the first.

    A state is used twice: it is the output of its step, and the next step starts from it. So its gradient is
    the sum of two: dh[:, t] from above, and what flows back from step t + 1. The weights are used at every
    step, so theirs is a sum over the steps.

    Parameters
    ----------
    dh : array (N, T, H)
        The gradient of the loss with respect to each output, without what flows through later steps.
    cache : tuple (x, h0, Wx, Wh, h)
        From `rnn_forward`.

    Returns
    -------
    dx : array (N, T, D)
    dh0 : array (N, H)
    dWx : array (D, H)
    dWh : array (H, H)
    db : array (H,)

    Raises
    ------
    ValueError
        If dh does not have the shape of the outputs.

    References
    ----------
    P. Werbos, "Backpropagation through time: what it does and how to do it", 1990.

    Examples
    --------
    Only the last of three outputs matters to the loss, and its gradient is 1. What reaches h0?

    >>> _, cache = rnn_forward(np.zeros((1, 3, 1)), np.zeros((1, 1)), [[1.0]], [[0.5]], [0.0])
    >>> dx, dh0, dWx, dWh, db = rnn_backward(np.array([[[0.0], [0.0], [1.0]]]), cache)
    >>> dh0
    array([[0.125]])
    """
    x, h0, Wx, Wh, h = cache
    dh = time_first(same_shape("rnn_backward", "dh", dh, h))
    h = time_first(h)
    da = np.multiply(h, h)
    np.subtract(1, da, out=da)  # the slope of tanh, at every step
    carried = np.zeros_like(h0)
    Wh_T = np.ascontiguousarray(Wh.T)  # a copy: the product below is made T times, and is faster with it
    for t in reversed(range(len(h))):
        carried += dh[t]
        da[t] *= carried
        np.matmul(da[t], Wh_T, out=carried)
    return all_gradients(da, x, h0, h, Wx, carried)


def gradient_norms_through_time(dh: ArrayLike, cache: Cache) -> NDArray:
    """How large is the gradient that reaches each state, if only the last state matters to the loss?

    Parameters
    ----------
    dh : array (N, H)
        The gradient of the loss with respect to the last state.
    cache : tuple (x, h0, Wx, Wh, h)
        From `rnn_forward`.

    Returns
    -------
    array (T,)
        Entry t is the L2 norm, over all sequences and units, of the gradient with respect to h[:, t]. The last
        entry is the norm of dh itself.

    Raises
    ------
    ValueError
        If dh does not have the shape of a state.

    Notes
    -----
    One step back multiplies the gradient by diag(1 − h²) Whᵀ. If the largest singular value of Wh is below 1,
    the norm must shrink at every step, because tanh′ is never above 1; it then vanishes exponentially. It can
    explode only if the largest singular value is above 1.

    References
    ----------
    Y. Bengio, P. Simard and P. Frasconi, "Learning long-term dependencies with gradient descent is difficult",
    1994. R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", 2013.

    Examples
    --------
    >>> _, cache = rnn_forward(np.zeros((1, 4, 1)), np.zeros((1, 1)), [[1.0]], [[0.5]], [0.0])
    >>> gradient_norms_through_time(np.array([[1.0]]), cache)
    array([0.125, 0.25 , 0.5  , 1.   ])
    """
    _, h0, _, Wh, h = cache
    dh = same_shape("gradient_norms_through_time", "dh", dh, h0)
    norms = np.empty(h.shape[1], dh.dtype)
    for t in reversed(range(h.shape[1])):
        norms[t] = np.linalg.norm(dh)
        dh = (dh * (1 - h[:, t] ** 2)) @ Wh.T
    return norms


def time_first(array: NDArray) -> NDArray:
    """(N, T, …) as (T, N, …), each step in one block of memory; a copy only if it is not so already."""
    return np.ascontiguousarray(array.swapaxes(0, 1))


def input_part(x: NDArray, Wx: NDArray, b: NDArray) -> NDArray:
    """x Wx + b at every step, as (T, N, M): it waits for no state, so one product does it for all steps."""
    N, T, D = x.shape
    part = time_first(x).reshape(T * N, D) @ Wx
    part += b
    return part.reshape(T, N, Wx.shape[1])


def all_gradients(
    da: NDArray, x: NDArray, h0: NDArray, h: NDArray, Wx: NDArray, dh0: NDArray
) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
    """dx, dh0, dWx, dWh and db from the gradients of all pre-activations: one product each for all steps.

    `da` (T, N, M) and `h` (T, N, H) have time first, `x` does not.
    """
    N, T, D = x.shape
    flat = da.reshape(T * N, da.shape[-1])
    dx = (flat @ Wx.T).reshape(T, N, D).swapaxes(0, 1)
    dWx = time_first(x).reshape(T * N, D).T @ flat
    before = np.concatenate([h0[np.newaxis], h])[:-1]  # the state that each step started from
    dWh = before.reshape(T * N, h0.shape[1]).T @ flat
    return dx, dh0, dWx, dWh, flat.sum(axis=0)
