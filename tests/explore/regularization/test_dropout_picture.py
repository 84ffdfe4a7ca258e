"""Dropout's ensemble in the picture: its numbers are the reference's, and what cannot be drawn is told."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from shown import reading

from byhand import explore
from byhand.explore.engine.captions import write
from byhand.reference.regularization.dropout import dropout_forward as reference

module = import_module("byhand.explore.regularization.dropout")  # the function has the same name


@pytest.mark.parametrize("p", [0.05, 0.5, 0.8])
def test_the_scores_are_those_of_thin_networks(p):
    x = np.tile(module.HIDDEN, (200, 1))
    scores = reference(x, p, np.random.default_rng(3), True)[0] @ module.WEIGHTS
    picture = explore.dropout()
    assert reading(picture, "average of the thin networks", p=p, count=200) == write(scores.mean(), ".2f")
    assert reading(picture, "their spread, measured", p=p) == write(scores.std(), ".2f")


def test_the_spread_is_the_price_that_is_named():
    """On many draws; the picture has 200."""
    x = np.tile(module.HIDDEN, (50_000, 1))
    scores = reference(x, 0.5, np.random.default_rng(0), True)[0] @ module.WEIGHTS
    assert scores.std() == pytest.approx(np.sqrt(np.sum((module.HIDDEN * module.WEIGHTS) ** 2)), rel=0.02)
    assert scores.mean() == pytest.approx(module.WHOLE, abs=0.1)


def test_a_dropout_that_does_not_scale_is_told():
    def dropout_forward(x, p, rng, train):
        return x * (rng.random(x.shape) >= p), None

    (note,) = explore.dropout(dropout_forward).scene.notes
    assert "stays away from the whole" in note
    assert explore.dropout(reference).scene.notes == []


@pytest.mark.parametrize("answer", [None, 3, (np.ones(2), 0)])
def test_what_cannot_be_drawn_is_told(answer):
    def dropout_forward(*arguments):
        return answer

    (note,) = explore.dropout(dropout_forward).scene.notes
    assert note.startswith("Your dropout_forward") and note.endswith("The reference is drawn instead.")
