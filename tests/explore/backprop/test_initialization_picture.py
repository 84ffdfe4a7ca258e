"""The sizes in the picture of the first weights are those of the network, and a wrong way back shows."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from byhand import explore
from byhand.reference.backprop.networks import mlp_backward, mlp_forward

module = import_module("byhand.explore.backprop.initialization")


def column(explorable, label, **where):
    scene = explorable.scene
    return scene.columns[label][0].under(scene.start(**where))


@pytest.mark.parametrize(("kind", "scale"), [("relu", np.sqrt(2)), ("tanh", 1.0), ("sigmoid", 0.5)])
def test_spread_and_gradient_are_those_of_the_network(kind, scale):
    x, dout, weights = module._drawn()
    h = x
    bend = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[
        kind
    ]
    spread = []
    for W in weights[:-1]:
        h = bend(h @ W * scale / np.sqrt(module.WIDTH))
        spread.append(h.std())
    explorable = explore.initialization()
    where = {"activation": kind, "scale": scale}
    np.testing.assert_allclose(column(explorable, "spread of its outputs", **where), spread, rtol=1e-5)
    _, cache = mlp_forward(x, module._params(scale), kind)
    last = np.sqrt(np.mean(mlp_backward(dout, cache)["b10"] ** 2))
    assert column(explorable, "gradient that arrives", **where)[-1] == pytest.approx(last, rel=1e-5)


def test_xaviers_and_hes_scales_can_be_set_exactly():
    scene = explore.initialization().scene
    for wanted in (1.0, np.sqrt(2)):
        scale = scene.controls["scale"]
        assert scale.setting(scale.position(wanted)) == pytest.approx(wanted)


def test_a_way_back_without_activations_is_drawn_and_named():
    def straight_backward(dout, cache):
        outs, params, _ = cache
        return mlp_backward(dout, ([np.ones_like(out) for out in outs], params, "relu"))

    explorable = explore.initialization(mlp_forward, straight_backward)
    assert "straight_backward differs from the reference" in explorable.scene.notes[0]


@pytest.mark.parametrize("wrong", [lambda dout, cache: None, lambda dout, cache: {"W1": 1.0}])
def test_what_cannot_be_drawn_is_replaced_and_said(wrong):
    assert "The reference is drawn instead." in explore.initialization(None, wrong).scene.notes[0]
