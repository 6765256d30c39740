"""The child side of a tools host: imports one tools.py and answers requests until its parent is gone.

Run as ``python -m ale_agent.problem.host_child SOCKET_FD LIFELINE_FD TOOLS_PATH``. Not a sandbox: tools.py is as
trusted as any program a user starts, unless `main` is given a lock (`ale_agent.sandbox.tools_child`).
"""

from __future__ import annotations

import contextlib
import fcntl
import math
import numbers
import os
import resource
import select
import signal
import socket
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from ale_agent.problem import wire
from ale_agent.problem.dialogue import ScriptedSolver, Solver

MODULE_NAME = "tools"
ADDRESS_SPACE_BYTES = 8 << 30
MAX_TEXT_BYTES = 256 << 20
MAX_MESSAGE_CHARACTERS = 2000

Reply = dict[str, Any]


class NonsenseError(Exception):
    """The tools returned what their contract does not allow."""


def main(shut: Callable[[Path], None] = lambda folder: None) -> NoReturn:
    """Serve one host, then end without waiting for anything the tools may have started.

    Parameters
    ----------
    shut
        Locks this process into the folder of tools.py before that file is read.
    """
    socket_fd, lifeline_fd, path = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    _die_with(lifeline_fd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(resource.RLIMIT_AS, ADDRESS_SPACE_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    os.set_inheritable(socket_fd, False)
    channel = socket.socket(fileno=socket_fd)
    tools = _Tools(path)

    def load() -> Reply:
        shut(path.parent)
        return tools.load()

    try:
        wire.send_blocking(channel, _guarded(load, path))
        while True:
            request, fds = wire.receive_blocking(channel)
            wire.send_blocking(channel, _guarded(lambda: tools.answer(request, fds), path))  # noqa: B023
    except (wire.ChannelClosedError, OSError):
        pass
    os._exit(0)


def _die_with(lifeline_fd: int) -> None:
    """Have the kernel kill this process as soon as the other end of the lifeline closes, whatever runs here.

    PR_SET_PDEATHSIG would fire when the parent's *thread* ends, and a watching thread would not run while compiled
    code holds the interpreter's lock.
    """
    os.set_inheritable(lifeline_fd, False)
    fcntl.fcntl(lifeline_fd, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline_fd, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline_fd, fcntl.F_SETFL, fcntl.fcntl(lifeline_fd, fcntl.F_GETFL) | os.O_ASYNC)
    poll = select.poll()
    poll.register(lifeline_fd, select.POLLIN)
    if poll.poll(0):
        os._exit(0)


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, hard))


def _guarded(work: Callable[[], Reply], path: Path) -> Reply:
    """Return the work's reply, or what it raised as a reply: even SystemExit must not end this process."""
    try:
        return work()
    except NonsenseError as error:
        return {"status": "error", "reason": str(error)}
    except BaseException as error:
        return {"status": "error", "reason": f"raised {_described(error, path)}"}
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()


def _described(error: BaseException, path: Path) -> str:
    """Return type, text and the line of tools.py where an exception came from."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines = [error.lineno]
    text = _text_of(error)
    place = f" (line {lines[-1]})" if lines else ""
    return f"{type(error).__name__}{': ' if text else ''}{text}{place}"


def _text_of(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:
        return "with no printable message"
    return text if len(text) <= MAX_MESSAGE_CHARACTERS else text[:MAX_MESSAGE_CHARACTERS] + "..."


class _Tools:
    """One imported tools.py."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.module = types.ModuleType(MODULE_NAME)

    def load(self) -> Reply:
        """Run the file as the module ``tools``, always under that name: Numba's cache stores it."""
        source = self.path.read_text("utf-8-sig")
        self.module.__file__ = str(self.path)
        sys.modules[MODULE_NAME] = self.module
        exec(compile(source, str(self.path), "exec"), self.module.__dict__)
        return {"status": "ok", "value": None}

    def answer(self, request: dict[str, Any], fds: list[int]) -> Reply:
        """Do what a request asks."""
        match request["do"]:
            case "generate":
                return _ok(_checked_text(self.module.generate(request["seed"])))
            case "score":
                return self._score(request["case"], request["output"])
            case "interact":
                return self._interact(request["case"], fds, request["wall_seconds"])
            case "draw":
                return self._draw(request["case"], request["output"])
            case "answer_space":
                case = self.module.read_case(request["case"])
                return _ok(_summary(self.module.answer_space(case)))
            case "check_arrays":
                from ale_agent.problem.array_check import check_arrays

                worst = float("-inf") if request["objective"] == "maximize" else float("inf")
                return _ok(check_arrays(self.module, request["cases"], worst, request["seed"], self._score))
        raise NonsenseError(f"got a request for {request['do']!r}")

    def _score(self, case: str, output: str) -> Reply:
        if not hasattr(self.module, "score"):
            return self._converse(case, ScriptedSolver(output))
        try:
            return _ok(_checked_score(self.module.score(case, output)))
        except ValueError as error:
            return _invalid(error)

    def _interact(self, case: str, fds: list[int], wall_seconds: float) -> Reply:
        read_fd, write_fd = fds
        solver = Solver(read_fd, write_fd, wall_seconds=wall_seconds)
        try:
            reply = self._converse(case, solver)
        finally:
            solver.close()
        reply["output"] = solver.transcript
        return reply

    def _converse(self, case: str, solver: Solver | ScriptedSolver) -> Reply:
        try:
            return _ok(_checked_score(self.module.interact(case, solver)))
        except Exception as error:
            if solver.failure is not None:
                return {"status": solver.failure.kind, "reason": solver.failure.reason}
            if isinstance(error, ValueError):
                return _invalid(error)
            raise

    def _draw(self, case: str, output: str) -> Reply:
        try:
            return _ok(_checked_text(self.module.draw(case, output)))
        except ValueError as error:
            return _invalid(error)


def _ok(value: Any) -> Reply:
    return {"status": "ok", "value": value}


def _invalid(error: ValueError) -> Reply:
    return {"status": "invalid", "reason": _text_of(error) or "the output is invalid"}


def _checked_text(value: object) -> str:
    if not isinstance(value, str):
        raise NonsenseError(f"returned a {type(value).__name__}, but it must return a str")
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:
        raise NonsenseError(f"returned text that is not Unicode at character {error.start}") from error
    if size > MAX_TEXT_BYTES:
        raise NonsenseError(f"returned {size} bytes of text, but at most {MAX_TEXT_BYTES} are allowed")
    return str(value)


def _checked_score(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise NonsenseError(f"returned a {type(value).__name__}, but it must return a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise NonsenseError(f"returned the score {number}, but it must be finite (raise ValueError for a bad output)")
    return number


def _summary(space: Any) -> dict[str, Any]:
    """Return an answer space as plain numbers: an array is told by its size, least and greatest value."""
    import numpy as np

    if not isinstance(space, dict) or not isinstance(space.get("kind"), str):
        raise NonsenseError(f"returned {space!r:.200}, but it must return a dict with a 'kind'")
    summary: dict[str, Any] = {}
    for key, value in space.items():
        array = np.asarray(value)
        if isinstance(value, str):
            summary[key] = value
        elif array.ndim == 0:
            summary[key] = array.item()
        else:
            summary.setdefault("size", int(array.size))
            summary[f"{key}_min"] = array.min().item() if array.size else None
            summary[f"{key}_max"] = array.max().item() if array.size else None
    return summary


if __name__ == "__main__":
    main()
