"""Temporary folders that do not outlive their owner: removed at the end, or by the next run if the owner was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox import processes

_PREFIX = "ale-agent-sandbox-"
_LOCK = "owner.lock"
_YOUNG_SECONDS = 2.0


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn a full or read-only disk into an error that says what to do: it is no fault of a program."""
    try:
        yield
    except OSError as error:
        raise SandboxUnavailableError(
            f"{folder}: programs cannot be laid out there ({error.strerror}); free the disk, or name another folder for "
            "temporary files with TMPDIR, then resume"
        ) from error


class RunFolder:
    """The parent of all folders of one sandbox; a held file lock says that its owner lives.

    Parameters
    ----------
    parent
        Where to make it; the system's folder for temporary files if None.
    """

    def __init__(self, parent: Path | None = None) -> None:
        base = Path(parent or tempfile.gettempdir()).resolve()
        remove_stale(base)
        with explained(base):
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
        self._lock = os.open(self.path / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def make(self, prefix: str) -> Path:
        """Return a new empty folder in it."""
        with explained(self.path):
            return Path(tempfile.mkdtemp(prefix=prefix, dir=self.path))

    def close(self) -> None:
        """Remove it; harmless when repeated."""
        processes.remove_folder(self.path)
        with contextlib.suppress(OSError):
            os.close(self._lock)
        self._lock = -1
        remove_stale(self.path.parent)  # what was too young at the beginning: a killed run that was resumed at once


def remove_stale(base: Path) -> list[Path]:
    """Remove the folders whose owner is gone, and end what still runs in them; returns what was removed."""
    removed = []
    for folder in base.glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
                continue
            if time.time() - status.st_ctime < _YOUNG_SECONDS or _has_owner(folder):
                continue
            processes.kill_inhabitants(folder)
            processes.remove_folder(folder)
            removed.append(folder)
    return removed


def _has_owner(folder: Path) -> bool:
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False  # its owner was killed while it made or removed it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
