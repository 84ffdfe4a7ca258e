"""All that learners see move, and all that a check can say to them, on one page.

    make gallery        writes build/gallery/index.html, which works without a network

The tests render the same page and look for what keeps people out of it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from byhand import check, explore
from byhand.checking import Report
from byhand.checking import sentences as say
from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import judge
from byhand.exercises.inputs import Draw
from byhand.exercises.spec import Exercise, exercise

# ---- Exercises for what no chapter may happen to show: an image, a curve, a training run ----


def brighten(image):
    """Make every pixel twice as bright, but never brighter than 1."""
    return np.minimum(2 * np.asarray(image, float), 1)


@exercise(brighten)
def brighten_spec(draw: Draw) -> Iterator[Any]:
    from byhand import data

    yield data.digits().train_images[3] / 2 + 0.25


def edges(image):
    """How much brighter each pixel is than the one to its left; the first column keeps 0."""
    return np.diff(image, axis=1, prepend=image[:, :1])


@exercise(edges)
def edges_spec(draw: Draw) -> Iterator[Any]:
    from byhand import data

    yield data.digits().train_images[3]


@edges_spec.mistake(
    "subtracted", "You took the pixel away from its left neighbor. Which of the two should be positive?"
)
def _(image):
    return -edges(image)


def cool_down(steps):
    """Half a cosine from 1 down to 0."""
    return (1 + np.cos(np.linspace(0, np.pi, steps))) / 2


@exercise(cool_down)
def cool_down_spec(draw: Draw) -> Iterator[Any]:
    yield 40


@cool_down_spec.mistake(
    "whole-wave", "Your curve is a whole wave: it comes up again. How far does half a wave go?"
)
def _(steps):
    return (1 + np.cos(np.linspace(0, 2 * np.pi, steps))) / 2


def train(x, y, lr):
    """Fit y = w x by 30 steps; the weight and the loss before each step."""
    w, losses = 0.0, []
    for _ in range(30):
        gap = w * x - y
        losses.append(float(np.mean(gap**2)))
        w -= lr * 2 * float(np.mean(gap * x))
    return w, losses


@exercise(train, returns="w, losses")
def train_spec(draw: Draw) -> Iterator[Any]:
    x = np.linspace(-1, 1, 9)
    yield x, 3 * x, 0.1


@train_spec.accept
def _(answer, x, y, lr):
    if answer[1][-1] < 0.05 * answer[1][0]:
        return None
    return "The last loss is not much smaller than the first. Does each step go down the gradient?"


def spread(x):
    """What is left of each column once its mean is taken off and it is divided by its standard deviation."""
    return (x - x.mean(axis=0)) / x.std(axis=0)


@exercise(spread)
def spread_spec(draw: Draw) -> Iterator[Any]:
    yield draw.normal(4, 3)
    yield draw.normal(5, 2)


@spread_spec.switchable
def _(x, *, axis=0, ddof=0):
    return (x - x.mean(axis=axis, keepdims=True)) / x.std(axis=0, ddof=ddof)


spread_spec.switch(
    "mean-of-rows", "You took the mean of each row. A column is one quantity: which axis is it?", axis=1
)
spread_spec.switch(
    "divided-by-n-minus-1", "Your standard deviation divides by n - 1. Here it divides by n.", ddof=1
)


def largest(numbers):
    """The largest of some numbers."""
    if len(numbers) == 0:
        raise ValueError("There are no numbers.")
    return float(np.max(numbers))


@exercise(largest)
def largest_spec(draw: Draw) -> Iterator[Any]:
    yield draw.normal(4)
    yield np.zeros(0)


# ---- Answers that learners give ----


def wrong_sign(x):
    return 1 / (1 + np.exp(x))


def a_hundredth_off(x):
    return 1 / (1 + np.exp(-x)) + 0.01


def right(x):
    return 1 / (1 + np.exp(-np.clip(x, -700, 700)))


def right_with_a_warning(x):
    return np.where(x < 0, np.exp(np.minimum(x, 0)) / (1 + np.exp(np.minimum(x, 0))), 1 / (1 + np.exp(-x)))


def not_written(x):
    raise NotImplementedError()


def misspelt(x):
    return 1 / (1 + np.expp(-x))


def inside_numpy(x):
    return np.linalg.inv(np.ones((2, 3))) * x


def too_few_arguments():
    return 0


def rounded(x):
    return np.round(right(x), 3)


def asks_an_array(x):
    if x > 0:
        return x
    return 0


def one_number_at_a_time(x):
    return 1 / (1 + math.exp(-x))


def one_bias_too_many(x, W, b):
    return x @ W + np.append(b, 1), (x, W, b)


def columns_forgotten(dout, cache):
    x, W, b = cache
    return dout @ W.T, x.T @ dout, np.sum(dout) + 0 * b


def in_place_and_wrong(x):
    x -= 0.5
    return np.sin(3 * x)


HELPED = """
import numpy as np
def sigmoid(x):
    return 1 / (1 + np.exp(x))
def tanh(x):
    return 2 * sigmoid(2 * x) - 1
"""


def nothing(x):
    1 / (1 + np.exp(-x))


def a_list(x):
    return [[1 / (1 + np.exp(-value)) for value in row] for row in np.atleast_2d(x)]


def a_text(x):
    return "0.5"


def wrong_shape(x):
    return right(x).reshape(-1, 1)


def changes_its_input(x):
    x *= -1
    return 1 / (1 + np.exp(x))


def overflows(x, axis=-1):
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def cache_in_another_order(x, W, b):
    return x @ W + b, (W, x, b)


def odds(prior, likelihood, evidence):
    return prior * likelihood


def uphill(x, y, lr):
    return train(x, y, -lr / 4)


def crossed(image):
    seen = np.asarray(image, float)
    return np.where(np.eye(len(seen)) == 1, np.nan, brighten(seen))


def _at(name: str, answer: Callable[..., Any]) -> Report:
    report = check(answer, of=name, stop=False)
    assert report is not None
    return report


def _of(spec: Exercise, answer: Callable[..., Any]) -> Report:
    cases = spec.cases()
    report = judge(spec, cases, collect(answer, encode_cases(cases)))
    if report.mistake is None:
        return report
    # a report looks sentences up in the course, where these specs are not
    told = report.frame
    for place, id in enumerate((report.mistake, *report.also), 1):
        told = told.replace(f"{{{place}}}", spec.sentence_of(id.partition("/")[2]) or "")
    return dataclasses.replace(report, mistake=None, also=(), told=told)


def _helped() -> Report:
    """A right function on a wrong helper, as a notebook defines them."""
    notebook: dict[str, Any] = {}
    exec(HELPED, notebook)
    return _at("tanh", notebook["tanh"])


JUDGED = say.JUDGED_AT.format(line="def sigmoid(x):", time="10:12:31")


def _stopped() -> Report:
    where = say.RAISED_AT.format(line=4, source="while abs(x) > 0:")
    told = f"{say.STOPPED.format(seconds=60)}\n{where}"
    return Report(
        "sigmoid",
        False,
        "stopped",
        told,
        judged=JUDGED,
    )


def reports() -> dict[str, Report]:
    """Every kind of report, by a name that says what it is."""
    passing = _at("sigmoid", right)
    return {
        "right": passing,
        "right, with a warning": _at("sigmoid", right_with_a_warning),
        "right, but slow": dataclasses.replace(
            passing,
            kind="slow",
            told="Right, but slow: one call took 3.1 s. Can one NumPy expression replace a loop?",
        ),
        "not written yet": _at("sigmoid", not_written),
        "no function": judge(brighten_spec, brighten_spec.cases(), None),
        "a number": _at("bayes", odds),
        "a vector or matrix, with a named mistake": _at("sigmoid", wrong_sign),
        "a vector or matrix, without": _at("sigmoid", a_hundredth_off),
        "an image, with a named mistake": _of(edges_spec, lambda image: -edges(image)),
        "an image, without": _of(brighten_spec, lambda image: 2 * np.asarray(image, float)),
        "an image with holes": _of(brighten_spec, crossed),
        "a curve, with a named mistake": _of(
            cool_down_spec, lambda steps: (1 + np.cos(np.linspace(0, 2 * np.pi, steps))) / 2
        ),
        "a curve, without": _of(cool_down_spec, lambda steps: np.linspace(1, 0, steps)),
        "a training run": _of(train_spec, uphill),
        "a training run that passes": _of(train_spec, train),
        "an error in the learner's line": _at("sigmoid", misspelt),
        "an error inside NumPy": _at("sigmoid", inside_numpy),
        "other arguments": _at("sigmoid", too_few_arguments),
        "nothing returned": _at("sigmoid", nothing),
        "a list": _at("sigmoid", a_list),
        "a text": _at("sigmoid", a_text),
        "another shape": _at("sigmoid", wrong_shape),
        "an input that was changed": _at("sigmoid", changes_its_input),
        "infinity or no number, with a named mistake": _at("softmax", overflows),
        "two mistakes at once": _of(
            spread_spec, lambda x: (x - x.mean(axis=1, keepdims=True)) / x.std(axis=0, ddof=1)
        ),
        "a relation": _at("sigmoid", rounded),
        "an error: an array is neither true nor false": _at("relu", asks_an_array),
        "an error: math takes one number": _at("sigmoid", one_number_at_a_time),
        "an error: shapes that do not fit": _at("dense_forward", one_bias_too_many),
        "a helper's fault": _helped(),
        "a cell that was edited": dataclasses.replace(
            _at("sigmoid", wrong_sign),
            first=(say.EDITED_CELL.format(name="sigmoid"),),
            judged=JUDGED,
        ),
        "a cell with a SyntaxError": dataclasses.replace(
            _at("sigmoid", wrong_sign),
            first=(say.BROKEN_CELL.format(name="sigmoid", line=2, message="'(' was never closed"),),
            judged=JUDGED,
        ),
        "a time limit": _stopped(),
        "inputs in a cache": _at("dense_backward", columns_forgotten),
        "an input that was changed, and wrong numbers": _at("sigmoid", in_place_and_wrong),
        "inputs that were not refused": _of(
            largest_spec, lambda numbers: float(np.max(numbers, initial=-99.0))
        ),
        "a right answer with a wrong cache": _at("dense_forward", cache_in_another_order),
    }


STYLE = """
body { max-width: 1040px; margin: 24px auto; padding: 0 16px; font: 16px/1.5 system-ui, sans-serif;
  color: #1b1f24; background: #ffffff; }
h2 { margin: 36px 0 8px; } h3 { margin: 20px 0 4px; font-size: 15px; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  body { color: #eceff2; background: #14181d; --jp-border-color2: #363d46; --jp-layout-color2: #242a31;
    --jp-content-font-color1: #eceff2; --jp-content-font-color2: #b4bcc4; }
}
"""


def page() -> str:
    """The whole page: everything inside, nothing fetched."""
    shown = [f"<h3>{escape(name)}</h3>{report.html()}" for name, report in reports().items()]
    moving = [f"<section>{getattr(explore, name)().html()}</section>" for name in sorted(explore.pictures())]
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Gallery</title>"
        f"<style>{STYLE}{Report.css()}</style></head><body><main><h1>Gallery</h1>"
        f"<h2>What a check says</h2>{''.join(shown)}<h2>What moves</h2>{''.join(moving)}</main></body></html>"
    )


def main() -> None:
    path = Path(__file__).parents[1] / "build" / "gallery" / "index.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), "utf-8")
    print(f"Open {path} in a web browser.")


if __name__ == "__main__":
    main()
