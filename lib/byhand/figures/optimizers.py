"""The plots of chapter 06: a landscape with the ways of walkers on it, and curves that jump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, VERMILLION, GREEN, PURPLE, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"
SKY, GRAY = "#56B4E9", "#777777"


def draw_landscape(
    ax: Axes,
    height: Callable[[NDArray], NDArray],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    levels: int = 14,
) -> None:
    """Lines of equal height, as on a hiking map."""
    grid = np.array(np.meshgrid(np.linspace(*x_range, 121), np.linspace(*y_range, 121)))
    ax.contour(*grid, height(grid), levels=levels, colors="#bbbbbb", linewidths=0.8)
    ax.set(xlim=x_range, ylim=y_range, xlabel="weight 1", ylabel="weight 2")


def smoothed(losses: Sequence[float], width: int) -> tuple[NDArray, NDArray]:
    """The means of `width` losses in a row, and the step in the middle of each."""
    width = max(1, min(width, len(losses)))
    means = np.convolve(losses, np.full(width, 1 / width), mode="valid")
    return np.arange(len(means)) + width / 2, means
