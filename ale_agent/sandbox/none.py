"""No lock at all, only limits: for programs that a person trusts, and for machines that offer nothing better.

The processes are supervised as in `ale_agent.sandbox.local`, so a program that misbehaves by accident is ended like
there. It is *not* a defence against anything that a program does on purpose: it may read and change whatever this user
may, reach the network, start other programs and outlive its run.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from ale_agent.sandbox.local import LocalSandbox

UNLOCKED = "sandbox none: solver programs run with all your rights; use it only for programs you trust"


class UnlockedProgramsWarning(UserWarning):
    """Programs run without a lock because somebody asked for it."""


def open_unlocked(folder: Path | None = None) -> LocalSandbox:
    """Return a sandbox that locks nothing, and warn."""
    warnings.warn(
        UNLOCKED,
        UnlockedProgramsWarning,
        stacklevel=3,
    )
    return LocalSandbox(locked=False, folder=folder)
