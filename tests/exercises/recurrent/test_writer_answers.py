"""The network that writes, as learners write it: every right structure passes, half-right answers are told why."""

from __future__ import annotations

import numpy as np
import pytest

from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.checking.verdict import verdict
from byhand.exercises import find
from byhand.reference.activations.elementwise import sigmoid
from byhand.reference.activations.probabilities import log_softmax, softmax
from byhand.reference.backprop.gradients import clip_by_norm
from byhand.reference.recurrent import assembled
from byhand.reference.recurrent.lstm import lstm_backward, lstm_forward
from byhand.reference.recurrent.lstm_step import lstm_step_backward, lstm_step_forward

SEEDS = range(12)


def passes(name, function, seed):
    spec = find(name)
    cases = spec.cases([5, seed])
    return verdict(spec, cases, collect(function, encode_cases(cases))).passed


def loss_token_by_token(parameters, tokens, mask):
    """Plain loops over sequences and steps, with the LSTM's steps."""
    E, Wx, Wh, b, W, c = (parameters[name] for name in assembled.NAMES)
    count, loss = sum(int(m) for row in mask for m in row[1:]), 0.0
    grads = {name: np.zeros_like(parameters[name]) for name in assembled.NAMES}
    for row, real in zip(tokens, mask, strict=True):
        h, cell, caches, blame = np.zeros((1, len(Wh))), np.zeros((1, len(Wh))), [], []
        for t in range(len(row) - 1):
            h, cell, cache = lstm_step_forward(E[row[t]][np.newaxis], h, cell, Wx, Wh, b)
            p = softmax((h @ W + c)[0])
            dscores = np.zeros_like(p)
            if real[t + 1]:
                loss -= np.log(p[row[t + 1]]) / count
                dscores = p / count
                dscores[row[t + 1]] -= 1 / count
            grads["W"] += np.outer(h[0], dscores)
            grads["c"] += dscores
            caches.append(cache)
            blame.append(dscores @ W.T)
        dh, dcell = np.zeros_like(h), np.zeros_like(h)
        for t in range(len(row) - 2, -1, -1):
            dx, dh, dcell, dWx, dWh, db = lstm_step_backward(dh + blame[t], dcell, caches[t])
            grads["E"][row[t]] += dx[0]
            grads["Wx"] += dWx
            grads["Wh"] += dWh
            grads["b"] += db
    return loss, grads


def loss_one_hot(parameters, tokens, mask):
    """One-hot vectors and einsum in place of picking."""
    p = parameters
    hot = np.eye(len(p["E"]))[tokens]
    nothing = np.zeros((len(tokens), len(p["Wh"])))
    h, _, cache = lstm_forward(hot[:, :-1] @ p["E"], nothing, nothing, p["Wx"], p["Wh"], p["b"])
    logs = log_softmax(h @ p["W"] + p["c"])
    weight = mask[:, 1:] / mask[:, 1:].sum()
    loss = -np.einsum("nt,ntv,ntv->", weight, logs, hot[:, 1:])
    d = (np.exp(logs) - hot[:, 1:]) * weight[..., None]
    dx, _, _, dWx, dWh, db = lstm_backward(d @ p["W"].T, cache)
    dE = np.einsum("ntv,ntd->vd", hot[:, :-1], dx)
    return loss, {
        "c": d.sum((0, 1)),
        "W": np.einsum("nth,ntv->hv", h, d),
        "E": dE,
        "Wx": dWx,
        "Wh": dWh,
        "b": db,
    }


def train_with_array_split(parameters, tokens, mask, lr, epochs, batch_size):
    """A norm of its own, a copy that is changed in place, and a while loop."""
    p, losses = {name: np.array(value, float) for name, value in parameters.items()}, []
    for _ in range(epochs):
        start, found = 0, []
        while start < len(tokens):
            loss, grads = loss_one_hot(
                p, tokens[start : start + batch_size], mask[start : start + batch_size]
            )
            norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
            for name, g in grads.items():
                p[name] -= lr * g / max(norm, 1)
            found.append(loss)
            start += batch_size
        losses.append(sum(found) / len(found))
    return p, np.array(losses)


def train_by_loops(parameters, tokens, mask, lr, epochs, batch_size):
    losses, cuts = np.zeros(epochs), range(batch_size, len(tokens), batch_size)
    batches = list(zip(np.split(tokens, cuts), np.split(mask, cuts), strict=True))
    for epoch in range(epochs):
        for batch, real in batches:
            loss, grads = loss_token_by_token(parameters, batch, real)
            grads = clip_by_norm(grads, 1.0)
            parameters = {name: value - lr * grads[name] for name, value in parameters.items()}
            losses[epoch] += loss
    return parameters, losses / len(batches)


def write_in_two_loops(parameters, start, length, temperature, rng):
    E, Wx, Wh, b, W, c = (parameters[name] for name in assembled.NAMES)
    h = cell = np.zeros((1, len(Wh)))
    for token in start:
        h, cell, _ = lstm_step_forward(E[token : token + 1], h, cell, Wx, Wh, b)
    drawn = []
    while len(drawn) < length:
        scores = (h @ W + c).ravel()
        drawn.append(int(rng.choice(len(scores), p=softmax(scores / temperature))))
        h, cell, _ = lstm_step_forward(E[drawn[-1]][np.newaxis], h, cell, Wx, Wh, b)
    return np.concatenate([start, np.array(drawn, dtype=int)])


def write_with_an_lstm_of_its_own(parameters, start, length, temperature, rng):
    E, Wx, Wh, b, W, c = (parameters[name] for name in assembled.NAMES)
    units, answer = len(Wh), np.empty(len(start) + length, int)
    answer[: len(start)] = start
    h, cell = np.zeros(units), np.zeros(units)
    for t in range(1, len(answer)):
        a = E[answer[t - 1]] @ Wx + h @ Wh + b
        i, f, o = (sigmoid(a[k * units : (k + 1) * units]) for k in (0, 1, 3))
        cell = f * cell + i * np.tanh(a[2 * units : 3 * units])
        h = o * np.tanh(cell)
        if t >= len(start):
            answer[t] = rng.choice(len(c), p=softmax((h @ W + c) / temperature))
    return answer


RIGHT = [
    ("character_loss", loss_token_by_token),
    ("character_loss", loss_one_hot),
    ("train_writer", train_with_array_split),
    ("train_writer", train_by_loops),
    ("write", write_in_two_loops),
    ("write", write_with_an_lstm_of_its_own),
]


@pytest.mark.parametrize(("name", "function"), RIGHT, ids=[one.__name__ for _, one in RIGHT])
def test_a_right_answer_of_another_structure_passes_on_every_draw(name, function):
    assert [seed for seed in SEEDS if not passes(name, function, seed)] == []


def fills_counted(parameters, tokens, mask):
    return loss_one_hot(parameters, tokens, np.ones_like(mask))


def mask_of_what_is_read(parameters, tokens, mask):
    return loss_one_hot(parameters, tokens, np.hstack([mask[:, :1], mask[:, :-1]]))


def head_alone(parameters, tokens, mask):
    loss, grads = loss_one_hot(parameters, tokens, mask)
    return loss, {name: g if name in "Wc" else np.zeros_like(g) for name, g in grads.items()}


def gradients_of_the_sum(parameters, tokens, mask):
    loss, grads = loss_one_hot(parameters, tokens, mask)
    return loss, {name: g * mask[:, 1:].sum() for name, g in grads.items()}


def repeated_tokens_lost(parameters, tokens, mask):
    loss, grads = loss_one_hot(parameters, tokens, mask)
    p, read = parameters, tokens[:, :-1]
    nothing = np.zeros((len(tokens), len(p["Wh"])))
    h, _, cache = lstm_forward(p["E"][read], nothing, nothing, p["Wx"], p["Wh"], p["b"])
    hot, real = np.eye(len(p["E"]))[tokens[:, 1:]], mask[:, 1:]
    d = (softmax(h @ p["W"] + p["c"]) - hot) * (real / real.sum())[..., None]
    dE = np.zeros_like(p["E"])
    dE[read] += lstm_backward(d @ p["W"].T, cache)[0]
    return loss, {**grads, "E": dE}


def never_clipped(parameters, tokens, mask, lr, epochs, batch_size):
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        found = []
        for start in range(0, len(tokens), batch_size):
            loss, grads = loss_one_hot(
                parameters, tokens[start : start + batch_size], mask[start : start + batch_size]
            )
            parameters = {name: parameters[name] - lr * grads[name] for name in parameters}
            found.append(loss)
        losses[epoch] = np.mean(found)
    return parameters, losses


def losses_invented(parameters, tokens, mask, lr, epochs, batch_size):
    trained, losses = train_by_loops(parameters, tokens, mask, lr, epochs, batch_size)
    return trained, losses * 0.5


def reads_the_last_of_the_start(parameters, start, length, temperature, rng):
    written = write_in_two_loops(parameters, start[-1:], length, temperature, rng)
    return np.concatenate([start[:-1], written])


def forgets_its_cell(parameters, start, length, temperature, rng):
    E, Wx, Wh, b, W, c = (parameters[name] for name in assembled.NAMES)
    h, written = np.zeros((1, len(Wh))), list(start)
    for t in range(len(start) + length - 1):
        h, _, _ = lstm_step_forward(E[[written[t]]], h, np.zeros_like(h), Wx, Wh, b)
        if t + 1 == len(written):
            written.append(rng.choice(len(c), p=softmax((h @ W + c)[0] / temperature)))
    return np.array(written)


def takes_the_likeliest(parameters, start, length, temperature, rng):
    return write_in_two_loops(parameters, start, length, 1e-6, rng)


HALF_RIGHT = [
    ("character_loss", fills_counted, "mask-unused"),
    ("character_loss", mask_of_what_is_read, "mask-of-the-token-read"),
    ("character_loss", head_alone, "head-learns-alone"),
    ("character_loss", gradients_of_the_sum, "gradient-not-divided"),
    ("character_loss", repeated_tokens_lost, "last-use-of-a-token"),
    ("train_writer", never_clipped, "not-clipped"),
    ("train_writer", losses_invented, None),
    ("write", reads_the_last_of_the_start, "start-not-read"),
    ("write", forgets_its_cell, "cell-forgotten"),
    ("write", takes_the_likeliest, "largest-taken"),
]


@pytest.mark.parametrize(
    ("name", "function", "why"), HALF_RIGHT, ids=[one.__name__ for _, one, _ in HALF_RIGHT]
)
def test_a_half_right_answer_fails_and_is_told_why(name, function, why):
    assert [seed for seed in SEEDS if passes(name, function, seed)] == []
    spec = find(name)
    cases = spec.cases([5, 0])
    report = judge(spec, cases, collect(function, encode_cases(cases)))
    assert report.mistake == (why and f"{name}/{why}") and report.headline
