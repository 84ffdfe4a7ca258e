"""The exercises of chapter 06."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    6,
    "optimizers",
    "Which way down, how far?",
    ("landscape", "matrices", "descent", "adaptive", "moments", "schedules", "assembled"),
)
