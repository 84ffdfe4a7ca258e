"""The kernels of `make lab`: ipykernel's own, but that they leave the cores to the browser when it draws."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from ipykernel import kernelapp
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = ROOT / "lib/jupyter/kernels/python3/launch.py"

if not hasattr(os, "SCHED_IDLE"):
    pytest.skip("Only Linux has SCHED_IDLE; elsewhere the kernel runs as any other.", allow_module_level=True)


def jupyter_path(before: str = "") -> list[str]:
    """The folders that `make lab` gives to JupyterLab, where JUPYTER_PATH was this before."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "JUPY"))}
    if before:
        environment["JUPYTER_PATH"] = before
    instead = "import os; os.execv = lambda *_: print(os.environ['JUPYTER_PATH']) or os._exit(0)"
    lab = "from byhand.__main__ import main; main(['lab'])"
    made = subprocess.run(
        [sys.executable, "-u", "-c", f"{instead}\n{lab}"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return made.stdout.splitlines()[-1].split(":")


def answers(monkeypatch: pytest.MonkeyPatch, folder: Path, *expressions: str) -> list[object]:
    """What a kernel of `make lab` says to these, working in this folder."""
    monkeypatch.setenv("JUPYTER_PATH", ":".join(jupyter_path()))
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    try:
        asked = {str(number): text for number, text in enumerate(expressions)}
        reply = client.execute_interactive("import os, sys", user_expressions=asked, timeout=60)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    found = reply["content"]["user_expressions"]
    return [eval(found[name]["data"]["text/plain"]) for name in asked]


def test_a_cell_gives_way_to_the_browser_and_imports_as_in_any_kernel(monkeypatch, tmp_path):
    policy, path, argument = answers(
        monkeypatch, tmp_path, "os.sched_getscheduler(0)", "sys.path", "sys.argv[1]"
    )
    assert policy == os.SCHED_IDLE
    assert argument == "-f"
    assert str(LAUNCH.parent) not in path, "a notebook imports nothing from the launcher's folder"
    assert "" in path, "a notebook imports what lies beside it"


def test_nobodys_own_kernels_are_lost():
    ours = str(ROOT / "lib/jupyter")
    assert jupyter_path() == [ours], "no empty entry: it would mean the working folder"
    assert jupyter_path("/opt/kernels") == [ours, "/opt/kernels"]


def test_the_kernel_is_ipykernels_own_but_for_its_start():
    ours = json.loads(LAUNCH.with_name("kernel.json").read_text())
    own = get_kernel_dict()
    assert ours.pop("argv")[1:] == ["{resource_dir}/launch.py", *own.pop("argv")[3:]]
    assert ours == own


def test_where_it_may_not_give_way_the_kernel_starts_all_the_same(monkeypatch):
    def forbidden(*_):
        raise PermissionError("as in a sandbox")

    started = []
    monkeypatch.setattr(os, "sched_setscheduler", forbidden)
    monkeypatch.setattr(sys, "path", [str(LAUNCH.parent), *sys.path])
    monkeypatch.setattr(kernelapp, "launch_new_instance", lambda: started.append(sys.path[0]))
    runpy.run_path(str(LAUNCH))
    assert len(started) == 1
    assert started != [str(LAUNCH.parent)]
