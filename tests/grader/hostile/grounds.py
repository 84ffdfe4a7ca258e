"""Where the corpus is graded: a class among secrets, with listeners, and what came of it.

A secret lies wherever a submission must not read: in the gradebook, in another submission, at home, in the
environment and in the list of processes. Whatever a submission can show to anybody is searched for it, and for
what attacks print when they have reached something (`REACHED`).
"""

from __future__ import annotations

import csv
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from corpus import CHAPTER, Entry, Ground, notebook, raw
from nbgrader import api

from grader.chapters import source
from grader.classroom.class_folder import notebook_path, write_config
from grader.judge.seeds import KEY_FILE, class_key, code_digest, seed
from grader.model import Role
from grader.rebuild.notebook import rebuild
from grader.record.gradebook import Gradebook

REPOSITORY = Path(__file__).parents[3]
VICTIM = "victim"  # whose submission nobody else may see, and whose marks nobody may change
VICTIMS_CODE = "# {canary}\ndef tanh(x):\n    return np.tanh(x)\nprint('{canary}')"
CANARY = f"CANARY={secrets.token_hex(8)}"  # attacks look for how it begins
REACHED = re.compile("REACHED|NOTED")  # attacks hold these words in two pieces, and print them in one


@dataclass
class Outcome:
    """What came of a class that was graded."""

    said: str
    rows: dict[str, dict[str, str]]
    passed: dict[str, set[str]]
    shown: dict[str, str]  # all that a submission put on any page
    written: list[str]  # outside its scratch
    connections: list[str]
    processes: list[str]  # that outlived the run
    secrets: list[str] = field(default_factory=list)

    def leaks(self, student: str) -> list[str]:
        """Secrets that a submission shows."""
        text = self.shown[student]
        return [secret for secret in (CANARY, *self.secrets) if secret in text] + REACHED.findall(text)


def graded(entries: Iterable[Entry], folder: Path, settings: str = "") -> Outcome:
    """Grade the entries, and the victim, as ``make grade`` does."""
    with ExitStack() as stack:
        ground = _ground(folder, stack)
        class_folder = Path(ground.class_folder)
        victim = raw(notebook(answers={"tanh": VICTIMS_CODE.format(canary=CANARY)}))
        files = {entry.name: entry.file(ground) for entry in entries} | {VICTIM: victim}
        for student, content in files.items():
            path = class_folder / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        write_config(class_folder)
        with (class_folder / "nbgrader_config.py").open("a") as file:
            file.write(settings)
        with Gradebook(class_folder) as book, book.transaction() as session:
            session.add(api.Student(id="canary", first_name=CANARY))
        key = class_key(class_folder)
        listeners = _listen(ground, stack)
        before = _files(ground)
        said = _grade(ground)
        outcome = _outcome(ground, said, [name for name in files if name != VICTIM])
        outcome.connections = listeners
        outcome.secrets = _secrets(class_folder, key)
        unchanged = {path for path, about in _files(ground).items() if before.get(path) == about}
        outcome.written += sorted(f"{path} was changed" for path in before if path not in unchanged)
        return outcome


def _ground(folder: Path, stack: ExitStack) -> Ground:
    mark = f"byhand-mark-{os.getpid()}"
    home = folder / "home"
    (home / ".ssh").mkdir(parents=True)
    for name in (".netrc", ".bashrc", ".ssh/id_rsa"):
        (home / name).write_text(CANARY)
    (folder / "class").mkdir()
    sockets = Path(
        stack.enter_context(tempfile.TemporaryDirectory(prefix="byhand-"))
    )  # its names must be short
    sockets.chmod(0o755)
    other = stack.enter_context(
        subprocess.Popen([sys.executable, "-c", "input()", CANARY], stdin=subprocess.PIPE)
    )
    stack.callback(other.kill)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    places = str(folder / "class"), str(home), str(REPOSITORY), sys.executable
    return Ground(*places, mark, port, f"{mark}-socket", str(sockets / "socket"), other.pid)


def _listen(ground: Ground, stack: ExitStack) -> list[str]:
    """Listeners for everything that a submission might reach; who connects is noted."""
    reached: list[str] = []
    tcp, datagrams = socket.create_server(("127.0.0.1", ground.port)), socket.socket(type=socket.SOCK_DGRAM)
    abstract, local = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    datagrams.bind(("127.0.0.1", ground.port))
    abstract.bind(f"\0{ground.abstract}")
    local.bind(ground.socket)
    Path(ground.socket).chmod(0o777)
    for name, one in {
        "TCP": tcp,
        "UDP": datagrams,
        "an abstract socket": abstract,
        "a socket": local,
    }.items():
        one.settimeout(0.1)
        if name != "UDP":
            one.listen()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            for name, one in (("TCP", tcp), ("abstract", abstract), ("file", local)):
                with suppress(TimeoutError):
                    one.accept()
                    reached.append(name)
            with suppress(TimeoutError):
                datagrams.recv(1000)
                reached.append("UDP")

    thread = threading.Thread(target=watch)
    thread.start()
    for one in (tcp, datagrams, abstract, local):
        stack.callback(one.close)
    stack.callback(thread.join)
    stack.callback(over.set)
    return reached


def _grade(ground: Ground) -> str:
    environment = os.environ | {"HOME": ground.home, "BYHAND_SECRET": CANARY}
    command = [sys.executable, "-m", "grader", "grade", ground.class_folder]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _outcome(ground: Ground, said: str, students: list[str]) -> Outcome:
    folder = Path(ground.class_folder)
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    passed, shown = {}, {}
    for student in rows:
        pages = [*folder.glob(f"*/{student}/{CHAPTER}/*.html"), folder / "autograded" / student / CHAPTER]
        notebook_text = (pages[-1] / f"{CHAPTER}.ipynb").read_text("utf-8")
        about = json.loads(notebook_text)["metadata"]["byhand"]
        passed[student] = {one["exercise"] for one in about["answers"] if one["report"]["passed"]}
        texts = [page.read_text("utf-8") for page in pages[:-1]]
        shown[student] = "\n".join([*texts, notebook_text, *rows[student].values()])
    report = (folder / "report" / "index.html").read_text("utf-8")
    for student in students:
        shown[student] = shown.get(student, "") + report
    places = [folder, Path(ground.home), Path("/var/tmp"), Path("/dev/shm"), REPOSITORY / "lib", Path("/tmp")]
    written = [str(path) for place in places for path in place.rglob(f"{ground.mark}*")]
    alive = [one for one in psutil.process_iter(["cmdline"]) if _marked(one, ground.mark)]
    return Outcome(said, rows, passed, shown, written, [], [str(one) for one in alive])


def _marked(process: psutil.Process, mark: str) -> bool:
    return any(argument.startswith(mark) for argument in process.info["cmdline"] or ())


def _files(ground: Ground) -> dict[str, tuple[int, int]]:
    """Everything that grading itself must not change: sizes and times."""
    tops = [Path(ground.class_folder, "submitted"), Path(ground.class_folder, KEY_FILE), Path(ground.home)]
    tops += [REPOSITORY / name for name in ("solutions", "course", "lib", "grader")]
    found = {}
    for top in tops:
        for path in [top, *top.rglob("*")]:
            if path.is_file() and "__pycache__" not in path.parts:
                about = path.stat()
                found[str(path)] = about.st_size, about.st_mtime_ns
    return found


def _secrets(class_folder: Path, key: bytes) -> list[str]:
    """The key, what follows from it, and the lines of the course's answers that no learner is shown."""
    chapter = source.load(CHAPTER)
    handed_in = notebook_path(class_folder, "submitted", VICTIM, CHAPTER)
    code = code_digest(rebuild(handed_in.read_bytes(), chapter))
    seeds = [str(number) for name in chapter.exercises for number in seed(key, VICTIM, name, code)]
    released = "\n".join(cell.source for cell in chapter.cells)  # a hint may hold a line of an answer
    answers = [cell.source for cell in chapter.solved if cell.role in (Role.SOLUTION, Role.WRITTEN)]
    lines = {line.strip() for text in answers for line in text.splitlines()}
    telling = sorted(
        line for line in lines if len(line) > 24 and "SOLUTION" not in line and line not in released
    )
    return [key.hex(), *seeds, *telling]
