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


@l1_norm.mistake(
    "unnamed-1",
    "You added the numbers with their signs, so steps back cancel steps forward. What makes a step of -4 "
    "count as 4?",
)
def _(v):
    return np.sum(v)


@l1_norm.mistake(
    "unnamed-2",
    "You added first and dropped the sign afterwards. By then 3 and -4 have already cancelled: drop each "
    "sign before you add.",
)
def _(v):
    return np.abs(np.sum(v))


@l1_norm.mistake("unnamed-3", "That is the mean step. The L1 norm is the whole way: the sum of the steps.")
def _(v):
    return np.mean(np.abs(v))


@l1_norm.mistake(
    "unnamed-4", "That is the straight line, the L2 norm. For L1 you walk along the axes: nothing is squared."
)
def _(v):
    return np.sqrt(np.sum(v**2))


@l1_norm.mistake("unnamed-5", "That is the longest single step. The L1 norm adds up all of them.")
def _(v):
    return np.max(np.abs(v))


@exercise(basics.l2_norm)
def l2_norm(draw):
    yield np.array([3.0, -4.0])
    yield draw.normal(5)
    yield np.array([1000.0, -1000.0, 250.0])


@l2_norm.mistake(
    "unnamed-1", "You stopped at the sum of squares. Which operation turns 25 back into the length 5?"
)
def _(v):
    return np.sum(v**2)


@l2_norm.mistake(
    "unnamed-2",
    "That is the L1 norm. If you wrote sqrt(v**2), the root came too early: first add the squares, then take "
    "one root of the sum.",
)
def _(v):
    return np.sum(np.abs(v))


@l2_norm.mistake(
    "unnamed-3",
    "You squared the sum instead of adding the squares. (3 - 4)² is 1, but 3² + 4² is 25: which comes first?",
)
def _(v):
    return np.abs(np.sum(v))


@l2_norm.mistake(
    "unnamed-4", "You took the mean of the squares. Pythagoras adds them: nothing is divided by n."
)
def _(v):
    return np.sqrt(np.mean(v**2))


@l2_norm.mistake("unnamed-5", "The root is taken of the sum of sizes. Square each number before you add.")
def _(v):
    return np.sqrt(np.sum(np.abs(v)))


@exercise(basics.standardize)
def standardize(draw):
    yield np.array([[1.0, 30.0], [3.0, 10.0], [1.0, 10.0], [3.0, 30.0]])
    yield draw.uniform(-10, 10, 5, 3)
    with_constant_column = draw.uniform(-10, 10, 4, 3)
    with_constant_column[:, 1] = 7.0
    yield with_constant_column


def _without_zeros(spread):
    return np.where(spread == 0, 1, spread)


@standardize.mistake(
    "unnamed-1",
    "You standardized each row. A row is one sample; its numbers have different units. Which axis runs down a "
    "column?",
)
def _(X):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


@standardize.mistake(
    "unnamed-2",
    "You used one mean and one standard deviation for the whole table. Each column needs its own: `axis` "
    "says along which direction to average.",
)
def _(X):
    return (X - X.mean()) / X.std()


@standardize.mistake("unnamed-3", "You only moved the columns to mean 0. Their spread must become 1 too.")
def _(X):
    return X - X.mean(axis=0)


@standardize.mistake(
    "unnamed-4",
    "Almost: only a column that never changes is wrong. Its standard deviation is 0, and 0 / 0 is nan. What "
    "could you divide by there, so that the result is 0?",
)
def _(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


# The next three are made with and without care for a constant column.

BY_VARIANCE = (
    "You divided by the variance. Its unit is squared: a length in cm has a variance in cm². What turns it "
    "back into cm?"
)
BY_N_MINUS_1 = (
    "Your standard deviation divides by N - 1 (ddof=1). This course divides by N, as NumPy's std does if you "
    "do not say otherwise."
)
NOT_CENTRED = "You divided by the spread, but the mean of a column is not 0 yet. Subtract it first."


@standardize.mistake("unnamed-5", BY_VARIANCE)
def _(X):
    return (X - X.mean(axis=0)) / X.var(axis=0)


@standardize.mistake("unnamed-5")
def _(X):
    return (X - X.mean(axis=0)) / _without_zeros(X.var(axis=0))


@standardize.mistake("unnamed-6", BY_N_MINUS_1)
def _(X):
    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)


@standardize.mistake("unnamed-6")
def _(X):
    return (X - X.mean(axis=0)) / _without_zeros(X.std(axis=0, ddof=1))


@standardize.mistake("unnamed-7", NOT_CENTRED)
def _(X):
    return X / X.std(axis=0)


@standardize.mistake("unnamed-7")
def _(X):
    return X / _without_zeros(X.std(axis=0))


@exercise(basics.one_hot)
def one_hot(draw):
    yield np.array([2, 0, 1]), 4  # class 3 exists, though nobody has it
    yield draw.integers(0, 5, 6), 5
    yield draw.integers(0, 3, 1), 3


@one_hot.mistake(
    "unnamed-1",
    "Each row got a 1 for every label. `out[:, labels] = 1` fills whole columns: you need one pair of row and "
    "column for each sample.",
)
def _(labels, classes):
    out = np.zeros((len(labels), classes))
    out[:, labels] = 1
    return out


@one_hot.mistake(
    "unnamed-2", "You counted the classes from 1. Here, as everywhere in Python, they start at 0."
)
def _(labels, classes):
    return np.eye(classes)[labels - 1]


@one_hot.mistake(
    "unnamed-3",
    "Your table is only as wide as the largest label asks. A class may exist that nobody has: use the argument "
    "classes.",
)
def _(labels, classes):
    return np.eye(labels.max() + 1)[labels]


@one_hot.mistake("unnamed-4", "Your table lies on its side: one row a sample, one column a class.")
def _(labels, classes):
    return np.eye(classes)[labels].T


@one_hot.mistake(
    "unnamed-5",
    "You wrote the label itself where a 1 belongs. The place says which class it is, not the size.",
)
def _(labels, classes):
    return np.eye(classes)[labels] * labels[:, np.newaxis]


@exercise(basics.matrix_vector_loops)
def matrix_vector_loops(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])
    yield draw.normal(2, 3), draw.normal(3)
    yield draw.normal(3, 2), draw.normal(2)


@matrix_vector_loops.mistake(
    "unnamed-1",
    "Each element holds only the last product: `=` forgets what was there. What adds to it instead?",
)
def _(A, x):
    return A[:, -1] * x[-1]


@matrix_vector_loops.mistake(
    "unnamed-2", "Row and column are exchanged: you used A[j, i]. Element i of the result needs row i of A."
)
def _(A, x):
    y = np.zeros(A.shape[0])
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            y[i] += A[j, i] * x[j]
    return y


@matrix_vector_loops.mistake(
    "unnamed-3", "You multiplied row i by x[i]. While j walks along the row, it must walk along x too."
)
def _(A, x):
    y = np.zeros(A.shape[0])
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            y[i] += A[i, j] * x[i]
    return y


@matrix_vector_loops.mistake(
    "unnamed-4", "The first column is left out. Indices start at 0, so a loop from 1 misses it."
)
def _(A, x):
    return A[:, 1:] @ x[1:]


@matrix_vector_loops.mistake(
    "unnamed-5",
    "The last column is left out. range(n) already stops before n: there is no need to subtract 1.",
)
def _(A, x):
    return A[:, :-1] @ x[:-1]


@matrix_vector_loops.mistake(
    "unnamed-6", "You added A[i, j] and x[j]. They are multiplied; the products are added."
)
def _(A, x):
    return np.sum(A + x, axis=1)


@matrix_vector_loops.mistake(
    "unnamed-7",
    "You kept all the products in a table. Those of one row must be added up: one number for each row of A.",
)
def _(A, x):
    return A * x


@exercise(basics.matrix_vector)
def matrix_vector(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])
    yield draw.normal(2, 3), draw.normal(3)
    yield draw.normal(3, 2), draw.normal(2)


@matrix_vector.mistake(
    "unnamed-1",
    "`A * x` multiplies element by element and adds nothing up. Which sign in Python multiplies matrices?",
)
def _(A, x):
    return A * x


@matrix_vector.mistake(
    "unnamed-2",
    "You added down the columns (axis=0). The result has one number for each row: add along the row.",
)
def _(A, x):
    return np.sum(A * x, axis=0)


@matrix_vector.mistake(
    "unnamed-3",
    "You added all the products into one number. Each row of A has its own sum: which axis runs along a row?",
)
def _(A, x):
    return np.sum(A * x)


@matrix_vector.mistake(
    "unnamed-4", "You multiplied from the wrong side, or transposed A. Element i of the result needs row i."
)
def _(A, x):
    return x @ A


@matrix_vector.mistake(
    "unnamed-5",
    "The numbers are right, but they stand in a column of shape (m, 1). A vector has shape (m,): leave x as it "
    "is.",
)
def _(A, x):
    return A @ x[:, np.newaxis]


@exercise(basics.bayes)
def bayes(draw):
    yield 0.1, 0.8, 0.2
    prior, found, false_alarm = draw.uniform(0.05, 0.5), draw.uniform(0.6, 0.95), draw.uniform(0.05, 0.3)
    yield prior, found, round(found * prior + false_alarm * (1 - prior), 4)
    priors, likelihoods = np.array([0.5, 0.3, 0.2])[draw.permutation(3)], draw.uniform(0.1, 0.9, 3)
    yield priors, likelihoods, round(float(likelihoods @ priors), 4)


@bayes.mistake(
    "unnamed-1",
    "You computed the probability of cause and sign together. The sign has been seen: out of all the times it is "
    "seen, how many are these?",
)
def _(prior, likelihood, evidence):
    return prior * likelihood


@bayes.mistake(
    "unnamed-2",
    "The prior is missing. A sign that fits perfectly says little for a cause that almost never happens.",
)
def _(prior, likelihood, evidence):
    return likelihood / evidence


@bayes.mistake("unnamed-3", "The likelihood is missing. How well the sign fits the cause must matter.")
def _(prior, likelihood, evidence):
    return prior / evidence


@bayes.mistake(
    "unnamed-4",
    "Likelihood and evidence are exchanged. If a sign is common whatever the cause, should it convince you more "
    "or less?",
)
def _(prior, likelihood, evidence):
    return prior * evidence / likelihood


@bayes.mistake(
    "unnamed-5",
    "Prior and evidence are exchanged. If a cause was likely from the start, should the answer be larger or "
    "smaller?",
)
def _(prior, likelihood, evidence):
    return likelihood * evidence / prior


@bayes.mistake(
    "unnamed-6",
    "You multiplied all three. The evidence counts all the times the sign is seen; you want a part of them.",
)
def _(prior, likelihood, evidence):
    return prior * likelihood * evidence
