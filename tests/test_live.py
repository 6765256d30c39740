"""The live view: what a person sees of the models while an attempt works."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from ale_agent.attempt import Event
from ale_agent.cli.live import LiveView


def shown(*events: tuple[str, dict[str, Any]]) -> str:
    console = Console(file=io.StringIO(), width=160)
    view = LiveView(console)
    for kind, payload in events:
        view.observe(Event(kind, payload, 1.0))
    with console.capture() as capture:
        console.print(view.render())
    return capture.get()


BEGIN = {"problem": "p", "seconds": 60.0, "iterations": None, "models": ["relay:x"], "caps": {"calls": 10}}


def test_models_are_shown_with_what_they_took_and_what_they_are_asked() -> None:
    text = shown(
        ("begin", BEGIN),
        ("asked", {"request": 1, "kind": "draft", "model": "relay:x", "parents": []}),
        ("asked", {"request": 2, "kind": "refine", "model": "relay:x", "parents": ["c-1"]}),
        ("answered", {"request": 1, "id": "c-1"}),
        ("spend", {"usd": 0.5, "tokens": 1234.0, "calls": 2.0, "under_way": 1}),
        ("insights", {"request": 3, "claims": ["beams lose"]}),
    )
    assert "relay:x: 2 of 10 calls, 1,234 tokens, 0.5 US dollars; refine (2)" in text
    assert "learned: beams lose" in text


def test_a_cap_that_is_met_is_shown_with_the_command_to_go_on() -> None:
    text = shown(("begin", BEGIN), ("capped", {"kind": "calls", "text": "ale-agent resume F --max-calls N"}))
    assert "ale-agent resume F --max-calls N" in text


def test_an_attempt_without_models_shows_none() -> None:
    assert "nobody is asked" not in shown(("begin", BEGIN | {"models": []}))
