"""The exercises of chapter 07 on augmentation.

Chance can be asked in many ways, so each function is judged image by image: is it one of the changes that were
allowed, and did each image get a draw of its own? Bounds are six standard deviations wide: by chance alone, fewer
than one in ten million checks of a right function fails.
"""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.regularization import augmentation


def _images(draw, *shape):
    """Pictures without a 0, so that what was filled in can be told from what was moved."""
    return draw.uniform(0.1, 1, *shape)


def _same(one, other):
    """For each image, whether the two agree."""
    return np.all(np.isclose(one, other, rtol=1e-6), axis=(1, 2))


@exercise(augmentation.random_flip)
def random_flip(draw):
    yield np.arange(1.0, 13.0).reshape(2, 2, 3), 0.5, draw.rng()
    yield _images(draw, 3, 3, 3), 1.0, draw.rng()
    yield _images(draw, 3, 3, 3), 0.0, draw.rng()
    yield _images(draw, 1, 2, 4), 1.0, draw.rng()  # one image
    images, p, rng = _images(draw, 300, 3, 3), draw.choice([0.2, 0.3, 0.8]), draw.rng()
    for generator in (rng, rng, draw.rng()):  # asked twice for the same answer, once for another
        yield images, p, generator


@random_flip.accept
def _(answer, images, p, rng):
    mirrored = _same(answer, images[:, :, ::-1])
    allowed = mirrored | _same(answer, images)
    if not allowed.all():
        wrong = answer[~allowed]
        if _same(wrong, images[~allowed][:, ::-1]).any():
            return "You turned images upside down. Left to right means along the last axis, the columns."
        if _same(wrong, images[~allowed][:, ::-1, ::-1]).any():
            return "You mirrored images in both directions. Left to right means along the last axis alone."
        if all(any(np.array_equal(one, other) for other in images) for one in wrong):
            return "You exchanged whole images. Each must stay in its place: its label does not move with it."
        return (
            "Each image must come out as it was, or mirrored from left to right. Some of yours are neither."
        )
    n, share = len(images), mirrored.mean()
    if n >= 100:
        if share in (0, 1):
            return f"You made one draw for all {n} images. Each needs a chance of its own."
        deviation = np.sqrt(p * (1 - p) / n)
        if abs(share - (1 - p)) < 6 * deviation < abs(share - p):
            return (
                f"You mirrored {share:.0%} of the images with p = {p}. p is the probability to be mirrored."
            )
        if abs(share - p) > 6 * deviation:
            return f"You mirrored {share:.0%} of {n} images with p = {p}: that is too far from {p:.0%}."
    elif p in (0, 1) and share != p:
        return "With p = 1 every image must be mirrored, and with p = 0 none."
    return None


MIRRORS = {
    "left to right": lambda images: images[:, :, ::-1],
    "upside down": lambda images: images[:, ::-1],
    "both": lambda images: images[:, ::-1, ::-1],
}


@random_flip.switchable
def _flipped(images, p, rng, *, mirror="left to right", draws="each image", p_is="mirrored"):
    n = len(images)
    if draws == "never":
        chosen = np.ones(n, bool)
    else:
        chance = rng.random(n) if draws == "each image" else np.full(n, rng.random())
        chosen = (chance < p) == (p_is == "mirrored")
    return np.where(chosen[:, np.newaxis, np.newaxis], MIRRORS[mirror](images), images)


random_flip.switch(
    "upside-down",
    "You turned images upside down. Left to right means along the last axis, the columns.",
    mirror="upside down",
)
random_flip.switch(
    "both-directions",
    "You mirrored images in both directions, which turns them by 180°. Left to right means along the last axis alone.",
    mirror="both",
)
random_flip.switch(
    "one-draw-for-all",
    "You made one draw for all the images: they are mirrored together, or not at all. Each needs a chance of its own.",
    draws="once",
)
random_flip.switch(
    "always", "You mirrored every image. Each should be mirrored with probability p only.", draws="never"
)
random_flip.switch(
    "p-leaves-alone",
    "Your p is the probability to be left alone. Here it is the probability to be mirrored.",
    p_is="left alone",
)


@random_flip.mistake(
    "images-reversed",
    "You reversed the order of the images, not their columns. Then they do not fit to their labels any more.",
)
def _(images, p, rng):
    return images[::-1].copy()


@exercise(augmentation.random_shift)
def random_shift(draw):
    yield np.arange(1.0, 19.0).reshape(2, 3, 3), 1, draw.rng()
    images, rng = _images(draw, 400, 4, 5), draw.rng()
    for generator in (rng, rng, draw.rng()):  # asked twice for the same answer, once for another
        yield images, 1, generator
    yield _images(draw, 600, 5, 5), 2, draw.rng()
    yield _images(draw, 3, 3, 3), 0, draw.rng()
    yield _images(draw, 1, 1, 1), 0, draw.rng()  # one image, one pixel


def _moved(images, down, right):
    """All images, moved by the same number of pixels, with zeros in the gap."""
    height, width = images.shape[1:]
    moved = np.zeros_like(images)
    if abs(down) < height and abs(right) < width:
        to, source = (slice(max(down, 0), height + min(down, 0)), slice(max(-down, 0), height - max(down, 0)))
        to_x, source_x = (
            slice(max(right, 0), width + min(right, 0)),
            slice(max(-right, 0), width - max(right, 0)),
        )
        moved[:, to, to_x] = images[:, source, source_x]
    return moved


def _moves(answer, images, most, move):
    """How far down and right each image went; NaN where no move explains it."""
    found = np.full((len(images), 2), np.nan)
    for down in range(-most, most + 1):
        for right in range(-most, most + 1):
            found[_same(answer, move(images, down, right))] = down, right
    return found


@random_shift.accept
def _(answer, images, most, rng):
    moves = _moves(answer, images, most, _moved)
    lost = np.isnan(moves[:, 0])
    if lost.any():
        left, before = answer[lost], images[lost]
        if not np.isnan(_moves(left, before, most, _rolled)).all():
            return (
                "What you move over one edge comes in again at the other, as with np.roll. It must be lost, "
                "and the gap filled with 0."
            )
        if not np.isnan(_moves(left, before, most + 2, _moved)).all():
            return f"Some images moved by more than {most}. Moves go from -{most} to {most}, both included."
        return "Each image must be the old one, moved by whole pixels, with 0 where nothing came from. Some are not."
    return _spread(moves, most) if len(images) >= 100 and most else None


def _spread(moves, most):
    if np.all(moves == moves[0]):
        return "You made one draw for all the images. Each must be moved by a draw of its own."
    down, right = moves.T
    if np.all(down == right) or np.all(down == -right):
        return "Your images move along one diagonal only. Down and right need a draw each."
    options = np.arange(-most, most + 1)
    expected = len(moves) / len(options)
    for name, steps in (("down", down), ("right", right)):
        counts = np.array([np.sum(steps == option) for option in options])
        never = options[counts == 0].tolist()
        if never == [most]:
            return f"No image moved {name} by {most}. The upper end of rng.integers is left out: what must it be?"
        if never:
            listed = " or ".join(map(str, never))
            return (
                f"No image moved {name} by {listed}. Every whole number from -{most} to {most} should occur."
            )
        if np.any(np.abs(counts - expected) > 6 * np.sqrt(expected)):
            return (
                f"Moving {name}, some steps are much more frequent than others. All should be equally likely."
            )
    return None


def _rolled(images, down, right):
    return np.roll(images, (down, right), axis=(1, 2))


@random_shift.switchable
def _shifted(images, most, rng, *, move=_moved, lowest=-1, after=1, draws="two an image"):
    """Draw from lowest · most to most + after, which is left out of what rng.integers draws."""
    count = {"two an image": (len(images), 2), "two": (1, 2), "one an image": (len(images), 1)}[draws]
    steps = rng.integers(lowest * most, max(most + after, lowest * most + 1), count)
    steps = np.broadcast_to(steps, (len(images), 2))
    return np.concatenate([move(images[i : i + 1], *steps[i]) for i in range(len(images))])


random_shift.switch(
    "comes-in-again",
    "What you move over one edge comes in again at the other, as with np.roll. It must be lost, and the gap filled "
    "with 0.",
    move=_rolled,
)
random_shift.switch(
    "one-draw-for-all",
    "You made one draw for all the images. Each must be moved by a draw of its own.",
    draws="two",
)
random_shift.switch(
    "only-down-and-right",
    "Your images only move down and to the right. Moves go from -most to most, in both directions.",
    lowest=0,
)
random_shift.switch(
    "along-the-diagonal",
    "Your images move along one diagonal only: down and right share one draw. Each direction needs its own.",
    draws="one an image",
)
random_shift.switch(
    "never-most",
    "No image moved by +most: the upper end of rng.integers is left out of what it draws. What must it be?",
    after=0,
)
random_shift.switch(
    "not-up-and-down",
    "Your images move to the left and right, but not up and down.",
    move=lambda images, down, right: _moved(images, 0, right),
)


@exercise(augmentation.add_noise)
def add_noise(draw):
    images, rng = draw.uniform(0, 1, 1, 3, 4), draw.rng()
    for generator in (rng, rng, draw.rng()):  # asked twice for the same answer, once for another
        yield images, 0.1, generator
    yield draw.uniform(0, 1, 2, 2, 2), 0.0, draw.rng()
    yield draw.uniform(0, 1, 1, 1, 1), 0.5, draw.rng()  # one image, one pixel
    # so many pixels that a mean of 0.05 · scale stands out
    yield np.tile([0.0, 1.0], (90, 20, 10)), draw.choice([0.2, 0.3, 2.0]), draw.rng()


@add_noise.accept
def _(answer, images, scale, rng):
    noise = answer - images
    if scale == 0:
        return (
            None
            if np.allclose(noise, 0)
            else "With scale = 0 there is no noise: the images come as they are."
        )
    if noise.size < 100:
        return "Nothing was added." if np.all(noise == 0) else None
    return _shared(noise) or _not_added(answer, images, noise) or _not_normal(noise, scale)


def _shared(noise):
    if np.all(noise == noise[:1]):
        return "Every image got the same noise. Then a network can learn the noise by heart: draw for each pixel."
    if np.all(np.ptp(noise, axis=(1, 2)) < 1e-9):
        return "All pixels of an image got the same number. Each pixel needs a draw of its own."
    return None


def _not_added(answer, images, noise):
    if np.all(noise[images == 0] == 0):
        return "Where a pixel was 0, nothing happened: you multiplied by the noise. It is to be added."
    if answer.min() == images.min() or answer.max() == images.max():
        return "You cut the result off, so that the noise no longer has the mean 0. Leave it as it comes."
    return None


def _not_normal(noise, scale):
    n, mean, deviation = noise.size, noise.mean(), noise.std()
    if abs(mean) > 6 * deviation / np.sqrt(n):
        return f"The mean of your noise is {mean:.2g}. It should be 0: as often down as up."
    bound = 6 * scale / np.sqrt(2 * n)
    if abs(deviation - scale) > bound:
        if abs(deviation - scale**2) < bound or abs(deviation - np.sqrt(scale)) < bound:
            return (
                f"Your noise has the standard deviation {deviation:.2g}, not {scale}: scale is the standard deviation "
                "itself, not the variance."
            )
        return f"Your noise has the standard deviation {deviation:.3g}, not {scale}."
    if np.abs(noise).max() < 2.5 * scale:
        return "Your noise never goes far from 0. Normal numbers do now and then: use rng.normal, not rng.uniform."
    z = (noise - mean) / deviation
    # The fourth moment less 3: 0 for normal numbers, and by chance seldom 0.03 away; 3 for Laplace's, -1.2 for uniform.
    tails, lean = np.mean(z**4) - 3, np.mean(z**3)
    if tails > 0.5:
        return (
            "Your noise goes far from 0 too often for normal numbers. Which method of rng draws normal ones?"
        )
    if tails < -0.5 or abs(lean) > 0.3:
        return "Your noise has the right mean and width, but it is not normally distributed: use rng.normal."
    return None


NOISES = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "uniform": lambda rng, shape: rng.uniform(-1, 1, shape),
    "uniform, as wide": lambda rng, shape: rng.uniform(-1, 1, shape) * np.sqrt(3),
    "from 0 to 1": lambda rng, shape: rng.random(shape),
    "Laplace's": lambda rng, shape: rng.laplace(size=shape),
    "Laplace's, as wide": lambda rng, shape: rng.laplace(size=shape) / np.sqrt(2),
}


@add_noise.switchable
def _noisy(
    images, scale, rng, *, kind="normal", draws="pixel", width=lambda scale: scale, use="add", cut=False
):
    shape = {"pixel": images.shape, "place": images.shape[1:], "all": ()}[draws]
    noise = np.broadcast_to(width(scale) * NOISES[kind](rng, shape), images.shape)
    out = {"add": images + noise, "multiply": images * (1 + noise), "alone": noise + 0.0}[use]
    return np.clip(out, 0, 1) if cut else out


add_noise.switch(
    "mean-not-0",
    "The mean of your noise is not 0: rng.random gives numbers from 0 to 1. Which function gives normal ones?",
    kind="from 0 to 1",
)
add_noise.switch(
    "uniform",
    "Your noise is uniform: all its numbers lie between two ends. Normal numbers have no end; which method draws them?",
    kind="uniform",
)
add_noise.switch("uniform", kind="uniform, as wide")
add_noise.switch(
    "laplace",
    "Your noise is Laplace's: it has more numbers close to 0 and more far from it than the normal distribution.",
    kind="Laplace's",
)
add_noise.switch("laplace", kind="Laplace's, as wide")
add_noise.switch(
    "same-for-all-images",
    "Every image got the same noise. Then the network can learn the noise by heart: draw a number for each pixel.",
    draws="place",
)
add_noise.switch(
    "same-for-all-pixels",
    "You added one number to all pixels. Each pixel needs a draw of its own.",
    draws="all",
)
add_noise.switch(
    "cut-off",
    "You cut the result off at 0 and 1, so that the noise no longer has the mean 0. Leave it as it comes.",
    cut=True,
)
add_noise.switch(
    "multiplied",
    "You multiplied by the noise: a pixel of 0 stays 0. The noise is to be added.",
    use="multiply",
)
add_noise.switch(
    "scale-as-variance",
    "You took scale for the variance. It is the standard deviation: normal numbers are simply multiplied by it.",
    width=np.sqrt,
)
add_noise.switch(
    "scale-squared",
    "You squared scale. It is the standard deviation already: normal numbers are simply multiplied by it.",
    width=np.square,
)
add_noise.switch(
    "noise-alone", "You returned the noise alone. It has to be added to the images.", use="alone"
)
