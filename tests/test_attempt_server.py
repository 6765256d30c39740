"""Whole attempts with a model behind a scripted server on loopback, through the real sandbox: each ends well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Server

from ale_agent.attempt import AttemptOptions, Summary, begin, resume
from ale_agent.attempt.exchanges import Exchanges
from ale_agent.attempt.journal import Journal
from ale_agent.clock import SystemClock
from ale_agent.settings import settings_from_toml

TOOLS = """
def generate(seed):
    return f"{100 + seed % 7}\\n"


def score(case, output):
    try:
        value = int(output)
    except ValueError:
        raise ValueError("the answer must be an integer") from None
    if not 1 <= value <= int(case):
        raise ValueError("the answer must be from 1 to n")
    return value
"""

TOML = """id = "greatest"
title = "The Greatest Number"
objective = "maximize"
scoring = "absolute"
interactive = false
time_limit = 0.5
memory_limit_mb = 1024

[tools]
kind = "python"
"""


def program(share: float, extra: str = "pass") -> str:
    lines = ("import sys", "", "", "def main():", "    n = int(sys.stdin.read())", f"    {extra}",
             f"    print(max(1, int(n * {share})))", "", "", "main()", "")  # fmt: skip
    return "\n".join(lines)


def reply(source: str, idea: str = "a share of n") -> str:
    return f"say IDEA: {idea}\nEXPECTATION: wins\nSTRATEGIES: none\n```python\n{source}```\n"


def distinct(number: int) -> str:
    """Return a good reply that is another program each time: a longer one, a little better."""
    lines = "\n    ".join(f"x{k} = n + {k} if n > {k} else n * {k}" for k in range(number))
    return reply(program(min(0.99, 0.5 + 0.04 * number), lines or "pass"), f"idea {number}")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server(distinct)
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.http.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    yield server
    server.close()


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    folder = tmp_path / "greatest"
    folder.mkdir()
    (folder / "tools.py").write_text(TOOLS)
    (folder / "problem.toml").write_text(TOML)
    (folder / "statement.md").write_text("# The Greatest Number\n\nGiven n, print an integer from 1 to n.\n")
    return folder


def attempt(problem: Path, folder: Path, home: str = "home", **options: Any) -> Summary:
    asked = {"iterations": 3, "seconds": None, "trials": 2, "models": ("openai-chat:scripted",), "parallel": 1}
    chosen = AttemptOptions(
        problem_folder=str(problem), statement_path=str(problem / "statement.md"), **(asked | options)
    )  # type: ignore[arg-type]
    clock = SystemClock()
    return begin(
        chosen, folder, settings=settings_from_toml("", home=folder.parent / home), clock=clock,
        started=clock.now(), observe=lambda event: None,
    )  # fmt: skip


def go_on(folder: Path, **changes: float) -> Summary:
    clock = SystemClock()
    return resume(
        folder, settings=settings_from_toml("", home=folder.parent / "home"), clock=clock, started=clock.now(),
        observe=lambda event: None, changes=changes,
    )  # fmt: skip


def story(folder: Path) -> tuple[list[Any], list[Any], list[Any]]:
    journal = Journal(folder, read_only=True)
    exchanges = Exchanges(journal)
    told = exchanges.requests(), exchanges.calls(), journal.read_events()
    journal.close()
    return told


def test_whatever_the_server_does_the_attempt_ends_well_and_counts_each_call(
    server: Server, problem: Path, tmp_path: Path
) -> None:
    server.retry_after = "1"
    server.script = [
        "429", "say I would not know.",  # limited, then no program: sent back
        "500", reply("def main(:\n"),  # broken, then no Python: sent back
        "drop", reply(program(0.5)),  # cut off, then good
        "broken", "huge", distinct(6),  # half a body, then far too long, then good
    ]  # fmt: skip
    summary = attempt(problem, tmp_path / "a", iterations=2, policy="best-of-n")
    requests, calls, _ = story(tmp_path / "a")
    assert summary.exit_code == 0 and summary.mean_score is not None
    assert [asked.status for asked in requests] == ["taken", "taken"]
    assert [(call.status, call.retry) for call in calls] == [
        ("failed", 0), ("answered", 0), ("failed", 1), ("answered", 1), ("lost", 2), ("answered", 2),
        ("lost", 0), ("answered", 0), ("answered", 1),
    ]  # fmt: skip
    assert summary.spend["calls"] == len(server.bodies) == 9
    answered = sum(call.status == "answered" for call in calls)
    lost = sum(call.usage.output_tokens + call.usage.input_tokens for call in calls if call.status == "lost")
    assert summary.spend["tokens"] == 14 * answered + lost
    assert len(json.dumps(server.bodies[-1])) < 200_000  # of a reply that is far too long only the beginning goes back
    assert any("not Python" in note for note in requests[0].notes)


ATTACK = """import os, socket, subprocess


def main():
    try:
        open("/etc/passwd").read()
        print(10**9)
    finally:
        os.fork()
        socket.create_connection(("127.0.0.1", 80))
        subprocess.run(["id"])


main()
"""


def test_a_program_that_attacks_goes_back_with_what_the_sandbox_said(
    server: Server, problem: Path, tmp_path: Path
) -> None:
    server.script = [reply(ATTACK), reply(program(0.5))]
    summary = attempt(problem, tmp_path / "a", iterations=1)
    requests, _, _ = story(tmp_path / "a")
    assert summary.exit_code == 0
    assert len(requests[0].notes) == 1
    assert len(server.bodies) == 2


def test_a_program_that_fails_goes_back_with_seed_and_reason(server: Server, problem: Path, tmp_path: Path) -> None:
    server.script = [reply(program(0.5, "n //= 0")), reply(program(0.5))]
    attempt(problem, tmp_path / "a", iterations=1)
    sent_back = json.dumps(server.bodies[1])
    assert "fails on the case of seed 1000000000" in sent_back and "ZeroDivisionError" in sent_back


def test_no_call_is_made_over_a_cap(server: Server, problem: Path, tmp_path: Path) -> None:
    summary = attempt(problem, tmp_path / "a", iterations=9, max_calls=2, parallel=2)
    _, _, events = story(tmp_path / "a")
    assert len(server.bodies) == 2 == summary.spend["calls"]
    assert summary.exit_code == 0
    [capped] = [payload for _, kind, payload in events if kind == "capped"]
    assert f"ale-agent resume {tmp_path / 'a'} --max-calls N" in capped["text"]
    kinds = [kind for _, kind, _ in events]
    assert kinds.index("estimate") < kinds.index("candidate")
    assert go_on(tmp_path / "a", max_calls=3).spend["calls"] == 3 == len(server.bodies)


def test_a_wrong_key_ends_the_attempt_with_the_reason(server: Server, problem: Path, tmp_path: Path) -> None:
    server.script = ["401"]
    summary = attempt(problem, tmp_path / "a")
    _, _, events = story(tmp_path / "a")
    assert summary.exit_code == 4
    assert any("401" in payload["text"] for _, kind, payload in events if kind == "warning")
    assert len(server.bodies) == 1


def test_slow_replies_of_several_requests_overlap(server: Server, problem: Path, tmp_path: Path) -> None:
    server.script = ["meet", "meet", "meet"]  # none of the three is answered before all were asked
    summary = attempt(problem, tmp_path / "a", iterations=3, parallel=3)
    assert summary.exit_code in (0, 4)
    assert len(server.bodies) >= 3


def test_a_recorded_attempt_plays_back_without_a_server(server: Server, problem: Path, tmp_path: Path) -> None:
    recording = tmp_path / "r.jsonl"
    first = attempt(problem, tmp_path / "a", iterations=4, record=str(recording))
    asked = len(server.bodies)
    second = attempt(problem, tmp_path / "b", "other", iterations=4, models=(f"replay-strict:{recording}",))
    assert len(server.bodies) == asked
    assert (second.mean_score, second.idea) == (first.mean_score, first.idea)
    assert (tmp_path / "a" / "solver.py").read_text() == (tmp_path / "b" / "solver.py").read_text()


def test_a_killed_attempt_goes_on_and_the_call_under_way_counts(server: Server, problem: Path, tmp_path: Path) -> None:
    server.script = [distinct(1), "hang"]
    words = ["solve", str(problem), "--out", str(tmp_path / "a"), "--json", "--iterations", "3", "--trials", "2",
             "--model", "openai-chat:scripted", "--parallel", "1", "--home", str(tmp_path / "home")]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", "from ale_agent.cli import main; main()", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ.copy(),
    )  # fmt: skip
    until = time.monotonic() + 100
    while len(server.bodies) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, before, _ = story(tmp_path / "a")
    assert [call.status for call in before] == ["answered", "asked"]
    summary = go_on(tmp_path / "a")
    requests, calls, events = story(tmp_path / "a")
    assert summary.exit_code == 0
    assert [call.status for call in calls][:3] == ["answered", "lost", "answered"]
    assert summary.spend["calls"] == len(server.bodies) == len(calls)
    assert [asked.number for asked in requests] == [1, 2, 3]
    assert any("cut off" in payload["text"] for _, kind, payload in events if kind == "warning")
