"""The exercises of chapter 00 on the two lengths of a vector."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.start import norms as reference


@exercise(reference.l1_norm)
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
ONLY_THE_FIRST_TWO = "Only the first two numbers count. A vector may have any length: go through all of it."
ONLY_THE_FIRST = "Only the first number counts. If you have a loop: does your `return` stand inside it?"


@l1_norm.mistake("only-the-last", ONLY_THE_LAST)
def _(v):
    return np.abs(v[-1])


@l1_norm.mistake("only-the-first", ONLY_THE_FIRST)
def _(v):
    return np.abs(v[0])


@l1_norm.mistake("only-the-first-two", ONLY_THE_FIRST_TWO)
def _(v):
    return np.sum(np.abs(v[:2]))


@exercise(reference.l2_norm)
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


@l2_norm.mistake("only-the-first-two", ONLY_THE_FIRST_TWO)
def _(v):
    return np.sqrt(np.sum(v[:2] ** 2))


@l2_norm.mistake("only-the-first", ONLY_THE_FIRST)
def _(v):
    return np.abs(v[0])


@l2_norm.mistake(
    "root-each-time", "You took a root after every number. Add up all the squares first, then take one root."
)
def _(v):
    total = 0.0
    for number in v:
        total = np.sqrt(total + number**2)
    return total
