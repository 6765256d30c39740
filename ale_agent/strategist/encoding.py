"""Encodings: array-level tools that a model wrote for a problem, tried out in a sandbox and made into a solver program.

The encoding is never imported here: a sandboxed process runs it on random answers, and the problem's own judge, outside,
says whether its objective tells the truth. A wrong encoding costs its author a reason, never the attempt.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from ale_agent.errors import ProblemError, ProgramError, ToolsError
from ale_agent.evaluate.judging import fault_of
from ale_agent.problem import Case, Problem, ToolsHost, open_tools
from ale_agent.problem.array_check import BrokenError, agrees
from ale_agent.problem.tools import InvalidAnswerError, SolverGoneError, SolverSilentError
from ale_agent.program import Program
from ale_agent.sandbox import Limits, Run, Sandbox
from ale_agent.seeds import share_cases
from ale_agent.strategist.compose import compose
from ale_agent.strategist.compose_inline import inline_tools
from ale_agent.strategist.genotype import Genotype, default_genotype

_CASES = 2
_LIMITS = Limits(cpu_seconds=100.0, wall_seconds=300.0, idle_seconds=30.0, memory_bytes=2048 << 20)
_PROBE_MODULES = (
    ("ale_agent.problem", "answer_space.py"),
    ("ale_agent.problem", "array_check.py"),
    ("ale_agent.strategist", "encoding_probe.py"),
)
_OURS = re.compile(r"^\s*(?:import|from)\s+ale_agent\b", re.MULTILINE)
_AT_FAULT = (InvalidAnswerError, SolverGoneError, SolverSilentError)


@dataclass(frozen=True)
class Encoded:
    """A program composed from an encoding, and the composition."""

    program: Program
    genotype: Genotype


@dataclass
class Encoder:
    """Tries encodings of one problem and composes programs from them.

    Parameters
    ----------
    problem
        Whose cases and judge.
    sandbox
        Where encodings run; not closed here.
    seed
        Of the random answers.
    """

    problem: Problem
    sandbox: Sandbox
    seed: int = 0
    _tools: ToolsHost | None = field(default=None, init=False, repr=False)
    _cases: tuple[Case, ...] = field(default=(), init=False, repr=False)

    def make(self, tools_source: str) -> Encoded:
        """Return a program composed from an encoding that holds what it promises.

        Raises
        ------
        ProgramError
            It does not, with the function and the reason.
        ToolsError
            The problem's own tools fail.
        """
        try:
            inline_tools(tools_source)
        except ProblemError as error:
            raise ProgramError(str(error).replace("tools.py", "the encoding")) from error
        if _OURS.search(tools_source):
            raise ProgramError("an encoding imports nothing of ale_agent: write out what it needs")
        cases = self._some_cases()
        kind = self._try(tools_source, cases)
        genotype = default_genotype(kind)
        spec = self.problem.spec
        source = compose(
            tools_source, genotype, sample_case=cases[0].text, objective=spec.objective, time_limit=spec.time_limit
        )
        return Encoded(Program.from_source(source), genotype)

    def close(self) -> None:
        """Stop the judge."""
        if self._tools is not None:
            self._tools.close()
            self._tools = None

    def _some_cases(self) -> tuple[Case, ...]:
        if self._tools is None:
            self._tools = open_tools(self.problem)
        if not self._cases:
            seeds = share_cases(self.problem.case_seeds_available, "search", _CASES)
            self._cases = tuple(Case(seed, self._tools.generate(seed)) for seed in seeds)
        return self._cases

    def _try(self, tools_source: str, cases: Sequence[Case]) -> str:
        """Return the kind of answer space, having seen that the judge agrees with the objective on every case."""
        found = self._run_probe(tools_source, cases)
        if "broken" in found:
            raise ProgramError(str(found["broken"])[:2000])
        try:
            kinds = [self._compare(case, tried) for case, tried in zip(cases, found["cases"], strict=True)]
        except (KeyError, TypeError, ValueError) as error:
            raise ProgramError(f"the encoding disturbed the process that tried it: {error!r:.300}") from error
        if len(set(kinds)) > 1:
            raise ProgramError(f"answer_space has kind {kinds[0]!r} for one case and {kinds[1]!r} for another; use one")
        return kinds[0]

    def _run_probe(self, tools_source: str, cases: Sequence[Case]) -> dict[str, Any]:
        request = {"tools": tools_source, "cases": [case.text for case in cases], "seed": self.seed}
        cold = self.sandbox.cold(probe_source())
        try:
            outcome = cold.start(Run(standard_input=json.dumps(request).encode(), limits=_LIMITS)).wait()
        finally:
            cold.close()
        if (fault := fault_of(outcome)) is not None:
            raise ProgramError(f"trying the encoding on a case ended with {fault[0].value}: {fault[1][-1500:]}")
        try:
            found = json.loads(outcome.standard_output)
        except (ValueError, RecursionError) as error:
            raise ProgramError(f"the encoding disturbed the process that tried it: {error!s:.300}") from error
        return found if isinstance(found, dict) else {}

    def _compare(self, case: Case, tried: dict[str, Any]) -> str:
        worst = -math.inf if self.problem.spec.objective == "maximize" else math.inf
        valid = 0
        for answer, value, output in zip(tried["answers"], tried["values"], tried["outputs"], strict=True):
            reply = self._judged(case, str(output))
            try:
                valid += agrees(reply, float(value), worst, np.array(answer, dtype=np.int64))
            except BrokenError as broken:
                finding = broken.finding
                place = f"{finding['where']} (case of seed {case.seed})"
                raise ProgramError(f"{place}: {finding['what']}; {finding['mend']}") from broken
        if not valid:
            raise ProgramError(
                f"none of {len(tried['values'])} random answers is valid on the case of seed {case.seed}, so a search would "
                "have nothing to begin with: let every answer decode to something valid"
            )
        return str(tried["kind"])

    def _judged(self, case: Case, output: str) -> dict[str, Any]:
        assert self._tools is not None
        try:
            return {"status": "ok", "value": self._tools.score(case, output)}
        except _AT_FAULT as error:
            return {"status": "invalid", "reason": str(error)}
        except ToolsError as error:
            return {"status": "invalid", "reason": f"the judge broke: {error}"}


@cache
def probe_source() -> str:
    """Return the text of the program that tries an encoding: the checks and their driver in one file."""
    lines = ["from __future__ import annotations"]
    for package, name in _PROBE_MODULES:
        text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
        lines += [line for line in text.split("\n") if not line.startswith(("from __future__ ", "from ale_agent."))]
    return "\n".join(lines)
