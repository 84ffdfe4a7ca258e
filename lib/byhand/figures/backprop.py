"""The plots of chapter 03: graphs of boxes and arrows, and the network with two neurons in each layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def box(axis: Axes, x: float, y: float, text: str, color: str = "white") -> None:
    """A node of a graph: a box with a few words."""
    style = {"boxstyle": "round,pad=0.4", "facecolor": color, "edgecolor": "black"}
    axis.text(x, y, text, ha="center", va="center", bbox=style, zorder=3)


def arrow(axis: Axes, start: Sequence[float], end: Sequence[float], **style: Any) -> None:
    """An arrow between two places, behind the boxes."""
    axis.annotate(
        "",
        (end[0], end[1]),
        (start[0], start[1]),
        arrowprops={"arrowstyle": "->", "shrinkA": 16, "shrinkB": 22, **style},
    )


def two_by_two(
    axis: Axes,
    W1: NDArray,
    W2: NDArray,
    columns: Sequence[Sequence[str]],
    title: str,
    form: str,
    color: str = "black",
) -> None:
    """A network of two inputs, two hidden neurons and two outputs, with a number on each weight.

    Parameters
    ----------
    axis : matplotlib.axes.Axes
    W1, W2 : array (2, 2)
        What stands on the arrows: the weights, or their gradients.
    columns : three pairs of str
        What stands in the boxes of each layer.
    title : str
    form : str
        How a number is written, such as ``".2f"``.
    color : str
        Of the numbers on the arrows.
    """
    places = {(layer, row): (3 * layer, 1 - row) for layer in range(3) for row in range(2)}
    for layer, W in enumerate((W1, W2)):
        for i in range(2):
            for j in range(2):
                start, end = np.array(places[layer, i]), np.array(places[layer + 1, j])
                arrow(axis, start.tolist(), end.tolist(), color="gray", shrinkB=(26, 52)[layer])
                at = start + (end - start) * (0.3 if i != j else 0.5)  # those that cross do not meet there
                style = {"facecolor": "white", "edgecolor": "none", "pad": 1}
                axis.text(
                    at[0], at[1], format(W[i, j], form), ha="center", va="center", color=color, bbox=style
                )
    for (layer, row), place in places.items():
        box(axis, *place, columns[layer][row])
    axis.set(xlim=(-0.8, 6.9), ylim=(-0.4, 1.4), title=title)
    axis.axis("off")
