"""Contest standings: from a score to a rank, a percentile and a performance.

Ranks and performances are those of the table at its rows. A thinned table says nothing of what lies between two rows:
there both are interpolated, and a `Place` says so.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ale_agent.errors import StandingsError

_FIT_CENTRE, _FIT_SCALE = 1415.0, 364.0
_FIT_LOW, _FIT_HIGH = -200.0, 3600.0


@dataclass(frozen=True)
class Row:
    """One row of a table: a rank that a score had, with its performance where the table has it."""

    rank: int
    score: float
    performance: float | None = None


@dataclass(frozen=True)
class Place:
    """Where a score would stand.

    Parameters
    ----------
    rank
        The newcomer's; a tie shares the tie's first rank. A fraction where it is interpolated.
    percentile
        100 x rank / (entrants + 1), Weibull's.
    performance
        In the contest's own scale.
    estimated
        Why the figures are not exact, empty where they are.
    """

    rank: float
    percentile: float
    performance: float
    estimated: str


@dataclass(frozen=True)
class Standings:
    """A table of one contest.

    Parameters
    ----------
    name
        The table's, for messages.
    rows
        Best first; each rank and each score once.
    """

    name: str
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if len(self.rows) < 2:
            raise StandingsError(f"{self.name}: a table needs at least two rows, this one has {len(self.rows)}")
        for better, worse in pairwise(self.rows):
            if not better.rank < worse.rank:
                raise StandingsError(f"{self.name}: ranks must increase, rank {worse.rank} follows {better.rank}")
            if not self._sign * better.score > self._sign * worse.score:
                raise StandingsError(
                    f"{self.name}: scores must get worse with the rank, rank {worse.rank} has {worse.score:g} after "
                    f"{better.score:g} at rank {better.rank}"
                )

    @property
    def _sign(self) -> float:
        """1 where greater scores are better, -1 where smaller ones are."""
        return 1.0 if self.rows[0].score > self.rows[1].score else -1.0

    @property
    def entrants(self) -> int:
        """How many entered, as far as the table tells: its last rank."""
        return self.rows[-1].rank

    @cached_property
    def _utilities(self) -> list[float]:
        """Scores turned so that they ascend from the best: for bisection."""
        return [-self._sign * row.score for row in self.rows]

    def rank_of(self, score: float) -> float:
        """Return a newcomer's rank: the first of the block whose score is not better than its own.

        Between two rows of a thinned table it is interpolated linearly in the score; between ranks r and r + 1 it is
        r + 1. Zero, and whatever is worse than the last row, is placed at the last row.
        """
        if not math.isfinite(score):
            raise StandingsError(f"{self.name}: a score is a finite number, not {score}")
        at = bisect_left(self._utilities, -self._sign * score)
        if at >= len(self.rows) or (self._sign > 0 and score <= 0):
            return float(self.rows[-1].rank)
        below = self.rows[at]
        if at == 0 or below.score == score:
            return float(below.rank)
        above = self.rows[at - 1]
        share = (above.score - score) / (above.score - below.score)
        return above.rank + 1 + share * (below.rank - above.rank - 1)

    def performance_of(self, score: float) -> float:
        """Return the performance of a score: that of its rank, linear between rows, by the fit where a table has none."""
        return self._performance_at(self.rank_of(score), score)

    def place(self, score: float) -> Place:
        """Return where a score would stand, and what of that is estimated."""
        rank = self.rank_of(score)
        return Place(
            rank, 100.0 * rank / (self.entrants + 1), self._performance_at(rank, score), self._reason(rank, score)
        )

    def _reason(self, rank: float, score: float) -> str:
        reasons = []
        exact = any(row.score == score for row in self.rows)
        neighbours = [row.rank for row in self.rows if row.rank < rank]
        following = [row.rank for row in self.rows if row.rank >= rank]
        if not exact and neighbours and following and following[0] - neighbours[-1] > 1:
            reasons.append("between two rows of a thinned table")
        if any(row.performance is None for row in self.rows):
            reasons.append("performance by a fit over contests, not by this contest's own")
        return "; ".join(reasons)

    def _performance_at(self, rank: float, score: float) -> float:
        keys = [(row.rank, row.performance) for row in self.rows]
        known = [(float(key), value) for key, value in keys if value is not None]
        if len(known) < len(keys):
            return fitted_performance(rank, self.entrants)
        if self._sign * score > self._sign * self.rows[0].score:
            return self._beyond_first(known)
        at = bisect_left(known, (rank, -math.inf))
        if at >= len(known):
            return known[-1][1]
        if known[at][0] == rank or at == 0:
            return known[at][1]
        (low_rank, low), (high_rank, high) = known[at - 1], known[at]
        return low + (high - low) * (rank - low_rank) / (high_rank - low_rank)

    @staticmethod
    def _beyond_first(known: list[tuple[float, float]]) -> float:
        """Return the performance of a score above the best: that of the first rank, which it takes over."""
        return known[0][1]


def fitted_performance(rank: float, entrants: int) -> float:
    """Return an estimated performance from a rank among so many entrants: a logistic fit over contests, RMSE 107."""
    rank = min(max(rank, 0.75), entrants + 0.25)
    value = _FIT_CENTRE + _FIT_SCALE * math.log((entrants + 0.5 - rank) / (rank - 0.5))
    return min(_FIT_HIGH, max(_FIT_LOW, value))
