"""The exercise of chapter 07 on L2 under Adam."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.optimizers.moments import adam, adamw
from byhand.reference.regularization import weight_decay


@exercise(weight_decay.adam_with_l2, returns="w, state")
def adam_with_l2(draw):
    yield np.array([1.0, -2.0]), np.array([0.5, 0.0]), None, 0.1, 0.3
    w, earlier, dw, *last = (draw.uniform(0.2, 2, 3) * np.array([1, -1, 1]) for _ in range(5))
    _, state = adam(w, earlier, None, 0.01)
    yield w, dw, state, draw.choice([0.05, 0.2]), draw.choice([0.2, 0.5])
    _, later = adam(w, dw, state, 0.01)
    yield *last, later, 0.02, draw.choice([0.1, 0.4])
    yield np.array([3.0, -3.0, 0.0]), np.zeros(3), None, 0.1, 0.5  # nothing but the penalty
    yield draw.normal(1, 1), draw.uniform(0.5, 1, 1, 1), None, 0.05, 0.0  # and none of it


@adam_with_l2.switchable
def _stepped(w, dw, state, lr, lam, *, added=lambda w, lr, lam: lam * w, shrunk="never"):
    if shrunk == "before":
        return adamw(w, dw, state, lr, weight_decay=lam)
    moved, kept = adam(w, dw if shrunk == "after" else dw + added(w, lr, lam), state, lr)
    return moved * (1 - lr * lam) if shrunk == "after" else moved, kept


adam_with_l2.switch(
    "weight-decay",
    "You shrank the weights outside Adam: that is weight decay. An L2 penalty is a part of the loss, so it reaches the "
    "weights through the gradient.",
    shrunk="before",
)
adam_with_l2.switch("weight-decay", shrunk="after")
adam_with_l2.switch(
    "no-penalty",
    "That is Adam on the loss of the data alone. Where is the penalty's gradient?",
    added=lambda w, lr, lam: 0.0,
)
adam_with_l2.switch(
    "wrong-sign",
    "You subtracted the penalty's gradient, so that weights grow. It is added: the minus is in the step.",
    added=lambda w, lr, lam: -lam * w,
)
adam_with_l2.switch(
    "no-half",
    "You added 2 · lam · w. The penalty is ½ λ Σ w², as in `l2_penalty`: what is its slope?",
    added=lambda w, lr, lam: 2 * lam * w,
)
adam_with_l2.switch(
    "times-lr",
    "You multiplied the penalty's gradient by lr. Adam multiplies the whole step by lr; the gradient does not know it.",
    added=lambda w, lr, lam: lr * lam * w,
)
adam_with_l2.switch(
    "lam-alone",
    "You added lam itself, the same for every weight. L2 pulls a large weight more than a small one.",
    added=lambda w, lr, lam: lam,
)


@adam_with_l2.mistake(
    "loss-for-gradient",
    "You added the penalty's loss, one number, to every gradient. Add its gradient: lam · w.",
)
def _(w, dw, state, lr, lam):
    return adam(w, dw + 0.5 * lam * np.sum(w**2), state, lr)
