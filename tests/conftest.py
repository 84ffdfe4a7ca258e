"""What a test needs besides Python stands in its markers: `sandbox`, `browser`, `database`.

- A test without a marker runs everywhere. It cannot find bubblewrap, Chromium or PostgreSQL, even where they are
  installed, so that a forgotten marker fails on every machine.
- A test with a marker fails, and names the package, where that is missing. It is never skipped.
- With `--install`, as `make test` calls it, what the chosen tests need is installed first, and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Generator, Iterable
from contextlib import ExitStack
from pathlib import Path

import pytest

PACKAGES = Path(__file__).resolve().parents[1] / ".ci" / "packages"
PROGRAMS = {
    "sandbox": ("bwrap",),
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "database": ("initdb",),
}
REFUSAL = '#!/bin/sh\necho "This test uses {program}: it needs the marker {marker}." >&2\nexit 127\n'

_refusals = pytest.StashKey[Path]()
_missing = pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--install", action="store_true", help="install what the markers of the chosen tests ask for"
    )


def pytest_configure(config: pytest.Config) -> None:
    os.environ["BYHAND_MINE"] = "off"  # nobody's library is read or written; tests of it say otherwise
    config.stash[_missing] = {}
    folder = tempfile.TemporaryDirectory(prefix="byhand-refusals-")
    config.add_cleanup(folder.cleanup)
    config.stash[_refusals] = Path(folder.name)
    for marker, programs in PROGRAMS.items():
        for program in programs:
            path = Path(folder.name, marker, program)
            path.parent.mkdir(exist_ok=True)
            path.write_text(REFUSAL.format(program=program, marker=marker))
            path.chmod(0o755)


def needs(item: pytest.Item) -> list[str]:
    """The markers of a test that ask for a package."""
    return [marker for marker in PROGRAMS if item.get_closest_marker(marker)]


@pytest.hookimpl(trylast=True)  # when it is decided which tests run
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    markers = {marker for item in items for marker in needs(item)}
    if config.option.collectonly or not markers:
        return
    if config.option.install:
        _install(config, sorted(markers))
    for marker in markers:
        checked = subprocess.run(
            ["sh", PACKAGES, "--check", marker], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        if checked.returncode:
            config.stash[_missing][marker] = checked.stderr.strip()


def _install(config: pytest.Config, markers: Iterable[str]) -> None:
    """Install what is missing, where this person may; each test says what is missing still."""
    with ExitStack() as stack:
        if capture := config.pluginmanager.getplugin(
            "capturemanager"
        ):  # an installation takes minutes: it is shown
            stack.enter_context(capture.global_and_fixture_disabled())
        if os.name == "posix":  # one worker installs, the others wait and find it done
            import fcntl

            lock = stack.enter_context(
                Path(tempfile.gettempdir(), f"byhand-packages-{os.getuid()}").open("w")
            )
            fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(["sh", PACKAGES, *markers], stdout=2, check=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hide from a test, and from the fixtures that it is the first to ask for, what no marker of it names."""
    before = os.environ.get("PATH", "")
    hidden = [item.config.stash[_refusals] / marker for marker in PROGRAMS if marker not in needs(item)]
    os.environ["PATH"] = os.pathsep.join([*map(str, hidden), before])
    try:
        return (yield)
    finally:
        os.environ["PATH"] = before


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in needs(item):
        if reason := item.config.stash[_missing].get(marker):
            pytest.fail(reason, pytrace=False)
