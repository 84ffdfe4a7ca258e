"""The data that ships is the data it says it is."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris, load_sample_image

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


@pytest.mark.parametrize(
    ("name", "theirs", "rows", "columns"),
    [
        ("tower", "china.jpg", slice(0, 420), slice(60, 460)),
        ("dahlia", "flower.jpg", slice(60, 380), slice(140, 480)),
    ],
)
def test_a_photograph_is_scikit_learns_at_half_the_size(name, theirs, rows, columns):
    ours = getattr(data.photographs(), name)
    height, width, _ = ours.shape
    cut_out = load_sample_image(theirs)[rows, columns] / 255
    halved = cut_out.reshape(height, 2, width, 2, 3).mean(axis=(1, 3))
    assert ours.min() >= 0 and ours.max() <= 1
    np.testing.assert_allclose(ours, halved, atol=3 / 255)  # JPEG decoders round in different ways


def test_the_text_is_plain_prose_in_paragraphs_that_do_not_repeat():
    text = data.python_topics()
    paragraphs = text.splitlines()
    assert text.isascii() and text.endswith("\n")
    assert len(set(paragraphs)) == len(paragraphs) == 243
    assert len(set(text)) == 80
    assert all(len(paragraph) >= 60 and paragraph == " ".join(paragraph.split()) for paragraph in paragraphs)


def test_the_text_comes_with_its_licence():
    licence = (Path(data.__file__).parent / "python_topics.LICENSE.txt").read_text(encoding="ascii")
    assert licence.startswith("PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2")
    assert "Python Software Foundation;" in licence


def test_a_learner_who_changes_the_data_harms_no_later_call():
    first = data.iris()
    first.features[:] = 0
    first.labels[:] = 0
    assert data.iris().features.sum() > 0
    assert data.iris().labels.sum() > 0
    data.photographs().tower[:] = 0
    assert data.photographs().tower.sum() > 0
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
