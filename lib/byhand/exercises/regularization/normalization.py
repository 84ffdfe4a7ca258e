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
    yield np.array([[1000.0, 7.0], [-1000.0, 7.0]]), *_start(2), True  # and a feature that never changes


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
    used=0,  # what is subtracted from N in the variance that normalises,
    kept=1,  # and in the one that goes into the running average
    by_batch=None,
    moves=None,
    root=lambda var, eps: np.sqrt(var + eps),
    scale=lambda gamma, x_hat, beta: gamma * x_hat + beta,
):
    """Batch norm, with a switch for everything that people do otherwise."""
    by_batch, moves = (train if switch is None else switch for switch in (by_batch, moves))
    mean, var = (x.mean(axis=0), x.var(axis=0, ddof=used)) if by_batch else (running_mean, running_var)
    out = scale(gamma, (x - mean) / root(var, eps), beta)
    if moves:
        running_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
        running_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=kept)
    return out, running_mean, running_var, None


@batch_norm_forward.mistake(
    "unnamed-1",
    "The running variance takes the wrong variance. It is an estimate for data that were not seen: there the squares "
    "are divided by N - 1.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, kept=0)


@batch_norm_forward.mistake(
    "unnamed-2",
    "You divided by N - 1 to normalise the batch too. Only the running variance does that; the batch is normalised "
    "with its own variance, divided by N.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, used=1)


@batch_norm_forward.mistake(
    "unnamed-3",
    "You exchanged the two variances: the batch is normalised with the one divided by N, the running average takes the "
    "one divided by N - 1.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, used=1, kept=0)


@batch_norm_forward.mistake(
    "unnamed-4",
    "Your momentum works the other way round: it is the share of the new batch. With 0.1, most of the old stays.",
)
def _(*arguments, momentum=0.1, **keywords):
    return _batch_norm(*arguments, momentum=1 - momentum, **keywords)


@batch_norm_forward.mistake(
    "unnamed-5",
    "You normalised with the running averages in training. There the batch's own mean and variance are used; the "
    "running ones are only gathered, for later.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, by_batch=False)


@batch_norm_forward.mistake(
    "unnamed-6",
    "You normalised with the batch's mean and variance in evaluation. There the running averages stand in: a single "
    "example has no spread.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, by_batch=True)


@batch_norm_forward.mistake(
    "unnamed-7",
    "Your running averages move in evaluation too. Then a network changes by being used: only training may move them.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, moves=True)


@batch_norm_forward.mistake(
    "unnamed-8",
    "Your running averages never move. In training they go a little towards the batch's mean and variance.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, moves=False)


@batch_norm_forward.mistake(
    "unnamed-9", "You divided by the variance. Its root, the standard deviation, brings numbers to size 1."
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, root=lambda var, eps: var + eps)


@batch_norm_forward.mistake("unnamed-10", "You added eps outside the root. It stands inside: √(var + eps).")
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, root=lambda var, eps: np.sqrt(var) + eps)


@batch_norm_forward.mistake(
    "unnamed-11",
    "`gamma` and `beta` are missing: your numbers are normalised, but the network has no way to choose another scale.",
)
def _(*arguments, **keywords):
    return _batch_norm(*arguments, **keywords, scale=lambda gamma, x_hat, beta: x_hat)


@batch_norm_forward.mistake(
    "unnamed-12",
    "You took one mean and one variance for the whole batch. Each feature, that is each column, has its own.",
)
def _(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    if train:
        centre, spread = np.full(x.shape[1], x.mean()), np.full(x.shape[1], x.var())
        running_mean = (1 - momentum) * running_mean + momentum * centre
        running_var = (1 - momentum) * running_var + momentum * spread * x.size / (x.size - 1)
    else:
        centre, spread = running_mean, running_var
    return gamma * (x - centre) / np.sqrt(spread + eps) + beta, running_mean, running_var, None


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
    yield draw.normal(3, 2), _batch_cache(draw, 3, 2, train=False)


def _batch_back(dout, cache, direct=1.0, mean=1.0, spread=1.0):
    """The way back, with each of its three paths as strong as wanted."""
    x_hat, gamma, std, train = cache
    dbeta, dgamma = dout.sum(axis=0), np.sum(dout * x_hat, axis=0)
    if not train:
        return dout * gamma / std, dgamma, dbeta
    n = len(dout)
    return gamma / std * (direct * dout - mean * dbeta / n - spread * x_hat * dgamma / n), dgamma, dbeta


@batch_norm_backward.mistake(
    "unnamed-1",
    "You treated mean and std as fixed numbers, in training too. There they are made from x: two more paths lead from "
    "x to the output.",
)
def _(dout, cache):
    return _batch_back(dout, cache, mean=0, spread=0)


@batch_norm_backward.mistake(
    "unnamed-2",
    "The path through the mean is missing: if one number grows, the mean grows, and every other number of its column "
    "comes out lower.",
)
def _(dout, cache):
    return _batch_back(dout, cache, mean=0)


@batch_norm_backward.mistake(
    "unnamed-3",
    "The path through the variance is missing: if one number moves away from the mean, the whole column is divided by "
    "more.",
)
def _(dout, cache):
    return _batch_back(dout, cache, spread=0)


@batch_norm_backward.mistake(
    "unnamed-4",
    "You divided dgamma and dbeta by N. The loss has averaged over the batch already: here it is only added up.",
)
def _(dout, cache):
    dx, dgamma, dbeta = _batch_back(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@batch_norm_backward.mistake(
    "unnamed-5",
    "In dx you used the sums of dout and of dout · x_hat. What is subtracted from each number is their mean over the "
    "batch.",
)
def _(dout, cache):
    return _batch_back(dout, cache, mean=len(dout), spread=len(dout))


@batch_norm_backward.mistake(
    "unnamed-6",
    "You used the formula of training in evaluation too. There mean and std are fixed numbers: only the direct path is "
    "left.",
)
def _(dout, cache):
    return _batch_back(dout, (*cache[:3], True))


@batch_norm_backward.mistake(
    "unnamed-7", "`gamma` is missing in dx: x_hat was multiplied by it on the way forward."
)
def _(dout, cache):
    x_hat, gamma, std, train = cache
    dx, dgamma, dbeta = _batch_back(dout, (x_hat, np.ones_like(gamma), std, train))
    return dx, dgamma, dbeta


@batch_norm_backward.mistake("unnamed-8", "`std` is missing in dx: x was divided by it on the way forward.")
def _(dout, cache):
    x_hat, gamma, std, train = cache
    return _batch_back(dout, (x_hat, gamma, np.ones_like(std), train))


@batch_norm_backward.mistake(
    "unnamed-9", "`dgamma` and `dbeta` are exchanged. Which of the two was multiplied by x_hat?"
)
def _(dout, cache):
    dx, dgamma, dbeta = _batch_back(dout, cache)
    return dx, dbeta, dgamma


@exercise(normalization.layer_norm_forward, returns="out, _cache")
def layer_norm_forward(draw):
    yield np.array([[1.0, 10.0, 4.0], [2.0, 30.0, 8.0], [6.0, 20.0, 2.0]]), np.ones(3), np.zeros(3)
    yield draw.normal(3, 3), draw.uniform(0.5, 2, 3), draw.normal(3)
    yield case(draw.normal(2, 4), draw.uniform(0.5, 2, 4), draw.normal(4), eps=0.5)
    yield np.array([[1000.0, -1000.0], [7.0, 7.0]]), np.ones(2), np.zeros(2)


def _layer_norm(x, gamma, beta, eps=1e-5, axis=1, ddof=0):
    return gamma * (x - x.mean(axis=axis, keepdims=True)) / np.sqrt(
        x.var(axis=axis, keepdims=True, ddof=ddof) + eps
    ) + beta, None


@layer_norm_forward.mistake(
    "unnamed-1",
    "You took mean and variance down the columns, over the batch: that is batch norm. Layer norm looks along each row, "
    "at one example.",
)
def _(x, gamma, beta, eps=1e-5):
    return _layer_norm(x, gamma, beta, eps, axis=0)


@layer_norm_forward.mistake(
    "unnamed-2",
    "You took one mean and one variance for the whole batch. Each example, that is each row, has its own.",
)
def _(x, gamma, beta, eps=1e-5):
    return _layer_norm(x, gamma, beta, eps, axis=None)


@layer_norm_forward.mistake(
    "unnamed-3", "You divided by D - 1 in the variance. Here the row is all there is, so it is divided by D."
)
def _(x, gamma, beta, eps=1e-5):
    return _layer_norm(x, gamma, beta, eps, ddof=1)


@layer_norm_forward.mistake(
    "unnamed-4", "You divided by the variance. Its root, the standard deviation, brings numbers to size 1."
)
def _(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=1, keepdims=True)) / (x.var(axis=1, keepdims=True) + eps) + beta, None


@layer_norm_forward.mistake("unnamed-5", "You added eps outside the root. It stands inside: √(var + eps).")
def _(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + eps) + beta, None


@layer_norm_forward.mistake(
    "unnamed-6",
    "`gamma` and `beta` are missing: your numbers are normalised, but the network has no way to choose another scale.",
)
def _(x, gamma, beta, eps=1e-5):
    return _layer_norm(x, 1.0, 0.0, eps)


@layer_norm_forward.mistake(
    "unnamed-7", "`gamma` and `beta` belong to the features: one number a column. You gave each row its own."
)
def _(x, gamma, beta, eps=1e-5):
    return _layer_norm(x, gamma[:, np.newaxis], beta[:, np.newaxis], eps)


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


def _layer_back(dout, cache, mean=1.0, spread=1.0):
    x_hat, gamma, std = cache
    g = gamma * dout
    shared = mean * g.mean(axis=1, keepdims=True) + spread * x_hat * np.mean(g * x_hat, axis=1, keepdims=True)
    return (g - shared) / std, np.sum(dout * x_hat, axis=0), dout.sum(axis=0)


@layer_norm_backward.mistake(
    "unnamed-1",
    "You took the means over the batch: that is batch norm's way back. Here the numbers of one row share mean and std.",
)
def _(dout, cache):
    x_hat, gamma, std = cache
    g = gamma * dout
    dx = (g - g.mean(axis=0) - x_hat * np.mean(g * x_hat, axis=0)) / std
    return dx, np.sum(dout * x_hat, axis=0), dout.sum(axis=0)


@layer_norm_backward.mistake(
    "unnamed-2",
    "`gamma` stands outside your means. In a row each feature has its own gamma, so multiply by it before you take the "
    "means.",
)
def _(dout, cache):
    x_hat, gamma, std = cache
    dx, dgamma, dbeta = _layer_back(dout, (x_hat, np.ones_like(gamma), std))
    return gamma * dx, dgamma, dbeta


@layer_norm_backward.mistake(
    "unnamed-3",
    "You treated mean and std as fixed numbers. They are made from x: two more paths lead from x to the output.",
)
def _(dout, cache):
    return _layer_back(dout, cache, mean=0, spread=0)


@layer_norm_backward.mistake(
    "unnamed-4",
    "The path through the mean is missing: if one number grows, every other number of its row comes out lower.",
)
def _(dout, cache):
    return _layer_back(dout, cache, mean=0)


@layer_norm_backward.mistake(
    "unnamed-5",
    "The path through the variance is missing: if one number moves away from the mean, the row is divided by more.",
)
def _(dout, cache):
    return _layer_back(dout, cache, spread=0)


@layer_norm_backward.mistake(
    "unnamed-6",
    "You added dgamma and dbeta up along the rows. gamma and beta have one number a feature, which all examples share.",
)
def _(dout, cache):
    x_hat, _, _ = cache
    dx, _, _ = _layer_back(dout, cache)
    return dx, np.sum(dout * x_hat, axis=1), dout.sum(axis=1)


@layer_norm_backward.mistake(
    "unnamed-7",
    "You divided dgamma and dbeta by N. The loss has averaged over the batch already: here it is only added up.",
)
def _(dout, cache):
    dx, dgamma, dbeta = _layer_back(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)
