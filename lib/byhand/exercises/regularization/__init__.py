"""The exercises of chapter 07."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    7,
    "regularization",
    "Learning, not memorizing",
    ("validation", "penalties", "weight_decay", "dropout", "augmentation", "normalization", "assembled"),
)
