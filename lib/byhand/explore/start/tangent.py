"""How small should a step be? The slope of a curve by trying, and the two ways in which it goes wrong."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Array, Choice, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, name_of
from byhand.explore.engine.scene import Axis, Scene

X = np.linspace(-2, 2, 41)
CURVE = np.linspace(-2, 2, 201)
STEPS = np.logspace(-16, 0, 65)
TYPES = (np.float64, np.float32)
LEAST_ERROR = 1e-15  # what is smaller is luck; the picture ends there


def tangent(f: Callable | None = None, numerical_derivative: Callable | None = None) -> Explorable:
    """Show a curve, its slope estimated with a step h, and the error of that estimate for every h.

    Parameters
    ----------
    f
        A curve of your own: a function that takes a number from −3 to 3 and gives one. Without it, eˣ.
    numerical_derivative
        Your own `numerical_derivative(f, x, h)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(x=1, h=1e-5)` is the same picture for print.

    Notes
    -----
    x, h and the type of the numbers choose among 41 × 65 × 2 slopes that are computed here. The true slope of
    a curve of your own is found by extrapolating from several steps (Ridders), to about 12 digits.

    References
    ----------
    Press, Teukolsky, Vetterling and Flannery (2007), *Numerical Recipes*, section 5.7.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.tangent().value["x"]
    0.5
    """
    from byhand.reference.start import derivatives

    curve, note = _curve_or_exp(f)
    true = np.exp(X) if curve is np.exp else _true_slopes(curve)
    reference = _slopes(derivatives.numerical_derivative, curve)
    slopes, other = reference, None
    if numerical_derivative is not None and numerical_derivative is not derivatives.numerical_derivative:
        slopes, other = _own_or_reference(numerical_derivative, curve, reference)

    scene = Scene(
        "How small should a step be?",
        "The slope of a curve at x is estimated from two points: h to the right of x, and h to the left. "
        "Predict: with float64, which step h gives the best estimate?",
    )
    scene.predict(
        ["h = 0.1", "h = 0.00001", "the smallest on the slider, 10⁻¹⁶"],
        answer=1,
        because="A long step bends away from the tangent. A very short one drowns in rounding: the two heights "
        "agree in almost all of their 16 digits, and what is left of the difference is mostly noise.",
    )
    scene.notes = [each for each in (note, other) if each]
    kind = scene.choice("numbers", "Numbers", ["float64", "float32"])
    x = scene.slider("x", "x, where", X, start=0.5)
    h = scene.slider("h", "h, the step", STEPS, start=1, spec=".2g")

    slope = Frames(slopes, kind, x, h)
    error = np.maximum(np.abs(slopes - true[:, None]), LEAST_ERROR)
    right = (
        np.maximum(np.abs(reference - true[:, None]), LEAST_ERROR)
        if slopes is not reference and other
        else None
    )
    _draw_curve(scene, "eˣ" if curve is np.exp else "f(x)", curve, x, h, slope, true)
    _draw_errors(scene, kind, x, h, error, right)
    _words(scene, kind, x, h, slope, error, true)
    return Explorable(scene)


def _curve_or_exp(f: Callable | None) -> tuple[Callable, str | None]:
    """The learner's curve, or eˣ, and what to say if it cannot be drawn."""
    if f is None:
        return np.exp, None
    try:
        finite = np.isfinite(_heights(f, np.linspace(-3, 3, 301)))
    except Unusable as problem:
        return np.exp, f"{problem} The curve eˣ is drawn instead."
    if not finite.all():
        return (
            np.exp,
            f"Your {name_of(f)} is not finite everywhere from −3 to 3. The curve eˣ is drawn instead.",
        )
    return f, None


def _heights(f: Callable, points: np.ndarray) -> np.ndarray:
    return np.array([float(call(f, (), point)) for point in points])


def _true_slopes(f: Callable) -> np.ndarray:
    """The slopes of a curve without a formula: central differences, extrapolated to a step of 0."""
    table = [
        (_heights(f, X + step) - _heights(f, X - step)) / (2 * step) for step in 0.1 / 2.0 ** np.arange(6)
    ]
    for order in range(1, len(table)):
        table = [finer + (finer - coarser) / (4.0**order - 1) for coarser, finer in itertools.pairwise(table)]
    return table[0]


def _slopes(numerical_derivative: Callable, f: Callable) -> np.ndarray:
    """The estimates, by type of number, x and h."""
    return np.array(
        [
            [[float(call(numerical_derivative, (), f, kind(x), float(h))) for h in STEPS] for x in X]
            for kind in TYPES
        ]
    )


def _own_or_reference(own: Callable, f: Callable, reference: np.ndarray) -> tuple[np.ndarray, str | None]:
    try:
        slopes = _slopes(own, f)
    except Unusable as problem:
        return reference, f"{problem} The reference is drawn instead."
    # With long steps rounding does not matter: there, two right ways to compute it agree.
    long = np.flatnonzero(STEPS >= 1e-3)
    same = np.isclose(slopes[0][:, long], reference[0][:, long], rtol=1e-6, atol=1e-9)
    if same.all():
        return slopes, None
    row, column = np.argwhere(~same)[-1]
    given, expected = slopes[0, row, long[column]], reference[0, row, long[column]]
    where = f"At x = {write(X[row])} with h = {write(STEPS[long[column]])}"
    numbers = f"{where} it gives {write(given)}, not {write(expected)}."
    return slopes, f"Your {name_of(own)} differs from the reference, which is dotted. {numbers}"


def _draw_curve(
    scene: Scene, name: str, f: Callable, x: Slider, h: Slider, slope: Frames, true: np.ndarray
) -> None:
    heights = _heights(f, CURVE)
    low, high = heights.min(), heights.max()
    room = 0.15 * (high - low) or 1.0
    panel = scene.panel(f"The curve {name}", x=Axis("x", -2, 2), y=Axis(name, low - room, high + room))
    at = Frames(_heights(f, X), x)
    ends = Array([-4.0, 4.0])
    panel.line(CURVE, heights, color="blue", label=name)
    panel.line(ends, at + Frames(true, x) * (ends - x), color="faint", dash="dash", label="the tangent")
    panel.line(ends, at + slope * (ends - x), color="vermillion", width=2, label="slope by two points")
    around = Array([-1.0, 1.0])
    panel.points(x + h * around, (x + h * around).through(CURVE, heights), color="vermillion", shape="square")
    panel.points(x, at, color="blue", size=7)


def _draw_errors(
    scene: Scene, kind: Choice, x: Slider, h: Slider, error: np.ndarray, right: np.ndarray | None
) -> None:
    panel = scene.panel(
        "The error, for the steps so far",
        x=Axis("h", 1e-16, 3, ticks=10.0 ** np.arange(-16, 1, 4), log=True),
        y=Axis("error of the slope", LEAST_ERROR / 10, 100, ticks=10.0 ** np.arange(-15, 1, 5), log=True),
    )
    tried = h.visited()
    if right is not None:
        right_so_far = Frames(right[0], x).only(tried)
        panel.line(STEPS, right_so_far, color="ink", dash="dot", width=1.5, label="reference")
    panel.line(STEPS, Frames(error[0], x).only(tried), color="blue", label="float64")
    panel.line(STEPS, Frames(error[1], x).only(tried), color="green", dash="dash", label="float32")
    panel.rule(x=h, color="faint", dash="dot")
    panel.points(
        h, Frames(error, kind, x, h), color="vermillion", shape="square", size=7, label="at your step"
    )


def _words(
    scene: Scene, kind: Choice, x: Slider, h: Slider, slope: Frames, error: np.ndarray, true: np.ndarray
) -> None:
    at = {
        "kind": kind,
        "x": x,
        "h": h,
        "slope": slope,
        "true": Frames(true, x),
        "error": Frames(error, kind, x, h),
    }
    # Where the two errors are about equal: the cube root of the numbers' precision.
    best = np.array([np.finfo(each).eps ** (1 / 3) for each in TYPES])
    state = (best[:, None] / 3 <= STEPS).astype(int) + (best[:, None] * 3 < STEPS)
    scene.say(
        "In {kind}, two points at a distance of h = {h:.2g} from x = {x:.1f} give the slope {slope:.6g}.",
        **at,
    )
    scene.say("The true slope is {true:.6g}, so the error is {error:.2g}.", **at)
    scene.say(
        "The step is too short: rounding eats the difference.",
        "This is close to the best that can be had.",
        "The step is too long: the curve bends within it.",
        pick=Frames(state, kind, h),
    )
    scene.reading("slope by two points", "{slope:.6g}", **at)
    scene.reading("true slope", "{true:.6g}", **at)
    scene.reading("error", "{error:.2g}", **at)
    rows = np.arange(len(STEPS) - 1, -1, -4)
    tried = h.visited(STEPS[rows])
    scene.column("h", Array(STEPS[rows]).only(tried), ".2g")
    scene.column("error in float64", Frames(error[0][:, rows], x).only(tried), ".2g")
    scene.column("error in float32", Frames(error[1][:, rows], x).only(tried), ".2g")
    scene.notice = [
        "From the right, the error falls along a straight line: a step ten times shorter makes it a hundred "
        "times smaller, because the error of two points on both sides goes with h².",
        "Then it turns. From there on, a step ten times shorter makes it about ten times larger: rounding, divided "
        "by an ever smaller 2h. In float32 it ends flat: there x + h is x itself, and the estimate is 0.",
        "The best step is near the cube root of the precision: about 10⁻⁵ in float64, but 5 × 10⁻³ in float32. "
        "Later chapters check every gradient this way, and this is why they do it in float64 with h = 10⁻⁵.",
    ]
