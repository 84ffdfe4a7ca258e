"""One neuron, and a layer of them.

A neuron weighs what comes in, adds a bias, and decides:

    z = x₁w₁ + x₂w₂ + … + b        the weighted sum
    output = activation(z)         the decision

A layer is many neurons that look at the same inputs, and one matrix product computes them all. That is
the whole of a neural network's forward pass; the chapters after this one are about choosing the weights.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Cache = tuple[NDArray, NDArray, NDArray]


def weighted_sum_by_hand() -> float:
    """The weighted sum of one small neuron, written out number by number.

    The inputs are 1, 2 and 3, the weights 0.2, 0.8 and −0.5, the bias 2.

    Returns
    -------
    float
        z = x₁w₁ + x₂w₂ + x₃w₃ + b.

    References
    ----------
    H. Kinsley and D. Kukieła, *Neural Networks from Scratch in Python*, chapter 2.

    Examples
    --------
    >>> round(weighted_sum_by_hand(), 6)
    2.3
    """
    return 1 * 0.2 + 2 * 0.8 + 3 * (-0.5) + 2


def weighted_sum(x: ArrayLike, w: ArrayLike, b: float) -> NDArray:
    """What one neuron adds up: z = Σᵢ xᵢwᵢ + b.

    Parameters
    ----------
    x : array (D,) or (N, D)
        One example of D inputs, or N examples, one a row.
    w : array (D,)
        The neuron's weights, one an input.
    b : float
        Its bias. A neuron has one, however many inputs it has.

    Returns
    -------
    number or array (N,)
        One weighted sum an example.

    Raises
    ------
    ValueError
        If x and w do not have the same number of inputs, or b is not a single number.

    Notes
    -----
    The bias is added. Texts that speak of a *threshold* θ subtract it: b = −θ.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, section 6.1.

    Examples
    --------
    >>> z = weighted_sum([1, 2, 3], [0.2, 0.8, -0.5], 2)
    >>> round(float(z), 6)
    2.3
    """
    x, w = np.asarray(x), np.asarray(w)
    if w.ndim != 1 or x.ndim not in (1, 2) or x.shape[-1] != w.shape[0]:
        raise ValueError(
            f"weighted_sum: x has shape {x.shape} and w has shape {w.shape}; "
            "x must be (D,) or (N, D) and w (D,), with the same D: one weight an input"
        )
    if np.ndim(b) != 0:
        raise ValueError(f"weighted_sum: b has shape {np.shape(b)}; one neuron has one bias, a single number")
    return x @ w + b


def step(z: ArrayLike) -> NDArray:
    """Fire or do not fire: 1 where z ≥ 0, otherwise 0, element by element.

    Parameters
    ----------
    z : number or array of any shape

    Returns
    -------
    number or array of z's shape
        Zeros and ones. NaN stays NaN, so that a broken sum is not taken for a decision.

    Notes
    -----
    At z = 0 exactly the value is a choice. Here it is 1. Others choose 0 (Nielsen: fire only if z > 0),
    or ½ (halfway); books that use the labels −1 and 1 take sign(z) instead. Nothing that follows depends
    on it, but a neuron and its learning rule must make the same choice.

    References
    ----------
    W. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in nervous activity", 1943.

    Examples
    --------
    >>> step(np.array([-0.5, 0.0, 2.0]))
    array([0., 1., 1.])
    """
    return np.heaviside(z, 1.0)  # the second argument is the value at 0


def neuron(x: ArrayLike, w: ArrayLike, b: float, activation: Callable[[NDArray], NDArray]) -> NDArray:
    """One neuron: activation(Σᵢ xᵢwᵢ + b).

    Parameters
    ----------
    x : array (D,) or (N, D)
        One example of D inputs, or N examples, one a row.
    w : array (D,)
    b : float
    activation : function
        Turns the weighted sum into the output, element by element; for example `step`.

    Returns
    -------
    number or array (N,)
        One output an example.

    Raises
    ------
    ValueError
        If the shapes do not fit; see `weighted_sum`.

    References
    ----------
    F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the
    brain", 1958.

    Examples
    --------
    >>> neuron(np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([1.0, -1.0]), 0.5, step)
    array([0., 1.])
    """
    return activation(weighted_sum(x, w, b))


def dense_forward(x: ArrayLike, W: ArrayLike, b: ArrayLike) -> tuple[NDArray, Cache]:
    """A layer of M neurons on a batch of N examples: out = x W + b.

    Column j of W holds the weights of neuron j, so out[i, j] is neuron j's weighted sum for example i.

    Parameters
    ----------
    x : array (N, D)
        N examples, one a row.
    W : array (D, M)
        One column a neuron.
    b : array (M,)
        One bias a neuron. NumPy adds it to every row.

    Returns
    -------
    out : array (N, M)
    cache : tuple (x, W, b)
        What the backward pass will need.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    PyTorch's ``Linear`` stores W transposed, as (M, D), and computes x Wᵀ + b. Some books put the examples
    in columns and write W x + b. "Dense", "linear", "affine" and "fully connected" name the same layer.

    References
    ----------
    Stanford CS231n, *Neural Networks part 1*.

    Examples
    --------
    >>> out, cache = dense_forward([[1.0, 2.0]], [[1.0, 0.0, 3.0], [0.0, 1.0, 1.0]], [0.0, 10.0, 0.5])
    >>> out
    array([[ 1. , 12. ,  5.5]])
    """
    x, W, b = np.asarray(x), np.asarray(W), np.asarray(b)
    if x.ndim != 2 or W.ndim != 2 or x.shape[1] != W.shape[0]:
        raise ValueError(
            f"dense_forward: x has shape {x.shape} and W has shape {W.shape}; "
            "x must be (N, D) and W (D, M), with the same D"
        )
    if b.shape != (W.shape[1],):
        raise ValueError(
            f"dense_forward: b has shape {b.shape} and W has shape {W.shape}; b must be ({W.shape[1]},): "
            "one bias a neuron, that is a column of W"
        )
    return x @ W + b, (x, W, b)
