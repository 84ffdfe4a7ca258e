"""Skeletons for authors: all the places that a new exercise or chapter touches, each with what is to be filled in.

What is written fails its tests until it is filled in. Nothing that exists is changed; lines are added to it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from byhand.exercises import chapters
from byhand.exercises.chapter import Chapter
from grader.errors import UserError
from grader.files import write_atomically

BAD_NAME = "{name!r} cannot be a name; use small letters, digits and _, and begin with a letter."
TAKEN = "There is {what} called {name!r} already; a name is used once in the whole course."
NO_CHAPTER = "There is no chapter {name!r}. The chapters are: {known}."
NO_PLACE = "{path} has no heading {heading!r}, before which the exercise would stand."
END = "# %% [markdown]\n# ## What you have learned"

REFERENCE = '''

def {name}(x: ArrayLike) -> NDArray[np.floating]:
    """FILL IN: what it computes, with its formula.

    Parameters
    ----------
    x : array of any shape

    Returns
    -------
    array of the shape of `x`

    Raises
    ------
    ValueError
        FILL IN, or leave out.

    Examples
    --------
    >>> {name}(np.array([0.0]))
    FILL IN
    """
    raise NotImplementedError
'''

MODULE = '''"""FILL IN: what the functions of this module have in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
'''

SPEC_MODULE = '''"""FILL IN: what these exercises ask, in chapter {number:02}."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.{room} import {topic} as reference
'''

SPEC = """

@exercise({module}.{name})
def {name}(draw):
    yield np.array([0.0, 1.0, -2.0])  # the simplest case first: a report shows the first that fails
    yield draw.normal(2, 3)  # fresh numbers at every check


@{name}.mistake("fill-in", "FILL IN: what the learner did, and what to think about; never the answer.")
def _(x):
    return np.array(x, float)
"""

TEST_MODULE = '''"""What the reference of chapter {number:02} promises about {topic}."""

from __future__ import annotations

import doctest

import numpy as np

from byhand.reference.{room} import {topic} as module
from byhand.reference.{room}.{topic} import {name}


def test_the_examples_in_the_docstrings_are_right():
    failed, tried = doctest.testmod(module, extraglobs={{"np": np}})
    assert tried > 0 and failed == 0
'''

TEST = """

def test_{name}_obeys_a_law_or_a_figure_that_was_not_made_from_it():
    raise AssertionError("FILL IN: finite differences, a published figure, another library, or a law of {name}")
"""

CELLS = '''# %% [markdown]
# FILL IN: the question that leads here, and the idea.
#
# ### Exercise: `{name}` ({points})


# %% nbgrader={answer}
def {name}(x):
    """FILL IN: the formula, shapes, what is returned.

    x: array of any shape. Returns an array of the same shape.

    >>> {name}(np.array([0.0]))
    FILL IN
    """
    ### BEGIN SOLUTION
    FILL_IN
    ### END SOLUTION


# %% [markdown]
# <details><summary>Hint</summary>
#
# FILL IN: a question or a step, not the answer.
#
# </details>

# %% nbgrader={check}
check({name})

'''

NOTEBOOK = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter {number} · {title}
#
# FILL IN: the question that this chapter answers.
#
# **You will learn**
#
# - FILL IN
#
# **You need** FILL IN: which chapters.
#
# **Time** About FILL IN hours. There is 1 exercise ({points}).

# %%
import numpy as np

from byhand import check, explore, progress, working

np.set_printoptions(precision=4, suppress=True)  # four decimals are enough to look at

{cells}# %% [markdown]
# ## What you have learned
#
# - FILL IN

# %% tags=["demo"]
progress("{chapter}")

# %% [markdown]
# ### To read on
#
# - FILL IN: title, author, what it is good for.
#
# ### Where to go next
#
# FILL IN.
"""

CHAPTER = '''"""The exercises of chapter {number:02}."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter({number}, "{room}", "{title}", ("{topic}",))
'''


@dataclass
class Written:
    """The files that a skeleton was written to, and what is left for the author."""

    files: list[Path]
    root: Path

    def __str__(self) -> str:
        lines = [f"  {path.relative_to(self.root)}" for path in self.files]
        return "\n".join(
            [
                "Written:",
                *lines,
                "Fill in what says FILL IN, then: make fmt, make course, make test. docs/authoring.md says how.",
            ]
        )


def new_exercise(root: Path, name: str, chapter_name: str, topic: str = "", points: int = 2) -> Written:
    """Write the skeleton of an exercise: reference, test, spec and cells.

    Parameters
    ----------
    root : Path
        The repository.
    name : str
        The function's name, which spec, reference and notebook share.
    chapter_name : str
        Such as ``"02_activations"`` or ``"activations"``.
    topic : str
        The module; the chapter's last one by default. One that is not there yet is made.
    points : int

    Raises
    ------
    UserError
        If a name is no name, is taken, or there is no such chapter.
    """
    chapter = _chapter(chapter_name)
    topic = topic or chapter.topics[-1]
    _free(name)
    _named(topic)
    return Written(_exercise(root, name, chapter, topic, points), root)


def new_chapter(root: Path, room: str, title: str, topic: str, name: str, points: int = 2) -> Written:
    """Write the skeleton of the next chapter: its rooms, its notebook, its first exercise, its row in the README.

    Raises
    ------
    UserError
        If a name is no name, or is taken.
    """
    for word in (room, topic):
        _named(word)
    _free(name)
    if any(one.room == room for one in chapters()):
        raise UserError(TAKEN.format(what="a chapter", name=room))
    chapter = Chapter(chapters()[-1].number + 1, room, title, (topic,))
    byhand = root / "lib" / "byhand"
    known = {"number": chapter.number, "room": room, "title": title, "topic": topic}
    files = [
        _write(byhand / "exercises" / room / "__init__.py", CHAPTER.format(**known)),
        _write(
            byhand / "reference" / room / "__init__.py",
            f'"""The reference of chapter {chapter.number:02}."""\n',
        ),
    ]
    notebook = root / "solutions" / f"{chapter.name}.py"
    text = NOTEBOOK.format(**known, chapter=chapter.name, points=_worth(points), cells="")
    files.append(_write(notebook, text))
    files += [path for path in _exercise(root, name, chapter, topic, points) if path != notebook]
    files += _name_the_chapter(root, chapter)
    return Written(files, root)


def _exercise(root: Path, name: str, chapter: Chapter, topic: str, points: int) -> list[Path]:
    known = {"name": name, "number": chapter.number, "room": chapter.room, "topic": topic}
    byhand = root / "lib" / "byhand"
    reference = byhand / "reference" / chapter.room / f"{topic}.py"
    spec = byhand / "exercises" / chapter.room / f"{topic}.py"
    test = root / "tests" / "reference" / chapter.room / f"test_{topic}.py"
    files = [
        _add(reference, MODULE, REFERENCE.format(**known)),
        _add(spec, SPEC_MODULE.format(**known), SPEC.format(**known, module=_module_in(spec, topic))),
        _add(test, TEST_MODULE.format(**known), TEST.format(**known)),
    ]
    if topic not in chapter.topics:
        files.append(_add_topic(byhand / "exercises" / chapter.room / "__init__.py", topic))
    notebook = root / "solutions" / f"{chapter.name}.py"
    text = notebook.read_text("utf-8")
    if END not in text:
        raise UserError(NO_PLACE.format(path=notebook, heading="## What you have learned"))
    answer, check = _marks(name), _marks(f"check-{name}", points)
    cells = CELLS.format(name=name, points=_worth(points), answer=answer, check=check)
    return [*files, _write(notebook, text.replace(END, cells + END, 1))]


def _marks(name: str, points: int | None = None) -> str:
    """nbgrader's metadata of an answer's cell or, with points, of a check's."""
    check = points is not None
    marks = {"grade": check, "grade_id": name, "locked": check, "schema_version": 3, "solution": not check}
    worth = {"points": points} if check else {}
    return json.dumps(dict(sorted({**marks, **worth, "task": False}.items())))


def _module_in(spec: Path, topic: str) -> str:
    """The name under which a spec module knows its reference's module."""
    text = spec.read_text("utf-8") if spec.exists() else "import x as reference"
    found = re.search(
        rf"^from byhand\.reference\.\w+ import .*?\b{topic}\b(?: as (\w+))?", text, re.MULTILINE
    )
    return (found[1] or topic) if found else "reference"


def _name_the_chapter(root: Path, chapter: Chapter) -> list[Path]:
    """The lists that name every chapter: the directions of imports, and the README's table."""
    project, readme = root / "pyproject.toml", root / "README.md"
    before = chapters()[-1]
    text = project.read_text("utf-8")
    layer = f'layers = [\n    "{before.room}",'
    _write(project, text.replace(layer, layer.replace("[\n", f'[\n    "{chapter.room}",\n'), 1))
    rows = readme.read_text("utf-8")
    last = re.search(rf"^\| `{before.name}` \|.*$", rows, re.MULTILINE)
    if last is None:
        raise UserError(NO_PLACE.format(path=readme, heading=before.name))
    row = f"\n| `{chapter.name}` | FILL IN: its question |"
    _write(readme, rows[: last.end()] + row + rows[last.end() :])
    return [project, readme]


def _add(path: Path, head: str, part: str) -> Path:
    """Add to the end of a module; one that is not there yet begins with `head`."""
    before = path.read_text("utf-8") if path.exists() else head
    return _write(path, before.rstrip("\n") + "\n" + part)


def _add_topic(path: Path, topic: str) -> Path:
    text = path.read_text("utf-8")
    end = text.rindex(")", 0, text.rindex(")"))  # of the tuple, which is the last argument
    begun = text[:end].rstrip().rstrip(",")
    return _write(path, f'{begun}, "{topic}"{text[end:]}')


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)
    return path


def _worth(points: int) -> str:
    return f"{points} point" if points == 1 else f"{points} points"


def _chapter(name: str) -> Chapter:
    for one in chapters():
        if name in (one.name, one.room):
            return one
    raise UserError(NO_CHAPTER.format(name=name, known=", ".join(one.name for one in chapters())))


def _named(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UserError(BAD_NAME.format(name=name))


def _free(name: str) -> None:
    _named(name)
    if any(name == exercise.name for one in chapters() for exercise in one.exercises):
        raise UserError(TAKEN.format(what="an exercise", name=name))
    if any(name in (one.room, *one.topics) for one in chapters()):
        raise UserError(TAKEN.format(what="a chapter or a module", name=name))
