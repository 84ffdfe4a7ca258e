"""What does λ do? A polynomial of degree 9 through ten points, with a price on its weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Array, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

LAMBDAS = np.logspace(-15, 2, 69)
POWERS = np.arange(1, 10)
CURVE = np.linspace(0, 1, 161)
CALM = 100  # the largest weight of a curve that is called calm
# The ten points of Bishop's figure 1.2, and a hundred more from the same curve with noise of the same size.
TEN_X = np.arange(10) / 9
TEN_Y = np.array(
    [0.349486, 0.830839, 1.007332, 0.971507, 0.133066, 0.166823, -0.848307, -0.445686, -0.563567, 0.261502]
)


def kept_back() -> tuple[np.ndarray, np.ndarray]:
    """A hundred examples that no polynomial is fitted to: the validation set."""
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, 100)
    return x, np.sin(2 * np.pi * x) + 0.3 * rng.normal(size=100)


def polynomial(ridge_fit: Callable | None = None) -> Explorable:
    """Show a polynomial, its weights, and its errors on ten examples and on a hundred that were kept back.

    Parameters
    ----------
    ridge_fit
        Your own `ridge_fit(X, y, lam)`, which returns w and b; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(lam=1e-4)` is the same picture for print.

    Examples
    --------
    >>> from byhand import explore
    >>> round(explore.polynomial().value["lam"], 16)
    1e-15
    """
    from byhand.reference.regularization.penalties import ridge_fit as reference

    right = _fits(reference)
    weights, note = right, None
    if ridge_fit is not None and ridge_fit is not reference:
        weights, note = _own_or_reference(ridge_fit, right)
    scene = Scene(
        "What does λ do to a curve that wiggles?",
        "A polynomial of degree 9 is laid through ten examples, and large weights cost λ Σ w². Turn λ to where the "
        "error on a hundred kept-back examples is smallest. Predict: does the curve still go through the ten?",
    )
    scene.predict(
        ["yes, through all ten", "no, it passes beside them"],
        answer=1,
        because="The ten examples hold noise. A curve that goes through all of them has learned the noise, too; the "
        "best one for new examples gives up being right about these.",
    )
    scene.notes = [note] if note else []
    lam = scene.slider("lam", "λ, the price of the weights", LAMBDAS, start=1e-15, spec=".2g", play=True)
    _curve(scene, lam, weights, right if note else None)
    errors = _errors(scene, lam, weights)
    _words(scene, lam, weights, *errors)
    scene.notice = [
        "At the left the curve goes through every example, and swings wildly between them. Its weights go up to a "
        "million, with changing signs: they cancel each other at the ten points, and nowhere else.",
        "The error on the ten examples only rises with λ: it would always vote for λ = 0. Only examples that were "
        "kept back can choose.",
        "λ turns smoothly, and prices every weight by its size. At the right end all nine are almost 0, and the curve "
        "can hardly bend.",
    ]
    return Explorable(scene)


def _powers(x: np.ndarray) -> np.ndarray:
    return x[:, np.newaxis] ** POWERS


def _fits(fit: Callable) -> np.ndarray:
    """For each λ: b, and then the nine weights."""
    rows = []
    for lam in LAMBDAS:
        parts: list = []

        def weights(*given: object, parts: list = parts) -> object:
            parts.extend(fit(*given))
            return parts[0]

        weights.__name__ = name_of(fit)
        w = call(weights, (9,), _powers(TEN_X), TEN_Y.copy(), float(lam))
        rows.append(np.append(call(lambda parts=parts: parts[1], ()), w))
    return np.array(rows)


def _values(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Each λ's polynomial at the points x."""
    return weights @ np.column_stack([np.ones(len(x)), _powers(x)]).T


def _own_or_reference(own: Callable, right: np.ndarray) -> tuple[np.ndarray, str | None]:
    """Curves are compared, not weights: where weights are huge, rounding is large in them and small in the curve."""
    name = f"Your {name_of(own)}"
    try:
        given = _fits(own)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    usual = LAMBDAS > 1e-10  # below, solving the plain equations loses digits, which is no mistake of yours
    mine, theirs = (_values(weights, CURVE)[usual] for weights in (given, right))
    wrong = np.argwhere(~(close(mine, theirs) | (np.abs(mine - theirs) < 1e-3)))
    if not len(wrong):
        return given, None
    at = tuple(wrong[len(wrong) // 2])
    where = (
        f"with λ = {write(LAMBDAS[usual][at[0]], '.2g')}, it gives {write(mine[at])}, not {write(theirs[at])}"
    )
    return (
        given,
        f"{name} differs from the reference, which is dotted: at x = {write(CURVE[at[1]])}, {where}.",
    )


def _curve(scene: Scene, lam: Slider, weights: np.ndarray, reference: np.ndarray | None) -> None:
    panel = scene.panel("The curve", x=Axis("x", 0, 1), y=Axis("y", -1.6, 1.6))
    panel.line(CURVE, np.sin(2 * np.pi * CURVE), color="faint", dash="dash", label="the curve behind")
    if reference is not None:
        panel.line(CURVE, Frames(_values(reference, CURVE), lam), color="ink", dash="dot", label="reference")
    panel.line(CURVE, Frames(_values(weights, CURVE), lam), color="vermillion", label="degree 9")
    panel.points(Array(TEN_X), Array(TEN_Y), color="blue", label="ten examples")


def _errors(scene: Scene, lam: Slider, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    new_x, new_y = kept_back()
    training = np.sqrt(np.mean((_values(weights, TEN_X) - TEN_Y) ** 2, axis=1))
    validation = np.sqrt(np.mean((_values(weights, new_x) - new_y) ** 2, axis=1))
    panel = scene.panel(
        "Its errors, for the λ so far (root mean square)",
        x=Axis("λ", LAMBDAS[0], LAMBDAS[-1], log=True),
        y=Axis("error", 0, 1.6),
    )
    panel.rule(x=lam, color="faint", dash="dot")
    for errors, color, dash, shape, label in (
        (training, "blue", "solid", "disc", "ten examples"),
        (validation, "vermillion", "dash", "square", "100 kept back"),
    ):
        panel.line(LAMBDAS, Array(errors).only(lam.visited()), color=color, dash=dash, label=label)
        panel.points(lam, Frames(errors, lam), color=color, shape=shape)
    return training, validation


def _words(
    scene: Scene, lam: Slider, weights: np.ndarray, training: np.ndarray, validation: np.ndarray
) -> None:
    at = {
        "lam": lam,
        "training": Frames(training, lam),
        "validation": Frames(validation, lam),
        "largest": Frames(np.abs(weights[:, 1:]).max(axis=1), lam),
    }
    scene.say(
        "At λ = {lam:.2g} the error is {training:.3g} on the ten examples and {validation:.3g} on others.",
        **at,
    )
    best = int(np.argmin(np.nan_to_num(validation, nan=np.inf)))
    near = validation <= 1.15 * validation[best]
    calm = np.abs(weights[:, 1:]).max(axis=1) < CALM
    state = np.where(near, np.where(calm, 2, 1), np.where(np.arange(len(LAMBDAS)) < best, 0, 3))
    scene.say(
        "The weights are too cheap: the curve repeats its examples and is wrong between them.",
        "The error on others is near its smallest already, but the weights are still large: the curve bends more than "
        "the examples ask for.",
        "This is near the best: the curve is calm and follows the examples.",
        "The weights are too expensive: the curve can hardly bend.",
        pick=Frames(state, lam),
    )
    scene.reading("error on ten examples", "{training:.3g}", **at)
    scene.reading("error on 100 kept back", "{validation:.3g}", **at)
    scene.reading("largest weight", "{largest:.3g}", **at)
    scene.column("power of x", Array(POWERS), ".0f")
    scene.column("weight", Frames(weights[:, 1:], lam), ".4g")
