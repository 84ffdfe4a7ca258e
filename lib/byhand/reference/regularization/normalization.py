"""Batch norm and layer norm: keep the numbers inside a network near 0 and of size 1.

Both do the same to the numbers between two layers:

    x_hat = (x − mean) / std          centered and scaled
    out = γ x_hat + β                 and the network may undo it, if that is better

They differ in *which* numbers share a mean. Batch norm takes one feature over all the examples of the batch;
layer norm takes one example over all its features. So batch norm couples the examples of a batch, and cannot
work the same way when a single example comes along: it keeps running averages for that. Layer norm treats each
example alone, in training and afterwards alike.

The way back is longer than it looks, because mean and std are themselves made from x. A change of one number
moves them, and through them every other number that shares them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float

BatchNormCache = tuple[NDArray, NDArray, NDArray, bool]
LayerNormCache = tuple[NDArray, NDArray, NDArray]


def batch_norm_forward(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    running_mean: ArrayLike,
    running_var: ArrayLike,
    train: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[NDArray, NDArray, NDArray, BatchNormCache]:
    """Center and scale each feature over the batch: out = γ (x − mean) / √(var + eps) + β.

    In training mean and variance are the batch's, and the running averages move a little towards them. In
    evaluation they are the running averages, which stay as they are.

    Parameters
    ----------
    x : array (N, D)
        N examples. Pictures, (N, C, H, W), have a mean for each of their C channels, over all N · H · W places.
    gamma, beta : array (D,)
        The learned scale and shift, one a feature (or channel).
    running_mean, running_var : array (D,)
        What training has gathered so far; zeros and ones at first.
    train : bool
        True while the network learns, False when it is used.
    momentum : float
        How far the running averages move: (1 − momentum) · running + momentum · batch.
    eps : float
        Keeps the root above 0 where a feature does not vary.

    Returns
    -------
    out : array of the shape of `x`
    running_mean, running_var : array (D,)
        New arrays in training; the given ones are not changed.
    cache : tuple (x_hat, gamma, std, train)
        What the backward pass will need. std is √(var + eps), (D,).

    Raises
    ------
    ValueError
        If the shapes do not fit, or if training gives a feature a single number: it has no spread.

    Notes
    -----
    Two variances, as in PyTorch: x is divided by the batch's own, which divides by N (biased), but the running
    average takes the one that divides by N − 1 (unbiased), an estimate for data that were not seen. Keras and
    most textbooks use the biased one for both. PyTorch's momentum is the share of the *new* batch; Keras and
    CS231n call the share of the *old* average momentum, so their 0.9 is 0.1 here.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by reducing internal
    covariate shift", 2015.

    Examples
    --------
    >>> zero, one = np.zeros(1), np.ones(1)
    >>> out, mean, var, _ = batch_norm_forward([[1.0], [3.0]], one, zero, zero, one, train=True)
    >>> print(out.round(3).ravel(), mean, var)
    [-1.  1.] [0.2] [1.1]
    """
    x, gamma, beta, running_mean, running_var = map(as_float, (x, gamma, beta, running_mean, running_var))
    rows = _rows(x, "batch_norm_forward")
    vectors = {"gamma": gamma, "beta": beta, "running_mean": running_mean, "running_var": running_var}
    for name, vector in vectors.items():
        if vector.shape != x.shape[1:2]:
            raise ValueError(
                f"batch_norm_forward: {name} has shape {vector.shape} and x has shape {x.shape}; "
                f"{name} must be ({x.shape[1]},): one number a feature"
            )
    if train:
        n = len(rows) * rows.shape[2]
        if n < 2:
            raise ValueError(
                f"batch_norm_forward: x has shape {x.shape}; in training each feature needs two numbers or more"
            )
        mean = _sum(rows) / n
        x_hat = rows - mean[:, np.newaxis]
        var = _sum_of_products(x_hat, x_hat) / n
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var * (n / (n - 1))
    else:
        x_hat, var = rows - running_mean[:, np.newaxis], running_var
    std = np.sqrt(var + eps)
    x_hat *= (1 / std)[:, np.newaxis]  # a product is faster than a quotient
    out = x_hat * gamma[:, np.newaxis]
    out += beta[:, np.newaxis]
    return (
        out.reshape(x.shape),
        as_float(running_mean),
        as_float(running_var),
        (x_hat.reshape(x.shape), gamma, std, train),
    )


def batch_norm_backward(dout: ArrayLike, cache: BatchNormCache) -> tuple[NDArray, NDArray, NDArray]:
    """Back through batch norm: dx = γ / std · (dout − mean of dout − x_hat · mean of dout · x_hat).

    Three paths lead from x to the output: directly, through the mean, and through the variance. Each of the
    three terms is one of them. In evaluation mean and variance are fixed, and the first is all there is.

    Parameters
    ----------
    dout : array (N, D) or (N, C, H, W)
        How fast the loss grows with each output.
    cache : tuple (x_hat, gamma, std, train)
        What `batch_norm_forward` saved.

    Returns
    -------
    dx : array of the shape of `dout`
        In training each feature's gradients add up to 0: moving a whole column changes nothing.
    dgamma, dbeta : array (D,)

    Raises
    ------
    ValueError
        If `dout` does not have the shape of the output.

    References
    ----------
    S. Ioffe and C. Szegedy, "Batch normalization", 2015, section 3, gives it in six steps.

    Examples
    --------
    >>> cache = np.array([[-1.0], [1.0]]), np.array([3.0]), np.array([2.0]), True
    >>> dx, dgamma, dbeta = batch_norm_backward([[5.0], [7.0]], cache)
    >>> print(dx.ravel(), dgamma, dbeta)
    [0. 0.] [2.] [12.]
    """
    x_hat, gamma, std, train = cache
    dout = _gradient(dout, x_hat, "batch_norm_backward")
    shape = dout.shape
    dout, x_hat = _rows(dout, "batch_norm_backward"), _rows(x_hat, "batch_norm_backward")
    dbeta, dgamma = _sum(dout), _sum_of_products(dout, x_hat)
    slope = (gamma / std)[:, np.newaxis]
    if not train:
        return (dout * slope).reshape(shape), dgamma, dbeta
    n = len(dout) * dout.shape[2]
    dx = x_hat * (dgamma / -n)[:, np.newaxis]
    dx += dout
    dx -= (dbeta / n)[:, np.newaxis]
    dx *= slope
    return dx.reshape(shape), dgamma, dbeta


def layer_norm_forward(
    x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5
) -> tuple[NDArray, LayerNormCache]:
    """Center and scale each example over its own features: out = γ (x − mean) / √(var + eps) + β.

    Parameters
    ----------
    x : array (..., D)
        Examples, (N, D), or sequences of them, (N, T, D). The last axis is normalized.
    gamma, beta : array (D,)
        The learned scale and shift, one a feature: they are *not* one an example.
    eps : float
        Keeps the root above 0 where all features of an example are equal.

    Returns
    -------
    out : array of the shape of `x`
    cache : tuple (x_hat, gamma, std)
        What the backward pass will need. std is √(var + eps), (..., 1).

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    The variance divides by D (biased), as PyTorch's ``LayerNorm`` does; nothing is remembered from one batch
    to the next, and there is no difference between training and evaluation. Some codes add eps to the standard
    deviation, outside the root, which is almost the same number.

    References
    ----------
    J. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.

    Examples
    --------
    >>> out, _ = layer_norm_forward([[1.0, 3.0], [50.0, 10.0]], np.ones(2), np.zeros(2))
    >>> out.round(3)
    array([[-1.,  1.],
           [ 1., -1.]])
    """
    x, gamma, beta = map(as_float, (x, gamma, beta))
    for name, vector in {"gamma": gamma, "beta": beta}.items():
        if x.ndim == 0 or vector.shape != x.shape[-1:]:
            raise ValueError(
                f"layer_norm_forward: {name} has shape {vector.shape} and x has shape {x.shape}; "
                f"{name} must have one number for each entry of the last axis of x"
            )
    D = len(gamma)
    mean = x @ np.ones(D, x.dtype) / D  # BLAS adds up rows faster than np.mean
    x_hat = x - mean[..., np.newaxis]
    var = np.vecdot(x_hat, x_hat) / D
    std = np.sqrt(var + eps)[..., np.newaxis]
    x_hat *= 1 / std
    out = x_hat * gamma
    out += beta
    return out, (x_hat, gamma, std)


def layer_norm_backward(dout: ArrayLike, cache: LayerNormCache) -> tuple[NDArray, NDArray, NDArray]:
    """Back through layer norm: with g = γ · dout, dx = (g − mean of g − x_hat · mean of g · x_hat) / std.

    The means run over the features of each example. γ stands inside them, because the features that share a
    mean have different γ; in batch norm they share γ too, and it can stand outside.

    Parameters
    ----------
    dout : array (..., D)
        How fast the loss grows with each output.
    cache : tuple (x_hat, gamma, std)
        What `layer_norm_forward` saved.

    Returns
    -------
    dx : array of the shape of `dout`
        Each example's gradients add up to 0.
    dgamma, dbeta : array (D,)
        Added up over all the examples, which share γ and β.

    Raises
    ------
    ValueError
        If `dout` does not have the shape of the output.

    References
    ----------
    J. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.

    Examples
    --------
    >>> cache = np.array([[-1.0, 1.0]]), np.array([1.0, 3.0]), np.array([[2.0]])
    >>> dx, dgamma, dbeta = layer_norm_backward([[5.0, 7.0]], cache)
    >>> print(dx, dgamma, dbeta)
    [[0. 0.]] [-5.  7.] [5. 7.]
    """
    x_hat, gamma, std = cache
    dout = _gradient(dout, x_hat, "layer_norm_backward")
    D = dout.shape[-1]
    product = dout * x_hat
    ones = np.ones(dout.size // D, dout.dtype)  # sums over the examples, as products with BLAS
    dgamma, dbeta = ones @ product.reshape(-1, D), ones @ dout.reshape(-1, D)
    shift = (dout @ gamma)[..., np.newaxis] / D  # the mean of g
    stretch = (product @ gamma)[..., np.newaxis] / D  # the mean of g · x_hat
    dx = dout * gamma
    dx -= np.multiply(x_hat, stretch, out=product)
    dx -= shift
    dx *= 1 / std
    return dx, dgamma, dbeta


def _rows(x: NDArray, function: str) -> NDArray:
    """View (N, D) as (N, D, 1) and pictures (N, C, H, W) as (N, C, H·W): the features always on axis 1."""
    if x.ndim not in (2, 4):
        raise ValueError(
            f"{function}: x has shape {x.shape}; it must be (N, D), or (N, C, H, W) for pictures"
        )
    return x[:, :, np.newaxis] if x.ndim == 2 else x.reshape(*x.shape[:2], x.shape[2] * x.shape[3])


def _sum(rows: NDArray) -> NDArray:
    """Add up (N, C, S) for each feature: over the batch by a product with ones, which is faster than np.sum."""
    N, C, S = rows.shape
    return (np.ones(N, rows.dtype) @ rows.reshape(N, C * S)).reshape(C, S).sum(axis=1)


def _sum_of_products(a: NDArray, b: NDArray) -> NDArray:
    """Add up a · b for each feature, without an array for the products."""
    if a.shape[2] == 1:  # no pictures: rows of a single number
        return np.einsum("nd,nd->d", a[:, :, 0], b[:, :, 0])
    return np.vecdot(a, b).sum(axis=0)


def _gradient(dout: ArrayLike, x_hat: NDArray, function: str) -> NDArray:
    dout = as_float(dout)
    if dout.shape != x_hat.shape:
        raise ValueError(
            f"{function}: dout has shape {dout.shape} and the output has shape {x_hat.shape}; they must be equal"
        )
    return dout
