"""Derivatives by trying. The step h is large on purpose: every formula but the asked one then differs."""

from __future__ import annotations

import numpy as np

from byhand.exercises.inputs import Function
from byhand.exercises.spec import exercise
from byhand.reference.start import derivatives

OWN_STEP = 1e-5  # what people write who do not use the argument h


@exercise(derivatives.numerical_derivative)
def numerical_derivative(draw):
    yield Function("x**2"), 3.0, 0.1
    yield Function("x**3 - 2*x"), draw.uniform(1, 2), 0.2
    yield Function("np.exp(x)"), draw.uniform(-1, 1, 3), 0.5
    yield Function("x**3 + x**2"), draw.uniform(0.5, 2, 2, 3), draw.choice([0.1, 0.3, 0.4])


@numerical_derivative.switchable
def _central(f, x, h, *, right=True, left=True, over=2.0, turned=False, step=None):
    h = step or h
    rise = f(x + h if right else x) - f(x - h if left else x)
    return (-rise if turned else rise) / (over * h)


numerical_derivative.switch(
    "forward",
    "You stepped to one side only: from x to x + h. The central difference compares x + h with x - h, and is "
    "far more exact.",
    left=False,
    over=1.0,
)
numerical_derivative.switch(
    "backward",
    "You stepped to one side only: from x - h to x. The central difference compares x + h with x - h, and is "
    "far more exact.",
    right=False,
    over=1.0,
)
numerical_derivative.switch(
    "divided-by-h", "Your answer is twice too large. How far is it from x - h to x + h?", over=1.0
)
numerical_derivative.switch(
    "sign-turned", "The sign is wrong: where f rises, the slope is positive.", turned=True
)
numerical_derivative.switch(
    "own-step", "You chose a step of your own. Use the argument h, even where it is large.", step=OWN_STEP
)


@numerical_derivative.mistake(
    "denominator-open",
    "Brackets are missing: Python reads a / 2 * h as (a / 2) * h. The whole 2h is the denominator.",
)
def _(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h


@numerical_derivative.mistake(
    "numerator-open",
    "Brackets are missing: Python divides before it subtracts, so only f(x - h) was divided. What belongs into the "
    "numerator?",
)
def _(f, x, h):
    return f(x + h) - f(x - h) / (2 * h)


@numerical_derivative.mistake("numerator-open")
def _(f, x, h):
    return f(x + h) - f(x - h) / 2 * h


@numerical_derivative.mistake(
    "only-halved", "You halved the difference, but did not divide by h. A slope is rise over run."
)
def _(f, x, h):
    return (f(x + h) - f(x - h)) / 2


@numerical_derivative.mistake(
    "rise-only", "That is the rise alone. A slope is the rise divided by the run, here 2h."
)
def _(f, x, h):
    return f(x + h) - f(x - h)


@numerical_derivative.mistake(
    "half-a-step",
    "You stepped h / 2 to each side. Asked is a step of h to each side: how long is the run then?",
)
def _(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h


@exercise(derivatives.numerical_gradient)
def numerical_gradient(draw):
    yield Function("x[0]**2 + 3*x[0]*x[1]"), np.array([1.0, 2.0]), 0.1
    yield Function("np.sum(x**3)"), draw.uniform(0.5, 2, 2, 3), 0.2
    yield Function("0.3*x[0]*x[1] + 0.7*x[2]"), draw.integers(1, 6, 3), 0.25
    yield Function("np.sum(x**3) + x[0, 0, 0]*x[1, 0, 1]"), draw.uniform(0.5, 2, 2, 1, 2), 0.1
    yield Function("x[0]**3"), draw.uniform(0.5, 2, 1), draw.choice([0.1, 0.3, 0.4])


def _unit_steps(x, h):
    """For each place of x, a step of length h there and 0 elsewhere."""
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        yield i, step


# On copies, so that the type of x stays where `floats` is False: whole numbers cut the step off.
@numerical_gradient.switchable
def _walk(f, x, h, *, one_sided=False, halved=True, step=None, rows=False, floats=True, cut=False, back=True):
    h, point = step or h, x.astype(float if floats else x.dtype)
    gradient = np.zeros_like(x) if cut else np.zeros(x.shape)
    for i in range(len(x)) if rows else np.ndindex(x.shape):
        kept = np.copy(point[i])
        point[i] = kept + h
        above = f(point)
        point[i] = kept if one_sided else kept - h
        gradient[i] = (above - f(point)) / (2 * h if halved and not one_sided else h)
        if back:
            point[i] = kept
    return gradient


numerical_gradient.switch(
    "one-sided",
    "You stepped to one side only. The central difference compares f a step above with f a step below.",
    one_sided=True,
)
numerical_gradient.switch(
    "divided-by-h", "Your answer is twice too large. How far apart are the two points?", halved=False
)
numerical_gradient.switch(
    "own-step", "You chose a step of your own. Use the argument h, even where it is large.", step=OWN_STEP
)
numerical_gradient.switch(
    "rows-moved",
    "The table of shape (2, 3) shows it: range(len(x)) counts rows, so you moved whole rows. Go through all the "
    "places of any shape, with np.ndindex(x.shape).",
    rows=True,
)
numerical_gradient.switch("rows-moved", rows=True, floats=False)
numerical_gradient.switch("rows-moved", rows=True, floats=False, cut=True)
numerical_gradient.switch(
    "step-cut-off",
    "Only the case with whole numbers is wrong. An array of integers turns 2.25 into 2, and your step is lost: copy x "
    "into an array of floats first.",
    floats=False,
)
numerical_gradient.switch("step-cut-off", floats=False, cut=True)
numerical_gradient.switch(
    "slopes-cut-off",
    "Only the case with whole numbers is wrong. np.zeros_like(x) has the type of x: for integers it cuts your "
    "slopes off. np.zeros(x.shape) holds floats.",
    cut=True,
)
numerical_gradient.switch(
    "not-put-back",
    "After the first element, x is not where it was: you moved it and did not put it back. Each element's slope "
    "starts from the same point x.",
    back=False,
)


@numerical_gradient.mistake("not-put-back")
def _(f, x, h):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


@numerical_gradient.mistake("step-cut-off")
def _(f, x, h):
    x = x.copy()
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
        x[i] += h
    return gradient


@numerical_gradient.mistake(
    "all-moved-together",
    "You moved all elements of x together and got one number. The gradient asks for each element: what if this "
    "one alone moves?",
)
def _(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


@exercise(derivatives.jacobian)
def jacobian(draw):
    yield Function("np.array([x[0]*x[1], x[0] + x[1], 4*x[0]])"), np.array([2.0, 3.0]), 0.1
    yield Function("np.array([x[0]**2 * x[1], x[1]**3])"), draw.uniform(1, 2, 2), 0.2
    yield Function("np.array([np.sin(x[0]) + x[1]*x[2], np.exp(x[2])])"), draw.uniform(0.5, 1.5, 3), 0.1
    yield Function("np.array([x[0]**3, x[0]**2, 5*x[0]])"), draw.uniform(1, 2, 1), 0.3
    yield Function("np.array([x[0]**3 * x[1]])"), draw.uniform(1, 2, 2), draw.choice([0.1, 0.2, 0.4])


@jacobian.switchable
def _columns(f, x, h, *, one_sided=False, halved=True, step=None, summed=False, turned=False):
    h = step or h
    over = 2 * h if halved and not one_sided else h
    slopes = []
    for _, step in _unit_steps(x, h):
        change = f(x + step) - f(x if one_sided else x - step)
        slopes.append((np.sum(change) if summed else change) / over)
    return np.stack(slopes, axis=0 if turned else -1)


jacobian.switch(
    "transposed",
    "Your matrix lies on its side. Row i belongs to output i, column j to input j: m outputs and n inputs give "
    "the shape (m, n).",
    turned=True,
)
jacobian.switch(
    "one-sided",
    "You stepped to one side only. The central difference compares f a step above with f a step below.",
    one_sided=True,
)
jacobian.switch(
    "divided-by-h", "Your answer is twice too large. How far apart are the two points?", halved=False
)
jacobian.switch(
    "outputs-added",
    "You added the outputs up. Every output has its own row: keep f(x + step) - f(x - step) as a vector.",
    summed=True,
)
jacobian.switch(
    "own-step", "You chose a step of your own. Use the argument h, even where it is large.", step=OWN_STEP
)


@jacobian.mistake(
    "all-moved-together",
    "You moved all inputs together. Each column asks: what if input j alone moves?",
)
def _(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


@exercise(derivatives.hessian, atol=1e-8)
def hessian(draw):
    # polynomials of degree 3: every central formula is exact on them, every one-sided one is not
    yield Function("x[0]**2 + 3*x[0]*x[1]"), np.array([1.0, 2.0]), 0.1
    yield Function("x[0]**3 + x[0]**2 * x[1] + x[0] * x[1]**2"), draw.uniform(1, 2, 2), 0.1
    yield Function("x[0]*x[1]*x[2] + x[2]**3"), draw.uniform(1, 2, 3), 0.2
    yield Function("x[0]**3 - 2*x[0]"), draw.uniform(1, 2, 1), 0.3


@hessian.mistake(
    "diagonal-only",
    "Only the diagonal is filled. The slope along x[0] may also change when x[1] moves: that is what the other "
    "places say.",
)
def _(f, x, h):
    return np.diag(np.diag(derivatives.hessian(f, x, h)))


@hessian.mistake(
    "upper-half-only",
    "Only one half is filled. The Hessian is symmetric: what stands at [i, j] stands at [j, i] too.",
)
def _(f, x, h):
    return np.triu(derivatives.hessian(f, x, h))


@hessian.mistake(
    "slopes-multiplied",
    "You multiplied first derivatives with each other. A second derivative asks how a slope changes: the "
    "gradient of the gradient.",
)
def _(f, x, h):
    gradient = derivatives.numerical_gradient(f, x, h)
    return np.outer(gradient, gradient)


@hessian.mistake(
    "gradient-one-sided",
    "You compared the gradient at x + step with that at x: one side only. Take x + step and x - step here too.",
)
def _(f, x, h):
    rows = []
    for _, step in _unit_steps(x, h):
        above, here = (derivatives.numerical_gradient(f, point, h) for point in (x + step, x))
        rows.append((above - here) / h)
    return np.stack(rows)


@hessian.mistake(
    "points-above-only",
    "You used only points above x, such as x + h and x + 2h. That is the curvature beside x: step to both sides.",
)
def _(f, x, h):
    steps = [step for _, step in _unit_steps(x, h)]
    return np.array([[f(x + s + t) - f(x + s) - f(x + t) + f(x) for t in steps] for s in steps]) / h**2


@hessian.mistake(
    "divided-by-h-once",
    "Your answer is twice too large: one of the two differences was divided by h. Both reach from -h to +h.",
)
def _(f, x, h):
    return 2 * derivatives.hessian(f, x, h)


@hessian.mistake(
    "divided-by-2h-once",
    "You divided by 2h only once. A second derivative is a slope of slopes: each of the two is divided by its "
    "run.",
)
def _(f, x, h):
    return 2 * h * derivatives.hessian(f, x, h)


@exercise(derivatives.taylor2, rtol=1e-4, atol=1e-4)
def taylor2(draw):
    # third derivatives are large and of one sign: the expansion is never f(x0 + dx) itself
    yield Function("x[0]**2 + 3*x[0]*x[1] + x[1]**3"), np.array([1.0, 2.0]), np.array([0.5, -0.5])
    yield (
        Function("np.exp(x[0]) * x[1] + x[2]**3"),
        draw.uniform(0.2, 1, 3),
        draw.uniform(0.3, 0.8, 3),
    )
    yield Function("x[0]**4"), draw.uniform(1, 2, 1), draw.uniform(0.3, 0.8, 1)
    yield Function("x[0]**2 * x[1] + x[1]**3"), draw.uniform(1, 2, 2), draw.uniform(-0.9, -0.4, 2)


def _terms(f, x0, dx):
    """Value, first-order term and Hessian."""
    h = derivatives.TAYLOR_STEP
    return f(x0), derivatives.numerical_gradient(f, x0, h) @ dx, derivatives.hessian(f, x0, h)


@taylor2.mistake(
    "half-missing",
    "The ½ before the second-order term is missing. For f = x², f″ is 2, but from 0 to 1 the curve rises by 1.",
)
def _(f, x0, dx):
    value, first, H = _terms(f, x0, dx)
    return value + first + dx @ H @ dx


@taylor2.mistake(
    "first-order-only",
    "That is the first order: the tangent. The second order adds how the slope changes on the way.",
)
def _(f, x0, dx):
    value, first, _ = _terms(f, x0, dx)
    return value + first


@taylor2.mistake(
    "change-only", "That is the change alone. The prediction starts from the height where you stand, f(x0)."
)
def _(f, x0, dx):
    _, first, H = _terms(f, x0, dx)
    return first + 0.5 * dx @ H @ dx


@taylor2.mistake(
    "f-at-the-end",
    "You called f at x0 + dx: that is the truth, not a prediction. Use only value, gradient and Hessian at x0.",
)
def _(f, x0, dx):
    return f(x0 + dx)


@taylor2.mistake(
    "diagonal-only",
    "You used only the diagonal of the Hessian. When two inputs move together, the mixed terms count too.",
)
def _(f, x0, dx):
    value, first, H = _terms(f, x0, dx)
    return value + first + 0.5 * np.diag(H) @ dx**2


@taylor2.mistake(
    "dx-squared",
    "You squared dx element by element. The second-order term has dx on both sides of the Hessian: dx, H, dx.",
)
def _(f, x0, dx):
    value, first, H = _terms(f, x0, dx)
    return value + first + 0.5 * np.sum(H @ dx**2)


@taylor2.mistake(
    "slope-missing", "The first-order term is missing: how steep is f at x0, in the direction of dx?"
)
def _(f, x0, dx):
    value, _, H = _terms(f, x0, dx)
    return value + 0.5 * dx @ H @ dx


@taylor2.mistake(
    "derivatives-at-the-end", "You took gradient and Hessian at x0 + dx. Take both where you stand, at x0."
)
def _(f, x0, dx):
    g = derivatives.numerical_gradient(f, x0 + dx, 1e-4)
    H = derivatives.hessian(f, x0 + dx, 1e-4)
    return f(x0) + g @ dx + dx @ H @ dx / 2
