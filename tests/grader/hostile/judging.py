"""Submissions that aim at what happens after them: decoding, comparing, recording and showing their answers.

They send records that no check packs, which is what a patched collector can do, or values that an honest one packs.
"""

from __future__ import annotations

import textwrap

from corpus import GRADED, RAN, REPAIRED, REVIEW, Entry, attack

SENDS = """
import byhand.checking.collect as _collecting
_honest = _collecting._call
def _sent(function, *given):
    if getattr(function, "__name__", "") == "relu":
        return _honest(function, *given)
    made = {"seconds": 0.0, "changed": [], "warnings": []}
    made.update(_record(*given))
    return made
def _record(*given):
CODE
_collecting._call = _sent
"""
RECORDS = {
    # (a, b) with one hash each were what made judging quadratic
    "keys-of-tuples": ("40,000 keys that share a hash", """
        pairs = [[{"tuple": [n * (2**61 - 1) % 2**63, -n]}, 0] for n in range(10_000)]
        return {"returned": {"dict": pairs}}"""),
    "keys-of-integers": ("integers that share a hash, as keys", """
        return {"returned": {"dict": [[n * (2**61 - 1), 0] for n in range(-4, 5)] * 1000}}"""),
    "keys-of-floats": ("floats that share a hash, as keys", """
        keys = [float(m * 2 ** (61 * p)) for m in range(1, 600) for p in range(16)]
        return {"returned": {"dict": [[key, 0] for key in keys]}}"""),
    "keys-many": ("a hundred thousand keys", """
        return {"returned": {"dict": [[n, 0] for n in range(100_000)]}}"""),
    "kind-half": ("a kind that no file can hold", """
        return {"returned": {"other": "\\ud800", "text": "\\udfff"}}"""),
    "kind-turned": ("a kind that turns the text around it", """
        return {"returned": {"other": "\\u202e\\x1b[31m\\x07", "text": "\\u2066\\x00"}}"""),
    "changed-long": ("450 KB in the list of changed arguments", """
        return {"returned": None, "changed": ["x" * 450_000]}"""),
    "changed-square": ("an argument whose number is no number", """
        return {"returned": 0.0, "changed": ["\\u00b2", "-1", "99", "x" * 100]}"""),
    "raised-long": ("an error of 450 KB", """
        return {"raised": {"type": "E" * 450_000, "message": "m" * 450_000, "source": "s" * 450_000, "line": 1}}"""),
    "raised-forged": ("errors whose parts are of a wrong type", """
        return {"raised": {"type": ["x"], "message": {}, "line": "1", "shapes": [1], "value_error": "yes"}}"""),
    "raised-live": ("an error that is a page", """
        text = "<script>alert(1)</script>\\x1b]8;;http://evil.example\\x07"
        return {"raised": {"type": text, "message": text, "source": text, "inside": text, "line": 1}}"""),
    "value-error": ("the error that some cases expect, for all", """
        return {"raised": {"type": "ValueError", "message": "", "value_error": True, "line": None}}"""),
    "integers-long": ("integers of 4,000 digits", """
        return {"returned": [10**4000] * 100}"""),
    "seconds-forged": ("times that are none", """
        return {"returned": 0.0, "seconds": float("nan")}"""),
    "seconds-huge": ("an answer that took ten to the 300 seconds", """
        return {"returned": 0.0, "seconds": 1e300}"""),
    "warnings-many": ("a hundred thousand warnings", """
        return {"returned": 0.0, "warnings": ["w" * 10] * 100_000}"""),
    "nested": ("lists nested as deeply as JSON can be", """
        one = []
        for _ in range(900):
            one = [one]
        return {"returned": one}"""),
    "nested-wide": ("lists of lists, a million in all", """
        return {"returned": [[[0.0] * 10] * 100] * 50}"""),
    "array-forged": ("arrays whose bytes do not fit", """
        return {"returned": {"array": "float64", "shape": [2**40, 2**40], "data": "AAAA"}}"""),
    "array-empty-axes": ("arrays with no numbers and vast axes", """
        return {"returned": {"array": "float64", "shape": [0, 30_000_000], "data": ""}}"""),
    "array-of-axes": ("arrays of 32 axes", """
        return {"returned": {"array": "float64", "shape": [1] * 32, "data": "AAAAAAAAAAA="}}"""),
    "function-forged": ("a function as an answer, whose text would run", """
        return {"returned": {"function": "__import__('os').system('touch $home/$mark-ran')", "parameters": "x"}}"""),
    "rng-forged": ("a generator as an answer", """
        return {"returned": {"rng": [2**70, -1]}}"""),
    "not-a-record": ("records that are none", """
        class Odd(dict):
            def update(self, other): pass
        return {"returned": {"dict": "no pairs"}, "changed": 7, "warnings": {"a": 1}}"""),
}  # fmt: skip
KIND = """
def l1_norm(v):
    return type("T", (), {"__module__": "\\ud800"})()
tanh = sigmoid = softmax = l1_norm
"""
STATES = (*RAN, REPAIRED)


def sends(name: str, tries: str, code: str) -> Entry:
    body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
    return attack(
        f"judged-{name}",
        tries,
        first=SENDS.replace("CODE", body),
        every="return 0.0",
        about={"state": (GRADED, REVIEW), "loses": True},
    )


ENTRIES: list[Entry] = [
    *(sends(name, *parts) for name, parts in RECORDS.items()),
    attack(
        "judged-honest-half",
        "a class's name that no file can hold",
        last=KIND,
        about={"state": STATES},
    ),
    attack(
        "judged-honest-keys",
        "a dict of many equal hashes, from an honest check",
        every="return {n * (2**61 - 1): n for n in range(-4, 5)} | {float(2**n): n for n in range(1000)}",
        about={"state": STATES},
    ),
]
