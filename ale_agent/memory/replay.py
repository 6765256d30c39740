"""Replay: what a saved strategy can do on a problem, and whether what was recorded comes out again.

Plans only: running programs is for the caller, who has the sandbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ale_agent.memory.features import ANSWER_SPACES, ProblemFeatures, similarity
from ale_agent.memory.learned import Recorded, genotype_of, recorded_of, values_of
from ale_agent.memory.strategy import COMPONENT_PREFIX, Strategy, Value

Action = Literal["reproduce", "compose", "values", "component", "read", "skip"]
_ORDER: tuple[Action, ...] = ("reproduce", "compose", "values", "component", "read", "skip")


@dataclass(frozen=True)
class ReplayStep:
    """What to do with one strategy on one problem.

    Parameters
    ----------
    strategy
        The strategy.
    action
        ``reproduce`` its program on the problem it came from; ``compose`` its composition anew from the problem's own
        tools, its values tried first; take its ``values`` as a tuner's first guesses; try it as a ``component``;
        let somebody ``read`` it; ``skip`` it.
    likeness
        How alike the two problems are, 0 to 1.
    why
        In a line.
    genotype
        The composition's JSON text, for ``compose``.
    values
        Parameter values to start from.
    recorded
        What ``reproduce`` is to come out as, if that was recorded.
    """

    strategy: Strategy
    action: Action
    likeness: float
    why: str
    genotype: str | None = None
    values: tuple[tuple[str, Value], ...] = ()
    recorded: Recorded | None = None


@dataclass(frozen=True)
class ReplayVerdict:
    """Whether a recorded score came out again.

    Parameters
    ----------
    reproduced
        Whether the measured mean lies in the recorded interval.
    off_by
        How far outside of it, in the score's unit; negative below; 0 inside.
    line
        The verdict for a person.
    """

    reproduced: bool
    off_by: float
    line: str


def plan_replay(strategies: Iterable[Strategy], features: ProblemFeatures) -> list[ReplayStep]:
    """Return what to do with each strategy on a problem, the most telling first.

    Parameters
    ----------
    strategies
        From a memory or a memory file.
    features
        The problem's; with the id a program was learned with, that program is reproduced.
    """
    steps = [_step(strategy, features) for strategy in strategies]
    return sorted(steps, key=lambda step: (_ORDER.index(step.action), -step.likeness, step.strategy.id))


def check_replay(recorded: Recorded, mean_score: float) -> ReplayVerdict:
    """Return whether a mean score, measured as it was recorded, lies in the recorded interval."""
    off_by = min(0.0, mean_score - recorded.low) + max(0.0, mean_score - recorded.high)
    span = f"recorded {recorded.mean_score:g} [{recorded.low:g}, {recorded.high:g}] on {recorded.cases} cases"
    if off_by == 0:
        return ReplayVerdict(True, 0.0, f"reproduced: {mean_score:g}, {span}")
    where = "above" if off_by > 0 else "below"
    return ReplayVerdict(False, off_by, f"not reproduced: {mean_score:g}, {abs(off_by):g} {where} what was {span}")


def _step(strategy: Strategy, features: ProblemFeatures) -> ReplayStep:
    if strategy.role == "component":
        return _component(strategy, features)
    source = ProblemFeatures.from_tags(strategy.archetypes, problem=strategy.origin.problem)
    likeness = similarity(features, source)
    values = tuple(values_of(strategy).items())
    if strategy.role == "technique":
        action: Action = "values" if values else "read"
        return ReplayStep(strategy, action, likeness, "a technique: no program to run", values=values)
    home = source.problem or "an unnamed problem"
    if strategy.program is not None and features.problem is not None and features.problem == source.problem:
        recorded = recorded_of(strategy)
        why = "its own problem" if recorded else "its own problem, but no score was recorded"
        return ReplayStep(strategy, "reproduce", 1.0, why, genotype_of(strategy), values, recorded)
    genotype = genotype_of(strategy)
    if genotype is not None and features.answer_space is not None and features.answer_space == source.answer_space:
        why = f"learned on {home}; the answer is of the same kind ({features.answer_space})"
        return ReplayStep(strategy, "compose", likeness, why, genotype, values)
    if values:
        why = f"learned on {home}; its program reads other cases, but its values may be tried where names agree"
        return ReplayStep(strategy, "values", likeness, why, values=values)
    return ReplayStep(strategy, "skip", likeness, f"learned on {home}; its program reads other cases")


def _component(strategy: Strategy, features: ProblemFeatures) -> ReplayStep:
    space = strategy.name.removeprefix(COMPONENT_PREFIX).partition("/")[0]
    if space in ANSWER_SPACES and space == features.answer_space:
        return ReplayStep(strategy, "component", 1.0, f"a component for {space} answers")
    return ReplayStep(strategy, "skip", 0.0, f"a component for {space} answers, not for this problem's")
