"""What the harness asks of a strategist, and what it gets: one program at a time.

The harness holds the budget, the clock and the statistics; a strategist only proposes (DESIGN, decision 1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from ale_agent.program import Program

Value = float | int | str
Kind = Literal[
    "recall", "compose", "vary", "tune", "draft", "refine", "recombine", "repair", "simplify", "encode", "given"
]
RequestKind = Literal["draft", "vary", "refine", "recombine", "repair", "simplify", "encode"]


@dataclass(frozen=True)
class Change:
    """One component of a composition that a proposal has otherwise than its parent: what an ablation measures.

    Parameters
    ----------
    slot
        ``construction``, ``neighbourhood``, ``acceptance``, ``restart``.
    removed, added
        The component's names, None where nothing was removed or added.
    """

    slot: str
    removed: str | None
    added: str | None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A program that somebody thinks is worth measuring.

    Parameters
    ----------
    kind
        The move that made it.
    program
        The program.
    values
        Values for its parameters that differ from its defaults.
    genotype
        The composition as JSON text, None for a program that was not composed.
    idea
        One line: what it is, or what it changes and why.
    parents
        Ids of the candidates it was made from.
    changes
        The components it changed in its parent.
    strategies
        Ids of the remembered strategies it used.
    tools
        The array-level tools that the genotype was composed with where they are not the problem's own: an encoding's text.
    """

    kind: Kind
    program: Program
    idea: str
    values: tuple[tuple[str, Value], ...] = ()
    genotype: str | None = None
    parents: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    strategies: tuple[str, ...] = ()
    tools: str | None = None

    @property
    def composition(self) -> str | None:
        """What names the composition, None for a program that was not composed."""
        return None if self.genotype is None else composition_name(self.genotype, self.tools)


def composition_name(genotype: str, tools: str | None) -> str:
    """Return what names a genotype on certain tools: the genotype alone where they are the problem's own."""
    return genotype if tools is None else f"{hashlib.sha256(tools.encode()).hexdigest()[:12]} {genotype}"


@dataclass(frozen=True, kw_only=True)
class Parent:
    """A candidate that a proposal may build on; `tools` as in a proposal."""

    id: str
    program: Program
    values: tuple[tuple[str, Value], ...]
    genotype: str | None
    idea: str
    tools: str | None = None


@dataclass(frozen=True)
class Insight:
    """What was learned from a batch of candidates.

    Parameters
    ----------
    claim
        One line.
    supports, refutes
        Ids of the candidates whose measurements speak for it, and against it.
    """

    claim: str
    supports: tuple[str, ...] = ()
    refutes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Brief:
    """All that a strategist may look at for one proposal.

    Parameters
    ----------
    request
        What is asked for.
    parents
        The candidates to build on; empty for a draft, two for a recombination.
    tried
        Idea lines of every candidate so far.
    genotypes_tried
        The compositions so far, as `Proposal.composition` names them.
    rng
        The step's own generator.
    details
        Ready-made texts for a model's prompt, by name: ``budget``, ``strategies``, ``cases``, ``failure``, ``insights``.
    """

    request: RequestKind
    parents: tuple[Parent, ...]
    tried: tuple[str, ...]
    genotypes_tried: frozenset[str]
    rng: np.random.Generator
    details: Mapping[str, str] = field(default_factory=dict)


class Strategist(Protocol):
    """Writes programs."""

    def propose(self, brief: Brief) -> Proposal | None:
        """Return a program to measure, or None if there is nothing new to offer for this request."""
        ...
