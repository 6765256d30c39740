"""A contest's scores case by case: a newcomer is placed exactly, also where each case is scored against the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ale_agent.errors import StandingsError
from ale_agent.leaderboard.relative import Exact, relative_points
from ale_agent.leaderboard.standings import Place, Row, Standings, fitted_performance
from ale_agent.problem.specification import ProblemSpec


@dataclass(frozen=True)
class CaseScores:
    """Who scored what in which case.

    Parameters
    ----------
    name
        The table's, for messages.
    seeds
        Of the judged cases, one a column.
    entrants
        Names, one a row.
    scores
        One row an entrant; None where the case failed.
    performances
        The contest's own, one an entrant; None where it is not known.
    """

    name: str
    seeds: tuple[int, ...]
    entrants: tuple[str, ...]
    scores: tuple[tuple[Exact | None, ...], ...]
    performances: tuple[float | None, ...]

    def field(self, spec: ProblemSpec, newcomer: Mapping[int, Exact | None]) -> Field:
        """Return the points of everyone in the cases that a newcomer ran, itself in the field.

        Raises
        ------
        StandingsError
            There is no common case, or a score that the kind of scoring does not allow.
        """
        columns = [column for column, seed in enumerate(self.seeds) if seed in newcomer]
        if not columns:
            raise StandingsError(f"{self.name}: none of the cases that were run is one of its {len(self.seeds)} cases")
        value = _valuer(spec)
        points = np.empty((len(self.entrants) + 1, len(columns)))
        for at, column in enumerate(columns):
            scores = [row[column] for row in self.scores]
            points[:, at] = value([*scores, newcomer[self.seeds[column]]])
        return Field(self, points, self._own_standings(value))

    def _own_standings(self, value: Callable[[Sequence[Exact | None]], Sequence[float]]) -> Standings | None:
        """Return the table without a newcomer: what performances are keyed by; None where all have the same sum."""
        sums = np.array([value(column) for column in zip(*self.scores, strict=True)]).sum(axis=0)
        rows: list[Row] = []
        order = np.argsort(-sums, kind="stable")
        for rank, entrant in enumerate(order, 1):
            total, performance = float(sums[entrant]), self.performances[entrant]
            if rows and rows[-1].score == total:
                own = rows[-1].performance if performance is None else performance
                rows[-1] = Row(rows[-1].rank, total, own, rows[-1].tied + 1)
            else:
                rows.append(Row(rank, total, performance))
        return Standings(self.name, tuple(rows)) if len(rows) > 1 else None


@dataclass(frozen=True)
class Field:
    """Points of all entrants and, in the last row, of a newcomer, in the cases that it ran: greater is better."""

    table: CaseScores
    points: npt.NDArray[np.float64]
    own: Standings | None

    @property
    def newcomer_total(self) -> float:
        """The newcomer's points, scaled from the cases it ran to all of them."""
        return float(self.points[-1].mean()) * len(self.table.seeds)

    def place(self, columns: npt.NDArray[np.int64] | None = None) -> Place:
        """Return where the newcomer stands by the sum over some of the columns, each as often as it is named; or all."""
        points = self.points if columns is None else self.points[:, columns]
        totals = points.sum(axis=1)
        others, own = totals[:-1], totals[-1]
        rank = 1 + int((others > own).sum())
        tied = int((others == own).sum())
        entrants = len(others)
        rank = min(rank, entrants)
        mean_rank = rank + (max(tied, 1) - 1) / 2
        if self.own is None:
            performance, reasons = fitted_performance(mean_rank, entrants), ["performance in a field that is all equal"]
        else:
            performance, reasons = self.own.performance_at(mean_rank), self.own.performance_reasons()
        cases = self.points.shape[1]
        if cases < len(self.table.seeds):
            reasons = [f"{cases} of the {len(self.table.seeds)} judged cases", *reasons]
        return Place(float(rank), 100.0 * rank / (entrants + 1), performance, "; ".join(reasons))


def _valuer(spec: ProblemSpec) -> Callable[[Sequence[Exact | None]], Sequence[float]]:
    """Return what turns one case's scores into points of which more is better, a failed case the worst."""
    board = spec.leaderboard
    if spec.scoring == "relative" and board is not None:
        return lambda scores: relative_points(scores, spec.objective, board.relative, board.full_marks)
    if spec.objective == "maximize":
        return lambda scores: [0.0 if score is None else float(score) for score in scores]
    return lambda scores: [-np.inf if score is None else -float(score) for score in scores]
