"""AtCoder's heuristic rating, version 2: from performances in contests to one number.

Each performance p with weight w, less 100 a year of age and plus 150, is entered a hundred times, the j-th time as
p - S ln j; the rating is the mean of all entries, best first, with geometrically falling weights of ratio R.
"""

from __future__ import annotations

import csv
import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from ale_agent.errors import StandingsError

S = 724.4744301
R = 0.8271973364
_ENTRIES = 100
_BONUS, _FADE_A_YEAR = 150.0, 100.0
_KINK = 400.0


@dataclass(frozen=True)
class Contest:
    """A rated contest: its last day in Japan, and its weight."""

    id: str
    end: datetime.date
    weight: float


def load_schedule() -> dict[str, Contest]:
    """Return the rated contests by id, from the package's data."""
    text = (resources.files("ale_agent.leaderboard") / "data" / "contests.csv").read_text(encoding="utf-8")
    return {
        row["contest"]: Contest(row["contest"], datetime.date.fromisoformat(row["end"]), float(row["weight"]))
        for row in csv.DictReader(text.splitlines())
    }


def rate(performances: Mapping[str, float], latest: str, schedule: Mapping[str, Contest] | None = None) -> int:
    """Return the rating after a contest.

    Parameters
    ----------
    performances
        By contest id.
    latest
        The contest after which the rating is asked for: what was entered before it fades by its age then.
    schedule
        The contests; the package's own if None.

    Raises
    ------
    StandingsError
        A contest is unknown, later than `latest`, or a performance is no finite number.
    """
    contests = load_schedule() if schedule is None else schedule
    now = _contest(contests, latest).end
    entries: list[tuple[float, float]] = []
    for name, performance in performances.items():
        contest = _contest(contests, name)
        days = (now - contest.end).days
        if days < 0:
            raise StandingsError(
                f"{name} ended on {contest.end}, after {latest}; leave it out, or name it as the latest"
            )
        if not math.isfinite(performance):
            raise StandingsError(f"{name}: a performance is a finite number, not {performance}")
        faded = performance + _BONUS - _FADE_A_YEAR * days / 365.0
        entries += [(faded - S * math.log(j), contest.weight) for j in range(1, _ENTRIES + 1)]
    if not entries:
        return 0
    rating, before = 0.0, 0.0
    for value, weight in sorted(entries, reverse=True):
        after = before + weight
        rating += value * (R**before - R**after)
        before = after
    if rating < _KINK:
        rating = _KINK / math.exp((_KINK - rating) / _KINK)
    return round(rating)


def _contest(contests: Mapping[str, Contest], name: str) -> Contest:
    if name not in contests:
        raise StandingsError(f"{name[:60]!r}: no rated contest of that id is known; ids look like ahc044")
    return contests[name]
