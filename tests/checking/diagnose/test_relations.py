"""Relations: each is found where it holds, and nothing is said where it does not or where chance would do."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged import report_on

from byhand.checking.diagnose import relations
from byhand.checking.diagnose import sentences as say
from byhand.checking.diagnose.relations import RELATIONS, explain
from byhand.checking.diagnose.relations.pair import Pair
from byhand.exercises.spec import exercise

SHAPES = ((3, 4), (2, 5), (4, 3))


def drawn(shape, seed):
    return np.random.default_rng([seed, *shape]).normal(size=shape) * 3


def pairs_of(wrong, shapes=SHAPES, **facts):
    """One pair a shape: what was expected, and what `wrong` makes of it."""
    made = []
    for seed, shape in enumerate(shapes):
        expected = drawn(shape, seed)
        with np.errstate(all="ignore"):
            made.append(Pair(expected, np.asarray(wrong(expected)), **facts))
    return made


def said(pairs):
    found = explain(pairs)
    return None if found is None else say.RELATIONS[found[0][0]].format(*found[0][1], what="answer")


def but_last_row(x):
    return np.vstack([x[:-1], x[-1:] + 1 + np.arange(x.shape[1])])


def inside(x):
    y = np.sin(9 * x)
    y[1:-1, 1:-1] = x[1:-1, 1:-1]
    return y


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda x: -x, "opposite sign"),
        (lambda x: 2 * x, "twice"),
        (lambda x: x / 2, "half"),
        (lambda x: 3 * x, "3 times"),
        (lambda x: -0.1 * x, "-0.1 times"),
        (lambda x: x + 0.25, "off by 0.25 everywhere"),
        (lambda x: x.T, "transposed"),
        (lambda x: x.reshape(-1), "in the shape (12,) where (3, 4) is asked"),
        (lambda x: x[::-1], "reverse order along axis 0"),
        (lambda x: np.roll(x, 1, 1), "moved by one place along axis 1"),
        (lambda x: np.sort(x, axis=None).reshape(x.shape), "at other places"),
        (lambda x: np.round(x, 3), "rounded to 3 decimals"),
        (np.round, "rounded to whole numbers"),
        (lambda x: x.astype(int), "cut off to whole numbers"),
        (np.zeros_like, "is 0"),
        (lambda x: np.full_like(x, 0.5), "the same, 0.5"),
        (np.abs, "absolute value"),
        (np.square, "square of"),
        (lambda x: 1 / x, "1 divided by"),
        (lambda x: 1 - x, "1 minus"),
        (np.exp, "e to the power"),
        (lambda x: np.hstack([x[:, :1] * 5, x[:, 1:]]), "but for its first column"),
        (but_last_row, "but for its last row"),
        (lambda x: x * (1 + 3e-5 * np.cos(5 * x)), "a ten-thousandth"),
    ],
)
def test_a_relation_that_holds_everywhere_is_said(wrong, words):
    sentence = said(pairs_of(wrong, shapes=((3, 4), (3, 4), (3, 4)) if "shape (12,)" in words else SHAPES))
    assert sentence is not None and words in sentence


def test_a_root_and_a_logarithm_are_said_of_positive_numbers():
    for function, words in ((np.sqrt, "square root of what"), (np.log, "logarithm of what")):
        pairs = [Pair(np.abs(p.expected), function(np.abs(p.expected))) for p in pairs_of(np.abs)]
        assert words in said(pairs)


def test_axes_of_images_and_a_wrong_border_are_said():
    shapes = ((2, 3, 4, 5), (3, 2, 5, 4))
    assert "order (0, 2, 3, 1)" in said(pairs_of(lambda x: x.transpose(0, 2, 3, 1), shapes))
    assert "inside" in said(pairs_of(inside, ((6, 6), (5, 7), (7, 5))))
    assert "last place along its axis 1" in said(
        pairs_of(
            lambda x: np.where(np.arange(4)[:, None] == 3, x + 1 + np.sin(x), x),
            ((2, 4, 3), (3, 4, 2), (1, 4, 6)),
        )
    )
    assert said(pairs_of(but_last_row, ((3, 4), (4, 4)))) is None  # two cases: a place may be special there


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (lambda n: n, "right one times the number of rows of `x`. Is a division"),
        (lambda n: 1 / n, "right one divided by the number of rows of `x`"),
        (lambda n: n / (n - 1), "times n / (n − 1), where n is the number of rows of `x`"),
        (lambda n: (n - 1) / n, "times (n − 1) / n"),
        (lambda n: n**0.5, "times the square root of the number of rows of `x`"),
    ],
)
def test_a_factor_that_is_a_size_names_it(scale, words):
    pairs = []
    for seed, n in enumerate((3, 5, 7)):
        expected = drawn((4, 3), seed)
        pairs.append(Pair(expected, scale(n) * expected, {"x": np.zeros((n, 4)), "W": np.zeros((4, 3))}))
    assert words in said(pairs)


def test_two_sizes_that_are_always_equal_are_both_named():
    pairs = [
        Pair(drawn((4, 3), n), n * drawn((4, 3), n), {"x": np.zeros((n, 2)), "y": np.zeros(n)})
        for n in (3, 5, 7)
    ]
    assert "the number of rows of `x` (or the length of `y`)" in said(pairs)


def test_an_input_another_part_and_signs_of_an_input_are_named():
    for seed in (0, 1):
        assert drawn((3, 4), seed).shape == (3, 4)
    expected = [drawn((3, 4), seed) for seed in range(3)]
    inputs = [drawn((3, 4), seed + 10) for seed in range(3)]
    same = [Pair(one, other, inputs={"w": other}) for one, other in zip(expected, inputs, strict=True)]
    assert "is the input `w`, unchanged" in said(same)
    other = [Pair(one, two, others={"dW": two}) for one, two in zip(expected, inputs, strict=True)]
    assert "what `dW` should be" in said(other)
    signs = [Pair(one, np.where(x < 0, x**2, one), {"x": x}) for one, x in zip(expected, inputs, strict=True)]
    assert "wrong only where `x` is negative" in said(signs)


def test_nothing_is_said_where_chance_would_do():
    assert said(pairs_of(lambda x: 2 * x, shapes=((3, 4),))) is None  # one case
    assert said(pairs_of(lambda x: 2 * x, shapes=((1, 2), (2, 1)))) is None  # four numbers
    ones = [Pair(np.ones((3, 4)), 2 * np.ones((3, 4)))] * 2
    assert said(ones) is None  # twice, plus one, to the power …: all are true of 1
    small = [Pair(0.1 * one, np.zeros((3, 4)) + 0.0) for one in np.ones((3, 3, 4))]
    assert "cut off" not in (said(small) or "")
    mostly = [*pairs_of(np.tanh), *pairs_of(lambda x: 2 * x, shapes=((3, 4), (2, 5)))]
    assert said(mostly) is None  # two of five


@given(st.integers(0, 10**6))
def test_nothing_is_said_of_unrelated_numbers(seed):
    generator = np.random.default_rng(seed)
    pairs = [
        Pair(
            generator.normal(size=(3, 4)), generator.normal(size=(3, 4)), {"x": generator.normal(size=(3, 4))}
        )
        for _ in range(3)
    ]
    assert said(pairs) is None


ODD = [
    np.array([]),
    np.array(np.nan),
    np.full((2, 2), np.inf),
    np.full((3, 3), -1e308),
    np.zeros((2, 0, 3)),
    np.array([True, False]),
    np.arange(3, dtype="uint8"),
    np.zeros((1,) * 20),
]


def test_no_relation_fails_or_warns_on_odd_numbers():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        for relation in RELATIONS:
            for expected in ODD:
                for actual in ODD:
                    list(relation(Pair(expected, actual, {"x": actual}, {"y": expected})))


def test_every_sentence_is_reached_by_a_relation():
    text = "".join(
        __import__("pathlib").Path(relations.__file__).with_name(f"{name}.py").read_text("utf-8")
        for name in ("scale", "order", "precision", "places")
    )
    assert all(f'"{id}"' in text for id in say.RELATIONS)


# in a report


def scores(x, W):
    return x @ W, x.sum(axis=0)


@exercise(scores, returns="out, total")
def scores_spec(draw):
    for n in (1, 3, 4):
        yield draw.normal(n, 3), draw.normal(3, 4)


def test_a_case_that_is_right_and_fits_counts_too():
    @exercise(lambda x: x)
    def spec(draw):
        yield np.array([1.0, 0.5])
        yield from (draw.normal(4) + 0.001234 for _ in range(3))

    assert report_on(spec, lambda x: np.round(x, 2)).headline == (
        "Your answer is the right one, rounded to 2 decimals. Do not round what you return."
    )


def test_the_same_of_several_parts_is_said_once():
    report = report_on(scores_spec, lambda x, W: (2 * (x @ W), 2 * x.sum(axis=0)))
    assert report.headline == "Your `out` is twice what was expected, everywhere. The same holds for `total`."


def test_a_report_says_of_which_part_and_in_how_many_cases():
    report = report_on(scores_spec, lambda x, W: (x @ W / len(x), x.sum(axis=0)))
    assert report.kind == "values"
    assert report.headline == (
        "In 2 of the 3 cases: Your `out` is the right one divided by the number of rows of `x`. "
        "Do you divide once too often, or take a mean for a sum?"
    )
    both = report_on(scores_spec, lambda x, W: (-(x @ W), 2 * x.sum(axis=0)))
    assert "Your `out` has the opposite sign" in both.headline and "Your `total` is twice" in both.headline
    shape = report_on(scores_spec, lambda x, W: ((x @ W).T, x.sum(axis=0)))
    assert "has the shape (4, 1) where (1, 4)" in shape.headline and "transposed" in shape.headline
