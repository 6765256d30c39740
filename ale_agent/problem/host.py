"""The host of a Python tools.py: one child process that runs it, restarted when it hangs or dies.

Keeps a broken tools.py from harming the main process. One that a person wrote is trusted with the rights of its user; one
that a model wrote runs in a child that is locked before it reads the file, with a copy in a folder of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import ale_agent
from ale_agent.clock import Deadline, SystemClock, queued_seconds
from ale_agent.errors import ToolsError
from ale_agent.problem import wire
from ale_agent.problem.case import Case
from ale_agent.problem.folder import Problem
from ale_agent.problem.tools import InvalidAnswerError, SolverGoneError, SolverSilentError

CHILD_MODULE = "ale_agent.problem.host_child"
LOCKED_CHILD_MODULE = "ale_agent.sandbox.tools_child"  # by name: the lock belongs to a later layer
# The first call of a function compiles its kernels, so that it may take this many times the usual limit.
FIRST_CALL_FACTOR = 3.0

_PATH = "/usr/local/bin:/usr/bin:/bin"
_KILLED = "was killed by SIGKILL"
_OUTCOMES = {"invalid": InvalidAnswerError, "gone": SolverGoneError, "silent": SolverSilentError}


class _KilledError(ToolsError):
    """Somebody killed the child, or the kernel for want of memory: once it says nothing of the tools."""


class Launch(Protocol):
    """What starts the child: a plain process by default, or one inside a sandbox."""

    def __call__(
        self, arguments: Sequence[str], *, environment: Mapping[str, str], fds: Sequence[int], output_fd: int
    ) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own; it inherits `fds`, and its standard output and error."""
        ...


def launch_process(
    arguments: Sequence[str], *, environment: Mapping[str, str], fds: Sequence[int], output_fd: int
) -> subprocess.Popen[bytes]:
    """Start a plain process; its own session keeps a terminal's Ctrl+C from it."""
    return subprocess.Popen(
        list(arguments),
        env=dict(environment),
        pass_fds=tuple(fds),
        stdin=subprocess.DEVNULL,
        stdout=output_fd,
        stderr=output_fd,
        start_new_session=True,
    )


class _Child:
    """One living child process with its channel and its lifeline."""

    def __init__(self, launch: Launch, module: str, tools_path: Path, environment: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair()
        lifeline_read, self._lifeline = os.pipe()
        output_read, output_write = os.pipe()
        self.warm: set[str] = set()
        try:
            arguments = [sys.executable, "-P", "-m", module, str(theirs.fileno()), str(lifeline_read)]
            self._process = launch(
                [*arguments, str(tools_path)],
                environment=environment,
                fds=(theirs.fileno(), lifeline_read),
                output_fd=output_write,
            )
        except BaseException:
            ours.close()
            os.close(self._lifeline)
            os.close(output_read)
            raise
        finally:
            theirs.close()
            os.close(lifeline_read)
            os.close(output_write)
        self.channel = wire.Channel(ours, output_read)

    @property
    def dead(self) -> bool:
        return self._process.poll() is not None

    @property
    def queued_seconds(self) -> float | None:
        return queued_seconds(self._process.pid) if self._process.returncode is None else None

    def end(self, *, dying: bool) -> str:
        """Kill the process with all it started; return how it had ended before, as words.

        Parameters
        ----------
        dying
            Whether its socket is closed: it may take a moment until its own end can be told.
        """
        if dying:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2.0)
        status = self._process.poll()
        # Once reaped, its number may be another's.
        if status is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
        self._process.wait()
        self.channel.close()
        os.close(self._lifeline)
        if status is None:
            return "closed its connection"
        return f"was killed by {_signal_name(-status)}" if status < 0 else f"ended with exit status {status}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class PythonToolsHost:
    """Runs a problem's tools.py in a child process; see `ToolsHost` for what it does.

    Parameters
    ----------
    problem
        Whose tools.
    timeout_seconds
        How long one call may take; the first of each function, which may compile, three times as long.
    launch
        What starts the child.
    """

    def __init__(self, problem: Problem, *, timeout_seconds: float = 20.0, launch: Launch = launch_process) -> None:
        self._problem = problem
        self._tools_path = problem.folder / "tools.py"
        self._timeout = timeout_seconds
        self._launch = launch
        self._child: _Child | None = None
        self._last_output = ""
        self._private: Path | None = None

    @property
    def last_output(self) -> str:
        """What the solver wrote in the last `interact`."""
        return self._last_output

    @property
    def queued_seconds(self) -> float:
        """How long the child has waited for a processor in its life; 0 where that is not measured."""
        return (self._child.queued_seconds or 0.0) if self._child is not None else 0.0

    def generate(self, seed: int) -> str:
        """Return the case of a seed as text."""
        if not 0 <= seed < 1 << 64:
            raise ToolsError(f"{self._tools_path}: generate needs a seed from 0 to 2**64 - 1, but it is {seed}")
        return self._text(self.call("generate", {"seed": seed}, seed), "generate", seed)

    def score(self, case: Case, output: str) -> float:
        """Return the problem's number for an output."""
        return self._number(self.call("score", {"case": case.text, "output": output}, case.seed), "score", case.seed)

    def interact(self, case: Case, read_fd: int, write_fd: int, *, wall_seconds: float) -> float:
        """Judge a running solver; both descriptors are closed when this returns or raises."""
        self._last_output = ""
        try:
            value = self.call(
                "interact",
                {"case": case.text, "wall_seconds": wall_seconds},
                case.seed,
                fds=(read_fd, write_fd),
                extra_seconds=wall_seconds,
            )
        finally:
            os.close(read_fd)
            os.close(write_fd)
        return self._number(value, "interact", case.seed)

    def draw(self, case: Case, output: str) -> str:
        """Return one SVG picture of the output."""
        if not self._problem.has_draw:
            raise ToolsError(f"{self._tools_path}: defines no draw(case, output), so there is no picture")
        return self._text(self.call("draw", {"case": case.text, "output": output}, case.seed), "draw", case.seed)

    def answer_space(self, case: Case) -> dict[str, Any]:
        """Return what an answer is, arrays summarised by their extremes."""
        if not self._problem.array_level:
            raise ToolsError(f"{self._tools_path}: has no array level, so there is no answer space")
        value = self.call("answer_space", {"case": case.text}, case.seed)
        if not isinstance(value, dict):
            raise self._error("answer_space", case.seed, f"returned a {type(value).__name__}")
        return value

    def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        seed: int,
        *,
        fds: Sequence[int] = (),
        extra_seconds: float = 0.0,
    ) -> Any:
        """Have the child do one thing and return its value as JSON gives it.

        Raises
        ------
        InvalidAnswerError, SolverGoneError, SolverSilentError
            The answer or the solver is at fault.
        ToolsError
            The tools are; the child is restarted by the next call if it hung or died.
        """
        try:
            return self._call(function, arguments, seed, fds, extra_seconds)
        except _KilledError:
            if fds:  # the solver's part of the dialogue cannot be had again
                raise
            return self._call(function, arguments, seed, fds, extra_seconds)

    def _call(
        self, function: str, arguments: Mapping[str, Any], seed: int, fds: Sequence[int], extra_seconds: float
    ) -> Any:
        child = self._living_child()
        limit = extra_seconds + self._timeout * (1.0 if function in child.warm else FIRST_CALL_FACTOR)
        reply = self._guarded(
            child,
            lambda deadline: child.channel.exchange({"do": function, **arguments}, fds, deadline),
            limit,
            function,
            seed,
        )
        child.warm.add(function)
        if isinstance(output := reply.get("output"), str):
            self._last_output = output
        status, reason = reply.get("status"), str(reply.get("reason", ""))
        if status == "ok":
            return reply.get("value")
        if outcome := _OUTCOMES.get(str(status)):
            raise outcome(reason)
        raise self._error(function, seed, reason)

    def close(self) -> None:
        """Stop the child; the next call would start another."""
        self._stop()
        if self._private is not None:
            shutil.rmtree(self._private, ignore_errors=True)
            self._private = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _living_child(self) -> _Child:
        if self._child is not None and not self._child.dead:
            return self._child
        self._stop()
        child = self._child = self._start()
        reply = self._guarded(child, child.channel.receive, self._timeout * FIRST_CALL_FACTOR, "import", None)
        if reply.get("status") != "ok":
            self._stop()
            raise ToolsError(f"{self._tools_path}: cannot be imported: {reply.get('reason', '')}")
        return child

    def _start(self) -> _Child:
        environment = self._environment()
        if not self._problem.judged_by_model:
            return _Child(self._launch, CHILD_MODULE, self._tools_path, environment)
        copy = self._private_folder() / "tools.py"
        copy.write_text(self._problem.tools_source or "", encoding="utf-8")
        return _Child(self._launch, LOCKED_CHILD_MODULE, copy, environment)

    def _private_folder(self) -> Path:
        self._private = self._private or Path(tempfile.mkdtemp(prefix="ale-agent-tools-"))
        return self._private

    def _guarded(self, child: _Child, work: Any, limit: float, function: str, seed: int | None) -> dict[str, Any]:
        """Return the reply that the work gives within the limit; else end the child and say what happened."""
        try:
            reply: dict[str, Any] = work(Deadline.after(SystemClock(), limit))
        except wire.ChannelTimeoutError:
            what = f"ran longer than {limit:g} s and was stopped"
            raise self._ended(function, seed, what) from None
        except wire.ChannelNonsenseError as error:
            raise self._ended(function, seed, f"sent {error}") from error
        except wire.ChannelClosedError:
            raise self._ended(function, seed, None) from None
        except BaseException:
            # Ctrl+C in the middle of an exchange: the child would answer the next request with this one's reply.
            self._stop()
            raise
        return reply

    def _ended(self, function: str, seed: int | None, what: str | None) -> ToolsError:
        assert self._child is not None
        tail = self._child.channel.tail
        how = self._stop(dying=what is None)
        kind = _KilledError if how == _KILLED else ToolsError
        printed = f"; it had printed last: {tail[-500:]}" if tail else ""
        return self._error(function, seed, (what or f"ended its process, which {how}") + printed, kind)

    def _error(self, function: str, seed: int | None, what: str, kind: type[ToolsError] = ToolsError) -> ToolsError:
        call = function if seed is None else f"{function} (seed {seed})"
        return kind(f"{self._tools_path}: {call} {what}")

    def _stop(self, *, dying: bool = False) -> str:
        child, self._child = self._child, None
        return child.end(dying=dying) if child is not None else ""

    def _text(self, value: Any, function: str, seed: int) -> str:
        if not isinstance(value, str):
            raise self._error(function, seed, f"returned a {type(value).__name__}, but it must return a str")
        return value

    def _number(self, value: Any, function: str, seed: int) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(function, seed, f"returned a {type(value).__name__}, but it must return a number")
        return float(value)

    def _environment(self) -> dict[str, str]:
        """Return a child's whole environment: none of ours, so no keys."""
        environment = {
            "PATH": _PATH,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(Path(ale_agent.__file__).resolve().parents[1]),
            "PYTHONUNBUFFERED": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        # Numba keeps compiled tools beside tools.py or in the user's cache, and raises where neither can be written.
        if not os.access(self._problem.folder, os.W_OK) and not os.access(Path("~").expanduser(), os.W_OK):
            environment["NUMBA_CACHE_DIR"] = str(self._private_folder())
        if self._problem.judged_by_model:
            environment |= {"HOME": str(self._private_folder()), "TMPDIR": str(self._private_folder())}
        return environment
