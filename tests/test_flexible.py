"""The benchmark's one compiled search plays every composition exactly as the composed program does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from ale_agent.strategist import compose as composer
from ale_agent.strategist.genotype import Genotype, default_genotype
from benchmarks.composer import composed_values
from benchmarks.composer_problems import TOY_PROBLEMS, ToyProblem
from benchmarks.flexible import FlexibleSearch

TOYS = {toy.space: toy for toy in reversed(TOY_PROBLEMS)}
OTHERS = {
    "permutation": ("greedy", ("adjacent_swap", "three_cycle"), "kicks", "from_construction", "adaptive"),
    "sequence": ("rollout", ("insert", "tail_rebuild", "block_move"), "late", "reheat", "fixed"),
}


@pytest.mark.slow
@pytest.mark.parametrize("space", list(OTHERS))
def test_it_finds_the_composed_programs_answers_to_the_last_bit(tmp_path: Path, space: str) -> None:
    toy = TOYS[space]
    cases = [toy.generate(seed) for seed in range(3)]
    flexible = FlexibleSearch(toy.tools, space, cases[0], toy.objective, tmp_path)
    construction, moves, acceptance, restarts, weighting = OTHERS[space]
    other = Genotype(
        space=space, construction=construction, neighbourhoods=moves, acceptance=acceptance, restarts=restarts,
        weighting=weighting,
    )  # fmt: skip
    for genotype in (default_genotype(space), other):
        expected = composed(toy, genotype, cases, tmp_path)
        assert [flexible.run(genotype, {}, case, 1500, 1) for case in cases] == expected


def composed(toy: ToyProblem, genotype: Genotype, cases: list[str], folder: Path) -> list[float]:
    source = composer.compose(toy.tools, genotype, sample_case=cases[0], objective=toy.objective)
    path = folder / f"{genotype.acceptance}.py"
    path.write_text(source.replace(composer._WITHOUT_SCIPY, ""))  # this process needs SciPy
    spec = importlib.util.spec_from_file_location(f"composed_{toy.space}_{genotype.acceptance}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [float(value) for value in composed_values(module, genotype, cases, 1500, {})]
