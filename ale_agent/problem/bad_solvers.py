"""Solvers that behave badly, played by a thread over real pipes, to try an interactive judge."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Mapping

from ale_agent.problem.case import Case
from ale_agent.problem.dialogue import MAX_LINE_BYTES
from ale_agent.problem.tools import ToolsHost

# What a solver does with its input (read from) and its output (written to).
Behaviour = Callable[[int, int], None]

_CHUNK = 1 << 16
_MAX_LINES = 20000
_GARBAGE = "\0\x1b[0m \ufffd NaN -1 1e999 \u0661 ((\n".encode()


def play(tools: ToolsHost, case: Case, behaviour: Behaviour, *, wall_seconds: float) -> float:
    """Judge a behaviour as if it were a solver; returns and raises what `ToolsHost.interact` does."""
    solver_in, judge_out = os.pipe()
    judge_in, solver_out = os.pipe()

    def live() -> None:
        # The judge leaves a bad solver in the middle of its sentence: a broken pipe is how that looks from here.
        with contextlib.suppress(OSError):
            behaviour(solver_in, solver_out)
        os.close(solver_in)
        os.close(solver_out)

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    try:
        return tools.interact(case, judge_in, judge_out, wall_seconds=wall_seconds)
    finally:
        thread.join()


def _quit(read_fd: int, write_fd: int) -> None:
    pass


def _stay_silent(read_fd: int, write_fd: int) -> None:
    while os.read(read_fd, _CHUNK):
        pass


def _flood_one_line(read_fd: int, write_fd: int) -> None:
    sent = 0
    while sent < 4 * MAX_LINE_BYTES:
        sent += os.write(write_fd, b"7" * _CHUNK)
    _stay_silent(read_fd, write_fd)


def _write_garbage(read_fd: int, write_fd: int) -> None:
    os.write(write_fd, _GARBAGE * 100)
    _stay_silent(read_fd, write_fd)


def _write_numbers(read_fd: int, write_fd: int) -> None:
    for _ in range(_MAX_LINES):
        os.write(write_fd, b"0\n")


def _quit_in_a_line(read_fd: int, write_fd: int) -> None:
    os.read(read_fd, 1)
    os.write(write_fd, b"1 2")


BAD_SOLVERS: Mapping[str, Behaviour] = {
    "quits at once": _quit,
    "stays silent": _stay_silent,
    "floods with one endless line": _flood_one_line,
    "writes garbage": _write_garbage,
    "writes the same number again and again": _write_numbers,
    "quits in the middle of a line": _quit_in_a_line,
}
