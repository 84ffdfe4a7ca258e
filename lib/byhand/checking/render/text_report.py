"""A report as plain text: for terminals, logs, and readers who see no pictures."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from byhand.checking import sentences as say
from byhand.checking.render.window import Window, is_table, parts, place_of, short_text, window

if TYPE_CHECKING:
    from byhand.checking.report import Report

INDENT = "  "


def title(report: Report) -> str:
    """The first line of a report."""
    if not report.passed:
        return say.TITLE_FAILED.format(name=report.exercise)
    words = say.TITLE_PASSED if report.cases > 1 else say.TITLE_PASSED_ONE
    return words.format(name=report.exercise, count=report.cases)


def expected_label(report: Report) -> str:
    """The heading over the reference's answer."""
    return say.ONE_RIGHT_ANSWER if report.kind == "property" else say.EXPECTED


def as_text(report: Report) -> str:
    """The whole report."""
    lines = [title(report)]
    if not (report.passed and report.kind == "right"):
        lines += _wrapped(report.headline)
    if report.number is not None:
        lines += [
            "",
            *_wrapped(say.CASES.format(passed=report.right, count=report.cases, number=report.number + 1)),
        ]
        for argument, whole in report.arguments:
            for name, value in parts(argument, whole):
                lines += _named(f"{say.INPUT} {name}", value)
    if report.shows_values:
        for name, expected, actual in report.shown:
            lines += _side_by_side(report, name, expected, actual)
        lines += _wrapped(report.detail) if report.detail else []
    for remark in (report.judged, *report.remarks):
        lines += _wrapped(remark)
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return [
        line
        for paragraph in text.split("\n")
        for line in textwrap.wrap(paragraph, 96, initial_indent=INDENT, subsequent_indent=INDENT)
    ]


def _named(name: str, value: Any) -> list[str]:
    if not is_table(value):
        return [f"{INDENT}{name} = {short_text(value)}"]
    cut = window(value, None, None, 0, 0)
    table = _table(cut)
    label = INDENT + placed(name, value, cut)
    if len(table) == 1:
        return [f"{label} = {table[0]}"]
    return [f"{label} =", *(INDENT * 3 + row for row in table)]


def placed(name: str, value: Any, cut: Window) -> str:
    """The name of what a window shows, with its place in the array and the array's shape, where it is a part."""
    return f"{name}{place_of(cut)}" + ("" if cut.whole else f" · {say.PART_OF.format(shape=value.shape)}")


def _side_by_side(report: Report, name: str, expected: Any, actual: Any) -> list[str]:
    suffix = f" {name}" if name else ""
    columns = []
    for label, one, other in (
        (expected_label(report) + suffix, expected, actual),
        (say.YOURS + suffix, actual, expected),
    ):
        columns.append(_column(label, one, other, report))
    width = max(map(len, columns[0])) + 4
    if width + max(map(len, columns[1])) > 96:  # too wide to stand side by side
        return [
            INDENT * 2 + line if i else INDENT + line for column in columns for i, line in enumerate(column)
        ]
    height = max(map(len, columns))
    padded = [column + [""] * (height - len(column)) for column in columns]
    return [f"{INDENT}{left:<{width}}{right}".rstrip() for left, right in zip(*padded, strict=True)]


def _column(label: str, value: Any, other: Any, report: Report) -> list[str]:
    if not is_table(value):
        return [label, short_text(value)]
    comparable = other if is_table(other) and report.kind != "property" else None
    cut = window(value, comparable, report.index, report.rtol, report.atol)
    return [placed(label, value, cut), *_table(cut)]


def _table(cut: Window) -> list[str]:
    """Rows of numbers; a star marks those that differ."""
    texts = [
        [cell + ("*" if (i, j) in cut.marked else " " * bool(cut.marked)) for j, cell in enumerate(row)]
        for i, row in enumerate(cut.cells)
    ]
    width = max(len(text) for row in texts for text in row)
    rows = ["[" + " ".join(f"{text:>{width}}" for text in row) + "]" for row in texts]
    return rows if cut.whole else [*rows, "…"]
