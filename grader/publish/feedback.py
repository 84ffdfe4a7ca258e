"""Publish: a page for each submission that its learner understands alone.

The page is one file without script, links or pictures from elsewhere. What the learner wrote is shown
escaped, or as Markdown whose HTML, links and images are off. Nothing on it is about anybody else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from byhand.checking.report import Report
from grader.classroom.class_folder import feedback_path
from grader.files import write_atomically
from grader.publish import pages
from grader.publish.grades_csv import duration, number
from grader.publish.pages import points
from grader.publish.result import Result
from grader.record.autograded import Answer, WrittenAnswer
from grader.sanitize import rendered_markdown

NOT_TRIED = ("missing", "not written")

# What to do next, by kind of report. The report itself says what is wrong.
NEXT = {
    "missing": "Put your answer into the cell that the notebook has for it, under the name `{name}`.",
    "not written": "Start with the example in the docstring: work it out on paper, then write the line that does it.",
    "raised": "Call `{name}` on the input above in a new cell of your notebook: you get the same error, with its line.",
    "memory": "Print the shapes of the arrays that you make: which of them is much larger than you meant?",
    "nothing": "End your function with a line `return …`.",
    "type": "Print `type(…)` of what you return, just before you return it.",
    "shape": "Print the shape of each array in your function, and say for each axis what it stands for.",
    "changed": "Look for a line that writes into an argument, such as `x[...] = …` or `x += …`.",
    "not finite": "Call `{name}` on the input above and print each step: which is the first that is not a number?",
    "mistake": "Read the sentence above, change one thing, and run the check in your notebook again.",
    "values": "Work out one number of the input above by hand, and compare each step with your code.",
    "property": "Work through the input above by hand, and compare each step with your code.",
    "garbled": "Return only numbers, text, arrays, lists or tuples of these.",
    "not judged": "Ask your instructor to look at this one.",
}
OTHER_NEXT = "Run the check in your notebook again: it draws new inputs, and shows the first that fails."


def publish_feedback(results: Iterable[Result], class_folder: Path) -> int:
    """Write the pages that are not up to date, and say how many they were."""
    return sum(write_feedback(result, class_folder) for result in results)


def write_feedback(result: Result, class_folder: Path) -> bool:
    """Write one page if anything that it shows has changed. Whether it was written."""
    path = feedback_path(class_folder, result.student, result.chapter)
    inputs = _inputs(result)
    if _is_current(path, inputs):
        return False
    write_atomically(path, render_feedback(result))
    return True


def _is_current(path: Path, inputs: str) -> bool:
    try:
        with path.open("rb") as file:
            return f'name="byhand-inputs" content="{inputs}"'.encode() in file.read(2000)
    except OSError:
        return False


def _inputs(result: Result) -> str:
    return hashlib.sha256(f"{result.digest()}{_look()}".encode()).hexdigest()[:32]


@cache
def _look() -> str:
    """A digest of everything that shapes a page besides the result."""
    digest = hashlib.sha256(Report.css().encode())
    for path in (*sorted(pages.TEMPLATES.iterdir()), Path(__file__), Path(pages.__file__)):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def render_feedback(result: Result) -> str:
    """The whole page."""
    template = pages.environment().get_template("feedback.html.j2")
    return template.render(css=pages.page_css(), report_css=Markup(Report.css()), page=_page(result))


def _page(result: Result) -> dict[str, Any]:
    shown = {answer.exercise for answer in result.facts.answers}
    return {
        "inputs": _inputs(result),
        "student": result.student,
        "title": pages.chapter_title(result.chapter),
        "score": f"{number(result.score)} of {points(number(result.max_score))} from the checks",
        "totals": _totals(result),
        "unreadable": result.facts.unreadable,
        "panels": _panels(result, [text for name, text in result.facts.incidents if name not in shown]),
        "exercises": [_exercise(result, one) for one in result.facts.answers],
        "written": [_written(result, one) for one in result.facts.written],
    }


def _totals(result: Result) -> list[str]:
    """The lines below the score: written answers, what lateness costs, all together."""
    right = sum(answer.report.passed for answer in result.facts.answers)
    lines = []
    if not result.facts.unreadable:
        lines = [f"{right} of {len(result.facts.answers)} exercises are right.", *_written_totals(result)]
    extra = sum(result.mark(one).extra for one in result.facts.answers)
    if extra:
        lines.append(f"{number(extra)} extra from your instructor.")
    if result.late:
        hours = result.late.by.total_seconds() / 3600
        cost = points(number(result.late.penalty))
        taken = f" {cost} will be taken off." if result.late.penalty else " It costs no points."
        lines.append(f"You handed this in {duration(hours)} late.{taken}")
    return lines


def _written_totals(result: Result) -> Iterator[str]:
    """What the written answers brought, and what is not marked yet."""
    waiting = result.waiting
    marked = [one for one in result.facts.written if one not in waiting]
    if possible := sum(one.points for one in marked):
        given = sum(result.mark(one).points for one in marked)
        yield f"{number(given)} of {points(number(possible))} from written answers."
    if waiting:
        answers = "1 written answer is" if len(waiting) == 1 else f"{len(waiting)} written answers are"
        left = points(number(sum(one.points for one in waiting)))
        yield f"{answers} not marked yet ({left})."


def _panels(result: Result, stopped: list[str]) -> list[dict[str, Any]]:
    panels = []
    if stopped:
        panels.append(
            {"kind": "wrong", "title": "What was stopped while your notebook ran", "lines": stopped}
        )
    if result.facts.repairs:
        title = "Your notebook was mended before it was graded"
        panels.append({"kind": "", "title": title, "lines": list(result.facts.repairs)})
    if result.facts.status == "needs review":
        panels.append({"kind": "wrong", "title": "Your instructor will look at this by hand", "lines": []})
    return panels


def _exercise(result: Result, answer: Answer) -> dict[str, Any]:
    incident = " ".join(sentence for name, sentence in result.facts.incidents if name == answer.exercise)
    report, mark = answer.report, result.mark(answer)
    tried = answer.changed or report.kind not in NOT_TRIED
    state, sign, said = _outcome(report, tried=tried, stopped=bool(incident))
    if mark.manual is not None:
        said += ", marked by hand"
    telling = not report.passed or report.kind != "right" or bool(report.remarks)
    if incident and report.kind in NOT_TRIED:  # there is nothing to report but that it was stopped
        telling = False
    hint = NEXT.get(report.kind, OTHER_NEXT).format(name=answer.exercise)
    return {
        "id": _id(answer.exercise),
        "name": answer.exercise,
        "asked": answer.asked,
        "points": f"{number(mark.points)} of {number(answer.points)}",
        "state": state,
        "sign": sign,
        "result": said,
        "incident": incident,
        "code": answer.code if tried else "",
        "open": not report.passed,
        "report": Markup(report.html()) if telling and tried else "",
        "next": hint if not report.passed and not incident else "",
        "comment": rendered_markdown(result.comment(answer)) if result.comment(answer) else "",
    }


def _outcome(report: Report, *, tried: bool, stopped: bool) -> tuple[str, str, str]:
    """The state of an exercise for the style sheet, its sign, and its word."""
    if report.passed:
        return "right", "✓", "right"
    state, sign, said = ("wrong", "✗", "not right yet") if tried else ("", "–", "not tried")
    return state, sign, "stopped" if stopped else said


def _written(result: Result, one: WrittenAnswer) -> dict[str, Any]:
    mark = result.mark(one)
    title, question = _heading(one)
    said = "marked" if one.changed or mark.manual is not None else "no answer"
    said = "not marked yet" if mark.waits else said
    given = "–" if mark.waits and mark.manual is None else number(mark.points)
    return {
        "id": _id(one.cell),
        "title": title,
        "points": f"{given} of {number(one.points)}",
        "result": said,
        "question": rendered_markdown(question) if question else "",
        "answer": rendered_markdown(one.text) if one.changed else "",
        "comment": rendered_markdown(result.comment(one)) if result.comment(one) else "",
    }


def _heading(one: WrittenAnswer) -> tuple[str, str]:
    """The title of a written question and what follows it, from the course's text above the answer."""
    headings = list(re.finditer(r"^#+ *(.*)$", one.question, re.MULTILINE))
    if not headings:
        return one.cell.removeprefix("written-").replace("-", " ").capitalize(), one.question.strip()
    title = re.sub(r"^Written:\s*|\s*\([\d.]+ points?\)\s*$", "", headings[-1][1])
    return title[:1].upper() + title[1:], one.question[headings[-1].end() :].strip()


def _id(name: str) -> str:
    return "e-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)
