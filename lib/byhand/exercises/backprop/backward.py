"""The way back through each part of a network, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.backprop import backward


@exercise(backward.sigmoid_backward)
def sigmoid_backward(draw):
    yield np.array([8.0, 10.0]), np.array([0.5, 0.9])
    yield draw.normal(3, 4) + 3, draw.uniform(0.1, 0.4, 3, 4)


@sigmoid_backward.mistake(
    "unnamed-1",
    "`out` is what the sigmoid gave already. You sent it through the sigmoid once more; the slope is "
    "out · (1 - out).",
)
def _(dout, out):
    s = 1 / (1 + np.exp(-out))
    return dout * s * (1 - s)


@sigmoid_backward.mistake(
    "unnamed-2", "That is the slope alone. The blame that arrives, `dout`, is multiplied by it."
)
def _(dout, out):
    return out * (1 - out)


@sigmoid_backward.mistake(
    "unnamed-3", "You multiplied by the output. The slope of a sigmoid is out · (1 - out)."
)
def _(dout, out):
    return dout * out


@sigmoid_backward.mistake(
    "unnamed-4", "You multiplied by 1 - out. The slope of a sigmoid is out · (1 - out)."
)
def _(dout, out):
    return dout * (1 - out)


@sigmoid_backward.mistake(
    "unnamed-5", "That is the slope of tanh. The slope of a sigmoid is out · (1 - out)."
)
def _(dout, out):
    return dout * (1 - out**2)


@sigmoid_backward.mistake(
    "unnamed-6", "You divided by the slope. On the way back, too, the chain rule multiplies."
)
def _(dout, out):
    return dout / (out * (1 - out))


@exercise(backward.tanh_backward)
def tanh_backward(draw):
    yield np.array([8.0, 10.0]), np.array([0.5, -0.9])
    yield draw.normal(3, 4) + 3, draw.uniform(0.2, 0.8, 3, 4)


@tanh_backward.mistake(
    "unnamed-1", "`out` is what tanh gave already. You sent it through tanh once more; the slope is 1 - out²."
)
def _(dout, out):
    return dout * (1 - np.tanh(out) ** 2)


@tanh_backward.mistake(
    "unnamed-2", "That is the slope alone. The blame that arrives, `dout`, is multiplied by it."
)
def _(dout, out):
    return 1 - out**2


@tanh_backward.mistake("unnamed-3", "The square is missing: the slope of tanh is 1 - out².")
def _(dout, out):
    return dout * (1 - out)


@tanh_backward.mistake("unnamed-4", "You multiplied by out². The slope of tanh is what is left to 1.")
def _(dout, out):
    return dout * out**2


@tanh_backward.mistake("unnamed-5", "That is the slope of the sigmoid. The slope of tanh is 1 - out².")
def _(dout, out):
    return dout * out * (1 - out)


@exercise(backward.relu_backward)
def relu_backward(draw):
    yield np.array([8.0, 10.0]), np.array([0.0, 3.0])
    yield np.array([[-1.0, 2.0], [3.0, -4.0]]), np.array([[5.0, 0.0], [0.0, 6.0]])
    yield draw.normal(3, 4) + 3, np.maximum(draw.normal(3, 4), 0)


@relu_backward.mistake(
    "unnamed-1", "That is the slope alone. The blame that arrives, `dout`, is multiplied by it."
)
def _(dout, out):
    return (out > 0) * 1.0


@relu_backward.mistake(
    "unnamed-2",
    "You sent the blame itself through ReLU. A negative blame may pass: what decides is whether `out` is "
    "above 0.",
)
def _(dout, out):
    return np.maximum(dout, 0)


@relu_backward.mistake(
    "unnamed-3", "You let pass where `dout` is above 0. What decides is whether `out` is above 0."
)
def _(dout, out):
    return out * (dout > 0)


@relu_backward.mistake(
    "unnamed-4",
    "You multiplied by the value of ReLU. Its slope is 1 where it lets through, however large the value is.",
)
def _(dout, out):
    return dout * out


@relu_backward.mistake(
    "unnamed-5",
    "You let everything through. Where ReLU gave 0, a small change of its input changes nothing, so no blame "
    "passes.",
)
def _(dout, out):
    return dout * 1.0


@relu_backward.mistake(
    "unnamed-6", "You let pass exactly where ReLU is closed. Its slope is 1 where `out` is above 0."
)
def _(dout, out):
    return dout * (out <= 0)


def _probabilities(draw, rows, classes):
    """Rows that add up to 1, none of them close to a corner."""
    weights = draw.uniform(0.2, 1, rows, classes)
    return weights / weights.sum(axis=1, keepdims=True)


@exercise(backward.softmax_backward)
def softmax_backward(draw):
    yield np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]])
    yield np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]]), np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    yield draw.normal(3, 4) + np.arange(4), _probabilities(draw, 3, 4)


@softmax_backward.mistake(
    "unnamed-1",
    "You took each output alone, as with a sigmoid. In softmax every output depends on all the scores of its "
    "row: the blames of the others count as well.",
)
def _(dout, out):
    return dout * out * (1 - out)


@softmax_backward.mistake(
    "unnamed-2",
    "You added up over the whole table. Each row is an example of its own: the sum goes along the last axis.",
)
def _(dout, out):
    return out * (dout - np.sum(dout * out))


@softmax_backward.mistake(
    "unnamed-3", "Your sum goes down the columns. It goes along each row: axis=-1, with keepdims=True."
)
def _(dout, out):
    return out * (dout - np.sum(dout * out, axis=0, keepdims=True))


@softmax_backward.mistake(
    "unnamed-4",
    "Your blames of a row do not add up to 0. The sum that is subtracted is weighted: dout times out.",
)
def _(dout, out):
    return out * (dout - np.sum(dout, axis=-1, keepdims=True))


@softmax_backward.mistake("unnamed-5", "The bracket is right; each score's blame is out times that bracket.")
def _(dout, out):
    return dout - np.sum(dout * out, axis=-1, keepdims=True)


@softmax_backward.mistake(
    "unnamed-6", "The signs are turned round: dout comes first, and the sum is taken off."
)
def _(dout, out):
    return out * (np.sum(dout * out, axis=-1, keepdims=True) - dout)


@softmax_backward.mistake(
    "unnamed-7", "You took a mean where a sum belongs: out already holds the weights, and they add up to 1."
)
def _(dout, out):
    return out * (dout - np.mean(dout * out, axis=-1, keepdims=True))


@exercise(backward.dense_backward, returns="dx, dW, db")
def dense_backward(draw):
    # as many examples as inputs and outputs: here a missing .T gives a wrong answer instead of an error
    yield (
        np.array([[1.0, 10.0], [2.0, 0.5]]),
        (np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([[3.0, 0.0], [4.0, 5.0]]), np.array([0.5, -0.5])),
    )
    yield draw.normal(4, 3) + 2, (draw.normal(4, 2) + 2, draw.normal(2, 3), draw.normal(3))


@dense_backward.mistake(
    "unnamed-1", "`dx` is wrong: W took the inputs to the outputs, so the way back goes through W transposed."
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W, x.T @ dout, dout.sum(axis=0)


@dense_backward.mistake(
    "unnamed-2", "`dW` is wrong: it must have the shape of W. Row i belongs to input i, column j to neuron j."
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W.T, dout.T @ x, dout.sum(axis=0)


@dense_backward.mistake(
    "unnamed-3",
    "`dW` is wrong: x is not transposed. dW[i, j] adds up, over the examples, input i times the blame of "
    "output j.",
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W.T, x @ dout, dout.sum(axis=0)


@dense_backward.mistake(
    "unnamed-4",
    "Nothing is transposed, so `dx` and `dW` are wrong. Write the shapes below each product: which matrix must be "
    "turned on its side?",
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W, x @ dout, dout.sum(axis=0)


@dense_backward.mistake(
    "unnamed-5",
    "`db` is a mean. The bias is used by every example, so their blames are added; the loss has divided by N "
    "already.",
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W.T, x.T @ dout, dout.mean(axis=0)


@dense_backward.mistake(
    "unnamed-6",
    "You divided by the number of examples. The loss was a mean, so dout holds that division already: here, "
    "add up.",
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W.T, x.T @ dout / len(x), dout.mean(axis=0)


@dense_backward.mistake(
    "unnamed-7",
    "`db` is added up along the wrong axis. A bias belongs to a neuron, that is a column: add up over the "
    "examples.",
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=1)


@dense_backward.mistake(
    "unnamed-8", "`db` keeps one row an example. All examples share one bias: add up their blames, axis=0."
)
def _(dout, cache):
    x, W, _ = cache
    return dout @ W.T, x.T @ dout, dout


@dense_backward.mistake("unnamed-9", "The three are right, but in another order. Asked is dx, dW, db.")
def _(dout, cache):
    x, W, _ = cache
    return x.T @ dout, dout.sum(axis=0), dout @ W.T


@dense_backward.mistake("unnamed-10", "The first two are exchanged. Asked is dx, dW, db.")
def _(dout, cache):
    x, W, _ = cache
    return x.T @ dout, dout @ W.T, dout.sum(axis=0)
