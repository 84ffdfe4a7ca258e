"""The exercises of chapter 05."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    5,
    "recurrent",
    "A network that remembers",
    ("rnn_step", "rnn", "sequences", "lstm_step", "lstm", "gru", "characters", "assembled"),
)
