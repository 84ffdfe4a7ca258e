"""What the reference of chapter 7 promises about augmentation."""

from __future__ import annotations

import doctest
from collections import Counter

import numpy as np
import pytest

from byhand.reference.regularization import augmentation as module
from byhand.reference.regularization.augmentation import add_noise, random_flip, random_shift

IMAGES = np.random.default_rng(1).uniform(1, 2, size=(400, 5, 4))


def rng(seed=0):
    return np.random.default_rng(seed)


def shifted(image, down, right):
    """One image, moved by hand."""
    moved = np.zeros_like(image)
    height, width = image.shape[-2:]
    for y in range(height):
        for x in range(width):
            if 0 <= y + down < height and 0 <= x + right < width:
                moved[..., y + down, x + right] = image[..., y, x]
    return moved


def test_each_image_is_mirrored_or_left_as_it_is():
    out = random_flip(IMAGES, 0.3, rng())
    mirrored = [np.array_equal(after, before[:, ::-1]) for before, after in zip(IMAGES, out, strict=True)]
    same = [np.array_equal(after, before) for before, after in zip(IMAGES, out, strict=True)]
    assert all(one != other for one, other in zip(mirrored, same, strict=True))
    assert np.mean(mirrored) == pytest.approx(0.3, abs=0.1)


def test_flipping_all_twice_changes_nothing_and_none_neither():
    np.testing.assert_array_equal(random_flip(random_flip(IMAGES, 1.0, rng()), 1.0, rng(1)), IMAGES)
    np.testing.assert_array_equal(random_flip(IMAGES, 0.0, rng()), IMAGES)


def test_each_image_is_moved_by_a_draw_of_its_own_and_every_move_occurs():
    moves = {(dy, dx): shifted(IMAGES, dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)}
    out = random_shift(IMAGES, 1, rng())
    seen = Counter()
    for i, image in enumerate(out):
        (move,) = [move for move, candidates in moves.items() if np.array_equal(image, candidates[i])]
        seen[move] += 1
    assert set(seen) == set(moves)
    assert max(seen.values()) < 3 * min(seen.values())


def test_a_shift_of_at_most_nothing_changes_nothing():
    np.testing.assert_array_equal(random_shift(IMAGES, 0, rng()), IMAGES)


def test_a_shift_may_be_wider_than_the_image():
    out = random_shift(IMAGES, 9, rng())
    assert out.shape == IMAGES.shape
    assert (out == 0).all(axis=(1, 2)).any()


def test_noise_has_the_mean_and_the_deviation_that_were_asked_for():
    noise = add_noise(IMAGES, 0.3, rng()) - IMAGES
    assert noise.mean() == pytest.approx(0, abs=0.02)
    assert noise.std() == pytest.approx(0.3, rel=0.05)
    assert np.abs(noise).max() > 0.9  # normal, not uniform: there is no largest value
    np.testing.assert_array_equal(add_noise(IMAGES, 0.0, rng()), IMAGES)


WAYS = {
    "random_flip": lambda images, rng: random_flip(images, 0.5, rng),
    "random_shift": lambda images, rng: random_shift(images, 1, rng),
    "add_noise": lambda images, rng: add_noise(images, 0.1, rng),
}
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@each_way
def test_channels_of_an_image_go_together(way):
    alone = way(IMAGES[:, np.newaxis], rng())
    assert alone.shape == (400, 1, 5, 4)
    twice = np.repeat(IMAGES[:, np.newaxis], 2, axis=1)
    if way is not WAYS["add_noise"]:
        out = way(twice, rng())
        np.testing.assert_array_equal(out[:, 0], out[:, 1])
        np.testing.assert_array_equal(out[:, :1], alone)


@each_way
def test_the_same_generator_draws_the_same(way):
    np.testing.assert_array_equal(way(IMAGES, rng(3)), way(IMAGES, rng(3)))
    assert not np.array_equal(way(IMAGES, rng(3)), way(IMAGES, rng(4)))


@each_way
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_inputs_are_left_alone_and_their_dtype_is_kept(way, dtype):
    images = IMAGES.astype(dtype)
    images.flags.writeable = False
    out = way(images, rng())
    assert out.dtype == dtype
    assert not np.shares_memory(out, images)


@each_way
def test_no_images_are_no_trouble(way):
    assert way(IMAGES[:0], rng()).shape == (0, 5, 4)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: random_flip(np.ones((5, 4)), 0.5, rng()), r"random_flip: images has shape \(5, 4\)"),
        (lambda: random_flip(IMAGES, 1.5, rng()), r"p is 1\.5"),
        (lambda: random_shift(np.ones(4), 1, rng()), r"random_shift: images has shape \(4,\)"),
        (lambda: random_shift(IMAGES, -1, rng()), "most is -1"),
        (lambda: add_noise(IMAGES, -0.1, rng()), r"scale is -0\.1"),
    ],
)
def test_what_does_not_fit_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_are_true():
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
