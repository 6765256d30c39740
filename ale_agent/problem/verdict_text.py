"""What an official judging tool printed, read as a score, a refused answer or a broken tool."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass

from ale_agent.problem.tools import InvalidAnswerError

MAX_REASON_CHARACTERS = 2000

_SCORE_LINE = re.compile(r"^[^\S\n]*score[^\S\n]*[=:][^\S\n]*(.*?)[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_USAGE = re.compile(r"^\s*usage:", re.IGNORECASE | re.MULTILINE)
_CANNOT_RUN = (126, 127)


class ToolBrokenError(Exception):
    """The tool, not the answer, is at fault; the message says how, without naming the tool."""


@dataclass(frozen=True)
class ToolRun:
    """How a tool ended: its exit status (negative: killed by that signal) and what it printed."""

    status: int
    stdout: str
    stderr: str


def read_score(run: ToolRun, *, echoes: bool = False) -> float:
    """Return the number of the line ``Score = N``.

    The conventions of AtCoder's tools: an invalid answer is told by a message beside ``Score = 0``, by a message
    without a score, or by a non-zero exit status. A tool killed by a signal, one that prints how it wants to be used,
    and one that prints nothing at all are broken; that must never count as a score or against an answer.

    Parameters
    ----------
    run
        What the tool did.
    echoes
        Whether its standard output may repeat what a solver wrote: then only standard error is believed, as long as it
        holds a score.

    Raises
    ------
    InvalidAnswerError
        With the tool's own words.
    ToolBrokenError
        There is neither a score nor a reason.
    """
    text = run.stderr if echoes and _SCORE_LINE.search(run.stderr) else f"{run.stderr}\n{run.stdout}"
    message = _shortened(_SCORE_LINE.sub("", run.stderr if echoes else text).strip())
    if run.status < 0 or run.status in _CANNOT_RUN:
        raise ToolBrokenError(_with(_how_it_ended(run.status), message))
    scores = {_number(found) for found in _SCORE_LINE.findall(text)}
    if len(scores) > 1:
        raise ToolBrokenError(f"printed different scores: {', '.join(f'{score:g}' for score in sorted(scores))}")
    if run.status != 0 and _USAGE.search(message):
        raise ToolBrokenError(_with(f"ended with exit status {run.status}, misused", message))
    if not scores and not message and run.status == 0:
        raise ToolBrokenError("printed no line 'Score = N'")
    if not scores or run.status != 0 or (scores == {0.0} and message):
        raise InvalidAnswerError(message or f"the judge refused it with exit status {run.status}")
    return scores.pop()


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ToolBrokenError(f"printed a score that is no number: {text[:80]!r}")
    value = float(text.replace(",", ""))
    if value in (float("inf"), float("-inf")):
        raise ToolBrokenError(f"printed a score that is too large: {text[:80]!r}")
    return value


def _how_it_ended(status: int) -> str:
    if status >= 0:
        return f"cannot be run (exit status {status})"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


def _with(what: str, message: str) -> str:
    return f"{what}: {message}" if message else what


def _shortened(message: str) -> str:
    half = MAX_REASON_CHARACTERS // 2
    return message if len(message) <= 2 * half else f"{message[:half]} ... {message[-half:]}"
