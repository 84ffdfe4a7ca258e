"""Wrong answers to chapter 07, after what people were seen to write."""

import finished as mine
import numpy as np


def train_validation_split__int(X, y, fraction, rng):
    """int in place of round."""
    order = rng.permutation(len(X))
    k = int(fraction * len(X))
    return X[order[k:]], y[order[k:]], X[order[:k]], y[order[:k]]


def train_validation_split__ceil(X, y, fraction, rng):
    """Rounds up."""
    order = rng.permutation(len(X))
    k = int(np.ceil(fraction * len(X)))
    return X[order[k:]], y[order[k:]], X[order[:k]], y[order[:k]]


def train_validation_split__minus_k(X, y, fraction, rng):
    """X[:-k] with k = 0."""
    order = rng.permutation(len(X))
    k = round(fraction * len(X))
    return X[order[:-k]], y[order[:-k]], X[order[-k:]], y[order[-k:]]


def train_validation_split__own_rng(X, y, fraction, rng):
    """Its own generator."""
    order = np.random.default_rng(0).permutation(len(X))
    k = round(fraction * len(X))
    return X[order[k:]], y[order[k:]], X[order[:k]], y[order[:k]]


def train_validation_split__overlap(X, y, fraction, rng):
    """The training part holds everything."""
    order = rng.permutation(len(X))
    k = round(fraction * len(X))
    return X[order], y[order], X[order[:k]], y[order[:k]]


def l2_penalty__loss_no_lam(w, lam):
    """lam is missing in the loss."""
    return 0.5 * np.sum(w**2), lam * w


def l2_penalty__abs(w, lam):
    """L1 for the loss."""
    return lam * np.sum(np.abs(w)), lam * w


def l2_penalty__both_doubled(w, lam):
    """The form without the half."""
    return lam * np.sum(w**2), 2 * lam * w


def ridge_fit__times_n(X, y, lam):
    """lam times N."""
    mx, my = X.mean(axis=0), y.mean()
    Xc = X - mx
    w = np.linalg.solve(Xc.T @ Xc + lam * len(X) * np.eye(X.shape[1]), Xc.T @ (y - my))
    return w, my - mx @ w


def ridge_fit__bias_penalized(X, y, lam):
    """The bias is in the penalty."""
    A = np.hstack([X, np.ones((len(X), 1))])
    w = np.linalg.solve(A.T @ A + lam * np.eye(A.shape[1]), A.T @ y)
    return w[:-1], w[-1]


def ridge_fit__in_place(X, y, lam):
    """X -= mean."""
    mx, my = X.mean(axis=0), y.mean()
    X -= mx
    y -= my
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    return w, my - mx @ w


def ridge_fit__no_lam(X, y, lam):
    """No penalty."""
    mx, my = X.mean(axis=0), y.mean()
    w = np.linalg.lstsq(X - mx, y - my, rcond=None)[0]
    return w, my - mx @ w


def l1_penalty__mean(w, lam):
    """The mean."""
    return lam * np.mean(np.abs(w)), lam * np.sign(w)


def l1_penalty__half(w, lam):
    """A half in front."""
    return 0.5 * lam * np.sum(np.abs(w)), 0.5 * lam * np.sign(w)


def l1_penalty__abs_forgotten(w, lam):
    """No absolute value."""
    return lam * np.sum(w), lam * np.sign(w)


def adam_with_l2__two(w, dw, state, lr, lam):
    """2 lam w."""
    return mine.adam(w, dw + 2 * lam * w, state, lr)


def adam_with_l2__minus(w, dw, state, lr, lam):
    """Minus lam w."""
    return mine.adam(w, dw - lam * w, state, lr)


def early_stopping__equal_is_better(losses, patience):
    """An equal loss counts as better."""
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] <= losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def early_stopping__against_the_last(losses, patience):
    """Compares with the epoch before."""
    bad = 0
    for epoch in range(1, len(losses)):
        bad = bad + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if bad == patience:
            return epoch - patience
    return len(losses) - 1


def early_stopping__counted_from_one(losses, patience):
    """Counted from 1."""
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best + 1


def dropout_forward__mask_unscaled(x, p, rng, train):
    """The cache holds the unscaled mask."""
    if not train:
        return x, np.ones(x.shape)
    mask = rng.random(x.shape) >= p
    return x * mask / (1 - p), mask


def dropout_forward__cache_none(x, p, rng, train):
    """The cache is None."""
    if not train:
        return x, None
    return x * (rng.random(x.shape) >= p) / (1 - p), None


def dropout_forward__scaled_in_use(x, p, rng, train):
    """The scaling of the paper."""
    if not train:
        return x * (1 - p), np.full(x.shape, 1 - p)
    mask = (rng.random(x.shape) >= p).astype(float)
    return x * mask, mask


def dropout_forward__own_rng(x, p, rng, train):
    """Its own generator."""
    if not train:
        return x, np.ones(x.shape)
    mask = (np.random.default_rng(0).random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def dropout_forward__drops_the_rest(x, p, rng, train):
    """Keeps where it should drop."""
    if not train:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) < p) / (1 - p)
    return x * mask, mask


def dropout_backward__divided(dout, cache):
    """Divides by the mask."""
    return dout / np.where(cache == 0, 1, cache)


def dropout_backward__unchanged(dout, cache):
    """dout as it came."""
    return dout


def random_flip__batch_axis(images, p, rng):
    """Turns the order of the images."""
    out = images.copy()
    chosen = rng.random(len(images)) < p
    out[chosen] = out[chosen][::-1]
    return out


def random_flip__always(images, p, rng):
    """Always mirrors."""
    return images[:, :, ::-1].copy()


def random_flip__one_minus_p(images, p, rng):
    """With probability 1 - p."""
    out = images.copy()
    chosen = rng.random(len(images)) >= p
    out[chosen] = out[chosen][:, :, ::-1]
    return out


def random_shift__one_for_all(images, most, rng):
    """One shift for all."""
    N, H, W = images.shape
    p = np.pad(images, [(0, 0), (most, most), (most, most)])
    a, b = rng.integers(0, 2 * most + 1, size=2)
    return p[:, a : a + H, b : b + W]


def random_shift__down_only(images, most, rng):
    """Only down and right, never back."""
    N, H, W = images.shape
    p = np.pad(images, [(0, 0), (most, most), (most, most)])
    out = np.zeros_like(images)
    for i in range(N):
        a, b = rng.integers(0, most + 1, size=2)
        out[i] = p[i, a : a + H, b : b + W]
    return out


def add_noise__variance(images, scale, rng):
    """The root of scale."""
    return images + rng.normal(size=images.shape) * np.sqrt(scale)


def add_noise__times(images, scale, rng):
    """Multiplies the noise in."""
    return images * (1 + scale * rng.normal(size=images.shape))


def add_noise__laplace(images, scale, rng):
    """Laplace's distribution."""
    return images + rng.laplace(0, scale / np.sqrt(2), size=images.shape)


def _bn(x, gamma, beta, rm, rv, train, momentum, eps, ddof=1, kept=False, axis=0, keep=False, use_ddof=0):
    mean, var = rm, rv
    if train:
        mean, var = x.mean(axis=axis, keepdims=keep), x.var(axis=axis, ddof=use_ddof, keepdims=keep)
        share = 1 - momentum if kept else momentum
        rm = (1 - share) * rm + share * mean
        rv = (1 - share) * rv + share * x.var(axis=axis, ddof=ddof, keepdims=keep)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, rm, rv, (x_hat, gamma, std, train)


def batch_norm_forward__cs231n(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """momentum is what is kept, and the running variance is biased."""
    return _bn(x, gamma, beta, running_mean, running_var, train, momentum, eps, ddof=0, kept=True)


def batch_norm_forward__unbiased_both(
    x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5
):
    """N - 1 in both."""
    return _bn(x, gamma, beta, running_mean, running_var, train, momentum, eps, use_ddof=1)


def batch_norm_forward__axis1(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """axis=1 with keepdims."""
    return _bn(x, gamma, beta, running_mean, running_var, train, momentum, eps, axis=1, keep=True)


def batch_norm_forward__axis1_flat(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """axis=1 without keepdims."""
    return _bn(x, gamma, beta, running_mean, running_var, train, momentum, eps, axis=1)


def batch_norm_forward__in_place(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """Changes the running averages."""
    out = _bn(x, gamma, beta, running_mean.copy(), running_var.copy(), train, momentum, eps)
    running_mean[:] = out[1]
    running_var[:] = out[2]
    return out


def batch_norm_forward__batch_in_evaluation(
    x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5
):
    """The batch's mean in evaluation."""
    out, rm, rv, (x_hat, gamma, std, _) = _bn(x, gamma, beta, running_mean, running_var, True, momentum, eps)
    if not train:
        rm, rv = running_mean, running_var
    return out, rm, rv, (x_hat, gamma, std, train)


def batch_norm_forward__no_gamma(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """gamma and beta are exchanged."""
    out, rm, rv, cache = _bn(x, beta, gamma, running_mean, running_var, train, momentum, eps)
    return out, rm, rv, (cache[0], gamma, cache[2], train)


def batch_norm_backward__no_x_hat(dout, cache):
    """The third path is missing."""
    x_hat, gamma, std, train = cache
    dx = dout - dout.mean(axis=0) if train else dout
    return gamma / std * dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def batch_norm_backward__no_gamma(dout, cache):
    """gamma is missing in dx."""
    x_hat, gamma, std, train = cache
    dx = dout
    if train:
        dx = dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0)
    return dx / std, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def batch_norm_backward__sums(dout, cache):
    """Sums in place of means."""
    x_hat, gamma, std, train = cache
    dx = dout
    if train:
        dx = dout - dout.sum(axis=0) - x_hat * (dout * x_hat).sum(axis=0)
    return gamma / std * dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def layer_norm_forward__unbiased(x, gamma, beta, eps=1e-5):
    """N - 1."""
    std = np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def layer_norm_forward__flat_std(x, gamma, beta, eps=1e-5):
    """std of shape (N,) in the cache."""
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, gamma, std[:, 0])


def layer_norm_backward__gamma_missing(dout, cache):
    """gamma is missing in dx."""
    x_hat, gamma, std = cache
    g = dout
    dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def layer_norm_backward__down_columns(dout, cache):
    """The means go down the columns."""
    x_hat, gamma, std = cache
    g = gamma * dout
    dx = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)
