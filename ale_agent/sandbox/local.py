"""The default on Linux: rlimits, Landlock and a system call filter, without root, namespaces or a service.

Not a defence against: faults of the kernel itself; learning by timing or by load what else the machine does; asking
whether a path exists, how large it is, when it was last read and where a link points (contents, and the names in a
folder, are refused), which with the times of reading leaves a narrow channel between programs; using the processors while
it may; filling the memory up to its limits. A program is trusted with nothing else: exit status, processor time and
memory are the kernel's word, the answer is read from a pipe that only the case's process holds.
"""

from __future__ import annotations

import sys
import threading
import weakref
from pathlib import Path

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox.cold import ColdProgram
from ale_agent.sandbox.folders import RunFolder
from ale_agent.sandbox.processes import Spawner
from ale_agent.sandbox.warm import Server


class LocalSandbox:
    """Untrusted programs as processes of this machine.

    Parameters
    ----------
    locked
        Whether they are locked; without, only limits hold them (`ale_agent.sandbox.none`).
    folder
        Where temporary folders are made; the system's place if None.
    """

    def __init__(self, *, locked: bool = True, folder: Path | None = None) -> None:
        if sys.platform != "linux":
            raise SandboxUnavailableError(
                f"the local sandbox needs Linux, this is {sys.platform}: use --sandbox docker"
            )
        self._locked = locked
        self._folder = RunFolder(folder)
        self._spawner = Spawner()
        self._guard = threading.Lock()
        self._open: set[Server | ColdProgram] = set()
        self._finalizer = weakref.finalize(self, _finish, self._open, self._spawner, self._folder)

    @property
    def kind(self) -> str:
        """``local``, or ``none`` without locks."""
        return "local" if self._locked else "none"

    def load(
        self,
        source: str,
        *,
        cpu_seconds: float = 60.0,
        memory_bytes: int = 1024 << 20,
        cancelled: threading.Event | None = None,
    ) -> Server:
        """Load a program and call its `warm_up`; what goes wrong in it is the result's `error`.

        Raises
        ------
        SandboxUnavailableError
            A lock is missing on this machine.
        """

        def load() -> Server:
            return Server(
                source,
                self._folder.make("program-"),
                spawner=self._spawner,
                locked=self._locked,
                cpu_seconds=cpu_seconds,
                memory_bytes=memory_bytes,
                cancelled=cancelled or threading.Event(),
            )

        server = load()
        if server.killed:
            server = load()
        self._remember(server)
        return server

    def cold(self, source: str) -> ColdProgram:
        """Lay a program out for cold runs."""
        program = ColdProgram(source, self._folder.make("cold-"), spawner=self._spawner, locked=self._locked)
        self._remember(program)
        return program

    def _remember(self, program: Server | ColdProgram) -> None:
        with self._guard:
            for other in [other for other in self._open if other.closed]:
                self._open.discard(other)
            self._open.add(program)

    def close(self) -> None:
        """End every process and remove every folder; harmless when repeated."""
        self._finalizer()


def _finish(programs: set[Server | ColdProgram], spawner: Spawner, folder: RunFolder) -> None:
    for program in list(programs):
        program.close()
    spawner.close()
    folder.close()
