"""A pydantic-ai conversation against a scripted OpenAI-compatible server on loopback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted_server import Server

from ale_agent.strategist.conversations import ConversationError, ModelRequest, PydanticConversation, Turn, Usage

REQUEST = ModelRequest(kind="draft", prompt="p", turns=(Turn("bad", "because"),))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def conversation(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[PydanticConversation]:
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.http.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    conversation = PydanticConversation("openai-chat:small", timeout=20.0)
    yield conversation
    conversation.close()


def test_a_reply_comes_with_its_tokens(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["good"]
    reply = conversation.ask(REQUEST)
    assert (reply.text, reply.usage) == ("hello", Usage(input_tokens=11, output_tokens=3, cost_usd=None))


@pytest.mark.parametrize(
    ("step", "lasting", "charged"),
    [
        ("429", False, False), ("500", False, False), ("503", False, False), ("408", False, False),
        ("401", True, False), ("404", True, False), ("drop", False, True), ("broken", False, True),
    ],
)  # fmt: skip
def test_one_ask_is_one_call_and_says_whether_asking_again_makes_sense(
    server: Server, conversation: PydanticConversation, step: str, lasting: bool, charged: bool
) -> None:
    server.script = [step]
    with pytest.raises(ConversationError, match="gave no reply") as caught:
        conversation.ask(REQUEST)
    assert (len(server.bodies), caught.value.lasting, caught.value.charged) == (1, lasting, charged)


def test_the_pause_that_a_server_asks_for_is_kept(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["429"]
    with pytest.raises(ConversationError) as caught:
        conversation.ask(REQUEST)
    assert caught.value.pause == 7.0


def test_a_server_that_never_answers_is_left_after_the_time(server: Server, conversation: PydanticConversation) -> None:
    conversation.timeout = 0.5
    server.script = ["hang"]
    begun = time.monotonic()
    with pytest.raises(ConversationError, match="gave no reply") as caught:
        conversation.ask(REQUEST)
    assert caught.value.charged and not caught.value.lasting
    assert time.monotonic() - begun < 10


def test_a_server_that_trickles_is_left_after_the_time(server: Server, conversation: PydanticConversation) -> None:
    conversation.timeout = 1.0
    server.script = ["trickle"]
    begun = time.monotonic()
    with pytest.raises(ConversationError, match="took longer than 1 s"):
        conversation.ask(REQUEST)
    assert time.monotonic() - begun < 10


def test_a_reply_of_five_megabytes_is_taken(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["huge"]
    assert len(conversation.ask(REQUEST).text) == 5_000_000


def test_several_threads_ask_at_the_same_time(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["meet"] * 3
    with ThreadPoolExecutor(3) as threads:
        replies = list(threads.map(lambda _: conversation.ask(REQUEST).text, range(3)))
    assert replies == ["hello"] * 3


def test_closing_ends_a_call_that_is_open(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["hang"]
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(conversation.ask, REQUEST)
        while not server.bodies:
            time.sleep(0.01)
        conversation.close()
        with pytest.raises(ConversationError, match="it was ended"):
            call.result(10)


def test_a_key_that_a_provider_repeats_is_not_shown(
    server: Server, conversation: PydanticConversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-known-only-to-the-user")
    server.script = ["401"]
    with pytest.raises(ConversationError, match="you sent Bearer") as caught:
        conversation.ask(REQUEST)
    assert "known-only" not in str(caught.value)


def test_neither_temperature_nor_a_limit_of_tokens_is_sent(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["good"]
    conversation.ask(REQUEST)
    assert not {"temperature", "max_tokens", "max_completion_tokens"} & set(server.bodies[0])


def test_the_price_of_an_unknown_server_is_unknown(conversation: PydanticConversation) -> None:
    assert conversation.price(1000, 1000) is None
