"""The plots of chapter 04: pictures, tables of numbers, places of a window, what a kernel likes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"


def show(ax: Axes, picture: NDArray, title: str = "", cmap: str = "gray", **limits: float) -> None:
    """A picture without axes, with its size below."""
    ax.imshow(picture, cmap=cmap, **limits)  # type: ignore[arg-type]
    ax.set(title=title, xticks=[], yticks=[], xlabel=" × ".join(str(n) for n in picture.shape[:2]))
    ax.spines[:].set_visible(False)


def show_signed(ax: Axes, picture: NDArray, title: str = "") -> None:
    """A picture of numbers of both signs: white is 0, red is above it, blue below."""
    limit = float(np.abs(picture).max())
    show(ax, picture, title, cmap="RdBu_r", vmin=-limit, vmax=limit)


def show_numbers(
    ax: Axes,
    table: NDArray,
    title: str = "",
    marked: Iterable[tuple[int, ...]] = (),
    color: str = ORANGE,
) -> None:
    """A table of numbers; `marked` cells, given as (row, column), are colored. What is nan is shown as ?."""
    from matplotlib.patches import Rectangle

    (rows, columns), chosen = table.shape, set(marked)
    for i, j in np.ndindex(rows, columns):
        face, alpha = (color, 0.5) if (i, j) in chosen else ("none", 1.0)
        ax.add_patch(Rectangle((j, i), 1, 1, fc=face, ec="gray", alpha=alpha))
        text = "?" if np.isnan(table[i, j]) else f"{table[i, j]:g}"
        ax.text(j + 0.5, i + 0.5, text, ha="center", va="center")
    ax.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), aspect="equal", title=title)
    ax.axis("off")


def show_places(ax: Axes, n: int, kernel: int, stride: int, padding: int) -> None:
    """A row of `n` pixels with its padding in gray, and below it a bar for each place of the window."""
    from matplotlib.patches import Rectangle

    for pixel in range(-padding, n + padding):
        face = "white" if 0 <= pixel < n else "lightgray"
        ax.add_patch(Rectangle((pixel, 0), 1, 1, fc=face, ec="gray"))
    starts = range(-padding, n + padding - kernel + 1, stride)
    for place, start in enumerate(starts):
        height = -0.4 - 0.35 * place
        ax.plot([start + 0.1, start + kernel - 0.1], [height] * 2, lw=4, color=ORANGE, solid_capstyle="butt")
    title = f"{n} pixels, kernel {kernel}, stride {stride}, padding {padding}: {len(starts)} places"
    ax.set(xlim=(-1.2, n + 1.2), ylim=(-3, 1.3), title=title)
    ax.axis("off")


def show_field(ax: Axes) -> None:
    """What one number of the second layer sees of nine pixels, with kernels of 3."""
    from matplotlib.patches import Rectangle

    for level, (name, count, seen) in enumerate(
        [("pixels", 9, range(2, 7)), ("layer 1", 7, range(2, 5)), ("layer 2", 5, [2])]
    ):
        for place in range(count):
            face = ORANGE if place in seen else "white"
            ax.add_patch(Rectangle((place + level, level), 0.9, 0.5, fc=face, ec="gray"))
        ax.text(-1.3, level + 0.25, name, va="center")
    for low, high, level in [(2, 3, 0), (6.9, 5.9, 0), (3, 4, 1), (5.9, 4.9, 1)]:
        ax.plot([low, high], [level + 0.5, level + 1], color=ORANGE)
    ax.set(xlim=(-1.5, 9.5), ylim=(-0.2, 2.8))
    ax.set_title("two layers with kernel 3: one number of layer 2 sees 5 pixels")
    ax.axis("off")


def show_favorites(axes: Sequence[Axes], pictures: NDArray, strength: NDArray, count: int = 4) -> None:
    """For each column of `strength` (pictures, kernels): the pictures that have the most of it, one below the other."""
    for kernel, ax in enumerate(axes):
        best = pictures[np.argsort(-strength[:, kernel])[:count]]
        ax.imshow(np.pad(best, ((0, 0), (0, 2), (0, 0))).reshape(-1, pictures.shape[2]), cmap="gray_r")
        ax.set_title(f"{kernel}", fontsize=9)
        ax.axis("off")


def show_wrong(axes: Any, pictures: NDArray, labels: NDArray, read: NDArray) -> None:
    """Pictures whose label was not read, with the label and what was read."""
    for ax in axes:
        ax.axis("off")
    for ax, index in zip(axes, np.flatnonzero(labels != read), strict=False):
        ax.imshow(pictures[index], cmap="gray_r")
        ax.set_title(f"is {labels[index]},\nread {read[index]}", fontsize=9)


def moved(pictures: NDArray, down: int, right: int) -> NDArray:
    """Pictures (..., H, W) moved by some pixels; what comes in at the border is 0."""
    H, W = pictures.shape[-2:]
    out = np.zeros_like(pictures)
    out[..., max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = pictures[
        ..., max(-down, 0) : H - max(down, 0), max(-right, 0) : W - max(right, 0)
    ]
    return out
