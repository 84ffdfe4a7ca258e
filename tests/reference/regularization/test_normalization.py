"""What the reference of chapter 7 promises about batch norm and layer norm."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.regularization import normalization as module
from byhand.reference.regularization.normalization import (
    batch_norm_backward,
    batch_norm_forward,
    layer_norm_backward,
    layer_norm_forward,
)
from byhand.reference.start.derivatives import numerical_gradient

RNG = np.random.default_rng(7)
SHAPES = pytest.mark.parametrize("shape", [(6, 3), (4, 3, 2, 5)], ids=["table", "pictures"])


def batch_norm(x, gamma=None, beta=None, mean=None, var=None, train=True, **options):
    """Batch norm with everything but x left at its start."""
    d = np.shape(x)[1]
    start = {"gamma": 1.0, "beta": 0.0, "running_mean": 0.0, "running_var": 1.0}
    given = dict(zip(start, (gamma, beta, mean, var), strict=True))
    filled = [np.full(d, start[name]) if value is None else value for name, value in given.items()]
    return batch_norm_forward(x, *filled, train, **options)


def over_the_batch(x):
    return (0, 2, 3) if np.ndim(x) == 4 else 0


@SHAPES
def test_in_training_each_feature_gets_mean_beta_and_deviation_gamma(shape):
    x, gamma, beta = 5 * RNG.normal(size=shape) + 100, np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.0, 7.0])
    out = batch_norm(x, gamma, beta)[0]
    np.testing.assert_allclose(out.mean(axis=over_the_batch(x)), beta, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=over_the_batch(x)), gamma, rtol=1e-5)


@SHAPES
def test_scaling_and_shifting_a_feature_changes_nothing(shape):
    x = RNG.normal(size=shape)
    np.testing.assert_allclose(batch_norm(1000 * x - 1000, eps=0.0)[0], batch_norm(x, eps=0.0)[0], rtol=1e-9)


@SHAPES
def test_the_running_averages_move_a_little_towards_the_batch(shape):
    x, mean, var = RNG.normal(size=shape), RNG.normal(size=3), RNG.uniform(1, 2, 3)
    _, new_mean, new_var, _ = batch_norm(x, mean=mean, var=var, momentum=0.25)
    axes = over_the_batch(x)
    np.testing.assert_allclose(new_mean, 0.75 * mean + 0.25 * x.mean(axis=axes))
    np.testing.assert_allclose(new_var, 0.75 * var + 0.25 * x.var(axis=axes, ddof=1))


def test_training_does_not_depend_on_the_running_averages():
    x = RNG.normal(size=(6, 3))
    one, other = batch_norm(x)[0], batch_norm(x, mean=RNG.normal(size=3), var=np.full(3, 9.0))[0]
    np.testing.assert_array_equal(one, other)


def test_evaluation_uses_the_running_averages_and_keeps_them():
    x, mean, var = RNG.normal(size=(6, 3)), RNG.normal(size=3), RNG.uniform(1, 2, 3)
    out, same_mean, same_var, _ = batch_norm(x, mean=mean, var=var, train=False)
    np.testing.assert_allclose(out, (x - mean) / np.sqrt(var + 1e-5))
    np.testing.assert_array_equal(same_mean, mean)
    np.testing.assert_array_equal(same_var, var)


def test_evaluation_treats_each_example_alone_and_training_does_not():
    x = RNG.normal(size=(6, 3))
    options = {"mean": np.zeros(3), "var": np.ones(3)}
    alone = batch_norm(x[:1], train=False, **options)[0]
    np.testing.assert_array_equal(batch_norm(x, train=False, **options)[0][:1], alone)
    assert not np.allclose(batch_norm(x)[0][:2], batch_norm(x[:2])[0])


def test_the_running_averages_find_the_mean_and_variance_of_the_data():
    mean, var = np.zeros(2), np.ones(2)
    for _ in range(400):
        x = RNG.normal([3.0, -2.0], [1.0, 5.0], size=(32, 2))
        _, mean, var, _ = batch_norm(x, mean=mean, var=var)
    np.testing.assert_allclose(mean, [3.0, -2.0], atol=1.0)
    np.testing.assert_allclose(var, [1.0, 25.0], rtol=0.3)


def test_pictures_are_normalized_like_a_table_with_a_row_for_each_place():
    x, gamma, beta = RNG.normal(size=(4, 3, 2, 5)), RNG.normal(size=3), RNG.normal(size=3)
    table = x.transpose(0, 2, 3, 1).reshape(-1, 3)
    out, mean, var, _ = batch_norm(x, gamma, beta)
    of_table, its_mean, its_var, _ = batch_norm(table, gamma, beta)
    np.testing.assert_allclose(out.transpose(0, 2, 3, 1).reshape(-1, 3), of_table)
    np.testing.assert_allclose([mean, var], [its_mean, its_var])


@pytest.mark.parametrize("train", [True, False])
@SHAPES
def test_the_way_back_through_batch_norm_is_the_measured_slope(shape, train):
    x, dout = RNG.normal(size=shape), RNG.normal(size=shape)
    values = {"x": x, "gamma": RNG.normal(size=3), "beta": RNG.normal(size=3)}
    running = {"mean": RNG.normal(size=3), "var": RNG.uniform(1, 2, 3), "train": train}
    cache = batch_norm(**values, **running)[-1]
    for name, gradient in zip(values, batch_norm_backward(dout, cache), strict=True):

        def loss(at, name=name):
            return np.sum(dout * batch_norm(**{**values, name: at}, **running)[0])

        measured = numerical_gradient(loss, values[name], 1e-5)
        np.testing.assert_allclose(gradient, measured, rtol=1e-6, atol=1e-8)


@SHAPES
def test_in_training_each_features_gradients_add_up_to_zero(shape):
    x, dout = RNG.normal(size=shape), RNG.normal(size=shape)
    dx, _, _ = batch_norm_backward(dout, batch_norm(x)[-1])
    np.testing.assert_allclose(dx.sum(axis=over_the_batch(x)), 0, atol=1e-12)


def test_layer_norm_gives_each_example_mean_zero_and_deviation_one():
    x = 5 * RNG.normal(size=(4, 6, 50)) + 100
    out, _ = layer_norm_forward(x, np.ones(50), np.zeros(50))
    np.testing.assert_allclose(out.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=-1), 1, rtol=1e-5)


def test_layer_norm_treats_each_example_alone():
    x, gamma, beta = RNG.normal(size=(6, 3)), RNG.normal(size=3), RNG.normal(size=3)
    whole, _ = layer_norm_forward(x, gamma, beta)
    np.testing.assert_allclose(whole[2], layer_norm_forward(x[2], gamma, beta)[0])


def test_layer_norm_is_batch_norm_turned_round():
    x = RNG.normal(size=(6, 6))
    np.testing.assert_allclose(layer_norm_forward(x, np.ones(6), np.zeros(6))[0].T, batch_norm(x.T)[0])


@pytest.mark.parametrize("shape", [(6, 3), (2, 4, 3), (3,)])
def test_the_way_back_through_layer_norm_is_the_measured_slope(shape):
    x, dout = RNG.normal(size=shape), RNG.normal(size=shape)
    values = {"x": x, "gamma": RNG.normal(size=3), "beta": RNG.normal(size=3)}
    _, cache = layer_norm_forward(**values)
    for name, gradient in zip(values, layer_norm_backward(dout, cache), strict=True):

        def loss(at, name=name):
            return np.sum(dout * layer_norm_forward(**{**values, name: at})[0])

        measured = numerical_gradient(loss, values[name], 1e-5)
        np.testing.assert_allclose(gradient, measured, rtol=1e-6, atol=1e-8)


def test_what_does_not_vary_gives_zeros_and_no_warning():
    x = np.full((4, 3), 1000.0)
    np.testing.assert_array_equal(batch_norm(x)[0], np.zeros((4, 3)))
    np.testing.assert_array_equal(layer_norm_forward(x, np.ones(3), np.zeros(3))[0], np.zeros((4, 3)))


def test_single_precision_keeps_its_digits_far_from_zero():
    x = RNG.normal(1000, 1, size=(64, 3, 16, 16))
    single = batch_norm(x.astype(np.float32), *(np.array(v, np.float32) for v in np.ones((4, 3))))
    double = batch_norm(x.astype(np.float32).astype(np.float64), *np.ones((4, 3)))
    np.testing.assert_allclose(single[0], double[0], atol=2e-3)  # x itself has a step of 6e-5
    np.testing.assert_allclose(single[1], double[1], rtol=1e-6)
    np.testing.assert_allclose(single[2], double[2], rtol=1e-4)


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@SHAPES
def test_the_inputs_dtype_is_kept(shape, dtype, train):
    x, vectors = RNG.normal(size=shape).astype(dtype), np.ones((4, 3), dtype)
    out, mean, var, cache = batch_norm_forward(x, *vectors, train)
    arrays = [out, mean, var, *batch_norm_backward(out, cache)]
    out, cache = layer_norm_forward(x[..., :2], *np.ones((2, 2), dtype))
    arrays += [out, *layer_norm_backward(out, cache)]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_inputs_are_left_alone():
    x, vectors = RNG.normal(size=(6, 3)), np.ones((4, 3))
    x.flags.writeable = vectors.flags.writeable = False
    for train in (True, False):
        out, *_, cache = batch_norm_forward(x, *vectors, train)
        for array in cache[:3]:
            array.flags.writeable = False
        out.flags.writeable = False
        batch_norm_backward(out, cache)
    out, cache = layer_norm_forward(x, *vectors[:2])
    for array in (out, *cache):
        array.flags.writeable = False
    layer_norm_backward(out, cache)


ONES = np.ones(3)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: batch_norm_forward(np.ones(3), *np.ones((4, 3)), True), r"x has shape \(3,\)"),
        (
            lambda: batch_norm_forward(np.ones((4, 2)), *np.ones((4, 3)), True),
            r"gamma has shape \(3,\) and x has shape \(4, 2\)",
        ),
        (
            lambda: batch_norm_forward(np.ones((4, 3)), ONES, ONES, ONES, np.ones((1, 3)), True),
            r"running_var has shape \(1, 3\)",
        ),
        (lambda: batch_norm_forward(np.ones((1, 3)), *np.ones((4, 3)), True), "needs two numbers or more"),
        (
            lambda: batch_norm_backward(np.ones((4, 2)), (np.ones((4, 3)), ONES, ONES, True)),
            r"dout has shape \(4, 2\)",
        ),
        (lambda: layer_norm_forward(np.ones((4, 2)), ONES, ONES), r"gamma has shape \(3,\)"),
        (lambda: layer_norm_forward(np.ones((4, 3)), ONES, 0.0), r"beta has shape \(\)"),
        (lambda: layer_norm_forward(1.0, ONES, ONES), r"x has shape \(\)"),
        (
            lambda: layer_norm_backward(np.ones(3), (np.ones((4, 3)), ONES, np.ones((4, 1)))),
            r"dout has shape \(3,\)",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
