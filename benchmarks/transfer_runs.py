"""Runs of the transfer benchmark: one search of one problem with one memory, measured in evaluations.

A search is the attempt's own loop (`attempt.searching`) with the built-in strategist, its races and studies; only the
programs are run by `benchmarks.flexible`, which gives the same answers without compiling each. What was measured once
is kept in a file and never run again: a result depends on program, values, case, seed and evaluations alone.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ale_agent.attempt.budget import CONFIRM_SHARE, HANDOVER_SECONDS, Budget
from ale_agent.attempt.confirming import Confirmation
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.planning import plan_search
from ale_agent.attempt.remembering import Recollection, recollect, reflect
from ale_agent.attempt.searching import Searching
from ale_agent.attempt.workspace import Event, Workspace
from ale_agent.clock import FakeClock
from ale_agent.evaluate import CaseResult, Job, Verdict
from ale_agent.evaluate.comparison import compare
from ale_agent.evaluate.race import plan_race
from ale_agent.memory import Evidence, Store, Strategy, composition_of, keep_learned, learned_strategy
from ale_agent.memory.shipped import SHIPPED_ATTEMPT
from ale_agent.problem import Case, Problem, find_problem, load_problem, open_tools
from ale_agent.program import Program, bake
from ale_agent.search.archive import Candidate
from ale_agent.search.policy import BestOfN, DraftVaryTune, Policy
from ale_agent.seeds import share_cases
from ale_agent.settings import Settings
from ale_agent.statement import read_statement
from ale_agent.strategist.builtin import BuiltinStrategist
from ale_agent.strategist.compose import compose, default_genotype
from ale_agent.strategist.protocol import Brief, Proposal
from benchmarks.flexible import FlexibleEvaluator, FlexibleSearch

_CASES_APART = 1000  # each repetition searches on cases of its own


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What a search may use.

    Parameters
    ----------
    runs
        Runs of a candidate on a case; drafts, studies and variations share them as they share an attempt's time.
    drafts
        How many compositions to begin with.
    cases, tune_cases
        Cases of a whole race, and of a study.
    evaluations
        Objective evaluations of one run.
    test_cases
        Fresh cases that the incumbents are judged on; these runs are not counted.
    """

    runs: int
    drafts: int
    cases: int
    tune_cases: int
    evaluations: int
    test_cases: int

    @property
    def seconds(self) -> float:
        """The time budget of an attempt whose clock counts runs that has this many for searching."""
        return (self.runs + HANDOVER_SECONDS / 2) / (1.0 - CONFIRM_SHARE)


@dataclass(frozen=True, kw_only=True)
class Incumbent:
    """The best program at some point of a search.

    Parameters
    ----------
    at
        How many runs the search had made when it was crowned.
    idea, genotype, values
        What it is.
    score
        Its mean score on the test cases.
    gain
        Its mean paired gain over the default composition on the test cases, a log-ratio.
    """

    at: int
    idea: str
    genotype: str
    values: dict[str, Any]
    score: float
    gain: float


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One search: its incumbents in order, and how many runs it made."""

    runs: int
    incumbents: tuple[Incumbent, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Trace:
        """Return the trace that `to_json` gave."""
        return cls(runs=data["runs"], incumbents=tuple(Incumbent(**item) for item in data["incumbents"]))


class Bench:
    """One problem, ready to be searched.

    Parameters
    ----------
    name
        The problem's id.
    folder
        Where compiled searches and results are kept.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.problem = load_problem(find_problem(name))
        self.folder = folder
        assert self.problem.tools_source is not None and self.problem.statement_path is not None
        self.statement = read_statement(self.problem.statement_path)
        seed = share_cases(self.problem.case_seeds_available, "search", 1)[0]
        with open_tools(self.problem) as tools:
            case = Case(seed, tools.generate(seed))
            self.space, self.sample = str(tools.answer_space(case)["kind"]), case.text
        self.evaluator = KeptEvaluator(self.problem, self.space, self.sample, folder)
        self.builtin_source = self.problem.tools_source

    def close(self) -> None:
        """End what was opened."""
        self.evaluator.close()

    def search(self, memory: Path, seed: int, effort: Effort, repetition: int) -> Trace:
        """Return the trace of one search with the memory in this file, which is not written."""
        with _Search(self, memory, seed, effort, repetition) as search:
            search.go(DraftVaryTune(effort.drafts))
            return search.trace()

    def learn(self, memory: Path, seed: int, effort: Effort) -> list[Strategy]:
        """Return what one search from the memory in this file teaches, as strategies of the shipped kind.

        It only drafts, evenly: what carries over is which compositions and components are good, and of a few drafts
        nobody can tell.
        """
        with _Search(self, memory, seed, effort, 500) as search:
            search.go(BestOfN())
            return search.lessons()


class _Search:
    """One search while it runs."""

    def __init__(self, bench: Bench, memory: Path, seed: int, effort: Effort, repetition: int) -> None:
        self.bench, self.effort = bench, effort
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        bench.evaluator.repetition = repetition
        options = AttemptOptions(
            problem_folder=str(bench.problem.folder), statement_path=None, seconds=effort.seconds,
            evaluation_limit=effort.evaluations, seed=seed, workers=1, sandbox="none",
        )  # fmt: skip
        journal = Journal(folder, create=True)
        self._stack.callback(journal.close)
        self.attempt = f"{SHIPPED_ATTEMPT}{bench.problem.spec.id}"
        journal.write_meta({"attempt": self.attempt})
        self.runs = 0
        self.crowned: list[tuple[int, str]] = []
        self.clock = FakeClock()
        self.work = Workspace(
            folder, bench.problem, options, journal, Budget(options, self.clock, 0.0), bench.evaluator,
            journal.read_archive(), self._observe, "00",
        )  # fmt: skip
        self.plan = replace(
            plan_search(bench.problem, options),
            race=plan_race(effort.cases), tune_cases=effort.tune_cases, drafts=effort.drafts,
        )  # fmt: skip
        settings = Settings(home=memory.parent, memory=replace(Settings(home=memory.parent).memory, file=memory.name))
        self.recollection: Recollection = self._stack.enter_context(
            recollect(settings, bench.problem, bench.statement, bench.space, self.work)
        )

    def __enter__(self) -> _Search:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def go(self, policy: Policy) -> None:
        """Search until the runs are used."""
        bench, recollection = self.bench, self.recollection
        strategist = BuiltinStrategist(
            tools_source=bench.builtin_source, space=bench.space, sample_case=bench.sample,
            objective=bench.problem.spec.objective, time_limit=bench.problem.spec.time_limit,
            weights=recollection.weights, remembered=recollection.remembered, agreed=recollection.agreed,
            believed=recollection.believed,
        )  # fmt: skip
        noting = _Noting(strategist, bench.evaluator)
        Searching(self.work, self.plan, noting, policy, recollection.values).go()

    def trace(self) -> Trace:
        """Return the incumbents with their test scores."""
        found = []
        for at, name in self.crowned:
            candidate = self.work.archive.candidates[name]
            tested = self._test(candidate.program, candidate.values)
            found.append(
                Incumbent(
                    at=at,
                    idea=candidate.proposal.idea,
                    genotype=candidate.proposal.genotype or "",
                    values=dict(candidate.values),
                    score=sum(result.score or 0.0 for result in tested.values()) / len(tested),
                    gain=compare(self.bench.problem.spec.objective, tested, self._default()).mean,
                )
            )
        return Trace(runs=self.runs, incumbents=tuple(found))

    def lessons(self) -> list[Strategy]:
        """Return the incumbent as a composition with its gain over a plain draw, and components with theirs."""
        reflect(self.work, self.recollection, Confirmation(None, {}, self.bench.problem.spec.time_limit))
        store = self.recollection.store
        winner = self.work.archive.incumbent
        if winner is not None and (composition := self._composition(winner)) is not None:
            keep_learned(store, composition, self.recollection.features)
        return [strategy for strategy in store.strategies() if strategy.trials]

    def _composition(self, winner: Candidate) -> Strategy | None:
        drawn = [
            c for c in self.work.archive.in_order() if not c.proposal.parents and c.program.id != winner.program.id
        ]
        if not drawn:
            return None
        first = drawn[0]
        compared = compare(
            self.bench.problem.spec.objective,
            self._test(winner.program, winner.values),
            self._test(first.program, first.values),
        )
        low, high = compared.interval()
        evidence = Evidence(
            problem=self.bench.problem.spec.id, kind="trial", gain=compared.mean, low=low, high=high,
            cases=len(compared.gains), baseline=first.id, attempt=self.attempt, source=winner.id,
        )  # fmt: skip
        whole = learned_strategy(
            bake(winner.program, dict(winner.values)), self.recollection.features,
            name=f"composition learned on {self.bench.problem.spec.id}", created="2026-11-24", attempt=self.attempt,
            strategist="builtin", genotype=winner.proposal.genotype, evidence=[evidence],
        )  # fmt: skip
        return composition_of(whole)

    def _default_program(self) -> Program:
        bench, genotype = self.bench, default_genotype(self.bench.space)
        source = compose(
            bench.builtin_source, genotype, sample_case=bench.sample, objective=bench.problem.spec.objective,
            time_limit=bench.problem.spec.time_limit,
        )  # fmt: skip
        program = Program.from_source(source)
        bench.evaluator.know(program, genotype.to_json())
        return program

    def _default(self) -> dict[int, CaseResult]:
        return self._test(self._default_program(), ())

    def _test(self, program: Program, values: Sequence[tuple[str, Any]]) -> dict[int, CaseResult]:
        seeds = share_cases(self.bench.problem.case_seeds_available, "confirm", self.effort.test_cases)
        chosen = tuple((dict(values) | {"evaluation_limit": self.effort.evaluations}).items())
        jobs = [Job(seed=seed, time_limit=1.0, parameters=chosen, solver_seed=seed % 2**31) for seed in seeds]
        return {result.seed: result for result in self.bench.evaluator.evaluate(program, jobs)}

    def _observe(self, event: Event) -> None:
        if event.kind == "result":
            self.runs += 1
            self.clock.sleep(1.0)
        elif event.kind == "incumbent":
            self.crowned.append((self.runs, event.payload["id"]))


class _Noting:
    """A strategist whose proposals' compositions the evaluator is told."""

    def __init__(self, strategist: BuiltinStrategist, evaluator: FlexibleEvaluator) -> None:
        self._strategist, self._evaluator = strategist, evaluator

    def propose(self, brief: Brief) -> Proposal | None:
        """Return what the strategist proposes."""
        proposal = self._strategist.propose(brief)
        if proposal is not None:
            self._evaluator.know(proposal.program, proposal.genotype or "")
        return proposal


class KeptEvaluator(FlexibleEvaluator):
    """The flexible evaluator behind a file of results; compiles only when something is to be run."""

    def __init__(self, problem: Problem, space: str, sample: str, folder: Path) -> None:
        self._made = (problem.tools_source or "", space, sample, str(problem.spec.objective), folder)
        self._lazy: FlexibleSearch | None = None
        super().__init__(problem, None)
        self.repetition = 0
        self._kept = sqlite3.connect(folder / f"results-{problem.spec.id}.db", isolation_level=None, timeout=60.0)
        self._kept.execute("PRAGMA journal_mode = WAL")
        self._kept.execute("PRAGMA synchronous = OFF")
        self._kept.execute("CREATE TABLE IF NOT EXISTS results (key TEXT PRIMARY KEY, score REAL)")

    def evaluate(self, program: Program, jobs: Sequence[Job]) -> Iterator[CaseResult]:
        """Run the jobs whose results are not kept, one after the other."""
        for job in jobs:
            case = self.case_seed(job.seed)
            key = json.dumps([program.id, sorted(job.parameters), case, job.solver_seed])
            row = self._kept.execute("SELECT score FROM results WHERE key = ?", (key,)).fetchone()
            if row is None:
                (result,) = super().evaluate(program, [job])
                self._kept.execute("INSERT OR REPLACE INTO results VALUES (?, ?)", (key, result.score))
                row = (result.score,)
            verdict = Verdict.WRONG_ANSWER if row[0] is None else Verdict.ACCEPTED
            yield CaseResult(seed=job.seed, verdict=verdict, score=row[0], cpu_seconds=0.0, wall_seconds=0.0)

    def case_seed(self, seed: int) -> int:
        """Return the case behind a seed: each repetition searches on others, all are tested on the same."""
        available = self._problem.case_seeds_available
        tested = share_cases(available, "confirm", 1)[0]
        return seed if available is not None or 0 <= seed - tested < 10**8 else seed + _CASES_APART * self.repetition

    def flexible(self) -> FlexibleSearch:
        """Return the search, compiled when it is first needed."""
        if self._lazy is None:
            self._lazy = FlexibleSearch(*self._made)
        return self._lazy

    def close(self) -> None:
        """End the tools and close the file."""
        super().close()
        self._kept.close()


def write_memory(path: Path, strategies: Sequence[Strategy], *, starter: bool) -> None:
    """Make a memory of these strategies, with or without the curated ones."""
    from ale_agent.memory.catalogue import known_problems, starter_strategies
    from ale_agent.memory.store import CATALOGUED

    path.unlink(missing_ok=True)
    with Store.open(path, starter=False) as store, store.transaction():
        if starter:
            for strategy in starter_strategies():
                store.add(strategy)
            for features in known_problems():
                store.note_problem(features, rank=CATALOGUED)
        for strategy in strategies:
            store.add(strategy)
