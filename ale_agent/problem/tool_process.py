"""One run of a command-line tool: started with limits in a folder of its own, and surely ended with all it started."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ale_agent.problem.verdict_text import ToolRun

ADDRESS_SPACE_BYTES = 8 << 30
FILE_BYTES = 512 << 20
MAX_PRINTED_BYTES = 16 << 20

_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
_STDOUT, _STDERR = ".stdout", ".stderr"


class ToolProcess:
    """A running tool; its end is watched without reaping it, so that its process group cannot become another's.

    Parameters
    ----------
    arguments
        The command.
    folder
        Where it runs, and where what it prints is kept.
    stdin
        A file for its standard input, or nothing.
    cpu_seconds
        After so much computing the kernel ends it, even if this process is gone.

    Raises
    ------
    OSError
        It cannot be started.
    """

    def __init__(self, arguments: Sequence[str], folder: Path, *, stdin: Path | None, cpu_seconds: float) -> None:
        self._folder = folder
        with (
            open(stdin or os.devnull, "rb") as source,
            open(folder / _STDOUT, "wb") as stdout,
            open(folder / _STDERR, "wb") as stderr,
        ):
            self._process = subprocess.Popen(
                list(arguments),
                cwd=folder,
                env=_ENVIRONMENT,
                stdin=source,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        self.exit_fd = os.pidfd_open(self._process.pid)
        self._limit(resource.RLIMIT_AS, ADDRESS_SPACE_BYTES)
        self._limit(resource.RLIMIT_FSIZE, FILE_BYTES)
        self._limit(resource.RLIMIT_CORE, 0)
        self._limit(resource.RLIMIT_CPU, int(cpu_seconds) + 1)

    def wait(self, seconds: float) -> bool:
        """Return whether it ended within these seconds."""
        poll = select.poll()
        poll.register(self.exit_fd, select.POLLIN)
        return bool(poll.poll(max(0.0, seconds) * 1000))

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.wait(0.0)

    @property
    def cpu_seconds(self) -> float:
        """Its CPU time so far."""
        try:
            # How the kernel numbers the CPU clock of a process.
            return time.clock_gettime((~self._process.pid << 3) | 2)
        except OSError:
            return 0.0

    def result(self) -> ToolRun:
        """Return how it ended and what it printed; waits for the end."""
        self.wait(float("1e6"))
        self._kill_group()
        return ToolRun(self._process.wait(), self._printed(_STDOUT), self._printed(_STDERR))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill it with whatever it started, if anything still runs."""
        self._kill_group()
        self._process.wait()
        os.close(self.exit_fd)

    def _kill_group(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _limit(self, kind: int, value: int) -> None:
        with contextlib.suppress(ProcessLookupError, ValueError, PermissionError):
            resource.prlimit(self._process.pid, kind, (value, value))

    def _printed(self, name: str) -> str:
        with (self._folder / name).open("rb") as file:
            return file.read(MAX_PRINTED_BYTES).decode("utf-8", "replace")
