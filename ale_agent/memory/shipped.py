"""What ships with the program was learned on the bundled problems, and is not used on the problem it was learned on.

So a default attempt on a bundled problem never replays what was found on it before: it starts from what the other
problems taught, as it does on a problem nobody has seen. What an attempt of one's own learned is used in full.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ale_agent.memory.strategy import Outline, Strategy

SHIPPED_ATTEMPT = "shipped-"
"""Begins the name of the attempts that made the shipped memory."""

Remembered = TypeVar("Remembered", Strategy, Outline)


def without_shipped(strategy: Remembered, problem: str | None) -> Remembered | None:
    """Return the strategy without what ships of this very problem; None if nothing else is left of it."""
    if problem is None:
        return strategy
    origin = strategy.origin
    if origin.problem == problem and _shipped(origin.attempt):
        return None
    if not any(item.problem == problem and _shipped(item.attempt) for item in strategy.evidence):
        return strategy
    kept = tuple(item for item in strategy.evidence if item.problem != problem or not _shipped(item.attempt))
    return replace(strategy, evidence=kept)


def is_learned(strategy: Strategy) -> bool:
    """Return whether a strategy, or anything that was measured of it, was learned and does not ship."""
    if strategy.origin.kind == "learned" and not _shipped(strategy.origin.attempt):
        return True
    return any(item.kind == "trial" and not _shipped(item.attempt) for item in strategy.evidence)


def _shipped(attempt: str | None) -> bool:
    return attempt is not None and attempt.startswith(SHIPPED_ATTEMPT)
