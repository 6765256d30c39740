"""Standings and rating: tables give themselves back, ranks are monotone, the published vectors hold to the unit."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ale_agent.errors import StandingsError
from ale_agent.leaderboard import BestKnown, Standings, load_schedule, rate, read_table
from ale_agent.leaderboard.standings import Row, fitted_performance

FOLDER = Path(__file__).resolve().parents[1] / "leaderboard"
CONTESTS = sorted(path for path in FOLDER.glob("ahc*.csv"))


def table(name: str) -> Standings:
    read = read_table(FOLDER / f"{name}.csv")
    assert isinstance(read, Standings)
    return read


@pytest.mark.parametrize("path", CONTESTS, ids=lambda path: path.stem)
def test_every_row_gives_back_its_rank_and_performance(path: Path) -> None:
    standings = table(path.stem)
    assert len(standings.rows) > 20
    for row in standings.rows:
        assert standings.rank_of(row.score) == row.rank
        assert standings.performance_of(row.score) == row.performance


@given(st.sampled_from([path.stem for path in CONTESTS]), st.floats(0, 1.1), st.floats(0, 1.1))
def test_a_better_score_never_has_a_worse_place(name: str, one: float, other: float) -> None:
    standings = table(name)
    low, high = sorted((one * standings.rows[0].score, other * standings.rows[0].score))
    assert standings.rank_of(high) <= standings.rank_of(low)
    assert standings.performance_of(high) >= standings.performance_of(low)


RANKINGS = st.lists(st.integers(1, 4), min_size=2, max_size=30).flatmap(
    lambda sizes: st.tuples(st.just(sizes), st.lists(st.integers(0, 200), min_size=len(sizes), max_size=len(sizes)))
)


@given(RANKINGS, st.booleans(), st.floats(-10, 40))
def test_a_whole_table_with_ties_places_as_counting_does(
    ranking: tuple[list[int], list[int]], less_is_better: bool, newcomer: float
) -> None:
    sizes, drops = ranking
    sign = -1.0 if less_is_better else 1.0
    scores = [sign * (30.0 - block) for block in range(len(sizes))]
    performances = [3000.0 - sum(drops[: block + 1]) for block in range(len(sizes))]
    ranks = [1 + sum(sizes[:block]) for block in range(len(sizes))]
    rows = zip(ranks, scores, performances, sizes, strict=True)
    standings = Standings("t", tuple(Row(rank, score, performance, tied) for rank, score, performance, tied in rows))
    entrants = [score for score, size in zip(scores, sizes, strict=True) for _ in range(size)]

    for score, rank, performance in zip(scores, ranks, performances, strict=True):
        assert standings.rank_of(score) == rank == 1 + sum(sign * other > sign * score for other in entrants)
        assert standings.performance_of(score) == performance
    better = 1 + sum(sign * other > sign * newcomer for other in entrants)
    last = ranks[-1] if newcomer and sign * newcomer < sign * scores[-1] else better
    assert newcomer == 0 or standings.rank_of(newcomer) == last
    keys = [rank + (size - 1) / 2 for rank, size in zip(ranks, sizes, strict=True)]
    if newcomer and newcomer not in scores:
        inside = float(np.interp(last, keys, performances))
        beyond = performances[0] + (performances[0] - performances[1]) * (keys[0] - last) / (keys[1] - keys[0])
        assert standings.performance_of(newcomer) == pytest.approx(beyond if last < keys[0] else inside)


def test_ties_count_at_their_mean_rank_for_performance_and_at_their_first_for_rank(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("rank,score,performance\n1,90,3000\n1,90,3000\n1,90,3000\n4,80,2000\n5,70,1900\n")
    standings = read_table(path)
    assert isinstance(standings, Standings)
    assert (standings.rank_of(90), standings.performance_of(90)) == (1, 3000)
    # Above the tie: one rank before its mean, on the line through ranks 2 and 4.
    assert (standings.rank_of(95), standings.performance_of(95)) == (1, 3500)
    # Below it: rank 4, the key of the next row; the newcomer takes its place.
    assert (standings.rank_of(85), standings.performance_of(85)) == (4, 2000)


def test_a_tie_that_a_thinned_table_lists_in_part_counts_as_one_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("rank,score,performance\n1,90,3000\n3,80,2000\n3,80,2000\n9,70,1000\n")
    standings = read_table(path)
    assert isinstance(standings, Standings)
    assert [row.tied for row in standings.rows] == [1, 1, 1]


def test_rows_without_a_performance_take_it_from_those_around() -> None:
    standings = Standings("t", (Row(1, 9.0, 3000.0), Row(2, 8.0), Row(3, 7.0, 2000.0)))
    assert standings.performance_of(8.0) == 2500.0
    assert "between the rows that have one" in standings.place(8.0).estimated


def test_between_neighbouring_ranks_the_newcomer_takes_the_lower() -> None:
    standings = Standings("t", (Row(1, 100.0, 3000.0), Row(2, 90.0, 2800.0), Row(3, 80.0, 2700.0)))
    assert standings.rank_of(95.0) == 2


def test_a_score_of_zero_goes_to_the_last_row() -> None:
    assert table("ahc026").rank_of(0.0) == table("ahc026").rows[-1].rank


def test_a_table_of_costs_is_read_the_other_way_round() -> None:
    standings = Standings("t", (Row(1, 10.0, 3000.0), Row(2, 20.0, 2000.0), Row(4, 40.0, 1000.0)))
    assert standings.rank_of(9.0) == 1
    assert standings.rank_of(20.0) == 2
    assert 3 <= standings.rank_of(30.0) <= 4


def test_what_lies_between_thinned_rows_is_said_to_be_estimated() -> None:
    standings = table("ahc026")
    assert standings.place(1380000).estimated
    assert not standings.place(standings.rows[5].score).estimated


def test_without_performances_the_fit_is_used() -> None:
    standings = Standings("t", (Row(1, 100.0), Row(100, 1.0)))
    assert standings.performance_of(100.0) == pytest.approx(fitted_performance(1, 100))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("a,b\n", "columns"),
        ("rank,score\n1,x\n2,3\n", ":2: score"),
        ("rank,score\n1,5\n2,6\n3,1\n", "worse"),
        ("rank,score\n0,5\n2,4\n", "rank"),
        ("rank,score\n1,5\n1,4\n", "already"),
        ("rank,score\n1,nan\n2,4\n", "finite"),
        ("case,best_known,kind,source\n0001,5,perfect,x\n", "kind"),
        ("case,best_known,kind,source\n0001,5,optimal,x\n1,5,optimal,x\n", "already"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(StandingsError, match=message):
        read_table(path)


def test_the_flow_shop_has_twenty_values_one_of_them_a_bound() -> None:
    read = read_table(FOLDER / "flowshop.csv")
    assert isinstance(read, BestKnown)
    assert len(read.values) == 20
    assert [case for case, kind in read.kinds.items() if kind == "bound"] == [7]


@pytest.mark.parametrize(
    ("performances", "latest", "rating"),
    [
        ({"ahc045": 1900}, "ahc045", 1050),
        ({"ahc044": 1900}, "ahc044", 634),
        ({"ahc023": 1711, "ahc026": 1378, "ahc031": 1493, "ahc032": 1546, "ahc035": 1761}, "ahc044", 1407),
        ({"ahc002": 3254, "ahc004": 2119, "ahc028": 2471, "ahc032": 1297, "ahc035": 1446}, "ahc044", 2211),
    ],
)
def test_the_rating_holds_to_the_unit(performances: dict[str, float], latest: str, rating: int) -> None:
    assert rate(performances, latest) == rating


def test_a_contest_after_the_latest_is_refused() -> None:
    with pytest.raises(StandingsError, match="after"):
        rate({"ahc045": 1900}, "ahc044")


def test_an_unknown_contest_is_refused_by_name() -> None:
    with pytest.raises(StandingsError, match="ahc999"):
        rate({"ahc999": 1900}, "ahc044")


def naive_rating(performances: dict[str, float], latest: str, contests: dict[str, tuple[date, float]]) -> int:
    """Rate by the formula's words, with each entry's own power of R."""
    entries = []
    for contest, performance in performances.items():
        end, weight = contests[contest]
        aged = performance + 150 - 100 * (contests[latest][0] - end).days / 365
        entries += [(aged - 724.4744301 * math.log(j), weight) for j in range(1, 101)]
    entries.sort(key=lambda entry: -entry[0])
    total = 0.0
    for k, (entry, weight) in enumerate(entries):
        before = sum(other for _, other in entries[:k])
        total += entry * (0.8271973364**before - 0.8271973364 ** (before + weight))
    return round(total if total >= 400 else 400 / math.exp((400 - total) / 400))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(load_schedule())), st.floats(-1000, 4000), min_size=1, max_size=len(load_schedule())
    ),
    st.data(),
)
def test_the_rating_is_what_a_naive_twin_says(performances: dict[str, float], data: st.DataObject) -> None:
    contests = {name: (contest.end, contest.weight) for name, contest in load_schedule().items()}
    last = max(contests[name][0] for name in performances)
    latest = data.draw(st.sampled_from(sorted(name for name, (end, _) in contests.items() if end >= last)))
    assert rate(performances, latest) == naive_rating(performances, latest, contests)


@given(st.sampled_from(sorted(load_schedule())), st.floats(-1000, 3999), st.floats(1, 500))
def test_a_better_performance_never_lowers_the_rating(name: str, performance: float, more: float) -> None:
    assert rate({name: performance}, "ahc070") <= rate({name: performance + more}, "ahc070")


def test_the_weights_are_one_until_2024_then_half_for_short_contests() -> None:
    schedule = load_schedule()
    assert {contest.weight for contest in schedule.values() if contest.end.year <= 2024} == {1.0}
    assert (schedule["ahc045"].weight, schedule["ahc046"].weight, schedule["ahc070"].weight) == (1.0, 0.5, 0.5)
    assert 0 < rate({"ahc045": 0.0}, "ahc045") < 400
