"""Explorables in a real JupyterLab, and in the pages that are exported from it."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from notebooks import NoBrowser, chromium
from pages import WINDOW, Offline, away_from_the_lowest, drawn, ready
from playwright.sync_api import Locator, Page, expect

from byhand import explore
from byhand.explore.engine import host
from byhand.explore.engine.captions import write
from byhand.explore.engine.expressions import Choice, Pack

NAMES = sorted(explore.pictures())
every_explorable = pytest.mark.parametrize("name", NAMES)


def test_without_chromium_the_one_command_is_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoBrowser, match="sudo apt-get install -y chromium"):
        chromium()


# ---- In a plain page: no server, no kernel, no network ----


@dataclass
class Plain:
    """An explorable in a page of its own."""

    pages: Offline
    root: Locator

    def start_again(self) -> Locator:
        """Every slider where the page began, on a page of the first width."""
        self.root.page.set_viewport_size(WINDOW)
        for slider in self.root.get_by_role("slider").all():
            slider.fill(slider.get_attribute("value"))
        return self.root


@pytest.fixture(scope="module", params=NAMES)
def plain(request, browser, tmp_path_factory) -> Iterator[Plain]:
    """Loaded once for all tests of a picture."""
    pages = Offline(browser.new_context, tmp_path_factory.mktemp("plain"))
    opened = Plain(pages, pages.show(request.param))
    yield opened
    opened.root.page.context.close()
    assert not pages.errors


def test_page_works_from_a_file_without_a_network(plain):
    root = plain.start_again()
    before = drawn(root)
    root.get_by_role("slider").first.press("ArrowRight")
    assert drawn(root) != before
    assert [url for url in plain.pages.asked if not url.startswith(("file:", "data:"))] == []


@every_explorable
def test_browser_computes_what_numpy_computes(name, offline):
    """Every value and every sentence, at 20 positions of the controls, most of them between two steps."""
    scene = getattr(explore, name)().scene
    description, buffer = scene.describe()
    pack = Pack()
    for panel in scene.panels:
        panel.describe(pack)
    page = offline.open(
        f"""<script type=module>{host.module()}
        const scene = {json.dumps(description)}, text = "{base64.b64encode(buffer).decode()}";
        const data = new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
        window.at = (positions) => {{
            const values = new Values(scene, data);
            for (const [name, position] of Object.entries(positions)) values.move(name, position);
            const list = (value) => typeof value === "number" ? [value] : Array.from(value);
            return {{
                values: scene.nodes.map((_, i) => list(values.read(i)).map(String)), // JSON has no NaN
                said: scene.sentences.map((part) => values.say(part)).join(" "),
            }};
        }};</script>"""
    )
    page.wait_for_function("() => window.at !== undefined")
    draw = random.Random(0)
    for _ in range(20):
        positions = {
            each.name: draw.randrange(len(each))
            if isinstance(each, Choice)
            else draw.uniform(0, len(each) - 1)
            for each in scene.controls.values()
        }
        shown = page.evaluate("(positions) => window.at(positions)", positions)
        for value, numbers in zip(pack.values, shown["values"], strict=False):
            expected = np.ravel(value.under(positions))
            np.testing.assert_allclose(np.array(numbers, dtype=float), expected, rtol=1e-6, atol=1e-9)
        assert shown["said"] == scene.sentence(positions)


def test_browser_writes_numbers_as_python_does(offline):
    page = offline.open(f"<script type=module>{host.module()}; window.hand = write</script>")
    page.wait_for_function("() => window.hand !== undefined")
    draw = random.Random(1)
    numbers = [0.0, -0.04, 0.05, 1.0, 99999.0, 123456.0, 1e-31, 9.9999e-5, -1.5e-7]
    numbers += [draw.uniform(-1, 1) * 10 ** draw.uniform(-12, 8) for _ in range(400)]
    for spec in (".0f", ".1f", ".2f", ".2g", ".3g"):
        found = page.evaluate(
            "([numbers, spec]) => numbers.map((one) => window.hand(one, spec))", [numbers, spec]
        )
        assert found == [write(number, spec) for number in numbers]


def test_every_control_has_a_name_a_spoken_value_and_step_buttons(plain):
    root = plain.start_again()
    for slider in root.get_by_role("slider").all():
        label = root.locator(f"label[for='{slider.get_attribute('id')}']").inner_text()
        assert label
        assert slider.get_attribute("data-lm-suppress-shortcuts") == "true"
        slider.press("Home")
        before = slider.get_attribute("aria-valuetext")
        root.get_by_role("button", name=f"Increase {label}").click()
        assert slider.get_attribute("aria-valuetext") != before
        root.get_by_role("button", name=f"Decrease {label}").click()
        assert slider.get_attribute("aria-valuetext") == before
    for picture in root.get_by_role("img").all():
        name_and_description = picture.evaluate(
            "node => [...node.querySelectorAll('title, desc')].map(n => n.textContent)"
        )
        assert all(name_and_description) and len(name_and_description) == 2


def test_sentence_readings_and_table_follow_the_controls(plain):
    root = plain.start_again()
    root.get_by_text("Table of values").click()
    sliders = root.get_by_role("slider")
    sliders.last.press("End")  # the last step, where there are steps: before it, not everything is said
    drawn(root)  # and the words
    parts = [root.locator(part) for part in (".byhand-sentence", ".byhand-readings", "table")]
    before = [part.text_content() for part in parts]
    assert parts[0].get_attribute("aria-live") == "polite"
    sliders.first.press("PageUp" if sliders.count() > 1 else "PageDown")
    for part, old in zip(parts, before, strict=True):
        expect(part).not_to_have_text(old)


def test_no_text_is_smaller_than_12_pixels_and_nothing_is_wider_than_a_narrow_page(plain):
    root = plain.start_again()
    page = root.page
    page.set_viewport_size({"width": 420, "height": 900})
    sizes = root.evaluate(
        """root => [...root.querySelectorAll("*")].filter(node => node.textContent.trim() && !node.children.length)
            .map(node => parseFloat(getComputedStyle(node).fontSize))"""
    )
    assert min(sizes) >= 12
    page.wait_for_function("document.documentElement.scrollWidth <= 420")  # once it is laid out again


def test_prediction_is_kept_and_compared(offline):
    root = offline.show("saturation")
    root.get_by_role("button", name="25 layers").click()
    expect(root.locator(".byhand-verdict")).to_have_text(
        "You said: 25 layers. Now find out with the controls."
    )
    root.get_by_role("button", name="10 layers").dispatch_event("click")  # too late: the first answer stays
    root.get_by_text("What to notice").click()
    expect(root.get_by_text("You said 25 layers. It is: 10 layers.")).to_be_visible()


def test_play_runs_a_slider_to_its_end(offline):
    root = offline.show("saturation")
    root.get_by_role("button", name="Play Depth").click()
    expect(root.get_by_role("slider", name="Depth")).to_have_attribute("aria-valuetext", "30")
    expect(root.get_by_role("button", name="Play Depth")).to_be_visible()  # it has stopped by itself


def test_nothing_plays_for_those_who_ask_for_reduced_motion(offline):
    root = offline.show("saturation", reduced_motion="reduce")
    expect(root.get_by_role("button", name="Play Depth")).to_be_hidden()


def test_dark_page_is_dark(offline):
    root = offline.show("saturation", color_scheme="dark")
    paper, ink = root.evaluate(
        "root => [getComputedStyle(root).backgroundColor, getComputedStyle(root).color]"
    )
    assert max(map(int, paper[4:-1].split(","))) < 60 < 200 < min(map(int, ink[4:-1].split(",")))


def test_without_scripts_the_still_remains(offline):
    page = offline.open(explore.saturation().html(), java_script_enabled=False)
    expect(page.get_by_role("img", name="Where does the gradient die? Sigmoid at z = 2.0")).to_be_visible()


# ---- In JupyterLab ----

FREE = "free"  # while this file is there, no cell keeps the kernel busy
_CELLS = {
    "import": "import pathlib, time\nimport ipywidgets, matplotlib.pyplot, numpy as np\nfrom byhand import explore",
    **{name: f"{name} = explore.{name}()\n{name}" for name in NAMES},
    "own": "def sigmoid(x):\n    return 1 / (1 + np.exp(x))\nexplore.saturation(sigmoid)",
    "widget": "view = explore.saturation().widget()\nipywidgets.VBox([view])",
    "busy": f"while not pathlib.Path('{FREE}').exists():\n    time.sleep(0.02)",
    "values": "print(neuron_plane.value, saturation.value, view.value, sep='\\n')",
}
_NUMBER = {name: number for number, name in enumerate(_CELLS)}


@dataclass
class Live:
    """One notebook with every explorable, for all tests: JupyterLab takes seconds to open."""

    lab: object
    notebook: object

    @property
    def page(self) -> Page:
        return self.notebook.page

    def show(self, name: str) -> Locator:
        """The explorable of a cell, scrolled into view."""
        root = ready(self.notebook.output(_NUMBER[name]))
        root.get_by_role("slider").first.scroll_into_view_if_needed()
        return root

    def run(self, name: str, wait: bool = True) -> Locator:
        """Run a cell again; its output."""
        self.notebook.run(_NUMBER[name], wait)
        return self.notebook.output(_NUMBER[name])

    def choose_theme(self, name: str) -> None:
        self.page.get_by_role("menuitem", name="Settings", exact=True).click()
        for item in ("Theme", name):
            self.page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True).click()

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """The kernel runs a cell until the end of this, and no longer."""
        free = self.lab.server.folder / FREE
        free.unlink()
        self.run("busy", wait=False)
        try:
            self.is_busy()
            yield
            self.is_busy()
        finally:
            free.touch()

    def is_busy(self) -> None:
        expect(self.notebook.cell(_NUMBER["busy"]).locator(".jp-InputPrompt")).to_have_text("[*]:")


@pytest.fixture(scope="module")
def opened(new_lab) -> Iterator[Live]:
    lab = new_lab()
    (lab.server.folder / FREE).touch()
    notebook = lab.open(*_CELLS.values(), name="live")
    notebook.run_all()
    yield Live(lab, notebook)
    lab.close()


@pytest.fixture
def live(opened: Live) -> Iterator[Live]:
    yield opened
    assert not opened.lab.errors, "The page wrote errors to its console."


@every_explorable
def test_every_key_that_belongs_to_a_slider_moves_the_picture(name, live):
    root = live.show(name)
    for slider in root.get_by_role("slider").all():
        away_from_the_lowest(slider)
        before = drawn(root), slider.get_attribute("aria-valuetext")
        for key in ("Home", "ArrowRight", "ArrowUp", "PageUp", "ArrowLeft", "ArrowDown", "End"):
            live.page.keyboard.press(key)
            after = drawn(root), slider.get_attribute("aria-valuetext")
            assert all(new != old for new, old in zip(after, before, strict=True)), f"{key} moved nothing"
            before = after
        expect(slider).to_be_focused()
    others = [
        ("spinbutton", ("ArrowUp", "ArrowDown")),
        ("checkbox", ("Space",)),
        ("button", ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown")),  # the arrow keys of a handle
    ]
    for role, keys in others:
        for control in root.get_by_role(role, name="use the arrow keys" if role == "button" else None).all():
            held = [control.press(key) or drawn(root) for key in keys]
            assert len({drawn(root), *held}) > 1 or len(keys) == 1, f"{keys} moved nothing"


def test_tab_leads_from_control_to_control_and_escape_leaves(live):
    root = live.show("saturation")
    slider = root.get_by_role("slider").first
    slider.focus()
    before = slider.get_attribute("aria-valuetext")
    live.page.keyboard.press("Shift+Tab")
    expect(root.get_by_role("button", name="Decrease z")).to_be_focused()
    live.page.keyboard.press("Enter")
    assert slider.get_attribute("aria-valuetext") != before
    live.page.keyboard.press("Escape")
    inside = "node => node.contains(document.activeElement)"
    assert not root.evaluate(inside)
    assert live.notebook.cell(_NUMBER["saturation"]).evaluate(inside)


def test_drag_moves_the_picture_while_the_kernel_is_busy_and_asks_it_nothing(live):
    root = live.show("saturation")
    slider = root.get_by_role("slider").first
    pictures = set()
    with live.busy():
        box = live.show("saturation").get_by_role("slider").first.bounding_box()
        y = box["y"] + box["height"] / 2
        live.page.mouse.move(box["x"] + box["width"] * 0.6, y)
        live.page.mouse.down()
        sent = len(live.notebook.sent)
        for step in range(20):
            live.page.mouse.move(box["x"] + box["width"] * (0.59 - 0.02 * step), y)
            pictures.add(drawn(root))
        assert len(live.notebook.sent) == sent, "a message went to the kernel during the drag"
    assert len(pictures) == 20
    live.page.mouse.up()
    z = slider.get_attribute("aria-valuetext").replace("−", "-")
    expect(live.run("values")).to_contain_text(f"'z': {z}")


def test_held_key_asks_the_kernel_nothing_and_reports_when_it_is_let_go(live):
    root = live.show("neuron_plane")
    slider = root.get_by_role("slider").first
    slider.press("Home")
    expect(live.run("values")).to_contain_text("'w1': -2.0")
    slider.focus()
    sent = len(live.notebook.sent)
    for _ in range(6):
        live.page.keyboard.down("ArrowRight")
    assert len(live.notebook.sent) == sent
    live.page.keyboard.up("ArrowRight")
    expect(live.run("values")).to_contain_text("'w1': -1.4")


def test_prediction_reaches_the_kernel(live):
    live.show("neuron_plane").get_by_role("button", name="3 of 4").click()
    expect(live.run("values")).to_contain_text("'prediction': '3 of 4'")


def test_learners_own_function_is_drawn_with_a_word_about_it(live):
    root = live.show("own")
    expect(root.get_by_role("note")).to_contain_text("Your sigmoid differs from the reference")
    expect(root.locator(".byhand-readings")).to_contain_text("0.119")


def test_widget_can_stand_in_a_layout(live):
    root = live.show("widget")
    slider = root.get_by_role("slider").first
    before = drawn(root)
    slider.press("Home")
    assert drawn(root) != before
    expect(live.run("values")).to_contain_text("'z': -8,")


def test_the_notebook_is_saved_while_a_control_has_the_focus(live):
    """JupyterLab leaves all other keys to the control."""
    root = live.show("saturation")
    for control in (root.get_by_role("slider").first, root.get_by_role("button", name="Increase z")):
        control.focus()
        live.notebook.save()
        expect(control).to_be_focused()
        expect(control).to_have_attribute("data-lm-suppress-shortcuts", "true")


def test_theme_is_followed_while_the_picture_is_there(live):
    root = live.show("saturation")
    blue = "root => getComputedStyle(root).getPropertyValue('--byhand-blue')"
    paper = "root => Math.max(...getComputedStyle(root).backgroundColor.match(/\\d+/g).map(Number))"
    assert root.evaluate(blue) == "#0072b2"
    live.choose_theme("JupyterLab Dark")
    try:
        live.page.wait_for_function(f"root => ({paper})(root) < 60", arg=root.element_handle())
        assert root.evaluate(blue) == "#56b4e9"
    finally:
        live.choose_theme("JupyterLab Light")


# ---- After the notebook was saved ----


@pytest.fixture(scope="module")
def saved(opened: Live) -> Path:
    """The notebook with every explorable, as JupyterLab saves it."""
    opened.notebook.save()
    return opened.notebook.path


@pytest.fixture(scope="module")
def saved_cells(saved: Path) -> list[nbformat.NotebookNode]:
    return nbformat.read(saved, as_version=4).cells


def test_saved_notebook_still_moves_when_it_is_opened_again_without_its_kernel(lab, saved):
    again = shutil.copy(saved, saved.with_name("again.ipynb"))  # a name that no kernel knows
    notebook = lab.open_file(Path(again))
    for name in NAMES:
        root = ready(notebook.output(_NUMBER[name]))
        before = drawn(root)
        root.get_by_role("slider").first.press("ArrowRight")
        assert drawn(root) != before
    # The ipywidgets layout has lost its model; this is why an explorable is not a widget's view.
    lab.errors[:] = [error for error in lab.errors if "widget model not found" not in error]


def test_notebook_that_is_not_trusted_shows_the_still(lab, saved):
    strange = saved.with_name("from-somebody-else.ipynb")
    content = nbformat.read(saved, as_version=4)
    content.cells[0].source += "  # changed by somebody else"
    nbformat.write(content, strange)
    notebook = lab.open_file(strange)
    for name in NAMES:
        output = notebook.output(_NUMBER[name])
        still = output.get_by_role("img")
        still.scroll_into_view_if_needed()
        assert still.evaluate("image => image.naturalWidth") > 400
        assert output.get_by_role("slider").count() == 0


def test_exported_notebook_works_without_a_network(offline, saved, tmp_path):
    file = tmp_path / "exported.html"
    file.write_text(HTMLExporter().from_filename(str(saved))[0], "utf-8")
    page = offline.open_file(file)
    for number in range(len(NAMES)):
        root = page.locator(".byhand").nth(number)
        before = drawn(root)
        root.get_by_role("slider").first.press("ArrowRight")
        assert drawn(root) != before


@every_explorable
def test_saved_output_is_small_and_complete(name, saved_cells):
    (output,) = saved_cells[_NUMBER[name]].outputs
    assert len(json.dumps(output).encode()) < 1_500_000
    assert set(output.data) == {"text/html", "image/png", "text/plain"}
