"""The project's own promises: locked versions, three lists in step, a Makefile that a newcomer can read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macOS": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}


def tracked_text() -> dict[str, str]:
    """Every file that git tracks and that is text, by its path."""
    # safe.directory: in a container the folder often belongs to someone else.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    found = {}
    for name in listed.decode().rstrip("\0").split("\0"):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            found[name] = content.decode()
    return found


def locked_entries() -> list[str]:
    """requirements.txt, one string a requirement: its first line and those of its hashes."""
    text = (ROOT / "requirements.txt").read_text()
    return [entry.replace("\\\n", " ") for entry in re.split(r"(?<!\\)\n", text) if entry.strip()]


def locked(python: str, system: str) -> dict[str, str]:
    """Name to version of what the lock installs on one Python and one system."""
    environment = default_environment() | SYSTEMS[system]
    environment |= {"python_version": python, "python_full_version": f"{python}.9"}
    chosen: dict[str, str] = {}
    for entry in locked_entries():
        requirement = Requirement(entry.split("--hash")[0])
        if requirement.marker is None or requirement.marker.evaluate(environment):
            assert requirement.name not in chosen, f"{requirement.name} is locked twice for {system} {python}"
            (pin,) = requirement.specifier
            chosen[requirement.name] = pin.version
    return chosen


def asked(*, runtime_only: bool = False) -> list[Requirement]:
    """What pyproject.toml asks for."""
    lists = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    if not runtime_only:
        lists += PROJECT["dependency-groups"].values()
    return [Requirement(line) for lines in lists for line in lines]


def make(*arguments: str, folder: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, as from a terminal: it must not know of the `make test` that may run this."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment | ({"PATH": path} if path else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_locked_requirement_has_one_version_and_a_hash() -> None:
    entries = locked_entries()
    assert len(entries) > 100
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==[^\s;]+ ", entry), f"no exact version: {entry[:80]}"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), f"no hash: {entry[:80]}"


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_holds_what_the_project_asks_for(python: str, system: str) -> None:
    versions = locked(python, system)
    for requirement in asked():
        assert requirement.name in versions, f"{requirement.name} is not in requirements.txt: run make lock"
        assert versions[requirement.name] in requirement.specifier, f"{requirement}: run make lock"


def test_no_file_names_a_package_registry() -> None:
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("anaconda", "org"))]
    for name, text in tracked_text().items():
        for host in hosts:
            assert host not in text.lower(), f"{name} names {host}"
    lock = (ROOT / "requirements.txt").read_text()
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock


def test_conda_installs_the_same_as_the_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["channels"][0] == "conda-forge"
    *pins, pip = environment["dependencies"]
    assert pip == {"pip": ["-e .[lab,grader]"]}, "the last entry installs this project"
    versions = dict(pin.partition("=")[::2] for pin in pins)
    python = versions.pop("python")
    assert python in PYTHONS
    assert versions.pop("pip") == ""

    conda_names = {"matplotlib": "matplotlib-base"}
    lock = locked(python, "Windows")
    wanted = {
        conda_names.get(each.name, each.name): ".".join(lock[each.name].split(".")[:2])
        for each in asked(runtime_only=True)
    }
    assert versions == wanted


def test_no_file_names_a_folder_of_its_author() -> None:
    here, home = str(ROOT), str(Path.home())
    for name, text in tracked_text().items():
        assert f"{here}/" not in text, f"{name} names {here}"
        # Alone, a short home such as that of root is a word of many sentences: with a folder in it, it is a path.
        assert not re.search(r"(?<![\w/.])" + re.escape(home) + r"/\.?\w+/", text), (
            f"{name} names a folder in {home}"
        )
        found = re.search(r"(/home/|/Users/|[A-Z]:\\Users\\)(?!learner|student|jovyan)\w+[/\\]", text)
        assert not found, f"{name} names {found and found[0]}"


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    phony = set(" ".join(re.findall(r"^\.PHONY: ([a-z -]+)$", makefile, re.MULTILINE)).split())
    assert targets == phony, "a command is not a file"
    shown = make(folder=ROOT).stdout
    listed = set(re.findall(r"^ {2}make ([a-z-]+) +\S", shown, re.MULTILINE))
    assert listed == targets - {"help"}
    assert all(len(line) <= 80 for line in shown.splitlines()), "wider than a terminal"


def test_readme_names_only_commands_that_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    readme = (ROOT / "README.md").read_text()
    named = set(re.findall(r"^ *make ([a-z-]+)|`make ([a-z-]+)", readme, re.MULTILINE))
    assert {first or second for first, second in named} <= targets
    for path in re.findall(r"\]\((?!\w+:)([^)#]+)\)", readme):
        assert (ROOT / path).exists(), f"README.md links to {path}, which is not there"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder whose name has spaces, where the set-up seems to have been made just now."""
    folder = tmp_path / "my courses" / "by hand"
    (folder / ".venv/bin").mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    (folder / ".venv/bin/python").symlink_to("/bin/true")
    (folder / ".venv/ready").write_text(f"{folder}\n")
    return folder


def needs_setup(folder: Path) -> bool:
    """Whether ``make setup`` would do anything."""
    done = make("--question", "setup", folder=folder)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 1


def test_setup_does_nothing_the_second_time(installed: Path) -> None:
    assert not needs_setup(installed)


def test_setup_is_done_again_when_the_lock_is_newer(installed: Path) -> None:
    later = (installed / ".venv/ready").stat().st_mtime + 10
    os.utime(installed / "requirements.txt", (later, later))
    assert needs_setup(installed)


def test_setup_is_done_again_when_the_folder_has_moved(installed: Path) -> None:
    assert needs_setup(installed.rename(installed.parent / "moved"))


def test_setup_is_done_again_when_its_python_has_gone(installed: Path) -> None:
    (installed / ".venv/bin/python").unlink()
    assert needs_setup(installed)


@pytest.mark.parametrize("target", ["lab", "grade", "test"])
def test_an_old_python_is_told_in_one_line(installed: Path, tmp_path: Path, target: str) -> None:
    shutil.rmtree(installed / ".venv")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("awk", "cat", "dirname", "id", "make", "rm", "sh"):
        tools.joinpath(name).symlink_to(shutil.which(name))
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what sys.exit(not (3, 11) <= ...) says in an old Python
    old.chmod(0o755)
    done = make(target, folder=installed, path=str(tools))
    assert done.returncode != 0
    message, *rest = done.stderr.splitlines()
    assert message.startswith("This needs Python 3.11"), done.stderr
    assert all(line.startswith("make") for line in rest), "nothing but make's own line after it"


def test_clean_leaves_what_people_made(installed: Path) -> None:
    kept = [
        "course/01_neuron.ipynb",
        "work/mine/ch01_neuron/step.py",
        "class/gradebook.db",
        "class/__pycache__/x",
    ]
    gone = [".venv/ready", "lib/byhand/__pycache__/x", ".pytest_cache/x"]
    for name in kept + gone:
        (installed / name).parent.mkdir(parents=True, exist_ok=True)
        (installed / name).touch()
    assert make("clean", folder=installed).returncode == 0
    assert all((installed / name).exists() for name in kept)
    assert not any((installed / name).exists() for name in gone)


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    run = ROOT / ".ci/run"
    assert os.access(run, os.X_OK)
    assert run.read_text().rstrip().endswith("\nmake test")
    assert "make test" in (ROOT / "README.md").read_text()
