"""How does a convolution compute? The kernel steps over a small picture, forwards and back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.expressions import Frames
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Scene

IMAGE = np.array([[0, 1, 2, 1, 0], [1, 3, 4, 2, 0], [0, 2, 5, 3, 1], [1, 0, 3, 2, 2], [0, 1, 1, 0, 4]], float)
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], float)
DOUT = np.array([[1, 0, 2], [0, -1, 0], [1, 0, 1]], float)
PLACES = list(np.ndindex(3, 3))


def kernel_steps(cross_correlate2d: Callable | None = None) -> Explorable:
    """Show every step of a kernel of 3 × 3 over a picture of 5 × 5: products, sum, column, and the way back.

    Parameters
    ----------
    cross_correlate2d
        Your own `cross_correlate2d(image, kernel)`; without it, the reference.

    Returns
    -------
    Explorable

    Examples
    --------
    >>> from byhand import explore
    >>> explore.kernel_steps().value["place"]
    2.0
    """
    from byhand.reference.convolution.filters import cross_correlate2d as reference

    right = reference(IMAGE, KERNEL)
    out, note = right, None
    if cross_correlate2d is not None and cross_correlate2d is not reference:
        try:
            out = call(cross_correlate2d, right.shape, IMAGE.copy(), KERNEL.copy())
            if not close(out, right).all():
                note = (
                    f"Your {name_of(cross_correlate2d)} differs from the reference, which is drawn beside it."
                )
        except Unusable as problem:
            note = f"{problem} The reference is drawn instead."

    scene = Scene(
        "How does a convolution compute?",
        "The kernel stops at nine places, and gives one number at each. Predict: how many of the nine windows use the "
        "pixel in the middle of the picture?",
    )
    scene.predict(
        ["1", "3", "9"],
        answer=2,
        because="The picture has 5 × 5 pixels and the window 3 × 3: at each of its nine places it covers the middle. A "
        "corner lies in one window only.",
    )
    scene.notes = [note] if note else []
    place = scene.slider("place", "Place of the kernel", np.arange(1, 10), start=2, spec=".0f", play=True)
    tops, lefts = np.array(PLACES, float).T
    windows = np.array([IMAGE[i : i + 3, j : j + 3] for i, j in PLACES])
    x, y = Frames(lefts, place), Frames(tops, place)

    sheet = scene.sheet("The picture, and the window", rows=5, columns=5)
    sheet.cells(IMAGE)
    sheet.box(x, y, 3, 3, color="vermillion")
    scene.sheet("The kernel", rows=3, columns=3).cells(KERNEL, palette="diverging", low=-8, high=8)
    products = scene.sheet("Window times kernel", rows=3, columns=3)
    products.cells(Frames(windows * KERNEL, place), palette="diverging", low=-8, high=8)
    _so_far(scene, "The result so far", out, place, x, y)
    if note and out is not right:
        _so_far(scene, "The result of the reference", right, place, x, y)

    columns = scene.sheet("The same window as a column of im2col", rows=9, columns=9)
    columns.cells(windows.reshape(9, 9).T)
    columns.box(Frames(np.arange(9.0), place), 0, 1, 9, color="vermillion")
    back = scene.sheet("Backwards: dx so far", rows=5, columns=5)
    back.cells(Frames(_scattered(), place), palette="diverging", low=-8, high=8)
    back.box(x, y, 3, 3, color="vermillion")

    total, share = Frames(right.ravel(), place), Frames(DOUT.ravel(), place)
    scene.say(
        "Place {place:.0f} of 9: the nine products add up to {total:.0f}. On the way back its gradient, here "
        "{share:.0f}, times the kernel is added to the same window of dx.",
        place=place,
        total=total,
        share=share,
    )
    scene.reading("sum of the products", "{total:.0f}", total=total)
    scene.reading("gradient of this number", "{share:.0f}", share=share)
    scene.column("pixel", Frames(windows.reshape(9, 9), place), ".0f")
    scene.column("kernel", KERNEL.ravel(), ".0f")
    scene.column("product", Frames((windows * KERNEL).reshape(9, 9), place), ".0f")
    scene.notice = [
        "The nine windows overlap: the middle pixel stands in every column of im2col, a corner pixel in one.",
        "On the way back the windows are the same. Where they overlap, the shares add up.",
        "The kernel's numbers never change while it moves: the same small window everywhere.",
    ]
    return Explorable(scene)


def _so_far(scene: Scene, title: str, out: np.ndarray, place, x, y) -> None:
    """The result, with the places that the kernel has not reached left empty."""
    reached = np.arange(9) <= np.arange(9)[:, np.newaxis]
    sheet = scene.sheet(title, rows=3, columns=3)
    sheet.cells(
        Frames(np.where(reached, out.ravel(), np.nan).reshape(9, 3, 3), place),
        spec=".3g",
        palette="diverging",
        low=-20,
        high=20,
    )
    sheet.box(x, y, 1, 1, color="vermillion")


def _scattered() -> np.ndarray:
    """dx after each place: every number of DOUT, times the kernel, added to its window."""
    dx, steps = np.zeros(IMAGE.shape), []
    for i, j in PLACES:
        dx[i : i + 3, j : j + 3] += DOUT[i, j] * KERNEL
        steps.append(dx.copy())
    return np.array(steps)
