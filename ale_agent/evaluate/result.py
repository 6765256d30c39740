"""What one run of one candidate on one case gave: a value, whatever the candidate did."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How a run ended; the last one is our fault or the tools', never the candidate's, and never a score."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    RUNTIME_ERROR = "runtime_error"
    OUTPUT_LIMIT = "output_limit"
    JUDGE_ERROR = "judge_error"


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """The outcome of one run.

    Parameters
    ----------
    seed
        The case's seed.
    verdict
        How the run ended.
    score
        The problem's own number; present exactly if the verdict is ``accepted``.
    cpu_seconds, wall_seconds
        What the solver's process used, its start-up included only when it was started cold.
    queued_seconds
        How much of the wall's time went by because it, or its judge, waited for a processor; None where that is not
        measured.
    memory_bytes
        Its peak resident memory, 0 where it could not be measured.
    message
        Why it was not accepted: the judge's reason or the end of the solver's standard error. Of an accepted run, the
        statistics that it wrote there (`stat_lines`).
    output
        The answer's text where the job asked to keep it; two results that differ in nothing else are equal.
    standard_error
        The end of what the solver wrote there, where the job asked to keep its output.
    """

    seed: int
    verdict: Verdict
    score: float | None
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int = 0
    message: str = ""
    queued_seconds: float | None = None
    output: str | None = field(default=None, compare=False, repr=False)
    standard_error: str | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if (self.score is not None) != (self.verdict is Verdict.ACCEPTED):
            raise ValueError(f"a score goes with the verdict accepted and no other: {self.verdict}, score {self.score}")

    @property
    def accepted(self) -> bool:
        """Whether there is a score."""
        return self.verdict is Verdict.ACCEPTED


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run that an evaluator is asked for.

    Parameters
    ----------
    seed
        The case's seed.
    time_limit
        What the solver is told as its limit (``ALE_TIME_LIMIT``), seconds; shorter than the problem's at low fidelity.
    parameters
        Values for the program's declared parameters, as pairs; the defaults where absent.
    solver_seed
        What the solver's own randomness starts from (``ALE_SEED``).
    keep_output
        Whether the answer's text, and the standard error's end, are wanted back beside the result.
    """

    seed: int
    time_limit: float
    parameters: tuple[tuple[str, float | int | str], ...] = ()
    solver_seed: int = 0
    keep_output: bool = False
