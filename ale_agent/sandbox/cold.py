"""Our end of cold runs: a folder with the program, restored before every run to what the compile pass left."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from ale_agent.sandbox import processes
from ale_agent.sandbox.protocol import Run
from ale_agent.sandbox.supervise import ProcessRun

_SOLVER_FILE = "solver.py"
_FOLDER_BYTES = 256 << 20
_FOLDER_FILES = 2000


@dataclass(frozen=True)
class _Kept:
    content: bytes
    modified_ns: int


class ColdProgram:
    """A program that is started from nothing each time; `ale_agent.sandbox.protocol.Cold`. One run at a time.

    Parameters
    ----------
    source
        The program's text.
    folder
        An empty folder for it, removed at the end.
    spawner
        Starts the processes.
    locked
        Whether they lock themselves.
    """

    def __init__(self, source: str, folder: Path, *, spawner: processes.Spawner, locked: bool) -> None:
        self._folder = folder
        self._spawner = spawner
        self._locked = locked
        self._running: ProcessRun | None = None
        self._compiling = False
        self.closed = False
        self._files = {_SOLVER_FILE: _Kept(source.encode(), time.time_ns())}

    def start(self, run: Run, *, compile_pass: bool = False) -> ProcessRun:
        """Start a process; the compile pass gets ``ONLINE_JUDGE`` and what it writes is there in every later run."""
        if self.closed or self._running is not None:
            raise ValueError("a cold program has one run at a time, and none after it was closed")
        self._lay_out()
        self._compiling = compile_pass
        pipes = processes.Pipes.open(run.standard_input)
        arguments = [str(os.getpid()), str(self._folder), str(run.limits.memory_bytes)]
        arguments += ["locked" if self._locked else "open", _SOLVER_FILE, *(["ONLINE_JUDGE"] if compile_pass else [])]
        started = time.monotonic()
        try:
            descriptors = dict(enumerate(pipes.theirs))
            pid = self._spawner.spawn("cold_start", arguments, self._folder, descriptors, dict(run.environment))
        except BaseException:
            pipes.close_ours()
            raise
        finally:
            pipes.close_theirs()
        if run.limits.cpu_seconds is not None:
            seconds = int(run.limits.cpu_seconds) + 2
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))
        self._running = ProcessRun(
            pid,
            run.limits,
            standard_output=pipes.output if run.standard_input is not None else None,
            standard_error=pipes.error,
            channels=pipes.channels,
            started=started,
            folder_is_full=self._is_full,
            at_end=self._end,
        )
        return self._running

    def _lay_out(self) -> None:
        """Make the folder what it was after the compile pass: no run finds what another one left."""
        processes.remove_folder(self._folder)
        self._folder.mkdir(mode=0o700)
        for name, kept in self._files.items():
            path = self._folder / name
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(kept.content)
            os.utime(path, ns=(kept.modified_ns, kept.modified_ns))

    def _end(self, running: ProcessRun) -> None:
        self._running = None
        if self._compiling and not self._is_full():
            self._files = {**_read_regular_files(self._folder), _SOLVER_FILE: self._files[_SOLVER_FILE]}

    def _is_full(self) -> bool:
        total = count = 0
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_size
                count += 1
        return total > _FOLDER_BYTES or count > _FOLDER_FILES

    def close(self) -> None:
        """End a run and remove the folder; harmless when repeated."""
        if self.closed:
            return
        self.closed = True
        if self._running is not None:
            self._running.cancel()
        processes.remove_folder(self._folder)


def _read_regular_files(folder: Path) -> dict[str, _Kept]:
    """Read what a run left, links and special files excepted: an untrusted program chose the names."""
    kept: dict[str, _Kept] = {}
    for parent, _, names in os.walk(folder, followlinks=False):
        for name in names:
            path = os.path.join(parent, name)
            with contextlib.suppress(OSError):
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
                with open(descriptor, "rb") as file:
                    status = os.fstat(descriptor)
                    if os.path.isfile(path) and status.st_size <= _FOLDER_BYTES:
                        kept[os.path.relpath(path, folder)] = _Kept(file.read(_FOLDER_BYTES), status.st_mtime_ns)
    return kept
