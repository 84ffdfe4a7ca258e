"""Chapter 7's exercises that draw by chance: every right way of drawing passes, and a wrong one is told what is wrong.

The mistakes in the specs draw as the reference does. Learners need not; then the check must see it by the numbers.
"""

from __future__ import annotations

import numpy as np
import pytest

from byhand.checking import sentences as say
from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.exercises import find

SEEDS = range(60)


def report(name, function, seed):
    spec = find(name)
    cases = spec.cases([7, seed])
    return judge(spec, cases, collect(function, encode_cases(cases)))


# ---- dropout ----


def dropped_by(draw_mask):
    """A dropout whose mask of 0 and 1 comes from `draw_mask(shape, p, rng)`."""

    def dropout_forward(x, p, rng, train):
        if not train:
            return x, np.ones_like(x)
        mask = draw_mask(x.shape, p, rng) / (1 - p)
        return x * mask, mask

    return dropout_forward


def number_by_number(shape, p, rng):
    mask = np.zeros(shape)
    for place in np.ndindex(shape):
        if rng.random() > p:
            mask[place] = 1
    return mask


def exactly_the_share(shape, p, rng):
    """Not independent, but nobody can tell from one draw."""
    mask = np.ones(shape)
    mask.flat[rng.permutation(mask.size)[: round(p * mask.size)]] = 0
    return mask


RIGHT_MASKS = {
    "random < 1 - p": lambda shape, p, rng: rng.random(shape) < 1 - p,
    "random > p": lambda shape, p, rng: rng.random(shape) > p,
    "uniform": lambda shape, p, rng: rng.uniform(0, 1, shape) >= p,
    "binomial": lambda shape, p, rng: rng.binomial(1, 1 - p, shape),
    "choice": lambda shape, p, rng: rng.choice([0, 1], size=shape, p=[p, 1 - p]),
    "turned": lambda shape, p, rng: (rng.random(shape[::-1]) >= p).T,
    "one by one": number_by_number,
    "exactly p": exactly_the_share,
}


@pytest.mark.parametrize("mask", RIGHT_MASKS.values(), ids=RIGHT_MASKS)
def test_dropout_may_draw_its_mask_in_any_way(mask):
    for seed in SEEDS[:10] if mask is number_by_number else SEEDS:
        assert report("dropout_forward", dropped_by(mask), seed).passed


def keeps(shape, p, rng):
    return rng.binomial(1, p, shape)


def masked(draw_mask, evaluation=lambda x, p: np.ones_like(x)):
    """A dropout that multiplies by a mask, and whose cache is that mask, right or wrong."""

    def dropout_forward(x, p, rng, train):
        mask = draw_mask(x.shape, p, rng) if train else evaluation(x, p)
        return x * mask, np.broadcast_to(mask, x.shape)

    return dropout_forward


def drops_always(x, p, rng, train):
    mask = keeps(x.shape, 1 - p, rng) / (1 - p)
    return x * mask, mask


def one_too_large(x, p, rng, train):
    out, mask = dropped_by(lambda shape, p, rng: keeps(shape, 1 - p, rng))(x, p, rng, train)
    return out + train, mask


WRONG_DROPOUT = {
    "p keeps": (masked(lambda shape, p, rng: keeps(shape, p, rng) / max(p, 1e-9)), "divided"),
    "p keeps, scaled by 1 - p": (dropped_by(keeps), "probability to drop it"),
    "no scale": (masked(lambda shape, p, rng: keeps(shape, 1 - p, rng)), "do not scale"),
    "evaluation drops": (drops_always, "in evaluation too"),
    "evaluation scales": (
        masked(
            lambda shape, p, rng: keeps(shape, 1 - p, rng) / (1 - p), lambda x, p: np.full(x.shape, 1 - p)
        ),
        "In evaluation your numbers are scaled",
    ),
    "columns": (dropped_by(lambda shape, p, rng: keeps(shape[1], 1 - p, rng)), "the same columns"),
    "rows": (masked(lambda shape, p, rng: keeps((shape[0], 1), 1 - p, rng) / (1 - p)), "as a whole"),
    "always half": (dropped_by(lambda shape, p, rng: 1 * (rng.random(shape) > 0.5)), "too far from"),
    "a number too large": (one_too_large, "either 0, or x / (1 - p)"),
    "drops with p = 0": (
        dropped_by(lambda shape, p, rng: 1 * (rng.random(shape) >= (p or 0.999))),
        "with p = 0",
    ),
}


@pytest.mark.parametrize(("function", "words"), WRONG_DROPOUT.values(), ids=WRONG_DROPOUT)
def test_a_wrong_dropout_is_named_however_it_draws(function, words):
    for seed in SEEDS[:20]:
        found = report("dropout_forward", function, seed)
        assert not found.passed and words in found.headline, found.headline


def with_cache(make_cache):
    """A right dropout, but for its cache."""

    def dropout_forward(x, p, rng, train):
        out, mask = dropped_by(lambda shape, p, rng: keeps(shape, 1 - p, rng))(x, p, rng, train)
        return out, make_cache(x, out, mask, p)

    return dropout_forward


@pytest.mark.parametrize(
    ("make_cache", "words"),
    [
        (lambda x, out, mask, p: None, "no mask"),
        (lambda x, out, mask, p: "mask", "no mask"),
        (lambda x, out, mask, p: mask.tolist(), "no mask"),
        (lambda x, out, mask, p: mask != 0, "not by how much"),
        (lambda x, out, mask, p: (mask != 0).astype(float), "not by how much"),
        (lambda x, out, mask, p: x, "not the mask"),
        (lambda x, out, mask, p: out, "not the mask"),
        (lambda x, out, mask, p: np.ravel(mask)[:-1], "has the shape"),
    ],
)
def test_a_wrong_mask_is_refused_and_told(make_cache, words):
    for seed in SEEDS[:20]:
        found = report("dropout_forward", with_cache(make_cache), seed)
        assert not found.passed and words in found.headline, found.headline


@pytest.mark.parametrize(
    "in_evaluation",
    [1, 1.0, np.float64(1), np.ones(()), "ones"],
    ids=["int", "float", "NumPy", "0-d", "array"],
)
def test_in_evaluation_the_mask_may_be_ones_or_the_number_1(in_evaluation):
    def dropout_forward(x, p, rng, train):
        mask = keeps(x.shape, 1 - p, rng) / (1 - p)
        if not train:
            mask = np.ones(x.shape) if isinstance(in_evaluation, str) else in_evaluation
        return x * mask, mask

    for seed in SEEDS[:10]:
        assert report("dropout_forward", dropout_forward, seed).passed


# ---- splitting ----


def split_by(draw_order):
    """A split whose order comes from `draw_order(n, rng)`; validation last, as half of the world does it."""

    def train_validation_split(X, y, fraction, rng):
        order = draw_order(len(X), rng)
        end = len(X) - int(fraction * len(X) + 0.5)
        return X[order[:end]], y[order[:end]], X[order[end:]], y[order[end:]]

    return train_validation_split


def shuffled(n, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return order


def by_a_mask(X, y, fraction, rng):
    """Keeps both parts in the data's own order."""
    back = np.zeros(len(X), bool)
    back[rng.choice(len(X), round(fraction * len(X)), replace=False)] = True
    return X[~back], y[~back], X[back], y[back]


RIGHT_SPLITS = {
    "permutation": split_by(lambda n, rng: rng.permutation(n)),
    "shuffle": split_by(shuffled),
    "choice": split_by(lambda n, rng: rng.choice(n, n, replace=False)),
    "argsort": split_by(lambda n, rng: np.argsort(rng.random(n))),
    "mask": by_a_mask,
}


@pytest.mark.parametrize("function", RIGHT_SPLITS.values(), ids=RIGHT_SPLITS)
def test_a_split_may_shuffle_in_any_way(function):
    for seed in SEEDS:
        assert report("train_validation_split", function, seed).passed


def with_replacement(X, y, fraction, rng):
    drawn = rng.integers(0, len(X), len(X))
    end = round(fraction * len(X))
    return X[drawn[end:]], y[drawn[end:]], X[drawn[:end]], y[drawn[:end]]


def shuffled_apart(X, y, fraction, rng):
    X, y = X.copy(), y.copy()
    rng.shuffle(X)
    rng.shuffle(y)
    end = round(fraction * len(X))
    return X[end:], y[end:], X[:end], y[:end]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (with_replacement, ("twice", "both parts")),
        (shuffled_apart, ("the label of another row",)),
        (split_by(lambda n, rng: np.arange(n)), ("without shuffling",)),
    ],
)
def test_a_wrong_split_is_named_however_it_draws(function, words):
    for seed in SEEDS[:20]:
        found = report("train_validation_split", function, seed)
        assert not found.passed and any(word in found.headline for word in words), found.headline


# ---- augmentation ----


def flip_with_a_loop(images, p, rng):
    out = images.copy()
    for i in range(len(images)):
        if rng.uniform() > 1 - p:
            out[i] = np.fliplr(images[i])
    return out


def flip_with_where(images, p, rng):
    return np.where(rng.binomial(1, p, (len(images), 1, 1)) == 1, np.flip(images, axis=2), images)


@pytest.mark.parametrize("function", [flip_with_a_loop, flip_with_where])
def test_a_flip_may_draw_in_any_way(function):
    for seed in SEEDS:
        assert report("random_flip", function, seed).passed


def shift_with_a_loop(images, most, rng):
    out = np.zeros_like(images)
    _, height, width = images.shape
    for i, image in enumerate(images):
        dy, dx = rng.integers(-most, most + 1), rng.integers(-most, most, endpoint=True)
        for y in range(max(dy, 0), min(height, height + dy)):
            for x in range(max(dx, 0), min(width, width + dx)):
                out[i, y, x] = image[y - dy, x - dx]
    return out


def shift_by_rolling_and_wiping(images, most, rng):
    out = images.copy()
    down = rng.choice(np.arange(-most, most + 1), len(images))
    right = np.floor(rng.uniform(-most, most + 1, len(images))).astype(int)
    for i, (dy, dx) in enumerate(zip(down, right, strict=True)):
        out[i] = np.roll(images[i], (dy, dx), axis=(0, 1))
        out[i, : max(dy, 0)] = 0
        out[i, :, : max(dx, 0)] = 0
        if dy < 0:
            out[i, dy:] = 0
        if dx < 0:
            out[i, :, dx:] = 0
    return out


@pytest.mark.parametrize("function", [shift_with_a_loop, shift_by_rolling_and_wiping])
def test_a_shift_may_draw_in_any_way(function):
    for seed in SEEDS[:20]:
        assert report("random_shift", function, seed).passed


def noise_one_by_one(images, scale, rng):
    out = np.empty_like(images)
    for place in np.ndindex(images.shape):
        out[place] = rng.normal(images[place], scale)
    return out


@pytest.mark.parametrize(
    "function",
    [
        lambda images, scale, rng: images + rng.normal(0, scale, images.shape),
        lambda images, scale, rng: rng.normal(images, scale),
        lambda images, scale, rng: images - scale * rng.standard_normal(images.shape),
        noise_one_by_one,
    ],
)
def test_noise_may_be_drawn_in_any_way(function):
    for seed in SEEDS[:3] if function is noise_one_by_one else SEEDS:
        assert report("add_noise", function, seed).passed


WRONG_AUGMENTATION = {
    "flip, upside down": (
        "random_flip",
        lambda i, p, rng: np.where(coins(i, p, rng), i[:, ::-1], i),
        "upside down",
    ),
    "flip, turned": (
        "random_flip",
        lambda i, p, rng: np.where(coins(i, p, rng), i[:, ::-1, ::-1], i),
        "both directions",
    ),
    "flip, p stays": (
        "random_flip",
        lambda i, p, rng: np.where(coins(i, 1 - p, rng), i[:, :, ::-1], i),
        "mirrored",
    ),
    "flip, transposed": (
        "random_flip",
        lambda i, p, rng: i.reshape(i.shape)[:, ::-1] * 0.5,
        "as it was, or mirrored",
    ),
    "shift, rolled": (
        "random_shift",
        lambda i, most, rng: np.stack([np.roll(one, rng.integers(-most, most + 1, 2), (0, 1)) for one in i]),
        "comes in again",
    ),
    "shift, too far": (
        "random_shift",
        lambda i, most, rng: find("random_shift").reference(i, most + 1, rng),
        "moved by more than",
    ),
    "noise, uniform": (
        "add_noise",
        lambda i, scale, rng: i - rng.uniform(-scale, scale, i.shape),
        "standard deviation",
    ),
    "noise, uniform but as wide": (
        "add_noise",
        lambda i, scale, rng: i - rng.uniform(-scale, scale, i.shape) * np.sqrt(3),
        "never goes far",
    ),
    "noise, Laplace's": (
        "add_noise",
        lambda i, scale, rng: i - rng.laplace(0, scale / np.sqrt(2), i.shape),
        "too often",
    ),
    "noise, with a mean": (
        "add_noise",
        lambda i, scale, rng: i + rng.normal(0.06 * scale, scale, i.shape),
        "The mean of your noise",
    ),
    "noise, leaning": (
        "add_noise",
        lambda i, scale, rng: i + scale * (rng.gamma(20, size=i.shape) - 20) / np.sqrt(20),
        "not normally distributed",
    ),
    "noise without scale": (
        "add_noise",
        lambda i, scale, rng: i - rng.normal(0, scale or 1.0, i.shape),
        "With scale = 0",
    ),
    "noise, only upwards": (
        "add_noise",
        lambda i, scale, rng: i + np.abs(rng.normal(0, scale, i.shape)),
        "should be 0",
    ),
    "noise, once an image": (
        "add_noise",
        lambda i, scale, rng: i + rng.normal(0, scale, (len(i), 1, 1)),
        "own",
    ),
    "nothing": ("add_noise", lambda i, scale, rng: i.copy(), "Nothing was added"),
}


def coins(images, p, rng):
    return rng.binomial(1, p, (len(images), 1, 1)) == 1


@pytest.mark.parametrize(("name", "function", "words"), WRONG_AUGMENTATION.values(), ids=WRONG_AUGMENTATION)
def test_a_wrong_augmentation_is_named_however_it_draws(name, function, words):
    for seed in SEEDS[:20]:
        found = report(name, function, seed)
        assert not found.passed and words in found.headline, found.headline


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("dropout_forward", dropped_by(lambda shape, p, rng: np.random.binomial(1, 1 - p, shape))),
        ("train_validation_split", split_by(lambda n, rng: np.random.permutation(n))),
        ("random_flip", lambda images, p, rng: flip_with_where(images, p, np.random)),
        (
            "random_shift",
            lambda images, most, rng: find("random_shift").reference(images, most, np.random.default_rng()),
        ),
        ("add_noise", lambda images, scale, rng: np.random.normal(images, scale)),
    ],
)
def test_chance_from_elsewhere_is_seen(name, function):
    for seed in SEEDS[:10]:
        found = report(name, function, seed)
        assert "Two calls with the same rng" in found.headline, found.headline


OWN = np.random.default_rng


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("dropout_forward", dropped_by(lambda shape, p, rng: OWN(0).binomial(1, 1 - p, shape))),
        ("train_validation_split", split_by(lambda n, rng: OWN(0).permutation(n))),
        ("random_flip", lambda images, p, rng: flip_with_where(images, p, OWN(0))),
        ("random_shift", lambda images, most, rng: find("random_shift").reference(images, most, OWN(0))),
        ("add_noise", lambda images, scale, rng: OWN(0).normal(images, scale)),
    ],
)
def test_always_the_same_chance_is_seen(name, function):
    for seed in SEEDS[:10]:
        found = report(name, function, seed)
        assert found.headline == say.NOT_RANDOM, found.headline
