"""The end of an attempt's measuring: finalists meet on fresh cases, as a contest judge would run them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ale_agent.attempt.measurement import Fidelity
from ale_agent.attempt.optimism import seconds_for
from ale_agent.attempt.planning import SearchPlan
from ale_agent.attempt.workspace import Workspace
from ale_agent.evaluate import was_starved
from ale_agent.evaluate.comparison import compare, mean_interval
from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.program import Program, bake
from ale_agent.search.archive import Candidate

MOST_CASES = 50
_FINALISTS = 3
_FAILED_SHARE = 0.2
"""A finalist that fails on more of its cases than this is no solver, whatever the other cases gave."""
_REPRODUCIBLE_CASES = 6
_FIRST_CASES = 2
_COMPILE_SECONDS = 8.0
_STARTUP_SECONDS = 1.0

JudgeRun = Callable[[Program, Sequence[int]], Mapping[int, CaseResult]]
"""Runs a finished program cold, one case at a time, on the wall clock."""


@dataclass(frozen=True)
class Confirmation:
    """What fresh cases said.

    Parameters
    ----------
    winner
        The finalist that is handed over; None if none was valid.
    results
        By candidate id and case seed.
    time_limit
        What a cold run had.
    """

    winner: Candidate | None
    results: Mapping[str, Mapping[int, CaseResult]]
    time_limit: float

    def refutes(self, candidate: Candidate) -> bool:
        """Whether a candidate was judged and failed on every case by its own fault."""
        judged = _judged(self.results.get(candidate.id, {}), self.time_limit)
        return bool(judged) and not any(result.accepted for result in judged)

    @property
    def winning_results(self) -> list[CaseResult]:
        """The winner's results in case order."""
        return [] if self.winner is None else list(self.results[self.winner.id].values())

    @property
    def mean_score(self) -> float | None:
        """The winner's mean score over the cases it answered."""
        scores = [result.score for result in self.winning_results if result.score is not None]
        return sum(scores) / len(scores) if scores else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean score; None with fewer than two answered cases."""
        scores = [result.score for result in self.winning_results if result.score is not None]
        return mean_interval(scores) if len(scores) > 1 else None


def finalists(work: Workspace, most: int = _FINALISTS) -> list[Candidate]:
    """Return who is confirmed: the incumbent, then those that looked better than it without having shown it."""
    incumbent = work.archive.incumbent
    if incumbent is None:
        return []
    rivals = [candidate for candidate in work.archive.in_order() if _is_rival(candidate, incumbent)]
    rivals.sort(key=lambda candidate: candidate.gain if candidate.gain is not None else 0.0, reverse=True)
    return [incumbent, *rivals[: most - 1]]


def _is_rival(candidate: Candidate, incumbent: Candidate) -> bool:
    """Whether it looked better than the incumbent, or was tuned from it when the time for a race was over."""
    if candidate.status == "new":
        return candidate.proposal.kind == "tune" and incumbent.id in candidate.proposal.parents
    return candidate.status == "not_shown" and candidate.against == incumbent.id and (candidate.gain or 0.0) > 0.0


def confirm(work: Workspace, plan: SearchPlan, judge: JudgeRun) -> Confirmation:
    """Run the finalists on fresh cases and return the best; what the journal holds is not run again.

    On an iteration budget the runs are warm and limited in evaluations, so that they are reproducible; otherwise they
    are cold, on the wall clock and one at a time, as many as the time left allows, at least two a finalist.
    """
    candidates = finalists(work)
    limit = work.problem.spec.time_limit
    if not candidates:
        return Confirmation(None, {}, limit)
    results: dict[str, dict[int, CaseResult]] = {candidate.id: {} for candidate in candidates}
    if work.options.seconds is None:
        seeds = work.fresh_cases(_REPRODUCIBLE_CASES)
        for candidate in candidates:
            results[candidate.id].update(work.run(candidate, seeds, plan.fidelity))
        _substitute(work, candidates, results, lambda other: work.run(other, seeds, plan.fidelity))
    else:
        _confirm_cold(work, plan, candidates, judge, results)
    starved = sum(was_starved(result, limit) for mine in results.values() for result in mine.values())
    if starved:
        text = f"{starved} cold runs were late only for waiting for a processor: this machine is too busy to confirm"
        work.emit("warning", text=text)
    winner = _best(work, candidates, results)
    return Confirmation(winner, results, limit)


def _substitutes(work: Workspace, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return who else was valid while searching: earlier incumbents, the latest first, then the others by their gain."""
    others = [
        candidate
        for candidate in work.archive.in_order()
        if candidate.status not in ("new", "failed") and candidate not in candidates
    ]
    crowned = [candidate for candidate in reversed(others) if candidate.status in ("first", "better")]
    rest = [candidate for candidate in others if candidate not in crowned]
    return [*crowned, *sorted(rest, key=lambda candidate: -(candidate.gain or 0.0))]


def _substitute(
    work: Workspace,
    candidates: list[Candidate],
    results: dict[str, dict[int, CaseResult]],
    run: Callable[[Candidate], Mapping[int, CaseResult]],
) -> None:
    """While every finalist fails too often, let the next valid candidate take part; at least one, whatever the time."""
    limit = work.problem.spec.time_limit
    for number, other in enumerate(_substitutes(work, candidates)):
        enough = number and work.budget.left < _COMPILE_SECONDS + 2 * limit
        if enough or any(_failed_share(mine, limit) <= _FAILED_SHARE for mine in results.values()):
            return
        work.emit("warning", text=f"every finalist fails on fresh cases; candidate {other.number} takes part instead")
        candidates.append(other)
        results[other.id] = dict(run(other))


def _confirm_cold(
    work: Workspace,
    plan: SearchPlan,
    candidates: list[Candidate],
    judge: JudgeRun,
    results: dict[str, dict[int, CaseResult]],
) -> None:
    limit = work.problem.spec.time_limit
    cost = limit + _STARTUP_SECONDS
    affordable = int(work.budget.left / (_COMPILE_SECONDS + 2 * cost))
    del candidates[max(1, affordable) :]
    for gone in set(results) - {candidate.id for candidate in candidates}:
        del results[gone]
    work.emit("confirm", finalists=[candidate.id for candidate in candidates], limit=limit)
    seeds = work.fresh_cases(MOST_CASES)
    first = seeds[:_FIRST_CASES]
    for candidate in candidates:
        results[candidate.id].update(_judged_cold(work, candidate, judge, first))
    _substitute(work, candidates, results, lambda other: _judged_cold(work, other, judge, first))
    hopeless = [candidate for candidate in candidates if _failed_share(results[candidate.id], limit) >= 1.0]
    if len(hopeless) < len(candidates):
        candidates[:] = [candidate for candidate in candidates if candidate not in hopeless]
    for seed in seeds[_FIRST_CASES:]:
        if work.budget.left < cost * len(candidates) + 2.0 + seconds_for(work, plan):
            break
        for candidate in candidates:
            results[candidate.id].update(_judged_cold(work, candidate, judge, [seed]))


def _judged_cold(work: Workspace, candidate: Candidate, judge: JudgeRun, seeds: Sequence[int]) -> dict[int, CaseResult]:
    """Return a candidate's results as a judge runs it, read from the journal or run and kept there."""
    program = bake(candidate.program, dict(candidate.values))
    mode = Fidelity(work.problem.spec.time_limit).mode.replace("warm", "cold")
    known = work.journal.read_results(program, (), mode)
    for seed in seeds:
        if seed not in known:
            known[seed] = judge(program, [seed])[seed]
            work.journal.write_result(program, (), mode, known[seed], work.budget.elapsed)
            work.keep_spend()
        work.show("confirmed", id=candidate.id, seed=seed, verdict=known[seed].verdict.value, score=known[seed].score)
    return {seed: known[seed] for seed in seeds}


def _best(
    work: Workspace, candidates: Sequence[Candidate], results: Mapping[str, Mapping[int, CaseResult]]
) -> Candidate | None:
    """Return the finalist with the best mean paired gain over the first; fewer failures come before any gain."""
    valid = [c for c in candidates if any(result.accepted for result in results[c.id].values())]
    if not valid:
        return None
    spec = work.problem.spec
    base = results[candidates[0].id]

    def merit(candidate: Candidate) -> tuple[float, float]:
        mine = results[candidate.id]
        return (-_failed_share(mine, spec.time_limit), compare(spec.objective, mine, base).mean)

    return max(valid, key=merit)


def _judged(results: Mapping[int, CaseResult], limit: float) -> list[CaseResult]:
    """Return the results that say something of the program: where our judge failed or it had no processor, they do not."""
    return [
        result
        for result in results.values()
        if result.verdict is not Verdict.JUDGE_ERROR and not was_starved(result, limit)
    ]


def _failed_share(results: Mapping[int, CaseResult], limit: float) -> float:
    """Return which part of the judged cases a program failed on; 0 where none was judged."""
    judged = _judged(results, limit)
    return sum(not result.accepted for result in judged) / len(judged) if judged else 0.0
