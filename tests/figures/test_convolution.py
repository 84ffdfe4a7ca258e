"""The plots of chapter 04 show what they say."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand.figures import convolution as figures


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


@pytest.mark.parametrize(
    "down, right, expected",
    [
        (0, 0, [[1, 2], [3, 4]]),
        (1, 0, [[0, 0], [1, 2]]),
        (-1, 0, [[3, 4], [0, 0]]),
        (0, 1, [[0, 1], [0, 3]]),
        (0, -1, [[2, 0], [4, 0]]),
        (1, -1, [[0, 0], [2, 0]]),
    ],
)
def test_a_moved_picture_leaves_zeros_behind(down, right, expected):
    pictures = np.array([[[1, 2], [3, 4]]])
    np.testing.assert_array_equal(figures.moved(pictures, down, right), [expected])
    np.testing.assert_array_equal(pictures, [[[1, 2], [3, 4]]])


def test_a_table_shows_each_number_and_a_question_mark_for_what_is_not_known(ax):
    figures.show_numbers(ax, np.array([[19, np.nan], [0.25, -1]]), "the result", marked=[(0, 0)])
    assert [text.get_text() for text in ax.texts] == ["19", "?", "0.25", "-1"]
    filled = [patch.get_facecolor()[3] > 0 for patch in ax.patches]
    assert filled == [True, False, False, False]


@pytest.mark.parametrize("stride, padding, places", [(1, 0, 6), (2, 1, 4), (3, 0, 2)])
def test_a_row_of_pixels_has_a_bar_for_each_place_of_the_window(ax, stride, padding, places):
    figures.show_places(ax, 8, 3, stride, padding)
    assert len(ax.lines) == places and f": {places} places" in ax.get_title()
    assert len(ax.patches) == 8 + 2 * padding
    assert max(line.get_xdata().max() for line in ax.lines) <= 8 + padding


def test_white_is_zero_in_a_picture_of_both_signs(ax):
    figures.show_signed(ax, np.array([[-3.0, 1.0]]))
    assert ax.images[0].get_clim() == (-3, 3)


def test_favorites_are_the_pictures_with_the_largest_numbers():
    pictures = np.arange(3.0)[:, None, None] * np.ones((3, 2, 2))
    figure, axes = plt.subplots(1, 2)
    figures.show_favorites(axes, pictures, np.array([[0, 5], [9, 1], [3, 7]]), count=2)
    shown = [ax.images[0].get_array()[[0, 4], 0].tolist() for ax in axes]
    plt.close(figure)
    assert shown == [[1, 2], [2, 0]]


def test_what_was_read_wrong_is_shown_with_both_digits():
    figure, axes = plt.subplots(1, 2)
    figures.show_wrong(axes, np.zeros((3, 2, 2)), np.array([7, 8, 9]), np.array([7, 3, 9]))
    titles = [ax.get_title() for ax in axes]
    plt.close(figure)
    assert titles == ["is 8,\nread 3", ""]
