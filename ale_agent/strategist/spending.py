"""The ledger of model calls: what may be spent, what is spent, what is under way; held before each call is made.

A call is written down before it is made, with what it is expected to take, and again when it is over, with what it took:
whoever reads the book counts a call that was cut off in between at its expectation. A reply that the book has already is
given again without a call. Not covered: what a provider charges beyond its published price.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from ale_agent.clock import Clock, SystemClock
from ale_agent.errors import BudgetExceededError
from ale_agent.strategist.conversations import Conversation, ConversationError, ModelReply, ModelRequest, Usage

_CHARACTERS_PER_TOKEN = 3.0
_FIRST_OUTPUT_TOKENS = 8000
_WARN_AT = 0.8
_LONGEST_PAUSE = 60.0
_LOOK_SECONDS = 0.1

Price = Callable[[int, int], float | None]
"""(input tokens, output tokens) -> US dollars, None if unknown."""

Observe = Callable[[str, dict[str, Any]], None]
"""Is told what happens, as (kind, plain values): ``estimate``, ``spend`` or ``warning``."""

Fate = Literal["answered", "failed", "lost", "dropped"]
"""How a call ended: with a reply, with a refusal that costs no money, cut off, so that it may be charged for, or given up
by somebody who charges nothing, so that it does not count."""


@dataclass(frozen=True, kw_only=True)
class Caps:
    """What may be spent; None is no cap."""

    usd: float | None = None
    tokens: int | None = None
    calls: int | None = None

    def by_kind(self) -> dict[str, float]:
        """Return the caps there are."""
        caps = {"usd": self.usd, "tokens": self.tokens, "calls": self.calls}
        return {kind: cap for kind, cap in caps.items() if cap is not None}


class Book(Protocol):
    """Where calls are written down."""

    def reply_to(self, model: str, request: ModelRequest) -> ModelReply | None:
        """Return a reply that was paid for in an earlier session and not used in this one, None if there is none."""
        ...

    def begin_call(self, model: str, request: ModelRequest, expected: Usage) -> int:
        """Write down a call that is about to be made and return the call's number."""
        ...

    def end_call(self, number: int, fate: Fate, usage: Usage, text: str) -> None:
        """Write down how a call ended, with its reply, or why there is none."""
        ...

    def spent(self) -> dict[str, float]:
        """Return what was spent by kind, calls under way and lost ones counted as expected."""
        ...


def _free(input_tokens: int, output_tokens: int) -> float | None:
    return 0.0


@dataclass
class Account:
    """A model, and what is known of its cost.

    Parameters
    ----------
    conversation
        Whom to ask.
    price
        What tokens cost.
    billed
        Whether tokens are used at all: a relay and a replay use none, and a call to them that is cut off costs nothing.
    """

    conversation: Conversation
    price: Price = _free
    billed: bool = True
    longest: int = 0

    @property
    def name(self) -> str:
        """What the user called it."""
        return self.conversation.name

    def expected(self, request: ModelRequest) -> Usage:
        """Return what a call is expected to take: as much output as the longest reply so far."""
        if not self.billed:
            return Usage(cost_usd=0.0)
        given = math.ceil(request.characters / _CHARACTERS_PER_TOKEN)
        taken = self.longest or _FIRST_OUTPUT_TOKENS
        return Usage(input_tokens=given, output_tokens=taken, cost_usd=self.price(given, taken))


@dataclass
class Ledger:
    """Makes calls that fit into the caps, of all models together, and writes down what they take.

    Parameters
    ----------
    caps
        What may be spent.
    book
        Where calls are written down.
    observe
        Is told of the estimate before the first call of a model, of the spending after each call, once of four fifths of
        each cap and once of an unknown price; from any thread.
    stop
        Ends waiting: for a pause to be over, or for other calls.
    retries
        How many more calls are made for one request whose call failed in a way that passes.
    first_pause
        Seconds before the first of them; each further pause is twice as long, or what the server asks for.
    """

    caps: Caps
    book: Book
    observe: Observe = lambda kind, payload: None
    stop: Callable[[], bool] = lambda: False
    clock: Clock = field(default_factory=SystemClock)
    retries: int = 4
    first_pause: float = 2.0
    _open: dict[int, Usage] = field(default_factory=dict, init=False, repr=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False, repr=False)
    _said: set[str] = field(default_factory=set, init=False, repr=False)

    def ask(self, account: Account, request: ModelRequest) -> ModelReply:
        """Return the reply to a request, from the book if it is there already.

        Raises
        ------
        BudgetExceededError
            The next call would go over a cap; it is not made.
        ConversationError
            There is no reply.
        """
        known = self.book.reply_to(account.name, request)
        if known is not None:
            account.longest = max(account.longest, known.usage.output_tokens)
            return known
        call = 1
        while True:
            number = self._begin(account, request)
            try:
                reply = account.conversation.ask(request)
            except ConversationError as error:
                fate: Fate = "dropped" if not account.billed else "lost" if error.charged else "failed"
                self._end(account, number, fate, str(error))
                if error.lasting or call > self.retries or self.stop():
                    raise
                self._pause(max(self.first_pause * 2 ** (call - 1), error.pause))
                call += 1
            except BaseException as error:
                self._end(account, number, "lost" if account.billed else "dropped", repr(error))
                raise
            else:
                self._end(account, number, "answered", reply.text, reply.usage)
                return reply

    def spent(self) -> dict[str, float]:
        """Return what is spent by kind, calls under way counted as expected."""
        return self.book.spent()

    def under_way(self) -> int:
        """Return how many calls are under way."""
        return len(self._open)

    def _begin(self, account: Account, request: ModelRequest) -> int:
        """Write a call down that fits into the caps; it waits for others where only their outcome can tell."""
        expected = account.expected(request)
        self._estimate(account, expected)
        with self._changed:
            while not self._fits(expected):
                if self.stop():
                    raise ConversationError(f"{account.name}: it was ended before the call", lasting=False)
                self._changed.wait(_LOOK_SECONDS)
            number = self.book.begin_call(account.name, request, expected)
            self._open[number] = expected
        return number

    def _fits(self, expected: Usage) -> bool:
        """Return whether a call may be made now.

        Beside other calls it may only where each of those could take twice what it is expected to: near a cap calls
        are made one at a time, so that the cap is exceeded by one reply's uncertainty at most.
        """
        spent, need = self.book.spent(), _amounts(expected)
        beside = [_amounts(usage) for usage in self._open.values()]
        for kind, cap in self.caps.by_kind().items():
            reserved = sum(usage[kind] for usage in beside)
            if spent[kind] - (0.0 if kind == "calls" else reserved) + need[kind] > cap:
                raise BudgetExceededError(kind, spent[kind], cap)
        return not beside or all(
            kind == "calls" or spent[kind] + sum(usage[kind] for usage in beside) + need[kind] <= cap
            for kind, cap in self.caps.by_kind().items()
        )

    def _end(self, account: Account, number: int, fate: Fate, text: str, usage: Usage | None = None) -> None:
        with self._changed:
            expected = self._open.pop(number)
            if usage is None:
                usage = expected if fate == "lost" else Usage(cost_usd=0.0)
            account.longest = max(account.longest, usage.output_tokens if fate == "answered" else 0)
            self.book.end_call(number, fate, usage, text)
            spent = self.book.spent()
            self._changed.notify_all()
        if usage.cost_usd is None:
            self._warn("unknown", f"{account.name}: the price is unknown, so the money spent is unknown too")
        for kind, cap in self.caps.by_kind().items():
            if spent[kind] >= _WARN_AT * cap:
                self._warn(kind, f"{spent[kind]:g} of {cap:g} {kind} are spent")
        self.observe("spend", {**spent, "under_way": self.under_way()})

    def _estimate(self, account: Account, expected: Usage) -> None:
        """Say, before the first call of a model, what calls are expected to take and how many the caps allow."""
        if not self._first(f"estimate {account.name}"):
            return
        spent, need = self.book.spent(), _amounts(expected)
        calls = [(cap - spent[k]) / need[k] for k, cap in self.caps.by_kind().items() if need[k] > 0]
        self.observe(
            "estimate",
            {
                "model": account.name,
                "input_tokens": expected.input_tokens,
                "output_tokens": expected.output_tokens,
                "usd": expected.cost_usd,
                "calls": max(0, int(min(calls))) if calls else None,
            },
        )

    def _pause(self, seconds: float) -> None:
        end = self.clock.now() + min(_LONGEST_PAUSE, seconds)
        while not self.stop() and (left := end - self.clock.now()) > 0:
            self.clock.sleep(min(left, 0.5))

    def _warn(self, what: str, text: str) -> None:
        if self._first(what):
            self.observe("warning", {"text": text})

    def _first(self, what: str) -> bool:
        with self._changed:
            new = what not in self._said
            self._said.add(what)
            return new


def _amounts(usage: Usage) -> dict[str, float]:
    return {"usd": usage.cost_usd or 0.0, "tokens": usage.input_tokens + usage.output_tokens, "calls": 1}


@dataclass
class BoundConversation:
    """A model's conversation for one request of the attempt: its calls are written down under that request.

    Parameters
    ----------
    ledger, account
        Who pays, and who is asked.
    number
        The request's number.
    parents
        Ids of the candidates that the request is about.
    """

    ledger: Ledger
    account: Account
    number: int
    parents: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the user called the model."""
        return self.account.name

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the reply; see `Ledger.ask`."""
        return self.ledger.ask(self.account, replace(request, number=self.number, parents=self.parents))

    def close(self) -> None:
        """Nothing of its own is open."""
