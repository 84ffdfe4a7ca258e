"""The exercises of chapter 07 on examples that are kept back, and on what they are for."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.regularization import validation


# fraction · N is a whole number in every case, so that it does not matter how it is rounded.
@exercise(validation.train_validation_split, returns="X_train, y_train, X_val, y_val")
def train_validation_split(draw):
    rng = draw.rng()
    for _ in range(2):  # asked twice, for the same answer
        yield np.arange(20.0).reshape(10, 2), np.arange(10), 0.2, rng
    n, fraction = draw.choice([(40, 0.25), (60, 0.5), (60, 0.75)])
    X = np.column_stack(
        [draw.permutation(n) / 10, draw.normal(n)]
    )  # the first column alone tells all rows apart
    yield X, draw.permutation(n), fraction, draw.rng()


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
    if where["validation"] in (set(range(kept_back)), set(range(n - kept_back, n))) and n >= 40:
        return "You cut the data without shuffling them. Data often come sorted; then each part has other classes."
    return None


def _parts(X, y, order_X, order_y, kept_back):
    return X[order_X[kept_back:]], y[order_y[kept_back:]], X[order_X[:kept_back]], y[order_y[:kept_back]]


@train_validation_split.mistake(
    "unnamed-1",
    "You cut the data without shuffling them. Data often come sorted; then the validation part has only the first "
    "classes.",
)
def _(X, y, fraction, rng):
    order = np.arange(len(X))
    return _parts(X, y, order, order, round(fraction * len(X)))


@train_validation_split.mistake(
    "unnamed-2",
    "You cut the data without shuffling them. Data often come sorted; then the validation part has only the last "
    "classes.",
)
def _(X, y, fraction, rng):
    order = np.roll(np.arange(len(X)), round(fraction * len(X)))
    return _parts(X, y, order, order, round(fraction * len(X)))


@train_validation_split.mistake(
    "unnamed-3",
    "You shuffled X and y in two different orders, so that most rows have the label of another row. Draw one order, "
    "and use it for both.",
)
def _(X, y, fraction, rng):
    return _parts(X, y, rng.permutation(len(X)), rng.permutation(len(X)), round(fraction * len(X)))


@train_validation_split.mistake(
    "unnamed-4",
    "Your training part has all the examples, also those kept back. Then the validation error is measured on what the "
    "network has learned from.",
)
def _(X, y, fraction, rng):
    order = rng.permutation(len(X))
    kept_back = round(fraction * len(X))
    return X[order], y[order], X[order[:kept_back]], y[order[:kept_back]]


@train_validation_split.mistake(
    "unnamed-5",
    "The two parts are exchanged: `fraction` is the share that is kept back for validation, usually the smaller part.",
)
def _(X, y, fraction, rng):
    order = rng.permutation(len(X))
    return _parts(X, y, order, order, len(X) - round(fraction * len(X)))


@train_validation_split.mistake(
    "unnamed-6",
    "You returned X_train, X_val, y_train, y_val. Here each part stands with its labels: X_train, y_train first.",
)
def _(X, y, fraction, rng):
    order = rng.permutation(len(X))
    X_train, y_train, X_val, y_val = _parts(X, y, order, order, round(fraction * len(X)))
    return X_train, X_val, y_train, y_val


@exercise(validation.early_stopping)
def early_stopping(draw):
    yield [0.9, 0.5, 0.6, 0.7, 0.8, 0.1], 2  # 0.1 is never reached
    yield [0.9, 0.95, 0.97, 0.5, 0.6], 3  # the third epoch of patience brings a new best
    yield [0.9, 0.5, 0.6, 0.7, 0.1], 2  # one more epoch would have
    yield [0.5, 0.5, 0.6, 0.6, 0.4], 3  # an equal loss is no improvement
    yield [0.8, 0.85, 0.6, 0.65, 0.5, 0.55, 0.3], 3  # a new best gives new patience
    yield [0.5, 0.9, 0.8, 0.7, 0.6, 0.4], 3  # falling, but not below the best
    wait = draw.integers(2, 5)
    falling, worse = sorted(draw.uniform(1, 2, 4).tolist(), reverse=True), draw.uniform(2.1, 3, wait).tolist()
    yield [*falling, *worse, 0.5, 0.4], wait


def _stop(losses, patience, better, start=0):
    """The best epoch, and the one that ended the training."""
    best, best_loss = start, float("inf")
    for epoch, loss in enumerate(losses):
        if better(loss, best_loss):
            best, best_loss = epoch, loss
        elif epoch - best >= patience:
            break
    return best, epoch


def _less(loss, best_loss):
    return loss < best_loss


@early_stopping.mistake(
    "unnamed-1",
    "You returned the epoch at which the training stops. By then the network is worse again: which epoch's weights do "
    "you want to keep?",
)
def _(losses, patience):
    return _stop(losses, patience, _less)[1]


@early_stopping.mistake(
    "unnamed-2",
    "You looked for the smallest of all losses. When you stop, the later ones are not known: they are never computed.",
)
def _(losses, patience):
    return int(np.argmin(losses))


@early_stopping.mistake(
    "unnamed-3",
    "You stop one epoch too late. After `patience` epochs without a new best it is over: does your count reach "
    "patience, or pass it?",
)
def _(losses, patience):
    return _stop(losses, patience + 1, _less)[0]


@early_stopping.mistake(
    "unnamed-4",
    "You stop one epoch too early. `patience` epochs in a row must bring no new best: does your count begin with 0?",
)
def _(losses, patience):
    return _stop(losses, max(patience - 1, 1), _less)[0]


@early_stopping.mistake(
    "unnamed-5", "You count epochs from 1. Here, as in a Python list, the first epoch is 0."
)
def _(losses, patience):
    return _stop(losses, patience, _less)[0] + 1


@early_stopping.mistake(
    "unnamed-6",
    "You compare each loss with the one before it. A loss that falls again, but stays above the best, is no progress: "
    "compare with the best.",
)
def _(losses, patience):
    best, best_loss, waited = 0, float("inf"), 0
    for epoch, loss in enumerate(losses):
        if epoch == 0 or loss < losses[epoch - 1]:
            waited = 0
        else:
            waited += 1
        if loss < best_loss:
            best, best_loss = epoch, loss
        if waited >= patience:
            break
    return best


@early_stopping.mistake(
    "unnamed-7",
    "You never set your count back. A new best loss must give the network its whole patience again.",
)
def _(losses, patience):
    best, best_loss, waited = 0, float("inf"), 0
    for epoch, loss in enumerate(losses):
        if loss < best_loss:
            best, best_loss = epoch, loss
        else:
            waited += 1
            if waited >= patience:
                break
    return best


@early_stopping.mistake(
    "unnamed-8",
    "You take an equal loss for an improvement. Only a smaller one is: otherwise a network that stands still is never "
    "stopped.",
)
def _(losses, patience):
    return _stop(losses, patience, lambda loss, best_loss: loss <= best_loss)[0]


@early_stopping.mistake("unnamed-9", "You returned the best loss. Asked is the epoch at which it came.")
def _(losses, patience):
    return losses[_stop(losses, patience, _less)[0]]
