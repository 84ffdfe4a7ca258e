"""Numerical derivatives: exact where theory says exact, and wrong by no more than theory says elsewhere."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand.reference.start import derivatives as d

A = np.array([[2.0, -1.0, 0.5], [3.0, 4.0, -2.0], [1.0, 0.0, 6.0]])


def quadratic(x):
    """xᵀAx, whose gradient is (A + Aᵀ)x and whose Hessian is A + Aᵀ."""
    return x @ A @ x


def wavy(x):
    """A smooth function of two numbers that is no polynomial and does not split into two."""
    return np.sin(x[0] * x[1]) + np.exp(x[0] - x[1])


# numerical_derivative


@given(st.floats(-1e3, 1e3), st.floats(0.01, 10))
def test_the_central_difference_is_exact_for_a_quadratic_at_any_step(x, h):
    derivative = d.numerical_derivative(lambda t: 3 * t**2 - 2 * t + 1, x, h)
    np.testing.assert_allclose(derivative, 6 * x - 2, atol=1e-12 * max(1, x**2) / h)


def test_half_the_step_is_a_quarter_of_the_error():
    errors = [abs(d.numerical_derivative(np.exp, 1.0, h) - np.e) for h in (0.1, 0.05, 0.025)]
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 4, rtol=0.01)


@pytest.mark.parametrize(("dtype", "good"), [(np.float64, 1e-5), (np.float32, 5e-3)])
def test_the_step_that_the_notes_recommend_beats_longer_and_shorter_ones(dtype, good):
    def error(h):
        points = np.linspace(0.5, 1.5, 50, dtype=dtype)
        return np.abs(d.numerical_derivative(np.exp, points, h) - np.exp(points)).max()

    assert error(good) < error(30 * good) / 10
    assert error(good) < error(good / 30) / 10


def test_an_array_gives_each_elements_own_slope():
    x = np.linspace(-2, 2, 6).reshape(2, 3)
    np.testing.assert_allclose(d.numerical_derivative(np.tanh, x, 1e-5), 1 - np.tanh(x) ** 2, atol=1e-9)


# numerical_gradient


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 3)])
def test_the_gradient_has_the_shape_of_x(shape):
    x = np.random.default_rng(0).normal(size=shape)
    gradient = d.numerical_gradient(lambda x: np.sum(x**2), x, 0.1)
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, 2 * x)


def test_the_gradient_of_a_function_that_mixes_its_inputs():
    x = np.array([0.7, -0.3])
    slope = np.cos(x[0] * x[1])
    bump = np.exp(x[0] - x[1])
    np.testing.assert_allclose(
        d.numerical_gradient(wavy, x, 1e-5), [x[1] * slope + bump, x[0] * slope - bump], atol=1e-9
    )


def test_the_gradient_of_whole_numbers_does_not_lose_its_step():
    np.testing.assert_allclose(d.numerical_gradient(lambda x: np.sum(x**2), np.array([1, 2]), 0.1), [2, 4])


# jacobian


def test_the_jacobian_of_a_matrix_is_the_matrix():
    B = A[:2]
    np.testing.assert_allclose(d.jacobian(lambda x: B @ x, np.ones(3), 0.1), B)


def test_the_jacobian_is_right_for_a_function_that_returns_its_own_input():
    np.testing.assert_allclose(d.jacobian(lambda x: x, np.arange(3.0), 0.1), np.eye(3))


def test_the_jacobian_of_one_number_is_the_gradient():
    x = np.array([0.7, -0.3])
    np.testing.assert_array_equal(d.jacobian(wavy, x, 0.01), d.numerical_gradient(wavy, x, 0.01))


def test_the_jacobian_obeys_the_chain_rule():
    def inner(x):
        return np.array([x[0] * x[1], np.sin(x[1]), x[0]])

    def outer(y):
        return np.array([y[0] * y[2], np.exp(y[1])])

    x, h = np.array([0.5, 1.2]), 1e-5
    whole = d.jacobian(lambda x: outer(inner(x)), x, h)
    np.testing.assert_allclose(whole, d.jacobian(outer, inner(x), h) @ d.jacobian(inner, x, h), atol=1e-9)


# hessian


def test_the_hessian_of_a_quadratic_is_exact():
    np.testing.assert_allclose(d.hessian(quadratic, np.array([1.0, -2.0, 3.0]), 0.1), A + A.T, atol=1e-10)


def test_the_hessian_is_symmetric_and_close():
    x = np.array([0.7, -0.3])
    H = d.hessian(wavy, x, 1e-4)
    np.testing.assert_allclose(H, H.T, atol=1e-7)
    sine, bump = np.sin(x[0] * x[1]), np.exp(x[0] - x[1])
    np.testing.assert_allclose(
        np.diag(H), [-(x[1] ** 2) * sine + bump, -(x[0] ** 2) * sine + bump], atol=1e-6
    )
    np.testing.assert_allclose(H[0, 1], np.cos(x[0] * x[1]) - x[0] * x[1] * sine - bump, atol=1e-6)


# taylor2


def test_the_second_order_prediction_is_exact_for_a_quadratic():
    x0, dx = np.array([1.0, -2.0, 3.0]), np.array([5.0, 1.0, -4.0])
    np.testing.assert_allclose(d.taylor2(quadratic, x0, dx), quadratic(x0 + dx), rtol=1e-6)


def test_half_the_move_is_an_eighth_of_the_error():
    x0, dx = np.array([0.7, -0.3]), np.array([0.2, 0.1])
    errors = [abs(d.taylor2(wavy, x0, k * dx) - wavy(x0 + k * dx)) for k in (0.5, 0.25, 0.125)]
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 8, rtol=0.15)


def test_taylor2_holds_up_at_1000():
    x0 = np.array([1000.0, -1000.0])
    dx = np.array([1.0, 2.0])
    predicted = d.taylor2(lambda x: np.sum(x**3), x0, dx)
    exact = np.sum(x0**3 + 3 * x0**2 * dx + 3 * x0 * dx**2)
    np.testing.assert_allclose(predicted, exact, rtol=1e-4)


@pytest.mark.parametrize("shape", [(), (3,), (2, 2)])
def test_taylor2_takes_a_point_of_any_shape(shape):
    x0, dx = np.full(shape, 2.0), np.full(shape, 0.5)

    def f(x):
        assert x.shape == shape
        return np.sum(x**2)

    np.testing.assert_allclose(d.taylor2(f, x0, dx), f(x0 + dx), rtol=1e-7)


# What all of them promise


CALLS = {
    "numerical_derivative": lambda x: d.numerical_derivative(np.tanh, x, 0.01),
    "numerical_gradient": lambda x: d.numerical_gradient(lambda x: np.sum(x**3), x, 0.01),
    "jacobian": lambda x: d.jacobian(lambda x: x**3, x, 0.01),
    "hessian": lambda x: d.hessian(lambda x: np.sum(x**3), x, 0.05),
    "taylor2": lambda x: d.taylor2(lambda x: np.sum(x**3), x, x),
}
every_function = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@every_function
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_type(call, dtype):
    assert call(np.array([0.5, -1.0], dtype=dtype)).dtype == dtype


@every_function
def test_float32_comes_close_to_float64(call):
    x = np.array([0.5, -1.0])
    np.testing.assert_allclose(call(x.astype(np.float32)), call(x), rtol=1e-3, atol=1e-3)


def test_a_float64_step_does_not_widen_float32():
    x = np.ones(2, dtype=np.float32)
    assert d.jacobian(np.tanh, x, np.float64(0.01)).dtype == np.float32


@every_function
def test_never_changes_its_point(call):
    x = np.array([0.5, -1.0])
    call(x)
    np.testing.assert_array_equal(x, [0.5, -1.0])


@pytest.mark.parametrize("function", [d.numerical_gradient, d.hessian])
def test_a_point_is_not_changed_even_while_f_runs(function):
    x = np.array([0.5, -1.0])

    def f(moved):
        np.testing.assert_array_equal(x, [0.5, -1.0])
        return np.sum(moved**2)

    function(f, x, 0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: d.numerical_derivative(np.exp, 1.0, 0), "above 0, not 0"),
        (lambda: d.numerical_derivative(np.exp, 1.0, np.nan), "above 0, not nan"),
        (lambda: d.numerical_derivative(np.sum, np.ones(3), 0.1), r"shape \(\) for x of shape \(3,\)"),
        (lambda: d.numerical_gradient(np.sum, np.ones(3), -1), "above 0, not -1"),
        (lambda: d.numerical_gradient(np.exp, np.ones(3), 0.1), r"one number.*\(3,\)"),
        (lambda: d.jacobian(np.exp, np.ones((2, 2)), 0.1), r"\(2, 2\)"),
        (lambda: d.jacobian(np.exp, np.ones(0), 0.1), r"\(0,\)"),
        (lambda: d.hessian(np.sum, 1.0, 0.1), r"\(\)"),
        (lambda: d.hessian(np.exp, np.ones(3), 0.1), r"one number.*\(3,\)"),
        (lambda: d.taylor2(np.sum, np.ones(3), np.ones(2)), r"\(2,\) and \(3,\)"),
        (lambda: d.taylor2(np.exp, np.ones(3), np.ones(3)), r"one number.*\(3,\)"),
    ],
)
def test_input_that_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_examples_in_the_docstrings_run():
    result = doctest.testmod(d)
    assert result.attempted >= 5
    assert result.failed == 0
