"""Tables on one scale, and classes as rows, keep the laws that define them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from byhand.reference.start import tables

numbers = st.floats(-1e3, 1e3)
any_table = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=numbers)


@given(any_table)
def test_standardized_columns_have_mean_0_and_standard_deviation_1(X):
    Z = tables.standardize(X)
    constant = np.all(X[0] == X, axis=0)
    np.testing.assert_array_equal(Z[:, constant], 0)
    spread_out = np.ptp(X, axis=0) > 1e-6  # below that, the rounding of X itself is what one would see
    np.testing.assert_allclose(Z[:, spread_out].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(Z[:, spread_out].std(axis=0), 1, atol=1e-6)


def test_standardize_forgets_the_unit_of_each_column():
    X = np.random.default_rng(0).normal(size=(20, 3))
    in_other_units = X * [1000, 0.5, 1.8] + [3, -1000, 32]
    np.testing.assert_allclose(tables.standardize(in_other_units), tables.standardize(X))


def test_a_constant_column_becomes_exactly_zero_though_its_mean_rounds():
    assert np.mean([0.1] * 3) != 0.1  # else this test would show nothing
    np.testing.assert_array_equal(tables.standardize(np.full((3, 2), 0.1)), 0)


def test_a_column_whose_spread_is_too_small_to_square_stays_finite():
    assert np.all(np.isfinite(tables.standardize([[0.0], [1e-200]])))


def test_one_hot_of_no_labels_has_no_rows():
    assert tables.one_hot(np.zeros(0, dtype=int), classes=3).shape == (0, 3)


def test_standardize_keeps_its_digits_in_float32_over_many_rows():
    X = (1000 + np.random.default_rng(0).normal(size=(100_000, 1))).astype(np.float32)
    Z = tables.standardize(X).astype(np.float64)
    assert abs(Z.mean()) < 1e-6
    assert abs(Z.std() - 1) < 1e-6


@given(arrays(np.int64, st.integers(1, 8), elements=st.integers(0, 4)))
def test_one_hot_rows_hold_a_single_1_at_the_label(labels):
    rows = tables.one_hot(labels, classes=5)
    assert (rows.shape, rows.dtype) == ((len(labels), 5), np.float64)
    np.testing.assert_array_equal(rows.argmax(axis=1), labels)
    np.testing.assert_array_equal(np.sort(rows, axis=1), [[0, 0, 0, 0, 1]] * len(labels))


def test_one_hot_takes_labels_of_any_shape_and_type():
    labels = np.array([[0, 2, 1], [1, 1, 0]], dtype=np.uint8)
    rows = tables.one_hot(labels, classes=3)
    assert rows.shape == (2, 3, 3)
    np.testing.assert_array_equal(rows.argmax(axis=-1), labels)
