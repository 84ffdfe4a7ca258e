"""Wrong answers to chapter 02, written from the notebook's text alone."""

import numpy as np
from finished import dense_forward, relu, sigmoid, softmax, tanh


def sigmoid__brackets(x):
    """1 / 1 + e without brackets."""
    return 1 / 1 + np.exp(-x)


def sigmoid__sign(x):
    """The exponent has no minus."""
    return 1 / (1 + np.exp(x))


def sigmoid__e_to_x_form(x):
    """The other form, which overflows."""
    return np.exp(x) / (1 + np.exp(x))


def sigmoid_derivative__of_x(x):
    """x in place of sigmoid(x)."""
    return x * (1 - x)


def sigmoid_derivative__brackets(x):
    """No brackets round 1 - s."""
    s = sigmoid(x)
    return s * 1 - s


def tanh__outer_two(x):
    """The 2 inside is missing."""
    return 2 * sigmoid(x) - 1


def tanh__by_exponentials(x):
    """The formula with exponentials, nan for large numbers."""
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def tanh_derivative__square_of_x(x):
    """tanh of the square."""
    return 1 - tanh(x**2)


def tanh_derivative__squares_difference(x):
    """(1 - tanh) squared."""
    return (1 - tanh(x)) ** 2


def relu__np_max(x):
    """np.max in place of np.maximum."""
    return np.max(x, 0)


def relu__in_place(x):
    """Changes x."""
    x[x < 0] = 0
    return x


def relu__absolute(x):
    """The absolute value."""
    return np.abs(x)


def relu_derivative__ge(x):
    """1 at exactly 0."""
    return np.where(x >= 0, 1.0, 0.0)


def relu_derivative__x_itself(x):
    """relu itself, and not its slope."""
    return np.where(x > 0, x, 0.0)


def leaky_relu__minus(x, alpha=0.01):
    """-alpha x on the left."""
    return np.where(x > 0, x, -alpha * x)


def leaky_relu__alpha_fixed(x, alpha=0.01):
    """The 0.01 is written into the code."""
    return np.where(x > 0, x, 0.01 * x)


def leaky_relu_derivative__alpha_x(x, alpha=0.01):
    """alpha x on the left."""
    return np.where(x > 0, 1.0, alpha * x)


def leaky_relu_derivative__ge(x, alpha=0.01):
    """1 at exactly 0."""
    return np.where(x >= 0, 1, alpha)


def saturated_fraction__count(z, activation_derivative, threshold):
    """Counts, and does not divide."""
    return np.sum(np.abs(activation_derivative(z)) < threshold)


def saturated_fraction__len(z, activation_derivative, threshold):
    """Divides by the number of rows."""
    return np.sum(np.abs(activation_derivative(z)) < threshold) / len(z)


def saturated_fraction__no_abs(z, activation_derivative, threshold):
    """No np.abs."""
    return np.mean(activation_derivative(z) < threshold)


def gradient_after__times(depth, derivative, z):
    """Times in place of to the power of."""
    return depth * derivative(z)


def gradient_after__chained(depth, derivative, z):
    """The slope of the slope of the slope."""
    g = z
    for _ in range(depth):
        g = derivative(g)
    return g


def gradient_after__one_more(depth, derivative, z):
    """One factor too many."""
    g = derivative(z)
    for _ in range(depth):
        g = g * derivative(z)
    return g


def dead_units__any(activations):
    """any in place of all."""
    return np.any(activations == 0, axis=0)


def dead_units__sum(activations):
    """A sum of 0 is no proof."""
    return activations.sum(axis=0) == 0


def dead_units__axis1(activations):
    """Along the rows."""
    return np.all(activations == 0, axis=1)


def softmax__no_shift(x, axis=-1):
    """Nothing is subtracted."""
    e = np.exp(x)
    return e / np.sum(e, axis=axis, keepdims=True)


def softmax__no_keepdims(x, axis=-1):
    """No keepdims."""
    e = np.exp(x - np.max(x))
    return e / np.sum(e, axis=axis)


def softmax__whole_sum(x, axis=-1):
    """The sum of the whole table."""
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax__axis1(x, axis=-1):
    """The axis is written into the code."""
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def log_softmax__log_of_softmax(x, axis=-1):
    """The logarithm of softmax."""
    return np.log(softmax(x, axis))


def log_softmax__unshifted_first(x, axis=-1):
    """x, not shifted, in the first place."""
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return x - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def log_softmax__sum_of_logs(x, axis=-1):
    """The sum stands outside the logarithm."""
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.sum(np.log(np.exp(shifted)), axis=axis, keepdims=True)


def deep_forward__always_x(x, weights, biases, activation):
    """Each layer gets x."""
    outs = []
    for W, b in zip(weights, biases):
        z, _ = dense_forward(x, W, b)
        outs.append(activation(z))
    return outs


def deep_forward__last_only(x, weights, biases, activation):
    """Only what the last layer gives."""
    for W, b in zip(weights, biases):
        z, _ = dense_forward(x, W, b)
        x = activation(z)
    return x


def deep_forward__x_too(x, weights, biases, activation):
    """x stands in the list too."""
    outs = [x]
    for W, b in zip(weights, biases):
        outs.append(activation(outs[-1] @ W + b))
    return outs


def deep_forward__relu_fixed(x, weights, biases, activation):
    """Ignores the activation."""
    outs = []
    for W, b in zip(weights, biases):
        x = relu(x @ W + b)
        outs.append(x)
    return outs


def deep_forward__tuple_passed(x, weights, biases, activation):
    """The pair of dense_forward is used as one array."""
    outs = []
    for W, b in zip(weights, biases):
        x = activation(dense_forward(x, W, b))
        outs.append(x)
    return outs
