"""The exercises of chapter 00 on tables of numbers."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.start import tables as reference


@exercise(reference.standardize)
def standardize(draw):
    yield np.array([[1.0, 30.0], [3.0, 10.0], [1.0, 10.0], [3.0, 30.0]])
    yield draw.uniform(-10, 10, 5, 3)
    with_constant_column = draw.uniform(-10, 10, 4, 3)
    with_constant_column[:, 1] = draw.integers(2, 10)
    yield with_constant_column
    yield np.array([[1.0, 50.0], [3.0, 50.0]])
    yield draw.uniform(-10, 10, draw.integers(6, 10), 1)  # one column
    yield draw.uniform(-10, 10, 1, 3)  # one row: no column can change


@standardize.switchable
def _standardized(X, *, axis=0, variance=False, ddof=0, centered=True, divided=True, guarded=True):
    mean = X.mean(axis=axis, keepdims=True)
    spread = X.var(axis=axis, keepdims=True) if variance else X.std(axis=axis, keepdims=True, ddof=ddof)
    if guarded:
        spread = np.where(spread == 0, 1, spread)
    return (X - mean if centered else X) / (spread if divided else 1)


standardize.switch(
    "by-row",
    "You standardized each row. A row is one sample; its numbers have different units. Which axis runs down a "
    "column?",
    axis=1,
)
standardize.switch("by-row", axis=1, guarded=False)
standardize.switch(
    "whole-table",
    "You used one mean and one standard deviation for the whole table. Each column needs its own: `axis` "
    "says along which direction to average.",
    axis=None,
)
standardize.switch(
    "only-centered", "You only moved the columns to mean 0. Their spread must become 1 too.", divided=False
)
standardize.switch(
    "constant-column-nan",
    "Almost: only a column that never changes is wrong. Its standard deviation is 0, and 0 / 0 is nan. What "
    "could you divide by there, so that the result is 0?",
    guarded=False,
)
standardize.switch(
    "by-variance",
    "You divided by the variance. Its unit is squared: a length in cm has a variance in cm². What turns it "
    "back into cm?",
    variance=True,
)
standardize.switch("by-variance", variance=True, guarded=False)
standardize.switch(
    "by-n-minus-1",
    "Your standard deviation divides by N - 1 (ddof=1). This course divides by N, as NumPy's std does if you "
    "do not say otherwise.",
    ddof=1,
)
standardize.switch("by-n-minus-1", ddof=1, guarded=False)
standardize.switch(
    "not-centered",
    "You divided by the spread, but the mean of a column is not 0 yet. Subtract it first.",
    centered=False,
)
standardize.switch("not-centered", centered=False, guarded=False)


@standardize.mistake(
    "brackets-missing",
    "Brackets are missing: Python divides before it subtracts, so only the mean was divided. What belongs into "
    "the numerator?",
)
def _(X):
    return X - X.mean(axis=0) / X.std(axis=0)


@standardize.mistake("brackets-missing")
def _(X):
    std = X.std(axis=0)
    return X - X.mean(axis=0) / np.where(std == 0, 1, std)


@standardize.mistake(
    "to-0-and-1",
    "You brought each column to the range from 0 to 1. Asked is another scale: the mean 0 and the standard "
    "deviation 1.",
)
def _(X):
    low, high = X.min(axis=0), X.max(axis=0)
    return (X - low) / np.where(high == low, 1, high - low)


@standardize.mistake("to-0-and-1")
def _(X):
    return (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))


@exercise(reference.one_hot)
def one_hot(draw):
    yield np.array([2, 0, 1]), 4  # class 3 exists, though nobody has it
    yield draw.integers(0, 5, 6), 5
    yield draw.integers(0, 3, 1), 3
    yield np.array([1, 3])[draw.permutation(2)], 6  # nobody has class 0 either
    yield np.array([0, 2, 2, 0]), draw.integers(3, 8)


@one_hot.mistake(
    "columns-filled",
    "Each row got a 1 for every label. `out[:, labels] = 1` fills whole columns: you need one pair of row and "
    "column for each sample.",
)
def _(labels, classes):
    out = np.zeros((len(labels), classes))
    out[:, labels] = 1
    return out


@one_hot.mistake(
    "rows-filled",
    "`out[labels] = 1` fills whole rows, and takes each label for a row's number. The label says which column; "
    "what says which row?",
)
def _(labels, classes):
    out = np.zeros((len(labels), classes))
    out[labels] = 1
    return out


@one_hot.mistake("rows-filled")
def _(labels, classes):
    out = np.zeros((classes, classes))
    out[labels] = 1
    return out


@one_hot.mistake(
    "counted-from-1", "You counted the classes from 1. Here, as everywhere in Python, they start at 0."
)
def _(labels, classes):
    return np.eye(classes)[labels - 1]


@one_hot.mistake(
    "classes-ignored",
    "Your table is only as wide as the largest label asks. A class may exist that nobody has: use the argument "
    "classes.",
)
def _(labels, classes):
    return np.eye(labels.max() + 1)[labels]


@one_hot.mistake(
    "only-seen-classes",
    "Your table has a column only for the classes that occur. Every class keeps its column, also if nobody has it.",
)
def _(labels, classes):
    return (labels[:, np.newaxis] == np.unique(labels)).astype(float)


@one_hot.mistake(
    "only-the-first", "Only the first row has its 1. If you have a loop: does your `return` stand inside it?"
)
def _(labels, classes):
    out = np.zeros((len(labels), classes))
    out[0, labels[0]] = 1
    return out


@one_hot.mistake("transposed", "Your table lies on its side: one row a sample, one column a class.")
def _(labels, classes):
    return np.eye(classes)[labels].T


@one_hot.mistake(
    "label-written",
    "You wrote the label itself where a 1 belongs. The place says which class it is, not the size.",
)
def _(labels, classes):
    return np.eye(classes)[labels] * labels[:, np.newaxis]
