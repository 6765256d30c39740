"""An attempt on one page: read, recall, search, confirm, hand over, remember."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ale_agent.attempt.authoring import have_problem
from ale_agent.attempt.budget import Budget
from ale_agent.attempt.confirming import Confirmation, confirm
from ale_agent.attempt.engaging import open_authors
from ale_agent.attempt.handover import hand_over
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.planning import SearchPlan, plan_search
from ale_agent.attempt.remembering import Recollection, recollect, reflect
from ale_agent.attempt.searching import Searching
from ale_agent.attempt.secret import attempt_secret
from ale_agent.attempt.workspace import Event, Observe, Workspace
from ale_agent.clock import Clock
from ale_agent.errors import StoreError, UsageError
from ale_agent.evaluate import Judge, PoolEvaluator
from ale_agent.problem import Case, Problem, load_problem, open_tools
from ale_agent.sandbox import UNLOCKED, open_sandbox
from ale_agent.search.policy import DraftVaryTune
from ale_agent.seeds import derive, share_cases
from ale_agent.settings import Settings
from ale_agent.statement import Statement, read_statement
from ale_agent.strategist.builtin import BuiltinStrategist
from ale_agent.strategist.encoding import Encoder

_AGAIN_LIMITS = 3.0
"""How many time limits must be left of the budget for a cold run to be made again."""
MODEL_JUDGE_WARNING = (
    "THE JUDGE WAS WRITTEN BY A MODEL from the statement alone: scores are only as right as it is; read its tools.py"
)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What an attempt came to.

    Parameters
    ----------
    attempt
        Its id.
    folder
        Where everything is.
    solver
        The finished program's file, None if no candidate was valid.
    mean_score, interval, confirm_cases
        The winner on the confirmation cases; None where it could not be confirmed.
    search_mean, optimism
        Its mean on searched-on cases, and by how much that flatters against fresh cases at the same time a run.
    judge
        Who wrote what the scores rest on: ``the problem's own``, or ``written by a model``; None if there is no judge.
    missing
        Why there is no judge.
    """

    attempt: str
    problem: str
    folder: str
    solver: str | None
    candidates: int
    evaluations: int
    tuned_trials: int
    mean_score: float | None
    interval: tuple[float, float] | None
    confirm_cases: int
    confirm_failed: int
    search_mean: float | None
    optimism: float | None
    idea: str | None
    spend: dict[str, float]
    judge: str | None
    missing: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 a confirmed solver, 3 only a solver that was valid while searching, 4 none."""
        if self.solver is None:
            return 4
        return 0 if self.mean_score is not None else 3


def begin(
    options: AttemptOptions,
    folder: Path,
    *,
    settings: Settings,
    clock: Clock,
    started: float,
    observe: Observe,
) -> Summary:
    """Make a new attempt in a folder of its own.

    Parameters
    ----------
    options
        What was asked for.
    folder
        The attempt folder; made if it is not there.
    settings
        Where memory lives, and what the machine may be used for.
    clock, started
        What tells the time, and when the budget began to run.
    observe
        Is shown every event.
    """
    if not options.alone:
        load_problem(Path(options.problem_folder))  # what is wrong with it is said before a folder is made
    journal = Journal(folder, create=True)
    attempt = f"a-{derive(options.seed, str(folder.resolve()), clock.now().hex()) % 16**10:010x}"
    asked = {"options": options.to_json(), "attempt": attempt, "solver_secret": attempt_secret(options)}
    journal.write_meta(asked)
    return _run(options, journal, folder, Budget(options, clock, started), settings, observe)


def resume(
    folder: Path,
    *,
    settings: Settings,
    clock: Clock,
    started: float,
    observe: Observe,
    changes: Mapping[str, float] | None = None,
) -> Summary:
    """Go on with an attempt where it stopped, with what budget was left.

    Parameters
    ----------
    folder, settings, clock, started, observe
        As `begin`.
    changes
        New limits of the budget, by the names that `AttemptOptions` gives them; they are kept.
    """
    journal = Journal(folder, create=False)
    asked = journal.read_meta().get("options")
    if asked is None:
        journal.close()
        raise StoreError(f"{journal.path}: it was stopped before it began; start it anew: solve ... --out {folder}")
    options = AttemptOptions.from_json(asked)
    if changes:
        options = replace(options, **changes)  # type: ignore[arg-type]
        journal.write_meta({"options": options.to_json()})
    spent = journal.read_spend().get("seconds", 0.0)
    return _run(options, journal, folder, Budget(options, clock, started, spent), settings, observe)


def _run(
    options: AttemptOptions,
    journal: Journal,
    folder: Path,
    budget: Budget,
    settings: Settings,
    observe: Observe,
) -> Summary:
    with ExitStack() as stack:
        stack.callback(journal.close)
        problem = have_problem(options, journal, budget, observe)
        if not isinstance(problem, Problem):
            return _without_judge(journal, folder, problem, budget, observe)
        journal.write_meta({"problem": problem.spec.id})
        statement = _read(options)
        sandbox = open_sandbox(options.sandbox, settings=settings.sandbox)
        stack.callback(sandbox.close)
        evaluator = PoolEvaluator(problem, sandbox=sandbox, workers=options.workers, clock="cpu")
        stack.callback(evaluator.close)
        secret = journal.read_meta()["solver_secret"]
        work = Workspace(folder, problem, options, journal, budget, evaluator, journal.read_archive(), observe, secret)
        stack.callback(work.keep_spend)
        plan = plan_search(problem, options)
        _announce(work, statement, plan, unlocked=sandbox.kind == "none")
        space, sample = _answer_space(problem, options)
        recollection = stack.enter_context(recollect(settings, problem, statement, space, work))
        builtin = BuiltinStrategist(
            tools_source=problem.tools_source if problem.array_level else None,
            space=space,
            sample_case=sample,
            objective=problem.spec.objective,
            time_limit=problem.spec.time_limit,
            weights=recollection.weights,
            remembered=recollection.remembered,
            agreed=recollection.agreed,
            believed=recollection.believed,
        )
        authors = None
        if options.models:
            encoder = None if problem.spec.interactive else Encoder(problem, sandbox, seed=options.seed)
            if encoder is not None:
                stack.callback(encoder.close)
            authors = open_authors(work, plan, statement, recollection, encoder)
        searching = Searching(work, plan, builtin, DraftVaryTune(plan.drafts), recollection.values, authors)
        stack.callback(searching.close_authors)
        searching.go()
        searching.close_authors()
        most = _AGAIN_LIMITS * problem.spec.time_limit
        judge = Judge(problem, sandbox=sandbox, may_run_again=lambda: budget.left > most)
        stack.enter_context(judge)
        confirmation = confirm(work, plan, judge.run)
        return _finish(work, plan, confirmation, recollection)


def _without_judge(
    journal: Journal, folder: Path, missing: tuple[str, ...], budget: Budget, observe: Observe
) -> Summary:
    """Return the summary of an attempt that ends before it could measure anything."""
    journal.write_spend({"seconds": budget.elapsed})
    summary = Summary(
        attempt=journal.read_meta()["attempt"], problem="", folder=str(folder), solver=None, candidates=0, evaluations=0,
        tuned_trials=0, mean_score=None, interval=None, confirm_cases=0, confirm_failed=0, search_mean=None,
        optimism=None, idea=None, spend=journal.read_spend(), judge=None, missing=missing,
    )  # fmt: skip
    journal.write_event("end", asdict(summary), budget.elapsed)
    observe(Event("end", asdict(summary), budget.elapsed))
    return summary


def _finish(work: Workspace, plan: SearchPlan, confirmation: Confirmation, recollection: Recollection) -> Summary:
    written = hand_over(work, plan, confirmation)
    reflect(work, recollection, confirmation)
    work.keep_spend()
    winner = confirmation.winner
    results = confirmation.winning_results
    summary = Summary(
        attempt=work.journal.read_meta()["attempt"],
        problem=work.problem.spec.id,
        folder=str(work.folder),
        solver=None if written.solver is None else str(written.solver),
        candidates=len(work.archive.candidates),
        evaluations=work.journal.count_results(),
        tuned_trials=len(work.journal.read_trials()),
        mean_score=confirmation.mean_score,
        interval=confirmation.interval,
        confirm_cases=len(results),
        confirm_failed=sum(not result.accepted for result in results),
        search_mean=written.search_mean,
        optimism=None if written.optimism is None else written.optimism.gap,
        idea=None if winner is None else winner.proposal.idea,
        spend=work.journal.read_spend(),
        judge=_judge(work.problem),
    )
    work.emit("end", **asdict(summary))
    return summary


def _read(options: AttemptOptions) -> Statement | None:
    return None if options.statement_path is None else read_statement(Path(options.statement_path))


def _announce(work: Workspace, statement: Statement | None, plan: SearchPlan, *, unlocked: bool) -> None:
    if statement is not None:
        work.show("statement", understood=list(statement.understood), not_understood=list(statement.not_understood))
    work.emit(
        "begin",
        problem=work.problem.spec.id,
        title=work.problem.spec.title,
        folder=str(work.folder),
        seconds=work.options.seconds,
        iterations=work.options.iterations,
        spent=work.budget.spent_before,
        search_limit=plan.fidelity.time_limit,
        race_cases=plan.race.stages[-1],
        tune_cases=plan.tune_cases,
        workers=work.options.workers,
        models=list(work.options.models),
        caps={k: v for k, v in _caps(work.options).items() if v is not None},
        judge=_judge(work.problem),
    )
    if work.problem.judged_by_model:
        work.emit("warning", text=MODEL_JUDGE_WARNING)
    if unlocked:
        work.emit("warning", text=UNLOCKED)


def _caps(options: AttemptOptions) -> dict[str, float | None]:
    return {"usd": options.max_usd, "tokens": options.max_tokens, "calls": options.max_calls}


def _judge(problem: Problem) -> str:
    return "written by a model" if problem.judged_by_model else "the problem's own"


def _what_is_missing(problem: Problem) -> str:
    if problem.spec.interactive:
        return (
            "an interactive problem has no array level for the built-in strategist, and no remembered program fits; name a "
            "language model with --model to write solver programs, or write one yourself and try it with "
            f"'ale-agent eval SOLVER {problem.folder}'"
        )
    return (
        "the built-in strategist needs the array level in tools.py (read_case, answer_space, objective, write_answer), and no "
        "remembered program fits; add these four functions, or name a language model with --model to write solver programs"
    )


def _answer_space(problem: Problem, options: AttemptOptions) -> tuple[str | None, str]:
    """Return the kind of answer space and the text of a case to compile on; without an array level no kind."""
    if not problem.array_level and not options.models:
        raise UsageError(f"{problem.folder}: {_what_is_missing(problem)}")
    seed = share_cases(problem.case_seeds_available, "search", 1)[0]
    with open_tools(problem) as tools:
        case = Case(seed, tools.generate(seed))
        return str(tools.answer_space(case)["kind"]) if problem.array_level else None, case.text
