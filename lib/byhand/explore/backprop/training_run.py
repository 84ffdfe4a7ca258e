"""A training run, rewound: the network's boundary and the lines of its hidden neurons, epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from byhand.explore.engine.expressions import Array, Choice, Frames, Slider
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.own import Unusable, call, close, name_of
from byhand.explore.engine.scene import Axis, Scene

PROBLEMS = ("a ring", "XOR")
HIDDEN = (1, 2, 4, 8)
EPOCHS = np.array([0, 1, 2, 4, 6, 10, 15, 20, 30, 40, 60, 80, 100, 130, 160, 200, 250, 300, 400, 500, 600])
RATE = 0.5
SIDE = np.linspace(-2, 2, 25)
GRID = np.stack(np.meshgrid(SIDE, SIDE), axis=-1).reshape(-1, 2)  # rows from bottom to top
FAR = 6.0  # a line is drawn this far to either side; the picture cuts it off


def training_run(mlp_forward: Callable | None = None, mlp_backward: Callable | None = None) -> Explorable:
    """Show how a network with one hidden layer learns to separate two classes in the plane.

    Parameters
    ----------
    mlp_forward, mlp_backward
        Your own functions; without them, the reference.

    Returns
    -------
    Explorable
        Shown by the notebook; `.still(problem="XOR", hidden="4", epoch=100)` is the same picture for print.

    Notes
    -----
    Eight networks are trained here: two problems of 80 points, four numbers of hidden neurons, with tanh, cross-entropy
    and gradient descent on all the points. Of 600 epochs, 21 are kept. The colour is the difference of the two scores.

    Examples
    --------
    >>> from byhand import explore
    >>> explore.training_run().value["hidden"]
    '4'
    """
    from byhand.reference.backprop import networks

    runs, note = _right(), None
    own = (mlp_forward or networks.mlp_forward, mlp_backward or networks.mlp_backward)
    if own != (networks.mlp_forward, networks.mlp_backward):
        runs, note = _own_or_reference(*own)

    scene = Scene(
        "How does a network learn a shape?",
        "Each hidden neuron draws one line. The last layer puts them together. Play the training, or drag it back. "
        "Predict: how many hidden neurons does the ring need?",
    )
    scene.predict(
        ["1 is enough", "2 are enough", "more than 2"],
        answer=2,
        because="One line has two sides, and two lines enclose a strip or a corner that is open somewhere. To close a "
        "shape in the plane takes at least three lines.",
    )
    scene.notes = [note] if note else []
    epoch = scene.slider("epoch", "Epoch", EPOCHS, start=0, spec=".0f", play=True)
    problem = scene.choice("problem", "Problem", list(PROBLEMS))
    hidden = scene.choice("hidden", "Hidden neurons", [str(count) for count in HIDDEN], start=2)

    _draw(scene, runs, problem, hidden, epoch)
    at = {
        "epoch": epoch,
        "hidden": hidden,
        "problem": problem,
        "loss": Frames(runs["loss"], problem, hidden, epoch),
        "right": Frames(runs["right"], problem, hidden, epoch),
    }
    scene.say("The problem is {problem}. Hidden neurons: {hidden}.", **at)
    scene.say("After {epoch:.0f} epochs the loss is {loss:.3f},", **at)
    scene.say("and {right:.0f} of the 80 points lie on their side.", **at)
    scene.say(
        "It has not got it yet.",
        "All are right.",
        pick=Frames((runs["right"] == 80).astype(int), problem, hidden, epoch),
    )
    scene.reading("loss", "{loss:.3f}", **at)
    scene.reading("right", "{right:.0f} of 80", **at)
    scene.column("hidden neurons", np.array(HIDDEN), ".0f")
    scene.column("loss at this epoch", Frames(runs["loss"].transpose(0, 2, 1), problem, epoch), ".3f")
    scene.column("right, of 80", Frames(runs["right"].transpose(0, 2, 1), problem, epoch), ".0f")
    scene.notice = [
        "Watch the lines of the hidden neurons. They all begin through the middle, because the biases begin at 0. Then "
        "they turn and move to where they are needed. Nobody placed them; each follows its own gradient.",
        "The loss often rests for a while before it falls: the lines are moving, but none is in its place yet.",
        "With 2 hidden neurons XOR is solved, and the ring is not: its inside stays open on one side. With 4 and 8 the "
        "boundary closes.",
    ]
    return Explorable(scene)


def _draw(scene: Scene, runs: dict, problem: Choice, hidden: Choice, epoch: Slider) -> None:
    panel = scene.panel("The plane", x=Axis("x₁", -2, 2), y=Axis("x₂", -2, 2), square=True)
    plane = Frames(runs["plane"], problem, hidden, epoch)
    panel.heat(plane, low=-4, middle=0, high=4)
    at = Frames(runs["lines"], problem, hidden, epoch)
    ends = Frames(runs["ends"], problem, hidden, epoch)
    panel.line(at, ends, color="ink", dash="dot", width=1.2, label="a hidden neuron's line")
    panel.contour(plane, color="ink", width=3, label="the network's boundary")
    points, labels = (np.stack(each) for each in zip(*(_problem(name) for name in PROBLEMS), strict=True))
    x1, x2, label = (Frames(each, problem) for each in (points[..., 0], points[..., 1], labels))
    panel.points(x1.only(label), x2, color="vermillion", shape="disc", size=5, label="class 1")
    panel.points(x1.only(1 - label), x2, color="blue", shape="square", size=5, label="class 0")

    panel = scene.panel("The loss", x=Axis("epoch", 0, 600, ticks=range(0, 601, 200)), y=Axis("loss", 0, 1))
    panel.line(EPOCHS, Frames(runs["loss"], problem, hidden), color="blue", label="loss")
    panel.rule(y=float(np.log(2)), color="faint", label="log 2: guessing")
    loss = Frames(runs["loss"], problem, hidden, epoch)
    panel.points(epoch + Array([0.0]), loss, color="vermillion", size=7, label="now")


@cache
def _problem(name: str) -> tuple[np.ndarray, np.ndarray]:
    """80 points and their labels, 0 or 1."""
    rng = np.random.default_rng(4)
    labels = np.arange(80) % 2
    if name == "a ring":
        radius, angle = (
            np.where(labels == 1, 0.5, 1.5) + rng.uniform(-0.3, 0.3, 80),
            rng.uniform(0, 2 * np.pi, 80),
        )
        return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), labels
    signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])[np.arange(80) % 4]
    return signs + rng.uniform(-0.6, 0.6, (80, 2)), labels


@cache
def _right() -> dict[str, np.ndarray]:
    from byhand.reference.backprop.networks import mlp_backward, mlp_forward

    return _train_all(mlp_forward, mlp_backward)


def _train_all(forward: Callable, backward: Callable) -> dict[str, np.ndarray]:
    """All that is shown, by problem, number of hidden neurons, and epoch."""
    shape = (len(PROBLEMS), len(HIDDEN), len(EPOCHS))
    runs = {
        "loss": np.empty(shape),
        "right": np.empty(shape),
        "plane": np.empty((*shape, len(SIDE), len(SIDE))),
        "lines": np.full((*shape, 3 * max(HIDDEN)), np.nan),
        "ends": np.full((*shape, 3 * max(HIDDEN)), np.nan),
    }
    for i, name in enumerate(PROBLEMS):
        for j, count in enumerate(HIDDEN):
            for k, (loss, right, plane, params) in enumerate(
                _train(forward, backward, *_problem(name), count)
            ):
                runs["loss"][i, j, k], runs["right"][i, j, k] = loss, right
                runs["plane"][i, j, k] = plane.reshape(len(SIDE), len(SIDE))
                for unit in range(count):
                    w, b = params["W1"][:, unit], params["b1"][unit]
                    foot, along = -b * w / (w @ w), np.array([-w[1], w[0]]) / np.sqrt(w @ w)
                    here = slice(
                        3 * unit, 3 * unit + 2
                    )  # the third number stays NaN: a gap before the next line
                    both = foot + np.array([[-FAR], [FAR]]) * along
                    runs["lines"][i, j, k, here], runs["ends"][i, j, k, here] = both.T
    return runs


def _train(forward: Callable, backward: Callable, X: np.ndarray, y: np.ndarray, count: int):
    """One run; at each epoch that is kept: loss, how many are right, the plane of score differences, parameters."""
    from byhand.reference.backprop.initialization import mlp_init, xavier_init
    from byhand.reference.backprop.losses import cross_entropy_loss

    params = mlp_init([2, count, 2], xavier_init, np.random.default_rng(1))
    kept = {}

    def scores(points: np.ndarray) -> object:
        given, kept["cache"] = forward(points, params, "tanh")
        return given

    def gradients(dscores: np.ndarray) -> object:
        given = backward(dscores, kept["cache"])
        return np.concatenate([np.ravel(given[name]) for name in params])

    scores.__name__, gradients.__name__ = name_of(forward), name_of(backward)
    size = sum(p.size for p in params.values())
    for epoch in range(EPOCHS[-1] + 1):
        given = call(scores, (len(X), 2), X)
        loss, dscores = cross_entropy_loss(given, y)
        flat = call(gradients, (size,), dscores)
        if epoch in EPOCHS:
            right = np.sum((given[:, 1] > given[:, 0]) == y)
            plane = call(scores, (len(GRID), 2), GRID)
            yield loss, right, np.clip(plane[:, 1] - plane[:, 0], -20, 20), dict(params)
        start = 0
        for name, value in params.items():
            params[name] = value - RATE * flat[start : start + value.size].reshape(value.shape)
            start += value.size


def _own_or_reference(forward: Callable, backward: Callable) -> tuple[dict[str, np.ndarray], str | None]:
    right = _right()
    try:
        with np.errstate(all="ignore"):
            runs = _train_all(forward, backward)
    except Unusable as problem:
        return right, f"{problem} The reference is drawn instead."
    if all(np.isfinite(runs[name]).all() for name in ("loss", "plane")):
        if close(runs["loss"], right["loss"]).all():
            return right, None
        return runs, (
            f"Your {name_of(forward)} and {name_of(backward)} learn something else than the reference: with them, "
            f"{runs['right'][0, 3, -1]:.0f} of 80 points of the ring are right in the end, with eight hidden neurons; "
            f"with the reference {right['right'][0, 3, -1]:.0f}."
        )
    return (
        right,
        f"With your {name_of(forward)} and {name_of(backward)} the loss becomes nan. The reference is drawn instead.",
    )
