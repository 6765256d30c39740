"""The models' part in an attempt: which of them is asked for what, what they are told, what becomes of their answers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ale_agent.attempt.asking import Answer, Asking, MakeAuthor
from ale_agent.attempt.exchanges import Asked, Exchanges
from ale_agent.attempt.measurement import Fidelity
from ale_agent.attempt.telling import (
    tell_best,
    tell_budget,
    tell_cases,
    tell_direction,
    tell_failures,
    tell_history,
    tell_insights,
    tell_strategies,
    tell_tried,
)
from ale_agent.attempt.workspace import Workspace
from ale_agent.errors import BudgetExceededError, StoreError
from ale_agent.memory.recall import Recalled
from ale_agent.memory.strategy import Strategy
from ale_agent.search.archive import Candidate
from ale_agent.search.bandit import Record, cheapest_unit, choose
from ale_agent.search.policy import Policy, Request, Situation
from ale_agent.search.standing import MODEL_KINDS
from ale_agent.seeds import generator
from ale_agent.strategist.prompting import shown_source
from ale_agent.strategist.protocol import Brief
from ale_agent.strategist.spending import Account, Ledger

LEARN = "insights"
AUTHOR = "tools"  # asks for the judge of a statement alone, before there is an attempt on it

_BATCH = 5
_WAIT_SECONDS = 0.5
_HOPELESS = 6
_SUCCESS = {"better": 1.0, "first": 1.0, "not_shown": 0.4, "given_up": 0.1, "failed": 0.0, "new": 0.0}


@dataclass
class Authors:
    """The models that write programs for an attempt.

    Parameters
    ----------
    work
        The attempt.
    exchanges
        Where requests and calls are kept.
    ledger, accounts
        What may be spent, and the models by name.
    policy
        Decides what to ask for.
    make_author
        Gives the strategist for a request.
    fidelity
        At which candidates are measured, for the table of cases.
    recalled, further
        Strategies that prompts show; and all those that a forced draft may be built on.
    standings
        (rank, score a case) of the contest that the problem is from.
    parallel
        How many requests and unmeasured answers there may be at a time: with one, each request knows the outcome of all
        before it.
    ended
        Set when the search is over: who waits for an answer stops then, and requests without one stay open.
    """

    work: Workspace
    exchanges: Exchanges
    ledger: Ledger
    accounts: dict[str, Account]
    policy: Policy
    make_author: MakeAuthor
    fidelity: Fidelity
    recalled: Sequence[Recalled] = ()
    further: Sequence[Strategy] = ()
    standings: Sequence[tuple[int, float]] = ()
    parallel: int = 2
    ended: threading.Event = field(default_factory=threading.Event)
    inbox: queue.SimpleQueue[tuple[str, dict[str, Any]]] = field(default_factory=queue.SimpleQueue)
    _dropped: set[str] = field(default_factory=set, init=False)
    _capped: bool = field(default=False, init=False)
    _nothing_left: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._asking = Asking(self.make_author)
        self._asked = {asked.number: asked for asked in self.exchanges.requests() if asked.kind != AUTHOR}

    @property
    def over(self) -> bool:
        """Whether nobody can be asked any more."""
        return self._capped or self._nothing_left or not self._models()

    @property
    def under_way(self) -> int:
        """How many requests are not answered yet."""
        return len(self._asking.under_way)

    @property
    def answered(self) -> bool:
        """Whether an answer has come that was not taken yet."""
        return self._asking.answered

    @property
    def closed_requests(self) -> int:
        """How many requests for a program are over."""
        return sum(asked.kind != LEARN and asked.status != "open" for asked in self._asked.values())

    def resume(self) -> None:
        """Ask again what a killed session had asked; replies that had come are not paid for again."""
        lost = self.exchanges.settle_cut_off([a.name for a in self.accounts.values() if not a.billed])
        if lost:
            tokens = sum(call.usage.input_tokens + call.usage.output_tokens for call in lost)
            self.work.emit(
                "warning",
                text=f"{len(lost)} calls were cut off when the attempt was killed; they count as spent in full "
                f"({tokens} tokens expected) and are made again",
            )
        for asked in list(self._asked.values()):
            if asked.status == "open" and asked.model in self.accounts:
                self._asking.submit(asked, None if asked.kind == LEARN else self._brief(asked))
            elif asked.status == "open":
                self._refuse(asked)

    def ask(self, unmeasured: int) -> bool:
        """Make one more request, if there is room for it; return whether it was one for a program.

        Parameters
        ----------
        unmeasured
            How many candidates of models were not raced yet.
        """
        self.tell_news()
        if self.over or self.under_way + unmeasured >= max(1, self.parallel):
            return False
        if self._learning_is_due():
            self._open(LEARN, (), {"history": tell_history(self._written())})
            if self.under_way + unmeasured >= max(1, self.parallel):
                return False
        number = len(self._asked) + 1
        request = self.policy.ask(self._situation(), generator(self.work.options.seed, "ask", number))
        if request is None:
            self._nothing_left = True
            return False
        self._open(request.step, request.parents, self._details(request))
        return True

    def answers(self, *, wait: bool, oldest_only: bool) -> list[Answer]:
        """Return answers that have come.

        Parameters
        ----------
        wait
            Whether to wait a moment for one.
        oldest_only
            Whether to take them strictly in the order of the requests, so that an attempt can be repeated.
        """
        seconds = _WAIT_SECONDS if wait else 0.0
        answers = self._asking.wait(oldest_only=oldest_only, seconds=seconds)
        self.tell_news()
        for answer in answers:
            self._note(answer)
        return answers

    def take(self, answer: Answer, candidate: Candidate | None) -> None:
        """Close a request: with the candidate that came of it, with insights, or with nothing."""
        asked = answer.asked
        if candidate is not None:  # the journal has it by now
            self.work.show("answered", request=asked.number, id=candidate.id)
            self._asked[asked.number] = _over(asked, "taken", candidate.id)
        elif answer.insights:
            self.exchanges.learn(asked, answer.insights)
            self._asked[asked.number] = _over(asked, "learned")
            self.work.emit("insights", request=asked.number, claims=[insight.claim for insight in answer.insights])
        elif answer.error is None and (self.ended.is_set() or self.work.budget.search_left <= 0.0):
            self._asked.pop(asked.number)  # it stays open in the journal: whoever resumes asks it again
        else:
            self._refuse(asked)

    def tell_news(self) -> None:
        """Journal and show what threads had to say."""
        while True:
            try:
                kind, payload = self.inbox.get_nowait()
            except queue.Empty:
                return
            if kind == "spend":
                self.work.show(kind, **payload)
            else:
                self.work.emit(kind, **payload)

    def close(self) -> list[Answer]:
        """Let go of the models, and return answers that had come meanwhile."""
        self.ended.set()
        for account in self.accounts.values():
            account.conversation.close()
        self._asking.close()
        answers = [answer for answer in self._asking.take(oldest_only=False) if answer.proposal or answer.insights]
        self.tell_news()
        return answers

    # what is asked of whom

    def _models(self) -> list[str]:
        return [name for name in self.accounts if name not in self._dropped]

    def _situation(self) -> Situation:
        programs = [asked for asked in self._asked.values() if asked.kind != LEARN]
        forced = [place for place, asked in enumerate(programs) if "direction" in asked.details]
        return Situation(
            archive=self.work.archive,
            fraction=self.work.budget.search_fraction,
            under_way=tuple((asked.kind, asked.parents) for asked in self._asking.under_way),
            asked=len(programs),
            since_forced=len(programs) - 1 - forced[-1] if forced else len(programs) + 1_000_000,
        )

    def _open(self, kind: str, parents: Sequence[Candidate], details: dict[str, str]) -> None:
        rng = generator(self.work.options.seed, "model", len(self._asked) + 1)
        names = self._models()
        asked_before = {asked.model for asked in self._asked.values()}
        new = [name for name in names if name not in asked_before]
        model = new[0] if new else choose(self._records(names), rng)
        independent = self.work.options.policy == "best-of-n"
        tried = () if kind == LEARN or independent else tell_tried(self.work.archive.in_order(), self._results)
        asked = self.exchanges.open_request(kind, model, [p.id for p in parents], tried, details)
        self._asked[asked.number] = asked
        self.work.emit("asked", request=asked.number, kind=kind, model=model, parents=[p.id for p in parents])
        self._asking.submit(asked, None if kind == LEARN else self._brief(asked))

    def _records(self, names: Sequence[str]) -> list[Record]:
        """Return what the models did so far, with costs in a unit that all of them have."""
        over = [asked for asked in self._asked.values() if asked.kind != LEARN and asked.status != "open"]
        calls = self.exchanges.calls()
        mine = {asked.number: [call for call in calls if call.request == asked.number] for asked in over}
        usd = [
            None if any(call.usage.cost_usd is None for call in mine[a.number]) else sum(
                call.usage.cost_usd or 0.0 for call in mine[a.number]
            )
            for a in over
        ]  # fmt: skip
        tokens = [float(sum(c.usage.input_tokens + c.usage.output_tokens for c in mine[a.number])) for a in over]
        seconds = [sum(call.seconds for call in mine[a.number]) for a in over]
        costs = cheapest_unit(usd, tokens, seconds)
        candidates = self.work.archive.candidates
        success = [_SUCCESS[candidates[a.candidate].status] if a.candidate in candidates else 0.0 for a in over]
        return [
            Record(
                name,
                tuple(value for a, value in zip(over, success, strict=True) if a.model == name),
                tuple(value for a, value in zip(over, costs, strict=True) if a.model == name),
            )
            for name in names
        ]

    def _brief(self, asked: Asked) -> Brief:
        archive = self.work.archive
        return Brief(
            request=asked.kind,  # type: ignore[arg-type]
            parents=tuple(archive.candidates[id_].as_parent() for id_ in asked.parents),
            tried=asked.tried,
            genotypes_tried=archive.genotypes(),
            rng=generator(self.work.options.seed, "author", asked.number),
            details=asked.details,
        )

    # what they are told

    def _details(self, request: Request) -> dict[str, str]:
        work = self.work
        left = None if work.options.seconds is None else work.budget.search_left
        details = {"budget": tell_budget(left, self.ledger.spent(), self.ledger.caps, len(self._asked) + 1)}
        if work.options.policy == "best-of-n":
            return details
        details["strategies"] = tell_strategies(self.recalled)
        details["insights"] = tell_insights(self.exchanges.insights(), work.archive.candidates)
        incumbent = work.archive.incumbent
        if incumbent is not None:
            limit = work.problem.spec.time_limit
            details["best_so_far"] = tell_best(
                incumbent, self._results(incumbent), self.fidelity.time_limit, limit, self.standings
            )
            if self._wants_the_best(request, incumbent):
                details["best_program"] = f"```python\n{shown_source(incumbent.as_parent()).strip()}\n```"
        if self._asking.under_way and request.step in ("draft", "encode"):
            details["others_at_work"] = (
                "Another author writes at this moment, nobody knows what: not the first idea that anybody would have."
            )
        if request.parents:
            details["cases"] = "\n\n".join(self._cases(parent) for parent in request.parents)
        if request.step == "repair":
            broken = request.parents[0]
            other = work.archive.candidates.get(broken.against or "")
            theirs = {} if other is None else self._results(other)
            details["failure"] = tell_failures(work.problem.spec.objective, self._results(broken), theirs)
        if request.forced:
            used = frozenset(id_ for c in work.archive.candidates.values() for id_ in c.proposal.strategies)
            turn = sum("direction" in asked.details for asked in self._asked.values())
            details["direction"] = tell_direction(self.further, used, turn)
        return {name: text for name, text in details.items() if text}

    @staticmethod
    def _wants_the_best(request: Request, incumbent: Candidate) -> bool:
        """Return whether an author is to see the best program beside what the request is about.

        Not where a draft is to be of another kind, nor what a composer wrote: that says little to an author.
        """
        asked = request.step in ("draft", "refine") and not request.forced
        shown = any(parent.id == incumbent.id for parent in request.parents)
        return asked and not shown and incumbent.proposal.kind in MODEL_KINDS and incumbent.proposal.genotype is None

    def _cases(self, candidate: Candidate) -> str:
        """Return a candidate's cases against the incumbent, or the incumbent's against the one before it."""
        incumbent = self.work.archive.incumbent
        other = incumbent
        if incumbent is not None and incumbent.id == candidate.id:
            other = self.work.archive.candidates.get(candidate.against or "")
        theirs = {} if other is None else self._results(other)
        words = None if other is None else f"{'the best, ' if other is incumbent else 'the best before it, '}{other.id}"
        return tell_cases(
            self.work.problem.spec.objective, candidate.id, self._results(candidate), words, theirs
        )  # fmt: skip

    def _results(self, candidate: Candidate) -> dict[int, Any]:
        return self.work.journal.read_results(candidate.program, candidate.values, self.fidelity.mode)

    def _learning_is_due(self) -> bool:
        if self.work.options.policy == "best-of-n" or any(a.kind == LEARN for a in self._asking.under_way):
            return False
        asked = [a for a in self._asked.values() if a.kind == LEARN]
        due = _BATCH * (1 + len(asked))
        cap = self.ledger.caps.calls
        return len(self._written()) >= due and (cap is None or cap - self.ledger.spent()["calls"] >= _BATCH)

    def _written(self) -> list[Candidate]:
        return [
            candidate
            for candidate in self.work.archive.in_order()
            if candidate.proposal.kind in MODEL_KINDS and candidate.status != "new"
        ]

    # what becomes of answers

    def _note(self, answer: Answer) -> None:
        """Keep and show why replies were sent back, and drop a model that cannot be asked further."""
        if answer.notes:
            self.exchanges.note(answer.asked, answer.notes)
        for note in answer.notes:
            self.work.emit("warning", text=note)
        if isinstance(answer.error, StoreError):
            raise answer.error
        if isinstance(answer.error, BudgetExceededError):
            if not self._capped:
                self._capped = True
                self.work.emit(
                    "capped",
                    kind=answer.error.kind,
                    text=f"{answer.error}; no model is asked any more. To go on with a higher cap: "
                    f"ale-agent resume {self.work.folder} --max-{answer.error.kind} N",
                )
        elif answer.error is not None:
            self._drop(answer.asked.model, str(answer.error))

    def _drop(self, model: str, why: str) -> None:
        if model not in self._dropped:
            self._dropped.add(model)
            self.work.emit("warning", text=f"{why}; this model is not asked any more")

    def _refuse(self, asked: Asked) -> None:
        self.exchanges.refuse(asked)
        self._asked[asked.number] = _over(asked, "refused")
        self.work.emit("refused", request=asked.number, kind=asked.kind, model=asked.model)
        mine = [a for a in self._asked.values() if a.model == asked.model and a.kind != LEARN and a.status != "open"]
        if [a.status for a in mine[-_HOPELESS:]] == ["refused"] * _HOPELESS:
            self._drop(asked.model, f"{asked.model}: nothing came of its last {_HOPELESS} requests")


def _over(asked: Asked, status: Any, candidate: str | None = None) -> Asked:
    return replace(asked, status=status, candidate=candidate)
