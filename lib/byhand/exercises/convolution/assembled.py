"""What chapter 04 ends in: a small LeNet of the learner's own parts, its gradients and its training."""

from __future__ import annotations

import numpy as np

from byhand.data import digits
from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import relu
from byhand.reference.activations.probabilities import softmax
from byhand.reference.backprop.backward import dense_backward, relu_backward
from byhand.reference.backprop.losses import cross_entropy_loss
from byhand.reference.convolution import assembled as reference
from byhand.reference.convolution.conv2d import conv2d_backward, conv2d_forward
from byhand.reference.convolution.pooling import (
    avg_pool2d_backward,
    avg_pool2d_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)
from byhand.reference.neuron.layers import dense_forward

SHAPES = {"w1": (2, 1, 3, 3), "b1": (2,), "w2": (3, 2, 3, 3), "b2": (3,)}
START = 3  # draws the weights from which zeros and ones are learned: `tests` holds how far they come


def _parameters(draw, channels, last, classes):
    """Drawn weights of two and three kernels; `last` is how many numbers the dense layer reads of each map."""
    shapes = SHAPES | {"w1": (2, channels, 3, 3), "W3": (3 * last, classes), "b3": (classes,)}
    return {name: draw.normal(*shape) for name, shape in shapes.items()}


def zeros_and_ones(order):
    """Forty of the zeros and ones among the digits, at half their size, and weights to start from."""
    known = digits()
    chosen = np.flatnonzero(known.train_labels < 2)
    chosen = chosen[order[order < len(chosen)][:40]]
    x = known.train_images[chosen].reshape(-1, 1, 4, 2, 4, 2).mean(axis=(3, 5))
    rng = np.random.default_rng(START)
    start = {name: np.zeros(count) for name, count in [("b1", 3), ("b2", 6), ("b3", 2)]}
    for name, shape in [("w1", (3, 1, 3, 3)), ("w2", (6, 3, 3, 3))]:
        start[name] = rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).round(2)
    start["W3"] = rng.normal(0, np.sqrt(2 / 6), (6, 2)).round(2)
    return x, known.train_labels[chosen], start


@exercise(reference.convnet_loss, returns="loss, gradients")
def convnet_loss(draw):
    yield draw.normal(1, 1, 4, 4), np.array([1]), _parameters(draw, 1, 1, 2)
    yield draw.normal(2, 1, 4, 8), draw.integers(0, 3, 2), _parameters(draw, 1, 2, 3)
    yield draw.normal(3, 2, 8, 4), draw.integers(0, 4, 3), _parameters(draw, 2, 2, 4)
    yield (
        draw.normal(4, 1, 7, 6),
        draw.integers(0, 3, 4),
        _parameters(draw, 1, 1, 3),
    )  # a rest that is not pooled


@convnet_loss.switchable
def _lenet(
    x,
    labels,
    parameters,
    *,
    bends=(True, True),
    back=(True, True),
    pool=max_pool2d_forward,
    unpool=max_pool2d_backward,
    scale="mean",  # or "sum", "gradient / N"
    dscores="softmax - right",  # of the scores; or "softmax"
    loss_is="loss",  # or "scores"
    zero=(),
    biases="sum",  # or "mean"
):
    maps, caches = np.asarray(x), []
    for layer, bend in zip("12", bends, strict=True):
        maps, convolved = conv2d_forward(maps, parameters[f"w{layer}"], parameters[f"b{layer}"], padding=1)
        bent = relu(maps) if bend else maps
        maps, pooled = pool(bent, 2)
        caches.append((convolved, bent, pooled))
    scores, dense = dense_forward(maps.reshape(len(maps), -1), parameters["W3"], parameters["b3"])
    loss, dout = cross_entropy_loss(scores, labels)
    if dscores == "softmax":
        dout = softmax(scores) / len(scores)
    if scale != "mean":
        loss, dout = (len(x) * loss, len(x) * dout) if scale == "sum" else (loss, dout / len(x))
    dout, dW, db = dense_backward(dout, dense)
    gradients = {"W3": dW, "b3": db}
    dout = dout.reshape(maps.shape)
    for layer, bend, (convolved, bent, pooled) in zip(
        (2, 1), np.multiply(bends, back)[::-1], caches[::-1], strict=True
    ):
        dout = unpool(dout, pooled)
        dout = relu_backward(dout, bent) if bend else dout
        count = dout[0, 0].size if biases == "mean" else 1
        dout, dw, db = conv2d_backward(dout, convolved)
        gradients |= {f"w{layer}": dw, f"b{layer}": db / count}
    gradients |= {name: np.zeros_like(gradients[name]) for name in zero}
    return (scores if loss_is == "scores" else loss), gradients


convnet_loss.switch(
    "bends-missing",
    "Your network has no ReLU. Without bends its two convolutions can find no more than one could.",
    bends=(False, False),
)
convnet_loss.switch(
    "second-bend-missing",
    "The second convolution of your network has no ReLU behind it. Each of the two has one.",
    bends=(True, False),
)
convnet_loss.switch(
    "bends-missing-on-the-way-back",
    "Your loss is right, but on the way back the gradients do not pass the ReLUs. Where a ReLU gave 0, nothing comes "
    "back.",
    back=(False, False),
)
convnet_loss.switch("bends-missing-on-the-way-back", back=(True, False))
convnet_loss.switch("bends-missing-on-the-way-back", back=(False, True))
convnet_loss.switch(
    "mean-pooling",
    "You pooled with the mean. This network keeps the largest number of each window.",
    pool=avg_pool2d_forward,
    unpool=avg_pool2d_backward,
)
convnet_loss.switch(
    "pooled-gradient-shared",
    "Your loss is right, but on the way back all the numbers of a pooling window share the gradient. Under a maximum "
    "the largest gets all of it.",
    unpool=avg_pool2d_backward,
)
convnet_loss.switch(
    "summed-over-the-batch",
    "Your loss and your gradients are sums over the pictures. Asked is their mean: does cross_entropy_loss not divide "
    "already?",
    scale="sum",
)
convnet_loss.switch(
    "divided-twice",
    "Your gradients are divided by the number of pictures twice. The gradient of cross_entropy_loss is that of a mean "
    "already.",
    scale="gradient / N",
)
convnet_loss.switch(
    "labels-not-in-the-gradient",
    "Your gradient of the scores does not know the labels. The second value of cross_entropy_loss is this gradient.",
    dscores="softmax",
)
convnet_loss.switch(
    "scores-for-the-loss",
    "You returned the scores in place of the loss. The loss is one number: what cross_entropy_loss makes of them.",
    loss_is="scores",
)
convnet_loss.switch(
    "first-layer-without-gradient",
    "The gradients of your first layer are all 0. Send dpool1 on: through the pooling, the ReLU, and the convolution.",
    zero=("w1", "b1"),
)
convnet_loss.switch(
    "bias-gradient-is-a-mean",
    "The gradients of b1 and b2 are means over the places. A bias is added at each place, so its gradient is the sum.",
    biases="mean",
)


@exercise(reference.train_convnet, returns="parameters, losses")
def train_convnet(draw):
    yield draw.normal(2, 1, 4, 4), np.array([0, 1]), _parameters(draw, 1, 1, 2), 0.1, 1
    yield (
        draw.normal(3, 1, 4, 8),
        draw.integers(0, 3, 3),
        _parameters(draw, 1, 2, 3),
        draw.choice([0.02, 0.05]),
        3,
    )
    yield *zeros_and_ones(draw.permutation(500)), 0.3, 20


def _downhill(parameters, gradients, lr):
    return {name: parameters[name] - lr * gradients[name] for name in parameters}


@train_convnet.switchable
def _trained(
    x, labels, parameters, lr, steps, *, step=_downhill, after=False, once=False, stored=True, pictures="all"
):
    found, losses, first = dict(parameters), np.zeros(steps), None
    for t in range(steps):
        some = slice(None) if pictures == "all" else slice(t % len(x), t % len(x) + 1)
        loss, gradients = reference.convnet_loss(x[some], labels[some], found)
        first = first or gradients
        found = step(found, first if once else gradients, lr)
        if stored:
            losses[t] = reference.convnet_loss(x, labels, found)[0] if after else loss
    return found, losses


train_convnet.switch(
    "uphill",
    "Your step goes with the gradients, so the loss grows. Take lr times the gradient off each parameter.",
    step=lambda parameters, gradients, lr: {
        name: parameters[name] + lr * gradients[name] for name in parameters
    },
)
train_convnet.switch(
    "parameters-not-kept",
    "Your parameters stay as they were given. gradient_step changes nothing: it returns new ones, "
    "parameters = gradient_step(...).",
    step=lambda parameters, gradients, lr: parameters,
)
train_convnet.switch(
    "rate-unused",
    "Your steps do not depend on lr. Hand it to gradient_step.",
    step=lambda parameters, gradients, lr: {name: parameters[name] - gradients[name] for name in parameters},
)
train_convnet.switch(
    "loss-after-the-step",
    "Your losses are those after each step. Asked is the loss before it: note it, then make the step.",
    after=True,
)
train_convnet.switch(
    "gradients-of-the-start",
    "Each of your steps uses the gradients of the start. They change with the parameters: compute them anew in each "
    "step.",
    once=True,
)
train_convnet.switch(
    "losses-not-stored",
    "Your parameters are right, but the losses are still zeros. Store the loss of each step: losses[step] = loss.",
    stored=False,
)
train_convnet.switch(
    "one-picture-a-step",
    "Each of your steps looks at one picture alone. Here each step is taken on all of them.",
    pictures="one",
)
train_convnet.switch(
    "dense-layer-alone",
    "Only your dense layer learns. All six parameters take part in each step.",
    step=lambda parameters, gradients, lr: {
        name: parameters[name] - lr * gradients[name] * (name in ("W3", "b3")) for name in parameters
    },
)
train_convnet.switch(
    "biases-do-not-learn",
    "Your biases stay as they were given. They have gradients too, and take part in each step.",
    step=lambda parameters, gradients, lr: {
        name: parameters[name] - lr * gradients[name] * (not name.startswith("b")) for name in parameters
    },
)
