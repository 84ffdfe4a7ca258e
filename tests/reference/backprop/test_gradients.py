"""The two guards for gradients: a check that finds what is wrong, and clipping that keeps the direction."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.backprop import gradients as module
from byhand.reference.backprop.gradients import clip_by_norm, clip_by_value, gradient_check

RNG = np.random.default_rng(0)
BOTH = pytest.mark.parametrize("clip", [clip_by_value, clip_by_norm])


def length(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads.values()))


@pytest.mark.parametrize("shape", [(), (7,), (3, 4), (2, 3, 2)])
def test_a_right_gradient_passes(shape):
    x = RNG.normal(size=shape)
    assert gradient_check(lambda v: np.sum(np.sin(v) * v), lambda v: np.sin(v) + v * np.cos(v), x) < 1e-8


def test_one_wrong_number_in_a_thousand_is_found():
    x = RNG.normal(size=1000)

    def planted(v):
        gradient = 2 * v
        gradient[417] *= -1
        return gradient

    assert gradient_check(lambda v: np.sum(v**2), lambda v: 2 * v, x) < 1e-8
    assert gradient_check(lambda v: np.sum(v**2), planted, x) > 1e-4


@pytest.mark.parametrize(("factor", "error"), [(-1, 1), (0, 1), (3, 1 / 2), (2, 1 / 3), (1, 0)])
def test_the_error_is_relative_and_at_most_1(factor, error):
    for size in (1e-6, 1.0, 1e6):
        found = gradient_check(
            lambda v, size=size: size * np.sum(v**3),
            lambda v, size=size: factor * size * 3 * v**2,
            [1.0, 2.0],
        )
        assert found == pytest.approx(error, abs=1e-7)


def test_two_gradients_of_zero_agree():
    assert gradient_check(lambda v: 3.0, np.zeros_like, np.ones(4)) == 0


def test_the_check_measures_in_float64_whatever_it_is_given():
    x = RNG.normal(size=5).astype(np.float32)
    assert gradient_check(lambda v: np.sum(v**2), lambda v: 2 * v, x) < 1e-8


def test_the_check_leaves_x_alone():
    x = np.ones(3)
    x.flags.writeable = False
    gradient_check(lambda v: np.sum(v**2), lambda v: 2 * v, x)


@BOTH
def test_what_is_small_stays_as_it_is(clip):
    grads = {"W": RNG.uniform(-0.1, 0.1, (2, 3)), "b": np.zeros(3)}
    for name, clipped in clip(grads, 1.0).items():
        np.testing.assert_array_equal(clipped, grads[name])
        assert clipped is not grads[name]


@BOTH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipping_keeps_names_shapes_types_and_its_input(clip, dtype):
    grads = {"W": RNG.normal(0, 100, (2, 3)).astype(dtype), "b": RNG.normal(0, 100, 3).astype(dtype)}
    for array in grads.values():
        array.flags.writeable = False
    clipped = clip(grads, np.float64(0.5))
    assert {name: (a.shape, a.dtype) for name, a in clipped.items()} == {
        name: (a.shape, a.dtype) for name, a in grads.items()
    }


def test_by_value_every_number_ends_within_the_limit():
    clipped = clip_by_value({"W": np.array([[-1000.0, -0.2], [0.2, 1000.0]])}, 0.5)
    np.testing.assert_array_equal(clipped["W"], [[-0.5, -0.2], [0.2, 0.5]])


def test_by_norm_the_whole_has_the_length_and_keeps_the_direction():
    grads = {"W": RNG.normal(0, 100, (4, 3)), "b": RNG.normal(0, 1, 3)}
    clipped = clip_by_norm(grads, 2.0)
    assert length(clipped) == pytest.approx(2.0, rel=1e-6)
    factors = np.concatenate([(clipped[name] / grads[name]).ravel() for name in grads])
    np.testing.assert_allclose(factors, factors[0])


def test_by_norm_survives_gradients_whose_squares_overflow_float32():
    clipped = clip_by_norm({"W": np.array([3e30, 4e30], np.float32)}, 1.0)
    np.testing.assert_allclose(clipped["W"], [0.6, 0.8], rtol=1e-6)


def test_gradients_of_zero_and_no_gradients_are_left():
    assert not clip_by_norm({"W": np.zeros(3)}, 1.0)["W"].any()
    assert clip_by_norm({}, 1.0) == {}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: gradient_check(np.sum, lambda v: np.ones(2), np.ones(3)), r"df returned shape \(2,\)"),
        (lambda: gradient_check(lambda v: v, lambda v: v, np.ones(3)), "one number"),
        (lambda: clip_by_value({}, 0), "limit must be above 0, not 0"),
        (lambda: clip_by_norm({}, -1), "max_norm must be above 0, not -1"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
