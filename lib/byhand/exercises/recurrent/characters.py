"""Letters as numbers, and numbers as letters, in chapter 05."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.probabilities import softmax
from byhand.reference.recurrent import characters as reference

SMALL = "abcdefghijklmnopqrstuvwxyz"
ALL = SMALL + SMALL.upper() + " .,!?"


def _text(draw, length, letters):
    return "".join(letters[k] for k in draw.integers(0, len(letters), length))


@exercise(reference.encode_text, returns="tokens, characters")
def encode_text(draw):
    yield _text(draw, 6, "".join(SMALL[k] for k in draw.permutation(26)[:4]))
    yield _text(draw, 12, SMALL)
    yield _text(draw, 40, ALL)  # capitals, a space, signs
    yield draw.choice(ALL)


def _encoded(given, characters, first=0):
    return np.array([characters.index(character) + first for character in given]), characters


@encode_text.mistake(
    "order-of-occurrence",
    "Your characters stand in the order in which they first occur. Sorted, every text over the same letters gets the "
    "same numbers.",
)
def _(text):
    return _encoded(text, "".join(dict.fromkeys(text)))


@encode_text.mistake(
    "counted-from-one",
    "Your tokens begin at 1. Python counts from 0, so that characters[k] is what token k means.",
)
def _(text):
    return _encoded(text, "".join(sorted(set(text))), first=1)


@encode_text.mistake(
    "codes-of-the-computer",
    "Your tokens are the computer's own codes (ord). Asked is the place among the characters of THIS text: 0 to V - 1.",
)
def _(text):
    return np.array([ord(character) for character in text]), "".join(sorted(set(text)))


@encode_text.mistake(
    "repeated-in-vocabulary", "You sorted the text, but each character must occur once in the vocabulary."
)
def _(text):
    return _encoded(text, "".join(sorted(text)))


@encode_text.mistake(
    "capitals-lost",
    "You made all letters small. A capital is a character of its own, with a token of its own.",
)
def _(text):
    small = text.lower()
    return _encoded(small, "".join(sorted(set(small))))


@encode_text.mistake("tokens-sorted", "You sorted the tokens, too: they must stay in the order of the text.")
def _(text):
    tokens, characters = _encoded(text, "".join(sorted(set(text))))
    return np.sort(tokens), characters


@exercise(reference.embedding_forward, returns="out, _cache")
def embedding_forward(draw):
    yield draw.permutation(3), draw.normal(3, 3)
    yield draw.integers(0, 5, 2, 4), draw.normal(5, 3)
    yield draw.integers(0, 3, 1, 1), draw.normal(3, 2)  # one sequence of one step
    yield draw.integers(0, 4, 3, 2), draw.normal(4, 1)  # one number a token


@embedding_forward.mistake("columns-picked", "You picked columns. The vector of token k is ROW k of W.")
def _(tokens, W):
    return W.T[tokens], None


@embedding_forward.mistake("one-row-too-far", "You are one row too far: token 0 picks row 0.")
def _(tokens, W):
    return W[(tokens + 1) % len(W)], None


@embedding_forward.mistake(
    "multiplied-by-token",
    "You multiplied W by the tokens. A token is a name, not an amount: it only says which row to take.",
)
def _(tokens, W):
    return tokens[..., np.newaxis] * W[1], None


@embedding_forward.mistake(
    "one-hot-only", "You built one-hot rows and stopped there. Multiply them by W, or take the rows directly."
)
def _(tokens, W):
    return (tokens[..., np.newaxis] == np.arange(len(W))).astype(float), None


@embedding_forward.mistake("shape-lost", "The tokens lost their shape: (N, T) tokens give (N, T, D) numbers.")
def _(tokens, W):
    return W[tokens].reshape(-1), None


@exercise(reference.embedding_backward)
def embedding_backward(draw):
    often, once = draw.permutation(4)[:2]
    yield draw.normal(3, 2), (np.array([often, once, often]), draw.normal(4, 2))
    tokens = draw.permutation(5)[np.array([[0, 1, 1], [3, 1, 0]])]  # one of the five does not occur
    yield draw.normal(2, 3, 4), (tokens, draw.normal(5, 4))
    yield draw.normal(1, 5, 2), (draw.permutation(3)[np.array([[2, 2, 2, 0, 2]])], draw.normal(3, 2))
    yield draw.normal(1, 1, 3), (draw.integers(0, 4, 1, 1), draw.normal(4, 3))  # one sequence of one step


def _collected(dout, tokens, W):
    dW = np.zeros_like(W)
    np.add.at(dW, tokens, dout)
    return dW


@embedding_backward.mistake(
    "last-use-only",
    "A token that occurs twice kept only its last gradient. `dW[tokens] += dout` writes each row once; look for the "
    "NumPy function that adds every time.",
)
def _(dout, cache):
    tokens, W = cache
    dW = np.zeros_like(W)
    dW[tokens] += dout
    return dW


@embedding_backward.mistake(
    "mean-of-uses", "You took the mean where a token occurs several times. Each use adds its part: a sum."
)
def _(dout, cache):
    tokens, W = cache
    counts = np.bincount(tokens.ravel(), minlength=len(W))
    return _collected(dout, tokens, W) / np.maximum(counts, 1)[:, np.newaxis]


@embedding_backward.mistake(
    "started-from-w",
    "You started from W. The gradient starts from zeros: a token that did not occur has none.",
)
def _(dout, cache):
    tokens, W = cache
    return W + _collected(dout, tokens, W)


@embedding_backward.mistake(
    "not-collected", "You returned the gradients of the vectors. Asked is that of the table W, (V, D)."
)
def _(dout, cache):
    return dout


@embedding_backward.mistake(
    "divided-by-tokens",
    "You divided by the number of tokens. The mean is the loss's business; here the gradients are summed.",
)
def _(dout, cache):
    tokens, W = cache
    return _collected(dout, tokens, W) / tokens.size


@embedding_backward.mistake(
    "uses-counted", "You counted how often each row was picked. Add up the gradients that came back to it."
)
def _(dout, cache):
    return reference.embedding_backward(np.ones_like(dout), cache)


@exercise(reference.sample_index)
def sample_index(draw):
    logits = draw.uniform(-3, 3, 3)
    logits[draw.integers(0, 3)] = 1000.0  # must not overflow
    yield logits, draw.uniform(0.5, 1.3), draw.rng()
    for low, high in [(0.2, 0.5)] * 12 + [(2, 5)] * 12:
        yield draw.uniform(-3, 3, 60), draw.uniform(low, high), draw.rng()


@sample_index.accept
def _(answer, logits, temperature, rng):
    if answer == reference.sample_index(logits, temperature, np.random.default_rng(rng.seed)):
        return None
    return (
        "That is not the index that `rng.choice(len(logits), p=…)` draws, with the softmax of logits / temperature for "
        "p. Does all chance come from the argument rng, in one call?"
    )


def _drawn(rng, p):
    return int(rng.choice(len(p), p=p))


@sample_index.mistake(
    "temperature-multiplied", "You multiplied by the temperature. Hot should mean flatter: divide."
)
def _(logits, temperature, rng):
    return _drawn(rng, softmax(logits * temperature))


@sample_index.mistake("temperature-unused", "The temperature does not count in your answer.")
def _(logits, temperature, rng):
    return _drawn(rng, softmax(logits))


@sample_index.mistake(
    "largest-taken",
    "You always take the largest score. Asked is a draw by chance: the likely ones more often.",
)
def _(logits, temperature, rng):
    return int(np.argmax(logits))


@sample_index.mistake(
    "all-equally-likely",
    "Your letters are all equally likely. The scores must become the probabilities of the draw.",
)
def _(logits, temperature, rng):
    return int(rng.choice(len(logits)))


@sample_index.mistake(
    "probability-returned",
    "You returned the probability of the letter that was drawn. Asked is the letter itself, as a number.",
)
def _(logits, temperature, rng):
    p = softmax(logits / temperature)
    return float(p[_drawn(rng, p)])


@sample_index.mistake(
    "overflow",
    "For a computer e^1000 is infinity, and infinity divided by infinity is nan. The softmax of chapter 2 shifts the "
    "scores first.",
)
def _(logits, temperature, rng):
    e = np.exp(logits / temperature)
    return _drawn(rng, e / e.sum())


@sample_index.mistake(
    "own-generator",
    "You made a random generator of your own, with a fixed seed: it draws the same letter again and again. Chance must "
    "come from the argument rng.",
)
def _(logits, temperature, rng):
    return _drawn(np.random.default_rng(0), softmax(logits / temperature))


@sample_index.mistake("own-generator")
def _(logits, temperature, rng):
    return _drawn(np.random.default_rng(42), softmax(logits / temperature))


@sample_index.mistake(
    "noise-added",
    "You added Gumbel noise and took the largest sum. The chances are right, but the letters are others: asked is one "
    "call of `rng.choice`, so that one seed gives one text.",
)
def _(logits, temperature, rng):
    return int(np.argmax(logits / temperature + rng.gumbel(size=len(logits))))


@exercise(reference.perplexity)
def perplexity(draw):
    yield float(np.log(draw.integers(2, 100)))  # all characters equally likely
    yield draw.uniform(0.5, 5)
    yield 0.0  # always right, and sure of it
    yield draw.uniform(8, 12)


@perplexity.mistake(
    "probability",
    "You returned the probability of the right character, e^-loss. Among how many equally likely ones would it have "
    "that chance?",
)
def _(loss):
    return np.exp(-loss)


@perplexity.mistake(
    "power-of-two",
    "You took a power of 2. That is right for a loss in bits; here the loss is made with the natural logarithm.",
)
def _(loss):
    return 2.0**loss


@perplexity.mistake(
    "power-of-ten",
    "You took a power of 10. The loss is made with the natural logarithm, whose base is e.",
)
def _(loss):
    return 10.0**loss


@perplexity.mistake("loss-returned", "You returned the loss. Which function undoes the logarithm?")
def _(loss):
    return loss


@perplexity.mistake(
    "logarithm-taken", "You took a logarithm once more. The loss is a logarithm already: undo it."
)
def _(loss):
    return np.log(np.float64(loss))
