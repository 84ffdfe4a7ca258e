"""Every sentence that the rebuild says about a submission, to the learner and to the instructor alike.

None holds a word of the learner's own: names come from the source, so a sentence can be shown anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

SAVE_AGAIN = "Save the notebook in JupyterLab (Ctrl+S) and hand it in again."

# Why nothing could be read.
EMPTY = f"The file is empty. {SAVE_AGAIN}"
ZEROS = f"The file holds only zero bytes; it was not written to the end. {SAVE_AGAIN}"
TOO_BIG = (
    "The file has {size} MB; the limit is {limit} MB. Remove large outputs (Edit, Clear Outputs of All Cells), "
    "save the notebook and hand it in again."
)
ZIP = "The file is a zip archive that was named .ipynb. Unpack it and hand in the notebook inside."
WEB_PAGE = "The file is a web page and no notebook. Hand in the .ipynb file itself, not an export or a preview of it."
PDF = "The file is a PDF and no notebook. Hand in the .ipynb file itself, not an export of it."
CUT = f"The file ends in the middle, so it is no whole notebook. {SAVE_AGAIN}"
DAMAGED = f"The file is damaged: line {{line}} is not what a notebook may hold. {SAVE_AGAIN}"
TOO_DEEP = f"The file is damaged: its parts are nested too deeply for a notebook. {SAVE_AGAIN}"
NO_NOTEBOOK = "The file is no notebook. Hand in the .ipynb file that you worked in."
NO_CELLS = f"The notebook has no list of cells. {SAVE_AGAIN}"
OTHER_CHAPTER = "This is the notebook of chapter {theirs}. Hand in {chapter}.ipynb."
NOTHING_OF_THE_CHAPTER = (
    "The notebook holds no cell of chapter {chapter} and none of its functions. "
    "Hand in the {chapter}.ipynb that you worked in."
)

# What was mended.
ODD_BYTES = "Some characters of the file could not be read; a replacement sign stands for them."
BROKEN_CELLS = "{cells} of a form that cannot be read, and left out."
LONG_CELLS = "{cells} longer than {limit} characters, and left out."
MANY_CELLS = "The notebook has more than {limit} cells; the others were left out."
OLDER_RELEASE = "The notebook comes from another version of the chapter; it was graded by the present one."
MISSING_ANSWERS = "No answer cell was found for {names}; it counts as not attempted."
MISSING_CHECKS = "The check of {names} was missing and was put back."
MISSING_GIVEN = "{cells} missing and put back."
REORDERED = "The cells were in another order; they were put back into the course's."
DUPLICATES = (
    "More than one cell was marked as the answer to {names}; the last one that holds an answer was graded, "
    "and other answers were kept as cells of the learner's own."
)
UNNAMED = "The answer cell of {names} had lost its mark; it was found by its text."
BELOW = (
    "The answer to {names} stands in a cell below the one that is there for it; it was taken all the same."
)
ELSEWHERE = "The answer cell of {names} was missing; the function stands in another cell."
CHANGED_CHECKS = "The check of {names} had been changed; the course's own was run."
CHANGED_GIVEN = "{cells} changed; the course's own text was put back, and the changed one follows it."
CHANGED_LOCKED = "The locked cell {names} had been changed; the course's own was put back."
CHANGED_POINTS = "The points of {names} had been changed; the course's own points count."
CHANGED_MARKS = "The grading marks of {names} had been changed; the course's own count."
CHANGED_TAGS = "Tags had been changed; the course's own tags count."
WRONG_TYPE = (
    "The answer cell of {names} had been turned into another type of cell; its text was taken all the same."
)
PICTURES = (
    "Pictures pasted into {names} were left out, because the grader takes text alone. "
    "They can be seen in the notebook as it was handed in."
)


def names(found: Iterable[str], most: int = 6) -> str:
    """``a, b and c``, each once; a long list is cut and counted."""
    every = list(dict.fromkeys(found))
    shown = every if len(every) <= most else [*every[:most], f"{len(every) - most} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def cells(count: int, what: str = "", whose: str = "") -> str:
    """``1 cell was`` or ``3 code cells of the course were``."""
    noun = f"{what} cell".strip() + ("" if count == 1 else "s") + f" {whose}".rstrip()
    return f"{count} {noun} {'was' if count == 1 else 'were'}"
