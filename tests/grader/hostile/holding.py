"""Ways to hold more memory than a submission may: in the heap, and in every place besides that could be found.

Each takes what it gets, holds it for a moment, and says nothing if it is refused. ``benchmarks/memory_held.py``
measures what each of them held; here each must end as any other submission does.
"""

from __future__ import annotations

import textwrap

from corpus import GRADED, REVIEW, TIMED_OUT, Entry, attack

BEGIN = """
import ctypes, gc, mmap, os, threading, time
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
NONE, M = ctypes.c_void_p(-1).value, 2**20
keep = []
def until_refused(step, times=10**9):
    try:
        for number in range(times):
            step(number)
    except (OSError, MemoryError, RuntimeError, AttributeError):
        pass
def mapped(size, flags, file=-1):
    place = libc.mmap(None, size, 3, flags, file, 0)
    if place == NONE:
        raise MemoryError
    return place
def but_a_page(place, size):
    ctypes.memset(place, 1, size)
    libc.munmap(place + 4096, size - 4096)
"""
WAYS = {
    "heap": "until_refused(lambda n: keep.append(b'x' * (20 * M)))",
    "heap-small": "until_refused(lambda n: keep.append([n] * 1000))",
    "arrays": "until_refused(lambda n: keep.append(np.ones(M)))",
    "private-maps": "until_refused(lambda n: ctypes.memset(mapped(64 * M, 0x22), 1, 64 * M))",
    "shared-maps": "until_refused(lambda n: ctypes.memset(mapped(256 * M, 0x21), 1, 256 * M), 16)",
    # each stays whole while one page of it is mapped
    "shared-maps-but-a-page": "until_refused(lambda n: but_a_page(mapped(256 * M, 0x21), 256 * M), 16)",
    "shared-maps-validated": "until_refused(lambda n: but_a_page(mapped(256 * M, 0x23), 256 * M), 16)",
    "shared-maps-python": """
        def step(n):
            keep.append(mmap.mmap(-1, 256 * M))
            keep[-1].write(b'x' * (256 * M))
        until_refused(step, 16)""",
    "shared-zero": """
        def step(n):
            file = os.open('/dev/zero', os.O_RDWR)
            but_a_page(mapped(256 * M, 0x1, file), 256 * M)
            os.close(file)
        until_refused(step, 16)""",
    "huge-pages": """
        def step(n):
            place = mapped(66 * M, 0x22)
            first = (place + 2 * M - 1) // (2 * M) * 2 * M
            libc.madvise(first, 64 * M, 14)
            ctypes.memset(first, 1, 64 * M)
            for page in range(first, first + 64 * M, 2 * M):
                libc.munmap(page + 4096, 2 * M - 4096)
        until_refused(step, 60)""",
    "files": """
        def step(n):
            for place in ('/tmp', '/dev/shm'):
                with open(f'{place}/{n}', 'wb') as file:
                    file.write(b'x' * (8 * M))
        until_refused(step, 60)""",
    "files-and-heap": """
        until_refused(lambda n: open(f'/tmp/{n}', 'wb').write(b'x' * (8 * M)), 60)
        until_refused(lambda n: open(f'/dev/shm/{n}', 'wb').write(b'x' * (8 * M)), 60)
        until_refused(lambda n: keep.append(b'x' * (20 * M)))""",
    "files-without-a-name": """
        def step(n):
            keep.append(open(f'/tmp/{n}', 'wb'))
            os.unlink(f'/tmp/{n}')
            keep[-1].write(b'x' * (8 * M))
            keep[-1].flush()
        until_refused(step, 60)""",
    "empty-files": "until_refused(lambda n: open(f'/tmp/{n}', 'w').close(), 200_000)",
    "long-links": "until_refused(lambda n: os.symlink('x' * 4000, f'/tmp/{n}'), 200_000)",
    "memory-files": """
        def step(n):
            keep.append(os.memfd_create('x'))
            os.write(keep[-1], b'x' * (200 * M))
        until_refused(step, 20)""",
    "system-v": """
        def step(n):
            place = libc.shmget(0, ctypes.c_size_t(200 * M), 0o1666)
            if place < 0:
                raise OSError
            libc.shmat.restype = ctypes.c_void_p
            ctypes.memset(libc.shmat(place, None, 0), 1, 200 * M)
        until_refused(step, 16)""",
    "socket-buffers": """
        import socket
        def step(n):
            keep.append(socket.socketpair())
            keep[-1][0].setblocking(False)
            while True:
                try:
                    keep[-1][0].send(b'x' * 60_000)
                except BlockingIOError:
                    break
        until_refused(step, 60)""",
    "pipes": """
        import fcntl
        def step(n):
            read, write = os.pipe()
            try:
                fcntl.fcntl(write, 1031, M)
            except OSError:
                pass
            os.set_blocking(write, False)
            while True:
                try:
                    os.write(write, b'x' * M)
                except BlockingIOError:
                    break
        until_refused(step, 60)""",
    "pipes-of-pages": """
        def step(n):
            read, write = os.pipe()
            place = mapped(2 * M, 0x22)
            ctypes.memset(place, 1, 2 * M)
            parts = (ctypes.c_size_t * 2)(place, 65536)
            if libc.vmsplice(write, parts, ctypes.c_size_t(1), 8) < 0:
                raise OSError
            libc.munmap(place, 2 * M)
        until_refused(step, 60)""",
    "threads": """
        def held():
            mine = np.ones(4 * M)
            time.sleep(3)
        until_refused(lambda n: threading.Thread(target=held).start(), 200)""",
    "freed-late": """
        class Late:
            def __del__(self):
                time.sleep(0.2)
        def step(n):
            one, late = [np.ones(30 * M)], Late()
            one.append(one)
            one.append(late)
        until_refused(step, 40)""",
    "processes": """
        def step(n):
            if os.fork() == 0:
                mine = np.ones(30 * M)
                time.sleep(3)
        until_refused(step, 40)""",
    # kept by a child that only holds it, and in no table of pages
    "shared-with-a-child": """
        def step(n):
            place = mapped(512 * M, 0x21)
            if os.fork() == 0:
                time.sleep(5)
            ctypes.memset(place, 1, 512 * M)
            libc.munmap(place, 512 * M)
        until_refused(step, 8)""",
    "locks": """
        import fcntl
        file = open('/tmp/locked', 'w')
        until_refused(lambda n: fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * n), 3_000_000)""",
    "timers": """
        def step(n):
            if libc.timer_create(1, None, ctypes.byref(ctypes.c_void_p())):
                raise OSError
        until_refused(step, 500_000)""",
}


def code(way: str, seconds: float = 1.0) -> str:
    """A cell that holds what it can for so many seconds."""
    return f"{BEGIN}\n{textwrap.dedent(WAYS[way]).strip()}\ntime.sleep({seconds:g})\n"


ENTRIES: list[Entry] = [
    attack(
        f"holds-{way}",
        f"to hold memory beyond the limit: {way.replace('-', ' ')}",
        first=code(way, 0.3),
        about={"state": (GRADED, REVIEW, TIMED_OUT), "loses": True},
    )
    for way in WAYS
]
