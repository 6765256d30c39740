"""Authors who saw nothing but prompt files, recorded at the relay: their programs are still written, run and improved on.

Each recording (recordings/, two or three exchanges of an attempt of 20 or more) holds a draft and what it led to.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from ale_agent.attempt import AttemptOptions, begin
from ale_agent.attempt.exchanges import Exchanges
from ale_agent.attempt.journal import Journal
from ale_agent.clock import SystemClock
from ale_agent.problem import find_problem
from ale_agent.settings import settings_from_toml
from ale_agent.strategist.recording import read_recording

RECORDINGS = Path(__file__).parent / "recordings"
SOLVERS = Path(__file__).parent.parent / "solvers"


def short(problem: str, folder: Path) -> Path:
    """Return a copy of a bundled problem with a time limit of half a second."""
    shutil.copytree(find_problem(problem), folder)
    settings = folder / "problem.toml"
    text = re.sub(r"(?m)^time_limit = .*$", "time_limit = 0.5", settings.read_text(encoding="utf-8"))
    settings.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("problem", ["ahc001", "ahc011", "ahc046"])
def test_a_recorded_lineage_is_made_again(problem: str, tmp_path: Path) -> None:
    recording = RECORDINGS / f"{problem}.jsonl"
    asked = read_recording(recording)
    clock = SystemClock()
    summary = begin(
        AttemptOptions(
            problem_folder=str(short(problem, tmp_path / problem)), statement_path=None, seconds=None, trials=1,
            iterations=2 + 2 * len(asked), seed=1, parallel=1, models=(f"replay:{recording}",),
        ),
        tmp_path / "attempt", settings=settings_from_toml("", home=tmp_path / "home"), clock=clock,
        started=clock.now(), observe=lambda event: None,
    )  # fmt: skip
    journal = Journal(tmp_path / "attempt", read_only=True)
    try:
        taken = [request for request in Exchanges(journal).requests() if request.status == "taken"]
        candidates = journal.read_archive().candidates
    finally:
        journal.close()
    lineage = json.loads((SOLVERS / problem / "origin.json").read_text(encoding="utf-8"))["lineage"]
    assert summary.exit_code == 0
    assert [request.candidate for request in taken] == [step["candidate"] for step in lineage]
    for step in lineage:
        assert candidates[step["candidate"]].failed == 0
