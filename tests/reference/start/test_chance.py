"""Bayes' rule keeps the laws of probability."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from byhand.reference.start import chance


@given(arrays(np.float64, (2, 4), elements=st.floats(0.01, 1)))
def test_posteriors_over_all_causes_add_up_to_1(drawn):
    prior, likelihood = drawn[0] / drawn[0].sum(), drawn[1]
    posterior = chance.bayes(prior, likelihood, np.sum(likelihood * prior))
    np.testing.assert_allclose(posterior.sum(), 1)


def test_a_sign_that_every_cause_shows_equally_often_teaches_nothing():
    assert chance.bayes(0.3, 0.6, evidence=0.6) == pytest.approx(0.3)


def test_a_likelihood_may_be_a_density_above_1():
    assert chance.bayes(0.5, 4.0, evidence=2.5) == pytest.approx(0.8)
