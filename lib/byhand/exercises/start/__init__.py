"""The exercises of chapter 00."""

from __future__ import annotations

from byhand.exercises.chapter import Chapter

CHAPTER = Chapter(
    0, "start", "How this works, and the tools", ("norms", "tables", "products", "chance", "derivatives")
)
