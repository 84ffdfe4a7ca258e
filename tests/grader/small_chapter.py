"""Small chapters for the tests of the stages that read sources and notebooks."""

from __future__ import annotations

import json
from pathlib import Path

HEADER = """\
# ---
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
"""


def marks(**changes: object) -> str:
    """nbgrader's metadata as it stands behind ``# %%``."""
    plain = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}
    return f"nbgrader={json.dumps(plain | changes, sort_keys=True)}"


def prose(text: str) -> str:
    return "# %% [markdown]\n" + _commented(text)


def code(text: str, more: str = "") -> str:
    return f"# %% {more}".rstrip() + f"\n{text}"


def demo(text: str) -> str:
    return code(text, 'tags=["demo"]')


def solution(name: str, answer: str = "return x") -> str:
    text = f'def {name}(x):\n    """What {name} is."""\n    ### BEGIN SOLUTION\n    {answer}\n    ### END SOLUTION'
    return code(text, marks(grade_id=name, solution=True))


def check(name: str, points: float = 2) -> str:
    return code(f"check({name})", marks(grade=True, grade_id=f"check-{name}", locked=True, points=points))


def written(slug: str, answer: str = "Because it is so.", scheme: str = "1 point for the reason") -> str:
    text = f"{answer}\n\n=== BEGIN MARK SCHEME ===\n{scheme}\n=== END MARK SCHEME ==="
    about = marks(grade=True, grade_id=f"written-{slug}", points=5, solution=True)
    return f"# %% [markdown] {about}\n{_commented(text)}"


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


TITLE, IMPORTS, PICTURE = "# A small chapter\n\nWith one idea.", "import numpy as np", "print('a picture')"
QUESTION = "Why is it so?"

CELLS = (
    prose(TITLE),
    code(IMPORTS),
    demo(PICTURE),
    solution("sigmoid", "return 1 / (1 + np.exp(-x))"),
    check("sigmoid"),
    prose("Now the next one."),
    solution("relu", "return np.maximum(x, 0)"),
    check("relu", points=3),
    prose(QUESTION),
    written("why"),
)


def write(folder: Path, *cells: str, name: str = "77_small") -> Path:
    """A source of these cells (of `CELLS` if none are named); the folder that it stands in."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(HEADER + "\n" + "\n\n".join(cells or CELLS) + "\n")
    return folder
