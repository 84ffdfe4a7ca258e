"""A matrix times a vector keeps the laws that define it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from byhand.reference.start import products

numbers = st.floats(-1e3, 1e3)
any_table = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=numbers)
both_products = pytest.mark.parametrize("product", [products.matrix_vector_loops, products.matrix_vector])


@both_products
def test_the_product_with_a_unit_vector_is_a_column(product):
    A = np.arange(12.0).reshape(3, 4)
    for j, unit in enumerate(np.eye(4)):
        np.testing.assert_array_equal(product(A, unit), A[:, j])


@both_products
@given(data=st.data())
def test_the_product_is_linear(product, data):
    A = data.draw(any_table)
    x, y = (data.draw(arrays(np.float64, A.shape[1], elements=numbers)) for _ in range(2))
    np.testing.assert_allclose(product(A, x + 2 * y), product(A, x) + 2 * product(A, y), atol=1e-6)


@given(any_table)
def test_loops_and_vectorised_agree(A):
    x = np.linspace(-3, 5, A.shape[1])
    np.testing.assert_allclose(products.matrix_vector_loops(A, x), products.matrix_vector(A, x), atol=1e-9)
