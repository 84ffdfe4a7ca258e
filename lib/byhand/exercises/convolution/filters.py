"""The exercises of chapter 04 on one kernel and one picture."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.convolution import filters as reference


@exercise(reference.cross_correlate_by_hand)
def cross_correlate_by_hand(draw):
    yield ()


@cross_correlate_by_hand.mistake(
    "unnamed-1",
    "You turned the kernel by 180°. Here it lies on the picture as it is: its upper left number on the window's upper "
    "left pixel.",
)
def _():
    return np.array([[5.0, 11.0], [23.0, 29.0]])


@cross_correlate_by_hand.mistake(
    "unnamed-2",
    "You turned rows into columns: your table is the right one, mirrored at its diagonal. The window moves to the "
    "right first, then down.",
)
def _():
    return np.array([[19.0, 37.0], [25.0, 43.0]])


@cross_correlate_by_hand.mistake(
    "unnamed-3",
    "You added the pixels of each window. Each is multiplied first, with the kernel's number that lies on it.",
)
def _():
    return np.array([[8.0, 12.0], [20.0, 24.0]])


@cross_correlate_by_hand.mistake(
    "unnamed-4", "You read the kernel by columns: its upper right number is 1, and the 2 stands below the 0."
)
def _():
    return np.array([[17.0, 23.0], [35.0, 41.0]])


@exercise(reference.cross_correlate2d)
def cross_correlate2d(draw):
    yield np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    yield draw.normal(4, 6), draw.normal(2, 3)
    yield draw.normal(5, 3), draw.normal(1, 3)
    yield draw.normal(3, 3), draw.normal(3, 3)


@cross_correlate2d.mistake(
    "unnamed-1",
    "You joined window and kernel with @, the matrix product. Here each number meets only the one that it lies on: *.",
)
def _(image, kernel):
    (kh, kw), (rows, columns) = kernel.shape, reference.cross_correlate2d(image, kernel).shape
    return np.array(
        [[np.sum(image[i : i + kh, j : j + kw] @ kernel) for j in range(columns)] for i in range(rows)]
    )


@cross_correlate2d.mistake(
    "unnamed-2",
    "Your results have lost what stands after the point: `out` holds whole numbers only. Make it with "
    "np.zeros((rows, columns)).",
)
def _(image, kernel):
    return reference.cross_correlate2d(image, kernel).astype(int)


@cross_correlate2d.mistake(
    "unnamed-3",
    "You turned the kernel by 180°. That is what mathematics calls a convolution; deep learning, and this course, lay "
    "the kernel on as it is.",
)
def _(image, kernel):
    return reference.cross_correlate2d(image, kernel[::-1, ::-1])


@cross_correlate2d.mistake(
    "unnamed-4",
    "Your result lacks its last row and its last column. From pixel 0 to pixel H − kh: how many places are these?",
)
def _(image, kernel):
    return reference.cross_correlate2d(image, kernel)[:-1, :-1]


@cross_correlate2d.mistake(
    "unnamed-5",
    "You added the pixels of each window without the kernel. Multiply first, number by number, then add up.",
)
def _(image, kernel):
    return reference.cross_correlate2d(image, np.ones(kernel.shape))


@cross_correlate2d.mistake("unnamed-6", "You took the mean of the products. It is their sum.")
def _(image, kernel):
    return reference.cross_correlate2d(image, kernel / kernel.size)


@cross_correlate2d.mistake(
    "unnamed-7",
    "Your result is as large as the picture: at its border the kernel hangs over. Count only the places at which the "
    "whole kernel lies on the picture.",
)
def _(image, kernel):
    kh, kw = kernel.shape
    return reference.cross_correlate2d(np.pad(image, ((0, kh - 1), (0, kw - 1))), kernel)


@cross_correlate2d.mistake(
    "unnamed-8",
    "Only the last product of each window is left. A loop must add to the sum (+=), not replace it.",
)
def _(image, kernel):
    return reference.cross_correlate2d(image, np.where(np.arange(kernel.size) + 1 == kernel.size, kernel.flat, 0)
                                       .reshape(kernel.shape))  # fmt: skip


@exercise(reference.edge_kernel)
def edge_kernel(draw):
    yield ()


@edge_kernel.accept
def _(answer):
    rows, columns = answer.sum(axis=1), answer.sum(axis=0)
    near = 1e-9 * max(1.0, float(np.abs(answer).max()))
    if abs(rows.sum()) > near:
        return (
            f"The nine numbers add up to {rows.sum():.4g}, so your kernel answers on an even wall too. What must they "
            "add up to, so that a wall of any brightness gives 0?"
        )
    steps = columns[1] + columns[2], columns[2]  # its answer just before and just on a step from 0 to 1
    if min(steps) < -near:
        return (
            f"Where the picture turns from dark (0) to bright (1), your kernel answers {min(steps):.4g}. "
            "On which side do the positive numbers belong?"
        )
    if max(steps) <= near:
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


@edge_kernel.mistake(
    "unnamed-1",
    "Your kernel finds level edges: it compares above with below. Which numbers must change places, so that it "
    "compares left with right?",
)
def _():
    return reference.edge_kernel().T


@edge_kernel.mistake(
    "unnamed-2", "Your kernel answers below 0 where the right side is brighter. Exchange left and right."
)
def _():
    return -reference.edge_kernel()


@edge_kernel.mistake(
    "unnamed-3", "Your kernel takes the mean of the window: it blurs. An edge is a difference."
)
def _():
    return np.full((3, 3), 1 / 9)


@exercise(reference.edge_strength)
def edge_strength(draw):
    yield (
        np.array([[0.0, 0.0, 3.0], [0.0, 0.0, 3.0], [4.0, 4.0, 7.0]]),
        np.array([[0.0, 0.0], [-1.0, 1.0]]),
    )
    yield draw.uniform(0, 9, 5, 6), np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    yield draw.uniform(0, 9, 4, 4), draw.normal(2, 2)


def _both(image, kernel):
    return reference.cross_correlate2d(image, kernel), reference.cross_correlate2d(image, kernel.T)


@edge_strength.mistake(
    "unnamed-1",
    "You added the two answers. Edges of different signs then cancel: think of the longest side of a triangle.",
)
def _(image, kernel):
    across, down = _both(image, kernel)
    return across + down


@edge_strength.mistake(
    "unnamed-2", "You added the two sizes. A slanting edge then counts too much: use Pythagoras."
)
def _(image, kernel):
    across, down = _both(image, kernel)
    return np.abs(across) + np.abs(down)


@edge_strength.mistake("unnamed-3", "The square root is missing.")
def _(image, kernel):
    across, down = _both(image, kernel)
    return across**2 + down**2


@edge_strength.mistake(
    "unnamed-4", "Only one direction counts in your answer. What does the kernel's transpose find?"
)
def _(image, kernel):
    return np.abs(_both(image, kernel)[0])


@edge_strength.mistake(
    "unnamed-5",
    "You turned the kernel round for the second direction, which only changes the sign. Exchange its rows and columns.",
)
def _(image, kernel):
    return np.hypot(_both(image, kernel)[0], reference.cross_correlate2d(image, kernel[::-1, ::-1]))
