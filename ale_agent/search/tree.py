"""Wider or deeper: AB-MCTS over the archive, with the requests to a model as arms.

Thompson sampling decides at the root whether to make a new child, a draft, or to go on in the lineage of a draft that is
there (Inoue et al. 2025, "Wider or Deeper? Scaling LLM Inference-Time Compute with Adaptive Branching Tree Search",
AB-MCTS-A as treequest implements it). Going on means to build on the best of that lineage, unless not even the largest
step seen would make it better than the incumbent: then on the incumbent. Which request makes the child is a second Thompson
sample, over how often each kind of request beat its parent.

Two things differ from the paper, because they lost in `python -m benchmarks.policies`. All descendants of a draft are its
children: in a tree as deep as the lineage each level stops the descent with some chance, so that good lineages stay short.
And scores are no qualities but promises (`standing.promises`): the mean quality of a kind says little about its best.

The tree is built anew from the archive for each question. So there is no state to lose, and scores always rest on all that
is known by then.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ale_agent.search.archive import Archive, Candidate
from ale_agent.search.policy import Request, Situation, Step
from ale_agent.search.standing import (
    MODEL_KINDS,
    Lineages,
    positions,
    promises,
    ranks,
    reach,
    stagnates,
    to_repair,
    trace,
)

_ROOT_KINDS: tuple[Step, ...] = ("draft", "encode")
_NODE_KINDS: tuple[Step, ...] = ("refine", "recombine", "simplify", "encode")
_PRIOR: dict[str, tuple[float, float]] = {
    "draft": (1.0, 1.0), "encode": (1.0, 3.0), "refine": (1.5, 1.5), "recombine": (1.0, 2.0), "simplify": (0.5, 3.0),
}  # fmt: skip
"""(successes, failures) that a kind of request begins with: what a person would expect of it."""

_LONG_PROGRAM = 150
_PARTNERS = 3
_ENOUGH = 2
_GENERATE = "generate"


@dataclass(frozen=True)
class TreeSearch:
    """The policy that decides between new ideas and better versions of those there are.

    Parameters
    ----------
    kinds
        The requests that may be made; ``encode`` only where an answer is an array that a composer could search.
    """

    kinds: frozenset[Step] = frozenset({"draft", "refine", "recombine", "repair", "simplify"})

    def ask(self, situation: Situation, rng: np.random.Generator) -> Request:
        """Return the next request: a repair that is due, a draft on stagnation, or what the tree says."""
        archive = of_models(situation.archive)
        placed = positions(situation.archive)
        placed = {id_: value for id_, value in placed.items() if id_ in archive.candidates}
        broken = to_repair(archive, situation.under_way) if "repair" in self.kinds else None
        if broken is not None:
            return Request("repair", (broken,))
        if not placed:
            return Request("draft")
        if stagnates(archive, situation.since_forced):
            return Request("draft", forced=True)
        node = _descend(archive, placed, rng)
        if node is None:
            roots = [kind for kind in _ROOT_KINDS if not (kind == "encode" and _out_of_reach(kind, archive, placed))]
            return Request(self._kind(roots, archive, placed, rng))
        partner = _partner(archive, placed, node, rng)
        kinds = [
            kind
            for kind in _NODE_KINDS
            if not (kind == "recombine" and partner is None)
            and not (kind == "simplify" and node.program.source.count("\n") < _LONG_PROGRAM)
            and not (kind == "encode" and node.proposal.tools is None)
            and not (kind in ("recombine", "simplify") and node.proposal.genotype is not None)
        ]
        kind = self._kind(kinds, archive, placed, rng)
        return Request(kind, (node, partner) if kind == "recombine" and partner is not None else (node,))

    def _kind(
        self, kinds: Sequence[Step], archive: Archive, placed: Mapping[str, float], rng: np.random.Generator
    ) -> Step:
        drawn = {}
        for kind in kinds:
            if kind in self.kinds:
                won, lost = _record(kind, archive, placed)
                drawn[kind] = rng.beta(_PRIOR[kind][0] + won, _PRIOR[kind][1] + lost)
        return max(drawn, key=lambda kind: drawn[kind])


def of_models(archive: Archive) -> Archive:
    """Return the part of an archive that models wrote, with the incumbent, whoever made it."""
    kept = {
        id_: candidate
        for id_, candidate in archive.candidates.items()
        if candidate.proposal.kind in MODEL_KINDS or id_ == archive.incumbent_id
    }
    return Archive(kept, archive.incumbent_id, archive.studied)


def _record(kind: Step, archive: Archive, placed: Mapping[str, float]) -> tuple[float, float]:
    """Return how often a request of this kind beat its parents; a draft's success is its score instead."""
    rank = ranks(placed)
    won = lost = 0.0
    for candidate in archive.candidates.values():
        if candidate.proposal.kind != kind or candidate.status == "new":
            continue
        known = [placed[parent] for parent in candidate.proposal.parents if parent in placed]
        here = placed.get(candidate.id)
        if here is None:
            success = 0.0
        elif known:
            success = float(here > max(known))
        else:
            success = rank[candidate.id]
        won, lost = won + success, lost + 1.0 - success
    return won, lost


def _out_of_reach(kind: Step, archive: Archive, placed: Mapping[str, float]) -> bool:
    """Return whether some candidates of a kind were measured, and none came near enough the best to matter."""
    measured = [c for c in archive.candidates.values() if c.proposal.kind == kind and c.status != "new"]
    if len(measured) < _ENOUGH:
        return False
    nearest = max(placed.get(candidate.id, -math.inf) for candidate in measured)
    return nearest + reach(placed, trace(archive, placed)) < max(placed.values())


def _descend(archive: Archive, placed: Mapping[str, float], rng: np.random.Generator) -> Candidate | None:
    """Return the candidate to build on, None for a new draft."""
    lineages = trace(archive, placed)
    algorithm, state = _tree(archive, placed, lineages)
    with _numpy_seeded(int(rng.integers(2**32))):
        state, trial = algorithm.ask(state, [_GENERATE])
    if trial.parent_state is None:
        return None
    best = max(placed, key=lambda id_: placed[id_])
    chosen = lineages.best.get(lineages.draft_of[trial.parent_state], best)
    if placed[chosen] + reach(placed, lineages) < placed[best]:
        chosen = best
    return archive.candidates[chosen]


def _tree(archive: Archive, placed: Mapping[str, float], lineages: Lineages) -> tuple[Any, Any]:
    """Return the algorithm and its tree over the archive: drafts below the root, their descendants below them."""
    import treequest  # takes seconds to import

    algorithm: Any = treequest.ABMCTSA()
    state = algorithm.init_tree()
    # The tree's own way in is ask and tell: a trial of each node is made up and told its outcome at once.
    nodes: dict[str, Any] = {}
    hoped = promises(placed, lineages)
    for candidate in archive.in_order():
        draft = lineages.draft_of[candidate.id]
        if candidate.status == "new" or (draft != candidate.id and draft not in nodes):
            continue
        parent = state.tree.root if draft == candidate.id else nodes[draft]
        state.thompson_states.get_or_create(parent, [_GENERATE])
        state.all_rewards_store.setdefault(_GENERATE, [])
        trial = state.trial_store.create_trial(parent, _GENERATE)
        algorithm.tell(state, trial.trial_id, (candidate.id, hoped.get(candidate.id, 0.0)))
        nodes[candidate.id] = parent.children[-1]
    return algorithm, state


def _partner(
    archive: Archive, placed: Mapping[str, float], node: Candidate, rng: np.random.Generator
) -> Candidate | None:
    """Return a candidate of another lineage that is about as good, so that joining both may pay; None without one."""
    mine = set(lineage(archive, node))
    least = placed[node.id] - reach(placed, trace(archive, placed))
    others = [
        candidate
        for candidate in archive.in_order()
        if placed.get(candidate.id, -math.inf) >= least and not mine & set(lineage(archive, candidate))
    ]
    if not others:
        return None
    best = sorted(others, key=lambda candidate: placed[candidate.id], reverse=True)[:_PARTNERS]
    return best[int(rng.integers(len(best)))]


def lineage(archive: Archive, candidate: Candidate) -> Iterator[str]:
    """Yield the ids of a candidate and of all that it was made from."""
    left, seen = [candidate.id], set[str]()
    while left:
        id_ = left.pop()
        if id_ in seen:
            continue
        seen.add(id_)
        yield id_
        known = archive.candidates.get(id_)
        left += known.proposal.parents if known is not None else ()


@contextmanager
def _numpy_seeded(seed: int) -> Iterator[None]:
    """Seed NumPy's global generator, which treequest draws from, and put its state back afterwards."""
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)
