"""``make sandbox-check``: what a machine's sandbox lacks is named."""

from __future__ import annotations

import pytest

from grader.execute import fork_server, system_calls
from grader.execute.sandbox import Limits
from grader.pipeline import sandbox_check
from grader.pipeline.sandbox_check import BAD, FORKS, GOOD, NO_GROUPS, checked

pytestmark = pytest.mark.sandbox


def test_a_machine_on_which_all_works() -> None:
    machine, groups, forks, *chapters, verdict = checked(["00_start"])
    assert machine.startswith("Linux ")
    assert (groups, forks, verdict) == (NO_GROUPS, FORKS, GOOD)
    assert [line for line in chapters if "right" in line] == [
        "00_start: 12 of 12 right, forked",
        "00_start: 12 of 12 right, fresh",
    ]


def test_a_refused_call_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(system_calls.ALLOWED, "munmap")
    lines = list(checked(["00_start"]))
    refused = [line for line in lines if "refused there" in line]
    assert any("munmap" in line for line in refused)


def test_answers_that_are_lost_here_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fork_server.cool_down()
    tried = sandbox_check.execute
    monkeypatch.setattr(
        sandbox_check, "execute", lambda *given, **how: tried(*given, Limits(message_bytes=2000), **how)
    )
    *_, verdict = lines = list(checked(["00_start"]))
    assert verdict != GOOD
    assert verdict.endswith(BAD.partition("}")[2])
    assert any(line.startswith("  ") and "refused" not in line for line in lines)
