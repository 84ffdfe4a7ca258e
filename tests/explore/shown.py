"""What an explorable shows, for the tests of each."""

from __future__ import annotations

from typing import Any

from byhand.explore.engine.host import Explorable


def reading(explorable: Explorable, label: str, **values: Any) -> str:
    """What the labelled number under the picture says."""
    said = dict(explorable.scene.readings)[label]
    return said.at(explorable.scene.start(**values))
