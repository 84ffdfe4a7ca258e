"""How large is the result? The places of a window along one row of pixels, under stride and padding."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from byhand.explore.engine.expressions import Array, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Scene

PIXELS, KERNELS, STRIDES, PADDINGS = np.arange(5, 13), np.arange(1, 6), np.arange(1, 5), np.arange(4)
MOST = 18  # places: 12 pixels, a padding of 3 on either side, and a window of 1
LANES = KERNELS[-1] + 1


def conv_size(conv_output_size: Callable | None = None) -> Explorable:
    """Show at which places a window stops along a row of pixels, and count them.

    Parameters
    ----------
    conv_output_size
        Your own `conv_output_size(n, kernel, stride, padding)`; without it, the reference.

    Returns
    -------
    Explorable

    Examples
    --------
    >>> from byhand import explore
    >>> explore.conv_size().value["stride"]
    1.0
    """
    from byhand.reference.convolution.sizes import conv_output_size as reference

    right = _table(reference)
    counted, note = right, None
    if conv_output_size is not None and conv_output_size is not reference:
        try:
            counted = _table(conv_output_size)
            if not close(counted, right).all():
                note = (
                    f"Your {name_of(conv_output_size)} differs from what the picture shows: see its reading."
                )
        except Unusable as problem:
            note = f"{problem} The reference counts instead."

    scene = Scene(
        "How large is the result?",
        "A window stops at some places along a row of pixels. Each place gives one number of the result. Predict: 10 "
        "pixels, a window of 3, stride 2, and a padding of 1 on either side. How many places are there?",
    )
    scene.predict(
        ["4", "5", "6"],
        answer=1,
        because="With the padding there are 12 pixels. The window covers 3, so it can move by 9: four steps of 2, and "
        "one pixel is left over. Four steps are five places.",
    )
    scene.notes = [note] if note else []
    n = scene.slider("n", "Pixels", PIXELS, start=8, spec=".0f")
    kernel = scene.slider("kernel", "Kernel", KERNELS, start=3, spec=".0f")
    stride = scene.slider("stride", "Stride", STRIDES, start=1, spec=".0f")
    padding = scene.slider("padding", "Padding", PADDINGS, start=0, spec=".0f")
    settings = n, kernel, stride, padding

    starts = _starts()
    _row(scene, settings, starts)

    size, own = Frames(right, *settings), Frames(counted, *settings)
    rest = (right - 1) * STRIDES[:, None]
    left_over = PIXELS[:, None, None, None] + 2 * PADDINGS - KERNELS[:, None, None] - rest
    scene.say(
        "{n:.0f} pixels, window {kernel:.0f}, stride {stride:.0f}, padding {padding:.0f}: {size:.0f} places. "
        "Pixels left over at the end: {left:.0f}.",
        n=n,
        kernel=kernel,
        stride=stride,
        padding=padding,
        size=size,
        left=Frames(left_over, *settings),
    )
    scene.reading("places", "{size:.0f}", size=size)
    scene.reading("conv_output_size says", "{own:.4g}", own=own)
    scene.column(
        "place", Array(np.arange(1, MOST + 1)).only(Frames(np.nan_to_num(starts * 0 + 1), *settings)), ".0f"
    )
    scene.column("the window begins at pixel (padding counted)", Frames(starts, *settings), ".0f")
    scene.notice = [
        "Stride 1, an odd kernel and half its width as padding, rounded down, keep the size: 3 with 1, 5 with 2.",
        "Stride 2 halves the size, about. Whether a pixel is left over depends on odd and even.",
        "One more pixel does not always give one more place.",
    ]
    return Explorable(scene)


def _row(scene: Scene, settings: tuple[Slider, ...], starts: np.ndarray) -> None:
    """The row of pixels with its padding, and below it the window at each of its places."""
    n, kernel, _, padding = settings
    sheet = scene.sheet(
        "One row of pixels, and the window at each place", rows=LANES + 1.6, columns=MOST, wide=True
    )
    place = np.arange(float(MOST))
    begin, end = PADDINGS, PIXELS[:, None] + PADDINGS  # of the pixels, by their number and the padding
    real = (place >= begin[:, None]) & (place < end[..., None])
    zero = ~real & (place < (end + PADDINGS)[..., None])
    for shown, color, dash, label in (
        (real, "blue", "solid", "pixel"),
        (zero, "faint", "dot", "padding: a 0"),
    ):
        x = Frames(np.where(shown, place + 0.1, np.nan), n, padding)
        sheet.box(x, 0.2, 0.8, 0.8, color=color, dash=dash, label=label)
    # The next window is drawn one lane lower; with as many lanes as the widest window has pixels, and one more, it
    # may begin at the top again without touching the first.
    lanes = 1.5 + place % LANES
    x = Frames(starts + 0.1, *settings)
    sheet.box(x, lanes, kernel - 0.2, 0.6, color="vermillion", label="the window")


def _table(function: Callable) -> np.ndarray:
    """What the function says for every setting of the sliders."""
    sizes = [
        float(call(function, (), int(n), int(k), int(s), int(p))) for n, k, s, p in product(*_all_settings())
    ]
    return np.reshape(sizes, [len(values) for values in _all_settings()])


def _all_settings() -> tuple[np.ndarray, ...]:
    return PIXELS, KERNELS, STRIDES, PADDINGS


def _starts() -> np.ndarray:
    """Where the window begins at each of its places; NaN where there is no such place."""
    starts = np.full([*(len(values) for values in _all_settings()), MOST], np.nan)
    for index in np.ndindex(starts.shape[:-1]):
        n, kernel, stride, padding = (
            int(values[i]) for values, i in zip(_all_settings(), index, strict=True)
        )
        found = range(0, n + 2 * padding - kernel + 1, stride)
        starts[index][: len(found)] = found
    return starts
