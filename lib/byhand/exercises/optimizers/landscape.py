"""The exercises of chapter 06 on what lies around a point."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.optimizers import landscape as reference


def _turned(draw, curvatures):
    """A Hessian with these eigenvalues, seen from a drawn side."""
    turn, _ = np.linalg.qr(draw.normal(len(curvatures), len(curvatures)) + 3 * np.eye(len(curvatures)))
    hessian = turn @ np.diag(curvatures) @ turn.T
    return np.round((hessian + hessian.T) / 2, 3)


def _curvatures(draw, *signs):
    return np.array(signs) * draw.uniform(0.5, 3, len(signs))


def _along_the_axes(draw, *signs):
    """A Hessian whose eigenvalues are its entries: an eigenvalue of 0 is exactly 0."""
    return np.diag(_curvatures(draw, *signs)[draw.permutation(len(signs))])


def _symmetric(a, b, c):
    return np.array([[a, b], [b, c]])


@exercise(reference.is_saddle)
def is_saddle(draw):
    yield _along_the_axes(draw, 1, -1)
    yield _along_the_axes(draw, 1, 1)
    yield _along_the_axes(draw, -1, -1)
    yield _symmetric(draw.uniform(0.3, 1), draw.uniform(2, 4), draw.uniform(0.3, 1))  # no entry is below 0
    yield _symmetric(
        -draw.uniform(2, 4), draw.uniform(0.3, 1), draw.uniform(0.3, 1)
    )  # its eigenvalues sum below 0
    yield _symmetric(draw.uniform(2, 4), -draw.uniform(0.3, 1), draw.uniform(2, 4))  # a valley, aslant
    yield _along_the_axes(draw, 1, 1, 0)
    yield _along_the_axes(draw, -1, -1, 0)
    yield _along_the_axes(draw, 1, -1, 0)
    yield np.zeros((2, 2))
    yield _turned(draw, _curvatures(draw, -1, -1, -1))  # the determinant is below 0
    yield _turned(draw, _curvatures(draw, -1, -1, 1, 1))  # the determinant is above 0
    yield _turned(draw, _curvatures(draw, 1, 1, 1))
    yield np.array([[draw.uniform(0.5, 3)]])


@is_saddle.mistake(
    "determinant",
    "You asked the determinant. It is the product of all eigenvalues: in two dimensions its sign is enough, in more "
    "it is not.",
)
def _(hessian):
    return bool(np.linalg.det(hessian) < 0)


@is_saddle.mistake(
    "diagonal-only",
    "You looked at the diagonal, that is, along the axes alone. The ground may rise along both axes and still fall "
    "between them: ask the eigenvalues.",
)
def _(hessian):
    return bool(np.any(np.diag(hessian) > 0) and np.any(np.diag(hessian) < 0))


@is_saddle.mistake(
    "one-below-is-enough",
    "One eigenvalue below 0 is not enough: on a hilltop all of them are. What else does a saddle need?",
)
def _(hessian):
    return bool(np.any(np.linalg.eigvalsh(hessian) < 0))


@is_saddle.mistake(
    "one-above-is-enough",
    "That says where the point is no hilltop. A saddle needs both: up along one direction, and down along another.",
)
def _(hessian):
    return bool(np.any(np.linalg.eigvalsh(hessian) > 0))


@is_saddle.mistake(
    "signs-of-entries",
    "You looked at the signs of the Hessian's entries. What counts are the signs of its eigenvalues.",
)
def _(hessian):
    return bool(np.any(hessian > 0) and np.any(hessian < 0))


@is_saddle.mistake(
    "flat-counts",
    "You counted an eigenvalue of 0 as rising or falling. Along it the ground is flat, as far as the Hessian can see; "
    "a saddle needs one above 0 AND one below 0.",
)
def _(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return bool(np.any(curvatures >= 0) and np.any(curvatures < 0))


@is_saddle.mistake("flat-counts")
def _(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return bool(np.any(curvatures > 0) and np.any(curvatures <= 0))


@is_saddle.mistake("flat-counts")
def _(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return bool(np.any(curvatures >= 0) and np.any(curvatures <= 0))


@is_saddle.mistake("inverted", "Your answers are the other way round: you say False at the saddles.")
def _(hessian):
    return not reference.is_saddle(hessian)


@is_saddle.mistake(
    "one-side-is-enough",
    "For you one of the two questions is enough. A saddle needs both: eigenvalues above 0 and eigenvalues below 0.",
)
def _(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return bool(np.any(curvatures > 0) or np.any(curvatures < 0))


@exercise(reference.classify_critical_point)
def classify_critical_point(draw):
    yield _along_the_axes(draw, 1, 1)
    yield _along_the_axes(draw, -1, -1)
    yield _along_the_axes(draw, 1, -1)
    yield _along_the_axes(draw, 1, 0)
    yield _along_the_axes(draw, -1, 0)
    yield _along_the_axes(draw, 1, 0, -1)  # both ways: a saddle, whatever the third direction does
    yield np.zeros((2, 2))
    yield _symmetric(draw.uniform(0.3, 1), draw.uniform(2, 4), draw.uniform(0.3, 1))
    yield _turned(draw, _curvatures(draw, 1, 1, 1))
    yield _turned(draw, _curvatures(draw, -1, -1, -1))
    yield _turned(draw, _curvatures(draw, -1, -1, 1, 1))
    yield np.array([[draw.uniform(0.5, 3) * draw.choice([-1, 1])]])


def _classified(values):
    """By the signs of some numbers, which need not be the right ones."""
    up, down = np.any(values > 0), np.any(values < 0)
    if up and down:
        return "saddle"
    if np.any(values == 0):
        return "undecided"
    return "minimum" if up else "maximum"


@classify_critical_point.mistake(
    "minimum-for-maximum",
    "You exchanged minimum and maximum. Where all curvatures are above 0, the ground rises on every side.",
)
def _(hessian):
    return _classified(-np.linalg.eigvalsh(hessian))


@classify_critical_point.mistake(
    "diagonal-only",
    "You looked at the diagonal, that is, along the axes alone. The ground may fall between them: ask the eigenvalues.",
)
def _(hessian):
    return _classified(np.diag(hessian))


@classify_critical_point.mistake(
    "flat-counts-as-rising",
    "You counted an eigenvalue of 0 as if it rose or fell with the others. Along it the ground is flat as far as "
    "the Hessian can see, so it can't decide.",
)
def _(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    if np.all(curvatures >= 0):
        return "minimum"
    return "maximum" if np.all(curvatures <= 0) else "saddle"


@classify_critical_point.mistake(
    "undecided-before-saddle",
    'You say "undecided" whenever an eigenvalue is 0. But if others are above AND below 0, it is a saddle in any case.',
)
def _(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    return "undecided" if np.any(curvatures == 0) else _classified(curvatures)


@classify_critical_point.mistake(
    "determinant",
    "You took the determinant and the first entry: that test is made for two dimensions. In more, ask all eigenvalues.",
)
def _(hessian):
    determinant = np.linalg.det(hessian)
    if determinant < 0:
        return "saddle"
    if determinant == 0:
        return "undecided"
    return "minimum" if hessian[0, 0] > 0 else "maximum"


@classify_critical_point.mistake(
    "rest-is-saddle",
    "You call all the rest a saddle. It needs eigenvalues above 0 AND below 0; where others are 0 and these are not "
    'both there, the answer is "undecided".',
)
def _(hessian):
    curvatures = np.linalg.eigvalsh(hessian)
    if np.all(curvatures > 0):
        return "minimum"
    return "maximum" if np.all(curvatures < 0) else "saddle"


@exercise(reference.largest_stable_lr)
def largest_stable_lr(draw):
    yield np.array([[draw.uniform(2.5, 9)]])
    yield _along_the_axes(draw, 1, 1)
    yield _symmetric(draw.uniform(2, 4), draw.uniform(0.5, 1.5), draw.uniform(2, 4))
    yield _turned(draw, _curvatures(draw, 1, 1, 1))
    yield _turned(draw, np.append(draw.uniform(10, 30), draw.uniform(0.2, 2, 3)))  # a narrow valley
    yield np.diag(draw.uniform(0.1, 0.8, 2))  # a wide one: its border is above 2


def _eigenvalues(hessian):
    return np.linalg.eigvalsh(hessian)


@largest_stable_lr.mistake(
    "smallest-curvature",
    "You took the smallest curvature, where steps may be longest. Along which direction does the descent break first?",
)
def _(hessian):
    return 2 / _eigenvalues(hessian)[0]


@largest_stable_lr.mistake(
    "one-over-lambda",
    "With 1 / λ a step lands right on the bottom. How much longer may it be until it lands as high on the other "
    "side?",
)
def _(hessian):
    return 1 / _eigenvalues(hessian)[-1]


@largest_stable_lr.mistake(
    "upside-down", "You have λ / 2. A steeper valley needs smaller steps: is your result smaller there?"
)
def _(hessian):
    return _eigenvalues(hessian)[-1] / 2


@largest_stable_lr.mistake(
    "largest-entry",
    "You took the largest number of the Hessian, or of its diagonal. If the valley lies aslant, that is not its "
    "largest curvature: ask the eigenvalues.",
)
def _(hessian):
    return 2 / np.max(np.diag(hessian))


@largest_stable_lr.mistake(
    "trace",
    "You added up all curvatures (the trace). Each direction has its own limit, and the strictest one counts.",
)
def _(hessian):
    return 2 / np.trace(hessian)


@largest_stable_lr.mistake(
    "mean-curvature",
    "You took the mean of the curvatures. A step that is right on average is too long along the steepest direction.",
)
def _(hessian):
    return 2 / np.mean(_eigenvalues(hessian))


@largest_stable_lr.mistake(
    "norm-of-hessian",
    "You took the root of the sum of all squares in the Hessian (its norm). Each direction has its own limit, and the "
    "strictest one counts.",
)
def _(hessian):
    return 2 / np.linalg.norm(hessian)


@exercise(reference.classify_turning_point)
def classify_turning_point(draw):
    def size():
        return draw.uniform(0.1, 5)

    yield 0.0, size()
    yield 0.0, -size()
    yield 0.0, 0.0
    yield size(), size()
    yield -size(), -size()
    yield size(), -size()
    yield -size(), 0.0
    yield 0.0, draw.uniform(100, 900)
    yield draw.uniform(1e-2, 5e-2), size()  # small is not 0
    yield 0.0, draw.uniform(1e-2, 5e-2)
    yield 0.0, -draw.uniform(1e-2, 5e-2)


def _named(first, second, above="minimum", below="maximum", flat="undecided", sloped="sloped"):
    if first != 0:
        return sloped
    return above if second > 0 else below if second < 0 else flat


@classify_turning_point.mistake(
    "minimum-for-maximum",
    "You exchanged minimum and maximum. Where the curvature is above 0, the curve rises on both sides.",
)
def _(first, second):
    return _named(first, second, above="maximum", below="minimum")


@classify_turning_point.mistake(
    "slope-unused",
    "The slope does not count in your answer. Where it is not 0, the curve goes on up or down: it does not turn there.",
)
def _(first, second):
    return _named(0, second)


@classify_turning_point.mistake(
    "flat-is-minimum",
    "With a curvature of 0 you still decide. w⁴, −w⁴ and w³ all have a slope and a curvature of 0 at 0.",
)
def _(first, second):
    return _named(first, second, flat="minimum")


@classify_turning_point.mistake("flat-is-minimum")
def _(first, second):
    return _named(first, second, flat="maximum")


@classify_turning_point.mistake(
    "arguments-exchanged", "You took the slope for the curvature. The first derivative comes first."
)
def _(first, second):
    return _named(second, first)


@classify_turning_point.mistake(
    "sloped-is-undecided",
    'You say "undecided" where the slope is not 0. There it is decided: the curve does not turn. The word is "sloped".',
)
def _(first, second):
    return _named(first, second, sloped="undecided")


@classify_turning_point.mistake(
    "curvature-first",
    "You ask for the curvature first. Where the slope is not 0, it does not count: ask for the slope first.",
)
def _(first, second):
    if second != 0:
        return "minimum" if second > 0 else "maximum"
    return "sloped" if first != 0 else "undecided"


@classify_turning_point.mistake(
    "saddle-for-undecided",
    'Where slope and curvature are 0, the two derivatives cannot tell: that is "undecided".',
)
def _(first, second):
    answer = reference.classify_turning_point(first, second)
    return "saddle" if answer == "undecided" else answer


TWO = Function("w * (w - 2.2) * (w - 3)", "w")  # minima at 0 and 3, and a ridge at 2.2
THREE = Function("w * (w**2 - 1) * (w**2 - 4)", "w")  # minima at -2, 0 and 2
PASS = Function("np.array([w[0], w[1] * (w[1] - 2.2) * (w[1] - 3)])", "w")


@exercise(reference.basin)
def basin(draw):
    two = np.array([[0.0], [3.0]])
    behind = draw.uniform(1.6, 2.1, 1, 1)  # the other minimum is nearer, but a ridge stands between
    before = draw.uniform(0.2, 1, 1, 1)
    beyond = draw.uniform(2.4, 3.4, 1, 1)
    yield np.vstack([before, behind, beyond]), TWO, two, 0.05, draw.integers(150, 200)
    yield np.vstack([behind, beyond]), TWO, two, draw.uniform(0.02, 0.05), 1  # not there yet
    starts = np.vstack([draw.uniform(low, low + 0.6, 1, 1) for low in (1.3, -0.3, -1.9, 0.2)])
    yield starts, THREE, np.array([[2.0], [-2.0], [0.0]]), 0.02, draw.integers(150, 200)
    minima = np.array([[0.0, 3.0], [0.0, 0.0]])
    starts = np.hstack([draw.normal(3, 1), np.vstack([behind, beyond, before])])
    yield starts, PASS, minima, draw.uniform(0.03, 0.06), draw.integers(150, 200)
    lr = draw.uniform(0.02, 0.05)
    count = _steps_to_the_middle(behind, lr)  # so many steps pass the middle, one less does not
    yield behind, TWO, two, lr, count
    yield behind, TWO, two, lr, count - 1


def _steps_to_the_middle(start, lr):
    """How many steps of descent on TWO it takes to come nearer to 0 than to 3."""
    w, count = float(start[0, 0]), 0
    while w > 1.5:
        w, count = w - lr * TWO(w), count + 1
    return count


@basin.switchable
def _basins(
    starts, gradient, minima, lr, steps, *, walks="down", to_the_end=False, nearest=np.argmin, first=0
):
    ends = []
    for w in starts:
        for _ in range(200 if to_the_end else steps if walks != "nowhere" else 0):
            w = w + (lr if walks == "up" else -lr) * gradient(w)
            w = np.clip(w, -1e3, 1e3)
        ends.append(w)
    distances = np.linalg.norm(np.array(ends)[:, np.newaxis] - minima, axis=2)
    return nearest(distances, axis=1) + first


basin.switch(
    "nearest-to-start",
    "You asked which minimum is nearest to the START. A ridge may stand between: walk first, then ask.",
    walks="nowhere",
)
basin.switch("uphill", "You went uphill: the gradient points to where the ground rises.", walks="up")
basin.switch(
    "steps-unused",
    "You walked until it stood still. Asked is where it is after `steps` steps, even if it is not there yet.",
    to_the_end=True,
)
basin.switch(
    "farthest", "You took the farthest minimum. np.argmin finds the smallest distance.", nearest=np.argmax
)
basin.switch(
    "counted-from-one", "Your numbers begin at 1. The first row of minima has the number 0.", first=1
)


@basin.mistake(
    "places-returned", "You returned the places themselves. Asked are their numbers: the rows of minima."
)
def _(starts, gradient, minima, lr, steps):
    return minima[_basins(starts, gradient, minima, lr, steps)]


@basin.mistake(
    "one-for-all", "Your answer is one number. Each start has its own minimum: n numbers for n starts."
)
def _(starts, gradient, minima, lr, steps):
    return _basins(starts, gradient, minima, lr, steps)[0]
