"""What does batch norm keep steady, and what does it make depend on the company?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Array, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

FACTORS = np.geomspace(0.25, 4, 33)
LAYERS = np.arange(1, 11)
WIDTH, EXAMPLES = 50, 60
COMPANY = np.linspace(-4, 4, 33)
ONE = 1.0  # the example that is watched
OTHERS = np.linspace(-1.5, 1.5, 7)  # seven others, before their company slider moves them


def batch_norm(batch_norm_forward: Callable | None = None) -> Explorable:
    """Show the numbers behind ten layers with and without batch norm, and one example in changing company.

    Parameters
    ----------
    batch_norm_forward
        Your own `batch_norm_forward(x, gamma, beta, running_mean, running_var, train)`; without it, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(factor=2, company=3)` is the same picture for print.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.batch_norm().value["company"]
    0.0
    """
    from byhand.reference.regularization.normalization import batch_norm_forward as reference

    right = _tabulate(reference)
    shown, note = right, None
    if batch_norm_forward is not None and batch_norm_forward is not reference:
        shown, note = _own_or_reference(batch_norm_forward, right)
    scene = Scene(
        "What does batch norm keep steady, and what does it make depend on the company?",
        "Left: ten ReLU layers, whose weights are all drawn too large or too small by one factor. Right: one example "
        "with the value 1, in a batch with seven others around 0. Predict: the seven move up, to around 4. What does "
        "the one example become in training?",
    )
    scene.predict(
        ["what it was before", "a larger number", "a negative number"],
        answer=2,
        because="The mean of the batch moves up with the seven. It is subtracted, and the one example is now below it.",
    )
    scene.notes = [note] if note else []
    factor = scene.slider("factor", "Weights too large by", FACTORS, start=1, spec=".2f", unit="×")
    company = scene.slider("company", "Mean of the seven others", COMPANY, start=0, spec=".2f")
    plain = _plain_sizes()
    _layers(scene, factor, plain, shown[0], right[0] if note else None)
    _alone(scene, company, shown[1:], right[1:] if note else None)
    at = {
        "factor": factor,
        "plain": Frames(plain[:, -1], factor),
        "normed": Frames(shown[0][:, -1], factor),
        "company": company,
        "train": Frames(shown[1], company),
        "evaluation": Frames(shown[2], company),
    }
    scene.say("Weights {factor:.2f} times as large: behind layer 10 the numbers spread by {plain:.2g}.", **at)
    scene.say("With batch norm it is {normed:.2g}.", **at)
    scene.say(
        "One example with the value 1, and others around {company:.2f}: it becomes {train:.2f} in training and "
        "{evaluation:.2f} in evaluation.",
        **at,
    )
    scene.reading("spread behind layer 10, without", "{plain:.2g}", **at)
    scene.reading("with batch norm", "{normed:.2g}", **at)
    scene.reading("the example in training", "{train:.2f}", **at)
    scene.reading("the example in evaluation", "{evaluation:.2f}", **at)
    scene.column("layer", Array(LAYERS), ".0f")
    scene.column("spread without", Frames(plain, factor), ".3g")
    scene.column("spread with", Frames(shown[0], factor), ".3g")
    scene.notice = [
        "Without batch norm a small factor explodes or vanishes with depth. With it, the factor is divided out again "
        "in every layer: the line does not move.",
        "In training the mean is the batch's own. So one and the same example becomes something else when its company "
        "changes. In evaluation the running averages are fixed, and so is the answer.",
    ]
    return Explorable(scene)


def _weights() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(0, np.sqrt(2 / WIDTH), (WIDTH, WIDTH)) for _ in LAYERS]


def _inputs() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(EXAMPLES, WIDTH))


def _plain_sizes() -> np.ndarray:
    """The standard deviation behind each layer, for each factor; ReLU only passes a factor on."""
    h, sizes = _inputs(), []
    for W in _weights():
        h = np.maximum(h @ W, 0)
        sizes.append(h.std())
    return np.array(sizes) * FACTORS[:, np.newaxis] ** LAYERS


def _tabulate(forward: Callable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sizes behind each layer by factor; then the watched example in training and in evaluation, by company."""

    def out(x: np.ndarray, train: bool) -> np.ndarray:
        d = x.shape[1]

        def first(*given: object) -> object:
            return forward(*given)[0]

        first.__name__ = name_of(forward)
        return call(first, x.shape, x.copy(), np.ones(d), np.zeros(d), np.zeros(d), np.ones(d), train)

    sizes = np.empty((len(FACTORS), len(LAYERS)))
    for row, factor in enumerate(FACTORS):
        h = _inputs()
        for column, W in enumerate(_weights()):
            h = np.maximum(out(h @ (factor * W), True), 0)
            sizes[row, column] = h.std()
    batches = [np.append(ONE, OTHERS + mean)[:, np.newaxis] for mean in COMPANY]
    training, evaluation = (np.array([out(x, train)[0, 0] for x in batches]) for train in (True, False))
    return sizes, training, evaluation


def _own_or_reference(own: Callable, right: tuple) -> tuple[tuple, str | None]:
    name = f"Your {name_of(own)}"
    try:
        given = _tabulate(own)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    places = (
        ("factor", FACTORS, "layers"),
        ("company", COMPANY, "training"),
        ("company", COMPANY, "evaluation"),
    )
    for mine, theirs, (control, values, what) in zip(given, right, places, strict=True):
        wrong = np.argwhere(~close(mine, theirs))
        if len(wrong):
            at = tuple(wrong[0])
            said = f"at {control} {write(float(values[at[0]]), '.2f')} it gives {write(float(mine[at]))}"
            return given, (
                f"{name} differs from the reference, which is dotted ({what}): {said}, not {write(float(theirs[at]))}."
            )
    return given, None


def _layers(
    scene: Scene, factor: Slider, plain: np.ndarray, normed: np.ndarray, reference: np.ndarray | None
) -> None:
    panel = scene.panel(
        "How far the numbers spread behind each layer",
        x=Axis("layer", 1, 10, ticks=range(1, 11)),
        y=Axis("standard deviation", 1e-7, 1e7, ticks=10.0 ** np.arange(-6, 7, 3), log=True),
    )
    panel.line(LAYERS, Frames(plain, factor), color="blue", label="without")
    if reference is not None:
        panel.line(LAYERS, Frames(reference, factor), color="ink", dash="dot", label="reference")
    panel.line(LAYERS, Frames(normed, factor), color="vermillion", dash="dash", label="with batch norm")


def _alone(scene: Scene, company: Slider, own: tuple, reference: tuple | None) -> None:
    panel = scene.panel(
        "One example, value 1, in changing company",
        x=Axis("mean of the seven others", COMPANY[0], COMPANY[-1]),
        y=Axis("what it becomes", -3.2, 3.2),
    )
    panel.rule(x=company, color="faint", dash="dot")
    tried = company.visited()
    if reference is not None:
        for values in reference:
            panel.line(COMPANY, Array(values).only(tried), color="ink", dash="dot")
    for values, color, dash, shape, label in (
        (own[0], "vermillion", "dash", "square", "training"),
        (own[1], "blue", "solid", "disc", "evaluation"),
    ):
        panel.line(COMPANY, Array(values).only(tried), color=color, dash=dash, label=label)
        panel.points(company, Frames(values, company), color=color, shape=shape)
