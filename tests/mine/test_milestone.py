"""A milestone's page: written only where every part is the learner's own, and whole in itself."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from kernel_in_miniature import Notebook

from byhand.mine import milestone
from byhand.mine.file import file_name
from byhand.mine.storage import FolderStorage, MemoryStorage

BACKWARD = "def sigmoid_backward(dout, out):\n    return dout * out * (1 - out)\n"
DENSE = "def dense_backward(dout, cache):\n    x, W, _ = cache\n    return dout @ W.T, x.T @ dout, dout.sum(axis=0)\n"
FORWARD = (
    "from byhand import mine\n"
    "def two_layer_forward(x, params):\n"
    '    h = mine.sigmoid(x @ params["W1"] + params["b1"])\n'
    '    out = mine.sigmoid(h @ params["W2"] + params["b2"])\n'
    "    return out, (x, h, out, params)\n"
)
BACK = (
    "def two_layer_backward(dout, cache):\n"
    "    x, h, out, params = cache\n"
    "    dz2 = sigmoid_backward(dout, out)\n"
    '    dh, dW2, db2 = dense_backward(dz2, (h, params["W2"], params["b2"]))\n'
    '    _, dW1, db1 = dense_backward(sigmoid_backward(dh, h), (x, params["W1"], params["b1"]))\n'
    '    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}\n'
)
SIGMOID = "import numpy as np\ndef sigmoid(x):\n    return 0.5 * (1 + np.tanh(x / 2))  # < mine & good\n"
PARAMETERS = {
    "W1": np.full((2, 3), 1 / 3),
    "b1": np.zeros(3),
    "W2": np.ones((3, 1)),
    "</script>": np.array(2.0),
}


class Reader(HTMLParser):
    """What a page holds: its tags, the links to anything outside, and the text of its script."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for key, value in attrs if key in ("src", "href")]
        if tag not in ("meta", "path", "polyline"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.script += data


@pytest.fixture
def backprop(folder: Path) -> Notebook:
    """Chapter 03, with the parts of a two-layer network of the learner's own; `sigmoid` is from chapter 02."""
    before = Notebook("02_activations", FolderStorage(folder))
    before.run(SIGMOID)
    assert before.passed("sigmoid") is None
    notebook = before.again("03_backprop")
    notebook.run("import numpy as np\n" + BACKWARD + DENSE + FORWARD + BACK)
    for name in ("sigmoid_backward", "dense_backward", "two_layer_forward", "two_layer_backward"):
        assert notebook.passed(name) is None
    return notebook


def trained(notebook: Notebook) -> str:
    """A cell that uses the network and asks for its page; the line that it says."""
    session = notebook.session
    session.new_cell()
    out, cache = session.resolve("two_layer_forward")(
        np.ones((1, 2)), {name: PARAMETERS[name] for name in ("W1", "b1", "W2")} | {"b2": np.zeros(1)}
    )
    session.resolve("two_layer_backward")(out, cache)
    milestone.keep(session, "03", PARAMETERS, [0.7, 0.35, 0.1], 0.975)
    return notebook.said[-1]


def page(folder: Path) -> Path:
    return folder.parent / "milestones" / "03.html"


def test_the_page_holds_network_parameters_curve_and_code(backprop: Notebook, folder: Path) -> None:
    assert "milestones/03.html" in trained(backprop)
    text = page(folder).read_text("utf-8")
    reader = Reader()
    reader.feed(text)
    assert reader.open == [] and reader.links == []  # well formed, and nothing is fetched
    numbers = json.loads(reader.script)
    assert list(numbers) == list(PARAMETERS)
    for name, array in PARAMETERS.items():
        np.testing.assert_allclose(numbers[name], array, rtol=1e-5)
    assert "<td>2 × 3</td><td>6</td>" in text and "13 parameters" in text and "97.5% right" in text
    points = re.search(r'<polyline points="([^"]+)"', text)
    heights = [float(point.split(",")[1]) for point in points[1].split()] if points else []
    assert len(heights) == 3 and heights == sorted(heights)  # the loss falls, so the line goes down the page
    assert 'aria-labelledby="curve"' in text and "0.7 at the start, 0.1 at the end" in text
    names = re.findall(r"<h3>(\w+)</h3>", text)
    assert names == [
        "sigmoid",
        "sigmoid_backward",
        "dense_backward",
        "two_layer_forward",
        "two_layer_backward",
    ]
    assert "# &lt; mine &amp; good" in text


def test_no_page_while_a_part_is_the_courses(backprop: Notebook, folder: Path) -> None:
    (folder / file_name("sigmoid")).unlink()
    said = trained(backprop.again())
    assert said == "No milestone page yet. Still the course's here: sigmoid."
    assert not page(folder).exists()


def test_what_an_earlier_cell_took_from_the_course_does_not_count(backprop: Notebook, folder: Path) -> None:
    backprop.session.resolve("softmax")
    assert "milestones/03.html" in trained(backprop)


def test_a_network_that_is_only_remembered_is_of_the_functions_of_then(
    backprop: Notebook, folder: Path
) -> None:
    kept = folder / file_name("sigmoid")
    text = kept.read_text()
    kept.unlink()
    notebook = backprop.again()
    session = notebook.session
    network = session.resolve("two_layer_forward")
    network(
        np.ones((1, 2)), {"W1": np.ones((2, 1)), "b1": np.ones(1), "W2": np.ones((1, 1)), "b2": np.ones(1)}
    )
    session.new_cell()
    assert session.resolve("two_layer_forward") is network  # what it made is remembered; nothing is called
    milestone.keep(session, "03", PARAMETERS, [0.7, 0.1])
    assert notebook.said[-1] == "No milestone page yet. Still the course's here: sigmoid."
    kept.write_text(text)
    session._loaded.pop("sigmoid")
    session._files.pop("sigmoid")  # as when its check passes
    milestone.keep(session, "03", PARAMETERS, [0.7, 0.1])
    assert "was used before yours passed: sigmoid. Restart" in notebook.said[-1] and not page(folder).exists()
    assert "milestones/03.html" in trained(notebook)  # trained anew, by what is there now


def test_a_part_that_changed_since_it_passed_is_named(backprop: Notebook, folder: Path) -> None:
    backprop.run(BACKWARD.replace("(1 - out)", "(1 + out)"))
    assert trained(backprop) == (
        "No milestone page yet. Changed since the check passed: sigmoid_backward. Run that check again."
    )
    assert not page(folder).exists()


def test_a_part_that_imports_the_course_is_the_courses(backprop: Notebook, folder: Path) -> None:
    backprop.run("from byhand.reference.backprop import backward as theirs\n"
                 "def sigmoid_backward(dout, out):\n    return theirs.sigmoid_backward(dout, out)\n")  # fmt: skip
    assert backprop.passed("sigmoid_backward") is None
    assert "Still the course's here: sigmoid_backward." in trained(backprop)


def test_a_cell_that_trained_nothing_gets_no_page(backprop: Notebook, folder: Path) -> None:
    backprop.session.new_cell()
    backprop.session.resolve("sigmoid")  # of an earlier chapter
    milestone.keep(backprop.session, "03", PARAMETERS, [0.7, 0.1])
    assert "in the cell in which your functions train" in backprop.said[-1] and not page(folder).exists()


def test_where_nothing_can_be_written_one_line_says_so(backprop: Notebook, folder: Path) -> None:
    backprop.session._to_memory()
    assert isinstance(backprop.session.storage, MemoryStorage)
    assert "cannot be written here" in trained(backprop) and not page(folder).exists()


def test_graders_and_authors_get_no_page(
    backprop: Notebook, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYHAND_MINE", "off")
    milestone.keep(backprop.session, "03", PARAMETERS, [1.0, 0.5])
    assert backprop.said == [] and not page(folder).exists()


def test_a_chapter_that_is_none_is_refused(backprop: Notebook) -> None:
    with pytest.raises(ValueError, match="no chapter '3'"):
        milestone.keep(backprop.session, "3", PARAMETERS, [1.0, 0.5])


def test_losses_that_are_no_numbers_are_left_out_of_the_curve(backprop: Notebook, folder: Path) -> None:
    session = backprop.session
    session.new_cell()
    session.resolve("sigmoid_backward")
    milestone.keep(session, "03", {"W": np.array([np.nan, 1.0])}, [np.nan])
    text = page(folder).read_text("utf-8")
    assert "fewer than two losses" in text and '{"W":[null,1.0]}' in text
