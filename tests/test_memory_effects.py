"""What components are worth, solved from races that differ by several."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.memory import Evidence, Store, add_component_evidence
from ale_agent.memory.effects import Part, Race, part_posteriors, problem_scales, races_of
from ale_agent.memory.evidence import PRIOR_SD, posterior
from ale_agent.strategist.compose_catalogue import components
from ale_agent.strategist.genotype import best_genotype


@dataclass(frozen=True)
class Change:
    slot: str
    removed: str | None
    added: str | None


def race(number: int, gain: float, problem: str = "p", half: float = 0.01) -> Evidence:
    return Evidence(problem, "trial", gain, gain - half, gain + half, 24, f"b-{number}", "a", f"c-{number}")


def kept(races: list[tuple[list[Change], Evidence]]) -> dict[Part, list[Evidence]]:
    """Return the shares that a memory keeps of races, by component."""
    found: dict[Part, list[Evidence]] = {}
    with Store.open(None, starter=False) as store:
        for changed, evidence in races:
            add_component_evidence(store, "subset", changed, evidence, {})
        for strategy in store.components("subset"):
            space, slot, name = strategy.name.removeprefix("component: ").split("/")
            found[space, slot, name] = list(strategy.evidence)
    return found


def same(_: str) -> float:
    return 1.0


def test_races_come_back_from_their_shares() -> None:
    changed = [Change("moves", "a", "b"), Change("moves", None, "c"), Change("start", "x", "y")]
    (found,) = races_of(kept([(changed, race(1, 0.06))]))
    assert found.gain == pytest.approx(0.06)
    assert found.signs == {("subset", "moves", "a"): -1.0, ("subset", "moves", "b"): 1.0, ("subset", "moves", "c"): 1.0,
                           ("subset", "start", "x"): -1.0, ("subset", "start", "y"): 1.0}  # fmt: skip


def test_what_did_it_is_told_from_what_was_changed_beside_it() -> None:
    good, idle = Change("moves", None, "good"), Change("start", None, "idle")
    races = [([good, idle], race(1, 0.05)), ([good], race(2, 0.05)), ([idle], race(3, 0.001))]
    found = part_posteriors(kept(races), same)
    assert found["subset", "moves", "good"].mean > 5 * abs(found["subset", "start", "idle"].mean)


@pytest.mark.parametrize("likeness", [0.0, 0.3, 1.0])
def test_with_one_component_it_is_the_plain_posterior(likeness: float) -> None:
    races = [([Change("moves", None, "only")], race(n, PRIOR_SD, problem=f"p{n % 2}")) for n in range(6)]
    evidence = kept(races)
    found = part_posteriors(evidence, lambda _: likeness)["subset", "moves", "only"]
    plain = posterior(evidence["subset", "moves", "only"], lambda _: likeness)
    assert (found.mean, found.sd) == pytest.approx((plain.mean, plain.sd))


def test_many_races_on_an_unlike_problem_do_not_outweigh_a_few_on_a_like_one() -> None:
    races = [([Change("moves", None, "m")], race(n, -0.03, problem="unlike")) for n in range(50)]
    races += [([Change("moves", None, "m")], race(n, 0.03, problem="like")) for n in range(50, 53)]
    near: Callable[[str], float] = lambda problem: 0.95 if problem == "like" else 0.2  # noqa: E731
    assert part_posteriors(kept(races), near)["subset", "moves", "m"].mean > 0


def test_gains_count_in_their_problems_own_measure() -> None:
    small = [Race("small", {("subset", "moves", "m"): 1.0}, 0.001, 0.0005, 1.0) for _ in range(40)]
    large = [Race("large", {("subset", "moves", "m"): 1.0}, 0.3, 0.01, 1.0) for _ in range(40)]
    scales = problem_scales([*small, *large])
    assert scales["small"] < 0.002
    assert scales["large"] > 0.2


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.floats(0, 100), st.sampled_from("pqr"), st.integers(1, 7)), max_size=8),
    st.floats(0, 1),
)
def test_whatever_was_measured_beliefs_are_finite_and_never_less_sure_than_before(
    figures: list[tuple[float, float, str, int]], likeness: float
) -> None:
    evidence: dict[Part, list[Evidence]] = {}
    for number, (gain, half, problem, touched) in enumerate(figures):
        for k in range(3):
            if touched >> k & 1:
                evidence.setdefault(("subset", "moves", f"m{k}"), []).append(race(number, gain, problem, half))
    for found in part_posteriors(evidence, lambda _: likeness).values():
        assert math.isfinite(found.mean)
        assert 0 < found.sd <= PRIOR_SD * (1 + 1e-6)


def test_the_best_composition_takes_the_best_of_each_slot_and_leaves_harm_out() -> None:
    moves = [part.name for part in components("permutation", "neighbourhoods")]
    worth = {("construction", "greedy"): 0.1, ("neighbourhoods", moves[0]): -0.1, ("acceptance", "late"): 0.1}
    best = best_genotype("permutation", lambda slot, name: worth.get((slot, name), 0.0))
    assert (best.construction, best.acceptance) == ("greedy", "late")
    assert set(best.neighbourhoods) == set(moves[1:])


@pytest.mark.parametrize("space", ["permutation", "integers", "subset", "sequence"])
def test_the_best_composition_is_one_even_where_all_neighbourhoods_do_harm(space: str) -> None:
    rng = np.random.default_rng(4)
    drawn = {part.name: -float(rng.random()) for part in components(space, "neighbourhoods")}
    best = best_genotype(space, lambda slot, name: drawn.get(name, 0.0))
    assert 1 <= len(best.neighbourhoods) <= 3
