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
# # Chapter 3 · Who is to blame for the error?
#
# A network has thousands of numbers. It gives an answer, and the answer is wrong. Which of its numbers should change,
# in which direction, and by how much?
#
# For the last neuron this is easy to say. But a number in the first layer is far away from the answer: it works
# through neurons that work through other neurons. How can we know its part in what went wrong?
#
# The idea that answers this is called **backpropagation**: each part of the network tells the parts before it how the
# loss grows with what they gave, *backwards* from the end to the beginning. Every network in this course learns in
# this way, and so do the largest networks in the world. In this chapter you build it from nothing but NumPy, and then
# your network reads handwritten digits.
#
# **You will learn**
#
# - to measure how wrong an answer is, and which way it should move;
# - how a gradient passes through one calculation step, and so through any chain of steps (the chain rule, with numbers
#   first);
# - to find out whether a gradient is right, before you trust it;
# - to go back through one layer, two layers, any number of layers;
# - how to choose a network's first weights, and how to train it: XOR at last, and then digits.
#
# **You need** the dense layer (chapter 1), sigmoid, tanh, ReLU and softmax (chapter 2), and the idea of a slope
# (chapter 0). If you did not write them, the course's stand in.
#
# **Time** About eight hours. This is the longest chapter, and the heart of the course. Take it in eight sittings of
# about an hour: the text says where one ends (*A good place to stop*). There are 27 exercises (69 points) and 2
# written answers (14 points).

# %% [markdown]
# Run the cell below first (Shift + Enter), and again whenever you come back to this notebook. It is all that you need
# to go on anywhere. What you passed another day is ready again. What you wrote in earlier chapters is called
# `mine.softmax`, `mine.dense_forward` and so on: your own, or the course's as long as yours does not pass.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from byhand import begin, check, data, explore, hint, milestone, mine, progress, quick, solution, try_it

begin("03_backprop")
np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])

MAZUR = {
    "W1": np.array([[0.15, 0.25], [0.20, 0.30]]),
    "b1": np.array([0.35, 0.35]),
    "W2": np.array([[0.40, 0.50], [0.45, 0.55]]),
    "b2": np.array([0.60, 0.60]),
}
MAZUR_X, MAZUR_TARGET = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])

digits = data.digits()
X_train, y_train = digits.train_images.reshape(-1, 64), digits.train_labels
X_test, y_test = digits.test_images.reshape(-1, 64), digits.test_labels

iris = data.iris()  # petals of two species, and a 1
X_flowers = np.column_stack([iris.features[50:, 2:] - [4.9, 1.7], np.ones(100)])
y_flowers = (iris.labels[50:] == 2).astype(float)


def bend(name):
    """The activation called "sigmoid", "tanh" or "relu", and its way back. You need it in section 6.2."""
    if name == "sigmoid":
        return mine.sigmoid, sigmoid_backward
    if name == "tanh":
        return mine.tanh, tanh_backward
    return mine.relu, relu_backward


def errors_by_parameter(loss_of, params, grads):
    """The gradient check of section 3, for each parameter by itself."""
    return {
        name: mine.gradient_check(
            lambda value: loss_of({**params, name: value}), lambda value: grads[name], params[name]
        )
        for name in params
    }


# %% [markdown]
# ## 1. How wrong is it?
#
# Before we can blame anybody, we must measure what went wrong. A **loss** is one number that says how wrong the
# answers are: 0 or almost 0 when all is well, and larger the worse it gets.
#
# ### 1.1 When the answer is a number
#
# A network should have said 1, and it said 3. Its **error** is $3 - 1 = 2$. For another example it should have said 1
# and did say 1: the error is 0. How do we make one number of the two errors?
#
# If we simply add errors, +2 and −2 together look like no error at all. So we square each error first, and take the
# mean. This is the **mean squared error**:
#
# $$L = \frac{1}{n}\sum_i (\text{pred}_i - \text{target}_i)^2
# \qquad\text{here}\qquad L = \frac{2^2 + 0^2}{2} = 2$$
#
# But we want more from a loss: it should also say *which way each answer should move*. So let us nudge each of the two
# answers a little upwards, and see what the loss does.

# %% tags=["demo"]
target = np.array([1.0, 1.0])
nudge = 0.001
before = np.mean((np.array([3.0, 1.0]) - target) ** 2)
print("the loss:", before)
for pred in (np.array([3.0 + nudge, 1.0]), np.array([3.0, 1.0 + nudge])):
    after = np.mean((pred - target) ** 2)
    print(f"answers {pred}: loss {after:.7f}, so it grows {(after - before) / nudge:.4f} times as fast")

# %% [markdown]
# When the first answer grows, the loss grows about 2 times as fast. When the second one grows, the loss stays almost
# where it is. (The last digit comes from the nudge: it is small, but not infinitely small.) These two numbers, (2, 0),
# are the **gradient** of the loss: for each answer, how fast the loss grows with it. "The gradient of an answer" is
# short for its number in there. A positive one says: move this answer *down*. A negative one says: move it up.
#
# There is a formula for them. The square $e^2$ has the slope $2e$, and each answer has only one part in $n$ of the
# mean:
#
# $$\frac{\partial L}{\partial \text{pred}_i} = \frac{2\,(\text{pred}_i - \text{target}_i)}{n}
# \qquad\text{here}\qquad \frac{2 \cdot 2}{2} = 2 \quad\text{and}\quad \frac{2 \cdot 0}{2} = 0$$
#
# (The round $\partial$ is read "d" and says: only this one number moves, the others stand still.)
#
# In this course a loss always gives back both: the loss itself, and its gradient.
#
# *Other books:* many put ½ before the sum, so that the 2 disappears from the gradient. PyTorch does not, and neither
# do we.
#
# ### Exercise: `mse_loss` (2 points)


# %% nbgrader={"grade": false, "grade_id": "mse_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mse_loss(pred, target):
    """The mean squared error, and its gradient.

    pred, target: arrays of the same shape, whatever it is.
    Returns loss, one number, and gradient, an array of that shape.

    >>> loss, gradient = mse_loss(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    >>> print(loss, gradient)
    2.0 [2. 0.]
    """
    ### BEGIN SOLUTION
    error = pred - target
    loss = np.mean(error**2)
    gradient = 2 * error / error.size
    return loss, gradient
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Begin with one array: how far is each answer from its target? Loss and gradient are both made from it. How many
# numbers does the mean go over, if pred is a table?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Three lines: `error = pred - target`, then `np.mean` of its square, then the formula for the gradient. `error.size`
# is the number of all the numbers in it, also in a table; `len(error)` counts only the rows.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-mse_loss", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(mse_loss)

# %% tags=["demo"]
pred = np.linspace(-2, 4, 61)
figure, axis = plt.subplots(figsize=(6, 3.4))
axis.plot(
    pred, [mine.mse_loss(np.array([p]), np.array([1.0]))[0] for p in pred], color=BLUE, label="the loss"
)
for place, style in ((-1.0, "--"), (1.0, ":"), (3.0, "-.")):
    loss, gradient = mine.mse_loss(np.array([place]), np.array([1.0]))
    ends = np.array([place - 0.6, place + 0.6])
    slope = f"answer {place:+.0f}: slope {gradient[0]:+.0f}"
    axis.plot(ends, loss + gradient[0] * (ends - place), style, color=VERMILLION, lw=2.5, label=slope)
axis.set(xlabel="what the network answers (it should be 1)", ylabel="loss")
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# *What to notice.* To the left of the target the slope is negative: the answer should grow. To the right it is
# positive: the answer should fall. And the further away, the steeper: a large error shouts, a small one whispers.

# %% [markdown]
# ### 1.2 When the answer is yes or no
#
# Now the network gives a probability $p$ for "yes", for instance from a sigmoid. What is a good measure of how wrong
# it is?
#
# Think of a weather forecast. It says: rain with 90 %. It rains; you are hardly surprised. Another day it says: rain
# with 1 %. It rains; now you *are* surprised, and you trust the forecast less. Surprise can be measured: it is minus
# the logarithm of the probability that was given to what happened.

# %% tags=["demo"]
print("probability given to what happened     surprise, -log(probability)")
for probability in (1.0, 0.9, 0.5, 0.1, 0.01, 0.001):
    print(f"{probability:20.3f} {-np.log(probability) + 0.0:29.3f}")

# %% [markdown]
# Who was sure and right is not surprised at all. Who was sure and wrong pays a lot, and the surer, the more.
#
# The target $t$ is 1 (yes) or 0 (no). If $t = 1$, the truth got the probability $p$. If $t = 0$, it got $1 - p$. One
# formula says both, because one of its two parts is always 0:
#
# $$L = -\bigl(t \log p + (1 - t) \log (1 - p)\bigr)$$
#
# For several answers we take the mean. This loss is called the **binary cross-entropy**.
#
# Its gradient: the slope of $\log p$ is $1/p$. So the slope of the loss is $-1/p$ where $t = 1$, and $+1/(1 - p)$
# where $t = 0$. Again one formula says both (try $t = 1$, then $t = 0$):
#
# $$\frac{\partial L}{\partial p} = \frac{p - t}{p\,(1 - p)} \qquad\text{divided by } n \text{, because of the mean}$$
#
# ### Exercise: `binary_cross_entropy_loss` (3 points)


# %% nbgrader={"grade": false, "grade_id": "binary_cross_entropy_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def binary_cross_entropy_loss(prob, target):
    """Minus the mean log of the probability that was given to the truth, and its gradient.

    prob: array, probabilities of yes, between 0 and 1. target: array of the same shape, each 0 or 1.
    Returns loss, one number, and gradient, an array of that shape.

    >>> loss, gradient = binary_cross_entropy_loss(np.array([0.5, 0.8]), np.array([0, 1]))
    >>> print(loss.round(4), gradient)
    0.4581 [ 1.    -0.625]
    """
    ### BEGIN SOLUTION
    loss = -np.mean(target * np.log(prob) + (1 - target) * np.log(1 - prob))
    gradient = (prob - target) / (prob * (1 - prob)) / prob.size
    return loss, gradient
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# NumPy works on all the answers at once, so both formulas can be written almost as they stand. Which logarithm is it?
# And what divides the gradient, because the loss is a mean?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.log` is the natural logarithm. The loss is minus `np.mean(target * np.log(prob) + ...)`. In the gradient, mind
# the brackets round `prob * (1 - prob)`, which all belong below the fraction bar; then divide by `prob.size`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-binary_cross_entropy_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(binary_cross_entropy_loss)

# %% [markdown]
# *And if p is exactly 0?* Then a wrong answer has the loss $-\log 0 = \infty$. The course's own function does what
# PyTorch does: it takes no logarithm to be below −100. You need not do this in the exercise. With several classes
# there is a better way, which never gets into this trouble.

# %% [markdown]
# ### 1.3 When the answer is one of several classes
#
# A network that tells ten digits apart gives ten **scores** for each example (each image; chapter 0 called it a
# *sample*), one a class. Softmax (chapter 2) turns them into probabilities, and the loss is again the surprise: minus
# the log of the probability of the *right* class. It is called the **cross-entropy**. The target is now a **label**,
# the number of the right class: 0, 1, 2, …
#
# Which way should each score move? Before we look for a formula, let us measure: `numerical_gradient` from chapter 0
# nudges each score in turn. One example, three classes, the right one is class 1. *Can you find out how the gradient
# follows from the probabilities?*

# %% tags=["demo"]
scores = np.array([1.0, 2.0, 0.0])
print("probabilities:", mine.softmax(scores))
print("gradient:     ", mine.numerical_gradient(lambda s: -mine.log_softmax(s)[1], scores, 1e-5))

# %% [markdown]
# The gradient is the probabilities, with 1 taken off the right class. It could hardly be simpler: each wrong class has
# to give back as much probability as it took, and the right class to get what it lacks. The gradients of a row add up
# to 0.
#
# For $N$ examples the loss is the mean, so everything is divided by $N$:
#
# $$L = -\frac{1}{N}\sum_i \log \text{softmax}(\text{scores}_i)_{\text{label}_i}
# \qquad \frac{\partial L}{\partial\, \text{scores}} = \frac{\text{softmax}(\text{scores}) - \text{onehot}(\text{labels})}{N}$$
#
# ($\text{onehot}$ has a 1 in the column of the right class, and 0 elsewhere.)
#
# The function receives the scores and does the softmax itself. That is not only comfortable: with `log_softmax` the
# loss never takes the logarithm of a probability that the computer has rounded to 0.
#
# ### Exercise: `cross_entropy_loss` (3 points)


# %% nbgrader={"grade": false, "grade_id": "cross_entropy_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy_loss(logits, labels):
    """Minus the mean log of the probability that softmax gives to the right class, and its gradient.

    logits: array (N, C), the scores ("logits" is the usual name) of N examples, one column for each of C classes.
    labels: array (N,) of whole numbers, 0 to C - 1.
    Returns loss, one number, and gradient, an array (N, C). Must be right for scores of ±1000 too.

    >>> loss, gradient = cross_entropy_loss(np.array([[1.0, 2.0, 0.0]]), np.array([1]))
    >>> print(loss.round(4), gradient)
    0.4076 [[ 0.2447 -0.3348  0.09  ]]
    """
    ### BEGIN SOLUTION
    examples = np.arange(len(labels))
    loss = -np.mean(mine.log_softmax(logits)[examples, labels])
    gradient = mine.softmax(logits)
    gradient[examples, labels] -= 1
    return loss, gradient / len(labels)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# From each row you need one number, in the column of its label. With two lists of places, `table[rows, columns]`
# picks one number for each pair. Which rows, and which columns? It works on the left side of `-=` too.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `mine.log_softmax(logits)[np.arange(len(labels)), labels]` is one number for each example: take the mean, and change
# the sign. For the gradient begin with `mine.softmax(logits)`, take 1 off in the same places, and divide by the
# number of examples.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-cross_entropy_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(cross_entropy_loss)

# %% tags=["demo"]
loss, _ = mine.cross_entropy_loss(np.zeros((5, 10)), np.array([3, 1, 4, 1, 5]))
print(f"ten classes, all scores 0: loss {loss:.7f};  log(10) = {np.log(10):.7f}")

# %% [markdown]
# *What to notice.* A network that knows nothing gives 1/10 to each of ten classes, and its loss is $\log 10 \approx
# 2.3026$. This is a good test of any new network: before it has learned, its loss should be about this. Remember the
# number.

# %% [markdown]
# ### 1.4 Why not always the squared error?
#
# A sigmoid neuron answers with $p = \sigma(z)$; the target is 0. Suppose that it is very sure and very wrong, $p =
# 0.98$. We could punish it with the squared error, $(p - 0)^2$, or with the cross-entropy. Which of the two makes it
# learn faster?
#
# What counts is how the loss changes with $z$, because $z$ is what the weights move. The gradient of $p$ is multiplied
# by the slope of the sigmoid, $p(1 - p)$. (Why multiplied? That is section 2; for now, believe it.) Look at the
# numbers.


# %% tags=["demo"]
def gradient_of_z(loss, z):
    """How fast the loss grows with z, when p = σ(z) should be 0."""
    p = mine.sigmoid(np.array([z]))
    _, gradient = loss(p, np.array([0.0]))
    return (gradient * p * (1 - p))[0]


print("   z      p      squared error: gradient of z     cross-entropy: gradient of z")
for z in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0):
    squared, cross = gradient_of_z(mine.mse_loss, z), gradient_of_z(mine.binary_cross_entropy_loss, z)
    print(f"{z:5.1f}  {mine.sigmoid(np.array(z)):.4f}  {squared:25.7f} {cross:31.7f}")

figure, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
places = np.linspace(-6, 8, 141)
for name, loss, color, style in (
    ("squared error", mine.mse_loss, BLUE, "--"),
    ("cross-entropy", mine.binary_cross_entropy_loss, VERMILLION, "-"),
):
    axes[0].plot(places, [gradient_of_z(loss, z) for z in places], style, color=color, label=name)
    w = b = 2.0  # a neuron with one input, 1, that should answer 0 and begins with 0.98
    answers = []
    for _ in range(301):
        answers.append(float(mine.sigmoid(np.array(w + b))))
        gradient = gradient_of_z(loss, w + b)
        w, b = w - 0.1 * gradient, b - 0.1 * gradient  # a small step against the gradient
    axes[1].plot(answers, style, color=color, label=name)
    print(
        f"{name}: the answer after 0, 50, 300 steps: {answers[0]:.3f}, {answers[50]:.3f}, {answers[300]:.3f}"
    )
axes[0].set(xlabel="z (the answer should be 0, so z should be small)", ylabel="gradient of z")
axes[1].set(xlabel="step", ylabel="the neuron's answer", title="two neurons that begin sure and wrong")
for axis in axes:
    axis.legend()
plt.show()

# %% [markdown]
# *What to notice.* Beyond about $z = 0.7$, the worse the answer, the *less* the squared error complains: at $z = 8$
# almost nothing is left, because the sigmoid is flat there. With the cross-entropy the gradient of $z$ is simply $p -
# t$, here just $p$: compare the columns of the table. The flat slope $p(1 - p)$ is cancelled by the $p(1 - p)$ below
# the fraction bar of its gradient. Who is sure and wrong hears it loudly. So for yes or no, and for classes, we take
# the cross-entropy.

# %% [markdown]
# The same with five classes and softmax: each score has its own gradient. Move the first score far down while it
# belongs to the right answer, and compare the two losses.

# %% tags=["demo"]
explore.cross_entropy(mine.cross_entropy_loss)

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 2. Gradients, step by step
#
# You know now which way the *answers* should move. But you cannot move answers. You can only move the numbers from
# which they are computed. So the question of this chapter is: how do gradients get from a result to what it was
# computed from?
#
# Let us begin with the smallest calculation that is interesting. Three numbers, two steps:
#
# $$q = x + y \qquad f = q \cdot z \qquad\text{with } x = -2,\; y = 5,\; z = -4$$
#
# On the way forward, $q = 3$ and $f = -12$. Now: how fast does $f$ grow with each of the three? Let us nudge them.

# %% tags=["demo"]
x, y, z, nudge = -2.0, 5.0, -4.0, 0.01
f = (x + y) * z
print(f"f = {f:.2f}")
print(f"x a little larger: f = {(x + nudge + y) * z:.2f}, slope {((x + nudge + y) * z - f) / nudge:+.0f}")
print(f"y a little larger: f = {(x + y + nudge) * z:.2f}, slope {((x + y + nudge) * z - f) / nudge:+.0f}")
print(f"z a little larger: f = {(x + y) * (z + nudge):.2f}, slope {((x + y) * (z + nudge) - f) / nudge:+.0f}")

# %% [markdown]
# That was measured. Can we also *understand* these numbers? Go from the end to the beginning:
#
# 1. If $f$ moves, $f$ moves exactly as much, of course. Its slope is **1**. Here the way back begins.
# 2. $f = q \cdot z$. If only $q$ moves, $f$ moves $z$ times as fast: the slope for $q$ is $z = $ **−4**. If only $z$
#    moves, $f$ moves $q$ times as fast: the slope for $z$ is $q = $ **3**. *In a product, each factor's slope is the
#    other factor.*
# 3. $q = x + y$. If $x$ moves, $q$ moves exactly as much: slope 1. And when $q$ moves, $f$ moves −4 times as fast. So
#    if $x$ moves, $f$ moves $1 \cdot (-4) = $ **−4** times as fast. The same for $y$.
#
# In step 3 we have used the **chain rule**: if $x$ moves $q$, and $q$ moves $f$, then the two slopes are *multiplied*.
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x} = -4 \cdot 1$$
#
# From now on we draw such a calculation as a **graph**: a box for each number, arrows for the steps.

# %% tags=["demo"]
from byhand.figures import backprop as figures

figure, axis = plt.subplots(figsize=(8, 3.2))
places = {"x": (0, 2), "y": (0, 1), "z": (0, 0), "q": (1.5, 1.5), "f": (3, 0.75)}
texts = {"x": "x = −2", "y": "y = 5", "z": "z = −4", "q": "q = x + y = 3", "f": "f = q · z = −12"}
slopes = {"x": "−4 · 1 = −4", "y": "−4 · 1 = −4", "z": "1 · 3 = 3", "q": "1 · (−4) = −4", "f": "1"}
for start, end in (("x", "q"), ("y", "q"), ("q", "f"), ("z", "f")):
    figures.arrow(axis, places[start], places[end], shrinkB=40)
for name, (left, up) in places.items():
    figures.box(axis, left, up, texts[name])
    axis.text(left, up - 0.36, slopes[name], color=VERMILLION, ha="center", va="center", weight="bold")
axis.text(1.5, 2.35, "forward: values, in the boxes  →", ha="center")
axis.text(1.5, -0.55, "←  backward: slopes of f, below the boxes", ha="center", color=VERMILLION)
axis.set(xlim=(-0.5, 3.7), ylim=(-0.7, 2.6))
axis.axis("off")
plt.show()

# %% [markdown]
# Write the way back as Python, number by number: first `q` on the way forward, then the slopes of $f$ for $q$, $z$,
# $x$ and $y$, each computed from those before it. (In code we call the slope of $f$ for $q$ simply `dq`.)
#
# ### Exercise: `graph_by_hand` (2 points)


# %% nbgrader={"grade": false, "grade_id": "graph_by_hand", "locked": false, "schema_version": 3, "solution": true, "task": false}
def graph_by_hand():
    """How fast f = (x + y) * z grows with x, with y and with z, at x = -2, y = 5, z = -4.

    Write the way back out, step by step. Returns three numbers: dx, dy, dz.
    """
    x, y, z = -2.0, 5.0, -4.0
    ### BEGIN SOLUTION
    q = x + y
    df = 1.0
    dq = df * z
    dz = df * q
    dx = dq * 1
    dy = dq * 1
    return dx, dy, dz
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The numbers below the boxes in the picture are what you need. Which of them comes first on the way back? And which
# number does the product need from the way forward?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Begin with `q = x + y` and `df = 1.0`. Each further line is "the slope that arrives" times "the step's own slope":
# `dq = df * z`, and so on for `dz`, `dx` and `dy`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-graph_by_hand", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(graph_by_hand)

# %% [markdown]
# ### 2.1 Each step knows only itself
#
# Look again at what the product needed for its way back: its own two inputs, and the number that arrived from behind.
# It did not need to know that $f$ is the end, or that $q$ is a sum. This is why backpropagation works on calculations
# of any size: **each kind of step has its own slopes, and nothing else is needed.**
#
# From here on we keep two words apart. A **slope** belongs to one step: how fast its result grows with one of its
# inputs. A **gradient** belongs to a number: how fast the *end* of the whole calculation grows with it, in a network
# the loss.
#
# Let us collect them. If $a$ and $b$ go in, how fast does the result grow with $a$, and with $b$?
#
# | step | result | slope for $a$ | slope for $b$ |
# | --- | --- | --- | --- |
# | `"+"` | $a + b$ | 1 | 1 |
# | `"-"` | $a - b$ | 1 | ? |
# | `"*"` | $a \cdot b$ | ? | ? |
# | `"/"` | $a / b$ | $1/b$ | $-a/b^2$ |
# | `"relu"` | $\max(a, 0)$ | ? (chapter 2) | (one input) |
# | `"sigmoid"` | $\sigma(a)$ | ? (chapter 2) | (one input) |
#
# ### Exercise: `local_slopes` (2 points)


# %% nbgrader={"grade": false, "grade_id": "local_slopes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def local_slopes(operation, inputs):
    """How fast a step's result grows with each of its inputs, if the others stand still.

    operation: "+", "-", "*", "/", "relu" or "sigmoid".
    inputs: a tuple of numbers, (a, b), or for relu and sigmoid (a,).
    Returns a tuple with one slope for each input.

    >>> local_slopes("*", (3.0, 5.0))
    (5.0, 3.0)
    """
    ### BEGIN SOLUTION
    if operation in ("relu", "sigmoid"):
        a = inputs[0]
        s = mine.sigmoid(a)
        return (1.0 if a > 0 else 0.0,) if operation == "relu" else (s * (1 - s),)
    a, b = inputs
    if operation == "+":
        return (1.0, 1.0)
    if operation == "-":
        return (1.0, -1.0)
    if operation == "*":
        return (b, a)
    return (1 / b, -a / b**2)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Fill in the table above first, on paper. Then it is one `if` for each operation. (A tuple of one number has a comma:
# `(5.0,)`. `(5.0)` is only the number 5.0 in brackets.)
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The first could be `if operation == "+": return (1.0, 1.0)`. For the steps with two inputs, `a, b = inputs` gives
# them names. The slope of the sigmoid needs its value, `s = mine.sigmoid(a)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-local_slopes", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(local_slopes)

# %% [markdown]
# ### 2.2 When a number is used twice
#
# One question is left. In $y = x \cdot x + x$ the number $x$ is used three times. What is its gradient? At $x = 3$,
# measure first:

# %% tags=["demo"]
nudge = 0.001
print(f"slope of x·x + x at 3: {((3 + nudge) * (3 + nudge) + (3 + nudge) - (3 * 3 + 3)) / nudge:.3f}")
print(f"only the first  x moves: {((3 + nudge) * 3 + 3 - 12) / nudge:.3f}")
print(f"only the second x moves: {(3 * (3 + nudge) + 3 - 12) / nudge:.3f}")
print(f"only the third  x moves: {(3 * 3 + (3 + nudge) - 12) / nudge:.3f}")

# %% [markdown]
# $7 = 3 + 3 + 1$. Each use of $x$ makes the result move, and together they move it by the sum. (The 0.001 too much
# is the nudge again.) So there are two rules, and they are all of backpropagation:
#
# - **along a path, slopes are multiplied;**
# - **where several paths arrive at the same number, they are added.**
#
# ### 2.3 A program that goes backwards through any calculation
#
# Let us write a calculation as a list of steps. Each step has a name, an operation and the names of its inputs. Our
# example becomes:
#
# ```python
# graph = [("q", "+", "x", "y"),
#          ("f", "*", "q", "z")]
# ```
#
# and the values of all its numbers, from the way forward, are a dict:
#
# ```python
# values = {"x": -2.0, "y": 5.0, "z": -4.0, "q": 3.0, "f": -12.0}
# ```
#
# The way back: every gradient begins at 0. The gradient of the last step's result is 1. Then take the steps **from the
# last to the first**. Each step looks at its own gradient, multiplies it by its slope for each input, and *adds* that
# to the gradient of the input.
#
# Why in this order? Because a step may hand its gradient on only when it has received all of it.
#
# ### Exercise: `graph_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "graph_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def graph_backward(graph, values):
    """For every number in a calculation, how fast the result of the last step grows with it.

    graph: list of steps (name, operation, input) or (name, operation, input, input); the last is the result.
    values: dict with the value of every name.
    Returns a dict with the gradient of every name.

    >>> graph = [("q", "+", "x", "y"), ("f", "*", "q", "z")]
    >>> graph_backward(graph, {"x": -2.0, "y": 5.0, "z": -4.0, "q": 3.0, "f": -12.0})
    {'x': -4.0, 'y': -4.0, 'z': 3.0, 'q': -4.0, 'f': 1.0}
    """
    gradients = {name: 0.0 for name in values}
    ### BEGIN SOLUTION
    gradients[graph[-1][0]] = 1.0
    for name, operation, *inputs in reversed(graph):
        slopes = local_slopes(operation, tuple(values[i] for i in inputs))
        for i, slope in zip(inputs, slopes, strict=True):
            gradients[i] += gradients[name] * slope
    return gradients
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Three things: the gradient where the way back begins; the order of the steps; and one line with `+=`. `for name,
# operation, *inputs in reversed(graph):` takes a step apart; the star collects what is left, so `inputs` is a list of
# one or two names.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The name of the last step is `graph[-1][0]`. In the loop: `slopes = local_slopes(operation, tuple(values[i] for i in
# inputs))`. Then, for each input and its slope (`for i, slope in zip(inputs, slopes):`), add `gradients[name] *
# slope` to its gradient.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-graph_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(graph_backward)

# %% [markdown]
# You have just written **automatic differentiation** (the kind that goes backwards, its *reverse mode*). PyTorch,
# TensorFlow and JAX work in this way: they write such a list of a network's steps, with whole arrays in place of
# single numbers, and then go through it backwards.
#
# Let us try it on something that nobody wants to do by hand. Andrej Karpathy's little library *micrograd* greets its
# readers with the calculation below and prints its results: 24.7041, and the gradients 138.8338 and 645.5773. It has
# 25 steps, some numbers are used many times, and there are two ReLUs in it.

# %% tags=["demo"]
from byhand.reference.backprop.graph import graph_forward

steps = """
c1 = a + b | ab = a * b | bb = b * b | bbb = bb * b | d1 = ab + bbb
c1+1 = c1 + one | c2 = c1 + c1+1 | 1+c2 = one + c2 | 1+c2-a = 1+c2 - a | c3 = c2 + 1+c2-a
2d1 = d1 * two | b+a = b + a | r1 = relu b+a | s1 = 2d1 + r1 | d2 = d1 + s1
3d2 = three * d2 | b-a = b - a | r2 = relu b-a | s2 = 3d2 + r2 | d3 = d2 + s2
e = c3 - d3 | f = e * e | f/2 = f / two | 10/f = ten / f | g = f/2 + 10/f
"""
graph = []
for step in steps.replace("\n", "|").split("|"):
    if step.strip():
        name, _, first, *rest = step.split()
        graph.append((name, "relu", rest[0]) if first == "relu" else (name, rest[0], first, rest[1]))

values = graph_forward(graph, {"a": -4.0, "b": 2.0, "one": 1.0, "two": 2.0, "three": 3.0, "ten": 10.0})
gradients = mine.graph_backward(graph, values)
print(f"{len(graph)} steps, result {values['g']:.4f}")
print(f"gradient of a: {gradients['a']:.4f}   gradient of b: {gradients['b']:.4f}")

# %% [markdown]
# Now look at the smallest thing that learns: one sigmoid neuron with a squared error, as a graph. Step forward through
# its values, then back through its gradients (or press play). Below on the right every gradient stands beside a slope
# that was measured by nudging.

# %% tags=["demo"]
explore.graph(mine.graph_backward)

# %% [markdown]
# ## 3. Never trust a gradient
#
# You wrote a gradient. It gives numbers. Are they right?
#
# A wrong gradient seldom stops the program. The network learns all the same, only a little worse, and nobody knows
# why. Look at three functions below. Each of them claims to be the gradient of the same loss: the mean squared error
# of one sigmoid neuron. **One of the three is wrong.** Can you see which? Take a minute, then run the cell and see how
# they learn.


# %% tags=["demo"]
def neuron_loss(w):
    return np.mean((mine.sigmoid(X_flowers @ w) - y_flowers) ** 2)


def gradient_a(w):
    p = mine.sigmoid(X_flowers @ w)
    return 2 * X_flowers.T @ ((p - y_flowers) * p * (1 - p)) / len(y_flowers)


def gradient_b(w):
    p = mine.sigmoid(X_flowers @ w)
    total = np.zeros(len(w))
    for i in range(len(y_flowers)):
        total += 2 * (p[i] - y_flowers[i]) * p[i] * (1 - p[i]) * X_flowers[i]
    return total / len(y_flowers)


def gradient_c(w):
    p = mine.sigmoid(X_flowers @ w)
    dp = 2 * (p - y_flowers) / len(y_flowers) * p
    return (dp * p - dp * p**2) @ X_flowers


for name, gradient in (("A", gradient_a), ("B", gradient_b), ("C", gradient_c)):
    w = np.zeros(3)
    for _ in range(200):
        w = w - 0.5 * gradient(w)
    right = np.mean((mine.sigmoid(X_flowers @ w) > 0.5) == y_flowers)
    print(
        f"learning with gradient {name}: loss {neuron_loss(np.zeros(3)):.4f} → {neuron_loss(w):.4f}, {right:.0%} right"
    )

# %% [markdown]
# All three learn. One is a little slower, and from these numbers you could hardly tell that it is *wrong*. Imagine
# this in a network with fifty lines of gradients.
#
# But we have a judge that needs no formula: the nudge. `numerical_gradient(f, x, h)` from chapter 0 nudges each number
# of `x` by $h$ up and down. It is far too slow for learning, and just right for checking.
#
# How do we compare two gradients? The difference alone says little: 0.001 is much if the gradients are about 0.001,
# and nothing if they are about 1000. So we divide. With $\lVert v \rVert$ for the length of $v$, the root of the sum
# of all its squares:
#
# $$\text{relative error} = \frac{\lVert \text{claimed} - \text{measured} \rVert}
# {\lVert \text{claimed} \rVert + \lVert \text{measured} \rVert}$$
#
# This is 0 if they are equal and never more than 1. In practice, with $h = 10^{-5}$: below $10^{-7}$ the gradient is
# right, above $10^{-4}$ it is wrong. In between, look again.
#
# ### Exercise: `gradient_check` (3 points)


# %% nbgrader={"grade": false, "grade_id": "gradient_check", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_check(f, df, x):
    """The relative error of a gradient: |df - measured| / (|df| + |measured|), where |v| is the length of v.

    f: a function of an array that gives one number. df: a function that claims to be its gradient.
    x: array of any shape, where to compare. Measure with h = 1e-5. Returns one number.

    >>> print(round(gradient_check(lambda x: np.sum(x**2), lambda x: 3 * x, np.array([1.0, -2.0])), 4))
    0.2
    """
    ### BEGIN SOLUTION
    claimed = df(x)
    measured = mine.numerical_gradient(f, x, 1e-5)

    def length(v):
        return np.sqrt(np.sum(v**2))

    return length(claimed - measured) / (length(claimed) + length(measured))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two gradients first: the claimed one and the measured one. Then the formula needs the length of an array three
# times: of which three arrays?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The two are `df(x)` and `mine.numerical_gradient(f, x, 1e-5)`. The length of an array of any shape is
# `np.sqrt(np.sum(v**2))`: write it once, as a small function inside yours. (`np.linalg.norm(v)` does the same for a
# vector or a matrix.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-gradient_check", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(gradient_check)

# %% [markdown]
# Now let your function judge. Which one was it?


# %% tags=["demo"]
# the loss and the three functions from above, once more
def neuron_loss(w):
    return np.mean((mine.sigmoid(X_flowers @ w) - y_flowers) ** 2)


def gradient_a(w):
    p = mine.sigmoid(X_flowers @ w)
    return 2 * X_flowers.T @ ((p - y_flowers) * p * (1 - p)) / len(y_flowers)


def gradient_b(w):
    p = mine.sigmoid(X_flowers @ w)
    total = np.zeros(len(w))
    for i in range(len(y_flowers)):
        total += 2 * (p[i] - y_flowers[i]) * p[i] * (1 - p[i]) * X_flowers[i]
    return total / len(y_flowers)


def gradient_c(w):
    p = mine.sigmoid(X_flowers @ w)
    dp = 2 * (p - y_flowers) / len(y_flowers) * p
    return (dp * p - dp * p**2) @ X_flowers


w = np.array([0.5, -1.0, 0.3])
for name, gradient in (("A", gradient_a), ("B", gradient_b), ("C", gradient_c)):
    error = mine.gradient_check(neuron_loss, gradient, w)
    print(f"gradient {name}: relative error {error:.1e}   {'right' if error < 1e-7 else 'WRONG'}")

# %% [markdown]
# *What to notice.* The right ones agree with the measured gradient to ten digits. In the wrong one, the gradient is
# multiplied by `p` once too often: in the line before the last, and again in the last. It crashed nothing, and it even
# learned.
#
# Make it a habit: **no gradient without a check.** Three pieces of advice:
#
# - Check at a point drawn at random. At special points, such as zeros, a wrong gradient can be right by accident.
# - Check in float64. Chapter 0 showed why.
# - ReLU has a corner. If a number lies closer to 0 than the nudge, measured and true slope may differ there.
#
# *A good place to stop.* The setup cell brings everything back. You have a loss, the chain rule, and a judge; next,
# all of it moves into a network.

# %% [markdown]
# ## 4. The way back through each part of a network
#
# A network is a calculation like the ones above. It only has arrays where we had numbers, and its steps are larger:
# a dense layer is *one* step, an activation is *one* step.
#
# Each part will get a function for its way back. It receives `dout`, **the gradient of the output**: for each number
# of its output, how fast the loss grows with it. It gives back the gradient of each of its inputs. That is all it has
# to know of the rest of the network.
#
# In names, `d` means "how fast the loss grows with …": `dout`, `dx`, `dW`, `db`. A gradient always has the shape of
# the thing it belongs to.
#
# ### 4.1 Activations
#
# An activation works on each number alone. So its way back is one multiplication: the gradient that arrives, times the
# slope.
#
# *Take a sigmoid that gave 0.5, and let the gradient of this output be 8. The slope is $0.5 \cdot (1 - 0.5) = 0.25$.
# What is the gradient of its input?*
#
# It is $8 \cdot 0.25 = 2$. Note that we did not need the input of the sigmoid at all. Its slope can be read off its
# **output**, $\text{out} \cdot (1 - \text{out})$. The same holds for the other two:
#
# | activation | slope, from its output |
# | --- | --- |
# | sigmoid | $\text{out} \cdot (1 - \text{out})$ |
# | tanh | $1 - \text{out}^2$ |
# | ReLU | 1 where $\text{out} > 0$, else 0 |
#
# So the way forward only has to keep the outputs.
#
# ### Exercise: `sigmoid_backward` (1 point)


# %% nbgrader={"grade": false, "grade_id": "sigmoid_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid_backward(dout, out):
    """Back through out = sigmoid(x).

    dout: array, the gradient of the output. out: array of the same shape, what the sigmoid GAVE.
    Returns dx, the gradient of the input, an array of the same shape.

    >>> sigmoid_backward(np.array([8.0, 8.0]), np.array([0.5, 0.9]))
    array([2.  , 0.72])
    """
    ### BEGIN SOLUTION
    return dout * out * (1 - out)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# What arrives is multiplied by the slope. Which line of the table above gives the slope, and from what?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# One line. `dout`, `out` and `1 - out` have the same shape, and `*` multiplies number by number.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-sigmoid_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(sigmoid_backward)

# %% [markdown]
# ### Exercise: `tanh_backward` (1 point)


# %% nbgrader={"grade": false, "grade_id": "tanh_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tanh_backward(dout, out):
    """Back through out = tanh(x).

    dout: array, the gradient of the output. out: array of the same shape, what tanh GAVE.
    Returns dx, the gradient of the input, an array of the same shape.

    >>> tanh_backward(np.array([8.0, 8.0]), np.array([0.0, 0.5]))
    array([8., 6.])
    """
    ### BEGIN SOLUTION
    return dout * (1 - out**2)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# As before, with the slope from another line of the table. Try it on the example: at out = 0 the whole gradient
# passes.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# One line: `dout` times the bracket (1 minus the square of `out`). A square is `** 2`; it comes before the minus.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-tanh_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(tanh_backward)

# %% [markdown]
# ReLU is a gate. Where it was open, the gradient passes as it is. Where it was closed, nothing passes: if its input
# moves a little, up or down, the output stays 0.
#
# ### Exercise: `relu_backward` (1 point)


# %% nbgrader={"grade": false, "grade_id": "relu_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_backward(dout, out):
    """Back through out = max(x, 0).

    dout: array, the gradient of the output. out: array of the same shape, what ReLU GAVE.
    Returns dx, the gradient of the input, an array of the same shape.

    >>> relu_backward(np.array([8.0, -8.0]), np.array([0.0, 3.0]))
    array([ 0., -8.])
    """
    ### BEGIN SOLUTION
    return dout * (out > 0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Where was the gate open? You can see it from `out` alone. What is `np.array([0.0, 3.0]) > 0`?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `out > 0` is an array of True and False. In a multiplication True counts as 1 and False as 0.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-relu_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(relu_backward)

# %% [markdown]
# ### 4.2 The dense layer
#
# Now the part that holds the weights. Take one example, two inputs, two neurons:
#
# $$x = (1, 2) \qquad W = \begin{pmatrix} 3 & 0 \\ 4 & 5 \end{pmatrix} \qquad b = (0, 0)$$
#
# Column 0 of $W$ belongs to neuron 0. So the two outputs are
#
# $$\text{out}_0 = 1 \cdot 3 + 2 \cdot 4 + 0 = 11 \qquad \text{out}_1 = 1 \cdot 0 + 2 \cdot 5 + 0 = 10$$
#
# Let the gradient of the outputs be $\text{dout} = (1, 10)$. Now ask for each number in turn. It is nothing but sums
# and products, so you know all the rules:
#
# - **A weight.** The 4 in $W$ (input 1, neuron 0) is used once, in the product $2 \cdot 4$. Its slope is the other
#   factor, its input, 2. The gradient that arrives is $\text{dout}_0 = 1$. So its gradient is $2 \cdot 1 = 2$. *Each
#   weight: its input, times the gradient of its neuron.*
# - **A bias.** It is only added, so it gets its neuron's gradient: $\text{db} = (1, 10)$.
# - **An input.** Input 1 (the 2) is used twice: in neuron 0 with weight 4, and in neuron 1 with weight 5. Two paths,
#   so the gradients are added: $1 \cdot 4 + 10 \cdot 5 = 54$. *Each input: the gradients of all the neurons, weighted
#   with the weights through which it reached them.*
#
# And if there are several examples? Each example has inputs and outputs of its own, but **all of them use the same
# weights and biases**. A number that is used many times gets the sum of the gradients. So `dW` and `db` are added up
# over the examples.
#
# *On paper: what is all of dW, and what is dx, for the example above? Then run the cell.*

# %% tags=["demo"]
x, W, dout = np.array([[1.0, 2.0]]), np.array([[3.0, 0.0], [4.0, 5.0]]), np.array([[1.0, 10.0]])
dW = np.zeros((2, 2))
dx = np.zeros((1, 2))
for n in range(1):  # each example
    for i in range(2):  # each input
        for j in range(2):  # each neuron
            dW[i, j] += x[n, i] * dout[n, j]
            dx[n, i] += W[i, j] * dout[n, j]
print("dW =\n", dW)
print("dx =", dx)

# %% [markdown]
# Three loops are slow. All of this can be said with two matrix products and one sum. With $N$ examples, $D$ inputs and
# $M$ neurons, the shapes almost tell you how:
#
# | what | shape | made from |
# | --- | --- | --- |
# | `dx` | $(N, D)$ | `dout` $(N, M)$ and `W` $(D, M)$ |
# | `dW` | $(D, M)$ | `x` $(N, D)$ and `dout` $(N, M)$ |
# | `db` | $(M,)$ | `dout` $(N, M)$ |
#
# *Which of them must be transposed (`.T`), and in which order do they stand, so that the shapes come out?*
#
# ### Exercise: `dense_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "dense_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_backward(dout, cache):
    """Back through out = x @ W + b.

    dout: array (N, M), the gradient of the output. cache: the tuple (x, W, b) that dense_forward kept.
    Returns dx (N, D), dW (D, M) and db (M,).

    >>> x, W, b = np.array([[1.0, 2.0]]), np.array([[3.0, 0.0], [4.0, 5.0]]), np.array([0.0, 0.0])
    >>> dx, dW, db = dense_backward(np.array([[1.0, 10.0]]), (x, W, b))
    >>> print(dx, db)
    [[ 3. 54.]] [ 1. 10.]
    """
    x, W, _ = cache  # b is not needed
    ### BEGIN SOLUTION
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# $(N, M)$ times $(M, D)$ gives $(N, D)$: so `dx` is `dout` times something that has to be turned on its side. `dW` is
# found in the same way. `db` adds up over the examples: which axis has to disappear?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `dx` is `dout @` the transposed weights. `dW` is the transposed `x`, `@ dout`: then each weight gets its input times
# the gradient of its neuron, added up over the examples. `dout.sum(axis=0)` adds up the rows.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-dense_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(dense_backward)

# %% [markdown]
# No gradient without a check. We make up a gradient of the output, so that the "loss" is `sum(dout * out)`, and
# compare.

# %% tags=["demo"]
rng = np.random.default_rng(0)
parts = {"x": rng.normal(size=(4, 3)), "W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
dout = rng.normal(size=(4, 2))
computed = dict(zip(parts, mine.dense_backward(dout, tuple(parts.values())), strict=True))
for name in parts:
    error = mine.gradient_check(
        lambda value: np.sum(dout * mine.dense_forward(**{**parts, name: value})[0]),
        lambda value: computed[name],
        parts[name],
    )
    print(f"d{name}: relative error {error:.1e}")

# %% [markdown]
# ### 4.3 Softmax
#
# Softmax is an activation of another kind. If one score grows, its probability grows *and all the others fall*,
# because they must add up to 1. So every output of a row depends on every score of that row, and gradients come from
# all sides.
#
# Take two classes with the probabilities $(0.5, 0.5)$ and the gradients $(1, 0)$. The loss depends on the first output
# alone. If we looked at each output alone, as with a sigmoid, the scores would get $1 \cdot 0.25$ and 0. But a larger
# *second* score takes probability away from the first output, so it makes the loss smaller: its gradient is −0.25.
#
# How fast does each output grow with each score? Let us measure for three classes, with `jacobian` from chapter 0: row
# $j$ belongs to output $j$, column $i$ to score $i$. *Can you find out how the numbers in the table follow from the
# probabilities? Begin with those beside the diagonal.*

# %% tags=["demo"]
scores = np.log([0.2, 0.3, 0.5])  # scores that give these probabilities
print("probabilities:", mine.softmax(scores))
print("measured slopes:\n", mine.jacobian(mine.softmax, scores, 1e-5))

# %% [markdown]
# Beside the diagonal stands minus the product of two probabilities, such as $-0.2 \cdot 0.3 = -0.06$. On the diagonal
# stands what you know from the sigmoid, such as $0.2 \cdot (1 - 0.2) = 0.16$:
#
# $$\frac{\partial\, \text{out}_j}{\partial x_i} = \begin{cases}\text{out}_i\,(1 - \text{out}_i) & i = j \\
# -\text{out}_j\,\text{out}_i & i \ne j\end{cases}$$
#
# Now add up what arrives at score $i$ from all the outputs $j$: each output's gradient, times its slope for score $i$.
# Write $\text{out}_i (1 - \text{out}_i)$ as $\text{out}_i - \text{out}_i\,\text{out}_i$. Then *every* output brings
# $-\text{dout}_j\,\text{out}_j\,\text{out}_i$, and output $i$ brings $\text{dout}_i\,\text{out}_i$ besides. Take
# $\text{out}_i$ out of all that:
#
# $$\text{dx}_i = \text{out}_i \,\Bigl(\text{dout}_i - \sum_j \text{dout}_j\,\text{out}_j\Bigr)$$
#
# The sum is the mean gradient of the row, weighted with the probabilities. So the gradient of a score says how much
# *worse than the mean* its class is. Try it on the two classes: the sum is $1 \cdot 0.5 + 0 \cdot 0.5 = 0.5$.
#
# ### Exercise: `softmax_backward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "softmax_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_backward(dout, out):
    """Back through out = softmax(x), row by row.

    dout: array (N, C), the gradient of the probabilities. out: array (N, C), the probabilities that softmax GAVE.
    Returns dx, the gradient of the scores, an array (N, C).

    >>> softmax_backward(np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]]))
    array([[ 0.25, -0.25]])
    """
    ### BEGIN SOLUTION
    mean = np.sum(dout * out, axis=-1, keepdims=True)
    return out * (dout - mean)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# In the formula, the sum is one number for each row, and it is taken off every number of the row. How do you keep it
# as a column, so that NumPy can line it up with the table?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# First `np.sum(dout * out, axis=-1, keepdims=True)`. Then the formula: `out` times the bracket.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-softmax_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(softmax_backward)

# %% [markdown]
# The loss of section 1.3 claimed that the gradient of the scores is simply "probabilities, with 1 taken off the right
# class". Now we can come to it in two steps: the slope of $-\log p$ is $-1/p$ at the right class, and then back
# through softmax.

# %% tags=["demo"]
scores, labels = np.array([[1.0, 2.0, 0.0], [0.5, 0.0, 3.0]]), np.array([1, 0])
prob = mine.softmax(scores)
dprob = np.zeros((2, 3))
dprob[[0, 1], labels] = -1 / prob[[0, 1], labels] / 2  # the slope of -log p, and the mean of two examples
print("in two steps:\n", mine.softmax_backward(dprob, prob))
print("in one step:\n", mine.cross_entropy_loss(scores, labels)[1])

# %% [markdown]
# *What to notice.* The same numbers. In one step it is faster, and it is safe: in two steps a very small $p$ makes
# $-1/p$ huge before softmax makes it small again.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 5. Two layers
#
# You have all the parts. Now we put them together. Here is a small network that many people learned backpropagation
# with; it is Matt Mazur's, and he printed every number, so we can compare. Two inputs, two hidden neurons, two
# outputs, and a sigmoid after each layer.

# %% tags=["demo"]
from byhand.figures import backprop as figures

figure, axis = plt.subplots(figsize=(9, 3.2))
columns = ("$x_0$ = 0.05", "$x_1$ = 0.10"), ("$h_0$", "$h_1$"), ("should be 0.01", "should be 0.99")
title = "the weights; each hidden neuron has the bias 0.35, each output neuron 0.60"
figures.two_by_two(axis, MAZUR["W1"], MAZUR["W2"], columns, title, ".2f")
plt.show()

# %% [markdown]
# ### 5.1 Forward
#
# Four parts, one after the other:
#
# $$x \;\xrightarrow{\text{dense}}\; z_1 \;\xrightarrow{\text{sigmoid}}\; h \;\xrightarrow{\text{dense}}\; z_2
# \;\xrightarrow{\text{sigmoid}}\; \text{out}$$
#
# The **parameters** (all weights and biases) come in a dict, so that they travel together: `params["W1"]`,
# `params["b1"]`, `params["W2"]`, `params["b2"]`.
#
# Keep in a `cache` what the way back will need. That is: `x`, `h`, `out` and the parameters. (Not $z_1$ and $z_2$. Why
# not?)
#
# ### Exercise: `two_layer_forward` (2 points)


# %% nbgrader={"grade": false, "grade_id": "two_layer_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_forward(x, params):
    """Dense, sigmoid, dense, sigmoid.

    x: array (N, D). params: dict with W1 (D, H), b1 (H,), W2 (H, M), b2 (M,).
    Returns out, array (N, M), and cache, the tuple (x, h, out, params).

    >>> params = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.ones((3, 1)), "b2": np.array([-1.5])}
    >>> two_layer_forward(np.array([[1.0, 2.0]]), params)[0]
    array([[0.5]])
    """
    ### BEGIN SOLUTION
    h = mine.sigmoid(x @ params["W1"] + params["b1"])
    out = mine.sigmoid(h @ params["W2"] + params["b2"])
    return out, (x, h, out, params)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The same two parts come twice: a dense layer, then a sigmoid. What does the second dense layer take where the first
# took `x`?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Two lines do the work: `h = mine.sigmoid(x @ params["W1"] + params["b1"])`, and the same with `h` and the second
# layer's parameters. Return `out` and the tuple.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-two_layer_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(two_layer_forward)

# %% tags=["demo"]
out, (_, h, _, _) = mine.two_layer_forward(MAZUR_X, MAZUR)
print("hidden:", h, "  Mazur printed 0.593269992 and 0.596884378")
print("out:   ", out, "  Mazur printed 0.75136507 and 0.772928465")
print(f"loss:   {mine.mse_loss(out, MAZUR_TARGET)[0]:.9f}       Mazur printed 0.298371109")

# %% [markdown]
# (He adds up half of each squared error. For two outputs that is the same as our mean.)
#
# ### 5.2 Back
#
# The outputs should be 0.01 and 0.99, but they are 0.75 and 0.77. So the first is far too large, the second somewhat
# too small. Which weights made them so? The same four parts, **in the opposite order**. Each takes the gradient of its
# output and gives the gradient of its input:
#
# $$\text{dout} \;\xrightarrow{\text{sigmoid\_backward}}\; dz_2 \;\xrightarrow{\text{dense\_backward}}\; dh
# \;\xrightarrow{\text{sigmoid\_backward}}\; dz_1 \;\xrightarrow{\text{dense\_backward}}\; dx$$
#
# On the way, the two dense layers tell the gradient of their weights and biases. That is what we are after. ($dx$ is
# not needed here: the inputs are not ours to change.)
#
# ### Exercise: `two_layer_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "two_layer_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def two_layer_backward(dout, cache):
    """Back through two_layer_forward.

    dout: array (N, M), the gradient of the output. cache: the tuple (x, h, out, params) from two_layer_forward.
    Returns a dict with the gradients, under the names W1, b1, W2 and b2.

    >>> params = {"W1": np.zeros((2, 3)), "b1": np.zeros(3), "W2": np.ones((3, 1)), "b2": np.array([-1.5])}
    >>> cache = (np.array([[1.0, 2.0]]), np.full((1, 3), 0.5), np.array([[0.5]]), params)
    >>> two_layer_backward(np.array([[1.0]]), cache)["b1"]
    array([0.0625, 0.0625, 0.0625])
    """
    x, h, out, params = cache
    ### BEGIN SOLUTION
    dz2 = sigmoid_backward(dout, out)
    dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))
    dz1 = sigmoid_backward(dh, h)
    _, dW1, db1 = dense_backward(dz1, (x, params["W1"], params["b1"]))
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Four lines, one for each arrow above, then the dict. What does `dense_backward` need as its cache? The tuple (its
# input, its weights, its biases). What is the input of the second layer?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `dz2 = sigmoid_backward(dout, out)`. Then `dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))`. The
# other two lines are almost the same, one layer earlier: with the gradient of `h` and with `h` itself, then with `x`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-two_layer_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(two_layer_backward)

# %% [markdown]
# Here is the gradient of every weight in Mazur's network. *Before you run the cell: the first output is far too large.
# Which sign does the gradient of the weights that lead to it have? And will the gradients in the first layer be larger
# or smaller than in the second?*

# %% tags=["demo"]
from byhand.figures import backprop as figures

out, cache = mine.two_layer_forward(MAZUR_X, MAZUR)
loss, dout = mine.mse_loss(out, MAZUR_TARGET)
grads = mine.two_layer_backward(dout, cache)

figure, axis = plt.subplots(figsize=(9, 3.2))
columns = (
    ("0.05", "0.10"),
    [f"{value:.3f}" for value in cache[1][0]],
    [f"{value:.3f}\ngradient {gradient:+.3f}" for value, gradient in zip(out[0], dout[0], strict=True)],
)
title = "values in the boxes, the gradient on each weight"
figures.two_by_two(axis, grads["W1"], grads["W2"], columns, title, "+.5f", VERMILLION)
plt.show()

# %% [markdown]
# *What to notice.* The gradients of the weights into the first output are positive: the weights should become smaller.
# Those into the second output have the other sign. And in the first layer the gradients are much smaller, on average
# about 75 times. On its way there, the gradient passed one more sigmoid (a slope of at most 1/4), and the two outputs
# pull $h_0$ and $h_1$ in opposite directions. At last it was multiplied by the inputs, 0.05 and 0.10, and not by 0.59.
#
# Now let every number take a small step against its gradient, and see whether the loss falls. Mazur steps with 0.5
# times the gradient, and leaves the biases as they are.


# %% tags=["demo"]
def loss_of(params):
    return mine.mse_loss(mine.two_layer_forward(MAZUR_X, params)[0], MAZUR_TARGET)[0]


def stepped(grads):
    return {**MAZUR, "W1": MAZUR["W1"] - 0.5 * grads["W1"], "W2": MAZUR["W2"] - 0.5 * grads["W2"]}


out, cache = mine.two_layer_forward(MAZUR_X, MAZUR)
_, dout = mine.mse_loss(out, MAZUR_TARGET)
grads = mine.two_layer_backward(dout, cache)
after = stepped(grads)
print("the weights into the first output, after the step:", after["W2"][:, 0], "  Mazur: 0.3589 and 0.4087")
print(f"loss before {loss_of(MAZUR):.9f}")
print(f"loss after  {loss_of(after):.9f}       Mazur: 0.291027924 (and 0.0000351 after 10,000 steps)")

too_late = mine.two_layer_backward(dout, (*cache[:3], {**MAZUR, "W2": after["W2"]}))  # W2 has stepped already
other = loss_of({**after, "W1": MAZUR["W1"] - 0.5 * too_late["W1"]})
print(f"the same, if W2 steps before the gradient goes back through it: {other:.9f}")

# %% [markdown]
# *What to notice.* The step helped. In the seventh digit we differ from Mazur's page, and the last line shows how that
# can happen. A gradient is a slope at *one* place: compute all of it first, then step.

# %% [markdown]
# ### 5.3 A planted bug
#
# Somebody else has written the way back, too. It does not crash, and its shapes are right. But is it?
#
# ```python
# def somebodys_backward(dout, cache):
#     x, h, out, params = cache
#     dz2 = dout * out * (1 - out)       # line 1
#     dW2 = h.T @ dz2                    # line 2
#     db2 = dz2.sum(axis=0)              # line 3
#     dh = dz2 @ params["W2"].T          # line 4
#     dz1 = dh * h * (1 + h)             # line 5
#     dW1 = x.T @ dz1                    # line 6
#     db1 = dz1.sum(axis=0)              # line 7
#     return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
# ```
#
# Suppose that you did not see the bug. The gradient check looks at each parameter by itself. Its answers narrow the
# place down. *What will it say for W2 and b2? What for W1 and b1?*


# %% tags=["demo"]
def somebodys_backward(dout, cache):
    x, h, out, params = cache
    dz2 = dout * out * (1 - out)
    dW2 = h.T @ dz2
    db2 = dz2.sum(axis=0)
    dh = dz2 @ params["W2"].T
    dz1 = dh * h * (1 + h)
    dW1 = x.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


rng = np.random.default_rng(1)
params = {
    "W1": rng.normal(size=(3, 4)),
    "b1": rng.normal(size=4),
    "W2": rng.normal(size=(4, 2)),
    "b2": rng.normal(size=2),
}
x, target = rng.normal(size=(5, 3)), rng.uniform(size=(5, 2))
out, cache = mine.two_layer_forward(x, params)
_, dout = mine.mse_loss(out, target)

for name, backward in (("your way back", mine.two_layer_backward), ("somebody's", somebodys_backward)):
    found = errors_by_parameter(
        lambda p: mine.mse_loss(mine.two_layer_forward(x, p)[0], target)[0], params, backward(dout, cache)
    )
    print(f"{name:14}", "  ".join(f"{parameter}: {error:.1e}" for parameter, error in found.items()))

# %% [markdown]
# *What to notice.* W2 and b2 are right. So lines 1 to 3 are right, and so is the gradient `dz2`. W1 and b1 are both
# wrong. So the bug is in something that both of them use, and that W2 and b2 do not use: line 4 or line 5. It is line
# 5: the slope is $h(1 - h)$. This is how bugs are found in networks: first ask *which* gradients are wrong, then where
# their ways meet.

# %% [markdown]
# ### Written: derive backpropagation for two layers (8 points)
#
# Take one example (a row $x$), a network with $z_1 = xW_1 + b_1$, $h = \sigma(z_1)$, $z_2 = hW_2 + b_2$, $o =
# \sigma(z_2)$, and the loss $L = \frac12 \sum_k (o_k - t_k)^2$.
#
# 1. Derive formulas for $\partial L/\partial W_2$, $\partial L/\partial b_2$, $\partial L/\partial W_1$ and $\partial
#    L/\partial b_1$, step by step from the loss backwards. Name the rule that you use in each step (a product's slope,
#    the chain rule, paths that are added), and say where the sum over paths comes in.
# 2. Give the shape of every quantity, if the network has $D$ inputs, $H$ hidden neurons and $M$ outputs.
# 3. Compute one of them with numbers: for Mazur's network, the gradient of the weight from $h_0$ to the first output
#    (0.40). You may take his values from section 5.1. It must agree with the picture above.
#
# Double-click the cell below and write there. Formulas go between dollar signs, `$W_1$`; plain text such as
# `dz2 = (o - t) * o * (1 - o)` is fine too.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-two-layers", "locked": false, "points": 8, "schema_version": 3, "solution": true, "task": false}
# **1. From the loss backwards.** Write $\delta_2$ and $\delta_1$ for the gradients of $z_2$ and $z_1$.
#
# - *The outputs.* Only the term $\frac12(o_k - t_k)^2$ contains $o_k$. Its slope is $\partial L/\partial o_k = o_k -
#   t_k$.
# - *Through the last sigmoid.* $o_k = \sigma(z_{2,k})$ has the slope $o_k(1 - o_k)$. Chain rule:
#   $\delta_{2,k} = (o_k - t_k)\,o_k(1 - o_k)$.
# - *The weights of layer 2.* $z_{2,k} = \sum_j h_j W_{2,jk} + b_{2,k}$. The weight $W_{2,jk}$ stands in one product
#   only, with the other factor $h_j$. So $\partial L/\partial W_{2,jk} = h_j\,\delta_{2,k}$, as a matrix
#   $h^{T}\delta_2$. The bias is added (slope 1): $\partial L/\partial b_2 = \delta_2$.
# - *The hidden layer.* $h_j$ is used by **every** output neuron $k$, with weight $W_{2,jk}$. The paths are added:
#   $\partial L/\partial h_j = \sum_k \delta_{2,k} W_{2,jk}$, as a row $\delta_2 W_2^{T}$.
# - *Through the first sigmoid.* Chain rule again: $\delta_{1,j} = \left(\sum_k \delta_{2,k}W_{2,jk}\right) h_j(1 -
#   h_j)$.
# - *The weights of layer 1.* As in layer 2, with the input $x$ in place of $h$: $\partial L/\partial W_1 =
#   x^{T}\delta_1$ and $\partial L/\partial b_1 = \delta_1$.
#
# **2. Shapes.** $x$: $(1, D)$; $z_1, h, \delta_1$: $(1, H)$; $z_2, o, t, \delta_2$: $(1, M)$. $W_1$ and its gradient:
# $(D, H)$, which is $x^T (D, 1)$ times $\delta_1 (1, H)$; $b_1$: $(H,)$. $W_2$ and its gradient: $(H, M)$; $b_2$:
# $(M,)$.
#
# **3. A number.** $\delta_{2,0} = (0.75136507 - 0.01) \cdot 0.75136507 \cdot (1 - 0.75136507) = 0.741365 \cdot
# 0.186816 = 0.138499$. Times $h_0 = 0.593270$: $0.138499 \cdot 0.593270 = 0.082167$, the number in the picture.
#
# === BEGIN MARK SCHEME ===
#
# Eight points:
#
# - 1: $\partial L/\partial o = o - t$ and, by the chain rule, $\delta_2 = (o - t)\,o(1 - o)$.
# - 1: $\partial L/\partial W_2 = h^T\delta_2$ with the reason (the slope of a product is the other factor), and $b_2$.
# - 2: $\partial L/\partial h = \delta_2 W_2^T$, **with** the reason that each hidden neuron reaches all outputs and
#   the paths are added (1 for the formula, 1 for the sum over paths; one output only: at most 1).
# - 1: $\delta_1 = (\delta_2 W_2^T)\,h(1 - h)$, and from it $W_1$ and $b_1$.
# - 1: the rules are named where they are used.
# - 1: all shapes right (½ if one is wrong). Column vectors and transposed matrices, as in many books, are fine if
#   they are consistent.
# - 1: 0.0822 (to three digits), with the calculation.
#
# With the mean in place of ½ of the sum, a factor 2/M must appear everywhere. Formulas without a derivation: at most
# 4.
#
# === END MARK SCHEME ===

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 6. Three layers, and then any number
#
# ### 6.1 Three layers by hand
#
# Is a third layer anything new? Let us do one on paper. Three layers of a single neuron each, without biases, with a
# ReLU after the first two:
#
# $$h_1 = \text{relu}(w_1 x) \qquad h_2 = \text{relu}(w_2 h_1) \qquad \text{out} = w_3 h_2
# \qquad L = (\text{out} - 1)^2$$
#
# with $x = -2$, $w_1 = -1.5$, $w_2 = 2$, $w_3 = -0.5$. On the way forward $h_1 = 3$, $h_2 = 6$, out $= -3$ and $L =
# 16$. Both ReLUs are open.
#
# Begin with the gradient of the output: $L$ is a square, so $\text{dout} = 2 \cdot (-3 - 1) = -8$. Now the product
# $w_3 \cdot h_2$ hands it on to both of its factors. And so on, until you reach $w_1$.
#
# ### Exercise: `three_layers_by_hand` (3 points)


# %% nbgrader={"grade": false, "grade_id": "three_layers_by_hand", "locked": false, "schema_version": 3, "solution": true, "task": false}
def three_layers_by_hand():
    """How fast the loss (w3 * relu(w2 * relu(w1 * x)) - 1)² grows with w1, w2 and w3.

    Write the way back out, step by step. Returns three numbers: dw1, dw2, dw3.
    """
    x, w2, w3 = -2.0, 2.0, -0.5  # w1 = -1.5 is not needed on the way back
    h1, h2, out = 3.0, 6.0, -3.0
    ### BEGIN SOLUTION
    dout = 2 * (out - 1)
    dw3 = dout * h2
    dh2 = dout * w3
    dw2 = dh2 * h1  # the ReLU is open: dz2 = dh2
    dh1 = dh2 * w2
    dw1 = dh1 * x
    return dw1, dw2, dw3
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Begin with the number that the text gives you, `dout`. `out` is the product of `w3` and `h2`: in a product, each
# factor's slope is the other factor. An open ReLU lets everything pass.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Each layer gives two lines: the gradient of its weight (what arrives, times the layer's *input*) and the gradient of
# its input (what arrives, times the *weight*). The second one is what arrives at the layer before. For the last
# layer: `dw3 = dout * h2` and `dh2 = dout * w3`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-three_layers_by_hand", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(three_layers_by_hand)

# %% [markdown]
# Nothing new: the same two lines for each layer, again and again. So a loop can do it.
#
# ### Written: three layers, and the pattern (6 points)
#
# Take a network of three layers: $z_l = a_{l-1}W_l + b_l$ for $l = 1, 2, 3$, with $a_0 = x$, $a_1 = f(z_1)$, $a_2 =
# f(z_2)$, and the scores $z_3$ go into a loss whose gradient $\partial L/\partial z_3 = \delta_3$ is known. $f$ is any
# activation.
#
# 1. Write down $\partial L/\partial W_l$ and $\partial L/\partial b_l$ for all three layers, with the gradients
#    $\delta_2$ and $\delta_1$ that you need on the way. Derive the step from $\delta_3$ to $\delta_2$; the other may
#    be by analogy.
# 2. State the pattern: a formula for $\delta_l$ from $\delta_{l+1}$, for any number of layers. Write out $\delta_1$ as
#    one long product. What happens to it if $f$ is the sigmoid and there are twenty layers?
# 3. Why does the way back begin at the end? Explain in two or three sentences what would have to be computed again and
#    again if you treated each weight by itself, beginning at the front.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-three-layers", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# **1.** $\partial L/\partial W_3 = a_2^T\delta_3$ and $\partial L/\partial b_3 = \delta_3$ (added up over the examples
# of a batch), because each weight's slope is its input. Each number in $a_2$ reaches all the scores through its row of
# $W_3$; the paths are added, so the gradient of $a_2$ is $\delta_3W_3^T$. Through the activation (chain rule, number
# by number, written $\odot$): $\delta_2 = (\delta_3W_3^T)\odot f'(z_2)$. From here on everything repeats, one layer
# earlier: $\partial L/\partial W_2 = a_1^T\delta_2$, $\partial L/\partial b_2 = \delta_2$; $\delta_1 =
# (\delta_2W_2^T)\odot f'(z_1)$; $\partial L/\partial W_1 = x^T\delta_1$, $\partial L/\partial b_1 = \delta_1$.
#
# **2.** $\delta_l = (\delta_{l+1}W_{l+1}^T)\odot f'(z_l)$, and $\partial L/\partial W_l = a_{l-1}^T\delta_l$. Written
# out: $\delta_1 = \bigl(\bigl((\delta_3W_3^T)\odot f'(z_2)\bigr)W_2^T\bigr)\odot f'(z_1)$: one matrix and one slope
# for every layer on the way. The slope of a sigmoid is at most 1/4. With twenty layers there are nineteen of them, at
# most $(1/4)^{19} \approx 4\cdot 10^{-12}$, so the first layers get practically no gradient unless the weights are
# large enough to make up for it.
#
# **3.** The gradient $\delta_3$ is needed for every weight of the network, $\delta_2$ for every weight of the first
# two layers. From the end, each of them is computed once and used by all that come before it. If each weight were
# treated by itself from the front, all the paths from it to the loss would have to be followed for each weight again,
# and their number grows with each layer; or a new forward pass would be needed for each weight, as with nudges.
# Backwards, all gradients together cost about two forward passes.
#
# === BEGIN MARK SCHEME ===
#
# Six points:
#
# - 1: gradients of $W_3$ and $b_3$ from $\delta_3$.
# - 1: $\delta_2 = (\delta_3W_3^T)\odot f'(z_2)$, derived (paths added, then the slope).
# - 1: all of layers 2 and 1 right.
# - 1: the general formula, and $\delta_1$ written out.
# - 1: with sigmoids it vanishes, with a reason: a product of slopes of at most 1/4 (a number is welcome, not needed).
#   Credit an answer that says that large weights could make up for it or even make it explode.
# - 1: the gradients near the end are shared by all the weights before them: computed once from the end, again and
#   again from the front.
#
# Any consistent notation (column vectors, $W^T$ on the other side, index from 0) is fine.
#
# === END MARK SCHEME ===

# %% [markdown]
# ### 6.2 Any number of layers, forward
#
# Now the general network. It is called an **MLP**, which is short for *multilayer perceptron*. Its parameters are
# `W1`, `b1`, `W2`, `b2`, and so on, in one dict. After each dense layer comes the activation, **except after the last
# one**: its results are scores, and the loss brings its own softmax.
#
# The activation is chosen by its name. A little function in the setup cell finds it, together with its way back:
# `bend("relu")` gives the two functions `mine.relu` and `relu_backward`.
#
# On the way forward, keep what each layer gave in a list `outs`, beginning with $x$ itself: `outs[0]` is $x$,
# `outs[1]` is what layer 1 gave (after its activation), and the last one is the scores. So `outs[layer - 1]` is always
# the input of `layer`, and `outs[layer]` its output.
#
# ### Exercise: `mlp_forward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "mlp_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_forward(x, params, activation="relu"):
    """Dense layers with an activation after each but the last.

    x: array (N, D). params: dict with W1, b1, W2, b2, … activation: "sigmoid", "tanh" or "relu".
    Returns out, array (N, M), and cache, the tuple (outs, params, activation).

    >>> params = {"W1": np.array([[1.0, -1.0]]), "b1": np.zeros(2), "W2": np.ones((2, 1)), "b2": np.zeros(1)}
    >>> mlp_forward(np.array([[-3.0], [2.0]]), params)[0]
    array([[3.],
           [2.]])
    """
    forward, _ = bend(activation)
    depth = len(params) // 2  # the number of layers
    outs = [x]
    ### BEGIN SOLUTION
    for layer in range(1, depth + 1):
        out, _ = mine.dense_forward(outs[-1], params[f"W{layer}"], params[f"b{layer}"])
        if layer < depth:
            out = forward(out)
        outs.append(out)
    return outs[-1], (outs, params, activation)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Each round takes the last thing in `outs`, sends it through one dense layer, and appends the result. Which layer is
# the only one without an activation?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `for layer in range(1, depth + 1):` counts the layers from 1. Inside, `params[f"W{layer}"]` is the right matrix: in
# an f-string `{layer}` becomes the number. `out, _ = mine.dense_forward(outs[-1], ...)`. Call `forward(...)` only `if layer <
# depth`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-mlp_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(mlp_forward)

# %% [markdown]
# (What does the small network in the docstring compute? It is the absolute value, from two ReLUs.)
#
# ### 6.3 And back
#
# The loop of the way back runs from the last layer to the first. In each round:
#
# 1. if this layer has an activation (all but the last have one), take the gradient back through it;
# 2. take it back through the dense layer; keep `dW` and `db`;
# 3. what comes out as `dx` is the gradient of the output of the layer before: the next round begins with it.
#
# ### Exercise: `mlp_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "mlp_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_backward(dout, cache):
    """Back through mlp_forward, from the last layer to the first.

    dout: array (N, M), the gradient of the scores. cache: the tuple (outs, params, activation) from mlp_forward.
    Returns a dict with the gradients, under the names W1, b1, W2, b2, …

    >>> params = {"W1": np.array([[1.0, -1.0]]), "b1": np.zeros(2), "W2": np.ones((2, 1)), "b2": np.zeros(1)}
    >>> outs = [np.array([[-3.0], [2.0]]), np.array([[0.0, 3.0], [2.0, 0.0]]), np.array([[3.0], [2.0]])]
    >>> mlp_backward(np.ones((2, 1)), (outs, params, "relu"))["W1"]
    array([[ 2., -3.]])
    """
    outs, params, activation = cache
    _, backward = bend(activation)
    depth = len(outs) - 1  # the number of layers
    grads = {}
    ### BEGIN SOLUTION
    for layer in range(depth, 0, -1):
        if layer < depth:
            dout = backward(dout, outs[layer])
        dense = (outs[layer - 1], params[f"W{layer}"], params[f"b{layer}"])
        dout, grads[f"W{layer}"], grads[f"b{layer}"] = dense_backward(dout, dense)
    return grads
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# A loop that counts down: `for layer in range(depth, 0, -1):`. Inside are the three points above. Which of the `outs`
# does the activation's way back need, and which one does the dense layer need?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Through the activation: `dout = backward(dout, outs[layer])`, but not in the last layer. The dense layer's cache is
# the tuple `(outs[layer - 1], params[f"W{layer}"], params[f"b{layer}"])`. Call the first thing that `dense_backward`
# returns `dout` again, and the loop does the rest.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-mlp_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(mlp_backward)

# %% [markdown]
# No gradient without a check: three depths, three activations, every parameter. And a question that is worth a guess.
# The network below has 2,260 parameters. Nudging each of them up and down would take 4,520 ways forward. How many ways
# forward does *backpropagation* cost, for all the gradients together?


# %% tags=["demo"]
def drawn(sizes, rng):
    """Parameters for layers of these sizes, weights and biases at random."""
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = rng.normal(
            0, np.sqrt(1 / sizes[layer - 1]), size=(sizes[layer - 1], sizes[layer])
        )
        params[f"b{layer}"] = rng.normal(0, 0.1, size=sizes[layer])
    return params


rng = np.random.default_rng(0)
x, labels = rng.normal(size=(5, 3)), rng.integers(0, 2, 5)
print("largest relative error of any parameter:")
for sizes in ([3, 2], [3, 4, 2], [3, 4, 4, 4, 2]):
    worst = {}
    for activation in ("sigmoid", "tanh", "relu"):
        params = drawn(sizes, rng)
        scores, cache = mine.mlp_forward(x, params, activation)
        grads = mine.mlp_backward(mine.cross_entropy_loss(scores, labels)[1], cache)
        found = errors_by_parameter(
            lambda p: mine.cross_entropy_loss(mine.mlp_forward(x, p, activation)[0], labels)[0], params, grads
        )
        worst[activation] = max(found.values())
    print(f"  {len(sizes) - 1} layers:", "  ".join(f"{name} {error:.0e}" for name, error in worst.items()))


# %% tags=["demo"]
def milliseconds(task, times=100):
    """The best of several runs, so that other programs on this computer do not count."""
    best = np.inf
    for _ in range(times):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
    return 1000 * best


rng = np.random.default_rng(0)
params = {
    "W1": rng.normal(0, 0.12, size=(64, 30)),
    "b1": np.zeros(30),
    "W2": rng.normal(0, 0.18, size=(30, 10)),
    "b2": np.zeros(10),
}
x, labels = rng.normal(size=(200, 64)), rng.integers(0, 10, 200)
forward, backward = mine.mlp_forward, mine.mlp_backward
count = sum(p.size for p in params.values())
scores, cache = forward(x, params)
_, dscores = mine.cross_entropy_loss(scores, labels)
forward_ms, backward_ms = (
    milliseconds(lambda: forward(x, params)),
    milliseconds(lambda: backward(dscores, cache)),
)
print(f"{count:,} parameters, 200 examples")
print(f"one way forward:                        {forward_ms:8.3f} ms")
print(
    f"one way back, all gradients:            {backward_ms:8.3f} ms = {backward_ms / forward_ms:.1f} ways forward"
)
print(f"all gradients by nudging, {2 * count:,} times: {2 * count * forward_ms:8.0f} ms")

# %% [markdown]
# *What to notice.* The way back costs about as much as one or two ways forward, for all the parameters together. Each
# gradient is computed once and used by everything before it. Nudging needs two ways forward for *each* parameter: here
# it would cost thousands of times more, and with a million parameters about a million times.
#
# *A good place to stop.* The setup cell brings everything back. You have backpropagation. Next, your networks learn.

# %% [markdown]
# ## 7. Learning
#
# ### 7.1 One step
#
# The gradient says, for each parameter, how fast the loss grows with it. To make the loss smaller, go the other way:
# take off a little of it. How little is for the **learning rate**, `lr`, to say.
#
# $$\text{parameter} \leftarrow \text{parameter} - \text{lr} \cdot \text{gradient}$$
#
# This is **gradient descent**. All parameters step at once. Give back a *new* dict, and leave the old one as it is.
#
# ### Exercise: `gradient_step` (2 points)


# %% nbgrader={"grade": false, "grade_id": "gradient_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_step(params, grads, lr):
    """One step of gradient descent for all parameters.

    params: dict of arrays. grads: dict of arrays, with the same names. lr: a number.
    Returns a new dict; params is not changed.

    >>> gradient_step({"w": np.array([1.0, 2.0])}, {"w": np.array([10.0, -10.0])}, lr=0.1)
    {'w': array([0., 3.])}
    """
    ### BEGIN SOLUTION
    return {name: params[name] - lr * grads[name] for name in params}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The loss grows in the direction of the gradient, and you want it to fall. How do you make a *new* array, and not
# change the old one?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Start with `stepped = {}`. Go through the names with `for name in params:`, and set `stepped[name]`. Write
# `params[name] - ...`, not `params[name] -= ...`, which would change the old array.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-gradient_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(gradient_step)

# %% [markdown]
# How large should the learning rate be? The simplest landscape is a parabola, $L = w^2$, with the gradient $2w$. We
# start at $w = 1$ and take ten steps. *Which of these four learning rates is best? Is there one that makes things
# worse?*

# %% tags=["demo"]
print("   lr    w after 0, 1, 2, … steps")
for lr in (0.05, 0.45, 0.95, 1.05):
    w, seen = {"w": np.array(1.0)}, [1.0]
    for _ in range(10):
        w = mine.gradient_step(w, {"w": 2 * w["w"]}, lr)
        seen.append(float(w["w"]))
    print(f"{lr:5.2f}  ", " ".join(f"{value:6.2f}" for value in seen))

# %% [markdown]
# *What to notice.* 0.05 creeps. 0.45 is there almost at once. 0.95 jumps from one side to the other, but comes closer.
# 1.05 jumps further away each time: it **diverges**. In a network nobody tells you the right number; you try, in
# factors of about 3: 0.01, 0.03, 0.1, 0.3, … When the loss grows, or becomes `nan`, the learning rate is too large.

# %% [markdown]
# Where exactly is the edge? Move the learning rate, and drag the start. (This parabola is $2w^2$, with the slope
# $4w$.)

# %% tags=["demo"]
explore.learning_rate(mine.gradient_step)

# %% [markdown]
# ### 7.2 XOR, with one layer: watch it fail
#
# In chapter 1 you built XOR by choosing the weights. At the end you asked: can a network *learn* them? Let us first
# see how the learning fails, if it must.
#
# One dense layer with one sigmoid neuron. The loss is the binary cross-entropy. In each step: forward, loss, back,
# step. Write down the loss of each step *before* the step is made. (One round through all the examples is called an
# **epoch**. Here each step uses all four, so an epoch is one step.) *What do you expect? Which loss will it reach?*


# %% [markdown]
# ### Exercise: `train_single_layer_xor` (3 points)


# %% nbgrader={"grade": false, "grade_id": "train_single_layer_xor", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_single_layer_xor(lr, epochs, rng):
    """Train one dense layer and a sigmoid on XOR_X and XOR_Y, with the binary cross-entropy.

    lr: the learning rate. epochs: how many steps, each on all four examples. rng: draws the first weights.
    Returns params, a dict with W (2, 1) and b (1,), and losses, an array (epochs,): the loss before each step.

    >>> params, losses = train_single_layer_xor(1.0, 300, np.random.default_rng(0))
    >>> print(params["W"].shape, losses.shape)
    (2, 1) (300,)
    """
    params = {"W": rng.normal(size=(2, 1)), "b": np.zeros(1)}
    losses = np.zeros(epochs)
    ### BEGIN SOLUTION
    for epoch in range(epochs):
        z, cache = mine.dense_forward(XOR_X, params["W"], params["b"])
        out = mine.sigmoid(z)
        losses[epoch], dout = binary_cross_entropy_loss(out, XOR_Y)
        dz = sigmoid_backward(dout, out)
        _, dW, db = dense_backward(dz, cache)
        params = gradient_step(params, {"W": dW, "b": db}, lr)
    return params, losses
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Four parts in each round of the loop: forward, loss, back, step. The way back has two parts, as the way forward has;
# in which order?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# In the loop, forward: `z, cache = mine.dense_forward(...)`, then `mine.sigmoid`. Loss: `losses[epoch], dout =
# binary_cross_entropy_loss(out, XOR_Y)`. Back: `sigmoid_backward`, then `dense_backward`. Step: `params =
# gradient_step(...)`. After the loop, return both.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-train_single_layer_xor", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(train_single_layer_xor)

# %% tags=["demo"]
figure, axis = plt.subplots(figsize=(6, 3.2))
solved, last = 0, []
for seed in range(20):
    params, losses = mine.train_single_layer_xor(1.0, 300, np.random.default_rng(seed))
    last.append(losses[-1])
    answers = mine.sigmoid(XOR_X @ params["W"] + params["b"])
    solved += np.all((answers > 0.5) == XOR_Y) and np.abs(answers - XOR_Y).max() < 0.4
    axis.plot(losses, color=BLUE, alpha=0.5)
axis.axhline(np.log(2), color="black", ls="--", lw=1, label="log 2 = 0.693")
axis.set(xlabel="step", ylabel="loss", ylim=(0, None), title="one layer on XOR, from 20 different starts")
axis.legend()
plt.show()
print(f"solved from {solved} of 20 starts; the last losses lie between {min(last):.4f} and {max(last):.4f}")
print("the last network answers", answers.ravel(), "where", XOR_Y.ravel(), "was asked for")

# %% [markdown]
# *What to notice.* Learning did work: from every start it comes to the same place, with the same loss, $\log 2$. There
# the network says "½" to everything. That is the best that one layer can do for XOR: its four answers ask the weights
# for opposite things, and at ½ their gradients cancel.
#
# ### 7.3 XOR, with two layers: watch it work
#
# Now `two_layer_forward`, with some hidden neurons. The loop is the same. Nobody tells the hidden neurons what to do.
# They only get their gradients.
#
# ### Exercise: `train_two_layer_xor` (3 points)


# %% nbgrader={"grade": false, "grade_id": "train_two_layer_xor", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_two_layer_xor(hidden, lr, epochs, rng):
    """Train two_layer_forward on XOR_X and XOR_Y, with the binary cross-entropy.

    hidden: the number of hidden neurons. lr, epochs, rng: as before.
    Returns params, a dict with W1 (2, hidden), b1 (hidden,), W2 (hidden, 1), b2 (1,), and losses, an array (epochs,):
    the loss before each step.

    >>> params, losses = train_two_layer_xor(8, 2.0, 1000, np.random.default_rng(0))
    >>> (two_layer_forward(XOR_X, params)[0] > 0.5).astype(int).ravel()
    array([0, 1, 1, 0])
    """
    ### BEGIN SOLUTION
    params = {
        "W1": rng.normal(size=(2, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(size=(hidden, 1)),
        "b2": np.zeros(1),
    }
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        out, cache = two_layer_forward(XOR_X, params)
        losses[epoch], dout = binary_cross_entropy_loss(out, XOR_Y)
        grads = two_layer_backward(dout, cache)
        params = gradient_step(params, grads, lr)
    return params, losses
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The loop is the one that you know, and shorter: `two_layer_forward` and `two_layer_backward` do more. What must
# `params` hold before the first round?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The first weights are drawn as before, `rng.normal(size=(2, hidden))` and `rng.normal(size=(hidden, 1))`; the biases
# are zeros. The loop has four lines: forward, loss, back, step.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-train_two_layer_xor", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(train_two_layer_xor)

# %% [markdown]
# One lucky start would prove little. So we take twenty different starts, with eight hidden neurons. And then again
# with only two, the smallest number that can do it at all.

# %% tags=["demo"]
figure, axes = plt.subplots(1, 2, figsize=(10, 3.2), sharey=True, layout="constrained")
for hidden, axis in zip((8, 2), axes, strict=True):
    solved = 0
    for seed in range(20):
        params, losses = mine.train_two_layer_xor(hidden, 4.0, 300, np.random.default_rng(seed))
        answers, _ = mine.two_layer_forward(XOR_X, params)
        right = bool(np.abs(answers - XOR_Y).max() < 0.4)
        solved += right
        axis.plot(losses, color=BLUE if right else VERMILLION, ls="-" if right else "--", alpha=0.6)
    axis.axhline(np.log(2), color="black", ls=":", lw=1)
    axis.text(300, np.log(2) + 0.03, "log 2", ha="right")
    axis.set(xlabel="step", ylim=(0, None), title=f"{hidden} hidden neurons: {solved} of 20 starts solve XOR")
    print(f"{hidden} hidden neurons: XOR is solved from {solved} of 20 starts")
axes[0].set_ylabel("loss")
plt.show()

# %% [markdown]
# *What to notice.* With eight hidden neurons, every one of the twenty starts ends with XOR solved. With two, some get
# stuck (dashed): their loss lies flat, far above 0, on a plain where small steps hardly help. So more neurons than are
# needed make learning *easier* here.
#
# What has the network found? On the left, its answers over the whole plane. On the right, what its hidden neurons do:
# each draws one line.

# %% tags=["demo"]
params, _ = mine.train_two_layer_xor(8, 4.0, 300, np.random.default_rng(0))
side = np.linspace(-0.5, 1.5, 81)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
answers, (_, h, _, _) = mine.two_layer_forward(grid, params)

figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
picture = axes[0].contourf(
    side, side, answers.reshape(81, 81), levels=np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.8
)
figure.colorbar(picture, ax=axes[0], label="answer")
axes[0].contour(side, side, answers.reshape(81, 81), levels=[0.5], colors="black")
for unit in range(8):
    axes[1].contour(side, side, h[:, unit].reshape(81, 81), levels=[0.5], colors=[BLUE], linewidths=1.5)
for axis in axes:
    for (x1, x2), wanted in zip(XOR_X, XOR_Y.ravel(), strict=True):
        axis.plot(
            x1, x2, "o" if wanted else "s", ms=12, mec="black", mfc=VERMILLION if wanted else "white", mew=2
        )
    axis.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xlim=(-0.5, 1.5), ylim=(-0.5, 1.5))
axes[0].set_title("the network's answer (● should be 1, □ 0)")
axes[1].set_title("where each hidden neuron is at ½")
plt.show()

# %% [markdown]
# That was the end of a training. How did it come about? Here is a whole run that you can play and rewind, with your
# own way forward and back: for XOR, and for a ring round a disc. *How many lines does it take to enclose a disc?*

# %% tags=["demo"]
explore.training_run(mine.mlp_forward, mine.mlp_backward)

# %% [markdown]
# ### 7.4 Why the first weights are drawn at random
#
# Would it not be simpler to begin with equal weights, say all 0.5? *Think: two hidden neurons with the same weights
# see the same inputs. What is their output? What is their gradient? What are their weights after a step?*

# %% tags=["demo"]
params = {"W1": np.full((2, 8), 0.5), "b1": np.zeros(8), "W2": np.full((8, 1), 0.5), "b2": np.zeros(1)}
for _ in range(2000):
    out, cache = mine.two_layer_forward(XOR_X, params)
    loss, dout = mine.binary_cross_entropy_loss(out, XOR_Y)
    params = mine.gradient_step(params, mine.two_layer_backward(dout, cache), 0.5)
print(f"loss after 2,000 steps: {loss:.4f}")
print("weights of the eight hidden neurons, one a column:\n", params["W1"])

# %% [markdown]
# *What to notice.* All columns are still the same. Equal neurons get equal gradients, take equal steps, and stay equal
# for ever. Eight neurons do the work of one. Chance must make them different.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 8. How large should the first weights be?
#
# Random, then. But how large? In section 7 the weights had the size 1, and it went well. (The **size** is the standard
# deviation, the typical distance from the mean, which is 0 here.) But those networks had two layers. Let us send a
# signal through **ten** layers of 100 neurons, forward and back, with weights of three different sizes. *Guess: which
# size keeps the signal alive?*


# %% tags=["demo"]
def signal(activation, size, rng):
    """How large the outputs of each of ten layers are, and the gradient of its weights, if W has this standard deviation."""
    params = {f"W{layer}": rng.normal(0, size, size=(100, 100)) for layer in range(1, 12)}
    params |= {f"b{layer}": np.zeros(100) for layer in range(1, 12)}
    scores, cache = mine.mlp_forward(rng.normal(size=(100, 100)), params, activation)
    grads = mine.mlp_backward(rng.normal(size=scores.shape), cache)
    return [out.std() for out in cache[0][1:-1]], [
        np.sqrt(np.mean(grads[f"W{layer}"] ** 2)) for layer in range(1, 11)
    ]


rng = np.random.default_rng(0)
print(
    "                       outputs: layer 1    layer 5   layer 10    gradient of W: layer 1    layer 5   layer 10"
)
for activation in ("tanh", "relu"):
    for size in (0.02, 0.14, 0.5):
        outs, back_sizes = signal(activation, size, rng)
        forward = "  ".join(f"{outs[layer]:9.1e}" for layer in (0, 4, 9))
        back = "  ".join(f"{back_sizes[layer]:9.1e}" for layer in (0, 4, 9))
        print(f"{activation}, weights of size {size:4.2f}:    {forward}           {back}")

# %% [markdown]
# *What to notice.* With 0.02 the signal shrinks by the same factor in each layer; after ten layers nothing is left,
# and the gradient of the weights is a millionth or less. With 0.5 the ReLU network explodes. tanh cannot, because its
# outputs end at ±1, but its gradient grows a hundredfold on the way back. Only 0.14 keeps both about the same through
# all layers. Where does 0.14 come from?
#
# A neuron adds up $D$ products of an input and a weight. If the inputs lie around 0 with variance $v$, and the
# weights, drawn around 0 too, have variance $s^2$, then each product has the variance $v\,s^2$, and their sum has $D$
# times as much: $D\,v\,s^2$. (The variance is the square of the standard deviation. Variances of independent things
# add. If the inputs do not lie around 0, as after a ReLU, $v$ is the mean of their squares.) To keep $v$ as it was, we
# need
#
# $$D\,s^2 = 1 \qquad\text{so}\qquad s^2 = \frac{1}{D}$$
#
# On the way back the same happens with the $M$ neurons of the layer in place of its $D$ inputs, and we would want $s^2
# = 1/M$.
#
# - **Xavier Glorot** and Yoshua Bengio (2010) proposed a compromise, for tanh and bends like it, with slope 1 at 0:
#   $s^2 = \frac{2}{D + M}$. They drew the weights evenly between $-a$ and $a$. Such numbers have the variance $a^2/3$,
#   so $a = \sqrt{6/(D + M)}$.
# - **Kaiming He** and others (2015) looked at ReLU. It sets half of the numbers to 0, so half of the (mean squared)
#   signal is lost in each layer. To make up for it they took twice the variance, $s^2 = \frac{2}{D}$, from a normal
#   distribution.
#
# $D$ is called `fan_in` here, $M$ `fan_out`. With 100 and 100, He's size is $\sqrt{2/100} \approx 0.14$.
#
# ### Exercise: `xavier_init` (2 points)


# %% nbgrader={"grade": false, "grade_id": "xavier_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xavier_init(fan_in, fan_out, rng):
    """First weights for tanh: evenly drawn between -a and a, with a = √(6 / (fan_in + fan_out)).

    fan_in: how many inputs. fan_out: how many neurons. rng: rng.uniform(low, high, size=...) draws evenly.
    Returns an array (fan_in, fan_out).

    >>> xavier_init(4, 3, np.random.default_rng(0)).shape
    (4, 3)
    """
    ### BEGIN SOLUTION
    a = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-a, a, size=(fan_in, fan_out))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# First the number $a$, then the draw. Which shape has a weight matrix with `fan_in` inputs and `fan_out` neurons?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `a = np.sqrt(6 / (fan_in + fan_out))`, and `rng.uniform(-a, a, size=...)`. `size=` is the shape of the matrix, a
# tuple.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-xavier_init", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(xavier_init)

# %% [markdown]
# ### Exercise: `he_init` (2 points)


# %% nbgrader={"grade": false, "grade_id": "he_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def he_init(fan_in, fan_out, rng):
    """First weights for ReLU: normal, with mean 0 and VARIANCE 2 / fan_in.

    fan_in: how many inputs. fan_out: how many neurons. rng: rng.normal(mean, standard_deviation, size=...) draws.
    Returns an array (fan_in, fan_out).

    >>> he_init(4, 3, np.random.default_rng(0)).shape
    (4, 3)
    """
    ### BEGIN SOLUTION
    return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# `rng.normal` asks for the standard deviation, and He gives the variance. How do you get the one from the other?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The standard deviation is the root of the variance, `np.sqrt(2 / fan_in)`. The mean is 0, and `size=` is the tuple
# `(fan_in, fan_out)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-he_init", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(he_init)

# %% [markdown]
# Now the parameters of a whole network. `layer_sizes` is the number of inputs, then the number of neurons of each
# layer, as in chapter 1. Weights come from `init`, which is `xavier_init` or `he_init`; biases begin at 0. (They may:
# the weights already make the neurons different.)
#
# ### Exercise: `mlp_init` (2 points)


# %% nbgrader={"grade": false, "grade_id": "mlp_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_init(layer_sizes, init, rng):
    """The first parameters of an MLP.

    layer_sizes: list of numbers. init: a function of (fan_in, fan_out, rng) that draws weights.
    Returns a dict with W1, b1, W2, b2, …

    >>> params = mlp_init([64, 30, 10], he_init, np.random.default_rng(0))
    >>> print(list(params), params["W2"].shape, params["b2"].shape)
    ['W1', 'b1', 'W2', 'b2'] (30, 10) (10,)
    """
    ### BEGIN SOLUTION
    params = {}
    for layer in range(1, len(layer_sizes)):
        inputs, neurons = layer_sizes[layer - 1], layer_sizes[layer]
        params[f"W{layer}"] = init(inputs, neurons, rng)
        params[f"b{layer}"] = np.zeros(neurons)
    return params
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Three numbers in `layer_sizes` make two layers. Which two of the numbers belong to layer 1? Which to layer 2?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# With `for layer in range(1, len(layer_sizes)):` the layer has `layer_sizes[layer - 1]` inputs and
# `layer_sizes[layer]` neurons. `init(inputs, neurons, rng)` draws its weights, and `np.zeros(neurons)` are its
# biases.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-mlp_init", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(mlp_init)

# %% [markdown]
# Now try all sizes, with your own network. *Is there any scale at which the sigmoid keeps its gradient alive?*

# %% tags=["demo"]
explore.initialization(mine.mlp_forward, mine.mlp_backward)

# %% [markdown]
# ### 8.1 Sigmoid, tanh and ReLU, ten layers deep
#
# In chapter 2 you saw a sigmoid network with six layers learn nothing. Now you can do better: three networks with
# **ten** hidden layers of 64 neurons, on real digits (more about them in section 10). ReLU gets He's first weights,
# tanh and the sigmoid Xavier's. Before the first step we measure the gradient of each layer. *Which of the three will
# learn? And will good first weights save the sigmoid?*


# %% tags=["demo"]
def train_deep(activation, init, lr=0.03, epochs=8, seed=0):
    """Train ten hidden layers on the digits: the loss of each step, the first gradients, the test accuracy."""
    rng = np.random.default_rng(seed)
    params = mine.mlp_init([64, *[64] * 10, 10], init, rng)
    forward = quick("mlp_forward", X[:32], params, activation)
    scores, cache = forward(X[:32], params, activation)
    backward = quick("mlp_backward", mine.cross_entropy_loss(scores, y_train[:32])[1], cache)
    losses, first = [], None
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(order), 32):  # 32 digits at a time
            batch = order[start : start + 32]
            scores, cache = forward(X[batch], params, activation)
            loss, dscores = mine.cross_entropy_loss(scores, y_train[batch])
            grads = backward(dscores, cache)
            first = first or [np.linalg.norm(grads[f"W{layer}"]) for layer in range(1, 12)]
            params = mine.gradient_step(params, grads, lr)
            losses.append(loss)
    scores, _ = forward((X_test - mean) / spread, params, activation)
    return losses, first, np.mean(scores.argmax(axis=1) == y_test)


mean, spread = X_train.mean(axis=0), X_train.std()
X = (X_train - mean) / spread  # so that the inputs lie around 0, with a size of about 1

figure, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
print("              gradient, first / last layer     loss at the start, at the end     test accuracy")
for activation, init, color, style in (
    ("sigmoid", mine.xavier_init, BLUE, "-"),
    ("tanh", mine.xavier_init, VERMILLION, "--"),
    ("relu", mine.he_init, GREEN, "-."),
):
    losses, first, accuracy = train_deep(activation, init)
    axes[0].plot(np.convolve(losses, np.ones(10) / 10, "valid"), style, color=color, label=activation)
    axes[1].semilogy(range(1, 12), first, "o" + style, color=color, label=activation)
    ratio = first[0] / first[-1]
    print(f"{activation:>8} {ratio:24.1e} {losses[0]:27.3f}, {np.mean(losses[-20:]):.3f} {accuracy:25.1%}")
axes[0].axhline(np.log(10), color="black", ls=":", lw=1, label="log 10: guessing")
axes[0].set(xlabel="step", ylabel="loss (mean of 10 steps)", ylim=(0, 2.6))
axes[1].set(xlabel="layer", ylabel="length of the gradient of W, before step 1", xticks=range(1, 12))
axes[0].legend(loc="center right", fontsize=8)
axes[1].legend(loc="center right", fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* With good first weights, tanh and ReLU learn at a depth of ten, and on the right their gradients
# are about the same in all layers. The sigmoid's gradient falls to about a quarter in each layer, on its way from the
# right to the left, and the network stays at $\log 10$: it guesses. Good weights keep the *sums* at the right size,
# but each sigmoid on the way back multiplies by its slope, and that is never more than ¼. This is one reason why deep networks
# hardly ever have sigmoids between their layers.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 9. Few examples at a time, and no step too long
#
# ### 9.1 Mini-batches
#
# The loss is a mean over all examples. Must we really go through all of them before each step? The gradient of a few
# examples costs much less. But does it point in the same direction as the gradient of all? Let us measure the angle
# between the two, for a new network and many random choices of digits. *Guess: how many of the 1,437 digits are
# enough?*


# %% tags=["demo"]
def direction(params, places):
    """The gradient for some of the digits, as one long vector of length 1."""
    scores, cache = mine.mlp_forward(X_train[places], params)
    grads = mine.mlp_backward(mine.cross_entropy_loss(scores, y_train[places])[1], cache)
    v = np.concatenate([gradient.ravel() for gradient in grads.values()])
    return v / np.linalg.norm(v)


rng = np.random.default_rng(0)
params = mine.mlp_init([64, 32, 10], mine.he_init, rng)
whole = direction(params, np.arange(len(X_train)))
print("digits     angle to the gradient of all the digits (mean of 100 choices)")
for size in (1, 8, 32, 256):
    angles = [
        np.degrees(np.arccos(direction(params, rng.permutation(len(X_train))[:size]) @ whole))
        for _ in range(100)
    ]
    print(f"{size:6} {np.mean(angles):8.0f}°")

# %% [markdown]
# *What to notice.* At 0° two directions are the same, and at 90° the one says nothing about the other. A single digit
# says little. But 32 digits point roughly the right way, for about one 45th of the work, and 256 do so quite well.
# With the same work you can make many rough steps in place of a single exact one. There are names for this:
#
# - **Batch** gradient descent: all examples, one step.
# - **Stochastic** gradient descent (SGD): one example, one step.
# - **Mini-batch** gradient descent: some examples (often 32 to 256), one step. This is the usual way.
#
# One function serves for all three; only the size differs. It must **shuffle**, or the network might see all the zeros
# first, then all the ones. An **epoch** is still one round through all the examples; it now has many steps. If the
# last batch is not full, it is smaller.
#
# ### Exercise: `minibatches` (3 points)


# %% nbgrader={"grade": false, "grade_id": "minibatches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def minibatches(X, y, size, rng):
    """Shuffle the examples and cut them into batches.

    X: array (N, …), the examples. y: array (N, …), what belongs to them. size: how many a batch has.
    rng: rng.permutation(N) gives the numbers 0 to N - 1 in a new order.
    Returns a list of pairs (X_batch, y_batch).

    >>> batches = minibatches(np.arange(5), 10 * np.arange(5), 2, np.random.default_rng(0))
    >>> [len(X_batch) for X_batch, y_batch in batches]
    [2, 2, 1]
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), size):
        part = order[start : start + size]
        batches.append((X[part], y[part]))
    return batches
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Draw one new order of the numbers 0 to N − 1, for both arrays. Then cut the *order* into pieces, and pick the
# examples of each piece.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `range(0, len(X), size)` gives the places where the batches start. `order[start : start + size]` is a piece of the
# order (at the end it is shorter by itself). `X[piece]` picks these examples, and `y[piece]` what belongs to them.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-minibatches", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(minibatches)

# %% tags=["demo"]
rng = np.random.default_rng(0)
params = mine.mlp_init([64, 32, 10], mine.he_init, rng)
forward = quick("mlp_forward", X_train[:1], params)
scores, cache = forward(X_train[:1], params)
backward = quick("mlp_backward", mine.cross_entropy_loss(scores, y_train[:1])[1], cache)

figure, axis = plt.subplots(figsize=(6.5, 3.4))
print("three epochs on the digits, learning rate 0.1")
print("batch size     steps     loss on all digits     seconds")
for size, color, style in ((1, GREEN, "-"), (32, VERMILLION, "-"), (len(X_train), BLUE, "o-")):
    rng = np.random.default_rng(0)
    params = mine.mlp_init([64, 32, 10], mine.he_init, rng)
    seen, losses, start = [], [], time.perf_counter()
    for epoch in range(3):
        batches = mine.minibatches(X_train, y_train, size, rng)
        for number, (X_batch, y_batch) in enumerate(batches):
            scores, cache = forward(X_batch, params)
            loss, dscores = mine.cross_entropy_loss(scores, y_batch)
            params = mine.gradient_step(params, backward(dscores, cache), 0.1)
            seen.append(epoch + number / len(batches))
            losses.append(loss)
    seconds = time.perf_counter() - start
    final, _ = mine.cross_entropy_loss(forward(X_train, params)[0], y_train)
    print(f"{size:10} {len(losses):9} {final:18.3f} {seconds:17.2f}")
    if size == 1:  # one loss at a time is only noise: show the mean of a hundred
        seen, losses = seen[99:], np.convolve(losses, np.ones(100) / 100, "valid")
    label = {1: "1 (mean of 100 steps)", 32: "32"}.get(size, "all")
    axis.plot(seen, losses, style, color=color, label=f"batch size {label}", lw=1, alpha=0.9)
axis.set(xlabel="epochs", ylabel="loss of the batch", ylim=(0, 2.6))
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# *What to notice.* With all the digits at once there are only three steps in three epochs, and hardly anything is
# learned. With 32, the curve trembles, because each batch is a little different, but after the same three epochs the
# loss is far lower. With one at a time it falls fastest for each example seen, but it takes much longer: NumPy is fast
# with matrices, and slow with thousands of tiny steps.

# %% [markdown]
# ### 9.2 When the gradient explodes
#
# Think of the loss as a landscape. It can have a cliff: a place as steep as a wall. *What does a step do there?* Take
# twenty layers of a single neuron each, all with the same weight $w$, and nothing else. The input is 1, so the output
# is $w^{20}$; it should be 1, so $w = 1$ would be right. We begin at $w = 1.2$.


# %% tags=["demo"]
def cliff(w):
    """The loss (w²⁰ - 1)² and its gradient."""
    return (w**20 - 1) ** 2, 2 * (w**20 - 1) * 20 * w**19


w = 1.2
for moment in ("before the step", "after one step"):
    loss, gradient = cliff(w)
    print(f"{moment:15}  w = {w:7.1f}   loss {loss:8.2g}   gradient {gradient:8.2g}")
    w = w - 0.01 * gradient

figure, axis = plt.subplots(figsize=(6, 2.8))
places = np.linspace(0, 1.25, 251)
axis.plot(places, cliff(places)[0], color=BLUE)
axis.plot(1.2, cliff(1.2)[0], "o", color=VERMILLION, label="the start, w = 1.2")
axis.plot(1, 0, "s", color="black", label="the right weight, w = 1")
axis.set(xlabel="w", ylabel="loss", title="a plain, and a cliff", ylim=(-100, 3000))
axis.legend(loc="upper left")
plt.show()

# %% [markdown]
# *What to notice.* At the start $w$ was only 0.2 too large. One step with the small learning rate 0.01 threw it to
# −476, where the loss is astronomical: all that was learned would be lost. A simple protection is to make the gradient
# shorter if it is too long: to **clip** it. There are two ways. You will need the second one in chapter 5.
#
# **By value:** every number that is above the limit becomes the limit; below minus the limit, minus the limit.
#
# ### Exercise: `clip_by_value` (1 point)


# %% nbgrader={"grade": false, "grade_id": "clip_by_value", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_value(grads, limit):
    """Bring every number of the gradients between -limit and limit.

    grads: dict of arrays. limit: a number above 0. Returns a new dict.

    >>> clip_by_value({"W": np.array([0.5, -30.0])}, 1.0)
    {'W': array([ 0.5, -1. ])}
    """
    ### BEGIN SOLUTION
    return {name: np.clip(grads[name], -limit, limit) for name in grads}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# For one array there is a NumPy function that does it. And for a dict of arrays? Think of `gradient_step`.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.clip(array, low, high)` does it for one array. Do it for each name, and put the results into a new dict.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-clip_by_value", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(clip_by_value)

# %% [markdown]
# **By norm:** take *all* the gradients together as one long vector. If its length is above `max_norm`, multiply all of
# them by the same factor, so that the length becomes `max_norm`. If it is not, leave them alone.
#
# The length of all arrays together: add up the squares of *all* their numbers, then take the root.
#
# ### Exercise: `clip_by_norm` (2 points)


# %% nbgrader={"grade": false, "grade_id": "clip_by_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_norm(grads, max_norm):
    """If all gradients together are longer than max_norm, scale them down to that length.

    grads: dict of arrays. max_norm: a number above 0. Returns a new dict.

    >>> clip_by_norm({"W": np.array([3.0]), "b": np.array([4.0])}, 1.0)
    {'W': array([0.6]), 'b': array([0.8])}
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in grads.values()))
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: factor * grads[name] for name in grads}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# One length for *all* the arrays together, then one factor for all. When must the factor be 1?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `sum(np.sum(g**2) for g in grads.values())` is the sum of all squares; take its root. The factor is `max_norm /
# norm`, but only if `norm > max_norm`; otherwise it is 1.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-clip_by_norm", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(clip_by_norm)

# %% tags=["demo"]
g = {"g": np.array([3.0, 0.6])}
figure, axis = plt.subplots(figsize=(6.5, 2.6))
for name, v, color, style in (
    ("the gradient", g["g"], "gray", "-"),
    ("clipped by value, limit 1", mine.clip_by_value(g, 1.0)["g"], VERMILLION, "--"),
    ("clipped by norm, max_norm 1", mine.clip_by_norm(g, 1.0)["g"], BLUE, "-"),
):
    axis.plot(
        [0, v[0]],
        [0, v[1]],
        style,
        color=color,
        marker="o",
        lw=2.5,
        label=f"{name}: ({v[0]:.2f}, {v[1]:.2f})",
    )
    print(f"{name:28} length {np.linalg.norm(v):.2f}, direction {np.degrees(np.arctan2(v[1], v[0])):.0f}°")
axis.set(xlabel="first number", ylabel="second number", xlim=(-0.1, 3.3), ylim=(-0.1, 1.1))
axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

w, seen = 1.2, []
for _ in range(31):
    seen.append(w)
    gradient = 2 * (w**20 - 1) * 20 * w**19
    w -= 0.01 * mine.clip_by_norm({"w": np.array(gradient)}, 1.0)["w"]
print("from the cliff, clipped: w after 0, 10, 20, 30 steps:", *(f"{w:.4f}" for w in seen[::10]))

# %% [markdown]
# *What to notice.* By norm, the gradient is shorter and still points the same way. By value, only its first number was
# cut, and so the direction has changed. This is why clipping by norm is the more usual one. And on the cliff, each
# step is now at most 0.01 long, and $w$ arrives at 1.

# %% [markdown]
# ## 10. Reading digits
#
# Everything is there. 1,797 handwritten digits of 8 by 8 pixels; 1,437 to learn from, and 360 that the network never
# sees while it learns. Only with those can we say whether it has *learned* or just remembered.

# %% tags=["demo"]
figure, axes = plt.subplots(2, 10, figsize=(10, 2.3), gridspec_kw={"hspace": 0.4})
for axis, image, label in zip(axes.ravel(), digits.train_images, digits.train_labels, strict=False):
    axis.imshow(image, cmap="gray_r")
    axis.set(title=str(label), xticks=[], yticks=[])
plt.show()

# %% [markdown]
# Each image becomes a row of 64 numbers. The network gives ten scores, one for each digit. The training is the loop
# that you know:
#
# - draw the first parameters (`mlp_init` with `he_init`, as it is a ReLU network);
# - in each epoch make mini-batches; for each of them: forward, loss, back, step;
# - for each epoch note the mean loss of its batches.
#
# ### Exercise: `train_classifier` (4 points)


# %% nbgrader={"grade": false, "grade_id": "train_classifier", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_classifier(X, y, layer_sizes, lr, epochs, batch_size, rng):
    """Train an MLP with ReLU to tell classes apart.

    X: array (N, D). y: array (N,), the labels. layer_sizes: D, the hidden layers, the number of classes.
    lr, epochs, batch_size: numbers. rng: draws the first weights by he_init (the biases begin at 0), and shuffles.
    Returns params, a dict, and losses, an array (epochs,): the mean over each epoch's batches of the loss before its
    step.

    >>> X, y = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0, 1, 1, 0])
    >>> params, losses = train_classifier(X, y, [1, 8, 2], 0.5, 100, 2, np.random.default_rng(0))
    >>> mlp_forward(X, params)[0].argmax(axis=1)
    array([0, 1, 1, 0])
    """
    ### BEGIN SOLUTION
    params = mlp_init(layer_sizes, he_init, rng)
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        batches = minibatches(X, y, batch_size, rng)
        for X_batch, y_batch in batches:
            scores, cache = mlp_forward(X_batch, params)
            loss, dscores = cross_entropy_loss(scores, y_batch)
            grads = mlp_backward(dscores, cache)
            params = gradient_step(params, grads, lr)
            losses[epoch] += loss / len(batches)
    return params, losses
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# It is the loop that you know, inside another: for each epoch, for each batch. What happens once, before both? And
# what must be collected in the inner loop, so that the outer one can store a mean?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `params = mlp_init(layer_sizes, he_init, rng)` comes first. In `for X_batch, y_batch in minibatches(X, y,
# batch_size, rng):` stand four lines, with `mlp_forward`, `cross_entropy_loss`, `mlp_backward` and `params =
# gradient_step(...)`. Collect the losses of an epoch, and store their mean in `losses[epoch]`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-train_classifier", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(train_classifier)

# %% [markdown]
# Now the real thing.

# %% tags=["demo"]
start = time.perf_counter()
params, losses = mine.train_classifier(X_train, y_train, [64, 64, 10], 0.3, 20, 32, np.random.default_rng(0))
seconds = time.perf_counter() - start
for name, X, y in (("training", X_train, y_train), ("test", X_test, y_test)):
    scores, _ = mine.mlp_forward(X, params)
    accuracy = np.mean(scores.argmax(axis=1) == y)
    print(f"{name:>8} digits read correctly: {accuracy:.1%}")
print(f"{sum(p.size for p in params.values()):,} parameters, trained in {seconds:.1f} s")

figure, axis = plt.subplots(figsize=(6, 3))
axis.semilogy(range(1, 21), losses, "o-", color=BLUE)
axis.set(xlabel="epoch", ylabel="mean loss", xticks=range(1, 21, 2))
plt.show()
milestone("03", params, losses, accuracy)

# %% [markdown]
# *What to notice.* More than 95 of 100 digits that it has never seen are read correctly. If no part of it is the
# course's any more, this is a network in which you wrote every line: the dense layer of chapter 1, ReLU and softmax of
# chapter 2, and all the rest here. Then the last line says that your **milestone** is kept. Open `milestones/03.html`
# beside this notebook: it holds the network, its numbers, its curve and your own code. Otherwise the line names the
# parts that are still the course's. Write those, and run the cell again.
#
# Where is the network still wrong?

# %% tags=["demo"]
params, _ = mine.train_classifier(X_train, y_train, [64, 64, 10], 0.3, 20, 32, np.random.default_rng(0))
scores, _ = mine.mlp_forward(X_test, params)
answers = scores.argmax(axis=1)
wrong = np.flatnonzero(answers != y_test)
figure, axes = plt.subplots(1, 8, figsize=(10, 1.8), layout="constrained")
figure.suptitle(f"{len(wrong)} of {len(y_test)} are wrong; here are the first of them")
for axis in axes:
    axis.axis("off")
for axis, place in zip(axes, wrong, strict=False):
    axis.imshow(digits.test_images[place], cmap="gray_r")
    axis.set_title(f"says {answers[place]}, is {y_test[place]}", fontsize=9)
plt.show()

# %% [markdown]
# Some of them you would find hard yourself. One last question: what does it look at? Backpropagation can say. Do not
# stop at the first layer's weights, but go one step further back, to the *pixels*: if this pixel were a little darker,
# how much would the score of the right digit grow, compared with the mean of the nine other scores? That is `dx` of
# the first layer.

# %% tags=["demo"]
params, _ = mine.train_classifier(X_train, y_train, [64, 64, 10], 0.3, 20, 32, np.random.default_rng(0))
_, (outs, _, _) = mine.mlp_forward(X_test, params)
figure, axes = plt.subplots(2, 10, figsize=(10, 2.5), gridspec_kw={"hspace": 0.4})
for digit in range(10):
    dout = np.full((len(X_test), 10), -1 / 9)  # ask for this digit's score, against the mean of the others
    dout[:, digit] = 1
    dh, _, _ = mine.dense_backward(dout, (outs[1], params["W2"], params["b2"]))
    dx, _, _ = mine.dense_backward(mine.relu_backward(dh, outs[1]), (X_test, params["W1"], params["b1"]))
    pixels = dx[y_test == digit].mean(axis=0).reshape(8, 8)
    axes[0, digit].imshow(X_test[y_test == digit].mean(axis=0).reshape(8, 8), cmap="gray_r")
    axes[1, digit].imshow(pixels, cmap="RdBu_r", vmin=-np.abs(pixels).max(), vmax=np.abs(pixels).max())
    axes[0, digit].set_title(str(digit))
for axis in axes.ravel():
    axis.set(xticks=[], yticks=[])
axes[0, 0].set_ylabel("mean image")
axes[1, 0].set_ylabel("slope (red +)")
plt.show()

# %% [markdown]
# *What to notice.* Above the mean of all test images of a digit, below how fast its score grows with each pixel. Red:
# ink here speaks for this digit. Blue: ink here speaks against it. Look at the 0: its strong blue spot is its hole.
# Nobody told the network that a zero has a hole. It only got its gradients, example after example.
#
# *Experiments:* change the learning rate to 0.003 and to 3. Take two hidden layers, `[64, 64, 64, 10]`. Take only 100
# digits to learn from. Guess first, each time.

# %% [markdown]
# ## What you have learned
#
# - A **loss** says how wrong the answers are; its gradient says which way each should move. For classes the
#   cross-entropy is better than the squared error, because it does not fall silent where the sigmoid is flat.
# - Going backwards, slopes along a path are **multiplied**, and where paths meet they are **added**. Each part of a
#   network only has to know itself.
# - Backwards through a dense layer: `dx = dout @ W.T`, `dW = x.T @ dout`, `db = dout.sum(axis=0)`. Through an
#   activation: times its slope. All gradients together cost about as much as one or two ways forward.
# - **No gradient without a check.**
# - First weights are random, and of a size that keeps the signal alive: Xavier for tanh, He for ReLU.
# - Training is forward, loss, back, step, on mini-batches, again and again.

# %% tags=["demo"]
progress("03_backprop")

# %% [markdown]
# ### To read on
#
# - *A step by step backpropagation example*, Matt Mazur: the network of section 5, with every number.
# - *Calculus on computational graphs: backpropagation*, Christopher Olah: why backwards and not forwards.
# - *Neural Networks and Deep Learning*, Michael Nielsen: chapter 2 (the four equations) and chapter 3 (why the
#   cross-entropy).
# - *The spelled-out intro to neural networks and backpropagation*, Andrej Karpathy: a film in which *micrograd* is
#   built.
# - *Stanford CS231n* notes: *Backpropagation, intuitions*, and *Neural networks part 3* (gradient checks).
# - Where it comes from: *Learning representations by back-propagating errors*, David Rumelhart, Geoffrey Hinton and
#   Ronald Williams (1986); *Understanding the difficulty of training deep feedforward neural networks*, Xavier Glorot
#   and Yoshua Bengio (2010); *Delving deep into rectifiers*, Kaiming He and others (2015).
#
# ### Where to go next
#
# Your network reads a digit as a row of 64 numbers. It does not know that two pixels are neighbors. If you shuffled
# the pixels of all the images in the same way, it would learn just as well; you could not read them at all. How can a
# network use that an image is an image? That is the question of **chapter 4, convolution**.
