"""Publish: one page that tells an instructor what to talk about on Monday.

It is the instructor's own page: students are named where a person has to do something, and nowhere else.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

from grader.files import write_atomically
from grader.model import Status
from grader.publish import pages
from grader.publish.alike import alike, copied
from grader.publish.grades_csv import note, number
from grader.publish.result import Result
from grader.record.autograded import Answer

NOT_TRIED = ("missing", "not written")
TOPICS = 5  # what one session has time for
MISTAKES = 2  # of one topic
EXAMPLE_LINES = 14
PAIRS = 25  # of learners with answers alike, in one chapter: nobody asks more of them
STOPPED_HALF_WAY = 3  # exercises at the end that were not tried
BARS = 10

# What a person can do about a submission, by its state.
WHAT_TO_DO = {
    Status.UNREADABLE: "ask for the file again, collect it, and run `make grade`. "
    "The learner's page says what is wrong with it.",
    Status.NEEDS_REVIEW: "look at the notebook with `make formgrade`. "
    "A mark that you give there counts instead of the grader's.",
    Status.TIMED_OUT: "nothing, if a loop never ends. If the code is right and slow, give the class more time: "
    "`c.Sandbox.cell_seconds` in `nbgrader_config.py`.",
}

# How a check fails that recognised no known mistake, by kind of report.
FAILURES = {
    "raised": "stopped with an error",
    "memory": "asked for more memory than there is",
    "nothing": "returned nothing",
    "type": "returned another type",
    "shape": "returned another shape",
    "changed": "changed its input",
    "not finite": "returned NaN or infinity",
    "values": "other values",
    "property": "other values",
    "missing": "no such function",
    "garbled": "could not be read",
    "not judged": "could not be judged",
}


@dataclass
class Mistake:
    """A known mistake: how many made it, and the shortest code that shows it."""

    exercise: str
    sentence: str
    count: int = 0
    example: str = ""

    def add(self, answer: Answer) -> None:
        """Count one more."""
        self.count += 1
        code = _anonymous(answer.code)
        if not self.example or (len(code), code) < (len(self.example), self.example):
            self.example = code


@dataclass
class Exercise:
    """How one exercise went."""

    name: str
    right: int = 0
    wrong: int = 0
    idle: int = 0
    mistakes: dict[str, Mistake] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """How many could have solved it."""
        return self.right + self.wrong + self.idle

    def add(self, answer: Answer) -> None:
        """Count one learner's answer."""
        report = answer.report
        if report.passed:
            self.right += 1
        elif not answer.changed and report.kind in NOT_TRIED:
            self.idle += 1
        else:
            self.wrong += 1
            if report.mistake:
                self.mistakes.setdefault(report.mistake, Mistake(self.name, report.sentence)).add(answer)
            else:
                self.failures[FAILURES.get(report.kind, "not right")] += 1


def write_class_report(results: Iterable[Result], class_folder: Path) -> Path:
    """Write ``report/index.html``; the same results give the same bytes."""
    path = Path(class_folder) / "report" / "index.html"
    write_atomically(path, render_class_report(list(results), Path(class_folder).resolve().name))
    return path


def render_class_report(results: list[Result], class_name: str) -> str:
    """The whole page."""
    chapters = _by(results, lambda result: result.chapter)
    parts = [_chapter(name, chapters[name]) for name in sorted(chapters)]
    people = [_for_a_person(result) for result in _sorted(results) if _needs_a_person(result)]
    page = {
        "class": class_name,
        "students": len({result.student for result in results}),
        "submissions": len(results),
        "topics": _topics(parts),
        "people": people,
        "what_to_do": [
            (str(status), told)
            for status, told in WHAT_TO_DO.items()
            if any(one["status"] == status for one in people)
        ],
        "waiting": _waiting(chapters),
        "chapters": parts,
    }
    template = pages.environment().get_template("class_report.html.j2")
    return template.render(css=pages.page_css(), page=page)


def _by(items: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _sorted(results: Iterable[Result]) -> list[Result]:
    return sorted(results, key=lambda result: (result.chapter, result.student))


def _chapter(name: str, results: list[Result]) -> dict[str, Any]:
    readable = [result for result in _sorted(results) if not result.facts.unreadable]
    exercises: dict[str, Exercise] = {}
    for result in readable:
        for answer in result.facts.answers:
            exercises.setdefault(answer.exercise, Exercise(answer.exercise)).add(answer)
    ranked = sorted(exercises.values(), key=lambda one: (one.right - one.asked, -one.wrong, one.name))
    mistakes = [mistake for exercise in ranked for mistake in exercise.mistakes.values()]
    mistakes.sort(key=lambda one: (-one.count, one.exercise, one.sentence))
    statuses = Counter(result.facts.status for result in results)
    pairs = alike(readable)
    return {
        "name": name,
        "title": pages.chapter_title(name),
        "handed_in": len(results),
        "readable": len(readable),
        "scores": _scores(readable),
        "exercises": ranked,
        "mistakes": [one for one in mistakes if one.count > 1],
        "rare": [one for one in mistakes if one.count == 1],
        "stopped": _stopped_half_way(readable),
        "alike": pairs[:PAIRS],
        "more_alike": len(pairs[PAIRS:]),
        "copied": copied(readable),
        "statuses": [
            (str(status), pages.STATUSES[status], statuses[status]) for status in Status if statuses[status]
        ],
    }


def _scores(results: list[Result]) -> dict[str, Any] | None:
    """The distribution of the scores: bars of whole points, at most ten, and their middle."""
    if not results or not results[0].max_score:
        return None
    possible = results[0].max_score
    scores = [result.score for result in results]
    step = max(1, ceil(possible / BARS))
    counts = [0] * ceil(possible / step)
    for score in scores:
        counts[min(max(int(score // step), 0), len(counts) - 1)] += 1
    bars = []
    for place, count in enumerate(counts):
        low, high = number(place * step), number(min((place + 1) * step, possible))
        last = place == len(counts) - 1
        bars.append({"count": count, "from": low, "label": f"{low} {'to' if last else 'to below'} {high}"})
    return {
        "max": number(possible),
        "median": number(median(scores)),
        "full": sum(score >= possible for score in scores),
        "none": sum(score <= 0 for score in scores),
        "bars": bars,
        "tallest": max(counts),
    }


def _stopped_half_way(results: list[Result]) -> list[tuple[str, str]]:
    """(student, last exercise tried) of those who began and left at least the last few untried."""
    found = []
    for result in results:
        tried = [number for number, answer in enumerate(result.facts.answers) if answer.changed]
        if tried and len(result.facts.answers) - 1 - tried[-1] >= STOPPED_HALF_WAY:
            found.append((result.student, result.facts.answers[tried[-1]].exercise))
    return found


def _topics(chapters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The exercises that most people tried and did not get right, each with its commonest mistakes."""
    tried = [(chapter, one) for chapter in chapters for one in chapter["exercises"] if one.wrong]
    tried.sort(key=lambda pair: (-pair[1].wrong, pair[0]["name"], pair[1].name))
    topics: list[dict[str, Any]] = []
    for chapter, one in tried[:TOPICS]:
        common = sorted(one.mistakes.values(), key=lambda mistake: (-mistake.count, mistake.sentence))
        topics.append(
            {
                "chapter": chapter["name"],
                "exercise": one,
                "mistakes": common[:MISTAKES],
                "first": not topics,
            }
        )
    return topics


def _needs_a_person(result: Result) -> bool:
    again = any(result.mark(answer).waits for answer in result.facts.answers)
    return again or result.facts.status in (Status.UNREADABLE, Status.NEEDS_REVIEW, Status.TIMED_OUT)


def _for_a_person(result: Result) -> dict[str, str]:
    return {
        "student": result.student,
        "chapter": result.chapter,
        "status": result.facts.status,
        "why": note(result),
    }


def _waiting(chapters: dict[str, list[Result]]) -> list[dict[str, Any]]:
    """Written answers that are not marked yet, by chapter."""
    rows = []
    for name in sorted(chapters):
        answers = [one for result in chapters[name] for one in result.waiting]
        if answers:
            learners = sum(bool(result.waiting) for result in chapters[name])
            rows.append({"chapter": name, "answers": len(answers), "learners": learners})
    return rows


def _anonymous(code: str) -> str:
    """Code to show to a class: no comments, in which people write their names, no docstring, not too many lines."""
    lines, inside = [], ""
    for line in _without_comments(code).split("\n"):
        text = line.strip()
        mark = text[:3] if text[:3] in ('"""', "'''") else ""
        if inside:
            inside = "" if text.endswith(inside) else inside
        elif mark:
            inside = "" if len(text) >= 6 and text.endswith(mark) else mark
        elif text:
            lines.append(line.rstrip())
    shown = lines[:EXAMPLE_LINES] + (["…"] if len(lines) > EXAMPLE_LINES else [])
    return "\n".join(shown)


def _without_comments(code: str) -> str:
    lines = code.split("\n")
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column]
    except (tokenize.TokenError, SyntaxError):  # what comes after it is no Python
        lines = [re.sub(r"(^|\s)#.*", "", line) for line in lines]
    return "\n".join(lines)
