"""The two norms keep the laws that define them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from byhand.reference.start import norms

numbers = st.floats(-1e3, 1e3)
vectors = arrays(np.float64, st.integers(1, 6), elements=numbers)


@given(vectors, st.floats(-1e3, 1e3))
def test_a_norm_scales_with_its_vector_and_obeys_the_triangle(v, factor):
    w = v[::-1] + 1
    for norm in (norms.l1_norm, norms.l2_norm):
        np.testing.assert_allclose(norm(factor * v), abs(factor) * norm(v), atol=1e-150)
        assert norm(v + w) <= norm(v) + norm(w) + 1e-9


@given(vectors)
def test_the_straight_line_is_never_longer_than_the_walk_along_the_axes(v):
    l1, l2 = norms.l1_norm(v), norms.l2_norm(v)
    assert l2 <= l1 * (1 + 1e-12) + 1e-150  # tiny squares lose their digits
    assert l1 <= np.sqrt(len(v)) * l2 * (1 + 1e-12) + 1e-150


@given(vectors)
def test_norms_agree_with_numpy(v):
    np.testing.assert_allclose(norms.l1_norm(v), np.linalg.norm(v, 1))
    np.testing.assert_allclose(norms.l2_norm(v), np.linalg.norm(v))
