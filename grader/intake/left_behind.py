"""What a learner has kept and would not hand in: the notebook lacks it, or says something else.

Only the notebook is graded. A cell that was emptied or changed after its check passed is easily overlooked, for
`mine` still has the version that passed and every demo works.
"""

from __future__ import annotations

import ast
from pathlib import Path

from byhand.mine.cells import statement
from byhand.mine.file import read as read_kept
from byhand.mine.storage import FOLDER, FolderStorage
from grader.intake.reading import read

LACKS = (
    "{notebook} has no {name}, but yours passed its check on {date}. Copy it from {kept} into its cell, save, and "
    "pack again."
)
DIFFERS = (
    "In {notebook}, {name} is not the version that passed its check on {date}. If you want that one graded, copy it "
    "from {kept} into its cell, save, and pack again."
)


def left_behind(notebook: Path) -> list[str]:
    """A sentence for each function of this chapter that was kept and is missing or different in the notebook.

    Comments and spaces make no difference. A kept file that was edited by hand has passed nothing, and is left out.

    Parameters
    ----------
    notebook : Path
        The learner's notebook; what is kept lies in ``mine/`` beside it.

    Raises
    ------
    Unreadable
        If the file holds no notebook.
    """
    storage = FolderStorage(notebook.parent / FOLDER)
    cells = [cell.text for cell in read(notebook.read_bytes()).cells if cell.cell_type == "code"]
    sentences = []
    for file in storage.names(f"ch{notebook.stem}"):
        name = Path(file).stem
        kept = read_kept(name, storage.read(file) or "")
        if kept.edited:
            continue
        passed = _meaning(statement(kept.text, name))
        written = [_meaning(found) for found in (statement(text, name) for text in cells) if found]
        if passed is None or (written and written[-1] == passed):
            continue
        sentence = DIFFERS if written and written[-1] is not None else LACKS
        place = storage.place(file)
        sentences.append(sentence.format(notebook=notebook.name, name=name, date=kept.date, kept=place))
    return sentences


def _meaning(text: str | None) -> str | None:
    """A statement without its comments and spaces; None if it is not written yet."""
    if text is None:
        return None
    tree = ast.parse(text)
    only = tree.body[0]
    if isinstance(only, ast.FunctionDef):
        body = only.body[1:] if ast.get_docstring(only) is not None else only.body
        if len(body) == 1 and isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.dump(body[0]):
            return None
    return ast.dump(tree)
