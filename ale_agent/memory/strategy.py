"""A strategy as a value: when it applies, how it goes, and the evidence of what it brings (FORMATS section 4)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

COMPONENT_PREFIX = "component: "
GENOTYPE_MARK = "Genotype: "
"""Begins the line of a strategy's `how` that holds its composition as JSON."""

Role = Literal["technique", "component", "composition", "program"]
Value = float | int | str | bool


@dataclass(frozen=True, kw_only=True)
class StrategyParameter:
    """A constant a strategy leaves to the tuner: a range, or a list of choices; `default` is the best value known."""

    name: str
    default: Value
    low: float | int | None = None
    high: float | int | None = None
    log: bool = False
    choices: tuple[Value, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object of a memory file."""
        if self.choices is not None:
            return {"name": self.name, "choices": list(self.choices), "default": self.default}
        return {"name": self.name, "low": self.low, "high": self.high, "log": self.log, "default": self.default}


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a strategy came from."""

    kind: Literal["curated", "learned"]
    created: str
    problem: str | None = None
    attempt: str | None = None
    strategist: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object of a memory file."""
        return {
            "kind": self.kind,
            "problem": self.problem,
            "attempt": self.attempt,
            "strategist": self.strategist,
            "created": self.created,
        }


@dataclass(frozen=True)
class Evidence:
    """One measured gain (a trial), or one report of somebody else's success (a citation, with no gain).

    Parameters
    ----------
    problem
        The problem it was measured on.
    gain, low, high
        Mean per-case log-ratio against the baseline on the same cases, greater is better, and its 95 % interval.
    cases
        How many cases were paired.
    baseline
        The candidate it was compared with.
    attempt
        The attempt that measured it.
    source
        Of a citation, where it is reported; of a trial, the candidate that was measured.
    foreign
        Whether it came in a file from elsewhere; kept in the store, not in files.
    """

    problem: str
    kind: Literal["trial", "citation"]
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    cases: int | None = None
    baseline: str | None = None
    attempt: str | None = None
    source: str | None = None
    foreign: bool = False

    @cached_property
    def key(self) -> str:
        """What makes it the same evidence, however often it is written: never counted twice."""
        parts: tuple[object, ...] = (self.kind, self.problem, self.attempt, self.baseline, self.source)
        if self.kind == "trial" and self.attempt is None:  # written by hand: only the figures tell two apart
            parts += (self.gain, self.low, self.high, self.cases)
        # No text of a strategy holds a control character, so that these join without ambiguity.
        text = "\x1f".join("\x1e" if part is None else str(part) for part in parts)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def to_json(self) -> dict[str, Any]:
        """Return the object of a memory file."""
        if self.kind == "citation":
            return {"problem": self.problem, "kind": self.kind, "source": self.source}
        return {
            "problem": self.problem,
            "kind": self.kind,
            "gain": self.gain,
            "low": self.low,
            "high": self.high,
            "cases": self.cases,
            "baseline": self.baseline,
            "attempt": self.attempt,
            "source": self.source,
        }


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """A way to attack problems: when it applies, how it goes, what it needs, and what it was measured to bring."""

    id: str
    name: str
    archetypes: tuple[str, ...]
    when: str
    how: str
    origin: Origin
    numba_notes: str = ""
    parameters: tuple[StrategyParameter, ...] = ()
    failure_modes: tuple[str, ...] = ()
    program: str | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def role(self) -> Role:
        """What it is used as: a program to run, a composition to build, a component of one, a technique to read."""
        if self.program is not None:
            return "program"
        if f"\n{GENOTYPE_MARK}" in f"\n{self.how}":
            return "composition"
        return "component" if self.name.startswith(COMPONENT_PREFIX) else "technique"

    @property
    def trials(self) -> tuple[Evidence, ...]:
        """The evidence that was measured."""
        return tuple(item for item in self.evidence if item.kind == "trial")

    def to_json(self) -> dict[str, Any]:
        """Return the object of a memory file, keys in the format's order."""
        return {
            "id": self.id,
            "name": self.name,
            "archetypes": list(self.archetypes),
            "when": self.when,
            "how": self.how,
            "numba_notes": self.numba_notes,
            "parameters": [item.to_json() for item in self.parameters],
            "failure_modes": list(self.failure_modes),
            "program": self.program,
            "origin": self.origin.to_json(),
            "evidence": [item.to_json() for item in self.evidence],
        }

    def to_line(self) -> str:
        """Return the line of a memory file, without the line break."""
        return json.dumps(self.to_json(), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True)
class Outline:
    """What ranking needs of a strategy in the store: whole, with programs, hundreds take longer than all else."""

    number: int
    id: str
    name: str
    when: str
    role: Role
    archetypes: tuple[str, ...]
    origin: Origin
    evidence: tuple[Evidence, ...]


def derive_id(*parts: str) -> str:
    """Return the id that depends on the parts alone, on every machine the same."""
    return "s-" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def stronger(one: Evidence, other: Evidence) -> Evidence:
    """Return which of two writings of the same evidence stays: more cases, then ours, then the greater figures."""

    def rank(item: Evidence) -> tuple[float, ...]:
        return (item.cases or 0, not item.foreign, item.gain or 0.0, item.low or 0.0, item.high or 0.0)

    return other if rank(other) > rank(one) else one


def unite(one: Strategy, other: Strategy) -> Strategy:
    """Return the first with the evidence of both, each piece once."""
    united = {item.key: item for item in one.evidence}
    for item in other.evidence:
        known = united.get(item.key)
        united[item.key] = item if known is None else stronger(known, item)
    return replace(one, evidence=tuple(united.values()))
