"""Wrong answers to chapter 03, written from the notebook's text alone."""

import finished as mine
import numpy as np
from finished import (
    binary_cross_entropy_loss,
    cross_entropy_loss,
    dense_backward,
    gradient_step,
    he_init,
    local_slopes,
    minibatches,
    mlp_backward,
    mlp_forward,
    mlp_init,
    relu_backward,
    sigmoid_backward,
    tanh_backward,
    two_layer_backward,
    two_layer_forward,
)

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])


def bend(name):
    backward = {"sigmoid": sigmoid_backward, "tanh": tanh_backward, "relu": relu_backward}
    return getattr(mine, name), backward[name]


def mse_loss__no_n(pred, target):
    """The gradient is not divided by n."""
    error = pred - target
    return np.mean(error**2), 2 * error


def mse_loss__len(pred, target):
    """Divides by the number of rows."""
    error = pred - target
    return np.sum(error**2) / len(error), 2 * error / len(error)


def mse_loss__half(pred, target):
    """The 2 is forgotten."""
    error = pred - target
    return np.mean(error**2), error / error.size


def mse_loss__loss_only(pred, target):
    """Returns the loss alone."""
    return np.mean((pred - target) ** 2)


def binary_cross_entropy_loss__no_minus(prob, target):
    """The minus before the loss is forgotten."""
    loss = np.mean(target * np.log(prob) + (1 - target) * np.log(1 - prob))
    return loss, (prob - target) / (prob * (1 - prob)) / prob.size


def binary_cross_entropy_loss__brackets(prob, target):
    """No brackets below the fraction bar."""
    loss = -np.mean(target * np.log(prob) + (1 - target) * np.log(1 - prob))
    return loss, (prob - target) / prob * (1 - prob) / prob.size


def binary_cross_entropy_loss__first_part(prob, target):
    """Only the part for yes."""
    loss = -np.mean(target * np.log(prob))
    return loss, -(target / prob) / prob.size


def cross_entropy_loss__all_columns(logits, labels):
    """[:, labels] picks a table."""
    n = len(labels)
    loss = -np.mean(mine.log_softmax(logits)[:, labels])
    grad = mine.softmax(logits)
    grad[np.arange(n), labels] -= 1
    return loss, grad / n


def cross_entropy_loss__grad_no_n(logits, labels):
    """The gradient is not divided by N."""
    n = len(labels)
    loss = -np.mean(mine.log_softmax(logits)[np.arange(n), labels])
    grad = mine.softmax(logits)
    grad[np.arange(n), labels] -= 1
    return loss, grad


def cross_entropy_loss__sum(logits, labels):
    """A sum in place of the mean, in both."""
    n = len(labels)
    loss = -np.sum(mine.log_softmax(logits)[np.arange(n), labels])
    grad = mine.softmax(logits)
    grad[np.arange(n), labels] -= 1
    return loss, grad


def cross_entropy_loss__log_of_softmax(logits, labels):
    """Takes the logarithm of softmax."""
    n = len(labels)
    probs = mine.softmax(logits)
    loss = -np.mean(np.log(probs[np.arange(n), labels]))
    probs[np.arange(n), labels] -= 1
    return loss, probs / n


def graph_by_hand__order():
    """dz first: another order."""
    x, y, z = -2.0, 5.0, -4.0
    q = x + y
    dz = q
    dx = z
    dy = z
    return dz, dx, dy


def graph_by_hand__add_for_product():
    """Treats the sum as a product."""
    x, y, z = -2.0, 5.0, -4.0
    q = x + y
    dq = z
    return dq * y, dq * x, q


def local_slopes__minus(operation, inputs):
    """b's slope in a - b is 1, and everything else is right."""
    if operation == "-":
        return (1.0, 1.0)
    return local_slopes(operation, inputs)


def local_slopes__no_comma(operation, inputs):
    """A bracket, and no tuple."""
    if operation == "relu":
        (a,) = inputs
        return 1.0 if a > 0 else 0.0
    return local_slopes(operation, inputs)


def local_slopes__product_swapped(operation, inputs):
    """Each factor gets itself."""
    if operation == "*":
        return inputs
    return local_slopes(operation, inputs)


def graph_backward__equals(graph, values):
    """= in place of +=."""
    gradients = {name: 0.0 for name in values}
    gradients[graph[-1][0]] = 1.0
    for name, operation, *inputs in reversed(graph):
        slopes = local_slopes(operation, tuple(values[i] for i in inputs))
        for i, slope in zip(inputs, slopes):
            gradients[i] = gradients[name] * slope
    return gradients


def graph_backward__forward_order(graph, values):
    """From the first step to the last."""
    gradients = {name: 0.0 for name in values}
    gradients[graph[-1][0]] = 1.0
    for name, operation, *inputs in graph:
        slopes = local_slopes(operation, tuple(values[i] for i in inputs))
        for i, slope in zip(inputs, slopes):
            gradients[i] += gradients[name] * slope
    return gradients


def graph_backward__no_start(graph, values):
    """The last gradient stays 0."""
    gradients = {name: 0.0 for name in values}
    for name, operation, *inputs in reversed(graph):
        slopes = local_slopes(operation, tuple(values[i] for i in inputs))
        for i, slope in zip(inputs, slopes):
            gradients[i] += gradients[name] * slope
    return gradients


def gradient_check__norm_of_sum(f, df, x):
    """The length of the sum, in place of the sum of the lengths."""
    a, b = df(x), mine.numerical_gradient(f, x, 1e-5)
    return np.sqrt(np.sum((a - b) ** 2)) / np.sqrt(np.sum((a + b) ** 2))


def gradient_check__abs(f, df, x):
    """An array of relative errors."""
    a, b = df(x), mine.numerical_gradient(f, x, 1e-5)
    return np.abs(a - b) / (np.abs(a) + np.abs(b))


def sigmoid_backward__again(dout, out):
    """Puts out through the sigmoid once more."""
    s = mine.sigmoid(out)
    return dout * s * (1 - s)


def tanh_backward__brackets(dout, out):
    """No brackets."""
    return dout * 1 - out**2


def relu_backward__relu_of_dout(dout, out):
    """Looks at the sign of dout."""
    return np.where(dout > 0, dout, 0)


def relu_backward__times_out(dout, out):
    """Multiplies by out."""
    return dout * out


def dense_backward__dW_turned(dout, cache):
    """dW is transposed."""
    x, W, _ = cache
    return dout @ W.T, dout.T @ x, dout.sum(axis=0)


def dense_backward__db_mean(dout, cache):
    """The mean for db."""
    x, W, _ = cache
    return dout @ W.T, x.T @ dout, dout.mean(axis=0)


def dense_backward__order(dout, cache):
    """The answers in another order."""
    x, W, _ = cache
    return x.T @ dout, dout @ W.T, dout.sum(axis=0)


def softmax_backward__as_sigmoid(dout, out):
    """The slope of the sigmoid."""
    return dout * out * (1 - out)


def softmax_backward__sum_of_all(dout, out):
    """One sum for the whole table."""
    return out * (dout - np.sum(dout * out))


def two_layer_forward__no_second_bend(x, params):
    """No sigmoid at the end."""
    h = mine.sigmoid(x @ params["W1"] + params["b1"])
    out = h @ params["W2"] + params["b2"]
    return out, (x, h, out, params)


def two_layer_backward__no_first_bend(dout, cache):
    """The first sigmoid is forgotten on the way back."""
    x, h, out, params = cache
    dz2 = sigmoid_backward(dout, out)
    dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))
    _, dW1, db1 = dense_backward(dh, (x, params["W1"], params["b1"]))
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def two_layer_backward__x_for_h(dout, cache):
    """The bend of the first layer with out."""
    x, h, out, params = cache
    dz2 = sigmoid_backward(dout, out)
    dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))
    dz1 = sigmoid_backward(dh, out)
    _, dW1, db1 = dense_backward(dz1, (x, params["W1"], params["b1"]))
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def three_layers_by_hand__dh_missing():
    """Forgets to multiply by w3 on the way."""
    x, w2, w3 = -2.0, 2.0, -0.5
    h1, h2, out = 3.0, 6.0, -3.0
    dout = 2 * (out - 1)
    return dout * w2 * x, dout * h1, dout * h2


def mlp_forward__bend_everywhere(x, params, activation="relu"):
    """The last layer is bent too."""
    forward, _ = bend(activation)
    depth = len(params) // 2
    outs = [x]
    for layer in range(1, depth + 1):
        outs.append(forward(outs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]))
    return outs[-1], (outs, params, activation)


def mlp_forward__one_layer_less(x, params, activation="relu"):
    """The range ends one layer early."""
    forward, _ = bend(activation)
    depth = len(params) // 2
    outs = [x]
    for layer in range(1, depth):
        outs.append(forward(outs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]))
    return outs[-1], (outs, params, activation)


def mlp_backward__bend_everywhere(dout, cache):
    """Goes back through a bend in the last layer too."""
    outs, params, activation = cache
    _, backward = bend(activation)
    depth = len(outs) - 1
    grads = {}
    for layer in range(depth, 0, -1):
        dout = backward(dout, outs[layer])
        dout, grads[f"W{layer}"], grads[f"b{layer}"] = dense_backward(
            dout, (outs[layer - 1], params[f"W{layer}"], params[f"b{layer}"])
        )
    return grads


def mlp_backward__outs_off_by_one(dout, cache):
    """The bend looks at the layer's input."""
    outs, params, activation = cache
    _, backward = bend(activation)
    depth = len(outs) - 1
    grads = {}
    for layer in range(depth, 0, -1):
        if layer < depth:
            dout = backward(dout, outs[layer - 1])
        dout, grads[f"W{layer}"], grads[f"b{layer}"] = dense_backward(
            dout, (outs[layer - 1], params[f"W{layer}"], params[f"b{layer}"])
        )
    return grads


def gradient_step__plus(params, grads, lr):
    """Goes uphill."""
    return {name: params[name] + lr * grads[name] for name in params}


def gradient_step__in_place(params, grads, lr):
    """Changes the given arrays."""
    for name in params:
        params[name] -= lr * grads[name]
    return params


def train_single_layer_xor__no_sigmoid_back(lr, epochs, rng):
    """Leaves the sigmoid out on the way back."""
    params = {"W": rng.normal(size=(2, 1)), "b": np.zeros(1)}
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        z, cache = mine.dense_forward(XOR_X, params["W"], params["b"])
        out = mine.sigmoid(z)
        losses[epoch], dout = binary_cross_entropy_loss(out, XOR_Y)
        _, dW, db = dense_backward(dout, cache)
        params = gradient_step(params, {"W": dW, "b": db}, lr)
    return params, losses


def train_two_layer_xor__zeros(hidden, lr, epochs, rng):
    """All weights begin at 0."""
    params = {
        "W1": np.zeros((2, hidden)),
        "b1": np.zeros(hidden),
        "W2": np.zeros((hidden, 1)),
        "b2": np.zeros(1),
    }
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        out, cache = two_layer_forward(XOR_X, params)
        losses[epoch], dout = binary_cross_entropy_loss(out, XOR_Y)
        params = gradient_step(params, two_layer_backward(dout, cache), lr)
    return params, losses


def xavier_init__normal(fan_in, fan_out, rng):
    """A normal distribution."""
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.normal(0, a, size=(fan_in, fan_out))


def xavier_init__brackets(fan_in, fan_out, rng):
    """No brackets round the sum."""
    a = np.sqrt(6 / fan_in + fan_out)
    return rng.uniform(-a, a, size=(fan_in, fan_out))


def he_init__variance(fan_in, fan_out, rng):
    """The variance where the standard deviation belongs."""
    return rng.normal(0, 2 / fan_in, size=(fan_in, fan_out))


def he_init__turned(fan_in, fan_out, rng):
    """The shape turned."""
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_out, fan_in))


def mlp_init__from_zero(layer_sizes, init, rng):
    """Counts the layers from 0."""
    params = {}
    for i in range(len(layer_sizes) - 1):
        params[f"W{i}"] = init(layer_sizes[i], layer_sizes[i + 1], rng)
        params[f"b{i}"] = np.zeros(layer_sizes[i + 1])
    return params


def mlp_init__bias_size(layer_sizes, init, rng):
    """A bias for each input."""
    params = {}
    for i in range(1, len(layer_sizes)):
        params[f"W{i}"] = init(layer_sizes[i - 1], layer_sizes[i], rng)
        params[f"b{i}"] = np.zeros(layer_sizes[i - 1])
    return params


def minibatches__two_orders(X, y, size, rng):
    """Shuffles X and y apart."""
    X = X[rng.permutation(len(X))]
    y = y[rng.permutation(len(y))]
    return [(X[s : s + size], y[s : s + size]) for s in range(0, len(X), size)]


def minibatches__last_lost(X, y, size, rng):
    """The last batch, which is not full, is lost."""
    order = rng.permutation(len(X))
    out = []
    for k in range(len(X) // size):
        piece = order[k * size : (k + 1) * size]
        out.append((X[piece], y[piece]))
    return out


def minibatches__no_shuffle(X, y, size, rng):
    """Does not shuffle."""
    return [(X[s : s + size], y[s : s + size]) for s in range(0, len(X), size)]


def clip_by_value__upper_only(grads, limit):
    """Only from above."""
    return {name: np.minimum(g, limit) for name, g in grads.items()}


def clip_by_norm__each(grads, max_norm):
    """Each array by its own length."""
    out = {}
    for name, g in grads.items():
        norm = np.linalg.norm(g)
        out[name] = g * max_norm / norm if norm > max_norm else g
    return out


def clip_by_norm__always(grads, max_norm):
    """Short gradients become longer."""
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * max_norm / norm for name, g in grads.items()}


def train_classifier__last_loss(X, y, layer_sizes, lr, epochs, batch_size, rng):
    """The loss of the last batch."""
    params = mlp_init(layer_sizes, he_init, rng)
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng):
            out, cache = mlp_forward(X_batch, params)
            loss, dout = cross_entropy_loss(out, y_batch)
            params = gradient_step(params, mlp_backward(dout, cache), lr)
        losses[epoch] = loss
    return params, losses
