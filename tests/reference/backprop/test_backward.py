"""Each way back is the slope of its way forward, measured; in both precisions, and at any size."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.activations.elementwise import relu, sigmoid, tanh
from byhand.reference.activations.probabilities import softmax
from byhand.reference.backprop import backward as module
from byhand.reference.backprop.backward import (
    dense_backward,
    relu_backward,
    sigmoid_backward,
    softmax_backward,
    tanh_backward,
)
from byhand.reference.neuron.layers import dense_forward
from byhand.reference.start.derivatives import numerical_gradient

PAIRS = {
    "sigmoid": (sigmoid, sigmoid_backward),
    "tanh": (tanh, tanh_backward),
    "relu": (relu, relu_backward),
    "softmax": (softmax, softmax_backward),
}
every = pytest.mark.parametrize(("forward", "backward"), PAIRS.values(), ids=PAIRS)
RNG = np.random.default_rng(0)


@every
@pytest.mark.parametrize("shape", [(5,), (4, 5), (2, 3, 4)])
def test_the_way_back_is_the_measured_slope(forward, backward, shape):
    x, dout = RNG.normal(0, 2, shape), RNG.normal(size=shape)
    measured = numerical_gradient(lambda v: np.sum(dout * forward(v)), x, 1e-6)
    np.testing.assert_allclose(backward(dout, forward(x)), measured, atol=1e-8)


@pytest.mark.parametrize("position", [0, 1, 2], ids=["x", "W", "b"])
def test_each_gradient_of_a_dense_layer_is_the_measured_slope(position):
    values = [RNG.normal(size=shape) for shape in ((4, 3), (3, 2), (2,))]
    dout = RNG.normal(size=(4, 2))

    def loss(value):
        return np.sum(dout * dense_forward(*values[:position], value, *values[position + 1 :])[0])

    _, cache = dense_forward(*values)
    gradient = dense_backward(dout, cache)[position]
    np.testing.assert_allclose(gradient, numerical_gradient(loss, values[position], 1e-5), atol=1e-8)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_type_is_finite_at_1000_and_leaves_its_inputs_alone(forward, backward, dtype):
    out = forward(np.array([[-1000, -1, 0, 1, 1000]], dtype))
    dout = np.array([[1000, -1000, 1, 2, -1000]], dtype)
    out.flags.writeable = dout.flags.writeable = False
    dx = backward(dout, out)
    assert dx.dtype == dtype and dx.shape == out.shape
    assert np.all(np.isfinite(dx))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_dense_layer_keeps_the_type_and_its_inputs(dtype):
    x, W, b, dout = (RNG.normal(size=s).astype(dtype) for s in ((4, 3), (3, 2), (2,), (4, 2)))
    for array in (x, W, b, dout):
        array.flags.writeable = False
    gradients = dense_backward(dout, dense_forward(x, W, b)[1])
    assert [g.dtype for g in gradients] == [dtype] * 3
    assert [g.shape for g in gradients] == [x.shape, W.shape, b.shape]


@pytest.mark.parametrize("backward", [pair[1] for pair in PAIRS.values()], ids=PAIRS)
def test_no_gradient_comes_out_where_none_went_in(backward):
    assert not backward(np.zeros((2, 3)), RNG.uniform(0.1, 0.9, (2, 3))).any()


@every
def test_twice_the_gradient_of_the_output_is_twice_the_gradient_of_the_input(forward, backward):
    out, dout = forward(RNG.normal(size=(3, 4))), RNG.normal(size=(3, 4))
    np.testing.assert_allclose(backward(2 * dout, out), 2 * backward(dout, out))


def test_gradients_of_a_batch_are_the_sum_over_its_examples():
    x, W, b = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)
    dout = RNG.normal(size=(5, 2))
    _, dW, db = dense_backward(dout, (x, W, b))
    alone = [dense_backward(dout[i : i + 1], (x[i : i + 1], W, b)) for i in range(5)]
    np.testing.assert_allclose(dW, sum(one[1] for one in alone))
    np.testing.assert_allclose(db, sum(one[2] for one in alone))


def test_relu_may_be_given_its_input_or_its_output():
    x, dout = np.array([-2.0, -0.0, 0.0, 3.0]), np.ones(4)
    np.testing.assert_array_equal(relu_backward(dout, x), relu_backward(dout, relu(x)))


def test_relu_stops_what_is_infinite():
    np.testing.assert_array_equal(relu_backward([np.inf, np.inf], [0.0, 1.0]), [0, np.inf])


def test_softmax_hands_back_gradients_that_add_up_to_zero():
    dx = softmax_backward(RNG.normal(size=(4, 5)), softmax(RNG.normal(size=(4, 5))))
    np.testing.assert_allclose(dx.sum(axis=-1), 0, atol=1e-15)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: dense_backward(np.ones((4, 3)), dense_forward(np.ones((4, 3)), np.ones((3, 2)), np.ones(2))[1]),
         r"dout has shape \(4, 3\), but the layer's output has shape \(4, 2\)"),
        (lambda: sigmoid_backward(np.ones(3), np.ones((3, 1))), r"sigmoid_backward: dout has shape \(3,\)"),
        (lambda: tanh_backward(np.ones(3), np.ones(4)), r"out has shape \(4,\)"),
        (lambda: relu_backward(np.ones(3), np.ones(4)), r"relu_backward: dout has shape \(3,\)"),
        (lambda: softmax_backward(1.0, 1.0), "a row of scores"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
