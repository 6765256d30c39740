"""An Optuna study over a program's declared parameters, under our own clock.

A trial runs the program case by case, each trial in a shuffled order of its own, and is stopped as soon as a Wilcoxon
test says that it loses against the best trial on the cases both have run (Optuna's `WilcoxonPruner`). The value of a
trial is its mean paired gain over the values the study began with. Univariate TPE proposes; the values begun with and
those that memory remembers come first.

Asking and telling are deterministic in the seed and the results, so a killed study is resumed by running it again
against a journal that answers what was measured before.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ale_agent.evaluate.comparison import compare
from ale_agent.evaluate.result import CaseResult
from ale_agent.problem.score import Objective
from ale_agent.program import Parameter

Value = float | int | str
Values = Mapping[str, Value]
RunCases = Callable[[Values, Sequence[int]], Mapping[int, CaseResult]]

NEVER_TUNED = frozenset({"evaluation_limit"})
"""Parameters that set how much a run may use: more is always better, so there is nothing to tune."""

_PRUNE_P = 0.1
_PRUNE_AFTER = 4


@dataclass(frozen=True)
class Trial:
    """One finished trial.

    Parameters
    ----------
    number
        Its place in the study; 0 is the values begun with.
    values
        A value for every tuned parameter.
    gain
        Mean paired gain over trial 0 on the cases run.
    cases
        How many cases it ran; fewer than the study's if it was pruned.
    """

    number: int
    values: Values
    gain: float
    cases: int


def tunable(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters that a study sets: those with a range or choices, but for `NEVER_TUNED`."""
    return tuple(
        parameter
        for parameter in parameters
        if parameter.name not in NEVER_TUNED
        and (len(parameter.choices) > 1 if parameter.choices is not None else parameter.low != parameter.high)
    )


def tune(
    parameters: Sequence[Parameter],
    run: RunCases,
    seeds: Sequence[int],
    *,
    objective: Objective,
    start: Values,
    remembered: Sequence[Values] = (),
    seed: int,
    batch: int,
    stop: Callable[[], bool],
    max_trials: int,
) -> Iterator[Trial]:
    """Search better values for parameters; yield each trial as it finishes, the values begun with first.

    Parameters
    ----------
    parameters
        What to tune, as `tunable` returns it.
    run
        Runs the program with these values on these cases; results by seed.
    seeds
        The study's cases.
    objective
        Which direction of the scores is better.
    start
        The values to begin with and to compare against.
    remembered
        Values of other studies to try next; what lies outside a range is clipped, unknown names are left out.
    seed
        Of the sampler and of the order of cases.
    batch
        How many cases to run at a time: the cores.
    stop
        Asked before every batch; when true, the trial under way is dropped and the study ends.
    max_trials
        How many trials at most, trial 0 among them.
    """
    study = _new_study(seed)
    for values in (start, *remembered):
        study.enqueue_trial({p.name: _fit(p, values[p.name]) for p in parameters if p.name in values})
    order = np.random.default_rng(seed)
    base: dict[int, CaseResult] = {}
    number = 0
    while number < max_trials and not stop():
        asked = study.ask(_distributions(parameters))
        finished = _run_trial(asked, run, base, list(order.permutation(seeds)), objective, batch, stop)
        if finished is None:
            return
        gain, cases = finished
        study.tell(asked, gain)
        yield Trial(number, dict(asked.params), gain, cases)
        number += 1


def best_trial(trials: Sequence[Trial]) -> Trial:
    """Return the best trial that ran all cases; the first, which holds the values begun with, if none is better."""
    whole = [trial for trial in trials if trial.cases == trials[0].cases]
    return max(whole, key=lambda trial: trial.gain)


def _run_trial(
    asked: Any,
    run: RunCases,
    base: dict[int, CaseResult],
    order: Sequence[int],
    objective: Objective,
    batch: int,
    stop: Callable[[], bool],
) -> tuple[float, int] | None:
    """Return a trial's mean gain and how many cases it ran; None if the time was up. The first trial fills `base`."""
    results: dict[int, CaseResult] = {}
    first = not base
    for begin in range(0, len(order), batch):
        if stop():
            if first:
                base.clear()
            return None
        seeds = [int(seed) for seed in order[begin : begin + batch]]
        results.update(run(asked.params, seeds))
        if first:
            base.update(results)
        comparison = compare(objective, results, base)
        for seed, gain in zip(comparison.seeds, comparison.gains, strict=True):
            if seed in seeds:
                asked.report(float(gain), step=seed)
        if not first and asked.should_prune():
            break
    return comparison.mean, len(results)


def _new_study(seed: int) -> Any:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        # The pruner is marked experimental; the version range in pyproject.toml is our answer to that.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        pruner = optuna.pruners.WilcoxonPruner(p_threshold=_PRUNE_P, n_startup_steps=_PRUNE_AFTER)
    sampler = optuna.samplers.TPESampler(multivariate=False, constant_liar=False, seed=seed % 2**32)
    return optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)


def _distributions(parameters: Sequence[Parameter]) -> dict[str, Any]:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    made: dict[str, Any] = {}
    for p in parameters:
        if p.choices is not None:
            made[p.name] = CategoricalDistribution(p.choices)
        elif p.kind == "int":
            made[p.name] = IntDistribution(int(p.low or 0), int(p.high or 0), log=p.log)
        else:
            made[p.name] = FloatDistribution(float(p.low or 0.0), float(p.high or 0.0), log=p.log)
    return made


def _fit(parameter: Parameter, value: Value) -> Value:
    """Return the value moved into the parameter's range; its default where the kind does not fit."""
    if parameter.choices is not None:
        return value if value in parameter.choices else parameter.default
    if isinstance(value, str) or not math.isfinite(value) or parameter.low is None or parameter.high is None:
        return parameter.default
    clipped = min(max(value, parameter.low), parameter.high)
    return round(clipped) if parameter.kind == "int" else float(clipped)
