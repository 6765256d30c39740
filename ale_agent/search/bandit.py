"""Which model to ask: Thompson sampling on success per cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_LEAST_SHARE = 0.02


@dataclass(frozen=True)
class Record:
    """What a model did so far.

    Parameters
    ----------
    name
        The model.
    successes
        For each request that is over, how well it went: 1 a new incumbent, 0 nothing usable.
    costs
        What each of those requests took, in a unit that all models share: dollars, tokens or seconds.
    """

    name: str
    successes: tuple[float, ...] = ()
    costs: tuple[float, ...] = ()


def choose(records: Sequence[Record], rng: np.random.Generator) -> str:
    """Return the model with the best draw of success per cost; one without a known cost is given the others' mean."""
    known = [sum(record.costs) / len(record.costs) for record in records if record.costs]
    usual = sum(known) / len(known) if known else 1.0
    least = max(_LEAST_SHARE * usual, 1e-12)
    drawn = {}
    for record in records:
        won = sum(record.successes)
        cost = sum(record.costs) / len(record.costs) if record.costs else usual
        drawn[record.name] = rng.beta(1.0 + won, 1.0 + len(record.successes) - won) / max(cost, least)
    return max(drawn, key=lambda name: drawn[name])


def cheapest_unit(usd: Sequence[float | None], tokens: Sequence[float], seconds: Sequence[float]) -> list[float]:
    """Return costs in the best unit that all of them have: dollars if all are known and not all free, then tokens."""
    if usd and all(value is not None for value in usd) and any(usd):
        return [float(value or 0.0) for value in usd]
    return list(tokens) if any(tokens) else list(seconds)
