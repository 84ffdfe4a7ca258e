"""The exercises of chapter 07 on batch norm and layer norm."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import case
from byhand.exercises.spec import exercise
from byhand.reference.regularization import normalization


def _start(d):
    """γ, β and the running averages as they are before the first batch."""
    return np.ones(d), np.zeros(d), np.zeros(d), np.ones(d)


def _drawn(draw, d):
    """γ, β and the running averages as they might be later."""
    return draw.uniform(0.5, 2, d), draw.normal(d), draw.normal(d), draw.uniform(0.5, 3, d)


# The first case is square, so that a wrong axis gives numbers to look at, and not only a NumPy error.
@exercise(normalization.batch_norm_forward, returns="out, running_mean, running_var, _cache")
def batch_norm_forward(draw):
    yield np.array([[1.0, 10.0, 0.0], [2.0, 30.0, 4.0], [6.0, 20.0, 2.0]]), *_start(3), True
    yield draw.normal(4, 3), *_drawn(draw, 3), True
    yield draw.normal(2, 3), *_drawn(draw, 3), False
    yield case(draw.normal(5, 2), *_drawn(draw, 2), True, momentum=0.3, eps=0.5)
    yield case(draw.normal(3, 3), *_drawn(draw, 3), True, momentum=0.8, eps=0.01)
    yield draw.normal(1, 2), *_drawn(draw, 2), False  # one example
    yield np.array([[1000.0, 7.0], [-1000.0, 7.0]]), *_start(2), True  # and a feature that never changes


ROOTS = {
    "of var + eps": lambda var, eps: np.sqrt(var + eps),
    "eps outside": lambda var, eps: np.sqrt(var) + eps,
    "none": lambda var, eps: var + eps,
}


@batch_norm_forward.switchable
def _batch_norm(
    x,
    gamma,
    beta,
    running_mean,
    running_var,
    train,
    momentum=0.1,
    eps=1e-5,
    *,
    momentum_is="the new share",  # or "the old share"
    used=0,  # what is subtracted from N in the variance that normalizes,
    kept=1,  # and in the one that goes into the running average
    axis=0,
    keepdims=False,
    by_batch="in training",  # or "always", "never"
    moves="in training",  # or "always", "never"
    root="of var + eps",
    scaled=True,
    shifted=True,
):
    if momentum_is == "the old share":
        momentum = 1 - momentum
    mean, var = running_mean, running_var
    if by_batch == "always" or (train and by_batch == "in training"):
        mean, var = x.mean(axis, keepdims=keepdims), x.var(axis, ddof=used, keepdims=keepdims)
    out = (x - mean) / ROOTS[root](var, eps)
    out = out * gamma if scaled else out
    out = out + beta if shifted else out
    if moves == "always" or (train and moves == "in training"):
        batch_mean, batch_var = x.mean(axis, keepdims=keepdims), x.var(axis, ddof=kept, keepdims=keepdims)
        running_mean = (1 - momentum) * running_mean + momentum * batch_mean
        running_var = (1 - momentum) * running_var + momentum * batch_var
    return out, running_mean, running_var, None


# The first two together are batch norm as CS231n teaches it.
batch_norm_forward.switch(
    "momentum-reversed",
    "Your momentum works the other way round: it is the share of the new batch. With 0.1, most of the old stays.",
    momentum_is="the old share",
)
batch_norm_forward.switch(
    "biased-running-variance",
    "The running variance takes the wrong variance. It is an estimate for data that were not seen: there the squares "
    "are divided by N - 1.",
    kept=0,
)
batch_norm_forward.switch(
    "eps-outside", "You added eps outside the root. It stands inside: √(var + eps).", root="eps outside"
)
batch_norm_forward.switch(
    "divided-by-variance",
    "You divided by the variance. Its root, the standard deviation, brings numbers to size 1.",
    root="none",
)
batch_norm_forward.switch(
    "unbiased-batch-variance",
    "You divided by N - 1 to normalize the batch too. Only the running variance does that; the batch is normalized "
    "with its own variance, divided by N.",
    used=1,
)
batch_norm_forward.switch(
    "variances-exchanged",
    "You exchanged the two variances: the batch is normalized with the one divided by N, the running average takes the "
    "one divided by N - 1.",
    used=1,
    kept=0,
)
batch_norm_forward.switch(
    "by-rows",
    "You took mean and variance along the rows, with axis=1. Each feature, that is each column, has its own: which "
    "axis runs over the examples?",
    axis=1,
)
batch_norm_forward.switch("by-rows", axis=1, keepdims=True)
batch_norm_forward.switch(
    "whole-batch",
    "You took one mean and one variance for the whole batch. Each feature, that is each column, has its own.",
    axis=None,
)
batch_norm_forward.switch(
    "running-in-training",
    "You normalized with the running averages in training. There the batch's own mean and variance are used; the "
    "running ones are only gathered, for later.",
    by_batch="never",
)
batch_norm_forward.switch(
    "batch-in-evaluation",
    "You normalized with the batch's mean and variance in evaluation. There the running averages stand in: a single "
    "example has no spread.",
    by_batch="always",
)
batch_norm_forward.switch(
    "moves-in-evaluation",
    "Your running averages move in evaluation too. Then a network changes by being used: only training may move them.",
    moves="always",
)
batch_norm_forward.switch(
    "never-moves",
    "Your running averages never move. In training they go a little towards the batch's mean and variance.",
    moves="never",
)
batch_norm_forward.switch(
    "no-gamma-and-beta",
    "`gamma` and `beta` are missing: your numbers are normalized, but the network has no way to choose another scale.",
    scaled=False,
    shifted=False,
)
batch_norm_forward.switch("no-gamma", "`gamma` is missing: x_hat is multiplied by it.", scaled=False)
batch_norm_forward.switch("no-beta", "`beta` is missing: it is added at the end.", shifted=False)


@batch_norm_forward.mistake(
    "gamma-and-beta-exchanged",
    "You exchanged gamma and beta: x_hat is multiplied by gamma, and beta is added.",
)
def _(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    return _batch_norm(x, beta, gamma, running_mean, running_var, train, momentum, eps)


def _batch_cache(draw, n, d, train=True):
    gamma, beta, mean, var = _drawn(draw, d)
    return normalization.batch_norm_forward(draw.normal(n, d), gamma, beta, mean, var, train)[-1]


@exercise(normalization.batch_norm_backward, returns="dx, dgamma, dbeta")
def batch_norm_backward(draw):
    yield (
        np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 4.0], [3.0, 0.0]]),
        (
            np.array([[-1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, -1.0]]),
            np.array([1.0, 3.0]),
            np.array([2.0, 5.0]),
            True,
        ),
    )
    yield draw.normal(5, 3), _batch_cache(draw, 5, 3)
    yield draw.normal(3, 3), _batch_cache(draw, 3, 3)
    yield draw.normal(3, 2), _batch_cache(draw, 3, 2, train=False)
    yield draw.normal(1, 3), _batch_cache(draw, 1, 3, train=False)  # one example


@batch_norm_backward.switchable
def _batch_back(
    dout,
    cache,
    *,
    through_mean=True,
    through_variance=True,
    subtracted=np.mean,
    always_train=False,
    gamma_used=True,
    std_used=True,
    std_squared=False,
    parameters=np.sum,
    axis=0,
    exchanged=False,
):
    x_hat, gamma, std, train = cache
    g = dout
    if train or always_train:
        g = dout - through_mean * subtracted(dout, axis=0)
        g = g - through_variance * x_hat * subtracted(dout * x_hat, axis=0)
    scale = (gamma if gamma_used else 1.0) / ((std if std_used else 1.0) * (std if std_squared else 1.0))
    dgamma, dbeta = parameters(dout * x_hat, axis=axis), parameters(dout, axis=axis)
    return (scale * g, dbeta, dgamma) if exchanged else (scale * g, dgamma, dbeta)


batch_norm_backward.switch(
    "mean-and-std-fixed",
    "You treated mean and std as fixed numbers, in training too. There they are made from x: two more paths lead from "
    "x to the output.",
    through_mean=False,
    through_variance=False,
)
batch_norm_backward.switch(
    "no-path-through-mean",
    "The path through the mean is missing: if one number grows, the mean grows, and every other number of its column "
    "comes out lower.",
    through_mean=False,
)
batch_norm_backward.switch(
    "no-path-through-variance",
    "The path through the variance is missing: if one number moves away from the mean, the whole column is divided by "
    "more.",
    through_variance=False,
)
batch_norm_backward.switch(
    "divided-by-batch",
    "You divided dgamma and dbeta by N. The loss has averaged over the batch already: here it is only added up.",
    parameters=np.mean,
)
batch_norm_backward.switch(
    "sums-for-means",
    "In dx you used the sums of dout and of dout · x_hat. What is subtracted from each number is their mean over the "
    "batch.",
    subtracted=np.sum,
)
batch_norm_backward.switch(
    "training-in-evaluation",
    "You used the formula of training in evaluation too. There mean and std are fixed numbers: only the direct path is "
    "left.",
    always_train=True,
)
batch_norm_backward.switch(
    "no-gamma", "`gamma` is missing in dx: x_hat was multiplied by it on the way forward.", gamma_used=False
)
batch_norm_backward.switch(
    "no-std", "`std` is missing in dx: x was divided by it on the way forward.", std_used=False
)
batch_norm_backward.switch(
    "divided-by-variance",
    "In dx you divided by std twice, that is by the variance. x was divided by std once.",
    std_squared=True,
)
batch_norm_backward.switch(
    "added-along-rows",
    "You added dgamma and dbeta up along the rows. gamma and beta have one number a feature, which all examples share.",
    axis=1,
)
batch_norm_backward.switch(
    "dgamma-and-dbeta-exchanged",
    "`dgamma` and `dbeta` are exchanged. Which of the two was multiplied by x_hat?",
    exchanged=True,
)


@exercise(normalization.layer_norm_forward, returns="out, _cache")
def layer_norm_forward(draw):
    yield np.array([[1.0, 10.0, 4.0], [2.0, 30.0, 8.0], [6.0, 20.0, 2.0]]), np.ones(3), np.zeros(3)
    yield draw.normal(3, 3), draw.uniform(0.5, 2, 3), draw.normal(3)
    yield case(draw.normal(2, 4), draw.uniform(0.5, 2, 4), draw.normal(4), eps=0.5)
    yield case(draw.normal(1, 3), draw.uniform(0.5, 2, 3), draw.normal(3), eps=0.01)  # one example
    yield np.array([[1000.0, -1000.0], [7.0, 7.0]]), np.ones(2), np.zeros(2)


@layer_norm_forward.switchable
def _layer_norm(
    x,
    gamma,
    beta,
    eps=1e-5,
    *,
    axis=1,
    keepdims=True,
    ddof=0,
    root="of var + eps",
    scaled=True,
    shifted=True,
    lie="in a row",
):
    mean, var = x.mean(axis, keepdims=keepdims), x.var(axis, keepdims=keepdims, ddof=ddof)
    if lie == "in a column":
        gamma, beta = gamma[:, np.newaxis], beta[:, np.newaxis]
    out = (x - mean) / ROOTS[root](var, eps)
    out = out * gamma if scaled else out
    return out + beta if shifted else out, None


layer_norm_forward.switch(
    "over-the-batch",
    "You took mean and variance down the columns, over the batch: that is batch norm. Layer norm looks along each row, "
    "at one example.",
    axis=0,
)
layer_norm_forward.switch(
    "no-keepdims",
    "Your mean and variance belong to the rows, but NumPy laid them along the columns. With keepdims=True they stay "
    "columns, (N, 1), and each row meets its own.",
    keepdims=False,
)
layer_norm_forward.switch(
    "whole-batch",
    "You took one mean and one variance for the whole batch. Each example, that is each row, has its own.",
    axis=None,
)
layer_norm_forward.switch(
    "unbiased-variance",
    "You divided by D - 1 in the variance. Here the row is all there is, so it is divided by D.",
    ddof=1,
)
layer_norm_forward.switch(
    "eps-outside", "You added eps outside the root. It stands inside: √(var + eps).", root="eps outside"
)
layer_norm_forward.switch(
    "divided-by-variance",
    "You divided by the variance. Its root, the standard deviation, brings numbers to size 1.",
    root="none",
)
layer_norm_forward.switch(
    "no-gamma-and-beta",
    "`gamma` and `beta` are missing: your numbers are normalized, but the network has no way to choose another scale.",
    scaled=False,
    shifted=False,
)
layer_norm_forward.switch("no-gamma", "`gamma` is missing: x_hat is multiplied by it.", scaled=False)
layer_norm_forward.switch("no-beta", "`beta` is missing: it is added at the end.", shifted=False)
layer_norm_forward.switch(
    "gamma-for-rows",
    "`gamma` and `beta` belong to the features: one number a column. You gave each row its own.",
    lie="in a column",
)


def _layer_cache(draw, n, d):
    return normalization.layer_norm_forward(draw.normal(n, d), draw.uniform(0.5, 2, d), draw.normal(d))[1]


@exercise(normalization.layer_norm_backward, returns="dx, dgamma, dbeta")
def layer_norm_backward(draw):
    yield (
        np.array([[1.0, 0.0, 0.0, 3.0], [0.0, 2.0, 4.0, 0.0]]),
        (
            np.array([[-1.0, 1.0, -1.0, 1.0], [1.0, -1.0, 1.0, -1.0]]),
            np.array([1.0, 3.0, 2.0, 1.0]),
            np.array([[2.0], [5.0]]),
        ),
    )
    yield draw.normal(5, 3), _layer_cache(draw, 5, 3)
    yield draw.normal(3, 3), _layer_cache(draw, 3, 3)
    yield draw.normal(1, 4), _layer_cache(draw, 1, 4)  # one example


@layer_norm_backward.switchable
def _layer_back(
    dout,
    cache,
    *,
    axis=1,
    gamma_stands="inside",  # or "outside" the means, "nowhere"
    through_mean=True,
    through_variance=True,
    subtracted=np.mean,
    std_used=True,
    parameters=np.sum,
    added_along=0,
    exchanged=False,
):
    x_hat, gamma, std = cache
    g = gamma * dout if gamma_stands == "inside" else dout
    shared = through_mean * subtracted(g, axis=axis, keepdims=True)
    shared = shared + through_variance * x_hat * subtracted(g * x_hat, axis=axis, keepdims=True)
    dx = (g - shared) * (gamma if gamma_stands == "outside" else 1.0) / (std if std_used else 1.0)
    dgamma, dbeta = parameters(dout * x_hat, axis=added_along), parameters(dout, axis=added_along)
    return (dx, dbeta, dgamma) if exchanged else (dx, dgamma, dbeta)


layer_norm_backward.switch(
    "over-the-batch",
    "You took the means over the batch: that is batch norm's way back. Here the numbers of one row share mean and std.",
    axis=0,
)
layer_norm_backward.switch(
    "gamma-outside",
    "`gamma` stands outside your means. In a row each feature has its own gamma, so multiply by it before you take the "
    "means.",
    gamma_stands="outside",
)
layer_norm_backward.switch(
    "no-gamma",
    "`gamma` is missing in dx: x_hat was multiplied by it on the way forward.",
    gamma_stands="nowhere",
)
layer_norm_backward.switch(
    "mean-and-std-fixed",
    "You treated mean and std as fixed numbers. They are made from x: two more paths lead from x to the output.",
    through_mean=False,
    through_variance=False,
)
layer_norm_backward.switch(
    "no-path-through-mean",
    "The path through the mean is missing: if one number grows, every other number of its row comes out lower.",
    through_mean=False,
)
layer_norm_backward.switch(
    "no-path-through-variance",
    "The path through the variance is missing: if one number moves away from the mean, the row is divided by more.",
    through_variance=False,
)
layer_norm_backward.switch(
    "sums-for-means",
    "In dx you used sums. What is subtracted from each number is the mean over its row.",
    subtracted=np.sum,
)
layer_norm_backward.switch(
    "no-std", "`std` is missing in dx: x was divided by it on the way forward.", std_used=False
)
layer_norm_backward.switch(
    "added-along-rows",
    "You added dgamma and dbeta up along the rows. gamma and beta have one number a feature, which all examples share.",
    added_along=1,
)
layer_norm_backward.switch(
    "divided-by-batch",
    "You divided dgamma and dbeta by N. The loss has averaged over the batch already: here it is only added up.",
    parameters=np.mean,
)
layer_norm_backward.switch(
    "dgamma-and-dbeta-exchanged",
    "`dgamma` and `dbeta` are exchanged. Which of the two was multiplied by x_hat?",
    exchanged=True,
)
