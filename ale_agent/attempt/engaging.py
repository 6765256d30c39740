"""Opens the models that an attempt was given: accounts, ledger, policy, and the strategist that speaks to them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ale_agent.attempt.asking import Author
from ale_agent.attempt.authors import AUTHOR, LEARN, Authors
from ale_agent.attempt.exchanges import Asked, Exchanges
from ale_agent.attempt.planning import SearchPlan
from ale_agent.attempt.remembering import Recollection
from ale_agent.attempt.workspace import Workspace
from ale_agent.errors import StandingsError
from ale_agent.memory.recall import recall
from ale_agent.problem import Problem
from ale_agent.search.policy import AsRecorded, BestOfN, Policy, Step
from ale_agent.seeds import share_cases
from ale_agent.statement import Statement
from ale_agent.strategist.encoding import Encoder
from ale_agent.strategist.spending import Account, BoundConversation, Caps, Ledger

_FURTHER = 40
_RANKS = (1, 10, 100)


def open_authors(
    work: Workspace,
    plan: SearchPlan,
    statement: Statement | None,
    recollection: Recollection,
    encoder: Encoder | None = None,
) -> Authors:
    """Return the models of an attempt, ready to be asked; with an encoder also for encodings.

    Raises
    ------
    UsageError
        One of them cannot be used, or a cap cannot hold.
    StoreError
        A recording cannot be read or written.
    """
    from ale_agent.strategist.opening import open_account
    from ale_agent.strategist.recording import Recording

    options = work.options
    inbox: queue.SimpleQueue[tuple[str, dict[str, Any]]] = queue.SimpleQueue()
    ended = threading.Event()
    caps = Caps(usd=options.max_usd, tokens=options.max_tokens, calls=options.max_calls)
    recording = None if options.record is None else Recording(Path(options.record))

    def stop() -> bool:
        return ended.is_set() or work.budget.search_left <= 0.0

    def warn(text: str) -> None:
        inbox.put(("warning", {"text": text}))

    accounts = {
        name: open_account(name, caps=caps, recording=recording, stop=stop, observe=warn)
        for name in dict.fromkeys(options.models)
    }
    exchanges = Exchanges(work.journal, lambda: work.budget.elapsed)
    ledger = Ledger(caps, exchanges, observe=lambda kind, payload: inbox.put((kind, payload)), stop=stop)
    further = recall(
        recollection.store,
        recollection.features,
        "" if statement is None else " ".join([statement.title, *statement.features.words]),
        limit=_FURTHER,
        meaning=recollection.meaning,
    )
    return Authors(
        work,
        exchanges,
        ledger,
        accounts,
        policy=_policy(work, accounts, encodings=encoder is not None),
        make_author=_author_maker(work, plan, statement, ledger, accounts, encoder),
        fidelity=plan.fidelity,
        recalled=recollection.recalled,
        further=[item.strategy for item in further if item.strategy.program is None],
        standings=_standings(work.problem),
        parallel=options.parallel,
        ended=ended,
        inbox=inbox,
    )


def _author_maker(
    work: Workspace,
    plan: SearchPlan,
    statement: Statement | None,
    ledger: Ledger,
    accounts: dict[str, Account],
    encoder: Encoder | None,
) -> Callable[[Asked, Callable[[str], None]], Author]:
    from ale_agent.strategist.model import ModelStrategist
    from ale_agent.strategist.prompting import describe_task

    task = describe_task(work.problem, None if statement is None else statement.text)
    known = [candidate.program for candidate in work.archive.in_order()]
    seed = share_cases(work.problem.case_seeds_available, "search", 1)[0]

    def make(asked: Asked, observe: Callable[[str], None]) -> Author:
        return ModelStrategist(
            BoundConversation(ledger, accounts[asked.model], asked.number, asked.parents),
            task,
            check=lambda program: work.try_out(program, seed, plan.fidelity),
            observe=observe,
            known=known,
            encoder=encoder,
        )

    return make


def _policy(work: Workspace, accounts: dict[str, Account], *, encodings: bool) -> Policy:
    """Return how models are asked; a recording alone is asked for what it was asked before."""
    from ale_agent.search.tree import TreeSearch
    from ale_agent.strategist.recording import ReplayConversation

    if len(accounts) == 1:
        conversation = next(iter(accounts.values())).conversation
        conversation = getattr(conversation, "inner", conversation)
        if isinstance(conversation, ReplayConversation):
            firsts = {e.request.number: e.request for e in reversed(conversation.exchanges) if not e.request.turns}
            order = [firsts[number] for number in sorted(firsts)]
            return AsRecorded(tuple((r.kind, r.parents) for r in order if r.kind not in (LEARN, AUTHOR)))
    if work.options.policy == "best-of-n":
        return BestOfN()
    kinds: frozenset[Step] = TreeSearch().kinds
    return TreeSearch(kinds | {"encode"} if encodings else kinds)


def _standings(problem: Problem) -> list[tuple[int, float]]:
    """Return some ranks of the problem's contest with their scores a case; nothing where scores do not add up."""
    from ale_agent.leaderboard import Standings, load_table

    spec = problem.spec
    if spec.leaderboard is None or not spec.leaderboard.ranked_cases or spec.scoring != "absolute":
        return []
    try:
        table = load_table(problem)
    except StandingsError:
        return []
    if not isinstance(table, Standings):
        return []
    rows = [min(table.rows, key=lambda row: abs(row.rank - rank)) for rank in _RANKS if rank <= table.entrants]
    return [(row.rank, row.score / spec.leaderboard.ranked_cases) for row in dict.fromkeys(rows)]
