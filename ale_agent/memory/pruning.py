"""Pruning: which strategies have not earned their place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ale_agent.errors import UsageError
from ale_agent.memory.evidence import posterior
from ale_agent.memory.store import Store
from ale_agent.memory.strategy import Strategy


@dataclass(frozen=True)
class Pruned:
    """A strategy that was, or would be, taken out, and why."""

    id: str
    name: str
    why: str


def prune(
    store: Store,
    *,
    ids: Collection[str] = (),
    unproven: bool = False,
    created_before: str | None = None,
    harmful: bool = False,
    keep_curated: bool = True,
    dry_run: bool = False,
) -> list[Pruned]:
    """Take strategies out of a memory and return them; all conditions that are given must hold.

    Parameters
    ----------
    store
        The memory.
    ids
        Only these; taken out whether curated or not.
    unproven
        Without a single trial or citation.
    created_before
        Older than this date, such as 2026-11-23.
    harmful
        Whose measured gains are below zero beyond doubt (95 %), the problem aside.
    keep_curated
        Leave alone what was written by people; a curated strategy that is harmful still warns whoever would try it.
    dry_run
        Only say what would be taken out.

    Raises
    ------
    UsageError
        No condition was given.
    StoreError
        An id is unknown, or the store cannot be written.
    """
    if not (ids or unproven or created_before or harmful):
        raise UsageError("prune needs at least one condition: ids, unproven, created before a date, or harmful")
    with store.transaction():
        found = []
        for strategy in [store.get(item) for item in ids] if ids else store.strategies():
            if keep_curated and not ids and strategy.origin.kind == "curated":
                continue
            reasons = _reasons(strategy, unproven=unproven, created_before=created_before, harmful=harmful)
            if reasons is not None:
                found.append(Pruned(strategy.id, strategy.name, ", ".join(reasons) or "named"))
        if not dry_run:
            store.remove(item.id for item in found)
    return found


def _reasons(strategy: Strategy, *, unproven: bool, created_before: str | None, harmful: bool) -> list[str] | None:
    """Return why the conditions hold, None where one does not."""
    reasons = []
    if unproven:
        if strategy.evidence:
            return None
        reasons.append("no evidence")
    if created_before is not None:
        if strategy.origin.created >= created_before:
            return None
        reasons.append(f"from {strategy.origin.created}")
    if harmful:
        believed = posterior(strategy.evidence, lambda _: 1.0)
        if not believed.trials or believed.high >= 0:
            return None
        reasons.append(f"harmful: {100 * believed.mean:+.1f} % over {believed.trials} trials")
    return reasons
