"""Submissions that try to read what is not theirs, and print it."""

from __future__ import annotations

from corpus import Entry, attack

SHOW = """
import glob, os, subprocess, sys
def show(what, look):
    try:
        print(what, look())
    except BaseException as error:
        print(what, type(error).__name__)
def content(path):
    with open(path, "rb") as file:
        return file.read(1_000_000)
"""
PLACES = """
for top in ("$class_folder", "$home", "$repository", "/class", "/home", "/root", "/work", "/proc/self/root"):
    show(top, lambda: os.listdir(top))
for path in ("$class_folder/gradebook.db", "../../../gradebook.db", "$class_folder/.grading-key",
             "$class_folder/submitted/victim/02_activations/02_activations.ipynb", "$home/.netrc",
             "$home/.ssh/id_rsa", "$repository/solutions/02_activations.py", "/etc/passwd", "/etc/shadow"):
    show(path, lambda: content(path))
"""
OTHERS = """
for pattern in ("../*/*/*.ipynb", "../../*/*.ipynb", "../../../*/*/*/*",
                "/*/submitted/**", "/tmp/*", "/dev/shm/*", "/course/*"):
    show(pattern, lambda: [content(path) for path in glob.glob(pattern, recursive=True)[:200]
                           if os.path.isfile(path) and not path.startswith(("/course/byhand/data"))])
"""
EVERYWHERE = """
found = []
for where, folders, names in os.walk("/"):
    folders[:] = [name for name in folders if name not in ("dev", "usr", "lib", "lib64", "python", "venv", "data")]
    for name in names:
        try:
            text = content(os.path.join(where, name)) if os.path.getsize(os.path.join(where, name)) < 1e6 else b""
        except OSError:
            continue
        if b"CANARY" + b"=" in text or b"SOLUTION" in text or name.endswith((".db", ".ipynb")):
            found.append((name, text[:5000]))
print(found)
"""
ENVIRONMENT = """
import ctypes
show("environ", lambda: dict(os.environ))
show("getenv", lambda: ctypes.CDLL(None).getenv)
show("raw", lambda: [ctypes.string_at(p) for p in iter_environ()])
for pid in ("self", "1", "2", str(os.getppid()), "$process"):
    for name in ("environ", "cmdline", "maps", "status", "cwd"):
        show(pid + name, lambda: content(f"/proc/{pid}/{name}"))
        show(pid + name, lambda: os.readlink(f"/proc/{pid}/{name}"))
def iter_environ():
    pointer = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    index = 0
    while pointer[index]:
        yield pointer[index]
        index += 1
show("raw", lambda: [text for text in iter_environ()])
"""
PROCESSES = """
show("proc", lambda: os.listdir("/proc"))
show("psutil", lambda: __import__("psutil").pids())
show("ps", lambda: subprocess.run(["ps", "aux"], capture_output=True).stdout)
show("signal", lambda: os.kill($process, 0) or "REACH" + "ED")
show("alive", lambda: [pid for pid in range(1, 70_000) if reaches(pid)])
def reaches(pid):
    try:
        os.kill(pid, 0)
        return True
    except OSError:
        return False
show("group", lambda: [os.getpgid(pid) for pid in (os.getppid(), 1, $process)])
show("wait", lambda: os.sched_getscheduler($process) or "REACH" + "ED")
"""
HOST = """
import getpass, platform, pwd, socket
show("host", lambda: (socket.gethostname(), platform.uname(), getpass.getuser()))
show("users", lambda: pwd.getpwall())
show("mounts", lambda: content("/proc/mounts"))
show("here", lambda: (os.getcwd(), sys.argv, sys.path, sys.executable, sys.orig_argv))
"""
SEEDS = """
import gc
show("key", lambda: content("$class_folder/.grading-key"))
text = " ".join(repr(one)[:3000] for one in gc.get_objects() if type(one) in (dict, list, tuple))
print(len(text), [text[max(0, at - 50):at + 200] for at in (text.find("seed"), text.find("key"), text.find("rng"))])
frame = sys._getframe()
while frame is not None:
    print({name: repr(value)[:500] for name, value in frame.f_locals.items()})
    frame = frame.f_back
"""
MEMORY = """
import ctypes, gc
texts = [one for one in gc.get_objects() if isinstance(one, (dict, list))]
print([repr(one)[:2000] for one in texts if "CANARY" + "=" in repr(one)[:100_000]][:5])
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
reading, writing = os.pipe()
os.set_blocking(reading, False)
os.set_blocking(writing, False)
end, found = libc.sbrk(0) or 0, []
starts = [range(end - 30_000_000, end, 4096)] + [
    range((id(one) & ~4095) - 8_000_000, (id(one) & ~4095) + 8_000_000, 4096) for one in (object(), os, texts)]
for start in starts:
    for page in start:  # a write from an address that is not there fails and does not crash
        if libc.write(writing, ctypes.c_void_p(page), 4096) > 0:
            text = os.read(reading, 65536)
            at = text.find(b"CANARY" + b"=")
            if at >= 0:
                found.append(text[max(0, at - 100):at + 200])
print(found[:20])
"""
FILES = """
import fcntl, socket
for fd in range(256):
    try:
        about = os.fstat(fd)
    except OSError:
        continue
    show(fd, lambda: about)
    os.set_blocking(fd, False)
    show("read", lambda: os.read(fd, 100_000))
    show("from the start", lambda: os.pread(fd, 100_000, 0))
    show("name", lambda: os.readlink(f"/dev/fd/{fd}"))
    show("folder", lambda: os.listdir(fd))
    show("open", lambda: content(os.open("..", os.O_RDONLY, dir_fd=fd)))
    def ask():
        one = socket.socket(fileno=os.dup(fd))
        one.setblocking(False)
        return one.getpeername(), one.recvmsg(100_000, 1000)
    show("socket", ask)
"""
TRACEBACKS = """
import linecache
for path in ("$class_folder/.grading-key", "$repository/solutions/02_activations.py", "$home/.netrc"):
    for line in range(1, 60, 7):
        try:
            exec(compile("\\n" * line + "1 / 0", path, "exec"))
        except ZeroDivisionError as error:
            import traceback
            print("".join(traceback.format_exception(error)))
    show(path, lambda: linecache.getlines(path))
"""
MAGICS = """
%pycat $repository/solutions/02_activations.py
%load $class_folder/.grading-key
%run $repository/solutions/02_activations.py
!cat $class_folder/.grading-key
%sx cat $home/.netrc
%env
%system env
%history -g
%who
"""
SOURCES = """
import inspect, byhand, byhand.checking.collect, importlib, pkgutil
from byhand.reference.activations import elementwise, probabilities, saturation
for one in (byhand, byhand.checking.collect, elementwise, saturation, probabilities):
    show(one, lambda: inspect.getsource(one))
for name in [one.name for one in pkgutil.walk_packages(byhand.__path__, "byhand.")]:
    show(name, lambda: inspect.getsource(importlib.import_module(name)))
show("loaded", lambda: sorted(sys.modules))
show("compiled", lambda: glob.glob("/course/**/__pycache__/*", recursive=True))
"""
SCRIPTS = """
for command in (["cat", "$class_folder/.grading-key"], ["sh", "-c", "cat $home/.*; env; ps aux; mount"],
                [sys.executable, "-c", "print(open('$class_folder/gradebook.db', 'rb').read())"]):
    show(command[0], lambda: subprocess.run(command, capture_output=True, timeout=5))
"""

ENTRIES: list[Entry] = [
    attack(f"reads-{name}", tries, first=SHOW + code)
    for name, tries, code in (
        ("places", "the gradebook, the key, homes and solutions, by their paths", PLACES),
        ("others", "other submissions", OTHERS),
        ("everywhere", "every file there is", EVERYWHERE),
        ("environment", "the environment, of all processes", ENVIRONMENT),
        ("processes", "the list of processes", PROCESSES),
        ("host", "the machine's name, its users and mounts", HOST),
        ("seeds", "the seeds of its inputs, in files, in memory, in the frames below", SEEDS),
        ("memory", "what earlier learners left in memory, page by page", MEMORY),
        ("files", "every open file and socket", FILES),
        ("tracebacks", "files, as the lines of a traceback", TRACEBACKS),
        ("magics", "files and the environment, by magics", MAGICS),
        ("sources", "the sources of everything that can be imported", SOURCES),
        ("scripts", "all of it, by other programs", SCRIPTS),
    )
]
