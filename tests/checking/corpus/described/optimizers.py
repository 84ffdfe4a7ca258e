"""Wrong answers to chapter 06, after what people were seen to write."""

import numpy as np


def _adam(
    w, dw, state, lr, beta1, beta2, eps, late=0, count=True, correct=True, eps_like="torch", times=False
):
    s0 = state or {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    t = s0["step"] + 1 + late
    m = beta1 * s0["mean"] + (1 - beta1) * dw
    s = beta2 * s0["squares"] + (1 - beta2) * dw**2
    mh, sh = m, s
    if correct:
        mh, sh = m / (1 - beta1**t), s / (1 - beta2**t)
    if times:
        mh, sh = m * (1 - beta1**t), s * (1 - beta2**t)
    step = np.sqrt(sh + eps) if eps_like == "inside" else np.sqrt(sh) + eps
    if eps_like == "tensorflow":
        move = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(s) + eps)
    else:
        move = lr * mh / step
    return w - move, {"step": s0["step"] + (1 if count else 0), "mean": m, "squares": s}


def adam__one_too_high(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """t is one too high."""
    return _adam(w, dw, state, lr, beta1, beta2, eps, late=1)


def adam__not_counted(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The step is never counted."""
    return _adam(w, dw, state, lr, beta1, beta2, eps, count=False)


def adam__neither(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """No correction, and the step is not counted."""
    return _adam(w, dw, state, lr, beta1, beta2, eps, correct=False, count=False)


def adam__uncorrected(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """No correction."""
    return _adam(w, dw, state, lr, beta1, beta2, eps, correct=False)


def adam__times(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Multiplied by the correction."""
    return _adam(w, dw, state, lr, beta1, beta2, eps, times=True, correct=False)


def adam__tensorflow(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """TensorFlow's eps, not corrected."""
    return _adam(w, dw, state, lr, beta1, beta2, eps, eps_like="tensorflow")


def adam__eps_inside(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """eps inside the root."""
    return _adam(w, dw, state, lr, beta1, beta2, eps, eps_like="inside")


def sgd__no_count(w, dw, state, lr):
    """Gives the state back."""
    return w - lr * dw, state


def sgd__lr_missing(w, dw, state, lr):
    """No learning rate."""
    return w - dw, {"step": 1 if state is None else state["step"] + 1}


def quadratic_form__no_second_x(A, x):
    """A x alone."""
    return A @ x


def quadratic_form__half(A, x):
    """A half in front."""
    return 0.5 * x @ A @ x


def largest_stable_lr__one_over(hessian):
    """1 / lambda."""
    return 1 / np.max(np.linalg.eigvalsh(hessian))


def largest_stable_lr__trace(hessian):
    """2 / the trace."""
    return 2 / np.trace(hessian)


def power_iteration__value_before(A, x, steps):
    """The value of the vector before."""
    for _ in range(steps):
        value = x @ A @ x
        x = A @ x
        x = x / np.linalg.norm(x)
    return value, x


def power_iteration__once(A, x, steps):
    """One step only."""
    x = A @ x
    x = x / np.linalg.norm(x)
    return x @ A @ x, x


def power_iteration__divided_by_max(A, x, steps):
    """Divides by the largest number."""
    for _ in range(steps):
        x = A @ x
        x = x / np.max(np.abs(x))
    return x @ A @ x / (x @ x), x


def spectral_norm__frobenius(A):
    """The Frobenius norm."""
    return np.sqrt(np.sum(A**2))


def frobenius_norm__no_root(A):
    """No root."""
    return np.sum(A**2)


def frobenius_norm__spectral(A):
    """The spectral norm."""
    return np.linalg.norm(A, 2)


def frobenius_norm__trace(A):
    """Along the diagonal."""
    return np.sqrt(np.sum(np.diag(A) ** 2))


def classify_turning_point__second_first(first, second):
    """Asks for the curvature first."""
    if second > 0:
        return "minimum"
    if second < 0:
        return "maximum"
    return "sloped" if first != 0 else "undecided"


def classify_turning_point__saddle(first, second):
    """Another word."""
    if first != 0:
        return "sloped"
    if second > 0:
        return "minimum"
    return "maximum" if second < 0 else "saddle"


def is_saddle__ge(hessian):
    """>= 0."""
    e = np.linalg.eigvalsh(hessian)
    return bool(np.any(e >= 0) and np.any(e < 0))


def is_saddle__determinant(hessian):
    """A negative determinant."""
    return bool(np.linalg.det(hessian) < 0)


def classify_critical_point__ge(hessian):
    """>= 0."""
    e = np.linalg.eigvalsh(hessian)
    if np.all(e >= 0):
        return "minimum"
    if np.all(e <= 0):
        return "maximum"
    return "saddle"


def classify_critical_point__any_zero(hessian):
    """Any 0 is undecided."""
    e = np.linalg.eigvalsh(hessian)
    if np.any(np.abs(e) < 1e-9):
        return "undecided"
    if np.all(e > 0):
        return "minimum"
    if np.all(e < 0):
        return "maximum"
    return "saddle"


def momentum__dict_changed(w, dw, state, lr, beta=0.9):
    """Writes into the given dict."""
    if state is None:
        state = {"step": 0, "velocity": np.zeros_like(w)}
    v = beta * state["velocity"] + dw
    state["step"] += 1
    state["velocity"] = v
    return w - lr * v, state


def momentum__no_beta(w, dw, state, lr, beta=0.9):
    """No friction."""
    v = dw if state is None else state["velocity"] + dw
    return w - lr * v, {"step": 1 if state is None else state["step"] + 1, "velocity": v}


def momentum__plus(w, dw, state, lr, beta=0.9):
    """Uphill."""
    v = dw if state is None else beta * state["velocity"] + dw
    return w + lr * v, {"step": 1 if state is None else state["step"] + 1, "velocity": v}


def momentum__beta_fixed(w, dw, state, lr, beta=0.9):
    """0.9 is written into the code."""
    v = dw if state is None else 0.9 * state["velocity"] + dw
    return w - lr * v, {"step": 1 if state is None else state["step"] + 1, "velocity": v}


def nesterov__no_dw(w, dw, state, lr, beta=0.9):
    """Without dw in the bracket."""
    v = dw if state is None else beta * state["velocity"] + dw
    return w - lr * beta * v, {"step": 1 if state is None else state["step"] + 1, "velocity": v}


def nesterov__momentum(w, dw, state, lr, beta=0.9):
    """Plain momentum."""
    v = dw if state is None else beta * state["velocity"] + dw
    return w - lr * v, {"step": 1 if state is None else state["step"] + 1, "velocity": v}


def _squares(w, state):
    return state or {"step": 0, "squares": np.zeros_like(w)}


def adagrad__no_root(w, dw, state, lr, eps=1e-10):
    """No root."""
    old = _squares(w, state)
    s = old["squares"] + dw**2
    return w - lr * dw / (s + eps), {"step": old["step"] + 1, "squares": s}


def adagrad__old_sum(w, dw, state, lr, eps=1e-10):
    """The old sum."""
    old = _squares(w, state)
    s = old["squares"] + dw**2
    return w - lr * dw / (np.sqrt(old["squares"]) + eps), {"step": old["step"] + 1, "squares": s}


def adagrad__rounded(w, dw, state, lr, eps=1e-10):
    """Rounds w to 5 digits."""
    old = _squares(w, state)
    s = old["squares"] + dw**2
    return np.round(w - lr * dw / (np.sqrt(s) + eps), 5), {"step": old["step"] + 1, "squares": s}


def rmsprop__shares(w, dw, state, lr, beta=0.99, eps=1e-8):
    """The shares are exchanged."""
    old = _squares(w, state)
    s = (1 - beta) * old["squares"] + beta * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"step": old["step"] + 1, "squares": s}


def rmsprop__eps_inside(w, dw, state, lr, beta=0.99, eps=1e-8):
    """eps inside the root."""
    old = _squares(w, state)
    s = beta * old["squares"] + (1 - beta) * dw**2
    return w - lr * dw / np.sqrt(s + eps), {"step": old["step"] + 1, "squares": s}


def rmsprop__sum(w, dw, state, lr, beta=0.99, eps=1e-8):
    """Adagrad's sum."""
    old = _squares(w, state)
    s = old["squares"] + dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"step": old["step"] + 1, "squares": s}


def rmsprop__step_not_counted(w, dw, state, lr, beta=0.99, eps=1e-8):
    """The step stays."""
    old = _squares(w, state)
    s = beta * old["squares"] + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"step": old["step"], "squares": s}


def adadelta__eps_outside(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    """eps outside the roots."""
    old = state or {"step": 0, "squares": np.zeros_like(w), "moves": np.zeros_like(w)}
    s = beta * old["squares"] + (1 - beta) * dw**2
    move = (np.sqrt(old["moves"]) + eps) / (np.sqrt(s) + eps) * dw
    u = beta * old["moves"] + (1 - beta) * move**2
    return w - lr * move, {"step": old["step"] + 1, "squares": s, "moves": u}


def adadelta__new_moves(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    """The moves average the gradient."""
    old = state or {"step": 0, "squares": np.zeros_like(w), "moves": np.zeros_like(w)}
    s = beta * old["squares"] + (1 - beta) * dw**2
    u = beta * old["moves"] + (1 - beta) * dw**2
    move = np.sqrt(old["moves"] + eps) / np.sqrt(s + eps) * dw
    return w - lr * move, {"step": old["step"] + 1, "squares": s, "moves": u}


def moving_average__running_mean(values, beta):
    """The plain mean so far."""
    return np.cumsum(values) / np.arange(1, len(values) + 1)


def bias_correction__last(averages, beta):
    """The same t for all."""
    return averages / (1 - beta ** len(averages))


def bias_correction__beta_only(averages, beta):
    """Divides by 1 - beta."""
    return averages / (1 - beta)


def adam_without_correction__square_of_mean(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """The gradient above, no mean."""
    old = state or {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    m = beta1 * old["mean"] + (1 - beta1) * dw
    s = beta2 * old["squares"] + (1 - beta2) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"step": old["step"] + 1, "mean": m, "squares": s}


def adam_without_correction__no_square(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """dw is not squared."""
    old = state or {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    m = beta1 * old["mean"] + (1 - beta1) * dw
    s = beta2 * old["squares"] + (1 - beta2) * dw
    return w - lr * m / (np.sqrt(np.abs(s)) + eps), {"step": old["step"] + 1, "mean": m, "squares": s}


def adamw__plus(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """The weights grow."""
    return _adam(w + lr * weight_decay * w, dw, state, lr, beta1, beta2, eps)


def adamw__decay_forgotten(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """Adam alone."""
    return _adam(w, dw, state, lr, beta1, beta2, eps)


def step_decay__one_early(step, lr, every, factor=0.1):
    """One step early."""
    return lr * factor ** ((step + 1) // every)


def cosine_decay__no_half(step, lr, steps, least=0.0):
    """Not halved."""
    return least + (lr - least) * (1 + np.cos(np.pi * step / steps))


def cosine_decay__two_pi(step, lr, steps, least=0.0):
    """A whole wave."""
    return least + (lr - least) * (1 + np.cos(2 * np.pi * step / steps)) / 2


def warmup__max(step, lr, steps):
    """max in place of min."""
    return max(lr, lr * (step + 1) / steps)


def basin__uphill(starts, gradient, minima, lr, steps):
    """Uphill."""
    out = []
    for w in starts:
        for _ in range(steps):
            w = w + lr * gradient(w)
        out.append(np.argmin(np.linalg.norm(minima - w, axis=1)))
    return np.array(out)


def basin__one_step(starts, gradient, minima, lr, steps):
    """The minima themselves."""
    out = []
    for w in starts:
        for _ in range(steps):
            w = w - lr * gradient(w)
        out.append(minima[np.argmin(np.linalg.norm(minima - w, axis=1))])
    return np.array(out)
