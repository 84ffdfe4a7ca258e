"""Messages out of a sandbox: a stranger's bytes in, bounded plain values or `Garbled` out."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.execute.sandbox import Limits

_OUTPUTS_OF_A_CELL = 200
_LINES_OF_A_TRACEBACK = 100
_REFUSED_CALLS = 500
_PIXELS = 4000  # a larger picture is no use on a page, and may be a bomb for a browser
_PNG = b"\x89PNG\r\n\x1a\n"
_COLOURS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# A progress bar: only its last state is worth showing. From the line's start alone, or a long line takes for ever.
_REDRAWN = re.compile(r"^[^\n]*\r(?=[^\n])", re.MULTILINE)


class Garbled(ValueError):
    """Something that is no message of the runner's."""


@dataclass(frozen=True)
class Message:
    """One line of the channel: ``ready``, ``begin``, ``done`` or ``end``; `cell` for the middle two.

    ``refused``: the numbers of system calls that a watched sandbox refused.
    """

    kind: str
    cell: int = -1
    outputs: tuple[dict[str, Any], ...] = ()
    stopped: bool = False
    collected: Any = None
    refused: tuple[int, ...] = ()


class Reader:
    """Cuts what comes into messages.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._line = bytearray()
        self._left = 2 * limits.message_bytes  # of all messages together
        self._pictures = limits.image_bytes

    def messages(self, received: bytes) -> Iterator[Message]:
        """The messages that are complete now.

        Raises
        ------
        Garbled
            At the first thing that is none, or is too long.
        """
        self._left -= len(received)
        if self._left < 0:
            raise Garbled("too much")
        *lines, rest = received.split(b"\n")
        for line in lines:
            message = self._message(bytes(self._line) + line)
            self._line.clear()
            yield message
        self._line += rest
        if len(self._line) > self._limits.message_bytes:
            raise Garbled("too long a line")

    def _message(self, line: bytes) -> Message:
        try:
            tree = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Garbled("no JSON") from error
        if not isinstance(tree, dict):
            raise Garbled("no object")
        for kind in ("ready", "end"):
            if set(tree) == {kind}:
                return Message(kind)
        if set(tree) == {"end", "refused"}:
            return Message("end", refused=_numbers(tree["refused"]))
        if set(tree) == {"begin"} and type(tree["begin"]) is int:
            return Message("begin", tree["begin"])
        if not {"done", "outputs", "stopped"} <= set(tree) or type(tree["done"]) is not int:
            raise Garbled("an unknown message")
        if not isinstance(tree["outputs"], list) or type(tree["stopped"]) is not bool:
            raise Garbled("outputs that are none")
        return Message(
            "done",
            tree["done"],
            tuple(self._outputs(tree["outputs"])),
            tree["stopped"],
            tree.get("collected"),
        )

    def _outputs(self, outputs: list[Any]) -> Iterator[dict[str, Any]]:
        left = self._limits.output_bytes + 1000  # the runner says, in a few words more, that it cut
        for output in outputs[:_OUTPUTS_OF_A_CELL]:
            if not isinstance(output, dict):
                raise Garbled("an output that is none")
            plain = self._output(output, left)
            left -= sum(map(len, _texts(plain)))
            if plain:
                yield plain

    def _output(self, output: dict[str, Any], limit: int) -> dict[str, Any]:
        """An output rebuilt from the parts of it that may pass."""
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            text = clean(output.get("text"), limit)
            return {"output_type": kind, "name": name, "text": text} if text else {}
        if kind == "error":
            lines = output.get("traceback")
            return {
                "output_type": kind,
                "ename": clean(output.get("ename"), 200),
                "evalue": clean(output.get("evalue"), 2000),
                "traceback": [clean(line, 2000) for line in lines[:_LINES_OF_A_TRACEBACK]]
                if isinstance(lines, list)
                else [],
            }
        if kind not in ("display_data", "execute_result") or not isinstance(output.get("data"), dict):
            return {}
        data = {}
        if text := clean(output["data"].get("text/plain"), limit):
            data["text/plain"] = text
        if picture := self._picture(output["data"].get("image/png")):
            data["image/png"] = picture
        if not data:
            return {}
        plain: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            count = output.get("execution_count")
            plain["execution_count"] = count if type(count) is int and 0 < count < 10_000 else None
        return plain

    def _picture(self, text: Any) -> str | None:
        if not isinstance(text, str) or len(text) > 2 * self._pictures:
            return None
        try:
            picture = base64.b64decode(text, validate=True)
        except binascii.Error:
            return None
        width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
        if not picture.startswith(_PNG) or len(picture) > self._pictures or max(width, height) > _PIXELS:
            return None
        self._pictures -= len(picture)
        return base64.b64encode(picture).decode("ascii")


def clean(text: Any, limit: int) -> str:
    """Text without colours, control characters and halves of characters; empty if it is no text."""
    if not isinstance(text, str):
        return ""
    text = text[: max(limit, 0)].encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", _REDRAWN.sub("", _COLOURS.sub("", text.replace("\r\n", "\n"))))


def _numbers(tree: Any) -> tuple[int, ...]:
    if not isinstance(tree, dict):
        raise Garbled("refused calls that are none")
    return tuple(int(number) for number in list(tree)[:_REFUSED_CALLS] if re.fullmatch("[0-9]{1,4}", number))


def _texts(output: dict[str, Any]) -> Iterator[str]:
    yield output.get("text", "")
    yield output.get("data", {}).get("text/plain", "")
    yield from output.get("traceback", ())
