# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter 6 · Which way down, how far?
#
# Backpropagation tells, for every weight of a network, which way makes the error grow: the gradient. To learn, you
# take a small step the other way, again and again. That leaves two questions. Is straight against the gradient
# really the best way? And how long is a *small* step?
#
# A rule that answers both is called an **optimizer**. In this chapter you write the eight best-known ones. Each of them
# is three or four lines, and each mends a weakness of one before it. You will see which.
#
# **You will learn**
#
# - from which learning rate on a descent goes wrong, and how to compute it;
# - what a saddle is, and why it is harmless and slow at the same time;
# - what a memory of earlier gradients is good for: momentum, Nesterov, Adagrad, RMSProp, Adadelta, Adam, AdamW;
# - why Adam corrects its averages, and what happens if it does not;
# - how to change the learning rate on the way, and how to compare optimizers fairly.
#
# **You need** to know what a gradient is (chapter 3) and a little NumPy. The networks are those of chapter 3: yours, or
# the course's if you did not write them.
#
# **Time** About five hours. After each hour or so the text says that it is a good place to stop. There are 24 exercises
# (48 points) and one written answer (8 points).

# %% [markdown]
# Run the cell below first (Shift + Enter), and again whenever you come back to this notebook. It is all that you need
# to go on anywhere. What you passed another day is ready again, and `mine.sgd` means your own `sgd`, or the course's as
# long as yours does not pass. (Its functions are explained where they are used. You need not read them now.)

# %%
import os

# Before NumPy: for small matrices one processor core is faster than several
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time
from functools import cache

import matplotlib.pyplot as plt
import numpy as np

from byhand import begin, check, data, explore, hint, mine, progress, solution, try_it
from byhand.figures import optimizers as figures

begin("06_optimizers")
np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at
BLUE, VERMILLION, GREEN, PURPLE = figures.BLUE, figures.VERMILLION, figures.GREEN, figures.PURPLE
ORANGE, SKY, GRAY = figures.ORANGE, figures.SKY, figures.GRAY
digits = data.digits()
X, labels = digits.train_images.reshape(-1, 64), digits.train_labels  # (1437, 64), (1437,)
X_test, labels_test = digits.test_images.reshape(-1, 64), digits.test_labels
X_choose, labels_choose = X[:237], labels[:237]  # section 10: to choose the learning rate
X_learn, labels_learn = X[237:], labels[237:]  # section 10: to learn from
DEEP = [64, *[48] * 7, 10]  # sections 7 and 8: a network of eight layers


def valley(w):
    return 0.5 * w[0] ** 2 + 10 * w[1] ** 2  # lowest at (0, 0)


def valley_gradient(w):
    return np.array([w[0], 20 * w[1]])


def walk(optimizer, gradient, start, lr, steps, **settings):
    """Call an optimizer so many times; returns all the places, one a row, the start first."""
    w, state = np.array(start, dtype=float), None
    places = [w]
    for _ in range(steps):
        w, state = optimizer(w, gradient(w), state, lr, **settings)
        places.append(w)
    return np.array(places)


def step_lengths(optimizer, gradients, lr, **settings):
    """How far each step goes, for a list of gradients."""
    w, state = np.zeros(np.shape(gradients[0])), None
    lengths = []
    for dw in gradients:
        new_w, state = optimizer(w, np.array(dw), state, lr, **settings)
        lengths.append(w - new_w)
        w = new_w
    return np.array(lengths)


def network_gradients(parameters, x, y):
    """The loss of a network of chapter 3 on some digits, and its gradients."""
    scores, cache = mine.mlp_forward(x, parameters)
    loss, dscores = mine.cross_entropy_loss(scores, y)
    return loss, mine.mlp_backward(dscores, cache)


def trained(optimizer, lr, epochs, layers, seed=0, size=64, x=X, y=labels, gradients_of=network_gradients):
    """Your `train` on the digits. `lr` is a number, or a function of the step."""
    rng = np.random.default_rng(seed)
    start = mine.mlp_init(layers, mine.he_init, rng)
    schedule = lr if callable(lr) else lambda step: lr
    return mine.train(
        start, gradients_of, lambda rng: mine.minibatches(x, y, size, rng), optimizer, schedule, epochs, rng
    )


def loss_and_accuracy(parameters, x, y):
    scores, _ = mine.mlp_forward(x, parameters)
    return mine.cross_entropy_loss(scores, y)[0], np.mean(scores.argmax(axis=1) == y)


def racers():
    """The eight optimizers of section 10, yours where they pass: name, function, rates to try, color and line."""
    yield "SGD", mine.sgd, (0.03, 0.1, 0.3, 1.0, 3.0), GRAY, "-"
    yield "momentum", mine.momentum, (0.01, 0.03, 0.1, 0.3, 1.0), VERMILLION, "--"
    yield "Nesterov", mine.nesterov, (0.01, 0.03, 0.1, 0.3, 1.0), ORANGE, "-."
    yield "Adagrad", mine.adagrad, (0.01, 0.03, 0.1, 0.3, 1.0), GREEN, "--"
    yield "RMSProp", mine.rmsprop, (0.0003, 0.001, 0.003, 0.01, 0.03), SKY, "-."
    yield "Adadelta", mine.adadelta, (0.3, 1.0, 3.0, 10.0, 30.0), PURPLE, ":"
    yield "Adam", mine.adam, (0.001, 0.003, 0.01, 0.03, 0.1), BLUE, "-"
    yield "AdamW", mine.adamw, (0.001, 0.003, 0.01, 0.03, 0.1), "black", ":"


@cache
def losses_by_rate(optimizer, rates):
    """Section 10: the loss on the images set aside after 4 epochs, for each rate, the mean of three starts."""
    return [np.mean([set_aside_loss(optimizer, lr, seed) for seed in range(3)]) for lr in rates]


def set_aside_loss(optimizer, lr, seed):
    parameters, _ = trained(optimizer, lr, 4, [64, 32, 10], seed, x=X_learn, y=labels_learn)
    return loss_and_accuracy(parameters, X_choose, labels_choose)[0]


# %% [markdown]
# ## 1. One step, and a memory
#
# Think of the loss as a landscape. Every setting of the weights is a place, and the loss is the height there. You
# stand somewhere in thick fog and want to go down. All that you can feel is the ground under your feet: the gradient
# `dw`. It points uphill, where the ground is steepest.
#
# The simplest rule is the one of chapter 3: go a little against it.
#
# $$w \leftarrow w - \text{lr} \cdot dw$$
#
# lr is the **learning rate**. The rule is called **gradient descent**, or **SGD**, *stochastic* gradient descent, if the
# gradient comes from a few examples that were drawn by chance.
#
# Better rules will need a memory of the steps before. To make them all alike, every optimizer of this chapter has the
# same form:
#
# $$\texttt{w, state = optimizer(w, dw, state, lr)}$$
#
# - `state` is the memory. Before the first step it is `None`. Afterwards it is a dict.
# - The dict always says how many steps were made: `"step"` is 1 after the first one. Other things come later.
# - Nothing that is given may be changed: you return a *new* `w` and a *new* dict. So a run can be taken up again from any
#   of its steps.
#
# SGD needs no memory. Let it count its steps, to learn the form.
#
# ### Exercise: `sgd` (1 point)


# %% nbgrader={"grade": false, "grade_id": "sgd", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd(w, dw, state, lr):
    """One step of gradient descent: w − lr · dw.

    w, dw: arrays of the same shape. state: None before the first step, otherwise a dict
    with "step", the number of steps made. lr: a number, the learning rate.
    Returns the new w and the new state.
    Changes nothing that it was given.

    >>> w, state = sgd(np.array([1.0, 2.0]), np.array([10.0, -10.0]), None, lr=0.1)
    >>> w, state
    (array([0., 3.]), {'step': 1})
    """
    ### BEGIN SOLUTION
    step = 1 if state is None else state["step"] + 1
    return w - lr * dw, {"step": step}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two things are returned, the new weights and the new dict. Which step is this, if there is no state yet? And if there
# is one?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `step = 1 if state is None else state["step"] + 1`, and then both answers, separated by a comma: the formula for w,
# and a new dict `{"step": step}`. Do not write `w -= ...`, which changes what you were given.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-sgd", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(sgd)

# %% [markdown]
# Now walk. The setup cell has a landscape with two weights, `valley`: long, and 20 times as steep across as along. Its
# function `walk` calls an optimizer again and again and keeps all the places where it was. *Before you look: will the path go
# straight to the bottom?*


# %% tags=["demo"]
fig, axes = plt.subplots(1, 3, figsize=(11, 2.8), sharey=True, layout="constrained")
for ax, lr in zip(axes, (0.02, 0.09, 0.102), strict=True):
    places = walk(mine.sgd, valley_gradient, (-4.0, 1.0), lr, 30)
    figures.draw_landscape(ax, valley, (-4.5, 4.5), (-2, 2))
    ax.plot(*places.T, "o-", color=BLUE, markersize=3, linewidth=1)
    ax.plot(0, 0, "*", color=VERMILLION, markersize=12)
    ax.set_title(f"lr = {lr}: {len(places) - 1} steps")
    print(
        f"lr = {lr:<5}  height at the start {valley(places[0]):6.2f}, after 30 steps {valley(places[-1]):8.4f}"
    )
plt.show()

# %% [markdown]
# *What to notice.* The star is the lowest point. On the left the steps are short, and the walker has not arrived after
# 30 of them. In the middle they are longer: it jumps from one wall of the valley to the other, but it comes down. On the
# right the learning rate is only a little larger, and every jump lands *further from the bottom of the valley* than the one
# before.
#
# So there is a border somewhere near 0.1. Where exactly, and why?

# %% [markdown]
# ## 2. How far is too far?
#
# Take a single weight and the simplest valley, a parabola with the height $\frac12 \lambda w^2$. The number $\lambda$
# (say "lambda") says how strongly it bends: its **curvature**, the second derivative. The gradient is $\lambda w$. So one
# step is
#
# $$w - \text{lr} \cdot \lambda w = (1 - \text{lr} \cdot \lambda)\, w$$
#
# Every step *multiplies* the distance to the bottom by the same factor, $1 - \text{lr} \cdot \lambda$. With $\lambda = 4$,
# what happens for lr = 0.1, 0.25, 0.4, 0.5 and 0.6? Compute the five factors in your head, then run the cell.

# %% tags=["demo"]
curvature = 4.0
print("  lr   factor   w after 1, 2, 3 and 10 steps, from w = 1")
for lr in (0.1, 0.25, 0.4, 0.5, 0.6):
    w = walk(mine.sgd, lambda w: curvature * w, 1.0, lr, 10)
    print(f"{lr:5.2f}   {1 - lr * curvature:5.1f}   {w[1]:8.3f} {w[2]:8.3f} {w[3]:8.3f} {w[10]:10.4f}")

# %% [markdown]
# *What to notice.* A factor between 0 and 1: the walker comes closer on the same side. Exactly 0: one step, and it is
# there. Between −1 and 0: it jumps to the other side each time, and still comes closer. At −1 it jumps back and forth for
# ever. Below −1 every jump is longer than the one before: it **diverges**.
#
# So the learning rate must keep the factor above −1:
#
# $$1 - \text{lr} \cdot \lambda > -1 \quad\Longleftrightarrow\quad \text{lr} < \frac{2}{\lambda}$$
#
# With many weights there are many directions, and each has a curvature of its own. All the second derivatives stand in
# a square table, the **Hessian** $H$ (chapter 0 measured it). It knows the curvature along every direction $d$ of length 1:
# multiply each entry $H_{ij}$ by $d_i$ and by $d_j$, and add up. In short $d^T H d$, a **quadratic form**.
#
# ### Exercise: `quadratic_form` (1 point)


# %% nbgrader={"grade": false, "grade_id": "quadratic_form", "locked": false, "schema_version": 3, "solution": true, "task": false}
def quadratic_form(A, x):
    """The number xᵀ A x: the sum of A[i, j] · x[i] · x[j] over all pairs i, j.

    A: array (n, n). x: array (n,). Returns a number. Changes nothing that it was given.

    >>> print(quadratic_form(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -1.0])))
    3.0
    """
    ### BEGIN SOLUTION
    return x @ A @ x
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# What shape has `A @ x`? What else makes a single number of it?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `A @ x` is a vector; one more product with `x`, from the left, makes a number of it. Two loops over i and j that add
# up `A[i, j] * x[i] * x[j]` do it, too.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-quadratic_form", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(quadratic_form)

# %% [markdown]
# Turn $d$ round, and the curvature rises and falls between a largest and a smallest one. These two belong to the valley's own
# axes, even if the valley lies aslant. Along its axes the curvatures are the **eigenvalues** of $H$. One direction that
# diverges is enough to spoil everything, so the *largest* eigenvalue decides:
#
# $$\text{lr} < \frac{2}{\lambda_{\max}}$$
#
# ### Exercise: `largest_stable_lr` (2 points)


# %% nbgrader={"grade": false, "grade_id": "largest_stable_lr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def largest_stable_lr(hessian):
    """The border 2 / λ_max, above which gradient descent diverges.

    hessian: array (n, n), symmetric, with eigenvalues above 0. Returns a number.
    Changes nothing that it was given.

    >>> print(largest_stable_lr(np.array([[1.0, 0.0], [0.0, 8.0]])))
    0.25
    """
    ### BEGIN SOLUTION
    return 2 / np.max(np.linalg.eigvalsh(hessian))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which of the eigenvalues belongs to the direction that breaks first?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.linalg.eigvalsh(hessian)` gives the eigenvalues of a symmetric matrix (h stands for Hermitian, the word for
# symmetric that includes complex numbers). Divide 2 by the largest of them, `np.max(...)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-largest_stable_lr", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(largest_stable_lr)

# %% [markdown]
# Is the border as sharp as the formula says? Below is a valley that lies aslant. We measure its Hessian, compute the
# border, and walk twice: with a learning rate 2 % below it and 2 % above it.


# %% tags=["demo"]
def aslant(w):
    along, across = (w[0] + w[1]) / np.sqrt(2), (w[1] - w[0]) / np.sqrt(2)
    return 0.5 * along**2 + 6 * across**2


def aslant_gradient(w):
    along, across = (w[0] + w[1]) / np.sqrt(2), (w[1] - w[0]) / np.sqrt(2)
    return np.array([along - 12 * across, along + 12 * across]) / np.sqrt(2)


H = mine.hessian(aslant, np.zeros(2), 1e-4)
border = mine.largest_stable_lr(H)
print("Hessian:\n", H)
print("its eigenvalues:", np.linalg.eigvalsh(H))
print(f"border 2 / λ_max = {border:.4f}\n")

fig, axes = plt.subplots(1, 3, figsize=(11, 3.3), layout="constrained")
for ax, share, color, style in zip(axes, (0.98, 1.02), (BLUE, VERMILLION), ("-", "--"), strict=False):
    places = walk(mine.sgd, aslant_gradient, (-2.5, -1.5), share * border, 100)
    distance = np.linalg.norm(places, axis=1)
    figures.draw_landscape(ax, aslant, (-3, 3), (-3, 3))
    ax.plot(*places[:41].T, style, marker="o", color=color, markersize=3, linewidth=0.8)
    ax.set_title(f"{share:.2f} × border, 40 steps")
    axes[2].semilogy(distance, style, color=color, label=f"{share:.2f} × border")
    numbers = ", ".join(f"{distance[n]:9.4f}" for n in (0, 10, 50, 100))
    print(f"lr = {share:.2f} × border: distance to the bottom after 0, 10, 50, 100 steps: {numbers}")
axes[2].set(xlabel="step", ylabel="distance to the bottom")
axes[2].legend()
plt.show()

# %% [markdown]
# *What to notice.* On the left the zigzag becomes smaller and smaller. In the middle it becomes larger and larger. At first the
# distance falls there as well, because *along* the valley all is well; but in the end the direction that diverges always wins.
# Between the two lies only a tiny change of the learning rate. (The vertical axis on the right counts in powers of ten: there,
# multiplying by the same factor again and again is a straight line.)
#
# ### The largest curvature of something huge
#
# A network with a million weights has a Hessian with a million times a million entries. Nobody can write it down, and
# `eigvalsh` is out of the question. But its largest eigenvalue can be found with nothing but products: multiply any vector by
# $H$, make it as long as 1 again, and repeat. Each product stretches the part along the largest curvature more than all
# others, so that this part wins in the end. This is **power iteration**. (*Largest* means the largest size: −5 beats 3.)
#
# ### Exercise: `power_iteration` (3 points)


# %% nbgrader={"grade": false, "grade_id": "power_iteration", "locked": false, "schema_version": 3, "solution": true, "task": false}
def power_iteration(A, x, steps):
    """The largest eigenvalue of a symmetric matrix, by multiplying again and again.

    A: array (n, n), symmetric. x: array (n,), where to start. steps: how many products, 1 or more.
    Each step multiplies by A and divides by the length. Returns a number and an array (n,): the value vᵀ A v for the
    last vector v, and v itself, whose length is 1. Changes nothing that it was given.

    >>> value, vector = power_iteration(np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([3.0, 4.0]), steps=1)
    >>> print(round(float(value), 4), vector)
    1.6923 [0.8321 0.5547]
    """
    ### BEGIN SOLUTION
    for _ in range(steps):
        x = A @ x
        x = x / np.linalg.norm(x)
    return x @ A @ x, x
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# What happens in one step? Write it down for `steps=1`, and then put a loop around it. From which vector is the value
# computed?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Two lines in a loop, `x = A @ x` and the division by `np.linalg.norm(x)`. After the loop the value is your
# `quadratic_form` of A and the last vector. `x = A @ x` makes a new array, so that the given one stays as it is.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-power_iteration", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(power_iteration)

# %% [markdown]
# How many products does it take? The border needs no more than the largest curvature. (`H` is the Hessian of the valley
# above that lies aslant.)

# %% tags=["demo"]
H = np.array([[6.5, -5.5], [-5.5, 6.5]])
for products in (1, 2, 4, 8):
    value, _ = mine.power_iteration(H, np.array([1.0, 0.0]), products)
    print(f"{products} products: λ_max ≈ {value:.6f}, border ≈ {2 / value:.6f}")

# %% [markdown]
# *What to notice.* The other eigenvalue is 1, and the largest is 12: with each product the wrong part shrinks to a twelfth of
# its share.
#
# A matrix that is not symmetric, or not even square, may have no eigenvalues that tell much. But each has a largest
# *stretch*: by how much, at most, does it make a vector longer? The squared length of $Ax$ is $(Ax)^T(Ax) = x^T (A^T A)\, x$, a
# quadratic form again! So the largest stretch, the **spectral norm**, is the root of the largest eigenvalue of $A^T A$. (For
# the `Wh` of chapter 5: if it is below 1, the gradient must vanish.)
#
# ### Exercise: `spectral_norm` (2 points)


# %% nbgrader={"grade": false, "grade_id": "spectral_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spectral_norm(A):
    """The largest factor by which A makes a vector longer: the root of the largest eigenvalue of Aᵀ A.

    A: array (m, n), not always square. Returns a number. Changes nothing that it was given.

    >>> print(spectral_norm(np.array([[0.0, 3.0], [0.0, 0.0]])))
    3.0
    """
    ### BEGIN SOLUTION
    return np.sqrt(np.max(np.linalg.eigvalsh(A.T @ A)))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The text makes a symmetric matrix of A. Whose eigenvalues are *squared* stretches, so what is left to do?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `A.T @ A` is symmetric, so that `np.linalg.eigvalsh` knows its eigenvalues. The largest one is the largest *squared*
# stretch: take its `np.sqrt`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-spectral_norm", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(spectral_norm)

# %% [markdown]
# Often a rougher size is enough: the **Frobenius norm** reads the whole table as one long vector, and takes its length. It
# is never below the spectral norm, because it counts the stretches of all directions together.
#
# ### Exercise: `frobenius_norm` (1 point)


# %% nbgrader={"grade": false, "grade_id": "frobenius_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def frobenius_norm(A):
    """The root of the sum of all squares in A.

    A: array (m, n). Returns a number. Changes nothing that it was given.

    >>> print(frobenius_norm(np.array([[3.0, 0.0], [0.0, 4.0]])))
    5.0
    """
    ### BEGIN SOLUTION
    return np.sqrt(np.sum(A**2))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# It is the L2 norm of chapter 0, with all numbers of the table in one row.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Three things, from the inside to the outside: `A**2` squares each number, `np.sum` without an axis adds up the whole
# table, and `np.sqrt` comes last.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-frobenius_norm", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(frobenius_norm)

# %% [markdown]
# ### The price of a steep wall
#
# The border belongs to the steepest direction, but *all* directions have to live with it. Along the flattest one, a step
# multiplies the distance by $1 - \text{lr} \cdot \lambda_{\min}$. If $\lambda_{\min}$ is a thousandth of $\lambda_{\max}$,
# that is at best about 0.998: the walker crawls. The **condition number** $\lambda_{\max} / \lambda_{\min}$ says how bad
# this is.
#
# A real one: predict the petal width of an iris from its other three measurements, $\hat y = Xw + b$. With the mean of
# $\frac12(\hat y - y)^2$ as the loss, the Hessian is simply $X^T X / N$ (the column of ones is for $b$), the same everywhere.
# We do it twice: with the measurements as they are, in centimeters, and standardized (mean 0, standard deviation 1).

# %% tags=["demo"]
flowers = data.iris()
target = flowers.features[:, 3]
measured = flowers.features[:, :3]
standardized = (measured - measured.mean(axis=0)) / measured.std(axis=0)

for name, features in (("in centimeters", measured), ("standardized", standardized)):
    columns = np.column_stack([features, np.ones(150)])
    H = columns.T @ columns / 150
    curvatures = np.linalg.eigvalsh(H)
    border = mine.largest_stable_lr(H)
    best = np.linalg.lstsq(columns, target, rcond=None)[0]
    print(f"{name}: λ from {curvatures[0]:.3f} to {curvatures[-1]:.1f}, condition number", end=" ")
    print(f"{curvatures[-1] / curvatures[0]:.0f}, border {border:.4f}")
    for share in (0.98, 1.02):
        places = walk(
            mine.sgd, lambda w, A=columns: A.T @ (A @ w - target) / 150, np.zeros(4), share * border, 3000
        )
        off = np.sqrt(np.mean((columns @ (places - best).T) ** 2, axis=0))  # in centimeters
        arrived = np.flatnonzero(off < 0.01)
        end = (
            f"within 0.01 cm after {arrived[0]} steps"
            if len(arrived)
            else f"{off[-1]:.0e} cm off after 3000 steps"
        )
        print(f"    lr = {share} × border: {end}")

# %% [markdown]
# *What to notice.* The formula holds on real data too. Just below the border the descent arrives: its predictions come
# within 0.01 cm of the best possible ones (in the root of the mean square). Just above it, the predictions end up further away
# than the edge of the universe. (That is about $4 \cdot 10^{28}$ cm.) And see what standardizing is worth: the valley becomes
# rounder, the border wider, and the way twenty times shorter.
#
# For a large network nobody computes the Hessian: with a million weights it would have a million times a million
# entries. But the border is there all the same, and it is why a learning rate that is twice too large does not learn
# half as well, but not at all.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 3. Where the ground is level
#
# Gradient descent stops where the gradient is 0, at a **critical point**. Is that always the bottom?
#
# With a single weight you know the answer from school. Where the slope is 0, the curve may turn: the second derivative says
# how it bends there. If that is 0, too, the two derivatives cannot tell: $w^4$, $-w^4$ and $w^3$ all have slope and curvature
# 0 at 0.
#
# | slope | curvature | answer |
# | --- | --- | --- |
# | not 0 | any | `"sloped"` |
# | 0 | above 0 | `"minimum"` |
# | 0 | below 0 | `"maximum"` |
# | 0 | 0 | `"undecided"` |
#
# ### Exercise: `classify_turning_point` (2 points)


# %% nbgrader={"grade": false, "grade_id": "classify_turning_point", "locked": false, "schema_version": 3, "solution": true, "task": false}
def classify_turning_point(first, second):
    """What a curve does at a point: "sloped", "minimum", "maximum" or "undecided".

    first, second: numbers, the first and the second derivative there. Returns one of the four words, as in the table.

    >>> classify_turning_point(0.0, 2.0)
    'minimum'
    """
    ### BEGIN SOLUTION
    if first != 0:
        return "sloped"
    if second == 0:
        return "undecided"
    return "minimum" if second > 0 else "maximum"
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Read the table from above. Which row has to be asked first, because nothing else counts there?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `if first != 0: return "sloped"`. After that line the slope is 0, and only `second` is left: compare it with 0, `>`,
# `<` or neither.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-classify_turning_point", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(classify_turning_point)

# %% [markdown]
# With two weights there is one more kind of place. Look at these three.

# %% tags=["demo"]
places = {
    "w₁² + w₂²": lambda w: w[0] ** 2 + w[1] ** 2,
    "−w₁² − w₂²": lambda w: -(w[0] ** 2) - w[1] ** 2,
    "w₁² − w₂²": lambda w: w[0] ** 2 - w[1] ** 2,
}
x, y = np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
fig = plt.figure(figsize=(10, 3.3), layout="constrained")
for i, (name, height) in enumerate(places.items(), start=1):
    ax = fig.add_subplot(1, 3, i, projection="3d", computed_zorder=False)
    ax.plot_surface(x, y, height(np.array([x, y])), cmap="cividis", linewidth=0)
    ax.scatter(0, 0, 0, color=VERMILLION, s=50, depthshade=False, zorder=10)
    ax.set(title=name, xlabel="w₁", ylabel="w₂", xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[])
    ax.view_init(elev=28, azim=-50)
    print(f"{name:12} Hessian at (0, 0): {mine.hessian(height, np.zeros(2), 1e-4).round(3).tolist()}")
plt.show()

# %% [markdown]
# *What to notice.* At the dot all three gradients are 0. The first is a **minimum**: the ground rises on every side. The
# second is a **maximum**. The third is a **saddle**, as on a horse: the ground rises in one direction and falls in
# another. The Hessian knows which: its eigenvalues are the curvatures, positive where the ground bends up, negative where
# it bends down.
#
# ### Exercise: `is_saddle` (2 points)


# %% nbgrader={"grade": false, "grade_id": "is_saddle", "locked": false, "schema_version": 3, "solution": true, "task": false}
def is_saddle(hessian):
    """Whether a critical point is a saddle: some eigenvalues above 0 and some below 0.

    hessian: array (n, n), symmetric. Returns True or False.
    Changes nothing that it was given.

    >>> bool(is_saddle(np.array([[2.0, 0.0], [0.0, -1.0]])))
    True
    """
    ### BEGIN SOLUTION
    curvatures = np.linalg.eigvalsh(hessian)
    return np.any(curvatures > 0) and np.any(curvatures < 0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# You need two questions about the eigenvalues, and both must be answered with yes.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Take the eigenvalues as before. `np.any(curvatures > 0)` is True if at least one of them is above 0. Ask the same for
# below 0, and join the two by `and`. An eigenvalue of 0 is neither.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-is_saddle", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(is_saddle)

# %% [markdown]
# Now all kinds, as in one dimension. If an eigenvalue is exactly 0, the ground is level along that direction, as far as
# second derivatives can tell. It may still rise or fall further out. Then the Hessian cannot decide.
#
# | eigenvalues | answer |
# | --- | --- |
# | all above 0 | `"minimum"` |
# | all below 0 | `"maximum"` |
# | some above and some below 0 (whatever the others are) | `"saddle"` |
# | anything else | `"undecided"` |
#
# ### Exercise: `classify_critical_point` (2 points)


# %% nbgrader={"grade": false, "grade_id": "classify_critical_point", "locked": false, "schema_version": 3, "solution": true, "task": false}
def classify_critical_point(hessian):
    """What kind of place a critical point is: "minimum", "maximum", "saddle" or "undecided".

    hessian: array (n, n), symmetric. Returns one of the four words, as in the table above.
    Changes nothing that it was given.

    >>> classify_critical_point(np.array([[3.0, 0.0], [0.0, 1.0]]))
    'minimum'
    """
    ### BEGIN SOLUTION
    curvatures = np.linalg.eigvalsh(hessian)
    if np.all(curvatures > 0):
        return "minimum"
    if np.all(curvatures < 0):
        return "maximum"
    if np.any(curvatures > 0) and np.any(curvatures < 0):
        return "saddle"
    return "undecided"
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Four rows, four `return` lines. In which order must they be asked, so that the last one needs no question?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.all(curvatures > 0)` is True if every one of them is above 0, `np.any(curvatures > 0)` if at least one is. Minimum
# and maximum need `np.all`, the saddle needs two `np.any`, and "undecided" is what is left.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-classify_critical_point", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(classify_critical_point)

# %% [markdown]
# ### How often does one meet a saddle?
#
# With one weight there are no saddles. With two, *both* curvatures must be positive for a minimum; with a hundred, all
# hundred. Suppose that the signs were a matter of chance. The next cell draws symmetric matrices at random and asks your
# function. (The Hessian of a real network is no random matrix, so this is a hint and no proof. But the argument is the
# same: the more directions, the more unlikely that all of them agree.)

# %% tags=["demo"]
classify = mine.classify_critical_point
rng = np.random.default_rng(0)
print("weights   minimum   maximum    saddle   (1000 random Hessians each)")
for n in (1, 2, 3, 5, 8):
    kinds = []
    for _ in range(1000):
        A = rng.normal(size=(n, n))
        kinds.append(classify(A + A.T))
    print(f"{n:7}   {kinds.count('minimum'):7}   {kinds.count('maximum'):7}   {kinds.count('saddle'):7}")

# %% [markdown]
# *What to notice.* With one weight there is no saddle at all. With two, most are saddles already. With five, hardly any of
# the 1000 is something else.
#
# Is that a disaster? A walker never *stays* on a saddle, unless it comes to stand exactly on it. But how long does it
# linger? The landscape below has a saddle at (0, 0), and two minima at (0, 1) and (0, −1). We start a walk at the left, at
# different distances from the line that leads straight to the saddle.


# %% tags=["demo"]
def pass_height(w):
    return 0.5 * w[0] ** 2 - 0.5 * w[1] ** 2 + 0.25 * w[1] ** 4  # minima at (0, 1) and (0, −1)


def pass_gradient(w):
    return np.array([w[0], w[1] ** 3 - w[1]])


H = mine.hessian(pass_height, np.zeros(2), 1e-4)
print(
    f"eigenvalues at (0, 0): {np.linalg.eigvalsh(H).round(3)}, so it is a {mine.classify_critical_point(H)}\n"
)

fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
figures.draw_landscape(axes[0], pass_height, (-1.2, 0.6), (-0.5, 1.4), levels=20)
starts = (1e-2, 1e-4, 1e-6, 0.0)
for start, color, style in zip(
    starts, (BLUE, GREEN, PURPLE, VERMILLION), ("-", "--", "-.", ":"), strict=True
):
    path = walk(mine.sgd, pass_gradient, (-1.0, start), 0.1, 400)
    gone = np.flatnonzero(np.abs(path[:, 1]) > 0.5)
    steps = f"{gone[0]:4} steps until it has left" if len(gone) else "has not left after 400 steps"
    print(f"start {start:<6} beside the line: {steps}")
    axes[0].plot(*path.T, style, color=color, linewidth=2)
    axes[1].plot([pass_height(w) for w in path], style, color=color, label=f"start {start}")
axes[0].plot(0, 0, "x", color="black", markersize=8)
axes[1].set(xlabel="step", ylabel="height", xlim=(0, 300))
axes[1].legend()
plt.show()

rng = np.random.default_rng(1)
path = walk(mine.sgd, lambda w: pass_gradient(w) + rng.normal(0, 0.01, 2), (-1.0, 0.0), 0.1, 400)
print(
    f"start 0.0, but with a little noise on each gradient: {np.flatnonzero(np.abs(path[:, 1]) > 0.5)[0]:4} steps"
)

# %% [markdown]
# *What to notice.* The walk comes straight to the saddle, stays there for a long time on what looks like a plateau (the
# flat parts of the curves), and then leaves. Each time the start is 100 times closer to the line, the wait grows only by
# about the same number of steps, because the distance from the line is *multiplied* by 1.1 at each step. Exactly on the
# line it would stay for ever. But noise is enough to get away, and a gradient from a few examples is never without noise.
#
# So a saddle is not where a descent ends. It is where it wastes its time. A loss that does not fall for a while does not
# mean that the bottom is reached.

# %% [markdown]
# ## 4. Momentum: roll, do not walk
#
# Back to the valley of section 1. The walker has two troubles at once. Across the valley, its steps are too long: it
# jumps from wall to wall. Along the valley, they are too short: it crawls. With one learning rate you can mend one only by
# making the other worse.
#
# Look at its last gradients. *What would you get if you added them up?*

# %% tags=["demo"]
path = walk(mine.sgd, valley_gradient, (-4.0, 1.0), 0.09, 8)
gradients = np.array([valley_gradient(w) for w in path])
print("step    along    across")
for i, gradient in enumerate(gradients):
    print(f"{i:4} {gradient[0]:8.2f} {gradient[1]:9.2f}")
print(" sum", f"{gradients[:, 0].sum():8.2f} {gradients[:, 1].sum():9.2f}")

# %% [markdown]
# *What to notice.* Across, the signs alternate: all nine together give less than the first one alone. Along, they all agree:
# together they give more than six times the first. That is just what we want.
#
# So let the walker become a ball. It has a **velocity** $v$. Each gradient gives it a push, and friction takes some of it
# away: a share $\beta$ ("beta") is left from one step to the next.
#
# $$v \leftarrow \beta v + dw \qquad\qquad w \leftarrow w - \text{lr} \cdot v$$
#
# This is **momentum** (Polyak, 1964). Before the first step $v$ is 0. The velocity is the first thing worth remembering:
# it goes into the state.
#
# (This is PyTorch's form. Many books write $v \leftarrow \beta v - \text{lr} \cdot dw$ and then $w \leftarrow w + v$. As long as
# lr does not change, the ball rolls the same way.)
#
# ### Exercise: `momentum` (2 points)


# %% nbgrader={"grade": false, "grade_id": "momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def momentum(w, dw, state, lr, beta=0.9):
    """One step with momentum: v = beta · v + dw, then w − lr · v.

    w, dw: arrays of the same shape. lr, beta: numbers.
    state: None before the first step, otherwise {"step": …, "velocity": array like w}.
    Returns the new w and the new state. Changes nothing that it was given.

    >>> w, state = momentum(np.array([1.0]), np.array([2.0]), None, lr=0.1)
    >>> w, state
    (array([0.8]), {'step': 1, 'velocity': array([2.])})
    >>> momentum(w, np.array([2.0]), state, lr=0.1)
    (array([0.42]), {'step': 2, 'velocity': array([3.8])})
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"step": 0, "velocity": np.zeros_like(w)}
    velocity = beta * state["velocity"] + dw
    return w - lr * velocity, {"step": state["step"] + 1, "velocity": velocity}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# All the optimizers to come can be written in three parts: make the state *before* the first step, if there is none;
# compute what the step needs; return the new `w` and a new dict. What is the velocity before the first step?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `if state is None: state = {"step": 0, "velocity": np.zeros_like(w)}`. Then `velocity = beta * state["velocity"] +
# dw`, and not `state["velocity"] *= beta`, which changes the array that belongs to the caller. The new dict has the
# step plus 1 and the new velocity.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-momentum", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(momentum)

# %% [markdown]
# Does the ball come down sooner? Below, SGD has the learning rate 0.09 of section 1, and momentum two different settings.

# %% tags=["demo"]

fig, axes = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
figures.draw_landscape(axes[0], valley, (-4.5, 4.5), (-2, 2))
runs = {
    "SGD, lr = 0.09": (walk(mine.sgd, valley_gradient, (-4.0, 1.0), 0.09, 200), BLUE, "-"),
    "momentum 0.9, lr = 0.03": (
        walk(mine.momentum, valley_gradient, (-4.0, 1.0), 0.03, 200),
        VERMILLION,
        "--",
    ),
    "momentum 0.7, lr = 0.09": (
        walk(mine.momentum, valley_gradient, (-4.0, 1.0), 0.09, 200, beta=0.7),
        GREEN,
        "-.",
    ),
}
for name, (path, color, style) in runs.items():
    distance = np.linalg.norm(path, axis=1)
    axes[0].plot(*path[:40].T, style, marker="o", color=color, markersize=2.5, linewidth=1)
    axes[1].semilogy(distance[:150], style, color=color, label=name)
    print(f"{name:24} steps until it stays within 0.01: {np.flatnonzero(distance > 0.01)[-1] + 1:4}")
axes[1].set(xlabel="step", ylabel="distance to the bottom", ylim=(1e-6, 10))
axes[1].legend(fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* The dashed ball reaches the bottom soon. But it does what balls do: it rolls *past* the bottom, turns
# round, comes back, and swings for a long while. This **overshoot** is the price of a memory. In this valley $\beta = 0.9$ is too
# much: the ball comes to rest later than SGD. With $\beta = 0.7$ it needs less than half of SGD's steps.
#
# Was the valley too easy? It is 20 times as steep across as along. The next cell tries longer ones, and gives both the best
# settings that there are (for a valley like this they can be computed; they come from Polyak's paper).

# %% tags=["demo"]
print(
    "condition number   SGD   momentum   (steps until the distance is a thousandth; best settings for both)"
)
for condition in (20, 200, 2000):
    slopes = np.array([1.0, condition])
    root = np.sqrt(condition)
    steps = []
    for optimizer, lr, settings in (
        (mine.sgd, 2 / (1 + condition), {}),
        (mine.momentum, (2 / (1 + root)) ** 2, {"beta": ((root - 1) / (root + 1)) ** 2}),
    ):
        path = walk(optimizer, lambda w, slopes=slopes: slopes * w, np.ones(2), lr, 8000, **settings)
        distance = np.linalg.norm(path, axis=1)
        steps.append(np.flatnonzero(distance > distance[0] / 1000)[-1] + 1)
    print(f"{condition:16} {steps[0]:5} {steps[1]:10}   best beta {settings['beta']:.2f}")

# %% [markdown]
# *What to notice.* The longer the valley, the more momentum gains, and the more memory it wants: a valley a hundred times as
# long costs SGD a hundred times as many steps, momentum only about thirteen times as many.
#
# How fast can it get? Under a gradient that stays the same, the velocity grows until friction takes away as much as the
# push brings: $v = \beta v + dw$, so $v = dw / (1 - \beta)$. *With $\beta = 0.9$, how many times $dw$ is that? And with
# 0.99?* This is also why a learning rate that is right for SGD can be ten times too large for momentum.

# %% tags=["demo"]
for beta in (0.5, 0.9, 0.99):
    path = walk(mine.momentum, lambda w: np.array([1.0]), np.zeros(1), 1.0, 500, beta=beta)
    lengths = -np.diff(path[:, 0])
    shown = ", ".join(f"{lengths[n - 1]:.2f}" for n in (1, 2, 5, 20, 100, 500))
    print(f"beta {beta:4}: length of step 1, 2, 5, 20, 100, 500 under a gradient of 1: {shown}")

# %% [markdown]
# ### Looking ahead: Nesterov
#
# The ball learns too late that it is rolling uphill: it feels the slope where it *is*, not where its velocity is about to
# take it. In 1983 Yurii Nesterov proposed to take the gradient a little ahead. In a network this is awkward, because
# backpropagation gives the gradient where the weights are. The trick is to let $w$ *be* the point ahead. Then only the last
# line of momentum changes:
#
# $$v \leftarrow \beta v + dw \qquad\qquad w \leftarrow w - \text{lr} \cdot (dw + \beta v)$$
#
# Read the bracket as: the new gradient, and what will be left of the *new* velocity at the next step. The state keeps
# $v$, as before. (This is PyTorch's form, too.)
#
# ### Exercise: `nesterov` (2 points)


# %% nbgrader={"grade": false, "grade_id": "nesterov", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nesterov(w, dw, state, lr, beta=0.9):
    """One step of Nesterov's momentum: v = beta · v + dw, then w − lr · (dw + beta · v).

    w, dw: arrays of the same shape. lr, beta: numbers.
    state: None before the first step, otherwise {"step": …, "velocity": array like w}.
    Returns the new w and the new state. Changes nothing that it was given.

    >>> nesterov(np.array([1.0]), np.array([2.0]), None, lr=0.1)
    (array([0.62]), {'step': 1, 'velocity': array([2.])})
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"step": 0, "velocity": np.zeros_like(w)}
    velocity = beta * state["velocity"] + dw
    return w - lr * (dw + beta * velocity), {"step": state["step"] + 1, "velocity": velocity}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Copy your `momentum`. Which of its lines stay, and which one is another?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The velocity is computed in the same way. Only the line that moves `w` changes: it goes along `dw + beta * velocity`,
# with the velocity that you have just computed.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-nesterov", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(nesterov)

# %% [markdown]
# Does looking ahead help? The same valley, the same learning rate, the same $\beta$.

# %% tags=["demo"]

fig, axes = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
for name, optimizer, color, style in (
    ("momentum", mine.momentum, VERMILLION, "--"),
    ("Nesterov", mine.nesterov, PURPLE, "-"),
):
    path = walk(optimizer, valley_gradient, (-4.0, 1.0), 0.03, 200)
    distance = np.linalg.norm(path, axis=1)
    axes[0].plot(path[:60, 0], style, color=color, label=name)
    axes[1].semilogy(distance[:150], style, color=color, label=name)
    print(f"{name:9} rolls past the bottom by {path[:, 0].max():.2f}", end=", ")
    print(f"steps until it stays within 0.01: {np.flatnonzero(distance > 0.01)[-1] + 1}")
axes[0].axhline(0, color=GRAY, linewidth=0.8)
axes[0].set(xlabel="step", ylabel="place along the valley")
axes[1].set(xlabel="step", ylabel="distance to the bottom", ylim=(1e-6, 10))
axes[1].legend(fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* Nesterov's ball brakes earlier: it overshoots less and comes to rest sooner. It costs nothing extra.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 5. A step length for each weight
#
# So far all weights share one learning rate. Is that fair? Here is a real network: digits of 8 × 8 pixels, one hidden
# layer. We look at the gradients of its first layer, before it has learned anything. Each weight of this layer belongs to
# one pixel. *Guess: are the gradients equally large for all pixels?*

# %% tags=["demo"]
parameters = mine.mlp_init([64, 32, 10], mine.he_init, np.random.default_rng(0))
_, grads = network_gradients(parameters, X, labels)
size = np.abs(grads["W1"]).mean(axis=1)  # (64,): one number a pixel

fig, axes = plt.subplots(1, 2, figsize=(7.5, 3), layout="constrained")
axes[0].imshow(X[0].reshape(8, 8), cmap="gray_r")
axes[0].set_title(f"one of the images, a {labels[0]}")
picture = axes[1].imshow(np.log10(np.where(size > 0, size, np.nan)).reshape(8, 8), cmap="viridis")
axes[1].set_title("size of the gradient, pixel by pixel")
fig.colorbar(picture, ax=axes[1], label="log₁₀ of the mean size")
for ax in axes:
    ax.set(xticks=[], yticks=[])
plt.show()
seen = size[size > 0]
print(f"largest {seen.max():.5f}, smallest above 0 {seen.min():.7f}: {seen.max() / seen.min():.0f} to 1")
print(f"{np.sum(size == 0)} pixels are empty in all images (white): their weights never get a gradient")

# %% [markdown]
# *What to notice.* Between the middle and the border, the gradients differ by a factor of some thousands. (The colors
# count in powers of ten: −2 is 0.01, −5 is 0.00001.) A pixel that is rarely black rarely gets a chance to say something; and
# when it does, one learning rate for all makes its step tiny.
#
# ### Adagrad
#
# The idea of John Duchi, Elad Hazan and Yoram Singer (2011): let each weight remember how large its gradients have been,
# and divide by that. Add up the *squares* of all its gradients, and divide by the root of the sum:
#
# $$s \leftarrow s + dw^2 \qquad\qquad w \leftarrow w - \text{lr} \cdot \frac{dw}{\sqrt{s} + \varepsilon}$$
#
# All of this element by element: each weight has an $s$ of its own. The tiny number $\varepsilon$ ("epsilon") only keeps
# 0 / 0 away. (Some books put it inside the root. PyTorch adds it to the root, and so do we.)
#
# *Before you program it: at the first step $s$ is $dw^2$. How long is the first step of a weight with the gradient 1000?
# And of one with the gradient 0.001?*
#
# ### Exercise: `adagrad` (2 points)


# %% nbgrader={"grade": false, "grade_id": "adagrad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adagrad(w, dw, state, lr, eps=1e-10):
    """One step of Adagrad: s = s + dw², then w − lr · dw / (√s + eps).

    w, dw: arrays of the same shape. lr, eps: numbers.
    state: None before the first step, otherwise {"step": …, "squares": array like w}, which is s.
    Returns the new w and the new state. Changes nothing that it was given.

    >>> adagrad(np.array([1.0, 1.0]), np.array([3.0, -0.5]), None, lr=0.1)
    (array([0.9, 1.1]), {'step': 1, 'squares': array([9.  , 0.25])})
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w)}
    squares = state["squares"] + dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": state["step"] + 1, "squares": squares}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The three parts of `momentum` again. What takes the place of the velocity, and does the new square count already in
# this step?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Start from `{"step": 0, "squares": np.zeros_like(w)}`. First `squares = state["squares"] + dw**2`, then divide: `lr *
# dw / (np.sqrt(squares) + eps)`, where eps stands outside the root.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-adagrad", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(adagrad)

# %% [markdown]
# Two weights, one with gradients of 1000, the other with gradients of 0.001, always the same. How long are the steps? And
# what becomes of them?


# %% tags=["demo"]
lengths = step_lengths(mine.adagrad, [[1000.0, 0.001]] * 400, lr=0.1)
print("lr = 0.1   gradient 1000   gradient 0.001   lr / √step")
for n in (1, 2, 4, 100, 400):
    print(f"step {n:3}   {lengths[n - 1, 0]:13.4f}   {lengths[n - 1, 1]:14.4f}   {0.1 / np.sqrt(n):10.4f}")

# %% [markdown]
# *What to notice.* Both weights take the same steps, although one gradient is a million times the other. But the steps
# become shorter and shorter: the sum only ever grows, so step $n$ has the length $\text{lr} / \sqrt{n}$. In a long training
# nothing moves any more at the end.
#
# ### RMSProp: forget
#
# A sum never forgets. An *average* that prefers the recent past does. Geoffrey Hinton put it on a slide of his online
# course in 2012; there is no paper. Keep a share $\beta$ of the old average, and let the new square in with the rest:
#
# $$s \leftarrow \beta s + (1 - \beta)\, dw^2 \qquad\qquad w \leftarrow w - \text{lr} \cdot \frac{dw}{\sqrt{s} + \varepsilon}$$
#
# $\sqrt{s}$ is the root of the mean of the squares, "root mean square": RMS. (Here $\beta$ is 0.99 unless you say otherwise,
# as in PyTorch, which calls it alpha. Hinton's slide had 0.9.)
#
# ### Exercise: `rmsprop` (2 points)


# %% nbgrader={"grade": false, "grade_id": "rmsprop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rmsprop(w, dw, state, lr, beta=0.99, eps=1e-8):
    """One step of RMSProp: s = beta · s + (1 − beta) · dw², then w − lr · dw / (√s + eps).

    w, dw: arrays of the same shape. lr, beta, eps: numbers.
    state: None before the first step, otherwise {"step": …, "squares": array like w}, which is s.
    Returns the new w and the new state. Changes nothing that it was given.

    >>> rmsprop(np.array([1.0, 1.0]), np.array([3.0, -0.5]), None, lr=0.1, beta=0.75)
    (array([0.8, 1.2]), {'step': 1, 'squares': array([2.25  , 0.0625])})
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w)}
    squares = beta * state["squares"] + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(squares) + eps), {"step": state["step"] + 1, "squares": squares}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Only one line of `adagrad` changes. Which?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The line of the squares: `beta` times the old ones, plus `(1 - beta)` times `dw**2`. The two shares add up to 1, so it
# is an average.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-rmsprop", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(rmsprop)

# %% [markdown]
# A test for both: ten steps on a steep slope (gradients of 100), and from then on a gentle one (gradients of 1). Who gets
# going again?

# %% tags=["demo"]
gradients = [[100.0]] * 10 + [[1.0]] * 1490
plt.figure(figsize=(7, 3))
for name, optimizer, color, style in (
    ("Adagrad", mine.adagrad, GREEN, "--"),
    ("RMSProp", mine.rmsprop, BLUE, "-"),
):
    lengths = step_lengths(optimizer, gradients, lr=0.1)[:, 0]
    plt.semilogy(lengths, style, color=color, label=name)
    print(f"{name}: length of step 1, 10, 11, 100, 500, 1500:", lengths[[0, 9, 10, 99, 499, 1499]])
plt.xlabel("step")
plt.ylabel("length of the step")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* When the slope becomes gentle, both take tiny steps at first: they still remember the large gradients.
# RMSProp forgets them, and after a thousand steps it is back at lr = 0.1. Adagrad never is. But look at RMSProp's first
# steps: why are they so much longer than 0.1? Keep this question in mind for section 6.
#
# ### Adadelta: and who chooses the learning rate?
#
# Matthew Zeiler (2012) noticed that something is wrong with the units. Suppose that a weight is measured in centimeters.
# Then $dw$ is "loss for each centimetre". In Adagrad and RMSProp the fraction $dw / \sqrt{s}$ has no unit at all. But a step
# should be in centimeters! His answer: multiply by the typical size of the *steps before*, which is in centimeters. So
# there is a second average, $u$, of the squared moves:
#
# $$s \leftarrow \beta s + (1 - \beta)\, dw^2$$
# $$\text{move} = \frac{\sqrt{u + \varepsilon}}{\sqrt{s + \varepsilon}}\; dw$$
# $$u \leftarrow \beta u + (1 - \beta)\, \text{move}^2 \qquad\qquad w \leftarrow w - \text{lr} \cdot \text{move}$$
#
# The order matters: $s$ comes before the move, $u$ after it. Here $\varepsilon$ belongs *inside* the roots: without it $u$
# would stay at 0, and nothing would ever begin to move. The paper has no learning rate. PyTorch has one, which is 1 unless
# you say otherwise, and so do we.
#
# ### Exercise: `adadelta` (3 points)


# %% nbgrader={"grade": false, "grade_id": "adadelta", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adadelta(w, dw, state, lr=1.0, beta=0.9, eps=1e-6):
    """One step of Adadelta: move = √(u + eps) / √(s + eps) · dw, then w − lr · move.

    w, dw: arrays of the same shape. lr, beta, eps: numbers.
    state: None before the first step, otherwise {"step": …, "squares": s, "moves": u}, arrays like w.
    Returns the new w and the new state. Changes nothing that it was given.

    >>> w, state = adadelta(np.array([1.0]), np.array([0.5]), None, beta=0.75, eps=0.0625)
    >>> w, state["squares"], state["moves"]
    (array([0.6464]), array([0.0625]), array([0.0312]))
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"step": 0, "squares": np.zeros_like(w), "moves": np.zeros_like(w)}
    squares = beta * state["squares"] + (1 - beta) * dw**2
    move = np.sqrt(state["moves"] + eps) / np.sqrt(squares + eps) * dw
    moves = beta * state["moves"] + (1 - beta) * move**2
    return w - lr * move, {"step": state["step"] + 1, "squares": squares, "moves": moves}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two averages, and the order matters: which of them must be new before the move, and which can only be new after it?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Four lines after the state: the new squares; the move, `np.sqrt(state["moves"] + eps) / np.sqrt(squares + eps) * dw`,
# with the *old* moves above; the new moves, from `move**2`; and what you return. lr does not belong into the move.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-adadelta", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(adadelta)

# %% [markdown]
# How long are its steps, if nobody chooses a learning rate? Again two weights, and gradients that stay the same.

# %% tags=["demo"]
lengths = step_lengths(mine.adadelta, [[1000.0, 0.01]] * 2000, lr=1.0)
print("no learning rate   gradient 1000   gradient 0.01")
for n in (1, 10, 100, 500, 2000):
    print(f"      step {n:4}   {lengths[n - 1, 0]:14.4f}  {lengths[n - 1, 1]:14.4f}")

# %% [markdown]
# *What to notice.* Nobody chose a learning rate, and the steps find a length by themselves: they begin very small (about
# $\sqrt{\varepsilon}$ times three), and as long as the gradients agree they grow. This slow start is its weak side.
# (The tiny gradient is slower, because beside it $\varepsilon$ is not so tiny.)

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 6. Adam: both ideas at once
#
# Momentum averages out what jumps back and forth. RMSProp gives each weight its own step length. Why not both? Divide an
# average of the gradients by the typical size of the gradients. That is **Adam** (Diederik Kingma and Jimmy Ba, 2015), today
# the usual first choice. It needs one new thought, about averages.
#
# ### An average that forgets
#
# You used one in RMSProp already. On its own it looks like this, for numbers that come in one after another:
#
# $$a \leftarrow \beta a + (1 - \beta) \cdot \text{number}, \qquad \text{starting from } a = 0$$
#
# It is called a **moving average**. With $\beta = 0.9$ the newest number counts with weight 0.1, the one before with
# $0.1 \cdot 0.9$, the one before with $0.1 \cdot 0.9^2$, and so on: old numbers fade.
#
# ### Exercise: `moving_average` (2 points)


# %% nbgrader={"grade": false, "grade_id": "moving_average", "locked": false, "schema_version": 3, "solution": true, "task": false}
def moving_average(values, beta):
    """The moving average after each number: a = beta · a + (1 − beta) · number, from a = 0.

    values: array (n,). beta: a number from 0 to 1. Returns an array (n,).
    Changes nothing that it was given.

    >>> moving_average(np.array([8.0, 8.0, 8.0]), beta=0.5)
    array([4., 6., 7.])
    """
    ### BEGIN SOLUTION
    average, averages = 0.0, []
    for value in values:
        average = beta * average + (1 - beta) * value
        averages.append(average)
    return np.array(averages)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# What is the average before the first number? How does it come from one number to the next?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Start with `average = 0.0` and an empty list. In a loop over the values, `average = beta * average + (1 - beta) *
# value`, and append it to the list. At the end, `np.array(...)` makes an array of the list.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-moving_average", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(moving_average)

# %% [markdown]
# A hundred numbers around 5, and their moving average. *Which $\beta$ would you choose, 0.5, 0.9 or 0.98? What does the choice
# cost?*

# %% tags=["demo"]
numbers = 5 + np.random.default_rng(0).normal(0, 1, 100)

plt.figure(figsize=(7.5, 3))
plt.plot(numbers, ".", color=GRAY, label="numbers around 5")
for beta, color, style in ((0.5, GREEN, ":"), (0.9, BLUE, "-"), (0.98, VERMILLION, "--")):
    averages = mine.moving_average(numbers, beta)
    plt.plot(averages, style, color=color, label=f"average, beta = {beta}")
    print(f"beta {beta:4}: after 1, 10, 50, 100 numbers:", averages[[0, 9, 49, 99]])
plt.axhline(5, color="black", linewidth=0.8)
plt.xlabel("how many numbers have come in")
plt.ylabel("number, and average")
plt.legend(fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* The larger $\beta$, the smoother the average. But look at the left: all averages begin far too low,
# because they start from 0. With $\beta = 0.98$ that is not forgotten even after a hundred numbers. This error has a name:
# the **bias** of the start.
#
# How large is it? After $t$ numbers, the weights in the average are $(1-\beta),\ (1-\beta)\beta,\ \dots,\ (1-\beta)\beta^{t-1}$.
# They should add up to 1. They add up to
#
# $$(1-\beta)\,(1 + \beta + \dots + \beta^{t-1}) = 1 - \beta^t$$
#
# So an average of numbers that are all 5 is $5\,(1 - \beta^t)$. *What do you have to do to get 5?*
#
# ### Exercise: `bias_correction` (1 point)


# %% nbgrader={"grade": false, "grade_id": "bias_correction", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bias_correction(averages, beta):
    """Correct moving averages that started from 0: divide the t-th by 1 − betaᵗ, t = 1, 2, 3, …

    averages: array (n,), as moving_average gives them. Returns an array (n,).
    Changes nothing that it was given.

    >>> bias_correction(np.array([4.0, 6.0, 7.0]), beta=0.5)
    array([8., 8., 8.])
    """
    ### BEGIN SOLUTION
    t = np.arange(1, len(averages) + 1)
    return averages / (1 - beta**t)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Each average has a t of its own: 1, 2, 3, … How do you get these numbers as an array?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `t = np.arange(1, len(averages) + 1)`. A number to the power of an array gives an array, so `1 - beta**t` holds all
# the numbers to divide by.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-bias_correction", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(bias_correction)

# %% [markdown]
# The same hundred numbers: are the averages right from the start now?

# %% tags=["demo"]
numbers = 5 + np.random.default_rng(0).normal(0, 1, 100)
for beta in (0.5, 0.9, 0.98):
    averages = mine.moving_average(numbers, beta)
    fair = mine.bias_correction(averages, beta)
    print(
        f"beta {beta:4}: after 1, 10, 50, 100 numbers: {averages[[0, 9, 49, 99]]}, corrected: {fair[[0, 9, 49, 99]]}"
    )

# %% [markdown]
# *What to notice.* Corrected, no average begins too low any more. What is left is noise, most of it with $\beta = 0.5$. Later
# on, the correction does nothing, because $\beta^t$ is then almost 0. Only with $\beta = 0.98$ does it still matter at the
# end.
#
# ### First without the correction
#
# Now put the parts together. Two moving averages, $m$ of the gradient and $s$ of its square, each with a $\beta$ of its own:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, dw \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, dw^2 \qquad
# w \leftarrow w - \text{lr} \cdot \frac{m}{\sqrt{s} + \varepsilon}$$
#
# In the state they are called `"mean"` and `"squares"`. (The paper writes $v$ for our $s$. We keep $v$ for the velocity.)
# Both averages start from 0. *Does that matter? They stand above and below the same fraction bar. Perhaps the two errors
# cancel?* Write it as it stands, and then look.
#
# ### Exercise: `adam_without_correction` (2 points)


# %% nbgrader={"grade": false, "grade_id": "adam_without_correction", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam_without_correction(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam without bias correction: w − lr · m / (√s + eps).

    w, dw: arrays of the same shape. lr, beta1, beta2, eps: numbers.
    state: None before the first step, otherwise {"step": …, "mean": m, "squares": s}, arrays like w.
    Returns the new w and the new state. Changes nothing that it was given.

    >>> w, state = adam_without_correction(np.array([1.0]), np.array([2.0]), None, lr=0.1, beta1=0.5, beta2=0.75)
    >>> w, state
    (array([0.9]), {'step': 1, 'mean': array([1.]), 'squares': array([1.])})
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    mean = beta1 * state["mean"] + (1 - beta1) * dw
    squares = beta2 * state["squares"] + (1 - beta2) * dw**2
    w = w - lr * mean / (np.sqrt(squares) + eps)
    return w, {"step": state["step"] + 1, "mean": mean, "squares": squares}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# You have written both averages before. Which exercise had the one of the squares?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The line for the squares is that of `rmsprop`, with `beta2`. The line for the mean is the same with `beta1`, and with
# `dw` in place of `dw**2`. The step goes along the mean: `lr * mean / (np.sqrt(squares) + eps)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-adam_without_correction", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(adam_without_correction)

# %% [markdown]
# The simplest trial: a gradient that never changes. The mean of the gradients is then $dw$, the root of the mean of the
# squares is $|dw|$, and every step should have the length lr. Does it?

# %% tags=["demo"]
lengths = step_lengths(mine.adam_without_correction, [[1.0]] * 5000, lr=0.1)[:, 0]
print("lr = 0.1, a gradient that never changes")
for n in (1, 2, 5, 10, 20, 100, 1000, 5000):
    m, s = 1 - 0.9**n, 1 - 0.999**n
    print(
        f"step {n:4}: m = {m:.3f}, √s = {np.sqrt(s):.3f}, length {lengths[n - 1]:.3f} = {lengths[n - 1] / 0.1:.1f} × lr"
    )

# %% [markdown]
# *What to notice.* The errors do *not* cancel. $m$ has forgotten its start after some twenty steps. $s$, with
# $\beta_2 = 0.999$, is still far too small then, and it stands below the fraction bar. So the steps are more than six times too
# long, and this just at the start, when the network knows nothing yet. (Now you also know why the first steps of RMSProp were
# so long in section 5. RMSProp has no correction.)
#
# ### Exercise: `adam` (3 points)
#
# Now correct both. Let $t$ be the number of the step, 1 for the first:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat s = \frac{s}{1 - \beta_2^t} \qquad
# w \leftarrow w - \text{lr} \cdot \frac{\hat m}{\sqrt{\hat s} + \varepsilon}$$
#
# The corrected averages are only used to move. The state keeps $m$ and $s$ as they are.


# %% nbgrader={"grade": false, "grade_id": "adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adam(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam: w − lr · m̂ / (√ŝ + eps), with the corrected averages m̂ and ŝ.

    w, dw: arrays of the same shape. lr, beta1, beta2, eps: numbers.
    state: None before the first step, otherwise {"step": …, "mean": m, "squares": s}, arrays like w.
    Returns the new w and the new state. Changes nothing that it was given.

    >>> w, state = adam(np.array([1.0, 1.0]), np.array([200.0, -0.002]), None, lr=0.1)
    >>> w, state["step"]
    (array([0.9, 1.1]), 1)
    """
    ### BEGIN SOLUTION
    if state is None:
        state = {"step": 0, "mean": np.zeros_like(w), "squares": np.zeros_like(w)}
    t = state["step"] + 1
    mean = beta1 * state["mean"] + (1 - beta1) * dw
    squares = beta2 * state["squares"] + (1 - beta2) * dw**2
    fair_mean, fair_squares = mean / (1 - beta1**t), squares / (1 - beta2**t)
    w = w - lr * fair_mean / (np.sqrt(fair_squares) + eps)
    return w, {"step": t, "mean": mean, "squares": squares}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Start from `adam_without_correction`. Which number of step is *this* one? And what may the state not contain?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `t = state["step"] + 1`. Make two new variables, `mean / (1 - beta1**t)` and `squares / (1 - beta2**t)`, and use them
# only in the line that moves `w`. Into the state go `mean` and `squares` as they are.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-adam", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(adam)

# %% [markdown]
# The same trial again, with gradients of three sizes. And then a question: what does Adam do if the gradients do *not* agree?

# %% tags=["demo"]
lengths = step_lengths(mine.adam, [[1000.0, 1.0, 0.001]] * 1000, lr=0.1)
print("lr = 0.1   gradient 1000   gradient 1   gradient 0.001")
for n in (1, 10, 100, 1000):
    print(f"step {n:4}   {lengths[n - 1, 0]:13.4f}   {lengths[n - 1, 1]:10.4f}   {lengths[n - 1, 2]:14.4f}")

rng = np.random.default_rng(0)
noise = rng.normal(0, 1, 1000)
kinds = {
    "always 1": np.ones(1000),
    "1 + some noise": 1 + 0.5 * noise,
    "0.1 + much noise": 0.1 + noise,
    "+1, −1, +1, −1, …": np.tile([1.0, -1.0], 500),
}
print("\ngradient             mean length of steps 501 to 1000 (lr = 0.1)")
for name, gradients in kinds.items():
    lengths = np.abs(step_lengths(mine.adam, gradients[:, np.newaxis], lr=0.1))
    print(f"{name:20} {lengths[500:].mean():.4f}")

# %% [markdown]
# *What to notice.* If the gradient stays the same, every step has the length lr, whatever the size of the gradient. So for Adam,
# lr has a plain meaning: *about how far a weight moves in one step*. And where the gradients contradict each other, Adam
# takes shorter steps by itself.
#
# ### Explore: how long is a step?
#
# One weight, one parabola, and your own functions. On the left is where the weight goes, on the right how long each of its
# steps is. Predict first, then find out:
#
# 1. *Adam*: move the curvature, which makes all gradients larger or smaller. What changes?
# 2. *SGD*: the same. From which curvature on does it diverge with lr = 0.1? Does the rule of section 2 say so too?
# 3. *Momentum*, with the curvature back at 1 and lr = 0.1: how far does it roll past 0 with β = 0.9? How small must β be so
#    that it does not roll past 0 at all?
# 4. *Adam without correction*: with β₁ = 0.9, how long is the longest step, in units of lr? And with β₁ = 0.5?

# %% tags=["demo"]
explore.step_sizes(mine.sgd, mine.momentum, mine.adam_without_correction, mine.adam)

# %% [markdown]
# ### AdamW: weights that shrink
#
# Chapter 7 will be about networks that learn their examples by heart. One remedy is to let all weights shrink a little at
# every step, so that only those stay large that are really needed: **weight decay**. The obvious way is to add a multiple of
# $w$ to the gradient (this is what the penalty $\frac{\lambda}{2} w^2$ does). For SGD that is just right. For Adam it is
# not, as Ilya Loshchilov and Frank Hutter noticed in 2017: Adam divides the gradient by $\sqrt{\hat s}$, and then it divides
# the decay, too. A weight with large gradients would hardly shrink.
#
# So **AdamW** takes the decay out of the gradient, and shrinks the weights directly:
#
# $$w \leftarrow w - \text{lr} \cdot \text{weight\_decay} \cdot w, \quad\text{and then Adam's step, with the gradient } dw \text{ alone}$$
#
# ### Exercise: `adamw` (2 points)
#
# Use your `adam`.


# %% nbgrader={"grade": false, "grade_id": "adamw", "locked": false, "schema_version": 3, "solution": true, "task": false}
def adamw(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """One step of AdamW: shrink w by lr · weight_decay · w, then Adam's step with the given dw.

    Arguments as in adam; weight_decay: a number.
    Returns the new w and the new state, which is Adam's. Changes nothing that it was given.

    >>> w, state = adamw(np.array([1.0]), np.array([0.0]), None, lr=0.1, weight_decay=0.5)
    >>> w
    array([0.95])
    """
    ### BEGIN SOLUTION
    shrunk = w - lr * weight_decay * w
    return adam(shrunk, dw, state, lr, beta1, beta2, eps)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two things happen, one after the other. Which of them is your `adam` already? (It must pass its check first.)
#
# </details>
#
# <details><summary>Second hint</summary>
#
# One line makes the shrunk weights, `w - lr * weight_decay * w`. The second line is `return adam(...)` with the shrunk
# weights in the place of `w`, and everything else as it came in, the three settings of Adam too.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-adamw", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(adamw)

# %% [markdown]
# Three kinds of weights, 200 of each, that all start at 1. Their gradients are pure noise with mean 0, of size 10, 1 and 0.01:
# no reason to go anywhere. Only the decay pulls them to 0. Who shrinks how much?

# %% tags=["demo"]
noise = np.random.default_rng(0).normal(size=(1000, 200, 3)) * np.array(
    [10.0, 1.0, 0.01]
)  # 200 weights of each kind
inside, outside, states = np.ones((200, 3)), np.ones((200, 3)), [None, None]
for dw in noise:
    inside, states[0] = mine.adam(inside, dw + 0.3 * inside, states[0], 0.001)
    outside, states[1] = mine.adamw(outside, dw, states[1], 0.001, weight_decay=0.3)
print("mean of 200 weights after 1000 steps,   size of the gradients:    10      1       0.01")
print("decay added to the gradient (Adam)                        ", inside.mean(axis=0))
print("decay beside the gradient (AdamW)                         ", outside.mean(axis=0))
print(f"what the decay alone should leave: 0.9997^1000 = {(1 - 0.001 * 0.3) ** 1000:.4f}")

# %% [markdown]
# *What to notice.* With AdamW all weights shrink as the decay says. With the decay inside the gradient, a weight with large
# gradients hardly shrinks at all, and one with tiny gradients shrinks far too much: there the decay *is* the gradient, and Adam
# makes every gradient as long as lr.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 7. One loop for all of them
#
# So far your optimizers walked on landscapes. Now they shall train networks, and you write the loop in which they do it.
# In chapter 3 the loop knew one network and one rule, plain descent. This one knows *nothing*: all that can be different
# is handed to it as a function.
#
# - `data(rng)` gives the mini-batches of one epoch, pairs `(x, y)`. Call it once in each epoch: each time it shuffles anew.
# - `gradients_of(parameters, x, y)` gives the loss of a mini-batch, and a dict with the gradient of each parameter.
# - `schedule(step)` gives the learning rate of this step. Steps are counted from 0, over all epochs.
# - `optimizer(w, dw, state, lr)` moves *one* array: any of yours. A network has several, `W1`, `b1`, `W2`, …, and each needs
#   a memory of its own.
#
# *Before you write it: in which of the two loops, over the epochs or over the mini-batches, does each of the four stand?*
#
# ### Exercise: `train` (4 points)


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(parameters, gradients_of, data, optimizer, schedule, epochs, rng):
    """Go through the data again and again, and make a step for each mini-batch.

    parameters: dict of arrays, where to start.
    gradients_of(parameters, x, y) → the loss, and a dict with the gradient of each parameter.
    data(rng) → the mini-batches of one epoch, pairs (x, y); call it once in each epoch.
    optimizer(w, dw, state, lr) → w, state. Each parameter has its own state, None before its first step.
    schedule(step) → the learning rate of this step, counted from 0 over all epochs.
    Returns the parameters after the last step, a dict, and losses: an array with the loss of each mini-batch, before its
    step. Changes nothing that it was given.

    >>> def pull(parameters, x, y):
    ...     return 0.5 * np.sum((parameters["w"] - x) ** 2), {"w": parameters["w"] - x}
    >>> start, rng = {"w": np.array([0.0])}, np.random.default_rng(0)
    >>> train(start, pull, lambda rng: [(4.0, None), (6.0, None)], sgd, lambda step: 0.5, 1, rng)
    ({'w': array([4.])}, array([8., 8.]))
    """
    ### BEGIN SOLUTION
    parameters = dict(parameters)
    states = dict.fromkeys(parameters)  # None for each
    losses = []
    for _ in range(epochs):
        for x, y in data(rng):
            loss, gradients = gradients_of(parameters, x, y)
            lr = schedule(len(losses))
            for name in parameters:
                w, dw = parameters[name], gradients[name]
                parameters[name], states[name] = optimizer(w, dw, states[name], lr)
            losses.append(loss)
    return parameters, np.array(losses)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# There are three loops, one in the other: over the epochs, over the mini-batches, over the names of the parameters. What
# must exist before the first of them? And how many losses have you noted when step number 0 begins?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Begin with `parameters = dict(parameters)`, so that the given dict stays as it is, with `states = dict.fromkeys(parameters)`,
# which is None for each name, and with `losses = []`. The number of the step is then always `len(losses)`. The innermost line
# is `parameters[name], states[name] = optimizer(parameters[name], gradients[name], states[name], lr)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-train", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(train)

# %% [markdown]
# Everything that learns from here on in this chapter learns in your loop. The setup cell has a helper around it: `trained`
# makes the first weights of a network of chapter 3, hands `mine.train` the digits in mini-batches of 64, and returns what it
# returns.
#
# Two optimizers of yours, on one network. *Which loss falls faster?*

# %% tags=["demo"]
plt.figure(figsize=(7, 2.8))
for name, optimizer, lr, color, style in (
    ("sgd", mine.sgd, 0.3, BLUE, "-"),
    ("adam", mine.adam, 0.01, VERMILLION, "--"),
):
    parameters, losses = trained(optimizer, lr, 5, [64, 32, 10])
    right = loss_and_accuracy(parameters, X_test, labels_test)[1]
    print(
        f"{name:5} lr = {lr:<4}  {len(losses)} steps, loss from {losses[0]:.2f} to {losses[-23:].mean():.2f} (mean of epoch 5)"
    )
    print(f"      {100 * right:.1f} % of the test images right")
    plt.plot(losses, style, color=color, linewidth=1, label=f"{name}, lr = {lr}")
plt.xlabel("step")
plt.ylabel("loss of the mini-batch")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* The loop is the same; only the function that it was handed is another. Adam's loss falls faster. But each has
# *one* learning rate here, which somebody chose. Whether that is fair is the question of section 10.
#
# ### Does the correction matter in a real network?
#
# Eight layers, the digits, mini-batches of 64. Adam with the correction and without it, from the same three starts.

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(7, 3))
print("                         loss of the mini-batch at step 0, 5, 10, 20, 40   loss at the end")
for name, optimizer, color, style in (
    ("with correction", mine.adam, BLUE, "-"),
    ("without correction", mine.adam_without_correction, VERMILLION, "--"),
):
    for seed in range(3):
        parameters, losses = trained(optimizer, 0.01, 3, DEEP, seed)
        early = "  ".join(f"{losses[n]:5.2f}" for n in (0, 5, 10, 20, 40))
        end = loss_and_accuracy(parameters, X, labels)[0]
        print(f"{name:18}, start {seed}   {early}           {end:.3f}")
        ax.plot(losses, style, color=color, linewidth=1, label=name if seed == 0 else None)
ax.axhline(np.log(10), color=GRAY, linewidth=0.8, label="guessing: log 10")
ax.set(xlabel="step", ylabel="loss of the mini-batch", ylim=(0, 4))
ax.legend()
plt.show()

print("the same with one hidden layer: loss at the end, three starts")
for name, optimizer in (
    ("with correction", mine.adam),
    ("without correction", mine.adam_without_correction),
):
    runs = [trained(optimizer, 0.01, 3, [64, 48, 10], seed)[0] for seed in range(3)]
    print(f"{name:18}", np.array([loss_and_accuracy(each, X, labels)[0] for each in runs]).round(3))

# %% [markdown]
# *What to notice.* With the correction all three networks begin to learn at once. Without it, the first long steps throw them
# to a place where they hardly do better than guess: the gray line is $\log 10 \approx 2.3$, the loss of a network that gives
# every digit the same probability. From there it is a long way back.
#
# The last two lines are a surprise. With a single hidden layer the long steps do no harm; they even help. (Try lr = 0.03
# with the correction: it helps, too.) So a wild start is not always punished. But you do not know beforehand which
# network survives it.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 8. Far at first, near at last: schedules
#
# One question is left: must the learning rate stay the same all the time? Long steps are good to get into the right region.
# But with mini-batches each gradient is a little wrong, so with long steps one never comes to rest at the bottom. Short
# steps do, but they take for ever to get there. So: begin with long steps, and shorten them on the way. A **schedule** says
# which learning rate holds at which step. (Steps count from 0 here: the first one is step 0.)
#
# **A staircase** multiplies the rate by a factor once every so many steps. With lr = 0.5, every = 10 and factor = 0.1, the
# steps 0 to 9 have the rate 0.5, the steps 10 to 19 have 0.05, the next ten 0.005.
#
# ### Exercise: `step_decay` (1 point)


# %% nbgrader={"grade": false, "grade_id": "step_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_decay(step, lr, every, factor=0.1):
    """A staircase: lr, multiplied by factor once for every `every` steps that are complete.

    step: a whole number, counted from 0. lr, factor: numbers. every: a whole number.
    Returns the learning rate of this step.

    >>> print(step_decay(0, 0.5, every=10), step_decay(9, 0.5, every=10), step_decay(10, 0.5, every=10))
    0.5 0.5 0.05
    """
    ### BEGIN SOLUTION
    return lr * factor ** (step // every)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# On which stair is step 25, if each stair is 10 steps wide? `7 // 3` is 2: division without the rest.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `step // every` is the number of complete stairs: 0, then 1, then 2. So often is lr multiplied by the factor: `factor
# ** ...`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-step_decay", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(step_decay)

# %% [markdown]
# **A cosine** has no edges. Half a wave of the cosine, from angle 0 to $\pi$, falls from 1 to −1: slowly at first, fast in
# the middle, slowly again at the end. Lifted and halved, it falls from 1 to 0:
#
# $$\text{least} + (\text{lr} - \text{least}) \cdot \frac{1 + \cos(\pi \cdot \text{step} / \text{steps})}{2}$$
#
# Here `steps` is how many steps the whole training has, and `least` the rate at its end.
#
# ### Exercise: `cosine_decay` (2 points)


# %% nbgrader={"grade": false, "grade_id": "cosine_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_decay(step, lr, steps, least=0.0):
    """Half a wave of the cosine, from lr at step 0 down to least at step number `steps`.

    step: a whole number, counted from 0. lr, least: numbers. steps: a whole number.
    Returns the learning rate of this step.

    >>> rates = [cosine_decay(step, 0.2, steps=100) for step in (0, 50, 100)]
    >>> [round(float(rate), 4) for rate in rates]
    [0.2, 0.1, 0.0]
    """
    ### BEGIN SOLUTION
    return least + (lr - least) * (1 + np.cos(np.pi * step / steps)) / 2
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which angle is reached at `step`? Which at the end? Compute the fraction for step 0, for the middle and for the end by
# hand.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.cos(np.pi * step / steps)` falls from 1 to −1. Mind the brackets: `1 + np.cos(...)` is halved as a whole,
# multiplied by `(lr - least)`, and `least` is added.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-cosine_decay", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(cosine_decay)

# %% [markdown]
# **A warm-up** is for the other end. At the very start a network knows nothing, its gradients are wild, and Adam's averages
# rest on a handful of numbers. So one begins with tiny steps and lets them grow evenly: lr / steps at the first step, twice
# that at the second, and so on. From the last warm-up step on, the rate is lr.
#
# ### Exercise: `warmup` (1 point)


# %% nbgrader={"grade": false, "grade_id": "warmup", "locked": false, "schema_version": 3, "solution": true, "task": false}
def warmup(step, lr, steps):
    """Grow evenly from lr / steps at step 0 to lr at step number steps − 1, and stay there.

    step: a whole number, counted from 0. lr: a number. steps: a whole number.
    Returns the learning rate of this step.

    >>> [round(warmup(step, 0.2, steps=4), 4) for step in (0, 1, 3, 100)]
    [0.05, 0.1, 0.2, 0.2]
    """
    ### BEGIN SOLUTION
    return lr * min(1.0, (step + 1) / steps)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which share of lr is right at step 0? At step 1? And which share should never be exceeded?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The share is `(step + 1) / steps`, but at most 1. `min(a, b)` is the smaller of two numbers.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-warmup", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(warmup)

# %% [markdown]
# How do the three look, over 1000 steps?

# %% tags=["demo"]

shown = np.arange(1000)
schedules = {
    "staircase": (lambda step: mine.step_decay(int(step), 0.1, every=300, factor=0.3), GREEN, ":"),
    "cosine": (lambda step: mine.cosine_decay(int(step), 0.1, steps=1000), BLUE, "-"),
    "warm-up, then cosine": (
        lambda step: mine.warmup(int(step), mine.cosine_decay(int(step), 0.1, steps=1000), steps=100),
        VERMILLION,
        "--",
    ),
}
plt.figure(figsize=(7, 2.8))
for name, (rate, color, style) in schedules.items():
    plt.plot(shown, [rate(step) for step in shown], style, color=color, label=name)
plt.xlabel("step")
plt.ylabel("learning rate")
plt.legend()
plt.show()

# %% [markdown]
# Schedules can be put together, as the dashed one: the rate that the warm-up should reach is the one that the cosine says.
#
# Is it worth it? The next cell trains a single layer on the digits, with mini-batches of only 4 images (very noisy
# gradients) and a large learning rate, from six different starts each.

# %% tags=["demo"]
EPOCHS, SIZE, RATE = 3, 4, 1.0
total = EPOCHS * -(-len(X) // SIZE)  # how many steps
rates = {
    "always the same": (lambda step: RATE, GRAY, "-"),
    "staircase": (lambda step: mine.step_decay(step, RATE, every=-(-total // 3), factor=0.2), GREEN, ":"),
    "cosine": (lambda step: mine.cosine_decay(step, RATE, steps=total), BLUE, "--"),
}
fig, ax = plt.subplots(figsize=(7, 3))
print(f"{total} steps          right on the test images, six starts                     mean")
for name, (rate, color, style) in rates.items():
    right, seen = [], []

    def watched(parameters, x, y, seen=seen):
        seen.append(dict(parameters))
        return network_gradients(parameters, x, y)

    for seed in range(6):
        seen.clear()
        parameters, _ = trained(mine.sgd, rate, EPOCHS, [64, 10], seed, SIZE, gradients_of=watched)
        right.append(100 * loss_and_accuracy(parameters, X_test, labels_test)[1])
    print(f"{name:15}    {'  '.join(f'{share:.1f} %' for share in right)}    {np.mean(right):.1f} %")
    curve = [loss_and_accuracy(each, X, labels)[0] for each in seen[::10]]
    ax.semilogy(np.arange(0, total, 10), curve, style, color=color, label=name)
ax.set(xlabel="step", ylabel="loss on all training images", title="the last of the six starts")
ax.legend()
plt.show()

# %% [markdown]
# *What to notice.* At the start all three are alike. But with a constant rate of 1 the walk never comes to rest: the gray curve
# jumps up and down until the end, and where the last step happens to land is a matter of luck. Most of the six starts end well;
# some end several points
# lower. With a schedule the curves calm down, and all six starts end close to each other, within a point or two. So the mean is
# better, above all because the bad ends are gone.
#
# And the warm-up? In section 7 Adam without bias correction took its longest steps at the start. A warm-up makes just those
# short. Can it stand in for the correction?

# %% tags=["demo"]
print("eight layers, 3 epochs: loss on the training images from six starts                 mean")
for name, optimizer, rate in (
    ("with correction", mine.adam, 0.01),
    ("without", mine.adam_without_correction, 0.01),
    ("without, but a warm-up", mine.adam_without_correction, lambda step: mine.warmup(step, 0.01, steps=40)),
):
    ends = [loss_and_accuracy(trained(optimizer, rate, 3, DEEP, seed)[0], X, labels)[0] for seed in range(6)]
    print(f"Adam {name:24} {'  '.join(f'{end:.3f}' for end in ends)}    {np.mean(ends):.2f}")

# %% [markdown]
# *What to notice.* In the mean the warm-up undoes a part of the harm, because it shortens just the steps that are too long.
# From some starts it brings little, and from none does it come as far as the correction. In practice one uses both: large
# networks are trained with Adam or AdamW, *and* a warm-up, *and* a learning rate that falls afterwards.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 9. How many examples for one step?
#
# All through this chapter the gradient came from somewhere. In training it comes from a **mini-batch**: some examples drawn
# by chance. More examples give a better gradient, and cost more time. *How much better is the gradient of 64 images than
# that of 16? Four times? Twice?*
#
# Measure it. The next cell takes one network (after one epoch) and its true gradient, over all 1,437 images. Then it looks how
# far the gradients of mini-batches are from the true one: first of each image alone, then of 200 drawn mini-batches of each
# size.

# %% tags=["demo"]
parameters, _ = trained(mine.sgd, 0.3, 1, [64, 32, 10])


def first_layer_gradient(rows):
    return network_gradients(parameters, X[rows], labels[rows])[1]["W1"].ravel()


true = first_layer_gradient(np.arange(len(X)))
rng = np.random.default_rng(0)
sizes = np.array([1, 4, 16, 64, 256])
noise = []
print(f"length of the true gradient: {np.linalg.norm(true):.3f}")
print("batch size   noise   noise × √size   points downhill at all")
for size in sizes:
    batches = [rng.integers(len(X), size=size) for _ in range(200)]
    if size == 1:
        batches = np.arange(len(X))[:, np.newaxis]  # every image by itself
    gradients = np.array([first_layer_gradient(rows) for rows in batches])
    noise.append(np.sqrt(np.mean(np.sum((gradients - true) ** 2, axis=1))))
    downhill = np.mean(gradients @ true > 0)
    print(f"{size:10}   {noise[-1]:5.3f}   {noise[-1] * np.sqrt(size):13.3f}   {100 * downhill:19.0f} %")

fig, ax = plt.subplots(figsize=(5.5, 3))
ax.loglog(sizes, noise, "o", color=BLUE, label="measured noise")
ax.loglog(sizes, noise[0] / np.sqrt(sizes), "--", color=VERMILLION, label="noise of one image / √size")
ax.axhline(np.linalg.norm(true), color=GRAY, linewidth=0.8)
ax.text(1, 1.08 * np.linalg.norm(true), "length of the true gradient", color=GRAY)
ax.set_xticks(sizes, sizes)
ax.set_yticks([0.2, 0.5, 1, 2, 4], ["0.2", "0.5", "1", "2", "4"])
ax.minorticks_off()
ax.set(xlabel="batch size", ylabel="how far off")
ax.legend()
plt.show()

# %% [markdown]
# *What to notice.* The third column hardly changes: the noise falls with the *root* of the batch size. Four times as many images,
# half the noise. And see the first row: the gradient of a single image is off by several times the length of the true gradient,
# and still most of the images, clearly more than half, point downhill. That is enough to learn.
#
# So four times the work makes the gradient only twice as good. That speaks for small batches. And what does it mean for
# learning? Below, SGD sees the same 6 epochs in batches of different size. A better gradient can bear a longer step. So each
# batch size tries five learning rates, each from three starts. *Which rates will be the best for 4 images, and for all?*

# %% tags=["demo"]
RATES = (0.03, 0.1, 0.3, 1.0, 3.0)
fig, axes = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
print("loss after 6 epochs, the middle one of three starts, for each learning rate; then with the best rate")
print(
    "batch size "
    + "".join(f"{lr:>8g}" for lr in RATES)
    + "    best   steps   a gradient takes   right on test images"
)
for size, color, style in ((4, VERMILLION, "-"), (32, BLUE, "-"), (256, GREEN, "--"), (1437, PURPLE, ":")):
    ends = {
        lr: sorted(
            (loss_and_accuracy(found, X, labels)[0], seed, found, losses)
            for seed in range(3)
            for found, losses in [trained(mine.sgd, lr, 6, [64, 32, 10], seed, size)]
        )[1]
        for lr in RATES
    }
    best = min(RATES, key=lambda lr, ends=ends: ends[lr][0])
    _, _, found, losses = ends[best]
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        network_gradients(found, X[:size], labels[:size])
        seconds.append(time.perf_counter() - start)
    right = loss_and_accuracy(found, X_test, labels_test)[1]
    print(
        f"{size:10} "
        + "".join(f"{ends[lr][0]:8.3f}" for lr in RATES)
        + f"{best:8g}   {len(losses):5}   {1000 * min(seconds):13.2f} ms   {100 * right:18.1f} %"
    )
    steps, means = figures.smoothed(losses, len(losses) // 24)
    axes[0].plot(
        6 * steps / len(losses), means, style, color=color, label=f"batch size {size}, lr = {best:g}"
    )
    axes[1].semilogx(steps + 1, means, style, color=color)
axes[0].set(xlabel="epoch", ylabel="loss (mean of a quarter epoch)", ylim=(0, 3))
axes[1].set(xlabel="step", ylim=(0, 3))
axes[0].legend(fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* The best learning rate grows with the batch: a step that has seen more images may be longer. (With the rate
# that is best for 256, a batch of 4 does not learn at all.) So batch sizes, too, can be compared only if each has its own rate.
#
# All four saw the same images equally often. Counted in epochs (left), small batches are ahead: they took many more steps. But a
# batch of 32 ends within about twice the loss of 4. One of 256 is several times behind, and the batch of all images has hardly
# begun. Look at the times as well: the gradient of 32 images
# takes hardly longer than that of 4, because most of this time goes into calling NumPy's functions, which costs the same for
# both. So people take something in between, often 32 to 256.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 10. The race
#
# First on a landscape that you can see. It has a valley that bends, two minima, one deeper than the other, and a saddle between
# them. Four of your optimizers start at the same place. Predict who leaves the saddle first, press ▶, and then drag the start
# (the ring) to other places:
#
# 1. Is there a start from which not all of them end in the same minimum? Does anybody *know* which minimum is deeper?
# 2. Start in the upper right corner. Who rolls past the minimum?
# 3. Choose *four times* the learning rates. Who is thrown out of the picture, wherever it starts? The largest curvature is 11.9
#    in the deep hollow and 10.5 in the shallow one, and the rates stand under the picture: which rule of section 2 foretells
#    it?

# %% tags=["demo"]
explore.optimizer_race(mine.sgd, mine.momentum, mine.rmsprop, mine.adam)

# %% [markdown]
# ### Which minimum?
#
# The shallow minimum is a **local minimum**: all the ground near it is higher, but somewhere else there is lower ground. The
# lowest place of all is the **global minimum**. A gradient knows only the slope under your feet, so a descent cannot tell the
# two apart. Where it ends is decided by the ridge between them: all the starts from which it falls into one minimum are the
# **basin** of that minimum.
#
# ### Exercise: `basin` (3 points)


# %% nbgrader={"grade": false, "grade_id": "basin", "locked": false, "schema_version": 3, "solution": true, "task": false}
def basin(starts, gradient, minima, lr, steps):
    """The number of the minimum that each start is nearest to after plain gradient descent.

    starts: array (n, d), one start a row. minima: array (k, d), one minimum a row.
    gradient: a function of one place (d,) that returns the gradient there (d,). lr, steps: numbers.
    Returns an array (n,) of whole numbers, rows of minima; of two that are equally near, the lower. Changes nothing that
    it was given.

    >>> basin(np.array([[-0.1], [0.1]]), lambda w: w**3 - w, np.array([[-1.0], [1.0]]), lr=0.1, steps=100)
    array([0, 1])
    """
    ### BEGIN SOLUTION
    found = []
    for w in starts:
        for _ in range(steps):
            w = w - lr * gradient(w)
        found.append(np.argmin(np.linalg.norm(minima - w, axis=1)))
    return np.array(found)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two loops: over the starts, and over the steps. What do you have to know at the end of the inner one?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# In the inner loop `w = w - lr * gradient(w)`. After it, `np.linalg.norm(minima - w, axis=1)` holds the distances from
# w to all the minima, and `np.argmin` says which one is the smallest. Collect these numbers in a list.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-basin", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(basin)

# %% [markdown]
# One weight, two minima: 0 is the global one, 3 a local one, and the ridge is at 2.2. *Which starts end at 3? And can a ball
# that rolls, momentum, get out of there?*

# %% tags=["demo"]


def two_valleys(w):
    return w**4 / 4 - 5.2 * w**3 / 3 + 3.3 * w**2


def two_valleys_gradient(w):
    return w * (w - 2.2) * (w - 3)


two_minima = np.array([[0.0], [3.0]])
starts = np.linspace(-1, 4.2, 53)[:, np.newaxis]
into = mine.basin(starts, two_valleys_gradient, two_minima, 0.05, 300)
line = np.linspace(-1, 4.2, 200)
plt.figure(figsize=(7, 2.8))
plt.plot(line, two_valleys(line), color=GRAY)
for number, color, marker in ((0, BLUE, "o"), (1, VERMILLION, "s")):
    here = starts[into == number, 0]
    label = f"these starts end at {two_minima[number, 0]:.0f}"
    plt.plot(here, two_valleys(here), marker, color=color, markersize=4, label=label)
plt.xlabel("w")
plt.ylabel("height")
plt.legend()
plt.show()
for name, optimizer in (("sgd", mine.sgd), ("momentum", mine.momentum)):
    print(f"{name:8} from 4.0 ends at {walk(optimizer, two_valleys_gradient, 4.0, 0.05, 300)[-1]:.2f}")

# %% [markdown]
# *What to notice.* The ridge divides the starts. From 4.0 plain descent stops in the first minimum that it meets. Momentum
# arrives there with a velocity, rolls over the low ridge, and finds the deeper one. That is luck, not insight: from another start
# it may just as well roll out of the better minimum.

# %% [markdown]
# ### On real data
#
# Eight optimizers, one problem: the digits, one hidden layer of 32, mini-batches of 64. Who wins?
#
# It is easy to make any of them win: give it a good learning rate, and the others a bad one. To be fair,
#
# - each gets the same starts, the same mini-batches in the same order, and the same number of epochs;
# - each chooses its learning rate from a list of the same length, in steps of about 3, around the usual one;
# - the choice is made on 237 images that are set aside, not on the test images. They are for the end.
#
# First the choice. Each run has 4 epochs.

# %% tags=["demo"]
print("loss on the images set aside, after 4 epochs, for each learning rate (mean of three starts)")
for name, optimizer, rates, _, _ in racers():
    losses = losses_by_rate(optimizer, rates)
    row = "  ".join(f"{lr:g}: {loss:.3f}" for lr, loss in zip(rates, losses, strict=True))
    close = sum(loss < 2 * min(losses) for loss in losses)
    print(f"{name:9} {row}   → {rates[int(np.argmin(losses))]:g} ({close} of 5 within twice the best loss)")

# %% [markdown]
# *What to notice.* Compare the best of each line: between all eight there is a factor of about two. Then read along the lines:
# the worst rate of each does several times worse than its best. So the learning rate counts for more than the optimizer. And
# 0.03 is the best rate of Adam, but with 0.03 SGD has hardly begun to learn. Comparing optimizers at the *same* learning rate
# means nothing.
#
# Now the race: 10 epochs, five new starts each, with the learning rates just chosen. (± says how far the mean may be off by the
# luck of five starts: their standard deviation, divided by √5. It is called the **standard error**.)

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8, 4.2))
print("             lr   loss in epoch 1       2       3    loss after 10    right on the test images")
for name, optimizer, rates, color, style in racers():
    best = rates[int(np.argmin(losses_by_rate(optimizer, rates)))]
    curves, ends, right = [], [], []
    for seed in range(10, 15):
        parameters, losses = trained(optimizer, best, 10, [64, 32, 10], seed, x=X_learn, y=labels_learn)
        curves.append(losses.reshape(10, -1).mean(axis=1))
        ends.append(loss_and_accuracy(parameters, X_learn, labels_learn)[0])
        right.append(100 * loss_and_accuracy(parameters, X_test, labels_test)[1])
    curve, off, off_right = (
        np.mean(curves, axis=0),
        *(np.std(each, ddof=1) / np.sqrt(5) for each in (ends, right)),
    )
    ax.semilogy(np.arange(1, 11), curve, style, color=color, linewidth=2, label=f"{name}, lr = {best:g}")
    print(
        f"{name:9} {best:5g} {curve[0]:17.3f} {curve[1]:7.3f} {curve[2]:7.3f}    {np.mean(ends):.3f} ± {off:.3f}    "
        f"{np.mean(right):.1f} ± {off_right:.1f} %"
    )
ax.set(
    xlabel="epoch", ylabel="mean loss of the epoch's mini-batches", title="the same problem, eight optimizers"
)
ax.legend(fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* In the third epoch three are ahead of the others: Adam, AdamW and Nesterov. Plain SGD has the highest loss
# there. Adam and AdamW hardly differ where they chose the same rate: a decay of 0.01 is small, and 190 steps are few.
#
# And the test images? Compare the differences with the ±. Most of the eight lie so close together that five other starts may
# well change their order. One may be behind by several points with a large ±: then its rate lies near the border, and one of
# the five starts has gone wrong. So a better optimizer surely arrives *sooner* here. Whether it also arrives at a better place,
# so small a problem cannot tell. On large problems, where a training takes weeks, sooner is worth a great deal.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 11. Written answer: Adam, derived and compared (8 points)
#
# Answer in about one page. Use formulas where they help, and numbers from your own runs of this notebook.
#
# 1. **Derive the correction.** The average $m_t = \beta_1 m_{t-1} + (1 - \beta_1) g_t$ starts from $m_0 = 0$; $g_t$ is the
#    gradient at step $t$. Write $m_t$ as a sum over all the gradients so far. Show that the weights in this sum add up to
#    $1 - \beta_1^t$, and say why $m_t / (1 - \beta_1^t)$ is the fair average.
# 2. **Derive the first step.** Show that Adam's first step has the length lr, whatever the gradient is (as long as it is not
#    as tiny as $\varepsilon$). How long is it without the correction?
# 3. **Change the unit.** Multiply the loss by 1000, so that all gradients become 1000 times as large. What happens to the path
#    of SGD, and what to the path of Adam? Show it with the formulas.
# 4. **Compare** Adam with SGD (with or without momentum): what does Adam cost, what does it gain, and how sensitive is each to
#    its learning rate? Use numbers from section 10. Which would you take for a new network, and why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-adam", "locked": false, "points": 8, "schema_version": 3, "solution": true, "task": false}
# *(A model answer. Yours has other numbers if you changed other things.)*
#
# **1.** Put the rule into itself again and again:
#
# $$m_t = (1-\beta_1) g_t + \beta_1 m_{t-1} = (1-\beta_1) g_t + (1-\beta_1)\beta_1 g_{t-1} + \beta_1^2 m_{t-2} = \dots
# = (1-\beta_1)\sum_{i=1}^{t} \beta_1^{\,t-i}\, g_i$$
#
# because the last term, $\beta_1^t m_0$, is 0. The weights add up to $(1-\beta_1)(1 + \beta_1 + \dots + \beta_1^{t-1})$. A
# geometric sum: $1 + \beta_1 + \dots + \beta_1^{t-1} = \frac{1-\beta_1^t}{1-\beta_1}$. So they add up to
# $1 - \beta_1^t$, which is less than 1: the share $\beta_1^t$ that is missing belongs to the invented value $m_0 = 0$.
# Divided by $1-\beta_1^t$ the weights add up to 1, so if all gradients are $g$, then $\hat m_t = g$ from the first step
# on. The same holds for $s_t$ with $\beta_2$ and $g_i^2$.
#
# **2.** At $t = 1$: $m_1 = (1-\beta_1) g$ and $s_1 = (1-\beta_2) g^2$. Corrected, $\hat m = g$ and $\hat s = g^2$. So the step is
# $\text{lr} \cdot \frac{g}{|g| + \varepsilon} \approx \text{lr} \cdot \text{sign}(g)$, of length lr. Without the correction it is
# $\text{lr} \cdot \frac{(1-\beta_1) g}{\sqrt{1-\beta_2}\,|g|}$, of length
# $\frac{0.1}{\sqrt{0.001}}\,\text{lr} = 3.16\,\text{lr}$. My run showed $3.2 \times$ lr, and up to $6.5 \times$ lr at step 10.
#
# **3.** With $c\,g$ in place of $g$ ($c = 1000$), SGD's step is $\text{lr} \cdot c\,g$: 1000 times as long, as if lr
# were 1000 times as large. It will diverge. In Adam $\hat m$ becomes $c\,\hat m$ and $\hat s$ becomes $c^2\hat s$, so
# $\frac{c\,\hat m}{\sqrt{c^2 \hat s}} = \frac{\hat m}{\sqrt{\hat s}}$: the path stays the same (as long as
# $\varepsilon$ is tiny beside $\sqrt{\hat s}$).
#
# **4.** *Cost:* for each weight Adam keeps two more numbers, momentum one, SGD none; for the 2,410 weights here that is 4,820. And
# it has more settings ($\beta_1, \beta_2, \varepsilon$), which one can leave alone. *Gain:* it was the fastest at the
# start (loss 1.15 in the first epoch; SGD 1.68, momentum 1.72), each weight gets its own step length (the gradients of
# the pixels differed by a factor of 4,400), and lr has a plain meaning, the length of a step. *Sensitivity:* of the
# five learning rates, Adam was within twice its best loss with three (0.01 to 0.1), SGD with two, and at lr = 3 SGD
# learned nothing at all. *But:* on the test images momentum, Nesterov and Adam were between 96.1 and 97.1 %, with standard
# errors up to 0.4, so there I cannot tell them apart for sure. SGD had 94.6 ± 1.9 %: one bad start, I suppose, because its rate
# is near the border. For a new network I would take Adam (or AdamW) with lr = 0.01 and a schedule, because it is likely to work
# at the first try, and try momentum with a few learning rates if the last bit matters.
#
# === BEGIN MARK SCHEME ===
#
# - 2 points: question 1. 1 for the sum with its weights $(1-\beta_1)\beta_1^{t-i}$ (or the first three steps and "and so on"), 1 for
#   the geometric sum $1-\beta_1^t$ and the reason for dividing (weights must add up to 1, or: $m_0 = 0$ has the share $\beta_1^t$).
# - 1 point: question 2. The step is lr · sign(g), with both averages computed at $t = 1$; 3.16 lr without the correction.
# - 2 points: question 3. 1 for SGD (1000 times as long, diverges), 1 for Adam (the factor cancels, shown by a formula). "Adam is
#   scale-free" without a formula: half of that point.
# - 3 points: question 4. 1 for cost and gain (memory of two numbers a weight; own step length for each weight, or fast start,
#   or meaning of lr), 1 for the sensitivity to lr with numbers from section 10, 1 for a choice with reasons that agree with the
#   numbers. "Adam is always better": no point for the choice, the runs do not show that.
#
# Numbers may differ a little from one computer to another. No numbers at all: at most 5 points.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## What you have learned
#
# - Gradient descent multiplies its distance to the bottom by $1 - \text{lr} \cdot \lambda$ along each direction of the valley.
#   Above $\text{lr} = 2 / \lambda_{\max}$ it diverges, and the flattest direction has to wait.
# - Where the gradient is 0, the eigenvalues of the Hessian say what it is. With many weights a saddle is far more likely than
#   a minimum: a place to lose time, not to end.
# - **Momentum** adds up gradients: what jumps back and forth cancels, what agrees grows. **Nesterov** looks ahead.
# - **Adagrad**, **RMSProp** and **Adadelta** give each weight its own step length, from the size of its gradients. Adagrad
#   never forgets, the others do.
# - **Adam** does both, and corrects the start of its averages. **AdamW** keeps weight decay out of the fraction.
# - A **schedule** lets the steps be long at first and short at last; a **warm-up** makes the first ones short.
# - Compare optimizers only when each has had the same chance to choose its learning rate.

# %% tags=["demo"]
progress("06_optimizers")

# %% [markdown]
# ### To read on
#
# - *Why momentum really works*, Gabriel Goh (Distill, 2017): with pictures that move, and the mathematics of the valley.
# - *An overview of gradient descent optimization algorithms*, Sebastian Ruder (2016): all the optimizers of this chapter.
# - *Deep Learning*, Ian Goodfellow, Yoshua Bengio and Aaron Courville: chapter 4 (Hessian, saddles) and chapter 8.
# - *Dive into Deep Learning*, Aston Zhang, Zachary Lipton, Mu Li and Alexander Smola: the chapter on optimization.
# - The papers: *Some methods of speeding up the convergence of iteration methods*, Boris Polyak (1964); *Adaptive subgradient
#   methods*, John Duchi, Elad Hazan and Yoram Singer (2011); *ADADELTA*, Matthew Zeiler (2012); *Adam*, Diederik Kingma and Jimmy
#   Ba (2015); *Decoupled weight decay regularization*, Ilya Loshchilov and Frank Hutter (2019); *Identifying and attacking
#   the saddle point problem*, Yann Dauphin and others (2014).
#
# ### Where to go next
#
# You can now make a network learn its examples fast, perhaps too well: what it learns by heart is of no use on images that
# it has never seen. **Chapter 7**, on regularization, is about learning without memorizing.
