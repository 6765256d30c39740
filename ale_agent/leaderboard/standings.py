"""Contest standings: from a score to a rank, a percentile and a performance.

Ranks and performances are those of the table at its rows. A thinned table says nothing of what lies between two rows:
there both are interpolated, and a `Place` says so. For performance a tied block counts at its mean rank.
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
    """One row of a table: the first rank of all who had a score, with its performance where the table has it.

    Parameters
    ----------
    rank
        The first of the tied block.
    score
        What it had.
    performance
        The contest's own; None where the table has none.
    tied
        How many share the score, as far as the table tells.
    """

    rank: int
    score: float
    performance: float | None = None
    tied: int = 1

    @property
    def mean_rank(self) -> float:
        """The rank at which the block counts for performance."""
        return self.rank + (self.tied - 1) / 2


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
            if not better.rank + better.tied <= worse.rank:
                raise StandingsError(
                    f"{self.name}: ranks must increase, rank {worse.rank} follows {better.rank}, which {better.tied} have"
                )
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
        return self.rows[-1].rank + self.rows[-1].tied - 1

    @cached_property
    def _utilities(self) -> list[float]:
        """Scores turned so that they ascend from the best: for bisection."""
        return [-self._sign * row.score for row in self.rows]

    @cached_property
    def _known(self) -> list[tuple[float, float]]:
        """The contest's own performances by mean rank."""
        return [(row.mean_rank, row.performance) for row in self.rows if row.performance is not None]

    def _position(self, score: float) -> tuple[int, bool]:
        """Return the first row whose score is not better, and whether it is equal."""
        if not math.isfinite(score):
            raise StandingsError(f"{self.name}: a score is a finite number, not {score}")
        at = bisect_left(self._utilities, -self._sign * score)
        return at, at < len(self.rows) and self.rows[at].score == score

    def rank_of(self, score: float) -> float:
        """Return a newcomer's rank: the first of the block whose score is not better than its own.

        Between two rows of a thinned table it is interpolated linearly in the score; between ranks r and r + 1 it is
        r + 1. What is worse than the last row is placed there, and so is a 0 that is better than the first: in a
        contest it means that nothing was scored.
        """
        at, equal = self._position(score)
        if at >= len(self.rows) or (score == 0 and at == 0 and not equal):
            return float(self.rows[-1].rank)
        below = self.rows[at]
        if at == 0 or equal:
            return float(below.rank)
        above = self.rows[at - 1]
        share = (above.score - score) / (above.score - below.score)
        next_rank = above.rank + above.tied
        return next_rank + share * (below.rank - next_rank)

    def performance_of(self, score: float) -> float:
        """Return the performance of a score: that of the row that has it, otherwise that of its rank."""
        at, equal = self._position(score)
        if not equal:
            return self.performance_at(self.rank_of(score))
        own = self.rows[at].performance
        return self.performance_at(self.rows[at].mean_rank) if own is None else own

    def performance_at(self, rank: float) -> float:
        """Return the performance of a rank: linear between the table's, by a fit over contests where it has not two.

        Before the first it goes on as between the first two; after the last it stays.
        """
        known = self._known
        if len(known) < 2:
            return fitted_performance(rank, self.entrants)
        at = min(max(bisect_left(known, (rank, -math.inf)), 1), len(known) - 1)
        (low_rank, low), (high_rank, high) = known[at - 1], known[at]
        return low + (high - low) * (min(rank, known[-1][0]) - low_rank) / (high_rank - low_rank)

    def place(self, score: float) -> Place:
        """Return where a score would stand, and what of that is estimated."""
        rank = self.rank_of(score)
        return Place(
            rank, 100.0 * rank / (self.entrants + 1), self.performance_of(score), "; ".join(self._reasons(rank, score))
        )

    def _reasons(self, rank: float, score: float) -> list[str]:
        reasons = []
        _, equal = self._position(score)
        around = [row for row in self.rows if row.rank >= rank][:1]
        before = [row for row in self.rows if row.rank < rank][-1:]
        if not equal and around and around[0].rank - (before[0].rank + before[0].tied if before else 1) > 0:
            reasons.append("between two rows of a thinned table" if before else "above the first row of a cut table")
        return reasons + self.performance_reasons()

    def performance_reasons(self) -> list[str]:
        """Return why performances are not the contest's own, nothing if they are."""
        if len(self._known) < 2:
            return ["performance by a fit over contests, not by this contest's own"]
        if len(self._known) < len(self.rows):
            return ["performance between the rows that have one"]
        return []


def fitted_performance(rank: float, entrants: int) -> float:
    """Return an estimated performance from a rank among so many entrants: a logistic fit over contests, RMSE 107."""
    rank = min(max(rank, 0.75), entrants + 0.25)
    value = _FIT_CENTRE + _FIT_SCALE * math.log((entrants + 0.5 - rank) / (rank - 0.5))
    return min(_FIT_HIGH, max(_FIT_LOW, value))
