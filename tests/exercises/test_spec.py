"""What a spec takes from its author, and what it refuses."""

from __future__ import annotations

import pytest

from byhand.exercises.spec import Exercise, exercise


def double(x: float) -> float:
    return 2 * x


def spec() -> Exercise:
    return exercise(double)(lambda draw: iter([1.0]))


def test_a_mistake_in_two_forms_has_one_id_and_one_sentence() -> None:
    one = spec()
    one.mistake("added", "You added 2.")(lambda x: x + 2)
    one.mistake("added")(lambda x: 2 + x)
    assert [(mistake.id, mistake.sentence) for mistake in one.mistakes] == [("added", "You added 2.")] * 2
    assert one.sentence_of("added") == "You added 2." and one.sentence_of("other") is None


def test_a_switch_makes_a_mistake_of_the_shared_computation() -> None:
    one = spec()

    @one.switchable
    def _double(x: float, *, factor: float = 2, shift: float = 0) -> float:
        return factor * x + shift

    one.switch("tripled", "You tripled.", factor=3)
    assert one.mistakes[0].function(5.0) == 15 and one.mistakes[0].switches == {"factor": 3}
    with pytest.raises(ValueError, match="there are factor, shift"):
        one.switch("squared", "You squared.", power=2)


@pytest.mark.parametrize(
    ("id", "sentence", "word"),
    [
        ("Wrong Sign", "Said.", "words joined by hyphens"),
        ("added", "Said again.", "one sentence"),
        ("new", None, "one sentence"),
    ],
)
def test_an_id_is_words_and_a_sentence_is_said_once(id: str, sentence: str | None, word: str) -> None:
    one = spec()
    one.mistake("added", "You added 2.")(lambda x: x + 2)
    with pytest.raises(ValueError, match=word):
        one.mistake(id, sentence)


def test_a_switch_needs_something_to_switch() -> None:
    with pytest.raises(ValueError, match=r"@double\.switchable"):
        spec().switch("tripled", "You tripled.", factor=3)
