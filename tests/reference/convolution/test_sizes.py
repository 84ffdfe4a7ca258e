"""What is counted on paper is what the arrays hold."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from byhand.reference.convolution import sizes
from byhand.reference.convolution.conv2d import conv2d_backward, conv2d_forward
from byhand.reference.convolution.sizes import (
    conv_output_size,
    conv_parameters,
    dense_parameters,
    receptive_field,
)
from byhand.reference.neuron.sizes import count_parameters

SMALL = st.integers(1, 12)


@given(SMALL, SMALL, st.integers(1, 5), st.integers(0, 4))
def test_the_size_is_the_number_of_places_at_which_the_window_lies_inside(n, kernel, stride, padding):
    assume(kernel <= n + 2 * padding)
    inside = [start for start in range(0, n + 2 * padding, stride) if start + kernel <= n + 2 * padding]
    assert conv_output_size(n, kernel, stride, padding) == len(inside)


@given(st.integers(1, 8), st.integers(1, 4))
def test_an_odd_kernel_with_half_its_width_as_padding_keeps_the_size(n, half):
    assert conv_output_size(n, 2 * half + 1, padding=half) == n


def test_a_convolution_holds_as_many_numbers_as_are_counted():
    w, b = np.zeros((6, 3, 5, 4)), np.zeros(6)
    assert conv_parameters(3, 6, 5, 4) == w.size + b.size


def test_a_dense_layer_is_counted_as_in_chapter_1():
    assert dense_parameters((3, 4, 5), (7,)) == count_parameters([60, 7])
    assert dense_parameters([120], [84]) == count_parameters([120, 84])


def test_the_receptive_field_is_where_a_gradient_arrives():
    """The pixels that one number of the last layer sees are those that it has a gradient for."""
    layers = [(3, 1), (2, 2), (3, 2), (3, 1)]
    n, caches = 40, []
    x = np.ones((1, 1, n, 1))
    for kernel, stride in layers:
        x, cache = conv2d_forward(x, np.ones((1, 1, kernel, 1)), np.zeros(1), stride)
        caches.append(cache)
    gradient = np.zeros(x.shape)
    gradient[0, 0, 2] = 1
    for cache in reversed(caches):
        gradient = conv2d_backward(gradient, cache)[0]
    assert np.count_nonzero(gradient) == receptive_field(layers)


def test_without_layers_a_pixel_sees_itself():
    assert receptive_field([]) == 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: conv_output_size(3, 4), "a window of 4"),
        (lambda: conv_output_size(3, 2, stride=0), "moved by 0"),
        (lambda: conv_output_size(3, 2, padding=-1), "-1 zeros"),
        (lambda: conv_output_size(3, 0), "a window of 0"),
        (lambda: conv_parameters(0, 1, 3, 3), "0 channels in"),
        (lambda: dense_parameters((0, 2), (3,)), r"\(0, 2\)"),
        (lambda: receptive_field([(3, 1), (3, 0)]), r"\(3, 0\)"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(sizes)
    assert result.attempted and not result.failed
