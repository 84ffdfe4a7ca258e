"""Whatever is handed in becomes a notebook that can be graded, and each thing mended is said."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import small_chapter
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell
from small_chapter import prose

from grader.chapters import source
from grader.intake.reading import CELL_LIMIT, CELLS_LIMIT, FILE_LIMIT
from grader.model import Chapter, Rebuilt, Role
from grader.rebuild.notebook import rebuild

SIGMOID = "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))"
STUB = "raise NotImplementedError()"


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return source.load("77_small", small_chapter.write(tmp_path_factory.mktemp("solutions")))


class Notebook:
    """A learner's copy, to do things to."""

    def __init__(self, chapter: Chapter, solved: bool = False) -> None:
        self.chapter = chapter
        self.node = source.solved_notebook(chapter) if solved else source.released_notebook(chapter)
        self.cells: list[Any] = self.node.cells

    def __getitem__(self, id_: str) -> nbformat.NotebookNode:
        return next(cell for cell in self.cells if cell.id == id_)

    def at(self, text: str) -> int:
        return next(i for i, cell in enumerate(self.cells) if text in cell.source)

    def given(self, text: str) -> nbformat.NotebookNode:
        return self.cells[self.at(text)]

    def insert_after(self, text: str, *cells: nbformat.NotebookNode) -> None:
        place = self.at(text) + 1
        self.cells[place:place] = cells

    def remove(self, *ids: str) -> None:
        self.cells[:] = [cell for cell in self.cells if cell.id not in ids]

    def rebuilt(self) -> Rebuilt:
        return rebuild(json.dumps(self.node).encode(), self.chapter)


def text_of(rebuilt: Rebuilt, name: str) -> str:
    return next(cell.source for cell in rebuilt.cells if cell.name == name)


def order(rebuilt: Rebuilt) -> list[str]:
    """Names, and the texts of cells that have none."""
    return [cell.name or cell.source for cell in rebuilt.cells]


COURSE = [
    *(small_chapter.TITLE, small_chapter.IMPORTS, small_chapter.PICTURE, "sigmoid", "check-sigmoid"),
    *("Now the next one.", "relu", "check-relu", small_chapter.QUESTION, "written-why"),
]


# Honest work, which is left as it is.


def test_an_untouched_notebook_is_the_released_one_and_nothing_is_said(chapter: Chapter) -> None:
    rebuilt = Notebook(chapter).rebuilt()
    assert rebuilt.cells == chapter.cells
    assert rebuilt.repairs == () and rebuilt.unreadable is None


def test_a_solved_notebook_keeps_every_answer_and_nothing_is_said(chapter: Chapter) -> None:
    rebuilt = Notebook(chapter, solved=True).rebuilt()
    assert [cell.name for cell in rebuilt.cells if cell.changed] == ["sigmoid", "relu", "written-why"]
    assert text_of(rebuilt, "sigmoid").endswith("return 1 / (1 + np.exp(-x))")
    assert rebuilt.repairs == ()


@pytest.mark.parametrize("name", source.chapter_names())
def test_every_chapter_of_the_course_comes_back_whole(name: str) -> None:
    chapter = source.load(name)
    rebuilt = Notebook(chapter, solved=True).rebuilt()
    assert rebuilt.repairs == ()
    assert all(cell.changed for cell in rebuilt.cells if cell.role in (Role.SOLUTION, Role.WRITTEN))
    assert Notebook(chapter).rebuilt().cells == chapter.cells


def test_what_running_and_saving_leave_behind_is_no_repair(chapter: Chapter) -> None:
    notebook = Notebook(chapter, solved=True)
    for cell in notebook.cells:
        cell.metadata["collapsed"] = True
        cell.metadata["execution"] = {"iopub.status.busy": "2024-01-01"}
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="out")]
            cell.execution_count = 7
    notebook.node.metadata["language_info"] = {"name": "python", "version": "3.12"}
    notebook["check-sigmoid"].source += "\n"
    rebuilt = notebook.rebuilt()
    assert rebuilt.repairs == ()
    assert all(set(cell.metadata) <= {"nbgrader", "tags", "deletable", "editable"} for cell in rebuilt.cells)


def test_own_cells_stay_behind_the_course_cell_that_they_followed(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook.cells.insert(0, new_markdown_cell("My name"))
    notebook.insert_after(small_chapter.IMPORTS, new_code_cell("import math"), new_markdown_cell("a note"))
    notebook.cells.append(new_code_cell("the_end = 1"))
    rebuilt = notebook.rebuilt()
    assert order(rebuilt) == ["My name", *COURSE[:2], "import math", "a note", *COURSE[2:], "the_end = 1"]
    own = [cell for cell in rebuilt.cells if cell.role is Role.EXTRA]
    assert [cell.cell_type for cell in own] == ["markdown", "code", "markdown", "code"]
    assert len({cell.id for cell in rebuilt.cells}) == len(rebuilt.cells)
    assert rebuilt.repairs == ()


def test_own_cells_lose_their_tags_metadata_and_outputs(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    own = new_code_cell("1 / 0", metadata={"tags": ["demo", "skip-execution"], "nbgrader": {"grade": True}})
    notebook.cells.append(own)
    assert notebook.rebuilt().cells[-1].metadata == {}
    assert notebook.rebuilt().cells[-1].role is Role.EXTRA


def test_a_second_copy_of_a_course_cell_is_no_cell_of_the_learners(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook.cells.insert(0, new_code_cell("check(sigmoid)"))
    notebook.cells += [new_code_cell(small_chapter.IMPORTS), new_code_cell("check( sigmoid )")]
    rebuilt = notebook.rebuilt()
    assert order(rebuilt) == COURSE and rebuilt.repairs == ()


def test_a_changed_demo_is_the_courses_again_and_nothing_is_said(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook.given(small_chapter.PICTURE).source = "while True: pass"
    rebuilt = notebook.rebuilt()
    assert order(rebuilt) == COURSE and rebuilt.repairs == ()


def test_an_emptied_written_answer_counts_as_untouched(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook["written-why"].source = " \n"
    rebuilt = notebook.rebuilt()
    assert rebuilt.cells == chapter.cells


@pytest.mark.parametrize("emptied", [False, True])
def test_an_answer_written_below_its_empty_cell_waits_for_a_person(chapter: Chapter, emptied: bool) -> None:
    notebook = Notebook(chapter)
    if emptied:
        notebook["written-why"].source = ""
    notebook.cells.append(new_markdown_cell("Because the slope is small there."))
    rebuilt = notebook.rebuilt()
    written = next(cell for cell in rebuilt.cells if cell.name == "written-why")
    assert (written.source, written.changed) == ("Because the slope is small there.", True)
    assert not [cell for cell in rebuilt.cells if cell.role is Role.EXTRA]
    assert "The answer to written-why stands in a cell below" in rebuilt.repairs[0]


def test_a_note_below_a_written_answer_is_a_cell_of_the_learners(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook["written-why"].source = "Because it is so."
    notebook.cells.append(new_markdown_cell("A note."))
    rebuilt = notebook.rebuilt()
    assert text_of(rebuilt, "written-why") == "Because it is so."
    assert [cell.source for cell in rebuilt.cells if cell.role is Role.EXTRA] == ["A note."]
    assert rebuilt.repairs == ()


# Things that happen to notebooks: mended, and said.


def repaired(name: str) -> Callable[[Callable[[Notebook], None]], None]:
    """Register what is done to a solved notebook, with a word of the sentence that tells of it."""

    def register(edit: Callable[[Notebook], None]) -> None:
        REPAIRED[edit.__name__] = (edit, name)

    return register


REPAIRED: dict[str, tuple[Callable[[Notebook], None], str]] = {}


@repaired("The check of sigmoid was missing and was put back.")
def missing_check(notebook: Notebook) -> None:
    notebook.remove("check-sigmoid")


@repaired("1 code cell of the course was missing and put back.")
def missing_given(notebook: Notebook) -> None:
    notebook.cells.remove(notebook.given(small_chapter.IMPORTS))


@repaired("No answer cell was found for relu and written-why")
def missing_answers(notebook: Notebook) -> None:
    notebook.remove("relu", "written-why")


@repaired("another order")
def reversed_order(notebook: Notebook) -> None:
    notebook.cells.reverse()


@repaired("The check of relu had been changed")
def changed_check(notebook: Notebook) -> None:
    notebook["check-relu"].source = "print('passed')"


@repaired("The check of relu had been changed")
def emptied_check(notebook: Notebook) -> None:
    notebook["check-relu"].source = ""


@repaired("The points of check-relu had been changed")
def more_points(notebook: Notebook) -> None:
    notebook["check-relu"].metadata.nbgrader.points = 1000


@repaired("The grading marks of check-relu had been changed")
def other_marks(notebook: Notebook) -> None:
    notebook["check-relu"].metadata.nbgrader.solution = True


@repaired("The grading marks of relu had been changed")
def renamed(notebook: Notebook) -> None:
    notebook["relu"].metadata.nbgrader.grade_id = "mine"


@repaired("Tags had been changed")
def tags(notebook: Notebook) -> None:
    notebook["check-relu"].metadata.tags = ["demo", "skip-execution"]


@repaired("another type of cell")
def answer_as_markdown(notebook: Notebook) -> None:
    notebook["sigmoid"].cell_type = "markdown"


@repaired("another type of cell")
def answer_as_raw(notebook: Notebook) -> None:
    notebook["sigmoid"].cell_type = "raw"


@repaired("another type of cell")
def writing_as_code(notebook: Notebook) -> None:
    notebook["written-why"].cell_type = "code"


@repaired("Pictures pasted into written-why")
def pasted_picture(notebook: Notebook) -> None:
    notebook["written-why"].attachments = {"photo.png": {"image/png": "aGVsbG8="}}


@repaired("Pictures pasted into cells of the learner's own")
def pasted_picture_below(notebook: Notebook) -> None:
    notebook.cells.append(new_markdown_cell("![](attachment:a.png)", attachments={"a.png": {}}))


@repaired("another version of the chapter")
def older_release(notebook: Notebook) -> None:
    notebook.node.metadata.byhand.release = "0" * 64


@repaired("2 cells were of a form that cannot be read")
def broken_cells(notebook: Notebook) -> None:
    notebook.cells += [{"cell_type": "code", "source": {"a": 1}}, 7]


@repaired("1 cell was longer than")
def long_cell(notebook: Notebook) -> None:
    notebook.cells.append(new_code_cell("#" * (CELL_LIMIT + 1)))


@repaired(f"more than {CELLS_LIMIT} cells")
def many_cells(notebook: Notebook) -> None:
    notebook.cells += [new_code_cell("1")] * CELLS_LIMIT


@pytest.mark.parametrize("case", REPAIRED)
def test_what_happened_to_a_notebook_is_mended_and_said(case: str, chapter: Chapter) -> None:
    edit, sentence = REPAIRED[case]
    notebook = Notebook(chapter, solved=True)
    edit(notebook)
    rebuilt = notebook.rebuilt()
    assert [said for said in rebuilt.repairs if sentence in said], rebuilt.repairs
    assert len(rebuilt.repairs) == 1
    # Nothing but the answers and cells of their own differs from the course.
    ours = [cell for cell in rebuilt.cells if cell.role is not Role.EXTRA]
    for cell, released in zip(ours, chapter.cells, strict=True):
        assert (cell.id, cell.metadata, cell.points) == (released.id, released.metadata, released.points)
        assert cell.source == released.source or cell.changed
    if case != "missing_answers":
        assert all(cell.changed for cell in ours if cell.role in (Role.SOLUTION, Role.WRITTEN))
        assert "np.exp(-x)" in text_of(rebuilt, "sigmoid")


def test_sentences_hold_no_word_of_the_learners(chapter: Chapter) -> None:
    notebook = Notebook(chapter, solved=True)
    for cell in notebook.cells:
        cell.metadata = {"tags": ["<script>"], "nbgrader": {"grade_id": "<script>", "points": "<script>"}}
        cell.source = "<script>" + cell.source
    notebook.node.metadata.byhand = {"chapter": "<script>", "release": "<script>"}
    rebuilt = notebook.rebuilt()
    assert rebuilt.repairs and "<script>" not in " ".join(rebuilt.repairs)


def test_a_changed_given_cell_is_put_back_and_the_changed_one_kept_behind_it(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook.given(small_chapter.IMPORTS).source += "\nfrom math import exp"
    rebuilt = notebook.rebuilt()
    assert order(rebuilt) == [*COURSE[:2], small_chapter.IMPORTS + "\nfrom math import exp", *COURSE[2:]]
    assert rebuilt.repairs == (
        "1 cell of the course was changed; the course's own text was put back, and the changed one follows it.",
    )


def test_of_two_answers_the_last_one_counts_and_the_other_is_kept(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    again = copy.deepcopy(notebook["sigmoid"])
    again["id"] = "pasted"
    notebook["sigmoid"].source = "def sigmoid(x):\n    return x  # first try"
    again.source = SIGMOID
    notebook.insert_after("first try", again)
    rebuilt = notebook.rebuilt()
    assert text_of(rebuilt, "sigmoid") == SIGMOID
    assert order(rebuilt).index("def sigmoid(x):\n    return x  # first try") < order(rebuilt).index(
        "sigmoid"
    )
    assert len(rebuilt.repairs) == 1 and "the last one that holds an answer" in rebuilt.repairs[0]


def test_of_an_answer_and_an_untouched_stub_the_answer_counts(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    stub = copy.deepcopy(notebook["sigmoid"])
    notebook["sigmoid"].source = SIGMOID
    notebook.cells.append(stub)
    rebuilt = notebook.rebuilt()
    assert text_of(rebuilt, "sigmoid") == SIGMOID
    assert [cell for cell in rebuilt.cells if cell.role is Role.EXTRA] == []


def test_an_answer_that_was_split_keeps_both_halves_in_their_order(chapter: Chapter) -> None:
    for halves in (["one = 1", SIGMOID], [SIGMOID, "print(sigmoid(0.0))"]):
        notebook = Notebook(chapter)
        second = copy.deepcopy(notebook["sigmoid"])
        notebook["sigmoid"].source, second.source = halves
        notebook.insert_after(halves[0], second)
        rebuilt = notebook.rebuilt()
        assert text_of(rebuilt, "sigmoid") == SIGMOID
        texts = [cell.source for cell in rebuilt.cells]
        assert texts.index(halves[0]) + 1 == texts.index(halves[1]) < texts.index("check(sigmoid)")


def test_a_pasted_check_that_was_rewritten_is_a_cell_of_the_learners(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    pasted = copy.deepcopy(notebook["check-sigmoid"])
    pasted.source = "own = 1"
    notebook.insert_after("check(sigmoid)", pasted)
    rebuilt = notebook.rebuilt()
    assert "own = 1" in order(rebuilt) and rebuilt.repairs == ()


def test_answers_in_cells_without_a_mark_are_found_by_their_text(chapter: Chapter) -> None:
    notebook = Notebook(chapter, solved=True)
    for cell in notebook.cells:  # what a tool leaves that keeps only texts
        cell.metadata, cell["id"] = {}, None
    rebuilt = notebook.rebuilt()
    assert order(rebuilt) == COURSE
    assert "np.exp(-x)" in text_of(rebuilt, "sigmoid")
    assert text_of(rebuilt, "written-why") == "Because it is so."
    assert rebuilt.repairs == (
        "The answer cell of sigmoid, relu and written-why had lost its mark; it was found by its text.",
    )


def test_one_cell_may_answer_what_two_cells_asked(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook.remove("relu")
    notebook["sigmoid"].source = f"{SIGMOID}\n\ndef relu(x):\n    return x"
    rebuilt = notebook.rebuilt()
    assert STUB not in text_of(rebuilt, "relu")
    assert "The answer cell of relu was missing; the function stands in another cell." in rebuilt.repairs


def test_a_function_written_on_top_is_not_undone_by_an_emptied_answer_cell(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook["sigmoid"].source = ""
    notebook.cells.insert(1, new_code_cell(SIGMOID))
    rebuilt = notebook.rebuilt()
    assert text_of(rebuilt, "sigmoid") == "" and SIGMOID in order(rebuilt)


def test_course_cells_of_an_older_release_are_not_the_learners(chapter: Chapter, tmp_path: Path) -> None:
    before = [prose("An old word."), small_chapter.solution("tanh"), small_chapter.check("tanh")]
    old = source.load("77_small", small_chapter.write(tmp_path, *before, *small_chapter.CELLS))
    notebook = Notebook(old, solved=True)
    rebuilt = rebuild(json.dumps(notebook.node).encode(), chapter)
    assert order(rebuilt) == ["def tanh(x):\n" + '    """What tanh is."""\n    return x', *COURSE]
    assert len(rebuilt.repairs) == 1 and "another version" in rebuilt.repairs[0]


# Old and odd files.


@pytest.mark.parametrize("minor", [0, 1, 2, 4, 5, 99])
def test_every_minor_version_of_format_4_is_read(minor: int, chapter: Chapter) -> None:
    notebook = Notebook(chapter, solved=True)
    notebook.node.nbformat_minor = minor
    if minor < 5:
        for cell in notebook.cells:
            del cell["id"]
    assert notebook.rebuilt().repairs == ()


def test_formats_2_and_3_are_read(chapter: Chapter) -> None:
    notebook = Notebook(chapter, solved=True)
    cells = [dict(cell) for cell in notebook.cells]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source").splitlines(keepends=True)
    cells.append({"cell_type": "heading", "level": 2, "source": "Mine"})
    for number in (2, 3):
        old = {"nbformat": number, "metadata": {}, "worksheets": [{"cells": cells[:3]}, {"cells": cells[3:]}]}
        rebuilt = rebuild(json.dumps(old).encode(), chapter)
        assert order(rebuilt) == [*COURSE, "## Mine"]
        assert rebuilt.repairs == () and rebuilt.unreadable is None


def test_texts_may_be_lists_of_lines_and_hold_odd_characters(chapter: Chapter) -> None:
    notebook = Notebook(chapter)
    notebook["sigmoid"].source = ["def sigmoid(x):\r\n", "    return '\0\ud800é'"]
    rebuilt = notebook.rebuilt()
    assert text_of(rebuilt, "sigmoid") == "def sigmoid(x):\n    return '\ufffdé'"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_read(encoding: str, chapter: Chapter) -> None:
    raw = json.dumps(Notebook(chapter, solved=True).node).encode(encoding)
    assert rebuild(raw, chapter).repairs == ()


def test_bytes_that_are_no_text_cost_only_themselves(chapter: Chapter) -> None:
    raw = json.dumps(Notebook(chapter, solved=True).node).encode().replace(b"Because", b"Be\xff\xfecause")
    rebuilt = rebuild(raw, chapter)
    assert text_of(rebuilt, "written-why").startswith("Be\ufffd")
    assert any("could not be read" in said for said in rebuilt.repairs)


def test_zero_bytes_behind_a_notebook_are_ignored(chapter: Chapter) -> None:
    raw = json.dumps(Notebook(chapter, solved=True).node).encode() + b"\0" * 4096
    assert rebuild(raw, chapter).repairs == ()


UNREADABLE = {
    "empty": (b"", "empty"),
    "white space": (b" \n\t", "empty"),
    "only zeros": (b"\0" * 100, "only zero bytes"),
    "cut": (b'{"cells": [{"cell_type": "code", "sou', "ends in the middle"),
    "cut between": (b'{"cells": [', "ends in the middle"),
    "damaged": (b'{"cells": [,]}', "line 1"),
    "merge conflict": (b"<<<<<<< HEAD\n{}", "damaged"),
    "zip": (b"PK\x03\x04rest", "zip archive"),
    "web page": (b"\n<!DOCTYPE html><html></html>", "web page"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "python": (b"import numpy as np\n", "damaged"),
    "a list": (b"[1, 2]", "no notebook"),
    "a number": (b"1e999", "no notebook"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "no notebook": (b'{"a": 1}', "no notebook"),
    "deep": (b"[" * 200_000, "nested too deeply"),
    "deep inside": (b'{"cells": ' + b'[{"a":' * 100_000, "nested too deeply"),
    "big": (b" " * (FILE_LIMIT + 1), "Clear Outputs"),
    "no cell": (b'{"nbformat": 4, "cells": []}', "holds no cell of chapter 77_small"),
    "another": (
        b'{"nbformat": 4, "cells": [], "metadata": {"byhand": {"chapter": "01_neuron"}}}',
        "notebook of chapter 01_neuron. Hand in 77_small.ipynb",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_the_untouched_chapter_and_a_sentence(case: str, chapter: Chapter) -> None:
    raw, sentence = UNREADABLE[case]
    rebuilt = rebuild(raw, chapter)
    assert rebuilt.unreadable is not None and sentence in rebuilt.unreadable
    assert re.search("[Hh]and (it )?in", rebuilt.unreadable)  # says what to do
    assert rebuilt.cells == chapter.cells


def test_very_long_numbers_do_not_matter(chapter: Chapter) -> None:
    raw = json.dumps(Notebook(chapter, solved=True).node).replace(
        '"nbformat": 4', '"nbformat": ' + "4" * 9999
    )
    assert rebuild(raw.encode(), chapter).repairs == ()


def test_a_large_file_of_small_cells_takes_no_time(chapter: Chapter) -> None:
    raw = b'{"cells":[' + b",".join([b'{"source":"def f(x): 1","cell_type":"code"}'] * 300_000) + b"]}"
    start = time.process_time()
    rebuild(raw, chapter)
    assert time.process_time() - start < 5


# Any bytes in, a notebook out.

words = st.sampled_from(
    [
        *(
            "cells",
            "cell_type",
            "source",
            "metadata",
            "nbgrader",
            "grade_id",
            "tags",
            "id",
            "worksheets",
            "input",
        ),
        *(
            "nbformat",
            "code",
            "markdown",
            "sigmoid",
            "check-relu",
            "written-why",
            "points",
            "byhand",
            "release",
        ),
        *("attachments", "outputs", "level", "heading", "def relu(x): 1", "\ud800", "\0"),
    ]
)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
    max_leaves=25,
)
marks_of_any_kind = st.fixed_dictionaries(
    {"nbgrader": st.dictionaries(words, trees, max_size=4), "tags": trees}
)
cells_of_any_kind = st.fixed_dictionaries(
    {
        "cell_type": words | trees,
        "source": st.lists(words) | words | trees,
        "metadata": marks_of_any_kind | trees,
    },
    optional={"id": words | trees, "level": trees, "attachments": trees},
)


def sound(rebuilt: Rebuilt, chapter: Chapter) -> None:
    """What later stages rely on."""
    ours = [cell for cell in rebuilt.cells if cell.role is not Role.EXTRA]
    for cell, released in zip(ours, chapter.cells, strict=True):
        assert (cell.id, cell.role, cell.cell_type, cell.points, cell.metadata) == (
            *(released.id, released.role, released.cell_type, released.points, released.metadata),
        )
        assert cell.source == released.source or (cell.changed and cell.role in (Role.SOLUTION, Role.WRITTEN))
    assert len({cell.id for cell in rebuilt.cells}) == len(rebuilt.cells)
    for cell in rebuilt.cells:
        assert cell.cell_type in ("code", "markdown") and "\0" not in cell.source
        cell.source.encode()  # no half characters
    assert all("\n" not in said for said in rebuilt.repairs)


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=200))
def test_any_bytes_become_something_that_can_be_graded(raw: bytes, chapter: Chapter) -> None:
    sound(rebuild(raw, chapter), chapter)


@settings(max_examples=250, deadline=None)
@given(
    tree=trees | st.fixed_dictionaries({"cells": st.lists(cells_of_any_kind, max_size=5), "metadata": trees})
)
def test_any_json_becomes_something_that_can_be_graded(tree: Any, chapter: Chapter) -> None:
    sound(rebuild(json.dumps(tree).encode(), chapter), chapter)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_damage_to_a_notebook_becomes_something_that_can_be_graded(
    data: st.DataObject, chapter: Chapter
) -> None:
    notebook = Notebook(chapter, solved=True)
    cells = data.draw(st.permutations(notebook.cells))
    cells = data.draw(st.lists(st.sampled_from(cells), max_size=12))
    notebook.node["cells"] = cells + data.draw(st.lists(cells_of_any_kind, max_size=2))
    raw = bytearray(json.dumps(notebook.node).encode())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=2)):
        raw[place] = data.draw(st.integers(0, 255))
    sound(rebuild(bytes(raw), chapter), chapter)
