"""How far does one number see? What it sees of the layer below, and of the one below that, down to the pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.convolution.kernel_editor import photograph
from byhand.explore.engine.expressions import Control, Frames
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene, words

DEPTHS, KERNELS = np.arange(1, 5), np.arange(1, 6)
KINDS = ["stride 1", "stride 2", "stride 1, pooling between"]
MOST = 2 * DEPTHS[-1] - 1  # layers, the poolings counted
MIDDLE, REACH = (
    43.5,
    35,
)  # of the row of pixels in the first sheet: its column, and how far it goes on either side
TOP, BOTTOM = 1.5, 21.5  # the rows of the last layer and of the pixels


def receptive_field_growth(receptive_field: Callable | None = None) -> Explorable:
    """Show which pixels one number of the last layer sees, and through which numbers of the layers between.

    Parameters
    ----------
    receptive_field
        Your own `receptive_field(layers)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(depth=3, kernel=5)` is the same picture for print.

    Notes
    -----
    Nothing here is computed by the formula: what is seen is followed down from the last layer, number by number.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.receptive_field_growth().value["depth"]
    2.0
    """
    from byhand.reference.convolution.sizes import receptive_field as reference

    counted, note = _table(reference), None
    if receptive_field is not None and receptive_field is not reference:
        try:
            own = _table(receptive_field)
            if not close(own, counted).all():
                note = (
                    f"Your {name_of(receptive_field)} differs from what the picture shows: see its reading."
                )
            counted = own
        except Unusable as problem:
            note = f"{problem} The reference counts instead."

    scene = Scene(
        "How far does one number see?",
        "A number of the last layer is made from a few numbers of the layer below, and these from a few numbers "
        "below them. Predict: three layers, each with kernel 3 and stride 2. How many pixels in a row does it see?",
    )
    scene.predict(
        ["7", "9", "15"],
        answer=2,
        because="It sees 3 numbers of the layer below. Each stride 2 doubles the distance between neighbours: the "
        "three layers add 2 · 1, 2 · 2 and 2 · 4 to the one pixel, 15 in all. With stride 1 it would be 7.",
    )
    scene.notes = [note] if note else []
    depth = scene.slider("depth", "Convolution layers", DEPTHS, start=2, spec=".0f", play=True)
    kernel = scene.slider("kernel", "Kernel", KERNELS, start=5, spec=".0f")
    kind = scene.choice("kind", "Layers with", KINDS)
    scene.preset("LeNet-5", depth=3, kernel=5, kind=KINDS[2])
    scene.preset("three times 3, as VGG", depth=3, kernel=3, kind=KINDS[0])
    by = depth, kernel, kind

    traced = _traced()
    _pyramid(scene, by, traced)
    _photograph(scene, by, traced)
    _growth(scene, by, traced["views"])

    views, last = traced["views"], _last(traced["views"])
    at = {
        "depth": depth,
        "kernel": kernel,
        "kind": kind,
        "view": Frames(last, *by),
        "square": Frames(last**2, *by),
        "step": Frames(_last(traced["steps"]), *by),
        "own": Frames(counted, *by),
    }
    scene.say("Layers: {depth:.0f}, kernel {kernel:.0f}, {kind}.", **at)
    scene.say(
        "One number of the last layer sees {view:.0f} pixels in a row, and {view:.0f} × {view:.0f} = {square:.0f} in "
        "the picture.",
        **at,
    )
    scene.say("The field of its neighbour is as wide, and lies {step:.0f} further on.", **at)
    scene.reading("pixels in a row", "{view:.0f}", **at)
    scene.reading("receptive_field says", "{own:.4g}", **at)
    scene.reading("step of the last layer", "{step:.0f}", **at)
    scene.column("layer, poolings counted", Frames(views * 0 + np.arange(1, MOST + 1), *by), ".0f")
    scene.column("kernel", Frames(traced["kernels"], *by), ".0f")
    scene.column("stride", Frames(traced["strides"], *by), ".0f")
    scene.column("pixels that it sees", Frames(views, *by), ".0f")
    scene.column("its step in pixels", Frames(traced["steps"], *by), ".0f")
    scene.notice = [
        "With stride 1 each layer adds the same: kernel 3 adds 2 pixels, one on either side. The field grows in a "
        "straight line.",
        "Stride 2 and pooling make the step twice as long. From there on, every layer adds twice as much.",
        "Two layers of 3 see as far as one layer of 5. Try it: depth 2 and kernel 3, then depth 1 and kernel 5.",
        "LeNet's last convolution sees 32 pixels: the whole picture that it was shown.",
    ]
    return Explorable(scene)


def _layers(depth: int, kernel: int, kind: int) -> list[tuple[int, int]]:
    """(kernel, stride) of every layer, from the first to the last."""
    layers = [(kernel, 2 if kind == 1 else 1)] * depth
    return [each for layer in layers for each in (layer, (2, 2))][:-1] if kind == 2 else layers


def _table(function: Callable) -> np.ndarray:
    """What the function says for every setting."""
    shape = len(DEPTHS), len(KERNELS), len(KINDS)
    sizes = [
        float(call(function, (), _layers(int(DEPTHS[i]), int(KERNELS[j]), k)))
        for i, j, k in np.ndindex(shape)
    ]
    return np.reshape(sizes, shape)


def _followed(layers: list[tuple[int, int]]) -> list[np.ndarray]:
    """The places in every layer that number 0 of the last one is made from; first those among the pixels."""
    seen = [np.array([0])]
    for kernel, stride in reversed(layers):
        seen.append(np.unique(seen[-1][:, None] * stride + np.arange(kernel)))
    return seen[::-1]


def _traced() -> dict[str, np.ndarray]:
    """For every setting: the seen numbers as (x, y) in the sheet, the lines between them, and sizes by layer."""
    found: dict[str, list[list[float]]] = {}
    for depth, kernel, kind in np.ndindex(len(DEPTHS), len(KERNELS), len(KINDS)):
        for name, numbers in _one(_layers(int(DEPTHS[depth]), int(KERNELS[kernel]), kind), kind).items():
            found.setdefault(name, []).append(numbers)
    shape = len(DEPTHS), len(KERNELS), len(KINDS)
    packed = {}
    for name, rows in found.items():
        longest = max(map(len, rows))
        padded = [[*row, *[np.nan] * (longest - len(row))] for row in rows]
        packed[name] = np.reshape(padded, (*shape, longest))
    return packed


def _one(layers: list[tuple[int, int]], kind: int) -> dict[str, list[float]]:
    """The same for one setting."""
    seen = _followed(layers)
    views, steps = [1], [1]  # of the pixels themselves
    for number, (_, stride) in enumerate(layers, start=1):
        views.append(int(np.ptp(_followed(layers[:number])[0])) + 1)
        steps.append(steps[-1] * stride)
    rows = BOTTOM - np.arange(len(seen)) * (BOTTOM - TOP) / len(layers)
    shift = MIDDLE - (views[-1] - 1) / 2

    def x_of(level: int, places: np.ndarray) -> np.ndarray:
        """A number stands above the middle of what it sees."""
        return places * steps[level] + (views[level] - 1) / 2 + shift

    every = np.arange(-REACH, REACH) + (
        0 if views[-1] % 2 else 0.5
    )  # the pixels, from the middle of the field
    unseen = every[np.abs(every) > views[-1] / 2] + MIDDLE
    one: dict[str, list[float]] = {"pixel_x": [*x_of(0, seen[0])], "unseen_x": [*unseen]}
    for group in ("conv_x", "conv_y", "pool_x", "pool_y", "line_x", "line_y"):
        one[group] = []
    for level, (kernel, stride) in enumerate(layers, start=1):
        group = "pool" if kind == 2 and level % 2 == 0 else "conv"
        one[f"{group}_x"] += [*x_of(level, seen[level])]
        one[f"{group}_y"] += [rows[level]] * len(seen[level])
        for place in np.unique(seen[level][[0, -1]]):  # lines from the outermost two are enough
            for below in place * stride + np.arange(kernel):
                one["line_x"] += [float(x_of(level, place)), float(x_of(level - 1, below)), np.nan]
                one["line_y"] += [rows[level], rows[level - 1], np.nan]
    gone = [np.nan] * (MOST - len(layers))
    one["rows"] = [*rows, *[BOTTOM] * len(gone)]
    one["views"], one["steps"] = [*views[1:], *gone], [*steps[1:], *gone]
    one["kernels"], one["strides"] = ([*part, *gone] for part in zip(*layers, strict=True))
    return one


def _last(by_layer: np.ndarray) -> np.ndarray:
    """The number of the last layer that there is."""
    return np.nanmax(by_layer, axis=-1)


def _pyramid(scene: Scene, by: tuple[Control, ...], traced: dict[str, np.ndarray]) -> None:
    sheet = scene.sheet(
        "One number of the last layer (top), and all that it is made from",
        rows=23,
        columns=84,
        wide=True,
        unit=7,
    )

    def values(name: str) -> Frames:
        return Frames(traced[name], *by)

    sheet.line(values("line_x"), values("line_y"), color="faint", width=1)
    for name, color, shape, size, label in (
        ("unseen", "faint", "ring", 2.5, "a pixel that it does not see"),
        ("pixel", "blue", "square", 4, "a pixel that it sees"),
    ):
        heights = np.full(traced[f"{name}_x"].shape[-1], BOTTOM)
        sheet.points(values(f"{name}_x"), heights, color=color, shape=shape, size=size, label=label)
    for name, color, shape, label in (
        ("conv", "vermillion", "disc", "a number of a convolution"),
        ("pool", "green", "triangle", "a number of a pooling"),
    ):
        sheet.points(
            values(f"{name}_x"), values(f"{name}_y"), color=color, shape=shape, size=4.5, label=label
        )
    there = np.isfinite(traced["views"])
    for level in range(MOST + 1):
        row = Frames(traced["rows"][..., level], *by)
        if level == 0:
            sheet.text(0.3, row, "pixels", anchor="start")
            continue
        state = np.where(there[..., level - 1], [1, 1, 3 if level % 2 == 0 else 2], 0)
        pick = Frames(state, *by)
        sheet.text(
            0.3,
            row,
            words("", f"layer {level}", f"layer {(level + 1) // 2}", "pooling", pick=pick),
            anchor="start",
        )
        view = Frames(np.nan_to_num(traced["views"][..., level - 1]), *by)
        says = words("", *["sees {n:.0f}"] * 3, pick=pick, n=view)
        sheet.text(83.7, row, says, anchor="end")


def _photograph(scene: Scene, by: tuple[Control, ...], traced: dict[str, np.ndarray]) -> None:
    photo = photograph()
    height, width = photo.shape
    sheet = scene.sheet("The same field in a photograph", rows=height, columns=height + 8)
    sheet.image(photo, low=0, high=1, x=(height + 8 - width) / 2)
    size, step = _last(traced["views"]), _last(traced["steps"])
    corner, side = Frames((height - size) / 2, *by), Frames(size, *by)
    neighbour = Frames((height - size) / 2 + step, *by)
    sheet.box(neighbour, corner, side, side, color="sky", dash="dash", label="what its neighbour sees")
    sheet.box(corner, corner, side, side, color="vermillion", label="what it sees")


def _growth(scene: Scene, by: tuple[Control, ...], views: np.ndarray) -> None:
    panel = scene.panel(
        "The field with every depth",
        x=Axis("convolution layers", 0.7, 4.3, ticks=DEPTHS),
        y=Axis("pixels in a row", 0, 70),
    )
    depth, kernel, kind = by
    last = _last(views)
    for number, (color, dash) in enumerate((("blue", "solid"), ("purple", "dash"), ("green", "dot"))):
        grown = Frames(last[..., number].T, kernel)
        panel.line(DEPTHS, grown, color=color, dash=dash, label=KINDS[number])
    panel.points(
        depth,
        Frames(last, depth, kernel, kind),
        color="vermillion",
        shape="square",
        size=7,
        label="your layers",
    )
