"""Wider or deeper: AB-MCTS over the archive, with the requests to a model as arms.

Nodes are the candidates that models wrote, and the incumbent, whoever made it; below a candidate are those made from it.
From the root down, Thompson sampling decides at each node whether to make a new child (at the root a draft, elsewhere a
refinement or the like) or to go on to a child that is there (Inoue et al. 2025, "Wider or Deeper? Scaling LLM
Inference-Time Compute with Adaptive Branching Tree Search", AB-MCTS-A as treequest implements it). Which request makes
the child is a second Thompson sample, over how often each kind of request beat its parent.

The tree is built anew from the archive for each question. So there is no state to lose, and scores are always ranks among
all that is known by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ale_agent.search.archive import Archive, Candidate
from ale_agent.search.policy import Request, Situation, Step
from ale_agent.search.standing import MODEL_KINDS, positions, scores, stagnates, to_repair

_ROOT_KINDS: tuple[Step, ...] = ("draft", "encode")
_NODE_KINDS: tuple[Step, ...] = ("refine", "recombine", "simplify", "encode")
_PRIOR: dict[str, tuple[float, float]] = {
    "draft": (1.0, 1.0), "encode": (1.0, 3.0), "refine": (1.5, 1.5), "recombine": (1.0, 2.0), "simplify": (0.5, 3.0),
}  # fmt: skip
"""(successes, failures) that a kind of request begins with: what a person would expect of it."""

_LONG_PROGRAM = 150
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
        archive = situation.archive
        placed = positions(archive)
        broken = to_repair(archive, situation.under_way) if "repair" in self.kinds else None
        if broken is not None:
            return Request("repair", (broken,))
        if not placed:
            return Request("draft")
        if stagnates(archive, situation.since_forced):
            return Request("draft", forced=True)
        node = _descend(archive, placed, rng)
        if node is None:
            return Request(self._kind(_ROOT_KINDS, archive, placed, rng))
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


def _record(kind: Step, archive: Archive, placed: Mapping[str, float]) -> tuple[float, float]:
    """Return how often a request of this kind beat its parents; a draft's success is its score instead."""
    ranks = scores(placed)
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
            success = ranks[candidate.id]
        won, lost = won + success, lost + 1.0 - success
    return won, lost


def _descend(archive: Archive, placed: Mapping[str, float], rng: np.random.Generator) -> Candidate | None:
    """Return the candidate whose child is to be made, None for a new one at the root."""
    algorithm, state = _tree(archive, placed)
    with _numpy_seeded(int(rng.integers(2**32))):
        state, trial = algorithm.ask(state, [_GENERATE])
    id_ = trial.parent_state
    return None if id_ is None or id_ not in placed else archive.candidates[id_]


def _tree(archive: Archive, placed: Mapping[str, float]) -> tuple[Any, Any]:
    """Return the algorithm and its tree over the archive."""
    import treequest  # takes seconds to import

    algorithm: Any = treequest.ABMCTSA()
    state = algorithm.init_tree()
    # The tree's own way in is ask and tell: a trial of each node is made up and told its outcome at once.
    nodes: dict[str, Any] = {}
    ranks = scores(placed)
    for candidate in archive.in_order():
        if candidate.status == "new" or not (
            candidate.proposal.kind in MODEL_KINDS or candidate.id == archive.incumbent_id
        ):
            continue
        parent = next((nodes[id_] for id_ in candidate.proposal.parents if id_ in nodes), state.tree.root)
        state.thompson_states.get_or_create(parent, [_GENERATE])
        state.all_rewards_store.setdefault(_GENERATE, [])
        trial = state.trial_store.create_trial(parent, _GENERATE)
        algorithm.tell(state, trial.trial_id, (candidate.id, ranks.get(candidate.id, 0.0)))
        nodes[candidate.id] = parent.children[-1]
    return algorithm, state


def _partner(
    archive: Archive, placed: Mapping[str, float], node: Candidate, rng: np.random.Generator
) -> Candidate | None:
    """Return another good candidate of another lineage, None if there is none."""
    mine = set(lineage(archive, node))
    others = [
        candidate
        for candidate in archive.in_order()
        if candidate.id in placed and not mine & set(lineage(archive, candidate))
    ]
    if not others:
        return None
    best = sorted(others, key=lambda candidate: placed[candidate.id], reverse=True)[:3]
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
