"""The channel: whatever a sandbox writes, plain bounded values come out, or `Garbled`."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from grader.execute.channel import Garbled, Message, Reader, clean
from grader.execute.sandbox import Limits

SMALL = Limits(message_bytes=5000, output_bytes=100, image_bytes=200)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (2).to_bytes(4, "big") * 2
ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def read(*lines: bytes | dict[str, Any], limits: Limits = SMALL) -> list[Message]:
    reader = Reader(limits)
    joined = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
    # in small pieces, because a pipe cuts where it likes
    return [message for at in range(0, len(joined), 7) for message in reader.messages(joined[at : at + 7])]


def outputs(*made: dict[str, Any], limits: Limits = SMALL) -> list[dict[str, Any]]:
    (message,) = read({"done": 0, "outputs": list(made), "stopped": False}, limits=limits)
    return list(message.outputs)


def test_messages_arrive_whole() -> None:
    assert read(
        {"ready": True},
        {"begin": 3},
        {"done": 3, "outputs": [], "stopped": True, "collected": [1]},
        {"end": True},
    ) == [Message("ready"), Message("begin", 3), Message("done", 3, (), True, [1]), Message("end")]


@given(some.binary(max_size=300))
def test_any_bytes_are_messages_or_garbled(line: bytes) -> None:
    with contextlib.suppress(Garbled):
        assert all(isinstance(message, Message) for message in read(line))


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_any_fields_are_messages_or_garbled(done: Any, made: Any, stopped: Any, output: Any) -> None:
    line = {"done": done, "outputs": made, "stopped": stopped}
    for shape in (
        line,
        {**line, "done": 1, "stopped": False},
        {"done": 1, "outputs": [output], "stopped": False},
    ):
        with contextlib.suppress(Garbled):
            assert all(isinstance(message, Message) for message in read(shape, limits=Limits()))


@given(
    some.sampled_from(["stream", "error", "display_data", "execute_result", "update_display_data"]),
    some.dictionaries(
        some.sampled_from(
            ["name", "text", "ename", "evalue", "traceback", "data", "execution_count", "metadata"]
        ),
        ANYTHING | some.dictionaries(some.sampled_from(["text/plain", "image/png", "text/html"]), ANYTHING),
    ),
)
def test_any_output_is_text_png_or_nothing(kind: str, fields: dict[str, Any]) -> None:
    for output in outputs({"output_type": kind, **fields}, limits=Limits()):
        assert output["output_type"] in ("stream", "error", "display_data", "execute_result")
        assert set(output) <= {
            "output_type", "name", "text", "ename", "evalue", "traceback", "data", "metadata", "execution_count",
        }  # fmt: skip
        assert set(output.get("data", {})) <= {"text/plain", "image/png"}
        json.dumps(output).encode("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 4000,
        b"1" * 4500,
        b'{"begin": "1"}',
        b'{"begin": true}',
        b'{"begin": 1, "done": 1}',
        b'{"done": 1}',
        b'{"done": 1, "outputs": {}, "stopped": false}',
        b'{"done": 1, "outputs": [1], "stopped": false}',
        b'{"done": 1, "outputs": [], "stopped": "no"}',
        b" " * 5001,
    ],
)
def test_what_is_no_message_is_garbled(line: bytes) -> None:
    with pytest.raises(Garbled):
        read(line)


def test_a_line_without_an_end_is_garbled_before_it_fills_the_memory() -> None:
    reader = Reader(SMALL)
    with pytest.raises(Garbled, match="too long"):
        for _ in range(10):
            list(reader.messages(b"x" * 1000))


def test_all_messages_together_have_a_limit() -> None:
    reader = Reader(SMALL)
    with pytest.raises(Garbled, match="too much"):
        for _ in range(5000):
            list(reader.messages(b'{"end": true}\n'))


def test_text_is_cleaned_of_all_that_a_page_cannot_show() -> None:
    assert clean("\x1b[1;31mred\x1b[0m\x1b]0;title\x07 a\0b\ud800c\r\nd\te\x9b\x85", 100) == "red ab?c\nd\te"
    assert clean("10 %\r50 %\r100 %\ndone", 100) == "100 %\ndone"
    assert clean("x" * 1000, 10) == "x" * 10
    assert clean(["x"], 10) == ""


def test_text_of_one_cell_has_a_limit_over_all_its_outputs() -> None:
    made = [{"output_type": "stream", "name": "stdout", "text": "x" * 900} for _ in range(4)]
    assert sum(len(output["text"]) for output in outputs(*made)) == SMALL.output_bytes + 1000


def test_only_small_real_pictures_pass() -> None:
    def picture(content: bytes | str) -> list[dict[str, Any]]:
        text = content if isinstance(content, str) else base64.b64encode(content).decode()
        return outputs({"output_type": "display_data", "data": {"image/png": text}})

    assert picture(PNG) == [
        {"output_type": "display_data", "data": {"image/png": base64.b64encode(PNG).decode()}, "metadata": {}}
    ]
    for false in (
        b"<svg onload=alert(1)>",
        PNG + b"x" * 300,
        PNG[:16] + (50_000).to_bytes(4, "big") * 2,
        '"><script>',
        base64.b64encode(PNG).decode() + '" onerror="alert(1)',
    ):
        assert picture(false) == []


def test_other_kinds_of_data_are_left_out() -> None:
    data = {
        "text/plain": "plain",
        "text/html": "<script>",
        "application/javascript": "x",
        "image/svg+xml": "<svg>",
    }
    (output,) = outputs(
        {"output_type": "execute_result", "data": data, "execution_count": 2, "metadata": {"x": 1}}
    )
    assert output == {
        "output_type": "execute_result",
        "data": {"text/plain": "plain"},
        "metadata": {},
        "execution_count": 2,
    }


@pytest.mark.parametrize(
    "unit", ["x", "\r", "x\r", "\x1b", "\x1b[", "\x1b[0", "\x1b]", "0", "\x1b]\x1b", "\ud800"]
)
def test_a_long_text_without_an_end_is_cleaned_in_one_go(unit: str) -> None:
    """What goes over a text again from each of its characters would need hours for this one."""
    assert len(clean(unit * 2_000_000, 2_000_000)) <= 2_000_000


def test_of_a_line_that_was_drawn_again_the_last_state_is_shown() -> None:
    assert clean("10 %\r50 %\r100 %\nnext\r\nlast\r", 100) == "100 %\nnext\nlast"
