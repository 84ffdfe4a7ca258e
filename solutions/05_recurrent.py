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
# # Chapter 5 · A network that remembers
#
# Read this sentence: *The keys to the old cupboard in my grandmother's kitchen … on the table.* Is the missing word
# "is" or "are"? You know at once, although eight words stand between the gap and the word
# that decides it, *keys*.
#
# The networks of the chapters before could not do this. They look at one input of a fixed size, answer, and forget
# it. A sentence has no fixed size, and the order of its words counts. It has to be read word by word, and something
# must stay in mind while you read on. In this chapter you build networks that remember, find out why the simplest one
# forgets so soon, and mend it. At the end a network writes text, letter by letter.
#
# **You will learn**
#
# - to write a recurrent layer, and to send the error back *through time*;
# - why its gradient vanishes or explodes, measured in numbers;
# - to write the LSTM and the GRU, whose gates decide what to keep;
# - to handle sequences of different lengths, one answer for all or one for each step, and both directions;
# - to turn letters into numbers and back, and to put it all together: a network that writes, with its loss, its training and
#   its pen, all written by you.
#
# **You need** `tanh` and its slope (chapter 2), the dense layer (chapter 1) and its way back (chapter 3). If you did not
# write them, the course's are there for you.
#
# **Time** About seven hours, in seven sittings of an hour; the text says where one ends. There are 25 exercises
# (68 points) and 2 written answers (15 points).

# %% [markdown]
# Run the cell below first (Shift + Enter), and again whenever you come back to this notebook. It is all that you need
# to go on anywhere. What you passed another day is ready again, and `mine.sigmoid` means your own `sigmoid`, or the
# course's as long as yours does not pass.

# %%
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy: for small matrices one core is faster than several

import functools
from textwrap import wrap

import matplotlib.pyplot as plt
import numpy as np

from byhand import begin, check, data, explore, hint, milestone, mine, progress, solution, try_it
from byhand.figures import recurrent as figures

begin("05_recurrent")
np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"

# The text of section 10: lines of at most 48 letters, each between two line ends. The last 100 are never learned.
text = data.python_topics()
lines = [f"\n{line}\n" for line in wrap(text, 48)]


@functools.cache
def trained_by(train):
    """The network of section 10, trained by a function such as yours: once in a sitting, for it takes some seconds."""
    _, characters = mine.encode_text("".join(lines))
    tokens, lengths = figures.filled_up(lines, characters)
    mask = mine.sequence_mask(lengths, tokens.shape[1])
    start = figures.first_writer(np.random.default_rng(0), len(characters))
    # a learning rate of 8, two epochs, 8 lines in a mini-batch; then one epoch in smaller steps
    network, first = train(start, tokens[:-100], mask[:-100], 8.0, 2, 8)
    network, last = train(network, tokens[:-100], mask[:-100], 1.6, 1, 8)
    return network, characters, [*first, *last], (tokens[-100:], mask[-100:])


# %% [markdown]
# ## 1. One step that remembers
#
# How can a network remember? It needs a place for what it has read so far: a row of numbers that we call the
# **state**, $h$. Whenever a new input $x$ comes in, a new state is made from both, from the input *and the old state*:
#
# $$h_{\text{next}} = \tanh\left(x\,W_x + h\,W_h + b\right)$$
#
# This is a dense layer with two inputs. $W_x$ says how the new input counts, $W_h$ how the memory counts. The new state
# is at the same time the layer's answer and what it will remember. A layer that uses its own last answer is called
# **recurrent**: it comes round again.
#
# We read $N$ sequences at the same time, one in each row:
#
# | | shape | what it is |
# | --- | --- | --- |
# | `x` | (N, D) | the inputs of this step: D numbers for each sequence |
# | `h` | (N, H) | the states before the step: H numbers for each sequence |
# | `Wx` | (D, H) | the weights of the input |
# | `Wh` | (H, H) | the weights of the state |
# | `b` | (H,) | the biases |
# | `h_next` | (N, H) | the states after the step |
#
# (PyTorch stores `Wx` and `Wh` transposed, and has two biases that are always added. One is enough: ours is their sum.)
#
# As in the chapters before, the function also returns a **cache**: what it used and made, for the way back later.
# The line that returns it is written for you, below the place for your answer. Keep it.
#
# ### Exercise: `rnn_step_forward` (2 points)


# %% nbgrader={"grade": false, "grade_id": "rnn_step_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_step_forward(x, h, Wx, Wh, b):
    """One step of a recurrent layer: h_next = tanh(x Wx + h Wh + b).

    x: array (N, D). h: array (N, H). Wx: (D, H). Wh: (H, H). b: (H,).
    Returns h_next (N, H), and the cache (x, h, Wx, Wh, h_next).
    Changes nothing that it was given.

    >>> h_next, cache = rnn_step_forward(np.array([[1.0]]), np.array([[0.5]]), np.array([[0.3]]), np.array([[0.8]]), np.zeros(1))
    >>> h_next
    array([[0.6044]])
    """
    ### BEGIN SOLUTION
    h_next = np.tanh(x @ Wx + h @ Wh + b)
    ### END SOLUTION
    return h_next, (x, h, Wx, Wh, h_next)


# %% [markdown]
# <details><summary>Hint</summary>
#
# The formula has two products, a sum and a bend, in this order. Which two arrays can be multiplied with `@`, by their shapes
# in the table?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `x @ Wx + h @ Wh + b` is the sum, and `np.tanh(…)` bends it, once. Call the result `h_next`: the last line returns it.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-rnn_step_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(rnn_step_forward)

# %% [markdown]
# What does such a step remember? Let us "shout" into a layer with a single unit: the input is 1 once, and then 0 for
# ever. The weight of the input is 1. *Guess before you run the cell: what becomes of the echo if the weight of the
# state, `Wh`, is 0? 0.5? 0.9? 1.5?*


# %% tags=["demo"]
def echo(memory, steps=16):
    """The states of one unit after a single input of 1."""
    h, states = np.zeros((1, 1)), []
    for t in range(steps):
        x = np.array([[1.0 if t == 0 else 0.0]])
        h, _ = mine.rnn_step_forward(x, h, np.array([[1.0]]), np.array([[memory]]), np.zeros(1))
        states.append(h[0, 0])
    return states


plt.figure(figsize=(7, 3.2))
for memory, color, style in (
    (0.0, "gray", ":"),
    (0.5, BLUE, "-"),
    (0.9, GREEN, "--"),
    (1.5, VERMILLION, "-."),
):
    states = echo(memory)
    plt.plot(states, style, marker="o", markersize=4, color=color, label=f"Wh = {memory}")
    print(
        f"Wh = {memory}: after 1, 5 and 15 more steps the state is",
        np.round([states[k] for k in (1, 5, 15)], 4),
    )
plt.xlabel("step")
plt.ylabel("state h")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* With `Wh = 0` the shout is gone after one step: a plain dense layer. With 0.5 and 0.9 it fades, faster
# or more slowly. With 1.5 it never fades: the tanh holds it at about 0.86. So a memory can be built. But the weights are
# to be *learned*. Whether that works is the question of section 5.

# %% [markdown]
# ## 2. The whole sequence
#
# To read a sequence, take the same step again and again. The state that one step leaves is where the next one starts.
# Drawn from left to right, with a box for each step, the layer looks **unrolled in time**:
#
# ```
#          h[:, 0]         h[:, 1]         h[:, 2]       the states, which are the outputs
#             ▲               ▲               ▲
#  h0 ──► [ step ] ─────► [ step ] ─────► [ step ] ──►   each with the same Wx, Wh and b
#             ▲               ▲               ▲
#          x[:, 0]         x[:, 1]         x[:, 2]       the inputs
# ```
#
# It is a deep network with one layer for each step, and *all its layers share the same weights*. So it can read a sequence
# of any length. `h0` is the state before the first step. Often it holds zeros, but not always: it can also be what an
# earlier part of the text has left.
#
# A batch of N sequences with T steps is an array `x` of shape (N, T, D). The inputs of step t are `x[:, t]`, of shape
# (N, D): exactly what your step takes.
#
# ### Exercise: `rnn_forward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "rnn_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_forward(x, h0, Wx, Wh, b):
    """A recurrent layer over a whole sequence: the step again and again.

    x: array (N, T, D). h0: array (N, H), the state before the first step. Wx: (D, H). Wh: (H, H). b: (H,).
    Returns h (N, T, H), the state after each step, and the cache (x, h0, Wx, Wh, h).
    Changes nothing that it was given.

    >>> x = np.array([[[1.0], [0.0], [0.0]]])
    >>> h, cache = rnn_forward(x, np.zeros((1, 1)), np.array([[1.0]]), np.array([[0.5]]), np.zeros(1))
    >>> h
    array([[[0.7616],
            [0.3634],
            [0.1797]]])
    """
    ### BEGIN SOLUTION
    state, states = h0, []
    for t in range(x.shape[1]):
        state, _ = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        states.append(state)
    h = np.stack(states, axis=1)
    ### END SOLUTION
    return h, (x, h0, Wx, Wh, h)


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which state does step 0 start from, and which one step 1? What do you have to keep of every step, so that you can return all
# of them at the end?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Begin with `state = h0` and an empty list. In a loop over `range(x.shape[1])`, let `rnn_step_forward` make the new state from
# `x[:, t]` (its cache is not needed here, `state, _ = …`) and append it to the list. `np.stack(states, axis=1)` puts T arrays of
# shape (N, H) into one of shape (N, T, H).
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-rnn_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(rnn_forward)

# %% [markdown]
# Does the order count now? The next cell reads the same three numbers in three different orders, with the same random
# weights. (A network that only adds up its inputs could not tell them apart.)

# %% tags=["demo"]
rng = np.random.default_rng(0)
Wx, Wh, b = rng.normal(size=(1, 3)), 0.6 * rng.normal(size=(3, 3)), np.zeros(3)
for numbers in ([1, 2, 3], [3, 2, 1], [2, 1, 3]):
    h, _ = mine.rnn_forward(np.array(numbers, float).reshape(1, 3, 1), np.zeros((1, 3)), Wx, Wh, b)
    print("read", numbers, "  the state after the last step:", h[0, -1])

# %% [markdown]
# Three orders, three states. The last state is a summary of everything that was read, in the order in which it came.

# %% [markdown]
# ## 3. What comes out?
#
# After every step there is a state. What we make of them depends on the question:
#
# - **Many to many**: an answer for every step. Which letter comes next? Is this word a name?
# - **Many to one**: one answer for the whole sequence. Which digit was written? Is the reader pleased?
#
# In both cases a dense layer turns states into scores. It is called the **head**. For *many to many*, the same head sits
# on every state.
#
# ### Exercise: `many_to_many_head` (2 points)


# %% nbgrader={"grade": false, "grade_id": "many_to_many_head", "locked": false, "schema_version": 3, "solution": true, "task": false}
def many_to_many_head(h, W, b):
    """The same dense layer on the state of every step.

    h: array (N, T, H). W: (H, M). b: (M,). Returns the scores (N, T, M): M for each step.
    Changes nothing that it was given.

    >>> h = np.array([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]])
    >>> many_to_many_head(h, np.array([[1.0], [10.0]]), np.array([0.5]))
    array([[[21.5],
            [43.5],
            [65.5]]])
    """
    ### BEGIN SOLUTION
    return h @ W + b
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# It is the dense layer of chapter 1, and `h` has one axis more. What does `@` do with an array of three axes? Try it on the
# example.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `@` works on the last two axes, and does the same for every sequence: (N, T, H) @ (H, M) is (N, T, M). So the line looks as
# for a single step, with `b` added.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-many_to_many_head", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(many_to_many_head)

# %% [markdown]
# ### Sequences of different lengths
#
# The sequences of a batch stand in one array, but words and sentences have different lengths. The usual way out: all are
# as long as the longest, and the shorter ones are filled up at the end. Here is a batch of three words. The dots are
# filled in, they mean nothing.

# %% tags=["demo"]
words = ["elephant", "ox", "zebra"]
lengths = np.array([len(word) for word in words])
table = np.array([list(word.ljust(lengths.max(), "·")) for word in words])
print(table)
print("lengths:", lengths)

# %% [markdown]
# *A question:* which state has read the whole word "ox" and nothing else? Not the last one, `h[:, -1]`: it has read six
# dots as well. It is the state after the word's own last step. This is the one from which *many to one* must answer.
#
# ### Exercise: `many_to_one_head` (2 points)


# %% nbgrader={"grade": false, "grade_id": "many_to_one_head", "locked": false, "schema_version": 3, "solution": true, "task": false}
def many_to_one_head(h, lengths, W, b):
    """A dense layer on the state after each sequence's last real step.

    h: array (N, T, H). lengths: array (N,) of whole numbers from 1 to T. W: (H, M). b: (M,).
    Returns the scores (N, M).
    Changes nothing that it was given.

    >>> h = np.array([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [0.0]]])
    >>> many_to_one_head(h, np.array([3, 2]), np.array([[10.0]]), np.array([0.5]))
    array([[30.5],
           [50.5]])
    """
    ### BEGIN SOLUTION
    last = h[np.arange(len(h)), lengths - 1]
    return last @ W + b
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two questions, one after the other: which state is the last real one of each sequence, and what does the head make of it? Steps
# are counted from 0: which one is the last of a sequence with 3 steps?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# With two lists of numbers NumPy picks one entry for each *pair*: `a[[0, 1, 2], [7, 1, 4]]` is `a[0, 7]`, `a[1, 1]` and
# `a[2, 4]`. The first list is the number of the sequence, `np.arange(len(h))`. The second is the number of its last step,
# `lengths - 1`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-many_to_one_head", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(many_to_one_head)

# %% [markdown]
# With *many to many*, the dots get scores, too, and they must not count. A **mask** says which steps are real: True for
# a real step, False for what was filled in.
#
# ### Exercise: `sequence_mask` (1 point)


# %% nbgrader={"grade": false, "grade_id": "sequence_mask", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sequence_mask(lengths, T):
    """Which steps are real: True for the first lengths[n] of T steps, False for the rest.

    lengths: array (N,) of whole numbers from 0 to T. Returns an array (N, T) of True and False.
    Changes nothing that it was given.

    >>> sequence_mask(np.array([3, 1]), 4)
    array([[ True,  True,  True, False],
           [ True, False, False, False]])
    """
    ### BEGIN SOLUTION
    return np.arange(T) < lengths[:, np.newaxis]
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Take one sequence of length 3 and T = 4. For which of the steps 0, 1, 2 and 3 is the answer True? Which comparison says so?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Step t is real if `t < length`. `np.arange(T)` holds all t in a row. `lengths[:, np.newaxis]` holds the lengths in a
# column, (N, 1). If you compare a row with a column, NumPy compares each with each.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-sequence_mask", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(sequence_mask)

# %% [markdown]
# The loss of a batch is a mean over its steps, but only over the real ones. Each real step counts once.
#
# ### Exercise: `masked_mean` (2 points)


# %% nbgrader={"grade": false, "grade_id": "masked_mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def masked_mean(values, mask):
    """The mean of the values whose mask is True.

    values: array (N, T), such as the loss of each step. mask: array (N, T) of True and False, not all False.
    Returns a number.
    Changes nothing that it was given.

    >>> values = np.array([[1.0, 2.0], [6.0, 99.0]])
    >>> mask = np.array([[True, True], [True, False]])
    >>> print(masked_mean(values, mask))
    3.0
    """
    ### BEGIN SOLUTION
    return np.sum(values * mask) / np.sum(mask)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# A mean is a sum, divided by how many there are. What must the values that do not count be in the sum? And how many do count?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# For NumPy, True counts as 1 and False as 0. So `values * mask` makes 0 of the steps that are not real, and `np.sum(mask)`
# counts the real ones. (`values[mask]` also works: it picks the values whose mask is True.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-masked_mean", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(masked_mean)

# %% [markdown]
# Does it matter? Suppose that each real letter of the three words has a loss of 1, and each dot one of 50.

# %% tags=["demo"]
words = ["elephant", "ox", "zebra"]
lengths = np.array([len(word) for word in words])
table = np.array([list(word.ljust(8, "·")) for word in words])
real = mine.sequence_mask(lengths, 8)
print(np.where(real, table, " "))
losses = np.where(real, 1.0, 50.0)
print(
    f"mean over all {losses.size} steps: {losses.mean():.2f}   over the {real.sum()} real ones: {mine.masked_mean(losses, real):.2f}"
)

# %% [markdown]
# Without the mask the network would spend its effort on dots.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 4. Back through time
#
# How does the layer learn its weights? Unrolled in time it is a deep network, so the way back is the one of chapter 3,
# from the last step to the first. It has a name of its own, **backpropagation through time**, but nothing in it is new.
#
# ### 4.1 One step back
#
# Call the sum before the bend $a$:
#
# $$a = x\,W_x + h\,W_h + b, \qquad h_{\text{next}} = \tanh(a)$$
#
# Somebody tells us `dh_next`, the gradient of the loss with respect to $h_{\text{next}}$. First it passes the bend. The slope
# of tanh is $1 - \tanh^2$, and the tanh is already there, it is $h_{\text{next}}$:
#
# $$da = dh_{\text{next}} \cdot (1 - h_{\text{next}}^2)$$
#
# Then it passes the sum, which is a dense layer twice over: once with $x$ and $W_x$, once with $h$ and $W_h$. You know the
# way back through a dense layer from chapter 3: for `out = x @ W + b` it is
#
# `dx = dout @ W.T`,  `dW = x.T @ dout`,  `db = dout.sum(axis=0)`.
#
# *Which five gradients do we need here?* One for everything that the step used: `x`, `h`, `Wx`, `Wh` and `b`.
#
# ### Exercise: `rnn_step_backward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "rnn_step_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_step_backward(dh_next, cache):
    """Back through one step.

    dh_next: array (N, H), the gradient of the loss with respect to h_next.
    cache: (x, h, Wx, Wh, h_next), from rnn_step_forward.
    Returns dx (N, D), dh (N, H), dWx (D, H), dWh (H, H), db (H,).
    Changes nothing that it was given.

    >>> cache = np.array([[1.0]]), np.array([[0.5]]), np.array([[0.3]]), np.array([[0.8]]), np.array([[0.6]])
    >>> dx, dh, dWx, dWh, db = rnn_step_backward(np.array([[1.0]]), cache)
    >>> dh
    array([[0.512]])
    """
    x, h, Wx, Wh, h_next = cache
    ### BEGIN SOLUTION
    da = dh_next * (1 - h_next**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Go through the forward step from its end to its start: first the bend, then the sum. Compute `da` first. Everything else is made
# of it. If you are not sure about a transpose, compare shapes.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `da = dh_next * (1 - h_next**2)`. Then each gradient is one short expression with `da`. For example `dWh` must be (H, H), made
# of `h` (N, H) and `da` (N, H), so it is `h.T @ da`; and `dh` must be (N, H), made of `da` and `Wh` (H, H): `da @ Wh.T`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-rnn_step_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(rnn_step_backward)

# %% [markdown]
# Never trust a gradient that you did not measure. The next cell nudges every number of `Wh` a little, runs the step
# again, and looks how much the loss has changed. (The loss here is simply the sum of all new states, so `dh_next` is all
# ones.)

# %% tags=["demo"]
rng = np.random.default_rng(1)
x, h, Wx, Wh, b = (rng.normal(size=shape) for shape in ((3, 2), (3, 2), (2, 2), (2, 2), (2,)))
h_next, cache = mine.rnn_step_forward(x, h, Wx, Wh, b)
dWh = mine.rnn_step_backward(np.ones_like(h_next), cache)[3]
print("computed:\n", dWh)
print(
    "measured:\n", mine.numerical_gradient(lambda W: mine.rnn_step_forward(x, h, Wx, W, b)[0].sum(), Wh, 1e-5)
)

# %% [markdown]
# ### 4.2 All steps back
#
# Look at the unrolled picture again, and follow the arrows *out of* one state:
#
# ```
#          dh[:, t]                        its output: the head, and the loss
#             ▲
#   ──► [ step t ] ──h[:, t]──► [ step t + 1 ] ──►
# ```
#
# The state `h[:, t]` is used twice. It is the output of step t, and step t + 1 starts from it. Chapter 3 says what to do
# where paths meet: *add*. So the gradient that goes into step t on the way back is
#
# `dh[:, t]` (from its own output) **+** the `dh` that step t + 1 sends back.
#
# After the last step there is nobody to send anything back: there, the second part is zero. And what step 0 sends back is
# the gradient of `h0`.
#
# And the weights? The same `Wx`, `Wh` and `b` are used in every step. Used T times means T paths, so *their gradient is the
# sum* over all steps.
#
# ### Exercise: `rnn_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "rnn_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_backward(dh, cache):
    """Back through all steps, from the last one to the first.

    dh: array (N, T, H), the gradient of the loss with respect to each output h[:, t] by itself.
    cache: (x, h0, Wx, Wh, h), from rnn_forward.
    Returns dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H), db (H,).
    Changes nothing that it was given.

    >>> cache = np.zeros((1, 3, 1)), np.zeros((1, 1)), np.array([[1.0]]), np.array([[0.5]]), np.zeros((1, 3, 1))
    >>> dx, dh0, dWx, dWh, db = rnn_backward(np.array([[[0.0], [0.0], [1.0]]]), cache)
    >>> dh0
    array([[0.125]])
    """
    x, h0, Wx, Wh, h = cache
    ### BEGIN SOLUTION
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
    from_later = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t > 0 else h0
        step_cache = x[:, t], before, Wx, Wh, h[:, t]
        dx[:, t], from_later, *weights = rnn_step_backward(dh[:, t] + from_later, step_cache)
        dWx, dWh, db = dWx + weights[0], dWh + weights[1], db + weights[2]
    return dx, from_later, dWx, dWh, db
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which step comes first on the way back? In the example of the docstring all states are 0, so the slope of tanh is 1, and each
# step back multiplies by Wh = 0.5. Do three steps on paper: 0.5 · 0.5 · 0.5.
#
# A step's cache is `(x, h, Wx, Wh, h_next)`, with the state *before* and the state *after* it. Which two of your arrays hold
# them for step t, and which for step 0? (`h[:, -1]` would be the last one!)
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Make arrays of zeros for `dx`, `dWx`, `dWh` and `db`, and `from_later = np.zeros_like(h0)`. Loop with
# `for t in reversed(range(x.shape[1])):`. In the loop: call `rnn_step_backward` with the *sum* `dh[:, t] + from_later` and with
# `(x[:, t], before, Wx, Wh, h[:, t])`, where `before` is `h[:, t - 1]`, but `h0` for t = 0. Write `dx[:, t]`, keep the new
# `from_later`, add to `dWx`, `dWh` and `db`. At the end `from_later` is `dh0`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-rnn_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(rnn_backward)

# %% [markdown]
# Are all five right? The same measurement as above, for each of them. Differences of about $10^{-8}$ are what nudging cannot
# avoid.

# %% tags=["demo"]
rng = np.random.default_rng(2)
x, h0, Wx, Wh, b = (rng.normal(size=shape) for shape in ((3, 6, 2), (3, 4), (2, 4), (4, 4), (4,)))
dh = rng.normal(size=(3, 6, 4))  # any gradient will do
computed = mine.rnn_backward(dh, mine.rnn_forward(x, h0, Wx, Wh, b)[1])
for k, name in enumerate(("x", "h0", "Wx", "Wh", "b")):

    def loss(value, k=k):
        arguments = [x, h0, Wx, Wh, b]
        arguments[k] = value
        return np.sum(mine.rnn_forward(*arguments)[0] * dh)

    difference = np.abs(computed[k] - mine.numerical_gradient(loss, (x, h0, Wx, Wh, b)[k], 1e-5)).max()
    print(f"d{name:<3} largest difference between computed and measured: {difference:.1e}")

# %% [markdown]
# ### 4.3 It learns: an image, row by row
#
# Time for real data. The digits of chapter 3 are images of 8 by 8 pixels, an array (N, 8, 8). A network of dense layers saw
# all 64 pixels at once. Your layer reads an image like a page: 8 steps, and at each step a row of 8 pixels. The array has
# exactly the shape (N, T, D) that you need. After the last row the head gives ten scores: *many to one*.
#
# The cell below trains with your functions. Two helpers of the course are in it. `figures.draw_weights` draws the weights
# between $-1/\sqrt{H}$ and $1/\sqrt{H}$, as PyTorch does. And instead of plain gradient steps it uses **Adam**,
# `figures.adam_step`, which fits the step size to every weight by itself. You will write Adam in chapter 6; here, take it
# as it is.
#
# What does the network know after each row? Below the training, the head is asked after *every* row of a few test digits, not
# only after the last. (It was never trained for that, so do not expect much of the first rows.)

# %% tags=["demo"]
digits = data.digits()
rng = np.random.default_rng(0)
params, memory, H = figures.draw_weights(rng, D=8, H=48, M=10), {}, 48


def scores_of(images):
    h0 = np.zeros((len(images), H), np.float32)
    h, cache = mine.rnn_forward(images, h0, params["Wx"], params["Wh"], params["b"])
    return h, cache, mine.many_to_one_head(h, np.full(len(images), 8), params["W"], params["c"])


for epoch in range(1, 16):
    for images, labels in mine.minibatches(
        digits.train_images.astype(np.float32), digits.train_labels, 64, rng
    ):
        h, cache, scores = scores_of(images)
        loss, dscores = mine.cross_entropy_loss(scores, labels)
        dh = np.zeros_like(h)  # only the last state answers, so only it has a gradient of its own
        dh[:, -1], dW, dc = mine.dense_backward(dscores, (h[:, -1], params["W"], params["c"]))
        _, _, dWx, dWh, db = mine.rnn_backward(dh, cache)
        grads = mine.clip_by_norm({"Wx": dWx, "Wh": dWh, "b": db, "W": dW, "c": dc}, 1.0)
        figures.adam_step(params, grads, memory, lr=0.01)
    if epoch in (1, 2, 5, 15):
        right = np.mean(
            scores_of(digits.test_images.astype(np.float32))[2].argmax(axis=1) == digits.test_labels
        )
        print(
            f"epoch {epoch:2}: loss of its last mini-batch {loss:.3f}, {right:.1%} of the test digits are right"
        )

answers = scores_of(digits.test_images.astype(np.float32))[0] @ params["W"] + params["c"]
after = [np.mean(answers[:, row].argmax(axis=1) == digits.test_labels) for row in range(8)]
print("right after row 0, 1, … 7:", ", ".join(f"{share:.0%}" for share in after))
shown = [np.flatnonzero(digits.test_labels == digit)[0] for digit in (0, 4, 7)]
figure, axes = plt.subplots(2, 3, figsize=(9, 5), layout="constrained")
for column, index in enumerate(shown):
    probabilities = mine.softmax(answers[index])
    axes[0, column].imshow(digits.test_images[index], cmap="gray_r")
    axes[0, column].set(title=f"a {digits.test_labels[index]}", xticks=[], yticks=range(8), ylabel="row")
    axes[1, column].imshow(probabilities, cmap="Blues", vmin=0, vmax=1)
    axes[1, column].set(xlabel="digit", ylabel="after row", xticks=range(10), yticks=range(8))
figure.suptitle("above: the image; below: how likely each digit is after each row (dark is likely)")
plt.show()

# %% [markdown]
# *What to notice.* It reads. Read the lower pictures from top to bottom: the dark square moves while the rows come in. The network
# changes its mind as it reads on. Of all test digits hardly more than by guessing are right before the last two rows, about half
# after row 6, and nearly all at the end, where the head was trained.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 5. Why it forgets
#
# Eight steps went well. What about eighty? Suppose that only the last answer counts, but that it depends on the first input,
# as in the sentence with the keys. To learn this, the error has to travel from the last step back to the first. On its
# way it passes every step in between, and each one multiplies it:
#
# $$dh_{t-1} = \bigl(dh_t \cdot (1 - h_t^2)\bigr)\, W_h^\top$$
#
# Eighty multiplications. In chapter 2 you saw what becomes of a product of many factors. Let us measure it: how large is
# the gradient that reaches each state?
#
# The size of a gradient is its **L2 norm** (chapter 0): the root of the sum of the squares of all its numbers, `np.linalg.norm`.
#
# ### Exercise: `gradient_norms_through_time` (3 points)


# %% nbgrader={"grade": false, "grade_id": "gradient_norms_through_time", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_norms_through_time(dh, cache):
    """The size of the gradient that reaches each state, if only the last state matters to the loss.

    dh: array (N, H), the gradient of the loss with respect to the last state.
    cache: (x, h0, Wx, Wh, h), from rnn_forward.
    Returns an array (T,): entry t is the L2 norm of the gradient with respect to h[:, t]; the last entry that of dh.
    Changes nothing that it was given.

    >>> cache = np.zeros((1, 4, 1)), np.zeros((1, 1)), np.array([[1.0]]), np.array([[0.5]]), np.zeros((1, 4, 1))
    >>> gradient_norms_through_time(np.array([[1.0]]), cache)
    array([0.125, 0.25 , 0.5  , 1.   ])
    """
    _, _, _, Wh, h = cache
    ### BEGIN SOLUTION
    norms = np.zeros(h.shape[1])
    for t in reversed(range(h.shape[1])):
        norms[t] = np.linalg.norm(dh)
        dh = (dh * (1 - h[:, t] ** 2)) @ Wh.T
    return norms
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The same way as in `rnn_backward`, but simpler: no weights, and no `dh[:, t]` to add. In which order do you note the norm and
# step back? The last entry is the norm of `dh` as it was given.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# In a loop over `reversed(range(T))`: first `norms[t] = np.linalg.norm(dh)`, then one step back,
# `dh = (dh * (1 - h[:, t] ** 2)) @ Wh.T`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-gradient_norms_through_time", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(gradient_norms_through_time)

# %% [markdown]
# Now the experiment. 20 sequences of 60 steps with small random inputs go through a layer of 32 units. The matrix `Wh` is
# a random rotation (it turns a vector, perhaps mirrors it, and keeps its length), multiplied by a *scale*. The last column
# is the mean slope of tanh, over all states. *Guess first: at which scale does the gradient survive 59 steps?*

# %% tags=["demo"]
rng = np.random.default_rng(0)
x = 0.1 * rng.normal(size=(20, 60, 4))
rotation, _ = np.linalg.qr(rng.normal(size=(32, 32)))
Wx = rng.uniform(-1, 1, size=(4, 32)) / np.sqrt(32)
last = rng.normal(size=(20, 32))

plt.figure(figsize=(7, 3.6))
print("how much of the gradient is left (it begins with 1)")
print("scale of Wh   10 steps back   20 steps   40 steps   59 steps   mean slope")
for scale, color, style in (
    (0.5, BLUE, "-"),
    (0.9, GREEN, "--"),
    (1.0, "black", ":"),
    (1.1, PURPLE, "-."),
    (1.5, VERMILLION, (0, (5, 1, 1, 1, 1, 1))),
):
    _, cache = mine.rnn_forward(x, np.zeros((20, 32)), Wx, scale * rotation, np.zeros(32))
    norms = mine.gradient_norms_through_time(last, cache) / np.linalg.norm(last)
    left = "   ".join(f"{norms[59 - back]:8.1e}" for back in (10, 20, 40, 59))
    print(f"{scale:11}        {left}   {np.mean(1 - cache[4] ** 2):10.2f}")
    plt.semilogy(norms, linestyle=style, color=color, label=f"scale {scale}")
plt.xlabel("step (the gradient comes in at the right)")
plt.ylabel("size of the gradient")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* The vertical axis counts in powers of ten. Up to scale 1 the curves are almost straight lines: each step
# multiplies the gradient by about the same number. With scale 0.5 that number is a half, and $0.5^{59}$ is about $10^{-18}$:
# the first step hears nothing. This is the **vanishing gradient**. Above 1 it grows in the end: the **exploding gradient**.
# With 1.5 it becomes hundreds of times as large. It could be 25 billion times ($1.5^{59}$), but after the first steps the
# states are far from 0, where tanh is flatter: its slope holds the gradient back. (Only at the left, where the states are
# still small, is the curve steep.) Only close to 1 does the gradient survive.
#
# What decides is how much `Wh` stretches or shrinks a vector. For a general matrix there are two numbers. The **largest
# singular value** is the largest stretch in a single step. Below 1, the gradient *must* shrink at every step, because the
# slope of tanh is never above 1. The **spectral radius** is the stretch for a step in the long run, if the matrix is used
# again and again. (For those who know eigenvalues: it is the size of the largest one.) The weights with which PyTorch starts
# have a spectral radius of about $1/\sqrt{3} \approx 0.58$. So in the long run they make a gradient smaller:

# %% tags=["demo"]
print("units   spectral radius   largest singular value     of weights drawn between -1/√H and 1/√H")
for H in (16, 64, 256):
    Wh = figures.draw_weights(np.random.default_rng(0), 1, H, 1)["Wh"]
    print(
        f"{H:5}   {np.abs(np.linalg.eigvals(Wh)).max():15.2f}   {np.linalg.svd(Wh, compute_uv=False)[0]:22.2f}"
    )

# %% [markdown]
# Try it for yourself. Here `Wh` is a random matrix, no rotation, and you set its spectral radius. *Predict first:* without
# tanh, how far back does the gradient reach if a tenth of it is lost at each step? And does tanh make it reach further, or
# less far?

# %% tags=["demo"]
explore.gradients_through_time(mine.gradient_norms_through_time)

# %% [markdown]
# ### What can be done against an explosion
#
# A gradient that is too large can be cut: if its norm is above a limit, all of it is made smaller, so that the direction
# stays. This is chapter 3's `clip_by_norm`. For recurrent layers it is a must, and the digits above used it.

# %% tags=["demo"]
rng = np.random.default_rng(0)
x = 0.1 * rng.normal(size=(20, 60, 4))
rotation, _ = np.linalg.qr(rng.normal(size=(32, 32)))
Wx = rng.uniform(-1, 1, size=(4, 32)) / np.sqrt(32)
h, cache = mine.rnn_forward(x, np.zeros((20, 32)), Wx, 1.3 * rotation, np.zeros(32))
dh = np.zeros_like(h)
dh[:, -1] = rng.normal(size=(20, 32))  # only the last state matters to the loss
dWh = mine.rnn_backward(dh, cache)[3]
cut = mine.clip_by_norm({"Wh": dWh}, 1.0)["Wh"]
print(f"norm of dWh: {np.linalg.norm(dWh):,.0f}   after clip_by_norm: {np.linalg.norm(cut):.2f}")
print("the same direction:", np.allclose(dWh / np.linalg.norm(dWh), cut))

# %% [markdown]
# A gradient that is too small cannot be helped like this. If you multiply it by a billion, you multiply the noise of the
# nearer steps by a billion, too. The weights are adjusted to what happened just now, and what happened long ago is lost
# among it. Here another layer is needed.
#
# ### Written: the forward pass, and why the gradient vanishes (7 points)
#
# 1. Write down $h_1$, $h_2$ and $h_3$ of a recurrent layer for the inputs $x_1, x_2, x_3$, starting from $h_0$. (On paper
#    steps are often counted from 1.) In which ways does $x_1$ act on $h_3$?
# 2. Derive how a gradient $dh_t$ becomes $dh_{t-1}$. Name the rule that you use.
# 3. Write $dh_1$ as a product, starting from $dh_T$. How many factors of each kind are there? Explain why it vanishes if
#    the largest singular value of $W_h$ is below 1, and under which condition it can explode.
# 4. $dW_h$ is a sum over all steps. So it does *not* vanish. What then is the trouble?
#
# Double-click the cell below and write there. Formulas go between dollar signs; plain text such as
# `h1 = tanh(x1 Wx + h0 Wh + b)` is fine too.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-vanishing", "locked": false, "points": 7, "schema_version": 3, "solution": true, "task": false}
# **1.** With the same $W_x$, $W_h$ and $b$ in every step:
#
# - $h_1 = \tanh(x_1 W_x + h_0 W_h + b)$
# - $h_2 = \tanh(x_2 W_x + h_1 W_h + b)$
# - $h_3 = \tanh(x_3 W_x + h_2 W_h + b)$
#
# Put into each other:
# $h_3 = \tanh\bigl(x_3 W_x + \tanh(x_2 W_x + \tanh(x_1 W_x + h_0 W_h + b)\, W_h + b)\, W_h + b\bigr)$. The input $x_1$ acts on
# $h_3$ in one way only: through $h_1$ and $h_2$. It is multiplied by $W_x$ once and by $W_h$ twice, and bent three times.
#
# **2.** Let $a_t = x_t W_x + h_{t-1} W_h + b$, so $h_t = \tanh(a_t)$. The chain rule gives, in two stages,
# $da_t = dh_t \cdot (1 - h_t^2)$ (the slope of tanh, element by element) and $dh_{t-1} = da_t W_h^\top$ (the way back
# through a dense layer). Together: $dh_{t-1} = \bigl(dh_t \cdot (1 - h_t^2)\bigr) W_h^\top$.
#
# **3.** With the diagonal matrix $D_t$ of the slopes $1 - h_t^2$:
#
# $$dh_1 = dh_T \; D_T W_h^\top \; D_{T-1} W_h^\top \cdots D_2 W_h^\top$$
#
# There are $T - 1$ factors $W_h^\top$ and $T - 1$ factors $D_t$. A slope is never above 1, so $D_t$ makes no vector longer.
# $W_h^\top$ makes a vector at most $s$ times as long, where $s$ is its largest singular value. So
# $\lVert dh_1 \rVert \le s^{T-1} \lVert dh_T \rVert$. If $s < 1$, this goes to 0 exponentially: it vanishes. It can explode
# only if $s > 1$. That is necessary, but not enough: the slopes may be small, and the gradient may lie in a direction that
# $W_h^\top$ does not stretch.
#
# **4.** $dW_h = \sum_t h_{t-1}^\top da_t$. The terms of the last steps are as large as ever. Those of early steps are
# vanishingly small, so the sum says how the weights should change because of what happened *just now*. What happened long
# ago has almost no voice, and is not learned. To make the whole gradient larger does not help, because the shares stay.
#
# === BEGIN MARK SCHEME ===
#
# - 1 point: the three equations, with the same weights in each, starting from $h_0$.
# - 1 point: $x_1$ acts on $h_3$ only through $h_1$ and $h_2$ (or: one $W_x$, two $W_h$, three tanh).
# - 1 point: $da_t = dh_t (1 - h_t^2)$ and $dh_{t-1} = da_t W_h^\top$, with the chain rule named.
# - 1 point: the product, with $T - 1$ factors of each kind (a count that is off by one costs nothing if the indices of the
#   product are right).
# - 1 point: vanishing: the slopes are at most 1 and each $W_h^\top$ stretches at most by $s < 1$, so a power of $s$ remains.
# - 1 point: exploding: $s > 1$ is needed. "If the weights are large" without saying in which sense: half a point.
# - 1 point: the sum is dominated by the last steps; what is far back is not learned.
#
# An answer with one unit (numbers instead of matrices) that argues well earns all points but one.
#
# === END MARK SCHEME ===

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 6. The LSTM: a memory with gates
#
# What went wrong? At every step, the whole memory is multiplied by a matrix and squeezed by tanh, needed or not. In 1997
# Sepp Hochreiter and Jürgen Schmidhuber had a simple idea: leave the memory alone, unless there is a reason to change it.
#
# Their layer, the **long short-term memory** or LSTM, has a second row of numbers beside the state $h$: the **cell**, $c$.
# The cell is the memory. From step to step it is only multiplied by a number between 0 and 1, and something is added. A
# number between 0 and 1 that says how much may pass is called a **gate**: 1 is open, 0 is closed.
#
# $$c_{\text{next}} = f \cdot c + i \cdot g$$
#
# - $f$, the **forget gate**: how much of the old memory is kept. 1 keeps all, 0 erases. (The first LSTM had none: it could
#   not forget. Felix Gers and others added it in 2000.)
# - $g$, the **candidate**: something new that could be written, between −1 and 1.
# - $i$, the **input gate**: how much of it is written.
#
# What the layer shows to the outside is again between −1 and 1, and a third gate decides how much of it is shown:
#
# $$h_{\text{next}} = o \cdot \tanh(c_{\text{next}})$$
#
# - $o$, the **output gate**.
#
# All products here are element by element: each of the H units has a cell and gates of its own.
#
# *A question before you go on.* Suppose that nothing new is written ($i = 0$) and that the forget gate stays at $f$. How
# much of the memory is left after 10, 50 or 100 steps? Guess for $f = 0.9$. Then hold the gates in your own hand.

# %% tags=["demo"]
explore.lstm_gates()

# %% [markdown]
# The same in numbers:

# %% tags=["demo"]
print("   f    after 10 steps   50 steps   100 steps   half is gone after")
for f in (0.5, 0.73, 0.9, 0.98, 0.999, 1.0):
    half = "never" if f == 1 else f"{np.log(0.5) / np.log(f):.0f} steps"
    print(f"{f:6}   {f**10:12.4f}   {f**50:8.4f}   {f**100:9.4f}   {half:>12}")

# %% [markdown]
# With 0.9 a tenth is lost at each step. That sounds little, but half of the memory is gone after 7 steps. A gate that is to
# remember for long must stay very close to 1. The good news: *it can*. It is the network that opens and closes it, at every
# step, as it needs.
#
# Who works the gates? The layer itself. Each of the four, $i$, $f$, $g$ and $o$, is a small dense layer that looks at the
# input and at the old state:
#
# $$a = x\,W_x + h\,W_h + b$$
#
# One product makes all four. `Wx` is (D, 4H), and its columns stand in blocks: the first H columns belong to $i$, the
# next H to $f$, then come $g$ and $o$. Gates are bent by the sigmoid (0 to 1), the candidate by tanh (−1 to 1):
#
# | columns of a | bent by | gives |
# | --- | --- | --- |
# | 0 … H − 1 | sigmoid | i |
# | H … 2H − 1 | sigmoid | f |
# | 2H … 3H − 1 | tanh | g |
# | 3H … 4H − 1 | sigmoid | o |
#
# (The order i, f, g, o is PyTorch's. Other books have other orders. It matters only when you load somebody's weights.)
#
# ### Exercise: `lstm_step_forward` (3 points)
#
# Give your variables the names `i`, `f`, `g`, `o`, `h_next` and `c_next`: the last line returns them.


# %% nbgrader={"grade": false, "grade_id": "lstm_step_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_step_forward(x, h, c, Wx, Wh, b):
    """One step of an LSTM: c_next = f c + i g, then h_next = o tanh(c_next).

    x: array (N, D). h, c: arrays (N, H), state and cell before the step.
    Wx: (D, 4H). Wh: (H, 4H). b: (4H,). Blocks of H columns in the order i, f, g, o.
    Returns h_next (N, H), c_next (N, H), and the cache (x, h, c, Wx, Wh, gates, c_next), where gates (N, 4H) holds
    i, f, g and o side by side.
    Changes nothing that it was given.

    >>> zeros, b = np.zeros((1, 4)), np.array([-1000.0, 1000.0, 0.0, 1000.0])  # nothing written, nothing forgotten
    >>> h_next, c_next, cache = lstm_step_forward(np.array([[1.0]]), np.array([[0.0]]), np.array([[0.7]]), zeros, zeros, b)
    >>> c_next, h_next
    (array([[0.7]]), array([[0.6044]]))
    """
    ### BEGIN SOLUTION
    a = x @ Wx + h @ Wh + b
    i, f, g, o = np.split(a, 4, axis=1)
    i, f, g, o = mine.sigmoid(i), mine.sigmoid(f), np.tanh(g), mine.sigmoid(o)
    c_next = f * c + i * g
    h_next = o * np.tanh(c_next)
    ### END SOLUTION
    return h_next, c_next, (x, h, c, Wx, Wh, np.hstack([i, f, g, o]), c_next)


# %% [markdown]
# <details><summary>Hint</summary>
#
# First one sum for all four blocks, as in the plain layer. Then cut it, bend each block with its own bend, and last the two
# formulas. In which order? The state needs the *new* cell.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.split(a, 4, axis=1)` cuts `a` into four arrays of H columns each, in the order i, f, g, o. Bend three of them with
# `mine.sigmoid`, and `g` with `np.tanh`. Then `c_next = f * c + i * g`, and `h_next` from it.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-lstm_step_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(lstm_step_forward)

# %% [markdown]
# The whole sequence is the loop that you know, with two things to hand from step to step.
#
# ### Exercise: `lstm_forward` (2 points)


# %% nbgrader={"grade": false, "grade_id": "lstm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_forward(x, h0, c0, Wx, Wh, b):
    """An LSTM over a whole sequence.

    x: array (N, T, D). h0, c0: arrays (N, H), state and cell before the first step. Wx: (D, 4H). Wh: (H, 4H). b: (4H,).
    Returns h (N, T, H) and c (N, T, H), state and cell after each step, and the cache
    (x, h0, c0, Wx, Wh, gates, h, c), where gates is (N, T, 4H).
    Changes nothing that it was given.

    >>> zeros, b = np.zeros((1, 4)), np.array([-1000.0, np.log(9), 0.0, 0.0])  # a forget gate of 0.9
    >>> h, c, cache = lstm_forward(np.ones((1, 3, 1)), np.zeros((1, 1)), np.ones((1, 1)), zeros, zeros, b)
    >>> c
    array([[[0.9  ],
            [0.81 ],
            [0.729]]])
    """
    states, cells, gates = [], [], []
    ### BEGIN SOLUTION
    state, cell = h0, c0
    for t in range(x.shape[1]):
        state, cell, cache = lstm_step_forward(x[:, t], state, cell, Wx, Wh, b)
        states.append(state)
        cells.append(cell)
        gates.append(cache[5])
    ### END SOLUTION
    h, c, gates = np.stack(states, axis=1), np.stack(cells, axis=1), np.stack(gates, axis=1)
    return h, c, (x, h0, c0, Wx, Wh, gates, h, c)


# %% [markdown]
# <details><summary>Hint</summary>
#
# It is the loop of `rnn_forward`. What has to be handed from step to step now? And where in the step's cache do you find the
# gates?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The three lists are there, and the lines below stack them. Begin with `state, cell = h0, c0`. In the loop, append to each list:
# the new state, the new cell, and the gates, which are `cache[5]` of the step's cache (the sixth thing in it).
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-lstm_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(lstm_forward)

# %% [markdown]
# ### 6.1 The way back
#
# Follow the arrows of one step, from right to left:
#
# ```
#    c ────────── × f ────────── + ──────────────► c_next ──► (to the next step)
#                                │                    │
#                              i · g                tanh
#                                                     │
#                                                    × o ─────► h_next
# ```
#
# Two gradients come in: `dh_next`, for the state, and `dc_next`, for the cell, from the next step. The cell `c_next` has two
# ways out, so (paths meet: add!)
#
# $$dc = dc_{\text{next}} + dh_{\text{next}} \cdot o \cdot \bigl(1 - \tanh^2(c_{\text{next}})\bigr)$$
#
# Now $c_{\text{next}} = f \cdot c + i \cdot g$, and a product passes to each factor the gradient times the *other* factor:
#
# | to | the gradient |
# | --- | --- |
# | i | $dc \cdot g$ |
# | f | $dc \cdot c$ |
# | g | $dc \cdot i$ |
# | o | $dh_{\text{next}} \cdot \tanh(c_{\text{next}})$ |
# | the old cell | $dc \cdot f$ |
#
# The first four still have to pass their bends. The slope of a sigmoid $s$ is $s(1 - s)$, that of the tanh $g$ is $1 - g^2$.
# Side by side, in the order i, f, g, o, they make `da` (N, 4H). And from `da` on it is the dense layer again.
#
# Look at the last line of the table. On its way back along the cell, the gradient is multiplied by $f$, *and by nothing else*:
# no matrix, no tanh. That is the whole secret.
#
# ### Exercise: `lstm_step_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "lstm_step_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_step_backward(dh_next, dc_next, cache):
    """Back through one step of an LSTM.

    dh_next, dc_next: arrays (N, H), the gradients with respect to the new state and to the new cell.
    cache: (x, h, c, Wx, Wh, gates, c_next), from lstm_step_forward.
    Returns dx (N, D), dh (N, H), dc (N, H), dWx (D, 4H), dWh (H, 4H), db (4H,).
    Changes nothing that it was given.

    >>> gates = np.array([[0.0, 0.9, 0.5, 1.0]])  # i, f, g, o of a single unit
    >>> cache = np.ones((1, 1)), np.zeros((1, 1)), np.ones((1, 1)), np.ones((1, 4)), np.ones((1, 4)), gates, np.array([[0.9]])
    >>> dx, dh, dc, dWx, dWh, db = lstm_step_backward(np.array([[0.0]]), np.array([[1.0]]), cache)
    >>> dc
    array([[0.9]])
    """
    x, h, c, Wx, Wh, gates, c_next = cache
    i, f, g, o = np.split(gates, 4, axis=1)
    ### BEGIN SOLUTION
    tanh_c = np.tanh(c_next)
    dc = dc_next + dh_next * o * (1 - tanh_c**2)
    da = np.hstack(
        [
            dc * g * i * (1 - i),
            dc * c * f * (1 - f),
            dc * i * (1 - g**2),
            dh_next * tanh_c * o * (1 - o),
        ]
    )
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Take the two formulas and the table above line by line: first `dc`, then the four gradients of i, f, g and o, then their bends. Which
# of the four has the slope of tanh?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Four lines: `tanh_c = np.tanh(c_next)`; `dc`, by the formula; `da = np.hstack([…, …, …, …])`, each of the four times its
# slope, such as `dc * g * i * (1 - i)` for the first; and the `return`, whose parts look as in `rnn_step_backward`, with `dc * f`
# in addition.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-lstm_step_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(lstm_step_backward)

# %% [markdown]
# ### Exercise: `lstm_backward` (3 points)
#
# The loop of `rnn_backward`, with two gradients that come back from the later step. The loss sees the states only, so the
# cell has no `dc[:, t]` of its own.


# %% nbgrader={"grade": false, "grade_id": "lstm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_backward(dh, cache):
    """Back through all steps of an LSTM.

    dh: array (N, T, H), the gradient of the loss with respect to each output h[:, t] by itself.
    cache: (x, h0, c0, Wx, Wh, gates, h, c), from lstm_forward.
    Returns dx (N, T, D), dh0 (N, H), dc0 (N, H), dWx (D, 4H), dWh (H, 4H), db (4H,).
    Changes nothing that it was given.

    >>> gates = np.tile([0.0, 0.9, 0.0, 1.0], (1, 3, 1))  # one unit: a forget gate of 0.9, an output gate of 1
    >>> x, zero, W = np.zeros((1, 3, 1)), np.zeros((1, 1)), np.zeros((1, 4))
    >>> dx, dh0, dc0, *rest = lstm_backward(np.array([[[0.0], [0.0], [1.0]]]), (x, zero, zero, W, W, gates, x, x))
    >>> dc0
    array([[0.729]])
    """
    x, h0, c0, Wx, Wh, gates, h, c = cache
    ### BEGIN SOLUTION
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
    dh_later, dc_later = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(x.shape[1])):
        h_before, c_before = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h0, c0)
        step_cache = x[:, t], h_before, c_before, Wx, Wh, gates[:, t], c[:, t]
        dx[:, t], dh_later, dc_later, *weights = lstm_step_backward(dh[:, t] + dh_later, dc_later, step_cache)
        dWx, dWh, db = dWx + weights[0], dWh + weights[1], db + weights[2]
    return dx, dh_later, dc_later, dWx, dWh, db
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Copy your `rnn_backward`. What comes back from the later step now? The loss sees the states alone: to which of the two do you add
# `dh[:, t]`?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Two things come back, `dh_later` and `dc_later`, both zeros at first. The step gets `dh[:, t] + dh_later`, `dc_later` and the cache
# `(x[:, t], h_before, c_before, Wx, Wh, gates[:, t], c[:, t])`. At the end they are `dh0` and `dc0`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-lstm_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(lstm_backward)

# %% [markdown]
# Six gradients. Do they agree with what nudging measures?

# %% tags=["demo"]
rng = np.random.default_rng(3)
names, shapes = ("x", "h0", "c0", "Wx", "Wh", "b"), ((3, 5, 2), (3, 4), (3, 4), (2, 16), (4, 16), (16,))
arguments = [rng.normal(size=shape) for shape in shapes]
dh = rng.normal(size=(3, 5, 4))
computed = mine.lstm_backward(dh, mine.lstm_forward(*arguments)[2])
for k, name in enumerate(names):

    def loss(value, k=k):
        return np.sum(mine.lstm_forward(*arguments[:k], value, *arguments[k + 1 :])[0] * dh)

    difference = np.abs(computed[k] - mine.numerical_gradient(loss, arguments[k], 1e-5)).max()
    print(f"d{name:<3} largest difference between computed and measured: {difference:.1e}")

# %% [markdown]
# ### 6.2 Does its gradient survive?
#
# The experiment of section 5 again: only the last output matters; how much of its gradient reaches the first step? The
# weights are drawn as PyTorch draws them. For the LSTM we try three first biases of the forget gate: 0, 1 and 4. (The sigmoid
# makes of them gates of about 0.5, 0.73 and 0.98.) *Guess the order.*


# %% tags=["demo"]
def lstm_norms(dh, cache):
    """As gradient_norms_through_time, for an LSTM: the norm of the gradient that reaches each cell."""
    x, h0, c0, Wx, Wh, gates, h, c = cache
    norms, dc = np.zeros(x.shape[1]), np.zeros_like(dh)
    for t in reversed(range(x.shape[1])):
        before = (h[:, t - 1], c[:, t - 1]) if t > 0 else (h0, c0)
        o, tanh_c = gates[:, t, -h0.shape[1] :], np.tanh(c[:, t])
        norms[t] = np.linalg.norm(dc + dh * o * (1 - tanh_c**2))
        _, dh, dc, *_ = mine.lstm_step_backward(dh, dc, (x[:, t], *before, Wx, Wh, gates[:, t], c[:, t]))
    return norms


rng = np.random.default_rng(3)
x, last = rng.normal(size=(20, 60, 4)), rng.normal(size=(20, 32))
curves = {}
p = figures.draw_weights(np.random.default_rng(0), 4, 32, 1)
_, cache = mine.rnn_forward(x, np.zeros((20, 32)), p["Wx"], p["Wh"], p["b"])
curves["RNN"] = mine.gradient_norms_through_time(last, cache)
p = figures.draw_weights(np.random.default_rng(0), 4, 32, 1, gates=4)
for bias in (0, 1, 4):
    p["b"][32:64] = bias  # the second block of columns: the forget gate
    _, _, cache = mine.lstm_forward(x, np.zeros((20, 32)), np.zeros((20, 32)), p["Wx"], p["Wh"], p["b"])
    curves[f"LSTM, forget bias {bias}"] = lstm_norms(last, cache)

plt.figure(figsize=(7, 3.6))
print("what is left of the gradient after       10 steps   30 steps   59 steps")
for (name, norms), color, style in zip(
    curves.items(), ("gray", BLUE, GREEN, VERMILLION), (":", "-", "--", "-."), strict=True
):
    left = norms / norms[-1]
    print(f"{name:>33}   " + "   ".join(f"{left[59 - back]:9.1e}" for back in (10, 30, 59)))
    plt.semilogy(left, style, color=color, label=name)
plt.xlabel("step (the gradient comes in at the right)")
plt.ylabel("what is left of the gradient")
plt.legend()
plt.show()

# %% [markdown]
# *What to notice.* A half-open forget gate forgets almost as fast as the plain layer: $0.5^{59}$ is nothing. So an LSTM is no
# magic. It *can* remember, if its forget gate stays open. With a bias of 4 the gradient arrives. (It even grew on its way,
# because there is a second way back, through $h$ and `Wh`. An LSTM does not protect against explosions, so clip.) This is
# why many people start the bias of the forget gate at 1 (Keras does; PyTorch leaves it near 0), and higher where the gap is
# long: keep everything at first, and learn later what to forget.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 7. A task with a long gap
#
# Now the two layers compete. The task: *remember a letter*. A sequence has 61 letters out of A, B, C and D, drawn by chance.
# The first one is marked: a fifth number, the mark, is 1 there, and 0 afterwards. After the last letter we ask: *which letter
# was marked?* The 60 letters after it are noise, and look exactly like it but for the mark. Guessing gives 25 %.
#
# The sequences are drawn anew for every step of training, so nothing can be learned by heart. Both layers have 16 units, the
# same optimizer and the same learning rate. The LSTM starts with its forget gates nearly open (bias 5, a gate of 0.993) and
# its input gates nearly closed (bias −4, a gate of 0.018): at first keep everything, and write almost nothing.
#
# `figures.train_on_the_gap` trains a layer with Adam, as above, and then asks it about 1,000 new sequences. It uses your
# functions. Only if one of them is more than ten times as slow as the course's, it takes the course's and says so. (The
# course's are written for speed: what does not wait for the state, `x @ Wx`, is one product for all steps.)


# %% tags=["demo"]
def keep_at_first(params, rng):
    """An LSTM's first biases: input gates nearly closed, forget gates nearly open."""
    units = len(params["Wh"])
    params["b"][:units], params["b"][units : 2 * units] = -4, 5


runs = []
print("right answers on 1000 new sequences")
for layer, first, color in (("RNN", None, BLUE), ("LSTM", keep_at_first, VERMILLION)):
    for seed, style in ((0, "-"), (1, "--")):
        right, losses = figures.train_on_the_gap(layer, seed, first=first)
        print(f"{layer:>5}, start {seed}: {right:6.1%} after {len(losses)} steps of training")
        runs.append((f"{layer}, start {seed}", losses, color, style))
figures.show_losses(runs, guessing=np.log(4))

# %% [markdown]
# *What to notice.* The loss of the LSTM stays for a while at $\log 4 \approx 1.39$, the gray line, which is guessing; then it
# falls to 0. The plain layer never leaves the gray line. It has all that it needs to *store* a letter (the echo of section 1
# never faded with `Wh = 1.5`). But it cannot *learn* to, because the error does not reach the first step.
#
# Is the gap really to blame? The next cell makes it shorter.

# %% tags=["demo"]
print(" gap   RNN, right answers from four starts")
for gap in (2, 5, 10, 20):
    shares = [figures.train_on_the_gap("RNN", seed, gap=gap)[0] for seed in range(4)]
    print(f"{gap:4}   " + "   ".join(f"{share:6.1%}" for share in shares))

# %% [markdown]
# The same layer, the same training, and the gap decides. Of twelve starts that we tried, all bridged gaps of 2 and 5; eight
# bridged a gap of 10, three a gap of 20, and none a gap of 40. Between "always" and "never" it is luck, and even the last
# digits of the rounding may decide. So look at several starts before you say what a network can do.
#
# *One more question.* In section 5 the gradient of a plain layer survived if `Wh` was a rotation with scale 1. So is it the
# layer that fails, or only its first weights? We can ask. (With 32 units, because larger layers have it easier here.)


# %% tags=["demo"]
def start_with_a_rotation(params, rng):
    params["Wh"] = np.linalg.qr(rng.normal(size=params["Wh"].shape))[0].astype(np.float32)


for what, first, seed in (
    ("drawn weights", None, 0),
    ("drawn weights", None, 1),
    ("drawn weights", None, 2),
    ("a rotation", start_with_a_rotation, 0),
    ("a rotation", start_with_a_rotation, 1),
    ("a rotation", start_with_a_rotation, 2),
):
    right, losses = figures.train_on_the_gap("RNN", seed, units=32, first=first)
    print(f"RNN that starts with {what}, start {seed}: {right:6.1%} after {len(losses)} steps of training")

# %% [markdown]
# *What to notice.* If the first weights let the gradient through, even a plain layer can learn this task: sometimes. We tried
# twenty starts of each. With a rotation, ten reached 95 % and eight more at least 40 %; with drawn weights, three and one. So
# what you saw is really the gradient. But nothing keeps `Wh` a rotation while it is trained, and the whole state is stirred at every step. An LSTM needs
# good first weights, too (try a forget bias of 1). But they are easy to give: two biases say "keep, and write little". From
# then on the memory stays by itself, and each unit learns when to write.
#
# ### Written: RNN against LSTM (8 points)
#
# Run the cells of this section, then change something and run them again: the gap, the number of units, the first bias
# of the forget gate (try 1 instead of 5), the learning rate, the seed. Write about 300 words on these questions,
# **with numbers from your own runs**:
#
# 1. What happened to the RNN and to the LSTM? Explain it with the way of the gradient through one step of each.
# 2. What do the three gates do in this task, once it is learned? What should each of them be at the first step, and at
#    the later ones?
# 3. What did you change, what did you expect, and what did you see?
# 4. What does an LSTM cost, compared with an RNN of the same number of units? Count the weights for D = 5 and H = 16.
# 5. When would you take a plain recurrent layer all the same?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-rnn-lstm", "locked": false, "points": 8, "schema_version": 3, "solution": true, "task": false}
# *(A model answer. Yours has other numbers if you changed other things.)*
#
# With a gap of 60 the LSTM answers 100 % of the new sequences correctly from both starts, after fewer than 200 steps of
# training. The RNN stays at about 25 %, which is guessing, and its loss stays at 1.39 = log 4. With gaps of 2 and 5 the
# same RNN reaches 100 %.
#
# One step back multiplies the RNN's gradient by the slope of tanh and by $W_h^\top$. Its first weights have a spectral radius
# of about 0.6, and $0.6^{60} \approx 5 \cdot 10^{-14}$: the first letter has no voice among the 60 that follow. In the LSTM the
# gradient of the cell is multiplied by the forget gate alone. With a bias of 5 the gate is 0.993, and $0.993^{60} \approx 0.66$.
#
# Once the task is learned, the input gate should be open at the marked letter and closed afterwards; the mark tells it.
# The forget gate should stay at 1 all the time. The output gate matters only at the end, where the head looks at the state.
#
# I started the forget bias at 1 instead of 5, and expected a slower start. But within 300 steps none of three starts got
# above 26 %: a gate of 0.73 leaves $0.73^{60} \approx 10^{-8}$. So it is not "LSTM" that remembers, but an open forget gate.
# I also gave the RNN 64 units and expected no change. I was wrong: from three starts it reached 94, 48 and 59 %. A larger layer
# can be lucky, but not one start was as good as the LSTM with 16 units.
#
# An RNN with D = 5 and H = 16 has 5·16 + 16·16 + 16 = 352 weights and biases, the LSTM four times as many, 1408, and it
# takes several times as long.
#
# I would take a plain recurrent layer where only the last few steps count (the digits, row by row, took 8 steps and worked),
# or where it must be very small and fast.
#
# === BEGIN MARK SCHEME ===
#
# - 1 point: the results of both, with numbers, and that about 25 % (or a loss of log 4) is guessing.
# - 2 points: the explanation: 1 for the product of slopes and $W_h^\top$ in the RNN, 1 for the cell's gradient that is
#   multiplied by $f$ only.
# - 1 point: the gates in this task: write at the mark only, never forget. (The output gate need not be mentioned.)
# - 2 points: an experiment of their own: 1 for what was changed and expected, 1 for what was seen, with numbers, and an
#   attempt to explain it. An unexpected result that is reported honestly earns both.
# - 1 point: the count: 352 and 1408, or "four times as many" with the reason.
# - 1 point: a sensible case for the plain layer.
#
# No numbers at all: at most 3 points.
#
# === END MARK SCHEME ===

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 8. The GRU: the same idea, smaller
#
# Three gates, and two rows of memory: does it need all that? In 2014 Kyunghyun Cho and others proposed the **gated
# recurrent unit**, GRU. It has two gates and no cell. The state itself is the memory:
#
# $$h_{\text{next}} = (1 - z) \cdot n + z \cdot h$$
#
# $n$ is the candidate for the new state. The **update gate** $z$ mixes: with $z = 1$ the old state stays, with $z = 0$ the
# candidate replaces it. One gate does what $f$ and $i$ do in the LSTM. The **reset gate** $r$ says how much of the old state
# the candidate may see:
#
# $$r = \sigma(x W_{xr} + h W_{hr} + b_r) \qquad z = \sigma(x W_{xz} + h W_{hz} + b_z)$$
# $$n = \tanh\bigl(x W_{xn} + b_n + r \cdot (h W_{hn} + b_{hn})\bigr)$$
#
# $\sigma$ is the sigmoid. Each of the three has columns of its own: `Wx` is (D, 3H) and `Wh` (H, 3H), in blocks of H columns
# in the order **r, z, n**. ($W_{xr}$ is the first block of `Wx`, and so on.) The biases `b` have *four* blocks, (4H,): for r,
# z and n, and last $b_{hn}$. Why two for n? The reset gate stands between them: one
# belongs to the part with $x$, the other to the part with $h$, and only that is multiplied by $r$. (This is PyTorch's GRU,
# number for number. In the first paper $r$ multiplies $h$ before the product, and some books exchange $z$ and $1 - z$.)
#
# ### Exercise: `gru_step_forward` (3 points)
#
# Give your variables the names `r`, `z`, `n`, `hn` (for $h W_{hn} + b_{hn}$) and `h_next`: the last line returns them.


# %% nbgrader={"grade": false, "grade_id": "gru_step_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_step_forward(x, h, Wx, Wh, b):
    """One step of a GRU: h_next = (1 - z) n + z h.

    x: array (N, D). h: array (N, H). Wx: (D, 3H). Wh: (H, 3H), in the order r, z, n.
    b: (4H,): the biases of r, z and n, then b_hn.
    Returns h_next (N, H), and the cache (x, h, Wx, Wh, gates, hn), where gates (N, 3H) holds r, z and n side by side.
    Changes nothing that it was given.

    >>> zeros, b = np.zeros((1, 3)), np.array([0.0, np.log(9), 0.0, 0.0])  # an update gate of 0.9, a candidate of 0
    >>> h_next, cache = gru_step_forward(np.array([[1.0]]), np.array([[1.0]]), zeros, zeros, b)
    >>> h_next
    array([[0.9]])
    """
    ### BEGIN SOLUTION
    b_r, b_z, b_n, b_hn = np.split(b, 4)
    x_r, x_z, x_n = np.split(x @ Wx, 3, axis=1)
    h_r, h_z, h_n = np.split(h @ Wh, 3, axis=1)
    r = mine.sigmoid(x_r + h_r + b_r)
    z = mine.sigmoid(x_z + h_z + b_z)
    hn = h_n + b_hn
    n = np.tanh(x_n + b_n + r * hn)
    h_next = (1 - z) * n + z * h
    ### END SOLUTION
    return h_next, (x, h, Wx, Wh, np.hstack([r, z, n]), hn)


# %% [markdown]
# <details><summary>Hint</summary>
#
# Split first, then write each formula as a line. Which of the three blocks needs the part with x and the part with h apart, and
# why?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.split(b, 4)` gives the four biases, `np.split(x @ Wx, 3, axis=1)` the three parts with x, and
# `np.split(h @ Wh, 3, axis=1)` the three parts with h. Then there is one line for each of r, z, hn, n and h_next, such as
# `n = np.tanh(x_n + b_n + r * hn)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-gru_step_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(gru_step_forward)

# %% [markdown]
# The whole sequence once more.
#
# ### Exercise: `gru_forward` (2 points)


# %% nbgrader={"grade": false, "grade_id": "gru_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_forward(x, h0, Wx, Wh, b):
    """A GRU over a whole sequence.

    x: array (N, T, D). h0: array (N, H). Wx: (D, 3H). Wh: (H, 3H). b: (4H,).
    Returns h (N, T, H), the state after each step, and the cache (x, h0, Wx, Wh, gates, hn, h),
    where gates is (N, T, 3H) and hn (N, T, H).
    Changes nothing that it was given.

    >>> zeros, b = np.zeros((1, 3)), np.array([0.0, np.log(9), 0.0, 0.0])
    >>> h, cache = gru_forward(np.ones((1, 3, 1)), np.ones((1, 1)), zeros, zeros, b)
    >>> h
    array([[[0.9  ],
            [0.81 ],
            [0.729]]])
    """
    states, gates, hn = [], [], []
    ### BEGIN SOLUTION
    state = h0
    for t in range(x.shape[1]):
        state, cache = gru_step_forward(x[:, t], state, Wx, Wh, b)
        states.append(state)
        gates.append(cache[4])
        hn.append(cache[5])
    ### END SOLUTION
    h, gates, hn = np.stack(states, axis=1), np.stack(gates, axis=1), np.stack(hn, axis=1)
    return h, (x, h0, Wx, Wh, gates, hn, h)


# %% [markdown]
# <details><summary>Hint</summary>
#
# It is the loop of `lstm_forward` with one thing less to hand on. What must each of the three lists get?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Begin with `state = h0`. Of the step's cache, `cache[4]` are the gates and `cache[5]` is hn; append them and the new state.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-gru_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(gru_forward)

# %% [markdown]
# And the way back, once more through one step. Begin at the end, $h_{\text{next}} = (1 - z) \cdot n + z \cdot h$. Each
# factor gets the gradient times what it was multiplied by; $z$ stands in both products, once with a minus:
#
# | to | the gradient |
# | --- | --- |
# | n | $dh_{\text{next}} \cdot (1 - z)$ |
# | z | $dh_{\text{next}} \cdot (h - n)$ |
# | the old state, straight | $dh_{\text{next}} \cdot z$ |
#
# With the slope of tanh, $n$'s gradient becomes $da_n$, that of the sum inside: $x W_{xn} + b_n + r \cdot hn$. The
# product at its end passes $da_n \cdot hn$ to $r$, and $da_n \cdot r$ to $hn = h W_{hn} + b_{hn}$. The gates' gradients pass
# their own slopes, $s(1 - s)$, and become $da_r$ and $da_z$.
#
# Two products have made the sums, and this time their gradients differ: side by side, $x W_x$ gets $(da_r, da_z, da_n)$, but
# $h W_h$ gets $(da_r, da_z, da_n \cdot r)$. From there on each is a dense layer. *Look at the third line of the table:* with
# $z$ near 1 the gradient walks straight back, as it does along the cell of an LSTM.
#
# ### Exercise: `gru_step_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "gru_step_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_step_backward(dh_next, cache):
    """Back through one step of a GRU.

    dh_next: array (N, H), the gradient with respect to the new state.
    cache: (x, h, Wx, Wh, gates, hn), from gru_step_forward.
    Returns dx (N, D), dh (N, H), dWx (D, 3H), dWh (H, 3H), db (4H,): for r, z and n, then for b_hn.
    Changes nothing that it was given.

    >>> gates = np.array([[0.5, 0.9, 0.0]])  # r, z, n of a single unit
    >>> cache = np.ones((1, 1)), np.zeros((1, 1)), np.ones((1, 3)), np.zeros((1, 3)), gates, np.array([[2.0]])
    >>> dx, dh, dWx, dWh, db = gru_step_backward(np.array([[1.0]]), cache)
    >>> dh, db
    (array([[0.9]]), array([0.05, 0.  , 0.1 , 0.05]))
    """
    x, h, Wx, Wh, gates, hn = cache
    r, z, n = np.split(gates, 3, axis=1)
    ### BEGIN SOLUTION
    da_n = dh_next * (1 - z) * (1 - n**2)
    da_z = dh_next * (h - n) * z * (1 - z)
    da_r = da_n * hn * r * (1 - r)
    da_x = np.hstack([da_r, da_z, da_n])
    da_h = np.hstack([da_r, da_z, da_n * r])
    db = np.concatenate([da_x.sum(axis=0), (da_n * r).sum(axis=0)])
    return da_x @ Wx.T, da_h @ Wh.T + dh_next * z, x.T @ da_x, h.T @ da_h, db
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# First `da_n`, `da_z` and `da_r`, a line each: the gradient from above times the slope. In how many places was the old state
# used? And which gradient does `h @ Wh` get that `x @ Wx` does not?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `da_n = dh_next * (1 - z) * (1 - n**2)`; `da_z` and `da_r` in the same way. Put them side by side twice with `np.hstack`: for
# `x @ Wx` as they are, for `h @ Wh` with `da_n * r` in the third place. `dh` is a sum of two: back through `Wh`, and
# `dh_next * z`. For `db`, sum over the batch and put the fourth block, the sum of `da_n * r`, at the end with `np.concatenate`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-gru_step_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(gru_step_backward)

# %% [markdown]
# How do the three compare? The next cell counts their weights, and lets the GRU try the gap of 60. Back through all steps goes
# a short loop over your `gru_step_backward`: the one of `lstm_backward`, with one gradient less to hand back.


# %% tags=["demo"]
D, H = 5, 16
print(f"weights and biases for D = {D}, H = {H}:   ", end="")
print(f"RNN {D * H + H * H + H}   GRU {3 * D * H + 3 * H * H + 4 * H}   LSTM {4 * D * H + 4 * H * H + 4 * H}")


def keep_the_state(params, rng):
    """A GRU's first biases, four blocks of them: the update gates nearly open for the old state."""
    units = len(params["Wh"])
    params["b"][units : 2 * units] = 5


def back_through_all(dh, cache):
    x, h0, Wx, Wh, gates, hn, h = cache
    dx, from_later, sums = np.zeros_like(x), np.zeros_like(h0), [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        step_cache = x[:, t], h[:, t - 1] if t > 0 else h0, Wx, Wh, gates[:, t], hn[:, t]
        dx[:, t], from_later, *weights = mine.gru_step_backward(dh[:, t] + from_later, step_cache)
        sums = [old + new for old, new in zip(sums, weights, strict=True)]
    return dx, from_later, *sums


functions = mine.gru_forward, back_through_all
right, losses = figures.train_on_the_gap("GRU", seed=0, first=keep_the_state, functions=functions)
print(f"GRU: {right:6.1%} after {len(losses)} steps of training")

# %% [markdown]
# Which is better, LSTM or GRU? Here both solve the task, and the GRU has a quarter fewer weights. (Junyoung Chung and others
# compared the two on music and on speech in 2014, and could not say which is better.) But one thing comes easily to only one
# of them: to count on and on. *Which one, and why? Look at the two formulas first.* Below, both write a 1 at every step.

# %% tags=["demo"]
open_gates = np.array([1000.0, 1000.0, 1000.0, 1000.0])  # biases of the LSTM: i, f, g and o are 1
mixing = np.array([1000.0, 0.0, 1000.0, 0.0])  # biases of the GRU: r = 1, z = 0.5, n = 1
zero, h, c = np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1))
cells, states = [], []
for _ in range(10):
    _, c, _ = mine.lstm_step_forward(zero, zero, c, np.zeros((1, 4)), np.zeros((1, 4)), open_gates)
    h, _ = mine.gru_step_forward(zero, h, np.zeros((1, 3)), np.zeros((1, 3)), mixing)
    cells.append(c[0, 0])
    states.append(h[0, 0])
print("cell of the LSTM:", np.array(cells))
print("state of the GRU:", np.array(states))

# %% [markdown]
# The LSTM adds each 1 to its cell, and nothing bounds it: it counts. The GRU mixes each 1 half and half with its state, so
# that the state stays between −1 and 1. Each 1 moves it half as far as the one before, and soon ten and eleven look the same.

# %% [markdown]
# ## 9. Reading in both directions
#
# *He said that the bank …* Which bank, with money or with water? Here the answer comes *after* the word: *… was closed on
# Sunday.* When the whole sequence is there before we must answer, we can read it twice, from the front and from the back, and
# put both states of a step side by side. That is a **bidirectional** layer. (When a network *writes*, this is impossible: what
# comes later is not there yet.)
#
# Your function receives two steps, `forward_step` and `backward_step`. Each is a function of (x_t, h) that returns the next
# state; it may be an RNN's or a GRU's, with its weights inside.
#
# ### Exercise: `bidirectional` (3 points)


# %% nbgrader={"grade": false, "grade_id": "bidirectional", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bidirectional(x, forward_step, backward_step, h_forward=0.0, h_backward=0.0):
    """Read each sequence from the front and from the back, and put both states of each step side by side.

    x: array (N, T, D). forward_step, backward_step: functions of (x_t, h) that return the next state (N, H).
    h_forward, h_backward: the states with which the two ways begin.
    Returns an array (N, T, 2H): at step t first the state that has read steps 0 to t, then the state that has read
    steps T - 1 down to t.
    Changes nothing that it was given.

    >>> def add(x_t, h):
    ...     return x_t + h
    >>> bidirectional(np.array([[[1.0], [2.0], [3.0]]]), add, add)
    array([[[1., 6.],
            [3., 5.],
            [6., 3.]]])
    """
    ### BEGIN SOLUTION
    T = x.shape[1]
    there, back = [], []
    for t in range(T):
        h_forward = forward_step(x[:, t], h_forward)
        there.append(h_forward)
    for t in reversed(range(T)):
        h_backward = backward_step(x[:, t], h_backward)
        back.insert(0, h_backward)
    return np.concatenate([np.stack(there, axis=1), np.stack(back, axis=1)], axis=2)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two loops, one for each direction, and each has a state of its own. The second one meets the last step first. In which order
# must its states stand at the end?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The second loop runs over `reversed(range(x.shape[1]))`; `states.insert(0, h)` puts each new state at the front of
# its list, so that they end up in the order of the steps. Stack both lists with `np.stack(…, axis=1)`;
# `np.concatenate([…, …], axis=2)` joins them along the last axis.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-bidirectional", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(bidirectional)

# %% [markdown]
# The shout of section 1 once more, now in the middle of a silent sequence. *Guess: at which steps does each direction hear
# it?*

# %% tags=["demo"]
x = np.zeros((1, 21, 1))
x[0, 10] = 1
h = mine.bidirectional(x, lambda x_t, h: np.tanh(x_t + 0.8 * h), lambda x_t, h: np.tanh(x_t + 0.8 * h))

print("steps          8      9      10     11     12")
print("forward ", h[0, 8:13, 0])
print("backward", h[0, 8:13, 1])
plt.figure(figsize=(7, 2.8))
plt.plot(h[0, :, 0], "o-", color=BLUE, markersize=4, label="forward: hears it afterwards")
plt.plot(h[0, :, 1], "s--", color=VERMILLION, markersize=4, label="backward: hears it before")
plt.axvline(10, color="gray", linewidth=0.8)
plt.xticks(range(0, 21, 5))
plt.xlabel("step (the shout is at step 10)")
plt.ylabel("state")
plt.legend(fontsize=8)
plt.show()

# %% [markdown]
# *What to notice.* At every step, one of the two has heard the shout. Together they know the whole sequence.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 10. A network that writes
#
# At last: text. A network that knows which letter is likely to come next can write. Draw a letter, feed it in, draw the next
# one, and so on. Three things are missing: letters must become numbers, a number must become something that a layer can read,
# and scores must become letters again.
#
# ### 10.1 Letters become numbers
#
# Each different character gets a number, its place in the sorted list of all characters that occur. The list is called the
# **vocabulary**, and the numbers **tokens**. (Sorted, so that the same text always gives the same numbers.)
#
# ### Exercise: `encode_text` (2 points)


# %% nbgrader={"grade": false, "grade_id": "encode_text", "locked": false, "schema_version": 3, "solution": true, "task": false}
def encode_text(text):
    """A text as whole numbers.

    text: a string. Returns tokens, an array (len(text),) of whole numbers, and characters, a string that holds every
    character of the text once, in sorted order: characters[k] is what token k means.

    >>> tokens, characters = encode_text("hello")
    >>> tokens, characters
    (array([1, 0, 2, 2, 3]), 'ehlo')
    """
    ### BEGIN SOLUTION
    characters = "".join(sorted(set(text)))
    tokens = np.array([characters.index(character) for character in text])
    return tokens, characters
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two things to make, one after the other: the vocabulary (each character once, sorted), and then the place of each letter of the
# text in it. What does Python have that holds each thing once?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `set(text)` holds each character once, `sorted(…)` makes an ordered list of them, and `"".join(…)` a string.
# `characters.index("l")` is the place of "l" in it. The tokens must become an array: `np.array([… for character in text])`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-encode_text", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(encode_text)

# %% [markdown]
# Our text is what Python says about itself: some pages of the help that comes with the language.

# %% tags=["demo"]
tokens, characters = mine.encode_text(text)
print(f"{len(text):,} characters, {len(characters)} different ones: {characters!r}")
print()
print(text[:400], "…")
print()
print("the first twenty tokens:", tokens[:20])
print("and back:", "".join(characters[k] for k in tokens[:20]))

# %% [markdown]
# ### 10.2 Numbers become vectors
#
# A token is only a name. That "b" is 55 and "a" is 54 does not mean that "b" is a little more than "a". So we do not compute
# with the number. We let it pick a row of a table:
#
# $$\text{out} = W[\text{token}]$$
#
# The table `W` (V, D) holds one vector of D numbers for each of the V characters. It is learned, like all other weights.
# This is called an **embedding**. (It is the same as a dense layer on one-hot vectors, chapter 0, without all the
# multiplications by 0.)
#
# ### Exercise: `embedding_forward` (1 point)


# %% nbgrader={"grade": false, "grade_id": "embedding_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def embedding_forward(tokens, W):
    """Each token picks its row of W.

    tokens: array of whole numbers of any shape, such as (N, T). W: (V, D).
    Returns out, an array with one axis more, such as (N, T, D), and the cache (tokens, W).
    Changes nothing that it was given.

    >>> W = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    >>> out, cache = embedding_forward(np.array([2, 0, 2]), W)
    >>> out
    array([[4., 5.],
           [0., 1.],
           [4., 5.]])
    """
    ### BEGIN SOLUTION
    out = W[tokens]
    ### END SOLUTION
    return out, (tokens, W)


# %% [markdown]
# <details><summary>Hint</summary>
#
# In the example the tokens are 2, 0, 2. Which rows of `W` stand in `out`? You need no loop and no product.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# NumPy can index with an array of whole numbers, of any shape: it picks one row for each. What stands between the square
# brackets of `W[…]`?
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-embedding_forward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(embedding_forward)

# %% [markdown]
# And the way back? A row that was picked three times was used three times. You know what that means: its gradient is the *sum*
# of the three. A row that nobody picked has the gradient 0.
#
# Beware of a trap. `dW[tokens] += dout` looks right, but if a token occurs twice, NumPy keeps only one of the two. Look:

# %% tags=["demo"]
trap = np.zeros(3)
trap[[1, 1, 1]] += np.array([10.0, 20.0, 30.0])
print("expected [0, 60, 0], and got", trap)

# %% [markdown]
# ### Exercise: `embedding_backward` (2 points)


# %% nbgrader={"grade": false, "grade_id": "embedding_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def embedding_backward(dout, cache):
    """The gradient of the table: each row collects the gradients of all places that picked it.

    dout: array such as (N, T, D). cache: (tokens, W), from embedding_forward. Returns dW (V, D).
    Changes nothing that it was given.

    >>> cache = np.array([2, 0, 2]), np.ones((3, 1))
    >>> embedding_backward(np.array([[1.0], [10.0], [100.0]]), cache)
    array([[ 10.],
           [  0.],
           [101.]])
    """
    tokens, W = cache
    ### BEGIN SOLUTION
    dW = np.zeros_like(W)
    np.add.at(dW, tokens, dout)
    return dW
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Do the example on paper: row 2 was picked twice, row 0 once, row 1 never. So begin with zeros, and go through the tokens. What
# happens to a row that is met again?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.add.at(dW, tokens, dout)` adds every time, also for repeated tokens. It changes `dW`, which must be there before:
# `np.zeros_like(W)`. (A loop over all tokens does it, too.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-embedding_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(embedding_backward)

# %% [markdown]
# ### 10.3 Scores become letters
#
# After each letter the network gives a score to every character of the vocabulary. Scores are often called **logits**. The
# softmax of chapter 2 makes probabilities of them. Should we take the likeliest letter? Then the network always writes the
# same, and soon goes round in circles. Better *draw by chance*: a letter with probability 0.3 in three cases out of ten.
#
# How bold may chance be? Divide the scores by a **temperature** before the softmax. The next picture is the one of chapter 2.
# It shows the scores of five animals; think of five letters instead. *Predict: at which temperature does the network always
# write the same?*

# %% tags=["demo"]
explore.softmax_temperature()

# %% [markdown]
# ### Exercise: `sample_index` (2 points)
#
# Chance comes from `rng`, a generator of random numbers. `rng.choice(5, p=[…])` draws one of the numbers 0 to 4 with the
# probabilities that you give it. Call it once, and draw in no other way: then the same `rng` always gives the same letter, and
# a text can be written again.


# %% nbgrader={"grade": false, "grade_id": "sample_index", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_index(logits, temperature, rng):
    """Draw one index by chance, with the probabilities softmax(logits / temperature).

    logits: array (V,), one score for each index. temperature: a number above 0. rng: np.random.default_rng(…).
    Returns a whole number from 0 to V - 1, drawn by one call of rng.choice.
    Changes nothing that it was given.

    >>> print(sample_index(np.array([0.0, 1000.0, 0.0]), 1.0, np.random.default_rng(0)))
    1
    """
    ### BEGIN SOLUTION
    return rng.choice(len(logits), p=mine.softmax(logits / temperature))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two steps: probabilities first, then the draw. Where does the temperature come in, before the softmax or after it?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The probabilities are `mine.softmax(logits / temperature)` (chapter 2; it survives scores of 1000). Then one call of
# `rng.choice(len(logits), p=…)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-sample_index", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(sample_index)

# %% [markdown]
# ### 10.4 Put it together: the loss of a text
#
# All parts are there, and they are yours. Now build the network: embedding, LSTM, and a head on *every* step (many to many),
# whose scores say which character comes next. The right answer of each step is simply the next character of the text:
#
# ```
#   to be foretold    h         e         y        \n
#                     ▲         ▲         ▲         ▲
#                  [ head ]  [ head ]  [ head ]  [ head ]
#                     ▲         ▲         ▲         ▲
#       zeros ──►  [ LSTM ]─►[ LSTM ]─►[ LSTM ]─►[ LSTM ]
#                     ▲         ▲         ▲         ▲
#   read              T         h         e         y
# ```
#
# So of the tokens (N, T) all but the last are read, and all but the first are to be foretold. The lines of a text have different
# lengths: the short ones are filled up at the end, and a mask says which tokens are real. What was filled in must not be
# foretold. Every line begins with zeros for state and cell.
#
# The loss is the mean of $-\log p$, where $p$ is the probability of the character that really came. *What is it for a network
# that knows nothing?* All 80 characters equally likely: $\log 80 \approx 4.4$.
#
# The parameters are in a dict, as in chapter 3. This is the way there; you write it, and the way back:
#
# | | shape | used by |
# | --- | --- | --- |
# | `E` | (V, D) | `embedding_forward` |
# | `Wx`, `Wh`, `b` | (D, 4H), (H, 4H), (4H,) | `lstm_forward` |
# | `W`, `c` | (H, V), (V,) | `many_to_many_head` |
# | | | `mine.cross_entropy_loss` (chapter 3), for the real tokens |
#
# ### Exercise: `character_loss` (6 points)
#
# Use your own functions by their names, and those of chapter 3 as `mine.cross_entropy_loss` and `mine.dense_backward`.


# %% nbgrader={"grade": false, "grade_id": "character_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def character_loss(parameters, tokens, mask):
    """How badly the network foretells the next tokens, and the gradients of all its parameters.

    parameters: a dict of arrays E (V, D), Wx (D, 4H), Wh (H, 4H), b (4H,), W (H, V), c (V,).
    tokens: array (N, T) of whole numbers. mask: array (N, T), True for a real token, False for what was filled in at the end.
    At step t, tokens[:, t] is read and tokens[:, t + 1] is to be foretold. State and cell are zeros at first.
    Returns loss, the mean of -log p over all real tokens that are to be foretold, and a dict with the gradient of each parameter.
    Changes nothing that it was given.

    >>> shapes = {"E": (5, 2), "Wx": (2, 4), "Wh": (1, 4), "b": 4, "W": (1, 5), "c": 5}
    >>> nothing_learned = {name: np.zeros(shape) for name, shape in shapes.items()}
    >>> loss, gradients = character_loss(nothing_learned, np.array([[0, 1, 2]]), np.array([[True, True, False]]))
    >>> print(round(float(loss), 4), round(float(np.log(5)), 4))
    1.6094 1.6094
    >>> gradients["c"]
    array([ 0.2, -0.8,  0.2,  0.2,  0.2])
    """
    E, Wx, Wh, b, W, c = (parameters[name] for name in ("E", "Wx", "Wh", "b", "W", "c"))
    ### BEGIN SOLUTION
    following, real = tokens[:, 1:], mask[:, 1:]
    x, embedding_cache = embedding_forward(tokens[:, :-1], E)
    zeros = np.zeros((len(tokens), len(Wh)))
    h, _, cache = lstm_forward(x, zeros, zeros, Wx, Wh, b)
    scores = many_to_many_head(h, W, c)

    dscores = np.zeros_like(scores)
    loss, dscores[real] = mine.cross_entropy_loss(scores[real], following[real])
    dh, dW, dc = mine.dense_backward(dscores.reshape(-1, len(c)), (h.reshape(-1, len(W)), W, c))
    dx, _, _, dWx, dWh, db = lstm_backward(dh.reshape(h.shape), cache)
    dE = embedding_backward(dx, embedding_cache)
    return loss, {"E": dE, "Wx": dWx, "Wh": dWh, "b": db, "W": dW, "c": dc}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# First the way there, down the table, until you have `scores` (N, T − 1, V). Then the loss of the real tokens: `scores[real]`
# picks their rows, where `real` is the mask of the tokens *to be foretold*. What is the gradient of the scores that were not
# picked? Then the way back, up the table: each line there has a line back.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `dscores = np.zeros_like(scores)`, and then `loss, dscores[real] = mine.cross_entropy_loss(scores[real], following[real])`: it
# puts the gradients where the scores were picked, and the rest stays 0. `mine.dense_backward` wants two axes: give it
# `dscores.reshape(-1, V)` and the cache `(h.reshape(-1, H), W, c)`, and its `dh` must get the shape of `h` again before
# `lstm_backward` takes it. `embedding_backward` comes last.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-character_loss", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(character_loss)

# %% [markdown]
# You have the gradient of a whole network that reads. The next cell asks it for a real line, before anything is learned. *What will
# the loss be, about?*

# %% tags=["demo"]
tokens, characters = mine.encode_text("".join(lines))
line = tokens[: len(lines[0])][np.newaxis]
network = figures.first_writer(np.random.default_rng(0), len(characters))
loss, gradients = mine.character_loss(network, line, np.ones(line.shape, bool))
print(f"the line: {lines[0]!r}")
print(f"loss: {loss:.2f}   all {len(characters)} characters equally likely: {np.log(len(characters)):.2f}")
print("norms of the gradients:", {name: round(float(np.linalg.norm(g)), 3) for name, g in gradients.items()})

# %% [markdown]
# ### 10.5 Train it
#
# Now the loop. You wrote one in chapter 3, and this one is no different: for each mini-batch the loss and its gradients, then a
# step downhill. One thing is new: a recurrent network's gradient may explode. So clip the gradients, all together, to a norm
# of 1 before each step, with your `clip_by_norm` of chapter 3.
#
# The mini-batches are taken in the order in which the lines stand: the first `batch_size` of them, the next, and so on. The last
# one may be smaller.
#
# ### Exercise: `train_writer` (4 points)


# %% nbgrader={"grade": false, "grade_id": "train_writer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_writer(parameters, tokens, mask, lr, epochs, batch_size):
    """Train the network of character_loss: a step downhill for every mini-batch, with gradients clipped to a norm of 1.

    parameters: a dict of arrays, where the training begins. tokens, mask: arrays (N, T).
    lr: the learning rate. epochs: how often all sequences are read. batch_size: how many sequences make a mini-batch,
    in the order in which they stand; the last mini-batch may be smaller.
    Returns the trained parameters, and losses, an array (epochs,): for each epoch the mean of the losses of its mini-batches,
    each taken before its step.
    Changes nothing that it was given.

    >>> shapes = {"E": (3, 2), "Wx": (2, 4), "Wh": (1, 4), "b": 4, "W": (1, 3), "c": 3}
    >>> nothing_learned = {name: np.zeros(shape) for name, shape in shapes.items()}
    >>> tokens, mask = np.array([[0, 1, 2, 1]]), np.ones((1, 4), bool)
    >>> trained, losses = train_writer(nothing_learned, tokens, mask, 0.3, 2, 1)
    >>> trained["c"], losses
    (array([-0.1902,  0.1899,  0.0003]), array([1.0986, 1.0353]))
    """
    losses = np.zeros(epochs)
    ### BEGIN SOLUTION
    for epoch in range(epochs):
        found = []
        for start in range(0, len(tokens), batch_size):
            batch = slice(start, start + batch_size)
            loss, gradients = character_loss(parameters, tokens[batch], mask[batch])
            parameters = mine.gradient_step(parameters, mine.clip_by_norm(gradients, 1.0), lr)
            found.append(loss)
        losses[epoch] = np.mean(found)
    ### END SOLUTION
    return parameters, losses


# %% [markdown]
# <details><summary>Hint</summary>
#
# Two loops, one inside the other: over the epochs, and over the mini-batches of an epoch. Which four things happen for each
# mini-batch, and in which order? What happens once an epoch?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `for start in range(0, len(tokens), batch_size):` gives the places where the mini-batches begin;
# `tokens[start : start + batch_size]` is one of them, and its mask is cut in the same way. Then `character_loss`,
# `mine.clip_by_norm(gradients, 1.0)` and `parameters = mine.gradient_step(parameters, …, lr)`, which returns new parameters and
# changes no old ones. Append each loss to a list; after the inner loop its mean is `losses[epoch]`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-train_writer", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(train_writer)

# %% [markdown]
# Now it learns from what Python says about itself: 1,212 lines, three epochs, the last one in smaller steps. (`trained_by` stands
# in the setup cell. It calls your `train_writer`, once in a sitting; that takes some seconds.) For comparison: what is the loss of
# one who knows how frequent each character is, and nothing of what stands before it? That is the dashed line.

# %% tags=["demo"]
network, characters, losses, _ = trained_by(mine.train_writer)

counts = np.bincount(mine.encode_text("".join(lines))[0])
shares = counts / counts.sum()
plt.figure(figsize=(7, 2.8))
plt.plot(range(1, len(losses) + 1), losses, "o-", color=BLUE, label="the network")
plt.axhline(np.log(len(characters)), color="gray", linestyle=":", label="all characters equally likely")
plt.axhline(
    -np.sum(shares * np.log(shares)), color="gray", linestyle="--", label="only how frequent each one is"
)
plt.xlabel("epoch")
plt.xticks(range(1, len(losses) + 1))
plt.ylim(0, 5)
plt.ylabel("loss")
plt.legend(fontsize=8, loc="lower left")
plt.show()
print("mean loss of each epoch:", np.round(losses, 2))
print(
    f"so the right character gets a probability of about {np.exp(-losses[-1]):.0%}; by guessing {1 / len(characters):.0%}"
)

# %% [markdown]
# *What to notice.* Already the mean over the first epoch lies below the dashed line, and then the loss falls further: the
# network uses what stands before.
#
# (Here the text was cut into short lines, and the error goes back to the start of each. For a text without ends one cuts off
# pieces, hands the state of each piece on to the next one, and lets the error go back through one piece only. That is called
# **truncated** backpropagation through time.)
#
# How good is that? A loss of 2 says little. But undo its logarithm, and it speaks: $e^{\text{loss}}$, the **perplexity**, says
# among how many *equally likely* characters the network hesitates. One that knows nothing hesitates among all 80, and
# $e^{\log 80} = 80$. One that is always right, and sure of it, has a loss of 0 and a perplexity of 1.
#
# ### Exercise: `perplexity` (1 point)


# %% nbgrader={"grade": false, "grade_id": "perplexity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perplexity(loss):
    """Among how many equally likely characters a network hesitates, by its loss.

    loss: a number, the mean of -log p over the characters of a text, with the natural logarithm. Returns a number.

    >>> print(round(float(perplexity(np.log(80))), 4))
    80.0
    """
    ### BEGIN SOLUTION
    return np.exp(loss)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# If all 80 characters are equally likely, the loss is log 80, and the answer 80. Which function leads from the one to the other?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.exp` undoes `np.log`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-perplexity", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(perplexity)

# %% [markdown]
# A network may know the text that it learned from by heart. So the last 100 lines were held back: it has never
# seen them. *Will its perplexity be higher there, or lower?*

# %% tags=["demo"]
network, characters, _, (unseen, unseen_mask) = trained_by(mine.train_writer)
tokens, lengths = figures.filled_up(lines[:100], characters)
seen_loss, _ = mine.character_loss(network, tokens, mine.sequence_mask(lengths, tokens.shape[1]))
unseen_loss, _ = mine.character_loss(network, unseen, unseen_mask)
print(f"perplexity by guessing: {len(characters)}")
print(f"… on 100 lines of the text that it learned from: {mine.perplexity(seen_loss):.2f}")
print(f"… on 100 lines that it has never seen:           {mine.perplexity(unseen_loss):.2f}")

# %% [markdown]
# *What to notice.* On the unseen text it hesitates among more characters, but still among far fewer than by guessing. What to do
# when the two differ much is the question of chapter 7.

# %% [markdown]
# ### 10.6 Let it write
#
# Last, the pen. The network first *reads* a start, token by token, from zeros for state and cell. What it foretells before the start
# ends does not matter. After the last token of the start, its scores say what may come next: draw one with your `sample_index`,
# and read what was drawn. So it goes on, and each token that is written is the next one to be read.
#
# ### Exercise: `write` (4 points)


# %% nbgrader={"grade": false, "grade_id": "write", "locked": false, "schema_version": 3, "solution": true, "task": false}
def write(parameters, start, length, temperature, rng):
    """Let the network go on after start: each token that is drawn is the next one that is read.

    parameters: the dict of character_loss. start: array (S,) of tokens, at least one; it is read first.
    length: how many tokens are to be drawn. temperature, rng: for sample_index, which is called once for each of them.
    Returns an array (S + length,) of whole numbers: the start, and what was written after it.
    Changes nothing that it was given.

    >>> shapes = {"E": (3, 2), "Wx": (2, 4), "Wh": (1, 4), "b": 4, "W": (1, 3)}
    >>> parameters = {name: np.zeros(shape) for name, shape in shapes.items()}
    >>> parameters["c"] = np.array([0.0, 0.0, 100.0])  # token 2 is far likelier than the others
    >>> write(parameters, np.array([0, 1]), 3, 1.0, np.random.default_rng(0))
    array([0, 1, 2, 2, 2])
    """
    E, Wx, Wh, b, W, c = (parameters[name] for name in ("E", "Wx", "Wh", "b", "W", "c"))
    h = cell = np.zeros((1, len(Wh)))
    written = list(start)
    ### BEGIN SOLUTION
    for t in range(len(start) + length - 1):
        h, cell, _ = lstm_step_forward(E[[written[t]]], h, cell, Wx, Wh, b)
        if t + 1 == len(written):  # all that is there was read: the next one is drawn
            scores = (h @ W + c)[0]
            written.append(sample_index(scores, temperature, rng))
    ### END SOLUTION
    return np.array(written)


# %% [markdown]
# <details><summary>Hint</summary>
#
# Do it on paper for a start of two tokens and a length of 3. Which tokens are read, and after which of them is one drawn? How many
# steps of the LSTM are there? (The token that is drawn last need not be read.)
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `E[[token]]` is the vector of a token as a batch of one, (1, D), and
# `h, cell, _ = lstm_step_forward(E[[written[t]]], h, cell, Wx, Wh, b)` reads token number t. Do it for t from 0 to
# `len(start) + length - 2`. Whenever all of `written` has been read, append `sample_index((h @ W + c)[0], temperature, rng)`.
# Or take two loops: one that reads the start, one that draws and reads.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-write", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(write)

# %% tags=["demo"]
network, characters, losses, _ = trained_by(mine.train_writer)
start = np.array([characters.index(letter) for letter in "\nThe "])
for temperature in (0.1, 0.5, 1.0, 2.0):
    written = mine.write(network, start, 240, temperature, np.random.default_rng(0))
    print(f"temperature {temperature}:" + "".join(characters[token] for token in written) + "\n")
milestone("05", network, losses)

# %% [markdown]
# *What to notice.* Nobody taught it a single word. It has found out by itself how letters make words, and which words this
# text likes. What it says means nothing. At 0.1 it is careful and repeats itself. At 2.0 it draws so many unlikely letters that
# the words fall apart. Between them lies what reads best.
#
# If no part of it is the course's any more, every line of this network is yours, from the embedding to the pen, back to the
# sigmoid of chapter 2. Then the last line says that your **milestone** is kept: open `milestones/05.html` beside this notebook.
# Otherwise the line names the parts that are still the course's.
#
# Try other starts, such as `"\nIf the class "`, and other seeds. Or train longer: in the setup cell, change 2 epochs into 6, and
# run this cell again. How far does the loss fall, and what does it write then? To write sense it would need a memory for
# whole ideas, and millions of pages. That is another story: look for the word *attention*.

# %% [markdown]
# ## What you have learned
#
# - A **recurrent** layer makes its new state from the input and its old state, with the same weights at every step. Unrolled
#   in time it is a deep network.
# - **Backpropagation through time** is plain backpropagation. A state is used twice, so its gradient is a sum of two; a
#   weight is used at every step, so its gradient is a sum over the steps.
# - Each step back multiplies the gradient. It **vanishes or explodes**. Against an explosion you can clip; against vanishing
#   you need another layer.
# - The **LSTM**'s cell is only multiplied by a gate between 0 and 1. While the forget gate is open, memory *and* gradient
#   survive. The **GRU** does the same with less.
# - One answer for all steps, or one for each; a **mask** for what was filled in; **both directions** when the whole sequence is
#   there.
# - An **embedding** picks rows of a table. **Temperature** says how bold chance may be.
# - Put together they are a network that writes: a loss for every real token, one way back through all parts, a loop with clipped
#   gradients, and a pen. **Perplexity** says how well it foretells.

# %% tags=["demo"]
progress("05_recurrent")

# %% [markdown]
# ### To read on
#
# - *The unreasonable effectiveness of recurrent neural networks*, Andrej Karpathy: networks that write Shakespeare and code.
# - *Understanding LSTM networks*, Christopher Olah: the gates, drawn.
# - *Deep Learning*, Ian Goodfellow, Yoshua Bengio and Aaron Courville: chapter 10.
# - *Dive into Deep Learning*, Aston Zhang and others: chapters 9 and 10.
# - Where it comes from: *Finding structure in time*, Jeffrey Elman (1990); *Long short-term memory*, Sepp Hochreiter and Jürgen
#   Schmidhuber (1997); *Learning to forget*, Felix Gers, Jürgen Schmidhuber and Fred Cummins (2000); *Learning phrase
#   representations using RNN encoder–decoder*, Kyunghyun Cho and others (2014).
# - On the gradient: *Learning long-term dependencies with gradient descent is difficult*, Yoshua Bengio, Patrice Simard and
#   Paolo Frasconi (1994); *On the difficulty of training recurrent neural networks*, Razvan Pascanu, Tomas Mikolov and Yoshua
#   Bengio (2013). LSTM against GRU: *Empirical evaluation of gated recurrent neural networks on sequence modeling*, Junyoung Chung
#   and others (2014). On first biases that suit the gap: *Can recurrent neural networks warp time?*, Corentin Tallec and Yann
#   Ollivier (2018).
#
# ### Where to go next
#
# Most networks of this chapter were trained by Adam, and you had to take it as it is. **Chapter 6**, on optimizers, opens
# the box: which way down, and how far?
