"""Wrong answers to chapter 00, written from the notebook's text alone."""

import numpy as np
from finished import hessian, jacobian, numerical_gradient


def l1_norm__abs_of_sum(v):
    """The sum is taken first, the sign afterwards."""
    return np.abs(np.sum(v))


def l1_norm__print_for_return(v):
    """Prints in place of returning."""
    print(np.sum(np.abs(v)))


def l2_norm__root_of_each(v):
    """The root of each square, then the sum."""
    return np.sum(np.sqrt(v**2))


def l2_norm__root_forgotten(v):
    """No root at the end."""
    return np.sum(v**2)


def l2_norm__caret(v):
    """Writes ^ for the power."""
    return np.sqrt(np.sum(v ^ 2))


def l2_norm__square_of_sum(v):
    """Squares the sum."""
    return np.sqrt(np.sum(v) ** 2)


def standardize__whole_table(X):
    """Mean and std of the whole table, not of each column."""
    return (X - np.mean(X)) / np.std(X)


def standardize__rows(X):
    """Along axis 1, and with keepdims so that it fits."""
    std = X.std(axis=1, keepdims=True)
    return (X - X.mean(axis=1, keepdims=True)) / np.where(std == 0, 1, std)


def standardize__brackets(X):
    """No brackets round the difference."""
    std = X.std(axis=0)
    return X - X.mean(axis=0) / np.where(std == 0, 1, std)


def standardize__if_std_zero(X):
    """An if on a whole array."""
    std = X.std(axis=0)
    if std == 0:
        return np.zeros(X.shape)
    return (X - X.mean(axis=0)) / std


def standardize__in_place(X):
    """Subtracts in place, and divides by the variance."""
    X -= X.mean(axis=0)
    var = X.var(axis=0)
    return X / np.where(var == 0, 1, var)


def one_hot__all_columns(labels, classes):
    """out[:, labels] sets the column in every row."""
    out = np.zeros((len(labels), classes))
    out[:, labels] = 1
    return out


def one_hot__turned(labels, classes):
    """One column a label."""
    out = np.zeros((classes, len(labels)))
    for i in range(len(labels)):
        out[labels[i], i] = 1
    return out


def one_hot__from_one(labels, classes):
    """Counts the classes from 1."""
    out = np.zeros((len(labels), classes))
    for i in range(len(labels)):
        out[i, labels[i] - 1] = 1
    return out


def matrix_vector_loops__equals(A, x):
    """= in place of +=."""
    m, n = A.shape
    y = np.zeros(m)
    for i in range(m):
        for j in range(n):
            y[i] = A[i, j] * x[j]
    return y


def matrix_vector_loops__wrong_size(A, x):
    """The result has as many places as x."""
    y = np.zeros(len(x))
    for i in range(len(A)):
        for j in range(len(x)):
            y[i] += A[i, j] * x[j]
    return y


def matrix_vector_loops__return_inside(A, x):
    """The return stands in the loop."""
    m, n = A.shape
    y = np.zeros(m)
    for i in range(m):
        for j in range(n):
            y[i] += A[i, j] * x[j]
        return y


def matrix_vector__sum_axis0(A, x):
    """The sum along the wrong axis."""
    return np.sum(A * x, axis=0)


def matrix_vector__star(A, x):
    """* in place of @."""
    return A * x


def bayes__likelihood_over_prior(prior, likelihood, evidence):
    """Divides by the prior."""
    return likelihood * evidence / prior


def bayes__no_brackets_slash(prior, likelihood, evidence):
    """Forgets the prior."""
    return likelihood / evidence


def numerical_derivative__brackets(f, x, h):
    """/ 2 * h without brackets."""
    return (f(x + h) - f(x - h)) / 2 * h


def numerical_derivative__forward(f, x, h):
    """The difference to one side only."""
    return (f(x + h) - f(x)) / h


def numerical_derivative__no_brackets_above(f, x, h):
    """No brackets round the difference."""
    return f(x + h) - f(x - h) / (2 * h)


def numerical_gradient__all_together(f, x, h):
    """Moves all numbers at once."""
    return (f(x + h) - f(x - h)) / (2 * h)


def numerical_gradient__not_put_back(f, x, h):
    """Does not put the old number back."""
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] = x[i] + h
        up = f(x)
        x[i] = x[i] - 2 * h
        down = f(x)
        gradient[i] = (up - down) / (2 * h)
    return gradient


def numerical_gradient__vector_only(f, x, h):
    """Goes through range(len(x)), and moves a whole row of a table."""
    g = np.zeros(x.shape)
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = h
        g[i] = (f(x + step) - f(x - step)) / (2 * h)
    return g


def jacobian__stack_axis0(f, x, h):
    """The columns are stacked as rows."""
    columns = []
    for j in range(len(x)):
        step = np.zeros(len(x))
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(columns)


def jacobian__divided_by_h(f, x, h):
    """Divides by h alone."""
    columns = []
    for j in range(len(x)):
        step = np.zeros(len(x))
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / h)
    return np.stack(columns, axis=1)


def hessian__jacobian_of_f(f, x, h):
    """The Jacobian of f itself."""
    return jacobian(f, x, h)


def hessian__called_at_once(f, x, h):
    """Hands over the gradient's value where a function belongs."""
    return jacobian(numerical_gradient(f, x, h), x, h)


def taylor2__no_half(f, x0, dx):
    """The half is forgotten."""
    g = numerical_gradient(f, x0, 1e-4)
    H = hessian(f, x0, 1e-4)
    return f(x0) + g @ dx + dx @ H @ dx


def taylor2__at_the_end(f, x0, dx):
    """Gradient and Hessian where the step ends."""
    g = numerical_gradient(f, x0 + dx, 1e-4)
    H = hessian(f, x0 + dx, 1e-4)
    return f(x0) + g @ dx + 0.5 * dx @ H @ dx


def taylor2__star(f, x0, dx):
    """* for the dot product: an array comes back."""
    g = numerical_gradient(f, x0, 1e-4)
    H = hessian(f, x0, 1e-4)
    return f(x0) + g * dx + 0.5 * dx * H * dx
