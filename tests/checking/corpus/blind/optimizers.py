"""Wrong answers to chapter 06, written from the notebook's text alone."""

import numpy as np
from finished import adam, quadratic_form


def sgd__plus(w, dw, state, lr):
    """Goes uphill."""
    step = 1 if state is None else state["step"] + 1
    return w + lr * dw, {"step": step}


def sgd__always_one(w, dw, state, lr):
    """The count stays at 1."""
    return w - lr * dw, {"step": 1}


def sgd__state_changed(w, dw, state, lr):
    """Changes the given state."""
    if state is None:
        state = {"step": 0}
    state["step"] += 1
    return w - lr * dw, state


def quadratic_form__squares(A, x):
    """Only the diagonal."""
    return np.sum(np.diag(A) * x**2)


def quadratic_form__star(A, x):
    """* for the last product."""
    return x * (A @ x)


def largest_stable_lr__smallest(hessian):
    """The smallest eigenvalue."""
    return 2 / np.linalg.eigvalsh(hessian)[0]


def largest_stable_lr__turned(hessian):
    """lambda / 2."""
    return np.max(np.linalg.eigvalsh(hessian)) / 2


def largest_stable_lr__entry(hessian):
    """The largest entry of the table."""
    return 2 / np.max(hessian)


def power_iteration__no_division(A, x, steps):
    """The length is not divided off."""
    for _ in range(steps):
        x = A @ x
    return quadratic_form(A, x), x


def power_iteration__norm_as_value(A, x, steps):
    """The length is taken for the value."""
    for _ in range(steps):
        x = A @ x
        value = np.linalg.norm(x)
        x = x / value
    return value, x


def spectral_norm__no_root(A):
    """The root is forgotten."""
    return np.max(np.linalg.eigvalsh(A.T @ A))


def spectral_norm__eig_of_A(A):
    """The largest eigenvalue of A."""
    return np.max(np.linalg.eigvalsh(A))


def frobenius_norm__sum_abs(A):
    """The sum of the sizes."""
    return np.sum(np.abs(A))


def classify_turning_point__swapped(first, second):
    """Minimum and maximum are exchanged."""
    if first != 0:
        return "sloped"
    if second < 0:
        return "minimum"
    if second > 0:
        return "maximum"
    return "undecided"


def classify_turning_point__print(first, second):
    """Prints the answer."""
    if first != 0:
        print("sloped")
    elif second > 0:
        print("minimum")
    elif second < 0:
        print("maximum")
    else:
        print("undecided")


def is_saddle__entries(hessian):
    """Looks at the entries."""
    return np.any(hessian > 0) and np.any(hessian < 0)


def is_saddle__or(hessian):
    """or in place of and."""
    e = np.linalg.eigvalsh(hessian)
    return bool(np.any(e > 0) or np.any(e < 0))


def classify_critical_point__else_saddle(hessian):
    """All the rest is a saddle."""
    e = np.linalg.eigvalsh(hessian)
    if np.all(e > 0):
        return "minimum"
    if np.all(e < 0):
        return "maximum"
    return "saddle"


def classify_critical_point__truth(hessian):
    """An if on the whole array."""
    e = np.linalg.eigvalsh(hessian)
    if e > 0:
        return "minimum"
    if e < 0:
        return "maximum"
    return "saddle"


def momentum__one_minus_beta(w, dw, state, lr, beta=0.9):
    """A moving average: (1 - beta) dw."""
    if state is None:
        state = {"step": 0, "velocity": np.zeros_like(w)}
    v = beta * state["velocity"] + (1 - beta) * dw
    return w - lr * v, {"step": state["step"] + 1, "velocity": v}


def momentum__lr_in_velocity(w, dw, state, lr, beta=0.9):
    """The other books' form."""
    if state is None:
        state = {"step": 0, "velocity": np.zeros_like(w)}
    v = beta * state["velocity"] - lr * dw
    return w + v, {"step": state["step"] + 1, "velocity": v}


def momentum__in_place(w, dw, state, lr, beta=0.9):
    """Changes the velocity of the caller."""
    if state is None:
        state = {"step": 0, "velocity": np.zeros_like(w)}
    state["velocity"] *= beta
    state["velocity"] += dw
    return w - lr * state["velocity"], {"step": state["step"] + 1, "velocity": state["velocity"]}


def nesterov__old_velocity(w, dw, state, lr, beta=0.9):
    """The old velocity in the bracket."""
    if state is None:
        state = {"step": 0, "velocity": np.zeros_like(w)}
    v = beta * state["velocity"] + dw
    return w - lr * (dw + beta * state["velocity"]), {"step": state["step"] + 1, "velocity": v}


def adagrad__eps_inside(w, dw, state, lr, eps=1e-10):
    """eps inside the root."""
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w)}
    s = state["squares"] + dw**2
    return w - lr * dw / np.sqrt(s + eps), {"step": state["step"] + 1, "squares": s}


def adagrad__no_square(w, dw, state, lr, eps=1e-10):
    """dw is not squared."""
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w)}
    s = state["squares"] + np.abs(dw)
    return w - lr * dw / (np.sqrt(s) + eps), {"step": state["step"] + 1, "squares": s}


def adagrad__brackets(w, dw, state, lr, eps=1e-10):
    """No brackets below the fraction bar."""
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w)}
    s = state["squares"] + dw**2
    return w - lr * dw / np.sqrt(s) + eps, {"step": state["step"] + 1, "squares": s}


def rmsprop__adagrad(w, dw, state, lr, beta=0.99, eps=1e-8):
    """1 - beta is missing."""
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w)}
    s = beta * state["squares"] + dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"step": state["step"] + 1, "squares": s}


def rmsprop__old_squares(w, dw, state, lr, beta=0.99, eps=1e-8):
    """Divides by the old squares."""
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w)}
    s = beta * state["squares"] + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(state["squares"]) + eps), {"step": state["step"] + 1, "squares": s}


def adadelta__no_lr(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    """lr is forgotten."""
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w), "moves": np.zeros_like(w)}
    s = beta * state["squares"] + (1 - beta) * dw**2
    move = np.sqrt(state["moves"] + eps) / np.sqrt(s + eps) * dw
    u = beta * state["moves"] + (1 - beta) * move**2
    return w - move, {"step": state["step"] + 1, "squares": s, "moves": u}


def adadelta__fraction_turned(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    """The fraction stands on its head."""
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w), "moves": np.zeros_like(w)}
    s = beta * state["squares"] + (1 - beta) * dw**2
    move = np.sqrt(s + eps) / np.sqrt(state["moves"] + eps) * dw
    u = beta * state["moves"] + (1 - beta) * move**2
    return w - lr * move, {"step": state["step"] + 1, "squares": s, "moves": u}


def moving_average__from_first(values, beta):
    """Starts from the first number."""
    average = values[0]
    out = []
    for v in values:
        average = beta * average + (1 - beta) * v
        out.append(average)
    return np.array(out)


def moving_average__beta_swapped(values, beta):
    """beta belongs to the new number."""
    a, out = 0.0, []
    for v in values:
        a = (1 - beta) * a + beta * v
        out.append(a)
    return np.array(out)


def moving_average__last(values, beta):
    """Only the last average."""
    a = 0.0
    for v in values:
        a = beta * a + (1 - beta) * v
    return a


def bias_correction__from_zero(averages, beta):
    """t begins with 0."""
    t = np.arange(len(averages))
    return averages / (1 - beta**t)


def bias_correction__times(averages, beta):
    """Times t, not to the power of t."""
    t = np.arange(1, len(averages) + 1)
    return averages / (1 - beta * t)


def adam_without_correction__betas(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The two betas are exchanged."""
    if state is None:
        state = {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    m = beta2 * state["mean"] + (1 - beta2) * dw
    s = beta1 * state["squares"] + (1 - beta1) * dw**2
    return w - lr * m / (np.sqrt(s) + eps), {"step": state["step"] + 1, "mean": m, "squares": s}


def adam__step_before(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """t is the number of the step before."""
    if state is None:
        state = {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    t = state["step"]
    m = beta1 * state["mean"] + (1 - beta1) * dw
    s = beta2 * state["squares"] + (1 - beta2) * dw**2
    mh, sh = m / (1 - beta1**t), s / (1 - beta2**t)
    return w - lr * mh / (np.sqrt(sh) + eps), {"step": t + 1, "mean": m, "squares": s}


def adam__corrected_kept(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrected averages go into the state."""
    if state is None:
        state = {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    t = state["step"] + 1
    m = (beta1 * state["mean"] + (1 - beta1) * dw) / (1 - beta1**t)
    s = (beta2 * state["squares"] + (1 - beta2) * dw**2) / (1 - beta2**t)
    return w - lr * m / (np.sqrt(s) + eps), {"step": t, "mean": m, "squares": s}


def adam__only_mean_corrected(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The squares are not corrected."""
    if state is None:
        state = {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    t = state["step"] + 1
    m = beta1 * state["mean"] + (1 - beta1) * dw
    s = beta2 * state["squares"] + (1 - beta2) * dw**2
    w = w - lr * m / (1 - beta1**t) / (np.sqrt(s) + eps)
    return w, {"step": t, "mean": m, "squares": s}


def adamw__decay_in_gradient(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """The decay goes into the gradient."""
    return adam(w, dw + weight_decay * w, state, lr, beta1, beta2, eps)


def adamw__no_lr(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """The decay is not multiplied by lr."""
    return adam(w - weight_decay * w, dw, state, lr, beta1, beta2, eps)


def step_decay__smooth(step, lr, every, factor=0.1):
    """/ in place of //."""
    return lr * factor ** (step / every)


def step_decay__times(step, lr, every, factor=0.1):
    """Times the number of stairs."""
    return lr * factor * (step // every)


def cosine_decay__brackets(step, lr, steps, least=0.0):
    """Only the cosine is halved."""
    return least + (lr - least) * (1 + np.cos(np.pi * step / steps) / 2)


def cosine_decay__least_forgotten(step, lr, steps, least=0.0):
    """Falls to 0."""
    return lr * (1 + np.cos(np.pi * step / steps)) / 2


def warmup__from_zero(step, lr, steps):
    """Begins with 0."""
    return min(lr, lr * step / steps)


def warmup__never_ends(step, lr, steps):
    """Grows on."""
    return lr * (step + 1) / steps


def basin__start_not_moved(starts, gradient, minima, lr, steps):
    """The nearest minimum to the start."""
    return np.array([np.argmin(np.linalg.norm(minima - w, axis=1)) for w in starts])


def basin__in_place(starts, gradient, minima, lr, steps):
    """Moves the caller's starts."""
    out = []
    for w in starts:
        for _ in range(steps):
            w -= lr * gradient(w)
        out.append(np.argmin(np.linalg.norm(minima - w, axis=1)))
    return np.array(out)


def basin__all_at_once(starts, gradient, minima, lr, steps):
    """The gradient gets the whole table."""
    w = starts
    for _ in range(steps):
        w = w - lr * gradient(w)
    return np.array([np.argmin(np.linalg.norm(minima - one, axis=1)) for one in w])
