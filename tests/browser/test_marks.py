"""Everything that a scene can be made of, drawn and moved in a real browser."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from matplotlib.image import imread
from pages import ready
from playwright.sync_api import Locator, expect

from byhand.explore.engine.expressions import Frames
from byhand.explore.engine.host import Explorable
from byhand.explore.engine.scene import Axis, Scene, words


def test_the_smallest_scene_is_drawn(offline):
    scene = Scene("How sharp is the corner?", "Does it ever become sharp?")
    k = scene.slider("k", "Sharpness", [1.0, 2.0, 4.0], start=1)
    panel = scene.panel("The corner", x=Axis("x", -1, 1), y=Axis("y", 0, 2))
    panel.line([-1, 0, 1], Frames([[1, 1, 1], [1, 0.5, 1], [1, 0, 1]], k), color="blue")
    scene.say("The sharpness is {k:.0f}.", k=k)
    root = ready(offline.open(Explorable(scene).html()))
    root.get_by_role("slider").press("End")
    expect(root.locator(".byhand-sentence")).to_have_text("The sharpness is 4.")
    assert root.locator("details, dl, .byhand-prediction").count() == 0


def test_every_kind_of_mark_is_drawn_where_it_should_be(offline):
    scene = Scene("Marks", "Which are there?")
    k = scene.slider("k", "k", [2.0, 7.0], start=2, spec=".0f")
    panel = scene.panel("All of them", x=Axis("x", 0, 10), y=Axis("y", 0, 10), square=True)
    panel.heat(np.arange(9.0), low=0, middle=4, high=8)
    panel.contour(np.arange(9.0), level=4, color="ink")
    panel.band([1, np.nan], [2, np.nan], color="orange")
    panel.bars([5, 6], [3, np.nan], color="sky", width=1)
    panel.line([0, 1, np.nan, 2, 10], [0, 1, 1, 2, 10], color="blue")
    panel.arrow(5, 5, k, 5, color="green")
    panel.rule(x=k, color="faint")
    there = Frames([[2, np.nan], [7, np.nan]], k)
    panel.points(there, there, color="green", shape="triangle")
    panel.text(k, 9, words("k is {k:.0f}", k=k))
    scene.say("k is {k:.0f}.", k=k)
    root = ready(offline.open(Explorable(scene).html()))
    root.get_by_role("slider").press("End")

    marks = root.locator("svg[role=img]").evaluate(
        """picture => [...picture.querySelectorAll("g[clip-path] > :not(marker)")].map(node =>
            node.getAttribute(node.tagName === "polyline" ? "points" : "d"))"""
    )
    contour, band, bars, line, arrow, rule, points = marks
    frame = root.locator(".byhand-paper").evaluate(
        "node => ['x', 'y', 'width', 'height'].map(name => parseFloat(node.getAttribute(name)))"
    )

    def at(x: float, y: float) -> tuple[float, float]:
        return frame[0] + frame[2] * x / 10, frame[1] + frame[3] * (1 - y / 10)

    def numbers(path: str) -> list[float]:
        return [float(number) for number in re.findall(r"-?[\d.]+", path)]

    assert numbers(line) == pytest.approx([*at(0, 0), *at(1, 1), *at(2, 2), *at(10, 10)], abs=0.01)
    assert line.count("M") == 2, "a NaN makes a gap"
    assert band.count("M") == bars.count("M") == 1, "nothing is drawn for a NaN"
    assert numbers(band)[:2] == pytest.approx(at(1, 10), abs=0.01)
    assert numbers(bars)[:3] == pytest.approx([*at(4.5, 0), at(0, 3)[1]], abs=0.01)
    assert numbers(arrow)[:4] == pytest.approx([*at(5, 5), *at(7, 5)], abs=0.01)
    assert numbers(rule)[0] == pytest.approx(at(7, 0)[0], abs=0.01)
    assert numbers(points) == pytest.approx([*at(7, 7), *at(7, 7)], abs=0.01), "nothing is drawn for a NaN"
    # The grid holds 0 … 8 in three rows: the level 4 crosses its middle row in the middle.
    crossing = np.reshape(numbers(contour), (-1, 2))
    assert np.abs(crossing - at(5, 5)).sum(axis=1).min() < 0.01
    expect(root.locator("text.byhand-text")).to_have_text("k is 7")
    colors = root.locator("canvas").evaluate(
        """canvas => [[1, 126], [126, 1], [64, 64]].map(([x, y]) =>
            [...canvas.getContext("2d").getImageData(x, y, 1, 1).data])"""
    )
    (low, high, middle) = colors
    assert low[2] > low[0] and high[0] > high[2] and middle[3] < 10 < min(low[3], high[3])


def test_a_symbol_on_the_frame_is_whole_and_one_outside_is_not_there(offline):
    scene = Scene("Points", "Where do they end?")
    k = scene.slider("k", "k", [0.0, 1.0], start=1)
    panel = scene.panel("The panel", x=Axis("x", 0, 10), y=Axis("y", 0, 10))
    panel.line([-5, 15], [5, 5], color="ink")
    panel.points(k * np.array([0, 10, 10.2, 5, 5]), np.array([5, 0, 5, -1, 5]), color="blue", size=6)
    scene.say("k is {k:.0f}.", k=k)
    root = ready(offline.open(Explorable(scene).html()))
    paper = root.locator(".byhand-paper").bounding_box()
    screen = imread(io.BytesIO(root.page.screenshot()))

    def colour(x: float, y: float) -> list[int]:
        """What is on the screen at a point of the panel."""
        across, up = paper["x"] + paper["width"] * x / 10, paper["y"] + paper["height"] * (1 - y / 10)
        return [round(255 * float(part)) for part in screen[round(up), round(across), :3]]

    blue = [0, 114, 178]
    seen = [colour(*place) == blue for place in ((0, 5), (10, 0), (10.2, 5), (5, -1), (5, 5))]
    assert seen == [True, True, False, False, True]
    reach = root.evaluate(
        """root => Object.fromEntries(["frame", "rim"].map(name =>
            [name, parseFloat(root.querySelector(`clipPath[id$=${name}] rect`).getAttribute("width"))]))"""
    )
    assert reach["rim"] - reach["frame"] >= 2 * 6, "room for a symbol on either side"
    assert root.locator("svg g[clip-path$='frame)'] > path").count() == 1, "the line ends at the frame"


def test_a_line_ends_a_little_outside_the_frame_in_its_own_direction(offline):
    scene = Scene("Lines", "Where do they end?")
    k = scene.slider("k", "k", [0.0, 1.0], start=1)
    panel = scene.panel("The panel", x=Axis("x", 0, 10), y=Axis("y", 0, 10))
    panel.line([0, 5, 10], np.array([5, 1e6, 5]) * k, color="ink")  # leaves and comes back
    panel.line([-1e9, 1e9], [5, 5], color="ink")
    panel.line([-5, 5, np.inf], [-5, 5, 15], color="ink")
    panel.line([2, 4, 6, 8], [-20, -30, -20, -40], color="ink")  # nothing of it can be seen
    scene.say("k is {k:.0f}.", k=k)
    root = ready(offline.open(Explorable(scene).html()))
    paper = root.locator(".byhand-paper")
    left, top, width, height = (float(paper.get_attribute(name)) for name in ("x", "y", "width", "height"))
    paths = root.locator("svg g[clip-path] > path")
    peak, level, slope, nothing = (
        [[float(part) for part in point.split(",")] for point in re.findall(r"[-\d.]+,[-\d.]+", path)]
        for path in (each.get_attribute("d") for each in paths.all())
    )
    assert nothing == []
    assert np.ravel(level) == pytest.approx(
        [left - 10, top + height / 2, left + width + 10, top + height / 2]
    )
    start, up, down, end = np.array(peak)
    assert start == pytest.approx([left, top + height / 2], abs=0.01)
    assert end == pytest.approx([left + width, top + height / 2], abs=0.01)
    assert up == pytest.approx([left, top - 10], abs=0.1) and down == pytest.approx(
        [left + width, top - 10], abs=0.1
    )
    first, middle = np.array(slope)[:2]
    assert middle == pytest.approx([left + width / 2, top + height / 2], abs=0.01)
    # It comes in through the corner of the frame, where x = y = 0.
    towards = np.array([left, top + height]) - first
    assert towards[1] / towards[0] == pytest.approx(-height / width, abs=0.01)
    assert min(first - [left - 10, top + height - 10]) >= -0.01


def test_a_row_of_the_table_without_a_number_is_not_there(offline):
    scene = Scene("Rows", "How many?")
    k = scene.slider("k", "k", [0.0, 1.0], start=1, spec=".0f")
    few = Frames([[1, np.nan, np.nan], [1, 2, np.nan]], k)
    scene.panel("The panel", x=Axis("x", 0, 3), y=Axis("y", 0, 3)).points(few, few, color="blue")
    scene.column("number", few, ".0f")
    scene.column("its double", few * 2, ".0f")
    scene.say("k is {k:.0f}.", k=k)
    root = ready(offline.open(Explorable(scene).html()))
    root.get_by_text("Table of values").click()
    expect(root.locator("tbody td")).to_have_text(["1", "2", "2", "4"])
    root.get_by_role("slider").press("Home")
    expect(root.locator("tbody td")).to_have_text(["1", "2"])


def boxes(root: Locator) -> list[list[float]]:
    """The corners of all outlines, in pixels."""
    paths = root.locator(".byhand-rim").evaluate_all("nodes => nodes.map(node => node.getAttribute('d'))")
    return [[float(number) for number in re.findall(r"-?[\d.]+", path)] for path in paths]


def test_a_matrix_is_drawn_pixel_by_pixel_and_its_window_moves(offline):
    scene = Scene("Pixels", "Which are dark?")
    at = scene.slider("at", "position", [0.0, 1.0], start=0, spec=".0f")
    sheet = scene.sheet("An image", rows=2, columns=3)
    grey = np.array([[0, 5, 10], [np.nan, 20, -20]])
    sheet.image(Frames([grey, grey[:, ::-1]], at), low=0, high=10)
    sheet.image([[-2.0, 1.0]], low=-2, high=2, palette="diverging", x=at, y=1)
    sheet.box(at, 0, 2, 1, color="vermillion", label="window")
    scene.say("It stands at {at:.0f}.", at=at)
    root = ready(offline.open(Explorable(scene).html()))

    def pixels(number: int) -> list[list[int]]:
        return (
            root.locator("canvas")
            .nth(number)
            .evaluate(
                """canvas => { const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 4)]); }"""
            )
        )

    first = pixels(0)
    assert [pixel[0] for pixel in first] == pytest.approx([0, 128, 255, 0, 255, 0], abs=1)
    assert [pixel[3] for pixel in first] == [255, 255, 255, 0, 255, 255], "nothing is drawn for a NaN"
    negative, positive = pixels(1)
    assert negative[2] > negative[0] and positive[0] > positive[2] and negative[3] > 1.5 * positive[3]

    (before,), unit = boxes(root), root.locator("canvas").first.bounding_box()["width"] / 3
    assert unit == round(unit) > 30  # whole pixels
    root.get_by_role("slider").press("ArrowRight")
    (after,) = boxes(root)
    assert after[0] - before[0] == after[2] - before[2] == unit
    assert pixels(0)[0] == first[2]
    left = [root.locator("canvas").nth(number).bounding_box()["x"] for number in (0, 1)]
    assert left[1] - left[0] == unit


def test_cells_show_numbers_where_they_fit(offline):
    scene = Scene("Cells", "Which numbers?")
    k = scene.slider("k", "k", [1.0, 2.0], start=1, spec=".0f")
    sheet = scene.sheet("A product", rows=2, columns=12)
    sheet.cells(Frames([[[1, -2.5], [np.nan, 4]], [[2, -5], [0, 8]]], k), spec=".1f", cell=(1.2, 1))
    sheet.cells([[0.0, 1.0]], low=0, high=1, palette="grey", x=4)
    scene.say("k is {k:.0f}.", k=k)
    root = ready(offline.open(Explorable(scene).html()))
    numbers = root.locator("text.byhand-number")
    expect(numbers).to_have_text(["1.0", "−2.5", "", "4.0", "0", "1"])
    root.get_by_role("slider").press("End")
    expect(numbers).to_have_text(["2.0", "−5.0", "0.0", "8.0", "0", "1"])
    ink = "nodes => nodes.slice(-2).map(node => getComputedStyle(node).fill)"
    assert numbers.evaluate_all(ink) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]  # each on the other
    root.page.set_viewport_size({"width": 320, "height": 800})
    expect(numbers).to_have_text([*[""] * 4, "0", "1"])  # one digit still fits


def test_a_graph_keeps_its_words_readable_on_a_narrow_page(offline):
    scene = Scene("A graph", "How much?")
    x = scene.slider("x", "x", [1.0, 2.0], start=1, spec=".0f")
    sheet = scene.sheet("x times 3", rows=2, columns=12, wide=True, unit=50)
    first, last = sheet.node(1.2, 1, "x", words("{x:.0f}", x=x)), sheet.node(10, 1, "result")
    sheet.edge(first, last, above=words("forward {y:.0f}", y=x * 3))
    scene.say("x is {x:.0f}.", x=x)
    root = ready(offline.open(Explorable(scene).html()))
    root.get_by_role("slider").press("End")
    expect(root.locator("text.byhand-text")).to_have_text(["x", "2", "result", "forward 6"])
    root.page.set_viewport_size({"width": 400, "height": 800})
    plot = root.get_by_role("group", name="x times 3")
    expect(plot).to_have_attribute("tabindex", "0")
    assert plot.evaluate("node => node.scrollWidth") > 600
    assert root.page.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.fixture
def controlled(offline) -> Locator:
    """A scene with every kind of control; it says where all of them stand."""
    scene = Scene("Controls", "Where do they stand?")
    kind = scene.choice("kind", "Kind", ["one", "two"])
    grid = scene.toggle("grid", "Show the grid")
    k = scene.matrix("k", "The kernel", [[0, 1], [-1, 2]], np.linspace(-4, 4, 17))
    scene.preset("all ones", **{entry.name: 1 for entry in k.flat}, grid=True, kind="two")
    x = scene.slider("x", "x", np.linspace(0, 10, 21), start=5)
    y = scene.slider("y", "y", np.linspace(0, 10, 21), start=5)
    panel = scene.panel("A plane", x=Axis("x", 0, 10), y=Axis("y", 0, 10), square=True)
    panel.handle(x, y, label="the start")
    sheet = scene.sheet("Upside down", rows=10, columns=10)
    sheet.handle(2, y, label="the depth")
    entries = {entry.name: entry for entry in k.flat}
    numbers = " ".join(f"{{{name}:.1f}}" for name in entries)
    scene.say(f"{{kind}} {{grid}} {numbers} {{x:.1f}} {{y:.1f}}", kind=kind, grid=grid, x=x, y=y, **entries)
    return ready(offline.open(Explorable(scene).html()))


def says(root: Locator, sentence: str) -> None:
    expect(root.locator(".byhand-sentence")).to_have_text(sentence.replace("-", "−"))


def test_a_toggle_is_a_box_to_tick(controlled):
    box = controlled.get_by_role("checkbox", name="Show the grid")
    box.press("Space")
    says(controlled, "one on 0.0 1.0 -1.0 2.0 5.0 5.0")
    box.press("Space")
    says(controlled, "one off 0.0 1.0 -1.0 2.0 5.0 5.0")


def test_a_matrix_is_filled_in_with_keys_and_by_typing(controlled):
    entry = controlled.get_by_role("group", name="The kernel").get_by_label("row 2, column 1")
    entry.press("ArrowUp")
    says(controlled, "one off 0.0 1.0 -0.5 2.0 5.0 5.0")
    entry.fill("-2.7")  # becomes the nearest that there is, but only when the learner has finished
    says(controlled, "one off 0.0 1.0 -2.5 2.0 5.0 5.0")
    expect(entry).to_have_value("-2.7")
    entry.press("Tab")
    expect(entry).to_have_value("-2.5")


def test_a_preset_puts_all_controls_where_it_says(controlled):
    controlled.get_by_role("group", name="Examples").get_by_role("button", name="all ones").click()
    says(controlled, "two on 1.0 1.0 1.0 1.0 5.0 5.0")
    expect(controlled.get_by_role("checkbox")).to_be_checked()
    expect(controlled.get_by_role("radio", name="two")).to_be_checked()
    expect(controlled.get_by_label("row 1, column 1")).to_have_value("1")


def test_a_handle_is_dragged_and_moved_with_keys_and_takes_the_sliders_along(controlled):
    handle = controlled.get_by_role("button", name="the start: drag it")
    plane = controlled.locator(".byhand-paper").bounding_box()

    def middle() -> tuple[float, float]:
        box = handle.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    mouse = controlled.page.mouse
    mouse.move(middle()[0] + 4, middle()[1] + 4)  # taken beside its middle, it does not jump
    mouse.down()
    mouse.move(plane["x"] + plane["width"] * 0.8 + 4, plane["y"] + plane["height"] * 0.9 + 4, steps=5)
    says(controlled, "one off 0.0 1.0 -1.0 2.0 8.0 1.0")
    mouse.move(plane["x"] + 2 * plane["width"], plane["y"] - 500)  # it stays in the picture
    mouse.up()
    mouse.move(plane["x"], plane["y"])
    says(controlled, "one off 0.0 1.0 -1.0 2.0 10.0 10.0")
    expect(controlled.get_by_role("slider", name="x")).to_have_attribute("aria-valuetext", "10.0")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowRight"):
        handle.press(key)
    says(controlled, "one off 0.0 1.0 -1.0 2.0 9.5 9.5")
    assert middle() == pytest.approx(
        (plane["x"] + plane["width"] * 0.95, plane["y"] + plane["height"] * 0.05), abs=1
    )
    # Where y goes down, the key that points down makes it larger.
    deep = controlled.get_by_role("button", name="the depth: drag it")
    for key in ("ArrowDown", "ArrowRight"):
        deep.press(key)
    says(controlled, "one off 0.0 1.0 -1.0 2.0 9.5 10.0")


def test_what_the_controls_release_is_what_python_calls_it(controlled):
    page = controlled.page
    page.evaluate(
        "() => document.addEventListener('byhand-released', ({ detail }) => { window.got = detail.value; })"
    )
    controlled.get_by_role("checkbox").press("Space")
    numbers = {"k_1_1": 0, "k_1_2": 1, "k_2_1": -1, "k_2_2": 2, "x": 5, "y": 5}
    assert page.evaluate("() => window.got") == {"kind": "one", "grid": True, **numbers}
