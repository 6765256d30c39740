"""Where the candidates of an archive stand: gains added up along the incumbents, lineages, and scores in [0, 1]."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ale_agent.search.archive import Archive, Candidate
from ale_agent.tune import tunable

MODEL_KINDS = frozenset({"draft", "refine", "recombine", "repair", "simplify", "encode"})
"""Moves that only a model makes."""

_WORTH_REPAIRING = {"log_ratio": -0.05, "difference": 0.0}
_MOST_REPAIRS = 2
_NEAR = 0.01  # what a study of constants may bring
_STAGNANT = 6
_STEPS_THAT_TELL = 4
_DEVIATIONS = 1.4826  # a Gaussian's standard deviation in median absolute deviations


def positions(archive: Archive) -> dict[str, float]:
    """Return by how much each measured candidate is better than the first incumbent; those that failed have none.

    A gain is measured against the incumbent of its time, so that it is added to that one's position.
    """
    found: dict[str, float] = {}
    for candidate in archive.in_order():
        if candidate.status == "first":
            found[candidate.id] = 0.0
    for candidate in sorted(archive.candidates.values(), key=lambda c: c.number):
        _place(archive, candidate, found, set())
    return found


def _place(archive: Archive, candidate: Candidate, found: dict[str, float], seen: set[str]) -> float | None:
    if candidate.id in found:
        return found[candidate.id]
    if candidate.gain is None or candidate.against is None or candidate.id in seen or candidate.all_failed:
        return None
    seen.add(candidate.id)
    base = _place(archive, archive.candidates[candidate.against], found, seen)
    if base is None:
        return None
    found[candidate.id] = base + candidate.gain
    return found[candidate.id]


def near_tie(archive: Archive) -> Candidate | None:
    """Return the best program that came near the incumbent and whose constants were never tuned, None without one."""
    placed = positions(archive)
    best = archive.incumbent_id
    if best not in placed:
        return None
    near = [
        candidate
        for candidate in archive.in_order()
        if candidate.id in placed
        and candidate.program.id not in archive.studied
        and candidate.scale == "log_ratio"
        and not candidate.failed
        and placed[candidate.id] >= placed[best] - _NEAR
        and tunable(candidate.program.parameters)
    ]
    return max(near, key=lambda candidate: placed[candidate.id]) if near else None


def ranks(placed: Mapping[str, float]) -> dict[str, float]:
    """Return each position's mid-rank among all, in (0, 1). Cost: O(n log n)."""
    values = sorted(placed.values())
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for rank, value in enumerate(values):
        first.setdefault(value, rank)
        last[value] = rank
    return {id_: (first[v] + last[v] + 1) / (2 * len(values)) for id_, v in placed.items()}


@dataclass(frozen=True)
class Lineages:
    """Who descends from which draft.

    Parameters
    ----------
    draft_of
        The draft that each candidate goes back to, along its better parents; a draft's own id for a draft.
    steps
        By how much each measured descendant is better than the best of its parents.
    best
        The best measured member of each draft's lineage, the draft included.
    """

    draft_of: Mapping[str, str]
    steps: Mapping[str, float]
    best: Mapping[str, str]


def trace(archive: Archive, placed: Mapping[str, float]) -> Lineages:
    """Return the lineages of an archive whose candidates stand where `placed` says."""
    draft_of: dict[str, str] = {}
    steps: dict[str, float] = {}
    best: dict[str, str] = {}
    for candidate in archive.in_order():
        parents = [id_ for id_ in candidate.proposal.parents if id_ in draft_of]
        known = {id_: placed[id_] for id_ in parents if id_ in placed}
        nearest = max(known, key=lambda id_: known[id_]) if known else next(iter(parents), None)
        draft = candidate.id if nearest is None else draft_of[nearest]
        draft_of[candidate.id] = draft
        here = placed.get(candidate.id)
        if here is None:
            continue
        if known:
            steps[candidate.id] = here - max(known.values())
        if draft not in best or here > placed[best[draft]]:
            best[draft] = candidate.id
    return Lineages(draft_of, steps, best)


def promises(placed: Mapping[str, float], lineages: Lineages) -> dict[str, float]:
    """Return how much each candidate lets expect of another one made like it, as a score in [0, 1].

    What counts is beating the incumbent, by much rather than often. So a candidate's score is the expected improvement
    over the best position by one that differs from it by Gaussian noise (half the spread of its kind): of a draft, from
    where it stands; of a descendant, from the best of its lineage moved by the step that it was from its parents. The
    mean score of a kind is then the improvement expected of its kernel density estimate. The largest is scaled to 1.
    """
    top = max(placed.values())
    drafts = {id_: value - top for id_, value in placed.items() if id_ not in lineages.steps}
    made = {
        id_: step + placed[lineages.best[lineages.draft_of[id_]]] - top for id_, step in lineages.steps.items()
    }  # fmt: skip
    wide = 0.5 * _spread(list(drafts.values()), otherwise=0.0)
    narrow = 0.5 * _spread(list(lineages.steps.values()), otherwise=wide)
    hoped = {id_: _expected_improvement(x, wide) for id_, x in drafts.items()}
    hoped |= {id_: _expected_improvement(x, narrow) for id_, x in made.items()}
    most = max(hoped.values())
    return {id_: min(1.0, max(0.0, value / most)) if most > 0 else 0.5 for id_, value in hoped.items()}


def _spread(values: Sequence[float], *, otherwise: float) -> float:
    """Return a standard deviation from the median deviation: a draft that flops by 200 % promises nothing upwards."""
    if len(values) < 2:
        return otherwise
    middle = statistics.median(values)
    return _DEVIATIONS * statistics.median(abs(value - middle) for value in values)


def _expected_improvement(mean: float, sd: float) -> float:
    """Return the mean of the positive part of a Gaussian variable."""
    if sd <= 0.0:
        return max(0.0, mean)
    z = mean / sd
    return sd * (math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) + z * 0.5 * math.erfc(-z / math.sqrt(2.0)))


def reach(placed: Mapping[str, float], lineages: Lineages) -> float:
    """Return the largest step that a descendant is believed to make: the largest seen, or half the spread of drafts."""
    seen = max(lineages.steps.values(), default=0.0)
    if len(lineages.steps) >= _STEPS_THAT_TELL:
        return seen
    drafts = [value for id_, value in placed.items() if id_ not in lineages.steps]
    return max(seen, 0.5 * _spread(drafts, otherwise=0.0))


def to_repair(archive: Archive, under_way: tuple[tuple[str, tuple[str, ...]], ...]) -> Candidate | None:
    """Return the latest candidate of a model that fails or breaks down on some cases and is worth mending, else None.

    It is worth it if it answers nothing at all, so that its idea is untried, or if it does about as well as the incumbent
    where it works; not if that was tried, or if it is itself the second repair in a row.
    """
    tried = {c.proposal.parents[0] for c in archive.candidates.values() if c.proposal.kind == "repair"}
    tried |= {parents[0] for kind, parents in under_way if kind == "repair"}
    for candidate in reversed(archive.in_order()):
        if (
            candidate.proposal.kind in MODEL_KINDS
            and (candidate.failed or candidate.breaks_down)
            and candidate.status != "new"
            and candidate.id not in tried
            and _repairs(archive, candidate) < _MOST_REPAIRS
            and _promising(candidate)
        ):
            return candidate
    return None


def _promising(candidate: Candidate) -> bool:
    gain = candidate.working_gain
    return gain is None or gain >= _WORTH_REPAIRING[candidate.scale or "log_ratio"]


def _repairs(archive: Archive, candidate: Candidate) -> int:
    count = 0
    current: Candidate | None = candidate
    while current is not None and current.proposal.kind == "repair":
        count += 1
        current = archive.candidates.get(current.proposal.parents[0])
    return count


def stagnates(archive: Archive, since_forced: int) -> bool:
    """Return whether none of the models' last candidates became the incumbent, and all came after the last forced draft.

    Parameters
    ----------
    archive
        What was tried.
    since_forced
        How many requests were made since a draft of another kind was forced.
    """
    written = [c for c in archive.in_order() if c.proposal.kind in MODEL_KINDS and c.status != "new"]
    last = written[-_STAGNANT:]
    return len(last) == _STAGNANT <= since_forced and not any(
        candidate.status in ("first", "better") for candidate in last
    )
