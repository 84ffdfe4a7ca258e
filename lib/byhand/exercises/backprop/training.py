"""Training, in chapter 03. What trains is judged by its steps, unwound from where it ended, and by what it reached."""

from __future__ import annotations

import numpy as np

from byhand.exercises.backprop._unwinding import Unwound, classes, one_layer, two_layers, unwind
from byhand.exercises.spec import exercise
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.backprop import training
from byhand.reference.backprop.backward import dense_backward, sigmoid_backward
from byhand.reference.backprop.initialization import he_init, mlp_init
from byhand.reference.backprop.losses import binary_cross_entropy_loss, cross_entropy_loss, mse_loss
from byhand.reference.backprop.networks import (
    mlp_backward,
    mlp_forward,
    two_layer_backward,
    two_layer_forward,
)
from byhand.reference.neuron.layers import dense_forward

XOR_X, XOR_Y = training.XOR_X, training.XOR_Y


@exercise(training.gradient_step)
def gradient_step(draw):
    yield {"w": np.array([1.0, 2.0])}, {"w": np.array([10.0, -10.0])}, 0.1
    params = {"W": draw.normal(2, 3), "b": draw.normal(3)}
    yield params, {"W": draw.normal(2, 3) + 3, "b": draw.normal(3) - 3}, draw.choice([0.01, 0.2, 0.5])


@gradient_step.switchable
def _step(params, grads, lr, *, rate=lambda lr: lr, sign=-1.0, kept=1.0):
    return {name: kept * params[name] + sign * rate(lr) * grads[name] for name in params}


gradient_step.switch(
    "uphill",
    "You went uphill. The gradient says where the loss grows; you want it to fall. Which sign has the step?",
    sign=1.0,
)
gradient_step.switch(
    "rate-missing", "The learning rate is missing: the step is lr times the gradient.", rate=lambda lr: 1.0
)
gradient_step.switch(
    "divided-by-rate",
    "You divided by the learning rate. A small rate makes a small step: multiply.",
    rate=lambda lr: 1 / lr,
)
gradient_step.switch("step-alone", "That is the step alone. Take it off the parameters.", kept=0.0, sign=1.0)
gradient_step.switch("negative-step-alone", "That is the step alone. Add it to the parameters.", kept=0.0)
gradient_step.switch(
    "nothing-changed",
    "The parameters did not change. Build a new dict, and put parameter minus step under each name.",
    sign=0.0,
)


@gradient_step.mistake(
    "rate-on-both", "The learning rate scales the parameters too. Only the gradient is multiplied by it."
)
def _(params, grads, lr):
    return {name: lr * (params[name] - grads[name]) for name in params}


# twenty-four examples: a shuffle leaves their order as it is once in 10^23, and two seeds give the same order as rarely
@exercise(training.minibatches)
def minibatches(draw):
    X, seed = np.arange(48.0).reshape(24, 2), draw.rng()
    yield X, np.arange(24), 4, seed
    yield X, np.arange(24), 4, seed  # the same again: the same order
    yield X, np.arange(24), 4, draw.rng()  # and another
    count = draw.choice([13, 19, 25])  # one is left over
    yield np.arange(count) + 0.5, 10 * np.arange(count), 6, draw.rng()  # plain numbers
    images = np.arange(80.0).reshape(20, 2, 2)
    yield images, draw.normal(20, 3), 8, draw.rng()  # images, three targets for each; four are left over
    yield X, np.arange(24), 100, draw.rng()  # fewer examples than a batch has


@minibatches.accept
def _(answer, X, y, size, rng):
    inputs, labels = (np.concatenate([batch[part] for batch in answer]) for part in (0, 1))
    known, rows = _listed(X), _listed(inputs)
    place = dict(zip(known, _listed(y), strict=True))
    if any(row not in place for row in rows):
        return "A batch holds an example that is not among the given ones."
    if len(set(rows)) < len(rows):
        return "An example is in more than one batch, and so another in none. Every example is used once in an epoch."
    if any(place[row] != label for row, label in zip(rows, _listed(labels), strict=True)):
        return "Examples and labels do not belong together any more. Shuffle both with the same order."
    if rows == known:
        return (
            "The examples are in their old order. Shuffle them first: rng.permutation(len(X)) is a new order."
        )
    order = [known.index(row) for row in rows]
    batches = [sorted(order[start : start + size]) for start in range(0, len(order), size)]
    if len(batches) > 4 and all(batch[-1] - batch[0] == len(batch) - 1 for batch in batches):
        return "Each batch holds neighbors: the examples that stood together still do. Shuffle all of them, then cut."
    return None


def _listed(array):
    """One tuple an example, to compare and to look up."""
    return [tuple(row) for row in np.reshape(array, (len(array), -1)).tolist()]


def _cut(X, y, size):
    return [(X[start : start + size], y[start : start + size]) for start in range(0, len(X), size)]


@minibatches.mistake(
    "not-shuffled",
    "You cut without shuffling. Data often comes sorted, and a batch should be a mixture: shuffle first.",
)
def _(X, y, size, rng):
    return _cut(X, y, size)


@minibatches.mistake(
    "two-orders",
    "You shuffled X and y each in its own way, so that the labels belong to other examples now. Draw one order for "
    "both.",
)
def _(X, y, size, rng):
    return _cut(X[rng.permutation(len(X))], y[rng.permutation(len(y))], size)


@minibatches.mistake(
    "labels-not-shuffled",
    "You shuffled X, but not y. The labels must follow their examples: one order for both.",
)
def _(X, y, size, rng):
    return _cut(X[rng.permutation(len(X))], y, size)


@minibatches.mistake(
    "last-batch-dropped",
    "The last batch is missing when it is not full. Every example is used once in an epoch: let the last batch be "
    "smaller.",
)
def _(X, y, size, rng):
    order = rng.permutation(len(X))
    return _cut(X[order], y[order], size)[: len(X) // size]


@minibatches.mistake(
    "drawn-with-repeats",
    "You drew each example by chance, so that some come twice and others never. rng.permutation gives each of them "
    "once.",
)
def _(X, y, size, rng):
    order = rng.integers(0, len(X), len(X))
    return _cut(X[order], y[order], size)


@minibatches.mistake(
    "shuffled-inside-the-batches",
    "You cut first, and shuffled inside each batch. Examples that stood together still do: shuffle first, then cut.",
)
def _(X, y, size, rng):
    order = np.concatenate([rng.permutation(part) for part, _ in _cut(np.arange(len(X)), y, size)])
    return _cut(X[order], y[order], size)


@exercise(training.train_single_layer_xor, returns="params, losses")
def train_single_layer_xor(draw):
    seed = draw.rng()
    yield 0.1, 3, seed
    yield 0.1, 3, seed  # the same again: the same network
    yield 0.1, 3, draw.rng()  # and another
    yield 2.0, 200, draw.rng()
    yield 3.0, 150, draw.rng()


@train_single_layer_xor.accept
def _(answer, lr, epochs, rng):
    params, losses = answer
    problem = _falls(losses) or _unwound(unwind(one_layer, params, lr, epochs), losses)
    if problem or lr < 1:
        return problem
    out = one_layer.answers(params)
    if np.abs(out - 0.5).max() > 0.05 or abs(losses[-1] - np.log(2)) > 0.01:
        return (
            f"Your last loss is {losses[-1]:.3f}, and the answers are {_list(out)}. The best that one layer can do "
            "is ½ for all four, with the loss log 2 = 0.693. Are loss and gradient those of the binary cross-entropy?"
        )
    return None


def _falls(losses):
    """What is wrong with a curve of losses that should fall, or None."""
    if np.ptp(losses) < 1e-12:
        return (
            "Your loss is the same in every step: nothing is learned. Do you keep what gradient_step "
            "returns, params = gradient_step(...)?"
        )
    if losses[-1] > losses[0]:
        return "Your loss grows. Does the step go against the gradient?"
    return None


def _unwound(before: Unwound | None, losses):
    """Whether the losses are those of the steps that led to the parameters; None too where that cannot be said."""
    if before is None or np.allclose(losses, before.losses, rtol=1e-5, atol=1e-8):
        return None
    if np.allclose(losses, before.losses_after, rtol=1e-5, atol=1e-8):
        return (
            "Your losses are those after each step. Asked is the loss before it: note it, then make the step."
        )
    ratio = losses[0] / before.losses[0]
    if np.allclose(losses, ratio * before.losses, rtol=1e-5, atol=1e-8):
        return f"Your losses are {ratio:.3g} times those of your parameters. Is each of them a mean over all examples?"
    return (
        f"Your parameters and your losses do not belong together. Going back from the parameters, a step of lr times "
        f"the gradient at a time, the first loss was {before.losses[0]:.4f}; yours is {losses[0]:.4f}. Do all the "
        "parameters learn, from the gradient of that very loss?"
    )


def _list(values):
    return ", ".join(f"{value:.2f}" for value in np.ravel(values))


def _downhill(params, grads, lr):
    return {name: params[name] - lr * grads[name] for name in params}


def _uphill(params, grads, lr):
    return {name: params[name] + lr * grads[name] for name in params}


def _without_rate(params, grads, lr):
    return {name: params[name] - grads[name] for name in params}


def _not_kept(params, grads, lr):
    return params


def _only(*learning):
    """A step of these parameters alone."""

    def step(params, grads, lr):
        return {name: params[name] - lr * grads[name] * (name in learning) for name in params}

    return step


@train_single_layer_xor.switchable
def _one_layer_trained(
    lr, epochs, rng, *, loss=binary_cross_entropy_loss, step=_downhill, through=sigmoid_backward, after=False
):
    params, losses = {"W": rng.normal(size=(2, 1)), "b": np.zeros(1)}, np.zeros(epochs)
    for epoch in range(epochs):
        z, cache = dense_forward(XOR_X, params["W"], params["b"])
        out = sigmoid(z)
        losses[epoch], dout = loss(out, XOR_Y)
        _, dW, db = dense_backward(through(dout, out), cache)
        params = step(params, {"W": dW, "b": db}, lr)
        if after:
            losses[epoch], _ = loss(sigmoid(XOR_X @ params["W"] + params["b"]), XOR_Y)
    return params, losses


@train_single_layer_xor.mistake(
    "nothing-done",
    "Weights and losses are still zeros. Does your loop run, and do you store the loss of each step?",
)
def _(lr, epochs, rng):
    return {"W": np.zeros((2, 1)), "b": np.zeros(1)}, np.zeros(epochs)


UPHILL = "Your step goes with the gradient, so the loss grows. Take lr times the gradient off the parameters."
NOT_KEPT = (
    "Your parameters stay as they were drawn. gradient_step changes nothing: it returns new ones, "
    "params = gradient_step(...)."
)
RATE_UNUSED = "Your steps do not depend on lr. Hand it to gradient_step."
SQUARED = "You trained with the mean squared error. Asked is the binary cross-entropy."
AFTER = "Your losses are those after each step. Asked is the loss before it: note it, then make the step."

train_single_layer_xor.switch("uphill", UPHILL, step=_uphill)
train_single_layer_xor.switch("params-not-kept", NOT_KEPT, step=_not_kept)
train_single_layer_xor.switch("rate-unused", RATE_UNUSED, step=_without_rate)
train_single_layer_xor.switch("squared-error", SQUARED, loss=mse_loss)
train_single_layer_xor.switch("loss-after-the-step", AFTER, after=True)
train_single_layer_xor.switch(
    "bias-does-not-learn",
    "Your bias stays 0. It has a gradient too, db, and takes part in each step.",
    step=_only("W"),
)
train_single_layer_xor.switch(
    "sigmoid-left-out",
    "The way back leaves out the sigmoid. The gradient of its answers must go through it before it reaches W.",
    through=lambda dout, out: dout,
)
train_single_layer_xor.switch(
    "gradient-not-divided",
    "Your gradient is four times too large: the loss is a mean over four examples, and so is its gradient.",
    through=lambda dout, out: out - XOR_Y,
)


@exercise(training.train_two_layer_xor, returns="params, losses")
def train_two_layer_xor(draw):
    seed = draw.rng()
    yield 3, 0.1, 3, seed
    yield 3, 0.1, 3, seed  # the same again: the same network
    yield 3, 0.1, 3, draw.rng()  # and another
    yield 8, 5.0, 180, draw.rng()
    yield 12, 4.0, 200, draw.rng()


@train_two_layer_xor.accept
def _(answer, hidden, lr, epochs, rng):
    params, losses = answer
    before = unwind(two_layers, params, lr, epochs)
    if before and np.ptp(before.params["W1"], axis=1).max() < 1e-9:
        return "Your hidden neurons began alike, so they stay alike. Draw the first weights, each by itself."
    problem = _falls(losses) or _unwound(before, losses)
    if problem or lr < 1:
        return problem
    out = two_layers.answers(params)
    if np.abs(out - XOR_Y).max() > 0.3:
        return (
            f"The answers are {_list(out)} where 0, 1, 1, 0 is right. Do all four parameters learn, in each of the "
            f"{epochs} steps, and do the first weights differ from each other?"
        )
    if losses[-1] > 0.3:
        return "Your parameters solve XOR, but the last loss is not that of a solution. Is it the binary cross-entropy?"
    return None


@train_two_layer_xor.switchable
def _two_layers_trained(
    hidden,
    lr,
    epochs,
    rng,
    *,
    draw=lambda rng, shape: rng.normal(size=shape),
    loss=binary_cross_entropy_loss,
    step=_downhill,
    after=False,
):
    params = {"W1": draw(rng, (2, hidden)), "b1": np.zeros(hidden)}
    params |= {"W2": draw(rng, (hidden, 1)), "b2": np.zeros(1)}
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        out, cache = two_layer_forward(XOR_X, params)
        losses[epoch], dout = loss(out, XOR_Y)
        params = step(params, two_layer_backward(dout, cache), lr)
        if after:
            losses[epoch], _ = loss(two_layer_forward(XOR_X, params)[0], XOR_Y)
    return params, losses


@train_two_layer_xor.mistake(
    "nothing-done",
    "Weights and losses are still zeros. Does your loop run, and do you store the loss of each step?",
)
def _(hidden, lr, epochs, rng):
    shapes = {"W1": (2, hidden), "b1": hidden, "W2": (hidden, 1), "b2": 1}
    return {name: np.zeros(shape) for name, shape in shapes.items()}, np.zeros(epochs)


train_two_layer_xor.switch(
    "weights-begin-at-zero",
    "Your first weights are all 0, so all the hidden neurons are alike, and stay alike for ever. Draw them with rng.",
    draw=lambda rng, shape: np.zeros(shape),
)
train_two_layer_xor.switch(
    "weights-begin-alike",
    "Your first weights are all the same, so the hidden neurons are alike, and stay alike. Draw them with rng.",
    draw=lambda rng, shape: np.ones(shape),
)
train_two_layer_xor.switch("uphill", UPHILL, step=_uphill)
train_two_layer_xor.switch("params-not-kept", NOT_KEPT, step=_not_kept)
train_two_layer_xor.switch("rate-unused", RATE_UNUSED, step=_without_rate)
train_two_layer_xor.switch("squared-error", SQUARED, loss=mse_loss)
train_two_layer_xor.switch("loss-after-the-step", AFTER, after=True)
train_two_layer_xor.switch(
    "first-layer-does-not-learn",
    "Your first layer stays as it was drawn. All four parameters take part in each step.",
    step=_only("W2", "b2"),
)
train_two_layer_xor.switch(
    "last-layer-does-not-learn",
    "Your last layer stays as it was drawn. All four parameters take part in each step.",
    step=_only("W1", "b1"),
)
train_two_layer_xor.switch(
    "biases-do-not-learn",
    "Your biases stay 0. They have gradients too, and take part in each step.",
    step=_only("W1", "W2"),
)


def _rings(draw, count):
    """Three classes, one inside the other, which no straight line separates, in a drawn order."""
    labels = draw.permutation(count) % 3
    radius = np.array([0.4, 1.3, 2.2])[labels] + draw.uniform(-0.2, 0.2, count)
    # the golden angle fills the rings evenly
    angle = draw.uniform(0, 6.28) + 2.4 * np.arange(count)
    return np.round(radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), 2), labels


@exercise(training.train_classifier, returns="params, losses")
def train_classifier(draw):
    few, theirs = draw.normal(6, 3), draw.permutation(6) % 3
    seed = draw.rng()
    yield few, theirs, [3, 5, 3], 0.0001, 2, 2, seed
    yield few, theirs, [3, 5, 3], 0.0001, 2, 2, seed  # the same again: the same network
    yield few, theirs, [3, 5, 3], 0.0001, 2, 2, draw.rng()  # and another
    yield few, theirs, [3, 5, 4, 3], 0.0001, 2, 3, draw.rng()
    yield few, draw.permutation(6) % 3, [3, 5, 3], 0.0002, 3, 6, draw.rng()  # all examples in one batch
    X, labels = _rings(draw, 150)
    yield X, labels, [2, 32, 3], 0.5, 30, 25, draw.rng()


@train_classifier.accept
def _(answer, X, y, layer_sizes, lr, epochs, batch_size, rng):
    params, losses = answer
    network = classes(X, y)
    if np.ptp(params["W1"], axis=1).max() < 1e-9:
        return (
            "Your hidden neurons began alike, so they stay alike: all of them do the work of one, and with weights of "
            "0 not even that. Draw the first weights with he_init."
        )
    problem = _falls(losses) if batch_size == len(X) else None
    if problem or lr < 0.01:
        return problem or _small_steps(answer, X, y, lr, epochs, len(X) // batch_size)
    right = np.mean(np.argmax(network.answers(params), axis=1) == y)
    if right < 0.85:
        return (
            f"Your network is right on {right:.0%} of the examples that it learned from; 85 % can be reached easily. "
            "Does every batch of every epoch make one step, and do all the parameters learn?"
        )
    return None


def _small_steps(answer, X, y, lr, epochs, batches):
    """What is wrong with steps so small that the slopes at the end are those at the start; a corner of ReLU is none."""
    params, losses = answer
    loss, slopes = classes(X, y)(params)
    each = [classes(X[i : i + 1], y[i : i + 1])(params)[1] for i in range(len(X))]
    steep, steepest, steps = _squared(slopes), max(map(_squared, each)), epochs * batches
    # in a deeper network a neuron may begin exactly at the corner of ReLU; the last layer's slopes have no corner
    judged = ("b1", "b2") if len(params) == 4 else (f"b{len(params) // 2}",)
    missed = _squared({name: params[name] + lr * steps * slopes[name] for name in judged})
    if missed > (0.05 * lr * steps) ** 2 * max(
        _squared({name: one[name] for name in judged}) for one in each
    ):
        return (
            f"Your biases are not where {steps} steps of lr times the gradient bring them from 0. Does "
            "every batch of every epoch make one step, and do all the parameters learn?"
        )
    if batches == 1:
        before = loss + lr * steep * np.arange(epochs, 0, -1)
        found = Unwound(params, before, before - lr * steep)
        return None if np.abs(losses - before).max() < 0.2 * lr * steep else _unwound(found, losses)
    if np.abs(losses - loss).max() > 3 * lr * steps * steepest:
        return (
            f"The loss of your parameters is {loss:.4f} over all examples, and the losses that you noted are "
            f"{_list(losses)}. Is each of them the mean over the batches of an epoch?"
        )
    return None


def _squared(arrays):
    return sum(np.sum(np.square(array)) for array in arrays.values())


def _mean_of_batches(found):
    return np.mean(found)


@train_classifier.switchable
def _classifier_trained(
    X,
    y,
    layer_sizes,
    lr,
    epochs,
    batch_size,
    rng,
    *,
    step=_downhill,
    noted=_mean_of_batches,
    init=he_init,
    one_step=False,
    after=False,
):
    params, losses = mlp_init(layer_sizes, init, rng), np.zeros(epochs)
    for epoch in range(epochs):
        found, grads = [], {}
        for X_batch, y_batch in training.minibatches(X, y, batch_size, rng):
            scores, cache = mlp_forward(X_batch, params)
            loss, dscores = cross_entropy_loss(scores, y_batch)
            grads = mlp_backward(dscores, cache)
            if not one_step:
                params = step(params, grads, lr)
            found.append(cross_entropy_loss(mlp_forward(X_batch, params)[0], y_batch)[0] if after else loss)
        if one_step:
            params = step(params, grads, lr)
        losses[epoch] = noted(found)
    return params, losses


@train_classifier.mistake(
    "nothing-done",
    "Weights and losses are still zeros. Does your loop run, and do you store the loss of each epoch?",
)
def _(X, y, layer_sizes, lr, epochs, batch_size, rng):
    return mlp_init(layer_sizes, lambda inputs, outputs, rng: np.zeros((inputs, outputs)), rng), np.zeros(
        epochs
    )


train_classifier.switch("uphill", UPHILL, step=_uphill)
train_classifier.switch("params-not-kept", NOT_KEPT, step=_not_kept)
train_classifier.switch("rate-unused", RATE_UNUSED, step=_without_rate)
train_classifier.switch("loss-after-the-step", AFTER, after=True)
train_classifier.switch(
    "losses-added",
    "The losses of an epoch's batches are added up. Asked is their mean, so that it does not depend on how many "
    "batches there are.",
    noted=np.sum,
)
train_classifier.switch(
    "last-batch-noted",
    "You note the loss of the last batch alone. Asked is the mean over all the batches of the epoch.",
    noted=lambda found: found[-1],
)
train_classifier.switch(
    "one-step-an-epoch",
    "You make one step an epoch, after its last batch. Every batch makes a step of its own: is the step inside the "
    "inner loop?",
    one_step=True,
)
train_classifier.switch(
    "weights-begin-at-zero",
    "Your first weights are all 0, so all the hidden neurons are alike, and with ReLU they never learn. Draw them with "
    "he_init.",
    init=lambda inputs, outputs, rng: np.zeros((inputs, outputs)),
)
