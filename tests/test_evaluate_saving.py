"""Runs saved as files: what was read and written, with a picture where there can be one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ale_agent.evaluate import CaseResult, RunFolder, Verdict
from ale_agent.problem import Problem, load_problem, open_tools
from ale_agent.problem.new import create_problem

ACCEPTED = CaseResult(
    seed=7, verdict=Verdict.ACCEPTED, score=0.0, cpu_seconds=0.1, wall_seconds=0.1, output="0\n", standard_error="hm\n"
)
REFUSED = replace(ACCEPTED, verdict=Verdict.WRONG_ANSWER, score=None, output="one\n", standard_error="")


def lay_out(folder: Path, *changes: tuple[str, str, str]) -> Problem:
    create_problem(folder, "cards")
    for name, old, new in changes:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))
    return load_problem(folder)


def saved(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_run_is_saved_with_its_case_its_words_and_a_picture(tmp_path: Path) -> None:
    problem = lay_out(tmp_path / "cards")
    with RunFolder(tmp_path / "runs", problem) as runs:
        runs.save(ACCEPTED)
    with open_tools(problem) as tools:
        assert (tmp_path / "runs" / "0007.in").read_text() == tools.generate(7)
    assert (tmp_path / "runs" / "0007.out").read_text() == "0\n"
    assert (tmp_path / "runs" / "0007.err").read_text() == "hm\n"
    assert (tmp_path / "runs" / "0007.svg").read_text().startswith("<svg ")


def test_a_run_leaves_no_file_of_an_earlier_one_on_its_case(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "runs", lay_out(tmp_path / "cards")) as runs:
        runs.save(ACCEPTED)
        runs.save(REFUSED)
    assert saved(tmp_path / "runs") == ["0007.in", "0007.out"]


@pytest.mark.sandbox
def test_a_picture_of_tools_that_a_model_wrote_cannot_run_anything(tmp_path: Path) -> None:
    change = ("problem.toml", 'kind = "python"', 'kind = "python"\nwritten_by = "model"')
    with RunFolder(tmp_path / "runs", lay_out(tmp_path / "cards", change)) as runs:
        runs.save(ACCEPTED)
    assert saved(tmp_path / "runs") == ["0007.err", "0007.html", "0007.in", "0007.out"]
    assert "<svg" not in (tmp_path / "runs" / "0007.html").read_text()


def test_a_drawing_that_breaks_is_told_and_tried_no_more(tmp_path: Path) -> None:
    change = (
        "tools.py",
        "    items = set(parse_output(output, len(weights)))\n    bars",
        "    items = None[case]\n    bars",
    )
    with RunFolder(tmp_path / "runs", lay_out(tmp_path / "cards", change)) as runs:
        runs.save(ACCEPTED)
        runs.save(replace(ACCEPTED, seed=8))
    assert "draw (seed 7) raised TypeError" in runs.complaint
    assert not list((tmp_path / "runs").glob("*.svg"))
