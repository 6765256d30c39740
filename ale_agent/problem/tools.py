"""What a problem's tools can do for a caller, and the ways in which judging an answer ends without a score."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol, Self

from ale_agent.problem.case import Case
from ale_agent.problem.folder import Problem
from ale_agent.problem.specification import CommandToolsSpec


class InvalidAnswerError(Exception):
    """The answer breaks the problem's rules: the solver's fault; the message is the judge's reason."""


class SolverGoneError(Exception):
    """The solver closed its output while the judge waited for it: its exit status says why."""


class SolverSilentError(Exception):
    """The solver neither wrote the line that the judge waited for nor read what it was sent, for too long."""


class ToolsHost(Protocol):
    """A problem's tools, ready to be called by one thread; what they do wrong is a `ToolsError`."""

    def generate(self, seed: int) -> str:
        """Return the case of a seed as text."""
        ...

    def score(self, case: Case, output: str) -> float:
        """Return the problem's number for an output; for an interactive problem, of a solver that writes just that.

        Raises
        ------
        InvalidAnswerError
            The output is invalid.
        SolverGoneError
            The problem is interactive and the output ends too early.
        ToolsError
            The tools raised, hung or answered nonsense.
        """
        ...

    def interact(self, case: Case, read_fd: int, write_fd: int, *, wall_seconds: float) -> float:
        """Judge a running solver and return the problem's number.

        Both descriptors are closed when this returns or raises: the host owns them from the call on.

        Parameters
        ----------
        case
            What the judge reads.
        read_fd
            Where the solver's output is read.
        write_fd
            Where the solver's input is written.
        wall_seconds
            For how long in all the solver may keep the judge waiting.

        Raises
        ------
        InvalidAnswerError
            The solver broke the rules, or floods.
        SolverGoneError
            It ended too early.
        SolverSilentError
            It kept the judge waiting.
        ToolsError
            The tools raised, hung or answered nonsense.
        """
        ...

    @property
    def last_output(self) -> str:
        """What the solver wrote in the last `interact`, for pictures and records."""
        ...

    @property
    def queued_seconds(self) -> float:
        """How long the process that judges has waited for a processor in its life; 0 where that is not measured."""
        ...

    def draw(self, case: Case, output: str) -> str:
        """Return one SVG picture of the output."""
        ...

    def answer_space(self, case: Case) -> dict[str, Any]:
        """Return what an answer is: kind, size and further plain numbers, arrays summarised by their extremes."""
        ...

    def close(self) -> None:
        """Stop whatever runs; the next call would start it again."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_tools(problem: Problem, *, timeout_seconds: float = 20.0) -> ToolsHost:
    """Return a host for the problem's tools, whatever their kind; nothing is started before the first call.

    Parameters
    ----------
    problem
        Whose tools.
    timeout_seconds
        How long one call may take (interactive: beyond the solver's own time).
    """
    if isinstance(problem.spec.tools, CommandToolsSpec):
        from ale_agent.problem.command import CommandToolsHost

        return CommandToolsHost(problem, timeout_seconds=timeout_seconds)
    from ale_agent.problem.host import PythonToolsHost

    return PythonToolsHost(problem, timeout_seconds=timeout_seconds)
