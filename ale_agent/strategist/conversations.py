"""Talking to a language model: one protocol, and its implementation on pydantic-ai for any provider.

A request is a whole prompt, with the replies that were sent back so far; a reply is plain text. Nothing here knows what
the text means. Not covered: streaming, tools, and structured output of a provider's own, because fenced text works with
every model.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ale_agent.clock import Clock, SystemClock
from ale_agent.errors import AleAgentError
from ale_agent.settings import without_secrets

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model

_PASSING_STATUS = frozenset((408, 409, 425, 429))
_LONGEST_PAUSE = 60.0


class ConversationError(AleAgentError):
    """A request got no reply.

    Parameters
    ----------
    message
        Which model, what happened, and what to do.
    lasting
        Whether asking again later is pointless: a wrong key, an unknown model, a recording that does not fit.
    calls
        How many calls were made for the request, each of which may be charged for.
    """

    def __init__(self, message: str, *, lasting: bool, calls: int = 0) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.calls = calls


@dataclass(frozen=True)
class Turn:
    """A reply that was sent back, and why."""

    reply: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ModelRequest:
    """What a model is asked.

    Parameters
    ----------
    kind
        ``draft``, ``refine`` or ``repair``.
    prompt
        The whole prompt, complete in itself.
    turns
        The replies to this prompt that were sent back so far.
    """

    kind: str
    prompt: str
    turns: tuple[Turn, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that is asked."""
        parts = [self.kind, self.prompt, *(text for turn in self.turns for text in (turn.reply, turn.reason))]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def characters(self) -> int:
        """How long all that is sent is."""
        return len(self.prompt) + sum(len(turn.reply) + len(turn.reason) for turn in self.turns)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a reply took.

    Parameters
    ----------
    calls
        Calls made, those that failed included.
    cost_usd
        None if the price is unknown, which is not the same as free.
    """

    calls: int = 1
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True, kw_only=True)
class ModelReply:
    """What came back, and what it took."""

    text: str
    usage: Usage


class Conversation(Protocol):
    """Somebody who answers prompts."""

    @property
    def name(self) -> str:
        """What the user called it."""
        ...

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the reply to a request; ConversationError if there is none."""
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...


@dataclass
class PydanticConversation:
    """A model of any provider that pydantic-ai knows.

    Calls that fail in a way that passes (429, 5xx, a dropped connection, a broken body) are made again with growing
    pauses; the provider's own client does not retry, so every call is counted. Neither a temperature nor a limit of
    tokens is sent, since some servers refuse them.

    Parameters
    ----------
    name
        pydantic-ai's model string.
    model
        The model itself where it is at hand; looked up by the name if absent.
    timeout
        Seconds for one call.
    retries
        How many more calls are made for one request.
    first_pause
        Seconds before the first of them; each further pause is twice as long, or what the server asks for.
    """

    name: str
    model: Model | None = None
    timeout: float = 900.0
    retries: int = 4
    first_pause: float = 2.0
    clock: Clock = field(default_factory=SystemClock)
    _runner: asyncio.Runner | None = field(default=None, init=False, repr=False)

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the model's reply.

        Raises
        ------
        ConversationError
            The provider refused, or did not answer within all retries.
        """
        from pydantic_ai.exceptions import AgentRunError

        messages = _messages(request)
        for call in range(1, self.retries + 2):
            try:
                response = self._run(messages)
            except AgentRunError as error:
                self._pause_or_raise(error, call)
            else:
                return ModelReply(text=response.text or "", usage=_usage(response, call))
        raise AssertionError("the last failure raises")

    def price(self, input_tokens: int, output_tokens: int) -> float | None:
        """Return what so many tokens cost, in US dollars; None if the price is unknown."""
        from genai_prices import Usage as Tokens
        from genai_prices import calc_price

        model = self._model()
        tokens = Tokens(input_tokens=input_tokens, output_tokens=output_tokens)
        try:
            if model.base_url:
                found = calc_price(tokens, model.model_name, provider_api_url=model.base_url)
            else:
                found = calc_price(tokens, model.model_name, provider_id=model.system)
        except (LookupError, ValueError):
            return None
        return float(found.total_price)

    def close(self) -> None:
        """Close the event loop and the connections in it."""
        if self._runner is not None:
            self._runner.run(self._model().__aexit__(None, None, None))
            self._runner.close()
            self._runner = None

    def _model(self) -> Model:
        from pydantic_ai.exceptions import UserError
        from pydantic_ai.models import infer_model

        if self.model is None:
            try:
                self.model = infer_model(self.name)
            except (UserError, ImportError) as error:
                raise ConversationError(f"model {self.name!r} cannot be used: {error}", lasting=True) from error
        return self.model

    def _run(self, messages: list[ModelMessage]) -> ModelResponse:
        from pydantic_ai.direct import model_request
        from pydantic_ai.settings import ModelSettings

        model = self._model()
        if self._runner is None:
            self._runner = asyncio.Runner()
            self._runner.run(model.__aenter__())
        settings = ModelSettings(timeout=self.timeout, request_timeout=self.timeout, max_retries=0)
        return self._runner.run(model_request(model, messages, model_settings=settings))

    def _pause_or_raise(self, error: Exception, call: int) -> None:
        lasting = not _passes(error)
        if lasting or call > self.retries:
            text = without_secrets(" ".join(str(error).split()))[:500]
            raise ConversationError(
                f"model {self.name!r} gave no reply in {call} call{'s' * (call > 1)}: {text}",
                lasting=lasting,
                calls=call,
            ) from error
        self.clock.sleep(min(_LONGEST_PAUSE, max(self.first_pause * 2 ** (call - 1), _asked_pause(error))))


def _messages(request: ModelRequest) -> list[ModelMessage]:
    from pydantic_ai.messages import ModelRequest as Message
    from pydantic_ai.messages import ModelResponse, TextPart, UserPromptPart

    messages: list[ModelMessage] = [Message(parts=[UserPromptPart(request.prompt)])]
    for turn in request.turns:
        messages.append(ModelResponse(parts=[TextPart(turn.reply or "(nothing)")]))
        messages.append(Message(parts=[UserPromptPart(turn.reason)]))
    return messages


def _usage(response: ModelResponse, calls: int) -> Usage:
    try:
        cost: float | None = float(response.cost().total_price)
    except (LookupError, ValueError, AssertionError):
        cost = None
    return Usage(
        calls=calls,
        input_tokens=response.usage.input_tokens,
        output_tokens=response.usage.output_tokens,
        cost_usd=cost,
    )


def _passes(error: Exception) -> bool:
    """Return whether the same call may work a little later."""
    from pydantic_ai.exceptions import ContentFilterError, ModelAPIError, ModelHTTPError, UnexpectedModelBehavior

    if isinstance(error, ModelHTTPError):
        return (error.status_code in _PASSING_STATUS or error.status_code >= 500) and "insufficient_quota" not in str(
            error.body
        )
    if isinstance(error, ContentFilterError):
        return False
    return isinstance(error, (ModelAPIError, UnexpectedModelBehavior))


def _asked_pause(error: Exception) -> float:
    headers = getattr(error, "headers", None) or {}
    try:
        return float(headers.get("retry-after", 0.0))
    except ValueError:  # a date: the growing pauses will do
        return 0.0
