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
# # Chapter 1 · What can one neuron do?
#
# Networks that recognize faces or write text are made of one small part, repeated thousands or millions of times: the
# **neuron**. It multiplies, adds, and decides. That is all.
#
# In this chapter you build one. You choose its numbers by hand, then you let it find them by itself, on real flowers.
# And you find a problem that one neuron can never solve, and that three neurons solve easily.
#
# **You will learn**
#
# - what weights and a bias are, and how a neuron uses them
# - for which inputs a neuron fires, and for which it is silent
# - how a neuron learns from its mistakes (the perceptron)
# - why XOR needs a second layer
# - how one matrix product computes a whole layer
#
# **You need** Python functions and NumPy arrays, as in `00_start`. No mathematics beyond school.
#
# **Time** About three hours, in three sittings of an hour. There are 14 exercises (28 points) and one written answer
# (6 points).

# %% [markdown]
# Run the cell below first (Shift + Enter), and again whenever you come back to this notebook. It is all that you need
# to go on anywhere. What you passed another day is ready again, and `mine.neuron` means your own `neuron`, or the
# course's as long as yours does not pass.

# %%
import time
from itertools import product

import matplotlib.pyplot as plt
import numpy as np

from byhand import begin, check, data, explore, hint, mine, progress, quick, solution, try_it
from byhand.figures import neuron as figures

begin("01_neuron")
np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at
plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])  # the four inputs that a gate can get
flowers = data.iris()


def two_species(first, second, columns, order=3):
    """Some columns of two species in a shuffled order; label 0 for the first species, 1 for the second."""
    chosen = np.isin(flowers.labels, [first, second])
    X, y = flowers.features[chosen][:, columns], (flowers.labels[chosen] == second).astype(int)
    shuffled = np.random.default_rng(order).permutation(len(X))
    return X[shuffled], y[shuffled]


def on_one_scale(X):
    """Standardized, by the mean and the standard deviation of the first 80 flowers alone."""
    return (X - X[:80].mean(axis=0)) / X[:80].std(axis=0)


def train(X, y, lr, epochs):
    """Train as in perceptron_fit, and keep what happened: (mistakes, w, b) after each epoch."""
    update = mine.perceptron_update
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        mistakes = 0
        for example, label in zip(X, y, strict=True):
            new_w, new_b = update(example, label, w, b, lr)
            mistakes += int(new_b != b)  # only a mistake is corrected
            w, b = new_w, new_b
        history.append((mistakes, w, b))
    return history


# %% [markdown]
# ## 1. A neuron weighs what comes in
#
# Will you take an umbrella? You look at the sky, you hear the forecast, you think of the way you have to walk. Some of
# these facts count more than others. A car at the door even counts *against* the umbrella. And some people take one in
# any weather.
#
# A neuron decides in the same way, with numbers:
#
# - **inputs** $x_1, x_2, \dots$: what it is told
# - **weights** $w_1, w_2, \dots$: how much each input counts. A negative weight speaks against.
# - **bias** $b$: how ready it is to say yes before it has heard anything
#
# First it computes the **weighted sum**, which we call $z$:
#
# $$z = x_1 w_1 + x_2 w_2 + x_3 w_3 + b$$
#
# Take the inputs 1, 2, 3, the weights 0.2, 0.8, −0.5 and the bias 2. Which input pushes $z$ up most? Which pushes it
# down? Compute $z$ on paper. Then give it back in the cell: the number itself, or the calculation written out.
#
# ### Exercise: `weighted_sum_by_hand` (1 point)


# %% nbgrader={"grade": false, "grade_id": "weighted_sum_by_hand", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weighted_sum_by_hand():
    """z for the inputs 1, 2, 3, the weights 0.2, 0.8, -0.5 and the bias 2.

    Returns one number. Written out number by number, it is easier to correct.
    """
    ### BEGIN SOLUTION
    return 1 * 0.2 + 2 * 0.8 + 3 * (-0.5) + 2
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Each input meets its own weight, and the two are multiplied. What is left to add when the three products are there?
# Mind the sign of the third weight.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Three products, one for each input, and then the bias, once: `return 1 * 0.2 + ...`
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-weighted_sum_by_hand", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(weighted_sum_by_hand)

# %% [markdown]
# Here is the same sum as a picture. Each bar starts where the one before it ended.

# %% tags=["demo"]
x, w, b = np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.8, -0.5]), 2.0
parts = np.append(x * w, b)
ends = np.cumsum(parts)

fig, ax = plt.subplots(figsize=(6, 2.8))
names = [f"$x_{i + 1}w_{i + 1}$ = {p:+.1f}" for i, p in enumerate(x * w)] + [f"$b$ = {b:+.1f}"]
colors, hatches = [VERMILLION if p > 0 else BLUE for p in parts], ["" if p > 0 else "//" for p in parts]
ax.barh(names, parts, left=ends - parts, color=colors, hatch=hatches, edgecolor="white")
ax.axvline(ends[-1], color="black", ls="--", lw=1)
ax.set(xlabel="the sum so far", title=f"the last bar ends at z = {ends[-1]:.1f}")
ax.invert_yaxis()
plt.show()

# %% [markdown]
# *Notice: input 2 pushes up most. Input 3 is the largest input, but its weight is negative, so it pushes down (hatched).
# Without the bias, $z$ would be only 0.3.*

# %% [markdown]
# ### In general
#
# A neuron may have three inputs or three thousand. With $D$ inputs:
#
# $$z = \sum_{i=1}^{D} x_i w_i + b$$
#
# The sign $\Sigma$ means: add up, for $i$ from 1 to $D$. How many times is $b$ added?
#
# Write it as a function. A loop is fine. So is a short NumPy expression.
#
# ### Exercise: `weighted_sum` (2 points)


# %% nbgrader={"grade": false, "grade_id": "weighted_sum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def weighted_sum(x, w, b):
    """z = x₁w₁ + x₂w₂ + … + b.

    x: array (D,), the inputs. w: array (D,), the weights. b: a number, the bias. Returns one number.
    >>> float(weighted_sum(np.array([1.0, 2.0]), np.array([0.5, 1.0]), 10.0))
    12.5
    """
    ### BEGIN SOLUTION
    return np.sum(x * w) + b
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Multiply position by position, then add up. Where does the bias come in, and how often? You may begin the sum with it.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# With a loop: start with `z = b`, then go through the positions, `for i in range(len(x)):`, and add one product each
# time. Without a loop: `x * w` multiplies position by position, and `np.sum` adds up.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-weighted_sum", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(weighted_sum)

# %% [markdown]
# Multiply position by position, then add up: this is needed so often that it has a name, the **dot product**, and a sign
# of its own in Python, `@`. Are the three ways really the same? And does it matter which one you take?

# %% tags=["demo"]
rng = np.random.default_rng(0)
many_x, many_w = rng.normal(size=10_000), rng.normal(size=10_000)


def with_a_loop(x, w):
    total = 0.0
    for i in range(len(x)):
        total += x[i] * w[i]
    return total


ways = {"a loop": with_a_loop, "np.sum(x * w)": lambda x, w: np.sum(x * w), "x @ w": lambda x, w: x @ w}
for name, way in ways.items():
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        result = way(many_x, many_w)
        seconds.append(time.perf_counter() - start)
    print(f"{name:15} {result:.6f}   {1000 * min(seconds):8.3f} ms")

# %% [markdown]
# *Notice: the same number three times, but the loop takes far longer. The other two run in fast compiled code. From now
# on, prefer `@`: it is the shortest to write.*
#
# There is a second reason for `@`. Real data comes as a table, with one example in each row. $N$ examples that are
# computed together are called a **batch**; the table has the shape $(N, D)$. `X @ w` gives one dot product for each row,
# all at once.

# %% tags=["demo"]
X = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0], [5.0, 0.0, 2.0]])  # three examples, three inputs each
w, b = np.array([0.2, 0.8, -0.5]), 2.0
print("shapes:", X.shape, "@", w.shape, "→", (X @ w).shape)
print("X @ w + b =", X @ w + b)
for i, row in enumerate(X):
    print(f"row {i} alone: {row @ w + b:.1f}")

# %% [markdown]
# ## 2. A neuron decides
#
# So far the neuron has a number. Will it say yes or no? The simplest rule is the **step**: yes (1) if $z$ is 0 or more,
# no (0) if it is less. If the answer is 1, we say that the neuron **fires**; otherwise it is **silent**.
#
# $$\text{step}(z) = \begin{cases} 1 & \text{if } z \ge 0 \\ 0 & \text{if } z < 0 \end{cases}$$
#
# What happens at exactly 0? Somebody must choose. This course says: it fires. Some books say that it is silent, some say
# ½, and some use −1 and 1 for the two answers. None of them is wrong, but one must know.
#
# ### Exercise: `step` (1 point)


# %% nbgrader={"grade": false, "grade_id": "step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step(z):
    """1 where z ≥ 0, otherwise 0, element by element.

    z: array of any shape, or a number. Returns an array of the same shape, or a number.
    >>> step(np.array([-0.5, 0.0, 2.0])).tolist() == [0, 1, 1]
    True
    """
    ### BEGIN SOLUTION
    return np.where(z >= 0, 1, 0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# An `if` can only decide about one number, and `z` may be a whole array. Which function of NumPy decides for each
# element? Which answer does exactly 0 get?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.where(condition, a, b)` takes `a` where the condition holds, and `b` where it does not. The condition is the first
# line of the formula above: `z >= 0`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-step", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(step)

# %% [markdown]
# Now the whole neuron: the weighted sum, then the decision.
#
# The step is not the only way to decide. The next chapter has several others. So we leave it open: the function that
# decides, called the **activation function**, is an argument. In Python a function can be handed over like a number:
#
# $$\text{output} = \text{activation}(x_1 w_1 + \dots + x_D w_D + b)$$
#
# Make it work for one example $(D,)$ and for a batch $(N, D)$. With `@` you need not do anything for that. (To look before
# you are judged: `try_it(neuron, [1.0, 2.0], [0.5, -1.0], 1.0, step)` in a cell of your own.)
#
# ### Exercise: `neuron` (2 points)


# %% nbgrader={"grade": false, "grade_id": "neuron", "locked": false, "schema_version": 3, "solution": true, "task": false}
def neuron(x, w, b, activation):
    """activation(x·w + b).

    x: array (D,), one example, or (N, D), one example a row. w: array (D,). b: a number.
    activation: a function of the weighted sum, for example step.
    Returns one number, or an array (N,).
    >>> int(neuron(np.array([1.0, 2.0]), np.array([0.5, -1.0]), 1.0, step))
    0
    """
    ### BEGIN SOLUTION
    return activation(x @ w + b)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two things, one after the other: first a number, then a decision about it. The decision is a function that you were
# given. How does one call a function?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Compute `z = x @ w + b` first. Then hand it to the function that you were given: `activation(z)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-neuron", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(neuron)

# %% [markdown]
# What is the bias good for? Take a neuron with a single input and the weight 2, so $z = 2x + b$. Where does it begin to
# fire? Guess before you look: what does a larger bias do to the step?

# %% tags=["demo"]
xs = np.linspace(-3, 3, 601)
fig, ax = plt.subplots(figsize=(6.5, 2.8))
for bias, color, style in [(-3.0, BLUE, "--"), (0.0, "black", "-"), (3.0, VERMILLION, ":")]:
    answers = mine.neuron(xs[:, np.newaxis], np.array([2.0]), bias, mine.step)
    ax.plot(xs, answers, style, color=color, lw=2.5, label=f"b = {bias:+.0f}")
    print(f"b = {bias:+.0f}: fires from x = {xs[answers == 1].min():+.1f} on")
ax.set(xlabel="the input $x$", ylabel="the answer", yticks=[0, 1], title="one input, weight 2, three biases")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# *Notice: the bias moves the step. A larger bias makes the neuron fire earlier. The step lies where $2x + b = 0$, that is
# at $x = -b/2$.*

# %% [markdown]
# ## 3. You choose the weights
#
# Can a neuron think? In 1943 Warren McCulloch and Walter Pitts showed that it can at least do logic. Let the inputs be 0
# (false) or 1 (true). A **gate** answers 0 or 1:
#
# | $x_1$ | $x_2$ | AND: both | OR: at least one | NAND: not both |
# | :-: | :-: | :-: | :-: | :-: |
# | 0 | 0 | 0 | 0 | 1 |
# | 0 | 1 | 0 | 1 | 1 |
# | 1 | 0 | 0 | 1 | 1 |
# | 1 | 1 | 1 | 1 | 0 |
#
# Each of them is one neuron with a step. Only the weights and the bias differ. Which numbers make AND? Try on paper with
# both weights 1: what is $x_1 + x_2$ in each row? Which bias leaves only the last row at 0 or above?
#
# Leave a little room. What is measured in the world is never exactly 0 or 1, so each input may be off by up to 0.1: 0.93
# still counts as 1, and 0.08 as 0. Your gate must give the same answers then. There are many right numbers, and any of
# them pass.
#
# ### Exercise: `and_gate` (1 point)


# %% nbgrader={"grade": false, "grade_id": "and_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def and_gate(x1, x2):
    """1 if both inputs are 1, otherwise 0: one neuron with a step.

    x1, x2: numbers, 0 or 1, off by at most 0.1. Returns 0 or 1.
    For example, and_gate(1, 1) is 1 and and_gate(0.05, 0.95) is 0.
    """
    ### BEGIN SOLUTION
    return neuron(np.array([x1, x2]), np.array([1.0, 1.0]), -1.5, step)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# With both weights 1, the sum of the products is 0, 1, 1 and 2 in the four rows. Which bias pushes 1 below zero, but
# not 2? Leave room on both sides.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Your functions from above do the work: `neuron(np.array([x1, x2]), np.array([?, ?]), ?, step)`. With weights 1 and 1
# the bias must lie between −2 and −1: take the middle.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-and_gate", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(and_gate)

# %% [markdown]
# Now OR. Which of the three numbers do you have to change?
#
# ### Exercise: `or_gate` (1 point)


# %% nbgrader={"grade": false, "grade_id": "or_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def or_gate(x1, x2):
    """1 if at least one input is 1, otherwise 0: one neuron with a step.

    x1, x2: numbers, 0 or 1, off by at most 0.1. Returns 0 or 1.
    For example, or_gate(0.05, 0.95) is 1 and or_gate(0, 0) is 0.
    """
    ### BEGIN SOLUTION
    return neuron(np.array([x1, x2]), np.array([1.0, 1.0]), -0.5, step)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The sums of the products are 0, 1, 1 and 2 again. Now 1 must be enough to fire, and 0 must not.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Take your AND and change the bias alone. It must lie between −1 and 0: which number leaves the most room on both
# sides?
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-or_gate", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(or_gate)

# %% [markdown]
# And NAND, the opposite of AND. It is silent only if both inputs are 1. Which sign do its weights need?
#
# ### Exercise: `nand_gate` (1 point)


# %% nbgrader={"grade": false, "grade_id": "nand_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nand_gate(x1, x2):
    """0 if both inputs are 1, otherwise 1: one neuron with a step.

    x1, x2: numbers, 0 or 1, off by at most 0.1. Returns 0 or 1.
    For example, nand_gate(1, 1) is 0 and nand_gate(0.05, 0.95) is 1.
    """
    ### BEGIN SOLUTION
    return neuron(np.array([x1, x2]), np.array([-1.0, -1.0]), 1.5, step)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Where AND fires, NAND is silent, and the other way round. What happens to the sign of $z$ if you turn the signs of all
# three numbers?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Take the two weights and the bias of your AND and turn all three signs. If no row of AND has a sum of exactly 0, every
# answer turns too.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-nand_gate", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(nand_gate)

# %% [markdown]
# ## 4. Where does a neuron fire?
#
# Your gates were made for inputs near 0 and 1. But nothing stops us from giving them 0.4 or 1.4. For which inputs does
# each of them fire? Before you run the cell: what shape do you expect?

# %% tags=["demo"]
gates = {"and_gate": mine.and_gate, "or_gate": mine.or_gate, "nand_gate": mine.nand_gate}
fig, axes = plt.subplots(1, 3, figsize=(10, 3.4))
for ax, (name, gate) in zip(axes, gates.items(), strict=True):
    figures.shade(ax, gate, (-0.5, 1.5), (-0.5, 1.5))
    figures.draw_gate(ax, [gate(x1, x2) for x1, x2 in CORNERS], name)
plt.show()

# %% [markdown]
# *Notice: each neuron fires on one side of a straight line (shaded) and is silent on the other. Filled circles are the
# inputs with the answer 1, empty squares those with the answer 0. Your lines may lie elsewhere than your neighbor's. (A
# gate that asks about each input with an `if` is no neuron: its border has a corner.)*

# %% [markdown]
# Why a straight line? The neuron changes its mind where $z$ is exactly 0:
#
# $$x_1 w_1 + x_2 w_2 + b = 0$$
#
# That is the equation of a straight line, called the **decision boundary**. (If both weights are 0 there is no line: the
# neuron gives the same answer everywhere.) To draw it, we need $x_2$ for a given $x_1$. Solve the equation for $x_2$ on
# paper, then write it as a function.
#
# If only $w_2$ is 0, the line is vertical, and no function of $x_1$ can describe it. Your function will not be given such
# weights.
#
# ### Exercise: `decision_boundary` (2 points)


# %% nbgrader={"grade": false, "grade_id": "decision_boundary", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decision_boundary(w, b, x1):
    """The x2 at which x1·w[0] + x2·w[1] + b is 0.

    w: array (2,), w[1] is not 0. b: a number. x1: array (N,). Returns an array (N,).
    >>> decision_boundary(np.array([1.0, 1.0]), -1.5, np.array([0.0, 1.0]))
    array([1.5, 0.5])
    """
    ### BEGIN SOLUTION
    return -(w[0] * x1 + b) / w[1]
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# You know $x_1$, $w_1$, $w_2$ and $b$, and look for $x_2$. Bring everything without $x_2$ to the other side of the
# equals sign. What happens to the signs?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# On the other side stands $-(x_1 w_1 + b)$, and $x_2$ is still multiplied by $w_2$. So divide by `w[1]`, all of it:
# mind the brackets.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-decision_boundary", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(decision_boundary)

# %% [markdown]
# Now move the line yourself. Below is your neuron with two inputs. Drag the sliders, or use the arrow keys. Leave the
# activation at "step" for now, and find out:
#
# 1. What does $w_1$ do to the line? And what does $b$ do?
# 2. Double all three numbers. What changes?
# 3. Turn the signs of all three. What changes now?
# 4. Can you make AND? OR? NAND?
# 5. **XOR** is 1 if exactly one input is 1. How many of its four points can you get right?

# %% tags=["demo"]
explore.neuron_plane(mine.neuron)

# %% [markdown]
# Did you see a rule behind 1 to 3? Here it is in numbers, for the weights (2, 1) and the bias −1.

# %% tags=["demo"]
w, b = np.array([2.0, 1.0]), -1.0
ends = np.array([[x1, mine.decision_boundary(w, b, np.array([x1]))[0]] for x1 in (-0.4, 1.2)])
along = ends[1] - ends[0]
grid = np.random.default_rng(1).uniform(-1, 2, size=(1000, 2))
fired = mine.neuron(grid, w, b, mine.step)
doubled = mine.neuron(grid, 2 * w, 2 * b, mine.step)
turned = mine.neuron(grid, -w, -b, mine.step)
print("direction of the line · weights =", round(float(along @ w), 12), "  (0 means: a right angle)")
print("same decisions with 2w, 2b:", int((doubled == fired).sum()), "of 1000")
print("same decisions with -w, -b:", int((turned == fired).sum()), "of 1000")

fig, ax = plt.subplots(figsize=(4, 4))
figures.shade(ax, lambda x1, x2: 2 * x1 + x2 - 1 >= 0, (-1, 2), (-1, 2))
ax.plot(*ends.T, color="black", lw=2)
foot = -b * w / (w @ w)  # the point of the line that is nearest to (0, 0)
ax.annotate("", foot + 0.35 * w, foot, arrowprops={"arrowstyle": "-|>", "color": PURPLE, "lw": 2.5})
ax.text(*(foot + 0.38 * w), "w", color=PURPLE, fontsize=13)
ax.set(xlim=(-1, 2), ylim=(-1, 2), xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="w = (2, 1), b = −1")
plt.show()

# %% [markdown]
# *Notice: the weights, drawn as an arrow, stand at a right angle on the line and point to the side where the neuron
# fires. The bias moves the line without turning it. Doubling everything moves nothing. Turning all signs swaps the two
# sides.*
#
# With three inputs the boundary is a plane, and with a thousand inputs it is called a **hyperplane**. We can't draw that,
# but the formula is the same: $x \cdot w + b = 0$.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 5. The neuron learns
#
# Choosing three numbers by hand is easy. Choosing a thousand is not. In 1958 Frank Rosenblatt had an idea: show the
# neuron examples with their right answers, and let it correct itself whenever it is wrong. He called it the
# **perceptron**.
#
# Call the right answer $y$ (0 or 1) and the neuron's answer $\hat y$ (say "y hat"). The **error** is $y - \hat y$:
#
# | $y$ | $\hat y$ | error $y - \hat y$ | what happened | what $z$ should do |
# | :-: | :-: | :-: | --- | --- |
# | 0 | 0 | 0 | right | stay |
# | 1 | 1 | 0 | right | stay |
# | 1 | 0 | +1 | silent, but should have fired | grow |
# | 0 | 1 | −1 | fired, but should have been silent | shrink |
#
# How do we make $z$ grow? We add a little of the inputs to the weights, and a little to the bias. A small number lr says
# how much: lr times the inputs, and lr itself. Why does that help? Look at numbers, with lr = 0.1:

# %% tags=["demo"]
x, w, b, lr = np.array([1.0, 2.0]), np.array([0.5, -1.0]), 0.0, 0.1
z = mine.weighted_sum(x, w, b)
z_plus = mine.weighted_sum(x, w + lr * x, b + lr)
z_minus = mine.weighted_sum(x, w - lr * x, b - lr)
print(f"before                            z = {z:+.1f}")
print(f"lr·x added to w, lr to b          z = {z_plus:+.1f}   change {z_plus - z:+.1f}")
print(f"lr·x subtracted from w, lr from b z = {z_minus:+.1f}   change {z_minus - z:+.1f}")
print(f"lr · (x·x + 1) = {lr * (x @ x + 1):.1f}")

# %% [markdown]
# *Notice: adding makes $z$ grow, subtracting makes it shrink, always by $\text{lr} \cdot (x \cdot x + 1)$. A square is
# never negative, so this can't go the wrong way.*
#
# **lr** is the **learning rate**: how large one correction is. The bias is corrected as if it were the weight of an input
# that is always 1. All four rows of the table fit into one rule:
#
# $$w \leftarrow w + \text{lr} \cdot (y - \hat y) \cdot x \qquad\qquad b \leftarrow b + \text{lr} \cdot (y - \hat y)$$
#
# The arrow means: gets the new value. Write one correction as a function. Return new weights, and leave the given array
# as it is: `w = w + ...` makes a new array, but `w += ...` changes the one that belongs to the caller.
#
# (Some books use the labels −1 and 1. Their rule looks different, but does the same, except where $z$ is exactly 0.)
#
# ### Exercise: `perceptron_update` (3 points)


# %% nbgrader={"grade": false, "grade_id": "perceptron_update", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perceptron_update(x, y, w, b, lr):
    """One correction of a neuron with a step, after one example.

    x: array (D,), one example. y: its right answer, 0 or 1. w: array (D,). b, lr: numbers.
    Returns the new w, array (D,), and the new b. Does not change the given w.
    >>> w, b = perceptron_update(np.array([1.0, 2.0]), 1, np.array([0.5, -1.0]), 0.0, 0.1)
    >>> w.round(2).tolist(), round(float(b), 2)
    ([0.6, -0.8], 0.1)
    """
    ### BEGIN SOLUTION
    error = y - neuron(x, w, b, step)
    return w + lr * error * x, b + lr * error
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# First ask the neuron what it says: `neuron(x, w, b, step)`. Then compare with `y`. Do you need an `if`? What does the
# rule do where the error is 0?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `error = y - neuron(x, w, b, step)`. The new weights are `w` plus three things multiplied: lr, error and inputs. The
# bias gets lr times error. Return two values: `return new_w, new_b`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-perceptron_update", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(perceptron_update)

# %% [markdown]
# One correction is not enough: it may spoil what was right before. So the neuron goes through all the examples again and
# again. One pass through all of them is called an **epoch**.
#
# Write the whole training: start with all weights and the bias at 0, and make `epochs` passes. In each, take the examples
# one after the other, in the order in which they stand, and correct after each. Return the final $w$ and $b$.
#
# ### Exercise: `perceptron_fit` (3 points)


# %% nbgrader={"grade": false, "grade_id": "perceptron_fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perceptron_fit(X, y, lr, epochs):
    """Train a neuron with a step: from zeros, and through the examples in their order.

    X: array (N, D), one example a row. y: array (N,), the right answers, 0 or 1. lr: the learning rate.
    epochs: how many times to go through all the examples.
    Returns w, array (D,), and b, a number. If a line can separate the examples and epochs is large, they do.
    >>> w, b = perceptron_fit(np.array([[0.0], [1.0]]), np.array([0, 1]), 1.0, 20)
    >>> neuron(np.array([[0.0], [1.0]]), w, b, step).tolist() == [0, 1]
    True
    """
    ### BEGIN SOLUTION
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        for i in range(len(X)):
            w, b = perceptron_update(X[i], y[i], w, b, lr)
    return w, b
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two loops, one inside the other: epochs outside, examples inside. Your `perceptron_update` does one correction. It
# changes nothing in place: what must you do with what it returns?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Before both loops, start with `w = np.zeros(X.shape[1])` and `b = 0.0`. Inside `for _ in range(epochs):` and `for i in
# range(len(X)):`, example number `i` is `X[i]`, its right answer `y[i]`. Keep what comes back: `w, b =
# perceptron_update(...)`. `return` comes after both loops.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-perceptron_fit", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(perceptron_fit)

# %% [markdown]
# Now the neuron finds AND by itself. How many epochs does it need? A **mistake** below is an example that it got wrong
# while it went through them.

# %% tags=["demo"]
for epoch, (mistakes, w, b) in enumerate(train(CORNERS, [0, 0, 0, 1], 1.0, 8), start=1):
    print(f"epoch {epoch}: mistakes {mistakes}, then w = ({w[0]:+.0f}, {w[1]:+.0f}), b = {b:+.0f}")

# %% [markdown]
# *Notice: an epoch without a mistake changes nothing, so from there on nothing ever changes. The neuron has found its
# line.*

# %% [markdown]
# ### Two flowers
#
# Now something real. In the 1930s Edgar Anderson measured irises of three species. In 1936 Ronald Fisher published his
# table, and it has been used ever since. Take two species, *setosa* and *versicolor*, and two measurements, the length
# and the width of a sepal (a leaf of the flower's outer ring). Where would you draw the line?

# %% tags=["demo"]
X_cm, y = two_species(0, 1, [0, 1])
print("examples:", X_cm.shape, " labels:", y.shape, " first row:", X_cm[0], "→", y[0])
fig, ax = plt.subplots(figsize=(5.5, 3.4))
figures.draw_flowers(ax, X_cm, y, flowers.species_names[:2])
ax.set(xlabel="sepal length (cm)", ylabel="sepal width (cm)")
ax.legend()
plt.show()

# %% [markdown]
# Two preparations, which you will meet again and again:
#
# - We keep 20 of the 100 flowers aside. The neuron learns from the other 80, and is then asked about the 20 that it has
#   never seen. Only that tells whether it has learned something about irises, or only about these 80 flowers.
# - We **standardize** the measurements, as in chapter 0: subtract the mean, divide by the standard deviation. Then 0 is an
#   average flower. Both numbers come from the 80 flowers alone, because the others count as unknown. (`on_one_scale` in
#   the setup cell does it.)
#
# Is standardizing worth the trouble? Guess, then look.

# %% tags=["demo"]
print("corrections in 200 epochs, for five orders of the flowers")
for what, prepare in [("in centimeters", lambda X: X), ("standardized", on_one_scale)]:
    corrections = []
    for order in range(5):
        X, y = two_species(0, 1, [0, 1], order)
        history = train(prepare(X)[:80], y[:80], 0.1, 200)
        corrections.append(sum(mistakes for mistakes, _, _ in history))
    print(f"{what:15}", *(f"{count:5}" for count in corrections))

# %% [markdown]
# *Notice: the same flowers, the same neuron. In centimeters all the flowers lie far from (0, 0), and it takes more
# corrections to bring the line there; for some orders of the flowers hundreds, and after 200 epochs it still makes
# mistakes. Standardized, a few are enough for every order.*
#
# Now your `perceptron_fit` and your `decision_boundary` together:

# %% tags=["demo"]
X, y = two_species(0, 1, [0, 1])
X = on_one_scale(X)
w, b = mine.perceptron_fit(X[:80], y[:80], 0.1, 20)
right_seen = int((mine.neuron(X[:80], w, b, mine.step) == y[:80]).sum())
right_new = int((mine.neuron(X[80:], w, b, mine.step) == y[80:]).sum())
print(f"w = ({w[0]:.2f}, {w[1]:.2f}), b = {b:.2f}")
print(f"right: {right_seen} of the 80 that it learned from, {right_new} of 20 new ones")

fig, ax = plt.subplots(figsize=(5.5, 3.6))
figures.draw_flowers(ax, X, y, flowers.species_names[:2])
ax.plot(*X[80:].T, "o", ms=11, mfc="none", mec="black", mew=0.8, label="new to the neuron")
x1 = np.array([-2.5, 2.8])
ax.plot(x1, mine.decision_boundary(w, b, x1), color="black", lw=2, label="what the neuron found")
ax.legend(fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
ax.set(
    xlim=(-2.5, 2.8),
    ylim=(-2.6, 3.2),
    xlabel="sepal length (standardized)",
    ylabel="sepal width (standardized)",
)
plt.show()

# %% [markdown]
# How did it get there? Watch every single correction. The ring marks the flower that the neuron was wrong about; the
# picture shows the line after it was corrected.

# %% tags=["demo"]
X, y = two_species(0, 1, [0, 1])
X = on_one_scale(X)
w, b, shots = np.zeros(2), 0.0, []
for epoch in range(1, 21):
    for example, label in zip(X[:80], y[:80], strict=True):
        new_w, new_b = mine.perceptron_update(example, label, w, b, 0.1)
        if new_b != b:
            shots.append((len(shots) + 1, epoch, example, new_w, new_b))
        w, b = new_w, new_b
shots = shots[:11] + shots[11:][-1:]  # there is room for twelve

fig, axes = plt.subplots(3, 4, figsize=(11, 7), sharex=True, sharey=True)
for ax in axes.flat[len(shots) :]:
    ax.set_visible(False)
for ax, (number, epoch, example, w, b) in zip(axes.flat, shots, strict=False):
    figures.shade(ax, lambda x1, x2, w=w, b=b: x1 * w[0] + x2 * w[1] + b >= 0, (-2.5, 2.8), (-2.6, 3.2))
    figures.draw_flowers(ax, X[:80], y[:80], flowers.species_names[:2])
    ax.plot(*example, "o", ms=15, mfc="none", mec="black", mew=2)
    ax.set_title(f"correction {number} (epoch {epoch})", fontsize=10)
fig.supxlabel("sepal length (standardized)")
fig.supylabel("sepal width (standardized)")
plt.tight_layout()
plt.show()

# %% [markdown]
# *Notice: the neuron fires in the shaded part. Each correction turns or moves the line for the sake of the one flower in
# the ring. Often that spoils others, and a later correction repairs them. The last picture has no mistake left.*
#
# Is that luck? No. In 1962 Albert Novikoff proved: if some line separates the examples, the perceptron finds one after a
# limited number of corrections, in whatever order the examples come.
#
# And how large must the learning rate be? Guess, then try.

# %% tags=["demo"]
X, y = two_species(0, 1, [0, 1])
X = on_one_scale(X)
for lr in [0.01, 0.1, 10.0]:
    w, b = mine.perceptron_fit(X[:80], y[:80], lr, 20)
    wrong = int((mine.neuron(X, w, b, mine.step) != y).sum())
    print(
        f"lr = {lr:5}: w / lr = ({w[0] / lr:.2f}, {w[1] / lr:.2f}), b / lr = {b / lr:.2f}, wrong: {wrong} of 100"
    )

# %% [markdown]
# *Notice: three learning rates, one line. For a perceptron that starts from zeros, lr only makes all three numbers larger
# or smaller, and you saw in section 4 that this does not move the line. In later chapters the learning rate will matter
# very much.*

# %% [markdown]
# ### Two flowers that look alike
#
# *Versicolor* and *virginica* are hard to tell apart. We take their petals, which differ most. Will the mistakes end again?

# %% tags=["demo"]
X_cm, y_hard = two_species(1, 2, [2, 3])
X_hard = mine.standardize(X_cm)
X, y = two_species(0, 1, [0, 1])
easy, hard = train(mine.standardize(X), y, 0.1, 60), train(X_hard, y_hard, 0.1, 60)

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
figures.draw_flowers(left, X_hard, y_hard, flowers.species_names[1:])
left.set(xlabel="petal length (standardized)", ylabel="petal width (standardized)")
left.legend()
epochs = np.arange(1, 61)
right.plot(epochs, [mistakes for mistakes, _, _ in easy], "-", color=GREEN, lw=2, label="setosa, versicolor")
right.plot(
    epochs, [mistakes for mistakes, _, _ in hard], "--", color=PURPLE, lw=2, label="versicolor, virginica"
)
right.set(xlabel="epoch", ylabel="mistakes in this epoch", ylim=(0, None))
right.legend()
plt.show()
for pair, history in [("setosa, versicolor", easy), ("versicolor, virginica", hard)]:
    print(f"{pair:22} fewest mistakes in an epoch: {min(mistakes for mistakes, _, _ in history)}")
one, other = X_cm[y_hard == 0], X_cm[y_hard == 1]
print("petals of both species (cm):", [petal.tolist() for petal in one if (other == petal).all(axis=1).any()])

# %% [markdown]
# *Notice: on the first pair the mistakes end. On the second they never can: flowers of both species have petals of the
# same length and width, and no line puts one point on both of its sides. And the perceptron does not settle for a line
# that is almost right. A gentler way to learn, which does, is waiting in chapter 3.*

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 6. What one neuron can't do
#
# Two flowers that overlap are nobody's fault. But here is a problem of only four examples, without any doubt about the
# answers. **XOR**, "either, but not both":
#
# | $x_1$ | $x_2$ | XOR |
# | :-: | :-: | :-: |
# | 0 | 0 | 0 |
# | 0 | 1 | 1 |
# | 1 | 0 | 1 |
# | 1 | 1 | 0 |
#
# Let the perceptron try.

# %% tags=["demo"]
for epoch, (mistakes, w, b) in enumerate(train(CORNERS, [0, 1, 1, 0], 1.0, 6), start=1):
    print(f"epoch {epoch}: mistakes {mistakes}, then w = ({w[0]:+.0f}, {w[1]:+.0f}), b = {b:+.0f}")

# %% [markdown]
# *Notice: it soon makes four mistakes in every epoch, and ends each epoch with the numbers with which it began. It will
# do so for ever.*
#
# Is this the fault of the perceptron, or is there no such neuron at all? By hand, in section 4, nobody gets more than
# three of the four answers right. Let us try thousands of neurons. And XOR is not alone: a gate with two inputs is a
# list of four answers, 0 or 1 each, so there are $2^4 = 16$ gates. Guess first: how many of them can one neuron compute?

# %% tags=["demo"]
values = np.arange(-2, 2.01, 0.25)
w1, w2, b = (axis.ravel() for axis in np.meshgrid(values, values, values))
z = np.outer(w1, CORNERS[:, 0]) + np.outer(w2, CORNERS[:, 1]) + b[:, np.newaxis]
fires = (z >= 0).astype(int)  # one row a neuron, one column a corner
right = (fires == [0, 1, 1, 0]).sum(axis=1)
print(f"{len(right)} neurons. XOR's answers that are right:")
for count in range(5):
    print(f"  {count} of 4: {(right == count).sum():5} neurons")

found = {tuple(row.tolist()) for row in fires}
missing = [gate for gate in product((0, 1), repeat=4) if gate not in found]
print(f"\nOf the 16 gates with two inputs, these neurons compute {len(found)}. Missing:", *missing)

# %% [markdown]
# *Notice: three of four is the best. One neuron computes 14 of all 16 gates with two inputs; only XOR (0, 1, 1, 0) and
# its opposite (1, 0, 0, 1) are missing.*
#
# A search is no proof. Between the numbers that we tried there are infinitely many others. Can you show that none of them
# works?

# %% [markdown]
# ### Written answer: why no single neuron computes XOR (6 points)
#
# Show that there are no numbers $w_1, w_2, b$ for which $\text{step}(x_1 w_1 + x_2 w_2 + b)$ is XOR. Half a page is
# enough. You may argue with inequalities or with a drawing, but your argument must hold for *all* numbers.
#
# One way: write down what $z$ must be (below 0, or at least 0) for each of the four inputs. Then find two of the four
# lines that, added up, contradict the other two. Finish with one sentence that says what this means for the line which a
# neuron draws.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-xor", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# A neuron with a step fires if and only if $z = x_1 w_1 + x_2 w_2 + b \ge 0$. To be XOR it would have to satisfy:
#
# 1. $(0, 0) \to 0$: $\quad b < 0$
# 2. $(0, 1) \to 1$: $\quad w_2 + b \ge 0$
# 3. $(1, 0) \to 1$: $\quad w_1 + b \ge 0$
# 4. $(1, 1) \to 0$: $\quad w_1 + w_2 + b < 0$
#
# Adding 2 and 3 gives $w_1 + w_2 + 2b \ge 0$. Adding 1 and 4 gives $w_1 + w_2 + 2b < 0$. The same number can't be both, so
# no $w_1, w_2, b$ satisfy all four. This holds for all numbers, since nothing was assumed about them.
#
# In the picture: a neuron fires on one side of a straight line. If (0, 1) and (1, 0) lie on the firing side, so does the
# point halfway between them, (½, ½). If (0, 0) and (1, 1) lie on the silent side, so does the point halfway between
# them, which is the same (½, ½). A point can't lie on both sides, so no straight line separates XOR's ones from its
# zeros.
#
# === BEGIN MARK SCHEME ===
#
# Six points:
#
# - 1: says when the neuron fires, as a condition on $x_1 w_1 + x_2 w_2 + b$ (or: fires on one side of a straight line).
# - 2: the four conditions, one for each input (½ each); in a geometric answer, says which corners must lie on which side.
# - 2: derives the contradiction correctly: sums of two pairs, or 2 and 3 with $b < 0$ give $w_1 + w_2 + b \ge -b > 0$
#   against 4; or the common midpoint of the two diagonals; or that a straight line can't cross all four sides of a square.
# - 1: concludes for all weights, and says what it means for the line: none separates the ones from the zeros.
#
# An answer that only tries examples, or only says "XOR is not linearly separable" without a reason: at most 2 points.
# Whether a sum of exactly 0 fires or not makes no difference; do not take points off for ≥ against >.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## 7. Neurons that look at neurons
#
# In 1969 Marvin Minsky and Seymour Papert wrote a whole book about what a perceptron can't do. But the way out was known:
# let neurons look at the answers of other neurons.
#
# You have three gates. XOR says: at least one, *and* not both. Which gates are those? Build `xor_gate` from them.
#
# ### Exercise: `xor_gate` (2 points)


# %% nbgrader={"grade": false, "grade_id": "xor_gate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xor_gate(x1, x2):
    """1 if exactly one input is 1, otherwise 0: built from and_gate, or_gate and nand_gate.

    x1, x2: numbers, 0 or 1, off by at most 0.1. Returns 0 or 1.
    For example, xor_gate(0.05, 0.95) is 1 and xor_gate(1, 1) is 0.
    """
    ### BEGIN SOLUTION
    return and_gate(or_gate(x1, x2), nand_gate(x1, x2))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Say it in words: at least one, *and* not both. Which of your gates says "at least one", and which "not both"? Which
# one says "and"?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# "At least one" is `or_gate(x1, x2)`. "Not both" is `nand_gate(x1, x2)`. Both must hold: give these two answers to the
# third gate.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-xor_gate", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(xor_gate)

# %% [markdown]
# Where does it fire? And what do the last neuron's inputs look like, that is, the answers of OR and NAND?

# %% tags=["demo"]
answers = [mine.xor_gate(x1, x2) for x1, x2 in CORNERS]
print(" x1 x2   OR NAND   XOR")
for (x1, x2), answer in zip(CORNERS, answers, strict=True):
    print(f"  {x1}  {x2}    {int(mine.or_gate(x1, x2))}   {int(mine.nand_gate(x1, x2))}      {int(answer)}")

fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8))
figures.shade(left, mine.xor_gate, (-0.5, 1.5), (-0.5, 1.5))
figures.draw_gate(left, answers, "the inputs, and where XOR fires")
for (x1, x2), answer, up in zip(CORNERS, answers, [0.15, 0.15, 0.3, -0.25], strict=True):
    place = float(mine.or_gate(x1, x2)), float(mine.nand_gate(x1, x2))
    figures.draw_answer(right, *place, answer)
    right.text(place[0], place[1] + up, f"({x1}, {x2})", ha="center")
right.plot([0.1, 1.6], [1.4, -0.1], "k--", lw=1)
right.set(xlim=(-0.5, 1.6), ylim=(-0.5, 1.6), xticks=[0, 1], yticks=[0, 1], aspect="equal")
right.set(xlabel="answer of OR", ylabel="answer of NAND", title="what the last neuron is told")
plt.show()

# %% [markdown]
# *Notice: on the left, two lines enclose a strip; no single line could. On the right, the four inputs after the first two
# neurons. (0, 1) and (1, 0) have moved to the same place, and now one line (dashed) is enough.*
#
# This is how many deep networks can be pictured: the first neurons move the data around until the last ones have an easy
# job.

# %% [markdown]
# ### A layer
#
# OR and NAND look at the same inputs at the same time. Neurons that do so form a **layer**. Each has weights and a bias of
# its own. To compute them together, put the weights of each neuron into a *column* of a matrix $W$:
#
# $$\text{out} = x\,W + b \qquad\qquad (N, D)\,(D, M) + (M,) \rightarrow (N, M)$$
#
# $N$ examples, $D$ inputs, $M$ neurons. Row $i$ and column $j$ of the result: what neuron $j$ adds up for example $i$. Such
# a layer is called **dense**, because every neuron looks at every input. It gives back the weighted sums; the activation
# function is applied afterwards.
#
# Write it. Return two things: the result, and a `cache`, the tuple `(x, W, b)`. The cache keeps what chapter 3 will need
# to go backwards through the layer.
#
# (PyTorch stores $W$ transposed, one *row* a neuron. Same numbers, other way round.)
#
# ### Exercise: `dense_forward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "dense_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_forward(x, W, b):
    """A layer of M neurons on N examples: x W + b.

    x: array (N, D), one example a row. W: array (D, M), one neuron a column. b: array (M,), one bias a neuron.
    Returns out, array (N, M), and cache, the tuple (x, W, b).
    >>> x, W, b = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 3.0]]), np.array([10.0, 20.0])
    >>> out, cache = dense_forward(x, W, b)
    >>> out
    array([[11., 26.]])
    """
    ### BEGIN SOLUTION
    out = x @ W + b
    return out, (x, W, b)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# One matrix product and one sum. Look at the shapes: which two lengths must meet? NumPy adds `b` to every row by
# itself. And what goes into the cache?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The matrix product is `x @ W`, in this order: the rows of `x` meet the columns of `W`. Add `b` to it; NumPy calls that
# broadcasting. Then return two things, the result and the tuple: `return out, (x, W, b)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-dense_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(dense_forward)

# %% [markdown]
# With it, XOR is two layers: the first has two neurons, the second has one. Follow the shapes.

# %% tags=["demo"]
W1, b1 = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-0.5, 1.5])  # columns: OR, NAND
W2, b2 = np.array([[1.0], [1.0]]), np.array([-1.5])  # AND

x = CORNERS.astype(float)
z1, _ = mine.dense_forward(x, W1, b1)
hidden = mine.step(z1)
z2, _ = mine.dense_forward(hidden, W2, b2)
out = mine.step(z2)
print("x", x.shape, "→ hidden", hidden.shape, "→ out", out.shape)
for row_x, row_hidden, row_out in zip(x, hidden, out, strict=True):
    print(row_x, "→", row_hidden, "→", row_out)

# %% [markdown]
# The neurons in between are called **hidden**: nobody outside sees their answers.

# %% [markdown]
# ### How many numbers does a network learn?
#
# All weights and biases together are the **parameters** of a network. The network above has 2 inputs, 2 hidden neurons
# and 1 output neuron, so we write its layer sizes as `[2, 2, 1]`. How many parameters does it have? Count them in the cell
# above. Do the inputs have biases?
#
# Then write a function that counts them for any dense network.
#
# ### Exercise: `count_parameters` (2 points)


# %% nbgrader={"grade": false, "grade_id": "count_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_parameters(layer_sizes):
    """The number of weights and biases of a dense network.

    layer_sizes: list of numbers: how many inputs, then how many neurons in each layer. Returns a number.
    >>> count_parameters([3, 4])
    16
    """
    ### BEGIN SOLUTION
    total = 0
    for i in range(1, len(layer_sizes)):
        inputs, neurons = layer_sizes[i - 1], layer_sizes[i]
        total += inputs * neurons + neurons
    return total
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Take one layer alone: 3 inputs and 4 neurons. How many weights are in its matrix, and how many biases? Do that for
# each pair of neighbors in the list, and add up.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# A layer with `inputs` inputs and `neurons` neurons has `inputs * neurons` weights and one bias for each neuron. Go
# through the list with `for i in range(1, len(layer_sizes)):`. The inputs of layer `i` are what the layer before it
# gives: `layer_sizes[i - 1]`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-count_parameters", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(count_parameters)

# %% tags=["demo"]
for what, sizes in [
    ("XOR, as above", [2, 2, 1]),
    ("digits of 8 × 8 pixels, which you will read in chapter 3", [64, 30, 10]),
    ("digits of 28 × 28 pixels, in Michael Nielsen's book", [784, 30, 10]),
    ("photographs of 200 × 200 pixels in color, the same layers", [120_000, 30, 10]),
]:
    share = mine.count_parameters(sizes[:2]) / mine.count_parameters(sizes)
    print(f"{mine.count_parameters(sizes):>10,}, in the first layer {share:7.2%}  {sizes}  {what}")

# %% [markdown]
# *Notice: the larger the picture, the larger the first layer's part. For photographs it is nearly everything. Chapter 4
# has a remedy.*

# %% [markdown]
# ## 8. Put together: a classifier of your own
#
# You have all the parts. Now make one thing of them, as somebody would who really wants to tell flowers apart: a function
# that gets a table of flowers and gives back a neuron, together with an honest answer to the question "how good is it?"
#
# 1. **Split.** The neuron learns from the first four fifths of the rows. The last fifth is kept aside. (The rows come in
#    a shuffled order. Their number can be divided by 5.)
# 2. **Standardize.** The mean and the standard deviation of each column come from the four fifths alone.
# 3. **Train.** `perceptron_fit`, with a learning rate of 1.0 and 100 epochs.
# 4. **Judge.** Which share of the flowers that were kept aside gets the right answer?
#
# Why return the mean and the standard deviation, too? Whoever meets a new flower has it in centimeters. Without the two,
# the weights are worth nothing.
#
# A check gives your function other flowers at every run, and computes the share again from what you return. One time all
# labels of the flowers kept aside are false on purpose. A neuron that has never seen them learns the same as ever; only
# its share is then near 0.
#
# ### Exercise: `iris_classifier` (4 points)


# %% nbgrader={"grade": false, "grade_id": "iris_classifier", "locked": false, "schema_version": 3, "solution": true, "task": false}
def iris_classifier(X, y):
    """A neuron that tells two species apart, trained on the first four fifths and judged on the last fifth.

    X: array (N, D), flowers in centimeters, in a shuffled order. y: array (N,), their labels, 0 or 1.
    Returns mean and std, arrays (D,), of the flowers that it learned from; w, array (D,), and b, a number, for
    standardized flowers; and accuracy, the share of right answers among the flowers kept aside, from 0 to 1.
    If a line can separate the flowers that it learned from, it does.
    >>> X, y = two_species(0, 1, [0, 1])
    >>> mean, std, w, b, accuracy = iris_classifier(X, y)
    >>> bool(accuracy > 0.8)
    True
    """
    ### BEGIN SOLUTION
    n = 4 * len(X) // 5
    mean, std = X[:n].mean(axis=0), X[:n].std(axis=0)
    scaled = (X - mean) / std
    w, b = perceptron_fit(scaled[:n], y[:n], 1.0, 100)
    accuracy = np.mean(neuron(scaled[n:], w, b, step) == y[n:])
    return mean, std, w, b, accuracy
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Four steps, and you have done each of them before: split, standardize, fit, judge. Which rows may be used for the
# first three? Write down first how many rows these are, `n`, and use `X[:n]` and `X[n:]` from then on.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `n = 4 * len(X) // 5`. Take `mean` and `std` of `X[:n]`, along axis 0. Give `(X[:n] - mean) / std` and `y[:n]` to
# `perceptron_fit`, with a learning rate of 1.0 and 100 epochs. Then let `neuron` answer for the other flowers, *on the
# same scale*, and compare with `y[n:]`: the mean of an array of True and False is the share of True.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-iris_classifier", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(iris_classifier)

# %% [markdown]
# How far can one believe such a share? Twenty flowers are few. Ask your classifier ten times, each time with other
# flowers kept aside, for each of the three pairs of species. It may use all four measurements.

# %% tags=["demo"]
classify = quick("iris_classifier", *two_species(0, 1, [0, 1, 2, 3]))
for first, second in [(0, 1), (0, 2), (1, 2)]:
    shares = []
    for order in range(10):
        *_, accuracy = classify(*two_species(first, second, [0, 1, 2, 3], order))
        shares.append(accuracy)
    names = f"{flowers.species_names[first]}, {flowers.species_names[second]}"
    print(f"{names:22} mean {np.mean(shares):.3f}, from {min(shares):.2f} to {max(shares):.2f}")

# %% [markdown]
# *Notice: the two pairs with setosa are easy, whichever flowers are kept aside. For the third pair the share is lower, and
# it depends on which twenty flowers happened to be asked. One number from one split is not the whole truth.*

# %% [markdown]
# ## What you have learned
#
# - A neuron computes $\text{activation}(x \cdot w + b)$: it weighs, adds, decides.
# - With a step it cuts its inputs along a straight line. The weights turn the line, the bias moves it.
# - The perceptron finds such a line from examples, if there is one.
# - XOR has none. Three neurons in two layers solve it.
# - A layer is one matrix product, $xW + b$.
# - What a neuron can do is judged on examples that it has never seen.

# %% tags=["demo"]
progress("01_neuron")

# %% [markdown]
# ### To read on
#
# - *Neural Networks and Deep Learning*, Michael Nielsen: chapter 1 (perceptrons and gates, told slowly and well).
# - *But what is a neural network?*, Grant Sanderson (3Blue1Brown): a film of twenty minutes.
# - *Pattern Recognition and Machine Learning*, Christopher Bishop: section 4.1.7 (the perceptron and its promise).
# - *Deep Learning*, Ian Goodfellow, Yoshua Bengio and Aaron Courville: section 6.1 (learning XOR).
# - Where it all began: *A logical calculus of the ideas immanent in nervous activity*, Warren McCulloch and Walter Pitts
#   (1943); *The perceptron*, Frank Rosenblatt (1958); *Perceptrons*, Marvin Minsky and Seymour Papert (1969).
#
# ### Where to go next
#
# One question is open. You chose the weights of the XOR network by hand. Could the network have *learned* them? The
# perceptron's rule needs to know, for each neuron, what its answer should have been. For the last neuron we know that. For
# the hidden ones nobody tells us. We would have to ask: if I change this hidden weight a little, does the last answer get
# a little better? But look at the step: change $z$ a little, and almost always nothing happens at all.
#
# So the step has to go. What can take its place is the question of **chapter 2**, `02_activations`. Which hidden neuron is
# to blame for a mistake is the question of chapter 3.
