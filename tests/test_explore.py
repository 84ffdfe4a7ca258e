"""Explorables: what they show is what NumPy computes, and a picture appears whatever the learner's function does."""

from __future__ import annotations

import functools
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from byhand import activations, derivatives, explore
from byhand.explore import host
from byhand.explore.neuron import BIASES, CORNERS, GATES, GRID, WEIGHTS
from byhand.explore.scene import Axis, Panel, Scene, tiles, words
from byhand.explore.text import write
from byhand.explore.values import Frames, Pack

NAMES = sorted(explore.__all__)
FOLDER = Path(host.__file__).parent
every_explorable = pytest.mark.parametrize("name", NAMES)


def make(name):
    return getattr(explore, name)()


def reading(explorable, label, **values):
    """What the labelled number under the picture says."""
    said = dict(explorable.scene.readings)[label]
    return said.at(explorable.scene.start(**values))


def run(code):
    """Run Python code in a process of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


# ---- What every explorable promises ----


@every_explorable
def test_description_is_json_that_refers_only_to_what_is_there(name):
    scene, buffer = make(name).scene.describe()
    assert json.loads(json.dumps(scene, allow_nan=False)) == scene
    controls = {control["name"] for control in scene["controls"]}
    for number, node in enumerate(scene["nodes"]):
        assert set(node.get("by", [])) <= controls
        assert all(part < number for part in node.get("of", [])), "a part must come before what it is part of"
        if node["is"] == "frames":
            assert node["at"] + np.prod(node["shape"]) <= len(buffer) / 4
    count = len(scene["nodes"])
    for mark in itertools.chain.from_iterable(panel["marks"] for panel in scene["panels"]):
        assert all(0 <= node < count for node in mark["values"].values())


@every_explorable
def test_asks_something_and_explains_it(name):
    scene = make(name).scene
    assert "Predict" in scene.question
    assert scene.prediction["options"][scene.prediction["answer"]]
    assert scene.notice and scene.sentences and scene.columns


@every_explorable
def test_has_labels_on_all_axes_and_controls(name):
    scene = make(name).scene
    assert all(panel.title and panel.x.label and panel.y.label for panel in scene.panels)
    assert all(control.label for control in scene.controls.values())


@every_explorable
def test_page_holds_everything_and_is_small(name):
    page = make(name).html()
    assert len(page.encode()) < 1_500_000
    # The name of the SVG vocabulary looks like an address; nothing is fetched from it.
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "import(" not in page and "fetch(" not in page


@every_explorable
def test_still_shows_the_same_panels(name):
    explorable = make(name)
    figure = explorable.still()
    assert [axes.get_title() for axes in figure.axes] == [panel.title for panel in explorable.scene.panels]
    for axes, panel in zip(figure.axes, explorable.scene.panels, strict=True):
        assert (axes.get_xlabel(), axes.get_ylabel()) == (panel.x.label, panel.y.label)
    figure.canvas.draw()


@every_explorable
def test_text_says_what_the_picture_shows(name):
    explorable = make(name)
    assert explorable.scene.title in repr(explorable)
    assert explorable._repr_mimebundle_()["text/plain"] == repr(explorable)


@every_explorable
def test_value_outside_a_notebook_is_where_the_controls_start(name):
    explorable = make(name)
    assert list(explorable.value) == list(explorable.scene.controls)
    assert explorable.scene.start(**explorable.value) == explorable.scene.start()


def test_every_mark_and_operation_is_known_to_both_hosts():
    from byhand.explore import still, values

    scripts = "".join((FOLDER / name).read_text() for name in ("marks.js", "pixels.js"))
    drawn = set(re.findall(r"^  (\w+)\(mark, panel", scripts, re.M))
    methods = {name for name, part in vars(Panel).items() if callable(part) and not name.startswith("_")}
    assert (
        drawn == set(still._MARKS) == methods - {"describe", "node", "edge"}
    )  # made of boxes, arrows and text
    text = (FOLDER / "values.js").read_text()
    in_browser = set(re.findall(r'^  "?([-+*>=\w]+)"?: \(', text, re.M))
    assert in_browser == set(values._OPERATIONS)


def test_import_is_light():
    heavy = ["anywidget", "ipywidgets", "IPython", "matplotlib"]
    out = run(f"from byhand import explore; import sys; print([n for n in {heavy} if n in sys.modules])")
    assert out.strip() == "[]"


def test_page_needs_no_widgets():
    blocked = "import sys; sys.modules.update(dict.fromkeys(['anywidget', 'ipywidgets', 'IPython']))"
    out = run(f"{blocked}\nfrom byhand import explore\nprint(len(explore.saturation().html()))")
    assert int(out) > 10_000


def test_a_kernel_without_widgets_shows_the_page():
    code = """
import sys, types
shell = types.SimpleNamespace(kernel=object())
sys.modules['IPython'] = types.SimpleNamespace(get_ipython=lambda: shell)
sys.modules.update(anywidget=None, ipywidgets=None)
from byhand import explore
picture = explore.saturation()
print('text/html' in picture._repr_mimebundle_(), picture.value['z'])"""
    assert run(code).split() == ["True", "2.0"]


def test_showing_does_not_wait_for_matplotlib():
    code = "from byhand import explore; import sys; b = explore.neuron()._repr_mimebundle_()"
    out = run(
        f"{code}; print('matplotlib' in sys.modules, 'image/png' in b, 'What can one' in b['text/html'])"
    )
    assert out.split() == ["False", "False", "True"]


def test_still_is_in_the_bundle_once_matplotlib_is_there():
    import matplotlib.figure  # noqa: F401

    bundle = explore.saturation()._repr_mimebundle_()
    assert bundle["image/png"] in bundle["text/html"]


def test_still_names_a_control_that_is_not_there():
    with pytest.raises(ValueError, match=r"no control.*depth"):
        explore.saturation().still(dept=3)
    with pytest.raises(ValueError, match=r"no option 'Tan'.*'Tanh'"):
        explore.saturation().still(activation="Tan")


def test_no_sentence_can_close_the_script():
    def sigmoid(x):
        raise RuntimeError("</script><script>alert(1)</script>")

    page = explore.saturation(sigmoid).html()
    assert "alert(1)" in page
    assert "</script><script>alert" not in page


# ---- Saturation ----

PAIRS = [("Sigmoid", "sigmoid"), ("Tanh", "tanh"), ("ReLU", "relu")]


@pytest.mark.parametrize(("label", "name"), PAIRS)
def test_saturation_shows_the_function_and_its_slope(label, name):
    explorable = explore.saturation()
    function, slope = getattr(activations, name), getattr(activations, f"{name}_derivative")
    for z in (-7.3, -1.0, 0.0, 0.4, 6.0):
        at = {"activation": label, "z": z}
        assert reading(explorable, "f(z)", **at) == write(float(function(z)))
        assert reading(explorable, "slope f′(z)", **at) == write(float(slope(z)))


@pytest.mark.parametrize(("label", "name"), PAIRS)
def test_saturation_multiplies_slopes_through_depth(label, name):
    explorable = explore.saturation()
    slope = getattr(activations, f"{name}_derivative")
    for z, depth in itertools.product((-3.0, 0.0, 1.5), (1, 7, 30)):
        shown = reading(explorable, "left of the gradient", activation=label, z=z, depth=depth)
        assert shown == write(float(slope(z)) ** depth, ".2g")


def test_saturation_arrays_are_numpys():
    scene = explore.saturation().scene
    lines = {mark.style["label"]: mark.values["y"] for mark in scene.panels[0].marks if mark.kind == "line"}
    z = np.linspace(-8, 8, 161)
    for position, (_, name) in enumerate(PAIRS):
        at = scene.start() | {"activation": position}
        for label, ending in (("f(z)", ""), ("slope f′(z)", "_derivative")):
            expected = getattr(activations, name + ending)(z)
            np.testing.assert_allclose(lines[label].under(at), expected, rtol=1e-6, atol=1e-30)


@pytest.mark.parametrize(
    ("label", "z", "said"),
    [
        ("Sigmoid", 0, "depth 10"),
        ("Sigmoid", 2, "depth 7"),
        ("Tanh", 0, "never"),
        ("ReLU", 3, "never"),
        ("ReLU", -1, "depth 1"),
    ],
)
def test_saturation_knows_from_which_depth_the_gradient_is_gone(label, z, said):
    shown = reading(explore.saturation(), "below one millionth from", activation=label, z=z)
    assert shown == said
    if said != "never":
        slope = {"Sigmoid": activations.sigmoid_derivative, "ReLU": activations.relu_derivative}[label](
            float(z)
        )
        depth = int(said.split()[1])
        assert slope**depth < 1e-6 <= slope ** (depth - 1)


def test_saturation_predicts_what_the_reference_says():
    prediction = explore.saturation().scene.prediction
    assert prediction["options"][prediction["answer"]] == "10 layers"
    assert activations.sigmoid_derivative(0.0) ** 10 < 1e-6 <= activations.sigmoid_derivative(0.0) ** 9


def test_saturation_says_where_it_is_flat():
    scene = explore.saturation().scene
    assert "It is flat here: saturated." in scene.sentence(scene.start(activation="Tanh", z=5))
    assert "nothing pass back" in scene.sentence(scene.start(activation="ReLU", z=-2))
    assert "unchanged" in scene.sentence(scene.start(activation="ReLU", z=2))


def not_written(x):
    raise NotImplementedError


def broken(x):
    return x.missing


def nothing(x):
    pass


def words_only(x):
    return "one"


def wrong_shape(x):
    return np.ones(3)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (not_written, "Your tanh is not written yet. The reference is drawn instead."),
        (broken, "Your tanh raised AttributeError: 'numpy.ndarray' object has no attribute 'missing'."),
        (nothing, "Your tanh returned nothing (None)."),
        (words_only, "Your tanh returned a str, which is no array of numbers."),
        (wrong_shape, "Your tanh returned shape (3,) where (161,) was expected."),
    ],
)
def test_saturation_draws_the_reference_where_the_learners_cannot_be_drawn(function, sentence):
    def tanh(x):
        return function(x)

    explorable = explore.saturation(tanh)
    (note,) = explorable.scene.notes
    assert note.startswith(sentence)
    assert reading(explorable, "f(z)", activation="Tanh", z=1) == write(np.tanh(1))


def test_saturation_shows_how_wrong_looks_beside_the_reference():
    def sigmoid(x):
        return 1 / (1 + np.exp(x))

    explorable = explore.saturation(sigmoid)
    assert "Your sigmoid differs from the reference" in explorable.scene.notes[0]
    assert reading(explorable, "f(z)", z=2) == write(1 / (1 + np.exp(2)))
    lines = {
        mark.style["label"]: mark.values["y"]
        for mark in explorable.scene.panels[0].marks
        if mark.kind == "line"
    }
    at = explorable.scene.start()
    np.testing.assert_allclose(
        lines["reference f"].under(at), activations.sigmoid(np.linspace(-8, 8, 161)), rtol=1e-6
    )
    # The two that are right have no second line.
    assert np.isnan(lines["reference f"].under(at | {"activation": 1})).all()


def test_saturation_has_no_note_and_no_second_line_when_all_is_right():
    def relu(x):
        return np.maximum(x, 0)

    explorable = explore.saturation(relu, activations.sigmoid)
    assert explorable.scene.notes == []
    labels = [mark.style.get("label") for mark in explorable.scene.panels[0].marks]
    assert "reference f" not in labels


def test_saturation_shows_a_slope_that_is_no_number():
    def relu_derivative(x):
        return np.full_like(x, np.nan)

    explorable = explore.saturation(relu_derivative)
    assert "not a number" in explorable.scene.sentence(explorable.scene.start(activation="ReLU"))
    json.dumps(explorable.scene.describe()[0], allow_nan=False)
    explorable.still(activation="ReLU").canvas.draw()


@pytest.mark.filterwarnings("error")
def test_saturation_draws_a_slope_that_is_far_too_large():
    def relu_derivative(x):
        return np.full_like(x, 1e200)

    explorable = explore.saturation(relu_derivative)
    assert "multiplied by ∞" in explorable.scene.sentence(explorable.scene.start(activation="ReLU"))
    explorable.scene.describe()


def test_saturation_takes_a_function_that_has_no_name():
    with pytest.raises(ValueError, match="does not know partial"):
        explore.saturation(functools.partial(np.tanh))


def test_saturation_never_changes_what_it_was_given():
    seen = []

    def tanh(x):
        seen.append(x)
        x += 1
        return np.tanh(x - 1)

    assert explore.saturation(tanh).scene.notes == []
    assert explore.saturation().scene.start() and len(seen) == 1


def test_saturation_refuses_a_function_that_it_does_not_know():
    def swish(x):
        return x

    with pytest.raises(ValueError, match="does not know swish; it takes sigmoid"):
        explore.saturation(swish)


# ---- Neuron ----


def answers(explorable, **values):
    """What the picture says that the neuron answers to the four points."""
    value, _ = explorable.scene.columns["answer"]
    return value.under(explorable.scene.start(**values)).tolist()


@pytest.mark.parametrize("activation", ["step", "sigmoid"])
def test_neuron_shows_what_the_neuron_computes(activation):
    from byhand.neuron import neuron, step

    explorable = explore.neuron()
    bars = next(mark for mark in explorable.scene.panels[1].marks if mark.kind == "bars")
    function = {"step": step, "sigmoid": activations.sigmoid}[activation]
    rng = np.random.default_rng(1)
    for _ in range(50):
        w1, w2 = rng.choice(WEIGHTS, 2)
        b = rng.choice(BIASES)
        at = explorable.scene.start(activation=activation, w1=w1, w2=w2, b=b)
        expected = neuron(CORNERS, np.array([w1, w2]), b, function)
        if activation == "step" and np.abs(CORNERS @ [w1, w2] + b).min() < 1e-5:
            continue  # the sum is 0 but for rounding: both answers are right
        np.testing.assert_allclose(bars.values["height"].under(at), expected, atol=3e-4)


def test_neuron_draws_the_boundary_where_the_sum_is_zero():
    explorable = explore.neuron()
    heat = next(mark for mark in explorable.scene.panels[0].marks if mark.kind == "heat")
    at = explorable.scene.start(w1=1.3, w2=-0.7, b=0.4)
    expected = GRID @ [1.3, -0.7] + 0.4
    np.testing.assert_allclose(heat.values["z"].under(at), expected, atol=1e-6)


def test_one_neuron_gets_three_points_of_xor_and_no_more():
    best = 0
    for w1, w2 in itertools.product(WEIGHTS, repeat=2):
        z = CORNERS @ [w1, w2] + BIASES[:, None]
        best = max(best, int(((z >= 0) == GATES["XOR"]).sum(axis=1).max()))
    prediction = explore.neuron().scene.prediction
    assert prediction["options"][prediction["answer"]] == f"{best} of 4" == "3 of 4"


@pytest.mark.parametrize(
    ("gate", "values"),
    [("AND", (1, 1, -1.5)), ("OR", (1, 1, -0.5)), ("NAND", (-1, -1, 1.5))],
)
def test_neuron_says_when_a_gate_is_found(gate, values):
    explorable = explore.neuron()
    at = dict(zip(("w1", "w2", "b"), values, strict=True))
    assert answers(explorable, gate=gate, **at) == list(GATES[gate])
    said = explorable.scene.sentence(explorable.scene.start(gate=gate, **at))
    assert said.endswith(f"All 4 answers are right: this neuron computes {gate}.")


def test_neuron_that_forgets_the_bias_is_drawn_so():
    def neuron(x, w, b, activation):
        return activation(np.dot(x, w))

    explorable = explore.neuron(neuron)
    assert "differs from the reference" in explorable.scene.notes[0]
    assert "dotted" in explorable.scene.notes[0]
    assert answers(explorable, w1=1, w2=1, b=-3) == [1, 1, 1, 1]  # the bias changes nothing
    assert any(mark.style.get("label") == "reference" for mark in explorable.scene.panels[0].marks)


def test_neuron_that_no_plane_can_show_is_replaced_with_a_word():
    def neuron(x, w, b, activation):
        return activation(np.dot(x, w)) + b

    explorable = explore.neuron(neuron)
    (note,) = explorable.scene.notes
    assert "differs from the reference" in note and note.endswith("this is the reference.")
    assert answers(explorable, w1=1, w2=1, b=-1.5) == [0, 0, 0, 1]


def test_neuron_that_is_not_written_is_replaced_with_a_word():
    def neuron(x, w, b, activation):
        raise NotImplementedError

    (note,) = explore.neuron(neuron).scene.notes
    assert note == "Your neuron is not written yet. The reference is drawn instead."


def test_neuron_that_is_right_has_no_note():
    def neuron(x, w, b, activation):
        return activation(sum(one * weight for one, weight in zip(x, w, strict=True)) + b)

    explorable = explore.neuron(neuron)
    assert explorable.scene.notes == []
    assert not any(mark.style.get("label") == "reference" for mark in explorable.scene.panels[0].marks)


# ---- Tangent ----


def test_tangent_shows_the_estimate_and_its_error():
    explorable = explore.tangent()
    at = {"x": 1.2, "h": 0.1}
    estimate = derivatives.numerical_derivative(np.exp, 1.2, 0.1)
    assert reading(explorable, "slope by two points", **at) == write(float(estimate), ".6g")
    assert reading(explorable, "true slope", **at) == write(float(np.exp(1.2)), ".6g")
    assert reading(explorable, "error", **at) == write(float(estimate - np.exp(1.2)), ".2g")


@pytest.mark.parametrize(("kind", "best"), [("float64", 1e-5), ("float32", 5e-3)])
def test_tangent_errors_fall_and_rise_again_around_the_best_step(kind, best):
    explorable = explore.tangent()
    scene = explorable.scene
    error = next(mark for mark in scene.panels[1].marks if mark.style.get("label") == "at your step").values[
        "y"
    ]
    at_best, long, short = (
        max(error.under(scene.start(numbers=kind, x=x, h=h)) for x in (-1.0, 0.5, 1.5))
        for h in (best, best * 1e3 if best < 1e-3 else 1.0, best / 1e4)
    )
    assert at_best < long / 100 and at_best < short / 100
    for factor, said in ((1e-3, "too short"), (1, "close to the best"), (100, "too long")):
        assert said in scene.sentence(scene.start(numbers=kind, h=best * factor))


def test_tangent_takes_a_curve_without_a_formula_for_its_slope():
    explorable = explore.tangent(lambda x: x**3 - 2 * x)
    for x in (-2.0, 0.0, 1.3):
        value, _ = explorable.scene.columns["error in float64"]
        shown = explorable.scene.sentences[1].values["true"].under(explorable.scene.start(x=x))
        assert shown == pytest.approx(3 * x**2 - 2, abs=1e-6)
        assert value.under(explorable.scene.start(x=x)).min() < 1e-9


def test_tangent_draws_another_curve_where_the_learners_cannot_be_drawn():
    (note,) = explore.tangent(np.log).scene.notes
    assert note.startswith("Your log is not finite everywhere from −3 to 3.")
    (note,) = explore.tangent(lambda x: None).scene.notes
    assert note.endswith("returned nothing (None). The curve eˣ is drawn instead.")


def test_tangent_shows_the_error_of_a_one_sided_difference_beside_the_reference():
    def numerical_derivative(f, x, h):
        return (f(x + h) - f(x)) / h

    explorable = explore.tangent(numerical_derivative=numerical_derivative)
    (note,) = explorable.scene.notes
    assert "Your numerical_derivative differs from the reference, which is dotted." in note
    assert reading(explorable, "error", x=0, h=0.1) == write(np.expm1(0.1) / 0.1 - 1, ".2g")
    assert "reference" in [mark.style.get("label") for mark in explorable.scene.panels[1].marks]


def test_tangent_of_a_derivative_that_is_not_written_shows_the_reference():
    def numerical_derivative(f, x, h):
        raise NotImplementedError

    (note,) = explore.tangent(numerical_derivative=numerical_derivative).scene.notes
    assert note == "Your numerical_derivative is not written yet. The reference is drawn instead."


# ---- Softmax and temperature ----


def test_softmax_shares_are_numpys():
    explorable = explore.softmax_temperature()
    share, _ = explorable.scene.columns["share"]
    for temperature, score in itertools.product((0.001, 1.0, 10**1.5), (-3.0, 0.25, 5.0)):
        at = explorable.scene.start(temperature=temperature, score=score)
        z = np.array([score, 1.0, 0.5, 0.0, -1.0]) / temperature
        expected = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        np.testing.assert_allclose(share.under(at), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("temperature", "said"),
    [(0.01, "Almost everything goes to the highest"), (1, "Higher scores get more"), (30, "nearly the same")],
)
def test_softmax_says_what_the_temperature_does(temperature, said):
    scene = explore.softmax_temperature().scene
    assert said in scene.sentence(scene.start(temperature=temperature))


def test_softmax_that_overflows_is_drawn_so():
    def softmax(x, axis=-1):
        return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)

    explorable = explore.softmax_temperature(softmax)
    assert "it gives not a number" in explorable.scene.notes[0]
    assert "It has overflowed" in explorable.scene.sentence(explorable.scene.start(temperature=0.001))
    assert "overflowed" not in explorable.scene.sentence(explorable.scene.start(temperature=1))


# ---- The tools that an author of an explorable uses ----


def test_frames_are_blended_between_two_positions_and_exact_on_one():
    scene = Scene("Title", "Question?")
    x = scene.slider("x", "x", [0.0, 1.0, 4.0], start=1)
    value = Frames([[1.0, np.inf], [3.0, 1.0], [5.0, 2.0]], x)
    assert value.under({"x": 1}).tolist() == [3.0, 1.0]
    assert value.under({"x": 1.5}).tolist() == [4.0, 1.5]
    assert value.under({"x": 0}).tolist() == [1.0, np.inf]
    assert x.under({"x": 1.5}) == 2.5


def test_frames_refuse_an_array_that_does_not_fit_its_controls():
    scene = Scene("Title", "Question?")
    x = scene.slider("x", "x", [0.0, 1.0, 4.0], start=1)
    with pytest.raises(ValueError, match=r"shape \(4, 2\).*x \(3\)"):
        Frames(np.zeros((4, 2)), x)


def test_the_same_numbers_are_sent_once():
    pack = Pack()
    table = np.arange(12.0)
    first, second = pack.number(table), pack.number(table.copy())
    assert len(pack.buffer) == 4 * 12
    assert pack.nodes[first] == pack.nodes[second]


def test_a_sentence_says_which_value_it_lacks():
    with pytest.raises(ValueError, match=r"need a value for \['slope'\]"):
        words("The slope is {slope:.2f}.")
    with pytest.raises(ValueError, match="pick"):
        words("one", "two")


def test_a_mark_refuses_a_colour_that_not_everybody_can_tell_apart():
    panel = Scene("Title", "Question?").panel("Panel", x=Axis("x", 0, 1), y=Axis("y", 0, 1))
    with pytest.raises(ValueError, match="no color 'red'; choose from ink"):
        panel.line([0, 1], [0, 1], color="red")


def test_a_matrix_keeps_its_rows_and_columns():
    scene = Scene("Title", "Question?")
    x = scene.slider("x", "x", [0.0, 1.0], start=1)
    sheet = scene.sheet("Sheet", rows=2, columns=3)
    sheet.image(Frames(np.zeros((2, 2, 3)), x) * 2 + np.ones((2, 3)), low=0, high=1)
    assert (sheet.marks[0].style["rows"], sheet.marks[0].style["columns"]) == (2, 3)


@pytest.mark.parametrize(
    ("kind", "array", "style", "said"),
    [
        ("image", np.zeros(4), {"low": 0, "high": 1}, r"a matrix, not an array of shape \(4,\)"),
        ("cells", np.zeros((50, 50)), {}, "at most 400 numbers"),
        ("cells", np.zeros((2, 2)), {"palette": "diverging", "low": 0, "high": 1}, "low < 0 < high"),
        ("image", np.zeros((2, 2)), {"low": 1, "high": 1}, "low must be less than high"),
        ("image", np.zeros((2, 2)), {"low": 0, "high": 1, "palette": "rainbow"}, "no palette 'rainbow'"),
    ],
)
def test_a_matrix_that_cannot_be_drawn_is_refused(kind, array, style, said):
    sheet = Scene("Title", "Question?").sheet("Sheet", rows=2, columns=2)
    with pytest.raises(ValueError, match=said):
        getattr(sheet, kind)(array, **style)


def test_tiles_put_images_side_by_side_with_gaps():
    images = np.arange(2 * 3 * 4.0).reshape(2, 3, 2, 2)  # two sets of three images
    sheet = tiles(images, columns=2)
    assert sheet.shape == (2, 5, 5)
    np.testing.assert_array_equal(sheet[1, 3:, :2], images[1, 2])
    assert np.isnan(sheet[:, 2]).all() and np.isnan(sheet[:, :, 2]).all()


def test_edges_run_from_border_to_border():
    sheet = Scene("Title", "Question?").sheet("Sheet", rows=4, columns=10)
    left, right = sheet.node(1, 2, "x", width=2), sheet.node(8, 2, "y", words("{y:.0f}", y=3.0), width=2)
    sheet.edge(left, right, above="forward", below="back")
    arrow = next(mark for mark in sheet.marks if mark.kind == "arrow")
    assert [float(arrow.values[name].under({})) for name in ("x", "y", "to_x", "to_y")] == [2, 2, 7, 2]
    assert sum(mark.kind == "text" for mark in sheet.marks) == 5


def test_a_handle_needs_something_to_move():
    scene = Scene("Title", "Question?")
    x = scene.slider("x", "x", [0.0, 1.0], start=1)
    panel = scene.panel("Panel", x=Axis("x", 0, 1), y=Axis("y", 0, 1))
    panel.handle(x, 0.5, label="the point")
    assert panel.marks[-1].style["moves"] == {"x": "x"}
    with pytest.raises(ValueError, match="needs a slider"):
        panel.handle(0.5, 0.5, label="the point")


def test_toggles_matrices_and_presets_are_settings_by_name():
    scene = Scene("Title", "Question?")
    scene.toggle("grid", "Show the grid", start=True)
    k = scene.matrix("k", "The kernel", [[0, 1], [2, 3]], np.linspace(-4, 4, 17))
    scene.preset("all ones", **{entry.name: 1 for entry in k.flat}, grid=False)
    explorable = host.Explorable(scene)
    assert explorable.value == {"grid": True, "k_1_1": 0, "k_1_2": 1, "k_2_1": 2, "k_2_2": 3}
    assert (k[1, 0] * 10 + k[1, 1]).under(scene.start(k_2_1=-1)) == -7
    (preset,) = scene.describe()[0]["presets"]
    assert preset["positions"]["grid"] == 0 and preset["positions"]["k_1_1"] == 10
    assert (k.sum()).under(scene.start(**dict.fromkeys(list(explorable.value)[1:], 1))) == 4
    with pytest.raises(ValueError, match="no control"):
        scene.preset("nothing", k_3_3=0)


@pytest.mark.parametrize(
    ("number", "spec", "text"),
    [
        (-0.04, ".1f", "0.0"),
        (-0.5, ".1f", "−0.5"),
        (0.5, ".3g", "0.5"),
        (1234.5, ".3g", "1230"),
        (-1.5e-7, ".2g", "−1.5 × 10⁻⁷"),
        (9.999e-5, ".2g", "0.0001"),
        (1e-40, ".2g", "less than 10⁻³⁰"),
        (float("nan"), ".2f", "not a number"),
        (float("-inf"), ".2g", "−∞"),
        (0.0, ".2g", "0"),
    ],
)
def test_numbers_are_written_for_readers(number, spec, text):
    assert write(number, spec).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("axis", "ticks"),
    [
        (Axis("", -8, 8), ["−8", "−6", "−4", "−2", "0", "2", "4", "6", "8"]),
        (Axis("", 0, 1), ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (Axis("", 1e-12, 10, ticks=[1e-6, 1, 10], log=True), ["10⁻⁶", "1", "10¹"]),
        (Axis("", 0, 2, ticks=[0, 1], names=["no", "yes"]), ["no", "yes"]),
    ],
)
def test_axes_have_round_numbers(axis, ticks):
    assert axis.written() == ticks
