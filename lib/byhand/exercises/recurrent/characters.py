"""Letters as numbers, and numbers as letters, in chapter 05."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.probabilities import softmax
from byhand.reference.recurrent import characters as reference

PHRASES = ("the state", "a loop of cells", "Where was I?", "gate by gate", "to and fro", "remember me")


@exercise(reference.encode_text, returns="tokens, characters")
def encode_text(draw):
    yield "hello"
    yield draw.choice(PHRASES)
    yield "Zebra, apple! " + draw.choice(PHRASES)  # capitals, a space, signs


def _encoded(given, characters, first=0):
    return np.array([characters.index(character) + first for character in given]), characters


@encode_text.mistake(
    "unnamed-1",
    "Your characters stand in the order in which they first occur. Sorted, every text over the same letters gets the "
    "same numbers.",
)
def _(text):
    return _encoded(text, "".join(dict.fromkeys(text)))


@encode_text.mistake(
    "unnamed-2", "Your tokens begin at 1. Python counts from 0, so that characters[k] is what token k means."
)
def _(text):
    return _encoded(text, "".join(sorted(set(text))), first=1)


@encode_text.mistake(
    "unnamed-3",
    "Your tokens are the computer's own codes (ord). Asked is the place among the characters of THIS text: 0 to V - 1.",
)
def _(text):
    return np.array([ord(character) for character in text]), "".join(sorted(set(text)))


@encode_text.mistake(
    "unnamed-4", "You sorted the text, but each character must occur once in the vocabulary."
)
def _(text):
    return _encoded(text, "".join(sorted(text)))


@encode_text.mistake("unnamed-5", "You sorted the tokens, too: they must stay in the order of the text.")
def _(text):
    tokens, characters = _encoded(text, "".join(sorted(set(text))))
    return np.sort(tokens), characters


@exercise(reference.embedding_forward, returns="out, _cache")
def embedding_forward(draw):
    yield np.array([2, 0, 2]), np.array([[0.0, 1.0, 2.0], [10.0, 11.0, 12.0], [20.0, 21.0, 22.0]])
    yield draw.integers(0, 5, 2, 4), draw.normal(5, 3)
    yield draw.integers(0, 3, 1, 1), draw.normal(3, 2)


@embedding_forward.mistake("unnamed-1", "You picked columns. The vector of token k is ROW k of W.")
def _(tokens, W):
    return W.T[tokens], None


@embedding_forward.mistake("unnamed-2", "You are one row too far: token 0 picks row 0.")
def _(tokens, W):
    return W[(tokens + 1) % len(W)], None


@embedding_forward.mistake(
    "unnamed-3",
    "You multiplied W by the tokens. A token is a name, not an amount: it only says which row to take.",
)
def _(tokens, W):
    return tokens[..., np.newaxis] * W[1], None


@embedding_forward.mistake(
    "unnamed-4", "You built one-hot rows and stopped there. Multiply them by W, or take the rows directly."
)
def _(tokens, W):
    return (tokens[..., np.newaxis] == np.arange(len(W))).astype(float), None


@embedding_forward.mistake("unnamed-5", "The tokens lost their shape: (N, T) tokens give (N, T, D) numbers.")
def _(tokens, W):
    return W[tokens].reshape(-1), None


@exercise(reference.embedding_backward)
def embedding_backward(draw):
    W = np.array([[5.0, 6.0], [7.0, 8.0], [9.0, 5.0], [6.0, 7.0]])
    yield np.array([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]), (np.array([2, 0, 2]), W)
    tokens = np.array([[0, 1, 1], [3, 1, 0]])
    yield draw.normal(2, 3, 4), (tokens, draw.normal(5, 4))
    yield draw.normal(1, 5, 2), (np.array([[2, 2, 2, 0, 2]]), draw.normal(3, 2))


def _collected(dout, tokens, W):
    dW = np.zeros_like(W)
    np.add.at(dW, tokens, dout)
    return dW


@embedding_backward.mistake(
    "unnamed-1",
    "A token that occurs twice kept only its last gradient. `dW[tokens] += dout` writes each row once; look for the "
    "NumPy function that adds every time.",
)
def _(dout, cache):
    tokens, W = cache
    dW = np.zeros_like(W)
    dW[tokens] += dout
    return dW


@embedding_backward.mistake(
    "unnamed-2", "You took the mean where a token occurs several times. Each use adds its part: a sum."
)
def _(dout, cache):
    tokens, W = cache
    counts = np.bincount(tokens.ravel(), minlength=len(W))
    return _collected(dout, tokens, W) / np.maximum(counts, 1)[:, np.newaxis]


@embedding_backward.mistake(
    "unnamed-3", "You started from W. The gradient starts from zeros: a token that did not occur has none."
)
def _(dout, cache):
    tokens, W = cache
    return W + _collected(dout, tokens, W)


@embedding_backward.mistake(
    "unnamed-4", "You returned the gradients of the vectors. Asked is that of the table W, (V, D)."
)
def _(dout, cache):
    return dout


@embedding_backward.mistake(
    "unnamed-5",
    "You divided by the number of tokens. The mean is the loss's business; here the gradients are summed.",
)
def _(dout, cache):
    tokens, W = cache
    return _collected(dout, tokens, W) / tokens.size


@exercise(reference.sample_index)
def sample_index(draw):
    yield np.array([0.0, 1000.0, 0.0]), 1.0, draw.rng()  # must not overflow
    for temperature in [0.3] * 12 + [3.0] * 12:
        yield draw.uniform(-3, 3, 60), temperature, draw.rng()


def _drawn(rng, p):
    return int(rng.choice(len(p), p=p))


@sample_index.mistake("unnamed-1", "You multiplied by the temperature. Hot should mean flatter: divide.")
def _(logits, temperature, rng):
    return _drawn(rng, softmax(logits * temperature))


@sample_index.mistake("unnamed-2", "The temperature does not count in your answer.")
def _(logits, temperature, rng):
    return _drawn(rng, softmax(logits))


@sample_index.mistake(
    "unnamed-3", "You always take the largest score. Asked is a draw by chance: the likely ones more often."
)
def _(logits, temperature, rng):
    return int(np.argmax(logits))


@sample_index.mistake(
    "unnamed-4", "Your letters are all equally likely. The scores must become the probabilities of the draw."
)
def _(logits, temperature, rng):
    return int(rng.choice(len(logits)))


@sample_index.mistake(
    "unnamed-5",
    "You returned the probability of the letter that was drawn. Asked is the letter itself, as a number.",
)
def _(logits, temperature, rng):
    p = softmax(logits / temperature)
    return float(p[_drawn(rng, p)])


@sample_index.mistake(
    "unnamed-6",
    "For a computer e^1000 is infinity, and infinity divided by infinity is nan. The softmax of chapter 2 shifts the "
    "scores first.",
)
def _(logits, temperature, rng):
    e = np.exp(logits / temperature)
    return _drawn(rng, e / e.sum())
