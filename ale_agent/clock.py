"""Time as an argument: a clock that is asked, and instants counted on it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> float:
        """Return seconds since an arbitrary start; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    def now(self) -> float:
        """Return seconds since an arbitrary start; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass
class FakeClock:
    """A clock for tests: it moves only when told or slept on."""

    time: float = 0.0

    def now(self) -> float:
        """Return the set time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Move the set time on at once."""
        self.time += seconds


@dataclass(frozen=True)
class Deadline:
    """An instant on a clock."""

    clock: Clock
    instant: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """Return the instant `seconds` from now."""
        return cls(clock, clock.now() + seconds)

    @property
    def left(self) -> float:
        """Seconds until the instant, never negative."""
        return max(0.0, self.instant - self.clock.now())

    @property
    def passed(self) -> bool:
        """Whether the instant is over."""
        return self.clock.now() >= self.instant


def queued_seconds(task: int | str) -> float | None:
    """Return how long a process has waited for a processor that others had; None where the kernel does not tell.

    Of one that ended and was not waited for it is still told. Of its threads only the first one counts: those of a
    program may wait for each other, which is its own doing.

    Parameters
    ----------
    task
        Its number, or ``thread-self`` for the calling thread.
    """
    try:
        with open(f"/proc/{task}/schedstat", "rb") as file:
            ran, waited = file.read().split()[:2]
    except (OSError, ValueError):
        return None
    return int(waited) / 1e9 if int(ran) else None  # a kernel that does not count says 0 and 0
