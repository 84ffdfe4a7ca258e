"""The exercises of chapter 03."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    3,
    "backprop",
    "Who is to blame for the error?",
    ("losses", "graph", "gradients", "backward", "networks", "initialization", "training"),
)
