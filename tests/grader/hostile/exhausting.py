"""Submissions that use up what there is: time, memory, processes, files, disk, output, depth.

Each must come to an end, with a row that says so, and keep what its other work earns. They are graded with
short limits, so that the tests are quick.
"""

from __future__ import annotations

from corpus import GRADED, REVIEW, TIMED_OUT, Entry, attack

ENDED = (GRADED, REVIEW, TIMED_OUT)  # whichever limit a busy machine reaches first
SETTINGS = """
c.Sandbox.cell_seconds = 1.5
c.Sandbox.submission_seconds = 15
c.Sandbox.memory_bytes = 700_000_000
"""
SWALLOWS = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
PATTERN = "import re\nre.match('(a+)+$', 'a' * 64 + 'b')"
POWER = "x = 10 ** (10 ** 9)"
SLEEP = "import time\ntime.sleep(600)"
BLOCKED = """
import signal, time, threading
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
threading.Lock().acquire()
time.sleep(600)
"""
LIST = "keep = []\nwhile True:\n    keep.append('x' * 10**7)"
ARRAY = "x = np.ones(10**11)"
PAGES = "x = np.ones(10**8)\ny = x + 1\nz = np.concatenate([x, y, x])"
CHILDREN = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        keep = np.ones(2 * 10**7)
        time.sleep(600)
time.sleep(600)
"""
BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
THREADS = """
import threading, time
while True:
    try:
        threading.Thread(target=time.sleep, args=(600,)).start()
    except RuntimeError:
        break
"""
FILES = "keep = []\nwhile True:\n    keep.append(open('/dev/null'))"
DISK = """
for place in ("/tmp", "/dev/shm"):
    for number in range(100):
        try:
            with open(f"{place}/{number}", "wb") as file:
                while True:
                    file.write(b"x" * 10**7)
        except OSError:
            pass
"""
INODES = "n = 0\nwhile True:\n    open(f'/tmp/{n}', 'w').close()\n    n += 1"
DEEP_FOLDERS = """
import os
for _ in range(5000):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
"""
FLOOD = "while True:\n    print('x' * 10**6)"
DRIPS = "import sys\nfor number in range(10**9):\n    print(number, file=sys.stderr)"
SHOWN = "from IPython.display import display\nfor number in range(10**7):\n    display(number)"
PICTURES = """
from IPython.display import Image, display
for number in range(200):
    display(Image(b"\\x89PNG\\r\\n\\x1a\\n" + b"\\0" * 10**6, format="png"))
"""
RECURSION = "import sys\nsys.setrecursionlimit(10**8)\ndef f(n):\n    return f(n + 1) + 1\nf(0)"
SENTENCE = "raise ValueError('x' * 10**8)"
CHAINED = """
error = None
for number in range(20_000):
    error, last = ValueError(str(number)), error
    error.__cause__ = last
raise error
"""
WARNINGS = """
import warnings
warnings.simplefilter("always")
for number in range(10**6):
    warnings.warn(f"number {number}")
"""
SOURCE = "x = " + "(" * 3000 + "1" + ")" * 3000
SEGFAULT = "import ctypes\nctypes.string_at(0)"
EXIT = "import os\nos._exit(0)"
LEAVE = "raise SystemExit"
KILL = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
ABORT = "import os\nos.abort()"
STALLS = "def relu(x):\n    import time\n    time.sleep(2)\n    return np.maximum(x, 0)"
EVERY_CELL = "import time\ntime.sleep(1.2)\nreturn np.zeros_like(given[0])"
ENDLESS_ANSWER = "keep = []\nfor _ in range(10**5):\n    keep.append([1.0] * 1000)\nreturn keep"
LARGE_ANSWER = "return np.zeros((3000, 3000))"
MANY_PARTS = "def tanh(x):\n    return [(0.0,)] * 99_999"
RUNS_OUT = {
    "relu": "def relu(x):\n    while True:\n        pass",
    "tanh": "def tanh(x):\n    return np.tanh(x)",
}


def spends(name: str, tries: str, code: str, state: tuple[str, ...], **about: object) -> Entry:
    return attack(f"spends-{name}", tries, first=code, about={"state": state, **about})


ENTRIES = [
    spends("time-swallowing", "an endless loop that swallows its alarm", SWALLOWS, (TIMED_OUT,)),
    spends("time-pattern", "a pattern that takes for ever, inside C", PATTERN, (TIMED_OUT,)),
    spends("time-power", "a number of a billion digits", POWER, ENDED),
    spends("time-sleep", "ten minutes of sleep", SLEEP, (TIMED_OUT,), says="longer than 1.5 seconds"),
    spends("time-blocked", "sleep with all signals blocked", BLOCKED, (TIMED_OUT,)),
    attack(
        "spends-time-answers",
        "a little in every check, more than allowed together",
        every=EVERY_CELL,
        about={"state": (GRADED, TIMED_OUT), "loses": True},
    ),
    spends("memory-list", "a list without end", LIST, ENDED),
    spends("memory-array", "an array larger than the machine", ARRAY, ENDED),
    spends("memory-pages", "arrays that fill the memory", PAGES, ENDED),
    spends("memory-children", "memory in many processes", CHILDREN, ENDED),
    spends("processes", "a fork bomb", BOMB, (TIMED_OUT, REVIEW)),
    spends("threads", "threads without end", THREADS, ENDED, loses=True),
    spends("files", "open files without end", FILES, ENDED),
    spends("disk", "full scratch folders", DISK, ENDED),
    spends("disk-inodes", "empty files without end", INODES, ENDED),
    spends("disk-depth", "folders in folders without end", DEEP_FOLDERS, ENDED),
    spends("output", "a flood of output", FLOOD, (TIMED_OUT, REVIEW)),
    spends("output-drips", "a flood in drops, on stderr", DRIPS, (TIMED_OUT, REVIEW)),
    spends("output-shown", "ten million things shown", SHOWN, (TIMED_OUT, REVIEW)),
    spends("output-pictures", "200 MB of pictures", PICTURES, ENDED),
    spends("output-error", "an error message of 100 MB", SENTENCE, ENDED),
    spends("output-causes", "an error with 20,000 causes", CHAINED, ENDED),
    spends("output-warnings", "a million warnings", WARNINGS, ENDED),
    spends("recursion", "recursion beyond the stack", RECURSION, ENDED),
    spends("recursion-source", "a source nested beyond the parser", SOURCE, ENDED),
    spends("ends-segfault", "a crash inside C", SEGFAULT, (REVIEW,)),
    spends("ends-exit", "an end without a word", EXIT, (REVIEW,)),
    spends("ends-leave", "SystemExit", LEAVE, (GRADED,)),
    spends("ends-kill", "to kill itself", KILL, (REVIEW,)),
    spends("ends-abort", "to abort, with a core dump", ABORT, (REVIEW,)),
    attack(
        "spends-answer-parts",
        "an answer of a hundred million parts",
        every=ENDLESS_ANSWER,
        about={"state": ENDED, "loses": True},
    ),
    attack("spends-answer-large", "answers of 72 MB", every=LARGE_ANSWER, about={"state": (GRADED,)}),
    attack(
        "spends-answer-many",
        "an answer of 99,999 tuples",
        answers={"tanh": MANY_PARTS},
        about={"state": ENDED},
    ),
    attack(
        "honest-and-slow",
        "nothing: an honest solution that is too slow, beside one that is right",
        answers={"relu": STALLS, "tanh": RUNS_OUT["tanh"]},
        about={
            "state": (TIMED_OUT,),
            "earns": frozenset({"tanh"}),
            "says": "`relu` ran longer than 1.5 seconds",
        },
    ),
    attack(
        "honest-and-endless",
        "nothing: a loop that never ends in one answer, and a right one",
        answers=RUNS_OUT,
        about={"state": (TIMED_OUT,), "earns": frozenset({"tanh"}), "says": "loop that never ends"},
    ),
]
