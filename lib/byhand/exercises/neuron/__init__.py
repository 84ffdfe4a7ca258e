"""The exercises of chapter 01."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    1, "neuron", "What can one neuron do?", ("layers", "gates", "perceptron", "sizes", "assembled")
)
