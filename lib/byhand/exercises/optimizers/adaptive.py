"""The exercises of chapter 06 on optimisers that give each weight a rate of its own."""

from __future__ import annotations

import numpy as np

from byhand.exercises.optimizers.descent import recall, steps
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import adaptive as reference


@exercise(reference.adagrad, returns="w, state")
def adagrad(draw):
    yield from steps(draw, "squares", eps=1e-3)


@adagrad.mistake(
    "unnamed-1",
    "Your sum begins anew at every step: it holds only the last gradient's square. What is in the state?",
)
def _(w, dw, state, lr, eps=1e-10):
    (step,) = recall(w, state)
    squares = dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@adagrad.mistake("unnamed-2", "The root is missing: you divided by the sum of squares itself.")
def _(w, dw, state, lr, eps=1e-10):
    step, squares = recall(w, state, "squares")
    squares = squares + dw**2
    return w - lr * dw / (squares + eps), {"step": step, "squares": squares}


@adagrad.mistake(
    "unnamed-3",
    "Your eps stands inside the root. Some books do so; here, as in PyTorch, it is added to the root: √s + ε.",
)
def _(w, dw, state, lr, eps=1e-10):
    step, squares = recall(w, state, "squares")
    squares = squares + dw**2
    return w - lr * dw / np.sqrt(squares + eps), {"step": step, "squares": squares}


@adagrad.mistake(
    "unnamed-4", "`eps` is missing: where every gradient so far was 0, you compute 0 / 0, which is nan."
)
def _(w, dw, state, lr, eps=1e-10):
    step, squares = recall(w, state, "squares")
    squares = squares + dw**2
    return w - lr * dw / np.sqrt(squares), {"step": step, "squares": squares}


@adagrad.mistake(
    "unnamed-5",
    "You divided by the root of the old sum, which at the first step is 0. Add the new square first.",
)
def _(w, dw, state, lr, eps=1e-10):
    step, squares = recall(w, state, "squares")
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares + dw**2}


@adagrad.mistake(
    "unnamed-6",
    "You added up the gradients, not their squares. A sum of gradients can be negative, and then it has no root.",
)
def _(w, dw, state, lr, eps=1e-10):
    step, squares = recall(w, state, "squares")
    squares = squares + dw
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@adagrad.mistake("unnamed-7", "You went uphill: the gradient points to where the loss grows.")
def _(w, dw, state, lr, eps=1e-10):
    step, squares = recall(w, state, "squares")
    squares = squares + dw**2
    return w + lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@adagrad.mistake(
    "unnamed-8",
    "Your values are right, but `+=` changed the squares in place, and so the state that you were given. "
    "`s = s + dw**2` makes a new array.",
)
def _(w, dw, state, lr, eps=1e-10):
    step, squares = recall(w, state, "squares")
    squares += dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@exercise(reference.rmsprop, returns="w, state")
def rmsprop(draw):
    yield from steps(draw, "squares", beta=draw.choice([0.6, 0.8, 0.9]), eps=1e-3)


@rmsprop.mistake(
    "unnamed-1",
    "You added the square whole, and kept a share of the old. For an average the two shares must add up to 1.",
)
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    step, squares = recall(w, state, "squares")
    squares = beta * squares + dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@rmsprop.mistake("unnamed-2", "That is Adagrad: your squares only add up, and nothing is forgotten.")
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    step, squares = recall(w, state, "squares")
    squares = squares + dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@rmsprop.mistake(
    "unnamed-3",
    "You exchanged beta and 1 - beta. With beta = 0.99, how much of the old average should be kept?",
)
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    step, squares = recall(w, state, "squares")
    squares = (1 - beta) * squares + beta * dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@rmsprop.mistake("unnamed-4", "You averaged the gradients. What is averaged here are their squares.")
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    step, squares = recall(w, state, "squares")
    squares = beta * squares + (1 - beta) * dw
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@rmsprop.mistake(
    "unnamed-5",
    "Your eps stands inside the root. Some books do so; here, as in PyTorch, it is added to the root: √s + ε.",
)
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    step, squares = recall(w, state, "squares")
    squares = beta * squares + (1 - beta) * dw**2
    return w - lr * dw / np.sqrt(squares + eps), {"step": step, "squares": squares}


@rmsprop.mistake("unnamed-6", "The root is missing: you divided by the average of the squares itself.")
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    step, squares = recall(w, state, "squares")
    squares = beta * squares + (1 - beta) * dw**2
    return w - lr * dw / (squares + eps), {"step": step, "squares": squares}


@rmsprop.mistake(
    "unnamed-7",
    "You divided by the root of the old average, which at the first step is 0. Bring the new square in first.",
)
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    step, squares = recall(w, state, "squares")
    new = beta * squares + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": new}


@rmsprop.mistake(
    "unnamed-8",
    "Your average begins anew at every step. What is in the state has to be kept, multiplied by beta.",
)
def _(w, dw, state, lr, beta=0.99, eps=1e-8):
    (step,) = recall(w, state)
    squares = (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": step, "squares": squares}


@exercise(reference.adadelta, returns="w, state")
def adadelta(draw):
    yield from steps(draw, "squares", "moves", beta=draw.choice([0.5, 0.8]), eps=1e-3)


def _adadelta(w, dw, state, lr, beta, eps, ratio, kept):
    """Adadelta with another ratio of roots, or with something else in the average of the moves."""
    step, squares, moves = recall(w, state, "squares", "moves")
    squares = beta * squares + (1 - beta) * dw**2
    move = ratio(squares, moves, eps) * dw
    moves = beta * moves + (1 - beta) * kept(move, dw, lr) ** 2
    return w - lr * move, {"step": step, "squares": squares, "moves": moves}


def _roots(squares, moves, eps):
    return np.sqrt(moves + eps) / np.sqrt(squares + eps)


def _move(move, dw, lr):
    return move


@adadelta.mistake(
    "unnamed-1",
    "`eps` is missing in the upper root: at the first step the average of the moves is 0, so yours never starts.",
)
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    return _adadelta(w, dw, state, lr, beta, eps, lambda s, u, eps: np.sqrt(u) / np.sqrt(s + eps), _move)


@adadelta.mistake(
    "unnamed-2", "You added eps outside the roots. In Adadelta it belongs inside both: √(u + ε) and √(s + ε)."
)
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    return _adadelta(
        w, dw, state, lr, beta, eps, lambda s, u, eps: (np.sqrt(u) + eps) / (np.sqrt(s) + eps), _move
    )


@adadelta.mistake("unnamed-3", "The roots are missing: both averages are of squares.")
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    return _adadelta(w, dw, state, lr, beta, eps, lambda s, u, eps: (u + eps) / (s + eps), _move)


@adadelta.mistake(
    "unnamed-4", "Your fraction stands on its head: the moves belong above, the gradients below."
)
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    return _adadelta(w, dw, state, lr, beta, eps, lambda s, u, eps: 1 / _roots(s, u, eps), _move)


@adadelta.mistake(
    "unnamed-5",
    "Your second average holds the squares of the gradients too. It should hold those of the moves.",
)
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    return _adadelta(w, dw, state, lr, beta, eps, _roots, lambda move, dw, lr: dw)


@adadelta.mistake(
    "unnamed-6",
    "You multiplied the move by lr before you averaged its square. The average is of the move alone, as in PyTorch.",
)
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    return _adadelta(w, dw, state, lr, beta, eps, _roots, lambda move, dw, lr: lr * move)


@adadelta.mistake(
    "unnamed-7",
    "You divided by the root of the old average of squares. Bring the new square in first; only the moves are "
    "averaged afterwards.",
)
def _(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    step, squares, moves = recall(w, state, "squares", "moves")
    move = _roots(squares, moves, eps) * dw
    squares = beta * squares + (1 - beta) * dw**2
    return w - lr * move, {"step": step, "squares": squares, "moves": beta * moves + (1 - beta) * move**2}
