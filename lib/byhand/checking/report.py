"""What a check tells the learner, in text and in HTML, from the same facts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from byhand.checking import sentences as say
from byhand.checking.codec import decode, encode
from byhand.checking.render.window import follow
from byhand.exercises import UnknownExercise, find


def _sentence_of(mistake: str) -> str:
    exercise, _, id = mistake.partition("/")
    with suppress(UnknownExercise):
        if sentence := find(exercise).sentence_of(id):
            return sentence
    return say.FORGOTTEN_MISTAKE.format(id=mistake)


@dataclass(frozen=True)
class Report:
    """The result of one check.

    ``kind`` is one word for what happened, one of ``KINDS``.
    ``told`` is the most useful sentence. ``mistake`` is the id of a known mistake, such as ``"sigmoid/wrong-sign"``,
    if one was recognized, and ``also`` those that were made with it; their sentences are looked up when the report
    is shown, and stand in ``frame`` where it has {1}, {2} ….  ``first`` is what must be said before anything else,
    ``judged`` says which code this is about. The case shown is the first that fails: ``number`` (from 0), its
    ``arguments``, and the ``expected`` and ``actual`` answers, differing first at ``index`` of the part that
    ``path`` leads to.
    """

    KINDS: ClassVar[frozenset[str]] = frozenset(
        (
            *("right", "slow"),
            *("missing", "not written", "raised", "memory", "nothing", "garbled"),
            *("type", "shape", "changed", "not finite", "mistake", "values", "property", "cache"),
            "stopped",
        )
    )

    exercise: str
    passed: bool
    kind: str
    told: str = ""
    mistake: str | None = None
    also: tuple[str, ...] = ()
    frame: str = "{1}"
    first: tuple[str, ...] = ()
    judged: str = ""
    remarks: tuple[str, ...] = ()
    cases: int = 0
    right: int = 0
    number: int | None = None
    arguments: tuple[tuple[str, Any], ...] = ()
    returns: tuple[str, ...] = ()
    expected: Any = None
    actual: Any = None
    answered: bool = False
    path: tuple[Any, ...] = ()
    index: tuple[int, ...] | None = None
    detail: str = ""
    rtol: float = 1e-6
    atol: float = 1e-9

    @property
    def headline(self) -> str:
        """The most useful sentences: what comes before anything else, what was told, the known mistake's."""
        known = self._of_mistakes() if self.mistake else ""
        return "\n".join(text for text in (*self.first, self.told, known) if text)

    @property
    def sentence(self) -> str:
        """The known mistake's own sentence, as the course words it now; without a mistake, what was told."""
        return _sentence_of(self.mistake) if self.mistake else self.told

    def _of_mistakes(self) -> str:
        text = self.frame
        for place, id in enumerate((str(self.mistake), *self.also), 1):
            text = text.replace(f"{{{place}}}", _sentence_of(id))
        return text

    @property
    def shows_values(self) -> bool:
        """Whether there are an expected answer and the learner's to show side by side."""
        return self.number is not None and self.answered

    @property
    def shown(self) -> list[tuple[str, Any, Any]]:
        """What to show side by side: the name, the expected value and the learner's.

        One part of the answer if they differ there; else each part that has a name.
        """
        if self.path:
            return [(self._name(), follow(self.expected, self.path), follow(self.actual, self.path))]
        pair = self.expected, self.actual
        if len(self.returns) > 1 and all(
            isinstance(one, tuple | list) and len(one) == len(self.returns) for one in pair
        ):
            parts = zip(self.returns, *pair, strict=True)
            return [part for part in parts if not part[0].startswith("_")]
        return [("", *pair)]

    def _name(self) -> str:
        first = self.path[0]
        known = isinstance(first, int) and first < len(self.returns)
        name = self.returns[first].removeprefix("_") if known else f"[{first!r}]"
        return name + "".join(f"[{step!r}]" for step in self.path[1:])

    def __str__(self) -> str:
        from byhand.checking.render.text_report import as_text

        return as_text(self)

    __repr__ = __str__

    def html(self) -> str:
        """The report as a fragment of HTML: escaped, without script, styled by `css`."""
        from byhand.checking.render.html_report import as_html

        return as_html(self)

    @staticmethod
    def css() -> str:
        """The style that `html` needs, once a page."""
        from byhand.checking.render.html_report import CSS

        return CSS

    def _repr_html_(self) -> str:
        return f"<style>{self.css()}</style>{self.html()}"

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values that `json` can write."""
        return {name: encode(value) for name, value in vars(self).items()}

    @classmethod
    def from_dict(cls, tree: dict[str, Any]) -> Report:
        """The report that `to_dict` wrote.

        Raises
        ------
        ValueError, TypeError
            If it is anything else.
        """
        return cls(**{name: decode(value) for name, value in tree.items()})
