"""What chapter 01 ends in: a classifier of the learner's own parts, judged by what it returns."""

from __future__ import annotations

import numpy as np

from byhand.data import iris
from byhand.exercises.spec import exercise
from byhand.reference.neuron import assembled as reference

SEPALS, PETALS, ALL = [0, 1], [2, 3], [0, 1, 2, 3]
TIE = 1e-9  # a sum so near 0, compared with its parts, may be rounded to either side


def _flowers(draw, species, columns, count):
    """Flowers of two species in a drawn order: some of each to learn from, and more to learn than one epoch teaches."""
    flowers = iris()
    chosen = np.flatnonzero(np.isin(flowers.labels, species))
    n = 4 * count // 5
    while True:
        rows = chosen[draw.permutation(len(chosen))[:count]]
        X, y = flowers.features[rows][:, columns], (flowers.labels[rows] == species[1]).astype(int)
        if 0.2 < y[:n].mean() < 0.8:
            _, _, w, b, _ = _classified(X, y, epochs=1)
            scaled = (X[:n] - X[:n].mean(axis=0)) / X[:n].std(axis=0)
            if np.any((scaled @ w + b >= 0) != y[:n]):
                return X, y


@exercise(reference.iris_classifier, returns="mean, std, w, b, accuracy")
def iris_classifier(draw):
    yield _flowers(draw, (0, 1), SEPALS, 100)
    yield _flowers(draw, (0, 2), ALL, 50)
    X, y = _flowers(draw, (0, 1), ALL, 75)
    y[60:] = 1 - y[60:]  # false labels, among the flowers kept aside alone
    yield X, y
    yield _flowers(draw, (1, 2), PETALS, 50)  # often no line separates these


@iris_classifier.accept
def _(answer, X, y):
    mean, std, w, b, accuracy = answer
    n = 4 * len(X) // 5
    if not (np.allclose(mean, X[:n].mean(axis=0)) and np.allclose(std, X[:n].std(axis=0))):
        return (
            "`mean` and `std` are not those of the flowers that the neuron learns from: one number for each column, of "
            "the first four fifths of the rows alone."
        )
    scaled, w = (X - mean) / std, np.asarray(w)
    z = scaled @ w + b
    free = np.abs(z) < TIE * (np.abs(scaled) @ np.abs(w) + np.abs(b))
    wrong = int(np.sum((((z >= 0) != y) & ~free)[:n]))
    if wrong and _separates(X, y):
        return (
            f"A line can separate the flowers that your neuron learned from, but with your w and b it is wrong about "
            f"{wrong} of these {n}. Does it learn from them all, from no others, standardized, and for enough epochs?"
        )
    right, free = ((z >= 0) == y)[n:], free[n:]
    low, high = np.mean(right & ~free), np.mean(right | free)
    if not low - 1e-9 <= accuracy <= high + 1e-9:
        return (
            f"With the mean, std, w and b that you returned, {int(right.sum())} of the {len(right)} flowers kept aside "
            f"get the right answer. That is a share of {right.mean():.4g}, and not {float(accuracy):.4g}."
        )
    return None


def _separates(X, y):
    """Whether the reference finds a line for the flowers that it learns from."""
    mean, std, w, b, _ = reference.iris_classifier(X, y)
    n = 4 * len(X) // 5
    return bool(np.all((((X - mean) / std @ w + b >= 0) == y)[:n]))


@iris_classifier.switchable
def _classified(
    X,
    y,
    *,
    first=0,
    scaled_by_all=False,
    learn_from=None,
    learn_in=None,
    epochs=reference.EPOCHS,
    judge_on="aside",
    ask=None,
    score=np.mean,
):
    n = 4 * len(X) // 5
    seen, aside = (slice(len(X) - n, None), slice(0, len(X) - n)) if first else (slice(n), slice(n, None))
    known = X if scaled_by_all else X[seen]
    mean, std = known.mean(axis=0), known.std(axis=0)
    scaled = (X - mean) / std
    examples = X if learn_in == "centimeters" else scaled
    taught = slice(None) if learn_from == "all" else seen
    w, b = reference.perceptron_fit(examples[taught], y[taught], reference.LEARNING_RATE, epochs)
    judged = {"aside": aside, "seen": seen, "all": slice(None)}[judge_on]
    asked = X if ask == "centimeters" else scaled
    return mean, std, w, b, float(score((asked[judged] @ w + b >= 0) == y[judged]))


iris_classifier.switch(
    "scaled-by-all",
    "`mean` and `std` are those of all the flowers. Those kept aside count as unknown: take both from the first four "
    "fifths alone.",
    scaled_by_all=True,
)
iris_classifier.switch(
    "learned-from-all",
    "Your neuron learned from all the flowers, also from those that it is judged on. Give `perceptron_fit` the first "
    "four fifths alone.",
    learn_from="all",
)
iris_classifier.switch(
    "judged-on-what-it-learned",
    "`accuracy` is the share among the flowers that the neuron learned from. Ask about those that it has never seen.",
    judge_on="seen",
)
iris_classifier.switch(
    "judged-on-all",
    "`accuracy` is the share among all the flowers. Ask the neuron about those kept aside alone.",
    judge_on="all",
)
iris_classifier.switch(
    "asked-in-centimeters",
    "The neuron learned from standardized flowers, but you asked it about flowers in centimeters. Bring them to the "
    "same scale first.",
    ask="centimeters",
)
iris_classifier.switch(
    "counted",
    "`accuracy` is how many answers are right. Asked is which share of the flowers kept aside: a number from 0 to 1.",
    score=np.sum,
)
iris_classifier.switch(
    "share-of-mistakes",
    "`accuracy` is the share of wrong answers. Asked is the share of right ones.",
    score=lambda right: 1 - np.mean(right),
)
iris_classifier.switch(
    "first-fifth-aside",
    "You kept the first fifth of the rows aside. Asked is: learn from the first four fifths, and keep the last fifth "
    "aside.",
    first=1,
)
iris_classifier.switch(
    "single-epoch",
    "Your neuron went through the flowers only once. It needs many epochs until a line separates them.",
    epochs=1,
)
iris_classifier.switch(
    "learned-in-centimeters",
    "Your neuron learned from flowers in centimeters. Standardize them first; w and b are for standardized flowers.",
    learn_in="centimeters",
    ask="centimeters",
)
