"""Untrusted programs in containers: one container for each program, the local sandbox's locks inside it.

Two walls instead of one. The container keeps a program from this machine's files, network and processes whatever it
does to the kernel's finer locks, and the locks inside keep it from its own other cases and from what measures it. Time,
memory and output are measured inside by the same code as on this machine, so the verdicts are the same.

Not a defence against: faults of the kernel that containers share with this machine; an engine that somebody else runs.
A container that ends from outside loses the runs in it, which says nothing of the program; the next run starts another.
"""

from __future__ import annotations

import os
import threading
import weakref

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox.docker_engine import Engine
from ale_agent.sandbox.docker_programs import ColdInContainer, LoadedInContainer


class DockerSandbox:
    """Untrusted programs in containers; `ale_agent.sandbox.protocol.Sandbox`.

    Parameters
    ----------
    image
        What containers start from: Python 3.11 or later, and the packages that a solver may import.
    runs
        How many programs of one container run at once; the number of cores if None.

    Raises
    ------
    SandboxUnavailableError
        No engine answers, or it has no such image.
    """

    def __init__(self, *, image: str, runs: int | None = None) -> None:
        self._engine = Engine()
        self._image = image
        self._runs = runs or os.cpu_count() or 1
        self._guard = threading.Lock()
        self._open: set[LoadedInContainer | ColdInContainer] = set()
        self._finalizer = weakref.finalize(self, _finish, self._open, self._engine)
        if self._engine.image_labels(image) is None:
            self.close()
            raise SandboxUnavailableError(
                f"the engine has no image {image!r}; `ale-agent doctor --build-image` makes it, docker_image in "
                "[sandbox] of the settings names another"
            )
        self._engine.sweep()

    @property
    def kind(self) -> str:
        """``docker``."""
        return "docker"

    def load(
        self,
        source: str,
        *,
        cpu_seconds: float = 60.0,
        memory_bytes: int = 1024 << 20,
        cancelled: threading.Event | None = None,
    ) -> LoadedInContainer:
        """Load a program and call its `warm_up`; what goes wrong in it is the result's `error`.

        Raises
        ------
        SandboxUnavailableError
            The engine does not start a container, or nothing can be locked in it.
        """
        loaded = LoadedInContainer(
            source,
            engine=self._engine,
            image=self._image,
            runs=self._runs,
            cpu_seconds=cpu_seconds,
            memory_bytes=memory_bytes,
            cancelled=cancelled or threading.Event(),
        )
        self._remember(loaded)
        return loaded

    def cold(self, source: str) -> ColdInContainer:
        """Lay a program out for cold runs."""
        program = ColdInContainer(source, engine=self._engine, image=self._image)
        self._remember(program)
        return program

    def _remember(self, program: LoadedInContainer | ColdInContainer) -> None:
        with self._guard:
            for other in [other for other in self._open if other.closed]:
                self._open.discard(other)
            self._open.add(program)

    def close(self) -> None:
        """End every container; harmless when repeated."""
        self._finalizer()


def _finish(programs: set[LoadedInContainer | ColdInContainer], engine: Engine) -> None:
    for program in list(programs):
        program.close()
    engine.close()
