"""How long is a step? One weight rolls down a parabola: momentum's overshoot, and the lengths of Adam's steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Choice, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of, weights_of
from byhand.explore.engine.scene import Axis, Scene

STEPS = np.arange(61)
RATES = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0])
BETAS = np.array([0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98])
CURVATURES = np.array([0.01, 0.1, 1.0, 10.0, 100.0])
NAMES = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "adam_without_correction": "Adam without correction",
    "adam": "Adam",
}
MEMORY = {"momentum": "beta", "adam_without_correction": "beta1", "adam": "beta1"}  # which argument β is
GONE = 1e4  # further out than that nothing is drawn
SHORT = 1e-6  # a step shorter than that is drawn as that short


def step_sizes(*functions: Callable) -> Explorable:
    """Show where a weight goes on a parabola, step by step, and how long its steps are.

    Parameters
    ----------
    *functions
        Your own functions, in any order: any of `sgd`, `momentum`, `adam_without_correction` and `adam`. The
        reference stands in for the others.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(optimizer="Momentum", beta=0.95)` is the same picture for print.

    Raises
    ------
    ValueError
        If a function has another name: the picture would not know what it is.

    Notes
    -----
    The optimizer, the learning rate, β and the curvature choose among 4 × 6 × 7 × 5 runs of 60 steps, which are
    computed here. Each starts at w = 1, on the parabola ½ · curvature · w².

    Examples
    --------
    >>> from byhand import explore
    >>> explore.step_sizes().value["optimizer"]
    'Adam'
    """
    own = {name_of(function): function for function in functions}
    if unknown := sorted(set(own) - set(NAMES)):
        raise ValueError(f"step_sizes does not know {', '.join(unknown)}; it takes {', '.join(NAMES)}.")

    scene = Scene(
        "How long is a step?",
        "One weight starts at w = 1 on a parabola whose lowest point is at w = 0. The gradient is the curvature "
        "times w. With lr = 0.1, ten steps of the length lr would lead to 0. Predict: what does Adam do there?",
    )
    scene.predict(
        ["it stops at 0", "it stops before 0", "it rolls past 0"],
        answer=2,
        because="Adam averages its gradients, as Momentum does. When the weight arrives at 0, the average still points "
        "forward.",
    )
    which = scene.choice("optimizer", "Optimiser", list(NAMES.values()))
    lr = scene.slider("lr", "lr, the learning rate", RATES, start=0.1, spec=".3g")
    beta = scene.slider("beta", "β: how much is kept (for Adam, β₁)", BETAS, start=0.9, spec=".2f")
    curvature = scene.slider("curvature", "Curvature of the parabola", CURVATURES, start=1, spec=".2g")
    controls = (which, lr, beta, curvature)

    drawn, right = [], []
    for name in NAMES:
        run, reference, note = _own_or_reference(name, own.get(name))
        drawn.append(run)
        right.append(reference)
        scene.notes += [note] if note else []
    places, lengths = np.array(drawn), _lengths(np.array(drawn))
    _draw(scene, places, lengths, right, controls)
    _words(scene, places, lengths, controls)
    scene.notice = [
        "Momentum, β = 0.9: the weight rolls past 0, far up the other side, and swings. The less is kept (smaller β), "
        "the less it overshoots. With β = 0 it is SGD.",
        "SGD and Momentum depend on the curvature. With lr = 0.1 and β = 0.9 both diverge at 100; at 0.01, in 60 "
        "steps, SGD goes 6 % of the way and Momentum 42 %. Adam takes almost the same path on all of them.",
        "Adam's first step has the length lr. Later it becomes shorter only slowly: with a large lr Adam rolls past 0 "
        "too, because it has a momentum.",
        "Adam without correction: the first step is 3.2 times lr (with β₁ = 0.9), and the next ones are longer still.",
    ]
    return Explorable(scene)


def _run(optimizer: Callable) -> np.ndarray:
    """All its places: (learning rates, betas, curvatures, steps); NaN once it is out of the picture.

    Raises
    ------
    Unusable
        If it raises an error, or returns no weights.
    """
    name = name_of(optimizer)
    runs = np.empty((len(RATES), len(BETAS), len(CURVATURES), len(STEPS)))
    for i, rate in enumerate(RATES):
        for j, kept in enumerate(BETAS):
            w = np.ones(len(CURVATURES))
            settings = {MEMORY[name]: float(kept)} if name in MEMORY else {}
            one = weights_of(optimizer, **settings)
            runs[i, j, :, 0] = w
            for step in STEPS[1:]:
                w = call(one, w.shape, w.copy(), CURVATURES * w, float(rate))
                with np.errstate(invalid="ignore"):
                    w = np.where(np.abs(w) < GONE, w, np.nan)
                runs[i, j, :, step] = w
            if name not in MEMORY:  # β makes no difference
                runs[i] = runs[i, :1]
                break
    return runs


def _reference(name: str) -> Callable:
    from byhand.reference.optimizers import descent, moments

    return getattr(descent, name, None) or getattr(moments, name)


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
    same = close(runs, right, rtol=1e-3, atol=1e-4)  # what rounding becomes where a step leads almost to 0
    if same.all():
        return runs, None, None
    *at, _ = np.argwhere(~same)[0]
    at = tuple(at)
    step = int(np.argmin(same[at]))
    given, wanted = write(runs[at][step]), write(right[at][step])
    setting = f"lr {write(RATES[at[0]])}, β {write(BETAS[at[1]])}, curvature {write(CURVATURES[at[2]])}"
    numbers = f"With {setting}, step {step} leads to {given}, not {wanted}."
    return runs, right, f"Your {name} differs from the reference, which is dotted. {numbers}"


def _lengths(places: np.ndarray) -> np.ndarray:
    """How long each step was, 1 for the first; NaN where it is unknown."""
    return np.maximum(np.abs(np.diff(places, axis=-1)), SHORT)


def _draw(scene: Scene, places: np.ndarray, lengths: np.ndarray, right: list, controls: tuple) -> None:
    way = scene.panel("Where the weight is", x=Axis("step", 0, 60), y=Axis("w", -2, 2))
    size = scene.panel(
        "How long each step is", x=Axis("step", 0, 60), y=Axis("length of the step", SHORT, 100, log=True)
    )
    way.rule(y=0, color="purple", dash="dash", label="the lowest point")
    size.rule(y=controls[1], color="purple", dash="dash", label="lr")
    if any(reference is not None for reference in right):
        empty = np.full(places.shape[1:], np.nan)
        ghosts = np.array([empty if reference is None else reference for reference in right])
        way.line(STEPS, Frames(ghosts, *controls), color="ink", dash="dot", width=2, label="reference")
        size.line(
            STEPS[1:],
            Frames(_lengths(ghosts), *controls),
            color="ink",
            dash="dot",
            width=2,
            label="reference",
        )
    way.line(STEPS, Frames(places, *controls), color="blue", width=1.5)
    way.points(STEPS, Frames(places, *controls), color="blue", size=3, label="the weight")
    size.line(STEPS[1:], Frames(lengths, *controls), color="vermillion", width=1.5)
    size.points(STEPS[1:], Frames(lengths, *controls), color="vermillion", size=3, label="the step")


def _words(
    scene: Scene, places: np.ndarray, lengths: np.ndarray, controls: tuple[Choice, Slider, Slider, Slider]
) -> None:
    which, lr, beta, curvature = controls
    rates = RATES[:, None, None]
    gone = np.isnan(places[..., -1]) | (np.abs(places[..., -1]) > 1.5)
    past = np.maximum(-np.nanmin(places, axis=-1), 0)
    kind = np.where(gone, 2, np.where(past < 1e-9, 0, 1))
    first, longest = lengths[..., 0] / rates, np.fmax.reduce(lengths, axis=-1) / rates
    at = {
        "optimizer": which,
        "curvature": curvature,
        "lr": lr,
        "beta": beta,
        "first": Frames(first, *controls),
        "length": Frames(lengths[..., 0], *controls),
        "longest": Frames(longest, *controls),
        "past": Frames(past, *controls),
    }
    scene.say("{optimizer}, lr {lr:.3g}, β {beta:.2f}, curvature {curvature:.2g}.", **at)
    scene.say("The first step has the length {length:.2g}, which is {first:.2g} times lr.", **at)
    scene.say(
        "The weight comes down on one side.",
        "The weight rolls past the lowest point, to w = −{past:.2g}.",
        "It does not come to rest.",
        pick=Frames(kind, *controls),
        **at,
    )
    scene.reading("first step", "{length:.3g}", **at)
    scene.reading("first step / lr", "{first:.3g}", **at)
    scene.reading("longest step / lr", "{longest:.3g}", **at)
    scene.reading("rolls past 0 by", "{past:.3g}", **at)
    shown = np.array([1, 2, 5, 10, 20, 40, 60])
    scene.column("step", shown, ".0f")
    scene.column("w after it", Frames(places[..., shown], *controls), ".3g")
    scene.column("its length", Frames(lengths[..., shown - 1], *controls), ".3g")
