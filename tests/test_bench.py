"""The benchmark: standings of stored solvers with their uncertainty, resumable, and no failed case hidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from ale_agent.cli.app import app
from ale_agent.errors import StoreError
from ale_agent.evaluate import CaseResult, Verdict
from ale_agent.leaderboard.benchmark import Ledger, predicted_means, stand
from ale_agent.problem import load_problem
from ale_agent.report.standings_page import Overview, render_standings

ROOT = Path(__file__).resolve().parents[1]


def accepted(seed: int, score: float) -> CaseResult:
    return CaseResult(seed=seed, verdict=Verdict.ACCEPTED, score=score, cpu_seconds=1.0, wall_seconds=1.2)


def failed(seed: int) -> CaseResult:
    return CaseResult(seed=seed, verdict=Verdict.TIME_LIMIT, score=None, cpu_seconds=2.0, wall_seconds=2.0)


def test_a_score_of_the_table_stands_at_its_rank() -> None:
    problem = load_problem(ROOT / "problems" / "ahc026")
    standing = stand(problem, "s", [accepted(seed, 1423183 / 150) for seed in range(10)], wall=False)
    assert standing.rank == pytest.approx(1.0)
    assert standing.performance == pytest.approx(3451.0)


def test_a_failed_case_counts_as_nothing_and_is_told() -> None:
    problem = load_problem(ROOT / "problems" / "ahc026")
    whole = stand(problem, "s", [accepted(seed, 9300.0) for seed in range(10)], wall=False)
    holed = stand(problem, "s", [*(accepted(seed, 9300.0) for seed in range(9)), failed(9)], wall=False)
    assert holed.failed == 1
    assert holed.mean == pytest.approx(0.9 * 9300.0)
    assert holed.performance < whole.performance  # type: ignore[operator]


def test_where_less_is_better_a_failed_case_leaves_no_mean() -> None:
    problem = load_problem(ROOT / "problems" / "flowshop")
    assert stand(problem, "s", [accepted(31, 2724.0), failed(32)], wall=False).mean is None


def test_the_gap_is_to_the_best_known_values() -> None:
    problem = load_problem(ROOT / "problems" / "flowshop")
    standing = stand(problem, "s", [accepted(31, 2724.0 * 1.01), accepted(99, 3000.0)], wall=False)
    assert standing.gap == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("draw", "least"),
    [
        (lambda rng, count: rng.normal(9300, 60, count), 0.91),
        (lambda rng, count: rng.lognormal(0, 0.4, count), 0.89),
        (lambda rng, count: rng.normal(0, 1, count) + 5 * (rng.random(count) < 0.3), 0.90),
    ],
    ids=["even", "skewed", "two kinds of cases"],
)
def test_an_interval_of_20_cases_holds_the_mean_of_80_others_about_as_often_as_it_says(
    draw: Callable[[np.random.Generator, int], np.ndarray], least: float
) -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for trial in range(300):
        low, high = np.percentile(predicted_means(draw(rng, 20), 100, trial), (2.5, 97.5))
        hits += low <= draw(rng, 80).mean() <= high
    assert least <= hits / 300 <= 0.985


def test_an_interval_is_wider_for_few_other_cases_than_for_many() -> None:
    scores = np.random.default_rng(1).normal(9300, 60, 20)
    spans = [np.ptp(np.percentile(predicted_means(scores, others, 0), (2.5, 97.5))) for others in (5, 50, 5000)]
    assert spans[0] > 1.5 * spans[1] > 1.5 * spans[2]


def test_a_ledger_reads_back_what_it_kept_and_forgets_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    ledger = Ledger(path)
    ledger.keep("c-1", "warm", accepted(1, 5.0))
    ledger.keep("c-1", "warm", failed(2))
    with path.open("a") as file:
        file.write('{"program": "c-1", "mo')
    again = Ledger(path)
    assert again.results("c-1", "warm") == {1: accepted(1, 5.0), 2: failed(2)}
    again.keep("c-1", "warm", accepted(3, 1.0))
    assert set(Ledger(path).results("c-1", "warm")) == {1, 2, 3}


def test_a_file_that_is_no_ledger_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text("hello\n")
    with pytest.raises(StoreError, match=":1:"):
        Ledger(path)


def test_bench_runs_what_is_missing_and_writes_tables(tmp_path: Path) -> None:
    folder = tmp_path / "solvers" / "flowshop"
    folder.mkdir(parents=True)
    (folder / "plain.py").write_text("n, m = map(int, input().split())\nprint(*range(1, n + 1))\n")
    words = ["bench", "--solvers", str(tmp_path / "solvers"), "--out", str(tmp_path / "run"), "--json", "--seeds"]
    first = CliRunner().invoke(app, [*words, "31:33"])
    assert first.exit_code == 0, first.output
    lines = (tmp_path / "run" / "results.jsonl").read_text().count("\n")
    second = CliRunner().invoke(app, [*words, "31:34"])
    result = json.loads(second.stdout.strip().splitlines()[-1])
    assert (tmp_path / "run" / "results.jsonl").read_text().count("\n") == lines + 1
    assert result["standings"][0]["cases"] == 3
    assert (tmp_path / "run" / "standings.csv").is_file()
    page = (tmp_path / "run" / "standings.html").read_text()
    assert "<td>flowshop</td><td>plain</td><td>3</td><td>0</td>" in page
    assert "http" not in page.replace("http://www.w3.org/", "")


def test_the_page_shows_each_place_with_its_interval_and_what_failed() -> None:
    problem = load_problem(ROOT / "problems" / "ahc026")
    results = [*(accepted(seed, 9300.0 + seed) for seed in range(19)), failed(19)]
    page = render_standings(
        [stand(problem, "a<b", results, wall=True)], Overview([("3000", "rating", "x")], ["note & more"])
    )
    root = ElementTree.fromstring(page.replace("<!doctype html>", "").replace('<meta charset="utf-8">', "").replace(
        '<meta name="viewport" content="width=device-width">', ""))  # fmt: skip
    cells = ["".join(cell.itertext()) for cell in root.iter("td")]
    assert cells[:4] == ["ahc026", "a<b", "20", "1"]
    assert any("of 738" in cell and " – " in cell for cell in cells)
    assert "100 % of the limit" in cells
    assert "note & more" in "".join(root.itertext())
    assert len(list(root.iter("circle"))) == 1


def test_two_runs_are_compared_case_by_case(tmp_path: Path) -> None:
    folder = tmp_path / "solvers" / "flowshop"
    folder.mkdir(parents=True)
    solver = folder / "plain.py"
    solver.write_text("n, m = map(int, input().split())\nprint(*range(1, n + 1))\n")
    words = ["bench", "--solvers", str(tmp_path / "solvers"), "--json", "--seeds", "31:35", "--out"]
    CliRunner().invoke(app, [*words, str(tmp_path / "old")])
    solver.write_text("n, m = map(int, input().split())\nprint(*range(n, 0, -1))\n")
    after = CliRunner().invoke(app, [*words, str(tmp_path / "new"), "--against", str(tmp_path / "old")])
    comparison = json.loads(after.stdout.strip().splitlines()[-1])["comparisons"][0]
    assert comparison["cases"] == 4
    assert comparison["gain"] != 0
