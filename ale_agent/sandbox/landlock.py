"""Which files a locked process may read and write, by Landlock: everything that is not named is refused."""

from __future__ import annotations

import ctypes
import os
import stat
import struct

from ale_agent.sandbox import syscalls

READ_FILE, READ_DIR = 1 << 2, 1 << 3
WRITE_FILE, REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, REFER, TRUNCATE = (
    1 << 1,
    1 << 4,
    1 << 5,
    1 << 7,
    1 << 8,
    1 << 13,
    1 << 14,
)
READING = READ_FILE | READ_DIR
WRITING = READING | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
_FILE_RIGHTS = 1 | WRITE_FILE | READ_FILE | TRUNCATE

# What each version of the interface can govern: file system rights, TCP rights, scopes.
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK = 0b11  # bind and connect, from version 4
_SCOPES = 0b11  # abstract sockets and signals, from version 6
_VERSION_QUESTION = 1
_PATH_BENEATH = 1


def version(machine: str) -> int:
    """Return the kernel's Landlock interface, 0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    create = syscalls.number("landlock_create_ruleset", machine)
    found: int = libc.syscall(create, ctypes.c_void_p(None), ctypes.c_size_t(0), ctypes.c_uint(_VERSION_QUESTION))
    return max(found, 0)


def restrict(rules: list[tuple[str, int]], *, machine: str) -> None:
    """Shut this thread, and whatever it starts, in for good.

    Parameters
    ----------
    rules
        Paths with the rights below them; a path that does not exist is left out.
    machine
        ``x86_64`` or ``aarch64``.

    Raises
    ------
    OSError
        The kernel does not offer it.
    """
    found = version(machine)
    if found < 1:
        raise OSError("Landlock is not offered by this kernel")
    handled = _FILES[max(known for known in _FILES if known <= found)]
    attributes = struct.pack("QQQ", handled, _NETWORK if found >= 4 else 0, _SCOPES if found >= 6 else 0)
    size = 24 if found >= 6 else 16 if found >= 4 else 8
    buffer = ctypes.create_string_buffer(attributes)
    ruleset = _call("landlock_create_ruleset", machine, ctypes.addressof(buffer), size, 0)
    try:
        for path, rights in rules:
            _add(ruleset, path, rights & handled, machine)
        _call("landlock_restrict_self", machine, ruleset, 0)
    finally:
        os.close(ruleset)


def _add(ruleset: int, path: str, rights: int, machine: str) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _FILE_RIGHTS
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, opened))
        _call("landlock_add_rule", machine, ruleset, _PATH_BENEATH, ctypes.addressof(rule), 0)
    finally:
        os.close(opened)


def _call(name: str, machine: str, *arguments: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result: int = libc.syscall(syscalls.number(name, machine), *map(ctypes.c_ulong, arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
    return result
