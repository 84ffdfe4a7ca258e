"""The plots of chapter 01: a gate's four answers, where a neuron fires, and flowers of two species."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, VERMILLION, ORANGE = "#0072B2", "#D55E00", "#E69F00"
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
COARSE, FINE = 60, 6  # squares in each direction, and into how many one is cut where the border passes


def draw_answer(ax: Axes, x1: float, x2: float, answer: float) -> None:
    """A filled circle where the answer is 1, an empty square where it is 0."""
    color = VERMILLION if answer else BLUE
    ax.plot(x1, x2, "o" if answer else "s", ms=12, mec=color, mew=2.5, mfc=color if answer else "white")


def draw_gate(ax: Axes, answers: Sequence[float], title: str) -> None:
    """The four inputs of a gate with its answers."""
    for (x1, x2), answer in zip(CORNERS, answers, strict=True):
        draw_answer(ax, x1, x2, answer)
    ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), xticks=[0, 1], yticks=[0, 1], aspect="equal")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", title=title)


def shade(
    ax: Axes,
    fires: Callable[[float, float], float],
    x1_range: tuple[float, float],
    x2_range: tuple[float, float],
) -> None:
    """Color the part of the plane where ``fires(x1, x2)`` is 1."""
    from matplotlib.colors import ListedColormap

    answers = firing(fires, x1_range, x2_range)
    shown = np.ma.masked_less(answers.astype(float), 0.5)
    extent = (*x1_range, *x2_range)
    color = ListedColormap([ORANGE])
    ax.imshow(shown, cmap=color, alpha=0.3, origin="lower", extent=extent, aspect="auto", zorder=0)


def firing(
    fires: Callable[[float, float], float], x1_range: tuple[float, float], x2_range: tuple[float, float]
) -> NDArray:
    """Where ``fires(x1, x2)`` is 1, on a fine grid, a row an x2.

    A learner's gate takes one point at a time, so only squares near the border are looked at closely.
    """
    coarse = _asked(fires, _middles(x1_range, COARSE), _middles(x2_range, COARSE))
    padded = np.pad(coarse, 1, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    border = around.min(axis=(2, 3)) != around.max(axis=(2, 3))
    fine = np.kron(coarse, np.ones((FINE, FINE), dtype=bool))
    near = np.kron(border, np.ones((FINE, FINE), dtype=bool))
    x1, x2 = np.meshgrid(_middles(x1_range, COARSE * FINE), _middles(x2_range, COARSE * FINE))
    places = zip(x1[near], x2[near], strict=True)
    fine[near] = [float(fires(float(one), float(other))) > 0.5 for one, other in places]
    return fine


def _middles(ends: tuple[float, float], count: int) -> NDArray:
    low, high = ends
    return low + (high - low) * (np.arange(count) + 0.5) / count


def _asked(fires: Callable[[float, float], float], x1: NDArray, x2: NDArray) -> NDArray:
    return np.array([[float(fires(float(one), float(other))) > 0.5 for one in x1] for other in x2])


def draw_flowers(ax: Axes, X: NDArray, y: NDArray, names: Sequence[str]) -> None:
    """Two measurements of flowers: an empty square for label 0, a filled circle for label 1."""
    for label, color, marker in [(0, BLUE, "s"), (1, VERMILLION, "o")]:
        fill = color if label else "white"
        ax.plot(*X[y == label].T, marker, color=color, mfc=fill, ms=5, label=f"{names[label]} ({label})")
