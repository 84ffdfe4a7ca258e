"""Chapter 4's small LeNet: what is right in another way passes, what is half right fails and is told why."""

from __future__ import annotations

import numpy as np
import pytest

from byhand.checking.check import check
from byhand.checking.collect import collect, encode_cases
from byhand.checking.verdict import verdict
from byhand.exercises import find
from byhand.reference.convolution import assembled
from byhand.reference.convolution.windows import col2im, im2col


def passes(function, seed, only=None):
    spec = find(function.__name__)
    cases = [case for case in spec.cases([4, seed]) if only is None or case.arguments[-1] in only]
    return verdict(spec, cases, collect(function, encode_cases(cases))).passed


def probabilities(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def by_columns(x, labels, parameters):
    """Pooled before the bend, which is the same, by products of columns."""

    def there(x, w, b):
        N, _, H, W = x.shape
        cols = im2col(x, 3, 3, 1, 1)
        maps = (w.reshape(len(w), -1) @ cols + b[:, None]).reshape(N, len(w), H, W)
        cut = maps[:, :, : H // 2 * 2, : W // 2 * 2].reshape(N, len(w), H // 2, 2, W // 2, 2)
        fours = cut.transpose(0, 1, 2, 4, 3, 5).reshape(N, len(w), H // 2, W // 2, 4)
        return cols, maps.shape, fours.argmax(axis=-1), np.maximum(fours.max(axis=-1), 0)

    def back(dout, x_shape, w, cols, shape, first, out):
        N, F, H, W = shape
        dmaps, (n, f, i, j) = np.zeros(shape), np.indices(dout.shape)
        dmaps[n, f, 2 * i + first // 2, 2 * j + first % 2] = dout * (out > 0)
        rows = dmaps.reshape(N, F, H * W)
        dw = np.einsum("nfp,ncp->fc", rows, cols).reshape(w.shape)
        return col2im(w.reshape(F, -1).T @ rows, x_shape, 3, 3, 1, 1), dw, rows.sum(axis=(0, 2))

    p = parameters
    *one, pool1 = there(x, p["w1"], p["b1"])
    *two, pool2 = there(pool1, p["w2"], p["b2"])
    flat = pool2.reshape(len(x), -1)
    found = probabilities(flat @ p["W3"] + p["b3"])
    here = np.arange(len(x)), labels
    loss = -np.log(found[here]).mean()
    found[here] -= 1
    found /= len(x)
    dpool2 = (found @ p["W3"].T).reshape(pool2.shape)
    dpool1, dw2, db2 = back(dpool2, pool1.shape, p["w2"], *two, pool2)
    _, dw1, db1 = back(dpool1, x.shape, p["w1"], *one, pool1)
    gradients = {"W3": flat.T @ found, "b3": found.sum(axis=0), "w2": dw2, "b2": db2, "w1": dw1, "b1": db1}
    return loss, gradients


def by_loops(x, labels, parameters):
    """One picture after the other, and every number by itself."""

    def there(x, w, b):
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
        maps = np.zeros((len(w), *x.shape[1:]))
        for f, i, j in np.ndindex(*maps.shape):
            maps[f, i, j] = max(np.sum(padded[:, i : i + 3, j : j + 3] * w[f]) + b[f], 0)
        out = np.zeros((len(w), x.shape[1] // 2, x.shape[2] // 2))
        for f, i, j in np.ndindex(*out.shape):
            out[f, i, j] = maps[f, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
        return padded, maps, out

    def back(dout, w, padded, maps):
        dpadded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(len(w))
        for f, i, j in np.ndindex(*dout.shape):
            a, e = divmod(int(maps[f, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].argmax()), 2)
            top, left = 2 * i + a, 2 * j + e
            if maps[f, top, left] > 0:
                dw[f] += dout[f, i, j] * padded[:, top : top + 3, left : left + 3]
                db[f] += dout[f, i, j]
                dpadded[:, top : top + 3, left : left + 3] += dout[f, i, j] * w[f]
        return dpadded[:, 1:-1, 1:-1], dw, db

    p, loss = parameters, 0.0
    gradients = {name: np.zeros(np.shape(array)) for name, array in p.items()}
    for picture, label in zip(x, labels, strict=True):
        *one, pool1 = there(picture, p["w1"], p["b1"])
        *two, pool2 = there(pool1, p["w2"], p["b2"])
        found = probabilities((pool2.ravel() @ p["W3"] + p["b3"])[None])[0]
        loss -= np.log(found[label]) / len(x)
        found[label] -= 1
        found /= len(x)
        dpool1, dw2, db2 = back((p["W3"] @ found).reshape(pool2.shape), p["w2"], *two)
        _, dw1, db1 = back(dpool1, p["w1"], *one)
        new = {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "W3": np.outer(pool2.ravel(), found), "b3": found}
        gradients = {name: gradients[name] + new[name] for name in gradients}
    return loss, gradients


def training(loss_of):
    def train_convnet(x, labels, parameters, lr, steps):
        parameters, losses = {name: array.copy() for name, array in parameters.items()}, []
        for _ in range(steps):
            loss, gradients = loss_of(x, labels, parameters)
            losses.append(loss)
            for name in parameters:
                parameters[name] -= lr * gradients[name]
        return parameters, np.array(losses)

    return train_convnet


@pytest.mark.parametrize("way", [by_columns, by_loops])
def test_other_right_ways_pass_on_fifty_draws(way):
    def convnet_loss(x, labels, parameters):
        return way(x, labels, parameters)

    assert all(passes(convnet_loss, seed) for seed in range(50))


def test_a_training_by_columns_passes_on_fifty_draws():
    assert all(passes(training(by_columns), seed) for seed in range(50))


def test_a_training_by_loops_passes():
    assert all(passes(training(by_loops), seed) for seed in range(2))


def lenet(change):
    """The reference, with its answer changed."""

    def convnet_loss(x, labels, parameters):
        return change(*assembled.convnet_loss(x, labels, parameters))

    return convnet_loss


def trained(change):
    def train_convnet(x, labels, parameters, lr, steps):
        return change(*assembled.train_convnet(x, labels, parameters, lr, steps))

    return train_convnet


def without_bends_on_the_way_back(x, labels, parameters):
    loss, _ = assembled.convnet_loss(x, labels, parameters)
    seen = assembled.relu_backward
    assembled.relu_backward = lambda dout, out: dout
    try:
        return loss, assembled.convnet_loss(x, labels, parameters)[1]
    finally:
        assembled.relu_backward = seen


without_bends_on_the_way_back.__name__ = "convnet_loss"

HALF_RIGHT = {
    "no bends on the way back": (without_bends_on_the_way_back, "convnet_loss/bends-missing-on-the-way-back"),
    "the first layer does not learn": (
        lenet(lambda loss, g: (loss, g | {"w1": 0 * g["w1"], "b1": 0 * g["b1"]})),
        "convnet_loss/first-layer-without-gradient",
    ),
    "losses are not stored": (
        trained(lambda parameters, losses: (parameters, np.zeros(len(losses)))),
        "train_convnet/losses-not-stored",
    ),
    "half the way": (trained(lambda parameters, losses: (parameters, losses[: len(losses) // 2])), None),
    "solved losses without the parameters": (
        trained(lambda parameters, losses: ({name: 0 * one for name, one in parameters.items()}, losses)),
        None,
    ),
}


@pytest.mark.parametrize("function, mistake", HALF_RIGHT.values(), ids=HALF_RIGHT)
def test_half_right_answers_fail_and_are_told_why(function, mistake):
    report = check(function, stop=False)
    assert not report.passed and len(report.headline) > 40
    if mistake:
        assert report.mistake == mistake


def test_the_training_case_is_small():
    """Loops over every number see 40 small digits twenty times: the exercise is made so that this stays short."""
    x, _, start = find("train_convnet").cases(1)[-1].arguments[:3]
    assert (
        x.shape == (40, 1, 4, 4) and start["w1"].shape == (3, 1, 3, 3) and start["w2"].shape == (6, 3, 3, 3)
    )
