"""What `pip install .` gives: with NumPy alone, checks and pictures; without the rest, a word about it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

LIB = Path(__file__).resolve().parents[2] / "lib"
PACKAGES = Path(numpy.__file__).parents[1]


@pytest.fixture(scope="module")
def numpy_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds `byhand`, `grader` and NumPy, and nothing else."""
    folder = tmp_path_factory.mktemp("packages")
    for path in [LIB / "byhand", LIB.parent / "grader", *PACKAGES.glob("numpy*")]:
        (folder / path.name).symlink_to(path)
    return folder


def python(packages: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python without site-packages that finds these packages."""
    environment = {**os.environ, "PYTHONPATH": str(packages)}
    command = [sys.executable, "-S", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=packages, check=False)


def test_a_check_names_a_mistake_with_numpy_alone(numpy_alone: Path) -> None:
    code = (
        "import numpy as np\nfrom byhand import check\n"
        "def sigmoid(x):\n    return 1 / (1 + np.exp(x))\n"
        "print(check(sigmoid, stop=False).mistake, end='')"
    )
    assert python(numpy_alone, code).stdout == "sigmoid/wrong-sign"


def test_every_picture_is_a_page_with_numpy_alone(numpy_alone: Path) -> None:
    code = (
        "from byhand import explore\n"
        "for name in explore.pictures():\n    assert '<script' in getattr(explore, name)().html(), name\n"
        "print(len(explore.pictures()), end='')"
    )
    done = python(numpy_alone, code)
    assert int(done.stdout or "0") >= 20, done.stderr


def test_a_still_names_what_it_needs(numpy_alone: Path) -> None:
    done = python(numpy_alone, "from byhand import explore\nexplore.saturation().still()")
    assert "deep-learning-by-hand[lab]" in done.stderr.splitlines()[-1]


def test_the_grader_names_what_it_needs(numpy_alone: Path) -> None:
    code = "import sys; sys.argv = ['grader', 'grade']\nfrom grader.__main__ import main\nsys.exit(main())"
    done = python(numpy_alone, code)
    assert done.returncode == 1 and "deep-learning-by-hand[grader]" in done.stderr
    assert "Traceback" not in done.stderr
