"""Wrong answers to chapter 01, written from the notebook's text alone."""

import numpy as np
from finished import and_gate, nand_gate, neuron, or_gate, perceptron_fit, perceptron_update, step


def weighted_sum_by_hand__sign():
    """The sign of the third weight is lost."""
    return 1 * 0.2 + 2 * 0.8 + 3 * 0.5 + 2


def weighted_sum_by_hand__no_bias():
    """The bias is forgotten."""
    return 1 * 0.2 + 2 * 0.8 + 3 * -0.5


def weighted_sum__bias_each_time(x, w, b):
    """The bias is added with each product."""
    z = 0
    for i in range(len(x)):
        z += x[i] * w[i] + b
    return z


def weighted_sum__no_sum(x, w, b):
    """The products are not added up."""
    return x * w + b


def weighted_sum__off_by_one(x, w, b):
    """Begins with position 1, as the formula is printed."""
    z = b
    for i in range(1, len(x)):
        z += x[i] * w[i]
    return z


def step__greater(z):
    """Silent at exactly 0."""
    return np.where(z > 0, 1, 0)


def step__if(z):
    """An if on an array."""
    if z >= 0:
        return 1
    else:
        return 0


def step__swapped(z):
    """The two answers are exchanged."""
    return np.where(z >= 0, 0, 1)


def neuron__step_always(x, w, b, activation):
    """Ignores the activation that it is given."""
    return step(x @ w + b)


def neuron__no_activation(x, w, b, activation):
    """Gives the weighted sum itself."""
    return x @ w + b


def neuron__activation_of_products(x, w, b, activation):
    """Bends first and adds the bias afterwards."""
    return activation(x @ w) + b


def neuron__np_sum(x, w, b, activation):
    """Adds up a whole batch."""
    return activation(np.sum(x * w) + b)


def and_gate__or_bias(x1, x2):
    """A bias that makes OR."""
    return neuron(np.array([x1, x2]), np.array([1, 1]), -0.5, step)


def and_gate__on_the_edge(x1, x2):
    """The bias has no room: -2."""
    return neuron(np.array([x1, x2]), np.array([1, 1]), -2, step)


def and_gate__exact(x1, x2):
    """Compares with exactly 1."""
    if x1 == 1 and x2 == 1:
        return 1
    return 0


def or_gate__edge(x1, x2):
    """The bias is -1: no room below."""
    return step(x1 + x2 - 1)


def nand_gate__bias_not_turned(x1, x2):
    """Turns the weights, but not the bias."""
    return neuron(np.array([x1, x2]), np.array([-1, -1]), -1.5, step)


def decision_boundary__plus_b(w, b, x1):
    """The sign of b is wrong."""
    return (b - x1 * w[0]) / w[1]


def decision_boundary__brackets(w, b, x1):
    """Only b is divided."""
    return -x1 * w[0] - b / w[1]


def decision_boundary__w_swapped(w, b, x1):
    """Divides by the other weight."""
    return -(x1 * w[1] + b) / w[0]


def perceptron_update__in_place(x, y, w, b, lr):
    """Changes the given w."""
    error = y - neuron(x, w, b, step)
    w += lr * error * x
    b += lr * error
    return w, b


def perceptron_update__sign(x, y, w, b, lr):
    """Answer minus target."""
    error = neuron(x, w, b, step) - y
    return w + lr * error * x, b + lr * error


def perceptron_update__no_step(x, y, w, b, lr):
    """The error is taken from the sum, without a step."""
    error = y - (x @ w + b)
    return w + lr * error * x, b + lr * error


def perceptron_update__bias_without_lr(x, y, w, b, lr):
    """lr is missing at the bias."""
    error = y - neuron(x, w, b, step)
    return w + lr * error * x, b + error


def perceptron_fit__not_kept(X, y, lr, epochs):
    """What comes back is not kept."""
    w = np.zeros(X.shape[1])
    b = 0.0
    for _ in range(epochs):
        for i in range(len(X)):
            perceptron_update(X[i], y[i], w, b, lr)
    return w, b


def perceptron_fit__return_inside(X, y, lr, epochs):
    """Returns after the first epoch."""
    w = np.zeros(X.shape[1])
    b = 0.0
    for _ in range(epochs):
        for i in range(len(X)):
            w, b = perceptron_update(X[i], y[i], w, b, lr)
        return w, b


def perceptron_fit__start_inside(X, y, lr, epochs):
    """Starts from zeros again in each epoch."""
    for _ in range(epochs):
        w = np.zeros(X.shape[1])
        b = 0.0
        for i in range(len(X)):
            w, b = perceptron_update(X[i], y[i], w, b, lr)
    return w, b


def xor_gate__or_of_both(x1, x2):
    """The third gate is OR."""
    return or_gate(or_gate(x1, x2), nand_gate(x1, x2))


def xor_gate__and_for_nand(x1, x2):
    """AND in place of NAND."""
    return and_gate(or_gate(x1, x2), and_gate(x1, x2))


def dense_forward__no_cache(x, W, b):
    """Returns the result alone."""
    return x @ W + b


def dense_forward__wrong_order(x, W, b):
    """W first."""
    return W @ x + b, (x, W, b)


def dense_forward__transposed(x, W, b):
    """W transposed, as in PyTorch."""
    return x @ W.T + b, (x, W, b)


def dense_forward__cache_order(x, W, b):
    """The cache holds another order."""
    out = x @ W + b
    return out, (W, x, b)


def count_parameters__no_biases(layer_sizes):
    """Only the weights."""
    total = 0
    for i in range(1, len(layer_sizes)):
        total += layer_sizes[i - 1] * layer_sizes[i]
    return total


def count_parameters__input_biases(layer_sizes):
    """Counts a bias for each input too."""
    total = sum(layer_sizes)
    for i in range(len(layer_sizes) - 1):
        total += layer_sizes[i] * layer_sizes[i + 1]
    return total


def count_parameters__index(layer_sizes):
    """Runs over the end of the list."""
    total = 0
    for i in range(len(layer_sizes)):
        total += layer_sizes[i] * layer_sizes[i + 1] + layer_sizes[i + 1]
    return total


def iris_classifier__all_rows_scaled(X, y):
    """Mean and std of all the rows."""
    n = 4 * len(X) // 5
    mean, std = X.mean(axis=0), X.std(axis=0)
    Z = (X - mean) / std
    w, b = perceptron_fit(Z[:n], y[:n], 1.0, 100)
    return mean, std, w, b, np.mean(neuron(Z[n:], w, b, step) == y[n:])


def iris_classifier__trained_on_all(X, y):
    """Learns from all the flowers."""
    n = 4 * len(X) // 5
    mean, std = X[:n].mean(axis=0), X[:n].std(axis=0)
    Z = (X - mean) / std
    w, b = perceptron_fit(Z, y, 1.0, 100)
    return mean, std, w, b, np.mean(neuron(Z[n:], w, b, step) == y[n:])


def iris_classifier__test_not_scaled(X, y):
    """The flowers kept aside are judged in centimeters."""
    n = 4 * len(X) // 5
    mean, std = X[:n].mean(axis=0), X[:n].std(axis=0)
    w, b = perceptron_fit((X[:n] - mean) / std, y[:n], 1.0, 100)
    return mean, std, w, b, np.mean(neuron(X[n:], w, b, step) == y[n:])
