"""Answers a locked process that is held by the kernel in a call that only its supervisor may let through."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import struct

_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND
_NOTICE_BYTES = 80
_CONTINUE = 1


def answer(listener: int, pid: int, call: tuple[int, int], *, grant: bool = True) -> bool:
    """Take one notice and answer it; the call goes on only if it is granted, the one waited for, and `pid` made it.

    Parameters
    ----------
    listener
        The filter's descriptor, ready to be read.
    pid
        The only process that may be let through.
    call
        The number and the first argument of the only call that may be; the filter has looked at the other arguments,
        and none is a pointer.
    grant
        Whether it may be, now.

    Returns
    -------
    Whether the call was let through.
    """
    notice = bytearray(_NOTICE_BYTES)
    try:
        fcntl.ioctl(listener, _RECEIVE, notice)
    except OSError:  # the process was killed meanwhile
        return False
    identity, caller, number, argument = struct.unpack_from("QI4xi12xQ", notice)
    granted = grant and (caller, (number, argument)) == (pid, call)
    reply = struct.pack("QqiI", identity, 0, 0 if granted else -errno.EPERM, _CONTINUE if granted else 0)
    with contextlib.suppress(OSError):
        fcntl.ioctl(listener, _SEND, bytearray(reply))
        return granted
    return False
