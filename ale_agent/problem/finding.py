"""What the check of a problem folder finds, and what its stages know of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ale_agent.problem.case import Case
from ale_agent.problem.folder import Problem
from ale_agent.problem.specification import PythonToolsSpec
from ale_agent.problem.tools import InvalidAnswerError, SolverGoneError, SolverSilentError, ToolsHost
from ale_agent.statement import Statement

AT_FAULT = (InvalidAnswerError, SolverGoneError, SolverSilentError)
TIMEOUT_SECONDS = 20.0

Severity = Literal["error", "warning"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a problem folder.

    Parameters
    ----------
    severity
        ``error``: the contract is broken; ``warning``: it works, but not well.
    where
        The file, and the function, section or sample.
    what
        What is wrong, with the value.
    mend
        What to do.
    """

    severity: Severity
    where: str
    what: str
    mend: str


@dataclass(frozen=True)
class CheckReport:
    """What the check of a problem folder brought.

    Parameters
    ----------
    findings
        What is wrong; nothing if the contract holds.
    generate_seconds, score_seconds
        What the slowest of a few cases takes to make, and to judge, warmed up; None where that was not measured.
    hashes
        How many cases were compared with the contest's own.
    """

    findings: tuple[Finding, ...]
    generate_seconds: float | None = None
    score_seconds: float | None = None
    hashes: int = 0


@dataclass
class Check:
    """A check under way: what it was asked, and what the stages so far leave for the later ones."""

    problem: Problem
    tools: ToolsHost
    seeds: Sequence[int]
    outputs: int
    rng: np.random.Generator
    progress: Progress
    all_hashes: bool
    cases: list[Case] = field(default_factory=list)
    # Cases with outputs that the judge accepts.
    judged: list[tuple[Case, str]] = field(default_factory=list)
    # What the judge of an interactive problem sends in each sample's dialogue, by the sample's name.
    sent: dict[str, str] = field(default_factory=dict)
    statement: Statement | None = None
    generate_seconds: float | None = None
    score_seconds: float | None = None
    hashes: int = 0

    @property
    def file(self) -> str:
        return "tools.py" if isinstance(self.problem.spec.tools, PythonToolsSpec) else "problem.toml [tools]"

    @property
    def judge(self) -> str:
        return f"{self.file}: {'interact' if self.problem.spec.interactive else 'score'}"

    @property
    def statement_severity(self) -> Severity:
        """How bad a fault of the statement is: one that comes with a contest's own tools is not its user's."""
        return "error" if isinstance(self.problem.spec.tools, PythonToolsSpec) else "warning"

    def anything(self) -> tuple[Case, str] | None:
        """Return some case with some output, an accepted one if there is one."""
        if self.judged:
            return self.judged[0]
        return (self.cases[0], "1\n") if self.cases else None
