"""Asking models in threads, so that candidates are measured meanwhile; what comes back is used by the main thread alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ale_agent.attempt.exchanges import Asked
from ale_agent.clock import SystemClock
from ale_agent.errors import AleAgentError
from ale_agent.strategist.conversations import ConversationError
from ale_agent.strategist.protocol import Brief, Insight, Proposal

_POLL_SECONDS = 0.05
_CLOSE_SECONDS = 3.0


class Author(Protocol):
    """A model strategist, for one request."""

    def propose(self, brief: Brief) -> Proposal | None:
        """Return a program, None if its replies were refused."""
        ...

    def learn(self, history: str) -> tuple[Insight, ...]:
        """Return what was learned from a batch."""
        ...


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a request.

    Parameters
    ----------
    asked
        The request.
    proposal, insights
        What the model said; neither where its replies were refused or there was none.
    notes
        Why replies were sent back.
    error
        Why the model cannot be asked further, None if it can.
    """

    asked: Asked
    proposal: Proposal | None = None
    insights: tuple[Insight, ...] = ()
    notes: tuple[str, ...] = ()
    error: AleAgentError | None = None


MakeAuthor = Callable[[Asked, Callable[[str], None]], Author]
"""(request, whom to tell why replies are sent back) -> who answers it."""


class Asking:
    """Requests that are under way, each in a thread of its own; whoever submits bounds their number.

    Parameters
    ----------
    make_author
        Gives the strategist for a request.
    """

    def __init__(self, make_author: MakeAuthor) -> None:
        self._make_author = make_author
        self._clock = SystemClock()  # threads live in the machine's time
        self._guard = threading.Lock()
        self._open: dict[int, Asked] = {}
        self._done: dict[int, Answer | BaseException] = {}
        self._threads: list[threading.Thread] = []

    @property
    def under_way(self) -> list[Asked]:
        """The requests whose answers were not taken yet, in order."""
        return [self._open[number] for number in sorted(self._open)]

    def submit(self, asked: Asked, brief: Brief | None) -> None:
        """Begin a request; without a brief it asks what was learned."""
        self._open[asked.number] = asked
        thread = threading.Thread(target=self._work, args=(asked, brief), name=f"request-{asked.number}", daemon=True)
        self._threads.append(thread)
        thread.start()

    @property
    def answered(self) -> bool:
        """Whether an answer has come that was not taken yet."""
        with self._guard:
            return bool(self._done)

    def take(self, *, oldest_only: bool) -> list[Answer]:
        """Return answers that have come, in the order of the requests; at most that of the oldest request if told so."""
        numbers = sorted(self._open)[:1] if oldest_only else sorted(self._open)
        answers = []
        for number in numbers:
            with self._guard:
                answer = self._done.pop(number, None)
            if answer is None:
                continue
            del self._open[number]
            if isinstance(answer, BaseException):
                raise answer
            answers.append(answer)
        return answers

    def wait(self, *, oldest_only: bool, seconds: float) -> list[Answer]:
        """Wait for an answer, at most so long, and return what has come."""
        end = self._clock.now() + seconds
        while True:
            answers = self.take(oldest_only=oldest_only)
            if answers or not self._open or self._clock.now() >= end:
                return answers
            self._clock.sleep(_POLL_SECONDS)

    def close(self) -> None:
        """Wait a little for the threads, which whoever closes has told to stop."""
        end = self._clock.now() + _CLOSE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - self._clock.now()))

    def _work(self, asked: Asked, brief: Brief | None) -> None:
        notes: list[str] = []
        answer: Answer | BaseException
        try:
            author = self._make_author(asked, notes.append)
            if brief is None:
                answer = Answer(asked=asked, insights=author.learn(asked.details["history"]), notes=tuple(notes))
            else:
                answer = Answer(asked=asked, proposal=author.propose(brief), notes=tuple(notes))
        except AleAgentError as error:
            passing = isinstance(error, ConversationError) and not error.lasting
            answer = (
                Answer(asked=asked, notes=(*notes, str(error)))
                if passing
                else Answer(asked=asked, notes=tuple(notes), error=error)
            )
        except BaseException as error:
            answer = error
        with self._guard:
            self._done[asked.number] = answer
