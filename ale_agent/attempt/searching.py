"""The middle of an attempt: propose, measure, keep what is better beyond chance, tune what is worth it.

The built-in strategist and the models take turns, one for one, as far as both have something to offer. Models are asked in
threads, so that candidates are measured meanwhile. With a time budget answers are taken up as they come; with an iteration
budget in the order of the requests and only when nothing else is left to do, so that the attempt can be repeated.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace

from ale_agent.attempt.authors import Authors
from ale_agent.attempt.planning import SearchPlan
from ale_agent.attempt.studying import SHARE_BESIDE_MODELS, study
from ale_agent.attempt.workspace import BudgetOver, Workspace
from ale_agent.evaluate import CaseResult
from ale_agent.evaluate.comparison import compare, mean_interval
from ale_agent.evaluate.race import Outcome, race
from ale_agent.search.archive import Candidate, Status
from ale_agent.search.policy import Policy, Request, Situation
from ale_agent.search.standing import MODEL_KINDS
from ale_agent.seeds import generator, share_cases
from ale_agent.strategist.protocol import Brief, Proposal, Strategist
from ale_agent.tune import tunable

_IDLE_STEPS = 8
_AHEAD = 2
_BUILTIN_FIRST = 2

_STATUS: dict[Outcome, Status] = {
    Outcome.BETTER: "better",
    Outcome.GIVEN_UP: "given_up",
    Outcome.NOT_SHOWN: "not_shown",
}


class Searching:
    """The loop of proposals, races and studies.

    Parameters
    ----------
    work
        The attempt.
    plan
        How its budget is cut up.
    strategist
        Writes programs without a model.
    policy
        Decides what to ask it for.
    remembered
        Parameter values that memory knows of, tried first by every study.
    authors
        The models that write programs beside it, None if there are none.
    """

    def __init__(
        self,
        work: Workspace,
        plan: SearchPlan,
        strategist: Strategist,
        policy: Policy,
        remembered: tuple[dict[str, float | int | str], ...] = (),
        authors: Authors | None = None,
    ) -> None:
        self.work = work
        self.plan = plan
        self._strategist = strategist
        self._policy = policy
        self._remembered = remembered
        self._authors = authors
        self._told = sum(kind == "step" for _, kind, _ in work.journal.read_events())
        self._steps = self._told - self._was_cut_off()
        self._queue = deque(work.archive.unfinished())
        work.archive.studied.update(
            payload["program"] for _, kind, payload in work.journal.read_events() if kind == "study"
        )
        self._seeds = share_cases(work.problem.case_seeds_available, "search", plan.race.stages[-1])

    def go(self) -> None:
        """Search until the budget is used or there is nothing new to try."""
        self.work.until(lambda: self.work.budget.search_left <= 0.0)
        idle = 0
        try:
            if self._authors is not None:
                self._authors.resume()
            while not self._over() and idle < _IDLE_STEPS:
                idle = 0 if self._step() else idle + 1
        except BudgetOver:
            pass
        finally:
            self.work.until(lambda: False)

    @property
    def _repeatable(self) -> bool:
        return self.work.options.iterations is not None

    def _steps_left(self) -> bool:
        iterations = self.work.options.iterations
        return iterations is None or self._steps < iterations

    def _over(self) -> bool:
        if not self._steps_left() and not self._queue and not (self._authors and self._authors.under_way):
            return True
        return self.work.budget.search_left <= 0.0

    def _step(self) -> bool:
        """Make one step; return whether there was anything to do."""
        if self._authors is not None and not self._repeatable:
            self._take_answers(wait=False)
        self._ask_authors(racing=None)
        if not self._queue and self._steps_left() and self._builtins_turn() and self._builtin_step(ahead=False):
            return True
        if not self._queue:
            return self._wait_for_authors() or self._study_instead()
        candidate = self._queue.popleft()
        self._look_ahead(candidate)
        self._race(candidate)
        return True

    def _study_instead(self) -> bool:
        """Where nobody has anything new, tune the incumbent if that was not done; return whether it was done."""
        incumbent = self.work.archive.incumbent
        if incumbent is None or incumbent.program.id in self.work.archive.studied:
            return False
        self._study(incumbent)
        return True

    def _look_ahead(self, racing: Candidate) -> None:
        """Let models think, and the next programs compile, while the present one is measured."""
        self._ask_authors(racing)
        while len(self._queue) < _AHEAD and self._steps_left() and self._builtins_turn(ahead=True):
            if not self._builtin_step(ahead=True):
                return

    # the built-in strategist

    def _builtins_turn(self, *, ahead: bool = False) -> bool:
        """Return whether the built-in strategist may propose: one for one with the models, or because they are slow."""
        if self._authors is None or (self._authors.over and not self._authors.under_way):
            return True
        composed = sum(c.proposal.kind in ("compose", "recall", "vary") for c in self.work.archive.candidates.values())
        if composed < _BUILTIN_FIRST + self._authors.closed_requests:
            return True
        return not (ahead or self._repeatable)

    def _builtin_step(self, *, ahead: bool) -> bool:
        """Let the built-in strategist make its next step; return whether there was anything to do."""
        situation = Situation(self.work.archive, self._fraction())
        request = self._policy.ask(situation, generator(self.work.options.seed, "policy", self._steps))
        if request is None or (ahead and request.step == "tune"):
            return False
        if request.step == "tune":
            if tunable(request.parents[0].program.parameters):
                self._count(request)
            self._study(request.parents[0])
            return True
        proposal = self._propose(request)
        if proposal is None and self._authors is not None:
            return False
        self._count(request)
        return self._take_up(proposal) is not None

    def _was_cut_off(self) -> bool:
        """Return whether a kill came before the last step had anything to show: it is made again, with its number."""
        shown = {"draft": "candidate", "vary": "candidate", "tune": "study"}
        cut_off = False
        for _, kind, payload in self.work.journal.read_events():
            if kind == "step":
                cut_off = payload["what"] in shown
                awaited = shown.get(payload["what"])
            elif cut_off and kind == awaited:
                cut_off = False
        return cut_off

    def _fraction(self) -> float:
        iterations = self.work.options.iterations
        return self.work.budget.search_fraction if iterations is None else self._steps / iterations

    def _count(self, request: Request) -> None:
        self._steps += 1
        if self._steps > self._told:  # else it was told before a kill cut it off
            self.work.emit("step", number=self._steps, what=request.step, parents=[p.id for p in request.parents])

    def _propose(self, request: Request) -> Proposal | None:
        brief = Brief(
            request="draft" if request.step == "tune" else request.step,
            parents=tuple(parent.as_parent() for parent in request.parents),
            tried=self.work.archive.ideas(),
            genotypes_tried=self.work.archive.genotypes(),
            rng=generator(self.work.options.seed, "propose", self._steps + 1),
        )
        return self._strategist.propose(brief)

    # the models

    def _ask_authors(self, racing: Candidate | None) -> None:
        if self._authors is None:
            return
        unmeasured = [*self._queue, *([racing] if racing is not None else [])]
        count = sum(candidate.proposal.kind in MODEL_KINDS for candidate in unmeasured)
        while self._steps_left() and self._authors.ask(count):
            self._steps += 1
            self.work.emit("step", number=self._steps, what="ask", parents=[])

    def _wait_for_authors(self) -> bool:
        """Use the time until an answer comes for a study, or wait a moment; return whether an answer is to come."""
        if self._authors is None or not self._authors.under_way:
            return False
        if self._repeatable or self._authors.answered or not self._study_instead():
            self._take_answers(wait=True)
        return True

    def _take_answers(self, *, wait: bool) -> None:
        assert self._authors is not None
        for answer in self._authors.answers(wait=wait, oldest_only=self._repeatable):
            self._authors.take(answer, self._take_up(answer.proposal, request=answer.asked.number))

    def close_authors(self) -> None:
        """Let go of the models; what they answered at the last moment is kept for whoever resumes."""
        if self._authors is not None:
            for answer in self._authors.close():
                self._authors.take(answer, self._take_up(answer.proposal, request=answer.asked.number))

    # measuring

    def _take_up(self, proposal: Proposal | None, request: int | None = None) -> Candidate | None:
        candidate = None if proposal is None else self.work.archive.add(proposal)
        if candidate is None:
            return None
        self.work.journal.write_candidate(candidate, self.work.budget.elapsed, request=request)
        self.work.emit(
            "candidate",
            id=candidate.id,
            number=candidate.number,
            kind=candidate.proposal.kind,
            idea=candidate.proposal.idea,
        )
        self.work.prepare(candidate)
        self._queue.append(candidate)
        return candidate

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
        failed = sum(not result.accepted for result in results.values())
        valid = failed < len(results)
        if not valid:
            first = next(iter(results.values()))
            self.work.emit("warning", text=f"candidate {candidate.number}: {first.verdict}: {first.message[-300:]}")
        return replace(candidate, status="first" if valid else "failed", cases=len(results), failed=failed)

    def _against(self, candidate: Candidate, incumbent: Candidate) -> Candidate:
        mine: dict[int, CaseResult] = {}
        theirs: dict[int, CaseResult] = {}

        def run(whose: Candidate, kept: dict[int, CaseResult], seeds: list[int]) -> dict[int, CaseResult]:
            results = self.work.run(whose, seeds, self.plan.fidelity)
            kept.update(results)
            return results

        result = race(
            self.work.problem.spec.objective,
            lambda seeds: run(candidate, mine, list(seeds)),
            lambda seeds: run(incumbent, theirs, list(seeds)),
            self._seeds,
            self.plan.race.patient() if self._is_worth_waiting_for(candidate) else self.plan.race,
        )
        low, high = mean_interval(result.comparison.gains)
        answered = {seed: r for seed, r in mine.items() if r.accepted and theirs[seed].accepted}
        return replace(
            candidate,
            status=_STATUS[result.outcome],
            gain=result.comparison.mean,
            gain_low=low if math.isfinite(low) else None,
            gain_high=high if math.isfinite(high) else None,
            scale=result.comparison.scale,
            cases=len(result.comparison.gains),
            against=incumbent.id,
            failed=sum(not r.accepted for r in mine.values()),
            working_gain=compare(self.work.problem.spec.objective, answered, theirs).usual if answered else None,
        )

    def _is_worth_waiting_for(self, candidate: Candidate) -> bool:
        """Return whether a program took a model's time, and nothing else waits to be measured."""
        return candidate.proposal.kind in MODEL_KINDS and not self._queue and not self._repeatable

    def _study(self, base: Candidate) -> None:
        """Tune a candidate's parameters; what is found is raced like any proposal.

        Beside models a study is shorter, and ends early when an answer has come: with a time budget only, since nobody
        can repeat when answers come.
        """
        authors = self._authors
        if authors is None or self._repeatable:
            self._take_up(study(self.work, self.plan, base, self._remembered))
            return
        self._take_up(
            study(
                self.work, self.plan, base, self._remembered,
                share=SHARE_BESIDE_MODELS, called_away=lambda: authors.answered,
            )
        )  # fmt: skip
