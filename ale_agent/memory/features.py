"""What a problem is like, as far as memory cares; how alike two problems are; and which tags of a strategy fit one.

The tables below are the field's common sense, not measurements: which archetype a trait of a statement suggests. They
only rank what has no evidence yet, so a half-right entry costs little.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from ale_agent.problem.score import Objective

TRAITS = (
    "interactive",
    "hidden_information",
    "turn_based",
    "geometry",
    "graph",
    "grid",
    "strings",
    "scheduling",
    "packing",
    "routing",
)
ANSWER_SPACES = ("permutation", "integers", "subset", "sequence")

# How much an answer space or a trait suggests an archetype, 0 to 1.
_SUGGESTS: Mapping[str, Mapping[str, float]] = {
    "permutation": {"routing_tsp": 0.5, "scheduling": 0.5, "puzzle_sorting": 0.3},
    "integers": {"assignment_grouping": 0.5, "layout_placement": 0.4, "number_partition": 0.4, "grid_partition": 0.3},
    "subset": {"set_cover": 0.7, "spanning_tree": 0.4, "graph_design": 0.3, "number_partition": 0.3},
    "sequence": {"operation_sequence": 0.8, "puzzle_sorting": 0.4, "grid_path": 0.4, "string_construction": 0.4},
    "interactive": {"interactive_hidden_info": 0.7, "interactive_stochastic": 0.7},
    "hidden_information": {"interactive_hidden_info": 0.9, "estimation_inference": 0.9},
    "turn_based": {"turn_based_full_info": 0.8, "operation_sequence": 0.5, "incremental_economy": 0.3},
    "geometry": {"layout_placement": 0.5, "routing_tsp": 0.4, "packing_rectangles": 0.3},
    "graph": {"graph_design": 0.6, "spanning_tree": 0.5},
    "grid": {"grid_path": 0.6, "grid_partition": 0.4, "multi_robot": 0.2},
    "strings": {"string_construction": 0.9},
    "scheduling": {"scheduling": 1.0, "permutation": 0.4},
    "packing": {"packing_rectangles": 0.8, "layout_placement": 0.6, "number_partition": 0.3},
    "routing": {"routing_tsp": 1.0, "pickup_delivery": 0.5, "permutation": 0.4, "grid_path": 0.2},
}
# An archetype that makes no sense unless the problem has the trait.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "interactive_hidden_info": ("interactive", "hidden_information"),
    "interactive_stochastic": ("interactive", "hidden_information", "turn_based"),
}
# The trait that an archetype implies: for problems known by their archetypes only.
_IMPLIES: Mapping[str, tuple[str, ...]] = {
    "interactive_hidden_info": ("interactive", "hidden_information"),
    "interactive_stochastic": ("interactive",),
    "estimation_inference": ("hidden_information",),
    "turn_based_full_info": ("turn_based",),
    "game_multiagent": ("turn_based",),
    "grid_path": ("grid",),
    "grid_partition": ("grid",),
    "graph_design": ("graph",),
    "spanning_tree": ("graph",),
    "string_construction": ("strings",),
    "scheduling": ("scheduling",),
    "packing_rectangles": ("packing", "geometry"),
    "layout_placement": ("geometry",),
    "routing_tsp": ("routing",),
    "pickup_delivery": ("routing",),
}
ANY_WEIGHT = 0.35  # of a strategy that is said to fit everything
_UNKNOWN_SIMILARITY = 0.25  # of a problem nothing is known about


@dataclass(frozen=True, kw_only=True)
class ProblemFeatures:
    """The features of one problem.

    Parameters
    ----------
    problem
        Its id, where it has one: evidence from the same problem counts in full.
    answer_space
        What an answer is, one of `ANSWER_SPACES`, or None where that is not known.
    traits
        Which of `TRAITS` hold, sorted.
    archetypes
        The kinds of problem it was recognised as.
    size
        log10 of its largest size, or None.
    time_limit
        Seconds per case, or None.
    objective
        Its direction, or None.
    words
        The statement's most telling words.
    """

    problem: str | None = None
    answer_space: str | None = None
    traits: tuple[str, ...] = ()
    archetypes: tuple[str, ...] = ()
    size: float | None = None
    time_limit: float | None = None
    objective: Objective | None = None
    words: tuple[str, ...] = ()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any], *, problem: str | None = None) -> ProblemFeatures:
        """Return the features in a mapping with a statement's features; keys that mean nothing here are passed over.

        Parameters
        ----------
        data
            `answer_space`, `sizes`, the `TRAITS` as booleans (or a list `traits`), `archetypes`, `time_limit`,
            `objective` and `words`, each optional.
        problem
            The problem's id; by default the mapping's own `problem`.
        """
        archetypes = _words(data.get("archetypes"))
        traits = {name for name in TRAITS if data.get(name) is True} | (set(_words(data.get("traits"))) & set(TRAITS))
        if not any(name in data for name in TRAITS) and "traits" not in data:
            traits |= {trait for archetype in archetypes for trait in _IMPLIES.get(archetype, ())}
        space = data.get("answer_space")
        objective = data.get("objective")
        named = problem or data.get("problem")
        return cls(
            problem=named if isinstance(named, str) else None,
            answer_space=space if space in ANSWER_SPACES else None,
            traits=tuple(sorted(traits)),
            archetypes=archetypes,
            size=_largest(data.get("size", data.get("sizes"))),
            time_limit=_number(data.get("time_limit")),
            objective=objective if objective in get_args(Objective) else None,
            words=_words(data.get("words")),
        )

    def to_mapping(self) -> dict[str, Any]:
        """Return plain JSON values that `from_mapping` reads back to the same features."""
        return dataclasses.asdict(self)

    def tags(self) -> tuple[str, ...]:
        """Return the features as tags, for the `archetypes` of a learned strategy in a memory file."""
        found = [*self.archetypes]
        found += [self.answer_space] if self.answer_space else []
        found += [f"trait:{name}" for name in self.traits]
        found += [f"size:{self.size:.2f}"] if self.size is not None and self.size >= 0 else []
        found += [f"time_limit:{self.time_limit:g}"] if self.time_limit is not None else []
        found += [f"objective:{self.objective}"] if self.objective else []
        return tuple(dict.fromkeys(found))

    @classmethod
    def from_tags(cls, tags: Sequence[str], *, problem: str | None = None) -> ProblemFeatures:
        """Return the features that `tags` told, words aside."""
        named = dict(tag.split(":", 1) for tag in tags if ":" in tag and not tag.startswith("trait:"))
        space = next((tag for tag in reversed(tags) if tag in ANSWER_SPACES), None)
        return cls.from_mapping(
            {
                "traits": [tag.removeprefix("trait:") for tag in tags if tag.startswith("trait:")],
                "archetypes": [tag for tag in tags if ":" not in tag and tag != "any" and tag != space],
                "answer_space": space,
                "size": _parsed(named.get("size")),
                "time_limit": _parsed(named.get("time_limit")),
                "objective": named.get("objective"),
            },
            problem=problem,
        )


def similarity(one: ProblemFeatures, other: ProblemFeatures) -> float:
    """Return how far evidence carries over from one problem to the other, 0 to 1; symmetric; 1 for the same problem.

    What is unknown on either side is left out of the weighing, and what then rests on little is pulled towards the
    similarity of two unknown problems. An answer of another kind leaves a third.
    """
    if one.problem is not None and one.problem == other.problem:
        return 1.0
    parts: list[tuple[float, float]] = []
    if one.answer_space and other.answer_space:
        parts.append((0.35, float(one.answer_space == other.answer_space)))
    if one.archetypes and other.archetypes:
        parts.append((0.25, _overlap(one.archetypes, other.archetypes)))
    if one.traits or other.traits:
        parts.append((0.2, _overlap(one.traits, other.traits)))
    if one.size is not None and other.size is not None:
        parts.append((0.1, math.exp(-abs(one.size - other.size))))
    if one.time_limit and other.time_limit:
        parts.append((0.05, math.exp(-abs(math.log(one.time_limit / other.time_limit)) / 2)))
    if one.words and other.words:
        parts.append((0.05, _overlap(one.words, other.words)))
    weight = sum(part for part, _ in parts)
    total = sum(part * value for part, value in parts)
    known = (total + 0.2 * _UNKNOWN_SIMILARITY) / (weight + 0.2)
    if one.answer_space and other.answer_space and one.answer_space != other.answer_space:
        known /= 3
    return min(0.95, known)  # never quite the same problem


def tag_weights(features: ProblemFeatures) -> dict[str, float]:
    """Return for each tag that speaks for a strategy on this problem how much it does, 0 to 1."""
    weights: dict[str, float] = {"any": ANY_WEIGHT}
    for name in (features.answer_space, *features.traits):
        if name is None:
            continue
        weights[name] = max(weights.get(name, 0.0), 0.8 if name in ANSWER_SPACES else 0.5)
        for archetype, weight in _SUGGESTS[name].items():
            weights[archetype] = max(weights.get(archetype, 0.0), weight)
    for archetype in features.archetypes:
        weights[archetype] = 1.0
    for archetype, needs in _NEEDS.items():
        if archetype in weights and archetype not in features.archetypes and not set(needs) & set(features.traits):
            del weights[archetype]
    return weights


def fit(tags: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return how well a strategy with these tags fits, 0 to 1: its best tag counts most, then how many fit at all."""
    best = total = 0.0
    own = 0
    for tag in tags:  # of thousands of strategies: comprehensions take three times as long
        if tag != "any" and ":" not in tag:
            weight = weights.get(tag, 0.0)
            if weight > best:
                best = weight
            total += weight
            own += 1
    if "any" in tags:
        return max(weights.get("any", 0.0), 0.85 * best + 0.1)
    return 0.75 * best + 0.25 * total / own if own else 0.0


def best_fit(weight: float) -> float:
    """Return the most that `fit` gives where no tag weighs more than this, "any" among them."""
    return max(fit(tags, {"best": weight, "any": min(weight, ANY_WEIGHT)}) for tags in (("best",), ("best", "any")))


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    first, second = set(one), set(other)
    return len(first & second) / len(first | second)


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(dict.fromkeys(item for item in value if isinstance(item, str)))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
        return None
    return float(value)


def _largest(value: object) -> float | None:
    """Return the greatest number of a size, a list of sizes, or a mapping to sizes."""
    if isinstance(value, Mapping):
        return _largest(list(value.values()))
    if isinstance(value, list | tuple):
        found = [size for size in map(_largest, value) if size is not None]
        return max(found, default=None)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _parsed(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
