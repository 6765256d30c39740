"""An attempt on one page: read, recall, search, confirm, hand over, remember."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from ale_agent.attempt.budget import Budget
from ale_agent.attempt.confirming import Confirmation, confirm
from ale_agent.attempt.handover import hand_over
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.remembering import Recollection, recollect, reflect
from ale_agent.attempt.searching import Searching, SearchPlan, plan_search
from ale_agent.attempt.workspace import Observe, Workspace
from ale_agent.clock import Clock
from ale_agent.errors import UsageError
from ale_agent.evaluate import Judge, PoolEvaluator
from ale_agent.problem import Case, Problem, load_problem, open_tools
from ale_agent.sandbox import open_sandbox
from ale_agent.search.policy import DraftVaryTune
from ale_agent.seeds import derive, share_cases
from ale_agent.settings import Settings
from ale_agent.statement import Statement, read_statement
from ale_agent.strategist.builtin import BuiltinStrategist
from ale_agent.strategist.protocol import Strategist


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
    idea: str | None
    spend: dict[str, float]

    @property
    def exit_code(self) -> int:
        """0 a confirmed solver, 3 only a solver that was valid while searching, 4 none."""
        if self.solver is None:
            return 4
        return 0 if self.mean_score is not None else 3


def begin(
    options: AttemptOptions, folder: Path, *, settings: Settings, clock: Clock, started: float, observe: Observe
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
    problem = load_problem(Path(options.problem_folder))
    journal = Journal(folder, create=True)
    attempt = f"a-{derive(options.seed, str(folder.resolve()), clock.now().hex()) % 16**10:010x}"
    journal.write_meta({"options": options.to_json(), "attempt": attempt, "problem": problem.spec.id})
    return _run(problem, options, journal, folder, Budget(options, clock, started), settings, observe)


def resume(folder: Path, *, settings: Settings, clock: Clock, started: float, observe: Observe) -> Summary:
    """Go on with an attempt where it stopped, with what budget was left."""
    journal = Journal(folder, create=False)
    options = AttemptOptions.from_json(journal.read_meta()["options"])
    problem = load_problem(Path(options.problem_folder))
    spent = journal.read_spend().get("seconds", 0.0)
    return _run(problem, options, journal, folder, Budget(options, clock, started, spent), settings, observe)


def _run(
    problem: Problem,
    options: AttemptOptions,
    journal: Journal,
    folder: Path,
    budget: Budget,
    settings: Settings,
    observe: Observe,
) -> Summary:
    with ExitStack() as stack:
        stack.callback(journal.close)
        statement = _read(options)
        sandbox = open_sandbox(options.sandbox)
        stack.callback(sandbox.close)
        evaluator = PoolEvaluator(problem, sandbox=sandbox, workers=options.workers, clock="cpu")
        stack.callback(evaluator.close)
        work = Workspace(folder, problem, options, journal, budget, evaluator, journal.read_archive(), observe)
        stack.callback(work.keep_spend)
        plan = plan_search(problem, options)
        _announce(work, statement, plan)
        space, sample = _answer_space(problem)
        recollection = stack.enter_context(recollect(settings, problem, statement, space, work))
        builtin = BuiltinStrategist(
            tools_source=problem.tools_source or "",
            space=space,
            sample_case=sample,
            objective=problem.spec.objective,
            time_limit=problem.spec.time_limit,
            weights=recollection.weights,
            remembered=recollection.remembered,
            agreed=recollection.agreed,
        )
        strategist = builtin if options.model is None else _with_model(work, builtin, statement, recollection)
        Searching(work, plan, strategist, DraftVaryTune(plan.drafts), recollection.values).go()
        judge = stack.enter_context(Judge(problem, sandbox=sandbox))
        confirmation = confirm(work, plan, judge.run)
        return _finish(work, plan, confirmation, recollection)


def _with_model(
    work: Workspace, builtin: BuiltinStrategist, statement: Statement | None, recollection: Recollection
) -> Strategist:
    """Return the strategist that takes turns with a language model; what the model spent is journalled at once."""
    from ale_agent.strategist.model import ModelStrategist
    from ale_agent.strategist.prompting import describe_task
    from ale_agent.strategist.spending import Caps, open_conversation
    from ale_agent.strategist.together import Together

    options = work.options

    def warn(text: str) -> None:
        work.emit("warning", text=text)

    conversation = open_conversation(
        options.model or "",
        record=None if options.record is None else Path(options.record),
        caps=Caps(usd=options.max_usd, tokens=options.max_tokens, calls=options.max_calls),
        stop=lambda: work.budget.search_left <= 0.0,
        observe=warn,
    )
    conversation.spent.update({k: v for k, v in work.journal.read_spend().items() if k in conversation.spent})
    model = ModelStrategist(
        conversation,
        describe_task(work.problem, None if statement is None else statement.text),
        check=lambda program: work.evaluator.load_error(program) or None,
        observe=warn,
        known=[candidate.program for candidate in work.archive.in_order()],
    )
    recalled = "\n".join(
        f"{item.strategy.name}: {item.strategy.when} {item.strategy.how}" for item in recollection.recalled
    )

    def details() -> dict[str, str]:
        left = (
            "no limit of time" if options.seconds is None else f"{work.budget.search_left:.0f} s of searching are left"
        )
        return {"budget": left, "strategies": recalled}

    return Together(builtin, model, details, lambda: work.journal.write_spend(conversation.spent), warn)


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
        idea=None if winner is None else winner.proposal.idea,
        spend=work.journal.read_spend(),
    )
    work.emit("end", **asdict(summary))
    return summary


def _read(options: AttemptOptions) -> Statement | None:
    return None if options.statement_path is None else read_statement(Path(options.statement_path))


def _announce(work: Workspace, statement: Statement | None, plan: SearchPlan) -> None:
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
    )


def _answer_space(problem: Problem) -> tuple[str, str]:
    """Return the kind of answer space and the text of a case to compile on."""
    if not problem.array_level:
        raise UsageError(
            f"{problem.folder}: the built-in strategist needs the array level in tools.py (read_case, answer_space, "
            "objective, write_answer), and no remembered program fits; add these four functions, or name a language "
            "model with --model to write solver programs"
        )
    seed = share_cases(problem.case_seeds_available, "search", 1)[0]
    with open_tools(problem) as tools:
        case = Case(seed, tools.generate(seed))
        return str(tools.answer_space(case)["kind"]), case.text
