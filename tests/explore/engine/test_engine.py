"""Explorables: what they show is what NumPy computes, and a picture appears whatever the learner's function does."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from byhand import explore
from byhand.explore.engine import host
from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Frames, Pack
from byhand.explore.engine.scene import Axis, Panel, Scene, tiles, words

NAMES = sorted(explore.pictures())
FOLDER = Path(host.__file__).parent
every_explorable = pytest.mark.parametrize("name", NAMES)


def make(name):
    return getattr(explore, name)()


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


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("tangent", "h"),
        ("polynomial", "lam"),
        ("batch_norm", "company"),
        ("softmax_temperature", "temperature"),
        ("cross_entropy", "score"),
        ("dropout", "p"),
    ],
)
def test_curve_that_would_answer_the_question_grows_with_its_slider(name, control):
    scene = make(name).scene
    slider = scene.controls[control]
    curves = [mark.values["y"] for mark in scene.panels[1].marks if mark.kind == "line"]
    assert curves
    for stands in (0, slider.start, (slider.start + len(slider)) // 2, len(slider) - 1):
        low, high = sorted((slider.start, stands))
        expected = [low <= place <= high for place in range(len(slider))]
        for curve in curves:
            shown = np.isfinite(curve.under(scene.start() | {control: stands}))
            assert shown.tolist() == expected


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
    from byhand.explore.engine import expressions, still

    scripts = "".join((FOLDER / name).read_text() for name in ("marks.js", "pixels.js"))
    drawn = set(re.findall(r"^  (\w+)\(mark, panel", scripts, re.M))
    methods = {name for name, part in vars(Panel).items() if callable(part) and not name.startswith("_")}
    assert (
        drawn == set(still._MARKS) == methods - {"describe", "node", "edge"}
    )  # made of boxes, arrows and text
    text = (FOLDER / "expressions.js").read_text()
    in_browser = set(re.findall(r'^  "?([-+*>=\w]+)"?: \(', text, re.M))
    assert in_browser == set(expressions._OPERATIONS)


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
    code = "from byhand import explore; import sys; b = explore.neuron_plane()._repr_mimebundle_()"
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
