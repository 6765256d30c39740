"""Caps on money, tokens and calls, held before a call is made; and opening a conversation by its name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ale_agent.errors import BudgetExceededError, UsageError
from ale_agent.strategist.conversations import (
    Conversation,
    ConversationError,
    ModelReply,
    ModelRequest,
    PydanticConversation,
)
from ale_agent.strategist.recording import RecordingConversation, ReplayConversation
from ale_agent.strategist.relay import RelayConversation

_CHARACTERS_PER_TOKEN = 3.0
_FIRST_OUTPUT_TOKENS = 8000
_WARN_AT = 0.8

Price = Callable[[int, int], float | None]
"""(input tokens, output tokens) -> US dollars, None if unknown."""


@dataclass(frozen=True, kw_only=True)
class Caps:
    """What may be spent; None is no cap."""

    usd: float | None = None
    tokens: int | None = None
    calls: int | None = None


def _free(input_tokens: int, output_tokens: int) -> float | None:
    return 0.0


def _nobody(text: str) -> None:
    pass


@dataclass
class CappedConversation:
    """Makes a call only if it fits into what is left, and counts what it took.

    Parameters
    ----------
    inner
        Whom to ask.
    caps
        What may be spent.
    price
        What tokens cost.
    billed
        Whether tokens are used at all: a relay and a replay use none.
    observe
        Is told once at 80 % of each cap, and if the price is unknown.
    spent
        By kind (``usd``, ``tokens``, ``calls``); what an earlier run spent is handed in.
    """

    inner: Conversation
    caps: Caps
    price: Price = _free
    billed: bool = True
    observe: Callable[[str], None] = _nobody
    spent: dict[str, float] = field(default_factory=lambda: {"usd": 0.0, "tokens": 0.0, "calls": 0.0})
    _longest: int = field(default=0, init=False, repr=False)
    _said: set[str] = field(default_factory=set, init=False, repr=False)

    @property
    def name(self) -> str:
        """The name of whom is asked."""
        return self.inner.name

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the reply.

        Raises
        ------
        BudgetExceededError
            The call would go over a cap; it is not made.
        UsageError
            There is a cap on money, none on tokens, and the price is unknown.
        """
        self._reserve(request)
        try:
            reply = self.inner.ask(request)
        except ConversationError as error:
            self.spent["calls"] += error.calls
            raise
        usage = reply.usage
        self._longest = max(self._longest, usage.output_tokens)
        self.spent["calls"] += usage.calls
        self.spent["tokens"] += usage.input_tokens + usage.output_tokens
        self.spent["usd"] += usage.cost_usd or 0.0
        if usage.cost_usd is None:
            self._say("unknown", f"{self.name}: the price is unknown, so the money spent is unknown too")
        for kind, cap in self._limits().items():
            if self.spent[kind] >= _WARN_AT * cap:
                self._say(kind, f"{self.spent[kind]:g} of {cap:g} {kind} are spent")
        return reply

    def close(self) -> None:
        """Close whom was asked."""
        self.inner.close()

    def _reserve(self, request: ModelRequest) -> None:
        given = math.ceil(request.characters / _CHARACTERS_PER_TOKEN) if self.billed else 0
        taken = (self._longest or _FIRST_OUTPUT_TOKENS) if self.billed else 0
        cost = self.price(given, taken)
        if cost is None and self.caps.usd is not None and self.caps.tokens is None:
            raise UsageError(f"{self.name}: its price is unknown, so a cap on money cannot hold; give --max-tokens")
        needs = {"usd": cost or 0.0, "tokens": given + taken, "calls": 1}
        for kind, cap in self._limits().items():
            if self.spent[kind] + needs[kind] > cap:
                raise BudgetExceededError(kind, self.spent[kind], cap)

    def _limits(self) -> dict[str, float]:
        caps = {"usd": self.caps.usd, "tokens": self.caps.tokens, "calls": self.caps.calls}
        return {kind: cap for kind, cap in caps.items() if cap is not None}

    def _say(self, what: str, text: str) -> None:
        if what not in self._said:
            self._said.add(what)
            self.observe(text)


def open_conversation(
    name: str,
    *,
    record: Path | None = None,
    caps: Caps | None = None,
    stop: Callable[[], bool] = lambda: False,
    observe: Callable[[str], None] = _nobody,
) -> CappedConversation:
    """Return a conversation by its name, recorded and capped.

    Parameters
    ----------
    name
        ``relay:DIR``, ``replay:FILE``, or a model string of pydantic-ai.
    record
        The file to record to.
    caps
        What may be spent.
    stop
        Ends the waiting of a relay.
    observe
        Is told what is worth a warning.
    """
    kind, _, rest = name.partition(":")
    inner: Conversation
    price: Price = _free
    if not rest:
        raise UsageError(f"model is {name!r}; it must be relay:DIR, replay:FILE or PROVIDER:NAME")
    if kind == "relay":
        inner = RelayConversation(Path(rest), stop=stop)
    elif kind == "replay":
        inner = ReplayConversation(Path(rest))
    else:
        inner = model = PydanticConversation(name)
        price = model.price
    if record is not None:
        inner = RecordingConversation(inner, record)
    return CappedConversation(inner, caps or Caps(), price, billed=kind not in ("relay", "replay"), observe=observe)
