"""The command line as a person uses it: results, errors, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ale_agent.cli import arguments
from ale_agent.cli.app import app
from ale_agent.cli.output import shortened
from ale_agent.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
FLOWSHOP = ROOT / "problems" / "flowshop"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALE_HOME", str(tmp_path / "home"))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def last_json(result: Result) -> dict[str, object]:
    value: dict[str, object] = json.loads(result.stdout.strip().splitlines()[-1])
    return value


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("5m", 300), ("1h", 3600), ("1.5h", 5400)])
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert arguments.duration(text) == seconds


@pytest.mark.parametrize("text", ["", "-5", "5x", "0", "1e9h", "nan", "five"])
def test_a_bad_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--time"):
        arguments.duration(text)


@pytest.mark.parametrize(("text", "seeds"), [("0:3", [0, 1, 2]), ("7", [7]), ("1,4,4", [1, 4]), ("0:2,9", [0, 1, 9])])
def test_seeds_are_read_half_open(text: str, seeds: list[int]) -> None:
    assert arguments.seed_range(text) == seeds


@pytest.mark.parametrize("text", ["", "3:3", "a", "1:2:3", "-1", "0:99999999999"])
def test_bad_seeds_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--seeds"):
        arguments.seed_range(text)


@pytest.mark.parametrize(
    ("line", "shown"),
    [("one two", "one two"), ("one two three", "one..."), ("onetwothree", "onetwo..."), ("onetwo three", "onetwo...")],
)
def test_a_long_line_is_cut_between_words(line: str, shown: str) -> None:
    assert shortened(line, 9) == shown


def test_a_statement_that_is_not_there_is_one_message() -> None:
    result = run("solve", "nowhere/statement.md", "--json")
    assert result.exit_code == 2
    assert "nowhere" in str(last_json(result)["error"])


def test_a_statement_without_tools_says_what_would_help(tmp_path: Path) -> None:
    statement = tmp_path / "statement.md"
    statement.write_text("# Alone\n\n## Problem\n\nSort things.\n")
    result = run("solve", str(statement), "--json")
    assert result.exit_code == 2
    assert "problem.toml" in str(last_json(result)["error"])


def test_a_bad_budget_is_refused() -> None:
    assert run("solve", str(FLOWSHOP), "--time", "soon", "--json").exit_code == 2


def test_time_and_iterations_exclude_each_other() -> None:
    result = run("solve", str(FLOWSHOP), "--time", "60", "--iterations", "3", "--json")
    assert "exclude" in str(last_json(result)["error"])


def test_an_unknown_sandbox_is_refused_by_name() -> None:
    result = run("solve", str(FLOWSHOP), "--sandbox", "bubble", "--json")
    assert "bubble" in str(last_json(result)["error"])


def test_an_empty_statement_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.md"
    empty.write_text("")
    result = run("memory", "recall", str(empty), "--json")
    assert result.exit_code == 2
    assert "empty.md" in str(last_json(result)["error"])


def test_problem_list_has_the_bundled_problems() -> None:
    listed = last_json(run("problem", "list", "--json"))
    assert {"ahc001", "ahc026", "ahc028", "flowshop"} <= {row["id"] for row in listed["problems"]}  # type: ignore[attr-defined]


def test_problem_cases_writes_the_cases(tmp_path: Path) -> None:
    result = run("problem", "cases", str(FLOWSHOP), "--seeds", "1:3", "--out", str(tmp_path / "in"), "--json")
    assert last_json(result)["cases"] == 2
    assert (tmp_path / "in" / "0001.txt").read_text().startswith("20 5")


def test_problem_new_makes_a_folder_that_loads(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("problem", "new", "mine", "--folder", str(folder)).exit_code == 0
    assert (folder / "problem.toml").is_file()


def test_an_interactive_problem_without_a_model_is_not_asked_for_an_array_level(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("problem", "new", "mine", "--folder", str(folder), "--interactive").exit_code == 0
    error = str(last_json(run("solve", str(folder), "--time", "20", "--out", str(tmp_path / "out"), "--json"))["error"])
    assert "--model" in error and "eval SOLVER" in error and "write_answer" not in error


def test_memory_is_filled_from_the_starter_catalogue_on_first_use() -> None:
    listed = last_json(run("memory", "list", "--json"))
    assert int(str(listed["count"])) >= 68


def test_memory_export_can_be_imported_again(tmp_path: Path) -> None:
    file = tmp_path / "memory.jsonl"
    count = last_json(run("memory", "export", str(file), "--json"))["strategies"]
    report = last_json(run("memory", "import", str(file), "--home", str(tmp_path / "other"), "--json"))
    assert report["unchanged"] == count or report["merged"] == count


def test_memory_recall_ranks_and_says_why() -> None:
    recalled = last_json(run("memory", "recall", str(FLOWSHOP), "--json"))["recalled"]
    assert recalled
    assert all(item["why"] for item in recalled)  # type: ignore[attr-defined]


def test_doctor_says_what_the_machine_offers() -> None:
    facts = last_json(run("doctor", "--json"))
    assert {"cores", "sandbox", "docker", "keys", "home"} <= set(facts)


def test_doctor_never_prints_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    for words in (("doctor",), ("doctor", "--json")):
        result = run(*words)
        assert "very-secret" not in result.stdout
        assert "OPENAI_API_KEY" in result.stdout


def test_leaderboard_places_a_score() -> None:
    place = last_json(run("leaderboard", "show", "ahc026", "--score", "1423183", "--json"))["place"]
    assert place["rank"] == 1.0  # type: ignore[index]
    assert place["performance"] == 3451.0  # type: ignore[index]


def test_rate_prints_the_rating(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("contest,performance\nahc045,1900\n")
    assert last_json(run("leaderboard", "rate", str(file), "--latest", "ahc045", "--json"))["rating"] == 1050


def test_a_solver_that_is_not_python_is_refused_with_its_line(tmp_path: Path) -> None:
    solver = tmp_path / "solver.py"
    solver.write_text("def main(:\n")
    result = run("eval", str(solver), str(FLOWSHOP), "--json")
    assert result.exit_code == 2
    assert "solver.py" in str(last_json(result)["error"])


def test_eval_judges_a_plain_program_and_measures_its_gap(tmp_path: Path) -> None:
    solver = tmp_path / "solver.py"
    solver.write_text(_ordered("range(1, n + 1)"))
    result = run("eval", str(solver), str(FLOWSHOP), "--seeds", "1:4", "--json", "--csv", str(tmp_path / "t.csv"))
    totals = last_json(result)
    assert (totals["cases"], totals["failed"]) == (3, 0), totals
    assert float(str(totals["gap_percent"])) > 0
    assert {"mean_score", "interval", "cpu_seconds"} <= set(totals)
    assert (tmp_path / "t.csv").read_text().count("\n") == 4


@pytest.mark.parametrize("mode", [[], ["--as-judge"]], ids=["warm", "cold"])
def test_eval_saves_what_the_runs_read_and_wrote(tmp_path: Path, mode: list[str]) -> None:
    solver = tmp_path / "solver.py"
    solver.write_text("import sys\nprint('so', file=sys.stderr)\n" + _ordered("range(1, n + 1)"))
    words = ["eval", str(solver), str(FLOWSHOP), "--seeds", "1:3", "--save", str(tmp_path / "runs"), *mode]
    shown = run(*words).stdout
    kinds = sorted(path.suffix for path in (tmp_path / "runs").glob("0002.*"))
    assert kinds == [".err", ".in", ".out", ".svg"]
    assert f"saved in {tmp_path / 'runs'}: 2 *.in, 2 *.out, 2 *.err, 2 *.svg" in shown


def test_eval_as_a_judge_tells_start_up_and_the_slowest_case(tmp_path: Path) -> None:
    solver = tmp_path / "solver.py"
    solver.write_text("import time\n" + _ordered("range(1, n + 1)") + "time.sleep(0.4 * (n == 50))\n")
    totals = last_json(run("eval", str(solver), str(FLOWSHOP), "--seeds", "1:3,31", "--as-judge", "--json"))
    assert {"startup_seconds", "startup_share", "compile_error", "starved"} <= set(totals)
    assert totals["slowest_case"] == "0031"
    assert "ValueError" in str(totals["compile_error"])
    shown = run("eval", str(solver), str(FLOWSHOP), "--seeds", "1", "--as-judge").stdout
    assert "of the limit" in shown and "(case 0001)" in shown


def test_an_unlocked_sandbox_is_warned_of_in_one_line(tmp_path: Path) -> None:
    solver = tmp_path / "solver.py"
    solver.write_text(_ordered("range(1, n + 1)"))
    command = [sys.executable, "-c", "from ale_agent.cli import main; main()", "eval", str(solver), str(FLOWSHOP)]
    shown = subprocess.run([*command, "--seeds", "1", "--sandbox", "none"], capture_output=True, text=True, check=True)
    (line,) = [line for line in shown.stderr.splitlines() if "sandbox" in line]
    assert line.startswith("warning: sandbox none: solver programs run with all your rights")


def test_compare_tells_the_better_solver(tmp_path: Path) -> None:
    plain = tmp_path / "plain.py"
    plain.write_text(_ordered("range(1, n + 1)"))
    sorted_ = tmp_path / "sorted.py"
    sorted_.write_text(_ordered("sorted(range(1, n + 1), key=lambda j: rows[0][j - 1])"))
    facts = last_json(run("compare", str(plain), str(sorted_), str(FLOWSHOP), "--seeds", "31:39", "--json"))
    assert facts["cases"] == 8
    assert int(str(facts["wins"])) + int(str(facts["losses"])) >= 1


def _ordered(expression: str) -> str:
    return (
        "import sys\ntokens = list(map(int, sys.stdin.read().split()))\nn, m = tokens[:2]\n"
        "rows = [tokens[2 + i * n : 2 + (i + 1) * n] for i in range(m)]\n"
        f"print(*{expression})\n"
    )


def test_resume_of_a_folder_without_an_attempt_is_one_message(tmp_path: Path) -> None:
    result = run("resume", str(tmp_path), "--json")
    assert result.exit_code == 2
    assert "attempt" in str(last_json(result)["error"])


def test_a_name_that_is_no_model_is_refused_before_there_is_an_attempt(tmp_path: Path) -> None:
    result = run("solve", "flowshop", "--model", "nobody", "--out", str(tmp_path / "attempt"))
    assert result.exit_code == 2
    assert not (tmp_path / "attempt").exists()
