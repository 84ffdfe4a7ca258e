"""The way forward through a deep network, against scikit-learn's network and the XOR network of a book."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor

from byhand.reference.activations.assembled import deep_forward
from byhand.reference.activations.elementwise import relu, sigmoid, tanh


@pytest.mark.parametrize(("bend", "name"), [(tanh, "tanh"), (relu, "relu"), (sigmoid, "logistic")])
def test_deep_forward_is_scikit_learns_network(bend, name):
    rng = np.random.default_rng(3)
    x, sizes = rng.normal(size=(7, 4)), (5, 3, 6)
    other = MLPRegressor(hidden_layer_sizes=sizes, activation=name, max_iter=1, random_state=0)
    with pytest.warns(UserWarning, match="converge"):
        other.fit(x, rng.normal(size=7))
    activations = deep_forward(x, other.coefs_[:-1], other.intercepts_[:-1], bend)
    assert [a.shape for a in activations] == [(7, 5), (7, 3), (7, 6)]
    out = activations[-1] @ other.coefs_[-1] + other.intercepts_[-1]
    np.testing.assert_allclose(out[:, 0], other.predict(x), rtol=1e-10)


def test_deep_forward_computes_xor_with_the_weights_of_goodfellow_section_6_1():
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    W, b = [np.ones((2, 2)), np.array([[1], [-2]])], [np.array([0, -1]), np.array([0])]
    hidden, out = deep_forward(corners, W, b, relu)
    assert hidden.tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert out.ravel().tolist() == [0, 1, 1, 0]


def test_deep_forward_of_a_network_is_that_of_its_rest_on_what_its_beginning_gives():
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(3, 4)), [rng.normal(size=(4, 4)) for _ in range(6)]
    b = [rng.normal(size=4) for _ in range(6)]
    whole = deep_forward(x, W, b, tanh)
    beginning = deep_forward(x, W[:2], b[:2], tanh)
    rest = deep_forward(beginning[-1], W[2:], b[2:], tanh)
    np.testing.assert_allclose(whole, [*beginning, *rest])


def test_deep_forward_keeps_its_inputs_and_its_precision():
    x = np.ones((2, 3), dtype=np.float32)
    W, b = [np.ones((3, 3), dtype=np.float32)] * 2, [np.zeros(3, dtype=np.float32)] * 2
    assert {a.dtype for a in deep_forward(x, W, b, np.tanh)} == {np.dtype(np.float32)}
    assert np.all(x == 1)
    assert deep_forward(x, [], [], tanh) == []


@pytest.mark.parametrize(
    ("W", "b", "words"),
    [
        ([np.ones((3, 2))], [], "1 matrices of weights and 0 vectors"),
        ([np.ones((2, 2))], [np.zeros(2)], r"\(1, 3\)"),
        ([np.ones((3, 2)), np.ones((3, 2))], [np.zeros(2)] * 2, r"\(1, 2\)"),
    ],
)
def test_deep_forward_refuses_what_does_not_fit(W, b, words):
    with pytest.raises(ValueError, match=words):
        deep_forward(np.ones((1, 3)), W, b, tanh)
