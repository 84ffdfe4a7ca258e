"""`mine`, shown: chapter by chapter, what is the learner's own, what is the course's, what is not written yet."""

from __future__ import annotations

from html import escape

from byhand.exercises import chapters
from byhand.mine import sentences as say
from byhand.mine.session import Session


def _rows(session: Session) -> list[tuple[str, dict[str, list[str]]]]:
    whose = session.whose()
    rows = []
    for chapter in chapters():
        groups: dict[str, list[str]] = {heading: [] for heading in say.HEADINGS}
        for exercise in chapter.exercises:
            groups[whose[exercise.name]].append(exercise.name)
        rows.append((chapter.name, groups))
    return rows


def _title(rows: list[tuple[str, dict[str, list[str]]]]) -> str:
    count = sum(len(groups[say.HEADINGS[0]]) for _, groups in rows)
    return say.TITLE.format(
        count=count, total=sum(len(names) for _, groups in rows for names in groups.values())
    )


def as_text(session: Session) -> str:
    """The list as plain text; chapters without anything of the learner's are one line."""
    rows = _rows(session)
    lines = [_title(rows)]
    for chapter, groups in rows:
        lines.append(chapter)
        lines += [f"  {heading}: {', '.join(names)}" for heading, names in groups.items() if names]
    return "\n".join(lines)


def as_html(session: Session) -> str:
    """The same as HTML, a table with a row a chapter."""
    rows = _rows(session)
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in ("chapter", *say.HEADINGS))
    body = "".join(
        f'<tr><th scope="row">{escape(chapter)}</th>'
        + "".join(f"<td>{escape(', '.join(groups[heading]))}</td>" for heading in say.HEADINGS)
        + "</tr>"
        for chapter, groups in rows
    )
    style = "text-align:left;vertical-align:top"
    return (
        f'<table style="{style}"><caption style="text-align:left">{escape(_title(rows))}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
