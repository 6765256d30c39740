"""Our end of cold runs: a folder with the program, restored before every run to what the compile pass left."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

from ale_agent.sandbox import processes, trees
from ale_agent.sandbox.folders import explained
from ale_agent.sandbox.protocol import Run
from ale_agent.sandbox.supervise import ProcessRun

_SOLVER_FILE = "solver.py"
_FOLDER_BYTES = 256 << 20
_FOLDER_ENTRIES = 2000


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
        self._files = {_SOLVER_FILE: trees.KeptFile(source.encode(), time.time_ns())}

    def start(self, run: Run, *, compile_pass: bool = False) -> ProcessRun:
        """Start a process; the compile pass gets ``ONLINE_JUDGE`` and what it writes is there in every later run."""
        if self.closed or self._running is not None:
            raise ValueError("a cold program has one run at a time, and none after it was closed")
        with explained(self._folder):
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
            inherited_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
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
            self._files = {
                **trees.read_files(self._folder, most_bytes=_FOLDER_BYTES),
                _SOLVER_FILE: self._files[_SOLVER_FILE],
            }

    def _is_full(self) -> bool:
        return trees.is_too_full(self._folder, most_bytes=_FOLDER_BYTES, most_entries=_FOLDER_ENTRIES)

    def close(self) -> None:
        """End a run and remove the folder; harmless when repeated."""
        if self.closed:
            return
        self.closed = True
        if self._running is not None:
            self._running.cancel()
        processes.remove_folder(self._folder)
