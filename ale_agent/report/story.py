"""What a report tells, read from an attempt's journal: plain values, no markup."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ale_agent.attempt.exchanges import Asked, Call, Exchanges
from ale_agent.attempt.journal import Journal
from ale_agent.evaluate.result import CaseResult
from ale_agent.program import bake
from ale_agent.search.archive import Candidate
from ale_agent.strategist.protocol import Insight


@dataclass(frozen=True)
class Story:
    """An attempt, read whole.

    Parameters
    ----------
    meta
        What was asked for, and ids.
    candidates
        In the order of proposal.
    winner
        Who is handed over, None if nobody was valid.
    end
        The summary of the last session; empty while it works.
    incumbents
        (seconds, event) of each change of the incumbent.
    trials
        (study, number, values, gain, cases) of each trial.
    confirmed
        Results on fresh cases by candidate id, in case order.
    events
        All of them.
    runs
        How many runs were measured.
    requests, calls, insights
        What models were asked for, each call, and what they said was learned.
    """

    meta: dict[str, Any]
    candidates: tuple[Candidate, ...]
    winner: Candidate | None
    end: dict[str, Any]
    incumbents: tuple[tuple[float, dict[str, Any]], ...]
    trials: tuple[tuple[str, int, dict[str, Any], float | None, int], ...]
    confirmed: dict[str, tuple[CaseResult, ...]]
    events: tuple[tuple[float, str, dict[str, Any]], ...]
    runs: int
    requests: tuple[Asked, ...] = ()
    calls: tuple[Call, ...] = ()
    insights: tuple[Insight, ...] = ()

    def last(self, kind: str) -> dict[str, Any]:
        """Return the payload of the last event of a kind, empty if there was none."""
        return next((payload for _, name, payload in reversed(self.events) if name == kind), {})

    def component_gains(self) -> list[tuple[str, str, float, int]]:
        """Return what each exchanged component did: (slot, change, mean gain, how often), best first."""
        gains: dict[tuple[str, str], list[float]] = defaultdict(list)
        for candidate in self.candidates:
            if candidate.gain is None or candidate.against not in candidate.proposal.parents:
                continue
            for change in candidate.proposal.changes:
                what = f"{change.removed or 'nothing'} → {change.added or 'nothing'}"
                gains[change.slot, what].append(candidate.gain)
        rows = [(slot, what, sum(values) / len(values), len(values)) for (slot, what), values in gains.items()]
        return sorted(rows, key=lambda row: -row[2])


def read_story(folder: Path) -> Story:
    """Return what an attempt's journal holds; it may still be at work."""
    journal = Journal(folder, read_only=True)
    try:
        meta = journal.read_meta()
        exchanges = Exchanges(journal)
        archive = journal.read_archive()
        candidates = tuple(archive.in_order())
        events = tuple(journal.read_events())
        limit = next((payload.get("limit") for _, kind, payload in reversed(events) if kind == "confirm"), None)
        winner_id = meta.get("winner", archive.incumbent_id)
        return Story(
            meta=meta,
            candidates=candidates,
            winner=archive.candidates.get(winner_id) if winner_id is not None else None,
            end=next((payload for _, kind, payload in reversed(events) if kind == "end"), {}),
            incumbents=tuple(journal.read_incumbents()),
            trials=tuple(journal.read_trials()),
            confirmed={} if limit is None else _confirmed(journal, candidates, f"cold:{limit:g}s"),
            events=events,
            runs=journal.count_results(),
            requests=tuple(exchanges.requests()),
            calls=tuple(exchanges.calls()),
            insights=tuple(exchanges.insights()),
        )
    finally:
        journal.close()


def _confirmed(journal: Journal, candidates: tuple[Candidate, ...], mode: str) -> dict[str, tuple[CaseResult, ...]]:
    found = {}
    for candidate in candidates:
        program = bake(candidate.program, dict(candidate.values))
        results = journal.read_results(program, (), mode)
        if results:
            found[candidate.id] = tuple(results[seed] for seed in sorted(results))
    return found
