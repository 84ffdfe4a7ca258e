"""The way back through each part of a network, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.backprop import backward


@exercise(backward.sigmoid_backward)
def sigmoid_backward(draw):
    yield np.array([8.0, 10.0]), np.array([0.5, 0.9])
    yield draw.normal(3, 4) + 3, draw.uniform(0.1, 0.4, 3, 4)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


@sigmoid_backward.mistake(
    "sigmoid-of-the-output",
    "`out` is what the sigmoid gave already. You sent it through the sigmoid once more; the slope is out · (1 - out).",
)
def _(dout, out):
    s = _sigmoid(out)
    return dout * s * (1 - s)


@sigmoid_backward.mistake(
    "slope-alone", "That is the slope alone. The gradient that arrives, `dout`, is multiplied by it."
)
def _(dout, out):
    return out * (1 - out)


@sigmoid_backward.mistake(
    "times-the-output", "You multiplied by the output. The slope of a sigmoid is out · (1 - out)."
)
def _(dout, out):
    return dout * out


@sigmoid_backward.mistake(
    "times-one-minus", "You multiplied by 1 - out. The slope of a sigmoid is out · (1 - out)."
)
def _(dout, out):
    return dout * (1 - out)


@sigmoid_backward.mistake(
    "slope-of-tanh", "That is the slope of tanh. The slope of a sigmoid is out · (1 - out)."
)
def _(dout, out):
    return dout * (1 - out**2)


@sigmoid_backward.mistake(
    "bracket-missing",
    "A bracket is missing: `dout * out * 1 - out` is dout · out, and then out is taken off. Write (1 - out).",
)
def _(dout, out):
    return dout * out * 1 - out


@sigmoid_backward.mistake(
    "divided", "You divided by the slope. On the way back, too, the chain rule multiplies."
)
def _(dout, out):
    return dout / (out * (1 - out))


@sigmoid_backward.mistake("slope-added", "You added the slope. On the way back the chain rule multiplies.")
def _(dout, out):
    return dout + out * (1 - out)


@exercise(backward.tanh_backward)
def tanh_backward(draw):
    yield np.array([8.0, 10.0]), np.array([0.5, -0.9])
    yield draw.normal(3, 4) + 3, draw.uniform(0.2, 0.8, 3, 4)


@tanh_backward.mistake(
    "tanh-of-the-output",
    "`out` is what tanh gave already. You sent it through tanh once more; the slope is 1 - out².",
)
def _(dout, out):
    return dout * (1 - np.tanh(out) ** 2)


@tanh_backward.mistake(
    "slope-alone", "That is the slope alone. The gradient that arrives, `dout`, is multiplied by it."
)
def _(dout, out):
    return 1 - out**2


@tanh_backward.mistake("square-missing", "The square is missing: the slope of tanh is 1 - out².")
def _(dout, out):
    return dout * (1 - out)


@tanh_backward.mistake(
    "square-outside", "You squared the whole bracket. The slope of tanh is 1 - out²: only out is squared."
)
def _(dout, out):
    return dout * (1 - out) ** 2


@tanh_backward.mistake(
    "bracket-missing",
    "A bracket is missing: `dout * 1 - out**2` is dout, and then out² is taken off. Write (1 - out**2).",
)
def _(dout, out):
    return dout * 1 - out**2


@tanh_backward.mistake("times-the-square", "You multiplied by out². The slope of tanh is what is left to 1.")
def _(dout, out):
    return dout * out**2


@tanh_backward.mistake("slope-of-sigmoid", "That is the slope of the sigmoid. The slope of tanh is 1 - out².")
def _(dout, out):
    return dout * out * (1 - out)


@exercise(backward.relu_backward)
def relu_backward(draw):
    yield np.array([8.0, 10.0]), np.array([0.0, 3.0])
    yield np.array([[-1.0, 2.0], [3.0, -4.0]]), np.array([[5.0, 0.0], [0.0, 6.0]])
    yield draw.normal(3, 4) + 3, np.maximum(draw.normal(3, 4), 0)
    yield draw.normal(2, 2) - 3, draw.uniform(0.02, 0.1, 2, 2)  # close to the corner


@relu_backward.mistake(
    "slope-alone", "That is the slope alone. The gradient that arrives, `dout`, is multiplied by it."
)
def _(dout, out):
    return (out > 0) * 1.0


@relu_backward.mistake(
    "relu-of-the-blame",
    "You sent the gradient itself through ReLU. A negative one may pass: what decides is whether `out` is above 0.",
)
def _(dout, out):
    return np.maximum(dout, 0)


@relu_backward.mistake(
    "both-above-zero",
    "You let pass only where the gradient is above 0, too. A negative gradient may pass: what decides is `out` alone.",
)
def _(dout, out):
    return dout * (out > 0) * (dout > 0)


@relu_backward.mistake(
    "arguments-exchanged", "You let pass where `dout` is above 0. What decides is whether `out` is above 0."
)
def _(dout, out):
    return out * (dout > 0)


@relu_backward.mistake(
    "times-the-output",
    "You multiplied by the value of ReLU. Its slope is 1 where it lets through, however large the value is.",
)
def _(dout, out):
    return dout * out


@relu_backward.mistake(
    "always-open",
    "You let everything through. Where ReLU gave 0, a small change of its input changes nothing, so nothing passes.",
)
def _(dout, out):
    return dout * 1.0


@relu_backward.mistake(
    "turned-round",
    "You let pass exactly where ReLU is closed. Its slope is 1 where `out` is above 0.",
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


@softmax_backward.switchable
def _softmax(dout, out, *, add=np.sum, along=-1, weights=True, weighed=True, sign=1.0):
    taken_off = add(dout * out if weights else dout, axis=along, keepdims=True)
    return sign * (out if weighed else 1.0) * (dout - taken_off)


@softmax_backward.mistake(
    "each-output-alone",
    "You took each output alone, as with a sigmoid. In softmax every output depends on all the scores of its row: the "
    "gradients of the others count as well.",
)
def _(dout, out):
    return dout * out * (1 - out)


@softmax_backward.mistake(
    "probability-minus-target",
    "You took the one from the other. That is softmax and cross-entropy in one step; here softmax is alone, and `dout` "
    "is no target.",
)
def _(dout, out):
    return out - dout


softmax_backward.switch(
    "sum-over-the-table",
    "You added up over the whole table. Each row is an example of its own: the sum goes along the last axis.",
    along=None,
)
softmax_backward.switch(
    "sum-over-batch",
    "Your sum goes down the columns. It goes along each row: axis=-1, with keepdims=True.",
    along=0,
)
softmax_backward.switch(
    "sum-not-weighted",
    "Your gradients of a row do not add up to 0. The sum that is subtracted is weighted: dout times out.",
    weights=False,
)
softmax_backward.switch(
    "bracket-alone", "The bracket is right; each score's gradient is out times that bracket.", weighed=False
)
softmax_backward.switch(
    "wrong-sign", "The signs are turned round: dout comes first, and the sum is taken off.", sign=-1.0
)
softmax_backward.switch(
    "mean-not-sum",
    "You took a mean where a sum belongs: out already holds the weights, and they add up to 1.",
    add=np.mean,
)


@softmax_backward.mistake(
    "sum-left-out",
    "You multiplied dout by out and stopped. In the bracket the sum over the row is taken off dout first.",
)
def _(dout, out):
    return out * dout


@softmax_backward.mistake("sum-added", "You added the sum of the row. In the formula it is taken off.")
def _(dout, out):
    return out * (dout + np.sum(dout * out, axis=-1, keepdims=True))


@exercise(backward.dense_backward, returns="dx, dW, db")
def dense_backward(draw):
    # as many examples as inputs and outputs: here a missing .T gives a wrong answer instead of an error
    yield (
        np.array([[1.0, 10.0], [2.0, 0.5]]),
        (np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([[3.0, 0.0], [4.0, 5.0]]), np.array([0.5, -0.5])),
    )
    yield draw.normal(4, 3) + 2, (draw.normal(4, 2) + 2, draw.normal(2, 3), draw.normal(3))


def _through_the_weights(dout, W):
    return dout @ W.T


def _inputs_times_gradients(x, dout):
    return x.T @ dout


def _added_up(dout):
    return dout.sum(axis=0)


@dense_backward.switchable
def _dense(
    dout, cache, *, dx=_through_the_weights, dW=_inputs_times_gradients, db=_added_up, order=(0, 1, 2)
):
    x, W, _ = cache
    three = dx(dout, W), dW(x, dout), db(dout)
    return tuple(three[place] for place in order)


dense_backward.switch(
    "dx-not-transposed",
    "`dx` is wrong: W took the inputs to the outputs, so the way back goes through W transposed.",
    dx=lambda dout, W: dout @ W,
)
dense_backward.switch(
    "dw-on-its-side",
    "`dW` is wrong: it must have the shape of W. Row i belongs to input i, column j to neuron j.",
    dW=lambda x, dout: dout.T @ x,
)
dense_backward.switch(
    "dw-not-transposed",
    "`dW` is wrong: x is not transposed. dW[i, j] adds up, over the examples, input i times the gradient of output j.",
    dW=lambda x, dout: x @ dout,
)
dense_backward.switch(
    "nothing-transposed",
    "Nothing is transposed, so `dx` and `dW` are wrong. Write the shapes below each product: which matrix must be "
    "turned on its side?",
    dx=lambda dout, W: dout @ W,
    dW=lambda x, dout: x @ dout,
)
dense_backward.switch(
    "db-mean",
    "`db` is a mean. Every example uses the bias, so their gradients are added; the loss has divided by N already.",
    db=lambda dout: dout.mean(axis=0),
)
dense_backward.switch(
    "dw-mean",
    "`dW` is divided by the number of examples. The loss was a mean, so dout holds that division already: add up.",
    dW=lambda x, dout: x.T @ dout / len(x),
)
dense_backward.switch(
    "divided-again",
    "You divided by the number of examples. The loss was a mean, so dout holds that division already: here, add up.",
    dW=lambda x, dout: x.T @ dout / len(x),
    db=lambda dout: dout.mean(axis=0),
)
dense_backward.switch(
    "db-over-neurons",
    "`db` is added up along the wrong axis. A bias belongs to a neuron, that is a column: add up over the examples.",
    db=lambda dout: dout.sum(axis=1),
)
dense_backward.switch(
    "db-not-added-up",
    "`db` keeps one row an example. All examples share one bias: add up their gradients, axis=0.",
    db=lambda dout: dout,
)
dense_backward.switch(
    "db-kept-as-a-row",
    "`db` is a table of one row. A bias is a list with a number for each neuron, shape (M,): leave out keepdims.",
    db=lambda dout: dout.sum(axis=0, keepdims=True),
)
dense_backward.switch(
    "db-one-number",
    "`db` is one number. Each neuron has a bias of its own: add up over the examples only, axis=0.",
    db=np.sum,
)
dense_backward.switch(
    "dx-of-the-weights-alone",
    "`dx` does not hold the gradient that arrives: it is dout, taken back through the weights.",
    dx=lambda dout, W: np.ones_like(dout) @ W.T,
)
dense_backward.switch(
    "other-order", "The three are right, but in another order. Asked is dx, dW, db.", order=(1, 2, 0)
)
dense_backward.switch(
    "first-two-exchanged", "The first two are exchanged. Asked is dx, dW, db.", order=(1, 0, 2)
)
