"""The exercises of chapter 02."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    2,
    "activations",
    "Why a bend, and what it costs",
    ("elementwise", "leaky", "saturation", "probabilities", "assembled"),
)
