"""A kept function's file: a header for people and for the course, then the text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from byhand.exercises import chapter_of
from byhand.exercises.chapter import Chapter

_HEADER = re.compile(r"# byhand: (\{.*\})\n\n")


@dataclass(frozen=True)
class Kept:
    """One exercise as it was kept.

    Parameters
    ----------
    exercise : str
    date : str
        When it passed, as a person reads it: ``"2026-11-30 14:55"``.
    text : str
        The module, below the header.
    spec : str
        The digest of what the exercise asked then.
    course : tuple of str
        The course's functions that stood in for the learner's own when it passed.
    edited : bool
        Whether the text is another than the one that passed.
    """

    exercise: str
    date: str
    text: str
    spec: str
    course: tuple[str, ...] = ()
    edited: bool = False

    @property
    def digest(self) -> str:
        """The digest of the text: two equal texts are one version."""
        return digest(self.text)


def digest(text: str) -> str:
    """A short digest of a module's text; spaces at the ends of lines and empty lines at the end do not count."""
    lines = [line.rstrip() for line in text.rstrip().split("\n")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def file_name(exercise: str) -> str:
    """Where it lies in the storage, such as ``"ch02_activations/sigmoid.py"``."""
    return f"{folder_of(chapter_of(exercise))}/{exercise}.py"


def folder_of(chapter: Chapter) -> str:
    """A chapter's folder in the storage; a package's name cannot begin with a digit."""
    return f"ch{chapter.name}"


def now() -> str:
    """The time as a header says it."""
    return datetime.now().strftime("%Y-%m-%d %H:%M")


def written(kept: Kept) -> str:
    """The file's whole text."""
    facts = {"exercise": kept.exercise, "date": kept.date, "text": kept.digest, "spec": kept.spec}
    if kept.course:
        facts["course"] = list(kept.course)  # type: ignore[assignment]
    chapter = chapter_of(kept.exercise)
    helped = f" With the course's {', '.join(kept.course)}." if kept.course else ""
    title = f"# {kept.exercise}, chapter {chapter.number}. It passed its check on {kept.date}.{helped}"
    return f"{title}\n# byhand: {json.dumps(facts)}\n\n{kept.text}"


def read(exercise: str, whole: str) -> Kept:
    """What a file holds. A file without a header that can be read counts as edited, never as nothing."""
    found = _HEADER.search(whole)
    if found is not None:
        try:
            facts = json.loads(found[1])
            text = whole[found.end() :]
            course = tuple(str(one) for one in _list(facts.get("course")))
            edited = digest(text) != facts["text"] or facts["exercise"] != exercise
            return Kept(exercise, str(facts["date"]), text, str(facts["spec"]), course, edited)
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
    return Kept(exercise, "", whole, "", (), True)


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()
