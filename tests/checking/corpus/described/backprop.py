"""Wrong answers to chapter 03, after what people were seen to write."""

import finished as mine
import numpy as np
from finished import dense_backward, gradient_step, minibatches, sigmoid_backward


def mse_loss__sign(pred, target):
    """target - pred."""
    error = target - pred
    return np.mean(error**2), 2 * error / error.size


def mse_loss__sum(pred, target):
    """A sum in place of the mean."""
    error = pred - target
    return np.sum(error**2), 2 * error


def mse_loss__root(pred, target):
    """The root of the mean square."""
    error = pred - target
    return np.sqrt(np.mean(error**2)), 2 * error / error.size


def mse_loss__books_half(pred, target):
    """With the half of other books."""
    error = pred - target
    return 0.5 * np.mean(error**2), error / error.size


def mse_loss__per_row(pred, target):
    """One loss a row."""
    error = pred - target
    return np.mean(error**2, axis=-1), 2 * error / error.size


def binary_cross_entropy_loss__eps(prob, target):
    """log(p + 1e-3)."""
    e = 1e-3
    loss = -np.mean(target * np.log(prob + e) + (1 - target) * np.log(1 - prob + e))
    return loss, (prob - target) / (prob * (1 - prob)) / prob.size


def binary_cross_entropy_loss__grad_of_scores(prob, target):
    """The gradient by the scores."""
    loss = -np.mean(target * np.log(prob) + (1 - target) * np.log(1 - prob))
    return loss, (prob - target) / prob.size


def binary_cross_entropy_loss__log10(prob, target):
    """The logarithm to base 10."""
    loss = -np.mean(target * np.log10(prob) + (1 - target) * np.log10(1 - prob))
    return loss, (prob - target) / (prob * (1 - prob)) / prob.size


def binary_cross_entropy_loss__not_divided(prob, target):
    """The gradient is not divided by n."""
    loss = -np.mean(target * np.log(prob) + (1 - target) * np.log(1 - prob))
    return loss, (prob - target) / (prob * (1 - prob))


def binary_cross_entropy_loss__sign_of_gradient(prob, target):
    """t - p."""
    loss = -np.mean(target * np.log(prob) + (1 - target) * np.log(1 - prob))
    return loss, (target - prob) / (prob * (1 - prob)) / prob.size


def cross_entropy_loss__eps(logits, labels):
    """log(p + 1e-12)."""
    n = len(labels)
    p = mine.softmax(logits)
    loss = -np.mean(np.log(p[np.arange(n), labels] + 1e-12))
    p[np.arange(n), labels] -= 1
    return loss, p / n


def cross_entropy_loss__over_classes(logits, labels):
    """Divides by N and C."""
    n = len(labels)
    loss = -np.mean(mine.log_softmax(logits)[np.arange(n), labels])
    p = mine.softmax(logits)
    p[np.arange(n), labels] -= 1
    return loss, p / p.size


def cross_entropy_loss__one_not_taken_off(logits, labels):
    """The 1 is not taken off."""
    n = len(labels)
    loss = -np.mean(mine.log_softmax(logits)[np.arange(n), labels])
    return loss, mine.softmax(logits) / n


def cross_entropy_loss__minus_in_every_row(logits, labels):
    """p[:, labels] -= 1."""
    n = len(labels)
    loss = -np.mean(mine.log_softmax(logits)[np.arange(n), labels])
    p = mine.softmax(logits)
    p[:, labels] -= 1
    return loss, p / n


def cross_entropy_loss__positive(logits, labels):
    """The sign of the loss."""
    n = len(labels)
    loss = np.mean(mine.log_softmax(logits)[np.arange(n), labels])
    p = mine.softmax(logits)
    p[np.arange(n), labels] -= 1
    return loss, p / n


def gradient_check__no_denominator(f, df, x):
    """The difference alone."""
    return np.linalg.norm(df(x) - mine.numerical_gradient(f, x, 1e-5))


def gradient_check__max(f, df, x):
    """Divides by the larger length."""
    a, m = df(x), mine.numerical_gradient(f, x, 1e-5)
    return np.linalg.norm(a - m) / max(np.linalg.norm(a), np.linalg.norm(m))


def gradient_check__squared(f, df, x):
    """The lengths lack their roots."""
    a, m = df(x), mine.numerical_gradient(f, x, 1e-5)
    return np.sum((a - m) ** 2) / (np.sum(a**2) + np.sum(m**2))


def sigmoid_backward__slope_alone(dout, out):
    """dout is forgotten."""
    return out * (1 - out)


def tanh_backward__no_square(dout, out):
    """out is not squared."""
    return dout * (1 - out)


def relu_backward__one_for_positive(dout, out):
    """The slope alone."""
    return (out > 0).astype(float)


def dense_backward__w_not_turned(dout, cache):
    """W is not transposed."""
    x, W, _ = cache
    return dout @ W, x.T @ dout, dout.sum(axis=0)


def dense_backward__db_axis1(dout, cache):
    """db along the rows."""
    x, W, _ = cache
    return dout @ W.T, x.T @ dout, dout.sum(axis=1)


def dense_backward__db_all(dout, cache):
    """db as one number."""
    x, W, _ = cache
    return dout @ W.T, x.T @ dout, dout.sum()


def dense_backward__dw_mean(dout, cache):
    """dW divided by N."""
    x, W, _ = cache
    return dout @ W.T, x.T @ dout / len(x), dout.sum(axis=0)


def dense_backward__both_means(dout, cache):
    """dW and db divided by N."""
    x, W, _ = cache
    return dout @ W.T, x.T @ dout / len(x), dout.mean(axis=0)


def softmax_backward__no_sum(dout, out):
    """Without the sum."""
    return out * dout


def softmax_backward__unweighted(dout, out):
    """The sum is not weighted."""
    return out * (dout - np.sum(dout, axis=-1, keepdims=True))


def softmax_backward__plus(dout, out):
    """Plus the sum."""
    return out * (dout + np.sum(dout * out, axis=-1, keepdims=True))


def two_layer_forward__x_twice(x, params):
    """The cache keeps z in place of h."""
    z = x @ params["W1"] + params["b1"]
    h = mine.sigmoid(z)
    out = mine.sigmoid(h @ params["W2"] + params["b2"])
    return out, (x, z, out, params)


def two_layer_backward__no_last_bend(dout, cache):
    """The last sigmoid is forgotten."""
    x, h, out, params = cache
    dh, dW2, db2 = dense_backward(dout, (h, params["W2"], params["b2"]))
    _, dW1, db1 = dense_backward(sigmoid_backward(dh, h), (x, params["W1"], params["b1"]))
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def two_layer_backward__layers_exchanged(dout, cache):
    """The names of the layers are exchanged."""
    x, h, out, params = cache
    dz2 = sigmoid_backward(dout, out)
    dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))
    _, dW1, db1 = dense_backward(sigmoid_backward(dh, h), (x, params["W1"], params["b1"]))
    return {"W1": dW2, "b1": db2, "W2": dW1, "b2": db1}


def mlp_forward__outs_before_bend(x, params, activation="relu"):
    """Keeps what stands before the bend."""
    depth = len(params) // 2
    outs = [x]
    bent = x
    for k in range(1, depth + 1):
        z = bent @ params[f"W{k}"] + params[f"b{k}"]
        outs.append(z)
        bent = getattr(mine, activation)(z) if k < depth else z
    return bent, (outs, params, activation)


def mlp_forward__no_bend(x, params, activation="relu"):
    """No bend at all."""
    outs = [x]
    for k in range(1, len(params) // 2 + 1):
        outs.append(outs[-1] @ params[f"W{k}"] + params[f"b{k}"])
    return outs[-1], (outs, params, activation)


def mlp_backward__dx_not_handed_on(dout, cache):
    """Each layer gets the first dout."""
    outs, params, activation = cache
    grads = {}
    for k in range(len(outs) - 1, 0, -1):
        _, grads[f"W{k}"], grads[f"b{k}"] = dense_backward(
            dout, (outs[k - 1], params[f"W{k}"], params[f"b{k}"])
        )
    return grads


def mlp_backward__no_bend(dout, cache):
    """No bend on the way back."""
    outs, params, activation = cache
    grads = {}
    for k in range(len(outs) - 1, 0, -1):
        dout, grads[f"W{k}"], grads[f"b{k}"] = dense_backward(
            dout, (outs[k - 1], params[f"W{k}"], params[f"b{k}"])
        )
    return grads


def gradient_step__no_lr(params, grads, lr):
    """lr is forgotten."""
    return {name: params[name] - grads[name] for name in params}


def gradient_step__step_alone(params, grads, lr):
    """The step alone."""
    return {name: lr * grads[name] for name in params}


def xavier_init__positive(fan_in, fan_out, rng):
    """From 0 to a."""
    return rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), size=(fan_in, fan_out))


def xavier_init__own_rng(fan_in, fan_out, rng):
    """Its own generator."""
    a = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(0).uniform(-a, a, size=(fan_in, fan_out))


def he_init__fan_out(fan_in, fan_out, rng):
    """fan_out in place of fan_in."""
    return rng.normal(0, np.sqrt(2 / fan_out), size=(fan_in, fan_out))


def he_init__xavier(fan_in, fan_out, rng):
    """1 in place of 2."""
    return rng.normal(0, np.sqrt(1 / fan_in), size=(fan_in, fan_out))


def he_init__uniform(fan_in, fan_out, rng):
    """Evenly drawn."""
    a = np.sqrt(6 / fan_in)
    return rng.uniform(-a, a, size=(fan_in, fan_out))


def mlp_init__biases_drawn(layer_sizes, init, rng):
    """The biases are drawn too."""
    params = {}
    for k in range(1, len(layer_sizes)):
        params[f"W{k}"] = init(layer_sizes[k - 1], layer_sizes[k], rng)
        params[f"b{k}"] = rng.normal(size=layer_sizes[k])
    return params


def minibatches__global_random(X, y, size, rng):
    """np.random."""
    order = np.random.permutation(len(X))
    return [(X[order[s : s + size]], y[order[s : s + size]]) for s in range(0, len(X), size)]


def minibatches__arrays(X, y, size, rng):
    """The pieces of the order, and no examples."""
    order = rng.permutation(len(X))
    return [(order[s : s + size], order[s : s + size]) for s in range(0, len(X), size)]


def clip_by_value__abs(grads, limit):
    """The sizes."""
    return {name: np.minimum(np.abs(g), limit) for name, g in grads.items()}


def clip_by_norm__no_root(grads, max_norm):
    """The root is missing."""
    norm = sum(np.sum(g**2) for g in grads.values())
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: g * factor for name, g in grads.items()}


def clip_by_norm__sum_of_lengths(grads, max_norm):
    """Adds the lengths of the arrays."""
    norm = sum(np.linalg.norm(g) for g in grads.values())
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: g * factor for name, g in grads.items()}


def train_classifier__xavier(X, y, layer_sizes, lr, epochs, batch_size, rng):
    """The sum of the losses of an epoch."""
    params = mine.mlp_init(layer_sizes, mine.he_init, rng)
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            out, cache = mine.mlp_forward(X_batch, params)
            loss, dout = mine.cross_entropy_loss(out, y_batch)
            losses[epoch] += loss
            params = gradient_step(params, mine.mlp_backward(dout, cache), lr)
    return params, losses
