"""The data that ships is the data it says it is."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits, load_iris

from byhand import data


def test_iris_is_scikit_learns_copy_number_for_number():
    ours, theirs = data.iris(), load_iris()
    np.testing.assert_array_equal(ours.features, theirs.data)
    np.testing.assert_array_equal(ours.labels, theirs.target)
    assert ours.species_names == tuple(theirs.target_names)
    assert [f"{name} (cm)" for name in ours.feature_names] == theirs.feature_names


def test_iris_has_the_shapes_it_promises():
    flowers = data.iris()
    assert flowers.features.shape == (150, 4)
    assert flowers.labels.shape == (150,)
    assert np.bincount(flowers.labels).tolist() == [50, 50, 50]


def test_digits_are_scikit_learns_copy_image_for_image():
    ours, theirs = data.digits(), load_digits()
    images = np.concatenate([ours.test_images, ours.train_images])
    labels = np.concatenate([ours.test_labels, ours.train_labels])
    order = np.random.default_rng(0).permutation(len(theirs.target))
    np.testing.assert_array_equal(images * 16, theirs.images[order])
    np.testing.assert_array_equal(labels, theirs.target[order])


def test_every_digit_is_in_both_sets_about_equally_often():
    d = data.digits()
    assert d.train_images.shape == (1437, 8, 8) and d.test_images.shape == (360, 8, 8)
    for labels in (d.train_labels, d.test_labels):
        shares = np.bincount(labels, minlength=10) / len(labels)
        assert shares.min() > 0.07 and shares.max() < 0.13


def test_a_learner_who_changes_the_data_harms_no_later_call():
    first = data.iris()
    first.features[:] = 0
    first.labels[:] = 0
    assert data.iris().features.sum() > 0
    assert data.iris().labels.sum() > 0
    data.digits().train_images[:] = 0
    assert data.digits().train_images.sum() > 0


def test_every_file_names_its_source():
    folder = Path(data.__file__).parent
    shipped = {path.name for path in folder.iterdir() if path.is_file()} - {"__init__.py", "SOURCES.md"}
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
    assert shipped
    assert [name for name in sorted(shipped) if f"`{name}`" not in sources] == []


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(data)
    assert result.attempted and not result.failed
