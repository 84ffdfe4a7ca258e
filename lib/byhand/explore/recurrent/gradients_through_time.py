"""How far back does the gradient reach? Its norm, step by step, under the spectral radius of Wh."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from byhand.explore.engine.captions import LEAST, write
from byhand.explore.engine.expressions import Control, Frames
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

RADII = np.arange(0.5, 1.501, 0.05).round(2)
BACK = np.arange(151)
UNITS, SEQUENCES = 32, 4
KINDS = {"linear": 0.0, "tanh, small inputs": 0.1, "tanh, large inputs": 2.0}  # and the size of the inputs
TINY, HUGE = 1e-6, 1e6


def gradients_through_time(gradient_norms_through_time: Callable | None = None) -> Explorable:
    """Show what is left of the gradient of the last state at every step back, and by what each step multiplies it.

    Parameters
    ----------
    gradient_norms_through_time
        Your own `gradient_norms_through_time(dh, cache)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(radius=1.2, units="linear", back=60)` is the same picture for print.

    Notes
    -----
    A layer of 32 units reads 4 sequences of 151 steps. Wh is drawn once and scaled, so that its largest eigenvalue
    has the size that the slider says. Units are linear where the inputs are 0: then all states are 0, and the slope
    of tanh is 1.

    References
    ----------
    R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", 2013.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.gradients_through_time().value["radius"]
    0.7
    """
    right = _right()
    left, note = right, None
    if gradient_norms_through_time is not None:
        left, note = _own_or_reference(gradient_norms_through_time, right)

    scene = Scene(
        "How far back does the gradient reach?",
        "The loss depends on the last state only, and its gradient goes back in time. The spectral radius of Wh is the "
        "stretch of a step in the long run. Predict: the units are linear and the radius is 0.9. After about how many "
        "steps back is less than a millionth of the gradient left?",
    )
    scene.predict(
        ["about 15", "about 130", "never"],
        answer=1,
        because="0.9 multiplied by itself 130 times is about 0.000001. With a radius of 0.5 it takes only 20 steps.",
    )
    scene.notes = [note] if note else []
    radius = scene.slider("radius", "Spectral radius of Wh", RADII, start=0.7, spec=".2f")
    back = scene.slider("back", "Steps back", BACK, start=20, spec=".0f", play=True)
    units = scene.choice("units", "Units", list(KINDS))
    by = units, radius
    _norms(scene, by, back, left, right)
    _factors(scene, by, back, left, right)
    _words(scene, by, back, left)
    rows = np.array([1, 2, 5, 10, 20, 50, 100, 150])
    scene.column("steps back", rows, ".0f")
    scene.column("left of the gradient", Frames(_visible(left)[..., rows], *by), ".3g")
    scene.column("multiplied so far, per step", Frames(_mean_factor(left)[..., rows], *by), ".3g")
    scene.notice = [
        "With linear units the line is straight, and only the radius decides: below 1 the gradient vanishes, above 1 "
        "it explodes. Only close to 1 does it reach far back.",
        "The two directions are not alike: a gradient that explodes can be cut, but what has vanished is gone.",
        "With tanh the states go towards −1 and 1 when the radius or the inputs are large. There the slope of tanh is "
        "small, and even a radius of 1.5 may end in a gradient that vanishes.",
        "The first steps may be larger or smaller than the radius says: the gradient has not yet turned into the "
        "direction that Wh stretches most.",
    ]
    return Explorable(scene)


@cache
def _drawn() -> tuple[np.ndarray, ...]:
    """Inputs, Wx, Wh with spectral radius 1, and the gradient of the last state, whose norm is 1."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(SEQUENCES, len(BACK), 4))
    Wx = rng.normal(size=(4, UNITS)) / 2
    Wh = rng.normal(size=(UNITS, UNITS))
    last = rng.normal(size=(SEQUENCES, UNITS))
    return x, Wx, Wh / np.abs(np.linalg.eigvals(Wh)).max(), last / np.linalg.norm(last)


@cache
def _caches() -> list[tuple]:
    """What `rnn_forward` keeps, for every kind of units and every radius."""
    from byhand.reference.recurrent.rnn import rnn_forward

    x, Wx, Wh, _ = _drawn()
    h0, b = np.zeros((SEQUENCES, UNITS)), np.zeros(UNITS)
    return [rnn_forward(x * size, h0, Wx, Wh * radius, b)[1] for size in KINDS.values() for radius in RADII]


def _measure(function: Callable) -> np.ndarray:
    """The norms by kind of units, radius and steps back: the last state first."""
    norms = []
    for kept in _caches():
        copies = tuple(np.copy(part) for part in kept)
        norms.append(call(function, (len(BACK),), _drawn()[3].copy(), copies)[::-1])
    return np.reshape(norms, (len(KINDS), len(RADII), len(BACK)))


@cache
def _right() -> np.ndarray:
    from byhand.reference.recurrent.rnn import gradient_norms_through_time

    return _measure(gradient_norms_through_time)


def _own_or_reference(own: Callable, right: np.ndarray) -> tuple[np.ndarray, str | None]:
    try:
        left = _measure(own)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    # To be compared as shares of the right norm: many of them are tiny.
    wrong = np.argwhere(~close(left / right, np.ones_like(right)))
    if not len(wrong):
        return right, None
    kind, radius, back = min(wrong, key=lambda at: at[2])
    numbers = f"{write(left[kind, radius, back])}, not {write(right[kind, radius, back])}"
    return left, (
        f"Your {name_of(own)} differs from the reference, which is dotted. {list(KINDS)[kind].capitalize()} units, "
        f"radius {write(RADII[radius], '.2f')}, {back} steps back: it gives {numbers}."
    )


def _visible(norms: np.ndarray) -> np.ndarray:
    """In float32 the smallest would become 0, which they are not."""
    return np.where((norms > 0) & (norms < LEAST), LEAST / 2, norms)


def _factor(norms: np.ndarray) -> np.ndarray:
    """By what each step back multiplies the norm; the first entry is the step from the last state."""
    with np.errstate(all="ignore"):
        return norms[..., 1:] / norms[..., :-1]


def _mean_factor(norms: np.ndarray) -> np.ndarray:
    """The same factor at every step so far would have led to the same norm."""
    with np.errstate(all="ignore"):
        return np.exp(np.log(norms / norms[..., :1]) / np.maximum(BACK, 1))


def _norms(scene: Scene, by: tuple[Control, ...], back: Control, left: np.ndarray, right: np.ndarray) -> None:
    panel = scene.panel(
        "What is left of the gradient",
        x=Axis("steps back", 0, 150, ticks=range(0, 151, 30)),
        y=Axis("norm of the gradient", 1e-12, 1e12, ticks=10.0 ** np.arange(-12, 13, 6), log=True),
    )
    panel.rule(y=HUGE, color="ink", dash="dash", width=1, label="a million and a millionth")
    panel.rule(y=TINY, color="ink", dash="dash", width=1)
    if left is not right:
        panel.line(BACK, Frames(_visible(right), *by), color="ink", dash="dot", label="reference")
    panel.line(BACK, Frames(_visible(left), *by), color="blue", label="gradient")
    panel.points(
        back,
        Frames(_visible(left), *by, back),
        color="vermillion",
        shape="square",
        size=7,
        label="at your step",
    )


def _factors(
    scene: Scene, by: tuple[Control, ...], back: Control, left: np.ndarray, right: np.ndarray
) -> None:
    panel = scene.panel(
        "By what each step back multiplies it",
        x=Axis("steps back", 0, 150, ticks=range(0, 151, 30)),
        y=Axis("factor", 0, 2),
    )
    panel.rule(y=1.0, color="ink", dash="solid", width=1, label="1: it stays as it is")
    if left is not right:
        panel.line(
            BACK[1:], Frames(_factor(right), *by), color="ink", dash="dot", width=1.5, label="reference"
        )
    panel.line(BACK[1:], Frames(_factor(left), *by), color="blue", width=1.5, label="this step")
    panel.rule(y=by[1], color="vermillion", dash="dash", label="the radius")
    panel.rule(x=back, color="faint", dash="dot")


def _words(scene: Scene, by: tuple[Control, ...], back: Control, left: np.ndarray) -> None:
    units, radius = by
    stretch = np.linalg.svd(_drawn()[2], compute_uv=False)[0]
    crossed, first = _crossing(left)
    at = {
        "units": units,
        "radius": radius,
        "back": back,
        "left": Frames(_visible(left), *by, back),
        "first": Frames(first, *by),
        "stretch": radius * stretch,
    }
    scene.say("Units: {units}. The radius is {radius:.2f}.", **at)
    scene.say("After going back {back:.0f} steps, {left:.2g} of the gradient is left.", **at)
    verdicts = (
        "It vanishes: below a millionth from step {first:.0f} on.",
        "In 150 steps it neither falls below a millionth nor rises above a million.",
        "It explodes: above a million from step {first:.0f} on.",
    )
    scene.say(*verdicts, pick=Frames(crossed, *by), **at)
    scene.reading("left of the gradient", "{left:.2g}", **at)
    scene.reading(
        "the first bound that it passes",
        "10⁻⁶ at step {first:.0f}",
        "none",
        "10⁶ at step {first:.0f}",
        pick=Frames(crossed, *by),
        **at,
    )
    scene.reading("spectral radius", "{radius:.2f}", **at)
    scene.reading("largest singular value", "{stretch:.2f}", **at)


def _crossing(norms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which bound is passed first (0 the lower, 1 none, 2 the upper), and after how many steps."""
    outside = (norms < TINY) | (norms > HUGE)
    first = np.argmax(outside, axis=-1)
    there = np.take_along_axis(norms, first[..., None], axis=-1)[..., 0]
    return np.where(there < TINY, 0, np.where(there > HUGE, 2, 1)), first
