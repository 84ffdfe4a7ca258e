"""What the reference of chapter 1 promises about gates."""

from __future__ import annotations

import doctest
from itertools import product

import numpy as np
import pytest

from byhand.reference.neuron import gates as module
from byhand.reference.neuron.gates import and_gate, nand_gate, or_gate, xor_gate

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TRUTH = {and_gate: [0, 0, 0, 1], or_gate: [0, 1, 1, 1], nand_gate: [1, 1, 1, 0], xor_gate: [0, 1, 1, 0]}


@pytest.mark.parametrize(("gate", "outputs"), TRUTH.items())
def test_a_gate_keeps_its_truth_table(gate, outputs):
    assert [gate(x1, x2) for x1, x2 in product((0, 1), repeat=2)] == outputs
    np.testing.assert_array_equal(gate(CORNERS[:, 0], CORNERS[:, 1]), outputs)
    assert gate(*CORNERS.T.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("gate", TRUTH)
def test_a_gate_has_room_for_noise(gate):
    noisy = CORNERS[None] + np.random.default_rng(0).uniform(-0.2, 0.2, size=(100, 4, 2))
    np.testing.assert_array_equal(gate(noisy[..., 0], noisy[..., 1]), np.tile(TRUTH[gate], (100, 1)))


def test_no_neuron_of_a_fine_grid_gets_more_than_three_of_xor():
    grid = np.arange(-3, 3.01, 0.25)
    w1, w2, b = (axis.ravel()[:, None] for axis in np.meshgrid(grid, grid, grid))
    fired = w1 * CORNERS[:, 0] + w2 * CORNERS[:, 1] + b >= 0
    assert (fired == np.array(TRUTH[xor_gate])).sum(axis=1).max() == 3


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
