"""Watches one process that is a direct child of ours to its end: its output, its limits, its exit status."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from ale_agent.clock import queued_seconds
from ale_agent.sandbox.protocol import STANDARD_ERROR_BYTES, Ending, Limits, Outcome

_CHUNK = 1 << 18
_SOONEST_CHECK = 0.005
_LATEST_CHECK = 1.0
_FOLDER_CHECK = 0.1
_MEMORY_CHECK = 0.05
_AFTER_KILL_SECONDS = 10.0
_OUT_OF_MEMORY = (
    "MemoryError",
    "bad_alloc",
    "Cannot allocate memory",
    "Unable to allocate",
    "LLVM ERROR: out of memory",
)


@dataclass
class Stream:
    """What is read of one pipe: all of it up to a limit, or its end."""

    descriptor: int
    limit_bytes: int
    keep_bytes: int
    parts: deque[bytes] = field(default_factory=deque)
    seen_bytes: int = 0
    held_bytes: int = 0

    def take(self) -> bool:
        """Read what is there; returns False at the end of the pipe."""
        try:
            part = os.read(self.descriptor, _CHUNK)
        except BlockingIOError:
            return True
        self.seen_bytes += len(part)
        self.held_bytes += len(part)
        self.parts.append(part)
        while self.parts and self.held_bytes - len(self.parts[0]) >= self.keep_bytes:
            self.held_bytes -= len(self.parts.popleft())
        return bool(part)

    @property
    def overfull(self) -> bool:
        """Whether more came than is allowed."""
        return self.seen_bytes > self.limit_bytes

    @property
    def text(self) -> bytes:
        """What is kept."""
        return b"".join(self.parts)


class ProcessRun:
    """A run under way: `ale_agent.sandbox.protocol.Running` for a child process of ours.

    Parameters
    ----------
    pid
        A child of this process that nobody else waits for.
    limits
        What it may use.
    standard_output, standard_error
        Our reading ends (non-blocking); the first is None for an interactive run. Closed at the end.
    channels
        For an interactive run, the caller's ends.
    foreign_cpu
        Processor time that others spent for this run until now, in seconds.
    inherited_bytes
        Peak memory that the kernel wrote down for the process before its program began: a process that was spawned
        starts with the peak of the one that spawned it.
    folder_is_full
        Asked now and then: whether the run has written too much.
    at_end
        Called once, after the process was waited for.
    """

    def __init__(
        self,
        pid: int,
        limits: Limits,
        *,
        standard_output: int | None,
        standard_error: int,
        channels: tuple[int, int] | None = None,
        started: float | None = None,
        foreign_cpu: Callable[[], float] = lambda: 0.0,
        inherited_bytes: int = 0,
        folder_is_full: Callable[[], bool] | None = None,
        at_end: Callable[[ProcessRun], None] = lambda _: None,
    ) -> None:
        self.pid = pid
        self._limits = limits
        self._pidfd = os.pidfd_open(pid)
        self._streams: dict[int, Stream] = {}
        self._output: Stream | None = None
        if standard_output is not None:
            self._output = Stream(standard_output, limits.output_bytes, limits.output_bytes + _CHUNK)
            self._streams[standard_output] = self._output
        self._error = Stream(standard_error, limits.output_bytes, STANDARD_ERROR_BYTES)
        self._streams[standard_error] = self._error
        self._channels = channels
        self._started = time.monotonic() if started is None else started
        self._foreign_cpu = foreign_cpu
        self._inherited_bytes = inherited_bytes
        self._seen_bytes = 0
        self._folder_is_full = folder_is_full
        self._at_end = at_end
        self._guard = threading.Lock()
        self._over = False
        self._cancelled = False
        self._late_seconds = 0.0

    @property
    def channels(self) -> tuple[int, int]:
        """The caller's ends of an interactive run."""
        if self._channels is None:
            raise ValueError("channels belong to an interactive run, and this one was given its input")
        return self._channels

    def cancel(self) -> None:
        """Kill it now; from any thread, at any time."""
        self._cancelled = True
        self._kill()

    def wait(self) -> Outcome:
        """Supervise the process to its end, which the limits guarantee."""
        ending, message = Ending.EXITED, ""
        try:
            ending, message = self._watch()
            ended = time.monotonic()
        finally:
            queued = queued_seconds(self.pid)
            self._kill()
            status, usage = self._collect()
            for stream in self._streams.values():
                os.close(stream.descriptor)
            self._streams.clear()
            foreign = self._foreign_cpu()
            self._at_end(self)
        cpu_seconds = usage.ru_utime + usage.ru_stime + foreign
        wall_seconds = ended - self._started
        if queued is not None:
            queued = min(queued + self._late_seconds, max(0.0, wall_seconds - cpu_seconds))
        memory_bytes = usage.ru_maxrss * 1024
        if memory_bytes <= self._inherited_bytes:  # not its own: what was seen while it ran is
            memory_bytes = self._seen_bytes
        exit_code = os.waitstatus_to_exitcode(status)
        error_text = self._error.text[-STANDARD_ERROR_BYTES:].decode(errors="replace")
        if ending is Ending.EXITED:
            ending, message = self._why(exit_code, error_text, cpu_seconds, memory_bytes)
        return Outcome(
            ending=ending,
            exit_code=exit_code,
            standard_output=self._output.text[: self._limits.output_bytes] if self._output else b"",
            standard_error=error_text,
            cpu_seconds=cpu_seconds,
            wall_seconds=wall_seconds,
            memory_bytes=memory_bytes,
            message=message,
            queued_seconds=queued,
        )

    def _watch(self) -> tuple[Ending, str]:
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        open_streams = set(self._streams)
        for descriptor in open_streams:
            poll.register(descriptor, select.POLLIN)
        pause = _SOONEST_CHECK
        while True:
            waited = queued_seconds("thread-self") or 0.0
            events = poll.poll(pause * 1000)
            gone = False
            for descriptor, _ in events:
                if descriptor == self._pidfd:
                    gone = True
                elif not self._streams[descriptor].take():
                    poll.unregister(descriptor)
                    open_streams.discard(descriptor)
            if any(stream.overfull for stream in self._streams.values()):
                return Ending.OUTPUT_LIMIT, f"more than {self._limits.output_bytes} bytes of output"
            if gone:
                self._late_seconds = (queued_seconds("thread-self") or 0.0) - waited
                self._drain(open_streams)
                return Ending.EXITED, ""
            # While there is output to read, it may be us that the program waits for: then it is not asleep.
            broken, pause = self._check_limits(reading=bool(events))
            if broken is not None:
                return broken

    def _drain(self, open_streams: set[int]) -> None:
        """Read what the ended process left in its pipes."""
        for descriptor in open_streams:
            stream = self._streams[descriptor]
            before = -1
            while stream.seen_bytes != before and not stream.overfull:
                before = stream.seen_bytes
                if not stream.take():
                    break

    def _check_limits(self, *, reading: bool) -> tuple[tuple[Ending, str] | None, float]:
        """Return the limit that is broken, if one is, and otherwise the time until one can be."""
        limits = self._limits
        if self._cancelled:
            return (Ending.CANCELLED, "cancelled"), 0.0
        wall = time.monotonic() - self._started
        cpu = cpu_seconds_of(self.pid)
        queued = 0.0
        if limits.cpu_seconds is not None or limits.idle_seconds is not None:
            queued = queued_seconds(self.pid) or 0.0
        forgiven = min(queued, limits.forgiven_seconds)
        if wall - forgiven > limits.wall_seconds:
            return (Ending.WALL_LIMIT, f"ended after {wall:.1f} s by the clock, {cpu:.1f} s of processor time"), 0.0
        left = limits.wall_seconds + forgiven - wall
        if self._inherited_bytes:
            self._seen_bytes = max(self._seen_bytes, peak_bytes_of(self.pid))
            if self._inherited_bytes > limits.memory_bytes:
                left = min(left, _MEMORY_CHECK)
        if limits.cpu_seconds is not None:
            used = cpu + self._foreign_cpu()
            if used > limits.cpu_seconds:
                return (Ending.CPU_LIMIT, f"more than {limits.cpu_seconds:.3f} s of processor time"), 0.0
            left = min(left, limits.cpu_seconds - used)
        if limits.idle_seconds is not None:
            idle = wall - cpu - queued
            if idle > limits.idle_seconds and not reading:
                return (Ending.ASLEEP, f"asleep for {idle:.1f} s, {cpu:.1f} s of processor time"), 0.0
            left = min(left, limits.idle_seconds - idle)
        if self._folder_is_full is not None:
            if self._folder_is_full():
                return (Ending.OUTPUT_LIMIT, "too much was written into the folder"), 0.0
            left = min(left, _FOLDER_CHECK)
        return None, min(max(left, _SOONEST_CHECK), _LATEST_CHECK)

    def _why(self, exit_code: int, error_text: str, cpu_seconds: float, memory_bytes: int) -> tuple[Ending, str]:
        """Return how a process that ended without our doing is called."""
        limits = self._limits
        if self._cancelled:
            return Ending.CANCELLED, "cancelled"
        if limits.cpu_seconds is not None and cpu_seconds > limits.cpu_seconds:
            return Ending.CPU_LIMIT, f"{cpu_seconds:.3f} s of processor time, {limits.cpu_seconds:.3f} allowed"
        if memory_bytes > limits.memory_bytes:
            return Ending.MEMORY_LIMIT, f"{memory_bytes >> 20} MiB, {limits.memory_bytes >> 20} allowed"
        if exit_code != 0 and any(word in error_text for word in _OUT_OF_MEMORY):
            return Ending.MEMORY_LIMIT, f"asked for more than the {limits.memory_bytes >> 20} MiB allowed"
        if exit_code == -signal.SIGKILL:
            return (
                Ending.KILLED,
                "killed from outside: by a person, or by the kernel where the machine's memory ran out",
            )
        if exit_code < 0:
            return Ending.SIGNALLED, f"ended by signal {-exit_code} ({_signal_name(-exit_code)})"
        return Ending.EXITED, ""

    def _kill(self) -> None:
        with self._guard:
            if not self._over:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _collect(self) -> tuple[int, os.struct_rusage]:  # type: ignore[name-defined]
        """Wait for the killed or ended process; a kernel that holds on to it for long is a fault of the machine."""
        if not select.select([self._pidfd], [], [], _AFTER_KILL_SECONDS)[0]:
            raise OSError(f"process {self.pid} does not end {_AFTER_KILL_SECONDS:.0f} s after it was killed")
        with self._guard:
            self._over = True
            _, status, usage = os.wait4(self.pid, 0)
            os.close(self._pidfd)
        return status, usage


def cpu_seconds_of(pid: int) -> float:
    """Return the processor time that a living or unwaited process has used, 0 if it is gone."""
    try:
        return time.clock_gettime(((~pid) << 3) | 2)
    except OSError:
        return 0.0


def peak_bytes_of(pid: int) -> int:
    """Return the peak resident memory of a living process's present program, 0 if it is gone."""
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith(b"VmHWM:")), 0)
    except (OSError, IndexError, ValueError):
        return 0


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
