"""Folders that an untrusted program filled: measured, read and removed, however deep, wide or unreadable it made them.

Nothing here recurses, follows a link or builds a long path, so that no tree of folders can break it. Not covered: a
program that still changes the folder meanwhile; it may then be measured wrong, and what it adds is left.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class KeptFile:
    """A file's content and when it was changed."""

    content: bytes
    modified_ns: int


def is_too_full(folder: Path, *, most_bytes: int, most_entries: int) -> bool:
    """Return whether there is more in a folder than is allowed; a path that is too long for the kernel is, too.

    Parameters
    ----------
    folder
        Where to look, in the folders in it as well.
    most_bytes
        The sizes of the files together, holes in them included.
    most_entries
        Files and folders together.
    """
    total = count = 0
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count += 1
                    with contextlib.suppress(FileNotFoundError):
                        total += entry.stat(follow_symlinks=False).st_size
                    if total > most_bytes or count > most_entries:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
        except OSError:
            return True
    return False


def read_files(folder: Path, *, most_bytes: int) -> dict[str, KeptFile]:
    """Return the regular files in a folder by their path in it, those larger than `most_bytes` left out."""
    kept: dict[str, KeptFile] = {}
    waiting = [os.fspath(folder)]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(OSError):
                        found = _read(entry.path, most_bytes)
                        if found is not None:
                            kept[os.path.relpath(entry.path, folder)] = found
    return kept


def _read(path: str, most_bytes: int) -> KeptFile | None:
    with open(os.open(path, _FILE), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > most_bytes:
            return None
        return KeptFile(file.read(most_bytes), status.st_mtime_ns)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it; what cannot be removed is left."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, _DIRECTORY)
        try:
            opened = _empty(opened)
        finally:
            os.close(opened)
        os.rmdir(folder)


def _empty(opened: int) -> int:
    """Remove all that is in an open folder, one descriptor at a time; returns the descriptor in its place."""
    above: list[tuple[str, list[str]]] = []  # the folders on the way down: name, and what waits beside it
    folders = _remove_files(opened)
    while True:
        if folders:
            name = folders.pop()
            below = _enter(opened, name)
            if below is not None:
                os.close(opened)
                opened = below
                above.append((name, folders))
                folders = _remove_files(opened)
            continue
        if not above:
            return opened
        name, folders = above.pop()
        parent = os.open("..", _DIRECTORY, dir_fd=opened)
        os.close(opened)
        opened = parent
        with contextlib.suppress(OSError):
            os.rmdir(name, dir_fd=opened)


def _enter(opened: int, name: str) -> int | None:
    try:
        return os.open(name, _DIRECTORY, dir_fd=opened)
    except PermissionError:  # made with no rights at all
        with contextlib.suppress(OSError):
            os.chmod(name, 0o700, dir_fd=opened)
            return os.open(name, _DIRECTORY, dir_fd=opened)
    except OSError:
        pass
    return None


def _remove_files(opened: int) -> list[str]:
    """Remove what is no folder, and return the names of the folders."""
    folders = []
    with contextlib.suppress(OSError):
        os.fchmod(opened, 0o700)
    with os.scandir(opened) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                with contextlib.suppress(OSError):
                    os.unlink(entry.name, dir_fd=opened)
    return folders
