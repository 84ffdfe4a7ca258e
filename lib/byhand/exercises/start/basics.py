"""The tools of chapter 00: norms, tables, matrices, and Bayes' rule."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.start import basics


@exercise(basics.l1_norm)
def l1_norm(draw):
    yield np.array([3.0, -4.0])
    yield draw.normal(5)
    yield np.array([1000.0, -1000.0, 250.0])
    yield draw.uniform(-9, -1, 1)
    yield draw.normal(draw.integers(6, 12))


@l1_norm.mistake(
    "signs-kept",
    "You added the numbers with their signs, so steps back cancel steps forward. What makes a step of -4 "
    "count as 4?",
)
def _(v):
    return np.sum(v)


@l1_norm.mistake(
    "sign-dropped-late",
    "You added first and dropped the sign afterwards. By then 3 and -4 have already cancelled: drop each "
    "sign before you add.",
)
def _(v):
    return np.abs(np.sum(v))


@l1_norm.mistake("mean-step", "That is the mean step. The L1 norm is the whole way: the sum of the steps.")
def _(v):
    return np.mean(np.abs(v))


@l1_norm.mistake(
    "l2-instead",
    "That is the straight line, the L2 norm. For L1 you walk along the axes: nothing is squared.",
)
def _(v):
    return np.sqrt(np.sum(v**2))


@l1_norm.mistake("longest-step", "That is the longest single step. The L1 norm adds up all of them.")
def _(v):
    return np.max(np.abs(v))


@l1_norm.mistake(
    "squared", "You added the squares. The size of -4 is 4, and not 16: nothing is squared here."
)
def _(v):
    return np.sum(v**2)


ONLY_THE_LAST = (
    "Only the last number counts. If you have a loop: does it add to the total (+=), or replace it?"
)
ONLY_THE_FIRST = "Only the first number counts. If you have a loop: does your `return` stand inside it?"


@l1_norm.mistake("only-the-last", ONLY_THE_LAST)
def _(v):
    return np.abs(v[-1])


@l1_norm.mistake("only-the-first", ONLY_THE_FIRST)
def _(v):
    return np.abs(v[0])


@exercise(basics.l2_norm)
def l2_norm(draw):
    yield np.array([3.0, -4.0])
    yield draw.normal(5)
    yield np.array([1000.0, -1000.0, 250.0])
    yield draw.uniform(-9, -2, 1)
    yield draw.normal(draw.integers(6, 12))


@l2_norm.mistake(
    "no-root", "You stopped at the sum of squares. Which operation turns 25 back into the length 5?"
)
def _(v):
    return np.sum(v**2)


@l2_norm.mistake(
    "l1-instead",
    "That is the L1 norm. If you wrote sqrt(v**2), the root came too early: first add the squares, then take "
    "one root of the sum.",
)
def _(v):
    return np.sum(np.abs(v))


@l2_norm.mistake(
    "sum-squared",
    "You squared the sum instead of adding the squares. (3 - 4)² is 1, but 3² + 4² is 25: which comes first?",
)
def _(v):
    return np.abs(np.sum(v))


@l2_norm.mistake(
    "mean-of-squares", "You took the mean of the squares. Pythagoras adds them: nothing is divided by n."
)
def _(v):
    return np.sqrt(np.mean(v**2))


@l2_norm.mistake("not-squared", "The root is taken of the sum of sizes. Square each number before you add.")
def _(v):
    return np.sqrt(np.sum(np.abs(v)))


@l2_norm.mistake(
    "half-for-root",
    "You halved the sum of squares. Python reads s ** 1/2 as (s ** 1) / 2: the exponent needs brackets.",
)
def _(v):
    return np.sum(v**2) / 2


@l2_norm.mistake("only-the-last", ONLY_THE_LAST)
def _(v):
    return np.abs(v[-1])


@l2_norm.mistake("only-the-first", ONLY_THE_FIRST)
def _(v):
    return np.abs(v[0])


@exercise(basics.standardize)
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


@exercise(basics.one_hot)
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


@one_hot.mistake("transposed", "Your table lies on its side: one row a sample, one column a class.")
def _(labels, classes):
    return np.eye(classes)[labels].T


@one_hot.mistake(
    "label-written",
    "You wrote the label itself where a 1 belongs. The place says which class it is, not the size.",
)
def _(labels, classes):
    return np.eye(classes)[labels] * labels[:, np.newaxis]


@exercise(basics.matrix_vector_loops)
def matrix_vector_loops(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])
    yield draw.normal(2, 3), draw.normal(3)
    yield draw.normal(3, 2), draw.normal(2)
    yield draw.normal(1, 4), draw.normal(4)
    yield draw.normal(4, 1), draw.normal(1)


@matrix_vector_loops.mistake(
    "only-the-last-product",
    "Each element holds only the last product: `=` forgets what was there. What adds to it instead?",
)
def _(A, x):
    return A[:, -1] * x[-1]


@matrix_vector_loops.mistake(
    "row-and-column-exchanged",
    "Row and column are exchanged: you used A[j, i]. Element i of the result needs row i of A.",
)
def _(A, x):
    y = np.zeros(A.shape[0])
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            y[i] += A[j, i] * x[j]
    return y


@matrix_vector_loops.mistake(
    "x-stands-still", "You multiplied row i by x[i]. While j walks along the row, it must walk along x too."
)
def _(A, x):
    y = np.zeros(A.shape[0])
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            y[i] += A[i, j] * x[i]
    return y


@matrix_vector_loops.mistake(
    "first-column-left-out",
    "The first column is left out. Indices start at 0, so a loop from 1 misses it.",
)
def _(A, x):
    return A[:, 1:] @ x[1:]


@matrix_vector_loops.mistake(
    "last-column-left-out",
    "The last column is left out. range(n) already stops before n: there is no need to subtract 1.",
)
def _(A, x):
    return A[:, :-1] @ x[:-1]


@matrix_vector_loops.mistake(
    "added-not-multiplied", "You added A[i, j] and x[j]. They are multiplied; the products are added."
)
def _(A, x):
    return np.sum(A + x, axis=1)


@matrix_vector_loops.mistake(
    "products-kept",
    "You kept all the products in a table. Those of one row must be added up: one number for each row of A.",
)
def _(A, x):
    return A * x


@matrix_vector_loops.mistake(
    "running-total",
    "From the second row on, the rows before are in the sum too. The total must start from 0 again for each row.",
)
def _(A, x):
    return np.cumsum(A @ x)


@matrix_vector_loops.mistake(
    "only-the-first-row",
    "Only the first row is done; the others are still 0. Does your `return` stand inside the loop over the rows?",
)
def _(A, x):
    y = np.zeros(len(A))
    y[0] = A[0] @ x
    return y


@exercise(basics.matrix_vector)
def matrix_vector(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])
    yield draw.normal(2, 3), draw.normal(3)
    yield draw.normal(3, 2), draw.normal(2)
    yield draw.normal(1, 4), draw.normal(4)
    yield draw.normal(4, 1), draw.normal(1)


@matrix_vector.mistake(
    "element-by-element",
    "`A * x` multiplies element by element and adds nothing up. Which sign in Python multiplies matrices?",
)
def _(A, x):
    return A * x


@matrix_vector.mistake(
    "down-the-columns",
    "You added down the columns (axis=0). The result has one number for each row: add along the row.",
)
def _(A, x):
    return np.sum(A * x, axis=0)


@matrix_vector.mistake(
    "all-in-one-sum",
    "You added all the products into one number. Each row of A has its own sum: which axis runs along a row?",
)
def _(A, x):
    return np.sum(A * x)


@matrix_vector.mistake(
    "wrong-side", "You multiplied from the wrong side, or transposed A. Element i of the result needs row i."
)
def _(A, x):
    return x @ A


@matrix_vector.mistake(
    "column-returned",
    "The numbers are right, but they stand in a column of shape (m, 1). A vector has shape (m,): leave x as it "
    "is.",
)
def _(A, x):
    return A @ x[:, np.newaxis]


@exercise(basics.bayes)
def bayes(draw):
    yield 0.1, 0.8, 0.2
    for _ in range(2):
        prior, found, false_alarm = draw.uniform(0.05, 0.5), draw.uniform(0.6, 0.95), draw.uniform(0.05, 0.3)
        yield prior, found, round(found * prior + false_alarm * (1 - prior), 4)
    priors, likelihoods = np.array([0.5, 0.3, 0.2])[draw.permutation(3)], draw.uniform(0.1, 0.9, 3)
    yield priors, likelihoods, round(float(likelihoods @ priors), 4)


@bayes.mistake(
    "joint-only",
    "You computed the probability of cause and sign together. The sign has been seen: out of all the times it is "
    "seen, how many are these?",
)
def _(prior, likelihood, evidence):
    return prior * likelihood


@bayes.mistake(
    "prior-missing",
    "The prior is missing. A sign that fits perfectly says little for a cause that almost never happens.",
)
def _(prior, likelihood, evidence):
    return likelihood / evidence


@bayes.mistake(
    "likelihood-missing", "The likelihood is missing. How well the sign fits the cause must matter."
)
def _(prior, likelihood, evidence):
    return prior / evidence


@bayes.mistake(
    "likelihood-and-evidence-exchanged",
    "Likelihood and evidence are exchanged. If a sign is common whatever the cause, should it convince you more "
    "or less?",
)
def _(prior, likelihood, evidence):
    return prior * evidence / likelihood


@bayes.mistake(
    "prior-and-evidence-exchanged",
    "Prior and evidence are exchanged. If a cause was likely from the start, should the answer be larger or "
    "smaller?",
)
def _(prior, likelihood, evidence):
    return likelihood * evidence / prior


@bayes.mistake(
    "all-multiplied",
    "You multiplied all three. The evidence counts all the times the sign is seen; you want a part of them.",
)
def _(prior, likelihood, evidence):
    return prior * likelihood * evidence


@bayes.mistake(
    "upside-down",
    "Your fraction stands upside down, so it is above 1. A probability never is: what is a part of what?",
)
def _(prior, likelihood, evidence):
    return evidence / (prior * likelihood)


@bayes.mistake(
    "false-alarms-guessed",
    "You computed the evidence anew and took 1 - likelihood for the false alarms. They are a number of their own; "
    "the argument `evidence` already counts them.",
)
def _(prior, likelihood, evidence):
    return prior * likelihood / (prior * likelihood + (1 - prior) * (1 - likelihood))


@bayes.mistake(
    "own-evidence",
    "You divided by the sum of the products that you were given. With one cause that is always 1: the argument "
    "`evidence` counts the other causes too.",
)
def _(prior, likelihood, evidence):
    return prior * likelihood / np.sum(prior * likelihood)
