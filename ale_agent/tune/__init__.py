"""Constants belong to the tuner: declared parameters, an Optuna study, pruned case by case."""

from ale_agent.tune.study import NEVER_TUNED, Trial, best_trial, tunable, tune

__all__ = ["NEVER_TUNED", "Trial", "best_trial", "tunable", "tune"]
