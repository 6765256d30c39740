"""What this machine offers for locking untrusted programs, found by asking it; nothing is changed."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from dataclasses import dataclass

from ale_agent.sandbox import landlock, syscalls

_LANDLOCK_FILES, _LANDLOCK_NETWORK, _LANDLOCK_SCOPES = 1, 4, 6
_SECCOMP_GET_ACTION_AVAIL = 2
_USER_NOTIFICATION = 0x7FC00000


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What was found.

    Parameters
    ----------
    system, machine
        As `platform` names them.
    landlock
        The version of the interface, 0 where there is none.
    seccomp
        Whether system call filters exist whose decisions a supervisor can make.
    pidfd
        Whether a process can be held by a descriptor.
    missing
        What keeps the local sandbox from being used, one sentence each.
    """

    system: str
    machine: str
    landlock: int
    seccomp: bool
    pidfd: bool
    missing: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether the local sandbox can lock files and network here."""
        return not self.missing

    @property
    def locks(self) -> tuple[tuple[str, str], ...]:
        """What is locked by what: pairs for a person to read."""
        version = self.landlock
        return (
            ("files", f"Landlock version {version}" if version else "not locked"),
            ("network", "no sockets (system call filter)" if self.seccomp else "not locked"),
            ("processes and threads", "system call filter, one per case by the supervisor" if self.seccomp else "open"),
            ("abstract sockets and signals", "filter and Landlock scopes" if version >= _LANDLOCK_SCOPES else "filter"),
            ("memory, time, output", "limits set from outside"),
        )


def probe_machine() -> Capabilities:
    """Return what this machine offers."""
    machine = syscalls.architecture()
    linux = sys.platform == "linux"
    version = landlock.version(machine) if linux and machine else 0
    seccomp = linux and machine is not None and _has_supervised_filters(machine)
    pidfd = hasattr(os, "pidfd_open")
    missing = []
    if not linux:
        missing.append(f"the local sandbox needs Linux, this is {platform.system()}: use --sandbox docker")
    elif machine is None:
        missing.append(f"there is no system call table for {platform.machine()}: use --sandbox docker")
    else:
        if version < _LANDLOCK_FILES:
            missing.append("the kernel offers no Landlock (5.13 or later, and `landlock` among its lsm= modules)")
        if not seccomp:
            missing.append("the kernel or the container refuses system call filters (seccomp with user notification)")
        if not pidfd:
            missing.append("this Python has no os.pidfd_open (Linux 5.3 or later)")
    return Capabilities(
        system=platform.system(),
        machine=platform.machine(),
        landlock=version,
        seccomp=seccomp,
        pidfd=pidfd,
        missing=tuple(missing),
    )


def _has_supervised_filters(machine: str) -> bool:
    action = ctypes.c_uint32(_USER_NOTIFICATION)
    libc = ctypes.CDLL(None, use_errno=True)
    call = syscalls.number("seccomp", machine)
    question = (ctypes.c_ulong(_SECCOMP_GET_ACTION_AVAIL), ctypes.c_ulong(0), ctypes.byref(action))
    return bool(
        libc.syscall(call, *question) == 0 or ctypes.get_errno() not in (errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)
    )
