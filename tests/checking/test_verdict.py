"""The verdict: what it expects where inputs are to be refused, of chance, of a cache, and of hostile values."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judged import report_on

from byhand.checking import sentences as say
from byhand.checking.codec import MAX_KEYS, Other, decode, encode
from byhand.checking.collect import collect, encode_cases
from byhand.checking.judge import BrokenReference, judge
from byhand.checking.report import Report
from byhand.exercises import chapters
from byhand.exercises.inputs import Rng
from byhand.exercises.spec import exercise


def half(x):
    """x / 2, of an even number only."""
    if x % 2:
        raise ValueError(f"{x} is odd")
    return x / 2


@exercise(half)
def half_spec(draw):
    yield 4
    yield 7


def _refuses_otherwise(x):
    if x % 2:
        raise KeyError(x)
    return x / 2


def _refuses(x):
    if x % 2:
        raise np.linalg.LinAlgError("another message, and a kind of ValueError")
    return x / 2


def _not_written(x):
    raise NotImplementedError()


@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        (_refuses, "right", "Right"),
        (lambda x: x / 2, "values", "`raise ValueError(...)`"),
        (_refuses_otherwise, "raised", "another error, KeyError"),
        (_not_written, "not written", "Not written yet"),
    ],
)
def test_where_the_reference_refuses_a_value_error_is_the_answer(function, kind, words):
    report = report_on(half_spec, function)
    assert report.kind == kind and words in report.headline
    assert report.passed == (kind == "right")
    if kind == "values":
        assert "a ValueError" in str(report) and "a ValueError" in report.html()


def test_a_reference_that_breaks_is_nobody_elses_mistake():
    @exercise(lambda x: x.nothing)
    def spec(draw):
        yield 1.0

    with pytest.raises(BrokenReference, match="AttributeError"):
        report_on(spec, lambda x: 1.0)


def test_what_a_notebook_did_to_numpys_errors_stays_out_of_the_reference():
    @exercise(lambda x: np.exp(x) / np.exp(x))
    def spec(draw):
        yield np.array([1.0, 1000.0])

    with np.errstate(all="raise"):
        assert report_on(spec, lambda x: np.array([1.0, np.nan])).passed
        assert report_on(spec, lambda x: np.array([-np.inf, 1e308])).kind == "not finite"
        assert "twice" in report_on(_doubled, lambda x: 2.0 * x).headline


@exercise(lambda x: x)
def _doubled(draw):
    for n in (3, 4, 5):
        yield np.append(draw.normal(n), [0.0, 1e-300, 1e200])


def noise(x, rng):
    """x, and something drawn."""
    return x + rng.normal(size=x.shape)


@exercise(noise)
def noise_spec(draw):
    x = np.arange(4.0)
    yield x, Rng(1)
    yield x, Rng(1)
    yield x, Rng(2)


@noise_spec.accept
def _(answer, x, rng):
    return None


def test_another_generator_must_give_another_answer():
    assert report_on(noise_spec, noise).passed
    fixed = report_on(noise_spec, lambda x, rng: x + np.random.default_rng(0).normal(size=x.shape))
    assert (fixed.kind, fixed.headline, fixed.right) == ("property", say.NOT_RANDOM, 2)
    elsewhere = np.random.default_rng()
    other = report_on(noise_spec, lambda x, rng: x + elsewhere.normal(size=x.shape))
    assert other.headline == say.NOT_REPEATABLE


def test_a_reference_that_does_not_depend_on_chance_asks_for_none():
    @exercise(lambda x, rng: x)
    def spec(draw):
        yield 1.0, Rng(1)
        yield 1.0, Rng(2)

    assert report_on(spec, lambda x, rng: x).passed


def spread(x, rng):
    out = x + rng.random()
    return out, (x, out)


def _spread_spec(looks):
    @exercise(spread, returns="out, _cache")
    def spec(draw):
        yield 1.0, Rng(1)

    @spec.accept
    def _(answer, x, rng):
        out, cache = answer
        return "The cache is not what it must be." if looks and not math.isclose(cache[1], out) else None

    return spec


@pytest.mark.parametrize("looks", [True, False])
@pytest.mark.parametrize("cache", [None, "text", 0.5, (1.0,), ("a", "b")])
def test_a_promised_cache_is_judged_also_where_a_property_decides(cache, looks):
    assert report_on(_spread_spec(looks), spread).passed
    assert report_on(_spread_spec(looks), lambda x, rng: (x + 2.0, (x, x + 2.0))).passed  # drawn otherwise
    kept = np.array([1.0, 2.0])  # in another shape, where nothing says how
    assert report_on(_spread_spec(False), lambda x, rng: (x + 2.0, (x, kept))).passed
    report = report_on(_spread_spec(looks), lambda x, rng: (x + 0.5, cache))
    assert not report.passed and "cache" in report.headline


def test_a_property_that_looks_at_the_cache_judges_it():
    report = report_on(_spread_spec(True), lambda x, rng: (x + 0.5, (x, 7.0)))
    assert report.headline == "The cache is not what it must be."
    assert report_on(_spread_spec(False), lambda x, rng: (x + 0.5, (x, 7.0))).passed


# hostile values


def _record(**facts):
    return {"returned": 1.0, **facts}


@pytest.mark.parametrize(
    "record",
    [
        {"returned": 10**400},
        {"returned": {"dict": [[{"tuple": [0, 1]}, 1]]}},
        {"returned": {"dict": [[i, i] for i in range(MAX_KEYS + 1)]}},
        {"raised": {"type": 3}},
        {"raised": {"type": "E", "shapes": []}},
        _record(seconds=float("nan")),
        _record(warnings=7),
        _record(changed=[None]),
    ],
)
def test_a_record_that_collect_cannot_write_is_garbled(record):
    report = judge(half_spec, half_spec.cases(0), [record, {"raised": {"type": "E", "value_error": True}}])
    assert report.kind == "garbled"


@pytest.mark.parametrize(
    "record",
    [
        {"raised": {"type": "T" * 10**6, "message": "\ud800" * 10**6, "source": "x" * 10**6, "line": 10**9}},
        _record(changed=["x" * 10**6] * 1000, warnings=["w" * 10**6] * 1000, seconds=1e308),
        {"returned": {"dict": [["k" * 10**5 + str(i), 1] for i in range(100)]}},
        {"returned": "\ud800" * 10**5},
        {"returned": float("inf")},
    ],
)
def test_whatever_a_record_says_a_report_stays_short(record):
    report = judge(half_spec, half_spec.cases(0), [record] * 2)
    assert not report.passed
    assert len(report.headline) < 5000 and len(str(report)) < 10_000 and len(report.html()) < 50_000
    report.html().encode("utf-8")


def test_a_value_that_holds_itself_often_is_described():
    wide: list = [0] * 1000
    for _ in range(3):
        wide = [wide] * 1000
    text = repr(encode(wide))
    assert len(text) < 50_000_000 and "too large to compare" in text
    assert isinstance(decode(encode({(1, 2): 3})), Other)


def test_names_that_are_no_arguments_are_not_said_to_be_changed():
    cases = half_spec.cases(0)[:1]
    assert judge(half_spec, cases, [{"returned": 2.0, "changed": ["9", "<b>"]}]).passed
    assert len(encode_cases(cases)) == 1


def test_collecting_needs_no_judge_and_no_diagnosis():
    code = "import sys, types\nfor n in ('byhand', 'byhand.exercises', 'byhand.checking'):\n"
    code += (
        "    m = types.ModuleType(n); m.__path__ = [p + '/' + n.replace('.', '/') for p in sys.argv[1:]]\n"
    )
    code += "    sys.modules[n] = m\nimport byhand.checking.collect; print(*sorted(sys.modules))"
    import byhand

    folder = str(__import__("pathlib").Path(byhand.__file__).parents[1])
    run = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    ours = {name for name in run.stdout.split() if name.startswith("byhand.")}
    needed = {"byhand.exercises", "byhand.checking", "byhand.exercises.inputs"}
    assert ours == {*needed, "byhand.checking.collect", "byhand.checking.codec"}


# whatever comes back, for the course's own exercises


def _array(shape, number, dtype):
    with np.errstate(all="ignore"):
        return encode(np.full(shape, number).astype(dtype))


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(lambda items: {"tuple": items})
    ),
    max_leaves=8,
)
SHAPED = st.tuples(
    st.lists(st.integers(0, 4), max_size=4),
    st.floats(),
    st.sampled_from(["float64", "float16", "complex128"]),
).map(lambda drawn: _array(*drawn))
SPECS = [one for chapter in chapters() for one in chapter.exercises]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SPECS), st.lists(TREES | SHAPED, min_size=1, max_size=3), st.data())
def test_nothing_that_comes_back_stops_a_judge(spec, answers, data):
    cases = spec.cases(0)
    parts = len(spec.returns)
    if parts > 1 and data.draw(st.booleans()):
        answers = [{"tuple": [answers[n % len(answers)] for n in range(parts)]}]
    records = [{"returned": answers[n % len(answers)]} for n in range(len(cases))]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter(
            "ignore"
        )  # numbers near the largest there are overflow when a report shows them
        report = judge(spec, cases, records)
        assert Report.from_dict(json.loads(json.dumps(report.to_dict()))).html() == report.html()
        assert str(report)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SPECS), st.randoms(use_true_random=False))
def test_nothing_done_to_a_right_answer_stops_a_judge(spec, random):
    """One leaf of what the reference gives is spoiled, so that comparing and diagnosing get as far as they can."""
    cases = spec.cases(0)
    records = collect(spec.reference, encode_cases(cases))
    for record in records:
        record["returned"] = _spoiled(record.get("returned"), random)
        record.pop("raised", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = judge(spec, cases, records)
    assert str(report) and report.html()


def _spoiled(tree, random):
    if isinstance(tree, dict) and "tuple" in tree:
        return {"tuple": [_spoiled(item, random) for item in tree["tuple"]]}
    if isinstance(tree, dict) and "dict" in tree:
        return {"dict": [[key, _spoiled(item, random)] for key, item in tree["dict"]]}
    if isinstance(tree, list):
        return [_spoiled(item, random) for item in tree]
    value = decode(tree)
    if random.random() < 0.5 or isinstance(value, str | bool | Other) or value is None:
        return tree
    odd = random.choice([1e308, -np.inf, np.nan, 0.0, 1e-320, 3.0, "text"])
    if odd == "text" or np.ndim(value) == 0:
        return encode(odd)
    return encode(
        random.choice([np.full(np.shape(value), odd), np.asarray(value, float) * odd, np.asarray(value).T])
    )
