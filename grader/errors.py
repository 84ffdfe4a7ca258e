"""What the person at the keyboard can put right."""

from __future__ import annotations


class UserError(Exception):
    """Told in the words of its message alone, without a traceback."""


class SourceError(UserError):
    """A source that cannot be released; the message says every place and what to do there."""
