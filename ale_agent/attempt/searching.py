"""The middle of an attempt: propose, measure, keep what is better beyond chance, tune what is worth it."""

from __future__ import annotations

import math
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace

from ale_agent.attempt.measurement import Fidelity
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.workspace import BudgetOver, Workspace
from ale_agent.evaluate.comparison import mean_interval
from ale_agent.evaluate.race import Outcome, RacePlan, plan_race, race
from ale_agent.problem import Problem
from ale_agent.search.archive import Candidate, Status
from ale_agent.search.policy import Policy, Request, Step
from ale_agent.seeds import Purpose, derive, generator, share_cases
from ale_agent.strategist.protocol import Brief, Proposal, Strategist
from ale_agent.tune import Trial, best_trial, tunable, tune

_RUNS_WORTH_HAVING = 400
_LEAST_FRACTION = 0.1
_STARTUP_SECONDS = 0.6
_STUDY_SHARE = 0.45
_IDLE_STEPS = 8
_AHEAD = 2
_MOST_TRIALS = 10_000

_STATUS: dict[Outcome, Status] = {
    Outcome.BETTER: "better",
    Outcome.GIVEN_UP: "given_up",
    Outcome.NOT_SHOWN: "not_shown",
}


@dataclass(frozen=True)
class SearchPlan:
    """How an attempt's searching budget is cut up.

    Parameters
    ----------
    fidelity
        How long a run may take while searching.
    race
        The looks of a race and what they decide.
    tune_cases
        How many cases a study has.
    drafts
        How many compositions to begin with.
    """

    fidelity: Fidelity
    race: RacePlan
    tune_cases: int
    drafts: int


def plan_search(problem: Problem, options: AttemptOptions) -> SearchPlan:
    """Return how to spend the budget: shorter runs and fewer cases where it is small.

    A run gets the problem's own limit, less what a cold start takes, if some hundreds of such runs fit; otherwise a
    shorter limit, at least a tenth of it.
    """
    spec = problem.spec
    available = problem.case_seeds_available
    longest = max(0.5 * spec.time_limit, spec.time_limit - _STARTUP_SECONDS)
    if options.seconds is None:
        return SearchPlan(
            Fidelity(longest, options.evaluation_limit),
            plan_race(_fitting(available, "search", 12)),
            _fitting(available, "tune", 8),
            max(2, (options.iterations or 4) // 3),
        )
    core_seconds = 0.6 * options.seconds * options.workers
    limit = min(longest, max(_LEAST_FRACTION * spec.time_limit, core_seconds / _RUNS_WORTH_HAVING))
    runs = core_seconds / limit
    cases = int(min(64, max(8, runs / 16)))
    return SearchPlan(
        Fidelity(round(limit, 3), options.evaluation_limit),
        plan_race(_fitting(available, "search", cases)),
        _fitting(available, "tune", int(min(32, max(6, runs / 32)))),
        int(min(12, max(2, 2 + options.seconds / 45))),
    )


def _fitting(available: tuple[int, ...] | None, purpose: Purpose, count: int) -> int:
    """Return how many cases there are for a purpose, at most `count`."""
    return len(share_cases(available, purpose, count))


class Searching:
    """The loop of proposals, races and studies.

    Parameters
    ----------
    work
        The attempt.
    plan
        How its budget is cut up.
    strategist
        Writes the programs.
    policy
        Decides what to ask for.
    remembered
        Parameter values that memory knows of, tried first by every study.
    """

    def __init__(
        self,
        work: Workspace,
        plan: SearchPlan,
        strategist: Strategist,
        policy: Policy,
        remembered: tuple[dict[str, float | int | str], ...] = (),
    ) -> None:
        self.work = work
        self.plan = plan
        self._strategist = strategist
        self._policy = policy
        self._remembered = remembered
        self._steps = sum(kind == "step" for _, kind, _ in work.journal.read_events())
        self._queue = deque(work.archive.unfinished())
        self._cut_off = self._cut_off_step()
        work.archive.studied.update(
            payload["program"] for _, kind, payload in work.journal.read_events() if kind == "study"
        )
        available = work.problem.case_seeds_available
        self._seeds = share_cases(available, "search", plan.race.stages[-1])
        self._tune_seeds = share_cases(available, "tune", plan.tune_cases)

    def go(self) -> None:
        """Search until the budget is used or there is nothing new to try."""
        self.work.until(lambda: self.work.budget.search_left <= 0.0)
        idle = 0
        try:
            while not self._over() and idle < _IDLE_STEPS:
                idle = 0 if self._step() else idle + 1
        except BudgetOver:
            pass
        finally:
            self.work.until(lambda: False)

    def _cut_off_step(self) -> Request | None:
        """Return the request of the last step if a killed session had nothing of it yet: it is made again.

        The step's number, and so its generator and a model's prompt, stay the same.
        """
        steps = [payload for _, kind, payload in self.work.journal.read_events() if kind == "step"]
        if not steps or self.work.journal.read_meta().get("steps_done", 0) >= steps[-1]["number"]:
            return None
        if steps[-1]["candidates"] != len(self.work.archive.candidates):
            return None
        what: Step = steps[-1]["what"]
        return Request(what, tuple(self.work.archive.candidates[id_] for id_ in steps[-1]["parents"]))

    def _over(self) -> bool:
        iterations = self.work.options.iterations
        if iterations is not None and not self._queue and self._cut_off is None and self._steps >= iterations:
            return True
        return self.work.budget.search_left <= 0.0

    def _step(self) -> bool:
        """Make one step; return whether there was anything to do."""
        if not self._queue:
            request = self._ask()
            if request.step == "tune":
                self._study(request.parents[0])
                self.work.journal.write_meta({"steps_done": self._steps})
                return True
            if not self._take_up(self._propose(request)):
                return self._study_instead()
        candidate = self._queue.popleft()
        self._look_ahead()
        self._race(candidate)
        return True

    def _study_instead(self) -> bool:
        """Where the strategist has nothing new, tune the incumbent if that was not done; return whether it was done."""
        incumbent = self.work.archive.incumbent
        if incumbent is None or incumbent.program.id in self.work.archive.studied:
            return False
        self._study(incumbent)
        return True

    def _look_ahead(self) -> None:
        """Let the next programs compile while the present one is measured."""
        iterations = self.work.options.iterations
        while len(self._queue) < _AHEAD and (iterations is None or self._cut_off or self._steps < iterations):
            if self._ask(dry=True).step == "tune" or not self._take_up(self._propose(self._ask())):
                return

    def _ask(self, *, dry: bool = False) -> Request:
        if self._cut_off is not None:
            request = self._cut_off
            if not dry:
                self._cut_off = None
            return request
        fraction = self.work.budget.search_fraction
        if self.work.options.iterations is not None:
            fraction = self._steps / self.work.options.iterations
        rng = generator(self.work.options.seed, "policy", self._steps)
        request = self._policy.ask(self.work.archive, fraction, rng)
        if not dry:
            self._steps += 1
            self.work.emit("step", number=self._steps, what=request.step, parents=[p.id for p in request.parents],
                           candidates=len(self.work.archive.candidates))  # fmt: skip
        return request

    def _propose(self, request: Request) -> Proposal | None:
        brief = Brief(
            request="draft" if request.step == "tune" else request.step,
            parents=tuple(parent.as_parent() for parent in request.parents),
            tried=self.work.archive.ideas(),
            genotypes_tried=self.work.archive.genotypes(),
            rng=generator(self.work.options.seed, "propose", self._steps),
        )
        return self._strategist.propose(brief)

    def _take_up(self, proposal: Proposal | None) -> bool:
        candidate = None if proposal is None else self.work.archive.add(proposal)
        if candidate is None:
            self.work.journal.write_meta({"steps_done": self._steps})
            return False
        self.work.journal.write_candidate(candidate, self.work.budget.elapsed)
        self.work.emit(
            "candidate",
            id=candidate.id,
            number=candidate.number,
            kind=candidate.proposal.kind,
            idea=candidate.proposal.idea,
        )
        self.work.prepare(candidate)
        self._queue.append(candidate)
        return True

    def _race(self, candidate: Candidate) -> None:
        self.work.show("measuring", id=candidate.id, number=candidate.number, idea=candidate.proposal.idea)
        incumbent = self.work.archive.incumbent
        decided = self._first(candidate) if incumbent is None else self._against(candidate, incumbent)
        best = decided.status in ("first", "better")
        self.work.archive.update(decided)
        self.work.journal.write_candidate(decided, self.work.budget.elapsed, incumbent=best)
        self.work.emit(
            "raced", id=decided.id, number=decided.number, status=decided.status, gain=decided.gain,
            low=decided.gain_low, high=decided.gain_high, cases=decided.cases, against=decided.against,
        )  # fmt: skip
        if best:
            self._crown(decided)
        else:
            self.work.release(decided)

    def _crown(self, candidate: Candidate) -> None:
        self.work.archive.promote(candidate)
        results = self.work.run(candidate, self._seeds[: self.plan.race.stages[0]], self.plan.fidelity)
        scores = [result.score for result in results.values() if result.score is not None]
        mean = sum(scores) / len(scores) if scores else None
        self.work.emit("incumbent", id=candidate.id, number=candidate.number, mean_score=mean, cases=len(scores),
                       failed=len(results) - len(scores), idea=candidate.proposal.idea)  # fmt: skip

    def _first(self, candidate: Candidate) -> Candidate:
        results = self.work.run(candidate, self._seeds[: self.plan.race.stages[0]], self.plan.fidelity)
        valid = any(result.accepted for result in results.values())
        if not valid:
            first = next(iter(results.values()))
            self.work.emit("warning", text=f"candidate {candidate.number}: {first.verdict}: {first.message[-300:]}")
        return replace(candidate, status="first" if valid else "failed", cases=len(results))

    def _against(self, candidate: Candidate, incumbent: Candidate) -> Candidate:
        result = race(
            self.work.problem.spec.objective,
            lambda seeds: self.work.run(candidate, seeds, self.plan.fidelity),
            lambda seeds: self.work.run(incumbent, seeds, self.plan.fidelity),
            self._seeds,
            self.plan.race,
        )
        low, high = mean_interval(result.comparison.gains)
        return replace(
            candidate,
            status=_STATUS[result.outcome],
            gain=result.comparison.mean,
            gain_low=low if math.isfinite(low) else None,
            gain_high=high if math.isfinite(high) else None,
            scale=result.comparison.scale,
            cases=len(result.comparison.gains),
            against=incumbent.id,
        )

    def _study(self, base: Candidate) -> None:
        """Tune a candidate's parameters on cases of their own; what is found is raced like any proposal."""
        work = self.work
        parameters = tunable(base.program.parameters)
        work.archive.studied.add(base.program.id)
        if not parameters:
            work.emit("study", program=base.program.id, trials=0, gain=0.0)
            return
        start = {p.name: p.default for p in parameters} | dict(base.values)
        end = work.budget.elapsed + _STUDY_SHARE * max(0.0, work.budget.elapsed + work.budget.search_left) \
            if work.options.seconds is not None else math.inf  # fmt: skip
        work.show("tuning", id=base.id, number=base.number, parameters=[p.name for p in parameters])

        trials: list[Trial] = []
        study = tune(
            parameters,
            lambda values, seeds: work.run_values(base, dict(values), seeds, self.plan.fidelity),
            self._tune_seeds,
            objective=work.problem.spec.objective,
            start=start,
            remembered=self._remembered,
            seed=derive(work.options.seed, "study", base.program.id),
            batch=work.options.workers,
            stop=lambda: work.budget.elapsed >= end or work.budget.search_left <= 0.0,
            max_trials=work.options.trials if work.options.seconds is None else _MOST_TRIALS,
        )
        with suppress(BudgetOver):  # what the finished trials found is still worth a place among the finalists
            for trial in study:
                trials.append(trial)
                self._record(base, trial)
        if not trials:
            return
        best = best_trial(trials)
        work.emit("study", program=base.program.id, trials=len(trials), gain=best.gain, values=dict(best.values))
        if best.number == 0:
            return
        changed = {name: value for name, value in best.values.items() if value != start[name]}
        proposal = Proposal(
            kind="tune",
            program=base.program,
            values=tuple(sorted((dict(base.values) | changed).items())),
            genotype=base.proposal.genotype,
            idea=f"constants of {base.number} tuned in {len(trials)} trials",
            parents=(base.id,),
            strategies=base.proposal.strategies,
        )
        self._take_up(proposal)

    def _record(self, base: Candidate, trial: Trial) -> None:
        values = tuple(trial.values.items())
        self.work.journal.write_trial(
            base.program.id, trial.number, values, trial.gain, trial.cases, self.work.budget.elapsed
        )
        self.work.show("trial", number=trial.number, gain=trial.gain, cases=trial.cases, values=dict(values))
