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
# # Chapter 2 · Why a bend, and what it costs
#
# One neuron cannot compute XOR. Two layers can, but only if something happens *between* them. That something is
# an **activation function**: a bend. This chapter asks two questions. Why is a bend needed at all? And which
# price do we pay for it?
#
# **You will learn**
#
# - why two layers without a bend are only one layer;
# - to write the activation functions that networks use: sigmoid, tanh, ReLU and leaky ReLU with their slopes, and
#   softmax;
# - to keep them right for very large numbers, where the formula on paper gives `nan`;
# - to measure what a bend costs: saturated inputs, vanishing gradients, dead units.
#
# **You need** a little NumPy and the idea of a derivative: the slope of a curve at a point (chapter 0). From
# chapter 1 you need the dense layer, `x @ W + b`. If you did not write it, you can use the course's.
#
# **Time** About three and a half hours, in four sittings. There are 14 exercises (29 points) and
# 3 written answers (15 points).

# %% [markdown]
# Run the cell below first (Shift + Enter), and again whenever you come back to this notebook. It is all that you need
# to go on anywhere. What you passed another day is ready again, and `mine.sigmoid` means your own `sigmoid`, or the
# course's as long as yours does not pass.

# %%
import matplotlib.pyplot as plt
import numpy as np

from byhand import begin, check, data, explore, hint, mine, progress, solution, try_it

begin("02_activations")
np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
flowers = data.iris()
X = flowers.features - flowers.features.mean(axis=0)
X = X / X.std(axis=0)  # (150, 4), on one scale


def bends():
    """The four bends, yours where they pass: name, function, slope, color and style of its line."""
    yield "sigmoid", mine.sigmoid, mine.sigmoid_derivative, BLUE, "-"
    yield "tanh", mine.tanh, mine.tanh_derivative, VERMILLION, "--"
    yield "ReLU", mine.relu, mine.relu_derivative, GREEN, "-."
    yield "leaky ReLU", mine.leaky_relu, mine.leaky_relu_derivative, PURPLE, ":"


# %% [markdown]
# ## 1. Two layers that are only one
#
# A dense layer takes a row of numbers $x$ and gives $xW + b$. In chapter 1 one such layer was not enough for XOR.
# So let us take two, one after the other, or twenty.
#
# *Before you run the next cell: do you expect that two layers can do more than one?*

# %% tags=["demo"]
rng = np.random.default_rng(0)
x = rng.normal(size=(4, 3))  # 4 samples with 3 numbers each
W1, b1 = rng.normal(size=(3, 5)), rng.normal(size=5)
W2, b2 = rng.normal(size=(5, 2)), rng.normal(size=2)

hidden, _ = mine.dense_forward(x, W1, b1)
two_layers, _ = mine.dense_forward(hidden, W2, b2)

W, b = W1 @ W2, b1 @ W2 + b2  # ONE layer, made from the numbers of both
one_layer, _ = mine.dense_forward(x, W, b)

print("two layers:\n", two_layers)
print("one layer:\n", one_layer)
print("largest difference:", np.abs(two_layers - one_layer).max())

# %% [markdown]
# The same numbers. (A difference of about $10^{-15}$ is only rounding: computers keep about 16 digits.) It is no
# accident:
#
# $$(xW_1 + b_1)\,W_2 + b_2 \;=\; x\,\underbrace{(W_1 W_2)}_{W} + \underbrace{(b_1 W_2 + b_2)}_{b}$$
#
# The product of two matrices is one matrix. So two layers, or twenty, can do nothing that one layer cannot do.
# **Without a bend, depth adds nothing that a network could compute.**
#
# Now put a bend between the layers. The simplest one: make every negative number 0. The weights below are chosen
# by hand (they come from the book *Deep Learning* by Goodfellow, Bengio and Courville, section 6.1).

# %% tags=["demo"]
corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
xor = np.array([0, 1, 1, 0])

W1, b1 = np.array([[1, 1], [1, 1]]), np.array([0, -1])
W2, b2 = np.array([[1], [-2]]), np.array([0])

straight, _ = mine.dense_forward(corners, W1, b1)
bent = np.maximum(straight, 0)  # the bend: below 0 becomes 0

print("inputs   wanted   without the bend   with the bend")
without_bend, with_bend = straight @ W2 + b2, bent @ W2 + b2
for i in range(4):
    print(f"{corners[i]}    {xor[i]}           {without_bend[i, 0]:2d}                 {with_bend[i, 0]}")

# %% tags=["demo"]
corners, xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
straight, _ = mine.dense_forward(corners, np.array([[1, 1], [1, 1]]), np.array([0, -1]))
bent = np.maximum(straight, 0)

figure, axes = plt.subplots(1, 2, figsize=(8, 3.6), sharex=True, sharey=True, layout="constrained")
pictures = (axes[0], straight, "hidden layer, no bend"), (axes[1], bent, "hidden layer, after the bend")
for axis, points, title in pictures:
    for answer, color, marker in ((0, BLUE, "o"), (1, VERMILLION, "s")):
        axis.plot(*points[xor == answer].T, marker, color=color, markersize=11, label=f"XOR is {answer}")
    axis.set(title=title, xlabel="hidden number 1", ylabel="hidden number 2")
    axis.set(xlim=(-0.4, 2.6), ylim=(-1.4, 1.6))
    axis.grid(alpha=0.3)
first = np.array([-0.4, 2.6])
axes[1].plot(first, (first - 0.5) / 2, "k--", label="one straight line separates them")
axes[1].legend(loc="lower right", fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* The inputs (0, 1) and (1, 0) fall on the same point, so you see three marks. On the left the
# three points lie on one line, with the square in the middle: no straight line separates it from the circles. On
# the right, the bend has lifted one circle from −1 to 0. Now a line separates them, and a line is what the second
# layer can draw.
#
# ### Many bends draw a curve
#
# One bend makes one corner. What can many do? The next cell builds a network with one hidden layer and places its
# corners on a sine curve. Nothing is trained: the weights are computed from the slopes between the corners.


# %% tags=["demo"]
def broken_line(x, count):
    """A one-hidden-layer network whose output follows sin(x) from 0 to 2π with `count` hidden units."""
    corner = np.linspace(0, 2 * np.pi, count + 1)
    slope = np.diff(np.sin(corner)) / np.diff(corner)
    hidden = np.maximum(x[:, None] - corner[:-1], 0)  # first layer: weights 1, biases -corner; then the bend
    return hidden @ np.diff(slope, prepend=0)  # second layer: how much the slope changes at each corner


x = np.linspace(0, 2 * np.pi, 500)
figure, axes = plt.subplots(1, 3, figsize=(10, 2.8), sharey=True, layout="constrained")
for axis, count in zip(axes, (3, 6, 24), strict=True):
    axis.plot(x, np.sin(x), color=BLUE, label="sin(x)")
    axis.plot(x, broken_line(x, count), "--", color=VERMILLION, label=f"{count} hidden units")
    axis.set(xlabel="x", title=f"largest error {np.abs(broken_line(x, count) - np.sin(x)).max():.3f}")
    axis.legend(fontsize=8)
axes[0].set_ylabel("output")
plt.show()

# %% [markdown]
# *What to notice.* The more bends, the more closely the line follows the curve: the error in the titles falls. On an
# interval, a network with one hidden layer and enough bends can follow any continuous curve as closely as you
# like. This is the **universal approximation theorem** (Cybenko 1989; for almost any bend: Leshno and others
# 1993). It says that good weights exist. It does not say how to find them: that is what learning is for.
#
# So a bend is needed. Which one? For the rest of this chapter we call the number that comes *into* the activation
# $z$ or $x$, and what comes out of it its **activation** $a$.

# %% [markdown]
# ## 2. Sigmoid, the soft step
#
# The neuron of chapter 1 used a step: 0 below zero, 1 above. A step is a bend, but a bad one for learning. It is
# flat on both sides of its jump: if you change a weight a little, the output almost never changes at all, and so
# nothing tells you whether the change was good. We want a *soft* step, where a small change of the input makes a
# small change of the output:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# It is called **sigmoid**, "shaped like an S". For a large positive $x$, $e^{-x}$ is almost 0, and $\sigma(x)$
# almost 1. For a large negative $x$, $e^{-x}$ is huge, and $\sigma(x)$ almost 0. And $\sigma(0)$ is 1/2: do you
# see why?
#
# Before the check judges you, you may look at what your function gives: `try_it(sigmoid, [0.0, 1000.0])`, in a cell of
# your own.
#
# ### Exercise: `sigmoid` (2 points)


# %% nbgrader={"grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(x):
    """σ(x) = 1 / (1 + e⁻ˣ), element by element.

    x: array of any shape. Returns an array of the same shape.
    Must be right for x = -1000 and x = 1000 too.

    >>> sigmoid(np.array([0.0, 1.0]))
    array([0.5   , 0.7311])
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))  # between 0 and 1, so it cannot overflow
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.exp` works on a whole array at once, so the formula can be written almost as it stands. Mind the brackets:
# everything below the fraction bar belongs together. And which sign has the exponent?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# $e^{-x}$ is `np.exp(-x)`. Divide 1 by the whole denominator, `(1 + ...)`, with its brackets: that passes, with a warning
# for large numbers. To have no warning, compute `e = np.exp(-np.abs(x))` once; `np.where(x >= 0, ..., ...)` then chooses
# between two fractions made of `e`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-sigmoid", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(sigmoid)

# %% tags=["demo"]
x = np.linspace(-6, 6, 400)
plt.figure(figsize=(6, 3.2))
plt.plot(x, mine.step(x), color="gray", linestyle=":", label="step(x)")
plt.plot(x, mine.sigmoid(x), color=BLUE, label="σ(x)")
plt.plot(x, mine.sigmoid(10 * x), "--", color=VERMILLION, label="σ(10x)")
plt.xlabel("x")
plt.ylabel("activation")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* The sigmoid is a step with a soft edge. If the weights before it are ten times as large, the
# edge is ten times as sharp: the dashed curve is almost the step again.
#
# ### When the formula meets a computer
#
# Did your check show a warning, *overflow encountered in exp*? NumPy's usual numbers (float64) go up to about
# $1.8 \cdot 10^{308}$. Anything larger becomes `inf`, infinity. Let us see where that does harm and where it does
# not. (NumPy's warnings are switched off here, to look at the numbers alone.)

# %% tags=["demo"]
with np.errstate(all="ignore"):
    print("e^709          =", np.exp(709.0))
    print("e^710          =", np.exp(710.0))
    print("σ(-1000) as 1 / (1 + e^1000)          =", 1 / (1 + np.exp(1000.0)))
    print("σ( 1000) as e^1000 / (1 + e^1000)     =", np.exp(1000.0) / (1 + np.exp(1000.0)))

# %% [markdown]
# One divided by infinity is 0, the right answer: this overflow heals itself, so you pass the check with a
# warning. Infinity divided by infinity has no value: `nan`, "not a number". One `nan` in a network spreads to
# every number that is computed from it. Remember the two cases: you will meet the second one again in this
# chapter, twice.
#
# (Do you want to get rid of the warning too? $\sigma(x) = \frac{e^x}{e^x + 1}$ says the same. Use the one formula
# where $x \ge 0$, the other where $x < 0$: then you only ever need $e^{-|x|}$, which is never above 1.)

# %% [markdown]
# ## 3. Why the slope matters
#
# How will a network learn? It changes a weight a little and wants the output to move in the right direction. How
# far does the output move?

# %% tags=["demo"]
nudge = 0.01
print("   x     σ(x)       the output moves by")
for x in (0.0, 2.0, 4.0, 8.0, 16.0):
    print(f"{x:5.1f}   {mine.sigmoid(x):.6f}   {mine.sigmoid(x + nudge) - mine.sigmoid(x):.12f}")

# %% [markdown]
# The same nudge of the input moves the output by 0.0025 at $x = 0$, and by almost nothing at $x = 8$. What
# decides it is the **slope** of the activation, its derivative. In chapter 3 you will see the rule: on its way
# back through the network, the message "the error grows in this direction" is *multiplied* by the slope of every
# activation that it passes. This message is called the **gradient**. Where the slope is 0, nothing gets through.
#
# The slope of the sigmoid has a beautiful form. It can be computed from the sigmoid itself:
#
# $$\sigma'(x) = \sigma(x)\,\bigl(1 - \sigma(x)\bigr)$$
#
# ### Exercise: `sigmoid_derivative` (2 points)


# %% nbgrader={"grade": false, "grade_id": "sigmoid_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_derivative(x):
    """σ′(x), the slope of the sigmoid at x, element by element.

    x: array of any shape, the INPUT of the sigmoid. Returns an array of the same shape.

    >>> sigmoid_derivative(np.array([0.0, 2.0]))
    array([0.25 , 0.105])
    """
    ### BEGIN SOLUTION
    s = sigmoid(x)
    return s * (1 - s)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Call your own `sigmoid` once, keep its result in a variable, and use the variable twice. (So `sigmoid` must pass its
# check first.)
#
# </details>
#
# <details><summary>Second hint</summary>
#
# With `s = sigmoid(x)` the formula is a product of two factors: `s`, and what is missing from `s` to 1.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-sigmoid_derivative", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(sigmoid_derivative)

# %% [markdown]
# Never believe a derivative that you did not measure. A slope is "rise divided by run" over a very small run $h$.
# The next cell compares the formula with the measurement.

# %% tags=["demo"]
h = 1e-5
x = np.array([-4.0, -1.0, 0.0, 1.0, 4.0])
print("formula: ", mine.sigmoid_derivative(x))
print("measured:", (mine.sigmoid(x + h) - mine.sigmoid(x - h)) / (2 * h))

x = np.linspace(-8, 8, 400)
figure, axes = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
axes[0].plot(x, mine.sigmoid(x), color=BLUE)
axes[0].set(xlabel="x", ylabel="σ(x)", title="the function")
axes[1].plot(x, mine.sigmoid_derivative(x), color=BLUE)
axes[1].axhline(0.25, color="gray", linestyle=":")
axes[1].set(xlabel="x", ylabel="σ′(x)", title="its slope", ylim=(0, 0.3))
plt.show()

# %% [markdown]
# *What to notice.* The slope is largest in the middle, and even there it is only 1/4 (the dotted line). To both
# sides it falls to 0: the function is flat there. We say that the sigmoid **saturates**.
#
# ### Written: where the formula comes from (4 points)
#
# Derive $\sigma'(x) = \sigma(x)\,(1 - \sigma(x))$ from $\sigma(x) = \frac{1}{1 + e^{-x}}$. Name the rule that you
# use in each step. Then show that $\sigma'(x)$ is never larger than 1/4, and say at which $x$ it is 1/4.
#
# Double-click the cell below and write there. Formulas go between dollar signs, `$\sigma(x)$`; plain text such as
# `s(x) = 1 / (1 + e^(-x))` is fine too.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-sigmoid-slope", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# Write $\sigma(x) = u^{-1}$ with $u = 1 + e^{-x}$.
#
# 1. Power rule: $\frac{d}{du}u^{-1} = -u^{-2}$. Derivative of the inner part: $\frac{du}{dx} = -e^{-x}$.
# 2. Chain rule: $\sigma'(x) = -u^{-2} \cdot (-e^{-x}) = \dfrac{e^{-x}}{(1 + e^{-x})^2}$.
# 3. Split the fraction: $\sigma'(x) = \dfrac{1}{1 + e^{-x}} \cdot \dfrac{e^{-x}}{1 + e^{-x}}$. The first factor
#    is $\sigma(x)$. The second is $\dfrac{(1 + e^{-x}) - 1}{1 + e^{-x}} = 1 - \sigma(x)$. So
#    $\sigma'(x) = \sigma(x)(1 - \sigma(x))$.
# 4. With $s = \sigma(x)$: $s(1 - s) = \frac14 - \left(s - \frac12\right)^2$. A square is never negative, so this
#    is at most $\frac14$, and it is $\frac14$ exactly where $s = \frac12$, that is at $x = 0$.
#
# === BEGIN MARK SCHEME ===
#
# - 1 point: the chain rule (or the quotient rule) is applied and named; both minus signs are there.
# - 1 point: reaches $e^{-x} / (1 + e^{-x})^2$.
# - 1 point: turns it into $\sigma(1 - \sigma)$, with the step that shows $e^{-x}/(1 + e^{-x}) = 1 - \sigma$.
# - 1 point: shows that $s(1 - s) \le 1/4$ (completed square, or derivative set to 0, or a parabola with its top
#   at 1/2) and names $x = 0$. Only "one sees it in the plot": no point.
#
# === END MARK SCHEME ===

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 4. tanh: a sigmoid around zero
#
# What the sigmoid gives is always positive. Is that bad? Look at the next layer. As you will see in chapter 3,
# the gradient of a weight is *(the number that came into it) × (the error of its neuron)*. The next cell computes
# it for the six weights of one neuron, for one sample.

# %% tags=["demo"]
rng = np.random.default_rng(1)
z = rng.normal(size=6)  # what comes into six activations
error = -0.8  # the error of one neuron of the next layer

print("sigmoid gives  ", mine.sigmoid(z))
print("weight gradient", mine.sigmoid(z) * error)
print()
print("tanh gives     ", np.tanh(z))
print("weight gradient", np.tanh(z) * error)
print()
z = rng.normal(size=10_000)
print(f"mean of 10,000 activations: sigmoid {mine.sigmoid(z).mean():.2f}, tanh {np.tanh(z).mean():.2f}")

# %% [markdown]
# After a sigmoid the six gradients all have the same sign: all six weights must grow, or all must shrink. If some
# should grow and others shrink, learning has to go in a zigzag. A function that is centered on 0 does not have
# this problem. This is the **hyperbolic tangent**:
#
# $$\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}} = 2\,\sigma(2x) - 1$$
#
# The second form says what it is: a sigmoid that is squeezed to half its width ($2x$), stretched to double its
# height ($2\sigma$), and moved down by 1. It runs from −1 to 1.
#
# Which form should you program? Try the first one at 1000:

# %% tags=["demo"]
with np.errstate(all="ignore"):
    x = np.array([1.0, 10.0, 1000.0])
    print((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))

# %% [markdown]
# Infinity divided by infinity: the second kind of overflow, the one that does not heal.
#
# ### Exercise: `tanh` (2 points)
#
# Write it with your `sigmoid`. (NumPy has `np.tanh`. It passes the check too; from here on you will know what is
# in it.)


# %% nbgrader={"grade": false, "grade_id": "tanh", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh(x):
    """tanh(x) = 2σ(2x) − 1, element by element.

    x: array of any shape. Returns an array of the same shape.
    Must be right for x = -1000 and x = 1000 too.

    >>> tanh(np.array([0.0, 1.0]))
    array([0.    , 0.7616])
    """
    ### BEGIN SOLUTION
    return 2 * sigmoid(2 * x) - 1
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# There are two 2s in $2\,\sigma(2x) - 1$. One is inside the brackets of `sigmoid`, the other is in front of it.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `2 * sigmoid(...) - 1`: what goes into the brackets is not `x`, but twice as much.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-tanh", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(tanh)

# %% [markdown]
# Its slope, too, can be computed from the function itself:
#
# $$\tanh'(x) = 1 - \tanh^2(x)$$
#
# where $\tanh^2(x)$ means $\bigl(\tanh(x)\bigr)^2$. *Before you program it: what is the slope at $x = 0$? How
# does that compare with the sigmoid's 1/4?*
#
# ### Exercise: `tanh_derivative` (2 points)


# %% nbgrader={"grade": false, "grade_id": "tanh_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_derivative(x):
    """tanh′(x), the slope of tanh at x, element by element.

    x: array of any shape, the INPUT of tanh. Returns an array of the same shape.

    >>> tanh_derivative(np.array([0.0, 1.0]))
    array([1.  , 0.42])
    """
    ### BEGIN SOLUTION
    return 1 - tanh(x) ** 2
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# In Python a square is `** 2`. What is squared: `x`, or what tanh makes of it?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Take `tanh(x)` first, then its square, and subtract that from 1.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-tanh_derivative", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(tanh_derivative)

# %% [markdown]
# ## 5. ReLU: the simplest bend
#
# Sigmoid and tanh are flat on both sides. Is there a bend that is flat on one side only? You have used one
# already, in section 1:
#
# $$\mathrm{ReLU}(x) = \max(x, 0)$$
#
# The name is short for *rectified linear unit*. A positive number passes unchanged. A negative number becomes 0.
# It is the usual first choice for hidden layers.
#
# ### Exercise: `relu` (1 point)


# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(x):
    """max(x, 0), element by element.

    x: array of any shape. Returns a NEW array of the same shape: x itself must not change.

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.max` and `np.maximum` are two different functions. `np.max(a)` finds the largest number of one array.
# `np.maximum(a, b)` compares two arrays place by place, and `b` may be a single number.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Compare each number with 0 and keep the larger one: `np.maximum(x, ...)`. It makes a new array, so x stays as it is.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-relu", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(relu)

# %% [markdown]
# And its slope? Right of 0 the curve is the line $y = x$. Left of 0 it is flat. At exactly 0 there is a corner,
# and a corner has no slope. A program must return something there; we return **0**, as PyTorch does.
#
# ### Exercise: `relu_derivative` (1 point)


# %% nbgrader={"grade": false, "grade_id": "relu_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_derivative(x):
    """The slope of ReLU at x, element by element; 0 at exactly 0.

    x: array of any shape, the INPUT of ReLU. Returns an array of the same shape.

    >>> relu_derivative(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 1.])
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, 1.0, 0.0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two cases, decided for each number: 1 to the right of 0, otherwise 0. On which side of your comparison does exactly 0
# lie?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.where(condition, a, b)` takes `a` where the condition is true, and `b` elsewhere. The condition is `x > 0`; write
# 1.0 and 0.0, with a point.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-relu_derivative", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(relu_derivative)

# %% [markdown]
# ### Written: the corner (3 points)
#
# The derivative of $f$ at $x$ is the limit of $\dfrac{f(x + h) - f(x)}{h}$ when $h$ goes to 0.
#
# Use this definition to derive the slope of ReLU (a) for $x > 0$, (b) for $x < 0$. Then (c) show that there is no
# derivative at $x = 0$: what does the fraction give for a small positive $h$, and what for a small negative $h$?
# Does it matter much in practice which number we return at 0?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-relu-slope", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# (a) For $x > 0$ and a small enough $h$, $x + h$ is positive too. The fraction is $\frac{(x + h) - x}{h} = 1$,
# for every such $h$, so the limit is 1.
#
# (b) For $x < 0$ and a small enough $h$, $x + h$ is negative too. The fraction is $\frac{0 - 0}{h} = 0$, so the
# limit is 0.
#
# (c) At $x = 0$, for $h > 0$ the fraction is $\frac{h - 0}{h} = 1$. For $h < 0$ it is $\frac{0 - 0}{h} = 0$. The
# two sides have different limits, so there is no single limit, and no derivative. Any number from 0 to 1 is a
# reasonable choice (a *subgradient*); we take 0. In practice it rarely matters, because an input is hardly ever
# exactly 0.
#
# === BEGIN MARK SCHEME ===
#
# - 1 point: (a) and (b) from the definition, with the remark that $h$ must be small enough to stay on the same
#   side. Only the results 1 and 0, without the fraction: no point.
# - 1 point: (c) both one-sided limits, 1 and 0, and the conclusion that they differ.
# - 1 point: says that any choice (from 0 to 1) will do and that it rarely matters, because inputs are almost
#   never exactly 0.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## 6. Leaky ReLU: never quite flat
#
# Left of 0, the slope of ReLU is exactly 0. No gradient at all comes through there. You will soon measure what
# this can cost. The remedy is simple: give the left side a small slope $\alpha$ (alpha), usually 0.01.
#
# $$\mathrm{LeakyReLU}(x) = \begin{cases} x & \text{if } x > 0 \\ \alpha x & \text{otherwise} \end{cases}$$
#
# ### Exercise: `leaky_relu` (2 points)


# %% nbgrader={"grade": false, "grade_id": "leaky_relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu(x, alpha=0.01):
    """x where x > 0, and alpha · x elsewhere.

    x: array of any shape. alpha: a number, the slope on the left. Returns an array of the same shape.

    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]), alpha=0.1)
    array([-0.2,  0. ,  3. ])
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, x, alpha * x)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.where` again. Its second and third argument may be arrays: it takes the numbers from the one or from the other.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.where(x > 0, ..., ...)`: in the first place stands what comes out on the right of 0, `x` itself; in the second
# what comes out on the left, `x` made smaller by alpha.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-leaky_relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(leaky_relu)

# %% [markdown]
# ### Exercise: `leaky_relu_derivative` (2 points)
#
# At exactly 0 take the slope on the left, alpha (as PyTorch does).


# %% nbgrader={"grade": false, "grade_id": "leaky_relu_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_relu_derivative(x, alpha=0.01):
    """The slope of leaky ReLU at x: 1 where x > 0, and alpha elsewhere.

    x: array of any shape, the INPUT of leaky ReLU. Returns an array of the same shape.

    >>> leaky_relu_derivative(np.array([-2.0, 0.0, 3.0]), alpha=0.1)
    array([0.1, 0.1, 1. ])
    """
    ### BEGIN SOLUTION
    return np.where(x > 0, 1.0, alpha)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The slope of the line $y = \alpha x$ does not depend on $x$. What is it? And the slope of $y = x$?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# It is your `relu_derivative` with another number on the left: alpha in place of 0.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-leaky_relu_derivative", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(leaky_relu_derivative)

# %% [markdown]
# You have four bends now. Here they are beside each other, with their slopes.

# %% tags=["demo"]
x = np.linspace(-4, 4, 401)
figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for name, function, slope, color, style in bends():
    leak = {"alpha": 0.1} if name == "leaky ReLU" else {}  # more than usual, so that you can see it
    axes[0].plot(x, function(x, **leak), style, color=color, label=name)
    axes[1].plot(x, slope(x, **leak), style, color=color, label=name)
axes[0].set(xlabel="x", ylabel="activation", title="the bends", ylim=(-1.2, 2.2))
axes[1].set(xlabel="x", ylabel="slope", title="their slopes", ylim=(-0.1, 1.2))
axes[0].legend()
plt.show()

# %% [markdown]
# *What to notice.* Look at the right picture. The sigmoid's slope is low everywhere. The slope of tanh reaches 1,
# but only near 0. Right of 0, ReLU's slope is 1 however large $x$ is. Left of 0, ReLU's slope is 0, and leaky
# ReLU's is alpha (0.1 in this picture, so that you can see it).
#
# ### Explore: where does the gradient die?
#
# The picture draws your own functions. On the left: a bend, its slope, and the input $z$ that you choose. On the
# right: a gradient of 1 that passes many layers, and is multiplied by that slope at each of them. Predict first, then
# move the sliders.
#
# 1. Sigmoid: move $z$ from 0 to 6. From which $z$ on is the slope so small that the picture calls it saturated?
# 2. Put $z$ at 0. What is left after 10 layers of sigmoid, and what after 10 layers of tanh?
# 3. Which of the three keeps the whole gradient at depth 20 for *many* values of $z$, and for which? When does this one
#    lose everything?

# %% tags=["demo"]
explore.saturation(
    mine.sigmoid, mine.sigmoid_derivative, mine.tanh, mine.tanh_derivative, mine.relu, mine.relu_derivative
)

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 7. The first price: saturation
#
# An input is **saturated** if the activation is almost flat there: if the size of its derivative is below a
# threshold that we choose, say 0.01. How much of a layer is saturated?
#
# ### Exercise: `saturated_fraction` (2 points)


# %% nbgrader={"grade": false, "grade_id": "saturated_fraction", "locked": false, "schema_version": 3, "solution": true, "task": false}
def saturated_fraction(z, activation_derivative, threshold):
    """The fraction of the entries of z where |activation_derivative(z)| < threshold.

    z: array of any shape, the inputs of an activation function.
    activation_derivative: a function, such as sigmoid_derivative; it takes an array and gives one.
    Returns a number from 0 (none) to 1 (all).

    >>> print(saturated_fraction(np.array([-9.0, 0.0, 1.0, 9.0]), sigmoid_derivative, 0.01))
    0.5
    """
    ### BEGIN SOLUTION
    return np.mean(np.abs(activation_derivative(z)) < threshold)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# A comparison such as `a < 3` gives an array of True and False. For NumPy, True counts as 1 and False as 0. So what is
# the mean of such an array?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Three steps: `activation_derivative(z)`, its size without the sign, `np.abs`, and the mean of the comparison with the
# threshold. (Not every activation only rises: a sine has been used as one too. So the size matters.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-saturated_fraction", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(saturated_fraction)

# %% [markdown]
# Real data now: 150 iris flowers, four measurements each (standardized: mean 0, standard deviation 1). We send them through a
# layer of 100 neurons. Its weights are drawn by chance, and multiplied by a *scale*. *Guess: what happens to the
# saturated fraction when the scale grows?*

# %% tags=["demo"]
W = np.random.default_rng(0).normal(size=(4, 100))

print("scale  " + "".join(f"{name:>12}" for name, *_ in bends()))
for scale in (0.1, 1, 5, 20):
    fractions = [mine.saturated_fraction(scale * X @ W, slope, 0.01) for _, _, slope, *_ in bends()]
    print(f"{scale:5}  " + "".join(f"{fraction:12.2f}" for fraction in fractions))

# %% [markdown]
# *What to notice.* With large weights, sigmoid and tanh saturate almost everywhere: most of the layer cannot
# learn, because no gradient comes through. For ReLU it is one half, whatever the scale: the negative half. Leaky
# ReLU's slope is never *below* 0.01, so it never counts as saturated.
#
# This is one reason why networks start with small weights, and why we standardize data: inputs in the thousands
# work like weights in the thousands.

# %% [markdown]
# ## 8. The second price: the vanishing gradient
#
# A gradient that travels back through many layers is multiplied by a slope at each of them. Suppose that every
# layer has the same input $z$, and leave the weights aside (say they are 1). What is left of a gradient of 1?
#
# With three layers it is $f'(z) \cdot f'(z) \cdot f'(z)$.
#
# ### Exercise: `gradient_after` (2 points)


# %% nbgrader={"grade": false, "grade_id": "gradient_after", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_after(depth, derivative, z):
    """What is left of a gradient of 1 after `depth` layers that all have the input z: a product of `depth` slopes.

    depth: int, 1 or more. derivative: a function, such as sigmoid_derivative. z: array of any shape.
    Returns an array of the shape of z.

    >>> gradient_after(2, sigmoid_derivative, np.array([0.0]))
    array([0.0625])
    """
    ### BEGIN SOLUTION
    return derivative(z) ** depth
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# A product of equal factors is a power. A loop that multiplies is just as good.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Call `derivative(z)` once: that is one factor. `a ** n` is the product of n factors `a`, also for arrays.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-gradient_after", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(gradient_after)

# %% [markdown]
# Now you can compute what you saw in the picture. *Guess first: the sigmoid's slope is at most 1/4. After 10
# layers one millionth is left, in the best case. How much after 20?*

# %% tags=["demo"]
print("                  1 layer      10 layers    20 layers")
slopes = {name: slope for name, _, slope, *_ in bends()}
for name, z in (("sigmoid", 0), ("sigmoid", 2), ("tanh", 0), ("tanh", 1), ("ReLU", 1), ("ReLU", -1)):
    left = [mine.gradient_after(depth, slopes[name], np.array([float(z)]))[0] for depth in (1, 10, 20)]
    print(f"{name:>8} at z = {z:2}   " + "   ".join(f"{value:.2e}" for value in left))

# %% [markdown]
# (`9.54e-07` means $9.54 \cdot 10^{-7}$, about one millionth.)
#
# The sigmoid, *in its best case*, leaves a millionth after 10 layers and a millionth of a millionth after 20. The
# first layers of such a network hear almost nothing of the error. This is the **vanishing gradient**. It kept
# deep networks from learning for many years. tanh does better, but only close to 0. ReLU is all or nothing.
#
# "All the same $z$, weights of 1" was a simplification. Is it as bad in a real network? The next cell sends data
# forward through 20 layers with random weights, and a gradient back. You will write this yourself in chapter 3;
# here, only look for the line in which the slope is multiplied in.

# %% tags=["demo"]
plt.figure(figsize=(7, 3.6))
for name, function, slope, color, style in list(bends())[:3]:
    rng = np.random.default_rng(2)
    spread = np.sqrt((2 if name == "ReLU" else 1) / 64)  # the usual size of first weights; chapter 3 says why
    weights = [rng.normal(0, spread, size=(64, 64)) for _ in range(20)]

    activation, inputs = rng.normal(size=(100, 64)), []
    for W in weights:  # forward
        inputs.append(activation @ W)
        activation = function(inputs[-1])

    gradient, sizes = rng.normal(size=(100, 64)), []
    for W, z in zip(reversed(weights), reversed(inputs), strict=True):  # and back
        gradient = gradient * slope(z)  # <- the slope of the bend
        sizes.append(np.sqrt(np.mean(gradient**2)))
        gradient = gradient @ W.T

    plt.semilogy(range(20, 0, -1), sizes, style, marker="o", markersize=4, color=color, label=name)
    print(f"{name:>8}: typical size of the gradient in layer 20 {sizes[0]:.1e}, in layer 1 {sizes[-1]:.1e}")

plt.xticks((1, 5, 10, 15, 20))
plt.xlabel("layer (the gradient comes in at the right)")
plt.ylabel("typical size of the gradient")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* The vertical axis counts in powers of ten. From right to left, the sigmoid loses about 12
# powers of ten on the way to layer 1. tanh loses a part. ReLU keeps most of it: half of its slopes are 0, but the
# weights (a little larger for ReLU) make up for it.

# %% [markdown]
# ## 9. The third price: dead units
#
# A ReLU unit (one neuron of a layer) gives 0 for some samples and a positive number for others. That is healthy.
# But if it gives 0 for *every* sample, its slope is 0 for every sample too. No gradient reaches its weights, so
# they never change again. We call such a unit **dead**.
#
# ### Exercise: `dead_units` (2 points)


# %% nbgrader={"grade": false, "grade_id": "dead_units", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dead_units(activations):
    """Which units give 0 for every sample.

    activations: array (N, units), what a layer gives: one row a sample, one column a unit. After a bend such as
    tanh some numbers are negative. Returns an array (units,) of True (dead) and False.

    >>> dead_units(np.array([[0.0, 2.0, 0.0],
    ...                      [0.0, 0.0, 1.0]]))
    array([ True, False, False])
    """
    ### BEGIN SOLUTION
    return np.all(activations == 0, axis=0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# One question for every number: is it 0? And one for each column: is the answer yes in *every* row? `np.all` and
# `np.any` both bring an array of True and False to fewer; which one means "every"?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `activations == 0` asks the first question. `np.all(..., axis=0)` asks the second one: the axis of the samples
# disappears, one answer for each unit is left.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-dead_units", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(dead_units)

# %% [markdown]
# How does a unit die? One learning step that is too large can throw its bias far below 0. The next cell does this
# on purpose: it takes the layer of 100 ReLU units on the iris flowers and lowers all biases. It counts the dead
# units, and then looks at the gradient that could lift the bias of a dead unit again (with an error of 1 for
# every sample, to keep it simple).

# %% tags=["demo"]
W = np.random.default_rng(0).normal(size=(4, 100))
print("                    gradient for the bias of a dead unit")
print("bias   dead units              ReLU        leaky ReLU")
for bias in (0, -2, -4, -6, -8):
    z = X @ W + bias
    dead = mine.dead_units(mine.relu(z))
    line = f"{bias:4}   {dead.sum():6} of 100"
    if dead.any():
        unit = np.flatnonzero(dead)[0]
        for slope in (mine.relu_derivative, mine.leaky_relu_derivative):
            line += f"{slope(z)[:, unit].sum():18.2f}"  # an error of 1 for each of the 150 samples
    print(line)

# %% [markdown]
# *What to notice.* The lower the bias, the more units are dead. The gradient for a dead ReLU unit is not small,
# it is exactly 0: its own weights and bias never change again. (Only a change in the layers before it could wake
# it up.) With leaky ReLU a little gets through: 150 samples × 0.01 = 1.5.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 10. Softmax: scores become probabilities
#
# The bends so far stand *between* layers. What stands at the end? Suppose that the last layer gives one **score**
# for each class: setosa 2.0, versicolor 1.0, virginica −1.0. We want probabilities: positive, with sum 1, and the
# larger score gets the larger probability. Two steps do it: make every score positive with $e^x$, then divide by
# the sum.
#
# $$\mathrm{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}$$
#
# For a batch there is one row of scores a sample. Each row becomes a distribution of its own. `axis=-1` means
# "along the last axis": within a row.
#
# Scores can be large. Try the formula as it stands:

# %% tags=["demo"]
with np.errstate(all="ignore"):
    for scores in (np.array([2.0, 1.0, -1.0]), np.array([1000.0, 999.0, 997.0])):
        e = np.exp(scores)
        print(scores, "→", e / e.sum())

# %% [markdown]
# `nan` again. But look at the two rows of scores: the second is the first plus 998. Does adding a number $c$ to
# all scores change the result?
#
# $$\frac{e^{x_i + c}}{\sum_j e^{x_j + c}} = \frac{e^c\,e^{x_i}}{e^c \sum_j e^{x_j}} = \frac{e^{x_i}}{\sum_j e^{x_j}}$$
#
# No. So we may choose $c$. *Which $c$ makes sure that nothing can overflow?*
#
# ### Exercise: `softmax` (3 points)


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(x, axis=-1):
    """Scores to probabilities along an axis: exp(xᵢ) divided by the sum of all exp(xⱼ).

    x: array of scores, such as (N, classes). axis: along which the results add up to 1.
    Returns an array of the same shape. Must be right for scores of ±1000 too.

    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    ### BEGIN SOLUTION
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))  # the largest becomes e⁰ = 1
    return e / np.sum(e, axis=axis, keepdims=True)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which number do you subtract? The largest score. Then the largest exponential is $e^0 = 1$, and the others lie between
# 0 and 1. Each row has its own largest score: along which axis do you look for it?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Does NumPy say "operands could not be broadcast together"? The sum along an axis has lost that axis: from shape (2, 3)
# you get (2,). With `keepdims=True` it keeps it with length 1, (2, 1), and NumPy can line up the rows: `np.sum(e,
# axis=axis, keepdims=True)`. The same goes for `np.max`.
#
# </details>

# %% tags=["demo"]
try_it(softmax, [[1.0, 2.0], [1000.0, 0.0]])  # look before the check judges

# %% nbgrader={"grade": true, "grade_id": "check-softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(softmax)

# %% [markdown]
# *A question on the side:* with two classes, is softmax something that you know already? The next cell compares
# it with a function of section 2.

# %% tags=["demo"]
a, b = 1.7, 0.4
print("softmax of (a, b):", mine.softmax(np.array([a, b])))
print("sigmoid of a - b :", mine.sigmoid(np.array([a - b])))

# %% [markdown]
# The sigmoid is the softmax of two classes. (Divide numerator and denominator of $\frac{e^a}{e^a + e^b}$ by $e^a$
# to see why.)
#
# ### Temperature
#
# Scores have a scale. If we divide them all by a number $T$, the **temperature**, before the softmax, the order
# of the classes stays. What changes?

# %% tags=["demo"]
explore.softmax_temperature(mine.softmax)

# %% [markdown]
# *What to notice.* Cold ($T$ small): nearly all the probability goes to the largest score. Hot ($T$ large): all
# classes become almost equally likely. Between them lies every degree of "sure". Later, when a network writes
# text, the temperature decides how often it takes an unlikely letter.
#
# ### The logarithm of a probability
#
# In chapter 3, the error of a classifier will be $-\log p$, where $p$ is the probability that it gave to the
# right class. So you will need the logarithm of a softmax. Just `np.log(softmax(x))`?

# %% tags=["demo"]
with np.errstate(all="ignore"):
    print("log of the softmax:", np.log(mine.softmax(np.array([0.0, 1000.0]))))

# %% [markdown]
# The probability of the first class is $e^{-1000}$. It is not 0, but it is too small for a computer, which makes
# it 0. This is called **underflow**. And $\log 0$ is $-\infty$: an infinite error, although the true value is
# simply −1000.
#
# The way out is to take the logarithm on paper, *before* anything is computed:
#
# $$\log \frac{e^{x_i}}{\sum_j e^{x_j}} = x_i - \log \sum_j e^{x_j}$$
#
# And shift the scores first, as before, so that no $e^{x_j}$ overflows.
#
# ### Exercise: `log_softmax` (3 points)


# %% nbgrader={"grade": false, "grade_id": "log_softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_softmax(x, axis=-1):
    """The logarithm of softmax along an axis, without computing softmax: xᵢ − log Σⱼ exp(xⱼ).

    x: array of scores, such as (N, classes). axis: as in softmax.
    Returns an array of the same shape. Must be right for scores of ±1000 too.

    >>> log_softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[   -0.6931,    -0.6931],
           [    0.    , -1000.    ]])
    """
    ### BEGIN SOLUTION
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# First line: the shifted scores, with the largest at 0, as in your softmax. Second line: the formula, with the shifted
# scores in *both* places where it says $x$.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `shifted - np.log(...)`, and within the brackets the sum of `np.exp(shifted)`, along the same axis and with
# `keepdims=True`. No softmax is computed anywhere.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-log_softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(log_softmax)

# %% [markdown]
# ## 11. Put together: a deep network of your own
#
# A dense layer, and a bend. A **deep** network is the same thing again and again: what one layer gives goes into the
# next. With $f$ for the bend:
#
# $$a_1 = f(x\,W_1 + b_1) \qquad a_2 = f(a_1 W_2 + b_2) \qquad a_3 = f(a_2 W_3 + b_3) \qquad \dots$$
#
# Write it for any number of layers. For the dense layer take your own from chapter 1, `mine.dense_forward`. Return what
# *every* layer gives, and not only the last one: then you can look inside.
#
# ### Exercise: `deep_forward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "deep_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_forward(x, weights, biases, activation):
    """What each layer of a deep network gives, after its bend.

    x: array (N, D). weights: a list of arrays (inputs, units), one for each layer. biases: a list of arrays (units,).
    activation: a function, such as tanh. Every layer has it, the last one too.
    Returns a list of arrays (N, units), one for each layer, in their order. x itself is not among them.

    >>> W, b = [np.eye(2), np.ones((2, 1))], [np.zeros(2), np.array([0.5])]
    >>> [a.tolist() for a in deep_forward(np.array([[1.0, -2.0]]), W, b, relu)]
    [[[1.0, 0.0]], [[1.5]]]
    """
    ### BEGIN SOLUTION
    activations = []
    for W, b in zip(weights, biases, strict=True):
        z, _ = mine.dense_forward(x, W, b)
        x = activation(z)
        activations.append(x)
    return activations
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Do two layers by hand first: `a1 = ...`, then `a2 = ...` from `a1`. Which name changes from line to line? In a loop,
# one variable holds what comes into the next layer, and a list collects it.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Begin with an empty list. In `for W, b in zip(weights, biases):` take the dense layer of what comes in (it returns two
# things: `z, _ = mine.dense_forward(x, W, b)`), call `activation` on `z`, append that to the list, and let `x` be it
# from now on.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-deep_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(deep_forward)

# %% [markdown]
# Section 8 showed the vanishing gradient from behind. With your own network you can see it from the front: move the
# input a little, and measure in each layer how much of the move is still felt. *Guess: which bend passes it on best?*

# %% tags=["demo"]
LAYERS, UNITS, NUDGE = 12, 64, 1e-3


def size(a):
    return np.sqrt(np.mean(a**2))


plt.figure(figsize=(7, 3.6))
for name, function, _, color, style in list(bends())[:3]:
    rng = np.random.default_rng(2)
    spread = np.sqrt((2 if name == "ReLU" else 1) / UNITS)  # as in section 8
    weights = [rng.normal(0, spread, size=(UNITS, UNITS)) for _ in range(LAYERS)]
    biases = [np.zeros(UNITS)] * LAYERS
    x = rng.normal(size=(100, UNITS))
    move = NUDGE * rng.normal(size=x.shape)

    here = mine.deep_forward(x, weights, biases, function)
    there = mine.deep_forward(x + move, weights, biases, function)
    felt = [size(b - a) / size(move) for a, b in zip(here, there, strict=True)]
    plt.semilogy(range(1, LAYERS + 1), felt, style, marker="o", markersize=4, color=color, label=name)
    print(f"{name:>8}: felt in layer 1 {felt[0]:.1e}, in layer {LAYERS} {felt[-1]:.1e} of the move")

plt.xticks(range(1, LAYERS + 1))
plt.xlabel("layer (the input comes in at the left)")
plt.ylabel("how much of the move is felt")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* The same product of slopes, met from the other side. In the sigmoid network each layer passes on about
# a quarter of a move, so after twelve layers almost nothing is left: to the last layer, all inputs look nearly alike.
# tanh and ReLU keep a good part.

# %% [markdown]
# ## 12. The same small network, three bends
#
# Now everything comes together. The next cell trains small networks to tell three species of iris apart, with 1
# and with 6 hidden layers, and each with sigmoid, tanh and ReLU. All else is the same: the data, the first
# weights, the learning rate.
#
# The way forward is your `deep_forward`. The way back is the subject of chapter 3. You need not understand all of it
# yet. But you know some of its lines: the slope of the bend, and the softmax.


# %% tags=["demo"]
LEARNING_RATE, STEPS = 0.1, 300  # change these for your own experiments
DEPTHS = (1, 6)


def train(function, slope, depth, width=16, learning_rate=0.1, steps=300, seed=0):
    """Train a network of `depth` hidden layers on the irises, and note what happens."""
    rng = np.random.default_rng(seed)
    sizes = [4, *[width] * depth, 3]
    weights = [rng.normal(0, np.sqrt(1 / sizes[i]), size=sizes[i : i + 2]) for i in range(depth + 1)]
    biases = [np.zeros(m) for m in sizes[1:]]
    wanted = np.eye(3)[flowers.labels]  # (150, 3): a 1 in the column of the right species
    notes = {"loss": [], "gradients": []}

    for _ in range(steps + 1):
        activations = [X, *mine.deep_forward(X, weights[:-1], biases[:-1], function)]  # your network
        layers = zip(activations, weights, biases, strict=True)
        # what comes into the bends: needed on the way back
        inputs = [mine.dense_forward(a, W, b)[0] for a, W, b in layers]
        scores = inputs[-1]  # the last layer has no bend, but a softmax
        notes["loss"].append(-np.mean(np.sum(wanted * mine.log_softmax(scores), axis=1)))

        error = (mine.softmax(scores) - wanted) / len(X)  # you will derive this in chapter 3
        gradients = []
        for layer in reversed(range(len(weights))):  # and back
            gradients.insert(0, activations[layer].T @ error)
            bias_gradient = error.sum(axis=0)
            if layer > 0:
                error = (error @ weights[layer].T) * slope(inputs[layer - 1])  # the slope of the bend
            weights[layer] = weights[layer] - learning_rate * gradients[0]
            biases[layer] = biases[layer] - learning_rate * bias_gradient
        notes["gradients"].append([np.abs(gradient).mean() for gradient in gradients])

    notes["right"] = np.mean(scores.argmax(axis=1) == flowers.labels)
    notes["saturated"] = mine.saturated_fraction(np.hstack(inputs[:-1]), slope, 0.01)
    notes["dead"] = mine.dead_units(np.hstack(activations[1:])).sum()
    return notes


figure, axes = plt.subplots(
    1, len(DEPTHS), figsize=(9, 3.4), sharey=True, squeeze=False, layout="constrained"
)
for depth, axis in zip(DEPTHS, axes[0], strict=True):
    print(f"{depth} hidden layer{'s' if depth > 1 else ''}")
    print("            loss at step 0, 30, the end   right   first/last gradient   saturated   dead units")
    for name, function, slope, color, style in list(bends())[:3]:
        notes = train(function, slope, depth, learning_rate=LEARNING_RATE, steps=STEPS)
        loss, (first, *_, last) = notes["loss"], notes["gradients"][0]
        print(
            f"{name:>8}       {loss[0]:.3f}   {loss[min(30, STEPS)]:.3f}   {loss[-1]:.3f}       {notes['right']:6.1%}"
            f"         {first / last:8.5f}        {notes['saturated']:6.1%}   {notes['dead']:4} of {16 * depth}"
        )
        axis.plot(loss, style, color=color, label=name)
    print()
    axis.axhline(np.log(3), color="gray", linewidth=0.8)
    axis.set(xlabel="step", title=f"{depth} hidden layer{'s' if depth > 1 else ''}")
axes[0, 0].set(ylabel="loss (smaller is better)", ylim=(0, 1.9))
axes[0, 0].legend()
plt.show()

# %% [markdown]
# How to read the table:
#
# - *loss*: the error, the mean of $-\log p$. A network that always says "one third each" has
#   $\log 3 \approx 1.099$, the thin gray line.
# - *right*: how many of the 150 flowers get their right species in the end. Guessing gives 33.3 %. Look at the
#   loss too: a network that gives 0.334 to one species and 0.333 to the others may be right by a very small
#   margin, without having learned much.
# - *first/last gradient*: the mean size of the gradient of the first layer's weights, divided by that of the last
#   layer's, before the first step. 1 means: the first layer hears as much as the last.
# - *saturated*: the fraction of inputs of hidden units whose slope is below 0.01, in the end.
# - *dead units*: hidden units that give 0 for all 150 flowers, in the end.
#
# ### Written: compare the three (8 points)
#
# Run the cell. Then change one thing in it and run it again: the depths, the learning rate (try 0.5, or 2), or the
# number of steps. Write about 300 words on these questions, **with numbers from your own runs**:
#
# 1. With one hidden layer: which activation learns fastest, and why does the slowest still learn?
# 2. With six: what happens to the sigmoid network? Explain it with the slope of the sigmoid and the column
#    *first/last gradient*. Is *saturation* the cause here?
# 3. What does ReLU pay for its speed? Does it harm this network?
# 4. What did you change, what did you expect, and what did you see?
# 5. Which activation would you take for a new network with six layers, and what would you watch while it trains?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-compare", "locked": false, "points": 8, "schema_version": 3, "solution": true, "task": false}
# *(A model answer. Yours has other numbers if you changed other things.)*
#
# With one hidden layer all three learn. ReLU and tanh are fastest: after 30 steps their losses are 0.445 and
# 0.375, the sigmoid's is 0.816; in the end 0.098, 0.099 and 0.296. The sigmoid still learns, because only one
# bend lies on the way: its slope of at most 1/4 makes the gradient of the first layer smaller (first/last is
# 0.21, for ReLU 0.65), but does not make it vanish.
#
# With six layers the sigmoid network learns nothing. Its loss stays at 1.099, which is log 3: it says "one third"
# for every flower. Six slopes of at most 1/4 multiply to at most $(1/4)^6 \approx 0.0002$, and indeed the first
# layer receives 0.0001 of what the last one receives. Saturation is *not* the cause: 0.0 % of the inputs are
# saturated. Even the steepest slope of the sigmoid is too small for six layers. tanh and ReLU have slopes of up
# to 1; their ratio is about 1, and they end at 0.041 and 0.036.
#
# ReLU pays with dead units: 11 of 96 never answer. Here it does no harm (99.3 % right); the other 85 are enough.
#
# I raised the learning rate to 2 and expected everything to be faster. With one layer it was: all end below 0.05.
# With six layers the ReLU network broke: 57 of 96 units are dead, the loss is 1.099, and 33.3 % are right, which
# is guessing. tanh broke too, in another way: 30.5 % saturated, loss 3.9. So a large step is dangerous for a deep
# network.
#
# For a new network with six layers I would take ReLU with a moderate learning rate, and watch the dead units and
# the gradient of the first layer. If many units die, I would lower the learning rate first, and then try leaky
# ReLU.
#
# === BEGIN MARK SCHEME ===
#
# - 1 point: one layer: ReLU and tanh are ahead of the sigmoid, with numbers; the sigmoid still learns because
#   only one small slope is on the way.
# - 1 point: six layers: the sigmoid network stays at a loss of about 1.099, recognized as guessing (log 3).
# - 1 point: explains it by a product of slopes of at most 1/4, and connects it with the measured first/last
#   gradient.
# - 1 point: says that saturation is not the cause here, from the column *saturated* (the slope is small even
#   where it is steepest).
# - 1 point: ReLU's price is dead units, with the count; judges whether they do harm (not at the given settings).
# - 2 points: an experiment of their own: 1 for what was changed and expected, 1 for what was seen, with numbers,
#   and an attempt to explain it. An unexpected result that is reported honestly earns both.
# - 1 point: a choice that follows from the measurements, and at least one sensible thing to watch.
#
# Numbers may differ a little from one computer to another. No numbers at all: at most 3 points.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## What you have learned
#
# - Without a bend, any number of layers is one layer. With enough bends, a network can follow any continuous curve on
#   an interval.
# - **Sigmoid** squeezes into (0, 1). Its slope is never above 1/4. **tanh** is centered on 0, with a slope of up
#   to 1. **ReLU** is simple, with a slope of 1 on the right and 0 on the left. **Leaky ReLU** is never quite
#   flat. **Softmax** turns scores into probabilities.
# - What is right on paper can be `nan` on a computer. A number divided by infinity is 0, which is often right;
#   infinity divided by infinity is not a number. Shift scores before you exponentiate; take logarithms on paper.
# - The prices: saturated inputs have almost no slope; a product of small slopes vanishes with depth; a dead ReLU
#   unit gets no gradient at all. You have written a meter for each.

# %% tags=["demo"]
progress("02_activations")

# %% [markdown]
# ### To read on
#
# - *Deep Learning*, Ian Goodfellow, Yoshua Bengio and Aaron Courville: section 6.1 (XOR), 6.3 (hidden units).
# - *Neural Networks and Deep Learning*, Michael Nielsen: chapter 4 (why networks can follow any function, with
#   pictures) and chapter 5 (the vanishing gradient).
# - *Understanding the difficulty of training deep feedforward neural networks*, Xavier Glorot and Yoshua Bengio
#   (2010): they measured saturation, layer by layer.
# - *Efficient BackProp*, Yann LeCun, Léon Bottou, Genevieve Orr and Klaus-Robert Müller (1998): why around 0.
# - *Rectified linear units improve restricted Boltzmann machines*, Vinod Nair and Geoffrey Hinton (2010): ReLU.
#
# ### Where to go next
#
# You know how a network answers, and what a slope lets through. **Chapter 3**, `03_backprop`, answers the question
# that is open: who is to blame for the error? There you will write the way back yourself.
