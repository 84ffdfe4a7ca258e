"""Whole networks, forward and back, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop import networks
from byhand.reference.backprop.backward import dense_backward, sigmoid_backward

ACTIVATIONS = networks.ACTIVATIONS


def _two_layers(draw, inputs, hidden, outputs):
    """Parameters in which every bias counts."""
    return {
        "W1": draw.normal(inputs, hidden),
        "b1": draw.uniform(0.3, 1, hidden),
        "W2": draw.normal(hidden, outputs),
        "b2": draw.uniform(0.3, 1, outputs),
    }


SMALL = {
    "W1": np.array([[0.15, 0.25], [0.20, 0.30]]),
    "b1": np.array([0.35, 0.35]),
    "W2": np.array([[0.40, 0.50], [0.45, 0.55]]),
    "b2": np.array([0.60, 0.60]),
}


@exercise(networks.two_layer_forward, returns="out, _cache")
def two_layer_forward(draw):
    yield np.array([[0.05, 0.10]]), SMALL
    yield draw.normal(4, 3), _two_layers(draw, 3, 5, 2)


def _forward(x, p, *, first=sigmoid, last=sigmoid, b1=1, b2=1):
    return last(first(x @ p["W1"] + b1 * p["b1"]) @ p["W2"] + b2 * p["b2"]), None


def _straight(z):
    return z


@two_layer_forward.mistake(
    "unnamed-1", "The last sigmoid is missing: your answers are scores, and not numbers between 0 and 1."
)
def _(x, params):
    return _forward(x, params, last=_straight)


@two_layer_forward.mistake(
    "unnamed-2",
    "There is no bend between your two layers. Without the sigmoid after the first, the two are only one "
    "layer.",
)
def _(x, params):
    return _forward(x, params, first=_straight)


@two_layer_forward.mistake("unnamed-3", "Both sigmoids are missing: each dense layer is followed by one.")
def _(x, params):
    return _forward(x, params, first=_straight, last=_straight)


@two_layer_forward.mistake("unnamed-4", "The bias of the first layer, b1, is not used.")
def _(x, params):
    return _forward(x, params, b1=0)


@two_layer_forward.mistake("unnamed-5", "The bias of the second layer, b2, is not used.")
def _(x, params):
    return _forward(x, params, b2=0)


@two_layer_forward.mistake("unnamed-6", "Neither bias is used. A dense layer is x W + b.")
def _(x, params):
    return _forward(x, params, b1=0, b2=0)


@exercise(networks.two_layer_backward)
def two_layer_backward(draw):
    _, cache = networks.two_layer_forward(np.array([[0.05, 0.10], [1.0, -2.0]]), SMALL)
    yield np.array([[0.75, -0.2], [0.5, 1.0]]), cache
    _, cache = networks.two_layer_forward(draw.normal(4, 3), _two_layers(draw, 3, 5, 2))
    yield draw.normal(4, 2) + 2, cache


def _backward(dout, cache, *, at_out=sigmoid_backward, at_h=sigmoid_backward, scale=1.0):
    """The reference, with one thing done otherwise."""
    x, h, out, params = cache
    dz2 = at_out(dout, out)
    dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))
    dz1 = at_h(dh, h)
    _, dW1, db1 = dense_backward(dz1, (x, params["W1"], params["b1"]))
    return {"W1": dW1 * scale, "b1": db1 * scale, "W2": dW2 * scale, "b2": db2 * scale}


def _passed_on(dout, out):
    return dout


def _twice(dout, out):
    return sigmoid_backward(dout, sigmoid(out))


@two_layer_backward.mistake(
    "unnamed-1",
    "The last sigmoid is left out. The blame of the answer must go back through it before it reaches W2.",
)
def _(dout, cache):
    return _backward(dout, cache, at_out=_passed_on)


@two_layer_backward.mistake(
    "unnamed-2",
    "W2 and b2 are right. Between the two layers stands a sigmoid: the blame of h must go back through it.",
)
def _(dout, cache):
    return _backward(dout, cache, at_h=_passed_on)


@two_layer_backward.mistake(
    "unnamed-3",
    "Both sigmoids are left out. Each part of the way forward has its part on the way back: four of them.",
)
def _(dout, cache):
    return _backward(dout, cache, at_out=_passed_on, at_h=_passed_on)


@two_layer_backward.mistake(
    "unnamed-4",
    "W2 and b2 are right. You sent h through the sigmoid once more; it is a sigmoid's output already.",
)
def _(dout, cache):
    return _backward(dout, cache, at_h=_twice)


@two_layer_backward.mistake(
    "unnamed-5",
    "You sent out and h through the sigmoid once more. Both are a sigmoid's output already: s · (1 - s).",
)
def _(dout, cache):
    return _backward(dout, cache, at_out=_twice, at_h=_twice)


@two_layer_backward.mistake(
    "unnamed-6",
    "Only W1 is wrong: you gave the first layer h as its input. What did it multiply its weights with on the way "
    "forward?",
)
def _(dout, cache):
    _, h, out, params = cache
    dz1 = sigmoid_backward(sigmoid_backward(dout, out) @ params["W2"].T, h)
    return {**_backward(dout, cache), "W1": h.T @ dz1}


@two_layer_backward.mistake(
    "unnamed-7",
    "Your gradients are divided by the number of examples. The loss was a mean, so dout holds that division "
    "already.",
)
def _(dout, cache):
    return _backward(dout, cache, scale=1 / len(dout))


@two_layer_backward.mistake(
    "unnamed-8", "W2 and b2 are right. To get from z2 back to h, the blame must go through W2 transposed."
)
def _(dout, cache):
    x, h, out, params = cache
    dz2 = sigmoid_backward(dout, out)
    dz1 = (dz2 @ params["W2"]) * h * (1 - h)
    return {"W1": x.T @ dz1, "b1": dz1.sum(axis=0), "W2": h.T @ dz2, "b2": dz2.sum(axis=0)}


@exercise(networks.three_layers_by_hand, returns="dw1, dw2, dw3")
def three_layers_by_hand(draw):
    yield ()


def _answer(*numbers):
    return lambda: numbers


three_layers_by_hand.mistake(
    "unnamed-1",
    "All three are half of what they should be. The loss is (out - 1)²: how fast does a square grow?",
)(_answer(-8.0, 6.0, -24.0))
three_layers_by_hand.mistake(
    "unnamed-2",
    "You multiplied the blame by the weight itself. The product w · h grows with w as fast as h is large: by "
    "the layer's input.",
)(_answer(-12.0, 8.0, 4.0))
three_layers_by_hand.mistake(
    "unnamed-3",
    "The third is right. On its way to an earlier layer the blame passes the weights between, and is "
    "multiplied by each.",
)(_answer(16.0, -24.0, -48.0))
three_layers_by_hand.mistake(
    "unnamed-4",
    "All three have the wrong sign. The answer is -3 and should be 1: does the loss grow or fall when the "
    "answer grows?",
)(_answer(16.0, -12.0, 48.0))
three_layers_by_hand.mistake(
    "unnamed-5", "The numbers are right, but in another order. Asked is dw1, dw2, dw3."
)(_answer(-48.0, 12.0, -16.0))


def _deep(draw, *sizes):
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = draw.normal(*sizes[layer - 1 : layer + 1])
        params[f"b{layer}"] = draw.uniform(0.3, 1, sizes[layer])
    return params


@exercise(networks.mlp_forward, returns="out, _cache")
def mlp_forward(draw):
    yield np.array([[-3.0], [2.0]]), {
        "W1": np.array([[1.0, -1.0]]), "b1": np.array([0.5, 0.0]), "W2": np.ones((2, 1)), "b2": np.array([-4.0])
    }, "relu"  # fmt: skip
    yield draw.normal(4, 3), _deep(draw, 3, 5, 4, 2), "tanh"
    yield draw.normal(4, 3), _deep(draw, 3, 2), "sigmoid"  # one layer: no activation at all
    yield draw.normal(2, 3), _deep(draw, 3, 3, 3, 3, 3), "sigmoid"


def _run(x, params, activation, *, hidden=None, last=False, bias=1, layers=None):
    depth = len(params) // 2
    bend = hidden or ACTIVATIONS[activation][0]
    for layer in range(1, (layers or depth) + 1):
        x = x @ params[f"W{layer}"] + bias * params[f"b{layer}"]
        if layer < depth or last:
            x = bend(x)
    return x, None


@mlp_forward.mistake(
    "unnamed-1",
    "You bent the last layer too. Its scores stay as they are: the loss brings an activation of its own.",
)
def _(x, params, activation):
    return _run(x, params, activation, last=True)


@mlp_forward.mistake(
    "unnamed-2",
    "There is no bend between your layers, so all of them together are only one layer. Which function "
    "follows each but the last?",
)
def _(x, params, activation):
    return _run(x, params, activation, hidden=_straight)


@mlp_forward.mistake(
    "unnamed-3", "You always bend with ReLU. Which function it is, the argument `activation` says."
)
def _(x, params, activation):
    return _run(x, params, activation, hidden=ACTIVATIONS["relu"][0])


@mlp_forward.mistake("unnamed-4", "The biases are not used. A dense layer is x W + b.")
def _(x, params, activation):
    return _run(x, params, activation, bias=0)


@mlp_forward.mistake(
    "unnamed-5",
    "Your network stops one layer early. range(1, n) ends at n - 1: is the last layer among them?",
)
def _(x, params, activation):
    return _run(x, params, activation, layers=len(params) // 2 - 1)


@exercise(networks.mlp_backward)
def mlp_backward(draw):
    square = {"W1": np.array([[1.0, -1.0], [0.5, 2.0]]), "b1": np.array([0.5, 1.0])}
    square |= {"W2": np.array([[2.0, 1.0], [-1.0, 0.5]]), "b2": np.array([0.5, -0.5])}
    _, cache = networks.mlp_forward(np.array([[1.0, 2.0], [3.0, -1.0]]), square, "relu")
    yield np.array([[1.0, 10.0], [-2.0, 0.5]]), cache
    _, cache = networks.mlp_forward(draw.normal(4, 3), _deep(draw, 3, 5, 4, 2), "tanh")
    yield draw.normal(4, 2) + 2, cache
    _, cache = networks.mlp_forward(draw.normal(4, 3), _deep(draw, 3, 2), "sigmoid")
    yield draw.normal(4, 2) + 2, cache
    _, cache = networks.mlp_forward(draw.normal(2, 3), _deep(draw, 3, 3, 3, 3, 3), "sigmoid")
    yield draw.normal(2, 3) + 2, cache


def _back(dout, cache, *, bend=None, last=False, shift=0, scale=1.0):
    """The reference, with one thing done otherwise."""
    outs, params, activation = cache
    through = bend or ACTIVATIONS[activation][1]
    depth, grads = len(outs) - 1, {}
    for layer in range(depth, 0, -1):
        if layer < depth or last:
            dout = through(dout, outs[layer - shift])
        dense = outs[layer - 1], params[f"W{layer}"], params[f"b{layer}"]
        dout, dW, db = dense_backward(dout, dense)
        grads[f"W{layer}"], grads[f"b{layer}"] = dW * scale, db * scale
    return grads


@mlp_backward.mistake(
    "unnamed-1",
    "You went back through an activation after the last layer as well. On the way forward there was none.",
)
def _(dout, cache):
    return _back(dout, cache, last=True)


@mlp_backward.mistake(
    "unnamed-2",
    "The last layer is right. Before each earlier one, the blame must go back through the activation.",
)
def _(dout, cache):
    return _back(dout, cache, bend=_passed_on)


@mlp_backward.mistake(
    "unnamed-3", "You always go back through ReLU. Which activation it was, the cache says."
)
def _(dout, cache):
    return _back(dout, cache, bend=ACTIVATIONS["relu"][1])


@mlp_backward.mistake(
    "unnamed-4",
    "The slope is taken at the wrong place: you used what went into a layer, and not what its activation "
    "gave, outs[layer].",
)
def _(dout, cache):
    return _back(dout, cache, shift=1)


@mlp_backward.mistake(
    "unnamed-5",
    "Your biases are right, your weights are not: a dense layer's way back needs what went into the layer, "
    "outs[layer - 1], and not what it gave.",
)
def _(dout, cache):
    outs, params, activation = cache
    depth, grads = len(outs) - 1, {}
    for layer in range(depth, 0, -1):
        if layer < depth:
            dout = ACTIVATIONS[activation][1](dout, outs[layer])
        grads[f"W{layer}"], grads[f"b{layer}"] = outs[layer].T @ dout, dout.sum(axis=0)
        dout = dout @ params[f"W{layer}"].T
    return grads


@mlp_backward.mistake(
    "unnamed-6",
    "Your gradients are divided by the number of examples. The loss was a mean, so dout holds that division "
    "already.",
)
def _(dout, cache):
    return _back(dout, cache, scale=1 / len(dout))
