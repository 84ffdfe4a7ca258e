"""A network that writes: embedding, LSTM and a head on every step, with its loss, its training and its writing.

The parameters are a dict of six arrays, for V characters, vectors of D numbers and H units:

    E  (V, D)     the vectors of the characters
    Wx (D, 4H)    the LSTM, in the order i, f, g, o
    Wh (H, 4H)
    b  (4H,)
    W  (H, V)     the head: a score for each character
    c  (V,)

Its task is to foretell: after the tokens 0 to t of a sequence, which is token t + 1? Every sequence begins with a
state and a cell of zeros.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.activations.probabilities import log_softmax
from byhand.reference.backprop.backward import dense_backward
from byhand.reference.backprop.gradients import clip_by_norm
from byhand.reference.backprop.training import gradient_step
from byhand.reference.recurrent.characters import embedding_backward, embedding_forward, sample_index
from byhand.reference.recurrent.lstm import lstm_backward, lstm_forward
from byhand.reference.recurrent.lstm_step import lstm_step_forward
from byhand.reference.recurrent.sequences import many_to_many_head

Parameters = Mapping[str, ArrayLike]
NAMES = ("E", "Wx", "Wh", "b", "W", "c")
LIMIT = 1.0  # the norm that the gradients of a step may have


def character_loss(
    parameters: Parameters, tokens: ArrayLike, mask: ArrayLike
) -> tuple[np.floating, dict[str, NDArray]]:
    """How badly the network foretells the next tokens, and the gradients of all its parameters.

    Parameters
    ----------
    parameters : dict of arrays E, Wx, Wh, b, W, c
    tokens : array (N, T) of whole numbers, 0 ≤ token < V, T at least 2
        N sequences. Tokens 0 to T − 2 are read, tokens 1 to T − 1 are to be foretold.
    mask : array (N, T) of bool
        True for a real token, False for what was filled in at the end.

    Returns
    -------
    loss : float
        The mean of −log p over the real tokens that are to be foretold, where p is the probability that the network
        gave to the token that came. Each of them counts once, whatever sequence it is in.
    gradients : dict of arrays, with the names and shapes of `parameters`

    Raises
    ------
    ValueError
        If the shapes do not fit, or if no real token is to be foretold.

    References
    ----------
    A. Karpathy, "The unreasonable effectiveness of recurrent neural networks", 2015.

    Examples
    --------
    A network whose parameters are all 0 finds every token equally likely.

    >>> shapes = {"E": (5, 2), "Wx": (2, 4), "Wh": (1, 4), "b": 4, "W": (1, 5), "c": 5}
    >>> parameters = {name: np.zeros(shape) for name, shape in shapes.items()}
    >>> loss, gradients = character_loss(parameters, [[0, 1, 2]], [[True, True, False]])
    >>> print(loss.round(4), np.log(5).round(4))
    1.6094 1.6094
    >>> gradients["c"]
    array([ 0.2, -0.8,  0.2,  0.2,  0.2])
    """
    E, Wx, Wh, b, W, c = _fitting("character_loss", parameters)
    tokens, mask = np.asarray(tokens), np.asarray(mask, bool)
    if tokens.ndim != 2 or tokens.shape[1] < 2 or mask.shape != tokens.shape:
        raise ValueError(
            f"character_loss: tokens has shape {tokens.shape} and mask has shape {mask.shape}; both must be (N, T), "
            "with at least two tokens in a row"
        )
    following, real = tokens[:, 1:], mask[:, 1:]
    count = int(real.sum())
    if not count:
        raise ValueError("character_loss: no real token is to be foretold; the mask is False from token 1 on")

    x, read = embedding_forward(tokens[:, :-1], E)
    nothing = np.zeros((len(x), len(Wh)), x.dtype)
    h, _, cache = lstm_forward(x, nothing, nothing, Wx, Wh, b)
    logs = log_softmax(many_to_many_head(h, W, c))
    place = following[..., np.newaxis]
    right = np.take_along_axis(logs, place, axis=2)[..., 0]
    loss = -np.sum(right, where=real) / count

    dscores = np.exp(logs)
    np.put_along_axis(dscores, place, np.exp(right)[..., np.newaxis] - 1, axis=2)
    dscores *= (real / count).astype(dscores.dtype)[..., np.newaxis]
    dh, dW, dc = dense_backward(dscores.reshape(-1, len(c)), (h.reshape(-1, len(W)), W, c))
    dx, _, _, dWx, dWh, db = lstm_backward(dh.reshape(h.shape), cache)
    gradients = {"E": embedding_backward(dx, read), "Wx": dWx, "Wh": dWh, "b": db, "W": dW, "c": dc}
    return loss, gradients


def train_writer(
    parameters: Parameters, tokens: ArrayLike, mask: ArrayLike, lr: float, epochs: int, batch_size: int
) -> tuple[dict[str, NDArray], NDArray]:
    """Train the network: for every mini-batch one step downhill, with gradients clipped to a norm of 1.

    Parameters
    ----------
    parameters : dict of arrays E, Wx, Wh, b, W, c
        Where the training begins. They are not changed.
    tokens, mask : arrays (N, T)
        As for `character_loss`.
    lr : float
    epochs : int
        How often all the sequences are read.
    batch_size : int
        How many sequences make a mini-batch, in the order in which they stand; the last may be smaller.

    Returns
    -------
    parameters : dict of arrays
    losses : array (epochs,)
        For each epoch the mean of the losses of its mini-batches, each taken before its step.

    Raises
    ------
    ValueError
        If the shapes do not fit, or if `batch_size` is below 1.

    Examples
    --------
    >>> shapes = {"E": (3, 2), "Wx": (2, 4), "Wh": (1, 4), "b": 4, "W": (1, 3), "c": 3}
    >>> parameters = {name: np.zeros(shape) for name, shape in shapes.items()}
    >>> tokens, mask = np.array([[0, 1, 2, 1]]), np.ones((1, 4), bool)
    >>> trained, losses = train_writer(parameters, tokens, mask, 0.3, 2, 1)
    >>> trained["c"], losses
    (array([-0.1902,  0.1899,  0.0003]), array([1.0986, 1.0353]))
    """
    if batch_size < 1:
        raise ValueError(f"train_writer: batch_size is {batch_size}; it must be at least 1")
    tokens, mask = np.asarray(tokens), np.asarray(mask, bool)
    trained = dict(zip(NAMES, _fitting("train_writer", parameters), strict=True))
    losses = np.zeros(epochs)
    starts = range(0, len(tokens), batch_size)
    for epoch in range(epochs):
        for start in starts:
            batch = slice(start, start + batch_size)
            loss, gradients = character_loss(trained, tokens[batch], mask[batch])
            trained = gradient_step(trained, clip_by_norm(gradients, LIMIT), lr)
            losses[epoch] += loss / len(starts)
    return trained, losses


def write(
    parameters: Parameters, start: ArrayLike, length: int, temperature: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Let the network go on after `start`: each token that is drawn is the next one that is read.

    Parameters
    ----------
    parameters : dict of arrays E, Wx, Wh, b, W, c
    start : array (S,) of whole numbers, S at least 1
        The network reads it first, from a state and a cell of zeros.
    length : int
        How many tokens are to be drawn.
    temperature : float, above 0
    rng : np.random.Generator
        Used once for each token, as `sample_index` does.

    Returns
    -------
    array (S + length,) of int
        `start`, and what was written after it.

    Raises
    ------
    ValueError
        If `start` holds no token, or if the shapes of the parameters do not fit.

    Examples
    --------
    The head's bias makes token 2 far likelier than the others.

    >>> shapes = {"E": (3, 2), "Wx": (2, 4), "Wh": (1, 4), "b": 4, "W": (1, 3)}
    >>> parameters = {name: np.zeros(shape) for name, shape in shapes.items()} | {"c": np.array([0.0, 0.0, 100.0])}
    >>> write(parameters, [0, 1], 3, 1.0, np.random.default_rng(0))
    array([0, 1, 2, 2, 2])
    """
    E, Wx, Wh, b, W, c = _fitting("write", parameters)
    start = np.asarray(start)
    if start.ndim != 1 or len(start) == 0:
        raise ValueError(f"write: start has shape {start.shape}; it must be (S,), one token at least")
    written = [int(token) for token in start]
    h = cell = np.zeros((1, len(Wh)), E.dtype)
    for place in range(len(start) + length - 1):
        h, cell, _ = lstm_step_forward(E[[written[place]]], h, cell, Wx, Wh, b)
        if place + 1 == len(written):
            written.append(sample_index((h @ W + c)[0], temperature, rng))
    return np.array(written, dtype=np.int64)


def _fitting(name: str, parameters: Parameters) -> list[NDArray]:
    """The six arrays in their order, if their shapes fit."""
    if set(parameters) != set(NAMES):
        raise ValueError(
            f"{name}: the parameters are {', '.join(sorted(parameters))}; they must be {', '.join(NAMES)}"
        )
    arrays = [as_float(parameters[one]) for one in NAMES]
    E, Wh = arrays[0], arrays[2]
    V, D, H = len(E), E.shape[-1], len(Wh)
    needed = ((V, D), (D, 4 * H), (H, 4 * H), (4 * H,), (H, V), (V,))
    if [one.shape for one in arrays] != list(needed):
        shapes = ", ".join(f"{one} {array.shape}" for one, array in zip(NAMES, arrays, strict=True))
        wanted = ", ".join(f"{one} {shape}" for one, shape in zip(NAMES, needed, strict=True))
        raise ValueError(f"{name}: the shapes are {shapes}; with these E and Wh they must be {wanted}")
    return arrays
