"""What an attempt leaves in its folder: the finished program, and one answer of it to look at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ale_agent.attempt.confirming import Confirmation
from ale_agent.attempt.optimism import Optimism, measure_optimism
from ale_agent.attempt.planning import SearchPlan
from ale_agent.attempt.workspace import Workspace
from ale_agent.errors import StoreError, ToolsError
from ale_agent.evaluate import Job
from ale_agent.problem import Case, open_tools
from ale_agent.program import bake
from ale_agent.search.archive import Candidate
from ale_agent.seeds import share_cases

SOLVER_NAME = "solver.py"


@dataclass(frozen=True)
class HandedOver:
    """Where the finished program is, its mean score on the cases it was searched on, and how far those flattered it."""

    solver: Path | None
    search_mean: float | None
    optimism: Optimism | None = None


def hand_over(work: Workspace, plan: SearchPlan, confirmation: Confirmation) -> HandedOver:
    """Write the winner as ``solver.py``, its tuned values baked in; without a confirmed one, the incumbent.

    An incumbent that failed on every fresh case is no solver: then none is handed over.
    """
    winner = confirmation.winner or work.archive.incumbent
    if winner is None or confirmation.refutes(winner):
        return HandedOver(None, None)
    program = bake(winner.program, dict(winner.values))
    path = work.folder / SOLVER_NAME
    write_whole(path, program.source)
    work.journal.write_meta({"winner": winner.id})
    if "answer" not in work.journal.read_meta():
        _keep_answer(work, plan, winner)
    return HandedOver(path, _search_mean(work, plan, winner), measure_optimism(work, plan, winner))


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new, never a part.

    Raises
    ------
    StoreError
        It cannot be written.
    """
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); free the disk or the folder, then resume"
        ) from error


def _search_mean(work: Workspace, plan: SearchPlan, winner: Candidate) -> float | None:
    known = work.journal.read_results(winner.program, winner.values, plan.fidelity.mode)
    seeds = share_cases(work.problem.case_seeds_available, "search", plan.race.stages[-1])
    scores = [known[seed].score for seed in seeds if seed in known]
    answered = [score for score in scores if score is not None]
    return sum(answered) / len(answered) if answered else None


def _keep_answer(work: Workspace, plan: SearchPlan, winner: Candidate) -> None:
    """Keep one answer with its picture for the report; it is no loss if there is none."""
    seed = work.fresh_cases(1)[0]
    job = Job(seed=seed, time_limit=plan.fidelity.time_limit, parameters=winner.values, keep_output=True)
    result = next(iter(work.evaluator.evaluate(winner.program, [job])))
    if result.score is None or result.output is None:
        return
    picture = None
    if work.problem.has_draw:
        try:
            with open_tools(work.problem) as tools:
                picture = tools.draw(Case(seed, tools.generate(seed)), result.output)
        except ToolsError as error:
            work.emit("warning", text=f"the answer cannot be drawn: {error}")
    work.journal.write_meta({"answer": {"seed": seed, "score": result.score, "picture": picture}})
