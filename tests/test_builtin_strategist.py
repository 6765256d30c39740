"""In which order the built-in strategist drafts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ale_agent.problem import Case, find_problem, load_problem, open_tools
from ale_agent.program import Program
from ale_agent.strategist.builtin import BuiltinStrategist, Remembered
from ale_agent.strategist.genotype import Genotype, default_genotype
from ale_agent.strategist.protocol import Brief, Proposal

STANDARD = default_genotype("permutation")
LEARNED = replace(STANDARD, acceptance="threshold")
BELIEVED = replace(STANDARD, construction="random")
OWN = Program.from_source("def main():\n    print(1)\n\n\nmain()\n")
REMEMBERED = (
    Remembered(strategy="s-1", name="learned elsewhere", genotype=LEARNED),
    Remembered(strategy="s-2", name="the standard", genotype=STANDARD, curated=True),
    Remembered(strategy="s-3", name="learned here", program=OWN),
)


@pytest.fixture(scope="module")
def strategist() -> BuiltinStrategist:
    problem = load_problem(find_problem("flowshop"))
    with open_tools(problem) as tools:
        case = Case(31, tools.generate(31))
    return BuiltinStrategist(
        tools_source=problem.tools_source, space="permutation", sample_case=case.text,
        objective=problem.spec.objective, time_limit=2.0, weights=lambda rng: lambda slot, name: 1.0,
    )  # fmt: skip


def drafts(strategist: BuiltinStrategist, count: int) -> list[Proposal]:
    found: list[Proposal] = []
    for number in range(count):
        proposal = strategist.propose(
            Brief(
                request="draft", parents=(), tried=tuple(p.idea for p in found),
                genotypes_tried=frozenset(p.genotype for p in found if p.genotype is not None),
                rng=np.random.default_rng(number),
            )
        )  # fmt: skip
        assert proposal is not None
        found.append(proposal)
    return found


def genotypes(found: list[Proposal]) -> list[Genotype | None]:
    return [None if proposal.genotype is None else Genotype.from_json(proposal.genotype) for proposal in found]


def test_what_is_known_best_is_drafted_first(strategist: BuiltinStrategist) -> None:
    found = drafts(replace(strategist, remembered=REMEMBERED, believed=BELIEVED), 4)
    assert {found[0].kind, found[1].kind} == {"recall"}
    assert {p.program.id for p in found[:2] if p.genotype is None} == {OWN.id}
    assert STANDARD in genotypes(found[:2])
    assert genotypes(found[2:]) == [BELIEVED, LEARNED]


def test_what_is_believed_best_is_drafted_once(strategist: BuiltinStrategist) -> None:
    found = genotypes(drafts(replace(strategist, believed=BELIEVED), 6))
    assert found.count(BELIEVED) == 1 and found[0] == BELIEVED


def test_without_beliefs_drafts_are_drawn(strategist: BuiltinStrategist) -> None:
    found = genotypes(drafts(strategist, 3))
    assert len(set(found)) == 3
