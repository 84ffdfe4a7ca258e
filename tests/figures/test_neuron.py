"""The plots of chapter 01 show what they say."""

from __future__ import annotations

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand.figures import neuron as figures


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def middles(low, high, count):
    return low + (high - low) * (np.arange(count) + 0.5) / count


@pytest.mark.parametrize(
    "fires",
    [
        lambda x1, x2: x1 + x2 - 1.5 >= 0,
        lambda x1, x2: 0.3 <= x1 + x2 <= 1.4,  # XOR's strip
        lambda x1, x2: 1,
        lambda x1, x2: 0,
    ],
    ids=["a line", "a strip", "always", "never"],
)
def test_where_a_gate_fires_is_right_at_every_fine_place_though_few_are_asked(fires):
    asked = []
    shown = figures.firing(lambda x1, x2: asked.append((x1, x2)) or fires(x1, x2), (-0.5, 1.5), (-0.5, 1.5))
    side = figures.COARSE * figures.FINE
    x1, x2 = np.meshgrid(middles(-0.5, 1.5, side), middles(-0.5, 1.5, side))
    expected = [[bool(fires(a, b)) for a, b in zip(*rows, strict=True)] for rows in zip(x1, x2, strict=True)]
    np.testing.assert_array_equal(shown, expected)
    assert len(asked) < shown.size / 4


def test_the_shaded_part_covers_the_ranges_it_was_given(ax):
    figures.shade(ax, lambda x1, x2: x1 > 0, (-1, 3), (-2, 2))
    (image,) = ax.images
    assert image.get_extent() == [-1, 3, -2, 2]
    shown = image.get_array()
    assert 1 - np.ma.getmaskarray(shown).mean() == pytest.approx(3 / 4)


def test_a_gates_ones_are_circles_and_its_zeros_squares(ax):
    figures.draw_gate(ax, [0, 1, 1, 0], "xor")
    found = {(*line.get_xdata(), *line.get_ydata()): line.get_marker() for line in ax.lines}
    assert found == {(0, 0): "s", (0, 1): "o", (1, 0): "o", (1, 1): "s"}
    assert ax.get_title() == "xor"


def test_flowers_of_each_label_have_a_mark_of_their_own(ax):
    X, y = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([1, 0, 1])
    figures.draw_flowers(ax, X, y, ["setosa", "versicolor"])
    zeros, ones = ax.lines
    assert (zeros.get_marker(), zeros.get_label()) == ("s", "setosa (0)")
    assert (ones.get_marker(), ones.get_label()) == ("o", "versicolor (1)")
    assert zeros.get_xydata().tolist() == [[3, 4]] and ones.get_xydata().tolist() == [[1, 2], [5, 6]]
