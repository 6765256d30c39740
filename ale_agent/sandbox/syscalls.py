"""The system calls that a locked process may make, with their numbers on x86-64 and aarch64.

Whatever is not listed here is refused, on every kernel, so a call that a later kernel adds is refused too. Left out on
purpose: starting programs (execve), other processes and threads (fork, vfork, clone3), sockets of one's own, pipes and
shared memory (a channel from one case to the next), signals to anybody, changing names, owners, modes or times of
files, changing directory, priorities or limits, ptrace and its kin, mounts and namespaces, keys, bpf, perf, io_uring.
"""

from __future__ import annotations

import platform

# name: (x86-64, aarch64); None where the architecture does not have it.
_COMMON: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "open": (2, None),
    "close": (3, 57),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "poll": (7, None),
    "lseek": (8, 62),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "select": (23, None),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "dup": (32, 23),
    "dup2": (33, None),
    "nanosleep": (35, 101),
    "getitimer": (36, 102),
    "alarm": (37, None),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "exit": (60, 93),
    "uname": (63, 160),
    "getcwd": (79, 17),
    "readlink": (89, None),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "rt_sigpending": (127, 136),
    "sigaltstack": (131, 132),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "getdents64": (217, 61),
    "set_tid_address": (218, 96),
    "restart_syscall": (219, 128),
    "fadvise64": (221, 223),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "openat": (257, 56),
    "newfstatat": (262, 79),
    "readlinkat": (267, 78),
    "faccessat": (269, 48),
    "pselect6": (270, 72),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100),
    "dup3": (292, 24),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "statx": (332, 291),
    "rseq": (334, 293),
    "close_range": (436, 436),
    "faccessat2": (439, 439),
}

_WRITING: dict[str, tuple[int | None, int | None]] = {
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "ftruncate": (77, 46),
    "rename": (82, None),
    "mkdir": (83, None),
    "rmdir": (84, None),
    "unlink": (87, None),
    "mkdirat": (258, 34),
    "unlinkat": (263, 35),
    "renameat": (264, 38),
    "renameat2": (316, 276),
}
"""Added for a cold run, whose folder may be written: what Numba's file cache needs."""

_CHECKED: dict[str, tuple[int, int]] = {
    "mmap": (9, 222),
    "ioctl": (16, 29),
    "clone": (56, 220),
    "fcntl": (72, 25),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "clone3": (435, 435),
}
"""Those whose arguments decide."""

_OURS: dict[str, tuple[int, int]] = {
    "capset": (126, 91),
    "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
"""What the lock itself calls, before it is shut."""

AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def architecture() -> str | None:
    """Return ``x86_64`` or ``aarch64``, or nothing where there is no table."""
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())
    return machine if machine in AUDIT_ARCHITECTURE else None


def number(name: str, machine: str) -> int:
    """Return the number of a call that is checked by its arguments or made by the lock."""
    found = {**_CHECKED, **_OURS}[name][_column(machine)]
    assert found is not None
    return found


def allowed(machine: str, *, writing: bool) -> list[int]:
    """Return the numbers of the calls that need no look at their arguments."""
    table = {**_COMMON, **_WRITING} if writing else _COMMON
    return [pair[_column(machine)] for pair in table.values() if pair[_column(machine)] is not None]  # type: ignore[misc]


def named(machine: str) -> dict[str, int]:
    """Return every call of the tables by name: what a test compares with the kernel's headers."""
    tables = {**_COMMON, **_WRITING, **_CHECKED, **_OURS}
    column = _column(machine)
    return {name: pair[column] for name, pair in tables.items() if pair[column] is not None}  # type: ignore[misc]


def _column(machine: str) -> int:
    return 0 if machine == "x86_64" else 1
