"""Right answers to chapters 00 and 01, of another structure than the course's own."""

import math

import numpy as np
from finished import numerical_gradient, perceptron_update, step


def l1_norm__loop(v):
    """A loop with an if."""
    total = 0
    for number in v:
        total += number if number > 0 else -number
    return total


def l1_norm__linalg(v):
    """np.linalg.norm."""
    return np.linalg.norm(v, 1)


l1_norm__dot = lambda v: v @ np.sign(v)
l1_norm__dot.__doc__ = "A lambda, with the signs."


def l2_norm__math(v):
    """math.sqrt and a generator."""
    return math.sqrt(sum(x * x for x in v))


def l2_norm__dot(v):
    """The dot product with itself."""
    return (v @ v) ** 0.5


def l2_norm__hypot(v):
    """np.hypot, one after the other."""
    length = 0.0
    for x in v:
        length = np.hypot(length, x)
    return length


def standardize__loop(X):
    """Column by column."""
    out = np.zeros(X.shape)
    for j in range(X.shape[1]):
        column = X[:, j]
        if column.std() > 0:
            out[:, j] = (column - column.mean()) / column.std()
    return out


def standardize__divide_where(X):
    """np.divide with where."""
    centered = X - X.mean(0)
    std = np.sqrt((centered**2).mean(0))
    return np.divide(centered, std, out=np.zeros(X.shape), where=std > 0)


def one_hot__eye(labels, classes):
    """Rows of the identity."""
    return np.eye(classes)[labels]


def one_hot__compare(labels, classes):
    """A comparison, each with each."""
    return (labels[:, None] == np.arange(classes)).astype(float)


def matrix_vector_loops__lists(A, x):
    """Sums of lists."""
    return np.array([sum(a * b for a, b in zip(row, x)) for row in A])


def matrix_vector__einsum(A, x):
    """einsum."""
    return np.einsum("ij,j->i", A, x)


def matrix_vector__tensordot(A, x):
    """np.sum of products."""
    return (A * x).sum(axis=-1)


def bayes__logarithms(prior, likelihood, evidence):
    """Another order of the operations."""
    return prior * (likelihood / evidence)


def numerical_derivative__two_halves(f, x, h):
    """The mean of the slopes to both sides."""
    right, left = (f(x + h) - f(x)) / h, (f(x) - f(x - h)) / h
    return 0.5 * (right + left)


def numerical_gradient__flat(f, x, h):
    """Through a flat view of the unit steps."""
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + s) - f(x - s) for s in steps]).reshape(x.shape) / (2 * h)


def jacobian__transposed_list(f, x, h):
    """The rows of the transpose."""
    return np.array([f(x + s) - f(x - s) for s in h * np.eye(len(x))]).T / 2 / h


def hessian__four_points(f, x, h):
    """Four values of f for each entry."""
    E = h * np.eye(len(x))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h) for b in E] for a in E]
    )


def taylor2__einsum(f, x0, dx):
    """The Hessian by differences of gradients."""
    h = 1e-4
    g = numerical_gradient(f, x0, h)
    rows = [
        (numerical_gradient(f, x0 + s, h) - numerical_gradient(f, x0 - s, h)) / (2 * h)
        for s in h * np.eye(len(x0))
    ]
    return f(x0) + np.dot(g, dx) + np.einsum("ij,i,j", np.array(rows), dx, dx) / 2


def weighted_sum_by_hand__numpy():
    """With arrays."""
    return np.array([1, 2, 3]) @ np.array([0.2, 0.8, -0.5]) + 2


def weighted_sum__zip(x, w, b):
    """zip."""
    for a, c in zip(x, w):
        b = b + a * c
    return b


def weighted_sum__inner(x, w, b):
    """A longer vector with an input of 1."""
    return np.inner(np.append(x, 1.0), np.append(w, b))


def step__boolean(z):
    """A comparison times 1."""
    return (z >= 0) * 1


def step__heaviside(z):
    """np.heaviside."""
    return np.heaviside(z, 1.0)


step__vectorize = np.vectorize(lambda z: 1 if z >= 0 else 0)
step__vectorize.__doc__ = "np.vectorize of a lambda."


def neuron__dot(x, w, b, activation):
    """np.dot."""
    return activation(np.dot(x, w) + b)


def and_gate__other_numbers(x1, x2):
    """Other weights."""
    return step(2.0 * x1 + 3.0 * x2 - 4.0)


def and_gate__plain_if(x1, x2):
    """A plain if."""
    return 1 if x1 + x2 > 1.5 else 0


def or_gate__other(x1, x2):
    """Other numbers."""
    return int(5 * x1 + 5 * x2 - 2.5 >= 0)


def nand_gate__other(x1, x2):
    """A comparison turned round."""
    return int(x1 + x2 < 1.5)


def decision_boundary__terms(w, b, x1):
    """Slope and height apart."""
    return -w[0] / w[1] * x1 - b / w[1]


def perceptron_update__if(x, y, w, b, lr):
    """With an if for each kind of mistake."""
    answer = 1 if x @ w + b >= 0 else 0
    if y == 1 and answer == 0:
        return w + lr * x, b + lr
    if y == 0 and answer == 1:
        return w - lr * x, b - lr
    return w.copy(), b


def perceptron_fit__zip(X, y, lr, epochs):
    """zip in place of numbers."""
    w, b = np.zeros(len(X[0])), 0
    for _ in range(epochs):
        for one, answer in zip(X, y):
            w, b = perceptron_update(one, answer, w, b, lr)
    return w, b


def xor_gate__subtraction(x1, x2):
    """OR without AND, as a second layer."""
    return int(int(x1 + x2 >= 0.5) - int(x1 + x2 >= 1.5) >= 0.5)


def dense_forward__einsum(x, W, b):
    """einsum."""
    return np.einsum("nd,dm->nm", x, W) + b, (x, W, b)


def dense_forward__loops(x, W, b):
    """Three loops."""
    out = np.zeros((x.shape[0], W.shape[1]))
    for n in range(len(x)):
        for m in range(len(b)):
            out[n, m] = b[m]
            for d in range(x.shape[1]):
                out[n, m] += x[n, d] * W[d, m]
    return out, (x, W, b)


def count_parameters__zip(layer_sizes):
    """(inputs + 1) times neurons."""
    return sum((a + 1) * b for a, b in zip(layer_sizes, layer_sizes[1:]))
