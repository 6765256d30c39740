"""The solver as a judge sees it: text is sent, lines are received, and whatever goes wrong has its own exception.

A judge may catch what `receive` raises (it is told to turn nonsense into ValueError); the first failure is therefore
kept in `Solver.failure`, so that the outcome does not depend on how the judge wraps it.
"""

from __future__ import annotations

import os
import select
from dataclasses import dataclass
from typing import Literal

from ale_agent.clock import Clock, SystemClock

MAX_LINE_BYTES = 1 << 20
MAX_TOTAL_BYTES = 64 << 20

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Failure:
    """How the conversation ended before the judge was done."""

    kind: Literal["invalid", "gone", "silent"]
    reason: str


class FloodError(ValueError):
    """The solver writes more than any answer needs."""


class Solver:
    """A running solver behind two pipes.

    Parameters
    ----------
    read_fd
        The solver's output; closed by `close`.
    write_fd
        The solver's input; closed by `close`.
    wall_seconds
        For how long in all the solver may keep the judge waiting; the judge's own time does not count.
    clock
        What tells the time.
    """

    def __init__(self, read_fd: int, write_fd: int, *, wall_seconds: float, clock: Clock | None = None) -> None:
        self._read_fd, self._write_fd = read_fd, write_fd
        self._clock = clock or SystemClock()
        self._left = wall_seconds
        self._wall_seconds = wall_seconds
        self._pending = bytearray()
        self._searched = 0
        self._total = 0
        self._listening = True
        self._heard: list[bytes] = []
        self.failure: Failure | None = None
        os.set_blocking(read_fd, False)
        os.set_blocking(write_fd, False)

    @property
    def transcript(self) -> str:
        """What the judge received so far, line by line; of a solver that fell silent, the line that it left open, too."""
        left_open = self._pending if self.failure is not None and self.failure.kind == "silent" else b""
        return (b"".join(self._heard) + left_open).decode("utf-8", "replace")

    def send(self, text: str) -> None:
        """Write exactly this text to the solver; a newline is not added.

        A solver that has closed its input is no error here: it may have exited rightly after its last line. The next
        `receive` tells.
        """
        view = memoryview(text.encode("utf-8", "replace"))
        while view and self._listening:
            self._wait(self._write_fd, select.POLLOUT, "does not read its input")
            try:
                view = view[os.write(self._write_fd, view[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError:
                self._listening = False

    def receive(self) -> str:
        """Return the solver's next line without its newline; a last line may lack one.

        Raises
        ------
        EOFError
            The solver has closed its output.
        TimeoutError
            It stays silent.
        FloodError
            Its line or its output as a whole is too long.
        """
        while (end := self._pending.find(b"\n", self._searched)) < 0:
            self._searched = len(self._pending)
            if len(self._pending) > MAX_LINE_BYTES:
                raise self._flood(f"a line longer than {MAX_LINE_BYTES} bytes")
            part = self._read()
            if not part:
                return self._last_line()
            self._pending += part
        line = bytes(self._pending[: end + 1])
        del self._pending[: end + 1]
        self._searched = 0
        return self._hear(line)

    def close(self) -> None:
        """Close both pipes."""
        os.close(self._read_fd)
        os.close(self._write_fd)

    def _last_line(self) -> str:
        if not self._pending:
            self.failure = self.failure or Failure("gone", "ended before the judge was done")
            raise EOFError("the solver has closed its output")
        line = bytes(self._pending)
        self._pending.clear()
        self._searched = 0
        return self._hear(line)

    def _hear(self, line: bytes) -> str:
        if len(line) > MAX_LINE_BYTES:
            raise self._flood(f"a line longer than {MAX_LINE_BYTES} bytes")
        self._heard.append(line)
        return line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")

    def _read(self) -> bytes:
        while True:
            self._wait(self._read_fd, select.POLLIN, "stays silent")
            try:
                part = os.read(self._read_fd, _CHUNK)
            except BlockingIOError:
                continue
            except OSError:
                return b""
            self._total += len(part)
            if self._total > MAX_TOTAL_BYTES:
                raise self._flood(f"more than {MAX_TOTAL_BYTES} bytes in all")
            return part

    def _flood(self, what: str) -> FloodError:
        reason = f"the solver floods: {what}"
        self.failure = self.failure or Failure("invalid", reason)
        return FloodError(reason)

    def _wait(self, fd: int, event: int, complaint: str) -> None:
        poll = select.poll()
        poll.register(fd, event)
        started = self._clock.now()
        ready = poll.poll(max(0.0, self._left) * 1000)
        self._left -= self._clock.now() - started
        if not ready:
            reason = f"the solver {complaint}: it kept the judge waiting for {self._wall_seconds:g} s in all"
            self.failure = self.failure or Failure("silent", reason)
            raise TimeoutError(reason)


class ScriptedSolver:
    """A solver that writes a fixed text, whatever it is told: a recorded output, judged again."""

    def __init__(self, output: str) -> None:
        # Not str.splitlines, which splits at form feeds and other characters that a pipe does not.
        self._lines = [line.removesuffix("\r") for line in output.removesuffix("\n").split("\n")] if output else []
        self._next = 0
        self.failure: Failure | None = None
        self.transcript = output

    def send(self, text: str) -> None:
        """Ignore what the judge says."""

    def receive(self) -> str:
        """Return the next line.

        Raises
        ------
        EOFError
            The text is at its end.
        """
        if self._next >= len(self._lines):
            self.failure = Failure("gone", "the output ends before the judge is done")
            raise EOFError("the output is at its end")
        self._next += 1
        return self._lines[self._next - 1]
