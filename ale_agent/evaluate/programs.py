"""Loaded programs: loaded in the background, kept while they are wanted, restarted once when they die."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ale_agent.program import Program
from ale_agent.sandbox import Loaded, Sandbox

_LOADERS = 2


@dataclass
class _Entry:
    future: Future[Loaded]
    cancelled: threading.Event
    users: int = 0
    restarts: int = 0
    unwanted: bool = False


class ProgramStore:
    """The loaded programs of one evaluator.

    Parameters
    ----------
    sandbox
        Where they live.
    kept
        How many stay loaded beside those in use.
    cpu_seconds, memory_bytes
        What loading one may use, and what its cases may.
    """

    def __init__(self, sandbox: Sandbox, *, kept: int, cpu_seconds: float, memory_bytes: int) -> None:
        self._sandbox = sandbox
        self._kept = kept
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._guard = threading.Lock()
        self._loaders = ThreadPoolExecutor(max_workers=_LOADERS, thread_name_prefix="program-loader")

    def prepare(self, program: Program) -> None:
        """Begin loading; returns at once."""
        with self._guard:
            self._entry(program)

    @contextmanager
    def borrow(self, program: Program) -> Iterator[Loaded]:
        """Yield the loaded program, waiting for it, and keep it loaded meanwhile."""
        with self._guard:
            entry = self._entry(program)
            entry.users += 1
        try:
            yield entry.future.result()
        finally:
            with self._guard:
                entry.users -= 1
                if entry.unwanted and not entry.users:
                    self._end(entry)

    def restart(self, program: Program, dead: Loaded) -> bool:
        """Load a program again whose process died; returns False where that was done before."""
        with self._guard:
            entry = self._entries.get(program.source)
            if entry is None or not _holds(entry.future, dead):
                return True  # another case has done it, though it may still be loading
            if entry.restarts:
                return False
            fresh = self._load(program)
            fresh.restarts = 1
            self._entries[program.source] = fresh
            self._discard(entry)
            return True

    def release(self, program: Program) -> None:
        """Let go of a program; it ends when its last case does."""
        with self._guard:
            entry = self._entries.pop(program.source, None)
            if entry is not None:
                self._discard(entry)

    def cancel_loading(self) -> None:
        """Give up what is being loaded; whoever waits for it is told so."""
        with self._guard:
            for entry in self._entries.values():
                entry.cancelled.set()
                entry.future.cancel()

    def close(self) -> None:
        """Let go of all; harmless when repeated."""
        with self._guard:
            while self._entries:
                self._end(self._entries.popitem()[1])
        self._loaders.shutdown(cancel_futures=True)

    def _entry(self, program: Program) -> _Entry:
        if program.source not in self._entries:
            self._entries[program.source] = self._load(program)
            self._make_room(program.source)
        self._entries.move_to_end(program.source)
        return self._entries[program.source]

    def _load(self, program: Program) -> _Entry:
        cancelled = threading.Event()
        future: Future[Loaded] = self._loaders.submit(
            self._sandbox.load,
            program.source,
            cpu_seconds=self._cpu_seconds,
            memory_bytes=self._memory_bytes,
            cancelled=cancelled,
        )
        return _Entry(future, cancelled)

    def _make_room(self, newest: str) -> None:
        idle = [source for source, entry in self._entries.items() if not entry.users and source != newest]
        for source in idle[: max(0, len(idle) + 1 - self._kept)]:
            self._end(self._entries.pop(source))

    def _discard(self, entry: _Entry) -> None:
        entry.unwanted = True
        if not entry.users:
            self._end(entry)

    def _end(self, entry: _Entry) -> None:
        def close(future: Future[Loaded]) -> None:
            with suppress(Exception):
                future.result().close()

        entry.cancelled.set()
        if not entry.future.cancel():
            entry.future.add_done_callback(close)


def _holds(future: Future[Loaded], loaded: Loaded) -> bool:
    """Return whether this is what a load gave."""
    if not future.done() or future.cancelled() or future.exception() is not None:
        return False
    return future.result() is loaded
