"""The three meters of a network that does not learn measure what their names say."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from byhand.reference.activations import elementwise as act
from byhand.reference.activations import leaky, saturation

DERIVATIVES = [act.sigmoid_derivative, act.tanh_derivative, act.relu_derivative, leaky.leaky_relu_derivative]


def test_saturated_fraction_counts_strictly_below_the_threshold_and_without_the_sign():
    z = np.array([-0.5, -0.1, 0.1, 0.2, 0.5])
    assert saturation.saturated_fraction(z, lambda z: z, threshold=0.2) == 2 / 5


def test_saturated_fraction_looks_at_every_entry_of_any_shape():
    z = np.full((2, 3, 4), 9.0)
    z[0, 0, :] = 0.0
    fraction = saturation.saturated_fraction(z, act.sigmoid_derivative, threshold=0.01)
    assert fraction == 20 / 24
    assert type(fraction) is float


@pytest.mark.parametrize("derivative", DERIVATIVES, ids=lambda f: f.__name__)
def test_gradient_after_is_one_factor_a_layer(derivative):
    z = np.linspace(-2, 2, 6)
    assert np.all(saturation.gradient_after(0, derivative, z) == 1)
    np.testing.assert_allclose(saturation.gradient_after(1, derivative, z), derivative(z))
    np.testing.assert_allclose(
        saturation.gradient_after(7, derivative, z),
        saturation.gradient_after(3, derivative, z) * saturation.gradient_after(4, derivative, z),
    )


def test_dead_units_are_zero_for_every_sample():
    activations = act.relu(np.array([[-1.0, 2.0, -3.0, 0.0], [-1.0, -2.0, 3.0, 0.0], [-5.0, 2.0, 3.0, 0.0]]))
    dead = saturation.dead_units(activations)
    assert dead.dtype == bool
    assert dead.tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: saturation.saturated_fraction(np.zeros((0, 3)), act.relu_derivative, 0.1),
            r"shape \(0, 3\)",
        ),
        (lambda: saturation.gradient_after(-1, act.relu_derivative, 0.0), "-1"),
        (lambda: saturation.dead_units(np.zeros(3)), r"shape \(3,\)"),
        (lambda: saturation.dead_units(np.zeros((0, 3))), r"shape \(0, 3\)"),
    ],
    ids=["empty z", "negative depth", "one axis", "no samples"],
)
def test_input_that_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(saturation)
    assert result.attempted >= 3
    assert result.failed == 0
