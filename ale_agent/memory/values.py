"""Values that finished programs had: what a tuner tries first, and what a new program starts from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.learned import values_of
from ale_agent.memory.recall import BUILT, Recalled, recall
from ale_agent.memory.store import Store
from ale_agent.memory.strategy import StrategyParameter, Value

_READ = 32  # finished programs that are asked
_PRIOR = 0.5  # of a program on this very problem that surely gained: how much the default value counts


def remembered_values(
    store: Store, features: ProblemFeatures, parameter_names: Sequence[str], *, limit: int = 8
) -> list[dict[str, Value]]:
    """Return settings of the named parameters that finished programs had, the most promising first.

    Parameters
    ----------
    store
        The memory.
    features
        What the problem is like.
    parameter_names
        The parameters that are to be set; a setting may name only some of them.
    limit
        How many settings at most; none is given twice.
    """
    wanted = set(parameter_names)
    found: list[dict[str, Value]] = []
    for item in recall(store, features, limit=4 * limit, roles=BUILT):
        values = {name: value for name, value in values_of(item.strategy).items() if name in wanted}
        if values and values not in found and item.expected.high >= 0:
            found.append(values)
    return found[:limit]


def agreed_values(store: Store, features: ProblemFeatures, parameters: Sequence[StrategyParameter]) -> dict[str, Value]:
    """Return the values that finished programs agree on, for the parameters on which any has a say.

    One study's best values are mostly noise; their mean over problems is not. A program counts by its problem's
    likeness and by how sure its gain is; the default counts, too, so that a few programs only shift it.

    Parameters
    ----------
    store
        The memory.
    features
        What the problem is like.
    parameters
        The parameters with the ranges and defaults they have now.
    """
    votes = [
        (weight, values_of(item.strategy))
        for item in recall(store, features, limit=_READ, roles=BUILT)
        if (weight := _weight(item)) > 0.0
    ]
    agreed: dict[str, Value] = {}
    for parameter in parameters:
        said = [(weight, values[parameter.name]) for weight, values in votes if parameter.name in values]
        value = _agreed(parameter, said)
        if value is not None and value != parameter.default:
            agreed[parameter.name] = value
    return agreed


def _weight(item: Recalled) -> float:
    """Return how much a program's values count: its likeness, times how surely it gained (0 at even odds)."""
    believed = item.expected
    if not believed.trials:
        return 0.0
    return item.fit * max(0.0, 2.0 * NormalDist().cdf(believed.mean / believed.sd) - 1.0)


def _agreed(parameter: StrategyParameter, said: Sequence[tuple[float, Value]]) -> Value | None:
    if not said:
        return None
    if parameter.choices is not None:
        return _elected(parameter, said)
    low, high, default = parameter.low, parameter.high, parameter.default
    numbers = [(weight, value) for weight, value in said if not isinstance(value, str | bool)]
    if low is None or high is None or isinstance(default, str | bool) or not numbers:
        return None
    whole = isinstance(default, int)
    log = parameter.log and low > 0
    total, weights = _PRIOR * _place(default, log), _PRIOR
    for weight, value in numbers:
        total += weight * _place(min(high, max(low, value)), log)
        weights += weight
    value = math.exp(total / weights) if log else total / weights
    value = min(high, max(low, value))
    return round(value) if whole else float(f"{value:.4g}")


def _place(value: float, log: bool) -> float:
    return math.log(value) if log else float(value)


def _elected(parameter: StrategyParameter, said: Sequence[tuple[float, Value]]) -> Value:
    votes: dict[Value, float] = {parameter.default: _PRIOR}
    for weight, value in said:
        if value in (parameter.choices or ()):
            votes[value] = votes.get(value, 0.0) + weight
    return max(votes, key=lambda value: votes[value])


__all__ = ["agreed_values", "remembered_values"]
