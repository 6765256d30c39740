"""What an attempt writes to memory: finished programs, components of the composer, and the evidence for both.

A finished program is a strategy whose tags are its problem's features and whose `how` ends in two lines of JSON: the
composition it was made from and the score that was recorded, so that another problem can use the one and a replay can
check the other.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from ale_agent.errors import StoreError
from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.format import parse_json, strategy_from_json
from ale_agent.memory.store import Change, Store
from ale_agent.memory.strategy import (
    COMPONENT_PREFIX,
    GENOTYPE_MARK,
    Evidence,
    Origin,
    Strategy,
    StrategyParameter,
    Value,
    derive_id,
)
from ale_agent.problem.score import utility
from ale_agent.program import Program

_RECORDED = "Recorded: "
NOT_TUNED = frozenset({"evaluation_limit"})  # how long to search is no property of the problem


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """The score a program was confirmed with.

    Parameters
    ----------
    mean_score, low, high
        The problem's own number, its mean over the cases and the 95 % interval of that mean.
    cases, first_seed
        The cases: so many, on consecutive seeds from this one.
    time_limit
        Seconds per case.
    clock
        The clock that limit was counted on.
    """

    mean_score: float
    low: float
    high: float
    cases: int
    first_seed: int
    time_limit: float
    clock: Literal["wall", "cpu"]


class ComponentChange(Protocol):
    """A component that a candidate has otherwise than its parent."""

    @property
    def slot(self) -> str:
        """Which part of a composition."""
        ...

    @property
    def removed(self) -> str | None:
        """The parent's component, None if it had none."""
        ...

    @property
    def added(self) -> str | None:
        """The candidate's component, None if it has none."""
        ...


def learned_strategy(
    program: Program,
    features: ProblemFeatures,
    *,
    name: str,
    created: str,
    attempt: str | None = None,
    strategist: str | None = None,
    values: Mapping[str, Value] | None = None,
    genotype: str | None = None,
    recorded: Recorded | None = None,
    evidence: Sequence[Evidence] = (),
) -> Strategy:
    """Return a finished program as a strategy.

    Programs that say the same, and compositions of the same components on the same problem, get the same id, so that
    their evidence is united.

    Parameters
    ----------
    program
        The program, with its tuned values baked in or beside it in `values`.
    features
        Its problem's, with the problem's id.
    name
        What a person calls it.
    created
        The date, as 2026-11-23.
    attempt, strategist
        Who found it.
    values
        Values that differ from the program's defaults.
    genotype
        Its composition as JSON text, if it was composed.
    recorded
        What it was confirmed with.
    evidence
        Its gains over its baselines.
    """
    if features.problem is None:
        raise StoreError(f"{name}: a learned strategy needs its problem's id")
    lines = [
        "A whole program for this problem; on a problem alike, build its composition anew and start from its values."
    ]
    lines += [GENOTYPE_MARK + json.dumps(parse_json(genotype), sort_keys=True)] if genotype is not None else []
    lines += [_RECORDED + json.dumps(dataclasses.asdict(recorded), sort_keys=True)] if recorded is not None else []
    same = ("composed", features.problem, lines[1]) if genotype is not None else ("program", program.id)
    strategy = Strategy(
        id=derive_id(*same),
        name=name,
        archetypes=features.tags(),
        when=f"The problem is {features.problem}, or like it: {_described(features)}.",
        how="\n".join(lines),
        parameters=_parameters(program, values or {}),
        program=program.source,
        origin=Origin(
            kind="learned", created=created, problem=features.problem, attempt=attempt, strategist=strategist
        ),
    )
    return replace(strategy_from_json(strategy.to_json()), evidence=tuple(evidence))


def composition_of(strategy: Strategy) -> Strategy | None:
    """Return what of a finished program carries over: its composition, values and evidence; None if not composed.

    The program itself stays behind: on its own problem the composition is then built and measured anew, which nobody
    can mistake for a stored answer.
    """
    genotype = genotype_of(strategy)
    if genotype is None:
        return None
    lines = [
        "Build this composition from the problem's own tools and start from these values.",
        GENOTYPE_MARK + genotype,
    ]
    return replace(
        strategy,
        id=derive_id("composition", strategy.origin.problem or "", genotype),
        how="\n".join(lines),
        program=None,
    )


def keep_learned(store: Store, strategy: Strategy, features: ProblemFeatures) -> Change:
    """Write a learned strategy and its problem's features.

    Where the same was learned before, the evidence is united, and the better of two programs that were recorded on the
    same cases stays; recorded on others, the newer.

    Parameters
    ----------
    store
        Where to.
    strategy
        From `learned_strategy`.
    features
        Its problem's.
    """
    with store.transaction():
        store.note_problem(features)
        old = store.find(strategy.id)
        return store.add(strategy, replace_text=old is not None and not _better(old, strategy, features))


def component_strategy(space: str, slot: str, name: str, description: str, *, created: str = "2026-11-23") -> Strategy:
    """Return the strategy that evidence for a component of the composer is kept under; its id is made of the names.

    Parameters
    ----------
    space
        The answer space.
    slot
        Which part of a composition: ``construction``, ``neighbourhood``, ``acceptance``, ``restart``, ...
    name
        The component's name in its slot.
    description
        What it does.
    created
        The date.
    """
    value = Strategy(
        id=derive_id("component", space, slot, name),
        name=f"{COMPONENT_PREFIX}{space}/{slot}/{name}",
        archetypes=(space,),
        when=f"The answer is of kind {space} and the program is composed: it may serve as the {slot}.",
        how=description,
        origin=Origin(kind="curated", created=created),
    )
    return strategy_from_json(value.to_json())


def add_component_evidence(
    store: Store,
    space: str,
    changes: Sequence[ComponentChange],
    evidence: Evidence,
    descriptions: Mapping[tuple[str, str], str],
) -> int:
    """Write what a variation's gain says of the components it changed; return how many pieces were new.

    What was added gets the gain, what was removed the opposite. Of several changes at once nobody knows which one it
    was: each gets its share of the gain, with the whole interval's width.

    Parameters
    ----------
    store
        Where to.
    space
        The answer space.
    changes
        What the candidate has otherwise than its baseline.
    evidence
        The candidate's gain over that baseline.
    descriptions
        What each component does, by slot and name; used for those that are new to the memory.
    """
    touched = [(change.slot, name, sign) for change in changes for name, sign in _signed(change)]
    part = 1.0 / max(1, len(changes))
    written = 0
    with store.transaction():
        for slot, name, sign in touched:
            described = descriptions.get((slot, name), f"The composer's {slot} {name}.")
            component = component_strategy(space, slot, name, described)
            if store.find(component.id) is None:
                store.add(component)
            written += store.add_evidence(component.id, _shared(evidence, sign * part))
    return written


def genotype_of(strategy: Strategy) -> str | None:
    """Return the composition's JSON text, or None for a strategy that was not composed."""
    value = _noted(strategy, GENOTYPE_MARK)
    return None if value is None else json.dumps(value, sort_keys=True)


def recorded_of(strategy: Strategy) -> Recorded | None:
    """Return the recorded score, or None where there is none that makes sense."""
    value = _noted(strategy, _RECORDED)
    names = {field.name for field in dataclasses.fields(Recorded)}
    if not isinstance(value, dict) or set(value) != names or value["clock"] not in ("wall", "cpu"):
        return None
    numbers = [value[name] for name in names - {"clock"}]
    if any(isinstance(item, bool) or not isinstance(item, int | float) or not abs(item) < 1e300 for item in numbers):
        return None
    if type(value["cases"]) is not int or type(value["first_seed"]) is not int or value["cases"] < 1:
        return None
    return Recorded(**value)


def values_of(strategy: Strategy) -> dict[str, Value]:
    """Return the values of a strategy's parameters that a tuner may start from."""
    return {item.name: item.default for item in strategy.parameters if item.name not in NOT_TUNED}


def _noted(strategy: Strategy, prefix: str) -> Any:
    for line in strategy.how.split("\n"):
        if line.startswith(prefix):
            try:
                return parse_json(line.removeprefix(prefix))
            except StoreError:  # a hand-written line that only looks like ours
                return None
    return None


def _parameters(program: Program, values: Mapping[str, Value]) -> tuple[StrategyParameter, ...]:
    return tuple(
        StrategyParameter(
            name=item.name,
            default=values.get(item.name, item.default),
            low=item.low,
            high=item.high,
            log=item.log,
            choices=item.choices,
        )
        for item in program.parameters
    )


def _better(old: Strategy, new: Strategy, features: ProblemFeatures) -> bool:
    """Return whether the old one is the better of two that were recorded on the same cases."""
    one, other = recorded_of(old), recorded_of(new)
    if one is None or other is None or features.objective is None:
        return False
    same = replace(one, mean_score=0.0, low=0.0, high=0.0) == replace(other, mean_score=0.0, low=0.0, high=0.0)
    return same and utility(features.objective, one.mean_score) > utility(features.objective, other.mean_score)


def _signed(change: ComponentChange) -> Iterable[tuple[str, int]]:
    if change.added is not None:
        yield change.added, 1
    if change.removed is not None:
        yield change.removed, -1


def _shared(evidence: Evidence, factor: float) -> Evidence:
    if evidence.gain is None or evidence.low is None or evidence.high is None:
        return evidence
    ends = sorted((evidence.low - evidence.gain, evidence.high - evidence.gain))
    below, above = ends if factor > 0 else (-ends[1], -ends[0])
    gain = evidence.gain * factor
    return replace(evidence, gain=gain, low=max(-100.0, gain + below), high=min(100.0, gain + above))


def _described(features: ProblemFeatures) -> str:
    parts = [f"an answer of kind {features.answer_space}"] if features.answer_space else []
    parts += [item.replace("_", " ") for item in (*features.archetypes, *features.traits)]
    return ", ".join(parts) if parts else "nothing else is known of it"
