"""Recording exchanges and playing them back."""

from __future__ import annotations

from pathlib import Path

import pytest

from ale_agent.errors import StoreError
from ale_agent.strategist.conversations import ConversationError, ModelReply, ModelRequest, Turn, Usage
from ale_agent.strategist.recording import Exchange, Recording, ReplayConversation, read_recording


def exchange(prompt: str, reply: str, kind: str = "draft", *turns: Turn, number: int = 1) -> Exchange:
    request = ModelRequest(kind=kind, prompt=prompt, turns=turns, number=number, parents=("c-1",))
    return Exchange("m", request, ModelReply(text=reply, usage=Usage(input_tokens=3, output_tokens=2, cost_usd=0.5)))


def recorded(path: Path, *exchanges: Exchange) -> Path:
    recording = Recording(path)
    for one in exchanges:
        recording.write(one)
    return path


def ask(replay: ReplayConversation, prompt: str, kind: str = "draft", *turns: Turn) -> str:
    return replay.ask(ModelRequest(kind=kind, prompt=prompt, turns=turns)).text


def test_what_was_recorded_is_read_back_byte_for_byte(tmp_path: Path) -> None:
    said = [
        exchange("p\r\n\n\nq\ud800\u2028", "a\r\n\u2028b\n\n", "refine", Turn("bad\n\nreply", "why")),
        exchange("p\n\nother", ""),
    ]
    assert read_recording(recorded(tmp_path / "r.jsonl", *said)) == said


def test_what_prompts_share_is_kept_once(tmp_path: Path) -> None:
    shared = "x" * 10_000
    path = recorded(tmp_path / "r.jsonl", *[exchange(f"{shared}\n\n{n}", "r") for n in range(10)])
    assert path.stat().st_size < 14_000


def test_a_recording_is_continued(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.jsonl", exchange("a\n\nb", "1"))
    recorded(path, exchange("b\n\nc", "2"))
    assert [one.request.prompt for one in read_recording(path)] == ["a\n\nb", "b\n\nc"]


def test_a_line_that_a_crash_cut_off_is_left_out(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.jsonl", exchange("a", "1"), exchange("b", "2"))
    path.write_bytes(path.read_bytes()[:-20])
    recorded(path, exchange("c", "3"))
    assert [one.reply.text for one in read_recording(path)] == ["1", "3"]


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"kind": "draft"}\n')
    with pytest.raises(StoreError, match="line 1: no exchange"):
        read_recording(tmp_path / "r.jsonl")


def test_the_same_request_gets_its_own_reply(tmp_path: Path) -> None:
    replay = ReplayConversation(recorded(tmp_path / "r.jsonl", exchange("a", "1"), exchange("b", "2")))
    assert (ask(replay, "b"), ask(replay, "a")) == ("2", "1")


def test_requests_that_differ_are_matched_by_order_and_kind(tmp_path: Path) -> None:
    told: list[str] = []
    path = recorded(
        tmp_path / "r.jsonl", exchange("a", "draft"), exchange("b", "refined", "refine"),
        exchange("b", "mended", "refine", Turn("refined", "why")), exchange("c", "drafted"),
    )  # fmt: skip
    replay = ReplayConversation(path, observe=told.append)
    assert ask(replay, "x", "refine") == "refined"
    assert ask(replay, "x", "refine", Turn("refined", "otherwise")) == "mended"
    assert [ask(replay, "x"), ask(replay, "y")] == ["draft", "drafted"]
    replay.close()
    assert len(told) == 1 and "4 of 4 requests differ" in told[0]


def test_a_strict_replay_refuses_another_request(tmp_path: Path) -> None:
    replay = ReplayConversation(recorded(tmp_path / "r.jsonl", exchange("a", "1")), strict=True)
    with pytest.raises(ConversationError, match="differs from the recorded ones") as caught:
        ask(replay, "x")
    assert caught.value.lasting
    assert ask(replay, "a") == "1"


def test_a_recording_ends(tmp_path: Path) -> None:
    replay = ReplayConversation(recorded(tmp_path / "r.jsonl", exchange("a", "1")))
    ask(replay, "a")
    with pytest.raises(ConversationError, match="ends after 1 of 1 exchanges"):
        ask(replay, "a")
