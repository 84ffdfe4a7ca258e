"""The exercises of chapter 06 on Adam, and on the averages that it is made of."""

from __future__ import annotations

import numpy as np

from byhand.exercises.optimizers.descent import recall, steps
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import moments as reference


@exercise(reference.moving_average)
def moving_average(draw):
    yield np.array([8.0, 8.0, 8.0]), 0.5
    yield draw.normal(6), draw.choice([0.3, 0.8, 0.9])
    yield np.array([1000.0, -1000.0, 0.0, 0.0]), 0.9


def _average(values, old, new, start=0.0):
    averages, average = [], start
    for value in values:
        average = old * average + new * value
        averages.append(average)
    return np.array(averages)


@moving_average.mistake("unnamed-1", "Your average starts from the first number. Here it starts from 0.")
def _(values, beta):
    return _average(values, beta, 1 - beta, values[0])


@moving_average.mistake(
    "unnamed-2",
    "You exchanged beta and 1 - beta. With beta = 0.9, how much of the old average should be kept?",
)
def _(values, beta):
    return _average(values, 1 - beta, beta)


@moving_average.mistake(
    "unnamed-3",
    "You kept a share of the old, but added the new number whole. That is a sum (the velocity of momentum), "
    "not an average.",
)
def _(values, beta):
    return _average(values, beta, 1.0)


@moving_average.mistake(
    "unnamed-4",
    "You computed the plain mean of all numbers so far, which never forgets. Where does beta come in?",
)
def _(values, beta):
    return np.cumsum(values) / np.arange(1, len(values) + 1)


@moving_average.mistake(
    "unnamed-5", "The old average gets lost at each step: yours is only (1 - beta) times the new number."
)
def _(values, beta):
    return (1 - beta) * values


@moving_average.mistake(
    "unnamed-6", "Each of your averages is one place late: the first should already contain the first number."
)
def _(values, beta):
    return np.append(0.0, _average(values, beta, 1 - beta)[:-1])


@exercise(reference.bias_correction)
def bias_correction(draw):
    yield np.array([4.0, 6.0, 7.0]), 0.5
    yield draw.normal(6), draw.choice([0.3, 0.8, 0.9])
    yield np.array([1.0, -1.0, 1.0]), 0.999


@bias_correction.mistake(
    "unnamed-1",
    "You counted from 0: there 1 - beta⁰ is 0, and nothing can be divided by 0. The first average has t = 1.",
)
def _(averages, beta):
    return averages / (1 - beta ** np.arange(len(averages)))


@bias_correction.mistake(
    "unnamed-2",
    "You multiplied, which makes the averages even smaller. They are too small: what makes up for it?",
)
def _(averages, beta):
    return averages * (1 - beta ** np.arange(1, len(averages) + 1))


@bias_correction.mistake(
    "unnamed-3",
    "You divided every average by the same number, 1 - beta. That is right for the first alone: the exponent t is "
    "missing.",
)
def _(averages, beta):
    return averages / (1 - beta)


@bias_correction.mistake(
    "unnamed-4",
    "You divided by betaᵗ, the weight that is still missing. Divide by the weight that is there already.",
)
def _(averages, beta):
    return averages / beta ** np.arange(1, len(averages) + 1)


@bias_correction.mistake(
    "unnamed-5", "You divided by 1 - beta·t. In the formula, t is an exponent: `beta ** t`."
)
def _(averages, beta):
    return averages / (1 - beta * np.arange(1, len(averages) + 1))


def _adam(
    w,
    dw,
    state,
    lr,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    *,
    gradient=1.0,
    square=1.0,
    correct_mean=lambda beta, step: 1 - beta**step,
    correct_squares=lambda beta, step: 1 - beta**step,
    divide=lambda mean, squares, eps: mean / (np.sqrt(squares) + eps),
    sign=-1.0,
    keep_corrected=False,
):
    """Adam with one thing otherwise: a share of the gradient, a correction, where eps stands …"""
    step, mean, squares = recall(w, state, "mean", "squares")
    mean = beta1 * mean + (1 - beta1) ** gradient * dw
    squares = beta2 * squares + (1 - beta2) ** square * dw**2
    fair_mean, fair_squares = mean / correct_mean(beta1, step), squares / correct_squares(beta2, step)
    w = w + sign * lr * divide(fair_mean, fair_squares, eps)
    if keep_corrected:
        mean, squares = fair_mean, fair_squares
    return w, {"step": step, "mean": mean, "squares": squares}


def _none(beta, step):
    return 1.0


UNCORRECTED = {"correct_mean": _none, "correct_squares": _none}


@exercise(reference.adam_without_correction, returns="w, state")
def adam_without_correction(draw):
    yield from steps(draw, "mean", "squares", beta1=draw.choice([0.5, 0.8]), beta2=0.95, eps=1e-3)


@adam_without_correction.mistake(
    "unnamed-1",
    "That is Adam with its correction, which is the next exercise. Here we want to see what happens without it.",
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings)


@adam_without_correction.mistake(
    "unnamed-2",
    "The mean is of the gradient, and you used its share 1 - beta1. But dw² came in whole: its share is 1 - beta2.",
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, **UNCORRECTED, square=0)


@adam_without_correction.mistake(
    "unnamed-3",
    "The new gradient came into the mean whole, as in momentum. Adam averages: its share is 1 - beta1.",
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, **UNCORRECTED, gradient=0)


@adam_without_correction.mistake(
    "unnamed-4", "You exchanged the two betas: beta1 is for the mean of dw, beta2 for the mean of dw²."
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return _adam(w, dw, state, lr, beta2, beta1, eps, **UNCORRECTED)


@adam_without_correction.mistake(
    "unnamed-5",
    "You squared the mean. What belongs below the fraction bar is the mean of the squares: average dw², not m².",
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    step, mean, squares = recall(w, state, "mean", "squares")
    mean = beta1 * mean + (1 - beta1) * dw
    squares = beta2 * squares + (1 - beta2) * mean**2
    return w - lr * mean / (np.sqrt(squares) + eps), {"step": step, "mean": mean, "squares": squares}


@adam_without_correction.mistake(
    "unnamed-6", "That moves along the gradient, as RMSProp does. Adam moves along the mean of the gradients."
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, kept = _adam(w, dw, state, lr, beta1, beta2, eps, **UNCORRECTED)
    return w - lr * dw / (np.sqrt(kept["squares"]) + eps), kept


@adam_without_correction.mistake(
    "unnamed-7",
    "Your eps stands inside the root. Some books do so; here, as in PyTorch, it is added to the root: √s + ε.",
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, **UNCORRECTED, divide=lambda m, s, eps: m / np.sqrt(s + eps))


@exercise(reference.adam, returns="w, state")
def adam(draw):
    yield from steps(draw, "mean", "squares", beta1=draw.choice([0.5, 0.8]), beta2=0.95, eps=1e-3)


@adam.mistake(
    "unnamed-1",
    "That is Adam without bias correction: both means are still too small at first. Which number makes up for it?",
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, **UNCORRECTED)


@adam.mistake(
    "unnamed-2",
    "Your correction counts from 0: at the first step 1 - beta⁰ is 0, and dividing by 0 gives inf and nan. The "
    "first step has t = 1.",
)
def _(*arguments, **settings):
    def too_early(beta, step):
        return np.float64(1 - beta ** (step - 1))

    return _adam(*arguments, **settings, correct_mean=too_early, correct_squares=too_early)


@adam.mistake(
    "unnamed-3",
    "Your correction takes every step for the first: 1 - beta without an exponent. Which step it is, the state says.",
)
def _(*arguments, **settings):
    def always_first(beta, step):
        return 1 - beta

    return _adam(*arguments, **settings, correct_mean=always_first, correct_squares=always_first)


@adam.mistake(
    "unnamed-4", "You corrected the mean of dw, but not the mean of dw², which starts from 0 as well."
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, correct_squares=_none)


@adam.mistake(
    "unnamed-5", "You corrected the mean of dw², but not the mean of dw, which starts from 0 as well."
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, correct_mean=_none)


@adam.mistake("unnamed-6", "You corrected both means with beta1. Each has its own beta.")
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return _adam(w, dw, state, lr, beta1, beta2, eps, correct_squares=lambda beta, step: 1 - beta1**step)


@adam.mistake(
    "unnamed-7",
    "Your w is right, but the state keeps the corrected means, so that the next step corrects them once more. "
    "Keep the means as they are.",
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, keep_corrected=True)


@adam.mistake(
    "unnamed-8",
    "Your eps stands inside the root. Some books do so; here, as in PyTorch, it is added to the root: √ŝ + ε.",
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, divide=lambda m, s, eps: m / np.sqrt(s + eps))


@adam.mistake(
    "unnamed-9", "The new dw² came in whole: your squares are a sum, not an average. Its share is 1 - beta2."
)
def _(*arguments, **settings):
    return _adam(*arguments, **settings, square=0)


@adam.mistake("unnamed-10", "The root is missing: you divided by the mean of the squares itself.")
def _(*arguments, **settings):
    return _adam(*arguments, **settings, divide=lambda m, s, eps: m / (s + eps))


@adam.mistake("unnamed-11", "You went uphill: the gradients point to where the loss grows.")
def _(*arguments, **settings):
    return _adam(*arguments, **settings, sign=1.0)


@adam.mistake(
    "unnamed-12",
    "Your values are right, but you changed the means in place, and so the state that you were given. "
    "`m = beta1 * m + …` makes a new array.",
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    moved, kept = _adam(w, dw, state, lr, beta1, beta2, eps)
    if state is not None:
        state["mean"][...], state["squares"][...] = kept["mean"], kept["squares"]
    return moved, kept


@exercise(reference.adamw, returns="w, state")
def adamw(draw):
    yield from steps(
        draw, "mean", "squares", beta1=draw.choice([0.5, 0.8]), beta2=0.95, eps=1e-3, weight_decay=0.3
    )
    yield np.array([2.0, -4.0]), np.array([0.0, 0.0]), None, 0.1  # nothing but the decay


@adamw.mistake(
    "unnamed-1",
    "You added the decay to the gradient, so that Adam divides it by √ŝ again: that is an L2 penalty. AdamW shrinks w "
    "itself, beside the gradient.",
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return _adam(w, dw + weight_decay * w, state, lr, beta1, beta2, eps)


@adamw.mistake(
    "unnamed-2",
    "Your weights shrink by weight_decay · w. Here, as in PyTorch, they shrink by lr · weight_decay · w.",
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return _adam(w * (1 - weight_decay), dw, state, lr, beta1, beta2, eps)


@adamw.mistake("unnamed-3", "That is Adam: nothing shrinks. Where does weight_decay come in?")
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return _adam(w, dw, state, lr, beta1, beta2, eps)


@adamw.mistake("unnamed-4", "Your weights grow: decay takes something away from w.")
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return _adam(w * (1 + lr * weight_decay), dw, state, lr, beta1, beta2, eps)


@adamw.mistake(
    "unnamed-5",
    "You shrank the weights after Adam's step. The decay takes its share of the weights before the step.",
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    moved, kept = _adam(w, dw, state, lr, beta1, beta2, eps)
    return moved * (1 - lr * weight_decay), kept


@adamw.mistake(
    "unnamed-6",
    "You returned the weights multiplied by lr · weight_decay: that is what they lose. What is left of them?",
)
def _(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return _adam(w * (lr * weight_decay), dw, state, lr, beta1, beta2, eps)
