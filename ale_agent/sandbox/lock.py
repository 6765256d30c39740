"""Locks the calling process for good: capabilities, limits, files, system calls. Runs inside, before untrusted text.

Nothing but the standard library's lightest modules is imported here: what runs in a locked process starts from it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys

from ale_agent.sandbox import landlock, seccomp, syscalls

PACKAGES = ("numpy", "numba", "llvmlite", "scipy")
"""What a solver may import beside the standard library."""

_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION = 0x20080522
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/usr/share/locale")
_SINGLE = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
)
_LIBC = ctypes.CDLL(None, use_errno=True)  # one handle: making one costs a forked case more than calling it
_SITE = ("site-packages", "dist-packages")


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends; exits at once if that is over already."""
    _LIBC.prctl(seccomp.PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def shut_off() -> None:
    """Give this process's descriptors and memory into nobody's hands, not even those of its own user's processes."""
    _LIBC.prctl(seccomp.PR_SET_DUMPABLE, ctypes.c_ulong(0), 0, 0, 0)


def flush_c_streams() -> None:
    """Write out what C code (a compiled kernel's print) still holds."""
    _LIBC.fflush(None)


def set_limits(*, memory_bytes: int, file_bytes: int, open_files: int = 64) -> None:
    """Set the limits that hold from loading on; those of a case are set from outside.

    Parameters
    ----------
    memory_bytes
        Address space; 0 for no limit.
    file_bytes
        Size of a written file.
    open_files
        Number of descriptors.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def forget_ourselves() -> None:
    """Take our own modules out of what a program can import; those that run keep what they need of each other."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "ale_agent"]:
        del sys.modules[name]


def shut(folder: str, *, writing: bool, forking: bool) -> int:
    """Give up what can be given up: capabilities, files outside `folder`, all but the listed system calls.

    Parameters
    ----------
    folder
        The one folder of its own, readable.
    writing
        Whether that folder may be written as well.
    forking
        Whether the supervised clone is let through.

    Returns
    -------
    The supervisor's descriptor if `forking`, otherwise 0.

    Raises
    ------
    OSError
        This machine does not offer one of the locks, or a second thread would escape them.
    """
    machine = syscalls.architecture()
    if machine is None:
        raise OSError("no system call table for this architecture")
    if os.path.isdir("/proc/self/task") and len(os.listdir("/proc/self/task")) != 1:
        raise OSError("another thread runs already and would stay outside the lock")
    sys.meta_path.insert(0, OnlyPackages())
    _drop_capabilities(machine)
    if _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS) was refused")
    landlock.restrict(readable_paths(folder, writing=writing), machine=machine)
    return seccomp.install(seccomp.build(machine, writing=writing, forking=forking), machine=machine, listener=forking)


class OnlyPackages:
    """Import finder that makes every installed package but `PACKAGES` absent, as on a judge.

    Without it they would be there and unreadable, which code that imports a package where it can does not expect.
    """

    def __init__(self) -> None:
        names = {name.split(".")[0] for site in _site_folders() for name in os.listdir(site)}
        self._hidden = {*names, "ale_agent"}.difference(PACKAGES)

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse a hidden package, and leave the others to the usual finders."""
        if name.partition(".")[0] in self._hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def readable_paths(folder: str, *, writing: bool) -> list[tuple[str, int]]:
    """Return what a solver may read: this Python, four packages, the system's libraries, its own folder."""
    rules = [(path, landlock.READING) for path in (*_SYSTEM, *_SINGLE)]
    rules.append(("/dev/null", landlock.READ_FILE | landlock.WRITE_FILE))
    rules.append((folder, landlock.WRITING if writing else landlock.READING))
    rules += _python_paths()
    for site in _site_folders():
        rules.append((site, landlock.READ_DIR))
        rules += [(os.path.join(site, name), landlock.READING) for name in _package_entries(site)]
    return rules


def _python_paths() -> list[tuple[str, int]]:
    """Return the standard library without the packages installed in it (our own may be one of them)."""
    library = os.path.dirname(os.__file__)
    rules = [(library, landlock.READ_DIR)]
    rules += [(os.path.join(library, name), landlock.READING) for name in os.listdir(library) if name not in _SITE]
    prefix_library = os.path.dirname(library)
    for name in os.listdir(prefix_library):
        if ".so" in name:
            rules.append((os.path.join(prefix_library, name), landlock.READ_FILE))
    return rules


def _site_folders() -> list[str]:
    return [path for path in dict.fromkeys(sys.path) if os.path.basename(path) in _SITE and os.path.isdir(path)]


def _package_entries(site: str) -> list[str]:
    return [name for name in os.listdir(site) if name.lower().split(".")[0].split("-")[0] in PACKAGES]


def _drop_capabilities(machine: str) -> None:
    header = ctypes.create_string_buffer(struct.pack("Ii", _CAPABILITY_VERSION, 0))
    none = ctypes.create_string_buffer(24)
    capset = syscalls.number("capset", machine)
    if _LIBC.syscall(capset, ctypes.c_ulong(ctypes.addressof(header)), ctypes.c_ulong(ctypes.addressof(none))) != 0:
        raise OSError(ctypes.get_errno(), "capset was refused")
