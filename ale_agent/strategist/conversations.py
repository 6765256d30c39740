"""Talking to a language model: one protocol, and its implementation on pydantic-ai for any provider.

A request is a whole prompt, with the replies that were sent back so far; a reply is text. Nothing here knows what the text
means. Where a request has a schema and the model can be bound to one, the text is JSON of that schema; otherwise it is
whatever the prompt asks for. Not covered: streaming, and tools.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ale_agent.errors import AleAgentError
from ale_agent.settings import without_secrets

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters

T = TypeVar("T")

_MOST_SHOWN = 60_000

_PASSING_STATUS = frozenset((408, 409, 425, 429))
_REFUSED_SCHEMA = frozenset((400, 404, 422, 501))


class ConversationError(AleAgentError):
    """A request got no reply.

    Parameters
    ----------
    message
        Which model, what happened, and what to do.
    lasting
        Whether asking again later is pointless: a wrong key, an unknown model, a recording that does not fit.
    charged
        Whether the provider may have worked, and charge for it, all the same: nobody knows how far a call came that was
        cut off.
    pause
        How many seconds the provider wants to be left alone.
    """

    def __init__(self, message: str, *, lasting: bool, charged: bool = False, pause: float = 0.0) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.charged = charged
        self.pause = pause


@dataclass(frozen=True)
class Turn:
    """A reply that was sent back, and why."""

    reply: str
    reason: str

    @property
    def shown(self) -> str:
        """The reply as it is sent back: the beginning of one that is far too long, which would cost what it is worth."""
        if len(self.reply) <= _MOST_SHOWN:
            return self.reply or "(nothing)"
        return self.reply[:_MOST_SHOWN] + "\n(and so on)"


@dataclass(frozen=True, kw_only=True)
class ModelRequest:
    """What a model is asked.

    Parameters
    ----------
    kind
        What is asked for: ``draft``, ``refine``, ``insights`` and so on.
    prompt
        The whole prompt, complete in itself.
    turns
        The replies to this prompt that were sent back so far.
    schema
        The JSON schema of a structured reply; it follows from the kind, and is no part of the digest.
    number, parents
        Which request of the attempt it belongs to, and the candidates that is about; no part of the digest.
    """

    kind: str
    prompt: str
    turns: tuple[Turn, ...] = ()
    schema: Mapping[str, Any] | None = None
    number: int = 0
    parents: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that is asked."""
        parts = [self.kind, self.prompt, *(text for turn in self.turns for text in (turn.reply, turn.reason))]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def characters(self) -> int:
        """How long all that is sent is."""
        return len(self.prompt) + sum(len(turn.shown) + len(turn.reason) for turn in self.turns)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a call took.

    Parameters
    ----------
    cost_usd
        None if the price is unknown, which is not the same as free.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True, kw_only=True)
class ModelReply:
    """What came back, and what it took."""

    text: str
    usage: Usage


class Conversation(Protocol):
    """Somebody who answers prompts; one `ask` is one call, and several threads may ask at the same time."""

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

    One `ask` is one call: the provider's own client does not retry, and who asks counts before each call. Neither a
    temperature nor a limit of tokens is sent, since some servers refuse them. A schema is sent to models that are known
    to take one; a server that refuses it is not sent one again. Several threads may ask at the same time.

    Parameters
    ----------
    name
        pydantic-ai's model string.
    model
        The model itself where it is at hand; looked up by the name if absent.
    timeout
        Seconds for one call, from its beginning to the last byte.
    """

    name: str
    model: Model | None = None
    timeout: float = 900.0
    _loop: _LoopThread | None = field(default=None, init=False, repr=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _unbound: bool = field(default=False, init=False, repr=False)

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the model's reply to one call.

        Raises
        ------
        ConversationError
            The provider refused or did not answer.
        """
        from pydantic_ai.exceptions import AgentRunError

        parameters = self._parameters(request)
        try:
            response = self._started().run(self._call(_messages(request), parameters))
        except AgentRunError as error:
            refused_schema = parameters is not None and getattr(error, "status_code", None) in _REFUSED_SCHEMA
            self._unbound = self._unbound or refused_schema
            raise self._failed(
                error, lasting=not (refused_schema or _passes(error)), charged=not hasattr(error, "status_code")
            ) from error
        except (TimeoutError, CancelledError) as error:
            text = f"it took longer than {self.timeout:g} s" if isinstance(error, TimeoutError) else "it was ended"
            raise self._failed(text, lasting=False, charged=True) from error
        return ModelReply(text=response.text or "", usage=_usage(response))

    def price(self, input_tokens: int, output_tokens: int) -> float | None:
        """Return what so many tokens cost, in US dollars; None if the price is unknown."""
        from genai_prices import Usage as Tokens
        from genai_prices import calc_price

        model = self.opened()
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
        """End calls that are open, and close the connections."""
        with self._guard:
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.close(self.opened())

    def opened(self) -> Model:
        """Return the model; ConversationError if there is none of that name, or its key is missing."""
        from pydantic_ai.exceptions import UserError
        from pydantic_ai.models import infer_model

        if self.model is None:
            try:
                self.model = infer_model(self.name)
            except (UserError, ImportError) as error:
                raise ConversationError(f"model {self.name!r} cannot be used: {error}", lasting=True) from error
        return self.model

    def _parameters(self, request: ModelRequest) -> ModelRequestParameters | None:
        """Return what binds the reply to the request's schema, None if there is none or the model does not take one."""
        from pydantic_ai.models import ModelRequestParameters
        from pydantic_ai.output import OutputObjectDefinition

        if request.schema is None or self._unbound or not self.opened().profile.get("supports_json_schema_output"):
            return None
        definition = OutputObjectDefinition(json_schema=dict(request.schema), name="reply", strict=True)
        return ModelRequestParameters(output_mode="native", output_object=definition, allow_text_output=False)

    async def _call(self, messages: list[ModelMessage], parameters: ModelRequestParameters | None) -> ModelResponse:
        from pydantic_ai.direct import model_request
        from pydantic_ai.settings import ModelSettings

        settings = ModelSettings(timeout=self.timeout, request_timeout=self.timeout, max_retries=0)
        async with asyncio.timeout(self.timeout):
            return await model_request(
                self.opened(), messages, model_settings=settings, model_request_parameters=parameters
            )

    def _started(self) -> _LoopThread:
        with self._guard:
            if self._loop is None:
                self._loop = _LoopThread()
                self._loop.run(self.opened().__aenter__())
            return self._loop

    def _failed(self, why: object, *, lasting: bool, charged: bool) -> ConversationError:
        text = without_secrets(" ".join(str(why).split()))[:500]
        return ConversationError(
            f"model {self.name!r} gave no reply: {text}", lasting=lasting, charged=charged, pause=_asked_pause(why)
        )


class _LoopThread:
    """An event loop in a thread of its own, so that several threads can have calls open on one client."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model-calls", daemon=True)
        self._thread.start()

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Return what the call returns; CancelledError if the loop was closed meanwhile."""
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()

    def close(self, model: Model) -> None:
        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await model.__aexit__(None, None, None)

        self.run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _messages(request: ModelRequest) -> list[ModelMessage]:
    from pydantic_ai.messages import ModelRequest as Message
    from pydantic_ai.messages import ModelResponse, TextPart, UserPromptPart

    messages: list[ModelMessage] = [Message(parts=[UserPromptPart(request.prompt)])]
    for turn in request.turns:
        messages.append(ModelResponse(parts=[TextPart(turn.shown)]))
        messages.append(Message(parts=[UserPromptPart(turn.reason)]))
    return messages


def _usage(response: ModelResponse) -> Usage:
    try:
        cost: float | None = float(response.cost().total_price)
    except (LookupError, ValueError, AssertionError):
        cost = None
    return Usage(
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


def _asked_pause(error: object) -> float:
    return float(getattr(error, "retry_after", None) or 0.0)
