"""What an attack of the sandbox's contract is: a hostile program that says what it got, and how its run must end."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent

from ale_agent.sandbox.protocol import Ending


@dataclass(frozen=True)
class Attack:
    """A hostile program.

    Parameters
    ----------
    name
        What it attacks.
    source
        Its text; ``{private}`` in it is a file that it must not read, ``{outside}`` a folder it must not write,
        ``{victim}`` a process that is not its own.
    endings
        How its last run must end; any way will do if empty.
    may_fail_to_load
        Whether it may already be stopped while it is loaded.
    together
        Whether its two cases run at the same time.
    """

    name: str
    source: str
    endings: tuple[Ending, ...] = ()
    may_fail_to_load: bool = False
    together: bool = False


_PREFACE = """\
import ctypes, os, signal, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def attempt(what, action, success=lambda value: True):
    try:
        value = action()
    except BaseException as error:
        print("held:", what, type(error).__name__, error)
        return None
    if success(value):
        print("escaped:", what, value)
    return value
def call(function, *arguments):
    result = getattr(libc, function)(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), function)
    return result
def syscall(x86, arm, *arguments):
    import platform
    return call("syscall", ctypes.c_long(x86 if platform.machine() == "x86_64" else arm), *arguments)
"""


def attack(
    name: str, body: str, *endings: Ending, top: str = "", may_fail_to_load: bool = False, together: bool = False
) -> Attack:
    """Return an attack whose `main` is `body`; `top` runs when it is loaded."""
    main = indent(dedent(body).strip(), "    ")
    source = f'{_PREFACE}{dedent(top)}\ndef main():\n{main}\n\nif __name__ == "__main__":\n    main()\n'
    return Attack(name, source, endings, may_fail_to_load, together)
