"""Starting, finding and ending the processes of a sandbox, and the pipes between them and us."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ale_agent.sandbox import trees

_END_SECONDS = 10.0
CONTROL = 3
BOOT = """\
import sys, types
for name, folder in (("ale_agent", sys.argv[1]), ("ale_agent.sandbox", sys.argv[1] + "/sandbox")):
    module = sys.modules[name] = types.ModuleType(name)
    module.__path__ = [folder]
del sys.argv[1]
from ale_agent.sandbox.{module} import main
main()
"""
"""Imports one module of this package, whose folder is the first argument, without running the package itself, which
would cost a start 50 ms."""


class Spawner:
    """Starts processes from one thread that lives as long as they may: the kernel kills them when it ends."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-spawner")

    def spawn(
        self,
        module: str,
        arguments: list[str],
        folder: Path,
        descriptors: Mapping[int, int],
        environment: dict[str, str],
    ) -> int:
        """Start a module of this package in a clean Python, in a session of its own; returns the process.

        Parameters
        ----------
        module
            Its `main` is called with the arguments in `sys.argv`.
        arguments
            On the command line.
        folder
            Named in the clean environment as home.
        descriptors
            The new process's descriptors by number, with ours; standard input, output and error are always given.
        environment
            Variables added to the clean ones.
        """
        return self._thread.submit(_spawn, module, arguments, folder, descriptors, environment).result()

    def close(self) -> None:
        """End the thread, and with it what it started."""
        self._thread.shutdown()


def _spawn(
    module: str, arguments: list[str], folder: Path, descriptors: Mapping[int, int], environment: dict[str, str]
) -> int:
    package = str(Path(__file__).resolve().parent.parent)
    flags = ["-s", "-P", "-B", "-X", "utf8", "-X", "int_max_str_digits=0"]
    command = [sys.executable, *flags, "-c", BOOT.format(module=module), package, *arguments]
    actions = [(os.POSIX_SPAWN_DUP2, descriptors[target], target) for target in sorted(descriptors)]
    clean = {**clean_environment(folder), **environment}
    return os.posix_spawn(sys.executable, command, clean, file_actions=actions, setsid=True)


def clean_environment(folder: Path) -> dict[str, str]:
    """Return the only variables that an untrusted program sees: none of the user's."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "NUMBA")}
    return {
        **threads,
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
    }


@dataclass
class Pipes:
    """The ends of one run's input, output and error: ours and the process's.

    Parameters
    ----------
    theirs
        What becomes its descriptors 0, 1 and 2.
    output, error
        Our reading ends; `output` is the interactive judge's to close.
    feed
        Our writing end of an interactive run's input.
    """

    theirs: list[int]
    output: int
    error: int
    feed: int | None

    @classmethod
    def open(cls, standard_input: bytes | None) -> Pipes:
        """Make them; a given input lies sealed in memory, so that no process can block us by not reading."""
        feed: int | None = None
        if standard_input is None:
            source, feed = os.pipe2(os.O_CLOEXEC)
        else:
            source = sealed_memory(standard_input)
        output, output_end = os.pipe2(os.O_CLOEXEC)
        error, error_end = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(error, False)
        if standard_input is not None:
            os.set_blocking(output, False)
        return cls([source, output_end, error_end], output, error, feed)

    @property
    def channels(self) -> tuple[int, int] | None:
        """The interactive judge's ends: read the program's output, write its input."""
        return None if self.feed is None else (self.output, self.feed)

    def close_theirs(self) -> None:
        """Close our copies of the process's ends, so that its end is the pipe's end."""
        for descriptor in self.theirs:
            os.close(descriptor)
        self.theirs = []

    def close_ours(self) -> None:
        """Close our own ends, when no run came of it."""
        for descriptor in (self.output, self.error, self.feed):
            if descriptor is not None:
                os.close(descriptor)


def sealed_memory(content: bytes) -> int:
    """Return a file in memory that nobody can change, positioned at its beginning."""
    descriptor = os.memfd_create("input", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


def descriptors_of(pid: int) -> list[str]:
    """Return what the open descriptors of a process are, as the kernel names them; nothing if it is gone."""
    folder = f"/proc/{pid}/fd"
    try:
        return [os.readlink(f"{folder}/{name}") for name in os.listdir(folder)]
    except OSError:
        return []


def parent_and_session(pid: int) -> tuple[int, int]:
    """Return a process's parent and session, zeros if it is gone; zombies have both."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        return int(fields[1]), int(fields[3])
    except (OSError, IndexError, ValueError):
        return 0, 0


def address_space_bytes(pid: int) -> int:
    """Return how much address space a process has mapped, 0 if it is gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def resident_bytes(pid: int) -> int:
    """Return how much memory a process holds, 0 if it is gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def kill_session(session: int, *, spare: set[int]) -> None:
    """Kill and wait for our children of a session, but those to spare; nobody can leave a session in a lock."""
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in spare and parent_and_session(int(name)) == (os.getpid(), session):
            kill_and_wait(int(name))


def kill_and_wait(pid: int) -> int | None:
    """Kill a child of ours and wait for it; returns how it ended, as `os.waitstatus_to_exitcode` says it.

    None for one that is gone already, and for one that the kernel holds on to: it is left to it after a while.
    """
    with contextlib.suppress(OSError):
        opened = os.pidfd_open(pid)
        try:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(opened, signal.SIGKILL)
            if select.select([opened], [], [], _END_SECONDS)[0]:
                return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        finally:
            os.close(opened)
    return None


def kill_inhabitants(folder: Path) -> None:
    """Kill every process whose working directory is in a folder that its owner left behind."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        with contextlib.suppress(OSError):
            if Path(os.readlink(f"/proc/{name}/cwd")).is_relative_to(folder):
                os.kill(int(name), signal.SIGKILL)


def remove_folder(folder: Path) -> None:
    """Remove a folder and what is in it, following no link."""
    trees.remove_tree(folder)
