"""The end of an attempt's measuring: finalists meet on fresh cases, as a contest judge would run them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ale_agent.attempt.measurement import Fidelity
from ale_agent.attempt.searching import SearchPlan
from ale_agent.attempt.workspace import Workspace
from ale_agent.evaluate.comparison import compare, mean_interval
from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.program import Program, bake
from ale_agent.search.archive import Candidate
from ale_agent.seeds import share_cases

MOST_CASES = 50
_FINALISTS = 3
_FAILED_SHARE = 0.2
"""A finalist that fails on more of its cases than this is no solver, whatever the other cases gave."""
_REPRODUCIBLE_CASES = 6
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
    """

    winner: Candidate | None
    results: Mapping[str, Mapping[int, CaseResult]]

    def refutes(self, candidate: Candidate) -> bool:
        """Whether a candidate was judged and failed on every case by its own fault."""
        judged = _judged(self.results.get(candidate.id, {}))
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
    if not candidates:
        return Confirmation(None, {})
    results: dict[str, dict[int, CaseResult]] = {candidate.id: {} for candidate in candidates}
    if work.options.seconds is None:
        seeds = share_cases(work.problem.case_seeds_available, "confirm", _REPRODUCIBLE_CASES)
        for candidate in candidates:
            results[candidate.id].update(work.run(candidate, seeds, plan.fidelity))
    else:
        _confirm_cold(work, candidates, judge, results)
    for number, substitute in enumerate(_substitutes(work, candidates)):
        enough = number and work.budget.left < _COMPILE_SECONDS + 2 * work.problem.spec.time_limit
        if enough or any(_failed_share(mine) <= _FAILED_SHARE for mine in results.values()):
            break
        work.emit("warning", text=f"every finalist failed on fresh cases; candidate {substitute.number} is tried")
        candidates.append(substitute)
        if work.options.seconds is None:
            results[substitute.id] = work.run(substitute, seeds, plan.fidelity)
        else:
            results[substitute.id] = {}
            _confirm_substitute(work, substitute, judge, results)
    winner = _best(work, candidates, results)
    return Confirmation(winner, results)


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


def _confirm_substitute(
    work: Workspace, candidate: Candidate, judge: JudgeRun, results: dict[str, dict[int, CaseResult]]
) -> None:
    """Run a substitute on the cases that the first finalist failed on; at least two, whatever the time."""
    cost = work.problem.spec.time_limit + _STARTUP_SECONDS
    program = bake(candidate.program, dict(candidate.values))
    for number, seed in enumerate(next(iter(results.values()))):
        if number >= 2 and work.budget.left < cost + 2.0:
            break
        _judge_one(work, candidate, program, judge, seed, results)


def _confirm_cold(
    work: Workspace, candidates: list[Candidate], judge: JudgeRun, results: dict[str, dict[int, CaseResult]]
) -> None:
    limit = work.problem.spec.time_limit
    cost = limit + _STARTUP_SECONDS
    affordable = int(work.budget.left / (_COMPILE_SECONDS + 2 * cost))
    del candidates[max(1, affordable) :]
    for gone in set(results) - {candidate.id for candidate in candidates}:
        del results[gone]
    programs = {candidate.id: bake(candidate.program, dict(candidate.values)) for candidate in candidates}
    work.emit("confirm", finalists=[candidate.id for candidate in candidates], limit=limit)
    for number, seed in enumerate(share_cases(work.problem.case_seeds_available, "confirm", MOST_CASES)):
        if number >= 2 and work.budget.left < cost * len(candidates) + 2.0:
            break
        for candidate in candidates:
            _judge_one(work, candidate, programs[candidate.id], judge, seed, results)


def _judge_one(
    work: Workspace,
    candidate: Candidate,
    program: Program,
    judge: JudgeRun,
    seed: int,
    results: dict[str, dict[int, CaseResult]],
) -> None:
    """Run one case as a judge would, or read it from the journal, and note it."""
    mode = Fidelity(work.problem.spec.time_limit).mode.replace("warm", "cold")
    known = work.journal.read_results(program, (), mode)
    if seed not in known:
        known = dict(judge(program, [seed]))
        work.journal.write_result(program, (), mode, known[seed], work.budget.elapsed)
        work.keep_spend()
    results[candidate.id][seed] = known[seed]
    work.show("confirmed", id=candidate.id, seed=seed, verdict=known[seed].verdict.value, score=known[seed].score)


def _best(
    work: Workspace, candidates: Sequence[Candidate], results: Mapping[str, Mapping[int, CaseResult]]
) -> Candidate | None:
    """Return the finalist with the best mean paired gain over the first; fewer failures come before any gain."""
    valid = [c for c in candidates if any(result.accepted for result in results[c.id].values())]
    if not valid:
        return None
    objective = work.problem.spec.objective
    base = results[candidates[0].id]

    def merit(candidate: Candidate) -> tuple[float, float]:
        mine = results[candidate.id]
        return (-_failed_share(mine), compare(objective, mine, base).mean)

    return max(valid, key=merit)


def _judged(results: Mapping[int, CaseResult]) -> list[CaseResult]:
    """Return the results that say something of the program: where our own judge failed, they do not."""
    return [result for result in results.values() if result.verdict is not Verdict.JUDGE_ERROR]


def _failed_share(results: Mapping[int, CaseResult]) -> float:
    """Return which part of the judged cases a program failed on; 0 where none was judged."""
    judged = _judged(results)
    return sum(not result.accepted for result in judged) / len(judged) if judged else 0.0
