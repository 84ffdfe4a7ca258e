"""Execute: honest notebooks run as they do at home, and one bad cell costs no other exercise its marks."""

from __future__ import annotations

import base64
import time

import numpy as np
import pytest
from sandboxed import QUICK, SIGMOID, X, answers, check, only, run, shown, troubles

from byhand.checking.codec import decode
from grader.execute.session import Limits
from grader.model import Cell, Executed, Role, Trouble

pytestmark = pytest.mark.sandbox

SWALLOWS = """
n = 0
while True:
    try:
        while True:
            n += 1
    except BaseException:
        n = 0
"""
DRAW = (
    "import struct, zlib\n"
    "def chunk(kind, data):\n"
    "    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))\n"
    "class Picture:\n"
    "    def _repr_png_(self):\n"
    "        head = struct.pack('>IIBBBBB', 2, 2, 8, 0, 0, 0, 0)\n"
    "        rows = zlib.compress(b'\\0\\xff\\0' * 2)\n"
    "        return b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', head) + chunk(b'IDAT', rows) + chunk(b'IEND', b'')\n"
)


@pytest.fixture(scope="module")
def honest() -> Executed:
    return run(
        "import numpy as np\nprint('shapes')\nnp.eye(2)",
        "def helper(x):\n    return 1 + np.exp(-x)",
        "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\nfiles = !ls\n!pip install torch\n"
        "def sigmoid(x):\n    return 1 / helper(x)",
        check("sigmoid"),
        "sigmoid(1 / 0)",
        "def tanh(x)\n    return x",
        check("tanh"),
        "def relu(x):\n    x[0] = 9\n    print('called')\n    return x.nothing",
        check("relu"),
        Cell("demo", Role.DEMO, "code", "print('demo')"),
        Cell("text", Role.EXTRA, "markdown", "print('text')"),
        "from IPython.display import HTML, display\n"
        "display(HTML('<script>alert(1)</script>'))\nprint('\\x1b[31mred\\x1b[0m \\ud800', end='')\nsigmoid",
        DRAW + "Picture()",
        "def deep(n):\n    return deep(n + 1)\ndeep(0)",
        "_ = 1\nexit()\nname = input('who? ')",
        "from byhand import check, explore, progress, working\nexplore.saturation(sigmoid)\nprogress()\n"
        "check(working(sigmoid))",
    )


def test_a_notebook_runs_as_under_jupyter(honest: Executed) -> None:
    assert honest.outputs[0][0] == {"output_type": "stream", "name": "stdout", "text": "shapes\n"}
    assert honest.outputs[0][1] == {
        "output_type": "execute_result",
        "execution_count": 1,
        "data": {"text/plain": "array([[1., 0.],\n       [0., 1.]])"},
        "metadata": {},
    }
    assert honest.incidents == ()


def test_an_answer_may_use_a_helper_from_a_cell_of_the_learners_own(honest: Executed) -> None:
    (answer,) = answers(honest, "sigmoid")
    np.testing.assert_allclose(answer, 1 / (1 + np.exp(-X)))


def test_magics_and_commands_do_no_harm(honest: Executed) -> None:
    assert "do nothing in the grader" in shown(honest, 2)
    assert not any(output["output_type"] == "error" for output in honest.outputs[2])


def test_an_error_is_told_with_the_learners_own_lines(honest: Executed) -> None:
    (error,) = honest.outputs[4]
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert "Cell In[4], line 1" in shown(honest, 4)
    assert "Cell In[5], line 1" in shown(honest, 5)
    assert "/" not in shown(honest, 5)


def test_a_function_that_is_not_there_is_not_collected(honest: Executed) -> None:
    assert "tanh" not in honest.collected


def test_what_a_check_saw_comes_with_the_answer(honest: Executed) -> None:
    (record,) = honest.collected["relu"]
    assert record["raised"]["type"] == "AttributeError"
    assert record["raised"]["source"] == "return x.nothing"
    assert record["changed"] == ["0"]
    assert honest.outputs[8] == ()


def test_demo_and_prose_do_not_run(honest: Executed) -> None:
    assert honest.outputs[9] == honest.outputs[10] == ()


def test_only_plain_text_and_png_come_out(honest: Executed) -> None:
    kinds = {kind for cell in honest.outputs for output in cell for kind in output.get("data", {})}
    assert kinds == {"text/plain", "image/png"}
    assert "red ?" in shown(honest, 11)
    assert "script" not in shown(honest, 11)
    (picture,) = honest.outputs[12]
    assert base64.b64decode(picture["data"]["image/png"]).startswith(b"\x89PNG")


def test_endless_recursion_is_told_in_a_few_lines(honest: Executed) -> None:
    assert "RecursionError" in shown(honest, 13)
    assert len(honest.outputs[13][0]["traceback"]) < 20


def test_leaving_and_asking_do_not_stop_the_notebook(honest: Executed) -> None:
    assert "input() finds nobody" in shown(honest, 14)


def test_checks_and_explorables_of_a_notebook_do_nothing(honest: Executed) -> None:
    assert shown(honest, 15) == "The grader runs this check itself."


def test_an_endless_loop_is_stopped_and_the_rest_runs() -> None:
    executed = run("print('before')\nwhile True:\n    pass", SIGMOID, check("sigmoid"), limits=QUICK)
    assert troubles(executed) == [(0, Trouble.TIME)]
    assert only(executed).sentence == (
        "This cell ran longer than 2 seconds and was stopped. Is there a loop that never ends?"
    )
    assert shown(executed, 0).startswith("before")
    assert executed.outputs[0][-1]["ename"] == "TimeoutError"
    assert answers(executed, "sigmoid")


def test_an_endless_loop_in_an_answer_costs_that_answer_alone() -> None:
    endless = "def relu(x):\n    while True:\n        pass"
    executed = run(endless, check("relu"), SIGMOID, check("sigmoid"), limits=QUICK)
    assert troubles(executed) == [(1, Trouble.TIME)]
    assert only(executed).sentence.startswith("The check of `relu` ran longer")
    assert set(executed.collected) == {"sigmoid"}


def test_a_loop_that_swallows_its_alarm_is_killed_and_costs_no_other_marks() -> None:
    executed = run(SIGMOID, check("sigmoid"), SWALLOWS, "kept = 7", "kept", limits=QUICK)
    assert troubles(executed) == [(2, Trouble.TIME)]
    assert answers(executed, "sigmoid")
    assert shown(executed, 4) == "7"


@pytest.mark.parametrize(
    "deadly",
    ["import os\nos._exit(0)", "import ctypes\nctypes.string_at(0)", "import os\nos.kill(os.getpid(), 9)"],
    ids=["exit", "crash", "kill"],
)
def test_a_cell_that_ends_python_is_left_out(deadly: str) -> None:
    executed = run(SIGMOID, deadly, check("sigmoid"))
    assert troubles(executed) == [(1, Trouble.DIED)]
    assert shown(executed, 1).startswith("Stopped: This cell made Python end.")
    assert answers(executed, "sigmoid")


def test_first_results_stay_when_the_notebook_runs_again() -> None:
    executed = run("import time\nt = time.time_ns()\nt", "t", "import os\nos._exit(1)", "t")
    first, before, after = (int(shown(executed, cell)) for cell in (0, 1, 3))
    assert first == before < after


def test_too_many_restarts_end_the_notebook_with_a_word() -> None:
    deadly = "import os\nos._exit(0)"
    executed = run(SIGMOID, check("sigmoid"), deadly, deadly, "1", limits=Limits(restarts=1))
    assert troubles(executed) == [(2, Trouble.DIED), (3, Trouble.DIED)]
    assert executed.incidents[1].sentence.endswith("the cells below did not run.")
    assert answers(executed, "sigmoid")
    assert executed.outputs[4] == ()


def test_the_whole_notebook_has_a_limit_too() -> None:
    slow = "import time\ntime.sleep(1.5)"
    executed = run(slow, SIGMOID, check("sigmoid"), slow, slow, limits=Limits(submission_seconds=2.5))
    assert troubles(executed) == [(3, Trouble.TIME)]
    assert only(executed).sentence.startswith("The notebook ran longer than 2.5 seconds.")
    assert answers(executed, "sigmoid")


def test_a_memory_hog_gets_a_memory_error_and_the_rest_runs() -> None:
    executed = run(SIGMOID, "hog = b'x' * (3 * 2**30)", "np.ones((10**6, 10**6))", check("sigmoid"))
    assert shown(executed, 1).endswith("MemoryError")
    assert "Unable to allocate" in shown(executed, 2)
    assert executed.incidents == ()
    assert answers(executed, "sigmoid")


def test_memory_and_files_count_together() -> None:
    hog = (
        "import time\n"
        "held = b'x' * (80 * 2**20)\n"
        "for place in ('/tmp', '/dev/shm'):\n"
        "    with open(place + '/held', 'wb') as file:\n"
        "        for _ in range(3):\n"
        "            file.write(held)\n"
        "time.sleep(30)"
    )
    limits = Limits(memory_bytes=600 * 2**20, scratch_bytes=250 * 2**20)
    executed = run(SIGMOID, hog, check("sigmoid"), limits=limits)
    assert troubles(executed) == [(1, Trouble.MEMORY)]
    assert "more than 0.59 GB of memory" in only(executed).sentence
    assert answers(executed, "sigmoid")


@pytest.mark.parametrize(
    "start",
    [
        "os.fork()",
        "os.system('true')",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "subprocess.run(['true'])",
        "multiprocessing.Process(target=print).start()",
    ],
)
def test_what_starts_a_process_is_told_so(start: str) -> None:
    executed = run("import multiprocessing, os, subprocess", start, SIGMOID, check("sigmoid"))
    assert shown(executed, 1).endswith(
        "PermissionError: The grader starts no other programs and no processes. Threads work."
    )
    assert executed.incidents == ()
    assert answers(executed, "sigmoid")


def test_a_flood_of_output_is_cut() -> None:
    executed = run(
        "for _ in range(3000):\n    print('x' * 100)",
        "'y' * 10**6",
        "import sys\nprint('done', file=sys.stderr)\n1 / 0",
        limits=Limits(output_bytes=5000),
    )
    assert len(shown(executed, 0)) < 5200
    assert shown(executed, 0).endswith("The rest is left out: a cell may show 5,000 characters here.")
    assert len(shown(executed, 1)) < 5200
    assert shown(executed, 2).startswith("done\n\nTraceback")


def test_pictures_have_a_limit_together() -> None:
    executed = run(DRAW + "Picture()", "Picture()", limits=Limits(image_bytes=100))
    assert "image/png" in executed.outputs[0][0]["data"]
    assert "A picture is left out" in shown(executed, 1)


def test_an_answer_too_large_to_send_is_told_as_such() -> None:
    executed = run(
        "import numpy as np\ndef sigmoid(x):\n    return np.zeros(10**6)",
        check("sigmoid"),
        limits=Limits(message_bytes=2**20),
    )
    (answer,) = answers(executed, "sigmoid")
    assert repr(answer) == "a value of type too large to send"
    assert executed.incidents == ()


def test_threads_left_running_do_not_hold_the_grader_up() -> None:
    start = time.monotonic()
    executed = run(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
        SIGMOID,
        check("sigmoid"),
    )
    assert time.monotonic() - start < 20
    assert answers(executed, "sigmoid")
    assert executed.incidents == ()


FIND = """
import os, stat
def is_pipe(number):
    try:
        return stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False
(channel,) = filter(is_pipe, range(3, 128))
"""


@pytest.mark.parametrize(
    "forged",
    [
        "os.write(channel, b'nonsense\\n')",
        "os.write(channel, b'{\"end\": true}\\n')",
        'os.write(channel, b\'{"done": 2, "outputs": [], "stopped": false, "collected": [1]}\\n\')',
        'os.write(channel, b\'{"done": 1, "outputs": [7], "stopped": false}\\n\')',
        "line = b'[' * 65536\nwhile True:\n    os.write(channel, line)",
        "os.write(channel, b'[' * 60000 + b'\\n')",
    ],
    ids=["garbage", "early end", "another cell's answer", "false outputs", "endless line", "deep"],
)
def test_what_is_forged_on_the_channel_is_no_message(forged: str) -> None:
    executed = run(SIGMOID, FIND + forged, check("sigmoid"))
    assert troubles(executed) == [(1, Trouble.GARBLED)]
    assert answers(executed, "sigmoid")


def test_an_answer_forged_on_the_channel_is_only_a_value_to_be_judged() -> None:
    forged = (
        '[{"done": 0, "outputs": [], "stopped": false}, {"begin": 1}, '
        '{"done": 1, "outputs": [], "stopped": false, "collected": [{"returned": 1}]}]'
    )
    executed = run(
        FIND + f"import json\nfor line in json.loads('{forged}'):\n"
        "    os.write(channel, json.dumps(line).encode() + b'\\n')",
        check("sigmoid"),
        SIGMOID,
    )
    assert executed.collected == {"sigmoid": [{"returned": 1}]}
    assert decode(executed.collected["sigmoid"][0]["returned"]) == 1


def test_a_closed_channel_is_a_cell_left_out() -> None:
    executed = run(SIGMOID, FIND + "os.close(channel)", check("sigmoid"))
    assert troubles(executed) == [(1, Trouble.DIED)]
    assert answers(executed, "sigmoid")


def test_text_that_is_no_text_stops_nobody() -> None:
    executed = run("x = '\ud800'", "y = 1\0", SIGMOID, check("sigmoid"))
    assert answers(executed, "sigmoid")
    assert executed.incidents == ()


def test_an_empty_notebook_is_executed_too() -> None:
    assert run() == Executed((), {}, ())
