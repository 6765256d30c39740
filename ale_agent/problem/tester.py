"""Conversation of an official tester with a solver that it believes to have started itself.

The tester starts our relay (`relay.py`), which hands us its pipes; here they are joined with the sandboxed solver's, so
that every byte passes through this process: caps, the transcript, and who kept whom waiting are decided here.
"""

from __future__ import annotations

import array
import contextlib
import fcntl
import os
import select
import socket
import termios
from dataclasses import dataclass

from ale_agent.clock import Clock, Deadline, SystemClock
from ale_agent.problem.dialogue import MAX_LINE_BYTES, MAX_TOTAL_BYTES, Failure
from ale_agent.problem.tool_process import ToolProcess

_BUFFER = 1 << 16
_SLICE_SECONDS = 0.1


class TesterHungError(Exception):
    """The tester neither ended nor is the solver to blame for it."""


class TesterEndedError(Exception):
    """The tester ended without having started its solver."""


def accept_relay(listener: socket.socket, tester: ToolProcess, deadline: Deadline) -> tuple[socket.socket, int, int]:
    """Return the connection to the relay, and the tester's two pipes: to read from, to write to.

    Raises
    ------
    TesterEndedError, TesterHungError
        The tester started no solver.
    """
    listener.setblocking(False)
    while True:
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        if poll.poll(min(deadline.left, _SLICE_SECONDS) * 1000):
            connection, _ = listener.accept()
            connection.settimeout(max(deadline.left, _SLICE_SECONDS))
            with contextlib.suppress(TimeoutError, OSError):
                _, fds, _, _ = socket.recv_fds(connection, 1, 2)
                if len(fds) == 2:
                    return connection, fds[0], fds[1]
                for fd in fds:
                    os.close(fd)
            connection.close()
        elif tester.ended:
            raise TesterEndedError
        if deadline.passed:
            raise TesterHungError("did not start its solver")


@dataclass
class _Pipe:
    """One direction of the conversation: bytes read from one descriptor wait here to be written to another."""

    source: int
    target: int
    pending: bytearray
    source_open: bool = True
    target_open: bool = True

    def events(self) -> dict[int, int]:
        """Return what to wait for, by descriptor."""
        wanted = {}
        if self.source_open and len(self.pending) < _BUFFER:
            wanted[self.source] = select.POLLIN
        if self.target_open and self.pending:
            wanted[self.target] = select.POLLOUT
        return wanted

    def read(self) -> bytes | None:
        """Take what the source has; nothing at its end, which closes it; None if it has nothing yet."""
        try:
            part = os.read(self.source, _BUFFER)
        except BlockingIOError:
            return None
        except OSError:
            part = b""
        if not part:
            self.close_source()
        elif self.target_open:
            self.pending += part
        return part

    def write(self) -> None:
        """Pass on what waits; a target that is closed swallows it."""
        try:
            count = os.write(self.target, self.pending)
            del self.pending[:count]
        except BlockingIOError:
            return
        except OSError:
            self.close_target()

    def settle(self) -> None:
        """Close the target once the source has ended and everything is passed on."""
        if not self.source_open and not self.pending and self.target_open:
            self.close_target()

    def close_source(self) -> None:
        if self.source_open:
            os.close(self.source)
        self.source_open = False

    def close_target(self) -> None:
        if self.target_open:
            os.close(self.target)
        self.target_open = False
        self.pending.clear()


class Conversation:
    """Joins a tester's pipes with a solver's until the tester ends; owns and closes all of them.

    Parameters
    ----------
    tester
        The running tester.
    connection
        To the relay; closed as soon as the solver is done, so that a tester that waits for its solver goes on.
    from_tester, to_tester
        The relay's pipes.
    from_solver, to_solver
        The solver's pipes.
    """

    def __init__(
        self,
        tester: ToolProcess,
        connection: socket.socket,
        *,
        from_tester: int,
        to_tester: int,
        from_solver: int,
        to_solver: int,
        clock: Clock | None = None,
    ) -> None:
        self._tester = tester
        self._connection = connection
        self._clock = clock or SystemClock()
        self._said = _Pipe(from_tester, to_solver, bytearray())
        self._answered = _Pipe(from_solver, to_tester, bytearray())
        for fd in (from_tester, to_tester, from_solver, to_solver):
            os.set_blocking(fd, False)
        self._heard: list[bytes] = []
        self._total = 0
        self._line = 0
        # Whether the solver closed its output while the tester was still talking with it.
        self.solver_gone = False

    @property
    def transcript(self) -> str:
        """What the solver wrote."""
        return b"".join(self._heard).decode("utf-8", "replace")

    def run(self, *, wall_seconds: float, tester_seconds: float) -> Failure | None:
        """Pass bytes to and fro until the tester ends; return how the solver spoiled it, if it did.

        Parameters
        ----------
        wall_seconds
            For how long in all the solver may keep the tester waiting.
        tester_seconds
            For how long in all the tester may take itself.

        Raises
        ------
        TesterHungError
            The tester takes longer.
        """
        solver_left, tester_left = wall_seconds, tester_seconds
        while not self._tester.ended:
            tester_waits = self._tester_waits()
            started, worked = self._clock.now(), self._tester.cpu_seconds
            failure = self._step(min(_SLICE_SECONDS, max(0.001, solver_left if tester_waits else tester_left)))
            if failure is not None:
                return failure
            elapsed = self._clock.now() - started
            own = min(elapsed, self._tester.cpu_seconds - worked) if tester_waits else elapsed
            tester_left -= own
            solver_left -= elapsed - own
            if solver_left <= 0:
                reason = f"the solver stays silent: it kept the judge waiting for {wall_seconds:g} s in all"
                return Failure("silent", reason)
            if tester_left <= 0:
                raise TesterHungError(f"took longer than {tester_seconds:g} s itself and was stopped")
        return None

    def close(self) -> None:
        """Close every pipe and the connection."""
        for pipe in (self._said, self._answered):
            pipe.close_source()
            pipe.close_target()
        self._connection.close()

    def _tester_waits(self) -> bool:
        """Whether the tester has taken all the solver wrote, and the solver has not ended."""
        answered = self._answered
        if answered.pending or not answered.source_open or not answered.target_open:
            return False
        count = array.array("i", [0])
        try:
            fcntl.ioctl(answered.target, termios.FIONREAD, count)
        except OSError:
            return True
        return count[0] == 0

    def _step(self, seconds: float) -> Failure | None:
        poll = select.poll()
        wanted = {**self._said.events(), **self._answered.events()}
        for fd, event in wanted.items():
            poll.register(fd, event)
        poll.register(self._tester.exit_fd, select.POLLIN)
        ready = {fd for fd, _ in poll.poll(seconds * 1000)}
        for pipe in (self._said, self._answered):
            if pipe.source_open and pipe.source in ready and wanted[pipe.source] == select.POLLIN:
                part = pipe.read()
                if pipe is self._answered and part is not None and (failure := self._hear(part)) is not None:
                    return failure
            if pipe.target_open and pipe.pending:
                pipe.write()
            pipe.settle()
        if not self._answered.target_open:
            self._connection.close()
        return None

    def _hear(self, part: bytes) -> Failure | None:
        """Count and keep what the solver wrote; nothing means that it has ended."""
        if not part:
            self.solver_gone = self._said.source_open
            return None
        self._heard.append(part)
        self._total += len(part)
        newline = part.rfind(b"\n")
        self._line = self._line + len(part) if newline < 0 else len(part) - newline - 1
        if self._line > MAX_LINE_BYTES:
            return Failure("invalid", f"the solver floods: a line longer than {MAX_LINE_BYTES} bytes")
        if self._total > MAX_TOTAL_BYTES:
            return Failure("invalid", f"the solver floods: more than {MAX_TOTAL_BYTES} bytes in all")
        return None
