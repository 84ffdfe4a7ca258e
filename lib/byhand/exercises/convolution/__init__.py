"""The exercises of chapter 04."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    4,
    "convolution",
    "The same small window everywhere",
    ("filters", "sizes", "windows", "conv2d", "matrix", "pooling", "transposed", "assembled"),
)
