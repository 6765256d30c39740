"""Opening a model by the name a user gives it: a provider's model, a relay folder, a recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ale_agent.errors import UsageError
from ale_agent.strategist.conversations import Conversation, ConversationError, PydanticConversation
from ale_agent.strategist.recording import Recording, RecordingConversation, ReplayConversation
from ale_agent.strategist.relay import RelayConversation
from ale_agent.strategist.spending import Account, Caps

REPLAYS = ("replay", "replay-strict")


def open_account(
    name: str,
    *,
    caps: Caps,
    recording: Recording | None = None,
    stop: Callable[[], bool] = lambda: False,
    observe: Callable[[str], None] = lambda text: None,
) -> Account:
    """Return a model by its name, recorded, with what is known of its cost.

    Parameters
    ----------
    name
        ``relay:DIR``, ``replay:FILE``, ``replay-strict:FILE``, or a model string of pydantic-ai.
    caps
        What may be spent: where a model's price is unknown, a cap on money needs one on tokens beside it.
    recording
        Where exchanges are kept.
    stop
        Ends the waiting of a relay.
    observe
        Is told what is worth a warning.

    Raises
    ------
    UsageError
        There is no such model, or its key is missing, or the cap on money cannot hold.
    StoreError
        The recording cannot be read.
    """
    kind, _, rest = name.partition(":")
    if not rest:
        raise UsageError(f"model is {name!r}; it must be relay:DIR, replay:FILE or PROVIDER:NAME")
    if kind == "relay":
        return Account(_recorded(RelayConversation(Path(rest), stop=stop), recording), billed=False)
    if kind in REPLAYS:
        replay = ReplayConversation(Path(rest), strict=kind == "replay-strict", observe=observe)
        if not replay.exchanges:
            raise UsageError(f"model is {name!r}; the recording holds no exchange")
        return Account(_recorded(replay, recording), billed=False)
    model = PydanticConversation(name)
    return account_of(model, caps, recording)


def account_of(model: PydanticConversation, caps: Caps, recording: Recording | None = None) -> Account:
    """Return the account of a provider's model; UsageError if it cannot be used, or a cap on money cannot hold."""
    try:
        price = model.price(1000, 1000)
    except ConversationError as error:
        raise UsageError(str(error)) from error
    if price is None and caps.usd is not None and caps.tokens is None:
        raise UsageError(
            f"the price of {model.name!r} is unknown, so --max-usd cannot hold; give --max-tokens beside it"
        )
    return Account(_recorded(model, recording), price=model.price)


def _recorded(conversation: Conversation, recording: Recording | None) -> Conversation:
    return conversation if recording is None else RecordingConversation(conversation, recording)
