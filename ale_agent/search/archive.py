"""The candidates of an attempt with their lineage, and what measuring them showed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Literal

from ale_agent.program import Program
from ale_agent.strategist.protocol import Parent, Proposal, Value

_LOST_TO_BREAKDOWNS = 0.05

Status = Literal["new", "failed", "given_up", "not_shown", "better", "first"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A proposal that was taken up: a program with parameter values, and how it did.

    Parameters
    ----------
    number
        Counts from 1 in the order of proposal.
    proposal
        What was proposed.
    status
        ``new`` until it was raced; ``first`` was measured without an incumbent; ``better`` became the incumbent.
    gain, gain_low, gain_high
        Mean paired gain over `against` with its 95 % interval, None before a race.
    scale
        What the gain is: ``log_ratio`` or ``difference``.
    cases
        How many pairs that gain rests on.
    against
        Id of the incumbent it was raced against.
    failed
        On how many of the cases of the race, or of its first run, it gave no valid answer.
    working_gain
        Mean paired gain over the cases that both answered and where it is not far below, None without any.
    """

    number: int
    proposal: Proposal
    status: Status = "new"
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None
    scale: str | None = None
    cases: int = 0
    against: str | None = None
    failed: int = 0
    working_gain: float | None = None

    @property
    def all_failed(self) -> bool:
        """Whether it was measured and answered nothing."""
        return self.failed > 0 and self.failed >= self.cases

    @property
    def breaks_down(self) -> bool:
        """Whether it answered every case, but lost much to a few on which it is far below what it does elsewhere."""
        if self.failed or self.gain is None or self.working_gain is None:
            return False
        return self.working_gain - self.gain >= _LOST_TO_BREAKDOWNS

    @property
    def id(self) -> str:
        """What names the candidate: its program's text and its values, nothing else."""
        return candidate_id(self.proposal.program, self.proposal.values)

    @property
    def program(self) -> Program:
        """The program that runs it, with `values` as chosen values."""
        return self.proposal.program

    @property
    def values(self) -> tuple[tuple[str, Value], ...]:
        """Parameter values that differ from the program's defaults."""
        return self.proposal.values

    def as_parent(self) -> Parent:
        """Return what a strategist sees of it."""
        proposal = self.proposal
        return Parent(
            id=self.id,
            program=proposal.program,
            values=proposal.values,
            genotype=proposal.genotype,
            idea=proposal.idea,
            tools=proposal.tools,
        )


def candidate_id(program: Program, values: tuple[tuple[str, Value], ...]) -> str:
    """Return ``c-`` and twelve hex digits of program and values; the program's own id where no value differs."""
    if not values:
        return program.id
    text = program.id + json.dumps(sorted(values), separators=(",", ":"))
    return "c-" + hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass
class Archive:
    """All candidates so far, and which one is the incumbent. Changed only by the attempt."""

    candidates: dict[str, Candidate] = field(default_factory=dict)
    incumbent_id: str | None = None
    studied: set[str] = field(default_factory=set)
    """Ids of programs whose parameters a study has searched."""

    @property
    def incumbent(self) -> Candidate | None:
        """The best candidate beyond chance, None before the first valid one."""
        return None if self.incumbent_id is None else self.candidates[self.incumbent_id]

    def add(self, proposal: Proposal) -> Candidate | None:
        """Take up a proposal; None if the same program with the same values was taken up before."""
        candidate = Candidate(number=len(self.candidates) + 1, proposal=proposal)
        if candidate.id in self.candidates:
            return None
        self.candidates[candidate.id] = candidate
        return candidate

    def update(self, candidate: Candidate) -> None:
        """Put a candidate's new state in place of its old one."""
        if candidate.id not in self.candidates:
            raise KeyError(candidate.id)
        self.candidates[candidate.id] = candidate

    def promote(self, candidate: Candidate) -> None:
        """Make a candidate the incumbent."""
        self.update(candidate)
        self.incumbent_id = candidate.id

    def in_order(self) -> list[Candidate]:
        """Return the candidates in the order of proposal."""
        return sorted(self.candidates.values(), key=lambda candidate: candidate.number)

    def genotypes(self) -> frozenset[str]:
        """Return the compositions that were taken up."""
        found = (candidate.proposal.composition for candidate in self.candidates.values())
        return frozenset(composition for composition in found if composition is not None)

    def ideas(self) -> tuple[str, ...]:
        """Return the idea lines in the order of proposal."""
        return tuple(candidate.proposal.idea for candidate in self.in_order())

    def unfinished(self) -> list[Candidate]:
        """Return candidates that were taken up and not yet raced: what a killed run left."""
        return [candidate for candidate in self.in_order() if candidate.status == "new"]

    def refused(self, candidate: Candidate, status: Status) -> Candidate:
        """Return the candidate marked as one that could not be measured, and keep it so."""
        marked = replace(candidate, status=status)
        self.update(marked)
        return marked
