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
# # Chapter 4 · The same small window everywhere
#
# A photograph from a telephone has about twelve million pixels. A dense layer would need at least twelve million
# weights for *each* of its neurons. And it would have to learn what a cat's ear looks like again and again: once for
# every place where an ear can be.
#
# This chapter has one idea: look through a **small window**, slide it over the whole picture, and use **the same few
# weights at every place**. That is a **convolution**. Networks built from it read the digits on bank cheques in the
# 1990s, and they see for cars and doctors today. You will build one, forwards and backwards.
#
# **You will learn**
#
# - to slide a kernel over a picture, and what a kernel can find there
# - to tell the size of each layer's output, its number of weights, and how far it sees, before you run it
# - to compute a convolution first by loops, then hundreds of times faster, as one matrix product
# - to make pictures smaller (pooling) and larger again (transposed convolution)
# - to send gradients back through all of this
# - to put a small **LeNet** together from your own functions, to train it on handwritten digits, and to look at what it
#   has learned
#
# **You need** NumPy's slices, `a[2:5]`, and the dense layer of chapter 1. From section 9 on you need chapter 3's idea
# that a layer turns the gradient of its output into the gradients of its inputs and weights. If you did not write
# those layers, the course's are here.
#
# **Time** About seven hours. After each hour or so the text says that it is a good place to stop. There are 28 exercises
# (64 points) and 2 written answers (14 points).

# %% [markdown]
# Run the cell below first (Shift + Enter), and again whenever you come back to this notebook. It is all that you need
# to go on anywhere. What you passed another day is ready again, and `mine.im2col` means your own `im2col`, or the
# course's as long as yours does not pass. (Its functions are for sections 1, 7 and 11. You need not read them now.)

# %%
import time
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from byhand import begin, check, data, explore, hint, milestone, mine, progress, quick, solution, try_it
from byhand.figures import convolution as figures
from byhand.reference.convolution.conv2d import conv2d_forward as the_courses

begin("04_convolution")
np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at
plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})
BLUE, ORANGE, GREEN, RED = figures.BLUE, figures.ORANGE, figures.GREEN, figures.RED
digits, photos = data.digits(), data.photographs()
tower = photos.tower.mean(axis=2)  # the mean of red, green and blue
train, test = digits.train_images[:, np.newaxis], digits.test_images[:, np.newaxis]  # (N, 1, 8, 8)


def right(read):
    """The share of the test digits that are read as what they are."""
    return np.mean(read == digits.test_labels)


def seconds(function, *arguments, runs=3):
    """How long a call takes: the shortest of some runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        function(*arguments)
        taken.append(time.perf_counter() - start)
    return min(taken)


@cache
def dense_network():
    """Section 1: chapter 3's network, trained on the digits when it is first asked for. Returns its parameters."""
    rows, rng = digits.train_images.reshape(-1, 64), np.random.default_rng(0)
    return mine.train_classifier(rows, digits.train_labels, [64, 32, 10], 0.3, 30, 32, rng)[0]


def first_weights(rng, kernels=(8, 16), last=2, classes=10):
    """Section 11: where a LeNet starts, drawn as in chapter 3. `last` is the size of the last maps."""
    F, G = kernels
    return {
        "w1": mine.he_init(9, F, rng).T.reshape(F, 1, 3, 3),
        "b1": np.zeros(F),
        "w2": mine.he_init(9 * F, G, rng).T.reshape(G, F, 3, 3),
        "b2": np.zeros(G),
        "W3": mine.he_init(G * last * last, classes, rng),
        "b3": np.zeros(classes),
    }


def train_lenet(images, last, rng, epochs=16):
    """Section 11: your `train_convnet`, a step for each batch of 32."""
    parameters, labels = first_weights(rng, last=last), digits.train_labels
    step = quick("train_convnet", images[:32], labels[:32], parameters, 0.1, 1)
    losses = []
    for epoch in range(epochs):
        lr = 0.25 if epoch < 0.75 * epochs else 0.05  # small in the end, to settle: chapter 6 says more
        total = 0.0
        for x, y in mine.minibatches(images, labels, 32, rng):
            parameters, found = step(x, y, parameters, lr, 1)
            total += found[0] * len(x) / len(images)
        losses.append(total)
    return parameters, losses


def reads(images, parameters):
    """Section 11: the class that the LeNet reads in each picture, from the gradient of b3 (the text there says why)."""
    network, zero = quick("convnet_loss", images[:1], np.array([0]), parameters), np.array([0])
    gradients = np.array([network(image[np.newaxis], zero, parameters)[1]["b3"] for image in images])
    return (gradients + np.eye(10)[0]).argmax(axis=1)


@cache
def lenet():
    """Section 11: the trained network and its losses; trained when it is first asked for, then remembered."""
    return train_lenet(train, 2, np.random.default_rng(0))


# %% [markdown]
# ## 1. A dense layer does not know what a picture is
#
# In chapter 3 a dense network learned to read digits of 8 × 8 pixels. Each picture was laid out as a row of 64
# numbers. Does it matter in which *order* the 64 numbers stand? Let us shuffle the pixels: in every picture in the
# same way.
#
# *Before you run the cell: could you still read the shuffled digits? Will the network?*

# %% tags=["demo"]
dense = dense_network()  # it has learned the digits as they are
rng = np.random.default_rng(1)
order = rng.permutation(64)
rows, labels = digits.train_images.reshape(-1, 64)[:, order], digits.train_labels
shuffled, _ = mine.train_classifier(rows, labels, [64, 32, 10], 0.3, 30, 32, np.random.default_rng(0))

fig, axes = plt.subplots(2, 6, figsize=(8, 3))
for column in range(6):
    picture = digits.test_images[np.flatnonzero(digits.test_labels == column)[0]]
    figures.show(axes[0, column], picture, f"a {column}", cmap="gray_r")
    figures.show(axes[1, column], picture.ravel()[order].reshape(8, 8), cmap="gray_r")
plt.show()
rows = digits.test_images.reshape(-1, 64)
for name, x, params in [("as they are", rows, dense), ("shuffled", rows[:, order], shuffled)]:
    score = right(mine.mlp_forward(x, params)[0].argmax(axis=1))
    print(f"a dense network on digits {name}: {score:.1%} of the test digits right")

# %% [markdown]
# *Notice: you can't read the lower row. The network can, as well as before. For a dense layer every input is only a
# number with a weight of its own. Nobody tells it which pixels are neighbors.*
#
# That may sound clever. But it throws away what makes a picture a picture, and there is a price. Take the network that
# learned the digits as they are, and move each test digit by a single pixel.

# %% tags=["demo"]
moves = {"not moved": (0, 0), "one pixel right": (0, 1), "one pixel left": (0, -1)}
moves |= {"one pixel up": (-1, 0), "one pixel down": (1, 0)}
for name, step in moves.items():
    pictures = figures.moved(digits.test_images, *step)
    score = right(mine.mlp_forward(pictures.reshape(-1, 64), dense_network())[0].argmax(axis=1))
    print(f"{name:18} {score:.1%} right")

# %% [markdown]
# *Notice: of ten digits only four or five are still read. A stroke that moves by one pixel meets other weights, which
# have never seen it.*
#
# We want a layer that knows two things about pictures: **neighboring pixels belong together**, and **what is worth
# finding at one place is worth finding at every other place**.

# %% [markdown]
# ## 2. A small window
#
# Take a small table of weights, called the **kernel** (or *filter*), and lay it on the picture. Multiply each of its
# numbers with the pixel that lies below, and add everything up. That is one number of the result. Then move the kernel
# by one pixel, and do it again. (In the code a picture is called `image`.)

# %% tags=["demo"]
image, kernel = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
fig, axes = plt.subplots(1, 3, figsize=(8, 2.4), width_ratios=[3, 2, 2])
figures.show_numbers(
    axes[0], image, "the picture, and the first window", marked=[(0, 0), (0, 1), (1, 0), (1, 1)]
)
figures.show_numbers(axes[1], kernel, "the kernel", marked=np.ndindex(2, 2), color=BLUE)
figures.show_numbers(
    axes[2], np.array([[19, np.nan], [np.nan, np.nan]]), "the result", marked=[(0, 0)], color=GREEN
)
plt.show()

# %% [markdown]
# The first window holds 0, 1, 3, 4. So the first number of the result is $0 \cdot 0 + 1 \cdot 1 + 3 \cdot 2 + 4 \cdot
# 3 = 19$. At how many places does the kernel fit? Compute the other three numbers.
#
# ### Exercise: `cross_correlate_by_hand` (1 point)
#
# Write the four numbers, or the calculations, into an array of 2 rows and 2 columns.


# %% nbgrader={"grade": false, "grade_id": "cross_correlate_by_hand", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_correlate_by_hand():
    """What the kernel [[0, 1], [2, 3]] finds in the picture [[0, 1, 2], [3, 4, 5], [6, 7, 8]].

    Returns an array (2, 2). Its first number is 19.
    """
    ### BEGIN SOLUTION
    return np.array(
        [
            [0 * 0 + 1 * 1 + 3 * 2 + 4 * 3, 1 * 0 + 2 * 1 + 4 * 2 + 5 * 3],
            [3 * 0 + 4 * 1 + 6 * 2 + 7 * 3, 4 * 0 + 5 * 1 + 7 * 2 + 8 * 3],
        ]
    )
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The kernel fits at four places: it can move one pixel to the right, one pixel down, or both. Which four pixels lie
# below it each time? Cover the others with your hand.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# One pixel to the right, the window holds 1, 2, 4, 5. One pixel down from the start, it holds 3, 4, 6, 7. The result
# is `np.array([[19, ...], [..., ...]])`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-cross_correlate_by_hand", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(cross_correlate_by_hand)

# %% [markdown]
# ### In general
#
# A picture with $H$ rows and $W$ columns, a kernel with $kh$ rows and $kw$ columns ("kernel height, kernel width"):
#
# $$\text{out}[i, j] = \sum_{a=0}^{kh-1} \sum_{b=0}^{kw-1} \text{image}[i + a,\; j + b] \cdot \text{kernel}[a, b]$$
#
# $i$ and $j$ say where the window lies, $a$ and $b$ go through the window. How many places $i$ are there? The first
# is 0. At the last one the window's last row is the picture's last row. So there are $H - kh + 1$ of them.
#
# ### Exercise: `cross_correlate2d` (3 points)


# %% nbgrader={"grade": false, "grade_id": "cross_correlate2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_correlate2d(image, kernel):
    """Slide the kernel over the image: at each place, the sum of the products.

    image: array (H, W). kernel: array (kh, kw). Returns an array (H - kh + 1, W - kw + 1).

    >>> cross_correlate2d(np.array([[1.0, 2.0, 4.0]]), np.array([[-1.0, 1.0]]))
    array([[1., 2.]])
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    rows, columns = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# At how many places does the kernel fit from top to bottom, and from left to right? Begin with a table of zeros of
# this size, and fill it place by place.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Two loops, `for i in range(rows):` and `for j in range(columns):`, go through the places. The window is a slice:
# `image[i : i + kh, j : j + kw]`. Multiply it with the kernel, entry by entry (`*`), and `np.sum` the products.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-cross_correlate2d", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(cross_correlate2d)

# %% [markdown]
# Step through it, with the arrow keys or the play button. At each place you see the nine products and their sum. (Two
# panels are for later: *im2col* belongs to section 7, *backwards* to section 9. Come back to them then.)

# %% tags=["demo"]
explore.kernel_steps(mine.cross_correlate2d)

# %% [markdown]
# **A word about the name.** Mathematicians call what you wrote *cross-correlation*. In their *convolution* the kernel
# is turned by 180° first. Deep learning says convolution and leaves the kernel as it is, because the network learns
# the kernel anyway. NumPy has both, for rows of numbers:

# %% tags=["demo"]
row, small = np.array([0.0, 0.0, 1.0, 0.0, 0.0]), np.array([1.0, 2.0, 3.0])
print("yours:             ", mine.cross_correlate2d(row[np.newaxis], small[np.newaxis])[0])
print("np.correlate:      ", np.correlate(row, small, "valid"))
print("np.convolve:       ", np.convolve(row, small, "valid"), "  the mathematicians' convolution")
print("yours, kernel turned:", mine.cross_correlate2d(row[np.newaxis], small[np.newaxis, ::-1])[0])

# %% [markdown]
# ## 3. What can a kernel find?
#
# Here is a photograph, made gray. A pixel is 0 where it is black and 1 where it is white. On the right you see a few
# of its numbers, from the end of the upper roof.

# %% tags=["demo"]
fig, axes = plt.subplots(1, 2, figsize=(9, 4))
figures.show(axes[0], tower, "a tower of the Summer Palace in Beijing")
axes[0].add_patch(plt.Rectangle((14.5, 57.5), 7, 6, fill=False, ec=RED, lw=2))
figures.show_numbers(axes[1], tower[58:64, 15:22].round(2), "the pixels in the red frame")
plt.show()

# %% [markdown]
# An **edge** is a place where a picture turns from dark to bright, or from bright to dark. A digit, a face, a roof: we
# recognize most things by their edges alone. Can a kernel of 3 × 3 numbers find them?
#
# Think of three little pictures: an even wall (all pixels alike), a picture whose right half is brighter, and one
# whose lower half is brighter. We want a kernel that
#
# - gives 0 on the wall, whatever its brightness;
# - gives a number above 0 where the picture turns from dark (left) to bright (right), and never one below 0 there;
# - gives 0 on the edge between a dark upper half and a bright lower half: another kernel will find those.
#
# ### Exercise: `edge_kernel` (2 points)
#
# Choose nine numbers. There are many right answers; any of them passes.


# %% nbgrader={"grade": false, "grade_id": "edge_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def edge_kernel():
    """A kernel that finds edges with the dark side on the left and the bright side on the right.

    Returns an array (3, 3).
    """
    ### BEGIN SOLUTION
    return np.array([[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]])
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# An edge is a difference: right minus left. What must the three numbers of one row be, so that the row computes
# (pixel on the right) − (pixel on the left)?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# One row could hold −1, 0 and 1: on an even wall it gives 0. All three rows may be alike. On which side must the 1 stand,
# so that dark (left) to bright (right) gives a number above 0?
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-edge_kernel", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(edge_kernel)

# %% [markdown]
# Your kernel finds the upright edges, and is silent along the level ones. Now the other way round: a kernel for edges
# that run from left to right, with the dark side above and the bright side below. It must be silent on the even wall
# and along the upright edges.
#
# ### Exercise: `horizontal_edge_kernel` (1 point)


# %% nbgrader={"grade": false, "grade_id": "horizontal_edge_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def horizontal_edge_kernel():
    """A kernel that finds edges with the dark side above and the bright side below.

    Returns an array (3, 3).
    """
    ### BEGIN SOLUTION
    return np.array([[-1.0, -1.0, -1.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Here the difference is below minus above. What `edge_kernel` does with its columns, this kernel does with its rows.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Each row holds one number, three times: which sign has the row of the dark side, above, and which the one below? All
# nine must add up to 0. (What does `.T` do with your `edge_kernel()`?)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-horizontal_edge_kernel", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(horizontal_edge_kernel)

# %% tags=["demo"]
vertical = mine.edge_kernel()
fig, axes = plt.subplots(1, 3, figsize=(11, 4))
figures.show(axes[0], tower, "the photograph")
figures.show_signed(axes[1], mine.cross_correlate2d(tower, vertical), "your kernel")
figures.show_signed(axes[2], mine.cross_correlate2d(tower, vertical.T), "the same, transposed")
plt.show()

# %% [markdown]
# *Notice: white means 0. Red means that it gets brighter to the right (or, for the transposed kernel, downwards),
# blue that it gets darker. The pillars are in the middle picture, the roofs' lines in the right one. The sky is white
# in both.*
#
# Often we only want to know that there is an edge, not in which direction it runs. The two answers are like the two
# short sides of a right-angled triangle: one says how fast the picture changes to the right (*across*), the other how
# fast downwards (*down*). The length of the long side is how fast it changes at all:
#
# $$\text{strength} = \sqrt{\text{across}^2 + \text{down}^2}$$
#
# ### Exercise: `edge_strength` (2 points)


# %% nbgrader={"grade": false, "grade_id": "edge_strength", "locked": false, "schema_version": 3, "solution": true, "task": false}
def edge_strength(image, kernel):
    """How strong the edge is at each place, in any direction.

    image: array (H, W). kernel: array (k, k), finds edges from left to right; its transpose, kernel.T, finds those
    from top to bottom. Returns an array (H - k + 1, W - k + 1).

    >>> edge_strength(np.array([[0.0, 3.0], [4.0, 7.0]]), np.array([[-1.0, 1.0], [0.0, 0.0]]))
    array([[5.]])
    """
    ### BEGIN SOLUTION
    across, down = cross_correlate2d(image, kernel), cross_correlate2d(image, kernel.T)
    return np.sqrt(across**2 + down**2)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# You need two answers at each place: how fast the picture changes to the right, and how fast downwards. You have a
# function for both (it must pass its check first).
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Call `cross_correlate2d` twice, with `kernel` and with `kernel.T`. Then Pythagoras: `np.sqrt(...)` of the sum of the two
# squares works on whole arrays.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-edge_strength", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(edge_strength)

# %% tags=["demo"]
blur = np.full((5, 5), 1 / 25)
edges = mine.edge_strength(tower, mine.edge_kernel())
fig, axes = plt.subplots(1, 3, figsize=(11, 4))
figures.show(axes[0], edges, "edges (your kernel)", vmin=0, vmax=edges.max())
for ax, title, k in [
    (axes[1], "blur: the mean of 5 × 5 pixels", blur),
    (axes[2], "sharpen: twice itself, minus the blur", 2 * np.pad([[1.0]], 2) - blur),
]:
    figures.show(ax, mine.cross_correlate2d(tower, k), title, vmin=0, vmax=1)
plt.show()

# %% [markdown]
# Now write kernels of your own. Try the buttons first. Then: what happens to the sky if you change a single number of an
# edge kernel? Which kernel moves the picture by one pixel? Can you find edges that run like a roof, from lower left to upper
# right?

# %% tags=["demo"]
explore.kernel_editor(mine.cross_correlate2d)

# %% [markdown]
# *Notice: one and the same operation finds edges, blurs and sharpens. Only the numbers in the kernel differ. In a
# convolutional network nobody chooses them: they are learned, like all weights.*
#
# One more thing is worth seeing. What happens to the answer if the tower stands somewhere else in the picture?

# %% tags=["demo"]
small, vertical = tower[::2, ::2], mine.edge_kernel()
found = mine.cross_correlate2d(small, vertical)
found_after = mine.cross_correlate2d(figures.moved(small, 7, 4), vertical)
difference = np.abs(found_after[7:, 4:] - found[:-7, :-4]).max()
print("picture moved by (7, 4), answer moved back by (7, 4): largest difference", difference)

# %% [markdown]
# *Notice: the answer is the same, only moved along. What a kernel finds at one place, it finds at every place. This is
# called **equivariance**. A dense layer does not have it: in section 1 a move by one pixel was enough to confuse it.*

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 4. The border and the step
#
# Your result is smaller than the picture: a kernel of 3 × 3 costs two rows and two columns. After four such layers a
# digit of 8 × 8 pixels is gone. And the pixels of the border have less say than those of the middle: a pixel in the
# middle lies in nine windows. In how many does a corner pixel lie? (Only in one.)
#
# The remedy is simple: put a frame of zeros round the picture first. This is called **padding**.
#
# From now on, pictures come in batches and have channels, as in real networks: `x` has the shape $(N, C, H, W)$, that
# is $N$ pictures with $C$ **channels**, each $H$ pixels high and $W$ wide. A gray picture has one channel; a
# photograph has three, one each for red, green and blue. The frame goes round the last two axes only.
#
# ### Exercise: `zero_pad` (1 point)


# %% nbgrader={"grade": false, "grade_id": "zero_pad", "locked": false, "schema_version": 3, "solution": true, "task": false}
def zero_pad(x, padding):
    """Put a frame of zeros, `padding` pixels wide, round every picture.

    x: array (N, C, H, W). padding: a whole number. Returns an array (N, C, H + 2·padding, W + 2·padding).

    >>> zero_pad(np.ones((1, 1, 1, 2)), 1)[0, 0]
    array([[0., 0., 0., 0.],
           [0., 1., 1., 0.],
           [0., 0., 0., 0.]])
    """
    ### BEGIN SOLUTION
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# How many rows and columns has the result? Make zeros of that shape. In which rows and columns does `x` lie?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `out[:, :, padding : padding + H, padding : padding + W] = x` puts `x` into the middle of the zeros. Or use `np.pad`, which
# wants a pair (before, after) for each of the four axes: `np.pad(x, ((0, 0), (0, 0), ..., ...))`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-zero_pad", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(zero_pad)

# %% [markdown]
# Sometimes we *want* the result to be smaller, because fewer numbers are quicker to compute. Then the window moves by
# two pixels at a time, or by three. This number is called the **stride**.
#
# At how many places does a window stop? One row of pixels is enough to think about. It has $n$ pixels, and with
# padding $n + 2 \cdot \text{padding}$. The window covers `kernel` of them. What is left is the way that it can move:
# $n + 2 \cdot \text{padding} - \text{kernel}$ pixels. Divide that by the stride, and you have the number of *steps*.
# If the last step would leave the picture, it is not made. Now, with 3 steps, at how many *places* has the window
# been?

# %% tags=["demo"]
fig, axes = plt.subplots(1, 2, figsize=(10, 2.6))
figures.show_places(axes[0], 8, 3, stride=1, padding=0)
figures.show_places(axes[1], 8, 3, stride=2, padding=1)
plt.show()

# %% [markdown]
# *Each orange bar is one place of the window; gray pixels are padding. On the right the last gray pixel is never
# used: a fifth place would leave the picture.*
#
# ### Exercise: `conv_output_size` (2 points)


# %% nbgrader={"grade": false, "grade_id": "conv_output_size", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_output_size(n, kernel, stride=1, padding=0):
    """At how many places a window fits along one axis.

    n: pixels of the input. kernel: pixels of the window. stride: pixels from one place to the next.
    padding: zeros before the first pixel, and as many after the last. Returns a whole number.

    >>> conv_output_size(8, 3), conv_output_size(8, 3, stride=2, padding=1)
    (6, 4)
    """
    ### BEGIN SOLUTION
    return (n + 2 * padding - kernel) // stride + 1
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Count the steps first, then the places. How many pixels can the window move, and how many steps are that?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# In Python `//` divides and rounds down: `7 // 2` is 3. The number of places is one more than the number of steps.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv_output_size", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(conv_output_size)

# %% tags=["demo"]
explore.conv_size(mine.conv_output_size)

# %% [markdown]
# With this formula you can follow a picture through a whole network on paper. Here is a famous one, **LeNet-5** of 1998.
# It was shown digits in pictures of 32 × 32 pixels. (C is a convolution. S makes the picture smaller; you will write
# that in section 8.)

# %% tags=["demo"]
n = 32
print(f"the picture      {n:2} × {n}")
for name, k, stride in [
    ("C1: kernel 5", 5, 1),
    ("S2: kernel 2, stride 2", 2, 2),
    ("C3: kernel 5", 5, 1),
    ("S4: kernel 2, stride 2", 2, 2),
    ("C5: kernel 5", 5, 1),
]:
    n = mine.conv_output_size(n, k, stride)
    print(f"{name:24} {n:2} × {n}")

# %% [markdown]
# ## 5. Many channels, many kernels
#
# So far: one gray picture, one kernel. Three things are missing.
#
# - **Channels.** A photograph has three numbers at each pixel. So the kernel gets three layers too, one for each
#   channel: its shape is $(C, kh, kw)$. The products of all channels are added up to *one* number. A kernel can
#   therefore look for "red here, and no blue there".
# - **Several kernels.** One layer looks for several things at once, with $F$ kernels. Each gives a picture of its
#   own, so the result has $F$ channels. All kernels together are the array $w$ with the shape $(F, C, kh, kw)$.
# - **A bias** for each kernel, as for every neuron.
#
# $$\text{out}[n, f, i, j] = b[f] + \sum_{c,\,a,\,e} x[n,\; c,\; i \cdot \text{stride} + a,\;
# j \cdot \text{stride} + e] \cdot w[f, c, a, e]$$
#
# (Here $x$ already has its frame of zeros. The place in the window is called $a, e$ now, because $b$ is the bias.) Why
# $i \cdot \text{stride}$? Place 0 begins at pixel 0, place 1 at pixel `stride`, place 2 at pixel $2 \cdot$ `stride`.
#
# Write it with loops over $n$, $f$, $i$ and $j$. It will be slow, and that is fine for now. Keep `(x, w, b, stride,
# padding)` as the **cache**, for the way back.
#
# ### Exercise: `conv2d_forward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "conv2d_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_forward(x, w, b, stride=1, padding=0):
    """Slide F kernels over N pictures.

    x: array (N, C, H, W). w: array (F, C, kh, kw). b: array (F,).
    stride: how far the window moves. padding: how wide the frame of zeros round x is.
    Returns out, array (N, F, rows, columns), and cache, the tuple (x, w, b, stride, padding).

    >>> x, w = np.array([[[[1.0, 2.0, 4.0]]]]), np.array([[[[-1.0, 1.0]]]])
    >>> conv2d_forward(x, w, np.array([10.0]))[0]
    array([[[[11., 12.]]]])
    """
    ### BEGIN SOLUTION
    (N, _, H, W), (F, _, kh, kw) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = (H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, F, rows, columns))
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(columns):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + kh, left : left + kw]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, stride, padding)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Unpack the shapes: `N, C, H, W = x.shape` and `F, C, kh, kw = w.shape`. Pad x (your `zero_pad`, or `np.pad`), but
# keep the unpadded `x` for the cache. Compute the number of rows and of columns as in section 4, and make `out` of zeros.
# Which window belongs to `out[n, f, i, j]`?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The window is `padded[n, :, top : top + kh, left : left + kw]` with `top = i * stride` and `left = j * stride`. The
# colon takes all channels, so the window has the same shape as `w[f]`. The bias `b[f]` is added once, after the sum.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv2d_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(conv2d_forward)

# %% [markdown]
# Now kernels can see color. Here are two for a flower in front of dark leaves: the first looks for *red and not
# blue*, the second for a step in *green*, from left to right. (The photograph is taken at half its size, because
# loops are slow.)

# %% tags=["demo"]
flower = photos.dahlia[::2, ::2].transpose(2, 0, 1)[np.newaxis]  # (1, 3, 80, 85): channels before rows
w = np.zeros((2, 3, 3, 3))
w[0, 0], w[0, 2] = 1 / 9, -1 / 9  # kernel 0: the mean of red minus the mean of blue
w[1, 1] = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]  # kernel 1: right minus left, in green only
out, _ = mine.conv2d_forward(flower, w, np.zeros(2))
print("in", flower.shape, "· kernels", w.shape, "→ out", out.shape)

fig, axes = plt.subplots(1, 3, figsize=(10, 3.4))
figures.show(axes[0], photos.dahlia[::2, ::2], "three channels")
figures.show_signed(axes[1], out[0, 0], "red and not blue")
figures.show_signed(axes[2], out[0, 1], "a step in green")
plt.show()

# %% [markdown]
# *Notice: 3 channels in, 2 channels out: one for each kernel. What a kernel looks for is called a **feature**, and
# a result channel a **feature map**: a map of where its kernel found it.*
#
# ### The smallest kernel
#
# What is a kernel of 1 × 1 good for? It sees no neighbors at all. But it sees all the *channels* of its pixel, and
# mixes them: every pixel gets the same small dense layer, from $C$ numbers to $F$ numbers. Large networks use it to
# turn, say, 256 channels into 64 before an expensive layer.
#
# For such kernels $w$ needs only two axes, $(F, C)$.
#
# ### Exercise: `conv1x1` (2 points)


# %% nbgrader={"grade": false, "grade_id": "conv1x1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv1x1(x, w, b):
    """At every pixel the same dense layer over the channels.

    x: array (N, C, H, W). w: array (F, C). b: array (F,). Returns an array (N, F, H, W).

    >>> x = np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]])  # one picture, two channels, 1 × 2 pixels
    >>> conv1x1(x, np.array([[1.0, 1.0]]), np.array([0.5]))
    array([[[[11.5, 22.5]]]])
    """
    ### BEGIN SOLUTION
    channels_last = x.transpose(0, 2, 3, 1)  # (N, H, W, C)
    return (channels_last @ w.T + b).transpose(0, 3, 1, 2)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# At one pixel this is a dense layer, from C numbers to F numbers. On which axis do the C numbers stand, and on which does
# a dense layer want them?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Bring the channels to the end, `x.transpose(0, 2, 3, 1)`; then `@ w.T + b` is the dense layer; then bring the channels
# back, with another `transpose`. (Or loop: `out[:, f] = b[f] + w[f, 0] * x[:, 0] + w[f, 1] * x[:, 1] + ...`.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv1x1", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(conv1x1)

# %% [markdown]
# ### What sharing saves
#
# One kernel serves all places: its weights are **shared**. How many numbers does a convolution learn, then? And how
# many would a dense layer learn that turns the same input into an output of the same size?
#
# Think of one kernel first. It has $kh \cdot kw$ weights for *each* input channel, and one bias. Does the size of the
# picture matter?
#
# ### Exercise: `conv_parameters` (1 point)


# %% nbgrader={"grade": false, "grade_id": "conv_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_parameters(in_channels, out_channels, kh, kw):
    """How many weights and biases a convolution learns.

    in_channels: C. out_channels: F, the number of kernels. kh, kw: the size of a kernel. Returns a whole number.

    >>> conv_parameters(1, 6, 5, 5)
    156
    """
    ### BEGIN SOLUTION
    return out_channels * (in_channels * kh * kw + 1)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The shapes tell: $w$ is $(F, C, kh, kw)$ and $b$ is $(F,)$. How many numbers are in each?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# One kernel has `in_channels * kh * kw` weights, and 1 bias. How many kernels are there? LeNet's first layer has 6 kernels
# with 25 weights each: 6 · 26 = 156.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv_parameters", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(conv_parameters)

# %% [markdown]
# A dense layer between pictures has one weight for each pair of an input and an output number, and a bias for each
# output number. A picture of the shape (3, 32, 32) has $3 \cdot 32 \cdot 32$ numbers.
#
# ### Exercise: `dense_parameters` (1 point)


# %% nbgrader={"grade": false, "grade_id": "dense_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dense_parameters(in_shape, out_shape):
    """How many weights and biases a dense layer from one shape to another learns.

    in_shape, out_shape: tuples such as (C, H, W) or (D,). Returns a whole number.

    >>> dense_parameters((1, 2, 2), (3,))
    15
    """
    ### BEGIN SOLUTION
    inputs, outputs = int(np.prod(in_shape)), int(np.prod(out_shape))
    return inputs * outputs + outputs
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# How many numbers has a picture of the shape (1, 2, 2)? Each of them has a weight to each output.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.prod(in_shape)` multiplies all the numbers of a tuple; `int(...)` makes a plain whole number of it. Weights: inputs
# times outputs. Biases: one for each output.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-dense_parameters", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(dense_parameters)

# %% tags=["demo"]
print("\n                                        shared        dense")
for what, (C, H, W), (F, k, stride) in [
    ("LeNet-5's first layer, 1998", (1, 32, 32), (6, 5, 1)),
    ("AlexNet's first layer, 2012", (3, 227, 227), (96, 11, 4)),
    ("a photograph, 16 kernels of 3 × 3", (3, 1000, 1000), (16, 3, 1)),
]:
    out_shape = (F, mine.conv_output_size(H, k, stride), mine.conv_output_size(W, k, stride))
    shared, unshared = mine.conv_parameters(C, F, k, k), mine.dense_parameters((C, H, W), out_shape)
    print(f"{what:36} {shared:9,} {unshared:18,}")

# C3's sixteen kernels did not all read the same maps: six read 3 maps, nine read 4, and one read all 6.
c3 = (
    6 * mine.conv_parameters(3, 1, 5, 5)
    + 9 * mine.conv_parameters(4, 1, 5, 5)
    + mine.conv_parameters(6, 1, 5, 5)
)
lenet5 = {
    "C1": mine.conv_parameters(1, 6, 5, 5),
    "S2": 6 * 2,  # a weight and a bias for each channel
    "C3": c3,
    "S4": 16 * 2,
    "C5": mine.conv_parameters(16, 120, 5, 5),
    "F6": mine.dense_parameters((120,), (84,)),
}
print(
    "\nLeNet-5:",
    " + ".join(f"{name} {count}" for name, count in lenet5.items()),
    f"= {sum(lenet5.values()):,}",
)

# %% [markdown]
# *Notice: the larger the picture, the more sharing saves: a factor of thirty thousand for LeNet-5, of a hundred billion for
# the photograph. And 60,000 is the number that LeNet-5's authors print in their paper: all of its trainable parameters.*

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 6. How far does one number see?
#
# One number of the first layer sees a window of, say, 3 × 3 pixels. That is not much of a face. But a number of the
# *second* layer sees 3 × 3 numbers of the first, and each of these sees 3 × 3 pixels. How many pixels is that
# together, along one axis?

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8, 2.8))
figures.show_field(ax)
plt.show()

# %% [markdown]
# These pixels are its **receptive field**. The second layer adds one step on each side: 3 becomes 5, then 7, 9, … In
# general, a layer with kernel $k$ makes the view $k - 1$ steps wider.
#
# But how long is a step? If an earlier layer has stride 2, its numbers are two pixels apart, so one step of the
# *later* layers is two pixels long. Another stride 2 makes it four. So we keep two numbers while we go through the
# layers: the `view`, which begins with 1 (a pixel sees itself), and the `step`, which begins with 1 too:
#
# $$\text{view} \leftarrow \text{view} + (k - 1) \cdot \text{step} \qquad \text{and then} \qquad \text{step} \leftarrow
# \text{step} \cdot \text{stride}$$
#
# ### Exercise: `receptive_field` (2 points)


# %% nbgrader={"grade": false, "grade_id": "receptive_field", "locked": false, "schema_version": 3, "solution": true, "task": false}
def receptive_field(layers):
    """How many pixels, along one axis, one number of the last layer sees.

    layers: list of pairs (kernel, stride), from the first layer to the last. Returns a whole number.

    >>> receptive_field([(3, 1), (3, 1)]), receptive_field([(3, 2), (3, 1)])
    (5, 7)
    """
    ### BEGIN SOLUTION
    view, step = 1, 1
    for kernel, stride in layers:
        view += (kernel - 1) * step
        step *= stride
    return view
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Go through [(3, 2), (3, 1)] on paper: which `view` and which `step` do you have after the first pair, and after the second?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Begin with `view, step = 1, 1`. `for kernel, stride in layers:` goes through the pairs. Inside, first the line for `view`,
# with the step as it is so far, then the line for `step`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-receptive_field", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(receptive_field)

# %% [markdown]
# Before you go on: with three layers of kernel 3, which lets a number see further, and by how much? All three with stride
# 1, all three with stride 2, or stride 1 with a *pooling* of 2 × 2 between them? (Pooling comes in section 8. Here you
# only need to know that it is a layer with kernel 2 and stride 2.) Write down three numbers, then look.

# %% tags=["demo"]
explore.receptive_field_growth(mine.receptive_field)

# %% [markdown]
# *Notice: with stride 1 the field grows by the same amount in each layer. Every stride 2, and every pooling, makes all
# later layers count twice.* Now your function on two networks that made history:

# %% tags=["demo"]
lenet5 = [(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)]
vgg16 = [(3, 1), (3, 1), (2, 2)] * 2 + [(3, 1), (3, 1), (3, 1), (2, 2)] * 3
for name, layers in [("LeNet-5 (1998)", lenet5), ("VGG-16 (2014), kernels of 3 × 3 only", vgg16)]:
    views = [mine.receptive_field(layers[: depth + 1]) for depth in range(len(layers))]
    print(f"{name}: {views}")
print(
    "three layers of 3 × 3:",
    mine.receptive_field([(3, 1)] * 3),
    "pixels,",
    3 * 9,
    "weights for each pair of channels",
)
print("one layer of 7 × 7:   ", mine.receptive_field([(7, 1)]), "pixels,", 49, "weights")

# %% [markdown]
# *Notice: the first layers see only strokes and edges, the last ones see the whole digit. Strides make the view grow
# quickly. And three small kernels see as far as one large one with about half the weights, and with room for two
# more bends (chapter 2) between them. That is why VGG-16 uses nothing but 3 × 3.*

# %% [markdown]
# ## 7. Hundreds of times faster
#
# How long do your loops take? Let us put the digits through a layer with 8 kernels of 3 × 3, and compute how long one
# epoch over all 1,437 of them would take.

# %% tags=["demo"]
x = train[:16]  # 16 digits: (16, 1, 8, 8)
w, b = np.random.default_rng(0).normal(size=(8, 1, 3, 3)), np.zeros(8)
by_loops = seconds(mine.conv2d_forward, x, w, b, 1, 1)
print(f"16 digits: {1000 * by_loops:.1f} ms.")
print(f"All digits: {by_loops * 1437 / 16:.1f} s, for one layer, forwards only.")

# %% [markdown]
# A network trains for many epochs, with several layers, and the way back comes on top. That is too slow even for
# digits. In chapter 0 you saw the remedy: one product `@` instead of loops. Where is the matrix product in
# a convolution?
#
# Each number of the result is a kernel times a window, multiplied entry by entry and added up: a **dot product**. So
# lay each kernel out as a *row*, and each window as a *column*. Rows times columns is a matrix product, and it holds
# all the results.

# %% tags=["demo"]
image = np.arange(9).reshape(3, 3)
columns = np.array([[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]])
first = [(0, 0), (0, 1), (1, 0), (1, 1)]
fig, axes = plt.subplots(1, 4, figsize=(11, 2.6), width_ratios=[3, 4, 4, 4])
figures.show_numbers(axes[0], image, "the picture", marked=first)
figures.show_numbers(
    axes[1], np.arange(4).reshape(1, 4), "the kernel as a row", marked=np.ndindex(1, 4), color=BLUE
)
figures.show_numbers(axes[2], columns, "its four windows as columns", marked=[(i, 0) for i in range(4)])
figures.show_numbers(axes[3], np.array([[19, 25, 37, 43]]), "row @ columns", marked=[(0, 0)], color=GREEN)
plt.show()

# %% [markdown]
# Making these columns is called **im2col**, "image to columns". With channels and a batch, the result has the shape
#
# $$(N,\; C \cdot kh \cdot kw,\; \text{rows} \cdot \text{columns})$$
#
# - One column for each place of the window: row by row, from left to right.
# - In a column stands the whole window: first channel 0, row by row, then channel 1, and so on. That is the order in
#   which `w[f].reshape(-1)` lays out a kernel.
#
# (This is also PyTorch's order. In some books each window is a *row*.)
#
# ### Exercise: `im2col` (4 points)


# %% nbgrader={"grade": false, "grade_id": "im2col", "locked": false, "schema_version": 3, "solution": true, "task": false}
def im2col(x, kh, kw, stride=1, padding=0):
    """Every window of every picture as a column.

    x: array (N, C, H, W). kh, kw: the size of a window. stride, padding: as before.
    Returns an array (N, C · kh · kw, rows · columns).

    >>> im2col(np.array([[[[1.0, 2.0, 4.0]]]]), 1, 2)
    array([[[1., 2.],
            [2., 4.]]])
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = (H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1
    cols = np.zeros((N, C, kh, kw, rows, columns))
    for a in range(kh):
        for e in range(kw):
            cols[:, :, a, e] = padded[:, :, a : a + stride * rows : stride, e : e + stride * columns : stride]
    return cols.reshape(N, C * kh * kw, rows * columns)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The plain way: loop over the places `i` and `j`. The window of all pictures at once is `padded[:, :, top : top + kh,
# left : left + kw]`; as columns, it is `.reshape(N, -1)`. In which column of `cols[:, :, ...]` does it belong? For a large
# picture this is slow: it has thousands of places.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The quick way: loop over the places (a, e) *in* the window instead: these are only kh · kw. All the pixels that place
# (a, e) meets as the window slides are one slice with steps: `padded[:, :, a : a + stride * rows : stride, e : e + stride *
# columns : stride]`. Collect them in an array `cols` of the shape (N, C, kh, kw, rows, columns), and reshape it at the
# end. (In the plain way, the column is `i * columns + j`.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-im2col", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(im2col)

# %% [markdown]
# Now the convolution is three lines: the columns; the kernels as rows, times the columns, plus the biases; and the
# right shape. (If an array has three axes, `@` takes its matrices one after the other: one product for each picture.)
#
# ### Exercise: `conv2d_matmul` (2 points)


# %% nbgrader={"grade": false, "grade_id": "conv2d_matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_matmul(x, w, b, stride=1, padding=0):
    """The same as conv2d_forward, by one matrix product.

    x: array (N, C, H, W). w: array (F, C, kh, kw). b: array (F,). Returns only out, array (N, F, rows, columns).

    >>> x, w = np.array([[[[1.0, 2.0, 4.0]]]]), np.array([[[[-1.0, 1.0]]]])
    >>> conv2d_matmul(x, w, np.array([10.0]))
    array([[[[11., 12.]]]])
    """
    ### BEGIN SOLUTION
    (N, _, H, W), (F, _, kh, kw) = x.shape, w.shape
    rows, columns = (H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1
    out = w.reshape(F, -1) @ im2col(x, kh, kw, stride, padding) + b[:, np.newaxis]
    return out.reshape(N, F, rows, columns)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Use your `im2col` (it must pass its check first). Write down three shapes: of the columns, of the kernels as rows, and of
# their product.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `w.reshape(F, -1)` is a table with one kernel a row. Its product with the columns has the shape (N, F, rows · columns).
# Row f needs the bias b[f]: `b[:, np.newaxis]` makes the biases a column. At the end, `.reshape(N, F, rows, columns)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv2d_matmul", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(conv2d_matmul)

# %% tags=["demo"]
print("                                             your loops   one product   the course's")
for name, x_shape, w_shape in [
    ("16 digits, 8 kernels of 3 × 3", (16, 1, 8, 8), (8, 1, 3, 3)),
    ("64 digits, from 8 channels to 16", (64, 8, 8, 8), (16, 8, 3, 3)),
    ("one small photograph, 4 kernels of 5 × 5", (1, 3, 80, 85), (4, 3, 5, 5)),
]:
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=x_shape), rng.normal(size=w_shape), np.zeros(w_shape[0])
    loops = 1000 * seconds(mine.conv2d_forward, x, w, b, 1, 1, runs=1)
    product, course = (1000 * seconds(way, x, w, b, 1, 1) for way in (mine.conv2d_matmul, the_courses))
    factor = f"{loops / product:.0f} times as fast"
    print(f"{name:40} {loops:9.1f} ms {product:10.2f} ms {course:11.2f} ms    {factor}")

# %% [markdown]
# *Notice: for the digits it is hundreds of times as fast. The price is memory: with kernels of 3 × 3,
# the columns hold each pixel up to nine times. (The course's function makes the columns for only a few pictures at a
# time, and of a large picture for only a few rows. Apart from that it is what you wrote.)*
#
# And how far is that from a library on which many people have worked for years? `make bench-reference` compares
# the course's functions with PyTorch's, on one processor core each, and writes a table. Its rows for the 64 digits above:

# %% tags=["demo"]
table = Path("../benchmarks/reference.md")
lines = table.read_text("utf-8").splitlines() if table.exists() else []
for line in lines:
    row = [part.strip() for part in line.split("|")]
    if len(row) > 10 and row[1] == "conv2d 3×3, stride 1, forward" and row[2].startswith("digits: 64 × 8 "):
        print(f"{row[3]}: the course's {row[5]} ms, PyTorch {row[4]} ms, where the table was made")
if not lines:
    print("No table here: `make bench-reference` writes it.")

# %% [markdown]
# *Notice: the step from loops to one product is the large one. In `float64`, the numbers of this chapter, a few lines
# of NumPy are about as fast as PyTorch. In `float32`, numbers of half the size, PyTorch has code made for each kind of
# processor, and stays ahead.*

# %% [markdown]
# ### A dense layer with few weights
#
# There is a second way to see a convolution as a matrix product. Leave the picture whole and lay it out as one column,
# row by row. Then the convolution is a dense layer: each number of the result is a sum over *all* pixels, in which most
# weights are 0. For a picture of 4 × 4 pixels and a kernel of 3 × 3 there are 4 places, so the matrix has 4 rows, and
# 16 columns, one for each pixel. In each row stand the kernel's nine numbers, at the pixels that the kernel lies on at
# this place. Guess: which numbers of the first row are 0?
#
# ### Exercise: `conv_as_matrix` (2 points)


# %% nbgrader={"grade": false, "grade_id": "conv_as_matrix", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_as_matrix(kernel, height, width):
    """The matrix M that does what the kernel does: M @ image.ravel() holds the numbers of cross_correlate2d.

    kernel: array (kh, kw). height, width: the size of the picture, H and W.
    Returns an array ((H - kh + 1) · (W - kw + 1), H · W): a row for each place, row by row, a column for each pixel.

    >>> conv_as_matrix(np.array([[1.0, 2.0]]), 1, 3)
    array([[1., 2., 0.],
           [0., 1., 2.]])
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    matrix = []
    for i in range(height - kh + 1):
        for j in range(width - kw + 1):
            weights = np.zeros((height, width))
            weights[i : i + kh, j : j + kw] = kernel
            matrix.append(weights.ravel())
    return np.array(matrix)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Make one row at a time: a row belongs to one place of the kernel. How would a *picture* look that holds the kernel at this
# place, and zeros elsewhere?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `weights = np.zeros((height, width))`, then lay the kernel on it: `weights[i : i + kh, j : j + kw] = kernel`, and make
# this picture flat with `.ravel()`. A list collects the rows; `np.array(list)` makes a matrix of them.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv_as_matrix", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(conv_as_matrix)

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(9, 2.8))
figures.show_numbers(ax, mine.conv_as_matrix(np.arange(1.0, 10.0).reshape(3, 3), 4, 4))
plt.show()
pixels, places = 28 * 28, 24 * 24
print(
    f"a digit of 28 × 28 and a kernel of 5 × 5: {places * pixels:,} numbers in the matrix, 25 different ones"
)

# %% [markdown]
# *Notice: the same nine numbers stand in every row, each time at other pixels. This is what sharing means: a dense
# layer could have learned each number of the matrix by itself.*

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 8. Smaller pictures: pooling
#
# Whether a stroke was found *exactly* here or one pixel further hardly matters for reading a digit. So many networks
# make their feature maps smaller: they slide a window over each channel, and keep one number for each window.
#
# - **Max pooling** keeps the largest: was the feature found *anywhere* in this window?
# - **Average pooling** keeps the mean: how much of it was found?
#
# Usually the windows lie side by side, so that `stride` is the window's `size`. Rows and columns at the end that do
# not fill a window are left out. Each channel is pooled alone, and nothing is learned.
#
# ### Exercise: `max_pool2d_forward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "max_pool2d_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool2d_forward(x, size, stride=None):
    """Keep the largest number of every window.

    x: array (N, C, H, W). size: the window's height and width. stride: how far it moves; None means size.
    Returns out, array (N, C, rows, columns), and cache, the tuple (x, size, stride), with the stride as a number.

    >>> max_pool2d_forward(np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -1.0, 5.0, 1.0]]]]), 2)[0]
    array([[[[4., 5.]]]])
    """
    ### BEGIN SOLUTION
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + size, left : left + size].max(axis=(2, 3))
    return out, (x, size, stride)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# `if stride is None: stride = size` comes first. Then two loops over the places are enough: a slice can take the window
# of all pictures and channels at once.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The window is `x[:, :, top : top + size, left : left + size]` with `top = i * stride` and `left = j * stride`, and its
# largest numbers are `.max(axis=(2, 3))`, one for each picture and channel: `out[:, :, i, j]`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-max_pool2d_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(max_pool2d_forward)

# %% [markdown]
# ### Exercise: `avg_pool2d_forward` (1 point)


# %% nbgrader={"grade": false, "grade_id": "avg_pool2d_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def avg_pool2d_forward(x, size, stride=None):
    """Keep the mean of every window.

    x: array (N, C, H, W). size: the window's height and width. stride: how far it moves; None means size.
    Returns out, array (N, C, rows, columns), and cache, the tuple (x, size, stride), with the stride as a number.

    >>> avg_pool2d_forward(np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -2.0, 5.0, 1.0]]]]), 2)[0]
    array([[[[1.5, 2. ]]]])
    """
    ### BEGIN SOLUTION
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + size, left : left + size].mean(axis=(2, 3))
    return out, (x, size, stride)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which one word of your max pooling is another here?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `.mean(axis=(2, 3))` in place of `.max(axis=(2, 3))`. The cache holds the same three things.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-avg_pool2d_forward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(avg_pool2d_forward)

# %% [markdown]
# Does pooling really forgive small movements? We look for edges in the test digits, once as they are and once moved
# by one pixel to the right. How alike are the two maps, before and after pooling? (We measure the angle between them,
# as a *cosine*: 1 means the same direction, 0 means nothing in common.)


# %% tags=["demo"]
def edges(pictures):
    """Where your two edge kernels find something: (N, 2, 8, 8)."""
    both = np.array([mine.edge_kernel(), mine.edge_kernel().T])[:, np.newaxis]
    return mine.relu(mine.conv2d_matmul(pictures[:, np.newaxis], both, np.zeros(2), 1, 1))


def alike(one, other):
    one, other = one.reshape(len(one), -1), other.reshape(len(other), -1)
    return np.mean(np.sum(one * other, axis=1) / np.sqrt(np.sum(one**2, axis=1) * np.sum(other**2, axis=1)))


pictures = {"as it is": digits.test_images, "moved": figures.moved(digits.test_images, 0, 1)}
here, there = (edges(some) for some in pictures.values())
print(f"edge maps, 8 × 8           cosine {alike(here, there):.2f}")
for size in (2, 4):
    for name, pool in [
        ("max pooling", mine.max_pool2d_forward),
        ("average pooling", mine.avg_pool2d_forward),
    ]:
        print(f"after {name:15} {size}    cosine {alike(pool(here, size)[0], pool(there, size)[0]):.2f}")

fig, axes = plt.subplots(2, 4, figsize=(8, 4))
for row, (name, some) in zip(axes, pictures.items(), strict=True):
    found = edges(some[:1])
    figures.show(row[0], some[0], f"the digit, {name}", cmap="gray_r")
    figures.show(row[1], found[0, 0], "its edges", cmap="gray_r")
    for ax, size in zip(row[2:], (2, 4), strict=True):
        figures.show(ax, mine.max_pool2d_forward(found, size)[0][0, 0], f"max pooling, {size}", cmap="gray_r")
plt.tight_layout()
plt.show()

# %% [markdown]
# *Notice: the larger the pooling window, the more alike are the two maps. Where exactly the edge was is forgotten;
# that it was there is kept. Too much pooling forgets too much: a window of 8 would leave one number a map.*

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 9. The way back
#
# To learn, a network needs gradients. You know `dout`: for each number of the *result*, how fast the loss grows with it.
# Wanted are `dx`, `dw` and `db`, the same for the layer's inputs.
#
# Take the smallest convolution that there is: four pixels, a kernel of two numbers.
#
# $$\begin{aligned} y_0 &= x_0 w_0 + x_1 w_1 + b \\ y_1 &= x_1 w_0 + x_2 w_1 + b \\ y_2 &= x_2 w_0 + x_3 w_1 + b
# \end{aligned}$$
#
# Let $\delta_i$ be the gradient of $y_i$. In how many lines does $w_0$ stand? In all three, because it is shared.
# Each line wants something of it, so the wishes add up, each weighed by what stood beside $w_0$:
#
# $$dw_0 = \delta_0 x_0 + \delta_1 x_1 + \delta_2 x_2 \qquad db = \delta_0 + \delta_1 + \delta_2$$
#
# And $x_1$ stands in two lines, because it lay in two windows: $dx_1 = \delta_0 w_1 + \delta_1 w_0$. But $x_0$ stands
# only in one: $dx_0 = \delta_0 w_0$.
#
# So the rule is: **go through the same windows as on the way there. At each place,**
#
# - **the kernel gets the window**, times $\delta$: `dw[f] += dout[n, f, i, j] * window`
# - **the window gets the kernel**, times $\delta$: `dwindow += dout[n, f, i, j] * w[f]`
#
# Both with `+=`: a number that had a say in several results gets a share from each. The frame of zeros gets gradients
# too; they are cut off at the end.
#
# ### Exercise: `conv2d_backward` (4 points)


# %% nbgrader={"grade": false, "grade_id": "conv2d_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_backward(dout, cache):
    """The gradients of a convolution.

    dout: array (N, F, rows, columns), the gradient of out.
    cache: the tuple (x, w, b, stride, padding) of conv2d_forward.
    Returns dx, dw and db, with the shapes of x, w and b.

    >>> x, w = np.array([[[[1.0, 2.0, 4.0]]]]), np.array([[[[-1.0, 1.0]]]])
    >>> dx, dw, db = conv2d_backward(np.array([[[[1.0, 10.0]]]]), (x, w, np.zeros(1), 1, 0))
    >>> dx
    array([[[[-1., -9., 10.]]]])
    >>> dw, db
    (array([[[[21., 42.]]]]), array([11.]))
    """
    ### BEGIN SOLUTION
    x, w, _, stride, padding = cache
    (N, F, rows, columns), (H, W), (kh, kw) = dout.shape, x.shape[2:], w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(columns):
                    window = (
                        n,
                        slice(None),
                        slice(i * stride, i * stride + kh),
                        slice(j * stride, j * stride + kw),
                    )
                    dw[f] += dout[n, f, i, j] * padded[window]
                    dpadded[window] += dout[n, f, i, j] * w[f]
    return dpadded[:, :, padding : padding + H, padding : padding + W], dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Unpack the cache. Pad x as before, and make zeros of the shape of the padded x, of w and of b. Then the same four
# loops as in `conv2d_forward`, with `top = i * stride` and `left = j * stride`. In each step both rules above are one line.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The line for dx: `dpadded[n, :, top : top + kh, left : left + kw] += dout[n, f, i, j] * w[f]`. The one for `dw[f]` has the
# window of the padded x. After the loops, the frame goes: `dpadded[:, :, padding : padding + H, padding : padding + W]`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv2d_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(conv2d_backward)

# %% [markdown]
# Is it right? Chapter 3 has a judge that does not know the formula: `gradient_check` compares a gradient with slopes
# that it measures, by moving each number a little.

# %% tags=["demo"]
rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(2, 3, 5, 4)), rng.normal(size=(2, 3, 3, 2)), rng.normal(size=2)
out, cache = mine.conv2d_forward(x, w, b, 2, 1)
dout = rng.normal(size=out.shape)


def loss_of_x(v):
    return np.sum(dout * mine.conv2d_forward(v.reshape(x.shape), w, b, 2, 1)[0])


def loss_of_w(v):
    return np.sum(dout * mine.conv2d_forward(x, v.reshape(w.shape), b, 2, 1)[0])


dx, dw, db = mine.conv2d_backward(dout, cache)
for name, loss, gradient, at in [("dx", loss_of_x, dx, x), ("dw", loss_of_w, dw, w)]:
    error = mine.gradient_check(loss, lambda v, gradient=gradient: gradient.ravel(), at.ravel())
    print(f"{name}: relative error against measured slopes {error:.1e}")

# %% [markdown]
# *(As in chapter 3, an error below $10^{-7}$ means: the same, up to the rounding of the measurement.)*
#
# ### The quick way back
#
# With columns, the way back is two matrix products. $\text{out} = w_{rows} \, @ \, \text{cols}$, so, as for every
# dense layer, $dw = \text{dout} \, @ \, \text{cols}^T$ and $d\text{cols} = w_{rows}^T \, @ \, \text{dout}$. (This is one
# picture's $dw$; several pictures share the kernels, so theirs add up.) But what is the gradient of the *picture*? Each number of `cols` is a copy of a pixel. So each number of `dcols` goes back to
# the pixel that it was copied from, and where a pixel was copied several times, they **add up**. This is called
# **col2im**.
#
# It is *not* the inverse of im2col. Guess: if you make columns of a picture full of ones with windows of 2 × 2, and
# add them back, which number comes to the middle of the picture, and which to its corners?
#
# ### Exercise: `col2im` (3 points)


# %% nbgrader={"grade": false, "grade_id": "col2im", "locked": false, "schema_version": 3, "solution": true, "task": false}
def col2im(cols, x_shape, kh, kw, stride=1, padding=0):
    """Add every column back to the place from which im2col took it.

    cols: array (N, C · kh · kw, rows · columns). x_shape: the shape (N, C, H, W) of the picture.
    kh, kw, stride, padding: as for im2col. Returns an array of the shape x_shape.

    >>> col2im(np.array([[[1.0, 2.0], [10.0, 20.0]]]), (1, 1, 1, 3), 1, 2)
    array([[[[ 1., 12., 20.]]]])
    """
    ### BEGIN SOLUTION
    N, C, H, W = x_shape
    rows, columns = (H + 2 * padding - kh) // stride + 1, (W + 2 * padding - kw) // stride + 1
    cols = cols.reshape(N, C, kh, kw, rows, columns)
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for a in range(kh):
        for e in range(kw):
            padded[:, :, a : a + stride * rows : stride, e : e + stride * columns : stride] += cols[
                :, :, a, e
            ]
    return padded[:, :, padding : padding + H, padding : padding + W]
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Take your `im2col` and turn it round. Where it copied *from* a place of the picture, what does `col2im` do with that place?
# And why does `=` not do?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Begin with zeros of the padded size, and give `cols` six axes: `cols.reshape(N, C, kh, kw, rows, columns)`. For each
# (a, e) in the window add `cols[:, :, a, e]` to the slice of `im2col`'s quick way, with `+=`. (In its plain way, add column
# `i * columns + j`, as a window, to its place.) At the end, cut the padding off.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-col2im", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(col2im)

# %% tags=["demo"]
ones = np.ones((1, 1, 3, 3))
cols = mine.im2col(ones, 2, 2, 1, 0)
print("a picture of ones, to columns and back:")
print(mine.col2im(cols, ones.shape, 2, 2, 1, 0)[0, 0])

# %% [markdown]
# *Notice: the middle pixel lay in four windows, so its 1 comes back as 4. That is right for gradients: four results
# depended on it, and it gets a share from each.*

# %% [markdown]
# Now put the pieces together. Make `dout` a table with one row for each kernel, as `w` is. The two products give `dw`
# and the gradient of the columns, and `col2im` sends these home. In `dw` each picture has had its share, so the shares
# of all $N$ pictures are added.
#
# ### Exercise: `conv2d_backward_matmul` (3 points)


# %% nbgrader={"grade": false, "grade_id": "conv2d_backward_matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d_backward_matmul(dout, cache):
    """The same as conv2d_backward, by two matrix products.

    dout: array (N, F, rows, columns), the gradient of out.
    cache: the tuple (x, w, b, stride, padding) of conv2d_forward.
    Returns dx, dw and db, with the shapes of x, w and b.

    >>> x, w = np.array([[[[1.0, 2.0, 4.0]]]]), np.array([[[[-1.0, 1.0]]]])
    >>> dx, dw, db = conv2d_backward_matmul(np.array([[[[1.0, 10.0]]]]), (x, w, np.zeros(1), 1, 0))
    >>> dx
    array([[[[-1., -9., 10.]]]])
    >>> dw, db
    (array([[[[21., 42.]]]]), array([11.]))
    """
    ### BEGIN SOLUTION
    x, w, _, stride, padding = cache
    F, _, kh, kw = w.shape
    dout = dout.reshape(len(x), F, -1)  # (N, F, places)
    cols = im2col(x, kh, kw, stride, padding)
    dw = (dout @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    dx = col2im(w.reshape(F, -1).T @ dout, x.shape, kh, kw, stride, padding)
    return dx, dw, dout.sum(axis=(0, 2))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Use your `im2col` and `col2im` (both must pass first). Write down the shapes of `dout` as a table, of the columns, and of
# `w` as a table. In which order do they give $dw$'s shape, and in which the columns' shape?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `dout.reshape(N, F, -1)` has the shape (N, F, L), the columns of x have (N, C · kh · kw, L). `.transpose(0, 2, 1)` turns the
# matrix of each picture; `.sum(axis=0)` adds the pictures' shares. `dw` needs the shape of w, `db` the sum over pictures
# and places, and `dcols` goes through `col2im`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv2d_backward_matmul", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(conv2d_backward_matmul)


# %% tags=["demo"]
rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(16, 8, 8, 8)), rng.normal(size=(16, 8, 3, 3)), np.zeros(16)
dout = rng.normal(size=(16, 16, 8, 8))
slow, fast = (back(dout, (x, w, b, 1, 1)) for back in (mine.conv2d_backward, mine.conv2d_backward_matmul))
apart = max(np.abs(s - f).max() for s, f in zip(slow, fast, strict=True))
print("largest difference between your two ways:", apart)
loops = seconds(mine.conv2d_backward, dout, (x, w, b, 1, 1), runs=1)
product = seconds(mine.conv2d_backward_matmul, dout, (x, w, b, 1, 1))
print(f"by loops {1000 * loops:.0f} ms, by two products {1000 * product:.1f} ms")

# %% [markdown]
# ### Pooling, backwards
#
# Max pooling let one number of each window through. If that number grows a little, the result grows just as much. If
# another number of the window grows a little, nothing happens. So **the largest number gets the window's whole
# gradient, all others get 0**.
#
# And if two numbers are equally large? Then somebody must choose. This course takes the first one, row by row, as
# PyTorch does. (Giving the whole gradient to both would invent gradient out of nothing.) `np.argmax` finds the first.
#
# ### Exercise: `max_pool2d_backward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "max_pool2d_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool2d_backward(dout, cache):
    """Each window's gradient goes to its largest number; if several are equally large, to the first.

    dout: array (N, C, rows, columns). cache: the tuple (x, size, stride) of max_pool2d_forward.
    Returns dx, array (N, C, H, W).

    >>> x = np.array([[[[1.0, 3.0, 2.0, 0.0], [4.0, -1.0, 5.0, 1.0]]]])
    >>> max_pool2d_backward(np.array([[[[10.0, 20.0]]]]), (x, 2, 2))
    array([[[[ 0.,  0.,  0.,  0.],
             [10.,  0., 20.,  0.]]]])
    """
    ### BEGIN SOLUTION
    x, size, stride = cache
    (N, C, rows, columns), dx = dout.shape, np.zeros(x.shape)
    n, c = np.ogrid[:N, :C]  # every picture with every channel
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            windows = x[:, :, top : top + size, left : left + size].reshape(N, C, -1)
            a, e = divmod(windows.argmax(axis=2), size)  # argmax counts through the rows: 0, 1, 2, …
            dx[n, c, top + a, left + e] += dout[:, :, i, j]
    return dx
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Loop over n, c, i and j. `np.argmax(window)` gives the position of the largest number, counted row by row: in a window
# of 2 × 2, position 2 is row 1, column 0. Add the gradient there, with `+=`: windows may overlap.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `divmod(np.argmax(window), size)` turns the position into (row, column) in the window. Four loops are right, but too slow
# for training in section 11. Quicker: loop over i and j alone, take the windows of all pictures and channels at once,
# `.reshape(N, C, -1)`, and `.argmax(axis=2)`. Then `a` and `e` are arrays (N, C), and `dx[n, c, top + a, left + e] += ...`
# works on all of them at once, if `n, c = np.ogrid[:N, :C]`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-max_pool2d_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(max_pool2d_backward)

# %% [markdown]
# Average pooling let every number of the window through, each with the weight $1 / \text{size}^2$. What does each get
# back?
#
# ### Exercise: `avg_pool2d_backward` (2 points)


# %% nbgrader={"grade": false, "grade_id": "avg_pool2d_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def avg_pool2d_backward(dout, cache):
    """Each window's gradient is shared equally among its numbers.

    dout: array (N, C, rows, columns). cache: the tuple (x, size, stride) of avg_pool2d_forward.
    Returns dx, array (N, C, H, W).

    >>> avg_pool2d_backward(np.array([[[[8.0]]]]), (np.zeros((1, 1, 2, 2)), 2, 2))
    array([[[[2., 2.],
             [2., 2.]]]])
    """
    ### BEGIN SOLUTION
    x, size, stride = cache
    dx = np.zeros(x.shape)
    rows, columns = dout.shape[2:]
    for i in range(rows):
        for j in range(columns):
            share = dout[:, :, i : i + 1, j : j + 1] / size**2
            dx[:, :, i * stride : i * stride + size, j * stride : j * stride + size] += share
    return dx
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# What share of its window's gradient does one number get? Windows may overlap: what does that mean for `=` and `+=`?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# At each place (i, j), add `dout[n, c, i, j] / size**2` to the whole window of `dx`. For all pictures and channels at once,
# `dout[:, :, i : i + 1, j : j + 1]` keeps its four axes, and broadcasting does the rest.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-avg_pool2d_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(avg_pool2d_backward)

# %% [markdown]
# ### From pictures to rows
#
# At the end of the network stands a dense layer, which wants rows of numbers. So each picture, with all its channels,
# is laid out as one row. On the way back, each row becomes a picture again. Nothing is computed; only the shape
# changes.
#
# ### Exercise: `flatten_forward` (1 point)


# %% nbgrader={"grade": false, "grade_id": "flatten_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flatten_forward(x):
    """Each picture as one row.

    x: array (N, C, H, W). Returns out, array (N, C · H · W), and cache, the shape of x.

    >>> flatten_forward(np.arange(8.0).reshape(2, 1, 2, 2))
    (array([[0., 1., 2., 3.],
           [4., 5., 6., 7.]]), (2, 1, 2, 2))
    """
    ### BEGIN SOLUTION
    return x.reshape(len(x), -1), x.shape
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# How many numbers has one picture with all its channels? `reshape` keeps their order.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `x.reshape(N, -1)`: the −1 lets NumPy count. The cache is `x.shape`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-flatten_forward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(flatten_forward)

# %% [markdown]
# ### Exercise: `flatten_backward` (1 point)


# %% nbgrader={"grade": false, "grade_id": "flatten_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flatten_backward(dout, cache):
    """Each row as a picture again.

    dout: array (N, C · H · W). cache: the shape that flatten_forward returned. Returns an array of that shape.

    >>> flatten_backward(np.zeros((2, 12)), (2, 3, 2, 2)).shape
    (2, 3, 2, 2)
    """
    ### BEGIN SOLUTION
    return dout.reshape(cache)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Which shape must the gradient of `x` have? It is in the cache.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# One line: `dout.reshape(...)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-flatten_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(flatten_backward)

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 10. Larger again
#
# Convolutions with a stride and pooling make pictures smaller. But a network that *paints* pictures, or one that
# marks every pixel of a street as road, car or sky, must make them larger again. How?
#
# You have already written it. In `conv2d_backward`, each small number of `dout` was spread over a whole window of
# `dx`. Do this on purpose, on the way forward, and you have a **transposed convolution**: every pixel *stamps* the
# kernel, times its value, onto the output. The stamps are `stride` pixels apart; where they overlap, they add up. At
# the end, `padding` pixels are cut off on all sides (on the way there, padding had added them), and the biases are
# added.
#
# With $H$ rows of pixels there are $H - 1$ steps of `stride` pixels, and the last stamp is $kh$ pixels high. So the
# output, before the cut, has $(H - 1) \cdot \text{stride} + kh$ rows.
#
# $w$ has the shape $(C, F, kh, kw)$ here, with the input's channels first: pixel $x[n, c]$ stamps `w[c]`, which has
# all the $F$ output channels. (PyTorch stores it like this too.)
#
# ### Exercise: `conv_transpose2d_forward` (3 points)


# %% nbgrader={"grade": false, "grade_id": "conv_transpose2d_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_transpose2d_forward(x, w, b, stride=1, padding=0):
    """Every pixel stamps the kernel onto the output.

    x: array (N, C, H, W). w: array (C, F, kh, kw). b: array (F,).
    Returns out, array (N, F, (H − 1)·stride + kh − 2·padding, (W − 1)·stride + kw − 2·padding),
    and cache, the tuple (x, w, b, stride, padding).

    >>> x, w = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0]]]])
    >>> conv_transpose2d_forward(x, w, np.zeros(1), stride=1)[0]
    array([[[[ 1., 12., 20.]]]])
    """
    ### BEGIN SOLUTION
    (N, _, H, W), (_, F, kh, kw) = x.shape, w.shape
    rows, columns = (H - 1) * stride + kh, (W - 1) * stride + kw
    out = np.zeros((N, F, rows, columns))
    for n, c, i, j in np.ndindex(*x.shape):  # four loops in one line
        top, left = i * stride, j * stride
        out[n, :, top : top + kh, left : left + kw] += x[n, c, i, j] * w[c]
    out = out[:, :, padding : rows - padding, padding : columns - padding]
    return out + b[:, np.newaxis, np.newaxis], (x, w, b, stride, padding)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Begin with zeros of the size *before* the cut. Loop over n, c, i and j: where does the stamp of pixel (i, j) lie, and what
# is stamped there?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The stamp: `out[n, :, top : top + kh, left : left + kw] += x[n, c, i, j] * w[c]`. To cut on both sides, slice from
# `padding` to `rows - padding` (and not to `-padding`: if padding is 0, that slice is empty). The biases come last:
# `b[:, np.newaxis, np.newaxis]` has the shape (F, 1, 1), one for each channel.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv_transpose2d_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(conv_transpose2d_forward)

# %% tags=["demo"]
small = np.ones((1, 1, 5, 5))
fig, axes = plt.subplots(1, 4, figsize=(11, 3))
figures.show(axes[0], small[0, 0], "a picture of ones", vmin=0, vmax=4)
for ax, k in zip(axes[1:], (2, 3, 4), strict=True):
    large, _ = mine.conv_transpose2d_forward(small, np.ones((1, 1, k, k)), np.zeros(1), stride=2)
    figures.show(ax, large[0, 0], f"stride 2, kernel {k} × {k}", vmin=0, vmax=4)
    print(f"kernel {k}: the numbers in the result are", np.unique(large))
plt.show()

# %% [markdown]
# *Notice: with kernel 2 the stamps lie side by side. With kernel 3 and stride 2 they overlap by one pixel, and an
# even picture becomes a chessboard. Pictures that networks paint can have such patterns. With kernel 4 each pixel of the
# middle gets four stamps, and it is even again, but for the border. So take a kernel whose size is a multiple of the stride.*
#
# And its way back? Each pixel of $x$ stamped a whole window of the output. If the pixel grows a little, every number of
# this window grows, by the kernel's number there. So the pixel gets back the sum over its window of `dout`, each number
# times the kernel's. But a window times a kernel, added up, is a **convolution**: of `dout`, with the same stride, and
# with `padding` zeros round it where the output was cut off. The two are each other's way back.
#
# ### Exercise: `conv_transpose2d_backward` (3 points)
#
# `dw` works as in `conv2d_backward`, with the roles exchanged: kernel `w[c]` was stamped at every place $(i, j)$, times
# the pixel `x[n, c, i, j]`, onto a window of the output.


# %% nbgrader={"grade": false, "grade_id": "conv_transpose2d_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_transpose2d_backward(dout, cache):
    """The gradients of a transposed convolution.

    dout: array of the shape of out.
    cache: the tuple (x, w, b, stride, padding) of conv_transpose2d_forward; w has the shape (C, F, kh, kw).
    Returns dx, dw and db, with the shapes of x, w and b.

    >>> cache = (np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 3.0]]]]), np.zeros(1), 1, 0)
    >>> dx, dw, db = conv_transpose2d_backward(np.array([[[[1.0, 0.0, 10.0]]]]), cache)
    >>> dx
    array([[[[ 1., 30.]]]])
    >>> dw, db
    (array([[[[ 1., 20.]]]]), array([11.]))
    """
    ### BEGIN SOLUTION
    x, w, _, stride, padding = cache
    kh, kw = w.shape[2:]
    padded = np.pad(dout, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n, c, i, j in np.ndindex(*x.shape):
        top, left = i * stride, j * stride
        window = padded[n, :, top : top + kh, left : left + kw]
        dx[n, c, i, j] = np.sum(window * w[c])
        dw[c] += x[n, c, i, j] * window
    return dx, dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Put a frame of zeros, `padding` wide, round `dout`: then the windows lie where the stamps lay. Loop over n, c, i and j
# as on the way there, and take the same window. What is its share of `dx[n, c, i, j]`, and what of `dw[c]`?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `dx[n, c, i, j]` is `np.sum(window * w[c])`. `dw[c]` gets `x[n, c, i, j] * window`, and gets it from every pixel, so with
# `+=`. `db` is the sum of `dout` (without the frame) over all axes but the channels'.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-conv_transpose2d_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(conv_transpose2d_backward)

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 11. A small LeNet
#
# Everything is there. LeNet's plan, which most networks for pictures have followed since: **convolution, bend,
# pooling**, and again, and at the end a **dense layer** that names the class. Ours, for digits of 8 × 8:
#
# | layer | output | learns |
# | --- | --- | ---: |
# | the digit | 1 × 8 × 8 | |
# | convolution: 8 kernels of 3 × 3, padding 1; ReLU | 8 × 8 × 8 | 80 |
# | max pooling, 2 | 8 × 4 × 4 | |
# | convolution: 16 kernels of 3 × 3, padding 1; ReLU | 16 × 4 × 4 | 1,168 |
# | max pooling, 2 | 16 × 2 × 2 | |
# | flatten, dense layer | 10 | 650 |
#
# *Before you run the next cell: how would you compute the last column? And how many pixels of the digit does one number of
# the last picture see?*

# %% tags=["demo"]
kernels = [mine.conv_parameters(1, 8, 3, 3), mine.conv_parameters(8, 16, 3, 3)]
learns = [*kernels, mine.dense_parameters((16, 2, 2), (10,))]
print(" + ".join(f"{count:,}" for count in learns), f"= {sum(learns):,} parameters")
sees = mine.receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)])
print(f"one number of the last picture sees {sees} pixels along each axis")

# %% [markdown]
# Ten pixels along each axis, but three of them lie on the padding. So it sees 7 × 7 pixels of the digit: almost all of it.
#
# Now build it. From chapters 1 to 3 you need the dense layer, ReLU, the loss and the gradient step. They are yours too:
# `mine.dense_forward`, `mine.relu`, `mine.cross_entropy_loss`, and on the way back `mine.dense_backward` and
# `mine.relu_backward(dout, out)`, which needs what ReLU *gave*. (As long as one of yours does not pass, `mine` takes the
# course's.)
#
# The function first goes there, layer by layer, and keeps every cache; the loss tells how wrong the scores are, and how
# they should change. Then it goes back through the same layers in the opposite order. In both convolutions stride and
# padding are 1, in both poolings the windows have 2 × 2 numbers. Training calls the function about a thousand times, so
# take the quick convolution of section 7, and its way back.
#
# ### Exercise: `convnet_loss` (5 points)


# %% nbgrader={"grade": false, "grade_id": "convnet_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def convnet_loss(x, labels, parameters):
    """The loss of a small LeNet, and its gradient by every parameter.

    Twice a convolution (stride 1, padding 1), ReLU, and max pooling (2); then flatten, and a dense layer.
    x: array (N, C, H, W). labels: array (N,), the class of each picture.
    parameters: dict with w1 (F, C, 3, 3), b1 (F,), w2 (G, F, 3, 3), b2 (G,), W3 (D, classes), b3 (classes,).
    Returns the loss, the mean cross-entropy, and gradients, a dict with the names and shapes of parameters.

    >>> zeros = {"w1": np.zeros((2, 1, 3, 3)), "b1": np.zeros(2), "w2": np.zeros((3, 2, 3, 3)), "b2": np.zeros(3)}
    >>> zeros |= {"W3": np.zeros((3, 10)), "b3": np.zeros(10)}
    >>> loss, gradients = convnet_loss(np.ones((2, 1, 4, 4)), np.array([3, 3]), zeros)
    >>> print(loss.round(4), gradients["b3"][:4])
    2.3026 [ 0.1  0.1  0.1 -0.9]
    """
    ### BEGIN SOLUTION
    p = parameters
    bent1 = mine.relu(conv2d_matmul(x, p["w1"], p["b1"], 1, 1))
    pool1, pooled1 = max_pool2d_forward(bent1, 2)
    bent2 = mine.relu(conv2d_matmul(pool1, p["w2"], p["b2"], 1, 1))
    pool2, pooled2 = max_pool2d_forward(bent2, 2)
    flat, shape = flatten_forward(pool2)
    scores, dense = mine.dense_forward(flat, p["W3"], p["b3"])
    loss, dscores = mine.cross_entropy_loss(scores, labels)

    dflat, dW3, db3 = mine.dense_backward(dscores, dense)
    dbent2 = max_pool2d_backward(flatten_backward(dflat, shape), pooled2)
    dconv2 = mine.relu_backward(dbent2, bent2)
    dpool1, dw2, db2 = conv2d_backward_matmul(dconv2, (pool1, p["w2"], p["b2"], 1, 1))
    dconv1 = mine.relu_backward(max_pool2d_backward(dpool1, pooled1), bent1)
    _, dw1, db1 = conv2d_backward_matmul(dconv1, (x, p["w1"], p["b1"], 1, 1))
    return loss, {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2, "W3": dW3, "b3": db3}
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Write the way there first, a line for each step of the table, up to the loss. Then write the same steps from bottom to
# top, with their `_backward`. Which cache does each of them need, and which gradient does it get? A name for each, such as
# `pool1` and `dpool1`, keeps them apart.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# The quick convolution gives no cache: for `conv2d_backward_matmul` make the tuple yourself, `(x, parameters["w1"],
# parameters["b1"], 1, 1)`, where x is what *this* layer was given. One stage back is three lines: `dbent2 =
# max_pool2d_backward(dpool2, pooled2)`, `dconv2 = mine.relu_backward(dbent2, bent2)`, and `dpool1, dw2, db2 = ...`. The
# first gradient, `dscores`, is the second value of `mine.cross_entropy_loss(scores, labels)`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-convnet_loss", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(convnet_loss)

# %% [markdown]
# This is the whole network, and every line of it is made of functions that you wrote. It learns as every network does:
# the loss, its gradients, a step against them, and again. `mine.gradient_step(parameters, gradients, lr)` makes the
# step. (It was an exercise of chapter 3.)
#
# ### Exercise: `train_convnet` (2 points)
#
# Each step looks at all the pictures that it is given. The check trains on forty zeros and ones, for 20 steps.


# %% nbgrader={"grade": false, "grade_id": "train_convnet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_convnet(x, labels, parameters, lr, steps):
    """Gradient descent on convnet_loss; each step is taken on all the pictures.

    x: array (N, C, H, W). labels: array (N,). parameters: dict, where to start. lr: the learning rate.
    steps: how many. Returns the parameters after the last step, a new dict, and losses, array (steps,): the loss
    before each step.

    >>> zeros = {"w1": np.zeros((2, 1, 3, 3)), "b1": np.zeros(2), "w2": np.zeros((3, 2, 3, 3)), "b2": np.zeros(3)}
    >>> zeros |= {"W3": np.zeros((3, 10)), "b3": np.zeros(10)}
    >>> trained, losses = train_convnet(np.ones((2, 1, 4, 4)), np.array([3, 3]), zeros, lr=1.0, steps=2)
    >>> print(losses.round(4), trained["b3"][3].round(4))
    [2.3026 1.4612] 1.668
    """
    ### BEGIN SOLUTION
    losses = np.zeros(steps)
    for step in range(steps):
        losses[step], gradients = convnet_loss(x, labels, parameters)
        parameters = mine.gradient_step(parameters, gradients, lr)
    return parameters, losses
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# You wrote this loop in chapter 3. What comes first in a step: noting the loss, or changing the parameters?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `losses[step], gradients = convnet_loss(x, labels, parameters)`, then `parameters = mine.gradient_step(...)`: it changes
# nothing, it returns new ones, so keep what it returns.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-train_convnet", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(train_convnet)

# %% tags=["demo"]
rng = np.random.default_rng(0)
few = rng.permutation(np.flatnonzero(digits.train_labels < 2))[:40]  # forty zeros and ones
parameters = first_weights(rng, kernels=(4, 8), classes=2)
_, losses = mine.train_convnet(train[few], digits.train_labels[few], parameters, 0.2, 20)
print(
    f"the loss of the first step: {losses[0]:.2f}, of the 10th: {losses[9]:.2f}, of the 20th: {losses[19]:.2f}"
)

# %% [markdown]
# *Notice: after twenty steps the loss is far below 0.69, the logarithm of 2, which an even guess between two digits
# costs.*
#
# Now train it on the 1,437 digits: 16 epochs, in batches of 32. The setup cell has the loop, in `train_lenet`: for each
# batch it calls your `train_convnet` for one step. (If yours is more than ten times as slow as the course's, the
# course's trains, and a line says so. Then look at your `max_pool2d_backward`: its second hint has a quick way.)
#
# How do we learn what the network *reads*? Your function gives no scores. But for a single picture the gradient of `b3`
# is that of the scores: the probability of each class, minus 1 at the label. The setup cell's `reads` pretends that each
# label is 0, adds the 1 again, and takes the most probable class.
#
# If no part of the network is the course's any more, it is your second **milestone**: `milestones/04.html` beside this
# notebook keeps it, with the code that made it. Otherwise a line says which parts are still the course's.

# %% tags=["demo"]
lenet.cache_clear()  # train it now, with what you have written
start = time.perf_counter()
parameters, losses = lenet()
taken = time.perf_counter() - start
count = sum(array.size for array in parameters.values())
lenet_right = right(reads(test, parameters))
milestone("04", parameters, losses, lenet_right)
dense = dense_network()
dense_count = sum(array.size for array in dense.values())
dense_right = right(mine.mlp_forward(test.reshape(-1, 64), dense)[0].argmax(axis=1))
print(f"LeNet, {count:,} parameters, {taken:.1f} s: {lenet_right:.1%} of the test digits right")
print(f"the dense network of section 1, {dense_count:,} parameters: {dense_right:.1%}")

plt.figure(figsize=(6, 2.6))
plt.plot(range(1, 17), losses, "o-", color=BLUE)
plt.yscale("log")
plt.xlabel("epoch")
plt.ylabel("loss (smaller is better)")
plt.title("LeNet learns")
plt.show()

# %% [markdown]
# *Notice: about 98 %, with fewer parameters than the dense network. But of 360 digits it reads only a few more, and that
# may be luck: twelve draws of both networks' first weights gave between three fewer and five more. Was it worth a
# chapter? The digits in this set are centered and all of one size. Let us look at the question of section 1 again.*
#
# ### Digits anywhere
#
# Now each digit stands somewhere in a field of 12 × 12 pixels, at a place that we draw. Training digits and test
# digits are the same as before, and so are both networks, only with inputs of 12 × 12. *What do you expect?*


# %% tags=["demo"]
def anywhere(pictures, rng):
    """Each picture of 8 × 8 somewhere in a field of 12 × 12."""
    field = np.zeros((len(pictures), 1, 12, 12))
    places = rng.integers(0, 5, (len(pictures), 2))
    for picture, place, (down, across) in zip(pictures, field, places, strict=True):
        place[0, down : down + 8, across : across + 8] = picture
    return field


rng = np.random.default_rng(0)
x, x_test = anywhere(digits.train_images, rng), anywhere(digits.test_images, rng)
sizes, labels = [144, 32, 10], digits.train_labels
wide_dense, _ = mine.train_classifier(
    x.reshape(-1, 144), labels, sizes, 0.3, 30, 32, np.random.default_rng(0)
)
wide_lenet, _ = train_lenet(x, 3, rng)
dense_right = right(mine.mlp_forward(x_test.reshape(-1, 144), wide_dense)[0].argmax(axis=1))
lenet_right = right(reads(x_test, wide_lenet))
for name, params, score in [("dense", wide_dense, dense_right), ("LeNet", wide_lenet, lenet_right)]:
    count = sum(array.size for array in params.values())
    print(f"{name}: {count:5,} parameters, {score:.1%} of the test digits right")

fig, axes = plt.subplots(1, 8, figsize=(10, 1.6))
for ax, picture in zip(axes, x_test[:, 0], strict=False):
    figures.show(ax, picture, cmap="gray_r")
    ax.spines[:].set_visible(True)
plt.show()

# %% [markdown]
# *Notice: now the difference is large. The dense network has to learn each digit anew for each of 25 places, with few
# examples for each. LeNet's kernels learn a stroke once and find it everywhere.*
#
# ### What do its kernels see?
#
# Nobody chose these kernels. Here are the eight of the first layer, and below each what it finds in one test digit.

# %% tags=["demo"]
parameters, example = lenet()[0], test[:1]
w1 = parameters["w1"]
maps = mine.relu(mine.conv2d_matmul(example, w1, parameters["b1"], 1, 1))[0]  # (8, 8, 8)
limit = np.abs(w1).max()
fig, axes = plt.subplots(2, 9, figsize=(11, 2.9))
axes[0, 0].axis("off")
figures.show(axes[1, 0], example[0, 0], "the digit", cmap="gray_r")
for f in range(8):
    figures.show(axes[0, f + 1], w1[f, 0], f"kernel {f}", cmap="RdBu_r", vmin=-limit, vmax=limit)
    figures.show(axes[1, f + 1], maps[f], cmap="gray_r", vmin=0, vmax=maps.max())
plt.tight_layout()
plt.show()

# %% [markdown]
# *In the upper row red weights are above 0, blue ones below. Notice: some kernels are edge finders like yours of
# section 3: red on one side, blue on the other. Their maps show the strokes of one direction. A kernel with hardly
# any blue answers wherever there is ink, and some maps may be empty.*
#
# A kernel of the second layer has 8 × 3 × 3 numbers, and looking at them tells little. A better question: **which test
# digits excite it most?**

# %% tags=["demo"]
parameters = lenet()[0]
first = mine.relu(mine.conv2d_matmul(test, parameters["w1"], parameters["b1"], 1, 1))
pooled, _ = mine.max_pool2d_forward(first, 2)
second = mine.relu(mine.conv2d_matmul(pooled, parameters["w2"], parameters["b2"], 1, 1))
strongest = second.max(axis=(2, 3))  # (360, 16): the largest number of each map of each test digit
fig, axes = plt.subplots(1, 16, figsize=(12, 3.6))
figures.show_favorites(axes, digits.test_images, strongest)
plt.suptitle("the 16 kernels of layer 2: for each, the four test digits that excite it most")
plt.show()
best = digits.test_labels[np.argsort(-strongest, axis=0)[:20]]  # (20, 16)
for f in range(16):
    values, counts = np.unique(best[:, f], return_counts=True)
    favorite = f"{counts.max():2} are {values[counts.argmax()]}s"
    print(f"kernel {f:2}: of the 20 digits that excite it most, {favorite}")

# %% [markdown]
# *Notice: some of these kernels have favorites. Nobody told them to look for parts of one digit; they found out
# that it helps. Read a column: what do its four digits have in common?*
#
# And where is the network wrong? You may not be surprised.

# %% tags=["demo"]
read = reads(test, lenet()[0])
count = max(np.sum(read != digits.test_labels), 2)
fig, axes = plt.subplots(1, count, figsize=(1.3 * count, 1.9))
figures.show_wrong(axes, digits.test_images, digits.test_labels, read)
plt.show()

# %% [markdown]
# ### Written: why convolutional networks suit pictures (6 points)
#
# Write about 200 words for a friend who knows dense layers, but has never heard of convolutions. Say **which two
# facts about pictures** a convolution builds in, what that **saves** and what it makes **easier to learn**, and
# support it with at least **two numbers from this notebook**. Also name **one kind of data** for which a convolution
# would be a bad choice, and say why.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-why-cnn", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# *(A model answer. Yours may have other numbers.)*
#
# A convolution builds in two facts about pictures. First, neighbors belong together: what a pixel means, an edge, a
# stroke, can be seen in a small window, so each neuron looks only at, say, 3 × 3 pixels. Second, what is worth
# finding at one place is worth finding everywhere: so all places share the same weights. If the picture moves, the
# answer moves with it.
#
# This saves parameters. LeNet-5's first layer has 156; a dense layer with the same output would have 4,821,600. And
# the number does not grow with the picture.
#
# It also makes learning easier: a stroke learned at one place is known at all places. A dense network that read 97.5
# % of the centered digits read fewer than six of ten when they were moved by one pixel. When digits could stand
# anywhere, the dense network reached 75 %, our LeNet about 90 %, with fewer parameters, from the same examples. Pooling
# helps too: small movements hardly change the result. Layers on layers see more and more, from strokes to whole
# digits.
#
# A convolution is a bad choice where neighbors mean nothing, such as a table with the columns age, income and shoe
# size: their order is an accident, and the same weights make no sense for each of them. With shuffled pixels, the
# dense network was as good as before; a convolution would lose its windows.
#
# === BEGIN MARK SCHEME ===
#
# - 1 point: locality: neighboring pixels belong together, so a small window is enough.
# - 1 point: sharing: the same weights at every place, because a feature may appear anywhere; or equivariance, in
#   words.
# - 1 point: fewer parameters, with a number from the notebook (such as 156 against 4,821,600, or 60,000 in all).
# - 1 point: easier to learn or better on new pictures, with a number (moved digits, digits anywhere). Not: "more
#   accurate" without a reason.
# - 1 point: a kind of data that does not suit, with the reason (no neighborhood, or places that differ in meaning):
#   tables, shuffled pixels, sets. Passport photographs, where the eyes are always at the same place, are a good
#   answer too, if the reason is that places differ.
# - 1 point: clear for a reader who knows dense layers only: each new word (kernel, sharing) is explained when it is
#   used.
#
# Pooling and depth may be mentioned, but are not needed. Far above or below 200 words (more than 300, less than 120):
# minus 1.
#
# === END MARK SCHEME ===

# %% [markdown]
# ### Written: a summary of the LeNet paper (8 points)
#
# Read *Gradient-based learning applied to document recognition* by Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick
# Haffner (*Proceedings of the IEEE*, 1998). It is easy to find: LeCun offers it on his home page. It has 46 pages;
# **sections I to III** are enough. If you have time, skim the start of section IV, and read the conclusion.
#
# Summarize it in about 300 words, in your own words:
#
# 1. Which **problem** does it solve, and how was that problem solved before?
# 2. What is the **main claim** about learning and hand-made features?
# 3. How is **LeNet-5** built? Name its layers, and two things in which it differs from our small LeNet.
# 4. How was it **tested**, and what came out? Give numbers.
# 5. What do **you** find most convincing, or not convincing?

# %% [markdown] nbgrader={"grade": true, "grade_id": "written-lenet", "locked": false, "points": 8, "schema_version": 3, "solution": true, "task": false}
# *(A model answer.)*
#
# The paper is about reading: single handwritten digits first, whole words and bank cheques later. Before, such
# systems had two parts. A feature extractor, designed by hand for each problem, turned the picture into a few
# numbers; a simple trained classifier did the rest. Most of the work went into the first part.
#
# The main claim: with more data, faster computers and gradient descent, it is better to rely more on learning and
# less on hand-made features. One network can be trained from pixels to classes, if its architecture knows something
# about pictures: local windows, shared weights, subsampling.
#
# LeNet-5 takes pictures of 32 × 32. C1 has 6 kernels of 5 × 5; S2 halves the maps; C3 has 16 maps, each reading only
# some of S2's; S4 halves again; C5 has 120 maps of 1 × 1; F6 is dense with 84 units; the output layer has ten radial
# basis functions that compare F6 with a drawn picture of each character. It has about 340,000 connections, but only
# 60,000 trainable parameters. It differs from ours in its bend (a scaled tanh instead of ReLU), in its subsampling (a
# mean with a trained weight and bias instead of a maximum), and in its output (ours: softmax).
#
# It was tested on MNIST, which the authors made for this: 60,000 training digits, 10,000 test digits. LeNet-5 reached
# 0.95 % errors, and 0.8 % when the training digits were also distorted at random. A linear classifier had 12 %,
# nearest neighbors 5 %, a dense network with 300 hidden units 4.7 %; the best support vector machine came close with
# 0.8 %, but needed far more computation. Later sections train systems of several such parts together (graph
# transformer networks). One of them was reading millions of cheques a day.
#
# Most convincing to me is the comparison of so many methods on the same data. Less so that several choices, such as
# C3's table of connections, are argued for but not measured.
#
# === BEGIN MARK SCHEME ===
#
# - 1 point: the problem (recognizing handwritten characters, documents) and the older way: hand-made features, then a
#   trained classifier.
# - 1 point: the main claim: learning from pixels by gradient descent beats hand-made features, if the architecture
#   fits.
# - 2 points: the architecture: 1 for the order of layers (C1, S2, C3, S4, C5, F6, output), 1 for at least two correct
#   sizes or counts (6 and 16 maps, 5 × 5, 60,000 parameters, 340,000 connections).
# - 1 point: two differences from our small LeNet: tanh against ReLU, trained subsampling against max pooling, radial
#   basis functions against softmax, C3's partial connections, 5 × 5 against 3 × 3, input size.
# - 2 points: the tests: 1 for MNIST with its size, 1 for a result with a comparison (0.95 % or 0.8 % against another
#   method). Figures may be read from different tables and plots of the paper: accept what the paper supports.
# - 1 point: a judgment of one's own, with a reason.
#
# In their own words: sentences copied from the paper earn nothing. Far above 400 or below 200 words: minus 1.
#
# === END MARK SCHEME ===

# %% [markdown]
# ## What you have learned
#
# - A **convolution** slides kernels over a picture: at each place a sum of products, everywhere with the same
#   weights. The output has `(n + 2 * padding - kernel) // stride + 1` rows or columns, and a channel for each kernel.
# - Sharing saves weights by the thousand, and what is found at one place is found at every place.
# - **im2col** turns it into one matrix product. On the way back, every number that had a say in several results gets
#   a share from each: the shares **add up**.
# - **Pooling** forgets where exactly. The largest number takes the whole gradient; under a mean all share.
# - A **transposed convolution** goes the other way and makes pictures larger.
# - Convolution, bend, pooling, again, and a dense layer: that is **LeNet**, and most of what came after it.

# %% tags=["demo"]
progress("04_convolution")

# %% [markdown]
# ### To read on
#
# - *Deep Learning*, Ian Goodfellow, Yoshua Bengio and Aaron Courville: chapter 9.
# - *Dive into Deep Learning*, Aston Zhang, Zachary Lipton, Mu Li and Alexander Smola: chapters 7 and 8.
# - *A guide to convolution arithmetic for deep learning*, Vincent Dumoulin and Francesco Visin (2016): sizes, strides
#   and transposed convolutions, in pictures.
# - *Convolutional Neural Networks for Visual Recognition*, the notes of Stanford's course CS231n: the chapter on
#   convolutional networks.
# - *Computing receptive fields of convolutional neural networks*, André Araujo, Wade Norris and Jack Sim (2019).
# - *Deconvolution and checkerboard artifacts*, Augustus Odena, Vincent Dumoulin and Chris Olah (2016).
# - *Visualizing and understanding convolutional networks*, Matthew Zeiler and Rob Fergus (2013): what the kernels of
#   a large network see.
#
# ### Where to go next
#
# A picture is there all at once. A sentence or a melody comes one piece at a time, and what a word means depends on
# what was said before. **Chapter 5**, `05_recurrent`, builds a network that remembers.
