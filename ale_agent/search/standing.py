"""Where each candidate of an archive stands: its gains added up along the incumbents, and that as a score in [0, 1]."""

from __future__ import annotations

from collections.abc import Mapping

from ale_agent.search.archive import Archive, Candidate

MODEL_KINDS = frozenset({"draft", "refine", "recombine", "repair", "simplify", "encode"})
"""Moves that only a model makes."""

_WORTH_REPAIRING = {"log_ratio": -0.02, "difference": 0.0}
_MOST_REPAIRS = 2
_STAGNANT = 6


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


def scores(placed: Mapping[str, float]) -> dict[str, float]:
    """Return each position's mid-rank among all, in (0, 1): it needs no scale, and every improvement counts.

    Cost: O(n log n).
    """
    values = sorted(placed.values())
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for rank, value in enumerate(values):
        first.setdefault(value, rank)
        last[value] = rank
    return {id_: (first[v] + last[v] + 1) / (2 * len(values)) for id_, v in placed.items()}


def to_repair(archive: Archive, under_way: tuple[tuple[str, tuple[str, ...]], ...]) -> Candidate | None:
    """Return the latest candidate of a model that fails on some cases and is worth mending, None if there is none.

    It is worth it if it answers nothing at all, so that its idea is untried, or if it does about as well as the incumbent
    where it answers; not if that was tried, or if it is itself the second repair in a row.
    """
    tried = {c.proposal.parents[0] for c in archive.candidates.values() if c.proposal.kind == "repair"}
    tried |= {parents[0] for kind, parents in under_way if kind == "repair"}
    for candidate in reversed(archive.in_order()):
        if (
            candidate.proposal.kind in MODEL_KINDS
            and candidate.failed
            and candidate.status not in ("first", "better", "new")
            and candidate.id not in tried
            and _repairs(archive, candidate) < _MOST_REPAIRS
            and _promising(candidate)
        ):
            return candidate
    return None


def _promising(candidate: Candidate) -> bool:
    gain = candidate.answered_gain
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
