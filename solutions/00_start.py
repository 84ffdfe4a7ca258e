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
# # Chapter 0 · How this works, and the tools
#
# In this course you build neural networks with your own hands: no ready-made library for networks, only numbers in
# tables and a little mathematics. Which tools does one need for that? Fewer than you may fear. This chapter shows you
# how the course works, and then gives you the tools, one by one. You write each of them yourself.
#
# **You will learn**
#
# - how to run a cell, how to check your answer, and how to read what a check tells you
# - NumPy: tables of numbers, their shape, and how to compute with whole tables at once
# - how to reason with probabilities when a sign has been seen (Bayes' rule)
# - what a slope is, how to measure it, and what it says about a function of many numbers
#
# **You need** a little Python: variables, functions, loops, lists. From school: how to read the graph of a function.
#
# **Time** About three hours, in three sittings of an hour. There are 12 exercises (24 points). After sections 1 to 3 you
# may go to chapter 1. Section 4 is first needed in chapter 2, section 5.1 in chapter 2, 5.2 and 5.3 in chapter 3, 5.4
# and 5.5 in chapter 6. Each says so; you may come back then.

# %% [markdown]
# ## 1. How this works
#
# This page is a **notebook**. It is made of **cells**. Some hold text, like this one. Others hold Python code that you
# can run and change.
#
# To run a cell, click into it, then hold **Shift** and press **Enter**. Do it with the cell below, the **setup cell**. It
# loads the tools and says nothing today. You need not read it.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from byhand import begin, check, data, explore, hint, mine, progress, solution, try_it

begin("00_start")
np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
plt.rcParams.update({"figure.dpi": 90, "axes.spines.top": False, "axes.spines.right": False})

# %% [markdown]
# What a cell prints appears below it. Run the next cell. Then change `2` to another number and run it again. You can
# break nothing.

# %% tags=["demo"]
2 + 3

# %% [markdown]
# All cells share one Python program, called the **kernel**. It remembers what the cells did, in the order in which
# *you* ran them. When you open the notebook another day, the kernel is new and remembers nothing. Then run the setup
# cell, and go on where you were: no other cell needs more than that. What you passed is ready again.
#
# **If something is stuck:** the square button ■ at the top stops a cell that runs too long. The menu *Kernel → Restart
# Kernel* starts with an empty memory; then run the setup cell again.

# %% [markdown]
# ### 1.1 Your first exercise: how far is it?
#
# You stand at a street corner in a city. A friend waits 3 streets to the east and 4 streets to the south. We write the
# way to her as a **vector**, a list of numbers with an order: $(3, -4)$. The minus sign says: south, not north.
#
# How far is it? There are two good answers. Look at the picture before you read on.

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(4.2, 4.2))
ax.grid(color="0.85", linewidth=4)
ax.plot([0, 3, 3], [0, 0, -4], "-", color=BLUE, linewidth=3, label="on foot, along the streets")
ax.plot([0, 3], [0, -4], "--", color=VERMILLION, linewidth=3, label="in a straight line")
ax.plot([0], [0], "ko", markersize=10)
ax.plot([3], [-4], "k*", markersize=15)
ax.annotate("you", (0, 0), xytext=(0.15, 0.2))
ax.annotate("your friend", (3, -4), xytext=(1.4, -4.4))
ax.set(
    xlim=(-1, 4), ylim=(-5, 1), aspect="equal", xlabel="streets to the east", ylabel="streets to the north"
)
ax.legend(loc="lower left", bbox_to_anchor=(0, 1))
plt.show()

# %% [markdown]
# On foot you walk 3 streets, then 4 streets: **7**. You add up the sizes of the steps; whether a step goes east or west
# does not matter. For any vector $v = (v_1, v_2, \dots)$ this length is called the **L1 norm**:
#
# $$\|v\|_1 = |v_1| + |v_2| + \dots = \sum_i |v_i|$$
#
# $|v_i|$ is the size of the number without its sign: $|-4| = 4$. The sign $\Sigma$ means: add up, for every $i$.
#
# The next cell is an **exercise**: a function that you write. It is not written yet. The line
# `raise NotImplementedError()` stands where your answer belongs.
#
# 1. Run the cell as it is. Then run the cell with `check(l1_norm)` below it, and read what it says.
# 2. Replace the line `raise NotImplementedError()` by your answer. Run both cells again.
#
# The text between the `"""` is the function's description. It says what comes in, what goes out, and it ends with an
# example.
#
# #### Exercise: `l1_norm` (1 point)


# %% nbgrader={"grade": false, "grade_id": "l1_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l1_norm(v):
    """The sum of the sizes of the numbers in v.

    v: array (n,), a vector of n numbers. Returns one number.
    >>> float(l1_norm(np.array([3.0, -4.0])))
    7.0
    """
    ### BEGIN SOLUTION
    return np.sum(np.abs(v))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Click on the small triangle of a hint only when you have tried. Think of the two steps on paper: first each number
# loses its sign, then all are added up. NumPy has a function for each step: look at `np.abs` and `np.sum`.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `np.abs(v)` gives the sizes of all the numbers at once; `np.sum(...)` adds up what stands between its brackets. Put
# the one into the other. A function gives its answer back with `return`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-l1_norm", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(l1_norm)

# %% [markdown]
# ### 1.2 Fail on purpose
#
# A check that passes says little. A check that fails is your teacher, so learn to read it now, while it costs nothing.
# **Break your function:** remove `np.abs` (or whatever drops the signs), so that it adds the numbers as they are. Run
# the cell, run the check, and read. Then mend it, and run both again.
#
# What you saw looks like the report below. It was made by checking a wrong function on purpose. (`of=` says which
# exercise it answers, and `stop=False` lets the notebook go on.)


# %% tags=["demo"]
def wrong(v):
    return np.sum(v)


check(wrong, of="l1_norm", stop=False)

# %% [markdown]
# Read a report from top to bottom:
#
# - **The first sentence** is the most useful one. If you made a mistake that many people make, the check knows it and
#   says what happened in your function. It does not give the answer away.
# - **The case.** A check calls your function several times. Each call is a *case*. You see the first case that fails:
#   what went in, what was expected, and what your function gave.
#
# Not every mistake is known. The next function returns 7, whatever comes in. For the way to your friend that is right.
# Does it pass? Run the cell twice, and compare the two reports.


# %% tags=["demo"]
def always_seven(v):
    return 7.0


check(always_seven, of="l1_norm", stop=False)

# %% [markdown]
# The first case is the way to your friend, so it is right. The second case has new numbers at every run: an answer that
# was only written down cannot pass.
#
# When no sentence names your mistake, the numbers must tell you. Compute the expected answer by hand for the input that
# is shown. Then compute what your function does with it, line by line. Where do the two begin to differ?

# %% [markdown]
# ### 1.3 When you are stuck
#
# Look first, then ask. `try_it` calls your function with the numbers that you give it, and shows what comes back.
# Nothing is judged. (A list in square brackets becomes an array.) Try other numbers too.

# %% tags=["demo"]
try_it(l1_norm, [3, -4])

# %% [markdown]
# Then, in this order:
#
# - `hint("l1_norm")`, in a cell of your own, shows the hint that stands below the exercise; run it again for the second
#   one.
# - `solution("l1_norm")` shows a model answer beside yours, once yours passes. When it does not pass, the model answer
#   opens after three honest tries.
# - Or go on: nothing that follows waits for you, as the next section says.
#
# (A new cell: click beside a cell, and press **B**.)

# %% [markdown]
# ### 1.4 What becomes of your answers
#
# - **A check compares your function with a right one** that the course has written, the *reference*. Numbers count as
#   equal if they agree to about six digits, so another order of the same steps is fine.
# - **Most inputs are new every time.** So there are no secret tests, and a function that only knows some answers by
#   heart does not pass.
# - **What passes is yours to keep.** When a check passes, it writes your function to a small file,
#   `mine/ch00_start/l1_norm.py`, beside this notebook. From then on `mine.l1_norm` means your function, in every
#   chapter. As long as yours does not pass, `mine.l1_norm` is the course's, and a line says so. At the end, the folder
#   `mine` is a library that you wrote.
# - **You work in a copy.** `make lab` made the folder `work` for you, and this notebook lies in it. An update of the
#   course overwrites nothing there.
# - **In a class, hand in a chapter like this:** save the notebook (**Ctrl + S**) and type `make submit
#   CHAPTER=00_start` in a terminal, in the course's folder. It says which file to hand in. The check that you run here
#   runs again there, on new inputs, and gives the marks: each check has its points, and failed tries cost nothing. A
#   person reads the *written* answers of later chapters.
# - **Write your answers into the answer cells.** You may add cells of your own anywhere. To change a cell with a check
#   has no effect on your marks.
#
# What have you done so far, and what is left? Here is the map of the whole course.

# %% tags=["demo"]
progress()

# %% [markdown]
# A ring closes as you pass the exercises of its chapter. `progress("00_start")` shows one chapter alone; each chapter
# ends with it.

# %% [markdown]
# ### 1.5 In a straight line
#
# Back to the street corner. How far is it in a straight line? East and south make a right angle, so you may use the
# theorem of Pythagoras: the way is $\sqrt{3^2 + 4^2} = \sqrt{25} = 5$. In general this is the **L2 norm**, also called
# the Euclidean norm:
#
# $$\|v\|_2 = \sqrt{v_1^2 + v_2^2 + \dots} = \sqrt{\sum_i v_i^2}$$
#
# Before you write it: can the straight line ever be longer than the way along the streets?
#
# #### Exercise: `l2_norm` (1 point)


# %% nbgrader={"grade": false, "grade_id": "l2_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l2_norm(v):
    """The square root of the sum of the squares of v.

    v: array (n,). Returns one number.
    >>> float(l2_norm(np.array([3.0, -4.0])))
    5.0
    """
    ### BEGIN SOLUTION
    return np.sqrt(np.sum(v**2))
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Three steps: square, add up, take the root. In which order? Does the root of a sum equal the sum of the roots? Try it
# with 9 and 16.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `v**2` squares every number of the array. Add up with `np.sum(...)`, then take *one* root of the sum with
# `np.sqrt(...)`: the root stands outside.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-l2_norm", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(l2_norm)

# %% [markdown]
# With two ways to measure there are two kinds of "circle". Which points lie at distance 1 from you? Guess the two
# shapes before you run the cell.

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(4.2, 4.2))
angles = np.linspace(0, 2 * np.pi, 201)
directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # 201 vectors, one in each row
for norm, color, style, name in [(mine.l1_norm, BLUE, "-", "L1"), (mine.l2_norm, VERMILLION, "--", "L2")]:
    points = np.array([direction / norm(direction) for direction in directions])
    ax.plot(points[:, 0], points[:, 1], style, color=color, linewidth=2.5, label=f"{name} norm = 1")
ax.plot([0], [0], "ko")
ax.set(aspect="equal", xlabel="$v_1$", ylabel="$v_2$")
ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
plt.show()

# %% [markdown]
# *What to notice.* The two agree only where you go straight along a street, at the four corners of the square.
# Everywhere else the walk is longer, so you get less far with a way of length 1.
#
# You will meet both again: in chapter 7 they keep the numbers of a network small. The corners of the L1 square will
# then matter.

# %% [markdown]
# ## 2. Tables of numbers
#
# A neural network sees the world as tables of numbers. Here is a real one. In the 1930s the botanist Edgar Anderson
# measured iris flowers; the statistician Ronald Fisher made them famous. How many flowers are there, and how many
# numbers for each?

# %% tags=["demo"]
flowers = data.iris()
X = flowers.features
print("columns:", flowers.feature_names)
print("shape of the table:", X.shape)
print("the first three flowers:")
print(X[:3])
print("the first flower, X[0]:", X[0])
print("its second number, X[0, 1]:", X[0, 1])
print("the first five numbers of column 2, X[:5, 2]:", X[:5, 2])

# %% [markdown]
# This is a NumPy **array**. Its **shape** is (150, 4): 150 rows and 4 columns. In the whole course **one row is one
# sample**, also called an *example* (here a flower), and **one column is one feature** (here a length or a width in cm;
# *petals* are a flower's inner leaves, *sepals* the outer ones). We write the shape as $(N, D)$.
#
# Counting starts at 0, and `:` means "all of them". So `X[0]` is the first row, and `X[:, 2]` is the third column.
#
# Arrays of another shape: a vector has the shape `(n,)`, with one number and a comma; a single number has the shape
# `()`. When something goes wrong, look at the shapes first. Most mistakes with NumPy can be seen there.

# %% [markdown]
# ### 2.1 A trap: whole numbers
#
# An array holds numbers of one type only. NumPy takes the type from what you give it. What will the next cell print?

# %% tags=["demo"]
whole = np.array([1, 2, 3])
whole[0] = 2.9
print(whole, whole.dtype)

with_a_point = np.array([1.0, 2.0, 3.0])
with_a_point[0] = 2.9
print(with_a_point, with_a_point.dtype)

# %% [markdown]
# *What to notice.* An array of whole numbers (`int64`) cut 2.9 down to 2 and did not say a word. In this course you
# want numbers with a point (`float64`) almost always. `np.array(a, dtype=float)` makes a copy of `a` with such numbers.
# Keep this in mind for section 5.

# %% [markdown]
# ### 2.2 Along which axis?
#
# `np.sum(table)` adds up everything. Often you want a sum for each column, or for each row. The argument `axis`
# decides. Which of the two results below belongs to the columns?

# %% tags=["demo"]
table = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
print("shape", table.shape)
print("sum along axis 0:", table.sum(axis=0), "  shape", table.sum(axis=0).shape)
print("sum along axis 1:", table.sum(axis=1), "  shape", table.sum(axis=1).shape)

# %% [markdown]
# *What to notice.* The axis that you name is the one that **disappears**. The shape was (2, 3). With `axis=0` the 2
# disappears: three sums are left, one for each column. With `axis=1` the 3 disappears: two sums are left, one for each
# row. `mean`, `std`, `max` and others work in the same way.

# %% [markdown]
# ### 2.3 Shapes that do not match
#
# What if you subtract an array of shape (3,) from a table of shape (2, 3)? There are six numbers on one side and three
# on the other.

# %% tags=["demo"]
table = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
column_means = table.mean(axis=0)
print("means of the columns:", column_means, "  shape", column_means.shape)
print(table - column_means)

# %% [markdown]
# NumPy used the three numbers for each row again. This is called **broadcasting**. The rule: write the two shapes one
# below the other, *aligned on the right*. Two lengths fit if they are equal, or if one of them is 1 or missing. That
# one is repeated.
#
# ```
# table          2  3        table          2  3        table          2  3
# column means      3        row means         2        row means      2  1
#                fits                    does not                    fits
# ```
#
# The second one fails, although it looks as reasonable as the first. What does NumPy say about it?

# %% tags=["demo"]
table = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
row_means = table.mean(axis=1)
try:
    table - row_means
except ValueError as error:
    print("ValueError:", error)

row_means = table.mean(axis=1, keepdims=True)  # keep the axis, with length 1
print("shape with keepdims:", row_means.shape)
print(table - row_means)

# %% [markdown]
# Read such an error as a message about shapes. `keepdims=True` keeps the axis that would disappear, with the length 1.
# Then it fits.

# %% [markdown]
# ### 2.4 Columns on one scale
#
# Suppose that someone measured one column in millimeters and another one in centimeters. The first has numbers ten
# times larger. Does that make it ten times more important? For a network it would: large numbers push it more.
#
# So one brings all columns to one scale. From each number subtract the mean of its column; then divide by the
# **standard deviation** of its column, which is the typical distance from the mean:
#
# $$z = \frac{x - \text{mean}}{\text{std}} \qquad \text{std} = \sqrt{\frac{1}{N} \sum_{i=1}^{N} (x_i - \text{mean})^2}$$
#
# Each column then has mean 0 and standard deviation 1. We say that it is **standardized**. A value of 2 means: two
# standard deviations above the mean, whatever the unit was.
#
# One question is left. What if a column never changes, say 7, 7, 7? Its standard deviation is 0, and 0 divided by 0 is
# not a number (`nan`). Such a column carries no information. Let it become 0, 0, 0.
#
# #### Exercise: `standardize` (2 points)


# %% nbgrader={"grade": false, "grade_id": "standardize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def standardize(X):
    """Each column with mean 0 and standard deviation 1; a column that never changes becomes 0.

    X: array (N, D), one sample a row. Returns an array (N, D).
    >>> standardize(np.array([[1.0, 50.0], [3.0, 50.0]])).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    ### BEGIN SOLUTION
    mean, std = X.mean(axis=0), X.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (X - mean) / std
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# You need a mean and a standard deviation for each *column*: along which axis? Their shape is (D,), so broadcasting
# does the rest. Then think of the column 7, 7, 7: by what could you divide its zeros instead of 0?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `X.mean(axis=0)` and `X.std(axis=0)` are the two vectors. `np.where(std == 0, 1, std)` gives 1 where `std` is 0, and
# `std` elsewhere. Divide by that: 0 divided by 1 is 0.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-standardize", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(standardize)

# %% tags=["demo"]
X = data.iris().features
pair = np.stack([10 * X[:, 0], X[:, 3]], axis=1)  # sepal length in mm, petal width in cm
fig, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for ax, points, title in [(axes[0], pair, "as measured"), (axes[1], mine.standardize(pair), "standardized")]:
    ax.plot(points[:, 0], points[:, 1], "o", color=BLUE, markersize=4, alpha=0.6)
    ax.set(title=title, xlabel="sepal length", ylabel="petal width", aspect="equal")
axes[0].set(xlabel="sepal length (mm)", ylabel="petal width (cm)", ylim=(-5, 8))
plt.show()

# %% [markdown]
# *What to notice.* One step is equally long in both directions of each picture. On the left only the millimeters seem
# to matter. On the right both measurements count the same. Nothing was lost: each flower keeps its place among the
# others.

# %% [markdown]
# ### 2.5 Names as numbers
#
# Each flower also belongs to a species. The vector `flowers.labels` has a number for each flower: 0 for setosa, 1 for
# versicolor, 2 for virginica. Is virginica twice a versicolor? Is setosa nearer to versicolor than to virginica? Of
# course not. But a network would believe it, because 2 is twice 1.
#
# A better way: one place for each class. Put a 1 in the place of the class, and 0 everywhere else.
#
# | label | row |
# | --- | --- |
# | 0 | 1, 0, 0 |
# | 1 | 0, 1, 0 |
# | 2 | 0, 0, 1 |
#
# Such a row is called **one-hot**. Write a function that makes one for each label.
#
# #### Exercise: `one_hot` (2 points)


# %% nbgrader={"grade": false, "grade_id": "one_hot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot(labels, classes):
    """A row for each label: 1 at the place of the label, 0 elsewhere.

    labels: array (N,) of whole numbers from 0 to classes - 1. classes: how many classes there are.
    Returns an array (N, classes). A class that nobody has keeps its column.
    >>> one_hot(np.array([2, 0]), 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    ### BEGIN SOLUTION
    out = np.zeros((len(labels), classes))
    out[np.arange(len(labels)), labels] = 1
    return out
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Begin with a table of zeros: how many rows has it, and how many columns? Then write a single 1 into each row. In which
# column does the 1 of row 0 stand?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Start with `out = np.zeros((len(labels), classes))`. In a loop over the rows `i`, set `out[i, labels[i]] = 1`. Without
# a loop: `out[rows, labels] = 1` writes to the places (rows[0], labels[0]), (rows[1], labels[1]), … What is `rows`?
# (`np.arange` makes 0, 1, 2, …)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-one_hot", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(one_hot)

# %% [markdown]
# How far apart are the species now? Measure with the straight line.

# %% tags=["demo"]
flowers = data.iris()
rows = mine.one_hot(np.array([0, 1, 2]), 3).astype(float)  # floats, even if yours has True and False
for i, j in [(0, 1), (1, 2), (0, 2)]:
    names = f"{flowers.species_names[i]} and {flowers.species_names[j]}"
    print(
        f"{names:25} labels: {abs(i - j)} apart   one-hot rows: {mine.l2_norm(rows[i] - rows[j]):.4f} apart"
    )

# %% [markdown]
# *What to notice.* With one-hot rows all species are equally far apart ($\sqrt 2$). No order is left that was never
# there.

# %% [markdown]
# ## 3. A matrix turns one vector into another
#
# You want 10 apples and 1 melon. Three shops have these prices:
#
# | | an apple | a melon |
# | --- | ---: | ---: |
# | shop 0 | 1 | 2 |
# | shop 1 | 3 | 4 |
# | shop 2 | 5 | 6 |
#
# What do you pay in each shop? In shop 0: $1 \cdot 10 + 2 \cdot 1 = 12$. In shop 1 it is 34, in shop 2 it is 56. You
# did the same thing with every row: multiply number by number, then add up.
#
# A table with $m$ rows and $n$ columns is also called a **matrix**. The prices are a matrix $A$ of shape (3, 2), your
# list is a vector $x$ of shape (2,), and the bills are a vector $y$ of shape (3,). This is the **product** $y = Ax$:
#
# $$y_i = \sum_{j} A_{ij} \, x_j$$
#
# $A_{ij}$ stands in row $i$ and column $j$; in Python it is `A[i, j]`. A layer of a neural network is such a product:
# chapter 1 shows it.
#
# Write it number by number first, with two loops, one inside the other. A check looks at your numbers, and not at how
# you found them. The difference shows further down, where a cell measures how long your loops take.
#
# #### Exercise: `matrix_vector_loops` (2 points)


# %% nbgrader={"grade": false, "grade_id": "matrix_vector_loops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matrix_vector_loops(A, x):
    """The product A x, number by number.

    A: array (m, n). x: array (n,). Returns an array (m,).
    >>> A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> matrix_vector_loops(A, np.array([10.0, 1.0])).tolist()
    [12.0, 34.0, 56.0]
    """
    ### BEGIN SOLUTION
    m, n = A.shape
    y = np.zeros(m)
    for i in range(m):
        for j in range(n):
            y[i] += A[i, j] * x[j]
    return y
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Do it as in the shops: take a row, go through its numbers, multiply each by the number of `x` at the same place, and
# add up. The outer loop goes through the rows. What must the sum of a row be before you begin?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `m, n = A.shape` gives both lengths, and `y = np.zeros(m)` a result full of zeros. Let `i` go through the rows and,
# inside, `j` through the columns. `y[i] += ...` adds to what is already there: the product of `A[i, j]` and `x[j]`.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-matrix_vector_loops", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(matrix_vector_loops)

# %% [markdown]
# Python runs each step of a loop slowly. NumPy has the same loops inside, in fast compiled code. To use them is called
# to **vectorize**. Write the product again, without a loop. Can you do it in one line?
#
# #### Exercise: `matrix_vector` (1 point)


# %% nbgrader={"grade": false, "grade_id": "matrix_vector", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matrix_vector(A, x):
    """The product A x, as short as you can write it.

    A: array (m, n). x: array (n,). Returns an array (m,).
    >>> A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> matrix_vector(A, np.array([10.0, 1.0])).tolist()
    [12.0, 34.0, 56.0]
    """
    ### BEGIN SOLUTION
    return A @ x
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# In Python `*` multiplies element by element, and `@` multiplies matrices. Which of the two adds up by itself?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `@` multiplies and adds, so one `@` between the two is all. Or use what you know: `A * x` has the shape (m, n), and a
# sum along the axis of length n is left to do.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-matrix_vector", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(matrix_vector)

# %% [markdown]
# How much faster is it? Guess first: ten times, a hundred times, a thousand times?

# %% tags=["demo"]
rng = np.random.default_rng(0)
A, x = rng.normal(size=(400, 500)), rng.normal(size=500)
seconds = {}
for name, product in [("loops", mine.matrix_vector_loops), ("without a loop", mine.matrix_vector)]:
    tries = []
    for _ in range(3):
        start = time.perf_counter()
        product(A, x)
        tries.append(time.perf_counter() - start)
    seconds[name] = min(tries)
    print(f"{name:15} {1000 * seconds[name]:8.3f} ms")
print(f"{seconds['loops'] / seconds['without a loop']:.0f} times faster")
print("the same numbers:", np.allclose(mine.matrix_vector_loops(A, x), mine.matrix_vector(A, x)))

# %% [markdown]
# *What to notice.* This is why the course computes with whole tables. The loops show what happens; the short form makes
# it fast.
#
# `@` also multiplies a matrix with a matrix, one column after the other. The two lengths that meet must be equal, and
# they disappear: `(150, 4) @ (4, 3)` has the shape `(150, 3)`.
#
# Two words that you will meet again. The **identity** `np.eye(n)` has ones on its diagonal and zeros elsewhere; it
# changes no vector, as 1 changes no number. The **transpose** `A.T` has the rows of `A` as its columns: the shape (m, n)
# becomes (n, m).

# %% tags=["demo"]
A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
print(np.eye(2), "the identity")
print(mine.matrix_vector(np.eye(2), np.array([10.0, 1.0])), "comes out as it went in")
print(A.T, "the transpose of A; its shape is", A.T.shape)

# %% [markdown]
# *A good place to stop.* You may go to chapter 1 now, and come back for the rest. Another day the setup cell is all that
# you need.

# %% [markdown]
# ## 4. How sure can you be?
#
# *(First needed in chapter 2, which ends in probabilities.)*
#
# A network that looks at a picture says: "a cat, 90 %". It has seen a sign and speaks about a cause. To judge such a
# sentence you need one rule about probabilities. Here is a famous question:
#
# > 1 % of the people in a group are ill. A test finds 80 % of the ill. It also gives a false alarm for 9.6 % of the
# > healthy. Your test is positive. How likely is it that you are ill?
#
# Write down a guess before you go on. (David Eddy wrote in 1982 that most doctors who were asked a question like it said
# about 75 %.)
#
# Do not calculate yet. Imagine 1000 people, and count.

# %% tags=["demo"]
groups = [  # what, how many of 1000, color, marker
    ("ill, positive", 8, VERMILLION, "P"),
    ("ill, negative", 2, VERMILLION, "_"),
    ("healthy, positive", 95, BLUE, "o"),
    ("healthy, negative", 895, "0.8", "."),
]
fig, ax = plt.subplots(figsize=(8, 4.6))
first = 0
for what, count, color, marker in groups:
    place = np.arange(first, first + count)
    ax.plot(place % 40, place // 40, marker, color=color, markersize=7, label=f"{what}: {count}")
    first += count
ax.invert_yaxis()
ax.axis("off")
ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=4)
plt.show()

# %% [markdown]
# *What to notice.* Look only at those with a positive test: 8 who are ill and 95 who are healthy. You are one of these
# 103 people, and 8 of them are ill. So the probability is about $8 / 103 \approx 0.078$, that is 7.8 %. The test is not
# bad; the illness is rare, so most alarms come from the many healthy people.
#
# Now in formulas. $P(\text{ill} \mid \text{positive})$ is read "the probability of ill, *given* positive": among those
# with a positive test, the part that is ill. It is not the same as $P(\text{positive} \mid \text{ill})$, which is 80 %.
# To mix up the two is one of the most common mistakes there are.
#
# - The **prior** $P(\text{ill}) = 0.01$: how likely the cause is before you see the sign.
# - The **likelihood** $P(\text{positive} \mid \text{ill}) = 0.8$: how often this cause shows this sign.
# - The **evidence** $P(\text{positive})$: how often the sign is seen at all. Add up every way to get it:
#   $0.8 \cdot 0.01 + 0.096 \cdot 0.99 = 0.10304$.
# - The **posterior** $P(\text{ill} \mid \text{positive})$: what you want to know.
#
# You found it by counting: *the ill with a positive test, divided by all with a positive test.* Write that as a formula
# with prior, likelihood and evidence. It is called **Bayes' rule**.
#
# Your function should work for several causes at once too: then prior and likelihood are arrays, with a number for each
# cause. With NumPy you need not do anything for that.
#
# #### Exercise: `bayes` (2 points)


# %% nbgrader={"grade": false, "grade_id": "bayes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bayes(prior, likelihood, evidence):
    """The posterior: the probability of the cause, given the sign.

    prior: P(cause). likelihood: P(sign | cause). evidence: P(sign). Numbers, or arrays with a number for each cause.
    Returns a number, or an array.
    >>> round(float(bayes(0.01, 0.8, 0.10304)), 3)
    0.078
    """
    ### BEGIN SOLUTION
    return likelihood * prior / evidence
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Count people. Of 1000, how many are ill *and* have a positive test? How many have a positive test at all? Divide the
# first by the second.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# 1000 · 0.01 · 0.8 = 8 people are ill and have a positive test: that is 1000 · prior · likelihood. 1000 · 0.10304 have
# a positive test: that is 1000 · evidence. Divide. Where did the 1000 go?
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-bayes", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(bayes)

# %% [markdown]
# What if you take the test again, and it is positive again? Your new prior is the old posterior: you know more than
# before. How many positive tests do you need until you are 99 % sure? (This assumes that each new test fails
# independently of the ones before.)

# %% tags=["demo"]
belief = 0.01
print(f"before any test      {belief:.3f}")
for test in range(1, 6):
    evidence = 0.8 * belief + 0.096 * (1 - belief)
    belief = mine.bayes(belief, 0.8, evidence)
    print(f"positive test no. {test}  {belief:.3f}")

# %% [markdown]
# *What to notice.* One test moves you from 1 % to 8 %, the second one to 41 %. The fifth is the first that brings you
# above 99 %. Bayes' rule is a way to learn: old belief and new sign give a new belief.

# %% [markdown]
# *A good place to stop.* The setup cell brings everything back.

# %% [markdown]
# ## 5. Slopes
#
# Here is the main question of this whole course. A network has millions of numbers inside. It makes an error, and the
# error is a function of these numbers. *If I make this number a little larger, does the error grow or shrink, and how
# fast?* Whoever can answer this can teach a network.
#
# ### 5.1 One number
#
# *(First needed in chapter 2.)*
#
# Begin with a function of a single number, $f(x) = x^3 - 2x$. How steep is it at $x = 1$? On a mountain road you would
# measure: so many meters up, for so many meters forward. Slope is **rise divided by run**.
#
# So take a step $h$ to the right and a step $h$ to the left, and compare. The rise is $f(x + h) - f(x - h)$. What is
# the run?
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$
#
# This is called the **central difference**. The slope itself, $f'(x)$, is called the **derivative**: it is what comes
# out when $h$ shrinks towards 0. In the picture, which step comes close to the true slope, 1?


# %% tags=["demo"]
def cubic(x):
    return x**3 - 2 * x


x = np.linspace(-0.4, 2.1, 101)
fig, ax = plt.subplots(figsize=(6.5, 4))
ax.plot(x, cubic(x), "k", linewidth=2, label="$f(x) = x^3 - 2x$")
for h, color, style in [(1.0, PURPLE, ":"), (0.6, VERMILLION, "--"), (0.1, BLUE, "-")]:
    slope = (cubic(1 + h) - cubic(1 - h)) / (2 * h)
    middle = (cubic(1 + h) + cubic(1 - h)) / 2
    ax.plot(x, middle + slope * (x - 1), style, color=color, label=f"h = {h}: slope {slope:.2f}")
    ax.plot([1 - h, 1 + h], [cubic(1 - h), cubic(1 + h)], "o", color=color)
ax.set(xlabel="x", ylabel="f(x)", ylim=(-2.2, 4.4))
ax.legend(loc="upper left")
plt.show()

# %% [markdown]
# *What to notice.* Each straight line passes through two points of the curve. The smaller the step, the nearer its
# slope is to the true slope at $x = 1$. The line that only touches the curve is called the **tangent**.
#
# In the exercise, `f` is a function that you are given. In Python you call it like any other: `f(x + h)`.
#
# #### Exercise: `numerical_derivative` (2 points)


# %% nbgrader={"grade": false, "grade_id": "numerical_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_derivative(f, x, h):
    """The slope of f at x, by the central difference with step h.

    f: a function. x: a number, or an array (then f works element by element). h: a number above 0.
    Returns what f returns: a number, or an array.
    >>> round(numerical_derivative(lambda x: x**2, 3.0, 0.1), 6)
    6.0
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# The formula is one line. Which part of it stands above the fraction bar, and which below? Python does not see a
# fraction bar: `a / 2 * h` is computed from left to right, as `(a / 2) * h`.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# Call `f` twice: `f(x + h)` and `f(x - h)`. Put brackets around their difference, and brackets around `2 * h`. (`lambda
# x: x**2` in the example is a short way to write a function without a name.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-numerical_derivative", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(numerical_derivative)

# %% [markdown]
# See it move. In the next picture the two squares stand one step $h$ to each side, and the solid line has the slope
# that they give. The dashed line is the tangent; it has the true slope. Make the step smaller with the slider. Is
# smaller always better? (With the keyboard: press Tab until the slider is marked, then the arrow keys.)

# %% tags=["demo"]
explore.tangent(None, mine.numerical_derivative)

# %% [markdown]
# #### Which step is best?
#
# At first, smaller is better; then something goes wrong. What is it? The next cell measures the error for every size of
# step, in three ways. The function is $e^x$ at $x = 1$, because its slope is known exactly: it is $e$.
#
# The circles use `float64`, NumPy's usual numbers, with about 16 digits. The squares use `float32`, with about 7
# digits; networks are often trained with these. The triangles step to one side only: $(f(x + h) - f(x)) / h$.

# %% tags=["demo"]
steps = (10.0 ** np.arange(-15, 0.01, 0.25)).tolist()
one_sided = [abs((np.exp(1 + h) - np.exp(1)) / h - np.e) for h in steps]
central = [abs(mine.numerical_derivative(np.exp, np.float64(1), h) - np.e) for h in steps]
central32 = [abs(float(mine.numerical_derivative(np.exp, np.float32(1), h)) - np.e) for h in steps]

fig, ax = plt.subplots(figsize=(7, 4))
ax.loglog(steps, central32, "s--", color=VERMILLION, markersize=4, label="central difference, float32")
ax.loglog(steps, one_sided, "^:", color=GREEN, markersize=4, label="one-sided, float64")
ax.loglog(steps, central, "o-", color=BLUE, markersize=4, label="central difference, float64")
ax.set(xlabel="step h", ylabel="error of the slope", xticks=10.0 ** np.arange(-15, 1, 3))
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()
for name, errors in [("float64", central), ("float32", central32), ("one-sided", one_sided)]:
    print(f"{name:10} best step {steps[int(np.argmin(errors))]:.0e}, error {min(errors):.0e}")

# %% [markdown]
# *What to notice.* Each curve is a valley. Two errors work against each other.
#
# - **On the right the step is too large:** the curve bends within it. Make the step ten times smaller, and the central
#   difference becomes a hundred times better, the one-sided one only ten times. That is why we use the central one.
# - **On the left the step is too small:** the two values agree in almost all their digits, and only rounding is left of
#   their difference. With `float32` and a tiny step, $x + h$ is exactly $x$: the rise is 0, and nothing is left at all.
#
# Remember: about $10^{-5}$ for `float64`, and about $5 \cdot 10^{-3}$ for `float32`.

# %% [markdown]
# ### 5.2 Many numbers: the gradient
#
# *(First needed in chapter 3.)*
#
# A network has many numbers, so its error is a function of an array. Which slope do we mean then? One for **each**
# element: let this one move a little, and hold all the others still. These slopes together are the **gradient**, an
# array of the same shape:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}$$
#
# $e_i$ is 1 at place $i$ and 0 elsewhere, like a one-hot row: so $x + h e_i$ moves only $x_i$. The sign $\partial$
# says: there are other numbers too, and they stay where they are.
#
# Before you write it, one step by hand. Let $f(x) = x_0^2 + 3 x_0 x_1$, at the point $x = (1, 2)$. With $h = 0.1$, what
# is the slope along $x_1$? $f(1, 2.1) = 7.3$ and $f(1, 1.9) = 6.7$, so it is $0.6 / 0.2 = 3$.
#
# Three traps: `x` may have any shape. It may hold whole numbers (remember 2.1). And `x` belongs to whoever called you,
# so leave it as it was: work on a copy.
#
# #### Exercise: `numerical_gradient` (3 points)


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h):
    """The slope of f along each element of x, by the central difference with step h.

    f: a function of an array of the shape of x; it returns one number. x: array of any shape. h: a number above 0.
    Returns an array of the shape of x.
    >>> gradient = numerical_gradient(lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([1, 2]), 0.1)
    >>> np.round(gradient, 6).tolist()
    [8.0, 3.0]
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        x[i] = kept
        gradient[i] = (above - below) / (2 * h)
    return gradient
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Go through the places of `x`, one after the other. At each place do what `numerical_derivative` does, but move this
# one number alone. What must you do with the number before you go on to the next place?
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `x = np.array(x, dtype=float)` makes a copy that holds numbers with a point. `for i in np.ndindex(x.shape):` goes
# through all the places of an array of any shape; `x[i]` is the number there.
#
# For each place: remember `x[i]`, set it to a little more, call `f(x)`; set it to a little less, call `f(x)` again; put
# the old number back. The last part is easily forgotten.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-numerical_gradient", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(numerical_gradient)

# %% [markdown]
# What is a gradient good for? Think of two numbers as a place on a map, and of $f$ as the height there. The gradient is
# an arrow: it points to where the ground rises fastest. So to get down, go the other way, a little, and look again.
# Where will this walk end?


# %% tags=["demo"]
def valley(p):
    return p[0] ** 2 + 3 * p[1] ** 2


walk = [np.array([-2.6, 1.6])]
for _ in range(12):
    walk.append(walk[-1] - 0.1 * mine.numerical_gradient(valley, walk[-1], 1e-5))
walk = np.array(walk)

p0, p1 = np.meshgrid(np.linspace(-3, 3, 61), np.linspace(-2, 2, 41))
fig, ax = plt.subplots(figsize=(6.5, 4.2))
lines = ax.contour(p0, p1, valley([p0, p1]), levels=[0.2, 1, 2.5, 5, 9, 14], colors="0.6")
ax.clabel(lines)
ax.plot(walk[:, 0], walk[:, 1], "o-", color=BLUE, label="always against the gradient")
for place in [(-1.6, -0.9), (2.0, 0.9), (1.0, -1.2)]:
    slope = mine.numerical_gradient(valley, np.array(place), 1e-5)
    ax.annotate(
        "", np.add(place, 0.12 * slope), place, arrowprops={"color": VERMILLION, "width": 1.5, "headwidth": 8}
    )
ax.plot([], [], color=VERMILLION, label="the gradient: steepest way up")
ax.set(xlabel="$p_0$", ylabel="$p_1$", aspect="equal", xlim=(-3.4, 3.4), ylim=(-2.4, 2.8))
ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
plt.show()
print("heights on the way:", np.array([valley(place) for place in walk]))

# %% [markdown]
# *What to notice.* The lines connect places of equal height, as on a hiking map. Each arrow stands at a right angle to
# them. The walk goes down quickly where it is steep, and slowly where it is flat. This walk is called **gradient
# descent**. It is how networks learn; in a network $p$ has not 2 numbers but millions.
#
# Your function calls $f$ twice for each number. For a million numbers that takes two million calls, for a single step:
# far too slow. Chapter 3 finds the whole gradient with the work of a few calls. Your function will then be the judge
# that says whether the fast way is right.

# %% [markdown]
# ### 5.3 Many outputs: the Jacobian
#
# *(First needed in chapter 3.)*
#
# A layer of a network takes a vector of $n$ numbers and returns a vector of $m$ numbers. How many slopes are there now?
# Each output may change with each input: $m \cdot n$ slopes. They stand in a table, the **Jacobian** $J$. Row $i$
# belongs to output $i$, column $j$ to input $j$:
#
# $$J_{ij} = \frac{\partial f_i}{\partial x_j}$$
#
# Move input $j$, and you see the change of all outputs at once. So one central difference gives a whole **column** of
# $J$.
#
# #### Exercise: `jacobian` (3 points)


# %% nbgrader={"grade": false, "grade_id": "jacobian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jacobian(f, x, h):
    """The slope of each output of f along each element of x, by the central difference with step h.

    f: a function of a vector (n,) that returns a vector (m,). x: array (n,). h: a number above 0.
    Returns an array (m, n): row i for output i, column j for input j.
    >>> J = jacobian(lambda x: np.array([x[0] * x[1], x[0] + x[1], 4 * x[0]]), np.array([2.0, 3.0]), 0.1)
    >>> np.round(J, 6).tolist()
    [[3.0, 2.0], [1.0, 1.0], [4.0, 0.0]]
    """
    ### BEGIN SOLUTION
    columns = []
    for j in range(len(x)):
        step = np.zeros(len(x))
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# How does the *whole* output of f change if input `j` alone moves? That is one central difference of two vectors, and
# it fills one column.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# For each `j`: make a `step` of zeros with `h` at place `j`. The central difference of `f(x + step)` and `f(x - step)`
# is column `j`. Collect the columns in a list; `np.stack(columns, axis=1)` puts them side by side.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-jacobian", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(jacobian)

# %% [markdown]
# What does such a table of slopes mean? Take a function that moves every point of the plane to another one. It bends a
# small square. What does the Jacobian make of the same square?


# %% tags=["demo"]
def bend(p):
    return np.array([p[0] + 0.3 * np.sin(2 * p[1]), p[1] + 0.3 * p[0] ** 2])


corner = np.array([0.6, 0.3])
J = mine.jacobian(bend, corner, 1e-5)
print("J =\n", J)
t = np.linspace(0, 1, 30)
edges = np.concatenate(
    [np.stack(e) for e in [(t, 0 * t), (0 * t + 1, t), (1 - t, 0 * t + 1), (0 * t, 1 - t)]], axis=1
)
fig, axes = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
for ax, size in zip(axes, [0.8, 0.1], strict=True):
    square = size * edges  # shape (2, 120): one point in each column
    true = bend(corner[:, np.newaxis] + square)
    straight = bend(corner)[:, np.newaxis] + J @ square
    ax.fill(*true, color=BLUE, alpha=0.25, label="the square, moved by f")
    ax.plot(*straight, "--", color=VERMILLION, linewidth=2, label="f(corner) + J (point − corner)")
    ax.set(title=f"a square of side {size}", xlabel="output 0", ylabel="output 1", aspect="equal")
axes[0].legend(loc="upper left", fontsize=8)
axes[0].set(ylim=(0.2, 2.2))
plt.show()

# %% [markdown]
# *What to notice.* The dashed shape comes from one matrix product, `J @ square`. For the large square it is a rough
# picture of what $f$ does. For the small one it is almost exact. Near a point, the change of a smooth function is almost
# a matrix product: its Jacobian times the step.

# %% [markdown]
# ### 5.4 How the slope changes: the Hessian
#
# *(First needed in chapter 6.)*
#
# Is a flat place the bottom of a valley or the top of a hill? The slope is 0 at both. The answer lies in how the slope
# *changes*: around the bottom it goes from down to up.
#
# For a function of one number, the slope of the slope is the second derivative $f''$. For a function of $n$ numbers the
# gradient is a vector, so its slopes are a Jacobian. The Jacobian of the gradient is the **Hessian** $H$:
#
# $$H_{ij} = \frac{\partial}{\partial x_j} \left( \frac{\partial f}{\partial x_i} \right)$$
#
# You have both parts already. How short can your function be? Use the step `h` for both differences.
#
# #### Exercise: `hessian` (3 points)


# %% nbgrader={"grade": false, "grade_id": "hessian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hessian(f, x, h):
    """All second derivatives of f at x: the Jacobian of the gradient, with step h for both.

    f: a function of a vector (n,) that returns one number. x: array (n,). h: a number above 0.
    Returns an array (n, n).
    >>> H = hessian(lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([1.0, 2.0]), 0.1)
    >>> (np.round(H, 6) + 0.0).tolist()
    [[2.0, 3.0], [3.0, 0.0]]
    """
    ### BEGIN SOLUTION
    return jacobian(lambda point: numerical_gradient(f, point, h), x, h)
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Read the sentence above once more: the Jacobian *of the gradient*. Which of your functions takes a function? Which
# function must it be given? If your `jacobian` or your `numerical_gradient` does not pass its check yet, mend it first:
# this exercise stands on both.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `jacobian` wants a function of one vector, so make one that takes a point and returns the gradient of `f` there:
# `lambda point: ...`, with `numerical_gradient`, `f`, `point` and `h` in it.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-hessian", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(hessian)

# %% [markdown]
# Three places where the ground is flat. Can you tell from the Hessian which one is a bottom, which one is a top, and
# which one is neither?

# %% tags=["demo"]
shapes = {
    "x² + y²": lambda p: p[0] ** 2 + p[1] ** 2,
    "−x² − y²": lambda p: -(p[0] ** 2) - p[1] ** 2,
    "x² − y²": lambda p: p[0] ** 2 - p[1] ** 2,
}
p0, p1 = np.meshgrid(np.linspace(-1, 1, 25), np.linspace(-1, 1, 25))
fig, axes = plt.subplots(1, 3, figsize=(9, 3.2), subplot_kw={"projection": "3d"})
for ax, (name, f) in zip(axes, shapes.items(), strict=True):
    ax.plot_surface(p0, p1, f([p0, p1]), cmap="cividis", alpha=0.9)
    ax.set(title=name, xlabel="x", ylabel="y", xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[])
    H = mine.hessian(f, np.zeros(2), 1e-4)
    print(
        f"{name:10} second derivative along x: {H[0, 0]:+.3f}   along y: {H[1, 1]:+.3f}   mixed: {abs(H[0, 1]):.3f}"
    )
plt.show()

# %% [markdown]
# *What to notice.* Positive along both: it curves upwards, a bottom. Negative along both: a top. One of each: up in one
# direction, down in the other. This is a **saddle**, and chapter 6 asks what it does to learning. (Here the mixed
# numbers, beside the diagonal, are 0. If they are not, one must look more carefully; chapter 6 does.)

# %% [markdown]
# ### 5.5 Predict: the Taylor expansion
#
# *(First needed in chapter 6.)*
#
# You stand at $x_0$ in thick fog. You know the height, the slope and how the slope changes (the *curvature*) *where you
# stand*, and nothing else. How high is the ground a step $dx$ away?
#
# - Order 0: as high as here. $f(x_0)$.
# - Order 1: add the slope. The change is slope times step, added up over all the numbers: $g \cdot dx$, where $g$ is the
#   gradient at $x_0$.
# - Order 2: on the way the slope itself changes. Add $\frac{1}{2}\, dx \cdot H\, dx$, with the Hessian $H$ at $x_0$.
#
# $$f(x_0 + dx) \approx f(x_0) + g \cdot dx + \tfrac{1}{2}\, dx \cdot H\, dx$$
#
# Why the ½? At the start the slope has not changed at all, at the end it has changed by $H\,dx$. On average: half of
# it.
#
# Use your own functions, with the step $10^{-4}$ for both. (For the slope of a slope, smaller steps are already too
# small.)
#
# #### Exercise: `taylor2` (2 points)


# %% nbgrader={"grade": false, "grade_id": "taylor2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def taylor2(f, x0, dx):
    """Predict f(x0 + dx) from value, gradient and Hessian at x0.

    f: a function of a vector (n,) that returns one number. x0: array (n,). dx: array (n,). Returns one number.
    >>> f = lambda x: x[0] ** 2 + x[0] * x[1]
    >>> round(float(taylor2(f, np.array([1.0, 2.0]), np.array([1.0, -1.0]))), 3)
    6.0
    """
    ### BEGIN SOLUTION
    gradient = numerical_gradient(f, x0, 1e-4)
    H = hessian(f, x0, 1e-4)
    return f(x0) + gradient @ dx + 0.5 * dx @ H @ dx
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# Three parts, added up: the height, the change by the slope, the change of the slope. The first is a number, `f(x0)`.
# For the other two you need the gradient and the Hessian at `x0`, both with the step `1e-4`.
#
# </details>
#
# <details><summary>Second hint</summary>
#
# `gradient @ dx` is the dot product: multiply element by element, then add up. `dx @ H @ dx` does it twice, and gives
# one number. Do not forget the ½.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "check-taylor2", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(taylor2)


# %% tags=["demo"]
def hills(x):
    return np.sin(2 * x[0]) + 0.25 * x[0] ** 2


x0, moves = 1.2, np.linspace(-1.5, 1.5, 61)
truth = np.array([hills([x0 + dx]) for dx in moves])
second = np.array([mine.taylor2(hills, np.array([x0]), np.array([dx])) for dx in moves])
first = hills([x0]) + mine.numerical_derivative(lambda x: hills([x]), x0, 1e-5) * moves
fig, ax = plt.subplots(figsize=(6.5, 4))
ax.plot(x0 + moves, truth, "k", linewidth=2, label="f")
ax.plot(x0 + moves, first, ":", color=GREEN, linewidth=2, label="order 1: the tangent")
ax.plot(x0 + moves, second, "--", color=VERMILLION, linewidth=2, label="order 2: a parabola")
ax.plot([x0], [hills([x0])], "ko", markersize=9)
ax.set(xlabel="x", ylabel="height", ylim=(-2, 3))
ax.legend()
plt.show()
for dx in [0.1, 0.2, 0.4]:
    error = abs(mine.taylor2(hills, np.array([x0]), np.array([dx])) - hills([x0 + dx]))
    print(f"a step of {dx}: wrong by {error:.5f}")

# %% [markdown]
# *What to notice.* Near the point, the parabola lies almost on the curve. Far away it knows nothing. A step that is
# half as long makes an error that is about eight times smaller. So a prediction from one point is good for small steps,
# and this is why networks learn in small steps.

# %% [markdown]
# ## What you have learned
#
# - A check calls your function on new inputs and compares it with a right one. Read the first sentence, then the case.
# - One row is one sample, one column is one feature. When something fails, look at the shapes.
# - The axis that you name is the one that disappears. Broadcasting repeats what has length 1.
# - Bring columns to one scale; write classes as one-hot rows; multiply matrices with `@`.
# - Bayes' rule turns "how often does this cause show this sign?" into "how likely is this cause, now that I see the
#   sign?"
# - A slope is rise over run. The central difference measures it; a step can be too large and too small.
# - The gradient has the slope along each number and points up. Against it lies the way down, and that is how networks
#   learn.

# %% tags=["demo"]
progress("00_start")

# %% [markdown]
# Compare your functions with model answers: `solution("standardize")` shows both, one below the other. What does the one
# do that the other does not? And look at your library: write `mine` in a cell of your own.
#
# ### To read on
#
# - *NumPy: the absolute basics for beginners*, in NumPy's own documentation.
# - *Essence of linear algebra* and *Essence of calculus*, Grant Sanderson (3Blue1Brown): two series of films, all
#   pictures.
# - *An Intuitive Explanation of Bayes' Theorem*, Eliezer Yudkowsky: the question of section 4, told slowly.
# - *Mathematics for Machine Learning*, Marc Peter Deisenroth, A. Aldo Faisal and Cheng Soon Ong: chapters 2, 5 and 6.
# - *Deep Learning*, Ian Goodfellow, Yoshua Bengio and Aaron Courville: chapters 2 to 4. Section 4.3.1 is about the
#   Jacobian and the Hessian.
# - *What every computer scientist should know about floating-point arithmetic*, David Goldberg (1991): why small steps
#   get lost in rounding.
#
# ### Where to go next
#
# You have the tools. **Chapter 1**, `01_neuron`, builds the smallest thing that one can make of them: a single neuron.
# It weighs its inputs and decides. What can it do, and what can it never do?
