"""The exercises of chapter 00 on a matrix times a vector."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.start import products as reference


@exercise(reference.matrix_vector_loops)
def matrix_vector_loops(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])
    yield draw.normal(2, 3), draw.normal(3)
    yield draw.normal(3, 2), draw.normal(2)
    yield draw.normal(1, 4), draw.normal(4)
    yield draw.normal(4, 1), draw.normal(1)
    yield np.eye(3), draw.normal(3)  # the identity changes no vector


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


@matrix_vector_loops.mistake(
    "whole-numbers",
    "Your result holds whole numbers: what stands behind the point is cut off. np.zeros(m) makes numbers with a point.",
)
def _(A, x):
    return np.trunc(A @ x)


@exercise(reference.matrix_vector)
def matrix_vector(draw):
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([10.0, 1.0])
    yield draw.normal(2, 3), draw.normal(3)
    yield draw.normal(3, 2), draw.normal(2)
    yield draw.normal(1, 4), draw.normal(4)
    yield draw.normal(4, 1), draw.normal(1)
    yield np.eye(3), draw.normal(3)  # the identity changes no vector


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
