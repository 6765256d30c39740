"""How much of an attempt's budget is used, over all its sessions, and how it is shared out."""

from __future__ import annotations

from dataclasses import dataclass

from ale_agent.attempt.options import AttemptOptions
from ale_agent.clock import Clock

CONFIRM_SHARE = 0.25
"""The part of the time that is kept for confirming the finalists, cold and one at a time."""

HANDOVER_SECONDS = 4.0
"""What writing the report, the solver and the memory takes."""


@dataclass
class Budget:
    """The clock of an attempt, which goes on where a killed session stopped.

    Parameters
    ----------
    options
        What was asked for.
    clock
        What tells the time.
    started
        When this session began, on that clock.
    spent_before
        Seconds that earlier sessions used.
    """

    options: AttemptOptions
    clock: Clock
    started: float
    spent_before: float = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds used over all sessions."""
        return self.spent_before + self.clock.now() - self.started

    @property
    def left(self) -> float:
        """Seconds until the whole budget is used; infinite on an iteration budget."""
        if self.options.seconds is None:
            return float("inf")
        return max(0.0, self.options.seconds - self.elapsed)

    @property
    def search_left(self) -> float:
        """Seconds until searching and tuning must end."""
        if self.options.seconds is None:
            return float("inf")
        return max(0.0, self.options.seconds * (1.0 - CONFIRM_SHARE) - HANDOVER_SECONDS / 2 - self.elapsed)

    @property
    def search_fraction(self) -> float:
        """Which part of the searching time is used, 0 to 1; 0 on an iteration budget."""
        if self.options.seconds is None:
            return 0.0
        whole = self.options.seconds * (1.0 - CONFIRM_SHARE) - HANDOVER_SECONDS / 2
        return 1.0 if whole <= 0 else min(1.0, self.elapsed / whole)
