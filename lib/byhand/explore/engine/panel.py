"""A panel, and everything that can be drawn into one.

Two kinds. A panel with axes shows lines, points, bars and surfaces. A panel without axes is a sheet of squared
paper: a unit is a square, x goes right from 0, y goes down from 0. Pixels, cells and graphs are drawn there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from byhand.explore.engine.captions import Words, raised, words, write
from byhand.explore.engine.expressions import Pack, Slider, Value, as_value, shape_of

COLORS = ("ink", "faint", "blue", "vermillion", "green", "purple", "orange", "sky")
DASHES = ("solid", "dash", "dot")
SHAPES = ("disc", "square", "triangle", "ring", "cross")
PALETTES = ("plain", "grey", "diverging")
MOST_CELLS = 400  # a number in each: more than that nobody reads, and a browser draws slowly


@dataclass(frozen=True)
class Axis:
    """One axis of a panel: what it measures, from where to where, and which ticks carry a number (or a name)."""

    label: str
    low: float
    high: float
    ticks: Sequence[float] | np.ndarray | None = None
    names: Sequence[str] | None = None
    log: bool = False

    def marked(self) -> list[float]:
        """The values of its ticks."""
        if self.ticks is not None:
            return [float(tick) for tick in self.ticks]
        if self.log:
            low, high = round(np.log10(self.low)), round(np.log10(self.high))
            step = max(1, -(-(high - low) // 6))
            return [10.0**power for power in range(low, high + 1, step)]
        most = (self.high - self.low) / 4 * 1.001  # at least four steps, each 1, 2 or 5 times a power of ten
        unit = 10.0 ** np.floor(np.log10(most))
        step = unit * max(nice for nice in (1, 2, 5) if nice * unit <= most)
        first = np.ceil(self.low / step - 1e-9)
        last = np.floor(self.high / step + 1e-9)
        return [float(count * step) for count in np.arange(first, last + 1)]

    def written(self) -> list[str]:
        """What stands at its ticks."""
        if self.names is not None:
            return list(self.names)
        if not self.log:
            return [write(tick, ".3g") for tick in self.marked()]
        powers = [round(np.log10(tick)) for tick in self.marked()]
        return ["1" if power == 0 else f"10{raised(power)}" for power in powers]

    def describe(self) -> dict[str, Any]:
        ticks = [{"at": at, "text": text} for at, text in zip(self.marked(), self.written(), strict=True)]
        return {"label": self.label, "low": self.low, "high": self.high, "log": self.log, "ticks": ticks}


@dataclass(frozen=True)
class Mark:
    """One thing in a panel. Values move with the controls, style does not."""

    kind: str
    values: dict[str, Value]
    style: dict[str, Any]

    def describe(self, pack: Pack) -> dict[str, Any]:
        numbers = {name: pack.number(value) for name, value in self.values.items()}
        style = dict(self.style)
        if "texts" in style:
            style["texts"] = style["texts"].describe(pack)
        return {"kind": self.kind, "values": numbers, **style}


@dataclass(frozen=True)
class Node:
    """A box in a graph; edges know from it where they begin and end."""

    x: float
    y: float
    width: float
    height: float

    def border(self, other: Node) -> tuple[float, float]:
        """Where the straight line to another node's middle leaves this one."""
        across, down = other.x - self.x, other.y - self.y
        reach = min(
            self.width / 2 / abs(across) if across else np.inf,
            self.height / 2 / abs(down) if down else np.inf,
        )
        return self.x + reach * across, self.y + reach * down


@dataclass
class Panel:
    """A place for marks. What is added first lies at the bottom."""

    title: str
    x: Axis
    y: Axis
    square: bool = False  # as tall as it is wide
    bare: bool = False  # without axes, its units are squares
    wide: bool = False  # alone in its row
    unit: float = 0  # without axes: the least side of a unit in pixels; a narrow page scrolls the panel then
    marks: list[Mark] = field(default_factory=list)

    def _add(self, kind: str, values: dict[str, Any], **style: Any) -> None:
        for name, allowed in (("color", COLORS), ("dash", DASHES), ("shape", SHAPES), ("palette", PALETTES)):
            if name in style and style[name] not in allowed:
                raise ValueError(f"{kind} has no {name} {style[name]!r}; choose from {', '.join(allowed)}.")
        self.marks.append(Mark(kind, {name: as_value(value) for name, value in values.items()}, style))

    def line(
        self, x: Any, y: Any, *, color: str, dash: str = "solid", width: float = 2.5, label: str | None = None
    ) -> None:
        """A line through the points; a NaN makes a gap."""
        self._add("line", {"x": x, "y": y}, color=color, dash=dash, width=width, label=label)

    def points(
        self, x: Any, y: Any, *, color: str, shape: str = "disc", size: float = 6, label: str | None = None
    ) -> None:
        """A symbol at every point; none where x or y is NaN."""
        self._add("points", {"x": x, "y": y}, color=color, shape=shape, size=size, label=label)

    def arrow(self, x: Any, y: Any, to_x: Any, to_y: Any, *, color: str, label: str | None = None) -> None:
        """An arrow from (x, y) to (to_x, to_y)."""
        self._add("arrow", {"x": x, "y": y, "to_x": to_x, "to_y": to_y}, color=color, label=label)

    def bars(self, x: Any, height: Any, *, color: str, width: float = 0.8, label: str | None = None) -> None:
        """A bar from 0 up or down to every height."""
        self._add("bars", {"x": x, "height": height}, color=color, width=width, label=label)

    def band(self, start: Any, stop: Any, *, color: str, label: str | None = None) -> None:
        """Shaded strips from each start to each stop, over the whole height."""
        self._add("band", {"start": start, "stop": stop}, color=color, label=label)

    def rule(
        self,
        *,
        x: Any = None,
        y: Any = None,
        color: str = "ink",
        dash: str = "dash",
        width: float = 1.5,
        label: str | None = None,
    ) -> None:
        """A line across the whole panel at one x or one y."""
        values = {"x": x} if y is None else {"y": y}
        self._add("rule", values, color=color, dash=dash, width=width, label=label)

    def heat(
        self, z: Any, *, low: float, middle: float, high: float, through: tuple[Any, Any] | None = None
    ) -> None:
        """A grid of values over the whole panel as colours: blue below `middle`, vermillion above.

        z: rows from bottom to top. Between grid points z is interpolated, and only then read through
        the curve `through = (x, y)`. So an edge of that curve stays sharp on a coarse grid.
        """
        values = {"z": z} | ({} if through is None else {"through_x": through[0], "through_y": through[1]})
        self._add("heat", values, low=low, middle=middle, high=high)

    def contour(
        self,
        z: Any,
        *,
        level: float = 0.0,
        color: str,
        dash: str = "solid",
        width: float = 2.5,
        label: str | None = None,
    ) -> None:
        """Where a grid of values (rows from bottom to top, over the whole panel) crosses `level`."""
        self._add("contour", {"z": z}, level=level, color=color, dash=dash, width=width, label=label)

    def text(self, x: Any, y: Any, text: str | Words, *, anchor: str = "middle") -> None:
        """Words at a point, such as a number that belongs to it."""
        said = words(text) if isinstance(text, str) else text
        self._add("text", {"x": x, "y": y}, texts=said, anchor=anchor)

    def image(
        self,
        z: Any,
        *,
        low: float,
        high: float,
        palette: str = "grey",
        x: Any = 0,
        y: Any = 0,
        cell: float = 1,
    ) -> None:
        """A matrix as pixels, its first row on top. No pixel is drawn for a NaN.

        Parameters
        ----------
        z : matrix
            Its size stays the same; its numbers may follow the controls.
        low, high
            The numbers of the darkest and the brightest grey. They are fixed, so that a grey means the same
            number wherever the controls stand. With `palette="diverging"`, the numbers of the strongest blue
            (negative) and of the strongest vermillion (positive); 0 is paper.
        x, y
            Where its top left corner is.
        cell
            The side of a pixel, in the panel's units.
        """
        self._matrix("image", z, x, y, palette, low, high, cell=[cell, cell])

    def cells(
        self,
        z: Any,
        *,
        spec: str = ".0f",
        palette: str = "plain",
        low: float = -1,
        high: float = 1,
        x: Any = 0,
        y: Any = 0,
        cell: float | tuple[float, float] = 1,
    ) -> None:
        """A matrix as squares with a number in each; for a NaN the square stays empty.

        The numbers are hidden where the page is too narrow for them; `cell=(width, height)` gives them room.
        The other parameters are those of `image`.
        """
        width, height = cell if isinstance(cell, tuple) else (cell, cell)
        self._matrix("cells", z, x, y, palette, low, high, cell=[width, height], format=spec)

    def _matrix(
        self, kind: str, z: Any, x: Any, y: Any, palette: str, low: float, high: float, **style: Any
    ) -> None:
        shape = shape_of(as_value(z))
        if len(shape) != 2:
            raise ValueError(f"{kind} draws a matrix, not an array of shape {shape}; see also `tiles`.")
        if kind == "cells" and shape[0] * shape[1] > MOST_CELLS:
            raise ValueError(
                f"cells draws at most {MOST_CELLS} numbers, not {shape}; image has no such limit."
            )
        if palette == "diverging" and not low < 0 < high:
            raise ValueError(f"A diverging palette needs low < 0 < high, not {low} and {high}.")
        if low >= high:
            raise ValueError(f"low must be less than high, not {low} and {high}.")
        style |= {"rows": shape[0], "columns": shape[1], "palette": palette, "low": low, "high": high}
        self._add(kind, {"z": z, "x": x, "y": y}, **style)

    def box(
        self,
        x: Any,
        y: Any,
        width: Any,
        height: Any,
        *,
        color: str,
        dash: str = "solid",
        paper: bool = False,
        label: str | None = None,
    ) -> None:
        """An outline from (x, y), as wide and as high as it says: one, or one for each entry of x.

        With `paper` it hides what lies behind it.
        """
        values = {"x": x, "y": y, "width": width, "height": height}
        self._add("box", values, color=color, dash=dash, paper=paper, label=label)

    def node(
        self,
        x: float,
        y: float,
        *lines: str | Words,
        width: float = 2,
        height: float = 1,
        color: str = "ink",
        dash: str = "solid",
    ) -> Node:
        """A box of a graph around (x, y), with lines of text in it. Give the answer to `edge`."""
        self.box(x - width / 2, y - height / 2, width, height, color=color, dash=dash, paper=True)
        for number, line in enumerate(lines):
            self.text(x, y + (number - (len(lines) - 1) / 2) * height / max(len(lines), 2), line)
        return Node(x, y, width, height)

    def edge(
        self,
        start: Node,
        end: Node,
        *,
        above: str | Words | None = None,
        below: str | Words | None = None,
        color: str = "faint",
    ) -> None:
        """An arrow between two nodes, with text above and below its middle."""
        x, y = start.border(end)
        to_x, to_y = end.border(start)
        self.arrow(x, y, to_x, to_y, color=color)
        for text, side in ((above, -0.28), (below, 0.28)):
            if text is not None:
                self.text((x + to_x) / 2, (y + to_y) / 2 + side, text)

    def handle(self, x: Any, y: Any, *, label: str, color: str = "vermillion") -> None:
        """A point that is dragged, or moved with the arrow keys once it has the focus.

        Whichever of x and y is a slider follows the hand; the other may be any value, so that a point can be
        held on a curve. The sliders stay where they are and do the same.
        """
        moves = {name: part.name for name, part in (("x", x), ("y", y)) if isinstance(part, Slider)}
        if not moves:
            raise ValueError("A handle needs a slider as its x, as its y, or as both.")
        self._add("handle", {"x": x, "y": y}, moves=moves, color=color, label=label)

    def describe(self, pack: Pack) -> dict[str, Any]:
        return {
            "title": self.title,
            "square": self.square,
            "bare": self.bare,
            "wide": self.wide,
            "unit": self.unit,
            "x": self.x.describe(),
            "y": self.y.describe(),
            "marks": [mark.describe(pack) for mark in self.marks],
        }


def tiles(images: ArrayLike, columns: int, gap: int = 1) -> np.ndarray:
    """Many small images as one: (..., N, H, W) becomes rows of `columns` images, with NaN between them.

    >>> tiles(np.ones((3, 2, 2)), columns=2).shape
    (5, 5)
    """
    images = np.asarray(images, dtype=float)
    *leading, count, height, width = images.shape
    rows = -(-count // columns)
    sheet = np.full((*leading, rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan)
    for number in range(count):
        top, left = number // columns * (height + gap), number % columns * (width + gap)
        sheet[..., top : top + height, left : left + width] = images[..., number, :, :]
    return sheet
