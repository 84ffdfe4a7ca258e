"""A real JupyterLab in a real Chromium: the server, its pages, and the cells of a notebook in them.

with sync_playwright() as playwright, serving(folder) as server:
    lab = Lab(server, playwright.chromium.launch(**launch_options()).new_context())
    notebook = lab.open("from byhand import explore", "explore.saturation()")
    notebook.run_all()
    notebook.output(1).get_by_role("slider")
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from playwright.sync_api import BrowserContext, Locator, Page, expect

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_QUIET = {  # what a first start would ask or fetch
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}

_RUN = re.compile(r"^\[\d+\]:$")  # the prompt of a cell that has run
_SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"  # the notebook in front

expect.set_options(timeout=20_000)


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


class NoServer(Exception):
    """JupyterLab did not start; the message ends with its log."""


def chromium() -> str:
    """Where this machine's Chromium is.

    Raises
    ------
    NoBrowser
        If there is none; it says how to get it.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise NoBrowser("This needs Chromium. Install it: sudo apt-get install -y chromium")
    return found


def launch_options() -> dict[str, object]:
    """How Playwright starts this machine's Chromium, with nothing of its user's."""
    return {"executable_path": chromium(), "args": _ARGUMENTS}


@dataclass
class Server:
    """A running JupyterLab and the folder that it shows."""

    url: str
    token: str
    folder: Path
    settings: Path

    def use(self, plugin: str, **values: object) -> None:
        """Write a JupyterLab setting; pages that are opened from now on have it."""
        path = self.settings / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


@contextlib.contextmanager
def serving(base: Path) -> Iterator[Server]:
    """JupyterLab (and Notebook 7) on a free port, with nothing of this machine's Jupyter settings.

    All that it writes is in the folder `base`.
    """
    folder, settings = base / "course", base / "settings"
    folder.mkdir()
    for name, values in _QUIET.items():
        path = settings / name
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "HOME")
    environment = {**os.environ, **{name: str(base / name.lower()) for name in names}}
    environment |= {
        "JUPYTER_PATH": str(Path(__file__).parents[2] / "lib" / "jupyter"),  # as `make lab` sets it
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(base / "spaces"),
    }
    (base / "home").mkdir()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={folder}"]
    with (base / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(f"{url}/api?token={token}", process, base / "log")
        yield Server(url, token, folder, settings)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # it waits for a kernel that is still starting
            process.kill()
            process.wait()


def _wait_until_it_answers(url: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise NoServer(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@dataclass
class Notebook:
    """A notebook that is open in JupyterLab."""

    page: Page
    path: Path
    length: int  # how many code cells it has
    sent: list[str] = field(default_factory=list)  # every message from the page to the kernel
    got: list[str | bytes] = field(default_factory=list)  # and back

    def cell(self, number: int) -> Locator:
        """A code cell, counted from 0."""
        return self.page.locator(f"{_SHOWN} .jp-CodeCell").nth(number)

    def output(self, number: int) -> Locator:
        """The output of a code cell, counted from 0."""
        return self.cell(number).locator(".jp-Cell-outputArea")

    def run(self, number: int, wait: bool = True) -> None:
        """Run one code cell; `wait` until it is done."""
        prompt = self.cell(number).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for _ in range(3):  # in its first seconds JupyterLab can lose a key press
            self.cell(number).locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            with contextlib.suppress(AssertionError):
                expect(prompt).not_to_have_text(before, timeout=5_000)
                break
        if wait:
            expect(prompt).to_have_text(_RUN, timeout=60_000)

    def run_all(self) -> None:
        """Run every code cell, from the first to the last; the kernel has the next one before it needs it."""
        self.run(0)
        self.page.keyboard.press("ArrowDown")
        for _ in range(1, self.length - 1):
            self.page.keyboard.press("Shift+Enter")
        if self.length > 1:
            self.page.keyboard.press("Control+Enter")  # Shift+Enter would add a cell
        prompts = self.page.locator(f"{_SHOWN} .jp-CodeCell .jp-InputPrompt")
        expect(prompts).to_have_text([_RUN] * self.length, timeout=120_000)

    def save(self) -> None:
        """Save it as a person does, and wait until that is done.

        JupyterLab writes the file, then its checkpoint. Until that is there, it passes over another Ctrl+S.
        """
        with self.page.expect_response(
            lambda answer: answer.request.method == "POST" and f"{self.path.name}/checkpoints" in answer.url
        ) as saved:
            self.page.keyboard.press("Control+s")
        assert saved.value.ok, saved.value.status_text
        self.page.evaluate("() => new Promise(requestAnimationFrame)")  # the page has the answer, too


@dataclass
class Lab:
    """JupyterLab in one browser page."""

    server: Server
    context: BrowserContext
    errors: list[str] = field(default_factory=list)  # what the page wrote to its console as an error

    def open(self, *cells: str, name: str = "notebook", app: str = "lab") -> Notebook:
        """Open a new notebook with these code cells; `app="notebook"` opens it in Notebook 7."""
        path = self.server.folder / f"{name}-{secrets.token_hex(4)}.ipynb"
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(text) for text in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        nbformat.write(notebook, path)
        return self.open_file(path, app)

    def open_file(self, path: Path, app: str = "lab") -> Notebook:
        """Open a notebook from the server's folder, in a page of its own."""
        page = self.context.new_page()
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        cells = nbformat.read(path, as_version=4).cells
        notebook = Notebook(page, path, sum(cell.cell_type == "code" for cell in cells))

        def listen(socket) -> None:
            if "/channels" in socket.url:
                socket.on("framesent", lambda frame: notebook.sent.append(frame))
                socket.on("framereceived", lambda frame: notebook.got.append(frame))

        page.on("websocket", listen)
        where = path.relative_to(self.server.folder).as_posix()
        space = secrets.token_hex(4)  # a workspace of its own: no tabs from other tests
        place = f"lab/workspaces/{space}/tree/{where}" if app == "lab" else f"notebooks/{where}"
        page.goto(f"{self.server.url}/{place}?token={self.server.token}")
        expect(page.locator(f"{_SHOWN} .jp-CodeCell")).to_have_count(notebook.length, timeout=60_000)
        # Until JupyterLab has put its window together, it loses keys and commands; it shows its opening picture
        # meanwhile, and on a busy machine asks after 12 seconds whether to go on waiting.
        page.add_locator_handler(
            page.get_by_role("button", name="Keep Waiting"), lambda button: button.click()
        )
        expect(page.locator("#jupyterlab-splash")).to_have_count(0, timeout=60_000)
        # The kernel is ready when the status in the toolbar says so; cells run before that are lost.
        expect(page.locator(f"{_SHOWN} .jp-Notebook-ExecutionIndicator")).to_have_attribute(
            "data-status", "idle", timeout=60_000
        )
        return notebook

    def close(self) -> None:
        """Close all its pages, and end the kernels that they left running."""
        self.context.close()
        api = f"{self.server.url}/api/sessions"
        header = {"Authorization": f"token {self.server.token}"}
        with urllib.request.urlopen(urllib.request.Request(api, headers=header)) as answer:
            sessions = json.load(answer)
        for session in sessions:
            end = urllib.request.Request(f"{api}/{session['id']}", headers=header, method="DELETE")
            urllib.request.urlopen(end).close()
