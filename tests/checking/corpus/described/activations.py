"""Wrong answers to chapter 02, after what people were seen to write."""

import math

import numpy as np
from finished import sigmoid, softmax, tanh


def sigmoid__math_exp(x):
    """math.exp, for one number."""
    return 1 / (1 + math.exp(-x))


def sigmoid__rounded(x):
    """Rounds to 4 digits."""
    return np.round(1 / (1 + np.exp(-x)), 4)


def sigmoid__clipped(x):
    """Clips x to ±5."""
    return 1 / (1 + np.exp(-np.clip(x, -5, 5)))


def sigmoid__list(x):
    """Returns a list."""
    return [1 / (1 + np.exp(-number)) for number in x]


def sigmoid_derivative__plus(x):
    """1 + s."""
    s = sigmoid(x)
    return s * (1 + s)


def sigmoid_derivative__sigmoid_twice(x):
    """The sigmoid of the sigmoid."""
    s = sigmoid(sigmoid(x))
    return s * (1 - s)


def tanh__outer_missing(x):
    """The 2 in front is missing."""
    return sigmoid(2 * x) - 1


def tanh__minus_missing(x):
    """The - 1 is missing."""
    return 2 * sigmoid(2 * x)


def tanh_derivative__no_square(x):
    """The square is missing."""
    return 1 - tanh(x)


def tanh_derivative__sigmoid_form(x):
    """The sigmoid's rule."""
    t = tanh(x)
    return t * (1 - t)


def relu__max_builtin(x):
    """Python's max."""
    return max(x, 0)


def relu__zero_one(x):
    """Zeros and ones."""
    return np.where(x > 0, 1.0, 0.0)


def relu__minimum(x):
    """minimum in place of maximum."""
    return np.minimum(x, 0)


def relu__if(x):
    """An if on an array."""
    if x > 0:
        return x
    return 0


def relu_derivative__kink_at_half(x):
    """The kink at 0.5."""
    return np.where(x > 0.5, 1.0, 0.0)


def relu_derivative__sign(x):
    """-1 on the left."""
    return np.sign(x)


def leaky_relu__where_swapped(x, alpha=0.01):
    """The two branches are exchanged."""
    return np.where(x > 0, alpha * x, x)


def leaky_relu__constant(x, alpha=0.01):
    """alpha alone on the left."""
    return np.where(x > 0, x, alpha)


def leaky_relu_derivative__zero_left(x, alpha=0.01):
    """ReLU's slope."""
    return np.where(x > 0, 1.0, 0.0)


def saturated_fraction__greater(z, activation_derivative, threshold):
    """The other part."""
    return np.mean(np.abs(activation_derivative(z)) > threshold)


def saturated_fraction__of_z(z, activation_derivative, threshold):
    """Looks at z itself."""
    return np.mean(np.abs(z) < threshold)


def gradient_after__sum(depth, derivative, z):
    """A sum over all numbers."""
    return np.sum(derivative(z)) ** depth


def gradient_after__one_less(depth, derivative, z):
    """One factor less."""
    return derivative(z) ** (depth - 1)


def dead_units__max_is_0(activations):
    """The largest is 0."""
    return activations.max(axis=0) == 0


def dead_units__count(activations):
    """How many are dead."""
    return np.sum(np.all(activations == 0, axis=0))


def softmax__as_printed(x, axis=-1):
    """The formula as printed: no axis, no shift."""
    return np.exp(x) / np.sum(np.exp(x))


def softmax__stackoverflow(x, axis=-1):
    """Global maximum and sum along axis 0."""
    e = np.exp(x - np.max(x))
    return e / e.sum(axis=0)


def softmax__minimum(x, axis=-1):
    """Subtracts the smallest."""
    e = np.exp(x - x.min(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax__mean(x, axis=-1):
    """Subtracts the mean."""
    e = np.exp(x - x.mean(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax__global_max(x, axis=-1):
    """One maximum for all rows."""
    e = np.exp(x - x.max())
    return e / e.sum(axis=axis, keepdims=True)


def softmax__scores_over_sum(x, axis=-1):
    """No exponential."""
    return x / x.sum(axis=axis, keepdims=True)


def log_softmax__eps(x, axis=-1):
    """log(p + eps)."""
    return np.log(softmax(x, axis) + 1e-15)


def log_softmax__unstable(x, axis=-1):
    """The formula without a shift."""
    return x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True))


def log_softmax__whole_sum(x, axis=-1):
    """One sum for the whole table."""
    shifted = x - x.max()
    return shifted - np.log(np.sum(np.exp(shifted)))


def deep_forward__last_not_bent(x, weights, biases, activation):
    """The last layer is not bent."""
    outs = []
    for k, (W, b) in enumerate(zip(weights, biases)):
        x = x @ W + b
        if k < len(weights) - 1:
            x = activation(x)
        outs.append(x)
    return outs


def deep_forward__before_bend(x, weights, biases, activation):
    """Collects what stands before the bend."""
    outs = []
    for W, b in zip(weights, biases):
        z = x @ W + b
        outs.append(z)
        x = activation(z)
    return outs


def deep_forward__no_bias(x, weights, biases, activation):
    """No biases."""
    outs = []
    for W in weights:
        x = activation(x @ W)
        outs.append(x)
    return outs


def deep_forward__not_bent_onward(x, weights, biases, activation):
    """The next layer gets what stands before the bend."""
    outs = []
    for W, b in zip(weights, biases):
        x = x @ W + b
        outs.append(activation(x))
    return outs
