"""From how a run ended to its verdict, for batch and interactive problems."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import replace

from ale_agent.errors import ToolsError
from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.evaluate.stat_lines import stat_lines
from ale_agent.problem import Case, InvalidAnswerError, SolverGoneError, SolverSilentError, ToolsHost
from ale_agent.sandbox import Ending, Outcome, Running

_LEAVE_SECONDS = 2.0
# A program that waits for its judge uses little of the time; one that computes uses it nearly all.
_ASLEEP_SHARE = 0.5
_BY_ENDING = {
    Ending.SIGNALLED: Verdict.RUNTIME_ERROR,
    Ending.CPU_LIMIT: Verdict.TIME_LIMIT,
    Ending.WALL_LIMIT: Verdict.TIME_LIMIT,
    Ending.ASLEEP: Verdict.TIME_LIMIT,
    Ending.MEMORY_LIMIT: Verdict.MEMORY_LIMIT,
    Ending.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT,
    Ending.CANCELLED: Verdict.JUDGE_ERROR,
    Ending.LOST: Verdict.JUDGE_ERROR,
    Ending.KILLED: Verdict.RUNTIME_ERROR,
}


_FROM_OUTSIDE = (Ending.KILLED, Ending.LOST)


class KilledError(Exception):
    """A run was ended from outside: once it says nothing of the program, so the case is run again.

    Parameters
    ----------
    outcome
        How it ended.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self._verdict = _BY_ENDING[outcome.ending]

    def again(self, seed: int) -> CaseResult:
        """Return the result where it happened twice: once is an accident, and it must be no way to leave cases out."""
        return unstarted(seed, self._verdict, f"twice {self}")


def ended_from_outside(outcome: Outcome) -> bool:
    """Whether a run was killed by somebody else, or the place where it ran went away."""
    return outcome.ending in _FROM_OUTSIDE


def judge_batch(case: Case, outcome: Outcome, tools: ToolsHost, *, keep_output: bool) -> CaseResult:
    """Return the verdict on a finished run, with the score if the answer is valid; KilledError if it says nothing."""
    _refuse_killed(outcome)
    output = outcome.standard_output.decode(errors="replace")
    kept = output if keep_output else None
    fault = fault_of(outcome)
    if fault is not None:
        return _result(case, outcome, *fault, kept)
    try:
        return _scored(case, outcome, tools.score(case, output), kept)
    except (InvalidAnswerError, SolverGoneError) as error:
        return _result(case, outcome, Verdict.WRONG_ANSWER, str(error), kept)
    except ToolsError as error:
        return _result(case, outcome, Verdict.JUDGE_ERROR, str(error), kept)


def judge_interactive(
    case: Case, running: Running, tools: ToolsHost, helper: Executor, *, wall_seconds: float, keep_output: bool
) -> CaseResult:
    """Let the judge talk to a running program while a helper thread supervises it, and return the verdict.

    Parameters
    ----------
    case
        What the judge reads.
    running
        The program; its channels become the judge's.
    tools
        Holds the judge.
    helper
        Has a free thread.
    wall_seconds
        For how long the program may keep the judge waiting.
    keep_output
        Whether what it wrote is wanted.
    """
    supervision = helper.submit(running.wait)
    read_fd, write_fd = running.channels
    queued_before = tools.queued_seconds
    score: float | None = None
    ended: Exception | None = None
    try:
        score = tools.interact(case, read_fd, write_fd, wall_seconds=wall_seconds)
    except (InvalidAnswerError, SolverGoneError, SolverSilentError, ToolsError) as error:
        ended = error
    stayed = False
    try:
        outcome = supervision.result(timeout=_LEAVE_SECONDS)
    except NotYetError:
        stayed = True
        running.cancel()
        outcome = supervision.result()
    _refuse_killed(outcome)
    outcome = _with_judges_wait(outcome, tools.queued_seconds - queued_before)
    result = _interactive_result(case, outcome, score, ended, stayed, tools.last_output if keep_output else None)
    return replace(result, message=_with_hint(result, ended, tools.last_output))


def _interactive_result(
    case: Case, outcome: Outcome, score: float | None, ended: Exception | None, stayed: bool, kept: str | None
) -> CaseResult:
    reply: Callable[[Verdict, str], CaseResult] = lambda verdict, message: _result(  # noqa: E731
        case, outcome, verdict, message, kept
    )
    if isinstance(ended, ToolsError):
        return reply(Verdict.JUDGE_ERROR, str(ended))
    fault = fault_of(outcome)
    if fault is not None and outcome.ending not in (Ending.EXITED, Ending.SIGNALLED, Ending.CANCELLED):
        return reply(*fault)
    if isinstance(ended, SolverSilentError):
        return reply(Verdict.TIME_LIMIT, str(ended))
    if isinstance(ended, InvalidAnswerError):
        return reply(Verdict.WRONG_ANSWER, str(ended))
    if isinstance(ended, SolverGoneError):
        return reply(*fault) if fault is not None and not stayed else reply(Verdict.WRONG_ANSWER, str(ended))
    if stayed:
        return reply(Verdict.TIME_LIMIT, f"it did not end within {_LEAVE_SECONDS:.0f} s after the judge was done")
    # A program that still writes when the judge has closed the pipe did its work.
    if fault is not None and "BrokenPipeError" not in outcome.standard_error and outcome.exit_code != -13:
        return reply(*fault)
    assert score is not None
    return _scored(case, outcome, score, kept)


def _with_hint(result: CaseResult, ended: Exception | None, heard: str) -> str:
    """Return the message on a run; of one that slept while its judge waited for it, with where that was and why it may be."""
    slept = result.verdict is Verdict.TIME_LIMIT and result.cpu_seconds < _ASLEEP_SHARE * result.wall_seconds
    left_open = bool(heard) and not heard.endswith("\n")
    waited = isinstance(ended, SolverGoneError | SolverSilentError)
    if not slept or not (waited or left_open):
        return result.message
    line = heard.count("\n") + 1
    if left_open:
        hint = f"line {line} of its output has no newline at its end: end each line with one, and flush it"
    else:
        hint = f"the judge waited for line {line} of its output: is each line flushed, with a newline at its end?"
    first, newline, rest = result.message.partition("\n")
    return f"{first}; {hint}{newline}{rest}"


def _with_judges_wait(outcome: Outcome, seconds: float) -> Outcome:
    """Return the outcome of a run whose judge waited for a processor meanwhile: then the run waited for the judge."""
    if outcome.queued_seconds is None or seconds <= 0.0:  # a judge that was started again began anew
        return outcome
    most = max(0.0, outcome.wall_seconds - outcome.cpu_seconds)
    return replace(outcome, queued_seconds=min(outcome.queued_seconds + seconds, most))


def _refuse_killed(outcome: Outcome) -> None:
    if ended_from_outside(outcome):
        raise KilledError(outcome)


def fault_of(outcome: Outcome) -> tuple[Verdict, str] | None:
    """Return the verdict on a run that did not end as it should, with why; None if it did."""
    parts = [outcome.message, outcome.standard_error.strip()]
    if outcome.ending is Ending.EXITED:
        if outcome.exit_code == 0:
            return None
        verdict = Verdict.RUNTIME_ERROR
        parts[0] = f"exit code {outcome.exit_code}"
    else:
        verdict = _BY_ENDING[outcome.ending]
    return verdict, _printable("\n".join(part for part in parts if part))


def _printable(text: str) -> str:
    """Return a program's words without the characters that would command a terminal which shows them."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "?" for letter in text)


def unstarted(seed: int, verdict: Verdict, message: str) -> CaseResult:
    """Return the result of a run that never was."""
    return CaseResult(seed=seed, verdict=verdict, score=None, cpu_seconds=0.0, wall_seconds=0.0, message=message)


def _scored(case: Case, outcome: Outcome, score: float, output: str | None) -> CaseResult:
    if not math.isfinite(score):
        return _result(case, outcome, Verdict.JUDGE_ERROR, f"the tools gave the score {score}", output)
    return CaseResult(
        seed=case.seed,
        verdict=Verdict.ACCEPTED,
        score=score,
        cpu_seconds=outcome.cpu_seconds,
        wall_seconds=outcome.wall_seconds,
        memory_bytes=outcome.memory_bytes,
        message=stat_lines(outcome.standard_error),
        queued_seconds=outcome.queued_seconds,
        output=output,
        standard_error=None if output is None else outcome.standard_error,
    )


def _result(case: Case, outcome: Outcome, verdict: Verdict, message: str, output: str | None) -> CaseResult:
    return CaseResult(
        seed=case.seed,
        verdict=verdict,
        score=None,
        cpu_seconds=outcome.cpu_seconds,
        wall_seconds=outcome.wall_seconds,
        memory_bytes=outcome.memory_bytes,
        queued_seconds=outcome.queued_seconds,
        message=message,
        output=output,
        standard_error=None if output is None else outcome.standard_error,
    )
