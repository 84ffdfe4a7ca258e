"""Wrong answers to chapter 07, written from the notebook's text alone."""

import finished as mine
import numpy as np


def train_validation_split__order(X, y, fraction, rng):
    """Returns X_train, X_val, y_train, y_val."""
    order = rng.permutation(len(X))
    n = round(fraction * len(X))
    val, train = order[:n], order[n:]
    return X[train], X[val], y[train], y[val]


def train_validation_split__sizes(X, y, fraction, rng):
    """The fraction is what is trained on."""
    order = rng.permutation(len(X))
    n = round(fraction * len(X))
    train, val = order[:n], order[n:]
    return X[train], y[train], X[val], y[val]


def train_validation_split__labels_left(X, y, fraction, rng):
    """The labels are not shuffled."""
    n = round(fraction * len(X))
    X = X[rng.permutation(len(X))]
    return X[n:], y[n:], X[:n], y[:n]


def train_validation_split__no_shuffle(X, y, fraction, rng):
    """Does not shuffle."""
    n = round(fraction * len(X))
    return X[n:], y[n:], X[:n], y[:n]


def l2_penalty__no_half(w, lam):
    """The half is missing in the loss."""
    return lam * np.sum(w**2), lam * w


def l2_penalty__grad_two(w, lam):
    """The gradient has a 2."""
    return 0.5 * lam * np.sum(w**2), 2 * lam * w


def l2_penalty__mean(w, lam):
    """The mean in place of the sum."""
    return 0.5 * lam * np.mean(w**2), lam * w / w.size


def ridge_fit__not_centered(X, y, lam):
    """The means are not subtracted."""
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    return w, y.mean() - X.mean(axis=0) @ w


def ridge_fit__lam_everywhere(X, y, lam):
    """lam without eye."""
    mx, my = X.mean(axis=0), y.mean()
    Xc, yc = X - mx, y - my
    w = np.linalg.solve(Xc.T @ Xc + lam, Xc.T @ yc)
    return w, my - mx @ w


def ridge_fit__new_means(X, y, lam):
    """The means after centering, so that b is 0."""
    X = X - X.mean(axis=0)
    y = y - y.mean()
    w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
    return w, y.mean() - X.mean(axis=0) @ w


def ridge_fit__eye_n(X, y, lam):
    """eye of the wrong size."""
    mx, my = X.mean(axis=0), y.mean()
    Xc, yc = X - mx, y - my
    w = np.linalg.solve(Xc.T @ Xc + lam * np.eye(len(X)), Xc.T @ yc)
    return w, my - mx @ w


def l1_penalty__w(w, lam):
    """The gradient of L2."""
    return lam * np.sum(np.abs(w)), lam * w


def l1_penalty__where(w, lam):
    """-1 at 0."""
    return lam * np.sum(np.abs(w)), lam * np.where(w > 0, 1, -1)


def l1_penalty__divided(w, lam):
    """w / |w|: nan at 0."""
    return lam * np.sum(np.abs(w)), lam * w / np.abs(w)


def adam_with_l2__decay_outside(w, dw, state, lr, lam):
    """Shrinks outside of Adam."""
    return mine.adam(w - lr * lam * w, dw, state, lr)


def adam_with_l2__loss_added(w, dw, state, lr, lam):
    """Adds the penalty's loss and not its gradient."""
    loss, _ = mine.l2_penalty(w, lam)
    return mine.adam(w, dw + loss, state, lr)


def early_stopping__argmin(losses, patience):
    """Looks at all the losses."""
    return int(np.argmin(losses))


def early_stopping__last(losses, patience):
    """Returns the epoch where it stops."""
    best, best_loss = 0, losses[0]
    for epoch, loss in enumerate(losses):
        if loss < best_loss:
            best, best_loss = epoch, loss
        elif epoch - best >= patience:
            return epoch
    return best


def early_stopping__one_more(losses, patience):
    """> patience."""
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best > patience:
            break
    return best


def early_stopping__not_in_a_row(losses, patience):
    """Counts bad epochs without starting again."""
    best, bad = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        else:
            bad += 1
            if bad >= patience:
                break
    return best


def dropout_forward__not_scaled(x, p, rng, train):
    """Nothing is divided."""
    if not train:
        return x, np.ones(x.shape)
    mask = rng.random(x.shape) >= p
    return x * mask, mask


def dropout_forward__keeps_p(x, p, rng, train):
    """p is the chance to keep."""
    if not train:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) < p) / p
    return x * mask, mask


def dropout_forward__one_draw(x, p, rng, train):
    """One draw a column."""
    if not train:
        return x, np.ones(x.shape)
    mask = np.zeros(x.shape) + (rng.random(x.shape[-1]) >= p) / (1 - p)
    return x * mask, mask


def dropout_forward__also_in_evaluation(x, p, rng, train):
    """Drops in evaluation as well."""
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def dropout_backward__mask_alone(dout, cache):
    """The mask alone."""
    return cache


def dropout_backward__where(dout, cache):
    """The scale is forgotten."""
    return np.where(cache > 0, dout, 0)


def random_flip__rows(images, p, rng):
    """Upside down."""
    out = images.copy()
    chosen = rng.random(len(images)) < p
    out[chosen] = out[chosen][:, ::-1]
    return out


def random_flip__all_together(images, p, rng):
    """One draw for all."""
    if rng.random() < p:
        return images[:, :, ::-1].copy()
    return images.copy()


def random_flip__in_place(images, p, rng):
    """Changes the given images."""
    for i in range(len(images)):
        if rng.random() < p:
            images[i] = images[i][:, ::-1]
    return images


def random_shift__most_excluded(images, most, rng):
    """The shift `most` is never drawn."""
    N, H, W = images.shape
    padded = np.pad(images, [(0, 0), (most, most), (most, most)])
    out = np.zeros_like(images)
    for i in range(N):
        a, b = rng.integers(0, 2 * most, size=2) if most else (0, 0)
        out[i] = padded[i, a : a + H, b : b + W]
    return out


def random_shift__roll(images, most, rng):
    """Rolls over the edge."""
    out = np.zeros_like(images)
    for i, image in enumerate(images):
        a, b = rng.integers(-most, most + 1, size=2)
        out[i] = np.roll(image, (a, b), axis=(0, 1))
    return out


def random_shift__same_both(images, most, rng):
    """One number for down and right."""
    N, H, W = images.shape
    padded = np.pad(images, [(0, 0), (most, most), (most, most)])
    out = np.zeros_like(images)
    for i in range(N):
        a = rng.integers(0, 2 * most + 1)
        out[i] = padded[i, a : a + H, a : a + W]
    return out


def add_noise__uniform(images, scale, rng):
    """Evenly drawn numbers."""
    return images + scale * rng.random(images.shape)


def add_noise__one_number(images, scale, rng):
    """One number for all the pixels."""
    return images + scale * rng.normal()


def add_noise__clipped(images, scale, rng):
    """Clips to 0 ... 1."""
    return np.clip(images + scale * rng.normal(size=images.shape), 0, 1)


def batch_norm_forward__rows(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """Along the rows."""
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, running_mean, running_var, (x_hat, gamma, std, train)


def batch_norm_forward__momentum(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """momentum is the share of the old."""
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * x.var(axis=0, ddof=1)
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, running_mean, running_var, (x_hat, gamma, std, train)


def batch_norm_forward__one_variance(
    x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5
):
    """The same variance for both."""
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, running_mean, running_var, (x_hat, gamma, std, train)


def batch_norm_forward__eps_outside(x, gamma, beta, running_mean, running_var, train, momentum=0.1, eps=1e-5):
    """eps outside of the root."""
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var) + eps
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, running_mean, running_var, (x_hat, gamma, std, train)


def batch_norm_backward__direct_only(dout, cache):
    """Only the direct path, in training too."""
    x_hat, gamma, std, train = cache
    return dout * gamma / std, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def batch_norm_backward__means(dout, cache):
    """Means for dgamma and dbeta."""
    x_hat, gamma, std, train = cache
    dx = dout
    if train:
        dx = dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0)
    return gamma / std * dx, np.mean(dout * x_hat, axis=0), np.mean(dout, axis=0)


def batch_norm_backward__train_ignored(dout, cache):
    """All three paths in evaluation as well."""
    x_hat, gamma, std, train = cache
    dx = gamma / std * (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0))
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def layer_norm_forward__no_keepdims(x, gamma, beta, eps=1e-5):
    """No keepdims."""
    std = np.sqrt(x.var(axis=1) + eps)
    x_hat = (x - x.mean(axis=1)) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def layer_norm_forward__columns(x, gamma, beta, eps=1e-5):
    """Down the columns."""
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def layer_norm_backward__gamma_in_front(dout, cache):
    """gamma in front of the bracket."""
    x_hat, gamma, std = cache
    mean = dout.mean(axis=1, keepdims=True)
    dx = gamma / std * (dout - mean - x_hat * (dout * x_hat).mean(axis=1, keepdims=True))
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


def layer_norm_backward__gamma_along_rows(dout, cache):
    """dgamma and dbeta along the rows."""
    x_hat, gamma, std = cache
    g = gamma * dout
    dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, np.sum(dout * x_hat, axis=1), np.sum(dout, axis=1)
