"""The exercises of chapter 04 on one kernel and one picture."""

from __future__ import annotations

from functools import partial

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.convolution import filters as reference


@exercise(reference.cross_correlate_by_hand)
def cross_correlate_by_hand(draw):
    yield ()


@cross_correlate_by_hand.mistake(
    "kernel-turned",
    "You turned the kernel by 180°. Here it lies on the picture as it is: its upper left number on the window's upper "
    "left pixel.",
)
def _():
    return np.array([[5.0, 11.0], [23.0, 29.0]])


@cross_correlate_by_hand.mistake(
    "down-first",
    "You turned rows into columns: your table is the right one, mirrored at its diagonal. The window moves to the "
    "right first, then down.",
)
def _():
    return np.array([[19.0, 37.0], [25.0, 43.0]])


@cross_correlate_by_hand.mistake(
    "no-kernel",
    "You added the pixels of each window. Each is multiplied first, with the kernel's number that lies on it.",
)
def _():
    return np.array([[8.0, 12.0], [20.0, 24.0]])


@cross_correlate_by_hand.mistake(
    "kernel-by-columns",
    "You read the kernel by columns: its upper right number is 1, and the 2 stands below the 0.",
)
def _():
    return np.array([[17.0, 23.0], [35.0, 41.0]])


@exercise(reference.cross_correlate2d)
def cross_correlate2d(draw):
    yield np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    yield draw.normal(4, 6), draw.normal(2, 3)
    yield draw.normal(5, 3), draw.normal(1, 3)
    yield draw.normal(3, 3), draw.normal(3, 3)
    yield draw.normal(1, 1), draw.normal(1, 1)


@cross_correlate2d.switchable
def _correlated(
    image,
    kernel,
    *,
    matrix_product=False,
    whole_numbers=False,
    turned=False,
    places="all",  # or "one short" along both axes, "last left at 0", "hanging over"
    weighted=True,
    mean=False,
    last_product=False,
):
    (kh, kw), (H, W) = kernel.shape, image.shape
    if turned:
        kernel = kernel[::-1, ::-1]
    if not weighted:
        kernel = np.ones(kernel.shape)
    if last_product:
        kernel = np.where(np.arange(kernel.size).reshape(kernel.shape) == kernel.size - 1, kernel, 0.0)
    if places == "hanging over":
        image, H, W = np.pad(image, ((0, kh - 1), (0, kw - 1))), H + kh - 1, W + kw - 1
    rows, columns = H - kh + 1 - (places == "one short"), W - kw + 1 - (places == "one short")
    out = np.zeros((rows, columns), int if whole_numbers else float)
    missing = places == "last left at 0"
    for i in range(rows - missing):
        for j in range(columns - missing):
            window = image[i : i + kh, j : j + kw]
            out[i, j] = np.sum(window @ kernel if matrix_product else window * kernel)
    return out / kernel.size if mean else out


cross_correlate2d.switch(
    "matrix-product",
    "You joined window and kernel with @, the matrix product. Here each number meets only the one that it lies on: *.",
    matrix_product=True,
)
cross_correlate2d.switch(
    "whole-numbers",
    "Your results have lost what stands after the point: `out` holds whole numbers only. Make it with "
    "np.zeros((rows, columns)).",
    whole_numbers=True,
)
cross_correlate2d.switch(
    "kernel-turned",
    "You turned the kernel by 180°. That is what mathematics calls a convolution; deep learning, and this course, lay "
    "the kernel on as it is.",
    turned=True,
)
cross_correlate2d.switch(
    "size-one-short",
    "Your result lacks its last row and its last column. From pixel 0 to pixel H − kh: how many places are these?",
    places="one short",
)
cross_correlate2d.switch(
    "range-one-short",
    "Your last row and your last column are still 0: your loops end one place too early. The end of a range is not "
    "counted.",
    places="last left at 0",
)
cross_correlate2d.switch(
    "no-kernel",
    "You added the pixels of each window without the kernel. Multiply first, number by number, then add up.",
    weighted=False,
)
cross_correlate2d.switch("mean", "You took the mean of the products. It is their sum.", mean=True)
cross_correlate2d.switch(
    "hanging-over",
    "Your result is as large as the picture: at its border the kernel hangs over. Count only the places at which the "
    "whole kernel lies on the picture.",
    places="hanging over",
)
cross_correlate2d.switch(
    "last-product",
    "Only the last product of each window is left. A loop must add to the sum (+=), not replace it.",
    last_product=True,
)


@exercise(reference.edge_kernel)
def edge_kernel(draw):
    yield ()


EVEN_WALL = (
    "The nine numbers add up to {total:.4g}, so your kernel answers on an even wall too. What must they add up to, so "
    "that a wall of any brightness gives 0?"
)


@edge_kernel.accept
def _(answer):
    rows, columns, near = _sums(answer)
    if abs(rows.sum()) > near:
        return EVEN_WALL.format(total=rows.sum())
    if np.abs(columns).max() > near and np.abs(columns - columns[::-1]).max() <= near:
        return (
            f"The left and the right column of your kernel have the same sum, {columns[0]:.4g}. So at one edge it "
            "answers twice, once above 0 and once below. Let one column count with a minus."
        )
    answers = _at_a_step(columns)
    if min(answers) < -near:
        return (
            f"Where the picture turns from dark (0) to bright (1), your kernel answers {min(answers):.4g}. "
            "On which side do the positive numbers belong?"
        )
    if max(answers) <= near:
        return (
            "Your kernel is silent where the picture turns from dark to bright, from left to right. Subtract what lies "
            "on the left from what lies on the right."
        )
    if np.abs(rows).max() > near:
        return (
            "Your kernel answers along a level edge too, between a dark upper half and a bright lower half. What must "
            "the numbers of each row add up to?"
        )
    return None


def _sums(kernel):
    """The sums of its rows and of its columns, and up to what size a sum counts as 0."""
    return kernel.sum(axis=1), kernel.sum(axis=0), 1e-9 * max(1.0, float(np.abs(kernel).max()))


def _at_a_step(across):
    """What a kernel with these three sums answers just before and just on a step from 0 to 1."""
    return across[1] + across[2], across[2]


LAPLACIANS = [
    np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]),
    np.array([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]]),
    np.array([[1.0, 1.0, 1.0], [1.0, -8.0, 1.0], [1.0, 1.0, 1.0]]),
    np.array([[-1.0, -1.0, -1.0], [-1.0, 8.0, -1.0], [-1.0, -1.0, -1.0]]),
]
LINES = [np.tile(row, (3, 1)) for row in ([-1.0, 2.0, -1.0], [1.0, -2.0, 1.0])]


@edge_kernel.mistake(
    "level-edges",
    "Your kernel finds level edges: it compares above with below. Which numbers must change places, so that it "
    "compares left with right?",
)
def _():
    return reference.edge_kernel().T


@edge_kernel.mistake(
    "wrong-sign", "Your kernel answers below 0 where the right side is brighter. Exchange left and right."
)
def _():
    return -reference.edge_kernel()


@edge_kernel.mistake("blur", "Your kernel takes the mean of the window: it blurs. An edge is a difference.")
def _():
    return np.full((3, 3), 1 / 9)


NO_SIDE = (
    "Your kernel compares the middle with both sides alike, so at one edge it answers twice, once above 0 and once "
    "below. Compare the left side with the right side."
)
for _number, _kernel in enumerate([*LAPLACIANS, *LINES]):
    edge_kernel.mistake("no-side", None if _number else NO_SIDE)(partial(np.copy, _kernel))


@exercise(reference.horizontal_edge_kernel)
def horizontal_edge_kernel(draw):
    yield ()


@horizontal_edge_kernel.accept
def _(answer):
    rows, columns, near = _sums(answer)
    if abs(rows.sum()) > near:
        return EVEN_WALL.format(total=rows.sum())
    if np.abs(rows).max() > near and np.abs(rows - rows[::-1]).max() <= near:
        return (
            f"The upper and the lower row of your kernel have the same sum, {rows[0]:.4g}. So at one edge it answers "
            "twice, once above 0 and once below. Let one row count with a minus."
        )
    answers = _at_a_step(rows)
    if min(answers) < -near:
        return (
            f"Where the picture turns from dark (0) above to bright (1) below, your kernel answers {min(answers):.4g}. "
            "In which row do the positive numbers belong?"
        )
    if max(answers) <= near:
        return (
            "Your kernel is silent where the picture turns from dark to bright, from top to bottom. Subtract what lies "
            "above from what lies below."
        )
    if np.abs(columns).max() > near:
        return (
            "Your kernel answers along an upright edge too, between a dark left half and a bright right half. What "
            "must the numbers of each column add up to?"
        )
    return None


@horizontal_edge_kernel.mistake(
    "upright-edges",
    "Your kernel finds upright edges: it compares left with right. Which numbers must change places, so that it "
    "compares above with below?",
)
def _():
    return reference.edge_kernel()


@horizontal_edge_kernel.mistake(
    "wrong-sign", "Your kernel answers below 0 where the lower side is brighter. Exchange above and below."
)
def _():
    return -reference.horizontal_edge_kernel()


@horizontal_edge_kernel.mistake(
    "both-directions",
    "Your kernel answers at upright edges too: it is the sum of two kernels. Here it must find level edges alone.",
)
def _():
    return reference.edge_kernel() + reference.horizontal_edge_kernel()


NO_LEVEL = (
    "Your kernel compares the middle with above and below alike, so at one edge it answers twice, once above 0 and "
    "once below. Compare what lies above with what lies below."
)
for _number, _kernel in enumerate([*LAPLACIANS, *(line.T for line in LINES)]):
    horizontal_edge_kernel.mistake("no-side", None if _number else NO_LEVEL)(partial(np.copy, _kernel))


@exercise(reference.edge_strength)
def edge_strength(draw):
    yield (
        np.array([[0.0, 0.0, 3.0], [0.0, 0.0, 3.0], [4.0, 4.0, 7.0]]),
        np.array([[0.0, 0.0], [-1.0, 1.0]]),
    )
    yield draw.uniform(0, 9, 5, 6), np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    yield draw.uniform(0, 9, 4, 4), draw.normal(2, 2)
    yield draw.uniform(0, 9, 3, 3), draw.normal(3, 3)  # one place


def _both(image, kernel):
    return reference.cross_correlate2d(image, kernel), reference.cross_correlate2d(image, kernel.T)


@edge_strength.mistake(
    "signed-sum",
    "You added the two answers. Edges of different signs then cancel: think of the longest side of a triangle.",
)
def _(image, kernel):
    across, down = _both(image, kernel)
    return across + down


@edge_strength.mistake(
    "sum-of-sizes", "You added the two sizes. A slanting edge then counts too much: use Pythagoras."
)
def _(image, kernel):
    across, down = _both(image, kernel)
    return np.abs(across) + np.abs(down)


@edge_strength.mistake("no-root", "The square root is missing.")
def _(image, kernel):
    across, down = _both(image, kernel)
    return across**2 + down**2


@edge_strength.mistake(
    "one-direction", "Only one direction counts in your answer. What does the kernel's transpose find?"
)
def _(image, kernel):
    return np.abs(_both(image, kernel)[0])


@edge_strength.mistake(
    "turned-not-transposed",
    "You turned the kernel by 180° for the second direction. It still compares left with right: exchange its rows and "
    "its columns instead.",
)
def _(image, kernel):
    return np.hypot(_both(image, kernel)[0], reference.cross_correlate2d(image, kernel[::-1, ::-1]))


@edge_strength.mistake(
    "same-kernel-twice",
    "You used the kernel as it is both times. Its transpose, kernel.T, finds the other edges.",
)
def _(image, kernel):
    across, _ = _both(image, kernel)
    return np.sqrt(2 * across**2)


@edge_strength.mistake(
    "squared-after-adding",
    "You added the two answers before you squared. Square each first: (3 + 4)² is 49, and 3² + 4² is 25.",
)
def _(image, kernel):
    across, down = _both(image, kernel)
    return np.sqrt((across + down) ** 2)
