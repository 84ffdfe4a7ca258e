"""The exercise of chapter 07 on L2 under Adam."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.optimizers.moments import adam, adamw
from byhand.reference.regularization import weight_decay


@exercise(weight_decay.adam_with_l2, returns="w, state")
def adam_with_l2(draw):
    yield np.array([1.0, -2.0]), np.array([0.5, 0.0]), None, 0.1, 0.3
    w, earlier, dw = (draw.uniform(0.2, 2, 3) * np.array([1, -1, 1]) for _ in range(3))
    _, state = adam(w, earlier, None, 0.01)
    yield w, dw, state, draw.choice([0.05, 0.1]), draw.choice([0.2, 0.5])
    yield np.array([3.0, -3.0, 0.0]), np.zeros(3), None, 0.1, 0.5  # nothing but the penalty


@adam_with_l2.mistake(
    "unnamed-1",
    "You shrank the weights beside Adam: that is weight decay. An L2 penalty is a part of the loss, so it reaches the "
    "weights through the gradient.",
)
def _(w, dw, state, lr, lam):
    return adamw(w, dw, state, lr, weight_decay=lam)


@adam_with_l2.mistake(
    "unnamed-2",
    "You shrank the weights after Adam's step: that is weight decay. An L2 penalty is a part of the loss, so it "
    "reaches the weights through the gradient.",
)
def _(w, dw, state, lr, lam):
    moved, kept = adam(w, dw, state, lr)
    return moved * (1 - lr * lam), kept


@adam_with_l2.mistake(
    "unnamed-3", "That is Adam on the loss of the data alone. Where is the penalty's gradient?"
)
def _(w, dw, state, lr, lam):
    return adam(w, dw, state, lr)


@adam_with_l2.mistake(
    "unnamed-4",
    "You subtracted the penalty's gradient, so that weights grow. It is added: the minus is in the step.",
)
def _(w, dw, state, lr, lam):
    return adam(w, dw - lam * w, state, lr)


@adam_with_l2.mistake(
    "unnamed-5", "You added 2 · lam · w. The penalty is ½ λ Σ w², as in `l2_penalty`: what is its slope?"
)
def _(w, dw, state, lr, lam):
    return adam(w, dw + 2 * lam * w, state, lr)


@adam_with_l2.mistake(
    "unnamed-6",
    "You multiplied the penalty's gradient by lr. Adam multiplies the whole step by lr; the gradient does not know it.",
)
def _(w, dw, state, lr, lam):
    return adam(w, dw + lr * lam * w, state, lr)


@adam_with_l2.mistake(
    "unnamed-7",
    "You added lam itself, the same for every weight. L2 pulls a large weight more than a small one.",
)
def _(w, dw, state, lr, lam):
    return adam(w, dw + lam, state, lr)
