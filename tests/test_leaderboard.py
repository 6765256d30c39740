"""Standings and rating: tables give themselves back, ranks are monotone, the published vectors hold to the unit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.errors import StandingsError
from ale_agent.leaderboard import BestKnown, Standings, rate, read_table
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
