"""A report as a fragment of HTML: escaped, without script, for notebooks and for feedback pages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from byhand.checking import sentences as say
from byhand.checking.render.as_python import as_python
from byhand.checking.render.pictures import pictures
from byhand.checking.render.text_report import expected_label, placed, title
from byhand.checking.render.window import COLUMNS, ROWS, Window, follow, is_table, parts, short_text, window

if TYPE_CHECKING:
    from byhand.checking.report import Report

MOST_CELLS = 96  # of inputs before the rest is folded

# Okabe-Ito green and vermillion; the sign in the title and the mark in a cell say the same without color.
CSS = """
.byhand-report { --line: var(--jp-border-color2, #c8c8c8); --soft: var(--jp-layout-color2, #f3f3f3);
  border: 1px solid var(--line); border-left: 6px solid #D55E00; border-radius: 4px; padding: 10px 16px 12px;
  margin: 4px 0; max-width: 60rem; font-size: 14px; line-height: 1.5; color: var(--jp-content-font-color1, inherit);
  font-family: var(--jp-content-font-family, system-ui, sans-serif); overflow-x: auto; }
.byhand-report.passed { border-left-color: #009E73; }
.byhand-report .title { font-weight: 700; font-size: 15px; margin: 0; }
.byhand-report p { margin: 6px 0; }
.byhand-report .headline { font-size: 15px; white-space: pre-wrap; }
.byhand-report .quiet { color: var(--jp-content-font-color2, #595959); font-size: 13px; }
.byhand-report .values { display: flex; flex-wrap: wrap; gap: 10px 28px; margin: 8px 0; align-items: flex-start; }
.byhand-report figure { margin: 0; }
.byhand-report figcaption { font-size: 13px; color: var(--jp-content-font-color2, #595959); margin-bottom: 3px; }
.byhand-report table { border-collapse: collapse; margin: 0; font-family: var(--jp-code-font-family, monospace);
  font-size: 13px; border: 1px solid var(--line); }
.byhand-report td, .byhand-report th { padding: 2px 9px; text-align: right; border: none; background: none;
  color: inherit; }
.byhand-report th { font-weight: 400; font-size: 12px; background: var(--soft); }
.byhand-report td.differs { font-weight: 700; text-decoration: underline; text-underline-offset: 3px;
  background: rgba(213, 94, 0, 0.18); }
.byhand-report details pre { font-size: 13px; overflow-x: auto; max-height: 20em; margin: 4px 0; padding: 6px;
  background: var(--soft); color: inherit; }
.byhand-report summary { font-size: 13px; cursor: pointer; }
.byhand-report .pictures svg { display: block; }
.byhand-report figcaption svg { display: inline !important; vertical-align: middle; }
.byhand-report .span { font-size: 12px; color: var(--jp-content-font-color2, #595959); }
.byhand-report code { font-family: var(--jp-code-font-family, monospace); font-size: 13px; background: var(--soft);
  padding: 1px 4px; border-radius: 3px; }
"""


def as_html(report: Report) -> str:
    """The whole report, in one element of class ``byhand-report``."""
    pieces = [f'<p class="title">{escape(title(report))}</p>']
    if not (report.passed and report.kind == "right"):
        pieces.append(f'<p class="headline">{_code(report.headline)}</p>')
    if report.number is not None:
        cases = say.CASES.format(passed=report.right, count=report.cases, number=report.number + 1)
        pieces.append(f'<p class="quiet">{escape(cases)}</p>')
        pieces.append(_inputs(report))
    if report.shows_values:
        pieces += [_answers(report, *each) for each in report.shown]
        if report.detail:
            pieces.append(f'<p class="quiet">{escape(report.detail)}</p>')
    notes = [note for note in (report.judged, *report.remarks) if note]
    pieces += [f'<p class="quiet">{_code(note)}</p>' for note in notes]
    state = "passed" if report.passed else "failed"
    label = escape(title(report), quote=True)
    return f'<div class="byhand-report {state}" role="group" aria-label="{label}">{"".join(pieces)}</div>'


def _inputs(report: Report) -> str:
    """Every input, so that the case can be redone by hand; what would fill the screen is folded."""
    pieces = [piece for name, value in report.arguments for piece in parts(name, value)]
    figures = [_figure(f"{say.INPUT} {name}", value) for name, value in pieces]
    shown, cells = 0, 0
    for _, value in pieces:
        cells += min(value.size, ROWS * COLUMNS) if is_table(value) else 1
        if shown and cells > MOST_CELLS:
            break
        shown += 1
    html = f'<div class="values">{"".join(figures[:shown])}</div>'
    if shown < len(figures):
        rest = f'<div class="values">{"".join(figures[shown:])}</div>'
        html += _folded(say.MORE_INPUTS.format(count=len(figures) - shown), rest)
    return html + _folded(say.AS_PYTHON, f'<pre tabindex="0">{escape(as_python(report))}</pre>')


def _folded(summary: str, html: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"


def _code(text: str) -> str:
    """Escape; what stands between backticks is code."""
    pieces = escape(text).split("`")
    if len(pieces) % 2 == 0:  # an odd backtick is only a backtick
        return escape(text)
    return "".join(f"<code>{piece}</code>" if i % 2 else piece for i, piece in enumerate(pieces))


def _answers(report: Report, name: str, expected: Any, actual: Any) -> str:
    suffix = f" {name}" if name else ""
    figures = [
        _figure(expected_label(report) + suffix, expected, actual, report),
        _figure(say.YOURS + suffix, actual, expected, report),
    ]
    answers = f'<div class="values">{"".join(figures)}</div>'
    drawn = pictures(*_whole(report, expected, actual), report.index, report.kind == "property")
    return (f'<div class="values pictures">{drawn}</div>' if drawn else "") + answers


def _whole(report: Report, expected: Any, actual: Any) -> tuple[Any, Any]:
    """The lists that two plain numbers stand in, such as the losses of a training run; else the values."""
    if report.path and not is_table(expected):
        return follow(report.expected, report.path[:-1]), follow(report.actual, report.path[:-1])
    return expected, actual


def _figure(caption: str, value: Any, other: Any = None, report: Report | None = None) -> str:
    if not is_table(value):
        return f"<figure><figcaption>{escape(caption)}</figcaption><code>{escape(short_text(value))}</code></figure>"
    comparable = other if report and is_table(other) and report.kind != "property" else None
    cut = window(value, comparable, report.index if report else None, *_tolerance(report))
    return f"<figure><figcaption>{escape(placed(caption, value, cut))}</figcaption>{_table(cut)}</figure>"


def _tolerance(report: Report | None) -> tuple[float, float]:
    return (report.rtol, report.atol) if report else (0.0, 0.0)


def _table(cut: Window) -> str:
    head = ""
    if not cut.whole:  # numbered rows and columns tell where in the array this part lies
        head = "<tr><td></td>" + "".join(f'<th scope="col">{j}</th>' for j in cut.columns) + "</tr>"
    rows = []
    for i, row in enumerate(cut.cells):
        cells = "".join(_cell(text, (i, j) in cut.marked) for j, text in enumerate(row))
        number = "" if cut.whole else f'<th scope="row">{cut.rows[i]}</th>'
        rows.append(f"<tr>{number}{cells}</tr>")
    return f"<table>{head}{''.join(rows)}</table>"


def _cell(text: str, differs: bool) -> str:
    if not differs:
        return f"<td>{escape(text)}</td>"
    return f'<td class="differs" title="{say.DIFFERS}">{escape(text)}</td>'
