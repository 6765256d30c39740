"""Every bundled problem: the whole contract, and the contest's own cases to the token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ale_agent.cli.app import app
from ale_agent.problem.case_hashes import read_case_hashes

FOLDERS = sorted(path.parent for path in (Path(__file__).resolve().parents[1] / "problems").glob("*/problem.toml"))
# Their generators are known to the token; ahc021's distribution is, its stream is not, and the classic problems are no contests.
HASHED = {"ahc001": 50} | {f"ahc{number:03}": 100 for number in (3, 6, 11, 15, 24, 26, 28, 46)}


CLASSICS = {
    "facility", "flowshop", "knapsack", "maxcut", "qap", "reversals", "supersequence", "tardiness", "tsp"
}  # fmt: skip


def test_ten_contests_and_nine_classic_problems_are_bundled() -> None:
    assert {folder.name for folder in FOLDERS} == {*HASHED, "ahc021"} | CLASSICS


@pytest.mark.slow
def test_every_problem_passes_the_whole_check_with_the_contests_own_cases() -> None:
    words = ["problem", "check", "--all", "--hashes", "--seeds", "0:2", "--outputs", "60", "--json"]
    result = CliRunner().invoke(app, words)
    found = json.loads(result.stdout.strip().splitlines()[-1])
    assert result.exit_code == 0, found
    reports = {folder.name: found["problems"][folder.name] for folder in FOLDERS}
    # On a busy machine a clock says nothing.
    assert [f for report in reports.values() for f in report["findings"] if " ms a case" not in f["what"]] == []
    assert {name: report["hashes"] for name, report in reports.items() if report["hashes"]} == HASHED


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_files_of_hashes_hold_the_seeds_from_zero(folder: Path) -> None:
    assert list(read_case_hashes(folder)) == list(range(HASHED.get(folder.name, 0)))
