"""The graded notebook: what formgrader shows, and what the publishing stages read back.

It is assembled from the source's cells, the learner's text, what the sandbox printed and the reports.
``metadata.byhand`` holds the result as plain values, so that publishing needs no grading.
"""

from __future__ import annotations

import ast
import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from byhand.checking.report import Report
from grader.model import KERNEL, Cell, Chapter, Executed, Graded, HandIn, Rebuilt, Role, Status
from grader.sanitize import clean, harmless_markdown, harmless_outputs, shown_code

FORMAT = 1  # of metadata.byhand; a graded notebook of another format is graded again

# MathJax, which formgrader's page loads, must not read formulas into what a learner's function returned.
NO_FORMULAS = '<div class="tex2jax_ignore mathjax_ignore">{}</div>'


@dataclass(frozen=True)
class Answer:
    """The result of one exercise: what was asked, what the learner wrote, what its check said.

    ``cell`` is nbgrader's name of the check. ``changed``: the code is not the untouched stub.
    """

    exercise: str
    cell: str
    points: float
    asked: str
    code: str
    changed: bool
    report: Report


@dataclass(frozen=True)
class WrittenAnswer:
    """A written answer, before anybody marked it. ``changed``: it is not the untouched text."""

    cell: str
    points: float
    question: str
    text: str
    changed: bool


@dataclass(frozen=True)
class Autograded:
    """What a graded notebook says of itself."""

    status: str
    note: str
    fingerprint: str
    repairs: tuple[str, ...]
    unreadable: str | None
    incidents: tuple[tuple[str, str], ...]  # (name of the cell or "", sentence)
    answers: tuple[Answer, ...]
    written: tuple[WrittenAnswer, ...]
    digest: str = ""  # of the file that was handed in
    handed_in: str = ""  # when, as timestamp.txt said

    def auto_scores(self) -> dict[str, float | None]:
        """What the grading itself gives each graded cell; None where a person has to mark."""
        return auto_scores(self.answers, self.written)

    def is_of(self, fingerprint: str, scores: dict[str, float | None] | None) -> bool:
        """Whether this is what `fingerprint` stands for, and the gradebook has these scores of it."""
        return bool(fingerprint) and self.fingerprint == fingerprint and self.auto_scores() == scores


def auto_scores(answers: tuple[Answer, ...], written: tuple[WrittenAnswer, ...]) -> dict[str, float | None]:
    """As nbgrader would score: a check's points or none, an untouched written answer 0, a changed one None."""
    scores: dict[str, float | None] = {
        answer.cell: answer.points if answer.report.passed else 0.0 for answer in answers
    }
    return scores | {one.cell: None if one.changed else 0.0 for one in written}


def autograded(graded: Graded) -> Autograded:
    """The facts of a graded submission that are kept."""
    rebuilt = graded.rebuilt
    chapter = rebuilt.chapter
    texts = {cell.name: cell for cell in rebuilt.cells if cell.name}
    stubs = {cell.name: cell.source for cell in chapter.cells if cell.role is Role.SOLUTION}
    answers = tuple(
        Answer(
            exercise=cell.exercise,
            cell=cell.name,
            points=cell.points,
            asked=_asked(stubs.get(cell.exercise, "")),
            code=shown_code(texts[cell.exercise].source) if cell.exercise in texts else "",
            changed=cell.exercise in texts and texts[cell.exercise].changed,
            report=graded.reports[cell.exercise],
        )
        for cell in chapter.cells
        if cell.exercise
    )
    written = tuple(
        WrittenAnswer(
            cell=cell.name,
            points=cell.points,
            question=_question(chapter, number),
            text=clean(texts[cell.name].source),
            changed=texts[cell.name].changed,
        )
        for number, cell in enumerate(chapter.cells)
        if cell.role is Role.WRITTEN
    )
    incidents = tuple(
        (rebuilt.cells[incident.cell].exercise or rebuilt.cells[incident.cell].name, clean(incident.sentence))
        for incident in graded.executed.incidents
    )
    return Autograded(
        status=str(graded.status),
        note=" ".join(clean(graded.note).split()),
        fingerprint=graded.fingerprint,
        repairs=tuple(clean(repair) for repair in rebuilt.repairs),
        unreadable=clean(rebuilt.unreadable) if rebuilt.unreadable else None,
        incidents=incidents,
        answers=answers,
        written=written,
        digest=graded.hand_in.digest,
        handed_in=clean(graded.hand_in.time).strip(),
    )


def not_judged_at_all(chapter: Chapter, note: str) -> Autograded:
    """The facts of a submission of which nothing could be read or written: a row for a person to look at."""
    nothing = Graded(
        hand_in=HandIn("", chapter.name, ""),
        rebuilt=Rebuilt(chapter, chapter.cells),
        executed=Executed((), {}),
        reports={name: Report(name, False, "not judged", note) for name in chapter.exercises},
        status=Status.NEEDS_REVIEW,
        note=note,
        fingerprint="",
    )
    return autograded(nothing)


def _asked(stub: str) -> str:
    """The first line of what an exercise's docstring asks for."""
    try:
        body = ast.parse(stub).body
    except (SyntaxError, ValueError):
        return ""
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    text = ast.get_docstring(functions[0]) if functions else None
    return text.strip().split("\n")[0] if text else ""


def _question(chapter: Chapter, number: int) -> str:
    """The text of the course right above a written answer."""
    before = [
        cell for cell in chapter.cells[:number] if cell.cell_type == "markdown" and cell.role is Role.GIVEN
    ]
    return before[-1].source if before else ""


@dataclass(frozen=True)
class Finished:
    """A graded submission as it is recorded: all that has to leave the process that graded it."""

    student: str
    chapter: str
    facts: Autograded
    text: str  # of the graded notebook's file
    kept: bytes = b""  # what came out of the sandbox; empty if that is kept already
    judged_again: bool = False  # what it had returned was kept, and nothing was run


def finished(graded: Graded, kept: bytes = b"") -> Finished:
    """What is recorded of a graded submission; `kept` is what an earlier grading of it kept."""
    facts = autograded(graded)
    known = bool(kept) and graded.kept == kept
    return Finished(
        student=graded.student,
        chapter=graded.rebuilt.chapter.name,
        facts=facts,
        text=assemble(graded, facts),
        kept=b"" if known else graded.kept,
        judged_again=known,
    )


def assemble(graded: Graded, facts: Autograded) -> str:
    """The graded notebook as the text of its file."""
    outputs = graded.executed.outputs
    cells: list[dict[str, Any]] = []
    style = f"<style>{Report.css()}</style>"  # once a page, with the first report
    for number, cell in enumerate(graded.rebuilt.cells):
        shown: list[dict[str, Any]] = []
        if cell.exercise:
            shown = _report_outputs(graded.reports[cell.exercise], style)
            style = ""
        elif cell.role is not Role.DEMO and number < len(outputs):
            shown = harmless_outputs(outputs[number])
        cells.append(_notebook_cell(cell, shown))
    return notebook_text(cells, {"byhand": _to_dict(facts)})


def notebook_text(cells: list[dict[str, Any]], metadata: dict[str, Any]) -> str:
    """The text of a notebook's file."""
    notebook = {
        "cells": cells,
        "metadata": {**metadata, "kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(notebook, ensure_ascii=False, sort_keys=True) + "\n"
    return text.encode("utf-8", "replace").decode("utf-8")  # whatever it is, it can be written


def _notebook_cell(cell: Cell, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    learners = cell.role in (Role.SOLUTION, Role.WRITTEN, Role.EXTRA)
    source = shown_code(cell.source) if learners else cell.source
    if learners and cell.cell_type != "code":
        source = harmless_markdown(cell.source)
    made: dict[str, Any] = {
        "cell_type": "code" if cell.cell_type == "code" else "markdown",
        "id": cell.id,
        "metadata": {} if cell.role is Role.EXTRA else copy.deepcopy(cell.metadata),
        "source": source,
    }
    if made["cell_type"] == "code":
        made |= {"execution_count": None, "outputs": outputs}
    return made


def _report_outputs(report: Report, style: str) -> list[dict[str, Any]]:
    """A report as the outputs of its check; a failed one also as an error, as nbgrader's tools expect."""
    rich = clean(style + NO_FORMULAS.format(report.html()))
    data = {"text/plain": clean(str(report)), "text/html": rich}
    outputs: list[dict[str, Any]] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    if not report.passed:
        headline = clean(report.headline)
        outputs.append(
            {"output_type": "error", "ename": "CheckFailed", "evalue": headline, "traceback": [headline]}
        )
    return outputs


def _to_dict(facts: Autograded) -> dict[str, Any]:
    # The text of exercises stands in their cells; that of written answers is kept here as it was typed.
    answers = [
        {**{key: value for key, value in vars(one).items() if key != "code"}, "report": one.report.to_dict()}
        for one in facts.answers
    ]
    plain = {key: list(value) if isinstance(value, tuple) else value for key, value in vars(facts).items()}
    return plain | {
        "format": FORMAT,
        "answers": answers,
        "written": [dict(vars(one)) for one in facts.written],
    }


def read_autograded(path: Path) -> Autograded | None:
    """What a graded notebook says of itself; None if there is none, or none that was written to its end."""
    try:
        return _read(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(notebook: dict[str, Any]) -> Autograded | None:
    facts = notebook["metadata"]["byhand"]
    if facts["format"] != FORMAT:
        return None
    texts = {
        cell["metadata"].get("nbgrader", {}).get("grade_id", ""): cell["source"] for cell in notebook["cells"]
    }
    answers = [
        Answer(**(one | {"report": Report.from_dict(one["report"]), "code": texts.get(one["exercise"], "")}))
        for one in facts["answers"]
    ]
    return Autograded(
        status=facts["status"],
        note=facts["note"],
        fingerprint=facts["fingerprint"],
        repairs=tuple(facts["repairs"]),
        unreadable=facts["unreadable"],
        incidents=tuple((name, sentence) for name, sentence in facts["incidents"]),
        answers=tuple(answers),
        written=tuple(WrittenAnswer(**one) for one in facts["written"]),
        digest=facts.get("digest", ""),
        handed_in=facts.get("handed_in", ""),
    )
