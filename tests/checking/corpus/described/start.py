"""Wrong answers to chapter 00, after what people were seen to write."""

import numpy as np
from finished import jacobian, numerical_gradient


def l1_norm__trailing_comma(v):
    """A comma makes a tuple."""
    return (np.sum(np.abs(v)),)


def l1_norm__builtin_abs_of_list(v):
    """abs of a list, and not of an array."""
    return sum(abs(list(v)))


def l2_norm__loop_root(v):
    """The root is taken in each turn of the loop."""
    total = 0
    for number in v:
        total = np.sqrt(total + number**2)
    return total


def l2_norm__no_squares(v):
    """Forgets to square."""
    return np.sqrt(np.sum(np.abs(v)))


def l2_norm__rounded(v):
    """Rounds the answer."""
    return np.round(np.sqrt(np.sum(v**2)), 4)


def standardize__sample_std(X):
    """ddof=1."""
    std = X.std(axis=0, ddof=1)
    return (X - X.mean(axis=0)) / np.where(std == 0, 1, std)


def standardize__rounded(X):
    """Rounds to 4 digits."""
    std = X.std(axis=0)
    return np.round((X - X.mean(axis=0)) / np.where(std == 0, 1, std), 4)


def standardize__nan(X):
    """Divides by 0."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


def standardize__min_max(X):
    """To the range 0 to 1."""
    span = X.max(axis=0) - X.min(axis=0)
    return (X - X.min(axis=0)) / np.where(span == 0, 1, span)


def standardize__not_divided(X):
    """Only centered."""
    return X - X.mean(axis=0)


def standardize__eps(X):
    """A visible epsilon."""
    return (X - X.mean(axis=0)) / (X.std(axis=0) + 0.01)


def one_hot__rows_filled(labels, classes):
    """out[labels] = 1 fills rows."""
    out = np.zeros((len(labels), classes))
    out[labels] = 1
    return out


def one_hot__max_plus_one(labels, classes):
    """The number of columns from the data."""
    return np.eye(labels.max() + 1)[labels]


def one_hot__list(labels, classes):
    """A list of lists."""
    return [[1.0 if c == label else 0.0 for c in range(classes)] for label in labels]


def matrix_vector_loops__index_swapped(A, x):
    """A[j, i]."""
    m, n = A.shape
    y = np.zeros(m)
    for i in range(m):
        for j in range(n):
            y[i] += A[j, i] * x[j]
    return y


def matrix_vector_loops__integers(A, x):
    """An array of integers cuts off."""
    m, n = A.shape
    y = np.zeros(m, dtype=int)
    for i in range(m):
        total = 0
        for j in range(n):
            total += A[i, j] * x[j]
        y[i] = total
    return y


def matrix_vector__transposed(A, x):
    """A transposed."""
    return A.T @ x


def bayes__as_sum(prior, likelihood, evidence):
    """Adds in place of multiplying."""
    return (prior + likelihood) / evidence


def bayes__normalized(prior, likelihood, evidence):
    """Computes an evidence of its own."""
    both = prior * likelihood
    return both / np.sum(both)


def numerical_derivative__no_division(f, x, h):
    """No division."""
    return f(x + h) - f(x - h)


def numerical_derivative__over_h(f, x, h):
    """Divides by h."""
    return (f(x + h) - f(x - h)) / h


def numerical_derivative__both_open(f, x, h):
    """No brackets at all."""
    return f(x + h) - f(x - h) / 2 * h


def numerical_gradient__integers(f, x, h):
    """A copy that stays of integers."""
    x = x.copy()
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        down = f(x)
        x[i] = old
        gradient[i] = (up - down) / (2 * h)
    return gradient


def numerical_gradient__no_copy(f, x, h):
    """Nudges the caller's x, and never puts it back."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        down = f(x)
        gradient[i] = (up - down) / (2 * h)
    return gradient


def hessian__gradient_of_gradient(f, x, h):
    """The gradient of the gradient."""
    return numerical_gradient(lambda p: numerical_gradient(f, p, h), x, h)


def hessian__diagonal(f, x, h):
    """Only the second slopes along each axis."""
    return np.diag(np.diag(jacobian(lambda p: numerical_gradient(f, p, h), x, h)))


def taylor2__first_order(f, x0, dx):
    """Stops at order 1."""
    return f(x0) + numerical_gradient(f, x0, 1e-4) @ dx


def taylor2__no_height(f, x0, dx):
    """The height is forgotten."""
    g = numerical_gradient(f, x0, 1e-4)
    H = jacobian(lambda p: numerical_gradient(f, p, 1e-4), x0, 1e-4)
    return g @ dx + 0.5 * dx @ H @ dx


def taylor2__coarse(f, x0, dx):
    """A step of 0.1."""
    g = numerical_gradient(f, x0, 0.1)
    H = jacobian(lambda p: numerical_gradient(f, p, 0.1), x0, 0.1)
    return f(x0) + g @ dx + 0.5 * dx @ H @ dx
