"""The exercises of chapter 06 on Adam, and on the averages that it is made of."""

from __future__ import annotations

from functools import partial

import numpy as np

from byhand.exercises.optimizers.descent import finish, recall, shared_mistakes, steps, this_step
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import moments as reference


@exercise(reference.moving_average)
def moving_average(draw):
    yield np.full(3, draw.uniform(2, 9)), 0.5
    yield draw.normal(6), draw.choice([0.3, 0.8, 0.95])
    yield np.append(1000 * draw.normal(2), [0.0, 0.0]), 0.9
    yield draw.normal(1), draw.uniform(0.1, 0.9)  # one number


def _average(values, old, new, start=0.0):
    averages, average = [], start
    for value in values:
        average = old * average + new * value
        averages.append(average)
    return np.array(averages)


@moving_average.mistake(
    "starts-from-first-number", "Your average starts from the first number. Here it starts from 0."
)
def _(values, beta):
    return _average(values, beta, 1 - beta, values[0])


@moving_average.mistake(
    "shares-exchanged",
    "You exchanged beta and 1 - beta. With beta = 0.9, how much of the old average should be kept?",
)
def _(values, beta):
    return _average(values, 1 - beta, beta)


@moving_average.mistake(
    "number-whole",
    "You kept a share of the old, but added the new number whole. That is a sum (the velocity of momentum), "
    "not an average.",
)
def _(values, beta):
    return _average(values, beta, 1.0)


@moving_average.mistake(
    "plain-mean",
    "You computed the plain mean of all numbers so far, which never forgets. Where does beta come in?",
)
def _(values, beta):
    return np.cumsum(values) / np.arange(1, len(values) + 1)


@moving_average.mistake(
    "old-average-lost",
    "The old average gets lost at each step: yours is only (1 - beta) times the new number.",
)
def _(values, beta):
    return (1 - beta) * values


@moving_average.mistake(
    "one-place-late",
    "Each of your averages is one place late: the first should already contain the first number.",
)
def _(values, beta):
    return np.append(0.0, _average(values, beta, 1 - beta)[:-1])


@exercise(reference.bias_correction)
def bias_correction(draw):
    yield draw.uniform(1, 9, 3), 0.5
    yield draw.normal(6), draw.choice([0.3, 0.8, 0.9])
    yield draw.uniform(-2, -1, 3), 0.999
    yield draw.uniform(1, 9, 1), draw.uniform(0.1, 0.9)  # one average


@bias_correction.mistake(
    "counted-from-zero",
    "You counted from 0: there 1 - beta⁰ is 0, and nothing can be divided by 0. The first average has t = 1.",
)
def _(averages, beta):
    return averages / (1 - beta ** np.arange(len(averages)))


@bias_correction.mistake(
    "multiplied",
    "You multiplied, which makes the averages even smaller. They are too small: what makes up for it?",
)
def _(averages, beta):
    return averages * (1 - beta ** np.arange(1, len(averages) + 1))


@bias_correction.mistake(
    "exponent-missing",
    "You divided every average by the same number, 1 - beta. That is right for the first alone: the exponent t is "
    "missing.",
)
def _(averages, beta):
    return averages / (1 - beta)


@bias_correction.mistake(
    "divided-by-missing-weight",
    "You divided by betaᵗ, the weight that is still missing. Divide by the weight that is there already.",
)
def _(averages, beta):
    return averages / beta ** np.arange(1, len(averages) + 1)


@bias_correction.mistake(
    "times-t", "You divided by 1 - beta·t. In the formula, t is an exponent: `beta ** t`."
)
def _(averages, beta):
    return averages / (1 - beta * np.arange(1, len(averages) + 1))


@bias_correction.mistake(
    "one-too-many",
    "Your exponents are one too high: the first average has t = 1, and is divided by 1 - beta.",
)
def _(averages, beta):
    return averages / (1 - beta ** np.arange(2, len(averages) + 2))


@bias_correction.mistake(
    "last-exponent-for-all",
    "You took the last exponent for all of them. The first average has t = 1, the second t = 2, and so on.",
)
def _(averages, beta):
    return averages / (1 - beta ** len(averages))


SETTINGS = {"beta1": (0.5, 0.8, 0.6), "beta2": (0.95, 0.9, 0.7), "eps": (1e-3, 1e-2, 0.1)}


def _adam(
    w,
    dw,
    state,
    lr,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    *,
    betas="in their places",
    dw_share="1 - beta1",
    square_share="1 - beta2",
    square_of="dw",
    correct="both",
    t="t",
    along="the mean",
    eps_at="root",
    keeps="the means",
    sign=-1,
    count="right",
    writes="nothing",
):
    """Adam, with a switch for each thing that can be otherwise."""
    if betas == "exchanged":
        beta1, beta2 = beta2, beta1
    mean, squares = recall(w, state, "mean", "squares")
    mean = beta1 * mean + ((1 - beta1) if dw_share == "1 - beta1" else 1) * dw
    squared = dw if square_of == "dw" else mean
    squares = beta2 * squares + ((1 - beta2) if square_share == "1 - beta2" else 1) * squared**2

    exponent = {"t": 0, "t - 1": -1, "t + 1": 1}.get(t, 0) + (1 if t == "1" else this_step(state))
    there1, there2 = np.float64(1 - beta1**exponent), np.float64(1 - beta2**exponent)
    if correct == "beta1 for both":
        there2 = np.float64(1 - beta1**exponent)
    factor1 = {"none": 1, "squares": 1, "multiplied": there1}.get(correct, 1 / there1)
    factor2 = {"none": 1, "mean": 1, "multiplied": there2}.get(correct, 1 / there2)
    fair_mean, fair_squares = mean * factor1, squares * factor2

    below = {
        "root": np.sqrt(fair_squares) + eps,
        "inside": np.sqrt(fair_squares + eps),
        "before the correction": (np.sqrt(squares) + eps) * np.sqrt(factor2),
        "no root": fair_squares + eps,
        "nowhere": np.sqrt(fair_squares),
    }[eps_at]
    moved = w + sign * lr * (fair_mean if along == "the mean" else dw) / below
    if keeps == "the corrected means":
        mean, squares = fair_mean, fair_squares
    return finish(w, moved, state, {"mean": mean, "squares": squares}, count, writes)


def _shared_by_both(optimizer):
    """The mistakes in the two means, which Adam has with and without its correction."""
    optimizer.switch(
        "square-whole",
        "The new dw² came in whole: your squares are a sum, not an average. Its share is 1 - beta2.",
        square_share="1",
    )
    optimizer.switch(
        "gradient-whole",
        "The new gradient came into the mean whole, as in momentum. Adam averages: its share is 1 - beta1.",
        dw_share="1",
    )
    optimizer.switch(
        "betas-exchanged",
        "You exchanged the two betas: beta1 is for the mean of dw, beta2 for the mean of dw².",
        betas="exchanged",
    )
    optimizer.switch(
        "mean-squared",
        "You squared the mean. What belongs below the fraction bar is the mean of the squares: average dw², not m².",
        square_of="the mean",
    )
    optimizer.switch(
        "moved-along-gradient",
        "That moves along the gradient, as RMSProp does. Adam moves along the mean of the gradients.",
        along="dw",
    )
    optimizer.switch(
        "eps-in-the-root",
        "Your eps stands inside the root. Some books do so; here, as in PyTorch, it is added to the root: √s + ε.",
        eps_at="inside",
    )
    optimizer.switch(
        "no-root", "The root is missing: you divided by the mean of the squares itself.", eps_at="no root"
    )
    optimizer.switch(
        "no-eps",
        "`eps` is missing: where every gradient so far was 0, you compute 0 / 0, which is nan.",
        eps_at="nowhere",
    )
    shared_mistakes(optimizer)


@exercise(reference.adam_without_correction, returns="w, state")
def adam_without_correction(draw):
    yield from steps(draw, "mean", "squares", **SETTINGS)


adam_without_correction.switchable(partial(_adam, correct="none"))
adam_without_correction.switch(
    "corrected",
    "That is Adam with its correction, which is the next exercise. Here we want to see what happens without it.",
    correct="both",
)
_shared_by_both(adam_without_correction)


@exercise(reference.adam, returns="w, state")
def adam(draw):
    yield from steps(draw, "mean", "squares", **SETTINGS)


adam.switchable(_adam)
adam.switch(
    "no-correction",
    "That is Adam without bias correction: both means are still too small at first. Which number makes up for it?",
    correct="none",
)
adam.switch(
    "no-correction-no-count",
    "The bias correction is missing, and the state keeps the old count. The two belong together: by the count you know "
    "how much is missing in the means.",
    correct="none",
    count="old",
)
adam.switch("no-correction-no-count", correct="none", count="old, from 1")
adam.switch(
    "correction-counts-from-zero",
    "Your correction counts from 0: at the first step 1 - beta⁰ is 0, and dividing by 0 gives inf and nan. The "
    "first step has t = 1.",
    t="t - 1",
)
adam.switch(
    "correction-one-step-ahead",
    "Your correction is one step ahead: its exponent is t + 1. The first step has t = 1. Did you add 1 twice?",
    t="t + 1",
)
adam.switch(
    "correction-without-exponent",
    "Your correction takes every step for the first: 1 - beta without an exponent. Which step it is, the state says.",
    t="1",
)
adam.switch(
    "correction-multiplied",
    "You multiplied by 1 - betaᵗ, which makes the means even smaller. They are too small: what makes up for it?",
    correct="multiplied",
)
adam.switch(
    "only-mean-corrected",
    "You corrected the mean of dw, but not the mean of dw², which starts from 0 as well.",
    correct="mean",
)
adam.switch(
    "only-squares-corrected",
    "You corrected the mean of dw², but not the mean of dw, which starts from 0 as well.",
    correct="squares",
)
adam.switch(
    "corrected-with-one-beta",
    "You corrected both means with beta1. Each has its own beta.",
    correct="beta1 for both",
)
adam.switch(
    "corrected-means-kept",
    "Your state keeps the corrected means, so that the next step corrects them once more. "
    "Keep the means as they are.",
    keeps="the corrected means",
)
adam.switch(
    "eps-before-correction",
    "Your eps is added before the correction, as in TensorFlow and in the paper's quicker form. Here, as in PyTorch, "
    "it is added to the root of the corrected mean: √ŝ + ε.",
    eps_at="before the correction",
)
_shared_by_both(adam)


@exercise(reference.adamw, returns="w, state")
def adamw(draw):
    yield from steps(draw, "mean", "squares", **SETTINGS, weight_decay=(0.3, 0.1, 0.5))
    yield draw.uniform(-4, 4, 2), np.zeros(2), None, 0.1  # nothing but the decay


@adamw.switchable
def _adamw(
    w,
    dw,
    state,
    lr,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    weight_decay=0.01,
    *,
    decays="w",
    by="lr · weight_decay",
    when="before",
    correct="both",
    sign=-1,
    count="right",
    writes="nothing",
):
    loss = {"lr · weight_decay": lr * weight_decay, "weight_decay": weight_decay, "nothing": 0}
    loss |= {"less than nothing": -lr * weight_decay, "all but its loss": 1 - lr * weight_decay}
    left = 1 - loss[by]
    start, slope = w, dw
    if decays == "dw":
        slope = dw + weight_decay * w
    elif when == "before":
        start = w * left
    moved, new = _adam(start, slope, state, lr, beta1, beta2, eps, correct=correct, sign=sign)
    if decays == "w" and when == "after":
        moved = moved * left
    return finish(w, moved, state, {name: new[name] for name in ("mean", "squares")}, count, writes)


adamw.switch(
    "decay-in-gradient",
    "You added the decay to the gradient, so that Adam divides it by √ŝ again: that is an L2 penalty. AdamW shrinks w "
    "itself, beside the gradient.",
    decays="dw",
)
adamw.switch(
    "decay-without-rate",
    "Your weights shrink by weight_decay · w. Here, as in PyTorch, they shrink by lr · weight_decay · w.",
    by="weight_decay",
)
adamw.switch("no-decay", "That is Adam: nothing shrinks. Where does weight_decay come in?", by="nothing")
adamw.switch("weights-grow", "Your weights grow: decay takes something away from w.", by="less than nothing")
adamw.switch(
    "decay-after-step",
    "You shrank the weights after Adam's step. The decay takes its share of the weights before the step.",
    when="after",
)
adamw.switch(
    "loss-kept",
    "You returned the weights multiplied by lr · weight_decay: that is what they lose. What is left of them?",
    by="all but its loss",
)
adamw.switch(
    "no-correction",
    "Adam's bias correction is missing: the step after the decay is Adam's own.",
    correct="none",
)
shared_mistakes(adamw)
