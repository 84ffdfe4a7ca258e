"""Whole networks, forward and back, in chapter 03."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop import networks
from byhand.reference.backprop.backward import sigmoid_backward

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


def _straight(z):
    return z


@two_layer_forward.switchable
def _forward(x, params, *, first=sigmoid, last=sigmoid, b1=1, b2=1):
    h = first(x @ params["W1"] + b1 * params["b1"])
    out = last(h @ params["W2"] + b2 * params["b2"])
    return out, (x, h, out, params)


two_layer_forward.switch(
    "last-sigmoid-missing",
    "The last sigmoid is missing: your answers are scores, and not numbers between 0 and 1.",
    last=_straight,
)
two_layer_forward.switch(
    "first-sigmoid-missing",
    "There is no bend between your two layers. Without the sigmoid after the first, the two are only one layer.",
    first=_straight,
)
two_layer_forward.switch(
    "both-sigmoids-missing",
    "Both sigmoids are missing: each dense layer is followed by one.",
    first=_straight,
    last=_straight,
)
two_layer_forward.switch("b1-unused", "The bias of the first layer, b1, is not used.", b1=0)
two_layer_forward.switch("b2-unused", "The bias of the second layer, b2, is not used.", b2=0)
two_layer_forward.switch("biases-unused", "Neither bias is used. A dense layer is x W + b.", b1=0, b2=0)
two_layer_forward.switch(
    "tanh-inside",
    "Your hidden layer bends with tanh. Asked is a sigmoid after each dense layer.",
    first=np.tanh,
)
two_layer_forward.switch(
    "relu-inside",
    "Your hidden layer bends with ReLU. Asked is a sigmoid after each dense layer.",
    first=lambda z: np.maximum(z, 0),
)


@exercise(networks.two_layer_backward)
def two_layer_backward(draw):
    _, cache = networks.two_layer_forward(np.array([[0.05, 0.10], [1.0, -2.0]]), SMALL)
    yield np.array([[0.75, -0.2], [0.5, 1.0]]), cache
    _, cache = networks.two_layer_forward(draw.normal(4, 3), _two_layers(draw, 3, 5, 2))
    yield draw.normal(4, 2) + 2, cache


def _passed_on(dout, out):
    return dout


def _twice(dout, out):
    return sigmoid_backward(dout, sigmoid(out))


def _through_w2(dz2, W2):
    return dz2 @ W2.T


@two_layer_backward.switchable
def _backward(
    dout,
    cache,
    *,
    at_out=sigmoid_backward,
    at_h=sigmoid_backward,
    through=_through_w2,
    divided=False,
    into="x",
):
    x, h, out, params = cache
    dz2 = at_out(dout, out)
    dz1 = at_h(through(dz2, params["W2"]), h)
    dW1 = (x if into == "x" else h).T @ dz1
    grads = {"W1": dW1, "b1": dz1.sum(axis=0), "W2": h.T @ dz2, "b2": dz2.sum(axis=0)}
    return {name: gradient / (len(x) if divided else 1) for name, gradient in grads.items()}


two_layer_backward.switch(
    "last-sigmoid-left-out",
    "The last sigmoid is left out. The gradient of the answer must go back through it before it reaches W2.",
    at_out=_passed_on,
)
two_layer_backward.switch(
    "first-sigmoid-left-out",
    "W2 and b2 are right. Between the two layers stands a sigmoid: the gradient of h must go back through it.",
    at_h=_passed_on,
)
two_layer_backward.switch(
    "both-sigmoids-left-out",
    "Both sigmoids are left out. Each part of the way forward has its part on the way back: four of them.",
    at_out=_passed_on,
    at_h=_passed_on,
)
two_layer_backward.switch(
    "sigmoid-of-h",
    "W2 and b2 are right. You sent h through the sigmoid once more; it is a sigmoid's output already.",
    at_h=_twice,
)
two_layer_backward.switch(
    "sigmoid-of-out",
    "You sent out through the sigmoid once more. It is a sigmoid's output already: s · (1 - s).",
    at_out=_twice,
)
two_layer_backward.switch(
    "sigmoid-of-both",
    "You sent out and h through the sigmoid once more. Both are a sigmoid's output already: s · (1 - s).",
    at_out=_twice,
    at_h=_twice,
)
two_layer_backward.switch(
    "w1-from-h",
    "Only W1 is wrong: you gave the first layer h as its input. What did it multiply its weights with on the way "
    "forward?",
    into="h",
)
two_layer_backward.switch(
    "divided-again",
    "Your gradients are divided by the number of examples. The loss was a mean, so dout holds that division already.",
    divided=True,
)
two_layer_backward.switch(
    "w2-not-transposed",
    "W2 and b2 are right. To get from z2 back to h, the gradient must go through W2 transposed.",
    through=lambda dz2, W2: dz2 @ W2,
)
two_layer_backward.switch(
    "dh-never-used",
    "W2 and b2 are right. The first layer got the gradient of z2 itself: it must go back through W2 first, and become "
    "the gradient of h.",
    through=lambda dz2, W2: dz2,
)


@two_layer_backward.mistake(
    "dh-from-dout",
    "W2 and b2 are right. You sent `dout` back through W2. It has to pass the last sigmoid first: take the gradient of "
    "z2.",
)
def _(dout, cache):
    _, _, _, params = cache
    return _backward(dout, cache, through=lambda dz2, W2: dout @ params["W2"].T)


@exercise(networks.three_layers_by_hand, returns="dw1, dw2, dw3")
def three_layers_by_hand(draw):
    yield ()


def _answer(*numbers):
    return lambda: numbers


three_layers_by_hand.mistake(
    "two-missing",
    "All three are half of what they should be. The loss is (out - 1)²: how fast does a square grow?",
)(_answer(-8.0, 6.0, -24.0))
three_layers_by_hand.mistake(
    "weight-not-input",
    "You multiplied the gradient by the weight itself. The product w · h grows with w as fast as h is large: by the "
    "layer's input.",
)(_answer(-12.0, 8.0, 4.0))
three_layers_by_hand.mistake(
    "weights-between-left-out",
    "The third is right. On its way to an earlier layer the gradient passes the weights between, and is multiplied by "
    "each.",
)(_answer(16.0, -24.0, -48.0))
three_layers_by_hand.mistake(
    "wrong-sign",
    "All three have the wrong sign. The answer is -3 and should be 1: does the loss grow or fall when it grows?",
)(_answer(16.0, -12.0, 48.0))
three_layers_by_hand.mistake(
    "other-order", "The numbers are right, but in another order. Asked is dw1, dw2, dw3."
)(_answer(-48.0, 12.0, -16.0))
three_layers_by_hand.mistake(
    "target-not-taken-off",
    "You took the answer itself for the error. The loss is (out - 1)²: take 1 off before you double it.",
)(_answer(-12.0, 9.0, -36.0))


three_layers_by_hand.mistake(
    "last-weight-left-out",
    "The third is right. On its way to h2 the gradient passes w3, and is multiplied by it. Go on with that.",
)(_answer(32.0, -24.0, -48.0))


def _deep(draw, *sizes):
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = draw.normal(*sizes[layer - 1 : layer + 1])
        params[f"b{layer}"] = draw.uniform(0.3, 1, sizes[layer])
    return params


@exercise(networks.mlp_forward, returns="out, _cache")
def mlp_forward(draw):
    params = {"W1": np.array([[1.0, -1.0]]), "b1": np.array([0.5, 0.0]), "W2": np.ones((2, 1))}
    yield case(np.array([[-3.0], [2.0]]), {**params, "b2": np.array([-4.0])})
    yield draw.normal(4, 3), _deep(draw, 3, 5, 4, 2), "tanh"
    yield draw.normal(4, 3), _deep(draw, 3, 2), "sigmoid"  # one layer: no activation at all
    yield draw.normal(2, 3), _deep(draw, 3, 3, 3, 3, 3), "sigmoid"
    yield draw.normal(5, 2), _deep(draw, 2, 4, 3), "relu"


@mlp_forward.switchable
def _run(x, params, activation="relu", *, hidden=None, last=False, bias=1, early=0):
    depth = len(params) // 2
    bend = hidden or ACTIVATIONS[activation][0]
    outs = [x]
    for layer in range(1, depth + 1 - early):
        x = x @ params[f"W{layer}"] + bias * params[f"b{layer}"]
        if layer < depth or last:
            x = bend(x)
        outs.append(x)
    return x, (outs, params, activation)


mlp_forward.switch(
    "last-layer-bent",
    "You bent the last layer too. Its scores stay as they are: the loss brings an activation of its own.",
    last=True,
)
mlp_forward.switch(
    "no-bend",
    "There is no bend between your layers, so all of them together are only one layer. Which function follows each "
    "but the last?",
    hidden=_straight,
)
mlp_forward.switch(
    "always-relu",
    "You always bend with ReLU. Which function it is, the argument `activation` says.",
    hidden=ACTIVATIONS["relu"][0],
)
mlp_forward.switch(
    "always-sigmoid",
    "You always bend with the sigmoid. Which function it is, the argument `activation` says.",
    hidden=ACTIVATIONS["sigmoid"][0],
)
mlp_forward.switch("biases-unused", "The biases are not used. A dense layer is x W + b.", bias=0)
mlp_forward.switch(
    "one-layer-early",
    "Your network stops one layer early. range(1, n) ends at n - 1: is the last layer among them?",
    early=1,
)


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


@mlp_backward.switchable
def _back(
    dout,
    cache,
    *,
    bend=None,
    bend_last=False,
    bent_at=0,
    input_at=1,
    divided=False,
    handed_on=True,
):
    outs, params, activation = cache
    through = bend or ACTIVATIONS[activation][1]
    depth, grads = len(outs) - 1, {}
    for layer in range(depth, 0, -1):
        if layer < depth or bend_last:
            dout = through(dout, outs[layer - bent_at])
        count = len(dout) if divided else 1
        grads[f"W{layer}"] = outs[layer - input_at].T @ dout / count
        grads[f"b{layer}"] = dout.sum(axis=0) / count
        if handed_on:
            dout = dout @ params[f"W{layer}"].T
    return grads


mlp_backward.switch(
    "last-layer-bent",
    "You went back through an activation after the last layer as well. On the way forward there was none.",
    bend_last=True,
)
mlp_backward.switch(
    "no-bend",
    "The last layer is right. Before each earlier one, the gradient must go back through the activation.",
    bend=_passed_on,
)
mlp_backward.switch(
    "always-relu",
    "You always go back through ReLU. Which activation it was, the cache says.",
    bend=ACTIVATIONS["relu"][1],
)
mlp_backward.switch(
    "always-sigmoid",
    "You always go back through the sigmoid. Which activation it was, the cache says.",
    bend=ACTIVATIONS["sigmoid"][1],
)
mlp_backward.switch(
    "slope-at-the-input",
    "The slope is taken at the wrong place: you used what went into a layer, and not what its activation gave, "
    "outs[layer].",
    bent_at=1,
)
mlp_backward.switch(
    "weights-from-the-output",
    "Your biases are right, your weights are not: a dense layer's way back needs what went into the layer, "
    "outs[layer - 1], and not what it gave.",
    input_at=0,
)
mlp_backward.switch(
    "divided-again",
    "Your gradients are divided by the number of examples. The loss was a mean, so dout holds that division already.",
    divided=True,
)
mlp_backward.switch(
    "blame-not-handed-on",
    "The last layer is right. The gradient that a layer hands back, its dx, becomes the `dout` of the layer before it.",
    handed_on=False,
)
