"""Right answers to chapters 06 and 07, of another structure than the course's own."""

import finished as mine
import numpy as np


def sgd__get(w, dw, state, lr):
    """(state or {}).get."""
    return w - lr * dw, {"step": (state or {}).get("step", 0) + 1}


def quadratic_form__loops(A, x):
    """Two loops."""
    return sum(A[i, j] * x[i] * x[j] for i in range(len(x)) for j in range(len(x)))


def quadratic_form__einsum(A, x):
    """einsum."""
    return np.einsum("ij,i,j->", A, x, x)


def largest_stable_lr__eig(hessian):
    """np.linalg.eig, of any matrix."""
    return 2 / np.linalg.eig(hessian)[0].real.max()


def power_iteration__recursion(A, x, steps):
    """Each step by the one before."""
    y = A @ x
    y = y / np.sqrt(y @ y)
    return (y @ A @ y, y) if steps == 1 else power_iteration__recursion(A, y, steps - 1)


def spectral_norm__svd(A):
    """The singular values."""
    return np.linalg.svd(A, compute_uv=False).max()


def frobenius_norm__trace(A):
    """The root of a trace."""
    return np.sqrt(np.trace(A @ A.T))


def is_saddle__product(hessian):
    """The product of smallest and largest."""
    e = np.linalg.eigvalsh(hessian)
    return bool(e.min() < 0 < e.max())


def classify_turning_point__dict(first, second):
    """np.sign and a dict."""
    return "sloped" if first else {1: "minimum", -1: "maximum", 0: "undecided"}[int(np.sign(second))]


def momentum__copy(w, dw, state, lr, beta=0.9):
    """The first step by itself."""
    if state is None:
        return w - lr * dw, {"step": 1, "velocity": dw.copy()}
    v = dw + beta * state["velocity"]
    return w - lr * v, {**state, "step": state["step"] + 1, "velocity": v}


def nesterov__by_momentum(w, dw, state, lr, beta=0.9):
    """By momentum's state."""
    _, new = mine.momentum(w, dw, state, lr, beta)
    return w - lr * dw - lr * beta * new["velocity"], new


def adagrad__power(w, dw, state, lr, eps=1e-10):
    """The power ½."""
    s = dw * dw + (state["squares"] if state else 0)
    return w - lr / (s**0.5 + eps) * dw, {"step": state["step"] + 1 if state else 1, "squares": s}


def rmsprop__pull(w, dw, state, lr, beta=0.99, eps=1e-8):
    """The average moves towards the new square."""
    old = state["squares"] if state else np.zeros(w.shape)
    s = old + (1 - beta) * (dw**2 - old)
    return w - lr * dw / (np.sqrt(s) + eps), {"step": 1 + (state["step"] if state else 0), "squares": s}


def moving_average__weights(values, beta):
    """All the weights at once."""
    n = len(values)
    t = np.arange(n)
    power = t[:, None] - t
    return np.where(power >= 0, (1 - beta) * beta ** np.maximum(power, 0), 0) @ values


def bias_correction__cumprod(averages, beta):
    """A running product."""
    return averages / (1 - np.cumprod(np.full(len(averages), beta)))


def adam__by_averages(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrections in the rate."""
    state = state or {"step": 0, "mean": 0 * w, "squares": 0 * w}
    t = state["step"] + 1
    m = dw + beta1 * (state["mean"] - dw)
    s = dw**2 + beta2 * (state["squares"] - dw**2)
    rate = lr / (1 - beta1**t)
    return w - rate * m / (np.sqrt(s / (1 - beta2**t)) + eps), {"step": t, "mean": m, "squares": s}


def adamw__shift_after(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """The decay after Adam's step, from the old w."""
    moved, new = mine.adam(w, dw, state, lr, beta1, beta2, eps)
    return moved - lr * weight_decay * w, new


def step_decay__loop(step, lr, every, factor=0.1):
    """A loop."""
    while step >= every:
        lr, step = lr * factor, step - every
    return lr


def cosine_decay__half_angle(step, lr, steps, least=0.0):
    """The square of the half angle's cosine."""
    return least + (lr - least) * np.cos(np.pi * step / steps / 2) ** 2


def warmup__if(step, lr, steps):
    """An if."""
    return lr if step >= steps else lr * (step + 1) / steps


def basin__squares(starts, gradient, minima, lr, steps):
    """All the starts side by side, squared distances."""
    w = starts.astype(float)
    for _ in range(steps):
        w = w - lr * np.array([gradient(one) for one in w])
    return ((w[:, None] - minima) ** 2).sum(axis=2).argmin(axis=1)


def train_validation_split__mask(X, y, fraction, rng):
    """A mask of drawn places."""
    n = len(X)
    kept = np.zeros(n, bool)
    kept[rng.choice(n, size=round(fraction * n), replace=False)] = True
    return X[~kept], y[~kept], X[kept], y[kept]


def l2_penalty__vdot(w, lam):
    """vdot."""
    return lam / 2 * np.vdot(w, w), lam * w


def ridge_fit__augmented(X, y, lam):
    """Least squares with more rows."""
    mean = X.mean(axis=0)
    D = X.shape[1]
    A = np.vstack([X - mean, np.sqrt(lam) * np.eye(D)])
    w = np.linalg.lstsq(A, np.concatenate([y - y.mean(), np.zeros(D)]), rcond=None)[0]
    return w, y.mean() - mean @ w


def ridge_fit__bias_column(X, y, lam):
    """A column of ones, without a price."""
    A = np.hstack([X, np.ones((len(X), 1))])
    P = lam * np.eye(A.shape[1])
    P[-1, -1] = 0
    v = np.linalg.solve(A.T @ A + P, A.T @ y)
    return v[:-1], v[-1]


def l1_penalty__comparisons(w, lam):
    """Two comparisons."""
    return lam * np.linalg.norm(w.ravel(), 1), lam * ((w > 0) * 1.0 - (w < 0))


def adam_with_l2__by_penalty(w, dw, state, lr, lam):
    """By l2_penalty."""
    return mine.adam(w, dw + mine.l2_penalty(w, lam)[1], state, lr)


def early_stopping__count(losses, patience):
    """Counts down a patience."""
    best, at, left = float("inf"), 0, patience
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, at, left = loss, epoch, patience
        else:
            left -= 1
            if left == 0:
                return at
    return at


def dropout_forward__binomial(x, p, rng, train):
    """rng.binomial."""
    mask = rng.binomial(1, 1 - p, size=x.shape) / (1 - p) if train else np.ones_like(x, dtype=float)
    return x * mask, mask


def random_flip__where(images, p, rng):
    """np.where."""
    return np.where(rng.random(len(images))[:, None, None] < p, images[:, :, ::-1], images)


def random_shift__slices(images, most, rng):
    """Copies what stays in view."""
    N, H, W = images.shape
    out = np.zeros_like(images)
    for n in range(N):
        d, r = (int(k) for k in rng.integers(-most, most, size=2, endpoint=True))
        if abs(d) < H and abs(r) < W:
            part = images[n, max(0, -d) : H - max(0, d), max(0, -r) : W - max(0, r)]
            out[n, max(0, d) : H - max(0, -d), max(0, r) : W - max(0, -r)] = part
    return out


def add_noise__normal(images, scale, rng):
    """rng.normal around the images."""
    return rng.normal(images, scale)


def batch_norm_forward__sums(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """The variance by the mean of the squares of what is centered."""
    if train:
        mean = x.sum(axis=0) / len(x)
        squares = ((x - mean) ** 2).sum(axis=0)
        var = squares / len(x)
        running_mean = running_mean + momentum * (mean - running_mean)
        running_var = running_var + momentum * (squares / (len(x) - 1) - running_var)
    else:
        mean, var = running_mean, running_var
    std = (var + eps) ** 0.5
    x_hat = (x - mean) / std
    return x_hat * gamma + beta, running_mean, running_var, (x_hat, gamma, std, train)


def batch_norm_backward__n(dout, cache):
    """The form of CS231n, with N in front."""
    x_hat, gamma, std, train = cache
    N = len(dout)
    dgamma, dbeta = (dout * x_hat).sum(0), dout.sum(0)
    dx = gamma / std / N * (N * dout - dbeta - x_hat * dgamma) if train else dout * gamma / std
    return dx, dgamma, dbeta


def layer_norm_forward__transposed(x, gamma, beta, eps=1e-5):
    """On the transposed table."""
    t = x.T
    std = np.sqrt(t.var(axis=0) + eps)
    x_hat = ((t - t.mean(axis=0)) / std).T
    return gamma * x_hat + beta, (x_hat, gamma, std[:, None])
