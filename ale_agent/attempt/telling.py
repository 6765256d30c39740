"""What a model is told of an attempt: budget, strategies, cases, failures, insights and history as texts.

Pure: the same values give the same text. Scores and gains are told as measured; whoever reads them decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ale_agent.evaluate.comparison import FAR_BELOW, compare
from ale_agent.evaluate.result import CaseResult
from ale_agent.evaluate.stat_lines import mean_stats
from ale_agent.memory.recall import Recalled
from ale_agent.memory.strategy import Strategy
from ale_agent.problem.score import Objective
from ale_agent.search.archive import Candidate
from ale_agent.strategist.protocol import Insight
from ale_agent.strategist.spending import Caps

MOST_CASES = 12
_MOST_FAILURES = 3
_MOST_BELOW = 8
_MOST_STDERR = 1500
_MOST_INSIGHTS = 12
_MOST_STRATEGIES = 6
_MOST_LINE = 200
_FITTING = 0.5
_STATUS = {
    "new": "not measured yet",
    "failed": "failed",
    "given_up": "worse, given up early",
    "undecided": "given up early, undecided",
    "not_shown": "not shown to be better",
    "better": "better beyond chance",
    "first": "the first valid program",
}

Results = Mapping[int, CaseResult]


def tell_budget(seconds_left: float | None, spent: Mapping[str, float], caps: Caps, request: int) -> str:
    """Return what is left of the attempt's budget, and which request this is."""
    lines = [f"this is request {request}"]
    lines.append("there is no limit of time" if seconds_left is None else f"{seconds_left:.0f} s of searching are left")
    units = {"usd": "US dollars", "tokens": "tokens", "calls": "replies"}
    for kind, cap in caps.by_kind().items():
        lines.append(f"{spent.get(kind, 0.0):g} of {cap:g} {units[kind]} are spent")
    return "; ".join(lines)


def tell_outcome(candidate: Candidate, results: Results | None = None) -> str:
    """Return how a candidate did, in a few words.

    Means over different cases compare badly, so that a mean score is told only of who was raced against nobody. With its
    results also its first failure and the means of its statistics are told.
    """
    words = [_standing(candidate)]
    scores = [result.score for result in (results or {}).values() if result.score is not None]
    if candidate.gain is not None and candidate.status not in ("failed", "new"):
        words.append(f"{_measured_gain(candidate)}, against the best of then on {candidate.cases} cases")
    elif scores:
        words.append(f"mean score {_number(sum(scores) / len(scores))} on {len(scores)} cases")
    failing = [result for result in (results or {}).values() if not result.accepted]
    if failing:
        last = (failing[0].message.strip().splitlines() or [""])[-1][:_MOST_LINE]
        words.append(
            f"no valid answer on {len(failing)} of {len(results or {})} cases, such as seed {failing[0].seed}: "
            f"{failing[0].verdict.value} {last}".rstrip()
        )
    elif candidate.failed:
        words.append(f"no valid answer on {candidate.failed} of {candidate.cases} cases")
    stats = mean_stats(result.message for result in (results or {}).values() if result.accepted)
    if stats:
        words.append("STAT means " + ", ".join(f"{name} {mean:.4g}" for name, (mean, *_) in stats.items()))
    return "; ".join(words)


def _standing(candidate: Candidate) -> str:
    """Return the status in words; a race that was given up though the interval holds 0 decided nothing."""
    high = candidate.gain_high
    undecided = candidate.status == "given_up" and high is not None and high > 0.0 and not candidate.failed
    return _STATUS["undecided" if undecided else candidate.status]


def tell_tried(candidates: Iterable[Candidate], results_of: Callable[[Candidate], Results]) -> tuple[str, ...]:
    """Return a line for each candidate: its idea, and how it did."""
    return tuple(f"{c.proposal.idea} [measured: {tell_outcome(c, results_of(c))}]" for c in candidates)


def tell_best(
    candidate: Candidate, results: Results, seconds: float, limit: float, standings: Sequence[tuple[int, float]]
) -> str:
    """Return who the best so far is, its mean score, and how far the world is ahead.

    Parameters
    ----------
    candidate, results
        The incumbent and its results by seed.
    seconds, limit
        What a run may take while searching, and at the judge.
    standings
        (rank, score a case) of the contest.
    """
    scores = [result.score for result in results.values() if result.score is not None]
    lines = [f"{candidate.id}: {candidate.proposal.idea}"]
    if scores:
        lines.append(
            f"mean score {_number(sum(scores) / len(scores))} on {len(scores)} cases, in runs of {seconds:g} s "
            f"(the judge gives {limit:g} s)"
        )
    if standings:
        ranks = ", ".join(f"{_number(score)} at rank {rank}" for rank, score in standings)
        lines.append(f"the contest's own standings, over other cases, as a mean score a case: {ranks}")
    return "\n".join(lines)


def tell_strategies(recalled: Iterable[Recalled]) -> str:
    """Return remembered strategies that fit, with their ids, so that a reply can name those it used."""
    fitting = [item for item in recalled if item.fit >= _FITTING][:_MOST_STRATEGIES]
    return "\n".join(
        f"- {item.strategy.id} {item.strategy.name}: {item.strategy.when} {item.strategy.how} [{item.why}]"
        for item in fitting
    )


def tell_direction(strategies: Sequence[Strategy], used: frozenset[str], turn: int) -> str:
    """Return what a forced draft is to be built on: a strategy of an archetype that nothing was built on yet.

    Parameters
    ----------
    strategies
        What memory offers, best fit first.
    used
        Ids of the strategies that candidates used.
    turn
        Counts forced drafts, so that each gets another one.
    """
    known = {tag for s in strategies if s.id in used for tag in s.archetypes}
    fresh = [s for s in strategies if s.id not in used and not known & set(s.archetypes)]
    left = fresh or [s for s in strategies if s.id not in used] or list(strategies)
    begun = (
        "Nothing has been better for a while. Leave what was tried and write a program of an entirely different kind"
    )
    if not left:
        return begun + "."
    chosen = left[turn % len(left)]
    return f"{begun}, such as {chosen.id} {chosen.name}: {chosen.when} {chosen.how}".strip()


def tell_cases(objective: Objective, name: str, mine: Results, other_name: str | None, theirs: Results) -> str:
    """Return a table of a candidate's single cases against another candidate, those it does worst on first.

    Parameters
    ----------
    objective
        Which direction of the scores is better.
    name, mine
        The candidate and its results by seed.
    other_name, theirs
        Whom it is compared with; None if with nobody.
    """
    if not mine:
        return ""
    common = {seed: theirs[seed] for seed in mine if seed in theirs}
    comparison = compare(objective, mine, common)
    gains = dict(zip(comparison.seeds, comparison.gains, strict=True))
    order = sorted(mine, key=lambda seed: (mine[seed].accepted, gains.get(seed, 0.0), seed))
    shown = order if len(order) <= MOST_CASES else [*order[: MOST_CASES - 4], *order[-4:]]
    head = f"{name} on {len(mine)} cases"
    if common and other_name is not None:
        head += f", against {other_name}: mean gain {_gain(comparison.mean, comparison.scale)}"
        head += f", better on {sum(g > 0 for g in comparison.gains)} of {len(comparison.gains)}"
    rows = ["seed | score | " + ("score of the other | gain | " if common else "") + "CPU seconds | verdict"]
    for seed in shown:
        result = mine[seed]
        cells = [str(seed), _number(result.score)]
        if common:
            other = theirs[seed].score if seed in theirs else None
            cells += [_number(other), _gain(gains[seed], comparison.scale) if seed in gains else "-"]
        rows.append(" | ".join([*cells, f"{result.cpu_seconds:.2f}", result.verdict.value]))
    if len(shown) < len(order):
        rows.append(f"({len(order) - len(shown)} cases between these are left out)")
    return "\n".join([head, *rows, *_tell_stats(mine.values(), common.values())])


def _tell_stats(mine: Iterable[CaseResult], theirs: Iterable[CaseResult]) -> Iterator[str]:
    stats = mean_stats(result.message for result in mine if result.accepted)
    others = mean_stats(result.message for result in theirs if result.accepted)
    if stats:
        yield "what it wrote of itself, mean (lowest .. highest) over the cases:"
    for name, (mean, low, high, count) in stats.items():
        beside = f"; the other, on the same cases: {others[name][0]:.4g}" if name in others else ""
        yield f"STAT {name}: {mean:.4g} ({low:.4g} .. {high:.4g}) over {count}{beside}"


def tell_failures(objective: Objective, mine: Results, theirs: Results) -> str:
    """Return on which cases a candidate fails or is far below another, and how; empty if on none.

    Parameters
    ----------
    objective
        Which direction of the scores is better.
    mine
        The candidate's results by seed.
    theirs
        Those of whom it was raced against; may be empty.
    """
    failing = [result for result in mine.values() if not result.accepted]
    lines = [f"No valid answer on {len(failing)} of {len(mine)} cases."] if failing else []
    seen: set[str] = set()
    for result in failing:
        if result.message in seen or len(seen) == _MOST_FAILURES:
            continue
        seen.add(result.message)
        lines.append(f"Seed {result.seed}: {result.verdict.value} after {result.cpu_seconds:.2f} s of CPU time")
        if result.message.strip():
            lines.append(result.message.strip()[-_MOST_STDERR:])
    return "\n".join([*lines, *_tell_breakdowns(objective, mine, theirs)])


def _tell_breakdowns(objective: Objective, mine: Results, theirs: Results) -> Iterator[str]:
    answered = {seed: result for seed, result in mine.items() if result.accepted and seed in theirs}
    comparison = compare(objective, answered, theirs)
    if comparison.scale != "log_ratio":
        return
    below = {seed: gain for seed, gain in zip(comparison.seeds, comparison.gains, strict=True) if gain <= FAR_BELOW}
    if not below:
        return
    told = [f"seed {seed} ({_gain(below[seed], comparison.scale)})" for seed in sorted(below)[:_MOST_BELOW]]
    yield (
        f"Answered, but far below the best on {len(below)} of {len(mine)} cases, as if something that works elsewhere "
        f"did not come about there: {', '.join(told)}"
    )
    worst = mine[min(below, key=lambda seed: below[seed])]
    if worst.message.strip():
        yield f"Seed {worst.seed} wrote: {worst.message.strip()[-_MOST_STDERR:]}"


def tell_insights(insights: Sequence[Insight], candidates: Mapping[str, Candidate]) -> str:
    """Return what was learned, with the measured gains of the candidates that speak for and against it."""
    lines = []
    for insight in insights[-_MOST_INSIGHTS:]:
        parts = [
            f"{word} {', '.join(_measured(candidates[id_]) for id_ in ids if id_ in candidates)}"
            for word, ids in (("for:", insight.supports), ("against:", insight.refutes))
            if any(id_ in candidates for id_ in ids)
        ]
        lines.append(f"- {insight.claim}" + (f" [{'; '.join(parts)}]" if parts else ""))
    return "\n".join(lines)


def tell_history(candidates: Sequence[Candidate]) -> str:
    """Return a batch of candidates with what measuring showed, for whoever is asked what was learned."""
    lines = []
    for candidate in candidates:
        proposal = candidate.proposal
        made = f", made from {', '.join(proposal.parents)}" if proposal.parents else ""
        lines.append(f"{candidate.id} ({proposal.kind}{made}): {proposal.idea}")
        against = f" (against {candidate.against})" if candidate.against else ""
        lines.append(f"  {tell_outcome(candidate)}{against}")
    return "\n".join(lines)


def _measured(candidate: Candidate) -> str:
    if candidate.gain is None:
        return f"{candidate.id} ({_STATUS[candidate.status]})"
    return f"{candidate.id} ({_measured_gain(candidate)})"


def _measured_gain(candidate: Candidate) -> str:
    assert candidate.gain is not None
    gain = _gain(candidate.gain, candidate.scale)
    if candidate.gain_low is None or candidate.gain_high is None:
        return gain
    low, high = (_gain(value, candidate.scale) for value in (candidate.gain_low, candidate.gain_high))
    return f"{gain}, 95 %: {low} .. {high}"


def _gain(value: float, scale: str | None) -> str:
    return f"{100 * value:+.2f} %" if scale == "log_ratio" else f"{value:+.5g}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.10g}"
