"""Backpropagation on plain numbers: the gradients are the measured slopes, however the graph is woven."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand.reference.backprop import graph as module
from byhand.reference.backprop.graph import VALUE, graph_backward, graph_by_hand, graph_forward, local_slopes
from byhand.reference.start.derivatives import numerical_derivative

PRODUCT = [("q", "+", "x", "y"), ("f", "*", "q", "z")]
ONE_INPUT = ("relu", "sigmoid")


def measured(graph, inputs, name):
    """The slope of the last step along one input, by trying."""
    return numerical_derivative(
        lambda value: graph_forward(graph, {**inputs, name: float(value)})[graph[-1][0]], inputs[name], 1e-6
    )


@pytest.mark.parametrize("operation", VALUE)
@pytest.mark.parametrize("a", [-1.5, 0.7])
def test_each_operations_slopes_are_measured_ones(operation, a):
    inputs = {"a": a} if operation in ONE_INPUT else {"a": a, "b": 1.3}
    slopes = local_slopes(operation, tuple(inputs.values()))
    graph = [("out", operation, *inputs)]
    np.testing.assert_allclose(slopes, [measured(graph, inputs, name) for name in inputs], atol=1e-8)


def test_at_its_corner_relu_has_slope_0_and_at_1000_a_sigmoid_has_none_left():
    assert local_slopes("relu", (0.0,)) == (0.0,)
    assert local_slopes("sigmoid", (1000.0,)) == local_slopes("sigmoid", (-1000.0,)) == (0.0,)


def test_by_hand_agrees_with_the_graph():
    gradients = graph_backward(PRODUCT, graph_forward(PRODUCT, {"x": -2.0, "y": 5.0, "z": -4.0}))
    assert graph_by_hand() == (gradients["x"], gradients["y"], gradients["z"])


@given(st.integers(0, 10**6))
def test_on_any_graph_every_gradient_is_the_measured_slope(seed):
    rng = np.random.default_rng(seed)
    inputs = {name: float(rng.uniform(0.5, 1.5)) for name in "abc"}
    graph, names = [], list(inputs)
    for step in range(rng.integers(1, 9)):
        operation = rng.choice(["+", "-", "*", "sigmoid"])
        sources = rng.choice(names, size=1 if operation in ONE_INPUT else 2)  # the same one twice, too
        graph.append((f"s{step}", str(operation), *map(str, sources)))
        names.append(f"s{step}")
    gradients = graph_backward(graph, graph_forward(graph, inputs))
    for name in inputs:
        np.testing.assert_allclose(gradients[name], measured(graph, inputs, name), rtol=1e-5, atol=1e-6)


def test_a_node_that_is_used_twice_gets_both_gradients():
    graph = [("square", "*", "x", "x"), ("y", "+", "square", "x")]
    assert graph_backward(graph, graph_forward(graph, {"x": 3.0}))["x"] == 2 * 3 + 1


def test_what_the_result_does_not_depend_on_has_no_gradient():
    graph = [("beside", "*", "x", "y"), ("f", "+", "x", "x")]
    gradients = graph_backward(graph, graph_forward(graph, {"x": 1.0, "y": 2.0, "never": 3.0}))
    assert gradients == {"x": 2.0, "y": 0.0, "never": 0.0, "beside": 0.0, "f": 1.0}


def test_the_inputs_are_left_alone():
    inputs = {"x": 1.0, "y": 2.0, "z": 3.0}
    values = graph_forward(PRODUCT, inputs)
    kept = dict(values)
    graph_backward(PRODUCT, values)
    assert values == kept and set(inputs) == {"x", "y", "z"}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: local_slopes("^", (1.0, 2.0)), r"no operation '\^'"),
        (lambda: local_slopes("*", (1.0,)), "'\\*' takes 2 inputs, not 1"),
        (lambda: graph_forward([("s", "relu", "x", "x")], {"x": 1.0}), "'relu' takes 1 input, not 2"),
        (lambda: graph_forward(PRODUCT, {"x": 1.0}), "the step 'q' needs y"),
        (lambda: graph_forward([("x", "+", "x", "x")], {"x": 1.0}), "the step 'x' is there already"),
        (lambda: graph_backward(PRODUCT, {"x": 1.0, "y": 1.0, "z": 1.0}), "no value for f, q"),
        (lambda: graph_backward([], {}), "no steps"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
