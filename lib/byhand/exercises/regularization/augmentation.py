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
    rng = draw.rng()
    for _ in range(2):  # asked twice, for the same answer
        yield np.arange(1.0, 13.0).reshape(2, 2, 3), 0.5, rng
    yield _images(draw, 3, 3, 3), 1.0, draw.rng()
    yield _images(draw, 3, 3, 3), 0.0, draw.rng()
    yield _images(draw, 300, 3, 3), draw.choice([0.2, 0.3, 0.8]), draw.rng()


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


def _flip(images, chosen, mirror):
    return np.where(chosen[:, np.newaxis, np.newaxis], mirror(images), images)


def _chosen(images, p, rng):
    return rng.random(len(images)) < p


@random_flip.mistake(
    "unnamed-1", "You turned images upside down. Left to right means along the last axis, the columns."
)
def _(images, p, rng):
    return _flip(images, _chosen(images, p, rng), lambda all_of_them: all_of_them[:, ::-1])


@random_flip.mistake(
    "unnamed-2",
    "You mirrored images in both directions, which turns them by 180°. Left to right means along the last axis alone.",
)
def _(images, p, rng):
    return _flip(images, _chosen(images, p, rng), lambda all_of_them: all_of_them[:, ::-1, ::-1])


@random_flip.mistake(
    "unnamed-3",
    "You made one draw for all the images: they are mirrored together, or not at all. Each needs a chance of its own.",
)
def _(images, p, rng):
    return _flip(images, np.full(len(images), rng.random() < p), lambda all_of_them: all_of_them[:, :, ::-1])


@random_flip.mistake(
    "unnamed-4", "You mirrored every image. Each should be mirrored with probability p only."
)
def _(images, p, rng):
    return images[:, :, ::-1].copy()


@random_flip.mistake(
    "unnamed-5", "Your p is the probability to be left alone. Here it is the probability to be mirrored."
)
def _(images, p, rng):
    return _flip(images, ~_chosen(images, p, rng), lambda all_of_them: all_of_them[:, :, ::-1])


@random_flip.mistake(
    "unnamed-6",
    "You reversed the order of the images, not their columns. Then they do not fit to their labels any more.",
)
def _(images, p, rng):
    return images[::-1].copy()


@exercise(augmentation.random_shift)
def random_shift(draw):
    rng = draw.rng()
    for _ in range(2):  # asked twice, for the same answer
        yield np.arange(1.0, 19.0).reshape(2, 3, 3), 1, rng
    yield _images(draw, 400, 4, 5), 1, draw.rng()
    yield _images(draw, 600, 5, 5), 2, draw.rng()
    yield _images(draw, 3, 3, 3), 0, draw.rng()


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


def _each(images, steps, move=_moved):
    return np.concatenate([move(images[i : i + 1], *steps[i]) for i in range(len(images))])


@random_shift.mistake(
    "unnamed-1",
    "What you move over one edge comes in again at the other, as with np.roll. It must be lost, and the gap filled "
    "with 0.",
)
def _(images, most, rng):
    return _each(images, rng.integers(-most, most + 1, (len(images), 2)), _rolled)


@random_shift.mistake(
    "unnamed-2", "You made one draw for all the images. Each must be moved by a draw of its own."
)
def _(images, most, rng):
    return _moved(images, *rng.integers(-most, most + 1, 2))


@random_shift.mistake(
    "unnamed-3",
    "Your images only move down and to the right. Moves go from -most to most, in both directions.",
)
def _(images, most, rng):
    return _each(images, rng.integers(0, most + 1, (len(images), 2)))


@random_shift.mistake(
    "unnamed-4",
    "Your images move along one diagonal only: down and right share one draw. Each direction needs its own.",
)
def _(images, most, rng):
    return _each(images, np.repeat(rng.integers(-most, most + 1, (len(images), 1)), 2, axis=1))


@random_shift.mistake(
    "unnamed-5",
    "No image moved by +most: the upper end of rng.integers is left out of what it draws. What must it be?",
)
def _(images, most, rng):
    return _each(images, rng.integers(-most, max(most, 1), (len(images), 2)))


@random_shift.mistake("unnamed-6", "Your images move to the left and right, but not up and down.")
def _(images, most, rng):
    return _each(images, rng.integers(-most, most + 1, (len(images), 2)) * np.array([0, 1]))


@exercise(augmentation.add_noise)
def add_noise(draw):
    rng = draw.rng()
    for _ in range(2):  # asked twice, for the same answer
        yield np.array([[[0.0, 1.0], [0.5, 0.25]]]), 0.1, rng
    yield np.where(np.arange(8) % 2, 1.0, 0.0) * np.ones((30, 8, 8)), draw.choice([0.2, 0.3, 2.0]), draw.rng()


@add_noise.accept
def _(answer, images, scale, rng):
    noise = answer - images
    n = noise.size
    if n < 100:
        return "Nothing was added." if np.all(noise == 0) else None
    if np.all(noise == noise[:1]):
        return "Every image got the same noise. Then a network can learn the noise by heart: draw for each pixel."
    if np.all(np.ptp(noise, axis=(1, 2)) < 1e-9):
        return "All pixels of an image got the same number. Each pixel needs a draw of its own."
    if np.all(noise[images == 0] == 0):
        return "Where a pixel was 0, nothing happened: you multiplied by the noise. It is to be added."
    if answer.min() == images.min() or answer.max() == images.max():
        return "You cut the result off, so that the noise no longer has the mean 0. Leave it as it comes."
    mean, deviation = noise.mean(), noise.std()
    if abs(mean) > 6 * deviation / np.sqrt(n):
        return f"The mean of your noise is {mean:.2f}. It should be 0: as often down as up."
    bound = 6 * scale / np.sqrt(2 * n)
    if abs(deviation - scale) > bound:
        if abs(deviation - scale**2) < bound or abs(deviation - np.sqrt(scale)) < bound:
            return (
                f"Your noise has the standard deviation {deviation:.2g}, not {scale}: scale is the standard deviation "
                "itself, not the variance."
            )
        return f"Your noise has the standard deviation {deviation:.2g}, not {scale}."
    if np.abs(noise).max() < 2.5 * scale:
        return "Your noise never goes far from 0. Normal numbers do now and then: use rng.normal, not rng.uniform."
    return None


@add_noise.mistake(
    "unnamed-1",
    "The mean of your noise is not 0: rng.random gives numbers from 0 to 1. Which function gives normal ones?",
)
def _(images, scale, rng):
    return images + scale * rng.random(images.shape)


@add_noise.mistake(
    "unnamed-2",
    "Every image got the same noise. Then the network can learn the noise by heart: draw a number for each pixel.",
)
def _(images, scale, rng):
    return images + scale * rng.normal(size=images.shape[1:])


@add_noise.mistake("unnamed-3", "You added one number to all pixels. Each pixel needs a draw of its own.")
def _(images, scale, rng):
    return images + scale * rng.normal()


@add_noise.mistake(
    "unnamed-4",
    "You cut the result off at 0 and 1, so that the noise no longer has the mean 0. Leave it as it comes.",
)
def _(images, scale, rng):
    return np.clip(images + scale * rng.normal(size=images.shape), 0, 1)


@add_noise.mistake(
    "unnamed-5", "You multiplied by the noise: a pixel of 0 stays 0. The noise is to be added."
)
def _(images, scale, rng):
    return images * (1 + scale * rng.normal(size=images.shape))


@add_noise.mistake(
    "unnamed-6",
    "You took scale for the variance. It is the standard deviation: normal numbers are simply multiplied by it.",
)
def _(images, scale, rng):
    return images + np.sqrt(scale) * rng.normal(size=images.shape)


@add_noise.mistake(
    "unnamed-7",
    "You squared scale. It is the standard deviation already: normal numbers are simply multiplied by it.",
)
def _(images, scale, rng):
    return images + scale**2 * rng.normal(size=images.shape)


@add_noise.mistake("unnamed-8", "You returned the noise alone. It has to be added to the images.")
def _(images, scale, rng):
    return scale * rng.normal(size=images.shape)
