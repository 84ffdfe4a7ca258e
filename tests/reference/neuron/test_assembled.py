"""The classifier that chapter 01 ends in, against scikit-learn's scaler and a perceptron in plain numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from byhand.data import iris
from byhand.reference.neuron.assembled import iris_classifier


def flowers(species, columns, seed=0):
    table = iris()
    rows = np.flatnonzero(np.isin(table.labels, species))
    rows = np.random.default_rng(seed).permutation(rows)
    return table.features[rows][:, columns], (table.labels[rows] == species[1]).astype(int)


def by_hand(X, y, passes):
    """Rosenblatt's rule with lr 1, one number at a time."""
    w, b = [0.0] * X.shape[1], 0.0
    for _ in range(passes):
        for example, label in zip(X.tolist(), y.tolist(), strict=True):
            fires = sum(x * weight for x, weight in zip(example, w, strict=True)) + b >= 0
            if fires != label:
                sign = 1 if label else -1
                w = [weight + sign * x for weight, x in zip(w, example, strict=True)]
                b += sign
    return np.array(w), b


@pytest.mark.parametrize("seed", range(5))
def test_iris_classifier_is_a_scaler_and_a_perceptron_that_have_seen_four_fifths(seed):
    X, y = flowers((0, 1), [0, 1], seed)
    mean, std, w, b, accuracy = iris_classifier(X, y)
    scaler = StandardScaler().fit(X[:80])
    np.testing.assert_allclose(mean, scaler.mean_)
    np.testing.assert_allclose(std, scaler.scale_)
    expected_w, expected_b = by_hand(scaler.transform(X[:80]), y[:80], 100)
    np.testing.assert_allclose(w, expected_w, rtol=1e-9)
    assert b == expected_b
    right = sum(
        (row @ expected_w + expected_b >= 0) == bool(label)
        for row, label in zip(scaler.transform(X), y, strict=True)
    )
    assert right >= 80, "all that it learned from are right, and some of the others"
    new = scaler.transform(X[80:]) @ expected_w + expected_b >= 0
    assert accuracy == pytest.approx(np.mean(new == y[80:]))


def test_iris_classifier_takes_nothing_from_the_flowers_kept_aside():
    X, y = flowers((0, 2), [0, 1, 2, 3])
    *before, accuracy = iris_classifier(X, y)
    X_other, y_other = X.copy(), y.copy()
    X_other[80:] *= 3
    y_other[80:] = 1 - y[80:]
    *after, _ = iris_classifier(X_other, y_other)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    assert iris_classifier(X, np.append(y[:80], y_other[80:]))[4] == pytest.approx(1 - accuracy)


def test_iris_classifier_makes_zeros_of_a_column_that_never_changes():
    X, y = flowers((0, 1), [0, 1])
    X = np.column_stack([X, np.full(100, 7.0)])
    mean, std, w, _, accuracy = iris_classifier(X, y)
    assert (mean[2], std[2], w[2]) == (7.0, 1.0, 0.0)
    assert accuracy == iris_classifier(X[:, :2], y)[4]


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        (np.ones((5, 2)), np.ones(4), r"\(5, 2\)"),
        (np.ones((4, 2)), np.ones(4), "five flowers"),
        (np.ones((5, 2)), np.array([0, 1, 2, 0, 1]), "0 and 1"),
    ],
)
def test_iris_classifier_refuses_what_does_not_fit(X, y, words):
    with pytest.raises(ValueError, match=words):
        iris_classifier(X, y)
