"""Training with any optimizer and any schedule: one loop, which knows nothing of either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Parameters = dict[str, NDArray]
Batches = Iterable[tuple[Any, Any]]


def train(
    parameters: Mapping[str, ArrayLike],
    gradients_of: Callable[[Parameters, Any, Any], tuple[float, Mapping[str, ArrayLike]]],
    data: Callable[[np.random.Generator], Batches],
    optimizer: Callable[[NDArray, Any, Any, float], tuple[NDArray, Any]],
    schedule: Callable[[int], float],
    epochs: int,
    rng: np.random.Generator,
) -> tuple[Parameters, NDArray[np.floating]]:
    """Go through the data again and again, and make a step for each mini-batch.

    Parameters
    ----------
    parameters : dict of arrays
        Where to start. It is not changed.
    gradients_of : function of the parameters, x and y of a mini-batch
        Gives the loss and a dict with the gradient of each parameter.
    data : function of rng
        Gives the mini-batches of one epoch, pairs (x, y). It is called once an epoch.
    optimizer : function (w, dw, state, lr) → w, state
        Moves one array. Each parameter has a state of its own, None before its first step.
    schedule : function of the step, counted from 0 over all epochs
        Gives the learning rate of this step.
    epochs : int
    rng : numpy.random.Generator
        Handed to `data`.

    Returns
    -------
    parameters : dict of arrays
        After the last step.
    losses : array (steps,)
        The loss of each mini-batch, before its step.

    Raises
    ------
    ValueError
        If a parameter has no gradient.

    Notes
    -----
    In PyTorch the three parts are a ``DataLoader``, an ``Optimizer`` and a ``LambdaLR``, whose ``step`` is called after
    each mini-batch here.

    References
    ----------
    L. Bottou, F. E. Curtis and J. Nocedal, "Optimization methods for large-scale machine learning", 2018.

    Examples
    --------
    >>> def gradients_of(parameters, x, y):
    ...     off = parameters["w"] * x - y
    ...     return off**2 / 2, {"w": off * x}
    >>> def sgd(w, dw, state, lr):
    ...     return w - lr * dw, state
    >>> def data(rng):
    ...     return [(1.0, 4.0), (2.0, 8.0)]
    >>> start, rng = {"w": np.zeros(1)}, np.random.default_rng(0)
    >>> parameters, losses = train(start, gradients_of, data, sgd, lambda step: 0.5 / (1 + step), 1, rng)
    >>> parameters["w"], losses
    (array([4.]), array([8., 8.]))
    """
    found = {name: np.array(array) for name, array in parameters.items()}
    states: dict[str, Any] = dict.fromkeys(found)
    losses: list[float] = []
    for _ in range(epochs):
        for x, y in data(rng):
            loss, gradients = gradients_of(found, x, y)
            if missing := sorted(set(found) - set(gradients)):
                raise ValueError(f"train: gradients_of gives no gradient of {', '.join(missing)}")
            lr, moved = schedule(len(losses)), {}
            for name, w in found.items():
                moved[name], states[name] = optimizer(w, gradients[name], states[name], lr)
            found = moved
            losses.append(float(np.squeeze(loss)))
    return found, np.array(losses)
