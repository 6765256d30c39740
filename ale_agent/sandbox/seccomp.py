"""The system call filter: a small BPF program, assembled here and installed on the calling thread.

A locked process may not make another one, with a single exception: the serving process of a loaded program asks for
``clone(CLONE_PARENT | SIGCHLD)``, and the kernel holds that call until the supervisor (outside) lets it through, once
for each case that it started. `CLONE_PARENT` makes the case a child of the supervisor, so that exit status, processor
time and memory are the kernel's word and not the untrusted server's. In the same way a case ties its life to ours, and
shuts itself off from those that run the same program: one that is not dumpable has no descriptors that they could open.
"""

from __future__ import annotations

import ctypes
import struct

from ale_agent.sandbox import syscalls

CLONE_FLAGS = 0x8000 | 17  # CLONE_PARENT | SIGCHLD

_EPERM, _ENOSYS = 1, 38
_ALLOW, _KILL_PROCESS, _NOTIFY, _ERRNO = 0x7FFF0000, 0x80000000, 0x7FC00000, 0x00050000
_LOAD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR, _ARCH, _ARGUMENTS = 0, 4, 16
_MAP_SHARED = 0x01
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ, _SIGKILL = 15, 16, 23, 9
_FIRST_UNKNOWN = 435  # the C library takes "no such call" from newer numbers as a sign to use older ones
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_FCNTLS = (0, 1, 2, 3, 4, 1030)  # DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC: no locks, no signals by O_ASYNC
_SET_MODE_FILTER, _NEW_LISTENER = 1, 1 << 3

Instruction = tuple[int, int, int, int]


def build(machine: str, *, writing: bool, forking: bool) -> bytes:
    """Return the filter as the kernel takes it.

    Parameters
    ----------
    machine
        ``x86_64`` or ``aarch64``.
    writing
        Whether the calls that write into a folder are let through (where Landlock permits it).
    forking
        Whether the supervised calls exist: the clone, and shutting oneself off.
    """
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_JEQ, 1, 0, syscalls.AUDIT_ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NR),
    ]
    for call in syscalls.allowed(machine, writing=writing):
        code += [(_JEQ, 0, 1, call), (_RETURN, 0, 0, _ALLOW)]
    code += _when(syscalls.number("mmap", machine), _without_bit(3, _MAP_SHARED))
    code += _when(syscalls.number("ioctl", machine), _one_of(1, _IOCTLS))
    code += _when(syscalls.number("fcntl", machine), _one_of(1, _FCNTLS))
    code += _when(syscalls.number("prctl", machine), _prctl(shutting=forking))
    code += _when(syscalls.number("prlimit64", machine), _zero(2))
    if forking:
        code += _when(syscalls.number("clone", machine), _exactly(0, CLONE_FLAGS, _NOTIFY))
    code += [
        (_JGE, 0, 1, _FIRST_UNKNOWN),
        (_RETURN, 0, 0, _ERRNO | _ENOSYS),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def install(program: bytes, *, machine: str, listener: bool) -> int:
    """Put the filter on this thread for good, and return the supervisor's descriptor (or 0 without one).

    Raises
    ------
    OSError
        The kernel does not take it.
    """
    buffer = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (_SET_MODE_FILTER, _NEW_LISTENER if listener else 0, ctypes.addressof(header))
    result: int = libc.syscall(syscalls.number("seccomp", machine), *map(ctypes.c_ulong, arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"seccomp: the filter was refused (errno {error})")
    return result


def _when(call: int, body: list[Instruction]) -> list[Instruction]:
    """Return the body for one call; it ends the filter on every path."""
    return [(_JEQ, 0, len(body), call), *body]


def _low(argument: int) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)


def _high(argument: int) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4)


def _refuse() -> Instruction:
    return (_RETURN, 0, 0, _ERRNO | _EPERM)


def _exactly(argument: int, value: int, action: int = _ALLOW) -> list[Instruction]:
    return [
        _high(argument),
        (_JEQ, 0, 3, 0),
        _low(argument),
        (_JEQ, 0, 1, value),
        (_RETURN, 0, 0, action),
        _refuse(),
    ]


def _zero(argument: int) -> list[Instruction]:
    return _exactly(argument, 0)


def _without_bit(argument: int, bit: int) -> list[Instruction]:
    return [_low(argument), (_JSET, 1, 0, bit), (_RETURN, 0, 0, _ALLOW), _refuse()]


def _one_of(argument: int, values: tuple[int, ...]) -> list[Instruction]:
    # The kernel itself takes these commands as 32-bit integers, so the low half is all there is.
    tests: list[Instruction] = []
    for value in values:
        tests += [(_JEQ, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    return [_low(argument), *tests, _refuse()]


def _prctl(*, shutting: bool) -> list[Instruction]:
    """Allow names; and, supervised where there is a supervisor, dying with the parent and shutting oneself off."""
    action = _NOTIFY if shutting else _ALLOW
    death = _exactly(1, _SIGKILL, action)
    names: list[Instruction] = []
    for option in (_PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ):
        names += [(_JEQ, 0, 1, option), (_RETURN, 0, 0, _ALLOW)]
    shut = _exactly(1, 0, action) if shutting else [_refuse()]
    return [
        _low(0),
        *names,
        (_JEQ, 0, len(death), PR_SET_PDEATHSIG),
        *death,
        (_JEQ, 0, len(shut), PR_SET_DUMPABLE),
        *shut,
        _refuse(),
    ]
