"""Wrong answers to chapter 01, after what people were seen to write."""

import numpy as np
from finished import neuron, perceptron_fit, perceptron_update, step


def weighted_sum__outer(x, w, b):
    """The list of all products."""
    return [a * c for a in x for c in w]


def weighted_sum__bias_forgotten(x, w, b):
    """No bias."""
    return np.dot(x, w)


def weighted_sum__sums_multiplied(x, w, b):
    """The sums are multiplied."""
    return np.sum(x) * np.sum(w) + b


def step__sign(z):
    """np.sign."""
    return np.sign(z)


def step__max(z):
    """Python's max of an array."""
    return max(z, 0)


def step__rounded_sigmoid(z):
    """Half at 0."""
    return np.heaviside(z, 0.5)


def neuron__w_first(x, w, b, activation):
    """w @ x, which fits one example only."""
    return activation(w @ x + b)


def neuron__bias_multiplied(x, w, b, activation):
    """Times the bias."""
    return activation(x @ w * b)


def and_gate__nand(x1, x2):
    """The answers of NAND."""
    return int(not (x1 > 0.5 and x2 > 0.5))


def or_gate__exact(x1, x2):
    """Compares with exactly 1."""
    return 1 if x1 == 1 or x2 == 1 else 0


def nand_gate__and(x1, x2):
    """AND, not turned."""
    return neuron(np.array([x1, x2]), np.array([1, 1]), -1.5, step)


def decision_boundary__no_minus(w, b, x1):
    """No minus at all."""
    return (w[0] * x1 + b) / w[1]


def decision_boundary__not_divided(w, b, x1):
    """Not divided by w[1]."""
    return -(w[0] * x1 + b)


def perceptron_update__x_missing(x, y, w, b, lr):
    """The input is missing."""
    error = y - neuron(x, w, b, step)
    return w + lr * error, b + lr * error


def perceptron_update__labels_plus_minus(x, y, w, b, lr):
    """The rule for the labels -1 and 1."""
    z = x @ w + b
    if y * z <= 0:
        return w + lr * y * x, b + lr * y
    return w, b


def perceptron_fit__from_ones(X, y, lr, epochs):
    """Starts from ones."""
    w, b = np.ones(X.shape[1]), 1.0
    for _ in range(epochs):
        for i in range(len(X)):
            w, b = perceptron_update(X[i], y[i], w, b, lr)
    return w, b


def perceptron_fit__whole_batch(X, y, lr, epochs):
    """One correction an epoch, by all examples at once."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        error = y - neuron(X, w, b, step)
        w, b = w + lr * error @ X, b + lr * error.sum()
    return w, b


def perceptron_fit__one_example(X, y, lr, epochs):
    """Takes example 0 only."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        w, b = perceptron_update(X[0], y[0], w, b, lr)
    return w, b


def xor_gate__or(x1, x2):
    """OR."""
    return 1 if x1 > 0.5 or x2 > 0.5 else 0


def xor_gate__exact(x1, x2):
    """x1 != x2."""
    return int(x1 != x2)


def dense_forward__no_bias(x, W, b):
    """No bias."""
    return x @ W, (x, W, b)


def dense_forward__cache_without_b(x, W, b):
    """The cache lacks b."""
    return x @ W + b, (x, W)


def count_parameters__one_bias(layer_sizes):
    """One bias a layer."""
    return sum(a * c + 1 for a, c in zip(layer_sizes, layer_sizes[1:]))


def iris_classifier__no_scaling(X, y):
    """Learns in centimeters."""
    n = 4 * len(X) // 5
    w, b = perceptron_fit(X[:n], y[:n], 1.0, 100)
    mean, std = X[:n].mean(axis=0), X[:n].std(axis=0)
    return mean, std, w, b, np.mean(neuron(X[n:], w, b, step) == y[n:])


def iris_classifier__count(X, y):
    """The number of right answers, no share."""
    n = 4 * len(X) // 5
    mean, std = X[:n].mean(axis=0), X[:n].std(axis=0)
    w, b = perceptron_fit((X[:n] - mean) / std, y[:n], 1.0, 100)
    return mean, std, w, b, np.sum(neuron((X[n:] - mean) / std, w, b, step) == y[n:])
