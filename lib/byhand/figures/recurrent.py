"""What cells of chapter 05 share: first weights, Adam, the task of the marked letter, and the plots of losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from byhand import mine

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
Weights = dict[str, NDArray]


def draw_weights(rng: np.random.Generator, D: int, H: int, M: int, gates: int = 1) -> Weights:
    """The weights of a recurrent layer and of a head with M scores, in float32: half the memory, and faster."""

    def draw(*shape: int) -> NDArray:
        return rng.uniform(-1, 1, shape).astype(np.float32) / np.sqrt(np.float32(H))

    zeros = np.zeros(gates * H, np.float32), np.zeros(M, np.float32)
    return {"Wx": draw(D, gates * H), "Wh": draw(H, gates * H), "b": zeros[0], "W": draw(H, M), "c": zeros[1]}


def adam_step(params: Weights, grads: Weights, memory: dict[str, Any], lr: float) -> None:
    """One step of Adam, in place. `memory` is an empty dict at the start."""
    memory["steps"] = steps = memory.get("steps", 0) + 1
    for name, gradient in grads.items():
        mean, square = memory.get(name, (0, 0))
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        memory[name] = mean, square
        params[name] -= lr * (mean / (1 - 0.9**steps)) / (np.sqrt(square / (1 - 0.999**steps)) + 1e-8)


def marked_letters(rng: np.random.Generator, N: int, gap: int) -> tuple[NDArray, NDArray]:
    """N sequences (N, gap + 1, 5), four numbers for the letter and one for the mark; and the marked letters (N,)."""
    letters = rng.integers(0, 4, (N, gap + 1))
    x = np.zeros((N, gap + 1, 5), np.float32)
    x[..., :4] = letters[..., np.newaxis] == np.arange(4)
    x[:, 0, 4] = 1
    return x, letters[:, 0]


def first_weights(rng: np.random.Generator, layer: str, units: int) -> Weights:
    """The weights with which a layer for the marked letter begins; a GRU has a fourth block of biases."""
    params = draw_weights(rng, D=5, H=units, M=4, gates={"RNN": 1, "LSTM": 4, "GRU": 3}[layer])
    if layer == "GRU":
        params["b"] = np.zeros(4 * units, np.float32)
    return params


def train_on_the_gap(
    layer: str,
    seed: int,
    gap: int = 60,
    units: int = 16,
    lr: float = 0.01,
    first: Callable[[Weights, np.random.Generator], None] | None = None,
    most_steps: int = 300,
    functions: tuple[Callable, Callable] | None = None,
) -> tuple[float, list[float]]:
    """Train until the task is solved, or for `most_steps`. Gives the share of right answers, and the losses.

    Parameters
    ----------
    layer : str
        ``"RNN"``, ``"LSTM"`` or ``"GRU"``.
    first : callable, optional
        May change the first weights.
    functions : pair of callables, optional
        The layer's way there and back; without them yours, where they are not far slower than the course's.
    """
    rng = np.random.default_rng(seed)
    params = first_weights(rng, layer, units)
    memory: dict[str, Any] = {}
    losses: list[float] = []
    if first:
        first(params, rng)
    forward, backward = functions or layer_functions(layer)
    loss_of, dense_back, clip = mine.cross_entropy_loss, mine.dense_backward, mine.clip_by_norm

    def answers(x: NDArray) -> tuple[NDArray, NDArray, Any]:
        zeros = np.zeros((len(x), units), np.float32)
        h, *_, cache = forward(x, *[zeros] * (1 + (layer == "LSTM")), params["Wx"], params["Wh"], params["b"])
        return h[:, -1] @ params["W"] + params["c"], h, cache

    while len(losses) < most_steps and not (len(losses) > 30 and max(losses[-30:]) < 0.03):
        x, wanted = marked_letters(rng, 64, gap)
        scores, h, cache = answers(x)
        loss, dscores = loss_of(scores, wanted)
        dh = np.zeros_like(h)
        dh[:, -1], dW, dc = dense_back(dscores, (h[:, -1], params["W"], params["c"]))
        *_, dWx, dWh, db = backward(dh, cache)
        adam_step(params, clip({"Wx": dWx, "Wh": dWh, "b": db, "W": dW, "c": dc}, 1.0), memory, lr)
        losses.append(float(loss))
    x, wanted = marked_letters(np.random.default_rng(1000 + seed), 1000, gap)  # new sequences
    return float(np.mean(answers(x)[0].argmax(axis=1) == wanted)), losses


def layer_functions(layer: str) -> tuple[Callable, Callable]:
    """The way there and back of an RNN or an LSTM: yours, where they are not far slower than the course's."""
    from byhand import quick

    rng = np.random.default_rng(0)
    x, zeros, params = (
        marked_letters(rng, 64, 60)[0],
        np.zeros((64, 16), np.float32),
        first_weights(rng, layer, 16),
    )
    arguments = x, *[zeros] * (1 + (layer == "LSTM")), params["Wx"], params["Wh"], params["b"]
    forward = quick(f"{layer.lower()}_forward", *arguments)
    h, *_, cache = forward(*arguments)
    return forward, quick(f"{layer.lower()}_backward", np.ones_like(h), cache)


def show_losses(runs: Sequence[tuple[str, Sequence[float], str, str]], guessing: float) -> None:
    """Curves of losses, each with its label, color and style, and the loss of guessing."""
    import matplotlib.pyplot as plt

    plt.figure(figsize=(7, 3.4))
    for label, losses, color, style in runs:
        plt.plot(losses, style, color=color, label=label)
    plt.axhline(guessing, color="gray", linewidth=0.8, label="guessing")
    plt.xlabel("step of training")
    plt.ylabel("loss (smaller is better)")
    plt.legend(fontsize=8)
    plt.show()


def filled_up(lines: Sequence[str], characters: str) -> tuple[NDArray, NDArray]:
    """The lines as tokens (N, T), the shorter ones filled up with spaces at the end, and their lengths (N,)."""
    lengths = np.array([len(line) for line in lines])
    token = {character: k for k, character in enumerate(characters)}
    return np.array([[token[one] for one in line.ljust(lengths.max())] for line in lines]), lengths


def first_writer(rng: np.random.Generator, V: int, D: int = 24, H: int = 64) -> Weights:
    """The parameters with which a network that writes begins: embedding, LSTM with open forget gates, and head."""
    drawn = {name: weight.astype(float) for name, weight in draw_weights(rng, D, H, V, gates=4).items()}
    drawn["b"][H : 2 * H] = 1
    return {"E": rng.normal(0, 0.3, size=(V, D)), **drawn}
