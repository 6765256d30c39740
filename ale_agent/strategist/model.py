"""The strategist that is a language model: a prompt for each brief, a checked program out of each reply.

A reply that cannot be used goes back with the reason a few times and then counts as refused. Money and tokens are the
conversation's matter, measuring is the attempt's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ale_agent.errors import ProgramError
from ale_agent.program import Program, similarity
from ale_agent.strategist.conversations import Conversation, ConversationError, ModelRequest, Turn
from ale_agent.strategist.prompting import Request, Task, request_of, shown_source, write_prompt, write_reason
from ale_agent.strategist.protocol import Brief, Insight, Proposal
from ale_agent.strategist.replies import Reply, read_reply

Check = Callable[[Program], str | None]
"""Tries a program on a sample; returns why it cannot be used, None if it can."""

_ALIKE = 0.97


def _no_check(program: Program) -> str | None:
    return None


def _nobody(text: str) -> None:
    pass


@dataclass
class ModelStrategist:
    """Lets a language model write the programs.

    Parameters
    ----------
    conversation
        The model.
    task
        What prompts say about the problem.
    check
        Tries a program on a sample before it is proposed, with the failing seed and the tail of stderr in its reason.
    observe
        Is told, in a line, of every reply that was sent back or refused.
    known
        Programs that are not to be proposed again; those proposed are added.
    retries
        How often one reply goes back.
    """

    conversation: Conversation
    task: Task
    check: Check = _no_check
    observe: Callable[[str], None] = _nobody
    known: list[Program] = field(default_factory=list)
    retries: int = 2

    def propose(self, brief: Brief) -> Proposal | None:
        """Return the model's program; None if its replies were refused or there was none.

        Raises
        ------
        BudgetExceededError
            The next call would go over a cap.
        ConversationError
            The model cannot be reached and asking again is pointless.
        """
        kind = request_of(brief)
        prompt = write_prompt(self.task, brief)
        turns: tuple[Turn, ...] = ()
        for _ in range(self.retries + 1):
            try:
                text = self.conversation.ask(ModelRequest(kind=kind, prompt=prompt, turns=turns)).text
            except ConversationError as error:
                if error.lasting:
                    raise
                self.observe(str(error))
                return None
            try:
                return self._read(text, kind, brief)
            except ProgramError as error:
                self.observe(f"{self.conversation.name}: reply {len(turns) + 1} to a {kind} was sent back: {error}")
                turns = (*turns, Turn(text, write_reason(str(error))))
        self.observe(f"{self.conversation.name}: refused after {self.retries + 1} replies to a {kind}")
        return None

    def learn(self, history: str) -> tuple[Insight, ...]:
        """Return what the model says was learned from a batch; nothing if its replies were refused.

        Parameters
        ----------
        history
            The batch as text: a line or more for each candidate, with its id and what measuring showed.
        """
        return ()

    def _read(self, text: str, kind: Request, brief: Brief) -> Proposal:
        parents = brief.parents if kind != "draft" else ()
        reply = read_reply(text, shown_source(parents[0]) if parents else None)
        program = Program.from_source(reply.source)
        self._refuse_known(program, kind, brief)
        reason = self.check(program)
        if reason is not None:
            raise ProgramError(reason)
        self.known.append(program)
        return Proposal(
            kind=kind,
            program=program,
            idea=_idea(reply),
            parents=tuple(parent.id for parent in parents),
            strategies=reply.strategies,
        )

    def _refuse_known(self, program: Program, kind: Request, brief: Brief) -> None:
        """Raise if there is such a program: in a draft nothing alike, in a refinement nothing that differs in numbers.

        A refinement of a long program may well be alike to it, so that only sameness counts there, and a repair may
        change a single number.
        """
        known = [*(parent.program for parent in brief.parents), *self.known]
        if any(program.id == other.id for other in known):
            raise ProgramError("this program was tried already: it differs at most in comments and layout")
        if kind == "repair":
            return
        alike = max((similarity(program.source, other.source) for other in known), default=0.0)
        if alike >= 1.0:
            raise ProgramError(
                "this program differs from one that was tried only in its numbers or strings; constants belong to the "
                "tuner: change what the program does"
            )
        if kind == "draft" and alike > _ALIKE:
            raise ProgramError(f"this program is {alike:.1%} the same as one that was tried: send a different idea")


def _idea(reply: Reply) -> str:
    return f"{reply.idea} ({reply.expectation})" if reply.expectation else reply.idea
