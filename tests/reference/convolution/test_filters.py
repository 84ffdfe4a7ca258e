"""One kernel on one picture finds what it promises to find."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.convolution import filters
from byhand.reference.convolution.filters import (
    cross_correlate2d,
    cross_correlate_by_hand,
    edge_kernel,
    edge_strength,
    horizontal_edge_kernel,
)

RNG = np.random.default_rng(4)


def test_by_hand_is_the_general_one():
    image, kernel = np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    np.testing.assert_array_equal(cross_correlate_by_hand(), cross_correlate2d(image, kernel))


@pytest.mark.parametrize(
    ("image", "kernel"), [((5, 7), (2, 3)), ((4, 4), (4, 4)), ((6, 3), (1, 1)), ((3, 8), (3, 2))]
)
def test_cross_correlation_is_the_loop_that_a_learner_writes(image, kernel):
    image, kernel = RNG.normal(size=image), RNG.normal(size=kernel)
    kh, kw = kernel.shape
    by_loops = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i, j in np.ndindex(*by_loops.shape):
        by_loops[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    np.testing.assert_allclose(cross_correlate2d(image, kernel), by_loops)


def test_moving_the_picture_moves_the_answer():
    image, kernel = RNG.normal(size=(9, 9)), RNG.normal(size=(3, 3))
    moved = np.roll(image, (1, 2), axis=(0, 1))
    np.testing.assert_allclose(
        cross_correlate2d(moved, kernel)[1:, 2:], cross_correlate2d(image, kernel)[:-1, :-2]
    )


def test_the_edge_kernel_is_silent_on_even_ground_and_along_level_edges():
    level = np.repeat(np.arange(5.0)[:, np.newaxis] ** 2, 5, axis=1)
    assert np.all(cross_correlate2d(np.full((5, 5), 7.0), edge_kernel()) == 0)
    assert np.all(cross_correlate2d(level, edge_kernel()) == 0)
    assert np.all(cross_correlate2d(level.T, edge_kernel()) > 0)


def test_the_kernel_for_level_edges_is_silent_along_upright_ones():
    level = np.repeat(np.arange(5.0)[:, np.newaxis] ** 2, 5, axis=1)
    assert np.all(cross_correlate2d(np.full((5, 5), 7.0), horizontal_edge_kernel()) == 0)
    assert np.all(cross_correlate2d(level.T, horizontal_edge_kernel()) == 0)
    assert np.all(cross_correlate2d(level, horizontal_edge_kernel()) > 0)
    assert np.all(cross_correlate2d(-level, horizontal_edge_kernel()) < 0)


def test_edge_strength_does_not_know_directions():
    image, kernel = RNG.normal(size=(6, 8)), edge_kernel()
    strength = edge_strength(image, kernel)
    np.testing.assert_allclose(edge_strength(image.T, kernel), strength.T)
    np.testing.assert_allclose(edge_strength(image[:, ::-1], kernel), strength[:, ::-1])
    np.testing.assert_allclose(edge_strength(-image, kernel), strength)
    assert edge_strength(1e300 * image, kernel).max() < np.inf  # squares of these would overflow


def test_float32_stays_and_inputs_are_left_alone():
    image, kernel = RNG.normal(size=(5, 5)).astype(np.float32), edge_kernel().astype(np.float32)
    image.flags.writeable = kernel.flags.writeable = False
    assert cross_correlate2d(image, kernel).dtype == np.float32
    assert edge_strength(image, kernel).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: cross_correlate2d(np.ones(3), np.ones((2, 2))), r"image has shape \(3,\)"),
        (lambda: cross_correlate2d(np.ones((3, 3)), np.ones((4, 2))), r"kernel \(4, 2\)"),
        (lambda: cross_correlate2d(np.ones((3, 3)), np.ones((0, 2))), r"kernel \(0, 2\)"),
        (lambda: edge_strength(np.ones((3, 3)), np.ones((1, 2))), r"kernel has shape \(1, 2\)"),
        (lambda: edge_strength(np.ones((3, 3)), np.ones((4, 4))), r"kernel \(4, 4\)"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(filters)
    assert result.attempted and not result.failed
