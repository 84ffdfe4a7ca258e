"""The exercises of chapter 07 on examples that are kept back, and on what they are for."""

from __future__ import annotations

import math

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.regularization import validation

ENOUGH = 40  # from how many examples on an order that was not drawn is no accident


@exercise(validation.train_validation_split, returns="X_train, y_train, X_val, y_val")
def train_validation_split(draw):
    yield np.arange(20.0).reshape(10, 2), np.arange(10), 0.29, draw.rng()  # 2.9 of 10: rounded, 3
    yield _table(draw, 10), draw.permutation(10), 0.22, draw.rng()  # 2.2 of 10: rounded, 2
    yield _table(draw, 6), draw.permutation(6), draw.choice([0.0, 0.05]), draw.rng()  # none
    n, fraction = draw.choice([(ENOUGH, 0.25), (60, 0.5), (60, 0.75)])
    X, y, rng = _table(draw, n), draw.permutation(n), draw.rng()
    for generator in (rng, rng, draw.rng()):  # asked twice for the same answer, once for another
        yield X, y, fraction, generator


def _table(draw, n):
    """A first column that alone tells all rows apart, and a second one."""
    return np.column_stack([draw.permutation(n) / 10, draw.normal(n)])


@train_validation_split.accept
def _(answer, X, y, fraction, rng):
    X_train, y_train, X_val, y_val = answer
    place = {row[0]: number for number, row in enumerate(X)}
    where = {}
    for name, rows, labels in (("training", X_train, y_train), ("validation", X_val, y_val)):
        found = [place.get(row[0]) for row in rows]
        if None in found or not np.array_equal(rows, X[found]):
            return f"A row of your {name} part is no row of X. Rows must stay whole, with their numbers unchanged."
        if not np.array_equal(labels, y[found]):
            return (
                f"In your {name} part, some rows have the label of another row. X and y must be shuffled in the same "
                "order: draw one order, and use it for both."
            )
        if len(set(found)) < len(found):
            return f"Some examples are in your {name} part twice. Each should be drawn once, and not be put back."
        where[name] = set(found)
    if where["training"] & where["validation"]:
        return (
            "Some examples are in both parts. Then the validation error is measured on what the network has learned "
            "from, and says nothing."
        )
    n, kept_back = len(X), len(X_val)
    if where["validation"] in (set(range(kept_back)), set(range(n - kept_back, n))) and n >= ENOUGH:
        return "You cut the data without shuffling them. Data often come sorted; then each part has other classes."
    return None


@train_validation_split.switchable
def _split(
    X,
    y,
    fraction,
    rng,
    *,
    drawn="one order",  # or "none", "two orders"
    count=round,
    kept="first",  # where in the order the part that is kept back stands; or "last"
    exchanged=False,
    training="the others",  # or "all"
    minus_k=False,
    returned=(0, 1, 2, 3),
):
    n, k = len(X), int(count(fraction * len(X)))
    order_X = np.arange(n) if drawn == "none" else rng.permutation(n)
    order_y = rng.permutation(n) if drawn == "two orders" else order_X
    if minus_k:
        front, back = slice(None, -k), slice(-k, None)
    elif exchanged:
        front, back = slice(None, k), slice(k, None)
    elif kept == "last":
        front, back = slice(None, n - k), slice(n - k, None)
    else:
        front, back = slice(k, None), slice(None, k)
    if training == "all":
        front = slice(None)
    parts = X[order_X[front]], y[order_y[front]], X[order_X[back]], y[order_y[back]]
    return tuple(parts[position] for position in returned)


train_validation_split.switch(
    "rounded-down",
    "You cut the number of examples off after the point: int(2.9) is 2. Asked is the nearest whole number, 3.",
    count=int,
)
train_validation_split.switch(
    "rounded-up",
    "You rounded the number of examples up: 2.2 became 3. Asked is the nearest whole number, 2.",
    count=math.ceil,
)
train_validation_split.switch(
    "not-shuffled",
    "You cut the data without shuffling them. Data often come sorted; then each part has other classes.",
    drawn="none",
)
train_validation_split.switch("not-shuffled", drawn="none", kept="last")
train_validation_split.switch(
    "two-orders",
    "You shuffled X and y in two different orders, so that most rows have the label of another row. Draw one order, "
    "and use it for both.",
    drawn="two orders",
)
train_validation_split.switch(
    "trained-on-all",
    "Your training part has all the examples, also those kept back. Then the validation error is measured on what the "
    "network has learned from.",
    training="all",
)
train_validation_split.switch(
    "empty-slice",
    "Where nothing is kept back your training part is empty: the slice [:-0] holds nothing. Say from where on the "
    "examples are kept back, counted from the front.",
    minus_k=True,
)
train_validation_split.switch(
    "parts-exchanged",
    "The two parts are exchanged: `fraction` is the share that is kept back for validation, usually the smaller part.",
    exchanged=True,
)
train_validation_split.switch(
    "scikit-learns-order",
    "You returned X_train, X_val, y_train, y_val. Here each part stands with its labels: X_train, y_train first.",
    returned=(0, 2, 1, 3),
)


@exercise(validation.early_stopping)
def early_stopping(draw):
    yield [0.9, 0.5, 0.6, 0.7, 0.8, 0.1], 2  # 0.1 is never reached
    yield [0.9, 0.95, 0.97, 0.5, 0.6], 3  # the third epoch of patience brings a new best
    yield [0.9, 0.5, 0.6, 0.7, 0.1], 2  # one more epoch would have
    yield [0.5, 0.5, 0.6, 0.6, 0.4], 3  # an equal loss is no improvement
    yield [0.8, 0.85, 0.6, 0.65, 0.5, 0.55, 0.3], 3  # a new best gives new patience
    yield [0.5, 0.9, 0.8, 0.7, 0.6, 0.4], 3  # falling, but not below the best
    yield [0.7], 1
    wait = draw.integers(2, 5)
    falling, worse = sorted(draw.uniform(1, 2, 4).tolist(), reverse=True), draw.uniform(2.1, 3, wait).tolist()
    yield [*falling, *worse, 0.5, 0.4], wait


@early_stopping.switchable
def _stopped(losses, patience, *, late=0, equal=False, waits="since the best", answer="best", first=0):
    best, best_loss, waited = 0, float("inf"), 0
    for epoch, loss in enumerate(losses):
        better = loss <= best_loss if equal else loss < best_loss
        fell = epoch > 0 and loss < losses[epoch - 1]
        if better:
            best, best_loss = epoch, loss
        if not better and not (fell and waits == "since the last fall"):
            waited += 1
            if waited >= max(patience + late, 1):
                break
        elif waits != "in all":
            waited = 0
    return {"best": best + first, "last": epoch, "loss": best_loss}[answer]


early_stopping.switch(
    "epoch-of-stopping",
    "You returned the epoch at which the training stops. By then the network is worse again: which epoch's weights do "
    "you want to keep?",
    answer="last",
)


@early_stopping.mistake(
    "smallest-of-all",
    "You looked for the smallest of all losses. When you stop, the later ones are not known: they are never computed.",
)
def _(losses, patience):
    return int(np.argmin(losses))


early_stopping.switch(
    "one-epoch-late",
    "You stop one epoch too late. After `patience` epochs without a new best it is over: does your count reach "
    "patience, or pass it?",
    late=1,
)
early_stopping.switch(
    "one-epoch-early",
    "You stop one epoch too early. `patience` epochs in a row must bring no new best: does your count begin with 0?",
    late=-1,
)
early_stopping.switch(
    "counted-from-1", "You count epochs from 1. Here, as in a Python list, the first epoch is 0.", first=1
)
early_stopping.switch(
    "compared-with-the-last",
    "You compare each loss with the one before it. A loss that falls again, but stays above the best, is no progress: "
    "compare with the best.",
    waits="since the last fall",
)
early_stopping.switch(
    "never-set-back",
    "You never set your count back. A new best loss must give the network its whole patience again.",
    waits="in all",
)
early_stopping.switch(
    "equal-is-better",
    "You take an equal loss for an improvement. Only a smaller one is: otherwise a network that stands still is never "
    "stopped.",
    equal=True,
)
early_stopping.switch(
    "loss-not-epoch", "You returned the best loss. Asked is the epoch at which it came.", answer="loss"
)


@early_stopping.mistake("epoch-of-stopping")
def _(losses, patience):  # the best one, where nothing stops the training
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch
    return best


@early_stopping.mistake(
    "compared-with-last",
    "You compare each loss with the one before. A loss can fall and still not be the best: compare with the best.",
)
def _(losses, patience):
    bad = 0
    for epoch in range(1, len(losses)):
        bad = bad + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if bad == patience:
            return epoch - patience
    return len(losses) - 1
