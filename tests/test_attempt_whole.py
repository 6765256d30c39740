"""A whole attempt on a problem of its own, through the real sandbox: a solver comes out, and everything is in its place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ale_agent.report.story import read_story

TOOLS = """
import numpy as np


def generate(seed):
    rng = np.random.default_rng(seed)
    n = 14
    matrix = rng.integers(0, 100, (n, n))
    return f"{n}\\n" + "\\n".join(" ".join(map(str, row)) for row in matrix) + "\\n"


def score(case, output):
    n, matrix = read_case(case)
    try:
        order = [int(word) for word in output.split()]
    except ValueError:
        raise ValueError("the answer must be integers") from None
    if sorted(order) != list(range(n)):
        raise ValueError("the answer must be a permutation")
    return int(objective((n, matrix), np.array(order, dtype=np.int64)))


def draw(case, output):
    return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'


def read_case(text):
    words = text.split()
    n = int(words[0])
    return n, np.array(words[1:], dtype=np.int64).reshape(n, n)


def answer_space(case):
    return {"kind": "permutation", "size": case[0]}


def objective(case, answer):
    n, matrix = case
    total = 0
    for i in range(n):
        for j in range(i + 1, n):
            total += matrix[answer[i], answer[j]]
    return float(total)


def write_answer(case, answer):
    return " ".join(map(str, answer)) + "\\n"
"""

TOML = """id = "ordering"
title = "Linear Ordering"
objective = "maximize"
scoring = "absolute"
interactive = false
time_limit = 1.0
memory_limit_mb = 1024

[tools]
kind = "python"
"""

STATEMENT = """# Linear Ordering

Time limit: 1 s / Memory limit: 1024 MB

## Problem

Order the items 0..n-1 so that the sum of the entries above the diagonal is as large as possible.

## Input

```
n
c_{0,0} ... c_{0,n-1}
```
"""


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    folder = tmp_path / "ordering"
    folder.mkdir()
    (folder / "tools.py").write_text(TOOLS)
    (folder / "problem.toml").write_text(TOML)
    (folder / "statement.md").write_text(STATEMENT)
    return folder


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from ale_agent.cli import main; main()", *words]


KEYS = {"OPENAI_API_KEY": "sk-known-only-to-the-user", "HF_TOKEN": "token-known-only-to-the-user"}


def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"ALE_HOME": str(tmp_path / "home")} | KEYS


def holders_of_keys(*folders: Path) -> list[str]:
    """Return the files that hold one of the user's keys."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(key.encode() in path.read_bytes() for key in KEYS.values())]


def solve(problem: Path, tmp_path: Path, out: Path, *more: str) -> dict[str, object]:
    finished = subprocess.run(
        command("solve", str(problem / "statement.md"), "--out", str(out), "--json", *more),
        capture_output=True, text=True, timeout=280, env=environment(tmp_path), check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout[-2000:] + finished.stderr[-2000:]
    assert not any(key in finished.stdout + finished.stderr for key in KEYS.values())
    value: dict[str, object] = json.loads(finished.stdout.strip().splitlines()[-1])
    return value


@pytest.mark.slow
def test_an_iteration_budget_gives_the_same_attempt_twice(problem: Path, tmp_path: Path) -> None:
    budget = ("--iterations", "3", "--trials", "3", "--evaluations", "400", "--seed", "5")
    one = solve(problem, tmp_path, tmp_path / "one", *budget, "--home", str(tmp_path / "home1"))
    two = solve(problem, tmp_path, tmp_path / "two", *budget, "--home", str(tmp_path / "home2"))
    assert one["mean_score"] == two["mean_score"]
    assert (tmp_path / "one" / "solver.py").read_text() == (tmp_path / "two" / "solver.py").read_text()


@pytest.mark.slow
def test_a_timed_attempt_hands_over_a_confirmed_solver(problem: Path, tmp_path: Path) -> None:
    out = tmp_path / "attempt"
    begun = time.monotonic()
    summary = solve(problem, tmp_path, out, "--time", "45", "--seed", "1")
    assert time.monotonic() - begun < 60
    keys = {"attempt", "problem", "solver", "candidates", "evaluations", "tuned_trials", "mean_score", "interval",
            "confirm_cases", "spend"}  # fmt: skip
    assert keys <= set(summary)
    assert int(str(summary["confirm_cases"])) >= 2
    report = (out / "report.html").read_text()
    assert "data:image/svg+xml" in report and "<script" not in report
    assert "optimism of the search" in report
    assert holders_of_keys(tmp_path) == []
    case = subprocess.run(command("problem", "cases", str(problem), "--seeds", "3", "--out", str(tmp_path / "in")),
                          env=environment(tmp_path), check=True, capture_output=True)  # fmt: skip
    assert case.returncode == 0
    answer = subprocess.run(
        [sys.executable, "-I", str(out / "solver.py")], input=(tmp_path / "in" / "0003.txt").read_text(),
        capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path,
    ).stdout  # fmt: skip
    assert sorted(map(int, answer.split())) == list(range(14))


@pytest.mark.slow
def test_what_was_learned_is_recalled_by_the_next_attempt(problem: Path, tmp_path: Path) -> None:
    budget = ("--iterations", "2", "--trials", "2", "--evaluations", "200")
    first = solve(problem, tmp_path, tmp_path / "first", *budget)
    finished = subprocess.run(
        command("memory", "list", "--role", "program", "--json"),
        capture_output=True, text=True, env=environment(tmp_path), check=True,
    )  # fmt: skip
    programs = json.loads(finished.stdout.strip().splitlines()[-1])["strategies"]
    assert first["mean_score"] is not None
    assert any("ordering" in program["name"] for program in programs)
    replayed = subprocess.run(
        command("memory", "replay", programs[0]["id"], "--problem", str(problem), "--cases", "2", "--json"),
        capture_output=True, text=True, env=environment(tmp_path), check=True,
    )  # fmt: skip
    row = json.loads(replayed.stdout.strip().splitlines()[-1])["replayed"][0]
    assert row["action"] == "reproduce"
    assert row["mean_score"] > 0


@pytest.mark.slow
def test_a_killed_attempt_resumes_to_a_solver(problem: Path, tmp_path: Path) -> None:
    out = tmp_path / "attempt"
    process = subprocess.Popen(
        command("solve", str(problem), "--out", str(out), "--json", "--time", "40"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(tmp_path),
    )  # fmt: skip
    time.sleep(15)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finished = subprocess.run(
        command("resume", str(out), "--json"), capture_output=True, text=True, timeout=120, env=environment(tmp_path),
        check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout[-2000:] + finished.stderr[-2000:]
    assert (out / "solver.py").is_file()


@pytest.mark.slow
def test_ctrl_c_saves_and_says_how_to_go_on(problem: Path, tmp_path: Path) -> None:
    out = tmp_path / "attempt"
    process = subprocess.Popen(
        command("solve", str(problem), "--out", str(out), "--json", "--time", "60"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(tmp_path),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whoever runs us in the background ignores it
    )  # fmt: skip
    with process:
        time.sleep(12)
        process.send_signal(signal.SIGINT)
        try:
            stdout, stderr = process.communicate(timeout=120)
        finally:
            process.kill()
    assert process.returncode == 130
    assert "ale-agent resume" in stderr
    assert json.loads(stdout.strip().splitlines()[-1])["interrupted"] is True


REPLY = """I would sort by row sums.

Idea: sort the items by how much their row exceeds their column

```python
import sys


def main():
    words = sys.stdin.read().split()
    n = int(words[0])
    rows = [[int(word) for word in words[1 + i * n : 1 + (i + 1) * n]] for i in range(n)]
    merit = [sum(rows[i]) - sum(row[i] for row in rows) for i in range(n)]
    print(*sorted(range(n), key=lambda i: -merit[i]))


if __name__ == "__main__":
    main()
```
"""


@pytest.mark.slow
def test_an_author_at_the_relay_takes_part_in_the_attempt(problem: Path, tmp_path: Path) -> None:
    relay = tmp_path / "relay"
    stop = threading.Event()

    def author() -> None:
        while not stop.wait(0.2):
            for prompt in relay.glob("*.prompt.md"):
                reply = prompt.with_name(prompt.name.replace(".prompt.", ".reply."))
                if not reply.exists():
                    reply.with_suffix(".new").write_text(REPLY)
                    reply.with_suffix(".new").rename(reply)

    thread = threading.Thread(target=author)
    thread.start()
    try:
        budget = ("--iterations", "4", "--trials", "2", "--evaluations", "200", "--model", f"relay:{relay}")
        budget = (*budget, "--record", str(tmp_path / "record.jsonl"))
        summary = solve(problem, tmp_path, tmp_path / "attempt", *budget, "--max-calls", "1")
    finally:
        stop.set()
        thread.join()
    assert (tmp_path / "record.jsonl").is_file()
    assert holders_of_keys(tmp_path) == []
    assert summary["spend"]["calls"] == 1  # type: ignore[index]
    assert (relay / "0001.prompt.md").read_text().count("Linear Ordering") >= 1
    story = read_story(tmp_path / "attempt")
    drafts = [candidate for candidate in story.candidates if candidate.proposal.kind in ("draft", "refine")]
    assert len(drafts) == 1
    assert drafts[0].status in ("given_up", "not_shown", "better")
