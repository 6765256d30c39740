"""What every sandbox offers: a program is loaded once, then started once a case, and each run ends with an outcome.

A program's misbehaviour is a value (`Ending`, `Loaded.error`); an exception is a fault of the machine or of ours.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

STANDARD_ERROR_BYTES = 4096
_QUEUE_FACTOR = 4.0
"""How many wall limits a run may wait for a processor, where its processor time is limited too."""


class Ending(StrEnum):
    """How a process ended.

    ``killed`` is a SIGKILL that came neither from us nor of a limit: the machine's doing. ``lost`` says that the place
    where it ran went away. Neither says anything of the program.
    """

    EXITED = "exited"
    SIGNALLED = "signalled"
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    ASLEEP = "asleep"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    CANCELLED = "cancelled"
    LOST = "lost"
    KILLED = "killed"


class RefusedError(Exception):
    """A loaded program broke the rules of starting a case, or died: its own doing, so the evaluator's to judge."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one run may use.

    Parameters
    ----------
    cpu_seconds
        Processor time, the loaded program's own work during the run included; None for no limit but the wall's.
    wall_seconds
        The hard limit: whatever the program does, it is over then. Where processor time is limited too, waiting for a
        processor does not count towards it, up to four times as long: a loaded machine is not the program's fault.
    idle_seconds
        Time asleep or stopped (neither running nor waiting for a processor); None for no limit but the wall's.
    memory_bytes
        Memory beyond what the loaded program had, and at most this much resident in all.
    output_bytes
        Standard output, and standard error likewise.
    """

    wall_seconds: float
    cpu_seconds: float | None = None
    idle_seconds: float | None = None
    memory_bytes: int = 1024 << 20
    output_bytes: int = 64 << 20

    @property
    def forgiven_seconds(self) -> float:
        """How much waiting for a processor does not count towards the wall's limit."""
        return 0.0 if self.cpu_seconds is None else _QUEUE_FACTOR * self.wall_seconds

    @property
    def longest_seconds(self) -> float:
        """When a run is over whatever it waited for."""
        return self.wall_seconds + self.forgiven_seconds


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run that is asked for.

    Parameters
    ----------
    standard_input
        What the program reads; None for an interactive run, whose ends are the `Running`'s channels.
    environment
        Variables added to the clean ones.
    limits
        What it may use.
    """

    standard_input: bytes | None
    limits: Limits
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run went: the supervisor's own measurements, nothing the program said but its output.

    Parameters
    ----------
    ending
        How it ended.
    exit_code
        Its status if it exited, minus the signal's number if a signal ended it.
    standard_output
        What it wrote, up to the limit; empty for an interactive run.
    standard_error
        The end of what it wrote there.
    cpu_seconds, wall_seconds
        What it used.
    queued_seconds
        How much of the wall's time went by because a processor was waited for, by the run or by who watched it; None
        where the kernel does not tell.
    memory_bytes
        Peak resident memory, what it shares with the loaded program included.
    message
        Why, where the ending needs words.
    """

    ending: Ending
    exit_code: int
    standard_output: bytes
    standard_error: str
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    message: str = ""
    queued_seconds: float | None = None


class Running(Protocol):
    """A run under way."""

    @property
    def channels(self) -> tuple[int, int]:
        """For an interactive run: read the program's output from the first, write its input to the second; the
        caller closes both."""
        ...

    def wait(self) -> Outcome:
        """Supervise the run to its end, which the limits guarantee; by one thread, once."""
        ...

    def cancel(self) -> None:
        """Kill it now; from any thread, at any time."""
        ...


class Loaded(Protocol):
    """A program that was loaded once and can be started many times, by several threads at once."""

    @property
    def error(self) -> str:
        """Why it cannot be started; empty if it can."""
        ...

    @property
    def load_seconds(self) -> float:
        """Processor time that loading and warming up took."""
        ...

    def start(self, run: Run) -> Running:
        """Start a process for one case; `RefusedError` if the loaded program does not play along."""
        ...

    def close(self) -> None:
        """End it and whatever still runs of it; harmless when repeated."""
        ...


class Cold(Protocol):
    """A program in a folder of its own that is started from nothing each time, as a contest judge does."""

    def start(self, run: Run, *, compile_pass: bool = False) -> Running:
        """Start a process; the compile pass gets ``ONLINE_JUDGE`` and what it writes is there in every later run."""
        ...

    def close(self) -> None:
        """Remove the folder; harmless when repeated."""
        ...


class Sandbox(Protocol):
    """Where untrusted programs run."""

    @property
    def kind(self) -> str:
        """``local``, ``docker`` or ``none``."""
        ...

    def load(
        self,
        source: str,
        *,
        cpu_seconds: float = 60.0,
        memory_bytes: int = 1024 << 20,
        cancelled: threading.Event | None = None,
    ) -> Loaded:
        """Load a program and call its `warm_up`; what goes wrong in it is the result's `error`.

        Parameters
        ----------
        source
            The program's text.
        cpu_seconds, memory_bytes
            What loading may use (memory: with room for the compiler).
        cancelled
            Gives up when it is set.
        """
        ...

    def cold(self, source: str) -> Cold:
        """Lay a program out for cold runs."""
        ...

    def close(self) -> None:
        """End every process and remove every folder; harmless when repeated."""
        ...
