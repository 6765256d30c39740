"""Moves of the kit: after any number of them an answer is still in its space, and the touched range holds all changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ale_agent.kit import integers, permutation, sequence, subset
from ale_agent.kit.calibration import metropolis_temperature, threshold_level
from ale_agent.kit.randomness import draw_index, random_below, random_scale, random_state, random_unit
from ale_agent.strategist.compose_catalogue import COMPONENTS

MODULES: dict[str, Any] = {
    "permutation": permutation,
    "integers": integers,
    "subset": subset,
    "sequence": sequence,
}
MOVES = [c for c in COMPONENTS if c.slot == "neighbourhoods"]
ROUNDS = 300


def call(
    component: Any, answer: np.ndarray, extent: int, values: dict[str, Any], rng: np.ndarray
) -> tuple[int, int, int]:
    move = getattr(MODULES[component.space], component.kernel[1])
    names = [name.strip() for name in component.arguments.split(",") if name.strip()]
    lo, hi, grown = move(answer, extent, *(values[name] for name in names), rng)
    return lo, hi, grown


def spaces(space: str) -> list[tuple[np.ndarray, int, dict[str, Any], Callable[[np.ndarray, int], bool]]]:
    """Return starts in small and ordinary answer spaces: array, extent, arguments, and the test of being inside."""
    reach = {"reach": 0.5, "step_scale": 0.3}
    found: list[tuple[np.ndarray, int, dict[str, Any], Callable[[np.ndarray, int], bool]]] = []
    if space == "permutation":
        for n in (1, 2, 3, 20):
            found.append((np.arange(n), n, dict(reach), lambda a, _: sorted(a) == list(range(len(a)))))
    elif space == "integers":
        for low, high in (([0], [0]), ([0, 5], [1, 5]), ([-3] * 9, [7] * 9), ([0] * 4 + [2] * 4, [100] * 4 + [2] * 4)):
            lows, highs = np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)
            free = np.flatnonzero(lows < highs)
            arguments = reach | {"low": lows, "high": highs, "free": free}
            if len(free):
                found.append(
                    (lows.copy(), len(lows), arguments, lambda a, _, x=lows, y=highs: bool(((x <= a) & (a <= y)).all()))  # type: ignore[misc]
                )
    elif space == "subset":
        for n, least, most in ((1, 0, 1), (6, 3, 3), (12, 2, 9), (5, 5, 5)):
            start = np.zeros(n, dtype=np.int64)
            start[: max(least, 1)] = 1
            arguments = reach | {"minimum": least, "maximum": most}

            def inside(a: np.ndarray, extent: int, x: int = least, y: int = most) -> bool:
                return set(a) <= {0, 1} and int(a.sum()) == extent and x <= extent <= y

            found.append((start, int(start.sum()), arguments, inside))
    else:
        for symbols, least, most in ((1, 0, 3), (4, 1, 1), (3, 0, 12), (2, 5, 5)):
            start = np.zeros(most, dtype=np.int64)
            arguments = reach | {"symbols": symbols, "minimum": least, "maximum": most}

            def within(a: np.ndarray, extent: int, s: int = symbols, x: int = least, y: int = most) -> bool:
                used = a[:extent]
                return x <= extent <= y and bool(((used >= 0) & (used < s)).all())

            found.append((start, max(least, 1), arguments, within))
    return found


@pytest.mark.parametrize("component", MOVES, ids=lambda c: f"{c.space}-{c.name}")
def test_a_move_stays_in_the_space_and_says_what_it_touched(component: Any) -> None:
    for start, size, arguments, inside in spaces(component.space):
        rng = random_state(7)
        answer, extent = start.copy(), size
        for _ in range(ROUNDS):
            before, old = answer.copy(), extent
            lo, hi, extent = call(component, answer, extent, arguments, rng)
            assert inside(answer, extent), (component.name, before, answer)
            used = max(old, extent) if component.space == "sequence" else len(answer)
            changed = np.flatnonzero(before[:used] != answer[:used])
            assert all(lo <= k < hi for k in changed), (component.name, lo, hi, before, answer)


@pytest.mark.parametrize("component", MOVES, ids=lambda c: f"{c.space}-{c.name}")
def test_a_move_really_moves(component: Any) -> None:
    start, size, arguments, _ = spaces(component.space)[3 if component.space == "permutation" else 2]
    rng = random_state(3)
    answer, extent = start.copy(), size
    if component.space in ("integers", "sequence"):
        answer[:] = np.arange(len(answer)) % 3
        extent = len(answer)
    first = (extent, tuple(answer))
    seen = set()
    for _ in range(50):
        _, _, extent = call(component, answer, extent, arguments, rng)
        seen.add((extent, tuple(answer)))
    assert seen - {first}


def test_random_numbers_are_even() -> None:
    rng = random_state(1)
    counts = np.bincount([random_below(rng, 7) for _ in range(14_000)], minlength=7)
    assert abs(counts - 2000).max() < 6 * np.sqrt(2000)


def test_random_units_lie_inside_the_unit_interval() -> None:
    rng = random_state(2)
    drawn = np.array([random_unit(rng) for _ in range(5000)])
    assert 0.0 < drawn.min() < drawn.max() < 1.0
    assert abs(drawn.mean() - 0.5) < 0.02


def test_a_random_scale_keeps_its_bounds_and_favours_the_small() -> None:
    rng = random_state(3)
    drawn = [random_scale(rng, 64) for _ in range(4000)]
    assert (min(drawn), max(drawn)) == (1, 64)
    assert sum(value <= 8 for value in drawn) > 0.4 * len(drawn)


def test_an_index_is_drawn_by_its_weight() -> None:
    rng = random_state(4)
    drawn = np.bincount([draw_index(np.array([1.0, 3.0]), rng) for _ in range(8000)], minlength=2)
    assert drawn[1] / 8000 == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e12])
@pytest.mark.parametrize("acceptance", [0.001, 0.1, 0.5])
def test_the_calibrated_temperature_accepts_the_share_that_was_asked_for(scale: float, acceptance: float) -> None:
    worsenings = np.random.default_rng(0).exponential(scale, 200)
    temperature = metropolis_temperature(worsenings, 200, acceptance)
    assert np.exp(-worsenings / temperature).mean() == pytest.approx(acceptance, rel=0.02)


def test_without_a_sample_the_temperature_is_zero() -> None:
    assert metropolis_temperature(np.ones(4), 0, 0.3) == 0.0


def test_the_threshold_is_a_quantile_of_the_sample() -> None:
    worsenings = np.arange(1.0, 101.0)
    assert threshold_level(worsenings, 100, 0.25) == pytest.approx(25.5, abs=1.0)
