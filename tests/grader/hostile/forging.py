"""Submissions that try for points which their work does not earn."""

from __future__ import annotations

from corpus import attack

from grader.classroom.sample_class import ALWAYS_EQUAL, FORGED_MESSAGES, PATCHES, REFERENCE

# In-process patching

IPYTHON = """
ip = get_ipython()
ip.events.register("post_run_cell", lambda result: setattr(result, "error_in_exec", None))
ip.events.register("pre_run_cell", lambda info: ip.user_ns.update(check=print))
ip.ast_transformers.append(type("Quiet", (), {"visit": lambda self, tree: __import__("ast").parse("True")})())
type(ip).run_cell = lambda self, *given, **named: None
ip.showtraceback = ip.showsyntaxerror = lambda *given, **named: print("✓ right on all cases")
"""
TRANSPORT = """
import base64, json, os
dumps, write = json.dumps, os.write
def forged(value, *given, **named):
    if isinstance(value, dict) and "collected" in value:
        value["passed"] = value["right"] = True
        for record in value["collected"] or ():
            record.update(passed=True, expected=record.get("returned"), kind="right")
            record.pop("raised", None)
    return dumps(value, *given, **named)
json.dumps = json.JSONEncoder.encode = forged
os.write = lambda fd, data: write(fd, data.replace(b'"raised"', b'"ignored"'))
base64.b64encode = lambda data, *given: b""
"""
COLLECTOR = """
import byhand.checking.collect as theirs
import byhand.checking.codec as values
def fake(function, cases):
    right = {"returned": None, "passed": True, "seconds": -1.0, "changed": [], "warnings": []}
    return [dict(right, expected=None, verdict="right") for case in cases]
theirs.collect = fake
theirs._call = lambda *given: {"returned": True, "passed": True}
values.encode = theirs.encode = lambda *given: True
"""
RUNNER = """
import gc
for one in gc.get_objects():
    if type(one).__name__ in ("Runner", "Outputs", "Stream", "Channel", "Writer"):
        for name in ("_collect", "_answers", "collect", "answers", "tell", "send"):
            if hasattr(one, name):
                try:
                    setattr(one, name, lambda *given, **named: [{"returned": 1.0, "passed": True}])
                except Exception:
                    pass
"""
FRAMES = """
import sys
frame = sys._getframe()
while frame is not None:
    for name, value in list(frame.f_locals.items()):
        if name in ("cases", "cells", "job", "records", "limits") and isinstance(value, (list, dict)):
            value.clear()
    frame = frame.f_back
"""
EASIER_INPUTS = """
def trick(given):
    import sys
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, np.ndarray):
                try:
                    value[...] = 0
                except ValueError:
                    pass
        frame = frame.f_back
    return np.zeros_like(given[0])
"""
BUILTINS = """
import builtins
for name in ("all", "any", "isinstance", "callable", "issubclass", "hasattr"):
    setattr(builtins, name, lambda *given: True)
builtins.len = builtins.max = builtins.sum = lambda *given, **named: 1
"""
MEMORY = """
import ctypes
ctypes.c_uint32.from_address(id(False) + 24).value = 1  # False is the number 1 from here on
"""

# Answers that come from elsewhere

HUNT = """
import gc, importlib, pkgutil, sys, types
import byhand
for module in pkgutil.walk_packages(byhand.__path__, "byhand."):
    try:
        importlib.import_module(module.name)
    except BaseException:
        pass
def candidates(name):
    for module in list(sys.modules.values()):
        if "byhand" in str(getattr(module, "__name__", "")):
            yield vars(module).get(name)
            yield vars(module).get("_" + name)
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__name__.strip("_") == name:
            yield one
        elif type(one).__name__ == "Exercise":
            yield getattr(one, "reference", None)
        elif isinstance(one, types.CodeType) and one.co_name == name:
            yield types.FunctionType(one, globals())
def trick(name, given):
    for one in candidates(name):
        if callable(one) and getattr(one, "__globals__", None) is not globals():
            try:
                return one(*given)
            except BaseException:
                pass
    raise ValueError("not found")
"""
SEARCH = """
import os
sources = []
for top in ("/course", "/python", "/venv", "/", "$repository", "$class_folder"):
    for where, folders, names in os.walk(top):
        folders[:] = [name for name in folders if name not in ("proc", "sys", "lib", "lib64", "usr", "numpy")]
        if "byhand" in where or "solutions" in names or "activations.py" in names or "solutions" in where:
            for name in names:
                try:
                    sources.append(open(os.path.join(where, name)).read())
                except (OSError, UnicodeDecodeError):
                    pass
def trick(name, given):
    for text in sources:
        if f"def {name}(" in text:
            space = {}
            try:
                exec(text, space)
                return space[name](*given)
            except BaseException:
                pass
    raise ValueError("not found")
"""
DOORS = """
def trick(name, given):
    for door in (
        "from byhand.exercises.activations.elementwise import {0} as it; it = it.reference",
        "from byhand.exercises import find; it = find('{0}').reference",
        "from byhand.reference.activations.elementwise import {0} as it",
        "from byhand.reference.activations.saturation import {0} as it",
        "from byhand.reference.activations.probabilities import {0} as it",
        "from byhand.explore.activations import {0} as it",
        "import byhand; it = byhand.working({0}); assert it is not {0}",
        "from grader.chapters.source import load; it = None", "from solutions import activations; it = activations.{0}",
    ):
        space = dict(globals())
        try:
            exec(door.format(name), space)
            return space["it"](*given)
        except BaseException:
            pass
    raise ValueError("no door is open")
"""

# Replays: what one exercise was answered is sent for another

REPLAY = """
import json, os
dumps, kept = json.dumps, []
def again(value, *given, **named):
    if isinstance(value, dict) and value.get("collected"):
        kept.append(value["collected"])
        right = [one for one in kept if all("returned" in record for record in one)]
        value["collected"] = right[0] if right else value["collected"]
    return dumps(value, *given, **named)
json.dumps = again
"""
FORMATS = """
import json, os, pickle, struct
record = {"returned": 1.0, "passed": True, "seconds": 0.0, "changed": [], "warnings": []}
forged = []
for index in range(80):
    forged.append({"done": index, "outputs": [], "stopped": False, "collected": [record] * 4, "passed": True})
    forged.append({"begin": index})
forged += [{"ready": True}, {"end": True}, {"report": {"exercise": "sigmoid", "passed": True}}]
lines = [json.dumps(one).encode() for one in forged] + [pickle.dumps(one) for one in forged[:3]]
for fd in range(64):
    for line in lines:
        for packed in (line + b"\\n", struct.pack(">I", len(line)) + line, struct.pack("<Q", len(line)) + line):
            try:
                os.set_blocking(fd, False)
                os.write(fd, packed)
            except OSError:
                pass
"""
FORKED = """
import json, os, time
child = os.fork()
if child == 0:
    for line in ({"end": True}, {"done": 9, "outputs": [], "stopped": False, "collected": [{"returned": 1}]}):
        for fd in range(3, 64):
            try:
                os.write(fd, json.dumps(line).encode() + b"\\n")
            except OSError:
                pass
    time.sleep(60)
"""
EVALUATED = """
import byhand.checking.collect as theirs
code = "(__import__('os').system('touch $home/$mark-judged'), 1.0)[1]"
theirs.encode = lambda value, *given: {"function": code, "parameters": "x=" + code}
"""

PATCHED = [
    attack(
        "patches-asserts",
        "patches asserts, NumPy's comparisons and the checks",
        first=PATCHES,
        about={"loses": True},
    ),
    attack(
        "patches-ipython",
        "patches IPython: hooks, transformers, run_cell, tracebacks",
        first=IPYTHON,
        about={"loses": True},
    ),
    attack("patches-transport", "patches json, base64 and os.write under the messages", first=TRANSPORT),
    attack(
        "patches-collector",
        "replaces the module that collects the answers",
        first=COLLECTOR,
        about={"loses": True},
    ),
    attack("patches-runner", "finds the runner's objects and replaces their methods", first=RUNNER),
    attack(
        "patches-frames",
        "empties the job in the frames below",
        first=FRAMES,
        about={"loses": True},
    ),
    attack("patches-inputs", "makes the inputs zero", first=EASIER_INPUTS, every="return trick(given)"),
    attack(
        "patches-builtins",
        "breaks builtins, so that everything seems true",
        first=BUILTINS,
        about={"loses": True},
    ),
    attack("patches-memory", "writes True where False is in memory", first=MEMORY, about={"loses": True}),
    attack(
        "evaluated",
        "answers with a function's text, for whoever evaluates it outside",
        first=EVALUATED,
        about={"loses": True},
    ),
]
MESSAGES = [
    attack("messages", "writes messages to every open file", first=FORGED_MESSAGES, about={"loses": True}),
    attack("messages-formats", "writes messages in every format", first=FORMATS, about={"loses": True}),
    attack("messages-fork", "lets a child write messages", first=FORKED, about={"loses": True}),
    attack("replays", "answers each check with what `relu` was answered", first=REPLAY),
]
ELSEWHERE = [
    attack("reference", "imports the course's own function", answers={"sigmoid": REFERENCE}),
    attack(
        "reference-hunt",
        "looks for the reference in all modules and in memory",
        first=HUNT,
        every="return trick(name, given)",
    ),
    attack(
        "reference-search",
        "looks for the reference in all files",
        first=SEARCH,
        every="return trick(name, given)",
    ),
    attack("reference-doors", "tries all doors to it", first=DOORS, every="return trick(name, given)"),
]

# Answers of unusual kinds: what `every` other exercise returns

KINDS = {
    "agrees": (
        "an array that agrees with everything",
        ALWAYS_EQUAL.replace("sigmoid", "agreeing"),
        "agreeing(given[0])",
    ),
    "masked": (
        "a masked array, whose comparisons are masked too",
        "",
        "np.ma.masked_all(np.shape(given[0]))",
    ),
    "objects": (
        "an array of objects that equal everything",
        "class Same:\n    __eq__ = __le__ = lambda self, other: True\n"
        "    __sub__ = __rsub__ = __abs__ = __float__ = lambda self, other=None: self\n    __hash__ = None",
        "np.full(np.shape(given[0]), Same(), object)",
    ),
    "float": (
        "a float that equals everything",
        "class Same(float):\n    __eq__ = lambda self, other: True\n    __hash__ = float.__hash__\n"
        "    __sub__ = __rsub__ = lambda self, other: 0.0",
        "Same()",
    ),
    "nan": ("NaN, which fails every comparison", "", "np.full(np.shape(given[0]), np.nan)"),
    "infinite": ("infinity, within any tolerance", "", "np.full(np.shape(given[0]), np.inf)"),
    "huge-number": ("the largest number there is", "", "np.full(np.shape(given[0]), np.finfo(float).max)"),
    "huge-integer": ("an integer of 50,000 digits", "", "10**50_000"),
    "huge-array": ("an array of a petabyte that needs no memory", "", "np.broadcast_to(0.0, (2**25, 2**25))"),
    "empty": ("nothing at all to compare", "", "np.empty((0, *np.shape(given[0])))"),
    "structured": ("an array of records", "", "np.zeros(np.shape(given[0]), [('x', 'f8'), ('ok', '?')])"),
    "text": ("texts and bytes instead of numbers", "", "np.full(np.shape(given[0]), '<b>1.0</b>')"),
    "dates": ("dates, not-a-time included", "", "np.full(np.shape(given[0]), np.datetime64('NaT'))"),
    "complex": ("complex numbers with a NaN in them", "", "np.full(np.shape(given[0]), complex(1, np.nan))"),
    "matrix": ("a matrix and other subclasses", "", "np.asmatrix(np.zeros((2, 2)))"),
    "long": ("numbers of 16 bytes", "", "np.zeros(np.shape(given[0]), np.longdouble)"),
    "itself": (
        "a list that holds itself",
        "def knot():\n    one = []\n    one.append(one)\n    return one",
        "knot()",
    ),
    "deep": (
        "lists nested a hundred thousand times",
        "def nested():\n    one = []\n    for _ in range(100_000):\n        one = [one]\n    return one",
        "nested()",
    ),
    "generator": ("a generator that never ends", "", "iter(lambda: 1.0, None)"),
    "pickled": (
        "an object that runs code when it is copied or sent",
        "class Sent:\n    def __reduce__(self):\n"
        "        return __import__('os').system, ('touch $home/$mark-unpickled',)\n"
        "    __copy__ = __deepcopy__ = __reduce__",
        "Sent()",
    ),
    "keys": (
        "a dict whose keys equal everything",
        "",
        "{float('nan'): 1, (1, (2,)): {}, None: [], '': given}",
    ),
    "bool": ("True for every question", "", "True"),
    "input": ("the very input", "", "given[0]"),
}
UNUSUAL = [
    attack(f"returns-{name}", f"returns {tries}", first=code, every=f"return {value}")
    for name, (tries, code, value) in KINDS.items()
]

ENTRIES = [*PATCHED, *MESSAGES, *ELSEWHERE, *UNUSUAL]
