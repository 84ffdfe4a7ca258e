"""From letters to numbers and back: what a network needs to read a text, and to write one.

A text becomes a row of whole numbers, one a letter (`encode_text`). Each number picks a vector that the network
learns (`embedding_forward`). At the other end the network gives a score to every letter, and the next one is drawn
by chance, after a softmax with a temperature (`sample_index`). How well it foretells a text says `perplexity`.

Here a token is a single character. Everything holds for words, too: only the vocabulary is larger.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from byhand.arrays import as_float
from byhand.reference.activations.probabilities import softmax


def encode_text(text: str) -> tuple[NDArray[np.int64], str]:
    """A text as whole numbers: each character becomes its place among the sorted characters that occur.

    Parameters
    ----------
    text : str

    Returns
    -------
    tokens : array (len(text),) of int
        Numbers from 0 to V − 1, for V different characters.
    characters : str
        The V characters, each once, in sorted order: the vocabulary. `characters[k]` is what token k means.

    Notes
    -----
    Sorted, so that the same text gives the same numbers in every run. A Python set has no fixed order.

    Examples
    --------
    >>> tokens, characters = encode_text("hello")
    >>> tokens, characters
    (array([1, 0, 2, 2, 3]), 'ehlo')
    >>> "".join(characters[k] for k in tokens)
    'hello'
    """
    characters = "".join(sorted(set(text)))
    place = {character: k for k, character in enumerate(characters)}
    return np.array([place[character] for character in text], dtype=np.int64), characters


def embedding_forward(tokens: ArrayLike, W: ArrayLike) -> tuple[NDArray, tuple[NDArray, NDArray]]:
    """Each token picks its row of W: out = W[tokens].

    Parameters
    ----------
    tokens : array of whole numbers, 0 ≤ token < V, such as (N, T)
    W : array (V, D)
        One vector for each token of the vocabulary. The network learns them.

    Returns
    -------
    out : array (…, D)
        The shape of `tokens` with one axis more.
    cache : tuple (tokens, W)
        What the backward pass will need.

    Raises
    ------
    ValueError
        If W is not a matrix, or a token is not a whole number from 0 to V − 1.

    Notes
    -----
    The same as a dense layer without bias on one-hot rows, without the zeros. A negative number would pick from
    the end in NumPy; it is an error here, as it is in PyTorch.

    References
    ----------
    Y. Bengio, R. Ducharme, P. Vincent and C. Jauvin, "A neural probabilistic language model", 2003.

    Examples
    --------
    >>> out, cache = embedding_forward([2, 0, 2], [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> out
    array([[4., 5.],
           [0., 1.],
           [4., 5.]])
    """
    tokens, W = np.asarray(tokens), as_float(W)
    if W.ndim != 2:
        raise ValueError(f"embedding_forward: W has shape {W.shape}; it must be (V, D), one row a token")
    if tokens.dtype.kind not in "iu":
        raise ValueError(f"embedding_forward: tokens must be whole numbers, not {tokens.dtype}")
    if tokens.size and not 0 <= tokens.min() <= tokens.max() < len(W):
        raise ValueError(
            f"embedding_forward: tokens go from {tokens.min()} to {tokens.max()}, but W of shape {W.shape} has a row "
            f"only for 0 to {len(W) - 1}"
        )
    return W[tokens], (tokens, W)


def embedding_backward(dout: ArrayLike, cache: tuple[NDArray, NDArray]) -> NDArray:
    """The gradient of W: each row collects the gradients of all the places that picked it.

    Parameters
    ----------
    dout : array (…, D)
        The gradient of the loss with respect to the vectors.
    cache : tuple (tokens, W)
        From `embedding_forward`.

    Returns
    -------
    array (V, D)
        Zero in the rows of tokens that did not occur. A token is no number that could be changed a little, so it
        has no gradient.

    Raises
    ------
    ValueError
        If dout does not have the shape of the vectors.

    Notes
    -----
    ``dW[tokens] += dout`` looks right and is wrong: for a token that occurs twice NumPy keeps only one of the two.
    ``np.add.at`` adds both. Here the places are sorted by token first, and each run is summed at once: that is
    faster.

    Examples
    --------
    >>> _, cache = embedding_forward([2, 0, 2], np.zeros((3, 1)))
    >>> embedding_backward([[1.0], [10.0], [100.0]], cache)
    array([[ 10.],
           [  0.],
           [101.]])
    """
    tokens, W = cache
    dout = np.asarray(dout, W.dtype)
    if dout.shape != (*tokens.shape, W.shape[1]):
        raise ValueError(
            f"embedding_backward: dout has shape {dout.shape}; tokens of shape {tokens.shape} and W of shape {W.shape} "
            f"need {(*tokens.shape, W.shape[1])}"
        )
    dW = np.zeros_like(W)
    if tokens.size:
        order = np.argsort(tokens, axis=None, kind="stable")
        present, starts = np.unique(tokens.ravel()[order], return_index=True)
        dW[present] = np.add.reduceat(dout.reshape(-1, W.shape[1])[order], starts, axis=0)
    return dW


def sample_index(logits: ArrayLike, temperature: float, rng: np.random.Generator) -> int:
    """Draw one index by chance, with the probabilities softmax(logits / temperature).

    Parameters
    ----------
    logits : array (V,)
        One score for each index.
    temperature : number above 0
        Below 1 the likely ones become likelier, above 1 all become more alike. Towards 0 the largest score always
        wins.
    rng : np.random.Generator
        Where chance comes from. It is used once, for `rng.choice`: the same generator gives the same index.

    Returns
    -------
    int, from 0 to V − 1

    Raises
    ------
    ValueError
        If `logits` is not a row of at least one score, or the temperature is not above 0.

    References
    ----------
    D. Ackley, G. Hinton and T. Sejnowski, "A learning algorithm for Boltzmann machines", 1985: where temperature
    comes from.

    Examples
    --------
    >>> sample_index([0.0, 1000.0, 0.0], temperature=1.0, rng=np.random.default_rng(0))
    1
    """
    logits = as_float(logits).astype(
        np.float64
    )  # in float32 the probabilities miss 1 by more than `choice` allows
    if logits.ndim != 1 or len(logits) == 0:
        raise ValueError(
            f"sample_index: logits has shape {logits.shape}; it must be (V,), one score for each index"
        )
    if not temperature > 0:
        raise ValueError(f"sample_index: the temperature is {temperature}; it must be above 0")
    return int(rng.choice(len(logits), p=softmax(logits / temperature)))


def perplexity(loss: float) -> float:
    """Among how many equally likely characters does the network hesitate? e to the mean of −log p.

    Parameters
    ----------
    loss : float, at least 0
        The mean, over the characters of a text, of −log p, where p is the probability that the network gave to the
        character that came. The logarithm is the natural one: it is the loss of `cross_entropy_loss`.

    Returns
    -------
    float
        1 for a network that is always right and sure of it; V for one to which all V characters are equally likely.

    Raises
    ------
    ValueError
        If the loss is below 0: a probability would be above 1.

    Notes
    -----
    The same as 1 divided by the geometric mean of the probabilities. With a loss in bits it is a power of 2.

    References
    ----------
    F. Jelinek, R. Mercer, L. Bahl and J. Baker, "Perplexity: a measure of the difficulty of speech recognition
    tasks", 1977.

    Examples
    --------
    >>> print(round(perplexity(np.log(80)), 6))
    80.0
    """
    if not loss >= 0:
        raise ValueError(f"perplexity: the loss is {loss}; a mean of −log p is at least 0")
    return float(np.exp(loss))
