"""Composed programs: every component can be used, the answer is valid, and the same seed gives the same answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ale_agent.errors import ProgramError
from ale_agent.program import Program
from ale_agent.strategist.builtin import changes
from ale_agent.strategist.compose import compose
from ale_agent.strategist.compose_catalogue import SLOTS, SPACES, components
from ale_agent.strategist.genotype import Genotype, default_genotype, random_genotype, vary
from benchmarks.composer_problems import TOY_PROBLEMS, ToyProblem

BY_SPACE = {space: [problem for problem in TOY_PROBLEMS if problem.space == space] for space in SPACES}


def genotypes(space: str) -> Iterator[Genotype]:
    """Yield compositions that together use every component of a space."""
    slots = {slot: [c.name for c in components(space, slot)] for slot in SLOTS}
    moves = tuple(slots["neighbourhoods"])
    for k in range(max(len(slots[slot]) for slot in SLOTS if slot != "neighbourhoods")):
        yield Genotype(
            space=space,
            construction=slots["construction"][k % len(slots["construction"])],
            neighbourhoods=moves if k % 2 == 0 else moves[: 1 + k],
            acceptance=slots["acceptance"][k % len(slots["acceptance"])],
            restarts=slots["restarts"][k % len(slots["restarts"])],
            weighting=slots["weighting"][k % len(slots["weighting"])],
        )


def text_of(problem: ToyProblem, genotype: Genotype) -> str:
    source = compose(
        problem.tools, genotype, sample_case=problem.generate(0), objective=problem.objective, time_limit=1.0
    )
    return Program.from_source(source).source


def answer_of(solver: Path, case: str, evaluations: int = 300) -> str:
    finished = subprocess.run(
        [sys.executable, "-I", solver.name], input=case, capture_output=True, text=True, timeout=120, cwd=solver.parent,
        env=os.environ | {"ALE_PARAMETERS": json.dumps({"evaluation_limit": evaluations}), "ALE_SEED": "5"}, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr[-3000:]
    return finished.stdout


@pytest.mark.slow
@pytest.mark.parametrize("space", SPACES)
def test_every_component_works_and_the_answer_is_reproducible(space: str, tmp_path: Path) -> None:
    for k, genotype in enumerate(genotypes(space)):
        problem = BY_SPACE[space][k % len(BY_SPACE[space])]
        folder = tmp_path / str(k)
        folder.mkdir()
        solver = folder / "solver.py"
        solver.write_text(text_of(problem, genotype))
        case = problem.generate(3)
        first = answer_of(solver, case)
        assert first.endswith("\n"), genotype
        assert first == answer_of(solver, case), genotype


@pytest.mark.parametrize("space", SPACES)
def test_a_program_says_what_it_is_composed_of_and_holds_nothing_else(space: str) -> None:
    genotype = default_genotype(space)
    text = text_of(BY_SPACE[space][0], genotype)
    for slot in SLOTS:
        for name in genotype.names(slot):
            assert name in text.split('"""')[1]
    assert "import ale_agent" not in text and "from ale_agent" not in text


@pytest.mark.parametrize("space", SPACES)
def test_a_weight_is_declared_for_each_neighbourhood(space: str) -> None:
    genotype = default_genotype(space)
    declared = {p.name for p in Program.from_source(text_of(BY_SPACE[space][0], genotype)).parameters}
    assert {f"weight_{name}" for name in genotype.neighbourhoods} | {"evaluation_limit"} <= declared


@pytest.mark.parametrize("space", SPACES)
def test_a_variation_is_one_move_away_and_says_which(space: str) -> None:
    rng = np.random.default_rng(1)
    genotype = default_genotype(space)
    for _ in range(40):
        varied, what = vary(genotype, rng)
        changed = changes(genotype, varied)
        assert len(changed) == 1
        assert changed[0].slot in what
        genotype = varied


@pytest.mark.parametrize("space", SPACES)
def test_a_genotype_survives_its_text(space: str) -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        genotype = random_genotype(space, None, rng)
        assert Genotype.from_json(genotype.to_json()) == genotype


def test_heavier_components_are_drawn_more_often() -> None:
    rng = np.random.default_rng(3)

    def weights(slot: str, name: str) -> float:
        return 20.0 if name == "late" else 1.0

    drawn = [random_genotype("permutation", weights, rng).acceptance for _ in range(200)]
    assert drawn.count("late") > 120


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"space": "graph", "construction": "random", "neighbourhoods": ["swap"]}', "\x00"]
)
def test_a_broken_genotype_is_refused(text: str) -> None:
    with pytest.raises(ProgramError):
        Genotype.from_json(text)
