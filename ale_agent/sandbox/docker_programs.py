"""Programs in containers: loaded once or started cold, in a container that is replaced when it ends from outside."""

from __future__ import annotations

import contextlib
import dataclasses
import queue
import threading
from collections.abc import Callable

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox.docker_engine import Engine, Size
from ale_agent.sandbox.docker_link import LOST, ContainerLostError, Link, wait_for
from ale_agent.sandbox.docker_run import ContainerRun
from ale_agent.sandbox.protocol import RefusedError, Run
from ale_agent.sandbox.wire import Message

_LOAD_WALL_FACTOR, _LOAD_WALL_EXTRA = 5.0, 60.0
_LOADING_BYTES = 2 << 30
_COLD_EXTRA_BYTES = 1 << 30
_ATTEMPTS = 3
_START_SECONDS = 90.0


class _Program:
    """What both kinds share: a link that lives, and starting a run over it."""

    def __init__(self, connect: Callable[[], Link]) -> None:
        self._open_link = connect
        self._link: Link | None = None
        self._guard = threading.Lock()
        self.closed = False

    def _connect(self) -> Link:
        """Return a new container's link; one that is killed while it gets ready says nothing of anything."""
        for _ in range(_ATTEMPTS - 1):
            with contextlib.suppress(ContainerLostError):
                return self._open_link()
        return self._open_link()

    def _begin(self, run: Run, *, compile_pass: bool, link: Link) -> ContainerRun | None:
        """Start a run; returns None where the link was lost before it began."""
        running = ContainerRun(link, run)
        head = {
            "interactive": run.standard_input is None,
            "compile_pass": compile_pass,
            "limits": dataclasses.asdict(run.limits),
            "environment": dict(run.environment),
        }
        link.send(Message("start", running.number, head, run.standard_input or b""))
        reply = running.await_start(_START_SECONDS)
        if reply.kind == "started":
            return running
        running.abandon()
        if reply.kind == "refused":
            raise RefusedError(reply.head["message"])
        if reply.kind == "failed":
            raise OSError(f"in the container: {reply.head['message']}")
        return None

    def close(self) -> None:
        """End the container and what runs in it; harmless when repeated."""
        self.closed = True
        for guard in (contextlib.nullcontext(), self._guard):  # at once, so that whoever holds the guard goes on
            with guard:
                if self._link is not None:
                    self._link.close()


class LoadedInContainer(_Program):
    """A program that was loaded in a container of its own; `ale_agent.sandbox.protocol.Loaded`.

    Parameters
    ----------
    source
        The program's text.
    engine, image
        Where containers run, and what they start from.
    runs
        How many cases may run at once.
    cpu_seconds, memory_bytes
        What loading may use, and what a case may.
    cancelled
        Gives up loading when it is set.
    """

    def __init__(
        self,
        source: str,
        *,
        engine: Engine,
        image: str,
        runs: int,
        cpu_seconds: float,
        memory_bytes: int,
        cancelled: threading.Event,
    ) -> None:
        size = Size(memory_bytes=(runs + 1) * memory_bytes + _LOADING_BYTES, runs=runs)
        super().__init__(lambda: Link(engine, image, size))
        self._source = source
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        self.error = ""
        self.load_seconds = 0.0
        self._cancelled = cancelled
        self._load()

    def start(self, run: Run) -> ContainerRun:
        """Start a process for one case, in another container if the last one is gone.

        Raises
        ------
        RefusedError
            The loaded program does not play along.
        SandboxUnavailableError
            The engine does not start another container.
        """
        for _ in range(_ATTEMPTS):
            running = self._begin(run, compile_pass=False, link=self._living())
            if running is not None:
                return running
        raise RefusedError(f"{_ATTEMPTS} containers ended before a case began")

    def _living(self) -> Link:
        with self._guard:
            if self.closed or self.error:
                raise RefusedError(self.error or "the loaded program was closed")
            if self._link is None or self._link.lost:
                self._load()
            if self.error:
                raise RefusedError(self.error)
            assert self._link is not None
            return self._link

    def _load(self) -> None:
        """Load it in a new container; one that ends meanwhile may be the program's work, so that is tried but thrice."""
        for _ in range(_ATTEMPTS):
            if self._link is not None:
                self._link.close()
            link = self._link = self._connect()
            reply = self._ask_to_load(link)
            if reply.kind != LOST or self.closed:
                break
        if reply.kind == "failed":
            link.close()
            raise SandboxUnavailableError(f"in the container: {reply.head['message']}")
        if reply.kind == "loaded":
            self.error = str(reply.head["error"])
            self.load_seconds = float(reply.head["load_seconds"])
        else:
            self.error = f"the program could not be loaded: {reply.head['message']}"
        if self.error:
            link.close()

    def _ask_to_load(self, link: Link) -> Message:
        replies: queue.SimpleQueue[Message] = queue.SimpleQueue()
        link.listen(replies.put)
        head = {"cpu_seconds": self._cpu_seconds, "memory_bytes": self._memory_bytes}
        link.send(Message("load", 0, head, self._source.encode()))
        seconds = _LOAD_WALL_FACTOR * self._cpu_seconds + _LOAD_WALL_EXTRA
        reply = wait_for(replies, seconds, self._cancelled)
        if reply is None:
            why = "that was cancelled" if self._cancelled.is_set() else f"nothing was heard for {seconds:.0f} s"
            return Message("given up", 0, {"message": why})
        return reply


class ColdInContainer(_Program):
    """A program that is started from nothing each time, in a container; `ale_agent.sandbox.protocol.Cold`.

    Parameters
    ----------
    source
        The program's text.
    engine, image
        Where containers run, and what they start from.
    """

    def __init__(self, source: str, *, engine: Engine, image: str) -> None:
        super().__init__(lambda: Link(engine, image, Size(memory_bytes=self._memory_bytes, runs=1)))
        self._source = source
        self._memory_bytes = 0
        self._compiled: Run | None = None

    def start(self, run: Run, *, compile_pass: bool = False) -> ContainerRun:
        """Start a process; the compile pass gets ``ONLINE_JUDGE`` and what it writes is there in every later run.

        Raises
        ------
        SandboxUnavailableError
            The engine does not start a container.
        """
        for _ in range(_ATTEMPTS):
            running = self._begin(run, compile_pass=compile_pass, link=self._living(run, compile_pass))
            if running is not None:
                self._compiled = run if compile_pass else self._compiled
                return running
        raise OSError(f"{_ATTEMPTS} containers ended before a cold run began")

    def _living(self, run: Run, compile_pass: bool) -> Link:
        with self._guard:
            if self.closed:
                raise ValueError("a cold program has no run after it was closed")
            if self._link is not None and not self._link.lost:
                return self._link
            if self._link is not None:
                self._link.close()
            self._memory_bytes = run.limits.memory_bytes + _COLD_EXTRA_BYTES
            self._link = self._connect()
            self._link.send(Message("lay_out", 0, {}, self._source.encode()))
            if self._compiled is not None and not compile_pass:
                again = self._begin(self._compiled, compile_pass=True, link=self._link)
                if again is not None:
                    again.wait()
            return self._link
