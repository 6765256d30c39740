"""The host of a Python tools.py: a child process that nothing in tools.py can bring out of step."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ale_agent.errors import ToolsError
from ale_agent.problem import (
    Case,
    InvalidAnswerError,
    Problem,
    SolverGoneError,
    SolverSilentError,
    load_problem,
)
from ale_agent.problem.host import PythonToolsHost

TOML = """
id = "p"
title = "P"
objective = "maximize"
scoring = "absolute"
interactive = {interactive}
time_limit = 2.0
memory_limit_mb = 1024
[tools]
kind = "python"
"""
CASE = Case(7, "5\n")

BATCH = """
import ctypes, os, sys, time
import numpy as np
print("hello at import")
calls = 0

def generate(seed):
    global calls
    calls += 1
    return {
        0: lambda: f"case {calls}\\n", 1: lambda: 7, 2: lambda: sys.exit(3), 3: lambda: os._exit(4),
        4: lambda: generate(4), 5: lambda: bytearray(1 << 40), 6: lambda: ctypes.string_at(0),
        7: lambda: time.sleep(100), 8: lambda: os.kill(os.getpid(), 9), 9: lambda: "\\ud800",
        10: lambda: [print("x" * 1000) for _ in range(5000)] and "printed", 11: lambda: 1 / 0,
        12: lambda: (_ for _ in ()).throw(KeyboardInterrupt()), 13: lambda: str(dict(os.environ)),
        14: lambda: str(sys.stdin.read()), 15: lambda: "y" * 3_000_000, 16: lambda: f"{os.getpid()}",
        17: lambda: (print("last words", flush=True), time.sleep(100)),
    }[seed if seed < 100 else 0]()

def score(case, output):
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError
    values = {"nan": float("nan"), "inf": float("inf"), "bool": True, "text": "5", "none": None, "np": np.int64(3),
              "f32": np.float32(0.5), "huge": 10 ** 400, "array": np.ones(1)}
    if output == "bare":
        raise ValueError
    if output == "unprintable":
        raise Unprintable
    if output in values:
        return values[output]
    return int(output)
"""

GAME = """
import time
def generate(seed):
    return f"{seed}\\n"

def interact(case, solver):
    hidden = int(case)
    solver.send("1000\\n")
    for turn in range(50):
        line = solver.receive()
        if line == "think":
            time.sleep(0.6)
            continue
        if line == "hang":
            time.sleep(100)
        if line == "talk":
            for _ in range(100):
                solver.send("blah " * 10000)
        guess = int(line)
        if guess == hidden:
            solver.send("correct\\n")
            return 50 - turn
        solver.send("higher\\n" if guess < hidden else "lower\\n")
    raise ValueError("too many guesses")
"""

WRAPPING = GAME.replace(
    "line = solver.receive()",
    """
        try:
            line = solver.receive()
        except Exception as error:
            raise ValueError("wrapped") from error
""".strip("\n").replace("        try", "try", 1),
)


@pytest.fixture
def lay_out(tmp_path: Path) -> Callable[[str], Problem]:
    def make(tools: str) -> Problem:
        (tmp_path / "problem.toml").write_text(TOML.format(interactive=str("def interact" in tools).lower()))
        (tmp_path / "tools.py").write_text(tools)
        return load_problem(tmp_path)

    return make


@pytest.fixture
def batch(lay_out: Callable[[str], Problem]) -> Iterator[PythonToolsHost]:
    with PythonToolsHost(lay_out(BATCH), timeout_seconds=10) as host:
        yield host


@pytest.fixture
def game(lay_out: Callable[[str], Problem]) -> Iterator[PythonToolsHost]:
    with PythonToolsHost(lay_out(GAME), timeout_seconds=10) as host:
        yield host


Behaviour = Callable[[int, int], None]


def converse(host: PythonToolsHost, behaviour: Behaviour, *, hidden: int = 500, wall_seconds: float = 20.0) -> float:
    """Judge a solver that a thread plays with its input and output."""
    solver_in, judge_out = os.pipe()
    judge_in, solver_out = os.pipe()

    def live() -> None:
        try:
            behaviour(solver_in, solver_out)
        except OSError:
            pass
        finally:
            os.close(solver_in)
            os.close(solver_out)

    thread = threading.Thread(target=live)
    thread.start()
    try:
        return host.interact(Case(hidden, f"{hidden}\n"), judge_in, judge_out, wall_seconds=wall_seconds)
    finally:
        thread.join(20)
        assert not thread.is_alive()


def says(text: bytes, *, stays: bool = True) -> Behaviour:
    def behave(read_fd: int, write_fd: int) -> None:
        os.write(write_fd, text)
        while stays and os.read(read_fd, 4096):
            pass

    return behave


def bisect(read_fd: int, write_fd: int) -> None:
    with os.fdopen(os.dup(read_fd)) as hear, os.fdopen(os.dup(write_fd), "w") as say:
        low, high = 1, int(hear.readline())
        while True:
            guess = (low + high) // 2
            print(guess, file=say, flush=True)
            match hear.readline().strip():
                case "higher":
                    low = guess + 1
                case "lower":
                    high = guess - 1
                case _:
                    return


def test_generates_and_scores(batch: PythonToolsHost) -> None:
    assert batch.generate(0) == "case 1\n"
    assert batch.score(CASE, "12") == 12.0


def test_one_child_answers_all_calls(batch: PythonToolsHost) -> None:
    assert [batch.generate(0), batch.generate(0)] == ["case 1\n", "case 2\n"]


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (1, r"generate \(seed 1\) returned a int, but it must return a str"),
        (2, r"generate \(seed 2\) raised SystemExit: 3 \(line 11\)"),
        (3, r"generate \(seed 3\) ended its process, which ended with exit status 4"),
        (4, r"generate \(seed 4\) raised RecursionError"),
        (5, r"generate \(seed 5\) raised MemoryError"),
        (6, r"generate \(seed 6\) ended its process, which was killed by SIGSEGV"),
        (8, r"generate \(seed 8\) ended its process, which was killed by SIGKILL"),
        (9, r"generate \(seed 9\) returned text that is not Unicode at character 0"),
        (11, r"generate \(seed 11\) raised ZeroDivisionError: division by zero \(line 14\)"),
        (12, r"generate \(seed 12\) raised KeyboardInterrupt"),
    ],
)
def test_whatever_tools_do_is_one_clear_error_and_the_next_call_works(
    batch: PythonToolsHost, seed: int, message: str
) -> None:
    with pytest.raises(ToolsError, match=message) as caught:
        batch.generate(seed)
    assert "tools.py" in str(caught.value)
    assert batch.generate(0).startswith("case")


def test_tools_that_hang_are_stopped_with_what_they_printed_last(lay_out: Callable[[str], Problem]) -> None:
    with PythonToolsHost(lay_out(BATCH), timeout_seconds=1.5) as host:
        host.generate(0)
        with pytest.raises(
            ToolsError, match=r"(?s)generate \(seed 17\) ran longer than 1.5 s.*printed last.*last words"
        ) as e:
            host.generate(17)
        assert "hello at import" in str(e.value)
        assert host.generate(0) == "case 1\n"


def test_a_first_call_may_compile_for_longer(lay_out: Callable[[str], Problem]) -> None:
    tools = "import time\ndef generate(seed):\n    time.sleep(0.6)\n    return 'x'\ndef score(case, output): return 1\n"
    with PythonToolsHost(lay_out(tools), timeout_seconds=0.4) as host:
        assert host.generate(0) == "x"
        with pytest.raises(ToolsError, match=r"ran longer than 0.4 s"):
            host.generate(0)


def test_tools_may_print_as_much_as_they_like(batch: PythonToolsHost) -> None:
    assert batch.generate(10) == "printed"


def test_a_large_case_comes_whole(batch: PythonToolsHost) -> None:
    assert batch.generate(15) == "y" * 3_000_000


def test_tools_see_no_environment_and_no_input_of_ours(batch: PythonToolsHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert "secret" not in batch.generate(13)
    assert batch.generate(14) == ""


def test_seeds_out_of_range_are_refused(batch: PythonToolsHost) -> None:
    assert batch.generate(2**64 - 1).startswith("case")
    for seed in (-1, 2**64):
        with pytest.raises(ToolsError, match=r"a seed from 0 to 2\*\*64 - 1"):
            batch.generate(seed)


@pytest.mark.parametrize(("output", "score"), [("np", 3.0), ("f32", 0.5), ("-4", -4.0)])
def test_numbers_of_numpy_are_scores(batch: PythonToolsHost, output: str, score: float) -> None:
    assert batch.score(CASE, output) == score


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("nan", "the score nan, but it must be finite"),
        ("inf", "the score inf"),
        ("huge", "the score inf"),
        ("bool", "returned a bool, but it must return a number"),
        ("text", "returned a str"),
        ("none", "returned a NoneType"),
        ("array", "returned a ndarray"),
        ("unprintable", "raised Unprintable: with no printable message"),
    ],
)
def test_nonsense_is_never_a_score(batch: PythonToolsHost, output: str, message: str) -> None:
    with pytest.raises(ToolsError, match=message):
        batch.score(CASE, output)


@pytest.mark.parametrize(("output", "reason"), [("x y", "invalid literal"), ("bare", "the output is invalid")])
def test_a_value_error_is_an_invalid_answer(batch: PythonToolsHost, output: str, reason: str) -> None:
    with pytest.raises(InvalidAnswerError, match=reason):
        batch.score(CASE, output)


def test_lone_surrogates_reach_the_judge(batch: PythonToolsHost) -> None:
    with pytest.raises(InvalidAnswerError, match="invalid literal"):
        batch.score(CASE, "\udc80\ud800")


@pytest.mark.parametrize(
    ("tools", "message"),
    [
        ("import nowhere_to_be_found\n", r"cannot be imported: raised ModuleNotFoundError.*\(line 1\)"),
        ("\n\nraise SystemExit(1)\n", r"cannot be imported: raised SystemExit: 1 \(line 3\)"),
        ("import os\nos._exit(9)\n", r"import ended its process, which ended with exit status 9"),
        ("import time\ntime.sleep(100)\n", r"import ran longer than"),
    ],
)
def test_tools_that_cannot_be_imported_say_why(lay_out: Callable[[str], Problem], tools: str, message: str) -> None:
    problem = lay_out(f"{tools}def generate(seed): return ''\ndef score(case, output): return 1\n")
    with PythonToolsHost(problem, timeout_seconds=0.7) as host, pytest.raises(ToolsError, match=message):
        host.generate(0)


def test_a_mended_tools_file_works_after_close(lay_out: Callable[[str], Problem]) -> None:
    with PythonToolsHost(lay_out(BATCH)) as host:
        assert host.generate(0) == "case 1\n"
        host.close()
        lay_out(BATCH.replace("case {calls}", "other {calls}"))
        assert host.generate(0) == "other 1\n"


def test_hosts_live_side_by_side(lay_out: Callable[[str], Problem]) -> None:
    problem = lay_out(BATCH)
    with PythonToolsHost(problem) as one, PythonToolsHost(problem) as two:
        assert one.generate(16) != two.generate(16)


def test_nothing_is_left_behind(lay_out: Callable[[str], Problem]) -> None:
    problem = lay_out(BATCH)
    with PythonToolsHost(problem) as host:
        host.generate(0)
    before = len(os.listdir("/proc/self/fd"))
    with PythonToolsHost(problem) as host:
        pid = int(host.generate(16))
    assert len(os.listdir("/proc/self/fd")) == before
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_launcher_is_the_callers_choice(lay_out: Callable[[str], Problem]) -> None:
    seen = []

    def launch(arguments, *, environment, fds, output_fd):  # type: ignore[no-untyped-def]
        seen.append((arguments[-1], sorted(environment)))
        return subprocess.Popen(
            ["/usr/bin/env", *arguments], env=environment, pass_fds=fds, stdout=output_fd, stderr=output_fd
        )

    problem = lay_out(BATCH)
    with PythonToolsHost(problem, launch=launch) as host:
        assert host.generate(0) == "case 1\n"
    assert seen[0][0] == str(problem.folder / "tools.py")


BUSY = "def generate(seed):\n    open({ready!r}, 'w').write(str(__import__('os').getpid()))\n    sum(range(10**13))\n"


def test_the_child_dies_with_a_killed_parent_even_in_compiled_code(
    lay_out: Callable[[str], Problem], tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    problem = lay_out(BUSY.format(ready=str(ready)) + "def score(case, output): return 1\n")
    program = f"""
        from pathlib import Path
        from ale_agent.problem import load_problem, open_tools
        open_tools(load_problem(Path({str(problem.folder)!r})), timeout_seconds=100).generate(0)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)])
    pid = int(wait_for(lambda: ready.read_text() if ready.exists() else ""))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_for(lambda: "gone" if not is_running(pid) else "") == "gone"


def wait_for(condition: Callable[[], str], seconds: float = 20.0) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_outlives_the_thread_that_started_it(batch: PythonToolsHost) -> None:
    pids: list[str] = []
    thread = threading.Thread(target=lambda: pids.append(batch.generate(16)))
    thread.start()
    thread.join()
    assert pids == [batch.generate(16)]


def test_a_solver_is_judged_through_its_pipes(game: PythonToolsHost) -> None:
    assert converse(game, bisect) == 50.0
    assert converse(game, bisect, hidden=750) == 49.0
    assert game.last_output == "500\n750\n"


def test_the_last_line_may_lack_its_newline(game: PythonToolsHost) -> None:
    assert converse(game, says(b"7\r\n500", stays=False)) == 49.0


def test_a_solver_that_quits_is_gone(game: PythonToolsHost) -> None:
    with pytest.raises(SolverGoneError, match="ended before the judge was done"):
        converse(game, says(b"7\n", stays=False))


def test_a_silent_solver_is_told_so(game: PythonToolsHost) -> None:
    started = time.monotonic()
    with pytest.raises(SolverSilentError, match=r"stays silent: it kept the judge waiting for 0.4 s"):
        converse(game, says(b"7\n"), wall_seconds=0.4)
    assert time.monotonic() - started < 8


def test_the_judges_own_time_does_not_count(game: PythonToolsHost) -> None:
    assert converse(game, says(b"think\n500\n"), wall_seconds=0.4) == 49.0


def test_a_solver_that_does_not_read_is_told_so(game: PythonToolsHost) -> None:
    def deaf(read_fd: int, write_fd: int) -> None:
        os.write(write_fd, b"talk\n")
        time.sleep(1.5)

    with pytest.raises(SolverSilentError, match="does not read its input"):
        converse(game, deaf, wall_seconds=0.4)


def test_an_endless_line_is_a_flood(game: PythonToolsHost) -> None:
    def flood(read_fd: int, write_fd: int) -> None:
        while True:
            os.write(write_fd, b"7" * 65536)

    with pytest.raises(InvalidAnswerError, match="floods: a line longer than 1048576 bytes"):
        converse(game, flood)


def test_garbage_is_an_invalid_answer(game: PythonToolsHost) -> None:
    with pytest.raises(InvalidAnswerError, match="invalid literal"):
        converse(game, says(b"\0\xff\xfe\n"))


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (says(b"", stays=False), SolverGoneError),
        (says(b""), SolverSilentError),
        (says(b"nonsense\n"), InvalidAnswerError),
    ],
)
def test_a_judge_that_wraps_exceptions_does_not_change_the_outcome(
    lay_out: Callable[[str], Problem], behaviour: Behaviour, error: type[Exception]
) -> None:
    with PythonToolsHost(lay_out(WRAPPING)) as host, pytest.raises(error):
        converse(host, behaviour, wall_seconds=0.4)


def test_a_judge_that_hangs_is_the_tools_fault(lay_out: Callable[[str], Problem]) -> None:
    with PythonToolsHost(lay_out(GAME), timeout_seconds=0.3) as host:
        with pytest.raises(ToolsError, match=r"interact \(seed 500\) ran longer than"):
            converse(host, says(b"hang\n"), wall_seconds=0.3)
        assert converse(host, bisect) == 50.0


def test_no_descriptor_stays_open_after_a_game(game: PythonToolsHost) -> None:
    converse(game, bisect)
    before = len(os.listdir("/proc/self/fd"))
    converse(game, bisect)
    with pytest.raises(SolverGoneError):
        converse(game, says(b"", stays=False))
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_recorded_game_is_judged_again(game: PythonToolsHost) -> None:
    assert game.score(Case(0, "750\n"), "500\n750\n") == 49.0
    with pytest.raises(SolverGoneError):
        game.score(Case(0, "750\n"), "500\n")


SPACE = """
import numpy as np
def generate(seed): return "3"
def score(case, output): return 1
def draw(case, output):
    if output == "bad":
        raise ValueError("no picture of that")
    return "<svg/>"
def read_case(text): return (int(text),)
def answer_space(case): return {"kind": "integers", "low": np.array([3, -1, 2]), "high": np.full(case[0], 9)}
def objective(case, answer): return 1.0
def write_answer(case, answer): return ""
"""


def test_an_answer_space_is_told_in_plain_numbers(lay_out: Callable[[str], Problem]) -> None:
    with PythonToolsHost(lay_out(SPACE)) as host:
        space = host.answer_space(CASE)
    assert space == {"kind": "integers", "size": 3, "low_min": -1, "low_max": 3, "high_min": 9, "high_max": 9}


def test_draws_and_refuses_to_draw(lay_out: Callable[[str], Problem]) -> None:
    with PythonToolsHost(lay_out(SPACE)) as host:
        assert host.draw(CASE, "good") == "<svg/>"
        with pytest.raises(InvalidAnswerError, match="no picture of that"):
            host.draw(CASE, "bad")


def test_what_tools_do_not_define_is_said(batch: PythonToolsHost) -> None:
    with pytest.raises(ToolsError, match="defines no draw"):
        batch.draw(CASE, "1")
    with pytest.raises(ToolsError, match="has no array level"):
        batch.answer_space(CASE)


def test_scores_are_floats_that_are_finite(batch: PythonToolsHost) -> None:
    score = batch.score(CASE, "5")
    assert isinstance(score, float) and math.isfinite(score)
