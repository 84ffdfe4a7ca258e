"""Who finds the way down? Four optimizers from one start, on a landscape with a valley, a saddle and two minima."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Array, Choice, Frames, Slider, Value
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of, weights_of
from byhand.explore.engine.scene import Axis, Panel, Scene

STEPS = np.arange(41)
START_X = np.linspace(-2.1, 2.1, 15)
START_Y = np.linspace(-0.5, 1.6, 8)
SHARES = {"a quarter": 0.25, "as chosen": 1.0, "four times": 4.0}
# name: (what the picture calls it, its usual learning rate here, color, line, symbol)
RACERS: dict[str, tuple[str, float, str, str, str]] = {
    "sgd": ("SGD", 0.1, "ink", "solid", "disc"),
    "momentum": ("Momentum", 0.03, "vermillion", "dash", "square"),
    "rmsprop": ("RMSProp", 0.02, "green", "solid", "triangle"),
    "adam": ("Adam", 0.15, "blue", "dash", "disc"),
}
GONE = 20.0  # further out than that nothing is drawn
THERE = 0.15  # as near as that to a minimum is there
MAP = ((-2.4, 2.4), (-0.8, 1.9))
LEVELS = (-0.15, 0.0, 0.25, 0.45, 0.7, 1.1, 1.8, 3.0, 5.0, 8.0)


def height(x: Any, y: Any) -> Any:
    """The landscape: a valley along y = 0.3 x², in it two hollows, the left one deeper."""
    along, across = x * x - 2.0, y - 0.3 * (x * x)
    return 0.125 * (along * along) + 3.0 * (across * across) + 0.15 * x


def slope(places: np.ndarray) -> np.ndarray:
    """Its gradient, for places of shape (..., 2)."""
    x, y = places[..., 0], places[..., 1]
    across = y - 0.3 * x**2
    return np.stack([0.5 * x * (x**2 - 2) - 3.6 * x * across + 0.15, 6 * across], axis=-1)


def minima() -> np.ndarray:
    """The two lowest points, left and right, one a row."""
    x = np.sort(np.roots([0.5, 0, -1, 0.15]).real)[[0, 2]]  # on y = 0.3 x² only the first two terms are left
    return np.stack([x, 0.3 * x**2], axis=1)


def optimizer_race(*functions: Callable) -> Explorable:
    """Show four optimizers that start at one place, which the learner chooses, and where they get to.

    Parameters
    ----------
    *functions
        Your own functions, in any order: any of `sgd`, `momentum`, `rmsprop` and `adam`. The reference stands in
        for the others.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(x=1.5, y=1.6, step=40)` is the same picture for print.

    Raises
    ------
    ValueError
        If a function has another name: the picture would not know what it is.

    Notes
    -----
    The start, the learning rates and the step choose among 15 × 8 × 3 runs of 40 steps for each optimizer, which
    are computed here, all starts at once. The height is computed in the browser, from the place.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.optimizer_race().value["rates"]
    'as chosen'
    """
    own = {name_of(function): function for function in functions}
    if unknown := sorted(set(own) - set(RACERS)):
        raise ValueError(f"optimizer_race does not know {', '.join(unknown)}; it takes {', '.join(RACERS)}.")

    scene = Scene(
        "Who finds the way down?",
        "Four optimizers start at the same place, each with a learning rate that suits it. The start lies close to a "
        "saddle, where the ground is nearly level. Predict: who leaves the saddle first?",
    )
    scene.predict(
        ["SGD", "Momentum", "RMSProp and Adam"],
        answer=2,
        because="Where the slope is small, SGD takes small steps. RMSProp and Adam divide by the size of the "
        "gradients, so that their steps are about as long on a gentle slope as on a steep one.",
    )
    rates = scene.choice("rates", "Learning rates", list(SHARES), start=1)
    x = scene.slider("x", "Start, from left to right", START_X, start=0.3)
    y = scene.slider("y", "Start, from below to above", START_Y, start=0.1)
    step = scene.slider("step", "Step", STEPS, start=0, spec=".0f", play=True)

    runs, ghosts = {}, {}
    for name in RACERS:
        runs[name], ghosts[name], note = _own_or_reference(name, own.get(name))
        scene.notes += [note] if note else []
    controls = (rates, x, y)
    _map(scene, runs, ghosts, controls, step)
    _heights(scene, runs, controls, step)
    _words(scene, runs, controls, step)
    scene.notice = [
        "Near the saddle SGD and Momentum creep, because the gradient is tiny. RMSProp and Adam are gone after a few "
        "steps.",
        "Drag the start to the upper right corner, and play. Momentum rolls far past the minimum before it comes back: "
        "the overshoot. Adam, which has a momentum too, does the same.",
        "Which minimum is found depends on the start, and from some starts on the optimizer too. Nobody looks for the "
        "deeper one: an optimizer knows only the slope under its feet.",
        "With four times the learning rates SGD is thrown out of the picture, from every start: 0.4 is far above 2/λ "
        "in the deep hollow (0.168) and in the shallow one (0.190). With a quarter of the rates, about six in ten runs "
        "do not arrive in 40 steps.",
    ]
    return Explorable(scene)


def _run(optimizer: Callable) -> np.ndarray:
    """All its places: (learning rates, starts in x, starts in y, steps, 2); NaN once it is out of the picture.

    Raises
    ------
    Unusable
        If it raises an error, or returns no weights.
    """
    starts = np.stack(np.meshgrid(START_X, START_Y, indexing="ij"), axis=-1)
    usual = RACERS[name_of(optimizer)][1]
    runs = []
    for share in SHARES.values():
        w, places, one = starts, [starts], weights_of(optimizer)
        for _ in STEPS[1:]:
            w = call(one, w.shape, w.copy(), slope(w), share * usual)
            with np.errstate(invalid="ignore"):
                w = np.where(np.abs(w).max(axis=-1, keepdims=True) < GONE, w, np.nan)
            places.append(w)
        runs.append(np.stack(places, axis=2))
    return np.array(runs)


def _reference(name: str) -> Callable:
    from byhand.reference.optimizers import adaptive, descent, moments

    return next(getattr(module, name) for module in (descent, adaptive, moments) if hasattr(module, name))


@cache
def _right(name: str) -> np.ndarray:
    """The reference's runs: the same for every picture."""
    return _run(_reference(name))


def _own_or_reference(name: str, own: Callable | None) -> tuple[np.ndarray, np.ndarray | None, str | None]:
    """The runs to draw, the reference's where they differ, and what to say about it."""
    right = _right(name)
    if own is None or own is _reference(name):
        return right, None, None
    try:
        runs = _run(own)
    except Unusable as problem:
        return right, None, f"{problem} The reference is drawn instead."
    same = np.all(close(runs, right), axis=-1)
    if same.all():
        return runs, None, None
    at = 1, _nearest(START_X, 0.3), _nearest(START_Y, 0.1)  # where the picture begins, if it differs there
    if same[at].all():
        at = tuple(np.argwhere(~same.all(axis=-1))[0])
    first = int(np.argmin(same[at]))
    given, wanted = (f"({write(p[0])}, {write(p[1])})" for p in (runs[at][first], right[at][first]))
    start = f"({write(START_X[at[1]], '.1f')}, {write(START_Y[at[2]], '.1f')})"
    numbers = f"From {start}, step {first} leads to {given}, not {wanted}."
    return runs, right, f"Your {name} differs from the reference, which is dotted. {numbers}"


def _nearest(values: np.ndarray, wanted: float) -> int:
    return int(np.argmin(np.abs(values - wanted)))


def _map(scene: Scene, runs: dict, ghosts: dict, controls: tuple, step: Slider) -> None:
    (left, right), (low, high) = MAP
    panel = scene.panel(
        "The landscape from above", x=Axis("weight 1", left, right), y=Axis("weight 2", low, high)
    )
    grid = height(*np.meshgrid(np.linspace(left, right, 81), np.linspace(low, high, 81)))
    for level in LEVELS:
        panel.contour(grid, level=level, color="faint", width=0.7)
    panel.points(*minima().T, color="purple", shape="cross", size=7, label="the two minima")
    for (x, y), text in zip(minima(), ("deep", "shallow"), strict=True):
        panel.text(x, y + 0.14, text)
    seen = step.at_least(STEPS)
    for name, (label, _, color, dash, shape) in RACERS.items():
        if ghosts[name] is not None:
            _path(panel, ghosts[name], controls, seen, color=color, dash="dot", label=f"reference {name}")
        _path(panel, runs[name], controls, seen, color=color, dash=dash)
        places = [Frames(runs[name][..., axis], *controls, step) for axis in (0, 1)]
        panel.points(*places, color=color, shape=shape, size=6, label=label)
    panel.handle(controls[1], controls[2], label="the start", color="orange")


def _path(panel: Panel, run: np.ndarray, controls: tuple, seen: Value, **style: Any) -> None:
    x, y = (Frames(run[..., axis], *controls) for axis in (0, 1))
    panel.line(x.only(seen), y, width=1.5, **style)


def _heights(scene: Scene, runs: dict, controls: tuple, step: Slider) -> None:
    panel = scene.panel("Height, step by step", x=Axis("step", 0, 40), y=Axis("height", -0.5, 3))
    deep, shallow = (float(height(*place)) for place in minima())
    panel.rule(y=deep, color="purple", dash="dash", label="the minima, deep and shallow")
    panel.rule(y=shallow, color="purple", dash="dot")
    for name, (label, _, color, dash, shape) in RACERS.items():
        panel.line(
            Array(STEPS).only(step.at_least(STEPS)),
            _height(runs[name], *controls),
            color=color,
            dash=dash,
            width=2,
            label=label,
        )
        panel.points(step, _height(runs[name], *controls, step), color=color, shape=shape, size=6)


def _arrivals(run: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a run ends (0 deep minimum, 1 shallow, 2 out of the picture, 3 nowhere yet), and from which step on."""
    with np.errstate(invalid="ignore"):
        near = np.array([np.linalg.norm(run - place, axis=-1) < THERE for place in minima()])
    out = np.isnan(run[..., 0])
    ends = np.select([near[0, ..., -1], near[1, ..., -1], out[..., -1]], [0, 1, 2], 3)
    there = near.any(axis=0) | out
    since = np.where(there.all(axis=-1), 0, len(STEPS) - np.argmin(there[..., ::-1], axis=-1))
    return ends, since


def _words(scene: Scene, runs: dict, controls: tuple[Choice, Slider, Slider], step: Slider) -> None:
    rates, x, y = controls
    now = {name: _height(runs[name], *controls, step) for name in RACERS}
    heights = ", ".join(f"{label} {{{name}:.2f}}" for name, (label, *_) in RACERS.items())
    usual = {name: Frames(np.array(list(SHARES.values())) * RACERS[name][1], rates) for name in RACERS}
    named = ", ".join(f"{label} {{{name}:.3f}}" for name, (label, *_) in RACERS.items())
    scene.say(f"The learning rates are: {named}.", **usual)
    scene.say("Start ({x:.1f}, {y:.1f}), step {step:.0f}.", x=x, y=y, step=step)
    scene.say(f"The heights are: {heights}.", **now)
    arrivals = {name: _arrivals(runs[name]) for name in RACERS}
    since = np.array([np.where(ends < 2, since, len(STEPS)) for ends, since in arrivals.values()])
    first, best = since.argmin(axis=0), since.min(axis=0)
    nobody = len(RACERS)
    scene.say(
        *(
            f"The first to stay in a minimum is {label}, from step {{at:.0f}} on."
            for label, *_ in RACERS.values()
        ),
        "None of them has come to stay in a minimum yet.",
        pick=Frames(first - nobody, *controls) * step.at_least(Frames(best, *controls)) + nobody,
        at=Frames(best, *controls),
    )
    for name, (label, *_) in RACERS.items():
        ends, since = arrivals[name]
        scene.reading(f"{label}: height", "{now:.2f}", now=now[name])
        scene.reading(
            f"{label}: there",
            "step {at:.0f}, deep",
            "step {at:.0f}, shallow",
            "out of the picture",
            "not yet",
            pick=Frames(ends - 3, *controls) * step.at_least(Frames(since, *controls)) + 3,
            at=Frames(since, *controls),
        )
    scene.column("step", STEPS[::10], ".0f")
    for name, (label, *_) in RACERS.items():
        scene.column(f"{label}: height", _height(runs[name][..., ::10, :], *controls), ".3f")


def _height(run: np.ndarray, *controls: Choice | Slider) -> Value:
    return height(*(Frames(run[..., axis], *controls) for axis in (0, 1)))
