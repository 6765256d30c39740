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
