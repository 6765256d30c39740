"""Asking a model until its reply can be used: a bad one goes back with the reason, a limited number of times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from ale_agent.errors import ProblemError, ProgramError
from ale_agent.strategist.conversations import Conversation, ConversationError, ModelRequest, Turn
from ale_agent.strategist.prompting import write_reason

T = TypeVar("T")


@dataclass(frozen=True)
class Answered(Generic[T]):
    """What asking came to.

    Parameters
    ----------
    value
        What was read from the first reply that could be used, None if there was none.
    reasons
        Why the replies before it could not be used, or why there was none.
    """

    value: T | None
    reasons: tuple[str, ...]


def ask_until_read(
    conversation: Conversation,
    request: ModelRequest,
    read: Callable[[str], T],
    *,
    retries: int,
    observe: Callable[[str], None],
) -> Answered[T]:
    """Return what `read` makes of a reply; a reply that it refuses is sent back with its reason.

    Parameters
    ----------
    read
        Raises ProgramError or ProblemError with a reason that its author can act on.
    retries
        How often a reply goes back.
    observe
        Is told, in a line, of every reply that was sent back or refused.

    Raises
    ------
    BudgetExceededError
        The next call would go over a cap.
    ConversationError
        The model cannot be reached and asking again is pointless.
    """
    reasons: tuple[str, ...] = ()
    for _ in range(retries + 1):
        try:
            text = conversation.ask(request).text
        except ConversationError as error:
            if error.lasting:
                raise
            observe(str(error))
            return Answered(None, (*reasons, str(error)))
        try:
            return Answered(read(text), reasons)
        except (ProgramError, ProblemError) as error:
            reasons = (*reasons, str(error))
            observe(
                f"{conversation.name}: reply {len(reasons)} to a request of kind {request.kind} was sent back: {error}"
            )
            request = replace(request, turns=(*request.turns, Turn(text, write_reason(str(error)))))
    observe(f"{conversation.name}: refused after {len(reasons)} replies to a request of kind {request.kind}")
    return Answered(None, reasons)
