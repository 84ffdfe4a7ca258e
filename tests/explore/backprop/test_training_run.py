"""The run in the picture is a real one: what is drawn is what the network says, and a wrong way back shows."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from byhand import explore
from byhand.reference.backprop.initialization import mlp_init, xavier_init
from byhand.reference.backprop.networks import mlp_backward, mlp_forward

module = import_module("byhand.explore.backprop.training_run")


def test_the_first_plane_is_that_of_the_first_parameters():
    params = mlp_init([2, 4, 2], xavier_init, np.random.default_rng(1))
    scores, _ = mlp_forward(module.GRID, params, "tanh")
    plane = module._right()["plane"][0, 2, 0]
    np.testing.assert_allclose(plane.ravel(), scores[:, 1] - scores[:, 0])


def test_a_hidden_neurons_line_is_where_its_sum_is_zero():
    params = mlp_init([2, 8, 2], xavier_init, np.random.default_rng(1))
    runs = module._right()
    x1, x2 = (runs[name][1, 3, 0].reshape(8, 3) for name in ("lines", "ends"))
    for unit in range(8):
        points = np.stack([x1[unit, :2], x2[unit, :2]], axis=1)
        np.testing.assert_allclose(points @ params["W1"][:, unit] + params["b1"][unit], 0, atol=1e-12)
        assert np.isnan(x1[unit, 2])


def test_what_the_picture_claims_about_lines_and_shapes():
    right = module._right()["right"][:, :, -1]
    ring, xor = right
    assert ring[1] < 76 and ring[2] == ring[3] == 80  # two lines enclose nothing
    assert xor[0] < 76 and np.all(xor[1:] == 80)


def test_a_network_that_does_not_pass_its_gradient_on_is_drawn_and_named():
    def lazy_backward(dout, cache):
        grads = mlp_backward(dout, cache)
        return {**grads, "W1": np.zeros_like(grads["W1"]), "b1": np.zeros_like(grads["b1"])}

    explorable = explore.training_run(mlp_forward, lazy_backward)
    assert "lazy_backward learn something else" in explorable.scene.notes[0]


def test_what_cannot_be_drawn_is_replaced_and_said():
    explorable = explore.training_run(lambda x, params, activation: None)
    assert "The reference is drawn instead." in explorable.scene.notes[0]
