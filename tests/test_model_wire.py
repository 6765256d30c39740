"""A pydantic-ai conversation against a scripted OpenAI-compatible server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ale_agent.clock import FakeClock
from ale_agent.strategist.conversations import ConversationError, ModelRequest, PydanticConversation, Turn

REQUEST = ModelRequest(kind="draft", prompt="p", turns=(Turn("bad", "because"),))


class Server:
    """Answers with a script: ``good``, ``drop``, ``broken``, or an HTTP status."""

    def __init__(self) -> None:
        self.script: list[str] = []
        self.bodies: list[dict[str, object]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                step = server.script.pop(0)
                if step == "drop":
                    self.close_connection = True
                    self.connection.close()
                    return
                status = int(step) if step.isdigit() else 200
                body = json.dumps(refused(self.headers) if status != 200 else GOOD).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if step == "broken" else body)

            def log_message(self, *arguments: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def refused(headers: Message) -> dict[str, object]:
    return {"error": {"message": f"scripted, you sent {headers['Authorization']}"}}


GOOD = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "small",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}],
    "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def conversation(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[PydanticConversation]:
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.http.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    conversation = PydanticConversation("openai-chat:small", timeout=10.0, retries=2, clock=FakeClock())
    yield conversation
    conversation.close()


@pytest.mark.parametrize("script", [["good"], ["429", "good"], ["500", "good"], ["broken", "good"], ["drop", "good"]])
def test_what_passes_is_asked_again_and_counted(
    server: Server, conversation: PydanticConversation, script: list[str]
) -> None:
    calls = len(script)
    server.script = script
    reply = conversation.ask(REQUEST)
    assert (reply.text, reply.usage.calls, reply.usage.input_tokens, reply.usage.cost_usd) == ("hello", calls, 11, None)
    assert len(server.bodies) == calls


def test_a_server_that_stays_broken_is_given_up(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["500"] * 9
    with pytest.raises(ConversationError, match="no reply in 3 calls") as caught:
        conversation.ask(REQUEST)
    assert (len(server.bodies), caught.value.calls, caught.value.lasting) == (3, 3, False)


def test_a_refused_key_is_not_tried_again(server: Server, conversation: PydanticConversation) -> None:
    server.script = ["401"]
    with pytest.raises(ConversationError) as caught:
        conversation.ask(REQUEST)
    assert caught.value.lasting


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
