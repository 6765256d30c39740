"""A contest site's files: what is read of them, what a newcomer is worth in their field, and what is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ale_agent.cli.app import app
from ale_agent.errors import ProblemError, StandingsError
from ale_agent.evaluate import CaseResult, Verdict
from ale_agent.leaderboard import CaseScores, Standings, read_table
from ale_agent.leaderboard.benchmark import Standing, stand
from ale_agent.leaderboard.importing import import_table
from ale_agent.leaderboard.relative import Exact, relative_points
from ale_agent.leaderboard.tables import table_text
from ale_agent.problem import load_problem
from ale_agent.problem.new import create_problem

RESULT = "rank,user,0000.txt,0001.txt,0002.txt,total\n1,ann,30,20,10,60\n2,bob,15,40,WA,55\n3,cy,30,10,-,40\n"
INPUT = "file,seed,N\n0000.txt,907,5\n0001.txt,18446744073709551615,6\n0002.txt,3,7\n"


def write(folder: Path, **texts: str) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text)
    return paths


def test_a_result_and_its_seeds_become_a_table_that_reads_back(tmp_path: Path) -> None:
    read = import_table(*write(tmp_path, result=RESULT, input=INPUT))
    table = read.table
    assert isinstance(table, CaseScores)
    assert table.seeds == (907, 2**64 - 1, 3)
    assert table.scores == ((30, 20, 10), (15, 40, None), (30, 10, None))
    assert (read.left_out, read.failed_cases) == (("rank", "total"), 2)
    (again,) = write(tmp_path, again=table_text(table))
    assert read_table(again) == CaseScores("again", table.seeds, table.entrants, table.scores, table.performances)


def test_seeds_without_a_column_of_cases_are_in_the_cases_order(tmp_path: Path) -> None:
    result, inputs = write(tmp_path, result="name,case_1,case_2\na,1,2\nb,3,4.5\n", input="seed\n70\n60\n")
    table = import_table(result, inputs).table
    assert isinstance(table, CaseScores)
    assert table.seeds == (70, 60)
    assert table.scores[1] == (3, Fraction(9, 2))


def test_standings_are_told_by_their_columns_in_any_order(tmp_path: Path) -> None:
    (path,) = write(tmp_path, result="User,Score,Rank,Performance\na,90,1,\nb,80,2,2000\nc,80,2,2000\nd,70,4,-\n")
    table = import_table(path).table
    assert isinstance(table, Standings)
    assert [(row.rank, row.score, row.performance, row.tied) for row in table.rows] == [
        (1, 90, None, 1), (2, 80, 2000, 2), (4, 70, None, 1),
    ]  # fmt: skip
    (again,) = write(tmp_path, result=table_text(table))
    assert read_table(again) == table


@pytest.mark.parametrize(
    ("result", "inputs", "message"),
    [
        ("", None, "empty; expected rank,score"),
        ("user,points\na,1\nb,2\n", None, ":1: expected rank,score.*the columns are 'user,points'"),
        ("user,0001,1\na,1,2\nb,2,3\n", None, "two columns name the same case"),
        ("user,1,2\na,1\nb,2,3\n", None, ":2: has 2 cells under 3 columns"),
        ("user,1\na,1.2.3\nb,2\n", None, ":2: case 1 must be a finite number, got '1.2.3'"),
        ("user,1\na,1\n", None, "at least two entrants"),
        ("rank,score\n1,5\n2,9\n3,1\n", None, "scores must get worse"),
        ("rank,score\n1,5\n2,4\n", "seed\n1\n", "standings, which have no cases"),
        ("user,1\na,1\nb,2\n", "case\n1\n", "expected a column seed"),
        ("user,1\na,1\nb,2\n", "case,seed\n2,7\n", "case 1 has no seed in the other file"),
        ("user,1\na,1\nb,2\n", "case,seed\n1,-7\n", ":2: seed must be a whole number, got '-7'"),
        ("user,1\na,1\nb,2\n", "case,seed\n1,7\n2,7\n", "its seed is there already"),
        ('user,1\n"a,1\nb,2\n', None, "not CSV"),
    ],
)
def test_a_file_of_another_layout_is_refused_with_what_is_expected(
    tmp_path: Path, result: str, inputs: str | None, message: str
) -> None:
    paths = write(tmp_path, result=result) if inputs is None else write(tmp_path, result=result, input=inputs)
    with pytest.raises(StandingsError, match=message):
        import_table(*paths)


@pytest.mark.parametrize(
    ("scores", "objective", "kind", "points"),
    [
        ([3, 2, None, 0], "maximize", "best", [100, 67, 0, 0]),
        ([2, 3, None, 16], "minimize", "best", [100, 67, 0, 13]),
        ([0, 3], "minimize", "best", [100, 0]),
        ([0, 0], "maximize", "best", [0, 0]),
        ([8, 1], "maximize", "best", [100, 13]),  # 12.5 goes up
        ([9, 5, 5, None], "maximize", "rank", [100, 63, 63, 0]),  # 62.5 goes up
        ([9, 5, 5, 1], "minimize", "rank", [25, 63, 63, 100]),
        ([Fraction(1, 2), Fraction(1, 3)], "maximize", "best", [100, 67]),
    ],
)
def test_points_of_a_case_are_as_the_contests_say(
    scores: list[Exact | None], objective: str, kind: str, points: list[int]
) -> None:
    assert relative_points(scores, objective, kind, 100) == points  # type: ignore[arg-type]


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1, max_size=8), st.booleans(), st.integers(1, 10**9))
def test_points_by_rank_are_what_counting_says(scores: list[int | None], less: bool, marks: int) -> None:
    for own, points in zip(
        scores, relative_points(scores, "minimize" if less else "maximize", "rank", marks), strict=True
    ):
        valid = [score for score in scores if score is not None]
        if own is None:
            assert points == 0
            continue
        lose = sum(score < own if less else score > own for score in valid)
        exact = marks * (1 - (lose + Fraction(valid.count(own) - 1, 2)) / len(scores))
        assert Fraction(points) - Fraction(1, 2) <= exact < Fraction(points) + Fraction(1, 2)


def test_a_negative_score_has_no_proportion() -> None:
    with pytest.raises(StandingsError, match="-3 has no proportion to the best"):
        relative_points([5, -3], "maximize", "best", 100)


def placed(folder: Path, table: str, scores: dict[int, float], toml: str, objective: str = "maximize") -> Standing:
    """Return where scores by seed stand in a problem with a table of cases."""
    problem_folder = create_problem(folder / "p", "p", objective="maximize" if objective == "maximize" else "minimize")
    file = problem_folder / "problem.toml"
    text = file.read_text().replace('scoring = "absolute"', 'scoring = "relative"')
    file.write_text(f'{text}\n[leaderboard]\ntable = "table.csv"\n{toml}')
    (problem_folder / "table.csv").write_text(table)
    results = [
        CaseResult(seed=seed, verdict=Verdict.ACCEPTED, score=score, cpu_seconds=1.0, wall_seconds=1.0)
        for seed, score in scores.items()
    ]
    return stand(load_problem(problem_folder), "s", results, wall=False)


TABLE = "entrant,performance,0001,0002\nann,3000,100,10\nbob,2000,50,20\ncy,1000,,20\n"


def test_a_newcomer_changes_what_the_others_are_worth(tmp_path: Path) -> None:
    # Without the newcomer: ann 1000 + 500, bob 500 + 1000. With 400 and 5 in the field: 250 + 500, 125 + 1000, 1000 + 250.
    standing = placed(tmp_path, TABLE, {1: 400.0, 2: 5.0}, "full_marks = 1000\n")
    assert (standing.contest_score, standing.rank) == (1250.0, 1.0)
    assert standing.estimated == ""


def test_a_newcomer_is_placed_by_rank_where_the_problem_says_so(tmp_path: Path) -> None:
    standing = placed(tmp_path, TABLE, {1: 60.0, 2: 15.0}, 'relative = "rank"\nfull_marks = 400\n')
    # Case 1: 2nd of 4 (300). Case 2: two better (200). ann 400 + 100, bob 200 + 350, cy 0 + 350.
    assert (standing.contest_score, standing.rank) == (500.0, 2.0)


def test_cases_that_were_not_run_make_a_place_an_estimate(tmp_path: Path) -> None:
    standing = placed(tmp_path, TABLE, {1: 60.0, 7: 1.0}, "full_marks = 1000\n")
    assert standing.contest_score == 1200.0
    assert "1 of the 2 judged cases" in standing.estimated


def test_other_cases_than_the_tables_have_no_place_and_that_is_told(tmp_path: Path) -> None:
    standing = placed(tmp_path, TABLE, {5: 60.0, 7: 1.0}, "")
    assert standing.rank is None
    assert "none of the seeds is in the table, which has 1, 2" in standing.estimated


@pytest.mark.parametrize(
    ("scoring", "line", "message"),
    [
        ("relative", 'relative = "ratio"', "key 'leaderboard.relative': must be 'best' or 'rank'"),
        ("relative", "full_marks = 0", "key 'leaderboard.full_marks': must be an integer from 1"),
        ("absolute", "full_marks = 7", "key 'leaderboard.full_marks': goes with scoring = \"relative\" only"),
    ],
)
def test_a_wrong_rule_of_points_is_refused(tmp_path: Path, scoring: str, line: str, message: str) -> None:
    folder = create_problem(tmp_path / "p", "p")
    text = (folder / "problem.toml").read_text().replace('scoring = "absolute"', f'scoring = "{scoring}"')
    (folder / "problem.toml").write_text(f'{text}\n[leaderboard]\ntable = "t.csv"\n{line}\n')
    with pytest.raises(ProblemError, match=message):
        load_problem(folder)


def test_import_writes_a_table_and_never_over_another(tmp_path: Path) -> None:
    result, inputs = write(tmp_path, result=RESULT, input=INPUT)
    words = [
        "leaderboard",
        "import",
        str(result),
        "--input",
        str(inputs),
        "--out",
        str(tmp_path / "x" / "t.csv"),
        "--json",
    ]
    first = CliRunner().invoke(app, words)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["failed_cases"] == 2
    shown = CliRunner().invoke(app, ["leaderboard", "show", str(tmp_path / "x" / "t.csv")])
    assert "3 entrants, 3 cases" in shown.stdout
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 2 and "is there already" in again.stderr


@pytest.mark.parametrize(
    ("text", "latest", "message"),
    [
        ("", "ahc044", "holds no performance"),
        ("contest,performance\n", "ahc044", "holds no performance"),
        ("ahc044\n", "ahc044", ":1: a row is contest,performance"),
        ("contest,performance\n\nahc044,many\n", "ahc044", ":3: performance must be a finite number, got 'many'"),
        ("ahc044,nan\n", "ahc044", "finite"),
        ("ahc044,1_900\n", "ahc044", "finite"),
        ("ahc044,1900\nAHC044,5\n", "ahc044", "ahc044 is there already"),
        ("ahc999,1900\n", "ahc044", "no rated contest"),
        ("ahc045,1900\n", "ahc044", "after ahc044"),
        ("ahc044,1900\n", "never", "no rated contest"),
        ('"ahc044,1900\n', "ahc044", "not CSV"),
        ("ahc044\0,1900\n", "ahc044", "error: "),
    ],
)
def test_a_bad_list_of_performances_gives_one_message(tmp_path: Path, text: str, latest: str, message: str) -> None:
    (path,) = write(tmp_path, list=text)
    result = CliRunner().invoke(app, ["leaderboard", "rate", str(path), "--latest", latest, "--json"])
    assert result.exit_code == 2
    assert message in result.stderr and result.stderr.count("\n") == 1
    assert "error" in json.loads(result.stdout)


def test_a_rating_is_one_json_object(tmp_path: Path) -> None:
    (path,) = write(tmp_path, list="\ufeffContest,Performance\n AHC045 , 1900 \n")
    result = CliRunner().invoke(app, ["leaderboard", "rate", str(path), "--latest", "ahc045", "--json"])
    assert json.loads(result.stdout) == {"rating": 1050}
