"""The exercises of chapter 06 on how much a matrix stretches."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.optimizers import matrices as reference


def _symmetric(draw, *eigenvalues):
    """A symmetric matrix with these eigenvalues, seen from a drawn side."""
    n = len(eigenvalues)
    turn, _ = np.linalg.qr(draw.normal(n, n) + 3 * np.eye(n))
    A = turn @ np.diag(eigenvalues) @ turn.T
    return np.round((A + A.T) / 2, 3)


@exercise(reference.quadratic_form)
def quadratic_form(draw):
    yield _symmetric(draw, draw.uniform(1, 3), draw.uniform(4, 6)), draw.uniform(0.5, 2, 2)
    yield draw.normal(3, 3), draw.normal(3)  # not symmetric
    yield -_symmetric(draw, *draw.uniform(1, 3, 4)), draw.normal(4)  # below 0
    yield np.array([[draw.uniform(2, 5)]]), draw.uniform(2, 3, 1)  # one number


@quadratic_form.switchable
def _form(A, x, *, factor=1.0, entries="all", between="A"):
    A = np.diag(np.diag(A)) if entries == "the diagonal" else A
    middle = {"A": A, "AᵀA": A.T @ A, "I": np.eye(len(x))}[between]
    return factor * (x @ middle @ x)


quadratic_form.switch(
    "halved",
    "You took half of it. The ½ belongs to the height of a valley; asked is xᵀAx itself.",
    factor=0.5,
)
quadratic_form.switch(
    "diagonal-only",
    "You used the diagonal alone. The other entries count too: A[i, j] goes with x[i] · x[j].",
    entries="the diagonal",
)
quadratic_form.switch(
    "length-of-product",
    "You have the squared length of Ax. Multiply Ax by x, not by itself.",
    between="AᵀA",
)
quadratic_form.switch("a-unused", "That is xᵀx: A does not count in your answer.", between="I")


@quadratic_form.mistake(
    "product-returned", "You returned the vector Ax. One more product with x makes a number of it."
)
def _(A, x):
    return A @ x


@quadratic_form.mistake("not-summed", "You have a table of products, A[i, j] · x[i] · x[j]. Add them all up.")
def _(A, x):
    return A * np.outer(x, x)


@exercise(reference.power_iteration, returns="value, vector")
def power_iteration(draw):
    yield _symmetric(draw, draw.uniform(1, 2), draw.uniform(4, 6)), draw.uniform(0.5, 2, 2), 1
    yield _symmetric(draw, *draw.uniform(1, 5, 3)), draw.uniform(0.5, 2, 3), draw.integers(3, 6)
    yield _symmetric(draw, -5.0, *draw.uniform(1, 3, 2)), draw.uniform(0.5, 2, 3), 7  # the largest is below 0
    yield 1000 * _symmetric(draw, 1.0, 3.0), draw.uniform(0.5, 2, 2), draw.integers(110, 200)
    yield np.array([[-draw.uniform(2, 5)]]), draw.uniform(0.5, 2, 1), 3  # one number


@power_iteration.switchable
def _iterated(
    A,
    x,
    steps,
    *,
    more=0,
    given_start=True,
    shorten="each time",
    length="L2",
    value_of="vᵀAv",
):
    x = x if given_start else np.ones(len(x))
    before = x
    for _ in range(steps + more):
        before, x = x, A @ x
        if shorten == "each time":
            x = x / {"L2": np.linalg.norm(x), "L1": np.abs(x).sum(), "largest": np.abs(x).max()}[length]
    if shorten == "at the end":
        x = x / np.linalg.norm(x)
    before = before / np.linalg.norm(before)
    value = {
        "vᵀAv": x @ A @ x,
        "|Av|": np.linalg.norm(A @ x),
        "of the vector before": before @ A @ before,
    }[value_of]
    return value, x


power_iteration.switch(
    "one-step-too-few", "You multiplied once too little: `range(steps)` has so many steps.", more=-1
)
power_iteration.switch(
    "one-step-too-many", "You multiplied once too often: asked are `steps` products.", more=1
)
power_iteration.switch(
    "start-unused",
    "The start x does not count in your answer. After few steps the result still depends on it.",
    given_start=False,
)
power_iteration.switch(
    "never-shortened",
    "Your vector grows and grows. After each product, divide it by its length.",
    shorten="never",
)
power_iteration.switch(
    "shortened-at-the-end",
    "You shortened the vector only at the end. By then its numbers may be too large for the computer: do it after each "
    "product.",
    shorten="at the end",
)
power_iteration.switch(
    "l1-length",
    "You divided by the sum of the sizes. The length of a vector is the root of the sum of squares.",
    length="L1",
)
power_iteration.switch(
    "largest-number",
    "You divided by the largest number of the vector. Asked is a vector of length 1: divide by its length.",
    length="largest",
)
power_iteration.switch(
    "sign-of-value-lost",
    "Your value is the length of Av, which is never below 0. An eigenvalue may be: vᵀAv keeps its sign.",
    value_of="|Av|",
)
power_iteration.switch(
    "value-of-vector-before",
    "Your value belongs to the vector before the last. Compute vᵀAv with the last one.",
    value_of="of the vector before",
)


@power_iteration.mistake(
    "length-for-value",
    "Your value is the length by which you divided last: it has no sign. Asked is vᵀAv, with the last vector v.",
)
def _(A, x, steps):
    for _ in range(steps):
        x = A @ x
        length = np.linalg.norm(x)
        x = x / length
    return length, x


@power_iteration.mistake("steps-unused", "You multiplied once, whatever `steps` says. Repeat it in a loop.")
def _(A, x, steps):
    return reference.power_iteration(A, x, 1)


@power_iteration.mistake("value-of-vector-before")
def _(A, x, steps):  # as it was given, where that is the one before
    for _ in range(steps):
        value = x @ A @ x
        x = A @ x / np.linalg.norm(A @ x)
    return value, x


@power_iteration.mistake("largest-number")
def _(A, x, steps):  # with a value that does not depend on the length
    for _ in range(steps):
        x = A @ x / np.abs(A @ x).max()
    return x @ A @ x / (x @ x), x


@exercise(reference.spectral_norm)
def spectral_norm(draw):
    yield np.diag(draw.uniform(1, 3, 2) * [1, -2])
    yield draw.normal(3, 3)
    yield draw.normal(2, 4)
    yield draw.normal(4, 2)
    yield draw.normal(1, 3)  # one row
    yield np.array([[0.0, draw.uniform(2, 4)], [0.0, 0.0]])  # no eigenvalue but 0


def _singular(A):
    return np.linalg.svd(A, compute_uv=False)


@spectral_norm.mistake(
    "eigenvalue-of-a",
    "You took the largest eigenvalue of A. A matrix that is not symmetric may stretch by more, and one that is not "
    "square has none. Ask AᵀA.",
)
def _(A):
    return np.abs(np.linalg.eigvals(A)).max()


@spectral_norm.mistake(
    "no-root", "The root is missing: AᵀA stretches twice, so that its eigenvalue is the square."
)
def _(A):
    return _singular(A)[0] ** 2


@spectral_norm.mistake(
    "smallest-singular-value", "You took the smallest singular value. Asked is the largest stretch."
)
def _(A):
    return _singular(A)[-1]


@spectral_norm.mistake(
    "frobenius",
    "That is the Frobenius norm, which counts all directions. Asked is the largest stretch alone.",
)
def _(A):
    return np.linalg.norm(A)


@spectral_norm.mistake(
    "sum-of-singular-values", "You added up the stretches of all directions. Asked is the largest alone."
)
def _(A):
    return _singular(A).sum()


@spectral_norm.mistake(
    "largest-entry", "You took the largest number in A. Several numbers of a row or column stretch together."
)
def _(A):
    return np.abs(A).max()


@exercise(reference.frobenius_norm)
def frobenius_norm(draw):
    yield draw.uniform(1, 4, 2, 2)
    yield draw.normal(3, 4)
    yield draw.normal(4, 1)  # one column
    yield -draw.uniform(1, 4, 1, 1)  # one number, below 0


@frobenius_norm.mistake("no-root", "The root is missing: you have the sum of the squares.")
def _(A):
    return np.sum(A**2)


@frobenius_norm.mistake(
    "sizes-added", "You added up the sizes of the numbers. Square them, add up, and take the root."
)
def _(A):
    return np.sum(np.abs(A))


@frobenius_norm.mistake(
    "mean-of-squares", "You took the root of the MEAN of the squares. Asked is the root of their sum."
)
def _(A):
    return np.sqrt(np.mean(A**2))


@frobenius_norm.mistake(
    "squared-after-adding", "You added first and squared then. Each number is squared by itself."
)
def _(A):
    return np.abs(np.sum(A))


@frobenius_norm.mistake("each-row", "You have the length of each row. Asked is one number for all of A.")
def _(A):
    return np.sqrt(np.sum(A**2, axis=1))


@frobenius_norm.mistake(
    "spectral", "That is the spectral norm, the largest stretch alone. Here all numbers of A count."
)
def _(A):
    return _singular(A)[0]


@frobenius_norm.mistake("diagonal-only", "You used the diagonal alone. All the numbers of A count.")
def _(A):
    return np.sqrt(np.sum(np.diag(A) ** 2))
