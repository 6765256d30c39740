"""Insights: what a model says it learned, kept with the measurements that speak for it and against it.

A claim without a measurement is only a sentence, so that what ranks it later is its evidence, like any strategy's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ale_agent.errors import StoreError
from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.format import strategy_from_json
from ale_agent.memory.store import Store
from ale_agent.memory.strategy import Evidence, Origin, Strategy, derive_id

INSIGHT_PREFIX = "insight: "
_ALIKE = 0.8  # of the words of two claims that say the same
_NAME_CHARACTERS = 150
_WORD = re.compile(r"[^\W_]+(?:\.[0-9]+)?|[<>]")
_TURNING = frozenset(
    ("no", "not", "never", "without", "cannot", "less", "more", "worse", "better", "lower", "higher", "fewer")
) | {"below", "above", "<", ">"}
_FILLING = frozenset(
    ("a", "an", "the", "is", "are", "was", "were", "be", "of", "to", "in", "on", "for", "and", "it", "its", "that")
) | {"this", "with"}


def keep_insight(
    store: Store,
    features: ProblemFeatures,
    claim: str,
    evidence: Sequence[Evidence],
    *,
    attempt: str,
    created: str,
) -> str:
    """Write a claim with its measurements, united with what claims the same of the same problem; return its id.

    Parameters
    ----------
    store
        Where to.
    features
        The problem's, with its id.
    claim
        What was learned, in a sentence or a few.
    evidence
        What doing as it says brought: a positive gain supports the claim, a negative one refutes it. Written again
        it is the same.
    attempt
        The attempt it comes from.
    created
        The date, as 2026-11-23.

    Raises
    ------
    StoreError
        The claim is empty or no text, the problem has no id, or the store cannot be written.
    """
    text = " ".join(claim.split())
    if features.problem is None or not text:
        raise StoreError(f"insight {claim!r:.60}: it needs its problem's id, and a claim that is not empty")
    value = Strategy(
        id=derive_id("insight", features.problem, " ".join(sorted(_words(text)))),
        name=INSIGHT_PREFIX + (text if len(text) <= _NAME_CHARACTERS else text[: _NAME_CHARACTERS - 3] + "..."),
        archetypes=features.tags(),
        when=f"The problem is {features.problem}, or like it.",
        how=text,
        origin=Origin(kind="learned", created=created, problem=features.problem, attempt=attempt, strategist="model"),
        evidence=tuple(evidence),
    )
    insight = strategy_from_json(value.to_json())
    with store.transaction():
        store.note_problem(features)
        known = _same_claim(store, insight)
        if known is None:
            store.add(insight)
            return insight.id
        for item in insight.evidence:
            store.add_evidence(known, item)
        return known


def _same_claim(store: Store, insight: Strategy) -> str | None:
    """Return the id of an insight on the same problem that says the same in nearly the same words."""
    if store.find(insight.id) is not None:
        return insight.id
    words = _words(insight.how)
    plain = [word for word in words if word.isalpha()]
    for strategy in store.load([number for number, _ in store.by_text(plain, limit=20)]).values():
        if not strategy.name.startswith(INSIGHT_PREFIX) or strategy.origin.problem != insight.origin.problem:
            continue
        others = _words(strategy.how)
        if _telling(words) == _telling(others) and len(words & others) >= _ALIKE * len(words | others):
            return strategy.id
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())) - _FILLING


def _telling(words: frozenset[str]) -> frozenset[str]:
    """Return the words that turn a claim round when they are exchanged: numbers, and those of direction."""
    return frozenset(word for word in words if word in _TURNING or not word.isalpha())
