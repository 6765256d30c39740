"""A program's statistics are read from its standard error, whatever else is there."""

import pytest

from ale_agent.evaluate.stat_lines import MOST_LINES, mean_stats, stat_lines


def test_statistics_are_found_among_other_lines() -> None:
    assert stat_lines("begin\nSTAT moves 1200\nSTAT  best -1.5e3 \nTraceback") == "STAT moves 1200\nSTAT best -1500"


@pytest.mark.parametrize(
    "line", ["STAT", "STAT moves", "STAT moves nan", "STAT a 1e999", "STAT a 1.2.3", "XSTAT a 1", "STAT 1a 1"]
)
def test_what_is_no_statistic_is_left_out(line: str) -> None:
    assert stat_lines(line) == ""


def test_the_last_value_of_a_name_counts() -> None:
    assert stat_lines("STAT a 1\nSTAT a 2") == "STAT a 2"


def test_a_flood_of_names_is_cut() -> None:
    assert len(stat_lines("\n".join(f"STAT a{k} {k}" for k in range(1000))).split("\n")) == MOST_LINES


def test_means_are_over_the_texts_that_have_the_name() -> None:
    assert mean_stats(["STAT a 1\nSTAT b 5", "STAT a 3", ""]) == {"a": (2.0, 1.0, 3.0, 2), "b": (5.0, 5.0, 5.0, 1)}
