"""A scene for print: the same panels, drawn by matplotlib."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Positions
from byhand.explore.engine.panel import Axis, Mark, Panel
from byhand.explore.engine.scene import Scene

_COLORS = {
    "ink": "#1b1f24",
    "faint": "#8b949e",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
}
_DASHES = {"solid": "-", "dash": (0, (4, 3)), "dot": (0, (1, 2))}
_SHAPES = {"disc": "o", "square": "s", "triangle": "^", "ring": "o", "cross": "x"}
_HEAT = LinearSegmentedColormap.from_list("byhand", ["#66aad1", "#ffffff", "#e69e66"])


def draw(scene: Scene, positions: Positions) -> Figure:
    """The scene when its controls stand at `positions`, with what is said about it below."""
    rows = _rows(scene.panels)
    wide = 5.2 * max(map(len, rows))
    tall = 1 + 3.6 * len(rows)
    figure = Figure(figsize=(wide, tall))
    # Margins in inches by hand: matplotlib's automatic layouts draw everything several times, and a still is
    # drawn each time that an explorable is shown.
    grid = figure.add_gridspec(
        len(rows),
        1,
        left=0.7 / wide,
        right=1 - 0.15 / wide,
        bottom=1.1 / tall,
        top=1 - 0.92 / tall,
        hspace=0.6,
    )
    figure.suptitle(scene.title, fontweight="bold", y=1 - 0.07 / tall)
    said = textwrap.fill(scene.sentence(positions), width=int(wide * 13))
    figure.text(0.5, 0.05 / tall, said, fontsize=9, ha="center", va="bottom")
    for number, row in enumerate(rows):
        columns = grid[number].subgridspec(1, len(row), wspace=0.2)
        for column, panel in enumerate(row):
            _panel(figure.add_subplot(columns[column]), panel, positions)
    return figure


def _rows(panels: list[Panel]) -> list[list[Panel]]:
    """Panels as they stand: up to three side by side, but a wide one alone."""
    rows: list[list[Panel]] = []
    for number, panel in enumerate(panels):
        if number and not panel.wide and not panels[number - 1].wide and len(rows[-1]) < 3:
            rows[-1].append(panel)
        else:
            rows.append([panel])
    return rows


def _panel(axes: Axes, panel: Panel, positions: Positions) -> None:
    axes.set_title(panel.title, fontsize=11)
    for name, axis in (("x", panel.x), ("y", panel.y)):
        _axis(axes, name, axis)
    axes.grid(color="#d9dde1", linewidth=0.6)
    axes.set_axisbelow(True)
    if panel.square:
        axes.set_box_aspect(1)
    if panel.bare:
        axes.set_axis_off()
        axes.set_aspect("equal")
    for order, mark in enumerate(panel.marks):
        values = {name: np.atleast_1d(value.under(positions)) for name, value in mark.values.items()}
        _MARKS[mark.kind](axes, mark, values, panel, positions, {"zorder": 2 + order})
    for name, axis in (("x", panel.x), ("y", panel.y)):
        axes.set(**{f"{name}lim": (axis.low, axis.high)})  # an image has moved them
    if any(mark.style.get("label") for mark in panel.marks):
        legend = axes.legend(
            fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.06), ncols=3, frameon=False
        )
        for handle in legend.legend_handles:
            if isinstance(handle, Line2D):
                handle.set_markersize(6)


def _axis(axes: Axes, name: str, axis: Axis) -> None:
    axes.set(**{f"{name}label": axis.label, f"{name}scale": "log" if axis.log else "linear"})
    axes.set(**{f"{name}lim": (axis.low, axis.high)})
    axes.set(**{f"{name}ticks": axis.marked(), f"{name}ticklabels": axis.written()})
    axes.minorticks_off()


def _stroke(mark: Mark) -> dict[str, Any]:
    style = mark.style
    return {
        "color": _COLORS[style["color"]],
        "linestyle": _DASHES[style.get("dash", "solid")],
        "linewidth": style.get("width", 2) * 0.7,
        "label": style.get("label"),
    }


def _fill(mark: Mark, strength: float) -> dict[str, Any]:
    return {
        "color": _COLORS[mark.style["color"]],
        "alpha": strength,
        "label": mark.style.get("label"),
        "lw": 0,
    }


def _line(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    axes.plot(values["x"], values["y"], **_stroke(mark), **rest[-1])


def _points(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    style = mark.style
    color = _COLORS[style["color"]]
    x, y = np.broadcast_arrays(values["x"], values["y"])
    inside = np.full(x.shape, True)
    for numbers, limits in ((x, axes.get_xlim()), (y, axes.get_ylim())):
        low, high = sorted(limits)
        # The numbers were float32: one that stands on the frame may be off by its rounding.
        inside &= (numbers >= low - 1e-6 * abs(low)) & (numbers <= high + 1e-6 * abs(high))
    axes.plot(
        x[inside],
        y[inside],
        clip_on=False,  # a symbol that stands on the frame is drawn whole
        linestyle="none",
        marker=_SHAPES[style["shape"]],
        markersize=style["size"] * 1.2,
        markerfacecolor="none" if style["shape"] == "ring" else color,
        markeredgecolor=color if style["shape"] in ("ring", "cross") else "white",
        markeredgewidth=1.6 if style["shape"] in ("ring", "cross") else 0.8,
        label=style["label"],
        **rest[-1],
    )


def _arrow(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    axes.annotate(
        "",
        xy=(values["to_x"][0], values["to_y"][0]),
        xytext=(values["x"][0], values["y"][0]),
        arrowprops={"arrowstyle": "->", "color": _COLORS[mark.style["color"]], "linewidth": 1.6},
        **rest[-1],
    )


def _bars(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    axes.bar(values["x"], values["height"], width=mark.style["width"], **_fill(mark, 0.9), **rest[-1])


def _band(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    fill = _fill(mark, 0.16)
    for start, stop in zip(values["start"], values["stop"], strict=True):
        if stop > start:
            axes.axvspan(start, stop, **fill, **rest[-1])
            fill["label"] = None  # one entry in the legend for all strips


def _rule(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    across = axes.axvline if "x" in values else axes.axhline
    across(float(next(iter(values.values()))[0]), **_stroke(mark), **rest[-1])


def _text(
    axes: Axes, mark: Mark, values: dict[str, np.ndarray], panel: Panel, positions: Positions, z: Any
) -> None:
    anchor = {"start": "left", "middle": "center", "end": "right"}[mark.style["anchor"]]
    said = mark.style["texts"].at(positions)
    axes.text(values["x"][0], values["y"][0], said, ha=anchor, va="center", fontsize=9, clip_on=True, **z)


def _grid(panel: Panel, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A square grid of values with the x and y that its columns and rows stand for."""
    size = round(np.sqrt(z.size))
    rows = z.reshape(size, size)
    return np.linspace(panel.x.low, panel.x.high, size), np.linspace(panel.y.low, panel.y.high, size), rows


def _heat(axes: Axes, mark: Mark, values: dict[str, np.ndarray], panel: Panel, *rest: Any) -> None:
    x, y, z = _grid(panel, values["z"])
    fine = np.linspace(0, len(x) - 1, 160)
    z = np.array([np.interp(fine, np.arange(len(x)), row) for row in z])
    z = np.array([np.interp(fine, np.arange(len(y)), column) for column in z.T]).T
    if "through_x" in values:
        z = np.interp(z, values["through_x"], values["through_y"])
    low, middle, high = (mark.style[name] for name in ("low", "middle", "high"))
    shade = np.where(z < middle, (z - middle) / (middle - low), (z - middle) / (high - middle))
    extent = (panel.x.low, panel.x.high, panel.y.low, panel.y.high)
    axes.imshow(
        shade,
        origin="lower",
        extent=extent,
        aspect="auto",
        cmap=_HEAT,
        vmin=-1,
        vmax=1,
        zorder=rest[-1]["zorder"],
    )


def _contour(axes: Axes, mark: Mark, values: dict[str, np.ndarray], panel: Panel, *rest: Any) -> None:
    x, y, z = _grid(panel, values["z"])
    stroke = _stroke(mark)
    if z.min() < mark.style["level"] < z.max():
        axes.contour(
            x,
            y,
            z,
            [mark.style["level"]],
            colors=stroke["color"],
            linestyles=[stroke["linestyle"]],
            **rest[-1],
        )
    axes.plot([], [], **stroke)  # a contour has no entry in the legend of its own


def _shades(mark: Mark, z: np.ndarray, most: float) -> np.ndarray:
    """The colours of a matrix, as scene.js mixes them: red, green, blue and strength, 0 … 1."""
    low, high = mark.style["low"], mark.style["high"]
    shades = np.zeros((*z.shape, 4))
    if mark.style["palette"] == "grey":
        shades[..., :3] = np.clip((z - low) / (high - low), 0, 1)[..., None]
        shades[..., 3] = 1
    elif mark.style["palette"] == "diverging":
        shades[..., :3] = np.where(z[..., None] >= 0, (213, 94, 0), (0, 114, 178)) / np.array(255.0)
        shades[..., 3] = most * np.minimum(np.where(z >= 0, z / high, z / low), 1)
    shades[np.isnan(z)] = 0
    return shades


def _image(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any, most: float = 0.9) -> None:
    left, right, bottom, top = _extent(axes, mark, values)
    if np.isfinite([left, top]).all():
        shades = np.nan_to_num(_shades(mark, values["z"], most))
        where: dict[str, Any] = {
            "origin": "upper",
            "extent": (left, right, bottom, top),
            "aspect": axes.get_aspect(),
        }
        axes.imshow(shades, interpolation="nearest", **where, **rest[-1])


def _extent(axes: Axes, mark: Mark, values: dict[str, np.ndarray]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a matrix, its first row on top whichever way y goes."""
    (x,), (y,) = values["x"], values["y"]
    rows, columns = values["z"].shape
    width, height = mark.style["cell"]
    return x, x + columns * width, y + rows * height * (1 if axes.yaxis_inverted() else -1), y


def _cells(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    _image(axes, mark, values, *rest, most=0.55)
    left, _, bottom, top = _extent(axes, mark, values)
    width, height = mark.style["cell"]
    down = np.sign(bottom - top) * height
    for (row, column), value in np.ndenumerate(values["z"]):
        x, y = left + column * width, top + row * down
        axes.add_patch(
            Rectangle((x, y), width, down, fill=False, edgecolor=_COLORS["faint"], lw=0.7, **rest[-1])
        )
        if np.isfinite(value):
            dark = mark.style["palette"] == "grey" and value < (mark.style["low"] + mark.style["high"]) / 2
            number = write(float(value), mark.style["format"])
            color = "white" if dark else _COLORS["ink"]
            middle: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
            axes.text(x + width / 2, y + down / 2, number, color=color, clip_on=True, **middle, **rest[-1])


def _box(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    stroke = _stroke(mark) | {"linewidth": 2}
    paper: dict[str, Any] = {"facecolor": "white" if mark.style["paper"] else "none"}
    color = stroke.pop("color")
    for x, y, width, height in np.broadcast(*(values[part] for part in ("x", "y", "width", "height"))):
        if np.isfinite([x, y, width, height]).all():
            axes.add_patch(Rectangle((x, y), width, height, edgecolor=color, **paper, **stroke, **rest[-1]))
            stroke["label"] = None


def _handle(axes: Axes, mark: Mark, values: dict[str, np.ndarray], *rest: Any) -> None:
    color = _COLORS[mark.style["color"]]
    look: dict[str, Any] = {"marker": "o", "markersize": 11, "markerfacecolor": "none", "markeredgewidth": 2}
    axes.plot(values["x"], values["y"], ls="none", color=color, label=mark.style["label"], **look, **rest[-1])


_MARKS: dict[str, Callable[..., None]] = {
    "line": _line,
    "points": _points,
    "arrow": _arrow,
    "bars": _bars,
    "band": _band,
    "rule": _rule,
    "text": _text,
    "heat": _heat,
    "contour": _contour,
    "image": _image,
    "cells": _cells,
    "box": _box,
    "handle": _handle,
}
