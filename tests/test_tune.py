"""The tuner: what it tunes, in which order it tries, and that it finds better constants at little cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.program import Parameter
from ale_agent.tune import Trial, best_trial, tunable, tune

PARAMETERS = (
    Parameter(name="x", default=0.0, low=-10.0, high=10.0),
    Parameter(name="width", default=4, low=1, high=64, log=True),
    Parameter(name="mode", default="a", choices=("a", "b")),
)
START = {"x": 0.0, "width": 4, "mode": "a"}


class NoisyBowl:
    """Scores 1000 at best (x = 4, mode b), less with the distance, with the noise of a case; counts its runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, values: Mapping[str, float | int | str], seeds: Sequence[int]) -> dict[int, CaseResult]:
        results = {}
        for seed in seeds:
            self.runs += 1
            rng = np.random.default_rng([seed, int(1e6 * (float(values["x"]) + 20))])
            loss = 2.0 * (float(values["x"]) - 4.0) ** 2 + (30.0 if values["mode"] == "a" else 0.0)
            score = 1000.0 - loss + rng.normal(0, 3.0) + 100.0 * (seed % 7)
            results[seed] = CaseResult(
                seed=seed, verdict=Verdict.ACCEPTED, score=score, cpu_seconds=0.1, wall_seconds=0.1
            )
        return results


def study(bowl: NoisyBowl, *, trials: int = 40, seed: int = 1, **more: object) -> list[Trial]:
    options = {"start": START, "remembered": (), "stop": lambda: False, "objective": "maximize"} | more
    return list(
        tune(PARAMETERS, bowl, list(range(16)), seed=seed, batch=2, max_trials=trials, **options)  # type: ignore[arg-type]
    )


def test_tuning_finds_better_constants() -> None:
    best = best_trial(study(NoisyBowl()))
    assert best.values["mode"] == "b"
    assert abs(float(best.values["x"]) - 4.0) < 2.5


def test_pruning_saves_runs() -> None:
    bowl = NoisyBowl()
    trials = study(bowl)
    assert bowl.runs < 0.8 * 16 * len(trials)


def test_the_values_begun_with_come_first_and_remembered_ones_next() -> None:
    trials = study(NoisyBowl(), trials=3, remembered=({"x": 3.5, "mode": "b", "other": 1},))
    assert trials[0].values == START
    assert (trials[1].values["x"], trials[1].values["mode"]) == (3.5, "b")


def test_a_remembered_value_outside_its_range_is_moved_into_it() -> None:
    trials = study(NoisyBowl(), trials=2, remembered=({"x": 99.0},))
    assert trials[1].values["x"] == 10.0


def test_the_same_seed_gives_the_same_study() -> None:
    assert study(NoisyBowl(), trials=12) == study(NoisyBowl(), trials=12)


def test_the_trial_under_way_is_dropped_when_time_is_up() -> None:
    bowl = NoisyBowl()
    trials = study(bowl, stop=lambda: bowl.runs >= 18)
    assert len(trials) == 1
    assert bowl.runs == 18


def test_without_a_better_trial_the_values_begun_with_stay() -> None:
    worse = [Trial(0, START, 0.0, 16), Trial(1, {"x": 1.0}, -0.1, 16), Trial(2, {"x": 2.0}, 0.5, 4)]
    assert best_trial(worse).number == 0


def test_a_parameter_that_only_buys_time_is_not_tuned() -> None:
    limit = Parameter(name="evaluation_limit", default=0, low=0, high=10**9)
    assert tunable([limit, *PARAMETERS]) == PARAMETERS


@pytest.mark.parametrize("verdict", [Verdict.RUNTIME_ERROR, Verdict.TIME_LIMIT])
def test_a_setting_that_fails_is_never_the_best(verdict: Verdict) -> None:
    bowl = NoisyBowl()

    def run(values: Mapping[str, float | int | str], seeds: Sequence[int]) -> dict[int, CaseResult]:
        if values["mode"] == "b":
            return {
                s: CaseResult(seed=s, verdict=verdict, score=None, cpu_seconds=0.1, wall_seconds=0.1) for s in seeds
            }
        return bowl(values, seeds)

    trials = list(
        tune(
            PARAMETERS, run, list(range(8)), objective="maximize", start=START, seed=3, batch=2, stop=lambda: False,
            max_trials=15,
        )
    )  # fmt: skip
    assert best_trial(trials).values["mode"] == "a"
