"""The relay folder: prompts are written once, answered in any order, sent back under their own number."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ale_agent.clock import FakeClock
from ale_agent.strategist.conversations import ConversationError, ModelRequest, Turn
from ale_agent.strategist.relay import RelayConversation


def request(prompt: str, *replies: str) -> ModelRequest:
    return ModelRequest(kind="draft", prompt=prompt, turns=tuple(Turn(reply, "because") for reply in replies))


def wait_for(path: Path) -> None:
    until = time.monotonic() + 20
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert path.exists()


def answer(folder: Path, stem: str, text: str) -> None:
    wait_for(folder / f"{stem}.prompt.md")
    (folder / f"{stem}.reply.md").write_text(text, encoding="utf-8")
    (folder / f"{stem}.reply.done").touch()


def test_a_prompt_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    (tmp_path / "0001.prompt.md").write_text("p", encoding="utf-8")
    (tmp_path / "0001.reply.md").write_text("r", encoding="utf-8")
    relay = RelayConversation(tmp_path, clock=FakeClock())
    assert relay.ask(request("p")).text == "r"
    assert len(list(tmp_path.glob("*.prompt.md"))) == 1


def test_waiting_stops_when_told(tmp_path: Path) -> None:
    relay = RelayConversation(tmp_path, clock=FakeClock(), stop=lambda: True)
    with pytest.raises(ConversationError, match=r"nobody has answered 0001\.prompt\.md") as caught:
        relay.ask(request("p"))
    assert not caught.value.lasting


def test_two_open_prompts_are_answered_in_any_order(tmp_path: Path) -> None:
    relay = RelayConversation(tmp_path, poll=0.01)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(relay.ask, request("one"))
        wait_for(tmp_path / "0001.prompt.md")
        second = threads.submit(relay.ask, request("two"))
        answer(tmp_path, "0002", "reply to two")
        assert second.result(20).text == "reply to two"
        answer(tmp_path, "0001", "reply to one")
        assert first.result(20).text == "reply to one"


def test_a_reply_goes_back_under_its_prompts_number(tmp_path: Path) -> None:
    relay = RelayConversation(tmp_path, poll=0.01)
    with ThreadPoolExecutor(2) as threads:
        for number, prompt in enumerate(("one", "two"), start=1):
            threads.submit(answer, tmp_path, f"{number:04d}", f"bad {prompt}")
            relay.ask(request(prompt))
        asked = threads.submit(relay.ask, request("one", "bad one"))
        answer(tmp_path, "0001.retry1", "good one")
        assert asked.result(20).text == "good one"
    prompt = (tmp_path / "0001.retry1.prompt.md").read_text(encoding="utf-8")
    assert prompt.startswith("because") and prompt.rstrip().endswith("one")


def test_a_restarted_attempt_sends_a_journalled_reply_back_under_its_number(tmp_path: Path) -> None:
    (tmp_path / "0001.prompt.md").write_text("p", encoding="utf-8")
    (tmp_path / "0001.reply.md").write_text("bad", encoding="utf-8")
    thread = threading.Thread(target=answer, args=(tmp_path, "0001.retry1", "good"))
    thread.start()
    assert RelayConversation(tmp_path, poll=0.01).ask(request("p", "bad")).text == "good"
    thread.join()


def test_two_equal_prompts_at_a_time_are_two_files(tmp_path: Path) -> None:
    relay = RelayConversation(tmp_path, poll=0.01)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(relay.ask, request("same")) for _ in range(2)]
        for number in (1, 2):
            answer(tmp_path, f"{number:04d}", str(number))
        assert sorted(future.result(20).text for future in asked) == ["1", "2"]
