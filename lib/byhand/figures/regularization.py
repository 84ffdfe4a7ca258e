"""What cells of chapter 07 share: wrong labels, a small network and its training, the trial of the remedies, and plots.

All that learns here is made of the learner's own functions, as far as they pass: `mine`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from byhand import data, mine

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, VERMILLION = "#0072B2", "#D55E00"
Params = dict[str, NDArray]
Change = Callable[[NDArray, np.random.Generator], NDArray]


def spoil(right_labels: NDArray, count: int, rng: np.random.Generator) -> tuple[NDArray, NDArray]:
    """A copy of the labels in which `count` are wrong, and the places of those."""
    spoiled = right_labels.copy()
    places = rng.permutation(len(right_labels))[:count]
    spoiled[places] = (spoiled[places] + rng.integers(1, 10, count)) % 10
    return spoiled, places


def learn(
    X: NDArray,
    y: NDArray,
    steps: int,
    rng: np.random.Generator,
    look: Callable[[Params], None] | None = None,
    every: int = 10,
) -> Params:
    """Train a network of one hidden layer with Adam. `look` is called with its parameters now and then."""
    params = mine.mlp_init([64, 64, 10], mine.he_init, rng)
    state = dict.fromkeys(params)
    for step in range(steps):
        if look and step % every == 0:
            look(params)
        scores, saved = mine.mlp_forward(X, params)
        _, dscores = mine.cross_entropy_loss(scores, y)
        for name, grad in mine.mlp_backward(dscores, saved).items():
            params[name], state[name] = mine.adam(params[name], grad, state[name], 0.005)
    return params


def answers(X: NDArray, params: Params) -> NDArray:
    """What a network of `learn` says about each image."""
    return mine.mlp_forward(X, params)[0].argmax(axis=1)


def watch_learning(count: int, wrong: int, rng: np.random.Generator) -> dict[str, NDArray]:
    """Train on `count` digits with `wrong` labels, a fifth of them kept back, and look after every fifth of 300 steps.

    Returns the steps, the losses in training and validation, and the share of the test digits that is right.
    """
    digits = _digits()
    pixels, test_pixels = (images.reshape(-1, 64) for images in (digits.train_images, digits.test_images))
    spoiled, _ = spoil(digits.train_labels[:count], wrong, rng)
    X_train, y_train, X_val, y_val = mine.train_validation_split(pixels[:count], spoiled, 0.2, rng)
    seen = []

    def look(params: Params) -> None:
        scores = (mine.mlp_forward(X, params)[0] for X in (X_train, X_val))
        losses = (mine.cross_entropy_loss(one, y)[0] for one, y in zip(scores, (y_train, y_val), strict=True))
        seen.append([*losses, np.mean(answers(test_pixels, params) == digits.test_labels)])

    learn(X_train, y_train, 300, rng, look, every=5)
    training, validation, test = np.array(seen).T
    return {"step": 5 * np.arange(len(seen)), "training": training, "validation": validation, "test": test}


def start(d: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """gamma, beta, running_mean and running_var before the first batch."""
    return np.ones(d), np.zeros(d), np.zeros(d), np.ones(d)


def deep_losses(
    X: NDArray,
    labels: NDArray,
    factor: float,
    normalize: bool,
    seed: int = 0,
    depth: int = 6,
    width: int = 32,
    steps: int = 80,
    lr: float = 0.05,
) -> list[float]:
    """The training loss of a deep network at each step of plain gradient descent."""
    rng = np.random.default_rng(seed)
    sizes = [X.shape[1], *[width] * depth, 10]
    W = [factor * mine.he_init(a, b, rng) for a, b in pairwise(sizes)]
    b, gamma, losses = [np.zeros(m) for m in sizes[1:]], [np.ones(m) for m in sizes[1:]], []
    for _ in range(steps):
        h, saved = X, []
        for layer in range(depth):
            z, kept = h @ W[layer], None
            if normalize:
                z, _, _, kept = mine.batch_norm_forward(z, gamma[layer], b[layer], *start(width)[2:], True)
            else:
                z = z + b[layer]
            saved.append((h, kept, mine.relu(z)))
            h = saved[-1][-1]
        loss, dh = mine.cross_entropy_loss(h @ W[-1] + b[-1], labels)
        losses.append(float(loss))
        db, dW, dh = dh.sum(axis=0), h.T @ dh, dh @ W[-1].T
        W[-1], b[-1] = W[-1] - lr * dW, b[-1] - lr * db
        for layer in reversed(range(depth)):
            inputs, kept, out = saved[layer]
            dz = mine.relu_backward(dh, out)
            db = dz.sum(axis=0)
            if normalize:
                dz, dgamma, db = mine.batch_norm_backward(dz, kept)
                gamma[layer] = gamma[layer] - lr * dgamma
            dW, dh = inputs.T @ dz, dz @ W[layer].T
            W[layer], b[layer] = W[layer] - lr * dW, b[layer] - lr * db
    return losses


def train(
    X: NDArray,
    y: NDArray,
    rng: np.random.Generator,
    l2: float = 0.0,
    p: float = 0.0,
    norm: bool = False,
    change: Change | None = None,
    held_back: tuple[NDArray, NDArray] | None = None,
    steps: int = 100,
    hidden: int = 64,
) -> Callable[[NDArray], NDArray]:
    """Train a network of one hidden layer with the remedies that are asked for; returns a function: images → digits.

    `change` makes other examples of the images at every step. With `held_back` examples the training stops early.
    """
    w: Params = {"W1": mine.he_init(64, hidden, rng), "gamma": np.ones(hidden), "b1": np.zeros(hidden)}
    w |= {"W2": mine.he_init(hidden, 10, rng), "b2": np.zeros(10)}
    w = {name: values.astype(np.float32) for name, values in w.items()}  # single precision: twice as fast
    running: Any = np.zeros(hidden, np.float32), np.ones(hidden, np.float32)
    state, kept = dict.fromkeys(w), []

    def forward(images: NDArray, w: Params, running: Any, train: bool) -> tuple[NDArray, Any, Any]:
        x, saved = images.reshape(-1, 64), None
        z = x @ w["W1"]
        if norm:
            z, *running, saved = mine.batch_norm_forward(z, w["gamma"], w["b1"], *running, train)
        else:
            z = z + w["b1"]
        h = mine.relu(z)
        dropped, mask = mine.dropout_forward(h, p, rng, train)
        return dropped @ w["W2"] + w["b2"], running, (x, saved, h, mask, dropped)

    for step in range(steps):
        scores, running, (x, saved, h, mask, dropped) = forward(
            change(X, rng) if change else X, w, running, True
        )
        _, dscores = mine.cross_entropy_loss(scores, y)
        dz = mine.relu_backward(mine.dropout_backward(dscores @ w["W2"].T, mask), h)
        grads = {"W2": dropped.T @ dscores + mine.l2_penalty(w["W2"], l2)[1], "b2": dscores.sum(axis=0)}
        if norm:
            dz, grads["gamma"], grads["b1"] = mine.batch_norm_backward(dz, saved)
        else:
            grads["b1"] = dz.sum(axis=0)
        grads["W1"] = x.T @ dz + mine.l2_penalty(w["W1"], l2)[1]
        for name, grad in grads.items():
            w[name], state[name] = mine.adam(w[name], grad, state[name], 0.01)
        if held_back is not None and step % 5 == 4:
            loss, _ = mine.cross_entropy_loss(forward(held_back[0], w, running, False)[0], held_back[1])
            kept.append((loss, dict(w), running))
    if kept:
        _, w, running = kept[mine.early_stopping([loss for loss, *_ in kept], patience=6)]
    return lambda images: forward(images, w, running, False)[0].argmax(axis=1)


def one_run(
    seed: int, count: int, wrong: int, stop: bool = False, **remedies: Any
) -> tuple[np.floating, np.floating]:
    """A network of `train` with other digits and other first weights for each seed.

    Returns the share that is right of the `count` training labels, of which `wrong` are spoiled, and that of the test
    digits.
    """
    digits = _digits()
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(digits.train_labels))[:count]
    X = digits.train_images[chosen].astype(np.float32)
    y, _ = spoil(digits.train_labels[chosen], wrong, rng)
    if stop:
        X_train, y_train, *held_back = mine.train_validation_split(X, y, 0.2, rng)
        network = train(X_train, y_train, rng, held_back=tuple(held_back), **remedies)
    else:
        network = train(X, y, rng, **remedies)
    right = network(digits.test_images.astype(np.float32)) == digits.test_labels
    return np.mean(network(X) == y), np.mean(right)


def draw_convnet(rng: np.random.Generator) -> Params:
    """First weights, by He's rule, of chapter 4's network for digits: 8 and 16 kernels, then ten scores."""
    shapes: dict[str, tuple[int, ...]] = {"w1": (8, 1, 3, 3), "w2": (16, 8, 3, 3), "W3": (64, 10)}
    inputs = {"w1": 9, "w2": 72, "W3": 64}
    begun = {name: rng.normal(0, np.sqrt(2 / inputs[name]), shape) for name, shape in shapes.items()}
    return begun | {"b1": np.zeros(8), "b2": np.zeros(16), "b3": np.zeros(10)}


def convnet_answers(images: NDArray, parameters: Params) -> NDArray:
    """What the network of `convnet_loss` says about each image."""
    maps = images[:, np.newaxis]
    for w, b in (("w1", "b1"), ("w2", "b2")):
        maps, _ = mine.conv2d_forward(maps, parameters[w], parameters[b], padding=1)
        maps, _ = mine.max_pool2d_forward(mine.relu(maps), 2)
    return (maps.reshape(len(maps), -1) @ parameters["W3"] + parameters["b3"]).argmax(axis=1)


@cache
def _digits() -> data.Digits:
    return data.digits()


def draw_fit(ax: Axes, ten: Sequence[NDArray], fit: Callable[[NDArray], NDArray], title: str) -> None:
    """The ten points, the curve that they come from, and the curve that was laid through them."""
    x = np.linspace(0, 1, 300)
    ax.plot(x, np.sin(2 * np.pi * x), ":", color="gray", label="the curve behind")
    ax.plot(x, fit(x), color=VERMILLION, label="polynomial")
    ax.plot(*ten, "o", color=BLUE, label="ten examples")
    ax.set(ylim=(-1.6, 1.6), xlabel="x", ylabel="y", title=title)


def draw_errors(ax: Axes, at: NDArray, on_training: NDArray, on_validation: NDArray, **axis: Any) -> None:
    """The errors on the ten examples and on those that were kept back."""
    ax.plot(at, on_training, "o-", color=BLUE, markersize=3, label="ten examples")
    ax.plot(at, on_validation, "s--", color=VERMILLION, markersize=3, label="100 kept back")
    ax.set(ylabel="error", ylim=(0, 1.3), title="error (root mean square)", **axis)
    ax.legend(fontsize=7)


def show_images(rows: Mapping[str, NDArray], titles: Sequence[str] | None = None) -> None:
    """Each row's images side by side, with the row's name at its left and a title over each of the first row."""
    import matplotlib.pyplot as plt

    count = max(map(len, rows.values()))
    _, axes = plt.subplots(
        len(rows), count, figsize=(count, 1.05 * len(rows) + 0.2), squeeze=False, layout="constrained"
    )
    for row, (name, images) in zip(axes, rows.items(), strict=True):
        for ax, image in zip(row, images, strict=True):
            ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
            ax.set(xticks=[], yticks=[])
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for ax, title in zip(axes[0], titles or [], strict=False):
        ax.set_title(title)
    plt.show()


def draw_trial(ax: Axes, results: Mapping[str, NDArray], title: str) -> None:
    """A row a remedy: its mean on the training labels, and on the test digits with a mark for each seed."""
    names = list(results)[::-1]
    for row, name in enumerate(names):
        training, test = results[name].T
        labels = ("training labels", "test digits (| one seed)") if row == 0 else (None, None)
        ax.plot(training.mean(), row, "s", color=BLUE, mfc="white", label=labels[0])
        ax.plot(test, np.full(len(test), row), "|", color="gray")
        ax.plot(test.mean(), row, "o", color=VERMILLION, label=labels[1])
    ax.axvline(results["nothing"][:, 1].mean(), color="gray", linewidth=0.8)
    ax.set(xlabel="share right", title=title, xlim=(0.55, 1.02))
    ax.set_yticks(range(len(names)), names)
