"""One submission with the marks that count now: what pages, rows and reports are made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta

from grader.record.autograded import Answer, Autograded, WrittenAnswer


@dataclass(frozen=True)
class Mark:
    """The gradebook's row of one graded cell."""

    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    waits: bool = False  # for a person

    @property
    def points(self) -> float:
        """nbgrader's score: a person's mark before the grader's, and what was given on top."""
        mark = self.manual if self.manual is not None else self.auto
        return (mark or 0.0) + self.extra


@dataclass(frozen=True)
class Late:
    """How late a submission came, and what that costs in the final marks."""

    by: timedelta
    penalty: float


@dataclass(frozen=True)
class Result:
    """One submission, with the marks that count now."""

    student: str
    chapter: str
    facts: Autograded
    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)  # a person's, by the name of the answer's cell
    late: Late | None = None

    def mark(self, one: Answer | WrittenAnswer) -> Mark:
        """The mark of an answer; what its grading gave if the gradebook has no row for it."""
        if one.cell in self.marks:
            return self.marks[one.cell]
        auto = self.facts.auto_scores().get(one.cell)
        return Mark(auto, waits=auto is None)

    def comment(self, one: Answer | WrittenAnswer) -> str:
        """A person's comment on an answer, empty if there is none."""
        return self.comments.get(one.exercise if isinstance(one, Answer) else one.cell, "")

    @property
    def score(self) -> float:
        """Points of the automatic checks; a mark that a person gave instead counts instead."""
        marks = [self.mark(answer) for answer in self.facts.answers]
        return sum(mark.points - mark.extra for mark in marks)

    @property
    def max_score(self) -> float:
        """Points that the automatic checks can give: the same for everybody."""
        return sum(answer.points for answer in self.facts.answers)

    @property
    def waiting(self) -> list[WrittenAnswer]:
        """The written answers that a person still has to mark."""
        return [one for one in self.facts.written if self.mark(one).waits]

    def without_values(self) -> Result:
        """The same, but for the inputs and answers that its reports show: they are most of what it weighs."""
        answers = tuple(
            replace(one, report=replace(one.report, arguments=(), expected=None, actual=None))
            for one in self.facts.answers
        )
        return replace(self, facts=replace(self.facts, answers=answers))

    def digest(self) -> str:
        """Changes whenever anything of this result does."""
        shown = (self.student, self.chapter, self.facts, self.marks, self.comments, self.late)
        return hashlib.sha256(repr(shown).encode("utf-8", "surrogatepass")).hexdigest()
