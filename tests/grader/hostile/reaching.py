"""Submissions that try to reach out: to write elsewhere, to the network, to others, past their own end."""

from __future__ import annotations

from corpus import GRADED, RAN, REVIEW, TIMED_OUT, Entry, attack

TRY = """
import ctypes, os, signal, socket, subprocess, sys, threading, time
def attempt(function, *given):
    try:
        return function(*given)
    except BaseException as error:
        return type(error).__name__
libc = ctypes.CDLL(None, use_errno=True)
"""
WRITING = """
for top in ("$class_folder", "$class_folder/submitted/victim", "$class_folder/feedback", "$home", "$repository",
            "$repository/lib/byhand", "/var/tmp", "/dev", "/etc", "/", "/course", "/course/byhand", "..",
            "/usr/lib", "/python/lib", "/proc/sys/kernel", *sys.path):
    attempt(lambda: os.makedirs(top, exist_ok=True))
    attempt(lambda: open(f"{top}/$mark-written", "w").write("x"))
    attempt(lambda: os.symlink("/etc/passwd", f"{top}/$mark-link"))
    attempt(lambda: os.remove(f"{top}/gradebook.db"))
attempt(lambda: open("$class_folder/gradebook.db", "r+b").write(b"spoiled"))
"""
POISON = """
for name in ("/course/byhand/__init__.py", "/course/byhand/checking/collect.py", "/runner.py", np.__file__,
             "/usr/lib/os.py", os.__file__):
    for how in ("a", "w", "r+"):
        attempt(lambda: open(name, how).write("print('$mark-poison')\\n"))
    attempt(lambda: os.chmod(name, 0o777))
    attempt(lambda: os.replace(name, name + "x"))
attempt(lambda: os.makedirs("/tmp/numpy"))
attempt(lambda: open("/tmp/numpy/__init__.py", "w").write("raise SystemExit('$mark-poison')"))
attempt(lambda: open("numpy.py", "w").write("raise SystemExit('$mark-poison')"))
attempt(lambda: open("sitecustomize.py", "w").write("print('$mark-poison')"))
"""
LINKS = """
for name, target in (("out", "$class_folder"), ("root", "/"), ("up", "..")):
    attempt(os.symlink, target, name)
    attempt(lambda: open(f"{name}/$mark-through-link", "w").write("x"))
attempt(os.link, "/etc/passwd", "hard")
attempt(os.mknod, "/tmp/disk", 0o60666, os.makedev(8, 0))
attempt(os.mknod, "/tmp/memory", 0o20666, os.makedev(1, 1))
attempt(lambda: print(open("/tmp/disk", "rb").read(100)))
attempt(os.mkfifo, "/tmp/pipe")
"""
WALLS = """
for call in ((161, b"/"), (165, b"/", b"/tmp", b"", 4096, 0), (272, 0x7E020000), (308, 3, 0), (155, b"/", b"/"),
             (105, 0), (106, 0), (101, 16, 1, 0, 0), (310, $process, 0, 0, 0, 0, 0), (321, 5, 0, 0), (425, 8, 0),
             (304, -100, 0, 0), (428, -100, b"/", 1), (434, $process, 0), (319, b"x", 0), (175, 0, 0, 0),
             (169, 1, 2, 3, 0), (170, b"x", 1), (435, 0, 0), (56, 0x7E020011, 0, 0, 0, 0), (157, 8, 1, 0, 0)):
    attempt(lambda: libc.syscall(*call))
attempt(lambda: open("$class_folder/$mark-after-walls", "w"))
attempt(lambda: print(open("$class_folder/.grading-key").read(), "REACH" + "ED"))
"""
PACKETS = """
made = []
for family in range(0, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        for protocol in (0, 1, 16):
            one = attempt(socket.socket, family, kind, protocol)
            if isinstance(one, socket.socket) and family != socket.AF_UNIX:
                made.append((family, kind))
                for address in (("127.0.0.1", $port), ("::1", $port), (2, $port)):
                    one.settimeout(0.2)
                    attempt(one.connect, address)
                    attempt(one.sendto, b"hello", address)
print(made)
import urllib.request, http.client
attempt(lambda: urllib.request.urlopen("http://127.0.0.1:$port/", timeout=1))
attempt(lambda: http.client.HTTPConnection("127.0.0.1", $port, timeout=1).request("GET", "/"))
attempt(lambda: socket.create_connection(("localhost", $port), 1))
attempt(lambda: socket.getaddrinfo("example.org", 80))
attempt(lambda: subprocess.run(["curl", "http://127.0.0.1:$port/"], timeout=1))
attempt(lambda: open("/dev/tcp/127.0.0.1/$port", "w"))
"""
LOCAL = """
for name in ("\\0$abstract", "$socket", "/run/dbus/system_bus_socket", "\\0/tmp/dbus-test", "/var/run/docker.sock",
             "/tmp/.X11-unix/X0", "\\0@/tmp/.X11-unix/X0", "/run/systemd/journal/socket", "/dev/log"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        one = socket.socket(socket.AF_UNIX, kind)
        one.settimeout(0.2)
        print(name.strip("\\0"), attempt(one.connect, name))
        attempt(one.sendto, b"hello", name)
"""
MEETING = """
one = socket.socket(socket.AF_UNIX)
one.settimeout(1.0)
name = "\\0$abstract-meeting"
if attempt(one.bind, name) is None:
    one.listen()
    other = attempt(one.accept)
    print("met" if isinstance(other, tuple) else "alone")
    if isinstance(other, tuple):
        other[0].send(b"NOT" + b"ED")
else:
    attempt(one.connect, name)
    print(attempt(one.recv, 100))
"""
PASSING = """
import array
for fd in range(3, 64):
    def pass_on():
        one = socket.socket(fileno=os.dup(fd))
        one.setblocking(False)
        mine = array.array("i", [0, 1])
        one.sendmsg([b"{}"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, mine)])
    attempt(pass_on)
"""
DAEMON = """
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 65):
            attempt(signal.signal, number, signal.SIG_IGN)
        if os.fork() == 0:
            attempt(os.execv, sys.executable, [sys.executable, "-c", "import time; time.sleep(300)", "$mark-daemon"])
            time.sleep(300)
        os._exit(0)
"""
NOTES = """
for place in ("/tmp", "/dev/shm", "/var/tmp", "/course", "/", ".", os.path.dirname(np.__file__)):
    attempt(lambda: open(f"{place}/note", "w").write("NOT" + "ED"))
    attempt(os.mkdir, f"{place}/NOT" + "ED")
for call in ((248, b"user", b"note", b"NOT" + b"ED", 12, -3), (248, b"user", b"note", b"NOT" + b"ED", 12, -4),
             (29, 4711, 4096, 0o1666), (68, 4711, 0o1666), (64, 4711, 1, 0o1666), (240, b"note", 66, 0o666, 0)):
    attempt(lambda: libc.syscall(*call))
os.environ["NOTE"] = "NOT" + "ED"
import byhand, builtins, gc
byhand.NOTE = builtins.NOTE = np.NOTE = sys.NOTE = "NOT" + "ED"
sys.modules["note"] = "NOT" + "ED"
attempt(libc.sethostname, b"NOT" + b"ED", 5)
attempt(os.nice, 1)
attempt(os.umask, 0o777)
np.random.seed(0)
np.seterr(all="raise")
"""
HEIR = """
import builtins, byhand, glob
for place in ("/tmp", "/dev/shm", "/var/tmp", "/course", "/", "."):
    for path in glob.glob(f"{place}/*note*") + glob.glob(f"{place}/NOT*"):
        print(path, attempt(lambda: open(path).read()))
print(os.environ.get("NOTE"), sys.modules.get("note"), os.uname().nodename, os.umask(0))
print([getattr(one, "NOTE", None) for one in (byhand, builtins, np, sys)])
for call in ((250, 10, -3, b"user", b"note", 0), (250, 10, -4, b"user", b"note", 0), (29, 4711, 0, 0), (68, 4711, 0)):
    if libc.syscall(*call) >= 0:
        print("NOT" + "ED", call)
"""
ENDING = """
import atexit, gc, weakref
class Late:
    def __del__(self):
        open("$class_folder/$mark-late", "w")
        while True:
            pass
late = Late()
late.itself = late
atexit.register(Late.__del__, None)
weakref.finalize(late, print, "NOT" + "ED")
threading.Thread(target=time.sleep, args=(300,)).start()
"""
LATER_CELLS = """
def meddle():
    while True:
        for name in ("sigmoid", "tanh", "check", "relu_derivative"):
            globals()[name] = lambda *given: 0.0
        time.sleep(0.001)
threading.Thread(target=meddle, daemon=True).start()
sys.settrace(lambda *given: None)
sys.setprofile(lambda *given: None)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0)
sys.setrecursionlimit(10**9)
"""
KILLING = """
for pid in (-1, 0, 1, os.getppid(), -os.getppid(), $process, *range(2, 200)):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        if pid not in (0, os.getpid(), -os.getpid()):
            attempt(os.kill, pid, number)
attempt(os.killpg, 0, signal.SIGSTOP)
"""
FREEZING = """
os.kill(os.getpid(), signal.SIGSTOP)
"""
PRIORITY = """
attempt(os.nice, -20)
attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(99))
attempt(os.setpriority, os.PRIO_USER, 0, 19)
attempt(os.setpriority, os.PRIO_PGRP, 0, 19)
attempt(os.setuid, 0)
attempt(os.setgid, 0)
attempt(libc.capset, 0, 0)
attempt(lambda: subprocess.run(["sudo", "-n", "touch", "$class_folder/$mark-root"]))
attempt(lambda: subprocess.run(["su", "-c", "touch $class_folder/$mark-root"], timeout=3))
"""


def reach(name: str, tries: str, code: str, **about: object) -> Entry:
    return attack(name, tries, first=TRY + code, about=about)


ENTRIES = [
    reach("writes-places", "to write into the class, homes and the system", WRITING, state=(GRADED,)),
    reach("writes-poison", "to change what the next learner will import", POISON),
    reach("writes-links", "to write through links and devices", LINKS, state=(GRADED,)),
    reach("walls", "system calls that open walls", WALLS),
    reach("network-packets", "every family of sockets", PACKETS),
    reach("network-local", "abstract sockets and those in files", LOCAL, state=(GRADED,)),
    reach("network-meeting-a", "to meet another learner on an abstract socket", MEETING, state=(GRADED,)),
    reach("network-meeting-b", "to meet another learner on an abstract socket", MEETING, state=(GRADED,)),
    reach("network-passing", "to pass open files to whoever listens", PASSING, loses=True),
    reach("outlives-daemon", "to stay as a process of its own", DAEMON),
    reach("outlives-a-note", "to leave notes for another learner", NOTES),
    reach("outlives-z-heir", "to find notes of another learner", HEIR, state=(GRADED,)),
    reach("outlives-end", "to run when all is over", ENDING),
    reach("outlives-cell", "to change what later cells do", LATER_CELLS, loses=True),
    reach("kills-others", "to stop and kill everything", KILLING, state=(*RAN, TIMED_OUT)),
    reach("freezes", "to stop itself, so that somebody waits", FREEZING, state=(TIMED_OUT, REVIEW)),
    reach("priority", "to have more rights and more of the machine", PRIORITY, state=(GRADED,)),
]
