"""Small pictures of answers that are images or curves: inline SVG, which needs no script, no file and no network."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from byhand.checking import sentences as say
from byhand.checking.render.window import number_text

LEAST_SIDE, MOST_SIDE = 6, 40  # rows and columns that make an image
LEAST_CURVE, MOST_CURVE = 12, 400  # numbers that make a curve
SIDE = 132  # pixels of an image's longer side
WIDTH, HEIGHT, LEFT = 380, 150, 64  # of a curve's plot, and of its numbers
SOLID, DASHED = ("#0072B2", ""), ("#D55E00", ' stroke-dasharray="6 4"')  # Okabe and Ito's blue and vermillion
SHADES = 16  # as many as the eye tells apart; each is one path


def pictures(expected: Any, actual: Any, index: tuple[int, ...] | None, property_: bool = False) -> str:
    """The two answers as pictures beside each other, or over each other; nothing where they are neither.

    Parameters
    ----------
    expected, actual
        The reference's answer and the learner's.
    index : tuple of int, optional
        Where they first differ: of several images, that one is shown.
    property_ : bool
        Whether the expected answer is only one of many that are right. Then no difference is shown.
    """
    ours, theirs = _numbers(expected), _numbers(actual)
    if ours is None or theirs is None or ours.shape != theirs.shape:
        return ""
    if ours.ndim == 1 and LEAST_CURVE <= len(ours) <= MOST_CURVE:
        return _curves(ours, theirs, property_)
    if ours.ndim >= 2 and min(ours.shape[-2:]) >= LEAST_SIDE and max(ours.shape[-2:]) <= MOST_SIDE:
        at = index if index is not None and len(index) == ours.ndim else (0,) * ours.ndim
        return _images(ours[at[:-2]], theirs[at[:-2]], property_)
    return ""


def _numbers(value: Any) -> np.ndarray | None:
    """Its real numbers, at least one of them finite; None if it has none."""
    if isinstance(value, list | tuple) and all(type(item) in (int, float) for item in value):
        value = np.array(value, dtype=float)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        return None
    with np.errstate(over="ignore"):
        value = value.astype(float)
    return value if np.isfinite(value).any() else None


def _images(expected: np.ndarray, actual: np.ndarray, property_: bool) -> str:
    seen = expected[np.isfinite(expected)]
    low, high = float(seen.min()), float(seen.max())
    shown = [
        (say.ONE_RIGHT_ANSWER if property_ else say.EXPECTED, expected, low, high),
        (say.YOURS, actual, low, high),
    ]
    if not property_:
        with np.errstate(all="ignore"):
            gap = actual - expected
        gap[np.isclose(actual, expected, rtol=1e-6, atol=1e-9, equal_nan=True)] = 0
        most = float(np.max(np.abs(gap[np.isfinite(gap)]), initial=0)) or 1.0
        shown.append((say.DIFFERENCE, gap, -most, most))
    return "".join(_image(*each) for each in shown)


def _image(name: str, plane: np.ndarray, low: float, high: float) -> str:
    """Black is `low`, white is `high`; with signs, blue is negative and vermillion positive."""
    rows, columns = plane.shape
    signed = low < 0
    most = max(abs(low), abs(high)) or 1.0
    with np.errstate(all="ignore"):
        share = plane / most if signed else (plane - low) / ((high - low) or 1.0)
        levels = np.round(np.clip(share, -1, 1) * SHADES)
    paths = [
        f'<path d="{_cells(levels == level)}" fill="{_shade(level / SHADES, signed)}"/>'
        for level in np.unique(levels[~np.isnan(levels)])
    ]
    crossed = np.isnan(plane)
    if crossed.any():  # a cross where there is no number
        paths.append(f'<path d="{_crosses(crossed)}" stroke="#D55E00" stroke-width="0.18" fill="none"/>')
    per = SIDE / max(rows, columns)
    span = f"{number_text(-most if signed else low, 3)} … {number_text(most if signed else high, 3)}"
    label = f"{name}, {rows} × {columns}, {span}"
    return (
        f'<figure><figcaption>{escape(name)}</figcaption><svg width="{columns * per:.0f}" height="{rows * per:.0f}" '
        f'viewBox="0 0 {columns} {rows}" preserveAspectRatio="none" shape-rendering="crispEdges" role="img" '
        f'aria-label="{escape(label)}">{"".join(paths)}</svg><div class="span">{escape(span)}</div></figure>'
    )


def _cells(which: np.ndarray) -> str:
    return "".join(f"M{column} {row}h1v1h-1z" for row, column in np.argwhere(which))


def _crosses(which: np.ndarray) -> str:
    return "".join(f"M{column + 0.2} {row + 0.2}l.6 .6m0 -.6l-.6 .6" for row, column in np.argwhere(which))


def _shade(share: float, signed: bool) -> str:
    if not signed:
        return f"rgb({round(255 * share)} {round(255 * share)} {round(255 * share)})"
    end = (213, 94, 0) if share >= 0 else (0, 114, 178)  # Okabe and Ito's vermillion and blue
    return "rgb({} {} {})".format(*(round(255 + (part - 255) * abs(share)) for part in end))


def _curves(expected: np.ndarray, actual: np.ndarray, property_: bool) -> str:
    both = np.concatenate([expected, actual])
    low, high = (float(end(both[np.isfinite(both)])) for end in (np.min, np.max))
    # What is far too large would flatten everything else: the expected curve keeps at least a third.
    seen = expected[np.isfinite(expected)]
    room = 2 * (float(seen.max()) - float(seen.min()) or 1.0)
    low, high = max(low, float(seen.min()) - room), min(high, float(seen.max()) + room)
    high = high if high > low else low + 1.0
    first = say.ONE_RIGHT_ANSWER if property_ else say.EXPECTED
    lines = "".join(
        f'<path d="{_line(numbers, low, high)}" fill="none" stroke="{color}" stroke-width="2.2"{dash}/>'
        for numbers, color, dash in ((expected, *SOLID), (actual, *DASHED))
    )
    numbers = "".join(
        f'<text x="{LEFT - 8}" y="{y}" text-anchor="end">{escape(number_text(value, 3))}</text>'
        for value, y in ((high, 16), (low, HEIGHT))
    )
    ends = "".join(
        f'<text x="{x}" y="{HEIGHT + 18}" text-anchor="{anchor}">{place}</text>'
        for x, anchor, place in ((LEFT, "start", 0), (WIDTH - 8, "end", len(expected) - 1))
    )
    label = " ".join(
        f"{name}: {number_text(curve[0], 3)} … {number_text(curve[-1], 3)}."
        for name, curve in ((first, expected), (say.YOURS, actual))
    )
    legend = " &nbsp; ".join(
        f'<svg width="26" height="10" aria-hidden="true"><path d="M1 5H25" stroke="{color}" stroke-width="2.2"{dash}/>'
        f"</svg> {escape(name)}"
        for name, color, dash in ((first, *SOLID), (say.YOURS, *DASHED))
    )
    return (
        f'<figure><figcaption>{legend}</figcaption><svg width="{WIDTH}" height="{HEIGHT + 24}" role="img" '
        f'aria-label="{escape(label)}"><rect x="{LEFT}" y="6" width="{WIDTH - LEFT - 8}" height="{HEIGHT - 6}" '
        f'fill="none" stroke="currentColor" stroke-opacity="0.35"/>{lines}'
        f'<g fill="currentColor" font-size="12">{numbers}{ends}</g></svg></figure>'
    )


def _line(numbers: np.ndarray, low: float, high: float) -> str:
    """An SVG path; a number that is none makes a gap, one that is too far out runs along the edge."""
    xs = np.linspace(LEFT + 2, WIDTH - 10, len(numbers))
    with np.errstate(invalid="ignore"):
        ys = HEIGHT - 4 - (np.clip(numbers, low, high) - low) / (high - low) * (HEIGHT - 14)
    path, pen = "", "M"
    for x, y in zip(xs, ys, strict=True):
        if np.isnan(y):
            pen = "M"
            continue
        path += f"{pen}{x:.1f} {y:.1f}"
        pen = "L"
    return path
