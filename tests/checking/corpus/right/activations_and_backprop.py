"""Right answers to chapters 02 and 03, of another structure than the course's own."""

import finished as mine
import numpy as np
from finished import sigmoid, tanh


def sigmoid__by_tanh(x):
    """By tanh, which never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def sigmoid__two_sides(x):
    """Each side by itself."""
    out = np.empty(x.shape)
    positive = x >= 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    e = np.exp(x[~positive])
    out[~positive] = e / (1 + e)
    return out


def sigmoid__logaddexp(x):
    """By logaddexp."""
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_derivative__product(x):
    """The product of both sides."""
    return sigmoid(x) * sigmoid(-x)


def tanh__numpy(x):
    """np.tanh."""
    return np.tanh(x)


def tanh__difference(x):
    """The difference of two sigmoids."""
    return sigmoid(2 * x) - sigmoid(-2 * x)


def tanh_derivative__factors(x):
    """(1 - t)(1 + t)."""
    t = tanh(x)
    return (1 - t) * (1 + t)


def tanh_derivative__sigmoids(x):
    """Four times the sigmoid's slope at 2x."""
    s = sigmoid(2 * x)
    return 4 * s * (1 - s)


def relu__times_mask(x):
    """Times the comparison."""
    return x * (x > 0)


def relu__half_of_sum(x):
    """(x + |x|) / 2."""
    return (x + np.abs(x)) / 2


def relu__clip(x):
    """np.clip."""
    return np.clip(x, 0, None)


relu__lambda = lambda x: np.where(x > 0, x, 0)
relu__lambda.__doc__ = "A lambda."


def relu_derivative__booleans(x):
    """Booleans."""
    return x > 0


def relu_derivative__heaviside(x):
    """np.heaviside."""
    return np.heaviside(x, 0)


def leaky_relu__maximum(x, alpha=0.01):
    """Both parts added up."""
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


def leaky_relu_derivative__sum(x, alpha=0.01):
    """alpha, and what is missing to 1."""
    return alpha + (1 - alpha) * (x > 0)


def saturated_fraction__count(z, activation_derivative, threshold):
    """A count over the size."""
    return np.count_nonzero(abs(activation_derivative(z)) < threshold) / z.size


def gradient_after__loop(depth, derivative, z):
    """A loop."""
    g = np.ones(z.shape)
    for _ in range(depth):
        g *= derivative(z)
    return g


def dead_units__not_any(activations):
    """Not any."""
    return ~np.any(activations != 0, axis=0)


def dead_units__absolute_max(activations):
    """The largest size is 0."""
    return np.abs(activations).max(axis=0) == 0


def softmax__by_log(x, axis=-1):
    """The exponential of log_softmax."""
    return np.exp(mine.log_softmax(x, axis))


def softmax__along(x, axis=-1):
    """Line by line, by apply_along_axis."""

    def one(line):
        e = np.exp(line - line.max())
        return e / e.sum()

    return np.apply_along_axis(one, axis, x)


def log_softmax__reduce(x, axis=-1):
    """logaddexp.reduce."""
    return x - np.expand_dims(np.logaddexp.reduce(x, axis=axis), axis)


def deep_forward__comprehension(x, weights, biases, activation):
    """An if-less loop over the numbers of layers."""
    outs = []
    for k in range(len(weights)):
        outs.append(activation((outs[k - 1] if k else x) @ weights[k] + biases[k]))
    return outs


def mse_loss__vdot(pred, target):
    """vdot."""
    e = (pred - target).ravel()
    return np.vdot(e, e) / e.size, (e * 2 / e.size).reshape(pred.shape)


def binary_cross_entropy_loss__where(prob, target):
    """np.where for the two targets."""
    p = np.where(target == 1, prob, 1 - prob)
    grad = np.where(target == 1, -1 / prob, 1 / (1 - prob)) / prob.size
    return -np.log(p).mean(), grad


def cross_entropy_loss__one_hot(logits, labels):
    """With a table of ones and zeros."""
    hot = np.eye(logits.shape[1])[labels]
    logs = mine.log_softmax(logits)
    return -(hot * logs).sum() / len(labels), (np.exp(logs) - hot) / len(labels)


def cross_entropy_loss__loop(logits, labels):
    """A loop over the examples."""
    loss, grad = 0.0, np.zeros(logits.shape)
    for n, label in enumerate(labels):
        loss -= mine.log_softmax(logits[n : n + 1])[0, label]
        grad[n] = mine.softmax(logits[n : n + 1])[0]
        grad[n, label] -= 1
    return loss / len(labels), grad / len(labels)


def graph_by_hand__by_distribution():
    """f = xz + yz."""
    x, y, z = -2.0, 5.0, -4.0
    return z, z, x + y


def local_slopes__table(operation, inputs):
    """A dict of functions."""
    if operation == "relu":
        return (float(inputs[0] > 0),)
    if operation == "sigmoid":
        s = mine.sigmoid(inputs[0])
        return (s * (1 - s),)
    a, b = inputs
    return {"+": (1, 1), "-": (1, -1), "*": (b, a), "/": (1 / b, -a / b**2)}[operation]


def gradient_check__ravel(f, df, x):
    """np.linalg.norm of flat arrays."""
    a, b = np.ravel(df(x)), np.ravel(mine.numerical_gradient(f, x, 1e-5))
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


def sigmoid_backward__expanded(dout, out):
    """Multiplied out."""
    return dout * (out - out**2)


def tanh_backward__factors(dout, out):
    """Two factors."""
    return dout * (1 - out) * (1 + out)


def relu_backward__where(dout, out):
    """np.where."""
    return np.where(out > 0, dout, 0)


def dense_backward__einsum(dout, cache):
    """einsum throughout."""
    x, W, _ = cache
    return np.einsum("nm,dm->nd", dout, W), np.einsum("nd,nm->dm", x, dout), np.einsum("nm->m", dout)


def dense_backward__examples(dout, cache):
    """Outer products, example by example."""
    x, W, b = cache
    dW = sum(np.outer(one, d) for one, d in zip(x, dout))
    return (W @ dout.T).T, dW, np.ones(len(x)) @ dout


def softmax_backward__jacobians(dout, out):
    """A whole Jacobian for each row."""
    return np.array([(np.diag(p) - np.outer(p, p)) @ d for p, d in zip(out, dout)])


def two_layer_forward__parts(x, params):
    """By the parts of chapter 1."""
    z1, _ = mine.dense_forward(x, params["W1"], params["b1"])
    h = 1 / (1 + np.exp(-z1))
    z2, _ = mine.dense_forward(h, params["W2"], params["b2"])
    out = 1 / (1 + np.exp(-z2))
    return out, (x, h, out, params)


def two_layer_backward__written_out(dout, cache):
    """Without helpers."""
    x, h, out, params = cache
    d2 = dout * out * (1 - out)
    d1 = d2 @ params["W2"].T * h * (1 - h)
    return {"b2": d2.sum(0), "W2": h.T @ d2, "b1": d1.sum(0), "W1": x.T @ d1}


def three_layers_by_hand__numbers():
    """The numbers alone."""
    return -16, 12, -48


def gradient_step__comprehension(params, grads, lr):
    """A dict comprehension."""
    return {k: p - lr * g for (k, p), g in zip(params.items(), [grads[k] for k in params])}


def xavier_init__scaled(fan_in, fan_out, rng):
    """Scaled numbers from 0 to 1."""
    a = (6 / (fan_in + fan_out)) ** 0.5
    return a * (2 * rng.random((fan_in, fan_out)) - 1)


def he_init__standard(fan_in, fan_out, rng):
    """Scaled standard normal numbers."""
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in / 2)


def minibatches__shuffle(X, y, size, rng):
    """rng.shuffle of the numbers."""
    order = np.arange(len(X))
    rng.shuffle(order)
    X, y = X[order], y[order]
    return [(X[s : s + size], y[s : s + size]) for s in range(0, len(X), size)]


def clip_by_value__minimum(grads, limit):
    """minimum of maximum."""
    return {k: np.minimum(np.maximum(g, -limit), limit) for k, g in grads.items()}


def clip_by_norm__one_vector(grads, max_norm):
    """One long vector."""
    length = np.linalg.norm(np.concatenate([g.ravel() for g in grads.values()]))
    return {k: g * min(1.0, max_norm / length) if length else g for k, g in grads.items()}
