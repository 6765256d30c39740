"""What an attempt asks a language model: every reply is in the journal before it is used, and paid for once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ale_agent.attempt.journal import Journal
from ale_agent.strategist.conversations import ModelReply, ModelRequest, Usage
from ale_agent.strategist.spending import CappedConversation

_KEY = "asked"


class KeptConversation:
    """A conversation behind the journal: what a killed session was told is told again without asking.

    A kept reply is given once a session, to the very same request; a request that differs in anything is asked.

    Parameters
    ----------
    inner
        Who is asked, and counts what it takes.
    journal
        Keeps replies, and with each what is spent so far.
    """

    def __init__(self, inner: CappedConversation, journal: Journal) -> None:
        self._inner = inner
        self._journal = journal
        self._kept: dict[str, list[ModelReply]] = {}
        for digest, reply in journal.read_replies():
            kept = ModelReply(text=reply["text"], usage=Usage(**reply["usage"]))
            self._kept.setdefault(digest, []).append(kept)

    @property
    def name(self) -> str:
        """The name of who is asked."""
        return self._inner.name

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the kept reply to this request, or ask."""
        if kept := self._kept.get(request.digest):
            return kept.pop(0)
        reply = self._inner.ask(request)
        self._journal.write_reply(request.digest, asdict(reply), self._inner.spent)
        return reply

    def close(self) -> None:
        """Close who is asked."""
        self._inner.close()


class KeptDetails:
    """What a prompt says of the attempt's state; a turn that a killed session did not finish says the same again.

    Otherwise its prompt would differ in the seconds that are left, and its reply would be asked for again.

    Parameters
    ----------
    journal
        Keeps the details of the present turn.
    turn
        Tells which turn it is.
    fresh
        Tells the details as they are now.
    """

    def __init__(self, journal: Journal, turn: Callable[[], int], fresh: Callable[[], dict[str, str]]) -> None:
        self._journal = journal
        self._turn = turn
        self._fresh = fresh
        self._unfinished: dict[str, Any] | None = journal.read_meta().get(_KEY)

    def __call__(self) -> dict[str, str]:
        """Return the details, kept before they are used."""
        unfinished, self._unfinished = self._unfinished, None
        if unfinished is not None and unfinished["turn"] == self._turn():
            return dict(unfinished["details"])
        details = self._fresh()
        self._journal.write_meta({_KEY: {"turn": self._turn(), "details": details}})
        return details
