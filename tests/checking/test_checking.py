"""A check at home: what it says, in which order, and what it never does."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand import check, working
from byhand.checking import CheckError, CheckFailed, Report
from byhand.checking.codec import MAX_DEPTH, Other, decode, encode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.compare import Tolerance, difference
from byhand.checking.judge import judge
from byhand.checking.progress import FOLDER, passed_exercises, progress, remember
from byhand.exercises.inputs import Function, Rng, case
from byhand.exercises.spec import exercise
from byhand.mine.session import current


def sigmoid(x):
    """The reference of a spec made for these tests."""
    return 1 / (1 + np.exp(-np.asarray(x, float)))


@exercise(sigmoid)
def sigmoid_spec(draw):
    yield np.array([[0.0, 1.0], [2.0, -3.0]])
    yield draw.normal(2, 3)


@sigmoid_spec.mistake("wrong-sign", "The exponent has the wrong sign: you computed 1 / (1 + e^x).")
def _(x):
    return 1 / (1 + np.exp(x))


def pair(x, y):
    """Two returned values, the second of which is kept for later."""
    return x + y, (x, y)


@exercise(pair, returns="out, _cache")
def pair_spec(draw):
    yield draw.normal(2, 2), draw.normal(2)


def root(x):
    """Several right answers: any root."""
    return float(np.sqrt(x))


@exercise(root)
def root_spec(draw):
    yield 4.0


@root_spec.accept
def _(answer, x):
    return None if abs(answer**2 - x) < 1e-9 else f"Your number squared is {answer**2:g}, not {x:g}."


def report_of(function, spec=sigmoid_spec) -> Report:
    cases = spec.cases(0)
    return judge(spec, cases, collect(function, encode_cases(cases)))


@pytest.fixture(autouse=True)
def storage(tmp_path, monkeypatch):
    """The storage of a kernel that begins in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BYHAND_MINE", raising=False)
    current.cache_clear()
    yield current().storage
    current.cache_clear()


@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        (lambda x: sigmoid(x), "right", "Right"),
        (lambda x: 1 / (1 + np.exp(x)), "mistake", "wrong sign"),
        (lambda x: None, "nothing", "return"),
        (lambda x: [0.0], "type", "np.array"),
        (lambda x: "text", "type", "a text"),
        (lambda x: sigmoid(x) * 1j, "type", "complex"),
        (lambda x: sigmoid(x).astype(object), "type", "object"),
        (lambda x: (sigmoid(x), 0), "type", "tuple"),
        (lambda x: sigmoid(x)[0], "shape", "(2,) where (2, 2) was expected"),
        (lambda x: 0.5, "shape", "a single number"),
        (lambda x: sigmoid(x) * np.nan, "not finite", "nan"),
        (lambda x: sigmoid(x) + 1, "values", "off by 1 everywhere"),
        (lambda x: sigmoid(x) + np.sin(9 * x + 1), "values", "differ"),
        (lambda x: x.nothing, "raised", "AttributeError"),
        (lambda: 0, "raised", "these arguments: x"),
        (lambda x: sys.exit(), "raised", "SystemExit"),
        (lambda x: np.empty((10**7, 10**9)), "memory", "MemoryError"),
    ],
)
def test_the_most_useful_thing_is_said_first(function, kind, words):
    report = report_of(function)
    assert report.kind == kind
    assert report.passed == (kind == "right")
    assert words in report.headline


def test_a_changed_input_is_named_and_the_next_case_gets_a_fresh_one():
    def doubles_in_place(x):
        x *= 2
        return sigmoid(x / 2)

    report = report_of(doubles_in_place)
    assert report.kind == "changed"
    assert "input x" in report.headline


def test_a_right_answer_that_warns_still_passes():
    def noisy(x):
        warnings.warn("careful", UserWarning, stacklevel=1)
        return sigmoid(x)

    report = report_of(noisy)
    assert report.passed
    assert "careful" in str(report)


def test_an_error_points_at_the_learners_own_line():
    def broken(x):
        half = x / 2
        return np.concatenate(half, half, half)  # raises inside NumPy

    report = report_of(broken)
    assert "np.concatenate(half, half, half)" in report.headline
    assert "site-packages" not in str(report)


def test_a_function_that_calls_one_not_yet_written_is_told_so():
    def helper(x):
        raise NotImplementedError()

    assert "calls helper" in report_of(lambda x: helper(x)).headline
    assert "calls" not in report_of(helper).headline


def test_expected_and_yours_stand_side_by_side_with_the_difference_marked():
    report = report_of(lambda x: sigmoid(x) + (x == 2.0))
    text = str(report)
    assert "expected" in text and "yours" in text
    assert "[1, 0]" in text  # where they first differ
    assert text.count("*") == 2  # the one number, in both tables
    assert report.html().count('class="differs"') == 2


def test_true_and_false_differ_by_no_distance():
    @exercise(lambda x: np.asarray(x) > 0)
    def positive(draw):
        yield np.array([-1.0, 0.0, 2.0])

    text = str(report_of(lambda x: np.asarray(x) <= 0, positive))
    assert "3 of 3 values differ" in text and "largest" not in text


def test_digits_are_added_until_the_difference_shows():
    text = str(report_of(lambda x: sigmoid(x) + 1e-5 * (x == 1.0)))
    assert "0.73106*" in text and "0.73107*" in text


def test_a_cache_is_compared_once_the_rest_is_right():
    assert report_of(pair, pair_spec).passed
    wrong = report_of(lambda x, y: (x - y, None), pair_spec)
    assert not wrong.passed and wrong.path == (0,)
    assert "yours out" in str(wrong)
    assert not report_of(lambda x, y: x + y, pair_spec).passed


@pytest.mark.parametrize(
    ("cache", "path", "said"),
    [
        (lambda x, y: None, (1,), "Your `cache` is None"),
        (lambda x, y: (x,), (1,), "Your `cache` has 1 items where 2 were expected."),
        (lambda x, y: (y, x), (1, 0), "Your `cache[0]` has the shape"),
        (lambda x, y: (x, 2 * y), (1, 1), "The values differ from what was expected."),
    ],
    ids=["none", "too short", "another order", "other numbers"],
)
def test_a_wrong_cache_is_named_before_the_way_back_needs_it(cache, path, said):
    wrong = report_of(lambda x, y: (x + y, cache(x, y)), pair_spec)
    assert not wrong.passed and wrong.path == path and wrong.kind == "cache"
    assert wrong.headline.startswith("The rest is right, but not yet the cache") and said in wrong.headline
    assert "yours cache" in str(wrong) and "_cache" not in str(wrong)


def test_where_several_answers_are_right_the_property_decides():
    assert report_of(lambda x: -2.0, root_spec).passed
    wrong = report_of(lambda x: 3.0, root_spec)
    assert wrong.headline == "Your number squared is 9, not 4."
    assert "one right answer" in str(wrong)


def some_number(low, rng):
    """Any number above `low`, drawn by chance."""
    return low + rng.random()


@exercise(some_number)
def some_number_spec(draw):
    rng = draw.rng()
    yield 1.0, rng
    yield 1.0, rng


@some_number_spec.accept
def _(answer, low, rng):
    return None if answer >= low else "Your number is too small."


def test_chance_must_come_from_the_rng_that_was_given():
    assert report_of(lambda low, rng: low + rng.normal() ** 2, some_number_spec).passed
    elsewhere = np.random.default_rng()
    report = report_of(lambda low, rng: low + elsewhere.random(), some_number_spec)
    assert (report.kind, report.right) == ("property", 1)
    assert report.headline.startswith("Two calls with the same rng gave different answers.")
    assert (
        report_of(lambda low, rng: low - rng.random(), some_number_spec).headline
        == "Your number is too small."
    )


def test_html_of_a_report_is_escaped():
    def shouts(x):
        raise ValueError("<script>alert(1)</script>")

    html = report_of(shouts).html()
    assert "<script" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("function", [lambda x: sigmoid(x), lambda x: 1 - sigmoid(x), lambda x: x.no])
def test_a_report_survives_the_way_through_json(function):
    report = report_of(function)
    again = Report.from_dict(json.loads(json.dumps(report.to_dict())))
    assert str(again) == str(report) and again.html() == report.html()


def test_a_large_array_is_cut_around_the_first_difference():
    def wide(x):
        return np.zeros((40, 50))

    @exercise(wide)
    def spec(draw):
        yield 1.0

    def answer(x):
        y = np.zeros((40, 50))
        y[30, 44] = 7
        return y

    report = report_of(answer, spec)
    assert "[30, 44]" in str(report) and "7*" in str(report)
    assert '<th scope="row">30</th>' in report.html() and '<th scope="col">44</th>' in report.html()
    assert len(str(report)) < 2000


# forging


class Agrees(np.ndarray):
    def __eq__(self, other):
        return True

    def __array_ufunc__(self, *arguments, **keywords):
        return np.zeros((2, 2))


@pytest.mark.parametrize(
    "forged",
    [
        np.zeros((2, 2)).view(Agrees),
        np.ma.masked_all((2, 2)),
        type("Float", (float,), {"__eq__": lambda *a: True})(1),
    ],
)
def test_an_object_that_always_agrees_is_no_answer(forged):
    assert not report_of(lambda x: forged).passed


@pytest.mark.parametrize(
    "collected",
    [7, [], [{}], {"passed": True}, [{"returned": {"array": "float64", "shape": [2], "data": "!"}}] * 2,
     [{"raised": []}] * 2, [{"returned": 1, "seconds": "long"}] * 2, [None, None], "right"],
)  # fmt: skip
def test_records_that_collect_did_not_write_are_reported_not_raised(collected):
    report = judge(sigmoid_spec, sigmoid_spec.cases(0), collected)
    assert not report.passed and report.kind == "garbled"


KEYS = st.sampled_from(["array", "shape", "data", "scalar", "tuple", "dict", "float", "rng", "other", "text"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(
        KEYS | st.text(),
        children,
    ),
    max_leaves=12,
)  # fmt: skip


@given(TREES)
def test_decoding_anything_gives_a_value_or_a_value_error(tree):
    with contextlib.suppress(ValueError):
        decode(tree)


def test_a_deep_tree_is_refused_not_followed():
    tree: list = []
    for _ in range(MAX_DEPTH + 2):
        tree = [tree]
    with pytest.raises(ValueError, match="deeply"):
        decode(tree)


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -0.5, float("nan"), float("-inf"), "σ", (1, [2.0, "a"]), {"w": np.eye(2), 3: None},
     np.float32(1.5), np.bool_(True), np.array([]), np.arange(6, dtype="int16").reshape(1, 2, 3),
     np.array([1 + 2j]), np.array([1.0, 2.0])[::-1], np.array(5.0)],
)  # fmt: skip
def test_a_value_comes_back_as_it_went(value):
    back = decode(json.loads(json.dumps(encode(value), allow_nan=False)))
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_what_is_no_plain_value_is_only_described():
    for value in (object(), np.array([object()]), lambda: 0, 2**70, {1, 2}):
        assert isinstance(decode(encode(value)), Other)
    assert isinstance(decode(encode(Function("x**2"))), Other)  # an answer is never evaluated


# inputs


def test_functions_and_generators_reach_the_learner_alive():
    def use(f, rng, scale=1.0):
        return scale * f(np.array([1.0, 2.0])) + rng.normal()

    @exercise(use)
    def spec(draw):
        yield Function("x**2 + 1"), draw.rng()
        yield case(Function("np.exp(x)"), Rng(3), scale=2.0)

    assert report_of(lambda f, rng, scale=1.0: use(f, rng, scale), spec).passed
    wrong = report_of(lambda f, rng, scale=1.0: use(f, rng, 1.0) + 1, spec)
    assert "x**2 + 1" in str(wrong)


# in the notebook


def test_check_shows_its_report_and_raises_one_clean_error(capsys):
    def relu(x):
        return np.minimum(x, 0)

    with pytest.raises(CheckFailed) as caught:
        check(relu)
    assert len(caught.value._render_traceback_()) == 1
    assert "expected" in capsys.readouterr().out
    assert check(lambda x: np.maximum(x, 0), of="relu") is None  # nbgrader would take a value for points
    assert "right" in capsys.readouterr().out
    assert not check(relu, stop=False).passed


def test_check_says_what_it_needs():
    with pytest.raises(CheckError, match="Did you mean sigmoid"):
        check(lambda x: x, of="sigmiod")
    with pytest.raises(CheckError, match="without brackets"):
        check(0.5)


def test_working_gives_the_reference_until_the_learners_own_passes(capsys):
    def relu(x):
        raise NotImplementedError()

    assert working(relu)(np.array([-1.0, 2.0])).tolist() == [0.0, 2.0]
    assert "stands in" in capsys.readouterr().out

    def relu(x):
        return np.maximum(x, 0)

    assert working(relu) is relu


def test_progress_is_the_latest_result_of_each_check(storage, tmp_path):
    right, wrong = Report("relu", True, "right", ""), Report("relu", False, "values", "")
    assert "00_start" in str(progress())
    remember(right)
    assert passed_exercises(storage) == {"relu"}
    assert progress("02_activations").passed == 1
    remember(Report("tanh", True, "right", ""))
    (tmp_path / "mine" / FOLDER / "tanh.json").write_text('{"exercise": "ta')  # edited by hand
    assert passed_exercises(storage) == {"relu"}
    remember(wrong)
    assert passed_exercises(storage) == set()
    assert "relu" in progress()._repr_html_()


def test_progress_says_where_each_chapter_stands_and_what_comes_next():
    assert [row.state for row in progress().rows] == [0] * len(progress().rows)
    first, *others = progress("00_start").rows[0].left
    remember(Report(first, True, "right", ""))
    assert progress().rows[0].state == 1
    assert f"Next: {others[0]}, in 00_start." in str(progress()) and "◐ 00_start" in str(progress())
    for name in others:
        remember(Report(name, True, "right", ""))
    assert "✓ 00_start" in str(progress())
    assert "All of 00_start is passed. Next comes 01_neuron: What can one neuron do?\n" in str(
        progress("00_start")
    )
    page = progress()._repr_html_()
    assert page.count("<svg") == len(progress().rows) and "all passed" in page and "not begun" in page
    assert "<svg" not in progress("00_start")._repr_html_()


def test_progress_that_cannot_be_saved_costs_nothing(storage, tmp_path):
    (tmp_path / "mine" / FOLDER / "relu.json").mkdir(parents=True)
    assert "could not be saved" in remember(Report("relu", True, "right", ""))


# cost


def test_importing_check_brings_in_neither_widgets_nor_matplotlib_nor_jupyter():
    code = "import sys; from byhand import check; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    heavy = {"matplotlib", "IPython", "ipywidgets", "anywidget", "nbformat", "hypothesis", "nbgrader"}
    assert not heavy & set(modules.split())


def test_a_topic_module_needs_numpy_and_nothing_of_ours_but_topics():
    code = "import sys, byhand.reference.activations.elementwise; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not [
        name for name in modules.split() if name.startswith(("byhand.checking", "byhand.ex", "IPython"))
    ]


def drawn(expected, actual, **facts):
    """The pictures in a report's HTML, by their accessible names."""
    report = Report(
        "f",
        False,
        "values",
        "They differ.",
        number=0,
        answered=True,
        expected=expected,
        actual=actual,
        **facts,
    )
    return re.findall(r'role="img" aria-label="([^"]*)"', report.html())


def test_images_are_drawn_as_expected_yours_and_difference():
    image = np.arange(64.0).reshape(8, 8)
    assert drawn(image, image + 2) == [
        "expected, 8 × 8, 0 … 63",
        "yours, 8 × 8, 0 … 63",
        "yours − expected, 8 × 8, -2 … 2",
    ]
    batch = np.stack([image, -image])[:, None]  # of many images, the first that differs
    assert drawn(batch, 2 * batch, index=(1, 0, 0, 1))[0] == "expected, 8 × 8, -63 … 63"


def test_curves_are_drawn_over_each_other():
    curve = np.linspace(1, 0, 30)
    assert drawn(curve, curve**2) == ["expected: 1 … 0. yours: 1 … 0."]
    losses = [1 / (step + 1) for step in range(20)]
    assert drawn((0.5, losses), (0.5, losses[::-1]), path=(1, 0), returns=("w", "losses")) == [
        "expected: 1 … 0.05. yours: 0.05 … 1."
    ]


@pytest.mark.parametrize(
    "actual",
    [
        np.full((8, 8), np.nan),
        np.full((8, 8), np.inf),
        np.full((8, 8), 1e308) * [[1, -1] * 4],
        np.zeros((8, 7)),
        np.zeros((8, 8), complex),
        np.zeros((8, 8), bool),
        [[0.0] * 8] * 8,
        "text",
        None,
    ],
)
def test_what_cannot_be_drawn_leaves_the_report_whole(actual):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for expected in (np.eye(8), np.zeros((8, 8)), np.linspace(0, 1, 30)):
            assert len(drawn(expected, actual)) in (0, 3)


def test_each_named_part_of_an_answer_that_differs_as_a_whole_is_shown():
    report = Report(
        "f",
        False,
        "property",
        "No.",
        number=0,
        answered=True,
        returns=("w", "losses", "_cache"),
        expected=(1.0, [0.5] * 12, 1),
        actual=(2.0, [0.7] * 12, 2),
    )
    assert [name for name, _, _ in report.shown] == ["w", "losses"]
    text = str(report)
    assert "one right answer w" in text and "yours losses" in text


def test_infinity_is_no_number_even_where_any_number_will_do() -> None:
    """An acceptance that subtracts or compares would find nothing wrong with it."""
    found = difference(np.zeros(2), np.array([1e9, np.inf]), Tolerance(0.0, float("inf")))
    assert found is not None and found.kind == "not finite"
    assert difference(np.zeros(2), np.array([1e9, -1e9]), Tolerance(0.0, float("inf"))) is None
    assert difference(np.array([np.inf, np.nan]), np.array([np.inf, np.nan]), Tolerance()) is None
