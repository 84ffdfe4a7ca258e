"""The exercises of chapter 06 on optimizers that give each weight a rate of its own."""

from __future__ import annotations

import numpy as np

from byhand.exercises.optimizers.descent import finish, recall, shared_mistakes, steps
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import adaptive as reference

SETTINGS = {"beta": (0.6, 0.8, 0.9), "eps": (1e-3, 1e-2, 0.1)}


def _divided(dw, new, old, by, eps_at, eps):
    """The gradient, divided by the root of its squares: which ones, and where eps stands."""
    squares = old if by == "the old ones" else new
    if by == "squares":
        return dw / (squares + eps)
    root = {"root": np.sqrt(squares) + eps, "inside": np.sqrt(squares + eps), "nowhere": np.sqrt(squares)}
    return dw / root[eps_at]


@exercise(reference.adagrad, returns="w, state")
def adagrad(draw):
    yield from steps(draw, "squares", eps=SETTINGS["eps"])


@adagrad.switchable
def _adagrad(
    w,
    dw,
    state,
    lr,
    eps=1e-10,
    *,
    sum_of="all squares",
    by="root",
    eps_at="root",
    sign=-1,
    count="right",
    writes="nothing",
):
    (old,) = recall(w, state, "squares")
    new = {"all squares": old + dw**2, "the last square": dw**2, "gradients": old + dw}[sum_of]
    moved = w + sign * lr * _divided(dw, new, old, by, eps_at, eps)
    return finish(w, moved, state, {"squares": new}, count, writes)


adagrad.switch(
    "sum-begins-anew",
    "Your sum begins anew at every step: it holds only the last gradient's square. What is in the state?",
    sum_of="the last square",
)
adagrad.switch("no-root", "The root is missing: you divided by the sum of squares itself.", by="squares")
adagrad.switch(
    "eps-in-the-root",
    "Your eps stands inside the root. Some books do so; here, as in PyTorch, it is added to the root: √s + ε.",
    eps_at="inside",
)
adagrad.switch(
    "no-eps",
    "`eps` is missing: where every gradient so far was 0, you compute 0 / 0, which is nan.",
    eps_at="nowhere",
)
adagrad.switch(
    "old-sum",
    "You divided by the root of the old sum, which at the first step is 0. Add the new square first.",
    by="the old ones",
)
adagrad.switch(
    "gradients-not-squared",
    "You added up the gradients, not their squares. A sum of gradients can be negative, and then it has no root.",
    sum_of="gradients",
)


@adagrad.mistake(
    "denominator-open",
    "Brackets are missing: Python divides before it adds. Below the fraction bar stands all of √s + ε.",
)
def _(w, dw, state, lr, eps=1e-10):
    (old,) = recall(w, state, "squares")
    squares = old + dw**2
    return finish(w, w - lr * dw / np.sqrt(squares) + eps, state, {"squares": squares}, "right", "nothing")


@adagrad.mistake("sizes-added", "You added up the sizes of the gradients. Asked are their squares.")
def _(w, dw, state, lr, eps=1e-10):
    (old,) = recall(w, state, "squares")
    squares = old + np.abs(dw)
    return finish(w, w - lr * dw / (np.sqrt(squares) + eps), state, {"squares": squares}, "right", "nothing")


shared_mistakes(adagrad)


@exercise(reference.rmsprop, returns="w, state")
def rmsprop(draw):
    yield from steps(draw, "squares", **SETTINGS)


@rmsprop.switchable
def _rmsprop(
    w,
    dw,
    state,
    lr,
    beta=0.99,
    eps=1e-8,
    *,
    average="βs + (1 - β)dw²",
    by="root",
    eps_at="root",
    sign=-1,
    count="right",
    writes="nothing",
):
    (old,) = recall(w, state, "squares")
    new = {
        "βs + (1 - β)dw²": beta * old + (1 - beta) * dw**2,
        "βs + dw²": beta * old + dw**2,
        "s + dw²": old + dw**2,
        "(1 - β)s + βdw²": (1 - beta) * old + beta * dw**2,
        "βs + (1 - β)dw": beta * old + (1 - beta) * dw,
        "(1 - β)dw²": (1 - beta) * dw**2,
    }[average]
    moved = w + sign * lr * _divided(dw, new, old, by, eps_at, eps)
    return finish(w, moved, state, {"squares": new}, count, writes)


rmsprop.switch(
    "square-whole",
    "You added the square whole, and kept a share of the old. For an average the two shares must add up to 1.",
    average="βs + dw²",
)
rmsprop.switch(
    "nothing-forgotten",
    "That is Adagrad: your squares only add up, and nothing is forgotten.",
    average="s + dw²",
)
rmsprop.switch(
    "shares-exchanged",
    "You exchanged beta and 1 - beta. With beta = 0.99, how much of the old average should be kept?",
    average="(1 - β)s + βdw²",
)
rmsprop.switch(
    "gradients-not-squared",
    "You averaged the gradients. What is averaged here are their squares.",
    average="βs + (1 - β)dw",
)
rmsprop.switch(
    "eps-in-the-root",
    "Your eps stands inside the root. Some books do so; here, as in PyTorch, it is added to the root: √s + ε.",
    eps_at="inside",
)
rmsprop.switch(
    "no-eps",
    "`eps` is missing: where every gradient so far was 0, you compute 0 / 0, which is nan.",
    eps_at="nowhere",
)
rmsprop.switch(
    "no-root", "The root is missing: you divided by the average of the squares itself.", by="squares"
)
rmsprop.switch(
    "old-average",
    "You divided by the root of the old average, which at the first step is 0. Bring the new square in first.",
    by="the old ones",
)
rmsprop.switch(
    "average-begins-anew",
    "Your average begins anew at every step. What is in the state has to be kept, multiplied by beta.",
    average="(1 - β)dw²",
)
shared_mistakes(rmsprop)


@exercise(reference.adadelta, returns="w, state")
def adadelta(draw):
    yield from steps(draw, "squares", "moves", **SETTINGS)
    yield draw.normal(3), draw.uniform(0.3, 2, 3), None  # lr is 1 unless it is said


@adadelta.switchable
def _adadelta(
    w,
    dw,
    state,
    lr=1.0,
    beta=0.9,
    eps=1e-6,
    *,
    ratio="√(u + ε) / √(s + ε)",
    squares_of="the new average",
    moves_of="the move",
    moves_first=False,
    sign=-1,
    count="right",
    writes="nothing",
):
    old, u = recall(w, state, "squares", "moves")
    squares = beta * old + (1 - beta) * dw**2
    s = squares if squares_of == "the new average" else old
    upper, lower = np.sqrt(u + eps), np.sqrt(s + eps)
    move = (
        dw
        * {
            "√(u + ε) / √(s + ε)": upper / lower,
            "√u / √(s + ε)": np.sqrt(u) / lower,
            "(√u + ε) / (√s + ε)": (np.sqrt(u) + eps) / (np.sqrt(s) + eps),
            "(u + ε) / (s + ε)": (u + eps) / (s + eps),
            "√(s + ε) / √(u + ε)": lower / upper,
            "1 / √(s + ε)": 1 / lower,
        }[ratio]
    )
    averaged = {"the move": move, "the gradient": dw, "lr times the move": lr * move}[moves_of]
    moves = beta * u + (1 - beta) * averaged**2
    if moves_first:
        move = np.sqrt(moves + eps) / lower * dw
    kept = {"squares": squares, "moves": moves}
    return finish(w, w + sign * lr * move, state, kept, count, writes)


adadelta.switch(
    "no-eps-above",
    "`eps` is missing in the upper root: at the first step the average of the moves is 0, so yours never starts.",
    ratio="√u / √(s + ε)",
)
adadelta.switch(
    "eps-outside-the-roots",
    "You added eps outside the roots. In Adadelta it belongs inside both: √(u + ε) and √(s + ε).",
    ratio="(√u + ε) / (√s + ε)",
)
adadelta.switch("no-roots", "The roots are missing: both averages are of squares.", ratio="(u + ε) / (s + ε)")
adadelta.switch(
    "upside-down",
    "Your fraction stands on its head: the moves belong above, the gradients below.",
    ratio="√(s + ε) / √(u + ε)",
)
adadelta.switch(
    "no-moves-above",
    "That moves as RMSProp does. Above the fraction bar the root of the average of the moves is missing.",
    ratio="1 / √(s + ε)",
)
adadelta.switch(
    "gradients-averaged-twice",
    "Your second average holds the squares of the gradients too. It should hold those of the moves.",
    moves_of="the gradient",
)
adadelta.switch(
    "rate-in-the-average",
    "You multiplied the move by lr before you averaged its square. The average is of the move alone, as in PyTorch.",
    moves_of="lr times the move",
)
adadelta.switch(
    "old-average",
    "You divided by the root of the old average of squares. Bring the new square in first; only the moves are "
    "averaged afterwards.",
    squares_of="the old average",
)
adadelta.switch(
    "moves-averaged-first",
    "Your w moves with the NEW average of the moves. The move comes first, with the old average; then its square is "
    "averaged.",
    moves_first=True,
)


@adadelta.mistake("no-learning-rate", "The learning rate is missing: the move is multiplied by lr.")
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    return _adadelta(w, dw, state, 1.0, beta, eps)


shared_mistakes(adadelta)
