"""Reads what a contest site gives out: `result.csv` (entrants x cases) with `input.csv` (seeds), or standings.

The columns are told by their names, in any order:

- standings: `rank` and `score`, and `performance` if it is there;
- result: a column for each case, named by its number (`7`, `0007`, `0007.txt`, `case_7`), one with the entrants' names, and
  `performance` if it is there. A cell that is blank, `-` or letters only (`WA`, `TLE`) is a failed case;
- input: a column `seed`, and one that names the case (`file`, `case`, `input`, `id`, `no` or `number`); without that the cases
  are in order.

Any other column is left out and named. Not covered: spreadsheets, and results with one row a case and entrant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ale_agent.errors import StandingsError
from ale_agent.leaderboard.case_scores import CaseScores
from ale_agent.leaderboard.relative import Exact
from ale_agent.leaderboard.standings import Row, Standings
from ale_agent.leaderboard.tables import read_exact, read_number, read_rows

_ENTRANTS = ("entrant", "user", "username", "user_name", "userscreenname", "user_screen_name", "name", "handle", "team")
_CASES = ("case", "file", "filename", "file_name", "input", "id", "no", "number", "index")
_SCORES = ("score", "total", "total_score", "sum")
_CASE = re.compile(r"(?:.*/)?(?:case|test|input|seed|in)?[_ -]?(\d{1,20})(?:\.(?:txt|in))?", re.ASCII)
_FAILED = re.compile(r"-*|[A-Za-z]+")
_EXPECTED = (
    "expected rank,score[,performance], or a result with one column a case named by its number (0007, 0007.txt, case_7) and "
    "one of the entrants' names (entrant, user, name, ...)"
)


@dataclass(frozen=True)
class Imported:
    """A table that was read, and what of the file was left out."""

    table: Standings | CaseScores
    left_out: tuple[str, ...] = ()
    failed_cases: int = 0


def import_table(result: Path, inputs: Path | None = None) -> Imported:
    """Return the table in a contest site's files.

    Parameters
    ----------
    result
        Standings, or scores of entrants x cases.
    inputs
        The seeds of the cases; without it a case's number is its seed.

    Raises
    ------
    StandingsError
        With file, line, what was found and what is expected.
    """
    rows = list(read_rows(result))
    if not rows:
        raise StandingsError(f"{result}: the file is empty; {_EXPECTED}")
    head = [cell.lower() for cell in rows[0][1]]
    for number, cells in rows[1:]:
        if len(cells) != len(head):
            raise StandingsError(f"{result}:{number}: has {len(cells)} cells under {len(head)} columns")
    cases = {at: int(match[1]) for at, cell in enumerate(head) if (match := _CASE.fullmatch(cell))}
    if not cases and "rank" in head and _first(head, _SCORES) is not None:
        if inputs is not None:
            raise StandingsError(f"{result}: these are standings, which have no cases; leave {inputs} out")
        return _standings(result, head, rows[1:])
    if not cases:
        raise StandingsError(f"{result}:1: {_EXPECTED}; the columns are {','.join(head)[:120]!r}")
    return _case_scores(result, head, cases, rows[1:], None if inputs is None else _read_seeds(inputs))


def _first(head: Sequence[str], names: Sequence[str]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _standings(path: Path, head: list[str], rows: list[tuple[int, list[str]]]) -> Imported:
    rank_at, score_at = head.index("rank"), _first(head, _SCORES)
    assert score_at is not None
    performance_at = head.index("performance") if "performance" in head else None
    read: dict[int, Row] = {}
    for number, cells in rows:
        rank = read_number(path, number, "rank", cells[rank_at], low=1)
        score = read_number(path, number, "score", cells[score_at])
        shown = "" if performance_at is None else cells[performance_at]
        performance = read_number(path, number, "performance", shown) if shown not in ("", "-") else None
        before = read.get(int(rank))
        if rank != int(rank) or (before is not None and before.score != score):
            raise StandingsError(
                f"{path}:{number}: rank {cells[rank_at]} is no whole number, or had another score before"
            )
        own = performance if before is None or before.performance is None else before.performance
        read[int(rank)] = Row(int(rank), score, own, 1 if before is None else before.tied + 1)
    used = {rank_at, score_at, performance_at}
    table = Standings(path.stem, tuple(read[rank] for rank in sorted(read)))
    return Imported(table, tuple(cell for at, cell in enumerate(head) if at not in used))


def _case_scores(
    path: Path, head: list[str], cases: dict[int, int], rows: list[tuple[int, list[str]]], seeds: _Seeds | None
) -> Imported:
    others = [at for at in range(len(head)) if at not in cases]
    name_at = _first(head, _ENTRANTS)
    name_at = name_at if name_at is not None or not others else others[0]
    performance_at = head.index("performance") if "performance" in head else None
    if len(set(cases.values())) < len(cases):
        raise StandingsError(f"{path}:1: two columns name the same case")
    if seeds is not None and seeds.in_order and len(seeds.by_case) == len(cases):
        seeds = replace(seeds, by_case=dict(zip(sorted(cases.values()), seeds.by_case.values(), strict=True)))
    if seeds is not None and (unknown := sorted(set(cases.values()) - seeds.by_case.keys())):
        raise StandingsError(
            f"{path}: case {unknown[0]} has no seed in the other file; it names {len(seeds.by_case)} cases"
        )
    names, performances, scores = [], [], []
    for number, cells in rows:
        names.append(cells[name_at] if name_at is not None else str(number - 1))
        shown = "" if performance_at is None else cells[performance_at]
        performances.append(read_number(path, number, "performance", shown) if shown not in ("", "-") else None)
        scores.append(tuple(_score(path, number, head[at], cells[at]) for at in cases))
    if len(names) < 2:
        raise StandingsError(f"{path}: a table needs at least two entrants, this one has {len(names)}")
    columns = tuple(cases.values()) if seeds is None else tuple(seeds.by_case[case] for case in cases.values())
    used = {name_at, performance_at, *cases}
    return Imported(
        CaseScores(path.stem, columns, tuple(names), tuple(scores), tuple(performances)),
        tuple(cell for at, cell in enumerate(head) if at not in used),
        sum(score is None for row in scores for score in row),
    )


def _score(path: Path, line: int, column: str, cell: str) -> Exact | None:
    return None if _FAILED.fullmatch(cell) else read_exact(path, line, column, cell)


@dataclass(frozen=True)
class _Seeds:
    """Seeds by the case's number, or just in the cases' order."""

    by_case: dict[int, int]
    in_order: bool


def _read_seeds(path: Path) -> _Seeds:
    rows = list(read_rows(path))
    head = [cell.lower() for cell in rows[0][1]] if rows else []
    if "seed" not in head:
        raise StandingsError(
            f"{path}: expected a column seed, and one that names the case; got {','.join(head)[:120]!r}"
        )
    seed_at, case_at = head.index("seed"), _first(head, _CASES)
    seeds: dict[int, int] = {}
    for order, (number, cells) in enumerate(rows[1:]):
        if len(cells) != len(head):
            raise StandingsError(f"{path}:{number}: has {len(cells)} cells under {len(head)} columns")
        if not re.fullmatch(r"\d{1,20}", cells[seed_at], re.ASCII):
            raise StandingsError(f"{path}:{number}: seed must be a whole number, got {cells[seed_at][:40]!r}")
        match = _CASE.fullmatch(cells[case_at].lower()) if case_at is not None else None
        if case_at is not None and match is None:
            raise StandingsError(
                f"{path}:{number}: {head[case_at]} must name a case, such as 0007, got {cells[case_at][:40]!r}"
            )
        case = order if match is None else int(match[1])
        if case in seeds or int(cells[seed_at]) in seeds.values():
            raise StandingsError(f"{path}:{number}: case {case} or its seed is there already")
        seeds[case] = int(cells[seed_at])
    return _Seeds(seeds, case_at is None)
