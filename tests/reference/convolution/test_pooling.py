"""Pooling keeps what it says, and its gradients go where the numbers came from."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.convolution import pooling
from byhand.reference.convolution.pooling import (
    avg_pool2d_backward,
    avg_pool2d_forward,
    flatten_backward,
    flatten_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)
from byhand.reference.start.derivatives import numerical_gradient

RNG = np.random.default_rng(7)
#       x_shape, size, stride: side by side, overlapping, with gaps, sizes that do not divide, one pixel
CASES = [
    ((2, 3, 4, 6), 2, None),
    ((1, 2, 5, 7), 3, 2),
    ((2, 1, 7, 5), 2, 3),
    ((1, 1, 3, 3), 1, None),
    ((2, 2, 3, 5), 3, 1),
]
each_case = pytest.mark.parametrize("case", CASES, ids=str)
POOLS = {
    "max": (max_pool2d_forward, max_pool2d_backward, np.max),
    "avg": (avg_pool2d_forward, avg_pool2d_backward, np.mean),
}
each_pool = pytest.mark.parametrize("pool", POOLS)


@each_pool
@each_case
def test_pooling_is_the_loop_that_a_learner_writes(pool, case):
    forward, _, keep = POOLS[pool]
    x_shape, size, stride = case
    x = RNG.normal(size=x_shape) - 5  # all below zero: a frame of zeros, or a start at 0, would win
    out, _ = forward(x, size, stride)
    step = stride or size
    assert out.shape[2:] == tuple((n - size) // step + 1 for n in x_shape[2:])
    for n, c, i, j in np.ndindex(*out.shape):
        window = x[n, c, i * step : i * step + size, j * step : j * step + size]
        assert out[n, c, i, j] == pytest.approx(keep(window))


@each_pool
@each_case
def test_the_gradient_is_the_measured_slope(pool, case):
    forward, backward, _ = POOLS[pool]
    x_shape, size, stride = case
    x = RNG.permutation(np.prod(x_shape)).reshape(x_shape) / 10  # no two alike, so every slope exists
    out, cache = forward(x, size, stride)
    dout = RNG.normal(size=out.shape)
    slope = numerical_gradient(
        lambda v: float(np.sum(dout * forward(v.reshape(x_shape), size, stride)[0])), x.ravel(), 1e-5
    )
    np.testing.assert_allclose(backward(dout, cache), slope.reshape(x_shape), atol=1e-8)


def test_of_equals_the_first_takes_all():
    x = np.zeros((1, 1, 4, 4))
    dx = max_pool2d_backward(np.arange(1.0, 5).reshape(1, 1, 2, 2), (x, 2, 2))
    np.testing.assert_array_equal(dx[0, 0], [[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]])


def test_a_number_that_wins_in_several_windows_gets_the_sum():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 9
    dx = max_pool2d_backward(np.arange(1.0, 5).reshape(1, 1, 2, 2), (x, 2, 1))
    assert dx[0, 0, 1, 1] == dx.sum() == 10


@each_pool
def test_no_gradient_is_lost_or_made(pool):
    forward, backward, _ = POOLS[pool]
    x = RNG.integers(0, 3, size=(3, 2, 5, 6)).astype(float)  # many ties
    out, cache = forward(x, 2, 1)
    dout = RNG.normal(size=out.shape)
    assert backward(dout, cache).sum() == pytest.approx(dout.sum())


def test_flattening_keeps_each_picture_in_its_row_and_comes_back():
    x = RNG.normal(size=(3, 2, 4, 5))
    out, cache = flatten_forward(x)
    assert out.shape == (3, 40)
    np.testing.assert_array_equal(out[1], x[1].ravel())
    np.testing.assert_array_equal(flatten_backward(out, cache), x)


@each_pool
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_dtype_is_kept_and_inputs_are_left_alone(pool, dtype):
    forward, backward, _ = POOLS[pool]
    x = RNG.normal(size=(2, 2, 5, 5)).astype(dtype)
    x.flags.writeable = False
    out, cache = forward(x, 2)
    dout = np.ones(out.shape, dtype)
    dout.flags.writeable = False
    assert out.dtype == backward(dout, cache).dtype == dtype
    assert flatten_backward(flatten_forward(x)[0], x.shape).dtype == dtype
    assert forward(np.arange(4).reshape(1, 1, 2, 2), 2)[0].dtype == np.float64


X = np.ones((2, 3, 4, 4))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: max_pool2d_forward(X[0], 2), r"max_pool2d_forward: x has shape \(3, 4, 4\)"),
        (lambda: max_pool2d_forward(X, 5), "size is 5"),
        (lambda: avg_pool2d_forward(X, 0), "size is 0"),
        (lambda: avg_pool2d_forward(X, 2, 0), "stride 0"),
        (lambda: max_pool2d_backward(X, (X, 2, 2)), r"the pooling gave \(2, 3, 2, 2\)"),
        (lambda: avg_pool2d_backward(X, (X, 2, 1)), r"the pooling gave \(2, 3, 3, 3\)"),
        (lambda: flatten_forward(np.ones(3)), r"x has shape \(3,\)"),
        (lambda: flatten_backward(np.ones((2, 5)), (2, 1, 2, 2)), r"the pictures had \(2, 1, 2, 2\)"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(pooling)
    assert result.attempted and not result.failed
