"""`make test TEST=…` asks for no more than the chosen tests need: on a Mac, and with a bare PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("awk", "cat", "dirname", "env", "grep", "id", "ls", "make", "printenv", "sh", "test")
UNDER_TEST = ("MAKE", "MFLAGS", "PYTEST")  # what this run itself stands under


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH has what every Unix has, and neither packages nor an apt-get to install them."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        if path := shutil.which(name):
            (tools / name).symlink_to(path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(UNDER_TEST)}
    return kept | {"PATH": str(tools)}


def make_test(chosen: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`make test` of some tests, without the set-up and the style that stand before it."""
    before = ("--old-file=setup", "--old-file=lint", "--silent")
    command = ["make", *before, "test", f"TEST={chosen} -n 0 -p no:cacheprovider"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def pytest_of(folder: Path, text: str, environment: dict[str, str]) -> str:
    """What pytest says of a test file of this text, that stands under our own conftest."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "pytest.ini").write_text(
        "[pytest]\naddopts = --strict-markers\nmarkers =\n  sandbox: x\n  browser: x\n  database: x\n"
    )
    (folder / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout


def test_a_test_of_a_spec_installs_nothing_and_runs(bare):
    done = make_test("tests/exercises/test_spec.py", bare)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout)
    assert "Missing here" not in done.stdout + done.stderr


def test_where_a_package_is_missing_the_chosen_test_fails_and_names_it(bare):
    done = make_test("tests/grader/hostile/test_hostile.py -k 'reading or says'", bare)
    assert done.returncode != 0
    assert "Missing here: bubblewrap." in done.stdout
    assert "chromium" not in (done.stdout + done.stderr).replace("Chromium", "")
    assert re.search(r"1 passed.* 1 error", done.stdout), done.stdout
    assert "skipped" not in done.stdout


def test_make_installs_packages_before_the_whole_suite_alone():
    def commands(*variables: str) -> str:
        made = ["make", "--dry-run", "--old-file=setup", "test", *variables]
        return subprocess.run(made, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "sh .ci/packages" in commands()
    assert "sh .ci/packages" not in commands("TEST=tests/exercises")


@pytest.mark.parametrize(
    ("marker", "program"), [("sandbox", "bwrap"), ("browser", "chromium"), ("database", "initdb")]
)
def test_a_forgotten_marker_fails_even_where_the_program_is_installed(marker, program, bare, tmp_path):
    installed = Path(bare["PATH"], program)
    installed.write_text("#!/bin/sh\nexit 0\n")
    installed.chmod(0o755)
    tests = f"""
import subprocess, pytest
def test_without():
    done = subprocess.run(["{program}", "--version"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
@pytest.mark.{marker}
def test_with():
    subprocess.run(["{program}", "--version"], check=True)
"""
    folder = tmp_path / "tests"
    folder.mkdir()
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "packages", tmp_path / ".ci")
    said = pytest_of(folder, tests, bare)
    assert f"This test uses {program}: it needs the marker {marker}." in said
    assert "1 failed, 1 passed" in said, said
