"""The first weights: drawn so that signals and gradients keep their size on the way through a network.

`xavier_init` is for tanh, `he_init` for ReLU.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


def xavier_init(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Weights for tanh (and often the sigmoid): uniform between ±√(6 / (fan_in + fan_out)).

    Their variance is 2 / (fan_in + fan_out): a compromise between 1 / fan_in, which would keep the size of the
    signals on the way forward, and 1 / fan_out, which would keep that of the gradients on the way back.

    Parameters
    ----------
    fan_in : int
        How many inputs the layer has.
    fan_out : int
        How many neurons.
    rng : numpy.random.Generator

    Returns
    -------
    array (fan_in, fan_out)

    Raises
    ------
    ValueError
        If a number is below 1.

    Notes
    -----
    This is PyTorch's ``xavier_uniform_``. There is a normal form with the same variance.

    References
    ----------
    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.

    Examples
    --------
    >>> W = xavier_init(200, 100, np.random.default_rng(0))
    >>> W.shape, bool(np.abs(W).max() < np.sqrt(6 / 300))
    ((200, 100), True)
    """
    _positive("xavier_init", fan_in, fan_out)
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, size=(fan_in, fan_out))


def he_init(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Weights for ReLU: normal with mean 0 and standard deviation √(2 / fan_in).

    ReLU removes half of the signal, so the weights have twice the variance that would do without it.

    Parameters
    ----------
    fan_in : int
        How many inputs the layer has.
    fan_out : int
        How many neurons.
    rng : numpy.random.Generator

    Returns
    -------
    array (fan_in, fan_out)

    Raises
    ------
    ValueError
        If a number is below 1.

    Notes
    -----
    This is PyTorch's ``kaiming_normal_`` with ``nonlinearity="relu"``. There is a uniform form too.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", 2015.

    Examples
    --------
    >>> W = he_init(200, 100, np.random.default_rng(0))
    >>> W.shape, round(float(W.std()), 2)
    ((200, 100), 0.1)
    """
    _positive("he_init", fan_in, fan_out)
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))


def mlp_init(
    layer_sizes: Sequence[int], init: Callable[..., NDArray], rng: np.random.Generator
) -> dict[str, NDArray]:
    """Draw the parameters of an MLP: weights by `init`, biases 0.

    Parameters
    ----------
    layer_sizes : sequence of int
        The number of inputs, then the number of neurons of each layer.
    init : function of fan_in, fan_out and rng
        `xavier_init` or `he_init`.
    rng : numpy.random.Generator

    Returns
    -------
    dict with W1, b1, W2, b2, …

    Raises
    ------
    ValueError
        If there are fewer than two sizes.

    Examples
    --------
    >>> params = mlp_init([64, 30, 10], he_init, np.random.default_rng(0))
    >>> {name: array.shape for name, array in params.items()}
    {'W1': (64, 30), 'b1': (30,), 'W2': (30, 10), 'b2': (10,)}
    """
    if len(layer_sizes) < 2:
        raise ValueError(f"mlp_init: layer_sizes is {list(layer_sizes)}; a layer needs inputs and neurons")
    params = {}
    for layer, (inputs, outputs) in enumerate(pairwise(layer_sizes), start=1):
        params[f"W{layer}"], params[f"b{layer}"] = init(inputs, outputs, rng), np.zeros(outputs)
    return params


def _positive(function: str, *sizes: int) -> None:
    if min(sizes) < 1:
        raise ValueError(f"{function}: fan_in and fan_out count neurons, so they cannot be {sizes}")
