"""The strategist that needs no model: recall what is remembered, compose from the kit, vary what exists.

Which component it tries first comes from the evidence in memory for that kind of answer space; the caller hands it in
as weights. Constants are left to the tuner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from ale_agent.errors import ProgramError
from ale_agent.problem.score import Objective
from ale_agent.program import Program
from ale_agent.strategist.compose import compose, random_genotype, vary
from ale_agent.strategist.compose_catalogue import SLOTS
from ale_agent.strategist.genotype import Genotype
from ale_agent.strategist.protocol import Brief, Change, Kind, Parent, Proposal, Value, composition_name
from ale_agent.tune import NEVER_TUNED

Weights = Callable[[str, str], float]
"""(slot, component name) -> how promising the component is, as a positive weight."""

_ATTEMPTS = 24


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """Something that memory offers for this problem: a whole program, or a composition to build anew on it.

    Parameters
    ----------
    strategy
        Id of the strategy in memory.
    name
        What a person calls it.
    program
        A program to take over as it is: one that was learned on this very problem.
    genotype
        A composition that was learned on a problem of the same kind.
    values
        The parameter values it was learned with.
    curated
        Whether people chose it for its kind of answer, at the limits of contests.
    """

    strategy: str
    name: str
    program: Program | None = None
    genotype: Genotype | None = None
    values: tuple[tuple[str, Value], ...] = ()
    curated: bool = False


@dataclass
class BuiltinStrategist:
    """Writes programs from a problem's array-level tools and the kit.

    Parameters
    ----------
    tools_source
        The text of the problem's tools.py, None if it has no array level: then programs are recalled, and compositions on
        another's encoding varied, but none is composed anew.
    space
        The kind of its answer space, None if it has none.
    sample_case
        A case to compile on.
    objective
        ``maximize`` or ``minimize``.
    weights
        A draw of how promising each component is; asked anew for each proposal, so that it may be a Thompson sample.
    remembered
        What memory offers, most promising first; no two of them the same program with the same values.
    agreed
        Parameter values that remembered programs agree on: what new compositions start from.
    believed
        The composition of what brought most, component by component; None where nothing is known of any.
    """

    tools_source: str | None
    space: str | None
    sample_case: str
    objective: Objective
    time_limit: float
    weights: Callable[[np.random.Generator], Weights]
    remembered: Sequence[Remembered] = ()
    agreed: Mapping[str, Value] = field(default_factory=dict)
    believed: Genotype | None = None

    def propose(self, brief: Brief) -> Proposal | None:
        """Return a remembered program, a new composition or a variation; None if nothing untried was found."""
        if brief.request == "vary" and brief.parents and self._can_vary(brief.parents[0]):
            return self._vary(brief, brief.parents[0])
        first = [remembered for remembered in self.remembered if remembered.program is not None or remembered.curated]
        return (
            self._recall(brief, first)
            or self._compose_believed(brief)
            or self._recall(brief, self.remembered)
            or self._compose(brief)
        )

    def _recall(self, brief: Brief, offered: Sequence[Remembered]) -> Proposal | None:
        """Return what memory offers next."""
        for remembered in offered:
            idea = f"recalled {remembered.strategy}: {remembered.name}"
            if idea in brief.tried:
                continue
            used = (remembered.strategy,)
            if remembered.program is not None:
                return Proposal(kind="recall", program=remembered.program, idea=idea, strategies=used)
            if self.tools_source is not None and remembered.genotype is not None:
                return self._proposal("recall", remembered.genotype, remembered.values, idea, strategies=used)
        return None

    def _compose_believed(self, brief: Brief) -> Proposal | None:
        if self.tools_source is None or self.believed is None or self.believed.to_json() in brief.genotypes_tried:
            return None
        idea = f"composed of what brought most: {describe(self.believed)}"
        return self._proposal("compose", self.believed, tuple(self.agreed.items()), idea)

    def _compose(self, brief: Brief) -> Proposal | None:
        if self.tools_source is None or self.space is None:
            return None
        weights = self.weights(brief.rng)
        for _ in range(_ATTEMPTS):
            genotype = random_genotype(self.space, weights, brief.rng)
            if genotype.to_json() not in brief.genotypes_tried:
                return self._proposal(
                    "compose", genotype, tuple(self.agreed.items()), f"composed: {describe(genotype)}"
                )
        return None

    def _can_vary(self, parent: Parent) -> bool:
        return parent.genotype is not None and (parent.tools is not None or self.tools_source is not None)

    def _vary(self, brief: Brief, parent: Parent) -> Proposal | None:
        assert parent.genotype is not None
        before = Genotype.from_json(parent.genotype)
        weights = self.weights(brief.rng)
        for _ in range(_ATTEMPTS):
            genotype, what = vary(before, brief.rng, weights)
            if composition_name(genotype.to_json(), parent.tools) not in brief.genotypes_tried:
                return self._proposal(
                    "vary", genotype, tuple((dict(self.agreed) | dict(effective_values(parent))).items()), what,
                    parents=(parent.id,), changes=changes(before, genotype), tools=parent.tools,
                )  # fmt: skip
        return None

    def _proposal(
        self,
        kind: Kind,
        genotype: Genotype,
        values: tuple[tuple[str, Value], ...],
        idea: str,
        *,
        parents: tuple[str, ...] = (),
        changes: tuple[Change, ...] = (),
        strategies: tuple[str, ...] = (),
        tools: str | None = None,
    ) -> Proposal:
        own = tools if tools is not None else self.tools_source
        assert own is not None
        source = compose(
            own, genotype, sample_case=self.sample_case, objective=self.objective,
            time_limit=self.time_limit,
        )  # fmt: skip
        program = Program.from_source(source)
        return Proposal(
            kind=kind,
            program=program,
            values=fitting_values(program, values),
            genotype=genotype.to_json(),
            idea=idea,
            parents=parents,
            changes=changes,
            strategies=strategies,
            tools=tools,
        )


def effective_values(parent: Parent) -> tuple[tuple[str, Value], ...]:
    """Return a value for every parameter of a candidate: the chosen one, or the default."""
    chosen = dict(parent.values)
    return tuple((p.name, chosen.get(p.name, p.default)) for p in parent.program.parameters)


def fitting_values(program: Program, values: tuple[tuple[str, Value], ...]) -> tuple[tuple[str, Value], ...]:
    """Return those of the values that the program declares a parameter for, that it admits, and that differ."""
    kept = dict(values)
    fitting = []
    for parameter in program.parameters:
        if parameter.name not in kept or parameter.name in NEVER_TUNED:
            continue
        with suppress(ProgramError):  # a range of another version
            value = parameter.checked(kept[parameter.name])
            if value != parameter.default:
                fitting.append((parameter.name, value))
    return tuple(sorted(fitting))


def changes(before: Genotype, after: Genotype) -> tuple[Change, ...]:
    """Return which components differ between two compositions, slot by slot: exchanged ones in pairs."""
    found = []
    for slot in SLOTS:
        removed = [name for name in before.names(slot) if name not in after.names(slot)]
        added = [name for name in after.names(slot) if name not in before.names(slot)]
        found += [Change(slot, old, new) for old, new in zip_longest(removed, added)]
    return tuple(found)


def describe(genotype: Genotype) -> str:
    """Return a composition in one line."""
    return "; ".join(f"{slot} {' '.join(genotype.names(slot))}" for slot in SLOTS)
