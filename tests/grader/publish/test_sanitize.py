"""Whatever a learner writes, no page of formgrader's or ours comes alive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from publishing import graded, markdown, small

from grader.model import Chapter
from grader.publish.class_report import render_class_report
from grader.publish.feedback import render_feedback
from grader.publish.results import Result
from grader.record.autograded import assemble, autograded
from grader.sanitize import (
    clean,
    harmless_markdown,
    harmless_outputs,
    only_plain_html,
    rendered_markdown,
    shown_code,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG\nSRC='https://evil.example/pixel.png'>",
    "text <b onmouseover=alert(1)>bold</b>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "</div></div><style>body{display:none}</style>",
    "<!-- <script> --><script>alert(1)</script>",
    "<?php x ?><![CDATA[<script>]]>",
    "\\<script>alert(1)\\</script>",
    "<\x00script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "[a][b]\n\n[b]: javascript:alert(1)",
    "[b]\n\n[b]: <javascript:alert(1)>",
    "![a](https://evil.example/pixel.png)",
    "![a][b]\n\n[b]: https://evil.example/pixel.png 'title'",
    "![b]\n\n[b]: https://evil.example/pixel.png",
    "[![a](https://evil.example/p.png)](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<https://evil.example/>",
    "$\\href{javascript:alert(1)}{x}$ and $\\mmlToken{mi}[href='javascript:alert(1)']{x}$",
    "$\\require{html}\\style{position:fixed}{x}$ $$\\class{x}{y} \\cssId{x}{y}$$",
    "```mermaid\ngraph TD; A[<img src=x onerror=alert(1)>]\n```",
    "~~~ mermaid\n%%{init: {'securityLevel': 'loose'}}%%\n~~~",
    "```html\n<script>alert(1)</script>\n```",
    "<table><tr><td background='https://evil.example/'>",
    "<a\nhref\n=\njavascript:alert(1)>x</a>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <img src=x onerror=alert(1)>",
    "[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "`<script>alert(1)</script>`",
    "$<script>alert(1)</script>$",
    "see https://evil.example/ and HTTP://evil.example/x, ftp://evil.example, mailto:a@evil.example",
    "(https://evil.example/)*https://evil.example/*\\https://evil.example/",
    "\x1b[31mred\x1b]8;;https://evil.example/\x07link\x1b]8;;\x07",
    "marks \u202e01/01\u202c and \u2066\u2067x\u2069",
    "\\begin{align}<script>alert(1)</script>\\end{align}",
]


class Live(HTMLParser):
    """Collects what is live: tags that load or run, attributes that do."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in (
            "script",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
            "svg",
            "math",
            "link",
            "img",
            "style",
        ):
            self.found.append((tag, str(attrs)))
        for name, value in attrs:
            live = name.startswith("on") or name in ("src", "srcset", "background", "formaction", "poster")
            if live or (name == "href" and not (value or "").startswith("#")):  # a heading links to itself
                self.found.append((tag, f"{name}={value}"))

    def handle_data(self, data: str) -> None:
        self.text += data


def live(page: str) -> list[tuple[str, str]]:
    parser = Live()
    parser.feed(page)
    return parser.found


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


@pytest.fixture(scope="module")
def formgrader() -> Iterator[HTMLExporter]:
    """The exporter that formgrader shows submissions with."""
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    resources = ("base_url", "submission_id", "notebook_id", "assignment_id", "notebook_path", "student")
    names = dict.fromkeys(resources, "x") | {"index": 0, "total": 1, "first_name": "", "last_name": ""}

    def show(path: Path) -> str:
        return exporter.from_filename(str(path), resources=dict(names))[0]

    yield show


def submission(folder: Path, chapter: Chapter, text: str) -> tuple[Path, Result]:
    """A graded notebook that holds the text wherever a learner can put it, and its result."""
    one = graded(chapter, answer=text, code={"relu": text}, extra=[markdown(text)], note=text, repairs=[text])
    facts = autograded(one)
    path = folder / "77_small.ipynb"
    path.write_text(assemble(one, facts))
    return path, Result("ada", chapter.name, facts, comments={"relu": text, "written-why": text})


@pytest.fixture(scope="module")
def plain(chapter: Chapter, formgrader: HTMLExporter, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    """What is live on the pages of a harmless submission: nbgrader's own scripts, our style."""
    path, result = submission(tmp_path_factory.mktemp("plain"), chapter, "plain text")
    return live(formgrader(path)), live(render_feedback(result)), live(render_class_report([result], "x"))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_page_comes_alive(
    chapter: Chapter, formgrader: HTMLExporter, plain: tuple, tmp_path: Path, text: str
) -> None:
    path, result = submission(tmp_path, chapter, text)
    pages = formgrader(path), render_feedback(result), render_class_report([result], "x")
    for page, expected in zip(pages, plain, strict=True):
        assert [one for one in live(page) if one not in expected] == []
        assert re.findall("[\x1b\u202a-\u202e\u2066-\u2069]", page) == []


@pytest.mark.parametrize("command", ["href", "url", "style", "class", "cssId", "require", "mmlToken"])
def test_no_formula_makes_a_link_or_a_style(command: str) -> None:
    assert f"\\{command}" not in harmless_markdown(f"$\\{command}{{x}}{{y}}$ \\\\{command}")
    assert harmless_markdown(f"$\\{command}x$") == f"$\\{command}x$"  # another command


def test_all_of_it_together_is_harmless_too(
    chapter: Chapter, formgrader: HTMLExporter, plain: tuple, tmp_path: Path
) -> None:
    path, result = submission(tmp_path, chapter, "\n\n".join(HOSTILE) + "\n" + "".join(HOSTILE))
    for page, expected in zip((formgrader(path), render_feedback(result)), plain, strict=False):
        assert [one for one in live(page) if one not in expected] == []


@pytest.mark.parametrize(
    "text",
    [
        "If x < 0 the slope is 0; for x <= 1 it is a*b.",
        "**Bold**, *italic*, `code[0]` and $\\sigma(x)\\,(1 - \\sigma(x))$",
        "- one\n- two\n\n1. three\n\n> four",
        "ratio 3:4, http is a protocol; f(x): see chapter 2",
        "$$\\begin{cases} x & \\text{if } x > 0 \\\\ 0 \\end{cases}$$",
    ],
)
def test_honest_markdown_is_left_as_it_is(text: str) -> None:
    assert harmless_markdown(text) == text


def test_formulas_stay_as_typed() -> None:
    shown = rendered_markdown("Two $a_1 * b_1 * c$ and\n\n$$x_1 \\\\ y_1 < 2$$")
    assert "$a_1 * b_1 * c$" in shown and "$$x_1 \\\\ y_1 &lt; 2$$" in shown and "<em>" not in shown


@pytest.mark.parametrize(
    "live",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)"></a>',
        '<img src="x" onerror="alert(1)">',
        '<iframe src="https://example.org"></iframe>',
        "<style>p { display: none }</style>",
    ],
)
def test_the_second_net_takes_out_what_a_faulty_renderer_would_let_through(live: str) -> None:
    assert only_plain_html(f'<p onclick="f()" style="position: fixed">x{live}</p>') == "<p>x</p>"


def test_only_text_and_pictures_are_kept_of_what_a_cell_shows() -> None:
    picture = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
    )
    html = {"text/html": "<script>alert(1)</script>", "text/plain": "plain"}
    kept = harmless_outputs(
        [
            {"output_type": "display_data", "data": html, "metadata": {"text/html": {"isolated": True}}},
            {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}, "metadata": {}},
            {"output_type": "execute_result", "data": {"image/png": picture, "image/svg+xml": "<svg/>"}},
            {"output_type": "display_data", "data": {"image/png": '"><script>alert(1)</script>'}},
            {"output_type": "update_display_data", "data": {"text/plain": "x"}},
            {"output_type": "stream", "name": "<b>", "text": ["a", "b" * 30_000]},
            {"output_type": "error", "ename": 3, "traceback": ["\x1b[31mred\x1b[0m", 4]},
            "no output",
        ]
    )
    assert [output["output_type"] for output in kept] == ["display_data", "display_data", "stream", "error"]
    assert kept[0]["data"] == {"text/plain": "plain"} and kept[0]["metadata"] == {}
    assert set(kept[1]["data"]) == {"image/png"}
    assert kept[2]["name"] == "stdout" and len(kept[2]["text"]) < 21_000
    assert kept[3]["traceback"][0] == "\x1b[31mred\x1b[0m"


def test_clean_text_can_be_written_to_any_file() -> None:
    assert clean("a\ud800b\x00c\td\ne") == "a?b\ufffdc\td\ne"


def test_code_that_would_hold_a_page_up_is_shortened(
    chapter: Chapter, formgrader: HTMLExporter, tmp_path: Path
) -> None:
    path, result = submission(tmp_path, chapter, "*" * 400_000)
    assert "… (shortened)" in formgrader(path) and "… (shortened)" in render_feedback(result)
    assert shown_code("x = 1\n" * 1000) == "x = 1\n" * 1000
    assert len(shown_code("x\n" * 300_000)) < 101_000
