"""Models in the loop of an attempt: what they are asked, in which order, what they are told, and what a killed run keeps."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from attempt_fakes import OPENED, FormulaEvaluator, program_of, workspace

from ale_agent.attempt.authors import Authors
from ale_agent.attempt.exchanges import Asked, Exchanges
from ale_agent.attempt.planning import plan_search
from ale_agent.attempt.searching import Searching
from ale_agent.attempt.workspace import Workspace
from ale_agent.clock import FakeClock
from ale_agent.program import Program
from ale_agent.search.policy import AsRecorded, BestOfN, DraftVaryTune, Policy
from ale_agent.search.tree import TreeSearch
from ale_agent.strategist.conversations import ConversationError, ModelReply, ModelRequest, Usage
from ale_agent.strategist.protocol import Brief, Insight, Proposal
from ale_agent.strategist.spending import Account, BoundConversation, Caps, Ledger


@pytest.fixture(autouse=True)
def _closed_journals() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def plain_program(merit: float) -> Program:
    """Return a program that has nothing to tune."""
    return Program.from_source(program_of(merit).source.split("\n", 1)[1])


class Nothing:
    """A built-in strategist without array-level tools."""

    def propose(self, brief: Brief) -> Proposal | None:
        return None


@dataclass
class Writer:
    """A model: what it says is a function of the request and of how often it was asked."""

    say: Callable[[ModelRequest, int], str]
    name: str = "writer"
    requests: list[ModelRequest] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, request: ModelRequest) -> ModelReply:
        with self.guard:
            self.requests.append(request)
            turn = len(self.requests)
        text = self.say(request, turn)
        return ModelReply(text=text, usage=Usage(input_tokens=10, output_tokens=5, cost_usd=0.01))

    def close(self) -> None:
        pass


@dataclass
class FakeAuthor:
    """A strategist whose prompts are the brief's texts and whose replies are merits, ``refuse`` or a claim."""

    conversation: BoundConversation
    briefs: list[Brief]

    def propose(self, brief: Brief) -> Proposal | None:
        self.briefs.append(brief)
        prompt = "\n\n".join([*brief.tried, *brief.details.values()])
        text = self.conversation.ask(ModelRequest(kind=brief.request, prompt=prompt)).text
        if text == "refuse":
            return None
        parents = tuple(parent.id for parent in brief.parents)
        return Proposal(kind=brief.request, program=plain_program(float(text)), idea=f"merit {text}", parents=parents)  # type: ignore[arg-type]

    def learn(self, history: str) -> tuple[Insight, ...]:
        self.conversation.ask(ModelRequest(kind="insights", prompt=history))
        return (Insight("merit is all", supports=(history.split()[0],)),)


def search(
    work: Workspace,
    *models: Writer,
    policy: Policy | None = None,
    parallel: int = 2,
    caps: Caps | None = None,
    builtin: Any = None,
    account: Callable[[Writer], Account] = Account,
) -> list[Brief]:
    plan = plan_search(work.problem, work.options)
    exchanges = Exchanges(work.journal, lambda: work.budget.elapsed)
    accounts = {model.name: account(model) for model in models}
    briefs: list[Brief] = []
    told: list[tuple[str, dict[str, Any]]] = []
    ledger = Ledger(caps or Caps(), exchanges, clock=FakeClock(), observe=lambda kind, data: told.append((kind, data)))

    def make(asked: Asked, observe: Callable[[str], None]) -> FakeAuthor:
        return FakeAuthor(BoundConversation(ledger, accounts[asked.model], asked.number, asked.parents), briefs)

    authors = Authors(
        work, exchanges, ledger, accounts, policy or TreeSearch(), make, plan.fidelity, parallel=parallel
    )  # fmt: skip
    searching = Searching(work, plan, builtin or Nothing(), DraftVaryTune(plan.drafts), authors=authors)
    try:
        searching.go()
    finally:
        searching.close_authors()
    return briefs


def events(work: Workspace, kind: str) -> list[dict[str, Any]]:
    return [payload for _, name, payload in work.journal.read_events() if name == kind]


def rising(request: ModelRequest, turn: int) -> str:
    return str(10.0 * turn)


def test_a_model_alone_makes_an_attempt(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=6, trials=2)
    search(work, Writer(rising))
    assert work.archive.incumbent is not None
    assert "MERIT = 60.0" in work.archive.incumbent.program.source
    assert work.archive.in_order()[0].proposal.kind == "draft"


def test_the_builtin_strategist_and_a_model_take_turns(tmp_path: Path) -> None:
    merits = itertools.count(1)

    class Composer:
        def propose(self, brief: Brief) -> Proposal | None:
            return Proposal(kind="compose", program=plain_program(next(merits) / 10), idea="composed")

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=10, trials=2)
    search(work, Writer(rising), builtin=Composer())
    kinds = ["compose" if c.proposal.kind == "compose" else "model" for c in work.archive.in_order()]
    assert kinds.count("model") >= 3 and kinds.count("compose") >= 3
    assert len(kinds) == 10


def test_with_one_at_a_time_each_request_knows_how_all_before_it_did(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=5, trials=2)
    briefs = search(work, Writer(rising), parallel=1)
    assert [len(brief.tried) for brief in briefs] == [0, 1, 2, 3, 4]
    assert not any("not measured yet" in line for brief in briefs for line in brief.tried)


def test_so_many_requests_are_open_at_a_time_and_no_more(tmp_path: Path) -> None:
    open_now, most = [0], [0]

    def say(request: ModelRequest, turn: int) -> str:
        open_now[0] += 1
        most[0] = max(most[0], open_now[0])
        time.sleep(0.1)
        open_now[0] -= 1
        return str(float(turn))

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=8, trials=2)
    search(work, Writer(say), parallel=3)
    assert most[0] == 3


def test_an_iteration_budget_repeats_itself_however_long_replies_take(tmp_path: Path) -> None:
    told = []
    for name, seconds in (("a", (0.0, 0.05)), ("b", (0.05, 0.0))):

        def say(request: ModelRequest, turn: int, seconds: tuple[float, float] = seconds) -> str:
            time.sleep(seconds[request.number % 2])
            return str(10.0 * request.number)

        evaluator = FormulaEvaluator(FakeClock())
        work = workspace(tmp_path / name, evaluator, seconds=None, iterations=7, trials=3)
        search(work, Writer(say), parallel=2)
        told.append([(c.id, c.proposal.kind, c.status, c.gain) for c in work.archive.in_order()])
    assert told[0] == told[1]


def test_a_program_that_fails_is_sent_back_for_repair_with_seed_and_reason(tmp_path: Path) -> None:
    def say(request: ModelRequest, turn: int) -> str:
        return "-1" if request.kind == "draft" else "50.0"

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=2, trials=2)
    briefs = search(work, Writer(say), parallel=1)
    assert [brief.request for brief in briefs] == ["draft", "repair"]
    failure = briefs[1].details["failure"]
    assert "No valid answer on 4 of 4 cases" in failure and "runtime_error" in failure
    assert work.archive.incumbent is not None


def test_a_refinement_sees_its_parents_cases(tmp_path: Path) -> None:
    def say(request: ModelRequest, turn: int) -> str:
        return str(turn / 10 if request.kind == "draft" else 50.0 + turn)

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=12, trials=2)
    briefs = search(work, Writer(say), parallel=1)
    refined = [brief for brief in briefs if brief.request == "refine"]
    assert refined
    assert refined[0].parents[0].id in refined[0].details["cases"]
    assert "seed | score" in refined[0].details["cases"]


def test_a_later_author_sees_the_best_program_whatever_is_asked(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=5, trials=2)
    briefs = search(work, Writer(rising), parallel=1)
    best = work.archive.in_order()[0].program.source.strip()
    seen = [*(parent.program.source for parent in briefs[1].parents), briefs[1].details.get("best_program", "")]
    assert "best_program" not in briefs[0].details
    assert any(best in text for text in seen)


def test_a_cap_leaves_the_rest_to_the_builtin_strategist_and_says_how_to_go_on(tmp_path: Path) -> None:
    class Composer:
        def __init__(self) -> None:
            self.merit = 0.0

        def propose(self, brief: Brief) -> Proposal | None:
            self.merit += 0.5
            return Proposal(kind="compose", program=program_of(self.merit), idea="composed")

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=12, trials=2)
    model = Writer(rising)
    search(work, model, builtin=Composer(), caps=Caps(calls=2))
    assert len(model.requests) == 2
    assert len(work.archive.candidates) >= 10
    [capped] = events(work, "capped")
    assert f"ale-agent resume {tmp_path} --max-calls N" in capped["text"]


def test_a_cap_ends_an_attempt_of_a_model_alone(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=900.0)
    model = Writer(rising)
    search(work, model, caps=Caps(usd=0.035), account=lambda m: Account(m, price=lambda given, taken: 0.01))
    assert len(model.requests) == 3
    assert work.archive.incumbent is not None
    assert work.journal.read_spend()["usd"] == pytest.approx(0.03)


def test_a_model_that_never_gives_a_program_is_left_alone_after_a_while(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=900.0)
    model = Writer(lambda request, turn: "refuse")
    search(work, model)
    assert len(model.requests) in (6, 7)
    assert any("not asked any more" in warning["text"] for warning in events(work, "warning"))


def test_of_several_models_each_is_asked_before_any_is_asked_again(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=5, trials=2)
    models = [Writer(rising, name=name) for name in ("one", "two", "three", "four", "five")]
    search(work, *models, parallel=3)
    assert [len(model.requests) for model in models] == [1] * 5


def test_a_model_that_cannot_be_reached_leaves_the_others(tmp_path: Path) -> None:
    def fail(request: ModelRequest, turn: int) -> str:
        raise ConversationError("wrong key", lasting=True)

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=8, trials=2)
    good, bad = Writer(rising, name="good"), Writer(fail, name="bad")
    search(work, good, bad)
    assert len(bad.requests) <= 2
    assert len(work.archive.candidates) >= 6


def test_after_a_batch_the_model_says_what_was_learned_and_is_told_it_with_gains(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=9, trials=2)
    briefs = search(work, Writer(rising), parallel=1)
    told = [brief.details["insights"] for brief in briefs if "insights" in brief.details]
    assert told and "- merit is all [for: c-" in told[0]
    assert len(events(work, "insights")) == 1


def test_when_nothing_is_better_for_long_a_draft_of_another_kind_is_forced(tmp_path: Path) -> None:
    def say(request: ModelRequest, turn: int) -> str:
        return "500.0" if turn == 1 else str(turn / 10)

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=12, trials=2)
    briefs = search(work, Writer(say), parallel=1)
    forced = [brief for brief in briefs if "direction" in brief.details]
    assert [brief.request for brief in forced] == ["draft"]


def test_best_of_n_drafts_without_feedback(tmp_path: Path) -> None:
    work = workspace(
        tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=5, trials=2, policy="best-of-n"
    )  # fmt: skip
    briefs = search(work, Writer(rising), policy=BestOfN())
    assert {brief.request for brief in briefs} == {"draft"}
    assert all(brief.tried == () and set(brief.details) == {"budget"} for brief in briefs)


def test_a_recording_is_asked_for_what_it_was_asked_before(tmp_path: Path) -> None:
    first = plain_program(10.0).id
    order = (("draft", ()), ("refine", (first,)), ("simplify", ("c-unknown",)))
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=9, trials=2)
    briefs = search(work, Writer(rising), policy=AsRecorded(order), parallel=1)
    assert [brief.request for brief in briefs] == ["draft", "refine", "simplify"]
    assert briefs[1].parents[0].id == first


class Killed(BaseException):
    """What ends a process in the middle."""


@pytest.mark.parametrize("die_at", [1, 2, 3, 5])
def test_a_killed_attempt_asks_the_same_again_and_pays_for_nothing_twice(tmp_path: Path, die_at: int) -> None:
    def say(request: ModelRequest, turn: int) -> str:
        return str(10.0 * request.number)

    def say_or_die(request: ModelRequest, turn: int) -> str:
        if turn == die_at:
            raise Killed
        return say(request, turn)

    options: dict[str, Any] = {"seconds": None, "iterations": 6, "trials": 2}
    whole = Writer(say)
    search(workspace(tmp_path / "whole", FormulaEvaluator(FakeClock()), **options), whole, parallel=1)
    first, second = Writer(say_or_die), Writer(say)
    work = workspace(tmp_path / "killed", FormulaEvaluator(FakeClock()), **options)
    with pytest.raises(Killed):
        search(work, first, parallel=1)
    work.journal.close()
    resumed = workspace(tmp_path / "killed", FormulaEvaluator(FakeClock()), create=False, **options)
    search(resumed, second, parallel=1)
    answered = [request.digest for request in first.requests if request.digest != first.requests[-1].digest]
    assert [*answered, *(request.digest for request in second.requests)] == [r.digest for r in whole.requests]
    assert resumed.journal.read_spend()["calls"] == len(whole.requests) + 1
    assert [c.id for c in resumed.archive.in_order()] == [c.id for c in OPENED[0].read_archive().in_order()]


def test_a_reply_that_came_before_the_kill_is_used_without_a_call(tmp_path: Path) -> None:
    options: dict[str, Any] = {"seconds": None, "iterations": 3, "trials": 2}

    class DyingAuthor(FakeAuthor):
        def propose(self, brief: Brief) -> Proposal | None:
            super().propose(brief)
            raise Killed

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), **options)
    exchanges = Exchanges(work.journal)
    model = Writer(rising)
    ledger = Ledger(Caps(), exchanges, clock=FakeClock())
    accounts = {model.name: Account(model)}
    plan = plan_search(work.problem, work.options)
    authors = Authors(
        work, exchanges, ledger, accounts, TreeSearch(),
        lambda asked, observe: DyingAuthor(BoundConversation(ledger, accounts[asked.model], asked.number), []),
        plan.fidelity, parallel=1,
    )  # fmt: skip
    with pytest.raises(Killed):
        Searching(work, plan, Nothing(), DraftVaryTune(2), authors=authors).go()
    work.journal.close()
    resumed = workspace(tmp_path, FormulaEvaluator(FakeClock()), create=False, **options)
    again = Writer(lambda request, turn: str(100.0 * turn))
    search(resumed, again, parallel=1)
    assert "MERIT = 10.0" in resumed.archive.in_order()[0].program.source
    assert resumed.journal.read_spend()["calls"] == 3


def test_a_request_nobody_answered_in_time_stays_open_for_whoever_resumes(tmp_path: Path) -> None:
    evaluator = FormulaEvaluator(FakeClock())
    work = workspace(tmp_path, evaluator, seconds=60.0)

    def say(request: ModelRequest, turn: int) -> str:
        evaluator.clock.sleep(100.0)
        raise ConversationError("nobody has answered", lasting=False)

    search(work, Writer(say), parallel=1)
    assert [asked.status for asked in Exchanges(work.journal).requests()] == ["open"]


def test_why_replies_were_sent_back_is_kept_with_the_request(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=1, trials=2)

    class Complaining:
        def __init__(self, observe: Callable[[str], None]) -> None:
            self.observe = observe

        def propose(self, brief: Brief) -> Proposal | None:
            self.observe("reply 1 was sent back: no program")
            return None

        def learn(self, history: str) -> tuple[Insight, ...]:
            return ()

    exchanges = Exchanges(work.journal)
    model = Writer(rising)
    authors = Authors(
        work, exchanges, Ledger(Caps(), exchanges), {model.name: Account(model)}, BestOfN(),
        lambda asked, observe: Complaining(observe), plan_search(work.problem, work.options).fidelity,
    )  # fmt: skip
    Searching(work, plan_search(work.problem, work.options), Nothing(), DraftVaryTune(2), authors=authors).go()
    [asked] = exchanges.requests()
    assert (asked.status, asked.notes) == ("refused", ("reply 1 was sent back: no program",))


def test_a_fault_of_our_own_in_a_thread_is_not_swallowed(tmp_path: Path) -> None:
    def say(request: ModelRequest, turn: int) -> str:
        raise ZeroDivisionError("ours")

    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=3, trials=2)
    with pytest.raises(ZeroDivisionError, match="ours"):
        search(work, Writer(say))
