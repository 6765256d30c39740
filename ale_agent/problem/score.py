"""The only place that knows whether more or less is better: everywhere else greater is better."""

from __future__ import annotations

import math
from typing import Literal

Objective = Literal["maximize", "minimize"]


def utility(objective: Objective, score: float) -> float:
    """Return the score turned so that greater is better."""
    return score if objective == "maximize" else -score


def log_ratio(objective: Objective, challenger: float, incumbent: float) -> float:
    """Return by how much the challenger's score is better, as a natural log-ratio; both scores positive."""
    ratio = math.log(challenger / incumbent)
    return ratio if objective == "maximize" else -ratio


def gap_percent(objective: Objective, score: float, best_known: float) -> float:
    """Return how far a score is from the best known one, in percent of the latter; 0 is as good, positive worse."""
    if best_known == 0:
        raise ValueError("the gap to a best-known value of 0 is not defined")
    return 100.0 * (utility(objective, best_known) - utility(objective, score)) / abs(best_known)
