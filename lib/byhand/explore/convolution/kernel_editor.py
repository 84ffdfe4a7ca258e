"""What can a kernel find? Nine numbers that the learner fills in, on a photograph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from byhand.explore.engine.expressions import Array, Frames, Value
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Scene

STEPS = np.arange(-4, 4.01, 0.25)
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
KERNELS = {
    "edges, left to right": SOBEL,
    "edges, top to bottom": SOBEL.T,
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], float),
    "the photograph itself": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], float),
}


def photograph() -> np.ndarray:
    """The tower in grey, three by three pixels made one."""
    from byhand import data

    grey = data.photographs().tower.mean(axis=2)[:, :198]
    return grey.reshape(70, 3, 66, 3).mean(axis=(1, 3))


def kernel_editor(cross_correlate2d: Callable | None = None) -> Explorable:
    """Show what a kernel of 3 × 3 numbers makes of a photograph, and its arithmetic at one place.

    Parameters
    ----------
    cross_correlate2d
        Your own `cross_correlate2d(image, kernel)`; without it, the reference.

    Returns
    -------
    Explorable

    Notes
    -----
    Nine free numbers cannot be tabulated. But the result is linear in the kernel: it is the sum of nine pictures, each
    what a kernel with a single 1 gives, times the kernel's numbers. These nine pictures are computed by the function
    that is shown, and the browser adds them up. That the learner's function is linear too is tried, not assumed.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.kernel_editor().value["k_2_3"]
    2.0
    """
    from byhand.reference.convolution.filters import cross_correlate2d as reference

    photo = photograph()
    right = _planes(reference, photo)
    planes, note = right, None
    if cross_correlate2d is not None and cross_correlate2d is not reference:
        planes, note = _own_or_reference(cross_correlate2d, photo, right)
    rows, columns = right.shape[2:]

    scene = Scene(
        "What can a kernel find?",
        "Choose a kernel below, or write one. Predict: a kernel whose nine numbers add up to 1 meets an even sky. "
        "What does it answer there?",
    )
    scene.predict(
        ["0", "the brightness of the sky", "it depends on the kernel"],
        answer=1,
        because="On an even sky all nine pixels are alike, so the answer is that pixel times the sum of the kernel: "
        "the pixel itself. Where the nine numbers add up to 0, the answer is 0.",
    )
    scene.notes = [note] if note else []
    row = scene.slider("row", "Row of the window", np.arange(rows), start=24, spec=".0f")
    column = scene.slider("column", "Column of the window", np.arange(columns), start=12, spec=".0f")
    k = scene.matrix("k", "The kernel", SOBEL, STEPS, spec=".2f")
    for name, kernel in KERNELS.items():
        scene.preset(name, **{f"k_{i + 1}_{j + 1}": kernel[i, j] for i, j in np.ndindex(3, 3)})

    found = _weighted(k, planes)
    pictures: list[tuple[str, Value, dict[str, Any]]] = [
        ("The photograph, and the window", Array(photo), {"low": 0, "high": 1}),
        ("What the kernel finds: 0 black, 1 white", found, {"low": 0, "high": 1}),
        ("The same with its sign: 0 is empty", found, {"low": -2, "high": 2, "palette": "diverging"}),
    ]
    for title, picture, style in pictures:
        sheet = scene.sheet(title, rows=70, columns=66)
        inside = picture is not found
        sheet.image(picture, **style, x=0 if inside else 1, y=0 if inside else 1)
        sheet.box(column, row, 3, 3, color="vermillion")
    if planes is not right:
        sheet = scene.sheet("The same by the reference", rows=70, columns=66)
        sheet.image(_weighted(k, right), low=-2, high=2, palette="diverging", x=1, y=1)

    window: list[Value] = [
        Frames(photo[i : i + rows, j : j + columns], row, column) for i, j in np.ndindex(3, 3)
    ]
    products = [k[i, j] * pixel for (i, j), pixel in zip(np.ndindex(3, 3), window, strict=True)]
    total = sum(products[1:], products[0])
    numbers = k.sum()
    scene.say(
        "At row {row:.0f}, column {column:.0f} the nine products add up to {total:.2f}. The kernel's own "
        "numbers add up to {numbers:.2f}.",
        row=row,
        column=column,
        total=total,
        numbers=numbers,
    )
    scene.reading("sum of the products", "{total:.2f}", total=total)
    scene.reading("sum of the kernel", "{numbers:.2f}", numbers=numbers)
    one = np.eye(9)
    scene.column("place in the window", np.arange(1, 10), ".0f")
    scene.column("pixel", _stack(window, one), ".2f")
    scene.column("kernel", _stack(list(k.flat), one), ".2f")
    scene.column("product", _stack(products, one), ".2f")
    scene.notice = [
        "Edge kernels have numbers that add up to 0, so the sky is empty. Blur and sharpen have numbers that add up to "
        "1, so the sky keeps its brightness.",
        "Put one 1 beside the middle and zeros elsewhere: the picture only moves by a pixel.",
        "Turn all signs: vermillion and blue change places.",
    ]
    return Explorable(scene)


def _weighted(k: np.ndarray, planes: np.ndarray) -> Value:
    parts = [k[i, j] * Array(planes[i, j]) for i, j in np.ndindex(3, 3)]
    return sum(parts[1:], parts[0])


def _stack(numbers: list[Value], one: np.ndarray) -> Value:
    parts = [number * Array(place) for number, place in zip(numbers, one, strict=True)]
    return sum(parts[1:], parts[0])


def _planes(function: Callable, photo: np.ndarray) -> np.ndarray:
    """What each of the nine kernels with a single 1 gives."""
    shape = photo.shape[0] - 2, photo.shape[1] - 2
    units = np.eye(9).reshape(3, 3, 3, 3)
    return np.array([[call(function, shape, photo.copy(), unit) for unit in line] for line in units])


def _own_or_reference(own: Callable, photo: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, str | None]:
    """The learner's nine pictures, or the reference's, and what to say about it."""
    try:
        planes = _planes(own, photo)
        kernel = np.random.default_rng(0).integers(-4, 5, (3, 3)).astype(float)
        given = call(own, right.shape[2:], photo.copy(), kernel)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    if not close(given, np.tensordot(kernel, planes)).all():
        note = f"Your {name_of(own)} does more than weigh and add, so its picture cannot be drawn here"
        return right, f"{note}: this is the reference."
    if close(planes, right).all():
        return right, None
    return planes, f"Your {name_of(own)} differs from the reference, which is drawn beside it."
