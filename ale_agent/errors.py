"""The errors a user can meet, each with the name, the rule and the value in its message.

AleAgentError
├── UsageError               the command line or a call asked for something that makes no sense
├── SettingsError            a settings file or an environment variable is wrong
├── StatementError           a statement cannot be read or understood
├── ProblemError             a problem folder breaks its contract (FORMATS section 1)
│   └── ToolsError           tools.py or an official tool raised, hung or answered nonsense
├── ProgramError             a solver program breaks its contract (FORMATS section 2)
├── SandboxUnavailableError  this machine cannot lock untrusted programs
├── BudgetExceededError      a cap on time, money, tokens or calls was met
├── StandingsError           a leaderboard table or a list of performances is wrong
└── StoreError               a journal or a memory cannot be read or written

What a candidate does wrong is no error but a value: a `CaseResult` with a `Verdict`.
"""

from __future__ import annotations


class AleAgentError(Exception):
    """Base of all errors that are shown to a user as one clear message."""


class UsageError(AleAgentError):
    """The command line or a call asked for something that makes no sense."""


class SettingsError(AleAgentError):
    """A settings file or an environment variable is wrong."""


class StatementError(AleAgentError):
    """A statement cannot be read or understood."""


class ProblemError(AleAgentError):
    """A problem folder breaks its contract."""


class ToolsError(ProblemError):
    """The problem's own tools raised, hung or answered nonsense."""


class ProgramError(AleAgentError):
    """A solver program breaks its contract."""


class SandboxUnavailableError(AleAgentError):
    """This machine cannot lock untrusted programs."""


class BudgetExceededError(AleAgentError):
    """A cap was met.

    Parameters
    ----------
    kind
        What ran out: ``time``, ``usd``, ``tokens`` or ``calls``.
    used
        How much is used, in the unit of the kind (seconds, dollars, tokens, calls).
    limit
        The cap, in the same unit.
    """

    def __init__(self, kind: str, used: float, limit: float) -> None:
        super().__init__(f"the {kind} budget is used up: {used:g} of {limit:g}")
        self.kind = kind
        self.used = used
        self.limit = limit


class StandingsError(AleAgentError):
    """A leaderboard table or a list of performances is wrong."""


class StoreError(AleAgentError):
    """A journal or a memory cannot be read or written."""
