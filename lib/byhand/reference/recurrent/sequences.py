"""What stands around a recurrent layer: the answers it gives, sequences of different lengths, both directions.

A recurrent layer leaves a state after every step. Two kinds of question can be asked of them. *Many to one*:
what is the whole sequence (a digit, a mood)? Then the last state answers. *Many to many*: what is each step (the
next letter, the kind of a word)? Then every state answers. A head turns states into scores.

The sequences of a batch stand in one array, so the shorter ones are filled up to the longest. What was filled in
must count nowhere: a mask says which steps are real.

Shapes: N sequences of T steps; floating-point types are kept.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.neuron.layers import dense_forward


def many_to_many_head(h: ArrayLike, W: ArrayLike, b: ArrayLike) -> NDArray:
    """One answer a step: the same dense layer on every state.

    Parameters
    ----------
    h : array (N, T, H)
        The states of a recurrent layer.
    W : array (H, M)
    b : array (M,)

    Returns
    -------
    array (N, T, M)
        M scores for each step of each sequence.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Keras calls it ``TimeDistributed(Dense(M))``. PyTorch's ``Linear`` takes any number of axes before the last.

    Examples
    --------
    >>> h = np.array([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]])
    >>> many_to_many_head(h, [[1.0], [10.0]], [0.5])
    array([[[21.5],
            [43.5],
            [65.5]]])
    """
    h = _states("many_to_many_head", h)
    N, T, H = h.shape
    scores, _ = dense_forward(h.reshape(N * T, H), W, b)
    return scores.reshape(N, T, -1)


def many_to_one_head(h: ArrayLike, lengths: ArrayLike, W: ArrayLike, b: ArrayLike) -> NDArray:
    """One answer a sequence: a dense layer on the state after its last real step.

    Parameters
    ----------
    h : array (N, T, H)
        The states of a recurrent layer.
    lengths : array (N,) of whole numbers, 1 to T
        How many steps of each sequence are real.
    W : array (H, M)
    b : array (M,)

    Returns
    -------
    array (N, M)
        M scores for each sequence.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a length is not from 1 to T.

    Examples
    --------
    >>> h = np.array([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [0.0]]])
    >>> many_to_one_head(h, [3, 2], [[10.0]], [0.5])
    array([[30.5],
           [50.5]])
    """
    h = _states("many_to_one_head", h)
    lengths = _lengths("many_to_one_head", lengths, least=1, most=h.shape[1])
    if len(lengths) != len(h):
        raise ValueError(
            f"many_to_one_head: lengths has shape {lengths.shape} and h has shape {h.shape}; "
            "each sequence has one length"
        )
    scores, _ = dense_forward(h[np.arange(len(h)), lengths - 1], W, b)
    return scores


def sequence_mask(lengths: ArrayLike, T: int) -> NDArray[np.bool_]:
    """Which steps are real: True for the first lengths[n] of T steps, False for what was filled in.

    Parameters
    ----------
    lengths : array (N,) of whole numbers, 0 to T
    T : int
        How many steps the longest sequence has, or more.

    Returns
    -------
    boolean array (N, T)

    Raises
    ------
    ValueError
        If a length is not from 0 to T.

    Notes
    -----
    True means real, as in TensorFlow's ``sequence_mask``. PyTorch's ``key_padding_mask`` is the opposite: True
    means filled in.

    Examples
    --------
    >>> sequence_mask([3, 1], T=4)
    array([[ True,  True,  True, False],
           [ True, False, False, False]])
    """
    lengths = _lengths("sequence_mask", lengths, least=0, most=T)
    return np.arange(T) < lengths[:, np.newaxis]


def masked_mean(values: ArrayLike, mask: ArrayLike) -> np.floating:
    """The mean of the values whose mask is True: each real step counts once, the others not at all.

    Parameters
    ----------
    values : array (N, T)
        One number a step, for instance its loss.
    mask : boolean array (N, T)
        From `sequence_mask`.

    Returns
    -------
    number

    Raises
    ------
    ValueError
        If the shapes differ, or no step is real.

    Notes
    -----
    A long sequence counts more than a short one here, because it has more steps. PyTorch's ``cross_entropy``
    with ``ignore_index`` takes the mean in the same way. CS231n divides the sum by N.

    Examples
    --------
    >>> print(masked_mean([[1.0, 2.0], [6.0, 99.0]], [[True, True], [True, False]]))
    3.0
    """
    values, mask = as_float(values), np.asarray(mask, bool)
    if values.shape != mask.shape:
        raise ValueError(
            f"masked_mean: values has shape {values.shape} and mask {mask.shape}; they must be the same"
        )
    if not mask.any():
        raise ValueError(f"masked_mean: no step of the mask of shape {mask.shape} is real")
    return values[mask].mean()


def bidirectional(
    x: ArrayLike,
    forward_step: Callable,
    backward_step: Callable,
    h_forward: ArrayLike = 0.0,
    h_backward: ArrayLike = 0.0,
) -> NDArray:
    """Read each sequence twice, from the front and from the back, and put both states of a step side by side.

    Parameters
    ----------
    x : array (N, T, D)
        N sequences of T steps, 1 or more.
    forward_step : function of (x_t, h), for one step
        Gives the next state (N, H) from this step's input (N, D) and the state before. It reads step 0 first.
    backward_step : function of (x_t, h), for one step
        The same for the way from the back, usually with weights of its own. It reads step T − 1 first.
    h_forward : number or array (N, H)
        The state before step 0.
    h_backward : number or array (N, H)
        The state with which the way from the back begins.

    Returns
    -------
    array (N, T, 2H)
        At step t: first the state of the one who has read steps 0 to t, then that of the one who has read
        steps T − 1 down to t.

    Raises
    ------
    ValueError
        If x does not have three axes, or no steps.

    Notes
    -----
    Side by side, forward first, is what PyTorch does with ``bidirectional=True``. Keras can add or multiply the
    two as well.

    References
    ----------
    M. Schuster and K. Paliwal, "Bidirectional recurrent neural networks", 1997.

    Examples
    --------
    Both steps only add up what they have read.

    >>> def add(x_t, h):
    ...     return x_t + h
    >>> bidirectional(np.array([[[1.0], [2.0], [3.0]]]), add, add)
    array([[[1., 6.],
            [3., 5.],
            [6., 3.]]])
    """
    x = _states("bidirectional", x, "x")
    if x.shape[1] == 0:
        raise ValueError(f"bidirectional: x has shape {x.shape}; there is no step to read")
    there = _run(x, forward_step, h_forward)
    back = _run(x[:, ::-1], backward_step, h_backward)[:, ::-1]
    return np.concatenate([there, back], axis=2)


def _run(x: NDArray, step: Callable, h: ArrayLike) -> NDArray:
    states = []
    for t in range(x.shape[1]):
        h = step(x[:, t], h)
        states.append(h)
    return np.stack(states, axis=1)


def _states(name: str, h: ArrayLike, called: str = "h") -> NDArray:
    h = as_float(h)
    if h.ndim != 3:
        raise ValueError(f"{name}: {called} has shape {h.shape}; it must have three axes, (N, T, …)")
    return h


def _lengths(name: str, lengths: ArrayLike, least: int, most: int) -> NDArray:
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu":
        raise ValueError(
            f"{name}: lengths has shape {lengths.shape} and type {lengths.dtype}; it must be (N,) whole numbers"
        )
    if lengths.size and not least <= lengths.min() <= lengths.max() <= most:
        raise ValueError(
            f"{name}: the lengths go from {lengths.min()} to {lengths.max()}; with {most} steps they must be from "
            f"{least} to {most}"
        )
    return lengths
