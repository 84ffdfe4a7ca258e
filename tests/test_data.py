"""The data that ships is the data it says it is."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris

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


def test_a_learner_who_changes_the_data_harms_no_later_call():
    first = data.iris()
    first.features[:] = 0
    first.labels[:] = 0
    assert data.iris().features.sum() > 0
    assert data.iris().labels.sum() > 0


def test_every_file_names_its_source():
    folder = Path(data.__file__).parent
    shipped = {path.name for path in folder.iterdir() if path.is_file()} - {"__init__.py", "SOURCES.md"}
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
    assert shipped
    assert [name for name in sorted(shipped) if f"`{name}`" not in sources] == []


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(data)
    assert result.attempted and not result.failed
