"""One compiled search that plays every composition of an answer space.

A composed program is compiled anew for each composition, which takes seconds; a benchmark of many compositions is better
served by a search that holds all components and is told which to use. It draws the same random numbers and makes the
same moves as the composed program, so that the answers are the same to the last bit (`tests/test_flexible.py`).

Reads the composer's templates; like the composer's own benchmark it runs in this process, on tools of this repository.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import indent
from types import ModuleType
from typing import Any

import numpy as np

from ale_agent.evaluate import CaseResult, Job, Verdict
from ale_agent.problem import Case, Problem, open_tools
from ale_agent.program import Program
from ale_agent.strategist import compose as composer
from ale_agent.strategist import compose_search as texts
from ale_agent.strategist.compose_catalogue import SLOTS, components
from ale_agent.strategist.compose_inline import inline_tools
from ale_agent.strategist.genotype import Genotype, default_genotype

_CHOSEN = ("construction", "acceptance", "restarts", "weighting")
_COLUMNS = {"setup": 4, "refresh": 12, "before": 8, "observe": 8, "accepted": 12, "improved": 16, "rejected": 12}


class FlexibleSearch:
    """The search for one problem's tools, compiled once.

    Parameters
    ----------
    tools_source
        The text of the problem's tools.py.
    space
        The kind of its answer space.
    sample_case
        The text of a case.
    objective
        ``maximize`` or ``minimize``.
    folder
        Where the module's file is put.
    """

    def __init__(self, tools_source: str, space: str, sample_case: str, objective: str, folder: Path) -> None:
        self.space = space
        parts = [part for slot in SLOTS for part in components(space, slot)]
        self._parameters = composer._parameters(parts, {})
        self._tuned = [n for n in self._parameters if not n.startswith("weight_") or n == "weight_floor"]
        self._tuned.remove("evaluation_limit")
        search = _write_search(space, objective, self._tuned)
        imports, kernels = composer._building_blocks(parts, search)
        shape = composer._SPACE_ARRAYS[space].strip("\n")
        ours = composer._Ours(imports, shape, "\n\n\n".join(kernels), search)
        tools = inline_tools(tools_source)
        text = composer._assemble(default_genotype(space), parts, self._parameters, tools, ours, "", sample_case)
        text = text.replace(composer._WITHOUT_SCIPY, "")  # a solver's trick that this process could not bear
        self._module = _load(text, folder / f"flexible_{Program.from_source(text).id.replace('-', '_')}.py")
        self._cases: dict[str, Any] = {}

    def run(self, genotype: Genotype, values: Mapping[str, Any], case_text: str, evaluations: int, seed: int) -> float:
        """Return the objective's value, turned so that greater is better, of the answer that a composition finds."""
        module = self._module
        if case_text not in self._cases:
            self._cases[case_text] = module.read_case(case_text)
        case = self._cases[case_text]
        chosen = {name: literal["default"] for name, literal in self._parameters.items()} | dict(values)
        weights = np.array([float(chosen[f"weight_{name}"]) for name in genotype.neighbourhoods])
        order = [part.name for part in components(self.space, "neighbourhoods")]
        kinds = np.array([order.index(name) for name in genotype.neighbourhoods], dtype=np.int64)
        slots = {slot: [part.name for part in components(self.space, slot)] for slot in _CHOSEN}
        choices = np.array([slots[slot].index(getattr(genotype, slot)) for slot in _CHOSEN], dtype=np.int64)
        numbers = [type(self._parameters[name]["default"])(chosen[name]) for name in self._tuned]
        budget = np.array([1.0, 0.0, 1.0, float(evaluations), 0.0])
        random_state = _ours(module, "random_state")
        answer, extent = _ours(module, "search")(
            case, _ours(module, "space_of")(case), budget, random_state(seed), weights, kinds, choices, *numbers
        )
        return float(_ours(module, "evaluate_full")(case, answer, extent, budget))


class FlexibleEvaluator:
    """An evaluator of composed programs by that search; evaluations, not seconds, are their limit.

    Parameters
    ----------
    problem
        Whose cases.
    search
        The search for its tools; None where `flexible` is overridden.
    """

    def __init__(self, problem: Problem, search: FlexibleSearch | None) -> None:
        self._problem = problem
        self._search = search
        self._genotypes: dict[str, Genotype] = {}
        self._case_texts: dict[int, str] = {}
        self._tools = open_tools(problem)

    def flexible(self) -> FlexibleSearch:
        """Return the search."""
        assert self._search is not None
        return self._search

    def case_seed(self, seed: int) -> int:
        """Return the seed of the case that a job's seed stands for."""
        return seed

    def know(self, program: Program, genotype: str) -> None:
        """Take note of what a program is composed of."""
        self._genotypes[program.id] = Genotype.from_json(genotype)

    def prepare(self, program: Program) -> None:
        """Nothing is to be prepared."""

    def release(self, program: Program) -> None:
        """Nothing is kept."""

    def load_error(self, program: Program) -> str:
        """Return nothing: the search is compiled."""
        return ""

    def close(self) -> None:
        """End the problem's tools."""
        self._tools.close()

    def evaluate(self, program: Program, jobs: Sequence[Job]) -> Iterator[CaseResult]:
        """Run the jobs one after the other."""
        sign = 1.0 if self._problem.spec.objective == "maximize" else -1.0
        for job in jobs:
            values = dict(job.parameters)
            limit = int(values.pop("evaluation_limit"))
            found = sign * self.flexible().run(
                self._genotypes[program.id], values, self.case_text(self.case_seed(job.seed)), limit, job.solver_seed
            )
            accepted = abs(found) < np.inf
            yield CaseResult(
                seed=job.seed,
                verdict=Verdict.ACCEPTED if accepted else Verdict.WRONG_ANSWER,
                score=found if accepted else None,
                cpu_seconds=0.0,
                wall_seconds=0.0,
            )

    def case_text(self, seed: int) -> str:
        """Return the text of a case."""
        if seed not in self._case_texts:
            self._case_texts[seed] = Case(seed, self._tools.generate(seed)).text
        return self._case_texts[seed]


def _write_search(space: str, objective: str, tuned: Sequence[str]) -> str:
    names = texts.SPACE_NAMES[space]
    unpack = names if "," in names else f"({names},)"
    moves = components(space, "neighbourhoods")
    move_tuned = "".join(f", {n}" for n in tuned if any(n in texts._arguments(move) for move in moves))
    evaluate = texts._EVALUATE.format(
        turned="",
        sign="" if objective == "maximize" else "-",
        answer="answer[:extent]" if space == "sequence" else "answer",
    )
    cases = indent(texts._move_cases(moves), " " * 4)
    apply_move = texts._APPLY_MOVE.format(tuned=move_tuned, unpack=unpack, cases=cases)
    construct, call = _construction(space)
    loop = _write_loop(space, unpack, tuned, move_tuned, call)
    return "\n".join([evaluate, apply_move, construct, loop])


def _construction(space: str) -> tuple[str, str]:
    """Return a function that makes the first answer by any construction, and the call of it."""
    parts = components(space, "construction")
    used = dict.fromkeys(name for part in parts for name in texts._arguments(part))
    arguments = ", ".join(["case", texts.SPACE_NAMES[space].replace(", free", ""), "budget", *used, "rng"])
    lines = ["@njit(cache=True)", f"def construct(choice, {arguments}):"]
    for number, part in enumerate(parts):
        call = texts.construction_call(Genotype(space=space, construction=part.name,
                                                neighbourhoods=default_genotype(space).neighbourhoods))  # fmt: skip
        lines.append(f"    if choice == {number}:\n        return {call}" if number else f"    if choice == 0:\n"
                     f"        return {call}")  # fmt: skip
    lines.append(f"    return {texts.construction_call(default_genotype(space))}")
    return "\n".join(lines) + "\n", f"construct(choices[0], {arguments})"


def _write_loop(space: str, unpack: str, tuned: Sequence[str], move_tuned: str, construct: str) -> str:
    again = construct.replace("construction_share", "share + construction_share / rounds")
    resets = {f"choices[1] == {k}": texts._RESET[part.name] for k, part in enumerate(components(space, "acceptance"))}
    slots: list[tuple[str, Mapping[str, texts.Holes]]] = [
        ("restarts", texts._RESTARTS), ("weighting", texts._WEIGHTINGS), ("acceptance", texts._ACCEPTANCES)
    ]  # fmt: skip
    filled: dict[str, str] = {}
    for hole, column in _COLUMNS.items():
        lines: dict[str, None] = {}
        for slot, holes in slots:
            for number, part in enumerate(components(space, slot)):
                text = getattr(holes[part.name], hole).strip("\n")
                text = text.replace("{back}", "\n    ".join(texts._BACK_TO_BEST.strip().splitlines()))
                text = text.replace("{reset}", "\n    ".join(_branches(resets).splitlines()))
                text = text.replace("{construct_again}", again).replace("{move_arguments}", move_tuned)
                text = text.replace("{progress}", "progress")
                metropolis = part.name == "metropolis"
                text = text.replace("{calibrate}", "metropolis_temperature" if metropolis else "threshold_level")
                bar = "+ temperature * math.log(random_unit(rng))" if metropolis else "- temperature"
                text = text.replace("{bar}", bar).replace(
                    "draw_index(weights, rng), n", "kinds[draw_index(weights, rng)], n"
                )
                if text:
                    choice = f"choices[{_CHOSEN.index(slot)}] == {number}"
                    lines[text if hole == "setup" else _branches({choice: text})] = None
        filled[hole] = indent("\n".join(lines), " " * column)
    written = texts._SEARCH.format(
        tuned="".join(f", {name}" for name in ("weights", "kinds", "choices", *tuned)),
        acceptance="", unpack=unpack, construct=construct, move_arguments=move_tuned, **filled,
    )  # fmt: skip
    return written.replace("started_share", "0.0").replace("apply_move(kind,", "apply_move(kinds[kind],")


def _branches(cases: Mapping[str, str]) -> str:
    return "\n".join(f"if {condition}:\n{indent(text, ' ' * 4)}" for condition, text in cases.items())


def _ours(module: ModuleType, name: str) -> Any:
    """Return our function of that name, under the name it has where the problem has one like it."""
    return getattr(module, f"{name}_kit", None) or getattr(module, name)


def _load(text: str, path: Path) -> ModuleType:
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


__all__ = ["FlexibleEvaluator", "FlexibleSearch"]
