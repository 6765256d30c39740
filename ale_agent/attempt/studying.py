"""Tuning a candidate's constants inside an attempt."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from ale_agent.attempt.planning import SearchPlan
from ale_agent.attempt.workspace import BudgetOver, Workspace
from ale_agent.search.archive import Candidate
from ale_agent.seeds import derive, share_cases
from ale_agent.strategist.protocol import Proposal, Value
from ale_agent.tune import Trial, best_trial, tunable, tune

SHARE = 0.45
SHARE_BESIDE_MODELS = 0.15

_ENOUGH_TRIALS = 8
_MOST_SHOWN = 8
_MOST_TRIALS = 10_000


def study(
    work: Workspace,
    plan: SearchPlan,
    base: Candidate,
    remembered: Sequence[dict[str, Value]] = (),
    *,
    share: float = SHARE,
    called_away: Callable[[], bool] = lambda: False,
) -> Proposal | None:
    """Tune a candidate's parameters on cases of their own and return the best values as a proposal, None if none won.

    Parameters
    ----------
    work, plan
        The attempt and how its budget is cut up.
    base
        The candidate whose values the study begins with.
    remembered
        Values that memory knows of, tried first.
    share
        Which part of the searching time it may take.
    called_away
        Whether there is something else to do, so that a few trials must suffice.
    """
    parameters = tunable(base.program.parameters)
    work.archive.studied.add(base.program.id)
    if not parameters:
        work.emit("study", program=base.program.id, trials=0, gain=0.0)
        return None
    start = {p.name: p.default for p in parameters} | dict(base.values)
    end = work.budget.elapsed + share * max(0.0, work.budget.elapsed + work.budget.search_left) \
        if work.options.seconds is not None else math.inf  # fmt: skip
    work.show("tuning", id=base.id, number=base.number, parameters=[p.name for p in parameters])
    trials: list[Trial] = []
    running = tune(
        parameters,
        lambda values, seeds: work.run_values(base, dict(values), seeds, plan.fidelity),
        share_cases(work.problem.case_seeds_available, "tune", plan.tune_cases),
        objective=work.problem.spec.objective,
        start=start,
        remembered=remembered,
        seed=derive(work.options.seed, "study", base.program.id),
        batch=work.options.workers,
        stop=lambda: (
            work.budget.elapsed >= end
            or work.budget.search_left <= 0.0
            or (len(trials) >= _ENOUGH_TRIALS and called_away())
        ),
        max_trials=work.options.trials if work.options.seconds is None else _MOST_TRIALS,
    )
    with suppress(BudgetOver):  # what the finished trials found is still worth a place among the finalists
        for trial in running:
            trials.append(trial)
            _record(work, base, trial)
    if not trials:
        return None
    best = best_trial(trials)
    work.emit("study", program=base.program.id, trials=len(trials), gain=best.gain, values=dict(best.values))
    if best.number == 0:
        return None
    changed = {name: value for name, value in best.values.items() if value != start[name]}
    return Proposal(
        kind="tune",
        program=base.program,
        values=tuple(sorted((dict(base.values) | changed).items())),
        genotype=base.proposal.genotype,
        idea=f"constants of {base.number} tuned in {len(trials)} trials: {_shown(start, changed)}",
        parents=(base.id,),
        strategies=base.proposal.strategies,
        tools=base.proposal.tools,
    )


def _record(work: Workspace, base: Candidate, trial: Trial) -> None:
    values = tuple(trial.values.items())
    work.journal.write_trial(base.program.id, trial.number, values, trial.gain, trial.cases, work.budget.elapsed)
    work.show("trial", number=trial.number, gain=trial.gain, cases=trial.cases, values=dict(values))


def _shown(start: Mapping[str, Value], changed: Mapping[str, Value]) -> str:
    """Return the changed values with those they had before, the first of many."""
    parts = [f"{name} {_short(start[name])} -> {_short(value)}" for name, value in sorted(changed.items())]
    return ", ".join(parts[:_MOST_SHOWN]) + (" and others" if len(parts) > _MOST_SHOWN else "")


def _short(value: Value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
