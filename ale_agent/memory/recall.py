"""Recall: which strategies to try on a problem, and why; which components to compose; which values to start from.

Features rank first, then the text, then the gain to expect; some room is kept for what was never tried. Nothing here
writes, and all randomness is the generator that is handed in: without one the ranking is the same every time.
"""

from __future__ import annotations

import functools
import heapq
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ale_agent.memory.effects import Part, part_posteriors
from ale_agent.memory.evidence import PRIOR_SD, Posterior, posterior
from ale_agent.memory.features import ANSWER_SPACES, ProblemFeatures, best_fit, fit, similarity, tag_weights
from ale_agent.memory.meaning import Meaning
from ale_agent.memory.shipped import without_shipped
from ale_agent.memory.store import Store
from ale_agent.memory.strategy import Evidence, Outline, Role, Strategy
from ale_agent.seeds import generator

BUILT: tuple[Role, ...] = ("program", "composition")  # what a strategist can build on as it stands
SHARED_SLOTS = ("acceptance", "restarts", "weighting")  # of a composition: their components serve every answer space
_POOL = 120  # strategies that are looked at closely
_FROM_SHAPE = (16, 8)  # the best of a shape, and some that were never tried
_TEXT_WEIGHT = 0.25
_GAIN_WEIGHT = 0.4
_CITED_WEIGHT = 0.1
_UNTRIED_FIT = 0.3  # below that the untried get no reserved place
_WORD = re.compile(r"[^\W\d_]{3,40}")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """the and for are that this with from each one two all can not must its has have been than then them they you
        your will given output input line print case score problem number integer integers following when where which
        into such only other more most may any let also same first second there these those between over under""",
    )
)

Similarity = Callable[[str], float]
Weights = Callable[[str, str], float]


@dataclass(frozen=True)
class Recalled:
    """A strategy that was recalled, with the parts of its rank.

    Parameters
    ----------
    strategy
        The strategy.
    score
        What it was ranked by.
    fit, text
        How well its tags and its words fit, 0 to 1.
    expected
        The gain to expect on this problem.
    cited
        How far citations from problems alike speak for it, 0 to 1.
    why
        All that in a line.
    """

    strategy: Strategy
    score: float
    fit: float
    text: float
    expected: Posterior
    cited: float
    why: str


def recall(
    source: Store | Sequence[Strategy],
    features: ProblemFeatures,
    text_query: str = "",
    *,
    limit: int = 8,
    rng: np.random.Generator | None = None,
    roles: Sequence[Role] = ("technique", "program", "composition"),
    meaning: Meaning | None = None,
) -> list[Recalled]:
    """Return the strategies to try, most promising first.

    Parameters
    ----------
    source
        The memory, or strategies at hand.
    features
        What the problem is like.
    text_query
        Its words, such as the whole statement; the features' words if empty.
    limit
        How many.
    rng
        Draws each gain from its posterior (Thompson); without it the mean counts.
    roles
        What kinds of strategies are wanted; components are weighed by `component_beliefs` instead.
    meaning
        Counts as much as the words do, for the strategies that tags and words have found.
    """
    if not isinstance(source, Store):
        with Store.open(None, starter=False) as store:
            for strategy in source:
                store.add(strategy)
            return recall(store, features, text_query, limit=limit, rng=rng, roles=roles, meaning=meaning)
    texts = dict(source.by_text(words_of(text_query) or features.words[:40], roles=roles, limit=40))
    alike = _similarity(source, features)
    weights = tag_weights(features)
    shapes = shapes_by_fit(source, weights, alike, roles)
    pool = _pool(source, shapes, 0.0 if rng is None else float(rng.random()))
    outlines = source.outlines(list(dict.fromkeys([*pool, *texts])))
    counted = [without_shipped(item, features.problem) for item in outlines]
    chosen = [item for item in counted if item is not None and item.role in roles]
    nearness = _nearness(chosen, texts, meaning)
    ranked = [_rank(item, features, weights, alike, near, rng) for item, near in zip(chosen, nearness, strict=True)]
    ranked.sort(key=lambda item: (-item.score, item.outline.id))
    best = _with_untried(ranked, limit)
    strategies = source.load([item.outline.number for item in best])
    return [
        _recalled(strategies[number], item, _why(item, weights))
        for item in best
        if (number := item.outline.number) in strategies  # another process may have removed it since
    ]


def _nearness(outlines: Sequence[Outline], texts: Mapping[int, float], meaning: Meaning | None) -> list[float]:
    """Return how near each strategy's text is, 0 to 1: its words, and where it can be told its meaning."""
    best = max(texts.values(), default=1.0)
    words = [max(0.0, texts.get(item.number, 0.0) / best) for item in outlines]
    near = None if meaning is None else meaning([f"{item.name}. {item.when}" for item in outlines])
    if near is None:
        return words
    return [(word + value) / 2 for word, value in zip(words, near, strict=True)]


def words_of(text: str, most: int = 40) -> list[str]:
    """Return a text's words that may tell something, each once, in order of first use."""
    return [word for word in dict.fromkeys(_WORD.findall(text.lower())) if word not in _COMMON][:most]


@dataclass(frozen=True)
class ComponentBeliefs:
    """What memory lets expect of the composer's components on one problem.

    Parameters
    ----------
    posteriors
        By slot and name, in units where `prior_sd` is a typical gain of the problem it was measured on.
    prior_sd
        Of what was never tried.
    """

    posteriors: Mapping[tuple[str, str], Posterior]
    prior_sd: float = PRIOR_SD

    def worth(self, slot: str, name: str) -> float:
        """Return the gain to expect of a component; 0 where it was never tried."""
        known = self.posteriors.get((slot, name))
        return 0.0 if known is None else known.mean

    def draw(self, rng: np.random.Generator) -> Weights:
        """Return a draw of positive weights by slot and name; in one draw a component always has the same weight."""
        root = int(rng.integers(2**62))

        @functools.cache
        def weight(slot: str, name: str) -> float:
            known = self.posteriors.get((slot, name), Posterior(0.0, self.prior_sd, 0, 0))
            gain = known.mean + known.sd * float(generator(root, slot, name).standard_normal())
            return math.exp(min(20.0, max(-20.0, 3.0 * gain / self.prior_sd)))

        return weight


def component_beliefs(store: Store, features: ProblemFeatures, space: str) -> ComponentBeliefs:
    """Return the beliefs about the components of an answer space, from all races, weighed by likeness of problems.

    What was measured of a component in another answer space counts where it is the same component there.
    """
    evidence: dict[Part, list[Evidence]] = {}
    for other in ANSWER_SPACES:
        for component in store.components(other):
            _, _, path = component.name.partition("/")
            slot, _, name = path.partition("/")
            usable = without_shipped(component, features.problem)
            if usable is not None and usable.trials:
                part = ("any" if slot in SHARED_SLOTS else other, slot, name)
                evidence.setdefault(part, []).extend(usable.evidence)
    found = part_posteriors(evidence, _similarity(store, features))
    return ComponentBeliefs({(slot, name): known for (of, slot, name), known in found.items() if of in ("any", space)})


def component_weights(store: Store, features: ProblemFeatures, space: str, rng: np.random.Generator) -> Weights:
    """Return one Thompson draw of weights for the components of an answer space."""
    return component_beliefs(store, features, space).draw(rng)


def _similarity(store: Store, features: ProblemFeatures) -> Similarity:
    known = store.problems()

    @functools.cache
    def alike(problem: str) -> float:
        return similarity(features, known.get(problem) or ProblemFeatures(problem=problem))

    return alike


def shapes_by_fit(
    store: Store, weights: Mapping[str, float], alike: Similarity, roles: Sequence[Role]
) -> Iterator[int]:
    """Yield shapes, the best fit first; of thousands only those are read that may be next.

    How well a shape fits is bounded by the weight of its best tag: once all tags of more weight are looked up, what
    fits better than that is known.
    """
    waiting = [(-alike(shape.problem or ""), -shape.number) for shape in store.shapes(roles, learned=True)]
    heapq.heapify(waiting)
    seen: set[int] = set()
    levels = sorted(set(weights.values()), reverse=True)
    groups: list[list[str] | None] = [[tag for tag in weights if weights[tag] == level] for level in levels]
    bounds = [best_fit(below) for below in (*levels[1:], 0.0)]
    for tags, bound in zip([*groups, None], [*bounds, -math.inf], strict=True):
        for shape in store.shapes(roles, tags=tags):
            if shape.number not in seen:
                seen.add(shape.number)
                heapq.heappush(waiting, (-fit(shape.tags, weights), -shape.number))
        while waiting and -waiting[0][0] > bound:
            yield -heapq.heappop(waiting)[1]


def _pool(store: Store, shapes: Iterable[int], start: float) -> list[int]:
    pool: list[int] = []
    best, untried = _FROM_SHAPE
    for shape in shapes:
        pool += store.in_shape(shape, best=best, untried=untried, start=start)
        if len(pool) >= _POOL:
            break
    return pool


@dataclass(frozen=True)
class _Ranked:
    outline: Outline
    score: float
    fit: float
    text: float
    expected: Posterior
    cited: float


def _rank(
    outline: Outline,
    features: ProblemFeatures,
    weights: Mapping[str, float],
    alike: Similarity,
    text: float,
    rng: np.random.Generator | None,
) -> _Ranked:
    problem = outline.origin.problem
    if problem is not None and (outline.role in BUILT or problem == features.problem):
        likeness = similarity(features, ProblemFeatures.from_tags(outline.archetypes, problem=problem))
        fitting = max(likeness, alike(problem))
    else:
        fitting = fit(outline.archetypes, weights)
    expected = posterior(outline.evidence, alike)
    gain = expected.mean if rng is None else expected.mean + expected.sd * float(rng.standard_normal())
    support = sum(alike(item.problem) for item in outline.evidence if item.kind == "citation")
    cited = 1.0 - math.exp(-support)
    score = (
        fitting
        + _TEXT_WEIGHT * text
        + _GAIN_WEIGHT * math.tanh(gain / (2 * PRIOR_SD)) * max(0.25, fitting)
        + _CITED_WEIGHT * cited
    )
    return _Ranked(outline, score, fitting, text, expected, cited)


def _recalled(strategy: Strategy, item: _Ranked, why: str) -> Recalled:
    counted = replace(strategy, evidence=item.outline.evidence)
    return Recalled(counted, item.score, item.fit, item.text, item.expected, item.cited, why)


def _why(item: _Ranked, weights: Mapping[str, float]) -> str:
    strategy = item.outline
    matched = sorted((tag for tag in strategy.archetypes if weights.get(tag, 0.0) > 0), key=lambda tag: -weights[tag])
    if strategy.role in BUILT and strategy.origin.problem is not None:
        parts = [f"learned on {strategy.origin.problem}, likeness {item.fit:.2f}"]
    else:
        parts = [f"fits {', '.join(matched[:3])} ({item.fit:.2f})" if matched else f"no tag fits ({item.fit:.2f})"]
    if item.text >= 0.3:
        parts.append(f"words {item.text:.2f}")
    parts.append(_measured(item.expected) if item.expected.trials else "never tried")
    citations = sum(piece.kind == "citation" for piece in strategy.evidence)
    if citations:
        parts.append(f"cited {_counted(citations, 'time')}")
    if any(piece.foreign for piece in strategy.evidence):
        parts.append("partly foreign evidence")
    return "; ".join(parts)


def _measured(expected: Posterior) -> str:
    gain, low, high = (100 * value for value in (expected.mean, expected.low, expected.high))
    harm = ": harmful so far" if expected.high < 0 else ""
    measured = f"{_counted(expected.trials, 'trial')} on {_counted(expected.problems, 'problem')}"
    return f"gain {gain:+.1f} % [{low:+.1f}, {high:+.1f}] from {measured}{harm}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _with_untried(found: Sequence[_Ranked], limit: int) -> list[_Ranked]:
    """Return the first `limit`, a quarter of them at least never tried if any of those fits."""
    head, rest = list(found[:limit]), found[limit:]
    missing = limit // 4 - sum(item.expected.trials == 0 for item in head)
    untried = [item for item in rest if item.expected.trials == 0 and item.fit >= _UNTRIED_FIT][: max(0, missing)]
    if not untried:
        return head
    tried = [item for item in head if item.expected.trials]
    dropped = {item.outline.id for item in tried[len(tried) - len(untried) :]}
    return [item for item in head if item.outline.id not in dropped] + untried
