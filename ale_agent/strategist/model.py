"""The strategist that is a language model: a prompt for each brief, a checked program out of each reply.

A reply that cannot be used goes back with the reason a few times and then counts as refused. Money and tokens are the
conversation's matter, measuring is the attempt's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ale_agent.errors import ProgramError
from ale_agent.program import Program, similarity
from ale_agent.strategist.asking import ask_until_read
from ale_agent.strategist.conversations import Conversation, ModelRequest
from ale_agent.strategist.encoding import Encoder
from ale_agent.strategist.prompting import Request, Task, base_of, request_of, write_history_prompt, write_prompt
from ale_agent.strategist.protocol import Brief, Insight, Proposal
from ale_agent.strategist.replies import Reply, candidate_ids, read_insights, read_reply
from ale_agent.strategist.reply_schemas import InsightsReply, ProgramReply, schema_of

Check = Callable[[Program], str | None]
"""Tries a program on a sample; returns why it cannot be used, None if it can."""

_ALIKE = 0.97
T = TypeVar("T")


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
    encoder
        Makes programs from encodings; without it no encodings are asked for.
    """

    conversation: Conversation
    task: Task
    check: Check = _no_check
    observe: Callable[[str], None] = _nobody
    known: list[Program] = field(default_factory=list)
    retries: int = 2
    encoder: Encoder | None = None

    def propose(self, brief: Brief) -> Proposal | None:
        """Return the model's program; None if its replies were refused, there was none, or nothing fits the request.

        Raises
        ------
        BudgetExceededError
            The next call would go over a cap.
        ConversationError
            The model cannot be reached and asking again is pointless.
        """
        kind = request_of(brief)
        if brief.request == "vary" or (kind == "encode" and self.encoder is None):
            return None
        # Named by what was asked for, also where a lost parent made another prompt of it: so a replay finds its reply.
        request = ModelRequest(
            kind=brief.request, prompt=write_prompt(self.task, brief), schema=schema_of(ProgramReply)
        )
        return self._ask(request, lambda text: self._read(text, kind, brief))

    def learn(self, history: str) -> tuple[Insight, ...]:
        """Return what the model says was learned from a batch; nothing if its replies were refused.

        Parameters
        ----------
        history
            The batch as text: a line or more for each candidate, with its id and what measuring showed.

        Raises
        ------
        BudgetExceededError, ConversationError
            As `propose`.
        """
        known = candidate_ids(history)

        def read(text: str) -> tuple[Insight, ...]:
            insights, unknown = read_insights(text, known)
            if unknown:
                self.observe(f"{self.conversation.name}: names unknown candidates: {', '.join(unknown[:8])}")
            return insights

        prompt = write_history_prompt(self.task, history)
        return self._ask(ModelRequest(kind="insights", prompt=prompt, schema=schema_of(InsightsReply)), read) or ()

    def _ask(self, request: ModelRequest, read: Callable[[str], T]) -> T | None:
        return ask_until_read(self.conversation, request, read, retries=self.retries, observe=self.observe).value

    def _read(self, text: str, kind: Request, brief: Brief) -> Proposal:
        base = base_of(kind, brief.parents)
        reply = read_reply(text, base)
        proposal = self._encoded(reply, brief) if kind == "encode" else self._programmed(reply, kind, brief)
        if kind == "simplify" and base is not None and _lines(reply.source) >= _lines(base):
            raise ProgramError(
                f"this program has {_lines(reply.source)} lines, the given one {_lines(base)}: send less"
            )
        self._refuse_known(proposal.program, kind, brief)
        reason = self.check(proposal.program)
        if reason is not None:
            raise ProgramError(reason)
        self.known.append(proposal.program)
        return proposal

    def _programmed(self, reply: Reply, kind: Request, brief: Brief) -> Proposal:
        return Proposal(
            kind=kind,
            program=Program.from_source(reply.source),
            idea=reply.idea,
            parents=() if kind == "draft" else tuple(parent.id for parent in brief.parents),
            strategies=reply.strategies,
        )

    def _encoded(self, reply: Reply, brief: Brief) -> Proposal:
        assert self.encoder is not None
        encoded = self.encoder.make(reply.source)
        return Proposal(
            kind="encode",
            program=encoded.program,
            genotype=encoded.genotype.to_json(),
            tools=reply.source,
            idea=reply.idea,
            parents=tuple(parent.id for parent in brief.parents if parent.tools is not None),
            strategies=reply.strategies,
        )

    def _refuse_known(self, program: Program, kind: Request, brief: Brief) -> None:
        """Raise if there is such a program: in a draft nothing alike, in a refinement nothing that differs in numbers.

        A refinement of a long program may well be alike to it, so that only sameness counts there. A repair may change a
        single number, and so may an encoding, whose numbers no tuner sets.
        """
        known = [*(parent.program for parent in brief.parents), *self.known]
        if any(program.id == other.id for other in known):
            raise ProgramError("this program was tried already: it differs at most in comments and layout")
        if kind in ("repair", "encode"):
            return
        alike = max((similarity(program.source, other.source) for other in known), default=0.0)
        if alike >= 1.0:
            raise ProgramError(
                "this program differs from one that was tried only in its numbers or strings; constants belong to the "
                "tuner: change what the program does"
            )
        if kind == "draft" and alike > _ALIKE:
            raise ProgramError(f"this program is {alike:.1%} the same as one that was tried: send a different idea")


def _lines(source: str) -> int:
    return sum(bool(line.strip()) for line in source.split("\n"))
