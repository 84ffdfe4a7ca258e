"""How long from a key press to the changed picture: explorables beside `interact` with matplotlib, and ipympl.

    make bench-explore    writes benchmarks/explorables.md

All move the same figure with the same slider in a real JupyterLab in Chromium. A time begins with the
browser's time stamp of the key press and ends when the frame that shows the changed picture has been
painted (see watch.js). Every key press is sent by the browser as a keyboard sends it.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import Browser, Locator, expect, sync_playwright

from byhand import explore
from byhand.explore.engine.host import Explorable

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "browser"))
from notebooks import Lab, Notebook, launch_options, serving  # noqa: E402

# Key presses a second while a key is held: never long in step, or out of step, with the screen's 60.
RATE = 61
HELD = 2.5  # seconds; the slider has 160 steps, and must not come to its end
HOLDS = 4  # times
FIRST, MOST = 1.0, 1.5  # the goals: seconds to the first paint, megabytes of an explorable
GOAL = 16  # milliseconds
THERE = 20  # steps one way; then as many back
# Cells of each kind that keep the kernel busy, one after the other: 10 seconds have room for a quarter of the steps.
CELLS = 4

OURS = """
from byhand import explore
explore.saturation().still()  # matplotlib is loaded, as it is for the others
explore.saturation()
"""

# The figure that explore.saturation() opens with, as somebody would write it who wants it fast: for ipympl the
# artists are moved, not made anew.
FIGURE = """
import matplotlib.pyplot as plt, numpy as np
from ipywidgets import FloatSlider, interact

Z, layers = np.linspace(-8, 8, 161), np.arange(31)
sigmoid = lambda z: 1 / (1 + np.exp(-z))
slope = lambda z: sigmoid(z) * (1 - sigmoid(z))

def figure():
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.6))
    left.plot(Z, sigmoid(Z), label="f(z)")
    left.plot(Z, slope(Z), "--", label="slope f'(z)")
    left.fill_between(Z, 0, 1, where=slope(Z) < 0.05, alpha=0.16, label="flat")
    for name, other in (("Tanh", lambda z: 1 - np.tanh(z) ** 2), ("ReLU", lambda z: z > 0)):
        right.semilogy(layers, np.maximum(other(2.0) ** layers, 1e-12), label=name)
    parts = (left.axvline(0), *left.plot([0], [0], "o"), *left.plot([0], [0], "s"),
             *right.semilogy(layers, layers + 1.0, ".-"), *right.semilogy([10], [1], "s"))
    right.set_ylim(1e-12, 10)
    for axes, label in ((left, "z"), (right, "layers")):
        axes.set_xlabel(label); axes.legend(); axes.grid()
    return fig, parts

def update(parts, z):
    rule, out, here, curve, end = parts
    rule.set_xdata([z, z]); out.set_data([z], [sigmoid(z)]); here.set_data([z], [slope(z)])
    left = np.maximum(slope(z) ** layers, 1e-12)
    curve.set_data(layers, left); end.set_data([10], [left[10]])

slider = FloatSlider(value=2, min=-8, max=8, step=0.1, description="z")
"""
# What no explorable can be faster than: the browser, JupyterLab's page and this machine take their time for anything.
LEAST = '''
from IPython.display import HTML
HTML("""
<div class="byhand-panels"><svg width="300" height="100"><circle cx="10" cy="50" r="8"></circle></svg></div>
<input type="range" max="160" value="100" data-lm-suppress-shortcuts="true" oninput="
    this.parentElement.querySelector('circle').setAttribute('cx', 10 + Number(this.value))">
""")
'''
INLINE = """
%matplotlib inline
@interact(z=slider)
def show(z):
    fig, parts = figure()
    update(parts, z)
    plt.show()
"""
IPYMPL = """
%matplotlib widget
fig, parts = figure()
@interact(z=slider)
def show(z):
    update(parts, z)
    fig.canvas.draw_idle()
plt.show()
"""


@dataclass(frozen=True)
class Way:
    """A way to move a figure."""

    name: str
    cells: tuple[str, ...]
    picture: str  # how watch.js sees that it changes
    slider: str  # where the focus goes


WAYS = (
    Way("an explorable", (OURS,), "svg", "input[type=range]"),
    Way("the least: one circle", (LEAST,), "svg", "input[type=range]"),
    Way("`interact`, inline figure", (FIGURE, INLINE), "img", ".noUi-handle"),
    Way("`interact`, ipympl", (FIGURE, IPYMPL), "canvas", ".noUi-handle"),
)


@dataclass(frozen=True)
class Result:
    """What one way took."""

    name: str
    delays: np.ndarray  # milliseconds from key press to picture, one a step
    pictures: float  # a second, while the key was held
    messages: int  # to and from the kernel, during all the steps
    size: int  # their bytes

    def row(self) -> str:
        """Its line of the table."""
        middle, high = np.percentile(self.delays, [50, 95])
        held = "–" if np.isnan(self.pictures) else f"{self.pictures:.0f}"
        return f"| {self.name} | {middle:.1f} | {high:.1f} | {held} | {self.messages} | {self.size:,} |"


@contextmanager
def opened(browser: Browser, folder: Path, *cells: str) -> Iterator[Notebook]:
    """A notebook with these cells, run, in a JupyterLab of its own."""
    with serving(folder) as server:
        context = browser.new_context(viewport={"width": 1200, "height": 1000})
        context.add_init_script(path=HERE / "watch.js")
        lab = Lab(server, context)
        notebook = lab.open(*cells)
        try:
            yield notebook
        finally:
            lab.close()


def press(notebook: Notebook, key: str, patience: float = 10) -> float:
    """Press a key once and wait for the picture; the milliseconds between the two."""
    page = notebook.page
    before = page.evaluate("() => bench.painted.length")
    page.keyboard.down(key)
    end = time.monotonic() + patience
    time.sleep(0.03)  # to ask for the picture at once would slow it down
    while page.evaluate("() => bench.painted.length") == before:
        if time.monotonic() > end:
            raise SystemExit(f"{key} changed nothing within {patience} seconds.")
        page.wait_for_timeout(10)
    delay = page.evaluate("before => bench.painted[before] - bench.pressed.at(-1)", before)
    settle(notebook)
    # The next key comes when the words of this one stand there, too, and at any moment of the screen's rhythm.
    page.wait_for_timeout(random.uniform(60, 100))
    return delay


def settle(notebook: Notebook) -> None:
    """Wait until no more pictures come."""
    count = -1
    while count != (count := notebook.page.evaluate("() => bench.painted.length")):
        notebook.page.wait_for_timeout(30)


def hold(notebook: Notebook, key: str) -> float:
    """Hold a key; how many pictures a second it gives."""
    page = notebook.page
    page.keyboard.press("Home")
    settle(notebook)
    before, start = page.evaluate("() => bench.painted.length"), time.monotonic()
    for number in range(int(HELD * RATE)):
        page.keyboard.down(key)
        page.wait_for_timeout(max(0, 1000 * (start + (number + 1) / RATE - time.monotonic())))
    count, taken = page.evaluate("() => bench.painted.length") - before, time.monotonic() - start
    page.keyboard.up(key)
    settle(notebook)
    return count / taken


def pixels(picture: Locator) -> bytes:
    """What is on the screen."""
    return picture.screenshot(animations="disabled")


def steps(notebook: Notebook, name: str, count: int) -> Result:
    """Press keys so many times, without letting them go: a few steps there, as many back, and again."""
    sent, got = len(notebook.sent), len(notebook.got)
    keys = [("ArrowRight", "ArrowLeft")[number // THERE % 2] for number in range(count)]
    delays = np.array([press(notebook, key) for key in keys])
    messages = [*notebook.sent[sent:], *notebook.got[got:]]
    return Result(name, delays, np.nan, len(messages), sum(map(len, messages)))


# Cells of 10 seconds, in which the kernel cannot answer. The second also takes a core from the browser.
BUSY = {
    "kernel waiting in a cell": "import time\ntime.sleep(10)",
    "kernel computing in a cell": "import time\nend = time.monotonic() + 10\nwhile time.monotonic() < end: pass",
}


def during(notebook: Notebook, number: int, slider: Locator, count: int) -> Result:
    """Steps while a cell runs."""
    prompt = notebook.cell(number).locator(".jp-InputPrompt")
    notebook.run(number, wait=False)
    notebook.page.wait_for_timeout(300)
    slider.focus()
    notebook.page.keyboard.press("Home")
    settle(notebook)
    result = steps(notebook, "", count)
    if "[*]" not in prompt.inner_text():
        raise SystemExit("The busy cell ended before the steps did.")
    expect(prompt).not_to_contain_text("[*]", timeout=20_000)
    return result


def joined(name: str, parts: list[Result]) -> Result:
    """Several results as one."""
    delays = np.concatenate([part.delays for part in parts])
    return Result(
        name, delays, np.nan, sum(part.messages for part in parts), sum(part.size for part in parts)
    )


def measure(browser: Browser, way: Way, count: int) -> list[Result]:
    """One way, with the kernel idle; ours also while the kernel is busy."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        opened(browser, Path(scratch), *way.cells, *BUSY.values()) as notebook,
    ):
        for number in range(len(way.cells)):
            notebook.run(number)
        output = notebook.output(len(way.cells) - 1)
        slider = output.locator(way.slider).first
        slider.scroll_into_view_if_needed()
        notebook.page.wait_for_timeout(1000)  # JupyterLab is still arranging itself
        output.evaluate(f"output => bench.watch.{way.picture}(output)")
        slider.focus()
        seen = pixels(output)
        press(notebook, "ArrowRight")
        if pixels(output) == seen:
            raise SystemExit(f"{way.name}: a key press changed no pixel.")
        for _ in range(3):  # warm
            press(notebook, "ArrowLeft")
        result = steps(notebook, way.name, count)
        notebook.page.keyboard.up("ArrowLeft")
        settle(notebook)
        held = np.mean([hold(notebook, "ArrowRight") for _ in range(HOLDS)])
        results = [replace(result, pictures=float(held))]
        if way.picture == "svg":
            for number, name in enumerate(BUSY, start=len(way.cells)):
                parts = [during(notebook, number, slider, count // CELLS) for _ in range(CELLS)]
                results.append(joined(f"{way.name}, {name}", parts))
        return results


def first_paints(browser: Browser) -> list[tuple[str, float, float, float]]:
    """For each explorable: seconds that its cell ran, seconds from then to its first paint, megabytes."""
    rows = []
    names = sorted(explore.pictures())
    cells = [f"explore.{name}()" for name in names]
    with (
        tempfile.TemporaryDirectory() as scratch,
        opened(
            browser, Path(scratch), "import matplotlib.pyplot\nfrom byhand import explore", *cells
        ) as notebook,
    ):
        page = notebook.page
        notebook.run(0)
        for number, name in enumerate(names, start=1):
            notebook.cell(number).locator(".cm-content").click()
            replied, painted = (
                page.evaluate(f"() => bench.{each}.length") for each in ("replied", "painted")
            )
            page.keyboard.press("Control+Enter")
            page.wait_for_function(
                "([replied, painted]) => bench.replied.length > replied && bench.painted.length > painted",
                arg=[replied, painted],
            )
            press_time, reply, paint = page.evaluate(
                "([r, p]) => [bench.pressed.at(-1), bench.replied[r], bench.painted[p]]", [replied, painted]
            )
            made: Explorable = getattr(explore, name)()
            size = sum(len(part) for part in made._repr_mimebundle_().values()) / 1e6
            rows.append((name, (reply - press_time) / 1000, max(paint - reply, 0) / 1000, size))
            settle(notebook)
    return rows


def table(
    results: list[Result], paints: list[tuple[str, float, float, float]], count: int, taken: float
) -> str:
    """Everything as Markdown."""
    ours = [result for result in results if result.name.startswith(WAYS[0].name)]
    missed = [result.name for result in ours if np.percentile(result.delays, 95) > GOAL]
    verdict = f"missed by: {'; '.join(missed)}" if missed else "met by all"
    slowest, largest = (max(row[column] for row in paints) for column in (2, 3))
    versions = ", ".join(f"{name} {version(name)}" for name in ("jupyterlab", "matplotlib", "ipympl"))
    return "\n".join(
        [
            "# From a key press to the changed picture",
            "",
            "The same figure (`explore.saturation()`) and the same slider in JupyterLab in Chromium, "
            f"{count} steps each in one run, each from rest: from the key press to the painted frame. While the key "
            f"is held it repeats {RATE} times a second, {HOLDS} times {HELD:g} seconds. Messages to and from "
            f"the kernel, and their bytes, are those of all {count} steps. An explorable's sentence and numbers "
            "follow its picture: 50 ms later, and not measured here. The least is a circle that a bare slider moves "
            "with one line of JavaScript: what the page, the browser and this machine take for anything.",
            "",
            f"Measured on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
            f"{versions}. Made by `make bench-explore`.",
            "",
            "| | median, ms | 95th percentile, ms | pictures a second, key held | kernel messages | bytes |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            *(result.row() for result in results),
            "",
            f"The goal, at most {GOAL} ms at the 95th percentile for ours, is {verdict}. No picture waits for the "
            "kernel. Where it computes, it wants one of the cores on which the browser draws (here without a "
            f"graphics card; and other machines of the same host took {taken:.0%} of their time): on Linux the kernels "
            "of `make lab`, and these, give way to the browser (lib/jupyter). "
            "When a key is let go, an explorable sends one message with the new value.",
            "",
            "## First paint and size",
            "",
            "| explorable | its cell ran, s | then painted after, s | megabytes in the notebook |",
            "| --- | ---: | ---: | ---: |",
            *(f"| `{name}` | {ran:.2f} | {paint:.2f} | {size:.2f} |" for name, ran, paint, size in paints),
            "",
            f"The goals: painted at most {FIRST:g} s after the cell ran ({slowest:.2f} s), "
            f"at most {MOST:g} megabytes each ({largest:.2f}).",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=160)
    options = parser.parse_args()
    results: list[Result] = []
    psutil.cpu_times_percent()  # from here on
    with sync_playwright() as playwright, playwright.chromium.launch(**launch_options()) as browser:
        for way in WAYS:
            print(f"{way.name} …", flush=True)
            results += measure(browser, way, options.steps)
            print(*(result.row() for result in results[-3:]), sep="\n", flush=True)
        taken = getattr(psutil.cpu_times_percent(), "steal", 0) / 100
        print("first paints …", flush=True)
        text = table(results, first_paints(browser), options.steps, taken)
    (HERE / "explorables.md").write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
